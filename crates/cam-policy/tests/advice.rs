//! Tests that advice can be followed: what a message says to write is read, without the same message again, and a fix
//! never gives access.

mod common;

use cam_policy::diagnostic::{Diagnostic, Element};
use cam_policy::document::{Document, ReadOptions, Verdict};
use cam_policy::engine::{Caller, Request};
use cam_policy::policy::{ActionPattern, Effect, ResourcePattern, Statement};
use cam_policy::values::Uin;
use common::policy_set;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

/// Returns the text that a message says to write: the whole one, not an example of its form and not a shortened one.
fn advised(message: &str) -> Option<&str> {
    let (_, from) = message.rsplit_once("write `").or_else(|| message.split_once("of its own, `"))?;
    let (advised, _) = from.split_once('`')?;
    (!advised.contains('…')).then_some(advised)
}

/// Returns the patterns that an error says to write.
fn meant(text: &str) -> Vec<String> {
    let error = text.parse::<ActionPattern>().unwrap_err().to_string();
    let meant = advised(&error).filter(|_| !error.contains("such as `"));
    match meant {
        Some(list) if list.starts_with('[') => serde_json::from_str(list).unwrap(),
        meant => meant.into_iter().map(str::to_owned).collect(),
    }
}

#[test]
fn the_action_that_was_meant_is_named() {
    for (text, expected) in [
        ("trtc RemoveUser", &["trtc:RemoveUser"][..]),
        ("name/trtc RemoveUser", &["name/trtc:RemoveUser"]),
        ("trtc.RemoveUser", &["trtc:RemoveUser"]),
        ("trtc/RemoveUser", &["trtc:RemoveUser"]),
        ("name/trtc/RemoveUser", &["name/trtc:RemoveUser"]),
        ("trtc::RemoveUser", &["trtc:RemoveUser"]),
        ("trtc : Remove*", &["trtc:Remove*"]),
        ("name/ trtc:RemoveUser\n", &["name/trtc:RemoveUser"]),
        ("trtc:RemoveUser,", &["trtc:RemoveUser"]),
        ("'trtc:RemoveUser'", &["trtc:RemoveUser"]),
        ("ｔｒｔｃ：ＲemoveUser", &["trtc:RemoveUser"]),
        ("trtc:ＲemoveUser", &["trtc:RemoveUser"]),
        ("trtc:A, trtc:B", &["trtc:A", "trtc:B"]),
        ("trtc:A trtc:B", &["trtc:A", "trtc:B"]),
        ("trtc：A，name/ccc:B*；cos:C", &["trtc:A", "name/ccc:B*", "cos:C"]),
        // Nobody can say what these stand for.
        ("trtc:RemoveUser x", &[]),
        ("trtc:Remove User", &[]),
        ("trtc:Describe *", &[]),
        ("trtc *", &[]),
        ("trtc remove", &[]),
        ("trtc:A,B", &[]),
        ("trtc A B", &[]),
        ("*, trtc:A", &[]),
        ("", &[]),
        (" ", &[]),
        ("RemoveUser", &[]),
        ("qcs::trtc:::sdkappid/1", &[]),
    ] {
        assert_eq!(meant(text), expected, "{text:?}");
    }
    let texts = ["trtc:RemoveUser x", "trtc:A,B", "trtc A B", "trtc:A，trtc:B", "trtc：A"];
    let said = texts.map(|text| text.parse::<ActionPattern>().unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"));
}

const ACTION_PARTS: [&str; 30] = [
    "trtc",
    "cvm",
    "CCC",
    "name/",
    "permid/1",
    ":",
    ":",
    ":",
    ": ",
    " :",
    "::",
    "：",
    " ",
    "\t",
    "\u{3000}",
    ",",
    "，",
    "、",
    ";",
    ".",
    "/",
    "RemoveUser",
    "removeuser",
    "Remove",
    "A*",
    "*",
    "＊",
    "Ｒ",
    "<Name>",
    "Describe?",
];

const RESOURCE_PARTS: [&str; 32] = [
    "qcs::",
    "qcs:",
    ":",
    ":",
    ":",
    "::",
    "：",
    " ",
    ",",
    "cvm",
    "trtc",
    "COS",
    "cos",
    "uin/12345678",
    "uid/1250000000",
    "12345678",
    "uin/x",
    "ap-guangzhou",
    "AP-Beijing",
    "gz",
    "id/0",
    "sdkappid/1400000001",
    "sdkAppId/7",
    "instance/*",
    "*",
    "bucket-1250000000/a b",
    "prefix//1250000000/b/*",
    "${uin}",
    "${x}",
    "<id>",
    ", qcs::trtc:::sdkappid/1",
    "/",
];

const OPERATORS: [&str; 10] = [
    "string_equal",
    "for_any_value:string_not_equal_if_exist",
    "ip_equal",
    "ip_not_equal_if_exist",
    "date_less_than",
    "numeric_equal_if_exist",
    "for_all_value:bool_equal",
    "null_equal",
    "binary_equal",
    "string_like",
];

const KEYS: [&str; 13] = [
    "qcs:ip",
    "qcs:ip ",
    "qcs: IP",
    "QCS:Ip",
    "qcs:current_time",
    "qcs:resource_tag",
    "qcs:Tag/env",
    "qcs:tag/env",
    " ",
    "",
    "qcs:mfa",
    "qcs:resource_tag/env",
    "cos:x y",
];

const VALUES: [&str; 10] = [
    "10.0.0.0/8",
    "10.0.0.1, 10.0.0.2",
    "env&prod",
    "env",
    "true",
    "yes",
    "1",
    "1,2",
    "2026-01-01T00:00:00Z",
    "2026-01-01T 00:00:00Z",
];

fn parts(parts: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(select(parts), 1..most).prop_map(|parts| parts.concat())
}

/// Makes texts that often are resources.
fn resource() -> impl Strategy<Value = String> {
    let segment = || prop_oneof![1 => Just(String::new()), 2 => parts(&RESOURCE_PARTS[7..], 2)];
    let six = (segment(), segment(), segment(), segment())
        .prop_map(|(service, region, account, last)| format!("qcs::{service}:{region}:{account}:{last}"));
    prop_oneof![six, parts(&RESOURCE_PARTS, 8)]
}

/// The elements of one statement.
#[derive(Clone, Debug)]
struct Texts {
    effect: &'static str,
    action: String,
    resource: String,
    operator: String,
    key: String,
    value: String,
}

impl Texts {
    fn policy(&self) -> String {
        let Self { effect, action, resource, operator, key, value } = self;
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["*"],"resource":["*"]}},{{"effect":"{effect}","action":[{action:?}],"resource":[{resource:?}],"condition":{{"{operator}":{{{key:?}:[{value:?}]}}}}}}]}}"#
        )
    }

    /// Returns the texts with another one for an element.
    fn with(&self, element: Element, text: &str) -> Option<Self> {
        let mut texts = self.clone();
        let place = match element {
            Element::Action(..) => &mut texts.action,
            Element::Resource(..) => &mut texts.resource,
            Element::Operator(..) => &mut texts.operator,
            Element::Key(..) => &mut texts.key,
            Element::Value(..) => &mut texts.value,
            _ => return None,
        };
        text.clone_into(place);
        Some(texts)
    }
}

fn judged(text: &str) -> Verdict {
    Document::judge(text, ReadOptions::new().with_catalog(common::catalog()))
}

/// Whether a diagnostic says the same of the same element.
fn is_again(one: &Diagnostic, verdict: &Verdict) -> bool {
    let same = |other: &&Diagnostic| other.code() == one.code() && other.element() == one.element();
    verdict.diagnostics().iter().any(|other| same(&other) && one.element().is_some())
}

/// Requests as CAM gets them: no name is misspelt.
fn requests() -> Vec<Request> {
    let resources = [
        ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1400000001"),
        ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/7"),
        ("trtc:GetUserList", "*"),
        ("cvm:RunInstances", "qcs::cvm:ap-guangzhou:uin/12345678:instance/ins-1"),
        ("cvm:RunInstances", "qcs::cvm:gz:uin/100000000001:instance/ins-1"),
        ("cos:GetObject", "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/ab"),
        ("cos:GetObject", "qcs::cos::uid/1250000000:b-1250000000/a"),
    ];
    let contexts: [&[(&str, &str)]; 4] = [
        &[],
        &[("qcs:ip", "10.0.0.1"), ("qcs:current_time", "2025-01-01T00:00:00Z"), ("qcs:mfa", "true")],
        &[
            ("qcs:ip", "192.0.2.1"),
            ("qcs:current_time", "2027-01-01T00:00:00Z"),
            ("qcs:resource_tag", "env&prod"),
        ],
        &[("qcs:resource_tag", "env&test"), ("cos:xy", "1")],
    ];
    let make = |action: &str, resource: &str, context: &[(&str, &str)]| {
        let caller = Caller::new(Uin::new(100000000002).unwrap()).with_app_id(1250000000);
        let request = Request::new(caller, action, resource).unwrap();
        context.iter().fold(request, |request, (key, value)| request.with_key(key, [*value]))
    };
    resources
        .iter()
        .flat_map(|(action, resource)| contexts.map(|context| make(action, resource, context)))
        .collect()
}

/// What a diagnostic is about: a condition as a whole, or actions and resources, which are judged together.
fn subject(one: &Diagnostic) -> Option<Element> {
    one.element().map(|element| match element {
        Element::Operator(statement, at) | Element::Key(statement, at) | Element::Value(statement, at, _) => {
            Element::Key(statement, at)
        }
        Element::Action(statement, _) | Element::Resource(statement, _) => Element::Statement(statement),
        element => element,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(20_261_129), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_an_error_says_to_write_is_read(text in parts(&ACTION_PARTS, 7), resource in resource()) {
        if text.parse::<ActionPattern>().is_err() {
            for meant in meant(&text) {
                prop_assert!(meant.parse::<ActionPattern>().is_ok(), "{:?}: {:?}", text, meant);
            }
        }
        if let Err(error) = ResourcePattern::as_published(&resource) {
            let message = error.to_string();
            if let Some(meant) = advised(&message).filter(|meant| meant.starts_with("qcs:") && *meant != "qcs::service:region:account:resource") {
                let again = ResourcePattern::as_published(meant).err().map(|error| error.to_string());
                let start = |message: &str| message.rsplit_once(": ").map(|(start, _)| start.to_owned());
                prop_assert!(again.as_deref().is_none_or(|again| start(again) != start(&message)), "{}", message);
            }
        }
    }

    #[test]
    fn what_a_warning_says_to_write_has_no_such_warning(
        effect in select(&["allow", "deny"][..]),
        action in prop_oneof![Just("*".to_owned()), Just("trtc:removeuser".to_owned()), parts(&ACTION_PARTS, 5)],
        resource in resource(),
        operator in select(&OPERATORS[..]),
        key in select(&KEYS[..]),
        value in select(&VALUES[..]),
    ) {
        let action = action.parse::<ActionPattern>().map_or_else(|_| "*".to_owned(), |_| action);
        let resource = ResourcePattern::as_published(&resource).map_or_else(|_| "*".to_owned(), |_| resource);
        let texts = Texts { effect, action, resource, operator: operator.into(), key: key.into(), value: value.into() };
        let text = texts.policy();
        let before = judged(&text);
        prop_assert!(!matches!(before, Verdict::Refused(_)), "{}: {:?}", text, before);
        for warning in before.diagnostics() {
            let advice = warning.help().filter(|help| help.starts_with("write `")).and_then(advised);
            if let Some(texts) = advice.zip(warning.element()).and_then(|(advised, element)| texts.with(element, advised)) {
                let after = judged(&texts.policy());
                prop_assert!(!matches!(after, Verdict::Refused(_)), "{}: {:?}: {:?}", text, warning, after);
                prop_assert!(!is_again(warning, &after), "{}: {:?}: {:?}", text, warning, after);
            }
            let Some(fix) = warning.fix() else { continue };
            let fixed = fix.apply(&text);
            let after = judged(&fixed);
            prop_assert!(!is_again(warning, &after), "{}: {:?}", fixed, after);
            // A mistake may hide another one of the same subject, and of no other.
            let others = |verdict: &Verdict| {
                verdict.diagnostics().iter().filter(|other| subject(other) != subject(warning)).count()
            };
            prop_assert!(others(&after) <= others(&before), "{}: {:?}", fixed, after);
            let set = |text: &str| policy_set([text.parse().unwrap()], Uin::new(100000000001).unwrap());
            let (old, new) = (set(&text), set(&fixed));
            for request in requests() {
                let gained = new.decide(&request).is_allowed() && !old.decide(&request).is_allowed();
                prop_assert!(!gained, "{}\n{}\n{}", text, fixed, request);
            }
        }
    }
}

/// Several resources in one string are one resource for CAM; the statement is not silently about nothing.
#[test]
fn several_resources_in_one_string_are_told() {
    let told = |resource: &str| {
        let statement = Statement::new(
            Effect::Allow,
            [ActionPattern::ALL],
            [ResourcePattern::as_published(resource).unwrap()],
        );
        let policy = cam_policy::policy::Policy::new([statement]).unwrap();
        policy.check(common::catalog()).iter().map(|one| one.message().to_owned()).collect::<Vec<_>>()
    };
    for resource in [
        "qcs::cvm:::instance/a, qcs::cvm:::instance/b",
        "qcs::cvm:::instance/a,qcs::cvm:::instance/b",
        "qcs::cos::uid/1250000000:b-1250000000/* qcs::cos::uid/1250000000:c-1250000000/*",
        "qcs::cvm:::instance/a；qcs::cvm:::instance/b",
    ] {
        let told = told(resource);
        assert!(told.len() == 1 && told[0].ends_with("looks like more than one resource"), "{told:?}");
    }
    assert_eq!(told("qcs::cos:::b/a,b/qcs"), [""; 0]);
}

/// A fix of the text of a policy that cannot be read takes its mistake away and makes no other.
#[test]
fn each_fix_of_a_text_leaves_one_error_less() {
    let statement = |rest: &str| format!(r#"{{"version":"2.0","statement":[{{"effect":"deny",{rest}}}]}}"#);
    let texts = [
        statement("\"action\":[\"cos:*\"] \"resource\":[\"*\"]"),
        statement("\"action\":[\"cos:*\" \"ccc:*\"],\"resource\":[\"*\",],"),
        statement("\"action\":[\"cos:*\",, \"ccc:*\"],,\"resource\":\"*\""),
        statement("// who\n\"action\":\"cos:*\", # what\n\"resource\":/* where */\"*\""),
        statement("“action”：［“cos:*”、‘ccc:*’］，'resource'=`*`；"),
        statement("action:[cos:*],resource:*"),
        statement("\"action\":\"cos:*”,\"resource\":\"*\""),
        statement("\u{a0}\"action\":\u{3000}\"cos:*\",\"resource\":\"*\"\u{200b}"),
        statement("\"action\":\"cos:*\",\"ccc:*\",\"resource\":[\"*\"],\"qcs::cos:::b\""),
        statement("\"action\":\"*\",\"resource\":\"*\"").replace("\"deny\"", "deny"),
    ];
    let mut fixes = 0;
    for text in texts {
        let errors = |text: &str| Document::parse(text).err().map_or(0, |error| error.diagnostics().len());
        let error = Document::parse(&text).unwrap_err();
        for diagnostic in error.diagnostics() {
            let Some(fix) = diagnostic.fix() else { continue };
            let fixed = fix.apply(&text);
            assert!(errors(&fixed) < errors(&text), "{text}\n{fixed}\n{diagnostic}");
            fixes += 1;
        }
    }
    assert!(fixes > 25, "{fixes}");
}
