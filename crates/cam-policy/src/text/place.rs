//! Places in a text: spans of bytes, lines and columns.

use core::fmt;
use core::ops::Range;

use super::bytes::all_bytes;

/// A range of bytes in a text: from the first byte to the byte after the last. No text with spans is longer than 4
/// GiB.
///
/// ```
/// use cam_policy::text::Span;
///
/// let span = Span::new(1, 3);
/// assert_eq!(&"abcd"[span.range()], "bc");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Makes the span of the bytes from `start` up to, but not including, `end`.
    ///
    /// Numbers above `u32::MAX` become `u32::MAX`.
    ///
    /// ```
    /// assert_eq!(cam_policy::text::Span::new(41, 45).end(), 45);
    /// ```
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: saturated(start), end: saturated(end) }
    }

    /// Returns the first byte.
    pub const fn start(self) -> usize {
        self.start as usize
    }

    /// Returns the byte after the last.
    pub const fn end(self) -> usize {
        self.end as usize
    }

    /// Returns the range, to index the text with.
    pub const fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the greatest number is checked")]
const fn saturated(number: usize) -> u32 {
    if number > u32::MAX as usize { u32::MAX } else { number as u32 }
}

/// A place in a text; written `line:column`.
///
/// ```
/// use cam_policy::text::{Lines, Position};
///
/// assert_eq!(Lines::new("a\nbc").position(3), Position { line: 2, column: 2 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Finds line and column of bytes. If the bytes come in ascending order, one pass over the text is enough for all of
/// them.
///
/// ```
/// use cam_policy::text::Lines;
///
/// let mut lines = Lines::new("腾讯\n云");
/// assert_eq!(lines.position(3).to_string(), "1:2");
/// assert_eq!(lines.position(7).to_string(), "2:1");
/// // A byte order mark has no column.
/// assert_eq!(Lines::new("\u{feff}ab").position(4).to_string(), "1:2");
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// Up to here the text was read.
    at: usize,
    /// The position of that byte.
    position: Position,
}

impl<'a> Lines<'a> {
    /// Makes a finder for this text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0, position: START }
    }

    /// Returns line and column of a byte; for a byte beyond the end, those of the end.
    pub fn position(&mut self, byte: usize) -> Position {
        let byte =
            (0..=byte.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        if byte < self.at {
            (self.at, self.position) = (0, START);
        }
        let mut rest = &self.text[self.at..byte];
        // A byte order mark at the beginning of a text is no character of it.
        if self.at == 0 {
            rest = rest.strip_prefix('\u{feff}').unwrap_or(rest);
        }
        // Most places are in the line of the place before.
        if !all_bytes(rest, |byte| byte != b'\n') {
            while let Some(end) = rest.find('\n') {
                self.position = Position { line: self.position.line + 1, column: 1 };
                rest = &rest[end + 1..];
            }
        }
        self.position.column += rest.chars().count();
        self.at = byte;
        self.position
    }
}

const START: Position = Position { line: 1, column: 1 };
