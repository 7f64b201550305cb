//! Files that the program reads and writes, and standard input by its name.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use cam_workspace::files;

use crate::exit::Failure;

/// The name of standard input.
pub(crate) const STDIN: &str = "<stdin>";

/// The failure of a command that has nothing to work on.
pub(crate) fn no_input(what: &str) -> Failure {
    Failure::new(what).with_help("name files or directories, or `-` for standard input")
}

/// Reads standard input as UTF-8. It can be read once: the second time is an error, and not an empty text.
pub(crate) fn stdin() -> Result<String, Failure> {
    static IS_READ: AtomicBool = AtomicBool::new(false);
    if IS_READ.swap(true, Ordering::Relaxed) {
        return Err(Failure::new("standard input is named twice, and it can be read once")
            .with_help("write one of the texts to a file, and name the file"));
    }
    files::read_from(io::stdin().lock())
        .map_err(|error| Failure::new(format_args!("cannot read standard input: {error}")))
}

/// Reads a file as UTF-8.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    files::read(file).map_err(|error| Failure::new(format_args!("cannot read {}: {error}", file.display())))
}

/// Writes a file: all of it or nothing. The directory is made if it does not exist.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| files::write(file, text))
        .map_err(|error| Failure::new(format_args!("cannot write {}: {error}", file.display())))
}
