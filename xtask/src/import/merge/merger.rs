//! The state of a merge, and the code that sets a fact.

use tencent_cam_codegen::draft::{Datum, Item};

use crate::import::page::Page;

/// The options of an import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The service of the page.
    pub service: String,
    /// The English name of a new service; `None` takes it from the page.
    pub name_en: Option<String>,
    /// The Chinese name of a new service; `None` takes it from the page.
    pub name_zh: Option<String>,
    /// The date on which the page was read, `YYYY-MM-DD`.
    pub read: String,
    /// The title of the page; `None` takes it from the page.
    pub title: Option<String>,
    /// The date of the version of the page, `YYYY-MM-DD`, if it is known.
    pub dated: Option<String>,
    /// The address of the page, if it is known.
    pub url: Option<String>,
    /// Whether all that the page lacks is known to be removed.
    pub allow_removals: bool,
}

pub(super) struct Merger<'p> {
    pub(super) page: &'p Page,
    pub(super) options: &'p Options,
    pub(super) report: Vec<String>,
    pub(super) incomplete: Option<String>,
    /// The actions whose link the page does not state.
    pub(super) unlinked: Vec<String>,
}

impl Merger<'_> {
    pub(super) fn say(&mut self, line: String) {
        self.report.push(line);
    }

    /// Sets a fact, unless a correction made by hand stands in its place.
    pub(super) fn fact(&mut self, owner: &str, item: &mut Item, key: &str, stated: Option<Datum>) {
        self.fact_shown(owner, item, key, stated, |value| Some(value.clone()));
    }

    /// Does what [`Merger::fact`] does, for a fact that the source states in other words than the catalog.
    pub(super) fn fact_shown(
        &mut self,
        owner: &str,
        item: &mut Item,
        key: &str,
        stated: Option<Datum>,
        show: impl Fn(&Datum) -> Option<Datum>,
    ) {
        let current = item.get(key);
        let (now, new) = (current.and_then(&show), stated.as_ref().and_then(&show));
        if is_corrected(item, key) {
            if current == stated.as_ref() {
                self.report.push(format!(
                    "agrees       {owner}: the page now states `{key}` as the override has it: delete `override.{key}`"
                ));
                return;
            }
            self.report.push(format!("override     {owner}: `{key}` stays {}", shown(now.as_ref())));
            let upstream = format!("override.{key}.upstream");
            if item.get(&upstream) != new.as_ref() {
                self.report.push(format!(
                    "override     {owner}: upstream `{key}` was {} and is now {}",
                    shown(item.get(&upstream)),
                    shown(new.as_ref())
                ));
                put(item, &upstream, new);
            }
        } else if current != stated.as_ref() {
            let line = format!(
                "changed      {owner}: `{key}` from {} to {}",
                shown(now.as_ref()),
                shown(new.as_ref())
            );
            self.report.push(line);
            put(item, key, stated);
        }
    }
}

/// Whether a correction made by hand replaces the fact.
pub(super) fn is_corrected(item: &Item, key: &str) -> bool {
    item.states(&format!("override.{key}"))
}

/// Sets a fact, or removes it.
pub(super) fn put(item: &mut Item, key: &str, stated: Option<Datum>) {
    match stated {
        Some(value) => item.set(key, value),
        None => item.remove(key),
    }
}

/// Returns names as the value of a fact; `None` if there are no names.
pub(super) fn names(list: Vec<String>) -> Option<Datum> {
    (!list.is_empty()).then_some(Datum::List(list))
}

/// The facts of a row, with the names of the catalog.
pub(super) struct Facts {
    pub(super) granularity: &'static str,
    pub(super) patterns: Vec<String>,
    pub(super) category: Option<String>,
    pub(super) console_pages: Vec<String>,
    pub(super) references: Vec<String>,
}

fn shown(fact: Option<&Datum>) -> String {
    match fact {
        None => "unstated".to_owned(),
        Some(Datum::Text(text)) => format!("`{text}`"),
        Some(Datum::Flag(flag)) => format!("`{flag}`"),
        Some(Datum::List(list)) => format!("`{}`", list.join("`, `")),
    }
}
