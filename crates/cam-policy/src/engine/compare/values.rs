//! Finds values of condition keys that make conditions true or false, as the search needs.

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

/// A condition, and whether it must be true.
pub(super) type Wanted = (Rc<Test>, bool);

/// Whether conditions on a key, or on a list of tags, can distinguish several values of it from every single value.
///
/// A request has one address and one time. A key of other numbers, times and addresses may have one value that meets one
/// condition, and a second value that meets another. Limits in one direction depend only on the largest or the smallest
/// value.
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

/// Returns the tag whose values a condition compares; `None` if it compares the whole list of tags, or another key.
fn tag_of(test: &Test) -> Option<&str> {
    ConditionKey::read(&test.key).tag
}

/// Returns the key by which the search knows a condition. For a condition on one tag it is the key of the list of tags.
pub(super) fn list_of(test: &Test) -> &str {
    ConditionKey::read(&test.key).name
}

/// Whether a test is true for the values of a key, or for a list of tags.
pub(super) fn holds(test: &Test, values: &[Box<str>], variables: Variables<'_>) -> bool {
    let Some(tag) = tag_of(test) else { return test.holds_of_all(values, variables) };
    let own = values.iter().filter_map(|value| value.split_once('&')).filter(|(key, _)| *key == tag);
    let own: Vec<Box<str>> = own.map(|(_, value)| value.into()).collect();
    test.holds_of_all(&own, variables)
}

/// Returns tags that give each test the wanted result. A test is of the list or of one tag.
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
    // Each tag is present or absent. The choices without a tag come first.
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

/// Returns tags of the keys in `present`, and of keys that no test names.
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
    // One tag for each test that one matching tag makes true, and one tag of each key that is present.
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

/// Returns a tag that gives each test the wanted result. Its key is the given one, or one that no test names.
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

/// Returns values of a key that give each test the wanted result. The list is empty if the key should be absent. `several`
/// says whether the key may have more than one value.
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
    // Each value must meet the tests of all values. For each other test, one value must be found.
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

/// Returns single values of a key at which the result of a test may change, and whether the tests can distinguish no others.
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

/// Returns the kinds of values that tests compare.
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

/// Returns the values at which the results of tests of numbers, instants, addresses and flags change, and one on each side.
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
                // Of a network of all addresses, the first one is a strange example.
                let (all, some): (Vec<&ipnet::IpNet>, Vec<_>) =
                    nets.iter().partition(|net| net.prefix_len() == 0);
                found.extend(some.into_iter().flat_map(around_network));
                found.extend(SOME_ADDRESSES.map(Into::into));
                found.extend(all.into_iter().flat_map(around_network));
            }
            Values::Text(..) | Values::Presence { .. } | Values::Never => {}
        }
    }
    if tests.iter().any(|test| matches!(test.values, Values::Number(..))) {
        // It is longer than the fraction of every number, so that no other number lies between a number and its neighbour.
        let fraction = |text: &&str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = numbers.iter().map(fraction).max().unwrap_or_default() + 1;
        let all = core::iter::once("0").chain(numbers);
        found.extend(all.flat_map(|number| around_number(number, digits)).map(Into::into));
    }
    found
}

/// Returns one value that gives each test the wanted result.
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

/// Returns a decimal and its neighbour further from zero, which differs by one in a digit after those of all numbers. Zero
/// has two neighbours.
///
/// Between two numbers of the policies lies one of these: zero, or the neighbour of the number nearer to zero.
fn around_number(text: &str, digits: usize) -> Vec<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = "0".repeat((digits - 1).saturating_sub(fraction.len()));
    let further = alloc::format!("{whole}.{fraction}{zeros}1");
    let opposite = (text == "0").then(|| alloc::format!("-{further}"));
    [text.into(), further].into_iter().chain(opposite).collect()
}

/// Returns an instant and its neighbours. The smallest difference that a text can state is a nanosecond.
fn around_instant(at: SignedDuration, text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::from([text.into()]);
    for step in [SignedDuration::from_secs(1), SignedDuration::from_nanos(1)] {
        let beside = [at.checked_sub(step), at.checked_add(step)];
        found.extend(beside.into_iter().flatten().filter_map(instant_text).map(Into::into));
    }
    found
}

/// Returns the text of an instant: in UTC, or, for a year that UTC cannot write, in the zone with the largest offset.
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

/// Returns the first and the last address of a network, and the addresses before and after it.
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
