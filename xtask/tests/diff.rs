//! What `diff` says of changes made by hand, and how it says it.

mod common;
mod diff_cases;

use std::fs;
use std::process::Command;

use common::{Copy, Outcome, edit};
use diff_cases::{BEFORE, CASES, after, line, parse};
use serde_json::Value;
use xtask::diff::{Item, Kind, report};

/// A bit of everything.
const MIXED: &[(&str, &str)] = &[
    ("version = 3", "version = 4"),
    (
        "[service.vault.action.LockSafe]\n  granularity = \"resource\"\n  patterns = [\"safe\"]",
        LOCK_SAFE_EVERYWHERE,
    ),
    ("action.MarkKey]", "action.MarkKeys]"),
    ("https://example.com/open", "https://example.com/open-safe"),
    (
        "Opens a safe.",
        "Opens a safe | with a `key`, any *key* that was attached to it before, or the master key.",
    ),
    ("  tag_authorization = false\n", "  tag_authorization = true\n"),
    ("A seat.", "A chair."),
    ("[service.vault.action.SearchSafes]", COUNT_SAFES),
];
const LOCK_SAFE_EVERYWHERE: &str = "[service.vault.action.LockSafe]\n  granularity = \"operation\"";
const COUNT_SAFES: &str = "[service.vault.action.CountSafes]
  granularity = \"operation\"
  access_level = \"list\"
  description.en = \"Counts safes.\"
  description.zh = \"统计保险箱。\"

[service.vault.action.SearchSafes]";

#[test]
fn each_change_is_told_for_what_it_is() {
    let mut wrong = Vec::new();
    for case in CASES {
        let changes = report(&parse(BEFORE), &parse(&after(case.edits)));
        let lines: Vec<String> = changes.list.iter().map(line).collect();
        if lines != case.says {
            wrong.push(format!("@@ {}\n{}\n", case.name, lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.concat());
    assert!(CASES.len() >= 25);
}

#[test]
fn a_change_and_its_reverse_have_the_same_subjects() {
    for case in CASES {
        let (old, new) = (parse(BEFORE), parse(&after(case.edits)));
        let count = |changes: xtask::diff::Changes| {
            changes.list.iter().filter(|change| change.fact.is_some()).count()
        };
        assert_eq!(count(report(&old, &new)), count(report(&new, &old)), "{}", case.name);
        assert_eq!(report(&new, &new).list, [], "{}", case.name);
    }
}

#[test]
fn a_mixed_change_in_every_format() {
    let copy = Repository::new();
    copy.write("catalog.toml", &after(MIXED));
    for format in ["text", "markdown", "changelog", "json"] {
        let outcome = copy.run(&["diff", "--format", format]);
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("diff_{format}"), outcome.out);
    }
}

#[test]
fn the_markdown_shows_a_table_a_service() {
    let copy = Repository::new();
    copy.write("catalog.toml", &after(MIXED));
    let page = copy.run(&["diff", "--format", "markdown"]).out;
    let events = pulldown_cmark::Parser::new_ext(&page, pulldown_cmark::Options::ENABLE_TABLES);
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    assert_eq!(html.matches("<table>").count(), 3);
    assert!(html.contains("Opens a safe | with a `key`, any *key*"), "{html}");
}

#[test]
fn the_json_agrees_with_its_schema() {
    let copy = Repository::new();
    let schema: Value = serde_json::from_str(&copy.run(&["schema", "diff"]).out).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    for case in CASES {
        copy.write("catalog.toml", &after(case.edits));
        let json: Value = serde_json::from_str(&copy.run(&["diff", "--format", "json"]).out).unwrap();
        assert!(validator.is_valid(&json), "{}: {json:#}", case.name);
        assert_eq!(json["changes"].as_array().unwrap().len(), case.says.len());
        let mut wrong = json;
        wrong["level"] = "huge".into();
        assert!(!validator.is_valid(&wrong));
    }
}

#[test]
fn revisions_and_files() {
    let copy = Repository::new();
    assert_eq!(copy.said(&["diff"]), "HEAD:catalog.toml → the working tree: no permission changed\n");

    copy.write("catalog.toml", &edit(BEFORE, "Opens a safe.", "Opens it."));
    copy.commit("second");
    copy.git(&["tag", "second"]);
    copy.write("catalog.toml", &edit(BEFORE, "Opens a safe.", "Opens one."));
    let heads = |args: &[&str]| copy.said(args).lines().next().unwrap_or_default().to_owned();
    assert!(copy.said(&["diff"]).contains("description.en: Opens it. → Opens one."));
    assert!(
        heads(&["diff", "HEAD~1"])
            .starts_with("HEAD~1:catalog.toml → the working tree: 1 change, forcing a patch")
    );
    assert!(copy.said(&["diff", "HEAD~1", "second"]).contains("description.en: Opens a safe. → Opens it."));
    assert!(copy.said(&["diff", "second", "HEAD~1"]).contains("description.en: Opens it. → Opens a safe."));

    copy.write("other.toml", BEFORE);
    let file = copy.copy.path("other.toml");
    let file = file.to_str().unwrap();
    assert!(copy.said(&["diff", file]).contains("description.en: Opens a safe. → Opens one."));
    assert!(copy.said(&["diff", "second", file]).contains("description.en: Opens it. → Opens a safe."));
}

#[test]
fn what_cannot_be_read_is_told() {
    let copy = Repository::new();
    let outcome = copy.run(&["diff", "nowhere", "neither"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    for name in ["nowhere", "neither"] {
        assert!(outcome.err.contains(&format!("no catalog.toml of `{name}` can be read; git says: fatal:")));
    }
    let outcome = copy.run(&["diff", "absent.toml"]);
    assert!(outcome.err.contains("nor is there a file `absent.toml`"), "{}", outcome.err);

    // Both broken sides in one run.
    copy.write("broken.toml", &BEFORE.replace("access_level = \"list\"", "access_level = \"lst\""));
    copy.write("catalog.toml", &edit(BEFORE, "console_access = true", "console_acess = true"));
    let file = copy.copy.path("broken.toml");
    let outcome = copy.run(&["diff", file.to_str().unwrap()]);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    assert!(outcome.err.contains("broken.toml:") && outcome.err.contains("lst"), "{}", outcome.err);
    assert!(
        outcome.err.contains("catalog.toml:10:3") && outcome.err.contains("console_acess"),
        "{}",
        outcome.err
    );
    assert_eq!(copy.run(&["diff", "HEAD", "HEAD"]).code, 0, "the working tree is not asked for");

    let outside = Copy::of(BEFORE).run(&["diff"]);
    assert_eq!(outside.code, 1);
    assert!(outside.err.contains("git says: fatal: not a git repository"), "{}", outside.err);
}

#[test]
fn wrong_command_lines() {
    let copy = Copy::of(BEFORE);
    for (args, says) in [
        (&["diff", "a", "b", "c"][..], "unexpected argument \"c\""),
        (&["diff", "--format", "markdwn"], "no format `markdwn`; did you mean `markdown`?"),
        (&["diff", "--format"], "missing argument for option '--format'"),
        (&["diff", "--output=x"], "invalid option '--output'"),
        (&["diff", "a", "b", "--check"], "name no NEW"),
        (&["diff", "a", "--since-release"], "name no catalog"),
    ] {
        let outcome = copy.run(args);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{args:?}");
        assert!(outcome.err.contains(says), "{args:?}: {}", outcome.err);
    }
    // Not an option of git either.
    let outcome = copy.run(&["diff", "--", "--output=x"]);
    assert_eq!(outcome.code, 1);
    assert!(!copy.path("x").exists());
}

#[test]
fn check_before_any_release() {
    let copy = Repository::new();
    copy.write("catalog.toml", &after(&MIXED[..2]));
    for args in [&["diff", "--check"][..], &["diff", "HEAD", "--check"]] {
        let out = copy.said(args);
        assert!(out.contains("granularity widened"), "{out}");
        assert!(out.contains("2 changes, which after a release would force a major version"), "{out}");
        assert!(out.ends_with("\nNo version is forced yet: there is no release to compare with, no tag `v*` that HEAD can reach and no catalog in releases/.\n"), "{out}");
    }
    let json: Value = serde_json::from_str(&copy.said(&["diff", "--check", "--format", "json"])).unwrap();
    assert_eq!(json["level"], "major");
    let outcome = copy.run(&["diff", "--since-release"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    for says in
        ["there is no release", "`cargo xtask diff` compares with HEAD", "a tag `v<version>`", "releases/v"]
    {
        assert!(outcome.err.contains(says), "{}", outcome.err);
    }
    copy.write("catalog.toml", "[service");
    assert_eq!(copy.run(&["diff", "--check"]).code, 1, "a broken catalog is broken");
}

#[test]
fn check_wants_the_version_that_is_forced() {
    let copy = Repository::new();
    copy.version("0.1.0");
    copy.commit("release");
    copy.git(&["tag", "v0.1.0"]);
    assert!(copy.passes("0.1.0", ""), "nothing changed");

    copy.write("catalog.toml", &after(&[("Opens a safe.", "Opens it.")]));
    let texts = "### Permission data\n\n- `vault`: description: `OpenSafe`.\n";
    let error = copy.fails("0.1.1", texts);
    assert!(error.contains("catalog.toml has the `version` it was released with"), "{error}");
    copy.write("catalog.toml", &after(&[("Opens a safe.", "Opens it."), ("version = 3", "version = 4")]));
    let texts = &format!("{texts}- `catalog`: version of the data, `3` → `4`.\n");
    for (version, passes) in [("0.1.0", false), ("0.1.1", true), ("0.2.0", true)] {
        assert_eq!(copy.passes(version, texts), passes, "{version}");
    }
    assert!(!copy.passes("0.1.1", "- Something else.\n"), "the changelog does not say it");

    copy.write("catalog.toml", &after(&MIXED[..2]));
    let breaking = copy.said(&["diff", "--since-release", "--format", "changelog"]);
    for (version, passes) in [("0.1.0", false), ("0.1.1", false), ("0.2.0", true), ("1.0.0", true)] {
        assert_eq!(copy.passes(version, &breaking), passes, "{version}");
    }
    let error = copy.fails("0.1.1", &breaking);
    assert!(error.contains("Cargo.toml says version 0.1.1, which must be 0.2.0 at least"), "{error}");
    let error = copy.fails("0.2.0", texts);
    assert!(error.contains("section 0.2.0 of CHANGELOG.md lacks"), "{error}");
    assert!(error.contains("`LockSafe`: granularity widened"), "{error}");
    copy.write("CHANGELOG.md", "# Changelog\n\n## 0.1.0\n");
    assert!(copy.run(&["diff", "--check"]).err.contains("no section `## 0.2.0`"));
    fs::remove_file(copy.copy.path("CHANGELOG.md")).unwrap();
    copy.version("0.1.0");
    let both = copy.run(&["diff", "--check"]).err;
    assert!(both.contains("must be 0.2.0") && both.contains("CHANGELOG.md does not exist"), "{both}");
}

#[test]
fn check_wants_a_removed_action_marked_first() {
    let copy = Repository::new();
    copy.git(&["tag", "v1.2.3"]);
    let raised = |edits: &[(&str, &str)]| edit(&after(edits), "version = 3", "version = 4");
    copy.write("catalog.toml", &raised(&[("action.MarkKey]", "action.MarkKeys]")]));
    let error = copy.fails("2.0.0", &copy.said(&["diff", "--since-release", "--format", "changelog"]));
    assert!(error.contains("vault:MarkKey: it was not marked before it went"), "{error}");
    assert!(error.contains("`replaced_by = \"MarkKeys\"`"), "{error}");

    copy.write("catalog.toml", &raised(&[(case("removed after it was marked"), "")]));
    let section = copy.said(&["diff", "--since-release", "--format", "changelog"]);
    assert!(copy.passes("2.0.0", &section));
    assert!(!copy.passes("1.3.0", &section), "it breaks programs all the same");
}

#[test]
fn what_no_release_had_may_go_at_once() {
    let copy = Repository::new();
    let renamed = |version: &str| {
        edit(
            &after(&[("action.MarkKey]", "action.MarkKeys]")]),
            "version = 3",
            &format!("version = {version}"),
        )
    };
    copy.write("catalog.toml", &renamed("4"));
    for format in ["text", "markdown"] {
        let args = ["diff", "--format", format];
        assert!(copy.said(&args).contains("was not marked before it went"));
        let checked = copy.said(&[&args[..], &["--check"]].concat());
        assert!(!checked.contains("was not marked") && !checked.contains('⚠'), "{checked}");
        assert!(!checked.contains(", forcing") && checked.contains("No version is forced yet"), "{checked}");
    }
    let json: Value = serde_json::from_str(&copy.said(&["diff", "--check", "--format", "json"])).unwrap();
    assert!(json["changes"].as_array().unwrap().iter().all(|change| change["error"].is_null()), "{json:#}");

    // The release has the old name: against the branch, which has the new one already, going back is fine.
    copy.version("0.1.0");
    copy.commit("release");
    copy.git(&["tag", "v0.1.0"]);
    copy.write("catalog.toml", BEFORE);
    let outcome = copy.run(&["diff", "--check"]);
    assert_eq!(outcome.code, 1, "{}", outcome.out);
    assert!(outcome.out.contains("error:") && outcome.err.contains("was not marked"), "{}", outcome.out);
    copy.git(&["tag", "-d", "v0.1.0"]);
    copy.git(&["tag", "v0.1.0", "HEAD~1"]);
    copy.write("catalog.toml", &edit(&renamed("5"), "action.MarkKeys]", "action.MarkKey]"));
    let outcome = copy.run(&["diff", "HEAD", "--check"]);
    assert!(!outcome.out.contains("error:") && !outcome.err.contains("was not marked"), "{}", outcome.out);
}

/// What the only edit of a case takes away.
fn case(name: &str) -> &'static str {
    CASES.iter().find(|case| case.name == name).expect("a case").edits[0].0
}

#[test]
fn a_new_name_is_proposed_for_a_marked_action() {
    let marked = "[service.vault.action.MarkKey]\n  removed = 2026-02-06\n";
    let new = "[service.vault.action.MarkKeys]
  granularity = \"resource\"
  patterns = [\"key\"]
  access_level = \"write\"
  ip_condition = false
  description.en = \"Marks keys.\"
  description.zh = \"标记多把钥匙。\"

[service.vault.action.OpenSafe]";
    let edits = [("[service.vault.action.MarkKey]\n", marked), ("[service.vault.action.OpenSafe]", new)];
    let changes = report(&parse(BEFORE), &parse(&after(&edits))).list;
    let lines: Vec<String> = changes.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "minor action_deprecated vault MarkKey removed: - → removed 2026-02-06",
            "minor action_added vault MarkKeys: - → resource, qcs::vault:${region}:uin/${uin}:key/${KeyId}",
        ]
    );
    assert!(changes[0].hint.as_ref().is_some_and(|hint| hint.contains("`replaced_by = \"MarkKeys\"`")));
}

#[test]
fn only_what_was_not_marked_is_a_fault() {
    for case in CASES {
        for change in report(&parse(BEFORE), &parse(&after(case.edits))).list {
            let gone = matches!(change.kind, Kind::ActionRemoved | Kind::ActionRenamed);
            assert_eq!(change.error.is_some(), gone && change.item != Item::Action("RustKey".to_owned()));
        }
    }
}

#[test]
fn the_last_release_is_the_highest_that_is_reachable() {
    let copy = Repository::new();
    let release = |name: &str| {
        let out = copy.said(&["diff", "--since-release"]);
        assert!(out.starts_with(&format!("{name} → the working tree")), "{out}");
    };
    fs::create_dir(copy.copy.path("releases")).unwrap();
    copy.write("releases/v0.0.9.toml", BEFORE);
    copy.write("releases/v0.0.10.toml", BEFORE);
    copy.write("releases/README.md", "Catalogs as they were released.\n");
    release("releases/v0.0.10.toml");
    for tag in ["v0.9.0", "v0.10.0", "v0.11.0-rc.1", "vault"] {
        copy.git(&["tag", tag]);
    }
    release("v0.10.0:catalog.toml");
    copy.commit("records");
    copy.git(&["checkout", "-q", "-b", "other"]);
    copy.write("catalog.toml", &edit(BEFORE, "Opens a safe.", "Opens it."));
    copy.commit("elsewhere");
    copy.git(&["tag", "v9.0.0"]);
    copy.git(&["checkout", "-q", "-"]);
    release("v0.10.0:catalog.toml");

    copy.version("0.10.0");
    assert!(copy.said(&["diff", "--check"]).contains("since 0.10.0, which need 0.10.0 at least"));
}

#[test]
fn check_reports_from_a_branch_and_checks_from_the_release() {
    let copy = Repository::new();
    copy.version("0.1.0");
    copy.commit("versioned");
    copy.git(&["tag", "v0.1.0"]);
    copy.write("catalog.toml", &after(&MIXED[..2]));
    copy.commit("on the branch already");
    copy.write("catalog.toml", &after(&[MIXED[0], MIXED[1], ("Opens a safe.", "Opens it.")]));
    let outcome = copy.run(&["diff", "HEAD", "--format", "markdown", "--check"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.out.contains("1 change, forcing a patch version"), "{}", outcome.out);
    assert!(outcome.err.contains("which must be 0.2.0 at least"), "{}", outcome.err);
}

/// A project under git, with one commit.
struct Repository {
    copy: Copy,
}

impl Repository {
    fn new() -> Self {
        let new = Self { copy: Copy::of(BEFORE) };
        new.git(&["init", "-q"]);
        new.commit("first");
        new
    }

    fn git(&self, args: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.copy.path(""))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn write(&self, path: &str, text: &str) {
        self.copy.write(path, text);
    }

    fn run(&self, args: &[&str]) -> Outcome {
        self.copy.run(args)
    }

    /// What a command prints that must succeed.
    fn said(&self, args: &[&str]) -> String {
        let outcome = self.run(args);
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{args:?}");
        outcome.out
    }

    fn version(&self, version: &str) {
        self.write("Cargo.toml", &format!("[package]\nname = \"fixture\"\nversion = \"{version}\"\n"));
    }

    fn checked(&self, version: &str, section: &str) -> Outcome {
        self.version(version);
        self.write(
            "CHANGELOG.md",
            &format!("# Changelog\n\n## [{version}] - 2026-01-01\n\n{section}\n## [0.0.1]\n"),
        );
        self.run(&["diff", "--check"])
    }

    fn passes(&self, version: &str, section: &str) -> bool {
        self.checked(version, section).code == 0
    }

    fn fails(&self, version: &str, section: &str) -> String {
        let outcome = self.checked(version, section);
        assert_eq!(outcome.code, 1, "{}", outcome.out);
        outcome.err
    }
}
