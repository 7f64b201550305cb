//! Random valid catalogs, as drafts.

use std::collections::{BTreeMap, BTreeSet};

use cam_policy::catalog::{
    AccessLevel, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface, Target, Word,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tencent_cam_codegen::draft::{Datum, Draft, Item, ServiceDraft};

/// A line in any script, with what TOML, Rust and Markdown must escape.
fn line() -> impl Strategy<Value = String> {
    let free = "[ a-zA-Z0-9\"\\\\'#=\\[\\]{}<>*_|~&$%!?.,:;/()一-龥，。éß🎉-]{1,24}";
    let anything = "\\PC{1,12}";
    let code = option::of("`[ -_a-~]{1,6}`");
    (prop_oneof![free, anything], code).prop_map(|(text, code)| {
        let text = text.replace(['`', '\u{2028}', '\u{2029}'], "").replace("://", ":");
        let text = format!("{text}{}", code.unwrap_or_default().replace("://", ":"));
        let text = text.replace("://", ":").trim().to_owned();
        if text.is_empty() { "x".to_owned() } else { text }
    })
}

fn text() -> impl Strategy<Value = (String, String)> {
    (line(), line())
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z0-9-]{1,6}\\.[a-z]{2,3}(/[a-zA-Z0-9._~%?#&=+-]{0,8}){0,2}"
}

/// Notes, each about one of `keys`.
fn notes(keys: &'static [&'static str]) -> impl Strategy<Value = BTreeMap<&'static str, (String, String)>> {
    btree_map(select(keys), text(), 0..3)
}

fn word<W: Word>() -> impl Strategy<Value = &'static str> {
    select(W::ALL).prop_map(|value| value.entry().word)
}

/// No other name begins with `q`, so that names put together cannot be mistaken for another.
fn pattern_name() -> impl Strategy<Value = String> {
    "q[a-z0-9]{0,4}(_[a-p][a-z0-9]{0,4})?"
}

fn snake() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,5}){0,2}"
}

/// What makes a pattern but for the names of the service and of the pattern itself.
#[derive(Clone, Debug)]
struct Form {
    region: &'static str,
    account: &'static str,
    placeholders: Vec<(String, &'static str)>,
    service_segment: Option<String>,
}

fn form() -> impl Strategy<Value = Form> {
    (
        select(&["", "${region}", "ap-guangzhou"][..]),
        select(&["", "uin/${uin}", "uin/", "uid/1250000000"][..]),
        btree_map("[A-Z][a-z]{0,4}Id", word::<PlaceholderKind>(), 1..3),
        option::of("z[a-z]{1,4}"),
    )
        .prop_map(|(region, account, placeholders, service_segment)| Form {
            region,
            account,
            placeholders: placeholders.into_iter().collect(),
            service_segment,
        })
}

fn set_text(item: &mut Item, key: &str, (en, zh): &(String, String)) {
    item.set_text(key, en, zh);
}

fn set_notes(item: &mut Item, notes: &BTreeMap<&'static str, (String, String)>) {
    for (key, note) in notes {
        set_text(item, &format!("note.{key}"), note);
    }
}

fn set_if(item: &mut Item, key: &str, value: Option<impl Into<Datum>>) {
    if let Some(value) = value {
        item.set(key, value);
    }
}

fn pattern(service: &str, name: &str, form: Form) -> Item {
    let Form { region, account, placeholders, service_segment } = form;
    let segment = service_segment.as_deref().unwrap_or(service);
    let head = format!("qcs::{segment}:{region}:{account}:{name}");
    let id = |(id, _): &(String, _)| format!("/{}/${{{id}}}", id.to_lowercase());
    let ids = placeholders.iter().map(id).collect::<Vec<_>>().concat();
    let first = placeholders[0].0.to_lowercase();
    let mut item = Item::default();
    item.set("single", format!("{head}{ids}"));
    item.set("all", format!("{head}/{first}/*"));
    for (name, kind) in placeholders {
        item.set(format!("placeholder.{name}"), kind);
    }
    set_if(&mut item, "service_segment", service_segment);
    item
}

fn title() -> impl Strategy<Value = Item> {
    text().prop_map(|(en, zh)| {
        let mut item = Item::default();
        item.set("en", en);
        item.set("zh", zh);
        item
    })
}

fn link() -> impl Strategy<Value = Item> {
    (text(), url()).prop_map(|(title, url)| {
        let mut item = Item::default();
        set_text(&mut item, "title", &title);
        item.set("url", url);
        item
    })
}

fn day() -> impl Strategy<Value = String> {
    (2000..2100_u32, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

/// An action, whose references are places in the lists of its service.
#[derive(Clone, Debug)]
struct Plan {
    /// What it states for itself.
    facts: Item,
    granularity: Granularity,
    removed: Option<String>,
    restriction: Option<&'static str>,
    patterns: Vec<Index>,
    category: Option<Index>,
    pages: Vec<Index>,
    references: Vec<Index>,
    other: Option<Index>,
}

fn plan() -> impl Strategy<Value = Plan> {
    const KEYS: &[&str] = &["name", "granularity", "doc_url", "description", "ip_condition"];
    let facts = (
        option::of(word::<AccessLevel>()),
        option::of(word::<Surface>()),
        option::of(url()),
        option::of(any::<bool>()),
        option::of(text()),
        notes(KEYS),
        option::of(text()),
    );
    let facts =
        facts.prop_map(|(access_level, surface, doc_url, ip_condition, description, notes, reason)| {
            let mut item = Item::default();
            set_if(&mut item, "access_level", access_level);
            set_if(&mut item, "surface", surface);
            set_if(&mut item, "ip_condition", ip_condition);
            if let Some(url) = doc_url {
                item.set("doc_url", url);
                if let Some(reason) = reason {
                    item.set("override.doc_url.upstream", "https://tencent.example/elsewhere");
                    set_text(&mut item, "override.doc_url.reason", &reason);
                }
            }
            if let Some(description) = description {
                set_text(&mut item, "description", &description);
            }
            set_notes(&mut item, &notes);
            item
        });
    let level = (select(Granularity::ALL), option::of(day()), option::of(word::<RestrictionReason>()));
    let references = (
        vec(any::<Index>(), 1..4),
        option::of(any::<Index>()),
        vec(any::<Index>(), 0..3),
        vec(any::<Index>(), 0..3),
        option::of(any::<Index>()),
    );
    (facts, level, references).prop_map(
        |(facts, (granularity, removed, restriction), (patterns, category, pages, references, other))| Plan {
            facts,
            granularity,
            removed,
            restriction,
            patterns,
            category,
            pages,
            references,
            other,
        },
    )
}

/// Names of some of the items, each once, in the order drawn.
fn names<'d>(drawn: impl IntoIterator<Item = &'d Index>, items: &BTreeMap<String, Item>) -> Vec<String> {
    let known: Vec<&String> = items.keys().collect();
    let mut found: Vec<String> = Vec::new();
    for index in drawn.into_iter().filter(|_| !known.is_empty()) {
        let name = *index.get(&known);
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}

impl Plan {
    fn finish(self, name: &str, all: &[String], service: &ServiceDraft) -> Item {
        let mut item = self.facts;
        let mut patterns = names(&self.patterns, service.items(Target::Pattern));
        patterns.sort();
        let granularity = match self.granularity {
            Granularity::Resource if patterns.is_empty() => Granularity::Operation,
            other => other,
        };
        item.set("granularity", granularity.as_str());
        if granularity == Granularity::Undocumented {
            for key in ["access_level", "ip_condition", "override"] {
                item.remove(key);
            }
        }
        let documented = granularity != Granularity::Undocumented;
        let removed = self.removed.filter(|_| documented);
        let restriction = self.restriction.filter(|_| granularity == Granularity::Operation);
        let other = self.other.map(|index| index.get(all).clone()).filter(|other| other != name);
        if granularity == Granularity::Resource {
            item.set("patterns", patterns);
        }
        set_if(&mut item, "category", names(&self.category, service.items(Target::Category)).pop());
        item.set("console_pages", names(&self.pages, service.items(Target::ConsolePage)));
        item.set("references", names(&self.references, service.items(Target::Reference)));
        set_if(&mut item, "alternative", other.clone().filter(|_| restriction.is_some()));
        set_if(&mut item, "replaced_by", other.filter(|_| removed.is_some()));
        set_if(&mut item, "removed", removed);
        set_if(&mut item, "restriction", restriction);
        item
    }
}

/// Drops what no action refers to, and notes what the actions contradict.
fn finish(service: &mut ServiceDraft, excuse: &(String, String)) {
    for (target, key) in [
        (Target::Pattern, "patterns"),
        (Target::Category, "category"),
        (Target::ConsolePage, "console_pages"),
    ] {
        let actions = service.items(Target::Action).values();
        let used: BTreeSet<String> = actions
            .flat_map(|action| action.list(key).iter().cloned().chain(action.text(key).map(str::to_owned)))
            .collect();
        service.items_mut(target).retain(|name, _| used.contains(name));
    }
    let actions = service.items(Target::Action).values();
    let reasons: BTreeSet<String> =
        actions.filter_map(|action| action.text("restriction").map(str::to_owned)).collect();
    for reason in reasons {
        let mut item = Item::default();
        item.set("en", excuse.0.clone());
        item.set("zh", excuse.1.clone());
        service.items_mut(Target::Restriction).insert(reason, item);
    }
    for key in ["note.granularity", "note.ip_restriction"] {
        if !service.facts.states(key) {
            set_text(&mut service.facts, key, excuse);
        }
    }
}

fn service(id: String) -> impl Strategy<Value = ServiceDraft> {
    const KEYS: &[&str] = &["name", "granularity", "console_access", "source"];
    let about = (
        text(),
        (word::<ServiceGranularity>(), word::<Grouping>()),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        (option::of(word::<IpRestriction>()), option::of(any::<bool>())),
        (line(), option::of(url()), day()),
        notes(KEYS),
        text(),
    );
    let pattern_facts = (form(), option::of(text()), notes(&["all", "single", "name"]));
    let parts = (
        btree_map(pattern_name(), pattern_facts, 0..4),
        btree_map(snake(), title(), 0..3),
        btree_map(snake(), link(), 0..=3),
        btree_map(snake(), link(), 0..=3),
    );
    // A name such as `Self`, or of an enum, would be an error.
    let actions = btree_map("[A-NPRT][A-Za-z0-9]{1,9}", plan(), 1..7);
    (about, parts, actions).prop_map(move |(about, (patterns, categories, pages, references), plans)| {
        let (
            name,
            (granularity, grouped_by),
            console_access,
            tag_authorization,
            (ip_restriction, complete),
            (title, url, read),
            notes,
            excuse,
        ) = about;
        let mut service = ServiceDraft::default();
        let facts = &mut service.facts;
        set_text(facts, "name", &name);
        facts.set("granularity", granularity);
        facts.set("grouped_by", grouped_by);
        set_if(facts, "console_access", console_access);
        set_if(facts, "tag_authorization", tag_authorization);
        set_if(facts, "ip_restriction", ip_restriction);
        set_if(facts, "complete", complete);
        facts.set("source.title", title);
        set_if(facts, "source.url", url);
        facts.set("source.read", read);
        set_notes(facts, &notes);
        for (name, (form, description, notes)) in patterns {
            let mut item = pattern(&id, &name, form);
            if let Some(description) = description {
                set_text(&mut item, "description", &description);
            }
            set_notes(&mut item, &notes);
            service.items_mut(Target::Pattern).insert(name, item);
        }
        service.items_mut(Target::Category).extend(categories);
        service.items_mut(Target::ConsolePage).extend(pages);
        service.items_mut(Target::Reference).extend(references);
        let mut seen = BTreeSet::new();
        let plans: Vec<(String, Plan)> =
            plans.into_iter().filter(|(name, _)| seen.insert(name.to_lowercase())).collect();
        let all: Vec<String> = plans.iter().map(|(name, _)| name.clone()).collect();
        for (name, plan) in plans {
            let item = plan.finish(&name, &all, &service);
            service.items_mut(Target::Action).insert(name, item);
        }
        finish(&mut service, &excuse);
        service
    })
}

/// Any catalog that has no errors.
pub(crate) fn catalog() -> impl Strategy<Value = Draft> {
    let services = btree_set("x[a-z0-9]{0,4}(-[a-z][a-z0-9]{0,2})?", 1..4).prop_flat_map(|ids| {
        ids.into_iter()
            .map(|id| service(id.clone()).prop_map(move |found| (id.clone(), found)))
            .collect::<Vec<_>>()
    });
    (any::<u32>(), services)
        .prop_map(|(version, services)| Draft { version, services: services.into_iter().collect() })
}

/// A change to a text that may make a invalid catalog of it.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Puts a text in place of some characters.
    Replace(Index, usize, String),
    /// Deletes a line.
    Delete(Index),
    /// Writes a line again elsewhere.
    Copy(Index, Index),
    /// Swaps two lines.
    Swap(Index, Index),
}

/// Up to five edits.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let piece = prop_oneof![
        4 => "[\\[\\]{}\"'=.,$#: \n\r\tA-Za-z0-9_*/-]{0,3}",
        1 => "\\PC{0,2}",
        1 => select(&["\"\"\"", "'''", "[[", "]]", "\u{FEFF}", "\u{202E}", "\0"][..]).prop_map(str::to_owned),
    ];
    let edit = prop_oneof![
        3 => (any::<Index>(), 0..4_usize, piece).prop_map(|(at, length, text)| Edit::Replace(at, length, text)),
        1 => any::<Index>().prop_map(Edit::Delete),
        1 => any::<(Index, Index)>().prop_map(|(from, to)| Edit::Copy(from, to)),
        1 => any::<(Index, Index)>().prop_map(|(one, other)| Edit::Swap(one, other)),
    ];
    vec(edit, 1..6)
}

impl Edit {
    /// The text after the edit.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let count = lines.len().max(1);
        match self {
            Self::Replace(at, length, piece) => {
                let characters: Vec<char> = text.chars().collect();
                let at = at.index(characters.len() + 1);
                let rest = characters.iter().skip(at + length);
                return characters[..at].iter().copied().chain(piece.chars()).chain(rest.copied()).collect();
            }
            _ if lines.is_empty() => {}
            Self::Delete(at) => {
                lines.remove(at.index(count));
            }
            Self::Copy(from, to) => lines.insert(to.index(count), lines[from.index(count)]),
            Self::Swap(one, other) => lines.swap(one.index(count), other.index(count)),
        }
        lines.concat()
    }
}
