//! Reads and checks the permission catalog of `tencent-cam`, and generates Rust code from it.
//!
//! Everything here is pure: text in; data, text or faults out. The build script of `tencent-cam` and the project's `xtask`
//! read and write the files. No other program should depend on this crate.

mod arena;
mod diagnostic;
#[cfg(feature = "tools")]
pub mod draft;
#[cfg(feature = "emit")]
mod emit;
#[cfg(any(feature = "emit", feature = "tools"))]
pub mod markdown;
mod names;
mod parse;

pub use arena::Arena;
pub use diagnostic::{Diagnostic, Report};
#[cfg(feature = "emit")]
pub use emit::{File, emit};
pub use names::{RESERVED, module};
pub use parse::parse;

/// Returns whether a `Cargo.toml` has a feature of this name.
#[must_use]
pub fn has_feature(manifest: &str, name: &str) -> bool {
    let (manifest, _) = toml::de::DeTable::parse_recoverable(manifest);
    let features = manifest.get_ref().get("features").and_then(|features| features.get_ref().as_table());
    features.is_some_and(|features| features.contains_key(name))
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
