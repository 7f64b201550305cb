//! Writes a draft as TOML, in the project's layout.

use std::fmt::Write as _;

use cam_policy::catalog::{ActionFacts, Fact, Facts, Kind, Pattern, Service, Target};

use super::{Datum, Draft, Item, ServiceDraft};

impl Draft {
    /// Returns the draft as TOML, in the project's layout. A draft has no comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        if self.version > 0 {
            let _ = writeln!(out, "version = {}", self.version);
        }
        for (id, service) in &self.services {
            write_service(&mut out, id, service);
        }
        out
    }
}

fn write_service(out: &mut String, id: &str, service: &ServiceDraft) {
    header(out, &["service", id]);
    write_item(out, &service.facts, &order(&service.facts, Service::FACTS));
    for fact in Service::FACTS {
        let Kind::Tables(target) = fact.kind else { continue };
        let items = service.items(target);
        let names: Vec<&str> = match target {
            Target::Action => service.groups().into_values().flatten().collect(),
            _ => items.keys().map(String::as_str).collect(),
        };
        for name in names {
            header(out, &["service", id, fact.key, name]);
            let item = &items[name];
            let keys = match target {
                Target::Action => order(item, ActionFacts::FACTS),
                Target::Pattern => order(item, Pattern::FACTS),
                // `en` and `zh`, or `title` and `url`: alphabetical order is right.
                _ => order(item, &[]),
            };
            write_item(out, item, &keys);
        }
    }
}

/// A key, and whether its value is a date.
type Placed<'i> = (&'i str, bool);

/// Returns the keys of an item in the order of the rows. Keys without a row come last.
fn order<'i>(item: &'i Item, rows: &[Fact]) -> Vec<Placed<'i>> {
    let mut keys: Vec<((usize, &str, usize), Placed<'i>)> = item
        .iter()
        .map(|(key, _)| {
            let (first, below) = key.split_once('.').unwrap_or((key, ""));
            let row = rows.iter().position(|row| row.key == first);
            let kind = row.map(|row| rows[row].kind);
            let place = |parts: &[&str], part: &str| parts.iter().position(|known| *known == part);
            let (about, part) = match kind {
                Some(Kind::Source) => ("", place(&["title", "url", "dated", "read"], below)),
                Some(Kind::Overrides) => {
                    let (about, part) = below.split_once('.').unwrap_or((below, ""));
                    (about, place(&["upstream", "reason.en", "reason.zh"], part))
                }
                Some(_) => (below, None),
                None => (key, None),
            };
            let is_day =
                kind == Some(Kind::Day) || kind == Some(Kind::Source) && matches!(below, "dated" | "read");
            ((row.unwrap_or(rows.len()), about, part.unwrap_or(usize::MAX)), (key, is_day))
        })
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, placed)| placed).collect()
}

/// Writes the header of a table.
fn header(out: &mut String, path: &[&str]) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "[{}]", path.join("."));
}

fn write_item(out: &mut String, item: &Item, keys: &[Placed<'_>]) {
    for (key, is_day) in keys {
        let value = match item.get(key) {
            Some(Datum::Text(day)) if *is_day => day.clone(),
            Some(Datum::Text(text)) => quoted(text),
            Some(Datum::Flag(flag)) => flag.to_string(),
            Some(Datum::List(names)) => list(names),
            None => continue,
        };
        let _ = writeln!(out, "  {key} = {value}");
    }
}

/// Writes one element on the same line, several on a line each.
fn list(values: &[String]) -> String {
    match values {
        [one] => format!("[{}]", quoted(one)),
        several => {
            let lines: Vec<String> =
                several.iter().map(|value| format!("    {},\n", quoted(value))).collect();
            format!("[\n{}  ]", lines.concat())
        }
    }
}

/// Returns a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
