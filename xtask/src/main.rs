//! `cargo xtask`; all of it is in the library, for the tests' sake.

use std::process::ExitCode;
use std::{env, io};

use xtask::Project;

fn main() -> ExitCode {
    let project = Project::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    ExitCode::from(xtask::run(
        &project,
        env::args_os().skip(1),
        &mut io::stdout().lock(),
        &mut io::stderr().lock(),
    ))
}
