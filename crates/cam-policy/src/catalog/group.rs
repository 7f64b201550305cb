//! The tables of a permission page.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::facts::{Action, ActionFacts, Service};
use super::words::{AccessLevel, Granularity, Grouping, Surface};

/// A table of a permission page. Groups sort in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The actions of an access level; `None`, unknown, comes last.
    AccessLevel(Option<AccessLevel>),
    /// The actions of a granularity and a surface.
    Surface(Granularity, Option<Surface>),
    /// Actions that no page lists. They come after all others.
    Undocumented,
}

impl Group {
    /// Returns the group of an action, in a service with this grouping.
    pub const fn of(grouped_by: Grouping, action: &ActionFacts<'_>) -> Self {
        match (action.granularity, grouped_by) {
            (Granularity::Undocumented, _) => Self::Undocumented,
            (granularity, Grouping::Surface) => Self::Surface(granularity, action.surface),
            (_, Grouping::AccessLevel) => Self::AccessLevel(action.access_level),
        }
    }

    /// The sort key of groups: resource level before operation level, access levels in the order of Tencent's pages,
    /// and stated facts before unknown ones.
    const fn rank(self) -> (u8, u8) {
        const fn level(level: Option<AccessLevel>) -> u8 {
            match level {
                Some(AccessLevel::Write) => 0,
                Some(AccessLevel::Other) => 1,
                Some(AccessLevel::Read) => 2,
                Some(AccessLevel::List) => 3,
                None => 4,
            }
        }
        const fn surface(surface: Option<Surface>) -> u8 {
            match surface {
                Some(Surface::Server) => 0,
                Some(Surface::Console) => 1,
                None => 2,
            }
        }
        match self {
            Self::AccessLevel(found) => (0, level(found)),
            Self::Surface(Granularity::Resource, found) => (1, surface(found)),
            Self::Surface(_, found) => (2, surface(found)),
            Self::Undocumented => (3, 0),
        }
    }
}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Group {
    /// Compares by the order of the tables.
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl<'c> Service<'c> {
    /// Returns the actions by group, in the order of the permission page; within a group they are sorted by name.
    pub fn groups(&'c self) -> Vec<(Group, Vec<Action<'c>>)> {
        // A map would cost every user's build more than the few groups are worth.
        let mut groups: Vec<(Group, Vec<Action<'c>>)> = Vec::new();
        for action in self.actions() {
            let group = Group::of(self.grouped_by, action.facts());
            match groups.binary_search_by(|(other, _)| other.cmp(&group)) {
                Ok(at) => groups[at].1.push(action),
                Err(at) => groups.insert(at, (group, Vec::from([action]))),
            }
        }
        groups
    }
}
