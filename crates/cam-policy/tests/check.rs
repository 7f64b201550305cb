//! What in a policy can do nothing is told; what the catalog does not know is not.

mod common;

use cam_policy::catalog::Catalog;
use cam_policy::document::Document;
use cam_policy::policy::Policy;

fn warnings(statement: &str) -> Vec<String> {
    let text = format!(r#"{{"version":"2.0","statement":[{statement}]}}"#);
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.check(&Catalog::EMPTY), [], "an empty catalog knows nothing");
    let warnings = document.check(common::catalog());
    // The places of a policy's own text are others.
    let of_policy = document.policy().check(common::catalog());
    let told =
        |one: &cam_policy::diagnostic::Diagnostic| (one.code(), one.element(), one.message().to_owned());
    assert_eq!(warnings.iter().map(told).collect::<Vec<_>>(), of_policy.iter().map(told).collect::<Vec<_>>());
    let shown = |one: &cam_policy::diagnostic::Diagnostic| {
        assert!(one.element().is_some());
        format!("{} at {}: {one}", one.code(), &text[one.span().range()])
    };
    warnings.iter().map(shown).collect()
}

fn allow(actions: &str, resources: &str) -> String {
    format!(r#"{{"effect":"allow","action":{actions},"resource":{resources}}}"#)
}

#[test]
fn what_can_do_nothing_is_told() {
    let cases = [
        ("an unknown action", allow(r#"["trtc:RemoveUsr","trtc:Nothing*"]"#, r#""*""#)),
        ("another case", allow(r#"["trtc:removeuser","CCC:CreateStaff"]"#, r#""*""#)),
        (
            "operation-level on a resource",
            allow(r#"["trtc:GetUserList","trtc:RemoveUser"]"#, r#""qcs::trtc:::sdkappid/1""#),
        ),
        (
            "a resource that is not listed",
            allow(
                r#""trtc:RemoveUser""#,
                r#"["qcs::trtc:::room/1","qcs::cos:::sdkappid/1","qcs::trtc:::sdkappid/1"]"#,
            ),
        ),
        ("a resource in another case", allow(r#""trtc:RemoveUser""#, r#""qcs::trtc::uin/1:SdkAppId/1""#)),
        (
            "a region that the pattern has not",
            allow(r#""trtc:RemoveUser""#, r#""qcs::trtc:ap-guangzhou::sdkappid/1""#),
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, statement)| format!("# {name}\n{}", warnings(statement).join("\n")))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_right_or_unknown_is_not_told() {
    for (actions, resources) in [
        (r#""trtc:RemoveUser""#, r#""*""#),
        (
            r#""trtc:RemoveUser""#,
            r#"["qcs::trtc::uin/1:sdkappid/*","qcs::trtc:*:*:*","qcs::t*:::sdkappid/${uin}"]"#,
        ),
        (r#"["trtc:GetUserList","trtc:RemoveUser"]"#, r#"["*","qcs::trtc:::sdkappid/1"]"#),
        (r#""trtc:*""#, r#""qcs::trtc:::room/1""#),
        (r#""*""#, r#""qcs::trtc:::room/1""#),
        (r#"["ccc:NotListedHere","cos:GetObject","cos:*"]"#, r#""qcs::cos:::a/b""#),
        (r#""ccc:CreateStaff""#, r#"["qcs::ccc::uin/:SdkAppId/1","qcs::ccc:::SdkAppId/1"]"#),
        (r#""permid/280649""#, r#""qcs::trtc:::room/1""#),
    ] {
        assert_eq!(warnings(&allow(actions, resources)), [] as [String; 0], "{actions} {resources}");
    }
}

#[test]
fn long_policies_are_checked_in_bearable_time() {
    let resources: Vec<String> = (0..5_000).map(|at| format!(r#""qcs::trtc:::*r*o*o*m*/{at}*""#)).collect();
    let text = format!(
        r#"{{"version":"2.0","statement":[{}]}}"#,
        allow(r#""trtc:RemoveUser""#, &format!("[{}]", resources.join(",")))
    );
    let policy: Policy = text.parse().unwrap();
    let warnings = policy.check(common::catalog());
    assert!(warnings.len() <= 101);
    let long = format!(
        r#"{{"version":"2.0","statement":[{}]}}"#,
        allow(r#""trtc:RemoveUser""#, &format!(r#""qcs::trtc:::{}""#, "*a".repeat(3_000)))
    );
    assert_eq!(long.parse::<Policy>().unwrap().check(common::catalog()), []);
}
