//! Reads and writes the part of `catalog.toml` that lists names of actions of which nothing else is known.
//!
//! The part stands behind all services. It is a table for each service, with one name on a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cam_policy::catalog::ServiceGranularity;
use toml::de::{DeTable, DeValue};

use crate::names::{is_action, is_service};
use crate::parse::split;

/// The lists of names, and the SDK from which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Package and version of the SDK: `tccli 3.1.189`.
    pub source: String,
    /// Day on which it was read, `YYYY-MM-DD`.
    pub read: String,
    /// The lists, by the abbreviation of the service in CAM.
    pub services: BTreeMap<String, List>,
}

/// The names of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The names of the service in the SDK, sorted.
    pub sdk: BTreeSet<String>,
    /// The document that states the abbreviation; `None`: it is assumed to be the name in the SDK.
    pub abbreviation_from: Option<String>,
    /// The finest level at which the product is authorised, by the same document.
    pub granularity: Option<ServiceGranularity>,
    /// Whether the product has a console that CAM authorises, by the same document.
    pub console_access: Option<bool>,
    /// Whether the product can be authorised by tag, by the same document.
    pub tag_authorization: Option<bool>,
    /// The actions without a table of their own, by name.
    pub names: BTreeMap<String, Listed>,
}

/// What the SDK says of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The SDK's word, if the API is not simply offered: `deprecated` or `offline`.
    pub status: Option<Status>,
    /// Day on which it was first seen; `None`: when the list was made, or before.
    pub since: Option<String>,
    /// Day on which it was found gone.
    pub gone: Option<String>,
    /// Whether the SDK states a secret, a signature or a temporary key in its answer; `false`: nobody has stated that.
    pub exposes_credentials: bool,
}

/// The state of an API that is not simply offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It is not to be used any more.
    Deprecated,
    /// It does not answer any more.
    Offline,
}

impl Status {
    /// Returns the word of the SDK.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deprecated => "deprecated",
            Self::Offline => "offline",
        }
    }
}

/// Reads the lists of a catalog's text.
///
/// # Errors
///
/// Everything that is wrong with them, one line each with the number of the line.
///
/// ```
/// let text = "[names]\n  source = \"sdk 1\"\n  read = 2026-11-27\n\n[names.demo]\n  sdk = [\"demo\"]\n  list = '''\nStart\nStop deprecated\n'''\n";
/// let lists = tencent_cam_codegen::lists(text).unwrap();
/// assert_eq!(lists.services["demo"].names.len(), 2);
/// assert_eq!(lists.to_toml(), text);
/// ```
pub fn lists(text: &str) -> Result<Lists, Vec<String>> {
    let (head, tail) = split(text);
    let first = head.matches('\n').count() + 1;
    if tail.is_empty() {
        return Ok(Lists::default());
    }
    let (document, errors) = DeTable::parse_recoverable(tail);
    // Each of thousands of keys asks for its line.
    let ends: Vec<usize> = tail.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |at: usize| first + ends.partition_point(|end| *end < at);
    let mut wrong: Vec<String> = errors
        .iter()
        .map(|error| {
            format!("line {}: {}", line_of(error.span().map_or(0, |span| span.start)), error.message())
        })
        .collect();
    let mut lists = Lists::default();
    for (key, value) in document.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("names", DeValue::Table(table)) => read(table, &mut lists, &line_of, &mut wrong),
            (key, _) => wrong
                .push(format!("line {}: `{key}` must stand above `[names]`", line_of(value.span().start))),
        }
    }
    if wrong.is_empty() { Ok(lists) } else { Err(wrong) }
}

fn read(table: &DeTable<'_>, lists: &mut Lists, line_of: &dyn Fn(usize) -> usize, wrong: &mut Vec<String>) {
    for (key, value) in table {
        let line = line_of(key.span().start);
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("source", DeValue::String(text)) => text.as_ref().clone_into(&mut lists.source),
            ("read", DeValue::Datetime(day)) => lists.read = day.to_string(),
            (id, DeValue::Table(of)) if is_service(id) => {
                let list = read_list(id, of, line_of, wrong);
                lists.services.insert(id.to_owned(), list);
            }
            (key, _) => wrong
                .push(format!("line {line}: `{key}` is neither `source`, `read` nor the table of a service")),
        }
    }
    if lists.source.is_empty() || lists.read.is_empty() {
        wrong.push(format!(
            "line {}: `[names]` needs `source = \"<package> <version>\"` and `read = YYYY-MM-DD`",
            line_of(0)
        ));
    }
}

fn read_list(
    id: &str,
    table: &DeTable<'_>,
    line_of: &dyn Fn(usize) -> usize,
    wrong: &mut Vec<String>,
) -> List {
    let mut list = List::default();
    for (key, value) in table {
        let line = line_of(key.span().start);
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("sdk", DeValue::Array(names)) => {
                list.sdk.extend(names.iter().filter_map(|name| name.get_ref().as_str()).map(str::to_owned));
            }
            ("abbreviation_from", DeValue::String(text)) => {
                list.abbreviation_from = Some(text.as_ref().to_owned());
            }
            ("granularity", DeValue::String(word)) => {
                list.granularity = ServiceGranularity::ALL.iter().copied().find(|known| known.as_str() == word);
                if list.granularity.is_none() {
                    wrong.push(format!(
                        "line {line}: `{word}` is no granularity of a product: write `resource`, `operation` or `service`"
                    ));
                }
            }
            ("console_access", DeValue::Boolean(found)) => list.console_access = Some(*found),
            ("tag_authorization", DeValue::Boolean(found)) => list.tag_authorization = Some(*found),
            ("list", DeValue::String(text)) => {
                // The text of a literal string begins behind the line of its key.
                read_names(id, text, line + 1, &mut list, wrong);
            }
            (key, _) => wrong.push(format!(
                "line {line}: `{key}` is none of `sdk`, `abbreviation_from`, `granularity`, `console_access`, \
                 `tag_authorization` and `list` in their form"
            )),
        }
    }
    if list.abbreviation_from.is_none() && list.states_product() {
        wrong.push(format!(
            "line {}: `{id}` has facts of its product, so it needs `abbreviation_from`, the document that states them",
            table.iter().map(|(key, _)| line_of(key.span().start)).min().unwrap_or_default()
        ));
    }
    list
}

fn read_names(id: &str, text: &str, first: usize, list: &mut List, wrong: &mut Vec<String>) {
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        let place = first + number;
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        if !is_action(name) {
            wrong.push(format!("line {place}: `{name}` is no API name, in the list of `{id}`"));
        }
        if name <= before {
            wrong.push(format!(
                "line {place}: `{name}` must stand above `{before}`: names are sorted, each once"
            ));
        }
        before = name;
        let mut listed = Listed::default();
        while let Some(word) = words.next() {
            match word {
                "deprecated" => listed.status = Some(Status::Deprecated),
                "offline" => listed.status = Some(Status::Offline),
                "since" => listed.since = words.next().filter(|day| is_day(day)).map(str::to_owned),
                "gone" => listed.gone = words.next().filter(|day| is_day(day)).map(str::to_owned),
                "exposes_credentials" => listed.exposes_credentials = true,
                _ => {}
            }
        }
        if written(name, &listed) != line {
            wrong.push(format!(
                "line {place}: `{line}` is not understood: write `{name}`, then `deprecated` or `offline`, `since \
                 YYYY-MM-DD`, `gone YYYY-MM-DD` and `exposes_credentials`, as far as they apply, in this order"
            ));
        }
        list.names.insert(name.to_owned(), listed);
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn written(name: &str, listed: &Listed) -> String {
    let mut line = name.to_owned();
    if let Some(status) = listed.status {
        let _ = write!(line, " {}", status.as_str());
    }
    for (word, day) in [("since", &listed.since), ("gone", &listed.gone)] {
        if let Some(day) = day {
            let _ = write!(line, " {word} {day}");
        }
    }
    if listed.exposes_credentials {
        line.push_str(" exposes_credentials");
    }
    line
}

impl List {
    /// Whether a fact of the product is stated.
    fn states_product(&self) -> bool {
        self.granularity.is_some() || self.console_access.is_some() || self.tag_authorization.is_some()
    }
}

impl Lists {
    /// Returns the lists as they stand in `catalog.toml`.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = format!("[names]\n  source = \"{}\"\n  read = {}\n", self.source, self.read);
        for (id, list) in &self.services {
            let _ = write!(out, "\n[names.{id}]\n  sdk = [");
            let sdk: Vec<String> = list.sdk.iter().map(|name| format!("\"{name}\"")).collect();
            let _ = writeln!(out, "{}]", sdk.join(", "));
            if let Some(source) = &list.abbreviation_from {
                let _ = writeln!(out, "  abbreviation_from = \"{source}\"");
            }
            if let Some(level) = list.granularity {
                let _ = writeln!(out, "  granularity = \"{level}\"");
            }
            let flags =
                [("console_access", list.console_access), ("tag_authorization", list.tag_authorization)];
            for (key, flag) in flags {
                if let Some(flag) = flag {
                    let _ = writeln!(out, "  {key} = {flag}");
                }
            }
            out.push_str("  list = '''\n");
            for (name, listed) in &list.names {
                out.push_str(&written(name, listed));
                out.push('\n');
            }
            out.push_str("'''\n");
        }
        out
    }
}
