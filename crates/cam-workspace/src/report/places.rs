//! Lines and columns of findings, in the units of each form.

use cam_policy::text::Span;

/// Where the lines of a text begin.
///
/// ```
/// use cam_policy::text::Span;
/// use cam_workspace::report::{Place, Places};
///
/// let places = Places::new("一\n二三");
/// assert_eq!(places.characters(Span::new(4, 7)).1, Place { line: 2, column: 2 });
/// ```
#[derive(Clone, Debug)]
pub struct Places<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// A line and a column, both counted from 1.
///
/// See [`Places`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in the units of the function that returned the place.
    pub column: usize,
}

impl<'t> Places<'t> {
    /// Finds the lines of a text.
    pub fn new(text: &'t str) -> Self {
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
    pub fn characters(&self, span: Span) -> (Place, Place) {
        let count = |text: &str| text.chars().count();
        (self.at(span.start(), count), self.at(span.end(), count))
    }

    /// Begin and end, with columns in units of UTF-16, as SARIF counts them.
    pub fn utf16(&self, span: Span) -> (Place, Place) {
        let count = |text: &str| text.encode_utf16().count();
        (self.at(span.start(), count), self.at(span.end(), count))
    }

    /// The whole lines that hold some bytes: their number of the first, counted from 1, and their bytes.
    pub fn lines(&self, start: usize, end: usize) -> (usize, Span) {
        let line = self.at(start, str::len).line;
        let from = self.starts[line - 1];
        let end = end.min(self.text.len());
        let to = self.text[end..].find('\n').map_or(self.text.len(), |more| end + more);
        (line, Span::new(from, to))
    }
}
