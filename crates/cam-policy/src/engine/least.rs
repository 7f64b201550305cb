//! The narrowest pattern and statement that allow a request.

use crate::policy::{ActionPattern, Effect, ResourcePattern, Statement};

/// Returns the narrowest pattern that matches a resource. A policy cannot hold text that looks like a variable, so a
/// `*` stands for it. The project is left empty, as the documentation asks.
pub(super) fn least_pattern(resource: &str) -> Option<ResourcePattern> {
    let pattern: ResourcePattern = resource.replace("${", "*").parse().ok()?;
    Some(pattern.without_project().unwrap_or(pattern))
}

/// Returns the narrowest statement that allows an action on a resource; `None` if a policy cannot express it.
pub(super) fn least_statement(action: &str, resource: &str) -> Option<Statement> {
    let action: ActionPattern = action.parse().ok()?;
    Some(Statement::new(Effect::Allow, [action], [least_pattern(resource)?]))
}
