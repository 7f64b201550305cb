//! Runs the cases of `tests/conformance`, which say how a request is decided and why.

mod common;
mod oracle;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cam_policy::document::{Document, DocumentError};
use cam_policy::engine::{Caller, Decision, Layer, PolicySet, Request};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use common::{LAYERS, policy_set};
use oracle::{Case, Verdict, Who, decide};
use serde_json::{Map, Value};

/// Returns the cases, each with the name of its file.
fn cases() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        only(name, &file, &["rule", "source"], &["cases"]);
        source(name, &file["source"]);
        let Value::Array(of_file) = file["cases"].take() else { panic!("{name}: `cases` is no array") };
        cases.extend(of_file.into_iter().map(|case| (name.to_owned(), case)));
    }
    cases
}

/// Every object must have exactly the keys of the format: otherwise a misspelt key would be ignored.
fn only<'v>(place: &str, value: &'v Value, needed: &[&str], allowed: &[&str]) -> &'v Map<String, Value> {
    let Value::Object(object) = value else { panic!("{place}: no object: {value}") };
    for key in object.keys() {
        assert!(needed.contains(&key.as_str()) || allowed.contains(&key.as_str()), "{place}: `{key}`?");
    }
    for key in needed {
        assert!(object.contains_key(*key), "{place}: no `{key}`");
    }
    object
}

fn source(place: &str, source: &Value) {
    assert!(["doc", "seen", "ours"].iter().any(|known| source == known), "{place}: source {source}?");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn check_form(file: &str, case: &Value) {
    let place = format!("{file}: {}", case["name"]);
    only(
        &place,
        case,
        &["name", "owner", "request", "expected"],
        &[&["rule", "source", "policies"][..], &LAYERS.map(|(word, _)| word)[1..]].concat(),
    );
    let name = text(&case["name"]);
    assert!(
        name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
        "{place}: not in kebab case"
    );
    if let Some(own) = case.get("source") {
        source(&place, own);
    }
    assert!(case.get("policies").is_some() || case.get("trust").is_some(), "{place}: no policies");
    only(
        &place,
        &case["request"],
        &["principal", "action", "resource"],
        &["account", "groups", "app_id", "context"],
    );
    if case["request"]["principal"].is_object() {
        only(
            &place,
            &case["request"]["principal"],
            &[],
            &["role", "role_id", "service", "federated", "anonymous"],
        );
    }
    only(&place, &case["expected"], &["decision", "by"], &["corrected", "root"]);
    for statement in case["expected"]["by"].as_array().unwrap() {
        only(&place, statement, &["layer", "policy", "statement"], &[]);
    }
}

fn context(request: &Value) -> Vec<(String, Vec<String>)> {
    let values = |value: &Value| match value {
        Value::Array(values) => values.iter().map(|value| text(value).to_owned()).collect(),
        value => vec![text(value).to_owned()],
    };
    let Some(context) = request.get("context") else { return Vec::new() };
    context.as_object().unwrap().iter().map(|(key, value)| (key.clone(), values(value))).collect()
}

/// The caller: a uin alone is a user.
fn who(request: &Value) -> Who<'_> {
    let principal = &request["principal"];
    let part = |key: &str| principal.get(key).map(text);
    match principal {
        Value::String(uin) => Who::User(uin),
        _ => match (part("role"), part("service"), part("federated")) {
            (Some(name), ..) => Who::Role(name, part("role_id")),
            (_, Some(host), _) => Who::Service(host),
            (.., Some(provider)) => Who::Federated(provider),
            _ => {
                assert!(principal["anonymous"] == true, "{principal}");
                Who::Anonymous
            }
        },
    }
}

fn groups(request: &Value) -> Vec<String> {
    let groups = request.get("groups").and_then(Value::as_array).into_iter().flatten();
    groups.map(|group| text(group).to_owned()).collect()
}

fn expected(expected: &Value) -> Verdict {
    let decision = text(&expected["decision"]);
    let decision =
        ["allowed", "explicitly denied", "implicitly denied"].into_iter().find(|known| *known == decision);
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let by = expected["by"].as_array().unwrap().iter().map(|statement| {
        let layer = LAYERS.iter().position(|(word, _)| statement["layer"] == *word).expect("a layer");
        (layer, number(&statement["policy"]), number(&statement["statement"]))
    });
    Verdict {
        decision: decision.expect("a decision"),
        by: by.collect(),
        corrected: expected.get("corrected").map(|resource| text(resource).to_owned()),
        root: expected.get("root").is_some_and(|root| *root == true),
    }
}

/// Returns the first error, without its place.
fn told(error: &DocumentError) -> String {
    let first = &error.diagnostics()[0];
    first.to_string().split_once(": ").unwrap().1.to_owned()
}

/// Returns the policy set and the request of a case; `None` if the library refuses to make the request. A policy that
/// it refuses to read grants nothing. `refused` lists both.
fn asked(case: &Value, refused: &mut Vec<String>) -> Option<(PolicySet<'static>, Request)> {
    let mut policies = |key: &str| -> Option<Vec<Policy>> {
        let policies = case.get(key)?.as_array().unwrap().iter();
        let read = policies.map(|policy| match Document::parse(&policy.to_string()) {
            Ok(document) => document.into_policy(),
            Err(error) => {
                refused.push(format!("{}: {}", text(&case["name"]), told(&error)));
                // An empty policy keeps the numbers of the policies after it.
                r#"{"version":"2.0","statement":[{"effect":"deny","action":"none:None","resource":"*"}]}"#
                    .parse()
                    .unwrap()
            }
        });
        Some(read.collect())
    };
    let owner: Uin = text(&case["owner"]).parse().unwrap();
    let mut set = match policies("policies") {
        Some(policies) => policy_set(policies, owner),
        None => PolicySet::trust(common::catalog(), [], owner),
    };
    for (key, layer) in &LAYERS[1..] {
        if let Some(policies) = policies(key) {
            set = set.with_layer(*layer, policies);
        }
    }
    let request = &case["request"];
    let mut caller = match who(request) {
        Who::User(uin) => Caller::new(uin.parse().unwrap()),
        Who::Role(name, number) => {
            let role = Caller::role(name);
            number.map_or(role.clone(), |number| role.with_role_id(number.parse().unwrap()))
        }
        Who::Service(host) => Caller::service(host),
        Who::Federated(provider) => Caller::federated(provider),
        Who::Anonymous => Caller::anonymous(),
    };
    if let Some(account) = request.get("account") {
        caller = caller.of_account(text(account).parse().unwrap());
    }
    caller = caller.in_groups(groups(request).iter().map(|group| group.parse().unwrap()));
    if let Some(app_id) = request.get("app_id") {
        caller = caller.with_app_id(text(app_id).parse().unwrap());
    }
    let asked = Request::new(caller, text(&request["action"]), text(&request["resource"]));
    let mut asked = match asked {
        Ok(asked) => asked,
        Err(error) => {
            refused.push(format!("{}: {error}", text(&case["name"])));
            return None;
        }
    };
    for (key, values) in context(request) {
        asked = asked.with_key(&key, values.iter().map(|value| &**value));
    }
    Some((set, asked))
}

fn place_of(layer: Layer) -> usize {
    LAYERS.iter().position(|(_, one)| *one == layer).unwrap()
}

/// Returns the decision of the library.
fn engine(set: &PolicySet<'_>, asked: &Request) -> Verdict {
    let response = set.decide(asked);
    let decisions = ["allowed", "explicitly denied", "implicitly denied"];
    Verdict {
        decision: decisions.into_iter().find(|word| *word == response.decision().to_string()).unwrap(),
        by: response.statements().iter().map(|id| (place_of(id.layer), id.policy, id.statement)).collect(),
        corrected: response.normalization().map(|_| response.resource().to_owned()),
        root: response.is_root(),
    }
}

/// The changes that an explanation proposes must allow the denied request, and the explanation's statements must
/// agree with the decision.
#[test]
fn every_refusal_is_explained_by_changes_that_allow_it() {
    let mut refusals = 0;
    for (file, case) in &cases() {
        let Some((set, request)) = asked(case, &mut Vec::new()) else { continue };
        let place = format!("{file}: {}", case["name"]);
        let (response, explanation) = (set.decide(&request), set.explain(&request));
        assert_eq!(explanation.decision(), response.decision(), "{place}");
        assert_eq!(explanation.changes().is_empty(), response.is_allowed(), "{place}");
        for id in response.statements() {
            let told = explanation.statements().iter().find(|statement| statement.id == id).unwrap();
            assert!(told.matches(), "{place}: {told}");
        }
        if !response.is_allowed() {
            refusals += 1;
            let changed = set.with_changes(explanation.changes());
            assert!(changed.decide(&request).is_allowed(), "{place}:\n{explanation:#}");
            // The changes must grant nothing but the action; a deny of a pattern cannot be narrowed. The test takes
            // every third case, to save time.
            if refusals % 3 == 0 && response.decision() == Decision::ImplicitlyDenied {
                let Ok(difference) = set.compare(&changed, request.caller()) else { continue };
                for grant in &difference.gained {
                    assert_eq!(grant.witness.action(), request.action(), "{place}:\n{explanation:#}");
                }
            }
        }
    }
    assert!(refusals > 300, "{refusals}");
}

#[test]
fn the_engine_agrees_with_every_case() {
    let cases = cases();
    let (mut mismatches, mut refused) = (Vec::new(), Vec::new());
    for (file, case) in &cases {
        let Some((set, request)) = asked(case, &mut refused) else { continue };
        let verdict = engine(&set, &request);
        let expected = expected(&case["expected"]);
        if verdict != expected {
            mismatches
                .push(format!("{file}: {}\n  expected {expected:?}\n  got      {verdict:?}", case["name"]));
        }
    }
    assert!(mismatches.is_empty(), "{} of {}:\n{}", mismatches.len(), cases.len(), mismatches.join("\n"));
    insta::assert_snapshot!(refused.join("\n"));
}

#[test]
fn the_oracle_agrees_with_every_case() {
    let cases = cases();
    let mut names = BTreeSet::new();
    let mut mismatches = Vec::new();
    for (file, case) in &cases {
        check_form(file, case);
        let name = text(&case["name"]);
        assert!(names.insert(name), "{file}: two cases are called {name}");
        let mut layers = LAYERS.map(|(word, _)| word);
        layers[0] = "policies";
        let request = &case["request"];
        let verdict = decide(&Case {
            catalog: *common::catalog(),
            owner: text(&case["owner"]),
            layers: layers
                .map(|layer| case.get(layer).map(|policies| policies.as_array().unwrap().as_slice())),
            who: who(request),
            account: request.get("account").map(text),
            groups: &groups(request),
            app_id: request.get("app_id").map(text),
            action: text(&request["action"]),
            resource: text(&request["resource"]),
            context: &context(request),
        });
        let expected = expected(&case["expected"]);
        if verdict != expected {
            mismatches.push(format!("{file}: {name}\n  expected {expected:?}\n  got      {verdict:?}"));
        }
    }
    assert!(cases.len() >= 220, "{} cases", cases.len());
    assert!(mismatches.is_empty(), "{} of {}:\n{}", mismatches.len(), cases.len(), mismatches.join("\n"));
}
