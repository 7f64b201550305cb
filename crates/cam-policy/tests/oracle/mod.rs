//! A second evaluator, for tests to compare the engine with.
//!
//! It was written from the rules alone, without a look at the engine. It is simple on purpose: it walks the JSON
//! again for every request, and every rule is a few lines that a reader can compare with `tests/conformance`. From
//! the crate it takes only the granularity and the patterns of an action.

use std::cmp::Ordering;
use std::net::IpAddr;

use cam_policy::catalog::{Catalog, Granularity};
use jiff::{SignedDuration, fmt::temporal::Pieces};
use serde_json::Value;

/// A request, and the policies that decide it.
pub(crate) struct Case<'a> {
    /// The facts of actions.
    pub(crate) catalog: Catalog<'a>,
    /// The uin of the root account that owns the policies.
    pub(crate) owner: &'a str,
    /// Identity, boundary, session, the service control policies of the root, a unit and the account, and the trust
    /// policy of a role. A layer that is `None` limits nothing.
    pub(crate) layers: [Option<&'a [Value]>; 7],
    /// The caller.
    pub(crate) who: Who<'a>,
    /// The root account of the caller, if it is not the owner.
    pub(crate) account: Option<&'a str>,
    /// The numbers of the caller's groups.
    pub(crate) groups: &'a [String],
    /// What `${app_id}` stands for.
    pub(crate) app_id: Option<&'a str>,
    /// `service:Operation`.
    pub(crate) action: &'a str,
    /// `*`, or six segments.
    pub(crate) resource: &'a str,
    /// The condition keys.
    pub(crate) context: &'a [(String, Vec<String>)],
}

/// The kind of a caller.
#[allow(dead_code, reason = "not every test asks for callers of every kind")]
#[derive(Clone, Debug)]
pub(crate) enum Who<'a> {
    /// The uin of a sub-account or of a root account.
    User(&'a str),
    /// The name of a role, and its number if it is known.
    Role(&'a str, Option<&'a str>),
    /// The host name of a service.
    Service(&'a str),
    /// The provider of a federated user.
    Federated(&'a str),
    /// A caller without a name.
    Anonymous,
}

const TRUST: usize = 6;
const SERVICE_CONTROL: std::ops::Range<usize> = 3..TRUST;

/// The decision, and the reason for it.
#[derive(PartialEq, Debug)]
pub(crate) struct Verdict {
    /// `allowed`, `explicitly denied` or `implicitly denied`.
    pub(crate) decision: &'static str,
    /// The layer, the policy and the statement of everything that decided.
    pub(crate) by: Vec<(usize, usize, usize)>,
    /// The resource by which the catalog replaced that of the request.
    pub(crate) corrected: Option<String>,
    /// Whether the root account called, so that no policy was asked.
    pub(crate) root: bool,
}

/// Decides a request.
pub(crate) fn decide(case: &Case<'_>) -> Verdict {
    let corrected = normalize(case);
    let is_root = matches!(case.who, Who::User(uin) if uin == case.owner) && is_of_owner(case);
    if is_root && case.layers[TRUST].is_none() {
        return Verdict { decision: "allowed", by: Vec::new(), corrected, root: true };
    }
    let resource = corrected.as_deref().unwrap_or(case.resource);
    let (mut allows, mut denies, mut every_layer_allows) = (Vec::new(), Vec::new(), true);
    let mut a_level_does_not_allow = false;
    for (l, policies) in case.layers.into_iter().enumerate() {
        let Some(policies) = policies else { continue };
        // Only the trust policy of a role applies to the root account. Layers that limit identities do not apply to
        // an anonymous caller.
        let anonymous = matches!(case.who, Who::Anonymous);
        if l != TRUST && (is_root || l != 0 && anonymous) {
            continue;
        }
        let before = allows.len();
        for (p, policy) in policies.iter().enumerate() {
            for (s, statement) in each(element(policy, "statement")).into_iter().enumerate() {
                if !matches(case, l, resource, policy, statement) {
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
        a_level_does_not_allow |= SERVICE_CONTROL.contains(&l) && allows.len() == before;
    }
    let (decision, by) = match (denies.is_empty(), every_layer_allows) {
        (false, _) => ("explicitly denied", denies),
        (true, true) => ("allowed", allows),
        (true, false) if a_level_does_not_allow => ("explicitly denied", Vec::new()),
        (true, false) => ("implicitly denied", Vec::new()),
    };
    Verdict { decision, by, corrected, root: false }
}

/// Returns the resource that the product sends to CAM, if it is not that of the request.
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

fn matches(case: &Case<'_>, layer: usize, resource: &str, policy: &Value, statement: &Value) -> bool {
    let principal = element(statement, "principal").or(element(policy, "principal"));
    let is_about_the_caller = match principal {
        Some(principal) => {
            is_caller(case, principal) || layer == TRUST && is_user_of_a_trusted_account(case, principal)
        }
        // Whether the policy is attached to somebody; a trust policy is not.
        None => layer != TRUST && !matches!(case.who, Who::Anonymous),
    };
    let resources = texts(element(statement, "resource"));
    let about_the_resource = if resources.is_empty() {
        layer == TRUST
    } else {
        resources.iter().any(|pattern| resource_matches(case, pattern, resource) == Some(true))
    };
    is_about_the_caller
        && texts(element(statement, "action")).iter().any(|pattern| action_matches(pattern, case.action))
        && about_the_resource
        && element(statement, "condition").and_then(Value::as_object).is_none_or(|operators| {
            operators.iter().all(|(operator, keys)| {
                keys.as_object().unwrap().iter().all(|(key, values)| holds(case, operator, key, values))
            })
        })
}

/// Whether the caller belongs to the account that owns the policies.
fn is_of_owner(case: &Case<'_>) -> bool {
    case.account.is_none_or(|account| account == case.owner)
}

/// Whether a role that names this root account trusts the caller, one of its users.
fn is_user_of_a_trusted_account(case: &Case<'_>, principal: &Value) -> bool {
    let root = format!("qcs::cam::uin/{}:root", case.account.unwrap_or(case.owner));
    matches!(case.who, Who::User(_)) && texts(principal.get("qcs")).contains(&root)
}

fn is_caller(case: &Case<'_>, principal: &Value) -> bool {
    let everyone = ["*", "qcs::cam::anyone:anyone", "qcs::cam::anonymous:anonymous"];
    let named =
        |kind: &str, names: &[String]| texts(principal.get(kind)).iter().any(|entry| names.contains(entry));
    if principal == "*" || named("qcs", &everyone.map(str::to_owned)) {
        return true;
    }
    let account = case.account.unwrap_or(case.owner);
    let of_account = |id: String| format!("qcs::cam::uin/{account}:{id}");
    match case.who {
        Who::User(uin) => {
            let mut names = vec![of_account(format!("uin/{uin}"))];
            names.extend(case.groups.iter().map(|group| of_account(format!("groupid/{group}"))));
            // A root account, unless the caller is known to be the user of another one.
            if case.account.is_none_or(|account| account == uin) {
                names.push(format!("qcs::cam::uin/{uin}:root"));
                names.push(format!("qcs::cam::uin/{uin}:uin/{uin}"));
            }
            named("qcs", &names)
        }
        Who::Role(name, number) => {
            let mut names = vec![
                of_account(format!("roleName/{name}")),
                of_account(format!("role/tencentcloudServiceRoleName/{name}")),
            ];
            names.extend(number.map(|number| of_account(format!("role/{number}"))));
            named("qcs", &names)
        }
        Who::Service(host) => named("service", &[host.to_owned()]),
        Who::Federated(provider) => named("federated", &[provider.to_owned()]),
        Who::Anonymous => false,
    }
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

/// `None` does not match either.
fn resource_matches(case: &Case<'_>, pattern: &str, resource: &str) -> Option<bool> {
    if pattern == "*" {
        return Some(true);
    }
    let pattern: [&str; 6] = pattern.splitn(6, ':').collect::<Vec<_>>().try_into().ok()?;
    let resource: [&str; 6] = resource.splitn(6, ':').collect::<Vec<_>>().try_into().ok()?;
    let mut owner = vec![format!("uin/{}", case.owner)];
    if is_of_owner(case) {
        owner.extend(case.app_id.map(|app_id| format!("uid/{app_id}")));
    }
    let nobody = |account: &str| account.is_empty() || account == "uin/";
    let accounts = if nobody(resource[4]) { owner.clone() } else { vec![resource[4].to_owned()] };
    let account_matches = |account: &String| {
        if nobody(pattern[4]) { owner.contains(account) } else { glob(&plain(pattern[4]), account) }
    };
    let mut spellings = vec![resource[5].to_owned()];
    if resource[2] == "cos" {
        spellings.extend(other_spelling(resource[5]));
    }
    let last = expand(case, pattern[5])?;
    Some(
        glob(&plain(pattern[0]), resource[0])
            && (pattern[1].is_empty() || glob(&plain(pattern[1]), resource[1]))
            && (pattern[2].is_empty() || glob(&plain(pattern[2]), resource[2]))
            && (pattern[3].is_empty() || glob(&plain(pattern[3]), resource[3]))
            && accounts.iter().any(account_matches)
            && spellings.iter().any(|spelling| glob(&last, spelling)),
    )
}

/// `prefix//<APPID>/<bucket>/…` for `<bucket>-<APPID>/…`, and the reverse.
fn other_spelling(last: &str) -> Option<String> {
    let is_app_id = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit())
            && !text.starts_with('0')
            && text.parse::<u64>().is_ok()
    };
    let parts: Vec<&str> = last.splitn(5, '/').collect();
    match parts.as_slice() {
        ["prefix", "", app_id, bucket, object] if !bucket.is_empty() => {
            is_app_id(app_id).then(|| format!("{bucket}-{app_id}/{object}"))
        }
        ["prefix", "", ..] => None,
        _ => {
            let (name, object) = last.split_once('/')?;
            let (bucket, app_id) = name.rsplit_once('-')?;
            (is_app_id(app_id) && !bucket.is_empty()).then(|| format!("prefix//{app_id}/{bucket}/{object}"))
        }
    }
}

/// Returns the name of a key today, and the key of the tag if it names one.
fn key_name(key: &str) -> (&str, Option<&str>) {
    let (name, tag) = match key.split_once('/') {
        Some((name @ ("qcs:tag" | "qcs:resource_tag" | "qcs:request_tag"), tag)) => (name, Some(tag)),
        _ => (key, None),
    };
    (if name == "qcs:tag" { "qcs:resource_tag" } else { name }, tag)
}

/// Returns the values of a key in the request. A request may have tags as one list or one by one.
fn values_of(case: &Case<'_>, key: &str) -> Vec<String> {
    let (name, tag) = key_name(key);
    let mut found = Vec::new();
    for (given, values) in case.context {
        let (given_name, given_tag) = key_name(given);
        if given_name != name {
            continue;
        }
        for value in values {
            found.extend(match (tag, given_tag) {
                (None, None) => Some(value.clone()),
                (Some(wanted), None) => value
                    .strip_prefix(&format!("{wanted}&"))
                    .filter(|_| !wanted.contains('&'))
                    .map(str::to_owned),
                (None, Some(given)) => Some(format!("{given}&{value}")),
                (Some(wanted), Some(given)) => (wanted == given).then(|| value.clone()),
            });
        }
    }
    found
}

/// Returns the documented type of a key: the beginning of its operators.
fn documented_type(key: &str) -> Option<&'static str> {
    match key_name(key).0 {
        "qcs:ip" => Some("ip_"),
        "qcs:current_time" => Some("date_"),
        "qcs:resource_tag" | "qcs:request_tag" => Some("string_"),
        _ => None,
    }
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
    let present = values_of(case, key);
    if operator == "null_equal" {
        let word = if present.is_empty() { "true" } else { "false" };
        return wanted.iter().any(|value| value == word);
    }
    if present.is_empty() {
        return if_exist;
    }
    if documented_type(key).is_some_and(|begins| !operator.starts_with(begins)) {
        return false;
    }
    // Whether a value equals another: `None` if one of them cannot be read, which satisfies nothing.
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
        "string_equal" => return Some(literal(case)? == actual),
        "string_equal_ignore_case" => return Some(literal(case)?.to_lowercase() == actual.to_lowercase()),
        "string_like" => return Some(glob(&expand(case, wanted)?, actual)),
        "binary_equal" => return Some(wanted == actual),
        "bool_equal" => return Some(matches!(wanted, "true" | "false") && wanted == actual),
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

/// Returns the pattern with its variables replaced by literal text. `None` if the request does not define one of
/// them.
fn expand(case: &Case<'_>, pattern: &str) -> Option<Glob> {
    let uin = if let Who::User(uin) = case.who { Some(uin) } else { None };
    let variables = [("${uin}", uin), ("${owner_uin}", Some(case.owner)), ("${app_id}", case.app_id)];
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

/// Reads a number: its sign, and the digits of its value times ten to the power of a thousand, which is a whole
/// number.
fn number(text: &str) -> Option<(bool, String)> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let size = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if ![whole, fraction, size].into_iter().all(is_digits) {
        return None;
    }
    // The exponents of doubles.
    let exponent: isize = exponent.parse().ok().filter(|exponent| (-308..=308).contains(exponent))?;
    let zeros = usize::try_from(1000 + exponent).unwrap() - fraction.len();
    let all = format!("{whole}{fraction}{}", "0".repeat(zeros));
    let all = all.trim_start_matches('0').to_owned();
    Some((text.starts_with('-') && !all.is_empty(), all))
}

fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    let ((left_negative, left), (right_negative, right)) = (number(left)?, number(right)?);
    let size = (left.len(), &left).cmp(&(right.len(), &right));
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

/// The time since the year 0. It does not use `Timestamp`, because jiff has none on the last day of the year 9999,
/// which people write for "never".
fn instant(text: &str) -> Option<SignedDuration> {
    let pieces = Pieces::parse(text).ok()?;
    // ISO 8601 has no time zone in brackets.
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

/// The number of bits of an address family, the bits, and how many of them count.
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

/// Returns the element, also with a capital first character.
fn element<'v>(of: &'v Value, name: &str) -> Option<&'v Value> {
    of.get(name).or_else(|| of.get(name[..1].to_ascii_uppercase() + &name[1..]))
}

/// Returns one value, or the values of an array.
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
