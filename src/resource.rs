//! Resources that a policy can name.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::str::FromStr;

pub use cam_policy::pattern_form::ResourceError;
pub(crate) use cam_policy::pattern_form::Value;

use cam_policy::catalog::Pattern;
use cam_policy::pattern_form::{fill, fill_checked, read};
use cam_policy::policy::CatalogResource;
use cam_typed::{AtLeastOne, Length};

use crate::action::ActionEnum;

/// A resource type: the resources that follow one pattern of a service, such as `trtc::Application`.
///
/// It has no values. Its functions `id` and `all` return a [`Resource`] of it.
///
/// Sealed: the types come from the catalog.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource type of the catalog",
    label = "not a resource type",
    note = "name a type of a service: `trtc::Application`"
)]
pub trait ResourceType: sealed::Sealed + 'static {
    /// The pattern that the resources follow.
    const PATTERN: &'static Pattern<'static>;
}

/// A resource of the catalog, which follows the pattern of its type `T`: six segments, as a policy names them.
///
/// `FromStr` reads the segments, and `Display` writes them.
///
/// It can be cloned, compared, ordered, hashed and printed for each `T`. A derive on a struct that is generic over `T` asks `T` for
/// the same, and no `T` has it: name the type in the struct, as in `Resource<trtc::Application>`, or implement the trait by hand.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Resource, Uin, trtc};
///
/// let app: Resource<trtc::Application> = trtc::Application::id(Uin::new(12345678).unwrap(), 1400000001).unwrap();
/// assert_eq!(app.as_str(), "qcs::trtc::uin/12345678:sdkappid/1400000001");
/// assert_eq!(app.as_str().parse(), Ok(app));
/// # }
/// ```
pub struct Resource<T> {
    segments: Box<str>,
    of: PhantomData<fn() -> T>,
}

impl<T> Resource<T> {
    pub(crate) fn of_checked(segments: Box<str>) -> Self {
        Self { segments, of: PhantomData }
    }

    /// Returns the six segments, as a policy names them.
    pub fn as_str(&self) -> &str {
        &self.segments
    }
}

// The derives would ask the same of `T`, which has no values.
impl<T> Clone for Resource<T> {
    fn clone(&self) -> Self {
        Self::of_checked(self.segments.clone())
    }
}

impl<T> PartialEq for Resource<T> {
    fn eq(&self, other: &Self) -> bool {
        self.segments == other.segments
    }
}

impl<T> Eq for Resource<T> {}

impl<T> PartialOrd for Resource<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Resource<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.segments.cmp(&other.segments)
    }
}

impl<T> Hash for Resource<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.segments.hash(state);
    }
}

impl<T> fmt::Display for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.segments)
    }
}

impl<T> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resource").field(&self.segments).finish()
    }
}

impl<T: ResourceType> FromStr for Resource<T> {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Self, ResourceError> {
        read(T::PATTERN, text).map(Self::of_checked)
    }
}

impl<T> AsRef<str> for Resource<T> {
    fn as_ref(&self) -> &str {
        &self.segments
    }
}

impl<T> CatalogResource for Resource<T> {}

#[cfg(feature = "serde")]
crate::serde::as_text!(Resource<T>, T: ResourceType);

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
    type Type;

    /// Returns the six segments of the resource, or the error of its constructor.
    fn into_name(self) -> Result<Box<str>, ResourceError>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoResource for Resource<T> {
    type Type = T;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        Ok(self.segments)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoResource for &Resource<T> {
    type Type = T;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        Ok(self.segments.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoResource for Result<Resource<T>, ResourceError> {
    type Type = T;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        self.map(|resource| resource.segments)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoResource for &Result<Resource<T>, ResourceError> {
    type Type = T;

    fn into_name(self) -> Result<Box<str>, ResourceError> {
        self.clone().into_name()
    }
}

impl<T> sealed::Sealed for Resource<T> {}
impl<T> sealed::Sealed for &Resource<T> {}
impl<T> sealed::Sealed for Result<Resource<T>, ResourceError> {}
impl<T> sealed::Sealed for &Result<Resource<T>, ResourceError> {}

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
    type Type;

    /// Returns the six segments of each resource, in order.
    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>>;
}

#[diagnostic::do_not_recommend]
impl<R: IntoResource> ResourceList for R {
    type Type = R::Type;

    fn into_names(self) -> Vec<Result<Box<str>, ResourceError>> {
        Vec::from([self.into_name()])
    }
}

/// Actions that stand beside a list of resources `R`. A bound of its own, so that a mistake in the actions yields no second
/// message about the resources.
pub trait GrantedOn<R> {
    /// The type of the resources.
    type Type;

    /// Returns the six segments of each resource, in order.
    fn names(resources: R) -> Vec<Result<Box<str>, ResourceError>>;
}

impl<A: ActionEnum, R: ResourceList> GrantedOn<R> for A {
    type Type = R::Type;

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
            type Type = T::Type;

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

/// Returns one resource of a pattern.
pub(crate) fn one<T: ResourceType>(
    values: &[(&'static str, Value<'_>)],
) -> Result<Resource<T>, ResourceError> {
    fill_checked(T::PATTERN.single, values).map(Resource::of_checked)
}

/// Returns the resource that names all resources of a pattern.
pub(crate) fn all<T: ResourceType>(values: &[(&'static str, Value<'_>)]) -> Resource<T> {
    Resource::of_checked(fill(T::PATTERN.all, values))
}

/// As [`all`], where a value can be wrong.
#[allow(dead_code, reason = "in most services the values cannot be wrong")]
pub(crate) fn all_checked<T: ResourceType>(
    values: &[(&'static str, Value<'_>)],
) -> Result<Resource<T>, ResourceError> {
    fill_checked(T::PATTERN.all, values).map(Resource::of_checked)
}
