//! Faults of a catalog, and how they are shown.

use std::fmt;
use std::ops::Range;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What stands at `span`, said under it.
    pub label: String,
    /// A second place the rule is about, and what stands there.
    pub other: Option<(Range<usize>, String)>,
    /// What to write instead.
    pub help: String,
}

/// Every fault of a catalog, in the order of the text.
///
/// Its `Display` is a report in the manner of rustc.
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
        diagnostics.sort_by(|a, b| (a.span.start, &a.message).cmp(&(b.span.start, &b.message)));
        diagnostics.dedup();
        Self { path: path.to_owned(), text: text.to_owned(), diagnostics }
    }

    /// The faults, first to last; never none.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// One line a fault, `path:line:column: what is wrong; what to write`, for tools that read lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = Lines::of(&self.text);
        let mut cursor = Cursor::default();
        self.diagnostics
            .iter()
            .map(|fault| {
                let place = cursor.place(&self.text, &lines, fault.span.start);
                format!("{}:{place}: {}; {}", self.path, fault.message, fault.help)
            })
            .collect()
    }
}

impl std::error::Error for Report {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = Lines::of(&self.text);
        let mut cursor = Cursor::default();
        for fault in &self.diagnostics {
            let place = cursor.place(&self.text, &lines, fault.span.start);
            let second = fault.other.as_ref().map(|(span, label)| {
                (Cursor::default().place(&self.text, &lines, span.start), span, label)
            });
            let last = second.as_ref().map_or(place.line, |(other, ..)| other.line.max(place.line));
            let gutter = (last + 1).to_string().len();
            writeln!(f, "error: {}", fault.message)?;
            writeln!(f, "{:gutter$}--> {}:{place}", "", self.path)?;
            snippet(f, &self.text, &lines, gutter, place, &fault.span, '^', &fault.label)?;
            if let Some((place, span, label)) = second {
                writeln!(f, "{:gutter$}::: {}:{place}", "", self.path)?;
                snippet(f, &self.text, &lines, gutter, place, span, '-', label)?;
            }
            writeln!(f, "{:gutter$} = help: {}\n", "", fault.help)?;
        }
        let count = self.diagnostics.len();
        let plural = if count == 1 { "" } else { "s" };
        writeln!(f, "error: {} has {count} fault{plural}", self.path)
    }
}

/// A range a fault can be shown at: inside the text, on character boundaries.
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

/// A place as people count: from 1, in characters.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line + 1, self.column + 1)
    }
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect())
    }

    fn text<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let end = self.0.get(line + 1).copied().unwrap_or(text.len());
        text[self.0[line]..end].trim_end_matches(['\n', '\r'])
    }
}

/// Counts columns on from the last place asked for, so that many faults on one long line stay cheap.
#[derive(Default)]
struct Cursor {
    line: usize,
    byte: usize,
    column: usize,
}

impl Cursor {
    fn place(&mut self, text: &str, lines: &Lines, at: usize) -> Place {
        let line = lines.0.partition_point(|start| *start <= at) - 1;
        if line != self.line || at < self.byte {
            *self = Self { line, byte: lines.0[line], column: 0 };
        }
        self.column += text[self.byte..at].chars().count();
        self.byte = at;
        Place { line, column: self.column }
    }
}

/// The line of `span` and a mark under it. Of a long line only the surroundings are shown.
#[expect(clippy::too_many_arguments, reason = "a private helper of one caller")]
fn snippet(
    f: &mut fmt::Formatter<'_>,
    text: &str,
    lines: &Lines,
    gutter: usize,
    place: Place,
    span: &Range<usize>,
    mark: char,
    label: &str,
) -> fmt::Result {
    const BEFORE: usize = 80;
    const AFTER: usize = 100;
    let start = lines.0[place.line];
    let line = lines.text(text, place.line);
    let from = (span.start - start).min(line.len());
    let to = (span.end - start).clamp(from, line.len());

    let before: String = tail(&line[..from], BEFORE);
    let marked: String = line[from..to].chars().take(AFTER).map(printable).collect();
    let rest = &line[to..];
    let after: String =
        rest.chars().take(AFTER.saturating_sub(marked.chars().count())).map(printable).collect();
    let marks = width(&marked).max(1);

    writeln!(f, "{:gutter$} |", "")?;
    writeln!(f, "{:gutter$} | {before}{marked}{after}", place.line + 1)?;
    write!(f, "{:gutter$} | {:indent$}", "", "", indent = width(&before))?;
    for _ in 0..marks {
        write!(f, "{mark}")?;
    }
    writeln!(f, " {label}")
}

/// The last `count` characters, fit to print.
fn tail(text: &str, count: usize) -> String {
    let cut = text.char_indices().rev().nth(count).map(|(at, _)| at);
    match cut {
        Some(at) => std::iter::once('…').chain(text[at..].chars().skip(1).map(printable)).collect(),
        None => text.chars().map(printable).collect(),
    }
}

/// One column a character, and nothing that moves the terminal's cursor.
fn printable(letter: char) -> char {
    if letter == '\t' {
        ' '
    } else if letter.is_control() {
        '\u{FFFD}'
    } else {
        letter
    }
}

/// Columns a terminal gives the text: two for East Asian wide characters.
fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| match u32::from(letter) {
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
            0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF => 2,
            0x20000..=0x3FFFD => 2,
            _ => 1,
        })
        .sum()
}
