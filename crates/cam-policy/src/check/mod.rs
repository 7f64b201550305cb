//! Checks which parts of a policy do nothing, as far as the policy itself and a catalog show it.
//!
//! The check never reports what is unknown: an action that the catalog lacks, unless it lists all actions of the
//! service, and an action whose granularity is not documented.

mod actions;
mod conditions;
mod fit;
mod principals;
mod resources;
mod statement;

use alloc::vec::Vec;

use crate::catalog::{Action, Catalog, Granularity};
use crate::diagnostic::{Diagnostic, Diagnostics, Element, Severity};
use crate::policy::{ActionPattern, BuildError, Policy, Problem, ResourcePattern};
use crate::text::split_segments;

/// By what a policy is checked.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k, 'c> {
    pub(crate) catalog: &'k Catalog<'c>,
    /// Whether a pattern matches an action of which only the name is known.
    pub(crate) is_named: fn(&ActionPattern) -> bool,
}

impl<'k, 'c> Known<'k, 'c> {
    /// By a catalog alone.
    pub(crate) fn of(catalog: &'k Catalog<'c>) -> Self {
        Self { catalog, is_named: |_| false }
    }
}

impl Policy {
    /// Returns warnings about parts of the policy that do nothing, or not what their author may think, statement by
    /// statement. It lists at most 100.
    ///
    /// Each warning is about one element; it has a stable code and says what to write instead. A `Document` (feature
    /// `document`) has the same warnings, with their places in the text.
    ///
    /// ```
    /// use cam_policy::diagnostic::{Code, Element};
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let application: ResourcePattern = "qcs::trtc::uin/12345678:sdkappid/1400000001".parse()?;
    /// let action: ActionPattern = "trtc:GetUserList".parse()?;
    /// let policy = Policy::new([Statement::new(Effect::Allow, [action], [application])])?;
    /// let found = policy.check(&CATALOG);
    /// assert_eq!(found[0].code(), Code::OperationLevel);
    /// assert_eq!(found[0].element(), Some(Element::Action(0, 0)));
    /// assert_eq!(
    ///     found[0].to_string(),
    ///     "statement 0: `trtc:GetUserList` is operation-level: CAM receives `*` for it, which no named resource matches, \
    ///      so this allow grants nothing: name it in a statement with `\"resource\": [\"*\"]`, which allows it on every \
    ///      resource"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn check(&self, catalog: &Catalog<'_>) -> Vec<Diagnostic> {
        check(self, Known::of(catalog)).listed()
    }

    /// Returns the numbers of the statements that do nothing: none of their actions or none of their resources can
    /// match a request.
    ///
    /// In the other statements, single actions and resources may still do nothing: see [`check`](Self::check).
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]},
    ///     {"effect":"deny","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#.parse()?;
    /// assert_eq!(policy.statements_without_effect(&CATALOG), [1]);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub fn statements_without_effect(&self, catalog: &Catalog<'_>) -> Vec<usize> {
        let mut ignored = Diagnostics::new(Severity::Warning);
        let statements = self.statements().iter().enumerate();
        let dead =
            statements.filter(|(at, one)| statement::check(one, *at, Known::of(catalog), &mut ignored));
        dead.map(|(at, _)| at).collect()
    }

    /// Returns the policy unchanged, if [`check`](Self::check) finds no action and no resource that does nothing.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with a [`Problem::NoEffect`] for each action and each resource that does nothing.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}]}"#.parse()?;
    /// assert!(policy.checked(&CATALOG).is_ok());
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn checked(self, catalog: &Catalog<'_>) -> Result<Self, BuildError> {
        let found = self.check(catalog).into_iter().filter(Diagnostic::has_no_effect);
        let problems: Vec<Problem> = found.map(Problem::NoEffect).collect();
        if problems.is_empty() { Ok(self) } else { Err(BuildError::of(problems)) }
    }
}

impl ResourcePattern {
    /// Whether the pattern matches the resource of some request of the action; `None`: the granularity of the action is
    /// not documented, so it is unknown.
    ///
    /// `*` matches every request. For an operation-level action nothing else does.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::ResourcePattern;
    ///
    /// let application: ResourcePattern = "qcs::trtc::uin/12345678:sdkappid/1400000001".parse()?;
    /// assert_eq!(application.meets(CATALOG.action("trtc:RemoveUser").unwrap()), Some(true));
    /// assert_eq!(application.meets(CATALOG.action("trtc:GetUserList").unwrap()), Some(false));
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn meets(&self, action: Action<'_>) -> Option<bool> {
        if self.is_all() {
            return Some(true);
        }
        match action.granularity() {
            Granularity::Operation => Some(false),
            Granularity::Resource if !action.patterns().is_empty() => {
                let segments = split_segments(self.as_str())?;
                Some(action.patterns().iter().any(|pattern| fit::fit(segments, pattern) >= fit::Fit::Slash))
            }
            _ => None,
        }
    }
}

/// Returns every finding in a policy, statement by statement.
pub(crate) fn check(policy: &Policy, known: Known<'_, '_>) -> Diagnostics {
    let mut found = Diagnostics::new(Severity::Warning);
    if let Some(principal) = policy.principal() {
        principals::check(principal, Element::PrincipalName, &mut found);
    }
    for (at, one) in policy.statements().iter().enumerate() {
        statement::check(one, at, known, &mut found);
    }
    found
}
