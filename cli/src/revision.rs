//! The sides of a comparison: files, directories, and revisions of git.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cam_workspace::files;
use cam_workspace::source::Format;

use crate::exit::Failure;
use crate::files::STDIN;
use crate::texts;

/// The files of one side, of which some may hold policies.
pub(crate) struct Side {
    /// The files by their path within the side. The path of a side that is one file is empty.
    pub files: BTreeMap<String, File>,
    /// The other files, of which some may decide what a policy of Terraform says, by their path.
    pub inputs: BTreeMap<String, File>,
    /// The revision of git, of which the side is a part.
    revision: Option<String>,
    /// This part, as `REVISION:PATH`.
    tree: Option<String>,
    /// Whether the user named this one file, which must hold a policy then.
    pub is_one_file: bool,
    /// What could not be read.
    pub unreadable: Vec<String>,
}

/// A file, which is read once, when its text is needed.
#[derive(Clone)]
pub(crate) struct File {
    /// As the user would name it.
    pub name: String,
    /// Where it stands, or would stand in the working tree: whose configuration counts, so that both sides have the same.
    pub at: PathBuf,
    content: Content,
    text: OnceCell<String>,
}

#[derive(Clone, PartialEq)]
enum Content {
    Disk,
    /// The number of a file in git, which is made from its text.
    Git(String),
    Stdin(String),
    /// An entry of git that is no file: its number, and what it is.
    NoFile(String, &'static str),
}

impl File {
    fn new(name: String, at: PathBuf, content: Content) -> Self {
        Self { name, at, content, text: OnceCell::new() }
    }

    /// Returns the text.
    pub(crate) fn read(&self) -> Result<&str, Failure> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let text = self.load()?;
        Ok(self.text.get_or_init(|| text))
    }

    fn load(&self) -> Result<String, Failure> {
        match &self.content {
            Content::Disk => crate::files::read(&self.at),
            Content::Stdin(text) => Ok(text.clone()),
            Content::NoFile(_, what) => {
                Err(Failure::new(format_args!("{} is {what}, and what it stands for is not read", self.name)))
            }
            Content::Git(blob) => {
                let text = blob_text(blob)
                    .map_err(|why| Failure::new(format_args!("git cannot read {}{why}", self.name)))?;
                if text.starts_with("version https://git-lfs.github.com/spec/") {
                    let name = &self.name;
                    return Err(Failure::new(format_args!(
                        "{name} is a pointer of Git LFS, and the file that it stands for is not read"
                    )));
                }
                Ok(text)
            }
        }
    }

    /// Whether it is an entry of git that is no file.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self.content, Content::NoFile(..))
    }

    /// Whether it is certain that both have the same text.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        match (&self.content, &other.content) {
            (Content::Git(own), Content::Git(others))
            | (Content::NoFile(own, _), Content::NoFile(others, _)) => own == others,
            _ => matches!((self.read(), other.read()), (Ok(own), Ok(others)) if own == others),
        }
    }
}

impl Side {
    fn of_one(name: &str, at: &Path, content: Content) -> Self {
        let file = File::new(name.into(), at.into(), content);
        Self {
            files: BTreeMap::from([(String::new(), file)]),
            inputs: BTreeMap::new(),
            revision: None,
            tree: None,
            is_one_file: true,
            unreadable: Vec::new(),
        }
    }

    /// Whether this is a whole revision.
    pub(crate) fn is_repository(&self) -> bool {
        self.tree.as_ref().is_some_and(|tree| tree.ends_with(':'))
    }

    /// Whether a file of a revision says a word, in whatever case; `None` if the side is no revision.
    pub(crate) fn says(&self, word: &str) -> Option<bool> {
        let tree = self.tree.as_ref()?;
        // Without a match it ends with an error.
        Some(git(&["grep", "--quiet", "--ignore-case", "-e", word, tree]).is_ok())
    }

    /// Whether a file of the working tree is in this side's revision with this text. A side that is no revision has what
    /// the working tree has.
    pub(crate) fn has(&self, file: &Path, text: &str) -> bool {
        let Some(revision) = &self.revision else { return true };
        let Ok(top) = git(&["rev-parse", "--show-toplevel"]) else { return false };
        let within = files::relative(file, Path::new(top.trim_end()));
        within.is_some_and(|path| blob_text(&format!("{revision}:{path}")).is_ok_and(|own| own == text))
    }
}

/// What an entry is that stands for another one.
const LINK: &str = "a symbolic link";

/// Finds the files of one side. A path that exists is meant as a path, whatever it looks like.
pub(crate) fn side(text: &str) -> Result<Side, Failure> {
    let path = Path::new(text);
    if text == "-" {
        return Ok(Side::of_one(STDIN, Path::new("stdin"), Content::Stdin(crate::files::stdin()?)));
    }
    if path.is_file() {
        return Ok(Side::of_one(&texts::name(path), path, Content::Disk));
    }
    if path.is_dir() {
        // What git would list, so that a folder and a revision of it are the same.
        let files::Walked { files, links, errors } = files::walk_where(path, |_| true);
        let within = |file: &Path| {
            let within = file.strip_prefix(path).unwrap_or(file);
            within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
        };
        let file = |file: PathBuf| (within(&file), File::new(texts::name(&file), file, Content::Disk));
        let link = |file: PathBuf| {
            let content = Content::NoFile(number_of_link(&file), LINK);
            (within(&file), File::new(texts::name(&file), file, content))
        };
        let all = files.into_iter().map(file).chain(links.into_iter().map(link));
        let (files, inputs) = all.partition(|(name, _)| Format::of_name(name).is_some());
        return Ok(Side {
            files,
            inputs,
            revision: None,
            tree: None,
            is_one_file: false,
            unreadable: errors,
        });
    }
    match text.split_once(':') {
        Some((revision, at)) if !revision.is_empty() && !text.starts_with('-') => from_git(text, at),
        _ => Err(Failure::new(format_args!("there is no file or directory {text}"))
            .with_help("a git revision is written REVISION:PATH, such as main:policies")),
    }
}

/// The number of a symbolic link in git, which keeps where it leads as a text. Without git, that text.
fn number_of_link(link: &Path) -> String {
    let target = std::fs::read_link(link).unwrap_or_default();
    let target = target.to_string_lossy();
    let number = || {
        let mut hash = Command::new("git");
        let mut hash = hash
            .args(["hash-object", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        hash.stdin.take()?.write_all(target.as_bytes()).ok()?;
        let output = hash.wait_with_output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    };
    number().filter(|number| !number.is_empty()).unwrap_or_else(|| target.clone().into_owned())
}

/// Finds the file `at` of a revision, or the files of this folder.
fn from_git(text: &str, at: &str) -> Result<Side, Failure> {
    let object = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", text]).map_err(|why| {
        Failure::new(format_args!("git finds no {text}{why}"))
            .with_help("write REVISION:PATH, the path counted from the root of the repository")
    })?;
    let object = object.trim();
    let fail = |why: String| Failure::new(format_args!("git cannot read {text}{why}"));
    let top = git(&["rev-parse", "--show-toplevel"]);
    let tree = match top {
        // git counts such a path from the working folder.
        _ if at.starts_with("./") => PathBuf::from(at),
        Ok(top) => Path::new(top.trim_end()).join(at),
        // A bare repository has no working tree, and so no configuration.
        Err(_) => PathBuf::from(at),
    };
    if git(&["cat-file", "-t", object]).map_err(fail)?.trim() == "blob" {
        return Ok(Side::of_one(text, &tree, Content::Git(object.into())));
    }
    let listed = git(&["ls-tree", "-r", "-z", "--full-tree", object]).map_err(fail)?;
    let root = text.trim_end_matches('/');
    let (mut files, mut inputs) = (BTreeMap::new(), BTreeMap::new());
    for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
        // `mode type object<tab>path`
        let Some((facts, path)) = entry.split_once('\t') else { continue };
        let mut facts = facts.split(' ');
        let (Some(mode), Some(kind), Some(number)) = (facts.next(), facts.next(), facts.next()) else {
            continue;
        };
        let content = match (mode, kind) {
            ("120000", _) => Content::NoFile(number.into(), LINK),
            (_, "commit") => Content::NoFile(number.into(), "a submodule"),
            (_, "blob") => Content::Git(number.into()),
            _ => continue,
        };
        let is_candidate = Format::of_name(path).is_some() || kind == "commit";
        let name = if root.ends_with(':') { format!("{root}{path}") } else { format!("{root}/{path}") };
        let file = File::new(name, tree.join(path), content);
        if is_candidate { &mut files } else { &mut inputs }.insert(path.to_owned(), file);
    }
    let revision = text.split_once(':').map(|(revision, _)| revision.to_owned());
    let tree = Some(text.to_owned());
    Ok(Side { files, inputs, revision, tree, is_one_file: false, unreadable: Vec::new() })
}

/// Reads the text of a file in git as one on the disk is read; the error is what is wrong.
fn blob_text(blob: &str) -> Result<String, String> {
    let fail = |error: &io::Error| format!(": git does not run: {error}");
    let mut command = Command::new("git");
    let command = command.args(["cat-file", "blob", blob]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| fail(&error))?;
    // Of a text that is too large, git writes no more than is read.
    let text = child.stdout.take().map(files::read_from);
    let output = child.wait_with_output().map_err(|error| fail(&error))?;
    match text {
        Some(Err(error)) => Err(format!(": {error}")),
        Some(Ok(text)) if output.status.success() => Ok(text),
        _ => Err(said(&output.stderr)),
    }
}

/// Runs git and returns what it prints; the error is what it says, or nothing.
fn git(args: &[&str]) -> Result<String, String> {
    let output =
        Command::new("git").args(args).output().map_err(|error| format!(": git does not run: {error}"))?;
    if !output.status.success() {
        return Err(said(&output.stderr));
    }
    String::from_utf8(output.stdout).map_err(|_| ": it is no text".into())
}

/// What git says, behind a colon; or nothing.
fn said(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let said = said.trim();
    if said.is_empty() { String::new() } else { format!(": {said}") }
}
