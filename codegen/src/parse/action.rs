//! Reads actions and the items that they refer to.

use std::ops::Range;

use cam_policy::catalog::{
    ActionFacts, Entry, Fact, Facts, Granularity, Group, Grouping, Kind, Link, RestrictionReason, Service,
    Target, Value, Word,
};

use super::diagnostics::Diagnostics;
use super::fact;
use super::life;
use super::order::{Groups, Run, groups, in_order};
use super::table::{Named, Owner, Table, list, sorted, words};
use super::unique::Identifiers;
use crate::arena::Arena;
use crate::names;
use crate::numbers::Numbers;
use crate::sort::by_name;

/// A kind of items that actions refer to by name, and which of them an action has named.
pub(super) struct Referents<'t> {
    /// The key of the tables of the items.
    key: &'static str,
    service: Owner<'t>,
    known: Numbers<'t>,
    /// The items in the order of their tables: their names, and the places of these.
    named: Vec<(&'t str, Range<usize>)>,
    is_used: Vec<bool>,
    /// Whether an unknown name may be defined in lines that were not read, or under a misspelt name.
    unsure: bool,
}

impl<'t> Referents<'t> {
    pub(super) fn new(
        key: &'static str,
        service: &Table<'t>,
        tables: &[Named<'t>],
        diagnostics: &Diagnostics<'_>,
    ) -> Self {
        let mut found = Self {
            key,
            service: service.owner,
            known: Numbers::default(),
            named: Vec::new(),
            is_used: vec![false; tables.len()],
            unsure: service.is_unsure(key, diagnostics),
        };
        for Named { entry, .. } in tables {
            found.known.add(entry.key);
            found.named.push((entry.key, entry.span.clone()));
        }
        found
    }

    /// Records that an item could not be read. Its name may be misspelt, and nobody has to refer to it.
    pub(super) fn lose(&mut self, at: usize) {
        self.is_used[at] = true;
        self.unsure = true;
    }

    /// Returns the key in words.
    fn kind(&self) -> String {
        self.key.replace('_', " ")
    }

    /// Records that an action refers to a misspelt name, which may mean any of the items.
    fn refer_to_any(&mut self) {
        self.is_used.fill(true);
    }

    /// Returns the number of this name, or reports that there is none.
    fn refer(
        &mut self,
        name: &'t str,
        span: &Range<usize>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<usize> {
        if let Some(at) = self.known.get(name) {
            self.is_used[at] = true;
            return Some(at);
        }
        if self.unsure || diagnostics.is_lost(name, self.service.service) {
            return None;
        }
        let near = diagnostics.nearest(name, self.named.iter().map(|(name, _)| *name));
        // The table with that name would seem unused only because of this error.
        if let Some(at) = near.and_then(|near| self.known.get(near)) {
            self.is_used[at] = true;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("define it, `[{}]`", self.service.path_of(self.key, name)),
        };
        diagnostics.add(span, format!("there is no {} `{name}`", self.kind()), "not defined", help);
        None
    }

    fn report_unused(&self, diagnostics: &mut Diagnostics<'_>) {
        for ((name, span), is_used) in self.named.iter().zip(&self.is_used) {
            if !is_used && !diagnostics.is_lost(name, self.service.service) {
                let help = "delete it, or name it in the actions it is for";
                let message = format!("no action refers to {} `{name}`", self.kind());
                diagnostics.add(span, message, "unused", help);
            }
        }
    }
}

/// The items that the actions of a service may refer to, besides other actions.
pub(super) struct Targets<'t> {
    pub(super) patterns: Referents<'t>,
    pub(super) categories: Referents<'t>,
    pub(super) console_pages: Referents<'t>,
    pub(super) references: Referents<'t>,
    pub(super) restrictions: Referents<'t>,
}

impl Targets<'_> {
    /// Reports the items that no action refers to, except references, which the page may need.
    pub(super) fn report_unused(&self, diagnostics: &mut Diagnostics<'_>) {
        self.patterns.report_unused(diagnostics);
        self.categories.report_unused(diagnostics);
        self.console_pages.report_unused(diagnostics);
        self.restrictions.report_unused(diagnostics);
    }
}

/// An action, and what of it could be read.
pub(super) struct Read<'a> {
    pub(super) facts: ActionFacts<'a>,
    pub(super) span: Range<usize>,
    /// The place of its patterns.
    pub(super) patterns: Range<usize>,
    /// Whether its granularity could be read.
    pub(super) granularity_known: bool,
    /// Whether everything that decides its group could be read.
    group_known: bool,
}

/// Reads the actions of a service, in the order of the file.
pub(super) fn read_actions<'a, 't>(
    table: &Table<'t>,
    service: &Service<'a>,
    refer: &mut Targets<'t>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Read<'a>> {
    let tables = table.tables("action", false, diagnostics);
    if table.has_none("action", diagnostics) && !diagnostics.is_lost("action", table.owner.service) {
        let help = format!("add a table for each API, `[{}]`", table.owner.path_of("action", "<Name>"));
        table.missing("action", &help, diagnostics);
    }
    if tables.len() > usize::from(u16::MAX) {
        let message = format!("{} has {} actions", table.owner, tables.len());
        diagnostics.add(&table.span, message, "too many", "a service can have 65,535 actions at most");
    }
    check_names(&tables, diagnostics);
    let names: Vec<&str> = tables.iter().map(|named| named.entry.key).collect();
    let mut names: Vec<&str> = by_name(&names).into_iter().map(|at| names[at]).collect();
    names.truncate(usize::from(u16::MAX));
    let mut reader = Reader { service, names, refer, arena };
    let actions: Vec<Read<'_>> = tables.iter().map(|named| reader.action(named, diagnostics)).collect();
    let read = table
        .get("grouped_by")
        .is_none_or(|entry| entry.value.get_ref().as_str() == Some(service.grouped_by.as_str()));
    if !read || table.is_unsure("grouped_by", diagnostics) {
        return actions;
    }
    let before = diagnostics.count();
    check_order(service.grouped_by, &actions, &tables, diagnostics);
    if diagnostics.count() == before {
        check_last(&actions, diagnostics);
    }
    if diagnostics.count() == before {
        check_groups(service.grouped_by, &actions, diagnostics);
    }
    actions
}

fn check_names(tables: &[Named<'_>], diagnostics: &mut Diagnostics<'_>) {
    let mut variants = Identifiers::default();
    let (mut lower, mut last): (_, Vec<&Named<'_>>) = (Numbers::default(), Vec::new());
    for named in tables {
        let (name, span) = (named.entry.key, &named.entry.span);
        if !names::is_action(name) {
            diagnostics.add(
                span,
                format!("`{name}` is no API name"),
                "letters, digits and `_`, a letter first",
                "write the name exactly as the source does, without the service and without whitespace",
            );
            continue;
        }
        let variant = names::variant(name);
        if names::is_keyword(&variant) {
            diagnostics.add(
                span,
                format!("`{name}` would become the Rust keyword `{variant}`"),
                "a keyword",
                "no action of CAM is known to be called so: check the source",
            );
        }
        // A source may have both spellings.
        let (number, is_known) = lower.add(name.to_ascii_lowercase());
        let same = is_known.then(|| std::mem::replace(&mut last[number], named));
        if !is_known {
            last.push(named);
        }
        let slip = same.filter(|first| !(first.explains_its_name() && named.explains_its_name()));
        if let Some(first) = slip {
            let message = format!("`{name}` and `{}` differ only in case", first.entry.key);
            let help = "keep the one the source has; if it has both, say so in a `note.name` of each: whether CAM tells them \
                        apart is not documented";
            diagnostics.add(span, message, "the second", help).and(&first.entry.span, "the first");
        } else {
            variants.add(&variant, name, span, "action", diagnostics);
        }
    }
}

/// Reports groups that are not in one piece or not sorted by name.
fn check_order(
    grouped_by: Grouping,
    actions: &[Read<'_>],
    tables: &[Named<'_>],
    diagnostics: &mut Diagnostics<'_>,
) {
    let group = |read: &Read<'_>| read.group_known.then(|| Group::of(grouped_by, &read.facts));
    let groups_of: Vec<_> = actions.iter().map(group).collect();
    let Groups { whole, strays, apart } = groups(&groups_of);
    let entry = |at: usize| &tables[at].entry;
    let made_by = |groups: [Group; 2]| match grouped_by {
        _ if groups.contains(&Group::Undocumented) => "`granularity`",
        Grouping::Surface => "`granularity` or `surface`",
        _ => "`access_level`",
    };
    // Where the first action of a run belongs: its neighbour, and on which side of it.
    let place = |run: &Run, home: &Run| {
        let name = entry(run.items[0]).key;
        let above = home.items.iter().rev().find(|at| entry(**at).key < name);
        above.map_or((home.items[0], false), |above| (*above, true))
    };
    let moved = |run: &Run, (neighbour, below): (usize, bool), home: &str| {
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
            // The group has no other place yet: it belongs behind the group that it interrupts.
            None => {
                let place = (around.items[around.items.len() - 1], true);
                (place, moved(&run, place, "the end of the group around it"))
            }
        };
        diagnostics
            .add(
                &first.span,
                format!("{} in the middle of another group", stands(first.key, &run.items)),
                format!("{}, around it {}", told(run.group), told(around.group)),
                format!("{help}, or correct its {}", made_by([run.group, around.group])),
            )
            .and(&entry(place.0).span, side(place));
    }
    for (run, rest) in apart {
        let (first, rest) = (entry(run.items[0]), &whole[rest]);
        let place = place(&run, rest);
        let help = moved(&run, place, "the rest of its group");
        diagnostics
            .add(
                &first.span,
                format!("{} apart from the rest of the group", stands(first.key, &run.items)),
                told(run.group),
                format!("{help}, or correct its {}", made_by([run.group; 2])),
            )
            .and(&entry(place.0).span, side(place));
    }
    for run in whole {
        sorted(&mut run.items.iter().map(|at| entry(*at)), "the actions of a group", diagnostics);
    }
}

/// Returns the actions that stand somewhere, in words.
fn stands(first: &str, items: &[usize]) -> String {
    match items.len() - 1 {
        0 => format!("`{first}` stands"),
        1 => format!("`{first}` and the action after it stand"),
        more => format!("`{first}` and the {more} actions after it stand"),
    }
}

/// Returns a group in words.
fn told(group: Group) -> String {
    match group {
        Group::Undocumented => "granularity `undocumented`".to_owned(),
        Group::AccessLevel(Some(level)) => format!("access level `{level}`"),
        Group::AccessLevel(None) => "no access level".to_owned(),
        Group::Surface(granularity, Some(surface)) => format!("{granularity} level, `{surface}` API"),
        Group::Surface(granularity, None) => format!("{granularity} level, no surface"),
    }
}

/// Reports undocumented actions that do not stand behind all others.
fn check_last(actions: &[Read<'_>], diagnostics: &mut Diagnostics<'_>) {
    let is_undocumented = |read: &&Read<'_>| read.facts.granularity == Granularity::Undocumented;
    let documented = |read: &&Read<'_>| read.granularity_known && !is_undocumented(read);
    let Some(first) = actions.iter().position(|read| is_undocumented(&read)) else { return };
    if let Some(later) = actions[first..].iter().find(documented) {
        diagnostics
            .add(
                &later.span,
                format!("`{}` stands behind undocumented actions", later.facts.name),
                "belongs further up",
                "move the undocumented actions behind all others",
            )
            .and(&actions[first].span, "an undocumented action");
    }
}

/// Reports groups that are out of order. Each group must be in one piece.
fn check_groups(grouped_by: Grouping, actions: &[Read<'_>], diagnostics: &mut Diagnostics<'_>) {
    let mut firsts: Vec<(Group, &Read<'_>)> = Vec::new();
    for read in actions.iter().filter(|read| read.group_known) {
        let group = Group::of(grouped_by, &read.facts);
        if firsts.last().is_none_or(|(last, _)| *last != group) {
            firsts.push((group, read));
        }
    }
    for (at, (group, first)) in firsts.iter().enumerate() {
        if let Some((after, next)) = firsts[..at].iter().find(|(other, _)| other > group) {
            diagnostics
                .add(
                    &first.span,
                    format!("the actions of the group of `{}` are out of order", first.facts.name),
                    format!("{}, after {}", told(*group), told(*after)),
                    format!("move the group up, above `{}`, or correct `grouped_by`", next.facts.name),
                )
                .and(&next.span, "belongs above this");
        }
    }
}

/// Reads the actions of one service.
struct Reader<'r, 'a, 't> {
    service: &'r Service<'a>,
    /// The name of each action, by number.
    names: Vec<&'t str>,
    refer: &'r mut Targets<'t>,
    arena: &'a Arena,
}

impl<'a, 't> Reader<'_, 'a, 't> {
    fn action(&mut self, named: &Named<'t>, diagnostics: &mut Diagnostics<'_>) -> Read<'a> {
        let table = named.open(&fact::keys(ActionFacts::FACTS), diagnostics);
        let name = self.arena.text(named.entry.key);
        let mut facts = ActionFacts {
            name,
            qualified_name: self.arena.text(&format!("{}:{name}", self.service.id)),
            // An unknown granularity neither needs patterns nor belongs at the end.
            granularity: Granularity::Operation,
            ..ActionFacts::UNSTATED
        };
        let mut level = None;
        for row in ActionFacts::FACTS {
            let value = match (row.kind, row.key) {
                (_, "restriction") => self.restriction(row, &table, level.as_ref(), diagnostics),
                (Kind::Name(Target::Action), _) => self.other_action(row, &table, name, diagnostics),
                (Kind::Name(target) | Kind::Names(target), _) => self.items(row, target, &table, diagnostics),
                _ => fact::read(row, ActionFacts::FACTS, &table, self.arena, diagnostics),
            };
            if let Some(value) = value {
                facts.set(row.key, value);
            }
            match (row.key, value, table.get(row.key)) {
                ("granularity", Some(_), Some(entry)) => {
                    level = Some((facts.granularity, entry.value.span()));
                }
                ("patterns", ..) => check_patterns(&table, level.as_ref(), diagnostics),
                _ => {}
            }
        }
        life::check_undocumented(&table, level.as_ref(), diagnostics);
        let is_known = |key| {
            facts.value(key).is_some() || table.get(key).is_none() && !table.is_unsure(key, diagnostics)
        };
        Read {
            facts,
            span: named.entry.span.clone(),
            patterns: table.get("patterns").map_or(named.entry.span.clone(), |entry| entry.value.span()),
            granularity_known: level.is_some(),
            group_known: level.is_some() && is_known("access_level") && is_known("surface"),
        }
    }

    /// Reads a fact that refers to items of the service.
    fn items(
        &mut self,
        row: &Fact,
        target: Target,
        table: &Table<'t>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Value<'a>> {
        let refer = &mut *self.refer;
        match target {
            Target::Category => {
                let (name, span) = table.string(row.key, diagnostics)?;
                let at = refer.categories.refer(name, &span, diagnostics)?;
                Some(Value::Category(&self.service.categories[at]))
            }
            Target::Pattern => {
                let found = all(row, table, &mut refer.patterns, diagnostics);
                let found: Vec<_> = found.into_iter().map(|at| &self.service.patterns[at]).collect();
                Some(Value::Patterns(self.arena.list(&found)))
            }
            Target::ConsolePage => {
                let found = all(row, table, &mut refer.console_pages, diagnostics);
                Some(self.links(self.service.console_pages, &found))
            }
            Target::Reference => {
                let found = all(row, table, &mut refer.references, diagnostics);
                Some(self.links(self.service.references, &found))
            }
            Target::Action | Target::Restriction => unreachable!("`{}` has a reader of its own", row.key),
        }
    }

    fn links(&self, links: &'a [Link<'a>], numbers: &[usize]) -> Value<'a> {
        let found: Vec<_> = numbers.iter().map(|at| &links[*at]).collect();
        Value::Links(self.arena.list(&found))
    }

    fn restriction(
        &mut self,
        row: &Fact,
        table: &Table<'t>,
        level: Option<&(Granularity, Range<usize>)>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Value<'a>> {
        let found: Option<(&'static Entry, _)> =
            table.word(row.key, RestrictionReason::VOCABULARY, diagnostics);
        let Some((reason, span)) = found else {
            if !table.lacks(row.key, diagnostics) {
                self.refer.restrictions.refer_to_any();
            }
            return None;
        };
        let restriction = self.refer.restrictions.refer(reason.word, &span, diagnostics);
        if matches!(level, Some((Granularity::Resource, _))) {
            diagnostics.add(
                &span,
                format!("{} is resource-level and has a `restriction`", table.owner),
                "restrictions tell why an action is not resource-level",
                "delete the line, or correct `granularity`",
            );
        }
        // Where one could not be read, the numbers do not fit, and the catalog is in error.
        self.service.restrictions.get(restriction?).map(Value::Restriction)
    }

    /// Reads a fact that names another action of the service, and needs another fact beside it.
    fn other_action(
        &self,
        row: &Fact,
        table: &Table<'_>,
        own: &str,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Value<'a>> {
        let key = row.key;
        let (name, span) = table.string(key, diagnostics)?;
        let number = self.names.binary_search(&name).ok().and_then(|number| u16::try_from(number).ok());
        if name == own {
            let message = match key {
                "alternative" => format!("`{own}` is its own alternative"),
                _ => format!("`{own}` is replaced by itself"),
            };
            diagnostics.add(&span, message, "names itself", "name another action, or delete the line");
        } else if number.is_none() && !diagnostics.is_lost(name, table.owner.service) {
            let help = match diagnostics.nearest(name, self.names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an action of the same service".to_owned(),
            };
            diagnostics.add(&span, format!("there is no action `{name}`"), "not in this service", help);
        }
        if key == "alternative" && table.lacks("restriction", diagnostics) {
            diagnostics.add(
                &span,
                format!("{} has an `alternative` and no `restriction`", table.owner),
                "an alternative to what?",
                format!("add `restriction = \"…\"`, one of {}", list(&words(RestrictionReason::VOCABULARY))),
            );
        } else if key == "replaced_by" && table.lacks("removed", diagnostics) {
            diagnostics.add(
                &span,
                format!("{} has a `replaced_by` and is not `removed`", table.owner),
                "takes the place of what?",
                "add `removed = YYYY-MM-DD`, the day it was found gone, or delete the line",
            );
        }
        number.map(Value::Action)
    }
}

/// Returns the numbers of the items that an array names, and reports each name that is unknown.
fn all<'t>(
    row: &Fact,
    table: &Table<'t>,
    referents: &mut Referents<'t>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<usize> {
    let names = table.strings(row.key, diagnostics);
    if row.key == "patterns" {
        let what = "patterns are sorted by name";
        let names: Vec<_> = names.iter().map(|(name, span)| (*name, span)).collect();
        in_order(&names, &|one, other| names[one].0 < names[other].0, what, diagnostics);
    }
    names.iter().filter_map(|(name, span)| referents.refer(name, span, diagnostics)).collect()
}

/// Reports patterns that the granularity does not allow, and missing ones that it needs.
fn check_patterns(
    table: &Table<'_>,
    granularity: Option<&(Granularity, Range<usize>)>,
    diagnostics: &mut Diagnostics<'_>,
) {
    match (granularity, table.get("patterns")) {
        (Some((Granularity::Operation, span)), Some(found)) => {
            diagnostics
                .add(
                    &found.span,
                    format!("{} is operation-level and names a pattern", table.owner),
                    "CAM receives `*` for it, which no pattern matches",
                    "delete `patterns`, or write `granularity = \"resource\"` if the source says so",
                )
                .and(span, "operation-level");
        }
        (Some((Granularity::Resource, span)), None)
            if table.lacks("patterns", diagnostics) && table.lacks("printed_patterns", diagnostics) =>
        {
            diagnostics.add(
                span,
                format!("{} is resource-level and names no pattern", table.owner),
                "resource-level",
                "add `patterns = [\"…\"]`, or write `granularity = \"operation\"` if the source says so",
            );
        }
        _ => {}
    }
}
