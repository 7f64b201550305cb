//! Compares two catalogs by meaning.

mod action;
mod facts;
mod pattern;
mod renamed;

use std::collections::{BTreeMap, BTreeSet};

use cam_policy::catalog::{Action, Catalog, Service};

use self::renamed::Renamed;
use super::api::enum_name;
use super::change::{Change, Changes, Item};
use super::rules::Kind;

/// Returns the changes between two catalogs.
#[must_use]
pub fn report(before: &Catalog<'_>, after: &Catalog<'_>) -> Changes {
    let mut changes = Changes::default();
    if before.version != after.version {
        let version = |catalog: &Catalog<'_>| (catalog.version > 0).then(|| catalog.version.to_string());
        let (before, after) = (version(before), version(after));
        let change = change(Kind::DataVersion, "", Item::Catalog, before, after);
        changes.list.push(Change { fact: Some("version".to_owned()), ..change });
    }
    for (old, new) in pairs(before.services.iter(), after.services.iter(), |service| service.id) {
        match (old, new) {
            (Some(old), Some(new)) => Comparison { old, new, list: &mut changes.list }.run(),
            (Some(old), None) => {
                let before = Some(summary(old));
                changes.list.push(change(Kind::ServiceRemoved, old.id, Item::Service, before, None));
            }
            (None, Some(new)) => {
                let after = Some(summary(new));
                changes.list.push(change(Kind::ServiceAdded, new.id, Item::Service, None, after));
            }
            (None, None) => {}
        }
    }
    changes
}

fn summary(service: &Service<'_>) -> String {
    let count = service.actions.len();
    format!("{}, {count} action{}", service.name.en, if count == 1 { "" } else { "s" })
}

fn change(kind: Kind, service: &str, item: Item, before: Option<String>, after: Option<String>) -> Change {
    Change {
        kind,
        service: service.to_owned(),
        item,
        fact: None,
        before,
        after,
        api: None,
        error: None,
        hint: None,
    }
}

/// Matches the items of both sides by name, sorted by name.
fn pairs<'c, T: Copy>(
    old: impl Iterator<Item = T>,
    new: impl Iterator<Item = T>,
    name: impl Fn(T) -> &'c str,
) -> Vec<(Option<T>, Option<T>)> {
    let mut found: BTreeMap<&str, (Option<T>, Option<T>)> = BTreeMap::new();
    for item in old {
        found.entry(name(item)).or_default().0 = Some(item);
    }
    for item in new {
        found.entry(name(item)).or_default().1 = Some(item);
    }
    found.into_values().collect()
}

/// One service in both catalogs.
struct Comparison<'c, 'l> {
    old: &'c Service<'c>,
    new: &'c Service<'c>,
    list: &'l mut Vec<Change>,
}

impl<'c> Comparison<'c, '_> {
    fn run(mut self) {
        self.service();
        let renamed = self.patterns();
        self.enums(&renamed);
        self.actions(&renamed);
    }

    fn push(&mut self, kind: Kind, item: Item, before: Option<String>, after: Option<String>) -> &mut Change {
        self.list.push(change(kind, self.new.id, item, before, after));
        // The line above pushed one.
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Reports the enums that were added or removed, except because of a new name of a pattern.
    fn enums(&mut self, renamed: &Renamed<'c>) {
        type Sets<'c> = BTreeMap<String, Vec<&'c str>>;
        let sets = |service: &'c Service<'c>, patterns: &dyn Fn(Action<'c>) -> Vec<&'c str>| -> Sets<'c> {
            let mut sets = Sets::new();
            for (_, actions) in service.groups() {
                for action in actions {
                    let name = enum_name(action.granularity(), &patterns(action));
                    sets.entry(name).or_default().push(action.name());
                }
            }
            sets
        };
        let old = sets(self.old, &|action| renamed.patterns_of(action));
        let new = sets(self.new, &|action| Renamed::default().patterns_of(action));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let item = Item::Enum(name.clone());
            match (old.get(name), new.get(name)) {
                (Some(members), None) => {
                    self.push(Kind::EnumRemoved, item, Some(members.join(", ")), None);
                }
                (None, Some(members)) => {
                    self.push(Kind::EnumAdded, item, None, Some(members.join(", ")));
                }
                _ => {}
            }
        }
    }
}
