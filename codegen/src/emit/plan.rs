//! Decides which enum each action of a service belongs to.

use cam_policy::catalog::{Action, Granularity, Pattern, Service};
use proc_macro2::{Ident, Span};

use super::layout::Texts;
use crate::names::{camel, module, resource_set, variant};

/// A service with the enums of its actions.
pub(super) struct Plan<'c> {
    pub(super) service: &'c Service<'c>,
    pub(super) module: Ident,
    /// The variant of the service in the enums over all services.
    pub(super) variant: Ident,
    /// The sets: those of resource level by pattern, then operation level, then undocumented.
    pub(super) sets: Vec<Set<'c>>,
    pub(super) texts: Texts,
    /// The set of each action and its variant there, by the number of the action.
    homes: Vec<(usize, Ident)>,
}

/// The actions of one enum: they share granularity and patterns.
pub(super) struct Set<'c> {
    /// The enum.
    pub(super) name: Ident,
    /// The variant of the enum in the enum over the whole service.
    pub(super) wrapper: Ident,
    pub(super) granularity: Granularity,
    pub(super) patterns: &'c [&'c Pattern<'c>],
    pub(super) actions: Vec<Action<'c>>,
    /// How many actions the sets before this one have.
    pub(super) before: usize,
}

/// What the actions of a set share: the rank of their granularity, and the names of their patterns.
type Key<'c> = (u8, Vec<&'c str>);

impl<'c> Plan<'c> {
    pub(super) fn of(service: &'c Service<'c>) -> Self {
        // A map would cost every user's build more than the few sets are worth.
        let mut sets: Vec<(Key<'c>, Vec<Action<'c>>)> = Vec::new();
        for action in service.actions() {
            let rank = match action.granularity() {
                Granularity::Resource => 0,
                Granularity::Operation => 1,
                _ => 2,
            };
            let key: Key<'c> = (rank, action.patterns().iter().map(|pattern| pattern.name).collect());
            match sets.binary_search_by(|(other, _)| other.cmp(&key)) {
                Ok(at) => sets[at].1.push(action),
                Err(at) => sets.insert(at, (key, Vec::from([action]))),
            }
        }
        let mut before = 0;
        let sets: Vec<Set<'c>> = sets
            .into_iter()
            .map(|(_, actions)| {
                let set = Set::of(actions, before);
                before += set.actions.len();
                set
            })
            .collect();
        let mut homes: Vec<(usize, Ident)> =
            service.actions.iter().map(|action| (0, ident(&variant(action.name)))).collect();
        for (at, set) in sets.iter().enumerate() {
            for action in &set.actions {
                homes[usize::from(action.number())].0 = at;
            }
        }
        Self {
            service,
            module: ident(&module(service.id)),
            variant: ident(&camel(service.id)),
            sets,
            texts: Texts::default(),
            homes,
        }
    }

    /// Returns the set of an action of the service.
    pub(super) fn set(&self, action: Action<'_>) -> &Set<'c> {
        &self.sets[self.homes[usize::from(action.number())].0]
    }

    /// Returns the variant of an action in its enum.
    pub(super) fn variant_of(&self, action: Action<'_>) -> &Ident {
        &self.homes[usize::from(action.number())].1
    }
}

impl<'c> Set<'c> {
    fn of(actions: Vec<Action<'c>>, before: usize) -> Self {
        let (granularity, patterns) = (actions[0].granularity(), actions[0].patterns());
        let wrapper = match granularity {
            Granularity::Resource if patterns.is_empty() => "Untyped".to_owned(),
            Granularity::Resource => {
                let names: Vec<&str> = patterns.iter().map(|pattern| pattern.name).collect();
                resource_set(&names)
            }
            Granularity::Operation => "Operation".to_owned(),
            _ => "Undocumented".to_owned(),
        };
        Self {
            name: ident(&format!("{wrapper}Action")),
            wrapper: ident(&wrapper),
            granularity,
            patterns,
            actions,
            before,
        }
    }
}

/// Returns a Rust identifier. The reader of the catalog has refused keywords.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
