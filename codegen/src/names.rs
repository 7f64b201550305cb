//! The rules for names in a catalog, and the Rust names that they become.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Names that a service cannot have: those of root modules, features and crates of the generated API, and file names that
/// Windows does not allow.
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
    "cos_key",
    "cos_resources",
    "default",
    "diagnostic",
    "document",
    "engine",
    "enums",
    "facts",
    "key",
    "list",
    "names",
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

/// The advice for the name of a service.
pub(crate) const SERVICE_HELP: &str = "write the product's abbreviation in CAM, such as `trtc`: lower-case letters and digits, a letter first, in \
     words joined by single `-` or `_`";

/// Names that a type of a pattern cannot have: the generated code uses them, or Rust's prelude has them.
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

/// The constants of every enum of actions. An action of the same name would hide one.
const TAKEN_VARIANTS: &[&str] = &["ALL", "GRANULARITY", "PATTERNS", "SERVICE"];

const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Whether the type of a pattern, or the enum of its actions, cannot have this name.
pub(crate) fn is_taken_type(name: &str) -> bool {
    TAKEN_TYPES.contains(&name)
}

pub(crate) fn is_keyword(identifier: &str) -> bool {
    KEYWORDS.contains(&identifier)
}

/// `trtc`, `api-gw`: words of lower-case letters and digits, joined by single `-` or `_`; a letter comes first.
pub(crate) fn is_service(name: &str) -> bool {
    is_snake(&name.replace('-', "_"))
}

/// `RemoveUser`: letters, digits and `_`; a letter comes first.
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

/// Returns the module of a service: `as_` for the service `as`, because a module cannot have the name of a keyword.
#[must_use]
pub fn module(service: &str) -> String {
    let module = service.replace('-', "_");
    if is_keyword(&module) { module + "_" } else { module }
}

/// Returns the type of a pattern, or the variant of a service.
pub(crate) fn camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Returns the parameter of a placeholder.
pub(crate) fn parameter(placeholder: &str) -> String {
    match placeholder {
        "uin" => "owner".to_owned(),
        other => {
            let name = other.to_snake_case();
            // Many sources write `clusterid` for `clusterId`.
            match name.strip_suffix("id") {
                Some(stem) if stem.len() > 3 && !stem.ends_with(['_', 'u']) => format!("{stem}_id"),
                _ => name,
            }
        }
    }
}

/// Returns the variant of an action: its name, or the upper camel case of the name where Rust or the enum needs it.
pub(crate) fn variant(action: &str) -> String {
    let fits = starts(action, |first| first.is_ascii_uppercase()) && !action.contains('_');
    if fits && !TAKEN_VARIANTS.contains(&action) { action.to_owned() } else { action.to_upper_camel_case() }
}

/// Returns the variant, in the enum over a service, for the actions that can be limited to these patterns.
///
/// The enum of these actions has this name followed by `Action`. It names three patterns at most: of more, it has the first
/// two and the number of the others. It depends on nothing but the patterns, so that no other action changes it.
#[must_use]
pub fn resource_set(patterns: &[&str]) -> String {
    let name = |patterns: &[&str]| patterns.iter().map(|pattern| camel(pattern)).collect::<String>();
    match patterns {
        [first, second, others @ ..] if others.len() > 1 => {
            format!("{}And{}More", name(&[first, second]), others.len())
        }
        few => name(few),
    }
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
        assert_eq!(resource_set(&["room"]), "Room");
        assert_eq!(resource_set(&["big_hall", "room"]), "BigHallRoom");
        assert_eq!(resource_set(&["big_hall", "door", "room"]), "BigHallDoorRoom");
        assert_eq!(resource_set(&["big_hall", "door", "room", "seat"]), "BigHallDoorAnd2More");
    }
}
