//! The elements of CAM's grammar: policies, statements, effects.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::action_pattern::ActionPattern;
use super::condition::Condition;
use super::into_pattern::IntoPattern;
use super::length::{ATTACHED_LIMIT, LENGTH_LIMIT};
use super::principal::Principal;
#[cfg(feature = "document")]
use super::principal::PrincipalKind;
use super::resource_pattern::ResourcePattern;

/// Whether a statement allows or denies. A deny that matches wins over every allow.
///
/// ```
/// assert_eq!(cam_policy::policy::Effect::Deny.to_string(), "deny");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `allow`.
    Allow,
    /// `deny`.
    Deny,
}

impl Effect {
    /// Returns the word that policies use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A policy: what users, groups and roles may do and what they may not do.
///
/// `Display` writes the JSON that CAM reads, in one line; `{:#}` puts each value on a line of its own. Order and
/// duplicates stay as they were given. A policy may be longer than CAM accepts, and may name resources that do not
/// exist. With the feature `document`, `parse` reads one.
///
/// ```
/// use cam_policy::policy::Policy;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],"resource":["*"]}]}"#;
/// let policy: Policy = text.parse()?;
/// assert_eq!(policy.to_string(), text);
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    pub(super) id: Option<Box<str>>,
    pub(super) principal: Option<Principal>,
    pub(super) statements: Vec<Statement>,
}

/// No type implements it. The compiler names it where a program reads a policy without the feature.
#[cfg(not(feature = "document"))]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `Policy` is read from a text only with the feature `document`",
    label = "needs the feature `document`",
    note = "turn it on in `Cargo.toml`: `features = [\"document\"]`"
)]
pub trait DocumentFeature {
    fn policy(text: &str) -> Policy;
}

#[cfg(not(feature = "document"))]
impl core::str::FromStr for Policy
where
    for<'a> &'a Self: DocumentFeature,
{
    type Err = core::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(<&Self as DocumentFeature>::policy(text))
    }
}

impl Policy {
    /// The version of the policy language.
    pub const VERSION: &'static str = "2.0";

    /// The documented limit of a policy's length in characters, without whitespace. Older documents say 4,096.
    pub const LENGTH_LIMIT: usize = LENGTH_LIMIT;

    /// The documented number of policies that CAM attaches to one user, group or role.
    pub const ATTACHED_LIMIT: usize = ATTACHED_LIMIT;

    /// Returns the policy that allows everything: that of an administrator, or with a principal, a policy of a bucket for it.
    ///
    /// ```
    /// # use cam_policy::policy::{Policy, Principal};
    /// assert!(Policy::allowing_everything(None).statements()[0].resources()[0].is_all());
    /// assert_eq!(Policy::allowing_everything(Some(Principal::All)).statements()[0].principal(), Some(&Principal::All));
    /// ```
    pub fn allowing_everything(principal: Option<Principal>) -> Self {
        let all = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
        Self::unchecked(None, Vec::from([Statement { principal, ..all }]))
    }

    /// A policy of which the parts have been checked, or will be.
    pub(crate) fn unchecked(principal: Option<Principal>, statements: Vec<Statement>) -> Self {
        Self { id: None, principal, statements }
    }

    /// Returns the principal beside the statements, which old bucket policies have; mostly `None`.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([statement])?.principal(), None);
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Returns the policy as it is if CAM matches `*` inside a principal, which is not documented: who is
    /// [everybody](Principal::everybody) then is `"*"`. `None` if that changes nothing.
    ///
    /// ```
    /// use cam_policy::policy::{Policy, Principal};
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],
    ///     "principal":{"qcs":["qcs::cam::uin/*:root"]}}]}"#.parse()?;
    /// let supposed = policy.supposing_wildcard_principals().unwrap();
    /// assert_eq!(supposed.statements()[0].principal(), Some(&Principal::All));
    /// assert_eq!(supposed.supposing_wildcard_principals(), None);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub fn supposing_wildcard_principals(&self) -> Option<Self> {
        let mut supposed = self.clone();
        let principals = supposed.statements.iter_mut().map(|one| &mut one.principal);
        for principal in principals.chain([&mut supposed.principal]).flatten() {
            if principal.everybody().is_some_and(|(_, name)| name.contains('*')) {
                *principal = Principal::All;
            }
        }
        (supposed != *self).then_some(supposed)
    }

    /// Returns the `Id` of a bucket policy; mostly `None`. CAM's grammar has no such element.
    ///
    /// ```
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","Id":"logs","statement":[
    ///     {"effect":"allow","principal":"*","action":["cos:GetObject"],"resource":["*"]}]}"#.parse()?;
    /// assert_eq!(policy.id(), Some("logs"));
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the policy with an `Id`, which COS keeps in a bucket policy.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([statement])?.with_id("logs").id(), Some("logs"));
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Returns the policy in the form that Tencent's Terraform provider compares: every principal is a map, and there
    /// is no `Id` and no `Sid`, because the provider removes them from what COS returns.
    #[cfg(feature = "document")]
    pub(crate) fn for_provider(&self) -> Self {
        let map = |principal: &Principal| match principal {
            Principal::All => Principal::new(PrincipalKind::Qcs, ["*"]),
            Principal::Named(_) => principal.clone(),
        };
        let statement = |statement: &Statement| Statement {
            sid: None,
            principal: statement.principal.as_ref().map(map),
            ..statement.clone()
        };
        Self {
            id: None,
            principal: self.principal.as_ref().map(map),
            statements: self.statements.iter().map(statement).collect(),
        }
    }

    /// Returns the statements, in order; there is at least one.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([statement.clone()])?.statements(), [statement]);
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Returns the kind of policy, which its elements determine: with principals and resources it is a bucket policy,
    /// with principals alone a role trust policy, and otherwise an identity policy.
    ///
    /// A session policy has the same elements as an identity policy. If you know that a text is one, say so with
    /// `Document::parse_as`.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, PolicyKind, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([statement])?.kind(), PolicyKind::Identity);
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn kind(&self) -> PolicyKind {
        let principal = self.principal.is_some() || self.statements.iter().any(|one| one.principal.is_some());
        let resource = self.statements.iter().any(|one| !one.resources.is_empty());
        match (principal, resource) {
            (true, true) => PolicyKind::Bucket,
            (true, false) => PolicyKind::Trust,
            (false, _) => PolicyKind::Identity,
        }
    }
}

/// The kinds of documents that CAM calls policies.
///
/// ```
/// assert_eq!(cam_policy::policy::PolicyKind::Trust.to_string(), "role trust policy");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PolicyKind {
    /// Made for users, groups and roles: resources, no principal.
    Identity,
    /// Who may take a role: principals, no resource.
    Trust,
    /// Who may do what in a COS bucket: principals and resources.
    Bucket,
    /// A limit on one session of a role: like an identity policy, without principal.
    Session,
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Identity => "identity policy",
            Self::Trust => "role trust policy",
            Self::Bucket => "COS bucket policy",
            Self::Session => "session policy",
        })
    }
}

/// One statement: an effect on some actions, on some resources or on every resource, under conditions.
///
/// ```
/// use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
///
/// let statement = Statement::new(Effect::Deny, ["trtc:RemoveUser".parse::<ActionPattern>()?], [ResourcePattern::ALL]);
/// assert_eq!(statement.effect(), Effect::Deny);
/// assert_eq!(statement.actions()[0].as_str(), "trtc:RemoveUser");
/// assert!(statement.resources()[0].is_all());
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Statement {
    pub(super) sid: Option<Box<str>>,
    pub(super) effect: Effect,
    pub(super) principal: Option<Principal>,
    pub(super) actions: Vec<ActionPattern>,
    pub(super) resources: Vec<ResourcePattern>,
    pub(super) conditions: Vec<Condition>,
}

impl Statement {
    /// Makes a statement of patterns. Use it to name actions of services that the catalog does not have.
    ///
    /// It does not check that the actions can use the resources. The builder of `tencent-cam` does, for the actions
    /// of its catalog.
    ///
    /// ```
    /// use cam_policy::policy::{Account, ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let read = Statement::new(
    ///     Effect::Allow,
    ///     ["cos:GetObject".parse::<ActionPattern>()?, "cos:Head*".parse()?],
    ///     [ResourcePattern::new("cos", "ap-beijing", Account::AppId("1250000000"), "bucket-1250000000/*")?],
    /// );
    /// assert_eq!(Policy::new([read])?.statements().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<A: IntoPattern<ActionPattern>, R: IntoPattern<ResourcePattern>>(
        effect: Effect,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            sid: None,
            effect,
            principal: None,
            actions: actions.into_iter().map(Into::into).collect(),
            resources: resources.into_iter().map(Into::into).collect(),
            conditions: Vec::new(),
        }
    }

    /// Returns the statement for these principals: for a role's trust policy, which has no resources, or a bucket
    /// policy.
    ///
    /// ```
    /// use cam_policy::policy::{ActionPattern, Effect, Policy, PolicyKind, Principal, PrincipalKind, ResourcePattern, Statement};
    ///
    /// let trust = Statement::new(Effect::Allow, ["sts:AssumeRole".parse::<ActionPattern>()?], Vec::<ResourcePattern>::new())
    ///     .for_principal(Principal::new(PrincipalKind::Service, ["cls.cloud.tencent.com"]));
    /// let policy = Policy::new([trust])?;
    /// assert_eq!(policy.kind(), PolicyKind::Trust);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn for_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Returns the statement with one more condition. Conditions of one operator stand together, as in the JSON.
    ///
    /// ```
    /// use cam_policy::policy::{ActionPattern, Comparison, Condition, ConditionValue, Effect, ResourcePattern, Statement};
    ///
    /// let office = Condition::unchecked(
    ///     Comparison::IpEqual.into(),
    ///     "qcs:ip",
    ///     [ConditionValue::Text("10.0.0.0/8".into())],
    /// );
    /// let statement =
    ///     Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]).with_condition(office);
    /// assert_eq!(statement.conditions().len(), 1);
    /// ```
    pub fn with_condition(mut self, condition: impl Into<Condition>) -> Self {
        let condition = condition.into();
        let same = |one: &Condition| one.operator() == condition.operator();
        let at = self.conditions.iter().rposition(same).map_or(self.conditions.len(), |at| at + 1);
        self.conditions.insert(at, condition);
        self
    }

    /// Returns the statement with these conditions, of which those of one operator stand together.
    #[cfg(feature = "document")]
    pub(crate) fn with_conditions(self, conditions: Vec<Condition>) -> Self {
        Self { conditions, ..self }
    }

    /// Returns the statement with a `Sid`, which COS keeps in a bucket policy.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]).with_sid("nobody");
    /// assert_eq!(statement.sid(), Some("nobody"));
    /// ```
    pub fn with_sid(mut self, sid: &str) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Returns the `Sid` of a statement of a bucket policy; mostly `None`. CAM's grammar has no such element.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(statement.sid(), None);
    /// ```
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Returns the effect: allow or deny.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(statement.effect(), Effect::Deny);
    /// ```
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Returns the principals of the statement; only trust policies and bucket policies have them.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert!(statement.principal().is_none());
    /// ```
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Returns the actions; in a policy there is at least one.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(statement.actions(), [ActionPattern::ALL]);
    /// ```
    pub fn actions(&self) -> &[ActionPattern] {
        &self.actions
    }

    /// Returns the resources as the policy names them; empty only in a role's trust policy.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(statement.resources(), [ResourcePattern::ALL]);
    /// ```
    pub fn resources(&self) -> &[ResourcePattern] {
        &self.resources
    }

    /// Returns the conditions, in order; all of them must be true.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert!(statement.conditions().is_empty());
    /// ```
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Returns the first condition that repeats operator and key of an earlier one: JSON cannot hold both.
    pub(crate) fn repeated_condition(&self) -> Option<&Condition> {
        self.conditions.iter().enumerate().find_map(|(at, one)| {
            let same = |other: &&Condition| other.operator() == one.operator() && other.key() == one.key();
            self.conditions[..at].iter().find(same)
        })
    }
}
