//! Reads the headings, lines and tables of HTML.

use std::ops::Range;

use scraper::node::Node;
use scraper::{ElementRef, Html};

use super::block::{Block, Cell, End, Table};
use super::links::titled;
use super::page::Layout;
use super::text::{one_line, trim_lines};
use super::words;

/// Whether the text begins with the opening tag.
pub(super) fn is_tag(text: &str, tag: &str) -> bool {
    text.strip_prefix('<')
        .and_then(|rest| {
            rest.get(..tag.len()).filter(|found| found.eq_ignore_ascii_case(tag)).map(|_| &rest[tag.len()..])
        })
        .is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|next: char| next == '>' || next == '/' || next.is_whitespace())
        })
}

/// Whether a line begins with a tag of a block.
pub(super) fn is_block(line: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "section",
        "article",
        "main",
        "html",
        "body",
        "head",
        "title",
        "header",
        "footer",
        "nav",
        "aside",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "hr",
        "center",
        "script",
        "style",
        "meta",
        "link",
        "form",
        "button",
    ];
    BLOCKS.iter().any(|tag| is_tag(line, tag)) || line.starts_with("</") || line.starts_with("<!")
}

/// Whether a line has tags that stand inside a table.
pub(super) fn has_cells(line: &str) -> bool {
    line.match_indices('<').any(|(at, _)| ["td", "th", "tr"].iter().any(|tag| is_tag(&line[at..], tag)))
}

/// Returns where the next table begins, from `from` on.
pub(super) fn find_table(text: &str, from: usize) -> Option<usize> {
    // Within a row of a Markdown table, the tag is a word.
    let in_row = |at: usize| text[from..at].rsplit('\n').next().is_some_and(|line| line.contains('|'));
    let mut found = text[from..].match_indices('<').map(|(at, _)| from + at);
    found.find(|at| is_tag(&text[*at..], "table") && !in_row(*at))
}

/// Returns where the table that begins at `from` ends, and whether a tag closes it.
pub(super) fn table_end(text: &str, from: usize) -> (usize, bool) {
    let inside = from + 1;
    for (offset, found) in text[inside..].match_indices(['<', '\n']) {
        let at = inside + offset;
        let rest = &text[at..];
        if found == "\n" {
            if rest[1..].trim_start_matches(' ').starts_with('#') {
                return (at + 1, false);
            }
            continue;
        }
        let close = rest.get(..7).is_some_and(|tag| tag.eq_ignore_ascii_case("</table"));
        if close {
            return rest.find('>').map_or((text.len(), false), |end| (at + end + 1, true));
        }
        // A table that is not closed must not include the text after it.
        if is_tag(rest, "table") || (1..=6).any(|level| is_tag(rest, &format!("h{level}"))) {
            return (at, false);
        }
    }
    (text.len(), false)
}

/// The places at which certain elements begin. The parser does not report them.
struct Places {
    at: Vec<usize>,
    next: usize,
    base: usize,
}

impl Places {
    fn of(source: &str, base: usize, wanted: impl Fn(&str) -> bool, inside: bool) -> Self {
        let starts = source.match_indices('<').map(|(at, _)| at).filter(|at| wanted(&source[*at..]));
        let place = |at: usize| {
            let content = source[at..].find('>').map_or(source.len(), |end| at + end + 1);
            base + if inside { content } else { at }
        };
        Self { at: starts.map(place).collect(), next: 0, base }
    }

    fn next(&mut self) -> usize {
        let at = self.at.get(self.next).copied().unwrap_or(self.base);
        self.next += 1;
        at
    }
}

const TEXTS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "blockquote"];

/// Reads HTML without tables.
pub(super) fn read(text: &str, range: Range<usize>, blocks: &mut Vec<Block>) {
    let source = &text[range.clone()];
    let fragment = Html::parse_fragment(source);
    let mut places = Places::of(source, range.start, |rest| TEXTS.iter().any(|tag| is_tag(rest, tag)), false);
    let mut pending = String::new();
    let mut at = range.start;
    // A stack on the heap, because pages may nest deeper than the thread's stack allows.
    let mut stack: Vec<_> = fragment.root_element().children().rev().collect();
    while let Some(node) = stack.pop() {
        match node.value() {
            Node::Text(found) => pending.push_str(found),
            Node::Element(element) => {
                let name = element.name();
                if let Some(number) = TEXTS.iter().position(|tag| *tag == name) {
                    flush(&mut pending, at, blocks);
                    at = places.next();
                    let Some(element) = ElementRef::wrap(node) else { continue };
                    let cell = html_cell(element);
                    if number < 6 {
                        blocks.push(Block::Heading { at, level: number + 1, text: cell.line() });
                    } else {
                        let mut links = cell.links;
                        for line in cell.text.lines() {
                            let links = std::mem::take(&mut links);
                            blocks.push(Block::Text { at, text: one_line(line), item: name == "li", links });
                        }
                    }
                    // The nested elements were read with it.
                    let nested = node.descendants().skip(1).filter_map(|node| node.value().as_element());
                    places.next += nested.filter(|element| TEXTS.contains(&element.name())).count();
                } else if !matches!(name, "script" | "style" | "title") {
                    if !matches!(name, "a" | "b" | "strong" | "i" | "em" | "span" | "code" | "font") {
                        pending.push('\n');
                    }
                    stack.extend(node.children().rev());
                }
            }
            _ => {}
        }
    }
    flush(&mut pending, at, blocks);
}

fn flush(pending: &mut String, at: usize, blocks: &mut Vec<Block>) {
    for line in std::mem::take(pending).lines().map(one_line).filter(|line| !line.is_empty()) {
        blocks.push(Block::Text { at, text: line, item: false, links: Vec::new() });
    }
}

/// Reads a table, from its tag to its end.
pub(super) fn table(text: &str, range: Range<usize>, closed: bool, blocks: &mut Vec<Block>) {
    let source = &text[range.clone()];
    let fragment = Html::parse_fragment(source);
    let mut places = Places::of(source, range.start, |rest| is_tag(rest, "td") || is_tag(rest, "th"), true);
    let mut stray = String::new();
    let mut table = None;
    let mut begun = Vec::new();
    let mut stack: Vec<_> = fragment.root_element().children().rev().collect();
    while let Some(node) = stack.pop() {
        if let Node::Text(found) = node.value() {
            stray.push_str(found);
            stray.push('\n');
        }
        let Some(element) = ElementRef::wrap(node) else { continue };
        if element.value().name() == "table" && table.is_none() {
            let (found, row) = rows(element, &mut places, range.start, &mut stray);
            (table, begun) = (Some(found), row);
        } else {
            stray.push('\n');
            stack.extend(node.children().rev());
        }
    }
    let Some(mut table) = table else { return };
    table.stray = stray.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    if !closed {
        table.end = unclosed(source, &table);
        if table.end == End::BehindRow && !begun.is_empty() {
            table.rows.push(begun);
            table.end = End::InRow;
        }
    }
    blocks.push(Block::Table(table));
}

/// Returns how a table ends that no tag closes.
fn unclosed(source: &str, table: &Table) -> End {
    let lower = source.to_ascii_lowercase();
    let behind = |close: &str, open: &str| {
        lower.rfind(close).is_some_and(|close| lower.rfind(open).is_none_or(|open| close > open))
    };
    let width = table.header.len();
    match table.rows.last() {
        _ if width == 0 => End::InHead,
        None if behind("</tr", "<tr") => End::BehindRow,
        None => End::InHead,
        Some(row) if row.len() >= width && (behind("</tr", "<tr") || behind("</td", "<td")) => End::BehindRow,
        Some(_) if behind("</tr", "<tr") => End::BehindRow,
        Some(_) => End::InRow,
    }
}

/// Returns the table, and the beginning of the row below it: the cells that reach into that row.
fn rows(table: ElementRef<'_>, places: &mut Places, base: usize, stray: &mut String) -> (Table, Vec<Cell>) {
    let mut found = Table::new(base, Layout::Markdown, Vec::new());
    // The cells that reach into rows below, by column, with the number of those rows.
    let mut spans: Vec<(usize, Cell)> = Vec::new();
    let mut first = true;
    let mut stack: Vec<_> = table.children().rev().collect();
    while let Some(node) = stack.pop() {
        if let Node::Text(text) = node.value() {
            stray.push_str(text);
            stray.push('\n');
        }
        let Some(element) = ElementRef::wrap(node) else { continue };
        if element.value().name() != "tr" {
            stack.extend(node.children().rev());
            continue;
        }
        let mut row: Vec<Cell> = Vec::new();
        let mut heading = true;
        for cell in element.children().filter_map(ElementRef::wrap) {
            let name = cell.value().name();
            if name != "td" && name != "th" {
                continue;
            }
            from_above(&mut spans, &mut row);
            heading &= name == "th";
            let mut content = html_cell(cell);
            content.at = places.next();
            let rows = cell.value().attr("rowspan").and_then(|text| text.trim().parse().ok()).unwrap_or(1);
            if rows > 1 {
                spans.resize_with(spans.len().max(row.len() + 1), Default::default);
                spans[row.len()] = (rows - 1, content.clone());
            }
            row.push(content);
        }
        from_above(&mut spans, &mut row);
        // The cells beyond the end of a row reach into it as well.
        for (left, _) in spans.iter_mut().skip(row.len()) {
            *left = left.saturating_sub(1);
        }
        if row.is_empty() {
            continue;
        }
        let known = words::column(&row[0].text).is_some() || words::product_column(&row[0].text).is_some();
        if first && (heading || known) {
            found.header = row;
        } else {
            found.rows.push(row);
        }
        first = false;
    }
    let mut begun = Vec::new();
    from_above(&mut spans, &mut begun);
    (found, begun)
}

/// Adds the next cells that reach into the row from above.
fn from_above(spans: &mut [(usize, Cell)], row: &mut Vec<Cell>) {
    while let Some((left, cell)) = spans.get_mut(row.len()).filter(|(left, _)| *left > 0) {
        *left -= 1;
        row.push(cell.clone());
    }
}

pub(super) fn html_cell(cell: ElementRef<'_>) -> Cell {
    let mut text = String::new();
    let mut links: Vec<(usize, usize, String)> = Vec::new();
    let mut stack: Vec<_> = cell.children().rev().map(|node| (node, false)).collect();
    let mut open: Option<(usize, String)> = None;
    let mut codes = Vec::new();
    while let Some((node, leaving)) = stack.pop() {
        if leaving {
            if let Some((from, url)) = open.take() {
                links.push((from, text.len(), url));
            }
            continue;
        }
        match node.value() {
            Node::Text(found) => {
                for character in found.chars() {
                    text.push(if character == '\n' { ' ' } else { character });
                }
            }
            Node::Element(element) => {
                match element.name() {
                    "br" | "li" | "p" | "div" | "tr" => text.push('\n'),
                    // The number of a footnote is no part of the word before it.
                    "sup" | "sub" => text.push(' '),
                    "code" => {
                        let parts = ElementRef::wrap(node).into_iter().flat_map(|code| code.text());
                        codes.push(parts.collect());
                    }
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
    let links = titled(&text, links);
    let text = trim_lines(&text);
    Cell { at: 0, literal: text.clone(), text, links, codes }
}
