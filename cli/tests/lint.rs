//! `lint`, `fix`, `fmt` and `rule` as a user runs them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A repository in a temporary folder.
struct Repository {
    folder: tempfile::TempDir,
}

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        let repository = Self { folder };
        for (name, text) in files {
            repository.write(name, text);
        }
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run_in(self.folder.path(), arguments, "", &[])
    }
}

fn run_in(folder: &Path, arguments: &[&str], stdin: &str, environment: &[(&str, &str)]) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read standard input may have ended.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An operation-level action on a named resource, a capital, and a name in the wrong case.
const BROKEN: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "Allow",
      "action": ["trtc:DescribeDetailEvent", "trtc:removeuser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}
"#;

/// Nothing is wrong with it.
const CLEAN: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": [
        "trtc:RemoveUser"
      ],
      "resource": [
        "qcs::trtc::uin/100000000001:sdkappid/1400000001"
      ]
    }
  ]
}
"#;

const TERRAFORM: &str = r#"variable "uin" {}

resource "tencentcloud_cam_policy" "rooms" {
  name     = "rooms"
  document = <<-EOF
    {"version": "2.0", "statement": [
      {"effect": "allow", "action": ["trtc:DescribeDetailEvent"], "resource": ["qcs::trtc::uin/${var.uin}:sdkappid/1400000001"]}
    ]}
  EOF
}

resource "tencentcloud_cam_policy" "other" {
  document = file("other.json")
}
"#;

fn example() -> Repository {
    let escaped = serde_json::to_string(&BROKEN.split_whitespace().collect::<String>()).unwrap();
    Repository::new(&[
        ("policies/broken room.json", BROKEN),
        ("policies/clean.json", CLEAN),
        ("iam/main.tf", TERRAFORM),
        (
            "response.json",
            &format!("{{\"Response\": {{\"PolicyDocument\": {escaped}, \"说明\": \"中文\"}}}}"),
        ),
        ("package.json", "{\"name\": \"a\"}"),
        ("ignored/broken.json", BROKEN),
        (".gitignore", "ignored/\n"),
    ])
}

#[test]
fn every_form_of_a_report() {
    let repository = example();
    for form in ["terminal", "json", "sarif", "github", "junit", "markdown"] {
        let outcome = repository.run(&["lint", ".", "--persona", "pedantic", "--format", form]);
        assert_eq!((outcome.code, outcome.err.as_str()), (1, ""), "{form}");
        insta::assert_snapshot!(form, outcome.out);
        let again = repository.run(&["lint", ".", "--persona", "pedantic", "--format", form]);
        assert_eq!(again.out, outcome.out, "the same input gives the same report");
    }
}

#[test]
fn exit_codes_of_lint() {
    let repository = example();
    let code = |arguments: &[&str]| repository.run(arguments).code;
    assert_eq!(code(&["lint", "policies/clean.json"]), 0);
    assert_eq!(code(&["lint", "policies"]), 1);
    assert_eq!(code(&["lint", "--exit-zero", "policies"]), 0);
    assert_eq!(code(&["lint", "--format", "sarif", "policies"]), 1);
    assert_eq!(code(&["lint", "--kind", "role", "policies"]), 2);
    assert_eq!(code(&["lint", "--lint"]), 2);

    let missing = repository.run(&["lint", "policies/clean.json", "policies/a.json", "policies/b.json"]);
    assert_eq!(missing.code, 2, "{}", missing.err);
    assert!(missing.err.contains("a.json") && missing.err.contains("b.json"), "{}", missing.err);
    let none = repository.run(&["lint", "package.json"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    insta::assert_snapshot!(none.err, @r"
    error: there is no policy in package.json
      help: name files or directories, or `-` for standard input
    ");
    assert_eq!(
        repository.run(&["lint", "package.json", "policies/clean.json"]).err,
        "note: there is no policy in package.json\n"
    );
    fs::write(repository.path("latin.json"), b"{\"version\": \"\xe9\"}").unwrap();
    let latin = repository.run(&["lint", "latin.json"]);
    assert_eq!((latin.code, latin.err.contains("UTF-8")), (2, true), "{}", latin.err);
    let empty = run_in(repository.folder.path(), &["lint"], "", &[]);
    assert_eq!((empty.code, empty.err.contains("standard input")), (2, true), "{}", empty.err);
}

#[test]
fn standard_input_is_read_by_its_text_or_its_name() {
    let repository = example();
    let lint = |arguments: &[&str], text: &str| {
        run_in(repository.folder.path(), &[&["lint", "--format", "github"], arguments].concat(), text, &[])
    };
    let outcome = lint(&["-"], BROKEN);
    assert!(outcome.out.contains("file=stdin,line=6,"), "{}", outcome.out);
    let outcome = lint(&[], TERRAFORM);
    assert!(outcome.out.contains("CAM101") && outcome.out.contains("line=7,"), "{}", outcome.out);
    let outcome = lint(&["-", "--stdin-name", "iam/new.md"], &format!("Text\n```json\n{BROKEN}```\n"));
    assert!(outcome.out.contains("file=iam/new.md,line=8,"), "{}", outcome.out);
    assert_eq!(lint(&["-"], CLEAN).code, 0);
}

#[test]
fn what_a_reader_sees_has_colours_only_where_it_can_show_them() {
    let repository = example();
    let lint = |environment: &[(&str, &str)]| {
        run_in(repository.folder.path(), &["lint", "policies"], "", environment).out
    };
    assert!(!lint(&[]).contains('\u{1b}'), "standard output is no terminal");
    let forced = lint(&[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains("\u{1b}]8;;https://"), "rule ids are links");
    assert!(
        !lint(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains("\u{1b}[")
            || !lint(&[("NO_COLOR", "1")]).contains('\u{1b}')
    );
}

/// Everything of SARIF that GitHub needs.
#[test]
fn sarif_is_as_github_takes_it() {
    let repository = example();
    repository.write(
        "tencent-cam.toml",
        "[[ignore]]\nfile = \"response.json\"\nrule = \"CAM204\"\nreason = \"as CAM answers\"\n",
    );
    let outcome = repository.run(&["lint", ".", "--persona", "pedantic", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&outcome.out).unwrap();
    // Nothing is in the log that SARIF does not have, and nothing is missing.
    let read: serde_sarif::sarif::Sarif = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), log);

    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("```json"), "{rule}");
        assert!(
            rule["shortDescription"]["text"].is_string()
                && rule["helpUri"].as_str().unwrap().starts_with("https://")
        );
    }
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["suppressions"].is_null());
        let locations = result["locations"].as_array().unwrap();
        assert_eq!(locations.len(), 1);
        let place = &locations[0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let file = repository.read(&uri.replace("%20", " "));
        let number = |name: &str| usize::try_from(place["region"][name].as_u64().unwrap()).unwrap();
        let (line, start, end) = (number("startLine"), number("startColumn"), number("endColumn"));
        assert!(number("endLine") > line || end > start, "the region is empty");
        let text: Vec<u16> = file.lines().nth(line - 1).unwrap().encode_utf16().collect();
        if number("endLine") == line {
            assert!(end <= text.len() + 1);
        }
        let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        assert!(print.len() > 16 && print.contains(':'));
        assert_ne!((result["ruleId"].as_str(), uri), (Some("CAM204"), "response.json"), "it is suppressed");
    }
    let fix = results.iter().find_map(|result| result["fixes"].as_array()).expect("a fix");
    let change = &fix[0]["artifactChanges"][0];
    assert!(change["replacements"][0]["deletedRegion"]["startLine"].is_u64());
    assert!(change["replacements"][0]["insertedContent"]["text"].is_string());
    let prints: std::collections::BTreeSet<&str> = results
        .iter()
        .map(|result| result["partialFingerprints"]["tencentCam/v1"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), results.len(), "each result is another alert");
}

#[test]
fn fingerprints_stay_when_other_lines_change() {
    let repository = example();
    let prints = || {
        let out = repository.run(&["lint", "policies", "--format", "json"]).out;
        let report: Value = serde_json::from_str(&out).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        findings.iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = prints();
    repository.write("policies/broken room.json", &BROKEN.replace("  \"statement\"", "\n\n  \"statement\""));
    assert_eq!(prints(), before);
}

#[test]
fn json_is_as_its_schema_says() {
    let schema =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lint.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let repository = example();
    for arguments in
        [&["--persona", "auditor", "."][..], &["policies/clean.json"], &["--kind", "trust", "policies"]]
    {
        let outcome = repository.run(&[&["lint", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&outcome.out).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        // Every member is in the schema.
        known(&report, &schema, &schema);
        for finding in report["findings"].as_array().unwrap() {
            let file = repository.read(finding["file"].as_str().unwrap());
            let byte = |of: &str| usize::try_from(finding[of]["byte"].as_u64().unwrap()).unwrap();
            let before = &file[..byte("start")];
            assert_eq!(finding["start"]["line"], before.matches('\n').count() + 1);
            let line = before.rsplit('\n').next().unwrap();
            assert_eq!(finding["start"]["column"], line.chars().count() + 1);
        }
    }
}

/// Fails if a value has a member that its schema does not name.
fn known(value: &Value, schema: &Value, root: &Value) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &root["definitions"][name.trim_start_matches("#/definitions/")],
        None => schema,
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| {
            assert!(schema["properties"][name].is_object(), "the schema has no {name}");
            known(inner, &schema["properties"][name], root);
        }),
        Value::Array(items) => items.iter().for_each(|inner| known(inner, &schema["items"], root)),
        _ => {}
    }
}

#[test]
fn suppressions_and_baselines_are_counted() {
    let repository = example();
    repository.write(
        "policies/tencent-cam.toml",
        "baseline = \"known.json\"\n\n[[ignore]]\nfile = \"broken room.json\"\nrule = \"CAM101\"\npointer = \"/statement/0\"\nreason = \"the console\"\n",
    );
    let outcome = repository.run(&["lint", "policies"]);
    assert!(outcome.out.ends_with("; 1 suppressed\n"), "{}", outcome.out);
    let write = repository.run(&["lint", "policies", "--baseline-write"]);
    assert_eq!((write.code, write.out.as_str()), (0, ""), "{}", write.err);
    assert_eq!(write.err, "note: 1 finding is in policies/known.json\n");
    let first = repository.read("policies/known.json");
    let known = repository.run(&["lint", "policies"]);
    assert_eq!(known.code, 0, "{}", known.out);
    assert!(known.out.ends_with("; 1 suppressed; 1 known by the baseline\n"), "{}", known.out);
    repository.run(&["lint", "policies", "--baseline-write"]);
    assert_eq!(repository.read("policies/known.json"), first, "what is known stays known");
    repository.write("policies/new.json", BROKEN);
    let new = repository.run(&["lint", "policies"]);
    assert_eq!(new.code, 1);
    assert!(!new.out.contains("broken room.json"), "{}", new.out);
    repository.write("policies/known.json", "{}");
    let broken = repository.run(&["lint", "policies"]);
    assert_eq!((broken.code, broken.err.contains("--baseline-write")), (2, true), "{}", broken.err);

    repository.write("policies/broken room.json", CLEAN);
    repository.write("policies/known.json", &first);
    let unused = repository.run(&["lint", "policies/broken room.json"]);
    assert_eq!(unused.code, 1);
    assert!(
        unused.out.contains("CAM901") && unused.out.contains("policies/tencent-cam.toml:3:1"),
        "{}",
        unused.out
    );
}

/// What cannot be read is nothing that a team knows.
#[test]
fn a_baseline_does_not_make_a_policy_clean_that_cannot_be_read() {
    let repository = example();
    repository.write("policies/tencent-cam.toml", "baseline = \"known.json\"\n");
    repository.write(
        "policies/torn.json",
        r#"{"version": "2.0", "statement": [{"effect": "allow", "notAction": ["cam:*"], "resource": ["*"]}]}"#,
    );
    let write = repository.run(&["lint", "policies", "--baseline-write"]);
    assert!(write.err.contains("note: 1 finding cannot be in a baseline"), "{}", write.err);
    let after = repository.run(&["lint", "policies"]);
    assert_eq!(after.code, 1);
    assert!(
        after.out.contains("error[CAM002]") && after.out.contains("2 known by the baseline"),
        "{}",
        after.out
    );
}

/// A run that lints a part must not make the rest new again.
#[test]
fn a_baseline_keeps_files_that_are_not_linted() {
    let repository = example();
    repository.write("policies/tencent-cam.toml", "baseline = \"known.json\"\n");
    repository.write("policies/other.json", BROKEN);
    let counted = |outcome: Outcome| outcome.err;
    let all = counted(repository.run(&["lint", "policies", "--baseline-write"]));
    assert_eq!(all, "note: 4 findings are in policies/known.json\n");
    repository.write("policies/other.json", CLEAN);
    let one = counted(repository.run(&["lint", "policies/other.json", "--baseline-write"]));
    assert_eq!(one, "note: 2 findings are in policies/known.json\n");
    let known = repository.run(&["lint", "policies"]);
    assert_eq!(known.code, 0, "{}", known.out);
    fs::remove_file(repository.path("policies/broken room.json")).unwrap();
    let gone = counted(repository.run(&["lint", "policies/other.json", "--baseline-write"]));
    assert_eq!(gone, "note: 0 findings are in policies/known.json\n");
    // A baseline that the command line names may have files of other configurations.
    repository.write("policies/broken room.json", BROKEN);
    let write =
        |path: &str| counted(repository.run(&["lint", path, "--baseline", "all.json", "--baseline-write"]));
    assert_eq!(write("policies"), "note: 2 findings are in all.json\n");
    assert_eq!(write("iam"), "note: 3 findings are in all.json\n");
}

#[test]
fn an_action_of_which_only_the_name_is_known_is_no_error() {
    let policy = |action: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["{action}"],"resource":["*"]}}]}}"#
        )
    };
    let repository = Repository::new(&[
        ("listed.json", &policy("trtc:CreateAudioModerationSync")),
        ("slip.json", &policy("tke:CreateClusterr")),
    ]);
    let listed = repository.run(&["lint", "listed.json", "--persona", "auditor"]);
    assert!(!listed.out.contains("CAM010"), "{}", listed.out);
    let slip = repository.run(&["lint", "slip.json", "--persona", "auditor"]);
    assert!(slip.out.contains("CAM126") && slip.out.contains("tke:CreateCluster`"), "{}", slip.out);
    let refused = |action: &str| {
        let text =
            format!("you are not authorized to perform operation ({action}) resource (*) has no permission");
        repository.run(&["check", "--from-error", &text]).out
    };
    let known = refused("trtc:CreateAudioModerationSync");
    assert!(known.contains("catalog: only the name is known"), "{known}");
    let decided = repository.run(&["check", "listed.json", "--action", "trtc:CreateAudioModerationSync"]);
    assert_eq!(decided.code, 0, "{}{}", decided.out, decided.err);
    let written = repository.run(&["write", "trtc:CreateAudioModerationSync *"]);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(
        written.err.contains("note: `trtc:CreateAudioModerationSync`: only the name is known"),
        "{}",
        written.err
    );
    let unknown = refused("trtc:CreateNothing");
    assert!(unknown.contains("catalog: neither the catalog nor the public SDK has the action"), "{unknown}");
}

#[test]
fn the_nearest_configuration_counts_up_to_the_repository() {
    let outer = example();
    outer.write("tencent-cam.toml", "persona = \"auditor\"\n");
    outer.write("inner/.git", "gitdir: elsewhere\n");
    outer.write("inner/a.json", BROKEN);
    outer.write("policies/deep/tencent-cam.toml", "persona = \"pedantic\"\n[[kind]]\nfiles = \"*.json\"\nkind = \"trust\"\n\n[[ignore]]\nfile = \"a.*\"\nrule = \"CAM101\"\nreason = \"why\"\n");
    outer.write("policies/deep/a.json", BROKEN);
    let shown: Vec<String> = ["policies/deep/a.json", "policies/clean.json", "inner/a.json"]
        .iter()
        .map(|file| outer.run(&["lint", "--show-config", file]).out)
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    outer.write("tencent-cam.toml", "persona = \"auditr\"\nkinds = 1\n");
    let wrong = outer.run(&["lint", "policies/clean.json"]);
    assert_eq!(wrong.code, 2);
    insta::assert_snapshot!(wrong.err.replace(&outer.folder.path().display().to_string(), "…"));
}

#[test]
fn fix_mends_what_is_proved_and_a_second_run_changes_nothing() {
    let repository = example();
    let dry = repository.run(&["fix", "--dry-run", "--persona", "pedantic", "policies"]);
    assert_eq!(repository.read("policies/broken room.json"), BROKEN);
    insta::assert_snapshot!("fix_dry_run", dry.out);
    let first = repository.run(&["fix", "--persona", "pedantic", "policies"]);
    assert_eq!(first.code, 1, "findings are left: {}", first.out);
    let fixed = repository.read("policies/broken room.json");
    assert_eq!(fixed, BROKEN.replace("Allow", "allow"));
    let second = repository.run(&["fix", "--persona", "pedantic", "policies"]);
    assert_eq!(repository.read("policies/broken room.json"), fixed);
    assert!(!second.out.contains(": fixed:"), "{}", second.out);
    assert_eq!(repository.read("policies/clean.json"), CLEAN);
}

#[test]
fn an_unsafe_fix_shows_what_it_gives_or_takes() {
    let repository = example();
    let outcome = repository.run(&[
        "fix",
        "--unsafe",
        "--persona",
        "pedantic",
        "policies/broken room.json",
        "response.json",
    ]);
    insta::assert_snapshot!("fix_unsafe", outcome.out);
    insta::assert_snapshot!(
        "fix_unsafe_files",
        format!("{}\n{}", repository.read("policies/broken room.json"), repository.read("response.json"))
    );
    let again = repository.run(&["fix", "--unsafe", "--persona", "pedantic", "policies/broken room.json"]);
    assert!(!again.out.contains(": fixed:"), "{}", again.out);
}

#[test]
fn fix_writes_standard_input_to_standard_output() {
    let repository = example();
    let outcome = run_in(repository.folder.path(), &["fix", "--persona", "pedantic", "-"], BROKEN, &[]);
    assert_eq!(outcome.out, BROKEN.replace("Allow", "allow"));
    assert!(outcome.err.contains("proved: access stays the same"), "{}", outcome.err);
}

#[test]
fn exit_codes_of_fix() {
    let repository = example();
    assert_eq!(repository.run(&["fix", "policies/clean.json"]).code, 0);
    assert_eq!(repository.run(&["fix", "policies"]).code, 1);
    assert_eq!(repository.run(&["fix", "package.json"]).code, 2);
    assert_eq!(repository.run(&["fix", "nothing.json"]).code, 2);
}

#[test]
fn fmt_writes_one_layout() {
    let repository = example();
    let compact: String = BROKEN.split_whitespace().collect();
    repository.write("policies/compact.json", &compact);
    let check = repository.run(&["fmt", "--check", "policies"]);
    assert_eq!(check.code, 1);
    assert!(
        check.out.contains("--- policies/compact.json") && !check.out.contains("clean.json"),
        "{}",
        check.out
    );
    assert_eq!(repository.read("policies/compact.json"), compact);
    assert_eq!(repository.run(&["fmt", "policies"]).code, 0);
    assert_eq!(repository.run(&["fmt", "--check", "policies"]).code, 0);
    assert_eq!(repository.read("policies/compact.json"), repository.read("policies/broken room.json"));
    assert_eq!(repository.read("policies/clean.json"), CLEAN);
    let stdin =
        run_in(repository.folder.path(), &["fmt", "-"], &CLEAN.split_whitespace().collect::<String>(), &[]);
    assert_eq!((stdin.code, stdin.out.as_str()), (0, CLEAN));
    let tf = repository.read("iam/main.tf");
    repository.run(&["fmt", "iam"]);
    assert_eq!(repository.read("iam/main.tf"), tf);
    repository.write("policies/no.json", "{\"version\": \"2.0\" \"statement\": []}");
    let broken = repository.run(&["fmt", "policies"]);
    assert_eq!(broken.code, 2);
    assert!(broken.err.contains("policies/no.json") && broken.err.contains("1:18"), "{}", broken.err);
    assert_eq!(repository.run(&["fmt", "package.json"]).code, 2);
}

#[test]
fn rules_are_explained() {
    let repository = example();
    let page = repository.run(&["rule", "cam101"]);
    assert_eq!(page.code, 0);
    assert!(page.out.starts_with("CAM101 operation-level-allow\n"), "{}", page.out);
    assert_eq!(repository.run(&["rule", "operation-level-allow"]).out, page.out);
    assert_ne!(repository.run(&["rule", "CAM101", "--language", "zh"]).out, page.out);
    let all = repository.run(&["rule"]);
    assert!(all.out.lines().count() > 20 && all.out.lines().all(|line| line.starts_with("CAM")));
    let json: Value =
        serde_json::from_str(&repository.run(&["rule", "CAM101", "--format", "json"]).out).unwrap();
    assert_eq!((&json["schema"], &json["id"]), (&Value::from(1), &Value::from("CAM101")));
    let unknown = repository.run(&["rule", "operation-level-alow"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("`CAM101 operation-level-allow`"), "{}", unknown.err);
    assert_eq!(repository.run(&["rule", "CAM999"]).code, 2);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_a_link_stays_one_and_keeps_its_mode() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let repository = example();
    let target = repository.path("policies/broken room.json");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&target, repository.path("link.json")).unwrap();
    repository.run(&["fix", "--persona", "pedantic", "link.json"]);
    assert!(fs::symlink_metadata(repository.path("link.json")).unwrap().is_symlink());
    assert!(repository.read("policies/broken room.json").contains("\"allow\""));
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
}

/// A file that cannot be written is not told as fixed.
#[test]
fn fix_tells_what_it_has_written() {
    let repository = example();
    repository.write("policies/other.json", BROKEN);
    let file = repository.path("policies/broken room.json");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let outcome = repository.run(&["fix", "--persona", "pedantic", "policies"]);
    assert_eq!(outcome.code, 2);
    assert!(!outcome.out.contains("broken room.json"), "{}", outcome.out);
    assert!(outcome.out.contains("policies/other.json:5:18: CAM204"), "{}", outcome.out);
    assert!(outcome.err.contains("cannot write policies/broken room.json"), "{}", outcome.err);
    assert_eq!(repository.read("policies/broken room.json"), BROKEN);
}

#[test]
fn what_a_baseline_does_not_do_is_told() {
    let repository = example();
    let missing = repository.run(&["lint", "policies", "--baseline", "typo.json"]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("there is no baseline \"typo.json\""), "{}", missing.err);
    assert_eq!(repository.run(&["fix", "policies", "--baseline", "typo.json"]).code, 2);
    for arguments in [
        &["lint", "policies", "--baseline", "-"][..],
        &["lint", "policies", "--baseline=-", "--baseline-write"],
    ] {
        let outcome = repository.run(arguments);
        assert_eq!(outcome.code, 2);
        assert!(outcome.err.contains("`-` is standard input"), "{}", outcome.err);
    }
    repository.write("policies/tencent-cam.toml", "baseline = \"known.json\"\n");
    let to_come = repository.run(&["lint", "policies"]);
    assert_eq!(to_come.code, 1);
    assert!(
        to_come.err.starts_with("note: the baseline policies/known.json does not exist"),
        "{}",
        to_come.err
    );

    repository.run(&["lint", "policies", "--baseline-write"]);
    assert_eq!(repository.run(&["lint", "policies"]).err, "");
    repository.write("policies/broken room.json", CLEAN);
    let stale = repository.run(&["lint", "policies"]);
    let entries =
        "note: 2 entries of policies/known.json know findings that are gone: `--baseline-write` drops them\n";
    assert_eq!((stale.code, stale.err.as_str()), (0, entries));
    // A run that does not look for the findings, or not in this file, says nothing.
    assert_eq!(repository.run(&["lint", "policies/clean.json"]).err, "");
    let auditor = repository.run(&["lint", "policies", "--persona", "auditor", "--baseline-write"]);
    assert!(auditor.err.contains("are in policies/known.json"), "{}", auditor.err);
    assert_eq!(repository.run(&["lint", "policies"]).err, "");
}

/// One file that cannot be read does not hide what is wrong with the others.
#[test]
fn what_cannot_be_read_is_told_after_what_is_wrong_with_the_rest() {
    let repository = example();
    fs::write(repository.path("policies/binary.json"), [0xff, 0xfe, b'{']).unwrap();
    repository.write("policies/closed/a.json", BROKEN);
    let closed = repository.path("policies/closed");
    #[cfg(unix)]
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    // Root reads everything.
    let is_closed = fs::read_dir(&closed).is_err();
    let outcome = repository.run(&["lint", "policies"]);
    #[cfg(unix)]
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(outcome.code, 2);
    assert!(outcome.out.contains("broken room.json:6:19"), "{}", outcome.out);
    assert!(outcome.err.contains("cannot read policies/binary.json: it is not UTF-8"), "{}", outcome.err);
    assert_eq!(
        outcome.err.contains("cannot read the directory policies/closed: "),
        is_closed,
        "{}",
        outcome.err
    );
}

#[test]
fn a_report_without_a_policy_is_one_that_programs_read() {
    let repository = example();
    fs::create_dir(repository.path("nothing")).unwrap();
    for path in ["nothing", "package.json", "missing.json"] {
        let report = |form: &str| {
            let outcome = repository.run(&["lint", "--format", form, path]);
            assert_eq!(outcome.code, 2, "{form} of {path}");
            assert!(outcome.err.starts_with("error: "), "{}", outcome.err);
            outcome.out
        };
        let log: serde_sarif::sarif::Sarif = serde_json::from_str(&report("sarif")).unwrap();
        assert_eq!(log.runs[0].results.as_ref().map(Vec::len), Some(0));
        let json: Value = serde_json::from_str(&report("json")).unwrap();
        assert_eq!(json["findings"], Value::Array(Vec::new()));
        let junit = report("junit");
        assert!(junit.starts_with("<?xml") && junit.contains("tests=\"0\""), "{junit}");
        assert_eq!(report("terminal"), "");
    }
}

#[test]
fn fmt_keeps_the_line_ends_and_drops_the_byte_order_mark() {
    let repository = Repository::new(&[]);
    let compact: String = CLEAN.split_whitespace().collect();
    let crlf = CLEAN.replace('\n', "\r\n");
    for (name, before, after) in [
        ("bom.json", format!("\u{feff}{compact}"), CLEAN.to_owned()),
        ("crlf.json", crlf.replace("  ", " "), crlf.clone()),
        ("both.json", format!("\u{feff}{}", crlf.replace("  ", "")), crlf.clone()),
        ("mixed.json", crlf.replacen("\"allow\",\r\n", "\"allow\",\n", 1), crlf.clone()),
    ] {
        repository.write(name, &before);
        assert_eq!(repository.run(&["fmt", "--check", name]).code, 1, "{name}");
        assert_eq!(repository.run(&["fmt", name]).code, 0, "{name}");
        assert_eq!(repository.read(name), after, "{name}");
        assert_eq!(repository.run(&["fmt", "--check", name]).code, 0, "{name}");
    }
    let stdin = run_in(repository.folder.path(), &["fmt", "-"], &format!("\u{feff}{crlf}"), &[]);
    assert_eq!((stdin.code, stdin.out), (0, crlf));
}

/// The configuration that counts for `lint` counts for every command that reads policies.
#[test]
fn every_command_reads_by_one_configuration() {
    let repository = Repository::new(&[("policies/a.json", CLEAN), ("policies/vendor/b.json", BROKEN)]);
    repository.write("policies/guard.json", &CLEAN.replace("RemoveUser", "DismissRoom"));
    let grants = |arguments: &[&str]| repository.run(&[&["grants"], arguments].concat());
    let all = grants(&["policies"]);
    assert!(all.out.contains("vendor/b.json") && all.out.contains("guard.json"), "{}", all.out);
    repository.write(
        "policies/tencent-cam.toml",
        "catalog = [\"company.toml\"]\nexclude = [\"vendor/**\"]\n\n[[kind]]\nfiles = \"guard.json\"\nkind = \"boundary\"\n",
    );
    let company = include_str!("examples/company.toml");
    repository.write("policies/company.toml", company);
    let some = grants(&["policies"]);
    assert!(!some.out.contains("vendor/b.json") && !some.out.contains("guard.json"), "{}", some.out);
    assert!(some.err.contains("policies/guard.json is left out, a permission boundary"), "{}", some.err);
    assert!(some.err.contains("the `catalog` of policies/tencent-cam.toml counts only"), "{}", some.err);
    let named = repository.run(&["compare", "policies/vendor/b.json", "policies/a.json"]);
    assert_eq!(named.code, 0, "{}", named.err);
    let who = repository.run(&["who", "trtc:DismissRoom", "*", "policies"]);
    assert_eq!((who.code, who.out.as_str()), (1, "nobody, by these policies\n"), "{}", who.err);
    // The catalog counts where the command runs.
    assert_eq!(repository.run(&["catalog", "acme"]).code, 2);
    for folder in ["policies", "policies/vendor"] {
        let acme = run_in(&repository.path(folder), &["catalog", "acme"], "", &[]);
        assert!(acme.out.contains("acme: "), "{}", acme.err);
    }
    let shown = repository.run(&["lint", "--show-config", "policies/a.json"]);
    assert!(shown.out.contains("catalog         company.toml\n"), "{}", shown.out);
    for (day, told) in
        [("2999-01-01", "later, until 2999-01-01"), ("2026-01-01", "later, expired on 2026-01-01")]
    {
        let ignore = format!(
            "[[ignore]]\nfile = \"a.json\"\nrule = \"CAM302\"\nreason = \"later\"\nexpires = {day}\n"
        );
        repository.write("policies/tencent-cam.toml", &ignore);
        let shown = repository.run(&["lint", "--show-config", "policies/a.json"]);
        assert!(shown.out.contains(told), "{}{}", shown.out, shown.err);
    }
}

/// The exit code tells what happened although nobody reads standard error.
#[cfg(unix)]
#[test]
fn a_reader_of_errors_that_has_gone_is_no_crash() {
    let repository = example();
    for (arguments, code) in [("lint nothing.json", 2), ("grants nothing.json", 2), ("fix --unsafe -", 0)] {
        let binary = env!("CARGO_BIN_EXE_tencent-cam");
        // The pipe has no reader once `true` has ended.
        let line = format!("( sleep 0.2; {binary} {arguments} >out; echo $? >code ) 2>&1 | true; sleep 1");
        let mut child = Command::new("sh")
            .args(["-c", &line])
            .current_dir(repository.folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(CLEAN.replace("allow", "Allow").as_bytes()).unwrap();
        child.wait().unwrap();
        assert_eq!(repository.read("code").trim(), code.to_string(), "{arguments}");
    }
}

#[test]
fn a_text_without_a_policy_may_be_in_another_encoding() {
    let repository = example();
    // "Note" in Chinese, in GBK.
    fs::write(repository.path("policies/README.md"), b"# \xcb\xb5\xc3\xf7\n").unwrap();
    for arguments in [
        &["lint", "policies"][..],
        &["lint", "--candidates", "policies/README.md", "policies/broken room.json"],
    ] {
        let outcome = repository.run(arguments);
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        assert!(outcome.err.contains("README.md: it is not UTF-8"), "{}", outcome.err);
        assert!(outcome.err.contains("note: cannot read"), "{}", outcome.err);
    }
    // What may be a policy is no matter of a note.
    fs::write(repository.path("policies/README.md"), b"\xc3\xf7 {\"statement\": []}\n").unwrap();
    assert_eq!(repository.run(&["lint", "policies"]).code, 2);
}

#[test]
fn a_candidate_that_was_removed_is_left_out() {
    let repository = example();
    let outcome = repository.run(&["lint", "--candidates", "policies/removed.json", "policies/clean.json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(
        outcome.err.contains("policies/removed.json does not exist; the file is left out"),
        "{}",
        outcome.err
    );
    assert_eq!(repository.run(&["lint", "policies/removed.json"]).code, 2);
}

#[test]
fn a_file_in_utf_16_says_so() {
    let repository = example();
    let text: Vec<u8> = CLEAN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(repository.path("wide.json"), [&[0xff, 0xfe][..], &text].concat()).unwrap();
    let outcome = repository.run(&["lint", "wide.json"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("it is not UTF-8 but UTF-16: save it as UTF-8"), "{}", outcome.err);
}

/// A user must not take "no findings" for "all is well".
#[test]
fn the_summary_says_what_nobody_looked_for() {
    let open = POLICY_OF.replace("ACTIONS", r#""trtc:*", "tke:NoSuchActionAtAll", "tke:CreateCluster""#);
    let named = open.replace("RESOURCE", "qcs::cvm:::instance/ins-1");
    let repository = Repository::new(&[("a.json", &open.replace("RESOURCE", "*")), ("b.json", &named)]);
    let all = repository.run(&["lint", "--format", "json", "."]);
    let report: Value = serde_json::from_str(&all.out).unwrap();
    let (more, unverified) = (&report["summary"]["more"], &report["summary"]["unverified"]);
    for persona in ["pedantic", "auditor"] {
        let seen = repository.run(&["lint", "--persona", persona, "--format", "json", "."]);
        let seen: Value = serde_json::from_str(&seen.out).unwrap();
        let count = |report: &Value| report["findings"].as_array().unwrap().len() as u64;
        assert_eq!(more[persona].as_u64().unwrap(), count(&seen) - count(&report), "{persona}");
        assert!(more[persona].as_u64().unwrap() > 0, "{persona}");
    }
    assert_eq!((&unverified["name_only"], &unverified["unknown"]), (&1.into(), &1.into()), "{report}");
    let told = [
        "more with --persona pedantic",
        "1 action known by name only: no rule checks the resources",
        "1 action neither in the catalog nor in the public SDK: not checked",
    ];
    for form in ["terminal", "markdown"] {
        let said = repository.run(&["lint", "--format", form, "."]).out;
        assert!(told.iter().all(|text| said.contains(text)), "{form}: {said}");
    }
}

const POLICY_OF: &str = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": [ACTIONS], "resource": ["RESOURCE"]}]}"#;

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let repository =
        Repository::new(&[("a.json", &POLICY_OF.replace("ACTIONS", "\"trtc:*\"").replace("RESOURCE", "*"))]);
    // The file takes no room on the disk, and would take this much memory.
    fs::File::create(repository.path("large.json")).unwrap().set_len(1 << 40).unwrap();
    let large = repository.run(&["lint", "."]);
    assert_eq!(large.code, 2);
    assert!(large.err.contains("large.json: it has more than 64 MiB"), "{}", large.err);
    assert!(large.out.contains("1 policy of 1 file"), "{}", large.out);
    repository.write("tencent-cam.toml", "exclude = [\"large.json\"]\n");
    let excluded = repository.run(&["lint", "."]);
    assert_eq!((excluded.code, excluded.err.as_str()), (0, ""));
}

#[test]
fn minimize_says_that_an_allow_reaches_into_a_deny() {
    let repository = Repository::new(&[(
        "a.json",
        r#"{"version":"2.0","statement":[
            {"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::a/*","qcs::cos:::b/*"]},
            {"effect":"allow","action":["cos:PutObject"],"resource":["qcs::cos:::a/*"]},
            {"effect":"deny","action":["cos:PutObject"],"resource":["qcs::cos:::b/*"]}]}"#,
    )]);
    let joined = repository.run(&["minimize", "a.json"]);
    assert!(joined.err.contains("an allow names what a deny of the policy takes away"), "{}", joined.err);
    let apart = repository.run(&["minimize", "a.json", "--as-written"]);
    assert!(!apart.err.contains("a deny"), "{}", apart.err);
    assert_eq!((apart.out.matches("effect").count(), joined.out.matches("effect").count()), (3, 2));
}

#[test]
fn jsonc_is_read_by_every_command_and_fmt_says_what_it_leaves() {
    let commented = "// who may remove users\n{\"version\": \"2.0\", \"statement\": [\n  {\"effect\": \"allow\", \"action\": [\"trtc:RemoveUser\"], // one\n    \"resource\": [\"qcs::trtc::uin/100000000001:sdkappid/1400000001\"],},\n]}\n";
    let wider = commented.replace("\"trtc:RemoveUser\"", "\"trtc:RemoveUser\", \"trtc:DismissRoom\"");
    let repository = Repository::new(&[("a.jsonc", commented), ("b.jsonc", &wider), ("a.json", commented)]);
    assert_eq!(repository.run(&["lint", "a.jsonc"]).code, 0);
    let compared = repository.run(&["compare", "--fail-on", "new-access", "a.jsonc", "b.jsonc"]);
    assert_eq!(compared.code, 1, "{}{}", compared.out, compared.err);
    assert!(compared.out.contains("trtc:DismissRoom"), "{}", compared.out);
    let left = repository.run(&["fmt", "a.jsonc"]);
    assert!(left.err.contains("a.jsonc stays as it is"), "{}", left.err);
    assert_eq!(repository.read("a.jsonc"), commented);
    let plain = repository.run(&["lint", "a.json"]);
    assert!(plain.out.contains("JSON has no comments, and CAM takes none"), "{}", plain.out);
}
