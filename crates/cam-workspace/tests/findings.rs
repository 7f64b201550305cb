//! Findings in files: suppressions, baselines, fixes, and what does not depend on the unknown.

use std::collections::BTreeSet;

use cam_lint::{FixMode, Kind, LintOptions, Persona, prove};
use cam_policy::example::CATALOG;
use cam_workspace::baseline::{Baseline, Known};
use cam_workspace::config::Config;
use cam_workspace::fix::fix_file;
use cam_workspace::lint::{Coverage, FileReport, Settings, lint_config, lint_file};
use proptest::prelude::*;
use proptest::sample::select;

fn settings(config: &Config) -> Settings<'_> {
    Settings {
        options: LintOptions::new(CATALOG).persona(Persona::Pedantic),
        kind: None,
        config,
        baseline: None,
        today: "2026-11-27".parse().unwrap(),
    }
}

/// The findings as `rule line: held text`.
fn shown(report: &FileReport) -> Vec<String> {
    let line = |at: usize| report.text[..at].matches('\n').count() + 1;
    let findings = report.findings.iter();
    findings
        .map(|one| format!("{} {}: {}", one.rule.id, line(one.span.start()), &report.text[one.span.range()]))
        .collect()
}

fn lint(name: &str, text: &str) -> FileReport {
    lint_file(name, name, text, &settings(&Config::default()))
}

/// A deny of an operation-level action on a named resource: CAM102, in line `\n`s before.
const DENY: &str =
    r#"{"effect": "deny", "action": ["trtc:GetUserList"], "resource": ["qcs::trtc:::sdkappid/1400000001"]}"#;

fn hcl(comment: &str, inner: &str) -> String {
    format!(
        "{comment}\nresource \"tencentcloud_cam_policy\" \"a\" {{\n  document = jsonencode({{\n    version = \"2.0\"\n    statement = [\n      {inner}\n      {DENY},\n      {DENY_OTHER},\n    ]\n  }})\n}}\n"
    )
}

const DENY_OTHER: &str =
    r#"{"effect": "deny", "action": ["trtc:GetUserList"], "resource": ["qcs::trtc:::sdkappid/1400000002"]}"#;

fn of(report: &FileReport, rule: &str) -> usize {
    report.findings.iter().filter(|one| one.rule.id == rule).count()
}

#[test]
fn a_comment_is_for_a_line_a_statement_or_a_policy() {
    assert_eq!(of(&lint("a.tf", &hcl("", "")), "CAM102"), 2);
    let one = lint("a.tf", &hcl("", "# tencent-cam: ignore CAM102 the old console"));
    assert_eq!((of(&one, "CAM102"), of(&one, "CAM901"), one.suppressed), (1, 0, 1));
    let both = lint("a.tf", &hcl("// tencent-cam: ignore operation-level-deny the old console", ""));
    assert_eq!((of(&both, "CAM102"), of(&both, "CAM901"), both.suppressed), (0, 0, 2));
    let other = lint("a.tf", &hcl("/* tencent-cam: ignore CAM101 the old console */", ""));
    assert_eq!((of(&other, "CAM102"), of(&other, "CAM901")), (2, 1));
    let trailing = hcl("", "").replace("1400000002\"]},", "1400000002\"]}, # tencent-cam: ignore CAM102 why");
    let trailing = lint("a.tf", &trailing);
    assert_eq!((of(&trailing, "CAM102"), trailing.suppressed), (1, 1));
}

#[test]
fn comments_of_jsonc_and_markdown_count_and_those_in_a_text_do_not() {
    let policy =
        format!("{{\"version\": \"2.0\", \"statement\": [\n// tencent-cam: ignore CAM102 why\n{DENY},\n]}}");
    let report = lint("a.jsonc", &policy);
    assert_eq!((shown(&report), report.suppressed), (vec![], 1));
    let markdown = format!(
        "<!-- tencent-cam: ignore CAM102 an example -->\n```json\n{{\"version\": \"2.0\", \"statement\": [{DENY}]}}\n```\n"
    );
    let report = lint("a.md", &markdown);
    assert_eq!((shown(&report), report.suppressed), (vec![], 1));
    let heredoc = "locals {\n  a = <<EOF\n{\"version\": \"2.0\",\n# tencent-cam: ignore CAM102 why\n\"statement\": []}\nEOF\n}\n";
    assert_eq!(lint("a.tf", heredoc).suppressed, 0);
    assert_eq!(of(&lint("a.tf", heredoc), "CAM901"), 0);
}

/// A mistake elsewhere in the file makes no mistake of what the format allows.
#[test]
fn comments_and_last_commas_are_no_mistakes_of_a_broken_jsonc_file() {
    let broken = format!(
        "// who may do what\n{{\"version\": \"2.0\" /* of, [the] \"grammar\" */\n \"statement\": [\n{DENY}, // \"https://a.b/\n],\n}} // end"
    );
    let report = lint("a.jsonc", &broken);
    assert_eq!(shown(&report), ["CAM001 2: ", "CAM102 4: trtc:GetUserList"]);
    assert_eq!(report.policies.len(), 1);
    let config = Config::default();
    let fixed = fix_file("a.jsonc", "a.jsonc", &broken, &settings(&config), FixMode::Unsafe).text;
    let mended =
        broken.replace("\"2.0\"", "\"2.0\",").replace("[\"qcs::trtc:::sdkappid/1400000001\"]", "[\"*\"]");
    assert_eq!(fixed, mended, "what is commented stays");
    // A comma alone is no item, and a comment that does not end is one.
    for (text, is_broken) in [("[,]", true), ("[{},,]", true), ("[] /* ", true), ("[],", false)] {
        let text = format!("{{\"version\": \"2.0\", \"statement\": {text}}}");
        let report = lint("a.jsonc", &text);
        assert_eq!(of(&report, "CAM001") > 0, is_broken, "{text}: {:?}", shown(&report));
    }
    let plain = lint("a.json", &broken);
    assert_eq!(of(&plain, "CAM001"), 7, "{:?}", shown(&plain));
}

#[test]
fn a_comment_that_is_wrong_says_why() {
    let says = |comment: &str| {
        let report = lint("a.tf", &hcl(comment, ""));
        assert_eq!(of(&report, "CAM102"), 2, "{comment} suppresses nothing");
        let own = report.findings.iter().find(|one| one.rule.id.starts_with("CAM90")).unwrap();
        format!("{}: {}", own.rule.id, own.message)
    };
    insta::assert_snapshot!(
        [
            says("# tencent-cam: ignore CAM102"),
            says("# tencent-cam: ignore CAM9999 why"),
            says("# tencent-cam: ignore operation-level-dny why"),
            says("# tencent-cam: ignore CAM901 why"),
            says("# tencent-cam: disable CAM102 why"),
            says("# tencent-cam: ignore CAM102 until 2026-11-27 why"),
            says("# tencent-cam: ignore CAM102 until tomorrow why"),
        ]
        .join("\n")
    );
    let later = lint("a.tf", &hcl("# tencent-cam: ignore CAM102 until 2026-11-28: why", ""));
    assert_eq!((of(&later, "CAM102"), later.suppressed), (0, 2));
}

#[test]
fn a_configuration_suppresses_by_pointer_and_says_what_it_need_not() {
    let text = format!("{{\"version\": \"2.0\", \"statement\": [{DENY}, {DENY_OTHER}]}}");
    let config = |more: &str| {
        Config::parse(&format!(
            "[[ignore]]\nfile = \"p/*.json\"\nrule = \"CAM102\"\nreason = \"why\"\n{more}"
        ))
        .unwrap()
    };
    let count = |config: &Config, path: &str| {
        let report = lint_file(path, path, &text, &settings(config));
        (report.suppressed, report.used.len())
    };
    assert_eq!(count(&config(""), "p/a.json"), (2, 1));
    assert_eq!(count(&config(""), "p/q/a.json"), (0, 0), "`*` stays in its folder");
    assert_eq!(count(&config("pointer = \"/statement/0\""), "p/a.json"), (1, 1));
    assert_eq!(count(&config("pointer = \"/statement/0/action/0\""), "p/a.json"), (1, 1));
    assert_eq!(count(&config("pointer = \"/state\""), "p/a.json"), (0, 0));
    assert_eq!(count(&config("expires = 2026-11-27"), "p/a.json"), (0, 0));
    assert_eq!(count(&config("expires = 2026-11-28"), "p/a.json"), (2, 1));

    let old = config("expires = 2026-11-27");
    let rules = |config: &Config, all: bool| {
        let coverage = Coverage { all, ..Coverage::default() };
        let report = lint_config("tencent-cam.toml", "[[ignore]]\nfile", &settings(config), &coverage);
        report.findings.iter().map(|one| one.rule.id).collect::<Vec<_>>()
    };
    assert_eq!(rules(&old, true), ["CAM902"]);
    assert_eq!(rules(&config(""), true), ["CAM901"]);
    assert!(rules(&config(""), false).is_empty(), "another file may need it");
}

#[test]
fn everything_that_is_wrong_with_a_configuration_is_told_at_once() {
    let error = Config::parse(
        r#"
persna = "regular"
persona = "anybody"
min-confidence = 3
exclude = "vendor"

[[kind]]
files = "a/["
kind = "trst"

[[ignore]]
file = "a.json"
rule = "CAM10"
pointer = "statement/0"
expires = "soon"
because = "x"

[[ignore]]
file = "b.json"
rule = "CAM901"
reason = " "
"#,
    );
    insta::assert_snapshot!(error.unwrap_err());
    insta::assert_snapshot!(Config::parse("a = \nb = [").unwrap_err());
}

#[test]
fn a_baseline_knows_old_findings_wherever_they_move() {
    let text = format!("{{\"version\": \"2.0\", \"statement\": [\n{DENY}]}}");
    let config = Config::default();
    let first = lint_file("a.json", "a.json", &text, &settings(&config));
    let baseline = Baseline::parse(&Baseline::new(first.for_baseline.clone()).to_string()).unwrap();
    assert!(!baseline.is_empty());
    let moved = format!("{{\"version\": \"2.0\",\n\n \"statement\": [\n{DENY_OTHER},\n{DENY}]}}");
    let with = Settings { baseline: Some(&baseline), ..settings(&config) };
    let again = lint_file("a.json", "a.json", &text, &with);
    assert_eq!((again.findings.len(), again.known), (0, first.findings.len()));
    let more = lint_file("a.json", "a.json", &moved, &with);
    assert_eq!(of(&more, "CAM102"), 1, "the same text twice: one is known, and one is new");
    let elsewhere = lint_file("b.json", "b.json", &text, &with);
    assert_eq!(elsewhere.known, 0);
}

#[test]
fn a_policy_that_cannot_be_read_is_never_silent() {
    // CAM014 may be suppressed, but not where it is why the policy cannot be read.
    for (rule, text) in [
        (
            "CAM002",
            r#"{"version": "2.0", "statement": [{"effect": "allow", "notAction": "*", "resource": "*"}]}"#,
        ),
        (
            "CAM014",
            r#"{"version": "2.0", "statement": [{"effect": "allow", "action": "*", "resource": "qcs:7:cvm:::*"}]}"#,
        ),
    ] {
        let config = Config::default();
        let first = lint_file("a.json", "a.json", text, &settings(&config));
        assert!(of(&first, rule) == 1 && first.policies.len() == 1, "{:?}", shown(&first));
        assert!(first.for_baseline.iter().all(|(_, known)| known.rule != rule));
        // A baseline of an earlier version may have the finding.
        let fingerprints = first.findings.iter().map(|one| one.fingerprint.clone());
        let known = Known { file: "a.json".into(), rule: rule.into(), message: "…".into() };
        let baseline = Baseline::new(fingerprints.map(|one| (one, known.clone())));
        let with = Settings { baseline: Some(&baseline), ..settings(&config) };
        assert_eq!(of(&lint_file("a.json", "a.json", text, &with), rule), 1);
    }
    let ignored = "// tencent-cam: ignore CAM014 old\n{\"version\": \"2.0\", \"statement\": [{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"qcs:7:cvm:::*\"}]}";
    let report = lint("a.jsonc", ignored);
    assert_eq!((of(&report, "CAM014"), report.suppressed), (1, 0), "{:?}", shown(&report));
}

#[test]
fn what_can_be_read_of_a_broken_policy_is_linted() {
    let text = format!(
        "{{\"version\": \"2.0\", \"statement\": [\n{{\"effect\": \"allow\", \"notAction\": \"*\", \"resource\": \"*\"}},\n{DENY}]}}"
    );
    let report = lint("a.json", &text);
    assert_eq!(shown(&report), ["CAM002 2: notAction", "CAM102 3: trtc:GetUserList"]);
    let baseline = Baseline::new(report.for_baseline.clone());
    let config = Config::default();
    let with = Settings { baseline: Some(&baseline), ..settings(&config) };
    assert_eq!(shown(&lint_file("a.json", "a.json", &text, &with)), ["CAM002 2: notAction"]);
}

const FIXABLE: &str =
    r#"{"version": "2.0", "statement": [{"effect": "Allow", "action": "trtc:RemoveUser", "resource": "*"}]}"#;

#[test]
fn fixes_are_written_as_the_file_writes_and_fixing_again_changes_nothing() {
    let string = serde_json::to_string(FIXABLE).unwrap();
    for (name, text, wanted) in [
        ("a.json", FIXABLE.to_owned(), "\"effect\": \"allow\""),
        (
            "a.jsonc",
            format!("// why\n{FIXABLE}// end\n"),
            "// why\n{\"version\": \"2.0\", \"statement\": [{\"effect\": \"allow\"",
        ),
        ("a.json", format!("{{\"PolicyDocument\": {string}}}"), r#"\"effect\": \"allow\""#),
        (
            "a.tf",
            format!("locals {{\n  a = <<-E\n    {FIXABLE}\n  E\n}}\n"),
            "    {\"version\": \"2.0\", \"statement\": [{\"effect\": \"allow\"",
        ),
        ("a.tf", format!("locals {{\n  a = jsonencode({FIXABLE}) # end\n}}\n"), "\"effect\": \"allow\""),
        (
            "a.md",
            format!("> ```json\n> {FIXABLE}\n> ```\n"),
            "> {\"version\": \"2.0\", \"statement\": [{\"effect\": \"allow\"",
        ),
    ] {
        let config = Config::default();
        let fixed = fix_file(name, name, &text, &settings(&config), FixMode::Safe);
        assert!(fixed.text.contains(wanted), "{}", fixed.text);
        assert!(!fixed.applied.is_empty() && fixed.applied.iter().all(|one| one.proof.is_safe()));
        assert_eq!(fixed.text.len(), text.len(), "nothing else changes: {}", fixed.text);
        let again = fix_file(name, name, &fixed.text, &settings(&config), FixMode::Safe);
        assert_eq!((again.text == fixed.text, again.applied.len()), (true, 0));
        let ids: BTreeSet<&str> = fixed.applied.iter().map(|one| one.rule.id).collect();
        assert!(
            lint_file(name, name, &fixed.text, &settings(&config))
                .findings
                .iter()
                .all(|one| !ids.contains(one.rule.id))
        );
    }
}

/// An element goes, and the comments around it stay.
#[test]
fn a_fix_keeps_the_comments_of_the_file() {
    let list = "\"trtc:*\", // all of it\n      \"trtc:RemoveUser\", /* once */ // needed\n      \"cos:GetObject\" // and this\n    ";
    for (name, text) in [
        (
            "a.jsonc",
            format!(
                "{{\"version\": \"2.0\", \"statement\": [{{\"effect\": \"allow\", \"resource\": [\"*\"], \"action\": [{list}]}}]}}"
            ),
        ),
        (
            "a.tf",
            format!(
                "locals {{\n  a = jsonencode({{\n    version = \"2.0\"\n    statement = [{{\n    effect = \"allow\"\n    resource = [\"*\"]\n    action = [{list}] }}]\n  }})\n}}\n"
            ),
        ),
    ] {
        let config = Config::default();
        let fixed = fix_file(name, name, &text, &settings(&config), FixMode::Safe);
        assert!(fixed.applied.iter().any(|one| one.rule.id == "CAM221"), "{:?}", shown(&fixed.report));
        insta::assert_snapshot!(format!("comments_{}", name.replace('.', "_")), fixed.text);
    }
}

#[test]
fn what_terraform_alone_knows_is_not_fixed_without_being_asked() {
    let text = "locals {\n  a = <<E\n{\"version\": \"2.0\", \"statement\": [{\"effect\": \"Allow\", \"action\": \"trtc:*\", \"resource\": \"${var.r}\"}]}\nE\n}\n";
    let config = Config::default();
    let safe = fix_file("a.tf", "a.tf", text, &settings(&config), FixMode::Safe);
    assert_eq!(safe.text, text);
    assert!(!safe.left[0].proof.is_safe());
    let all = fix_file("a.tf", "a.tf", text, &settings(&config), FixMode::Unsafe);
    assert!(all.text.contains("\"effect\": \"allow\"") && all.text.contains("${var.r}"));
}

/// A literal of `locals` is known, so a fix can be proved. It does not replace the reference by the value.
#[test]
fn a_fix_keeps_references_to_literals() {
    let file = |effect: &str, action: &str| {
        format!(
            "locals {{\n  service = \"trtc\"\n  app = 1400000001\n  wrong = \"trtc:dismissroom\"\n}}\nresource \"tencentcloud_cam_policy\" \"a\" {{\n  document = jsonencode({{\n    version = \"2.0\"\n    statement = [{{ effect = \"{effect}\", action = [{action}, local.wrong], resource = \"qcs::trtc:::sdkappid/${{local.app}}\" }}]\n  }})\n}}\n"
        )
    };
    let action = "\"${local.service}:removeuser\"";
    let text = file("Allow", action);
    let report = lint("a.tf", &text);
    assert!(report.unchecked.is_empty());
    let held: Vec<String> = shown(&report);
    assert!(held.contains(&format!("CAM107 9: {}", &action[1..action.len() - 1])), "{held:?}");
    assert!(held.contains(&"CAM107 9: local.wrong".to_owned()), "{held:?}");
    let config = Config::default();
    for mode in [FixMode::Safe, FixMode::Unsafe] {
        let fixed = fix_file("a.tf", "a.tf", &text, &settings(&config), mode);
        assert_eq!(fixed.text, file("allow", action));
        assert!(fixed.applied.iter().all(|one| one.proof.is_safe()));
    }
}

/// Any one of three denies may go that cover each other, and then no other.
#[test]
fn fixes_that_are_safe_one_by_one_are_not_made_together() {
    let deny = |actions: &str| format!(r#"{{"effect":"deny","action":[{actions}],"resource":["*"]}}"#);
    let statements = [
        r#"{"effect":"allow","action":["trtc:*"],"resource":["*"]}"#.to_owned(),
        deny(r#""trtc:RemoveUser","trtc:GetUserList""#),
        deny(r#""trtc:GetUserList","trtc:DismissRoom""#),
        deny(r#""trtc:DismissRoom","trtc:RemoveUser""#),
    ];
    let text = format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","));
    let config = Config::default();
    let settings = Settings { kind: Some(Kind::Boundary), ..settings(&config) };
    for mode in [FixMode::Safe, FixMode::Unsafe] {
        let fixed = fix_file("a.json", "a.json", &text, &settings, mode);
        assert!(
            prove(&settings.options.kind(Kind::Boundary), &text, &fixed.text).is_safe(),
            "{}",
            fixed.text
        );
        let rules: Vec<_> = fixed.applied.iter().map(|one| (one.rule.id, one.proof.is_safe())).collect();
        assert_eq!(rules, [("CAM227", true)], "{mode:?}: {}", fixed.text);
    }
}

#[test]
fn suppressed_findings_are_not_fixed() {
    let text = format!("# tencent-cam: ignore CAM204 as it is\nlocals {{\n  a = jsonencode({FIXABLE})\n}}\n")
        .replace("locals {\n", "");
    let text = text.trim_end().trim_end_matches('}').to_owned();
    let config = Config::default();
    let fixed = fix_file("a.tf", "a.tf", &text, &settings(&config), FixMode::Safe);
    assert!(fixed.text.contains("Allow"), "{}", fixed.text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing is said of a policy with an unknown part that a value of that part would make untrue.
    #[test]
    fn findings_do_not_depend_on_what_is_unknown(
        actions in prop::collection::vec(select(vec!["trtc:GetUserList", "trtc:RemoveUser", "trtc:*", "*", "trtc:removeuser", "${x}", "trtc:${y}"]), 1..3),
        resources in prop::collection::vec(select(vec!["*", "qcs::trtc:::sdkappid/1", "qcs::trtc::uin/${u}:sdkappid/1", "${r}", "qcs::trtc::uin/1:${i}"]), 1..3),
        effect in select(vec!["allow", "deny", "${e}"]),
        second in any::<bool>(),
        values in (
            select(vec!["trtc:RemoveUser", "cos:GetObject", "*", "trtc:GetUserList"]),
            select(vec!["RemoveUser", "GetUserList", "*", "Get*"]),
            select(vec!["*", "qcs::trtc:::sdkappid/1", "qcs::cos:::b-1250000000/*"]),
            select(vec!["allow", "deny"]),
            select(vec!["sdkappid/1", "sdkappid/*", "*"]),
        ),
    ) {
        let quoted = |all: &[&str]| all.iter().map(|one| format!("\"{one}\"")).collect::<Vec<_>>().join(",");
        let statement = format!(
            "{{\"effect\":\"{effect}\",\"action\":[{}],\"resource\":[{}]}}",
            quoted(&actions), quoted(&resources)
        );
        let more = if second { ",{\"effect\":\"allow\",\"action\":[\"trtc:*\"],\"resource\":[\"*\"]}" } else { "" };
        let text = format!("locals {{\n  a = <<E\n{{\"version\":\"2.0\",\"statement\":[{statement}{more}]}}\nE\n}}\n");
        let (x, y, r, e, i) = values;
        let known = text.replace("${x}", x).replace("${y}", y).replace("${r}", r).replace("${e}", e).replace("${i}", i).replace("${u}", "100000000077");
        let (unknown, known) = (lint("a.tf", &text), lint("a.tf", &known));
        for finding in &unknown.findings {
            // The places differ by the lengths of the values.
            prop_assert!(
                known.findings.iter().any(|one| one.rule == finding.rule),
                "{} does not hold for\n{}\nof\n{}", finding.rule, known.text, unknown.text
            );
        }
    }
}

/// Every finding of an auditor is either seen or counted, whoever asks.
#[test]
fn what_other_personas_see_is_counted() {
    let corpus = [
        include_str!("../../cam-lint/tests/corpus/defects.txt"),
        include_str!("../../cam-lint/tests/corpus/clean.txt"),
    ];
    let texts = corpus
        .iter()
        .flat_map(|text| text.split("\n==="))
        .filter_map(|case| case.split_once('\n'))
        .map(|(_, text)| text.trim());
    let config = Config::default();
    let (mut count, mut more) = (0, 0);
    for text in texts {
        let [regular, pedantic, auditor] =
            [Persona::Regular, Persona::Pedantic, Persona::Auditor].map(|persona| {
                let options = LintOptions::new(CATALOG).persona(persona);
                lint_file("a.json", "a.json", text, &Settings { options, ..settings(&config) })
            });
        let numbers =
            |report: &FileReport| (report.findings.len(), report.more.pedantic, report.more.auditor);
        let [seen, by_pedantic, by_auditor] = [&regular, &pedantic, &auditor].map(|one| one.findings.len());
        assert_eq!(numbers(&regular), (seen, by_pedantic - seen, by_auditor - seen), "{text}");
        assert_eq!(numbers(&pedantic), (by_pedantic, 0, by_auditor - by_pedantic), "{text}");
        assert_eq!(numbers(&auditor), (by_auditor, 0, 0), "{text}");
        // Nobody sees less because the linter also looks for others.
        let alone = cam_lint::lint(text, &LintOptions::new(CATALOG)).findings;
        let alone: Vec<&str> = alone.iter().map(|one| one.rule.id).collect();
        let of_file: Vec<&str> = regular.findings.iter().map(|one| one.rule.id).collect();
        if regular.policies.len() == 1 && regular.policies[0].source.text == text {
            assert_eq!(of_file, alone, "{text}");
        }
        (count, more) = (count + 1, more + regular.more.auditor);
    }
    assert!(count > 200 && more > 50, "{count} policies, {more} findings for others");
}

#[test]
fn a_suppressed_or_known_finding_is_not_counted_for_others() {
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#;
    let config = Config::default();
    let regular = Settings { options: LintOptions::new(CATALOG), ..settings(&config) };
    assert_eq!(lint_file("a.json", "a.json", text, &regular).more.pedantic, 1);
    let all = lint_file("a.json", "a.json", text, &settings(&config));
    assert_eq!(lint_file("a.json", "a.json", text, &regular).for_baseline.len(), 0);
    let baseline = Baseline::new(all.for_baseline.clone());
    let known = lint_file("a.json", "a.json", text, &Settings { baseline: Some(&baseline), ..regular });
    assert_eq!((known.more.pedantic, known.known), (0, 0));
    let rule = all.findings[0].rule.id;
    let config =
        Config::parse(&format!("[[ignore]]\nfile = \"a.json\"\nrule = \"{rule}\"\nreason = \"so\"\n"))
            .unwrap();
    let report = lint_file("a.json", "a.json", text, &Settings { config: &config, ..regular });
    assert_eq!((report.more.pedantic, report.suppressed), (0, 0));
}

#[test]
fn a_broken_policy_is_too_long_whatever_is_meant() {
    let text = |effect: &str, resources: usize| {
        let all = (0..resources).map(|at| format!("\"qcs::trtc::uin/100000000001:sdkappid/14{at:08}\""));
        let all = all.collect::<Vec<_>>().join(", ");
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"{effect}","action":["trtc:RemoveUser"],"resource":[{all}]}}]}}"#
        )
    };
    for (text, count) in [
        (text("permit", 160), 1),
        (text("permit", 60), 0),
        (text("allow", 160).replace("sdkappid/1400000007", "sdkappid:7"), 1),
        (text("permit", 160).replace("\"2.0\",", "\"2.0\""), 1),
        (
            text("permit", 160)
                .replace("\"action\"", "\"principal\":{\"qcs\":[\"qcs::cam::uin/1:uin/1\"]},\"action\""),
            0,
        ),
    ] {
        let report = lint("a.json", &text);
        assert!(report.findings.iter().any(|one| one.rule.id != "CAM004"), "{:?}", shown(&report));
        assert_eq!(of(&report, "CAM004"), count, "{:?}", shown(&report));
    }
}
