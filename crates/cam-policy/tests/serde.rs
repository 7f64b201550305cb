//! Tests that the feature `serde` writes and reads the texts that CAM uses.

use cam_policy::catalog::Granularity;
use cam_policy::document::Document;
use cam_policy::example::CATALOG;
use cam_policy::policy::Policy;
use cam_policy::values::{Region, Uin};

#[test]
fn a_policy_serializes_as_it_displays() {
    let text = concat!(
        r#"{"version":"2.0","principal":"*","statement":[{"effect":"deny","principal":{"qcs":["a","b"]},"#,
        r#""action":["cos:*"],"resource":["qcs::cos:::\"a\"/*"],"condition":{"numeric_equal":{"a:b":[1,-2.5],"a:c":["3"]},"#,
        r#""string_like":{"a:b":["x*"]}}},{"effect":"allow","action":["*"]}]}"#,
    );
    let policy: Policy = text.parse().unwrap();
    assert_eq!(policy.to_string(), text);
    assert_eq!(serde_json::to_string(&policy).unwrap(), text);
    let statement = &policy.statements()[0];
    assert_eq!(serde_json::to_string(statement).unwrap(), statement.to_string());
}

#[test]
fn values_round_trip() {
    assert_eq!(serde_json::from_str::<Uin>("\"12\"").unwrap(), Uin::new(12).unwrap());
    assert_eq!(serde_json::from_str::<Uin>("12").unwrap(), Uin::new(12).unwrap());
    assert!(serde_json::from_str::<Uin>("-12").is_err() && serde_json::from_str::<Uin>("0").is_err());
    assert_eq!(serde_json::from_str::<Region>("\"\"").unwrap(), Region::every());
    assert_eq!(serde_json::to_string(&Granularity::Operation).unwrap(), "\"operation\"");
}

#[test]
fn a_policy_is_read_from_json_and_from_a_string_that_holds_it() {
    let text = concat!(
        r#"{"version":"2.0","Id":"x","statement":[{"Sid":"y","effect":"deny","principal":"*","action":["cos:*"],"#,
        r#""resource":["qcs::cos:::\"a\"/*"],"condition":{"numeric_equal":{"a:b":[1,-2.5],"a:c":["3"]}}}]}"#,
    );
    let policy: Policy = serde_json::from_str(text).unwrap();
    assert_eq!(policy.to_string(), text);
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::from_value::<Policy>(value.clone()).unwrap().to_string(), policy.to_string());
    let held = serde_json::Value::String(text.into());
    assert_eq!(serde_json::from_value::<Policy>(held).unwrap(), policy);
    let list = format!("[{text},{text}]");
    assert_eq!(serde_json::from_str::<Vec<Policy>>(&list).unwrap(), [policy.clone(), policy]);
    for (wrong, said) in [
        ("1", "a policy is an object, found `1`"),
        ("null", "found `null`"),
        ("{}", "the policy has no `version`"),
        (r#"{"version":"2.0","statement":[]}"#, "the policy has no statement"),
        (r#""{""#, "brackets open"),
        (&format!("{}{}", "[".repeat(100), "]".repeat(100)), "not as deep"),
    ] {
        let error = serde_json::from_str::<Policy>(wrong).unwrap_err().to_string();
        assert!(error.contains(said), "{wrong}: {error}");
    }
}

#[test]
fn a_diagnostic_is_data() {
    let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1"]}]}"#;
    let document = Document::parse_with(&CATALOG, text).unwrap();
    let json = serde_json::to_value(document.warnings()).unwrap();
    assert_eq!(
        json[0],
        serde_json::json!({
            "code": "effect",
            "severity": "warning",
            "element": null,
            "span": { "start": 41, "end": 46 },
            "position": { "line": 1, "column": 42 },
            "message": document.warnings()[0].message(),
            "help": "write `allow`",
            "fix": { "span": { "start": 41, "end": 46 }, "replacement": "allow" },
            "cam_code": null,
            "has_no_effect": false,
        })
    );
    assert_eq!(json[1]["element"], "/statement/0/action/0");
    assert_eq!(json[1]["code"], "operation_level");
    assert_eq!(json[1]["has_no_effect"], true);
    let error = Document::parse("{}").unwrap_err();
    assert_eq!(serde_json::to_value(&error).unwrap()[0]["cam_code"], "InvalidParameter.VersionError");
}

#[test]
fn decisions_and_explanations_are_data() {
    use cam_policy::engine::{PolicySet, Request};

    let policy: Policy =
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]}]}"#
            .parse()
            .unwrap();
    let set = PolicySet::new(&CATALOG, [policy], Uin::literal(100000000001));
    let ask = |action| Request::new(Uin::literal(100000000002), action, "qcs::trtc:::sdkappid/1").unwrap();
    let (allowed, denied) = (ask("trtc:RemoveUser"), ask("trtc:GetUserList"));
    let response = serde_json::to_value(set.decide(&allowed)).unwrap();
    assert_eq!(response["decision"], "allowed");
    assert_eq!(response["statements"].as_array().unwrap().len(), 1);
    let response = serde_json::to_value(set.decide(&denied)).unwrap();
    assert_eq!((&response["decision"], &response["resource"]), (&"implicitly_denied".into(), &"*".into()));
    assert!(response["normalization"].is_string());
    let explanation = set.explain(&denied);
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["decision"], "implicitly_denied");
    assert_eq!(json["statements"][0]["matches"], false);
    assert_eq!(json["text"], explanation.to_string());
}
