//! A row says all that is mechanical about one fact of a service, a pattern or an action.
//!
//! The tables themselves are in [`facts`](super::facts). What reads, writes, exports, compares, emits or shows facts
//! goes over their rows; what is special about a fact is code that is found by the row's key.

use super::words::{Vocabulary, Word};

/// All that is mechanical about one fact. The order of the rows is that of the keys in `catalog.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key in `catalog.toml`.
    pub key: &'static str,
    /// The field in Rust, which is the key but where one holds several.
    pub field: &'static str,
    /// The lines of the field's documentation.
    pub doc: &'static [&'static str],
    /// What the value is.
    pub kind: Kind,
    /// Whether it may be absent.
    pub presence: Presence,
    /// What pages call it, in English and Chinese.
    pub label: (&'static str, &'static str),
    /// Whether a source may state it otherwise than the catalog, so that an `override` can be about it.
    pub overridable: bool,
    /// Whether only a permission page can state it, so that an undocumented action cannot have it.
    pub documented_only: bool,
    /// Whether the JSON export has it.
    pub exported: bool,
    /// Its place among the columns of a page's tables, from left to right; 0: it has no column.
    pub column: u8,
    /// What a change of its value means to users of the generated API.
    pub change: Change,
}

/// What the value of a fact is, and thereby how it is read and written.
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
    /// A word of the set of `W`.
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
    /// Every item states it.
    Required,
    /// Absent means unknown, or none.
    Optional,
    /// Absent means the value that the field has in `UNSTATED`.
    Defaulted,
    /// Absent means that the list is empty.
    List,
}

/// What a change of a fact's value means to users of the generated API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has rules of its own.
    Special,
    /// Programs that select by the value select others: a minor version.
    Minor,
}

impl Fact {
    /// A row without marks. The table adds what it knows: the field, its documentation and its presence.
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
