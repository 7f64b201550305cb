//! What a page does not list any more.

use std::collections::HashSet;

use tencent_cam_codegen::model::{Action, Granularity, Group, Service};

use super::merger::Merger;

impl Merger<'_> {
    pub(super) fn vanished(&mut self, before: &Service, service: &mut Service) {
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
