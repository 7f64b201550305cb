//! Reads and replaces the files of a project.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use tencent_cam_codegen::Arena;

use crate::error::Error;

/// The path of the catalog below the root. Reports show it, too.
pub(crate) const CATALOG: &str = "catalog.toml";

/// Returns the errors of the catalog's lists of names, one line each.
pub(crate) fn listed(wrong: &[String]) -> String {
    let lines: Vec<String> = wrong.iter().map(|line| format!("error: {CATALOG}: {line}\n")).collect();
    lines.concat()
}

/// The repository, or a copy of it.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// Returns the project whose `catalog.toml` and `Cargo.toml` are in `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the directory of the project.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the bytes of a file, or `None` if there is no such file.
    pub(crate) fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    /// Returns the text of a file that must exist.
    pub(crate) fn text(&self, path: &str) -> Result<String, Error> {
        let bytes = self.bytes(path)?.ok_or_else(|| Error::wrong(format_args!("{path} does not exist")))?;
        String::from_utf8(bytes).map_err(|error| {
            Error::wrong(format_args!("{path} is not UTF-8: see byte {}", error.utf8_error().valid_up_to()))
        })
    }

    /// Returns the catalog, or the report of its errors.
    pub(crate) fn catalog<'a>(&self, arena: &'a Arena) -> Result<Catalog<'a>, Error> {
        tencent_cam_codegen::parse(arena, CATALOG, &self.text(CATALOG)?)
            .map_err(|report| Error::Wrong(report.to_string()))
    }

    /// Returns the lists of names of the catalog.
    pub(crate) fn lists(&self) -> Result<tencent_cam_codegen::Lists, Error> {
        tencent_cam_codegen::lists(&self.text(CATALOG)?).map_err(|wrong| Error::Wrong(listed(&wrong)))
    }

    /// Returns the names in a directory, sorted; an empty list if there is no such directory.
    pub(crate) fn names(&self, directory: &str) -> Result<Vec<String>, Error> {
        let entries = match fs::read_dir(self.root.join(directory)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries,
        };
        let mut names = entries
            .and_then(|entries| {
                entries
                    .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                    .collect::<io::Result<Vec<String>>>()
            })
            .map_err(|error| failed("list", directory, &error))?;
        names.sort();
        Ok(names)
    }

    /// Replaces a file, and creates its directory if it is missing.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        replace(&self.root.join(path), text.as_bytes()).map_err(|error| failed("write", path, &error))
    }

    /// Waits until no other process changes the catalog, then runs `work` while none can.
    pub(crate) fn alone<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let locked = |error: io::Error| failed("write", CATALOG, &error);
        let directory = self.root.join("target");
        fs::create_dir_all(&directory).map_err(locked)?;
        // A lock on the catalog itself would stop nobody, because a write replaces the file.
        let file = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(directory.join("catalog.lock"));
        let mut lock = fd_lock::RwLock::new(file.map_err(locked)?);
        let _guard = lock.write().map_err(locked)?;
        work()
    }

    pub(crate) fn remove(&self, path: &str) -> Result<(), Error> {
        fs::remove_file(self.root.join(path)).map_err(|error| failed("remove", path, &error))
    }
}

pub(crate) fn failed(what: &str, path: &str, error: &io::Error) -> Error {
    Error::wrong(format_args!("cannot {what} {path}: {error}"))
}

/// Writes a file. Readers see the old bytes or the new ones, also after a crash.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A symbolic link stays: the write replaces its target.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A rename would remove a pipe or a device: write into it instead.
        return fs::write(path, bytes);
    }
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    fs::create_dir_all(directory)?;
    let prefix = format!(".{}.", name.to_string_lossy());
    sweep(directory, &prefix);
    let mut builder = tempfile::Builder::new();
    // Only the process number varies in the name, so that `sweep` recognises these files.
    let prefix = format!("{prefix}{}", std::process::id());
    builder.prefix(&prefix).suffix(".tmp").rand_bytes(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        // The mode of any new file, before the system applies its mask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(bytes)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Deletes the temporary files of processes that were killed while they wrote the same file.
fn sweep(directory: &Path, prefix: &str) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(".tmp"));
        if number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
            // A file that cannot be deleted does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_reader_never_sees_half_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let texts = ["a".repeat(1 << 20), "b".repeat(1 << 19)];
        replace(&path, texts[0].as_bytes()).unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = 0;
                while !done.load(Ordering::Relaxed) || seen == 0 {
                    let text = fs::read_to_string(&path).unwrap();
                    assert!(texts.contains(&text), "{} bytes", text.len());
                    seen += 1;
                }
            });
            for round in 0..100 {
                replace(&path, texts[round % 2].as_bytes()).unwrap();
            }
            done.store(true, Ordering::Relaxed);
            reader.join().unwrap();
        });
        assert_eq!(names(directory.path()), ["file"]);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("taken");
        fs::create_dir(&path).unwrap();
        replace(&path, b"text").unwrap_err();
        assert_eq!(names(directory.path()), ["taken"]);
        replace(&path.join(".."), b"text").unwrap_err();
        replace(Path::new(""), b"text").unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        replace(Path::new("/dev/null"), b"text").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
