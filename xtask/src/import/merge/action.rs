//! Merges the facts of an action.

use cam_policy::catalog::{Granularity, Target};
use tencent_cam_codegen::draft::{Datum, Item, ServiceDraft};

use super::merger::{Facts, Merger, is_corrected, names, put};
use crate::import::page::{Family, Row};

impl Merger<'_> {
    pub(super) fn insert(&mut self, row: &Row, facts: Facts) -> Item {
        self.say(format!("added        `{}`: {} level (page {})", row.name, facts.granularity, row.place));
        let mut action = Item::default();
        action.set("granularity", facts.granularity);
        put(&mut action, "patterns", names(facts.patterns));
        put(&mut action, "category", facts.category.map(Datum::from));
        put(&mut action, "console_pages", names(facts.console_pages));
        put(&mut action, "references", names(facts.references));
        for key in [
            "printed_patterns",
            "access_level",
            "surface",
            "doc_url",
            "ip_condition",
            "condition_keys",
            "restriction",
            "alternative",
        ] {
            put(&mut action, key, of_row(row, key));
        }
        note_contradiction(&mut action, row);
        action
    }

    pub(super) fn update(
        &mut self,
        service: &ServiceDraft,
        name: &str,
        action: &mut Item,
        row: &Row,
        facts: Facts,
    ) {
        let owner = &format!("`{name}` (page {})", row.place);
        if action.states("removed") {
            action.remove("removed");
            action.remove("replaced_by");
            self.say(format!("returned     {owner}: the page lists it again"));
        }
        self.granularity(service, owner, action, facts.granularity, facts.patterns);
        match self.page.family {
            Family::CamEnabled => {
                // A page without the group, the column or the link states nothing about it.
                for key in ["access_level", "ip_condition"] {
                    if let Some(stated) = of_row(row, key) {
                        self.fact(owner, action, key, Some(stated));
                    }
                }
                if row.doc_url.is_some() {
                    self.doc_url(owner, name, action, row);
                }
            }
            Family::ResourcePath => {
                self.fact(owner, action, "printed_patterns", of_row(row, "printed_patterns"));
                if !row.condition_keys.is_empty() {
                    self.fact(owner, action, "condition_keys", of_row(row, "condition_keys"));
                }
                if row.doc_url.is_some() && !action.states("doc_url") {
                    self.doc_url(owner, name, action, row);
                }
                note_contradiction(action, row);
            }
            Family::Manageable => {
                self.fact(owner, action, "surface", of_row(row, "surface"));
                self.fact(owner, action, "category", facts.category.map(Datum::from));
                self.fact(owner, action, "console_pages", names(facts.console_pages));
                self.doc_url(owner, name, action, row);
                // A page that gives no reason states nothing about it.
                if row.restriction.is_some() {
                    self.fact(owner, action, "restriction", of_row(row, "restriction"));
                    // The recommended action may stand in the part of the page that is missing.
                    if self.page.is_whole() || row.alternative.is_some() {
                        self.fact(owner, action, "alternative", of_row(row, "alternative"));
                    }
                }
                self.fact(owner, action, "references", names(facts.references));
            }
        }
        if action.word("granularity") == Some(Granularity::Resource) && !is_corrected(action, "restriction") {
            action.remove("restriction");
            action.remove("alternative");
        }
    }

    /// Keeps a link that the page no longer has: translations leave links out.
    fn doc_url(&mut self, owner: &str, name: &str, action: &mut Item, row: &Row) {
        if row.doc_url.is_none() && action.states("doc_url") && !is_corrected(action, "doc_url") {
            self.unlinked.push(name.to_owned());
        } else {
            self.fact(owner, action, "doc_url", of_row(row, "doc_url"));
        }
    }

    /// Of links that were kept, in one line: a page may have none at all.
    pub(super) fn kept_links(&mut self) {
        if !self.unlinked.is_empty() {
            let names: Vec<String> = self.unlinked.iter().map(|name| format!("`{name}`")).collect();
            self.say(format!("kept         `doc_url` of {}: the page does not state it", names.join(", ")));
        }
    }

    /// Sets granularity and patterns together: a correction of one also keeps the other.
    fn granularity(
        &mut self,
        service: &ServiceDraft,
        owner: &str,
        action: &mut Item,
        granularity: &str,
        patterns: Vec<String>,
    ) {
        let singles = |value: &Datum| -> Option<Datum> {
            let Datum::List(list) = value else { return None };
            let known = service.items(Target::Pattern);
            let single = |name: &String| known.get(name)?.text("single").map(str::to_owned);
            names(list.iter().filter_map(single).collect())
        };
        let corrected = is_corrected(action, "granularity");
        self.fact(owner, action, "granularity", Some(granularity.into()));
        if !corrected || is_corrected(action, "patterns") || action.text("granularity") == Some(granularity) {
            self.fact_shown(owner, action, "patterns", names(patterns), singles);
        }
    }
}

fn strings(list: &[String]) -> Option<Datum> {
    names(list.to_vec())
}

/// Notes that the page lists the action at two granularities.
fn note_contradiction(action: &mut Item, row: &Row) {
    if row.contradicts {
        action.set_text(
            "note.granularity",
            "The source lists it both among the APIs that can be limited to resources and among those that cannot.",
            "来源页面将其同时列入支持资源级授权与不支持资源级授权的接口列表。",
        );
    }
}

/// Returns the fact of a row under a key that rows and the catalog state in the same form.
fn of_row(row: &Row, key: &str) -> Option<Datum> {
    match key {
        "access_level" => row.access_level.map(|level| level.as_str().into()),
        "printed_patterns" if !row.contradicts => strings(&row.printed),
        "condition_keys" if !row.contradicts => strings(&row.condition_keys),
        "surface" => row.surface.map(|surface| surface.as_str().into()),
        "ip_condition" => row.ip_condition.map(Datum::Flag),
        "doc_url" => row.doc_url.clone().map(Datum::Text),
        "restriction" => row.restriction.as_ref().map(|(reason, _)| reason.as_str().into()),
        "alternative" => row.alternative.clone().map(Datum::Text),
        _ => None,
    }
}
