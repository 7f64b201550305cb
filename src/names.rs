//! The names of the actions of all of Tencent Cloud, for completion and search. Needs the feature `names`.
//!
//! Most of these names are known from the public SDK only. Of such an action nothing else is known: not whether it can be
//! limited to a resource, and not whether CAM knows it by this name. That a name is *not* here says nothing either: the
//! console calls actions that no SDK has.
//!
//! ```
//! use tencent_cam::names;
//!
//! let name = names::lookup("cvm:RunInstances").unwrap();
//! assert!(name.is_documented());
//! let list = names::service("cdn").unwrap();
//! assert!(list.names().iter().any(|name| name.as_str() == "PurgeUrlsCache" && !name.is_documented()));
//! ```

use core::fmt;

use cam_policy::catalog::Lookup;
use cam_policy::policy::ActionPattern;
use cam_policy::text::glob;

include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// The names of a service.
///
/// ```
/// let list = tencent_cam::names::service("trtc").unwrap();
/// assert_eq!(list.get("RemoveUser").unwrap().as_str(), "RemoveUser");
/// assert!(!list.is_assumed());
/// ```
#[derive(Debug)]
pub struct NameList {
    service: &'static str,
    assumed: bool,
    first: usize,
    count: usize,
}

impl NameList {
    /// Returns the abbreviation of the service in CAM.
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// Whether no document states the abbreviation: it is assumed to be the name in the SDK.
    pub const fn is_assumed(&self) -> bool {
        self.assumed
    }

    /// Returns the names, sorted.
    pub fn names(&self) -> &'static [Name] {
        &NAMES[self.first..self.first + self.count]
    }

    /// Finds a name without the service. Allocates nothing.
    pub fn get(&self, name: &str) -> Option<&'static Name> {
        let names = self.names();
        names.binary_search_by(|known| known.as_str().cmp(name)).ok().map(|at| &names[at])
    }
}

/// The name of an action.
///
/// ```
/// let name = tencent_cam::names::lookup("name/trtc:RemoveUser").unwrap();
/// assert_eq!((name.as_str(), name.status(), name.gone()), ("RemoveUser", None, None));
/// ```
pub struct Name {
    /// Where the name begins in the text; before it stand its service and a colon.
    at: u32,
    service: u8,
    length: u8,
    known: u16,
}

/// What is known of names: many have the same.
#[derive(Debug)]
struct Known {
    documented: bool,
    status: Option<&'static str>,
    since: Option<&'static str>,
    gone: Option<&'static str>,
    exposes_credentials: bool,
}

impl Name {
    /// Returns the name, without the service.
    pub fn as_str(&self) -> &'static str {
        let at = self.at as usize;
        &TEXT[at..at + usize::from(self.length)]
    }

    /// Returns the action as policies write it: service, colon, name.
    fn action(&self) -> &'static str {
        let at = self.at as usize;
        &TEXT[at - 1 - usize::from(self.service)..at + usize::from(self.length)]
    }

    /// Whether the catalog has the granularity of the action from a permission page.
    pub fn is_documented(&self) -> bool {
        self.known().documented
    }

    /// Returns the SDK's word for an API that is not simply offered: `deprecated` or `offline`.
    pub fn status(&self) -> Option<&'static str> {
        self.known().status
    }

    /// Returns the day on which it was first seen in the SDK; `None`: it was there when the list was made.
    pub fn since(&self) -> Option<&'static str> {
        self.known().since
    }

    /// Returns the day on which it was found gone from the SDK; `None`: it is there.
    pub fn gone(&self) -> Option<&'static str> {
        self.known().gone
    }

    /// Whether a secret, a signature or a temporary key is in its answer, as the SDK states it. `None`: nobody has stated that
    /// here. For a documented name, the fact of the [`Action`](crate::catalog::Action) counts.
    ///
    /// ```
    /// use tencent_cam::names;
    ///
    /// assert_eq!(names::lookup("sts:AssumeRole").unwrap().exposes_credentials(), Some(true));
    /// assert_eq!(names::lookup("sts:GetCallerIdentity").unwrap().exposes_credentials(), None);
    /// ```
    pub fn exposes_credentials(&self) -> Option<bool> {
        self.known().exposes_credentials.then_some(true)
    }

    fn known(&self) -> &'static Known {
        &KNOWN[usize::from(self.known)]
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Name").field("text", &self.as_str()).field("known", self.known()).finish()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Returns the lists of all services, sorted by abbreviation.
///
/// ```
/// let count: usize = tencent_cam::names::services().iter().map(|list| list.names().len()).sum();
/// assert!(count > 15_000);
/// ```
pub fn services() -> &'static [NameList] {
    LISTS
}

/// Finds the list of a service by its abbreviation in CAM.
///
/// ```
/// assert!(tencent_cam::names::service("no-such-service").is_none());
/// ```
pub fn service(id: &str) -> Option<&'static NameList> {
    LISTS.binary_search_by(|list| list.service.cmp(id)).ok().map(|at| &LISTS[at])
}

/// Finds an action as policies write it, with or without `name/` before it. Allocates nothing.
///
/// ```
/// use tencent_cam::names;
///
/// assert_eq!(names::lookup("cvm:AllocateHosts").unwrap().as_str(), "AllocateHosts");
/// assert!(names::lookup("cvm:allocatehosts").is_none());
/// ```
pub fn lookup(action: &str) -> Option<&'static Name> {
    let action = action.strip_prefix("name/").unwrap_or(action);
    NAMES.get(usize::from(LOOKUP.candidate(action)?)).filter(|found| found.action() == action)
}

/// Whether a pattern matches an action of these lists: [`ReadOptions::with_names`](crate::document::ReadOptions::with_names)
/// takes it. A pattern without a service matches no list.
///
/// ```
/// use tencent_cam::names;
///
/// assert!(names::matches(&"trtc:CreateAudioModeration*".parse()?));
/// assert!(!names::matches(&"trtc:CreateVideoModerations".parse()?));
/// # Ok::<(), tencent_cam::policy::PatternError>(())
/// ```
pub fn matches(pattern: &ActionPattern) -> bool {
    let (Some(id), Some(operation)) = (pattern.service(), pattern.operation()) else { return false };
    let Some(list) = service(id) else { return false };
    if operation.contains('*') {
        list.names().iter().any(|name| glob(operation, name.as_str()))
    } else {
        list.get(operation).is_some()
    }
}

const fn list(service: &'static str, assumed: bool, first: usize, count: usize) -> NameList {
    NameList { service, assumed, first, count }
}

const fn name(at: u32, service: u8, length: u8, known: u16) -> Name {
    Name { at, service, length, known }
}

const fn known(
    documented: bool,
    status: Option<&'static str>,
    since: Option<&'static str>,
    gone: Option<&'static str>,
    exposes_credentials: bool,
) -> Known {
    Known { documented, status, since, gone, exposes_credentials }
}
