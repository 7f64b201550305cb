//! Runs every command of `tests/cmd/*.trycmd` in `tests/examples`, and compares what it prints and its exit code.
//!
//! `TRYCMD=overwrite cargo test -p tencent-cam-cli --test cmd` writes what they print now.

use std::path::Path;

#[test]
fn the_documented_commands_do_what_is_documented() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    std::env::set_current_dir(tests.join("examples")).unwrap();
    trycmd::TestCases::new().case(tests.join("cmd/*.trycmd"));
}
