//! Writes conditions with typed keys, where a typed key yields exactly the same condition.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cam_policy::key::{Bool, Decimal, Ip, IpNet, Key, Number, Tag, Tags, Text, Time};
use cam_policy::policy::{Comparison, Condition, ValueKind};

use super::layout::{Code, qualifier_path};

/// The keys for which the module `key` has a constant, with the kind of their values.
const NAMED: &[(&str, &str, &str)] = &[
    ("qcs:ip", "SOURCE_IP", "Ip"),
    ("qcs:current_time", "CURRENT_TIME", "Time"),
    ("qcs:resource_tag", "RESOURCE_TAG", "Tags"),
    ("qcs:request_tag", "REQUEST_TAG", "Tags"),
    ("qcs:uin", "UIN", "Text"),
    ("qcs:owner_uin", "OWNER_UIN", "Text"),
    ("qcs:create_uin", "CREATE_UIN", "Text"),
    ("qcs:mfa", "MFA", "Bool"),
];

pub(super) struct Typed {
    pub(super) code: Code,
    /// Whether the method also sets the qualifier.
    pub(super) names_qualifier: bool,
}

/// A method of a key with its arguments, and the condition that it makes.
struct Made {
    kind: &'static str,
    method: &'static str,
    arguments: Vec<Code>,
    condition: Condition,
    names_qualifier: bool,
}

/// Returns the condition as a call of a typed key; `None` if no call makes exactly this condition.
pub(super) fn condition(condition: &Condition) -> Option<Typed> {
    let mut made = made(condition)?;
    let operator = condition.operator();
    let mut after = Vec::new();
    if let (Some(qualifier), false) = (operator.qualifier, made.names_qualifier) {
        // `IpCondition` has no method `qualified`.
        if made.kind == "Ip" {
            return None;
        }
        made.condition = made.condition.qualified(qualifier);
        after.push(Code::call(".qualified", [Code::text(qualifier_path(qualifier))]));
    }
    if operator.if_exist {
        made.condition = made.condition.if_exist();
        after.push(Code::text(".if_exist()"));
    }
    if made.condition != *condition {
        return None;
    }
    let named = NAMED.iter().find(|(name, _, kind)| {
        *name == condition.key() && (*kind == made.kind || operator.comparison == Comparison::NullEqual)
    });
    let key = match named {
        Some((_, constant, _)) => format!("key::{constant}"),
        None => format!("key::Key::{}({:?})?", constructor(made.kind), condition.key()),
    };
    let call = Code::call(&format!("{key}.{}", made.method), made.arguments);
    Some(Typed { code: Code::chain(call, after), names_qualifier: made.names_qualifier })
}

/// Returns the function that makes a key of this kind from its name.
fn constructor(kind: &str) -> String {
    if kind == "Text" { "new".into() } else { kind.to_ascii_lowercase() }
}

fn made(condition: &Condition) -> Option<Made> {
    let name = condition.key();
    let comparison = condition.operator().comparison;
    let texts: Vec<&str> = condition.values().iter().map(|value| value.as_str()).collect();
    let of_tags = condition.operator().qualifier.filter(|_| {
        comparison == Comparison::StringEqual
            && NAMED.iter().any(|(key, _, kind)| *key == name && *kind == "Tags")
    });
    if let Some(qualifier) = of_tags {
        let tags: Vec<(&str, &str)> = texts.iter().map(|text| text.split_once('&')).collect::<Option<_>>()?;
        let made: Vec<Tag> =
            tags.iter().map(|(key, value)| Tag::new(key, value).ok()).collect::<Option<_>>()?;
        let list = tags.iter().map(|(key, value)| Code::Text(format!("key::Tag::new({key:?}, {value:?})?")));
        let key = Key::<Tags>::tags(name).ok()?;
        let (method, condition) = match qualifier {
            cam_policy::policy::Qualifier::ForAnyValue => ("any_of", key.any_of(made)),
            _ => ("only", key.only(made)),
        };
        let arguments = Vec::from([Code::list(list.collect())]);
        return Some(Made { kind: "Tags", method, arguments, condition, names_qualifier: true });
    }
    let (kind, method, arguments, condition) = match comparison.kind() {
        ValueKind::Ip => ip(name, comparison, &texts)?,
        ValueKind::Time => time(name, comparison, &texts)?,
        ValueKind::Number => number(name, comparison, &texts)?,
        ValueKind::Text => text(name, comparison, &texts)?,
        ValueKind::Bool => {
            let [value] = texts.as_slice() else { return None };
            let condition = Key::<Bool>::bool(name).ok()?.is(value.parse().ok()?);
            ("Bool", "is", Vec::from([Code::text(value)]), condition)
        }
        ValueKind::Presence => {
            let key = Key::<Text>::new(name).ok()?;
            match texts.as_slice() {
                ["true"] => ("Text", "is_absent", Vec::new(), key.is_absent()),
                ["false"] => ("Text", "is_present", Vec::new(), key.is_present()),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Made { kind, method, arguments, condition, names_qualifier: false })
}

type Parts = (&'static str, &'static str, Vec<Code>, Condition);

fn ip(name: &str, comparison: Comparison, texts: &[&str]) -> Option<Parts> {
    let networks: Vec<IpNet> = texts.iter().map(|text| text.parse().ok()).collect::<Option<_>>()?;
    let key = Key::<Ip>::ip(name).ok()?;
    let (method, condition) = if comparison.is_negated() {
        ("outside", key.outside(networks))
    } else {
        ("within", key.within(networks))
    };
    let list = texts.iter().map(|text| Code::Text(format!("{text:?}.parse::<key::IpNet>()?")));
    Some(("Ip", method, Vec::from([Code::list(list.collect())]), condition.into()))
}

fn time(name: &str, comparison: Comparison, texts: &[&str]) -> Option<Parts> {
    let [text] = texts else { return None };
    let at = text.parse().ok()?;
    let key = Key::<Time>::time(name).ok()?;
    let (method, condition) = match comparison {
        Comparison::DateLessThan => ("before", key.before(at)),
        Comparison::DateLessThanEqual => ("until", key.until(at)),
        Comparison::DateGreaterThan => ("after", key.after(at)),
        Comparison::DateGreaterThanEqual => ("since", key.since(at)),
        Comparison::DateEqual => ("at", key.at(at)),
        _ => ("not_at", key.not_at(at)),
    };
    Some(("Time", method, Vec::from([Code::Text(format!("{text:?}.parse()?"))]), condition))
}

fn number(name: &str, comparison: Comparison, texts: &[&str]) -> Option<Parts> {
    let decimals: Vec<Decimal> = texts.iter().map(|text| text.parse().ok()).collect::<Option<_>>()?;
    let one = || if let [one] = decimals.as_slice() { Some(one.clone()) } else { None };
    let key = Key::<Number>::number(name).ok()?;
    let plain = |text: &&str| text.parse::<i32>().is_ok_and(|number| number.to_string() == **text);
    let plain = texts.iter().all(plain);
    let written = |text: &&str| {
        Code::Text(if plain { String::from(*text) } else { format!("{text:?}.parse::<key::Decimal>()?") })
    };
    let mut arguments: Vec<Code> = texts.iter().map(written).collect();
    let (method, condition) = match comparison {
        Comparison::NumericEqual => ("equals", key.equals(decimals)),
        Comparison::NumericNotEqual => ("not_equals", key.not_equals(decimals)),
        Comparison::NumericLessThan => ("less_than", key.less_than(one()?)),
        Comparison::NumericLessThanEqual => ("at_most", key.at_most(one()?)),
        Comparison::NumericGreaterThan => ("greater_than", key.greater_than(one()?)),
        _ => ("at_least", key.at_least(one()?)),
    };
    if method.ends_with("equals") {
        arguments = Vec::from([Code::list(arguments)]);
    }
    Some(("Number", method, arguments, condition))
}

fn text(name: &str, comparison: Comparison, texts: &[&str]) -> Option<Parts> {
    let key: Key<Text> = Key::new(name).ok()?;
    let values = texts.iter().copied();
    let (method, condition) = match comparison {
        Comparison::StringEqual => ("equals", key.equals(values)),
        Comparison::StringNotEqual => ("not_equals", key.not_equals(values)),
        Comparison::StringEqualIgnoreCase => ("equals_ignoring_case", key.equals_ignoring_case(values)),
        Comparison::StringNotEqualIgnoreCase => {
            ("not_equals_ignoring_case", key.not_equals_ignoring_case(values))
        }
        Comparison::StringLike => ("like", key.like(values)),
        _ => ("not_like", key.not_like(values)),
    };
    let list = texts.iter().map(|text| Code::Text(format!("{text:?}")));
    Some(("Text", method, Vec::from([Code::list(list.collect())]), condition))
}
