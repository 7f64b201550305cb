//! The language server as an editor sees it: the real program, over its standard input and output.

#![allow(clippy::needless_pass_by_value, reason = "parameters of requests are made in place")]

mod editor;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use editor::Editor;
use serde_json::{Value, json};

/// A folder with files, and the server in it.
struct Desk {
    folder: tempfile::TempDir,
    editor: Editor,
}

impl Desk {
    fn new(files: &[(&str, &str)], options: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let (editor, _) = Editor::start(folder.path(), options);
        Self { folder, editor }
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    /// Opens a text whose cursor is `|`, and returns the parameters for a request about it.
    fn open_at(&mut self, name: &str, language: &str, marked: &str) -> Value {
        let at = marked.find('|').expect("the text has a cursor");
        let (before, after) = (&marked[..at], &marked[at + 1..]);
        let uri = self.uri(name);
        self.editor.open(&uri, language, &format!("{before}{after}"));
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let character = before[start..].encode_utf16().count();
        json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
    }

    fn complete(&mut self, name: &str, language: &str, marked: &str) -> Vec<Value> {
        let place = self.open_at(name, language, marked);
        let list = self.editor.request("textDocument/completion", place);
        let mut items = list["items"].as_array().unwrap().clone();
        items.sort_by(|one, other| one["sortText"].as_str().cmp(&other["sortText"].as_str()));
        items
    }

    fn hover(&mut self, name: &str, language: &str, marked: &str) -> String {
        let place = self.open_at(name, language, marked);
        let hover = self.editor.request("textDocument/hover", place);
        hover["contents"]["value"].as_str().unwrap_or("nothing").to_owned()
    }

    fn actions(&mut self, name: &str, range: &Value) -> Vec<Value> {
        let uri = self.uri(name);
        let params = json!({
            "textDocument": { "uri": uri },
            "range": range,
            "context": { "diagnostics": [] },
        });
        self.editor.request("textDocument/codeAction", params).as_array().unwrap().clone()
    }
}

/// Everything that an editor can be asked to do.
fn able() -> Value {
    json!({ "capabilities": {
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "codeAction": { "resolveSupport": { "properties": ["edit"] } },
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
    } })
}

/// One line for each item: label, details and what it inserts.
fn shown(items: &[Value], most: usize) -> String {
    let mut out = String::new();
    for item in items.iter().take(most) {
        let text = |key: &str| item[key].as_str().unwrap_or_default();
        let details = item["labelDetails"]["description"].as_str().unwrap_or_default();
        let new = item["textEdit"]["newText"].as_str().unwrap_or_default();
        let _ = writeln!(out, "{} [{}{}] -> {new:?}", text("label"), details, text("detail"));
    }
    out
}

/// Applies the edits of a change to a text.
fn apply(text: &str, edits: &[Value]) -> String {
    let byte = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = place["character"].as_u64().unwrap();
        let mut at = start;
        for character in text[start..].chars() {
            if units == 0 {
                break;
            }
            units = units.saturating_sub(character.len_utf16() as u64);
            at += character.len_utf8();
        }
        at
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            (byte(&edit["range"]["start"]), byte(&edit["range"]["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_unstable();
    let mut out = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

fn edits_of(edit: &Value) -> Vec<Value> {
    edit["documentChanges"][0]["edits"].as_array().unwrap().clone()
}

const DENY: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": ["trtc:GetUserList", "trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}
"#;

#[test]
fn the_handshake_tells_what_the_server_can_do() {
    let folder = tempfile::tempdir().unwrap();
    let (editor, answer) = Editor::start(folder.path(), json!({}));
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
    assert_eq!(editor.end(), 0);
    let utf8 = json!({ "capabilities": { "general": { "positionEncodings": ["utf-8", "utf-16"] } } });
    let (editor, answer) = Editor::start(folder.path(), utf8);
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-8");
    assert_eq!(editor.hang_up(), 2);
}

#[test]
fn findings_come_while_somebody_types() {
    let mut desk = Desk::new(&[], able());
    let uri = desk.uri("a.json");
    desk.editor.open(&uri, "json", DENY);
    let diagnostics = desk.editor.diagnostics(&uri, 1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&diagnostics).unwrap());
    // An edit mends it: the action that is operation-level goes.
    let range = json!({ "start": { "line": 5, "character": 17 }, "end": { "line": 5, "character": 37 } });
    let change = json!({
        "textDocument": { "uri": uri, "version": 2 },
        "contentChanges": [{ "range": range, "text": "" }],
    });
    desk.editor.notify("textDocument/didChange", change);
    assert_eq!(desk.editor.diagnostics(&uri, 2), Vec::<Value>::new());
    desk.editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(desk.editor.end(), 0);
}

#[test]
fn columns_are_counted_as_the_editor_counts() {
    let text = "{\"version\": \"2.0\", \"id\": \"😀策\", \"statement\": [{\"effect\": \"Permit\", \"action\": [\"*\"], \"resource\": [\"*\"]}]}";
    let utf8 = json!({ "capabilities": { "general": { "positionEncodings": ["utf-8"] } } });
    for (options, width) in [(json!({}), 3), (utf8, 7)] {
        let mut desk = Desk::new(&[], options);
        let uri = desk.uri("a.json");
        desk.editor.open(&uri, "json", text);
        let diagnostics = desk.editor.diagnostics(&uri, 1);
        let found =
            diagnostics.iter().find(|one| one["message"].as_str().unwrap().contains("Permit")).unwrap();
        let before = text.find("Permit").unwrap() - "😀策".len() + width;
        assert_eq!(found["range"]["start"]["character"], json!(before));
    }
}

#[test]
fn policies_inside_of_other_files_are_found_also_in_broken_text() {
    let mut desk = Desk::new(&[], able());
    let files = [
        (
            "main.tf",
            "terraform",
            "resource \"tencentcloud_cam_policy\" \"a\" {\n  document = jsonencode({\n    version   = \"2.0\"\n    statement = [{ effect = \"deny\", action = [\"trtc:GetUserList\"], resource = [\"qcs::trtc:::sdkappid/1400000001\"] }]\n  })\n}\n",
        ),
        (
            "readme.md",
            "markdown",
            "# 策略\n\n```json\n{\"version\": \"2.0\", \"statement\": [{\"effect\": \"deny\", \"action\": [\"trtc:GetUserList\"], \"resource\": [\"qcs::trtc:::sdkappid/1400000001\"]}]}\n```\n",
        ),
        (
            "a.jsonc",
            "jsonc",
            "// why\n{\"version\": \"2.0\", \"statement\": [{\"effect\": \"deny\", \"action\": [\"trtc:GetUserList\"], \"resource\": [\"qcs::trtc:::sdkappid/1400000001\"]}]}\n",
        ),
        (
            "broken.json",
            "json",
            "{\"version\": \"2.0\", \"statement\": [{\"effect\": \"deny\", \"action\": [\"trtc:",
        ),
    ];
    let mut out = String::new();
    for (name, language, text) in files {
        let uri = desk.uri(name);
        desk.editor.open(&uri, language, text);
        for one in desk.editor.diagnostics(&uri, 1) {
            let start = &one["range"]["start"];
            let message = one["message"].as_str().unwrap();
            let _ = writeln!(
                out,
                "{name}:{}:{} {} {message}",
                start["line"],
                start["character"],
                one["code"].as_str().unwrap()
            );
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn completion_offers_what_may_stand_at_the_cursor() {
    let mut desk = Desk::new(&[], able());
    let statement = |inner: &str| format!("{{\"version\": \"2.0\", \"statement\": [{{{inner}}}]}}");
    let tf = |inner: &str| {
        format!(
            "resource \"tencentcloud_cam_policy\" \"a\" {{\n  document = jsonencode({{\n    statement = [{{\n      {inner}\n    }}]\n  }})\n}}\n"
        )
    };
    let cases = [
        ("elements of a policy", "json", "{|}".to_owned()),
        ("elements of a statement", "json", statement("\"effect\": \"allow\", \"ac|\"")),
        ("elements in Terraform", "tf", tf("effect = \"allow\"\n      ac|")),
        ("effects", "json", statement("\"effect\": \"|\"")),
        ("services", "json", statement("\"action\": [\"tr|\"]")),
        ("actions", "json", statement("\"action\": [\"trtc:Re|\"]")),
        ("actions of which only names are known", "json", statement("\"action\": [\"cdn:|\"]")),
        (
            "actions in a text that is not finished",
            "json",
            "{\"statement\": [{\"action\": [\"ccc:|".to_owned(),
        ),
        ("resources", "json", statement("\"action\": [\"trtc:RemoveUser\"], \"resource\": [\"|\"]")),
        (
            "resources, and an account of the same file",
            "json",
            statement("\"action\": [\"cos:GetObject\"], \"resource\": [\"qcs::x::uin/100000000001:y\", |]"),
        ),
        ("every resource", "json", statement("\"action\": [\"trtc:GetUserList\"], \"resource\": [\"|\"]")),
        ("operators", "json", statement("\"condition\": {\"|\"}")),
        (
            "operators that fit a key",
            "json",
            statement("\"condition\": {\"|\": {\"qcs:ip\": [\"10.0.0.1\"]}}"),
        ),
        ("keys", "json", statement("\"action\": [\"cvm:*\"], \"condition\": {\"ip_equal\": {\"|\"}}")),
        ("values", "json", statement("\"condition\": {\"bool_equal\": {\"qcs:mfa\": \"|\"}}")),
        ("variables in Terraform", "tf", tf("condition = { string_equal = { \"qcs:uin\" = \"|\" } }")),
        ("principals", "json", statement("\"principal\": {\"qcs\": [\"|\"]}")),
        ("nothing in a file of something else", "json", "{\"name\": \"x\", |}".to_owned()),
    ];
    let mut out = String::new();
    for (number, (what, end, marked)) in cases.into_iter().enumerate() {
        let language = if end == "tf" { "terraform" } else { "json" };
        let items = desk.complete(&format!("{number}.{end}"), language, &marked);
        let _ = writeln!(out, "# {what}: {}\n{}", items.len(), shown(&items, 8));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn an_editor_without_snippets_gets_plain_text() {
    let mut desk = Desk::new(&[], json!({}));
    let marked = "{\"statement\": [{\"action\": [\"trtc:RemoveUser\"], \"resource\": [\"|\"]}]}";
    let items = desk.complete("a.json", "json", marked);
    assert!(
        items
            .iter()
            .all(|item| item["insertTextFormat"] == 1
                && !item["textEdit"]["newText"].to_string().contains('$'))
    );
    // What is to be filled in is seen, and reported while it stands.
    let form = items.iter().find_map(|item| {
        let text = item["textEdit"]["newText"].as_str()?;
        text.contains("uin/<uin>:sdkappid/<").then_some(text)
    });
    let text = marked.replace('|', form.unwrap()).replace("{\"action", "{\"effect\":\"allow\",\"action");
    let text = text.replace("{\"statement", "{\"version\":\"2.0\",\"statement");
    let uri = desk.uri("b.json");
    desk.editor.open(&uri, "json", &text);
    let found = desk.editor.diagnostics(&uri, 1);
    assert!(found.iter().any(|one| one["message"].as_str().unwrap().contains("<uin>")), "{found:?}");
}

#[test]
fn an_item_shows_the_facts_of_its_action() {
    let mut desk = Desk::new(&[], able());
    let items = desk.complete("a.json", "json", "{\"statement\": [{\"action\": [\"trtc:RemoveUs|\"]}]}");
    let item = items.iter().find(|item| item["label"] == "trtc:RemoveUser").unwrap();
    let resolved = desk.editor.request("completionItem/resolve", item.clone());
    insta::assert_snapshot!(resolved["documentation"]["value"].as_str().unwrap());
}

#[test]
fn hovering_shows_what_is_known() {
    let text = |inner: &str| format!("{{\"version\": \"2.0\", \"statement\": [{{{inner}}}]}}");
    let cases = [
        text("\"effect\": \"allow\", \"action\": [\"trtc:Remove|User\"], \"resource\": [\"*\"]"),
        text("\"effect\": \"allow\", \"action\": [\"trtc:D|*\"], \"resource\": [\"*\"]"),
        text("\"effect\": \"allow\", \"action\": [\"cdn:PurgeUrls|Cache\"], \"resource\": [\"*\"]"),
        text(
            "\"effect\": \"allow\", \"action\": [\"trtc:RemoveUser\"], \"resource\": [\"qcs::trtc::uin/1:|sdkappid/1400000001\"]",
        ),
        text(
            "\"effect\": \"deny\", \"action\": [\"trtc:*\"], \"resource\": [\"*\"], \"condition\": {\"ip_not_|equal\": {\"qcs:ip\": [\"10.0.0.0/8\"]}}",
        ),
        text(
            "\"effect\": \"deny\", \"action\": [\"trtc:*\"], \"resource\": [\"*\"], \"condition\": {\"ip_not_equal\": {\"qcs:|ip\": [\"10.0.0.0/8\"]}}",
        ),
        DENY.replacen("deny", "de|ny", 1),
        DENY.replacen("trtc:GetUserList", "trtc:Get|UserList", 1),
        "{|}".to_owned(),
    ];
    let mut out = String::new();
    for locale in ["en", "zh-cn"] {
        let mut desk = Desk::new(&[], json!({ "locale": locale }));
        for (number, marked) in cases.iter().enumerate() {
            let shown = desk.hover(&format!("{number}.json"), "json", marked);
            let _ = writeln!(out, "######## {locale} {number}\n{shown}");
        }
    }
    insta::assert_snapshot!(out);
}

/// A policy that a file holds as a string, URL-encoded or not: what is completed is escaped as the file is.
#[test]
fn policies_inside_of_strings_are_completed_and_explained() {
    let policy =
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveU◆"],"resource":["*"]}]}"#;
    let url = |text: &str| {
        let mut out = String::new();
        for character in text.chars() {
            match character {
                '"' | '{' | '}' | '[' | ']' | ':' | ',' => {
                    let _ = write!(out, "%{:02X}", u32::from(character));
                }
                other => out.push(other),
            }
        }
        out
    };
    let keys = policy.replace("\"resource\":[\"*\"]", "\"reso◇\"").replace('◆', "ser");
    let in_json = |text: &str| format!("{{\"PolicyDocument\": {}}}", json!(text));
    let cases = [
        ("trtc:RemoveUser", "a.json", in_json(policy)),
        ("resource", "b.json", in_json(&keys.replace('◇', "◆"))),
        ("trtc:RemoveUser", "c.json", in_json(&url(policy))),
        ("trtc:RemoveUser", "d.json", in_json(&policy[..policy.find("\"]").unwrap()])),
        ("trtc:RemoveUser", "e.md", format!("```json\n{}\n```\n", in_json(policy))),
        ("trtc:RemoveUser", "f.json", url(policy)),
    ];
    let mut out = String::new();
    for options in [able(), json!({})] {
        let mut desk = Desk::new(&[], options);
        for (label, name, marked) in &cases {
            let marked = marked.replace('◆', "|");
            let items = desk.complete(name, "json", &marked);
            let item = items.iter().find(|item| item["label"] == **label).unwrap();
            let done = apply(&marked.replace('|', ""), &[item["textEdit"].clone()]);
            let _ = writeln!(out, "# {name}: {}\n{done}", item["filterText"]);
        }
        let hover = desk.hover("g.json", "json", &in_json(&policy.replacen("RemoveU◆", "Rem|oveUser", 1)));
        let _ = writeln!(out, "# hover\n{hover}\n");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn fixes_say_what_they_do_and_mend_the_file() {
    let mut desk = Desk::new(&[("tencent-cam.toml", "persona = \"pedantic\"\n")], able());
    let text = DENY.replacen("\"deny\"", "\"Deny\"", 1);
    let uri = desk.uri("a.json");
    desk.editor.open(&uri, "json", &text);
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let actions = desk.actions("a.json", &all);
    let titles: Vec<String> = actions
        .iter()
        .map(|one| {
            format!(
                "{} {}{}",
                one["kind"].as_str().unwrap(),
                one["title"].as_str().unwrap(),
                if one["isPreferred"] == true { " (preferred)" } else { "" }
            )
        })
        .collect();
    let mut out = titles.join("\n");
    for action in &actions {
        if action["kind"] == "quickfix" && action["edit"].is_object() {
            let _ = write!(out, "\n\n# {}\n{}", action["title"], apply(&text, &edits_of(&action["edit"])));
        }
    }
    let fix_all = actions.iter().find(|one| one["kind"] == "source.fixAll").unwrap();
    let resolved = desk.editor.request("codeAction/resolve", fix_all.clone());
    let _ = write!(out, "\n\n# fix all\n{}", apply(&text, &edits_of(&resolved["edit"])));
    insta::assert_snapshot!(out);
}

#[test]
fn findings_are_suppressed_where_they_stand() {
    let document = DENY.trim_end();
    let files = [
        ("a.jsonc", "jsonc", DENY.to_owned()),
        ("main.tf", "terraform", format!("resource \"tencentcloud_cam_policy\" \"a\" {{\n  document = <<EOF\n{document}\nEOF\n}}\n")),
        ("native.tf", "terraform", "locals {\n  policy = {\n    version = \"2.0\"\n    statement = [{\n      effect   = \"deny\"\n      action   = [\"trtc:GetUserList\"]\n      resource = [\"qcs::trtc:::sdkappid/1400000001\"]\n    }]\n  }\n}\n".to_owned()),
        ("a.md", "markdown", format!("# Policy\n\n```json\n{document}\n```\n")),
    ];
    let mut desk = Desk::new(&[], able());
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let mut out = String::new();
    for (name, language, text) in &files {
        let uri = desk.uri(name);
        desk.editor.open(&uri, language, text);
        let before = desk.editor.diagnostics(&uri, 1);
        let actions = desk.actions(name, &all);
        let here = actions.iter().find(|one| one["title"] == "Suppress CAM102 here").unwrap();
        let resolved = desk.editor.request("codeAction/resolve", here.clone());
        let new = apply(text, &edits_of(&resolved["edit"]));
        let _ = writeln!(out, "# {name}\n{new}");
        let change =
            json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": new }] });
        desk.editor.notify("textDocument/didChange", change);
        assert_eq!(desk.editor.diagnostics(&uri, 2).len(), before.len() - 1, "{new}");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn findings_are_suppressed_in_the_configuration_which_is_watched() {
    let mut desk = Desk::new(&[], able());
    let uri = desk.uri("a.json");
    desk.editor.open(&uri, "json", DENY);
    assert_eq!(desk.editor.diagnostics(&uri, 1).len(), 1);
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let actions = desk.actions("a.json", &all);
    let in_file = actions.iter().find(|one| one["title"] == "Suppress CAM102 in tencent-cam.toml").unwrap();
    let resolved = desk.editor.request("codeAction/resolve", in_file.clone());
    let changes = resolved["edit"]["documentChanges"].as_array().unwrap();
    assert_eq!(changes[0]["kind"], "create");
    assert_eq!(changes[0]["uri"], json!(desk.uri("tencent-cam.toml")));
    let text = changes[1]["edits"][0]["newText"].as_str().unwrap().to_owned();
    insta::assert_snapshot!(text);
    let watched = desk.editor.received("client/registerCapability");
    assert!(watched[0].to_string().contains("tencent-cam.toml"));
    fs::write(desk.folder.path().join("tencent-cam.toml"), &text).unwrap();
    desk.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(desk.editor.diagnostics(&uri, 1), Vec::<Value>::new());
    // A second finding goes behind the first.
    let other = desk.uri("b.json");
    desk.editor.open(&other, "json", DENY);
    assert_eq!(desk.editor.diagnostics(&other, 1).len(), 1);
    let actions = desk.actions("b.json", &all);
    let in_file = actions.iter().find(|one| one["title"] == "Suppress CAM102 in tencent-cam.toml").unwrap();
    let resolved = desk.editor.request("codeAction/resolve", in_file.clone());
    let both = apply(&text, &edits_of(&resolved["edit"]));
    fs::write(desk.folder.path().join("tencent-cam.toml"), &both).unwrap();
    desk.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(desk.editor.diagnostics(&other, 1), Vec::<Value>::new(), "{both}");
}

/// The findings of two policies of one file have the same rule and the same pointer.
#[test]
fn a_suppression_in_the_configuration_is_of_one_policy() {
    let document = DENY.trim_end();
    let resource = |name: &str| {
        format!(
            "resource \"tencentcloud_cam_policy\" \"{name}\" {{\n  document = <<EOF\n{document}\nEOF\n}}\n"
        )
    };
    let mut desk = Desk::new(&[], able());
    let uri = desk.uri("main.tf");
    desk.editor.open(&uri, "terraform", &[resource("rooms"), resource("other")].concat());
    let count = desk.editor.diagnostics(&uri, 1).len();
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let actions = desk.actions("main.tf", &all);
    let in_file = actions.iter().find(|one| one["title"] == "Suppress CAM102 in tencent-cam.toml").unwrap();
    let resolved = desk.editor.request("codeAction/resolve", in_file.clone());
    let text = resolved["edit"]["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap().to_owned();
    assert!(text.contains("\npolicy = \"tencentcloud_cam_policy.rooms\"\n"), "{text}");
    fs::write(desk.folder.path().join("tencent-cam.toml"), &text).unwrap();
    desk.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(desk.editor.diagnostics(&uri, 1).len(), count - 1);
}

#[test]
fn an_open_configuration_is_found_however_its_address_is_written() {
    let mut desk = Desk::new(&[], able());
    fs::create_dir(desk.folder.path().join("a+b")).unwrap();
    fs::write(desk.folder.path().join("a+b/tencent-cam.toml"), "").unwrap();
    let (uri, configuration) = (desk.uri("a+b/a.json"), desk.uri("a+b/tencent-cam.toml"));
    desk.editor.open(&configuration, "toml", "# not saved yet\n");
    desk.editor.open(&uri, "json", DENY);
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let actions = desk.actions("a+b/a.json", &all);
    let in_file = actions.iter().find(|one| one["title"] == "Suppress CAM102 in tencent-cam.toml").unwrap();
    let resolved = desk.editor.request("codeAction/resolve", in_file.clone());
    let change = &resolved["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": configuration, "version": 1 }));
    assert_eq!(change["edits"][0]["range"]["start"], json!({ "line": 1, "character": 0 }));
}

#[test]
fn what_is_no_file_is_not_suppressed_in_a_configuration() {
    let mut desk = Desk::new(&[], able());
    for uri in ["untitled:Untitled-1", "vscode-remote://ssh-remote%2Bhost/a.json"] {
        desk.editor.open(uri, "json", DENY);
        assert_eq!(desk.editor.diagnostics(uri, 1).len(), 1);
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let context = json!({ "diagnostics": [] });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        let actions = desk.editor.request("textDocument/codeAction", params).to_string();
        assert!(actions.contains("fixAll") && !actions.contains("tencent-cam.toml"), "{actions}");
    }
}

#[test]
fn a_statement_that_is_not_complete_is_explained_as_far_as_it_goes() {
    let mut desk = Desk::new(&[], able());
    let marked =
        "{\"statement\": [{\"|effect\": \"allow\", \"action\": [\"trtc:RemoveUser\"], \"resource\": [";
    let hover = desk.hover("a.json", "json", marked);
    assert!(hover.contains("allows") && !hover.trim_end().ends_with("\non"), "{hover}");
}

#[test]
fn a_wrong_configuration_is_shown_in_it_and_told_once() {
    let wrong = "persona = \"regulr\"\n";
    let mut desk = Desk::new(&[("tencent-cam.toml", wrong)], able());
    for name in ["a.json", "b.json"] {
        let uri = desk.uri(name);
        desk.editor.open(&uri, "json", DENY);
        assert_eq!(desk.editor.diagnostics(&uri, 1).len(), 1, "by default");
    }
    assert_eq!(desk.editor.received("window/showMessage").len(), 1);
    let uri = desk.uri("tencent-cam.toml");
    desk.editor.open(&uri, "toml", wrong);
    let faults = desk.editor.diagnostics(&uri, 1);
    assert_eq!(faults[0]["range"]["start"], json!({ "line": 0, "character": 10 }));
}

/// An entry for one file is checked while somebody edits the configuration; the file counts as it is in the editor.
#[test]
fn suppressions_that_are_of_no_use_are_shown_in_the_configuration() {
    let entry = |file: &str, more: &str| {
        format!("[[ignore]]\nfile = \"{file}\"\nrule = \"CAM102\"\nreason = \"why\"\n{more}\n")
    };
    let all = [
        entry("a.json", ""),
        entry("mended.json", ""),
        entry("old.json", "expires = 2020-01-01\n"),
        // Whether these are of use, only somebody knows who reads all files, or the nearest configuration.
        entry("*.json", ""),
        entry("inner/a.json", ""),
        entry("gone.json", ""),
    ]
    .concat();
    let mended = DENY.replace("\"trtc:GetUserList\", ", "");
    let files = [("tencent-cam.toml", &*all), ("a.json", DENY), ("mended.json", &mended), ("old.json", DENY)];
    let mut desk = Desk::new(&files, able());
    fs::create_dir(desk.folder.path().join("inner")).unwrap();
    fs::write(desk.folder.path().join("inner/tencent-cam.toml"), "").unwrap();
    fs::write(desk.folder.path().join("inner/a.json"), &mended).unwrap();
    let configuration = desk.uri("tencent-cam.toml");
    desk.editor.open(&configuration, "toml", &all);
    let shown = |found: Vec<Value>| {
        found
            .iter()
            .map(|one| format!("{} {}", one["range"]["start"]["line"], one["message"]))
            .collect::<Vec<_>>()
    };
    let unused = |line: usize, file: &str| {
        format!("{line} \"no finding of CAM102 operation-level-deny in `{file}` needs this suppression\"")
    };
    let expired = "10 \"the suppression of CAM102 operation-level-deny in `old.json` expired on 2020-01-01\""
        .to_owned();
    assert_eq!(
        shown(desk.editor.diagnostics(&configuration, 1)),
        [unused(5, "mended.json"), expired.clone()]
    );
    // The other file is mended in the editor, and saved.
    let uri = desk.uri("a.json");
    desk.editor.open(&uri, "json", &mended);
    assert_eq!(desk.editor.diagnostics(&uri, 1), Vec::<Value>::new());
    desk.editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(
        shown(desk.editor.diagnostics(&configuration, 1)),
        [unused(0, "a.json"), unused(5, "mended.json"), expired]
    );
}

#[test]
fn symbols_links_and_the_layout_are_there() {
    let mut desk = Desk::new(&[], able());
    let tf = format!(
        "resource \"tencentcloud_cam_policy\" \"rooms\" {{\n  # tencent-cam: ignore CAM102 not yet\n  document = <<EOF\n{DENY}EOF\n}}\n"
    );
    let uri = desk.uri("main.tf");
    desk.editor.open(&uri, "terraform", &tf);
    let of = |uri: &str| json!({ "textDocument": { "uri": uri } });
    let symbols = desk.editor.request("textDocument/documentSymbol", of(&uri));
    let links = desk.editor.request("textDocument/documentLink", of(&uri));
    let uri = desk.uri("a.json");
    let text = "{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":\"trtc:RemoveUser\",\"resource\":\"*\"}]}";
    desk.editor.open(&uri, "json", text);
    let params = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = desk.editor.request("textDocument/formatting", params);
    let formatted = apply(text, edits.as_array().unwrap());
    fs::write(desk.folder.path().join("a.json"), text).unwrap();
    assert_eq!(formatted, fmt(desk.folder.path()));
    insta::assert_snapshot!(format!(
        "{}\n{}",
        serde_json::to_string_pretty(&symbols).unwrap(),
        serde_json::to_string_pretty(&links).unwrap()
    ));
}

/// What `tencent-cam fmt` makes of `a.json`.
fn fmt(folder: &Path) -> String {
    let program = env!("CARGO_BIN_EXE_tencent-cam");
    assert!(
        std::process::Command::new(program)
            .args(["fmt", "a.json"])
            .current_dir(folder)
            .status()
            .unwrap()
            .success()
    );
    fs::read_to_string(folder.join("a.json")).unwrap()
}

#[test]
fn what_is_no_request_is_refused_and_the_next_one_is_answered() {
    let mut desk = Desk::new(&[], able());
    for wrong in ["{", "[]", "null", "{\"jsonrpc\": \"2.0\"}", "{\"id\": {}, \"method\": 1}", "\u{0}"] {
        desk.editor.send_raw(wrong);
        let answer = desk.editor.receive();
        let answer =
            if answer["method"] == "client/registerCapability" { desk.editor.receive() } else { answer };
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&Value::Null, &json!(-32700)),
            "{wrong}: {answer}"
        );
    }
    for (method, params, code) in [
        ("textDocument/hover", json!({}), -32602),
        ("textDocument/completion", json!({ "textDocument": 1 }), -32602),
        ("no/such", json!({}), -32601),
        ("initialize", json!({ "capabilities": {} }), -32600),
    ] {
        assert_eq!(desk.editor.ask(method, params)["error"]["code"], code, "{method}");
    }
    // A file that was never opened, and places outside of one that was.
    let place =
        json!({ "textDocument": { "uri": "file:///no.json" }, "position": { "line": 9, "character": 9 } });
    assert_eq!(desk.editor.request("textDocument/hover", place), Value::Null);
    let uri = desk.uri("a.json");
    desk.editor.open(&uri, "json", DENY);
    for (line, character) in [(4_294_967_295_u32, 0), (0, 4_294_967_295_u32), (7, 3)] {
        let place =
            json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
        desk.editor.request("textDocument/hover", place.clone());
        desk.editor.request("textDocument/completion", place);
    }
    assert_eq!(desk.editor.end(), 0);
}
