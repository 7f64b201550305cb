//! Versions: the last release, the version that the changes since then force, and whether the project has it.

use std::fmt;
use std::path::Path;
use std::process::Command;

use super::change::Changes;
use super::rules::{Kind, Level};
use crate::error::Error;
use crate::fs::{CATALOG, Project};

/// The folder with catalogs of releases, for those who have no tags.
const RECORDS: &str = "releases";
const CHANGELOG: &str = "CHANGELOG.md";
const MANIFEST: &str = "Cargo.toml";

/// A version of the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Version {
    /// Reads `1.2.3`. `rest` holds what follows a `-` or `+`.
    fn split(text: &str) -> Option<(Self, &str)> {
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut numbers = numbers.split('.').map(|number| {
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse().ok().filter(|_| digits)
        });
        let version = Self { major: numbers.next()??, minor: numbers.next()??, patch: numbers.next()?? };
        numbers.next().is_none().then_some((version, rest))
    }

    /// Reads the version of a release, which is no pre-release.
    fn released(text: &str) -> Option<Self> {
        Self::split(text.strip_prefix('v').unwrap_or(text))
            .filter(|(_, rest)| !rest.starts_with('-'))
            .map(|(v, _)| v)
    }

    /// Returns the lowest version that may follow this one with changes of this level.
    fn after(self, level: Option<Level>) -> Self {
        let Self { major, minor, patch } = self;
        match level {
            None => self,
            Some(Level::Major) if major > 0 => Self { major: major + 1, minor: 0, patch: 0 },
            Some(Level::Minor) if major > 0 => Self { major, minor: minor + 1, patch: 0 },
            Some(Level::Major) => Self { major, minor: minor + 1, patch: 0 },
            Some(_) => Self { major, minor, patch: patch + 1 },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A release to compare with.
pub(super) struct Release {
    /// The name of the release in reports.
    pub(super) name: String,
    pub(super) version: Version,
    /// The catalog's text.
    pub(super) text: String,
}

/// Runs git, and returns its output or its error message.
fn git(root: &Path, args: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(args)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().next().unwrap_or("git failed and does not say why").to_owned());
    }
    String::from_utf8(output.stdout).map_err(|_| "git printed what is not UTF-8".to_owned())
}

/// Returns a file of a revision, or git's error message.
pub(super) fn file_of(project: &Project, revision: &str, path: &str) -> Result<String, String> {
    git(project.root(), &["show", "--end-of-options", &format!("{revision}:./{path}")])
}

/// Returns the last release: the highest version among the tags reachable from `HEAD`, else among the recorded catalogs.
pub(super) fn last(project: &Project, catalog: &str) -> Result<Option<Release>, Error> {
    // Without git, or without a commit, there are no tags. That is no error.
    let tags = git(project.root(), &["tag", "--merged", "HEAD", "--list", "v*"]).unwrap_or_default();
    let tag = tags.lines().filter_map(|tag| Some((Version::released(tag)?, tag))).max();
    if let Some((version, tag)) = tag {
        let text = file_of(project, tag, catalog).map_err(|said| {
            Error::wrong(format_args!("no {catalog} of `{tag}` can be read; git says: {said}"))
        })?;
        return Ok(Some(Release { name: format!("{tag}:{catalog}"), version, text }));
    }
    let names = project.names(RECORDS)?;
    let record = names.iter().filter_map(|name| Some((recorded(name)?, name))).max();
    let Some((version, name)) = record else { return Ok(None) };
    let path = format!("{RECORDS}/{name}");
    Ok(Some(Release { text: project.text(&path)?, name: path, version }))
}

/// Reads the version in the name of a recorded catalog: `v0.1.0.toml`.
fn recorded(name: &str) -> Option<Version> {
    Version::released(name.strip_suffix(".toml")?.strip_prefix('v')?)
}

/// Reads the version of a manifest.
fn version_in(manifest: &str) -> Option<Version> {
    let document = toml::de::DeTable::parse(manifest).ok()?;
    let root = document.get_ref();
    let version = |table: &toml::de::DeTable<'_>| {
        let package = table.get("package")?.get_ref().as_table()?;
        let version = package.get("version")?.get_ref().as_str()?;
        Version::split(version).map(|(version, _)| version)
    };
    root.get("workspace")
        .and_then(|workspace| version(workspace.get_ref().as_table()?))
        .or_else(|| version(root))
}

/// Checks version and changelog against the changes since a release. Returns a summary, or every reason for failure.
pub(super) fn check(project: &Project, release: &Release, changes: &Changes) -> Result<String, Error> {
    let mut wrong: Vec<String> = Vec::new();
    for change in &changes.list {
        if let Some(error) = &change.error {
            wrong.push(format!("error: {}: {error}", change.full_name()));
        }
    }
    let data = changes.list.iter().find(|change| change.kind == Kind::DataVersion);
    let number =
        |value: &Option<String>| value.as_deref().and_then(|value| value.parse::<u32>().ok()).unwrap_or(0);
    let raised = data.is_some_and(|change| number(&change.after) > number(&change.before));
    if !changes.list.is_empty() && !raised {
        wrong.push(format!(
            "error: {CATALOG} has the `version` it was released with, or a lower one: raise it, the data changed"
        ));
    }
    let needed = release.version.after(changes.level());
    let version = project.text(MANIFEST).map(|text| version_in(&text));
    let version = match version {
        Err(error) => {
            wrong.push(error.to_string());
            None
        }
        Ok(None) => {
            wrong.push(format!("error: {MANIFEST} states no version such as `version = \"{needed}\"`"));
            None
        }
        Ok(Some(version)) => Some(version),
    };
    if let (Some(version), level) = (version, changes.level()) {
        if version < needed {
            let why = level.map_or("it was released already", |level| match level {
                Level::Major => "there are breaking changes of the catalog",
                Level::Minor => "there are minor changes of the catalog",
                Level::Patch => "there are changes of texts in the catalog",
            });
            wrong.push(format!(
                "error: {MANIFEST} says version {version}, which must be {needed} at least: {} was released, and \
                 since then {why}",
                release.version
            ));
        }
        if level.is_some() {
            wrong.extend(changelog(project, version.max(needed), changes));
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Wrong(wrong.join("\n")));
    }
    let version = version.unwrap_or(needed);
    Ok(format!(
        "Version {version} carries the changes since {}, which need {needed} at least.\n",
        release.version
    ))
}

/// Returns what the changelog lacks about the version, if anything.
fn changelog(project: &Project, version: Version, changes: &Changes) -> Option<String> {
    let mend = "`cargo xtask diff --since-release --format changelog` prints the section";
    let text = match project.bytes(CHANGELOG) {
        Ok(Some(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        Ok(None) => return Some(format!("error: {CHANGELOG} does not exist; {mend}")),
        Err(error) => return Some(error.to_string()),
    };
    let Some(section) = section(&text, version) else {
        return Some(format!("error: {CHANGELOG} has no section `## {version}`; {mend}"));
    };
    let stated: Vec<&str> = section.lines().map(str::trim).collect();
    let wanted = changes.changelog();
    let missing: Vec<&str> =
        wanted.lines().filter(|line| line.starts_with("- ") && !stated.contains(line)).collect();
    if missing.is_empty() {
        return None;
    }
    let lines = missing.join("\n  ");
    Some(format!("error: section {version} of {CHANGELOG} lacks what follows; {mend}:\n  {lines}"))
}

/// Returns the lines under the heading of a version: `## 0.2.0`, `## [0.2.0] - 2026-12-01`, `## v0.2.0`.
fn section(changelog: &str, version: Version) -> Option<&str> {
    let mut at = 0;
    let mut start = None;
    for line in changelog.split_inclusive('\n') {
        let heading = line.strip_prefix("## ");
        if let (Some(start), Some(_)) = (start, heading) {
            return changelog.get(start..at);
        }
        at += line.len();
        let word = heading.and_then(|heading| heading.split_whitespace().next()).unwrap_or_default();
        let word = word.trim_matches(['[', ']', 'v', ':']);
        if Version::split(word).is_some_and(|(found, _)| found == version) {
            start = Some(at);
        }
    }
    changelog.get(start?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::split(text).unwrap().0
    }

    #[test]
    fn levels_force_versions() {
        for (from, level, to) in [
            ("0.1.2", None, "0.1.2"),
            ("0.1.2", Some(Level::Patch), "0.1.3"),
            ("0.1.2", Some(Level::Minor), "0.1.3"),
            ("0.1.2", Some(Level::Major), "0.2.0"),
            ("1.2.3", Some(Level::Patch), "1.2.4"),
            ("1.2.3", Some(Level::Minor), "1.3.0"),
            ("1.2.3", Some(Level::Major), "2.0.0"),
        ] {
            assert_eq!(version(from).after(level), version(to), "{from} {level:?}");
        }
    }

    #[test]
    fn versions_are_read() {
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.+2.3", "-1.2.3", "99999999999999999999.0.0"] {
            assert_eq!(Version::split(wrong), None, "{wrong}");
        }
        assert_eq!(Version::released("v1.2.3-rc.1"), None);
        assert_eq!(Version::released("v1.2.3+build"), Some(version("1.2.3")));
        assert!(version("0.10.0") > version("0.9.9"));
        assert_eq!(recorded("v0.1.0.toml"), Some(version("0.1.0")));
        assert_eq!(recorded("0.1.0.toml"), None);
        assert_eq!(version_in("[workspace.package]\nversion = \"0.3.0-dev\""), Some(version("0.3.0")));
        assert_eq!(version_in("[package]\nversion = \"0.3.0\""), Some(version("0.3.0")));
        assert_eq!(version_in("[package]\nversion.workspace = true"), None);
    }

    #[test]
    fn sections_are_found() {
        let text =
            "# Changelog\n\n## [0.2.0] - 2026-12-01\n\n- two\n\n### More\n- three\n\n## 0.1.0\n- one\n";
        assert_eq!(section(text, version("0.2.0")), Some("\n- two\n\n### More\n- three\n\n"));
        assert_eq!(section(text, version("0.1.0")), Some("- one\n"));
        assert_eq!(section(text, version("0.3.0")), None);
    }
}
