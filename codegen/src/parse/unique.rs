//! Names that must differ in Rust.

use std::collections::HashMap;
use std::ops::Range;

use super::diagnostics::Diagnostics;

/// Reports a second name that would become the same Rust identifier.
pub(super) fn unique<'a>(
    known: &mut HashMap<String, (&'a str, Range<usize>)>,
    identifier: String,
    name: &'a str,
    span: &Range<usize>,
    what: &str,
    diagnostics: &mut Diagnostics<'_>,
) {
    if let Some((first, first_span)) = known.get(&identifier) {
        let help = match what {
            "action" => "an action's name is CAM's: check both against the source",
            _ => "rename one of them",
        };
        diagnostics
            .add(
                span,
                format!("{what} `{name}` and `{first}` both become `{identifier}` in Rust"),
                "the second",
                help,
            )
            .and(first_span, "the first");
    } else {
        known.insert(identifier, (name, span.clone()));
    }
}
