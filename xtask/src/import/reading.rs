//! The state of a reader: it turns offsets into places and collects messages.

use std::collections::{HashMap, HashSet};

use super::block::{Cell, Table};
use super::links::Link;
use super::page::{Language, Message, PageLink, Place};
use super::pattern::single;
use super::text::unclosed;
use super::words::{self, Column};

/// The state of a reader: it turns offsets into places and collects messages.
pub(super) struct Reading<'t> {
    text: &'t str,
    starts: Vec<usize>,
    pub(super) errors: Vec<Message>,
    pub(super) notes: Vec<Message>,
    pub(super) cut: Option<Message>,
    /// A whole row that is left out, because the page is cut off behind it.
    pub(super) left_out: Option<Message>,
    /// The markup that nothing closes at the end of the page, and its place.
    pub(super) open: Option<(usize, &'static str)>,
    /// The lines of tables that have a message about the whole table.
    pub(super) accounted: HashSet<usize>,
}

impl<'t> Reading<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text,
            starts,
            errors: Vec::new(),
            notes: Vec::new(),
            cut: None,
            left_out: None,
            open: unclosed(text),
            accounted: HashSet::new(),
        }
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let column = self.text[self.starts[line - 1]..at].chars().count() + 1;
        Place { line, column }
    }

    pub(super) fn error(&mut self, at: usize, message: String) {
        let place = self.place(at);
        self.errors.push(Message { place, message });
    }

    /// Reports a row that does not have as many cells as its table has columns.
    pub(super) fn width(&mut self, row: &[Cell], wanted: usize) {
        let row_of = match row[0].line() {
            name if name.is_empty() => "the row".to_owned(),
            name => format!("the row of `{name}`"),
        };
        let (found, cells) = (row.len(), if row.len() == 1 { "cell" } else { "cells" });
        let mut message = format!("{row_of} is not understood: it has {found} {cells}, not {wanted}");
        let within: Vec<String> =
            row[1..].iter().map(Cell::line).filter(|text| words::looks_like_name(text)).collect();
        if !within.is_empty() {
            message = format!("{message}, and `{}` in it", within.join("`, `"));
        }
        self.error(row[0].at, message);
    }

    pub(super) fn note(&mut self, at: usize, message: String) {
        let place = self.place(at);
        self.notes.push(Message { place, message });
    }

    pub(super) fn cut(&mut self, at: usize, text: &str) {
        let name: String = text
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
            .collect();
        let what = if name.is_empty() { "a row".to_owned() } else { format!("the row of `{name}`") };
        let place = self.place(at);
        self.cut =
            Some(Message { place, message: format!("the page ends within {what}, which is left out") });
    }

    /// Records where the page is cut off, if that is not within a row.
    pub(super) fn ends(&mut self, at: usize, place_in_words: &str) {
        let place = self.place(at);
        self.cut.get_or_insert(Message { place, message: format!("the page ends {place_in_words}") });
    }

    /// Tells of a whole row that is left out, beside where the page is cut off.
    pub(super) fn tell_left_out(&mut self) {
        match (&mut self.cut, self.left_out.take()) {
            (Some(cut), Some(left_out)) => {
                cut.message.push_str("; ");
                cut.message.push_str(&left_out.message);
            }
            (None, left_out) => self.errors.extend(left_out),
            (Some(_), None) => {}
        }
    }

    pub(super) fn ends_behind(&mut self, table: &Table) {
        let (at, place) = match table.rows.last() {
            Some(row) => (row[0].at, format!("within a table, behind the row of `{}`", row[0].line())),
            None => (table.at, "within a table".to_owned()),
        };
        self.ends(at, &place);
    }

    /// Marks all lines of a table as reported.
    pub(super) fn account(&mut self, table: &Table) {
        let cells = table.rows.iter().chain([&table.header]).flatten();
        let lines: Vec<usize> = cells.map(|cell| self.place(cell.at).line).collect();
        self.accounted.extend(lines);
    }

    pub(super) fn pass_over(&mut self, table: &Table, why: &str) {
        self.note(table.at, format!("this table is passed over: {why}"));
        self.account(table);
    }

    /// Returns the links of a cell, with addresses as the catalog writes them.
    pub(super) fn links(
        &mut self,
        at: usize,
        name: &str,
        links: &[Link],
        language: Language,
    ) -> Vec<PageLink> {
        let mut found = Vec::new();
        for link in links.iter().filter(|link| !link.url.starts_with('#')) {
            if let Some(url) = self.url(at, name, &link.url, language) {
                found.push(PageLink { title: link.title.clone(), url });
            }
        }
        found
    }

    /// Returns a pattern as the catalog writes it, or reports that the text is no pattern.
    pub(super) fn pattern(&mut self, at: usize, name: &str, text: &str) -> Option<String> {
        let pattern = match single(text) {
            Ok(pattern) => pattern,
            Err(reason) => {
                self.error(at, format!("the row of `{name}` is not understood: `{text}` {reason}"));
                return None;
            }
        };
        if pattern != text {
            self.note(at, format!("the pattern `{text}` of `{name}` is read as `{pattern}`"));
        }
        Some(pattern)
    }

    /// Returns an address as the catalog writes it.
    pub(super) fn url(&mut self, at: usize, name: &str, url: &str, language: Language) -> Option<String> {
        let full = if url.starts_with("https://") {
            url.to_owned()
        } else if let Some(rest) = url.strip_prefix("http://") {
            format!("https://{rest}")
        } else if url.starts_with('/') && !url.starts_with("//") {
            let host =
                if language == Language::Chinese { "cloud.tencent.com" } else { "intl.cloud.tencent.com" };
            format!("https://{host}{url}")
        } else {
            self.error(at, format!("the row of `{name}` is not understood: `{url}` is no https address"));
            return None;
        };
        if full != url {
            self.note(at, format!("the address `{url}` of `{name}` is read as `{full}`"));
        }
        Some(full)
    }
}

/// Whether the rows of a table begin with what may be names of APIs.
pub(super) fn has_names(table: &Table) -> bool {
    table.rows.iter().any(|row| row.first().is_some_and(|cell| words::looks_like_name(&cell.line())))
}

/// Returns the place of each column, and reports a heading that is unknown or repeated.
pub(super) fn columns(
    table: &Table,
    required: &[Column],
    allowed: &[Column],
    reading: &mut Reading<'_>,
) -> Option<HashMap<Column, usize>> {
    let mut found: HashMap<Column, usize> = HashMap::new();
    let before = reading.errors.len();
    for (at, cell) in table.header.iter().enumerate() {
        match words::column(&cell.text) {
            Some(column) if found.contains_key(&column) => {
                reading.error(cell.at, format!("the column `{}` stands twice", cell.line()));
            }
            Some(column) if required.contains(&column) || allowed.contains(&column) => {
                found.insert(column, at);
            }
            Some(_) => {
                reading
                    .error(cell.at, format!("the column `{}` does not belong into this table", cell.line()));
            }
            None => reading.error(cell.at, format!("unknown heading `{}` of a table", cell.line())),
        }
    }
    for column in required {
        if !found.contains_key(column) {
            reading.error(table.at, format!("the table has no column `{}`", column.title()));
        }
    }
    (reading.errors.len() == before).then_some(found)
}

/// Returns the row without the empty cells behind its last column.
pub(super) fn fitted(row: &[Cell], width: usize) -> &[Cell] {
    let spare = row.iter().skip(width).all(|cell| cell.text.is_empty() && cell.links.is_empty());
    if row.len() > width && spare { &row[..width] } else { row }
}

/// Returns the name of a row, if it is an API name.
pub(super) fn name(at: usize, text: &str, reading: &mut Reading<'_>) -> Option<String> {
    if words::is_name(text) {
        return Some(text.to_owned());
    }
    let message = if text.is_empty() {
        "the row is not understood: it has no name".to_owned()
    } else {
        format!("the row is not understood: `{text}` is no API name, which is letters, digits and `_`")
    };
    reading.error(at, message);
    None
}
