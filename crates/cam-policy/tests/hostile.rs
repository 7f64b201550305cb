//! Tests hostile documents: reading takes time in proportion to their length, and refuses them in few words.

use cam_policy::diagnostic::Code;
use cam_policy::document::Document;
use cam_policy::policy::{ActionPattern, Policy, ResourcePattern};

const HEAD: &str = r#"{"version":"2.0","statement":["#;

fn statement(action: &str, resource: &str) -> String {
    format!(r#"{{"effect":"allow","action":[{action}],"resource":[{resource}]}}"#)
}

/// Returns the errors of a text that is not a policy: at least one, but not very many, each with a place in the text
/// and a short message.
fn diagnostics(text: &str) -> Vec<Code> {
    let error = Document::parse(text).unwrap_err();
    assert!((1..=101).contains(&error.diagnostics().len()), "{} diagnostics", error.diagnostics().len());
    for diagnostic in error.diagnostics() {
        assert!(text.get(diagnostic.span().unwrap().range()).is_some());
        assert!(diagnostic.position().is_some_and(|place| place.line > 0 && place.column > 0));
        assert!(diagnostic.message().len() < 1000, "{} bytes", diagnostic.message().len());
    }
    error.diagnostics().iter().map(cam_policy::diagnostic::Diagnostic::code).collect()
}

#[test]
fn nesting_takes_no_stack() {
    for (open, close) in
        [("[", "]"), ("{\"a\":", "}"), ("{\"statement\":[", "]}"), ("[{\"principal\":", "}]")]
    {
        let deep = open.repeat(100_000);
        diagnostics(&deep);
        diagnostics(&(deep.clone() + &close.repeat(100_000)));
        diagnostics(&format!("{HEAD}{}", statement(&deep, "\"*\"")));
        let inner = format!(r#"{{"effect":"allow","action":["*"],"resource":["*"],"condition":{deep}"#);
        diagnostics(&format!("{HEAD}{inner}"));
    }
    diagnostics(&"]".repeat(100_000));
}

#[test]
fn stars_cost_no_more_than_characters() {
    let stars = "*".repeat(6000);
    let text = format!(
        "{HEAD}{}]}}",
        statement(&format!("\"trtc:{stars}a\""), &format!("\"qcs::trtc:::{stars}a\""))
    );
    let policy = Document::parse(&text).unwrap().into_policy();
    assert_eq!(policy.to_string().parse::<Policy>().as_ref(), Ok(&policy));
    let pattern: ActionPattern = format!("trtc:{}", "*a".repeat(3000)).parse().unwrap();
    assert!(!pattern.matches(&format!("trtc:{}b", "a".repeat(5000))));
    assert!(pattern.matches(&format!("trtc:{}", "a".repeat(3000))));
    assert!(format!("qcs::trtc:::{}", "*".repeat(7000)).parse::<ResourcePattern>().is_err());
}

#[test]
fn long_strings_are_shown_briefly() {
    let long = "a".repeat(1_000_000);
    assert!(
        diagnostics(&format!("{HEAD}{}]}}", statement(&format!("\"{long}\""), "\"*\"")))
            .contains(&Code::Action)
    );
    diagnostics(&format!("{HEAD}{}]}}", statement("\"*\"", &format!("\"{}\"", "回".repeat(300_000)))));
    diagnostics(&format!("{HEAD}{{\"{long}\":1}}]}}"));
    diagnostics(&format!("{{\"version\":\"{long}\"}}"));
    diagnostics(&long);
    diagnostics(&format!("\"{}", "\\u0041".repeat(100_000)));
    diagnostics(&format!("{HEAD}{}]}}", statement(&"9".repeat(1_000_000), "\"*\"")));
    assert_eq!(diagnostics(&" ".repeat((1 << 20) + 1)), [Code::Limit]);
    diagnostics(&" ".repeat(1 << 20));
}

#[test]
fn long_lists_are_read() {
    let actions = vec!["\"trtc:RemoveUser\""; 50_000].join(",");
    let document = Document::parse(&format!("{HEAD}{}]}}", statement(&actions, "\"*\""))).unwrap();
    assert_eq!(document.policy().statements()[0].actions().len(), 50_000);
    let one = statement("\"*\"", "\"*\"");
    let statements = vec![one.as_str(); 15_000].join(",");
    let text = format!("{HEAD}{statements}]}}");
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.policy().to_string(), text);
    let values = vec!["\"a\""; 100_000].join(",");
    let condition = one.replace(
        "\"resource\"",
        &format!("\"condition\":{{\"string_equal\":{{\"a:b\":[{values}]}}}},\"resource\""),
    );
    assert!(Document::parse(&format!("{HEAD}{condition}]}}")).is_ok());
    let keys: Vec<String> = (0..20_000).map(|at| format!("\"a:k{at}\":[\"v\"]")).collect();
    let condition = one.replace(
        "\"resource\"",
        &format!("\"condition\":{{\"string_equal\":{{{}}}}},\"resource\"", keys.join(",")),
    );
    assert!(Document::parse(&format!("{HEAD}{condition}]}}")).is_ok());
}

#[test]
fn of_very_many_errors_the_first_are_listed() {
    let actions = vec!["\"a b\""; 100_000].join(",");
    let told = diagnostics(&format!("{HEAD}{}]}}", statement(&actions, "\"*\"")));
    assert_eq!(told.len(), 101);
    assert_eq!(told[100], Code::Limit);
    diagnostics(&"{,".repeat(100_000));
    diagnostics(&"\"".repeat(100_001));
    diagnostics(&"，".repeat(100_000));
    diagnostics(&format!("{HEAD}{}", "{\"effect\":\"permit\"},".repeat(40_000)));
    diagnostics(&"/*".repeat(100_000));
    diagnostics(&"//\n".repeat(100_000));
}

#[test]
fn whitespace_of_several_bytes_have_places() {
    for space in ["\u{3000}", "\u{a0}", "\u{8c}", "\u{2028}"] {
        let text = format!("name/trtc:{space}RemoveUser");
        let error = text.parse::<ActionPattern>().unwrap_err();
        assert_eq!(text.get(error.range()), Some(space));
        diagnostics(&format!("{HEAD}{}]}}", statement(&format!("\"{text}\""), "\"*\"")));
    }
}

#[test]
fn strings_that_other_marks_open_have_places() {
    for mark in ["«", "“", "＂", "`", "\""] {
        diagnostics(&format!("{{{mark}statement"));
        diagnostics(&format!("{{\u{202e}s{mark}$ion2s\u{8c} "));
    }
}

#[test]
fn strings_with_control_characters_have_places() {
    for tabs in 1..12 {
        let action = format!("trtc:D{}qcs2\u{423}\u{423}t#l", "\t".repeat(tabs));
        diagnostics(&format!("{HEAD}{}]}}", statement(&format!("\"{action}\""), "\"*\"")));
    }
}

#[test]
fn long_logs_of_denials_are_read() {
    use cam_policy::engine::AccessDenied;

    let operation = "not authorized to perform operation (a:B) ";
    let line = "you are not authorized to perform operation (a:B) resource (*) has no permission ";
    assert_eq!(AccessDenied::parse_all(&line.repeat(12_000)).unwrap().len(), 1);
    for cut in [
        operation.to_owned() + &"resource (".repeat(100_000),
        operation.to_owned() + "resource (" + &"has no permission ".repeat(50_000),
        "\\".repeat(1_000_000),
        format!(
            "not authorized to perform operation (a:{}) resource (*) has no permission",
            "B".repeat(900_000)
        ),
    ] {
        let error = AccessDenied::parse(&cut).unwrap_err().to_string();
        assert!(error.len() < 1000, "{} bytes", error.len());
    }
    let cut = "resource (*) has no permission condition:".to_owned() + &"[{\"key\":\"".repeat(100_000);
    assert_eq!(AccessDenied::parse(&(operation.to_owned() + &cut)).unwrap().conditions().len(), 0);

    // Each of many resources has its own conditions: in total as many as the text has, not their square.
    let told = "has no permission with or without condition:[{\"condition\":{\"key\":\"qcs:resource_tag\",\
                \"value\":[\"env&prod\"],\"ope\":\"for_any_value:string_equal\"},\"effect\":\"allow\"}]";
    let many =
        (0..5_000).map(|at| format!("resource (qcs::a:::b/{at}) {told}\n")).collect::<Vec<_>>().concat();
    let found = AccessDenied::parse_all(&(operation.to_owned() + &many)).unwrap();
    assert_eq!(found.len(), 5_000);
    assert!(found.iter().all(|denied| denied.conditions().len() == 1));
    // A list after the first of many resources does not belong to the others.
    let list =
        format!("[{}]", vec!["{\"condition\":{\"key\":\"a:b\",\"ope\":\"string_equal\"}}"; 8_000].join(","));
    let many = (0..8_000)
        .map(|at| format!("resource (qcs::a:::b/{at}) has no permission\n"))
        .collect::<Vec<_>>()
        .concat();
    let one = "resource (*) has no permission condition:";
    let found = AccessDenied::parse_all(&format!("{operation}{one}{list} {many}")).unwrap();
    assert_eq!(found.len(), 8_001);
    assert_eq!(found.iter().map(|denied| denied.conditions().len()).sum::<usize>(), 8_000);

    let error = AccessDenied::parse_all(&line.repeat(20_000)).unwrap_err().to_string();
    assert!(error.contains("no more than 1048576 are read"), "{error}");
    assert!(AccessDenied::parse_all(&(line.to_owned() + &" ".repeat((1 << 20) - line.len()))).is_ok());
}
