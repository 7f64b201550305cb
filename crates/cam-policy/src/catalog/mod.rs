//! Catalogs: the facts of services and their actions, as values.
//!
//! A [`Catalog`] borrows everything it holds. The crate `tencent-cam` has a compiled one; the crate
//! `tencent-cam-codegen` reads one from TOML into an arena. The rest of this crate treats both alike.

mod facts;
mod group;
mod lookup;
mod parts;
mod row;
mod words;

pub use facts::{Action, ActionFact, ActionFacts, Facts, Pattern, Service, Value};
pub use group::Group;
pub use lookup::{Lookup, Tables};
pub use parts::{Category, Link, Note, Override, Placeholder, Restriction, Source, Stated, Text};
pub use row::{Change, Fact, Kind, Presence, Target};
pub use words::{
    AccessLevel, Entry, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface, Vocabulary, Word,
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
    /// The version of the data. Every release of the catalog raises it; 0 means never released.
    pub version: u32,
    /// The services, sorted by abbreviation.
    pub services: &'c [Service<'c>],
}

impl<'c> Catalog<'c> {
    /// A catalog without any service.
    pub const EMPTY: Catalog<'static> = Catalog { version: 0, services: &[] };

    /// Finds a service by its abbreviation in CAM. Allocates nothing.
    pub fn service(&self, id: &str) -> Option<&'c Service<'c>> {
        // Abbreviations are short and differ early: a plain loop compares them faster than a call made for long texts.
        let found = self.services.binary_search_by(|service| service.id.bytes().cmp(id.bytes())).ok()?;
        Some(&self.services[found])
    }

    /// Finds the action that `service:Name` names, with or without the prefix `name/`. Allocates nothing.
    ///
    /// Names are compared exactly, upper and lower case too. CAM documents this for COS only.
    pub fn action(&self, text: &str) -> Option<Action<'c>> {
        let (service, name) = split_action(text)?;
        self.service(service)?.action(name)
    }

    /// Returns every action of every service, by service and name.
    pub fn actions(&self) -> impl Iterator<Item = Action<'c>> + use<'c> {
        self.services.iter().flat_map(Service::actions)
    }
}

/// Splits `service:Name`, with or without the prefix `name/`, into service and name; `None` without a `:`.
pub fn split_action(text: &str) -> Option<(&str, &str)> {
    let action = text.strip_prefix("name/").unwrap_or(text);
    // The name of a service is short: a plain loop finds its end faster than a search made for long texts.
    let colon = action.bytes().position(|byte| byte == b':')?;
    Some((&action[..colon], &action[colon + 1..]))
}
