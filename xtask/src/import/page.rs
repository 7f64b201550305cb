//! What a permission page states, as data.

use std::collections::HashMap;
use std::fmt;

use tencent_cam_codegen::model::{
    AccessLevel, IpRestriction, RestrictionReason, ServiceGranularity, Surface,
};

use super::document::{self, Block, Cell, Layout, PageLink, Table};
use super::words::{self, Column};
use super::{enabled, manageable};

/// The two kinds of permission pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// "CAM-enabled API": a product's APIs by access level.
    CamEnabled,
    /// "Manageable resources and actions": a product's APIs by granularity and surface.
    Manageable,
}

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
    /// Japanese.
    Japanese,
    /// Korean.
    Korean,
}

/// Line and column in a page, from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Something to tell about a place of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// What.
    pub message: String,
}

/// The basic facts of a product; `None`: not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its name in the page's language.
    pub name: String,
    /// Its abbreviation in CAM.
    pub abbreviation: String,
    /// Whether the console can be opened to sub-accounts.
    pub console_access: Option<bool>,
    /// Whether access can be granted by tag.
    pub tag_authorization: Option<bool>,
    /// Its granularity.
    pub granularity: Option<ServiceGranularity>,
    /// Whether its APIs honour conditions on the caller's address.
    pub ip_restriction: Option<IpRestriction>,
}

/// An API as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where its name stands.
    pub place: Place,
    /// Exact name.
    pub name: String,
    /// Its description in the page's language; empty: none.
    pub description: String,
    /// Whether it can be limited to resources.
    pub resource_level: bool,
    /// The six-segment patterns of a resource-level API.
    pub patterns: Vec<String>,
    /// Access level.
    pub access_level: Option<AccessLevel>,
    /// Whether an IP condition is honoured.
    pub ip_condition: Option<bool>,
    /// Server or console API.
    pub surface: Option<Surface>,
    /// Its category in the page's language.
    pub category: Option<String>,
    /// The console pages that call it.
    pub console_pages: Vec<PageLink>,
    /// Its documentation.
    pub doc_url: Option<String>,
    /// Why it cannot be limited to resources: the kind, and the page's words.
    pub restriction: Option<(RestrictionReason, String)>,
    /// The API recommended instead.
    pub alternative: Option<String>,
    /// Further links of its description.
    pub references: Vec<PageLink>,
}

/// A page that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Which kind of page.
    pub family: Family,
    /// How it was saved.
    pub layout: Layout,
    /// Its language.
    pub language: Language,
    /// Its main heading.
    pub title: Option<String>,
    /// The basic facts, where it states them.
    pub product: Option<Product>,
    /// Its APIs, in its order.
    pub rows: Vec<Row>,
    /// The patterns that name all resources, by the pattern that names one; where stated.
    pub all_forms: Vec<(String, String)>,
    /// The links of its prose.
    pub links: Vec<PageLink>,
    /// What was read otherwise than it is printed.
    pub remarks: Vec<Remark>,
    /// The row the page ends within.
    pub cut: Option<Remark>,
}

/// Reads a page, or says everything that is wrong with it.
///
/// # Errors
///
/// Every row that is not understood, every heading that is unknown or missing, with its place, in the order of
/// the page.
pub fn read(text: &str) -> Result<Page, Vec<Remark>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let (layout, blocks) = document::read(text);
    let mut reading = Reading::new(text);
    let header: String = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
        .find(|table| is_api_table(table))
        .map(|table| table.header.iter().map(|cell| cell.text.as_str()).collect())
        .unwrap_or_default();
    if header.is_empty() {
        reading.fault(
            0,
            "this is no permission page: it has no table of APIs, whose headings begin with `API` or `接口名`".to_owned(),
        );
        return Err(reading.faults);
    }
    let manageable = blocks.iter().any(|block| match block {
        Block::Heading { text, .. } => words::section(text).is_some() || words::surface(text).is_some(),
        Block::Table(table) => {
            is_api_table(table)
                && table.header.iter().any(|cell| {
                    matches!(
                        words::column(&cell.text),
                        Some(Column::Category | Column::Console | Column::Restriction)
                    )
                })
        }
        Block::Text { .. } => false,
    });
    let mut page = Page {
        family: if manageable { Family::Manageable } else { Family::CamEnabled },
        layout,
        language: words::language(&header),
        title: None,
        product: None,
        rows: Vec::new(),
        all_forms: Vec::new(),
        links: Vec::new(),
        remarks: Vec::new(),
        cut: None,
    };
    if manageable {
        manageable::read(&blocks, &mut page, &mut reading);
    } else {
        enabled::read(&blocks, &mut page, &mut reading);
    }
    duplicates(&page.rows, &mut reading);
    if page.rows.is_empty() && reading.faults.is_empty() {
        reading.fault(0, "the page has no whole row".to_owned());
    }
    reading.remarks.sort_by_key(|remark| remark.place);
    page.remarks = reading.remarks;
    page.cut = reading.cut;
    if reading.faults.is_empty() {
        return Ok(page);
    }
    reading.faults.sort_by_key(|fault| fault.place);
    Err(reading.faults)
}

fn is_api_table(table: &Table) -> bool {
    let Some(first) = table.header.first() else { return false };
    words::column(&first.text) == Some(Column::Name)
        || words::is_header_line(&first.text)
        || table.header.iter().filter(|cell| words::column(&cell.text).is_some()).count() >= 3
            && table
                .header
                .iter()
                .all(|cell| words::product_column(&cell.text) != Some(words::ProductColumn::Abbreviation))
}

fn duplicates(rows: &[Row], reading: &mut Reading<'_>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for row in rows {
        if let Some(first) = seen.get(row.name.as_str()) {
            let message = format!("`{}` stands twice on the page: the first is at {first}", row.name);
            reading.faults.push(Remark { place: row.place, message });
        } else {
            seen.insert(&row.name, row.place);
        }
    }
}

/// A page being read: turns offsets into places, and collects what there is to tell.
pub(super) struct Reading<'t> {
    text: &'t str,
    starts: Vec<usize>,
    pub(super) faults: Vec<Remark>,
    pub(super) remarks: Vec<Remark>,
    pub(super) cut: Option<Remark>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts, faults: Vec::new(), remarks: Vec::new(), cut: None }
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

    pub(super) fn fault(&mut self, at: usize, message: String) {
        let place = self.place(at);
        self.faults.push(Remark { place, message });
    }

    /// Tells of a row that has not as many cells as its table has columns.
    pub(super) fn width(&mut self, row: &[Cell], wanted: usize) {
        let row_of = match row[0].line() {
            name if name.is_empty() => "the row".to_owned(),
            name => format!("the row of `{name}`"),
        };
        let (found, cells) = (row.len(), if row.len() == 1 { "cell" } else { "cells" });
        self.fault(row[0].at, format!("{row_of} is not understood: it has {found} {cells}, not {wanted}"));
    }

    pub(super) fn remark(&mut self, at: usize, message: String) {
        let place = self.place(at);
        self.remarks.push(Remark { place, message });
    }

    pub(super) fn cut(&mut self, at: usize, text: &str) {
        let name: String =
            text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        let what = if name.is_empty() { "a row".to_owned() } else { format!("the row of `{name}`") };
        let place = self.place(at);
        self.cut = Some(Remark { place, message: format!("the page ends within {what}, which is left out") });
    }

    /// A pattern as the catalog writes it; none, with the fault told, if it is none.
    pub(super) fn pattern(&mut self, at: usize, name: &str, text: &str) -> Option<String> {
        let pattern = match normal(text) {
            Ok(pattern) => pattern,
            Err(reason) => {
                self.fault(at, format!("the row of `{name}` is not understood: `{text}` {reason}"));
                return None;
            }
        };
        if pattern != text {
            self.remark(at, format!("the pattern `{text}` of `{name}` is read as `{pattern}`"));
        }
        Some(pattern)
    }

    /// An address as the catalog writes it.
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
            self.fault(at, format!("the row of `{name}` is not understood: `{url}` is no https address"));
            return None;
        };
        if full != url {
            self.remark(at, format!("the address `{url}` of `{name}` is read as `{full}`"));
        }
        Some(full)
    }
}

/// The patterns of a cell: one a line, or with blanks or commas between them.
pub(super) fn patterns(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    for token in text.split(|letter: char| letter.is_whitespace() || ",;，；、".contains(letter)) {
        let token = token.trim_matches('`').trim_end_matches(['。', '.']);
        let mut rest = token;
        while let Some(next) = rest.get(1..).and_then(|tail| tail.find("qcs:")).map(|at| at + 1) {
            found.push(rest[..next].to_owned());
            rest = &rest[next..];
        }
        if !rest.is_empty() {
            found.push(rest.to_owned());
        }
    }
    found
}

/// `$name` → `${name}`; the account's and the region's placeholders under the names the catalog gives them.
fn normal(text: &str) -> Result<String, &'static str> {
    if !text.starts_with("qcs:") {
        return Err("does not begin with `qcs:`");
    }
    let braced = braced(text)?;
    let mut parts: Vec<String> = braced.splitn(6, ':').map(str::to_owned).collect();
    if parts.len() < 6 {
        return Err("has fewer than six segments");
    }
    if !parts[1].is_empty() {
        return Err("has a project, which must be empty");
    }
    if parts[2].is_empty() {
        return Err("names no service");
    }
    if placeholder(&parts[3]).is_some() {
        "${region}".clone_into(&mut parts[3]);
    }
    let (kind, id) = parts[4].split_once('/').unwrap_or(("", &parts[4]));
    if placeholder(id).is_some() {
        let kind = if kind.is_empty() { "uin" } else { kind };
        parts[4] = format!("{kind}/${{uin}}");
    }
    if parts[5].is_empty() {
        return Err("names no resource");
    }
    Ok(parts.join(":"))
}

fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|name| words::is_name(name))
}

fn braced(text: &str) -> Result<String, &'static str> {
    let mut out = String::with_capacity(text.len() + 2);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, after) = if let Some(inner) = rest.strip_prefix('{') {
            inner.split_once('}').ok_or("has a placeholder that is not closed")?
        } else {
            rest.split_at(
                rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                    .unwrap_or(rest.len()),
            )
        };
        if !words::is_name(name) {
            return Err("has a `$` that begins no placeholder");
        }
        out.push_str("${");
        out.push_str(name);
        out.push('}');
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Where each column stands; a heading that is unknown, or stands twice, is told.
pub(super) fn columns(
    table: &Table,
    required: &[Column],
    reading: &mut Reading<'_>,
) -> Option<HashMap<usize, Column>> {
    let mut found: HashMap<usize, Column> = HashMap::new();
    let before = reading.faults.len();
    for (at, cell) in table.header.iter().enumerate() {
        match words::column(&cell.text) {
            Some(column) if found.values().any(|known| *known == column) => {
                reading.fault(cell.at, format!("the column `{}` stands twice", cell.line()));
            }
            Some(column) => {
                found.insert(at, column);
            }
            None => reading.fault(cell.at, format!("unknown heading `{}` of a table", cell.line())),
        }
    }
    for column in required {
        if !found.values().any(|known| known == column) {
            reading.fault(table.at, format!("the table has no column `{}`", column.title()));
        }
    }
    (reading.faults.len() == before).then_some(found)
}

/// The name of a row, if it is one.
pub(super) fn name(at: usize, text: &str, reading: &mut Reading<'_>) -> Option<String> {
    if words::is_name(text) {
        return Some(text.to_owned());
    }
    let message = if text.is_empty() {
        "the row is not understood: it has no name".to_owned()
    } else {
        format!("the row is not understood: `{text}` is no API name, which is letters, digits and `_`")
    };
    reading.fault(at, message);
    None
}
