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
        let read = if path.is_dir() { directory(path, &mut texts) } else { text(path).map(|one| texts.push(one)) };
        if let Err(failure) = read {
            errors.push(failure);
        }
    }
    collect(texts, errors)
}

/// Reads the policies of texts that have been read already.
pub(crate) fn collect(texts: Vec<Named>, errors: Vec<Failure>) -> Result<Vec<Source>, Failure> {
    let mut errors: Vec<String> =
        errors.into_iter().map(|failure| failure.to_string().replacen("error: ", "", 1)).collect();
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
                let lines: Vec<String> = error.to_string().lines().map(|line| format!("{name}:{line}")).collect();
                errors.push(lines.join("\n"));
            }
        }
    }
    if errors.is_empty() {
        if found.is_empty() {
            return Err(no_input("there is no policy in what is given"));
        }
        return Ok(found);
    }
    Err(Failure::new(errors.join("\n")))
}

fn no_input(what: &str) -> Failure {
    Failure::new(what).with_help("name files or directories, or `-` for standard input")
}

/// Reads the files of a directory that hold policies, in the order of their names.
fn directory(path: &Path, texts: &mut Vec<Named>) -> Result<(), Failure> {
    let walk = ignore::WalkBuilder::new(path).sort_by_file_path(Path::cmp).build();
    let before = texts.len();
    for entry in walk {
        let entry = entry.map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))?;
        let file = entry.path();
        if file.is_file() && file.extension().is_some_and(|extension| extension == "json") {
            let one = text(file)?;
            // A directory may hold other JSON too.
            if one.text.to_ascii_lowercase().contains("statement") {
                texts.push(one);
            }
        }
    }
    if texts.len() == before {
        return Err(Failure::new(format_args!("the directory {} holds no policy", path.display())));
    }
    Ok(())
}
