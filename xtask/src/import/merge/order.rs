//! The order of a service's actions.

use tencent_cam_codegen::model::{Group, Service};

/// The groups in the order they had, new ones behind them, undocumented actions last; names sorted in each.
pub(super) fn order(before: &Service, service: &mut Service) {
    let old: Vec<Group> = before.groups().into_iter().map(|(group, _)| group).collect();
    let rank = |group: Group| match group {
        Group::Undocumented => usize::MAX,
        other => old.iter().position(|known| *known == other).unwrap_or(usize::MAX - 1),
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
