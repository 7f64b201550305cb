//! Six-segment resource patterns with `${placeholders}`.

use std::ops::Range;

use crate::shared::{Piece, pieces};

/// A resource pattern, split at its first five colons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segments<'a> {
    pub(crate) parts: Vec<(&'a str, Range<usize>)>,
}

/// Names of the segments, first to last.
pub(crate) const SEGMENTS: [&str; 6] = ["qcs", "project_id", "service_type", "region", "account", "resource"];

impl<'a> Segments<'a> {
    /// Splits `pattern`; fewer than six parts mean it is no six-segment pattern.
    pub(crate) fn of(pattern: &'a str) -> Self {
        let mut at = 0;
        let parts = pattern
            .splitn(6, ':')
            .map(|part| {
                let span = at..at + part.len();
                at = span.end + 1;
                (part, span)
            })
            .collect();
        Self { parts }
    }
}

/// Names of the placeholders of a pattern known to be well-formed, in order, each once.
pub(crate) fn placeholders(pattern: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (piece, _) in pieces(pattern).unwrap_or_default() {
        match piece {
            Piece::Placeholder(name) if !names.contains(&name) => names.push(name),
            _ => {}
        }
    }
    names
}
