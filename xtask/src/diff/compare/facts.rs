//! Compares facts.

use std::collections::BTreeSet;

use cam_policy::catalog::{Change as Forces, Facts, Link, Note, Override, Service, Stated, Text, Value};

use super::{Comparison, pairs};
use crate::diff::change::Item;
use crate::diff::rules::Kind;

/// The values of both sides.
pub(super) type Both<T> = (Option<T>, Option<T>);

impl Comparison<'_, '_> {
    /// Adds a change of a fact, if the values differ.
    pub(super) fn fact(&mut self, kind: Kind, item: &Item, key: &str, (before, after): Both<String>) {
        if before != after {
            self.push(kind, item.clone(), before, after).fact = Some(key.to_owned());
        }
    }

    /// Compares a text, language by language.
    pub(super) fn text(&mut self, kind: Kind, item: &Item, key: &str, (before, after): Both<Text<'_>>) {
        let english = |text: Text<'_>| text.en.to_owned();
        let chinese = |text: Text<'_>| text.zh.to_owned();
        self.fact(kind, item, &format!("{key}.en"), (before.map(english), after.map(english)));
        self.fact(kind, item, &format!("{key}.zh"), (before.map(chinese), after.map(chinese)));
    }

    pub(super) fn notes(&mut self, kind: Kind, item: &Item, old: &[Note<'_>], new: &[Note<'_>]) {
        let abouts: BTreeSet<&str> = old.iter().chain(new).map(|note| note.about).collect();
        for about in abouts {
            let (from, to) = both(old, new, |note| note.about == about);
            let texts = (from.map(|note| note.text), to.map(|note| note.text));
            self.text(kind, item, &format!("note.{about}"), texts);
        }
    }

    pub(super) fn overrides(&mut self, item: &Item, old: &[Override<'_>], new: &[Override<'_>]) {
        let abouts: BTreeSet<&str> = old.iter().chain(new).map(|found| found.about).collect();
        for about in abouts {
            let name = format!("override.{about}");
            let (from, to) = both(old, new, |found| found.about == about);
            let upstream = |found: Option<&Override<'_>>| found?.upstream.map(stated);
            self.fact(Kind::Override, item, &format!("{name}.upstream"), (upstream(from), upstream(to)));
            let reasons = (from.map(|found| found.reason), to.map(|found| found.reason));
            self.text(Kind::Override, item, &format!("{name}.reason"), reasons);
        }
    }

    /// Compares the service itself, and the items that its actions share.
    pub(super) fn service(&mut self) {
        let (old, new) = (self.old, self.new);
        let item = &Item::Service;
        for fact in Service::FACTS {
            let key = fact.key;
            let both = (old.value(key).and_then(shown), new.value(key).and_then(shown));
            match key {
                "name" => self.text(Kind::ServiceName, item, key, (Some(old.name), Some(new.name))),
                "granularity" => self.fact(Kind::ServiceGranularity, item, key, both),
                "tag_authorization" => self.fact(Kind::TagAuthorization, item, key, both),
                "ip_restriction" => self.fact(Kind::IpRestriction, item, key, both),
                "source" => self.source(item),
                "override" => self.overrides(item, old.overrides, new.overrides),
                "note" => self.notes(Kind::Note, item, old.notes, new.notes),
                "category" => self.categories(item),
                "console_page" => {
                    for (from, to) in
                        pairs(old.console_pages.iter(), new.console_pages.iter(), |link| link.name)
                    {
                        // The changes of its actions report an item that was added or removed.
                        if from.is_some() && to.is_some() {
                            self.link(Kind::ConsolePage, key, from, to);
                        }
                    }
                }
                "reference" => {
                    for (from, to) in pairs(old.references.iter(), new.references.iter(), |link| link.name) {
                        self.link(Kind::Reference, key, from, to);
                    }
                }
                "restriction" => self.restrictions(item),
                // Other functions compare patterns and actions.
                "pattern" | "action" => {}
                _ => {
                    debug_assert_ne!(fact.change, Forces::Special, "`{key}` has no rule");
                    self.fact(Kind::ServiceFact(key), item, key, both);
                }
            }
        }
    }

    fn source(&mut self, item: &Item) {
        let (from, to) = (self.old.source, self.new.source);
        let own = |text: &str| Some(text.to_owned());
        self.fact(Kind::Source, item, "source.title", (own(from.title), own(to.title)));
        self.fact(Kind::Source, item, "source.url", (from.url.and_then(own), to.url.and_then(own)));
        self.fact(Kind::Source, item, "source.dated", (from.dated.and_then(own), to.dated.and_then(own)));
        self.fact(Kind::Source, item, "source.read", (own(from.read), own(to.read)));
    }

    fn categories(&mut self, item: &Item) {
        for (from, to) in pairs(self.old.categories.iter(), self.new.categories.iter(), |found| found.name) {
            // The changes of its actions report an item that was added or removed.
            if let (Some(from), Some(to)) = (from, to) {
                let key = format!("category.{}", from.name);
                self.text(Kind::Category, item, &key, (Some(from.title), Some(to.title)));
            }
        }
    }

    fn restrictions(&mut self, item: &Item) {
        for from in self.old.restrictions {
            if let Some(to) = self.new.restrictions.iter().find(|other| other.reason == from.reason) {
                let key = format!("restriction.{}", from.reason);
                self.text(Kind::RestrictionText, item, &key, (Some(from.text), Some(to.text)));
            }
        }
    }

    fn link(&mut self, kind: Kind, table: &str, from: Option<&Link<'_>>, to: Option<&Link<'_>>) {
        let Some(name) = from.or(to).map(|link| link.name) else { return };
        let (item, key) = (&Item::Service, format!("{table}.{name}"));
        let titles = (from.map(|link| link.title), to.map(|link| link.title));
        self.text(kind, item, &format!("{key}.title"), titles);
        let url = |link: Option<&Link<'_>>| link.map(|link| link.url.to_owned());
        self.fact(kind, item, &format!("{key}.url"), (url(from), url(to)));
    }
}

/// Returns the first item of each side that fits.
fn both<'s, T>(old: &'s [T], new: &'s [T], fits: impl Fn(&T) -> bool) -> Both<&'s T> {
    (old.iter().find(|item| fits(item)), new.iter().find(|item| fits(item)))
}

/// Returns a value in words; `None` if it is compared part by part.
pub(super) fn shown(value: Value<'_>) -> Option<String> {
    Some(match value {
        Value::Flag(flag) => flag.to_string(),
        Value::String(text) => text.to_owned(),
        Value::Word(entry) => entry.word.to_owned(),
        Value::Category(category) => category.name.to_owned(),
        Value::Restriction(restriction) => restriction.reason.to_string(),
        Value::Patterns(patterns) => joined(patterns.iter().map(|pattern| pattern.name)),
        Value::Strings(list) => joined(list.iter().copied()),
        Value::Links(links) => joined(links.iter().map(|link| link.name)),
        _ => return None,
    })
}

fn joined<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn stated(fact: Stated<'_>) -> String {
    match fact {
        Stated::Text(text) => text.to_owned(),
        Stated::Flag(flag) => flag.to_string(),
        Stated::List(names) => names.join(", "),
    }
}
