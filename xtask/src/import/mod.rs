//! The command `import`: merges a permission page, as Tencent publishes it, into the catalog.
//!
//! [`read`] turns the text of a page into a [`Page`], [`merge`] puts it into a catalog, and [`import`] writes the text of that
//! catalog. All of it is pure, except the command itself.

mod block;
pub(crate) mod command;
pub(crate) mod corpus;
mod document;
mod enabled;
mod html;
mod inline;
mod lines;
mod links;
mod manageable;
mod merge;
mod page;
mod patch;
mod paths;
mod paths_cell;
mod paths_words;
mod pattern;
mod read;
mod reading;
mod refused;
mod text;
mod words;

use cam_policy::catalog::Target;
use tencent_cam_codegen::draft::Draft;
use tencent_cam_codegen::{Arena, Report, lists, split};

pub use merge::{Merged, Options, merge};
pub use page::{Family, Form, Language, Layout, Message, Page, PageLink, Place, Product, Row};
pub use read::{read, read_partly};

use self::refused::refused;
use crate::fs::CATALOG;

/// The text of a catalog with the facts of a page, and the report.
#[derive(Clone, Debug)]
pub struct Import {
    /// The text of the catalog.
    pub text: String,
    /// The page.
    pub page: Page,
    /// The catalog, and the report.
    pub merged: Merged,
}

/// Merges a page into the text of a catalog, which may be empty. Reports call the page `path`.
///
/// # Errors
///
/// Everything that is wrong with the catalog, with the page, or with the resulting catalog.
pub fn import(catalog: &str, path: &str, page: &str, options: &Options) -> Result<Import, String> {
    whole(path, import_partly(catalog, path, page, options)?)
}

/// Does what [`import`] does, for the rows that it understands. The errors of the returned page list the rest. If there are
/// any, no action is marked as removed.
///
/// # Errors
///
/// Those of [`import`], if no row is left.
pub fn import_partly(catalog: &str, path: &str, page: &str, options: &Options) -> Result<Import, String> {
    let page = read_partly(page);
    match parsed(catalog) {
        Ok(before) => put(catalog, &before, path, page, options),
        Err(wrong) if page.errors.is_empty() => Err(wrong),
        Err(wrong) => Err(format!("{wrong}\n{}", told(path, &page))),
    }
}

/// Does what [`import`] does, for a page that [`read()`] returned.
///
/// # Errors
///
/// Those of [`import`].
pub fn import_page(catalog: &str, path: &str, page: Page, options: &Options) -> Result<Import, String> {
    whole(path, put(catalog, &parsed(catalog)?, path, page, options)?)
}

/// Returns the text of a catalog with the facts of a draft.
pub(crate) fn patched(catalog: &str, draft: &Draft) -> Result<String, String> {
    patch::patch(catalog, &draft.to_toml())
}

fn whole(path: &str, import: Import) -> Result<Import, String> {
    if import.page.errors.is_empty() { Ok(import) } else { Err(told(path, &import.page)) }
}

/// Returns the report of the errors of a page.
fn told(path: &str, page: &Page) -> String {
    report(path, "error", &page.errors) + &report(path, "warning", page.cut.as_slice())
}

fn parsed(catalog: &str) -> Result<Draft, String> {
    if catalog.trim().is_empty() {
        return Ok(Draft::default());
    }
    draft(CATALOG, catalog).map_err(|report| report.to_string())
}

fn draft(path: &str, catalog: &str) -> Result<Draft, Report> {
    let arena = Arena::new();
    tencent_cam_codegen::parse(&arena, path, catalog).map(|catalog| Draft::of(&catalog))
}

fn put(
    catalog: &str,
    before: &Draft,
    path: &str,
    mut page: Page,
    options: &Options,
) -> Result<Import, String> {
    let (catalog, names) = split(catalog);
    loop {
        if page.rows.is_empty() {
            return Err(told(path, &page));
        }
        let merged = merge(before, &page, options).map_err(|mut errors| {
            errors.extend(page.errors.clone());
            errors.sort_by_key(|error| error.place);
            report(path, "error", &errors)
        })?;
        let text = patch::patch(catalog, &merged.catalog.to_toml())?;
        let after = if text == catalog {
            Ok(before.clone())
        } else {
            draft("the catalog that would come out", &text)
        };
        match after {
            Ok(after) if after == merged.catalog => {
                let text = with_names(text, names, &options.service, &merged.catalog)?;
                return Ok(Import { text, page, merged });
            }
            Ok(_) => {
                return Err(
                    "error: the catalog that would come out is not what the page says; nothing was written"
                        .to_owned(),
                );
            }
            Err(wrong) => {
                // Report a row that no catalog can hold at its line, and try the others without it.
                let errors = refused(&wrong, &text, &options.service, &page, &merged.catalog);
                if errors.is_empty() {
                    return Err(format!("{}{wrong}error: nothing was written\n", told(path, &page)));
                }
                page.leave_out(errors);
            }
        }
    }
}

/// Returns the text of the services with the lists of names behind it. What now has a table leaves the list of its service.
fn with_names(services: String, names: &str, id: &str, catalog: &Draft) -> Result<String, String> {
    if names.is_empty() {
        return Ok(services);
    }
    let mut lists = lists(names).map_err(|wrong| wrong.join("\n"))?;
    let has_table = |name: &String| catalog.services[id].items(Target::Action).contains_key(name);
    let before = lists.clone();
    if let Some(list) = lists.services.get_mut(id) {
        list.names.retain(|name, _| !has_table(name));
    }
    let names = if lists == before { names.to_owned() } else { lists.to_toml() };
    Ok(format!("{}\n\n{names}", services.trim_end()))
}

fn report(path: &str, kind: &str, messages: &[Message]) -> String {
    let lines: Vec<String> = messages
        .iter()
        .map(|message| format!("{kind}: {path}:{}: {}\n", message.place, message.message))
        .collect();
    lines.concat()
}
