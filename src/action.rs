//! Actions as types: the methods of every enum of actions, and the traits that decide which grants compile.
//!
//! Nothing here knows a service. The macros write the methods and trait implementations that Rust needs at each
//! generated enum. These only call the functions here.

use cam_policy::catalog::{
    self, AccessLevel, Category, Granularity, Link, Note, Pattern, Restriction, Surface, Text,
};
use cam_policy::policy::CatalogAction;

pub(crate) use crate::enums::{OfService, widened};

use crate::enums::{OtherEnumError, numbered};

/// An enum of actions of the compiled catalog: the enum of a pattern set, that of a service, or that of all services.
///
/// Its methods read the facts of an action. In `const` context, call them on the return value of `facts()`, which needs no
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
    note = "`allow` and `deny` take resources first, then actions: is the order swapped? `allow_everywhere` and \
            `deny_everywhere` take no resource",
    note = "name an action by the constant of its service, such as `trtc::Action::RemoveUser`",
    note = "read a text with `\"trtc:RemoveUser\".parse::<Action>()?`"
)]
pub trait ActionEnum: CatalogAction {
    /// The enum itself. Later bounds go through it, so that one mistake yields one message and not one for each bound.
    #[doc(hidden)]
    type Itself: ActionEnum;

    /// The enum over all actions of the service. For the enum over all services it is that enum itself.
    type Whole: ActionEnum;

    /// Returns every action of the enum, sorted by service and name.
    fn all() -> impl Iterator<Item = Self>;

    /// Returns the value of this enum for an action, or `None` if another enum lists the action.
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

    /// Converts the action to a value of a smaller enum.
    ///
    /// # Errors
    ///
    /// [`OtherEnumError`] names the enum that lists the action.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::catalog::Granularity;
    /// use tencent_cam::{Action, ActionEnum, PolicyBuilder, Uin, trtc};
    ///
    /// // Names from a configuration: what can be limited to an application is, and only operation-level actions are granted
    /// // everywhere.
    /// let app = trtc::Application::id(Uin::new(12345678)?, 1400000001)?;
    /// let mut policy = PolicyBuilder::new();
    /// for name in ["trtc:RemoveUser", "trtc:GetUserList"] {
    ///     let action: Action = name.parse()?;
    ///     policy = match action.narrow::<trtc::ApplicationAction>() {
    ///         Ok(limited) => policy.allow(&app, limited),
    ///         Err(_) if action.granularity() == Granularity::Operation => policy.allow_everywhere(action),
    ///         Err(error) => return Err(error.into()),
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

    /// Returns the path of the enum that lists the action, as Rust code writes it: `trtc::ApplicationAction`.
    fn enum_path(self) -> &'static str;

    /// The path of this enum, as Rust code writes it.
    #[doc(hidden)]
    const PATH: &'static str;

    /// Seals the trait: only this crate can name the type that this returns.
    #[doc(hidden)]
    fn seal() -> sealed::Seal;

    /// Returns the name of the API, exactly as CAM spells it.
    fn name(self) -> &'static str {
        self.action().name()
    }

    /// Returns the action as policies write it: service, colon, name.
    fn as_str(self) -> &'static str {
        self.action().as_str()
    }

    /// Returns the granularity.
    fn granularity(self) -> Granularity {
        self.action().granularity()
    }

    /// Returns the patterns that the action can be limited to. The list is empty unless the action is resource-level.
    fn patterns(self) -> &'static [&'static Pattern<'static>] {
        self.action().patterns()
    }

    /// Returns what the source prints in the place of a pattern and no policy can name. While there is such a text, it is not
    /// known which other resources the action can be limited to.
    fn printed_patterns(self) -> &'static [&'static str] {
        self.action().printed_patterns()
    }

    /// Returns the day, `YYYY-MM-DD`, on which the project found that the source no longer lists the action; `None` if the
    /// source lists it.
    fn removed(self) -> Option<&'static str> {
        self.action().removed()
    }

    /// Returns the action that replaces this removed one; `None` if it is not removed or no replacement is known.
    fn replaced_by(self) -> Option<Self::Whole> {
        Self::Whole::from_action(self.action().replaced_by()?)
    }

    /// Returns whether the action reads, writes or lists resources of its service; `None` if unknown.
    ///
    /// The documentation of TRTC states no access level for any action. The documentation of CCC states one for each action
    /// on its permission page.
    fn access_level(self) -> Option<AccessLevel> {
        self.action().access_level()
    }

    /// Returns whether the action is a server API or a console API; `None` if unknown.
    fn surface(self) -> Option<Surface> {
        self.action().surface()
    }

    /// Returns the category of a server API; `None` if the source states none.
    fn category(self) -> Option<&'static Category<'static>> {
        self.action().category()
    }

    /// Returns the console pages that call the action, as far as the source states them.
    fn console_pages(self) -> &'static [&'static Link<'static>] {
        self.action().console_pages()
    }

    /// Returns the address of the action's documentation; `None` if unknown.
    fn doc_url(self) -> Option<&'static str> {
        self.action().doc_url()
    }

    /// Returns whether CAM applies a condition on the caller's IP address to the action; `None` if unknown.
    fn ip_condition(self) -> Option<bool> {
        self.action().ip_condition()
    }

    /// Returns the condition keys that the source lists for the action. The list is empty if it lists none.
    fn condition_keys(self) -> &'static [&'static str] {
        self.action().condition_keys()
    }

    /// Returns `Some(false)` if the public SDK has no API of this name; `None` if it has one, or that is unknown.
    fn in_sdk(self) -> Option<bool> {
        self.action().in_sdk()
    }

    /// Returns whether the response of the API contains a secret, a signature or a temporary key; `None` if unknown.
    fn exposes_credentials(self) -> Option<bool> {
        self.action().exposes_credentials()
    }

    /// Returns why the action is not resource-level; `None` if it is, or if the source states no reason.
    fn restriction(self) -> Option<&'static Restriction<'static>> {
        self.action().restriction()
    }

    /// Returns the action that the documentation recommends instead; `None` if it recommends none.
    fn alternative(self) -> Option<Self::Whole> {
        Self::Whole::from_action(self.action().alternative()?)
    }

    /// Returns further documentation that the source links to.
    fn references(self) -> &'static [&'static Link<'static>] {
        self.action().references()
    }

    /// Returns a description of the action; `None` if the catalog has none.
    fn description(self) -> Option<Text<'static>> {
        self.action().description()
    }

    /// Returns the notes on the facts of the action, such as contradictions in the source.
    fn notes(self) -> &'static [Note<'static>] {
        self.action().notes()
    }
}

/// An enum whose actions all have the same granularity.
///
/// The enums over a service and over all services do not implement it, because their values may have any granularity.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may hold an operation-level action: its granularity is not known here",
    label = "could be operation-level, could be resource-level",
    note = "a tuple joins actions of any granularity; to limit actions to a resource, write those of one enum as an array: \
            `[trtc::Action::RemoveUser]`",
    note = "to limit an action that is known only at run time, take the enum of its patterns out of it: \
            `action.narrow::<trtc::ApplicationAction>()?`",
    note = "to grant it on every resource, which is right at any level, call `.allow_everywhere(..)` or \
            `.deny_everywhere(..)`"
)]
pub trait KnownGranularity {
    /// The enum itself. Later bounds go through it, so that one mistake yields one message and not one for each bound.
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

/// An enum of actions that a condition on the caller's IP address may limit.
///
/// An enum does not implement it if the documentation says of every action that such a condition has no effect. Where the
/// documentation says nothing about it, as for all of TRTC, the condition is allowed: unknown is not *no*.
#[diagnostic::on_unimplemented(
    message = "the actions of `{Self}` do not heed a condition on the caller's address",
    label = "actions whose documentation says that an IP condition has no effect",
    note = "leave the condition away, or limit the actions in another way"
)]
pub trait HeedsIp {}

/// An enum of resource-level actions, which a grant can limit to resources.
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

/// Implemented by an enum whose actions can be limited to resources of type `R`.
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
    note = "`allow` and `deny` take resources first, then actions: is the order swapped? `allow_everywhere` and \
            `deny_everywhere` take no resource",
    note = "name an action by the constant of its service, such as `trtc::Action::RemoveUser`",
    note = "read a text with `\"trtc:RemoveUser\".parse::<Action>()?`"
)]
pub trait IntoAction: CatalogAction {
    /// The enum of the action.
    type Action: ActionEnum;
}

#[diagnostic::do_not_recommend]
impl<A: ActionEnum> IntoAction for &A {
    type Action = A::Itself;
}

pub(crate) mod sealed {
    #[derive(Debug)]
    pub struct Seal;
}

#[diagnostic::do_not_recommend]
impl<A: OfService> ActionEnum for A {
    type Itself = A::Itself;
    type Whole = A::Whole;

    const PATH: &'static str = A::ENUM.path;

    fn seal() -> sealed::Seal {
        sealed::Seal
    }

    fn all() -> impl Iterator<Item = Self> {
        A::ENUM.all.iter().copied()
    }

    fn from_action(action: catalog::Action<'static>) -> Option<Self> {
        let number = if core::ptr::eq(action.service(), A::ENUM.service) {
            action.number()
        } else {
            let service = Some(A::ENUM.service).filter(|service| service.id == action.service().id)?;
            service.action(action.name())?.number()
        };
        numbered(number)
    }

    fn enum_path(self) -> &'static str {
        OfService::enum_path(self)
    }
}

/// The methods and traits that Rust needs at each enum of actions. `$parse` reads a text.
macro_rules! texts {
    ($name:ident, $parse:path) => {
        // The derive would add a function that rustc checks for each enum.
        impl Eq for $name {}

        impl cam_policy::policy::CatalogAction for $name {
            #[inline]
            fn action(self) -> cam_policy::catalog::Action<'static> {
                self.facts()
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::action::IntoAction for $name {
            type Action = Self;
        }

        impl core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.facts().as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.facts().as_str()
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::parse::ParseActionError;

            /// Reads `service:Name`, with or without the prefix `name/`.
            #[inline]
            fn from_str(text: &str) -> Result<Self, crate::parse::ParseActionError> {
                $parse(text)
            }
        }

        #[cfg(feature = "serde")]
        crate::serde::as_text!($name);
    };
}
pub(crate) use texts;

/// The methods and traits that Rust needs at the enum of a pattern set.
macro_rules! of_service {
    ($name:ident, $path:literal) => {
        crate::action::texts!($name, crate::parse::in_service);

        impl crate::action::OfService for $name {
            type Itself = Self;
            type Whole = Action;

            const ENUM: crate::enums::Enum<Self> =
                crate::enums::Enum { path: $path, all: Self::ALL, service: &SERVICE };
        }

        impl core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.facts().name())
            }
        }
    };
}
#[allow(unused_imports, reason = "a build may leave out every service")]
pub(crate) use of_service;

/// The methods and traits that Rust needs at the enum over a service.
macro_rules! whole_service {
    ($name:ident, $path:literal, [$first:expr; $count:literal], [$($variant:ident($set:ident)),+]) => {
        crate::action::texts!($name, crate::parse::in_service);

        impl $name {
            /// The service of every action of this enum.
            pub const SERVICE: &'static cam_policy::catalog::Service<'static> = &SERVICE;
        }

        impl crate::action::OfService for $name {
            type Itself = Self;
            type Whole = Self;

            const ENUM: crate::enums::Enum<Self> =
                crate::enums::Enum { path: $path, all: Self::ALL, service: &SERVICE };

            #[inline]
            fn enum_path(self) -> &'static str {
                self.enum_path()
            }
        }

        impl crate::action::HeedsIp for $name {}

        impl core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.facts().name())
            }
        }

        impl Ord for $name {
            /// Orders actions by name.
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
                    all[$set::ALL[at].facts().number() as usize] = $name::$variant($set::ALL[at]);
                    at += 1;
                }
            })+
            all
        };
    };
}
#[allow(unused_imports, reason = "a build may leave out every service")]
pub(crate) use whole_service;
