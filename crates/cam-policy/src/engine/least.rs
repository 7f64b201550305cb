//! The least that allows a request.

use crate::policy::{ActionPattern, Effect, ResourcePattern, Statement};

/// The least pattern that matches a resource. One that looks like a variable cannot be written out. The default project is
/// left empty, as the documentation asks for.
pub(super) fn least_pattern(resource: &str) -> Option<ResourcePattern> {
    let pattern = resource.replace("${", "*");
    match pattern.strip_prefix("qcs:id/0:") {
        Some(rest) => alloc::format!("qcs::{rest}").parse().ok(),
        None => pattern.parse().ok(),
    }
}

/// The least statement that allows an action on a resource; `None` if it cannot be written.
pub(super) fn least_statement(action: &str, resource: &str) -> Option<Statement> {
    let action: ActionPattern = action.parse().ok()?;
    Some(Statement::new(Effect::Allow, [action], [least_pattern(resource)?]))
}
