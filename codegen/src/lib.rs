//! Reads and checks the permission catalog of `tencent-cam`, and generates Rust code from it.
//!
//! Everything here is pure: it takes text, and returns data, text or a report of the errors. The build script of
//! `tencent-cam` and the project's `xtask` read and write the files. A tool can call [`parse`] to read a catalog while it
//! runs; the rest of the API follows the needs of these two, and changes with every version of `tencent-cam`.
//!
//! # Layers
//!
//! A file imports only modules that stand above its own in this list, and a test checks that:
//!
//! 1. `arena`: owns what a catalog consists of while it is read
//! 2. `diagnostic`: errors of a catalog, and the report that shows them
//! 3. `names`: names of items in Rust
//! 4. `markdown`: texts of a catalog as Markdown
//! 5. `parse`: a catalog from TOML
//! 6. `draft`: a catalog that programs change, and its TOML
//! 7. `emit`: Rust code from a catalog

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
pub use names::RESERVED;
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
