//! `cargo xtask`. The library has all the code, so that tests can call it.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::{env, io};

use xtask::Project;

fn main() -> ExitCode {
    // Cargo names the project that it runs this for. The program may have been built in another one.
    let own = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from(env!("CARGO_MANIFEST_DIR")));
    let project = Project::new(Path::new(&own).parent().unwrap_or(Path::new(".")));
    ExitCode::from(xtask::run(
        &project,
        env::args_os().skip(1),
        &mut io::stdout().lock(),
        &mut io::stderr().lock(),
    ))
}
