//! Checks conditions for keys, operators and values that cannot go together.

use alloc::format;
use alloc::string::String;

use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{Comparison, Condition, ConditionKey, ConditionOperator, Effect, ValueKind};
use crate::text::quoted;

/// The keys that CAM itself defines, and the prefixes of keys with a part of their own, such as `qcs:tag/<key>`.
const GLOBAL_KEYS: [&str; 11] = [
    "qcs:ip",
    "qcs:current_time",
    "qcs:resource_tag",
    "qcs:request_tag",
    "qcs:tag",
    "qcs:uin",
    "qcs:owner_uin",
    "qcs:create_uin",
    "qcs:mfa",
    "qcs:tag/",
    "qcs:request_tag/",
];

/// Checks condition number `at` of a statement: its key, whether the operator suits the key, and the values.
pub(super) fn check(
    condition: &Condition,
    statement: usize,
    at: usize,
    effect: Effect,
    found: &mut Diagnostics,
) {
    let (operator, key) = (condition.operator(), condition.key());
    let element = Element::Key(statement, at);
    // No request has the key as it is written. What the right key would change depends on the kind of condition.
    let holds = operator.if_exist
        || operator.comparison == Comparison::NullEqual
            && condition.values().iter().any(|value| value.as_str() == "true");
    let narrows = (effect == Effect::Deny) != holds;
    let mut meant_key = None;
    if key.contains(char::is_whitespace) {
        let without: String = key.chars().filter(|character| !character.is_whitespace()).collect();
        let diagnostic = found.add_to(
            Code::Whitespace,
            element,
            format_args!(
                "the key {} has whitespace in it, so it is another key than `{}`",
                quoted(key),
                without.escape_debug()
            ),
        );
        if without.is_empty() {
            diagnostic.with_help("write the name of a key");
        } else {
            diagnostic.with_help(format_args!("write `{}`", without.escape_debug()));
        }
        if !without.is_empty() {
            diagnostic.with_replacement(&*without, narrows);
            meant_key = Some(without);
        }
    } else if let Some(name) = differs_in_case(key) {
        let meant = format!("{name}{}", &key[name.len()..]);
        found
            .add_to(
                Code::Case,
                element,
                format_args!(
                    "CAM compares the names of keys exactly, so {} is another key than `{meant}`",
                    quoted(key)
                ),
            )
            .with_help(format_args!("write `{meant}`"))
            .with_replacement(&*meant, narrows);
        meant_key = Some(meant);
    }
    // What else is wrong is told of the key that is meant.
    let key = meant_key.as_deref().unwrap_or(key);
    let mut kind = operator.comparison.kind();
    let documented = ConditionKey::read(key).documented_kind();
    if let Some(documented) = documented.filter(|one| kind != ValueKind::Presence && *one != kind) {
        let instead =
            ConditionOperator { comparison: operator.comparison.for_values(documented), ..operator };
        found
            .add_to(
                Code::OperatorType,
                Element::Operator(statement, at),
                format_args!(
                    "`{}` compares {}, and the values of `{key}` are {}: it is assumed that the condition is never true",
                    operator.comparison,
                    plural(kind),
                    plural(documented)
                ),
            )
            .with_help(format_args!("write `{instead}`"));
        kind = documented;
    }
    values(condition, key, kind, |of| Element::Value(statement, at, of), found);
}

/// Checks the values of a condition, which are compared as values of a kind.
fn values(
    condition: &Condition,
    key: &str,
    kind: ValueKind,
    element: impl Fn(usize) -> Element,
    found: &mut Diagnostics,
) {
    let tag = ConditionKey::read(key).tag;
    let whole_tags = matches!(key, "qcs:resource_tag" | "qcs:request_tag" | "qcs:tag");
    for (of, value) in condition.values().iter().enumerate() {
        let element = element(of);
        let text = value.as_str();
        if !kind.reads(text) {
            let (what, example) = kind.example();
            let mut parts = text.split([',', ';', '，', '、', '；']);
            let several = parts.clone().count() > 1 && parts.all(|part| kind.reads(part.trim()));
            found
                .add_to(Code::ConditionValue, element, format_args!("{} is not {what}", quoted(text)))
                .with_help(format_args!(
                    "it is assumed that it satisfies nothing, in a deny too; write {}",
                    if several {
                        "each value as a string of its own".into()
                    } else {
                        format!("one like `{example}`")
                    }
                ));
        } else if whole_tags && kind == ValueKind::Text && !text.contains(['&', '*']) {
            found
                .add_to(
                    Code::Tag,
                    element,
                    format_args!("{} has no `&` between key and value, so it equals no tag", quoted(text)),
                )
                .with_help("write `key&value`");
        } else if let Some(value) = tag.and_then(|tag| text.strip_prefix(tag)?.strip_prefix('&')) {
            found
                .add_to(
                    Code::Tag,
                    element,
                    format_args!(
                        "`{key}` is the value of the tag alone, and {} has its key too",
                        quoted(text)
                    ),
                )
                .with_help(format_args!("write `{}`", value.escape_debug()));
        }
    }
}

/// Returns CAM's key, or the prefix of one, that differs from this key only in upper and lower case.
fn differs_in_case(key: &str) -> Option<&'static str> {
    let named = |name: &&&str| {
        let start = if name.ends_with('/') { key.get(..name.len()) } else { Some(key) };
        start.is_some_and(|start| start.eq_ignore_ascii_case(name) && start != **name)
    };
    GLOBAL_KEYS.iter().find(named).copied()
}

const fn plural(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "texts",
        ValueKind::Number => "numbers",
        ValueKind::Time => "instants",
        ValueKind::Bool => "`true` and `false`",
        ValueKind::Ip => "addresses",
        ValueKind::Binary => "bytes",
        ValueKind::Presence => "presence",
    }
}
