//! The files that `lint`, `fix` and `fmt` work on, and how they are linted.

use std::path::{Path, PathBuf};

use cam_lint::{Confidence, Kind, LintOptions, Persona};
use cam_policy::catalog::Catalog;
use cam_policy::text::quoted;
use cam_workspace::baseline::Baseline;
use cam_workspace::configured::Configured;
use cam_workspace::files;
use cam_workspace::lint::Settings;
use clap::builder::PossibleValuesParser;
use jiff::civil::Date;

use crate::exit::Failure;
use crate::texts::{self, How, Input, Texts};
use crate::{names, print};

/// The files that a command works on.
#[derive(clap::Args, Debug)]
pub(crate) struct Chosen {
    /// Files and directories, or `-` for standard input
    ///
    /// In a directory these are the JSON, JSONC, Terraform and Markdown files that git does not ignore.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// This configuration, in place of the nearest `tencent-cam.toml` above each file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Takes the files that are named as if a directory held them: one without a policy is no error, and `exclude` counts
    ///
    /// For hooks and CI servers, which name every file that has changed. No policy at all is no error then.
    #[arg(long)]
    pub(crate) candidates: bool,
    /// Reads standard input as a file of this name, whose end tells the format
    #[arg(long, value_name = "NAME")]
    stdin_name: Option<String>,
}

/// What is linted, and how.
#[derive(clap::Args, Debug)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// The kind of the policies; by default, what the file and the policy tell
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|one| one.as_str())))]
    kind: Option<String>,
    /// Who wants to see the findings
    ///
    /// `regular`: mistakes only. `pedantic`: smells, too. `auditor`: also what may be no mistake, for a reviewer.
    #[arg(long, value_name = "PERSONA", value_parser = PossibleValuesParser::new(Persona::ALL.iter().map(|one| one.as_str())))]
    persona: Option<String>,
    /// Only the rules of this confidence, or of a higher one
    #[arg(long, value_name = "CONFIDENCE", value_parser = PossibleValuesParser::new(Confidence::ALL.iter().map(|one| one.as_str())))]
    min_confidence: Option<String>,
    /// The file with the findings that are known, in place of the one that the configuration names
    #[arg(long, value_name = "FILE", value_parser = baseline_file)]
    pub(crate) baseline: Option<PathBuf>,
    /// The day on which suppressions are judged, in place of today
    #[arg(long, value_name = "DAY", hide_short_help = true)]
    today: Option<Date>,
}

/// A file is written and read again, which standard input cannot be.
fn baseline_file(text: &str) -> Result<PathBuf, String> {
    if text == "-" { Err("a baseline is a file, and `-` is standard input".into()) } else { Ok(text.into()) }
}

/// Whether a command needs the findings that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Baselines {
    Read,
    Skip,
}

/// Everything that a command works on.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) texts: Texts,
    /// The findings that are known, by the number of the configuration.
    baselines: Vec<Option<Baseline>>,
    /// The file of the baseline that the command line names.
    baseline: Option<PathBuf>,
    options: LintOptions<'static>,
    persona: Option<Persona>,
    min_confidence: Option<Confidence>,
    kind: Option<Kind>,
    pub(crate) today: Date,
}

impl Chosen {
    /// Reads the files.
    pub(crate) fn read(&self) -> Result<Texts, Failure> {
        let how = How {
            config: self.config.as_deref(),
            stdin_name: self.stdin_name.as_deref(),
            candidates: self.candidates,
        };
        Texts::read(&self.paths, how)
    }
}

impl Selection {
    /// Returns the day on which suppressions are judged.
    pub(crate) fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Zoned::now().date())
    }

    /// Finds and reads everything.
    pub(crate) fn read(&self, catalog: &Catalog<'static>, baselines: Baselines) -> Result<Project, Failure> {
        let mut project = Project {
            texts: self.chosen.read()?,
            baselines: Vec::new(),
            baseline: self.baseline.clone(),
            options: LintOptions::new(*catalog)
                .names(names::matches, names::of)
                .services(names::listed_services),
            persona: self.persona.as_deref().and_then(Persona::from_word),
            min_confidence: self.min_confidence.as_deref().and_then(Confidence::from_word),
            kind: self.kind.as_deref().and_then(Kind::from_word),
            today: self.today(),
        };
        for configured in &project.texts.configured {
            let file = project.baseline_file(configured).filter(|_| baselines == Baselines::Read);
            // A team names the file before it is there; whoever gives it on the command line means one that is.
            let is_to_come = |file: &PathBuf| self.baseline.is_none() && !file.exists();
            let file = match file {
                Some(file) if is_to_come(&file) => {
                    print::note(format_args!(
                        "the baseline {} does not exist, so no finding is known: `tencent-cam lint --baseline-write` \
                         writes it",
                        texts::name(&file)
                    ));
                    None
                }
                file => file,
            };
            project.baselines.push(file.as_deref().map(read_baseline).transpose()?);
        }
        Ok(project)
    }
}

impl Project {
    /// Returns the file of the baseline: that of the command line, or else that of the configuration.
    pub(crate) fn baseline_file(&self, configured: &Configured) -> Option<PathBuf> {
        let named = configured.config.baseline.as_ref();
        self.baseline.clone().or_else(|| named.map(|name| configured.place.folder.join(name)))
    }

    /// Returns the findings that are known of the texts of a configuration.
    pub(crate) fn known(&self, configured: usize) -> Option<&Baseline> {
        self.baselines[configured].as_ref()
    }

    /// Returns how the text is linted.
    pub(crate) fn settings(&self, text: &Input) -> Settings<'_> {
        let config = &self.texts.configured[text.configured].config;
        let persona = self.persona.or(config.persona).unwrap_or(Persona::Regular);
        let confidence = self.min_confidence.or(config.min_confidence).unwrap_or(Confidence::Low);
        Settings {
            options: self.options.persona(persona).min_confidence(confidence),
            kind: self.kind,
            config,
            baseline: self.known(text.configured),
            today: self.today,
        }
    }

    /// Whether all files of the folder of a configuration are linted.
    pub(crate) fn has_all_of(&self, configured: &Configured) -> bool {
        let folder = files::absolute(&configured.place.folder);
        self.texts.folders.iter().any(|linted| folder.starts_with(files::absolute(linted)))
    }
}

pub(crate) fn read_baseline(file: &Path) -> Result<Baseline, Failure> {
    let name = quoted(&texts::name(file));
    if !file.exists() {
        return Err(Failure::new(format_args!("there is no baseline {name}"))
            .with_help("`tencent-cam lint --baseline-write` writes it"));
    }
    let text = crate::files::read(file)?;
    Baseline::parse(&text).map_err(|error| {
        Failure::new(format_args!("{name} is no baseline: {error}"))
            .with_help("remove the file, and write it with `--baseline-write`")
    })
}
