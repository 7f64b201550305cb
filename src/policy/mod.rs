//! Policies as values: what CAM's grammar has, how it is written, how long it is.

mod build;
mod condition;
mod pattern;
mod principal;
mod split;
mod typed;

use alloc::vec::Vec;
use core::fmt::{self, Write};

pub use build::{BuildError, PolicyBuilder, Problem};
pub use condition::{
    Comparison, Condition, ConditionOperator, ConditionValue, OperatorError, Qualifier, ValueKind,
};
pub use pattern::{
    Account, ActionPattern, PatternError, Project, ResourcePattern, Segment, Segments, Variable,
};
pub(crate) use pattern::{Shortened, check_variables};
#[cfg(feature = "engine")]
pub(crate) use pattern::{glob, six};
pub use principal::{Principal, PrincipalKind};
pub use split::SplitError;
pub use typed::{ConditionList, IpCondition};

/// The number of characters a policy may have; blanks are not counted.
pub(crate) const LENGTH_LIMIT: usize = 6144;

/// Whether a statement allows or denies. A deny that matches wins over every allow.
///
/// ```
/// assert_eq!(tencent_cam::Effect::Deny.to_string(), "deny");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `allow`.
    Allow,
    /// `deny`.
    Deny,
}

impl Effect {
    /// The word a policy uses.
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

/// A policy for users, groups and roles: what they may do and what not.
///
/// Its `Display` is the JSON that CAM reads, in its shortest form; `{:#}` puts each value on a line of its own. Order
/// and duplicates stay as they were given. Its length and whether the resources exist are not checked.
///
/// # What does not compile
///
/// An operation-level action on a resource:
///
/// ```compile_fail,E0277
/// # use tencent_cam::{Policy, Uin, trtc};
/// # let owner = Uin::new(12345678).unwrap();
/// Policy::builder().allow(trtc::Application::all(owner), [trtc::OperationAction::GetUserList]);
/// ```
///
/// An action on a resource of another service:
///
/// ```compile_fail,E0277
/// # use tencent_cam::{Policy, Uin, ccc, trtc};
/// # let owner = Uin::new(12345678).unwrap();
/// Policy::builder().allow(ccc::Application::all(owner), [trtc::ApplicationAction::RemoveUser]);
/// ```
///
/// An action on a pattern of its own service that it does not list:
///
/// ```compile_fail,E0277
/// # use tencent_cam::{Policy, Uin, ccc};
/// # let owner = Uin::new(12345678).unwrap();
/// Policy::builder().allow(ccc::ApplicationWithoutUin::all(), [ccc::ApplicationAction::CreateStaff]);
/// ```
///
/// A statement without action, and one without resource:
///
/// ```compile_fail,E0277
/// # use tencent_cam::{Policy, Uin, trtc};
/// # let owner = Uin::new(12345678).unwrap();
/// Policy::builder().allow(trtc::Application::all(owner), []);
/// ```
///
/// ```compile_fail,E0277
/// # use tencent_cam::{Policy, trtc};
/// Policy::builder().allow([], [trtc::ApplicationAction::RemoveUser]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    principal: Option<Principal>,
    statements: Vec<Statement>,
}

impl Policy {
    /// The version of the policy language.
    pub const VERSION: &'static str = "2.0";

    /// The documented limit of a policy's length in characters, blanks not counted. Older text says 4,096.
    pub const LENGTH_LIMIT: usize = LENGTH_LIMIT;

    /// Starts a policy.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Policy, Uin, trtc};
    ///
    /// let owner = Uin::new(12345678).unwrap();
    /// let policy = Policy::builder()
    ///     .allow(trtc::Application::id(owner, 1400000001), [trtc::ApplicationAction::RemoveUser])
    ///     .build()
    ///     .unwrap();
    /// assert_eq!(policy.statements().len(), 1);
    /// # }
    /// ```
    pub const fn builder() -> PolicyBuilder {
        PolicyBuilder::new()
    }

    pub(crate) fn new(principal: Option<Principal>, statements: Vec<Statement>) -> Self {
        Self { principal, statements }
    }

    /// The principal that stands beside the statements, as in old bucket policies; mostly none.
    ///
    /// ```
    /// # use tencent_cam::{Effect, Policy, ActionPattern, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(Policy::builder().statement(statement).build()?.principal(), None);
    /// # Ok::<(), tencent_cam::BuildError>(())
    /// ```
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// The statements, in order; never none.
    ///
    /// ```
    /// # use tencent_cam::{Effect, Policy, ActionPattern, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(Policy::builder().statement(statement.clone()).build()?.statements(), [statement]);
    /// # Ok::<(), tencent_cam::BuildError>(())
    /// ```
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The kind of policy, told by its elements: with principals and resources a bucket policy, with principals alone
    /// a role trust policy, else an identity policy.
    ///
    /// A session policy looks like an identity policy; who knows it for one says so, see `Document::parse_as`.
    ///
    /// ```
    /// # use tencent_cam::{Effect, Policy, PolicyKind, ActionPattern, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(Policy::builder().statement(statement).build()?.kind(), PolicyKind::Identity);
    /// # Ok::<(), tencent_cam::BuildError>(())
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

    /// The shortest JSON that says the same: in one line, single values without their brackets.
    ///
    /// ```
    /// # use tencent_cam::{Effect, Policy, ActionPattern, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// let policy = Policy::builder().statement(statement).build()?;
    /// assert_eq!(
    ///     policy.shortest().to_string(),
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#
    /// );
    /// # Ok::<(), tencent_cam::BuildError>(())
    /// ```
    pub fn shortest(&self) -> impl fmt::Display + '_ {
        struct Shortest<'a>(&'a Policy);
        impl fmt::Display for Shortest<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.json(&mut Json { pretty: false, scalars: true, out: f })
            }
        }
        Shortest(self)
    }

    /// The characters CAM counts: those of the canonical form, with arrays, that are no blanks.
    ///
    /// That blanks are not counted is documented. That this includes blanks inside strings is assumed, and so is that
    /// arrays count: CAM normalises to arrays, and the [shortest](Self::shortest) form is shorter still.
    ///
    /// ```
    /// # use tencent_cam::{Effect, Policy, ActionPattern, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// let policy = Policy::builder().statement(statement).build()?;
    /// assert_eq!(policy.len_for_cam(), 82);
    /// # Ok::<(), tencent_cam::BuildError>(())
    /// ```
    pub fn len_for_cam(&self) -> usize {
        count(|json| self.json(json))
    }

    fn json(&self, json: &mut Json<'_>) -> fmt::Result {
        json.object(0, |json| {
            json.key(1, "version", true)?;
            json.string(Self::VERSION)?;
            if let Some(principal) = &self.principal {
                json.key(1, "principal", false)?;
                principal.json(1, json)?;
            }
            json.key(1, "statement", false)?;
            json.array(1, &self.statements, |json, statement| statement.json(2, json))
        })
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json(&mut Json { pretty: f.alternate(), scalars: false, out: f })
    }
}

/// The kinds of documents that CAM calls policies.
///
/// ```
/// assert_eq!(tencent_cam::PolicyKind::Trust.to_string(), "role trust policy");
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
    /// Narrows a session of a role: as an identity policy, without principal.
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
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Effect, Policy, trtc};
///
/// let policy = Policy::builder().deny_everywhere(trtc::ApplicationAction::RemoveUser).build().unwrap();
/// let [statement] = policy.statements() else { panic!("one statement") };
/// assert_eq!(statement.effect(), Effect::Deny);
/// assert_eq!(statement.actions()[0].as_str(), "trtc:RemoveUser");
/// assert!(statement.resources()[0].is_every());
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    effect: Effect,
    principal: Option<Principal>,
    actions: Vec<ActionPattern>,
    resources: Vec<ResourcePattern>,
    conditions: Vec<Condition>,
}

impl Statement {
    /// A statement of patterns: the way to name actions of services that the catalog does not have.
    ///
    /// Nothing checks that a resource is of use for the actions; what the catalog has, grant with
    /// [`PolicyBuilder::allow`].
    ///
    /// ```
    /// use tencent_cam::{Account, ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let read = Statement::new(
    ///     Effect::Allow,
    ///     ["cos:GetObject".parse::<ActionPattern>()?, "cos:Head*".parse()?],
    ///     [ResourcePattern::new("cos", "ap-beijing", Account::AppId("1250000000"), "bucket-1250000000/*")?],
    /// );
    /// assert_eq!(Policy::builder().statement(read).build()?.statements().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<A: Into<ActionPattern>, R: Into<ResourcePattern>>(
        effect: Effect,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            effect,
            principal: None,
            actions: actions.into_iter().map(Into::into).collect(),
            resources: resources.into_iter().map(Into::into).collect(),
            conditions: Vec::new(),
        }
    }

    /// The same statement for these principals: for a role's trust policy, which has no resources, or a bucket's.
    ///
    /// ```
    /// use tencent_cam::{ActionPattern, Effect, Policy, PolicyKind, Principal, PrincipalKind, ResourcePattern, Statement};
    ///
    /// let trust = Statement::new(Effect::Allow, ["sts:AssumeRole".parse::<ActionPattern>()?], Vec::<ResourcePattern>::new())
    ///     .for_principal(Principal::new(PrincipalKind::Service, ["cls.cloud.tencent.com"]));
    /// let policy = Policy::builder().statement(trust).build()?;
    /// assert_eq!(policy.kind(), PolicyKind::Trust);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn for_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// The same statement under one more condition. Conditions of one operator stand together, as in the JSON.
    ///
    /// ```
    /// use tencent_cam::{ActionPattern, Comparison, Condition, ConditionValue, Effect, ResourcePattern, Statement};
    ///
    /// let office = Condition::unchecked(
    ///     Comparison::IpEqual.into(),
    ///     "qcs:ip",
    ///     [ConditionValue::Text("10.0.0.0/8".into())],
    /// );
    /// let statement =
    ///     Statement::new(Effect::Allow, [ActionPattern::EVERY], [ResourcePattern::EVERY]).with_condition(office);
    /// assert_eq!(statement.conditions().len(), 1);
    /// ```
    #[must_use]
    pub fn with_condition(mut self, condition: impl Into<Condition>) -> Self {
        let condition = condition.into();
        let same = |one: &Condition| one.operator() == condition.operator();
        let at = self.conditions.iter().rposition(same).map_or(self.conditions.len(), |at| at + 1);
        self.conditions.insert(at, condition);
        self
    }

    /// Allow or deny.
    ///
    /// ```
    /// # use tencent_cam::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(statement.effect(), Effect::Deny);
    /// ```
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Whom the statement is for, in the policies that say so.
    ///
    /// ```
    /// # use tencent_cam::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert!(statement.principal().is_none());
    /// ```
    pub fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// The actions; never none in a policy.
    ///
    /// ```
    /// # use tencent_cam::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(statement.actions(), [ActionPattern::EVERY]);
    /// ```
    pub fn actions(&self) -> &[ActionPattern] {
        &self.actions
    }

    /// The resources as the policy names them; none only in a role's trust policy.
    ///
    /// ```
    /// # use tencent_cam::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert_eq!(statement.resources(), [ResourcePattern::EVERY]);
    /// ```
    pub fn resources(&self) -> &[ResourcePattern] {
        &self.resources
    }

    /// The conditions, all of which must be true, in order.
    ///
    /// ```
    /// # use tencent_cam::{ActionPattern, Effect, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Deny, [ActionPattern::EVERY], [ResourcePattern::EVERY]);
    /// assert!(statement.conditions().is_empty());
    /// ```
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The first condition that repeats operator and key of one before it: JSON could not hold both.
    pub(crate) fn repeated_condition(&self) -> Option<&Condition> {
        self.conditions.iter().enumerate().find_map(|(at, one)| {
            let same = |other: &&Condition| other.operator() == one.operator() && other.key() == one.key();
            self.conditions[..at].iter().find(same)
        })
    }

    fn json(&self, depth: usize, json: &mut Json<'_>) -> fmt::Result {
        json.object(depth, |json| {
            json.key(depth + 1, "effect", true)?;
            json.string(self.effect.as_str())?;
            if let Some(principal) = &self.principal {
                json.key(depth + 1, "principal", false)?;
                principal.json(depth + 1, json)?;
            }
            json.key(depth + 1, "action", false)?;
            json.values(depth + 1, &self.actions, |json, action| json.string(action.as_str()))?;
            if !self.resources.is_empty() {
                json.key(depth + 1, "resource", false)?;
                json.values(depth + 1, &self.resources, |json, resource| json.string(resource.as_str()))?;
            }
            if !self.conditions.is_empty() {
                json.key(depth + 1, "condition", false)?;
                self.conditions_json(depth + 1, json)?;
            }
            Ok(())
        })
    }

    /// Each operator once, where it first stands, with all its keys.
    fn conditions_json(&self, depth: usize, json: &mut Json<'_>) -> fmt::Result {
        json.object(depth, |json| {
            for (at, condition) in self.conditions.iter().enumerate() {
                let operator = condition.operator();
                if self.conditions[..at].iter().any(|before| before.operator() == operator) {
                    continue;
                }
                json.key(depth + 1, &alloc::format!("{operator}"), at == 0)?;
                let of_operator = self.conditions.iter().filter(|condition| condition.operator() == operator);
                json.object(depth + 1, |json| {
                    for (at, condition) in of_operator.enumerate() {
                        json.key(depth + 2, condition.key(), at == 0)?;
                        json.values(depth + 2, condition.values(), |json, value| match value {
                            ConditionValue::Text(text) => json.string(text),
                            ConditionValue::Number(digits) => json.out.write_str(digits),
                        })?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    }
}

impl fmt::Display for Statement {
    /// The JSON of the statement alone, in one line; `{:#}` puts each value on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json(0, &mut Json { pretty: f.alternate(), scalars: false, out: f })
    }
}

impl Principal {
    fn json(&self, depth: usize, json: &mut Json<'_>) -> fmt::Result {
        match self {
            Self::Every => json.string("*"),
            Self::Named(named) => json.object(depth, |json| {
                for (at, (kind, names)) in named.iter().enumerate() {
                    json.key(depth + 1, kind.as_str(), at == 0)?;
                    json.values(depth + 1, names, |json, name| json.string(name))?;
                }
                Ok(())
            }),
        }
    }
}

/// The characters of the form with arrays that are no blanks.
fn count(write: impl FnOnce(&mut Json<'_>) -> fmt::Result) -> usize {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += if text.is_ascii() {
                // What `char::is_whitespace` holds for a blank.
                let blank = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
                text.bytes().filter(|byte| !blank(byte)).count()
            } else {
                text.chars().filter(|letter| !letter.is_whitespace()).count()
            };
            Ok(())
        }
    }
    let mut counted = Count(0);
    // Counting cannot fail.
    let _ = write(&mut Json { pretty: false, scalars: false, out: &mut counted });
    counted.0
}

/// Writes JSON, in one line or with each value on its own.
struct Json<'a> {
    pretty: bool,
    /// Whether a list of one is written as its value.
    scalars: bool,
    out: &'a mut dyn Write,
}

impl Json<'_> {
    fn line(&mut self, depth: usize) -> fmt::Result {
        if self.pretty {
            self.out.write_char('\n')?;
            for _ in 0..depth {
                self.out.write_str("  ")?;
            }
        }
        Ok(())
    }

    fn object(&mut self, depth: usize, members: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        self.out.write_char('{')?;
        members(self)?;
        self.line(depth)?;
        self.out.write_char('}')
    }

    fn key(&mut self, depth: usize, key: &str, first: bool) -> fmt::Result {
        if !first {
            self.out.write_char(',')?;
        }
        self.line(depth)?;
        self.string(key)?;
        self.out.write_str(if self.pretty { ": " } else { ":" })
    }

    fn array<T>(
        &mut self,
        depth: usize,
        items: &[T],
        mut item: impl FnMut(&mut Self, &T) -> fmt::Result,
    ) -> fmt::Result {
        self.out.write_char('[')?;
        for (at, value) in items.iter().enumerate() {
            if at > 0 {
                self.out.write_char(',')?;
            }
            self.line(depth + 1)?;
            item(self, value)?;
        }
        self.line(depth)?;
        self.out.write_char(']')
    }

    fn values<T>(
        &mut self,
        depth: usize,
        items: &[T],
        mut item: impl FnMut(&mut Self, &T) -> fmt::Result,
    ) -> fmt::Result {
        match items {
            [one] if self.scalars => item(self, one),
            items => self.array(depth, items, item),
        }
    }

    fn string(&mut self, text: &str) -> fmt::Result {
        self.out.write_char('"')?;
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.write_str(&text[from..at])?;
            match byte {
                b'"' => self.out.write_str("\\\"")?,
                b'\\' => self.out.write_str("\\\\")?,
                control => write!(self.out, "\\u{control:04x}")?,
            }
            from = at + 1;
        }
        self.out.write_str(&text[from..])?;
        self.out.write_char('"')
    }
}
