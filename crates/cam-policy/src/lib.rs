//! The service-neutral core of `tencent-cam`: the facts of services as values, and the policies of Tencent Cloud
//! Access Management (CAM).
//!
//! Nothing here knows a service. Every function that needs facts takes a [`Catalog`](catalog::Catalog).
//!
//! # Layers
//!
//! A module uses only modules above it in this list:
//!
//! 1. [`text`]: spelling distance, placeholders, segments, places, quoting
//! 2. [`catalog`]: the facts of services and actions
//! 3. `example`: a small catalog for the examples of this documentation
//! 4. [`values`]: accounts and regions
//! 5. [`pattern_form`]: resources that follow a pattern of the catalog
//! 6. [`diagnostic`]: mistakes in a policy or its text
//! 7. [`policy`]: patterns, conditions, statements and policies, and how they are written
//! 8. [`check`]: parts of a policy that do nothing
//! 9. `least`: policies that grant what is asked for and nothing more (feature `engine`)
//! 10. `document`: policies read from text (feature `document`)
//! 11. `terraform`: policies as Terraform configuration (feature `document`)
//! 12. `key`: typed condition keys (feature `engine`)
//! 13. `engine`: decisions, explanations, comparisons (feature `engine`)
//! 14. `serde`: `Serialize` and `Deserialize` (feature `serde`)
//!
//! Inside a module no two files import each other, directly or through others. A `mod.rs` re-exports what its files
//! declare, and they do not import it. The test `layers` checks the order and this rule.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(test, feature = "engine"))]
extern crate std;

pub mod catalog;
pub mod check;
pub mod diagnostic;
#[cfg(feature = "document")]
pub mod document;
#[cfg(feature = "engine")]
pub mod engine;
#[doc(hidden)]
pub mod example;
#[cfg(feature = "engine")]
pub mod key;
#[cfg(feature = "engine")]
pub mod least;
pub mod pattern_form;
pub mod policy;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod serde;
#[cfg(feature = "document")]
pub mod terraform;
pub mod text;
pub mod values;

#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../README.md")]
struct Readme;
