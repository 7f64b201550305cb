//! Policies of typed grants.

mod build;
mod typed;

pub use build::PolicyBuilder;
pub use cam_policy::policy::*;
pub use typed::ConditionList;
