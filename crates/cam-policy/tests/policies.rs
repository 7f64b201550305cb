//! Tests typed conditions, problems that prevent building a policy, and policies that are split to fit CAM's length.

use cam_policy::catalog::{ActionFacts, Catalog, Lookup, Service, Tables};
use cam_policy::engine::{PolicySet, Request};
use cam_policy::key::{self, Decimal, Key, Tag, TextValue};
use cam_policy::policy::{
    ActionPattern, Comparison, Condition, ConditionValue, Effect, Policy, PolicyKind, Principal,
    PrincipalKind, Problem, Qualifier, ResourcePattern, SplitError, Statement, Variable, build,
};
use cam_policy::values::Uin;
use ipnet::IpNet;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn owner() -> Uin {
    Uin::new(12345678).unwrap()
}

fn everywhere(condition: impl Into<Condition>) -> Statement {
    Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]).with_condition(condition)
}

#[test]
fn each_method_of_a_key_prints_its_operator_and_its_values() {
    let net = |text: &str| text.parse::<IpNet>().unwrap();
    let time: Timestamp = "2026-06-01T00:00:00.5Z".parse().unwrap();
    let tags = || [Tag::new("env", "prod").unwrap(), Tag::new("team", "a&b").unwrap()];
    let size = Key::number("cos:content-length").unwrap();
    let region = Key::new("vpc:region").unwrap();
    let exact: Decimal = "-1.20".parse().unwrap();
    let texts = || [TextValue::from("ap-*"), Variable::Uin.into(), String::from("\"").into()];
    let conditions: Vec<Condition> = vec![
        key::SOURCE_IP.within([net("10.217.182.3/24"), net("2001:db8::/32")]).into(),
        key::SOURCE_IP.outside(["10.0.0.1".parse::<std::net::IpAddr>().unwrap()]).into(),
        key::SOURCE_IP.within([net("10.0.0.0/8")]).if_exist().into(),
        key::CURRENT_TIME.before(time),
        key::CURRENT_TIME.until(time),
        key::CURRENT_TIME.after(time),
        key::CURRENT_TIME.since(time),
        key::CURRENT_TIME.at(time),
        key::CURRENT_TIME.not_at(time),
        key::RESOURCE_TAG.any_of(tags()),
        key::REQUEST_TAG.only(tags()),
        key::MFA.is(true),
        key::MFA.is(false).if_exist(),
        key::MFA.is_absent(),
        key::MFA.is_present().if_exist(),
        size.equals([exact.clone(), 3_i32.into()]),
        size.not_equals([u64::MAX]),
        size.less_than(i64::MIN),
        size.at_most(1024_u32),
        size.greater_than(exact.clone()),
        size.at_least(0),
        region.equals(texts()),
        region.not_equals(texts()),
        region.equals_ignoring_case(texts()),
        region.not_equals_ignoring_case(texts()),
        region.like(texts()),
        region.not_like(texts()),
        key::UIN.equals([Variable::OwnerUin]).qualified(Qualifier::ForAllValue),
        key::OWNER_UIN.equals(["1"]),
        key::CREATE_UIN.equals([Variable::AppId]),
    ];
    let printed = |condition: &Condition| {
        let policy = Policy::new([everywhere(condition.clone())]).unwrap().to_string();
        assert_eq!(policy.parse::<Policy>().unwrap().to_string(), policy);
        let at = policy.find(r#""condition":"#).unwrap() + r#""condition":"#.len();
        policy[at..policy.len() - "}]}".len()].to_owned()
    };
    let lines: Vec<_> = conditions.iter().map(printed).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_is_wrong_with_conditions_keeps_a_policy_from_being_built() {
    let office = || key::SOURCE_IP.within(["10.0.0.0/8".parse::<IpNet>().unwrap()]);
    let error = Policy::new([
        everywhere(key::SOURCE_IP.within(Vec::<IpNet>::new())),
        everywhere(key::MFA.is(true)).with_condition(key::UIN.equals(["${UIN}", "${uin}"])),
        everywhere(office()).with_condition(key::MFA.is(true)).with_condition(office()),
        everywhere(key::MFA.is(true)).with_condition(key::MFA.is(false).if_exist()),
        everywhere(Condition::unchecked(Comparison::IpEqual.into(), "qcs:ip", [])),
    ])
    .unwrap_err();
    assert!(
        matches!(
            error.problems(),
            [
                Problem::NoValue { statement: 0, .. },
                Problem::Variable { statement: 1, .. },
                Problem::RepeatedCondition { statement: 2, .. },
                Problem::NoValue { statement: 4, .. },
            ]
        ),
        "{error:?}"
    );
    insta::assert_snapshot!(error);
}

/// Counts the characters of a text as CAM documents it.
fn counted(policy: &Policy) -> usize {
    policy.to_string().chars().filter(|character| !character.is_whitespace()).count()
}

#[test]
fn what_cannot_be_cut_says_so() {
    let long: Vec<ResourcePattern> =
        (0..300).map(|id| format!("qcs::cos::uid/1:bucket-{id}/*").parse().unwrap()).collect();
    let build = |statement: Statement| Policy::new([statement]).unwrap();
    let bucket = Statement::new(Effect::Allow, [ActionPattern::ALL], long.clone());
    let bucket = build(bucket.for_principal(Principal::All));
    assert_eq!(bucket.split(), Err(SplitError::Kind { kind: PolicyKind::Bucket }));
    let names: Vec<String> = (0..400).map(|id| format!("service-{id}.cloud.tencent.com")).collect();
    let trust = Statement::new(Effect::Allow, [ActionPattern::ALL], Vec::<ResourcePattern>::new());
    let principal = Principal::new(PrincipalKind::Service, names.iter().map(|name| &**name));
    let trust = build(trust.for_principal(principal));
    assert_eq!(trust.split(), Err(SplitError::Kind { kind: PolicyKind::Trust }));
    let values = (0..1000).map(|id| ConditionValue::Text(format!("{id:0>10}").into()));
    let condition = Condition::unchecked(Comparison::StringEqual.into(), "qcs:uin", values);
    let short = Statement::new(Effect::Allow, [ActionPattern::ALL], long);
    let policy = Policy::new([short, everywhere(condition)]).unwrap();
    let Err(SplitError::Statement { statement: 1, length }) = policy.split() else { panic!() };
    assert!(length > Policy::LENGTH_LIMIT);
    let errors = [bucket.split(), policy.split(), policy.check_length().map(|()| Vec::new())];
    insta::assert_snapshot!(errors.map(|one| one.unwrap_err().to_string()).join("\n"));
}

/// The longest statement that fits, and one that is a character longer.
#[test]
fn the_limit_itself_is_no_character_too_long() {
    let of = |length: usize| {
        let resource = format!("qcs::cos::uid/1:{}", "x".repeat(length)).parse::<ResourcePattern>().unwrap();
        let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [resource]);
        Policy::new([statement]).unwrap()
    };
    let room = Policy::LENGTH_LIMIT - counted(&of(1)) + 1;
    assert_eq!(of(room).len_for_cam(), Policy::LENGTH_LIMIT);
    assert_eq!(of(room).split(), Ok(vec![of(room)]));
    assert!(of(room).check_length().is_ok() && of(room + 1).check_length().is_err());
    assert!(matches!(of(room + 1).split(), Err(SplitError::Statement { statement: 0, .. })));
    // Two that fill a policy exactly, with the comma between them. Nothing of them can be joined.
    let half = |action: &str, length: usize| {
        let resources = of(length).statements()[0].resources().to_vec();
        Statement::new(Effect::Allow, [action.parse::<ActionPattern>().unwrap()], resources)
    };
    let both = |first, second| Policy::new([half("a:A", first), half("a:B", second)]).unwrap();
    let one = room / 2;
    let other = (1..room).find(|other| both(one, *other).len_for_cam() == Policy::LENGTH_LIMIT).unwrap();
    let third =
        |first, second| Policy::new([half("a:A", first), half("a:B", second), half("a:C", 1)]).unwrap();
    let sizes =
        |policy: Policy| policy.split().unwrap().iter().map(|one| one.statements().len()).collect::<Vec<_>>();
    assert_eq!(sizes(third(one, other)), [2, 1]);
    let mut longer = sizes(third(one, other + 1));
    longer.sort_unstable();
    assert_eq!(longer, [1, 2]);
    assert!(both(one, other).split().unwrap().len() == 1 && both(one, other + 1).split().unwrap().len() == 2);
}

/// The same cases in every run, fewer than elsewhere because long policies are slow. `PROPTEST_CASES` sets their
/// number.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases / 4,
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..default
    }
}

const ACTIONS: [&str; 6] =
    ["trtc:RemoveUser", "trtc:Dismiss*", "cos:*", "cos:GetObject", "*", "cvm:RunInstances"];

prop_compose! {
    /// Makes statements, some of which are too long for one policy.
    fn statement()(
        deny in any::<bool>(),
        actions in vec((0..ACTIONS.len(), 0..40_usize), 1..6),
        many in prop_oneof![3 => 1..4_usize, 2 => 100..400_usize],
        first in 0..1000_usize,
        whitespace in any::<bool>(),
        condition in any::<bool>(),
    ) -> Statement {
        let effect = if deny { Effect::Deny } else { Effect::Allow };
        // With many names the list of actions becomes the longer one.
        let more = actions[0].1 * actions.len();
        let more = (0..more).map(|at| format!("vpc:SomeOperationOfALongName{at}"));
        let actions = actions.iter().map(|(at, _)| ACTIONS[*at].to_owned()).chain(more);
        let gap = if whitespace { " \u{3000}" } else { "" };
        let resources = (first..first + many).map(|id| format!("qcs::cos:ap-{}::{gap}bucket-{id}/*", id % 3));
        let statement = Statement::new(
            effect,
            actions.map(|text| text.parse::<ActionPattern>().unwrap()),
            resources.map(|text| text.parse::<ResourcePattern>().unwrap()),
        );
        if condition { statement.with_condition(key::MFA.is(true)) } else { statement }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_parts_of_a_policy_decide_as_the_whole(
        statements in vec(statement(), 1..5),
        asked in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 8),
    ) {
        let whole = Policy::new(statements.iter().cloned()).unwrap();
        prop_assert_eq!(whole.len_for_cam(), counted(&whole));
        let parts = whole.split().unwrap();
        for part in &parts {
            prop_assert!(part.len_for_cam() <= Policy::LENGTH_LIMIT);
            prop_assert_eq!(part.len_for_cam(), counted(part));
            prop_assert!(!part.statements().is_empty());
        }
        let set = PolicySet::new(&Catalog::EMPTY, [whole], owner());
        let cut = PolicySet::new(&Catalog::EMPTY, parts, owner());
        for (statement, action, resource, mfa) in asked {
            let statement = statement.get(&statements);
            let action = action.get(statement.actions()).as_str().replace('*', "x");
            let action = if action == "x" { "any:Thing".to_owned() } else { action };
            let resource = resource.get(statement.resources()).as_str().replace('*', "x");
            let caller = Uin::new(23456789).unwrap();
            let request = Request::new(caller, &action, &resource).unwrap();
            let request = if mfa { request.with_key("qcs:mfa", ["true"]) } else { request };
            prop_assert_eq!(set.decide(&request).decision(), cut.decide(&request).decision(), "{}", request);
        }
    }
}

#[test]
fn what_json_could_not_hold_is_not_built() {
    let statement = || Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let nobody = Principal::new(PrincipalKind::Qcs, []);
    let twice = Principal::Named(vec![
        (PrincipalKind::Service, vec!["a.b".into()]),
        (PrincipalKind::Service, vec!["c.d".into()]),
    ]);
    let number = Condition::unchecked(
        Comparison::NumericEqual.into(),
        "cos:content-length",
        [ConditionValue::Number("abc".into())],
    );
    let error = Policy::new([
        statement().for_principal(nobody),
        statement().for_principal(twice),
        statement().with_condition(number),
    ])
    .unwrap_err();
    assert_eq!(
        error.problems(),
        [
            Problem::Principal { statement: Some(0) },
            Problem::Principal { statement: Some(1) },
            Problem::NotANumber { statement: 2, value: "abc".into() },
        ]
    );
}

#[test]
fn conditions_of_one_operator_stand_together_and_come_back_so() {
    let condition = |comparison: Comparison, key| {
        Condition::unchecked(comparison.into(), key, [ConditionValue::Text("1".into())])
    };
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL])
        .with_condition(condition(Comparison::StringEqual, "a:a"))
        .with_condition(condition(Comparison::StringLike, "a:a"))
        .with_condition(condition(Comparison::StringEqual, "a:b"));
    let policy = Policy::new([statement]).unwrap();
    assert_eq!(policy.to_string().parse::<Policy>().unwrap(), policy);
}

/// A condition on the caller's address is refused only on an action that ignores it, according to a catalog.
#[test]
fn a_condition_on_the_address_stands_unless_a_catalog_says_that_it_is_in_vain() {
    static ACTIONS: [ActionFacts<'static>; 2] = [
        ActionFacts { name: "A", qualified_name: "a:A", ip_condition: Some(false), ..ActionFacts::UNSTATED },
        ActionFacts { name: "B", qualified_name: "a:B", ..ActionFacts::UNSTATED },
    ];
    let Tables { seed, displacements, slots } = Tables::of(&["A", "B"]);
    let lookup = Lookup { seed, displacements: &displacements, slots: &slots };
    let services = [Service { id: "a", actions: &ACTIONS, lookup, ..Service::UNSTATED }];
    let catalog = Catalog { version: 0, services: &services };
    let built = |action: &str, condition: Condition| {
        let statement =
            Statement::new(Effect::Deny, [action.parse::<ActionPattern>().unwrap()], [ResourcePattern::ALL]);
        build(&catalog, None, vec![statement.with_condition(condition)], Vec::new())
    };
    let office = || key::SOURCE_IP.within(["10.0.0.0/8".parse::<IpNet>().unwrap()]);
    let error = built("a:A", office().into()).unwrap_err();
    assert_eq!(error.problems(), [Problem::IpCondition { statement: 0, action: "a:A".into() }]);
    for action in ["a:B", "a:C", "a:*", "b:A"] {
        assert!(built(action, office().into()).is_ok(), "{action}");
    }
    assert!(built("a:A", key::MFA.is(true)).is_ok());
}
