//! Tests that `compare`, `who` and `check` never give a clean answer where access opens or is not known.

use std::fs;
use std::path::Path;
use std::process::Command;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the program, and returns its exit code and all that it says.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), told)
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
        assert!(git.args(arguments).current_dir(self.path()).output().unwrap().status.success());
    }

    /// Makes a commit of all files, and a branch of this name.
    fn commit(&self, name: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", name]);
        self.git(&["branch", "-f", name]);
    }
}

fn policy(statements: &str) -> String {
    format!(r#"{{"version":"2.0","statement":[{statements}]}}"#)
}

fn statement(effect: &str, actions: &str, more: &str) -> String {
    format!(r#"{{"effect":"{effect}","action":[{actions}],"resource":["*"]{more}}}"#)
}

fn of(effect: &str, actions: &str) -> String {
    policy(&statement(effect, actions, ""))
}

fn for_principal(principal: &str, actions: &str, resource: &str) -> String {
    policy(&format!(r#"{{"effect":"allow","principal":{principal},"action":[{actions}]{resource}}}"#))
}

const STOP: &str = r#""cvm:StopInstances""#;
const BOTH: &str = r#""cvm:StopInstances","cvm:TerminateInstances""#;

#[test]
fn a_deny_that_goes_or_narrows_is_new_access_without_any_allow_beside_it() {
    let (all, one) = (of("deny", BOTH), of("deny", STOP));
    let admin = of("allow", r#""cvm:*""#);
    let folder = Folder::new(&[
        ("a/admin.json", &admin),
        ("a/deny.json", &all),
        ("gone/admin.json", &admin),
        ("narrow/admin.json", &admin),
        ("narrow/deny.json", &one),
        ("repository/admin.json", &admin),
        ("repository/deny.json", &all),
    ]);
    folder.git(&["init", "-q"]);
    folder.commit("base");
    fs::remove_file(folder.path().join("repository/deny.json")).unwrap();
    folder.commit("head");
    for sides in [
        ["a", "gone"],
        ["a", "narrow"],
        ["a/deny.json", "narrow/deny.json"],
        ["base:repository", "head:repository"],
        ["base:", "head:"],
    ] {
        let (code, told) = folder.run(&["compare", sides[0], sides[1], "--fail-on", "new-access"]);
        assert_eq!(code, 1, "{sides:?}: {told}");
        assert!(
            told.contains("cvm:TerminateInstances") && told.contains("if another policy allows it"),
            "{told}"
        );
        let (_, comment) = folder.run(&["compare", sides[0], sides[1], "--format", "markdown"]);
        assert!(comment.contains("## Access diff: 1 new, 0 lost"), "{sides:?}: {comment}");
    }
}

#[test]
fn a_boundary_that_goes_opens_access_and_one_that_comes_takes_it() {
    let kinds = "[[kind]]\nfiles = \"*/limit.json\"\nkind = \"boundary\"\n";
    let (user, narrow, wide) = (of("allow", r#""cvm:*""#), of("allow", STOP), of("allow", BOTH));
    let folder = Folder::new(&[
        ("tencent-cam.toml", kinds),
        ("none/user.json", &user),
        ("narrow/user.json", &user),
        ("narrow/limit.json", &narrow),
        ("wide/user.json", &user),
        ("wide/limit.json", &wide),
    ]);
    for more in [&[][..], &["--together"]] {
        for (before, after, new, lost) in [
            ("narrow", "none", 1, 0),
            ("none", "narrow", 0, 1),
            ("narrow", "wide", 1, 0),
            ("wide", "narrow", 0, 1),
            ("wide", "wide", 0, 0),
        ] {
            let arguments = [&["compare", before, after, "--fail-on", "new-access"], more].concat();
            let (code, told) = folder.run(&arguments);
            assert_eq!(code, i32::from(new > 0), "{arguments:?}: {told}");
            let count = format!("{new} new, {lost} lost");
            assert!(told.contains(&count) || new + lost == 0, "{arguments:?}: {told}");
            let grants_nothing =
                "if another policy allows it: a permission boundary grants nothing by itself";
            assert!(told.contains(grants_nothing) || new + lost == 0, "{arguments:?}: {told}");
        }
    }
}

#[test]
fn a_boundary_of_which_the_version_before_cannot_be_read_is_not_compared() {
    let folder = Folder::new(&[
        ("tencent-cam.toml", "[[kind]]\nfiles = \"*/limit.json\"\nkind = \"boundary\"\n"),
        ("before/limit.json", &of("allow", STOP).replace("2.0", "1.0")),
        ("after/limit.json", &of("allow", BOTH)),
    ]);
    let (code, told) = folder.run(&["compare", "before", "after"]);
    assert!(code == 2 && told.contains("which limits access, cannot be read"), "{told}");
}

#[test]
fn what_a_service_control_policy_that_comes_or_goes_allows_is_not_compared() {
    let kinds = "[[kind]]\nfiles = \"*/limit.json\"\nkind = \"scp\"\n";
    let (allow, deny, user) = (of("allow", BOTH), of("deny", STOP), of("allow", r#""cvm:*""#));
    let folder = Folder::new(&[
        ("tencent-cam.toml", kinds),
        ("none/user.json", &user),
        ("allow/user.json", &user),
        ("allow/limit.json", &allow),
        ("deny/user.json", &user),
        ("deny/limit.json", &deny),
    ]);
    for (before, after, expected) in
        [("allow", "none", 2), ("none", "allow", 2), ("deny", "none", 1), ("none", "deny", 0)]
    {
        let (code, told) = folder.run(&["compare", before, after, "--fail-on", "new-access"]);
        assert_eq!(code, expected, "{before} {after}: {told}");
        assert!(!told.contains("no difference"), "{told}");
    }
}

#[test]
fn whom_lint_calls_everybody_is_public_for_the_gate() {
    let own = r#"{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}"#;
    let bucket = r#","resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]"#;
    for (action, resource, rule) in
        [(r#""cos:GetObject""#, bucket, "CAM306"), (r#""sts:AssumeRole""#, "", "CAM307")]
    {
        for name in ["*:root", "uin/*:root", "uin/*:uin/*", "*:*", "anyone:anyone"] {
            let everybody = format!(r#"{{"qcs":["qcs::cam::{name}"]}}"#);
            let folder = Folder::new(&[
                ("own.json", &for_principal(own, action, resource)),
                ("open.json", &for_principal(&everybody, action, resource)),
            ]);
            let (_, findings) = folder.run(&["lint", "open.json"]);
            assert!(findings.contains(rule), "{name}: {findings}");
            let (code, told) = folder.run(&["compare", "own.json", "open.json", "--fail-on", "new-public"]);
            assert_eq!(code, 1, "{name}: {told}");
            let is_documented = name == "anyone:anyone";
            assert_eq!(told.contains("which is not documented"), !is_documented, "{told}");
            let (code, told) = folder.run(&["who", action.trim_matches('"'), "*", "open.json"]);
            assert!(code == 0 && !told.contains("nobody"), "{name}: {told}");
            assert_eq!(told.contains("which is not documented"), !is_documented, "{told}");
            let (code, told) = folder.run(&["compare", "open.json", "open.json", "--fail-on", "new-public"]);
            assert_eq!(code, 0, "{told}");
        }
    }
}

/// A deny that lets more addresses through gives no credentials that it never took.
#[test]
fn a_lifted_deny_gives_the_credentials_that_it_took_and_no_others() {
    let outside = |networks: &str| format!(r#","condition":{{"ip_not_equal":{{"qcs:ip":[{networks}]}}}}"#);
    for (actions, expected) in [(r#""cvm:*""#, 0), (r#""cdn:Purge*""#, 0), (r#""cam:*""#, 1)] {
        let of = |networks: &str| policy(&statement("deny", actions, &outside(networks)));
        let folder = Folder::new(&[
            ("a/p.json", &of(r#""10.0.0.0/8""#)),
            ("b/p.json", &of(r#""10.0.0.0/8","11.0.0.0/8""#)),
        ]);
        let (code, told) = folder.run(&["compare", "a", "b", "--fail-on", "credentials"]);
        assert_eq!(code, expected, "{actions}: {told}");
    }
}

/// An allow beside a deny that goes, which has not all that the deny took, hides nothing of it.
#[test]
fn a_lifted_deny_is_told_as_far_as_it_reached() {
    let cos = |effect: &str, principal: &str, resource: &str, condition: &str| {
        format!(
            r#"{{"effect":"{effect}"{principal},"action":["cos:GetObject"],"resource":["{resource}"]{condition}}}"#
        )
    };
    let named = |name: &str| format!(r#","principal":{{"qcs":["{name}"]}}"#);
    let (one, anyone) =
        (named("qcs::cam::uin/100000000001:uin/100000000005"), named("qcs::cam::anyone:anyone"));
    let narrow = "qcs::cos:::a-1250000000/*";
    let office = r#","condition":{"ip_equal":{"qcs:ip":["10.0.0.1"]}}"#;
    for (allow, deny, holders) in [
        (cos("allow", "", "*", ""), cos("deny", "", "*", ""), &[""][..]),
        (cos("allow", "", narrow, ""), cos("deny", "", narrow, ""), &[""]),
        (cos("allow", "", narrow, ""), cos("deny", "", "*", ""), &["", ""]),
        (cos("allow", "", "*", office), cos("deny", "", "*", ""), &["", ""]),
        (cos("allow", &one, "*", ""), cos("deny", &anyone, "*", ""), &["100000000005", "anyone"]),
        (cos("allow", &one, "*", ""), cos("deny", &one, "*", ""), &["100000000005"]),
        (cos("allow", &anyone, "*", ""), cos("deny", &one, "*", ""), &["100000000005"]),
    ] {
        let folder =
            Folder::new(&[("a.json", &policy(&format!("{allow},{deny}"))), ("b.json", &policy(&allow))]);
        let (_, told) = folder.run(&["compare", "a.json", "b.json"]);
        assert!(told.contains(&format!("{} new, 0 lost", holders.len())), "{allow} {deny}: {told}");
        assert_eq!(told.contains("if another policy allows it"), holders.len() == 2, "{told}");
        let named: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  for ")).collect();
        let expected = holders.iter().filter(|holder| !holder.is_empty());
        assert!(named.iter().zip(expected.clone()).all(|(name, holder)| name.ends_with(holder)), "{told}");
        assert_eq!(named.len(), expected.count(), "{told}");
    }
}

/// Another policy of a bucket may allow anybody what this one no longer denies.
#[test]
fn a_lifted_deny_of_a_bucket_is_told_to_callers_without_signature() {
    let of = |effect: &str, name: &str, action: &str| {
        let principal = format!(r#""principal":{{"qcs":["{name}"]}}"#);
        format!(r#"{{"effect":"{effect}",{principal},"action":["cos:{action}"],"resource":["*"]}}"#)
    };
    let allow = of("allow", "qcs::cam::uin/100000000001:uin/100000000005", "PutObject");
    let deny = of("deny", "qcs::cam::anyone:anyone", "GetObject");
    let folder = Folder::new(&[("a.json", &policy(&format!("{allow},{deny}"))), ("b.json", &policy(&allow))]);
    let (_, told) = folder.run(&["compare", "a.json", "b.json", "--caller", "anonymous"]);
    assert!(told.contains("such as anonymous: cos:GetObject") && told.contains("1 new"), "{told}");
}

#[test]
fn of_a_wide_allow_is_told_what_a_lifted_deny_took() {
    let deny = statement("deny", r#""cdn:Purge*""#, "");
    for (allow, told_of) in [
        (format!("{},", statement("allow", r#""*""#, "")), "something of cdn:Purge* on *"),
        (String::new(), "something of cdn:Purge* on *"),
    ] {
        let other = statement("allow", STOP, "");
        let folder = Folder::new(&[
            ("a.json", &policy(&format!("{allow}{other},{deny}"))),
            ("b.json", &policy(&format!("{allow}{other}"))),
        ]);
        let (_, told) = folder.run(&["compare", "a.json", "b.json"]);
        assert!(told.contains(told_of) && told.contains("1 new, 0 lost"), "{told}");
    }
}

#[test]
fn what_is_certain_is_told_beside_what_is_supposed() {
    let names = |names: &str| for_principal(&format!(r#"{{"qcs":[{names}]}}"#), r#""sts:AssumeRole""#, "");
    let folder = Folder::new(&[
        ("a/p.json", &names(r#""qcs::cam::uin/100000000001:uin/100000000002""#)),
        ("b/p.json", &names(r#""qcs::cam::uin/100000000009:root","qcs::cam::uin/*:root""#)),
    ]);
    let (_, told) = folder.run(&["compare", "a", "b", "--format", "markdown"]);
    assert!(told.contains("100000000009") && told.contains("which is not documented"), "{told}");
}

#[test]
fn a_policy_that_breaks_is_not_taken_as_removed() {
    let admin = of("allow", STOP);
    for text in ["{", "", "not json at all", "null", "{}"] {
        let folder = Folder::new(&[("before/a.json", &admin), ("after/a.json", text)]);
        let (code, told) = folder.run(&["compare", "before", "after"]);
        assert_eq!(code, 2, "{text}: {told}");
        assert!(told.contains("after/a.json cannot be compared: it held a policy before"), "{text}: {told}");
    }
    let folder = Folder::new(&[("before/a.json", &admin), ("after/b.json", "{}")]);
    let (code, told) = folder.run(&["compare", "before", "after"]);
    assert!(code == 0 && told.contains("0 new, 1 lost"), "{told}");
}

#[test]
fn two_sides_without_a_policy_are_no_input() {
    let admin = of("allow", STOP);
    let folder = Folder::new(&[("none/README.md", "a"), ("other/a.json", "{}"), ("some/a.json", &admin)]);
    folder.git(&["init", "-q"]);
    folder.commit("base");
    for (before, after, expected) in [
        ("none", "none", 2),
        ("none", "other", 2),
        ("base:none", "base:other", 2),
        ("none", "some", 0),
        ("some", "some", 0),
        ("base:some", "base:some", 0),
        ("base:", "base:", 0),
    ] {
        let (code, told) = folder.run(&["compare", before, after]);
        assert_eq!(code, expected, "{before} {after}: {told}");
    }
    // A repository without policies is nothing unusual in CI.
    let folder = Folder::new(&[("README.md", "a")]);
    folder.git(&["init", "-q"]);
    folder.commit("base");
    let (code, told) = folder.run(&["compare", "base:", "base:", "--fail-on", "new-access"]);
    assert!(code == 0 && told.contains("note: neither side holds a policy"), "{told}");
}

#[test]
fn every_request_that_is_searched_for_has_an_address() {
    let office = |operator: &str| format!(r#","condition":{{"{operator}":{{"qcs:ip":["10.0.0.0/8"]}}}}"#);
    let only = policy(&statement("allow", STOP, &office("ip_equal")));
    let outside = statement("deny", STOP, &office("ip_not_equal"));
    let guarded = policy(&format!("{},{outside}", statement("allow", STOP, "")));
    let expectations = |file: &str| {
        format!(
            "policies = [\"{file}\", \"deny.json\"]\n[[expect]]\ndecision = \"never allowed\"\naction = \"cvm:StopInstances\"\n"
        )
    };
    let folder = Folder::new(&[
        ("only.json", &only),
        ("guarded.json", &guarded),
        ("deny.json", &policy(&statement("deny", STOP, &office("ip_equal")))),
        ("only.toml", &expectations("only.json")),
        ("guarded.toml", &expectations("guarded.json")),
    ]);
    let (code, told) = folder.run(&["compare", "only.json", "guarded.json", "--fail-on", "new-access"]);
    assert_eq!(code, 0, "{told}");
    let (code, told) = folder.run(&["compare", "guarded.json", "only.json", "--together"]);
    assert!(code == 0 && told.contains("no difference"), "{told}");
    for file in ["only", "guarded"] {
        let (_, told) = folder.run(&["grants", &format!("{file}.json")]);
        assert!(told.contains("with qcs:ip = 10."), "{told}");
        assert!(!told.contains("without a key"), "{told}");
        let (code, told) = folder.run(&["test", &format!("{file}.toml")]);
        assert_eq!(code, 0, "{told}");
    }
    // A key that a request may lack stays absent.
    let mfa = r#","condition":{"bool_equal":{"qcs:mfa":"false"}}"#;
    let folder = Folder::new(&[
        ("a.json", &policy(&format!("{},{}", statement("allow", STOP, ""), statement("deny", STOP, "")))),
        ("b.json", &policy(&format!("{},{}", statement("allow", STOP, ""), statement("deny", STOP, mfa)))),
    ]);
    let (code, told) = folder.run(&["compare", "a.json", "b.json", "--fail-on", "new-access"]);
    assert_eq!(code, 1, "{told}");
}

#[test]
fn a_request_that_a_deny_may_refuse_does_not_end_like_an_allowed_one() {
    let outside = r#","condition":{"ip_not_equal":{"qcs:ip":["10.0.0.0/8"]}}"#;
    let guarded = policy(&format!("{},{}", statement("allow", STOP, ""), statement("deny", STOP, outside)));
    let folder = Folder::new(&[("a.json", &guarded)]);
    let check = ["check", "a.json", "--action", "cvm:StopInstances"];
    let (code, told) = folder.run(&check);
    assert!(code == 3 && told.contains("give it with --ip ADDRESS"), "{told}");
    for (address, expected) in [("10.0.0.1", 0), ("192.0.2.1", 3)] {
        let (code, told) = folder.run(&[&check[..], &["--ip", address]].concat());
        assert_eq!(code, expected, "{told}");
    }
}

#[test]
fn a_deny_that_depends_on_the_appid_does_not_end_like_an_allowed_request() {
    let own = r#"{"effect":"deny","action":["cos:GetObject"],"resource":["qcs::cos:ap-guangzhou::photos-1250000000/*"]}"#;
    let guarded = policy(&format!("{},{own}", statement("allow", r#""cos:*""#, "")));
    let folder = Folder::new(&[("a.json", &guarded)]);
    let resource = "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/a.jpg";
    let check =
        ["check", "a.json", "--owner", "100000000001", "--action", "cos:GetObject", "--resource", resource];
    let (code, told) = folder.run(&check);
    assert!(code == 3 && told.contains("give it with --app-id 1250000000"), "{told}");
    for (app_id, expected) in [("1250000000", 3), ("1250000001", 0)] {
        let (code, told) = folder.run(&[&check[..], &["--app-id", app_id]].concat());
        assert_eq!(code, expected, "{told}");
    }
}

/// The account of policies that name none is not that of the caller, whose uin may be the one that stands for it.
#[test]
fn a_caller_is_not_taken_for_the_root_account_that_nobody_names() {
    let resource = r#","resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]"#;
    let principal = r#"{"qcs":["qcs::cam::uin/300000000001:uin/100000000001"]}"#;
    let bucket = for_principal(principal, r#""cos:GetObject""#, resource);
    let folder = Folder::new(&[
        ("plain.json", &of("allow", STOP)),
        ("bucket.json", &bucket),
        ("denies.json", &bucket.replace("allow", "deny")),
        (
            "test.toml",
            "policies = [\"plain.json\"]\n[[expect]]\ndecision = \"denied\"\naction = \"cvm:RunInstances\"\n\
             caller = 100000000001\n",
        ),
    ]);
    let object = "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/a.jpg";
    for (file, action, resource, expected) in [
        ("plain.json", "cvm:RunInstances", "*", 3),
        ("plain.json", "cvm:StopInstances", "*", 0),
        ("denies.json", "cos:GetObject", object, 3),
        // A principal tells the account of the user.
        ("bucket.json", "cos:GetObject", object, 0),
    ] {
        for caller in ["100000000001", "root"] {
            let (code, told) =
                folder.run(&["check", file, "--action", action, "--resource", resource, "--caller", caller]);
            assert_eq!(code, if caller == "root" { 0 } else { expected }, "{file} {action}: {told}");
        }
    }
    assert_eq!(folder.run(&["test", "test.toml"]).0, 0);
    let (_, told) = folder.run(&["grants", "plain.json", "--caller", "100000000001"]);
    assert!(told.contains("cvm:StopInstances"), "{told}");
    // Only the owner's account has the role.
    let role = bucket.replace("uin/300000000001:uin/100000000001", "uin/300000000001:roleName/reader");
    let folder = Folder::new(&[("role.json", &role), ("bucket.json", &bucket)]);
    let (code, told) = folder.run(&[
        "check",
        "role.json",
        "--action",
        "cos:GetObject",
        "--resource",
        object,
        "--caller",
        "role:reader",
    ]);
    assert_eq!(code, 0, "{told}");
    // Nobody is a user of an account that is somebody's user.
    let (_, told) = folder.run(&["who", "cos:GetObject", object, "bucket.json"]);
    assert!(!told.contains("of account 100000000001"), "{told}");
}

/// Every user of an account is looked for with one uin, and not named by it.
#[test]
fn a_longer_number_names_no_shorter_one() {
    let resource = r#","resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]"#;
    let of = |principal: &str, actions: &str| for_principal(principal, actions, resource);
    let folder = Folder::new(&[
        ("all.json", &of(r#""*""#, r#""cos:GetObject""#)),
        (
            "longer.json",
            &of(r#"{"qcs":["qcs::cam::uin/300000000001:uin/2000000000001"]}"#, r#""cos:PutObject""#),
        ),
    ]);
    let (_, told) = folder.run(&["who", "cos:GetObject", "*", "all.json", "longer.json"]);
    assert!(told.contains("every user of") && !told.contains("uin 200000000000\n"), "{told}");
}

/// What no list has is unknown, and a request about it is decided all the same.
#[test]
fn an_action_that_no_list_has_is_decided_and_called_unknown() {
    let folder = Folder::new(&[("a.json", &of("allow", r#""*""#))]);
    for action in ["cam:GetUsr", "cas:CreateVault", "finance:Pay", "httpdns:Describe"] {
        let resource = format!("qcs::{}::uin/100000000001:a/1", action.split_once(':').unwrap().0);
        let (code, told) = folder.run(&["check", "a.json", "--action", action, "--resource", &resource]);
        assert!(
            code == 0 && told.contains("neither the catalog nor the public SDK has the action"),
            "{told}"
        );
        let (code, told) = folder.run(&["who", action, "*", "a.json"]);
        assert!(
            code == 0 && told.contains("neither the catalog nor the public SDK has the action"),
            "{told}"
        );
    }
    // Where the catalog has the service, the explanation tells it, and nothing else repeats it.
    let (_, told) = folder.run(&["check", "a.json", "--action", "cvm:RunInstance"]);
    assert_eq!(told.matches("has no action").count() + told.matches("has the action").count(), 1, "{told}");
}

/// A slip that a policy allows is no access to anything, as far as the documentation goes.
#[test]
fn a_grant_of_an_action_that_nobody_lists_says_so() {
    let note = "note: `trtc:RemoveUsr`: the documentation of the service has no such action, and neither has the public \
                SDK; near it is `trtc:RemoveUser`";
    let folder = Folder::new(&[
        ("slip.json", &of("allow", r#""trtc:RemoveUsr","trtc:RemoveUser","cas:CreateVault""#)),
        ("wide.json", &of("allow", r#""trtc:*","cos:*""#)),
        ("users.json", &of("allow", r#""trtc:*User*""#)),
        ("nobody.json", &of("allow", r#""finance:Pay*""#)),
    ]);
    let (code, told) = folder.run(&["grants", "slip.json"]);
    assert!(code == 0 && told.contains(note), "{code}: {told}");
    assert!(
        told.contains("`cas:CreateVault`: neither the catalog nor the public SDK has the action"),
        "{told}"
    );
    assert_eq!(told.matches("note:").count(), 2, "{told}");
    let (code, told) = folder.run(&["compare", "wide.json", "slip.json"]);
    assert!(code == 0 && told.contains("cas:CreateVault") && told.contains("has the action"), "{told}");
    let (_, told) = folder.run(&["compare", "wide.json", "slip.json", "--format", "markdown"]);
    assert!(told.contains("  - note: `` `cas:CreateVault`: neither the catalog"), "{told}");
    let slips: Vec<String> = (0..8).map(|at| format!("\"trtc:Slip{at}\"")).collect();
    fs::write(folder.path().join("slips.json"), of("allow", &slips.join(","))).unwrap();
    let (_, told) = folder.run(&["grants", "slips.json"]);
    assert!(told.matches("has no such action").count() == 5, "{told}");
    assert!(told.contains("note: 3 more of these actions are not known either"), "{told}");
    let (code, told) = folder.run(&["grants", "nobody.json"]);
    assert!(
        code == 0 && told.contains("`finance:Pay*`: neither the catalog nor the public SDK has an action"),
        "{told}"
    );
    let (_, told) = folder.run(&["grants", "wide.json"]);
    assert!(!told.contains("note:"), "{told}");
    // What is asked for is told once.
    let (code, told) = folder.run(&["grants", "slip.json", "--action", "cas:CreateVault"]);
    assert!(code == 0 && told.matches("has the action").count() == 1, "{told}");
    let (code, told) = folder.run(&["grants", "wide.json", "--action", "cas:CreateVault"]);
    assert!(code == 1 && told.matches("has the action").count() == 1, "{told}");
    let (code, told) = folder.run(&["grants", "wide.json", "--action", "trtc:Remove*"]);
    assert!(code == 0 && told.starts_with("trtc:Remove*, trtc:RemoveUser"), "{told}");
    let app = "qcs::trtc:::sdkappid/1400000001";
    let (code, told) = folder.run(&["grants", "wide.json", "--action", "trtc:RemoveUser", "--resource", app]);
    assert!(code == 0 && told.starts_with(&format!("trtc:RemoveUser on {app}\n")), "{told}");
    let (_, told) = folder.run(&["grants", "users.json", "--action", "trtc:*Remove*"]);
    let only = "note: this is of those actions alone that `trtc:*Remove*` matches too; no single pattern is known for both";
    assert!(told.starts_with("trtc:*User*, trtc:RemoveUser") && told.contains(only), "{told}");
}

#[test]
fn a_policy_in_the_wrong_layer_is_told_with_its_kind() {
    let folder = Folder::new(&[("a.json", &of("allow", STOP))]);
    let (code, told) =
        folder.run(&["check", "--trust", "a.json", "--action", "sts:AssumeRole", "--owner", "100000000001"]);
    assert!(code == 2 && told.contains("by its elements, its kind is `identity policy`"), "{told}");
}

#[test]
fn assuming_a_role_needs_the_user_and_the_role() {
    let trust = for_principal(r#"{"qcs":["qcs::cam::uin/100000000001:root"]}"#, r#""sts:AssumeRole""#, "");
    let service = for_principal(r#"{"service":["cls.cloud.tencent.com"]}"#, r#""sts:AssumeRole""#, "");
    let user = of("allow", r#""sts:AssumeRole""#);
    let folder = Folder::new(&[("trust.json", &trust), ("service.json", &service), ("user.json", &user)]);
    let check = |more: &[&str]| {
        let (code, told) =
            folder.run(&[&["check", "--action", "sts:AssumeRole", "--owner", "100000000001"], more].concat());
        assert_eq!(code, 0, "{told}");
        told
    };
    let caller = ["--caller", "100000000005"];
    let told = check(&[&["--trust", "trust.json"][..], &caller].concat());
    assert!(told.contains("the policies of the user have to allow it, too"), "{told}");
    let told = check(&[&["user.json"][..], &caller].concat());
    assert!(told.contains("the trust policy of the role, which has to allow it, too"), "{told}");
    for settled in [
        &["user.json", "--trust", "trust.json", "--caller", "100000000005"][..],
        &["--trust", "service.json", "--caller", "service:cls.cloud.tencent.com"],
    ] {
        let told = check(settled);
        assert!(!told.contains("too"), "{told}");
    }
}

#[test]
fn what_an_identity_policy_newly_allows_is_not_public_beside_a_bucket_policy() {
    let bucket = for_principal(
        r#"{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}"#,
        r#""cos:GetObject""#,
        r#","resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]"#,
    );
    let folder = Folder::new(&[
        ("before/user.json", &of("allow", STOP)),
        ("before/bucket.json", &bucket),
        ("after/user.json", &of("allow", BOTH)),
        ("after/bucket.json", &bucket),
    ]);
    let (code, told) = folder.run(&["compare", "before", "after", "--together", "--fail-on", "new-public"]);
    assert!(code == 0 && told.contains("1 new, 0 lost"), "{told}");
    assert!(!told.contains("of account"), "{told}");

    let check = ["check", "after/user.json", "--action", "cvm:StopInstances", "--owner", "100000000001"];
    let (_, told) = folder.run(&[&check[..], &["--account", "207777777777"]].concat());
    assert!(told.contains("an account attaches its policies to its own users"), "{told}");
    let (_, told) = folder.run(&[&check[..], &["--account", "100000000001"]].concat());
    assert!(!told.contains("attaches"), "{told}");
}

#[test]
fn commands_say_whether_they_unite_the_files() {
    let folder = Folder::new(&[
        ("a/admin.json", &of("allow", BOTH)),
        ("a/deny.json", &of("deny", STOP)),
        ("b/admin.json", &of("allow", STOP)),
        ("b/deny.json", &of("deny", STOP)),
    ]);
    for (arguments, note) in [
        (
            &["who", "cvm:StopInstances", "*", "a"][..],
            "`check` and `grants` take all of them as those of one user",
        ),
        (&["compare", "a", "b"], "--together takes all of a side as those of one user"),
        (
            &["check", "a", "--action", "cvm:StopInstances"],
            "the 2 identity policies are taken as those of one user",
        ),
        (&["grants", "a"], "the 2 identity policies are taken as those of one user"),
    ] {
        let (_, told) = folder.run(arguments);
        assert!(told.contains(note), "{arguments:?}: {told}");
    }
    let (_, told) = folder.run(&["check", "a/admin.json", "--action", "cvm:StopInstances"]);
    assert!(!told.contains("are taken as those of one user"), "{told}");
    let (_, told) = folder.run(&["compare", "a/admin.json", "b/admin.json"]);
    assert!(!told.contains("--together"), "{told}");
}

/// What one role allows says nothing of another role.
#[test]
fn the_trust_policies_of_two_roles_are_not_those_of_one() {
    let trust = |whom: &str| {
        format!(
            r#"{{\"version\":\"2.0\",\"statement\":[{{\"effect\":\"allow\",\"action\":\"name/sts:AssumeRole\",\"principal\":{whom}}}]}}"#
        )
    };
    let roles = format!(
        r#"{{"Response":{{"List":[{{"RoleName":"a","PolicyDocument":"{}"}},{{"RoleName":"b","PolicyDocument":"{}"}}]}}}}"#,
        trust(r#"{\"service\":\"cvm.qcloud.com\"}"#),
        trust(r#"{\"qcs\":\"*\"}"#),
    );
    let folder = Folder::new(&[("roles.json", &roles)]);
    let (code, told) = folder.run(&["check", "--trust", "roles.json", "--action", "sts:AssumeRole"]);
    assert!(code == 2 && told.contains("are the trust policies of two roles"), "{told}");
}

/// The same as for `check` and `grants`: the stand-in for an account that nobody names is none of the callers.
#[test]
fn a_comparison_does_not_take_its_caller_for_the_root_account_that_nobody_names() {
    let resource = r#","resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]"#;
    let principal = r#"{"qcs":["qcs::cam::uin/300000000001:uin/100000000001"]}"#;
    let bucket = for_principal(principal, r#""cos:GetObject""#, resource);
    let folder = Folder::new(&[
        ("a.json", &of("allow", STOP)),
        ("b.json", &of("allow", BOTH)),
        ("reads.json", &bucket),
        ("writes.json", &bucket.replace("cos:GetObject", "cos:PutObject")),
    ]);
    for of_caller in
        [&["--caller", "100000000001"][..], &["--caller", "100000000002", "--account", "100000000001"]]
    {
        let (code, told) = folder.run(&[&["compare", "a.json", "b.json"][..], of_caller].concat());
        assert!(code == 0 && told.contains("1 new, 0 lost"), "{of_caller:?}: {told}");
    }
    // A principal tells the account of the user.
    let (code, told) = folder.run(&["compare", "reads.json", "writes.json", "--caller", "100000000001"]);
    assert!(code == 0 && told.contains("1 new, 1 lost"), "{told}");
}

/// It would pass for want of a fact, and the request that CAM decides has the fact.
#[test]
fn an_expectation_that_depends_on_what_it_does_not_give_fails() {
    let condition = |operator: &str| format!(r#","condition":{{"{operator}":{{"qcs:ip":["10.0.0.0/8"]}}}}"#);
    let outside = statement("deny", STOP, &condition("ip_not_equal"));
    let own = r#"{"effect":"deny","action":["cos:GetObject"],"resource":["qcs::cos:ap-guangzhou::photos-1250000000/*"]}"#;
    let object = "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/a.jpg";
    let folder = Folder::new(&[
        ("guarded.json", &policy(&format!("{},{outside}", statement("allow", STOP, "")))),
        ("office.json", &policy(&statement("allow", STOP, &condition("ip_equal")))),
        ("absent.json", &policy(&statement("allow", STOP, &condition("ip_equal_if_exist")))),
        ("own.json", &policy(&format!("{},{own}", statement("allow", r#""cos:*""#, "")))),
        ("deny.json", &policy(&outside)),
        ("deny_if_exist.json", &policy(&statement("deny", STOP, &condition("ip_equal_if_exist")))),
    ]);
    let test = |file: &str, decision: &str, resource: &str, more: &str| {
        let action = if resource == "*" { "cvm:StopInstances" } else { "cos:GetObject" };
        let text = format!(
            "policies = [\"{file}\"]\n[[expect]]\ndecision = \"{decision}\"\naction = \"{action}\"\nresource = \"{resource}\"\n{more}"
        );
        fs::write(folder.path().join("test.toml"), text).unwrap();
        folder.run(&["test", "test.toml"])
    };
    let inside = "context = { \"qcs:ip\" = \"10.0.0.1\" }";
    let abroad = "context = { \"qcs:ip\" = \"192.0.2.1\" }";
    for (file, expected) in
        [("guarded.json", "allowed"), ("office.json", "denied"), ("absent.json", "allowed")]
    {
        let (code, told) = test(file, expected, "*", "");
        assert!(
            code == 1 && told.contains("but that depends on `qcs:ip`, which the expectation does not give"),
            "{told}"
        );
        assert!(told.contains("help: give it in the expectation: `context = { \"qcs:ip\""), "{told}");
        for (context, decision) in [(inside, "allowed"), (abroad, "denied")] {
            let (code, told) = test(file, decision, "*", context);
            assert_eq!(code, 0, "{file} {context}: {told}");
        }
    }
    // Nothing allows the request, and a deny matches it from some addresses.
    for (file, expected) in [("deny.json", "implicitly denied"), ("deny_if_exist.json", "explicitly denied")]
    {
        let (code, told) = test(file, expected, "*", "");
        assert!(
            code == 1 && told.contains("but that depends on `qcs:ip`, which the expectation does not give"),
            "{told}"
        );
        assert_eq!(test(file, "denied", "*", "").0, 0, "{file} denies in any case");
    }
    for (file, context, decision) in [
        ("deny.json", inside, "implicitly denied"),
        ("deny.json", abroad, "explicitly denied"),
        ("deny_if_exist.json", inside, "explicitly denied"),
        ("deny_if_exist.json", abroad, "implicitly denied"),
    ] {
        let (code, told) = test(file, decision, "*", context);
        assert_eq!(code, 0, "{file} {context}: {told}");
    }
    let (code, told) = test("own.json", "allowed", object, "");
    assert!(
        code == 1 && told.contains("depends on the APPID") && told.contains("`app_id = 1250000000`"),
        "{told}"
    );
    assert_eq!(test("own.json", "allowed", object, "app_id = 1250000001").0, 0);
    assert_eq!(test("own.json", "denied", object, "app_id = 1250000000").0, 0);
}

/// A policy that the program makes for a search is known by more than a name that a file may have, too.
#[test]
fn a_policy_with_the_name_of_one_that_the_program_makes_is_told() {
    let one = format!(r#"{{"effect":"deny","action":[{STOP}],"resource":["qcs::cvm:::instance/ins-1"]}}"#);
    let both = policy(&format!("{},{one}", statement("allow", STOP, "")));
    for name in ["a request without a key of every request", "another policy"] {
        let folder = Folder::new(&[(name, &both)]);
        let (code, told) = folder.run(&["grants", name]);
        assert!(
            code == 0 && told.contains(&format!("except what is denied by statement 1 of {name}")),
            "{told}"
        );
    }
}

#[test]
fn a_file_of_a_revision_may_be_as_large_as_one_on_the_disk() {
    let large = format!("{}{}", of("allow", STOP), " ".repeat(64 << 20));
    let folder = Folder::new(&[("large.json", &large)]);
    folder.git(&["init", "-q"]);
    folder.commit("old");
    fs::write(folder.path().join("large.json"), of("allow", BOTH)).unwrap();
    let limit = "it has more than 64 MiB, and policies are read from smaller texts only";
    let (code, told) = folder.run(&["compare", "old:large.json", "large.json"]);
    assert!(code == 2 && told.contains(limit), "{told}");
    let (code, told) = folder.run(&["compare", "old:", ".", "--format", "markdown"]);
    assert!(code == 0 && told.contains("cannot be read") && told.contains(limit), "{code}: {told}");
}
