//! The facts of an action.

use std::collections::BTreeMap;

use tencent_cam_codegen::model::{Action, Granularity, Override, Service, Stated};

use super::merger::{Facts, Merger};
use super::texts::{unwritten, worded};
use crate::import::page::{Family, Row};

impl Merger<'_> {
    pub(super) fn insert(&mut self, row: &Row, facts: Facts) -> Action {
        let level = facts.granularity.word();
        self.say(format!("added        `{}`: {level} level (page {})", row.name, row.place));
        let description = worded(self.page.language, &row.description);
        if description != unwritten() {
            self.taken_from_page.insert(row.name.clone());
        }
        Action {
            name: row.name.clone(),
            removed: None,
            replaced_by: None,
            granularity: facts.granularity,
            patterns: facts.patterns,
            access_level: row.access_level,
            surface: row.surface,
            category: facts.category,
            console_pages: facts.console_pages,
            doc_url: row.doc_url.clone(),
            ip_condition: row.ip_condition,
            restriction: row.restriction.as_ref().map(|(reason, _)| *reason),
            alternative: row.alternative.clone(),
            references: facts.references,
            description,
            overrides: BTreeMap::new(),
            notes: BTreeMap::new(),
        }
    }

    pub(super) fn update(&mut self, service: &Service, action: &mut Action, row: &Row, facts: Facts) {
        let owner = format!("`{}` (page {})", action.name, row.place);
        if action.removed.take().is_some() {
            action.replaced_by = None;
            self.say(format!("returned     {owner}: the page lists it again"));
        }
        let word = |text: &str| Some(Stated::Text(text.to_owned()));
        let words = |list: &Vec<String>| (!list.is_empty()).then(|| Stated::List(list.clone()));
        let mut overrides = std::mem::take(&mut action.overrides);
        self.granularity(service, &owner, action, facts.granularity, facts.patterns, &mut overrides);
        match self.page.family {
            Family::CamEnabled => {
                if row.access_level.is_some() || action.access_level.is_none() {
                    self.fact(
                        &owner,
                        "access_level",
                        &mut action.access_level,
                        row.access_level,
                        &mut overrides,
                        |found| found.and_then(|found| word(found.word())),
                    );
                }
                // A page without the column states nothing about it.
                if row.ip_condition.is_some() {
                    self.fact(
                        &owner,
                        "ip_condition",
                        &mut action.ip_condition,
                        row.ip_condition,
                        &mut overrides,
                        |found| found.map(Stated::Flag),
                    );
                }
                if row.doc_url.is_some() {
                    self.doc_url(&owner, action, row, &mut overrides);
                }
            }
            Family::Manageable => {
                self.fact(&owner, "surface", &mut action.surface, row.surface, &mut overrides, |found| {
                    found.and_then(|found| word(found.word()))
                });
                self.fact(
                    &owner,
                    "category",
                    &mut action.category,
                    facts.category,
                    &mut overrides,
                    |found| found.as_deref().and_then(word),
                );
                self.fact(
                    &owner,
                    "console_pages",
                    &mut action.console_pages,
                    facts.console_pages,
                    &mut overrides,
                    words,
                );
                self.doc_url(&owner, action, row, &mut overrides);
                // A page that gives no reason states nothing about it.
                if let Some((reason, _)) = &row.restriction {
                    let reason = Some(*reason);
                    self.fact(
                        &owner,
                        "restriction",
                        &mut action.restriction,
                        reason,
                        &mut overrides,
                        |found| found.and_then(|found| word(found.word())),
                    );
                    // The recommended action may stand in the part of the page that is missing.
                    if self.page.is_whole() || row.alternative.is_some() {
                        let stated = row.alternative.clone();
                        self.fact(
                            &owner,
                            "alternative",
                            &mut action.alternative,
                            stated,
                            &mut overrides,
                            |found| found.as_deref().and_then(word),
                        );
                    }
                }
                self.fact(
                    &owner,
                    "references",
                    &mut action.references,
                    facts.references,
                    &mut overrides,
                    words,
                );
            }
        }
        action.overrides = overrides;
        if action.granularity == Granularity::Resource && !action.overrides.contains_key("restriction") {
            action.restriction = None;
            action.alternative = None;
        }
    }

    /// A page that links a name no more states nothing about it: translations leave links out.
    pub(super) fn doc_url(
        &mut self,
        owner: &str,
        action: &mut Action,
        row: &Row,
        overrides: &mut BTreeMap<String, Override>,
    ) {
        let known = action.doc_url.is_some() && !overrides.contains_key("doc_url");
        if known && row.doc_url.is_none() {
            self.unlinked.push(action.name.clone());
            return;
        }
        self.fact(owner, "doc_url", &mut action.doc_url, row.doc_url.clone(), overrides, |found| {
            found.clone().map(Stated::Text)
        });
    }

    /// Of links that were kept, in one line: a page may have none at all.
    pub(super) fn kept_links(&mut self) {
        if !self.unlinked.is_empty() {
            let names: Vec<String> = self.unlinked.iter().map(|name| format!("`{name}`")).collect();
            self.say(format!("kept         `doc_url` of {}: the page does not state it", names.join(", ")));
        }
    }

    /// Granularity and patterns go together: a correction of one keeps the other.
    pub(super) fn granularity(
        &mut self,
        service: &Service,
        owner: &str,
        action: &mut Action,
        granularity: Granularity,
        patterns: Vec<String>,
        overrides: &mut BTreeMap<String, Override>,
    ) {
        let singles = |names: &Vec<String>| -> Option<Stated> {
            // They are sorted by name.
            let place = |name: &String| service.patterns.binary_search_by(|found| found.name.cmp(name)).ok();
            let named = |name: &String| place(name).map(|at| &service.patterns[at]);
            let list: Vec<String> =
                names.iter().filter_map(named).map(|pattern| pattern.single.clone()).collect();
            (!list.is_empty()).then_some(Stated::List(list))
        };
        let corrected = overrides.contains_key("granularity");
        self.fact(owner, "granularity", &mut action.granularity, granularity, overrides, |found| {
            Some(Stated::Text(found.word().to_owned()))
        });
        if !corrected || overrides.contains_key("patterns") || action.granularity == granularity {
            self.fact(owner, "patterns", &mut action.patterns, patterns, overrides, singles);
        }
    }
}
