//! Runs every command of `tests/cmd/*.trycmd` in `tests/examples`, and every one of the project's README in its folder,
//! and compares what it prints and its exit code.
//!
//! `TRYCMD=overwrite cargo test -p tencent-cam-cli --test cmd` writes what they print now.

use std::path::Path;

#[test]
fn the_documented_commands_do_what_is_documented() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = package.join("tests");
    // One test after the other: both change the folder of the process.
    std::env::set_current_dir(tests.join("examples")).unwrap();
    trycmd::TestCases::new().case(tests.join("cmd/*.trycmd"));
    let root = package.parent().unwrap();
    std::env::set_current_dir(root).unwrap();
    trycmd::TestCases::new().case(root.join("README.md"));
}
