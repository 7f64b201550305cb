//! The generated code: what a change of the generator changes in it, and that it is Rust.

use std::fs;
use std::path::Path;

use cam_policy::catalog::Catalog;
use tencent_cam_codegen::{Arena, File, emit, parse};

fn catalog(path: &str) -> Catalog<'static> {
    let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is UTF-8");
    parse(arena, path, &text).unwrap_or_else(|report| panic!("{report}"))
}

fn file<'f>(files: &'f [File], path: &str) -> &'f File {
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is generated"))
}

#[test]
fn the_code_of_three_actions_is_reviewed() {
    let files = emit(&catalog("tests/fixture.toml"), |_| true);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["services/mod.rs", "services/demo.rs"]);
    insta::assert_snapshot!("fixture_mod", files[0].text);
    insta::assert_snapshot!("fixture_demo", files[1].text);
}

#[test]
fn only_enabled_services_are_written() {
    let files = emit(&catalog("tests/fixture.toml"), |_| false);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["services/mod.rs"]);
}

#[test]
fn the_checked_in_catalog_makes_rust_and_the_same_each_time() {
    let read = catalog("../catalog.toml");
    let files = emit(&read, |_| true);
    for file in &files {
        assert!(syn::parse_file(&file.text).is_ok(), "{} is Rust", file.path);
    }
    assert_eq!(files, emit(&catalog("../catalog.toml"), |_| true));
    for service in read.services {
        let made = file(&files, &format!("services/{}.rs", service.id));
        assert_eq!(made.text.matches("#[doc(alias = \"").count(), service.actions.len());
    }
}
