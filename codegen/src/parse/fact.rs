//! Reads the value of a fact as its row says.

use std::ops::Range;

use cam_policy::catalog::{Fact, Kind, Presence, Value};

use super::faults::Faults;
use super::life;
use super::table::{Table, list, words};
use crate::arena::Arena;

/// The keys of a table whose facts are rows.
pub(super) fn keys(rows: &[Fact]) -> Vec<&'static str> {
    rows.iter().map(|fact| fact.key).collect()
}

/// Reads a fact that refers to no other item and whose row has all its rules. `rows` are the rows of the item.
pub(super) fn read<'a>(
    fact: &Fact,
    rows: &[Fact],
    table: &Table<'_>,
    arena: &'a Arena,
    faults: &mut Faults<'_>,
) -> Option<Value<'a>> {
    let key = fact.key;
    match fact.kind {
        Kind::Flag => table.boolean(key, faults).map(Value::Flag),
        Kind::Day => life::day(table, key, arena, faults).map(Value::String),
        Kind::Url => url(key, table.string(key, faults), faults).map(|url| Value::String(arena.text(url))),
        Kind::String => table.string(key, faults).map(|(text, _)| Value::String(arena.text(text))),
        Kind::Strings => {
            let strings: Vec<&str> = table
                .strings(key, faults)
                .iter()
                .map(|(text, span)| printable(text, span, key, arena, faults))
                .collect();
            Some(Value::Strings(arena.list(&strings)))
        }
        Kind::Text => table.text(key, arena, faults).map(Value::Text),
        Kind::Word(set) => {
            if fact.presence == Presence::Required && table.lacks(key, faults) {
                let help = format!("add `{key} = \"…\"`, one of {}", list(&words(set)));
                table.missing(key, &help, faults);
            }
            table.word(key, set, faults).map(|(entry, _)| Value::Word(entry))
        }
        Kind::Overrides => {
            let overrides = life::overrides(table, key, rows, arena, faults);
            Some(Value::Overrides(arena.list(&overrides)))
        }
        Kind::Notes => {
            let notes = table.notes(key, &keys(rows), arena, faults);
            Some(Value::Notes(arena.list(&notes)))
        }
        other => unreachable!("`{key}`, {other:?}, has a reader of its own"),
    }
}

/// Returns a string of a list, or reports that it cannot be shown on one line.
fn printable<'a>(
    text: &str,
    span: &Range<usize>,
    key: &str,
    arena: &'a Arena,
    faults: &mut Faults<'_>,
) -> &'a str {
    if text.trim().is_empty() || text.contains(|character: char| character.is_control() || character == '`') {
        let message = format!("`{key}` has a string that cannot be shown");
        faults.add(
            span,
            message,
            "empty, or with a control character",
            "write what the source prints, or delete it",
        );
    }
    arena.text(text)
}

/// Reads an https address that is safe to print anywhere.
pub(super) fn url<'t>(
    key: &str,
    found: Option<(&'t str, Range<usize>)>,
    faults: &mut Faults<'_>,
) -> Option<&'t str> {
    let (url, span) = found?;
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_host = |host: &str| host.contains('.') && host.split('.').all(is_label);
    let host = url.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let fault = match host {
        None => Some("does not begin with `https://`"),
        Some(host) if !is_host(host) => Some("names no host"),
        Some(_) if !url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`\\^{|}()[]".contains(&b)) => {
            Some("has characters that must be percent-encoded")
        }
        Some(_) => None,
    };
    if let Some(fault) = fault {
        faults.add(
            &span,
            format!("`{key}` is no https address: it {fault}"),
            "not an address",
            "write the page's address, `https://…`, with `%20` for a blank, `%28` and `%29` for brackets",
        );
    }
    Some(url)
}
