//! Reads the value of a fact as its row says.

use std::ops::Range;

use cam_policy::catalog::{Fact, Kind, Presence, Value};

use super::diagnostics::Diagnostics;
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
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Value<'a>> {
    let key = fact.key;
    match fact.kind {
        Kind::Flag => table.boolean(key, diagnostics).map(Value::Flag),
        Kind::Day => life::day(table, key, arena, diagnostics).map(Value::String),
        Kind::Url => {
            url(key, table.string(key, diagnostics), diagnostics).map(|url| Value::String(arena.text(url)))
        }
        Kind::String => table.string(key, diagnostics).map(|(text, _)| Value::String(arena.text(text))),
        Kind::Strings => {
            let strings: Vec<&str> = table
                .strings(key, diagnostics)
                .iter()
                .map(|(text, span)| printable(text, span, key, arena, diagnostics))
                .collect();
            Some(Value::Strings(arena.list(&strings)))
        }
        Kind::Text => table.text(key, arena, diagnostics).map(Value::Text),
        Kind::Word(set) => {
            if fact.presence == Presence::Required && table.lacks(key, diagnostics) {
                let help = format!("add `{key} = \"…\"`, one of {}", list(&words(set)));
                table.missing(key, &help, diagnostics);
            }
            table.word(key, set, diagnostics).map(|(entry, _)| Value::Word(entry))
        }
        Kind::Overrides => {
            let overrides = life::overrides(table, key, rows, arena, diagnostics);
            Some(Value::Overrides(arena.list(&overrides)))
        }
        Kind::Notes => {
            let notes = table.notes(key, &keys(rows), arena, diagnostics);
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
    diagnostics: &mut Diagnostics<'_>,
) -> &'a str {
    if text.trim().is_empty() || text.contains(|character: char| character.is_control() || character == '`') {
        let message = format!("`{key}` has a string that cannot be shown");
        diagnostics.add(
            span,
            message,
            "empty, or with a backtick or a control character",
            "write what the source prints, or delete it",
        );
    }
    arena.text(text)
}

/// Reads an https address that is safe to print anywhere.
pub(super) fn url<'t>(
    key: &str,
    found: Option<(&'t str, Range<usize>)>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<&'t str> {
    let (url, span) = found?;
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_host = |host: &str| host.contains('.') && host.split('.').all(is_label);
    let host = url.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let problem = match host {
        None => Some("does not begin with `https://`"),
        Some(host) if !is_host(host) => Some("names no host"),
        Some(_) if !url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`\\^{|}()[]".contains(&b)) => {
            Some("has characters that must be percent-encoded")
        }
        Some(_) => None,
    };
    if let Some(problem) = problem {
        diagnostics.add(
            &span,
            format!("`{key}` is no https address: it {problem}"),
            "not an address",
            "write the page's address, `https://…`, with `%20` for a space, `%28` and `%29` for brackets",
        );
    }
    Some(url)
}
