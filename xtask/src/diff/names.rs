//! Compares the lists of names. They force no version: nothing decides by them.

use std::fmt::Write as _;

use tencent_cam_codegen::{List, Lists};

/// Returns what changed in the lists, one line a service; nothing if nothing did.
///
/// A new list, or one of very many changes, is told by its numbers.
pub(super) fn names(before: &Lists, after: &Lists) -> String {
    let mut out = String::new();
    let none = List::default();
    let ids: std::collections::BTreeSet<&String> =
        before.services.keys().chain(after.services.keys()).collect();
    for id in ids {
        let (old, new) = (before.services.get(id).unwrap_or(&none), after.services.get(id).unwrap_or(&none));
        if old == new {
            continue;
        }
        let only = |one: &List, other: &List| -> Vec<String> {
            one.names.keys().filter(|name| !other.names.contains_key(*name)).cloned().collect()
        };
        let (came, left) = (only(new, old), only(old, new));
        let marked: Vec<String> = new
            .names
            .iter()
            .filter(|(name, listed)| old.names.get(*name).is_some_and(|known| known != *listed))
            .map(|(name, _)| name.clone())
            .collect();
        let parts = [("new", came), ("documented or dropped", left), ("marked", marked)];
        let mut told: Vec<String> = parts
            .iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(what, names)| match names.as_slice() {
                few if few.len() <= 5 => format!("{what} `{}`", few.join("`, `")),
                many => format!("{} {what}", many.len()),
            })
            .collect();
        if (&old.sdk, &old.abbreviation_from) != (&new.sdk, &new.abbreviation_from) {
            told.push("its abbreviation".to_owned());
        }
        let product = |list: &List| (list.granularity, list.console_access, list.tag_authorization);
        if product(old) != product(new) {
            told.push("facts of its product".to_owned());
        }
        let _ = writeln!(out, "  {id}: {}", told.join(", "));
    }
    if before.services.is_empty() && !after.services.is_empty() {
        let count: usize = after.services.values().map(|list| list.names.len()).sum();
        out = format!("  {count} names of {} services, from {}\n", after.services.len(), after.source);
    }
    if out.is_empty() {
        out
    } else {
        format!("names of which nothing else is known: forcing no version\n{out}")
    }
}
