//! The builder of policies from typed grants.

use alloc::boxed::Box;
use alloc::vec::Vec;

use cam_policy::catalog;
use cam_policy::policy::{
    ActionPattern, BuildError, Condition, Effect, Policy, Principal, Problem, ResourcePattern, Statement,
    build,
};

use crate::action::{AppliesTo, DocumentedGranularity, KnownGranularity, ResourceLevel};
use crate::condition::ConditionList;
use crate::list::ActionList;
use crate::resource::{GrantedOn, ResourceError};
use crate::services::CATALOG;

/// Builds a [`Policy`] whose statements grant each action only on resources that its documentation lists for it.
///
/// `allow` and `deny` take resources first, then actions. The actions must be resource-level, and the documentation must
/// list the type of the resources for them. Every other grant goes to `allow_everywhere` and `deny_everywhere`, which take
/// actions of any granularity, also of an undocumented one.
///
/// Tencent's documentation asks for a separate statement for operation-level actions, because a named resource never
/// matches them. Every action matches on `*`, so a list there may mix granularities.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct PolicyBuilder {
    principal: Option<Principal>,
    statements: Vec<Statement>,
    problems: Vec<Problem>,
    without_effect: bool,
}

/// The enum of a list of actions, if its granularity is known.
type Known<A> = <<A as ActionList>::Action as KnownGranularity>::Known;

/// The enum of a list of actions, if its granularity is documented.
type Documented<A> = <Known<A> as DocumentedGranularity>::Documented;

/// The enum of a list of actions, if they can be limited to resources.
type Limited<A> = <Documented<A> as ResourceLevel>::Limited;

impl PolicyBuilder {
    /// Creates a builder without statements.
    ///
    /// ```
    /// assert!(tencent_cam::PolicyBuilder::new().build().is_err());
    /// ```
    pub const fn new() -> Self {
        Self { principal: None, statements: Vec::new(), problems: Vec::new(), without_effect: false }
    }

    /// Allows resource-level actions on resources.
    ///
    /// It takes the resources, then the actions, and nothing else. An array holds actions of one enum; a tuple joins
    /// actions of several. [`PolicyBuilder::allow_everywhere`] takes actions without a resource, and
    /// [`PolicyBuilder::allow_if`] takes conditions as a third argument.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{PolicyBuilder, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let apps = [1400000000, 1400000001].map(|id| trtc::Application::id(owner, id));
    /// let policy = PolicyBuilder::new().allow(apps, [trtc::Action::RemoveUser]).build().unwrap();
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
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: GrantedOn<R>,
        Limited<A>: AppliesTo<<Limited<A> as GrantedOn<R>>::Type>,
    {
        self.limited(Effect::Allow, Limited::<A>::names(resources), actions, Vec::new())
    }

    /// Denies resource-level actions on resources, whatever else allows them.
    ///
    /// It takes what [`PolicyBuilder::allow`] takes. [`PolicyBuilder::deny_everywhere`] takes actions without a resource, and
    /// [`PolicyBuilder::deny_if`] takes conditions.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{PolicyBuilder, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let policy = PolicyBuilder::new()
    ///     .allow_everywhere(trtc::ApplicationAction::ALL)
    ///     .deny(trtc::Application::id(owner, 1400000001), [trtc::Action::DismissRoom])
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny<R, A>(self, resources: R, actions: A) -> Self
    where
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: GrantedOn<R>,
        Limited<A>: AppliesTo<<Limited<A> as GrantedOn<R>>::Type>,
    {
        self.limited(Effect::Deny, Limited::<A>::names(resources), actions, Vec::new())
    }

    /// Allows actions of either granularity on every resource: `"resource":["*"]`.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{PolicyBuilder, trtc};
    ///
    /// let policy = PolicyBuilder::new().allow_everywhere(trtc::Action::GetUserList).build().unwrap();
    /// assert_eq!(
    ///     policy.to_string(),
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}]}"#
    /// );
    /// # }
    /// ```
    #[inline]
    pub fn allow_everywhere(self, actions: impl ActionList) -> Self {
        self.push(Effect::Allow, actions.into_actions(), Vec::from([ResourcePattern::ALL]), Vec::new())
    }

    /// Denies actions of either granularity on every resource, whatever else allows them.
    ///
    /// ```
    /// # #[cfg(feature = "ccc")] {
    /// use tencent_cam::catalog::AccessLevel;
    /// use tencent_cam::{ActionEnum, PolicyBuilder, ccc};
    ///
    /// let writes: Vec<&ccc::Action> = ccc::Action::ALL
    ///     .iter()
    ///     .filter(|action| action.access_level() == Some(AccessLevel::Write))
    ///     .collect();
    /// let read_only = PolicyBuilder::new().allow_everywhere(ccc::Action::ALL).deny_everywhere(writes).build();
    /// # }
    /// ```
    #[inline]
    pub fn deny_everywhere(self, actions: impl ActionList) -> Self {
        self.push(Effect::Deny, actions.into_actions(), Vec::from([ResourcePattern::ALL]), Vec::new())
    }

    /// Allows resource-level actions on resources, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{PolicyBuilder, Uin, key, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<tencent_cam::key::IpNet>().unwrap()]);
    /// let policy = PolicyBuilder::new()
    ///     .allow_if(trtc::Application::all(owner), trtc::Action::RemoveUser, office)
    ///     .build()
    ///     .unwrap();
    /// assert!(policy.to_string().ends_with(r#""condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8"]}}}]}"#));
    /// # }
    /// ```
    pub fn allow_if<R, A, C>(self, resources: R, actions: A, conditions: C) -> Self
    where
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: GrantedOn<R>,
        Limited<A>: AppliesTo<<Limited<A> as GrantedOn<R>>::Type>,
        C: ConditionList<A::Action>,
    {
        self.limited(Effect::Allow, Limited::<A>::names(resources), actions, conditions.into_conditions())
    }

    /// Denies resource-level actions on resources, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{PolicyBuilder, Uin, key, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let policy = PolicyBuilder::new()
    ///     .deny_if(trtc::Application::all(owner), trtc::Action::RemoveUser, key::MFA.is_absent())
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny_if<R, A, C>(self, resources: R, actions: A, conditions: C) -> Self
    where
        A: ActionList,
        A::Action: KnownGranularity,
        Known<A>: DocumentedGranularity,
        Documented<A>: ResourceLevel,
        Limited<A>: GrantedOn<R>,
        Limited<A>: AppliesTo<<Limited<A> as GrantedOn<R>>::Type>,
        C: ConditionList<A::Action>,
    {
        self.limited(Effect::Deny, Limited::<A>::names(resources), actions, conditions.into_conditions())
    }

    /// Allows actions of either granularity on every resource, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{PolicyBuilder, key, trtc};
    ///
    /// let end = "2027-01-01T00:00:00Z".parse().unwrap();
    /// let policy = PolicyBuilder::new()
    ///     .allow_everywhere_if(trtc::Action::GetUserList, key::CURRENT_TIME.before(end))
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn allow_everywhere_if<A: ActionList>(
        self,
        actions: A,
        conditions: impl ConditionList<A::Action>,
    ) -> Self {
        let everywhere = Vec::from([ResourcePattern::ALL]);
        self.push(Effect::Allow, actions.into_actions(), everywhere, conditions.into_conditions())
    }

    /// Denies actions of either granularity on every resource, under conditions.
    ///
    /// ```
    /// # #[cfg(all(feature = "engine", feature = "trtc"))] {
    /// use tencent_cam::{PolicyBuilder, key, trtc};
    ///
    /// let policy = PolicyBuilder::new()
    ///     .allow_everywhere(trtc::Action::RemoveUser)
    ///     .deny_everywhere_if(trtc::Action::RemoveUser, key::MFA.is(false))
    ///     .build()
    ///     .unwrap();
    /// # }
    /// ```
    pub fn deny_everywhere_if<A: ActionList>(
        self,
        actions: A,
        conditions: impl ConditionList<A::Action>,
    ) -> Self {
        let everywhere = Vec::from([ResourcePattern::ALL]);
        self.push(Effect::Deny, actions.into_actions(), everywhere, conditions.into_conditions())
    }

    /// Sets a principal for the whole policy, beside the statements, as old bucket policies do.
    ///
    /// ```
    /// use tencent_cam::policy::{Principal, PrincipalKind};
    /// use tencent_cam::{ActionPattern, Effect, PolicyBuilder, ResourcePattern, Statement};
    ///
    /// let policy = PolicyBuilder::new()
    ///     .principal(Principal::new(PrincipalKind::Service, ["cls.cloud.tencent.com"]))
    ///     .statement(Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]))
    ///     .build()?;
    /// assert!(policy.principal().is_some());
    /// # Ok::<(), tencent_cam::policy::BuildError>(())
    /// ```
    #[inline]
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Accepts statements of patterns that have no effect, such as an operation-level action on a named resource.
    ///
    /// Without this call, [`PolicyBuilder::build`] refuses them: see
    /// [`Policy::check`](cam_policy::policy::Policy::check). What the typed methods add always has an effect.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{ActionPattern, Effect, PolicyBuilder, ResourcePattern, Statement};
    ///
    /// let app: ResourcePattern = "qcs::trtc::uin/12345678:sdkappid/1400000001".parse().unwrap();
    /// let action: ActionPattern = "trtc:GetUserList".parse().unwrap();
    /// let useless = Statement::new(Effect::Allow, [action], [app]);
    /// assert!(PolicyBuilder::new().statement(useless.clone()).build().is_err());
    /// assert!(PolicyBuilder::new().statement(useless).keep_without_effect().build().is_ok());
    /// # }
    /// ```
    #[inline]
    pub fn keep_without_effect(mut self) -> Self {
        self.without_effect = true;
        self
    }

    /// Returns the policy.
    ///
    /// # Errors
    ///
    /// [`BuildError`] lists every [`Problem`] of every statement: an invalid resource, a list that is empty at run time, a
    /// policy without statements. If there is none of these, it lists the statements of patterns that have no effect as far
    /// as the catalog knows, unless [`PolicyBuilder::keep_without_effect`] was called.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::policy::Problem;
    /// use tencent_cam::{PolicyBuilder, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let error = PolicyBuilder::new()
    ///     .allow(trtc::Application::id(owner, 0), [trtc::Action::RemoveUser])
    ///     .allow_everywhere(Vec::<trtc::Action>::new())
    ///     .build()
    ///     .unwrap_err();
    /// assert!(matches!(
    ///     error.problems(),
    ///     [Problem::Resource { statement: 0, .. }, Problem::NoAction { statement: 1 }]
    /// ));
    /// # }
    /// ```
    #[inline]
    pub fn build(self) -> Result<Policy, BuildError> {
        let policy = build(CATALOG, self.principal, self.statements, self.problems)?;
        if self.without_effect { Ok(policy) } else { policy.checked(CATALOG) }
    }

    /// Adds a statement of patterns, which may name any service.
    ///
    /// ```
    /// use tencent_cam::{ActionPattern, Effect, PolicyBuilder, ResourcePattern, Statement};
    ///
    /// let read = Statement::new(Effect::Allow, ["cos:Get*".parse::<ActionPattern>()?], [ResourcePattern::ALL]);
    /// let policy = PolicyBuilder::new().statement(read).build()?;
    /// assert_eq!(policy.statements()[0].actions()[0].service(), Some("cos"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn statement(mut self, statement: Statement) -> Self {
        self.statements.push(statement);
        self
    }

    #[inline]
    fn limited(
        mut self,
        effect: Effect,
        resources: Vec<Result<Box<str>, ResourceError>>,
        actions: impl ActionList,
        conditions: Vec<Condition>,
    ) -> Self {
        let statement = self.statements.len();
        let mut names = Vec::new();
        let mut failed = false;
        for name in resources {
            match name {
                Ok(name) => names.push(ResourcePattern::of_checked(name)),
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

    #[inline]
    fn push(
        mut self,
        effect: Effect,
        actions: Vec<catalog::Action<'static>>,
        resources: Vec<ResourcePattern>,
        conditions: Vec<Condition>,
    ) -> Self {
        let actions = actions.into_iter().map(ActionPattern::from);
        let statement = Statement::new(effect, actions, resources);
        self.statements.push(conditions.into_iter().fold(statement, Statement::with_condition));
        self
    }
}

impl Default for PolicyBuilder {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl Extend<Statement> for PolicyBuilder {
    /// Adds statements of patterns, as [`PolicyBuilder::statement`] does.
    fn extend<I: IntoIterator<Item = Statement>>(&mut self, statements: I) {
        self.statements.extend(statements);
    }
}

impl FromIterator<Statement> for PolicyBuilder {
    fn from_iter<I: IntoIterator<Item = Statement>>(statements: I) -> Self {
        let mut builder = Self::new();
        builder.extend(statements);
        builder
    }
}
