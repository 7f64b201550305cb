//! Finds the rows of a page that make the resulting catalog invalid.

use std::collections::HashSet;

use cam_policy::catalog::Target;
use tencent_cam_codegen::Report;
use tencent_cam_codegen::draft::{Draft, Item};

use super::page::{Message, Page, Row};

/// Returns the rows that cause the errors of `text`, the TOML of `catalog`, each with the reason. The list is empty if the
/// cause is something else.
pub(super) fn refused(
    wrong: &Report,
    text: &str,
    service: &str,
    page: &Page,
    catalog: &Draft,
) -> Vec<(String, Message)> {
    let Some(actions) = catalog.services.get(service).map(|service| service.items(Target::Action)) else {
        return Vec::new();
    };
    let mut told: HashSet<&str> = HashSet::new();
    let mut errors = Vec::new();
    for diagnostic in wrong.diagnostics() {
        let table = table(text, diagnostic.span.start);
        let Some((kind, name)) = table
            .strip_prefix("service.")
            .and_then(|rest| rest.strip_prefix(service)?.strip_prefix('.')?.split_once('.'))
        else {
            continue;
        };
        let of_row = |row: &&Row| match kind {
            "action" => row.name == name,
            _ => actions.get(&row.name).is_some_and(|action| refers(action, kind, name)),
        };
        for row in page.rows.iter().filter(of_row) {
            if told.insert(&row.name) {
                let message = format!(
                    "the row of `{}` is not understood: {}; {}",
                    row.name, diagnostic.message, diagnostic.help
                );
                errors.push((row.name.clone(), Message { place: row.place, message }));
            }
        }
    }
    errors
}

/// Returns the path of the table that contains a place of a catalog.
fn table(text: &str, at: usize) -> &str {
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    let header = text[..end].lines().rev().find_map(|line| line.strip_prefix('['));
    header.and_then(|header| header.split(']').next()).unwrap_or_default()
}

fn refers(action: &Item, kind: &str, name: &str) -> bool {
    let lists = |key: &str| action.list(key).iter().any(|found| found == name);
    match kind {
        "pattern" => lists("patterns"),
        "console_page" => lists("console_pages"),
        "reference" => lists("references"),
        "category" | "restriction" => action.text(kind) == Some(name),
        _ => false,
    }
}
