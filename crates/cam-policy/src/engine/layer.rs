//! Layers of policies, and the statements in them.

use core::fmt;

use crate::policy::PolicyKind;

/// The place of policies, which decides how they combine with policies of other layers.
///
/// A request is allowed if every layer of the set allows it, and no layer denies it. CAM documents this for a
/// boundary and for service control policies. This crate assumes it for a session policy. It also assumes that a
/// role's trust policy and the caller's own policies must both allow `sts:AssumeRole`.
///
/// ```
/// use cam_policy::engine::{Layer, Level};
///
/// assert_eq!(Layer::Boundary.to_string(), "permission boundary");
/// assert_eq!(Layer::ServiceControl(Level::Unit(1)).to_string(), "service control policies of unit 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// Policies attached to the user, the user's groups or the role, together with the policies of COS buckets.
    Identity,
    /// The permission boundary. It grants nothing by itself.
    Boundary,
    /// The policy of the session.
    Session,
    /// The organisation's service control policies of one level. If a level does not allow a request, the denial is
    /// explicit.
    ServiceControl(Level),
    /// The trust policy of the role that the caller wants to assume. It names the callers it applies to, the root
    /// account too. It applies to its own role, whatever resource the request names.
    Trust,
}

/// A level of an organisation, from the root to the account. Each level has its own service control policies.
///
/// ```
/// use cam_policy::engine::Level;
///
/// assert!(Level::Root < Level::Unit(1) && Level::Unit(1) < Level::Account);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The root of the organisation.
    Root,
    /// A unit, counted from the root.
    Unit(u8),
    /// The account itself.
    Account,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.pad("the organisation's root"),
            Self::Unit(number) => write!(f, "unit {number}"),
            Self::Account => f.pad("the account"),
        }
    }
}

impl Layer {
    /// Whether policies of this kind belong in the layer. Bucket policies belong with the identity policies.
    ///
    /// ```
    /// use cam_policy::engine::Layer;
    /// use cam_policy::policy::PolicyKind;
    ///
    /// assert!(Layer::Identity.takes(PolicyKind::Bucket) && !Layer::Identity.takes(PolicyKind::Trust));
    /// ```
    pub const fn takes(self, kind: PolicyKind) -> bool {
        match self {
            Self::Identity => matches!(kind, PolicyKind::Identity | PolicyKind::Bucket),
            Self::Boundary | Self::ServiceControl(_) => matches!(kind, PolicyKind::Identity),
            Self::Session => matches!(kind, PolicyKind::Identity | PolicyKind::Session),
            Self::Trust => matches!(kind, PolicyKind::Trust),
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity => f.pad("identity policies"),
            Self::Boundary => f.pad("permission boundary"),
            Self::Session => f.pad("session policy"),
            Self::ServiceControl(level) => write!(f, "service control policies of {level}"),
            Self::Trust => f.pad("role trust policy"),
        }
    }
}

/// The place of a statement in a policy set.
///
/// [`PolicySet::label`](super::PolicySet::label) writes it with the name of its policy.
///
/// ```
/// use cam_policy::engine::{Layer, StatementId};
///
/// let id = StatementId { layer: Layer::Session, policy: 0, statement: 2 };
/// assert_eq!(id.to_string(), "statement 2 of policy 0 (session policy)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// The layer.
    pub layer: Layer,
    /// The policy among those of the layer, counted from 0.
    pub policy: usize,
    /// The statement in the policy, counted from 0.
    pub statement: usize,
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {} of policy {}", self.statement, self.policy)?;
        match self.layer {
            Layer::Identity => Ok(()),
            layer => write!(f, " ({layer})"),
        }
    }
}
