//! Names that must differ in Rust.

use std::ops::Range;

use super::diagnostics::Diagnostics;
use crate::numbers::Firsts;

/// The identifiers of Rust that are in use, and the name behind each.
#[derive(Default)]
pub(super) struct Identifiers<'a>(Firsts<'static, (&'a str, Range<usize>)>);

impl<'a> Identifiers<'a> {
    /// Reports a second name that would become the same identifier.
    pub(super) fn add(
        &mut self,
        identifier: &str,
        name: &'a str,
        span: &Range<usize>,
        what: &str,
        diagnostics: &mut Diagnostics<'_>,
    ) {
        let known = self.0.add(identifier.to_owned(), (name, span.clone()));
        let Some((first, first_span)) = known else { return };
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
    }
}
