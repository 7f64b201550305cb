//! Writes the names of all services as read-only data, for look-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cam_policy::catalog::{Catalog, Granularity, Tables};

use crate::lists::{Listed, Lists};

/// What is written of a name: whether its granularity is documented, and what the SDK says of it.
type Known<'c> = (bool, Option<&'c Listed>);

/// Returns the constant expression of the lists: the names with a table in the catalog, and those that stand in a list.
///
/// The code is made of `list`, `documented`, `listed` and `marked!`, which the crate that includes it defines.
///
/// ```
/// use tencent_cam_codegen::{Arena, emit_lists, lists, parse};
///
/// let text = std::fs::read_to_string("../catalog.toml")?;
/// let arena = Arena::new();
/// let catalog = parse(&arena, "catalog.toml", &text)?;
/// let code = emit_lists(&catalog, &lists(&text).unwrap());
/// assert!(code.contains("documented(\"RunInstances\")"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn emit_lists(catalog: &Catalog<'_>, lists: &Lists) -> String {
    let with_table = catalog.services.iter().map(|service| service.id);
    let ids: BTreeSet<&str> = with_table.chain(lists.services.keys().map(String::as_str)).collect();
    let mut out = String::from("&[\n");
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
        let tables = Tables::of(&names.keys().copied().collect::<Vec<_>>());
        let assumed = service.is_none() && list.is_some_and(|list| list.abbreviation_from.is_none());
        let _ = write!(
            out,
            "list({id:?}, {assumed}, {}, &{:?}, &{:?}, &[",
            tables.seed, tables.displacements, tables.slots
        );
        for (name, (documented, listed)) in names {
            let _ = match listed {
                None if documented => write!(out, "documented({name:?}),"),
                None => write!(out, "listed({name:?}),"),
                Some(listed) if *listed == Listed::default() => write!(out, "listed({name:?}),"),
                Some(listed) => {
                    let status = listed.status.map(crate::lists::Status::as_str);
                    let Listed { since, gone, exposes_credentials, .. } = listed;
                    write!(out, "marked!({name:?}, {status:?}, {since:?}, {gone:?}, {exposes_credentials}),")
                }
            };
        }
        out.push_str("]),\n");
    }
    out.push_str("]\n");
    out
}
