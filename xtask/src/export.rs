//! The catalog as JSON, for programs in other languages.

use std::io::Write;
use std::path::PathBuf;

use lexopt::Arg;
use schemars::JsonSchema;
use serde::Serialize;
use tencent_cam_codegen::model::{
    AccessLevel, Action, Catalog, Granularity, RestrictionReason, Service, ServiceGranularity, Surface, Text,
};

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
    let text = json(&Export::of(&project.catalog()?))?;
    match output {
        None => Ok(out.write_all(text.as_bytes())?),
        Some(path) => {
            replace(&path, text.as_bytes()).map_err(|error| failed("write", &path.to_string_lossy(), &error))
        }
    }
}

/// Pretty-printed JSON that ends with a newline.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(Error::wrong)?;
    text.push('\n');
    Ok(text)
}

/// Every permission the catalog states, in the catalog's order.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Export<'c> {
    /// The catalog's own version, raised with every release of the data; 0: never released.
    version: u32,
    /// The services, sorted by abbreviation.
    services: Vec<ExportedService<'c>>,
}

/// One product.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Service")]
struct ExportedService<'c> {
    /// Abbreviation in CAM: `trtc`.
    id: &'c str,
    /// Day its source was read, `YYYY-MM-DD`.
    read: &'c str,
    /// Granularity of the product as its source states it, even where its actions contradict it.
    #[schemars(with = "ServiceGranularity")]
    granularity: &'static str,
    /// The actions, grouped as on the source page and sorted within each group.
    actions: Vec<ExportedAction<'c>>,
}

/// One API of a product.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Action")]
struct ExportedAction<'c> {
    /// Exact name in CAM.
    name: &'c str,
    /// Granularity.
    #[schemars(with = "Granularity")]
    granularity: &'static str,
    /// The resources it can be limited to: the form that names a single one, as the source writes it,
    /// with its placeholders. Only `*` for an operation-level action, and where the level is not documented.
    patterns: Vec<&'c str>,
    /// Access level; null: unknown.
    #[schemars(with = "Option<AccessLevel>")]
    access_level: Option<&'static str>,
    /// Whether it is a server or a console API; null: unknown.
    #[schemars(with = "Option<Surface>")]
    surface: Option<&'static str>,
    /// English title of its category; null: none stated.
    category: Option<&'c str>,
    /// The console pages that call it.
    console_pages: Vec<ConsolePage<'c>>,
    /// Address of its documentation; null: none known.
    doc_url: Option<&'c str>,
    /// Whether a condition on the caller's address is honoured; null: unknown.
    ip_condition: Option<bool>,
    /// Why it is not resource-level; null: no reason stated.
    restriction: Option<Restriction<'c>>,
    /// Day on which the source was found not to list it any more, `YYYY-MM-DD`; null: it is listed.
    removed: Option<&'c str>,
    /// Name of the action that takes its place; null: none.
    replaced_by: Option<&'c str>,
    /// What it does.
    description: Description<'c>,
}

/// A page of a product's console.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ConsolePage<'c> {
    /// English title.
    title: &'c str,
    /// Address.
    url: &'c str,
}

/// Why an action cannot be limited to a resource, and the way round.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Restriction<'c> {
    /// The reason.
    #[schemars(with = "RestrictionReason")]
    reason: &'static str,
    /// Name of the action the source recommends instead; null: none.
    alternative: Option<&'c str>,
}

/// A text in both languages.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Description<'c> {
    /// English.
    en: &'c str,
    /// Simplified Chinese.
    zh: &'c str,
}

impl<'c> Export<'c> {
    pub(crate) fn of(catalog: &'c Catalog) -> Self {
        let services = catalog.services.iter().map(|service| ExportedService {
            id: &service.id,
            read: &service.source.read,
            granularity: service.granularity.word(),
            actions: service.actions.iter().map(|action| ExportedAction::of(service, action)).collect(),
        });
        Self { version: catalog.version, services: services.collect() }
    }
}

impl<'c> ExportedAction<'c> {
    fn of(service: &'c Service, action: &'c Action) -> Self {
        Self {
            name: &action.name,
            granularity: action.granularity.word(),
            patterns: match action.granularity {
                Granularity::Operation | Granularity::Undocumented => vec!["*"],
                Granularity::Resource => {
                    let named = |name: &String| service.patterns.iter().find(|pattern| pattern.name == *name);
                    action.patterns.iter().filter_map(named).map(|pattern| pattern.single.as_str()).collect()
                }
            },
            access_level: action.access_level.map(AccessLevel::word),
            surface: action.surface.map(Surface::word),
            category: action
                .category
                .as_ref()
                .and_then(|name| service.categories.iter().find(|category| category.name == *name))
                .map(|category| category.title.en.as_str()),
            console_pages: action
                .console_pages
                .iter()
                .filter_map(|name| service.console_pages.iter().find(|page| page.name == *name))
                .map(|page| ConsolePage { title: &page.title.en, url: &page.url })
                .collect(),
            doc_url: action.doc_url.as_deref(),
            ip_condition: action.ip_condition,
            restriction: action.restriction.map(|reason| Restriction {
                reason: reason.word(),
                alternative: action.alternative.as_deref(),
            }),
            removed: action.removed.as_deref(),
            replaced_by: action.replaced_by.as_deref(),
            description: Description::of(&action.description),
        }
    }
}

impl<'c> Description<'c> {
    fn of(text: &'c Text) -> Self {
        Self { en: &text.en, zh: &text.zh }
    }
}
