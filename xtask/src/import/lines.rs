//! Reads the headings, lines and tables of text that is not HTML, line by line: Markdown tables, tables with one cell per
//! line, and tables with whitespace between the cells.

use std::ops::Range;

use super::block::{Block, Cell, End, Table};
use super::page::Layout;
use super::text::{lines, one_line};
use super::{html, inline, words};

/// Reads a part of the text that ends at the end of the text or before an HTML table.
pub(super) fn read(text: &str, range: Range<usize>, blocks: &mut Vec<Block>) {
    let source = &text[range.clone()];
    let lines: Vec<Line<'_>> =
        numbered(source).map(|(at, line, gap)| Line::of(range.start + at, line, gap)).collect();
    let ends_line = source.ends_with('\n');
    let mut reader = Reader { lines: &lines, blocks, open: Open::Nothing, ends_line };
    let mut next = 0;
    while next < lines.len() {
        next = reader.line(text, range.end, next);
    }
    reader.close(text[range.end..].trim().is_empty());
}

/// Returns the lines that are not empty, and whether an empty one stands above each.
fn numbered(source: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut gap = false;
    lines(source).filter_map(move |(at, line)| {
        let empty = line.trim_matches([' ', '>']).is_empty();
        let above = std::mem::replace(&mut gap, empty);
        (!empty).then_some((at, line, above))
    })
}

/// Whether a line begins with a `|`, and whether it ends with one.
#[derive(Clone, Copy)]
struct Borders {
    leads: bool,
    closes: bool,
}

/// A line that is not empty.
struct Line<'t> {
    /// The place of its beginning, in bytes of the page.
    at: usize,
    /// The text without whitespace around it and without the marks of a quotation.
    text: &'t str,
    /// Whether an empty line stands above this one.
    gap: bool,
    /// The cells, if the line has a `|`.
    cells: Vec<(usize, &'t str)>,
    borders: Borders,
    /// Whether the line separates the head of a table from its body.
    delimits: bool,
}

impl<'t> Line<'t> {
    fn of(at: usize, line: &'t str, gap: bool) -> Self {
        let text = line.trim_start_matches([' ', '>']);
        let at = at + line.len() - text.len();
        let text = text.trim_end();
        let leads = text.starts_with('|');
        let mut cells = Vec::new();
        let mut closes = false;
        if text.contains('|') {
            let mut from = usize::from(leads);
            for bar in bars(text).skip(from) {
                cells.push((from, &text[from..bar]));
                from = bar + 1;
            }
            closes = !cells.is_empty() && from == text.len();
            if cells.is_empty() && !leads || !closes && from < text.len() {
                cells.push((from, &text[from..]));
            }
            // An escaped `|` is text.
            if cells.len() == 1 && !leads && !closes {
                cells.clear();
            }
            for (start, cell) in &mut cells {
                let trimmed = cell.trim_start();
                *start += at + cell.len() - trimmed.len();
                *cell = trimmed.trim_end();
            }
        }
        let rule = |cell: &str| {
            cell.contains(['-', '—', '–']) && cell.chars().all(|character| "-:—– ".contains(character))
        };
        let drawn =
            cells.iter().filter(|(_, cell)| rule(cell) && (cell.len() > 1 || cells.len() > 1)).count();
        let delimits =
            drawn >= cells.len().min(2) && cells.iter().all(|(_, cell)| rule(cell) || cell.is_empty());
        let delimits = delimits && drawn > 0 && (cells.len() > 1 || cells[0].1.len() > 2);
        Self { at, text, gap, cells, borders: Borders { leads, closes }, delimits }
    }

    fn has_cells(&self) -> bool {
        !self.cells.is_empty() || self.text == "|"
    }
}

/// Returns the places of the `|` of a line that are not escaped.
fn bars(text: &str) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let bar = byte == b'|' && !escaped;
        escaped = byte == b'\\' && !escaped;
        bar.then_some(at)
    })
}

/// The table that is being read.
enum Open {
    Nothing,
    Rows(Rows),
    /// A table with whitespace between the cells, and whether it has one row only.
    Words(Table, bool),
}

/// A table with `|` between the cells.
struct Rows {
    table: Table,
    /// Whether each cell stands on a line of its own.
    by_cell: bool,
    /// The cells of the head.
    borders: Borders,
    /// The row that is not complete yet.
    row: Vec<Cell>,
    /// Whether the last cell of the row may continue.
    open: bool,
}

impl Rows {
    fn width(&self) -> usize {
        self.table.header.len()
    }

    fn finish_row(&mut self) {
        if !self.row.is_empty() {
            self.table.rows.push(std::mem::take(&mut self.row));
        }
        self.open = false;
    }

    /// Whether the next line may belong to an incomplete row.
    fn is_within_row(&self) -> bool {
        !self.row.is_empty()
    }

    fn push(&mut self, line: &Line<'_>) {
        if self.by_cell {
            for (at, text) in &line.cells {
                self.push_cell(inline::cell(*at, text));
            }
            if line.text == "|" {
                self.push_cell(Cell::plain(line.at, ""));
            }
            return;
        }
        let first = line.cells.first().map_or("", |(_, text)| *text);
        let next_row =
            line.borders.leads && self.borders.leads || words::looks_like_name(first) && line.cells.len() > 1;
        if self.is_within_row() && next_row {
            self.finish_row();
        }
        let mut cells: Vec<Cell> = line.cells.iter().map(|(at, text)| inline::cell(*at, text)).collect();
        if cells.is_empty() {
            cells.push(Cell::plain(line.at, ""));
        }
        let mut cells = cells.into_iter();
        if self.open && !line.borders.leads {
            if let (Some(last), Some(more)) = (self.row.last_mut(), cells.next()) {
                join(last, more);
            }
        }
        self.row.extend(cells);
        self.open = !line.borders.closes;
        if self.row.len() >= self.width() && (line.borders.closes || !self.borders.closes) {
            self.finish_row();
        }
    }

    /// Adds a line without any `|` to the incomplete row.
    fn push_text(&mut self, line: &Line<'_>) {
        let cell = inline::cell(line.at, line.text);
        if self.open {
            if let Some(last) = self.row.last_mut() {
                join(last, cell);
                return;
            }
        }
        self.row.push(cell);
        self.open = true;
    }

    /// Adds a cell to its row. A row that lacks a cell must not shift all later rows.
    fn push_cell(&mut self, cell: Cell) {
        if self.open {
            if let Some(last) = self.row.last_mut() {
                join(last, cell);
            }
            self.open = false;
        } else {
            let column = self.table.header.get(self.row.len()).and_then(|head| words::column(&head.text));
            // A granularity in the place of the description, or a name in the place of the IP restriction.
            let next_row = !self.row.is_empty()
                && matches!(column, Some(words::Column::Ip | words::Column::Granularity))
                && words::granularity(&cell.text).is_none()
                && words::support(&cell.text).is_none()
                && words::is_name(&cell.text)
                && cell.text.chars().any(char::is_lowercase);
            if next_row {
                self.finish_row();
            }
            self.row.push(cell);
        }
        if self.row.len() >= self.width() {
            self.finish_row();
        }
    }
}

fn join(cell: &mut Cell, more: Cell) {
    for (text, more) in [(&mut cell.text, &more.text), (&mut cell.literal, &more.literal)] {
        if !text.is_empty() && !more.is_empty() {
            text.push(' ');
        }
        text.push_str(more);
    }
    cell.links.extend(more.links);
    cell.codes.extend(more.codes);
}

struct Reader<'l, 't, 'b> {
    lines: &'l [Line<'t>],
    blocks: &'b mut Vec<Block>,
    open: Open,
    /// Whether the last line has an end.
    ends_line: bool,
}

impl Reader<'_, '_, '_> {
    /// Reads the line with this number, and returns the number of the next one.
    fn line(&mut self, text: &str, end: usize, number: usize) -> usize {
        let line = &self.lines[number];
        if let Some(heading) = line.text.strip_prefix('#') {
            self.close(false);
            let title = heading.trim_start_matches('#');
            let level = 1 + heading.len() - title.len();
            let cell = inline::cell(line.at, title.trim_end_matches(['#', ' ']));
            self.blocks.push(Block::Heading { at: line.at, level, text: cell.line() });
            return number + 1;
        }
        if html::has_cells(line.text) && line.cells.is_empty() {
            self.close(false);
            self.blocks.push(Block::Stray { at: line.at, text: line.text.to_owned() });
            return number + 1;
        }
        if html::is_block(line.text) {
            return self.html(text, end, number);
        }
        if line.has_cells() { self.cells(number) } else { self.plain(number) }
    }

    /// Reads lines of HTML, until another layout begins.
    fn html(&mut self, text: &str, end: usize, number: usize) -> usize {
        self.close(false);
        let begins = |line: &&Line<'_>| {
            line.text.starts_with('#')
                || line.has_cells()
                || html::has_cells(line.text)
                || words::is_header_line(line.text)
                || words::is_product_line(line.text)
        };
        let mut next = number + 1;
        // A line that is not HTML ends it, unless a tag is still open.
        while let Some(line) = self.lines.get(next).filter(|line| !begins(line)) {
            let so_far = &text[self.lines[number].at..line.at];
            if line.gap || !html::is_block(line.text) && is_balanced(so_far) {
                break;
            }
            next += 1;
        }
        let to = self.lines.get(next).map_or(end, |line| line.at);
        html::read(text, self.lines[number].at..to, self.blocks);
        next
    }

    fn cells(&mut self, number: usize) -> usize {
        let line = &self.lines[number];
        if line.delimits {
            if let Open::Rows(rows) = &mut self.open {
                rows.finish_row();
            }
            return number + 1;
        }
        let next = self.lines.get(number + 1);
        let known = line.cells.iter().filter(|(_, cell)| is_column(cell)).count();
        let first = line.cells.first().map_or("", |(_, cell)| *cell);
        let delimited = next.is_some_and(|next| next.delimits);
        let within = matches!(&self.open, Open::Rows(rows) if rows.by_cell);
        if line.cells.len() == 1
            && line.borders.closes
            && (words::column(first) == Some(words::Column::Name)
                || words::product_column(first) == Some(words::ProductColumn::Name))
            && next.is_none_or(|next| {
                !next.cells.is_empty() && next.cells.iter().all(|(_, cell)| is_column(cell))
            })
        {
            return self.by_cell(number);
        }
        if !within && line.cells.len() > 1 && (delimited || known >= 2) {
            self.close(false);
            let header = line.cells.iter().map(|(at, cell)| inline::cell(*at, cell)).collect();
            self.open = Open::Rows(Rows {
                table: Table::new(line.at, Layout::Markdown, header),
                by_cell: false,
                borders: line.borders,
                row: Vec::new(),
                open: false,
            });
            return number + 1;
        }
        match &mut self.open {
            Open::Rows(rows) => rows.push(line),
            Open::Words(table, _) => table.rows.push(vec![Cell::plain(line.at, line.text)]),
            Open::Nothing => {
                self.blocks.push(Block::Stray { at: line.at, text: line.text.to_owned() });
            }
        }
        number + 1
    }

    /// Reads the head of a table with one cell per line.
    fn by_cell(&mut self, number: usize) -> usize {
        self.close(false);
        let mut header = Vec::new();
        let mut next = number;
        while let Some(line) = self.lines.get(next) {
            let [(at, cell)] = line.cells.as_slice() else { break };
            let again = next > number && words::column(cell) == Some(words::Column::Name);
            if !line.borders.closes || !is_column(cell) || again {
                break;
            }
            header.push(inline::cell(*at, cell));
            next += 1;
        }
        self.open = Open::Rows(Rows {
            table: Table::new(self.lines[number].at, Layout::CellLines, header),
            by_cell: true,
            borders: Borders { leads: false, closes: true },
            row: Vec::new(),
            open: false,
        });
        next
    }

    fn plain(&mut self, number: usize) -> usize {
        let line = &self.lines[number];
        if is_rule(line.text) {
            self.underline(number);
            return number + 1;
        }
        let apart = words::group(line.text).is_some()
            || words::is_other_heading(line.text)
            || words::is_footer(line.text)
            || words::section(line.text).is_some();
        if words::is_header_line(line.text) || words::is_product_line(line.text) {
            self.close(false);
            let table = Table::new(line.at, Layout::Whitespace, vec![Cell::plain(line.at, line.text)]);
            self.open = Open::Words(table, !words::is_header_line(line.text));
            return number + 1;
        }
        match &mut self.open {
            Open::Rows(rows) if rows.is_within_row() && !apart => {
                rows.push_text(line);
                return number + 1;
            }
            // The page ends within the head.
            Open::Rows(rows) if rows.table.rows.is_empty() && number + 1 == self.lines.len() && !apart => {
                return number + 1;
            }
            // A name without its `|`: the name of the next row, or the page ends within it.
            Open::Rows(rows)
                if !apart
                    && words::is_name(line.text)
                    && (words::looks_like_name(line.text)
                        && (rows.by_cell || self.lines.get(number + 1).is_some_and(Line::has_cells))
                        || number + 1 == self.lines.len()
                            && (rows.by_cell || words::looks_like_name(line.text))) =>
            {
                rows.push_text(line);
                return number + 1;
            }
            // The page ends within the first cell of a row that begins without a `|`.
            Open::Rows(rows)
                if !apart
                    && number + 1 == self.lines.len()
                    && !rows.borders.leads
                    && !line.gap
                    && !self.ends_line
                    && !words::is_sentence(line.text) =>
            {
                rows.push_text(line);
                return number + 1;
            }
            Open::Words(table, one_row) if !apart || *one_row && table.rows.is_empty() => {
                let within = table.rows.last().is_some_and(|row| !words::ends_row(&row[0].text));
                if !words::is_prose(line.text) || *one_row || within && !words::is_sentence(line.text) {
                    table.rows.push(vec![Cell::plain(line.at, line.text)]);
                    if *one_row {
                        self.close(false);
                    }
                    return number + 1;
                }
            }
            _ => {}
        }
        self.close(false);
        self.text(line);
        number + 1
    }

    fn text(&mut self, line: &Line<'_>) {
        let marks: &[char] = &['-', '*', '+', '•', '·', '●', '○', '◦'];
        let marked = line.text.strip_prefix(marks).filter(|rest| rest.starts_with([' ', '\t']));
        let cell = inline::cell(line.at, marked.unwrap_or(line.text));
        self.blocks.push(Block::Text {
            at: line.at,
            text: one_line(&cell.text),
            item: marked.is_some(),
            links: cell.links,
        });
    }

    /// Reads an underlined line as a heading.
    fn underline(&mut self, number: usize) {
        self.close(false);
        let Some(above) = number.checked_sub(1).map(|above| &self.lines[above]) else { return };
        let level = if self.lines[number].text.starts_with('=') { 1 } else { 2 };
        if let Some(Block::Text { at, text, item: false, .. }) = self.blocks.last() {
            if *at == above.at && !self.lines[number].text.starts_with('*') {
                let heading = Block::Heading { at: *at, level, text: text.clone() };
                self.blocks.pop();
                self.blocks.push(heading);
            }
        }
    }

    /// Ends the table that is being read, at the end of the page or before.
    fn close(&mut self, at_end: bool) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Words(mut table, _) => {
                if at_end {
                    table.end = if table.rows.is_empty() { End::InHead } else { End::InRow };
                }
                self.blocks.push(Block::Table(table));
            }
            Open::Rows(mut rows) => {
                let within = rows.is_within_row();
                rows.finish_row();
                if at_end {
                    let closes = self.lines.last().is_some_and(|line| line.borders.closes || line.delimits);
                    rows.table.end = match (within, rows.table.rows.is_empty()) {
                        (true, _) => End::InRow,
                        (false, true) => End::InHead,
                        (false, false) if closes || self.ends_line => End::Whole,
                        (false, false) => End::Open,
                    };
                }
                self.blocks.push(Block::Table(rows.table));
            }
        }
    }
}

fn is_column(cell: &str) -> bool {
    words::column(cell).is_some() || words::product_column(cell).is_some()
}

/// Whether a line is a drawn rule and not text.
fn is_rule(text: &str) -> bool {
    text.chars().count() >= 3
        && ['-', '=', '*', '_']
            .iter()
            .any(|mark| text.chars().all(|character| character == *mark || character == ' '))
}

/// Whether as many elements end as begin, of those that contain text.
fn is_balanced(source: &str) -> bool {
    ["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "div"].iter().all(|tag| {
        let opened = source.match_indices('<').filter(|(at, _)| html::is_tag(&source[*at..], tag)).count();
        let closed = source.match_indices("</").filter(|(at, _)| {
            source[at + 2..].get(..tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag))
        });
        closed.count() >= opened
    })
}
