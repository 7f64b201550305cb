//! A decision over any policies is what the decisions over their statements one by one amount to.

#![no_main]

use cam_policy::engine::{Decision, PolicySet, Request};
use cam_policy::policy::{
    ActionPattern, Comparison, Condition, ConditionOperator, ConditionValue, Effect, Policy, Principal,
    PrincipalKind, Qualifier, ResourcePattern, Statement,
};
use cam_policy::values::Uin;
use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use tencent_cam::CATALOG;

const ACTIONS: &[&str] =
    &["*", "trtc:*", "trtc:RemoveUser", "trtc:GetUserList", "trtc:*Room*", "cos:Get*", "permid/1"];

const ASKED: &[&str] =
    &["trtc:RemoveUser", "trtc:GetUserList", "trtc:DismissRoom", "cos:GetObject", "ccc:CreateIVR"];

const RESOURCES: &[&str] = &[
    "*",
    "qcs::trtc::uin/1:sdkappid/*",
    "qcs::trtc::uin/1:sdkappid/14",
    "qcs::trtc:::sdkappid/14",
    "qcs::cos:ap-*:uid/12:b-12/${uin}/*",
    "qcs::::*:*",
    "qcs:id/0:cos:gz:uid/12:*/x*y*",
];

const KEYS: &[&str] = &["qcs:ip", "qcs:current_time", "qcs:resource_tag", "qcs:mfa", "cos:content-length"];

const VALUES: &[&str] = &[
    "10.0.0.0/8",
    "10.1.2.3",
    "2026-06-01T00:00:00Z",
    "env&prod",
    "true",
    "false",
    "${uin}",
    "1.20",
    "-3",
    "a*b",
];

/// One of the list, or now and then any text.
fn one(input: &mut Unstructured<'_>, of: &[&str]) -> Result<String> {
    if input.ratio(1, 8)? { String::arbitrary(input) } else { Ok((*input.choose(of)?).to_owned()) }
}

fn statement(input: &mut Unstructured<'_>) -> Result<Statement> {
    let effect = if bool::arbitrary(input)? { Effect::Allow } else { Effect::Deny };
    let mut actions: Vec<ActionPattern> = Vec::new();
    for _ in 0..input.int_in_range(1..=3)? {
        actions.extend(one(input, ACTIONS)?.parse::<ActionPattern>());
    }
    let mut resources: Vec<ResourcePattern> = Vec::new();
    for _ in 0..input.int_in_range(1..=3)? {
        resources.extend(one(input, RESOURCES)?.parse::<ResourcePattern>());
    }
    let mut statement = Statement::new(effect, actions, resources);
    if input.ratio(1, 8)? {
        let names = ["qcs::cam::uin/1:uin/2", "qcs::cam::uin/1:root"];
        statement = statement.for_principal(Principal::new(PrincipalKind::Qcs, [*input.choose(&names)?]));
    }
    for _ in 0..input.int_in_range(0..=2)? {
        let operator = ConditionOperator {
            qualifier: *input.choose(&[None, Some(Qualifier::ForAnyValue), Some(Qualifier::ForAllValue)])?,
            comparison: *input.choose(&Comparison::ALL)?,
            if_exist: bool::arbitrary(input)?,
        };
        let mut values = Vec::new();
        for _ in 0..input.int_in_range(1..=2)? {
            let value = one(input, VALUES)?.into();
            values.push(if bool::arbitrary(input)? {
                ConditionValue::Text(value)
            } else {
                ConditionValue::Number(value)
            });
        }
        statement = statement.with_condition(Condition::unchecked(operator, &one(input, KEYS)?, values));
    }
    Ok(statement)
}

fn request(input: &mut Unstructured<'_>) -> Result<Option<Request>> {
    let principal = Uin::new(input.int_in_range(1..=3)?).expect("no zero");
    let (action, resource) = (one(input, ASKED)?, one(input, RESOURCES)?);
    let Ok(mut request) = Request::new(principal, &action, &resource) else { return Ok(None) };
    for _ in 0..input.int_in_range(0..=3)? {
        let (key, value) = (one(input, KEYS)?, one(input, VALUES)?);
        let other = one(input, VALUES)?;
        request = request.with_key(&key, [&*value, &*other].into_iter().take(input.int_in_range(0..=2)?));
    }
    Ok(Some(request))
}

fn check(input: &mut Unstructured<'_>) -> Result<()> {
    let owner = Uin::new(1).expect("no zero");
    let mut policies: Vec<Policy> = Vec::new();
    let mut alone: Vec<PolicySet> = Vec::new();
    for _ in 0..input.int_in_range(1..=3)? {
        let mut together = Vec::new();
        for _ in 0..input.int_in_range(1..=4)? {
            let one = statement(input)?;
            let Ok(policy) = Policy::new([one.clone()]) else { continue };
            alone.push(PolicySet::new(CATALOG, [policy], owner));
            together.push(one);
        }
        policies.extend(Policy::new(together));
    }
    let set = PolicySet::new(CATALOG, policies, owner);
    let Some(request) = request(input)? else { return Ok(()) };
    let response = set.decide(&request);
    let decisions: Vec<Decision> = alone.iter().map(|one| one.decide(&request).decision()).collect();
    let expected =
        [Decision::ExplicitlyDenied, Decision::Allowed].into_iter().find(|one| decisions.contains(one));
    if !response.is_root() {
        assert_eq!(response.decision(), expected.unwrap_or(Decision::ImplicitlyDenied), "{request}");
        let deciding = decisions.iter().filter(|decision| Some(**decision) == expected).count();
        assert_eq!(response.statements().len(), if expected.is_some() { deciding } else { 0 }, "{request}");
    }
    assert!(!response.to_string().is_empty());
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    // Too short an input is no case.
    let _ = check(&mut Unstructured::new(bytes));
});
