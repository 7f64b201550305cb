//! The sides of a comparison: files, directories, and revisions of git.

use std::path::Path;
use std::process::Command;

use crate::exit::Failure;
use crate::input::{self, Named, Reader, Source};

/// The policies of one side.
pub(crate) struct Side {
    pub sources: Vec<Source>,
    /// What the names of its files begin with.
    root: String,
}

impl Side {
    /// Returns the policies, each with its name within the side.
    pub(crate) fn named(self) -> impl Iterator<Item = (String, Source)> {
        let Self { sources, root } = self;
        sources.into_iter().map(move |source| {
            let file = source.file.strip_prefix(&root).unwrap_or(&source.file).trim_start_matches('/');
            (format!("{file}\n{}", source.label), source)
        })
    }
}

/// Reads one side. A path that exists is meant as a path, whatever it looks like.
pub(crate) fn side(text: &str) -> Result<Side, Failure> {
    let path = Path::new(text);
    if text == "-" || path.is_file() {
        return Ok(Side { sources: input::policies(&[path.to_path_buf()])?, root: text.into() });
    }
    if path.is_dir() {
        let mut reader = Reader::default();
        reader.directory(path)?;
        return Ok(Side { sources: reader.finish_or_none()?, root: text.into() });
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
    let mut reader = Reader::default();
    if git(&["cat-file", "-t", object]).map_err(fail)?.trim() == "blob" {
        reader
            .must_hold(&Named { name: text.into(), text: git(&["cat-file", "blob", object]).map_err(fail)? });
        return Ok(Side { sources: reader.finish()?, root: text.into() });
    }
    let listed = git(&["ls-tree", "-r", "-z", "--full-tree", object]).map_err(fail)?;
    let root = text.trim_end_matches('/');
    for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
        // `mode type object<tab>path`
        let Some((facts, path)) = entry.split_once('\t') else { continue };
        let mut facts = facts.split(' ').skip(1);
        let (Some("blob"), Some(blob)) = (facts.next(), facts.next()) else { continue };
        if input::may_hold_policies(Path::new(path)) {
            let name = if root.ends_with(':') { format!("{root}{path}") } else { format!("{root}/{path}") };
            reader.may_hold(&Named { name, text: git(&["cat-file", "blob", blob]).map_err(fail)? });
        }
    }
    Ok(Side { sources: reader.finish_or_none()?, root: root.into() })
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
