//! Least-privilege policies, held against the evaluator: they allow what was asked for, and nothing else.

mod common;

use cam_policy::catalog::{Action, Granularity};
use cam_policy::diagnostic::Diagnostic;
use cam_policy::engine::{AccessDenied, PolicySet, Request};
use cam_policy::least::{Access, Call, LeastPolicy};
use cam_policy::pattern_form::fill;
use cam_policy::policy::{ActionPattern, ResourcePattern};
use cam_policy::values::Uin;
use common::catalog;
use proptest::prelude::*;
use proptest::sample::subsequence;

const OWNER: u64 = 100000000001;

fn uin(number: u64) -> Uin {
    Uin::new(number).unwrap()
}

/// One resource of the action's first pattern.
fn resource(action: Action<'_>) -> Option<ResourcePattern> {
    let form = action.patterns().first()?.single;
    let mut values = vec![("uin", uin(OWNER).into()), ("region", "ap-guangzhou".into())];
    values.extend(cam_policy::text::placeholders(form).into_iter().map(|name| match name {
        "uin" | "region" => ("", 0.into()),
        name => (name, 1400000001.into()),
    }));
    Some(fill(form, &values).parse().unwrap())
}

fn call(action: Action<'_>) -> Call {
    match resource(action) {
        Some(resource) => Call::new(ActionPattern::of(action), resource),
        None => Call::anywhere(ActionPattern::of(action)),
    }
}

/// Some actions that have a documented granularity or none, each as it can be called.
fn actions() -> impl Strategy<Value = Vec<Action<'static>>> {
    let all: Vec<Action<'static>> = catalog().actions().collect();
    subsequence(all, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_calls_are_allowed_and_nothing_else(asked in actions()) {
        let calls: Vec<Call> = asked.iter().map(|action| call(*action)).collect();
        let least = LeastPolicy::for_calls(catalog(), &calls).unwrap();
        let set = PolicySet::new(catalog(), [least.policy.clone()], uin(OWNER));
        for call in &calls {
            let resource = call.resource().map_or("*", |resource| resource.as_str());
            let request = Request::new(uin(100000000002), call.action().as_str(), resource).unwrap();
            prop_assert!(set.decide(&request).is_allowed(), "{request}");
        }
        let grants = set.grants(uin(100000000002)).unwrap();
        let mut granted: Vec<&str> = grants.iter().flat_map(|grant| &grant.actions).map(|one| one.as_str()).collect();
        granted.sort_unstable();
        prop_assert_eq!(granted, asked.iter().map(|action| action.as_str()).collect::<Vec<_>>());
        for grant in &grants {
            for part in grant.parts.iter().filter(|part| !part.resources.iter().any(ResourcePattern::is_all)) {
                let of = |action: &ActionPattern| resource(catalog().action(action.as_str()).unwrap()).unwrap();
                prop_assert!(grant.actions.iter().all(|action| part.resources.contains(&of(action))));
            }
        }
        // A `*` is never silent, and never beside a resource.
        for statement in least.policy.statements() {
            let everywhere = statement.resources().iter().any(ResourcePattern::is_all);
            prop_assert!(!everywhere || statement.resources().len() == 1);
            for action in statement.actions().iter().filter(|_| everywhere) {
                let told = format!("`{action}` is granted on `*`");
                prop_assert!(least.notes.iter().any(|note| note.starts_with(&told)), "{:?}", least.notes);
            }
        }
        prop_assert!(!least.policy.check(catalog()).iter().any(Diagnostic::has_no_effect));
    }
}

#[test]
fn what_is_granted_on_a_resource_has_one_of_the_access_levels() {
    let application: ResourcePattern = "qcs::trtc::uin/100000000001:sdkappid/1400000001".parse().unwrap();
    let least = LeastPolicy::for_resources(catalog(), std::slice::from_ref(&application), &Access::default())
        .unwrap();
    let [statement] = least.policy.statements() else { panic!("{:#}", least.policy) };
    let granted: Vec<&str> = statement.actions().iter().map(|action| action.as_str()).collect();
    let limited: Vec<&str> = catalog()
        .actions()
        .filter(|action| application.meets(*action) == Some(true))
        .map(|action| action.as_str())
        .collect();
    assert_eq!(granted, limited);
    assert!(least.notes.iter().any(|note| note.contains("operation-level actions of `trtc` are left out")));

    let access = Access { operation_level: true, ..Access::default() };
    let least = LeastPolicy::for_resources(catalog(), &[application], &access).unwrap();
    let [_, everywhere] = least.policy.statements() else { panic!("{:#}", least.policy) };
    for action in everywhere.actions() {
        assert_eq!(catalog().action(action.as_str()).unwrap().granularity(), Granularity::Operation);
    }
}

#[test]
fn what_cam_has_printed_is_granted_even_against_the_catalog() {
    let text = "you are not authorized to perform operation (trtc:GetUserList)\n\
                resource (qcs::trtc::uin/100000000001:sdkappid/1400000001) has no permission";
    let statement = AccessDenied::parse(text).unwrap().least_statement();
    let call = Call::new(statement.actions()[0].clone(), statement.resources()[0].clone()).seen();
    let least = LeastPolicy::for_calls(catalog(), &[call]).unwrap();
    assert_eq!(least.policy.statements(), [statement]);
    assert!(
        least.notes[0]
            .starts_with("`trtc:GetUserList` is operation-level by the catalog, but CAM itself has printed")
    );
}

#[test]
fn every_problem_is_reported_at_once() {
    let calls: Vec<Call> = ["trtc:RemoveUser", "trtc:RemoveUsers", "cos:GetObject"]
        .iter()
        .map(|action| Call::anywhere(action.parse().unwrap()))
        .collect();
    let error = LeastPolicy::for_calls(catalog(), &calls).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
    let everything = LeastPolicy::for_resources(catalog(), &[ResourcePattern::ALL], &Access::default());
    assert_eq!(
        everything.unwrap_err().to_string(),
        "`*` is every resource: name some, or name the actions\n"
    );
}

/// What is written for a request with a project has none. The check accepts it, and the evaluator finds that it allows
/// the request.
#[test]
fn a_project_is_left_out_and_the_check_and_the_evaluator_agree() {
    let named: ResourcePattern = "qcs:id/7:trtc::uin/100000000001:sdkappid/1400000001".parse().unwrap();
    let calls = [Call::new("trtc:RemoveUser".parse().unwrap(), named.clone())];
    let of_resource = LeastPolicy::for_resources(catalog(), std::slice::from_ref(&named), &Access::default());
    for least in [LeastPolicy::for_calls(catalog(), &calls).unwrap(), of_resource.unwrap()] {
        let written = least.policy.statements()[0].resources()[0].as_str();
        assert_eq!(written, "qcs::trtc::uin/100000000001:sdkappid/1400000001");
        assert!(least.notes.iter().any(|note| note.contains("an empty project matches every project")));
        assert_eq!(least.policy.check(catalog()), []);
        let request = Request::new(uin(100000000002), "trtc:RemoveUser", named.as_str()).unwrap();
        assert!(PolicySet::new(catalog(), [least.policy], uin(OWNER)).decide(&request).is_allowed());
    }
}

/// A pattern is no way around the rule that `*` has to be asked for.
#[test]
fn a_pattern_is_judged_by_the_actions_that_it_matches() {
    let calls = |text: &str, resource: Option<&str>| {
        let action = text.parse().unwrap();
        match resource {
            Some(resource) => Call::new(action, resource.parse().unwrap()),
            None => Call::anywhere(action),
        }
    };
    let of = |call: Call| LeastPolicy::for_calls(catalog(), &[call]);
    for resource in [None, Some("*")] {
        let error = of(calls("trtc:Remove*", resource)).unwrap_err().to_string();
        assert_eq!(
            error,
            "`trtc:Remove*` matches 2 resource-level actions, such as `trtc:RemoveUser`: name the resource, such as \
             `qcs::trtc::uin/<uin>:sdkappid/<SdkAppId>`\n"
        );
    }
    let notes = |call: Call| of(call).unwrap().notes.join("\n");
    assert_eq!(
        notes(calls("trtc:Remove*", None).everywhere()),
        "`trtc:Remove*` is granted on `*`: it is asked for on every resource, and a resource can limit some of the actions that \
         it matches"
    );
    assert!(
        of(calls("trtc:Xyz*", Some("*")))
            .unwrap_err()
            .to_string()
            .contains("no action of its service matches")
    );
    assert_eq!(
        notes(calls("tke:Create*", Some("*"))),
        "`tke:Create*` is granted on `*`: it is unknown whether a resource can limit all that it matches"
    );
    assert!(of(calls("trtc:Remove*", Some("qcs::trtc:::sdkappid/1"))).unwrap().notes.is_empty());
}
