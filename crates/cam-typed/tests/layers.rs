//! Tests that no file of the crate imports a file of a later layer, and that no files import each other in a circle.

#[path = "../../cam-policy/tests/layers/imports.rs"]
mod imports;

#[test]
fn files_import_only_what_stands_above_them() {
    imports::assert_layers(env!("CARGO_MANIFEST_DIR"));
}
