//! The code that `build.rs` generates from `catalog.toml`: a module for each service, the enums over all services, and
//! [`CATALOG`].

#![allow(clippy::doc_markdown, reason = "product names in the catalog's prose are not code")]
#![allow(clippy::wildcard_imports, reason = "the facts of a service use most of what a catalog has")]
#![allow(clippy::enum_glob_use, reason = "the facts of an action are many")]
#![allow(clippy::too_many_lines, reason = "a match over the services grows with them")]

use alloc::vec::Vec;
use core::fmt::{self, Debug, Display};
use core::str::FromStr;

use cam_policy::catalog;

use crate::action::{self, ActionEnum, HeedsIp, KnownGranularity};
use crate::list::{ActionList, for_tuples};
use crate::parse::{self, ParseActionError, ParseServiceError};

include!(concat!(env!("OUT_DIR"), "/services/mod.rs"));

action::texts!(Action, read);

#[inline]
fn read(text: &str) -> Result<Action, ParseActionError> {
    Ok(Action::from_action(parse::in_catalog(CATALOG, text)?).expect("the catalog is that of the enums"))
}

#[diagnostic::do_not_recommend]
impl ActionEnum for Action {
    type Itself = Self;
    type Whole = Self;

    const PATH: &'static str = "Action";

    #[inline]
    fn seal() -> action::sealed::Seal {
        action::sealed::Seal
    }

    #[inline]
    fn all() -> impl Iterator<Item = Self> {
        Service::ALL.iter().flat_map(|service| service.actions())
    }

    #[inline]
    fn from_action(action: catalog::Action<'static>) -> Option<Self> {
        let service = Service::from_id(action.service().id)?;
        let number = if core::ptr::eq(action.service(), service.facts()) {
            action.number()
        } else {
            service.facts().action(action.name())?.number()
        };
        Some(Self::numbered(service, number))
    }

    #[inline]
    fn enum_path(self) -> &'static str {
        self.enum_path()
    }
}

impl HeedsIp for Action {}

#[diagnostic::do_not_recommend]
impl<A: ActionEnum + KnownGranularity> From<A> for Action {
    #[inline]
    fn from(action: A) -> Self {
        Self::from_action(action.action()).expect("the enum is one of this build")
    }
}

impl Debug for Action {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().as_str())
    }
}

impl Service {
    /// Returns the abbreviation of the service in CAM.
    pub const fn id(self) -> &'static str {
        self.facts().id
    }

    /// Returns the service with this abbreviation in CAM.
    #[inline]
    pub fn from_id(id: &str) -> Option<Self> {
        let found = Self::ALL.binary_search_by(|service| service.id().cmp(id));
        Some(Self::ALL[found.ok()?])
    }

    /// Returns the actions of the service, sorted by name.
    ///
    /// ```
    /// use tencent_cam::{Action, ActionEnum, Service};
    ///
    /// let counts = Service::ALL.iter().map(|service| service.actions().count());
    /// assert_eq!(Action::all().count(), counts.sum());
    /// ```
    #[inline]
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action> {
        self.facts().actions().map(move |action| Action::numbered(self, action.number()))
    }
}

impl Debug for Service {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Display for Service {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl AsRef<str> for Service {
    #[inline]
    fn as_ref(&self) -> &str {
        self.id()
    }
}

impl FromStr for Service {
    type Err = ParseServiceError;

    /// Reads the abbreviation of a service in CAM.
    #[inline]
    fn from_str(id: &str) -> Result<Self, ParseServiceError> {
        Self::from_id(id).ok_or_else(|| ParseServiceError::new(id, CATALOG))
    }
}

#[cfg(feature = "serde")]
crate::serde::as_text!(Service);

/// Actions of several enums, one after the other.
macro_rules! tuple {
    ($($name:ident $field:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: ActionList),+> ActionList for ($($name,)+) {
            type Action = Action;

            #[inline]
            fn into_actions(self) -> Vec<catalog::Action<'static>> {
                let mut actions = Vec::new();
                $(actions.extend(self.$field.into_actions());)+
                actions
            }
        }
    };
}
for_tuples!(tuple);
