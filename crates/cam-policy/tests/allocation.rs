//! Tests that a decision allocates nothing, however much it compares, and that an explanation reads no condition again.

mod common;

use std::hint::black_box;

use allocation_counter::measure;
use cam_policy::engine::{Caller, Decision, Layer, Level, PolicySet, Request};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use common::policy_set;

const APPLICATION: &str = "qcs::trtc::uin/100000000001:sdkappid/1400000001";

fn policy(statements: &str) -> Policy {
    format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap()
}

fn request(action: &str, resource: &str) -> Request {
    Request::new(Uin::new(100000000002).unwrap(), action, resource)
        .unwrap()
        .with_ip("10.1.2.3".parse().unwrap())
        .with_time("2026-06-01T12:00:00Z".parse().unwrap())
        .with_key("trtc:minutes", ["10"])
}

/// The policies have every kind of comparison, variables, patterns, layers, changed resources, and more resources
/// than are compared one by one.
#[test]
fn a_decision_allocates_nothing() {
    let many: Vec<String> =
        (0..100).map(|id| format!("qcs::trtc::uin/100000000001:sdkappid/{}", 1400000000 + id)).collect();
    let identity = [
        policy(&format!(r#"{{"effect":"allow","action":"trtc:RemoveUser","resource":{many:?}}}"#)),
        policy(
            r#"{"effect":"allow","action":["trtc:Dismiss*","*:GetUserList"],"resource":["qcs::trtc:::sdkappid/14*01","*"],
            "condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8","2001:db8::/32"]},
            "date_less_than":{"qcs:current_time":"2030-01-01T00:00:00Z"},
            "numeric_less_than":{"trtc:minutes":20},
            "string_not_equal_ignore_case":{"trtc:minutes":"${uin}"},
            "string_like_if_exist":{"trtc:room":"*"},
            "null_equal":{"trtc:token":"true"}}}"#,
        ),
        policy(
            r#"{"effect":"deny","action":"*","resource":["qcs::trtc:::sdkappid/${owner_uin}*","qcs::trtc:::a*b*"]}"#,
        ),
        policy(r#"{"effect":"allow","action":"trtc:CreateTrtcApp","resource":"*","principal":{"qcs":"*"}}"#),
    ];
    let bucket = policy(
        r#"{"effect":"allow","action":"cos:GetObject","resource":["qcs::cos:::prefix//1250000000/b/*","qcs:id/*:cos:::c/*"],
        "principal":{"qcs":["qcs::cam::uin/100000000001:groupid/7","qcs::cam::uin/100000000001:roleName/reader","qcs::cam::anyone:anyone"]},
        "condition":{"string_equal":{"qcs:tag/env":"prod"},"numeric_less_than":{"cos:size":"1e3"}}}"#,
    );
    let identity = identity.into_iter().chain([bucket]);
    let owner = Uin::new(100000000001).unwrap();
    let every = || policy(r#"{"effect":"allow","action":"*","resource":"*"}"#);
    let set = policy_set(identity, owner)
        .with_layer(Layer::Boundary, [every()])
        .with_layer(Layer::Session, [every()])
        .with_layer(Layer::ServiceControl(Level::Root), [every()])
        .with_layer(Layer::ServiceControl(Level::Unit(1)), [every()]);
    let trust = policy(
        r#"{"effect":"allow","action":"sts:AssumeRole","principal":{"service":"cls.cloud.tencent.com"}}"#,
    );
    let trusting = PolicySet::trust(common::catalog(), [trust], owner);
    let cases = [
        (request("trtc:RemoveUser", APPLICATION), Decision::Allowed),
        (request("trtc:DismissRoom", APPLICATION), Decision::Allowed),
        (request("trtc:DismissRoom", "*"), Decision::Allowed),
        (request("trtc:GetUserList", APPLICATION), Decision::Allowed),
        (request("trtc:CreateTrtcApp", "*"), Decision::Allowed),
        (request("trtc:StartMCUMixTranscode", APPLICATION), Decision::ImplicitlyDenied),
        (
            request("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/100000000001"),
            Decision::ExplicitlyDenied,
        ),
        (request("cos:GetObject", "qcs::cos:ap-beijing:uid/1:bucket/a"), Decision::ImplicitlyDenied),
    ];
    let by = |caller: Caller, action: &str, resource: &str| {
        Request::new(caller, action, resource)
            .unwrap()
            .with_key("qcs:resource_tag", ["env&prod"])
            .with_key("cos:size", ["999.5"])
    };
    let user = Caller::new(Uin::new(100000000002).unwrap()).with_app_id(1250000000).in_groups([3, 7]);
    let object = "qcs:id/0:cos:ap-guangzhou:uid/1250000000:b-1250000000/a";
    let others = [
        (&set, by(user, "cos:GetObject", object), Decision::Allowed),
        (
            &set,
            by(Caller::role("reader").with_app_id(1250000000), "cos:GetObject", object),
            Decision::Allowed,
        ),
        (&set, by(Caller::anonymous().with_app_id(1250000000), "cos:GetObject", object), Decision::Allowed),
        (&trusting, by(Caller::service("cls.cloud.tencent.com"), "sts:AssumeRole", "*"), Decision::Allowed),
        (&trusting, by(Caller::federated("corp"), "sts:AssumeRole", "*"), Decision::ImplicitlyDenied),
    ];
    let of_set = cases.iter().map(|(request, decision)| (&set, request, decision));
    for (set, request, decision) in
        of_set.chain(others.iter().map(|(set, request, decision)| (*set, request, decision)))
    {
        let mut decided = None;
        let info = measure(|| decided = Some(black_box(set.decide(request)).decision()));
        assert_eq!(decided, Some(*decision), "{request}");
        assert_eq!(info.count_total, 0, "{request}");
    }
}

/// Conditions are read when the set is made: an explanation allocates as much for few values as for many.
#[test]
fn an_explanation_reads_no_condition_again() {
    let owner = Uin::new(100000000001).unwrap();
    let allocations = |count: usize, action: &str| {
        let list = |value: &dyn Fn(usize) -> String| (0..count).map(value).collect::<Vec<_>>();
        let texts = list(&|n| format!("t{n}"));
        let networks = list(&|n| format!("10.{}.{}.0/24", n / 250, n % 250));
        let numbers = list(&|n| format!("{n}.5"));
        let times = list(&|n| format!("2030-01-01T00:{:02}:{:02}Z", n / 60, n % 60));
        let conditions = format!(
            r#""condition":{{"string_not_equal":{{"a:t":{texts:?}}},"ip_not_equal":{{"qcs:ip":{networks:?}}},
            "numeric_not_equal":{{"trtc:minutes":{numbers:?}}},"date_less_than":{{"qcs:current_time":{times:?}}}}}"#
        );
        let set = policy_set(
            [policy(&format!(
                r#"{{"effect":"allow","action":"trtc:DismissRoom","resource":"*",{conditions}}},
                {{"effect":"allow","action":"trtc:RemoveUser","resource":"*",{conditions}}}"#
            ))],
            owner,
        );
        let request =
            request(action, APPLICATION).with_ip("192.0.2.1".parse().unwrap()).with_key("a:t", ["x"]);
        let mut allowed = false;
        let info = measure(|| allowed = black_box(set.explain(&request)).decision() == Decision::Allowed);
        (info.count_total, allowed)
    };
    for (action, allowed) in [("trtc:RemoveUser", true), ("cvm:RunInstances", false)] {
        let (few, many) = (allocations(2, action), allocations(2000, action));
        assert_eq!((few.1, many.1), (allowed, allowed), "{action}");
        assert_eq!(few.0, many.0, "{action}");
    }
}
