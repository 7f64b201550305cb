//! Files that the program writes.

use std::fs;
use std::path::Path;

use cam_workspace::files;

use crate::exit::Failure;

/// Writes a file: all of it or nothing. The directory is made if it does not exist.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| files::write(file, text))
        .map_err(|error| Failure::new(format_args!("cannot write {}: {error}", file.display())))
}
