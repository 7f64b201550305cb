//! What the names of a catalog may look like, and what they become in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::model::Granularity;

/// Names of root modules, features and crates of the generated API, which no service can take.
pub const RESERVED: &[&str] = &[
    "action", "alloc", "core", "default", "facts", "format", "lookup", "policy", "resource", "serde",
    "services", "std", "values",
];

const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

pub(crate) fn is_keyword(identifier: &str) -> bool {
    KEYWORDS.contains(&identifier)
}

/// `trtc`, `api-gw`: lower-case letters, digits, `-` and `_`, a letter first.
pub(crate) fn is_service(name: &str) -> bool {
    starts(name, |first| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        && !name.ends_with(['-', '_'])
}

/// `RemoveUser`: letters, digits and `_`, a letter first.
pub(crate) fn is_action(name: &str) -> bool {
    starts(name, |first| first.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// `regional_application`: snake case.
pub(crate) fn is_snake(name: &str) -> bool {
    starts(name, |first| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.ends_with('_')
        && !name.contains("__")
}

fn starts(name: &str, fits: impl Fn(char) -> bool) -> bool {
    name.chars().next().is_some_and(fits)
}

/// The module of a service.
pub(crate) fn module(service: &str) -> String {
    service.replace('-', "_")
}

/// The type of a pattern, the variant of a service.
pub(crate) fn camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The constant of a console page or a reference.
pub(crate) fn constant(name: &str) -> String {
    name.to_ascii_uppercase()
}

/// The parameter of a placeholder.
pub(crate) fn parameter(placeholder: &str) -> String {
    match placeholder {
        "uin" => "owner".to_owned(),
        other => other.to_snake_case(),
    }
}

/// The variant of an action: its name, unless Rust would want it written otherwise.
pub(crate) fn variant(action: &str) -> String {
    if starts(action, |first| first.is_ascii_uppercase()) && !action.contains('_') {
        action.to_owned()
    } else {
        action.to_upper_camel_case()
    }
}

/// The enum of the actions of a granularity that can be limited to these patterns.
pub(crate) fn pattern_set(granularity: Granularity, patterns: &[String]) -> String {
    match granularity {
        Granularity::Operation => return "OperationAction".to_owned(),
        Granularity::Undocumented => return "UndocumentedAction".to_owned(),
        Granularity::Resource => {}
    }
    let mut name: String = patterns.iter().map(|pattern| camel(pattern)).collect();
    name.push_str("Action");
    name
}
