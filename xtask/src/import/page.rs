//! What a permission page states, as data.

use std::fmt;

use cam_policy::catalog::{AccessLevel, IpRestriction, RestrictionReason, ServiceGranularity, Surface};

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
    /// Indonesian.
    Indonesian,
}

/// How a page was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Markdown, with GitHub tables, HTML tables or both.
    Markdown,
    /// Plain text, a table's cells each on a line that ends in ` |`.
    CellLines,
    /// Plain text, a table's row on a line with whitespace between its cells.
    Whitespace,
}

/// A link of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// What it is printed as.
    pub title: String,
    /// Where it leads.
    pub url: String,
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
    /// The six-segment patterns of a resource-level API: its row's own, or else those of the page.
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

/// A pattern that a page states in its prose for all of its resource-level APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it stands.
    pub place: Place,
    /// Names one resource.
    pub single: String,
    /// Names all of them.
    pub all: String,
}

/// What a page states, as far as it was understood.
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
    /// The patterns of all resource-level APIs whose rows state none.
    pub forms: Vec<Form>,
    /// The links of its prose.
    pub links: Vec<PageLink>,
    /// What was read otherwise than it is printed, and what was passed over.
    pub remarks: Vec<Remark>,
    /// What was not understood.
    pub faults: Vec<Remark>,
    /// Lines that look like rows, and that no table holds; they are among the faults.
    pub lost: usize,
    /// Where the page ends before it is whole.
    pub cut: Option<Remark>,
}

impl Page {
    /// Whether every row of the page was read: only then is what it does not list gone.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cut.is_none() && self.faults.is_empty()
    }

    /// Takes rows out, for the reason given with the name of each.
    pub(super) fn leave_out(&mut self, faults: Vec<(String, Remark)>) {
        let names: std::collections::HashSet<&str> = faults.iter().map(|(name, _)| name.as_str()).collect();
        self.rows.retain(|row| !names.contains(row.name.as_str()));
        for row in &mut self.rows {
            row.alternative = row.alternative.take().filter(|name| !names.contains(name.as_str()));
        }
        self.faults.extend(faults.into_iter().map(|(_, fault)| fault));
        self.faults.sort_by_key(|fault| fault.place);
    }
}
