//! Files: the only module that touches the disk.

use std::fs;
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::config::FILE_NAME;
use crate::source::Format;

/// What [`walk`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// The files, in the order of their paths.
    pub files: Vec<PathBuf>,
    /// Symbolic links with the names of such files. Nobody follows them.
    pub links: Vec<PathBuf>,
    /// What could not be read, each with its path.
    pub errors: Vec<String>,
}

/// Finds the files of a folder that may hold policies, by their names. Files that git ignores are left out, and hidden ones.
/// A folder within that cannot be read is an [error](Walked::errors), and the others are searched.
///
/// ```
/// use cam_workspace::files::walk;
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("a.json"), "{}")?;
/// assert_eq!(walk(folder.path()).files, [folder.path().join("a.json")]);
/// assert_eq!(walk(&folder.path().join("nothing")).errors.len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn walk(folder: &Path) -> Walked {
    walk_by(WalkBuilder::new(folder).hidden(true), |name| Format::of_name(name).is_some())
}

/// Finds the files of a folder whose names are wanted, as git would list them: hidden ones, too, and no ignored ones.
///
/// ```
/// use cam_workspace::files::walk_where;
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join(".a.tfvars"), "")?;
/// let found = walk_where(folder.path(), |name| name.ends_with(".tfvars"));
/// assert_eq!(found.files, [folder.path().join(".a.tfvars")]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn walk_where(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Walked {
    let is_of_git = |entry: &DirEntry| entry.depth() > 0 && entry.file_name() == ".git";
    walk_by(WalkBuilder::new(folder).hidden(false).filter_entry(move |entry| !is_of_git(entry)), is_wanted)
}

fn walk_by(builder: &mut WalkBuilder, is_wanted: impl Fn(&str) -> bool) -> Walked {
    let mut walked = Walked::default();
    // A `.gitignore` also counts where there is no repository.
    let walk = builder.require_git(false).sort_by_file_path(Path::cmp).build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                walked.errors.push(format!("cannot read the directory {error}"));
                continue;
            }
        };
        let Some(kind) = entry.file_type().filter(|_| is_wanted(&entry.file_name().to_string_lossy())) else {
            continue;
        };
        if kind.is_file() {
            walked.files.push(entry.into_path());
        } else if kind.is_symlink() && entry.depth() > 0 {
            walked.links.push(entry.into_path());
        }
    }
    walked
}

/// The most bytes of a text that is read. A plan of Terraform may be long, and no file of policies is as long as this.
pub const LARGEST: u64 = 64 << 20;

/// Reads a file as UTF-8. One that is too large is refused by its size, and not read.
///
/// # Errors
///
/// If it cannot be read, has more than [`LARGEST`] bytes, or is not UTF-8.
pub fn read(file: &Path) -> io::Result<String> {
    let file = fs::File::open(file)?;
    // A pipe or a device states no length.
    let length = file.metadata()?.len();
    if length > LARGEST { Err(too_large()) } else { read_limited(file, length) }
}

/// Reads a text as UTF-8. Of one that is too large, it reads no more than shows that.
///
/// ```
/// use std::io::{self, ErrorKind, Read as _};
///
/// use cam_workspace::files::read_from;
///
/// assert_eq!(read_from("{}".as_bytes())?, "{}");
/// assert_eq!(read_from(io::repeat(b' ')).unwrap_err().kind(), ErrorKind::FileTooLarge);
/// # Ok::<(), io::Error>(())
/// ```
///
/// # Errors
///
/// If it cannot be read, has more than [`LARGEST`] bytes, or is not UTF-8.
pub fn read_from(input: impl Read) -> io::Result<String> {
    read_limited(input, 0)
}

/// Reads a text that probably has this length: without it, each file would be read in many small pieces.
fn read_limited(input: impl Read, probable: u64) -> io::Result<String> {
    let mut bytes = Vec::with_capacity(usize::try_from(probable).map_or(0, |length| length + 1));
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|error| {
        let what = match error.as_bytes() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is not UTF-8 but UTF-16: save it as UTF-8".to_owned(),
            _ => format!("it is not UTF-8: {}", error.utf8_error()),
        };
        io::Error::new(io::ErrorKind::InvalidData, what)
    })
}

fn too_large() -> io::Error {
    let what =
        format!("it has more than {} MiB, and policies are read from smaller texts only", LARGEST >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}

/// Replaces a file: either the whole new text is there, or the old one. A symbolic link stays, and the file that it names
/// is replaced.
///
/// # Errors
///
/// If the folder or the file cannot be written.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // A file of this library is private; the user's umask says what a new file is.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = builder.tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&target) {
        if old.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Returns the folder that holds the repository of a file or folder: the nearest one above with a `.git`.
pub fn repository(path: &Path) -> Option<PathBuf> {
    folders(path).find(|folder| folder.join(".git").exists())
}

/// Returns the nearest configuration above a file or folder, not above the root of its repository.
pub fn config_of(path: &Path) -> Option<PathBuf> {
    for folder in folders(path) {
        let file = folder.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// The folder itself, or that of the file, and those above.
fn folders(path: &Path) -> impl Iterator<Item = PathBuf> {
    let absolute = absolute(path);
    let first =
        if absolute.is_dir() { Some(absolute.clone()) } else { absolute.parent().map(Path::to_owned) };
    std::iter::successors(first, |folder| folder.parent().map(Path::to_owned))
}

/// Returns a path from the root of the file system, without `.` and `..`. Symbolic links stay.
pub fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // What is absolute has no `.` any more. A `/` at its end goes.
    if whole.is_absolute() && !whole.components().any(|one| one == Component::ParentDir) {
        return whole.components().as_path().to_owned();
    }
    let mut out = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// Returns a file relative to a folder, with `/`; of a file that does not lie there, its name.
pub fn relative_or_name(file: &Path, folder: &Path) -> String {
    relative(file, folder).unwrap_or_else(|| {
        file.file_name().map_or_else(|| "policy".into(), |name| name.to_string_lossy().into_owned())
    })
}

/// Returns a file relative to a folder, with `/`; `None` if it does not lie there.
pub fn relative(file: &Path, folder: &Path) -> Option<String> {
    let (file, folder) = (absolute(file), absolute(folder));
    let rest = file.strip_prefix(folder).ok()?;
    let parts: Vec<String> =
        rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Some(parts.join("/"))
}
