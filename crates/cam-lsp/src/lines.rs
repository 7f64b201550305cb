//! Positions of an editor, and bytes of a text.

use cam_policy::text::Span;

use crate::protocol::{Position, Range};

/// In what an editor counts the characters of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    #[default]
    Utf16,
}

/// A text, with the places where its lines begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    pub(crate) text: String,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl Lines {
    pub(crate) fn new(text: String, encoding: Encoding) -> Self {
        let starts = starts(&text);
        Self { text, starts, encoding }
    }

    /// Returns the byte of a position. One behind the end of its line is the end of the line, as the protocol says.
    pub(crate) fn byte(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut counted = 0;
        for (at, character) in line.char_indices() {
            let width = self.width(character);
            if counted + width > wanted {
                return start + at;
            }
            counted += width;
        }
        start + line.len()
    }

    fn width(&self, character: char) -> usize {
        match self.encoding {
            Encoding::Utf8 => character.len_utf8(),
            Encoding::Utf16 => character.len_utf16(),
        }
    }

    /// Returns the position of a byte; for one inside of a character, that of the character.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let before = &self.text[self.starts[line]..byte];
        let character = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position { line: number(line), character: number(character) }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start()), end: self.position(span.end()) }
    }

    /// Returns the bytes of a range; empty if the range ends before it starts.
    pub(crate) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.byte(range.start), self.byte(range.end));
        Span::new(start, end.max(start))
    }

    /// Returns the line of a byte, and where it begins.
    pub(crate) fn line_start(&self, byte: usize) -> usize {
        self.starts[self.starts.partition_point(|start| *start <= byte) - 1]
    }

    /// Replaces a part of the text.
    pub(crate) fn replace(&mut self, range: Range, with: &str) {
        let span = self.span(range);
        self.text.replace_range(span.range(), with);
        self.starts = starts(&self.text);
    }
}

fn starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        // The protocol also ends a line at a `\r` alone.
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_as_the_client_counts() {
        let text = "a腾😀b\r\nc";
        for (encoding, of_b) in [(Encoding::Utf8, 8), (Encoding::Utf16, 4)] {
            let lines = Lines::new(text.into(), encoding);
            assert_eq!(lines.position(8), Position { line: 0, character: of_b });
            assert_eq!(lines.byte(Position { line: 0, character: of_b }), 8);
            assert_eq!(lines.position(11), Position { line: 1, character: 0 });
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at) && *at != 10) {
                assert_eq!(lines.byte(lines.position(at)), at);
            }
        }
    }

    #[test]
    fn positions_outside_of_the_text_are_its_end() {
        let lines = Lines::new("ab\ncd".into(), Encoding::Utf16);
        assert_eq!(lines.byte(Position { line: 0, character: 99 }), 2);
        assert_eq!(lines.byte(Position { line: 9, character: 9 }), 5);
        assert_eq!(lines.position(99), Position { line: 1, character: 2 });
        let backwards =
            Range { start: Position { line: 1, character: 0 }, end: Position { line: 0, character: 0 } };
        assert_eq!(lines.span(backwards), Span::new(3, 3));
    }
}
