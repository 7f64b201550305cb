//! What a service's actions refer to: patterns, categories, console pages, references and reasons.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tencent_cam_codegen::model::{Action, Category, Link, Pattern, PlaceholderKind, Service, Text};

use super::merger::Merger;
use super::names::{Names, snake};
use super::texts::{loose, titled, unwritten, worded};
use crate::import::page::{PageLink, Row};
use crate::import::pattern::{Kind, all_form, kind};

impl Merger<'_> {
    /// The names of the page's patterns, by the pattern; new ones are added.
    pub(super) fn patterns(&mut self, service: &mut Service) -> HashMap<String, String> {
        let mut names: HashMap<String, String> =
            service.patterns.iter().map(|pattern| (pattern.single.clone(), pattern.name.clone())).collect();
        let mut taken = Names::of(service.patterns.iter().map(|pattern| &pattern.name));
        for single in self.page.rows.iter().flat_map(|row| &row.patterns) {
            if names.contains_key(single) {
                continue;
            }
            let pattern = self.new_pattern(service, single, &mut taken);
            self.say(format!("new pattern  `{}`: {single}", pattern.name));
            names.insert(single.clone(), pattern.name.clone());
            service.patterns.push(pattern);
        }
        let forms: HashMap<&str, &str> =
            self.page.forms.iter().map(|form| (form.single.as_str(), form.all.as_str())).collect();
        for pattern in &mut service.patterns {
            let Some(all) = forms.get(pattern.single.as_str()).copied() else { continue };
            if pattern.all != all {
                let line = format!(
                    "changed      pattern `{}`: all of them from {} to {all}",
                    pattern.name, pattern.all
                );
                self.report.push(line);
                all.clone_into(&mut pattern.all);
            }
        }
        service.patterns.sort_by(|a, b| a.name.cmp(&b.name));
        names
    }

    pub(super) fn new_pattern(&self, service: &Service, single: &str, taken: &mut Names) -> Pattern {
        let parts: Vec<&str> = single.splitn(6, ':').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        let resource = part(5);
        let named = resource.split('/').find(|piece| !piece.is_empty() && !piece.contains(['$', '*']));
        let mut base = snake(named.unwrap_or("resource"), "resource");
        if !part(3).is_empty() {
            base = format!("regional_{base}");
        }
        if part(4).is_empty() || part(4).ends_with('/') {
            base.push_str("_without_uin");
        }
        let stated = self.page.forms.iter().find(|form| form.single == single).map(|form| form.all.clone());
        let mut notes = BTreeMap::new();
        if stated.is_none() {
            notes.insert(
                "all".to_owned(),
                Text {
                    en: "The source states no form for all resources; this one follows from CAM's `*` wildcard.".to_owned(),
                    zh: "来源页面未给出表示全部资源的写法；此写法由 CAM 的 `*` 通配符推出。".to_owned(),
                },
            );
        }
        let mut placeholders: Vec<(String, PlaceholderKind)> = Vec::new();
        for (start, _) in resource.match_indices("${") {
            let name = resource[start + 2..].split('}').next().unwrap_or_default();
            if name != "uin" && name != "region" && !placeholders.iter().any(|(known, _)| known == name) {
                let kind = match kind(name, &resource[..start]) {
                    Kind::Number | Kind::AppId => PlaceholderKind::Number,
                    Kind::Owner | Kind::SubAccount | Kind::Text => PlaceholderKind::Text,
                };
                placeholders.push((name.to_owned(), kind));
            }
        }
        placeholders.sort_by(|a, b| a.0.cmp(&b.0));
        Pattern {
            name: taken.free(&base),
            single: single.to_owned(),
            all: stated.unwrap_or_else(|| all_form(single)),
            placeholders,
            service_segment: (part(2) != service.id).then(|| part(2).to_owned()),
            description: unwritten(),
            notes,
        }
    }

    /// What a title of the page is called in the catalog, by what known actions tell: for languages that the
    /// catalog has no titles in.
    pub(super) fn learn<K: Ord + Clone>(
        &self,
        service: &Service,
        of_row: impl Fn(&Row) -> Vec<K>,
        of_action: impl Fn(&Action) -> Vec<String>,
    ) -> BTreeMap<K, String> {
        let actions: HashMap<&str, &Action> =
            service.actions.iter().map(|action| (action.name.as_str(), action)).collect();
        let mut votes: BTreeMap<K, BTreeMap<String, usize>> = BTreeMap::new();
        for row in &self.page.rows {
            let Some(action) = actions.get(row.name.as_str()) else { continue };
            let (mut titles, names) = (of_row(row), of_action(action));
            // An action names each but once.
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
        votes.into_iter().filter_map(|(title, names)| Some((title, most(names)?))).collect()
    }

    pub(super) fn categories(&mut self, service: &mut Service) -> HashMap<String, String> {
        let language = self.page.language;
        let mut known: HashMap<String, String> = HashMap::new();
        let mut untitled: HashSet<&str> = HashSet::new();
        for category in &service.categories {
            match titled(language, &category.title) {
                Some(title) => drop(known.insert(loose(title), category.name.clone())),
                None => drop(untitled.insert(&category.name)),
            }
        }
        let mut learned = self.learn(
            service,
            |row| row.category.iter().map(|title| loose(title)).collect(),
            |action| action.category.clone().into_iter().collect(),
        );
        learned.retain(|_, name| untitled.contains(name.as_str()));
        let mut taken = Names::of(service.categories.iter().map(|category| &category.name));
        let mut names = HashMap::new();
        for title in self.page.rows.iter().filter_map(|row| row.category.as_ref()) {
            let key = loose(title);
            if names.contains_key(&key) {
                continue;
            }
            let name = known.get(&key).or_else(|| learned.get(&key)).cloned().unwrap_or_else(|| {
                let name = taken.free(&snake(title, "category"));
                service.categories.push(Category { name: name.clone(), title: worded(language, title) });
                self.report.push(format!("new category `{name}`: {title}"));
                name
            });
            names.insert(key, name);
        }
        service.categories.sort_by(|a, b| a.name.cmp(&b.name));
        names
    }

    pub(super) fn console_pages(&mut self, service: &mut Service) -> HashMap<String, String> {
        let language = self.page.language;
        let key = |title: &str, url: &str| format!("{}\n{url}", loose(title));
        let mut known: HashMap<String, String> = HashMap::new();
        let mut untitled: HashMap<&str, &str> = HashMap::new();
        for link in &service.console_pages {
            match titled(language, &link.title) {
                Some(title) => drop(known.insert(key(title, &link.url), link.name.clone())),
                None => drop(untitled.insert(&link.name, &link.url)),
            }
        }
        let learned = self.learn(
            service,
            |row| {
                row.console_pages.iter().map(|link| (key(&link.title, &link.url), link.url.clone())).collect()
            },
            |action| action.console_pages.clone(),
        );
        let learned: BTreeMap<String, String> = learned
            .into_iter()
            .filter(|((_, url), name)| untitled.get(name.as_str()) == Some(&url.as_str()))
            .map(|((key, _), name)| (key, name))
            .collect();
        let mut taken = Names::of(service.console_pages.iter().map(|link| &link.name));
        let mut names: HashMap<String, String> = HashMap::new();
        for link in self.page.rows.iter().flat_map(|row| &row.console_pages) {
            let key = key(&link.title, &link.url);
            if names.contains_key(&key) {
                continue;
            }
            let name = known.get(&key).or_else(|| learned.get(&key)).cloned().unwrap_or_else(|| {
                let last = link.title.rsplit('>').next().unwrap_or_default();
                let tail = link.url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let name = taken.free(&snake(last, &snake(tail, "page")));
                service.console_pages.push(Link {
                    name: name.clone(),
                    title: worded(language, &link.title),
                    url: link.url.clone(),
                });
                self.report.push(format!("new page     `{name}`: {} ({})", link.title, link.url));
                name
            });
            names.insert(key, name);
        }
        service.console_pages.sort_by(|a, b| a.name.cmp(&b.name));
        names
    }

    /// Further documentation is the same where its address is, whatever it is called.
    pub(super) fn references(&mut self, service: &mut Service) -> HashMap<String, String> {
        let mut names: HashMap<String, String> =
            service.references.iter().map(|link| (link.url.clone(), link.name.clone())).collect();
        let mut taken = Names::of(service.references.iter().map(|link| &link.name));
        let rows = self.page.rows.iter().flat_map(|row| &row.references);
        for link in rows.chain(&self.page.links) {
            if names.contains_key(&link.url) || link.title.is_empty() {
                continue;
            }
            let name = taken.free(&of_link(link));
            self.report.push(format!("new link     `{name}`: {} ({})", link.title, link.url));
            service.references.push(Link {
                name: name.clone(),
                title: worded(self.page.language, &link.title),
                url: link.url.clone(),
            });
            names.insert(link.url.clone(), name);
        }
        service.references.sort_by(|a, b| a.name.cmp(&b.name));
        names
    }

    pub(super) fn restrictions(&mut self, service: &mut Service) {
        for (reason, words) in self.page.rows.iter().filter_map(|row| row.restriction.as_ref()) {
            if !service.restrictions.iter().any(|(known, _)| known == reason) {
                self.report.push(format!("new reason   `{}`", reason.word()));
                service.restrictions.push((*reason, worded(self.page.language, words)));
            }
        }
        service.restrictions.sort_by_key(|(reason, _)| reason.word());
    }

    /// Drops what no action refers to any more.
    pub(super) fn prune(&mut self, service: &mut Service) {
        let actions = std::mem::take(&mut service.actions);
        let used = |of: fn(&Action) -> Vec<&str>| -> HashSet<&str> { actions.iter().flat_map(of).collect() };
        let patterns = used(|action| action.patterns.iter().map(String::as_str).collect());
        let categories = used(|action| action.category.as_deref().into_iter().collect());
        let pages = used(|action| action.console_pages.iter().map(String::as_str).collect());
        let reasons = used(|action| action.restriction.iter().map(|reason| reason.word()).collect());
        let mut dropped = Vec::new();
        let mut keep = |kind: &str, name: &str, used: &HashSet<&str>| {
            let keep = used.contains(name);
            if !keep {
                dropped.push(format!("dropped      {kind} `{name}`, which no action refers to any more"));
            }
            keep
        };
        service.patterns.retain(|pattern| keep("pattern", &pattern.name, &patterns));
        service.categories.retain(|category| keep("category", &category.name, &categories));
        service.console_pages.retain(|link| keep("console page", &link.name, &pages));
        service.restrictions.retain(|(reason, _)| keep("reason", reason.word(), &reasons));
        self.report.extend(dropped);
        service.actions = actions;
    }
}

/// A name for a link: of a title in another script than Latin, hardly a word would be left.
fn of_link(link: &PageLink) -> String {
    let address = of_address(&link.url);
    if link.title.is_ascii() { snake(&link.title, &address) } else { address }
}

/// A name made of an address: `https://cloud.tencent.com/document/product/598/10588` → `document_product_598_10588`.
fn of_address(url: &str) -> String {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    snake(path, "reference")
}
