//! Merges the facts of the service itself.

use cam_policy::catalog::{Granularity, Grouping, IpRestriction, ServiceGranularity, Target};
use tencent_cam_codegen::draft::{Datum, ServiceDraft};

use super::merger::{Merger, Options};
use super::texts::{code, loose, words_in};
use crate::import::page::{Family, Message, Page, Place, Product};

/// Returns a service that is new in the catalog, without its patterns and actions.
pub(super) fn new_service(page: &Page, options: &Options) -> Result<ServiceDraft, Message> {
    let product = page.product.clone().unwrap_or_default();
    let title = match options.title.as_ref().or(page.title.as_ref()) {
        Some(title) => title.clone(),
        None if page.family == Family::ResourcePath => "Resource-Level Permissions".to_owned(),
        None if page.family == Family::Manageable => "Manageable Resources and Actions".to_owned(),
        None => "CAM-Enabled API".to_owned(),
    };
    let grouped_by = match page.family {
        Family::CamEnabled | Family::ResourcePath => Grouping::AccessLevel,
        Family::Manageable => Grouping::Surface,
    };
    let [en, zh] = names(page, options)?;
    let mut service = ServiceDraft::default();
    let facts = &mut service.facts;
    facts.set_text("name", &en, &zh);
    facts.set("granularity", derived_granularity(page).as_str());
    facts.set("grouped_by", grouped_by.as_str());
    for (key, stated) in stated(&product) {
        if let Some(stated) = stated {
            facts.set(key, stated);
        }
    }
    facts.set("source.title", title);
    facts.set("source.read", options.read.as_str());
    Ok(service)
}

/// Returns the names of the service in English and Chinese. If only one is known, it is used for both.
fn names(page: &Page, options: &Options) -> Result<[String; 2], Message> {
    let product = page.product.as_ref().map_or("", |product| product.name.as_str());
    let of = |given: &Option<String>, key: &str| {
        let stated = || (code(page.language) == Some(key)).then(|| product.to_owned());
        given.clone().or_else(stated).filter(|name| !name.is_empty())
    };
    let (en, zh) = (of(&options.name_en, "en"), of(&options.name_zh, "zh"));
    let either = en.clone().or_else(|| zh.clone()).unwrap_or_else(|| product.to_owned());
    if either.is_empty() {
        return Err(Message {
            place: Place { line: 1, column: 1 },
            message: format!(
                "the page does not state what `{}` is called: say it with `--name-en NAME` and `--name-zh NAME`",
                options.service
            ),
        });
    }
    Ok([en, zh].map(|name| name.unwrap_or_else(|| either.clone())))
}

/// Returns the granularity of a service whose page states none. By CAM's rule, one resource-level API makes the service
/// resource level.
fn derived_granularity(page: &Page) -> ServiceGranularity {
    if page.rows.iter().any(|row| row.resource_level) {
        ServiceGranularity::Resource
    } else {
        ServiceGranularity::Operation
    }
}

/// Merges the facts of the product, if the page has a head that states them.
fn stated(product: &Product) -> [(&'static str, Option<Datum>); 4] {
    [
        ("granularity", product.granularity.map(|stated| stated.as_str().into())),
        ("console_access", product.console_access.map(Datum::Flag)),
        ("tag_authorization", product.tag_authorization.map(Datum::Flag)),
        ("ip_restriction", product.ip_restriction.map(|stated| stated.as_str().into())),
    ]
}

impl Merger<'_> {
    pub(super) fn service_facts(&mut self, service: &mut ServiceDraft, new: bool) {
        let facts = &mut service.facts;
        facts.set("source.read", self.options.read.as_str());
        if let Some(url) = &self.options.url {
            facts.set("source.url", url.as_str());
        }
        if let Some(day) = &self.options.dated {
            facts.set("source.dated", day.as_str());
        }
        if let Some(title) = &self.options.title {
            facts.set("source.title", title.as_str());
        }
        let product = self.page.product.clone().unwrap_or_default();
        let owner = format!("service `{}`", self.options.service);
        if new && product.granularity.is_none() {
            self.say(format!(
                "look at      {owner}: the page does not state its granularity; `{}` follows from its actions",
                facts.text("granularity").unwrap_or_default()
            ));
        }
        for (key, stated) in stated(&product) {
            if stated.is_some() {
                self.fact(&owner, facts, key, stated);
            }
        }
        let own = code(self.page.language).and_then(|code| words_in(facts, "name", code)).unwrap_or_default();
        if !new && !product.name.is_empty() && !own.is_empty() && loose(own) != loose(&product.name) {
            self.say(format!(
                "look at      {owner} is called `{own}` here and `{}` on the page",
                product.name
            ));
        }
    }

    /// Adds a note if the page contradicts itself. The facts stay as the page states them.
    pub(super) fn contradictions(&mut self, service: &mut ServiceDraft) {
        let id = &self.options.service;
        let level: Option<ServiceGranularity> = service.facts.word("granularity");
        let actions = || service.items(Target::Action).values();
        let above = actions()
            .filter(|action| match (level, action.word("granularity")) {
                (Some(ServiceGranularity::Service), found) => found != Some(Granularity::Undocumented),
                (Some(ServiceGranularity::Operation), found) => found == Some(Granularity::Resource),
                _ => false,
            })
            .count();
        let against = match service.facts.word("ip_restriction") {
            Some(IpRestriction::Supported) => Some(false),
            Some(IpRestriction::Unsupported) => Some(true),
            _ => None,
        };
        let count = against.map_or(0, |stated| {
            actions().filter(|action| action.flag("ip_condition") == Some(stated)).count()
        });
        if let Some(level) = level.filter(|_| above > 0 && !service.facts.states("note.granularity")) {
            let zh = match level {
                ServiceGranularity::Service => "服务级",
                _ => "操作级",
            };
            service.facts.set_text(
                "note.granularity",
                &format!(
                    "The head of the source page says {level} level, yet {above} of the page's actions are of a finer one; both are kept as stated."
                ),
                &format!("来源页面开头写明为{zh}，但页面中有 {above} 个接口的粒度更细；两者均照原样保留。"),
            );
            let line = format!(
                "look at      service `{id}`: its granularity is coarser than that of {above} actions; noted"
            );
            self.report.push(line);
        }
        if count > 0 && !service.facts.states("note.ip_restriction") {
            service.facts.set_text(
                "note.ip_restriction",
                &format!("The head of the source page and {count} of its actions contradict each other; both are kept as stated."),
                &format!("来源页面开头与其中 {count} 个接口的说法不一致；两者均照原样保留。"),
            );
            let line =
                format!("look at      service `{id}`: its IP restriction contradicts {count} actions; noted");
            self.report.push(line);
        }
    }
}
