//! The configuration that counts for a file, with its baseline.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use cam_lint::{Confidence, LintOptions, Persona};
use jiff::civil::Date;

use crate::baseline::Baseline;
use crate::config::{Config, ConfigError};
use crate::files;
use crate::lint::Settings;

/// A configuration, where it stands, and the findings that are known by it.
///
/// ```
/// use std::path::Path;
/// use cam_workspace::configured::{Configured, Place};
///
/// let place = Place::of(Path::new("policies/reader.json"), None);
/// let configured = Configured::read(place).unwrap_or_default();
/// assert!(configured.config.ignores.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Configured {
    /// What it says.
    pub config: Config,
    /// Where it stands.
    pub place: Place,
    /// Its text; empty if there is no configuration.
    pub text: String,
    /// The findings that are known.
    pub baseline: Option<Baseline>,
}

/// Where the configuration of a file stands.
///
/// See [`Configured`] for an example.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Place {
    /// The file; `None` if there is none, and everything is as by default.
    pub file: Option<PathBuf>,
    /// The folder to which its paths are relative.
    pub folder: PathBuf,
}

impl Place {
    /// Returns the place of the configuration that counts for a file or folder: `config`, or else the nearest above it.
    ///
    /// See [`Configured`] for an example.
    pub fn of(path: &Path, config: Option<&Path>) -> Self {
        let file = config.map(Path::to_owned).or_else(|| files::config_of(path));
        // Without a configuration, paths are relative to the repository.
        let folder = match &file {
            Some(file) => files::absolute(file).parent().map(Path::to_owned),
            None => files::repository(path),
        };
        Self { file, folder: folder.unwrap_or_else(|| files::absolute(Path::new("."))) }
    }

    /// Returns a file relative to the folder, with `/`; of a file that lies elsewhere, its name.
    ///
    /// ```
    /// use std::path::Path;
    /// use cam_workspace::configured::Place;
    ///
    /// let place = Place::of(Path::new("policies"), Some(Path::new("tencent-cam.toml")));
    /// assert_eq!(place.path_of(Path::new("policies/reader.json")), "policies/reader.json");
    /// ```
    pub fn path_of(&self, file: &Path) -> String {
        files::relative_or_name(file, &self.folder)
    }
}

impl Configured {
    /// Reads the configuration at a place, and the findings that are known by the baseline that it names, if that exists.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or does not hold what it should.
    ///
    /// See [`Configured`] for an example.
    pub fn read(place: Place) -> Result<Self, Unusable> {
        let read = Self::without_baseline(place)?;
        let named = read.config.baseline.as_ref().map(|name| read.place.folder.join(name));
        let baseline = named.filter(|file| file.is_file()).map(|file| read_baseline(&file)).transpose()?;
        Ok(Self { baseline, ..read })
    }

    /// Reads the configuration at a place, and leaves out the findings that are known.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is no configuration.
    ///
    /// ```
    /// use std::path::Path;
    /// use cam_workspace::configured::{Configured, Place};
    ///
    /// let place = Place::of(Path::new("policies/reader.json"), Some(Path::new("not-there.toml")));
    /// assert!(Configured::without_baseline(place).is_err());
    /// ```
    pub fn without_baseline(place: Place) -> Result<Self, Unusable> {
        let (config, text) = match &place.file {
            Some(file) => read_config(file)?,
            None => (Config::default(), String::new()),
        };
        Ok(Self { config, place, text, baseline: None })
    }

    /// Returns how the files of this configuration are linted.
    ///
    /// ```
    /// use cam_lint::LintOptions;
    /// use cam_policy::example::CATALOG;
    /// use cam_workspace::configured::Configured;
    ///
    /// let configured = Configured::default();
    /// let settings = configured.settings(LintOptions::new(CATALOG), "2026-11-27".parse()?);
    /// assert!(settings.baseline.is_none());
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn settings<'a>(&'a self, options: LintOptions<'a>, today: Date) -> Settings<'a> {
        let persona = self.config.persona.unwrap_or(Persona::Regular);
        let confidence = self.config.min_confidence.unwrap_or(Confidence::Low);
        Settings {
            options: options.persona(persona).min_confidence(confidence),
            kind: None,
            config: &self.config,
            baseline: self.baseline.as_ref(),
            today,
        }
    }
}

fn read_baseline(file: &Path) -> Result<Baseline, Unusable> {
    Baseline::parse(&read(file)?).map_err(|error| Unusable::Baseline { file: file.to_owned(), error })
}

fn read_config(file: &Path) -> Result<(Config, String), Unusable> {
    let text = read(file)?;
    match Config::parse(&text) {
        Ok(config) => Ok((config, text)),
        Err(error) => Err(Unusable::Config { file: file.to_owned(), error }),
    }
}

fn read(file: &Path) -> Result<String, Unusable> {
    files::read(file).map_err(|error| Unusable::File { file: file.to_owned(), error })
}

/// Why a configuration cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unusable {
    /// A file cannot be read.
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The configuration is wrong.
    Config {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: ConfigError,
    },
    /// The file of the baseline is none.
    Baseline {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: String,
    },
}

impl Unusable {
    /// Says what is wrong. `name` returns the name of a file with a mistake in it, as the user knows the file.
    ///
    /// ```
    /// use std::path::Path;
    /// use cam_workspace::configured::{Configured, Place};
    ///
    /// let place = Place::of(Path::new("."), Some(Path::new("not-there.toml")));
    /// let unusable = Configured::read(place).unwrap_err();
    /// assert_eq!(unusable.told(|file| file.display().to_string()), unusable.to_string());
    /// ```
    pub fn told(&self, name: impl Fn(&Path) -> String) -> String {
        match self {
            Self::File { file, error } => format!("cannot read {}: {error}", file.display()),
            Self::Config { file, error } => {
                let name = name(file);
                let lines: Vec<String> =
                    error.to_string().lines().map(|line| format!("\n{name}:{line}")).collect();
                format!("the configuration is wrong{}", lines.concat())
            }
            Self::Baseline { file, error } => {
                format!("{} is no baseline: {error}", cam_policy::text::quoted(&name(file)))
            }
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(|file| file.display().to_string()))
    }
}

impl std::error::Error for Unusable {}
