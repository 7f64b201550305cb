//! The principals of a statement.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::text::split_segments;

/// The callers that a statement is for. Only the trust policy of a role and the policy of a COS bucket have them.
///
/// ```
/// use cam_policy::policy::{Principal, PrincipalKind};
///
/// let service = Principal::new(PrincipalKind::Service, ["cls.cloud.tencent.com"]);
/// assert_eq!(service.names(PrincipalKind::Service).count(), 1);
/// assert_eq!(service.names(PrincipalKind::Qcs).count(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[must_use]
pub enum Principal {
    /// Everybody: `"*"`.
    All,
    /// The named ones, by kind, in the policy's order.
    Named(Vec<(PrincipalKind, Vec<Box<str>>)>),
}

impl Principal {
    /// Makes principals of one kind.
    ///
    /// ```
    /// use cam_policy::policy::{Principal, PrincipalKind};
    ///
    /// let caller = Principal::new(PrincipalKind::Qcs, ["qcs::cam::uin/12345678:uin/23456789"]);
    /// assert_ne!(caller, Principal::All);
    /// ```
    pub fn new<'a>(kind: PrincipalKind, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Named(Vec::from([(kind, names.into_iter().map(Into::into).collect())]))
    }

    /// Whether a list is empty, or a kind has two lists.
    pub(super) fn names_nobody(&self) -> bool {
        let Self::Named(named) = self else { return false };
        let twice = |at: usize| named[..at].iter().any(|(kind, _)| *kind == named[at].0);
        named.is_empty() || named.iter().any(|(_, names)| names.is_empty()) || (1..named.len()).any(twice)
    }

    /// Returns every name with its kind, in order; empty for [`Principal::All`].
    ///
    /// ```
    /// use cam_policy::policy::{Principal, PrincipalKind};
    ///
    /// let named = Principal::Named(vec![(PrincipalKind::Service, vec!["cls.cloud.tencent.com".into()])]);
    /// assert_eq!(named.all_names().next(), Some((PrincipalKind::Service, "cls.cloud.tencent.com")));
    /// ```
    pub fn all_names(&self) -> impl Iterator<Item = (PrincipalKind, &str)> {
        let named = match self {
            Self::All => &[],
            Self::Named(named) => named.as_slice(),
        };
        named.iter().flat_map(|(kind, names)| names.iter().map(|name| (*kind, &**name)))
    }

    /// Returns the name by which everybody is meant, with its number among [all names](Self::all_names); `"*"` as a whole
    /// has no number.
    ///
    /// `*`, `qcs::cam::anyone:anyone` and `qcs::cam::anonymous:anonymous` are documented. Whether CAM matches a `*` inside a
    /// name, as in `qcs::cam::uin/*:uin/*`, is not. Decisions take such a name for nobody's; a gate has to take it for
    /// everybody's, and so does this method.
    ///
    /// ```
    /// use cam_policy::policy::{Principal, PrincipalKind};
    ///
    /// let names = ["qcs::cam::uin/100000000001:uin/100000000002", "qcs::cam::uin/*:root"];
    /// let principal = Principal::new(PrincipalKind::Qcs, names);
    /// assert_eq!(principal.everybody(), Some((Some(1), names[1])));
    /// assert_eq!(Principal::new(PrincipalKind::Qcs, [names[0]]).everybody(), None);
    /// assert_eq!(Principal::All.everybody(), Some((None, "*")));
    /// ```
    #[must_use]
    pub fn everybody(&self) -> Option<(Option<usize>, &str)> {
        match self {
            Self::All => Some((None, "*")),
            Self::Named(_) => self.all_names().enumerate().find_map(|(at, (kind, name))| {
                (kind == PrincipalKind::Qcs && means_everybody(name)).then_some((Some(at), name))
            }),
        }
    }

    /// Returns the names of a kind, in order; empty for [`Principal::All`].
    ///
    /// ```
    /// use cam_policy::policy::{Principal, PrincipalKind};
    ///
    /// assert_eq!(Principal::All.names(PrincipalKind::Qcs).count(), 0);
    /// ```
    pub fn names(&self, kind: PrincipalKind) -> impl Iterator<Item = &str> {
        self.all_names().filter(move |(of, _)| *of == kind).map(|(_, name)| name)
    }
}

fn means_everybody(name: &str) -> bool {
    let Some([_, _, _, _, account, identity]) = split_segments(name) else { return name == "*" };
    matches!(account, "anyone" | "anonymous")
        || matches!(account, "*" | "uin/*") && matches!(identity, "*" | "uin/*" | "root")
}

/// The kind of a principal.
///
/// ```
/// assert_eq!(cam_policy::policy::PrincipalKind::Qcs.as_str(), "qcs");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PrincipalKind {
    /// A CAM identity, as `qcs::cam::uin/…:uin/…`.
    Qcs,
    /// A Tencent Cloud service, by its host name.
    Service,
    /// An identity provider.
    Federated,
}

impl PrincipalKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Qcs, Self::Service, Self::Federated];

    /// Returns the key that policies use for the kind.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::PrincipalKind::Federated.as_str(), "federated");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Qcs => "qcs",
            Self::Service => "service",
            Self::Federated => "federated",
        }
    }
}

impl fmt::Display for PrincipalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
