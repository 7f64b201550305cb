//! Merges the facts of a page into a catalog.

mod action;
mod merger;
mod names;
mod removal;
mod service;
mod tables;
mod texts;

use std::collections::{HashMap, HashSet};

use cam_policy::catalog::{Granularity, Target};
use tencent_cam_codegen::draft::{Draft, ServiceDraft};

pub use self::merger::Options;
use self::merger::{Facts, Merger};
use self::service::new_service;
use self::tables::title_at;
use self::texts::{loose, to_be_written};
use super::page::{Family, Message, Page, PageLink, Place};
use super::pattern::service_segment;

/// A catalog with the facts of a page.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The catalog.
    pub catalog: Draft,
    /// What the merge did and what a person should check, one line each.
    pub report: Vec<String>,
    /// The texts that nobody has written, by table and key.
    pub to_be_written: Vec<String>,
    /// The reason why nothing was marked as removed, if the page lacks so much that it may be incomplete.
    pub incomplete: Option<String>,
}

/// Merges the facts of a page into a catalog.
///
/// # Errors
///
/// The reasons why the page cannot be one of this service.
pub fn merge(catalog: &Draft, page: &Page, options: &Options) -> Result<Merged, Vec<Message>> {
    let id = options.service.as_str();
    let abbreviation = page.product.as_ref().map_or("", |product| product.abbreviation.as_str());
    if !abbreviation.is_empty() && abbreviation != id {
        let message = format!("the page is of service `{abbreviation}`, not `{id}`");
        return Err(vec![Message { place: Place { line: 1, column: 1 }, message }]);
    }
    let known = catalog.services.get(id);
    let mut report = Vec::new();
    let page = &with_own_forms(page, id, known, &mut report);
    if abbreviation.is_empty() {
        of_another(page, id, known)?;
    }
    let mut merger = Merger { page, options, report, incomplete: None, unlinked: Vec::new() };
    let service = match known {
        Some(known) => merger.service(known, false),
        None => merger.service(&new_service(page, options).map_err(|error| vec![error])?, true),
    };
    let to_be_written = to_be_written(id, &service, page);
    let mut catalog = catalog.clone();
    catalog.services.insert(id.to_owned(), service);
    Ok(Merged { catalog, report: merger.report, to_be_written, incomplete: merger.incomplete })
}

/// Returns the page without the patterns of other services in its prose.
fn with_own_forms(page: &Page, id: &str, known: Option<&ServiceDraft>, report: &mut Vec<String>) -> Page {
    let mut page = page.clone();
    let own = segments(id, known);
    let is_own = |single: &str| service_segment(single).is_some_and(|segment| own.contains(segment));
    if page.family == Family::ResourcePath || !page.forms.iter().any(|form| is_own(&form.single)) {
        return page;
    }
    let all: Vec<String> = page.forms.iter().map(|form| form.single.clone()).collect();
    page.forms.retain(|form| {
        let kept = is_own(&form.single);
        if !kept {
            let line =
                format!("passed over  `{}` (page {}): it is of another service", form.single, form.place);
            report.push(line);
        }
        kept
    });
    let own: Vec<String> = page.forms.iter().map(|form| form.single.clone()).collect();
    for row in page.rows.iter_mut().filter(|row| row.patterns == all) {
        row.patterns.clone_from(&own);
    }
    page
}

/// Returns the service segments that the patterns of a service may have.
fn segments<'c>(id: &'c str, known: Option<&'c ServiceDraft>) -> HashSet<&'c str> {
    let patterns = known.into_iter().flat_map(|service| service.items(Target::Pattern).values());
    patterns.filter_map(|pattern| service_segment(pattern.text("single")?)).chain([id]).collect()
}

/// Refuses a page that states no abbreviation, and whose patterns all name a service that this one's never named.
fn of_another(page: &Page, id: &str, known: Option<&ServiceDraft>) -> Result<(), Vec<Message>> {
    let own = segments(id, known);
    let mut first = None;
    for row in &page.rows {
        for segment in row.patterns.iter().filter_map(|pattern| service_segment(pattern)) {
            if own.contains(segment) {
                return Ok(());
            }
            first = first.or(Some((row.place, segment)));
        }
    }
    first.map_or(Ok(()), |(place, segment)| {
        let message = format!("the page's patterns are of service `{segment}`, not `{id}`");
        Err(vec![Message { place, message }])
    })
}

impl Merger<'_> {
    fn service(&mut self, before: &ServiceDraft, new: bool) -> ServiceDraft {
        let mut service = before.clone();
        if new {
            self.say(format!("new service  `{}`", self.options.service));
        }
        self.service_facts(&mut service, new);
        let patterns = self.patterns(&mut service);
        let categories = self.categories(&mut service);
        let console_pages = self.console_pages(&mut service);
        let references = self.references(&mut service);
        self.restrictions(&mut service);

        let find = |map: &HashMap<String, String>, key: &str| map.get(key).cloned();
        let each_once = |names: &mut Vec<String>| {
            let mut seen = HashSet::new();
            names.retain(|name| seen.insert(name.clone()));
        };
        for row in &self.page.rows {
            let link = |link: &PageLink| title_at(&link.title, &link.url);
            let mut names: Vec<String> =
                row.patterns.iter().filter_map(|single| find(&patterns, single)).collect();
            names.sort();
            let mut pages: Vec<String> =
                row.console_pages.iter().filter_map(|found| find(&console_pages, &link(found))).collect();
            each_once(&mut pages);
            let mut links: Vec<String> =
                row.references.iter().filter_map(|found| find(&references, &found.url)).collect();
            each_once(&mut links);
            let level = match (row.contradicts, row.resource_level) {
                (true, _) => Granularity::Undocumented,
                (_, true) => Granularity::Resource,
                (_, false) => Granularity::Operation,
            };
            if row.contradicts {
                names.clear();
            }
            let facts = Facts {
                granularity: level.as_str(),
                patterns: names,
                category: row.category.as_deref().and_then(|title| find(&categories, &loose(title))),
                console_pages: pages,
                references: links,
            };
            let action = match service.items_mut(Target::Action).remove(&row.name) {
                Some(mut action) => {
                    self.update(&service, &row.name, &mut action, row, facts);
                    action
                }
                None => self.insert(row, facts),
            };
            service.items_mut(Target::Action).insert(row.name.clone(), action);
        }
        self.kept_links();
        // A page by resource path need not list every action.
        if self.page.is_whole() && self.page.family != Family::ResourcePath {
            self.vanished(before, &mut service);
        }
        self.prune(&mut service);
        self.contradictions(&mut service);
        service
    }
}
