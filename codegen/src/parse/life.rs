//! Reads the history of the catalog: its version, removed actions, corrections made by hand.

use std::ops::Range;

use cam_policy::catalog::{ActionFacts, Fact, Facts, Granularity, Override, Stated};
use toml::Spanned;
use toml::de::DeValue;

use super::diagnostics::Diagnostics;
use super::table::{Entry, Table, entries, list, sorted, string, table, wrong_type};
use crate::arena::Arena;

const OVERRIDE_KEYS: &[&str] = &["upstream", "reason"];

/// Reads the catalog's version; 0 if it states none.
pub(super) fn version(root: &Table<'_>, diagnostics: &mut Diagnostics<'_>) -> u32 {
    const HELP: &str = "write a whole number, one more than that of the last release of the data";
    let Some(entry) = root.get("version") else { return 0 };
    let DeValue::Integer(number) = entry.value.get_ref() else {
        wrong_type(entry.value, "`version`", "a whole number", HELP, diagnostics);
        return 0;
    };
    let version =
        if number.radix() == 10 { number.as_str().replace('_', "").parse().unwrap_or(0) } else { 0 };
    if version == 0 {
        diagnostics.add(
            &entry.value.span(),
            "`version` is no version of the catalog",
            "not a number from 1 on",
            HELP,
        );
    }
    version
}

/// Reads a TOML date.
pub(super) fn day<'c>(
    table: &Table<'_>,
    key: &str,
    arena: &'c Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<&'c str> {
    let entry = table.get(key)?;
    match entry.value.get_ref() {
        DeValue::Datetime(day) if day.time.is_none() && day.date.is_some() => {
            Some(arena.text(&day.to_string()))
        }
        _ => {
            let help = format!("write the day, `{key} = YYYY-MM-DD`, without quotes");
            wrong_type(entry.value, &format!("`{key}`"), "a date", &help, diagnostics);
            None
        }
    }
}

/// Returns the facts of `rows` that a correction may change.
fn overridable(rows: &[Fact]) -> Vec<&'static str> {
    rows.iter().filter(|fact| fact.overridable).map(|fact| fact.key).collect()
}

/// Reads the corrections of a table. Each corrects one of the facts of `rows`.
pub(super) fn overrides<'c>(
    owner: &Table<'_>,
    key: &str,
    rows: &[Fact],
    arena: &'c Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Override<'c>> {
    let facts = overridable(rows);
    let mut overrides = Vec::new();
    let Some(entry) = owner.get(key) else { return overrides };
    let help = "write `override.<fact>.upstream = …`, what the source states, and `.reason.en` and `.zh`";
    let Some(found) =
        table(entry.value, "`override`", "a table for each fact it is about", help, diagnostics)
    else {
        return overrides;
    };
    let found = entries(found);
    sorted(&mut found.iter(), "overrides", diagnostics);
    for about in &found {
        let key = about.key;
        if !facts.contains(&key) {
            let help = match diagnostics.nearest(key, facts.iter().copied()) {
                Some(near) => format!("did you mean `override.{near}`?"),
                None => format!("name the fact that differs from the source: {}", list(&facts)),
            };
            let message =
                format!("`override.{key}` is about no fact of {} that a source states", owner.owner);
            diagnostics.add(&about.span, message, "no such fact", help);
        }
        let what = format!("`override.{key}`");
        let Some(one) = table(about.value, &what, "a table of `upstream` and `reason`", help, diagnostics)
        else {
            continue;
        };
        let one = Table::new(
            owner.owner,
            &about.span,
            &format!("override.{key}."),
            one,
            OVERRIDE_KEYS,
            diagnostics,
        );
        let upstream = one.get("upstream").and_then(|entry| stated(entry.value, arena, diagnostics));
        if one.lacks("upstream", diagnostics) && facts.contains(&key) && owner.lacks(key, diagnostics) {
            diagnostics.add(
                &about.span,
                format!("{what} corrects nothing: neither side states `{key}`"),
                "nothing to correct",
                "say in `upstream` what the source states, or delete the override",
            );
        }
        let help = format!(
            "write `override.{key}.reason.en = \"…\"` and `.zh`, why the catalog differs from the source"
        );
        if one.lacks("reason", diagnostics) {
            one.missing("reason", &help, diagnostics);
        }
        let reason = one.text("reason", arena, diagnostics);
        if let (Some(upstream), Some(own)) = (&upstream, owner.get(key)) {
            check_difference(&what, upstream, own, &one, diagnostics);
        }
        if let Some(reason) = reason {
            overrides.push(Override { about: arena.text(key), upstream, reason });
        }
    }
    overrides
}

fn check_difference(
    what: &str,
    upstream: &Stated<'_>,
    own: &Entry<'_>,
    one: &Table<'_>,
    diagnostics: &mut Diagnostics<'_>,
) {
    let same = match (upstream, own.value.get_ref()) {
        (Stated::Text(text), DeValue::String(found)) => *text == found.as_ref(),
        (Stated::Flag(flag), DeValue::Boolean(found)) => flag == found,
        (Stated::List(names), DeValue::Array(found)) => {
            names.iter().map(|name| Some(*name)).eq(found.iter().map(|value| value.get_ref().as_str()))
        }
        _ => false,
    };
    if same {
        let message = format!("{what} is needless: the source and the catalog agree");
        diagnostics
            .add(&one.span, message, "states the same", "delete the override")
            .and(&own.span, "the fact is stated here");
    }
}

fn stated<'c>(
    value: &Spanned<DeValue<'_>>,
    arena: &'c Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Stated<'c>> {
    const WHAT: &str = "`upstream`";
    const HELP: &str = "write what the source states, or leave it out where it states nothing";
    match value.get_ref() {
        DeValue::String(_) => {
            string(value, WHAT, HELP, diagnostics).map(|(text, _)| Stated::Text(arena.text(text)))
        }
        DeValue::Boolean(flag) => Some(Stated::Flag(*flag)),
        DeValue::Array(values) if !values.is_empty() => {
            let texts =
                values.iter().map(|value| Some(arena.text(string(value, WHAT, HELP, diagnostics)?.0)));
            texts.collect::<Option<Vec<&str>>>().map(|texts| Stated::List(arena.list(&texts)))
        }
        _ => {
            wrong_type(value, WHAT, "a string, `true` or `false`, or an array of strings", HELP, diagnostics);
            None
        }
    }
}

/// Reports facts of an undocumented action that only a source can state.
pub(super) fn check_undocumented(
    table: &Table<'_>,
    granularity: Option<&(Granularity, Range<usize>)>,
    diagnostics: &mut Diagnostics<'_>,
) {
    let Some((Granularity::Undocumented, span)) = granularity else { return };
    for fact in ActionFacts::FACTS.iter().filter(|fact| fact.documented_only) {
        let key = fact.key;
        let Some(found) = table.get(key) else { continue };
        diagnostics
            .add(
                &found.span,
                format!("{} is undocumented and has `{key}`", table.owner),
                "stated by no source",
                "delete the line, or write the `granularity` its source states",
            )
            .and(span, "undocumented");
    }
}
