//! Catalogs: the facts of services and their actions, as values.
//!
//! A [`Catalog`] borrows everything it holds. The crate `tencent-cam` has one in its read-only data; the crate
//! `tencent-cam-codegen` reads one from TOML into an arena. Both are the same to the rest of this crate.

mod facts;
mod group;
mod lookup;
mod words;

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

pub use facts::{
    ActionFacts, Category, Link, Note, Override, Pattern, Placeholder, Restriction, Service, Source, Stated,
    Text,
};
pub use group::Group;
pub use lookup::{Lookup, Tables};
pub use words::{
    AccessLevel, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface, Word,
};

/// The facts of services.
///
/// ```
/// use cam_policy::catalog::Catalog;
///
/// assert_eq!(Catalog::EMPTY.action("trtc:RemoveUser"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catalog<'c> {
    /// The version of the data: raised with every release of the catalog; 0: never released.
    pub version: u32,
    /// The services, sorted by abbreviation.
    pub services: &'c [Service<'c>],
}

impl<'c> Catalog<'c> {
    /// The catalog that knows no service.
    pub const EMPTY: Catalog<'static> = Catalog { version: 0, services: &[] };

    /// Finds a service by its abbreviation in CAM. Allocates nothing.
    pub fn service(&self, id: &str) -> Option<&'c Service<'c>> {
        let found = self.services.binary_search_by(|service| service.id.cmp(id)).ok()?;
        Some(&self.services[found])
    }

    /// Finds the action that `service:Name` names, with or without the prefix `name/`. Allocates nothing.
    ///
    /// Names are compared exactly, upper and lower case too: whether CAM does so is documented for COS only.
    pub fn action(&self, text: &str) -> Option<Action<'c>> {
        let (service, name) = split_action(text)?;
        self.service(service)?.action(name)
    }

    /// Every action of every service, by service and name.
    pub fn actions(&self) -> impl Iterator<Item = Action<'c>> + use<'c> {
        self.services.iter().flat_map(Service::actions)
    }
}

/// Splits `service:Name`, with or without the prefix `name/`, into service and name; `None` without a `:`.
pub fn split_action(text: &str) -> Option<(&str, &str)> {
    let action = text.strip_prefix("name/").unwrap_or(text);
    // The name of a service is short: a plain loop finds its end sooner than a search made for long texts.
    let colon = action.bytes().position(|byte| byte == b':')?;
    Some((&action[..colon], &action[colon + 1..]))
}

impl<'c> Service<'c> {
    /// Finds an action by its name without the service. Allocates nothing.
    pub fn action(&'c self, name: &str) -> Option<Action<'c>> {
        let number = self.lookup.candidate(name)?;
        (self.actions.get(usize::from(number))?.name == name).then_some(Action { service: self, number })
    }

    /// The actions, sorted by name.
    #[expect(clippy::cast_possible_truncation, reason = "a service has at most 65,535 actions")]
    pub fn actions(&'c self) -> impl ExactSizeIterator<Item = Action<'c>> + use<'c> {
        (0..self.actions.len()).map(|number| Action { service: self, number: number as u16 })
    }
}

/// One action of a catalog: a handle that reads its facts. `Copy`, and as small as a reference and a number.
///
/// Two actions are equal if service and name are.
#[derive(Clone, Copy)]
pub struct Action<'c> {
    service: &'c Service<'c>,
    number: u16,
}

impl<'c> Action<'c> {
    /// The action with this number in its service.
    ///
    /// # Panics
    ///
    /// If the service has no such action.
    pub const fn new(service: &'c Service<'c>, number: u16) -> Self {
        assert!((number as usize) < service.actions.len(), "the service has no action of this number");
        Self { service, number }
    }

    /// The service.
    pub const fn service(self) -> &'c Service<'c> {
        self.service
    }

    /// Its place among the actions of its service, which are sorted by name.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// All facts of the action.
    pub const fn facts(self) -> &'c ActionFacts<'c> {
        &self.service.actions[self.number as usize]
    }

    /// Name of the API, exactly as CAM spells it.
    pub const fn name(self) -> &'c str {
        self.facts().name
    }

    /// The action as policies write it: service, colon, name.
    pub const fn as_str(self) -> &'c str {
        self.facts().qualified_name
    }

    /// The granularity.
    pub const fn granularity(self) -> Granularity {
        self.facts().granularity
    }

    /// The patterns it can be limited to; none unless it is resource-level.
    pub const fn patterns(self) -> &'c [&'c Pattern<'c>] {
        self.facts().patterns
    }

    /// Day on which its source was found not to list it any more, `YYYY-MM-DD`; `None`: it is listed.
    pub const fn removed(self) -> Option<&'c str> {
        self.facts().removed
    }

    /// The action that takes its place, where it is removed and such an action is known.
    pub const fn replaced_by(self) -> Option<Self> {
        self.other(self.facts().replaced_by)
    }

    /// What the action does to the resources of its service; `None`: unknown.
    pub const fn access_level(self) -> Option<AccessLevel> {
        self.facts().access_level
    }

    /// Whether it is a server or a console API; `None`: unknown.
    pub const fn surface(self) -> Option<Surface> {
        self.facts().surface
    }

    /// The category that its documentation puts it in; `None`: none stated.
    pub const fn category(self) -> Option<&'c Category<'c>> {
        self.facts().category
    }

    /// The console pages that call it, as far as stated.
    pub const fn console_pages(self) -> &'c [&'c Link<'c>] {
        self.facts().console_pages
    }

    /// Address of its documentation; `None`: not known.
    pub const fn doc_url(self) -> Option<&'c str> {
        self.facts().doc_url
    }

    /// Whether it honours a condition on the caller's address; `None`: unknown.
    pub const fn ip_condition(self) -> Option<bool> {
        self.facts().ip_condition
    }

    /// Why it cannot be limited to a resource; `None`: it can, or no reason is stated.
    pub const fn restriction(self) -> Option<&'c Restriction<'c>> {
        self.facts().restriction
    }

    /// The action that its documentation points to as a way round its restriction, if any.
    pub const fn alternative(self) -> Option<Self> {
        self.other(self.facts().alternative)
    }

    /// Further documentation that its source points to.
    pub const fn references(self) -> &'c [&'c Link<'c>] {
        self.facts().references
    }

    /// What it does; `None`: nobody has written that.
    pub const fn description(self) -> Option<Text<'c>> {
        self.facts().description
    }

    /// What a reader must know about the facts stated of it.
    pub const fn notes(self) -> &'c [Note<'c>] {
        self.facts().notes
    }

    const fn other(self, number: Option<u16>) -> Option<Self> {
        match number {
            Some(number) => Some(Self { service: self.service, number }),
            None => None,
        }
    }
}

impl PartialEq for Action<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Action<'_> {}

impl PartialOrd for Action<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Action<'_> {
    /// By service, then by name.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.service.id, self.name()).cmp(&(other.service.id, other.name()))
    }
}

impl Hash for Action<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
