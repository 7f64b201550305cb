//! What the catalog says about its own life: its version, removed actions, corrections made by hand.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::{Faults, Table, entries, list, sorted_after, string, wrong_type};
use crate::model::{Action, Granularity, Override, Stated};
use crate::shared::nearest;

/// The facts of a service that a source may state otherwise.
pub(super) const SERVICE_FACTS: &[&str] = &["granularity", "console_access", "tag_authorization", "ip_restriction"];

/// The facts of an action that a source may state otherwise.
pub(super) const ACTION_FACTS: &[&str] = &[
    "granularity", "patterns", "access_level", "surface", "category", "console_pages", "doc_url", "ip_condition",
    "restriction", "alternative", "references",
];

const OVERRIDE_KEYS: &[&str] = &["upstream", "reason"];

/// The catalog's version; 0 where it states none.
pub(super) fn version(root: &Table<'_>, faults: &mut Faults<'_>) -> u32 {
    let Some(entry) = root.get("version") else { return 0 };
    let DeValue::Integer(number) = entry.value.get_ref() else {
        wrong_type(entry.value, "`version`", "a whole number", faults);
        return 0;
    };
    let version = number.as_str().replace('_', "").parse().unwrap_or(0);
    if number.radix() != 10 || version == 0 {
        faults.add(
            &entry.value.span(),
            "`version` is no version of the catalog",
            "a whole number from 1",
            "write the number of the last release of the data, plus one",
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
            wrong_type(entry.value, &format!("`{key}`"), "a date, `YYYY-MM-DD` without quotes", faults);
            None
        }
    }
}

/// The action that takes the place of a removed one, which must be another action of the service.
pub(super) fn replaced_by(
    table: &Table<'_>,
    own: &str,
    names: &BTreeMap<&str, Range<usize>>,
    faults: &mut Faults<'_>,
) -> Option<String> {
    let (name, span) = table.string("replaced_by", faults)?;
    if name == own {
        faults.add(&span, format!("`{own}` is replaced by itself"), "names itself", "name another action, or delete the line");
    } else if !names.contains_key(name) {
        let help = match nearest(name, names.keys().copied()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an action of the same service".to_owned(),
        };
        faults.add(&span, format!("there is no action `{name}`"), "not in this service", help);
    }
    if table.get("removed").is_none() {
        faults.add(
            &span,
            format!("{} has a `replaced_by` and is not `removed`", table.owner),
            "takes the place of what?",
            "add `removed = YYYY-MM-DD`, the day it was found gone, or delete the line",
        );
    }
    Some(name.to_owned())
}

/// The corrections of a table, each of one of `keys`.
pub(super) fn overrides(table: &Table<'_>, keys: &[&str], faults: &mut Faults<'_>) -> BTreeMap<String, Override> {
    let Some(entry) = table.get("override") else { return BTreeMap::new() };
    let DeValue::Table(found) = entry.value.get_ref() else {
        wrong_type(entry.value, "`override`", "a table for each fact it is about", faults);
        return BTreeMap::new();
    };
    let found = entries(found);
    for pair in found.windows(2) {
        sorted_after(&pair[0], &pair[1], "overrides are", faults);
    }
    let mut overrides = BTreeMap::new();
    for about in &found {
        if !keys.contains(&about.key) {
            let help = match nearest(about.key, keys.iter().copied()).first() {
                Some(key) => format!("did you mean `override.{key}`?"),
                None => format!("name the fact that differs from the source: {}", list(keys)),
            };
            faults.add(
                &about.key_span,
                format!("`override.{}` is about no fact of {} that a source states", about.key, table.owner),
                "no such fact",
                help,
            );
        }
        let DeValue::Table(one) = about.value.get_ref() else {
            wrong_type(about.value, &format!("`override.{}`", about.key), "a table of `upstream` and `reason`", faults);
            continue;
        };
        let one = Table::new(table.owner, about.key_span.clone(), one, OVERRIDE_KEYS, faults);
        let upstream = one.get("upstream").and_then(|entry| stated(entry.value, faults));
        if one.get("upstream").is_none() && table.get(about.key).is_none() && about.key != "patterns" {
            faults.add(
                &about.key_span,
                format!("`override.{}` corrects nothing: neither side states `{}`", about.key, about.key),
                "nothing to correct",
                "say in `upstream` what the source states, or delete the override",
            );
        }
        let reason = one.text("reason", "say in `reason.en` and `.zh` why the catalog differs from the source", faults);
        if let (Some(upstream), Some(own)) = (&upstream, table.get(about.key)) {
            check_difference(about.key, upstream, own, &one, faults);
        }
        overrides.insert(about.key.to_owned(), Override { upstream, reason });
    }
    overrides
}

fn check_difference(key: &str, upstream: &Stated, own: &super::Entry<'_>, one: &Table<'_>, faults: &mut Faults<'_>) {
    let same = match (upstream, own.value.get_ref()) {
        (Stated::Text(text), DeValue::String(found)) => text == found.as_ref(),
        (Stated::Flag(flag), DeValue::Boolean(found)) => flag == found,
        (Stated::List(names), DeValue::Array(found)) => {
            names.iter().map(String::as_str).eq(found.iter().filter_map(|value| value.get_ref().as_str()))
        }
        _ => false,
    };
    if same {
        let fault = faults.add(
            &one.span,
            format!("`override.{key}` is needless: the source and the catalog agree"),
            "states the same",
            "delete the override",
        );
        fault.other = Some((own.key_span.clone(), "what the catalog states".to_owned()));
    }
}

fn stated(value: &toml::Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Stated> {
    match value.get_ref() {
        DeValue::String(_) => string(value, "`upstream`", faults).map(|(text, _)| Stated::Text(text.to_owned())),
        DeValue::Boolean(flag) => Some(Stated::Flag(*flag)),
        DeValue::Array(values) => {
            let values = values
                .iter()
                .filter_map(|value| string(value, "`upstream`", faults).map(|(text, _)| text.to_owned()))
                .collect::<Vec<_>>();
            if values.is_empty() {
                faults.add(&value.span(), "`upstream` is empty", "states nothing", "leave it out where the source states nothing");
                return None;
            }
            Some(Stated::List(values))
        }
        _ => {
            wrong_type(value, "`upstream`", "what the source states: a string, a boolean or an array", faults);
            None
        }
    }
}

/// What no source states cannot be stated of an undocumented action.
pub(super) fn check_undocumented(
    table: &Table<'_>,
    granularity: Option<&(Granularity, Range<usize>)>,
    faults: &mut Faults<'_>,
) {
    let Some((Granularity::Undocumented, span)) = granularity else { return };
    for key in ["removed", "patterns", "access_level", "ip_condition", "restriction", "alternative", "override"] {
        let Some(found) = table.get(key) else { continue };
        let fault = faults.add(
            &found.key_span,
            format!("{} is undocumented and has `{key}`", table.owner),
            "stated by no source",
            "delete the line, or write the `granularity` its source states",
        );
        fault.other = Some((span.clone(), "undocumented".to_owned()));
    }
}

/// The group of undocumented actions stands behind all others.
pub(super) fn check_last(actions: &[Action], spans: &[(&str, Range<usize>)], faults: &mut Faults<'_>) {
    let first = actions.iter().position(|action| action.granularity == Granularity::Undocumented);
    let after = first.and_then(|first| {
        let later = actions[first..].iter().position(|action| action.granularity != Granularity::Undocumented)?;
        Some((first, first + later))
    });
    if let Some(((_, first), (name, span))) = after.and_then(|(a, b)| Some((spans.get(a)?, spans.get(b)?))) {
        let fault = faults.add(
            span,
            format!("`{name}` stands behind the undocumented actions"),
            "belongs further up",
            "put the undocumented actions after all others",
        );
        fault.other = Some((first.clone(), "the undocumented actions begin here".to_owned()));
    }
}
