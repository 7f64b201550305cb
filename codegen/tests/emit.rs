//! The generated code: what a change of the generator changes in it, and that it is Rust.

use std::fs;
use std::path::Path;

use syn::Item;
use tencent_cam_codegen::model::{Catalog, parse};
use tencent_cam_codegen::{File, emit};

fn catalog(path: &str) -> (String, Catalog) {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is UTF-8");
    let catalog = parse(path, &text).unwrap_or_else(|report| panic!("{report}"));
    (text, catalog)
}

fn file<'f>(files: &'f [File], path: &str) -> &'f File {
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is generated"))
}

/// Ends the names of the snapshots that differ with the feature `format`.
const LAYOUT: &str = if cfg!(feature = "format") { "_formatted" } else { "" };

#[test]
fn the_code_of_three_actions_is_reviewed() {
    let files = emit(&catalog("tests/fixture.toml").1);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["services/mod.rs", "services/shared.rs", "services/demo.rs"]);
    if LAYOUT.is_empty() {
        assert_eq!(files[1].text, include_str!("../src/shared.rs"));
    }
    insta::assert_snapshot!(format!("fixture_mod{LAYOUT}"), files[0].text);
    insta::assert_snapshot!(format!("fixture_demo{LAYOUT}"), files[2].text);
}

#[test]
fn the_items_are_the_same_in_every_layout() {
    let files = emit(&catalog("tests/fixture.toml").1);
    let items = |file: &File| {
        let file = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        file.items.iter().flat_map(heading).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("fixture_items", files.iter().map(items).collect::<Vec<_>>().join("\n"));
}

/// An item by its kind and name, with the variants of an enum.
fn heading(item: &Item) -> Vec<String> {
    match item {
        Item::Const(item) => vec![format!("const {}", item.ident)],
        Item::Static(item) => vec![format!("static {}", item.ident)],
        Item::Fn(item) => vec![format!("fn {}", item.sig.ident)],
        Item::Mod(item) => vec![format!("mod {}", item.ident)],
        Item::Enum(item) => {
            let variants = item.variants.iter().map(|variant| format!("    {}", variant.ident));
            [format!("enum {}", item.ident)].into_iter().chain(variants).collect()
        }
        Item::Macro(item) => {
            let path: Vec<String> =
                item.mac.path.segments.iter().map(|part| part.ident.to_string()).collect();
            vec![format!("{}!", path.join("::"))]
        }
        Item::Impl(item) => vec![format!("impl with {} items", item.items.len())],
        Item::Use(_) => vec!["use".to_owned()],
        _ => vec!["another item".to_owned()],
    }
}

#[test]
fn the_checked_in_catalog_makes_rust_and_the_same_each_time() {
    let (text, read) = catalog("../catalog.toml");
    let files = emit(&read);
    for file in &files {
        assert!(syn::parse_file(&file.text).is_ok(), "{} is Rust", file.path);
    }
    assert_eq!(files, emit(&parse("catalog.toml", &text).expect("it was read before")));
    for service in &read.services {
        let made = file(&files, &format!("services/{}.rs", service.id));
        assert_eq!(made.text.matches("#[doc(alias = \"").count(), service.actions.len());
    }
}
