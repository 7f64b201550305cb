//! Actions as types: what every enum of actions offers, and the rules that decide what can be granted on what.
//!
//! Nothing here knows a service. The macros give the generated enums what Rust wants to see at each type; all they do
//! is to call the functions here.

use core::fmt;

use cam_policy::catalog::{
    self, AccessLevel, Category, Granularity, Link, Note, Pattern, Restriction, Surface, Text,
};
use cam_policy::policy::CatalogAction;

/// An enum of actions of the compiled catalog: the enum of a pattern set, that of a service, or that of all services.
///
/// Its methods read the facts of an action. In `const` context, call them on what `facts()` returns, which needs no
/// import either: `trtc::Action::GetUserList.facts().alternative()`.
///
/// ```
/// # #[cfg(feature = "ccc")] {
/// use tencent_cam::catalog::AccessLevel;
/// use tencent_cam::{ActionEnum, PolicyBuilder, ccc};
///
/// let reads: Vec<_> = ccc::OperationAction::all()
///     .filter(|action| action.access_level() == Some(AccessLevel::Read))
///     .collect();
/// let policy = PolicyBuilder::new().allow_everywhere(reads).build().unwrap();
/// # }
/// ```
///
/// Sealed: the enums come from the catalog.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action of the catalog",
    label = "not an action",
    note = "name an action by the constant of its service, such as `trtc::Action::RemoveUser`",
    note = "`allow` and `deny` take resources first, then actions"
)]
pub trait ActionEnum: CatalogAction {
    /// The enum itself: through it one mistake yields one message, not one for each bound that it breaks.
    #[doc(hidden)]
    type Itself: ActionEnum;

    /// The enum over all actions of its service; the enum over all services is its own.
    type Whole: ActionEnum;

    /// Every action of the enum, by service and name.
    fn all() -> impl Iterator<Item = Self>;

    /// The value of this enum that stands for an action; `None`: the action is of another enum.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{ActionEnum, CATALOG, trtc};
    ///
    /// let found = CATALOG.action("trtc:RemoveUser").unwrap();
    /// assert_eq!(trtc::ApplicationAction::from_action(found), Some(trtc::Action::RemoveUser));
    /// assert_eq!(trtc::OperationAction::from_action(found), None);
    /// # }
    /// ```
    fn from_action(action: catalog::Action<'static>) -> Option<Self>;

    /// The same action as a value of a smaller enum.
    ///
    /// # Errors
    ///
    /// [`OtherEnumError`] names the enum that lists the action.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Action, ActionEnum, PolicyBuilder, Uin, trtc};
    ///
    /// // Names from a configuration: limited to an application where that is possible, else granted everywhere.
    /// let app = trtc::Application::id(Uin::new(12345678)?, 1400000001)?;
    /// let mut policy = PolicyBuilder::new();
    /// for name in ["trtc:RemoveUser", "trtc:GetUserList"] {
    ///     let action: Action = name.parse()?;
    ///     policy = match action.narrow::<trtc::ApplicationAction>() {
    ///         Ok(limited) => policy.allow(&app, limited),
    ///         Err(_) => policy.allow_everywhere(action),
    ///     };
    /// }
    /// assert_eq!(policy.build()?.statements().len(), 2);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn narrow<A: ActionEnum>(self) -> Result<A, OtherEnumError> {
        A::from_action(self.action()).ok_or_else(|| OtherEnumError {
            action: self.action(),
            listed: self.enum_path(),
            wanted: A::PATH,
        })
    }

    /// The enum of the pattern set that lists it, as Rust code names it: `trtc::ApplicationAction`.
    fn enum_path(self) -> &'static str;

    /// This enum, as Rust code names it.
    #[doc(hidden)]
    const PATH: &'static str;

    /// Only this crate can name the type, so only it implements the trait.
    #[doc(hidden)]
    fn seal() -> sealed::Seal;

    /// The patterns that it can be limited to; none unless it is resource-level.
    fn patterns(self) -> &'static [&'static Pattern<'static>] {
        self.action().patterns()
    }

    /// Day on which its source was found not to list it any more, `YYYY-MM-DD`; `None`: it is listed.
    fn removed(self) -> Option<&'static str> {
        self.action().removed()
    }

    /// The action that takes its place, where it is removed and such an action is known.
    fn replaced_by(self) -> Option<Self::Whole> {
        Self::Whole::from_action(self.action().replaced_by()?)
    }

    /// What it does to the resources of its service; `None`: unknown.
    ///
    /// The documentation of TRTC states no access level for any of its actions, that of CCC one for each action which its
    /// permission page lists.
    fn access_level(self) -> Option<AccessLevel> {
        self.action().access_level()
    }

    /// Whether it is a server or a console API; `None`: unknown.
    fn surface(self) -> Option<Surface> {
        self.action().surface()
    }

    /// The category of a server API; `None`: none is stated.
    fn category(self) -> Option<&'static Category<'static>> {
        self.action().category()
    }

    /// The console pages that call it, as far as stated.
    fn console_pages(self) -> &'static [&'static Link<'static>] {
        self.action().console_pages()
    }

    /// Address of its documentation; `None`: not known.
    fn doc_url(self) -> Option<&'static str> {
        self.action().doc_url()
    }

    /// Whether it honours a condition on the caller's address; `None`: unknown.
    fn ip_condition(self) -> Option<bool> {
        self.action().ip_condition()
    }

    /// Whether the call hands out a secret, a signature or a temporary key; `None`: unknown.
    fn exposes_credentials(self) -> Option<bool> {
        self.action().exposes_credentials()
    }

    /// Why it is not resource-level; `None`: it is, or no reason is stated.
    fn restriction(self) -> Option<&'static Restriction<'static>> {
        self.action().restriction()
    }

    /// The action that its documentation recommends instead; `None`: it recommends none.
    fn alternative(self) -> Option<Self::Whole> {
        Self::Whole::from_action(self.action().alternative()?)
    }

    /// Further documentation that its source points to.
    fn references(self) -> &'static [&'static Link<'static>] {
        self.action().references()
    }

    /// What it does; `None`: nobody has written that.
    fn description(self) -> Option<Text<'static>> {
        self.action().description()
    }

    /// What a reader must know about the facts stated of it.
    fn notes(self) -> &'static [Note<'static>] {
        self.action().notes()
    }
}

/// An enum whose actions are all of one granularity.
///
/// Not implemented by the enums over a service and over all services, whose values may be of any.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may hold an operation-level action: its granularity is not known here",
    label = "could be operation-level, could be resource-level",
    note = "to limit it to a resource, take the enum of its patterns out of it: \
            `action.narrow::<trtc::ApplicationAction>()?`",
    note = "to grant it on every resource, which is right at any level, call `.allow_everywhere(..)` or \
            `.deny_everywhere(..)`"
)]
pub trait KnownGranularity {
    /// The enum itself: through it one mistake yields one message, not one for each bound that it breaks.
    type Known;
}

/// An enum of actions whose granularity is documented.
#[diagnostic::on_unimplemented(
    message = "the granularity of `{Self}` is not documented: whether it can be limited to a resource is not known",
    label = "action of undocumented granularity",
    note = "should it be operation-level, CAM would never match a named resource, and the statement would do nothing",
    note = "grant it on every resource, which is right at any level: `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait DocumentedGranularity {
    /// The enum itself, as in [`KnownGranularity::Known`].
    type Documented;
}

/// An enum of actions that a condition on the caller's address may be put on.
///
/// Not implemented by an enum of which every action is documented not to heed such a condition. Where the
/// documentation says nothing about it, as for all of TRTC, the condition is allowed: unknown is not *no*.
#[diagnostic::on_unimplemented(
    message = "the actions of `{Self}` do not heed a condition on the caller's address",
    label = "actions whose documentation says that an IP condition has no effect",
    note = "leave the condition away, or limit the actions in another way"
)]
pub trait HeedsIp {}

/// An enum of resource-level actions: they can be limited to resources.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is operation-level: it cannot be limited to a resource",
    label = "operation-level action",
    note = "CAM receives `*` for it, which a named resource never matches: the statement would do nothing",
    note = "grant it on every resource, in a statement of its own: `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait ResourceLevel {
    /// The enum itself, as in [`KnownGranularity::Known`].
    type Limited;
}

/// Says that the actions of an enum can be limited to resources of type `R`.
#[diagnostic::on_unimplemented(
    message = "`{R}` is not a resource of `{Self}`",
    label = "resource-level action of another resource",
    note = "its documentation lists other patterns, see `PATTERNS` of the enum; that CAM would match this one is not \
            documented",
    note = "name a resource of a type this trait is implemented for, or grant it on every resource: \
            `.allow_everywhere([..])` or `.deny_everywhere([..])`"
)]
pub trait AppliesTo<R> {}

/// An action, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action of the catalog",
    label = "not an action",
    note = "name an action by the constant of its service, such as `trtc::Action::RemoveUser`",
    note = "`allow` and `deny` take resources first, then actions"
)]
pub trait IntoAction: Copy {
    /// The enum of the action.
    type Action: ActionEnum;

    /// The action, as a handle.
    fn into_facts(self) -> catalog::Action<'static>;
}

#[diagnostic::do_not_recommend]
impl<A: ActionEnum> IntoAction for &A {
    type Action = A::Itself;

    fn into_facts(self) -> catalog::Action<'static> {
        self.action()
    }
}

pub(crate) mod sealed {
    #[derive(Debug)]
    pub struct Seal;
}

/// Says that an action is not one of the enum asked for.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Action, ActionEnum, trtc};
///
/// let action: Action = "trtc:GetUserList".parse()?;
/// assert_eq!(
///     action.narrow::<trtc::ApplicationAction>().unwrap_err().to_string(),
///     "`trtc:GetUserList` is operation-level, of `trtc::OperationAction`, not of `trtc::ApplicationAction`"
/// );
/// # }
/// # Ok::<(), tencent_cam::ParseActionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OtherEnumError {
    pub(crate) action: catalog::Action<'static>,
    pub(crate) listed: &'static str,
    pub(crate) wanted: &'static str,
}

impl OtherEnumError {
    /// The action.
    pub const fn action(self) -> catalog::Action<'static> {
        self.action
    }
}

impl fmt::Display for OtherEnumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, listed, wanted } = self;
        match action.granularity() {
            Granularity::Undocumented => write!(f, "`{action}` is of undocumented granularity")?,
            granularity => write!(f, "`{action}` is {granularity}-level")?,
        }
        write!(f, ", of `{listed}`, not of `{wanted}`")
    }
}

impl fmt::Debug for OtherEnumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherEnumError({self})")
    }
}

impl core::error::Error for OtherEnumError {}

/// An enum of actions of one service, as the code generator knows it.
#[doc(hidden)]
pub trait OfService: CatalogAction {
    /// The enum itself, as in [`ActionEnum::Itself`].
    type Itself: OfService;

    /// The enum over the whole service.
    type Whole: OfService;

    /// The enum itself, as Rust code names it.
    const PATH: &'static str;

    /// Every action, sorted by name.
    const ALL: &'static [Self];

    /// The service.
    const SERVICE: &'static catalog::Service<'static>;

    /// The enum of the pattern set that lists it.
    fn enum_path(self) -> &'static str {
        Self::PATH
    }
}

#[diagnostic::do_not_recommend]
impl<A: OfService> ActionEnum for A {
    type Itself = A::Itself;
    type Whole = A::Whole;

    const PATH: &'static str = <A as OfService>::PATH;

    fn seal() -> sealed::Seal {
        sealed::Seal
    }

    fn all() -> impl Iterator<Item = Self> {
        A::ALL.iter().copied()
    }

    fn from_action(action: catalog::Action<'static>) -> Option<Self> {
        let number = if core::ptr::eq(action.service(), A::SERVICE) {
            action.number()
        } else {
            let service = Some(A::SERVICE).filter(|service| service.id == action.service().id)?;
            service.action(action.name())?.number()
        };
        numbered(number)
    }

    fn enum_path(self) -> &'static str {
        OfService::enum_path(self)
    }
}

/// The action of this number in its service; `None`: it is of another enum.
pub(crate) fn numbered<A: OfService>(number: u16) -> Option<A> {
    let place = if A::ALL.len() == A::SERVICE.actions.len() {
        usize::from(number)
    } else {
        A::ALL.binary_search_by_key(&number, |action| action.action().number()).ok()?
    };
    A::ALL.get(place).copied()
}

/// The value that stands for the action in the enum over its service.
pub(crate) fn widened<A: OfService>(action: A) -> A::Whole {
    <A::Whole as OfService>::ALL[usize::from(action.action().number())]
}

/// What Rust wants to see at each enum of actions: `$parse` reads a text.
macro_rules! texts {
    ($name:ident, $parse:path) => {
        impl $name {
            /// Name of the API, exactly as CAM spells it.
            #[inline]
            pub const fn name(self) -> &'static str {
                self.facts().name()
            }

            /// The action as policies write it: service, colon, name.
            #[inline]
            pub const fn as_str(self) -> &'static str {
                self.facts().as_str()
            }

            /// The granularity.
            #[inline]
            pub const fn granularity(self) -> crate::catalog::Granularity {
                self.facts().granularity()
            }
        }

        impl cam_policy::policy::CatalogAction for $name {
            #[inline]
            fn action(self) -> crate::catalog::Action<'static> {
                self.facts()
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::action::IntoAction for $name {
            type Action = Self;

            #[inline]
            fn into_facts(self) -> crate::catalog::Action<'static> {
                self.facts()
            }
        }

        impl core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::ParseActionError;

            /// Reads `service:Name`, with or without the prefix `name/`.
            #[inline]
            fn from_str(text: &str) -> Result<Self, crate::ParseActionError> {
                $parse(text)
            }
        }

        #[cfg(feature = "serde")]
        crate::serde::as_text!($name);
    };
}
pub(crate) use texts;

/// What Rust wants to see at the enum of a pattern set.
#[allow(unused_macros, reason = "a build may leave out every service")]
macro_rules! of_service {
    ($name:ident, $path:literal) => {
        crate::action::texts!($name, crate::parse::in_service);

        impl crate::action::OfService for $name {
            type Itself = Self;
            type Whole = Action;

            const PATH: &'static str = $path;
            const ALL: &'static [Self] = Self::ALL;
            const SERVICE: &'static crate::catalog::Service<'static> = &SERVICE;
        }

        impl core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
#[allow(unused_imports, reason = "a build may leave out every service")]
pub(crate) use of_service;

/// What Rust wants to see at the enum over a service.
#[allow(unused_macros, reason = "a build may leave out every service")]
macro_rules! whole_service {
    ($name:ident, $path:literal, [$first:expr; $count:literal], [$($variant:ident($set:ident)),+]) => {
        crate::action::texts!($name, crate::parse::in_service);

        impl $name {
            /// The service of every action of this enum.
            pub const SERVICE: &'static crate::catalog::Service<'static> = &SERVICE;

            /// Finds an action by its name without the service, such as `RemoveUser`. Allocates nothing.
            #[inline]
            pub fn lookup(name: &str) -> Option<Self> {
                crate::action::numbered(SERVICE.action(name)?.number())
            }
        }

        impl crate::action::OfService for $name {
            type Itself = Self;
            type Whole = Self;

            const PATH: &'static str = $path;
            const ALL: &'static [Self] = Self::ALL;
            const SERVICE: &'static crate::catalog::Service<'static> = &SERVICE;

            #[inline]
            fn enum_path(self) -> &'static str {
                self.enum_path()
            }
        }

        impl crate::action::HeedsIp for $name {}

        impl core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl Ord for $name {
            /// By name.
            #[inline]
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.facts().number().cmp(&other.facts().number())
            }
        }

        impl PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<A> From<A> for $name
        where
            A: crate::action::KnownGranularity + crate::action::OfService<Whole = Self>,
        {
            #[inline]
            fn from(action: A) -> Self {
                crate::action::widened(action)
            }
        }

        static ALL: [$name; $count] = {
            let mut all = [$first; $count];
            $({
                let mut at = 0;
                while at < $set::ALL.len() {
                    all[$set::ALL[at] as usize] = $name::$variant($set::ALL[at]);
                    at += 1;
                }
            })+
            all
        };
    };
}
#[allow(unused_imports, reason = "a build may leave out every service")]
pub(crate) use whole_service;
