//! Typed permissions for [Tencent Cloud Access Management](https://www.tencentcloud.com/document/product/598)
//! (CAM).
//!
//! CAM authorises an API either at *operation level*, on every resource or on none, or at *resource level*,
//! on resources a policy names. A policy that names a resource for an operation-level API matches nothing: the
//! allow grants nothing, the deny denies nothing, and nobody is told. Here such a grant does not compile.
//!
#![cfg_attr(all(feature = "trtc", feature = "ccc"), doc = "```")]
#![cfg_attr(not(all(feature = "trtc", feature = "ccc")), doc = "```ignore")]
//! use tencent_cam::{PolicyBuilder, Policy, Uin, trtc};
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
//! Each service is a module, generated from the project's `catalog.toml`: [`trtc`] and [`ccc`], each behind the
//! Cargo feature of its name. A module has
//!
//! - a resource type for each pattern the service's documentation lists, such as [`trtc::Application`];
//! - an enum of actions for each set of patterns, such as [`trtc::ApplicationAction`], and one for the
//!   operation-level actions, such as [`trtc::OperationAction`];
//! - an enum over them all, [`trtc::Action`].
//!
//! [`Action`] holds an action of any service, [`Service`] names the services. What the documentation states
//! about an action, its [`Granularity`] and [`Pattern`]s, its [`AccessLevel`], [`Surface`], IP condition,
//! [`Restriction`], links and descriptions, can be read from each of these enums in `const` context. A fact
//! the documentation does not state is `None`, which means *unknown* and never *no*.
//!
//! To find the enum of an API, search these pages for its name, `trtc:RemoveUser`, or ask
//! [`Action::enum_path`].
//!
//! # What is Tencent's rule and what is assumed
//!
//! That an operation-level API is matched against `*` alone is documented, and that a statement which names a resource
//! grants nothing then; that a deny denies nothing follows from it. Whether CAM compares action names and resource types
//! case-sensitively is not documented: here they are exact, as the catalog spells them. It is not known here which
//! regions, accounts and applications exist. What is assumed about evaluation is told at `PolicySet`.
//!
//! # Policies
//!
//! A [`Policy`] is everything CAM's grammar has: effects, [`ActionPattern`]s, [`ResourcePattern`]s of six segments,
//! [`Condition`]s, and the [`Principal`]s of trust and bucket policies. It is built with types by [`Policy::builder`], or
//! read from JSON by [`Document::parse`], which knows the place of each element and tells every fault in one run. It is
//! printed canonically, or [as short as can be](Policy::shortest); [`Policy::len_for_cam`] counts as CAM does, and
//! [`Policy::split`] cuts what is too long. [`Policy::to_rust`] writes the code that builds it, [`Policy::to_terraform`] its
//! Terraform configuration.
//!
//! With the feature `engine` there are the typed conditions of the module `key`, and `PolicySet`, which decides
//! requests, explains the decision and what would change it, and tells what two sets of policies allow differently;
//! `Refusal` reads what CAM answers to a caller it refuses.
//!
//! # Features
//!
//! - `ccc`, `trtc` (default): the services.
//! - `engine`: typed conditions, with `ipnet` and `jiff`, and the evaluator. Needs `std`.
//! - `serde`: actions, services, resources, [`Uin`] and [`Region`] as the strings that `Display` writes and `FromStr`
//!   reads (a `Uin` also as a number); policies and the words of facts, such as [`Granularity`], are only written.
//! - `format`: lays the generated code out with prettyplease, for people who read it; the API is the same.
//!
//! Without `serde` and `engine` the crate has no run-time dependency. It is `no_std` and needs `alloc`.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(test, feature = "engine"))]
extern crate std;

mod action;
mod builder;
mod condition;
mod list;
mod parse;
mod reading;
mod resource;
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

/// Policies read from text, and what is wrong with a text.
pub mod document {
    pub use cam_policy::document::*;

    pub use crate::reading::Document;
}

/// Decisions, explanations, comparisons, and what CAM answers to a caller it refuses.
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

/// The parts of policies, and what a builder takes.
pub mod policy {
    pub use cam_policy::policy::*;
    pub use cam_policy::terraform::TerraformError;

    pub use crate::action::{
        AppliesTo, DocumentedGranularity, HeedsIp, IntoAction, KnownGranularity, ResourceLevel,
    };
    pub use crate::condition::ConditionList;
    pub use crate::list::{AtLeastOne, Length};
    pub use crate::resource::{GrantedOn, IntoResource, Resource, ResourceError, ResourceList};
    pub use crate::rust_code::RustCodeError;
}

pub use action::{ActionEnum, OtherEnumError};
pub use builder::PolicyBuilder;
#[cfg(feature = "engine")]
pub use cam_policy::engine::{Decision, Request};
pub use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
pub use cam_policy::values::{Region, RegionError, Uin, UinError};
pub use list::ActionList;
pub use parse::{ParseActionError, ParseServiceError};
pub use reading::Document;
pub use rust_code::to_rust;
pub use services::*;
#[cfg(feature = "engine")]
pub use set::PolicySet;

#[cfg(all(doctest, feature = "trtc", feature = "ccc", feature = "engine"))]
#[doc = include_str!("../README.md")]
struct Readme;
