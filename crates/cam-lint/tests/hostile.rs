//! Texts that nobody would write: no panic, places in the text, and the same answer every time.

mod common;

use cam_lint::{FixMode, Kind, LintOptions, Persona, Proof, lint, prove, rules};
use common::{catalog, fix};

/// A generator of numbers (xorshift), so that every run has the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn list(&mut self, all: &[&str], most: usize) -> String {
        let items: Vec<String> = (0..=self.below(most)).map(|_| format!("{:?}", self.of(all))).collect();
        items.join(", ")
    }
}

fn options() -> LintOptions<'static> {
    LintOptions::new(catalog()).persona(Persona::Auditor)
}

fn check(text: &str, options: &LintOptions<'_>) {
    let report = lint(text, options);
    assert_eq!(report, lint(text, options), "{text}");
    for finding in &report.findings {
        let related = finding.related.iter().map(|(span, _)| *span);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in related.chain(edits).chain([finding.span]) {
            assert!(text.get(span.range()).is_some(), "{} at {span:?} of {text}", finding.rule);
        }
        finding.fix.iter().for_each(|fix| drop(fix.apply(text)));
    }
}

#[test]
fn every_beginning_of_an_example_is_linted() {
    for rule in rules() {
        // The longest examples take long, and have nothing that the others lack.
        for (end, _) in rule.bad.char_indices().take(400) {
            check(&rule.bad[..end], &options());
        }
    }
}

#[test]
fn changed_examples_are_linted_as_every_kind() {
    let mut random = Random(20_261_127);
    let pieces = [
        "\"", "{", "}", "[", "]", ",", ":", "*", "${uin}", "\\u0000", "腾", "\u{feff}", "", "\\", "-", "0",
        "/",
    ];
    for rule in rules().iter().filter(|rule| rule.bad.len() < 700 && !rule.bad.is_empty()) {
        for _ in 0..20 {
            let mut text = rule.bad.to_owned();
            for _ in 0..=random.below(3) {
                let (from, to) = (random.below(text.len() + 1), random.below(4));
                let to = (from + to).min(text.len());
                if text.is_char_boundary(from) && text.is_char_boundary(to) {
                    text.replace_range(from..to, random.of(&pieces));
                }
            }
            check(&text, &options().kind(Kind::ALL[random.below(Kind::ALL.len())]));
        }
    }
}

#[test]
fn many_statements_lists_and_conditions_are_linted() {
    let long = "x".repeat(50_000);
    for text in [
        "[".repeat(10_000),
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["{long}:{long}"],"resource":["{long}"]}}]}}"#
        ),
        format!(r#"{{"version":"2.0","statement":[{}{{}}]}}"#, "{},".repeat(5000)),
    ] {
        check(&text, &options());
    }
    let item = |at: usize| format!("\"cos:Get{}*\"", "*a".repeat(at % 40));
    let actions: Vec<String> = (0..2000).map(item).collect();
    check(
        &format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":[{}],"resource":["*"]}}]}}"#,
            actions.join(",")
        ),
        &options(),
    );
}

/// Conditions and denies that the engine is asked about must not take minutes.
#[test]
fn conditions_made_to_be_slow_are_linted_in_bearable_time() {
    let glob = |at: usize| format!("\"{}\"", "*a*b".repeat(3 + at % 7));
    let globs: Vec<String> = (0..16).map(glob).collect();
    let list = globs.join(",");
    let conditions =
        format!(r#"{{"string_like":{{"cos:prefix":[{list}]}},"string_not_like":{{"cos:prefix":[{list}]}}}}"#);
    for kind in [Kind::Identity, Kind::Session] {
        let statement = |effect: &str| {
            format!(
                r#"{{"effect":"{effect}","action":["cos:*a*b*","cvm:*b*a*"],"resource":["qcs::cos:::*a*b*"],"condition":{conditions}}}"#
            )
        };
        let statements = [statement("allow"), statement("deny")].join(",");
        let statements = [statements.as_str(); 12].join(",");
        check(&format!(r#"{{"version":"2.0","statement":[{statements}]}}"#), &options().kind(kind));
    }
}

/// Statements that share their patterns are the worst case of comparing them.
#[test]
fn thousands_of_statements_alike_are_compared_in_bearable_time() {
    for resource in ["*", "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"] {
        let statement = |at: usize| {
            let values = format!(r#"{{"string_equal":{{"cos:prefix":["{at}"]}}}}"#);
            format!(
                r#"{{"effect":"allow","action":["cos:Get*"],"resource":["{resource}"],"condition":{values}}}"#
            )
        };
        let statements: Vec<String> = (0..5000).map(statement).collect();
        let text = format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","));
        let found = lint(&text, &options()).findings;
        assert!(
            found
                .iter()
                .all(|finding| finding.rule.family() != cam_lint::Family::Refused
                    || finding.rule.id == "CAM004")
        );
    }
}

fn random_policy(random: &mut Random) -> String {
    const ACTIONS: [&str; 12] = [
        "*",
        "trtc:*",
        "trtc:Remove*",
        "trtc:RemoveUser",
        "trtc:GetUserList",
        "cos:*",
        "cos:Get*",
        "cos:GetObject",
        "cos:*Object",
        "cvm:StopInstances",
        "*:Get*",
        "name/cos:GetObject",
    ];
    const RESOURCES: [&str; 10] = [
        "*",
        "qcs::trtc:::sdkappid/*",
        "qcs::trtc::uin/100000000001:sdkappid/1400000001",
        "qcs::cos:::*",
        "qcs::cos::uid/1250000000:b-1250000000/*",
        "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/a/*",
        "qcs::cos:ap-guangzhou:*:b-1250000000/a/x",
        "qcs::cos:ap-*:uid/1250000000:prefix//1250000000/b/*",
        "qcs:::::*",
        "qcs::cvm::uin/:instance/ins-1",
    ];
    const CONDITIONS: [&str; 6] = [
        "",
        "",
        r#", "condition": {"ip_equal": {"qcs:ip": ["203.0.113.0/24", "203.0.113.7/24"]}}"#,
        r#", "condition": {"ip_equal": {"qcs:ip": ["203.0.113.7/24"]}}"#,
        r#", "condition": {"for_any_value:string_equal": {"qcs:tag": ["a&b", "a&b"]}}"#,
        r#", "condition": {"null_equal": {"qcs:mfa": ["false"]}}"#,
    ];
    let statements: Vec<String> = (0..=random.below(4))
        .map(|_| {
            format!(
                r#"{{"effect": "{}", "action": [{}], "resource": [{}]{}}}"#,
                random.of(&["allow", "allow", "deny"]),
                random.list(&ACTIONS, 3),
                random.list(&RESOURCES, 3),
                random.of(&CONDITIONS)
            )
        })
        .collect();
    format!(r#"{{"version": "2.0", "statement": [{}]}}"#, statements.join(", "))
}

/// What the rules call redundant is so for the engine.
#[test]
fn what_is_redundant_changes_no_access_when_it_goes() {
    let mut random = Random(7);
    let (mut proved, mut policies) = (0, 0);
    while policies < 120 {
        let text = random_policy(&mut random);
        policies += 1;
        for finding in lint(&text, &options()).findings {
            let redundant = finding.rule.id.starts_with("CAM22") || finding.rule.id.starts_with("CAM21");
            let Some(fix) = finding.fix.filter(|_| redundant) else { continue };
            let changed = fix.apply(&text);
            let proof = prove(&options(), &text, &changed);
            assert_eq!(proof, Proof::Same, "{} of {text}: {changed}", finding.rule);
            proved += 1;
        }
    }
    assert!(proved > 150, "{proved}");
}

/// A text that was fixed is left alone, and its access is that of the original.
#[test]
fn fixing_twice_is_fixing_once() {
    let mut random = Random(11);
    for _ in 0..40 {
        let text = random_policy(&mut random);
        let fixed = fix(&text, &options(), FixMode::Safe);
        assert_eq!(fix(&fixed.text, &options(), FixMode::Safe).text, fixed.text);
        assert_eq!(prove(&options(), &text, &fixed.text), Proof::Same, "{text}");
    }
}

#[test]
fn a_version_that_nobody_knows_is_never_clean() {
    let text =
        r#"{"version":"3.0","statement":[{"effect":"allow","action":["cos:GetObject"],"resource":["*"]}]}"#;
    let report = lint(text, &LintOptions::new(catalog()));
    assert_eq!(report.findings[0].rule.id, "CAM201");
    assert!(report.document.is_none());
    assert!(matches!(prove(&options(), text, text), Proof::Unproven(_)));
}
