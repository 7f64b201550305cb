//! Compares resource patterns.

use std::collections::BTreeMap;

use cam_policy::catalog::Pattern;

use super::{Comparison, Renamed, pairs};
use crate::diff::api::{Form, resource};
use crate::diff::change::Item;
use crate::diff::rules::Kind;

impl<'c> Comparison<'c, '_> {
    /// Compares the patterns, and returns the renamed ones.
    pub(super) fn patterns(&mut self) -> Renamed<'c> {
        let (old, new) = (self.old, self.new);
        let mut renamed = BTreeMap::new();
        let all = pairs(old.patterns.iter(), new.patterns.iter(), |pattern| pattern.name);
        for gone in all.iter().filter(|pair| pair.1.is_none()).filter_map(|pair| pair.0) {
            let came = all.iter().filter(|pair| pair.0.is_none()).filter_map(|pair| pair.1);
            let same = |to: &&Pattern<'_>| {
                (to.single, to.all, to.placeholders) == (gone.single, gone.all, gone.placeholders)
            };
            // A catalog has each pattern once, so two with the same text are the same pattern.
            if let Some(to) = came.into_iter().find(same) {
                renamed.insert(gone.name, to.name);
            }
        }
        for (from, to) in all {
            match (from, to) {
                (Some(from), Some(to)) => self.pattern(from, to),
                (Some(from), None) => self.pattern_gone(from, renamed.get(from.name).copied()),
                (None, Some(to)) if !renamed.values().any(|name| *name == to.name) => {
                    let after = Some(to.single.to_owned());
                    self.push(Kind::PatternAdded, Item::Pattern(to.name.to_owned()), None, after);
                }
                _ => {}
            }
        }
        Renamed(renamed)
    }

    fn pattern_gone(&mut self, from: &'c Pattern<'c>, renamed_to: Option<&str>) {
        let item = Item::Pattern(from.name.to_owned());
        let to = renamed_to.and_then(|name| self.new.patterns.iter().find(|pattern| pattern.name == name));
        let Some(to) = to else {
            self.push(Kind::PatternRemoved, item, Some(from.single.to_owned()), None);
            return;
        };
        let api = (resource(self.new, from.name), resource(self.new, to.name));
        let (before, after) = (Some(from.name.to_owned()), Some(to.name.to_owned()));
        self.push(Kind::PatternRenamed, item, before, after).api = Some(api);
        self.pattern(from, to);
    }

    fn pattern(&mut self, from: &Pattern<'_>, to: &Pattern<'_>) {
        let item = &Item::Pattern(to.name.to_owned());
        let forms = [
            (Kind::PatternSingle, "single", "id", from.single, to.single),
            (Kind::PatternAll, "all", "all", from.all, to.all),
        ];
        for (kind, key, constructor, old, new) in forms {
            let (left, right) = (Form::of(old, from.placeholders), Form::of(new, to.placeholders));
            let place = format!("{}::{constructor}", resource(self.new, to.name));
            let both = (Some(old.to_owned()), Some(new.to_owned()));
            if left.parameters != right.parameters {
                let api = (format!("{place}({})", left.list()), format!("{place}({})", right.list()));
                let (before, after) = if old == new { (Some(left.list()), Some(right.list())) } else { both };
                let change = self.push(Kind::PatternParameters, item.clone(), before, after);
                change.fact = Some(key.to_owned());
                change.api = Some(api);
            } else if left.literals != right.literals {
                self.fact(kind, item, key, both);
            } else if left.names != right.names {
                self.fact(Kind::PlaceholderName, item, key, both);
            }
        }
        self.text(Kind::PatternText, item, "description", (from.description, to.description));
        self.notes(Kind::PatternText, item, from.notes, to.notes);
    }
}
