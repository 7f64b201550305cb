//! [`Catalog`] → `catalog.toml`, in the one layout the project keeps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{
    AccessLevel, Action, Catalog, IpRestriction, Link, Override, Pattern, RestrictionReason, Service, Stated,
    Surface, Text,
};

impl Catalog {
    /// The catalog as TOML: [`parse`](crate::model::parse) reads it back as it was. Comments are not part of it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        if self.version > 0 {
            let _ = writeln!(out, "version = {}", self.version);
        }
        for service in &self.services {
            write_service(&mut out, service);
        }
        out
    }
}

/// Starts a table. Writing to a string cannot fail.
fn table(out: &mut String, path: &[&str]) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "[{}]", path.join("."));
}

fn pair(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "  {key} = {value}");
}

fn string(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        pair(out, key, &quoted(value));
    }
}

fn boolean(out: &mut String, key: &str, value: Option<bool>) {
    if let Some(value) = value {
        pair(out, key, if value { "true" } else { "false" });
    }
}

fn text(out: &mut String, key: &str, text: &Text) {
    pair(out, &format!("{key}.en"), &quoted(&text.en));
    pair(out, &format!("{key}.zh"), &quoted(&text.zh));
}

fn notes(out: &mut String, notes: &BTreeMap<String, Text>) {
    for (about, note) in notes {
        text(out, &format!("note.{about}"), note);
    }
}

fn overrides(out: &mut String, overrides: &BTreeMap<String, Override>) {
    for (about, found) in overrides {
        let upstream = format!("override.{about}.upstream");
        match &found.upstream {
            Some(Stated::Text(word)) => string(out, &upstream, Some(word)),
            Some(Stated::Flag(flag)) => boolean(out, &upstream, Some(*flag)),
            Some(Stated::List(values)) => strings(out, &upstream, values),
            None => {}
        }
        text(out, &format!("override.{about}.reason"), &found.reason);
    }
}

/// One element stays on the line, several get one each.
fn strings(out: &mut String, key: &str, values: &[String]) {
    match values {
        [] => {}
        [one] => pair(out, key, &format!("[{}]", quoted(one))),
        several => {
            let lines: Vec<String> =
                several.iter().map(|value| format!("    {},\n", quoted(value))).collect();
            pair(out, key, &format!("[\n{}  ]", lines.concat()));
        }
    }
}

/// A basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
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

fn write_service(out: &mut String, service: &Service) {
    let id = service.id.as_str();
    table(out, &["service", id]);
    text(out, "name", &service.name);
    string(out, "granularity", Some(service.granularity.word()));
    string(out, "grouped_by", Some(service.grouped_by.as_str()));
    boolean(out, "console_access", service.console_access);
    boolean(out, "tag_authorization", service.tag_authorization);
    string(out, "ip_restriction", service.ip_restriction.map(IpRestriction::word));
    boolean(out, "complete", service.complete);
    string(out, "source.title", Some(&service.source.title));
    string(out, "source.url", service.source.url.as_deref());
    pair(out, "source.read", &service.source.read);
    overrides(out, &service.overrides);
    notes(out, &service.notes);
    for pattern in &service.patterns {
        table(out, &["service", id, "pattern", &pattern.name]);
        write_pattern(out, pattern);
    }
    for category in &service.categories {
        table(out, &["service", id, "category", &category.name]);
        string(out, "en", Some(&category.title.en));
        string(out, "zh", Some(&category.title.zh));
    }
    for (kind, links) in [("console_page", &service.console_pages), ("reference", &service.references)] {
        for link in links {
            table(out, &["service", id, kind, &link.name]);
            write_link(out, link);
        }
    }
    for (reason, words) in &service.restrictions {
        table(out, &["service", id, "restriction", reason.word()]);
        string(out, "en", Some(&words.en));
        string(out, "zh", Some(&words.zh));
    }
    for action in &service.actions {
        table(out, &["service", id, "action", &action.name]);
        write_action(out, action);
    }
}

fn write_pattern(out: &mut String, pattern: &Pattern) {
    string(out, "single", Some(&pattern.single));
    string(out, "all", Some(&pattern.all));
    for (name, kind) in &pattern.placeholders {
        string(out, &format!("placeholder.{name}"), Some(kind.word()));
    }
    string(out, "service_segment", pattern.service_segment.as_deref());
    text(out, "description", &pattern.description);
    notes(out, &pattern.notes);
}

fn write_link(out: &mut String, link: &Link) {
    text(out, "title", &link.title);
    string(out, "url", Some(&link.url));
}

fn write_action(out: &mut String, action: &Action) {
    if let Some(day) = &action.removed {
        pair(out, "removed", day);
    }
    string(out, "replaced_by", action.replaced_by.as_deref());
    string(out, "granularity", Some(action.granularity.word()));
    strings(out, "patterns", &action.patterns);
    string(out, "access_level", action.access_level.map(AccessLevel::word));
    string(out, "surface", action.surface.map(Surface::word));
    string(out, "category", action.category.as_deref());
    strings(out, "console_pages", &action.console_pages);
    string(out, "doc_url", action.doc_url.as_deref());
    boolean(out, "ip_condition", action.ip_condition);
    boolean(out, "exposes_credentials", action.exposes_credentials);
    string(out, "restriction", action.restriction.map(RestrictionReason::word));
    string(out, "alternative", action.alternative.as_deref());
    strings(out, "references", &action.references);
    text(out, "description", &action.description);
    overrides(out, &action.overrides);
    notes(out, &action.notes);
}
