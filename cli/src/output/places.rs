//! Lines and columns of findings, in the units of each form.

use cam_policy::text::Span;

/// Where the lines of a text begin.
pub(super) struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // A byte order mark at the beginning of a text is no character of it, in no form.
        let first = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let starts = std::iter::once(first).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    fn at(&self, byte: usize, count: impl Fn(&str) -> usize) -> Place {
        let byte = byte.min(self.text.len()).max(self.starts[0]);
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        Place { line, column: self.text.get(start..byte).map_or(1, |before| count(before) + 1) }
    }

    /// Begin and end, with columns in characters.
    pub(super) fn characters(&self, span: Span) -> (Place, Place) {
        let count = |text: &str| text.chars().count();
        (self.at(span.start(), count), self.at(span.end(), count))
    }

    /// Begin and end, with columns in units of UTF-16, as SARIF counts them.
    pub(super) fn utf16(&self, span: Span) -> (Place, Place) {
        let count = |text: &str| text.encode_utf16().count();
        (self.at(span.start(), count), self.at(span.end(), count))
    }

    /// The whole lines that hold some bytes: their number of the first, counted from 1, and their bytes.
    pub(super) fn lines(&self, start: usize, end: usize) -> (usize, Span) {
        let line = self.at(start, str::len).line;
        let from = self.starts[line - 1];
        let end = end.min(self.text.len());
        let to = self.text[end..].find('\n').map_or(self.text.len(), |more| end + more);
        (line, Span::new(from, to))
    }
}
