//! `catalog.toml` → [`Catalog`], or every fault in it.

mod life;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Report};
use crate::model::{
    Action, Catalog, Category, Granularity, Group, IpRestriction, Link, Pattern, PlaceholderKind,
    RestrictionReason, Service, ServiceGranularity, Source, Text, Vocabulary, by_surface,
};
use crate::names;
use crate::shared::{Piece, is_placeholder, nearest, pieces};
use crate::template::{self, SEGMENTS, Segments};

/// Reads and checks a catalog. `path` is what reports call it.
///
/// # Errors
///
/// Every fault of the catalog, syntax and meaning, in one report.
pub fn parse(path: &str, text: &str) -> Result<Catalog, Report> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut faults = Faults { text, broken: Vec::new(), list: Vec::new() };
    for error in errors {
        faults.syntax(&error);
    }
    let syntax = faults.list.len();
    let root = Table::new(Owner::default(), 0..0, document.get_ref(), &["version", "service"], &mut faults);
    let catalog = read_catalog(&root, &mut faults);
    faults.drop_consequences(syntax);
    if faults.list.is_empty() { Ok(catalog) } else { Err(Report::new(path, text, faults.list)) }
}

/// Collects what is wrong.
struct Faults<'t> {
    text: &'t str,
    /// The lines, and the tables defined twice, that cannot be read as they were meant.
    broken: Vec<Range<usize>>,
    list: Vec<Diagnostic>,
}

impl Faults<'_> {
    fn add(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Diagnostic {
        self.list.push(Diagnostic {
            span: span.clone(),
            message: message.into(),
            label: label.into(),
            other: None,
            help: help.into(),
        });
        self.list.last_mut().expect("one was pushed")
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        if error.message() != "duplicate key" {
            self.broken.push(self.lines_to(span.start, "\n"));
            let message = format!("this is no TOML: {}", error.message());
            self.add(&span, message, "here", "see https://toml.io for the syntax");
            return;
        }
        if self.broken.iter().any(|broken| broken.contains(&span.start)) {
            return;
        }
        let first = first_header_like(self.text, span.start);
        if first.is_some() {
            self.broken.push(self.lines_to(span.start, "\n["));
        }
        let key = self.text.get(span.clone()).unwrap_or_default().to_owned();
        let fault = self.add(
            &span,
            format!("`{key}` is defined twice"),
            "second definition",
            "keep one of them; every action, pattern and key stands once",
        );
        fault.other = first.map(|span| (span, "first defined here".to_owned()));
    }

    /// From the start of the line of `at` to the next `end`.
    fn lines_to(&self, at: usize, end: &str) -> Range<usize> {
        let start = self.text.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |found| found + 1);
        let rest = self.text.get(at..).unwrap_or_default();
        start..rest.find(end).map_or(self.text.len(), |found| at + found) + 1
    }

    /// Removes what was found wrong after the first `syntax` faults only because of them.
    fn drop_consequences(&mut self, syntax: usize) {
        let mut at = 0;
        let broken = std::mem::take(&mut self.broken);
        self.list.retain(|fault| {
            at += 1;
            at <= syntax || !broken.iter().any(|broken| broken.contains(&fault.span.start))
        });
    }

    /// Whether a missing key of the table at `span` may just be hidden by broken syntax.
    fn hidden(&self, span: &Range<usize>) -> bool {
        if self.broken.is_empty() {
            return false;
        }
        let table = self.lines_to(span.end, "\n[");
        self.broken.iter().any(|broken| broken.start < table.end && table.start < broken.end)
    }

    /// The bytes of a string's content within its quotes, where the text shows them as they are.
    fn inside(&self, value: &str, span: &Range<usize>, part: &Range<usize>) -> Range<usize> {
        let start = span.start + 1;
        if self.text.get(start..start + value.len()) == Some(value) {
            start + part.start..start + part.end
        } else {
            span.clone()
        }
    }
}

/// The earlier line that is the same table header as the one around `at`.
fn first_header_like(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |found| found + 1);
    let header = text[start..].lines().next()?.trim();
    let mut offset = 0;
    for line in text[..start].split_inclusive('\n') {
        let found = line.trim();
        if found == header && header.starts_with('[') {
            let from = offset + line.find('[')?;
            return Some(from..from + found.len());
        }
        offset += line.len();
    }
    None
}

/// The path of a table, for messages.
#[derive(Clone, Copy, Default)]
struct Owner<'a> {
    service: &'a str,
    kind: &'a str,
    name: &'a str,
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { service: "", .. } => f.write_str("the catalog"),
            Self { kind: "", service, .. } => write!(f, "`service.{service}`"),
            Self { service, kind, name } => write!(f, "`service.{service}.{kind}.{name}`"),
        }
    }
}

struct Entry<'a> {
    key: &'a str,
    key_span: Range<usize>,
    value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Where the last byte of the entry stands, its own sub-tables included.
    fn last(&self) -> usize {
        fn last(value: &Spanned<DeValue<'_>>) -> usize {
            match value.get_ref() {
                DeValue::Table(table) => {
                    table.values().map(last).max().unwrap_or(0).max(value.span().end)
                }
                _ => value.span().end,
            }
        }
        last(self.value).max(self.key_span.end)
    }
}

/// A table with a known set of keys.
struct Table<'a> {
    owner: Owner<'a>,
    span: Range<usize>,
    entries: Vec<Entry<'a>>,
}

impl<'a> Table<'a> {
    /// Reports the keys that are unknown or out of their fixed order.
    fn new(
        owner: Owner<'a>,
        span: Range<usize>,
        table: &'a DeTable<'a>,
        keys: &[&str],
        faults: &mut Faults<'_>,
    ) -> Self {
        let entries = entries(table);
        let mut before: Option<(usize, &str, Range<usize>, usize)> = None;
        for entry in &entries {
            let Some(rank) = keys.iter().position(|key| *key == entry.key) else {
                let help = match nearest(entry.key, keys.iter().copied()).first() {
                    Some(key) => format!("did you mean `{key}`?"),
                    None => format!("{owner} takes {}", list(keys)),
                };
                faults.add(
                    &entry.key_span,
                    format!("unknown key `{}` in {owner}", entry.key),
                    "not a key here",
                    help,
                );
                continue;
            };
            if let Some((_, key, span, _)) =
                before.as_ref().filter(|(r, .., last)| *r > rank || *last > entry.key_span.start)
            {
                let fault = faults.add(
                    &entry.key_span,
                    format!("`{}` is out of order in {owner}", entry.key),
                    "stands too late, or within another key's lines",
                    format!("keep the keys in this order, each in one piece: {}", list(keys)),
                );
                fault.other = Some((span.clone(), format!("`{key}` is here")));
            }
            before = Some((rank, entry.key, entry.key_span.clone(), entry.last()));
        }
        Self { owner, span, entries }
    }

    fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn missing(&self, key: &str, help: &str, faults: &mut Faults<'_>) {
        if !faults.hidden(&self.span) {
            let message = format!("{} has no `{key}`", self.owner);
            faults.add(&self.span, message, format!("`{key}` is missing"), help);
        }
    }

    fn string(&self, key: &str, faults: &mut Faults<'_>) -> Option<(&'a str, Range<usize>)> {
        let entry = self.get(key)?;
        string(entry.value, &format!("`{key}`"), faults)
    }

    fn boolean(&self, key: &str, faults: &mut Faults<'_>) -> Option<bool> {
        let entry = self.get(key)?;
        let found = entry.value.get_ref().as_bool();
        if found.is_none() {
            wrong_type(entry.value, &format!("`{key}`"), "`true` or `false`", faults);
        }
        found
    }

    fn word<T: Vocabulary>(&self, key: &str, faults: &mut Faults<'_>) -> Option<(T, Range<usize>)> {
        let (text, span) = self.string(key, faults)?;
        word(key, text, &span, faults).map(|found| (found, span))
    }

    fn text(&self, key: &str, help: &str, faults: &mut Faults<'_>) -> Text {
        let Some(entry) = self.get(key) else {
            self.missing(key, help, faults);
            return blank();
        };
        text(self.owner, entry, faults)
    }

    /// The strings of an array, each once.
    fn strings(&self, key: &str, faults: &mut Faults<'_>) -> Vec<(&'a str, Range<usize>)> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = entry.value.get_ref() else {
            wrong_type(entry.value, &format!("`{key}`"), "an array of names", faults);
            return Vec::new();
        };
        if array.is_empty() {
            faults.add(
                &entry.value.span(),
                format!("`{key}` is empty"),
                "names nothing",
                "name at least one, or leave the key out",
            );
        }
        let mut seen: HashMap<&str, Range<usize>> = HashMap::new();
        let mut found = Vec::new();
        for value in array {
            let Some((name, span)) = string(value, &format!("`{key}`"), faults) else { continue };
            if let Some(first) = seen.get(name) {
                let fault = faults.add(
                    &span,
                    format!("`{key}` names `{name}` twice"),
                    "named again",
                    "name it once",
                );
                fault.other = Some((first.clone(), "first named here".to_owned()));
                continue;
            }
            seen.insert(name, span.clone());
            found.push((name, span));
        }
        found
    }

    /// The named tables under `key`, which stand in the order of their names if `sorted`.
    fn tables(
        &self,
        key: &'a str,
        sorted: bool,
        faults: &mut Faults<'_>,
    ) -> Vec<(Owner<'a>, Entry<'a>, &'a DeTable<'a>)> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = entry.value.get_ref() else {
            wrong_type(entry.value, &format!("`{key}`"), "a table for each name", faults);
            return Vec::new();
        };
        let mut found: Vec<(Owner<'_>, Entry<'_>, &DeTable<'_>)> = Vec::new();
        for entry in entries(table) {
            let owner = Owner { service: self.owner.service, kind: key, name: entry.key };
            let DeValue::Table(table) = entry.value.get_ref() else {
                wrong_type(entry.value, &owner.to_string(), "a table", faults);
                continue;
            };
            if let Some((_, before, _)) = found.last().filter(|_| sorted) {
                sorted_after(before, &entry, &format!("`{key}` entries are"), faults);
            }
            found.push((owner, entry, table));
        }
        found
    }
}

fn entries<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'_>> = table
        .iter()
        .map(|(key, value)| Entry { key: key.get_ref().as_ref(), key_span: key.span(), value })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    entries
}

fn sorted_after(before: &Entry<'_>, entry: &Entry<'_>, what: &str, faults: &mut Faults<'_>) {
    if before.key > entry.key {
        let fault = faults.add(
            &entry.key_span,
            format!("`{}` is out of order: {what} sorted by name", entry.key),
            "belongs further up",
            format!("move it up, before `{}`", before.key),
        );
        fault.other = Some((before.key_span.clone(), "stands before it".to_owned()));
    }
}

fn blank() -> Text {
    Text { en: String::new(), zh: String::new() }
}

fn list(words: &[impl AsRef<str>]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

fn wrong_type(value: &Spanned<DeValue<'_>>, what: &str, wanted: &str, faults: &mut Faults<'_>) {
    let found = value.get_ref().type_str();
    faults.add(
        &value.span(),
        format!("{what} must be {wanted}, not {found}"),
        format!("this is {found}"),
        format!("write {wanted}"),
    );
}

/// A string fit to be printed on one line of a table, a doc comment and a terminal.
fn string<'a>(
    value: &'a Spanned<DeValue<'a>>,
    what: &str,
    faults: &mut Faults<'_>,
) -> Option<(&'a str, Range<usize>)> {
    let Some(text) = value.get_ref().as_str() else {
        wrong_type(value, what, "a string", faults);
        return None;
    };
    let span = value.span();
    if text.trim().is_empty() {
        faults.add(&span, format!("{what} is empty"), "says nothing", "fill it in, or leave the key out");
        return None;
    }
    if text.trim() != text {
        let help = format!("write \"{}\"", text.trim());
        faults.add(&span, format!("{what} begins or ends with a blank"), "stray blank", help);
    }
    if let Some(bad) = text.chars().find(|letter| unprintable(*letter)) {
        faults.add(
            &span,
            format!("{what} contains the invisible character U+{:04X}", u32::from(bad)),
            "in here",
            "write it on one line, in visible characters",
        );
    }
    Some((text, span))
}

/// Control characters, line ends, and the marks that make text read in another order than it is stored.
fn unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn word<T: Vocabulary>(key: &str, text: &str, span: &Range<usize>, faults: &mut Faults<'_>) -> Option<T> {
    let found = T::all().iter().copied().find(|value| value.word() == text);
    if found.is_none() {
        let words: Vec<&str> = T::all().iter().map(|value| value.word()).collect();
        let help = match nearest(text, words.iter().copied()).first() {
            Some(word) => format!("did you mean `\"{word}\"`? The words are {}", list(&words)),
            None => format!("write one of {}", list(&words)),
        };
        faults.add(span, format!("`{key}` cannot be \"{text}\""), "unknown word", help);
    }
    found
}

fn text(owner: Owner<'_>, entry: &Entry<'_>, faults: &mut Faults<'_>) -> Text {
    let DeValue::Table(table) = entry.value.get_ref() else {
        wrong_type(
            entry.value,
            &format!("`{}`", entry.key),
            "`en` and `zh` texts",
            faults,
        );
        return blank();
    };
    let table = Table::new(owner, entry.key_span.clone(), table, &["en", "zh"], faults);
    both(&table, entry.key, faults)
}

/// The `en` and `zh` of a table.
fn both(table: &Table<'_>, what: &str, faults: &mut Faults<'_>) -> Text {
    let mut language = |key: &str| {
        if table.get(key).is_none() {
            let help = format!("add `{key} = \"…\"`: every text stands in English and in Chinese");
            table.missing(&format!("{what}.{key}"), &help, faults);
        }
        let (text, span) = table.string(key, faults)?;
        if text.contains("://") {
            faults.add(
                &span,
                format!("`{what}.{key}` contains an address"),
                "addresses do not belong in texts",
                "put it into `doc_url`, or into a reference",
            );
        }
        Some(text.to_owned())
    };
    Text { en: language("en").unwrap_or_default(), zh: language("zh").unwrap_or_default() }
}

/// The notes of a table, each about one of `keys` or the name.
fn notes(table: &Table<'_>, keys: &[&str], faults: &mut Faults<'_>) -> BTreeMap<String, Text> {
    let Some(entry) = table.get("note") else { return BTreeMap::new() };
    let DeValue::Table(found) = entry.value.get_ref() else {
        wrong_type(entry.value, "`note`", "a text for each key it is about", faults);
        return BTreeMap::new();
    };
    let mut subjects = vec!["name"];
    subjects.extend(keys.iter().copied().filter(|key| *key != "note" && *key != "name"));
    let notes = entries(found);
    for pair in notes.windows(2) {
        sorted_after(&pair[0], &pair[1], "notes are", faults);
    }
    for note in &notes {
        if !subjects.contains(&note.key) {
            let help = match nearest(note.key, subjects.iter().copied()).first() {
                Some(key) => format!("did you mean `note.{key}`?"),
                None => format!("name the key the note is about: {}", list(&subjects)),
            };
            faults.add(
                &note.key_span,
                format!("`note.{}` is about no key of {}", note.key, table.owner),
                "no such key",
                help,
            );
        }
    }
    notes.iter().map(|note| (note.key.to_owned(), text(table.owner, note, faults))).collect()
}

/// An https address that is safe to print anywhere.
fn url(key: &str, found: Option<(&str, Range<usize>)>, faults: &mut Faults<'_>) -> Option<String> {
    let (url, span) = found?;
    let host = url.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let fault = match host {
        None => Some("does not begin with `https://`"),
        Some(host) if !host.contains('.') || host.contains('@') => Some("names no host"),
        Some(_) if !url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`\\^{|}".contains(&b)) => {
            Some("has characters that must be percent-encoded")
        }
        Some(_) => None,
    };
    if let Some(fault) = fault {
        faults.add(
            &span,
            format!("`{key}` is no https address: it {fault}"),
            "not an address",
            "write the page's address, `https://…`, without blanks",
        );
    }
    Some(url.to_owned())
}

fn read_catalog(root: &Table<'_>, faults: &mut Faults<'_>) -> Catalog {
    let version = life::version(root, faults);
    let mut modules: HashMap<String, (&str, Range<usize>)> = HashMap::new();
    let mut services = Vec::new();
    for (owner, entry, table) in root.tables("service", true, faults) {
        let id = owner.name;
        if names::is_service(id) {
            let module = names::module(id);
            let variant = names::camel(id);
            unique(&mut modules, variant, id, &entry.key_span, "service", faults);
            if names::is_keyword(&module) || names::RESERVED.contains(&module.as_str()) {
                faults.add(
                    &entry.key_span,
                    format!("`{id}` cannot name a service: `{module}` means something else in Rust or in this crate"),
                    "would be a module of the generated API",
                    format!("the taken names are Rust's keywords and {}", list(names::RESERVED)),
                );
            }
        } else {
            faults.add(
                &entry.key_span,
                format!("`{id}` is no service abbreviation"),
                "a letter first, then lower-case letters, digits, `-` and `_`",
                "write the product's abbreviation in CAM, such as `trtc`",
            );
        }
        let owner = Owner { service: id, ..Owner::default() };
        services.push(read_service(owner, &entry, table, faults));
    }
    if services.is_empty() && faults.broken.is_empty() {
        faults.add(&(0..0), "the catalog has no service", "`[service.…]` is missing", "add `[service.<id>]`");
    }
    Catalog { version, services }
}

/// Reports a second name that would become the same Rust identifier.
fn unique<'a>(
    known: &mut HashMap<String, (&'a str, Range<usize>)>,
    identifier: String,
    name: &'a str,
    span: &Range<usize>,
    what: &str,
    faults: &mut Faults<'_>,
) {
    if let Some((first, first_span)) = known.get(&identifier) {
        let fault = faults.add(
            span,
            format!("{what} `{name}` and `{first}` both become `{identifier}` in Rust"),
            "the second",
            "rename one of them; an action's name is CAM's, so check it against the source",
        );
        fault.other = Some((first_span.clone(), format!("`{first}` is here")));
    } else {
        known.insert(identifier, (name, span.clone()));
    }
}

const SERVICE_KEYS: &[&str] = &[
    "name", "granularity", "console_access", "tag_authorization", "ip_restriction", "source", "override", "note",
    "pattern",
    "category", "console_page", "reference", "restriction", "action",
];
const SOURCE_KEYS: &[&str] = &["title", "url", "read"];
const PATTERN_KEYS: &[&str] = &["single", "all", "placeholder", "service_segment", "description", "note"];
const LINK_KEYS: &[&str] = &["title", "url"];
const ACTION_KEYS: &[&str] = &[
    "removed", "replaced_by", "granularity", "patterns", "access_level", "surface", "category", "console_pages", "doc_url", "ip_condition",
    "restriction", "alternative", "references", "description", "override", "note",
];

/// Something actions refer to by name, and whether one did.
struct Referents<'a> {
    kind: &'static str,
    known: BTreeMap<&'a str, Range<usize>>,
    used: BTreeSet<&'a str>,
}

impl<'a> Referents<'a> {
    fn new<'o>(kind: &'static str, known: impl Iterator<Item = (&'a str, &'o Range<usize>)>) -> Self {
        let known = known.map(|(name, span)| (name, span.clone())).collect();
        Self { kind, known, used: BTreeSet::new() }
    }

    /// Whether `name` is defined; a name that is not is reported.
    fn refer(&mut self, name: &'a str, span: &Range<usize>, faults: &mut Faults<'_>) -> bool {
        let known = self.known.contains_key(name);
        if known {
            self.used.insert(name);
        } else {
            let kind = self.kind;
            let help = match nearest(name, self.known.keys().copied()).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("define it in its own table, `[service.….{kind}.{name}]`"),
            };
            faults.add(span, format!("there is no {kind} `{name}`"), "not defined", help);
        }
        known
    }

    fn report_unused(&self, faults: &mut Faults<'_>) {
        for (name, span) in self.known.iter().filter(|(name, _)| !self.used.contains(*name)) {
            let kind = self.kind;
            faults.add(
                span,
                format!("no action refers to {kind} `{name}`"),
                "unused",
                "delete it, or name it in the actions it is for",
            );
        }
    }
}

fn read_service<'a>(
    owner: Owner<'a>,
    entry: &Entry<'a>,
    table: &'a DeTable<'a>,
    faults: &mut Faults<'_>,
) -> Service {
    let table = Table::new(owner, header(entry), table, SERVICE_KEYS, faults);
    let name = table.text("name", "add `name.en` and `name.zh`, the product's names", faults);
    let granularity = table.word::<ServiceGranularity>("granularity", faults);
    if table.get("granularity").is_none() {
        table.missing("granularity", "write the granularity the source states for the product", faults);
    }
    let ip_restriction = table.word::<IpRestriction>("ip_restriction", faults);
    let console_access = table.boolean("console_access", faults);
    let tag_authorization = table.boolean("tag_authorization", faults);
    let source = read_source(&table, faults);
    let overrides = life::overrides(&table, life::SERVICE_FACTS, faults);
    let notes = notes(&table, SERVICE_KEYS, faults);

    let mut types: HashMap<String, (&str, Range<usize>)> = HashMap::new();
    for own in ["Action", "OperationAction", "UndocumentedAction"] {
        types.insert(own.to_owned(), (own, table.span.clone()));
    }
    let mut singles: HashMap<String, Range<usize>> = HashMap::new();
    let mut patterns = Vec::new();
    let pattern_tables = table.tables("pattern", true, faults);
    for (owner, entry, table) in &pattern_tables {
        snake("pattern", entry, faults);
        unique(&mut types, names::camel(entry.key), entry.key, &entry.key_span, "pattern", faults);
        patterns.push(read_pattern(*owner, entry, table, &mut singles, faults));
    }

    let category_tables = table.tables("category", true, faults);
    let categories = category_tables
        .iter()
        .map(|(owner, entry, table)| {
            snake("category", entry, faults);
            let table = Table::new(*owner, header(entry), table, &["en", "zh"], faults);
            Category { name: entry.key.to_owned(), title: both(&table, "category", faults) }
        })
        .collect();
    let page_tables = table.tables("console_page", true, faults);
    let console_pages = page_tables.iter().map(|page| read_link("console page", page, faults)).collect();
    let reference_tables = table.tables("reference", true, faults);
    let references = reference_tables.iter().map(|link| read_link("reference", link, faults)).collect();
    let restriction_tables = table.tables("restriction", true, faults);
    let restrictions = restriction_tables
        .iter()
        .filter_map(|(owner, entry, table)| {
            let table = Table::new(*owner, header(entry), table, &["en", "zh"], faults);
            let text = both(&table, "restriction", faults);
            let reason = word::<RestrictionReason>("restriction", entry.key, &entry.key_span, faults)?;
            Some((reason, text))
        })
        .collect();

    let mut refer = References {
        patterns: Referents::new("pattern", pattern_tables.iter().map(|(_, e, _)| (e.key, &e.key_span))),
        categories: Referents::new("category", category_tables.iter().map(|(_, e, _)| (e.key, &e.key_span))),
        console_pages: Referents::new("console_page", page_tables.iter().map(|(_, e, _)| (e.key, &e.key_span))),
        references: Referents::new("reference", reference_tables.iter().map(|(_, e, _)| (e.key, &e.key_span))),
        restrictions: Referents::new(
            "restriction",
            restriction_tables.iter().map(|(_, e, _)| (e.key, &e.key_span)),
        ),
    };
    let actions = read_actions(&table, &mut refer, &mut types, faults);
    for referents in [&refer.patterns, &refer.categories, &refer.console_pages, &refer.restrictions] {
        referents.report_unused(faults);
    }

    let service = Service {
        id: owner.service.to_owned(),
        name,
        granularity: granularity.as_ref().map_or(ServiceGranularity::Resource, |(found, _)| *found),
        console_access,
        tag_authorization,
        ip_restriction: ip_restriction.as_ref().map(|(found, _)| *found),
        source,
        overrides,
        notes,
        patterns,
        categories,
        console_pages,
        references,
        restrictions,
        actions,
    };
    if let Some((_, span)) = granularity {
        check_granularity(&service, &span, faults);
    }
    if let Some((_, span)) = ip_restriction {
        check_ip_restriction(&service, &span, faults);
    }
    service
}

/// Where a key missing from the table of `entry` is reported.
fn header(entry: &Entry<'_>) -> Range<usize> {
    entry.key_span.clone()
}

fn snake(what: &str, entry: &Entry<'_>, faults: &mut Faults<'_>) {
    let key = entry.key;
    if !names::is_snake(key) || names::is_keyword(&names::camel(key)) {
        faults.add(
            &entry.key_span,
            format!("`{key}` is no name for a {what}"),
            "not snake case, or a Rust keyword",
            "write lower-case letters, digits and single `_`, a letter first",
        );
    }
}

fn check_granularity(service: &Service, span: &Range<usize>, faults: &mut Faults<'_>) {
    if service.notes.contains_key("granularity") {
        return;
    }
    let above = |granularity: Granularity| match service.granularity {
        ServiceGranularity::Service => granularity != Granularity::Undocumented,
        ServiceGranularity::Operation => granularity == Granularity::Resource,
        ServiceGranularity::Resource => false,
    };
    let count = service.actions.iter().filter(|action| above(action.granularity)).count();
    if count > 0 {
        faults.add(
            span,
            format!("the granularity of `service.{}` is below that of {count} of its actions", service.id),
            "coarser than its actions",
            "if the source contradicts itself keep both and add `note.granularity.en` and `.zh`",
        );
    }
}

fn check_ip_restriction(service: &Service, span: &Range<usize>, faults: &mut Faults<'_>) {
    if service.notes.contains_key("ip_restriction") {
        return;
    }
    let contradicts = match service.ip_restriction {
        Some(IpRestriction::Supported) => Some(false),
        Some(IpRestriction::Unsupported) => Some(true),
        Some(IpRestriction::Partial) | None => None,
    };
    let count = contradicts
        .map_or(0, |stated| service.actions.iter().filter(|a| a.ip_condition == Some(stated)).count());
    if count > 0 {
        faults.add(
            span,
            format!("the IP restriction of `service.{}` contradicts {count} of its actions", service.id),
            "not what the actions say",
            "correct one side, or keep both and add `note.ip_restriction.en` and `.zh`",
        );
    }
}

fn read_source(table: &Table<'_>, faults: &mut Faults<'_>) -> Source {
    let mut source = Source { title: String::new(), url: None, read: String::new() };
    let help = "add `source.title`, `source.url` where known, and `source.read = YYYY-MM-DD`";
    let Some(entry) = table.get("source") else {
        table.missing("source", help, faults);
        return source;
    };
    let DeValue::Table(found) = entry.value.get_ref() else {
        wrong_type(entry.value, "`source`", "a table of `title`, `url` and `read`", faults);
        return source;
    };
    let found = Table::new(table.owner, entry.key_span.clone(), found, SOURCE_KEYS, faults);
    match found.get("title") {
        Some(_) => source.title = found.string("title", faults).map_or_else(String::new, |(t, _)| t.to_owned()),
        None => found.missing("source.title", help, faults),
    }
    source.url = url("source.url", found.string("url", faults), faults);
    match found.get("read").map(|read| (read, read.value.get_ref())) {
        Some((_, DeValue::Datetime(day))) if day.time.is_none() && day.date.is_some() => {
            source.read = day.to_string();
        }
        Some((read, _)) => wrong_type(read.value, "`source.read`", "a date, `YYYY-MM-DD` without quotes", faults),
        None => found.missing("source.read", help, faults),
    }
    source
}

fn read_link(
    what: &str,
    (owner, entry, table): &(Owner<'_>, Entry<'_>, &DeTable<'_>),
    faults: &mut Faults<'_>,
) -> Link {
    snake(what, entry, faults);
    let table = Table::new(*owner, header(entry), table, LINK_KEYS, faults);
    let title = table.text("title", "add `title.en` and `title.zh`, as the source words it", faults);
    if table.get("url").is_none() {
        table.missing("url", "add `url = \"https://…\"`", faults);
    }
    let url = url("url", table.string("url", faults), faults).unwrap_or_default();
    Link { name: entry.key.to_owned(), title, url }
}

fn read_pattern<'a>(
    owner: Owner<'a>,
    entry: &Entry<'a>,
    table: &'a DeTable<'a>,
    singles: &mut HashMap<String, Range<usize>>,
    faults: &mut Faults<'_>,
) -> Pattern {
    let table = Table::new(owner, header(entry), table, PATTERN_KEYS, faults);
    let placeholders = read_placeholders(&table, faults);
    let service_segment = table.string("service_segment", faults);
    let service = service_segment.as_ref().map_or(owner.service, |(segment, _)| *segment);
    if let Some((segment, span)) = service_segment.as_ref().filter(|(s, _)| *s == owner.service) {
        faults.add(
            span,
            format!("`service_segment` is needless: `{segment}` is the service itself"),
            "needless",
            "delete the line; it is for patterns of another service",
        );
    }

    let mut form = |key: &str, help: &str| {
        if table.get(key).is_none() {
            table.missing(key, help, faults);
        }
        let (pattern, span) = table.string(key, faults)?;
        let known: Vec<&str> = placeholders.iter().map(|(name, _, _)| *name).collect();
        check_pattern(key, pattern, &span, service, &known, faults).then(|| (pattern.to_owned(), span))
    };
    let single = form("single", "add `single`, the six segments that name one resource");
    let all = form("all", "add `all`, the six segments that name every resource of the kind");
    if let (Some((single, single_span)), Some((all, all_span))) = (&single, &all) {
        check_all(single, single_span, all, all_span, faults);
    }
    if let Some((single, span)) = &single {
        if let Some(first) = singles.get(single) {
            let fault = faults.add(
                span,
                format!("the pattern `{single}` has two names"),
                "the second",
                "keep one, and name it in the actions of both",
            );
            fault.other = Some((first.clone(), "the first".to_owned()));
        }
        singles.entry(single.clone()).or_insert_with(|| span.clone());
        let used = template::placeholders(single);
        for (name, _, span) in placeholders.iter().filter(|(name, ..)| !used.contains(name)) {
            faults.add(
                span,
                format!("placeholder `{name}` does not occur in the pattern"),
                "unused",
                "delete the line, or write `${…}` with this name into `single`",
            );
        }
    }
    let description = table.text("description", "say in `description.en` and `.zh` what the pattern denotes", faults);
    Pattern {
        name: entry.key.to_owned(),
        single: single.map_or_else(String::new, |(text, _)| text),
        all: all.map_or_else(String::new, |(text, _)| text),
        placeholders: placeholders.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind)).collect(),
        service_segment: service_segment.map(|(segment, _)| segment.to_owned()),
        description,
        notes: notes(&table, PATTERN_KEYS, faults),
    }
}

fn read_placeholders<'a>(
    table: &Table<'a>,
    faults: &mut Faults<'_>,
) -> Vec<(&'a str, PlaceholderKind, Range<usize>)> {
    let Some(entry) = table.get("placeholder") else { return Vec::new() };
    let DeValue::Table(found) = entry.value.get_ref() else {
        wrong_type(entry.value, "`placeholder`", "a kind for each name", faults);
        return Vec::new();
    };
    let mut parameters = HashMap::new();
    parameters.insert("owner".to_owned(), ("uin", entry.key_span.clone()));
    parameters.insert("region".to_owned(), ("region", entry.key_span.clone()));
    let mut placeholders = Vec::new();
    let kinds = entries(found);
    for pair in kinds.windows(2) {
        sorted_after(&pair[0], &pair[1], "placeholders are", faults);
    }
    for kind in &kinds {
        let name = kind.key;
        let parameter = names::parameter(name);
        if matches!(name, "uin" | "region") {
            faults.add(
                &kind.key_span,
                format!("placeholder `{name}` needs no kind"),
                "known everywhere",
                "delete the line",
            );
            continue;
        }
        if !is_placeholder(name) || names::is_keyword(&parameter) {
            faults.add(
                &kind.key_span,
                format!("`{name}` is no name for a placeholder"),
                "would be a parameter of the generated API",
                "letters, digits and `_`, a letter first, and no Rust keyword",
            );
        }
        unique(&mut parameters, parameter, name, &kind.key_span, "placeholder", faults);
        let Some((text, span)) = string(kind.value, &format!("`placeholder.{name}`"), faults) else { continue };
        if let Some(kind_word) = word(&format!("placeholder.{name}"), text, &span, faults) {
            placeholders.push((name, kind_word, kind.key_span.clone()));
        }
    }
    placeholders
}

/// Whether one form of a pattern is well-formed; every fault is reported at its segment.
fn check_pattern(
    key: &str,
    pattern: &str,
    span: &Range<usize>,
    service: &str,
    placeholders: &[&str],
    faults: &mut Faults<'_>,
) -> bool {
    let before = faults.list.len();
    let segments = Segments::of(pattern);
    if segments.parts.len() < 6 {
        faults.add(
            span,
            format!("`{key}` has {} of the six segments", segments.parts.len()),
            "not six segments",
            format!("write `qcs::{service}:<region or nothing>:uin/${{uin}}:<type>/<id>`"),
        );
        return false;
    }
    for ((segment, part), name) in segments.parts.iter().zip(SEGMENTS) {
        let at = faults.inside(pattern, span, part);
        let wrong = |message: String, help: String, faults: &mut Faults<'_>| {
            faults.add(&at, message, format!("the {name} segment"), help);
        };
        match name {
            "qcs" if *segment != "qcs" => {
                wrong(format!("`{key}` begins with `{segment}`"), "write `qcs`".to_owned(), faults);
            }
            "project_id" if !segment.is_empty() => wrong(
                format!("`{key}` has the project `{segment}`"),
                "leave the second segment empty: CAM takes nothing there".to_owned(),
                faults,
            ),
            "service_type" if *segment != service => wrong(
                format!("`{key}` is of service `{segment}`, not `{service}`"),
                format!("write `{service}`, or say `service_segment = \"{segment}\"`"),
                faults,
            ),
            "account" if !(segment.is_empty() || segment.starts_with("uin/") || segment.starts_with("uid/")) => {
                wrong(
                    format!("`{key}` has the account `{segment}`"),
                    "write `uin/${uin}`, or nothing".to_owned(),
                    faults,
                );
            }
            "resource" if segment.is_empty() => wrong(
                format!("`{key}` names no resource"),
                "write the resource, `<type>/${<Id>}` or `<type>/*`".to_owned(),
                faults,
            ),
            _ => {}
        }
        if let Some(bad) = segment.chars().find(|c| c.is_whitespace() || !c.is_ascii() || "\"\\".contains(*c)) {
            wrong(format!("`{key}` contains `{bad}`"), "write the pattern without it".to_owned(), faults);
        }
        check_placeholders(key, segment, part.start, name, placeholders, (pattern, span), faults);
    }
    faults.list.len() == before
}

fn check_placeholders(
    key: &str,
    segment: &str,
    start: usize,
    segment_name: &str,
    placeholders: &[&str],
    (pattern, span): (&str, &Range<usize>),
    faults: &mut Faults<'_>,
) {
    let pieces = match pieces(segment) {
        Ok(pieces) => pieces,
        Err(at) => {
            let at = faults.inside(pattern, span, &(start + at.start..start + at.end));
            faults.add(
                &at,
                format!("`{key}` has a `$` that is no placeholder"),
                "not closed, or no name",
                "write placeholders as `${Name}`",
            );
            return;
        }
    };
    for (piece, at) in pieces {
        let Piece::Placeholder(name) = piece else { continue };
        let at = faults.inside(pattern, span, &(start + at.start..start + at.end));
        let home = match name {
            "uin" => "account",
            "region" => "region",
            _ => "resource",
        };
        // Some sources put the owner into the resource as well.
        let home = if name == "uin" && segment_name == "resource" { continue } else { home };
        if home != segment_name {
            faults.add(
                &at,
                format!("`${{{name}}}` does not belong in the {segment_name} segment"),
                "wrong segment",
                "`${uin}` goes into the account, `${region}` into the region, others into the resource",
            );
        } else if home == "resource" && !placeholders.contains(&name) {
            let help = match nearest(name, placeholders.iter().copied()).first() {
                Some(near) => format!("did you mean `${{{near}}}`?"),
                None => format!("say what it takes: `placeholder.{name} = \"number\"` or `\"text\"`"),
            };
            faults.add(&at, format!("unknown placeholder `${{{name}}}`"), "not declared", help);
        }
    }
}

/// The all-resources form must be the single form with the identifiers replaced by `*`.
fn check_all(single: &str, single_span: &Range<usize>, all: &str, span: &Range<usize>, faults: &mut Faults<'_>) {
    let (singles, alls) = (Segments::of(single), Segments::of(all));
    let head = |segments: &Segments<'_>| segments.parts[..5].iter().map(|(part, _)| (*part).to_owned()).collect::<Vec<_>>();
    let (one, every) = (singles.parts[5].0, alls.parts[5].0);
    let stem = every.strip_suffix('*');
    let named: Vec<&str> = template::placeholders(every);
    if head(&singles) != head(&alls) || !named.is_empty() || !stem.is_some_and(|stem| one.starts_with(stem)) {
        let fault = faults.add(
            span,
            "`all` does not cover the resources of `single`",
            "not the same segments with `*` for the identifier",
            "repeat `single` with `*` in place of the first identifier and all that follows it",
        );
        fault.other = Some((single_span.clone(), "the single form".to_owned()));
    }
}

/// What the actions of a service may refer to.
struct References<'a> {
    patterns: Referents<'a>,
    categories: Referents<'a>,
    console_pages: Referents<'a>,
    references: Referents<'a>,
    restrictions: Referents<'a>,
}

fn read_actions<'a>(
    table: &Table<'a>,
    refer: &mut References<'a>,
    types: &mut HashMap<String, (&'a str, Range<usize>)>,
    faults: &mut Faults<'_>,
) -> Vec<Action> {
    let tables = table.tables("action", false, faults);
    if tables.is_empty() {
        table.missing("action", "add `[service.….action.<Name>]` for each API", faults);
    }
    if tables.len() > usize::from(u16::MAX) {
        faults.add(
            &table.span,
            format!("{} has {} actions", table.owner, tables.len()),
            "too many",
            "a service can have 65,535 actions at most",
        );
    }
    let names: BTreeMap<&str, Range<usize>> =
        tables.iter().map(|(_, entry, _)| (entry.key, entry.key_span.clone())).collect();
    check_action_names(&tables, faults);

    let actions: Vec<Action> = tables
        .iter()
        .map(|(owner, entry, table)| read_action(*owner, entry, table, &names, refer, faults))
        .collect();
    for (action, (_, entry, _)) in actions.iter().zip(&tables) {
        if action.patterns.len() > 1 {
            let set = names::pattern_set(action.granularity, &action.patterns);
            let taken = types.get(&set).filter(|(owner, _)| *owner != "(set)");
            if let Some((owner, _)) = taken {
                faults.add(
                    &entry.key_span,
                    format!("the enum of this action's patterns would be `{set}`, as is `{owner}`"),
                    "name already taken in Rust",
                    "rename one of the patterns",
                );
            }
        }
    }
    check_order(&actions, &tables, faults);
    let spans: Vec<(&str, Range<usize>)> =
        tables.iter().map(|(_, entry, _)| (entry.key, entry.key_span.clone())).collect();
    life::check_last(&actions, &spans, faults);
    actions
}

type Tables<'a> = [(Owner<'a>, Entry<'a>, &'a DeTable<'a>)];

fn check_action_names<'a>(tables: &Tables<'a>, faults: &mut Faults<'_>) {
    let mut variants = HashMap::new();
    let mut lower: HashMap<String, (&str, Range<usize>)> = HashMap::new();
    for (_, entry, _) in tables {
        let name: &'a str = entry.key;
        let span = &entry.key_span;
        if !names::is_action(name) {
            faults.add(
                span,
                format!("`{name}` is no API name"),
                "letters, digits and `_`, a letter first",
                "write the name exactly as the source does, without the service and without blanks",
            );
            continue;
        }
        let variant = names::variant(name);
        if names::is_keyword(&variant) {
            faults.add(
                span,
                format!("`{name}` would become the Rust keyword `{variant}`"),
                "a keyword",
                "no action of CAM is known to be called so: check the source",
            );
        }
        let folded = name.to_ascii_lowercase();
        if let Some((first, first_span)) = lower.get(&folded) {
            let fault = faults.add(
                span,
                format!("`{name}` and `{first}` differ only in case"),
                "the second",
                "keep the spelling of the source; whether CAM tells them apart is not documented",
            );
            fault.other = Some((first_span.clone(), "the first".to_owned()));
        } else {
            lower.insert(folded, (name, span.clone()));
            unique(&mut variants, variant, name, span, "action", faults);
        }
    }
}

/// Groups stand in one piece, and names are sorted in each.
fn check_order(actions: &[Action], tables: &Tables<'_>, faults: &mut Faults<'_>) {
    let by_surface = by_surface(actions);
    let group = |action: &Action| Group::of(by_surface, action.granularity, action.surface, action.access_level);
    let mut ends: HashMap<Group, usize> = HashMap::new();
    for (at, action) in actions.iter().enumerate() {
        let this = group(action);
        let entry = &tables[at].1;
        match ends.get(&this) {
            Some(&before) if before + 1 == at => {
                let what = "the actions of a group are";
                sorted_after(&tables[before].1, entry, what, faults);
            }
            Some(&before) => {
                let fault = faults.add(
                    &entry.key_span,
                    format!("`{}` stands apart from its group", entry.key),
                    "another group is in between",
                    "put the actions of one granularity and surface, or of one access level, together",
                );
                fault.other = Some((tables[before].1.key_span.clone(), "the group is here".to_owned()));
                continue;
            }
            None => {}
        }
        ends.insert(this, at);
    }
}

fn read_action<'a>(
    owner: Owner<'a>,
    entry: &Entry<'a>,
    table: &'a DeTable<'a>,
    names: &BTreeMap<&str, Range<usize>>,
    refer: &mut References<'a>,
    faults: &mut Faults<'_>,
) -> Action {
    let table = Table::new(owner, header(entry), table, ACTION_KEYS, faults);
    let granularity = table.word::<Granularity>("granularity", faults);
    if table.get("granularity").is_none() {
        table.missing("granularity", "add `granularity = \"resource\"`, `\"operation\"` or `\"undocumented\"`", faults);
    }
    let patterns = read_patterns(&table, granularity.as_ref(), refer, faults);
    let named = |key, referents: &mut Referents<'a>, faults: &mut Faults<'_>| {
        let found = table.strings(key, faults);
        for (name, span) in &found {
            referents.refer(name, span, faults);
        }
        found.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let console_pages = named("console_pages", &mut refer.console_pages, faults);
    let references = named("references", &mut refer.references, faults);
    let category = table.string("category", faults);
    if let Some((name, span)) = &category {
        refer.categories.refer(name, span, faults);
    }
    let restriction = table.word::<RestrictionReason>("restriction", faults);
    if let Some((reason, span)) = &restriction {
        refer.restrictions.refer(reason.word(), span, faults);
        if granularity.as_ref().is_some_and(|(found, _)| *found == Granularity::Resource) {
            faults.add(
                span,
                format!("{owner} is resource-level and has a `restriction`"),
                "restrictions tell why an action is not resource-level",
                "delete the line, or correct `granularity`",
            );
        }
    }
    let replaced_by = life::replaced_by(&table, entry.key, names, faults);
    life::check_undocumented(&table, granularity.as_ref(), faults);
    let alternative = read_alternative(&table, entry.key, restriction.is_some(), names, faults);
    Action {
        name: entry.key.to_owned(),
        removed: life::day(&table, "removed", faults),
        replaced_by,
        granularity: granularity.map_or(Granularity::Operation, |(found, _)| found),
        patterns,
        access_level: table.word("access_level", faults).map(|(found, _)| found),
        surface: table.word("surface", faults).map(|(found, _)| found),
        category: category.map(|(name, _)| name.to_owned()),
        console_pages,
        doc_url: url("doc_url", table.string("doc_url", faults), faults),
        ip_condition: table.boolean("ip_condition", faults),
        restriction: restriction.map(|(reason, _)| reason),
        alternative,
        references,
        description: table.text("description", "say in `description.en` and `.zh` what it does", faults),
        overrides: life::overrides(&table, life::ACTION_FACTS, faults),
        notes: notes(&table, ACTION_KEYS, faults),
    }
}

fn read_patterns<'a>(
    table: &Table<'a>,
    granularity: Option<&(Granularity, Range<usize>)>,
    refer: &mut References<'a>,
    faults: &mut Faults<'_>,
) -> Vec<String> {
    let patterns = table.strings("patterns", faults);
    for (name, span) in &patterns {
        refer.patterns.refer(name, span, faults);
    }
    for pair in patterns.windows(2) {
        if pair[0].0 > pair[1].0 {
            faults.add(
                &pair[1].1,
                format!("`patterns` of {} are not sorted", table.owner),
                "belongs further up",
                format!("write `{}` before `{}`", pair[1].0, pair[0].0),
            );
        }
    }
    match (granularity, table.get("patterns")) {
        (Some((Granularity::Operation, span)), Some(found)) => {
            let fault = faults.add(
                &found.key_span,
                format!("{} is operation-level and names a pattern", table.owner),
                "CAM is handed `*` for it, which no pattern matches",
                "delete `patterns`, or write `granularity = \"resource\"` if the source says so",
            );
            fault.other = Some((span.clone(), "operation-level".to_owned()));
        }
        (Some((Granularity::Resource, span)), None) if !faults.hidden(&table.span) => {
            faults.add(
                span,
                format!("{} is resource-level and names no pattern", table.owner),
                "resource-level",
                "add `patterns = [\"…\"]`, or write `granularity = \"operation\"` if the source says so",
            );
        }
        _ => {}
    }
    patterns.iter().map(|(name, _)| (*name).to_owned()).collect()
}

fn read_alternative(
    table: &Table<'_>,
    own: &str,
    restricted: bool,
    names: &BTreeMap<&str, Range<usize>>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    let (name, span) = table.string("alternative", faults)?;
    if name == own {
        faults.add(
            &span,
            format!("`{own}` is its own alternative"),
            "names itself",
            "name another action, or delete the line",
        );
    } else if !names.contains_key(name) {
        let help = match nearest(name, names.keys().copied()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an action of the same service".to_owned(),
        };
        faults.add(&span, format!("there is no action `{name}`"), "not in this service", help);
    }
    if !restricted && table.get("restriction").is_none() {
        faults.add(
            &span,
            format!("{} has an `alternative` and no `restriction`", table.owner),
            "an alternative to what?",
            format!("add `restriction = \"…\"`, one of {}", list(&words::<RestrictionReason>())),
        );
    }
    Some(name.to_owned())
}

fn words<T: Vocabulary>() -> Vec<&'static str> {
    T::all().iter().map(|value| value.word()).collect()
}
