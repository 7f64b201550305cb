//! Compares `grants` and `compare` with single decisions.

#![cfg(feature = "engine")]

mod common;
mod oracle;

use cam_policy::catalog::{Catalog, Granularity};
use cam_policy::engine::{AccessError, Caller, Layer, PolicySet, Request};
use cam_policy::pattern_form::walk;
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use common::policy_set;
use proptest::prelude::*;
use proptest::sample::select;

const OWNER: u64 = 100000000001;
const CALLER: u64 = 100000000002;

fn uin(number: u64) -> Uin {
    Uin::new(number).unwrap()
}

fn set(statements: &str) -> PolicySet<'static> {
    policy_set([policy(statements)], uin(OWNER))
}

fn policy(statements: &str) -> Policy {
    format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap()
}

/// Returns the decision of a simple second evaluator.
fn oracle_allows(set: &PolicySet<'_>, request: &Request) -> bool {
    let layers = common::LAYERS.map(|(_, layer)| {
        let policies = set.policies(layer)?;
        Some(
            policies
                .iter()
                .map(|policy| policy.to_string().parse().unwrap())
                .collect::<Vec<serde_json::Value>>(),
        )
    });
    let context: Vec<(String, Vec<String>)> = request
        .context()
        .map(|(key, values)| (key.to_owned(), values.iter().map(|value| value.to_string()).collect()))
        .collect();
    let app_id = request.caller().app_id().map(|app_id| app_id.to_string());
    let uin = request.caller().uin().unwrap().to_string();
    let verdict = oracle::decide(&oracle::Case {
        catalog: set.catalog(),
        owner: &set.owner().to_string(),
        layers: layers.each_ref().map(Option::as_deref),
        who: oracle::Who::User(&uin),
        account: None,
        groups: &[],
        app_id: app_id.as_deref(),
        action: request.action(),
        resource: request.resource(),
        context: &context,
    });
    verdict.decision == "allowed"
}

/// Asks both the engine and the simple evaluator.
fn allows(set: &PolicySet<'_>, request: &Request) -> bool {
    let allowed = set.decide(request).is_allowed();
    assert_eq!(allowed, oracle_allows(set, request), "{request:?}");
    allowed
}

#[test]
fn a_grant_is_told_with_what_is_taken_from_it() {
    let set = set(r#"{"effect":"allow","action":["trtc:RemoveUser","trtc:GetUserList"],"resource":"*"},
        {"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1*",
         "condition":{"ip_not_equal":{"qcs:ip":"10.0.0.0/8"}}},
        {"effect":"allow","action":"trtc:GetUserList","resource":"qcs::trtc:::sdkappid/1"},
        {"effect":"allow","action":"cos:Get*","resource":"qcs::cos:::a/*"},
        {"effect":"deny","action":"cos:*","resource":"qcs::cos:::a/b*"},
        {"effect":"allow","action":"cos:Put*","resource":"qcs::cos:::a/bc/*"},
        {"effect":"allow","action":"cvm:*","resource":"*","condition":{"date_less_than":{"qcs:current_time":"2026-01-01T00:00:00Z"},
         "date_greater_than":{"qcs:current_time":"2025-01-01T00:00:00Z"}}},
        {"effect":"allow","action":"vpc:*","resource":"*","condition":{"numeric_less_than":{"vpc:a":5},"numeric_greater_than":{"vpc:a":5}}}"#);
    let grants = set.grants(uin(CALLER)).unwrap();
    let told: Vec<String> = grants.iter().map(|grant| format!("{grant}\n  {}", grant.witness)).collect();
    insta::assert_snapshot!(told.join("\n"));
    for grant in &grants {
        assert!(allows(&set, &grant.witness), "{grant}");
    }
}

#[test]
fn a_difference_is_told_by_what_is_common_to_actions() {
    let before = set(r#"{"effect":"allow","action":"cos:Get*","resource":"qcs::cos:::a/*"}"#);
    let after = set(r#"{"effect":"allow","action":"trtc:*","resource":"qcs::trtc:::sdkappid/1",
         "condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"},"string_equal":{"qcs:resource_tag":"a&1"}}},
        {"effect":"deny","action":"trtc:DismissRoom","resource":"*","condition":{"ip_equal":{"qcs:ip":"10.1.0.0/16"}}},
        {"effect":"allow","action":["trtc:RemoveUser","trtc:DismissRoom"],"resource":"qcs::trtc:::sdkappid/2"}"#);
    let difference = before.compare(&after, uin(CALLER)).unwrap();
    // Another test checks how a request is written.
    let told = difference.to_string();
    let told: Vec<&str> = told.lines().filter(|line| !line.starts_with(' ')).collect();
    insta::assert_snapshot!(told.join("\n"));
    let grant = difference.gained.iter().find(|grant| grant.by[0].statement == 0).unwrap();
    let conditions: Vec<String> = grant.conditions.iter().map(ToString::to_string).collect();
    assert_eq!(
        conditions,
        ["ip_equal of qcs:ip with 10.0.0.0/8", "string_equal of qcs:resource_tag with a&1"]
    );
}

#[test]
fn rewriting_a_policy_changes_nothing_and_that_is_decided() {
    let caller = uin(CALLER);
    let whole = set(r#"{"effect":"allow","action":"trtc:*","resource":"*"}"#);
    let parts = set(
        r#"{"effect":"allow","action":["trtc:A*","trtc:B*","trtc:*"],"resource":["qcs::trtc:::sdkappid/1*","*"]}"#,
    );
    assert!(whole.compare(&parts, caller).unwrap().is_empty());

    // Without one application, and with the rest of them: together they are all again.
    let split = set(r#"{"effect":"allow","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/*"},
        {"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1*",
         "condition":{"ip_equal":{"qcs:ip":"0.0.0.0/0"}}},
        {"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1*",
         "condition":{"ip_not_equal_if_exist":{"qcs:ip":"0.0.0.0/0"}}}"#);
    let denied = set(r#"{"effect":"allow","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/*"},
        {"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1*"}"#);
    assert!(split.compare(&denied, caller).unwrap().is_empty());
}

#[test]
fn an_operation_level_action_gains_nothing_by_a_resource() {
    let caller = uin(CALLER);
    let named = set(r#"{"effect":"allow","action":"trtc:GetUserList","resource":"qcs::trtc:::sdkappid/1"}"#);
    assert_eq!(named.grants(caller).unwrap(), []);
    let everywhere = set(r#"{"effect":"allow","action":"trtc:GetUserList","resource":"*"}"#);
    let difference = named.compare(&everywhere, caller).unwrap();
    assert_eq!(difference.gained.len(), 1);
    assert_eq!(difference.gained[0].witness.resource(), "*");
}

#[test]
fn the_root_account_and_other_accounts_are_refused() {
    let one = set(r#"{"effect":"allow","action":"*","resource":"*"}"#);
    let other = policy_set([], uin(7));
    assert_eq!(one.grants(uin(OWNER)), Err(AccessError::Root));
    assert_eq!(one.compare(&other, uin(CALLER)), Err(AccessError::OtherOwner));
}

#[test]
fn a_key_compared_in_two_ways_is_told_and_not_guessed() {
    let mixed = set(r#"{"effect":"allow","action":"cos:*","resource":"*",
        "condition":{"string_like":{"a:b":"7*"},"numeric_less_than":{"a:b":5}}}"#);
    assert_eq!(mixed.grants(uin(CALLER)), Err(AccessError::MixedKey { key: "a:b".into() }));
}

#[test]
fn as_many_boxes_are_left_one_after_the_other_as_there_are() {
    let denies: Vec<String> = (0..500)
        .map(|n| {
            format!(
                r#",{{"effect":"deny","action":"a:B","resource":"*","condition":{{"null_equal":{{"k{n}":"true"}}}}}}"#
            )
        })
        .collect();
    let set = set(&format!(r#"{{"effect":"allow","action":"a:B","resource":"*"}}{}"#, denies.concat()));
    let grants = set.grants(uin(CALLER)).unwrap();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].except.len(), 500);
    assert_eq!(grants[0].witness.context().count(), 500);
    assert!(allows(&set, &grants[0].witness));
}

#[test]
fn what_layers_have_in_common_is_found_without_trying_every_choice() {
    // A million combinations, of which a hundred have something in common.
    let layer = |of: &dyn Fn(usize) -> String| {
        let statements: Vec<String> = (0..100)
            .map(|n| format!(r#"{{"effect":"allow","action":"svc{n}:{}","resource":"*"}}"#, of(n)))
            .collect();
        policy(&statements.join(","))
    };
    let set = policy_set([layer(&|_| "*".into())], uin(OWNER))
        .with_layer(Layer::Boundary, [layer(&|n| format!("A{n}*"))])
        .with_layer(Layer::Session, [layer(&|_| "*b".into())]);
    let grants = set.grants(uin(CALLER)).unwrap();
    assert_eq!(grants.len(), 100);
    for (n, grant) in grants.iter().enumerate() {
        assert_eq!(grant.witness.action(), format!("svc{n}:A{n}b"));
        assert_eq!(grant.by.len(), 3);
    }
}

#[test]
fn too_many_cases_are_an_error_and_no_endless_search() {
    // The product of these is a billion combinations that all have something in common.
    let layer = || {
        let statements: Vec<String> = (0..1000)
            .map(|n| {
                format!(
                    r#"{{"effect":"allow","action":"a:*","resource":"*","condition":{{"null_equal":{{"k{n}":"true"}}}}}}"#
                )
            })
            .collect();
        policy(&statements.join(","))
    };
    let set = policy_set([layer()], uin(OWNER))
        .with_layer(Layer::Boundary, [layer()])
        .with_layer(Layer::Session, [layer()]);
    assert_eq!(set.grants(uin(CALLER)), Err(AccessError::TooComplex));
}

#[test]
fn actions_to_which_the_same_applies_are_granted_each_for_itself() {
    let resources: Vec<String> =
        (0..400).map(|n| format!(r#""qcs::trtc::uin/{OWNER}:sdkappid/14{n:08}""#)).collect();
    let set = set(&format!(
        r#"{{"effect":"allow","action":"trtc:*","resource":[{}]}},
        {{"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1400000007"}}"#,
        resources.join(",")
    ));
    let grants = set.grants(uin(CALLER)).unwrap();
    let of = |action: &str| grants.iter().filter(|grant| grant.action.as_str() == action).collect::<Vec<_>>();
    assert_eq!(of("trtc:DismissRoom").len(), 400);
    assert_eq!(of("trtc:RemoveUser").len(), 399);
    for grant in of("trtc:DismissRoom") {
        assert_eq!(grant.witness.action(), "trtc:DismissRoom");
        assert_eq!(Some(grant.witness.resource()), grant.resources[0].as_str().into());
        assert!(set.decide(&grant.witness).is_allowed());
    }
}

/// The only grant of a statement of an action outside the catalog, beside denies.
fn only(statements: &str) -> cam_policy::engine::Grant {
    let set = set(statements);
    let mut grants = set.grants(Caller::new(uin(CALLER)).with_app_id(1250000000)).unwrap();
    assert_eq!(grants.len(), 1, "{grants:?}");
    assert!(allows(&set, &grants[0].witness));
    grants.remove(0)
}

#[test]
fn a_project_is_seen_and_is_only_itself() {
    let grant = only(
        r#"{"effect":"allow","action":"cvm:*","resource":"qcs:id/7:cvm:::instance/*"},
        {"effect":"deny","action":"cvm:*","resource":["qcs::cvm:::instance/*","qcs:id/1:cvm:::instance/*"]}"#,
    );
    assert_eq!(grant.except, []);
    assert_eq!(grant.witness.resource(), "qcs:id/7:cvm::uin/100000000001:instance/");
    let without = set(r#"{"effect":"allow","action":"cvm:*","resource":"qcs::cvm:::instance/*"}"#);
    let with = set(
        r#"{"effect":"allow","action":"cvm:*","resource":["qcs::cvm:::instance/*","qcs:id/7:cvm:::instance/*"]}"#,
    );
    let difference = without.compare(&with, uin(CALLER)).unwrap();
    assert_eq!((difference.gained.len(), difference.lost.len()), (1, 0));
    // In a request, the default project means the same as an empty one.
    let default = r#"{"effect":"allow","action":"cvm:*","resource":["qcs::cvm:::instance/*","qcs:id/0:cvm:::instance/*"]}"#;
    assert!(without.compare(&set(default), uin(CALLER)).unwrap().is_empty());
    // The catalog's resources have no project.
    let project =
        set(r#"{"effect":"allow","action":"trtc:RemoveUser","resource":"qcs:id/0:trtc:::sdkappid/*"}"#);
    assert_eq!(project.grants(uin(CALLER)).unwrap(), []);
}

#[test]
fn the_app_id_is_asked_for_where_a_policy_about_the_caller_says_it() {
    let resource = r#"{"effect":"allow","action":"cos:*","resource":"qcs::cos:::a-${app_id}/*"}"#;
    assert_eq!(set(resource).grants(uin(CALLER)), Err(AccessError::AppId));
    assert_eq!(policy_set([], uin(OWNER)).compare(&set(resource), uin(CALLER)), Err(AccessError::AppId));
    let condition = r#"{"effect":"deny","action":"cos:*","resource":"*","condition":{"string_like":{"cos:p":"${app_id}/*"}}}"#;
    assert_eq!(set(condition).grants(uin(CALLER)), Err(AccessError::AppId));
    let caller = Caller::new(uin(CALLER)).with_app_id(1250000000);
    let literal = set(r#"{"effect":"allow","action":"cos:*","resource":"qcs::cos:::a-1250000000/*"}"#);
    assert!(literal.compare(&set(resource), caller).unwrap().is_empty());
    assert!(!literal.compare(&set(resource), Caller::new(uin(CALLER)).with_app_id(1)).unwrap().is_empty());
    assert_eq!(only(resource).witness.caller().app_id(), Some(1250000000));
}

#[test]
fn upper_and_lower_case_are_those_of_the_engine() {
    let statement = |text: &str, others: &str| {
        format!(
            r#"{{"effect":"allow","action":"a:B","resource":"*","condition":{{"string_equal_ignore_case":{{"a:t":"{text}"}}}}}},
            {{"effect":"deny","action":"a:B","resource":"*","condition":{{"string_equal":{{"a:t":[{others}]}}}}}}"#
        )
    };
    let witness = |text: &str, others: &str| only(&statement(text, others)).witness.values("a:t")[0].clone();
    assert_eq!(&*witness("k", r#""k","K""#), "\u{212a}");
    assert_eq!(&*witness("\u{df}", "\"\u{df}\""), "\u{1e9e}");
    assert_eq!(&*witness("i\u{307}", "\"i\u{307}\",\"I\u{307}\""), "\u{130}");
    assert_eq!(set(&statement("i", r#""i","I""#)).grants(uin(CALLER)).unwrap(), []);
    assert_eq!(set(&statement("\u{df}", "\"\u{df}\",\"\u{1e9e}\"")).grants(uin(CALLER)).unwrap(), []);
}

#[test]
fn between_any_two_numbers_is_another_however_long_they_are() {
    let zeros = "0".repeat(80);
    for (low, high) in [
        (format!("1.{zeros}1"), format!("1.{zeros}2")),
        (format!("-1.{zeros}2"), format!("-1.{zeros}1")),
        (format!("-0.{zeros}1"), "0".to_owned()),
        ("0".to_owned(), format!("0.{zeros}1")),
        ("-3".to_owned(), "+5".to_owned()),
    ] {
        only(&format!(
            r#"{{"effect":"allow","action":"a:B","resource":"*","condition":{{"numeric_greater_than":{{"a:n":"{low}"}},
            "numeric_less_than":{{"a:n":"{high}"}},"numeric_not_equal":{{"a:n":0}}}}}}"#
        ));
    }
}

#[test]
fn an_instant_at_the_end_of_time_has_a_before_and_an_after() {
    for (from, to) in [
        ("9999-12-31T23:59:58Z", "9999-12-31T23:59:59Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999-00:01"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000002Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:01Z"),
    ] {
        only(&format!(
            r#"{{"effect":"allow","action":"a:B","resource":"*","condition":{{"date_greater_than":{{"a:t":"{from}"}},
            "date_less_than":{{"a:t":"{to}"}}}}}}"#
        ));
    }
    // The possible values of a key follow from all statements, not only from the allows.
    let never = set(
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"null_equal":{"a:t":"false"}}},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"date_less_than":{"a:t":"2026-06-01T00:00:00Z"}}},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"date_greater_than_equal":{"a:t":"2026-06-01T00:00:00Z"}}}"#,
    );
    assert_eq!(never.grants(uin(CALLER)).unwrap(), []);
    let after = r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"date_greater_than":{"a:t":"9999-12-31T23:59:59Z"}}}"#;
    only(after);
    let within = set(
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"date_greater_than":{"a:t":"2026-01-01T00:00:00Z"},
            "date_less_than":{"a:t":"2026-01-01T00:00:00.000000001Z"}}}"#,
    );
    assert_eq!(within.grants(uin(CALLER)).unwrap(), []);
}

#[test]
fn a_bool_is_true_or_false() {
    let both = set(r#"{"effect":"allow","action":"a:B","resource":"*"},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"bool_equal":{"a:b":"true"}}},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"bool_equal_if_exist":{"a:b":"false"}}}"#);
    assert_eq!(both.grants(uin(CALLER)).unwrap(), []);
    let grant = only(
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"null_equal":{"a:b":"false"}}},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"bool_equal":{"a:b":"true"}}}"#,
    );
    assert_eq!(grant.witness.values("a:b"), ["false".into()]);
}

#[test]
fn beside_the_addresses_that_are_of_the_other_kind_is_none_of_them() {
    // The rest of `::/80` without `::/81` and without the IPv4 addresses.
    only(
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"ip_equal":{"qcs:ip":"::/80"},
        "ip_not_equal":{"qcs:ip":["::/81"]}}}"#,
    );
}

const ACTIONS: &[&str] = &[
    "trtc:RemoveUser",
    "trtc:Dismiss*",
    "trtc:GetUserList",
    "trtc:*",
    "cos:GetObject",
    "cos:*Object",
    "*",
    "ccc:CreateStaff",
];
const RESOURCES: &[&str] = &[
    "*",
    "qcs::trtc:::sdkappid/1",
    "qcs::trtc:::sdkappid/1*",
    "qcs::trtc::uin/100000000001:sdkappid/*2",
    "qcs:::ap-beijing::*/1*",
    "qcs::cos:*:*:*a*b*",
    "qcs::cos:ap-*:uid/1:a/${uin}/*",
    "qcs::ccc:::SdkAppId/12",
    "qcs::trtc::uin/5:sdkappid/1",
    "qcs:id/0:cvm:::a/*",
    "qcs:id/2:cvm:::*",
    "qcs::cos:::a/${app_id}*",
];
const CONDITIONS: &[&str] = &[
    "",
    r#","condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8","2001:db8::/32"]}}"#,
    r#","condition":{"ip_not_equal_if_exist":{"qcs:ip":"10.1.0.0/16"}}"#,
    r#","condition":{"date_less_than":{"qcs:current_time":"2026-06-01T00:00:00Z"}}"#,
    r#","condition":{"for_any_value:string_equal":{"qcs:resource_tag":["a&1","b&2"]}}"#,
    r#","condition":{"for_all_value:string_like_if_exist":{"qcs:resource_tag":"a&*"}}"#,
    r#","condition":{"string_not_equal":{"qcs:resource_tag":"a&1"}}"#,
    r#","condition":{"null_equal":{"qcs:ip":"true"}}"#,
    r#","condition":{"numeric_greater_than_equal":{"cos:n":1},"numeric_not_equal_if_exist":{"cos:n":[1,"2.5"]}}"#,
    r#","condition":{"string_equal_ignore_case":{"cos:t":"Ab"},"string_not_like":{"cos:t":"a*"}}"#,
    r#","condition":{"string_equal_ignore_case":{"cos:t":["aK","x"]}}"#,
    r#","condition":{"string_not_equal_ignore_case_if_exist":{"cos:t":["ab","ak","${app_id}"]}}"#,
    r#","condition":{"numeric_less_than":{"cos:n":"1.00000000000000000001"},"numeric_greater_than":{"cos:n":[1,-2.5]}}"#,
    r#","condition":{"numeric_less_than_equal_if_exist":{"cos:n":-2.5}}"#,
    r#","condition":{"date_greater_than_equal":{"qcs:current_time":"9999-12-31T23:59:59Z"}}"#,
    r#","condition":{"bool_equal_if_exist":{"cos:b":"true"}}"#,
    r#","condition":{"bool_equal":{"cos:b":"false"}}"#,
];

prop_compose! {
    fn statement()(
        effect in select(&["allow", "allow", "deny"][..]),
        actions in proptest::collection::vec(select(ACTIONS), 1..3),
        resources in proptest::collection::vec(select(RESOURCES), 1..3),
        condition in select(CONDITIONS),
    ) -> String {
        let list = |items: Vec<&str>| items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"effect":"{effect}","action":[{}],"resource":[{}]{condition}}}"#,
            list(actions),
            list(resources)
        )
    }
}

/// Makes policies of an identity, and perhaps of other layers.
fn policies() -> impl Strategy<Value = Vec<(Layer, Policy)>> {
    let statements = || proptest::collection::vec(statement(), 1..4).prop_map(|all| policy(&all.join(",")));
    let layer = || proptest::option::weighted(0.2, statements());
    (statements(), layer(), layer()).prop_map(|(identity, boundary, session)| {
        let layers =
            [(Layer::Identity, Some(identity)), (Layer::Boundary, boundary), (Layer::Session, session)];
        layers.into_iter().filter_map(|(layer, policy)| Some((layer, policy?))).collect()
    })
}

fn made(catalog: &Catalog<'static>, policies: Vec<(Layer, Policy)>) -> PolicySet<'static> {
    let empty = PolicySet::new(catalog, [], uin(OWNER));
    policies.into_iter().fold(empty, |set, (layer, policy)| set.with_layer(layer, [policy]))
}

/// Returns the catalog of these tests, or a random one.
fn catalogs() -> impl Strategy<Value = Catalog<'static>> {
    proptest::option::weighted(0.7, proptest::collection::vec(any::<u16>(), 120)).prop_map(|numbers| {
        let Some(numbers) = numbers else { return *common::catalog() };
        let mut numbers = numbers.into_iter();
        common::random::catalog(&mut |end| usize::from(numbers.next().unwrap_or(0)) % end)
    })
}

/// Returns the request in a form that the catalog allows: on `*` for an operation-level action, on a resource of one
/// of its patterns for a resource-level one.
fn possible(catalog: &Catalog<'_>, request: &Request) -> Request {
    let known = catalog.action(request.action());
    let resource = match known.map(|action| action.granularity()) {
        Some(Granularity::Operation) => "*".to_owned(),
        Some(Granularity::Resource) if !follows(catalog, request) => {
            let patterns = known.unwrap().patterns();
            let mut text =
                patterns[request.context().count() % patterns.len()].single.replace("${uin}", "100000000001");
            text = text.replace("${region}", "ap-beijing");
            while let Some(start) = text.find("${") {
                let end = start + text[start..].find('}').unwrap();
                text.replace_range(start..=end, ["1", "12", "2"][request.context().count() % 3]);
            }
            text
        }
        _ => request.resource().to_owned(),
    };
    let mut possible = Request::new(request.caller(), request.action(), &resource).unwrap();
    for (key, values) in request.context() {
        possible = possible.with_key(key, values.iter().map(|value| &**value));
    }
    possible
}

/// Whether the action of a request can have its resource.
fn follows(catalog: &Catalog<'_>, request: &Request) -> bool {
    let Some(action) = catalog.action(request.action()) else { return true };
    match action.granularity() {
        Granularity::Operation => request.resource() == "*",
        Granularity::Resource => action.patterns().iter().any(|pattern| {
            let form = pattern.single.replace("${uin}", "100000000001");
            let mut segments: Vec<&str> = form.splitn(6, ':').collect();
            if matches!(segments[4], "" | "uin/") {
                segments[4] = "uin/100000000001";
            }
            let mut sound = true;
            let found = walk(&segments.join(":"), request.resource(), |name, value| {
                sound &=
                    name == "region" || !value.is_empty() && !value.contains(['*', ':', '/', '$', '"', '\\']);
            });
            found.is_some() && sound
        }),
        _ => true,
    }
}

prop_compose! {
    /// Makes a request like those that `compare` looks at.
    fn request()(
        (action, resource) in select(&[
            ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1"),
            ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/12"),
            ("trtc:DismissRoom", "qcs::trtc::uin/100000000001:sdkappid/2"),
            ("trtc:GetUserList", "*"),
            ("ccc:CreateStaff", "qcs::ccc::uin/100000000001:SdkAppId/12"),
            ("cos:GetObject", "*"),
            ("cos:GetObject", "qcs::cos:ap-beijing:uid/1:a/100000000002/b"),
            ("cos:PutObject", "qcs::cos:ap-beijing:uid/1:x/1"),
            ("cvm:RunInstances", "qcs::cvm:ap-beijing:uin/7:a/1b"),
            ("cvm:RunInstances", "qcs:id/0:cvm:ap-beijing::a/1b"),
            ("cvm:RunInstances", "qcs:id/2:cvm:ap-beijing:uin/:a/1b"),
            ("cos:GetObject", "qcs::cos:ap-beijing::a/1250000000"),
        ][..]),
        ip in select(&["", "10.1.2.3", "10.2.0.1", "2001:db8::7", "192.0.2.9"][..]),
        time in select(&["", "2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "9999-12-31T23:59:59Z"][..]),
        tags in select(&["", "a&1", "b&2 a&1", "a&9", "c&1"][..]),
        number in select(&["", "0", "1", "1.000000000000000000001", "2", "2.50", "-2.5", "-2.6"][..]),
        text in select(&["", "ab", "AB", "aB", "x", "ak", "a\u{212a}", "1250000000"][..]),
        truth in select(&["", "true", "false"][..]),
    ) -> Request {
        let mut request = Request::new(Caller::new(uin(CALLER)).with_app_id(1250000000), action, resource).unwrap();
        for (key, value) in [
            ("qcs:ip", ip),
            ("qcs:current_time", time),
            ("cos:n", number),
            ("cos:t", text),
            ("cos:b", truth),
        ] {
            if !value.is_empty() {
                request = request.with_key(key, [value]);
            }
        }
        if tags.is_empty() { request } else { request.with_key("qcs:resource_tag", tags.split(' ')) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn witnesses_witness_and_nothing_is_missed(
        catalog in catalogs(),
        one in policies(),
        other in policies(),
        requests in proptest::collection::vec(request(), 200),
    ) {
        let (one, other) = (made(&catalog, one), made(&catalog, other));
        let caller = Caller::new(uin(CALLER)).with_app_id(1250000000);
        let difference = one.compare(&other, &caller).unwrap();
        for grant in &difference.gained {
            prop_assert!(allows(&other, &grant.witness), "{grant}: {:?}", grant.witness);
            prop_assert!(!allows(&one, &grant.witness), "{grant}: {:?}", grant.witness);
        }
        for grant in &difference.lost {
            prop_assert!(allows(&one, &grant.witness), "{grant}: {:?}", grant.witness);
            prop_assert!(!allows(&other, &grant.witness), "{grant}: {:?}", grant.witness);
        }
        let granted = one.grants(caller).unwrap();
        for grant in &granted {
            prop_assert!(follows(&catalog, &grant.witness), "{grant}: {:?}", grant.witness);
            prop_assert!(allows(&one, &grant.witness), "{grant}: {:?}", grant.witness);
        }
        for request in &requests {
            let request = &possible(&catalog, request);
            let by = one.decide(request);
            let about = |grant: &&cam_policy::engine::Grant| grant.action.matches(request.action());
            if by.is_allowed() {
                for id in by.statements().iter().filter(|id| id.layer == Layer::Identity) {
                    prop_assert!(granted.iter().filter(about).any(|grant| grant.by.contains(id)), "{request:?} {id}");
                }
            }
            match (by.is_allowed(), other.decide(request).is_allowed()) {
                (false, true) => prop_assert!(difference.gained.iter().any(|grant| about(&grant)), "{request:?}"),
                (true, false) => prop_assert!(difference.lost.iter().any(|grant| about(&grant)), "{request:?}"),
                _ => {}
            }
        }
    }
}
