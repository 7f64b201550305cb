//! Texts and messages that nobody would send: every request gets an answer, and the server goes on.

#![allow(clippy::needless_pass_by_value, reason = "parameters of requests are made in place")]

use std::fs;
use std::path::Path;

use cam_lsp::{Disk, Host, Knowledge, Message, Server};
use cam_policy::example::CATALOG;
use cam_workspace::configured::{Configured, Unusable};
use jiff::civil::Date;
use serde_json::{Value, json};

/// A generator of numbers (xorshift), so that every run has the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// An editor without a file system.
struct Nowhere;

impl Host for Nowhere {
    fn configured(&self, _: &Path) -> Result<Configured, Unusable> {
        Ok(Configured::default())
    }

    fn text(&self, _: &Path) -> Option<String> {
        None
    }

    fn today(&self) -> Date {
        Date::constant(2026, 11, 27)
    }
}

fn message(value: Value) -> Message {
    serde_json::from_value(value).unwrap()
}

fn started(host: impl Host + 'static) -> Server {
    let mut server = Server::new(Knowledge::new(CATALOG), host);
    let capabilities =
        json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    ask(&mut server, "initialize", json!({ "capabilities": capabilities })).unwrap();
    server
}

/// Asks, and returns the error's code or the result.
fn ask(server: &mut Server, method: &str, params: Value) -> Result<Value, i64> {
    let answers = server.answer(message(json!({ "id": 1, "method": method, "params": params })));
    let answers = answers.iter().filter_map(|answer| match answer {
        Message::Response(response) => Some(serde_json::to_value(response).unwrap()),
        _ => None,
    });
    let answers: Vec<Value> = answers.collect();
    assert_eq!(answers.len(), 1, "{method} has one answer");
    match answers[0].get("error") {
        Some(error) => Err(error["code"].as_i64().unwrap()),
        None => Ok(answers[0]["result"].clone()),
    }
}

fn open(server: &mut Server, name: &str, text: &str) {
    let document = json!({ "uri": format!("file:///{name}"), "languageId": "", "version": 1, "text": text });
    server
        .answer(message(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } })));
}

/// Opens a text, and asks everything about it at some places.
fn everything(server: &mut Server, name: &str, text: &str, random: &mut Random) {
    open(server, name, text);
    server.news();
    let uri = json!({ "uri": format!("file:///{name}") });
    let lines = text.matches('\n').count() + 1;
    for _ in 0..4 {
        let longest = text.lines().map(str::len).max().unwrap_or_default() + 2;
        let position = json!({ "line": random.below(lines), "character": random.below(longest) });
        let place = json!({ "textDocument": uri, "position": position });
        let range = json!({ "start": position, "end": { "line": lines, "character": 0 } });
        let selection = json!({ "textDocument": uri, "range": range, "context": { "diagnostics": [] } });
        for (method, params) in [
            ("textDocument/completion", &place),
            ("textDocument/hover", &place),
            ("textDocument/codeAction", &selection),
        ] {
            let answer = ask(server, method, params.clone());
            assert!(answer.is_ok(), "{method} at {position} of {name}: {answer:?}\n{text}");
        }
    }
    for method in ["textDocument/documentSymbol", "textDocument/documentLink"] {
        assert!(ask(server, method, json!({ "textDocument": uri })).is_ok(), "{method} of {name}\n{text}");
    }
    let layout = json!({ "textDocument": uri, "options": { "tabSize": 2, "insertSpaces": true } });
    assert!(ask(server, "textDocument/formatting", layout).is_ok(), "formatting of {name}\n{text}");
}

/// The policy in the formats that hold one.
fn files(text: &str) -> [(&'static str, String); 5] {
    let escaped = serde_json::to_string(text).unwrap();
    [
        ("a.json", text.to_owned()),
        ("b.jsonc", format!("// {text}\n{text}")),
        ("c.tf", format!("locals {{\n  x = <<EOF\n{text}\nEOF\n  y = jsonencode({text})\n}}\n")),
        ("d.md", format!("# x\n\n```json\n{text}\n```\n\n> ```tf\n> x = {text}\n> ```\n")),
        ("e.json", format!("{{\"PolicyDocument\": {escaped}}}")),
    ]
}

#[test]
fn changed_examples_are_answered() {
    let mut server = started(Nowhere);
    let mut random = Random(20_261_127);
    let pieces = [
        "\"", "{", "}", "[", "]", ",", ":", "*", "${uin}", "\\u0000", "腾😀", "\u{feff}", "", "\\", "\r",
        "<<E", "/*",
    ];
    let rules = cam_lint::rules().iter().filter(|rule| !rule.bad.is_empty() && rule.bad.len() < 700);
    for (number, rule) in rules.enumerate() {
        let mut text = rule.bad.to_owned();
        for _ in 0..=random.below(3) {
            let (from, length) = (random.below(text.len() + 1), random.below(4));
            let to = (from + length).min(text.len());
            if text.is_char_boundary(from) && text.is_char_boundary(to) {
                text.replace_range(from..to, pieces[random.below(pieces.len())]);
            }
        }
        let (name, file) = files(&text)[number % 5].clone();
        everything(&mut server, name, &file, &mut random);
    }
}

#[test]
fn the_sources_of_the_fuzzer_are_answered() {
    let mut server = started(Nowhere);
    let mut random = Random(7);
    let mut texts = Vec::new();
    for format in ["comments", "markdown", "plan", "policy", "response", "terraform"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/sources");
        texts.push(fs::read_to_string(folder.join(format)).unwrap());
    }
    for source in texts {
        // The first line is the name of the file.
        let (name, text) = source.split_once('\n').unwrap();
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
            everything(&mut server, name, &text[..end], &mut random);
        }
        everything(&mut server, name, text, &mut random);
    }
}

#[test]
fn long_and_deep_texts_are_answered() {
    let mut server = started(Nowhere);
    let mut random = Random(11);
    let statement = r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]},"#;
    for text in [
        "[{".repeat(20_000),
        "{\"statement\":".repeat(5_000),
        "\"".repeat(20_001),
        format!("{{\"version\":\"2.0\",\"statement\":[{}]}}", statement.repeat(300)),
        "\\".repeat(10_000),
        "\r\n".repeat(10_000),
    ] {
        for name in ["a.json", "a.tf", "a.md", "a.jsonc"] {
            everything(&mut server, name, &text, &mut random);
        }
    }
}

#[test]
fn edits_outside_of_the_text_are_edits_of_its_end() {
    let mut server = started(Nowhere);
    open(&mut server, "a.json", "腾😀");
    let place = |line: u32, character: u32| json!({ "line": line, "character": character });
    for range in [
        json!({ "start": place(9, 9), "end": place(1, 1) }),
        json!({ "start": place(0, 2), "end": place(0, 2) }),
        json!({ "start": place(0, 1), "end": place(u32::MAX, u32::MAX) }),
    ] {
        let change = json!({
            "textDocument": { "uri": "file:///a.json", "version": 2 },
            "contentChanges": [{ "range": range, "text": "策" }],
        });
        server.answer(message(json!({ "method": "textDocument/didChange", "params": change })));
    }
    let place = json!({ "textDocument": { "uri": "file:///a.json" }, "position": place(0, 0) });
    assert!(ask(&mut server, "textDocument/hover", place).is_ok());
    assert!(!server.news().is_empty());
}

/// A host with a mistake.
struct Broken;

impl Host for Broken {
    fn configured(&self, file: &Path) -> Result<Configured, Unusable> {
        assert!(!file.ends_with("broken.json"), "this file breaks the host");
        Ok(Configured::default())
    }

    fn text(&self, _: &Path) -> Option<String> {
        None
    }

    fn today(&self) -> Date {
        panic!("the clock is broken")
    }
}

#[test]
fn a_panic_ends_one_request_and_not_the_server() {
    let mut server = started(Broken);
    let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    open(&mut server, "broken.json", policy);
    open(&mut server, "a.json", policy);
    server.news();
    let place =
        json!({ "textDocument": { "uri": "file:///a.json" }, "position": { "line": 0, "character": 1 } });
    assert_eq!(ask(&mut server, "textDocument/hover", place.clone()), Err(-32603));
    assert!(ask(&mut server, "textDocument/completion", place).is_ok());
    assert_eq!(ask(&mut server, "shutdown", Value::Null), Ok(Value::Null));
}

#[test]
fn before_the_handshake_and_after_the_end_nothing_is_answered() {
    let mut server = Server::new(Knowledge::new(CATALOG), Disk);
    open(&mut server, "a.json", "{}");
    assert!(!server.has_news());
    assert_eq!(ask(&mut server, "shutdown", Value::Null), Err(-32002));
    assert!(ask(&mut server, "initialize", json!({ "capabilities": {} })).is_ok());
    assert!(ask(&mut server, "shutdown", Value::Null).is_ok());
    assert_eq!(ask(&mut server, "textDocument/hover", json!({})), Err(-32600));
    server.answer(message(json!({ "method": "exit" })));
    assert!(server.is_over() && server.was_shut_down());
}

#[test]
fn a_message_that_is_too_long_is_refused_before_there_is_room_for_it() {
    let run = |input: Vec<u8>| {
        let (mut server, mut output) = (Server::new(Knowledge::new(CATALOG), Nowhere), Vec::new());
        cam_lsp::run(&mut server, std::io::Cursor::new(input), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    };
    let output = run(b"Content-Length: 9999999999999999\r\n\r\n{}".to_vec());
    assert!(output.contains("-32700") && output.contains("longer than 64 MiB"), "{output}");
    let long = (64 << 20) + 1;
    let next = r#"{"id":7,"method":"initialize","params":{}}"#;
    let mut input = format!("Content-Length: {long}\r\n\r\n{}", " ".repeat(long)).into_bytes();
    input.extend(format!("Content-Length: {}\r\n\r\n{next}", next.len()).bytes());
    let output = run(input);
    assert!(output.contains("-32700") && output.contains("\"id\":7"), "{output}");
}

#[test]
fn an_editor_that_tells_little_or_wrong_things_of_itself_is_served() {
    for params in [
        json!({ "clientInfo": {}, "capabilities": {} }),
        json!({ "processId": "x", "locale": 7, "capabilities": { "general": [], "textDocument": 1 } }),
        json!({}),
        Value::Null,
    ] {
        let mut server = Server::new(Knowledge::new(CATALOG), Nowhere);
        assert!(ask(&mut server, "initialize", params.clone()).is_ok(), "{params}");
    }
}
