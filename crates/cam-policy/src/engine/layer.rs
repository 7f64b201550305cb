//! Layers of policies, and the statements in them.

use core::fmt;

/// Where policies stand, and so how they combine with those of other layers.
///
/// A request is allowed if every layer that is there allows it, and no layer denies it. That a boundary and a service
/// control policy work like this is documented; that a session policy does is assumed.
///
/// ```
/// assert_eq!(cam_policy::engine::Layer::Boundary.to_string(), "permission boundary");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// What is attached to the user, the user's groups and the role.
    Identity,
    /// The permission boundary: it grants nothing by itself.
    Boundary,
    /// The policy of the session.
    Session,
    /// The organisation's service control policies.
    ServiceControl,
}

impl Layer {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Boundary, Self::Session, Self::ServiceControl];
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Identity => "identity policies",
            Self::Boundary => "permission boundary",
            Self::Session => "session policy",
            Self::ServiceControl => "service control policies",
        })
    }
}

/// A statement of a policy set.
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
