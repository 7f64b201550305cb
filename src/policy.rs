//! Policies made of typed grants, and their JSON.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use crate::action::{ActionList, AppliesTo, DocumentedGranularity, KnownGranularity, ResourceLevel};
use crate::resource::{ResourceError, ResourceList};
use crate::services::Action;

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
    statements: Vec<Statement>,
}

impl Policy {
    /// The version of the policy language.
    pub const VERSION: &'static str = "2.0";

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
        PolicyBuilder { statements: Vec::new(), problems: Vec::new() }
    }

    /// The statements, in the order they were added; never none.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = Json { pretty: f.alternate(), out: f };
        json.object(0, |json| {
            json.key(1, "version", true)?;
            json.string(Self::VERSION)?;
            json.key(1, "statement", false)?;
            json.array(1, &self.statements, |json, statement| statement.json(json))
        })
    }
}

/// One statement: an effect on some actions, on some resources or on every resource.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Effect, Policy, trtc};
///
/// let policy = Policy::builder().deny_everywhere(trtc::ApplicationAction::RemoveUser).build().unwrap();
/// let [statement] = policy.statements() else { panic!("one statement") };
/// assert_eq!(statement.effect(), Effect::Deny);
/// assert_eq!(statement.actions()[0].as_str(), "trtc:RemoveUser");
/// assert_eq!(&*statement.resources()[0], "*");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    effect: Effect,
    actions: Vec<Action>,
    resources: Vec<Box<str>>,
}

impl Statement {
    /// Allow or deny.
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// The actions; never none.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The resources as the policy names them; `*` alone for every resource; never none.
    pub fn resources(&self) -> &[Box<str>] {
        &self.resources
    }

    fn json(&self, json: &mut Json<'_, '_>) -> fmt::Result {
        json.object(2, |json| {
            json.key(3, "effect", true)?;
            json.string(self.effect.as_str())?;
            json.key(3, "action", false)?;
            json.array(3, &self.actions, |json, action| json.string(action.as_str()))?;
            json.key(3, "resource", false)?;
            json.array(3, &self.resources, |json, resource| json.string(resource))
        })
    }
}

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
        self.limited(Effect::Allow, resources, actions)
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
        self.limited(Effect::Deny, resources, actions)
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
        self.push(Effect::Allow, actions.into_actions(), Vec::from(["*".into()]))
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
        self.push(Effect::Deny, actions.into_actions(), Vec::from(["*".into()]))
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
        let Self { statements, mut problems } = self;
        if statements.is_empty() {
            problems.push(Problem::NoStatement);
        }
        if problems.is_empty() { Ok(Policy { statements }) } else { Err(BuildError { problems }) }
    }

    fn limited<R: ResourceList, A: ActionList>(mut self, effect: Effect, resources: R, actions: A) -> Self {
        let statement = self.statements.len();
        let mut names = Vec::new();
        let mut failed = false;
        for name in resources.into_names() {
            match name {
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
        self.push(effect, actions.into_actions(), names)
    }

    fn push(mut self, effect: Effect, actions: Vec<Action>, resources: Vec<Box<str>>) -> Self {
        if actions.is_empty() {
            self.problems.push(Problem::NoAction { statement: self.statements.len() });
        }
        self.statements.push(Statement { effect, actions, resources });
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
    /// A resource could not be made.
    Resource {
        /// The statement.
        statement: usize,
        /// Why.
        error: ResourceError,
    },
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
            Self::Resource { statement, error } => write!(f, "statement {statement}: {error}"),
        }
    }
}

/// Writes JSON, in one line or with each value on its own.
struct Json<'a, 'f> {
    pretty: bool,
    out: &'a mut fmt::Formatter<'f>,
}

impl Json<'_, '_> {
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

    fn string(&mut self, text: &str) -> fmt::Result {
        self.out.write_char('"')?;
        for letter in text.chars() {
            match letter {
                '"' => self.out.write_str("\\\"")?,
                '\\' => self.out.write_str("\\\\")?,
                control if control < ' ' => write!(self.out, "\\u{:04x}", u32::from(control))?,
                other => self.out.write_char(other)?,
            }
        }
        self.out.write_char('"')
    }
}
