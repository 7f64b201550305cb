//! How patterns and values are compared with those of a request.

use core::cmp::Ordering;
use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;

use crate::policy::{ValueKind, Variable};
use crate::text::glob;

/// What the policy variables stand for.
#[derive(Clone, Copy)]
pub(super) struct Variables<'a> {
    pub(super) uin: &'a str,
    pub(super) owner_uin: &'a str,
    pub(super) app_id: Option<&'a str>,
}

impl<'a> Variables<'a> {
    pub(super) fn value(self, variable: Variable) -> Option<&'a str> {
        match variable {
            Variable::Uin => Some(self.uin),
            Variable::OwnerUin => Some(self.owner_uin),
            Variable::AppId => self.app_id,
        }
    }
}

/// The text before the first `*` or variable, and whether that is all of it.
pub(super) fn literal_prefix(pattern: &str) -> (&str, bool) {
    let star = pattern.find('*').unwrap_or(pattern.len());
    let end = pattern[..star].find("${").unwrap_or(star);
    (&pattern[..end], end == pattern.len())
}

/// Whether a pattern of `*` and variables matches all of a text.
pub(super) fn matches(pattern: &str, text: &str, variables: Variables<'_>) -> bool {
    if !pattern.contains("${") {
        return glob(pattern, text);
    }
    let mut groups = pattern.split('*');
    let first = groups.next().unwrap_or_default();
    let Some(length) = Group(first, variables).prefix_of(text) else { return false };
    let mut text = &text[length..];
    let Some(mut group) = groups.next() else { return text.is_empty() };
    for next in groups {
        match Group(group, variables).find_in(text) {
            Some(end) => text = &text[end..],
            None => return false,
        }
        group = next;
    }
    Group(group, variables).is_suffix_of(text)
}

/// Whether a text with variables equals another.
pub(super) fn equals(value: &str, text: &str, variables: Variables<'_>) -> bool {
    if value.contains("${") {
        Group(value, variables).prefix_of(text) == Some(text.len())
    } else {
        value == text
    }
}

/// The literals and variables of a text, each as what it stands for; `None` for a variable that the request lacks.
pub(super) fn parts<'p, 'v: 'p>(
    mut rest: &'p str,
    variables: Variables<'v>,
) -> impl Iterator<Item = Option<&'p str>> {
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find("${").unwrap_or(rest.len());
        if start > 0 {
            let (literal, after) = rest.split_at(start);
            rest = after;
            return Some(Some(literal));
        }
        let end = rest.find('}').map_or(rest.len(), |at| at + 1);
        let (text, after) = rest.split_at(end);
        rest = after;
        match Variable::read(text) {
            Some(variable) => Some(variables.value(variable)),
            None => Some(Some(text)),
        }
    })
}

/// Literal text and variables, without `*`.
struct Group<'p, 'v>(&'p str, Variables<'v>);

impl<'p, 'v: 'p> Group<'p, 'v> {
    fn parts(&self) -> impl Iterator<Item = Option<&'p str>> {
        parts(self.0, self.1)
    }

    fn len(&self) -> Option<usize> {
        self.parts().map(|part| part.map(str::len)).sum()
    }

    /// How much of the text's beginning the group matches.
    fn prefix_of(&self, text: &str) -> Option<usize> {
        let mut rest = text;
        for part in self.parts() {
            rest = rest.strip_prefix(part?)?;
        }
        Some(text.len() - rest.len())
    }

    fn is_suffix_of(&self, text: &str) -> bool {
        let start = self.len().and_then(|length| text.len().checked_sub(length));
        let tail = start.and_then(|start| text.get(start..));
        tail.is_some_and(|tail| self.prefix_of(tail) == Some(tail.len()))
    }

    /// Where the first match ends. Patterns are bounded in length, and so is this search.
    fn find_in(&self, text: &str) -> Option<usize> {
        if !self.0.contains("${") {
            return text.find(self.0).map(|at| at + self.0.len());
        }
        let length = self.len()?;
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts
            .take_while(|start| start + length <= text.len())
            .find(|start| self.prefix_of(&text[*start..]).is_some())
            .map(|start| start + length)
    }
}

/// Whether two texts are the same but for upper and lower case.
pub(super) fn equals_ignoring_case(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// As [`equals`], upper and lower case being the same.
pub(super) fn equals_ignoring_case_with(value: &str, text: &str, variables: Variables<'_>) -> bool {
    if !value.contains("${") {
        return equals_ignoring_case(value, text);
    }
    let group = Group(value, variables);
    if group.parts().any(|part| part.is_none()) {
        return false;
    }
    let lower = group.parts().flatten().flat_map(str::chars).flat_map(char::to_lowercase);
    lower.eq(text.chars().flat_map(char::to_lowercase))
}

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
