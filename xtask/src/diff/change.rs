//! The changes between two catalogs.

use std::collections::BTreeSet;

use super::rules::{Kind, Level};

/// The changes between two catalogs, by service. Within a service, its own facts come first, then its patterns, the enums of
/// its pattern sets, and its actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes.
    pub list: Vec<Change>,
    /// Whether there is no release yet, so that the changes force no version.
    pub unreleased: bool,
}

/// The item that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// The catalog itself.
    Catalog,
    /// The service itself.
    Service,
    /// A resource pattern, by name.
    Pattern(String),
    /// The enum of a pattern set, by its name in Rust.
    Enum(String),
    /// An action, by name.
    Action(String),
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of the change, which decides what it means.
    pub kind: Kind,
    /// The abbreviation of the service; empty for a change of the catalog itself.
    pub service: String,
    /// The item that changed. A renamed item has its old name here.
    pub item: Item,
    /// The key of the fact in the catalog; `None` if the item was added, removed or renamed.
    pub fact: Option<String>,
    /// The old value; `None` if there was none.
    pub before: Option<String>,
    /// The new value; `None` if there is none.
    pub after: Option<String>,
    /// The old and the new path in the generated API, if the path changed.
    pub api: Option<(String, String)>,
    /// The reason why the change is not allowed as it is, and what to do.
    pub error: Option<String>,
    /// A hint for the reviewer.
    pub hint: Option<String>,
}

impl Changes {
    /// Returns the highest level that a change forces; `None` if there are no changes.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.list.iter().map(|change| change.kind.rule().level).max()
    }

    /// Keeps only the errors that are also errors since the release: an item that no release had may be removed at once.
    pub(super) fn held_to(&mut self, released: Option<&Self>) {
        self.unreleased = released.is_none();
        let wrong: BTreeSet<(&str, &Item)> = released
            .iter()
            .flat_map(|released| &released.list)
            .filter(|change| change.error.is_some())
            .map(|change| (change.service.as_str(), &change.item))
            .collect();
        for change in &mut self.list {
            if change.error.is_some() && !wrong.contains(&(change.service.as_str(), &change.item)) {
                change.error = None;
            }
        }
    }
}
