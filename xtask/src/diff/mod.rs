//! The command `diff`: what changed in the catalog, what that breaks, and whether the version is high enough.

mod api;
mod change;
mod compare;
mod names;
mod release;
mod render;
mod rules;

use std::io::Write;
use std::path::Path;
use std::{fs, io};

use cam_policy::catalog::Catalog;
use lexopt::{Arg, ValueExt as _};
use tencent_cam_codegen::{Arena, Lists, lists};

pub use self::change::{Change, Changes, Item};
pub use self::compare::report;
pub(crate) use self::render::schema;
pub use self::rules::{Basis, Kind, Level, Rule, page, rules};

use self::release::Release;
use crate::error::{Error, both, did_you_mean};
use crate::fs::{CATALOG, Project, failed};

/// The name of the newer side if the command line has none.
const WORKING_TREE: &str = "the working tree";

const NO_RELEASE: &str =
    "there is no release to compare with, no tag `v*` that HEAD can reach and no catalog in releases/";

const HOW_TO_RELEASE: &str = "before the first one, `cargo xtask diff` compares with HEAD and forces nothing; a release \
                              is a tag `v<version>`, which `git fetch --tags` gets for a clone that lacks it, or a \
                              catalog `releases/v<version>.toml`";

const FORMATS: &[&str] = &["text", "markdown", "json", "changelog"];

/// The arguments of the command.
struct Options {
    sides: Vec<String>,
    format: String,
    check: bool,
    since_release: bool,
}

/// `diff [OLD [NEW]] [--format FORMAT] [--since-release] [--check]`
pub(crate) fn diff(project: &Project, args: lexopt::Parser, out: &mut dyn Write) -> Result<(), Error> {
    let options = Options::of(args)?;
    let release =
        if options.check || options.since_release { release::last(project, CATALOG)? } else { None };
    if release.is_none() && options.since_release {
        return Err(Error::wrong(format_args!("{NO_RELEASE}: {HOW_TO_RELEASE}")));
    }
    let (from, to) = match (options.sides.as_slice(), &release) {
        ([old, new, ..], _) => both(Side::of(project, old), Side::of(project, new))?,
        ([old], _) => both(Side::of(project, old), working_tree(project))?,
        ([], Some(release)) => (release.side(), working_tree(project)?),
        ([], None) => both(Side::of(project, "HEAD"), working_tree(project))?,
    };
    let arena = Arena::new();
    let (before, after) = both(from.catalog(&arena), to.catalog(&arena))?;
    let mut changes = report(&before, &after);
    let forced = match &release {
        Some(release) if options.check => Some(report(&release.side().catalog(&arena)?, &after)),
        _ => None,
    };
    if options.check {
        changes.held_to(forced.as_ref());
    }
    let text = match options.format.as_str() {
        "markdown" => changes.markdown(&from.name, &to.name),
        "json" => changes.json(&from.name, &to.name)?,
        "changelog" => changes.changelog(),
        _ => changes.text(&from.name, &to.name),
    };
    out.write_all(text.as_bytes())?;
    if matches!(options.format.as_str(), "text" | "markdown") {
        let names = names::names(&from.lists()?, &to.lists()?);
        if !names.is_empty() {
            write!(out, "\n{names}")?;
        }
    }
    if options.check {
        let verdict = match release.as_ref().zip(forced.as_ref()) {
            None => format!("No version is forced yet: {NO_RELEASE}.\n"),
            Some((release, forced)) => release::check(project, release, forced)?,
        };
        // The JSON and the section of the changelog must contain nothing else.
        if matches!(options.format.as_str(), "text" | "markdown") {
            write!(out, "\n{verdict}")?;
        }
    }
    Ok(())
}

impl Options {
    fn of(mut args: lexopt::Parser) -> Result<Self, Error> {
        let mut options =
            Self { sides: Vec::new(), format: "text".to_owned(), check: false, since_release: false };
        while let Some(arg) = args.next()? {
            match arg {
                Arg::Long("check") => options.check = true,
                Arg::Long("since-release") => options.since_release = true,
                Arg::Short('f') | Arg::Long("format") => options.format = args.value()?.string()?,
                Arg::Value(side) if options.sides.len() < 2 => options.sides.push(side.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        if !FORMATS.contains(&options.format.as_str()) {
            let hint = did_you_mean(&options.format, FORMATS);
            return Err(Error::Usage(format!("no format `{}`{hint}", options.format)));
        }
        if options.check && options.sides.len() > 1 {
            return Err(Error::Usage(
                "`--check` holds the working tree to its version: name no NEW".to_owned(),
            ));
        }
        if options.since_release && !options.sides.is_empty() {
            return Err(Error::Usage(
                "`--since-release` finds what to compare with: name no catalog".to_owned(),
            ));
        }
        Ok(options)
    }
}

/// One of the catalogs to compare.
struct Side {
    name: String,
    text: String,
}

impl Side {
    /// Returns the file of this name, or else the catalog of the revision of this name.
    fn of(project: &Project, name: &str) -> Result<Self, Error> {
        match fs::metadata(name) {
            Ok(found) if found.is_file() => {
                let text = fs::read_to_string(name).map_err(|error| failed("read", name, &error))?;
                Ok(Self { name: name.to_owned(), text })
            }
            Ok(_) => Self::revision(project, name),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::revision(project, name),
            Err(error) => Err(failed("read", name, &error)),
        }
    }

    fn revision(project: &Project, name: &str) -> Result<Self, Error> {
        let text = release::file_of(project, name, CATALOG).map_err(|said| {
            let like_a_file = Path::new(name).extension().is_some_and(|extension| extension == "toml");
            let no_file = if like_a_file { format!("; nor is there a file `{name}`") } else { String::new() };
            Error::wrong(format_args!("no {CATALOG} of `{name}` can be read; git says: {said}{no_file}"))
        })?;
        Ok(Self { name: format!("{name}:{CATALOG}"), text })
    }

    /// Returns the catalog, or the report of its errors.
    fn catalog<'a>(&self, arena: &'a Arena) -> Result<Catalog<'a>, Error> {
        let path = if self.name == WORKING_TREE { CATALOG } else { &self.name };
        tencent_cam_codegen::parse(arena, path, &self.text).map_err(|report| Error::Wrong(report.to_string()))
    }
}

impl Side {
    fn lists(&self) -> Result<Lists, Error> {
        lists(&self.text).map_err(|wrong| {
            let lines: Vec<String> =
                wrong.iter().map(|line| format!("error: {}: {line}\n", self.name)).collect();
            Error::Wrong(lines.concat())
        })
    }
}

impl Release {
    fn side(&self) -> Side {
        Side { name: self.name.clone(), text: self.text.clone() }
    }
}

fn working_tree(project: &Project) -> Result<Side, Error> {
    Ok(Side { name: WORKING_TREE.to_owned(), text: project.text(CATALOG)? })
}
