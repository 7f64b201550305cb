//! What changed between two catalogs.

use std::collections::BTreeSet;

use super::rules::{Kind, Level};

/// What changed between two catalogs, by service; within a service its own facts, its patterns, the enums of
/// its pattern sets, and its actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes.
    pub list: Vec<Change>,
    /// Whether there is no release yet, so that they force nothing.
    pub unreleased: bool,
}

/// What a change is about.
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
    /// Its kind, which decides what it means.
    pub kind: Kind,
    /// Abbreviation of the service; empty: of none.
    pub service: String,
    /// What it is about. A thing that was renamed goes by its old name.
    pub item: Item,
    /// The key of the catalog that states the fact; none where the item came, went or was renamed.
    pub fact: Option<String>,
    /// What was stated; none: nothing.
    pub before: Option<String>,
    /// What is stated; none: nothing.
    pub after: Option<String>,
    /// Which item of the generated API became which, where that changed.
    pub api: Option<(String, String)>,
    /// Why the change is not allowed as it is, and what to do.
    pub fault: Option<String>,
    /// What the reviewer may want to look at.
    pub hint: Option<String>,
}

impl Changes {
    /// The highest level that a change forces; none without changes.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.list.iter().map(|change| change.kind.rule().level).max()
    }

    /// Leaves only those faults that are faults since the release, too: what no release had may go at once.
    pub(super) fn held_to(&mut self, released: Option<&Self>) {
        self.unreleased = released.is_none();
        let faulty: BTreeSet<(&str, &Item)> = released
            .iter()
            .flat_map(|released| &released.list)
            .filter(|change| change.fault.is_some())
            .map(|change| (change.service.as_str(), &change.item))
            .collect();
        for change in &mut self.list {
            if change.fault.is_some() && !faulty.contains(&(change.service.as_str(), &change.item)) {
                change.fault = None;
            }
        }
    }
}
