//! The JSON Schemas accept what is right and refuse what is wrong.

mod common;

use common::{CATALOG, Copy, edit};
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

fn schema(of: &str) -> Value {
    let outcome = Copy::new().run(&["schema", of]);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    serde_json::from_str(&outcome.out).expect("JSON")
}

fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::draft7::new(schema).expect("a schema");
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn all_are_valid_schemas() {
    for of in ["catalog", "export", "diff", "policy"] {
        let schema = schema(of);
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert!(schema["title"].is_string() && schema["description"].is_string());
        assert!(jsonschema::draft7::meta::is_valid(&schema));
    }
}

#[test]
fn the_catalog_is_the_default() {
    let copy = Copy::new();
    assert_eq!(copy.run(&["schema"]).out, copy.run(&["schema", "catalog"]).out);
}

#[test]
fn schemas_are_what_tables_writes() {
    let copy = Copy::generated();
    for of in ["catalog", "export", "diff", "policy"] {
        assert_eq!(copy.run(&["schema", of]).out, copy.read(&format!("docs/{of}.schema.json")));
    }
}

#[test]
fn right_catalogs_are_accepted() {
    let schema = schema("catalog");
    for text in [CATALOG, include_str!("../../catalog.toml")] {
        assert_eq!(faults(&schema, &as_json(text)), [""; 0]);
    }
}

#[test]
fn wrong_catalogs_are_refused() {
    let schema = schema("catalog");
    for (old, new) in [
        ("access_level = \"list\"", "access_level = \"lst\""),
        ("ip_restriction = \"partial\"", "ip_restriction = true"),
        ("console_access = true", "console_acces = true"),
        (
            "patterns = [\"room\"]\n  surface = \"server\"\n  category = \"rooms\"\n  doc",
            "patterns = \"room\"\n  doc",
        ),
        ("[service.live.restriction.no_resource_parameter]", "[service.live.restriction.no_resource]"),
        ("restriction = \"no_resource_parameter\"", "restriction = \"no_resource\""),
        ("placeholder.RoomId = \"number\"", "placeholder.RoomId = \"integer\""),
        ("  description.zh = \"查看用量。\"\n", ""),
        ("source.title = \"Live permissions\"\n", ""),
        ("ip_condition = false", "ip_condition = \"no\""),
    ] {
        assert_ne!(faults(&schema, &as_json(&edit(CATALOG, old, new))), [""; 0], "{old} → {new}");
    }
}

#[test]
fn editors_are_told_every_word() {
    let schema = schema("catalog");
    let words = |name: &str| -> Vec<&str> {
        let options = schema["definitions"][name]["oneOf"].as_array().expect("options");
        for option in options {
            assert!(option["description"].is_string(), "{name} explains {option}");
        }
        options.iter().filter_map(|option| option["const"].as_str()).collect()
    };
    assert_eq!(words("AccessLevel"), ["write", "read", "list", "other"]);
    assert_eq!(words("Granularity"), ["operation", "resource", "undocumented"]);
    assert_eq!(words("Surface"), ["server", "console"]);
    let reasons = schema["definitions"]["Service"]["properties"]["restriction"]["properties"].as_object();
    let reasons: Vec<&String> = reasons.expect("properties").keys().collect();
    assert_eq!(reasons, words("RestrictionReason").iter().collect::<Vec<_>>());
    assert!(!schema.to_string().contains("\"null\""), "TOML has no null");
}

#[test]
fn the_export_agrees_with_its_schema() {
    let schema = schema("export");
    for text in [CATALOG, include_str!("../../catalog.toml")] {
        let export: Value = serde_json::from_str(&Copy::of(text).run(&["export"]).out).expect("JSON");
        assert_eq!(faults(&schema, &export), [""; 0]);

        let mut wrong = export.clone();
        wrong["services"][0]["actions"][0]["granularity"] = json!("service");
        assert_ne!(faults(&schema, &wrong), [""; 0]);
        let mut wrong = export.clone();
        wrong["services"][0]["actions"][0].as_object_mut().expect("an object").remove("surface");
        assert_ne!(faults(&schema, &wrong), [""; 0], "unknown is null, not absent");
        let mut wrong = export;
        wrong["services"][0]["actions"][0]["more"] = json!(1);
        assert_ne!(faults(&schema, &wrong), [""; 0]);
    }
}

/// The policies of a file of the linter's corpus.
fn corpus(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n===").skip(1).filter_map(|part| Some(part.split_once('\n')?.1))
}

#[test]
fn policies_without_a_defect_are_accepted() {
    let copy = Copy::of(include_str!("../../catalog.toml"));
    let text = copy.run(&["schema", "policy"]).out;
    assert!(text.len() < 300_000, "{} bytes", text.len());
    let schema = serde_json::from_str(&text).expect("JSON");
    let mut count = 0;
    for policy in corpus(include_str!("../../crates/cam-lint/tests/corpus/clean.txt")) {
        let policy: Value = serde_json::from_str(policy).expect("JSON");
        assert_eq!(faults(&schema, &policy), [""; 0], "{policy}");
        count += 1;
    }
    assert!(count > 20);
}

#[test]
fn texts_that_are_no_policies_are_refused() {
    let schema = schema("policy");
    let policy = |statement: &str| format!(r#"{{"version": "2.0", "statement": [{statement}]}}"#);
    let right = policy(r#"{"effect": "allow", "action": ["live:Start"], "resource": ["*"]}"#);
    assert_eq!(faults(&schema, &serde_json::from_str(&right).unwrap()), [""; 0]);
    for wrong in [
        "[]".to_owned(),
        "{}".to_owned(),
        right.replace("2.0", "3.0"),
        right.replace("statement", "statements"),
        right.replace("\"allow\"", "\"permit\""),
        right.replace("\"effect\": \"allow\", ", ""),
        right.replace("\"action\": [\"live:Start\"], ", ""),
        right.replace("action", "actions"),
        right.replace("live:Start", "Start"),
        right.replace("live:Start", "live: Start"),
        right.replace("[\"live:Start\"]", "[]"),
        right.replace("[\"*\"]", "[1]"),
        right.replace("[\"*\"]", "[\"room/1\"]"),
        right.replace("[\"*\"]", "[\"qcs::live:room/1\"]"),
        policy(""),
        policy("1"),
        right.replace("]}]", r#"], "condition": {"ip_equals": {"qcs:ip": ["10.0.0.1"]}}}]"#),
        right.replace("]}]", r#"], "condition": {"ip_equal": ["10.0.0.1"]}}]"#),
        right.replace("]}]", r#"], "condition": {"ip_equal": {"qcs:ip": {}}}}]"#),
        right.replace("]}]", r#"], "principal": "everybody"}]"#),
        right.replace("]}]", r#"], "principal": {"user": ["a"]}}]"#),
        right.replace("]}]", r#"], "principal": {}}]"#),
    ] {
        assert_ne!(wrong, right);
        let wrong: Value = serde_json::from_str(&wrong).expect("JSON");
        assert_ne!(faults(&schema, &wrong), [""; 0], "{wrong}");
    }
}

/// TOML as the editors' schema checkers see it: a date is a string.
fn as_json(text: &str) -> Value {
    fn table(table: &DeTable<'_>) -> Value {
        Value::Object(
            table.iter().map(|(key, item)| (key.get_ref().to_string(), value(item.get_ref()))).collect(),
        )
    }
    fn value(item: &DeValue<'_>) -> Value {
        match item {
            DeValue::String(text) => json!(text),
            DeValue::Boolean(boolean) => json!(boolean),
            DeValue::Datetime(date) => json!(date.to_string()),
            DeValue::Array(items) => items.iter().map(|item| value(item.get_ref())).collect(),
            DeValue::Table(items) => table(items),
            DeValue::Integer(number) => json!(number.as_str().parse::<u32>().expect("the version")),
            DeValue::Float(_) => panic!("the catalog has no fractions"),
        }
    }
    table(DeTable::parse(text).expect("TOML").get_ref())
}
