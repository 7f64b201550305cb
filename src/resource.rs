//! Resources that a policy can name.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

pub use cam_policy::pattern_form::ResourceError;

use cam_policy::catalog::Pattern;
use cam_policy::pattern_form::{Value, fill, fill_checked};
use cam_policy::policy::CatalogResource;
use cam_typed::{AtLeastOne, Length};

use crate::action::ActionEnum;

/// A resource of the catalog: one of a service's resource types, such as `trtc::Application`.
///
/// Sealed: the types come from the catalog.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource of the catalog",
    label = "not a resource",
    note = "name a resource with a type of the service: `trtc::Application::id(owner, 1400000001)`",
    note = "to grant on every resource, at any granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait Resource: CatalogResource + Clone + fmt::Display + sealed::Sealed {
    /// The type itself. Later bounds go through it, so that one mistake yields one message and not one for each bound.
    type Itself: Resource;

    /// The pattern that the resource follows.
    const PATTERN: &'static Pattern<'static>;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A resource, a reference to one, or the `Result` that `id` returns. An error in it makes `PolicyBuilder::build` fail. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource of the catalog",
    label = "not a resource",
    note = "name a resource with a type of the service: `trtc::Application::id(owner, 1400000001)`",
    note = "to grant on every resource, at any granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`"
)]
pub trait IntoResource: sealed::Sealed {
    /// The type of the resource.
    type Resource: Resource;

    /// Returns the six segments of the resource, or the error of its constructor.
    fn into_name(self) -> Result<Box<str>, ResourceError>;
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoResource for &R {
    type Resource = R::Itself;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        Ok(self.as_str().into())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoResource for Result<R, ResourceError> {
    type Resource = R::Itself;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        self.map(|resource| resource.as_str().into())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> IntoResource for &Result<R, ResourceError> {
    type Resource = R::Itself;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        self.clone().into_name()
    }
}

impl<R: Resource> sealed::Sealed for &R {}
impl<R: Resource> sealed::Sealed for Result<R, ResourceError> {}
impl<R: Resource> sealed::Sealed for &Result<R, ResourceError> {}

/// One resource or several of one type: the resource itself, an array, a slice, a `Vec`, or a reference to one of these. The
/// elements may be resources or the `Result`s that `id` returns.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{PolicyBuilder, Uin, trtc};
///
/// let owner = Uin::new(12345678).unwrap();
/// let ids: Vec<u64> = vec![1400000000, 1400000001];
/// let apps: Vec<_> = ids.iter().map(|id| trtc::Application::id(owner, *id)).collect();
/// let policy = PolicyBuilder::new().allow(&apps, trtc::ApplicationAction::ALL).build().unwrap();
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
    note = "to grant on every resource, at any granularity, call `.allow_everywhere([..])` or \
            `.deny_everywhere([..])`",
    note = "an array has 1 to 256 resources of one type; pass more as a slice or a `Vec`, and an iterator as \
            `.collect::<Vec<_>>()`",
    note = "`allow` and `deny` take resources first, then actions"
)]
pub trait ResourceList: sealed::Sealed {
    /// The type of the resources.
    type Resource: Resource;

    /// Returns the six segments of each resource, in order.
    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>>;
}

#[diagnostic::do_not_recommend]
impl<R: IntoResource> ResourceList for R {
    type Resource = R::Resource;

    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>> {
        Vec::from([self.into_name()])
    }
}

/// Actions that stand beside a list of resources `R`. A bound of its own, so that a mistake in the actions yields no second
/// message about the resources.
pub trait GrantedOn<R> {
    /// The type of the resources.
    type Resource: Resource;

    /// Returns the six segments of each resource, in order.
    fn names(resources: R) -> Vec<Result<Box<str>, ResourceError>>;
}

impl<A: ActionEnum, R: ResourceList> GrantedOn<R> for A {
    type Resource = R::Resource;

    fn names(resources: R) -> Vec<Result<Box<str>, ResourceError>> {
        resources.into_names()
    }
}

/// Implements the trait for each type of list.
macro_rules! lists {
    ($([$($generics:tt)*] $list:ty $(where ($($bound:tt)*))?;)+) => {$(
        impl<T: sealed::Sealed, $($generics)*> sealed::Sealed for $list {}

        #[diagnostic::do_not_recommend]
        impl<T: IntoResource + Clone, $($generics)*> ResourceList for $list $(where $($bound)*)? {
            type Resource = T::Resource;

            fn into_names(self) -> Vec<Result<Box<str>, ResourceError>> {
                self.iter().cloned().map(T::into_name).collect()
            }
        }
    )+};
}
lists! {
    [] Vec<T>;
    [] &Vec<T>;
    [] &[T];
    [const N: usize] [T; N] where (Length<N>: AtLeastOne);
    [const N: usize] &[T; N] where (Length<N>: AtLeastOne);
}

/// Returns the six segments of one resource of a pattern.
pub(crate) fn one(
    pattern: &Pattern<'static>,
    values: &[(&'static str, Value<'_>)],
) -> Result<Box<str>, ResourceError> {
    fill_checked(pattern.single, values)
}

/// Returns a value that may contain `/`.
#[allow(dead_code, reason = "a catalog need not have a path")]
pub(crate) fn path(text: &str) -> Value<'_> {
    Value::Path(text)
}

/// Returns the six segments of all resources of a pattern.
pub(crate) fn all(pattern: &Pattern<'static>, values: &[(&'static str, Value<'_>)]) -> Box<str> {
    fill(pattern.all, values)
}

/// The methods and traits that Rust needs at each type of resources.
macro_rules! named {
    ($name:ident, $pattern:expr) => {
        impl $name {
            /// Returns the six segments, as a policy names them.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // The derive would add a function that rustc checks for each type.
        impl Eq for $name {}

        impl cam_policy::policy::CatalogResource for $name {}

        impl crate::resource::Resource for $name {
            type Itself = Self;

            const PATTERN: &'static cam_policy::catalog::Pattern<'static> = &$pattern;
        }

        impl crate::resource::sealed::Sealed for $name {}

        #[diagnostic::do_not_recommend]
        impl crate::resource::IntoResource for $name {
            type Resource = Self;

            #[inline]
            fn into_name(self) -> Result<Box<str>, crate::resource::ResourceError> {
                Ok(self.0)
            }
        }

        impl core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::resource::ResourceError;

            #[inline]
            fn from_str(text: &str) -> Result<Self, crate::resource::ResourceError> {
                cam_policy::pattern_form::read(&$pattern, text).map(Self)
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        #[cfg(feature = "serde")]
        crate::serde::as_text!($name);
    };
}
#[allow(unused_imports, reason = "a catalog need not have a pattern")]
pub(crate) use named;
