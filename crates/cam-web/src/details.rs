//! The facts of one action.

use cam_policy::catalog::{Action, Link, Note, Pattern, Source, Word};
use cam_policy::text::quoted;
use serde::Serialize;
use tencent_cam::names::{Name, NameList};
use tencent_cam::{ActionEnum as _, CATALOG, rust_path};

use crate::failure::Failure;
use crate::matrix::{Known, TwoTexts};

/// All that is known of an action.
#[derive(Debug, Serialize)]
pub(crate) struct Details {
    action: String,
    service: &'static str,
    /// The name of the product; `None`: only the names of its actions are known.
    product: Option<TwoTexts>,
    granularity: &'static str,
    granularity_label: TwoTexts,
    level: &'static str,
    level_label: TwoTexts,
    ip: &'static str,
    credentials: &'static str,
    /// What only the catalog states; `None`: only the name is known.
    documented: Option<Documented>,
    /// What the SDK states of an action of which only the name is known.
    named: Option<Named>,
}

#[derive(Debug, Serialize)]
struct Documented {
    description: Option<TwoTexts>,
    patterns: Vec<PatternFacts>,
    printed_patterns: Vec<&'static str>,
    condition_keys: Vec<&'static str>,
    surface: Option<TwoTexts>,
    category: Option<TwoTexts>,
    restriction: Option<TwoTexts>,
    alternative: Option<&'static str>,
    replaced_by: Option<&'static str>,
    removed: Option<&'static str>,
    doc_url: Option<&'static str>,
    references: Vec<LinkFacts>,
    notes: Vec<TwoTexts>,
    source: SourceFacts,
    rust: String,
}

#[derive(Debug, Serialize)]
struct PatternFacts {
    name: &'static str,
    single: &'static str,
    all: &'static str,
    description: Option<TwoTexts>,
    placeholders: Vec<PlaceholderFacts>,
}

#[derive(Debug, Serialize)]
struct PlaceholderFacts {
    name: &'static str,
    takes: TwoTexts,
}

#[derive(Debug, Serialize)]
struct LinkFacts {
    title: TwoTexts,
    url: &'static str,
}

#[derive(Debug, Serialize)]
struct SourceFacts {
    title: &'static str,
    url: Option<&'static str>,
    dated: Option<&'static str>,
    read: &'static str,
}

#[derive(Debug, Serialize)]
struct Named {
    /// Whether the abbreviation of the service is assumed to be its name in the SDK.
    assumed_service: bool,
    status: Option<&'static str>,
    since: Option<&'static str>,
    gone: Option<&'static str>,
}

/// Says that nobody knows an action, and which ones are near.
pub(crate) fn unknown(action: &str) -> Failure {
    let failure = Failure::new(format_args!(
        "neither the catalog nor the public SDK has the action {}",
        quoted(action)
    ));
    Known::near(action)
        .iter()
        .fold(failure, |failure, near| failure.with_help(format_args!("near it is `{near}`")))
}

impl Details {
    /// Returns what is known of an action.
    pub(crate) fn of(text: &str) -> Result<Self, Failure> {
        let text = text.strip_prefix("name/").unwrap_or(text);
        let known = Known::of(text).ok_or_else(|| unknown(text))?;
        let (action, name) = match known {
            Known::Documented(action) => (Some(action), None),
            Known::Named(list, name) => (None, Some((list, name))),
        };
        let service = text.split_once(':').map_or("", |(service, _)| service);
        let product = CATALOG.service(service);
        let facts = known.facts();
        Ok(Self {
            action: text.into(),
            service: product
                .map_or_else(|| name.map_or("", |(list, _)| list.service()), |product| product.id),
            product: product.map(|product| product.name.into()),
            granularity: facts.granularity,
            granularity_label: action.map_or(
                TwoTexts::from(("not known: only the name is", "未知（仅知名称）")),
                |action| label(action.granularity()),
            ),
            level: facts.level,
            level_label: action
                .and_then(Action::access_level)
                .map_or(TwoTexts::from(("unknown", "未知")), label),
            ip: facts.ip,
            credentials: facts.credentials,
            documented: action.map(Documented::of),
            named: name.map(|(list, name)| Named::of(list, name)),
        })
    }
}

fn label<W: Word>(word: W) -> TwoTexts {
    word.entry().label.into()
}

impl Documented {
    fn of(action: Action<'static>) -> Self {
        let compiled = tencent_cam::Action::from_action(action);
        Self {
            description: action.description().map(TwoTexts::from),
            patterns: action.patterns().iter().map(|pattern| PatternFacts::of(pattern)).collect(),
            printed_patterns: action.printed_patterns().to_vec(),
            condition_keys: action.condition_keys().to_vec(),
            surface: action.surface().map(label),
            category: action.category().map(|category| category.title.into()),
            restriction: action.restriction().map(|restriction| restriction.text.into()),
            alternative: action.alternative().map(Action::as_str),
            replaced_by: action.replaced_by().map(Action::as_str),
            removed: action.removed(),
            doc_url: action.doc_url(),
            references: action.references().iter().map(|link| LinkFacts::of(link)).collect(),
            notes: action.notes().iter().map(|Note { text, .. }| (*text).into()).collect(),
            source: SourceFacts::of(&action.service().source),
            rust: compiled.map(rust_path).unwrap_or_default(),
        }
    }
}

impl PatternFacts {
    fn of(pattern: &Pattern<'static>) -> Self {
        let placeholder = |one: &cam_policy::catalog::Placeholder<'static>| PlaceholderFacts {
            name: one.name,
            takes: label(one.kind),
        };
        Self {
            name: pattern.name,
            single: pattern.single,
            all: pattern.all,
            description: pattern.description.map(TwoTexts::from),
            placeholders: pattern.placeholders.iter().map(placeholder).collect(),
        }
    }
}

impl LinkFacts {
    fn of(link: &Link<'static>) -> Self {
        Self { title: link.title.into(), url: link.url }
    }
}

impl SourceFacts {
    fn of(source: &Source<'static>) -> Self {
        let Source { title, url, dated, read } = *source;
        Self { title, url, dated, read }
    }
}

impl Named {
    fn of(list: &NameList, name: &Name) -> Self {
        Self {
            assumed_service: list.is_assumed(),
            status: name.status(),
            since: name.since(),
            gone: name.gone(),
        }
    }
}
