//! The search in all actions: those of the catalog, and those of which only the name is known.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cam_policy::catalog::{AccessLevel, Action, Granularity, Text, Word, split_action};
use cam_policy::text::nearest;
use cam_workspace::search::{Entry, Facts, Filter, Rank, UNKNOWN, Words};
use serde::{Deserialize, Serialize};
use tencent_cam::CATALOG;
use tencent_cam::names::{self, Name, NameList};

/// What is searched for. An absent member takes everything.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Search {
    /// Words that the action must have in its name or texts, in any order; also `cvm:Describe*` and resources.
    text: String,
    /// The abbreviation of a service.
    service: Option<String>,
    /// `resource`, `operation`, `undocumented`, or `unknown` for actions of which only the name is known.
    granularity: Option<String>,
    /// An access level, or `unknown`.
    level: Option<String>,
    /// Whether a condition on the caller's address counts: `yes`, `no` or `unknown`.
    ip: Option<String>,
    /// Whether the call hands out credentials: `yes`, `no` or `unknown`.
    credentials: Option<String>,
    /// How many actions the answer leaves out at its begin.
    skip: usize,
    /// The most actions of the answer.
    limit: Option<usize>,
}

/// The actions that a search finds.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    /// How many there are, also those that the answer leaves out.
    total: usize,
    actions: Vec<Line>,
}

/// An action in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    action: String,
    granularity: &'static str,
    level: &'static str,
    ip: &'static str,
    credentials: &'static str,
    patterns: Vec<&'static str>,
    description: Option<TwoTexts>,
    removed: bool,
}

/// A text in English and Chinese.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct TwoTexts {
    en: &'static str,
    zh: &'static str,
}

impl From<Text<'static>> for TwoTexts {
    fn from(text: Text<'static>) -> Self {
        Self { en: text.en, zh: text.zh }
    }
}

impl From<(&'static str, &'static str)> for TwoTexts {
    fn from((en, zh): (&'static str, &'static str)) -> Self {
        Self { en, zh }
    }
}

/// An action that can be found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known {
    /// The catalog has it.
    Documented(Action<'static>),
    /// Only the name is known.
    Named(&'static NameList, &'static Name),
}

impl Known {
    /// Returns the action of this name.
    pub(crate) fn of(action: &str) -> Option<Self> {
        if let Some(found) = CATALOG.action(action) {
            return Some(Self::Documented(found));
        }
        let (service, name) = split_action(action)?;
        let list = names::service(service)?;
        Some(Self::Named(list, list.get(name)?))
    }

    /// Returns the actions whose name is near that of an action that is not known; or else services near its service.
    pub(crate) fn near(action: &str) -> Vec<String> {
        let (service, name) = split_action(action).unwrap_or((action, ""));
        let of_service = entries().iter().map(|(known, _)| *known).filter(|known| known.service() == service);
        let found = nearest(name, of_service.map(Known::name));
        if !found.is_empty() {
            return found.iter().map(|name| format!("{service}:{name}")).collect();
        }
        let services: BTreeSet<&str> = entries().iter().map(|(known, _)| known.service()).collect();
        if services.contains(service) {
            return Vec::new();
        }
        nearest(service, services.into_iter()).iter().map(|service| format!("{service}:{name}")).collect()
    }

    fn service(self) -> &'static str {
        match self {
            Self::Documented(action) => action.service().id,
            Self::Named(list, _) => list.service(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Documented(action) => action.name(),
            Self::Named(_, name) => name.as_str(),
        }
    }

    fn action(self) -> Option<Action<'static>> {
        match self {
            Self::Documented(action) => Some(action),
            Self::Named(..) => None,
        }
    }

    pub(crate) fn facts(self) -> Facts {
        Facts::of(self.action())
    }

    fn line(self) -> Line {
        let (action, facts) = (self.action(), self.facts());
        let patterns = action.map(|action| action.patterns().iter().map(|pattern| pattern.single).collect());
        Line {
            action: format!("{}:{}", self.service(), self.name()),
            granularity: facts.granularity,
            level: facts.level,
            ip: facts.ip,
            credentials: facts.credentials,
            patterns: patterns.unwrap_or_default(),
            description: action.and_then(Action::description).map(TwoTexts::from),
            removed: match self {
                Self::Documented(action) => action.removed().is_some(),
                Self::Named(_, name) => name.gone().is_some(),
            },
        }
    }
}

/// Returns all actions with their texts: those of the catalog first, then the bare names, each by service and name.
fn entries() -> &'static [(Known, Entry<'static>)] {
    static ENTRIES: OnceLock<Vec<(Known, Entry<'static>)>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let documented = CATALOG.services.iter().flat_map(|service| {
            let product = Entry::product(service);
            service.actions().map(move |action| (Known::Documented(action), Entry::of(action, &product)))
        });
        let named = names::services().iter().flat_map(|list| {
            let service = CATALOG.service(list.service());
            let product = Entry::product(service);
            let bare =
                move |name: &&Name| service.is_none_or(|service| service.action(name.as_str()).is_none());
            list.names().iter().filter(bare).map(move |name| {
                let whole = format!("{}:{}", list.service(), name.as_str());
                (Known::Named(list, name), Entry::of_name(&whole, &product))
            })
        });
        documented.chain(named).collect()
    })
}

impl Search {
    /// Finds the actions, the best first.
    pub(crate) fn run(&self) -> Found {
        let words = Words::of(&self.text);
        let filter = Filter {
            services: self.service.iter().cloned().collect(),
            levels: self.level.iter().cloned().collect(),
            granularity: self.granularity.clone(),
            ip: self.ip.clone(),
            credentials: self.credentials.clone(),
        };
        let mut ranks: [Vec<Known>; Rank::ALL.len()] = Default::default();
        for (known, entry) in entries() {
            if filter.takes(known.service(), known.action())
                && let Some(rank) = entry.rank(&words)
            {
                ranks[rank as usize].push(*known);
            }
        }
        let total = ranks.iter().map(Vec::len).sum();
        let shown = ranks.iter().flatten().skip(self.skip).take(self.limit.unwrap_or(100));
        Found { total, actions: shown.map(|known| known.line()).collect() }
    }
}

/// By what can be filtered, and how much is known.
#[derive(Debug, Serialize)]
pub(crate) struct Filters {
    /// The version of the catalog.
    catalog: u32,
    /// How many actions there are.
    actions: usize,
    /// How many of them the catalog has.
    documented: usize,
    services: Vec<ServiceLine>,
    granularities: Vec<Choice>,
    levels: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct ServiceLine {
    id: &'static str,
    /// The name of the product; `None`: only the names of its actions are known.
    name: Option<TwoTexts>,
    actions: usize,
}

/// A word with its label.
#[derive(Debug, Serialize)]
struct Choice {
    word: &'static str,
    label: TwoTexts,
}

impl Filters {
    pub(crate) fn new() -> Self {
        let mut services: Vec<ServiceLine> = Vec::new();
        for (known, _) in entries() {
            let id = known.service();
            match services.iter_mut().rev().find(|line| line.id == id) {
                Some(line) => line.actions += 1,
                None => services.push(ServiceLine {
                    id,
                    name: CATALOG.service(id).map(|service| service.name.into()),
                    actions: 1,
                }),
            }
        }
        services.sort_by_key(|line| line.id);
        Self {
            catalog: CATALOG.version,
            actions: entries().len(),
            documented: CATALOG.actions().count(),
            services,
            granularities: choices::<Granularity>("only the name is known", "仅知名称"),
            levels: choices::<AccessLevel>("unknown", "未知"),
        }
    }
}

/// The words of a set, and the word for what is not known.
fn choices<W: Word>(en: &'static str, zh: &'static str) -> Vec<Choice> {
    let known = W::ALL.iter().map(|word| {
        let entry = word.entry();
        Choice { word: entry.word, label: entry.label.into() }
    });
    known.chain([Choice { word: UNKNOWN, label: TwoTexts { en, zh } }]).collect()
}
