//! Where policies come from: files in every format, directories and standard input.

use std::path::{Path, PathBuf};

use cam_lint::Kind;
use cam_policy::policy::Policy;
use cam_workspace::files;
use cam_workspace::policies::Policies;
use cam_workspace::source::{Format, Unknown};

use crate::exit::Failure;
use crate::files::{STDIN, no_input};
use crate::print;
use crate::texts::{How, Input, Texts};

/// A policy with the name of where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file, or `<stdin>`, with what the file calls the policy if it holds several; empty if it stands in no file.
    pub name: String,
    /// What the file calls the policy; empty if the whole file is the policy.
    pub label: String,
    pub policy: Policy,
    /// The policy as it is written.
    pub text: String,
    /// What the policy is for, by where it stands, or else by its elements.
    pub kind: Kind,
    /// The expressions that Terraform alone knows, in their order. The policy holds a possible value of each.
    pub unknown: Vec<String>,
    /// Whether one of these values is guessed, and not taken as its default.
    pub guessed: bool,
}

impl Source {
    /// A policy that stands in no file. It has no name, so that no file of a user can be taken for it.
    pub(crate) fn made(policy: Policy) -> Self {
        Self {
            name: String::new(),
            label: String::new(),
            policy,
            text: String::new(),
            kind: Kind::Identity,
            unknown: Vec::new(),
            guessed: false,
        }
    }
}

/// A text with its name.
pub(crate) struct Named {
    pub name: String,
    pub text: String,
}

/// Reads a text from a file, or from standard input if the file is `-`.
pub(crate) fn text(file: &Path) -> Result<Named, Failure> {
    if file == Path::new("-") {
        return Ok(Named { name: STDIN.into(), text: crate::files::stdin()? });
    }
    Ok(Named { name: file.display().to_string(), text: crate::files::read(file)? })
}

/// Reads the policies of files, directories and standard input (`-`). Without any path, it reads standard input.
///
/// Every file that cannot be read is in the error, not only the first.
pub(crate) fn policies(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let texts = Texts::read(paths, How::default())?;
    if paths.is_empty() && texts.all.iter().all(|text| text.text.trim().is_empty()) {
        return Err(no_input("no policy is given"));
    }
    let mut reader = Reader::new(&texts);
    for folder in texts.folders.iter().filter(|_| texts.unreadable.is_empty()) {
        let whole = files::absolute(folder);
        if reader.held.iter().all(|file| !file.starts_with(&whole)) {
            reader.errors.push(format!("the directory {} holds no policy", folder.display()));
        }
    }
    let found = reader.finish()?;
    if found.is_empty() { Err(no_input("there is no policy in what is given")) } else { Ok(found) }
}

/// What is read of one text.
#[derive(Default)]
pub(crate) struct OfText {
    /// The policies that could be read, of which there may be none.
    pub policies: Vec<Source>,
    /// What is wrong with the rest.
    pub errors: Option<String>,
    /// The policies that only Terraform knows.
    pub open: Vec<String>,
}

/// Reads one of the texts.
pub(crate) fn of_text(texts: &Texts, text: &Input) -> OfText {
    let mut reader = Reader::default();
    reader.text(text, texts.kind_of(text));
    let errors = (!reader.errors.is_empty()).then(|| reader.errors.join("\n"));
    OfText { policies: reader.found, errors, open: reader.open }
}

/// Reads one policy that is known in full; `None` is standard input.
pub(crate) fn one_policy(path: Option<&Path>) -> Result<Source, Failure> {
    let paths: Vec<PathBuf> = path.map(Path::to_path_buf).into_iter().collect();
    let mut all = policies(&paths)?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => match only.unknown.first() {
            // What is made of the policy would hold a guess as if it were the value.
            Some(first) => Err(Failure::new(format_args!(
                "the value of `{first}` in {} is known to Terraform alone",
                only.name
            ))
            .with_help("the plan has the values: `terraform show -json PLAN`")),
            None => Ok(only),
        },
        (_, others) => {
            Err(Failure::new(format_args!("here are {} policies, and the command takes one", others + 1)))
        }
    }
}

/// Collects policies, and all that is wrong with them.
#[derive(Default)]
struct Reader {
    found: Vec<Source>,
    errors: Vec<String>,
    /// The policies that only Terraform knows.
    open: Vec<String>,
    /// The files with a policy, or what is meant as one.
    held: Vec<PathBuf>,
}

impl Reader {
    fn new(texts: &Texts) -> Self {
        let mut reader = Self::default();
        for text in &texts.all {
            reader.text(text, texts.kind_of(text));
        }
        reader.errors.extend(texts.unreadable.iter().cloned());
        reader
    }

    fn finish(self) -> Result<Vec<Source>, Failure> {
        if self.errors.is_empty() { Ok(self.found) } else { Err(Failure::new(self.errors.join("\n"))) }
    }

    /// Reads a text. One that the user named must hold a policy. `stated` is the kind that the configuration states.
    fn text(&mut self, of: &Input, stated: Option<Kind>) {
        if of.named && of.text.trim().is_empty() {
            self.errors.push(format!("{} is empty", of.name));
        } else if self.may_hold(of, stated) {
            self.held.extend(of.file.as_deref().map(files::absolute));
        } else if of.named {
            self.errors.push(format!("{} holds no policy", of.name));
        }
    }

    /// Reads a text that may hold policies, and returns whether it does.
    fn may_hold(&mut self, of: &Input, stated: Option<Kind>) -> bool {
        let Input { name, text, .. } = of;
        let read = Policies::read(name, text, stated);
        for (place, unchecked) in &read.unchecked {
            print::note(format_args!("{name}:{place}: {}", unchecked.reason));
            // A block of Markdown is an example, which grants nobody anything.
            if !unchecked.is_foreign() && read.format != Format::Markdown {
                self.open.push(unchecked.reason.clone());
            }
        }
        self.errors.extend(read.wrong().map(|wrong| format!("{name}:{wrong}")));
        let holds = !read.all.is_empty() || read.unreadable.is_some();
        let several = read.all.len() > 1 || !matches!(read.format, Format::Json | Format::Jsonc);
        for held in read.all {
            let Ok((policy, kind)) = held.policy else { continue };
            let name = if several { format!("{} in {name}", held.label) } else { name.clone() };
            let unknown: Vec<Unknown> = held.unknown.into_iter().map(|(_, one)| one).collect();
            note_unknown(&name, &unknown);
            self.found.push(Source {
                name,
                label: held.label,
                text: held.text,
                policy,
                kind,
                guessed: unknown.iter().any(|one| !one.is_default),
                unknown: unknown.into_iter().map(|one| one.expression).collect(),
            });
        }
        holds
    }
}

/// So many expressions are told with what stands for them.
const TOLD: usize = 3;

/// Says that the answer depends on what only Terraform knows.
fn note_unknown(name: &str, unknown: &[Unknown]) {
    let mut told: Vec<String> = Vec::new();
    for Unknown { expression, stand_in, is_default, .. } in unknown {
        let taken = match (stand_in.as_str(), is_default) {
            ("", _) => "left empty".into(),
            (stand_in, true) => format!("taken as its default `{stand_in}`"),
            (stand_in, false) => format!("taken as `{stand_in}`"),
        };
        let one = format!("`{expression}` ({taken})");
        if !told.contains(&one) {
            told.push(one);
        }
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    let (values, are, these, ones) = match told.len() + more {
        0 => return,
        1 => ("value", "is", "this value", "real one"),
        _ => ("values", "are", "these values", "real ones"),
    };
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    print::note(format_args!(
        "{name}: the {values} of {}{more} {are} known to Terraform alone, so the answer holds for {these}; the plan has the \
         {ones}: `terraform show -json PLAN`",
        told.join(", ")
    ));
}
