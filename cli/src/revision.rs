//! The sides of a comparison: files, directories, and revisions of git.

use std::path::Path;
use std::process::Command;

use cam_workspace::source::Format;

use crate::exit::Failure;
use crate::input::{self, Source};
use crate::texts::{self, How, Texts};

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
        return Ok(Side { sources: input::policies(&[path.to_path_buf()])?, root: texts::name(path) });
    }
    if path.is_dir() {
        let read = Texts::read(&[path.to_path_buf()], How::default())?;
        return Ok(Side { sources: input::of_texts(&read)?, root: texts::name(path) });
    }
    match text.split_once(':') {
        Some((revision, at)) if !revision.is_empty() && !text.starts_with('-') => from_git(text, at),
        _ => Err(Failure::new(format_args!("there is no file or directory {text}"))
            .with_help("a git revision is written REVISION:PATH, such as main:policies")),
    }
}

/// Reads the file or folder `at` of a revision. The configuration is that of the working tree, so that both sides have the
/// same.
fn from_git(text: &str, at: &str) -> Result<Side, Failure> {
    let object = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", text]).map_err(|why| {
        Failure::new(format_args!("git finds no {text}{why}"))
            .with_help("write REVISION:PATH, the path counted from the root of the repository")
    })?;
    let object = object.trim();
    let fail = |why: String| Failure::new(format_args!("git cannot read {text}{why}"));
    let tree = git(&["rev-parse", "--show-toplevel"]).map(|root| Path::new(root.trim_end()).join(at));
    // A bare repository has no working tree, and so no configuration.
    let tree = tree.unwrap_or_else(|_| Path::new(at).to_path_buf());
    let how = How::default();
    let mut read = Texts::default();
    if git(&["cat-file", "-t", object]).map_err(fail)?.trim() == "blob" {
        read.add(&tree, text.into(), git(&["cat-file", "blob", object]).map_err(fail)?, true, None, how)?;
        return Ok(Side { sources: input::of_texts(&read)?, root: text.into() });
    }
    let listed = git(&["ls-tree", "-r", "-z", "--full-tree", object]).map_err(fail)?;
    let root = text.trim_end_matches('/');
    for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
        // `mode type object<tab>path`
        let Some((facts, path)) = entry.split_once('\t') else { continue };
        let mut facts = facts.split(' ').skip(1);
        let (Some("blob"), Some(blob)) = (facts.next(), facts.next()) else { continue };
        if Format::of_name(path).is_some() {
            let name = if root.ends_with(':') { format!("{root}{path}") } else { format!("{root}/{path}") };
            let held = git(&["cat-file", "blob", blob]).map_err(fail)?;
            read.add(&tree.join(path), name, held, false, None, how)?;
        }
    }
    Ok(Side { sources: input::of_texts(&read)?, root: root.into() })
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
