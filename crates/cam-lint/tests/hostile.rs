//! Texts that nobody would write: no panic, places in the text, and the same answer every time.

mod common;

use cam_lint::{FixMode, Kind, LintOptions, Persona, Proof, lint, prove, rules};
use cam_policy::engine::{Caller, Decision, PolicySet, Request};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
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

/// Decides random requests by both policies: the evaluator is another judge than the search of a proof. Returns how many of
/// them a statement matches.
fn assert_decided_alike(random: &mut Random, old: &str, new: &str) -> usize {
    const ACTIONS: [&str; 9] = [
        "trtc:RemoveUser",
        "trtc:RemoveUserByStrRoomId",
        "trtc:GetUserList",
        "trtc:DismissRoom",
        "cos:GetObject",
        "cos:PutObject",
        "cos:GetService",
        "cvm:StopInstances",
        "cam:GetUser",
    ];
    const RESOURCES: [&str; 9] = [
        "*",
        "qcs::trtc::uin/100000000001:sdkappid/1400000001",
        "qcs::trtc::uin/100000000001:sdkappid/1400000002",
        "qcs::trtc::uin/100000000009:sdkappid/1400000001",
        "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/a/x",
        "qcs::cos:ap-beijing:uid/1250000000:b-1250000000/c",
        "qcs::cos:ap-guangzhou:uid/1250000001:b-1250000001/a/x",
        "qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1",
        "qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-2",
    ];
    const CONTEXT: [(&str, &[&str]); 5] = [
        ("qcs:ip", &["203.0.113.7", "203.0.113.9", "192.0.2.1"]),
        ("qcs:tag", &["a&b", "a&c"]),
        ("qcs:mfa", &["true", "false"]),
        ("qcs:current_time", &["2026-11-27T12:00:00Z"]),
        ("cos:prefix", &["a", "b"]),
    ];
    let owner = Uin::new(100000000001).unwrap();
    let [old_set, new_set] =
        [old, new].map(|text| PolicySet::new(&catalog(), [text.parse().unwrap()], owner));
    let mut matched = 0;
    for _ in 0..100 {
        let caller = match random.below(4) {
            0 => Caller::role("reader"),
            1 => Caller::new(Uin::new(100000000002).unwrap()).of_account(Uin::new(100000000009).unwrap()),
            _ => Caller::new(Uin::new(100000000002).unwrap()),
        };
        let caller = if random.below(2) == 0 { caller.with_app_id(1250000000) } else { caller };
        let mut request = Request::new(caller, random.of(&ACTIONS), random.of(&RESOURCES)).unwrap();
        for (key, values) in CONTEXT {
            if random.below(2) == 0 {
                request = request.with_key(key, [random.of(values)]);
            }
        }
        let (before, after) = (old_set.decide(&request), new_set.decide(&request));
        assert_eq!(before.decision(), after.decision(), "{request}\n{old}\n{new}");
        matched += usize::from(before.decision() != Decision::ImplicitlyDenied);
    }
    matched
}

/// What the rules call redundant is so for the engine: for the proof, and for the decisions of random requests.
#[test]
fn what_is_redundant_changes_no_access_when_it_goes() {
    let mut random = Random(7);
    let (mut proved, mut policies, mut matched) = (0, 0, 0);
    while policies < 120 {
        let text = random_policy(&mut random);
        policies += 1;
        for finding in lint(&text, &options()).findings {
            let redundant = finding.rule.id.starts_with("CAM22") || finding.rule.id.starts_with("CAM21");
            let Some(fix) = finding.fix.filter(|_| redundant) else { continue };
            let changed = fix.apply(&text);
            let proof = prove(&options(), &text, &changed);
            assert_eq!(proof, Proof::Same, "{} of {text}: {changed}", finding.rule);
            if text.parse::<Policy>().is_ok() {
                matched += assert_decided_alike(&mut random, &text, &changed);
            }
            proved += 1;
        }
    }
    assert!(proved > 150 && matched > 1000, "{proved} {matched}");
}

/// A text that was fixed is left alone, and its access is that of the original.
#[test]
fn fixing_twice_is_fixing_once() {
    let (mut random, mut matched) = (Random(11), 0);
    for _ in 0..40 {
        let text = random_policy(&mut random);
        let fixed = fix(&text, &options(), FixMode::Safe);
        assert_eq!(fix(&fixed.text, &options(), FixMode::Safe).text, fixed.text);
        assert_eq!(prove(&options(), &text, &fixed.text), Proof::Same, "{text}");
        if text.parse::<Policy>().is_ok() {
            matched += assert_decided_alike(&mut random, &text, &fixed.text);
        }
    }
    assert!(matched > 100, "{matched}");
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
