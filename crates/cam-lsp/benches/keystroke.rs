//! What a keystroke costs: the change, the findings, and a completion at the same place.
//!
//! `cargo bench -p cam-lsp --bench keystroke`

use std::time::{Duration, Instant};

use cam_lsp::{Disk, Knowledge, Message, Server};
use cam_policy::catalog::Catalog;
use serde_json::{Value, json};
use tencent_cam_codegen::{Arena, parse};

const STATEMENT: &str = r#"
    {
      "effect": "allow",
      "action": ["trtc:RemoveUser", "trtc:DismissRoom", "cos:GetObject"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/14NUMBER", "qcs::cos:ap-guangzhou:uid/1250000000:bNUMBER-1250000000/*"],
      "condition": { "ip_equal": { "qcs:ip": ["203.0.113.0/24"] } }
    }"#;

/// A policy of about this many bytes, each statement with a resource of its own.
fn policy(bytes: usize) -> String {
    let count = bytes / STATEMENT.len();
    let statements: Vec<String> =
        (0..count).map(|number| STATEMENT.replace("NUMBER", &format!("{number:08}"))).collect();
    format!("{{\n  \"version\": \"2.0\",\n  \"statement\": [{}\n  ]\n}}\n", statements.join(","))
}

fn send(server: &mut Server, value: Value) -> Vec<Message> {
    serde_json::from_value(value).map_or_else(|_| Vec::new(), |message| server.answer(message))
}

/// Types a character into an action in the middle of a policy, some times; returns the shortest times.
fn keystroke(knowledge: Knowledge, bytes: usize, times: usize) -> [Duration; 2] {
    let mut server = Server::new(knowledge, Disk);
    send(&mut server, json!({ "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
    let text = policy(bytes);
    let uri = "file:///nowhere/policy.json";
    let document = json!({ "uri": uri, "languageId": "json", "version": 1, "text": text });
    send(&mut server, json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    server.news();
    let middle = text.lines().count() / 2;
    let line =
        text.lines().skip(middle).position(|line| line.contains("\"action\"")).unwrap_or_default() + middle;
    let mut shortest = [Duration::MAX; 2];
    for version in 0..times {
        // Every second keystroke takes back the one before.
        let end = if version % 2 == 0 { 23 } else { 24 };
        let range =
            json!({ "start": { "line": line, "character": 23 }, "end": { "line": line, "character": end } });
        let typed = if version % 2 == 0 { "X" } else { "" };
        let change = json!({
            "textDocument": { "uri": uri, "version": version + 2 },
            "contentChanges": [{ "range": range, "text": typed }],
        });
        let start = Instant::now();
        send(&mut server, json!({ "method": "textDocument/didChange", "params": change }));
        let news = server.news();
        shortest[0] = shortest[0].min(start.elapsed());
        assert_eq!(news.len(), 1, "the findings are published");
        let place = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": 23 } });
        let start = Instant::now();
        send(&mut server, json!({ "id": 2, "method": "textDocument/completion", "params": place }));
        shortest[1] = shortest[1].min(start.elapsed());
    }
    shortest
}

fn main() {
    let arena: &'static Arena = Box::leak(Box::new(Arena::new()));
    let catalog =
        parse(arena, "catalog.toml", include_str!("../../../catalog.toml")).unwrap_or(Catalog::EMPTY);
    let knowledge = Knowledge::new(catalog);
    for (what, bytes, times) in [("6,144 bytes", 6_144, 50), ("1 MB", 1_000_000, 6)] {
        let [findings, completion] = keystroke(knowledge, bytes, times);
        println!(
            "{what}: findings after a keystroke {:.2} ms, completion {:.2} ms",
            findings.as_secs_f64() * 1e3,
            completion.as_secs_f64() * 1e3
        );
    }
}
