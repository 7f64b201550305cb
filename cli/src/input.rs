//! Where policies come from: files in every format, directories and standard input.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use cam_lint::Kind;
use cam_policy::document::Document;
use cam_policy::policy::{Policy, PolicyKind};
use cam_policy::text::{Lines, Span};
use cam_workspace::files;
use cam_workspace::source::{self, Embedded, Format};

use crate::exit::Failure;
use crate::files::{STDIN, no_input};
use crate::print;

/// A policy with the name of where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file, or `<stdin>`, with what the file calls the policy if it holds several.
    pub name: String,
    /// What the file calls the policy; empty if the whole file is the policy.
    pub label: String,
    pub policy: Policy,
    /// What the policy is for, by where it stands, or else by its elements.
    pub kind: Kind,
    /// The expressions that Terraform alone knows, in their order. The policy holds a possible value of each.
    pub unknown: Vec<String>,
}

/// A text with its name.
pub(crate) struct Named {
    pub name: String,
    pub text: String,
}

/// Reads a text from a file, or from standard input if the file is `-`.
pub(crate) fn text(file: &Path) -> Result<Named, Failure> {
    if file == Path::new("-") {
        return stdin();
    }
    Ok(Named { name: file.display().to_string(), text: crate::files::read(file)? })
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
    let mut reader = Reader::default();
    if paths.is_empty() {
        let piped = if io::stdin().is_terminal() { None } else { Some(stdin()?) };
        match piped {
            Some(named) if !named.text.trim().is_empty() => reader.must_hold(&named),
            _ => return Err(no_input("no policy is given")),
        }
    }
    for path in paths {
        let before = reader.found.len() + reader.errors.len();
        let read = if path.is_dir() {
            reader.directory(path)
        } else {
            text(path).map(|named| reader.must_hold(&named))
        };
        match read {
            Err(failure) => reader.errors.push(failure.message().to_owned()),
            Ok(()) if reader.found.len() + reader.errors.len() == before => {
                reader.errors.push(format!("the directory {} holds no policy", path.display()));
            }
            Ok(()) => {}
        }
    }
    reader.finish()
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
pub(crate) struct Reader {
    found: Vec<Source>,
    errors: Vec<String>,
}

impl Reader {
    /// Reads the files of a directory that hold policies, in the order of their names. There may be none.
    pub(crate) fn directory(&mut self, path: &Path) -> Result<(), Failure> {
        let walked = files::walk(path)
            .map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))?;
        for file in walked {
            self.may_hold(&text(&file)?);
        }
        Ok(())
    }

    /// Reads a file of which the user says that it holds a policy.
    pub(crate) fn must_hold(&mut self, named: &Named) {
        if named.text.trim().is_empty() {
            self.errors.push(format!("{} is empty", named.name));
        } else if !self.may_hold(named) {
            self.errors.push(format!("{} holds no policy", named.name));
        }
    }

    /// Reads a file that may hold policies, and returns whether it does.
    pub(crate) fn may_hold(&mut self, named: &Named) -> bool {
        let Named { name, text } = named;
        let read = source::Source::read(name, text);
        let mut lines = Lines::new(text);
        let mut place = |span: Span| format!("{name}:{}", lines.position(span.start()));
        for unchecked in &read.unchecked {
            print::note(format_args!("{}: {}", place(unchecked.span), unchecked.reason));
        }
        if let Some(unreadable) = &read.unreadable {
            self.errors.push(format!("{}: {}", place(unreadable.span), unreadable.message));
        }
        let several = read.policies.len() > 1 || !matches!(read.format, Format::Json | Format::Jsonc);
        for embedded in &read.policies {
            let known = if several { format!("{} in {name}", embedded.label) } else { name.clone() };
            match Document::parse(&embedded.text) {
                Ok(document) => {
                    note_unknown(&known, embedded);
                    let unknown = embedded.unknown.iter().map(|one| one.expression.clone()).collect();
                    let kind = embedded.kind.unwrap_or_else(|| kind_of(document.kind()));
                    self.found.push(Source {
                        name: known,
                        label: embedded.label.clone(),
                        policy: document.into_policy(),
                        kind,
                        unknown,
                    });
                }
                Err(error) => {
                    let told = error.diagnostics().iter().map(|diagnostic| {
                        let at = diagnostic.span().unwrap_or(Span::new(0, 0));
                        let help = diagnostic.help().map(|help| format!(": {help}")).unwrap_or_default();
                        format!("{}: {}{help}", place(embedded.map.origin(at)), diagnostic.message())
                    });
                    self.errors.extend(told);
                }
            }
        }
        !read.policies.is_empty() || read.unreadable.is_some()
    }

    /// Returns the policies, of which there is at least one.
    pub(crate) fn finish(self) -> Result<Vec<Source>, Failure> {
        let found = self.finish_or_none()?;
        if found.is_empty() { Err(no_input("there is no policy in what is given")) } else { Ok(found) }
    }

    /// Returns the policies, of which there may be none.
    fn finish_or_none(self) -> Result<Vec<Source>, Failure> {
        match self.finish_with_errors() {
            (found, None) => Ok(found),
            (_, Some(errors)) => Err(Failure::new(errors)),
        }
    }

    /// Returns the policies that could be read, and what is wrong with the others.
    pub(crate) fn finish_with_errors(self) -> (Vec<Source>, Option<String>) {
        (self.found, (!self.errors.is_empty()).then(|| self.errors.join("\n")))
    }
}

/// Whether files of this name may hold policies.
pub(crate) fn may_hold_policies(file: &Path) -> bool {
    file.to_str().is_some_and(|name| Format::of_name(name).is_some())
}

/// What a policy with these elements is for, as far as they tell.
fn kind_of(kind: PolicyKind) -> Kind {
    match kind {
        PolicyKind::Trust => Kind::Trust,
        PolicyKind::Bucket => Kind::Bucket,
        PolicyKind::Session => Kind::Session,
        _ => Kind::Identity,
    }
}

/// Says that the answer depends on what only Terraform knows.
fn note_unknown(name: &str, embedded: &Embedded) {
    let Some(first) = embedded.unknown.first() else { return };
    let more = match embedded.unknown.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    print::note(format_args!(
        "{name}: the value of `{}`{more} is known to Terraform alone, so the answer holds for one possible value; the plan \
         has the values: `terraform show -json PLAN`",
        first.expression
    ));
}
