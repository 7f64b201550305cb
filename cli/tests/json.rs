//! The answers as JSON: one object, which `docs/cli.schema.json` describes, whatever the answer is.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(args: &[&str]) -> Output {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    Command::new(env!("CARGO_BIN_EXE_tencent-cam")).args(args).current_dir(examples).output().unwrap()
}

/// Every command with `--format json` but `lint`, with its exit code and the definition of its answer.
const ANSWERS: &[(&[&str], i32, &str)] = &[
    (&["check", "support.json", "--action", "trtc:GetUserList"], 3, "check"),
    (&["check", "--trust", "trust.json", "--action", "sts:AssumeRole"], 3, "check"),
    (&["check", "support.json", "--request", "request.toml"], 3, "check"),
    (&["check", "--from-error", DENIED], 3, "refusals"),
    (&["check", "support.json", "--from-error", DENIED], 3, "refusals"),
    (&["check", "--from-error", "system policy not verify"], 3, "other_refusal"),
    (&["test", "wrong.toml"], 1, "test"),
    (&["compare", "before", "after"], 0, "compare"),
    (&["compare", "before", "before"], 0, "compare"),
    (&["compare", "before", "moved"], 0, "compare"),
    (&["compare", "accounts/before/group.json", "accounts/after/group.json"], 0, "compare"),
    (&["compare", "unknown-dev.tf", "unknown-prod.tf"], 2, "compare"),
    (&["who", "trtc:RemoveUser", "*", "support.json"], 0, "who"),
    (&["who", "cos:GetObject", "*", "bucket.json"], 0, "who"),
    (&["who", "trtc:RemoveUser", "*", "reader.json"], 1, "who"),
    (&["grants", "support.json"], 0, "grants"),
    (&["grants", "bucket.json"], 1, "grants"),
    (&["query", "trtc:RemoveUser"], 0, "query"),
    (&["query", "cdn:Purge*", "ccc:CreateSDKLoginToken"], 0, "query"),
    (&["query", "--service", "trtc", "--level", "read"], 1, "query"),
    (&["write", "trtc:GetUserList"], 0, "write"),
    (&["expand", "trtc:*"], 0, "actions"),
    (&["expand", "wildcard.json"], 0, "policy_of_actions"),
    (&["shrink", "trtc:DismissRoom", "cdn:PurgeUrlsCache"], 0, "actions"),
    (&["shrink", "support.json"], 0, "policy_of_actions"),
    (&["minimize", "bucket.json"], 0, "minimize"),
    (&["minimize", "shared.json"], 0, "minimize"),
    (&["split", "long.json"], 0, "split"),
    (&["catalog"], 0, "catalog"),
    (&["rule", "CAM101"], 0, "rule"),
    (&["rule"], 0, "rules"),
];

const DENIED: &str =
    "you are not authorized to perform operation (trtc:GetUserList) resource (*) has no permission";

#[test]
fn every_answer_is_as_the_schema_says() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let mut seen = BTreeSet::new();
    for (args, code, name) in ANSWERS {
        let output = run(&[args, &["--format", "json"][..]].concat());
        assert_eq!(output.status.code(), Some(*code), "{args:?}: {output:?}");
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{args:?}: {error}: {output:?}"));
        let one = json!({ "$ref": format!("#/definitions/{name}"), "definitions": schema["definitions"] });
        let errors: Vec<String> = jsonschema::draft7::new(&one)
            .unwrap()
            .iter_errors(&answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{args:?}: {errors:?}");
        // It is one of the forms, and no other.
        assert!(validator.is_valid(&answer), "{args:?}");
        known(&answer, &schema["definitions"][name], &schema, &mut seen);
    }
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        for member in definition["properties"].as_object().into_iter().flat_map(|all| all.keys()) {
            let place = format!("{name}.{member}");
            assert!(seen.contains(&place), "no answer has {place}");
        }
    }
}

/// Every command that takes `--format json` stands in the schema.
#[test]
fn no_command_with_json_is_left_out() {
    let text = |args: &[&str]| String::from_utf8(run(args).stdout).unwrap();
    let help = text(&["--help"]);
    let listed = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    for name in names.filter(|name| !["help", "lint"].contains(name)) {
        let has_json = text(&[name, "--help"]).contains("--format");
        let stands_there = ANSWERS.iter().any(|(args, ..)| args[0] == name);
        assert_eq!(has_json, stands_there, "{name}");
    }
}

/// Fails if a value has a member that its schema does not name, and collects those that it has.
fn known(value: &Value, schema: &Value, root: &Value, seen: &mut BTreeSet<String>) {
    let mut schema = schema;
    if let Some(one) = schema["anyOf"].as_array().filter(|_| !value.is_null()) {
        schema = &one[0];
    }
    let name = schema["$ref"].as_str().map(|name| name.trim_start_matches("#/definitions/"));
    if let Some(name) = name {
        schema = &root["definitions"][name];
    }
    match value {
        // What CAM takes is not described here.
        Value::Object(_) if schema.get("type").is_none() => {}
        Value::Object(members) => members.iter().for_each(|(member, inner)| {
            assert!(schema["properties"][member].is_object(), "the schema of {name:?} has no {member}");
            let of = name.unwrap_or_else(|| {
                root["definitions"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .find(|(_, one)| *one == schema)
                    .map_or("", |(name, _)| name)
            });
            seen.insert(format!("{of}.{member}"));
            known(inner, &schema["properties"][member], root, seen);
        }),
        Value::Array(items) => items.iter().for_each(|inner| known(inner, &schema["items"], root, seen)),
        _ => {}
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
