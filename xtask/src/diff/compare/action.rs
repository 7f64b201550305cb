//! Compares actions.

use std::collections::BTreeSet;

use cam_policy::catalog::{Action, ActionFacts, Change as Forces, Facts, Granularity, Link};

use super::facts::shown;
use super::{Comparison, Renamed, pairs, renamed};
use crate::diff::api::place;
use crate::diff::change::Item;
use crate::diff::rules::Kind;

impl<'c> Comparison<'c, '_> {
    pub(super) fn actions(&mut self, patterns: &Renamed<'c>) {
        let all = pairs(self.old.actions(), self.new.actions(), |action| action.name());
        let gone = all.iter().filter_map(|(old, new)| match (old, new) {
            (Some(old), None) => Some(*old),
            (Some(old), Some(new)) if new.removed().is_some() && new.replaced_by().is_none() => {
                old.removed().is_none().then_some(*old)
            }
            _ => None,
        });
        let came = all.iter().filter_map(|(old, new)| if old.is_none() { *new } else { None });
        let proposed = renamed::actions(&gone.collect::<Vec<_>>(), &came.collect::<Vec<_>>(), patterns);
        let taken: BTreeSet<&str> =
            proposed.iter().filter(|(from, _)| self.new.action(from).is_none()).map(|(_, to)| *to).collect();
        for (from, to) in all {
            match (from, to) {
                (Some(from), Some(to)) => {
                    self.action(from, to, patterns);
                    if let Some(name) = proposed.get(from.name()) {
                        self.hint(from, name);
                    }
                }
                (Some(from), None) => self.gone(from, proposed.get(from.name()).copied()),
                (None, Some(to)) if !taken.contains(to.name()) => self.came(to),
                _ => {}
            }
        }
    }

    /// Adds a hint to an action that was marked as removed: which action may be its new name.
    fn hint(&mut self, from: Action<'_>, name: &str) {
        let item = Item::Action(from.name().to_owned());
        let is_marked = |change: &&mut crate::diff::change::Change| {
            change.kind == Kind::ActionDeprecated && change.item == item
        };
        if let Some(change) = self.list.iter_mut().rev().find(is_marked) {
            change.hint = Some(format!(
                "`{name}` states the same facts and is spelt much like it: if that is its new name, write \
                 `replaced_by = \"{name}\"`"
            ));
        }
    }

    fn came(&mut self, action: Action<'_>) {
        let item = Item::Action(action.name().to_owned());
        let change = self.push(Kind::ActionAdded, item, None, Some(level(action)));
        change.api = Some((String::new(), place(action)));
    }

    fn gone(&mut self, from: Action<'_>, renamed_to: Option<&str>) {
        let item = Item::Action(from.name().to_owned());
        let to = renamed_to.and_then(|name| self.new.action(name));
        let change = match to {
            Some(to) => {
                let names = (Some(from.name().to_owned()), Some(to.name().to_owned()));
                self.push(Kind::ActionRenamed, item, names.0, names.1)
            }
            None => self.push(Kind::ActionRemoved, item, Some(level(from)), None),
        };
        change.api = Some((place(from), to.map_or_else(String::new, place)));
        if from.removed().is_none() {
            let replaced =
                to.map_or_else(String::new, |to| format!(" and `replaced_by = \"{}\"`", to.name()));
            change.error = Some(format!(
                "it was not marked before it went: keep it with `removed = <the day it was missed>`{replaced} for \
                 one release first"
            ));
        }
        if to.is_some() {
            change.hint = Some("proposed, because all facts match and the names are near".to_owned());
        }
    }

    /// Compares the facts, row by row.
    fn action(&mut self, from: Action<'c>, to: Action<'c>, patterns: &Renamed<'c>) {
        let item = &Item::Action(to.name().to_owned());
        let (old, new) = (from.facts(), to.facts());
        for fact in ActionFacts::FACTS {
            let key = fact.key;
            let both = (old.value(key).and_then(shown), new.value(key).and_then(shown));
            match key {
                "removed" => self.marks(from, to, item),
                "granularity" => self.home(from, to, item, patterns),
                // These follow from the mark of removal, and from the granularity.
                "replaced_by" | "patterns" => {}
                "ip_condition" => {
                    let kind = match to.ip_condition() {
                        Some(true) => Kind::IpGained,
                        Some(false) => Kind::IpLost,
                        None => Kind::IpUnstated,
                    };
                    self.fact(kind, item, key, both);
                }
                "category" => {
                    let title = |action: Action<'c>| action.category().map(|category| category.title);
                    if title(from) != title(to) {
                        self.fact(Kind::ActionCategory, item, key, both);
                    }
                }
                "console_pages" if seen(from.console_pages()) == seen(to.console_pages()) => {}
                "console_pages" => self.fact(Kind::ActionConsolePages, item, key, both),
                "doc_url" => self.fact(Kind::Link, item, key, both),
                "restriction" => self.fact(Kind::Restriction, item, key, both),
                "alternative" => {
                    let name = |action: Action<'c>| action.alternative().map(|other| other.name().to_owned());
                    self.fact(Kind::Alternative, item, key, (name(from), name(to)));
                }
                "references" if seen(from.references()) == seen(to.references()) => {}
                "references" => self.fact(Kind::ActionReferences, item, key, both),
                "description" => self.text(Kind::Description, item, key, (old.description, new.description)),
                "override" => self.overrides(item, old.overrides, new.overrides),
                "note" => self.notes(Kind::Note, item, old.notes, new.notes),
                _ => {
                    debug_assert_ne!(fact.change, Forces::Special, "`{key}` has no rule");
                    self.fact(Kind::ActionFact(key), item, key, both);
                }
            }
        }
    }

    fn marks(&mut self, from: Action<'_>, to: Action<'_>, item: &Item) {
        let change = match (from.removed(), to.removed()) {
            (None, Some(day)) => {
                let after = match to.replaced_by() {
                    Some(other) => format!("removed {day}, use {}", other.name()),
                    None => format!("removed {day}"),
                };
                self.push(Kind::ActionDeprecated, item.clone(), None, Some(after))
            }
            (Some(day), None) => {
                self.push(Kind::ActionRestored, item.clone(), Some(format!("removed {day}")), None)
            }
            (old, new) => {
                let days = (old.map(str::to_owned), new.map(str::to_owned));
                self.fact(Kind::Replacement, item, "removed", days);
                let name = |action: Action<'_>| action.replaced_by().map(|other| other.name().to_owned());
                self.fact(Kind::Replacement, item, "replaced_by", (name(from), name(to)));
                return;
            }
        };
        change.fact = Some("removed".to_owned());
    }

    /// Compares granularity and patterns, which decide the enum of the variant.
    fn home(&mut self, from: Action<'c>, to: Action<'c>, item: &Item, renamed: &Renamed<'c>) {
        let api = (place(from), place(to));
        if from.granularity() != to.granularity() {
            let kind = match (from.granularity(), to.granularity()) {
                (_, Granularity::Undocumented) => Kind::GranularityUndocumented,
                (Granularity::Undocumented, _) => Kind::GranularityDocumented,
                (_, Granularity::Resource) => Kind::GranularityNarrowed,
                _ => Kind::GranularityWidened,
            };
            let change = self.push(kind, item.clone(), Some(level(from)), Some(level(to)));
            change.fact = Some("granularity".to_owned());
            change.api = Some(api);
            return;
        }
        let old: BTreeSet<&str> = renamed.patterns_of(from).into_iter().collect();
        let new: BTreeSet<&str> = Renamed::default().patterns_of(to).into_iter().collect();
        if old == new {
            return;
        }
        let kind = if old.is_subset(&new) {
            Kind::PatternsGained
        } else if new.is_subset(&old) {
            Kind::PatternsLost
        } else {
            Kind::PatternsReplaced
        };
        let names = |action: Action<'c>| action.facts().value("patterns").and_then(shown);
        let change = self.push(kind, item.clone(), names(from), names(to));
        change.fact = Some("patterns".to_owned());
        change.api = Some(api);
    }
}

/// Returns what programs see of links, without the names that the catalog gives them.
fn seen<'c>(links: &[&Link<'c>]) -> Vec<(cam_policy::catalog::Text<'c>, &'c str)> {
    links.iter().map(|link| (link.title, link.url)).collect()
}

/// Returns granularity and patterns in words.
fn level(action: Action<'_>) -> String {
    let singles: Vec<&str> = action.patterns().iter().map(|pattern| pattern.single).collect();
    if singles.is_empty() {
        return action.granularity().to_string();
    }
    format!("{}, {}", action.granularity(), singles.join(", "))
}
