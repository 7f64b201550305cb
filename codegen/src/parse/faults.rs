//! Collects faults, and knows what was not read, so that nothing is reported only because of another fault.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Display;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::shared;

use super::syntax::is_header;

pub(super) struct Faults<'t> {
    text: &'t str,
    list: Vec<Diagnostic>,
    /// Where the table headers are.
    headers: Vec<usize>,
    /// The words of what was not read.
    lost: HashSet<&'t str>,
    /// The headers, by number, that had something below them which was not read.
    torn: BTreeSet<usize>,
    /// How many more names to compare in search of the one that was meant.
    comparisons: usize,
}

/// Hundreds of misspelt names in the largest catalog; a bound only where every name is wrong.
const COMPARISONS: usize = 300_000;

impl<'t> Faults<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            list: Vec::new(),
            headers: Vec::new(),
            lost: HashSet::new(),
            torn: BTreeSet::new(),
            comparisons: COMPARISONS,
        }
    }

    pub(super) fn add(
        &mut self,
        span: &Range<usize>,
        message: impl Display,
        label: impl Display,
        help: impl Display,
    ) -> &mut Diagnostic {
        self.list.push(Diagnostic::new(span, message, label, help));
        self.list.last_mut().expect("one was pushed")
    }

    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Says that a part of the text was not read: what it defines and uses is not known.
    pub(super) fn lose(&mut self, range: Range<usize>) {
        let Some(text) = self.text.get(range.clone()) else { return };
        if self.headers.is_empty() {
            self.headers = header_lines(self.text);
        }
        self.torn.extend(self.table_at(range.start)..=self.table_at(range.end.saturating_sub(1)));
        self.lost.extend(text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')));
    }

    /// Whether `word` stands in what was not read.
    pub(super) fn is_lost(&self, word: &str) -> bool {
        self.lost.contains(word)
    }

    /// Whether `word` stands in what was not read below the header of `at`.
    pub(super) fn is_lost_near(&self, word: &str, at: usize) -> bool {
        self.is_lost(word) && self.torn.contains(&self.table_at(at))
    }

    fn table_at(&self, at: usize) -> usize {
        self.headers.partition_point(|header| *header <= at)
    }

    /// The candidate that is spelt most like `name`.
    pub(super) fn nearest<'c>(
        &mut self,
        name: &str,
        candidates: impl ExactSizeIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.comparisons = self.comparisons.checked_sub(candidates.len())?;
        shared::nearest(name, candidates).first().copied()
    }

    /// Where the content of the string at `span` begins, if the text shows it as it is.
    pub(super) fn content(&self, value: &str, span: &Range<usize>) -> Option<usize> {
        let start = span.start + 1;
        (self.text.get(start..start + value.len()) == Some(value)).then_some(start)
    }
}

/// Where the lines of a text are that look like the header of a table.
fn header_lines(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut headers = Vec::new();
    for line in text.split_inclusive('\n') {
        if is_header(line) {
            headers.push(at);
        }
        at += line.len();
    }
    headers
}
