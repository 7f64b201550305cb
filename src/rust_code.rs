//! Rust code that builds a policy, with the compiled catalog.

use alloc::string::String;

use cam_policy::catalog;
use cam_policy::policy::Policy;
pub use cam_typed::RustCodeError;

use crate::action::ActionEnum;
use crate::services::{Action, CATALOG};

/// Returns Rust code that builds the policy: a whole function `policy`, with its imports.
///
/// If the catalog has all actions of a statement, the statement becomes a typed call where one can express it: `allow` or
/// `deny` for named resources, `allow_everywhere` or `deny_everywhere` for `*`. A condition becomes a call of a typed key if
/// that yields exactly the same condition. Every other statement, such as one of `trtc:Describe*` or of a service that the
/// catalog does not have, becomes a [`Statement`](crate::policy::Statement) of patterns. The generated code builds a policy
/// that prints the same text as this one. Comments in the code say which statements have no effect: see [`Policy::check`].
///
/// The code needs the features of this build: the services whose actions it names, and `engine` if this build has it. A
/// build without `engine` writes no typed keys.
///
/// # Errors
///
/// [`RustCodeError`] if the builder would refuse the policy. A policy from a document may have a condition on the caller's IP
/// address for an action to which CAM does not apply it.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{PolicyBuilder, Uin, to_rust, trtc};
///
/// let owner = Uin::new(12345678).unwrap();
/// let policy = PolicyBuilder::new()
///     .allow(trtc::Application::id(owner, 1400000001), [trtc::Action::RemoveUser])
///     .build()
///     .unwrap();
/// assert_eq!(
///     to_rust(&policy).unwrap(),
///     "\
/// use tencent_cam::{Policy, PolicyBuilder, Uin, trtc};
///
/// /// The policy, as `to_rust` wrote it.
/// pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
///     let owner = Uin::new(12345678)?;
///     let policy = PolicyBuilder::new()
///         .allow(trtc::Application::id(owner, 1400000001), [trtc::Action::RemoveUser])
///         .build()?;
///     Ok(policy)
/// }
/// "
/// );
/// # }
/// ```
#[inline]
pub fn to_rust(policy: &Policy) -> Result<String, RustCodeError> {
    cam_typed::to_rust(policy, CATALOG, enum_path)
}

/// Returns the Rust expression that names an action.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{rust_path, trtc};
///
/// assert_eq!(rust_path(trtc::Action::RemoveUser.into()), "trtc::Action::RemoveUser");
/// # }
/// ```
#[inline]
pub fn rust_path(action: Action) -> String {
    cam_typed::rust_path(action.facts(), action.enum_path())
}

#[inline]
fn enum_path(action: catalog::Action<'static>) -> &'static str {
    Action::from_action(action).expect("the catalog is that of the enums").enum_path()
}
