//! What fixes do to a text: they change what has to change, and keep the rest as it is written.

mod common;

use cam_lint::{FixMode, LintOptions, Persona, Proof};
use cam_workspace::fix::FixedFile;
use common::{catalog, fix};

fn fixed(text: &str, mode: FixMode) -> FixedFile {
    fix(text, &LintOptions::new(catalog()).persona(Persona::Pedantic), mode)
}

const MIXED: &str = r#"{
    "version": "2.0",
    "statement": [
        {
            "effect": "allow",
            "action": [
                "name/trtc:RemoveUser",
                "trtc:GetUserList"
            ],
            "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"],
            "condition": {"string_equal": {"vpc:region": "ap-guangzhou"}}
        },
        {"effect": "deny", "action": "trtc:DismissRoom", "resource": "*"}
    ]
}
"#;

#[test]
fn an_operation_level_action_gets_a_statement_of_its_own() {
    assert_eq!(fixed(MIXED, FixMode::Safe).text, MIXED, "it gives access, so it is not safe");
    let fixed = fixed(MIXED, FixMode::Unsafe);
    assert_eq!(
        fixed.text,
        r#"{
    "version": "2.0",
    "statement": [
        {
            "effect": "allow",
            "action": [
                "name/trtc:RemoveUser"
            ],
            "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"],
            "condition": {"string_equal": {"vpc:region": "ap-guangzhou"}}
        },
        {
            "effect": "allow",
            "action": ["trtc:GetUserList"],
            "resource": ["*"],
            "condition": {"string_equal": {"vpc:region": "ap-guangzhou"}}
        },
        {"effect": "deny", "action": "trtc:DismissRoom", "resource": "*"}
    ]
}
"#
    );
    let [applied] = fixed.applied.as_slice() else { panic!("{:?}", fixed.applied) };
    assert_eq!(applied.rule.id, "CAM101");
    let Proof::Differs { gives, takes } = &applied.proof else { panic!("{:?}", applied.proof) };
    assert!(takes.is_empty());
    assert!(gives[0].witness.contains("trtc:GetUserList"), "{gives:?}");
    // There is one policy, so it has no number.
    assert!(gives[0].what.starts_with("trtc:GetUserList on * by statement 1 if "), "{gives:?}");
    assert!(fixed.report.findings.is_empty());
}

#[test]
fn what_is_redundant_goes_with_its_comma() {
    let text = r#"{"version": "2.0", "Statement": {"effect": "Allow",
  "action": ["cos:GetObject", "cos:Get*",
             "cos:GetObject"],
  "resource": ["*"], "condition": {"ip_equal": {"qcs:ip": ["203.0.113.7/24", "198.51.100.1", "198.51.100.1"]}}}}"#;
    let fixed = fixed(text, FixMode::Safe);
    assert_eq!(
        fixed.text,
        r#"{"version": "2.0", "statement": [{"effect": "allow",
  "action": ["cos:Get*"],
  "resource": ["*"], "condition": {"ip_equal": {"qcs:ip": ["203.0.113.0/24", "198.51.100.1"]}}}]}"#
    );
    assert!(fixed.applied.iter().all(|applied| applied.proof.is_safe()));
    assert!(fixed.report.findings.is_empty(), "{:?}", fixed.report.findings);
}

/// A deny of an identity policy takes from every other policy, so narrowing it is not safe.
#[test]
fn a_change_of_a_deny_is_a_change_of_access() {
    let text = r#"{"version":"2.0","statement":[
  {"effect":"deny","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#;
    assert_eq!(fixed(text, FixMode::Safe).text, text);
    let fixed = fixed(text, FixMode::Unsafe);
    let Proof::Differs { gives, takes } = &fixed.applied[0].proof else { panic!("{:?}", fixed.applied) };
    assert!(gives.is_empty());
    assert_eq!(
        takes[0].what,
        "where another policy allows it: trtc:GetUserList on * by statement 0 of the other policy, which statement 0 after the change \
         denies"
    );
}

#[test]
fn a_text_that_is_no_json_is_mended_only_without_proof() {
    let text =
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject",],"resource":["*"]}]}"#;
    assert_eq!(fixed(text, FixMode::Safe).text, text);
    let fixed = fixed(text, FixMode::Unsafe);
    assert_eq!(fixed.text, text.replace(",]", "]"));
    assert!(
        matches!(&fixed.applied[0].proof, Proof::Unproven(why) if why.contains("as it is cannot be read"))
    );
}

/// In the policy of a bucket, who calls and from where stands in one statement: the key without whitespace changes what
/// that caller may do, so nothing is changed unasked.
#[test]
fn a_key_with_whitespace_in_the_policy_of_a_bucket_is_mended_only_when_asked() {
    let bucket = |effect: &str, operator: &str, key: &str| {
        format!(
            r#"{{"version":"2.0","statement":[
                {{"principal":{{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}},"effect":"allow","action":["cos:GetObject"],
                "resource":["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/a/*"]}},
                {{"principal":{{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}},"effect":"{effect}","action":["cos:GetObject"],
                "resource":["qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*"],
                "condition":{{"{operator}":{{"{key}":["203.0.113.0/24"]}}}}}}]}}"#
        )
    };
    for (effect, operator, is_given) in [("allow", "ip_equal", true), ("deny", "ip_not_equal", false)] {
        let text = bucket(effect, operator, "qcs:ip ");
        assert_eq!(fixed(&text, FixMode::Safe).text, text, "{effect}");
        let mended = fixed(&text, FixMode::Unsafe);
        assert_eq!(mended.text, bucket(effect, operator, "qcs:ip"));
        let [applied] = mended.applied.as_slice() else { panic!("{:?}", mended.applied) };
        assert_eq!(applied.rule.id, "CAM113");
        let Proof::Differs { gives, takes } = &applied.proof else { panic!("{:?}", applied.proof) };
        let changed = if is_given { gives } else { takes };
        assert!(!changed.is_empty(), "{effect}: {:?}", applied.proof);
    }
}
