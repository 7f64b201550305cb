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
