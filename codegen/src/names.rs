//! What the names of a catalog may look like, and what they become in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Names no service can take: those of root modules, features and crates of the generated API, and of files that
/// Windows cannot have.
pub const RESERVED: &[&str] = &[
    "action",
    "alloc",
    "aux",
    "builder",
    "cam_policy",
    "catalog",
    "con",
    "condition",
    "core",
    "default",
    "document",
    "engine",
    "key",
    "list",
    "nul",
    "parse",
    "policy",
    "prn",
    "reading",
    "resource",
    "rust_code",
    "serde",
    "serde_core",
    "services",
    "set",
    "std",
];

/// What to write for a service.
pub(crate) const SERVICE_HELP: &str = "write the product's abbreviation in CAM, such as `trtc`: lower-case letters and digits, a letter first, in \
     words joined by single `-` or `_`";

/// Names no pattern can give a type: the generated code uses them, or Rust knows them without `use`.
const TAKEN_TYPES: &[&str] = &[
    "ALL",
    "Action",
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "OperationAction",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "SERVICE",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "UndocumentedAction",
    "Unpin",
    "Vec",
];

/// Constants every enum of actions has, which an action would hide.
const TAKEN_VARIANTS: &[&str] = &["ALL", "GRANULARITY", "PATTERNS", "SERVICE"];

const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Whether no pattern can give this name to its type, or to the enum of its actions.
pub(crate) fn is_taken_type(name: &str) -> bool {
    TAKEN_TYPES.contains(&name)
}

pub(crate) fn is_keyword(identifier: &str) -> bool {
    KEYWORDS.contains(&identifier)
}

/// `trtc`, `api-gw`: lower-case letters and digits in words joined by single `-` or `_`, a letter first.
pub(crate) fn is_service(name: &str) -> bool {
    is_snake(&module(name))
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

/// The parameter of a placeholder.
pub(crate) fn parameter(placeholder: &str) -> String {
    match placeholder {
        "uin" => "owner".to_owned(),
        other => other.to_snake_case(),
    }
}

/// The variant of an action: its name, unless Rust would want it written otherwise.
pub(crate) fn variant(action: &str) -> String {
    let fits = starts(action, |first| first.is_ascii_uppercase()) && !action.contains('_');
    if fits && !TAKEN_VARIANTS.contains(&action) { action.to_owned() } else { action.to_upper_camel_case() }
}

/// The variant, in the enum over a service, of the actions that can be limited to these patterns.
///
/// Their own enum has this name with `Action` behind it.
pub(crate) fn resource_set<'n>(patterns: impl IntoIterator<Item = &'n str>) -> String {
    patterns.into_iter().map(camel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_the_action_s_name_unless_rust_minds() {
        for (action, expected) in [
            ("RemoveUser", "RemoveUser"),
            ("CreateIVR", "CreateIVR"),
            ("describe_users", "DescribeUsers"),
            ("Describe_Users2", "DescribeUsers2"),
            ("ALL", "All"),
            ("GRANULARITY", "Granularity"),
            ("PATTERNS", "Patterns"),
            ("SERVICE", "Service"),
        ] {
            assert_eq!(variant(action), expected);
        }
    }

    #[test]
    fn the_variant_of_a_pattern_set_is_named_after_the_patterns() {
        assert_eq!(resource_set(["room"]), "Room");
        assert_eq!(resource_set(["big_hall", "room"]), "BigHallRoom");
    }
}
