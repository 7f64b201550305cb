//! Every rule of `docs/semver.md`, proved: programs are built against the crate as it was and as it is.

mod diff_cases;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use diff_cases::{BEFORE, CASES, Case, Fails, Proof, USER, after, breaking, edited, kinds, kinds_of, parse};
use tempfile::TempDir;
use xtask::diff::{Kind, Level, rules};

/// The repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn every_rule_is_proved() {
    let broken: BTreeSet<Kind> = CASES.iter().flat_map(|case| case.breaks).map(|proof| proof.kind).collect();
    let kept: BTreeSet<Kind> = CASES.iter().filter(|case| !breaking(case)).flat_map(kinds).collect();
    let missing: Vec<&str> = rules()
        .iter()
        .filter(|rule| !if rule.level == Level::Major { &broken } else { &kept }.contains(&rule.kind))
        .map(|rule| rule.id)
        .collect();
    assert!(missing.is_empty(), "no case proves {missing:?}");
    for case in CASES {
        for proof in case.breaks {
            assert!(kinds(case).contains(&proof.kind), "`{}` makes no {:?}", case.name, proof.kind);
        }
    }
}

#[test]
fn programs_break_where_the_rules_say_so_and_nowhere_else() {
    let before = Crate::of(BEFORE);
    // All programs were right, so one crate can hold them all.
    let proofs: Vec<&Proof> = CASES.iter().flat_map(|case| case.breaks).collect();
    let bodies: Vec<String> = proofs
        .iter()
        .enumerate()
        .map(|(at, proof)| format!("fn proof_{at}() {{ {} }}\n", proof.body))
        .collect();
    let calls: Vec<String> = (0..proofs.len()).map(|at| format!("proof_{at}();")).collect();
    let calls = calls.concat();
    let all = format!(
        "use tencent_cam::policy::*;\nuse tencent_cam::*;\n{}fn main() {{ {calls} }}\n",
        bodies.concat()
    );
    assert_eq!(before.run("all", &all), Ok(()), "a proof was wrong before the change");
    assert_eq!(before.run("user", USER), Ok(()), "the program was wrong before any change");

    let kept = batches();
    let broken = CASES.iter().filter(|case| !case.breaks.is_empty());
    let mut jobs: Vec<Job> = broken.map(Job::Broken).collect();
    jobs.extend(kept.iter().map(Job::Kept));
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from).min(4) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    wrong.lock().unwrap().extend(job.run());
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn no_program_can_rely_on_having_named_everything() {
    let old = Crate::of(BEFORE);
    for (at, matched) in [
        "match vault::SafeAction::OpenSafe { vault::SafeAction::LockSafe | vault::SafeAction::OpenSafe => {} }",
        "match Service::Room { Service::Room | Service::Vault => {} }",
        "match Action::all().next().unwrap() { Action::Room(_) | Action::Vault(_) => {} }",
        "match vault::Action::ALL[0] { vault::Action::Key(_) | vault::Action::KeySafe(_) | vault::Action::Safe(_) \
         | vault::Action::Operation(_) | vault::Action::Undocumented(_) => {} }",
    ]
    .iter()
    .enumerate()
    {
        let program = format!("use tencent_cam::*;\nfn main() {{ {matched} }}\n");
        let said = old.run(&format!("exhaustive_{at}"), &program).unwrap_err();
        assert!(said.contains("error[E0004]") && said.contains("not covered"), "{said}");
    }
}

#[test]
fn a_marked_action_is_deprecated_for_one_release() {
    let old = Crate::of(BEFORE);
    let program =
        "#![deny(deprecated)]\nuse tencent_cam::*;\nfn main() { let _ = vault::KeyAction::RustKey; }\n";
    let said = old.run("strict", program).unwrap_err();
    assert!(said.contains("use of deprecated") && said.contains("use `BurnKey`"), "{said}");
    let parsed = "fn main() { \"vault:RustKey\".parse::<tencent_cam::Action>().unwrap(); }\n";
    assert_eq!(old.run("parsed", parsed), Ok(()));
}

/// Changes that break nothing, alone or together, made at once to build fewer crates.
struct Batch {
    text: String,
    kinds: Vec<Kind>,
    names: Vec<&'static str>,
}

/// Every change that breaks nothing; two are in one batch if both are seen in the result.
fn batches() -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for case in CASES.iter().filter(|case| !breaking(case)) {
        let own = kinds(case);
        let joined = batches.iter_mut().find_map(|batch| {
            let fits = case.edits.iter().all(|(old, _)| batch.text.contains(old));
            let text = fits.then(|| edited(&batch.text, case.edits))?;
            let arena = tencent_cam_codegen::Arena::new();
            let catalog = tencent_cam_codegen::parse(&arena, "catalog.toml", &text).ok()?;
            let mut found = kinds_of(&catalog);
            let mut wanted = [batch.kinds.as_slice(), &own].concat();
            found.sort_unstable();
            wanted.sort_unstable();
            (found == wanted).then(|| {
                batch.text = text;
                batch.kinds = found;
                batch.names.push(case.name);
            })
        });
        if joined.is_none() {
            batches.push(Batch { text: after(case.edits), kinds: own, names: vec![case.name] });
        }
    }
    batches
}

/// What to build.
enum Job<'b> {
    Kept(&'b Batch),
    Broken(&'static Case),
}

impl Job<'_> {
    /// What the rules say wrong.
    fn run(&self) -> Vec<String> {
        match self {
            Self::Kept(batch) => {
                let ran = Crate::of(&batch.text).run("user", USER);
                ran.err()
                    .map(|said| format!("{:?} break a program:\n{said}", batch.names))
                    .into_iter()
                    .collect()
            }
            Self::Broken(case) => broken(case),
        }
    }
}

fn broken(case: &Case) -> Vec<String> {
    let new = Crate::of(&after(case.edits));
    let mut wrong = Vec::new();
    for (at, proof) in case.breaks.iter().enumerate() {
        let program =
            format!("use tencent_cam::policy::*;\nuse tencent_cam::*;\nfn main() {{ {} }}\n", proof.body);
        let name = format!("proof_{at}");
        match (proof.fails, new.run(&name, &program)) {
            (Fails::ToCompile(code, word), Err(said))
                if said.contains(&format!("error[{code}]")) && said.contains(word) => {}
            (Fails::ToRun, Err(said)) if said.contains("panicked") => {}
            (_, Err(said)) => wrong.push(format!("`{}` breaks for another reason:\n{said}", case.name)),
            (_, Ok(())) => wrong.push(format!("`{}` does not break {:?}", case.name, proof.kind)),
        }
    }
    wrong
}

/// The crates that are the same for every catalog, each after those it uses.
const CORE_CRATES: [&str; 2] = ["cam_policy", "cam_typed"];

/// The directory with their libraries.
static CORE: LazyLock<TempDir> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    for name in CORE_CRATES {
        let mut command = with_core(rustc(directory.path()), directory.path());
        command.args(["--crate-type=rlib", "--cap-lints=allow", "--crate-name", name]);
        let source = Path::new(ROOT).join("crates").join(name.replace('_', "-")).join("src/lib.rs");
        let output = command.arg(source).output().unwrap();
        assert!(output.status.success(), "{name} does not build:\n{}", said(&output));
    }
    directory
});

/// Adds the libraries that the directory already has.
fn with_core(mut command: Command, directory: &Path) -> Command {
    command.arg("-L").arg(directory);
    for name in CORE_CRATES {
        if directory.join(format!("lib{name}.rlib")).exists() {
            command.arg("--extern").arg(library(directory, name));
        }
    }
    command
}

fn rustc(out: &Path) -> Command {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")));
    command.current_dir(ROOT).args(["--edition=2024", "-Cdebuginfo=0", "--out-dir"]).arg(out);
    command
}

/// A library in a directory, as `--extern` names it.
fn library(directory: &Path, name: &str) -> OsString {
    let mut library = OsString::from(format!("{name}="));
    library.push(directory.join(format!("lib{name}.rlib")));
    library
}

/// The crate, made from a catalog.
struct Crate {
    directory: TempDir,
}

impl Crate {
    fn of(catalog: &str) -> Self {
        let catalog = parse(catalog);
        let directory = tempfile::tempdir().unwrap();
        for file in tencent_cam_codegen::emit(&catalog, &[]) {
            let path = directory.path().join(file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text).unwrap();
        }
        let new = Self { directory };
        let mut command = new.rustc();
        command.args(["--crate-name=tencent_cam", "--crate-type=rlib", "--cap-lints=allow"]);
        for service in catalog.services {
            command.arg("--cfg").arg(format!("feature={:?}", service.id));
        }
        let output = command.arg(Path::new(ROOT).join("src/lib.rs")).output().unwrap();
        assert!(output.status.success(), "the crate does not build:\n{}", said(&output));
        new
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn rustc(&self) -> Command {
        let mut command = with_core(rustc(self.directory.path()), CORE.path());
        command.env("OUT_DIR", self.directory.path());
        command
    }

    /// Builds and runs a program that uses the crate; what was said if it fails.
    fn run(&self, name: &str, program: &str) -> Result<(), String> {
        let source = self.path(&format!("{name}.rs"));
        fs::write(&source, program).unwrap();
        let mut command = self.rustc();
        command.arg("--extern").arg(library(self.directory.path(), "tencent_cam"));
        let built = command.arg(&source).output().unwrap();
        if !built.status.success() {
            return Err(said(&built));
        }
        let ran = Command::new(self.path(name)).output().unwrap();
        if ran.status.success() { Ok(()) } else { Err(said(&ran)) }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
