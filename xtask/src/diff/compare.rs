//! Two catalogs → what changed between them, by meaning.

use std::collections::{BTreeMap, BTreeSet};

use tencent_cam_codegen::model::{
    AccessLevel, Action, Catalog, Granularity, Link, Override, Pattern, PlaceholderKind, RestrictionReason,
    Service, Stated, Surface, Text,
};

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

/// Compares two catalogs.
#[must_use]
pub fn report(before: &Catalog, after: &Catalog) -> Changes {
    let mut changes = Changes::default();
    if before.version != after.version {
        let version = |catalog: &Catalog| (catalog.version > 0).then(|| catalog.version.to_string());
        changes.list.push(Change {
            kind: Kind::DataVersion,
            service: String::new(),
            item: Item::Catalog,
            fact: Some("version".to_owned()),
            before: version(before),
            after: version(after),
            api: None,
            fault: None,
            hint: None,
        });
    }
    for (old, new) in pairs(&before.services, &after.services, |service| &service.id) {
        match (old, new) {
            (Some(old), Some(new)) => Comparison { old, new, list: &mut changes.list }.run(),
            (Some(old), None) => {
                changes.list.push(whole(Kind::ServiceRemoved, old, Some(summary(old)), None));
            }
            (None, Some(new)) => {
                changes.list.push(whole(Kind::ServiceAdded, new, None, Some(summary(new))));
            }
            (None, None) => {}
        }
    }
    changes
}

fn whole(kind: Kind, service: &Service, before: Option<String>, after: Option<String>) -> Change {
    Change {
        kind,
        service: service.id.clone(),
        item: Item::Service,
        fact: None,
        before,
        after,
        api: None,
        fault: None,
        hint: None,
    }
}

fn summary(service: &Service) -> String {
    let count = service.actions.len();
    format!("{}, {count} action{}", service.name.en, if count == 1 { "" } else { "s" })
}

type Pair<'c, T> = (Option<&'c T>, Option<&'c T>);

/// What is on either side, matched and sorted by name.
fn pairs<'c, T>(old: &'c [T], new: &'c [T], name: impl Fn(&T) -> &String) -> Vec<Pair<'c, T>> {
    let mut found: BTreeMap<String, Pair<'c, T>> = BTreeMap::new();
    for item in old {
        found.entry(name(item).clone()).or_default().0 = Some(item);
    }
    for item in new {
        found.entry(name(item).clone()).or_default().1 = Some(item);
    }
    found.into_values().collect()
}

/// One service in both catalogs.
struct Comparison<'c, 'l> {
    old: &'c Service,
    new: &'c Service,
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
        self.list.push(Change { item, ..whole(kind, self.new, before, after) });
        // One was pushed in the line above.
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Adds a change of a fact, if it is one.
    fn fact(&mut self, kind: Kind, item: &Item, key: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            self.push(kind, item.clone(), before, after).fact = Some(key.to_owned());
        }
    }

    fn text(&mut self, kind: Kind, item: &Item, key: &str, before: Option<&Text>, after: Option<&Text>) {
        let pick = |text: Option<&Text>, of: fn(&Text) -> &String| text.map(|text| of(text).clone());
        for (language, of) in [("en", (|text| &text.en) as fn(&Text) -> &String), ("zh", |text| &text.zh)] {
            let key = if key.is_empty() { language.to_owned() } else { format!("{key}.{language}") };
            self.fact(kind, item, &key, pick(before, of), pick(after, of));
        }
    }

    fn notes(&mut self, kind: Kind, item: &Item, old: &BTreeMap<String, Text>, new: &BTreeMap<String, Text>) {
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            self.text(kind, item, &format!("note.{key}"), old.get(key), new.get(key));
        }
    }

    fn overrides(&mut self, item: &Item, old: &BTreeMap<String, Override>, new: &BTreeMap<String, Override>) {
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let (from, to) = (old.get(key), new.get(key));
            let upstream = |found: Option<&Override>| found?.upstream.as_ref().map(stated);
            let name = format!("override.{key}");
            self.fact(Kind::Override, item, &format!("{name}.upstream"), upstream(from), upstream(to));
            let (from, to) = (from.map(|found| &found.reason), to.map(|found| &found.reason));
            self.text(Kind::Override, item, &format!("{name}.reason"), from, to);
        }
    }

    fn service(&mut self) {
        let (old, new) = (self.old, self.new);
        let item = &Item::Service;
        self.text(Kind::ServiceName, item, "name", Some(&old.name), Some(&new.name));
        self.fact(
            Kind::ServiceGranularity,
            item,
            "granularity",
            word(old.granularity.word()),
            word(new.granularity.word()),
        );
        self.fact(
            Kind::ConsoleAccess,
            item,
            "console_access",
            boolean(old.console_access),
            boolean(new.console_access),
        );
        self.fact(
            Kind::TagAuthorization,
            item,
            "tag_authorization",
            boolean(old.tag_authorization),
            boolean(new.tag_authorization),
        );
        self.fact(
            Kind::IpRestriction,
            item,
            "ip_restriction",
            old.ip_restriction.and_then(|found| word(found.word())),
            new.ip_restriction.and_then(|found| word(found.word())),
        );
        let (from, to) = (&old.source, &new.source);
        self.fact(Kind::Source, item, "source.title", word(&from.title), word(&to.title));
        self.fact(Kind::Source, item, "source.url", from.url.clone(), to.url.clone());
        self.fact(Kind::Source, item, "source.read", word(&from.read), word(&to.read));
        self.overrides(item, &old.overrides, &new.overrides);
        self.notes(Kind::Note, item, &old.notes, &new.notes);
        for (from, to) in pairs(&old.categories, &new.categories, |category| &category.name) {
            // One that came or went is told by the actions it stands at.
            if let (Some(from), Some(to)) = (from, to) {
                let key = format!("category.{}", from.name);
                self.text(Kind::Category, item, &key, Some(&from.title), Some(&to.title));
            }
        }
        for (from, to) in pairs(&old.console_pages, &new.console_pages, |page| &page.name) {
            if from.is_some() && to.is_some() {
                self.link(Kind::ConsolePage, "console_page", from, to);
            }
        }
        for (from, to) in pairs(&old.references, &new.references, |link| &link.name) {
            self.link(Kind::Reference, "reference", from, to);
        }
        for (reason, from) in &old.restrictions {
            if let Some((_, to)) = new.restrictions.iter().find(|(other, _)| other == reason) {
                let key = format!("restriction.{}", reason.word());
                self.text(Kind::RestrictionText, item, &key, Some(from), Some(to));
            }
        }
    }

    fn link(&mut self, kind: Kind, table: &str, from: Option<&Link>, to: Option<&Link>) {
        let Some(name) = from.or(to).map(|link| &link.name) else { return };
        let key = format!("{table}.{name}");
        let item = &Item::Service;
        self.text(
            kind,
            item,
            &format!("{key}.title"),
            from.map(|link| &link.title),
            to.map(|link| &link.title),
        );
        let url = |link: Option<&Link>| link.map(|link| link.url.clone());
        self.fact(kind, item, &format!("{key}.url"), url(from), url(to));
    }

    /// Compares the patterns; returns the new name of each that was renamed.
    fn patterns(&mut self) -> BTreeMap<&'c str, &'c str> {
        let (old, new) = (self.old, self.new);
        let mut renamed = BTreeMap::new();
        let all = pairs(&old.patterns, &new.patterns, |pattern| &pattern.name);
        for gone in all.iter().filter(|pair| pair.1.is_none()).filter_map(|pair| pair.0) {
            let came = all.iter().filter(|pair| pair.0.is_none()).filter_map(|pair| pair.1);
            let same = |to: &&Pattern| {
                (&to.single, &to.all, &to.placeholders) == (&gone.single, &gone.all, &gone.placeholders)
            };
            // A pattern stands once in a catalog, so one that says the same is the same.
            if let Some(to) = came.into_iter().find(same) {
                renamed.insert(gone.name.as_str(), to.name.as_str());
            }
        }
        for (from, to) in all {
            match (from, to) {
                (Some(from), Some(to)) => self.pattern(from, to),
                (Some(from), None) => self.pattern_gone(from, renamed.get(from.name.as_str()).copied()),
                (None, Some(to)) if !renamed.values().any(|name| *name == to.name) => {
                    self.push(Kind::PatternAdded, Item::Pattern(to.name.clone()), None, word(&to.single));
                }
                _ => {}
            }
        }
        renamed
    }

    fn pattern_gone(&mut self, from: &Pattern, renamed_to: Option<&str>) {
        let item = Item::Pattern(from.name.clone());
        let to = renamed_to.and_then(|name| self.new.patterns.iter().find(|pattern| pattern.name == name));
        let Some(to) = to else {
            self.push(Kind::PatternRemoved, item, word(&from.single), None);
            return;
        };
        let api = (self.resource(&from.name), self.resource(&to.name));
        self.push(Kind::PatternRenamed, item, word(&from.name), word(&to.name)).api = Some(api);
        self.pattern(from, to);
    }

    fn pattern(&mut self, from: &Pattern, to: &Pattern) {
        let item = &Item::Pattern(to.name.clone());
        let forms = [
            (Kind::PatternSingle, "single", "id", &from.single, &to.single),
            (Kind::PatternAll, "all", "all", &from.all, &to.all),
        ];
        for (kind, key, constructor, old, new) in forms {
            let (left, right) = (Form::of(old, &from.placeholders), Form::of(new, &to.placeholders));
            let place = format!("{}::{constructor}", self.resource(&to.name));
            if left.parameters != right.parameters {
                let api = (format!("{place}({})", left.list()), format!("{place}({})", right.list()));
                let (old, new) =
                    if old == new { (left.list(), right.list()) } else { (old.clone(), new.clone()) };
                let change = self.push(Kind::PatternParameters, item.clone(), Some(old), Some(new));
                change.fact = Some(key.to_owned());
                change.api = Some(api);
            } else if left.literals != right.literals {
                self.fact(kind, item, key, word(old), word(new));
            } else if left.names != right.names {
                self.fact(Kind::PlaceholderName, item, key, word(old), word(new));
            }
        }
        self.text(Kind::PatternText, item, "description", Some(&from.description), Some(&to.description));
        self.notes(Kind::PatternText, item, &from.notes, &to.notes);
    }

    /// The enums that came or went for another reason than a new name of a pattern.
    fn enums(&mut self, renamed: &BTreeMap<&str, &str>) {
        let sets = |service: &Service, renamed: &BTreeMap<&str, &str>| -> BTreeMap<String, Vec<String>> {
            let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for action in &service.actions {
                let name = enum_name(action, &current(&action.patterns, renamed));
                sets.entry(name).or_default().push(action.name.clone());
            }
            sets
        };
        let (old, new) = (sets(self.old, renamed), sets(self.new, &BTreeMap::new()));
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

    fn actions(&mut self, renamed: &BTreeMap<&str, &str>) {
        let (old, new) = (self.old, self.new);
        let all = pairs(&old.actions, &new.actions, |action| &action.name);
        let gone = all.iter().filter_map(|(old, new)| match (old, new) {
            (Some(old), None) => Some(*old),
            (Some(old), Some(new)) if new.removed.is_some() && new.replaced_by.is_none() => {
                old.removed.is_none().then_some(*old)
            }
            _ => None,
        });
        let came = all.iter().filter_map(|(old, new)| if old.is_none() { *new } else { None });
        let proposed = self.renames(&gone.collect::<Vec<_>>(), &came.collect::<Vec<_>>(), renamed);
        let taken: BTreeSet<&str> = proposed
            .iter()
            .filter(|(from, _)| !new.actions.iter().any(|action| action.name == **from))
            .map(|(_, to)| *to)
            .collect();
        for (from, to) in all {
            match (from, to) {
                (Some(from), Some(to)) => {
                    self.action(from, to, renamed);
                    if let Some(name) = proposed.get(from.name.as_str()) {
                        let marked = self.list.iter_mut().rev().find(|change| {
                            change.kind == Kind::ActionDeprecated
                                && change.item == Item::Action(from.name.clone())
                        });
                        if let Some(change) = marked {
                            change.hint = Some(format!(
                                "`{name}` states the same facts and is spelt much like it: if that is its new \
                                 name, write `replaced_by = \"{name}\"`"
                            ));
                        }
                    }
                }
                (Some(from), None) => self.gone(from, proposed.get(from.name.as_str()).copied()),
                (None, Some(to)) if !taken.contains(to.name.as_str()) => self.came(to),
                _ => {}
            }
        }
    }

    fn came(&mut self, action: &Action) {
        let place = place(self.new, action);
        let change = self.push(
            Kind::ActionAdded,
            Item::Action(action.name.clone()),
            None,
            Some(level(self.new, action)),
        );
        change.api = Some((String::new(), place));
    }

    fn gone(&mut self, from: &'c Action, renamed_to: Option<&str>) {
        let item = Item::Action(from.name.clone());
        let old_place = place(self.old, from);
        let marked = from.removed.is_some();
        let to = renamed_to.and_then(|name| self.new.actions.iter().find(|action| action.name == name));
        let new_place = to.map_or_else(String::new, |to| place(self.new, to));
        let before = Some(level(self.old, from));
        let change = match to {
            Some(to) => self.push(Kind::ActionRenamed, item, word(&from.name), word(&to.name)),
            None => self.push(Kind::ActionRemoved, item, before, None),
        };
        change.api = Some((old_place, new_place));
        if !marked {
            let replaced = to.map_or_else(String::new, |to| format!(" and `replaced_by = \"{}\"`", to.name));
            change.fault = Some(format!(
                "it was not marked before it went: keep it with `removed = <the day it was missed>`{replaced} for \
                 one release first"
            ));
        }
        if to.is_some() {
            change.hint = Some("proposed, because all facts match and the names are near".to_owned());
        }
    }

    /// Old name → new name, of those that went and those that came: facts equal, names near, the nearest first.
    fn renames(
        &self,
        gone: &[&'c Action],
        came: &[&'c Action],
        renamed: &BTreeMap<&str, &str>,
    ) -> BTreeMap<&'c str, &'c str> {
        let mut by_facts: BTreeMap<String, Vec<&'c Action>> = BTreeMap::new();
        for action in came {
            by_facts.entry(identity(self.new, action, &BTreeMap::new())).or_default().push(action);
        }
        let mut near: Vec<(usize, &'c str, &'c str)> = Vec::new();
        for from in gone {
            for to in by_facts.get(&identity(self.old, from, renamed)).into_iter().flatten() {
                if let Some(distance) = distance(&from.name, &to.name) {
                    near.push((distance, &from.name, &to.name));
                }
            }
        }
        near.sort_unstable();
        let mut found: BTreeMap<&str, &str> = BTreeMap::new();
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for (_, from, to) in near {
            if !found.contains_key(from) && taken.insert(to) {
                found.insert(from, to);
            }
        }
        found
    }

    fn action(&mut self, from: &Action, to: &Action, renamed: &BTreeMap<&str, &str>) {
        let item = &Item::Action(to.name.clone());
        self.marks(from, to, item);
        self.home(from, to, item, renamed);
        self.facts(from, to, item);
        self.text(Kind::Description, item, "description", Some(&from.description), Some(&to.description));
        self.overrides(item, &from.overrides, &to.overrides);
        self.notes(Kind::Note, item, &from.notes, &to.notes);
    }

    fn marks(&mut self, from: &Action, to: &Action, item: &Item) {
        match (&from.removed, &to.removed) {
            (None, Some(day)) => {
                let after = match &to.replaced_by {
                    Some(name) => format!("removed {day}, use {name}"),
                    None => format!("removed {day}"),
                };
                let change = self.push(Kind::ActionDeprecated, item.clone(), None, Some(after));
                change.fact = Some("removed".to_owned());
            }
            (Some(day), None) => {
                let before = Some(format!("removed {day}"));
                let change = self.push(Kind::ActionRestored, item.clone(), before, None);
                change.fact = Some("removed".to_owned());
            }
            (old, new) => {
                self.fact(Kind::Replacement, item, "removed", old.clone(), new.clone());
                let (old, new) = (from.replaced_by.clone(), to.replaced_by.clone());
                self.fact(Kind::Replacement, item, "replaced_by", old, new);
            }
        }
    }

    /// Granularity and patterns: which enum the variant is in.
    fn home(&mut self, from: &Action, to: &Action, item: &Item, renamed: &BTreeMap<&str, &str>) {
        let api = (place(self.old, from), place(self.new, to));
        if from.granularity != to.granularity {
            let kind = match (from.granularity, to.granularity) {
                (_, Granularity::Undocumented) => Kind::GranularityUndocumented,
                (Granularity::Undocumented, _) => Kind::GranularityDocumented,
                (_, Granularity::Operation) => Kind::GranularityWidened,
                (_, Granularity::Resource) => Kind::GranularityNarrowed,
            };
            let (before, after) = (level(self.old, from), level(self.new, to));
            let change = self.push(kind, item.clone(), Some(before), Some(after));
            change.fact = Some("granularity".to_owned());
            change.api = Some(api);
            return;
        }
        let patterns = current(&from.patterns, renamed);
        let old: BTreeSet<&str> = patterns.iter().map(String::as_str).collect();
        let new: BTreeSet<&str> = to.patterns.iter().map(String::as_str).collect();
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
        let (before, after) = (from.patterns.join(", "), to.patterns.join(", "));
        let change = self.push(kind, item.clone(), Some(before), Some(after));
        change.fact = Some("patterns".to_owned());
        change.api = Some(api);
    }

    fn facts(&mut self, from: &Action, to: &Action, item: &Item) {
        let ip = match to.ip_condition {
            Some(true) => Kind::IpGained,
            Some(false) => Kind::IpLost,
            None => Kind::IpUnstated,
        };
        self.fact(ip, item, "ip_condition", boolean(from.ip_condition), boolean(to.ip_condition));
        self.fact(
            Kind::AccessLevel,
            item,
            "access_level",
            from.access_level.and_then(|found| word(found.word())),
            to.access_level.and_then(|found| word(found.word())),
        );
        self.fact(
            Kind::Surface,
            item,
            "surface",
            from.surface.and_then(|found| word(found.word())),
            to.surface.and_then(|found| word(found.word())),
        );
        if from.category != to.category && category(self.old, from) != category(self.new, to) {
            self.fact(Kind::ActionCategory, item, "category", from.category.clone(), to.category.clone());
        }
        if from.console_pages != to.console_pages && pages(self.old, from) != pages(self.new, to) {
            self.fact(
                Kind::ActionConsolePages,
                item,
                "console_pages",
                joined(&from.console_pages),
                joined(&to.console_pages),
            );
        }
        self.fact(
            Kind::Restriction,
            item,
            "restriction",
            from.restriction.and_then(|found| word(found.word())),
            to.restriction.and_then(|found| word(found.word())),
        );
        self.fact(Kind::Alternative, item, "alternative", from.alternative.clone(), to.alternative.clone());
        self.fact(Kind::Link, item, "doc_url", from.doc_url.clone(), to.doc_url.clone());
        if from.references != to.references && references(self.old, from) != references(self.new, to) {
            self.fact(
                Kind::ActionReferences,
                item,
                "references",
                joined(&from.references),
                joined(&to.references),
            );
        }
    }

    fn resource(&self, pattern: &str) -> String {
        format!("{}::{}", module(self.new), camel(pattern))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "facts are options, so that all are compared alike")]
fn word(word: &str) -> Option<String> {
    Some(word.to_owned())
}

fn boolean(value: Option<bool>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn stated(fact: &Stated) -> String {
    match fact {
        Stated::Text(text) => text.clone(),
        Stated::Flag(flag) => flag.to_string(),
        Stated::List(names) => names.join(", "),
    }
}

fn joined(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}

fn category<'c>(service: &'c Service, action: &Action) -> Option<&'c Text> {
    let name = action.category.as_ref()?;
    service.categories.iter().find(|category| category.name == *name).map(|category| &category.title)
}

/// What programs see of links: not the names the catalog gives them.
fn links<'c>(all: &'c [Link], names: &[String]) -> Vec<(&'c Text, &'c str)> {
    let found = names.iter().filter_map(|name| all.iter().find(|link| link.name == *name));
    found.map(|link| (&link.title, link.url.as_str())).collect()
}

fn pages<'c>(service: &'c Service, action: &Action) -> Vec<(&'c Text, &'c str)> {
    links(&service.console_pages, &action.console_pages)
}

fn references<'c>(service: &'c Service, action: &Action) -> Vec<(&'c Text, &'c str)> {
    links(&service.references, &action.references)
}

/// Pattern names with their new names where they were renamed, sorted as the catalog sorts them.
fn current(patterns: &[String], renamed: &BTreeMap<&str, &str>) -> Vec<String> {
    let name =
        |name: &String| renamed.get(name.as_str()).map_or_else(|| name.clone(), |name| (*name).to_owned());
    let mut patterns: Vec<String> = patterns.iter().map(name).collect();
    patterns.sort_unstable();
    patterns
}

/// Granularity and patterns, for people.
fn level(service: &Service, action: &Action) -> String {
    let singles: Vec<&str> = action
        .patterns
        .iter()
        .filter_map(|name| service.patterns.iter().find(|pattern| pattern.name == *name))
        .map(|pattern| pattern.single.as_str())
        .collect();
    if singles.is_empty() {
        return action.granularity.word().to_owned();
    }
    format!("{}, {}", action.granularity.word(), singles.join(", "))
}

/// All upstream states of an action but its name.
fn identity(service: &Service, action: &Action, renamed: &BTreeMap<&str, &str>) -> String {
    let facts = (
        action.granularity.word(),
        current(&action.patterns, renamed),
        action.access_level.map(AccessLevel::word),
        action.surface.map(Surface::word),
        category(service, action),
        pages(service, action),
        &action.doc_url,
        action.ip_condition,
        action.restriction.map(RestrictionReason::word),
        &action.alternative,
        references(service, action),
    );
    format!("{facts:?}")
}

/// How many letters differ, if the names are near: at most a letter in three.
fn distance(old: &str, new: &str) -> Option<usize> {
    let limit = old.len().max(new.len()) / 3;
    if old.len().abs_diff(new.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=new.len()).collect();
    for (line, letter) in old.bytes().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, other) in new.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.pop().filter(|distance| *distance <= limit)
}

pub(super) fn module(service: &Service) -> String {
    service.id.replace('-', "_")
}

/// The type of a pattern: names of patterns are snake case.
fn camel(name: &str) -> String {
    name.split('_').map(super::rules::sentence).collect()
}

fn enum_name(action: &Action, patterns: &[String]) -> String {
    match action.granularity {
        Granularity::Operation => "OperationAction".to_owned(),
        Granularity::Undocumented => "UndocumentedAction".to_owned(),
        Granularity::Resource => {
            patterns.iter().map(|pattern| camel(pattern)).chain(["Action".to_owned()]).collect()
        }
    }
}

/// Where an action is in the generated API; only the enum, where the variant is spelt unlike the action.
fn place(service: &Service, action: &Action) -> String {
    let home = format!("{}::{}", module(service), enum_name(action, &action.patterns));
    if action.name.starts_with(|first: char| first.is_ascii_uppercase()) && !action.name.contains('_') {
        format!("{home}::{}", action.name)
    } else {
        home
    }
}

/// A form of a pattern, taken apart.
struct Form<'p> {
    /// What stands around the placeholders.
    literals: Vec<&'p str>,
    /// The placeholders.
    names: Vec<&'p str>,
    /// The types of the constructor's parameters, in its order: the account first.
    parameters: Vec<&'static str>,
}

impl<'p> Form<'p> {
    fn of(text: &'p str, kinds: &[(String, PlaceholderKind)]) -> Self {
        let (mut literals, mut names) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some((before, (name, after))) =
            rest.split_once("${").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            literals.push(before);
            names.push(name);
            rest = after;
        }
        literals.push(rest);
        let mut sorted = names.clone();
        sorted.sort_by_key(|name| *name != "uin");
        let parameters = sorted.iter().map(|name| parameter(name, kinds)).collect();
        Self { literals, names, parameters }
    }

    fn list(&self) -> String {
        self.parameters.join(", ")
    }
}

fn parameter(name: &str, kinds: &[(String, PlaceholderKind)]) -> &'static str {
    let kind = kinds.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
    match (name, kind) {
        ("uin", _) => "Uin",
        ("region", _) => "Region",
        (_, Some(PlaceholderKind::SubAccount)) => "Uin",
        (_, Some(PlaceholderKind::Number | PlaceholderKind::AppId)) => "u64",
        (_, Some(PlaceholderKind::Text) | None) => "&str",
    }
}
