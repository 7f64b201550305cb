//! The access diff of a pull request, between two commits of a repository.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Makes a commit and a branch of this name. A text of `None` removes the file.
    fn commit(&self, name: &str, files: &[(&str, Option<&str>)]) {
        for (file, text) in files {
            let file = self.path().join(file);
            match text {
                Some(text) => {
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(file, text).unwrap();
                }
                None => fs::remove_file(file).unwrap(),
            }
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", name]);
        self.git(&["branch", "-f", name]);
    }

    fn compare(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .args(["compare", "base:", "head:", "--format", "markdown"])
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    fn comment(&self) -> String {
        String::from_utf8(self.compare(&[]).stdout).unwrap()
    }
}

fn policy(statements: &str) -> String {
    format!("{{\"version\":\"2.0\",\"statement\":[{statements}]}}")
}

fn allow(actions: &str, resource: &str) -> String {
    policy(&format!("{{\"effect\":\"allow\",\"action\":[{actions}],\"resource\":[\"{resource}\"]}}"))
}

fn bucket(principal: &str) -> String {
    policy(&format!(
        "{{\"effect\":\"allow\",\"principal\":{principal},\"action\":[\"cos:GetObject\"],\
         \"resource\":[\"qcs::cos:ap-beijing:uid/1250000000:b-1250000000/*\"]}}"
    ))
}

const ROOM: &str = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
const OTHERS: &str = r#"{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}"#;

#[test]
fn a_comment_says_who_may_newly_do_what_in_which_file() {
    let repository = Repository::new();
    let (support, wider) = (
        allow("\"trtc:RemoveUser\"", ROOM),
        allow("\"trtc:RemoveUser\",\"trtc:CreateSecret*\"", "qcs::trtc::uin/100000000001:sdkappid/*"),
    );
    let (readers, everybody) = (bucket(OTHERS), bucket("\"*\""));
    let trust = |who: &str| {
        policy(&format!("{{\"effect\":\"allow\",\"principal\":{who},\"action\":[\"sts:AssumeRole\"]}}"))
    };
    let (own, open) = (trust(OTHERS), trust("{\"qcs\":[\"*\"]}"));
    let gone = allow("\"trtc:GetUserList\"", "*");
    repository.commit(
        "base",
        &[
            ("iam/support.json", Some(&support)),
            ("iam/bucket.json", Some(&readers)),
            ("iam/trust.json", Some(&own)),
            ("iam/gone.json", Some(&gone)),
            ("iam/old-name.json", Some(&allow("\"trtc:DismissRoom\"", ROOM))),
            ("iam/same.json", Some(&support)),
            // What the change does not touch is not compared, although nobody can read it.
            ("iam/broken.json", Some("{\"version\":\"2.0\",\"statement\":[{\"effect\":")),
            ("package.json", Some("{}")),
        ],
    );
    repository.commit(
        "head",
        &[
            ("iam/support.json", Some(&wider)),
            ("iam/bucket.json", Some(&everybody)),
            ("iam/trust.json", Some(&open)),
            ("iam/gone.json", None),
            ("iam/old-name.json", None),
            ("iam/new-name.json", Some(&allow("\"trtc:DismissRoom\"", ROOM))),
        ],
    );
    let output = repository.compare(&[]);
    assert!(output.status.success(), "{output:?}");
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());

    for (fail_on, code) in
        [("new-access", 1), ("new-public", 1), ("credentials", 1), ("credentials,new-public", 1)]
    {
        let output = repository.compare(&["--fail-on", fail_on]);
        assert_eq!(output.status.code(), Some(code), "{fail_on}");
    }
}

#[test]
fn each_condition_of_failure_stands_for_itself() {
    for (before, after, fails) in [
        (
            allow("\"trtc:RemoveUser\"", ROOM),
            allow("\"trtc:RemoveUser\",\"trtc:DismissRoom\"", ROOM),
            "new-access",
        ),
        (
            allow("\"trtc:RemoveUser\"", ROOM),
            allow("\"trtc:RemoveUser\",\"trtc:CreateSecret\"", "*"),
            "credentials",
        ),
        (bucket(OTHERS), bucket("{\"qcs\":[\"qcs::cam::anyone:anyone\"]}"), "new-public"),
        // Who has it already does not gain it, and who loses it neither.
        (bucket("\"*\""), bucket(OTHERS), ""),
        (allow("\"trtc:CreateSecret\"", "*"), allow("\"trtc:CreateSecret\"", ROOM), ""),
    ] {
        let repository = Repository::new();
        repository.commit("base", &[("a.json", Some(&before))]);
        repository.commit("head", &[("a.json", Some(&after))]);
        for what in ["new-access", "new-public", "credentials"] {
            // Whatever is new for anyone or has credentials is new access, too.
            let expected = i32::from(what == fails || what == "new-access" && !fails.is_empty());
            let code = repository.compare(&["--fail-on", what]).status.code();
            assert_eq!(code, Some(expected), "{what}: {before} {after}");
        }
    }
}

#[test]
fn only_those_who_gain_or_lose_it_are_named() {
    let trust = |who: &str| {
        policy(&format!(
            "{{\"effect\":\"allow\",\"principal\":{{\"qcs\":[{who}]}},\"action\":[\"sts:AssumeRole\"]}}"
        ))
    };
    let name = |uin: u64| format!("\"qcs::cam::uin/100000000001:uin/{uin}\"");
    let [stays, goes, comes] = [100_000_000_002, 100_000_000_003, 100_000_000_004].map(name);
    let repository = Repository::new();
    repository.commit("base", &[("trust.json", Some(&trust(&format!("{stays},{goes}"))))]);
    let other = "\"qcs::cam::uin/100000000009:root\"";
    repository.commit("head", &[("trust.json", Some(&trust(&format!("{stays},{comes},{other}"))))]);
    let comment = repository.comment();
    let items: Vec<&str> = comment.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(
        items,
        [
            "- `qcs::cam::uin/100000000001:uin/100000000004`, `qcs::cam::uin/100000000009:root`: something of `sts:AssumeRole` on `*`",
            "- `qcs::cam::uin/100000000001:uin/100000000003`: something of `sts:AssumeRole` on `*`",
        ]
    );
}

#[test]
fn a_deny_that_goes_is_new_access() {
    let (all, secret) =
        ("\"effect\":\"allow\",\"action\":[\"cos:*\"],\"resource\":[\"*\"]", "qcs::cos:::secret/*");
    let deny = format!("\"effect\":\"deny\",\"action\":[\"cos:GetObject\"],\"resource\":[\"{secret}\"]");
    let (open, guarded, guard) = (
        policy(&format!("{{{all}}}")),
        policy(&format!("{{{all}}},{{{deny}}}")),
        policy(&format!("{{{deny}}}")),
    );
    let compare = |base: &[(&str, Option<&str>)], head: &[(&str, Option<&str>)], arguments: &[&str]| {
        let repository = Repository::new();
        repository.commit("base", base);
        repository.commit("head", head);
        let output = repository.compare(&[&["--fail-on", "new-access"], arguments].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, comment) = compare(&[("a.json", Some(&guarded))], &[("a.json", Some(&open))], &[]);
    assert_eq!(code, Some(1), "{comment}");
    assert!(comment.contains("something of `cos:GetObject` on `qcs::cos:::secret/*`\n"), "{comment}");
    assert!(comment.contains("before denied by `statement 1 of base:a.json`"), "{comment}");
    assert!(!comment.contains("if another policy allows it"), "{comment}");
    // The users of a policy that only denies have others, which may be in no file.
    let base = [("allow.json", Some(&*open)), ("guard.json", Some(&*guard))];
    let (code, comment) = compare(&base, &[("guard.json", None)], &[]);
    assert_eq!(code, Some(1), "{comment}");
    assert!(
        comment.contains("1 new, 0 lost") && comment.contains("if another policy allows it"),
        "{comment}"
    );
    assert!(comment.contains("whoever `base:guard.json` is attached to"), "{comment}");
    let (code, comment) = compare(&base, &[("guard.json", None)], &["--together"]);
    assert!(code == Some(1) && !comment.contains("if another policy allows it"), "{comment}");
    // The reverse takes access, and other words for the same deny change nothing.
    let (code, comment) = compare(&base, &[("guard.json", Some(&guard.replace("secret/*", "*")))], &[]);
    assert!(code == Some(0) && comment.contains("0 new, 1 lost"), "{comment}");
    let (code, comment) =
        compare(&base, &[("guard.json", Some(&guard.replace("qcs::cos:::", "qcs::cos:*::")))], &[]);
    assert!(code == Some(0) && comment.contains("nobody gains or loses access"), "{comment}");
}

#[test]
fn a_resource_of_terraform_may_move_to_another_file_of_its_folder() {
    let resource = |actions: &str| {
        let document = allow(actions, ROOM);
        format!(
            "resource \"tencentcloud_cam_policy\" \"support\" {{\n  name     = \"support\"\n  document = <<EOT\n{document}\nEOT\n}}\n"
        )
    };
    let (same, more) =
        (resource("\"trtc:RemoveUser\""), resource("\"trtc:RemoveUser\",\"trtc:DismissRoom\""));
    let repository = Repository::new();
    repository.commit("base", &[("iam/main.tf", Some(&same)), ("other/main.tf", Some(&same))]);
    repository.commit("head", &[("iam/main.tf", None), ("iam/support.tf", Some(&same))]);
    assert!(repository.comment().contains("nobody gains or loses access"), "{}", repository.comment());
    repository.commit("head", &[("iam/support.tf", Some(&more))]);
    let comment = repository.comment();
    assert!(comment.contains("<code>iam/support.tf</code>"), "{comment}");
    assert!(comment.contains("1 new, 0 lost") && comment.contains("`trtc:DismissRoom`"), "{comment}");
}

#[test]
fn plans_of_terraform_are_compared_by_address() {
    let plan = |policies: &[(&str, &str)]| {
        let change = |(name, document): &(&str, &str)| {
            serde_json::json!({
                "address": format!("tencentcloud_cam_policy.{name}"),
                "type": "tencentcloud_cam_policy",
                "name": name,
                "change": { "actions": ["create"], "before": null, "after": { "name": name, "document": document } },
            })
        };
        let changes: Vec<_> = policies.iter().map(change).collect();
        serde_json::json!({ "format_version": "1.2", "resource_changes": changes }).to_string()
    };
    let support = allow("\"trtc:RemoveUser\"", ROOM);
    let wider = allow("\"trtc:RemoveUser\",\"trtc:DismissRoom\"", ROOM);
    let (rooms, lists) = (allow("\"trtc:DismissRoom\"", ROOM), allow("\"trtc:GetUserList\"", "*"));
    let base = plan(&[("rooms", &rooms), ("support", &support)]);
    // A resource in front of the others moves them, and they are still compared with themselves.
    let head = plan(&[("lists", &lists), ("rooms", &rooms), ("support", &wider)]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("base.json"), base).unwrap();
    fs::write(folder.path().join("head.json"), head).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
        .args(["compare", "base.json", "head.json", "--format", "markdown", "--fail-on", "new-access"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let comment = String::from_utf8(output.stdout).unwrap();
    assert!(comment.contains("statement 0 of tencentcloud_cam_policy.support in head.json"), "{comment}");
}

#[test]
fn what_cannot_be_compared_is_told_beside_the_rest() {
    let repository = Repository::new();
    let (support, wider) = (allow("\"trtc:RemoveUser\"", ROOM), allow("\"trtc:*\"", ROOM));
    let broken = "{\"version\":\"2.0\",\"statement\":[{\"effect\":\"perhaps\",\"action\":\"trtc:*\",\"resource\":\"*\"}]}";
    repository.commit(
        "base",
        &[("a.json", Some(&support)), ("b.json", Some(&support)), ("mended.json", Some(broken))],
    );
    repository.commit(
        "head",
        &[("a.json", Some(broken)), ("b.json", Some(&wider)), ("mended.json", Some(&support))],
    );
    let output = repository.compare(&["--fail-on", "new-public"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let comment = String::from_utf8(output.stdout).unwrap();
    assert!(comment.contains("1 not compared"), "{comment}");
    assert!(comment.contains("**`a.json` is not compared**"), "{comment}");
    assert!(comment.contains("<code>b.json</code>: 1 new, 0 lost"), "{comment}");
    // A version that CAM does not take granted nothing.
    assert!(comment.contains("<code>mended.json</code>: 1 new, 0 lost"), "{comment}");
    assert!(comment.contains("the version before cannot be read"), "{comment}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("a.json:1:"));
}

#[test]
fn names_cannot_write_markdown_or_html() {
    let repository = Repository::new();
    let evil = "<img src=x>`@team` |_*]\u{202e}.json";
    let object = "qcs::cos::uid/1250000000:b-1250000000/``</details>@team";
    repository.commit("base", &[("a.json", Some(&allow("\"trtc:RemoveUser\"", ROOM)))]);
    repository.commit("head", &[(evil, Some(&allow("\"cos:GetObject\"", object)))]);
    let comment = repository.comment();
    assert!(comment.contains("<code>&lt;img src=x&gt;"), "{comment}");
    assert!(comment.contains(&format!("```{object}```")), "{comment}");
    assert!(!comment.contains('\u{202e}'), "{comment}");
}

#[test]
fn a_comment_never_grows_longer_than_github_takes() {
    let repository = Repository::new();
    let base: Vec<(String, String)> = (0..300)
        .map(|at| (format!("p/{at:03}.json"), allow("\"trtc:RemoveUser\"", &format!("{ROOM}{at:04}"))))
        .collect();
    let files = |all: &[(String, String)]| -> Vec<(String, Option<String>)> {
        all.iter().map(|(name, text)| (name.clone(), Some(text.clone()))).collect()
    };
    let commit = |name: &str, all: &[(String, Option<String>)]| {
        let all: Vec<(&str, Option<&str>)> =
            all.iter().map(|(name, text)| (name.as_str(), text.as_deref())).collect();
        repository.commit(name, &all);
    };
    commit("base", &files(&base));
    let head: Vec<(String, String)> = base
        .iter()
        .map(|(name, text)| {
            (name.clone(), text.replace("trtc:RemoveUser\"", "trtc:RemoveUser\",\"trtc:Create*\""))
        })
        .collect();
    commit("head", &files(&head));
    // The one that is open to anyone comes first, whatever its name is.
    let open = bucket("\"*\"");
    repository.commit("head", &[("z.json", Some(&open))]);
    let comment = repository.comment();
    assert!(comment.chars().count() <= 65_536, "{}", comment.chars().count());
    assert!(comment.chars().count() > 60_000, "{}", comment.chars().count());
    assert!(
        comment.starts_with("<!-- tencent-cam: access diff -->\n## Access diff: 301 new (1 for anyone, 300 with credentials), 0 lost"),
        "{comment}"
    );
    let first = comment.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
    assert_eq!(first, "z.json");
    assert!(comment.trim_end().ends_with("`tencent-cam compare` lists all."), "{comment}");
    assert_eq!(comment.matches("<details").count(), comment.matches("</details>").count());
}

/// Whether a change between these files cannot be compared, and what the comment says.
fn open(base: &[(&str, &str)], head: &[(&str, &str)]) -> (bool, String) {
    let repository = Repository::new();
    for (name, files) in [("base", base), ("head", head)] {
        let files: Vec<(&str, Option<&str>)> =
            files.iter().map(|(name, text)| (*name, Some(*text))).collect();
        repository.commit(name, &files);
    }
    let output = repository.compare(&["--fail-on", "new-public"]);
    let comment = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code() == Some(2), comment.contains("not compared"), "{comment}");
    (output.status.code() == Some(2), comment)
}

fn terraform(document: &str) -> String {
    format!("resource \"tencentcloud_cam_policy\" \"p\" {{\n  name = \"p\"\n  document = {document}\n}}\n")
}

fn encoded(action: &str, resource: &str) -> String {
    terraform(&format!(
        "jsonencode({{\n    version = \"2.0\"\n    statement = [{{ effect = \"allow\", action = {action}, resource = [\"{resource}\"] }}]\n  }})"
    ))
}

#[test]
fn a_value_that_changes_in_another_file_is_not_compared() {
    let listed = encoded("local.acts", "*");
    let made = encoded("[for a in local.acts : a]", "*");
    let room = encoded("[\"trtc:RemoveUser\"]", "qcs::trtc::uin/100000000001:sdkappid/${var.room}");
    let (few, many) = ("locals {\n  acts = [\"trtc:RemoveUser\"]\n}\n", "locals {\n  acts = [\"*\"]\n}\n");
    let variable = |default: &str| format!("variable \"room\" {{\n  default = \"{default}\"\n}}\n");
    let (one, every) = (variable("1400000001"), variable("*"));
    let file = terraform("file(\"p.tpl\")");
    let template = terraform("templatefile(\"${path.module}/p.tftpl\", {})");
    let (together_few, together_many) = (format!("{few}{made}"), format!("{many}{made}"));
    let both = |text: &str| format!("{one}{text}");
    let with_default = both(&room);
    for (policy, other, before, after) in [
        (&listed, "iam/locals.tf", few, many),
        (&made, "iam/locals.tf", few, many),
        (&room, "iam/v.tf", &*one, &*every),
        (&room, "iam/terraform.tfvars", "room = \"1400000001\"\n", "room = \"*\"\n"),
        (&with_default, "envs/prod.tfvars", "room = \"1400000001\"\n", "room = \"*\"\n"),
        (&file, "iam/p.tpl", &*allow("\"trtc:RemoveUser\"", ROOM), &*policy_of_all()),
        (&template, "iam/p.tftpl", &*allow("\"trtc:RemoveUser\"", ROOM), &*policy_of_all()),
        (&file, "iam/main.tf", &*together_few, &*together_many),
    ] {
        let (is_open, comment) = open(&[("iam/main.tf", policy), (other, before)], &[(other, after)]);
        assert!(is_open, "{other}: {policy}\n{comment}");
        assert!(
            comment.contains("only Terraform knows") || comment.contains("known to Terraform alone"),
            "{comment}"
        );
    }
    // What the file states itself is read and compared, and what has nothing to do with the value does not count.
    for (policy, other, before, after) in [
        (&file, "iam/main.tf", &*both(&room), &*format!("{every}{room}")),
        (&room, "iam/outputs.tf", "output \"a\" {\n  value = 1\n}\n", "output \"a\" {\n  value = 2\n}\n"),
        (&room, "other/locals.tf", few, many),
        (&room, "iam/notes.yaml", "a: 1", "a: 2"),
    ] {
        let (is_open, comment) = open(&[("iam/main.tf", policy), (other, before)], &[(other, after)]);
        assert!(!is_open, "{other}: {policy}\n{comment}");
    }
}

/// What a module gets from its caller, and from the caller of the caller, may change there.
#[test]
fn a_value_that_changes_in_the_caller_of_a_module_is_not_compared() {
    let variable = "variable \"room\" {\n  default = \"1400000001\"\n}\n";
    let policy = encoded("[\"trtc:RemoveUser\"]", "qcs::trtc::uin/100000000001:sdkappid/${var.room}");
    let module = format!("{variable}{policy}");
    let call = |source: &str, value: &str| {
        format!("module \"m\" {{\n  source = \"{source}\"\n  room = {value}\n}}\n")
    };
    let local = |value: &str| format!("locals {{\n  a = local.b\n  b = {value}\n  c = 1\n}}\n");
    let (direct, inner) = (call("./modules/rooms", "local.a"), call("../rooms", "var.room"));
    let outer = call("./modules/team", "local.a");
    for (files, is_followed) in [
        (vec![("modules/rooms/main.tf", &module), ("main.tf", &direct)], true),
        (
            vec![
                ("modules/rooms/main.tf", &module),
                ("modules/team/main.tf", &format!("{variable}{inner}")),
                ("main.tf", &outer),
            ],
            true,
        ),
        (vec![("modules/rooms/main.tf", &module), ("main.tf", &call("./modules/rooms", "local.c"))], false),
    ] {
        let (one, every) = (local("\"1400000001\""), local("\"*\""));
        let mut base: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
        base.push(("locals.tf", &one));
        let (is_open, comment) = open(&base, &[("locals.tf", &every)]);
        assert_eq!(is_open, is_followed, "{files:?}\n{comment}");
        assert!(!is_open || comment.contains("local.b differs"), "{comment}");
    }
}

#[test]
fn a_document_of_one_expression_in_the_json_of_terraform_is_not_compared() {
    let document = |expression: &str| {
        serde_json::json!({ "resource": { "tencentcloud_cam_policy": { "p": { "name": "p", "document": expression } } } }).to_string()
    };
    let (file, other) = (document("${file(\"p.txt\")}"), document("${jsonencode(local.p)}"));
    let known = document(&allow("\"trtc:RemoveUser\"", ROOM));
    for (before, after) in [(None, &file), (Some(&known), &file), (Some(&other), &file)] {
        let base = before.map_or(("README.md", "a"), |before| ("main.tf.json", before.as_str()));
        let (is_open, comment) = open(&[base], &[("main.tf.json", after)]);
        assert!(is_open && comment.contains("which only Terraform knows"), "{comment}");
    }
    assert!(
        !open(&[("main.tf.json", &known), ("a.tf", "")], &[("a.tf", "output \"a\" {\n  value = 2\n}\n")]).0
    );
}

#[test]
fn a_file_that_terraform_reads_counts_wherever_it_stands_and_whatever_its_name_is() {
    let (support, all) = (allow("\"trtc:RemoveUser\"", ROOM), policy_of_all());
    for (call, file, is_read) in [
        ("file(\"../shared/room.policy\")", "shared/room.policy", true),
        ("templatefile(\"${path.module}/../shared/room.policy\", {})", "shared/room.policy", true),
        ("file(\"../shared/${var.name}.policy\")", "shared/room.policy", true),
        ("file(local.file)", "shared/room.policy", true),
        ("file(\"p/${var.name}.policy\")", "iam/p/room.policy", true),
        ("file(\"${path.module}/p/${var.name}.policy\")", "iam/p/room.policy", true),
        ("templatefile(format(\"p/%s.policy\", var.name), {})", "iam/p/room.policy", true),
        ("file(join(\"/\", [\"p\", var.file]))", "iam/p/room.policy", true),
        ("file(\"${path.module}/p/room.policy\")", "iam/p/other.policy", false),
        ("file(\"../shared/room.policy\")", "shared/other.go", false),
    ] {
        let document = terraform(call);
        let (is_open, comment) = open(
            &[("iam/main.tf", &document), (file, &support)],
            &[("iam/main.tf", &document), (file, &all)],
        );
        assert_eq!(is_open, is_read, "{call}, {file}: {comment}");
    }
}

fn policy_of_all() -> String {
    allow("\"*\"", "*")
}

#[test]
fn a_document_that_only_terraform_knows_is_not_compared() {
    let (file, other) = (terraform("file(\"p.txt\")"), terraform("file(\"q.txt\")"));
    let known = terraform(&format!("<<EOT\n{}\nEOT\n", allow("\"trtc:RemoveUser\"", ROOM)));
    assert!(open(&[("README.md", "a")], &[("main.tf", &file)]).0);
    assert!(open(&[("main.tf", &known)], &[("main.tf", &file)]).0);
    assert!(open(&[("main.tf", &other)], &[("main.tf", &file)]).0);
    // Nothing that it may depend on has changed.
    assert!(
        !open(&[("main.tf", &file)], &[("main.tf", &format!("{file}\noutput \"a\" {{\n  value = 1\n}}\n"))])
            .0
    );
    let plan = |number: &str| {
        serde_json::json!({ "format_version": number, "resource_changes": [{
            "address": "tencentcloud_cam_policy.p", "type": "tencentcloud_cam_policy", "name": "p",
            "change": { "actions": ["create"], "before": null, "after": { "name": "p" }, "after_unknown": { "document": true } },
        }] })
        .to_string()
    };
    let (is_open, comment) = open(&[("plan.json", &plan("1.1"))], &[("plan.json", &plan("1.2"))]);
    assert!(is_open && comment.contains("known only after the plan is applied"), "{comment}");
}

#[test]
fn a_change_cannot_hide_files_by_excluding_them() {
    let (support, wider) = (allow("\"trtc:RemoveUser\"", ROOM), policy_of_all());
    let exclude = "exclude = [\"a.json\"]\n";
    let (is_open, comment) = open(
        &[("a.json", &support), ("b.json", &support)],
        &[("a.json", &wider), ("tencent-cam.toml", exclude)],
    );
    assert!(is_open && comment.contains("excluded"), "{comment}");
    let others = ("b.json", &*support);
    assert!(!open(&[("a.json", &support), others, ("tencent-cam.toml", exclude)], &[("a.json", &wider)]).0);

    let repository = Repository::new();
    repository.commit("base", &[("a.json", Some(&support)), ("tencent-cam.toml", Some(exclude))]);
    repository.commit("head", &[("a.json", Some(&wider))]);
    let output = repository.compare(&[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("excludes every file"));
}

#[cfg(unix)]
#[test]
fn links_and_pointers_of_lfs_are_not_compared() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
    let support = allow("\"trtc:RemoveUser\"", ROOM);
    let (is_open, comment) = open(&[("a.json", &support)], &[("a.json", pointer)]);
    assert!(is_open && comment.contains("Git LFS"), "{comment}");

    let repository = Repository::new();
    repository.commit("base", &[("b.json", Some(&support)), ("real/policy", Some(&policy_of_all()))]);
    std::os::unix::fs::symlink("real/policy", repository.path().join("a.json")).unwrap();
    repository.commit("head", &[]);
    let output = repository.compare(&[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("a symbolic link"));

    // A folder may become a link, and folders are compared as revisions are.
    let repository = Repository::new();
    repository.commit("base", &[("iam/a.json", Some(&support)), ("other/a.json", Some(&support))]);
    repository.commit("head", &[("iam/a.json", None)]);
    fs::remove_dir(repository.path().join("iam")).unwrap();
    std::os::unix::fs::symlink("/nowhere", repository.path().join("iam")).unwrap();
    repository.commit("head", &[]);
    assert_eq!(repository.compare(&[]).status.code(), Some(2));

    let folder = tempfile::tempdir().unwrap();
    for name in ["before", "after"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("before/a.json"), &support).unwrap();
    fs::write(folder.path().join("wide"), policy_of_all()).unwrap();
    let compare = |before: &str, after: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .args(["compare", before, after])
            .current_dir(folder.path())
            .output();
        output.unwrap().status.code()
    };
    std::os::unix::fs::symlink("../wide", folder.path().join("after/a.json")).unwrap();
    assert_eq!(compare("before", "after"), Some(2));
    assert_eq!(compare("after", "after"), Some(0));
}

/// A folder, a copy of it and a revision of it are the same, with links and hidden files.
#[cfg(unix)]
#[test]
fn folders_and_revisions_have_the_same_files() {
    let repository = Repository::new();
    let support = allow("\"trtc:RemoveUser\"", ROOM);
    let git_ignore = (".gitignore", Some("ignored.json\n"));
    repository
        .commit("base", &[("b.json", Some(&*support)), (".hidden/c.json", Some(&*support)), git_ignore]);
    std::os::unix::fs::symlink("b.json", repository.path().join("a.json")).unwrap();
    repository.commit("base", &[]);
    fs::write(repository.path().join("ignored.json"), policy_of_all()).unwrap();
    let compare = |before: &str, after: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .args(["compare", before, after, "--format", "markdown"])
            .current_dir(repository.path())
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = compare("base:", ".");
    assert!(code == Some(0) && said.contains("nobody gains or loses access"), "{said}");
    // Both sides see what changes in a hidden file, and a link that leads elsewhere.
    fs::write(repository.path().join(".hidden/c.json"), policy_of_all()).unwrap();
    let (code, said) = compare("base:", ".");
    assert!(code == Some(0) && said.contains("<code>.hidden/c.json</code>: 1 new"), "{said}");
    fs::remove_file(repository.path().join("a.json")).unwrap();
    std::os::unix::fs::symlink(".hidden/c.json", repository.path().join("a.json")).unwrap();
    let (code, said) = compare("base:", ".");
    assert!(code == Some(2) && said.contains("a.json is a symbolic link"), "{said}");
    repository.commit("head", &[]);
    let (code, said) = compare("base:", "head:");
    assert!(code == Some(2) && said.contains("a.json is a symbolic link"), "{said}");
}

#[test]
fn it_is_said_of_which_actions_nobody_knows_whether_they_hand_out_credentials() {
    let base = allow("\"trtc:RemoveUser\"", ROOM);
    let compare = |head: &str| {
        let repository = Repository::new();
        repository.commit("base", &[("a.json", Some(&base))]);
        repository.commit("head", &[("a.json", Some(head))]);
        let output = repository.compare(&["--fail-on", "credentials"]);
        let [comment, said] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code(), comment, said)
    };
    let (code, comment, said) = compare(&allow("\"trtc:RemoveUser\",\"cam:ListUsers\",\"cdn:*\"", "*"));
    assert_eq!(code, Some(0), "{comment}");
    let open = "states whether these hand out credentials";
    let open: Vec<&str> = comment.lines().filter(|line| line.contains(open)).collect();
    assert!(
        open.iter().any(|line| line.contains("`cam:ListUsers`") && line.contains("`cdn:*`")),
        "{comment}"
    );
    assert!(!open.iter().any(|line| line.contains("`trtc:")), "{comment}");
    assert!(
        said.contains("note: neither the catalog nor the public SDK states whether these new actions"),
        "{said}"
    );

    // The answers of these hold a key or a token, as the SDK states it.
    for (actions, exposing) in [
        ("\"cam:CreateAccessKey\"", vec!["cam:CreateAccessKey"]),
        ("\"sts:Get*\"", vec!["sts:GetFederationToken", "sts:GetSessionToken"]),
        ("\"cam:*\"", vec!["cam:AddUser", "cam:BuildDataFlowAuthToken", "cam:CreateAccessKey"]),
    ] {
        let (code, comment, _) = compare(&allow(actions, "*"));
        assert_eq!(code, Some(1), "{comment}");
        let told = comment.lines().find(|line| line.contains("**hands out credentials**")).unwrap();
        assert!(exposing.iter().all(|name| told.contains(&format!("`{name}`"))), "{comment}");
    }
    let denied = "{\"effect\":\"deny\",\"action\":[\"cam:CreateAccessKey\",\"cam:AddUser\",\"cam:Build*\"],\"resource\":[\"*\"]}";
    let all = "{\"effect\":\"allow\",\"action\":[\"cam:*\"],\"resource\":[\"*\"]}";
    let (code, comment, _) = compare(&policy(&format!("{all},{denied}")));
    assert_eq!(code, Some(0), "{comment}");
}
