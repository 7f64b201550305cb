//! The facts of the service itself.

use std::collections::BTreeMap;

use tencent_cam_codegen::model::{
    Granularity, IpRestriction, Service, ServiceGranularity, Source, Stated, Text,
};

use super::merger::{Merger, Options};
use super::texts::{in_language, loose, worded};
use crate::import::page::{Family, Page};

pub(super) fn new_service(page: &Page, options: &Options) -> Service {
    let product = page.product.clone().unwrap_or_default();
    let title = match &page.title {
        Some(title) => title.clone(),
        None if page.family == Family::Manageable => "Manageable Resources and Actions".to_owned(),
        None => "CAM-Enabled API".to_owned(),
    };
    Service {
        id: options.service.clone(),
        name: worded(page.language, &product.name),
        granularity: derived_granularity(page),
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

/// What CAM's rule makes of a page that does not state it: one resource-level API makes the service resource level.
fn derived_granularity(page: &Page) -> ServiceGranularity {
    if page.rows.iter().any(|row| row.resource_level) {
        ServiceGranularity::Resource
    } else {
        ServiceGranularity::Operation
    }
}

impl Merger<'_> {
    pub(super) fn service_facts(&mut self, service: &mut Service, new: bool) {
        self.options.read.clone_into(&mut service.source.read);
        if let Some(url) = &self.options.url {
            service.source.url = Some(url.clone());
        }
        let product = self.page.product.clone().unwrap_or_default();
        let owner = format!("service `{}`", service.id);
        let mut overrides = std::mem::take(&mut service.overrides);
        if new && product.granularity.is_none() {
            self.say(format!(
                "look at      {owner}: the page does not state its granularity; `{}` follows from its actions",
                service.granularity.word()
            ));
        }
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

    /// A page that contradicts itself is taken as it is, and a note says so.
    pub(super) fn contradictions(&mut self, service: &mut Service) {
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
