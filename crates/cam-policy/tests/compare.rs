//! Compares `grants` and `compare` with single decisions.

mod common;
mod oracle;

use std::sync::OnceLock;

use cam_policy::catalog::{
    ActionFacts, Catalog, Granularity, Lookup, Pattern, Placeholder, PlaceholderKind, Service, Tables,
};
use cam_policy::engine::{AccessError, Caller, Grant, Layer, PolicySet, Request, Scope};
use cam_policy::pattern_form::walk;
use cam_policy::policy::{ActionPattern, Policy, ResourcePattern};
use cam_policy::values::Uin;
use common::company::{self, Random, by_network, taken_apart};
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
    let grant = difference.gained.iter().find(|grant| grant.parts[0].statement.statement == 0).unwrap();
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
        assert_eq!(grant.parts.len(), 3);
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

/// A request that shows it must be looked for among several values of a key if any statement can tell them from one.
#[test]
fn several_values_of_a_key_are_looked_at_where_any_condition_sees_them() {
    let allow = r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"numeric_less_than":{"a:k":1},
        "numeric_greater_than":{"a:k":2}}}"#;
    let deny = r#"{"effect":"deny","action":"a:B","resource":"*","condition":{"for_all_value:numeric_less_than":{"a:k":0}}}"#;
    let with = set(&format!("{allow},{deny}"));
    let request = Request::new(uin(CALLER), "a:B", "*").unwrap().with_key("a:k", ["0", "3"]);
    assert!(allows(&with, &request));
    let grants = with.grants(uin(CALLER)).unwrap();
    assert_eq!(grants.len(), 1);
    assert!(allows(&with, &grants[0].witness));
    // The deny may be of another action, another set or another layer: the key is of the same kind there.
    let elsewhere = deny.replace("a:B", "a:C");
    assert_eq!(set(&format!("{allow},{elsewhere}")).grants(uin(CALLER)).unwrap().len(), 1);
    let difference = set(&elsewhere).compare(&set(allow), uin(CALLER)).unwrap();
    assert_eq!((difference.gained.len(), difference.lost.len()), (1, 0));
    // Without a qualifier, one condition may see one value, and the other the other.
    for (one, other, values) in [
        (r#""numeric_less_than":{"a:k":1}"#, r#""numeric_greater_than":{"a:k":2}"#, ["0", "3"]),
        (r#""numeric_equal":{"a:k":1}"#, r#""numeric_not_equal":{"a:k":1}"#, ["1", "2"]),
        (
            r#""bool_equal":{"a:k":"true"}"#,
            r#""for_any_value:bool_equal":{"a:k":"false"}"#,
            ["true", "false"],
        ),
        (
            r#""ip_equal":{"a:k":"10.0.0.0/8"}"#,
            r#""ip_not_equal":{"a:k":"10.0.0.0/8"}"#,
            ["10.0.0.1", "192.0.2.1"],
        ),
        (
            r#""date_less_than":{"a:k":"2026-01-01T00:00:00Z"}"#,
            r#""date_greater_than":{"a:k":"2026-06-01T00:00:00Z"}"#,
            ["2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
        ),
    ] {
        let allow = |condition: &str| {
            format!(r#"{{"effect":"allow","action":"a:B","resource":"*","condition":{{{condition}}}}}"#)
        };
        let request = Request::new(uin(CALLER), "a:B", "*").unwrap().with_key("a:k", values);
        let in_one = set(&allow(&format!("{one},{other}")));
        let in_layers = set(&allow(one)).with_layer(Layer::Boundary, [policy(&allow(other))]);
        for set in [in_one, in_layers] {
            assert!(allows(&set, &request), "{one}");
            let grants = set.grants(uin(CALLER)).unwrap();
            assert_eq!(grants.len(), 1, "{one}");
            assert!(allows(&set, &grants[0].witness), "{one}");
        }
    }
    let layered = set(
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"bool_equal":{"a:k":"true"}}}"#,
    )
    .with_layer(
        Layer::Boundary,
        [policy(
            r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"bool_equal":{"a:k":"false"}}}"#,
        )],
    );
    assert_eq!(layered.grants(uin(CALLER)).unwrap().len(), 1);
    // A request has one address and one time, and limits in one direction see one value.
    for conditions in [
        r#""ip_equal":{"qcs:ip":"10.0.0.0/8"},"ip_not_equal":{"qcs:ip":"10.0.0.0/8"}"#,
        r#""date_less_than":{"qcs:current_time":"2026-01-01T00:00:00Z"},"date_greater_than":{"qcs:current_time":"2026-06-01T00:00:00Z"}"#,
    ] {
        let text =
            format!(r#"{{"effect":"allow","action":"a:B","resource":"*","condition":{{{conditions}}}}}"#);
        assert_eq!(set(&text).grants(uin(CALLER)).unwrap(), [], "{conditions}");
    }
    let limits = r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"numeric_less_than":{"a:k":2}}},
        {"effect":"deny","action":"a:B","resource":"*","condition":{"numeric_less_than_equal":{"a:k":1}}}"#;
    let witness = set(limits).grants(uin(CALLER)).unwrap().remove(0).witness;
    assert_eq!(witness.values("a:k").len(), 1);
}

/// A placeholder of a page stands for what its kind can be: an APPID is that of the account, a number has digits alone.
#[test]
fn a_placeholder_stands_for_what_its_kind_can_be() {
    static CATALOG: OnceLock<Catalog<'static>> = OnceLock::new();
    let catalog = CATALOG.get_or_init(|| {
        let of = |name, kind| Placeholder { name, kind };
        let pattern = |single, placeholders: Vec<Placeholder<'static>>| {
            &*Box::leak(Box::new(Pattern {
                name: "one",
                single,
                all: single,
                placeholders: placeholders.leak(),
                ..Pattern::UNSTATED
            }))
        };
        let patterns = [
            pattern(
                "qcs::cos::uid/${appid}:b/${Name}",
                vec![of("appid", PlaceholderKind::AppId), of("Name", PlaceholderKind::Text)],
            ),
            pattern("qcs::cos::uin/${uin}:n/${Id}", vec![of("Id", PlaceholderKind::Number)]),
        ];
        let action = |name, qualified_name, at: usize| ActionFacts {
            name,
            qualified_name,
            granularity: Granularity::Resource,
            patterns: vec![patterns[at]].leak(),
            ..ActionFacts::UNSTATED
        };
        let actions = vec![action("Get", "cos:Get", 0), action("Number", "cos:Number", 1)];
        let Tables { seed, displacements, slots } = Tables::of(&["Get", "Number"]);
        let lookup = Lookup { seed, displacements: displacements.leak(), slots: slots.leak() };
        let service = Service { id: "cos", actions: actions.leak(), lookup, ..Service::UNSTATED };
        Catalog { version: 0, services: vec![service].leak() }
    });
    let granted = |action: &str, resource: &str, app_id: Option<u64>| {
        let caller = app_id.into_iter().fold(Caller::new(uin(CALLER)), Caller::with_app_id);
        let text = format!(r#"{{"effect":"allow","action":["{action}"],"resource":["{resource}"]}}"#);
        let set = PolicySet::new(catalog, [policy(&text)], uin(OWNER));
        let grants = set.grants(caller).unwrap();
        assert!(grants.iter().all(|grant| allows(&set, &grant.witness)));
        grants.first().map(|grant| grant.witness.resource().to_owned())
    };
    let (own, other) = (Some(1250000000), "qcs::cos::uid/7:b/x");
    assert_eq!(granted("cos:Get", "qcs::cos:::b/x", own).as_deref(), Some("qcs::cos::uid/1250000000:b/x"));
    // A policy may name the bucket of another account.
    assert_eq!(granted("cos:Get", other, own).as_deref(), Some(other));
    assert_eq!(granted("cos:Get", other, None).as_deref(), Some(other));
    assert_eq!(granted("cos:Get", "qcs::cos::uid/x*:b/x", None), None);
    assert_eq!(granted("cos:Number", "qcs::cos:::n/*a", own), None);
    assert_eq!(
        granted("cos:Number", "qcs::cos:::n/7*", own).as_deref(),
        Some("qcs::cos::uin/100000000001:n/7")
    );
}

/// A set of the policies that `common::company` makes.
fn random_set(texts: &[String]) -> PolicySet<'static> {
    policy_set(texts.iter().map(|text| text.parse().unwrap()), uin(company::OWNER))
}

#[test]
fn as_many_policies_as_an_identity_may_carry_are_compared() {
    let texts = Random(7).policies(200);
    let one = random_set(&texts);
    assert!(one.compare(&one, uin(CALLER)).unwrap().is_empty());
    let without = random_set(&texts[..199]);
    let difference = one.compare(&without, uin(CALLER)).unwrap();
    for grant in &difference.lost {
        assert_eq!(grant.parts[0].statement.policy, 199, "{grant}");
        assert!(allows(&one, &grant.witness) && !allows(&without, &grant.witness), "{grant}");
    }
}

#[test]
fn what_is_written_otherwise_and_means_the_same_is_found_to_be_the_same() {
    let texts = Random(8).policies(40);
    let one = random_set(&texts);
    for other in [taken_apart(&texts), by_network(&texts)] {
        let difference = one.compare(&random_set(&other), uin(CALLER)).unwrap();
        assert!(difference.is_empty(), "{difference}");
    }
    let other = random_set(&Random(9).policies(40));
    let difference = one.compare(&other, uin(CALLER)).unwrap();
    assert!(!difference.gained.is_empty() && !difference.lost.is_empty());
    for (grants, with, without) in [(&difference.gained, &other, &one), (&difference.lost, &one, &other)] {
        for grant in grants.iter().step_by(7) {
            assert!(allows(with, &grant.witness) && !allows(without, &grant.witness), "{grant}");
        }
    }
}

/// Both sets have the same other statements, and the search leaves out what they speak of alike.
#[test]
fn a_change_of_one_part_of_a_statement_is_seen() {
    let statement = |[effect, action, resource, condition]: [&str; 4]| {
        let condition = match condition {
            "" => String::new(),
            _ => format!(r#","condition":{{"ip_equal":{{"qcs:ip":"{condition}"}}}}"#),
        };
        format!(r#"{{"effect":"{effect}","action":"{action}","resource":"{resource}"{condition}}}"#)
    };
    let others = [
        ["allow", "trtc:RemoveUser", "qcs::trtc:::sdkappid/9", ""],
        ["allow", "cos:*", "qcs::cos:::b/*", "192.0.2.0/24"],
        ["deny", "*", "qcs::trtc:::sdkappid/8", ""],
    ];
    let room = "qcs::trtc:::sdkappid/1";
    let (less, more, both) = ((false, true), (true, false), (true, true));
    let changes = [
        (["allow", "trtc:RemoveUser", room, ""], ["deny", "trtc:RemoveUser", room, ""], less),
        (["allow", "trtc:RemoveUser", room, ""], ["allow", "trtc:RemoveUser", room, "10.0.0.0/8"], less),
        (["allow", "trtc:RemoveUser", room, ""], ["allow", "trtc:RemoveUser", "*", ""], more),
        (["allow", "trtc:RemoveUser", room, ""], ["allow", "trtc:Remove*", room, ""], more),
        (["allow", "trtc:RemoveUser", room, ""], ["allow", "other:Thing", room, ""], both),
        (["allow", "other:Thing", room, ""], ["allow", "other:Th*", room, ""], more),
        (["allow", "other:*", room, ""], ["allow", "other:*", "qcs::trtc:::sdkappid/2", ""], both),
        (["allow", "other:*", room, "10.0.0.0/8"], ["allow", "other:*", room, "11.0.0.0/8"], both),
        (["allow", "*", "*", "10.0.0.0/8"], ["allow", "*", "*", "10.0.0.0/9"], less),
        (["allow", "trtc:*", room, ""], ["allow", "trtc:*", "qcs::trtc:::sdkappid/8", ""], less),
    ];
    for (old, new, (gains, loses)) in changes {
        for boundary in [false, true] {
            let set = |changed: [&str; 4]| {
                let all: Vec<String> = others.into_iter().chain([changed]).map(statement).collect();
                let everything = statement(["allow", "*", "*", ""]);
                let (identity, limit) =
                    if boundary { (everything, all.join(",")) } else { (all.join(","), everything) };
                set(&identity).with_layer(Layer::Boundary, [policy(&limit)])
            };
            let (one, other) = (set(old), set(new));
            let difference = one.compare(&other, uin(CALLER)).unwrap();
            assert_eq!(!difference.gained.is_empty(), gains, "{old:?} {new:?}: {difference}");
            assert_eq!(!difference.lost.is_empty(), loses, "{old:?} {new:?}: {difference}");
            let reverse = other.compare(&one, uin(CALLER)).unwrap();
            assert_eq!(
                (reverse.gained.len(), reverse.lost.len()),
                (difference.lost.len(), difference.gained.len())
            );
            for (grants, with, without) in
                [(&difference.gained, &other, &one), (&difference.lost, &one, &other)]
            {
                for grant in grants {
                    assert!(allows(with, &grant.witness) && !allows(without, &grant.witness), "{grant}");
                }
            }
        }
    }
    // The same limit in another layer limits as much.
    let limited =
        |layer| set(&statement(["allow", "*", "*", ""])).with_layer(layer, [policy(&statement(others[0]))]);
    let difference = limited(Layer::Boundary).compare(&limited(Layer::Session), uin(CALLER)).unwrap();
    assert!(difference.is_empty(), "{difference}");
}

/// Networks times days, of which every one is denied: no one side of a deny leaves them all.
#[test]
fn tiles_that_cover_everything_are_seen_to_cover_it() {
    let tiles = |skip: Option<usize>| {
        let denies = (0..144).filter(|tile| Some(*tile) != skip).map(|tile| {
            let (net, day) = (tile / 12, tile % 12);
            let next = |day: usize| format!("2026-01-{:02}T00:00:00Z", day + 1);
            let net = if net < 11 {
                format!(r#""ip_equal":{{"qcs:ip":"10.{net}.0.0/16"}}"#)
            } else {
                let others: Vec<String> = (0..11).map(|net| format!(r#""10.{net}.0.0/16""#)).collect();
                format!(r#""ip_not_equal":{{"qcs:ip":[{}]}}"#, others.join(","))
            };
            let from = format!(r#""date_greater_than_equal":{{"qcs:current_time":"{}"}}"#, next(day));
            let to = format!(r#""date_less_than":{{"qcs:current_time":"{}"}}"#, next(day + 1));
            let day = match day {
                0 => to,
                11 => from,
                _ => format!("{from},{to}"),
            };
            format!(r#",{{"effect":"deny","action":"a:B","resource":"*","condition":{{{net},{day}}}}}"#)
        });
        let denies: String = denies.collect();
        let allow = r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"null_equal":{"qcs:ip":"false","qcs:current_time":"false"}}}"#;
        set(&format!("{allow}{denies}"))
    };
    assert_eq!(tiles(None).grants(uin(CALLER)).unwrap(), []);
    let with_a_hole = tiles(Some(77));
    let grants = with_a_hole.grants(uin(CALLER)).unwrap();
    assert_eq!(grants.len(), 1);
    assert!(allows(&with_a_hole, &grants[0].witness));
}

#[test]
fn one_action_or_one_resource_can_be_asked_for() {
    let set = set(
        r#"{"effect":"allow","action":["trtc:*","cos:*"],"resource":["qcs::trtc:::sdkappid/1","qcs::trtc:::sdkappid/2","qcs::cos:::b/*"]},
        {"effect":"allow","action":"trtc:GetUserList","resource":"*"},
        {"effect":"deny","action":"trtc:Remove*","resource":"qcs::trtc:::sdkappid/1"}"#,
    );
    let on = |scope: &Scope| {
        let grants = set.grants_on(uin(CALLER), scope).unwrap();
        grants.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let action = |text: &str| Scope::action(text.parse().unwrap());
    let app = |number: u32| format!("qcs::trtc:::sdkappid/{number}").parse().unwrap();
    assert_eq!(
        on(&action("trtc:RemoveUser")),
        ["trtc:RemoveUser on qcs::trtc:::sdkappid/2 by statement 0 of policy 0"]
    );
    assert_eq!(on(&action("trtc:RemoveUser").on(app(1))), [] as [&str; 0]);
    assert_eq!(
        on(&action("cos:Put*").on(app(1))),
        ["cos:Put* on qcs::trtc:::sdkappid/1 by statement 0 of policy 0"]
    );
    // An operation-level action is asked on `*`, whatever people have in mind.
    assert_eq!(
        on(&action("trtc:GetUserList").on(app(1))),
        ["trtc:GetUserList on * by statement 1 of policy 0"]
    );
    let grants = set.grants_on(uin(CALLER), &Scope::resource(app(2))).unwrap();
    assert!(grants.iter().all(|grant| grant.parts[0].statement.statement == 0));
    assert!(grants[0].actions.iter().all(|action| action.as_str() != "trtc:GetUserList"));
    for grant in grants {
        assert_eq!(grant.witness.resource(), format!("qcs::trtc::uin/{OWNER}:sdkappid/2"));
    }

    let never = action("trtc:Remove*").on(app(1));
    assert_eq!(set.find_allowed(uin(CALLER), &never).unwrap(), None);
    let ever = set.find_allowed(uin(CALLER), &action("trtc:Remove*")).unwrap().unwrap();
    assert!(allows(&set, &ever));
    // The root account may do everything.
    let by_root = set.find_allowed(uin(OWNER), &never).unwrap().unwrap();
    assert!(set.decide(&by_root).is_allowed());
    assert_eq!(by_root.resource(), format!("qcs::trtc::uin/{OWNER}:sdkappid/1"));
}

/// Who asks for `trtc:Remove*` reads no more of `trtc:*` than that.
#[test]
fn a_grant_lists_the_part_that_is_asked_for() {
    for (allow, asked, told) in [
        ("a:*", "a:Remove*", "a:Remove*"),
        ("*", "a:Remove*", "a:Remove*"),
        ("*:*", "a:*", "a:*"),
        ("a:Remove*", "a:*", "a:Remove*"),
        ("a:Remove*", "*", "a:Remove*"),
        ("a:*", "a:RemoveUsr", "a:RemoveUsr"),
        ("*:Describe*", "a:*", "a:Describe*"),
        ("a:*User", "a:Remove*", "a:Remove*User"),
        ("a:Re*", "a:*User*By*", "a:Re*User*By*"),
        ("a:Re*s*", "a:Remove*", "a:Remove*s*"),
        (r#"a:*","a:Remo*"#, "a:Remove*", "a:Remove*"),
        // A name may end with the beginning of the other piece, or hold it.
        ("a:*eUser", "a:Remove*", "a:*eUser, of which those that a:Remove* matches,"),
        ("a:*mo*User", "a:Remove*", "a:*mo*User, of which those that a:Remove* matches,"),
        ("a:*Room*", "a:*User*", "a:*Room*, of which those that a:*User* matches,"),
    ] {
        let set = set(&format!(r#"{{"effect":"allow","action":["{allow}"],"resource":"*"}}"#));
        let grants = set.grants_on(uin(CALLER), &Scope::action(asked.parse().unwrap())).unwrap();
        let [grant] = &grants[..] else { panic!("{allow} {asked}: {grants:?}") };
        assert_eq!(grant.to_string(), format!("{told} on * by statement 0 of policy 0"), "{allow} {asked}");
        assert!(allows(&set, &grant.witness));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_part_that_is_asked_for_is_what_both_patterns_match(
        allow in "[ab*]{1,5}", asked in "[ab*]{1,5}",
        names in proptest::collection::vec("[ab]{1,8}", 40),
    ) {
        let pattern = |text: &str| format!("s:{text}").parse::<ActionPattern>().unwrap();
        let set = set(&format!(r#"{{"effect":"allow","action":"s:{allow}","resource":"*"}}"#));
        let grants = set.grants_on(uin(CALLER), &Scope::action(pattern(&asked))).unwrap();
        prop_assert!(grants.len() < 2);
        // The stars of both, each in the place of a name, are near the border.
        let filled = [&allow, &asked].map(|text| ["", "a", "b", "ab"].map(|part| text.replace('*', part)));
        for name in names.iter().chain(filled.as_flattened()).filter(|name| !name.is_empty()) {
            let name = format!("s:{name}");
            let is_told = grants.iter().any(|grant| {
                grant.actions.iter().any(|one| one.matches(&name))
                    && grant.only.as_ref().is_none_or(|only| only.matches(&name))
            });
            let is_in_both = pattern(&allow).matches(&name) && pattern(&asked).matches(&name);
            prop_assert_eq!(is_told, is_in_both, "{} {} {}: {:?}", allow, asked, name, grants);
        }
    }
}

#[test]
fn a_grant_names_the_resources_that_are_asked_for() {
    let object = |last: &str| format!("qcs::cos:::{last}");
    for (allow, asked, told) in [
        ("b/*", "b/x/*", "qcs::cos:::b/x/*"),
        ("b/x/*", "b/*", "qcs::cos:::b/x/*"),
        ("b/*", "b/*", "qcs::cos:::b/*"),
        ("*/x", "b/*", "qcs::cos:::*/x and qcs::cos:::b/*"),
    ] {
        let set = set(&format!(
            r#"{{"effect":"allow","action":["cos:GetObject"],"resource":["{}","qcs::cos:::other/*"]}}"#,
            object(allow)
        ));
        let scope = Scope::resource(object(asked).parse().unwrap());
        let grants = set.grants_on(uin(CALLER), &scope).unwrap();
        let [grant] = &grants[..] else { panic!("{allow} {asked}: {grants:?}") };
        let told = format!("cos:GetObject on {told} by statement 0 of policy 0");
        assert_eq!(grant.to_string(), told, "{allow} {asked}");
        assert_eq!(grant.parts[0].resources, [object(allow).parse().unwrap()], "{allow} {asked}");
        assert!(allows(&set, &grant.witness));
    }
    let every = set(r#"{"effect":"allow","action":["cos:GetObject"],"resource":["*"]}"#);
    let grants = every.grants_on(uin(CALLER), &Scope::resource(object("b/*").parse().unwrap())).unwrap();
    assert_eq!(grants[0].to_string(), "cos:GetObject on qcs::cos:::b/* by statement 0 of policy 0");
}

#[test]
fn who_may_is_told_of_many_callers() {
    let bucket = set(&format!(
        r#"{{"effect":"allow","principal":{{"qcs":["qcs::cam::uin/{OWNER}:uin/5","qcs::cam::uin/{OWNER}:uin/6"]}},"action":"cos:*","resource":"*"}},
        {{"effect":"deny","principal":{{"qcs":["qcs::cam::uin/{OWNER}:uin/6"]}},"action":"cos:Put*","resource":"*"}}"#
    ));
    let callers = || [4, 5, 6].map(|number| (Caller::new(uin(number)), &bucket));
    let who = |action: &str| {
        let who = PolicySet::who(callers(), &Scope::action(action.parse().unwrap())).unwrap();
        assert!(who.iter().all(|(caller, witness)| witness.caller() == caller && allows(&bucket, witness)));
        who.iter().map(|(caller, _)| caller.uin().unwrap().get()).collect::<Vec<_>>()
    };
    assert_eq!(who("cos:PutObject"), [5]);
    assert_eq!(who("cos:GetObject"), [5, 6]);
    assert_eq!(who("trtc:RemoveUser"), [0; 0]);
}

#[test]
fn two_spellings_of_a_key_or_a_bucket_are_one() {
    let allow = |condition: &str, resource: &str| {
        set(&format!(
            r#"{{"effect":"allow","action":"cos:*","resource":"{resource}","condition":{{{condition}}}}}"#
        ))
    };
    let caller = || Caller::new(uin(CALLER)).with_app_id(1250000000);
    let old = allow(r#""string_equal":{"qcs:tag":"a&1"}"#, "qcs::cos:::prefix//1250000000/b/*");
    let new = allow(r#""string_equal":{"qcs:resource_tag":"a&1"}"#, "qcs::cos:::b-1250000000/*");
    let difference = old.compare(&new, caller()).unwrap();
    assert!(difference.is_empty(), "{difference}");
    let grants = old.grants(caller()).unwrap();
    assert_eq!(grants.len(), 1);
    assert!(allows(&new, &grants[0].witness));
    // Every bucket of an account, and one of them.
    let every = set(r#"{"effect":"allow","action":"cos:*","resource":"qcs::cos:::prefix//1250000000/*"}"#);
    let one = set(r#"{"effect":"allow","action":"cos:*","resource":"qcs::cos:::b-1250000000/*"}"#);
    let difference = one.compare(&every, caller()).unwrap();
    assert_eq!((difference.gained.len(), difference.lost.len()), (1, 0));
    assert!(allows(&every, &difference.gained[0].witness) && !allows(&one, &difference.gained[0].witness));
}

/// A trust policy names no resource: it is about its role.
#[test]
fn who_may_assume_a_role_is_told() {
    let trust = policy(
        r#"{"effect":"allow","action":"name/sts:AssumeRole","principal":{"service":["scf.qcloud.com"]}},
        {"effect":"allow","action":"name/sts:AssumeRole","principal":{"qcs":["qcs::cam::uin/100000000001:uin/5"]}}"#,
    );
    let set = PolicySet::trust(common::catalog(), [trust], uin(OWNER));
    let scope = Scope::action("sts:AssumeRole".parse().unwrap());
    let callers = [Caller::new(uin(5)), Caller::new(uin(6)), Caller::service("scf.qcloud.com")];
    let who = PolicySet::who(callers.map(|caller| (caller, &set)), &scope).unwrap();
    let who: Vec<String> = who.iter().map(|(caller, _)| caller.to_string()).collect();
    assert_eq!(who, ["uin 5", "service scf.qcloud.com"]);
    let grants = set.grants(Caller::service("scf.qcloud.com")).unwrap();
    assert_eq!(grants[0].to_string(), "sts:AssumeRole on * by statement 0 of policy 0 (role trust policy)");
}

#[test]
fn every_caller_is_compared_at_once() {
    let own = |more: &str| {
        set(&format!(
            r#"{{"effect":"allow","action":"cos:*","resource":"qcs::cos:::b/home/${{uin}}/*"}}{more}"#
        ))
    };
    let same = |other: &PolicySet<'_>| own("").compare_for_all(other, None).unwrap().is_empty();
    assert!(same(&own("")));
    // Whoever it is, it is in the other already.
    assert!(same(&own(
        r#",{"effect":"allow","action":"cos:Get*","resource":"qcs::cos:::b/home/${uin}/pub*"}"#
    )));
    // Only one that begins like this has something of another.
    let shared = own(r#",{"effect":"deny","action":"cos:*","resource":"qcs::cos:::b/home/77*"}"#);
    let difference = own("").compare_for_all(&shared, None).unwrap();
    assert!(difference.lost[0].witness.caller().uin().unwrap().to_string().starts_with("77"));
    // Nobody but who is named.
    let bucket = |number: u64| {
        set(&format!(
            r#"{{"effect":"allow","principal":{{"qcs":["qcs::cam::uin/{OWNER}:uin/{number}"]}},"action":"cos:*","resource":"*"}}"#
        ))
    };
    let difference = bucket(5).compare_for_all(&bucket(6), None).unwrap();
    let callers = |grants: &[Grant]| {
        grants.iter().filter_map(|grant| Some(grant.witness.caller().uin()?.get())).collect::<Vec<_>>()
    };
    assert_eq!((callers(&difference.gained), callers(&difference.lost)), (vec![6], vec![5]));
    // Roles, services and members of groups are callers too.
    let whom = |principal: &str| {
        set(&format!(r#"{{"effect":"allow","principal":{principal},"action":"cos:*","resource":"*"}}"#))
    };
    for (principal, caller) in [
        (r#"{"qcs":["qcs::cam::uin/100000000001:roleName/reader"]}"#, "role reader"),
        (r#"{"service":["scf.qcloud.com"]}"#, "service scf.qcloud.com"),
        // What several callers gain is told once.
        (r#"{"qcs":["qcs::cam::anyone:anyone"]}"#, "uin"),
        (r#"{"qcs":["qcs::cam::uin/100000000001:groupid/7"]}"#, "uin"),
    ] {
        let difference = bucket(5).compare_for_all(&whom(principal), None).unwrap();
        let told: Vec<String> =
            difference.gained.iter().map(|grant| grant.witness.caller().to_string()).collect();
        assert!(told.iter().any(|told| told.starts_with(caller)), "{principal}: {told:?}");
    }
    let everyone = set(r#"{"effect":"allow","principal":"*","action":"cos:*","resource":"*"}"#);
    let difference = bucket(5).compare_for_all(&everyone, None).unwrap();
    assert!(!callers(&difference.gained).contains(&5) && difference.lost.is_empty());
}

#[test]
fn a_grant_lists_those_who_gain_it_and_not_those_who_have_it() {
    let trust = |names: &str| {
        let policy: Policy = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","principal":{{"qcs":[{names}]}},"action":"sts:AssumeRole"}}]}}"#
        )
        .parse()
        .unwrap();
        PolicySet::trust(common::catalog(), [policy], uin(OWNER))
    };
    let name = |who: &str| format!(r#""qcs::cam::uin/{OWNER}:{who}""#);
    let before = trust(&[name("uin/5"), name("uin/6")].join(","));
    let after = trust(&[name("uin/5"), name("uin/7"), name("roleName/reader")].join(","));
    let difference = before.compare_for_all(&after, None).unwrap();
    let names = |set: &PolicySet<'_>, grants: &[Grant]| -> Vec<String> {
        let [only] = grants else { panic!("{grants:?}") };
        let names = set.names_for(only.parts[0].statement, &only.callers);
        names.into_iter().map(|(_, name)| name.rsplit(':').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&after, &difference.gained), ["uin/7", "roleName/reader"]);
    assert_eq!(names(&before, &difference.lost), ["uin/6"]);
    // A user of the account gains it by the root account, and who has it already does not.
    let root = trust(&[name("uin/5"), name("root")].join(","));
    let difference = trust(&name("uin/5")).compare_for_all(&root, None).unwrap();
    assert_eq!(names(&root, &difference.gained), ["root"]);
}

#[test]
fn a_deny_that_is_lifted_is_told_with_its_resources() {
    let allow = r#"{"effect":"allow","action":"cos:*","resource":["*"]}"#;
    let deny = |resource: &str, condition: &str| {
        format!(r#"{{"effect":"deny","action":"cos:GetObject","resource":["{resource}"]{condition}}}"#)
    };
    let office = r#","condition":{"ip_not_equal":{"qcs:ip":["10.0.0.0/8"]}}"#;
    let before = set(&format!(
        "{allow},{},{},{}",
        deny("qcs::cos:::a/*", ""),
        deny("qcs::cos:::b/*", ""),
        deny("qcs::cos:::c/*", office)
    ));
    let difference =
        before.compare(&set(&format!("{allow},{}", deny("qcs::cos:::b/*", ""))), uin(CALLER)).unwrap();
    let [gained] = difference.gained.as_slice() else { panic!("{difference}") };
    let texts = |resources: &[ResourcePattern]| -> Vec<String> {
        resources.iter().map(|one| one.to_string()).collect()
    };
    assert_eq!(
        gained.resources().iter().map(|one| texts(one)).collect::<Vec<_>>(),
        [["qcs::cos:::a/*", "qcs::cos:::c/*"]]
    );
    assert!(
        difference.to_string().starts_with(
            "gained: something of cos:GetObject on 2 resources (qcs::cos:::a/*, qcs::cos:::c/*) by statement 0 of policy 0 of the \
             second set, which statement 1 of policy 0 of the first set and statement 3 of policy 0 of the first set, if \
             ip_not_equal of qcs:ip with 10.0.0.0/8, deny, except what statement 1 of policy 0 of the second set \
             denies, such as\n"
        ),
        "{difference}"
    );
    // The allow is narrower than the deny, or apart from it as far as patterns tell.
    let narrow = r#"{"effect":"allow","action":"cos:*","resource":["qcs::cos:::a/x/*"]}"#;
    let resources = |allow: &str, denied: &str| {
        let difference =
            set(&format!("{allow},{}", deny(denied, ""))).compare(&set(allow), uin(CALLER)).unwrap();
        difference.gained[0].resources().concat().iter().map(|one| one.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(resources(narrow, "qcs::cos:::a/*"), ["qcs::cos:::a/x/*"]);
    assert_eq!(resources(narrow, "qcs::cos:::a/*/secret"), ["qcs::cos:::a/x/*", "qcs::cos:::a/*/secret"]);
    // What the allow is wider in, and what a deny took from it, are two answers.
    let wider = format!("{allow},{}", deny("qcs::cos:::b/*", ""));
    let narrow = format!(
        r#"{{"effect":"allow","action":["cos:PutObject","cos:GetObject"],"resource":["*"]}},{}"#,
        deny("qcs::cos:::a/*", "")
    );
    let difference = set(&narrow).compare(&set(&wider), uin(CALLER)).unwrap();
    let [by_allow, by_deny] = difference.gained.as_slice() else { panic!("{difference}") };
    assert!(by_allow.denied.is_empty() && by_deny.denied.len() == 1, "{difference}");
    assert!(!by_allow.actions.contains(&"cos:GetObject".parse().unwrap()), "{difference}");
    assert_eq!(by_deny.actions, ["cos:GetObject".parse().unwrap()]);
}

#[test]
fn of_a_wide_allow_is_told_what_a_deny_took_of_it() {
    let of = |effect: &str, actions: &str| {
        format!(r#"{{"effect":"{effect}","action":[{actions}],"resource":["*"]}}"#)
    };
    let told = |allow: &str, denied: &str| {
        let allow = of("allow", allow);
        let difference =
            set(&format!("{allow},{}", of("deny", denied))).compare(&set(&allow), uin(CALLER)).unwrap();
        let [gained] = difference.gained.as_slice() else { panic!("{difference}") };
        let actions: Vec<String> = gained.actions.iter().map(|one| one.to_string()).collect();
        actions.join(" ")
    };
    assert_eq!(told(r#""*""#, r#""cdn:Purge*""#), "cdn:Purge*");
    assert_eq!(told(r#""*""#, r#""cdn:Purge*","cdn:Push*""#), "cdn:Purge* cdn:Push*");
    assert_eq!(told(r#""cdn:Purge*""#, r#""cdn:*""#), "cdn:Purge*");
    assert_eq!(told(r#""cdn:*""#, r#""*""#), "cdn:*");
    // A list that is cut must not hide that it has actions without a name.
    assert_eq!(told(r#""*""#, r#""*""#).split(' ').next(), Some("*"));
}

/// A deny that takes all of one action leaves no such action in the list, but the wildcard stays there.
#[test]
fn a_wildcard_is_told_with_what_a_deny_takes_whole() {
    let told = |deny: &str| {
        let allow = r#"{"effect":"allow","action":["cos:PutObject","trtc:*","cdn:*"],"resource":["*"]}"#;
        let deny = format!(r#"{{"effect":"deny","action":["{deny}"],"resource":["*"]}}"#);
        let grants = set(&format!("{allow},{deny}")).grants(uin(CALLER)).unwrap();
        let [grant] = &grants[..] else { panic!("{grants:#?}") };
        assert!(grant.actions.iter().any(|one| one.as_str() == "trtc:*"), "{grant}");
        grant.except.len()
    };
    assert_eq!(told("trtc:RemoveUser"), 1);
    assert_eq!(told("cdn:PurgeCache"), 1);
    // It takes nothing of a wildcard.
    assert_eq!(told("cos:PutObject"), 0);
    assert_eq!(told("cos:GetObject"), 0);
}

/// Only COS has two spellings of its buckets.
#[test]
fn what_another_product_spells_as_cos_once_did_is_found() {
    let own = |resource: &str| {
        let allow = format!(r#"{{"effect":"allow","action":"vod:ListParts","resource":["{resource}"]}}"#);
        set(&allow).grants(Caller::new(uin(CALLER)).with_app_id(1250000000)).unwrap().len()
    };
    assert_eq!(own("qcs::vod:ap-beijing:uid/251197738:prefix//220209/a/001.png"), 1);
    assert_eq!(own("qcs::vod::uid/1250000000:prefix//220209/*"), 1);
    // COS cannot receive it.
    assert_eq!(own("qcs::cos::uid/1250000000:prefix//a/b/*"), 0);
}

#[test]
fn a_witness_has_a_known_name_where_there_is_one() {
    let set = set(
        r#"{"effect":"allow","action":"cdn:*","resource":"*"},{"effect":"deny","action":"cdn:Add*","resource":"*"}"#,
    );
    let known = set
        .clone()
        .with_examples(|_| ["cdn:AddDomain", "vod:Purge", "cdn:PurgeUrlsCache"].map(Into::into).into());
    let witness = |set: &PolicySet<'_>| set.grants(uin(CALLER)).unwrap()[0].witness.action().to_owned();
    assert_eq!(witness(&known), "cdn:PurgeUrlsCache");
    assert!(!witness(&set).contains("Purge"));
    let scope = Scope::action("cdn:Describe*".parse().unwrap());
    let grants = known.grants_on(uin(CALLER), &scope).unwrap();
    assert!(grants[0].witness.action().starts_with("cdn:Describe"));
}

#[test]
fn a_statement_is_granted_in_one_line_and_can_be_asked_for_one_action() {
    let resources: Vec<String> =
        (0..400).map(|n| format!(r#""qcs::trtc::uin/{OWNER}:sdkappid/14{n:08}""#)).collect();
    let set = set(&format!(
        r#"{{"effect":"allow","action":"trtc:*","resource":[{}]}},
        {{"effect":"deny","action":"trtc:RemoveUser","resource":"qcs::trtc:::sdkappid/1400000007"}}"#,
        resources.join(",")
    ));
    let grants = set.grants(uin(CALLER)).unwrap();
    // All of the statement in one line.
    assert_eq!(grants.len(), 1);
    assert!(grants[0].actions.iter().any(|action| action.as_str() == "trtc:DismissRoom"));
    assert_eq!(grants[0].parts[0].resources.len(), 400);
    let of = |action: &str| {
        let grants = set.grants_on(uin(CALLER), &Scope::action(action.parse().unwrap())).unwrap();
        assert_eq!(grants.len(), 1);
        assert_eq!(grants[0].witness.action(), action);
        assert!(set.decide(&grants[0].witness).is_allowed());
        grants[0].parts[0].resources.len()
    };
    assert_eq!(of("trtc:DismissRoom"), 400);
    assert_eq!(of("trtc:RemoveUser"), 399);
}

/// The only grant of a statement of an action outside the catalog, beside denies.
fn only(statements: &str) -> Grant {
    let set = set(statements);
    let mut grants = set.grants(Caller::new(uin(CALLER)).with_app_id(1250000000)).unwrap();
    assert_eq!(grants.len(), 1, "{grants:?}");
    assert!(allows(&set, &grants[0].witness));
    grants.remove(0)
}

#[test]
fn a_project_is_only_itself_and_an_empty_one_is_every_project() {
    let grant = only(
        r#"{"effect":"allow","action":"cvm:*","resource":"qcs:id/7:cvm:::instance/*"},
        {"effect":"deny","action":"cvm:*","resource":"qcs:id/1:cvm:::instance/*"}"#,
    );
    assert_eq!(grant.except, []);
    assert_eq!(grant.witness.resource(), "qcs:id/7:cvm::uin/100000000001:instance/");
    let every = r#"{"effect":"allow","action":"cvm:*","resource":"qcs::cvm:::instance/*"}"#;
    let with = r#"{"effect":"allow","action":"cvm:*","resource":["qcs::cvm:::instance/*","qcs:id/7:cvm:::instance/*"]}"#;
    assert!(set(every).compare(&set(with), uin(CALLER)).unwrap().is_empty());
    let denied =
        [every, r#"{"effect":"deny","action":"cvm:*","resource":"qcs:id/7:cvm:::instance/*"}"#].join(",");
    let difference = set(every).compare(&set(&denied), uin(CALLER)).unwrap();
    assert_eq!((difference.gained.len(), difference.lost.len()), (0, 1));
    // A request on a resource of the catalog may have a project, although no form of the catalog has one.
    let grant =
        only(r#"{"effect":"allow","action":"trtc:RemoveUser","resource":"qcs:id/0:trtc:::sdkappid/*"}"#);
    assert_eq!(grant.witness.resource(), "qcs:id/0:trtc::uin/100000000001:sdkappid/1");
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
        r#"{"effect":"allow","action":"a:B","resource":"*","condition":{"date_greater_than":{"qcs:current_time":"2026-01-01T00:00:00Z"},
            "date_less_than":{"qcs:current_time":"2026-01-01T00:00:00.000000001Z"}}}"#,
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
    "qcs::cos:::prefix//1250000000/*",
    "qcs::cos::uid/1250000000:prefix//1250000000/b*/x*",
    "qcs::cos:::bu-1250000000/*",
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
    r#","condition":{"string_equal_if_exist":{"qcs:tag":"a&1"}}"#,
    r#","condition":{"string_not_equal":{"qcs:tag/a":"1"}}"#,
    r#","condition":{"string_equal_if_exist":{"qcs:tag/b":["2","3"]}}"#,
    r#","condition":{"null_equal":{"qcs:resource_tag/a":"true"},"string_like":{"qcs:tag":"*1"}}"#,
    r#","condition":{"for_all_value:string_like_if_exist":{"qcs:tag/a":"1*"},"null_equal":{"qcs:tag":"false"}}"#,
    r#","condition":{"for_all_value:numeric_less_than":{"cos:n":1}}"#,
    r#","condition":{"for_all_value:numeric_greater_than_if_exist":{"cos:n":1}}"#,
    r#","condition":{"numeric_less_than":{"cos:n":1},"numeric_greater_than":{"cos:n":1}}"#,
    r#","condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"},"date_less_than":{"qcs:current_time":"2026-06-01T00:00:00Z"}}"#,
    r#","condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"},"date_greater_than_equal":{"qcs:current_time":"2026-06-01T00:00:00Z"}}"#,
    r#","condition":{"ip_not_equal_if_exist":{"qcs:ip":"10.0.0.0/8"},"string_not_equal_if_exist":{"cos:t":"x"}}"#,
    r#","condition":{"null_equal":{"qcs:ip":"false","qcs:current_time":"false"}}"#,
    r#","condition":{"null_equal":{"cos:t":"false","qcs:resource_tag":"true"}}"#,
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
            let mut segments: Vec<&str> = pattern.single.splitn(6, ':').collect();
            if matches!(segments[4], "" | "uin/") {
                segments[4] = "uin/${uin}";
            }
            // A request may name no account, which means that of the policies.
            if let Some(nobody @ ("" | "uin/")) = request.resource().split(':').nth(4) {
                segments[4] = nobody;
            }
            // A request may carry a project, which an empty one of a pattern matches.
            if segments[1].is_empty() {
                segments[1] = request.resource().split(':').nth(1).unwrap_or_default();
            }
            let mut sound = true;
            let found = walk(&segments.join(":"), request.resource(), |name, value| {
                sound &= match name {
                    "region" => true,
                    "uin" => value.parse::<u64>().is_ok(),
                    _ => !value.is_empty() && !value.contains(['*', ':', '/', '$', '"', '\\']),
                };
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
            ("cos:GetObject", "qcs::cos:ap-beijing:uid/1250000000:bu-1250000000/x1"),
            ("cos:PutObject", "qcs::cos:ap-beijing:uid/1250000000:prefix//1250000000/bu/y/x"),
            ("cos:PutObject", "qcs::cos:::c-1250000000/x1"),
        ][..]),
        ip in select(&["", "10.1.2.3", "10.2.0.1", "2001:db8::7", "192.0.2.9"][..]),
        time in select(&["", "2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "9999-12-31T23:59:59Z"][..]),
        tags in select(&["", "a&1", "b&2 a&1", "a&9", "c&1"][..]),
        number in select(&["", "0", "1", "1.000000000000000000001", "2", "2.50", "-2.5", "-2.6", "0 3", "1 -3", "2 3"][..]),
        text in select(&["", "ab", "AB", "aB", "x", "ak", "a\u{212a}", "1250000000"][..]),
        truth in select(&["", "true", "false"][..]),
    ) -> Request {
        let mut request = Request::new(Caller::new(uin(CALLER)).with_app_id(1250000000), action, resource).unwrap();
        for (key, value) in [
            ("qcs:ip", ip),
            ("qcs:current_time", time),
            ("cos:t", text),
            ("cos:b", truth),
        ] {
            if !value.is_empty() {
                request = request.with_key(key, [value]);
            }
        }
        for (key, values) in [("qcs:resource_tag", tags), ("cos:n", number)] {
            if !values.is_empty() {
                request = request.with_key(key, values.split(' '));
            }
        }
        request
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
            let about = |grant: &&Grant| grant.actions.iter().any(|action| action.matches(request.action()));
            if by.is_allowed() {
                for id in by.statements().iter().filter(|id| id.layer == Layer::Identity) {
                    prop_assert!(granted.iter().filter(about).any(|grant| grant.parts.iter().any(|part| part.statement == *id)), "{request:?} {id}");
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

const APP_ID: u64 = 1250000000;

/// The accounts that patterns and requests of the test below name: those of the policies and others, in every form.
const ACCOUNTS: &[&str] = &["", "uin/", "uin/100000000001", "uin/7", "uid/1250000000", "uid/9"];

prop_compose! {
    fn statement_of_account()(
        effect in select(&["allow", "allow", "deny"][..]),
        action in select(&["vod:ListParts", "vod:*", "trtc:RemoveUser", "cos:GetObject", "cos:*Object", "*"][..]),
        service in select(&["vod", "trtc", "cos", ""][..]),
        account in prop_oneof![2 => select(ACCOUNTS), 1 => select(&["*", "uin/*", "uid/*", "uid/12*"][..])],
        last in select(&[
            "*", "sdkappid/*", "sdkappid/1", "b-1250000000/*", "prefix//1250000000/b/*", "prefix//1250000000/*",
            "prefix//*", "*//*", "prefix/*",
        ][..]),
    ) -> String {
        format!(
            r#"{{"effect":"{effect}","action":"{action}","resource":["qcs::{service}::{account}:{last}"]}}"#
        )
    }
}

prop_compose! {
    /// A request that its product can send.
    fn request_of_account()(
        (action, service, accounts, last) in select(vec![
            ("vod:ListParts", "vod:ap-beijing", ACCOUNTS, "prefix//1250000000/b/x"),
            ("vod:ListParts", "vod:ap-beijing", ACCOUNTS, "prefix//b"),
            ("vod:ListParts", "vod:ap-beijing", ACCOUNTS, "sdkappid/1"),
            ("vod:ListParts", "vod:ap-beijing", ACCOUNTS, "b-1250000000/x"),
            ("vod:ListParts", "cos:ap-beijing", ACCOUNTS, "prefix//1250000000/b/x"),
            // Documentation names the account by its uin.
            ("trtc:RemoveUser", "trtc:", &ACCOUNTS[..4], "sdkappid/1"),
            ("trtc:RemoveUser", "trtc:", &ACCOUNTS[..4], "sdkappid/2"),
            ("cos:GetObject", "cos:ap-beijing", ACCOUNTS, "b-1250000000/x"),
            ("cos:GetObject", "cos:ap-beijing", ACCOUNTS, "prefix//1250000000/b/x"),
        ]),
        account in 0_usize..6,
        app_id in select(&[None, Some(APP_ID), Some(9)][..]),
    ) -> Request {
        let caller = app_id.into_iter().fold(Caller::new(uin(CALLER)), Caller::with_app_id);
        let account = accounts[account % accounts.len()];
        Request::new(caller, action, &format!("qcs::{service}:{account}:{last}")).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The search of one action on one resource finds something wherever a decision allows it, and only what is allowed.
    #[test]
    fn whatever_is_allowed_in_some_account_is_found(
        identity in proptest::collection::vec(statement_of_account(), 1..4),
        boundary in proptest::option::weighted(0.3, proptest::collection::vec(statement_of_account(), 1..3)),
        requests in proptest::collection::vec(request_of_account(), 30),
    ) {
        let layers = [(Layer::Identity, Some(identity)), (Layer::Boundary, boundary)];
        let layers = layers.into_iter().filter_map(|(layer, all)| Some((layer, policy(&all?.join(",")))));
        let set = made(common::catalog(), layers.collect());
        for request in &requests {
            let scope = Scope::action(request.action().parse().unwrap()).on(request.resource().parse().unwrap());
            let found = set.find_allowed(request.caller(), &scope).unwrap();
            prop_assert!(found.is_some() || !allows(&set, request), "{request}");
            if let Some(found) = found {
                prop_assert!(allows(&set, &found), "{found}");
            }
        }
    }
}

/// The statements of the test below: whom they name, and on what.
fn named_statement() -> impl Strategy<Value = String> {
    let principals = [
        r#""principal":{"qcs":["qcs::cam::uin/100000000001:uin/9"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/100000000001:groupid/11"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/100000000001:groupid/12","qcs::cam::uin/100000000001:uin/8"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/:groupid/13","qcs::cam::uin/800000000001:groupid/11"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/800000000001:root"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/800000000001:uin/800000000009"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/800000000001:roleName/reader"]},"#,
        r#""principal":{"qcs":["qcs::cam::uin/100000000001:roleName/reader"]},"#,
        r#""principal":{"service":["scf.qcloud.com"]},"#,
        r#""principal":{"qcs":["qcs::cam::anyone:anyone"]},"#,
        r#""principal":"*","#,
        "",
    ];
    let resources = [
        ("cos:GetObject", "*"),
        ("cos:GetObject", "qcs::cos:::b/*"),
        ("cos:GetObject", "qcs::cos:::b/${uin}/*"),
        ("cos:GetObject", "qcs::cos::uid/1250000000:b/*"),
        ("cos:GetObject", "qcs::cos::uid/1260000000:b/9/*"),
        ("trtc:RemoveUser", "*"),
        ("trtc:RemoveUser", "qcs::trtc:::sdkappid/*"),
        ("trtc:RemoveUser", "qcs::trtc::uin/800000000001:sdkappid/1"),
        ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1"),
    ];
    let effect = select(vec!["allow", "allow", "deny"]);
    (effect, select(principals.to_vec()), select(resources.to_vec())).prop_map(
        |(effect, principal, (action, resource))| {
            format!(r#"{{"effect":"{effect}",{principal}"action":"{action}","resource":"{resource}"}}"#)
        },
    )
}

/// Every caller of the test below.
fn pool() -> Vec<Caller> {
    let subsets = |groups: &[u64]| -> Vec<Vec<u64>> {
        (0..1_usize << groups.len())
            .map(|bits| (0..groups.len()).filter(|at| bits >> at & 1 == 1).map(|at| groups[at]).collect())
            .collect()
    };
    let mut pool = Vec::new();
    for groups in subsets(&[11, 12, 13]) {
        pool.extend([CALLER, 8, 9].map(|number| Caller::new(uin(number)).in_groups(groups.clone())));
    }
    pool.extend([Caller::role("reader"), Caller::role("other"), Caller::anonymous()]);
    pool.extend(["scf.qcloud.com", "cls.cloud.tencent.com"].map(Caller::service));
    let mut pool: Vec<Caller> = pool.into_iter().map(|caller| caller.with_app_id(APP_ID)).collect();
    let others =
        [(800000000001, 800000000001), (800000000001, 800000000009), (800000000001, 9), (900000000001, 9)];
    let mut foreign: Vec<Caller> =
        others.map(|(account, number)| Caller::new(uin(number)).of_account(uin(account))).into();
    foreign.extend(
        [9, 800000000009]
            .map(|number| Caller::new(uin(number)).of_account(uin(800000000001)).in_groups([11])),
    );
    foreign.push(Caller::role("reader").of_account(uin(800000000001)));
    pool.extend(foreign.into_iter().map(|caller| caller.with_app_id(1260000000)));
    pool
}

const ASKED: &[(&str, &str)] = &[
    ("cos:GetObject", "qcs::cos:ap-beijing:uid/1250000000:b/x"),
    ("cos:GetObject", "qcs::cos:ap-beijing:uid/1250000000:b/9/x"),
    ("cos:GetObject", "qcs::cos:ap-beijing:uid/1260000000:b/9/x"),
    ("cos:GetObject", "qcs::cos:ap-beijing:uid/7:b/100000000002/x"),
    ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1"),
    ("trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/2"),
    ("trtc:RemoveUser", "qcs::trtc::uin/800000000001:sdkappid/1"),
    ("trtc:RemoveUser", "qcs::trtc::uin/900000000001:sdkappid/1"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nobody gains or loses anything that `compare_for_all` does not tell, in whatever account and groups.
    #[test]
    fn no_caller_of_any_account_is_missed(
        statements in proptest::collection::vec((named_statement(), any::<bool>(), any::<bool>()), 1..5),
    ) {
        let side = |is_in: &dyn Fn(&(String, bool, bool)) -> bool| {
            let texts: Vec<String> = statements.iter().filter(|one| is_in(one)).map(|one| one.0.clone()).collect();
            let policies = if texts.is_empty() { None } else { Some(policy(&texts.join(","))) };
            policy_set(policies, uin(OWNER))
        };
        let (one, other) = (side(&|(_, one, both)| *one || *both), side(&|(_, one, both)| !*one || *both));
        let difference = one.compare_for_all(&other, Some(APP_ID)).unwrap();
        for (grants, new, old) in [(&difference.gained, &other, &one), (&difference.lost, &one, &other)] {
            for grant in grants {
                let witness = &grant.witness;
                prop_assert!(new.decide(witness).is_allowed() && !old.decide(witness).is_allowed(), "{grant}");
            }
            if !grants.is_empty() {
                continue;
            }
            // Without principals, policies are attached to somebody of the account.
            let named = statements.iter().any(|one| one.0.contains("principal"));
            for caller in pool().into_iter().filter(|caller| named || caller.account().is_none()) {
                for (action, resource) in ASKED {
                    let request = Request::new(&caller, action, resource).unwrap();
                    let missed = new.decide(&request).is_allowed() && !old.decide(&request).is_allowed();
                    prop_assert!(!missed, "{request} {:?}", caller.groups());
                }
            }
        }
    }
}

/// A role that trusts a root account trusts its users, in its own account and in another one.
#[test]
fn trust_in_a_root_account_is_compared_for_its_users() {
    let trust = |name: &str| {
        let statement = format!(
            r#"{{"effect":"allow","action":"sts:AssumeRole","principal":{{"qcs":["qcs::cam::uin/{name}"]}}}}"#
        );
        PolicySet::trust(common::catalog(), [policy(&statement)], uin(OWNER))
    };
    for account in [OWNER, 800000000001] {
        let (root, one) = (trust(&format!("{account}:root")), trust(&format!("{account}:uin/{account}")));
        let gained = one.compare_for_all(&root, None).unwrap().gained;
        let is_another = |grant: &Grant| {
            let caller = grant.witness.caller();
            caller.account().unwrap_or(uin(OWNER)) == uin(account)
                && caller.uin().is_some_and(|own| own != uin(account))
        };
        assert!(gained.iter().any(is_another), "{gained:?}");
        for grant in &gained {
            assert!(allows_in(&root, &grant.witness) && !allows_in(&one, &grant.witness), "{grant}");
        }
    }
}

fn allows_in(set: &PolicySet<'_>, request: &Request) -> bool {
    set.decide(request).is_allowed()
}

/// Callers who are too many are an error, never the answer that nothing is different.
#[test]
fn too_many_groups_are_told_and_few_of_many_users_are_not() {
    let names = |kind: &str, numbers: std::ops::Range<u64>| {
        let names: Vec<String> =
            numbers.map(|number| format!(r#""qcs::cam::uin/{OWNER}:{kind}/{number}""#)).collect();
        names.join(",")
    };
    let statement = |effect: &str, names: &str| {
        format!(
            r#"{{"effect":"{effect}","principal":{{"qcs":[{names}]}},"action":"trtc:RemoveUser","resource":"*"}}"#
        )
    };
    let allow = statement("allow", &names("groupid", 1..101));
    let without = set(&allow);
    let denied = |groups| set(&format!("{allow},{}", statement("deny", &names("groupid", groups))));
    assert_eq!(without.compare_for_all(&denied(201..301), None), Err(AccessError::TooComplex));
    assert_eq!(denied(201..202).compare_for_all(&without, None).unwrap().gained.len(), 1);
    // Who is allowed in any case is not looked at in every group.
    let users = set(&format!("{allow},{}", statement("allow", &names("uin", 1000..1200))));
    assert_eq!(without.compare_for_all(&users, None).unwrap().gained.len(), 1);
}
