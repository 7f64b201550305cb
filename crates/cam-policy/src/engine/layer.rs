//! Layers of policies, and the statements in them.

use core::fmt;

use crate::policy::PolicyKind;

/// Where policies stand, and so how they combine with those of other layers.
///
/// A request is allowed if every layer that is there allows it, and no layer denies it. That a boundary and service control
/// policies work like this is documented; that a session policy does, and that a role's trust policy and the caller's own
/// policies must both allow `sts:AssumeRole`, is assumed.
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
    /// What is attached to the user, the user's groups and the role, and the policies of COS buckets, with which they are
    /// united.
    Identity,
    /// The permission boundary: it grants nothing by itself.
    Boundary,
    /// The policy of the session.
    Session,
    /// The organisation's service control policies of one level. Where a level does not allow, the denial is explicit.
    ServiceControl(Level),
    /// The trust policy of the role that is to be assumed. It names whom it is for, the root account too, and is about the
    /// role it belongs to, whatever resource the request names.
    Trust,
}

/// A level of an organisation, from the root to the account. Each has service control policies of its own.
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
    /// A unit, counted from the root on.
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
    /// Whether policies of a kind belong into the layer. Those of buckets stand beside those of the caller.
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

/// A statement of a policy set.
///
/// [`PolicySet::label`](super::PolicySet::label) says it with the name of its policy.
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
