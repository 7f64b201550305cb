//! Policies written shorter, held against the comparison of what both allow.

mod common;

use cam_policy::engine::{Caller, Layer};
use cam_policy::policy::{Effect, Policy, SplitError, Statement};
use cam_policy::values::Uin;
use common::policy_set;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn policy(statements: &str) -> Policy {
    format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap()
}

/// Whether both allow the same, alone and below statements that allow and deny more.
fn same(one: &Policy, other: &Policy) -> bool {
    let owner = Uin::new(100000000001).unwrap();
    let caller = Caller::new(Uin::new(100000000002).unwrap()).with_app_id(1250000000);
    let sets = [one, other].map(|policy| policy_set([policy.clone()], owner));
    let everything = policy(r#"{"effect":"allow","action":"*","resource":"*"}"#);
    let among = [one, other].map(|policy| policy_set([policy.clone(), everything.clone()], owner));
    let below = [one, other]
        .map(|policy| policy_set([everything.clone()], owner).with_layer(Layer::Boundary, [policy.clone()]));
    [sets, among, below].iter().all(|[one, other]| one.compare(other, &caller).unwrap().is_empty())
}

/// The statements that remain, each in its shortest form, as JSON whose keys have no order.
fn minimized(statements: &str) -> Vec<serde_json::Value> {
    let policy = policy(statements);
    let short = policy.minimized();
    assert!(same(&policy, &short), "{policy:#}\n{short:#}");
    assert_eq!(short.minimized(), short);
    let text = short.minified().to_string();
    let parsed: serde_json::Value = text.parse().unwrap();
    parsed["statement"].as_array().unwrap().clone()
}

fn json<const N: usize>(texts: [&str; N]) -> [serde_json::Value; N] {
    texts.map(|text| text.parse().unwrap())
}

#[test]
fn patterns_within_others_go() {
    assert_eq!(
        minimized(
            r#"{"effect":"allow","action":["rds:L*","rds:*","rds:L*","name/rds:List"],"resource":["*","qcs::rds:::a/*"]}"#
        ),
        json([r#"{"action":"rds:*","effect":"allow","resource":"*"}"#])
    );
    assert_eq!(
        minimized(
            r#"{"effect":"allow","action":["*:*","cos:*"],"resource":["qcs::cos:*:uin/:b/${uin}/*","qcs::cos:::b/*","qcs::cos:::b/**","qcs::cos:::c/${uin}"]}"#
        ),
        json([r#"{"action":"*","effect":"allow","resource":["qcs::cos:::b/*","qcs::cos:::c/${uin}"]}"#])
    );
    // None of these is within another.
    let apart = r#"{"effect":"allow","action":["cos:*","cvm:*Describe*","cvm:Describe"],"resource":["qcs::cos:::$*","qcs::cos:::${uin}","qcs::cos::uin/*:a","qcs:id/1:cos:::a"]}"#;
    let policy = policy(apart);
    assert_eq!(policy.minimized().statements()[0].resources(), policy.statements()[0].resources());
}

#[test]
fn statements_within_others_go() {
    let office = r#""condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8"]}}"#;
    let offices = r#""condition":{"ip_equal_if_exist":{"qcs:ip":["10.0.0.0/8","192.168.0.0/16"]}}"#;
    // What is allowed in one office is allowed in both.
    assert_eq!(
        minimized(&format!(
            r#"{{"effect":"allow","action":"cos:Get*","resource":"qcs::cos:::b/*",{office}}},
            {{"effect":"allow","action":"cos:*","resource":"*",{offices}}},
            {{"effect":"deny","action":"cos:*","resource":"*",{office}}}"#
        ))
        .len(),
        2
    );
    // An allow of which a deny takes all, and a deny within another.
    assert_eq!(
        minimized(
            r#"{"effect":"allow","action":"cos:Get*","resource":"qcs::cos:::b/*"},
            {"effect":"deny","action":"cos:*","resource":"qcs::cos:::b/*"},
            {"effect":"deny","action":"cos:Put*","resource":"qcs::cos:::b/c/*"}"#
        ),
        json([r#"{"action":"cos:*","effect":"deny","resource":"qcs::cos:::b/*"}"#])
    );
    // A part of a statement is in another one, and a part is not.
    assert_eq!(
        minimized(&format!(
            r#"{{"effect":"allow","action":["cos:GetObject","cvm:*"],"resource":"*",{office}}},
            {{"effect":"allow","action":"cos:*","resource":"*"}}"#
        )),
        json([
            r#"{"action":"cvm:*","condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"}},"effect":"allow","resource":"*"}"#,
            r#"{"action":"cos:*","effect":"allow","resource":"*"}"#
        ])
    );
}

#[test]
fn lists_of_the_same_conditions_are_joined() {
    assert_eq!(
        minimized(
            r#"{"effect":"allow","action":"cos:GetObject","resource":"qcs::cos:::a/*"},
            {"effect":"allow","action":"cos:PutObject","resource":"qcs::cos:::a/*"},
            {"effect":"allow","action":["cos:GetObject","cos:PutObject"],"resource":"qcs::cos:::b/*"}"#
        ),
        json([
            r#"{"action":["cos:GetObject","cos:PutObject"],"effect":"allow","resource":["qcs::cos:::a/*","qcs::cos:::b/*"]}"#
        ])
    );
    // Three statements of which two do: `a` on all, and `c` on 3 with what `a` and `b` have there.
    assert_eq!(
        minimized(
            r#"{"effect":"allow","action":["x:A","x:B"],"resource":["qcs::x:::1","qcs::x:::2"]},
            {"effect":"allow","action":["x:A","x:C"],"resource":"qcs::x:::3"},
            {"effect":"allow","action":"x:B","resource":"qcs::x:::3"}"#
        )
        .len(),
        2
    );
    // The values of one condition, any of which is enough.
    let tag = |operator: &str, value: &str| {
        format!(
            r#"{{"effect":"allow","action":"cvm:*","resource":"*","condition":{{"{operator}":{{"qcs:resource_tag":"{value}"}}}}}}"#
        )
    };
    let both =
        |operator: &str| minimized(&format!("{},{}", tag(operator, "a&1"), tag(operator, "b&2"))).len();
    assert_eq!(both("string_equal"), 1);
    assert_eq!(both("for_any_value:string_like_if_exist"), 1);
    // A request with both tags, or with neither, tells these from one list.
    assert_eq!(both("for_all_value:string_equal"), 2);
    assert_eq!(both("string_not_equal"), 2);
    assert_eq!(
        minimized(&format!("{},{}", tag("string_like", "a&*"), tag("string_like", "a&1"))),
        [tag("string_like", "a&*").parse::<serde_json::Value>().unwrap()]
    );
}

#[test]
fn values_within_others_go() {
    let with = |operator: &str, values: &str| {
        let policy = policy(&format!(
            r#"{{"effect":"allow","action":"cvm:*","resource":"*","condition":{{"{operator}":{{"qcs:ip":[{values}]}}}}}}"#
        ));
        let short = policy.minimized();
        assert!(same(&policy, &short), "{policy:#}\n{short:#}");
        let values = short.statements()[0].conditions()[0].values();
        values.iter().map(|value| value.as_str().to_owned()).collect::<Vec<_>>()
    };
    for operator in ["ip_equal", "ip_not_equal", "ip_equal_if_exist"] {
        let values = r#""10.1.0.0/16","10.0.0.1/8","10.1.2.3","11.0.0.0/8","2001:db8:1::/48","2001:db8::/32","::ffff:10.1.0.0/112""#;
        assert_eq!(
            with(operator, values),
            ["10.0.0.1/8", "11.0.0.0/8", "2001:db8::/32", "::ffff:10.1.0.0/112"]
        );
    }
}

/// The evaluator reads no such network, so it covers nothing.
#[test]
fn a_network_that_is_none_covers_nothing() {
    for network in ["10.0.0.0/008", "10.0.0.0/+8", "010.0.0.0/8"] {
        let policy = policy(&format!(
            r#"{{"effect":"deny","action":["cvm:*"],"resource":["*"],"condition":{{"ip_equal":{{"qcs:ip":["{network}","10.1.0.0/16"]}}}}}}"#
        ));
        let short = policy.minimized();
        assert!(same(&policy, &short), "{short}");
        assert_eq!(short.statements()[0].conditions()[0].values().len(), 2, "{short}");
    }
}

/// Each part of a policy may be attached alone.
#[test]
fn no_part_allows_what_the_whole_denies() {
    let resources = |from: usize, to: usize| {
        let all = (from..to)
            .map(|n| format!(r#""qcs::cos:ap-guangzhou:uid/1250000000:bucket-{n:03}-1250000000/*""#));
        all.collect::<Vec<_>>().join(",")
    };
    let (all, denied) = (resources(0, 100), resources(40, 100));
    let whole = policy(&format!(
        r#"{{"effect":"allow","action":["cos:GetObject"],"resource":[{all}]}},
        {{"effect":"allow","action":["cos:PutObject"],"resource":[{}]}},
        {{"effect":"deny","action":["cos:PutObject"],"resource":[{denied}]}}"#,
        resources(0, 40)
    ));
    let parts = whole.split().unwrap();
    assert!(parts.len() > 1);
    let puts = |policy: &Policy| {
        let allows = policy.statements().iter().filter(|one| one.effect() == Effect::Allow);
        let of_put = allows.filter(|one| one.actions().iter().any(|action| action.matches("cos:PutObject")));
        of_put.flat_map(Statement::resources).map(ToString::to_string).collect::<Vec<_>>()
    };
    for part in &parts {
        assert!(puts(part).iter().all(|one| !denied.contains(one.as_str())), "{part}");
    }
}

#[test]
fn a_trust_policy_and_a_bucket_policy_keep_whom_they_are_for() {
    let trust = policy(
        r#"{"effect":"allow","principal":{"service":"scf.qcloud.com"},"action":"name/sts:AssumeRole"},
        {"effect":"allow","principal":{"service":"cvm.qcloud.com"},"action":"sts:AssumeRole"},
        {"effect":"allow","principal":{"service":"cvm.qcloud.com"},"action":["sts:AssumeRole","sts:Get*"]}"#,
    );
    assert_eq!(trust.minimized().statements().len(), 2);
    let bucket = policy(
        r#"{"effect":"allow","principal":"*","action":"cos:Get*","resource":"qcs::cos:::b/*"},
        {"effect":"allow","principal":{"qcs":["qcs::cam::uin/1:uin/2"]},"action":"cos:GetObject","resource":"qcs::cos:::b/*"}"#,
    );
    assert_eq!(bucket.minimized(), bucket);
}

/// One long list, and what is left of the policies.
#[test]
fn as_few_policies_are_made_as_hold_the_text() {
    let resources = |count: usize, prefix: &str| {
        let all: Vec<String> = (0..count)
            .map(|n| format!(r#""qcs::cos:ap-guangzhou:uid/1250000000:{prefix}-{n:05}/*""#))
            .collect();
        all.join(",")
    };
    let statement = |action: &str, count: usize, prefix: &str| {
        format!(r#"{{"effect":"allow","action":"{action}","resource":[{}]}}"#, resources(count, prefix))
    };
    // Halves of halves of it would be eight.
    let long = policy(&statement("cos:GetObject", 610, "bucket"));
    let parts = long.split().unwrap();
    assert_eq!(parts.len(), long.len_for_cam().div_ceil(Policy::LENGTH_LIMIT), "{}", long.len_for_cam());
    assert_eq!(parts.len(), 6);
    // Three of which two are longer than one policy together: one of them is cut.
    let three = ["a", "b", "c"].map(|name| statement(&format!("cos:{name}"), 62, name)).join(",");
    let three = policy(&three);
    assert!(three.statements().iter().all(|one| one.to_string().len() * 2 > Policy::LENGTH_LIMIT));
    assert_eq!(three.split().unwrap().len(), 2);
    // What is said twice is not cut.
    let twice =
        policy(&format!("{},{}", statement("cos:Get*", 90, "b"), statement("cos:GetObject", 90, "b")));
    assert_eq!(twice.split().unwrap(), [twice.minimized()]);
    for whole in [long, three] {
        let parts = whole.split().unwrap();
        let owner = Uin::new(100000000001).unwrap();
        let difference =
            policy_set([whole], owner).compare(&policy_set(parts, owner), Uin::new(100000000002).unwrap());
        assert!(difference.unwrap().is_empty());
    }
}

#[test]
fn more_parts_than_can_be_attached_are_an_error() {
    let values: Vec<String> = (0..590).map(|n| format!(r#""{n:07}""#)).collect();
    let of = |count: usize| {
        let resources: Vec<String> =
            (0..count).map(|n| format!(r#""qcs::cos:::bucket-{n:05}-1250000000/*""#)).collect();
        policy(&format!(
            r#"{{"effect":"allow","action":"cos:*","resource":[{}],"condition":{{"string_equal":{{"cos:x":[{}]}}}}}}"#,
            resources.join(","),
            values.join(",")
        ))
    };
    // Three resources have room beside the condition.
    assert_eq!(of(100).split().unwrap().len(), 34);
    let error = of(1_420).split().unwrap_err();
    assert!(matches!(error, SplitError::TooMany { parts } if parts > 200), "{error}");
    assert!(error.to_string().contains("CAM attaches 200 to an identity"), "{error}");
}

const ACTIONS: [&str; 9] = [
    "trtc:RemoveUser",
    "trtc:Remove*",
    "trtc:*",
    "trtc:GetUserList",
    "cos:*Object",
    "cos:Get*",
    "cos:GetObject",
    "*:*",
    "cvm:Run*",
];
const RESOURCES: [&str; 10] = [
    "*",
    "qcs::trtc:::sdkappid/1",
    "qcs::trtc:*:uin/:sdkappid/1*",
    "qcs::trtc::uin/100000000001:sdkappid/*",
    "qcs::cos:::b/*",
    "qcs::cos:::b/${uin}/*",
    "qcs::cos:ap-beijing::b/${app_id}",
    "qcs::cos:ap-*:*:b/c*",
    "qcs:id/0:cvm:::*",
    "qcs::*:::sdkappid/1*",
];
const CONDITIONS: [&str; 14] = [
    "",
    "",
    "",
    r#""ip_equal":{"qcs:ip":["10.0.0.0/8"]}"#,
    r#""ip_equal":{"qcs:ip":["10.0.0.0/8","192.168.0.0/16"]}"#,
    r#""ip_not_equal":{"qcs:ip":["10.0.0.0/8","192.168.0.0/16"]}"#,
    r#""ip_not_equal_if_exist":{"qcs:ip":"10.0.0.0/8"}"#,
    r#""string_like":{"cos:t":["a*","ab"]}"#,
    r#""string_like":{"cos:t":["${uin}","c"]}"#,
    r#""string_like_if_exist":{"cos:t":"a*"}"#,
    r#""for_all_value:string_like":{"cos:t":["a*","b"]}"#,
    r#""for_all_value:string_like":{"cos:t":"b"}"#,
    r#""null_equal":{"cos:t":"true"}"#,
    r#""null_equal":{"cos:t":"false"},"numeric_less_than":{"cos:n":[1,2]}"#,
];

prop_compose! {
    fn statement()(
        effect in select(&["allow", "allow", "deny"][..]),
        actions in subsequence(&ACTIONS[..], 1..4),
        resources in subsequence(&RESOURCES[..], 1..4),
        condition in select(&CONDITIONS[..]),
    ) -> Statement {
        let text = format!(
            r#"{{"effect":"{effect}","action":{actions:?},"resource":{resources:?},"condition":{{{condition}}}}}"#
        );
        let text = text.replace(r#","condition":{}"#, "");
        policy(&text).statements()[0].clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_shortest_policy_allows_the_same(statements in proptest::collection::vec(statement(), 1..7)) {
        let policy = Policy::new(statements).unwrap();
        let short = policy.minimized();
        prop_assert!(same(&policy, &short), "{policy:#}\n{short:#}");
        prop_assert!(short.len_for_cam() <= policy.len_for_cam());
        prop_assert!(short.statements().len() <= policy.statements().len());
        prop_assert_eq!(short.minimized(), short);
    }
}

/// Everything that a tiny policy can say of two actions and two resources, and of all others.
mod tiny {
    use super::*;

    const ACTIONS: [&[&str]; 4] = [&["x:A"], &["x:B"], &["x:A", "x:B"], &["x:*"]];
    const RESOURCES: [&[&str]; 4] = [&["qcs::x:::1"], &["qcs::x:::2"], &["qcs::x:::1", "qcs::x:::2"], &["*"]];

    /// For each pair of an action and a resource, or another of each: 2 if it is denied, else 1 if it is allowed.
    type Access = [u8; 9];

    struct Box {
        statement: Statement,
        access: Access,
    }

    fn boxes() -> Vec<Box> {
        let rows: [&[usize]; 4] = [&[0], &[1], &[0, 1], &[0, 1, 2]];
        let mut all = Vec::new();
        for (effect, mark) in [("allow", 1), ("deny", 2)] {
            for (actions, own_actions) in ACTIONS.into_iter().zip(rows) {
                for (resources, own_resources) in RESOURCES.into_iter().zip(rows) {
                    let text =
                        format!(r#"{{"effect":"{effect}","action":{actions:?},"resource":{resources:?}}}"#);
                    let mut access = [0; 9];
                    for action in own_actions {
                        for resource in own_resources {
                            access[action * 3 + resource] = mark;
                        }
                    }
                    all.push(Box { statement: policy(&text).statements()[0].clone(), access });
                }
            }
        }
        all
    }

    #[test]
    fn a_tiny_policy_becomes_as_short_as_any_that_says_the_same() {
        let boxes = boxes();
        let mut policies: Vec<(Vec<usize>, Access)> = vec![(Vec::new(), [0; 9])];
        let mut from = 0;
        for _ in 0..3 {
            let until = policies.len();
            for at in from..until {
                let (own, access) = policies[at].clone();
                let from = own.last().map_or(0, |last| last + 1);
                for (next, one) in boxes.iter().enumerate().skip(from) {
                    let mut access = access;
                    access.iter_mut().zip(one.access).for_each(|(one, other)| *one = (*one).max(other));
                    policies.push(([own.as_slice(), &[next]].concat(), access));
                }
            }
            from = until;
        }
        let written = |(own, _): &(Vec<usize>, Access)| {
            Policy::new(own.iter().map(|at| boxes[*at].statement.clone())).unwrap()
        };
        let size = |policy: &Policy| (policy.statements().len(), policy.len_for_cam());
        let mut least = std::collections::BTreeMap::new();
        for one in &policies[1..] {
            let size = size(&written(one));
            least.entry(one.1).and_modify(|known| *known = size.min(*known)).or_insert(size);
        }
        let mut missed = Vec::new();
        for one in &policies[1..] {
            let short = written(one).minimized();
            if size(&short) > least[&one.1] {
                missed.push(format!(
                    "{:?} not {:?}: {:#}\n{short:#}",
                    size(&short),
                    least[&one.1],
                    written(one)
                ));
            }
        }
        assert!(
            missed.is_empty(),
            "{} of {}, such as {}",
            missed.len(),
            policies.len(),
            missed[missed.len() - 1]
        );
    }
}
