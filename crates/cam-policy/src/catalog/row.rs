//! Rows: a row states everything about one fact that code can treat mechanically.
//!
//! [`facts`](super::facts) has the tables of rows. Code that reads, writes, exports, compares, emits or shows facts
//! iterates over the rows. A fact with special rules has its own code, found by the row's key.

use super::words::{Vocabulary, Word};

/// Everything mechanical about one fact. The rows have the order of the keys in `catalog.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key in `catalog.toml`.
    pub key: &'static str,
    /// The name of the Rust field. It is the key, except where one key holds several values.
    pub field: &'static str,
    /// The lines of the field's documentation.
    pub doc: &'static [&'static str],
    /// The kind of value.
    pub kind: Kind,
    /// Whether it may be absent.
    pub presence: Presence,
    /// The name of the fact in pages, in English and Chinese.
    pub label: (&'static str, &'static str),
    /// Whether a source may state another value than the catalog, so that an `override` can name it.
    pub overridable: bool,
    /// Whether only a permission page can state it, so that an undocumented action cannot have it.
    pub documented_only: bool,
    /// Whether the JSON export holds it.
    pub exported: bool,
    /// Its place among the columns of a page's tables, from left to right; 0: no column.
    pub column: u8,
    /// What a change of its value means for users of the generated API.
    pub change: Change,
}

/// The kind of a fact's value, which decides how it is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// An https address.
    Url,
    /// A string with rules of its own.
    String,
    /// A text in English and Chinese.
    Text,
    /// A word of a closed set.
    Word(&'static Vocabulary),
    /// The name of another item of the service.
    Name(Target),
    /// The names of other items of the service.
    Names(Target),
    /// Several strings.
    Strings,
    /// Where and when the facts of a service were read.
    Source,
    /// What each placeholder of a pattern takes.
    Placeholders,
    /// Facts that differ from the source on purpose.
    Overrides,
    /// Notes about facts.
    Notes,
    /// The items of a service, each in a table of its own.
    Tables(Target),
}

impl Kind {
    /// Returns the kind for a word of the set `W`.
    pub(super) const fn word<W: Word>() -> Self {
        Self::Word(W::VOCABULARY)
    }
}

/// The items of a service that facts can refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Its actions.
    Action,
    /// Its resource patterns.
    Pattern,
    /// Its categories of server APIs.
    Category,
    /// The pages of its console.
    ConsolePage,
    /// Further documentation.
    Reference,
    /// The reasons why actions are not resource-level.
    Restriction,
}

/// Whether a fact may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Every item must state it.
    Required,
    /// Absent means unknown, or none.
    Optional,
    /// Absent means the value of the field in `UNSTATED`.
    Defaulted,
    /// Absent means that the list is empty.
    List,
}

/// What a change of a fact's value means for users of the generated API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Special code decides.
    Special,
    /// Programs that select by the value select other actions: a minor version.
    Minor,
}

impl Fact {
    /// Makes a row without marks. The table adds the field, its documentation and its presence.
    pub(super) const fn new(key: &'static str, kind: Kind, label: (&'static str, &'static str)) -> Self {
        Self {
            key,
            field: key,
            doc: &[],
            kind,
            presence: Presence::Optional,
            label,
            overridable: false,
            documented_only: false,
            exported: false,
            column: 0,
            change: Change::Special,
        }
    }

    pub(super) const fn overridable(self) -> Self {
        Self { overridable: true, ..self }
    }

    pub(super) const fn documented_only(self) -> Self {
        Self { documented_only: true, ..self }
    }

    pub(super) const fn exported(self) -> Self {
        Self { exported: true, ..self }
    }

    pub(super) const fn column(self, place: u8) -> Self {
        Self { column: place, ..self }
    }

    pub(super) const fn change(self, change: Change) -> Self {
        Self { change, ..self }
    }
}
