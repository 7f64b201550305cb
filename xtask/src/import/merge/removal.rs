//! Marks the actions that a page no longer lists.

use std::collections::HashSet;

use cam_policy::catalog::{Granularity, Group, Target};
use tencent_cam_codegen::draft::{Item, ServiceDraft};

use super::merger::Merger;

impl Merger<'_> {
    pub(super) fn vanished(&mut self, before: &ServiceDraft, service: &mut ServiceDraft) {
        let listed: HashSet<&str> = self.page.rows.iter().map(|row| row.name.as_str()).collect();
        let gone = |name: &str| !listed.contains(name);
        if !self.options.allow_removals {
            self.incomplete = too_much(before, gone);
        }
        for (group, names) in before.groups() {
            if group == Group::Undocumented {
                continue;
            }
            for name in names.into_iter().filter(|name| gone(name)) {
                let Some(action) = service.items_mut(Target::Action).get_mut(name) else { continue };
                if action.states("removed") {
                    continue;
                }
                self.report.push(if self.incomplete.is_some() {
                    format!("missing      `{name}`: the page does not list it; kept as it is")
                } else {
                    action.set("removed", self.options.read.as_str());
                    format!("vanished     `{name}`: the page lists it no more; kept, and marked `removed`")
                });
            }
        }
    }
}

/// Returns what the page lacks, if that is more than Tencent removes at a time. A page that was cut between two rows looks
/// whole otherwise.
fn too_much(before: &ServiceDraft, gone: impl Fn(&str) -> bool) -> Option<String> {
    let is_listed = |action: &Item| {
        action.word("granularity") != Some(Granularity::Undocumented) && !action.states("removed")
    };
    let (mut all, mut lacks, mut whole) = (0, 0, None);
    for (group, mut names) in before.groups() {
        names.retain(|name| is_listed(&before.items(Target::Action)[*name]));
        let missing = names.iter().filter(|name| gone(name)).count();
        if missing > 1 && missing == names.len() {
            whole = whole.or(Some((group, missing)));
        }
        all += names.len();
        lacks += missing;
    }
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
        Group::AccessLevel(level) => {
            format!("access level {}", level.map_or("unknown", |level| level.as_str()))
        }
        Group::Surface(granularity, surface) => {
            let surface = surface.map_or("unknown", |surface| surface.as_str());
            format!("{granularity} level with surface {surface}")
        }
        Group::Undocumented => "undocumented".to_owned(),
    }
}
