//! The catalog of these tests.

use std::sync::OnceLock;

use cam_policy::catalog::Catalog;
use tencent_cam_codegen::{Arena, parse};

/// Reads `catalog.toml` beside these tests.
pub(crate) fn catalog() -> Catalog<'static> {
    static CATALOG: OnceLock<Catalog<'static>> = OnceLock::new();
    *CATALOG.get_or_init(|| {
        let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
        match parse(arena, "catalog.toml", include_str!("../catalog.toml")) {
            Ok(catalog) => catalog,
            Err(report) => panic!("{report}"),
        }
    })
}
