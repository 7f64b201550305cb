//! The command line and the language server find the same in every policy of the corpus of the linter.

#![allow(clippy::needless_pass_by_value, reason = "parameters of requests are made in place")]

mod editor;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use editor::Editor;
use serde_json::{Value, json};

const KINDS: [&str; 6] = ["identity", "trust", "session", "bucket", "boundary", "scp"];

/// A finding: rule, range in lines and columns from 0, and message with help.
type Found = (String, [u64; 4], String);

/// The policies of the corpus: a file, in the folder of its kind, and its text.
fn corpus() -> Vec<(String, &'static str)> {
    let mut files = Vec::new();
    for (name, text) in [
        ("clean", include_str!("../../crates/cam-lint/tests/corpus/clean.txt")),
        ("defects", include_str!("../../crates/cam-lint/tests/corpus/defects.txt")),
    ] {
        for (number, part) in text.split("\n===").skip(1).enumerate() {
            let (head, text) = part.split_once('\n').unwrap();
            let words = head.split(':').next().unwrap();
            let kind = words.split_whitespace().find_map(|word| KINDS.into_iter().find(|kind| *kind == word));
            let folder = kind.unwrap_or("any");
            files.push((format!("{folder}/{name}-{number:03}.json"), text.trim_end_matches('\n')));
        }
    }
    files
}

/// The same policies inside of Terraform and Markdown, where every place is another one.
fn wrapped(text: &str) -> [(&'static str, &'static str, String); 2] {
    let heredoc = format!(
        "resource \"tencentcloud_cam_policy\" \"策略\" {{\n  name     = \"x\"\n  document = <<EOF\n{text}\nEOF\n}}\n"
    );
    let fence = format!("# 策略 😀\n\n- a list\n\n```json\n{text}\n```\n");
    [("tf", "terraform", heredoc), ("md", "markdown", fence)]
}

/// Returns the report of the command line on a folder.
fn report(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
        .args(["lint", "--format", "json", "--exit-zero", "."])
        .current_dir(folder)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn by_command(report: &Value, file: &str) -> Vec<Found> {
    let number = |value: &Value| value.as_u64().unwrap() - 1;
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["file"] == file);
    let findings = findings.map(|one| {
        let (start, end) = (&one["start"], &one["end"]);
        let range =
            [number(&start["line"]), number(&start["column"]), number(&end["line"]), number(&end["column"])];
        let message = one["message"].as_str().unwrap();
        let help = one["help"].as_str().map_or(String::new(), |help| format!("\n{help}"));
        (one["rule"].as_str().unwrap().to_owned(), range, format!("{message}{help}"))
    });
    let mut findings: Vec<Found> = findings.collect();
    findings.sort();
    findings
}

/// The characters of a column that the server counts in UTF-16.
fn characters(text: &str, line: u64, column: u64) -> u64 {
    let line = text.split('\n').nth(usize::try_from(line).unwrap()).unwrap_or_default();
    let (mut units, mut count) = (0, 0);
    for character in line.chars() {
        if units >= column {
            break;
        }
        units += character.len_utf16() as u64;
        count += 1;
    }
    count
}

fn by_server(diagnostics: &[Value], text: &str) -> Vec<Found> {
    let findings = diagnostics.iter().map(|one| {
        let place = |of: &str| {
            let place = &one["range"][of];
            let (line, column) = (place["line"].as_u64().unwrap(), place["character"].as_u64().unwrap());
            [line, characters(text, line, column)]
        };
        let [from, at] = place("start");
        let [to, end] = place("end");
        (
            one["code"].as_str().unwrap().to_owned(),
            [from, at, to, end],
            one["message"].as_str().unwrap().to_owned(),
        )
    });
    let mut findings: Vec<Found> = findings.collect();
    findings.sort();
    findings
}

#[test]
fn the_corpus_has_the_same_findings_on_the_command_line_and_in_an_editor() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join(".git")).unwrap();
    let mut config = String::from("persona = \"auditor\"\n");
    for kind in KINDS {
        fs::create_dir(folder.join(kind)).unwrap();
        let _ = write!(config, "\n[[kind]]\nfiles = \"{kind}/*\"\nkind = \"{kind}\"\n");
    }
    fs::create_dir(folder.join("any")).unwrap();
    let mut files = Vec::new();
    for (number, (name, text)) in corpus().into_iter().enumerate() {
        files.push((name.clone(), "json", text.to_owned()));
        // Each policy in each format would only take longer.
        let (end, language, text) = wrapped(text)[number % 2].clone();
        if number % 5 == 0 {
            files.push((name.replace("json", end), language, text));
        }
    }
    for (name, _, text) in &files {
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(folder.join("tencent-cam.toml"), config).unwrap();
    let report = report(folder);
    let (mut editor, _) = Editor::start(folder, json!({}));
    let (mut different, mut findings) = (Vec::new(), 0);
    for (name, language, text) in &files {
        let uri = format!("file://{}", folder.join(name).display());
        editor.open(&uri, language, text);
        let in_editor = by_server(&editor.diagnostics(&uri, 1), text);
        let on_command_line = by_command(&report, name);
        findings += in_editor.len();
        if in_editor != on_command_line {
            different.push(format!("{name}\n{in_editor:#?}\n{on_command_line:#?}"));
        }
    }
    assert_eq!(editor.end(), 0);
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(findings > 100, "the corpus has defects");
}
