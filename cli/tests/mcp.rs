//! `tencent-cam mcp` as a client of the Model Context Protocol sees it, over standard input and output.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const SUPPORT: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;
const WIDER: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000001:sdkappid/14*"]}]}"#;
/// An operation-level action on a named resource, and a capital.
const BROKEN: &str = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["trtc:DescribeDetailEvent"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    id: u64,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .arg("mcp")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output, id: 0 }
    }

    fn send(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.id += 1;
        let request = json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": params });
        self.send(&request.to_string());
        let answer = self.read();
        assert_eq!(answer["id"], self.id, "{answer}");
        answer
    }

    /// Calls a tool that must exist, and returns its result.
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.request("tools/call", &json!({ "name": tool, "arguments": arguments }));
        answer.get("result").unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// Ends the input, after which the server ends by itself.
    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().unwrap().success());
    }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

#[test]
fn a_session_begins_lists_its_tools_and_ends() {
    let folder = folder(&[]);
    let mut server = Server::start(folder.path(), &[]);
    for (asked, answered) in
        [("2025-06-18", "2025-06-18"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25")]
    {
        let params = json!({ "protocolVersion": asked, "capabilities": {}, "clientInfo": { "name": "t", "version": "0" } });
        let answer = server.request("initialize", &params);
        assert_eq!(answer["result"]["protocolVersion"], answered);
        assert_eq!(answer["result"]["serverInfo"]["name"], "tencent-cam");
    }
    // A notification has no answer: the next one is that of the ping.
    server.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    assert_eq!(server.request("ping", &json!({}))["result"], json!({}));

    let tools = server.request("tools/list", &json!({}))["result"]["tools"].clone();
    let tools = tools.as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["lint", "fix", "check", "explain", "query", "write", "compare"]);
    for tool in tools {
        jsonschema::validator_for(&tool["inputSchema"]).unwrap();
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert!(tool["inputSchema"]["properties"].get("write").is_none(), "{tool}");
    }
    server.end();
}

/// Checks a result by what the tool declares, and returns the exit code and the answer.
fn checked(server: &mut Server, tool: &str, arguments: &Value) -> (i64, Value) {
    let tools = server.request("tools/list", &json!({}))["result"]["tools"].clone();
    let declared = tools.as_array().unwrap().iter().find(|one| one["name"] == tool).unwrap();
    let input = jsonschema::validator_for(&declared["inputSchema"]).unwrap();
    assert!(input.is_valid(arguments), "{tool}: {arguments}");
    let result = server.call(tool, arguments);
    let structured = &result["structuredContent"];
    let output = jsonschema::validator_for(&declared["outputSchema"]).unwrap();
    assert!(output.is_valid(structured), "{tool}: {result}");
    assert_eq!(result["content"][0]["type"], "text");
    assert_eq!(result["isError"], structured["exit_code"] == 2, "{result}");
    (structured["exit_code"].as_i64().unwrap(), structured["answer"].clone())
}

#[test]
fn each_tool_answers_what_its_command_answers() {
    let folder = folder(&[
        ("support.json", SUPPORT),
        ("broken.json", BROKEN),
        ("tencent-cam.toml", "[[ignore]]\nfile = \"quiet.json\"\nrule = \"CAM101\"\nreason = \"a test\"\n"),
    ]);
    let mut server = Server::start(folder.path(), &[]);
    let command = |arguments: &[&str]| -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let (code, answer) = checked(&mut server, "lint", &json!({ "policies": [{ "path": "broken.json" }] }));
    assert_eq!(code, 1);
    assert_eq!(answer, command(&["lint", "--format", "json", "broken.json"]));

    // An inline text is linted as if it stood in the project.
    let inline = |name: &str| json!({ "policies": [{ "text": BROKEN, "name": name }] });
    let ids = |answer: &Value| answer.to_string().matches("CAM101").count();
    assert!(ids(&checked(&mut server, "lint", &inline("loud.json")).1) > 0);
    assert_eq!(ids(&checked(&mut server, "lint", &inline("quiet.json")).1), 0);

    let (code, answer) =
        checked(&mut server, "fix", &json!({ "policy": { "text": BROKEN }, "persona": "pedantic" }));
    assert_eq!(code, 1, "{answer}");
    assert!(answer.as_str().unwrap().contains(r#""effect":"allow""#), "{answer}");

    let (code, answer) = checked(
        &mut server,
        "check",
        &json!({
            "policies": [{ "path": "support.json" }],
            "action": "trtc:RemoveUser",
            "resource": "qcs::trtc::uin/100000000001:sdkappid/1400000001",
            "ip": "192.0.2.1",
            "context": { "qcs:tag": ["a"] },
        }),
    );
    assert_eq!((code, &answer["decision"]), (0, &json!("allowed")), "{answer}");

    let denied =
        "you are not authorized to perform operation (trtc:GetUserList) resource (*) has no permission";
    let (code, answer) = checked(
        &mut server,
        "explain",
        &json!({ "error": denied, "policies": [{ "path": "support.json" }] }),
    );
    assert_eq!(code, 3);
    assert_eq!(answer, command(&["check", "--format", "json", "--from-error", denied, "support.json"]));
    let (code, answer) = checked(&mut server, "explain", &json!({ "rule": "CAM101" }));
    assert_eq!(code, 0);
    assert_eq!(answer, command(&["rule", "--format", "json", "CAM101"]));

    let (code, answer) = checked(&mut server, "query", &json!({ "actions": ["trtc:RemoveUser"] }));
    assert_eq!(code, 0);
    assert_eq!(answer, command(&["query", "--format", "json", "trtc:RemoveUser"]));

    let (code, answer) = checked(&mut server, "write", &json!({ "calls": ["trtc:GetUserList"] }));
    assert_eq!(code, 0);
    assert_eq!(answer, command(&["write", "--format", "json", "trtc:GetUserList"]));

    let sides = json!({ "before": { "path": "support.json" }, "after": { "text": WIDER } });
    let (code, answer) = checked(&mut server, "compare", &sides);
    assert_eq!((code, answer["new"].as_array().unwrap().len()), (0, 1), "{answer}");
    // Texts alone have short names.
    let sides = json!({ "before": { "text": SUPPORT }, "after": { "text": WIDER, "name": "wide.json" } });
    let (_, answer) = checked(&mut server, "compare", &sides);
    assert_eq!(answer["new"][0]["parts"][0]["statement"], "statement 0 of after/wide.json");
    server.end();
}

#[test]
fn a_revision_of_git_is_compared_with_the_folder() {
    let folder = folder(&[("iam/support.json", SUPPORT)]);
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "policies"]);
    fs::write(folder.path().join("iam/support.json"), WIDER).unwrap();
    // The working directory is a folder of the repository.
    let mut server = Server::start(&folder.path().join("iam"), &[]);
    let sides = json!({ "before": { "path": ".", "revision": "main" }, "after": { "path": "." } });
    let (code, answer) = checked(&mut server, "compare", &sides);
    assert_eq!((code, &answer["new"][0]["file"]), (0, &json!("support.json")), "{answer}");
    // Agents often know whole paths.
    let whole = fs::canonicalize(folder.path()).unwrap().join("iam/support.json").display().to_string();
    for path in [&*whole, "support.json", "./support.json", "../iam/support.json"] {
        let sides = json!({ "before": { "path": path, "revision": "main" }, "after": { "path": path } });
        let (code, answer) = checked(&mut server, "compare", &sides);
        assert_eq!((code, answer["new"].as_array().map(Vec::len)), (0, Some(1)), "{path}: {answer}");
    }
    for (revision, path) in [("main", "../x"), ("--help", "."), ("main:x", "."), ("main", "/etc")] {
        let sides = json!({ "before": { "path": path, "revision": revision }, "after": { "path": "." } });
        assert_eq!(server.call("compare", &sides)["isError"], true, "{revision} {path}");
    }
    server.end();
}

/// The configuration of the repository counts, also where the server is started in a folder of it: for files, for inline
/// texts and for revisions, as it does for the commands.
#[test]
fn a_configuration_above_the_working_directory_counts() {
    let suppressed = "[[ignore]]\nfile = \"**/*\"\nrule = \"CAM101\"\nreason = \"known\"\n";
    let folder = folder(&[("tencent-cam.toml", suppressed), ("iam/broken.json", BROKEN), (".git/HEAD", "")]);
    let mut server = Server::start(&folder.path().join("iam"), &[]);
    for policy in [json!({ "path": "broken.json" }), json!({ "text": BROKEN, "name": "new.json" })] {
        let (_, answer) = checked(&mut server, "lint", &json!({ "policies": [policy] }));
        assert_eq!(answer["summary"]["suppressed"], 1, "{answer}");
    }
    server.end();
}

#[test]
fn files_are_written_only_with_the_consent_of_the_user() {
    let folder = folder(&[("broken.json", BROKEN)]);
    let read = || fs::read_to_string(folder.path().join("broken.json")).unwrap();
    let mut server = Server::start(folder.path(), &[]);
    let shown = server.call("fix", &json!({ "policy": { "path": "broken.json" }, "persona": "pedantic" }));
    assert!(shown["structuredContent"]["answer"].as_str().unwrap().contains("would fix"), "{shown}");
    let refused = server.call("fix", &json!({ "policy": { "path": "broken.json" }, "write": true }));
    assert_eq!(refused["isError"], true);
    assert!(refused.to_string().contains("--allow-write"), "{refused}");
    assert_eq!(read(), BROKEN);
    server.end();

    let mut server = Server::start(folder.path(), &["--allow-write"]);
    let fix = json!({ "policy": { "path": "broken.json" }, "persona": "pedantic", "write": true });
    let (code, answer) = checked(&mut server, "fix", &fix);
    assert_eq!(code, 1, "{answer}");
    assert!(read().contains(r#""effect":"allow""#), "{}", read());
    server.end();
}

#[test]
fn files_outside_of_the_working_directory_stay_closed() {
    let outer = folder(&[("secret.json", SUPPORT), ("work/own.json", SUPPORT)]);
    let work = outer.path().join("work");
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path().join("secret.json"), work.join("link.json")).unwrap();
    let mut server = Server::start(&work, &[]);
    let absolute = outer.path().join("secret.json").display().to_string();
    for path in ["../secret.json", &absolute, "link.json", "-", "missing.json", "own.json\0"] {
        for (tool, arguments) in [
            ("lint", json!({ "policies": [{ "path": path }] })),
            ("fix", json!({ "policy": { "path": path } })),
            ("check", json!({ "policies": [], "session": [{ "path": path }], "action": "trtc:RemoveUser" })),
            ("compare", json!({ "before": { "path": path }, "after": { "text": SUPPORT } })),
        ] {
            let result = server.call(tool, &arguments);
            assert_eq!(result["isError"], true, "{tool} {path}: {result}");
            assert!(!result.to_string().contains("sdkappid"), "{tool} {path}: {result}");
        }
    }
    assert_eq!(server.call("lint", &json!({ "policies": [{ "path": "own.json" }] }))["isError"], false);
    server.end();
}

#[test]
fn bad_input_is_told_and_never_ends_the_server() {
    let folder = folder(&[]);
    let mut server = Server::start(folder.path(), &[]);
    let deep = "[".repeat(100_000);
    for (line, code) in [
        ("{", -32700),
        ("\u{1}", -32700),
        (&*deep, -32700),
        ("[]", -32600),
        ("1", -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"lint","arguments":[]}}"#, -32602),
    ] {
        server.send(line);
        let answer = server.read();
        assert_eq!(answer["error"]["code"], code, "{}: {answer}", &line[..line.len().min(80)]);
    }
    server.input.write_all(b"\xff\xfe\n\n").unwrap();
    assert_eq!(server.read()["error"]["code"], -32700);
    server.send(r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#);
    assert_eq!(server.read(), json!([{ "jsonrpc": "2.0", "id": 1, "result": {} }]));
    server.send(r#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
    server.send(&"x".repeat((64 << 20) + 1));
    assert!(server.read()["error"]["message"].as_str().unwrap().contains("longer than 64 MiB"));

    for (tool, arguments, told) in [
        ("lint", json!({}), "`policies` is missing"),
        ("lint", json!({ "policies": "x" }), "it is no list"),
        ("lint", json!({ "policies": [{ "text": "{}", "path": "x" }] }), "either `path` or `text`"),
        ("lint", json!({ "policies": [{ "text": "{}", "name": "../x" }] }), "no plain file name"),
        ("lint", json!({ "policies": [{ "text": "{}" }, { "text": "{}" }] }), "one inline text"),
        ("lint", json!({ "policies": [], "kinds": "x" }), "there is no field"),
        ("lint", json!({ "policies": [] }), "it is empty"),
        ("lint", json!({ "policies": [{ "text": BROKEN }], "kind": "--help" }), "invalid value"),
        ("check", json!({ "policies": [], "action": 7 }), "it is no text"),
        ("query", json!({ "actions": ["--help"] }), "--help"),
        ("query", json!({ "services": ["trct"] }), "trct"),
        ("fix", json!({ "policy": { "text": "no policy" } }), "no policy"),
    ] {
        let result = server.call(tool, &arguments);
        assert_eq!(result["isError"], true, "{tool} {arguments}: {result}");
        assert!(result.to_string().contains(told), "{tool} {arguments}: {result}");
    }
    server.end();
}

#[test]
fn texts_of_one_name_are_all_read() {
    let folder = folder(&[("support.json", SUPPORT)]);
    let mut server = Server::start(folder.path(), &[]);
    let policy = |effect: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"{effect}","action":["trtc:*"],"resource":["*"]}}]}}"#
        )
    };
    let (allow, deny) = (policy("allow"), policy("deny"));
    for policies in [
        json!([{ "text": deny, "name": "p.json" }, { "text": allow, "name": "p.json" }]),
        json!([{ "text": deny, "name": "policy-2.json" }, { "text": allow }]),
        json!([{ "path": "support.json" }, { "text": deny, "name": "p" }, { "text": allow, "name": "p" }]),
    ] {
        let arguments = json!({ "policies": policies, "action": "trtc:GetUserList" });
        let (code, answer) = checked(&mut server, "check", &arguments);
        assert_eq!((code, &answer["decision"]), (3, &json!("explicitly_denied")), "{answer}");
        assert!(!answer.to_string().contains("tmp"), "{answer}");
    }
    // What is wrong is told under the name that the agent gave.
    let wrong = json!({
        "policies": [{ "path": "support.json" }, { "text": "{", "name": "wrong.json" }],
        "action": "trtc:GetUserList",
    });
    let result = server.call("check", &wrong);
    let notes = result["structuredContent"]["notes"].as_str().unwrap();
    assert!(notes.contains("error: policies/wrong.json"), "{notes}");
    server.end();
}
