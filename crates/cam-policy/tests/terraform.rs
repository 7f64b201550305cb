//! Tests policies as Terraform configuration.

use cam_policy::document::Document;
use cam_policy::policy::{Account, ActionPattern, Effect, Policy, ResourcePattern, Statement};
use cam_policy::terraform::TerraformError;
use serde_json::Value;

fn policy(text: &str) -> Policy {
    Document::parse(text).unwrap().into_policy()
}

fn own_folder() -> Policy {
    policy(
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:*"],
        "resource":["qcs::cos::uid/1250000000:examplebucket-1250000000/${uin}/*"],
        "condition":{"string_equal":{"cos:prefix":["%{a}","100%","$5","\"\\\n回声"],"qcs:create_uin":["${uin}"]}}}]}"#,
    )
}

fn everything() -> Policy {
    policy(r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#)
}

/// Returns what Terraform makes of a template without interpolations.
fn rendered(template: &str) -> String {
    let escaped = template.replace("$${", "\u{1}").replace("%%{", "\u{2}");
    assert!(!escaped.contains("${") && !escaped.contains("%{"), "{template}");
    escaped.replace('\u{1}', "${").replace('\u{2}', "%{")
}

#[test]
fn the_configuration_is_reviewed() {
    let written =
        own_folder().to_terraform("own_folder", "OwnFolder", Some("Costs 5$, ${uin}'s own")).unwrap();
    insta::assert_snapshot!(written);
}

#[test]
fn the_document_comes_back_through_terraform() {
    let policies = [
        own_folder(),
        everything(),
        // A `$` before a variable must not become part of its escape.
        policy(
            r#"{"version":"2.0","statement":[{"effect":"allow","action":["a:b"],"resource":["qcs::a:::$${uin}/$$${uin}"],
            "condition":{"string_like":{"a:b":["%%{x}","%%%{","$$","%%"]}}}]}"#,
        ),
    ];
    for policy in policies {
        let written: Value = serde_json::from_str(&policy.to_terraform("a", "b", None).unwrap()).unwrap();
        let resource = &written["resource"]["tencentcloud_cam_policy"]["a"];
        assert_eq!(resource["name"], "b");
        assert_eq!(resource.get("description"), None);
        let document = rendered(resource["document"].as_str().unwrap());
        assert_eq!(Document::parse(&document).unwrap().policy(), &policy, "{document}");
    }
}

#[test]
fn a_trust_policy_becomes_a_role() {
    let trust = |principal| {
        policy(&format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["name/sts:AssumeRole"],"principal":{principal}}}]}}"#
        ))
    };
    let written =
        trust(r#"{"service":["cls.cloud.tencent.com"]}"#).to_terraform("logs", "logs", None).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["resource"]["tencentcloud_cam_role"]["logs"]["name"], "logs");
    let root = trust(r#"{"qcs":["qcs::cam::uin/100000000001:root"]}"#).to_terraform("a", "b", None);
    assert!(matches!(root, Err(TerraformError::Root { .. })));
}

#[test]
fn everyone_is_a_map_for_the_provider() {
    let trust = policy(
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],"principal":"*"}]}"#,
    );
    let written: Value = serde_json::from_str(&trust.to_terraform("a", "b", None).unwrap()).unwrap();
    let document = written["resource"]["tencentcloud_cam_role"]["a"]["document"].as_str().unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["statement"][0]["principal"], serde_json::json!({ "qcs": ["*"] }));
}

#[test]
fn the_policy_of_a_bucket_becomes_a_resource_of_cos() {
    let text = r#"{"version":"2.0","Id":"x","principal":"*","statement":[{"Sid":"y","effect":"allow","principal":{"qcs":["qcs::cam::uin/1:uin/2"]},
        "action":["cos:GetObject"],"resource":["qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/${uin}/*"]}]}"#;
    let written = policy(text).to_terraform("logs", "examplebucket-1250000000", None).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    let resource = &written["resource"]["tencentcloud_cos_bucket_policy"]["logs"];
    assert_eq!(resource["bucket"], "examplebucket-1250000000");
    assert_eq!(resource.as_object().unwrap().len(), 2);
    let document = rendered(resource["policy"].as_str().unwrap());
    assert_eq!(
        document,
        r#"{"version":"2.0","principal":{"qcs":["*"]},"statement":[{"effect":"allow","principal":{"qcs":["qcs::cam::uin/1:uin/2"]},"action":["cos:GetObject"],"resource":["qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/${uin}/*"]}]}"#
    );
    // CAM's length does not limit a bucket policy.
    let resources: Vec<String> = (0..400).map(|at| format!("\"qcs::cos:::bucket-{at:04}/*\"")).collect();
    let long = text.replace(
        "\"qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/${uin}/*\"",
        &resources.join(","),
    );
    assert!(policy(&long).to_terraform("logs", "examplebucket-1250000000", None).is_ok());
    for name in [
        "examplebucket",
        "Example-1250000000",
        "-a-1250000000",
        "a--1250000000",
        "a-125",
        &format!("{}-1250000000", "x".repeat(50)),
    ] {
        let error = policy(text).to_terraform("logs", name, None).unwrap_err();
        assert_eq!(error, TerraformError::Bucket { name: name.into() });
    }
}

#[test]
fn what_terraform_or_cam_would_refuse_is_refused() {
    let everything = everything();
    let message = |label: &str, name: &str, description: Option<&str>| {
        everything.to_terraform(label, name, description).unwrap_err().to_string()
    };
    let long = "x".repeat(129);
    let longer = "回".repeat(101);
    let mut told = vec![
        message("", "a", None),
        message("1a", "a", None),
        message("a.b", "a", None),
        message("a\"", "a", None),
        message("a", "", None),
        message("a", "a b", None),
        message("a", "回声", None),
        message("a", &long, None),
        message("a", "a", Some(&longer)),
        message("a", "a", Some("$${uin}")),
    ];
    let bucket = r#"{"version":"2.0","principal":"*","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    let error = policy(bucket).to_terraform("a", "b", None).unwrap_err();
    assert_eq!(error, TerraformError::Bucket { name: "b".into() });
    told.push(error.to_string());
    let described = policy(bucket).to_terraform("a", "examplebucket-1250000000", Some("x"));
    told.push(described.unwrap_err().to_string());
    let resource = ResourcePattern::new("cos", "", Account::Creator, &"a".repeat(6000)).unwrap();
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [resource.clone(), resource]);
    let long = Policy::new([statement]).unwrap();
    told.push(long.to_terraform("a", "b", None).unwrap_err().to_string());
    insta::assert_snapshot!(told.join("\n"));
    for name in ["a", "+=,.@_-", &"x".repeat(128)] {
        everything.to_terraform("_a-1", name, Some(&"x".repeat(300))).unwrap();
    }
}
