//! Writes a [`Catalog`] as Rust: builds tokens, parses them once with syn, and prints them with prettyplease.
//!
//! The generated code is data and lists of items. The crate that includes it has the behaviour, written by hand.
//! A file uses only files that come after it in this list: `services` (the file over all services), `service` (one service),
//! `lists` (the names of all), `enums`, `resources`, `facts`, `docs`, `plan`, `layout`.

mod docs;
mod enums;
mod facts;
mod layout;
#[cfg(feature = "names")]
mod lists;
mod plan;
mod resources;
mod service;
mod services;

#[cfg(feature = "names")]
pub use lists::emit_lists;

use cam_policy::catalog::Catalog;

use crate::names::module;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the output folder, with `/`.
    pub path: String,
    /// The text of the file.
    pub text: String,
}

/// Writes the Rust files of a catalog: `services/mod.rs`, one for each service that is not among those that are `off`, and
/// `absent.rs`, which names those that are. The code of a service needs no conditional compilation.
///
/// The same catalog yields the same bytes on every platform.
///
/// ```
/// use tencent_cam_codegen::{Arena, emit, only, parse, parts};
///
/// let text = std::fs::read_to_string("../catalog.toml")?;
/// let arena = Arena::new();
/// let text = only(&parts(&text), |service| service == "trtc");
/// let files = emit(&parse(&arena, "catalog.toml", &text)?, &["cos"]);
/// let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
/// assert_eq!(paths, ["services/mod.rs", "services/trtc.rs", "absent.rs"]);
/// assert!(files[2].text.contains("#[cfg(feature = \"cos\")]\npub use services::cos;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
///
/// Panics if the code is not Rust, which would be a bug in this crate.
#[must_use]
pub fn emit(catalog: &Catalog<'_>, off: &[&str]) -> Vec<File> {
    let enabled: Vec<_> = catalog.services.iter().filter(|service| !off.contains(&service.id)).collect();
    let plans: Vec<_> = enabled.into_iter().map(plan::Plan::of).collect();
    let texts = layout::Texts::default();
    let overview = services::services(catalog.version, &plans, &texts);
    let mut files = vec![file("services/mod", layout::print(overview, &texts))];
    for plan in &plans {
        let name = format!("services/{}", module(plan.service.id));
        files.push(file(&name, layout::print(service::service(plan), &plan.texts)));
    }
    files.push(file("absent", absent(off)));
    files
}

/// Writes the names of services that are off, each behind the feature of its name, for the root of the crate. With them rustc
/// tells who names such a service which feature adds it.
fn absent(services: &[&str]) -> String {
    let modules = services.iter().map(|id| plan::ident(&module(id)));
    let items = quote::quote!(#(#[cfg(feature = #services)] pub use services::#modules;)*);
    layout::print(items, &layout::Texts::default())
}

fn file(name: &str, text: String) -> File {
    File { path: format!("{name}.rs"), text }
}
