//! The files that `lint`, `fix` and `fmt` work on, with their configurations.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use cam_lint::{Confidence, Kind, LintOptions, Persona};
use cam_policy::catalog::Catalog;
use cam_workspace::configured::{Configured, Place, Unusable};
use cam_workspace::files;
use cam_workspace::lint::Settings;
use clap::builder::PossibleValuesParser;
use jiff::civil::Date;

use crate::exit::Failure;
use crate::files::{STDIN, no_input};
use crate::names;

/// What is linted, and how.
#[derive(clap::Args, Debug)]
pub(crate) struct Selection {
    /// Files and directories, or `-` for standard input
    ///
    /// In a directory these are the JSON, JSONC, Terraform and Markdown files that git does not ignore.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The kind of the policies; by default, what the file and the policy tell
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|one| one.as_str())))]
    kind: Option<String>,
    /// Who wants to see the findings
    ///
    /// `regular`: mistakes only. `pedantic`: smells, too. `auditor`: also what may be wrong, for a reviewer.
    #[arg(long, value_name = "PERSONA", value_parser = PossibleValuesParser::new(Persona::ALL.iter().map(|one| one.as_str())))]
    persona: Option<String>,
    /// Only the rules that are so sure, or surer
    #[arg(long, value_name = "CONFIDENCE", value_parser = PossibleValuesParser::new(Confidence::ALL.iter().map(|one| one.as_str())))]
    min_confidence: Option<String>,
    /// This configuration, in place of the nearest `tencent-cam.toml` above each file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The file with the findings that are known, in place of the one that the configuration names
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// The name of the file that standard input is; its end tells the format
    #[arg(long, value_name = "NAME")]
    stdin_name: Option<String>,
    /// The day on which suppressions are judged, in place of today
    #[arg(long, value_name = "DAY", hide_short_help = true)]
    today: Option<Date>,
}

/// A text that is linted.
#[derive(Debug)]
pub(crate) struct Input {
    /// As the user named it.
    pub(crate) name: String,
    /// Relative to the folder of the configuration, with `/`.
    pub(crate) path: String,
    /// Relative to the repository, with `/`.
    pub(crate) uri: String,
    pub(crate) text: String,
    /// The number of its configuration.
    pub(crate) configured: usize,
    /// Whether the user named it; otherwise it was found in a directory.
    pub(crate) named: bool,
    /// The file to write; `None` for standard input.
    pub(crate) file: Option<PathBuf>,
}

/// Everything that a command works on.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) inputs: Vec<Input>,
    pub(crate) configured: Vec<Configured>,
    /// The folders that were linted whole.
    pub(crate) folders: Vec<PathBuf>,
    /// What could not be read.
    pub(crate) unreadable: Vec<String>,
    options: LintOptions<'static>,
    persona: Option<Persona>,
    min_confidence: Option<Confidence>,
    kind: Option<Kind>,
    pub(crate) today: Date,
}

impl Selection {
    /// Finds and reads everything.
    pub(crate) fn read(&self, catalog: &Catalog<'static>) -> Result<Project, Failure> {
        let today = self.today.unwrap_or_else(|| jiff::Zoned::now().date());
        let mut project = Project {
            inputs: Vec::new(),
            configured: Vec::new(),
            folders: Vec::new(),
            unreadable: Vec::new(),
            options: LintOptions::new(*catalog).names(names::matches, names::of),
            persona: self.persona.as_deref().and_then(Persona::from_word),
            min_confidence: self.min_confidence.as_deref().and_then(Confidence::from_word),
            kind: self.kind.as_deref().and_then(Kind::from_word),
            today,
        };
        let mut known = Known { selection: self, by_place: BTreeMap::new() };
        let stdin = [PathBuf::from("-")];
        if self.paths.is_empty() && io::stdin().is_terminal() {
            return Err(no_input("nothing to lint is given"));
        }
        let mut seen = BTreeSet::new();
        for path in if self.paths.is_empty() { &stdin[..] } else { &self.paths } {
            if path == Path::new("-") {
                known.stdin(&mut project)?;
            } else if path.is_dir() {
                known.folder(path, &mut project, &mut seen)?;
            } else if seen.insert(files::absolute(path)) {
                known.file(path, true, &mut project)?;
            }
        }
        Ok(project)
    }
}

impl Project {
    /// Returns how the file is linted.
    pub(crate) fn settings(&self, input: &Input) -> Settings<'_> {
        let configured = &self.configured[input.configured];
        configured.settings(self.options, self.persona, self.min_confidence, self.kind, self.today)
    }

    /// Whether all files of the folder of a configuration are linted.
    pub(crate) fn has_all_of(&self, configured: &Configured) -> bool {
        let folder = files::absolute(&configured.place.folder);
        self.folders.iter().any(|linted| folder.starts_with(files::absolute(linted)))
    }

    /// The error for what could not be read, if there is any.
    pub(crate) fn failure(&self) -> Option<Failure> {
        (!self.unreadable.is_empty()).then(|| Failure::new(self.unreadable.join("\n")))
    }
}

/// The configurations that were read.
struct Known<'s> {
    selection: &'s Selection,
    by_place: BTreeMap<Place, usize>,
}

impl Known<'_> {
    fn stdin(&mut self, project: &mut Project) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        if let Err(error) = io::stdin().lock().read_to_end(&mut bytes) {
            return Err(Failure::new(format_args!("cannot read standard input: {error}")));
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(Failure::new("standard input is not UTF-8"));
        };
        let name = self.selection.stdin_name.clone().unwrap_or_else(|| STDIN.into());
        let shown = Path::new(self.selection.stdin_name.as_deref().unwrap_or("stdin"));
        self.add(shown, name, text, true, None, project)
    }

    fn folder(
        &mut self,
        folder: &Path,
        project: &mut Project,
        seen: &mut BTreeSet<PathBuf>,
    ) -> Result<(), Failure> {
        project.folders.push(folder.to_owned());
        match files::walk(folder) {
            Ok(files) => {
                for file in files {
                    if seen.insert(files::absolute(&file)) {
                        self.file(&file, false, project)?;
                    }
                }
            }
            Err(error) => {
                project.unreadable.push(format!("cannot read the directory {}: {error}", folder.display()));
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, named: bool, project: &mut Project) -> Result<(), Failure> {
        // A walk of `.` begins each path with it.
        let name = file.strip_prefix(".").unwrap_or(file).display().to_string();
        match files::read(file) {
            Ok(text) => self.add(file, name, text, named, Some(file.to_owned()), project)?,
            Err(error) => project.unreadable.push(format!("cannot read {name}: {error}")),
        }
        Ok(())
    }

    fn add(
        &mut self,
        at: &Path,
        name: String,
        text: String,
        named: bool,
        file: Option<PathBuf>,
        project: &mut Project,
    ) -> Result<(), Failure> {
        let configured = self.configured(at, project)?;
        let Configured { place, config, .. } = &project.configured[configured];
        let path = place.path_of(at);
        let root = files::repository(at).unwrap_or_else(|| PathBuf::from("."));
        let uri = files::relative(at, &root).unwrap_or_else(|| last_part(at));
        if named || !config.excludes(&path) {
            project.inputs.push(Input { name, path, uri, text, configured, named, file });
        }
        Ok(())
    }

    /// Returns the number of the configuration of a file, which is read if it is new.
    fn configured(&mut self, at: &Path, project: &mut Project) -> Result<usize, Failure> {
        let place = Place::of(at, self.selection.config.as_deref());
        if let Some(number) = self.by_place.get(&place) {
            return Ok(*number);
        }
        let configured = Configured::read(place.clone(), self.selection.baseline.as_deref())
            .map_err(|error| unusable(&error))?;
        project.configured.push(configured);
        self.by_place.insert(place, project.configured.len() - 1);
        Ok(project.configured.len() - 1)
    }
}

/// The name of a file that lies outside of the repository.
fn last_part(file: &Path) -> String {
    file.file_name().map_or_else(|| "policy".into(), |name| name.to_string_lossy().into_owned())
}

/// The failure for a configuration that cannot be used.
pub(crate) fn unusable(error: &Unusable) -> Failure {
    let failure = Failure::new(error);
    match error {
        Unusable::Baseline { .. } => {
            failure.with_help("remove the file, and write it with `--baseline-write`")
        }
        _ => failure,
    }
}
