//! Policies as values: the elements of CAM's grammar, and how a policy is written, measured and split.

mod action_pattern;
mod condition;
mod condition_key;
#[cfg(feature = "engine")]
mod expand;
mod grammar;
mod instant;
mod into_pattern;
mod json;
mod length;
mod limit;
#[cfg(feature = "engine")]
mod minimize;
mod pattern_error;
mod principal;
mod problem;
mod resource_pattern;
#[cfg(feature = "engine")]
mod split;
mod variable;

pub use crate::diagnostic::Element;
pub use action_pattern::{ActionPattern, CatalogAction};
pub use condition::{
    Comparison, Condition, ConditionOperator, ConditionValue, IpCondition, OperatorError, Qualifier,
    ValueKind,
};
pub(crate) use condition_key::ConditionKey;
#[cfg(feature = "engine")]
pub use expand::{Expansion, expand, shrink};
pub use grammar::{Effect, Policy, PolicyKind, Statement};
pub use into_pattern::IntoPattern;
#[cfg(feature = "serde")]
pub(crate) use json::{Part, Shape};
pub use limit::SplitError;
#[cfg(feature = "engine")]
pub(crate) use minimize::{in_both, is_covered};
pub use pattern_error::PatternError;
pub use principal::{Principal, PrincipalKind};
pub use problem::{BuildError, Problem, build};
pub use resource_pattern::{Account, CatalogResource, Project, ResourcePattern, Segment, Segments};
pub use variable::Variable;
#[cfg(feature = "document")]
pub(crate) use variable::check_variables;
