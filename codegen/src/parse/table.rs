//! Reads tables with a known set of keys, and their values.

use std::fmt;
use std::ops::Range;

use cam_policy::catalog::{Entry as WordEntry, Note, Text, Vocabulary};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::Diagnostics;
use super::order::in_order;
use crate::arena::Arena;
use crate::diagnostic::is_invisible;
use crate::numbers::{Firsts, Numbers};
use crate::sort::by_place;

/// The path of a table, for messages.
#[derive(Clone, Copy, Default)]
pub(super) struct Owner<'a> {
    pub(super) service: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { service: "", .. } => f.write_str("the catalog"),
            Self { kind: "", service, .. } => write!(f, "`service.{}`", Short(service)),
            Self { service, kind, name } => write!(f, "`service.{}.{kind}.{}`", Short(service), Short(name)),
        }
    }
}

impl Owner<'_> {
    /// Returns the path of a table below this one, for messages.
    pub(super) fn path_of(&self, kind: &str, name: &str) -> String {
        match self.service {
            "" => format!("service.{}", Short(name)),
            service => format!("service.{}.{kind}.{}", Short(service), Short(name)),
        }
    }
}

/// A name. Its `Display` cuts it to a length that any number of errors can repeat.
struct Short<'a>(&'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(100) {
            Some((at, _)) => write!(f, "{}…", &self.0[..at]),
            None => f.write_str(self.0),
        }
    }
}

pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) span: Range<usize>,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// The end of the table, including its sub-tables.
    fn end(&self) -> usize {
        fn end(value: &Spanned<DeValue<'_>>) -> usize {
            let own = value.span().end;
            match value.get_ref() {
                DeValue::Table(table) => table.values().map(end).fold(own, usize::max),
                _ => own,
            }
        }
        end(self.value).max(self.span.end)
    }
}

/// Records that a value was not read.
fn lose(value: &Spanned<DeValue<'_>>, diagnostics: &mut Diagnostics<'_>) {
    let DeValue::Table(table) = value.get_ref() else { return diagnostics.lose(value.span()) };
    for (key, value) in table {
        diagnostics.lose(key.span());
        lose(value, diagnostics);
    }
}

pub(super) fn entries<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let found: Vec<_> = table.iter().collect();
    let places: Vec<usize> = found.iter().map(|(key, _)| key.span().start).collect();
    let entry = |at: usize| {
        let (key, value) = found[at];
        Entry { key: key.get_ref().as_ref(), span: key.span(), value }
    };
    by_place(&places).into_iter().map(entry).collect()
}

/// Reports and returns the tables that stand between the parts of another one.
fn in_one_piece<'a>(entries: &[Entry<'a>], diagnostics: &mut Diagnostics<'_>) -> Numbers<'a> {
    let mut between = Numbers::default();
    let ends = entries.iter().map(Entry::end);
    for (pair, end) in entries.windows(2).zip(ends) {
        if end > pair[1].span.start {
            let diagnostic = diagnostics.add(
                &pair[1].span,
                format!("`{}` stands between the parts of `{}`", pair[1].key, pair[0].key),
                "in between",
                format!("move it, so that all of `{}` stands in one piece", pair[0].key),
            );
            diagnostic.and(&pair[0].span, format!("`{}` begins here and goes on below", pair[0].key));
            between.add(pair[1].key);
        }
    }
    between
}

/// Reports the entries that are not in the order of their names.
pub(super) fn sorted<'e, 'a: 'e>(
    entries: &mut dyn Iterator<Item = &'e Entry<'a>>,
    what: &str,
    diagnostics: &mut Diagnostics<'_>,
) {
    let names: Vec<_> = entries.map(|entry| (entry.key, &entry.span)).collect();
    let what = format!("{what} are sorted by name");
    in_order(&names, &|one, other| names[one].0 < names[other].0, &what, diagnostics);
}

/// A table with a known set of keys.
pub(super) struct Table<'a> {
    pub(super) owner: Owner<'a>,
    /// The place at which a missing key is reported.
    pub(super) span: Range<usize>,
    /// The prefix of the keys within the owner: `description.`.
    prefix: String,
    entries: Vec<Entry<'a>>,
    /// Missing keys that an unknown key was probably meant to be.
    meant: Vec<&'static str>,
}

/// A named table below a service.
pub(super) struct Named<'a> {
    pub(super) owner: Owner<'a>,
    pub(super) entry: Entry<'a>,
    table: &'a DeTable<'a>,
}

impl<'a> Named<'a> {
    /// Whether the table has a note about its name.
    pub(super) fn explains_its_name(&self) -> bool {
        let note = self.table.get("note").and_then(|note| note.get_ref().as_table());
        note.is_some_and(|note| note.contains_key("name"))
    }

    pub(super) fn open(&self, keys: &[&'static str], diagnostics: &mut Diagnostics<'_>) -> Table<'a> {
        Table::new(self.owner, &self.entry.span, "", self.table, keys, diagnostics)
    }
}

impl<'a> Table<'a> {
    /// Reports keys that are unknown or out of their fixed order.
    pub(super) fn new(
        owner: Owner<'a>,
        span: &Range<usize>,
        prefix: &str,
        table: &'a DeTable<'a>,
        keys: &[&'static str],
        diagnostics: &mut Diagnostics<'_>,
    ) -> Self {
        let mut entries = entries(table);
        let between = in_one_piece(&entries, diagnostics);
        let absent: Vec<&'static str> =
            keys.iter().copied().filter(|key| entries.iter().all(|entry| entry.key != *key)).collect();
        let mut meant = Vec::new();
        entries.retain(|entry| {
            let known = keys.contains(&entry.key);
            if !known {
                let near = match (absent.as_slice(), keys) {
                    ([only], [_, _]) if !owner.service.is_empty() => Some(*only),
                    _ => diagnostics.nearest(entry.key, absent.iter().copied()),
                };
                meant.extend(near);
                let near = near.or_else(|| diagnostics.nearest(entry.key, keys.iter().copied()));
                let help = match near {
                    Some(key) => format!("did you mean `{prefix}{key}`?"),
                    None => format!("the keys are {}", list(keys)),
                };
                let message = format!("unknown key `{prefix}{}` in {owner}", entry.key);
                diagnostics.add(&entry.span, message, "not a key here", help);
                diagnostics.lose(entry.span.clone());
                lose(entry.value, diagnostics);
            }
            known
        });
        let placed = entries.iter().filter(|entry| between.get(entry.key).is_none());
        let placed: Vec<_> = placed.map(|entry| (entry.key, &entry.span)).collect();
        let rank = |at: usize| keys.iter().position(|key| *key == placed[at].0);
        let what = "keys have a fixed order";
        in_order(&placed, &|one, other| rank(one) < rank(other), what, diagnostics);
        Self { owner, span: span.clone(), prefix: prefix.to_owned(), entries, meant }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether the key is missing, and no other error is the reason.
    pub(super) fn lacks(&self, key: &str, diagnostics: &Diagnostics<'_>) -> bool {
        self.get(key).is_none() && !self.is_unsure(key, diagnostics)
    }

    /// Whether the key is missing, but an unread or misspelt part may contain it.
    pub(super) fn is_unsure(&self, key: &str, diagnostics: &Diagnostics<'_>) -> bool {
        self.get(key).is_none()
            && (self.meant.contains(&key) || diagnostics.is_lost_near(key, self.span.start))
    }

    /// Whether there is no table under the key, and no other error is the reason.
    pub(super) fn has_none(&self, key: &str, diagnostics: &Diagnostics<'_>) -> bool {
        match self.get(key) {
            Some(entry) => entry.value.get_ref().as_table().is_some_and(|table| table.is_empty()),
            None => self.lacks(key, diagnostics),
        }
    }

    fn name(&self, key: &str) -> String {
        format!("`{}{key}`", self.prefix)
    }

    pub(super) fn missing(&self, key: &str, help: &str, diagnostics: &mut Diagnostics<'_>) {
        let message = format!("{} has no {}", self.owner, self.name(key));
        diagnostics.add(&self.span, message, format!("{} is missing", self.name(key)), help);
    }

    /// Reads an optional string.
    pub(super) fn string(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<(&'a str, Range<usize>)> {
        let entry = self.get(key)?;
        string(entry.value, &self.name(key), "write a text in quotes, or delete the line", diagnostics)
    }

    /// Reads a required string.
    pub(super) fn required(
        &self,
        key: &str,
        help: &str,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<(&'a str, Range<usize>)> {
        if self.lacks(key, diagnostics) {
            self.missing(key, help, diagnostics);
        }
        string(self.get(key)?.value, &self.name(key), help, diagnostics)
    }

    pub(super) fn boolean(&self, key: &str, diagnostics: &mut Diagnostics<'_>) -> Option<bool> {
        let entry = self.get(key)?;
        let found = entry.value.get_ref().as_bool();
        if found.is_none() {
            let help = "write `true` or `false`; if it is not known, delete the line";
            wrong_type(entry.value, &self.name(key), "`true` or `false`", help, diagnostics);
        }
        found
    }

    /// Reads an optional word of a closed set.
    pub(super) fn word(
        &self,
        key: &str,
        set: &'static Vocabulary,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<(&'static WordEntry, Range<usize>)> {
        let value = self.get(key)?.value;
        let what = self.name(key);
        let (text, span) = string(value, &what, &one_of(set), diagnostics)?;
        word(&what, text, set, &span, diagnostics).map(|found| (found, span))
    }

    /// Reads an optional text in both languages.
    pub(super) fn text<'c>(
        &self,
        key: &str,
        arena: &'c Arena,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Text<'c>> {
        self.both_in(self.get(key)?, arena, diagnostics)
    }

    fn both_in<'c>(
        &self,
        entry: &Entry<'a>,
        arena: &'c Arena,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Text<'c>> {
        let prefix = format!("{}{}.", self.prefix, entry.key);
        let help = format!("write `{prefix}en = \"…\"` and `{prefix}zh = \"…\"`");
        let what = self.name(entry.key);
        let found = table(entry.value, &what, "a text in two languages", &help, diagnostics)?;
        Table::new(self.owner, &entry.span, &prefix, found, &["en", "zh"], diagnostics)
            .both(arena, diagnostics)
    }

    /// Reads the `en` and `zh` of the table itself.
    pub(super) fn both<'c>(&self, arena: &'c Arena, diagnostics: &mut Diagnostics<'_>) -> Option<Text<'c>> {
        let mut language = |key: &str| {
            let help =
                format!("write `{}{key} = \"…\"`: every text stands in English and in Chinese", self.prefix);
            let (text, span) = self.required(key, &help, diagnostics)?;
            check_text(&self.name(key), text, &span, diagnostics);
            Some(arena.text(text))
        };
        let (en, zh) = (language("en"), language("zh"));
        Some(Text { en: en?, zh: zh? })
    }

    /// Reads the notes of the table. Each is about one of `keys` or the name.
    pub(super) fn notes<'c>(
        &self,
        key: &str,
        keys: &[&str],
        arena: &'c Arena,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Vec<Note<'c>> {
        let mut notes = Vec::new();
        let Some(entry) = self.get(key) else { return notes };
        let help = "write `note.<key>.en = \"…\"` and `.zh`";
        let Some(found) = table(entry.value, "`note`", "a text for each key it is about", help, diagnostics)
        else {
            return notes;
        };
        let mut subjects = vec!["name"];
        subjects.extend(keys.iter().copied().filter(|subject| ![key, "name"].contains(subject)));
        let found = entries(found);
        let between = in_one_piece(&found, diagnostics);
        let mut placed = found.iter().filter(|entry| between.get(entry.key).is_none());
        sorted(&mut placed, "notes", diagnostics);
        let below = Self {
            owner: self.owner,
            span: entry.span.clone(),
            prefix: "note.".to_owned(),
            entries: Vec::new(),
            meant: Vec::new(),
        };
        for note in &found {
            if !subjects.contains(&note.key) {
                let help = match diagnostics.nearest(note.key, subjects.iter().copied()) {
                    Some(key) => format!("did you mean `note.{key}`?"),
                    None => format!("name the key the note is about: {}", list(&subjects)),
                };
                let message = format!("`note.{}` is about no key of {}", note.key, self.owner);
                diagnostics.add(&note.span, message, "no such key", help);
            }
            if let Some(text) = below.both_in(note, arena, diagnostics) {
                notes.push(Note { about: arena.text(note.key), text });
            }
        }
        notes
    }

    /// Reads the strings of an array, and reports repeated ones.
    pub(super) fn strings(
        &self,
        key: &str,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Vec<(&'a str, Range<usize>)> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        let what = self.name(key);
        let DeValue::Array(array) = entry.value.get_ref() else {
            let name = entry.value.get_ref().as_str().unwrap_or("…");
            let help = format!("write `{key} = [\"{name}\"]`");
            wrong_type(entry.value, &what, "an array of names", &help, diagnostics);
            lose(entry.value, diagnostics);
            return Vec::new();
        };
        if array.is_empty() {
            let help = "name at least one, or delete the line";
            diagnostics.add(&entry.value.span(), format!("{what} is empty"), "names nothing", help);
        }
        let mut seen = Firsts::default();
        let mut found = Vec::new();
        let help = "write a name in quotes, or delete it";
        for value in array {
            let Some((name, span)) = string(value, &format!("a name in {what}"), help, diagnostics) else {
                continue;
            };
            if let Some(first) = seen.add(name, span.clone()) {
                let message = format!("{what} names `{name}` twice");
                diagnostics.add(&span, message, "named again", "name it once").and(first, "first named here");
                continue;
            }
            found.push((name, span));
        }
        found
    }

    /// Reads the named tables under `key`. If `by_name`, they must be in the order of their names.
    pub(super) fn tables(
        &self,
        key: &'a str,
        by_name: bool,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Vec<Named<'a>> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        let help = format!("write a table for each, `[{}]`", self.owner.path_of(key, "<name>"));
        let Some(found) = table(entry.value, &self.name(key), "named tables", &help, diagnostics) else {
            return Vec::new();
        };
        let found = entries(found);
        let between = in_one_piece(&found, diagnostics);
        if by_name {
            let mut placed = found.iter().filter(|entry| between.get(entry.key).is_none());
            sorted(&mut placed, &format!("the `{key}` tables"), diagnostics);
        }
        let mut tables = Vec::new();
        for entry in found {
            let owner = match self.owner.service {
                "" => Owner { service: entry.key, ..Owner::default() },
                service => Owner { service, kind: key, name: entry.key },
            };
            let help = format!("write `[{}]`, and its keys below", self.owner.path_of(key, entry.key));
            if let Some(table) = table(entry.value, &owner.to_string(), "a table", &help, diagnostics) {
                tables.push(Named { owner, entry, table });
            }
        }
        tables
    }
}

/// Reads a value that must be a table.
pub(super) fn table<'a>(
    value: &'a Spanned<DeValue<'a>>,
    what: &str,
    wanted: &str,
    help: &str,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<&'a DeTable<'a>> {
    if let DeValue::Table(table) = value.get_ref() {
        return Some(table);
    }
    wrong_type(value, what, wanted, help, diagnostics);
    lose(value, diagnostics);
    None
}

pub(super) fn list(words: &[impl AsRef<str>]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

pub(super) fn wrong_type(
    value: &Spanned<DeValue<'_>>,
    what: &str,
    wanted: &str,
    help: &str,
    diagnostics: &mut Diagnostics<'_>,
) {
    let found = match value.get_ref() {
        DeValue::Integer(_) => "an integer",
        DeValue::Array(_) => "an array",
        DeValue::String(_) => "a string",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(day) if day.time.is_none() => "a date",
        DeValue::Datetime(day) if day.date.is_none() => "a time",
        DeValue::Datetime(_) => "a date with a time",
        DeValue::Table(_) => "a table",
    };
    diagnostics.add(
        &value.span(),
        format!("{what} must be {wanted}, not {found}"),
        format!("this is {found}"),
        help,
    );
}

/// Reads a string that a table, a doc comment and a terminal can show on one line.
pub(super) fn string<'a>(
    value: &'a Spanned<DeValue<'a>>,
    what: &str,
    help: &str,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<(&'a str, Range<usize>)> {
    let Some(text) = value.get_ref().as_str() else {
        wrong_type(value, what, "a string", help, diagnostics);
        return None;
    };
    let span = value.span();
    let trimmed = text.trim();
    if trimmed.is_empty() {
        diagnostics.add(&span, format!("{what} is empty"), "says nothing", help);
        return None;
    }
    if trimmed != text {
        let help = format!("write \"{trimmed}\"");
        diagnostics.add(&span, format!("{what} begins or ends with whitespace"), "stray whitespace", help);
    }
    if let Some((at, bad)) = trimmed.char_indices().find(|(_, character)| is_invisible(*character)) {
        let at = at + text.len() - text.trim_start().len();
        let at = diagnostics
            .content(text, &span)
            .map_or(span.clone(), |start| start + at..start + at + bad.len_utf8());
        diagnostics.add(
            &at,
            format!("{what} contains the invisible character U+{:04X}", u32::from(bad)),
            "invisible character",
            "write it on one line, in visible characters",
        );
    }
    Some((text, span))
}

/// Reports text that Markdown would read as markup.
fn check_text(what: &str, text: &str, span: &Range<usize>, diagnostics: &mut Diagnostics<'_>) {
    if text.contains("://") {
        diagnostics.add(
            span,
            format!("{what} contains an address"),
            "addresses do not belong in texts",
            "keep addresses in `url`, `doc_url` and references, and name the page here",
        );
    }
    if text.matches('`').count() % 2 == 1 || text.contains("``") {
        diagnostics.add(
            span,
            format!("{what} has backticks that do not pair up"),
            "a code span is not closed, or empty",
            "write one backtick before the code, and one after it",
        );
    }
}

pub(super) fn words(set: &Vocabulary) -> Vec<&'static str> {
    set.entries.iter().map(|entry| entry.word).collect()
}

fn one_of(set: &Vocabulary) -> String {
    format!("write one of {}", list(&words(set)))
}

pub(super) fn word(
    what: &str,
    text: &str,
    set: &'static Vocabulary,
    span: &Range<usize>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<&'static WordEntry> {
    let found = set.entries.iter().find(|entry| entry.word == text);
    if found.is_none() {
        let help = match diagnostics.nearest(text, words(set).into_iter()) {
            Some(word) => format!("did you mean \"{word}\"? The words are {}", list(&words(set))),
            None => one_of(set),
        };
        diagnostics.add(span, format!("{what} cannot be \"{text}\""), "unknown word", help);
    }
    found
}
