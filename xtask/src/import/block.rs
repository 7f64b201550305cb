//! The blocks of a page: headings, lines and tables.

use super::links::Link;
use super::page::Layout;
use super::text::one_line;

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// The place of its beginning, in bytes of the page.
    pub(super) at: usize,
    /// The text without markup. A line feed stands for a line break of the cell.
    pub(super) text: String,
    /// The text with the asterisks and underscores that Markdown reads as emphasis.
    pub(super) literal: String,
    pub(super) links: Vec<Link>,
    /// The parts that are marked as code.
    pub(super) codes: Vec<String>,
}

impl Cell {
    pub(super) fn plain(at: usize, text: &str) -> Self {
        Self { at, text: text.to_owned(), literal: text.to_owned(), ..Self::default() }
    }

    /// Returns the text on one line.
    pub(super) fn line(&self) -> String {
        one_line(&self.text)
    }
}

#[derive(Clone, Debug)]
pub(super) enum Block {
    /// A heading. The highest level is 1.
    Heading {
        at: usize,
        level: usize,
        text: String,
    },
    /// A line of prose, or a heading in a layout that does not mark headings.
    Text {
        at: usize,
        text: String,
        /// Whether the line is an item of a list.
        item: bool,
        links: Vec<Link>,
    },
    Table(Table),
    /// A line that looks like a row but belongs to no table.
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

/// The way in which a table ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The table seems to end with its last row.
    Whole,
    /// The page ends within the head of the table.
    InHead,
    /// The page ends within the last row.
    InRow,
    /// The page ends behind a whole row.
    BehindRow,
    /// The last row has all of its cells, and nothing shows where its last cell ends.
    Open,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) at: usize,
    pub(super) layout: Layout,
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Text within the table's markup that is in none of its cells.
    pub(super) stray: Vec<String>,
    pub(super) end: End,
}

impl Table {
    pub(super) fn new(at: usize, layout: Layout, header: Vec<Cell>) -> Self {
        Self { at, layout, header, rows: Vec::new(), stray: Vec::new(), end: End::Whole }
    }

    /// Whether the page ends, or may end, within the row with this number.
    pub(super) fn ends_within(&self, row: usize) -> bool {
        let last = row + 1 == self.rows.len();
        last && (self.end == End::InRow || self.end == End::Open && !self.has_known_end())
    }

    /// Whether the last cell of the table is whole: its text stands also in the column above, and no cell there goes on
    /// behind this text.
    fn has_known_end(&self) -> bool {
        let Some((row, above)) = self.rows.split_last() else { return false };
        let column = row.len() - 1;
        let text = row[column].line();
        let above = || above.iter().filter_map(|row| row.get(column)).map(Cell::line);
        !text.is_empty()
            && above().any(|other| other == text)
            && above().all(|other| other == text || !other.starts_with(&text))
    }
}
