//! Values of condition keys with which conditions come out as wanted.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::answer::AccessError;
use super::automaton::{Budget, Class, Constraint, Texts, Union, find};
use super::texts::texts;
use crate::engine::condition::{Test, Values};
use crate::engine::matching::Variables;
use crate::engine::quantity::instant;
use crate::policy::{ConditionKey, Qualifier, ValueKind};

/// A value of a key and of the kind that a condition compares, if that says anything of it.
pub(super) fn some_value(test: &Test) -> Option<&'static str> {
    match &test.values {
        Values::Bool(_) => Some("true"),
        Values::Number(..) => Some("1"),
        Values::Time(..) => Some("2026-01-01T00:00:00Z"),
        Values::Ip(_) => Some("192.0.2.1"),
        Values::Text(..) | Values::Presence { .. } | Values::Never => None,
    }
}

type Found<T> = Result<Option<T>, AccessError>;

/// A condition, and whether it has to hold.
pub(super) type Wanted = (Rc<Test>, bool);

/// Whether conditions on a key, or on a list of tags, can tell several values of it from every single one.
///
/// A request has one address and one time. Of other numbers, times and addresses, one condition may see one value and
/// another condition another. Limits in one direction see nothing but the value that is furthest there.
pub(super) fn see_several<'t>(key: &str, tests: impl Iterator<Item = &'t Test> + Clone) -> bool {
    let is_one = matches!(ConditionKey::read(key).documented_kind(), Some(ValueKind::Ip | ValueKind::Time));
    let mut compared = tests.clone().filter(|test| {
        !is_one
            && matches!(test.values, Values::Bool(_) | Values::Number(..) | Values::Time(..) | Values::Ip(_))
    });
    let same_direction = |one: &Test, other: &Test| {
        let direction = |test: &Test| match (&test.values, test.negated) {
            (Values::Number(_, order) | Values::Time(_, order), false) => order.direction(),
            _ => None,
        };
        direction(one).is_some() && direction(one) == direction(other)
    };
    let apart = compared.next().is_some_and(|first| compared.any(|other| !same_direction(first, other)));
    let of_texts = |test: &Test| {
        test.qualifier.is_some() || tag_of(test).is_some() || matches!(test.values, Values::Text(..))
    };
    apart || tests.into_iter().any(of_texts)
}

/// The tag whose values a condition compares, if it is of one tag of a list.
fn tag_of(test: &Test) -> Option<&str> {
    ConditionKey::read(&test.key).tag
}

/// The key under which a condition is searched: that of the list for a condition of one tag.
pub(super) fn list_of(test: &Test) -> &str {
    ConditionKey::read(&test.key).name
}

/// Whether a test holds of the values of a key, or of a list of tags.
pub(super) fn holds(test: &Test, values: &[Box<str>], variables: Variables<'_>) -> bool {
    let Some(tag) = tag_of(test) else { return test.holds_of_all(values, variables) };
    let own = values.iter().filter_map(|value| value.split_once('&')).filter(|(key, _)| *key == tag);
    let own: Vec<Box<str>> = own.map(|(_, value)| value.into()).collect();
    test.holds_of_all(&own, variables)
}

/// Tags that make each test come out as wanted, of the list or of one of its tags.
fn tags(tests: &[Wanted], variables: Variables<'_>, budget: &mut Budget) -> Found<Vec<Box<str>>> {
    let keys: BTreeSet<&str> = tests.iter().filter_map(|(test, _)| tag_of(test)).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let may_be = |key: Option<&str>, values: &[Box<str>]| {
        tests.iter().filter(|(test, _)| tag_of(test) == key).all(|(test, wanted)| {
            let says = values.is_empty() || matches!(test.values, Values::Presence { .. });
            !says || test.holds_of_all(values, variables) == *wanted
        })
    };
    let there: [Box<str>; 1] = ["".into()];
    // Each tag is there or not; what need not be there is left out first.
    let mut choices: Vec<Vec<&str>> = Vec::from([Vec::new()]);
    for key in &keys {
        let with = may_be(Some(key), &there).then(|| choices.iter().map(|some| [some, &[*key][..]].concat()));
        let with: Vec<Vec<&str>> = with.into_iter().flatten().collect();
        if !may_be(Some(key), &[]) {
            choices.clear();
        }
        choices.extend(with);
        budget.spend(choices.len())?;
    }
    if !may_be(None, &there) {
        return Ok(None);
    }
    for present in choices {
        if let Some(found) = tags_of(tests, &keys, &present, variables, budget)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Tags of some keys, each there, and of other keys that no test is about.
fn tags_of(
    tests: &[Wanted],
    keys: &[&str],
    present: &[&str],
    variables: Variables<'_>,
    budget: &mut Budget,
) -> Found<Vec<Box<str>>> {
    let is_each = |(test, wanted): &&Wanted| (test.qualifier == Some(Qualifier::ForAllValue)) == *wanted;
    let is_asked = |one: &&Wanted| {
        !matches!(one.0.values, Values::Presence { .. })
            && tag_of(&one.0).is_none_or(|key| present.contains(&key))
    };
    let (each, some): (Vec<&Wanted>, Vec<&Wanted>) = tests.iter().filter(is_asked).partition(is_each);
    // One tag for each test that must hold of some, and one of each key that is there.
    let mut wanted: Vec<(Option<&str>, Option<&Wanted>)> =
        some.iter().map(|one| (tag_of(&one.0), Some(*one))).collect();
    wanted.extend(present.iter().map(|key| (Some(*key), None)));
    if wanted.is_empty() {
        wanted.push((None, None));
    }
    let mut found: Vec<Box<str>> = Vec::new();
    for (key, one) in wanted {
        let own: Vec<Option<&str>> = match key {
            Some(_) => Vec::from([key]),
            None => core::iter::once(None).chain(present.iter().copied().map(Some)).collect(),
        };
        let mut tag = None;
        for key in own {
            let asked = each.iter().copied().chain(one);
            let asked = asked.filter(|(test, _)| tag_of(test).is_none_or(|of| Some(of) == key));
            tag = one_tag(key, asked, keys, variables, budget)?;
            if tag.is_some() {
                break;
            }
        }
        match tag {
            Some(tag) => found.push(tag),
            None => return Ok(None),
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

/// A tag of a key, or of none that tests are about, with which each test comes out as wanted.
fn one_tag<'t>(
    key: Option<&str>,
    tests: impl Iterator<Item = &'t Wanted>,
    keys: &[&str],
    variables: Variables<'_>,
    budget: &mut Budget,
) -> Found<Box<str>> {
    let prefix = |key: &str| Texts::literal(key).then("&");
    let mut constraints = Vec::new();
    for (test, wanted) in tests {
        if test.holds_of_none(variables) {
            if *wanted {
                return Ok(None);
            }
            continue;
        }
        if let Values::Text(form, values) = &test.values {
            let of = |value| {
                let texts = texts(form.rule(value), variables, Class::Any)?;
                Some(tag_of(test).map_or_else(Texts::default, prefix).followed_by(texts))
            };
            let any_of = Rc::new(Union(values.iter().filter_map(|value| of(value)).collect()));
            constraints.push(Constraint { any_of, wanted: *wanted != test.negated });
        }
    }
    let universe = match key {
        Some(key) => prefix(key).then_run(Class::Any),
        None => {
            let others = keys.iter().map(|key| prefix(key).then_run(Class::Any)).collect();
            constraints.push(Constraint { any_of: Rc::new(Union(others)), wanted: false });
            Texts::default().then_some(Class::Any)
        }
    };
    Ok(find(&universe, &constraints, budget)?.map(Into::into))
}

/// Values of a key that make each test come out as wanted, none for a key that had best be absent. `several`: whether the
/// key may have more than one.
pub(super) fn values(
    tests: &[Wanted],
    variables: Variables<'_>,
    known: Option<&str>,
    several: bool,
    budget: &mut Budget,
) -> Found<Vec<Box<str>>> {
    if tests.iter().all(|(test, wanted)| test.holds_of_all(&[], variables) == *wanted) {
        return Ok(Some(Vec::new()));
    }
    if tests.iter().any(|(test, _)| tag_of(test).is_some()) {
        return tags(tests, variables, budget);
    }
    let (presence, tests): (Vec<_>, Vec<_>) =
        tests.iter().partition(|(test, _)| matches!(test.values, Values::Presence { .. }));
    let one: [Box<str>; 1] = ["".into()];
    if presence.iter().any(|(test, wanted)| test.holds_of_all(&one, variables) != *wanted) {
        return Ok(None);
    }
    // Of several values each must do what all must do, and for the rest one must be found.
    let all = |test: &Test| test.qualifier == Some(Qualifier::ForAllValue);
    let (each, some): (Vec<_>, Vec<_>) = tests.into_iter().partition(|(test, wanted)| all(test) == *wanted);
    let together: Vec<_> = each.iter().chain(&some).copied().collect();
    if let Some(value) = value(&together, variables, known, budget)? {
        return Ok(Some(Vec::from([value])));
    }
    if !several {
        return Ok(None);
    }
    let mut found = Vec::new();
    for one in &some {
        let constraints: Vec<_> = each.iter().copied().chain([*one]).collect();
        match value(&constraints, variables, known, budget)? {
            Some(value) => found.push(value),
            None => return Ok(None),
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

/// Single values of a key at which one of the tests may change, and whether these are all that tests can tell apart.
pub(super) fn telling_values(
    tests: &[Rc<Test>],
    variables: Variables<'_>,
    known: Option<&str>,
) -> (Vec<Box<str>>, bool) {
    let of: Vec<&Test> = tests.iter().map(|test| &**test).collect();
    match kinds(&of).as_slice() {
        [] => {
            let tags = of.iter().filter_map(|test| tag_of(test)).map(|tag| alloc::format!("{tag}&1").into());
            (core::iter::once(known.unwrap_or("1").into()).chain(tags).collect(), true)
        }
        ["text"] => {
            let mut found = Vec::from(["1".into()]);
            for (form, values) in of.iter().filter_map(|test| match &test.values {
                Values::Text(form, values) => Some((*form, values)),
                _ => None,
            }) {
                for texts in values.iter().filter_map(|value| texts(form.rule(value), variables, Class::Any))
                {
                    found.extend([texts.filled('1', "").into(), texts.filled('1', "1").into()]);
                }
            }
            (found, false)
        }
        [_] => (around(&of), true),
        _ => (around(&of), false),
    }
}

/// The kinds of values that tests compare.
fn kinds(tests: &[&Test]) -> Vec<&'static str> {
    let mut kinds: Vec<_> = tests
        .iter()
        .filter_map(|test| match &test.values {
            Values::Text(..) => Some("text"),
            Values::Bool(_) => Some("bool"),
            Values::Number(..) => Some("number"),
            Values::Time(..) => Some("time"),
            Values::Ip(_) => Some("ip"),
            Values::Presence { .. } | Values::Never => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The values at which tests of numbers, instants, addresses and of `true` or `false` change, and one on each side.
fn around(tests: &[&Test]) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::new();
    let mut numbers: Vec<&str> = Vec::new();
    for test in tests {
        match &test.values {
            Values::Bool(_) => found.extend(["true".into(), "false".into()]),
            Values::Number(values, _) => numbers.extend(values.iter().map(|value| &**value)),
            Values::Time(instants, _) => {
                found.extend(instants.iter().flat_map(|(at, text)| around_instant(*at, text)));
                found.extend(["2026-01-01T00:00:00Z".into(), "0001-01-01T00:00:00Z".into()]);
            }
            Values::Ip(nets) => {
                found.extend(nets.iter().flat_map(around_network));
                found.extend(SOME_ADDRESSES.map(Into::into));
            }
            Values::Text(..) | Values::Presence { .. } | Values::Never => {}
        }
    }
    if tests.iter().any(|test| matches!(test.values, Values::Number(..))) {
        // Longer than the fraction of any of them, so that nothing is between a number and its neighbour.
        let fraction = |text: &&str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = numbers.iter().map(fraction).max().unwrap_or_default() + 1;
        let all = core::iter::once("0").chain(numbers);
        found.extend(all.flat_map(|number| around_number(number, digits)).map(Into::into));
    }
    found
}

/// One value with which each test comes out as wanted.
fn value(
    tests: &[&Wanted],
    variables: Variables<'_>,
    known: Option<&str>,
    budget: &mut Budget,
) -> Found<Box<str>> {
    budget.spend(tests.len())?;
    if tests.iter().any(|(test, wanted)| *wanted && test.holds_of_none(variables)) {
        return Ok(None);
    }
    let tests: Vec<&Wanted> =
        tests.iter().copied().filter(|(test, _)| !test.holds_of_none(variables)).collect();
    let of: Vec<&Test> = tests.iter().map(|(test, _)| &**test).collect();
    match kinds(&of).as_slice() {
        [] => return Ok(Some(known.unwrap_or("1").into())),
        ["text"] => {
            let constraints: Vec<_> = tests
                .iter()
                .filter_map(|(test, wanted)| match &test.values {
                    Values::Text(form, values) => {
                        let of = |value| texts(form.rule(value), variables, Class::Any);
                        let any_of = Rc::new(Union(values.iter().filter_map(|value| of(value)).collect()));
                        Some(Constraint { any_of, wanted: *wanted != test.negated })
                    }
                    _ => None,
                })
                .collect();
            let found = match find(&Texts::default().then_some(Class::Any), &constraints, budget)? {
                None => find(&Texts::default(), &constraints, budget)?,
                found => found,
            };
            return Ok(found.map(Into::into));
        }
        [_] => {}
        _ => {
            let key = tests.first().map_or("", |(test, _)| &test.key);
            return Err(AccessError::MixedKey { key: key.into() });
        }
    }
    let candidates = around(&of);
    budget.spend(candidates.len())?;
    let fits = |value: &str| tests.iter().all(|(test, wanted)| test.holds_of(value, variables) == *wanted);
    Ok(candidates.into_iter().find(|value| fits(value)))
}

/// A decimal and its neighbour that is further from zero, by one at a digit beyond those of all others; zero has two.
///
/// Between any two numbers that policies hold one of these is: zero, or the neighbour of the one nearer to it.
fn around_number(text: &str, digits: usize) -> Vec<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = "0".repeat((digits - 1).saturating_sub(fraction.len()));
    let further = alloc::format!("{whole}.{fraction}{zeros}1");
    let opposite = (text == "0").then(|| alloc::format!("-{further}"));
    [text.into(), further].into_iter().chain(opposite).collect()
}

/// An instant and its neighbours; no text tells less than a nanosecond.
fn around_instant(at: SignedDuration, text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::from([text.into()]);
    for step in [SignedDuration::from_secs(1), SignedDuration::from_nanos(1)] {
        let beside = [at.checked_sub(step), at.checked_add(step)];
        found.extend(beside.into_iter().flatten().filter_map(instant_text).map(Into::into));
    }
    found
}

/// An instant as it is written: in UTC, or beyond the years that are written in the zone that is furthest off.
fn instant_text(at: SignedDuration) -> Option<String> {
    const FURTHEST: SignedDuration = SignedDuration::from_secs(25 * 3600 + 59 * 60 + 59);
    // From the middle of the years: jiff adds no more days than there are from there to the end.
    let middle = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    let at_middle = middle.duration_since(DateTime::constant(0, 1, 1, 0, 0, 0, 0));
    let zones = [(SignedDuration::ZERO, "Z"), (-FURTHEST, "-25:59:59"), (FURTHEST, "+25:59:59")];
    zones.into_iter().find_map(|(offset, zone)| {
        let text = alloc::format!(
            "{}{zone}",
            middle.checked_add(at.checked_sub(at_middle)?.checked_add(offset)?).ok()?
        );
        (instant(&text) == Some(at)).then_some(text)
    })
}

/// Addresses of either kind, among them the ends of those that IPv6 has but for the ones that are IPv4 addresses.
const SOME_ADDRESSES: [&str; 6] =
    ["192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "::fffe:ffff:ffff", "::1:0:0:0"];

/// The first and the last address of a network, and those beside it.
fn around_network(net: &ipnet::IpNet) -> Vec<Box<str>> {
    use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    let beside = |address: IpAddr, up: bool| -> Option<IpAddr> {
        match address {
            IpAddr::V4(four) => {
                let bits = u32::from(four);
                let next = if up { bits.checked_add(1) } else { bits.checked_sub(1) };
                next.map(|bits| Ipv4Addr::from(bits).into())
            }
            IpAddr::V6(six) => {
                let bits = u128::from(six);
                let next = if up { bits.checked_add(1) } else { bits.checked_sub(1) };
                next.map(|bits| Ipv6Addr::from(bits).into())
            }
        }
    };
    let (first, last) = (net.network(), net.broadcast());
    [Some(first), Some(last), beside(first, false), beside(last, true)]
        .into_iter()
        .flatten()
        .map(|address| address.to_string().into())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_it_is_read() {
        let nano = SignedDuration::from_nanos(1);
        for text in [
            "9999-12-31T23:59:58Z",
            "9999-12-31T23:59:59.999999999Z",
            "-009999-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
        ] {
            let at = instant(text).unwrap();
            for at in [at - nano, at, at + nano] {
                let written = instant_text(at).unwrap();
                assert_eq!(instant(&written), Some(at), "{written}");
            }
        }
    }
}
