//! What the catalog says about its own life: its version, removed actions, corrections made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::action::Read;
use super::faults::Faults;
use super::table::{Entry, Table, entries, list, sorted, string, table, wrong_type};
use crate::model::{Granularity, Override, Stated};

/// The facts of a service that a source may state otherwise.
pub(super) const SERVICE_FACTS: &[&str] =
    &["granularity", "console_access", "tag_authorization", "ip_restriction"];

/// The facts of an action that a source may state otherwise.
pub(super) const ACTION_FACTS: &[&str] = &[
    "granularity",
    "patterns",
    "access_level",
    "surface",
    "category",
    "console_pages",
    "doc_url",
    "ip_condition",
    "restriction",
    "alternative",
    "references",
];

const OVERRIDE_KEYS: &[&str] = &["upstream", "reason"];

/// The catalog's version; 0 where it states none.
pub(super) fn version(root: &Table<'_>, faults: &mut Faults<'_>) -> u32 {
    const HELP: &str = "write a whole number, one more than that of the last release of the data";
    let Some(entry) = root.get("version") else { return 0 };
    let DeValue::Integer(number) = entry.value.get_ref() else {
        wrong_type(entry.value, "`version`", "a whole number", HELP, faults);
        return 0;
    };
    let version =
        if number.radix() == 10 { number.as_str().replace('_', "").parse().unwrap_or(0) } else { 0 };
    if version == 0 {
        faults.add(
            &entry.value.span(),
            "`version` is no version of the catalog",
            "not a number from 1 on",
            HELP,
        );
    }
    version
}

/// A day, as TOML writes it.
pub(super) fn day(table: &Table<'_>, key: &str, faults: &mut Faults<'_>) -> Option<String> {
    let entry = table.get(key)?;
    match entry.value.get_ref() {
        DeValue::Datetime(day) if day.time.is_none() && day.date.is_some() => Some(day.to_string()),
        _ => {
            let help = format!("write the day, `{key} = YYYY-MM-DD`, without quotes");
            wrong_type(entry.value, &format!("`{key}`"), "a date", &help, faults);
            None
        }
    }
}

/// The action that takes the place of a removed one, which must be another action of the service.
pub(super) fn replaced_by(
    table: &Table<'_>,
    own: &str,
    actions: &BTreeSet<&str>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    let (name, span) = table.string("replaced_by", faults)?;
    if name == own {
        let help = "name another action, or delete the line";
        faults.add(&span, format!("`{own}` is replaced by itself"), "names itself", help);
    } else if !actions.contains(name) && !faults.is_lost(name, table.owner.service) {
        let help = match faults.nearest(name, actions.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an action of the same service".to_owned(),
        };
        faults.add(&span, format!("there is no action `{name}`"), "not in this service", help);
    }
    if table.lacks("removed", faults) {
        faults.add(
            &span,
            format!("{} has a `replaced_by` and is not `removed`", table.owner),
            "takes the place of what?",
            "add `removed = YYYY-MM-DD`, the day it was found gone, or delete the line",
        );
    }
    Some(name.to_owned())
}

/// The corrections of a table, each of one of `facts`.
pub(super) fn overrides(
    owner: &Table<'_>,
    facts: &[&str],
    faults: &mut Faults<'_>,
) -> BTreeMap<String, Override> {
    let mut overrides = BTreeMap::new();
    let Some(entry) = owner.get("override") else { return overrides };
    let help = "write `override.<fact>.upstream = …`, what the source states, and `.reason.en` and `.zh`";
    let Some(found) = table(entry.value, "`override`", "a table for each fact it is about", help, faults)
    else {
        return overrides;
    };
    let found = entries(found);
    sorted(found.iter(), "overrides", faults);
    for about in &found {
        let key = about.key;
        if !facts.contains(&key) {
            let help = match faults.nearest(key, facts.iter().copied()) {
                Some(near) => format!("did you mean `override.{near}`?"),
                None => format!("name the fact that differs from the source: {}", list(facts)),
            };
            let message =
                format!("`override.{key}` is about no fact of {} that a source states", owner.owner);
            faults.add(&about.span, message, "no such fact", help);
        }
        let what = format!("`override.{key}`");
        let Some(one) = table(about.value, &what, "a table of `upstream` and `reason`", help, faults) else {
            continue;
        };
        let one =
            Table::new(owner.owner, &about.span, &format!("override.{key}."), one, OVERRIDE_KEYS, faults);
        let upstream = one.get("upstream").and_then(|entry| stated(entry.value, faults));
        if one.lacks("upstream", faults) && facts.contains(&key) && owner.lacks(key, faults) {
            faults.add(
                &about.span,
                format!("{what} corrects nothing: neither side states `{key}`"),
                "nothing to correct",
                "say in `upstream` what the source states, or delete the override",
            );
        }
        let help = format!(
            "write `override.{key}.reason.en = \"…\"` and `.zh`, why the catalog differs from the source"
        );
        let reason = one.text("reason", &help, faults);
        if let (Some(upstream), Some(own)) = (&upstream, owner.get(key)) {
            check_difference(&what, upstream, own, &one, faults);
        }
        overrides.insert(key.to_owned(), Override { upstream, reason });
    }
    overrides
}

fn check_difference(
    what: &str,
    upstream: &Stated,
    own: &Entry<'_>,
    one: &Table<'_>,
    faults: &mut Faults<'_>,
) {
    let same = match (upstream, own.value.get_ref()) {
        (Stated::Text(text), DeValue::String(found)) => text == found.as_ref(),
        (Stated::Flag(flag), DeValue::Boolean(found)) => flag == found,
        (Stated::List(names), DeValue::Array(found)) => {
            names.iter().map(String::as_str).eq(found.iter().filter_map(|value| value.get_ref().as_str()))
        }
        _ => false,
    };
    if same {
        let message = format!("{what} is needless: the source and the catalog agree");
        faults
            .add(&one.span, message, "states the same", "delete the override")
            .and(&own.span, "the fact is stated here");
    }
}

fn stated(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Stated> {
    const WHAT: &str = "`upstream`";
    const HELP: &str = "write what the source states, or leave it out where it states nothing";
    match value.get_ref() {
        DeValue::String(_) => {
            string(value, WHAT, HELP, faults).map(|(text, _)| Stated::Text(text.to_owned()))
        }
        DeValue::Boolean(flag) => Some(Stated::Flag(*flag)),
        DeValue::Array(values) if !values.is_empty() => {
            let texts = values.iter().map(|value| Some(string(value, WHAT, HELP, faults)?.0.to_owned()));
            texts.collect::<Option<Vec<String>>>().map(Stated::List)
        }
        _ => {
            wrong_type(value, WHAT, "a string, `true` or `false`, or an array of strings", HELP, faults);
            None
        }
    }
}

/// What only a source can state cannot be stated of an undocumented action.
pub(super) fn check_undocumented(
    table: &Table<'_>,
    granularity: Option<&(Granularity, Range<usize>)>,
    faults: &mut Faults<'_>,
) {
    let Some((Granularity::Undocumented, span)) = granularity else { return };
    for key in
        ["removed", "patterns", "access_level", "ip_condition", "restriction", "alternative", "override"]
    {
        let Some(found) = table.get(key) else { continue };
        faults
            .add(
                &found.span,
                format!("{} is undocumented and has `{key}`", table.owner),
                "stated by no source",
                "delete the line, or write the `granularity` its source states",
            )
            .and(span, "undocumented");
    }
}

/// The undocumented actions stand behind all others.
pub(super) fn check_last(actions: &[Read], faults: &mut Faults<'_>) {
    let is_undocumented = |read: &&Read| read.action.granularity == Granularity::Undocumented;
    let documented = |read: &&Read| read.granularity_known && !is_undocumented(read);
    let Some(first) = actions.iter().position(|read| is_undocumented(&read)) else { return };
    if let Some(later) = actions[first..].iter().find(documented) {
        faults
            .add(
                &later.span,
                format!("`{}` stands behind undocumented actions", later.action.name),
                "belongs further up",
                "move the undocumented actions behind all others",
            )
            .and(&actions[first].span, "an undocumented action");
    }
}
