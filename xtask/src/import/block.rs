//! A page's text as headings, lines and tables.

use super::links::Link;
use super::page::Layout;
use super::text::one_line;

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Where it begins, in bytes of the page.
    pub(super) at: usize,
    /// Its text without markup; a line break of the cell is a line feed.
    pub(super) text: String,
    /// Its text with the asterisks and underscores that Markdown takes for emphasis.
    pub(super) literal: String,
    pub(super) links: Vec<Link>,
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
    /// A heading; the level is 1 for the highest.
    Heading {
        at: usize,
        level: usize,
        text: String,
    },
    /// A line of prose, or a heading that the layout does not tell from prose.
    Text {
        at: usize,
        text: String,
        /// Whether it is an item of a list.
        item: bool,
        links: Vec<Link>,
    },
    Table(Table),
    /// A line with the signs of a row that belongs to no table.
    Stray {
        at: usize,
        text: String,
    },
}

impl Block {
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Heading { at, .. } | Self::Text { at, .. } | Self::Stray { at, .. } => *at,
            Self::Table(table) => table.at,
        }
    }
}

/// How a table ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As far as can be seen, with its last row.
    Whole,
    /// With the page, in its head.
    InHead,
    /// With the page, in the last row.
    InRow,
    /// With the page, behind a whole row.
    BehindRow,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) at: usize,
    pub(super) layout: Layout,
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Text that stands within the table's markup but in none of its cells.
    pub(super) stray: Vec<String>,
    pub(super) end: End,
}

impl Table {
    pub(super) fn new(at: usize, layout: Layout, header: Vec<Cell>) -> Self {
        Self { at, layout, header, rows: Vec::new(), stray: Vec::new(), end: End::Whole }
    }

    /// Whether the page ends within the row with this number.
    pub(super) fn ends_within(&self, row: usize) -> bool {
        self.end == End::InRow && row + 1 == self.rows.len()
    }
}
