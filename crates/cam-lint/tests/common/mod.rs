//! The catalogs of these tests, and how they fix a text.

#![allow(dead_code, reason = "each test uses its own part of this module")]

use std::sync::OnceLock;

use cam_lint::{FixMode, LintOptions};
use cam_policy::catalog::Catalog;
use cam_workspace::config::Config;
use cam_workspace::fix::{FixedFile, fix_file};
use cam_workspace::lint::Settings;
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

/// Makes the fixes of a policy, as `tencent-cam fix` does.
pub(crate) fn fix(text: &str, options: &LintOptions<'_>, mode: FixMode) -> FixedFile {
    let config = Config::default();
    let today = jiff::civil::date(2026, 11, 27);
    let settings = Settings { options: *options, kind: None, config: &config, baseline: None, today };
    fix_file("policy.json", "policy.json", text, &settings, mode)
}

fn read(text: &str) -> Catalog<'static> {
    let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
    match parse(arena, "catalog.toml", text) {
        Ok(catalog) => catalog,
        Err(report) => panic!("{report}"),
    }
}
