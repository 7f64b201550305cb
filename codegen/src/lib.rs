//! Reads and checks the permission catalog of `tencent-cam`, and writes the Rust code generated from it.
//!
//! Everything here is pure: text in, data, text or faults out. The build script of `tencent-cam` and the
//! project's `xtask` read and write the files. Nothing else is meant to depend on this crate.

extern crate alloc;

mod diagnostic;
mod emit;
pub mod model;
mod names;
mod parse;
mod perfect_hash;
mod shared;
mod template;
#[cfg(feature = "tools")]
mod write;

pub use emit::{File, emit};
pub use diagnostic::{Diagnostic, Report};
pub use model::Catalog;
pub use names::RESERVED;
pub use parse::parse;
