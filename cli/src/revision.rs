//! The sides of a comparison: files, directories, and revisions of git.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cam_workspace::files;

use crate::exit::Failure;
use crate::files::STDIN;
use crate::input::{self, Named};

/// The files of one side, of which some may hold policies.
pub(crate) struct Side {
    /// The files by their path within the side. The path of a side that is one file is empty.
    pub files: BTreeMap<String, File>,
    /// Whether the user named this one file, which must hold a policy then.
    pub is_one_file: bool,
}

/// A file, which is read when its text is needed.
#[derive(Clone)]
pub(crate) struct File {
    /// As the user would name it.
    pub name: String,
    content: Content,
}

#[derive(Clone, PartialEq)]
enum Content {
    Disk(PathBuf),
    /// The number of a file in git, which is made from its text.
    Git(String),
    Stdin(String),
}

impl File {
    /// Returns the text, or what is wrong with the file.
    pub(crate) fn read(&self) -> Result<Named, Failure> {
        let text = match &self.content {
            Content::Disk(path) => return input::text(path),
            Content::Stdin(text) => text.clone(),
            Content::Git(blob) => git(&["cat-file", "blob", blob])
                .map_err(|why| Failure::new(format_args!("git cannot read {}{why}", self.name)))?,
        };
        Ok(Named { name: self.name.clone(), text })
    }

    /// Whether it is certain that both have the same text.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        match (&self.content, &other.content) {
            (Content::Git(own), Content::Git(others)) => own == others,
            _ => matches!((self.read(), other.read()), (Ok(own), Ok(others)) if own.text == others.text),
        }
    }
}

impl Side {
    fn of_one(name: &str, content: Content) -> Self {
        let file = File { name: name.into(), content };
        Self { files: BTreeMap::from([(String::new(), file)]), is_one_file: true }
    }
}

/// Finds the files of one side. A path that exists is meant as a path, whatever it looks like.
pub(crate) fn side(text: &str) -> Result<Side, Failure> {
    let path = Path::new(text);
    if text == "-" {
        return Ok(Side::of_one(STDIN, Content::Stdin(input::text(path)?.text)));
    }
    if path.is_file() {
        return Ok(Side::of_one(text, Content::Disk(path.into())));
    }
    if path.is_dir() {
        let walked = files::walk(path)
            .map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))?;
        let file = |file: PathBuf| {
            let within = file.strip_prefix(path).unwrap_or(&file);
            let within = within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            (within, File { name: file.display().to_string(), content: Content::Disk(file) })
        };
        return Ok(Side { files: walked.into_iter().map(file).collect(), is_one_file: false });
    }
    match text.split_once(':') {
        Some((revision, _)) if !revision.is_empty() && !text.starts_with('-') => from_git(text),
        _ => Err(Failure::new(format_args!("there is no file or directory {text}"))
            .with_help("a git revision is written REVISION:PATH, such as main:policies")),
    }
}

fn from_git(text: &str) -> Result<Side, Failure> {
    let object = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", text]).map_err(|why| {
        Failure::new(format_args!("git finds no {text}{why}"))
            .with_help("write REVISION:PATH, the path counted from the root of the repository")
    })?;
    let object = object.trim();
    let fail = |why: String| Failure::new(format_args!("git cannot read {text}{why}"));
    if git(&["cat-file", "-t", object]).map_err(fail)?.trim() == "blob" {
        return Ok(Side::of_one(text, Content::Git(object.into())));
    }
    let listed = git(&["ls-tree", "-r", "-z", "--full-tree", object]).map_err(fail)?;
    let root = text.trim_end_matches('/');
    let mut files = BTreeMap::new();
    for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
        // `mode type object<tab>path`
        let Some((facts, path)) = entry.split_once('\t') else { continue };
        let mut facts = facts.split(' ').skip(1);
        let (Some("blob"), Some(blob)) = (facts.next(), facts.next()) else { continue };
        if input::may_hold_policies(Path::new(path)) {
            let name = if root.ends_with(':') { format!("{root}{path}") } else { format!("{root}/{path}") };
            files.insert(path.to_owned(), File { name, content: Content::Git(blob.into()) });
        }
    }
    Ok(Side { files, is_one_file: false })
}

/// Runs git and returns what it prints; the error is what it says, or nothing.
fn git(args: &[&str]) -> Result<String, String> {
    let output =
        Command::new("git").args(args).output().map_err(|error| format!(": git does not run: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        return Err(if said.is_empty() { String::new() } else { format!(": {said}") });
    }
    String::from_utf8(output.stdout).map_err(|_| ": it is no text".into())
}
