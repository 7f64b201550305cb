//! Tests policy documents: the reader reads back what the printer writes, judges every text correctly, and explains
//! mistakes in words that help.

use std::fmt::Write as _;

use cam_policy::diagnostic::{Code, Diagnostic, Severity};
use cam_policy::document::{Document, Element, ReadOptions};
use cam_policy::policy::{
    ActionPattern, Comparison, Condition, ConditionOperator, ConditionValue, Effect, Policy, PolicyKind,
    Principal, PrincipalKind, Qualifier, ResourcePattern, Statement,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::Value;

const KINDS: [PolicyKind; 4] =
    [PolicyKind::Identity, PolicyKind::Trust, PolicyKind::Bucket, PolicyKind::Session];

/// The same cases in every run. Cheap tests have more. `PROPTEST_CASES` sets their number.
fn config(times: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases * times,
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..default
    }
}

/// Texts that a printer and a reader of JSON can get wrong.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "",
        "\"",
        "\\",
        "\\u0041",
        "\\/",
        "/",
        "\u{0}",
        "\u{1f}",
        "\n\t\r\u{8}\u{c}",
        "\u{7f}\u{80}",
        "\u{2028}",
        "\u{feff}",
        "\u{10ffff}",
        "腾讯云🙂",
        "e\u{301}",
        "// # /* */",
        "${uin}",
        "a${owner_uin}${app_id}",
        "${",
        "“”，：",
        " blank ",
        "$",
    ]);
    let plain = any::<String>().prop_filter("other variables are refused", |text| !text.contains("${"));
    prop_oneof![odd.prop_map(str::to_owned), plain]
}

fn action() -> impl Strategy<Value = ActionPattern> {
    let form = r"\*|\*:\*|permid/[1-9][0-9]{0,5}|(\*|[a-zA-Z0-9_-]{1,6}):[A-Za-z0-9ß名*_?.-]{1,12}";
    form.prop_map(|text| text.parse().unwrap())
}

fn resource() -> impl Strategy<Value = ResourcePattern> {
    let six = (r"(id/[0-9]{1,3})?", r"[a-z*]{0,4}", r"[a-z*-]{0,8}", r"(u[a-z0-9/*\\\x22]{0,9})?", text());
    let six =
        six.prop_filter_map("the last segment is not empty", |(project, service, region, account, last)| {
            format!("qcs:{project}:{service}:{region}:{account}:{last}").parse().ok()
        });
    prop_oneof![1 => Just(ResourcePattern::ALL), 4 => six]
}

fn operator() -> impl Strategy<Value = ConditionOperator> {
    let qualifier = select(vec![None, Some(Qualifier::ForAnyValue), Some(Qualifier::ForAllValue)]);
    (qualifier, select(&Comparison::ALL), any::<bool>()).prop_map(|(qualifier, comparison, if_exist)| {
        let if_exist = if_exist && comparison != Comparison::NullEqual;
        ConditionOperator { qualifier, comparison, if_exist }
    })
}

fn value() -> impl Strategy<Value = ConditionValue> {
    let number = r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?";
    prop_oneof![
        text().prop_map(|text| ConditionValue::Text(text.into())),
        number.prop_map(|digits| ConditionValue::Number(digits.into())),
    ]
}

fn principal() -> impl Strategy<Value = Principal> {
    let named = btree_map(select(&PrincipalKind::ALL), vec(text().prop_map(Into::into), 1..3), 1..3);
    prop_oneof![Just(Principal::All), named.prop_map(|named| Principal::Named(named.into_iter().collect()))]
}

fn statement() -> impl Strategy<Value = Statement> {
    // Sorted by operator, as the text has them: otherwise they would come back in another order.
    let conditions = btree_map(operator(), btree_map(text(), vec(value(), 1..3), 1..3), 0..3);
    let effect = select(vec![Effect::Allow, Effect::Deny]);
    let parts = (
        effect,
        proptest::option::weighted(0.3, principal()),
        vec(action(), 1..4),
        vec(resource(), 0..4),
        conditions,
    );
    parts.prop_map(|(effect, principal, actions, mut resources, conditions)| {
        if resources.is_empty() && principal.is_none() {
            resources.push(ResourcePattern::ALL);
        }
        let mut statement = Statement::new(effect, actions, resources);
        for (operator, keys) in conditions {
            for (key, values) in keys {
                statement = statement.with_condition(Condition::unchecked(operator, &key, values));
            }
        }
        match principal {
            Some(principal) => statement.for_principal(principal),
            None => statement,
        }
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    // Only a bucket policy may have identifiers.
    (vec(statement(), 1..4), text(), any::<bool>()).prop_map(|(statements, text, named)| {
        let policy = Policy::new(statements.clone()).unwrap();
        if policy.kind() != PolicyKind::Bucket || !named {
            return policy;
        }
        let statements = statements.into_iter().map(|statement| statement.with_sid(&text));
        Policy::new(statements).unwrap().with_id(&text)
    })
}

/// Returns every element of a policy with the JSON that stands for it in a text.
fn elements(policy: &Policy, text: &str) -> Vec<(Element, Value)> {
    let whole: Value = serde_json::from_str(text).unwrap();
    let of_value = |value: &ConditionValue| match value {
        ConditionValue::Text(text) => text.as_ref().into(),
        ConditionValue::Number(digits) => serde_json::from_str(digits).unwrap(),
    };
    let mut all = vec![(Element::Policy, whole.clone())];
    all.extend(policy.id().map(|id| (Element::Id, id.into())));
    for (at, statement) in policy.statements().iter().enumerate() {
        let of = &whole["statement"][at];
        all.push((Element::Statement(at), of.clone()));
        all.push((Element::Effect(at), statement.effect().as_str().into()));
        all.extend(statement.sid().map(|sid| (Element::Sid(at), sid.into())));
        if let Some(principal) = statement.principal() {
            all.push((Element::StatementPrincipal(at), of["principal"].clone()));
            let names = principal.all_names().enumerate();
            all.extend(names.map(|(of, (_, name))| (Element::StatementPrincipalName(at, of), name.into())));
        }
        let actions = statement.actions().iter().enumerate();
        all.extend(actions.map(|(number, one)| (Element::Action(at, number), one.as_str().into())));
        let resources = statement.resources().iter().enumerate();
        all.extend(resources.map(|(number, one)| (Element::Resource(at, number), one.as_str().into())));
        for (number, condition) in statement.conditions().iter().enumerate() {
            all.push((Element::Operator(at, number), condition.operator().to_string().into()));
            all.push((Element::Key(at, number), condition.key().into()));
            let values = condition.values().iter().enumerate();
            all.extend(values.map(|(value, one)| (Element::Value(at, number, value), of_value(one))));
        }
    }
    all
}

/// Reads the text of a span; for a string, the span lies between its quotation marks.
fn cut(document: &Document, element: Element) -> Value {
    let range = document.span(element).unwrap_or_else(|| panic!("{element:?} has no place")).range();
    let text = document.as_written();
    let quoted = range.start > 0 && text[..range.start].ends_with('"') && text[range.end..].starts_with('"');
    let part = if quoted { &text[range.start - 1..=range.end] } else { &text[range] };
    serde_json::from_str(part).unwrap_or_else(|error| panic!("{element:?}: {part}: {error}"))
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_printed_is_read_back(policy in policy()) {
        let texts = [
            (policy.clone(), policy.to_string()),
            (policy.clone(), format!("{policy:#}")),
            (policy.minimized(), policy.minified().to_string()),
        ];
        for (policy, text) in &texts {
            let document = match Document::parse(text) {
                Ok(document) => document,
                Err(error) => return Err(TestCaseError::fail(format!("{text}\n{error}"))),
            };
            prop_assert_eq!(document.policy(), policy);
            prop_assert_eq!(document.as_written(), text);
            prop_assert_eq!(document.kind(), policy.kind());
            for (element, json) in elements(policy, text) {
                prop_assert_eq!(cut(&document, element), json, "{:?}", element);
            }
            let statements = policy.statements().len();
            prop_assert_eq!(document.span(Element::Statement(statements)), None);
            prop_assert_eq!(document.span(Element::Principal), None);
        }
    }
}

/// Documents to damage: each form that is read.
const SEEDS: [&str; 5] = [
    r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser","trtc:Describe*"],"resource":["qcs::trtc::uin/12345678:sdkappid/1400000001"]}]}"#,
    r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": "name/cos:*",
      "resource": "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000\/照片\/${uin}/*",
      "condition": {
        "ip_not_equal": {"qcs:ip": ["10.0.0.0/8", "2001:db8::/32"]},
        "for_any_value:numeric_less_than_if_exist": {"cos:content-length": [1024, -1.5e2, "7"], "cos:x": 0}
      }
    },
    {"effect": "allow", "action": "*", "resource": "*"}
  ]
}
"#,
    r#"{"Statement":{"Effect":"Allow","Action":"cos:GetObject","Resource":"*","Principal":{"qcs":["qcs::cam::uin\/1:uin\/2"]}},"Version":"2.0"}"#,
    r#"{"version":"2.0","statement":[{"action":"name/sts:AssumeRole","effect":"allow","principal":{"service":["cls.cloud.tencent.com","\u0063\uD83D\uDE42"],"federated":"x"}}]}"#,
    r#"{"version":"2.0","principal":"*","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#,
];

const BITS: [&str; 52] = [
    "",
    "",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\\"",
    "\\u",
    "\\ud83d",
    "/",
    "//",
    "/*",
    "*/",
    "#",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\u{0}",
    "\u{a0}",
    "\u{3000}",
    "“",
    "”",
    "，",
    "：",
    "、",
    "'",
    "true",
    "null",
    "0",
    "1.",
    "-",
    "e",
    "\"Sid\":\"x\",",
    "\"effect\":\"deny\",",
    "{}",
    "[]",
    "\"\"",
    "{\"version\":\"2.0\"}",
    "${",
    "}",
    "é",
    "🙂",
    "*",
    "<x>",
    ";",
    "=",
    "\u{200b}",
];

/// Makes a range of a text, perhaps an empty one, and a replacement.
type Spoil = (Index, usize, &'static str);

fn spoiled(seed: &str, spoils: &[Spoil]) -> String {
    let mut text = seed.to_owned();
    for (at, length, bit) in spoils {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = at.index(places.len());
        let end = (start + length).min(places.len() - 1);
        text.replace_range(places[start]..places[end], bit);
    }
    text
}

/// Returns a policy without the parts in which its text may vary: the order of keys, the digits of equal numbers.
fn normal(policy: &Policy) -> Value {
    serde_json::from_str(&policy.to_string()).unwrap()
}

/// Whatever stands in the text, a message is one line without control characters, and a fix can be applied.
fn sound(diagnostic: &Diagnostic, text: &str) -> Result<(), TestCaseError> {
    for line in [Some(diagnostic.message()), diagnostic.help()].into_iter().flatten() {
        prop_assert!(!line.is_empty() && !line.contains(char::is_control), "{:?}", diagnostic);
    }
    if let Some(fix) = diagnostic.fix() {
        prop_assert!(text.get(fix.span.range()).is_some(), "{:?}", diagnostic);
        prop_assert_ne!(fix.apply(text), text);
    }
    Ok(())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    for kind in KINDS {
        let _ = Document::parse_as(kind, text);
    }
    let json = serde_json::from_str::<Value>(text);
    match (Document::parse(text), json) {
        (Err(error), _) => {
            prop_assert!(!error.diagnostics().is_empty());
            for diagnostic in error.diagnostics() {
                let (span, place) = (diagnostic.span().unwrap(), diagnostic.position().unwrap());
                prop_assert!(text.get(span.range()).is_some(), "{diagnostic:?} is not in the text");
                let before = &text[..span.start()];
                let start = before.rfind('\n').map_or(0, |at| at + 1);
                prop_assert_eq!(place.line, before.matches('\n').count() + 1);
                prop_assert_eq!(place.column, before[start..].chars().count() + 1);
                sound(diagnostic, text)?;
            }
            let starts: Vec<_> =
                error.diagnostics().iter().map(|diagnostic| diagnostic.span().unwrap().start()).collect();
            prop_assert!(starts.is_sorted());
            prop_assert_eq!(error.to_string().lines().count(), starts.len());
        }
        (Ok(document), Ok(json)) => {
            for warning in document.warnings() {
                sound(warning, text)?;
            }
            let again = json.to_string().parse::<Policy>();
            prop_assert_eq!(again.as_ref().map(normal), Ok(normal(document.policy())));
        }
        // serde_json cannot keep a number that `f64` cannot hold.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => {}
        (Ok(document), Err(error)) => prop_assert!(false, "no JSON was read: {error}: {document:?}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn a_spoiled_document_is_judged_rightly(
        seed in select(&SEEDS),
        spoils in vec((any::<Index>(), select(vec![0_usize, 0, 1, 1, 2, 8, 40]), select(&BITS)), 1..5),
    ) {
        check(&spoiled(seed, &spoils))?;
    }

    #[test]
    fn any_text_is_judged_rightly(bits in vec(select(&BITS), 0..24), text in any::<String>()) {
        check(&bits.concat())?;
        check(&text)?;
        check(&format!("{{\"version\":\"2.0\",\"statement\":[{}]}}", bits.concat()))?;
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn numbers_and_strings_are_those_of_json(
        number in "-?[0-9]{0,3}[.+-]?[0-9]{0,2}([eE][+-]?0?[0-9]?)?",
        string in r#"([a-d0-9 /"\x00-\x20🙂]|\\["\\/bfnrtuUx]|\\u[0-9a-fA-F]{3,4}|\\u[dD][89a-fA-F][0-9]{2}){0,4}"#,
    ) {
        for value in [number, format!("\"{string}\"")] {
            let text = format!(
                r#"{{"version":"2.0","statement":[{{"effect":"deny","action":"*","resource":"*","condition":{{"string_equal":{{"a:b":[{value}]}}}}}}]}}"#
            );
            check(&text)?;
            check(&text.replace("a:b", value.trim_matches('"')).replace(&value, "1"))?;
            check(&text.replace("\"*\"", &value))?;
            // Without its number the array is empty, which is JSON but not a condition.
            let json = serde_json::from_str::<Value>(&value).is_ok();
            prop_assert_eq!(Document::parse(&text).is_ok(), json, "{}", value);
        }
    }
}

#[test]
fn the_seeds_are_sound() {
    for seed in SEEDS {
        Document::parse(seed).unwrap_or_else(|error| panic!("{seed}\n{error}"));
        check(seed).unwrap();
    }
}

/// Writes what a user sees: the text, and below it the errors or the warnings.
fn shown(name: &str, text: &str, kind: Option<PolicyKind>) -> String {
    let read = kind.map_or_else(|| Document::parse(text), |kind| Document::parse_as(kind, text));
    let mut shown = format!("# {name}\n{}\n", text.trim_end());
    let (diagnostics, document) = match &read {
        Ok(document) => (document.warnings(), Some(document)),
        Err(error) => (error.diagnostics(), None),
    };
    for diagnostic in diagnostics {
        let code = diagnostic.cam_code().map_or_else(String::new, |code| format!(" <{code}>"));
        writeln!(shown, "=> {diagnostic}{code}").unwrap();
    }
    if let Some(document) = document {
        writeln!(shown, "=> {}: {}", document.kind(), document.policy()).unwrap();
    }
    shown
}

const SOUND: &str =
    r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#;

#[test]
fn errors_say_how_to_correct_them() {
    let whole = |statement: &str| {
        format!("{{\n  \"version\": \"2.0\",\n  \"statement\": [\n    {}\n  ]\n}}", statement.trim())
    };
    let in_statement = |effect: &str, rest: &str| whole(&format!("{{\"effect\": {effect}, {rest}}}"));
    let allow = |rest: &str| in_statement("\"allow\"", rest);
    let condition = |text: &str| {
        allow(&format!("\"action\": \"cos:GetObject\", \"resource\": \"*\",\n     \"condition\": {text}"))
    };
    let cases = [
        ("a comma forgotten between keys", allow("\"action\": [\"trtc:*\"]\n     \"resource\": [\"*\"]")),
        ("a comma forgotten between actions", allow("\"action\": [\"trtc:*\"\n     \"ccc:*\"], \"resource\": \"*\"")),
        ("a comma forgotten between statements", whole("{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"}\n    {\"effect\": \"deny\", \"action\": \"*\", \"resource\": \"*\"}")),
        ("trailing commas", allow("\"action\": [\"trtc:*\",], \"resource\": [\"*\",],")),
        ("two commas", allow("\"action\": [\"trtc:*\",, \"ccc:*\"],, \"resource\": \"*\"")),
        ("comments", allow("// who\n     \"action\": [\"trtc:*\"], # what\n     \"resource\": /* where */ \"*\" // end\n    ")),
        ("quotes of a word processor", allow("“action”: [“trtc:*”, “ccc:*”],\n     ‘resource’: ‘*’")),
        ("one quote of a word processor", allow("\"action\": \"trtc:*”,\n     \"resource\": \"*\"")),
        ("mixed quotes in a line", allow("“action”: \"trtc:*\", \"resource\": \"*”, 'condition': {}")),
        ("single quotes", allow("'action': ['trtc:*'], 'resource': '*'")),
        ("no quotes at all", allow("action: [trtc:*], resource: *")),
        ("full-width punctuation", allow("\"action\"：[\"trtc:*\"、\"ccc:*\"]，\"resource\": \"*\"；")),
        ("full-width brackets", allow("\"action\": ［\"trtc:*\"］, \"resource\": \"*\"")),
        ("a key in an array", allow("\"action\": [\"name\": \"trtc:*\"], \"resource\": \"*\"")),
        ("no-break spaces", allow("\u{a0}\u{a0}\"action\": \"trtc:*\",\n\u{3000}\"resource\":\u{a0}\"*\"")),
        ("a string not closed", allow("\"action\": [\"trtc:*],\n     \"resource\": [\"*\"]")),
        ("a key not closed", allow("\"action: [\"trtc:*\"],\n     \"resource\": [\"*\"]")),
        ("a line break in a string", allow("\"action\": \"trtc:\n     RemoveUser\", \"resource\": \"*\"")),
        ("a tab in a string", allow("\"action\": \"trtc:*\", \"resource\": \"qcs::trtc:::\tx\"")),
        ("an escape that is none", allow("\"action\": \"trtc:\\*\", \"resource\": \"*\"")),
        ("an array not closed", allow("\"action\": [\"trtc:*\", \"ccc:*\",\n     \"resource\": [\"*\"]")),
        ("an array not closed, without comma", allow("\"action\": [\"trtc:*\"\n     , \"resource\": \"*\"")),
        ("an array closed by a brace", allow("\"action\": [\"trtc:*\"}, \"resource\": \"*\"")),
        ("a statement not closed", whole("{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"")),
        ("the end forgotten", "{\"version\": \"2.0\", \"statement\": [{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"".to_owned()),
        ("a brace too many", allow("\"action\": \"*\", \"resource\": \"*\"}")),
        ("a bracket too many", allow("\"action\": [\"*\"]], \"resource\": \"*\"")),
        ("two documents", format!("{0}\n{0}", allow("\"action\": \"*\", \"resource\": \"*\""))),
        ("an equals sign", allow("\"action\" = \"*\", \"resource\" = \"*\"")),
        ("a colon forgotten", allow("\"action\" [\"*\"], \"resource\": \"*\"")),
        ("a value forgotten", allow("\"action\": , \"resource\": \"*\"")),
        ("an ellipsis", allow("\"action\": [\"trtc:*\", ...], \"resource\": \"*\"")),
        ("not JSON", "version: 2.0\nstatement:\n  - effect: allow\n".to_owned()),
        ("an array of policies", "[{\"version\": \"2.0\", \"statement\": []}]".to_owned()),
        ("only a statement", "{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"}".to_owned()),
        ("Sid", allow("\"Sid\": \"1\", \"action\": \"*\", \"resource\": \"*\"")),
        ("NotAction and NotResource", allow("\"NotAction\": \"*\", \"NotResource\": \"*\"")),
        ("plural keys", allow("\"actions\": [\"*\"], \"resources\": [\"*\"], \"conditions\": {}")),
        ("a key of AWS in the policy", format!("{{\"Version\": \"2012-10-17\", \"Id\": \"x\", {}", &allow("\"action\": \"*\", \"resource\": \"*\"")[22..])),
        ("Action twice", allow("\"action\": \"trtc:*\", \"resource\": \"*\", \"Action\": \"ccc:*\"")),
        ("an effect misspelt", in_statement("\"alow\"", "\"action\": \"*\", \"resource\": \"*\"")),
        ("an effect in capitals", in_statement("\"ALLOW\"", "\"action\": \"*\", \"resource\": \"*\"")),
        ("an effect without quotes", in_statement("allow", "\"action\": \"*\", \"resource\": \"*\"")),
        ("an effect in an array", in_statement("[\"allow\"]", "\"action\": \"*\", \"resource\": \"*\"")),
        ("a resource of five segments", allow("\"action\": \"*\", \"resource\": \"qcs::monitor:uin/12345678:policy/1\"")),
        ("a resource of another cloud", allow("\"action\": \"*\", \"resource\": \"arn:aws:s3:::bucket/*\"")),
        ("a resource without its beginning", allow("\"action\": \"*\", \"resource\": \"sdkappid/1400000001\"")),
        ("placeholders left in", allow("\"action\": \"trtc:*\", \"resource\": [\"qcs::trtc::uin/${uin}:sdkappid/${SdkAppId}\", \"qcs::trtc::uin/12345678:sdkappid/${SdkAppId}\", \"qcs::clb:${region}:uin/12345678:clb/*\", \"qcs::cos:<bucket region>:uid/1:b/*\"]")),
        ("whitespace in actions", allow("\"action\": [\"trtc: RemoveUser\", \"trtc:\u{a0}RemoveUser\", \"trtc:RemoveUser \"], \"resource\": \"*\"")),
        ("actions without service", allow("\"action\": [\"RemoveUser\", \"trtc.RemoveUser\", \"trtc:\", \":x\", \"\"], \"resource\": \"*\"")),
        ("several actions in one string", allow("\"action\": \"trtc:RemoveUser,trtc:DismissRoom\", \"resource\": \"*\"")),
        ("a boolean condition value", condition("{\"bool_equal\": {\"qcs:mfa\": true}}")),
        ("an operator of AWS", condition("{\"IpAddress\": {\"qcs:ip\": \"10.0.0.0/8\"}, \"StringLike\": {\"vpc:region\": \"ap-*\"}, \"StringEqualsIfExists\": {\"vpc:region\": \"x\"}}")),
        ("an operator of AWS for values of another type", condition("{\"StringEquals\": {\"qcs:ip\": \"10.0.0.0/8\"}, \"stringNotLike\": {\"QCS:ip \": \"10.0.0.0/8\"}, \"NumericLessThan\": {\"qcs:current_time\": \"2027-01-01T00:00:00Z\"}, \"IpAddressIfExists\": {\"qcs:tag\": \"a&b\"}, \"StringLike\": {\"qcs:ip\": \"10.0.0.0/8\", \"vpc:region\": \"ap-*\"}, \"Null\": {\"qcs:ip\": \"true\"}}")),
        ("null_equal_if_exist", condition("{\"null_equal_if_exist\": {\"qcs:mfa\": \"true\"}}")),
        ("a qualifier of AWS", condition("{\"ForAnyValue:StringEquals\": {\"qcs:resource_tag\": \"a&b\"}}")),
        ("a condition without operator", condition("{\"qcs:ip\": \"10.0.0.0/8\"}")),
        ("a condition as array", condition("[{\"ip_equal\": {\"qcs:ip\": \"10.0.0.0/8\"}}]")),
        ("an empty operator", condition("{\"ip_equal\": {}}")),
        ("the same operator twice", condition("{\"ip_equal\": {\"qcs:ip\": \"10.0.0.0/8\"}, \"ip_equal\": {\"qcs:ip\": \"11.0.0.0/8\"}}")),
        ("an unknown variable", condition("{\"string_equal\": {\"qcs:uin\": \"${UIN}\"}}")),
        ("empty arrays", allow("\"action\": [], \"resource\": [], \"condition\": {\"ip_equal\": {\"qcs:ip\": []}}")),
        ("no statement", "{\"version\": \"2.0\", \"statement\": []}".to_owned()),
        ("an empty statement", whole("{}")),
        ("a wrong version", "{\"version\": \"2012-10-17\", \"statement\": [{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"}]}".to_owned()),
        ("a number as version", "{\"version\": 2.0, \"statement\": [{\"effect\": \"allow\", \"action\": \"*\", \"resource\": \"*\"}]}".to_owned()),
        ("a statement as string", "{\"version\": \"2.0\", \"statement\": \"allow\"}".to_owned()),
        ("a statement as JSON in a string", "{\"version\": \"2.0\", \"statement\": [\"{\\\"effect\\\":\\\"allow\\\"}\"]}".to_owned()),
        ("null", allow("\"action\": null, \"resource\": \"*\", \"condition\": null")),
        ("objects for names", allow("\"action\": {\"name\": \"*\"}, \"resource\": [[\"*\"], 1]")),
        ("a principal that is a name", allow("\"action\": \"*\", \"resource\": \"*\", \"principal\": \"12345678\"")),
        ("a principal of AWS", allow("\"action\": \"*\", \"resource\": \"*\", \"principal\": {\"AWS\": \"*\"}")),
        ("a principal without anybody", allow("\"action\": \"*\", \"resource\": \"*\", \"principal\": {}")),
        ("single quotes of a shell", format!("'{SOUND}'\n")),
        ("the quotes of a shell that knows escapes", format!("$'{SOUND}'")),
        ("double quotes of a shell", format!("--document \"{}\"", SOUND.replace('"', "\\\""))),
        ("quotes around what is not escaped", format!("\"{SOUND}\"")),
        ("quotes of a word processor around it all", format!("“{}”", SOUND.replace("trtc:*", "trtc"))),
        ("a quote that a copy cut off", format!("{SOUND}'")),
        ("an empty text", String::new()),
        ("whitespace", " \n ".to_owned()),
    ];
    let shown: Vec<_> = cases.iter().map(|(name, text)| shown(name, text, None)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// Returns the text after every fix, the last first, as often as there are some.
fn fixed(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..8 {
        let diagnostics = match Document::parse(&text) {
            Ok(document) => document.warnings().to_vec(),
            Err(error) => error.diagnostics().to_vec(),
        };
        let fixes: Vec<_> = diagnostics.iter().filter_map(Diagnostic::fix).collect();
        if fixes.is_empty() {
            break;
        }
        for fix in fixes.into_iter().rev() {
            text = fix.apply(&text);
        }
    }
    text
}

#[test]
fn fixes_make_the_policy_that_was_meant() {
    let meant = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:*"],"resource":["*"]}]}"#;
    for text in [
        r#"{“version”：“2.0”，"statement":［{"effect":"allow","action":["cos:*"],"resource":["*"]}］｝"#,
        "{\"version\":\"2.0\",// why\n\"statement\":[{'effect':\"allow\",\"action\":[\"cos:*\",],\"resource\":[\"*\"],,}]}",
        r#"{version:"2.0" statement:[{effect:allow,action:[cos:*] "resource":["*"]}];}"#,
        r#"{"Version":"2.0","Statement":[{"Effect":"Allow","Action":["cos:*"],"Resource":["*"]}]}"#,
        "{\"version\":\"2.0\",\u{a0}\"statement\":[{\"effect\":\"allow\",\"action\":[\"cos:*”],\"resource\":[`*`]}]}",
    ] {
        let fixed = fixed(text);
        let document = Document::parse(&fixed).unwrap_or_else(|error| panic!("{text}\n{fixed}\n{error}"));
        assert_eq!(document.policy().to_string(), meant, "{text}\n{fixed}");
        assert_eq!(document.warnings(), [], "{fixed}");
    }
}

#[test]
fn errors_and_warnings_are_told_apart() {
    let error = Document::parse("{}").unwrap_err();
    assert!(error.diagnostics().iter().all(|one| one.severity() == Severity::Error));
    let document = Document::parse(SEEDS[2]).unwrap();
    assert!(!document.warnings().is_empty());
    assert!(document.warnings().iter().all(|one| one.severity() == Severity::Warning));
}

#[test]
fn every_form_that_is_read_has_warnings_where_it_departs_from_the_grammar() {
    let cases = [
        ("as CAM writes it", SEEDS[0]),
        ("single values, escaped slashes, numbers", SEEDS[1]),
        ("capitals and a single statement", SEEDS[2]),
        ("escapes and the prefix of actions", SEEDS[3]),
        ("a principal beside the statements", SEEDS[4]),
        (
            "keys in any order",
            r#"{"statement":[{"resource":["*"],"condition":{"bool_equal":{"qcs:mfa":"true"}},"action":["*"],"effect":"deny"}],"version":"2.0"}"#,
        ),
        (
            "whitespace in a key of a condition",
            r#"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"ip_equal":{"qcs:ip ":"10.0.0.0/8"}}}]}"#,
        ),
        (
            "capitals everywhere",
            r#"{"VERSION":"2.0","STATEMENT":[{"EFFECT":"DENY","Action":"*","Resource":"*","Condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"}},"Principal":{"QCS":"*"}}]}"#,
        ),
        (
            "a byte order mark",
            "\u{feff}{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":\"*\",\"resource\":\"*\"}]}",
        ),
        (
            "an operation set and a resource of an old project",
            r#"{"version":"2.0","statement":[{"effect":"allow","action":"permid/280649","resource":"qcs:id/1158313:cvm:sh::instance/*"}]}"#,
        ),
    ];
    let shown: Vec<_> = cases
        .iter()
        .map(|(name, text)| {
            Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            shown(name, text, None)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_document_is_read_as_the_kind_it_is_said_to_be() {
    let identity = r#"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#;
    let trust = r#"{"version":"2.0","statement":[{"effect":"allow","action":"name/sts:AssumeRole","principal":{"service":"cls.cloud.tencent.com"}}]}"#;
    let bucket = r#"{"version":"2.0","statement":[{"effect":"allow","action":"name/cos:*","resource":"*","principal":"*"}]}"#;
    let old_bucket = r#"{"version":"2.0","principal":{"qcs":"*"},"statement":[{"effect":"allow","action":"name/cos:*","resource":"*"}]}"#;
    let mixed = r#"{"version":"2.0","statement":[{"effect":"allow","action":"name/cos:*","resource":"*","principal":"*"},{"effect":"allow","action":"*","resource":"*"}]}"#;
    let empty = r#"{"version":"2.0","statement":[{"effect":"allow","action":"*"}]}"#;
    let texts = [
        ("identity", identity, Some(PolicyKind::Identity)),
        ("trust", trust, Some(PolicyKind::Trust)),
        ("bucket", bucket, Some(PolicyKind::Bucket)),
        ("old bucket", old_bucket, Some(PolicyKind::Bucket)),
        ("mixed", mixed, Some(PolicyKind::Bucket)),
        ("without principal and resource", empty, None),
    ];
    let mut report = String::new();
    for (name, text, kind) in texts {
        assert_eq!(Document::parse(text).ok().map(|document| document.kind()), kind, "{name}");
        writeln!(report, "# {name}\n{text}").unwrap();
        for kind in KINDS {
            match Document::parse_as(kind, text) {
                Ok(document) => {
                    assert_eq!(document.kind(), kind);
                    writeln!(report, "=> as {kind}: read").unwrap();
                }
                Err(error) => {
                    for diagnostic in error.diagnostics() {
                        writeln!(report, "=> as {kind}: {diagnostic}").unwrap();
                    }
                }
            }
        }
    }
    insta::assert_snapshot!(report);
}

/// Keys beside those of the grammar, and repeated keys, are errors wherever a key can stand.
#[test]
fn unknown_and_repeated_keys_are_errors_in_every_object() {
    let policy = |policy: &str, statement: &str, principal: &str, operators: &str, keys: &str| {
        format!(
            r#"{{"version":"2.0"{policy},"statement":[{{"effect":"allow","action":"*","resource":"*"{statement},"principal":{{"qcs":"*"{principal}}},"condition":{{"ip_equal":{{"qcs:ip":"10.0.0.1"{keys}}}{operators}}}}}]}}"#
        )
    };
    assert!(Document::parse(&policy("", "", "", "", "")).is_ok());
    let repeated = [
        [r#","version":"2.0""#, "", "", "", ""],
        [r#","Version":"2.0""#, "", "", "", ""],
        ["", r#","effect":"allow""#, "", "", ""],
        ["", r#","Resource":"*""#, "", "", ""],
        ["", "", r#","qcs":"*""#, "", ""],
        ["", "", "", r#","ip_equal":{"a:b":"10.0.0.1"}"#, ""],
        ["", "", "", "", r#","qcs:ip":"10.0.0.2""#],
        ["", "", "", "", r#","qcs:\u0069p":"10.0.0.2""#],
    ];
    let unknown = [
        [r#","Name":"x""#, "", "", "", ""],
        ["", r#","note":{"deep":[{}]}"#, "", "", ""],
        ["", "", r#","AWS":"*""#, "", ""],
        ["", "", "", r#","ip_is":{"a:b":"10.0.0.1"}"#, ""],
    ];
    for (keys, words) in
        repeated.iter().map(|keys| (keys, "stands twice")).chain(unknown.iter().map(|keys| (keys, "no ")))
    {
        let text = policy(keys[0], keys[1], keys[2], keys[3], keys[4]);
        let error = Document::parse(&text).expect_err(&text);
        let [diagnostic] = error.diagnostics() else { panic!("{text}\n{error}") };
        assert!(diagnostic.message().contains(words), "{diagnostic}");
        assert!(matches!(diagnostic.code(), Code::Structure | Code::Condition), "{diagnostic:?}");
        let key = keys.concat();
        assert_eq!(diagnostic.span().unwrap().start(), text.find(&key).unwrap() + 2, "{text}\n{diagnostic}");
    }
}

#[test]
fn the_principal_of_a_policy_has_a_place() {
    let text = SEEDS[4].replace("\"*\",\"statement", "{\"qcs\": [\"*\"]},\"statement");
    let document = Document::parse(&text).unwrap();
    assert_eq!(cut(&document, Element::Principal), serde_json::json!({ "qcs": ["*"] }));
    assert_eq!(cut(&document, Element::PrincipalName(0)), serde_json::json!("*"));
    assert_eq!(document.span(Element::StatementPrincipal(0)), None);
}

#[test]
fn a_wrong_principal_is_reported_where_it_stands() {
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],"principal":
        {"service":["cls.cloud.tencent.com"],"qcs":["qcs::cam::uin/100000000001:root","nobody"]}}]}"#;
    let document = Document::parse(text).unwrap();
    let warning = &document.warnings()[0];
    assert_eq!(warning.element(), Some(Element::StatementPrincipalName(0, 2)));
    assert_eq!(&text[warning.span().unwrap().range()], "nobody");
}

#[test]
fn a_policy_that_is_too_long_is_split_only_where_several_are_possible() {
    let names: Vec<String> = (0..300)
        .map(|id| format!("\"qcs::cam::uin/100000000001:uin/{}\"", 100_000_000_000_u64 + id))
        .collect();
    let trust = format!(
        r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["sts:AssumeRole"],"principal":{{"qcs":[{}]}}}}]}}"#,
        names.join(",")
    );
    let objects: Vec<String> =
        (0..300).map(|id| format!("\"qcs::cos::uid/1250000000:bucket-{id}/*\"")).collect();
    let identity = format!(
        r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["cos:GetObject"],"resource":[{}]}}]}}"#,
        objects.join(",")
    );
    let help =
        |text: &str, options| Document::read(text, options).unwrap().warnings()[0].help().unwrap().to_owned();
    assert_eq!(help(&identity, ReadOptions::new()), "`split` makes several of it");
    let session = ReadOptions::new().as_kind(PolicyKind::Session);
    for help in [help(&trust, ReadOptions::new()), help(&identity, session)] {
        assert!(help.contains("`minimize`") && !help.contains("`split`"), "{help}");
    }
}

/// If brackets are wrong again and again, the reader must not walk the rest of the text for each.
#[test]
fn reading_does_not_take_longer_than_the_text_is_long() {
    let whole =
        |text: &str| format!("{{\"version\":\"2.0\",\"statement\":[{{\"condition\":{{\"ip_equal\":{{{text}");
    let pieces = [
        "\"a\":[\"k\":1],",
        "\"a\":[}",
        "]",
        "}",
        "\"a: [\"x",
        "“",
        "\"a\n\"",
        "\"x\n",
        "[\"a\":",
        "/*",
        "'x\"",
    ];
    for piece in pieces {
        let (short, long) = (whole(&piece.repeat(10)), whole(&piece.repeat(100_000 / piece.len())));
        assert!(Document::parse(&short).is_err(), "{piece}");
        // This would not end if each of them made the reader walk the rest of the text.
        assert!(Document::parse(&long).is_err_and(|error| error.diagnostics().len() <= 101), "{piece}");
    }
}

#[test]
fn a_policy_over_cams_length_is_read_with_a_warning() {
    let text = |resources: usize| {
        let all: Vec<String> = (0..resources).map(|at| format!("\"qcs::cos:::bucket-{at:04}/*\"")).collect();
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":"cos:*","resource":[{}]}}]}}"#,
            all.join(", ")
        )
    };
    assert!(Document::parse(&text(100)).unwrap().warnings().is_empty());
    let long = Document::parse(&text(400)).unwrap();
    assert_eq!(long.warnings()[0].code(), Code::Limit);
    assert!(long.warnings()[0].message().contains("CAM takes 6144"), "{}", long.warnings()[0]);
}

/// What a shell takes for quotation marks is no wrapping, and is told as what it is.
#[test]
fn a_policy_in_the_quotation_marks_of_a_shell_is_told_in_either_way_of_reading() {
    for text in [format!("'{SOUND}'"), format!("\"{SOUND}\""), format!("$'{}'", SOUND.replace('"', "\\\""))] {
        for read in [Document::parse(&text), Document::parse_wrapped(&text)] {
            let error = read.unwrap_err();
            let [only] = error.diagnostics() else { panic!("{text}\n{error}") };
            assert!(only.message().contains("stands before the policy"), "{only}");
            assert_eq!(only.fix().unwrap().apply(&text), SOUND);
        }
    }
    // One that JSON takes for a string is a wrapping.
    let escaped = format!("\"{}\"", SOUND.replace('"', "\\\""));
    assert!(Document::parse_wrapped(&escaped).is_ok());
}

/// A fix that removes the comment would remove the statements.
#[test]
fn a_comment_that_is_not_closed_takes_no_statement_away() {
    let text = r#"{"version":"2.0", /* why
        "statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]}]}"#;
    let error = Document::parse(text).unwrap_err();
    let first = &error.diagnostics()[0];
    assert!(first.to_string().contains("a comment is not closed"), "{first}");
    assert!(error.diagnostics().iter().all(|one| one.fix().is_none()), "{error}");
}

/// Nothing stands between two commas, so nothing is hidden by them.
#[test]
fn what_stands_beside_commas_that_are_too_many_is_read() {
    let with = |action: &str, more: &str, resource: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow"{more}"action":[{action}],"resource":[{resource}]}}]}}"#
        )
    };
    let told = |text: &str| -> Vec<String> {
        let error = Document::parse(text).unwrap_err();
        error.diagnostics().iter().map(|one| one.message().to_owned()).collect()
    };
    let meant = Document::parse(&with(r#""cos:*","ccc:*""#, ",", r#""*""#)).unwrap();
    for (action, more, commas) in [
        (r#""cos:*","ccc:*",,"#, ",", 2),
        (r#""cos:*","ccc:*",,,"#, ",", 3),
        (r#""cos:*", , ,"ccc:*""#, ",", 2),
        (r#","cos:*",,"ccc:*""#, ",", 2),
        (r#",,"cos:*","ccc:*""#, ",", 2),
        (r#""cos:*","ccc:*""#, ",,,", 2),
        (r#""cos:*"，，"ccc:*""#, ",，", 3),
        (r#"，"cos:*","ccc:*"，，"#, ",", 3),
        (r#""cos:*"，,"ccc:*",，"#, ",", 4),
    ] {
        let text = with(action, more, r#""*""#);
        assert_eq!(told(&text).len(), commas, "{text}: {:?}", told(&text));
        let fixed = fixed(&text);
        assert_eq!(
            Document::parse(&fixed).map(|one| one.policy().clone()).as_ref(),
            Ok(meant.policy()),
            "{fixed}"
        );
        // The mistakes beside them are told in the same run, and those of the check as well.
        let both = told(&with(action, more, r#""qcs:::""#));
        assert_eq!(both.len(), commas + 1, "{both:?}");
        let slip = with(&action.replace("cos:*", "trtc:Remove?"), more, r#""*""#);
        let error = Document::parse(&slip).unwrap_err();
        let warnings = error.readable().map_or(&[][..], Document::warnings);
        assert!(
            warnings.iter().any(|one| one.to_string().contains("`?` is no wildcard")),
            "{slip}: {warnings:?}"
        );
    }
    assert!(told(&with(",,", ",", r#""*""#)).contains(&"an empty array names nothing".to_owned()));
}
