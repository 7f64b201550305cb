//! Random valid catalogs, in the order the checks want.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tencent_cam_codegen::model::{
    AccessLevel, Action, Catalog, Category, Granularity, IpRestriction, Link, Override, Pattern,
    PlaceholderKind, RestrictionReason, Service, ServiceGranularity, Source, Stated, Surface, Text,
};

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

fn text() -> impl Strategy<Value = Text> {
    (line(), line()).prop_map(|(en, zh)| Text { en, zh })
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z0-9-]{1,6}\\.[a-z]{2,3}(/[a-zA-Z0-9._~%?#&=+-]{0,8}){0,2}"
}

fn notes(keys: &'static [&'static str]) -> impl Strategy<Value = BTreeMap<String, Text>> {
    btree_map(select(keys).prop_map(str::to_owned), text(), 0..3)
}

fn granularity() -> impl Strategy<Value = Granularity> {
    select(Granularity::ALL)
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
    placeholders: Vec<(String, PlaceholderKind)>,
    service_segment: Option<String>,
}

fn form() -> impl Strategy<Value = Form> {
    (
        select(&["", "${region}", "ap-guangzhou"][..]),
        select(&["", "uin/${uin}", "uin/", "uid/1250000000"][..]),
        btree_map("[A-Z][a-z]{0,4}Id", select(PlaceholderKind::ALL), 1..3),
        option::of("z[a-z]{1,4}"),
    )
        .prop_map(|(region, account, placeholders, service_segment)| Form {
            region,
            account,
            placeholders: placeholders.into_iter().collect(),
            service_segment,
        })
}

fn pattern(
    service: &str,
    name: String,
    form: Form,
    description: Text,
    notes: BTreeMap<String, Text>,
) -> Pattern {
    let Form { region, account, placeholders, service_segment } = form;
    let segment = service_segment.as_deref().unwrap_or(service);
    let head = format!("qcs::{segment}:{region}:{account}:{name}");
    let id = |(id, _): &(String, _)| format!("/{}/${{{id}}}", id.to_lowercase());
    let ids = placeholders.iter().map(id).collect::<Vec<_>>().concat();
    let first = placeholders[0].0.to_lowercase();
    Pattern {
        single: format!("{head}{ids}"),
        all: format!("{head}/{first}/*"),
        name,
        placeholders,
        service_segment,
        description,
        notes,
    }
}

fn link() -> impl Strategy<Value = Link> {
    (text(), url()).prop_map(|(title, url)| Link { name: String::new(), title, url })
}

fn links(count: usize) -> impl Strategy<Value = Vec<Link>> {
    let named = |(name, link)| Link { name, ..link };
    btree_map(snake(), link(), 0..=count).prop_map(move |links| links.into_iter().map(named).collect())
}

fn day() -> impl Strategy<Value = String> {
    (2000..2100_u32, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

/// An action, not called `Self`, whose references are places in the lists of its service.
#[derive(Clone, Debug)]
struct Draft {
    action: Action,
    patterns: Vec<Index>,
    category: Option<Index>,
    pages: Vec<Index>,
    references: Vec<Index>,
    alternative: Option<Index>,
}

fn draft() -> impl Strategy<Value = Draft> {
    const KEYS: &[&str] = &["name", "granularity", "doc_url", "description", "ip_condition"];
    let facts = (
        granularity(),
        option::of(select(AccessLevel::ALL)),
        option::of(select(Surface::ALL)),
        option::of(url()),
        option::of(any::<bool>()),
        option::of(select(RestrictionReason::ALL)),
        text(),
        notes(KEYS),
        (option::of(day()), option::of(text())),
    );
    let references = (
        vec(any::<Index>(), 1..4),
        option::of(any::<Index>()),
        vec(any::<Index>(), 0..3),
        vec(any::<Index>(), 0..3),
        option::of(any::<Index>()),
    );
    (facts, references).prop_map(|(facts, (patterns, category, pages, references, alternative))| {
        let (
            granularity,
            access_level,
            surface,
            doc_url,
            ip_condition,
            restriction,
            description,
            notes,
            (removed, correction),
        ) = facts;
        let upstream = || Some(Stated::Text("https://tencent.example/elsewhere".to_owned()));
        let overrides = correction
            .map(|reason| ("doc_url".to_owned(), Override { upstream: upstream(), reason }))
            .filter(|_| doc_url.is_some());
        let action = Action {
            name: String::new(),
            removed,
            replaced_by: None,
            granularity,
            patterns: Vec::new(),
            access_level,
            surface,
            category: None,
            console_pages: Vec::new(),
            doc_url,
            ip_condition,
            restriction,
            alternative: None,
            references: Vec::new(),
            description,
            overrides: BTreeMap::from_iter(overrides),
            notes,
        };
        Draft { action, patterns, category, pages, references, alternative }
    })
}

/// Names of some of `items`, each once, in the order drawn.
fn names<T>(drawn: &[Index], items: &[T], name: impl Fn(&T) -> &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for index in drawn.iter().filter(|_| !items.is_empty()) {
        let name = name(index.get(items)).to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

impl Draft {
    fn finish(self, name: &str, all: &[String], service: &Service) -> Action {
        let mut action = self.action;
        name.clone_into(&mut action.name);
        action.patterns = names(&self.patterns, &service.patterns, |pattern| &pattern.name);
        action.patterns.sort();
        if action.patterns.is_empty() && action.granularity == Granularity::Resource {
            action.granularity = Granularity::Operation;
        }
        match action.granularity {
            Granularity::Operation => action.patterns.clear(),
            Granularity::Resource => action.restriction = None,
            Granularity::Undocumented => {
                action.patterns.clear();
                action.removed = None;
                action.access_level = None;
                action.ip_condition = None;
                action.restriction = None;
                action.overrides.clear();
            }
        }
        let category = Vec::from_iter(self.category);
        action.category = names(&category, &service.categories, |category| &category.name).pop();
        action.console_pages = names(&self.pages, &service.console_pages, |page| &page.name);
        action.references = names(&self.references, &service.references, |link| &link.name);
        let alternative = self.alternative.map(|index| index.get(all).clone());
        action.alternative =
            alternative.clone().filter(|other| other != name && action.restriction.is_some());
        action.replaced_by = alternative.filter(|other| other != name && action.removed.is_some());
        action
    }
}

/// Drops what no action refers to, and notes what the actions contradict.
fn finish(mut service: Service, excuse: &Text) -> Service {
    let used = |names: fn(&Action) -> Vec<String>, actions: &[Action]| -> BTreeSet<String> {
        actions.iter().flat_map(names).collect()
    };
    let actions = &mut service.actions;
    let documented = |action: &Action| action.granularity != Granularity::Undocumented;
    let by_surface = actions.iter().any(|action| documented(action) && action.surface.is_some());
    actions.sort_by(|a, b| {
        let group = |action: &Action| {
            let (surface, level) = match (documented(action), by_surface) {
                (false, _) => (None, None),
                (true, true) => (action.surface, None),
                (true, false) => (None, action.access_level),
            };
            let granularity = (!documented(action) || by_surface).then_some(action.granularity);
            (!documented(action), granularity, surface, level)
        };
        (group(a), &a.name).cmp(&(group(b), &b.name))
    });
    let patterns = used(|action| action.patterns.clone(), actions);
    service.patterns.retain(|pattern| patterns.contains(&pattern.name));
    let categories = used(|action| action.category.clone().into_iter().collect(), actions);
    service.categories.retain(|category| categories.contains(&category.name));
    let pages = used(|action| action.console_pages.clone(), actions);
    service.console_pages.retain(|page| pages.contains(&page.name));
    let reasons: BTreeSet<RestrictionReason> =
        actions.iter().filter_map(|action| action.restriction).collect();
    service.restrictions = reasons.into_iter().map(|reason| (reason, excuse.clone())).collect();
    service.restrictions.sort_by_key(|(reason, _)| reason.word());
    for key in ["granularity", "ip_restriction"] {
        service.notes.entry(key.to_owned()).or_insert_with(|| excuse.clone());
    }
    service
}

fn service(id: String) -> impl Strategy<Value = Service> {
    const KEYS: &[&str] = &["name", "granularity", "console_access", "source"];
    let about = (
        text(),
        select(ServiceGranularity::ALL),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        option::of(select(IpRestriction::ALL)),
        (line(), option::of(url()), day()),
        notes(KEYS),
        text(),
    );
    let patterns = btree_map(pattern_name(), (form(), text(), notes(&["all", "single", "name"])), 0..4);
    let parts = (patterns, btree_map(snake(), text(), 0..3), links(3), links(3));
    let actions = btree_map("[A-RT-Z][A-Za-z0-9]{1,9}", draft(), 1..7);
    (about, parts, actions).prop_map(move |(about, parts, drafts)| {
        let (name, granularity, console_access, tag_authorization, ip_restriction, source, notes, excuse) =
            about;
        let (patterns, categories, console_pages, references) = parts;
        let (title, url, read) = source;
        let mut service = Service {
            id: id.clone(),
            name,
            granularity,
            console_access,
            tag_authorization,
            ip_restriction,
            source: Source { title, url, read },
            overrides: BTreeMap::new(),
            notes,
            patterns: patterns
                .into_iter()
                .map(|(name, (form, text, notes))| pattern(&id, name, form, text, notes))
                .collect(),
            categories: categories.into_iter().map(|(name, title)| Category { name, title }).collect(),
            console_pages,
            references,
            restrictions: Vec::new(),
            actions: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let drafts: Vec<(String, Draft)> =
            drafts.into_iter().filter(|(name, _)| seen.insert(name.to_lowercase())).collect();
        let names: Vec<String> = drafts.iter().map(|(name, _)| name.clone()).collect();
        let actions: Vec<Action> =
            drafts.into_iter().map(|(name, draft)| draft.finish(&name, &names, &service)).collect();
        service.actions = actions;
        finish(service, &excuse)
    })
}

/// Any catalog that has no faults.
pub(crate) fn catalog() -> impl Strategy<Value = Catalog> {
    let services = btree_set("x[a-z0-9]{0,4}(-[a-z][a-z0-9]{0,2})?", 1..4)
        .prop_flat_map(|ids| ids.into_iter().map(service).collect::<Vec<_>>());
    (any::<u32>(), services).prop_map(|(version, services)| Catalog { version, services })
}

/// A change to a text that may make a faulty catalog of it.
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
                let letters: Vec<char> = text.chars().collect();
                let at = at.index(letters.len() + 1);
                let rest = letters.iter().skip(at + length);
                return letters[..at].iter().copied().chain(piece.chars()).chain(rest.copied()).collect();
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
