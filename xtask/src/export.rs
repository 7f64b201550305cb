//! The command `export`: writes the catalog as JSON, for programs in other languages.

use std::io::Write;
use std::path::PathBuf;

use cam_policy::catalog::{Action, Catalog, Fact, Facts, Granularity, Link, Presence, Service, Text, Value};
use lexopt::Arg;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use tencent_cam_codegen::Arena;

use crate::error::Error;
use crate::fs::{Project, failed, replace};

/// `export [--output FILE]`
pub(crate) fn export(project: &Project, mut args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let mut output = None;
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Short('o') | Arg::Long("output") => output = Some(PathBuf::from(args.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    let arena = Arena::new();
    let text = json(&Export(project.catalog(&arena)?))?;
    match output {
        None => Ok(out.write_all(text.as_bytes())?),
        Some(path) => {
            replace(&path, text.as_bytes()).map_err(|error| failed("write", &path.to_string_lossy(), &error))
        }
    }
}

/// Returns pretty-printed JSON that ends with a newline.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(Error::wrong)?;
    text.push('\n');
    Ok(text)
}

/// Returns the rows that the export contains.
pub(crate) fn exported<'c, I: Facts<'c>>() -> impl Iterator<Item = &'static Fact> {
    I::FACTS.iter().filter(|fact| fact.exported)
}

/// Returns every permission that the catalog states.
struct Export<'c>(Catalog<'c>);

impl Serialize for Export<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &self.0.version)?;
        let services: Vec<ExportedService<'_>> = self.0.services.iter().map(ExportedService).collect();
        map.serialize_entry("services", &services)?;
        map.end()
    }
}

struct ExportedService<'c>(&'c Service<'c>);

impl Serialize for ExportedService<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let service = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", service.id)?;
        map.serialize_entry("read", service.source.read)?;
        for fact in exported::<Service<'_>>() {
            map.serialize_entry(fact.key, &Exported { fact, value: service.value(fact.key), service })?;
        }
        let actions = service.groups().into_iter().flat_map(|(_, actions)| actions);
        map.serialize_entry("actions", &actions.map(ExportedAction).collect::<Vec<_>>())?;
        map.end()
    }
}

struct ExportedAction<'c>(Action<'c>);

impl Serialize for ExportedAction<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let action = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", action.name())?;
        for fact in exported::<cam_policy::catalog::ActionFacts<'_>>() {
            match fact.key {
                "patterns" => map.serialize_entry(fact.key, &patterns(action))?,
                "restriction" => map.serialize_entry(fact.key, &Restriction::of(action))?,
                key => {
                    let (value, service) = (action.facts().value(key), action.service());
                    map.serialize_entry(key, &Exported { fact, value, service })?;
                }
            }
        }
        map.end()
    }
}

/// Returns the resources that an action can be limited to: only `*` if it cannot, or if that is unknown.
fn patterns(action: Action<'_>) -> Vec<&str> {
    match action.granularity() {
        Granularity::Resource => action.patterns().iter().map(|pattern| pattern.single).collect(),
        _ => vec!["*"],
    }
}

/// Returns a value in the form of its kind; null or empty if the catalog states none.
struct Exported<'c> {
    fact: &'static Fact,
    value: Option<Value<'c>>,
    service: &'c Service<'c>,
}

impl Serialize for Exported<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            None if self.fact.presence == Presence::List => serializer.serialize_seq(Some(0))?.end(),
            None => serializer.serialize_none(),
            Some(Value::Flag(flag)) => serializer.serialize_bool(flag),
            Some(Value::String(text)) => serializer.serialize_str(text),
            Some(Value::Strings(list)) => serializer.collect_seq(list),
            Some(Value::Text(text)) => Languages::of(text).serialize(serializer),
            Some(Value::Word(entry)) => serializer.serialize_str(entry.word),
            Some(Value::Action(number)) => {
                serializer.serialize_str(self.service.actions[usize::from(number)].name)
            }
            Some(Value::Category(category)) => serializer.serialize_str(category.title.en),
            Some(Value::Links(links)) => serializer.collect_seq(links.iter().map(|link| Titled::of(link))),
            Some(other) => unreachable!("no export of `{}` is defined: {other:?}", self.fact.key),
        }
    }
}

/// Returns a text in both languages.
#[derive(serde::Serialize)]
struct Languages<'c> {
    en: &'c str,
    zh: &'c str,
}

impl<'c> Languages<'c> {
    fn of(text: Text<'c>) -> Self {
        Self { en: text.en, zh: text.zh }
    }
}

/// Returns the address of a page with its English title.
#[derive(serde::Serialize)]
struct Titled<'c> {
    title: &'c str,
    url: &'c str,
}

impl<'c> Titled<'c> {
    fn of(link: &Link<'c>) -> Self {
        Self { title: link.title.en, url: link.url }
    }
}

/// Returns why an action cannot be limited to a resource, and the alternative.
#[derive(serde::Serialize)]
struct Restriction<'c> {
    reason: &'static str,
    alternative: Option<&'c str>,
}

impl<'c> Restriction<'c> {
    fn of(action: Action<'c>) -> Option<Self> {
        let reason = action.restriction()?.reason.as_str();
        Some(Self { reason, alternative: action.alternative().map(Action::name) })
    }
}
