//! Decides requests by policies, and says why.
//!
//! The documented rules: by default a request is denied; a deny that matches wins; otherwise an allow that matches
//! allows. [`PolicySet`] and [`Layer`] name the undocumented rules that this crate assumes.

mod access_denied;
mod caller;
mod compare;
mod condition;
mod decide;
mod explain;
mod index;
mod layer;
mod least;
mod matching;
mod quantity;
mod request;
mod rules;
mod set;

pub use access_denied::{AccessDenied, AccessDeniedError, OtherRefusal};
pub use caller::{Caller, Identity};
pub use compare::{AccessError, Difference, Grant, GrantPart, Scope};
pub use decide::{Decision, ResourceNormalization, Response};
pub use explain::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};
pub use layer::{Layer, Level, StatementId};
pub use request::{Request, RequestError};
pub use set::PolicySet;
