//! The command line and the language server find the same in every policy of the corpus of the linter.

mod editor;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use editor::Editor;
use serde_json::{Value, json};

/// A finding: rule, range in lines and columns from 0, and message with help.
type Found = (String, [u64; 4], String);

/// The policies of the corpus: the name of a file, and its text.
fn corpus() -> Vec<(String, Option<&'static str>, &'static str)> {
    let kinds = ["identity", "trust", "session", "bucket", "boundary", "scp"];
    let mut files = Vec::new();
    for (name, text) in [
        ("clean", include_str!("../../crates/cam-lint/tests/corpus/clean.txt")),
        ("defects", include_str!("../../crates/cam-lint/tests/corpus/defects.txt")),
    ] {
        for (number, part) in text.split("\n===").skip(1).enumerate() {
            let (head, text) = part.split_once('\n').unwrap();
            let words = head.split(':').next().unwrap();
            let kind = words.split_whitespace().find_map(|word| kinds.into_iter().find(|kind| *kind == word));
            files.push((format!("{name}-{number:03}.json"), kind, text.trim_end_matches('\n')));
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

fn by_command(folder: &std::path::Path, file: &str) -> Vec<Found> {
    let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
        .args(["lint", "--format", "json", "--exit-zero", file])
        .current_dir(folder)
        .output()
        .unwrap();
    // A file without a policy is bad usage of the command, and nothing to report for the server.
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else { return Vec::new() };
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
    let mut files = Vec::new();
    for (number, (name, kind, text)) in corpus().into_iter().enumerate() {
        let mut add = |name: String, language: &'static str, text: String| {
            if let Some(kind) = kind {
                let _ = write!(config, "\n[[kind]]\nfiles = \"{name}\"\nkind = \"{kind}\"\n");
            }
            fs::write(folder.join(&name), &text).unwrap();
            files.push((name, language, text));
        };
        add(name.clone(), "json", text.to_owned());
        // Each policy in each format would only take longer.
        let (end, language, text) = wrapped(text)[number % 2].clone();
        if number % 5 == 0 {
            add(name.replace("json", end), language, text);
        }
    }
    fs::write(folder.join("tencent-cam.toml"), config).unwrap();
    let (mut editor, _) = Editor::start(folder, json!({}));
    let (mut different, mut findings) = (Vec::new(), 0);
    for (name, language, text) in &files {
        let uri = format!("file://{}", folder.join(name).display());
        editor.open(&uri, language, text);
        let in_editor = by_server(&editor.diagnostics(&uri, 1), text);
        let on_command_line = by_command(folder, name);
        findings += in_editor.len();
        if in_editor != on_command_line {
            different.push(format!("{name}\n{in_editor:#?}\n{on_command_line:#?}"));
        }
    }
    assert_eq!(editor.end(), 0);
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(findings > 100, "the corpus has defects");
}
