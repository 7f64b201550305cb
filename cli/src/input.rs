//! Where policies come from: files, directories and standard input.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use cam_policy::document::Document;
use cam_policy::policy::{Policy, PolicyKind};

use crate::exit::Failure;

/// A policy with the name of where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file, or `<stdin>`.
    pub name: String,
    pub policy: Policy,
    pub kind: PolicyKind,
}

/// A text with its name.
pub(crate) struct Named {
    pub name: String,
    pub text: String,
}

/// The name of standard input.
const STDIN: &str = "<stdin>";

/// Reads a text from a file, or from standard input if the file is `-`.
pub(crate) fn text(file: &Path) -> Result<Named, Failure> {
    if file == Path::new("-") {
        return stdin();
    }
    let name = file.display().to_string();
    match fs::read_to_string(file) {
        Ok(text) => Ok(Named { name, text }),
        Err(error) => Err(Failure::new(format_args!("cannot read {name}: {error}"))),
    }
}

fn stdin() -> Result<Named, Failure> {
    let mut text = String::new();
    match io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok(Named { name: STDIN.into(), text }),
        Err(error) => Err(Failure::new(format_args!("cannot read standard input: {error}"))),
    }
}

/// Reads the policies of files, directories and standard input (`-`). Without any path, it reads standard input.
///
/// Every file that cannot be read is in the error, not only the first.
pub(crate) fn policies(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    if paths.is_empty() {
        if io::stdin().is_terminal() {
            return Err(no_input("no policy is given"));
        }
        texts.push(stdin()?);
    }
    for path in paths {
        let read = if path.is_dir() { directory(path) } else { text(path).map(|one| vec![one]) };
        match read {
            Ok(read) => texts.extend(read),
            Err(failure) => errors.push(failure),
        }
    }
    collect(texts, errors, false)
}

/// Reads the policies of texts. `errors` are those of texts that could not be read; `or_none`: there may be no policy.
pub(crate) fn collect(
    texts: Vec<Named>,
    errors: Vec<Failure>,
    or_none: bool,
) -> Result<Vec<Source>, Failure> {
    let mut errors: Vec<String> = errors.iter().map(|failure| failure.message().to_owned()).collect();
    let mut found = Vec::new();
    for Named { name, text } in texts {
        if text.trim().is_empty() {
            errors.push(format!("{name} is empty"));
            continue;
        }
        match Document::parse_wrapped(&text) {
            Ok(document) => {
                let kind = document.kind();
                found.push(Source { name, policy: document.into_policy(), kind });
            }
            Err(error) => {
                let lines: Vec<String> =
                    error.to_string().lines().map(|line| format!("{name}:{line}")).collect();
                errors.push(lines.join("\n"));
            }
        }
    }
    if errors.is_empty() {
        if found.is_empty() && !or_none {
            return Err(no_input("there is no policy in what is given"));
        }
        return Ok(found);
    }
    Err(Failure::new(errors.join("\n")))
}

fn no_input(what: &str) -> Failure {
    Failure::new(what).with_help("name files or directories, or `-` for standard input")
}

/// Reads the files of a directory that hold policies, in the order of their names. There is at least one.
fn directory(path: &Path) -> Result<Vec<Named>, Failure> {
    let texts = directory_or_none(path)?;
    if texts.is_empty() {
        return Err(Failure::new(format_args!("the directory {} holds no policy", path.display())));
    }
    Ok(texts)
}

/// Reads the files of a directory that hold policies, in the order of their names.
pub(crate) fn directory_or_none(path: &Path) -> Result<Vec<Named>, Failure> {
    let mut texts = Vec::new();
    for entry in ignore::WalkBuilder::new(path).sort_by_file_path(Path::cmp).build() {
        let entry =
            entry.map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) && may_hold_policies(entry.path()) {
            texts.push(text(entry.path())?);
        }
    }
    texts.retain(|named| holds_policies(&named.text));
    Ok(texts)
}

/// Whether files of this name may hold policies.
pub(crate) fn may_hold_policies(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "json")
}

/// Whether a file of a directory holds a policy: the directory may have other JSON too.
pub(crate) fn holds_policies(text: &str) -> bool {
    text.to_ascii_lowercase().contains("statement")
}

/// Reads one policy; `None` is standard input.
pub(crate) fn one_policy(path: Option<&Path>) -> Result<Source, Failure> {
    let paths: Vec<PathBuf> = path.map(Path::to_path_buf).into_iter().collect();
    let mut all = policies(&paths)?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (_, others) => {
            Err(Failure::new(format_args!("here are {} policies, and the command takes one", others + 1)))
        }
    }
}
