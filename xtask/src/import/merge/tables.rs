//! Merges the items that actions refer to: patterns, categories, console pages, references and reasons.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use cam_policy::catalog::{PlaceholderKind, Target};
use tencent_cam_codegen::draft::{Item, ServiceDraft};

use super::merger::Merger;
use super::names::{Names, snake};
use super::texts::{code, is_stand_in, loose, set_words, words_in};
use crate::import::page::{Family, PageLink, Row};
use crate::import::pattern::{all_form, placeholders, resource, service_segment, shape};

/// A kind of items that rows and actions name by a title, and the form in which titles are compared.
struct Titled {
    target: Target,
    /// The key of the title.
    title: &'static str,
    compared: fn(&str, &Item) -> String,
    of_row: fn(&Row) -> Vec<String>,
    of_action: fn(&Item) -> Vec<String>,
    /// Whether an item may have a title with this compared form.
    fits: fn(&str, &Item) -> bool,
}

const CATEGORIES: Titled = Titled {
    target: Target::Category,
    title: "",
    compared: |title, _| loose(title),
    of_row: |row| row.category.iter().map(|title| loose(title)).collect(),
    of_action: |action| action.text("category").map(str::to_owned).into_iter().collect(),
    fits: |_, _| true,
};

const CONSOLE_PAGES: Titled = Titled {
    target: Target::ConsolePage,
    title: "title",
    compared: |title, page| title_at(title, page.text("url").unwrap_or_default()),
    of_row: |row| row.console_pages.iter().map(|link| title_at(&link.title, &link.url)).collect(),
    of_action: |action| action.list("console_pages").to_vec(),
    fits: |compared, page| compared.split('\n').nth(1) == page.text("url"),
};

/// Returns the compared form of the title of a console page, which includes the address.
pub(super) fn title_at(title: &str, url: &str) -> String {
    format!("{}\n{url}", loose(title))
}

impl Merger<'_> {
    /// Returns the names of the page's patterns, by the pattern, and adds new ones to the catalog.
    pub(super) fn patterns(&mut self, service: &mut ServiceDraft) -> HashMap<String, String> {
        let patterns = service.items_mut(Target::Pattern);
        let mut names: HashMap<String, String> = patterns
            .iter()
            .filter_map(|(name, pattern)| Some((pattern.text("single")?.to_owned(), name.clone())))
            .collect();
        let segment = |single: &str| service_segment(single).map(str::to_owned);
        let own: BTreeSet<String> =
            names.keys().filter_map(|single| segment(single)).chain([self.options.service.clone()]).collect();
        let mut taken = Names::of(patterns.keys());
        let by_path = self.page.family == Family::ResourcePath;
        let all: Vec<&str> =
            self.page.rows.iter().flat_map(|row| &row.patterns).map(String::as_str).collect();
        let mut shapes: HashMap<String, String> =
            names.iter().map(|(single, name)| (shape(single), name.clone())).collect();
        let of_rows =
            self.page.rows.iter().flat_map(|row| row.patterns.iter().map(|single| (row.place, single)));
        for (place, single) in of_rows {
            if names.contains_key(single) {
                continue;
            }
            // On these pages, the names of placeholders differ from row to row.
            if let Some(name) = shapes.get(&shape(single)).filter(|_| by_path) {
                self.report.push(format!(
                    "known        `{single}` is `{name}`: only placeholders are called differently"
                ));
                names.insert(single.clone(), name.clone());
                continue;
            }
            let name = if by_path {
                taken.free(&type_name(single, &self.options.service, &all, &|name| {
                    patterns.contains_key(name)
                }))
            } else {
                taken.free(&pattern_name(single))
            };
            shapes.insert(shape(single), name.clone());
            self.say(format!("new pattern  `{name}`: {single}"));
            // A slip of the page would be one, too.
            if let Some(other) = segment(single).filter(|segment| !own.contains(segment)) {
                let id = &self.options.service;
                self.say(format!(
                    "doubt        pattern `{name}` (page {place}) is of service `{other}`, not `{id}`: see whether that is meant"
                ));
            }
            names.insert(single.clone(), name.clone());
            patterns.insert(name, self.new_pattern(single));
        }
        let forms: HashMap<&str, &str> =
            self.page.forms.iter().map(|form| (form.single.as_str(), form.all.as_str())).collect();
        for (name, pattern) in patterns {
            let stated = pattern.text("single").and_then(|single| forms.get(single).copied());
            let (Some(all), Some(known)) = (stated, pattern.text("all")) else { continue };
            if known != all {
                self.say(format!("changed      pattern `{name}`: all of them from {known} to {all}"));
                pattern.set("all", all);
            }
        }
        names
    }

    fn new_pattern(&self, single: &str) -> Item {
        let mut pattern = Item::default();
        pattern.set("single", single);
        if let Some(form) = self.page.forms.iter().find(|form| form.single == single) {
            pattern.set("all", form.all.as_str());
        } else if single.ends_with('*') {
            pattern.set("all", single);
        } else {
            pattern.set("all", all_form(single));
            pattern.set_text(
                "note.all",
                "The source states no form for all resources; this one follows from CAM's `*` wildcard.",
                "来源页面未给出表示全部资源的写法；此写法由 CAM 的 `*` 通配符推出。",
            );
        }
        for (name, kind) in placeholders(single) {
            let is_name = kind == PlaceholderKind::Text && name.ends_with("Name");
            let by_path = self.page.family == Family::ResourcePath;
            let kind = if is_name && by_path { PlaceholderKind::Name } else { kind };
            pattern.set(format!("placeholder.{name}"), kind.as_str());
        }
        let segment = single.split(':').nth(2).unwrap_or_default();
        if segment != self.options.service {
            pattern.set("service_segment", segment);
        }
        pattern
    }

    /// Returns the names of the items with titles of the page, as far as the catalog has them.
    ///
    /// It recognises an item without a title in the page's language by the actions that name it.
    fn known(&mut self, service: &ServiceDraft, of: &Titled) -> HashMap<String, String> {
        let code = code(self.page.language);
        let mut known: HashMap<String, String> = HashMap::new();
        let mut untitled: HashSet<&str> = HashSet::new();
        for (name, item) in service.items(of.target) {
            if let Some(title) = code.and_then(|code| words_in(item, of.title, code)) {
                known.insert((of.compared)(title, item), name.clone());
            }
            if code.is_none_or(|code| is_stand_in(item, of.title, name, code)) {
                untitled.insert(name);
            }
        }
        for title in self.page.rows.iter().flat_map(of.of_row) {
            if let Some(name) = known.get(&title) {
                untitled.remove(name.as_str());
            }
        }
        for (title, name) in self.learn(service, of) {
            let fits =
                untitled.contains(name.as_str()) && (of.fits)(&title, &service.items(of.target)[&name]);
            if fits && !known.contains_key(&title) {
                let words = title.split('\n').next().unwrap_or_default();
                self.say(format!("known        `{words}` is `{name}`: the actions tell"));
                known.insert(title, name);
            }
        }
        known
    }

    /// Returns the names of the titles of the page, as known actions suggest them.
    fn learn(&self, service: &ServiceDraft, of: &Titled) -> BTreeMap<String, String> {
        let mut votes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for row in &self.page.rows {
            let Some(action) = service.items(Target::Action).get(&row.name) else { continue };
            let (mut titles, names) = ((of.of_row)(row), (of.of_action)(action));
            // An action names each item only once.
            let mut seen = BTreeSet::new();
            titles.retain(|title| seen.insert(title.clone()));
            if titles.len() == names.len() {
                for (title, name) in titles.into_iter().zip(names) {
                    *votes.entry(title).or_default().entry(name).or_default() += 1;
                }
            }
        }
        let most = |names: BTreeMap<String, usize>| {
            names.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0))).map(|(name, _)| name)
        };
        let known = |name: &String| service.items(of.target).contains_key(name);
        votes.into_iter().filter_map(|(title, names)| Some((title, most(names).filter(known)?))).collect()
    }

    /// Returns the names of the page's categories, by the title, and adds new ones to the catalog.
    pub(super) fn categories(&mut self, service: &mut ServiceDraft) -> HashMap<String, String> {
        let mut names = self.known(service, &CATEGORIES);
        let categories = service.items_mut(Target::Category);
        let mut taken = Names::of(categories.keys());
        for title in self.page.rows.iter().filter_map(|row| row.category.as_ref()) {
            names.entry(loose(title)).or_insert_with(|| {
                let name = taken.free(&snake(title, "category"));
                set_words(categories.entry(name.clone()).or_default(), "", title, &name);
                self.report.push(format!("new category `{name}`: {title}"));
                name
            });
        }
        names
    }

    /// Returns the names of the console pages, by [`title_at`], and adds new ones to the catalog.
    pub(super) fn console_pages(&mut self, service: &mut ServiceDraft) -> HashMap<String, String> {
        let mut names = self.known(service, &CONSOLE_PAGES);
        let pages = service.items_mut(Target::ConsolePage);
        let mut taken = Names::of(pages.keys());
        for link in self.page.rows.iter().flat_map(|row| &row.console_pages) {
            names.entry(title_at(&link.title, &link.url)).or_insert_with(|| {
                let last = link.title.rsplit('>').next().unwrap_or_default();
                let tail = link.url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let name = taken.free(&snake(last, &snake(tail, "page")));
                set_link(pages.entry(name.clone()).or_default(), link, &name);
                self.report.push(format!("new page     `{name}`: {} ({})", link.title, link.url));
                name
            });
        }
        names
    }

    /// Two references with the same address are the same, whatever their titles.
    pub(super) fn references(&mut self, service: &mut ServiceDraft) -> HashMap<String, String> {
        let references = service.items_mut(Target::Reference);
        let mut names: HashMap<String, String> = references
            .iter()
            .filter_map(|(name, link)| Some((link.text("url")?.to_owned(), name.clone())))
            .collect();
        let mut taken = Names::of(references.keys());
        let rows = self.page.rows.iter().flat_map(|row| &row.references);
        for link in rows.chain(&self.page.links).filter(|link| !link.title.is_empty()) {
            names.entry(link.url.clone()).or_insert_with(|| {
                let name = taken.free(&of_link(link));
                set_link(references.entry(name.clone()).or_default(), link, &name);
                self.report.push(format!("new link     `{name}`: {} ({})", link.title, link.url));
                name
            });
        }
        names
    }

    pub(super) fn restrictions(&mut self, service: &mut ServiceDraft) {
        let restrictions = service.items_mut(Target::Restriction);
        for (reason, words) in self.page.rows.iter().filter_map(|row| row.restriction.as_ref()) {
            restrictions.entry(reason.as_str().to_owned()).or_insert_with(|| {
                self.report.push(format!("new reason   `{reason}`"));
                let mut restriction = Item::default();
                set_words(&mut restriction, "", words, reason.as_str());
                restriction
            });
        }
    }

    /// Removes the items that no action refers to any more.
    pub(super) fn prune(&mut self, service: &mut ServiceDraft) {
        for (target, kind, refers) in REFERRED {
            let actions = service.items(Target::Action).values();
            let used: HashSet<String> = actions.flat_map(*refers).collect();
            service.items_mut(*target).retain(|name, _| {
                let keep = used.contains(name);
                if !keep {
                    self.say(format!("dropped      {kind} `{name}`, which no action refers to any more"));
                }
                keep
            });
        }
    }
}

type Refers = fn(&Item) -> Vec<String>;

/// The kinds of items that the catalog has only as long as an action refers to them.
const REFERRED: &[(Target, &str, Refers)] = &[
    (Target::Pattern, "pattern", |action| action.list("patterns").to_vec()),
    (Target::Category, "category", CATEGORIES.of_action),
    (Target::ConsolePage, "console page", CONSOLE_PAGES.of_action),
    (Target::Restriction, "reason", |action| {
        action.text("restriction").map(str::to_owned).into_iter().collect()
    }),
];

fn set_link(item: &mut Item, link: &PageLink, name: &str) {
    set_words(item, "title", &link.title, name);
    item.set("url", link.url.as_str());
}

/// Returns a name for a pattern, from the beginning of its resource, its region and its account.
fn pattern_name(single: &str) -> String {
    let parts: Vec<&str> = single.splitn(6, ':').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let named = resource(single).split('/').find(|piece| !piece.is_empty() && !piece.contains(['$', '*']));
    let mut name = snake(named.unwrap_or("resource"), "resource");
    if !part(3).is_empty() {
        name = format!("regional_{name}");
    }
    if part(4).is_empty() || part(4).ends_with('/') {
        name.push_str("_without_uin");
    }
    name
}

/// Returns a name for a pattern of a page by resource path, as the type of the resource would be called. `all` are the
/// patterns of the page.
fn type_name(single: &str, service: &str, all: &[&str], is_taken: &dyn Fn(&str) -> bool) -> String {
    let segment = |at: usize| single.split(':').nth(at).unwrap_or_default();
    let kind = kind_of(single);
    let last = resource(single).rsplit('/').find_map(|piece| piece.strip_prefix("${")?.strip_suffix('}'));
    let short = |text: &str| {
        let name = snake(text, "resource");
        ["_id", "_name"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name).to_owned()
    };
    let any = single.ends_with('*');
    let pieces = |pattern: &str| resource(pattern).split('/').count();
    // `repository/${instanceId}/${namespaceName}` is a namespace where `repository` has longer patterns, too.
    let shared = all.iter().any(|other| {
        !other.ends_with('*')
            && kind_of(other) == kind
            && service_segment(other) == service_segment(single)
            && pieces(other) != pieces(single)
    });
    let mut name = match last {
        Some(last) if any => format!("in_{}", short(last)),
        Some(last) if shared => short(last),
        _ if is_taken(&short(kind)) => snake(kind, "resource"),
        _ => short(kind),
    };
    if segment(2) != service && segment(2) != name {
        name = format!("{}_{name}", snake(segment(2), "other"));
    } else if let Some(own) = name.strip_prefix(service).and_then(|rest| rest.strip_prefix('_')) {
        // `emr-instance` is the instance of `emr`.
        name = own.to_owned();
    }
    if any {
        name = format!("any_{name}");
    }
    if is_taken(&name) && !segment(3).is_empty() {
        name = format!("regional_{name}");
    }
    if is_taken(&name) && (segment(4).is_empty() || segment(4).ends_with('/')) {
        name.push_str("_without_uin");
    }
    name
}

/// Returns the first word of the resource of a pattern.
fn kind_of(pattern: &str) -> &str {
    let mut pieces = resource(pattern).split('/');
    pieces.find(|piece| !piece.is_empty() && !piece.contains(['$', '*'])).unwrap_or("resource")
}

/// Returns a name for a link. A title in another script than Latin would leave hardly a word, so the address gives the name.
fn of_link(link: &PageLink) -> String {
    let address = of_address(&link.url);
    if link.title.is_ascii() { snake(&link.title, &address) } else { address }
}

/// Returns a name made of an address: `https://cloud.tencent.com/document/product/598/10588` → `document_product_598_10588`.
fn of_address(url: &str) -> String {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    snake(path, "reference")
}
