//! A second evaluator, for tests to compare the engine with.
//!
//! It was written from the rules alone, without a look at the engine, and it is naive on purpose: it walks
//! the JSON anew for every request, and every rule is a few lines that can be read beside
//! `tests/conformance`. From the crate it takes nothing but the granularity and the patterns of an action.

use std::cmp::Ordering;
use std::net::IpAddr;

use cam_policy::catalog::{Catalog, Granularity};
use jiff::{SignedDuration, fmt::temporal::Pieces};
use serde_json::Value;

/// A request, and the policies it is checked against.
pub(crate) struct Case<'a> {
    /// What is known of actions.
    pub(crate) catalog: Catalog<'a>,
    /// The uin of the root account that owns the policies.
    pub(crate) owner: &'a str,
    /// Identity, boundary, session, service control. A layer that is not there limits nothing; the first
    /// always is.
    pub(crate) layers: [Option<&'a [Value]>; 4],
    /// The uin of the caller.
    pub(crate) principal: &'a str,
    /// What `${app_id}` stands for.
    pub(crate) app_id: Option<&'a str>,
    /// `service:Operation`.
    pub(crate) action: &'a str,
    /// `*`, or six segments.
    pub(crate) resource: &'a str,
    /// The condition keys.
    pub(crate) context: &'a [(String, Vec<String>)],
}

/// What becomes of a request.
#[derive(PartialEq, Debug)]
pub(crate) struct Verdict {
    /// `allowed`, `explicitly denied` or `implicitly denied`.
    pub(crate) decision: &'static str,
    /// The layer, the policy and the statement of everything that decided.
    pub(crate) by: Vec<(usize, usize, usize)>,
    /// The resource that the catalog put in place of the requested one.
    pub(crate) corrected: Option<String>,
    /// The root account called: nothing was asked.
    pub(crate) root: bool,
}

/// Decides a request.
pub(crate) fn decide(case: &Case<'_>) -> Verdict {
    let corrected = normalize(case);
    if case.principal == case.owner {
        return Verdict { decision: "allowed", by: Vec::new(), corrected, root: true };
    }
    let resource = corrected.as_deref().unwrap_or(case.resource);
    let (mut allows, mut denies, mut every_layer_allows) = (Vec::new(), Vec::new(), true);
    for (l, policies) in case.layers.into_iter().enumerate() {
        let Some(policies) = policies.or((l == 0).then_some(&[])) else { continue };
        let before = allows.len();
        for (p, policy) in policies.iter().enumerate() {
            for (s, statement) in each(element(policy, "statement")).into_iter().enumerate() {
                if !matches(case, resource, policy, statement) {
                    continue;
                }
                match element(statement, "effect").and_then(Value::as_str) {
                    Some("allow" | "Allow") => allows.push((l, p, s)),
                    Some("deny" | "Deny") => denies.push((l, p, s)),
                    effect => panic!("no effect: {effect:?}"),
                }
            }
        }
        every_layer_allows &= allows.len() > before;
    }
    let (decision, by) = match (denies.is_empty(), every_layer_allows) {
        (false, _) => ("explicitly denied", denies),
        (true, true) => ("allowed", allows),
        (true, false) => ("implicitly denied", Vec::new()),
    };
    Verdict { decision, by, corrected, root: false }
}

/// The resource the product hands CAM, where that is not the requested one.
fn normalize(case: &Case<'_>) -> Option<String> {
    let action = case.catalog.action(case.action)?;
    match (action.granularity(), case.resource) {
        (Granularity::Operation, "*") => None,
        (Granularity::Operation, _) => Some("*".to_owned()),
        (Granularity::Resource, "*") => {
            Some(action.patterns()[0].all.replace("${uin}", case.owner).replace("${region}", ""))
        }
        _ => None,
    }
}

fn matches(case: &Case<'_>, resource: &str, policy: &Value, statement: &Value) -> bool {
    element(statement, "principal").or(element(policy, "principal")).is_none_or(|who| is_caller(case, who))
        && texts(element(statement, "action")).iter().any(|pattern| action_matches(pattern, case.action))
        && texts(element(statement, "resource"))
            .iter()
            .any(|pattern| resource_matches(case, pattern, resource) == Some(true))
        && element(statement, "condition").and_then(Value::as_object).is_none_or(|operators| {
            operators.iter().all(|(operator, keys)| {
                keys.as_object().unwrap().iter().all(|(key, values)| holds(case, operator, key, values))
            })
        })
}

fn is_caller(case: &Case<'_>, principal: &Value) -> bool {
    let user = format!("qcs::cam::uin/{}:uin/{}", case.owner, case.principal);
    let root = format!("qcs::cam::uin/{}:root", case.principal);
    principal == "*"
        || texts(principal.get("qcs")).iter().any(|entry| entry == "*" || *entry == user || *entry == root)
}

fn action_matches(pattern: &str, action: &str) -> bool {
    let pattern = pattern.strip_prefix("name/").unwrap_or(pattern);
    if pattern == "*" {
        return true;
    }
    let action = action.strip_prefix("name/").unwrap_or(action);
    match (pattern.split_once(':'), action.split_once(':')) {
        (Some((service, name)), Some((requested_service, requested_name))) => {
            (service == "*" || service == requested_service) && glob(&plain(name), requested_name)
        }
        _ => false,
    }
}

/// `None` is no match either.
fn resource_matches(case: &Case<'_>, pattern: &str, resource: &str) -> Option<bool> {
    if pattern == "*" {
        return Some(true);
    }
    let pattern: [&str; 6] = pattern.splitn(6, ':').collect::<Vec<_>>().try_into().ok()?;
    let resource: [&str; 6] = resource.splitn(6, ':').collect::<Vec<_>>().try_into().ok()?;
    let account = |text: &str| match text {
        "" | "uin/" => format!("uin/{}", case.owner),
        _ => text.to_owned(),
    };
    Some(
        glob(&plain(pattern[0]), resource[0])
            && pattern[1] == resource[1]
            && (pattern[2].is_empty() || glob(&plain(pattern[2]), resource[2]))
            && (pattern[3].is_empty() || glob(&plain(pattern[3]), resource[3]))
            && glob(&plain(&account(pattern[4])), &account(resource[4]))
            && glob(&expand(case, pattern[5])?, resource[5]),
    )
}

/// One key under one operator.
fn holds(case: &Case<'_>, operator: &str, key: &str, values: &Value) -> bool {
    let (for_all, operator) = match operator.split_once(':') {
        Some((qualifier, operator)) => (qualifier == "for_all_value", operator),
        None => (false, operator),
    };
    let (operator, if_exist) = match operator.strip_suffix("_if_exist") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    let wanted = texts(Some(values));
    let present = case.context.iter().find(|(name, _)| name == key).map_or(&[][..], |(_, values)| values);
    if operator == "null_equal" {
        let word = if present.is_empty() { "true" } else { "false" };
        return wanted.iter().any(|value| value == word);
    }
    if present.is_empty() {
        return if_exist;
    }
    // Whether a value equals another: `None` where one of them cannot be read, which satisfies nothing.
    let positive = operator.replacen("_not_", "_", 1);
    let satisfies = |actual: &String| {
        let mut results = wanted.iter().map(|value| compare(case, &positive, value, actual));
        if positive == operator {
            results.any(|result| result == Some(true))
        } else {
            results.all(|result| result == Some(false))
        }
    };
    if for_all { present.iter().all(satisfies) } else { present.iter().any(satisfies) }
}

fn compare(case: &Case<'_>, operator: &str, wanted: &str, actual: &str) -> Option<bool> {
    let literal = |case| {
        let pattern = expand(case, wanted)?;
        Some(pattern.into_iter().map(|character| character.unwrap_or('*')).collect::<String>())
    };
    let order = match operator {
        "string_equal" => return Some(literal(case).is_some_and(|text| text == actual)),
        "string_equal_ignore_case" => {
            return Some(literal(case).is_some_and(|text| text.to_lowercase() == actual.to_lowercase()));
        }
        "string_like" => return Some(expand(case, wanted).is_some_and(|pattern| glob(&pattern, actual))),
        "bool_equal" | "binary_equal" => return Some(wanted == actual),
        "ip_equal" => return contains(wanted, actual),
        _ if operator.starts_with("numeric_") => compare_numbers(actual, wanted)?,
        _ if operator.starts_with("date_") => compare_instants(actual, wanted)?,
        _ => panic!("no operator: {operator}"),
    };
    Some(match operator.split_once('_')?.1 {
        "equal" => order.is_eq(),
        "less_than" => order.is_lt(),
        "less_than_equal" => order.is_le(),
        "greater_than" => order.is_gt(),
        "greater_than_equal" => order.is_ge(),
        _ => panic!("no operator: {operator}"),
    })
}

/// A pattern: `None` is a `*`.
type Glob = Vec<Option<char>>;

fn plain(pattern: &str) -> Glob {
    pattern.chars().map(|character| (character != '*').then_some(character)).collect()
}

/// The pattern with its variables replaced by literal text. `None` if the request does not say what one
/// stands for.
fn expand(case: &Case<'_>, pattern: &str) -> Option<Glob> {
    let variables =
        [("${uin}", Some(case.principal)), ("${owner_uin}", Some(case.owner)), ("${app_id}", case.app_id)];
    for (name, value) in variables {
        if let Some((before, after)) = pattern.split_once(name) {
            let value = value?.chars().map(Some);
            return Some(
                expand(case, before)?.into_iter().chain(value).chain(expand(case, after)?).collect(),
            );
        }
    }
    Some(plain(pattern))
}

fn glob(pattern: &[Option<char>], text: &str) -> bool {
    let mut characters = text.chars();
    match pattern {
        [] => text.is_empty(),
        [None, None, ..] => glob(&pattern[1..], text),
        [None, rest @ ..] => {
            glob(rest, text) || (characters.next().is_some() && glob(pattern, characters.as_str()))
        }
        [Some(first), rest @ ..] => characters.next() == Some(*first) && glob(rest, characters.as_str()),
    }
}

/// A sign, digits, and perhaps a fraction. Zeros that say nothing are cut off.
fn number(text: &str) -> Option<(bool, &str, &str)> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if [whole, fraction].iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    Some((text.starts_with('-') && !(whole.is_empty() && fraction.is_empty()), whole, fraction))
}

fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    let (left_negative, left_whole, left_fraction) = number(left)?;
    let (right_negative, right_whole, right_fraction) = number(right)?;
    let size =
        (left_whole.len(), left_whole, left_fraction).cmp(&(right_whole.len(), right_whole, right_fraction));
    Some(match (left_negative, right_negative) {
        (false, false) => size,
        (true, true) => size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

fn compare_instants(left: &str, right: &str) -> Option<Ordering> {
    Some(instant(left)?.cmp(&instant(right)?))
}

/// The time since the year 0. A `Timestamp` would do, but that jiff has none on the last day of the year
/// 9999, which people write for "never".
fn instant(text: &str) -> Option<SignedDuration> {
    let pieces = Pieces::parse(text).ok()?;
    // A time zone in brackets is no ISO 8601.
    if text.contains('[') {
        return None;
    }
    let offset = pieces.offset()?.to_numeric_offset().seconds();
    let clock = pieces.date().to_datetime(pieces.time()?);
    Some(
        clock.duration_since(jiff::civil::datetime(0, 1, 1, 0, 0, 0, 0))
            - SignedDuration::from_secs(offset.into()),
    )
}

/// The width of the addresses of a family, the bits, and how many of them count.
fn network(text: &str) -> Option<(u32, u128, u32)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let (width, bits) = match address.parse().ok()? {
        IpAddr::V4(address) => (32, u128::from(u32::from(address))),
        IpAddr::V6(address) => (128, u128::from(address)),
    };
    let prefix = match prefix {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        Some(_) => return None,
        None => width,
    };
    match (width, bits >> 32) {
        _ if prefix > width => None,
        (128, 0xffff) if prefix >= 96 => Some((32, bits & 0xffff_ffff, prefix - 96)),
        _ => Some((width, bits, prefix)),
    }
}

fn contains(wanted: &str, actual: &str) -> Option<bool> {
    let (width, bits, prefix) = network(wanted)?;
    let (actual_width, actual_bits, _) = network(actual).filter(|_| !actual.contains('/'))?;
    let first = |bits: u128| bits.checked_shr(width - prefix).unwrap_or(0);
    Some(width == actual_width && first(bits) == first(actual_bits))
}

/// The element, be it capitalised or not.
fn element<'v>(of: &'v Value, name: &str) -> Option<&'v Value> {
    of.get(name).or_else(|| of.get(name[..1].to_ascii_uppercase() + &name[1..]))
}

/// One or an array of them.
fn each(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    each(value).into_iter().map(text).collect()
}
