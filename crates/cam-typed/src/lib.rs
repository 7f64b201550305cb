//! What the typed API of `tencent-cam` consists of besides the services.
//!
//! It is a crate of its own so that `tencent-cam`, which is compiled anew for each choice of services, has less to compile. Cargo
//! builds this crate beside the code generator. Users find everything in `tencent-cam`.
//!
//! # Layers
//!
//! A module uses only modules above it in this list:
//!
//! 1. `list`: the lengths that a list can have
//! 2. `rust_code`: Rust code that builds a policy (feature `document`)

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod list;
#[cfg(feature = "document")]
mod rust_code;

pub use list::{AtLeastOne, LONGEST_ARRAY, Length};
#[cfg(feature = "document")]
pub use rust_code::{RustCodeError, rust_path, to_rust};
