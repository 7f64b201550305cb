//! What `action.yml` and `ci/gitlab.yml` run, as a CI server runs it: the steps of these files, in a repository with a base and
//! a head. They need bash, git, jq and curl, as the servers do.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_tencent-cam");
const SUPPORT: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;
const WIDER: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000001:sdkappid/14*"]}]}"#;
/// Access that is no new one, and a finding: an operation-level action on a named resource.
const BROKEN: &str = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser","trtc:DescribeDetailEvent"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}

fn yaml(file: &str) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(project().join(file)).unwrap()).unwrap()
}

/// A folder with a repository, programs that stand in for those of a server, and the variables of a run.
struct Run {
    folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
}

impl Run {
    /// Makes a repository whose branch `base` has the policy `support.json`, and whose head has another one.
    fn new(head: &str) -> Self {
        let run = Self { folder: tempfile::tempdir().unwrap(), variables: BTreeMap::new() };
        for folder in ["repository", "programs", "temp"] {
            fs::create_dir(run.path(folder)).unwrap();
        }
        run.git(&["init", "-q", "-b", "base"]);
        run.commit("support.json", SUPPORT);
        run.git(&["switch", "-q", "-c", "head"]);
        run.commit("support.json", head);
        // What others have done since is neither new nor lost by this change.
        run.git(&["switch", "-q", "base"]);
        run.commit("later.json", SUPPORT);
        run.git(&["switch", "-q", "head"]);
        run
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.path("repository"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn commit(&self, file: &str, text: &str) {
        fs::write(self.path("repository").join(file), text).unwrap();
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "--allow-empty", "-m", file]);
    }

    fn program(&self, name: &str, text: &str) {
        let file = self.path("programs").join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn bash(&self, script: &str, variables: &BTreeMap<String, String>) -> Output {
        let path = std::env::var_os("PATH").unwrap();
        let path =
            std::env::join_paths([self.path("programs")].into_iter().chain(std::env::split_paths(&path)));
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .env("PATH", path.unwrap())
            .envs(&self.variables)
            .envs(variables)
            .current_dir(self.path("repository"))
            .output()
            .unwrap()
    }
}

/// Replaces the expressions of a text of an action. An expression that a run does not know fails the test.
fn evaluated(text: &str, known: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (expression, after) = after.split_once("}}").unwrap();
        let value = known.get(expression.trim()).unwrap_or_else(|| panic!("what is {expression}?"));
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Keeps comments as GitHub does, in a file with a list, and knows the calls of `gh api` that the script makes.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
[ "$1" = api ] && shift
method=GET url='' filter=. body=''
while [ $# -gt 0 ]; do
    case $1 in
        --paginate | --silent) ;;
        --method) method=$2; shift ;;
        --jq) filter=$2; shift ;;
        -F) body=$(cat "${2#body=@}"); shift ;;
        *) url=$1 ;;
    esac
    shift
done
case "$method $url" in
    "GET repos/o/r/issues/7/comments") jq -r "$filter" "$COMMENTS" ;;
    "POST repos/o/r/issues/7/comments")
        jq --arg body "$body" '. + [{id: (length + 1), user: {login: "github-actions[bot]"}, body: $body}]' "$COMMENTS" >"$COMMENTS.new" ;;
    "PATCH repos/o/r/issues/comments/"*)
        jq --arg body "$body" --argjson id "${url##*/}" 'map(if .id == $id then .body = $body else . end)' "$COMMENTS" >"$COMMENTS.new" ;;
    *) echo "unexpected: $method $url" >&2; exit 1 ;;
esac
if [ -e "$COMMENTS.new" ]; then mv "$COMMENTS.new" "$COMMENTS"; fi
"#;

struct Action {
    run: Run,
    inputs: BTreeMap<&'static str, &'static str>,
}

impl Action {
    fn new(head: &str, inputs: &[(&'static str, &'static str)]) -> Self {
        let mut run = Run::new(head);
        run.program("gh", GH);
        // Anybody can begin a comment with the marker; it is not touched.
        let foreign =
            json!([{ "id": 1, "user": { "login": "mallory" }, "body": "<!-- tencent-cam: access diff -->" }]);
        fs::write(run.path("comments"), foreign.to_string()).unwrap();
        for (name, value) in [
            ("COMMENTS", run.text("comments")),
            ("GITHUB_STEP_SUMMARY", run.text("summary")),
            ("GITHUB_OUTPUT", run.text("output")),
            ("GITHUB_REPOSITORY", "o/r".into()),
        ] {
            run.variables.insert(name.into(), value);
        }
        Self { run, inputs: inputs.iter().copied().collect() }
    }

    /// Runs the steps, and returns what they print, and whether they succeed.
    fn start(&self) -> (String, bool) {
        let action = yaml("action.yml");
        let mut known: BTreeMap<&str, String> = BTreeMap::from([
            ("runner.temp", self.run.text("temp")),
            ("github.action_path", project().display().to_string()),
            ("github.event.pull_request.base.sha", "base".into()),
            ("github.event.pull_request.head.sha", "head".into()),
            ("github.event.pull_request.number", "7".into()),
            ("github.token", "token".into()),
            ("inputs.binary || format('{0}/tencent-cam/bin/tencent-cam', runner.temp)", BINARY.into()),
        ]);
        let inputs: Vec<(String, Value)> =
            action["inputs"].as_object().unwrap().clone().into_iter().collect();
        let names: Vec<String> = inputs.iter().map(|(name, _)| format!("inputs.{name}")).collect();
        for ((name, input), expression) in inputs.iter().zip(&names) {
            assert!(input["description"].as_str().is_some(), "{name}");
            let default = evaluated(input["default"].as_str().unwrap(), &known);
            let value = self.inputs.get(name.as_str()).map_or(default, |value| (*value).to_owned());
            known.insert(expression, value);
        }
        let mut said = String::new();
        for step in action["runs"]["steps"].as_array().unwrap() {
            let condition = step.get("if").and_then(Value::as_str).unwrap_or("");
            let is_on = condition.split("&&").map(str::trim).all(|part| match part {
                ""
                | "github.event_name == 'pull_request'"
                | "github.event.pull_request.head.repo.full_name == github.repository" => true,
                "inputs.binary == ''" => false,
                "steps.lint.outputs.report == 'true'" => self.run.read("output").contains("report=true"),
                other => {
                    let (name, value) = other.split_once(" == ").unwrap();
                    known[name] == value.trim_matches('\'')
                }
            });
            if !is_on {
                continue;
            }
            let Some(script) = step.get("run").and_then(Value::as_str) else {
                let file = evaluated(step["with"]["sarif_file"].as_str().unwrap(), &known);
                assert!(Path::new(&file).is_file(), "{file}");
                continue;
            };
            // What an input says must not be a part of a script.
            assert!(!script.contains("${{"), "{script}");
            let variables = step["env"].as_object().unwrap().iter();
            let variables = variables
                .map(|(name, value)| (name.clone(), evaluated(value.as_str().unwrap(), &known)))
                .collect();
            let output = self.run.bash(script, &variables);
            said.push_str(&String::from_utf8_lossy(&output.stdout));
            said.push_str(&String::from_utf8_lossy(&output.stderr));
            if !output.status.success() {
                return (said, false);
            }
        }
        (said, true)
    }

    fn comments(&self) -> Vec<String> {
        let comments: Value = serde_json::from_str(&self.run.read("comments")).unwrap();
        comments.as_array().unwrap().iter().map(|one| one["body"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn the_action_comments_once_and_keeps_its_comment_current() {
    let action = Action::new(WIDER, &[]);
    let (said, succeeds) = action.start();
    assert!(succeeds, "{said}");
    let comments = action.comments();
    assert_eq!(comments.len(), 2, "{said}");
    assert!(comments[1].contains("## Access diff: 1 new, 0 lost"), "{}", comments[1]);
    assert!(action.run.read("summary").contains("1 new, 0 lost"));

    action.run.commit("support.json", SUPPORT);
    let (said, succeeds) = action.start();
    assert!(succeeds, "{said}");
    let comments = action.comments();
    assert_eq!((comments.len(), &*comments[0]), (2, "<!-- tencent-cam: access diff -->"));
    assert!(comments[1].contains("nobody gains or loses access"), "{}", comments[1]);
}

#[test]
fn the_action_fails_after_the_comment_where_the_team_wants_it() {
    let action = Action::new(WIDER, &[("fail-on", "new-access")]);
    let (said, succeeds) = action.start();
    assert!(!succeeds);
    assert!(said.contains("access ended with exit code 1"), "{said}");
    assert_eq!(action.comments().len(), 2);
    for inputs in
        [&[("fail-on", "new-public, credentials")][..], &[("fail-on", "new-access"), ("access", "false")]]
    {
        let (said, succeeds) = Action::new(WIDER, inputs).start();
        assert!(succeeds, "{said}");
    }
}

#[test]
fn the_action_says_nothing_about_a_change_that_changes_no_access() {
    let action = Action::new(SUPPORT, &[]);
    action.run.commit("package.json", "{}");
    let (said, succeeds) = action.start();
    assert!(succeeds, "{said}");
    assert_eq!(action.comments().len(), 1);
}

#[test]
fn the_action_annotates_findings_and_writes_sarif() {
    let action = Action::new(BROKEN, &[("comment", "false"), ("sarif", "true")]);
    let (said, succeeds) = action.start();
    assert!(!succeeds && said.contains("lint ended with exit code 1"), "{said}");
    assert!(said.contains("::error file=support.json,line=1"), "{said}");
    let sarif: Value = serde_json::from_str(&action.run.read("temp/tencent-cam-review/lint.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "CAM101", "{sarif}");
    assert_eq!(action.comments().len(), 1);
}

#[test]
fn the_action_tells_what_it_cannot_compare() {
    let action = Action::new("{\"version\":\"2.0\",\"statement\":[{", &[("lint", "false")]);
    let (said, succeeds) = action.start();
    assert!(!succeeds && said.contains("access ended with exit code 2"), "{said}");
    assert!(action.comments()[1].contains("1 not compared"), "{:?}", action.comments());
}

#[test]
fn the_action_compares_a_new_folder_and_plans() {
    let action = Action::new(SUPPORT, &[("folder", "iam")]);
    fs::create_dir(action.run.path("repository/iam")).unwrap();
    action.run.commit("iam/new.json", SUPPORT);
    let (said, succeeds) = action.start();
    assert!(succeeds, "{said}");
    assert!(
        action.comments()[1].contains("<code>new.json</code>, a new file: 1 new"),
        "{:?}",
        action.comments()
    );

    let action = Action::new(SUPPORT, &[("base-plan", "base.plan.json"), ("head-plan", "head.plan.json")]);
    for (name, document) in [("base", SUPPORT), ("head", WIDER)] {
        let plan = json!({ "resource_changes": [{
            "address": "tencentcloud_cam_policy.support", "type": "tencentcloud_cam_policy",
            "change": { "after": { "document": document } },
        }] });
        fs::write(action.run.path(&format!("repository/{name}.plan.json")), plan.to_string()).unwrap();
    }
    let (said, succeeds) = action.start();
    assert!(succeeds, "{said}");
    assert!(action.comments()[1].contains("1 new, 0 lost"), "{:?}", action.comments());
}

#[test]
fn the_action_fails_for_a_folder_that_is_nowhere() {
    for folder in ["/iam", "imm"] {
        let action = Action::new(WIDER, &[("folder", folder), ("lint", "false")]);
        let (said, succeeds) = action.start();
        assert!(!succeeds && said.contains(&format!("folder {folder}")), "{said}");
    }
}

#[test]
fn a_check_that_did_not_end_is_a_failure() {
    let run = Run::new(SUPPORT);
    let result = |status: &str| {
        let out = run.path("temp");
        fs::write(out.join("access.status"), status).unwrap();
        let variables = BTreeMap::from([("OUT".to_owned(), out.display().to_string())]);
        run.bash(&format!("bash '{}' result", project().join("ci/review.sh").display()), &variables)
    };
    assert!(result("0\n").status.success());
    for status in ["", "1\n", "2\n", "killed\n"] {
        assert!(!result(status).status.success(), "{status}");
    }
}

#[test]
fn names_of_files_give_no_commands_to_the_server() {
    let action = Action::new(SUPPORT, &[]);
    action.run.commit("a\n::error::evil\n##[group]b.json", "{\"version\":\"2.0\",\"statement\":[{");
    let (said, succeeds) = action.start();
    assert!(!succeeds && said.contains("evil"), "{said}");
    // An annotation has the name as data, in one line.
    let is_command = |line: &str| {
        !line.starts_with("::error file=a%0A")
            && (line.trim_start().starts_with("::error::evil") || line.contains("##["))
    };
    assert!(!said.lines().any(is_command), "{said}");
}

#[test]
fn a_lint_that_fails_leaves_the_comparison_to_run() {
    let action = Action::new(WIDER, &[("paths", "nowhere"), ("sarif", "true")]);
    let (said, succeeds) = action.start();
    assert!(!succeeds && said.contains("lint ended with exit code 2"), "{said}");
    assert!(action.comments()[1].contains("1 new, 0 lost"), "{said}");
}

/// The notes of a merge request, as GitLab keeps them: the author, and the text.
type Notes = Arc<Mutex<Vec<(u64, String)>>>;

/// Answers the calls of GitLab's API that the script makes, until the test ends.
fn gitlab(notes: &Notes) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let notes = Arc::clone(notes);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(&stream.unwrap(), &notes);
        }
    });
    format!("http://{address}")
}

fn answer(stream: &TcpStream, notes: &Notes) {
    let mut input = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let line = head.iter().find(|line| line.to_ascii_lowercase().starts_with(name))?;
        Some(line.split_once(": ").unwrap().1.to_owned())
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    input.read_exact(&mut body).unwrap();
    let body = form_value(&String::from_utf8(body).unwrap());
    let words: Vec<&str> = head[0].split(' ').collect();
    let path = "/projects/5/merge_requests/7/notes";
    let mut notes = notes.lock().unwrap();
    let (status, answer) = match (words[0], words[1]) {
        _ if header("private-token").as_deref() != Some("secret") => ("401 Unauthorized", json!({})),
        ("GET", "/user") => ("200 OK", json!({ "id": 42 })),
        ("GET", url) if url == format!("{path}?per_page=100&page=1") => {
            let all = notes.iter().enumerate();
            let all =
                all.map(|(id, (author, body))| json!({ "id": id, "author": { "id": author }, "body": body }));
            ("200 OK", all.collect())
        }
        ("GET", url) if url.starts_with(path) => ("200 OK", json!([])),
        ("POST", url) if url == path => {
            notes.push((42, body));
            ("201 Created", json!({}))
        }
        ("PUT", url) => {
            let id: usize = url.strip_prefix(path).unwrap().trim_start_matches('/').parse().unwrap();
            notes[id].1 = body;
            ("200 OK", json!({}))
        }
        _ => ("404 Not Found", json!({})),
    };
    let answer = answer.to_string();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    )
    .unwrap();
}

/// The value of the only field of a form.
fn form_value(form: &str) -> String {
    let Some((_, value)) = form.split_once('=') else { return String::new() };
    let mut bytes = value.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(out).unwrap()
}

/// Runs a job of the template, and returns what it prints, and whether it succeeds.
fn job(run: &Run, name: &str, set: &[(&str, &str)]) -> (String, bool) {
    let template = yaml("ci/gitlab.yml");
    let mut variables = run.variables.clone();
    for part in [&template, &template[".tencent-cam"]] {
        for (name, value) in part["variables"].as_object().unwrap() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            variables.insert(name.clone(), value.replace("$CI_BUILDS_DIR", &run.variables["CI_BUILDS_DIR"]));
        }
    }
    variables.extend(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    assert_eq!(template[name]["extends"], ".tencent-cam");
    let lines = [&template[".tencent-cam"]["before_script"], &template[name]["script"]];
    let lines = lines.iter().flat_map(|lines| lines.as_array().unwrap()).map(|line| line.as_str().unwrap());
    let output = run.bash(&lines.collect::<Vec<_>>().join("\n"), &variables);
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.success())
}

/// A run in which the source of the project is a repository with the script, and `cargo` installs the binary of this test.
fn gitlab_run(head: &str) -> Run {
    let mut run = Run::new(head);
    let source = run.path("source");
    fs::create_dir_all(source.join("ci")).unwrap();
    fs::copy(project().join("ci/review.sh"), source.join("ci/review.sh")).unwrap();
    let script = "git init -q -b v1 . && git add . && git -c user.name=a -c user.email=a@example.com commit -q -m source";
    assert!(Command::new("sh").args(["-c", script]).current_dir(source).status().unwrap().success());
    run.program(
        "cargo",
        &format!("#!/bin/sh\nfor root; do :; done\nmkdir -p \"$root/bin\" && cp '{BINARY}' \"$root/bin\"\n"),
    );
    for (name, value) in [
        ("CI_BUILDS_DIR", run.text("temp")),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "base".into()),
        ("CI_COMMIT_SHA", "head".into()),
        ("CI_PROJECT_ID", "5".into()),
        ("CI_MERGE_REQUEST_IID", "7".into()),
    ] {
        run.variables.insert(name.into(), value);
    }
    run
}

#[test]
fn the_template_of_gitlab_writes_one_note_and_keeps_it_current() {
    let notes: Notes = Arc::new(Mutex::new(vec![(1, "<!-- tencent-cam: access diff -->".into())]));
    let run = gitlab_run(WIDER);
    let (api, source) = (gitlab(&notes), format!("file://{}", run.text("source")));
    let set = [
        ("CI_API_V4_URL", &*api),
        ("TENCENT_CAM_SOURCE", &source),
        ("TENCENT_CAM_REF", "v1"),
        ("TENCENT_CAM_TOKEN", "secret"),
        ("TENCENT_CAM_FAIL_ON", "new-access"),
    ];
    let (said, succeeds) = job(&run, "tencent-cam-access", &set);
    assert!(!succeeds && said.contains("access ended with exit code 1"), "{said}");
    let texts = || notes.lock().unwrap().iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
    assert_eq!(texts().len(), 2, "{said}");
    assert!(texts()[1].contains("## Access diff: 1 new, 0 lost"), "{:?}", texts());

    run.commit("support.json", SUPPORT);
    let (said, succeeds) = job(&run, "tencent-cam-access", &set);
    assert!(succeeds, "{said}");
    assert_eq!(texts()[0], "<!-- tencent-cam: access diff -->");
    assert!(texts().len() == 2 && texts()[1].contains("nobody gains or loses access"), "{:?}", texts());
}

#[test]
fn the_template_of_gitlab_reports_findings_as_junit() {
    let run = gitlab_run(BROKEN);
    let source = format!("file://{}", run.text("source"));
    let set = [("TENCENT_CAM_SOURCE", &*source), ("TENCENT_CAM_REF", "v1")];
    let (said, succeeds) = job(&run, "tencent-cam-lint", &set);
    assert!(!succeeds && said.contains("lint ended with exit code 1"), "{said}");
    let report = yaml("ci/gitlab.yml")["tencent-cam-lint"]["artifacts"]["reports"]["junit"].clone();
    let report = run.read(&format!("repository/{}", report.as_str().unwrap()));
    assert!(report.starts_with("<?xml") && report.contains("CAM101"), "{report}");
}
