//! CAM's texts for denied requests, as SDKs, consoles and logs show them. People who met them published them;
//! accounts, identifiers and request numbers are changed.

mod common;

use cam_policy::catalog::Granularity;
use cam_policy::engine::{AccessDenied, OtherRefusal, ResourceNormalization};
use cam_policy::policy::{Effect, Policy};
use cam_policy::values::Uin;
use common::policy_set;

/// Each text with its action and its resource.
const SEEN: &[(&str, &str, &str)] = &[
    // A text that went through a chat program, with full-width brackets.
    (
        "you are not authorized to perform operation\u{ff08}trtc:GetUserList\u{ff09}resource\u{ff08}*\u{ff09}has no permission",
        "trtc:GetUserList",
        "*",
    ),
    // The Java SDK.
    (
        "[TencentCloudSDKException]message:AuthFailure.UnauthorizedOperation-You are not authorized to perform this \
         operation. Check your CAM policies, and ensure that you are using the correct access keys. \
         [[request id:00000000-0000-0000-0000-000000000000]you are not authorized to perform operation (sms:SendSms)\n\
         resource (*) has no permission",
        "sms:SendSms",
        "*",
    ),
    // A tool of CloudBase; the account is empty.
    (
        "[DescribeStaticStore] You are not authorized to perform this operation. Check your CAM policies, and ensure \
         that you are using the correct access keys. [[request id:00000000-0000-0000-0000-000000000000]you are not \
         authorized to perform operation (tcb:DescribeStaticStore)\n\
         resource (qcs::tcb:ap-shanghai::env/example-0a0a0a0a) has no permission\n]",
        "tcb:DescribeStaticStore",
        "qcs::tcb:ap-shanghai::env/example-0a0a0a0a",
    ),
    // The printed exception of an old Python SDK.
    (
        r"Exception: {'code': 4102, 'message': '[request id:0]you are not authorized to perform operation (cns:RecordList)\nresource (*) has no permission\n', 'codeDesc': 'SecretidNotAuthAccessResource'}",
        "cns:RecordList",
        "*",
    ),
    // The command line; an old resource with a project.
    (
        "[TencentCloudSDKException] code:UnauthorizedOperation message:[request id:00000000-0000-0000-0000-000000000000]\
         you are not authorized to perform operation (cvm:StopInstances)\n\
         resource (qcs:id/0:cvm:ap-guangzhou:uin/100000000001:instance/ins-0a0a0a0a) has no permission\n \
         requestId:00000000-0000-0000-0000-000000000000",
        "cvm:StopInstances",
        "qcs:id/0:cvm:ap-guangzhou:uin/100000000001:instance/ins-0a0a0a0a",
    ),
    // The Go SDK in an event of Kubernetes: line breaks and slashes escaped.
    (
        r#"Failed to create eip: failed to allocate eip: [TencentCloudSDKError] Code=UnauthorizedOperation, Message="[request id:0]you are not authorized to perform operation (cvm:AllocateAddresses)\nresource (qcs::cvm:ap-guangzhou:uin\/100000000001:eip\/*) has no permission\n"., RequestId=0"#,
        "cvm:AllocateAddresses",
        "qcs::cvm:ap-guangzhou:uin/100000000001:eip/*",
    ),
    // The answer of an API, quoted by another service.
    (
        r#"Error: ({"Error": {"Code": "AuthFailure.UnauthorizedOperation", "Message": "CAM signature/authentication error: request unauthorized([request id:0]you are not authorized to perform operation (cfs:DescribeCfsFileSystems)\nresource (qcs::cfs:ap-beijing:uin/100000000001:filesystem/*) has no permission\n)"}, "RequestId": "0"}) (reqId: 0)"#,
        "cfs:DescribeCfsFileSystems",
        "qcs::cfs:ap-beijing:uin/100000000001:filesystem/*",
    ),
    // A documentation page, in one line.
    (
        " [request id:0]you are not authorized to perform operation (scf:CreateFunction) resource \
         (qcs::scf:gz:uin/100000000001:function/*) has no permission",
        "scf:CreateFunction",
        "qcs::scf:gz:uin/100000000001:function/*",
    ),
    // Two more: one with a comma, and from Europe and China.
    (
        "you are not authorized to perform operation (sts:AssumeRole), resource \
         (qcs::cam::uin/100000000001:roleName/example) has no permission",
        "sts:AssumeRole",
        "qcs::cam::uin/100000000001:roleName/example",
    ),
    (
        "you are not authorized to perform operation (sts:AssumeRole) ，resource \
         (qcs::cam::uin/100000000001:roleName/example) has no permission 오류",
        "sts:AssumeRole",
        "qcs::cam::uin/100000000001:roleName/example",
    ),
    // The identifier of something that does not exist yet is empty.
    (
        "you are not authorized to perform operation (cls:createLogset) resource (qcs::cls:ap-guangzhou::logset/) has \
         no permission",
        "cls:createLogset",
        "qcs::cls:ap-guangzhou::logset/",
    ),
    // The words around the core are in Chinese.
    (
        "操作未授权，请检查CAM策略。[[request id:0]you are not authorized to perform operation (teo:ModifyL7AccRule)\n\
         resource (qcs::teo:::zone/zone-0a0a0a0a) has no permission\n] requestId:0",
        "teo:ModifyL7AccRule",
        "qcs::teo:::zone/zone-0a0a0a0a",
    ),
    // A page on troubleshooting: its title has the words without an action.
    (
        "### 权限错误 `you are not authorized to perform operation`\n\n```\n[request id:xxx]you are not authorized to \
         perform operation (tcb:DescribeEnvs)\nresource (qcs::tcb:ap-shanghai:uin/xxx:env/*) has no permission\n```",
        "tcb:DescribeEnvs",
        "qcs::tcb:ap-shanghai:uin/xxx:env/*",
    ),
    // Copied by hand.
    (
        "You are not authorized to perform operation (ocr:GeneralBasicOCR)\nresource (*) has no permission",
        "ocr:GeneralBasicOCR",
        "*",
    ),
];

fn uin(number: u64) -> Uin {
    Uin::new(number).unwrap()
}

#[test]
fn the_texts_people_met_are_read() {
    for (text, action, resource) in SEEN {
        let denied = AccessDenied::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((denied.action(), denied.resource()), (*action, *resource));
        assert_eq!(denied.conditions().len(), 0);
    }
}

#[test]
fn the_least_statement_allows_what_was_refused_and_nothing_beside_it() {
    for (text, ..) in SEEN {
        let denied = AccessDenied::parse(text).unwrap();
        let request = denied.request(uin(100000000002));
        let owner = uin(100000000001);
        assert!(!policy_set([], owner).decide(&request).is_allowed());
        let policy = Policy::new([denied.least_statement()]).unwrap();
        assert!(policy_set([policy.clone()], owner).decide(&request).is_allowed(), "{policy}");
        assert_eq!(policy.statements()[0].actions().len(), 1);
        assert!(!policy.statements()[0].actions()[0].as_str().contains('*'));
    }
}

#[test]
fn a_text_is_read_however_often_it_was_escaped() {
    for (text, action, resource) in SEEN {
        let mut text = (*text).to_owned();
        for _ in 0..3 {
            text = serde_json::to_string(&text).unwrap();
            let denied = AccessDenied::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((denied.action(), denied.resource()), (*action, *resource));
        }
        let ascii: String = text
            .chars()
            .map(|character| match character {
                '(' | ')' => format!("\\u{:04x}", u32::from(character)),
                character => character.to_string(),
            })
            .collect();
        assert_eq!(AccessDenied::parse(&ascii).unwrap().action(), *action);
    }
}

fn refused(action: &str, resource: &str) -> AccessDenied {
    let text =
        format!("not authorized to perform operation ({action})\nresource ({resource}) has no permission");
    AccessDenied::parse(&text).unwrap()
}

#[test]
fn the_resource_is_the_one_that_cam_named_and_a_contradiction_is_reported() {
    let application = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
    for (action, resource, differs) in [
        ("trtc:RemoveUser", application, None),
        ("trtc:RemoveUser", "*", Some(Granularity::Resource)),
        ("trtc:GetUserList", "*", None),
        ("trtc:GetUserList", application, Some(Granularity::Operation)),
        ("trtc:NoSuchAction", application, None),
        ("trtc:NoSuchAction", "*", None),
    ] {
        let denied = refused(action, resource);
        assert_eq!(denied.least_statement().resources()[0].as_str(), resource, "{denied}");
        assert_eq!(denied.catalog_differs(common::catalog()), differs, "{denied}");
    }
}

#[test]
fn a_policy_set_goes_by_the_catalog_where_cam_contradicts_it() {
    let application = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
    for (action, resource, normalization, allowed) in [
        ("trtc:RemoveUser", application, None, true),
        ("trtc:RemoveUser", "*", Some(ResourceNormalization::AllResources), true),
        ("trtc:GetUserList", "*", None, true),
        ("trtc:GetUserList", application, Some(ResourceNormalization::ResourceDropped), false),
    ] {
        let denied = refused(action, resource);
        let policy = Policy::new([denied.least_statement()]).unwrap();
        let set = policy_set([policy], uin(100000000001));
        let request = denied.request(uin(100000000002));
        let response = set.decide(&request);
        assert_eq!((response.normalization(), response.is_allowed()), (normalization, allowed), "{denied}");
    }
}

#[test]
fn conditions_are_read_as_far_as_the_text_has_them() {
    let tags = r#"code:UnauthorizedOperation.CamNoAuth message:[QCloudError] Code=11008 you are not authorized to perform operation (tke:ModifyMasterComponent)
resource (qcs::tke:ap-guangzhou::cluster/cls-0a0a0a0a) has no permission with or without condition:[{"condition":{"key":"qcs:resource_tag","value":["billing&one","billing&two"],"ope":"for_any_value:string_equal"},"effect":"allow"},{"effect":"deny","condition":{"value":"10.0.0.0/8","ope":"ip_not_equal","key":"qcs:ip"}},{"condition":{"key":"qcs:uin","value":["1"],"ope":"no_such"},"effect":"allow"},{"condition":{"key":"qcs:req"#;
    let denied = AccessDenied::parse(tags).unwrap();
    let told: Vec<(Effect, String)> =
        denied.conditions().map(|(effect, condition)| (effect, condition.to_string())).collect();
    assert_eq!(
        told,
        [
            (
                Effect::Allow,
                "for_any_value:string_equal of qcs:resource_tag with billing&one or billing&two".to_owned()
            ),
            (Effect::Deny, "ip_not_equal of qcs:ip with 10.0.0.0/8".to_owned()),
        ]
    );
    assert!(denied.least_statement().conditions().is_empty());
    let escaped = serde_json::to_string(tags).unwrap();
    assert_eq!(AccessDenied::parse(&escaped), Ok(denied));
}

#[test]
fn conditions_belong_to_the_resource_they_follow() {
    let told = |key: &str| {
        format!(
            "has no permission with or without condition:[{{\"condition\":{{\"key\":\"{key}\",\"value\":[\"1\"],\
             \"ope\":\"string_equal\"}},\"effect\":\"allow\"}}]"
        )
    };
    let text = format!(
        "not authorized to perform operation (a:B)\nresource (qcs::a:::one/1) {}\n\
         resource (qcs::a:::two/2) has no permission\nresource (qcs::a:::three/3) {}\n\
         not authorized to perform operation (a:B)\nresource (qcs::a:::one/1) has no permission\n\
         not authorized to perform operation (a:B)\nresource (qcs::a:::one/1) {}",
        told("qcs:resource_tag"),
        told("qcs:three"),
        told("qcs:resource_tag"),
    );
    let all: Vec<String> = AccessDenied::parse_all(&text)
        .unwrap()
        .iter()
        .map(|denied| {
            let keys: Vec<&str> = denied.conditions().map(|(_, condition)| condition.key()).collect();
            format!("{denied}: {}", keys.join(", "))
        })
        .collect();
    assert_eq!(
        all,
        [
            "a:B on qcs::a:::one/1: qcs:resource_tag",
            "a:B on qcs::a:::two/2: ",
            "a:B on qcs::a:::three/3: qcs:three",
            "a:B on qcs::a:::one/1: ",
        ],
        "one that differs in its conditions is another, one that does not is the same"
    );
}

#[test]
fn several_denials_are_read_apart() {
    let text = "you are not authorized to perform operation (cvm:RunInstances)\n\
                resource (qcs::cvm:gz:uin/1:instance/*) has no permission\n\
                resource (qcs::vpc:gz:uin/1:vpc/vpc-(1)) has no permission\n\
                retrying: you are not authorized to perform operation (cvm:RunInstances)\n\
                resource (qcs::cvm:gz:uin/1:instance/*) has no permission\n\
                you are not authorized to perform operation (trtc:GetUserList)\nresource (*) has no permission";
    let all: Vec<String> = AccessDenied::parse_all(text).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        all,
        [
            "cvm:RunInstances on qcs::cvm:gz:uin/1:instance/*",
            "cvm:RunInstances on qcs::vpc:gz:uin/1:vpc/vpc-(1)",
            "trtc:GetUserList on *",
        ]
    );
    let error = AccessDenied::parse(text).unwrap_err();
    assert_eq!(error.to_string(), "the text holds 3 refusals: read them with `AccessDenied::parse_all`");
}

#[test]
fn what_a_text_lacks_is_said() {
    let told = [
        "",
        "操作未授权，请检查CAM策略。[[request id:0]system policy not verify] requestId:0",
        "You are not authorized to perform this operation. Check your CAM policies.",
        "you are not authorized to perform operation",
        "you are not authorized to perform operation (asr:CreateRecTask",
        "you are not authorized to perform operation (asr:CreateRecTask)",
        "you are not authorized to perform operation (asr:CreateRecTask) resource (*)",
        "you are not authorized to perform operation (asr:*) resource (*) has no permission",
        "you are not authorized to perform operation (CreateRecTask) resource (*) has no permission",
        "you are not authorized to perform operation (asr:CreateRecTask) resource (task/1) has no permission",
        "you are not authorized to perform operation (asr:CreateRecTask) resource () has no permission",
        "you are not authorized to perform operation (cos:GetObject) resource (qcs::cos::uin/1:b/${name}) has no permission",
        "you are not authorized to perform operation (cos:GetObject) resource (qcs::cos::uin/1:b/${uin}) has no permission",
        "you are not authorized to perform operation (cos:GetObject) resource (qcs::cos::uin/${uin}:b/1) has no permission",
        "you are not authorized to perform operation (cos:GetObject) resource (qcs::c s:::b/1) has no permission",
    ]
    .map(|text| AccessDenied::parse(text).unwrap_err().to_string());
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_refusal_that_is_no_matter_of_policies_says_so() {
    use OtherRefusal::{Allowlist, FormerApi, KubernetesRole, SystemPolicy};
    for (text, other) in [
        (
            "code:AuthFailure.UnauthorizedOperation message:[[request id:0]system policy not verify]",
            SystemPolicy,
        ),
        (
            "[TencentCloudSDKException] code:UnauthorizedOperation message:Your account is not in the whitelist.",
            Allowlist,
        ),
        ("不是白名单用户。", Allowlist),
        ("FailedOperation: user is not on the allow list of this feature", Allowlist),
        ("{'code': 4102, 'message': '', 'codeDesc': 'SecretidNotAuthAccessResource'}", FormerApi),
        (r#"{"code":4102,"message":"(4102) no permission"}"#, FormerApi),
        ("(4102) no permission", FormerApi),
        ("错误码：4102", FormerApi),
        (
            r#"pods is forbidden: User "100000000002-1600000000" cannot list resource "pods" in API group "" in the namespace "default""#,
            KubernetesRole,
        ),
        ("FailedOperation.RBACForbidden: RBAC permission denied", KubernetesRole),
    ] {
        let error = AccessDenied::parse(text).unwrap_err();
        assert_eq!(error.other_refusal(), Some(other), "{text}");
        assert!(error.to_string().starts_with("no policy changes this refusal: "), "{error}");
    }
    for text in ["request 14102 failed", "4102 rows", "code: 41020", ""] {
        assert_eq!(AccessDenied::parse(text).unwrap_err().other_refusal(), None, "{text}");
    }
    // A text that names operation and resource is a denial by policies, whatever code stands beside it.
    let text = "{'code': 4102, 'message': '[request id:0]you are not authorized to perform operation (cns:RecordList)\\nresource (*) has no permission\\n'}";
    assert_eq!(AccessDenied::parse(text).unwrap().action(), "cns:RecordList");
}

#[test]
fn the_project_of_a_denial_does_not_come_into_a_policy() {
    for project in ["id/0", "id/1158313"] {
        let resource = format!("qcs:{project}:cvm:ap-guangzhou:uin/1:instance/ins-1");
        let text = format!(
            "you are not authorized to perform operation (cvm:StopInstances)\nresource ({resource}) has no permission"
        );
        let denied = AccessDenied::parse(&text).unwrap();
        assert_eq!(denied.resource(), resource);
        let statement = denied.least_statement();
        assert_eq!(statement.resources()[0].as_str(), "qcs::cvm:ap-guangzhou:uin/1:instance/ins-1");
        let set = policy_set([Policy::new([statement]).unwrap()], Uin::new(1).unwrap());
        assert!(set.decide(&denied.request(Uin::new(2).unwrap())).is_allowed());
    }
}

/// A sentence that a program has wrapped, with what it writes before each line.
#[test]
fn what_stands_before_the_lines_of_a_wrapped_sentence_is_left_out() {
    let wrapped = |before: &str, end: &str| {
        let lines = [
            "Error: Message=you are not authorized to",
            "perform operation",
            "(cam:CreatePolicy) resource (*) has no",
            "permission, RequestId=0",
        ];
        lines.map(|line| format!("{before}{line}")).join(end)
    };
    for before in [
        "",
        "\u{2502} ",
        "> ",
        "> > ",
        "| ",
        "  ",
        "\u{1b}[31m\u{2502}\u{1b}[0m \u{1b}[0m\u{1b}[1m",
        "2026-11-28T00:34:00.1234567Z \u{2502} ",
        "2026-11-28T00:34:00.123+08:00 stderr F \u{2502} ",
        "2026/11/28 00:34:00 [ERROR] ",
        "[2026-11-28 00:34:00,123] ERROR: ",
        "terraform-1  | \u{2502} ",
    ] {
        for end in ["\n", "\r\n", "\\n", "\\\\n"] {
            let text = wrapped(before, end);
            let denied = AccessDenied::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((denied.action(), denied.resource()), ("cam:CreatePolicy", "*"), "{text}");
        }
    }
    let escaped = r"\u001b[31m\u2502\u001b[0m you are not authorized to perform operation\n\x1b[31m\u2502\x1b[0m (cam:CreatePolicy) resource (*) has no permission";
    assert_eq!(AccessDenied::parse(escaped).unwrap().action(), "cam:CreatePolicy");
}

#[test]
fn a_box_of_terraform_is_read() {
    let text = "\u{2577}\n\u{2502} Error: [TencentCloudSDKError] Code=UnauthorizedOperation.CamNoAuth, Message=you are not authorized to perform operation\n\u{2502} (cam:CreatePolicy) resource (*) has no permission, RequestId=0\n\u{2502} \n\u{2502}   with tencentcloud_cam_policy.ops,\n\u{2502}   on main.tf line 5, in resource \"tencentcloud_cam_policy\" \"ops\":\n\u{2575}\n";
    assert_eq!(AccessDenied::parse(text).unwrap().to_string(), "cam:CreatePolicy on *");
}

#[test]
fn a_refusal_by_cos_has_a_resource_and_no_operation() {
    let of = |resource: &str| {
        let text = format!(
            "<?xml version='1.0'?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Access Denied.</Message>\n{resource}</Error>"
        );
        let error = AccessDenied::parse(&text).unwrap_err();
        assert!(error.to_string().contains("COS, which never names the operation"), "{error}");
        error.cos_resource().unwrap().to_owned()
    };
    assert_eq!(
        of("\t<Resource>/photos-1250000000/a.jpg</Resource>\n"),
        "qcs::cos:REGION:uid/1250000000:photos-1250000000/a.jpg"
    );
    assert_eq!(
        of("<Resource>photos-1250000000.cos.ap-guangzhou.myqcloud.com/a/b.jpg</Resource>"),
        "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/a/b.jpg"
    );
    assert_eq!(of(""), "qcs::cos:REGION:uid/APPID:BUCKET-APPID/KEY");
    // Only the object is named.
    for key in ["a.jpg", "holiday/a.jpg", "photos-2024/a.jpg", "my-photo.v2.jpg"] {
        assert_eq!(
            of(&format!("<Resource>/{key}</Resource>")),
            format!("qcs::cos:REGION:uid/APPID:BUCKET-APPID/{key}")
        );
    }
    assert_eq!(
        of("<Resource>photos-1250000000.cos.accelerate.myqcloud.com/a.jpg</Resource>"),
        "qcs::cos:REGION:uid/1250000000:photos-1250000000/a.jpg"
    );
    assert_eq!(AccessDenied::parse("AccessDenied").unwrap_err().cos_resource(), None);
}

/// The scheme of an address is no part of an object.
#[test]
fn a_refusal_by_cos_may_name_an_address() {
    let of = |resource: &str| {
        let text = format!(
            "<Error><Code>AccessDenied</Code><Resource>{resource}</Resource><Message>No.</Message></Error>"
        );
        let error = AccessDenied::parse(&text).unwrap_err();
        (error.cos_resource().unwrap().to_owned(), error.to_string())
    };
    for (address, expected) in [
        (
            "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a/b.jpg",
            "ap-guangzhou:uid/1250000000:photos-1250000000/a/b.jpg",
        ),
        (
            "HTTP://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a.jpg?sign=q/1",
            "ap-guangzhou:uid/1250000000:photos-1250000000/a.jpg",
        ),
        (
            "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com",
            "ap-guangzhou:uid/1250000000:photos-1250000000/KEY",
        ),
        (
            "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b",
            "ap-guangzhou:uid/1250000000:photos-1250000000/KEY",
        ),
        (
            "https://photos-1250000000.cos.accelerate.myqcloud.com/a",
            "REGION:uid/1250000000:photos-1250000000/a",
        ),
    ] {
        let (resource, told) = of(address);
        assert_eq!(resource, format!("qcs::cos:{expected}"), "{address}");
        assert!(!told.contains("cannot be read"), "{told}");
    }
    for address in [
        "https://cdn.example.com/a.jpg",
        "https://photos.cos.ap-guangzhou.myqcloud.com/a.jpg",
        "https://photos-1250000000.cos.ap-guangzhou.example.com/a.jpg",
        "http://cos.ap-guangzhou.myqcloud.com/photos-1250000000/a.jpg",
        "https://",
    ] {
        let (resource, told) = of(address);
        assert_eq!(resource, "qcs::cos:REGION:uid/APPID:BUCKET-APPID/KEY", "{address}");
        let unread = format!("the text refuses the resource {address:?}, which cannot be read");
        assert!(told.contains(&unread), "{told}");
    }
}

/// How CAM prints several resources is not documented; nothing but a resource begins with `qcs:`.
#[test]
fn resources_that_share_a_bracket_are_read_apart() {
    let of = |id: &str| format!("qcs::trtc::uin/100000000001:sdkappid/{id}");
    let resources = |list: &str, more: &str| -> Vec<String> {
        let text = format!(
            "you are not authorized to perform operation (trtc:RemoveUser)\nresource ({list}) has no permission{more}"
        );
        let denials = AccessDenied::parse_all(&text).unwrap();
        assert!(denials.iter().all(|one| one.conditions().len() == usize::from(!more.is_empty())));
        denials.iter().map(|one| one.resource().to_owned()).collect()
    };
    let condition = r#" with or without condition:[{"condition":{"key":"qcs:mfa","value":["1"],"ope":"string_equal"},"effect":"allow"}]"#;
    for comma in [",", ", ", ";", "\u{ff0c}"] {
        let list = [of("1"), of("2"), of("3")].join(comma);
        assert_eq!(resources(&list, ""), [of("1"), of("2"), of("3")], "{comma:?}");
        assert_eq!(resources(&list, condition), [of("1"), of("2"), of("3")], "{comma:?}");
    }
    // An object of COS may have a comma in its name.
    for whole in
        [of("1,2"), of("1, qcs:x"), "qcs::cos:ap-beijing:uid/1250000000:b-1250000000/a,b (1).txt".into()]
    {
        assert_eq!(resources(&whole, ""), [whole]);
    }
}
