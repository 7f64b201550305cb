//! Typed permissions for [Tencent Cloud Access Management](https://www.tencentcloud.com/document/product/598)
//! (CAM).
//!
//! CAM authorises an API either at *operation level*, on every resource or on none, or at *resource level*,
//! on resources a policy names. A policy that names a resource for an operation-level API matches nothing: the
//! allow grants nothing, the deny denies nothing, and CAM reports no error. Here such a grant does not compile.
//!
#![cfg_attr(all(feature = "trtc", feature = "ccc"), doc = "```")]
#![cfg_attr(not(all(feature = "trtc", feature = "ccc")), doc = "```ignore")]
//! use tencent_cam::{PolicyBuilder, Uin, trtc};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let owner = Uin::new(12345678)?;
//! let policy = PolicyBuilder::new()
//!     .allow(trtc::Application::id(owner, 1400000001), [
//!         trtc::Action::RemoveUser,
//!         trtc::Action::DismissRoom,
//!     ])
//!     .deny(trtc::Application::all(owner), [trtc::Action::DismissRoom])
//!     .allow_everywhere([trtc::Action::DescribeDetailEvent, trtc::Action::GetUserList])
//!     .build()?;
//! assert_eq!(
//!     policy.to_string(),
//!     concat!(
//!         r#"{"version":"2.0","statement":["#,
//!         r#"{"effect":"allow","action":["trtc:RemoveUser","trtc:DismissRoom"],"#,
//!         r#""resource":["qcs::trtc::uin/12345678:sdkappid/1400000001"]},"#,
//!         r#"{"effect":"deny","action":["trtc:DismissRoom"],"#,
//!         r#""resource":["qcs::trtc::uin/12345678:sdkappid/*"]},"#,
//!         r#"{"effect":"allow","action":["trtc:DescribeDetailEvent","trtc:GetUserList"],"resource":["*"]}]}"#,
//!     )
//! );
//! # Ok(())
//! # }
//! ```
//!
//! # The parts
//!
//! `build.rs` generates a module for each service from the project's `catalog.toml`: [`trtc`] and [`ccc`], each behind
//! the Cargo feature of its name. A module has
//!
//! - a resource type for each pattern that the service's documentation lists, such as [`trtc::Application`], whose functions
//!   return a [`Resource`] of it;
//! - a constant for each action, such as [`trtc::Action::RemoveUser`]. Its type is the enum of the patterns that the action
//!   can be limited to, such as [`trtc::ApplicationAction`], or [`trtc::OperationAction`]. These types decide what
//!   compiles; users need not name them;
//! - the enum over all actions of the service, [`trtc::Action`].
//!
//! [`Action`] holds an action of any service, and [`Service`] names the services. The trait [`ActionEnum`] reads what the
//! documentation states about an action: patterns, access level, IP condition, restriction, links, descriptions. In `const`
//! context, `facts()` reads the same: `trtc::Action::RemoveUser.facts().granularity()`. A fact that the documentation does
//! not state is `None`, which means *unknown* and never *no*. [`CATALOG`] has all facts as one value.
//!
//! # What is Tencent's rule and what is assumed
//!
//! Tencent documents that CAM matches an operation-level API against `*` alone, and that a statement which names a resource
//! grants nothing then. That a deny denies nothing follows from it. Tencent does not document whether CAM compares action
//! names and resource types case-sensitively: this crate compares them exactly, as the catalog spells them. It does not
//! know which regions, accounts and applications exist. The documentation of `PolicySet` lists the assumptions about evaluation.
//!
//! # Policies
//!
//! A [`Policy`] holds everything that CAM's grammar has. [`PolicyBuilder`] builds one from typed grants. Its `Display` writes the
//! JSON that CAM reads, and [`Policy::len_for_cam`] counts its length as CAM does.
//!
//! With the feature `document`, `Document` reads a policy from JSON: it knows the place of each element, reports all errors in
//! one run, and warns of statements that have no effect. `to_rust` writes the code that builds a policy, and
//! `Policy::to_terraform` its Terraform configuration.
//!
//! With the feature `engine`, the module `key` has conditions with types, and `PolicySet` decides requests, explains the
//! decision and what would change it, and compares what two sets of policies allow. `engine::AccessDenied` reads the error
//! message that CAM returns when it refuses a request. `Policy::minified` is the shortest form of a policy, and `Policy::split`
//! cuts a policy that is too long.
//!
//! # Features
//!
//! - `ccc`, `trtc` (default), `cvm`, `vpc` and others: a service each, by its abbreviation in CAM. `docs/coverage.md` of the
//!   repository lists them, and how much is known of each.
//! - `all-services`: all of them.
//! - `names`: the names of the actions of all services, for look-ups.
//! - `document`: `Document`, which reads policies, `to_rust` and `Policy::to_terraform`.
//! - `engine`: typed conditions and the evaluator, and `document`. Needs `std`. Its API has types of the crates `ipnet` and `jiff`, which
//!   are re-exported as `key::IpNet` and `key::Timestamp`.
//! - `serde`: actions, services, resources, [`Uin`] and [`Region`] as the strings that `Display` writes and `FromStr`
//!   reads (a `Uin` also as a number); policies in both directions; decisions, explanations and diagnostics as data. Turns on `document`.
//!
//! Without `serde` and `engine` the only dependencies are the project's own `cam-policy` and `cam-typed`. The crate is `no_std` and needs
//! `alloc`.
//!
//! # Layers
//!
//! A file imports only modules that stand above its own in this list, and a test checks that:
//!
//! 1. `serde`: serialization of the generated types as texts
//! 2. `facts`: the tables of actions, from the short form in which the generated code states them
//! 3. `enums`: what the enums of one service have in common
//! 4. `parse`: actions and services from texts
//! 5. `action`: the traits of actions, which decide what compiles
//! 6. `list`: lists of actions
//! 7. `condition`: lists of conditions
//! 8. `resource`: resources and lists of them
//! 9. `services`: the generated code
//! 10. `builder`: policies from typed grants
//! 11. `names`: the names of the actions of all services
//! 12. `reading`: policies from JSON, with the compiled catalog
//! 13. `rust_code`: Rust code that builds a policy
//! 14. `set`: policy sets over the compiled catalog
//! 15. `cos_resources`: constructors of COS resources
//! 16. `cos_key`: the condition keys of COS
//!
//! Functions are `#[inline]` where they are not generic. This crate is compiled anew for each choice of services, and what is inline
//! is compiled by programs that use it.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
// A build may leave out every service.
#![cfg_attr(
    not(any(feature = "ccc", feature = "trtc")),
    allow(dead_code, unreachable_code, unused_imports, unused_macros, unused_variables)
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(test, feature = "engine"))]
extern crate std;

mod action;
mod builder;
mod condition;
#[cfg(all(feature = "cos", feature = "engine"))]
pub mod cos_key;
#[cfg(feature = "cos")]
mod cos_resources;
mod enums;
mod facts;
mod list;
#[cfg(feature = "names")]
pub mod names;
mod parse;
#[cfg(feature = "document")]
mod reading;
mod resource;
#[cfg(feature = "document")]
mod rust_code;
#[cfg(feature = "serde")]
mod serde;
mod services;
#[cfg(feature = "engine")]
mod set;

/// The facts of services and actions.
pub mod catalog {
    pub use cam_policy::catalog::*;
}

/// The reader of policies, and its errors and warnings.
#[cfg(feature = "document")]
pub mod document {
    pub use cam_policy::document::*;

    pub use crate::reading::Document;
}

/// What is wrong with a policy or its text.
pub mod diagnostic {
    pub use cam_policy::diagnostic::*;
}

/// Decisions, explanations, comparisons, and the reader of CAM's error messages.
#[cfg(feature = "engine")]
pub mod engine {
    pub use cam_policy::engine::*;

    pub use crate::set::PolicySet;
}

/// Typed condition keys.
#[cfg(feature = "engine")]
pub mod key {
    pub use cam_policy::key::*;
}

/// The parts of policies, and the traits of what [`PolicyBuilder`] accepts.
pub mod policy {
    pub use cam_policy::policy::*;
    #[cfg(feature = "document")]
    pub use cam_policy::terraform::TerraformError;
    #[doc(hidden)]
    pub use cam_typed::{AtLeastOne, Length};

    pub use crate::action::{
        AppliesTo, DocumentedGranularity, HeedsIp, IntoAction, KnownGranularity, ResourceLevel,
    };
    pub use crate::condition::ConditionList;
    pub use crate::resource::{GrantedOn, IntoResource, ResourceError, ResourceList, ResourceType};
    #[cfg(feature = "document")]
    pub use crate::rust_code::RustCodeError;
}

pub use action::ActionEnum;
pub use builder::PolicyBuilder;
/// The service-neutral core, for catalogs that are read at run time.
#[doc(no_inline)]
pub use cam_policy;
#[cfg(feature = "engine")]
pub use cam_policy::engine::{Decision, Request};
pub use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
pub use cam_policy::values::{Region, RegionError, Uin, UinError};
pub use enums::OtherEnumError;
pub use list::ActionList;
pub use parse::{ParseActionError, ParseServiceError};
#[cfg(feature = "document")]
pub use reading::Document;
pub use resource::Resource;
#[cfg(feature = "document")]
pub use rust_code::{rust_path, to_rust};
pub use services::*;
#[cfg(feature = "engine")]
pub use set::PolicySet;

// The services that are off: rustc finds their features only by names of this file.
include!(concat!(env!("OUT_DIR"), "/absent.rs"));

#[cfg(all(doctest, feature = "trtc", feature = "ccc", feature = "engine"))]
#[doc = include_str!("../README.md")]
struct Readme;
