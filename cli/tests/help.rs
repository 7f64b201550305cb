//! Runs every example that a `--help` shows, in a folder with the files that the examples name.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = tencent_cam(&["--help"]);
    let listed = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn tencent_cam(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a line of a shell in a folder.
fn shell(line: &str, folder: &Path) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_tencent-cam")).parent().unwrap();
    let others = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths([binary.to_path_buf()].into_iter().chain(std::env::split_paths(&others)));
    let mut command = Command::new("sh");
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
    ] {
        command.env(name, value);
    }
    command.args(["-c", line]).current_dir(folder).env("PATH", path.unwrap()).output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn every_command_has_examples_and_each_runs_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples"), folder.path());
    // The revision `main` has the folder as it is. Then the folder changes.
    let made = shell("git init -q -b main . && git add . && git commit -q -m policies", folder.path());
    assert!(made.status.success(), "{made:?}");
    fs::copy(folder.path().join("after/reader.json"), folder.path().join("policies/reader.json")).unwrap();

    let mut seen = String::new();
    let whole = [String::new()];
    for command in whole.into_iter().chain(commands()) {
        let asked = [command.as_str(), "--help"];
        let help = tencent_cam(if command.is_empty() { &asked[1..] } else { &asked });
        let after = help.split_once("Examples:\n").unwrap_or_else(|| panic!("{command} has no examples")).1;
        let examples: Vec<&str> = after.lines().map_while(|line| line.strip_prefix("  ")).collect();
        assert!(!examples.is_empty(), "{command}");
        for line in examples {
            let own = format!("tencent-cam {command}");
            assert!(format!("{line} ").contains(&format!("{} ", own.trim_end())), "{line}");
            let Output { status, stdout, stderr } = shell(line, folder.path());
            writeln!(seen, "$ {line}\n? {}", status.code().unwrap()).unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let (stdout, stderr) = (text(stdout), text(stderr));
            // What these say about the examples changes with every rule; the test `lint` shows it.
            let of = line.split_once("tencent-cam ").and_then(|(_, rest)| rest.split(' ').next());
            if !["fix", "fmt", "lint", "rule"].map(Some).contains(&of) {
                assert!(!stderr.contains("error: "), "{line}: {stderr}");
                writeln!(seen, "{stdout}{stderr}").unwrap();
            }
        }
    }
    // What an example has written, without the texts themselves.
    for file in [
        "tencent-cam.bash",
        "tencent-cam-check.1",
        "man/tencent-cam.1",
        "man/tencent-cam-who.1",
        "parts/part-2.json",
    ] {
        assert!(fs::metadata(folder.path().join(file)).unwrap().len() > 500, "{file}");
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_help_names_every_exit_code() {
    let help = tencent_cam(&["--help"]);
    assert!((0..=3).all(|code| help.contains(&format!("\n  {code}  "))), "{help}");
}
