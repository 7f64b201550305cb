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

/// How many bytes of a text are counted at once.
const BLOCK: usize = 1024;

/// A text, with the places where its lines begin, and how many characters stand before some places of it. A policy may be
/// one long line, so nothing counts from the beginning of a line.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    pub(crate) text: String,
    starts: Vec<usize>,
    /// For each block, the first character that begins in it or behind it, and the characters of the editor before that.
    blocks: Vec<(usize, usize)>,
    encoding: Encoding,
}

impl Lines {
    pub(crate) fn new(text: String, encoding: Encoding) -> Self {
        let (starts, blocks) = (starts(&text), blocks(&text, encoding));
        Self { text, starts, blocks, encoding }
    }

    /// Returns the byte of a position. One behind the end of its line is the end of the line, as the protocol says.
    pub(crate) fn byte(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let end = start + self.text[start..end].trim_end_matches(['\n', '\r']).len();
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let wanted = self.characters_before(start).saturating_add(wanted);
        let block = self.blocks.partition_point(|(_, before)| *before <= wanted).saturating_sub(1);
        let (from, mut counted) = match self.blocks.get(block) {
            Some(&(from, before)) if from > start => (from.min(end), before),
            _ => (start, self.characters_before(start)),
        };
        for (at, character) in self.text[from..end].char_indices() {
            counted += width(character, self.encoding);
            if counted > wanted {
                return from + at;
            }
        }
        end
    }

    /// Returns how many characters, as the editor counts them, stand before a byte at which one begins.
    fn characters_before(&self, byte: usize) -> usize {
        let Some(&(from, before)) = self.blocks.get(byte / BLOCK) else { return 0 };
        let rest = self.text.get(from..byte).unwrap_or_default();
        before + rest.chars().map(|character| width(character, self.encoding)).sum::<usize>()
    }

    /// Returns the position of a byte; for one inside of a character, that of the character.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let character = self.characters_before(byte) - self.characters_before(self.starts[line]);
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
        self.blocks = blocks(&self.text, self.encoding);
    }
}

fn width(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16 => character.len_utf16(),
    }
}

fn blocks(text: &str, encoding: Encoding) -> Vec<(usize, usize)> {
    let (mut blocks, mut before) = (vec![(0, 0)], 0);
    for (at, character) in text.char_indices() {
        if at >= blocks.len() * BLOCK {
            blocks.push((at, before));
        }
        before += width(character, encoding);
    }
    if text.len() >= blocks.len() * BLOCK {
        blocks.push((text.len(), before));
    }
    blocks
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
    fn long_lines_are_counted_in_blocks() {
        let text = format!("{}\n{}", "a腾😀".repeat(2_000), "策b".repeat(3_000));
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(text.clone(), encoding);
            let (mut line, mut character) = (0, 0);
            for (at, found) in text.char_indices() {
                let position = Position { line, character };
                assert_eq!((lines.position(at), lines.byte(position)), (position, at));
                character += u32::try_from(width(found, encoding)).unwrap();
                if found == '\n' {
                    (line, character) = (line + 1, 0);
                }
            }
            assert_eq!(lines.byte(lines.position(text.len())), text.len());
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
