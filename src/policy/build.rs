//! Policies made of typed grants.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::{
    ActionPattern, Condition, ConditionList, ConditionValue, Effect, Policy, Principal, ResourcePattern,
    Statement,
};
use crate::action::{ActionList, AppliesTo, DocumentedGranularity, KnownGranularity, ResourceLevel};
use crate::resource::{ResourceError, ResourceList};
use crate::services::Action;

/// Makes a [`Policy`] of statements that name each action with resources its documentation lists for it.
///
/// `allow` and `deny` take resources first, then actions: resource-level actions, each of a kind that applies
/// to the type of the resources. Every other grant goes to `allow_everywhere` and `deny_everywhere`, which take
/// actions of any granularity, undocumented ones among them. Tencent's documentation asks for a statement of its own
/// for operation-level actions because a named resource never matches them; on `*` every action matches, so there a
/// mixed list does no harm.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct PolicyBuilder {
    principal: Option<Principal>,
    statements: Vec<Statement>,
    problems: Vec<Problem>,
}

/// The enum of a list of actions, if its granularity is known.
type Known<A> = <<A as ActionList>::Action as KnownGranularity>::Known;

/// The enum of a list of actions, if its granularity is documented.
type Documented<A> = <Known<A> as DocumentedGranularity>::Documented;

/// The enum of a list of actions, if they can be limited to resources.
type Limited<A> = <Documented<A> as ResourceLevel>::Limited;

impl PolicyBuilder {
    pub(super) const fn new() -> Self {
        Self { principal: None, statements: Vec::new(), problems: Vec::new() }
    }

    /// Allows resource-level actions on resources.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Policy, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let apps = [1400000000, 1400000001].map(|id| trtc::Application::id(owner, id));
    /// let policy = Policy::builder().allow(apps, [trtc::ApplicationAction::RemoveUser]).build().unwrap();
    /// assert_eq!(
    ///     policy.to_string(),
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"#.to_owned()
    ///         + r#""resource":["qcs::trtc::uin/12345678:sdkappid/1400000000","#
    ///         + r#""qcs::trtc::uin/12345678:sdkappid/1400000001"]}]}"#
    /// );
    /// # }
    /// ```
    pub fn allow<R, A>(self, resources: R, actions: A) -> Self
    where
        R: ResourceList,
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: AppliesTo<R::Resource>,
    {
        self.limited(Effect::Allow, resources, actions, Vec::new())
    }

    /// Denies resource-level actions on resources, whatever else allows them.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Policy, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let policy = Policy::builder()
    ///     .allow_everywhere(trtc::ApplicationAction::ALL)
    ///     .deny(trtc::Application::id(owner, 1400000001), [trtc::ApplicationAction::DismissRoom])
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny<R, A>(self, resources: R, actions: A) -> Self
    where
        R: ResourceList,
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: AppliesTo<R::Resource>,
    {
        self.limited(Effect::Deny, resources, actions, Vec::new())
    }

    /// Allows actions of either granularity on every resource: `"resource":["*"]`.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Policy, trtc};
    ///
    /// let policy = Policy::builder().allow_everywhere(trtc::OperationAction::GetUserList).build().unwrap();
    /// assert_eq!(
    ///     policy.to_string(),
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}]}"#
    /// );
    /// # }
    /// ```
    pub fn allow_everywhere(self, actions: impl ActionList) -> Self {
        self.push(Effect::Allow, actions.into_actions(), Vec::from([ResourcePattern::EVERY]), Vec::new())
    }

    /// Denies actions of either granularity on every resource, whatever else allows them.
    ///
    /// ```
    /// # #[cfg(feature = "ccc")] {
    /// use tencent_cam::{AccessLevel, Policy, ccc};
    ///
    /// let writes: Vec<ccc::Action> = ccc::Action::ALL
    ///     .iter()
    ///     .copied()
    ///     .filter(|action| action.access_level() == Some(AccessLevel::Write))
    ///     .collect();
    /// let read_only = Policy::builder().allow_everywhere(ccc::Action::ALL).deny_everywhere(writes).build();
    /// # }
    /// ```
    pub fn deny_everywhere(self, actions: impl ActionList) -> Self {
        self.push(Effect::Deny, actions.into_actions(), Vec::from([ResourcePattern::EVERY]), Vec::new())
    }

    /// Allows resource-level actions on resources, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{Policy, Uin, key, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<tencent_cam::key::IpNet>().unwrap()]);
    /// let policy = Policy::builder()
    ///     .allow_if(trtc::Application::all(owner), trtc::ApplicationAction::RemoveUser, office)
    ///     .build()
    ///     .unwrap();
    /// assert!(policy.to_string().ends_with(r#""condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8"]}}}]}"#));
    /// # }
    /// ```
    pub fn allow_if<R, A, C>(self, resources: R, actions: A, conditions: C) -> Self
    where
        R: ResourceList,
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: AppliesTo<R::Resource>,
        C: ConditionList<A::Action>,
    {
        self.limited(Effect::Allow, resources, actions, conditions.into_conditions())
    }

    /// Denies resource-level actions on resources, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{Policy, Uin, key, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let policy = Policy::builder()
    ///     .deny_if(trtc::Application::all(owner), trtc::ApplicationAction::RemoveUser, key::MFA.is_absent())
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny_if<R, A, C>(self, resources: R, actions: A, conditions: C) -> Self
    where
        R: ResourceList,
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: AppliesTo<R::Resource>,
        C: ConditionList<A::Action>,
    {
        self.limited(Effect::Deny, resources, actions, conditions.into_conditions())
    }

    /// Allows actions of either granularity on every resource, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{Policy, key, trtc};
    ///
    /// let end = "2027-01-01T00:00:00Z".parse().unwrap();
    /// let policy = Policy::builder()
    ///     .allow_everywhere_if(trtc::OperationAction::GetUserList, key::CURRENT_TIME.before(end))
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn allow_everywhere_if<A: ActionList>(
        self,
        actions: A,
        conditions: impl ConditionList<A::Action>,
    ) -> Self {
        let everywhere = Vec::from([ResourcePattern::EVERY]);
        self.push(Effect::Allow, actions.into_actions(), everywhere, conditions.into_conditions())
    }

    /// Denies actions of either granularity on every resource, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{Policy, key, trtc};
    ///
    /// let policy = Policy::builder()
    ///     .allow_everywhere(trtc::ApplicationAction::RemoveUser)
    ///     .deny_everywhere_if(trtc::ApplicationAction::RemoveUser, key::MFA.is(false))
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny_everywhere_if<A: ActionList>(
        self,
        actions: A,
        conditions: impl ConditionList<A::Action>,
    ) -> Self {
        let everywhere = Vec::from([ResourcePattern::EVERY]);
        self.push(Effect::Deny, actions.into_actions(), everywhere, conditions.into_conditions())
    }

    /// Puts a principal beside the statements, for all of them, as old bucket policies have it.
    ///
    /// ```
    /// use tencent_cam::{ActionPattern, Effect, Policy, Principal, PrincipalKind, ResourcePattern, Statement};
    ///
    /// let policy = Policy::builder()
    ///     .principal(Principal::new(PrincipalKind::Service, ["cls.cloud.tencent.com"]))
    ///     .statement(Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]))
    ///     .build()?;
    /// assert!(policy.principal().is_some());
    /// # Ok::<(), tencent_cam::BuildError>(())
    /// ```
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// The policy.
    ///
    /// # Errors
    ///
    /// Every [`Problem`] of every statement at once: a resource that could not be made, a list that turned out
    /// empty at run time, a policy without statements.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Policy, Problem, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let error = Policy::builder()
    ///     .allow(trtc::Application::id(owner, 0), [trtc::ApplicationAction::RemoveUser])
    ///     .allow_everywhere(Vec::<trtc::Action>::new())
    ///     .build()
    ///     .unwrap_err();
    /// assert!(matches!(
    ///     error.problems(),
    ///     [Problem::Resource { statement: 0, .. }, Problem::NoAction { statement: 1 }]
    /// ));
    /// # }
    /// ```
    pub fn build(self) -> Result<Policy, BuildError> {
        let Self { principal, statements, mut problems } = self;
        if statements.is_empty() {
            problems.push(Problem::NoStatement);
        }
        // Of these the resources were given as a list, which has been judged.
        let judged: Vec<usize> = problems.iter().filter_map(Problem::of_resources).collect();
        if principal.as_ref().is_some_and(Principal::names_nobody) {
            problems.push(Problem::Principal { statement: None });
        }
        for (at, statement) in statements.iter().enumerate() {
            if statement.principal().is_some_and(Principal::names_nobody) {
                problems.push(Problem::Principal { statement: Some(at) });
            }
            let told = principal.is_some() || statement.principal().is_some();
            if statement.resources().is_empty() && !told && judged.binary_search(&at).is_err() {
                problems.push(Problem::NoResource { statement: at });
            }
            let problem_of = |condition: &Condition| {
                if condition.values().is_empty() {
                    return Some(Problem::NoValue { statement: at, key: condition.key().into() });
                }
                if let Some(value) =
                    condition.values().iter().find(|one| super::check_variables(one.as_str()).is_err())
                {
                    return Some(Problem::Variable { statement: at, value: value.as_str().into() });
                }
                let unreadable = |value: &&ConditionValue| match value {
                    ConditionValue::Number(digits) => !crate::document::is_number(digits),
                    ConditionValue::Text(_) => false,
                };
                if let Some(value) = condition.values().iter().find(unreadable) {
                    return Some(Problem::NotANumber { statement: at, value: value.as_str().into() });
                }
                // Other keys may hold other addresses than the caller's.
                let of_ip = condition.key() == "qcs:ip"
                    && condition.operator().comparison.kind() == super::ValueKind::Ip;
                let mut actions =
                    statement.actions().iter().filter_map(|action| action.as_str().parse().ok());
                let refusing = actions.find(|action: &Action| of_ip && action.ip_condition() == Some(false));
                refusing.map(|action| Problem::IpCondition { statement: at, action })
            };
            problems.extend(statement.conditions().iter().filter_map(problem_of));
            problems.extend(
                statement.repeated_condition().map(|condition| Problem::RepeatedCondition {
                    statement: at,
                    key: condition.key().into(),
                }),
            );
        }
        if problems.is_empty() {
            Ok(Policy::new(principal, statements))
        } else {
            Err(BuildError { problems })
        }
    }

    /// Adds a statement of patterns, of any service.
    ///
    /// ```
    /// use tencent_cam::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let read = Statement::new(Effect::Allow, ["cos:Get*".parse::<ActionPattern>()?], [ResourcePattern::EVERY]);
    /// let policy = Policy::builder().statement(read).build()?;
    /// assert_eq!(policy.statements()[0].actions()[0].service(), Some("cos"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statement(mut self, statement: Statement) -> Self {
        let at = self.statements.len();
        if statement.actions().is_empty() {
            self.problems.push(Problem::NoAction { statement: at });
        }
        self.statements.push(statement);
        self
    }

    fn limited<R: ResourceList, A: ActionList>(
        mut self,
        effect: Effect,
        resources: R,
        actions: A,
        conditions: Vec<Condition>,
    ) -> Self {
        let statement = self.statements.len();
        let mut names = Vec::new();
        let mut failed = false;
        for name in resources.into_names() {
            match ResourcePattern::of_typed(name) {
                Ok(name) => names.push(name),
                Err(error) => {
                    failed = true;
                    self.problems.push(Problem::Resource { statement, error });
                }
            }
        }
        if names.is_empty() && !failed {
            self.problems.push(Problem::NoResource { statement });
        }
        self.push(effect, actions.into_actions(), names, conditions)
    }

    fn push(
        mut self,
        effect: Effect,
        actions: Vec<Action>,
        resources: Vec<ResourcePattern>,
        conditions: Vec<Condition>,
    ) -> Self {
        if actions.is_empty() {
            self.problems.push(Problem::NoAction { statement: self.statements.len() });
        }
        let actions = actions.into_iter().map(ActionPattern::from);
        let statement = Statement::new(effect, actions, resources);
        self.statements.push(conditions.into_iter().fold(statement, Statement::with_condition));
        self
    }
}

/// Everything that kept a policy from being built.
///
/// ```
/// let error = tencent_cam::Policy::builder().build().unwrap_err();
/// assert_eq!(error.to_string(), "the policy cannot be built: it has no statement");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    problems: Vec<Problem>,
}

impl BuildError {
    /// The problems, in the order of the statements; never none.
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

impl core::error::Error for BuildError {}

/// One reason why a policy cannot be built. Statements are counted from 0, in the order they were added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The policy has no statement.
    NoStatement,
    /// A list of actions was empty.
    NoAction {
        /// The statement.
        statement: usize,
    },
    /// A list of resources was empty. To grant on every resource say so, with `allow_everywhere`.
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
    /// A principal lists nobody, or a kind twice, which JSON cannot hold.
    Principal {
        /// The statement; `None` for the principal beside the statements.
        statement: Option<usize>,
    },
    /// A number of a condition is none that JSON has.
    NotANumber {
        /// The statement.
        statement: usize,
        /// The number.
        value: Box<str>,
    },
    /// A value of a condition holds a `${…}` that is none of CAM's variables.
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
    /// A condition on the caller's address stands on an action that the catalog says does not heed it.
    IpCondition {
        /// The statement.
        statement: usize,
        /// The action.
        action: Action,
    },
    /// A resource could not be made.
    Resource {
        /// The statement.
        statement: usize,
        /// Why.
        error: ResourceError,
    },
}

impl Problem {
    fn of_resources(&self) -> Option<usize> {
        match self {
            Self::NoResource { statement } | Self::Resource { statement, .. } => Some(*statement),
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
        }
    }
}
