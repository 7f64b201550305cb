//! Numbers, instants and addresses, and how they are compared.

use alloc::borrow::Cow;
use alloc::string::String;
use core::cmp::Ordering;
use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;

use crate::policy::ValueKind;

/// A decimal number.
#[derive(Clone, Copy)]
struct Decimal<'a> {
    negative: bool,
    /// The digits before and after the point, without leading zeros.
    whole: &'a str,
    fraction: &'a str,
    /// The position of the first digit that is not zero: 1 for `1`, 3 for `100`, 0 for `0.1`. Zero has the lowest
    /// position of all.
    magnitude: i64,
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
        let (body, exponent) = body.split_once(['e', 'E']).unwrap_or((body, "0"));
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let whole = whole.trim_start_matches('0');
        let significant = fraction.trim_start_matches('0');
        let exponent: i64 = exponent.parse().ok()?;
        let (fraction, magnitude) = match (length(whole), significant) {
            (0, "") => return Some(Self { negative: false, whole, fraction: "", magnitude: i64::MIN }),
            (0, digits) => (digits, length(digits) - length(fraction)),
            (length, _) => (fraction, length),
        };
        Some(Self { negative, whole, fraction, magnitude: magnitude + exponent })
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
        self.magnitude.cmp(&other.magnitude).then_with(|| self.digits().cmp(other.digits()))
    }

    /// Returns the digits from the first that is not zero to the last that is not.
    fn digits(self) -> impl Iterator<Item = u8> {
        let fraction = self.fraction.trim_end_matches('0');
        let whole = if fraction.is_empty() { self.whole.trim_end_matches('0') } else { self.whole };
        whole.bytes().chain(fraction.bytes())
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// Compares two decimal numbers exactly; `None` if one of the texts is not a number.
pub(super) fn compare_decimals(one: &str, other: &str) -> Option<Ordering> {
    Some(Decimal::read(one)?.compare(Decimal::read(other)?))
}

/// Returns a number without exponent; `None` if the text is not a number.
pub(super) fn plain_decimal(text: &str) -> Option<Cow<'_, str>> {
    let number = Decimal::read(text)?;
    if !text.contains(['e', 'E']) {
        return Some(Cow::Borrowed(text));
    }
    let sign = if number.negative { "-" } else { "" };
    let digits: String = number.digits().map(char::from).collect();
    let length = length(&digits);
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    Some(Cow::Owned(match number.magnitude {
        _ if digits.is_empty() => "0".into(),
        magnitude if magnitude <= 0 => alloc::format!("{sign}0.{}{digits}", zeros(-magnitude)),
        magnitude if magnitude >= length => alloc::format!("{sign}{digits}{}", zeros(magnitude - length)),
        magnitude => {
            let (whole, fraction) = digits.split_at(usize::try_from(magnitude).unwrap_or_default());
            alloc::format!("{sign}{whole}.{fraction}")
        }
    }))
}

/// Reads an instant, ISO 8601 with its offset from UTC, as the time since the year 0.
///
/// It does not use `Timestamp`: that type ends a day before `9999-12-31T23:59:59Z`, which people write for "never".
pub(super) fn instant(text: &str) -> Option<SignedDuration> {
    let pieces = Pieces::parse(text).ok()?;
    // ISO 8601 has no time zone in brackets.
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

/// Reads an address. An IPv4 address written as IPv6 becomes the IPv4 address.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Reads a network, or an address as the network of itself alone.
pub(super) fn network(text: &str) -> Option<IpNet> {
    if let Some(address) = address(text) {
        return Some(address.into());
    }
    // The parser of networks accepts `010.0.0.0/8`; the parser of addresses does not accept such zeros.
    let net: IpNet = text.parse().ok().filter(|_| ValueKind::Ip.reads(text))?;
    match net {
        IpNet::V6(six) if six.prefix_len() >= 96 => match six.addr().to_ipv4_mapped() {
            Some(four) => Ipv4Net::new(four, six.prefix_len() - 96).ok().map(IpNet::V4),
            None => Some(net),
        },
        net => Some(net),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_exact() {
        for (one, other) in [
            ("1e3", "1000"),
            ("1E+3", "1000.0"),
            ("12.5e-1", "1.25"),
            ("-1.5e1", "-15"),
            ("0e300", "0"),
            ("0.001e3", "1"),
            ("100e-2", "1"),
            ("-0e-5", "0"),
        ] {
            assert_eq!(compare_decimals(one, other), Some(Ordering::Equal), "{one} {other}");
            let plain = plain_decimal(one).unwrap();
            assert_eq!(compare_decimals(&plain, other), Some(Ordering::Equal), "{plain}");
            assert!(!plain.contains(['e', 'E']), "{plain}");
        }
        assert_eq!(compare_decimals("1e-308", "0"), Some(Ordering::Greater));
        assert_eq!(compare_decimals("-1e308", "-9e307"), Some(Ordering::Less));
        assert_eq!(compare_decimals("0.12", "0.0999e0"), Some(Ordering::Greater));
        assert_eq!(compare_decimals("1e309", "1"), None);
        assert_eq!(compare_decimals("1e", "1"), None);
    }

    #[test]
    fn a_zero_before_a_number_makes_no_network() {
        assert_eq!(network("010.0.0.0/8"), None);
        assert!(network("10.0.0.0/8").is_some());
    }
}
