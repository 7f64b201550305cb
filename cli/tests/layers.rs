//! Tests that no file of the program imports a file of a later layer.

#[path = "../../crates/cam-policy/tests/layers/imports.rs"]
mod imports;

use std::fs;
use std::path::Path;

use imports::{Imports, layers};

#[test]
fn files_import_only_what_stands_above_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let order = layers(&fs::read_to_string(src.join("main.rs")).unwrap());
    assert!(order.len() > 8, "{order:?}");
    let imports = Imports::read(&src);
    assert_eq!(imports.against(&order), [] as [String; 0]);
    assert_eq!(imports.circle(), None);
}
