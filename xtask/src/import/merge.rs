//! A page's facts put into a catalog.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use cam_policy::catalog::Grouping;
use tencent_cam_codegen::model::{
    AccessLevel, Action, Catalog, Category, Granularity, Group, IpRestriction, Link, Override, Pattern,
    PlaceholderKind, Service, ServiceGranularity, Source, Stated, Surface, Text,
};

use super::document::PageLink;
use super::page::{Family, Language, Page, Place, Remark, Row};

/// What stands where a text is still to be written by hand, in English.
pub const TO_BE_WRITTEN_EN: &str = "(to be written)";
/// What stands where a text is still to be written by hand, in Chinese.
pub const TO_BE_WRITTEN_ZH: &str = "（待撰写）";

/// What an import is told beside the page.
#[derive(Clone, Debug)]
pub struct Options {
    /// The service the page is of.
    pub service: String,
    /// The day the page was read, `YYYY-MM-DD`.
    pub read: String,
    /// The page's address, where it is known.
    pub url: Option<String>,
    /// Whether it is known that as much is gone as the page lacks.
    pub allow_removals: bool,
}

/// A catalog with a page's facts in it.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The catalog.
    pub catalog: Catalog,
    /// What was done and what a person should look at, one line each.
    pub report: Vec<String>,
    /// The texts that are to be written, by the table they stand in.
    pub to_be_written: Vec<String>,
    /// Why nothing was marked as removed, where the page lacks so much that it may be incomplete.
    pub incomplete: Option<String>,
}

/// Puts a page's facts into a catalog.
///
/// # Errors
///
/// What the page cannot be this service's for.
pub fn merge(catalog: &Catalog, page: &Page, options: &Options) -> Result<Merged, Vec<Remark>> {
    let abbreviation = page.product.as_ref().map_or("", |product| product.abbreviation.as_str());
    if !abbreviation.is_empty() && abbreviation != options.service {
        let message = format!("the page is of service `{abbreviation}`, not `{}`", options.service);
        return Err(vec![Remark { place: Place { line: 1, column: 1 }, message }]);
    }
    let mut catalog = catalog.clone();
    let place = catalog.services.binary_search_by(|service| service.id.as_str().cmp(&options.service));
    if abbreviation.is_empty() {
        of_another(page, &options.service, place.ok().map(|at| &catalog.services[at]))?;
    }
    let mut merger = Merger {
        page,
        options,
        report: Vec::new(),
        taken_from_page: BTreeSet::new(),
        incomplete: None,
        unlinked: Vec::new(),
    };
    let service = match place {
        Ok(at) => merger.service(&catalog.services[at], false),
        Err(_) => merger.service(&new_service(page, options), true),
    };
    let to_be_written = to_be_written(&service);
    match place {
        Ok(at) => catalog.services[at] = service,
        Err(at) => catalog.services.insert(at, service),
    }
    for name in merger.taken_from_page {
        merger
            .report
            .push(format!("write anew   the description of `{name}`, which is the page's own wording"));
    }
    Ok(Merged { catalog, report: merger.report, to_be_written, incomplete: merger.incomplete })
}

/// Refuses a page that states no abbreviation, and whose patterns all name a service that this one's never named.
fn of_another(page: &Page, id: &str, known: Option<&Service>) -> Result<(), Vec<Remark>> {
    let patterns = known.map_or(&[][..], |service| &service.patterns);
    let known: HashSet<&str> =
        patterns.iter().filter_map(|pattern| service_segment(&pattern.single)).collect();
    let mut first = None;
    for row in &page.rows {
        for segment in row.patterns.iter().filter_map(|pattern| service_segment(pattern)) {
            if segment == id || known.contains(segment) {
                return Ok(());
            }
            first = first.or(Some((row.place, segment)));
        }
    }
    first.map_or(Ok(()), |(place, segment)| {
        let message = format!("the page's patterns are of service `{segment}`, not `{id}`");
        Err(vec![Remark { place, message }])
    })
}

/// The service a pattern names.
fn service_segment(pattern: &str) -> Option<&str> {
    pattern.split(':').nth(2)
}

/// The pattern that names all resources of the kind that `single` names one of.
pub(super) fn all_form(single: &str) -> String {
    let resource: usize = single.splitn(6, ':').take(5).map(|part| part.len() + 1).sum();
    match single.get(resource..).and_then(|text| text.find("${")) {
        Some(at) => format!("{}*", &single[..resource + at]),
        None if single.ends_with('*') => single.to_owned(),
        None => format!("{}*", &single[..resource.min(single.len())]),
    }
}

fn unwritten() -> Text {
    Text { en: TO_BE_WRITTEN_EN.to_owned(), zh: TO_BE_WRITTEN_ZH.to_owned() }
}

/// A text of the page, and a mark where it says nothing.
fn worded(language: Language, words: &str) -> Text {
    let mut text = unwritten();
    if !words.is_empty() && !words.contains("://") {
        match language {
            Language::English => words.clone_into(&mut text.en),
            Language::Chinese => words.clone_into(&mut text.zh),
            Language::Japanese | Language::Korean => {}
        }
    }
    text
}

/// The words of a text in the page's language.
fn in_language(language: Language, text: &Text) -> Option<&str> {
    match language {
        Language::English => Some(&text.en),
        Language::Chinese => Some(&text.zh),
        Language::Japanese | Language::Korean => None,
    }
}

/// A title in the page's language, where the catalog has one.
fn titled(language: Language, title: &Text) -> Option<&str> {
    in_language(language, title).filter(|text| *text != TO_BE_WRITTEN_EN && *text != TO_BE_WRITTEN_ZH)
}

/// Without blanks and case: pages are not consistent about either.
fn loose(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn to_be_written(service: &Service) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |table: String, text: &Text| {
        if text.en == TO_BE_WRITTEN_EN {
            found.push(format!("{table}: English"));
        }
        if text.zh == TO_BE_WRITTEN_ZH {
            found.push(format!("{table}: Chinese"));
        }
    };
    let id = &service.id;
    look(format!("service.{id}.name"), &service.name);
    for pattern in &service.patterns {
        look(format!("service.{id}.pattern.{}.description", pattern.name), &pattern.description);
    }
    for category in &service.categories {
        look(format!("service.{id}.category.{}", category.name), &category.title);
    }
    for page in &service.console_pages {
        look(format!("service.{id}.console_page.{}.title", page.name), &page.title);
    }
    for reference in &service.references {
        look(format!("service.{id}.reference.{}.title", reference.name), &reference.title);
    }
    for (reason, text) in &service.restrictions {
        look(format!("service.{id}.restriction.{}", reason.word()), text);
    }
    for action in &service.actions {
        look(format!("service.{id}.action.{}.description", action.name), &action.description);
    }
    found
}

fn new_service(page: &Page, options: &Options) -> Service {
    let product = page.product.clone().unwrap_or_default();
    let name = if product.name.is_empty() { options.service.as_str() } else { product.name.as_str() };
    let title = match &page.title {
        Some(title) => title.clone(),
        None if page.family == Family::Manageable => "Manageable Resources and Actions".to_owned(),
        None => name.to_owned(),
    };
    Service {
        id: options.service.clone(),
        name: worded(page.language, name),
        granularity: ServiceGranularity::Operation,
        grouped_by: match page.family {
            Family::CamEnabled => Grouping::AccessLevel,
            Family::Manageable => Grouping::Surface,
        },
        complete: None,
        console_access: None,
        tag_authorization: None,
        ip_restriction: None,
        source: Source { title, url: None, read: options.read.clone() },
        overrides: BTreeMap::new(),
        notes: BTreeMap::new(),
        patterns: Vec::new(),
        categories: Vec::new(),
        console_pages: Vec::new(),
        references: Vec::new(),
        restrictions: Vec::new(),
        actions: Vec::new(),
    }
}

struct Merger<'p> {
    page: &'p Page,
    options: &'p Options,
    report: Vec<String>,
    taken_from_page: BTreeSet<String>,
    incomplete: Option<String>,
    /// Actions whose link the page does not state.
    unlinked: Vec<String>,
}

impl Merger<'_> {
    fn say(&mut self, line: String) {
        self.report.push(line);
    }

    fn service(&mut self, before: &Service, new: bool) -> Service {
        let mut service = before.clone();
        if new {
            self.say(format!("new service  `{}`", service.id));
        }
        self.service_facts(&mut service, new);
        let patterns = self.patterns(&mut service);
        let categories = self.categories(&mut service);
        let console_pages = self.console_pages(&mut service);
        let references = self.references(&mut service);
        self.restrictions(&mut service);

        let places: HashMap<String, usize> =
            service.actions.iter().enumerate().map(|(at, action)| (action.name.clone(), at)).collect();
        let find = |map: &HashMap<String, String>, key: &str| map.get(key).cloned();
        for row in &self.page.rows {
            let link = |link: &PageLink| format!("{}\n{}", loose(&link.title), link.url);
            let mut names: Vec<String> =
                row.patterns.iter().filter_map(|single| find(&patterns, single)).collect();
            names.sort();
            let mut pages: Vec<String> = Vec::new();
            for name in row.console_pages.iter().filter_map(|found| find(&console_pages, &link(found))) {
                if !pages.contains(&name) {
                    pages.push(name);
                }
            }
            let mut links: Vec<String> = Vec::new();
            for name in row.references.iter().filter_map(|found| find(&references, &found.url)) {
                if !links.contains(&name) {
                    links.push(name);
                }
            }
            let facts = Facts {
                granularity: if row.resource_level { Granularity::Resource } else { Granularity::Operation },
                patterns: names,
                category: row.category.as_deref().and_then(|title| find(&categories, &loose(title))),
                console_pages: pages,
                references: links,
            };
            match places.get(&row.name) {
                Some(at) => {
                    let mut action = service.actions[*at].clone();
                    self.update(&service, &mut action, row, facts);
                    service.actions[*at] = action;
                }
                None => service.actions.push(self.insert(row, facts)),
            }
        }
        self.kept_links();
        if self.page.cut.is_none() {
            self.vanished(before, &mut service);
        }
        self.prune(&mut service);
        order(&mut service);
        self.contradictions(&mut service);
        service
    }

    fn service_facts(&mut self, service: &mut Service, new: bool) {
        self.options.read.clone_into(&mut service.source.read);
        if let Some(url) = &self.options.url {
            service.source.url = Some(url.clone());
        }
        let product = self.page.product.clone().unwrap_or_default();
        let owner = format!("service `{}`", service.id);
        let mut overrides = std::mem::take(&mut service.overrides);
        if let Some(stated) = product.granularity {
            if new {
                service.granularity = stated;
            }
            self.fact(&owner, "granularity", &mut service.granularity, stated, &mut overrides, |found| {
                Some(Stated::Text(found.word().to_owned()))
            });
        }
        let flags = [
            ("console_access", &mut service.console_access, product.console_access),
            ("tag_authorization", &mut service.tag_authorization, product.tag_authorization),
        ];
        for (key, current, stated) in flags {
            if stated.is_some() {
                if new {
                    *current = stated;
                }
                self.fact(&owner, key, current, stated, &mut overrides, |found| found.map(Stated::Flag));
            }
        }
        if let Some(stated) = product.ip_restriction {
            if new {
                service.ip_restriction = Some(stated);
            }
            self.fact(
                &owner,
                "ip_restriction",
                &mut service.ip_restriction,
                Some(stated),
                &mut overrides,
                |found| found.map(|found| Stated::Text(found.word().to_owned())),
            );
        }
        service.overrides = overrides;
        let own = in_language(self.page.language, &service.name).unwrap_or_default();
        if !new && !product.name.is_empty() && !own.is_empty() && loose(own) != loose(&product.name) {
            self.say(format!(
                "look at      {owner} is called `{own}` here and `{}` on the page",
                product.name
            ));
        }
    }

    /// Sets a fact, unless a correction made by hand stands in its place.
    fn fact<T: PartialEq>(
        &mut self,
        owner: &str,
        key: &str,
        current: &mut T,
        stated: T,
        overrides: &mut BTreeMap<String, Override>,
        show: impl Fn(&T) -> Option<Stated>,
    ) {
        if let Some(kept) = overrides.get_mut(key) {
            let upstream = show(&stated);
            if *current == stated {
                self.report.push(format!(
                    "agrees       {owner}: the page now states `{key}` as the override has it: delete `override.{key}`"
                ));
            } else {
                self.report
                    .push(format!("override     {owner}: `{key}` stays {}", shown(show(current).as_ref())));
                if kept.upstream != upstream {
                    self.report.push(format!(
                        "override     {owner}: upstream `{key}` was {} and is now {}",
                        shown(kept.upstream.as_ref()),
                        shown(upstream.as_ref())
                    ));
                    kept.upstream = upstream;
                }
            }
            return;
        }
        if *current != stated {
            let line = format!(
                "changed      {owner}: `{key}` from {} to {}",
                shown(show(current).as_ref()),
                shown(show(&stated).as_ref())
            );
            self.report.push(line);
            *current = stated;
        }
    }

    /// The names of the page's patterns, by the pattern; new ones are added.
    fn patterns(&mut self, service: &mut Service) -> HashMap<String, String> {
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
            self.page.all_forms.iter().map(|(single, all)| (single.as_str(), all.as_str())).collect();
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

    fn new_pattern(&self, service: &Service, single: &str, taken: &mut Names) -> Pattern {
        let parts: Vec<&str> = single.splitn(6, ':').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        let resource = part(5);
        let kind = resource.split('/').find(|piece| !piece.is_empty() && !piece.contains(['$', '*']));
        let mut base = snake(kind.unwrap_or("resource"), "resource");
        if !part(3).is_empty() {
            base = format!("regional_{base}");
        }
        if part(4).is_empty() || part(4).ends_with('/') {
            base.push_str("_without_uin");
        }
        let stated =
            self.page.all_forms.iter().find(|(known, _)| known == single).map(|(_, all)| all.clone());
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
                let number = name.to_ascii_lowercase().ends_with("appid");
                placeholders.push((
                    name.to_owned(),
                    if number { PlaceholderKind::Number } else { PlaceholderKind::Text },
                ));
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
    fn learn<K: Ord + Clone>(
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

    fn categories(&mut self, service: &mut Service) -> HashMap<String, String> {
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

    fn console_pages(&mut self, service: &mut Service) -> HashMap<String, String> {
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
    fn references(&mut self, service: &mut Service) -> HashMap<String, String> {
        let mut names: HashMap<String, String> =
            service.references.iter().map(|link| (link.url.clone(), link.name.clone())).collect();
        let mut taken = Names::of(service.references.iter().map(|link| &link.name));
        let rows = self.page.rows.iter().flat_map(|row| &row.references);
        for link in rows.chain(&self.page.links) {
            if names.contains_key(&link.url) || link.title.is_empty() {
                continue;
            }
            let name = taken.free(&snake(&link.title, "reference"));
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

    fn restrictions(&mut self, service: &mut Service) {
        for (reason, words) in self.page.rows.iter().filter_map(|row| row.restriction.as_ref()) {
            if !service.restrictions.iter().any(|(known, _)| known == reason) {
                self.report.push(format!("new reason   `{}`", reason.word()));
                service.restrictions.push((*reason, worded(self.page.language, words)));
            }
        }
        service.restrictions.sort_by_key(|(reason, _)| reason.word());
    }

    fn insert(&mut self, row: &Row, facts: Facts) -> Action {
        let level = facts.granularity.word();
        self.say(format!("added        `{}`: {level} level (page {})", row.name, row.place));
        let description = worded(self.page.language, &row.description);
        if description != unwritten() {
            self.taken_from_page.insert(row.name.clone());
        }
        Action {
            name: row.name.clone(),
            removed: None,
            replaced_by: None,
            granularity: facts.granularity,
            patterns: facts.patterns,
            access_level: row.access_level,
            surface: row.surface,
            category: facts.category,
            console_pages: facts.console_pages,
            doc_url: row.doc_url.clone(),
            ip_condition: row.ip_condition,
            exposes_credentials: None,
            restriction: row.restriction.as_ref().map(|(reason, _)| *reason),
            alternative: row.alternative.clone(),
            references: facts.references,
            description,
            overrides: BTreeMap::new(),
            notes: BTreeMap::new(),
        }
    }

    fn update(&mut self, service: &Service, action: &mut Action, row: &Row, facts: Facts) {
        let owner = format!("`{}` (page {})", action.name, row.place);
        if action.removed.take().is_some() {
            action.replaced_by = None;
            self.say(format!("returned     {owner}: the page lists it again"));
        }
        let word = |text: &str| Some(Stated::Text(text.to_owned()));
        let words = |list: &Vec<String>| (!list.is_empty()).then(|| Stated::List(list.clone()));
        let mut overrides = std::mem::take(&mut action.overrides);
        self.granularity(service, &owner, action, facts.granularity, facts.patterns, &mut overrides);
        match self.page.family {
            Family::CamEnabled => {
                if row.access_level.is_some() || action.access_level.is_none() {
                    self.fact(
                        &owner,
                        "access_level",
                        &mut action.access_level,
                        row.access_level,
                        &mut overrides,
                        |found| found.and_then(|found| word(found.word())),
                    );
                }
                self.fact(
                    &owner,
                    "ip_condition",
                    &mut action.ip_condition,
                    row.ip_condition,
                    &mut overrides,
                    |found| found.map(Stated::Flag),
                );
                if row.doc_url.is_some() {
                    self.doc_url(&owner, action, row, &mut overrides);
                }
            }
            Family::Manageable => {
                self.fact(&owner, "surface", &mut action.surface, row.surface, &mut overrides, |found| {
                    found.and_then(|found| word(found.word()))
                });
                self.fact(
                    &owner,
                    "category",
                    &mut action.category,
                    facts.category,
                    &mut overrides,
                    |found| found.as_deref().and_then(word),
                );
                self.fact(
                    &owner,
                    "console_pages",
                    &mut action.console_pages,
                    facts.console_pages,
                    &mut overrides,
                    words,
                );
                self.doc_url(&owner, action, row, &mut overrides);
                let reason = row.restriction.as_ref().map(|(reason, _)| *reason);
                self.fact(&owner, "restriction", &mut action.restriction, reason, &mut overrides, |found| {
                    found.and_then(|found| word(found.word()))
                });
                // The recommended action may stand in the part of the page that is missing.
                if self.page.cut.is_none() || row.alternative.is_some() {
                    let stated = row.alternative.clone();
                    self.fact(
                        &owner,
                        "alternative",
                        &mut action.alternative,
                        stated,
                        &mut overrides,
                        |found| found.as_deref().and_then(word),
                    );
                }
                self.fact(
                    &owner,
                    "references",
                    &mut action.references,
                    facts.references,
                    &mut overrides,
                    words,
                );
            }
        }
        action.overrides = overrides;
        if action.granularity == Granularity::Resource && !action.overrides.contains_key("restriction") {
            action.restriction = None;
            action.alternative = None;
        }
    }

    /// A page that links a name no more states nothing about it: translations leave links out.
    fn doc_url(
        &mut self,
        owner: &str,
        action: &mut Action,
        row: &Row,
        overrides: &mut BTreeMap<String, Override>,
    ) {
        let known = action.doc_url.is_some() && !overrides.contains_key("doc_url");
        if known && row.doc_url.is_none() {
            self.unlinked.push(action.name.clone());
            return;
        }
        self.fact(owner, "doc_url", &mut action.doc_url, row.doc_url.clone(), overrides, |found| {
            found.clone().map(Stated::Text)
        });
    }

    /// Of links that were kept, in one line: a page may have none at all.
    fn kept_links(&mut self) {
        if !self.unlinked.is_empty() {
            let names: Vec<String> = self.unlinked.iter().map(|name| format!("`{name}`")).collect();
            self.say(format!("kept         `doc_url` of {}: the page does not state it", names.join(", ")));
        }
    }

    /// Granularity and patterns go together: a correction of one keeps the other.
    fn granularity(
        &mut self,
        service: &Service,
        owner: &str,
        action: &mut Action,
        granularity: Granularity,
        patterns: Vec<String>,
        overrides: &mut BTreeMap<String, Override>,
    ) {
        let singles = |names: &Vec<String>| -> Option<Stated> {
            // They are sorted by name.
            let place = |name: &String| service.patterns.binary_search_by(|found| found.name.cmp(name)).ok();
            let named = |name: &String| place(name).map(|at| &service.patterns[at]);
            let list: Vec<String> =
                names.iter().filter_map(named).map(|pattern| pattern.single.clone()).collect();
            (!list.is_empty()).then_some(Stated::List(list))
        };
        let corrected = overrides.contains_key("granularity");
        self.fact(owner, "granularity", &mut action.granularity, granularity, overrides, |found| {
            Some(Stated::Text(found.word().to_owned()))
        });
        if !corrected || overrides.contains_key("patterns") || action.granularity == granularity {
            self.fact(owner, "patterns", &mut action.patterns, patterns, overrides, singles);
        }
    }

    fn vanished(&mut self, before: &Service, service: &mut Service) {
        let listed: HashSet<&str> = self.page.rows.iter().map(|row| row.name.as_str()).collect();
        let gone = |action: &Action| {
            action.granularity != Granularity::Undocumented
                && action.removed.is_none()
                && !listed.contains(action.name.as_str())
        };
        if !self.options.allow_removals {
            self.incomplete = too_much(before, gone);
        }
        for action in service.actions.iter_mut().filter(|action| gone(action)) {
            let name = &action.name;
            self.report.push(if self.incomplete.is_some() {
                format!("missing      `{name}`: the page does not list it; kept as it is")
            } else {
                action.removed = Some(self.options.read.clone());
                format!("vanished     `{name}`: the page lists it no more; kept, and marked `removed`")
            });
        }
    }

    /// Drops what no action refers to any more.
    fn prune(&mut self, service: &mut Service) {
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

    /// A page that contradicts itself is taken as it is, and a note says so.
    fn contradictions(&mut self, service: &mut Service) {
        let above = service
            .actions
            .iter()
            .filter(|action| match service.granularity {
                ServiceGranularity::Service => action.granularity != Granularity::Undocumented,
                ServiceGranularity::Operation => action.granularity == Granularity::Resource,
                ServiceGranularity::Resource => false,
            })
            .count();
        if above > 0 && !service.notes.contains_key("granularity") {
            let level = service.granularity;
            let zh = match level {
                ServiceGranularity::Service => "服务级",
                ServiceGranularity::Operation => "操作级",
                ServiceGranularity::Resource => "资源级",
            };
            service.notes.insert(
                "granularity".to_owned(),
                Text {
                    en: format!(
                        "The head of the source page says {} level, yet {above} of the page's actions are of a finer one; both are kept as stated.",
                        level.word()
                    ),
                    zh: format!("来源页面开头写明为{zh}，但页面中有 {above} 个接口的粒度更细；两者均照原样保留。"),
                },
            );
            self.say(format!(
                "look at      service `{}`: its granularity is coarser than that of {above} actions; noted",
                service.id
            ));
        }
        let against = match service.ip_restriction {
            Some(IpRestriction::Supported) => Some(false),
            Some(IpRestriction::Unsupported) => Some(true),
            Some(IpRestriction::Partial) | None => None,
        };
        let count = against.map_or(0, |stated| {
            service.actions.iter().filter(|action| action.ip_condition == Some(stated)).count()
        });
        if count > 0 && !service.notes.contains_key("ip_restriction") {
            service.notes.insert(
                "ip_restriction".to_owned(),
                Text {
                    en: format!("The head of the source page and {count} of its actions contradict each other; both are kept as stated."),
                    zh: format!("来源页面开头与其中 {count} 个接口的说法不一致；两者均照原样保留。"),
                },
            );
            self.say(format!(
                "look at      service `{}`: its IP restriction contradicts {count} actions; noted",
                service.id
            ));
        }
    }
}

/// What a page lacks if that is more than Tencent removes at a time: a page that ends between two rows looks whole.
fn too_much(before: &Service, gone: impl Fn(&Action) -> bool) -> Option<String> {
    let listed =
        |action: &&Action| action.granularity != Granularity::Undocumented && action.removed.is_none();
    let all = before.actions.iter().filter(listed).count();
    let lacks = before.actions.iter().filter(|action| gone(action)).count();
    let whole = before.groups().into_iter().find_map(|(group, actions)| {
        let count = actions.iter().copied().filter(|action| listed(action)).count();
        (count > 1 && actions.iter().copied().filter(listed).all(&gone)).then_some((group, count))
    });
    let what = match whole {
        Some((group, count)) => {
            format!("all {count} actions of a group of the catalog, {}", group_words(group))
        }
        None if lacks > 4 && lacks * 5 > all => format!("{lacks} of the {all} actions of the catalog"),
        None => return None,
    };
    Some(format!("the page lacks {what}: it may end between two rows"))
}

fn group_words(group: Group) -> String {
    match group {
        Group::Access(level) => {
            format!("access level {}", level.map_or("unknown", |level| level.word()))
        }
        Group::Surface(granularity, surface) => {
            let surface = surface.map_or("unknown", |surface| surface.word());
            format!("{} level with surface {surface}", granularity.word())
        }
        Group::Undocumented => "undocumented".to_owned(),
    }
}

/// A row's facts in the catalog's names.
struct Facts {
    granularity: Granularity,
    patterns: Vec<String>,
    category: Option<String>,
    console_pages: Vec<String>,
    references: Vec<String>,
}

fn shown(fact: Option<&Stated>) -> String {
    match fact {
        None => "unstated".to_owned(),
        Some(Stated::Text(text)) => format!("`{text}`"),
        Some(Stated::Flag(flag)) => format!("`{flag}`"),
        Some(Stated::List(list)) => format!("`{}`", list.join("`, `")),
    }
}

/// The groups in the order of the catalog, and names sorted in each.
fn order(service: &mut Service) {
    let rank = |group: Group| match group {
        Group::Access(level) => {
            let order = [AccessLevel::Write, AccessLevel::Other, AccessLevel::Read, AccessLevel::List];
            order.iter().position(|known| Some(*known) == level).unwrap_or(order.len())
        }
        Group::Surface(granularity, surface) => {
            let surface = Surface::ALL.iter().position(|known| Some(*known) == surface);
            usize::from(granularity == Granularity::Operation) * 3 + surface.unwrap_or(2)
        }
        Group::Undocumented => usize::MAX,
    };
    let mut groups = service.groups();
    groups.sort_by_key(|(group, _)| rank(*group));
    let mut actions = Vec::with_capacity(service.actions.len());
    for (_, mut members) in groups {
        members.sort_by(|a, b| a.name.cmp(&b.name));
        actions.extend(members.into_iter().cloned());
    }
    service.actions = actions;
}

/// A snake-case name of a title; `other` where the title has no letters for one.
fn snake(title: &str, other: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for letter in title.chars() {
        if letter.is_ascii_alphanumeric() {
            let word = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
            if (word || !before.is_ascii_alphanumeric()) && !name.is_empty() {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        }
        before = letter;
    }
    let name: String = name.chars().skip_while(|letter| !letter.is_ascii_lowercase()).take(60).collect();
    let name = name.trim_matches('_');
    if name.len() < 2 || matches!(name, "action" | "self" | "operation" | "undocumented") {
        if name.is_empty() { other.to_owned() } else { format!("{name}_{other}") }
    } else {
        name.to_owned()
    }
}

/// The names in use.
struct Names {
    taken: HashSet<String>,
    /// The number to try next behind a name: titles in Chinese all yield the same one.
    next: HashMap<String, usize>,
}

impl Names {
    fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        Self { taken: names.cloned().collect(), next: HashMap::new() }
    }

    /// The name, or the first of `name_2`, `name_3`, … that is free; it is in use from now on.
    fn free(&mut self, name: &str) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let next = self.next.entry(name.to_owned()).or_insert(2);
        loop {
            let found = format!("{name}_{next}");
            *next += 1;
            if self.taken.insert(found.clone()) {
                return found;
            }
        }
    }
}
