//! Actions: the traits that decide what can be granted on what, and the methods the generated enums share.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::{self, Debug, Display};
use core::hash::Hash;
use core::str::FromStr;

use crate::facts::{Granularity, IpRestriction, Link, Note, Pattern, ServiceGranularity, Source, Text};
use crate::resource::sealed::Sealed;
use crate::services::shared::nearest;
use crate::services::{Action, Service};

/// An action of the catalog: a value of any of the generated enums.
///
/// Sealed: the enums come from the catalog.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action of the catalog",
    label = "not an action",
    note = "name actions with the enums of their service, such as `trtc::ApplicationAction::RemoveUser`"
)]
pub trait CatalogAction: Copy + Debug + Display + Hash + Ord + Into<Action> + Sealed + 'static {
    /// The enum itself: through it one mistake yields one message, not one for each bound that it breaks.
    type Itself: CatalogAction;
}

/// An enum whose actions are all of one granularity.
///
/// Not implemented by the enums over a whole service and over all services, whose values may be either.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may hold an operation-level action: its granularity is not known here",
    label = "could be operation-level, could be resource-level",
    note = "to limit it to a resource, take the enum of its patterns out of it: \
            `trtc::ApplicationAction::try_from(action)?`",
    note = "to grant it on every resource, which is right at either level, call `.allow_everywhere(..)` or \
            `.deny_everywhere(..)`"
)]
pub trait KnownGranularity: CatalogAction {
    /// The enum itself, as in [`CatalogAction::Itself`].
    type Known: CatalogAction;

    /// The granularity of every action of the enum.
    const GRANULARITY: Granularity;
}

/// An enum of actions whose granularity is documented.
#[diagnostic::on_unimplemented(
    message = "the granularity of `{Self}` is not documented: whether it can be limited to a resource is not known",
    label = "action of undocumented granularity",
    note = "should it be operation-level, CAM would never match a named resource, and the statement would do nothing",
    note = "grant it on every resource, which is right at any level: `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait DocumentedGranularity: CatalogAction {
    /// The enum itself, as in [`KnownGranularity::Known`].
    type Documented: CatalogAction;
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
pub trait HeedsIp: CatalogAction {}

/// An enum of resource-level actions: they can be limited to resources.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is operation-level: it cannot be limited to a resource",
    label = "operation-level action",
    note = "CAM is handed `*` for it, which a named resource never matches: the statement would do nothing",
    note = "grant it on every resource, in a statement of its own: `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait ResourceLevel: CatalogAction {
    /// The enum itself, as in [`CatalogAction::Itself`].
    type Limited: CatalogAction;
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
pub trait AppliesTo<R>: CatalogAction {}

/// One action or several of one enum: the action itself, an array, a slice, a `Vec`, or a reference to these.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{ActionList, Policy, trtc};
///
/// let readers: Vec<trtc::Action> =
///     trtc::Action::ALL.iter().copied().filter(|action| action.name().starts_with("Describe")).collect();
/// let policy = Policy::builder().allow_everywhere(&readers).build().unwrap();
///
/// // Actions of both granularities, or of several services, are listed by the enum over them all.
/// let mixed: [trtc::Action; 2] =
///     [trtc::ApplicationAction::RemoveUser.into(), trtc::OperationAction::GetUserList.into()];
/// let policy = Policy::builder().allow_everywhere(mixed).build().unwrap();
///
/// // In your own functions, name the enum.
/// fn count(actions: impl ActionList<Action = trtc::ApplicationAction>) -> usize {
///     actions.into_actions().len()
/// }
/// assert_eq!(count(trtc::ApplicationAction::ALL), 38);
/// # }
/// ```
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no action of the catalog",
    label = "not an action, nor an array, slice or `Vec` of actions",
    note = "a statement needs at least one action, be it resource-level or operation-level; name it with the enum \
            of its service: `[trtc::ApplicationAction::RemoveUser]`",
    note = "an array must not be empty, nor longer than 256; pass more as a slice or a `Vec`, and an iterator as \
            `.collect::<Vec<_>>()`",
    note = "`allow` and `deny` take resources first, then actions"
)]
pub trait ActionList: Sealed {
    /// The type of the actions.
    type Action: CatalogAction;

    /// The actions, in order.
    fn into_actions(self) -> Vec<Action>;
}

/// The lists, told by how each is iterated.
macro_rules! action_lists {
    ($([$($generics:tt)*] $list:ty $(where ($($bound:tt)*))?;)+) => {$(
        impl<T: Sealed, $($generics)*> Sealed for $list {}

        #[diagnostic::do_not_recommend]
        impl<T: CatalogAction, $($generics)*> ActionList for $list $(where $($bound)*)? {
            type Action = T::Itself;

            fn into_actions(self) -> Vec<Action> {
                self.iter().map(|action| (*action).into()).collect()
            }
        }
    )+};
}
action_lists! {
    [] Vec<T>;
    [] &Vec<T>;
    [] &[T];
    [const N: usize] [T; N] where (Length<N>: AtLeastOne);
    [const N: usize] &[T; N] where (Length<N>: AtLeastOne);
}

/// The length of an array.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Length<const N: usize>;

/// Implemented for the lengths an array of actions or resources can have in a statement: 1 to 256.
///
/// Lists whose length is known only at run time are checked when the policy is built.
#[doc(hidden)]
pub trait AtLeastOne {}

macro_rules! at_least_one {
    ($($high:literal)+) => { $(at_least_one!(@ $high: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);)+ };
    (@ $high:literal: $($low:literal)+) => { $(impl AtLeastOne for Length<{ $high * 16 + $low + 1 }> {})+ };
}
at_least_one!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);

/// Why a text is no action.
///
/// Names are compared exactly, upper and lower case too: whether CAM does so is not documented.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Action, trtc};
///
/// let error = "trtc:RemoveUsers".parse::<Action>().unwrap_err();
/// assert_eq!(error.nearest(), ["trtc:RemoveUser"]);
///
/// let error = "trtc:GetUserList".parse::<trtc::ApplicationAction>().unwrap_err();
/// assert!(error.to_string().contains("operation-level"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseActionError {
    input: Box<str>,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// Not `service:Name`.
    Form,
    /// No such service here.
    Service,
    /// No such action in the service.
    Name(Service),
    /// An action of another enum than the one asked for.
    Elsewhere(OtherEnumError),
}

impl ParseActionError {
    /// The text that was given.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Up to three actions that are spelt most like the text, the closest first, as `service:Name`.
    pub fn nearest(&self) -> Vec<&'static str> {
        let Problem::Name(service) = self.problem else { return Vec::new() };
        let name = split(&self.input).map_or("", |(_, name)| name);
        let found = nearest(name, service.actions().map(Action::name));
        found.into_iter().filter_map(|name| service.action(name)).map(Action::as_str).collect()
    }
}

impl Display for ParseActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input = &self.input;
        match self.problem {
            Problem::Form => {
                write!(f, "{input:?} is no action: write `service:Name`, such as `trtc:RemoveUser`")
            }
            Problem::Service => {
                write!(f, "the service of {input:?} is not in this build, which has")?;
                services_of_this_build(f)
            }
            Problem::Name(service) => {
                write!(f, "the catalog has no action {input:?}")?;
                let nearest = self.nearest();
                match nearest.as_slice() {
                    [] => write!(f, " of `{service}`"),
                    names => {
                        names.iter().enumerate().try_for_each(|(at, name)| {
                            write!(f, "{} `{name}`", if at == 0 { "; did you mean" } else { "," })
                        })?;
                        f.write_str("?")
                    }
                }
            }
            Problem::Elsewhere(error) => Display::fmt(&error, f),
        }
    }
}

impl core::error::Error for ParseActionError {}

/// Says that an action is not one of the enum asked for.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Action, Policy, Uin, trtc};
///
/// // Names from a configuration: limited to an application where that is possible, else granted everywhere.
/// let app = trtc::Application::id(Uin::new(12345678)?, 1400000001)?;
/// let mut policy = Policy::builder();
/// for name in ["trtc:RemoveUser", "trtc:GetUserList"] {
///     let action: Action = name.parse()?;
///     policy = match trtc::ApplicationAction::try_from(action) {
///         Ok(limited) => policy.allow(&app, limited),
///         Err(_) => policy.allow_everywhere(action),
///     };
/// }
/// assert_eq!(policy.build()?.statements().len(), 2);
///
/// let error = trtc::ApplicationAction::try_from(trtc::Action::lookup("GetUserList").unwrap()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`trtc:GetUserList` is operation-level, of `trtc::OperationAction`, not of `trtc::ApplicationAction`"
/// );
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherEnumError {
    action: Action,
    wanted: &'static str,
}

impl OtherEnumError {
    #[allow(dead_code, reason = "a build may have no service")]
    pub(crate) const fn new(action: Action, wanted: &'static str) -> Self {
        Self { action, wanted }
    }

    /// The action.
    pub const fn action(self) -> Action {
        self.action
    }
}

impl Display for OtherEnumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, wanted } = self;
        match action.granularity() {
            Granularity::Undocumented => write!(f, "`{action}` is of undocumented granularity")?,
            granularity => write!(f, "`{action}` is {granularity}-level")?,
        }
        write!(f, ", of `{}`, not of `{wanted}`", action.enum_path())
    }
}

impl core::error::Error for OtherEnumError {}

/// Service and name of an action as policies write it: `trtc:RemoveUser`, `name/trtc:RemoveUser`.
fn split(text: &str) -> Option<(&str, &str)> {
    let action = text.strip_prefix("name/").unwrap_or(text);
    // A service's name is short: a plain loop finds its end sooner than a search made for long texts.
    let colon = action.bytes().position(|byte| byte == b':')?;
    Some((&action[..colon], &action[colon + 1..]))
}

/// Finds the action a text names. Allocates nothing.
pub(crate) fn lookup(text: &str) -> Option<Action> {
    let (service, name) = split(text)?;
    Service::from_id(service)?.action(name)
}

/// Finds the action a text names, of the enum that `narrow` takes, and says why there is none.
pub(crate) fn parse<A>(
    text: &str,
    narrow: impl FnOnce(Action) -> Result<A, OtherEnumError>,
) -> Result<A, ParseActionError> {
    let problem = match lookup(text).map(narrow) {
        Some(Ok(action)) => return Ok(action),
        Some(Err(other)) => Problem::Elsewhere(other),
        None => match split(text).map(|(service, _)| Service::from_id(service)) {
            None => Problem::Form,
            Some(None) => Problem::Service,
            Some(Some(service)) => Problem::Name(service),
        },
    };
    Err(ParseActionError { input: text.into(), problem })
}

/// What every enum of actions offers, told through its `facts`.
macro_rules! accessors {
    () => {
        /// Name of the API, exactly as CAM spells it.
        pub const fn name(self) -> &'static str {
            self.facts().name
        }

        /// The action as policies write it: service, colon, name.
        pub const fn as_str(self) -> &'static str {
            self.facts().wire
        }

        /// Day on which its source was found not to list it any more, `YYYY-MM-DD`; `None`: it is listed.
        pub const fn removed(self) -> ::core::option::Option<&'static str> {
            self.facts().removed
        }

        /// What the action does to the service's resources; `None`: unknown.
        pub const fn access_level(self) -> ::core::option::Option<crate::AccessLevel> {
            self.facts().access_level
        }

        /// Whether it is a server or a console API; `None`: unknown.
        pub const fn surface(self) -> ::core::option::Option<crate::Surface> {
            self.facts().surface
        }

        /// The category its documentation puts it in, in the source's words; `None`: none stated.
        pub const fn category(self) -> ::core::option::Option<crate::Text> {
            self.facts().category
        }

        /// The console pages that call it, as far as stated.
        pub const fn console_pages(self) -> &'static [crate::Link] {
            self.facts().console_pages
        }

        /// Address of its documentation; `None`: not known.
        pub const fn doc_url(self) -> ::core::option::Option<&'static str> {
            self.facts().doc_url
        }

        /// Whether it honours a condition on the caller's IP address; `None`: unknown.
        pub const fn ip_condition(self) -> ::core::option::Option<bool> {
            self.facts().ip_condition
        }

        /// Why it cannot be limited to a resource; `None`: it can, or no reason is stated.
        pub const fn restriction(self) -> ::core::option::Option<crate::Restriction> {
            self.facts().restriction
        }

        /// Further documentation its source points to.
        pub const fn references(self) -> &'static [crate::Link] {
            self.facts().references
        }

        /// What it does.
        pub const fn description(self) -> crate::Text {
            self.facts().description
        }

        /// What a reader must know about the facts stated of it.
        pub const fn notes(self) -> &'static [crate::Note] {
            self.facts().notes
        }
    };
}
pub(crate) use accessors;

/// The traits every enum of actions has.
macro_rules! conversions {
    ($name:ident, $narrow:expr) => {
        #[diagnostic::do_not_recommend]
        impl crate::CatalogAction for $name {
            type Itself = Self;
        }

        #[diagnostic::do_not_recommend]
        impl crate::ActionList for $name {
            type Action = Self;

            fn into_actions(self) -> ::alloc::vec::Vec<crate::Action> {
                ::alloc::vec::Vec::from([self.into()])
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::ActionList for &$name {
            type Action = $name;

            fn into_actions(self) -> ::alloc::vec::Vec<crate::Action> {
                ::alloc::vec::Vec::from([(*self).into()])
            }
        }

        impl crate::resource::sealed::Sealed for &$name {}

        impl crate::resource::sealed::Sealed for $name {}

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = crate::ParseActionError;

            /// Reads `service:Name`, with or without the prefix `name/`.
            fn from_str(text: &str) -> ::core::result::Result<Self, crate::ParseActionError> {
                crate::action::parse(text, $narrow)
            }
        }

        impl ::core::convert::TryFrom<&str> for $name {
            type Error = crate::ParseActionError;

            /// Reads `service:Name`, with or without the prefix `name/`.
            fn try_from(text: &str) -> ::core::result::Result<Self, crate::ParseActionError> {
                crate::action::parse(text, $narrow)
            }
        }

        #[cfg(feature = "serde")]
        crate::serde::as_text!($name);
    };
}
pub(crate) use conversions;

/// Gives an enum of one pattern set its behaviour. Its discriminants number the service's actions.
macro_rules! pattern_set {
    ($module:ident::$name:ident as $service:ident::$variant:ident, $granularity:ident, [$($pattern:expr),*]) => {
        impl $name {
            /// The granularity of every action of this enum.
            pub const GRANULARITY: crate::Granularity = crate::Granularity::$granularity;

            /// The service of every action of this enum.
            pub const SERVICE: crate::Service = SERVICE;

            pub(crate) const PATH: &'static str =
                ::core::concat!(::core::stringify!($module), "::", ::core::stringify!($name));

            /// The patterns every action of this enum can be limited to; none at operation level.
            pub const PATTERNS: &'static [crate::Pattern] = &[$($pattern),*];

            pub(crate) const fn facts(self) -> &'static crate::facts::Facts {
                &FACTS[self as usize]
            }

            /// The granularity.
            pub const fn granularity(self) -> crate::Granularity {
                Self::GRANULARITY
            }

            /// The service.
            pub const fn service(self) -> crate::Service {
                SERVICE
            }

            /// The enum that lists it, as Rust code names it: `trtc::ApplicationAction`.
            pub const fn enum_path(self) -> &'static str {
                Self::PATH
            }

            /// The patterns it can be limited to; none at operation level.
            pub const fn patterns(self) -> &'static [crate::Pattern] {
                Self::PATTERNS
            }

            /// The action its documentation points to as a way round its restriction, if any.
            pub const fn alternative(self) -> ::core::option::Option<Action> {
                match self.facts().alternative {
                    ::core::option::Option::Some(number) => {
                        ::core::option::Option::Some(Action::ALL[number as usize])
                    }
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }

            /// The action that takes its place, where it is removed and such an action is known.
            pub const fn replaced_by(self) -> ::core::option::Option<Action> {
                match self.facts().replaced_by {
                    ::core::option::Option::Some(number) => {
                        ::core::option::Option::Some(Action::ALL[number as usize])
                    }
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }

            crate::action::accessors!();
        }

        crate::action::conversions!($name, <$name as ::core::convert::TryFrom<crate::Action>>::try_from);

        #[diagnostic::do_not_recommend]
        impl crate::KnownGranularity for $name {
            type Known = Self;

            const GRANULARITY: crate::Granularity = crate::Granularity::$granularity;
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ::core::convert::From<$name> for Action {
            fn from(action: $name) -> Self {
                Self::$variant(action)
            }
        }

        impl ::core::convert::From<$name> for crate::Action {
            fn from(action: $name) -> Self {
                Action::from(action).into()
            }
        }

        impl ::core::convert::TryFrom<crate::Action> for $name {
            type Error = crate::OtherEnumError;

            /// The action, if it is one of this enum.
            fn try_from(action: crate::Action) -> ::core::result::Result<Self, crate::OtherEnumError> {
                match action {
                    crate::Action::$service(Action::$variant(found)) => ::core::result::Result::Ok(found),
                    #[allow(unreachable_patterns, reason = "there may be one service with one enum only")]
                    _ => ::core::result::Result::Err(crate::OtherEnumError::new(action, Self::PATH)),
                }
            }
        }

        impl ::core::convert::TryFrom<Action> for $name {
            type Error = crate::OtherEnumError;

            /// The action, if it is one of this enum.
            fn try_from(action: Action) -> ::core::result::Result<Self, crate::OtherEnumError> {
                crate::Action::from(action).try_into()
            }
        }
    };
}
pub(crate) use pattern_set;

/// Defines the enum over all actions of a service.
macro_rules! service {
    (
        $(#[$meta:meta])*
        $module:ident as $service:ident { $($(#[$vmeta:meta])* $variant:ident($set:ident),)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$vmeta])* $variant($set),)*
        }

        impl Action {
            /// The service of every action of this enum.
            pub const SERVICE: crate::Service = SERVICE;

            /// Every action, sorted by name.
            pub const ALL: &'static [Self] = &ALL;

            /// Finds an action by its name without the service, such as `RemoveUser`. Allocates nothing.
            pub fn lookup(name: &str) -> ::core::option::Option<Self> {
                LOOKUP.find(name, &FACTS).map(|number| ALL[usize::from(number)])
            }

            const fn number(self) -> u16 {
                match self {
                    $(Self::$variant(action) => action as u16,)*
                }
            }

            pub(crate) const fn facts(self) -> &'static crate::facts::Facts {
                &FACTS[self.number() as usize]
            }

            /// The granularity.
            pub const fn granularity(self) -> crate::Granularity {
                match self {
                    $(Self::$variant(_) => $set::GRANULARITY,)*
                }
            }

            /// The service.
            pub const fn service(self) -> crate::Service {
                SERVICE
            }

            /// The enum that lists it, as Rust code names it: `trtc::ApplicationAction`.
            pub const fn enum_path(self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $set::PATH,)*
                }
            }

            /// The patterns it can be limited to; none at operation level.
            pub const fn patterns(self) -> &'static [crate::Pattern] {
                match self {
                    $(Self::$variant(_) => $set::PATTERNS,)*
                }
            }

            /// The action its documentation points to as a way round its restriction, if any.
            pub const fn alternative(self) -> ::core::option::Option<Self> {
                match self {
                    $(Self::$variant(action) => action.alternative(),)*
                }
            }

            crate::action::accessors!();
        }

        crate::action::conversions!(Action, <Action as ::core::convert::TryFrom<crate::Action>>::try_from);

        #[diagnostic::do_not_recommend]
        impl crate::HeedsIp for Action {}

        impl ::core::fmt::Debug for Action {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ::core::cmp::Ord for Action {
            /// By name.
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                self.number().cmp(&other.number())
            }
        }

        impl ::core::cmp::PartialOrd for Action {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(self.cmp(other))
            }
        }

        impl ::core::convert::From<Action> for crate::Action {
            fn from(action: Action) -> Self {
                Self::$service(action)
            }
        }

        impl ::core::convert::TryFrom<crate::Action> for Action {
            type Error = crate::OtherEnumError;

            /// The action, if it is one of this service.
            fn try_from(action: crate::Action) -> ::core::result::Result<Self, crate::OtherEnumError> {
                match action {
                    crate::Action::$service(found) => ::core::result::Result::Ok(found),
                    #[allow(unreachable_patterns, reason = "a build may have one service only")]
                    _ => ::core::result::Result::Err(crate::OtherEnumError::new(
                        action,
                        ::core::concat!(::core::stringify!($module), "::Action"),
                    )),
                }
            }
        }
    };
}
pub(crate) use service;

/// Defines the enums over all services.
macro_rules! services {
    ($(($($cfg:tt)*) $doc:literal $variant:ident($module:ident),)*) => {
        /// A service of the catalog that is part of this build.
        ///
        /// ```
        /// # #[cfg(feature = "trtc")] {
        /// use tencent_cam::{Service, ServiceGranularity};
        ///
        /// assert_eq!(Service::from_id("trtc"), Some(Service::Trtc));
        /// assert_eq!(Service::Trtc.granularity(), ServiceGranularity::Resource);
        /// assert_eq!(Service::Trtc.tag_authorization(), None, "unknown: the source does not say");
        /// # }
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Service {
            $(#[cfg($($cfg)*)] #[doc = $doc] $variant,)*
        }

        /// An action of any service that is part of this build.
        ///
        /// ```
        /// # #[cfg(feature = "trtc")] {
        /// use tencent_cam::{Action, Granularity, trtc};
        ///
        /// let action: Action = "name/trtc:RemoveUser".parse()?;
        /// assert_eq!(action, trtc::ApplicationAction::RemoveUser.into());
        /// assert_eq!(action.granularity(), Granularity::Resource);
        /// assert_eq!(action.as_str(), "trtc:RemoveUser");
        /// # }
        /// # Ok::<(), tencent_cam::ParseActionError>(())
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Action {
            $(#[cfg($($cfg)*)] #[doc = $doc] $variant($module::Action),)*
        }

        impl Service {
            /// Every service, sorted by its abbreviation.
            pub const ALL: &'static [Self] = &[$(#[cfg($($cfg)*)] Self::$variant,)*];

            /// The service with this abbreviation in CAM.
            pub fn from_id(id: &str) -> ::core::option::Option<Self> {
                let found = Self::ALL.binary_search_by(|service| service.id().cmp(id));
                ::core::option::Option::Some(Self::ALL[found.ok()?])
            }

            pub(crate) const fn facts(self) -> &'static crate::facts::ServiceFacts {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant => &$module::SERVICE_FACTS,)*
                }
            }

            /// Its actions, sorted by name.
            pub fn actions(self) -> impl ::core::iter::ExactSizeIterator<Item = Action> {
                let count = match self {
                    $(#[cfg($($cfg)*)] Self::$variant => $module::Action::ALL.len(),)*
                };
                (0..count).map(move |number| match self {
                    $(#[cfg($($cfg)*)] Self::$variant => Action::$variant($module::Action::ALL[number]),)*
                })
            }

            /// Its action of this name. Allocates nothing.
            pub fn action(self, name: &str) -> ::core::option::Option<Action> {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant => $module::Action::lookup(name).map(Action::$variant),)*
                }
            }
        }

        impl Action {
            /// Every action of every service, by service and name.
            ///
            /// ```
            /// use tencent_cam::{Action, Service};
            ///
            /// let counts = Service::ALL.iter().map(|service| service.actions().len());
            /// assert_eq!(Action::all().count(), counts.sum());
            /// ```
            pub fn all() -> impl ::core::iter::Iterator<Item = Self> {
                Service::ALL.iter().flat_map(|service| service.actions())
            }

            /// Finds the action that `service:Name` names, with or without the prefix `name/`.
            ///
            /// Allocates nothing. Where a reason is wanted for what is not found, use [`FromStr`].
            ///
            /// [`FromStr`]: core::str::FromStr
            pub fn lookup(text: &str) -> ::core::option::Option<Self> {
                crate::action::lookup(text)
            }

            pub(crate) const fn facts(self) -> &'static crate::facts::Facts {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(action) => action.facts(),)*
                }
            }

            /// The granularity.
            pub const fn granularity(self) -> crate::Granularity {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(action) => action.granularity(),)*
                }
            }

            /// The service.
            pub const fn service(self) -> Service {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(_) => Service::$variant,)*
                }
            }

            /// The enum that lists it, as Rust code names it: `trtc::ApplicationAction`.
            pub const fn enum_path(self) -> &'static str {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(action) => action.enum_path(),)*
                }
            }

            /// The patterns it can be limited to; none at operation level.
            pub const fn patterns(self) -> &'static [crate::Pattern] {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(action) => action.patterns(),)*
                }
            }

            /// The action its documentation points to as a way round its restriction, if any.
            pub const fn alternative(self) -> ::core::option::Option<Self> {
                match self {
                    $(#[cfg($($cfg)*)] Self::$variant(action) => match action.alternative() {
                        ::core::option::Option::Some(found) => {
                            ::core::option::Option::Some(Self::$variant(found))
                        }
                        ::core::option::Option::None => ::core::option::Option::None,
                    },)*
                }
            }

            crate::action::accessors!();
        }

        crate::action::conversions!(Action, ::core::result::Result::Ok);

        #[diagnostic::do_not_recommend]
        impl crate::HeedsIp for Action {}
    };
}
pub(crate) use services;

impl FromStr for Service {
    type Err = ParseServiceError;

    /// Reads an abbreviation in CAM.
    fn from_str(id: &str) -> Result<Self, ParseServiceError> {
        Self::from_id(id).ok_or_else(|| ParseServiceError(id.into()))
    }
}

/// Says that a text is no service of this build.
///
/// ```
/// let error = "cvm".parse::<tencent_cam::Service>().unwrap_err();
/// assert!(error.to_string().contains("\"cvm\""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseServiceError(Box<str>);

impl Display for ParseServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not in this build, which has", self.0)?;
        services_of_this_build(f)
    }
}

impl core::error::Error for ParseServiceError {}

fn services_of_this_build(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if Service::ALL.is_empty() {
        return f.write_str(" no service");
    }
    Service::ALL
        .iter()
        .enumerate()
        .try_for_each(|(at, service)| write!(f, "{} `{service}`", if at == 0 { "" } else { "," }))
}

impl Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Service {
    /// Abbreviation in CAM.
    pub const fn id(self) -> &'static str {
        self.facts().id
    }

    /// Name of the product.
    pub const fn name(self) -> Text {
        self.facts().name
    }

    /// Granularity of the product as its source states it; its actions may contradict it.
    pub const fn granularity(self) -> ServiceGranularity {
        self.facts().granularity
    }

    /// Whether the console can be opened to sub-accounts; `None`: unknown.
    pub const fn console_access(self) -> Option<bool> {
        self.facts().console_access
    }

    /// Whether access can be granted by tag; `None`: unknown.
    pub const fn tag_authorization(self) -> Option<bool> {
        self.facts().tag_authorization
    }

    /// Whether its APIs honour conditions on the caller's IP address; `None`: unknown.
    pub const fn ip_restriction(self) -> Option<IpRestriction> {
        self.facts().ip_restriction
    }

    /// Where and when its facts were read.
    pub const fn source(self) -> Source {
        self.facts().source
    }

    /// Further documentation of its access management.
    pub const fn references(self) -> &'static [Link] {
        self.facts().references
    }

    /// What a reader must know about the facts stated of it.
    pub const fn notes(self) -> &'static [Note] {
        self.facts().notes
    }

    /// Its resource patterns.
    pub const fn patterns(self) -> &'static [Pattern] {
        self.facts().patterns
    }
}
