//! A page's facts put into a catalog.

mod action;
mod merger;
mod names;
mod order;
mod removal;
mod service;
mod tables;
mod texts;

use std::collections::{BTreeSet, HashMap, HashSet};

use tencent_cam_codegen::model::{Catalog, Granularity, Service};

use self::merger::Facts;
use self::merger::Merger;
pub use self::merger::Options;
use self::order::order;
use self::service::new_service;
pub use self::texts::{TO_BE_WRITTEN_EN, TO_BE_WRITTEN_ZH};
use self::texts::{loose, to_be_written};
use super::page::{Page, PageLink, Place, Remark};
use super::pattern::service_segment;

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
    let known = place.ok().map(|at| &catalog.services[at]);
    let mut report = Vec::new();
    let page = &with_own_forms(page, &options.service, known, &mut report);
    if abbreviation.is_empty() {
        of_another(page, &options.service, known)?;
    }
    let mut merger = Merger {
        page,
        options,
        report,
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

/// The page without the patterns of its prose that are of other services.
fn with_own_forms(page: &Page, id: &str, known: Option<&Service>, report: &mut Vec<String>) -> Page {
    let mut page = page.clone();
    let own = segments(id, known);
    let is_own = |single: &str| service_segment(single).is_some_and(|segment| own.contains(segment));
    if !page.forms.iter().any(|form| is_own(&form.single)) {
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

/// What the patterns of a service may have for their service.
fn segments<'c>(id: &'c str, known: Option<&'c Service>) -> HashSet<&'c str> {
    let patterns = known.map_or(&[][..], |service| &service.patterns);
    patterns.iter().filter_map(|pattern| service_segment(&pattern.single)).chain([id]).collect()
}

/// Refuses a page that states no abbreviation, and whose patterns all name a service that this one's never named.
fn of_another(page: &Page, id: &str, known: Option<&Service>) -> Result<(), Vec<Remark>> {
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
        Err(vec![Remark { place, message }])
    })
}

impl Merger<'_> {
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
        if self.page.is_whole() {
            self.vanished(before, &mut service);
        }
        self.prune(&mut service);
        order(before, &mut service);
        self.contradictions(&mut service);
        service
    }
}
