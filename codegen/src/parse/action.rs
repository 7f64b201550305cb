//! Actions, and what they refer to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::faults::Faults;
use super::life;
use super::order::{Groups, Run, groups, in_order};
use super::table::{Named, Owner, Table, list, sorted, words};
use super::{ACTION_KEYS, unique, url};
use crate::model::{Action, Granularity, Group, RestrictionReason, by_surface};
use crate::names;

/// Something actions refer to by name, and whether one did.
pub(super) struct Referents<'a> {
    /// The key of their tables.
    key: &'static str,
    service: Owner<'a>,
    known: BTreeMap<&'a str, Range<usize>>,
    used: BTreeSet<&'a str>,
    /// Whether what is not known may be defined in lines that were not read.
    unsure: bool,
}

impl<'a> Referents<'a> {
    pub(super) fn new(
        key: &'static str,
        service: &Table<'a>,
        tables: &[Named<'a>],
        faults: &Faults<'_>,
    ) -> Self {
        let known = tables.iter().map(|named| (named.entry.key, named.entry.span.clone())).collect();
        let unsure = service.is_unsure(key, faults);
        Self { key, service: service.owner, known, used: BTreeSet::new(), unsure }
    }

    /// The key in words.
    fn kind(&self) -> String {
        self.key.replace('_', " ")
    }

    /// Says that one is misspelt where it is defined: `name`, which then is any of those that are not.
    pub(super) fn misspelt(&mut self, name: &'a str) {
        self.used.insert(name);
        self.unsure = true;
    }

    /// Says that one is misspelt where it is referred to, which then can be any.
    fn refer_to_any(&mut self) {
        self.used.extend(self.known.keys().copied());
    }

    /// Reports a name that is not defined.
    fn refer(&mut self, name: &'a str, span: &Range<usize>, faults: &mut Faults<'_>) {
        self.used.insert(name);
        if self.known.contains_key(name) || self.unsure || faults.is_lost(name, self.service.service) {
            return;
        }
        let near = faults.nearest(name, self.known.keys().copied());
        // The table of that name would be unused only because of this fault.
        self.used.extend(near);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("define it, `[{}]`", self.service.path_of(self.key, name)),
        };
        faults.add(span, format!("there is no {} `{name}`", self.kind()), "not defined", help);
    }

    pub(super) fn report_unused(&self, faults: &mut Faults<'_>) {
        let kind = self.kind();
        for (name, span) in self.known.iter().filter(|(name, _)| !self.used.contains(*name)) {
            if !faults.is_lost(name, self.service.service) {
                let help = "delete it, or name it in the actions it is for";
                faults.add(span, format!("no action refers to {kind} `{name}`"), "unused", help);
            }
        }
    }
}

/// What the actions of a service may refer to.
pub(super) struct Targets<'a> {
    pub(super) patterns: Referents<'a>,
    pub(super) categories: Referents<'a>,
    pub(super) console_pages: Referents<'a>,
    pub(super) references: Referents<'a>,
    pub(super) restrictions: Referents<'a>,
}

/// An action as it was read.
pub(super) struct Read {
    pub(super) action: Action,
    pub(super) span: Range<usize>,
    /// Where its patterns are.
    pub(super) patterns: Range<usize>,
    /// Whether its granularity is what was written.
    pub(super) granularity_known: bool,
    /// Whether all that may make its group is what was written.
    group_known: bool,
}

pub(super) fn read_actions<'a>(
    service: &Table<'a>,
    refer: &mut Targets<'a>,
    faults: &mut Faults<'_>,
) -> Vec<Read> {
    let tables = service.tables("action", false, faults);
    if service.has_none("action", faults) && !faults.is_lost("action", service.owner.service) {
        let help = format!("add a table for each API, `[{}]`", service.owner.path_of("action", "<Name>"));
        service.missing("action", &help, faults);
    }
    if tables.len() > usize::from(u16::MAX) {
        let message = format!("{} has {} actions", service.owner, tables.len());
        faults.add(&service.span, message, "too many", "a service can have 65,535 actions at most");
    }
    check_names(&tables, faults);
    let names: BTreeSet<&str> = tables.iter().map(|named| named.entry.key).collect();
    let actions: Vec<Read> = tables.iter().map(|named| read_action(named, &names, refer, faults)).collect();
    let before = faults.count();
    check_order(&actions, &tables, faults);
    if faults.count() == before {
        life::check_last(&actions, faults);
    }
    actions
}

fn check_names(tables: &[Named<'_>], faults: &mut Faults<'_>) {
    let mut variants = HashMap::new();
    let mut lower: HashMap<String, (&str, &Range<usize>)> = HashMap::new();
    for named in tables {
        let (name, span) = (named.entry.key, &named.entry.span);
        if !names::is_action(name) {
            faults.add(
                span,
                format!("`{name}` is no API name"),
                "letters, digits and `_`, a letter first",
                "write the name exactly as the source does, without the service and without blanks",
            );
            continue;
        }
        let variant = names::variant(name);
        if names::is_keyword(&variant) {
            faults.add(
                span,
                format!("`{name}` would become the Rust keyword `{variant}`"),
                "a keyword",
                "no action of CAM is known to be called so: check the source",
            );
        }
        if let Some((first, first_span)) = lower.get(&name.to_ascii_lowercase()) {
            let message = format!("`{name}` and `{first}` differ only in case");
            let help = "keep the one the source has; whether CAM tells them apart is not documented";
            faults.add(span, message, "the second", help).and(first_span, "the first");
        } else {
            lower.insert(name.to_ascii_lowercase(), (name, span));
            unique(&mut variants, variant, name, span, "action", faults);
        }
    }
}

/// Each group stands in one piece, and is sorted by name.
fn check_order(actions: &[Read], tables: &[Named<'_>], faults: &mut Faults<'_>) {
    let by_surface = by_surface(actions.iter().map(|read| &read.action));
    let group = |read: &Read| {
        let Action { granularity, surface, access_level, .. } = read.action;
        read.group_known.then(|| Group::of(by_surface, granularity, surface, access_level))
    };
    let Groups { whole, strays, apart } = groups(actions.iter().map(group));
    let entry = |at: usize| &tables[at].entry;
    let grouped_by = |groups: [Group; 2]| match by_surface {
        _ if groups.contains(&Group::Undocumented) => "`granularity`",
        true => "`granularity` or `surface`",
        false => "`access_level`",
    };
    // Where the first of a run belongs: its neighbour, and on which side of it.
    let place = |run: &Run<Group>, home: &Run<Group>| {
        let name = entry(run.items[0]).key;
        let above = home.items.iter().rev().find(|at| entry(**at).key < name);
        above.map_or((home.items[0], false), |above| (*above, true))
    };
    let moved = |run: &Run<Group>, (neighbour, below): (usize, bool), home: &str| {
        let what = if run.items.len() == 1 { "it" } else { "them" };
        let side = if below { "below" } else { "above" };
        format!("move {what} to {home}, {side} `{}`", entry(neighbour).key)
    };
    let side = |(_, below): (usize, bool)| if below { "belongs below this" } else { "belongs above this" };
    for (run, around) in strays {
        let (first, around) = (entry(run.items[0]), &whole[around]);
        let home = whole.iter().find(|other| other.group == run.group);
        let (place, help) = match home {
            Some(home) => {
                let place = place(&run, home);
                (place, moved(&run, place, "the actions of its own group"))
            }
            // Of a group that has no other place yet: behind the one it interrupts.
            None => {
                let place = (around.items[around.items.len() - 1], true);
                (place, moved(&run, place, "the end of the group around it"))
            }
        };
        faults
            .add(
                &first.span,
                format!("{} in the middle of another group", stands(first.key, &run.items)),
                format!("{}, around it {}", told(run.group), told(around.group)),
                format!("{help}, or correct its {}", grouped_by([run.group, around.group])),
            )
            .and(&entry(place.0).span, side(place));
    }
    for (run, rest) in apart {
        let (first, rest) = (entry(run.items[0]), &whole[rest]);
        let place = place(&run, rest);
        let help = moved(&run, place, "the rest of its group");
        faults
            .add(
                &first.span,
                format!("{} apart from the rest of the group", stands(first.key, &run.items)),
                told(run.group),
                format!("{help}, or correct its {}", grouped_by([run.group; 2])),
            )
            .and(&entry(place.0).span, side(place));
    }
    for run in whole {
        sorted(run.items.iter().map(|at| entry(*at)), "the actions of a group", faults);
    }
}

/// Who stands somewhere, in words.
fn stands(first: &str, items: &[usize]) -> String {
    match items.len() - 1 {
        0 => format!("`{first}` stands"),
        1 => format!("`{first}` and the action after it stand"),
        more => format!("`{first}` and the {more} actions after it stand"),
    }
}

/// A group in words.
fn told(group: Group) -> String {
    match group {
        Group::Undocumented => "granularity `undocumented`".to_owned(),
        Group::Access(Some(level)) => format!("access level `{}`", level.word()),
        Group::Access(None) => "no access level".to_owned(),
        Group::Surface(granularity, Some(surface)) => {
            format!("{} level, `{}` API", granularity.word(), surface.word())
        }
        Group::Surface(granularity, None) => format!("{} level, no surface", granularity.word()),
    }
}

fn read_action<'a>(
    named: &Named<'a>,
    actions: &BTreeSet<&str>,
    refer: &mut Targets<'a>,
    faults: &mut Faults<'_>,
) -> Read {
    let owner = named.owner;
    let table = named.open(ACTION_KEYS, faults);
    let granularity = table.required_word::<Granularity>("granularity", faults);
    let level = granularity.as_ref().map(|(found, _)| *found);
    let patterns = read_patterns(&table, granularity.as_ref(), &mut refer.patterns, faults);
    let access_level = table.word("access_level", faults).map(|(found, _)| found);
    let surface = table.word("surface", faults).map(|(found, _)| found);
    let group_known = level.is_some()
        && [("access_level", access_level.is_some()), ("surface", surface.is_some())]
            .iter()
            .all(|(key, read)| *read || table.get(key).is_none() && !table.is_unsure(key, faults));
    let strings = |key, referents: &mut Referents<'a>, faults: &mut Faults<'_>| {
        let found = table.strings(key, faults);
        for (name, span) in &found {
            referents.refer(name, span, faults);
        }
        found.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let console_pages = strings("console_pages", &mut refer.console_pages, faults);
    let references = strings("references", &mut refer.references, faults);
    let category = table.string("category", faults);
    if let Some((name, span)) = &category {
        refer.categories.refer(name, span, faults);
    }
    let restriction = table.word::<RestrictionReason>("restriction", faults);
    if let Some((reason, span)) = &restriction {
        refer.restrictions.refer(reason.word(), span, faults);
        if level == Some(Granularity::Resource) {
            faults.add(
                span,
                format!("{owner} is resource-level and has a `restriction`"),
                "restrictions tell why an action is not resource-level",
                "delete the line, or correct `granularity`",
            );
        }
    }
    if restriction.is_none() && !table.lacks("restriction", faults) {
        refer.restrictions.refer_to_any();
    }
    life::check_undocumented(&table, granularity.as_ref(), faults);
    let doc_url = table.string("doc_url", faults);
    let help = "write `description.en = \"…\"` and `description.zh = \"…\"`, what the action does";
    let action = Action {
        name: named.entry.key.to_owned(),
        removed: life::day(&table, "removed", faults),
        replaced_by: life::replaced_by(&table, named.entry.key, actions, faults),
        granularity: level.unwrap_or(Granularity::Operation),
        patterns: patterns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        access_level,
        surface,
        category: category.map(|(name, _)| name.to_owned()),
        console_pages,
        doc_url: url("doc_url", doc_url, faults),
        ip_condition: table.boolean("ip_condition", faults),
        restriction: restriction.map(|(reason, _)| reason),
        alternative: read_alternative(&table, named.entry.key, actions, faults),
        references,
        description: table.text("description", help, faults),
        overrides: life::overrides(&table, life::ACTION_FACTS, faults),
        notes: table.notes(ACTION_KEYS, faults),
    };
    Read {
        action,
        span: named.entry.span.clone(),
        patterns: table.get("patterns").map_or(named.entry.span.clone(), |entry| entry.value.span()),
        granularity_known: level.is_some(),
        group_known,
    }
}

fn read_patterns<'a>(
    table: &Table<'a>,
    granularity: Option<&(Granularity, Range<usize>)>,
    referents: &mut Referents<'a>,
    faults: &mut Faults<'_>,
) -> Vec<(&'a str, Range<usize>)> {
    let patterns = table.strings("patterns", faults);
    for (name, span) in &patterns {
        referents.refer(name, span, faults);
    }
    in_order(
        &patterns,
        |(name, _)| *name,
        |(name, span)| (*name, span),
        "patterns are sorted by name",
        faults,
    );
    match (granularity, table.get("patterns")) {
        (Some((Granularity::Operation, span)), Some(found)) => {
            faults
                .add(
                    &found.span,
                    format!("{} is operation-level and names a pattern", table.owner),
                    "CAM is handed `*` for it, which no pattern matches",
                    "delete `patterns`, or write `granularity = \"resource\"` if the source says so",
                )
                .and(span, "operation-level");
        }
        (Some((Granularity::Resource, span)), None) if table.lacks("patterns", faults) => {
            faults.add(
                span,
                format!("{} is resource-level and names no pattern", table.owner),
                "resource-level",
                "add `patterns = [\"…\"]`, or write `granularity = \"operation\"` if the source says so",
            );
        }
        _ => {}
    }
    patterns
}

fn read_alternative(
    table: &Table<'_>,
    own: &str,
    actions: &BTreeSet<&str>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    let (name, span) = table.string("alternative", faults)?;
    if name == own {
        let help = "name another action, or delete the line";
        faults.add(&span, format!("`{own}` is its own alternative"), "names itself", help);
    } else if !actions.contains(name) && !faults.is_lost(name, table.owner.service) {
        let help = match faults.nearest(name, actions.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an action of the same service".to_owned(),
        };
        faults.add(&span, format!("there is no action `{name}`"), "not in this service", help);
    }
    if table.lacks("restriction", faults) {
        faults.add(
            &span,
            format!("{} has an `alternative` and no `restriction`", table.owner),
            "an alternative to what?",
            format!("add `restriction = \"…\"`, one of {}", list(&words::<RestrictionReason>())),
        );
    }
    Some(name.to_owned())
}
