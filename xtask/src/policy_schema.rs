//! Writes the JSON Schema of policies, for editors that do not run the language server.
//!
//! It knows the elements and the words of CAM's grammar, and suggests the actions and condition keys of the catalog. What a
//! policy means, only `tencent-cam lint` says.

use cam_policy::catalog::{Catalog, Granularity};
use cam_policy::policy::{Comparison, PrincipalKind, Qualifier, ValueKind};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::export;
use crate::parts::{add, described, reference};

/// The condition keys that CAM itself has.
const GLOBAL_KEYS: [(&str, &str); 9] = [
    ("qcs:ip", "The address of the caller."),
    ("qcs:current_time", "The time of the request."),
    ("qcs:resource_tag", "The tags of the resource, each as `key&value`."),
    ("qcs:request_tag", "The tags that the request names, each as `key&value`."),
    ("qcs:tag", "The old name of `qcs:resource_tag`."),
    ("qcs:uin", "The uin of the caller."),
    ("qcs:owner_uin", "The uin of the caller's root account."),
    ("qcs:create_uin", "The uin of the creator of the resource."),
    ("qcs:mfa", "Whether the caller used MFA."),
];

/// Returns the schema of policies.
pub(crate) fn of_policy(catalog: &Catalog<'_>) -> Result<String, Error> {
    let statement =
        "What is allowed or denied: a list of statements. CAM prints a single one without its list, too.";
    let statement = json!({
        "description": statement,
        "anyOf": [
            { "type": "array", "minItems": 1, "items": reference("Statement") },
            reference("Statement"),
        ],
    });
    let version = described("The version of the policy language.", json!({ "enum": ["2.0"] }));
    let id = described("A name, which only policies of COS buckets have.", json!({ "type": "string" }));
    let policy = element(
        "A policy of Tencent Cloud Access Management (CAM). `tencent-cam lint` checks what it means.",
        &[("version", version), ("statement", statement), ("principal", reference("Principal")), ("id", id)],
        &["version", "statement"],
    );
    let effect = json!({ "enum": ["allow", "deny", "Allow", "Deny"] });
    let effect = described("Whether the statement allows or denies. CAM's grammar has lower case.", effect);
    let actions = "The actions: `service:Name`, with `*` for any characters.";
    let resources = "The resources: `*`, or six segments. An operation-level action needs `*`.";
    let condition = "What must be true of a request, by operator and key.";
    let sid = described("A name, which only policies of COS buckets have.", json!({ "type": "string" }));
    let statement = element(
        "What is allowed or denied.",
        &[
            ("effect", effect),
            ("action", described(actions, one_or_more(&reference("Action")))),
            ("resource", described(resources, one_or_more(&reference("Resource")))),
            ("condition", described(condition, reference("Condition"))),
            ("principal", reference("Principal")),
            ("sid", sid),
        ],
        &["effect", "action"],
    );
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Policy of Tencent Cloud Access Management (CAM)",
    });
    add(&mut schema, policy);
    let definitions = json!({
        "Statement": statement,
        "Action": actions_of(catalog),
        "Resource": {
            "anyOf": [
                { "description": "Every resource.", "enum": ["*"] },
                {
                    "description": "qcs:project:service:region:account:resource",
                    "type": "string",
                    "pattern": "^qcs:[^:]*:[^:]*:[^:]*:[^:]*:.+$",
                },
            ],
        },
        "Condition": conditions(),
        "Compared": keys(catalog),
        "Values": {
            "description": "The values to compare with: one, or a list.",
            "anyOf": [scalar(), { "type": "array", "minItems": 1, "items": scalar() }],
        },
        "Principal": principal(),
    });
    add(&mut schema, json!({ "definitions": definitions }));
    export::json(&schema)
}

/// Returns the schema of an object whose keys have a lower-case and a capitalised form, as in the policies of buckets. Editors
/// suggest the first form.
fn element(about: &str, properties: &[(&str, Value)], required: &[&str]) -> Value {
    let (mut lower, mut capital) = (Map::new(), Map::new());
    for (name, form) in properties {
        let (first, rest) = name.split_at(1);
        let other = format!("{}{rest}", first.to_ascii_uppercase());
        // CAM's own spelling of these two is the capitalised one.
        if matches!(*name, "sid" | "id") {
            lower.insert(other, form.clone());
        } else {
            lower.insert((*name).to_owned(), form.clone());
            capital.insert(format!("^{other}$"), form.clone());
        }
    }
    let either = |name: &&str| {
        let (first, rest) = name.split_at(1);
        let other = format!("{}{rest}", first.to_ascii_uppercase());
        json!({ "anyOf": [{ "required": [name] }, { "required": [other] }] })
    };
    json!({
        "description": about,
        "type": "object",
        "properties": lower,
        "patternProperties": capital,
        "allOf": required.iter().map(either).collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

fn actions_of(catalog: &Catalog<'_>) -> Value {
    let documented = catalog.actions().filter(|action| action.granularity() != Granularity::Undocumented);
    let documented: Vec<&str> = documented.map(|action| action.as_str()).collect();
    json!({
        "anyOf": [
            { "description": "An action that a permission page of Tencent lists.", "enum": documented },
            {
                "description": "Another action, or a pattern of actions.",
                "type": "string",
                "pattern": "^(\\*|(name/)?[^:/\\s]+:[^:\\s]+)$",
            },
        ],
    })
}

fn conditions() -> Value {
    let mut operators = Map::new();
    for comparison in Comparison::ALL {
        let form = described(what(comparison.kind()), reference("Compared"));
        operators.insert(comparison.as_str().to_owned(), form);
    }
    let words: Vec<&str> = Comparison::ALL.iter().map(|comparison| comparison.as_str()).collect();
    let qualifiers = [Qualifier::ForAnyValue, Qualifier::ForAllValue].map(Qualifier::as_str).join("|");
    let every = format!("^(({qualifiers}):)?({})(_if_exist)?$", words.join("|"));
    let mut patterns = Map::new();
    patterns.insert(every, reference("Compared"));
    json!({
        "type": "object",
        "properties": operators,
        "patternProperties": patterns,
        "additionalProperties": false,
    })
}

fn what(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "Compares texts.",
        ValueKind::Number => "Compares numbers.",
        ValueKind::Time => "Compares instants, such as `2027-01-01T00:00:00Z`.",
        ValueKind::Bool => "Compares `true` and `false`.",
        ValueKind::Ip => "Compares addresses and networks, such as `10.0.0.0/8`.",
        ValueKind::Binary => "Compares bytes in base64.",
        _ => "Asks whether the request has the key: `true` if it must not have it.",
    }
}

fn keys(catalog: &Catalog<'_>) -> Value {
    let mut keys: Map<String, Value> = Map::new();
    for (key, about) in GLOBAL_KEYS {
        keys.insert(key.to_owned(), described(about, reference("Values")));
    }
    for service in catalog.services {
        let of_actions = service.actions().flat_map(|action| action.condition_keys());
        let mut all: Vec<&str> = service.all_request_keys.iter().chain(of_actions).copied().collect();
        all.sort_unstable();
        all.dedup();
        for key in all {
            let about = format!("The documentation of `{}` lists it.", service.id);
            keys.entry(key).or_insert_with(|| described(&about, reference("Values")));
        }
    }
    json!({
        "description": "The keys of the request, each with the values to compare it with.",
        "type": "object",
        "properties": keys,
        "additionalProperties": reference("Values"),
    })
}

fn principal() -> Value {
    let about = |kind: PrincipalKind| match kind {
        PrincipalKind::Qcs => "Users and roles: `qcs::cam::uin/100000000001:uin/100000000002`.",
        PrincipalKind::Service => "Services of Tencent Cloud, by their host names.",
        _ => "Identity providers.",
    };
    let form = |kind: PrincipalKind| {
        let names = described(about(kind), one_or_more(&json!({ "type": "string" })));
        (kind.as_str().to_owned(), names)
    };
    let kinds: Map<String, Value> = PrincipalKind::ALL.into_iter().map(form).collect();
    json!({
        "description": "Who may act: only trust policies and policies of COS buckets have it.",
        "anyOf": [
            { "description": "Everybody.", "enum": ["*"] },
            { "type": "object", "minProperties": 1, "properties": kinds, "additionalProperties": false },
        ],
    })
}

fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A value, or a list of values.
fn one_or_more(items: &Value) -> Value {
    json!({ "anyOf": [{ "type": "array", "minItems": 1, "items": items }, items] })
}
