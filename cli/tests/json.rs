//! The answers as JSON: one object with the number of its form, whatever the answer is.

use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    Command::new(env!("CARGO_BIN_EXE_tencent-cam")).args(args).current_dir(examples).output().unwrap()
}

#[test]
fn every_answer_is_one_object_with_the_number_of_its_form() {
    let denied =
        "you are not authorized to perform operation (trtc:GetUserList) resource (*) has no permission";
    for (args, code, keys) in [
        (
            &["check", "support.json", "--action", "trtc:GetUserList"][..],
            3,
            &["decision", "request", "changes"][..],
        ),
        (&["check", "--from-error", denied], 3, &["refusals"]),
        (&["check", "support.json", "--from-error", denied], 3, &["refusals"]),
        (&["check", "--from-error", "system policy not verify"], 3, &["other_refusal"]),
        (&["test", "wrong.toml"], 1, &["passed", "failed", "tests"]),
        (&["compare", "before", "after"], 0, &["new", "lost"]),
        (&["who", "trtc:RemoveUser", "*", "support.json"], 0, &["who"]),
        (&["who", "trtc:RemoveUser", "*", "reader.json"], 1, &["who"]),
        (&["grants", "support.json"], 0, &["caller", "grants"]),
        (&["grants", "bucket.json"], 1, &["caller", "grants"]),
        (&["query", "trtc:RemoveUser"], 0, &["actions"]),
        (&["query", "--service", "trtc", "--level", "read"], 1, &["actions"]),
        (&["write", "trtc:GetUserList"], 0, &["policy", "notes"]),
        (&["expand", "trtc:*"], 0, &["actions", "kept"]),
        (&["shrink", "wildcard.json"], 0, &["policy", "kept"]),
        (&["minimize", "repeated.json"], 0, &["policy", "length"]),
        (&["split", "long.json"], 0, &["policies"]),
        (&["catalog"], 0, &["version", "services"]),
    ] {
        let output = run(&[args, &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{args:?}: {error}: {output:?}"));
        assert_eq!(answer["schema"], 1, "{args:?}");
        for key in keys {
            assert!(answer.get(key).is_some(), "{args:?} has no {key}: {answer}");
        }
    }
}

#[test]
fn the_parts_of_a_split_policy_fit_and_are_as_many_as_promised() {
    let output = run(&["split", "long.json", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let parts = answer["policies"].as_array().unwrap();
    assert_eq!(parts.len(), 2);
    for part in parts {
        let policy: cam_policy::policy::Policy = part.to_string().parse().unwrap();
        assert!(policy.check_length().is_ok());
    }
}

#[test]
fn a_refusal_says_what_would_allow_it() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples/refused.log"))
            .unwrap();
    let output = run(&["check", "support.json", "--from-error", &text, "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let refusal = &answer["refusals"][0];
    assert_eq!(refusal["explanation"]["decision"], "implicitly_denied");
    assert_eq!(refusal["statement"]["action"][0], "trtc:RemoveUser");
}

#[test]
fn the_program_has_every_service_of_the_catalog() {
    let catalog = include_str!("../../catalog.toml");
    let stated: Vec<&str> = catalog
        .lines()
        .filter_map(|line| line.strip_prefix("[service.")?.strip_suffix(']'))
        .filter(|id| !id.contains('.'))
        .collect();
    let answer: serde_json::Value =
        serde_json::from_slice(&run(&["catalog", "--format", "json"]).stdout).unwrap();
    let services = answer["services"].as_array().unwrap();
    let known: Vec<&str> = services.iter().filter_map(|service| service["id"].as_str()).collect();
    assert_eq!(known, stated);
}
