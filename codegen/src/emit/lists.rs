//! Writes the names of all services as read-only data, for look-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cam_policy::catalog::{Catalog, Granularity, Tables};

use crate::lists::{Listed, Lists};

/// What is known of a name: whether its granularity is documented, and what the SDK says of it.
type Known<'c> = (bool, Option<&'c Listed>);

/// Returns the statics `TEXT`, `KNOWN`, `NAMES`, `LOOKUP` and `LISTS`: the names with a table in the catalog, and those that stand in
/// a list.
///
/// A name is four numbers: its place in the one `TEXT`, where its service stands before it, the lengths of both, and the number of what
/// is known of it. A pointer would take 24 bytes in the file of a program beside its own 16, because the loader has to place each.
/// One `LOOKUP` finds a name with its service: to search the service first would take longer than all the rest.
///
/// The code is made of `list`, `name` and `known`, which the crate that includes it defines.
///
/// ```
/// use tencent_cam_codegen::{Arena, emit_lists, lists, parse};
///
/// let text = std::fs::read_to_string("../catalog.toml")?;
/// let arena = Arena::new();
/// let catalog = parse(&arena, "catalog.toml", &text)?;
/// let code = emit_lists(&catalog, &lists(&text).unwrap());
/// assert!(code.contains("RunInstances"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn emit_lists(catalog: &Catalog<'_>, lists: &Lists) -> String {
    let with_table = catalog.services.iter().map(|service| service.id);
    let ids: BTreeSet<&str> = with_table.chain(lists.services.keys().map(String::as_str)).collect();
    let mut text = String::new();
    let mut known: Vec<String> = Vec::new();
    let mut lines = String::new();
    let mut names_of_all = String::new();
    let mut actions: Vec<String> = Vec::new();
    for id in ids {
        let mut names: BTreeMap<&str, Known<'_>> = BTreeMap::new();
        let list = lists.services.get(id);
        for (name, listed) in list.iter().flat_map(|list| &list.names) {
            names.insert(name, (false, Some(listed)));
        }
        let service = catalog.services.iter().find(|service| service.id == id);
        for action in service.iter().flat_map(|service| service.actions) {
            names.insert(action.name, (action.granularity != Granularity::Undocumented, None));
        }
        if names.is_empty() {
            continue;
        }
        let assumed = service.is_none() && list.is_some_and(|list| list.abbreviation_from.is_none());
        let _ = writeln!(lines, "list({id:?}, {assumed}, {}, {}),", actions.len(), names.len());
        for (name, facts) in names {
            let facts = constant(facts);
            let number = known.iter().position(|known| *known == facts).unwrap_or_else(|| {
                known.push(facts);
                known.len() - 1
            });
            let action = format!("{id}:{name}");
            let at = text.len() + action.len() - name.len();
            let _ = write!(names_of_all, "name({at}, {}, {}, {number}),", id.len(), name.len());
            text.push_str(&action);
            actions.push(action);
        }
    }
    let Tables { seed, displacements, slots } =
        Tables::of(&actions.iter().map(String::as_str).collect::<Vec<_>>());
    format!(
        "static LISTS: &[NameList] = &[\n{lines}];\n\
         static NAMES: &[Name] = &[{names_of_all}];\n\
         static LOOKUP: Lookup<'static> = Lookup {{ seed: {seed}, displacements: &{displacements:?}, slots: &{slots:?} }};\n\
         static KNOWN: &[Known] = &[{}];\n\
         static TEXT: &str = {text:?};\n",
        known.join(", ")
    )
}

/// Writes what is known of a name.
fn constant((documented, listed): Known<'_>) -> String {
    let listed = listed.cloned().unwrap_or_default();
    let status = listed.status.map(crate::lists::Status::as_str);
    let Listed { since, gone, exposes_credentials, .. } = listed;
    format!("known({documented}, {status:?}, {since:?}, {gone:?}, {exposes_credentials})")
}
