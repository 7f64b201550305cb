//! The errors of a catalog, and the report that shows them.

use std::fmt;
use std::ops::Range;

use crate::sort::by_place;

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The place of the error, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// A label to print under `span`.
    pub label: String,
    /// A second place that the rule concerns, and its label.
    pub other: Option<(Range<usize>, String)>,
    /// What to write instead.
    pub help: String,
}

impl Diagnostic {
    pub(crate) fn new(
        span: &Range<usize>,
        message: impl fmt::Display,
        label: impl fmt::Display,
        help: impl fmt::Display,
    ) -> Self {
        Self {
            span: span.clone(),
            message: one_line(&message),
            label: one_line(&label),
            other: None,
            help: one_line(&help),
        }
    }

    /// Adds a second place to show.
    pub(crate) fn and(&mut self, span: &Range<usize>, label: impl fmt::Display) {
        self.other = Some((span.clone(), one_line(&label)));
    }
}

/// Returns the text, shortened and fit to print. A message may contain any name of the catalog, of any length.
fn one_line(text: &impl fmt::Display) -> String {
    const LENGTH: usize = 400;
    let text = text.to_string();
    if text.len() <= LENGTH && is_plain(&text) {
        return text;
    }
    text.chars().take(LENGTH).map(printable).chain(text.chars().nth(LENGTH).map(|_| '…')).collect()
}

/// Every error of a catalog, in the order of the text.
///
/// Its `Display` prints a report like rustc's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    path: String,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub(crate) fn new(path: &str, text: &str, mut diagnostics: Vec<Diagnostic>) -> Self {
        for diagnostic in &mut diagnostics {
            clamp(text, &mut diagnostic.span);
            if let Some((span, _)) = &mut diagnostic.other {
                clamp(text, span);
            }
        }
        let places: Vec<usize> = diagnostics.iter().map(|diagnostic| diagnostic.span.start).collect();
        let mut in_order: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
        for at in by_place(&places) {
            if in_order.last() != Some(&diagnostics[at]) {
                in_order.push(diagnostics[at].clone());
            }
        }
        Self { path: path.to_owned(), text: text.to_owned(), diagnostics: in_order }
    }

    /// Returns the errors, first to last. There is at least one.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns one line per error, `path:line:column: what is wrong; what to write`, for tools that read lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = Lines::of(&self.text);
        let line = |diagnostic: &Diagnostic| {
            format!(
                "{}:{}: {}; {}",
                self.path,
                lines.place(diagnostic.span.start),
                diagnostic.message,
                diagnostic.help
            )
        };
        self.diagnostics.iter().map(line).collect()
    }
}

impl std::error::Error for Report {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = Lines::of(&self.text);
        for diagnostic in &self.diagnostics {
            let place = lines.place(diagnostic.span.start);
            let other = diagnostic.other.as_ref().map(|(span, label)| (lines.place(span.start), span, label));
            let last = other.as_ref().map_or(place.line, |(other, ..)| other.line.max(place.line));
            let gutter = (last + 1).to_string().len();
            writeln!(f, "error: {}", diagnostic.message)?;
            writeln!(f, "{:gutter$}--> {}:{place}", "", self.path)?;
            lines.show(f, gutter, &diagnostic.span, '^', &diagnostic.label)?;
            if let Some((place, span, label)) = other {
                writeln!(f, "{:gutter$}::: {}:{place}", "", self.path)?;
                lines.show(f, gutter, span, '-', label)?;
            }
            writeln!(f, "{:gutter$} |", "")?;
            writeln!(f, "{:gutter$} = help: {}\n", "", diagnostic.help)?;
        }
        let count = self.diagnostics.len();
        let plural = if count == 1 { "" } else { "s" };
        writeln!(f, "error: {} has {count} error{plural}", self.path)
    }
}

/// Moves a range into the text, onto character boundaries.
fn clamp(text: &str, span: &mut Range<usize>) {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    span.start = floor(span.start);
    span.end = floor(span.end).max(span.start);
}

/// A place, counted from 0, in characters.
struct Place {
    line: usize,
    column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line + 1, self.column + 1)
    }
}

/// An index of the lines of a text.
struct Lines<'t> {
    text: &'t str,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The characters before each `BLOCK` bytes, so that a column costs the same on the longest line.
    counts: Vec<usize>,
}

const BLOCK: usize = 256;

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        // Editors neither show nor count a byte order mark.
        let first = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(first).chain(ends.map(|(at, _)| at + 1)).collect();
        let counts = text.as_bytes().chunks(BLOCK).scan(0, |sum, block| {
            let before = *sum;
            *sum += characters(block);
            Some(before)
        });
        Self { text, starts, counts: counts.chain([text.chars().count()]).collect() }
    }

    fn place(&self, at: usize) -> Place {
        let at = at.max(self.starts[0]);
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        Place { line, column: self.before(at) - self.before(self.starts[line]) }
    }

    /// Returns the number of characters before a byte.
    fn before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        self.counts[block] + characters(&self.text.as_bytes()[block * BLOCK..at])
    }

    /// Writes the line of `span` and a mark under it. Of a long line it writes only the part around the span.
    fn show(
        &self,
        f: &mut fmt::Formatter<'_>,
        gutter: usize,
        span: &Range<usize>,
        mark: char,
        label: &str,
    ) -> fmt::Result {
        const BEFORE: usize = 80;
        const AFTER: usize = 100;
        let number = self.place(span.start).line;
        let start = self.starts[number];
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        let from = span.start.saturating_sub(start).min(line.len());
        let to = span.end.saturating_sub(start).clamp(from, line.len());

        let before = tail(&line[..from], BEFORE);
        let marked = head(&line[from..to], AFTER);
        let room = AFTER.checked_sub(marked.chars().count());
        let after = room.map_or_else(String::new, |room| head(&line[to..], room));
        writeln!(f, "{:gutter$} |", "")?;
        writeln!(f, "{:gutter$} | {before}{marked}{after}", number + 1)?;
        let marks = mark.to_string().repeat(width(&marked).max(1));
        writeln!(f, "{:gutter$} | {:indent$}{marks} {label}", "", "", indent = width(&before))
    }
}

/// Returns the number of characters: it does not count the bytes that continue one.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Returns the last `count` characters, fit to print.
fn tail(text: &str, count: usize) -> String {
    match text.char_indices().rev().nth(count) {
        Some((at, dropped)) => format!("…{}", shown(&text[at + dropped.len_utf8()..])),
        None => shown(text),
    }
}

/// Returns the first `count` characters, fit to print.
fn head(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        Some((at, _)) => format!("{}…", shown(&text[..at])),
        None => shown(text),
    }
}

fn shown(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { text.chars().map(printable).collect() }
}

/// Whether every character is fit to print. A fast check, because nearly every text is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns the character, or a visible replacement for one that a terminal should not get.
fn printable(character: char) -> char {
    match character {
        '\t' => ' ',
        character if is_invisible(character) => '\u{FFFD}',
        character => character,
    }
}

/// Whether the character is a control character, a line end, or one that makes a terminal show the text in another order.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// Returns the number of columns that the text takes on a terminal: two for each East Asian wide character, none for a
/// combining mark.
fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    let columns = |character: char| match u32::from(character) {
        0x300..=0x36F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}
