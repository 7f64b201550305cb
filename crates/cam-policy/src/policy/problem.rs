//! Builds policies, and reports every problem that prevents it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::condition::{Condition, ConditionValue, ValueKind};
use super::grammar::{Policy, Statement};
use super::principal::Principal;
use super::variable::check_variables;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Element};
use crate::pattern_form::ResourceError;
use crate::text::{debug_as_display, is_json_number};

impl Policy {
    /// Builds a policy from statements.
    ///
    /// # Errors
    ///
    /// Every [`Problem`] of every statement at once. This function does not look up the actions in a catalog;
    /// [`build`] does.
    ///
    /// ```
    /// use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let read = Statement::new(Effect::Allow, ["cos:Get*".parse::<ActionPattern>()?], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([read])?.statements().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> Result<Self, BuildError> {
        build(&Catalog::EMPTY, None, statements.into_iter().collect(), Vec::new())
    }
}

/// Builds a policy from statements and an optional principal beside them, which old bucket policies have.
///
/// `problems` holds those that the caller has found, in the order of the statements. If it has one about a
/// statement's resources, the function does not also report that the statement has none.
///
/// # Errors
///
/// Every [`Problem`] at once.
///
/// ```
/// use cam_policy::catalog::Catalog;
/// use cam_policy::policy::{ActionPattern, Effect, Principal, ResourcePattern, Statement, build};
///
/// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
/// let policy = build(&Catalog::EMPTY, Some(Principal::All), vec![statement], Vec::new())?;
/// assert_eq!(policy.principal(), Some(&Principal::All));
/// # Ok::<(), cam_policy::policy::BuildError>(())
/// ```
pub fn build(
    catalog: &Catalog<'_>,
    principal: Option<Principal>,
    statements: Vec<Statement>,
    problems: Vec<Problem>,
) -> Result<Policy, BuildError> {
    // The caller has reported the resources of these statements.
    let reported: Vec<usize> = problems.iter().filter_map(Problem::of_resources).collect();
    let mut of_caller = problems.into_iter().peekable();
    let mut problems = Vec::new();
    if statements.is_empty() {
        problems.push(Problem::NoStatement);
    }
    if principal.as_ref().is_some_and(Principal::names_nobody) {
        problems.push(Problem::Principal { statement: None });
    }
    for (at, statement) in statements.iter().enumerate() {
        while let Some(problem) = of_caller.next_if(|problem| problem.statement() <= Some(at)) {
            problems.push(problem);
        }
        if statement.actions().is_empty() {
            problems.push(Problem::NoAction { statement: at });
        }
        if statement.principal().is_some_and(Principal::names_nobody) {
            problems.push(Problem::Principal { statement: Some(at) });
        }
        let has_principal = principal.is_some() || statement.principal().is_some();
        if statement.resources().is_empty() && !has_principal && reported.binary_search(&at).is_err() {
            problems.push(Problem::NoResource { statement: at });
        }
        let of_conditions = statement
            .conditions()
            .iter()
            .filter_map(|condition| of_condition(catalog, at, statement, condition));
        problems.extend(of_conditions);
        problems.extend(
            statement
                .repeated_condition()
                .map(|condition| Problem::RepeatedCondition { statement: at, key: condition.key().into() }),
        );
    }
    problems.extend(of_caller);
    if problems.is_empty() {
        Ok(Policy::unchecked(principal, statements))
    } else {
        Err(BuildError { problems })
    }
}

fn of_condition(
    catalog: &Catalog<'_>,
    at: usize,
    statement: &Statement,
    condition: &Condition,
) -> Option<Problem> {
    if condition.values().is_empty() {
        return Some(Problem::NoValue { statement: at, key: condition.key().into() });
    }
    if let Some(value) = condition.values().iter().find(|one| check_variables(one.as_str()).is_err()) {
        return Some(Problem::Variable { statement: at, value: value.as_str().into() });
    }
    let unreadable = |value: &&ConditionValue| match value {
        ConditionValue::Number(digits) => !is_json_number(digits),
        ConditionValue::Text(_) => false,
    };
    if let Some(value) = condition.values().iter().find(unreadable) {
        return Some(Problem::NotANumber { statement: at, value: value.as_str().into() });
    }
    // Other keys may hold other addresses than the caller's.
    let of_ip = condition.key() == "qcs:ip" && condition.operator().comparison.kind() == ValueKind::Ip;
    let mut actions = statement.actions().iter().filter_map(|action| catalog.action(action.as_str()));
    let refusing = actions.find(|action| of_ip && action.ip_condition() == Some(false));
    refusing.map(|action| Problem::IpCondition { statement: at, action: action.as_str().into() })
}

/// Error from building a policy: every problem at once.
///
/// ```
/// let error = cam_policy::policy::Policy::new([]).unwrap_err();
/// assert_eq!(error.to_string(), "the policy cannot be built: it has no statement");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError {
    problems: Vec<Problem>,
}

impl BuildError {
    pub(crate) fn of(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Returns the problems, in the order of the statements; there is at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policy cannot be built: ")?;
        for (at, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if at == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

debug_as_display!(BuildError Problem);

impl core::error::Error for BuildError {
    /// Returns the first problem.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.problems.first().map(|problem| problem as _)
    }
}

/// One reason why a policy cannot be built. Statements are counted from 0, in the order they were added.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The policy has no statement.
    NoStatement,
    /// A list of actions was empty.
    NoAction {
        /// The statement.
        statement: usize,
    },
    /// A list of resources was empty. Use `allow_everywhere` to grant on every resource.
    NoResource {
        /// The statement.
        statement: usize,
    },
    /// A condition has no value, and so is never true.
    NoValue {
        /// The statement.
        statement: usize,
        /// The condition's key.
        key: Box<str>,
    },
    /// A principal lists nobody, or lists a kind twice, which JSON cannot hold.
    Principal {
        /// The statement; `None` for the principal beside the statements.
        statement: Option<usize>,
    },
    /// JSON cannot hold a number of a condition.
    NotANumber {
        /// The statement.
        statement: usize,
        /// The number.
        value: Box<str>,
    },
    /// A value of a condition holds a `${…}` that is not a variable of CAM.
    Variable {
        /// The statement.
        statement: usize,
        /// The value.
        value: Box<str>,
    },
    /// Two conditions of a statement have the same operator and the same key, which JSON cannot hold.
    RepeatedCondition {
        /// The statement.
        statement: usize,
        /// The conditions' key.
        key: Box<str>,
    },
    /// A condition on the caller's address stands on an action that ignores it, according to the catalog.
    IpCondition {
        /// The statement.
        statement: usize,
        /// The action.
        action: Box<str>,
    },
    /// A resource could not be made from its values.
    Resource {
        /// The statement.
        statement: usize,
        /// The reason.
        error: ResourceError,
    },
    /// An action or a resource does nothing: see [`Policy::check`].
    NoEffect(Diagnostic),
}

impl Problem {
    /// Returns the number of the statement; `None` for a problem beside the statements.
    fn statement(&self) -> Option<usize> {
        match self {
            Self::NoStatement => None,
            Self::Principal { statement } => *statement,
            Self::NoEffect(diagnostic) => diagnostic.element().and_then(Element::statement),
            Self::NoAction { statement }
            | Self::NoResource { statement }
            | Self::NoValue { statement, .. }
            | Self::NotANumber { statement, .. }
            | Self::Variable { statement, .. }
            | Self::RepeatedCondition { statement, .. }
            | Self::IpCondition { statement, .. }
            | Self::Resource { statement, .. } => Some(*statement),
        }
    }

    fn of_resources(&self) -> Option<usize> {
        match self {
            Self::NoResource { statement } | Self::Resource { statement, .. } => Some(*statement),
            _ => None,
        }
    }
}

impl core::error::Error for Problem {
    /// Returns what is wrong with the resource, or with the element that does nothing.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Resource { error, .. } => Some(error),
            Self::NoEffect(diagnostic) => Some(diagnostic),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStatement => f.write_str("it has no statement"),
            Self::NoAction { statement } => write!(f, "statement {statement} has no action"),
            Self::NoResource { statement } => write!(
                f,
                "statement {statement} has no resource; to grant on every resource call `allow_everywhere` or \
                 `deny_everywhere`"
            ),
            Self::NoValue { statement, key } => {
                write!(f, "statement {statement} compares `{key}` with no value, which is never true")
            }
            Self::Principal { statement: Some(at) } => {
                write!(f, "the principal of statement {at} lists nobody, or a kind twice")
            }
            Self::Principal { statement: None } => {
                f.write_str("the principal beside the statements lists nobody, or a kind twice")
            }
            Self::NotANumber { statement, value } => {
                write!(f, "statement {statement} compares with {value:?}, which is no number of JSON")
            }
            Self::Variable { statement, value } => write!(
                f,
                "statement {statement} compares with {value:?}, which holds a `${{…}}` that is no policy variable"
            ),
            Self::RepeatedCondition { statement, key } => write!(
                f,
                "statement {statement} has two conditions of one operator on `{key}`: give one condition all the \
                 values, which are alternatives, or make two statements"
            ),
            Self::IpCondition { statement, action } => write!(
                f,
                "statement {statement} limits `{action}` by the caller's address, which its documentation says has \
                 no effect: put it into a statement without that condition"
            ),
            Self::Resource { statement, error } => write!(f, "statement {statement}: {error}"),
            Self::NoEffect(diagnostic) => diagnostic.fmt(f),
        }
    }
}
