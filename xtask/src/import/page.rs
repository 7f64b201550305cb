//! The content of a permission page, as data.

use std::fmt;

use cam_policy::catalog::{AccessLevel, IpRestriction, RestrictionReason, ServiceGranularity, Surface};

/// The kinds of permission pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// "CAM-enabled API": a product's APIs by access level.
    CamEnabled,
    /// "Manageable resources and actions": a product's APIs by granularity and surface.
    Manageable,
    /// "API | resource path": a product's APIs, each with the resources that it can be limited to.
    ResourcePath,
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
    /// The title that the page prints.
    pub title: String,
    /// The address.
    pub url: String,
}

/// A place in a page: line and column, from 1, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

/// A message about a place of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The place.
    pub place: Place,
    /// The message.
    pub message: String,
}

/// The basic facts of a product. `None` is a fact that the page does not state.
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The place of its name.
    pub place: Place,
    /// Exact name.
    pub name: String,
    /// Its description in the page's language; empty if there is none.
    pub description: String,
    /// Whether it can be limited to resources.
    pub resource_level: bool,
    /// The six-segment patterns of a resource-level API: its row's own, or else those of the page.
    pub patterns: Vec<String>,
    /// What the page prints in the place of a pattern, and what names no resource.
    pub printed: Vec<String>,
    /// Whether the page also lists it as an API that cannot be limited to resources.
    pub contradicts: bool,
    /// The condition keys that the page lists for it, sorted.
    pub condition_keys: Vec<String>,
    /// Access level.
    pub access_level: Option<AccessLevel>,
    /// Whether CAM applies an IP condition to it.
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
    /// The place of the pattern.
    pub place: Place,
    /// The form that names one resource.
    pub single: String,
    /// The form that names all resources.
    pub all: String,
}

/// The content of a page, as far as the importer understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The kind of page.
    pub family: Family,
    /// The layout in which it was saved.
    pub layout: Layout,
    /// Its language.
    pub language: Language,
    /// Its main heading.
    pub title: Option<String>,
    /// The basic facts, if the page states them.
    pub product: Option<Product>,
    /// Its APIs, in the order of the page.
    pub rows: Vec<Row>,
    /// The patterns of all resource-level APIs whose rows state none.
    pub forms: Vec<Form>,
    /// The links of its prose.
    pub links: Vec<PageLink>,
    /// Messages about text that the importer corrected or skipped.
    pub notes: Vec<Message>,
    /// Messages about text that the importer does not understand.
    pub errors: Vec<Message>,
    /// The lines outside of tables that look like rows. They are also among the errors.
    pub lost: usize,
    /// The place where the page is cut off, if it is.
    pub cut: Option<Message>,
}

impl Page {
    /// Whether the importer read every row of the page. Only then is an action removed that the page does not list.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cut.is_none() && self.errors.is_empty()
    }

    /// Removes rows. Each name comes with the reason.
    pub(super) fn leave_out(&mut self, errors: Vec<(String, Message)>) {
        let names: std::collections::HashSet<&str> = errors.iter().map(|(name, _)| name.as_str()).collect();
        self.rows.retain(|row| !names.contains(row.name.as_str()));
        for row in &mut self.rows {
            row.alternative = row.alternative.take().filter(|name| !names.contains(name.as_str()));
        }
        self.errors.extend(errors.into_iter().map(|(_, error)| error));
        self.errors.sort_by_key(|error| error.place);
    }
}
