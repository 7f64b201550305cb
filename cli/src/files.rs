//! Files that the program writes.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::exit::Failure;

/// Writes a file: all of it or nothing. The directory is made if it does not exist.
pub(crate) fn write(file: &Path, text: &[u8]) -> Result<(), Failure> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = fs::create_dir_all(directory).and_then(|()| {
        let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
        temporary.write_all(text)?;
        temporary.persist(file).map_err(|error| error.error)?;
        Ok(())
    });
    written.map_err(|error| Failure::new(format_args!("cannot write {}: {error}", file.display())))
}
