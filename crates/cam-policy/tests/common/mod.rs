//! The catalog of these tests, and catalogs made from parts. They live as long as the test run.

#![allow(dead_code, reason = "each test uses its own part of this module")]

pub(crate) mod company;
pub(crate) mod random;

use std::sync::OnceLock;

use cam_policy::catalog::{ActionFacts, Catalog, Granularity, Lookup, Pattern, Service, Source, Tables};
use cam_policy::engine::{Layer, Level};

/// Reads `catalog.txt` beside this file: the services TRTC and CCC as far as the tests need them.
///
/// Below `service` stand its patterns, each with its two forms, and then its actions by granularity and patterns.
pub(crate) fn catalog() -> &'static Catalog<'static> {
    static CATALOG: OnceLock<Catalog<'static>> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut services: Vec<Parts> = Vec::new();
        for line in include_str!("catalog.txt").lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                names if line.starts_with(' ') => {
                    let service = services.last_mut().unwrap();
                    let (granularity, patterns) = service.kinds.last().cloned().unwrap();
                    service
                        .actions
                        .extend(names.iter().map(|name| ((*name).to_owned(), granularity, patterns.clone())));
                }
                ["service", id] => services.push(Parts { id: (*id).to_owned(), ..Parts::default() }),
                ["service", id, "complete"] => {
                    services.push(Parts { id: (*id).to_owned(), complete: Some(true), ..Parts::default() });
                }
                ["pattern", name, single, all] => {
                    let pattern = [*name, *single, *all].map(str::to_owned);
                    services.last_mut().unwrap().patterns.push(pattern);
                }
                [word, patterns] => {
                    let granularity =
                        Granularity::ALL.iter().find(|granularity| granularity.as_str() == *word).unwrap();
                    let service = services.last_mut().unwrap();
                    let number =
                        |name: &str| service.patterns.iter().position(|pattern| pattern[0] == name).unwrap();
                    let patterns = patterns.split(',').filter(|name| *name != "-").map(number).collect();
                    service.kinds.push((*granularity, patterns));
                }
                _ => panic!("{line}"),
            }
        }
        made(services)
    })
}

/// The parts of a service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// The abbreviation.
    pub(crate) id: String,
    /// Name, single form and all form of each pattern.
    pub(crate) patterns: Vec<[String; 3]>,
    /// Name of each action, its granularity, and the numbers of its patterns.
    pub(crate) actions: Vec<(String, Granularity, Vec<usize>)>,
    /// Whether these are all actions of the service.
    pub(crate) complete: Option<bool>,
    /// Granularity and patterns for actions that are added later.
    kinds: Vec<(Granularity, Vec<usize>)>,
}

impl Parts {
    pub(crate) fn new(
        id: &str,
        patterns: Vec<[String; 3]>,
        actions: Vec<(String, Granularity, Vec<usize>)>,
    ) -> Self {
        Self { id: id.to_owned(), patterns, actions, complete: None, kinds: Vec::new() }
    }
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.into())
}

/// Makes a catalog of these services. Its memory is never freed.
pub(crate) fn made(mut services: Vec<Parts>) -> Catalog<'static> {
    services.sort_by(|one, other| one.id.cmp(&other.id));
    let services: Vec<Service<'static>> = services.into_iter().map(service).collect();
    Catalog { version: 0, services: services.leak() }
}

fn service(parts: Parts) -> Service<'static> {
    let Parts { id, patterns, mut actions, complete, .. } = parts;
    let patterns: Vec<Pattern<'static>> = patterns
        .iter()
        .map(|[name, single, all]| Pattern {
            name: leaked(name),
            single: leaked(single),
            all: leaked(all),
            ..Pattern::UNSTATED
        })
        .collect();
    let patterns: &'static [Pattern<'static>] = patterns.leak();
    actions.sort();
    let actions: Vec<ActionFacts<'static>> = actions
        .iter()
        .map(|(name, granularity, of)| ActionFacts {
            name: leaked(name),
            qualified_name: leaked(&format!("{id}:{name}")),
            granularity: *granularity,
            patterns: of.iter().map(|at| &patterns[*at]).collect::<Vec<_>>().leak(),
            ..ActionFacts::UNSTATED
        })
        .collect();
    let names: Vec<&str> = actions.iter().map(|action| action.name).collect();
    let Tables { seed, displacements, slots } = Tables::of(&names);
    Service {
        id: leaked(&id),
        complete,
        source: Source { title: "", url: None, dated: None, read: "2026-11-01" },
        patterns,
        actions: actions.leak(),
        lookup: Lookup { seed, displacements: displacements.leak(), slots: slots.leak() },
        ..Service::UNSTATED
    }
}

/// Every layer, with one unit, and the word that conformance cases use for it.
pub(crate) const LAYERS: [(&str, Layer); 7] = [
    ("identity", Layer::Identity),
    ("boundary", Layer::Boundary),
    ("session", Layer::Session),
    ("service_control_of_root", Layer::ServiceControl(Level::Root)),
    ("service_control_of_unit", Layer::ServiceControl(Level::Unit(1))),
    ("service_control", Layer::ServiceControl(Level::Account)),
    ("trust", Layer::Trust),
];

/// Makes a set of identity policies in an account, with the catalog of these tests.
pub(crate) fn policy_set(
    policies: impl IntoIterator<Item = cam_policy::policy::Policy>,
    owner: cam_policy::values::Uin,
) -> cam_policy::engine::PolicySet<'static> {
    cam_policy::engine::PolicySet::new(catalog(), policies, owner)
}
