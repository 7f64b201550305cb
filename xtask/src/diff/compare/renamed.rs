//! Finds renamed items.

use std::collections::BTreeMap;

use cam_policy::catalog::{Action, ActionFacts, Facts, Value};
use cam_policy::text::nearest;

/// The old names of patterns, with their new names.
#[derive(Default)]
pub(super) struct Renamed<'c>(pub(super) BTreeMap<&'c str, &'c str>);

impl<'c> Renamed<'c> {
    /// Returns the new name of a pattern.
    pub(super) fn of(&self, name: &str) -> Option<&'c str> {
        self.0.get(name).copied()
    }

    /// Returns the patterns of an action under their new names, sorted.
    pub(super) fn patterns_of(&self, action: Action<'c>) -> Vec<&'c str> {
        let name = |name| self.of(name).unwrap_or(name);
        let mut patterns: Vec<&str> = action.patterns().iter().map(|pattern| name(pattern.name)).collect();
        patterns.sort_unstable();
        patterns
    }
}

/// Returns old and new names of renamed actions. A removed and an added action count as one if their facts are equal and each
/// name is the nearest to the other.
pub(super) fn actions<'c>(
    gone: &[Action<'c>],
    came: &[Action<'c>],
    patterns: &Renamed<'c>,
) -> BTreeMap<&'c str, &'c str> {
    let mut by_facts: BTreeMap<String, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for from in gone {
        by_facts.entry(identity(*from, patterns)).or_default().0.push(from.name());
    }
    for to in came {
        by_facts.entry(identity(*to, &Renamed::default())).or_default().1.push(to.name());
    }
    let mut found = BTreeMap::new();
    for (mut gone, mut came) in by_facts.into_values() {
        loop {
            let pairs: Vec<(&str, &str)> = gone
                .iter()
                .filter_map(|from| {
                    let to = *nearest(from, came.iter().copied()).first()?;
                    (nearest(to, gone.iter().copied()).first() == Some(from)).then_some((*from, to))
                })
                .collect();
            if pairs.is_empty() {
                break;
            }
            gone.retain(|name| pairs.iter().all(|(from, _)| from != name));
            came.retain(|name| pairs.iter().all(|(_, to)| to != name));
            found.extend(pairs);
        }
    }
    found
}

/// Returns all that a source states about an action, except its name.
fn identity<'c>(action: Action<'c>, renamed: &Renamed<'c>) -> String {
    let stated = ActionFacts::FACTS.iter().filter(|fact| fact.overridable).map(|fact| {
        // Programs do not see the names that the catalog gives to links.
        match action.facts().value(fact.key) {
            Some(Value::Patterns(_)) => format!("{:?}", renamed.patterns_of(action)),
            Some(Value::Action(_)) => format!("{:?}", action.alternative()),
            Some(Value::Category(category)) => format!("{:?}", category.title),
            Some(Value::Restriction(restriction)) => format!("{:?}", restriction.reason),
            Some(Value::Links(links)) => {
                format!("{:?}", links.iter().map(|link| (link.title, link.url)).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        }
    });
    stated.collect::<Vec<_>>().join("\n")
}
