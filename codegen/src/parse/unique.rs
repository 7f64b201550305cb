//! Names that must differ in Rust.

use std::ops::Range;

use super::diagnostics::Diagnostics;
use crate::numbers::Numbers;

/// The identifiers of Rust that are in use, and the name behind each.
#[derive(Default)]
pub(super) struct Identifiers<'a> {
    known: Numbers<'static>,
    names: Vec<(&'a str, Range<usize>)>,
}

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
        let (number, is_known) = self.known.add(identifier.to_owned());
        if !is_known {
            self.names.push((name, span.clone()));
            return;
        }
        let (first, first_span) = &self.names[number];
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
