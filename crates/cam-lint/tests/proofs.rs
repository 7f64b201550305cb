//! A proof that access stays the same is checked with decisions: no request of anybody is decided otherwise.

mod common;

use std::cell::Cell;

use cam_lint::{FixMode, Kind, LintOptions, Persona, Proof, prove};
use cam_policy::engine::{Caller, Decision, PolicySet, Request};
use cam_policy::policy::{ActionPattern, Effect, Policy, Principal, ResourcePattern, Statement};
use cam_policy::values::Uin;
use common::{catalog, fix};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

fn options(kind: Option<Kind>) -> LintOptions<'static> {
    let options = LintOptions::new(catalog()).persona(Persona::Auditor);
    kind.into_iter().fold(options, LintOptions::kind)
}

fn policy(statements: &[&str]) -> String {
    format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","))
}

/// What the fixes that are made unasked leave of a policy.
fn fixed(kind: impl Into<Option<Kind>>, statements: &[&str]) -> (String, String) {
    let text = policy(statements);
    let fixed = fix(&text, &options(kind.into()), FixMode::Safe).text;
    (text, fixed)
}

const ALLOW_TRTC: &str = r#"{"effect":"allow","action":["trtc:*"],"resource":["*"]}"#;

#[test]
fn a_deny_of_resources_of_an_account_stays() {
    let room = r#"{"effect":"deny","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000009:sdkappid/1"]}"#;
    let machines = r#"{"effect":"deny","action":["cvm:StopInstances"],"resource":["qcs::cvm:ap-guangzhou:uin/100000000009:instance/*"]}"#;
    let allow = r#"{"effect":"allow","action":["cvm:*"],"resource":["*"]}"#;
    // One account is enough for each mistake that the search can make with the account it starts with.
    for account in ["100000000001", "100000000009"] {
        for kind in [Kind::Boundary, Kind::Session] {
            for statements in [[ALLOW_TRTC, room], [allow, machines]] {
                let [allow, deny] = statements.map(|one| one.replace("100000000009", account));
                let (text, fixed) = fixed(kind, &[&allow, &deny]);
                assert_eq!(fixed, text, "{kind:?}");
                assert!(!prove(&options(Some(kind)), &text, &policy(&[&allow])).is_safe());
            }
        }
    }
}

/// Where the policy belongs to another account than the resource.
#[test]
fn an_allow_of_another_account_is_not_taken_by_a_deny_of_the_own_one() {
    let allow = r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc::uin/100000000009:sdkappid/1"]}"#;
    let deny = r#"{"effect":"deny","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/*"]}"#;
    let proof = prove(&options(Some(Kind::Session)), &policy(&[allow, deny]), &policy(&[deny]));
    assert!(matches!(proof, Proof::Differs { .. }), "{proof:?}");
}

fn trust(effect: &str, principal: &str, condition: &str) -> String {
    format!(
        r#"{{"effect":"{effect}","action":["sts:AssumeRole"],"principal":{{"qcs":["{principal}"]}}{condition}}}"#
    )
}

#[test]
fn a_deny_of_a_principal_of_an_account_stays() {
    let address = r#","condition":{"ip_not_equal":{"qcs:ip":["203.0.113.0/24"]}}"#;
    for kind in [None, Some(Kind::Trust)] {
        for [allow, deny, condition] in [
            [
                "qcs::cam::uin/100000000001:uin/100000000002",
                "qcs::cam::uin/100000000001:uin/100000000002",
                address,
            ],
            ["*", "qcs::cam::uin/100000000001:uin/100000000002", ""],
            ["*", "qcs::cam::uin/100000000001:root", ""],
            ["qcs::cam::uin/100000000001:groupid/5", "qcs::cam::uin/100000000001:groupid/6", ""],
            ["qcs::cam::uin/100000000001:groupid/5", "qcs::cam::uin/100000000001:uin/100000000002", ""],
            [
                "qcs::cam::uin/100000000001:roleName/reader",
                "qcs::cam::uin/100000000001:role/4611686018427397919",
                "",
            ],
            // A user of another account is not the own one with the same number.
            [
                "qcs::cam::uin/100000000009:uin/100000000002",
                "*",
                r#","condition":{"bool_equal":{"qcs:mfa":"true"}}"#,
            ],
        ] {
            let (text, fixed) = fixed(kind, &[&trust("allow", allow, ""), &trust("deny", deny, condition)]);
            assert_eq!(fixed, text, "{kind:?}");
        }
    }
}

#[test]
fn a_deny_that_denies_nothing_goes_whatever_the_account() {
    let allow =
        r#"{"effect":"allow","action":["trtc:*"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1"]}"#;
    let deny = r#"{"effect":"deny","action":["cvm:*"],"resource":["qcs::cvm:ap-guangzhou:uin/100000000009:instance/*"]}"#;
    assert_eq!(fixed(Kind::Boundary, &[allow, deny]).1, policy(&[allow]));
}

/// A deny with a mistake in its resource may deny nothing. Without the mistake it does.
#[test]
fn a_deny_that_becomes_effective_changes_access() {
    for kind in [Kind::Identity, Kind::Bucket] {
        let principal = if kind == Kind::Bucket { r#""principal":"*","# } else { "" };
        for [action, wrong, right] in [
            [
                "trtc:RemoveUser",
                "qcs::trtc::uin/100000000001:room/1",
                "qcs::trtc::uin/100000000001:sdkappid/1",
            ],
            [
                "cvm:StopInstances",
                "qcs::cvm::uid/100000000001:instance/1",
                "qcs::cvm::uin/100000000001:instance/1",
            ],
            [
                "cos:GetObject",
                "qcs::cos:ap-guangzhou:uin/1250000000:b-1250000000/*",
                "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*",
            ],
            ["trtc:RemoveUser", "qcs:trtc:::sdkappid/1:", "qcs::trtc::uin/100000000009:sdkappid/1"],
        ] {
            let deny = |resource: &str| {
                policy(&[&format!(
                    r#"{{"effect":"deny",{principal}"action":["{action}"],"resource":["{resource}"]}}"#
                )])
            };
            let proof = prove(&options(Some(kind)), &deny(wrong), &deny(right));
            assert!(!proof.is_safe(), "{kind:?} {wrong}: {proof:?}");
        }
    }
}

/// An anonymous caller has no identity policies that would allow it something.
#[test]
fn a_deny_of_a_bucket_is_about_anonymous_callers_too() {
    let deny = |principal: &str| {
        let deny = r#"{"effect":"deny","principal":PRINCIPAL,"action":["cos:GetObject"],"resource":["qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/*"]}"#;
        policy(&[&deny.replace("PRINCIPAL", principal)])
    };
    let named = deny(r#"{"qcs":["qcs::cam::uin/100000000001:uin/100000000002"]}"#);
    let everybody = deny(r#"{"qcs":["qcs::cam::anyone:anyone"]}"#);
    let Proof::Differs { gives, takes } = prove(&options(Some(Kind::Bucket)), &named, &everybody) else {
        panic!()
    };
    assert!(gives.is_empty());
    assert!(!takes.is_empty());
}

#[test]
fn what_cannot_be_searched_is_not_called_the_same() {
    let twice = |resource: &str| {
        let statement = |actions: &str| {
            policy(&[&format!(r#"{{"effect":"allow","action":[{actions}],"resource":["{resource}"]}}"#)])
        };
        (statement(r#""trtc:*","trtc:RemoveUser""#), statement(r#""trtc:*""#))
    };
    let of = |resource: &str| {
        let (before, after) = twice(resource);
        prove(&options(None), &before, &after)
    };
    assert_eq!(of("qcs::trtc::uin/100000000001:sdkappid/1"), Proof::Same);
    for resource in ["qcs::trtc::uin/1000*:sdkappid/1", "qcs:id/7:trtc:::sdkappid/1"] {
        assert!(matches!(of(resource), Proof::Unproven(_)), "{resource}");
    }
    let mut many: Vec<String> =
        (0..40).map(|at| format!("qcs::trtc::uin/{}:sdkappid/1", 100_000_000_000_u64 + at)).collect();
    // Statements that name each account decide alike wherever they stand, so one place is enough.
    assert_eq!(of(&many.join(r#"",""#)), Proof::Same);
    // One that means its own account does not.
    many.push("qcs::trtc:::sdkappid/1".into());
    assert!(matches!(of(&many.join(r#"",""#)), Proof::Unproven(_)));
}

const ACCOUNTS: [u64; 3] = [100_000_000_001, 100_000_000_009, 100_000_012_345];
const APP_IDS: [u64; 2] = [1_250_000_000, 1_250_000_001];
const USERS: [u64; 3] = [100_000_000_001, 100_000_000_002, 100_000_000_003];

const ACTIONS: [&str; 7] =
    ["*", "trtc:*", "trtc:RemoveUser", "trtc:GetUserList", "cvm:StopInstances", "cvm:*", "other:Thing"];

const RESOURCES: [&str; 10] = [
    "*",
    "qcs::trtc:::sdkappid/*",
    "qcs::trtc::uin/100000000001:sdkappid/1",
    "qcs::trtc::uin/100000000009:sdkappid/*",
    "qcs::trtc::uin/*:sdkappid/1",
    "qcs::cvm::uin/100000000001:instance/*",
    "qcs::cvm:ap-guangzhou::instance/a",
    "qcs::other::uid/1250000000:a-1250000000/*",
    "qcs::other:::a-1250000000/x",
    "qcs::other:::${uin}/x",
];

const PRINCIPALS: [&str; 8] = [
    "*",
    "qcs::cam::uin/100000000001:uin/100000000002",
    "qcs::cam::uin/100000000009:uin/100000000002",
    "qcs::cam::uin/100000000009:root",
    "qcs::cam::uin/100000000001:groupid/5",
    "qcs::cam::uin/100000000001:groupid/6",
    "qcs::cam::uin/100000000001:roleName/reader",
    "qcs::cam::uin/100000000001:role/4611686018427397919",
];

fn statement(with_principal: bool) -> impl Strategy<Value = Statement> {
    let effect = select(vec![Effect::Allow, Effect::Allow, Effect::Deny]);
    let principals = subsequence(PRINCIPALS.to_vec(), 1..3);
    let parts =
        (effect, subsequence(ACTIONS.to_vec(), 1..3), subsequence(RESOURCES.to_vec(), 1..3), principals);
    parts.prop_map(move |(effect, actions, resources, principals)| {
        let actions: Vec<ActionPattern> = actions.iter().map(|one| one.parse().unwrap()).collect();
        let resources: Vec<ResourcePattern> = resources.iter().map(|one| one.parse().unwrap()).collect();
        let statement = Statement::new(effect, actions, resources);
        if !with_principal {
            return statement;
        }
        statement.for_principal(Principal::new(cam_policy::policy::PrincipalKind::Qcs, principals))
    })
}

/// A policy, and the number of a statement that goes.
fn change() -> impl Strategy<Value = (Kind, Vec<Statement>, usize)> {
    let kinds = vec![Kind::Identity, Kind::Boundary, Kind::Session, Kind::Bucket];
    select(kinds).prop_flat_map(|kind| {
        let statements = proptest::collection::vec(statement(kind == Kind::Bucket), 2..5);
        (Just(kind), statements, 0..4_usize)
    })
}

fn callers() -> Vec<Caller> {
    let uin = |number: u64| Uin::new(number).unwrap();
    let mut callers =
        vec![Caller::anonymous(), Caller::role("other"), Caller::service("a.cloud.tencent.com")];
    for user in USERS {
        for groups in [vec![], vec![5], vec![6], vec![5, 6]] {
            callers.push(Caller::new(uin(user)).in_groups(groups));
        }
    }
    for name in ["reader", "writer"] {
        callers.push(Caller::role(name));
        callers.push(Caller::role(name).with_role_id(4_611_686_018_427_397_919));
    }
    let foreign = callers
        .clone()
        .into_iter()
        .flat_map(|caller| ACCOUNTS.map(|account| caller.clone().of_account(uin(account))));
    let foreign: Vec<Caller> = foreign.collect();
    callers.extend(foreign);
    callers
}

fn resources() -> Vec<(&'static str, String)> {
    let mut all = vec![("trtc:GetUserList", "*".to_owned()), ("other:Thing", "*".to_owned())];
    for account in ACCOUNTS {
        for app in [1, 2] {
            all.push(("trtc:RemoveUser", format!("qcs::trtc::uin/{account}:sdkappid/{app}")));
        }
        for region in ["ap-guangzhou", "ap-beijing"] {
            all.push(("cvm:StopInstances", format!("qcs::cvm:{region}:uin/{account}:instance/a")));
        }
        all.push(("other:Thing", format!("qcs::other::uin/{account}:a-1250000000/x")));
    }
    for app_id in APP_IDS {
        all.push(("other:Thing", format!("qcs::other::uid/{app_id}:a-{app_id}/x")));
        all.push(("other:Thing", format!("qcs::other::uid/{app_id}:100000000002/x")));
    }
    all
}

/// Whether the changed policy decides some request of somebody otherwise, and which.
fn other_decision(kind: Kind, old: &Policy, new: &Policy) -> Option<Request> {
    let callers = callers();
    // Only a policy with principals is about callers of other accounts.
    let asked = |caller: &&Caller| kind == Kind::Bucket || caller.account().is_none();
    for owner in ACCOUNTS {
        let owner = Uin::new(owner).unwrap();
        let set = |policy: &Policy| PolicySet::new(&catalog(), [policy.clone()], owner);
        let (before, after) = (set(old), set(new));
        for caller in callers.iter().filter(asked) {
            for (app_id, (action, resource)) in
                APP_IDS.into_iter().flat_map(|one| resources().into_iter().map(move |other| (one, other)))
            {
                let request = Request::new(caller.clone().with_app_id(app_id), action, &resource).unwrap();
                let (was, is) = (before.decide(&request).decision(), after.decide(&request).decision());
                // Other policies may stand beside these kinds, and a deny takes from them.
                let same = match kind {
                    Kind::Identity | Kind::Bucket => was == is,
                    _ => (was == Decision::Allowed) == (is == Decision::Allowed),
                };
                if !same {
                    return Some(request);
                }
            }
        }
    }
    None
}

#[test]
fn no_request_is_decided_otherwise_where_access_stays_the_same() {
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    let same = Cell::new(0);
    let proved = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)).run(
        &change(),
        |(kind, statements, gone)| {
            let old = Policy::new(statements.clone()).unwrap();
            let without = statements.iter().enumerate().filter(|(at, _)| *at != gone % statements.len());
            let new = Policy::new(without.map(|(_, one)| one.clone())).unwrap();
            if prove(&options(Some(kind)), &old.to_string(), &new.to_string()) == Proof::Same {
                same.set(same.get() + 1);
                let found = other_decision(kind, &old, &new);
                prop_assert!(found.is_none(), "{:?} {:?}: {old} and {new}", kind, found);
            }
            Ok(())
        },
    );
    proved.unwrap_or_else(|error| panic!("{error}"));
    assert!(same.get() > 20, "{}", same.get());
}
