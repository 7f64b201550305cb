//! Resources a policy can name.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::action::{AtLeastOne, Length};
use crate::facts::Pattern;
use crate::services::shared::{Piece, pieces};
use crate::values::{Region, Uin, number};

/// A resource of the catalog: one of a service's resource types, such as `trtc::Application`.
///
/// Sealed: the types come from the catalog.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource of the catalog",
    label = "not a resource",
    note = "name a resource with a type of the service: `trtc::Application::id(owner, 1400000001)`",
    note = "to grant on every resource, at either granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait Resource: Clone + fmt::Display + sealed::Sealed {
    /// The type itself: through it one mistake yields one message, not one for each bound that it breaks.
    type Itself: Resource;

    /// The pattern the resource follows.
    const PATTERN: Pattern;

    /// The six segments, as a policy names them.
    fn as_str(&self) -> &str;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A resource, or the error of making one, which then fails the policy's `build`. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource of the catalog",
    label = "not a resource",
    note = "name a resource with a type of the service: `trtc::Application::id(owner, 1400000001)`",
    note = "to grant on every resource, at either granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait IntoResource: sealed::Sealed {
    /// The type of the resource.
    type Resource: Resource;

    /// The six segments of the resource, or why there is none.
    fn into_name(self) -> Result<Box<str>, ResourceError>;
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoResource for Result<R, ResourceError> {
    type Resource = R::Itself;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        self.map(|resource| resource.as_str().into())
    }
}

impl<R: Resource> sealed::Sealed for Result<R, ResourceError> {}

/// One resource or several of one type: the resource itself, an array, a slice, a `Vec`, or a reference to these;
/// each also of the `Result`s that `id` returns.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Policy, ResourceError, Uin, trtc};
///
/// let owner = Uin::new(12345678).unwrap();
/// let ids: Vec<u64> = vec![1400000000, 1400000001];
/// let apps: Vec<Result<trtc::Application, ResourceError>> =
///     ids.iter().map(|id| trtc::Application::id(owner, *id)).collect();
/// let policy = Policy::builder().allow(apps, trtc::ApplicationAction::ALL).build().unwrap();
/// assert_eq!(policy.statements()[0].resources().len(), 2);
/// # }
/// ```
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no resource of the catalog",
    label = "not a resource, nor an array, slice or `Vec` of resources",
    note = "limiting resource-level actions takes at least one resource; name it with a type of the service: \
            `trtc::Application::id(owner, 1400000001)`",
    note = "to grant on every resource, at either granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`",
    note = "an array must not be empty, nor longer than 256; pass more as a slice or a `Vec`, and an iterator as \
            `.collect::<Vec<_>>()`",
    note = "`allow` and `deny` take resources first, then actions"
)]
pub trait ResourceList: sealed::Sealed {
    /// The type of the resources.
    type Resource: Resource;

    /// The six segments of each resource, in order.
    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>>;
}

#[diagnostic::do_not_recommend]
impl<R: Resource> ResourceList for Result<R, ResourceError> {
    type Resource = R::Itself;

    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>> {
        Vec::from([self.into_name()])
    }
}

/// The lists, told by how each is iterated.
macro_rules! resource_lists {
    ($([$($generics:tt)*] $list:ty $(where ($($bound:tt)*))?;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: IntoResource + Clone, $($generics)*> ResourceList for $list $(where $($bound)*)? {
            type Resource = T::Resource;

            fn into_names(self) -> Vec<Result<Box<str>, ResourceError>> {
                self.iter().cloned().map(T::into_name).collect()
            }
        }
    )+};
}
resource_lists! {
    [] Vec<T>;
    [] &Vec<T>;
    [] &[T];
    [const N: usize] [T; N] where (Length<N>: AtLeastOne);
    [const N: usize] &[T; N] where (Length<N>: AtLeastOne);
}

/// Why a value is no resource of a pattern.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{ResourceError, Uin, trtc};
///
/// let owner = Uin::new(12345678).unwrap();
/// let error = trtc::Application::id(owner, 0).unwrap_err();
/// assert!(matches!(error, ResourceError::NotANumber { placeholder: "SdkAppId", .. }));
///
/// let error = "qcs::trtc::uin/12345678:SdkAppId/1".parse::<trtc::Application>().unwrap_err();
/// assert!(matches!(error, ResourceError::Shape { .. }), "trtc writes `sdkappid`");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceError {
    /// A number was needed: positive, in digits, without leading zero.
    NotANumber {
        /// The placeholder it was for.
        placeholder: &'static str,
        /// What was given.
        value: Box<str>,
    },
    /// The account segment holds no account uin.
    NotAUin {
        /// What was given.
        value: Box<str>,
    },
    /// The region segment holds no region.
    NotARegion {
        /// What was given.
        value: Box<str>,
    },
    /// An identifier was needed: not empty, without `*`, `:`, `/`, `$`, blanks and control characters. They
    /// would name other resources than the one meant.
    NotAnIdentifier {
        /// The placeholder it was for.
        placeholder: &'static str,
        /// What was given.
        value: Box<str>,
    },
    /// The text follows neither form of the pattern.
    Shape {
        /// The pattern.
        pattern: &'static Pattern,
        /// What was given.
        value: Box<str>,
    },
}

impl fmt::Display for ResourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber { placeholder, value } => {
                write!(f, "{placeholder} cannot be {value:?}: a positive whole number is needed")
            }
            Self::NotAUin { value } => {
                write!(f, "the account cannot be {value:?}: the root account's uin is needed")
            }
            Self::NotARegion { value } => {
                write!(f, "the region cannot be {value:?}: one like `ap-guangzhou`, or nothing, is needed")
            }
            Self::NotAnIdentifier { placeholder, value } => write!(
                f,
                "{placeholder} cannot be {value:?}: an identifier without `*`, `:`, `/`, `$` and blanks is needed"
            ),
            Self::Shape { pattern, value } => write!(
                f,
                "{value:?} is no `{}`: write `{}`, or `{}` for all of them, with the placeholders filled in",
                pattern.name, pattern.single, pattern.all
            ),
        }
    }
}

impl core::error::Error for ResourceError {}

/// What fills a placeholder.
#[allow(dead_code, reason = "a catalog need not have placeholders of every kind")]
pub(crate) enum Value<'a> {
    Uin(Uin),
    Region(Region),
    Number(u64),
    Text(&'a str),
}

impl From<Uin> for Value<'_> {
    fn from(uin: Uin) -> Self {
        Self::Uin(uin)
    }
}

impl From<Region> for Value<'_> {
    fn from(region: Region) -> Self {
        Self::Region(region)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uin(uin) => uin.fmt(f),
            Self::Region(region) => region.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Fills the placeholders of a form of a pattern with values that are sound by their types.
pub(crate) fn fill(form: &'static str, values: &[(&'static str, Value<'_>)]) -> Box<str> {
    let mut filled = String::with_capacity(form.len());
    for (piece, _) in pieces(form).unwrap_or_default() {
        match piece {
            Piece::Literal(text) => filled.push_str(text),
            Piece::Placeholder(wanted) => {
                for (_, value) in values.iter().filter(|(name, _)| *name == wanted) {
                    filled.push_str(&value.to_string());
                }
            }
        }
    }
    filled.into_boxed_str()
}

/// Checks the values, then fills them in.
pub(crate) fn fill_checked(
    form: &'static str,
    values: &[(&'static str, Value<'_>)],
) -> Result<Box<str>, ResourceError> {
    for (placeholder, value) in values {
        match value {
            Value::Number(0) => return Err(ResourceError::NotANumber { placeholder, value: "0".into() }),
            Value::Text(text) => identifier(placeholder, text)?,
            Value::Uin(_) | Value::Region(_) | Value::Number(_) => {}
        }
    }
    Ok(fill(form, values))
}

fn identifier(placeholder: &'static str, text: &str) -> Result<(), ResourceError> {
    let stray = |letter: char| "*:/$\"\\".contains(letter) || letter.is_whitespace() || letter.is_control();
    if text.is_empty() || text.contains(stray) {
        return Err(ResourceError::NotAnIdentifier { placeholder, value: text.into() });
    }
    Ok(())
}

/// The kind of value a placeholder takes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "a catalog need not have placeholders of every kind")]
pub(crate) enum Kind {
    Number,
    Text,
}

/// How Rust names the resources of a pattern: its type, and the placeholders that `id` and `all` take, in order.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) pattern: Pattern,
    pub(crate) id: &'static [&'static str],
    pub(crate) all: &'static [&'static str],
    pub(crate) kinds: &'static [(&'static str, Kind)],
}

/// Reads a resource in the single or in the all form of `pattern`.
pub(crate) fn parse(
    pattern: &'static Pattern,
    kinds: &[(&'static str, Kind)],
    text: &str,
) -> Result<Box<str>, ResourceError> {
    let single = matches(pattern.single, kinds, text);
    if matches!(single, Some(Ok(()))) || matches!(matches(pattern.all, kinds, text), Some(Ok(()))) {
        return Ok(text.into());
    }
    match single {
        Some(Err(error)) => Err(error),
        _ => Err(ResourceError::Shape { pattern, value: text.into() }),
    }
}

/// Whether `text` has the shape of `form` (`None`: it has not), and whether its values are sound.
fn matches(
    form: &'static str,
    kinds: &[(&'static str, Kind)],
    text: &str,
) -> Option<Result<(), ResourceError>> {
    let mut verdict = Ok(());
    walk(form, text, |name, value| {
        if verdict.is_ok() {
            verdict = check(name, kinds, value);
        }
    })?;
    Some(verdict)
}

/// Tells the value that `text` has for each placeholder of `form`; `None` if it has another shape.
pub(crate) fn walk<'t>(
    form: &'static str,
    text: &'t str,
    mut each: impl FnMut(&'static str, &'t str),
) -> Option<()> {
    let mut rest = text;
    let pieces = pieces(form).ok()?;
    for (at, (piece, _)) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(literal) => rest = rest.strip_prefix(literal)?,
            Piece::Placeholder(name) => {
                // A value ends where the literal after it begins: no value can hold a `:` or a `/`.
                let end = match pieces.get(at + 1) {
                    Some((Piece::Literal(next), _)) => rest.find(next.chars().next()?)?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at(end);
                rest = after;
                each(name, value);
            }
        }
    }
    rest.is_empty().then_some(())
}

fn check(name: &str, kinds: &[(&'static str, Kind)], value: &str) -> Result<(), ResourceError> {
    match name {
        "uin" if value.parse::<Uin>().is_err() => Err(ResourceError::NotAUin { value: value.into() }),
        "region" if value.parse::<Region>().is_err() => {
            Err(ResourceError::NotARegion { value: value.into() })
        }
        "uin" | "region" => Ok(()),
        _ => match kinds.iter().find(|(kind, _)| *kind == name) {
            Some((placeholder, Kind::Number)) if number(value).is_none() => {
                Err(ResourceError::NotANumber { placeholder, value: value.into() })
            }
            Some((placeholder, Kind::Text)) => identifier(placeholder, value),
            _ => Ok(()),
        },
    }
}

/// Defines a resource type; the generated code lists its parts.
macro_rules! resource {
    (
        $(#[$meta:meta])*
        $name:ident = $pattern:expr,
        id($($id:ident: $id_type:ty = $id_name:literal),*),
        all($($all:ident: $all_type:ty = $all_name:literal),*),
        kinds($($kind_name:literal: $kind:ident),*),
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::alloc::boxed::Box<str>);

        impl $name {
            pub(crate) const SHAPE: crate::resource::Shape = crate::resource::Shape {
                name: ::core::stringify!($name),
                pattern: $pattern,
                id: &[$($id_name),*],
                all: &[$($all_name),*],
                kinds: &[$(($kind_name, crate::resource::Kind::$kind)),*],
            };

            /// One resource, by its identifiers.
            ///
            /// # Errors
            ///
            /// [`ResourceError`](crate::ResourceError) if a number is 0, or an identifier is empty or holds
            /// `*`, `:`, `/`, `$` or a blank. The policy builder takes the `Result` as it is.
            pub fn id($($id: $id_type),*) -> ::core::result::Result<Self, crate::ResourceError> {
                const PATTERN: crate::Pattern = $pattern;
                crate::resource::fill_checked(PATTERN.single, &[$(($id_name, $id.into())),*]).map(Self)
            }

            /// All resources of the kind.
            pub fn all($($all: $all_type),*) -> Self {
                const PATTERN: crate::Pattern = $pattern;
                Self(crate::resource::fill(PATTERN.all, &[$(($all_name, $all.into())),*]))
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::Resource for $name {
            type Itself = Self;

            const PATTERN: crate::Pattern = $pattern;

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl crate::resource::sealed::Sealed for $name {}

        impl crate::resource::sealed::Sealed for &$name {}

        #[diagnostic::do_not_recommend]
        impl crate::IntoResource for $name {
            type Resource = Self;

            fn into_name(self) -> ::core::result::Result<::alloc::boxed::Box<str>, crate::ResourceError> {
                ::core::result::Result::Ok(self.0)
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::ResourceList for $name {
            type Resource = Self;

            fn into_names(
                self,
            ) -> ::alloc::vec::Vec<::core::result::Result<::alloc::boxed::Box<str>, crate::ResourceError>> {
                ::alloc::vec::Vec::from([::core::result::Result::Ok(self.0)])
            }
        }

        #[diagnostic::do_not_recommend]
        impl crate::ResourceList for &$name {
            type Resource = $name;

            fn into_names(
                self,
            ) -> ::alloc::vec::Vec<::core::result::Result<::alloc::boxed::Box<str>, crate::ResourceError>> {
                self.clone().into_names()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($name)).field(&self.0).finish()
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = crate::ResourceError;

            fn from_str(text: &str) -> ::core::result::Result<Self, crate::ResourceError> {
                static PATTERN: crate::Pattern = $pattern;
                crate::resource::parse(&PATTERN, &[$(($kind_name, crate::resource::Kind::$kind)),*], text)
                    .map(Self)
            }
        }

        impl ::core::convert::TryFrom<&str> for $name {
            type Error = crate::ResourceError;

            fn try_from(text: &str) -> ::core::result::Result<Self, crate::ResourceError> {
                text.parse()
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        #[cfg(feature = "serde")]
        crate::serde::as_text!($name);
    };
}
pub(crate) use resource;
