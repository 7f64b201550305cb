//! A project made of the fixture, in a directory of its own.

// No test file uses all of it.
#![allow(dead_code)]

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use xtask::Project;

pub(crate) const CATALOG: &str = include_str!("../fixture/catalog.toml");

pub(crate) const MANIFEST: &str = "\
[package]
name = \"fixture\"

[features]
extra = []
# begin services: written by `cargo xtask tables`
# end services
";

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) struct Copy {
    directory: TempDir,
}

impl Copy {
    /// The fixture, nothing generated yet.
    pub(crate) fn new() -> Self {
        Self::of(CATALOG)
    }

    pub(crate) fn of(catalog: &str) -> Self {
        let copy = Self { directory: tempfile::tempdir().expect("a temporary directory") };
        copy.write("catalog.toml", catalog);
        copy.write("Cargo.toml", MANIFEST);
        copy
    }

    /// The fixture with everything generated.
    pub(crate) fn generated() -> Self {
        let copy = Self::new();
        let outcome = copy.run(&["tables"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        copy
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let project = Project::new(self.directory.path());
        let code = xtask::run(&project, args.iter().map(OsString::from), &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Outcome { code, out: text(out), err: text(err) }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Every file below the root, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    let path = path.strip_prefix(self.directory.path()).expect("below the root");
                    files.push(path.to_string_lossy().replace('\\', "/"));
                }
            }
        }
        files.sort();
        files
    }
}

/// Replaces the one place where `old` stands.
pub(crate) fn edit(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "`{old}` must stand once");
    text.replace(old, new)
}
