//! Numbers, instants and addresses as they are compared.

use core::cmp::Ordering;
use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;

use crate::policy::ValueKind;

/// A decimal number: sign, digits without leading zeros, fraction without trailing zeros.
#[derive(Clone, Copy)]
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if !ValueKind::Number.reads(text) {
            return None;
        }
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        Some(Self { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction })
    }

    fn compare(self, other: Self) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.size(other),
            (true, true) => other.size(self),
        }
    }

    fn size(self, other: Self) -> Ordering {
        let whole = self.whole.len().cmp(&other.whole.len()).then_with(|| self.whole.cmp(other.whole));
        // A fraction that continues another is the greater one, which is how texts compare.
        whole.then_with(|| self.fraction.cmp(other.fraction))
    }
}

/// Compares two decimal numbers exactly; `None` if one is none.
pub(super) fn compare_decimals(one: &str, other: &str) -> Option<Ordering> {
    Some(Decimal::read(one)?.compare(Decimal::read(other)?))
}

/// An instant: ISO 8601 with its offset from UTC, as the time since the year 0.
///
/// Not as `Timestamp`, which ends a day before the `9999-12-31T23:59:59Z` that people write for "never".
pub(super) fn instant(text: &str) -> Option<SignedDuration> {
    let pieces = Pieces::parse(text).ok()?;
    // A time zone in brackets is no ISO 8601.
    if text.contains('[') {
        return None;
    }
    let offset = pieces.offset()?.to_numeric_offset().seconds();
    let clock = pieces.date().to_datetime(pieces.time()?);
    Some(
        clock.duration_since(DateTime::constant(0, 1, 1, 0, 0, 0, 0))
            - SignedDuration::from_secs(offset.into()),
    )
}

/// An address. An IPv4 address written as IPv6 is the IPv4 address.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// A network, or an address as the network of itself alone.
pub(super) fn network(text: &str) -> Option<IpNet> {
    if let Some(address) = address(text) {
        return Some(address.into());
    }
    let net: IpNet = text.parse().ok()?;
    match net {
        IpNet::V6(six) if six.prefix_len() >= 96 => match six.addr().to_ipv4_mapped() {
            Some(four) => Ipv4Net::new(four, six.prefix_len() - 96).ok().map(IpNet::V4),
            None => Some(net),
        },
        net => Some(net),
    }
}
