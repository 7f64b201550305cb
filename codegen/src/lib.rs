//! Reads and checks the permission catalog of `tencent-cam`, and generates Rust code from it.
//!
//! Everything here is pure: it takes text, and returns data, text or a report of the errors. The build script of
//! `tencent-cam`, the project's `xtask` and its command line read and write the files. The API changes with every
//! version of `tencent-cam`.
//!
//! # Layers
//!
//! A file imports only modules that stand above its own in this list, and a test checks that:
//!
//! 1. `arena`: owns what a catalog consists of while it is read
//! 2. `numbers`: texts, numbered
//! 3. `sort`: by place or by name
//! 4. `diagnostic`: errors of a catalog, and the report that shows them
//! 5. `names`: names of items in Rust
//! 6. `markdown`: texts of a catalog as Markdown
//! 7. `parse`: a catalog from TOML
//! 8. `lists`: the lists of names of the public SDK
//! 9. `draft`: a catalog that programs change, and its TOML
//! 10. `emit`: Rust code from a catalog

mod arena;
mod diagnostic;
#[cfg(feature = "tools")]
pub mod draft;
#[cfg(feature = "emit")]
mod emit;
#[cfg(feature = "names")]
mod lists;
#[cfg(any(feature = "emit", feature = "tools"))]
pub mod markdown;
mod names;
mod numbers;
mod parse;
mod sort;

pub use arena::Arena;
pub use diagnostic::{Diagnostic, Report};
#[cfg(all(feature = "emit", feature = "names"))]
pub use emit::emit_lists;
#[cfg(feature = "emit")]
pub use emit::{File, emit};
#[cfg(feature = "names")]
pub use lists::{List, Listed, Lists, Status, lists};
pub use names::{RESERVED, module, resource_set};
pub use parse::{only, parse, parts, split};

/// Returns the features of a `Cargo.toml`.
///
/// ```
/// assert!(tencent_cam_codegen::features("[features]\ntrtc = []\n").contains(&"trtc".to_owned()));
/// ```
#[must_use]
pub fn features(manifest: &str) -> Vec<String> {
    let (manifest, _) = toml::de::DeTable::parse_recoverable(manifest);
    let features = manifest.get_ref().get("features").and_then(|features| features.get_ref().as_table());
    features.into_iter().flat_map(|features| features.keys()).map(|name| name.get_ref().to_string()).collect()
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
