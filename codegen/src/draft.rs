//! A catalog as keys and values, which a tool can merge, edit and write as `catalog.toml`.
//!
//! No code here names a fact. The rows of [`cam_policy::catalog`] say which facts exist and in which order.

mod write;

use std::collections::BTreeMap;

use cam_policy::catalog::{
    AccessLevel, ActionFacts, Catalog, Facts, Granularity, Group, Grouping, Link, Service, Stated, Surface,
    Target, Text, Value, Word,
};

/// A catalog as keys and values.
///
/// A draft may contain errors. To check it, let [`parse`](crate::parse) read the text that [`Draft::to_toml`] writes.
///
/// ```
/// use cam_policy::catalog::Target;
/// use tencent_cam_codegen::draft::Draft;
///
/// let mut draft = Draft::default();
/// let service = draft.services.entry("demo".to_owned()).or_default();
/// service.facts.set("granularity", "operation");
/// let action = service.items_mut(Target::Action).entry("Start".to_owned()).or_default();
/// action.set("granularity", "operation");
/// action.set_text("description", "Starts.", "启动。");
///
/// assert!(draft.to_toml().ends_with(
///     "[service.demo.action.Start]
///   granularity = \"operation\"
///   description.en = \"Starts.\"
///   description.zh = \"启动。\"
/// "
/// ));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The version of the data; 0 if it was never released.
    pub version: u32,
    /// The services, by abbreviation.
    pub services: BTreeMap<String, ServiceDraft>,
}

/// A service as keys and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceDraft {
    /// The facts of the service itself.
    pub facts: Item,
    /// The items, indexed by the number of the [`Target`].
    items: [BTreeMap<String, Item>; 6],
}

/// The facts of one item. Each has the key of `catalog.toml`, with its dots: `description.en`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item(BTreeMap<String, Datum>);

/// A value of `catalog.toml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// A string, a word, a name or a day.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Several names.
    List(Vec<String>),
}

impl Draft {
    /// Copies all that a catalog states.
    #[must_use]
    pub fn of(catalog: &Catalog<'_>) -> Self {
        let services = catalog.services.iter();
        Self {
            version: catalog.version,
            services: services.map(|service| (service.id.to_owned(), ServiceDraft::of(service))).collect(),
        }
    }
}

impl ServiceDraft {
    /// Copies all that a service states.
    #[must_use]
    pub fn of(service: &Service<'_>) -> Self {
        let mut draft = Self { facts: Item::of(service, service), ..Self::default() };
        let patterns = service.patterns.iter();
        let patterns = patterns.map(|pattern| (pattern.name.to_owned(), Item::of(pattern, service)));
        draft.items_mut(Target::Pattern).extend(patterns);
        let categories = service.categories.iter();
        let categories = categories.map(|found| (found.name.to_owned(), Item::of_text(found.title)));
        draft.items_mut(Target::Category).extend(categories);
        let links = |links: &[Link<'_>]| -> Vec<(String, Item)> {
            links.iter().map(|link| (link.name.to_owned(), Item::of_link(link))).collect()
        };
        draft.items_mut(Target::ConsolePage).extend(links(service.console_pages));
        draft.items_mut(Target::Reference).extend(links(service.references));
        let restrictions = service.restrictions.iter();
        let restrictions =
            restrictions.map(|found| (found.reason.as_str().to_owned(), Item::of_text(found.text)));
        draft.items_mut(Target::Restriction).extend(restrictions);
        let actions = service.actions.iter();
        let actions = actions.map(|action| (action.name.to_owned(), Item::of(action, service)));
        draft.items_mut(Target::Action).extend(actions);
        draft
    }

    /// Returns the items of a kind, by name.
    #[must_use]
    pub fn items(&self, of: Target) -> &BTreeMap<String, Item> {
        &self.items[of as usize]
    }

    /// Returns the items of a kind, by name, for changes.
    pub fn items_mut(&mut self, of: Target) -> &mut BTreeMap<String, Item> {
        &mut self.items[of as usize]
    }

    /// Returns the names of the actions by group, in the order of `catalog.toml`.
    ///
    /// It ignores a word that is not one of the set.
    #[must_use]
    pub fn groups(&self) -> BTreeMap<Group, Vec<&str>> {
        let grouped_by = self.facts.word("grouped_by").unwrap_or(Service::UNSTATED.grouped_by);
        let mut groups: BTreeMap<Group, Vec<&str>> = BTreeMap::new();
        for (name, action) in self.items(Target::Action) {
            groups.entry(action.group(grouped_by)).or_default().push(name);
        }
        groups
    }
}

impl Item {
    /// Copies all that an item of this service states.
    fn of<'c, F: Facts<'c>>(facts: &F, service: &Service<'c>) -> Self {
        let mut item = Self::default();
        for fact in F::FACTS {
            if let Some(value) = facts.value(fact.key) {
                item.set_value(fact.key, value, service);
            }
        }
        item
    }

    fn of_text(text: Text<'_>) -> Self {
        let mut item = Self::default();
        item.set("en", text.en);
        item.set("zh", text.zh);
        item
    }

    fn of_link(link: &Link<'_>) -> Self {
        let mut item = Self::default();
        item.set_text("title", link.title.en, link.title.zh);
        item.set("url", link.url);
        item
    }

    /// Stores a value of the linked form under its key.
    fn set_value(&mut self, key: &str, value: Value<'_>, service: &Service<'_>) {
        match value {
            Value::Flag(flag) => self.set(key, flag),
            Value::String(text) => self.set(key, text),
            Value::Strings(list) => {
                self.set(key, list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
            }
            Value::Text(text) => self.set_text(key, text.en, text.zh),
            Value::Word(entry) => self.set(key, entry.word),
            Value::Action(number) => self.set(key, service.actions[usize::from(number)].name),
            Value::Category(category) => self.set(key, category.name),
            Value::Restriction(restriction) => self.set(key, restriction.reason.as_str()),
            Value::Patterns(patterns) => self.set(key, names(patterns, |pattern| pattern.name)),
            Value::Links(links) => self.set(key, names(links, |link| link.name)),
            Value::Source(source) => {
                self.set(format!("{key}.title"), source.title);
                if let Some(url) = source.url {
                    self.set(format!("{key}.url"), url);
                }
                if let Some(day) = source.dated {
                    self.set(format!("{key}.dated"), day);
                }
                self.set(format!("{key}.read"), source.read);
            }
            Value::Placeholders(placeholders) => {
                for placeholder in placeholders {
                    self.set(format!("{key}.{}", placeholder.name), placeholder.kind.as_str());
                }
            }
            Value::Overrides(overrides) => {
                for found in overrides {
                    let key = format!("{key}.{}", found.about);
                    if let Some(upstream) = found.upstream {
                        self.set(format!("{key}.upstream"), upstream);
                    }
                    self.set_text(format!("{key}.reason"), found.reason.en, found.reason.zh);
                }
            }
            Value::Notes(notes) => {
                for note in notes {
                    self.set_text(format!("{key}.{}", note.about), note.text.en, note.text.zh);
                }
            }
            // A new variant of `Value` must not be lost in silence.
            _ => unreachable!("the value of `{key}` is of a kind that cannot be written"),
        }
    }

    /// Returns the value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Datum> {
        self.0.get(key)
    }

    /// Returns the string under a key; `None` if there is no value, or one that is no string.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the word under a key; `None` if there is no value, or one that is not in the set.
    #[must_use]
    pub fn word<W: Word>(&self, key: &str) -> Option<W> {
        W::from_word(self.text(key)?)
    }

    /// Returns the flag under a key; `None` if there is no value, or one that is no flag.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Datum::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Returns the names under a key; no names if there is no value, or one that is no list.
    #[must_use]
    pub fn list(&self, key: &str) -> &[String] {
        match self.get(key) {
            Some(Datum::List(names)) => names,
            _ => &[],
        }
    }

    /// Returns the keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Datum)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Returns the keys below `key` and their values, sorted by key. The keys are without `key` and its dot.
    ///
    /// ```
    /// let mut item = tencent_cam_codegen::draft::Item::default();
    /// item.set_text("note.surface", "Unclear.", "不明确。");
    ///
    /// let keys: Vec<&str> = item.below("note").map(|(key, _)| key).collect();
    /// assert_eq!(keys, ["surface.en", "surface.zh"]);
    /// ```
    pub fn below<'i>(&'i self, key: &'i str) -> impl Iterator<Item = (&'i str, &'i Datum)> {
        self.iter()
            .filter_map(move |(found, value)| Some((found.strip_prefix(key)?.strip_prefix('.')?, value)))
    }

    /// Returns whether there is a value under the key or below it.
    #[must_use]
    pub fn states(&self, key: &str) -> bool {
        self.get(key).is_some() || self.below(key).next().is_some()
    }

    /// Sets a value. An empty list removes the key.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Datum>) {
        let (key, value) = (key.into(), value.into());
        if value == Datum::List(Vec::new()) {
            self.0.remove(&key);
        } else {
            self.0.insert(key, value);
        }
    }

    /// Sets a text in both languages.
    pub fn set_text(&mut self, key: impl Into<String>, en: &str, zh: &str) {
        let key = key.into();
        self.set(format!("{key}.en"), en);
        self.set(format!("{key}.zh"), zh);
    }

    /// Removes the values under the key and below it.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|found, _| {
            found.strip_prefix(key).is_none_or(|rest| !rest.is_empty() && !rest.starts_with('.'))
        });
    }

    /// Returns the group of an action with these facts.
    #[must_use]
    pub fn group(&self, grouped_by: Grouping) -> Group {
        let facts = ActionFacts {
            granularity: self.word::<Granularity>("granularity").unwrap_or(Granularity::Operation),
            surface: self.word::<Surface>("surface"),
            access_level: self.word::<AccessLevel>("access_level"),
            ..ActionFacts::UNSTATED
        };
        Group::of(grouped_by, &facts)
    }
}

fn names<T>(items: &[&T], name: impl Fn(&T) -> &str) -> Vec<String> {
    items.iter().map(|item| name(item).to_owned()).collect()
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Datum {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for Datum {
    fn from(names: Vec<String>) -> Self {
        Self::List(names)
    }
}

impl From<Stated<'_>> for Datum {
    fn from(stated: Stated<'_>) -> Self {
        match stated {
            Stated::Text(text) => text.into(),
            Stated::Flag(flag) => flag.into(),
            Stated::List(names) => Self::List(names.iter().map(|name| (*name).to_owned()).collect()),
        }
    }
}
