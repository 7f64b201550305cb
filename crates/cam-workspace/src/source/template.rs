//! Templates of Terraform: heredocs, quoted strings, and the strings of its JSON syntax.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::template::Element;

use super::writer::Writer;

/// How the literal parts of a template are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// As they are, without so many bytes of indentation.
    Raw(usize),
    /// With the escapes of a quoted string, which are read.
    Quoted,
    /// With the escapes of a quoted string, which JSON reads likewise.
    Json,
}

/// Writes a template. `Err`: it has a directive such as `%{ if … }`, and its text is unknown as a whole.
pub(super) fn write<'e>(
    elements: impl IntoIterator<Item = &'e Element>,
    literal: Literal,
    writer: &mut Writer<'_>,
) -> Result<(), Range<usize>> {
    let mut at_line_start = true;
    for element in elements {
        let Some(range) = element.span() else { continue };
        match element {
            Element::Literal(_) => at_line_start = write_literal(range, literal, at_line_start, writer),
            Element::Interpolation(_) => {
                writer.expression(&range);
                at_line_start = false;
            }
            Element::Directive(_) => return Err(range),
        }
    }
    Ok(())
}

/// Writes a literal part, and returns whether it ends a line.
pub(super) fn write_literal(
    range: Range<usize>,
    literal: Literal,
    mut at_line_start: bool,
    writer: &mut Writer<'_>,
) -> bool {
    let raw = &writer.source()[range.clone()];
    let mut at = 0;
    while at < raw.len() {
        let rest = &raw[at..];
        let outer = |length: usize| range.start + at..range.start + at + length;
        if let (true, Literal::Raw(indent)) = (at_line_start, literal) {
            let blank = rest.bytes().take(indent).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            at_line_start = false;
            if blank > 0 {
                at += blank;
                continue;
            }
        }
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            writer.put(&rest[..1], &outer(2));
            at += 2;
            continue;
        }
        let character = rest.chars().next().unwrap_or_default();
        match (literal, character) {
            (Literal::Quoted, '\\') => {
                let (plain, length) = escape(rest);
                writer.put(plain.encode_utf8(&mut [0; 4]), &outer(length));
                at += length;
            }
            (Literal::Json, '\\') => {
                let (plain, length) = escape(rest);
                // JSON has no `\U`, and every other escape is the same in both.
                if rest.starts_with("\\U") {
                    writer.put(plain.encode_utf8(&mut [0; 4]), &outer(length));
                } else {
                    writer.copy(outer(length));
                }
                at += length;
            }
            _ => {
                writer.copy(outer(character.len_utf8()));
                at_line_start = character == '\n';
                at += character.len_utf8();
            }
        }
    }
    at_line_start
}

/// Reads the escape at the beginning of a text: its character, and its length.
fn escape(text: &str) -> (char, usize) {
    let hex = |digits: usize| {
        let value = text.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        (value.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), 2 + digits)
    };
    match text.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => hex(4),
        Some(b'U') => hex(8),
        Some(other) if other.is_ascii() => (char::from(*other), 2),
        _ => ('\\', 1),
    }
}
