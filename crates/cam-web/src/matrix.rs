//! The search in all actions: those of the catalog, and those of which only the name is known.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cam_policy::catalog::{AccessLevel, Action, Granularity, Text, Word, split_action};
use cam_policy::text::nearest;
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use tencent_cam::CATALOG;
use tencent_cam::names::{self, Name, NameList};

/// What a filter says of a fact that the documentation does not state.
const UNKNOWN: &str = "unknown";

/// What is searched for. An absent member takes everything.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Search {
    /// Words that the name or the description must have, in any order.
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
        let of_service = entries().iter().map(|entry| entry.known).filter(|known| known.service() == service);
        let found = nearest(name, of_service.map(Known::name));
        if !found.is_empty() {
            return found.iter().map(|name| format!("{service}:{name}")).collect();
        }
        let services: BTreeSet<&str> = entries().iter().map(|entry| entry.known.service()).collect();
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

    fn fact(self, fact: impl Fn(Action<'static>) -> Option<&'static str>) -> &'static str {
        match self {
            Self::Documented(action) => fact(action).unwrap_or(UNKNOWN),
            Self::Named(..) => UNKNOWN,
        }
    }

    pub(crate) fn granularity(self) -> &'static str {
        self.fact(|action| Some(action.granularity().as_str()))
    }

    pub(crate) fn level(self) -> &'static str {
        self.fact(|action| action.access_level().map(AccessLevel::as_str))
    }

    pub(crate) fn ip(self) -> &'static str {
        self.fact(|action| action.ip_condition().map(yes_or_no))
    }

    pub(crate) fn credentials(self) -> &'static str {
        self.fact(|action| action.exposes_credentials().map(yes_or_no))
    }

    fn line(self) -> Line {
        let action = match self {
            Self::Documented(action) => Some(action),
            Self::Named(..) => None,
        };
        let patterns = action.map(|action| action.patterns().iter().map(|pattern| pattern.single).collect());
        Line {
            action: format!("{}:{}", self.service(), self.name()),
            granularity: self.granularity(),
            level: self.level(),
            ip: self.ip(),
            credentials: self.credentials(),
            patterns: patterns.unwrap_or_default(),
            description: action.and_then(Action::description).map(TwoTexts::from),
            removed: match self {
                Self::Documented(action) => action.removed().is_some(),
                Self::Named(_, name) => name.gone().is_some(),
            },
        }
    }
}

fn yes_or_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// An action with the texts that a search reads.
struct Entry {
    known: Known,
    /// `service:name`, in lower case.
    name: String,
    /// The descriptions, in lower case.
    description: String,
}

/// Returns all actions: those of the catalog first, then the bare names, each by service and name.
fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let documented = CATALOG.actions().map(Known::Documented);
        let named = names::services().iter().flat_map(|list| {
            let service = CATALOG.service(list.service());
            let bare =
                move |name: &&Name| service.is_none_or(|service| service.action(name.as_str()).is_none());
            list.names().iter().filter(bare).map(move |name| Known::Named(list, name))
        });
        documented.chain(named).map(Entry::new).collect()
    })
}

impl Entry {
    fn new(known: Known) -> Self {
        let description = match known {
            Known::Documented(action) => action.description(),
            Known::Named(..) => None,
        };
        Self {
            known,
            name: format!("{}:{}", known.service(), known.name()).to_lowercase(),
            description: description
                .map(|text| format!("{}\n{}", text.en, text.zh).to_lowercase())
                .unwrap_or_default(),
        }
    }

    /// How well the action answers the words, the best first; `None`: not at all.
    fn rank(&self, words: &[Finder<'_>]) -> Option<u8> {
        let whole = self.name.as_bytes();
        let name = self.name.split_once(':').map_or(whole, |(_, name)| name.as_bytes());
        let mut worst = 0;
        for finder in words {
            let word = finder.needle();
            let rank = if whole == word || name == word {
                0
            } else if whole.starts_with(word) || name.starts_with(word) {
                1
            } else if finder.find(whole).is_some() {
                2
            } else if finder.find(self.description.as_bytes()).is_some() {
                3
            } else {
                return None;
            };
            worst = worst.max(rank);
        }
        Some(worst)
    }
}

impl Search {
    /// Finds the actions, the best first.
    pub(crate) fn run(&self) -> Found {
        let text = self.text.to_lowercase();
        // A policy may write `name/` before an action.
        let bare = text.split_whitespace().map(|word| word.strip_prefix("name/").unwrap_or(word));
        let words: Vec<Finder<'_>> = bare.map(Finder::new).collect();
        let mut ranks: [Vec<Known>; 4] = Default::default();
        for entry in entries() {
            if self.takes(entry.known)
                && let Some(rank) = entry.rank(&words)
            {
                ranks[usize::from(rank)].push(entry.known);
            }
        }
        let total = ranks.iter().map(Vec::len).sum();
        let shown = ranks.iter().flatten().skip(self.skip).take(self.limit.unwrap_or(100));
        Found { total, actions: shown.map(|known| known.line()).collect() }
    }

    fn takes(&self, known: Known) -> bool {
        let is = |wanted: &Option<String>, word: &str| wanted.as_ref().is_none_or(|wanted| wanted == word);
        is(&self.service, known.service())
            && is(&self.granularity, known.granularity())
            && is(&self.level, known.level())
            && is(&self.ip, known.ip())
            && is(&self.credentials, known.credentials())
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
        for entry in entries() {
            let id = entry.known.service();
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
