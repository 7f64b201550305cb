//! Tests that no file of the crate imports a file of a later layer, and that no files import each other in a circle.

#[path = "layers/imports.rs"]
mod imports;

use std::fs;

use imports::{Imports, layers};

#[test]
fn files_import_only_what_stands_above_them() {
    imports::assert_layers(env!("CARGO_MANIFEST_DIR"));
}

/// The check itself must fail for a wrong import.
#[test]
fn a_circle_and_an_import_of_a_later_layer_are_found() {
    let src = std::env::temp_dir().join(format!("layers-{}", std::process::id()));
    fs::create_dir_all(src.join("low")).unwrap();
    let lib = "//! # Layers\n//!\n//! 1. [`low`]: first\n//! 2. `high`: second\n\nmod high;\nmod low;\n";
    for (name, text) in [
        ("lib.rs", lib),
        ("low/mod.rs", "mod part;\n\npub use part::Part;\n\npub struct Whole;\n"),
        ("low/part.rs", "use super::Whole;\n\npub struct Part(Whole);\n"),
        ("high.rs", "use crate::low::{self, Part};\n"),
    ] {
        fs::write(src.join(name), text).unwrap();
    }
    let imports = Imports::read(&src);
    assert_eq!(layers(lib), ["low", "high"]);
    assert_eq!(imports.against(&layers(lib)), [] as [String; 0]);
    assert_eq!(imports.circle().as_deref(), Some("low/mod.rs -> low/part.rs -> low/mod.rs"));

    fs::write(src.join("low/part.rs"), "pub struct Part(crate::high::Top);\n").unwrap();
    let imports = Imports::read(&src);
    assert_eq!(imports.against(&layers(lib)), ["low/part.rs imports `high`, which stands below `low`"]);
    assert!(imports.circle().is_some_and(|circle| circle.contains("high.rs")));
    fs::write(src.join("more.rs"), "").unwrap();
    let imports = Imports::read(&src);
    assert!(imports.against(&layers(lib))[1].contains("`more` is not in the list"));
    fs::remove_dir_all(&src).unwrap();
}
