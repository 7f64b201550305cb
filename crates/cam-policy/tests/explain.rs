//! What explanations say, and that the changes they propose give no more than was asked for.

#![cfg(feature = "engine")]

mod common;

use cam_policy::engine::{Decision, Layer, PolicySet, Request};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use common::policy_set;

const CALLER: u64 = 100000000002;

fn set(statements: &str) -> PolicySet<'static> {
    let policy: Policy = format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap();
    policy_set([policy], Uin::new(100000000001).unwrap())
}

fn request(action: &str, resource: &str) -> Request {
    Request::new(Uin::new(CALLER).unwrap(), action, resource).unwrap()
}

const APP: &str = "qcs::trtc::uin/100000000001:sdkappid/1400000001";

#[test]
fn explanations_read_well() {
    let near = r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkAppId/1400000001"]},
        {"effect":"deny","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1400000001"]},
        {"effect":"allow","action":["trtc:DismissRom"],"resource":["*"]},
        {"effect":"allow","action":["trtc:StartPublishCdnStream"],"resource":["qcs::trtc:::sdkappid/*"]},
        {"effect":"allow","action":["trtc:GetUserInfo"],"resource":["*"],"condition":{"ip_equal":{"qcs:ip":"10.0.0.0/33"}}}"#;
    let asked = [
        request("trtc:RemoveUser", APP),
        request("trtc:RemoveUser", "*"),
        request("trtc:RemoveUser", "qcs::trtc::uin/5:SdkAppId/1"),
        request("trtc:GetUserList", APP).with_key("qcs:mfa", ["true"]),
        request("trtc:DismissRoom", APP),
        request("trtc:StartPublishCdnStream", APP),
        request("trtc:GetUserInfo", "*").with_ip("10.0.0.1".parse().unwrap()),
        request("trtc:GetUserInfo", "*"),
        request("cvm:RunInstances", "*"),
        Request::new(Uin::new(100000000001).unwrap(), "cvm:RunInstances", "*").unwrap(),
    ];
    let told: Vec<String> = asked.iter().map(|request| set(near).explain(request).to_string()).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_deny_keeps_what_it_says_of_others() {
    let set = set(r#"{"effect":"allow","action":["cos:*"],"resource":["*"]},
        {"effect":"deny","action":["cos:PutObject","cos:DeleteObject"],"resource":["qcs::cos:::b1/*","qcs::cos:::b2/*"]}"#);
    let put = request("cos:PutObject", "qcs::cos:::b1/a");
    let changed = set.with_changes(set.explain(&put).changes());
    assert!(changed.decide(&put).is_allowed());
    for (action, resource) in [
        ("cos:DeleteObject", "qcs::cos:::b1/a"),
        ("cos:PutObject", "qcs::cos:::b2/a"),
        ("cos:DeleteObject", "qcs::cos:::b2/a"),
    ] {
        assert_eq!(
            changed.decide(&request(action, resource)).decision(),
            Decision::ExplicitlyDenied,
            "{action}"
        );
    }
}

#[test]
fn a_statement_that_misses_in_several_ways_is_not_widened() {
    let set = set(
        r#"{"effect":"allow","action":["cos:GetObjct","cos:DeleteObject"],"resource":["qcs::cos:::b1/*"],
        "condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"}}}"#,
    );
    let from = |request: Request| request.with_ip("192.0.2.1".parse().unwrap());
    let get = from(request("cos:GetObject", "qcs::cos:::b2/a"));
    let changed = set.with_changes(set.explain(&get).changes());
    assert!(changed.decide(&get).is_allowed());
    for other in
        [request("cos:DeleteObject", "qcs::cos:::b2/a"), request("cos:DeleteObject", "qcs::cos:::b1/a")]
    {
        assert!(!changed.decide(&from(other)).is_allowed());
    }
}

#[test]
fn a_request_that_no_pattern_could_name_is_none() {
    for action in ["a/b:C", "cos:Get/Object", "cos:", "cos:a b", "cos:*", "*:Get", "cos"] {
        assert!(Request::new(Uin::new(CALLER).unwrap(), action, "*").is_err(), "{action}");
    }
    for resource in ["", "qcs:foo:cos:::b/a", "qcs::cos:ap beijing::b/a", "arn:aws:s3:::b/a", "qcs::cos:::"] {
        assert!(Request::new(Uin::new(CALLER).unwrap(), "cos:GetObject", resource).is_err(), "{resource}");
    }
}

#[test]
fn long_names_are_not_compared_character_by_character() {
    let long = |character: &str| format!("trtc:{}", character.repeat(6000));
    let statements =
        format!(r#"{{"effect":"allow","action":[{:?},{:?}],"resource":["*"]}}"#, long("a"), long("b"));
    let explanation = set(&statements).explain(&request(&long("c"), "*"));
    assert!(explanation.nearest().is_empty());
}

#[test]
fn each_layer_that_does_not_allow_gets_a_statement() {
    let set = set(r#"{"effect":"allow","action":["trtc:*"],"resource":["*"]}"#)
        .with_layer(Layer::Boundary, [])
        .with_layer(Layer::Session, []);
    let request = request("trtc:RemoveUser", APP);
    let explanation = set.explain(&request);
    assert_eq!(explanation.changes().len(), 2);
    assert!(set.with_changes(explanation.changes()).decide(&request).is_allowed());
}
