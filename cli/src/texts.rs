//! The texts that a command reads, each with the configuration that counts for it: the one way in, for every command.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use cam_lint::Kind;
use cam_workspace::configured::{Configured, Place};
use cam_workspace::files;
use cam_workspace::source::Format;

use crate::exit::Failure;
use crate::files::{STDIN, no_input};
use crate::print;

/// A text that a command works on.
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

/// How texts are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct How<'a> {
    /// The configuration of all texts, in place of the nearest one above each.
    pub(crate) config: Option<&'a Path>,
    /// The name of the file that standard input is.
    pub(crate) stdin_name: Option<&'a str>,
    /// Whether files that the user names are taken as those of a directory are.
    pub(crate) candidates: bool,
}

/// The texts, and all that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) all: Vec<Input>,
    pub(crate) configured: Vec<Configured>,
    /// The folders that were read whole.
    pub(crate) folders: Vec<PathBuf>,
    /// What could not be read.
    pub(crate) unreadable: Vec<String>,
    /// The number of each configuration.
    numbers: BTreeMap<Place, usize>,
    /// Where the last file stands: most files stand beside each other.
    last: Option<Folder>,
}

/// What is known of a folder.
#[derive(Clone, Debug)]
struct Folder {
    path: PathBuf,
    /// The number of the configuration of its files.
    configured: usize,
    repository: PathBuf,
}

impl Texts {
    /// Reads files, directories and standard input (`-`). Without any path, it reads standard input.
    ///
    /// What cannot be read is [told](Self::unreadable), and the rest is read.
    pub(crate) fn read(paths: &[PathBuf], how: How<'_>) -> Result<Self, Failure> {
        let mut texts = Self::default();
        let stdin = [PathBuf::from("-")];
        if paths.is_empty() && io::stdin().is_terminal() {
            return Err(no_input("no policy is given"));
        }
        let mut seen = BTreeSet::new();
        for path in if paths.is_empty() { &stdin[..] } else { paths } {
            if path == Path::new("-") {
                let text = crate::files::stdin()?;
                let name = how.stdin_name.unwrap_or(STDIN);
                let at = Path::new(how.stdin_name.unwrap_or("stdin"));
                texts.add(at, name.into(), text, true, None, how)?;
            } else if path.is_dir() {
                texts.folders.push(path.clone());
                let files::Walked { files, errors, .. } = files::walk(path);
                texts.unreadable.extend(errors);
                for file in files {
                    if seen.insert(files::absolute(&file)) {
                        texts.file(&file, false, how)?;
                    }
                }
            } else if seen.insert(files::absolute(path)) {
                texts.file(path, !how.candidates, how)?;
            }
        }
        Ok(texts)
    }

    fn file(&mut self, file: &Path, named: bool, how: How<'_>) -> Result<(), Failure> {
        // What is wrong with a file that counts for nothing is no error.
        if !named {
            let configured = self.folder_of(file, how)?.configured;
            let Configured { place, config, .. } = &self.configured[configured];
            if config.excludes(&place.path_of(file)) {
                return Ok(());
            }
        }
        let format = Format::of_name(&file.to_string_lossy());
        match crate::files::read(file) {
            Ok(text) => self.add(file, name(file), text, named, Some(file.to_owned()), how)?,
            // CI servers name every file that has changed, also those that are removed.
            // A folder that is missing is a mistake; a change may remove a file.
            Err(_) if how.candidates && !file.exists() && format.is_some() => {
                print::note(format_args!("{} does not exist; the file is left out", name(file)));
            }
            Err(failure)
                if !named
                    && (how.candidates || format == Some(Format::Markdown))
                    && holds_no_policy(file) =>
            {
                print::note(format_args!("{}; the file is left out", failure.message()));
            }
            Err(failure) => self.unreadable.push(failure.message().to_owned()),
        }
        Ok(())
    }

    /// Adds a text that stands, or would stand, at a path. One that is not named and that its configuration excludes
    /// is left out.
    pub(crate) fn add(
        &mut self,
        at: &Path,
        name: String,
        text: String,
        named: bool,
        file: Option<PathBuf>,
        how: How<'_>,
    ) -> Result<(), Failure> {
        let folder = if file.is_some() { self.folder_of(at, how)? } else { self.folder(at, how)? };
        let configured = folder.configured;
        let Configured { place, config, .. } = &self.configured[configured];
        let path = place.path_of(at);
        let uri = files::relative_or_name(at, &folder.repository);
        if named || !config.excludes(&path) {
            self.all.push(Input { name, path, uri, text, configured, named, file });
        }
        Ok(())
    }

    /// Whether the configuration of a file excludes it.
    pub(crate) fn excludes(&mut self, at: &Path) -> Result<bool, Failure> {
        let configured = self.configured(at, How::default())?;
        let Configured { place, config, .. } = &self.configured[configured];
        Ok(config.excludes(&place.path_of(at)))
    }

    /// Returns what is known of the folder of a file.
    fn folder_of(&mut self, file: &Path, how: How<'_>) -> Result<Folder, Failure> {
        if let Some(known) = self.last.as_ref().filter(|folder| file.parent() == Some(&folder.path)) {
            return Ok(known.clone());
        }
        let folder = self.folder(file, how)?;
        self.last = Some(folder.clone());
        Ok(folder)
    }

    fn folder(&mut self, at: &Path, how: How<'_>) -> Result<Folder, Failure> {
        Ok(Folder {
            path: at.parent().unwrap_or(at).to_owned(),
            configured: self.configured(at, how)?,
            repository: files::repository(at).unwrap_or_else(|| PathBuf::from(".")),
        })
    }

    /// Returns the number of the configuration of a file, which is read if it is new.
    fn configured(&mut self, at: &Path, how: How<'_>) -> Result<usize, Failure> {
        let place = Place::of(at, how.config);
        if let Some(number) = self.numbers.get(&place) {
            return Ok(*number);
        }
        let read = read_config(place)?;
        let Configured { place, config, .. } = &read;
        if let Some(file) = &place.file
            && !config.catalogs.is_empty()
            && how.config.is_none()
            && files::config_of(Path::new(".")).as_ref() != Some(file)
        {
            print::note(format_args!(
                "the `catalog` of {} counts only for commands that run in its folder or below: give the files with --catalog",
                name(file)
            ));
        }
        let number = self.configured.len();
        self.numbers.insert(place.clone(), number);
        self.configured.push(read);
        Ok(number)
    }

    /// Returns the kind that the configuration states for the policies of a text.
    pub(crate) fn kind_of(&self, text: &Input) -> Option<Kind> {
        self.configured[text.configured].config.kind_of(&text.path)
    }

    /// The error for what could not be read, if there is any.
    pub(crate) fn failure(&self) -> Option<Failure> {
        (!self.unreadable.is_empty()).then(|| Failure::new(self.unreadable.join("\n")))
    }
}

/// Whether a file that is not UTF-8 holds no policy: the word that every policy has is in ASCII in nearly every encoding, and
/// UTF-16 puts zeros between its characters.
fn holds_no_policy(file: &Path) -> bool {
    // A file that is too large is not read to find that out.
    let is_short = std::fs::metadata(file).is_ok_and(|facts| facts.len() <= files::LARGEST);
    let Some(mut bytes) = is_short.then(|| std::fs::read(file).ok()).flatten() else { return false };
    bytes.retain(|byte| *byte != 0);
    bytes.make_ascii_lowercase();
    !bytes.windows(b"statement".len()).any(|word| word == b"statement")
}

/// A path as the user would write it: without the `.` that a walk of it begins with, and from the working folder on.
pub(crate) fn name(file: &Path) -> String {
    let within = if file.is_absolute() { files::relative(file, Path::new(".")) } else { None };
    within.unwrap_or_else(|| file.strip_prefix(".").unwrap_or(file).display().to_string())
}

/// Reads the configuration at a place, without the findings that are known.
pub(crate) fn read_config(place: Place) -> Result<Configured, Failure> {
    Configured::without_baseline(place).map_err(|unusable| Failure::new(unusable.told(name)))
}
