//! An `import` that is killed, or cannot write, leaves the old catalog or the new one, and the next one works.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::Copy;

const HEAD: &str = "\
Product Abbreviation in CAM Console Authorization by Tag Authorization Granularity IP Restriction
Demo demo Supported Supported Operation level Supported

Write operations

API API Description Authorization Granularity Six-segment Resource Description IP Restriction
";

/// A project, a page to import into it, and the catalog before and after.
struct Scene {
    copy: Copy,
    old: String,
    new: String,
}

impl Scene {
    fn new() -> Self {
        let copy = Copy::new();
        let old = copy.read("catalog.toml");
        let mut page = HEAD.to_owned();
        for row in 0..200 {
            writeln!(page, "Make{row} Makes number {row} Operation level * Supported").unwrap();
        }
        copy.write("page.txt", &page);
        let mut scene = Self { copy, old, new: String::new() };
        assert!(scene.start().wait().unwrap().success());
        scene.new = scene.copy.read("catalog.toml");
        assert!(scene.new.len() > scene.old.len() + 10_000);
        scene
    }

    /// `cargo xtask import`, as cargo starts it for the project.
    fn start(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["import", "page.txt", "--service", "demo", "--read", "2026-11-21"])
            .current_dir(self.copy.path(""))
            .env("CARGO_MANIFEST_DIR", self.copy.path("xtask"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// What a killed process was writing.
    fn unfinished(&self) -> Vec<String> {
        self.copy.files().into_iter().filter(|file| file.contains(".tmp")).collect()
    }

    /// Whether the catalog is the new one; that it is whole is asserted.
    fn done(&self) -> bool {
        let found = self.copy.read("catalog.toml");
        assert!(found == self.old || found == self.new, "the catalog is torn: {} bytes", found.len());
        found == self.new
    }
}

#[test]
fn a_killed_import_leaves_the_old_catalog_or_the_new_one() {
    let scene = Scene::new();
    scene.copy.write("catalog.toml", &scene.old);
    let start = Instant::now();
    assert!(scene.start().wait().unwrap().success());
    let whole = start.elapsed();
    for moment in 0..60 {
        scene.copy.write("catalog.toml", &scene.old);
        let mut child = scene.start();
        if moment % 3 == 0 {
            // The moment at which it writes, as near as it can be met.
            while scene.unfinished().is_empty() && child.try_wait().unwrap().is_none() {
                thread::yield_now();
            }
        } else {
            thread::sleep(Duration::from_micros(u64::try_from(whole.as_micros()).unwrap() * moment / 50));
        }
        // It may be through already.
        let _ = child.kill();
        child.wait().unwrap();
        scene.done();
        if moment % 10 == 0 {
            assert!(scene.start().wait().unwrap().success(), "the next import works");
            assert!(scene.done());
            assert_eq!(scene.unfinished(), [""; 0], "and clears up behind the killed one");
        }
    }
}

#[test]
fn what_a_killed_import_left_behind_is_swept_away() {
    let scene = Scene::new();
    scene.copy.write("catalog.toml", &scene.old);
    scene.copy.write(".catalog.toml.1.tmp", "[service.de");
    scene.copy.write(".catalog.toml.mine.tmp", "mine");
    assert!(scene.start().wait().unwrap().success());
    assert!(scene.done());
    assert_eq!(scene.unfinished(), [".catalog.toml.mine.tmp"]);
}

/// Runs `import` in this process, whose number is known.
fn refused(scene: &Scene) {
    let page = scene.copy.path("page.txt").to_string_lossy().into_owned();
    let outcome = scene.copy.run(&["import", &page, "--service", "demo", "--read", "2026-11-21"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.err.contains("cannot write catalog.toml: "), "{}", outcome.err);
    assert!(!scene.done());
}

#[test]
fn an_import_that_cannot_write_keeps_the_old_catalog_and_names_it() {
    let scene = Scene::new();
    scene.copy.write("catalog.toml", &scene.old);
    let temporary: PathBuf = scene.copy.path(&format!(".catalog.toml.{}.tmp", std::process::id()));
    fs::create_dir(&temporary).unwrap();
    refused(&scene);
    fs::remove_dir(&temporary).unwrap();
    assert!(scene.start().wait().unwrap().success());
    assert!(scene.done());
}

#[cfg(unix)]
#[test]
fn a_directory_that_is_read_only_keeps_the_old_catalog() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new();
    scene.copy.write("catalog.toml", &scene.old);
    let mode = |mode| fs::set_permissions(scene.copy.path(""), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    // Permissions do not bind root.
    if fs::write(scene.copy.path("probe"), "").is_err() {
        refused(&scene);
    }
    mode(0o755);
}
