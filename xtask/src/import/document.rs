//! A page's text as headings, paragraphs and tables, whatever layout it was saved in.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use scraper::node::Node;
use scraper::{ElementRef, Html};

use super::words;

/// How a page was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Markdown, with GitHub tables, HTML tables or both.
    Markdown,
    /// Plain text, a table's cells each on a line that ends in ` |`.
    CellLines,
    /// Plain text, a table's row on a line with blanks between its cells.
    Blanks,
}

/// A link of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// What it is printed as.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Where it begins, in bytes of the page.
    pub(super) at: usize,
    /// Its text without markup; a line break of the cell is a line feed.
    pub(super) text: String,
    /// Its text with the asterisks and underscores that Markdown took for emphasis.
    pub(super) literal: String,
    pub(super) links: Vec<PageLink>,
}

impl Cell {
    pub(super) fn plain(at: usize, text: &str) -> Self {
        Self { at, text: text.to_owned(), literal: text.to_owned(), links: Vec::new() }
    }

    /// The text on one line.
    pub(super) fn line(&self) -> String {
        one_line(&self.text)
    }
}

#[derive(Clone, Debug)]
pub(super) enum Block {
    Heading { at: usize, text: String },
    Text { lines: Vec<(usize, String)>, links: Vec<PageLink> },
    Table(Table),
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) at: usize,
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Text that stands within the table's markup but in none of its cells.
    pub(super) stray: Vec<String>,
    /// Whether the page ends within the last row.
    pub(super) cut: bool,
}

/// Words with single blanks between them.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'))
        .map(|letter| if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') { ' ' } else { letter })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn read(text: &str) -> (Layout, Vec<Block>) {
    let layout = layout(text);
    let blocks = match layout {
        Layout::Markdown => markdown(text),
        Layout::CellLines => cell_lines(text),
        Layout::Blanks => blanks(text),
    };
    (layout, blocks)
}

/// The lines with the byte each starts at, without line ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

fn layout(text: &str) -> Layout {
    let mut cells = 0;
    for (_, line) in lines(text) {
        let line = line.trim();
        if !line.contains('|') && words::is_header_line(line) {
            return Layout::Blanks;
        }
        if let Some(cell) = line.strip_suffix('|').filter(|cell| !cell.contains('|')) {
            cells += usize::from(words::column(cell).is_some() || words::product_column(cell).is_some());
        }
    }
    if cells >= 3 { Layout::CellLines } else { Layout::Markdown }
}

fn paragraph(at: usize, line: &str) -> Block {
    Block::Text { lines: vec![(at, line.to_owned())], links: Vec::new() }
}

/// One cell a line: a table goes on as long as lines end in `|`.
fn cell_lines(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut cells: Vec<Cell> = Vec::new();
    let mut last = None;
    for (at, line) in lines(text) {
        let trimmed = line.trim();
        if let Some(cell) = trimmed.strip_suffix('|') {
            let start = at + (line.len() - line.trim_start().len());
            cells.push(Cell::plain(start, cell.trim()));
            last = None;
        } else if !trimmed.is_empty() {
            if last.is_none() && !cells.is_empty() {
                last = Some((at, trimmed.to_owned()));
                flush(&mut cells, &mut blocks);
            } else {
                last = None;
            }
            blocks.push(paragraph(at, trimmed));
        }
    }
    // Text right after a table, with nothing behind it, is a cell whose end is missing.
    if let (Some((at, text)), Some(Block::Text { .. })) = (last, blocks.last()) {
        let heading = words::group(&text).is_some();
        if let [.., Block::Table(table), _] = blocks.as_mut_slice() {
            if !heading {
                match table.rows.last_mut().filter(|row| row.len() < table.header.len()) {
                    Some(row) => row.push(Cell::plain(at, &text)),
                    None => table.rows.push(vec![Cell::plain(at, &text)]),
                }
                table.cut = true;
                blocks.pop();
            }
        }
    }
    if !cells.is_empty() {
        flush(&mut cells, &mut blocks);
        if let Some(Block::Table(table)) = blocks.last_mut() {
            table.cut = table.rows.last().is_some_and(|row| row.len() < table.header.len());
        }
    }
    blocks
}

/// Turns a run of cells into tables: each starts with the cells that are headings.
fn flush(cells: &mut Vec<Cell>, blocks: &mut Vec<Block>) {
    let cells = std::mem::take(cells);
    let starts = |cell: &Cell| {
        matches!(words::column(&cell.text), Some(words::Column::Name))
            || matches!(words::product_column(&cell.text), Some(words::ProductColumn::Name))
    };
    let mut table: Option<Table> = None;
    let mut heading = false;
    for cell in cells {
        if starts(&cell) || table.is_none() {
            blocks.extend(table.take().map(Block::Table));
            table = Some(Table {
                at: cell.at,
                header: vec![cell],
                rows: Vec::new(),
                stray: Vec::new(),
                cut: false,
            });
            heading = true;
            continue;
        }
        let Some(table) = &mut table else { continue };
        let header = words::column(&cell.text).is_some() || words::product_column(&cell.text).is_some();
        if heading && header {
            table.header.push(cell);
            continue;
        }
        heading = false;
        push_cell(table, cell);
    }
    blocks.extend(table.map(Block::Table));
}

/// Adds a cell where it belongs: a row that lacks a cell must not shift all rows after it.
fn push_cell(table: &mut Table, cell: Cell) {
    let width = table.header.len();
    match table.rows.last_mut().filter(|row| row.len() < width) {
        Some(row) => {
            // A granularity in the place of the description, or a name in the place of the IP restriction.
            let column = words::column(&table.header[row.len()].text);
            let next_row = matches!(column, Some(words::Column::Ip | words::Column::Granularity))
                && words::granularity(&cell.text).is_none()
                && words::support(&cell.text).is_none()
                && words::is_name(&cell.text)
                && cell.text.chars().any(char::is_lowercase);
            if next_row {
                table.rows.push(vec![cell]);
            } else {
                row.push(cell);
            }
        }
        None => table.rows.push(vec![cell]),
    }
}

/// One row a line: the first word is the name, and the end of the line tells the rest.
fn blanks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut one_row = false;
    let end = text.trim_end().len();
    for (at, line) in lines(text) {
        let start = at + (line.len() - line.trim_start().len());
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if words::is_header_line(line) || words::is_product_line(line) {
            one_row = !words::is_header_line(line);
            let header = vec![Cell::plain(start, line)];
            blocks.push(Block::Table(Table {
                at: start,
                header,
                rows: Vec::new(),
                stray: Vec::new(),
                cut: false,
            }));
            open = true;
            continue;
        }
        if open && (one_row || words::group(line).is_none() && !words::is_prose(line)) {
            if let Some(Block::Table(table)) = blocks.last_mut() {
                table.rows.push(vec![Cell::plain(start, line)]);
                table.cut = start + line.len() == end;
                open = !one_row;
                continue;
            }
        }
        open = false;
        blocks.push(paragraph(start, line));
    }
    blocks
}

/// A piece of a Markdown page that is parsed by itself.
enum Segment {
    Markdown,
    Html,
}

/// Tables are parsed apart from what precedes them: a paragraph or a list right before a table, without an
/// empty line, would swallow it, and an empty line within an HTML table would end it.
fn segments(text: &str) -> Vec<(Segment, Range<usize>)> {
    let mut segments: Vec<(Segment, Range<usize>)> = Vec::new();
    let mut start = 0;
    let mut in_table = false;
    let mut resume = 0;
    for (at, line) in lines(text) {
        if at < resume {
            continue;
        }
        let trimmed = line.trim_start();
        if has_tag(trimmed, "table") {
            segments.push((Segment::Markdown, start..at));
            let close = find_close(text, at);
            segments.push((Segment::Html, at..close));
            start = close;
            resume = close;
            in_table = false;
            continue;
        }
        let row = trimmed.starts_with('|');
        if row != in_table {
            segments.push((Segment::Markdown, start..at));
            start = at;
            in_table = row;
        }
    }
    segments.push((Segment::Markdown, start.min(text.len())..text.len()));
    segments.retain(|(_, range)| !range.is_empty());
    segments
}

fn has_tag(text: &str, tag: &str) -> bool {
    text.strip_prefix('<')
        .and_then(|rest| {
            rest.get(..tag.len()).filter(|found| found.eq_ignore_ascii_case(tag)).map(|_| &rest[tag.len()..])
        })
        .is_some_and(|rest| rest.starts_with(|next: char| next == '>' || next == '/' || next.is_whitespace()))
}

/// Behind the `</table>` after `from`, or the end of the text.
fn find_close(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(found) = text[at..].find("</") {
        at += found;
        let name = text.as_bytes().get(at + 2..at + 7);
        if name.is_some_and(|name| name.eq_ignore_ascii_case(b"table")) {
            return text[at..].find('>').map_or(text.len(), |found| at + found + 1);
        }
        at += 2;
    }
    text.len()
}

fn markdown(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (segment, range) in segments(text) {
        match segment {
            Segment::Html => html(text, range, &mut blocks),
            Segment::Markdown => Reader { text, base: range.start, blocks: &mut blocks }.run(&text[range]),
        }
    }
    blocks
}

struct Reader<'b> {
    text: &'b str,
    base: usize,
    blocks: &'b mut Vec<Block>,
}

/// Inline content under construction.
#[derive(Default)]
struct Inline {
    plain: String,
    literal: String,
    html: String,
    has_html: bool,
    links: Vec<PageLink>,
    open: Option<(usize, String)>,
}

impl Inline {
    fn push(&mut self, text: &str) {
        self.plain.push_str(text);
        self.literal.push_str(text);
        escape(&mut self.html, text);
    }

    fn event(&mut self, event: &Event<'_>, source: &str) {
        match event {
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => {
                self.plain.push('\n');
                self.literal.push('\n');
                self.html.push_str("<br>");
            }
            Event::InlineHtml(html) => {
                if has_tag(html, "br") {
                    self.plain.push('\n');
                    self.literal.push('\n');
                } else {
                    self.has_html = true;
                }
                self.html.push_str(html);
            }
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => {
                self.literal.extend(source.chars().next());
            }
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => {
                self.literal.extend(source.chars().take(2));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.open = Some((self.plain.len(), dest_url.to_string()));
                self.html.push_str("<a href=\"");
                escape(&mut self.html, dest_url);
                self.html.push_str("\">");
            }
            Event::End(TagEnd::Link) => {
                if let Some((from, url)) = self.open.take() {
                    self.links.push(PageLink { title: one_line(&self.plain[from..]), url });
                }
                self.html.push_str("</a>");
            }
            _ => {}
        }
    }

    fn cell(self, at: usize) -> Cell {
        if self.has_html {
            let fragment = Html::parse_fragment(&self.html);
            let mut cell = html_cell(fragment.root_element());
            cell.at = at;
            return cell;
        }
        Cell { at, text: trim_lines(&self.plain), literal: trim_lines(&self.literal), links: self.links }
    }
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

fn trim_lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

impl Reader<'_> {
    fn run(&mut self, source: &str) {
        let mut inline = Inline::default();
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let mut table: Option<Table> = None;
        let mut row: Vec<Cell> = Vec::new();
        let mut row_end = 0;
        let mut blocks_of_html: Option<Range<usize>> = None;
        for (event, range) in Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter() {
            let at = self.base + range.start;
            match &event {
                Event::Start(Tag::Heading { .. } | Tag::TableCell) => inline = Inline::default(),
                Event::Start(Tag::Paragraph | Tag::Item) => {
                    self.text_block(&mut inline, &mut starts);
                }
                Event::Start(Tag::Table(_)) => {
                    self.text_block(&mut inline, &mut starts);
                    table = Some(Table {
                        at,
                        header: Vec::new(),
                        rows: Vec::new(),
                        stray: Vec::new(),
                        cut: false,
                    });
                }
                Event::Start(Tag::TableHead | Tag::TableRow) => {
                    row = Vec::new();
                    row_end = range.end;
                }
                Event::End(TagEnd::Heading(_)) => {
                    let text = one_line(&std::mem::take(&mut inline).plain);
                    self.blocks.push(Block::Heading { at, text });
                }
                Event::End(TagEnd::TableCell) => {
                    // The parser fills short rows up: a cell that is not there stands at the end of its row.
                    if range.start < row_end {
                        let padding = source[range.clone()].len()
                            - source[range].trim_start_matches(['|', ' ', '\t']).len();
                        row.push(std::mem::take(&mut inline).cell(at + padding));
                    }
                }
                Event::End(TagEnd::TableHead) => {
                    if let Some(table) = &mut table {
                        table.header = std::mem::take(&mut row);
                    }
                }
                Event::End(TagEnd::TableRow) => {
                    if let Some(table) = &mut table {
                        let closed = source[range.clone()].trim_end().ends_with('|');
                        let last = self.base + range.start + source[range].trim_end().len()
                            == self.text.trim_end().len();
                        table.cut = last && (!closed || row.len() < table.header.len());
                        if row.is_empty() {
                            row.push(Cell::plain(at, ""));
                        }
                        table.rows.push(std::mem::take(&mut row));
                    }
                }
                Event::End(TagEnd::Table) => self.blocks.extend(table.take().map(Block::Table)),
                Event::End(TagEnd::Paragraph | TagEnd::Item) => self.text_block(&mut inline, &mut starts),
                Event::Start(Tag::HtmlBlock) => blocks_of_html = Some(at..self.base + range.end),
                Event::End(TagEnd::HtmlBlock) => {
                    if let Some(range) = blocks_of_html.take() {
                        html(self.text, range, self.blocks);
                    }
                }
                Event::Html(_) => {}
                inner => {
                    if table.is_none() && matches!(inner, Event::Text(_) | Event::Code(_)) {
                        let after_break = inline.plain.is_empty() || inline.plain.ends_with('\n');
                        if after_break {
                            starts.push((inline.plain.len(), at));
                        }
                    }
                    if table.is_none() && matches!(inner, Event::SoftBreak) {
                        inline.event(&Event::HardBreak, "");
                    } else {
                        inline.event(inner, &source[range]);
                    }
                }
            }
        }
        self.text_block(&mut inline, &mut starts);
    }

    fn text_block(&mut self, inline: &mut Inline, starts: &mut Vec<(usize, usize)>) {
        let inline = std::mem::take(inline);
        let starts = std::mem::take(starts);
        let mut from = 0;
        let mut lines = Vec::new();
        for line in inline.plain.split('\n') {
            let at = starts.iter().find(|(offset, _)| *offset >= from).map_or(self.base, |(_, at)| *at);
            if !line.trim().is_empty() {
                lines.push((at, one_line(line)));
            }
            from += line.len() + 1;
        }
        if !lines.is_empty() || !inline.links.is_empty() {
            self.blocks.push(Block::Text { lines, links: inline.links });
        }
    }
}

/// HTML: its headings, paragraphs and tables.
fn html(text: &str, range: Range<usize>, blocks: &mut Vec<Block>) {
    let source = &text[range.clone()];
    let fragment = Html::parse_fragment(source);
    let places = Places::of(source, range.start);
    let cut = range.end == text.len() && !closes(source);
    let mut cells = 0;
    let mut pending = Cell::default();
    walk(
        fragment.root_element(),
        &mut |element| {
            let name = element.value().name();
            match name {
                "table" => {
                    let mut table = html_table(element, &places, &mut cells, range.start);
                    table.cut = cut;
                    Some(Block::Table(table))
                }
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    Some(Block::Heading { at: range.start, text: html_cell(element).line() })
                }
                "p" | "li" | "blockquote" => {
                    let cell = html_cell(element);
                    let lines = cell.text.lines().map(|line| (range.start, one_line(line))).collect();
                    Some(Block::Text { lines, links: cell.links })
                }
                _ => None,
            }
        },
        &mut |text| pending.text.push_str(text),
        blocks,
    );
    let stray: Vec<String> = pending.text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    let table = blocks.iter_mut().rev().find_map(|block| match block {
        Block::Table(table) if table.at >= range.start => Some(table),
        _ => None,
    });
    match table {
        Some(table) => table.stray = stray,
        None if stray.is_empty() => {}
        None => {
            let lines = stray.into_iter().map(|line| (range.start, line)).collect();
            blocks.push(Block::Text { lines, links: Vec::new() });
        }
    }
}

/// Whether the last table of the source is closed.
fn closes(source: &str) -> bool {
    let lower = source.to_ascii_lowercase();
    match (lower.rfind("<table"), lower.rfind("</table")) {
        (Some(open), Some(close)) => close > open,
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Goes through the elements in order, without recursion into those that `take` makes a block of.
fn walk(
    root: ElementRef<'_>,
    take: &mut dyn FnMut(ElementRef<'_>) -> Option<Block>,
    text: &mut dyn FnMut(&str),
    blocks: &mut Vec<Block>,
) {
    // A stack of our own: pages may nest deeper than the thread's stack allows.
    let mut stack: Vec<_> = root.children().rev().collect();
    while let Some(node) = stack.pop() {
        if let Node::Text(found) = node.value() {
            text(found);
        }
        let Some(element) = ElementRef::wrap(node) else { continue };
        match take(element) {
            Some(block) => blocks.push(block),
            None => stack.extend(node.children().rev()),
        }
    }
}

/// Where the cells of some HTML begin: the parser does not say.
struct Places(Vec<usize>);

impl Places {
    fn of(source: &str, base: usize) -> Self {
        let mut places = Vec::new();
        let mut at = 0;
        while let Some(found) = source[at..].find('<') {
            at += found;
            let rest = &source[at..];
            if rest.starts_with("<!--") {
                at += rest.find("-->").unwrap_or(rest.len() - 1);
            } else if has_tag(rest, "td") || has_tag(rest, "th") {
                let content = rest.find('>').map_or(rest.len(), |end| end + 1);
                places.push(base + at + content);
            }
            at += 1;
        }
        Self(places)
    }
}

fn html_table(table: ElementRef<'_>, places: &Places, cells: &mut usize, base: usize) -> Table {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut header = Vec::new();
    let mut stack: Vec<_> = table.children().rev().collect();
    while let Some(node) = stack.pop() {
        let Some(element) = ElementRef::wrap(node) else { continue };
        match element.value().name() {
            "tr" => {
                let mut row = Vec::new();
                let mut heading = true;
                for cell in element.children().filter_map(ElementRef::wrap) {
                    let name = cell.value().name();
                    if name == "td" || name == "th" {
                        heading &= name == "th";
                        let mut found = html_cell(cell);
                        found.at = places.0.get(*cells).copied().unwrap_or(base);
                        *cells += 1;
                        row.push(found);
                    }
                }
                if row.is_empty() {
                    continue;
                }
                let first = header.is_empty() && rows.is_empty();
                if first
                    && (heading
                        || words::column(&row[0].text).is_some()
                        || words::product_column(&row[0].text).is_some())
                {
                    header = row;
                } else {
                    rows.push(row);
                }
            }
            _ => stack.extend(node.children().rev()),
        }
    }
    Table { at: base, header, rows, stray: Vec::new(), cut: false }
}

fn html_cell(cell: ElementRef<'_>) -> Cell {
    let mut text = String::new();
    let mut links = Vec::new();
    let mut stack: Vec<_> = cell.children().rev().map(|node| (node, false)).collect();
    let mut open: Option<(usize, String)> = None;
    while let Some((node, leaving)) = stack.pop() {
        if leaving {
            if let Some((from, url)) = open.take() {
                links.push(PageLink { title: one_line(&text[from..]), url });
            }
            continue;
        }
        match node.value() {
            Node::Text(found) => {
                for letter in found.chars() {
                    text.push(if letter == '\n' || letter == '\r' { ' ' } else { letter });
                }
            }
            Node::Element(element) => {
                match element.name() {
                    "br" | "li" | "p" | "div" | "tr" => text.push('\n'),
                    "a" => {
                        if let Some(url) = element.attr("href") {
                            stack.push((node, true));
                            open = Some((text.len(), url.trim().to_owned()));
                        }
                    }
                    _ => {}
                }
                stack.extend(node.children().rev().map(|node| (node, false)));
            }
            _ => {}
        }
    }
    let text = trim_lines(&text);
    Cell { at: 0, literal: text.clone(), text, links }
}
