//! What a merge has at hand, and how it sets a fact.

use std::collections::{BTreeMap, BTreeSet};

use tencent_cam_codegen::model::{Granularity, Override, Stated};

use crate::import::page::Page;

/// What an import is told beside the page.
#[derive(Clone, Debug)]
pub struct Options {
    /// The service the page is of.
    pub service: String,
    /// The day the page was read, `YYYY-MM-DD`.
    pub read: String,
    /// The page's address, where it is known.
    pub url: Option<String>,
    /// Whether it is known that as much is gone as the page lacks.
    pub allow_removals: bool,
}

pub(super) struct Merger<'p> {
    pub(super) page: &'p Page,
    pub(super) options: &'p Options,
    pub(super) report: Vec<String>,
    pub(super) taken_from_page: BTreeSet<String>,
    pub(super) incomplete: Option<String>,
    /// Actions whose link the page does not state.
    pub(super) unlinked: Vec<String>,
}

impl Merger<'_> {
    pub(super) fn say(&mut self, line: String) {
        self.report.push(line);
    }

    /// Sets a fact, unless a correction made by hand stands in its place.
    pub(super) fn fact<T: PartialEq>(
        &mut self,
        owner: &str,
        key: &str,
        current: &mut T,
        stated: T,
        overrides: &mut BTreeMap<String, Override>,
        show: impl Fn(&T) -> Option<Stated>,
    ) {
        if let Some(kept) = overrides.get_mut(key) {
            let upstream = show(&stated);
            if *current == stated {
                self.report.push(format!(
                    "agrees       {owner}: the page now states `{key}` as the override has it: delete `override.{key}`"
                ));
            } else {
                self.report
                    .push(format!("override     {owner}: `{key}` stays {}", shown(show(current).as_ref())));
                if kept.upstream != upstream {
                    self.report.push(format!(
                        "override     {owner}: upstream `{key}` was {} and is now {}",
                        shown(kept.upstream.as_ref()),
                        shown(upstream.as_ref())
                    ));
                    kept.upstream = upstream;
                }
            }
            return;
        }
        if *current != stated {
            let line = format!(
                "changed      {owner}: `{key}` from {} to {}",
                shown(show(current).as_ref()),
                shown(show(&stated).as_ref())
            );
            self.report.push(line);
            *current = stated;
        }
    }
}

/// A row's facts in the catalog's names.
pub(super) struct Facts {
    pub(super) granularity: Granularity,
    pub(super) patterns: Vec<String>,
    pub(super) category: Option<String>,
    pub(super) console_pages: Vec<String>,
    pub(super) references: Vec<String>,
}

pub(super) fn shown(fact: Option<&Stated>) -> String {
    match fact {
        None => "unstated".to_owned(),
        Some(Stated::Text(text)) => format!("`{text}`"),
        Some(Stated::Flag(flag)) => format!("`{flag}`"),
        Some(Stated::List(list)) => format!("`{}`", list.join("`, `")),
    }
}
