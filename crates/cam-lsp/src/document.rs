//! An open file, and what is wrong with it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cam_policy::text::Span;
use cam_workspace::config::{Config, ConfigError, FILE_NAME};
use cam_workspace::configured::{Configured, Unusable};
use cam_workspace::lint::{Coverage, FileReport, Settings, lint_config, lint_file};
use cam_workspace::source::Format;

use crate::host::Host;
use crate::knowledge::Knowledge;
use crate::lines::Lines;

const FILE_SCHEME: &str = "file://";

/// A file that the editor has open.
pub(crate) struct Document {
    pub(crate) uri: String,
    pub(crate) version: Option<i32>,
    pub(crate) lines: Lines,
    /// The name by which it is read: its end tells the format.
    name: String,
    file: PathBuf,
    configured: Configured,
    /// The path relative to the folder of the configuration.
    path: String,
    report: Option<FileReport>,
    /// Whether the editor has not been told yet what is wrong.
    pub(crate) is_new: bool,
}

impl Document {
    /// `language` is the editor's word for the format, which counts where the name does not tell it.
    pub(crate) fn new(uri: &str, language: &str, version: Option<i32>, lines: Lines) -> Self {
        let file = file_of(uri);
        let mut name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if Format::of_name(&name).is_none() && name != FILE_NAME {
            name.push_str(match language {
                "json" => ".json",
                "jsonc" | "json5" => ".jsonc",
                "terraform" | "terraform-vars" | "hcl" | "opentofu" => ".tf",
                "markdown" => ".md",
                _ => "",
            });
        }
        Self {
            uri: uri.into(),
            version,
            lines,
            name,
            file,
            configured: Configured::default(),
            path: String::new(),
            report: None,
            is_new: true,
        }
    }

    /// Returns the format; `None` if files of this format hold no policies.
    pub(crate) fn format(&self) -> Option<Format> {
        Format::of_name(&self.name)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The path relative to the folder of the configuration.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn configured(&self) -> &Configured {
        &self.configured
    }

    /// Whether it is a file on this machine: not one that is unsaved, remote or inside of an archive.
    pub(crate) fn is_file(&self) -> bool {
        self.uri.starts_with(FILE_SCHEME)
    }

    /// Whether it is this file. Editors write one address in several ways, as `a+b` and `a%2Bb`.
    pub(crate) fn is_of(&self, file: &Path) -> bool {
        self.is_file() && self.file == file
    }

    /// Reads the configuration again.
    pub(crate) fn configure(&mut self, host: &dyn Host) -> Result<(), Unusable> {
        self.changed();
        let read = host.configured(&self.file);
        let failure = match read {
            Ok(configured) => {
                self.configured = configured;
                None
            }
            Err(error) => {
                self.configured = Configured::default();
                Some(error)
            }
        };
        self.path = self.configured.place.path_of(&self.file);
        failure.map_or(Ok(()), Err)
    }

    /// Forgets what was found.
    pub(crate) fn changed(&mut self) {
        self.report = None;
        self.is_new = true;
    }

    pub(crate) fn settings(&self, knowledge: &Knowledge, host: &dyn Host) -> Settings<'_> {
        self.configured.settings(knowledge.lint_options(), host.today())
    }

    /// Returns what is wrong, as `tencent-cam lint` finds it. A file that the configuration excludes has no findings.
    pub(crate) fn lint(&mut self, knowledge: &Knowledge, host: &dyn Host) -> Option<&FileReport> {
        self.format()?;
        if self.configured.config.excludes(&self.path) {
            return None;
        }
        if self.report.is_none() {
            let settings = self.settings(knowledge, host);
            self.report = Some(lint_file(&self.name, &self.path, &self.lines.text, &settings));
        }
        self.report.as_ref()
    }

    /// Returns what was found since the last change.
    pub(crate) fn report(&self) -> Option<&FileReport> {
        self.report.as_ref()
    }

    /// Reads a configuration, or tells what is wrong with it; `None` if the file is none.
    pub(crate) fn configuration(&self) -> Option<Result<Config, Vec<(Span, String)>>> {
        if self.name != FILE_NAME {
            return None;
        }
        let text = &self.lines.text;
        let faults = |error: ConfigError| {
            let faults = error.faults().iter().map(|(position, message)| {
                let line = text.split_inclusive('\n').take(position.line - 1).map(str::len).sum::<usize>();
                let column =
                    text[line..].chars().take(position.column - 1).map(char::len_utf8).sum::<usize>();
                let end = text[line + column..].find('\n').map_or(text.len(), |more| line + column + more);
                (Span::new(line + column, end), message.clone())
            });
            faults.collect()
        };
        Some(Config::parse(text).map_err(faults))
    }

    /// Returns the suppressions of this configuration that are of no use: those for one file each. Whether a pattern of
    /// files is of use, only somebody knows who reads them all.
    pub(crate) fn useless_suppressions<'d>(
        &self,
        config: Config,
        others: &(impl Iterator<Item = &'d Self> + Clone),
        knowledge: &Knowledge,
        host: &dyn Host,
    ) -> FileReport {
        let mut configured = Configured::default();
        configured.config = config;
        let settings = configured.settings(knowledge.lint_options(), host.today());
        let mut coverage = Coverage::default();
        for ignore in &configured.config.ignores {
            let path = &ignore.files.pattern;
            let Some(folder) = self.file.parent().filter(|_| ignore.files.is_one()) else { continue };
            let file = folder.join(path);
            // Another configuration may be nearer.
            let is_own = host.configured(&file).is_ok_and(|of| of.place.file.as_ref() == Some(&self.file));
            if !is_own || coverage.linted.contains(path) {
                continue;
            }
            let open = others.clone().find(|other| other.is_of(&file));
            let Some(text) = open.map(|open| open.lines.text.clone()).or_else(|| host.text(&file)) else {
                continue;
            };
            let name = file.file_name().map_or(Cow::Borrowed(""), |name| name.to_string_lossy());
            coverage.used.extend(lint_file(&name, path, &text, &settings).used);
            coverage.linted.insert(path.clone());
        }
        lint_config(&self.name, &self.lines.text, &settings, &coverage)
    }
}

/// Returns the file that an address names. One that is not of a file keeps its last part, which is a name.
fn file_of(uri: &str) -> PathBuf {
    let Some(rest) = uri.strip_prefix(FILE_SCHEME) else {
        let name = uri.rsplit(['/', ':']).next().unwrap_or(uri);
        return PathBuf::from(decoded(name));
    };
    let path = decoded(&rest[rest.find('/').unwrap_or(0)..]);
    // Windows: `/c:/policies`.
    let has_drive = path.as_bytes().get(2) == Some(&b':');
    if has_drive { PathBuf::from(&path[1..]) } else { PathBuf::from(path) }
}

/// Returns the address of a file.
pub(crate) fn uri_of(file: &Path) -> String {
    let path = file.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_files() {
        assert_eq!(file_of("file:///a%20b/%E7%AD%96.json"), Path::new("/a b/策.json"));
        assert_eq!(file_of("file:///c%3A/a.json"), Path::new("c:/a.json"));
        assert_eq!(file_of("untitled:Untitled-1"), Path::new("Untitled-1"));
        assert_eq!(uri_of(Path::new("/a b/策.json")), "file:///a%20b/%E7%AD%96.json");
        for hostile in ["", "file://", "file://host", "%", "file:///%zz", "::/", "file:///%FF"] {
            file_of(hostile);
        }
    }
}
