//! Tests the answers that need no browser.

use cam_web::answer;
use serde_json::{Value, json};

fn ask(question: &Value) -> Value {
    serde_json::from_str(&answer(&question.to_string())).unwrap()
}

fn policy(effect: &str, action: &str) -> String {
    json!({"version": "2.0", "statement": [{
        "effect": effect, "action": [action], "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"],
    }]})
    .to_string()
}

#[test]
fn a_request_of_a_misspelt_action_names_the_right_one() {
    let request = |action: &str| {
        ask(&json!({"ask": "explain", "text": policy("allow", "trtc:RemoveUser"), "action": action,
            "resource": "qcs::trtc::uin/100000000001:sdkappid/1400000001"}))
    };
    assert_eq!(request("trtc:RemoveUser")["allowed"], true);
    for slip in ["trtc:RemoveUsr", "trct:RemoveUser"] {
        let answer = request(slip);
        assert_eq!(answer["help"][0], "near it is `trtc:RemoveUser`", "{answer}");
    }
}

#[test]
fn a_caller_of_whom_nothing_is_known_is_never_the_root_account() {
    let answer = ask(
        &json!({"ask": "explain", "text": policy("allow", "trtc:DismissRoom"), "action": "trtc:RemoveUser",
        "resource": "qcs::trtc::uin/100000000002:sdkappid/1400000001", "account": {"owner": "100000000002"}}),
    );
    assert_eq!(answer["allowed"], false, "{answer}");
}

#[test]
fn trust_policies_are_decided_and_compared_apart_from_others() {
    let trust = |name: &str| {
        json!({"version": "2.0", "statement": [{
            "effect": "allow", "action": ["name/sts:AssumeRole"], "principal": {"service": [name]},
        }]})
        .to_string()
    };
    let cvm = trust("cvm.qcloud.com");
    let changed = ask(&json!({"ask": "compare", "before": cvm, "after": trust("scf.qcloud.com")}));
    assert_eq!(changed["new"].as_array().unwrap().len(), 1, "{changed}");
    assert_eq!(changed["lost"].as_array().unwrap().len(), 1, "{changed}");
    let mixed = ask(&json!({"ask": "compare", "before": cvm, "after": policy("allow", "trtc:RemoveUser")}));
    assert_eq!(mixed["error"], "the texts hold policies of different kinds", "{mixed}");
}

#[test]
fn a_deny_that_goes_is_new_access_where_another_policy_allows_it() {
    let compare =
        |before: &str, after: &str| ask(&json!({"ask": "compare", "before": before, "after": after}));
    let (both, one) = (policy("deny", "trtc:*"), policy("deny", "trtc:RemoveUser"));
    let answer = compare(&both, &one);
    assert_eq!(answer["lost"], json!([]), "{answer}");
    let new = &answer["new"][0];
    assert_eq!(new["if_another_policy_allows"], true, "{answer}");
    assert_eq!(new["denied"][0], "statement 0 of the policy", "{answer}");
    assert_eq!(new["statements"], json!([]), "{answer}");
    assert_eq!(compare(&one, &one), json!({"new": [], "lost": []}));
    // An allow that has all that the deny took tells it alone.
    let with = |deny: &str| {
        let statement = |text: &str| serde_json::from_str::<Value>(text).unwrap()["statement"][0].clone();
        let all = [statement(&policy("allow", "trtc:*")), statement(&policy("deny", deny))];
        json!({"version": "2.0", "statement": all}).to_string()
    };
    let answer = compare(&with("trtc:RemoveUser"), &policy("allow", "trtc:*"));
    assert_eq!(answer["new"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["new"][0]["if_another_policy_allows"], false, "{answer}");
    assert_eq!(answer["new"][0]["denied"][0], "statement 1 of the policy", "{answer}");
}

#[test]
fn a_caller_is_never_the_root_account_that_nobody_names() {
    let text = policy("allow", "trtc:DismissRoom").replace("uin/100000000001", "");
    let allowed = |account: Value| {
        let answer = ask(
            &json!({"ask": "explain", "text": text, "action": "trtc:RemoveUser", "caller": "100000000001",
            "resource": "qcs::trtc:::sdkappid/1400000001", "account": account}),
        );
        answer["allowed"].clone()
    };
    assert_eq!(allowed(json!({})), false);
    assert_eq!(allowed(json!({"owner": "100000000001"})), true);
}

/// The page must not say of a request that it is allowed if an address decides that.
#[test]
fn a_decision_that_depends_on_an_address_is_not_settled() {
    let text = json!({"version": "2.0", "statement": [{"effect": "allow", "action": ["trtc:RemoveUser"], "resource": ["*"],
        "condition": {"ip_equal_if_exist": {"qcs:ip": "10.0.0.0/8"}}}]});
    let settled = |context: Value| {
        let answer = ask(&json!({"ask": "explain", "text": text.to_string(), "action": "trtc:RemoveUser",
            "resource": "qcs::trtc::uin/100000000001:sdkappid/1400000001", "context": context}));
        (answer["allowed"].clone(), answer["settled"].clone())
    };
    assert_eq!(settled(json!({})), (json!(true), json!(false)));
    assert_eq!(settled(json!({"qcs:ip": ["10.0.0.1"]})), (json!(true), json!(true)));
    assert_eq!(settled(json!({"qcs:ip": ["192.0.2.1"]})), (json!(false), json!(true)));
}

#[test]
fn a_principal_that_may_be_everybody_is_compared_as_both() {
    let bucket = |names: &[&str]| {
        let principal =
            json!({"qcs": names.iter().map(|name| format!("qcs::cam::{name}")).collect::<Vec<_>>()});
        json!({"version": "2.0", "statement": [{"effect": "allow", "principal": principal, "action": ["cos:GetObject"],
            "resource": ["qcs::cos:ap-beijing:uid/1250000000:b-1250000000/*"]}]})
        .to_string()
    };
    let user = "uin/300000000001:uin/300000000002";
    let supposed = |before: &str, after: &str, side: &str| -> Vec<Value> {
        let answer = ask(&json!({"ask": "compare", "before": before, "after": after}));
        answer[side].as_array().unwrap().iter().map(|one| one["supposed"].clone()).collect()
    };
    let (one, all) = (bucket(&[user]), bucket(&[user, "uin/*:uin/*"]));
    assert_eq!(supposed(&one, &all, "new"), [true]);
    assert_eq!(supposed(&all, &one, "lost"), [true]);
    assert_eq!(supposed(&all, &all, "new"), [] as [Value; 0]);
    assert_eq!(supposed(&bucket(&["uin/300000000001:uin/300000000003"]), &one, "new"), [false]);
}

#[test]
fn a_name_of_an_action_that_is_made_up_says_so() {
    let compare = |action: &str| {
        let none = policy("deny", action);
        ask(&json!({"ask": "compare", "before": none, "after": policy("allow", action)}))["new"][0].clone()
    };
    let made_up = compare("trtcx:Foo*");
    let name = made_up["made_up_action"].as_str().unwrap();
    assert!(made_up["witness"].as_str().unwrap().contains(name), "{made_up}");
    for known in ["trtc:Remove*", "trtcx:Foo", "cdn:Purge*"] {
        assert_eq!(compare(known)["made_up_action"], Value::Null, "{known}");
    }
}

#[test]
fn a_policy_of_several_accounts_asks_for_the_root_account() {
    let of = |uin: &str| policy("allow", "trtc:RemoveUser").replace("100000000001", uin);
    let compare = |account: Value| {
        ask(
            &json!({"ask": "compare", "before": of("100000000001"), "after": of("100000000002"), "account": account}),
        )
    };
    assert_eq!(compare(json!({}))["help"][0], "say which is the root account of the policies");
    let answer = compare(json!({"owner": "100000000002"}));
    assert_eq!(answer["new"][0]["actions"], json!(["trtc:RemoveUser"]), "{answer}");
}

#[test]
fn a_policy_with_mistakes_is_not_rewritten() {
    let answer = ask(&json!({"ask": "minimize", "text": "{\"version\": \"2.0\", \"statement\": 7}"}));
    assert_eq!(answer["error"], "the text cannot be used as it is");
    assert!(answer["help"][0].as_str().unwrap().starts_with("1:"), "{answer}");
    let none = ask(&json!({"ask": "rust", "text": "hello"}));
    assert_eq!(none["error"], "there is no policy in this text", "{none}");
}

#[test]
fn a_refusal_that_no_policy_helps_says_so() {
    let answer = ask(&json!({"ask": "refusal", "text": "[request id:0]system policy not verify"}));
    assert!(answer["error"].is_string(), "{answer}");
}

fn found(text: &str) -> Vec<String> {
    let answer = ask(&json!({"ask": "search", "text": text, "limit": 20_000}));
    let all = answer["actions"].as_array().unwrap();
    all.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_action_is_found_by_all_that_people_know_of_it() {
    let run = "cvm:RunInstances";
    for text in [
        "cvm:RunInstances",
        "name/cvm:RunInstances",
        "runinstances CVM",
        "cvm:Run*",
        "*Instances",
        "RUN*",
        "云服务器 run",
        "virtual machine run",
        "instance/*",
        "qcs::cvm:${region}:uin/${uin}:instance/*",
        "qcs::cvm:ap-guangzhou:uin/100000000001:instance/*",
        "qcs::cvm:ap-guangzhou:uin/100000000001:image/img-1",
    ] {
        assert!(found(text).contains(&run.to_owned()), "{text}");
    }
    for text in ["cvm:Stop*", "trtc:*", "qcs::trtc::uin/100000000001:sdkappid/1", "对象存储"] {
        assert!(!found(text).contains(&run.to_owned()), "{text}");
    }
    assert_eq!(found("trtc:removeuser*"), ["trtc:RemoveUser", "trtc:RemoveUserByStrRoomId"]);
    assert!(found("*").len() > 15_000);
}

#[test]
fn chinese_words_need_no_whitespace_between_them() {
    // Its description is `解散房间。`, and the product is 实时音视频.
    for text in ["解散房间", "解散 房间", "房间解散", "实时音视频解散房间"] {
        assert!(found(text).contains(&"trtc:DismissRoom".to_owned()), "{text}");
    }
    assert_eq!(found("解散鼎"), Vec::<String>::new());
    // What has the word as it is written comes first.
    assert!(found("解散房间")[0].starts_with("trtc:Dismiss"));
}

#[test]
fn an_action_of_which_only_the_name_is_known_is_taken_for_real() {
    // The SDK has the name, and a permission page lists another one near it.
    let answer = ask(
        &json!({"ask": "explain", "text": policy("allow", "trtc:RemoveUser"), "action": "clb:DeleteLoadBalancer"}),
    );
    assert_eq!(answer["allowed"], false, "{answer}");
    assert!(!answer.to_string().contains("did you mean"), "{answer}");
}

#[test]
fn policies_of_a_file_are_read_with_their_places_and_labels() {
    let file = |action: &str| {
        format!(
            "resource \"tencentcloud_cam_policy\" \"a\" {{\n  document = jsonencode({{ version = \"2.0\", statement = [{{ effect = \
             \"allow\", action = [{action}], resource = [\"*\"] }}] }})\n}}\n"
        )
    };
    let two = file("\"trtc:RemoveUser\"") + &file("\"trtc:DismissRoom\"").replace("\"a\"", "\"b\"");
    let answer = ask(&json!({"ask": "compare", "before": two, "after": policy("deny", "trtc:*")}));
    // The deny also takes what other policies allow.
    assert_eq!(answer["lost"].as_array().unwrap().len(), 3, "{answer}");
    assert_eq!(answer["lost"][2]["if_another_policy_allows"], true, "{answer}");
    assert!(
        answer["lost"][0]["statements"][0].as_str().unwrap().contains("tencentcloud_cam_policy.a"),
        "{answer}"
    );
    let unknown = ask(&json!({"ask": "minimize", "text": file("var.action")}));
    assert_eq!(
        unknown["help"][0], "2:87: the value of `var.action` is known to Terraform alone",
        "{unknown}"
    );
}

#[test]
fn an_appid_that_nobody_gives_is_not_made_up() {
    let statement = |effect: &str, resource: &str| json!({"effect": effect, "action": ["cos:GetObject"], "resource": [resource]});
    let deny = statement("deny", "qcs::cos:ap-beijing:uid/1250000000:a-${app_id}/*");
    let text = json!({"version": "2.0", "statement": [statement("allow", "*"), deny]}).to_string();
    let request = |account: Value| {
        ask(&json!({"ask": "explain", "text": text, "action": "cos:GetObject", "account": account,
            "resource": "qcs::cos:ap-beijing:uid/1250000000:a-1250000000/b"}))
    };
    let unknown = request(json!({"owner": "100000000001"}));
    assert!(unknown["text"].as_str().unwrap().contains("depends on the APPID"), "{unknown}");
    let known = request(json!({"owner": "100000000001", "app_id": 1_250_000_000}));
    assert_eq!(known["allowed"], false, "{known}");
}
