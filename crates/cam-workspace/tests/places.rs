//! Every element of a policy maps to the bytes of the file that hold it, whatever the file is, and edits do too.

use cam_lint::{LintOptions, Persona};
use cam_policy::document::{Document, Element};
use cam_policy::example::CATALOG;
use cam_policy::policy::Policy;
use cam_policy::text::{Span, json_contents};
use cam_workspace::config::Config;
use cam_workspace::lint::{Settings, lint_file};
use cam_workspace::map::Edit;
use cam_workspace::source::Source;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// What the bytes of an element mean in a file.
type Decode = fn(&str) -> String;

fn unescaped(bytes: &str) -> String {
    serde_json::from_str(&format!("\"{bytes}\"")).unwrap_or_else(|error| panic!("{bytes}: {error}"))
}

fn untemplated(bytes: &str) -> String {
    bytes.replace("$${", "${").replace("%%{", "%{")
}

fn percent_decoded(bytes: &str) -> String {
    let mut out = Vec::new();
    let mut rest = bytes.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            out.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(out).unwrap()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02x}")
                }
            },
        )
        .collect()
}

fn templated(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

fn indented(text: &str, by: &str) -> String {
    text.lines().flat_map(|line| [by, line, "\n"]).collect()
}

/// Writes JSON as people write an argument of `jsonencode`.
fn expression(value: &Value, depth: usize, out: &mut String) {
    let line = format!("\n{}", "  ".repeat(depth + 1));
    match value {
        Value::Object(members) => {
            out.push('{');
            for (number, (key, value)) in members.iter().enumerate() {
                out.push_str(&line);
                if key.bytes().all(|byte| byte.is_ascii_lowercase()) {
                    out.push_str(key);
                } else {
                    out.push_str(&templated(&format!("\"{}\"", json_contents(key))));
                }
                out.push_str([" = ", ": ", "="][number % 3]);
                expression(value, depth + 1, out);
                out.push_str(["", ",", " // why, \"this\"", " # = }"][(number + depth) % 4]);
            }
            out.push_str(&line);
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                expression(item, depth + 1, out);
                out.push_str(", /* [ */ ");
            }
            out.push(']');
        }
        Value::String(text) => out.push_str(&templated(&format!("\"{}\"", json_contents(text)))),
        other => out.push_str(&other.to_string()),
    }
}

/// The file of each format around a policy: its name, its text, and how its bytes are read.
fn files(policy: &str) -> Vec<(&'static str, String, Decode)> {
    let same: Decode = |bytes| bytes.to_owned();
    let heredoc = templated(policy);
    let mut commented = String::from("// of the team\n");
    for line in policy.lines() {
        commented.push_str(line);
        commented.push_str(if line.ends_with(',') { " // \"statement\": [\n" } else { "/* { */\n" });
    }
    let mut encoded = String::new();
    expression(&serde_json::from_str(policy).unwrap(), 1, &mut encoded);
    let string = json_contents(policy);
    let plan = json!({
        "format_version": "1.2",
        "resource_changes": [{
            "address": "tencentcloud_cam_policy.a", "type": "tencentcloud_cam_policy",
            "change": { "actions": ["create"], "before": null, "after": { "name": "a", "document": policy } },
        }],
    });
    let resource = |value: &str| {
        format!(
            "# first\nresource \"tencentcloud_cam_policy\" \"a\" {{\n  name = \"a\"\n  document = {value}\n}}\n"
        )
    };
    let terraform =
        json!({ "resource": { "tencentcloud_cam_policy": { "a": { "document": templated(policy) } } } });
    let in_list = format!("# Rooms\n\n- a policy:\n\n{}", indented(&format!("```json\n{policy}\n```"), "  "));
    vec![
        ("policy.json", policy.into(), same),
        ("policy.json", format!("\u{feff} {policy}\n\n"), same),
        ("list.json", format!(r#"{{"List":[1,{{"strategyInfo":{policy}}}],"more":{{}}}}"#), same),
        ("policy.jsonc", commented.clone(), same),
        (
            "response.json",
            json!({"Response": {"PolicyDocument": policy, "RequestId": "中文"}}).to_string(),
            unescaped,
        ),
        ("policy.txt", string.clone(), unescaped),
        ("policy.txt", format!("\"{}\"", json_contents(&string)), |bytes| unescaped(&unescaped(bytes))),
        ("log.txt", format!("Name=a&Policy={}&Version=1", percent_encoded(policy)), percent_decoded),
        ("request.json", json!({ "Policy": percent_encoded(policy) }).to_string(), percent_decoded),
        ("policy.jsonc", commented.replace('\n', "\r\n"), same),
        (
            "main.tf",
            resource(&format!("<<-EOF\n{}    EOF", indented(&heredoc, "\t  "))).replace('\n', "\r\n"),
            untemplated,
        ),
        ("plan.json", plan.to_string(), unescaped),
        ("main.tf", resource(&format!("<<EOF\n{heredoc}\nEOF")), untemplated),
        ("main.tf", resource(&format!("<<-EOF\n{}    EOF", indented(&heredoc, "      "))), untemplated),
        ("main.tf", resource(&format!("jsonencode({encoded})")), untemplated),
        ("main.tf", resource(&format!("\"{}\"", templated(&string))), |bytes| unescaped(&untemplated(bytes))),
        ("main.tf.json", terraform.to_string(), |bytes| untemplated(&unescaped(bytes))),
        ("README.md", in_list, same),
        (
            "README.md",
            format!("> ~~~hcl\n{}> ~~~\n", indented(&resource(&format!("<<EOF\n{heredoc}\nEOF")), "> ")),
            untemplated,
        ),
    ]
}

fn elements(document: &Document) -> Vec<(Element, Span)> {
    let mut all = vec![Element::Policy];
    for (at, statement) in document.policy().statements().iter().enumerate() {
        all.extend([Element::Statement(at), Element::Effect(at), Element::StatementPrincipal(at)]);
        let names = statement.principal().map_or(0, |principal| principal.all_names().count());
        all.extend((0..names).map(|of| Element::StatementPrincipalName(at, of)));
        all.extend((0..statement.actions().len()).map(|of| Element::Action(at, of)));
        all.extend((0..statement.resources().len()).map(|of| Element::Resource(at, of)));
        for (of, condition) in statement.conditions().iter().enumerate() {
            all.extend([Element::Operator(at, of), Element::Key(at, of)]);
            all.extend((0..condition.values().len()).map(|value| Element::Value(at, of, value)));
        }
    }
    all.into_iter().filter_map(|element| Some((element, document.span(element)?))).collect()
}

fn texts() -> impl Strategy<Value = String> {
    select(vec![
        "${uin}",
        "a\"b",
        "back\\slash",
        "腾讯云",
        "a/b",
        "%{x}",
        "😀",
        "$$",
        "100%",
        "plain",
        "a b",
        "${owner_uin}&$",
    ])
    .prop_map(str::to_owned)
}

fn policies() -> impl Strategy<Value = String> {
    let action = select(vec!["trtc:RemoveUser", "cos:*", "*", "name/cvm:Describe*"]);
    let resource = prop_oneof![
        Just("*".to_owned()),
        texts().prop_map(|text| format!("qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/{text}")),
    ];
    let condition = (select(vec!["string_equal", "string_like", "for_any_value:string_equal"]), texts());
    let statement = (
        select(vec!["allow", "deny"]),
        prop::collection::vec(action, 1..4),
        prop::collection::vec(resource, 1..4),
        prop::option::of(condition),
    );
    let statement = statement.prop_map(|(effect, action, resource, condition)| {
        let mut statement = json!({ "effect": effect, "action": action, "resource": resource });
        if let Some((operator, value)) = condition {
            statement["condition"] = json!({ operator: { "vpc:region": [value, "b"], "cos:prefix": "c" } });
        }
        statement
    });
    (prop::collection::vec(statement, 1..4), any::<bool>()).prop_map(|(statements, pretty)| {
        let policy = json!({ "version": "2.0", "statement": statements });
        if pretty { serde_json::to_string_pretty(&policy).unwrap() } else { policy.to_string() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_element_maps_to_the_bytes_that_hold_it(text in policies()) {
        let meant = text.parse::<Policy>().unwrap();
        for (name, file, decode) in files(&text) {
            let source = Source::read(name, &file);
            prop_assert_eq!(&source.unreadable, &None, "{}", &file);
            prop_assert_eq!(source.policies.len(), 1, "{}", &file);
            let found = &source.policies[0];
            let document = Document::parse(&found.text).map_err(|error| {
                TestCaseError::fail(format!("{error}\n{}\n{file}", found.text))
            })?;
            prop_assert_eq!(document.policy(), &meant, "{}", &file);
            for (element, span) in elements(&document) {
                let origin = found.map.origin(span);
                let bytes = &file[origin.range()];
                let held = &found.text[span.range()];
                match element {
                    // An expression and a comment are written otherwise, but begin and end alike.
                    Element::Policy | Element::Statement(_) => {
                        let decoded = if bytes.len() == 1 { bytes.to_owned() } else { bytes.replace('\n', " ") };
                        prop_assert!(!decoded.is_empty());
                        prop_assert!(bytes.starts_with('{') || decode(&bytes[..3]).starts_with('{') , "{}: {}", name, bytes);
                        prop_assert!(bytes.ends_with('}') || bytes.to_lowercase().ends_with("%7d"), "{}: {}", name, bytes);
                    }
                    _ => prop_assert_eq!(decode(bytes), held, "{:?} of {}", element, &file),
                }
            }
        }
    }

    #[test]
    fn an_edit_of_the_policy_is_an_edit_of_the_file(text in policies(), new in texts(), seed in any::<prop::sample::Index>()) {
        for (name, file, _) in files(&text) {
            let source = Source::read(name, &file);
            let found = &source.policies[0];
            let document = Document::parse(&found.text).unwrap();
            let places = elements(&document);
            let (element, span) = *seed.get(&places);
            // The contents of a string, or a whole statement.
            let replacement = match element {
                Element::Statement(_) => json!({"effect": "deny", "action": ["cos:*"], "resource": [new]}).to_string(),
                Element::Policy | Element::StatementPrincipal(_) => continue,
                _ => json_contents(&new),
            };
            let edit = Edit { span, replacement: replacement.clone() };
            let meant = Edit::apply_all(&found.text, &[edit]);
            let Some(edits) = found.map.edits(span, &replacement) else {
                return Err(TestCaseError::fail(format!("no edit of {element:?} in {file}")));
            };
            let changed = Edit::apply_all(&file, &edits);
            let again = Source::read(name, &changed);
            prop_assert_eq!(again.policies.len(), 1, "{}", &changed);
            let (read, meant): (Value, Value) = (
                serde_json::from_str(&again.policies[0].text).map_err(|error| TestCaseError::fail(format!("{error}\n{changed}")))?,
                serde_json::from_str(&meant).unwrap(),
            );
            prop_assert_eq!(read, meant, "{}", &changed);
        }
    }

    /// Files with mistakes anywhere: every finding, edit and place lies in the file, between two characters.
    #[test]
    fn broken_files_have_findings_with_places(
        text in policies(),
        at in any::<prop::sample::Index>(),
        end in any::<prop::sample::Index>(),
        new in select(vec!["", "\"", "{", "]", "${", "${a}", "%{ if a }", "\\", "\\u00", "%7", "`", "\n", "EOF", "#", "腾", ","]),
    ) {
        let config = Config::default();
        for (name, file, _) in files(&text) {
            let borders: Vec<usize> = file.char_indices().map(|(at, _)| at).collect();
            let (one, other) = (*at.get(&borders), *end.get(&borders));
            let (from, to) = (one.min(other), one.max(other).min(one.min(other) + 9));
            let to = (from..=to).rev().find(|at| file.is_char_boundary(*at)).unwrap_or(from);
            let broken = [&file[..from], new, &file[to..]].concat();
            let settings = Settings {
                options: LintOptions::new(CATALOG).persona(Persona::Auditor),
                kind: None,
                config: &config,
                baseline: None,
                today: "2026-11-27".parse().unwrap(),
            };
            let report = lint_file(name, name, &broken, &settings);
            for finding in &report.findings {
                prop_assert!(broken.get(finding.span.range()).is_some(), "{} in {broken}", finding.rule);
                for (span, _) in &finding.related {
                    prop_assert!(broken.get(span.range()).is_some(), "{} in {broken}", finding.rule);
                }
                for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
                    prop_assert!(broken.get(edit.span.range()).is_some(), "{} in {broken}", finding.rule);
                }
            }
            for unchecked in &report.unchecked {
                prop_assert!(broken.get(unchecked.span.range()).is_some(), "{} in {broken}", unchecked.reason);
            }
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "[\\[\\]{}\"\\\\$%<:,=#/*a-z\n ~`!-]{0,80}", name in select(vec!["a.json", "a.jsonc", "a.tf", "a.md", "a.tf.json", "a"])) {
        let source = Source::read(name, &text);
        for policy in source.policies {
            let end = policy.text.len();
            let whole = policy.map.origin(Span::new(0, end));
            prop_assert!(text.get(whole.range()).is_some());
        }
    }
}
