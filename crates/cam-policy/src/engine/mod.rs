//! Decides requests by policies, and says why.
//!
//! The documented rules: by default a request is denied; a deny that matches wins; otherwise an allow that matches
//! allows. What is not documented and assumed here is told where it matters, at [`PolicySet`] and [`Layer`].

mod access;
mod automaton;
mod compile;
mod decide;
mod explain;
mod index;
mod layer;
mod matching;
mod refusal;
mod request;
mod set;

pub use access::{AccessError, Difference, Grant};
pub use decide::{Correction, Decision, Outcome};
pub use explain::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};
pub use layer::{Layer, StatementId};
pub use refusal::{Refusal, RefusalError};
pub use request::{Caller, Request, RequestError};
pub use set::PolicySet;
