//! Collects errors. It knows which lines were not read, so that no error is reported only because of another one.

use std::fmt::Display;
use std::ops::Range;

use cam_policy::text;

use crate::diagnostic::Diagnostic;
use crate::numbers::Numbers;

pub(super) struct Diagnostics<'t> {
    text: &'t str,
    list: Vec<Diagnostic>,
    /// The places of the table headers and the services that they name, computed on first use.
    headers: Option<Vec<(usize, &'t str)>>,
    /// The names in the lines that were not read, each behind the number of the header above it.
    lost_below: Numbers<'static>,
    /// The same, each behind its service.
    lost_in: Numbers<'static>,
    /// How many more names to compare with misspelt ones.
    comparisons: usize,
}

/// Enough for hundreds of misspelt names in the largest catalog. It limits the time if every name is wrong.
const COMPARISONS: usize = 300_000;

impl<'t> Diagnostics<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            list: Vec::new(),
            headers: None,
            lost_below: Numbers::default(),
            lost_in: Numbers::default(),
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

    /// Records that a part of the text was not read, so that nobody knows what it defines and uses.
    pub(super) fn lose(&mut self, range: Range<usize>) {
        let text = self.text;
        let headers = self.headers.get_or_insert_with(|| headers(text));
        let mut at = range.start;
        for line in text.get(range).unwrap_or_default().split_inclusive('\n') {
            let header = above(headers, at);
            let service = header.checked_sub(1).map_or("", |last| headers[last].1);
            for name in names(line) {
                self.lost_below.add(format!("{header} {name}"));
                self.lost_in.add(format!("{service} {name}"));
            }
            at += line.len();
        }
    }

    /// Whether any part of the text was not read.
    pub(super) fn lost_any(&self) -> bool {
        !self.lost_in.is_empty()
    }

    /// Whether `name` stands in a part of a service that was not read.
    pub(super) fn is_lost(&self, name: &str, service: &str) -> bool {
        !self.lost_in.is_empty() && self.lost_in.get(&format!("{service} {name}")).is_some()
    }

    /// Whether `name` stands in a part that was not read, below the header above `at`.
    pub(super) fn is_lost_near(&self, name: &str, at: usize) -> bool {
        let header = self.headers.as_ref().map(|headers| above(headers, at));
        header.is_some_and(|header| self.lost_below.get(&format!("{header} {name}")).is_some())
    }

    /// Returns the candidate whose spelling is nearest to `name`.
    pub(super) fn nearest<'c>(
        &mut self,
        name: &str,
        candidates: impl ExactSizeIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.comparisons = self.comparisons.checked_sub(candidates.len())?;
        text::nearest(name, candidates).first().copied()
    }

    /// Returns where the content of the string at `span` begins, if the string has no escapes.
    pub(super) fn content(&self, value: &str, span: &Range<usize>) -> Option<usize> {
        let start = span.start + 1;
        (self.text.get(start..start + value.len()) == Some(value)).then_some(start)
    }
}

/// Returns the number of headers before a place.
fn above(headers: &[(usize, &str)], at: usize) -> usize {
    headers.partition_point(|(start, _)| *start <= at)
}

fn headers(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut headers = Vec::new();
    for line in text.split_inclusive('\n') {
        if is_header(line) {
            headers.push((at, header_keys(line).1));
        }
        at += line.len();
    }
    headers
}

/// Returns the words of a line that can be a key or a name, even if the line is no TOML: the first word, and every word that
/// stands alone.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| !word.is_empty() && !word.contains(char::is_whitespace);
    let separator = |character: char| "\"'[]{}().:=,#".contains(character);
    let alone = line.split(separator).map(str::trim).filter(is_name);
    alone.chain(
        line.split(|character: char| separator(character) || character.is_whitespace())
            .find(|word| !word.is_empty()),
    )
}

/// Returns the first two keys of the header of a table; the second is empty if there is none.
pub(super) fn header_keys(line: &str) -> (&str, &str) {
    let mut keys = line.trim_start_matches(['[', ' ', '\t', '\u{FEFF}']).split(['.', ']', '\n']);
    let mut key = || keys.next().unwrap_or_default().trim_ascii().trim_matches(['"', '\'']);
    (key(), key())
}

/// Whether a line looks like the header of a table.
pub(super) fn is_header(line: &str) -> bool {
    line.trim_start_matches([' ', '\t', '\u{FEFF}']).starts_with('[')
}
