//! Reads the text and the links of a cell or a line of Markdown.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use scraper::Html;

use super::block::Cell;
use super::html::{html_cell, is_tag};
use super::links::titled;
use super::text::trim_lines;

/// Reads `source` as a cell of a Markdown table.
pub(super) fn cell(at: usize, source: &str) -> Cell {
    let source = source.trim();
    if !source.contains(['[', '<', '*', '_', '`', '\\', '&', '!']) {
        return Cell::plain(at, source);
    }
    // The parser gets a table with this cell: elsewhere `*` would begin a list, and `#` a heading.
    let table = format!("|-|\n|-|\n|{}|\n", source.replace('\n', " "));
    let mut inline = Inline::default();
    let mut body = false;
    for (event, range) in Parser::new_ext(&table, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::TableRow) => body = true,
            Event::End(TagEnd::TableCell) if body => break,
            inner if body => inline.event(&inner, &table[range]),
            _ => {}
        }
    }
    inline.cell(at)
}

/// Inline content under construction.
#[derive(Default)]
struct Inline {
    plain: String,
    literal: String,
    html: String,
    has_html: bool,
    links: Vec<(usize, usize, String)>,
    open: Option<(usize, String)>,
    codes: Vec<String>,
}

impl Inline {
    fn push(&mut self, text: &str) {
        self.plain.push_str(text);
        self.literal.push_str(text);
        escape(&mut self.html, text);
    }

    fn event(&mut self, event: &Event<'_>, source: &str) {
        match event {
            Event::Text(text) => self.push(text),
            Event::Code(text) => {
                let text = decoded(text);
                self.push(&text);
                self.codes.push(text.into_owned());
            }
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            Event::InlineHtml(html) => {
                if is_tag(html, "br") {
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
                    self.links.push((from, self.plain.len(), url));
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
            cell.codes.extend(self.codes);
            return cell;
        }
        let links = titled(&self.plain, self.links);
        Cell {
            at,
            text: trim_lines(&self.plain),
            literal: trim_lines(&self.literal),
            links,
            codes: self.codes,
        }
    }
}

/// Decodes the entities of code: a page that was HTML may have kept them.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') || text.contains('<') {
        return text.into();
    }
    Html::parse_fragment(text).root_element().text().collect::<String>().into()
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}
