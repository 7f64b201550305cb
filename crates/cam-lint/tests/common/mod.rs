//! The catalogs of these tests.

#![allow(dead_code, reason = "each test uses its own part of this module")]

use std::sync::OnceLock;

use cam_policy::catalog::Catalog;
use tencent_cam_codegen::{Arena, parse};

/// Reads `catalog.toml` beside these tests.
pub(crate) fn catalog() -> Catalog<'static> {
    static CATALOG: OnceLock<Catalog<'static>> = OnceLock::new();
    *CATALOG.get_or_init(|| read(include_str!("../catalog.toml")))
}

/// Reads the catalog of the project.
pub(crate) fn real_catalog() -> Catalog<'static> {
    read(include_str!("../../../../catalog.toml"))
}

fn read(text: &str) -> Catalog<'static> {
    let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
    match parse(arena, "catalog.toml", text) {
        Ok(catalog) => catalog,
        Err(report) => panic!("{report}"),
    }
}
