//! Tests what explanations say, and that the changes they propose grant no more than the request.

mod common;

use cam_policy::catalog::Granularity;
use cam_policy::document::Element;
use cam_policy::engine::{Caller, Change, Decision, Layer, Level, NearestMiss, PolicySet, Request};
use cam_policy::policy::{Policy, PolicyKind};
use cam_policy::values::Uin;
use common::{Parts, made, policy_set};

const CALLER: u64 = 100000000002;

fn policy(statements: &str) -> Policy {
    format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap()
}

fn set(statements: &str) -> PolicySet<'static> {
    policy_set([policy(statements)], Uin::new(100000000001).unwrap())
}

fn request(action: &str, resource: &str) -> Request {
    Request::new(Uin::new(CALLER).unwrap(), action, resource).unwrap()
}

const APP: &str = "qcs::trtc::uin/100000000001:sdkappid/1400000001";

#[test]
fn explanations_read_well() {
    let near = r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkAppId/1400000001"]},
        {"effect":"deny","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1400000001"]},
        {"effect":"allow","action":["trtc:DismissRom"],"resource":["*"]},
        {"effect":"allow","action":["trtc:StartPublishCdnStream"],"resource":["qcs::trtc:::sdkappid/*"]},
        {"effect":"allow","action":["trtc:GetUserInfo"],"resource":["*"],"condition":{"ip_equal":{"qcs:ip":"10.0.0.0/33"}}}"#;
    let asked = [
        request("trtc:RemoveUser", APP),
        request("trtc:RemoveUser", "*"),
        request("trtc:RemoveUser", "qcs::trtc::uin/5:SdkAppId/1"),
        request("trtc:GetUserList", APP).with_key("qcs:mfa", ["true"]),
        request("trtc:DismissRoom", APP),
        request("trtc:StartPublishCdnStream", APP),
        request("trtc:GetUserInfo", "*").with_ip("10.0.0.1".parse().unwrap()),
        request("trtc:GetUserInfo", "*"),
        request("cvm:RunInstances", "*"),
        Request::new(Uin::new(100000000001).unwrap(), "cvm:RunInstances", "*").unwrap(),
    ];
    let told: Vec<String> = asked.iter().map(|request| set(near).explain(request).to_string()).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_deny_keeps_what_it_says_of_others() {
    let set = set(r#"{"effect":"allow","action":["cos:*"],"resource":["*"]},
        {"effect":"deny","action":["cos:PutObject","cos:DeleteObject"],"resource":["qcs::cos:::b1/*","qcs::cos:::b2/*"]}"#);
    let put = request("cos:PutObject", "qcs::cos:::b1/a");
    let changed = set.with_changes(set.explain(&put).changes());
    assert!(changed.decide(&put).is_allowed());
    for (action, resource) in [
        ("cos:DeleteObject", "qcs::cos:::b1/a"),
        ("cos:PutObject", "qcs::cos:::b2/a"),
        ("cos:DeleteObject", "qcs::cos:::b2/a"),
    ] {
        assert_eq!(
            changed.decide(&request(action, resource)).decision(),
            Decision::ExplicitlyDenied,
            "{action}"
        );
    }
}

#[test]
fn a_statement_that_misses_in_several_ways_is_not_widened() {
    let set = set(
        r#"{"effect":"allow","action":["cos:GetObjct","cos:DeleteObject"],"resource":["qcs::cos:::b1/*"],
        "condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"}}}"#,
    );
    let from = |request: Request| request.with_ip("192.0.2.1".parse().unwrap());
    let get = from(request("cos:GetObject", "qcs::cos:::b2/a"));
    let changed = set.with_changes(set.explain(&get).changes());
    assert!(changed.decide(&get).is_allowed());
    for other in
        [request("cos:DeleteObject", "qcs::cos:::b2/a"), request("cos:DeleteObject", "qcs::cos:::b1/a")]
    {
        assert!(!changed.decide(&from(other)).is_allowed());
    }
}

#[test]
fn a_request_that_no_pattern_could_name_is_none() {
    for action in ["a/b:C", "cos:Get/Object", "cos:", "cos:a b", "cos:*", "*:Get", "cos"] {
        assert!(Request::new(Uin::new(CALLER).unwrap(), action, "*").is_err(), "{action}");
    }
    for resource in ["", "qcs:foo:cos:::b/a", "qcs::cos:ap beijing::b/a", "arn:aws:s3:::b/a", "qcs::cos:::"] {
        assert!(Request::new(Uin::new(CALLER).unwrap(), "cos:GetObject", resource).is_err(), "{resource}");
    }
}

#[test]
fn long_names_are_not_compared_character_by_character() {
    let long = |character: &str| format!("trtc:{}", character.repeat(6000));
    let statements =
        format!(r#"{{"effect":"allow","action":[{:?},{:?}],"resource":["*"]}}"#, long("a"), long("b"));
    let explanation = set(&statements).explain(&request(&long("c"), "*"));
    assert!(explanation.nearest().is_empty());
}

#[test]
fn each_layer_that_does_not_allow_gets_a_statement() {
    let set = set(r#"{"effect":"allow","action":["trtc:*"],"resource":["*"]}"#)
        .with_layer(Layer::Boundary, [])
        .with_layer(Layer::Session, []);
    let request = request("trtc:RemoveUser", APP);
    let explanation = set.explain(&request);
    assert_eq!(explanation.changes().len(), 2);
    assert!(set.with_changes(explanation.changes()).decide(&request).is_allowed());
}

/// Two real actions may differ in one character: neither is a misspelling of the other, and no grant of one is
/// removed for the other.
#[test]
fn a_known_action_is_no_misspelling_of_another() {
    let names: Vec<&str> = common::catalog().actions().map(|action| action.as_str()).collect();
    for allowed in &names {
        let set = set(&format!(r#"{{"effect":"allow","action":["{allowed}"],"resource":["*"]}}"#));
        for asked in names.iter().filter(|asked| *asked != allowed) {
            let explanation = set.explain(&request(asked, "*"));
            let [Change::Add(Layer::Identity, statement)] = explanation.changes() else {
                panic!("{allowed} {asked}:\n{explanation}")
            };
            assert_eq!(statement.actions().len(), 1);
            assert_eq!(statement.actions()[0].as_str(), *asked);
            assert!(explanation.nearest().is_empty(), "{allowed} {asked}:\n{explanation}");
        }
    }
}

/// No change touches an allow, whatever is wrong with it.
#[test]
fn no_allow_is_ever_changed() {
    for statement in [
        r#"{"effect":"allow","action":["ccc:CreateAdminAccount"],"resource":["*"]}"#,
        r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/14"]}"#,
        r#"{"effect":"allow","action":["trtc:RemoveUsr"],"resource":["*"]}"#,
        r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"],"condition":{"string_equal":{"qcs:tag":"a&b"}}}"#,
        r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"],"condition":{"date_less_than":{"qcs:current_time":"2020-01-01T00:00:00Z"}}}"#,
    ] {
        for asked in [request("trtc:RemoveUser", APP), request("ccc:DeleteAdminAccount", "*")] {
            let asked = asked.with_key("qcs:current_time", ["2026-06-01T12:00:00Z"]);
            let explanation = set(statement).explain(&asked);
            assert!(!explanation.changes().is_empty(), "{explanation}");
            let added = |change: &Change| matches!(change, Change::Add(..));
            assert!(explanation.changes().iter().all(added), "{explanation}");
        }
    }
}

/// Changes that are needed together do not look like alternatives.
#[test]
fn several_changes_are_told_as_all_needed() {
    let deny = set(r#"{"effect":"deny","action":["trtc:RemoveUser"],"resource":["*"]}"#);
    let request = request("trtc:RemoveUser", APP);
    let explanation = deny.explain(&request);
    let [one, other] = explanation.changes() else { panic!("{explanation}") };
    assert!(!deny.with_changes(std::slice::from_ref(one)).decide(&request).is_allowed());
    assert!(!deny.with_changes(std::slice::from_ref(other)).decide(&request).is_allowed());
    assert!(deny.with_changes(explanation.changes()).decide(&request).is_allowed());
    insta::assert_snapshot!(explanation.to_string());
}

/// CAM knows the address and the time of every request: a statement for requests without them grants nothing.
#[test]
fn no_change_is_about_a_request_without_address_or_time() {
    for condition in [
        r#"{"ip_equal":{"qcs:ip":"10.0.0.0/8"}}"#,
        r#"{"ip_equal":{"qcs:Ip":"10.0.0.0/8"}}"#,
        r#"{"date_less_than":{"qcs:current_time":"2030-01-01T00:00:00Z"},"string_equal":{"qcs:tag":"a&b"}}"#,
    ] {
        let set = set(&format!(
            r#"{{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/14"],"condition":{condition}}}"#
        ));
        let explanation = set.explain(&request("trtc:RemoveUser", APP));
        assert!(explanation.changes().is_empty(), "{explanation}");
        assert!(explanation.to_string().contains("ask again with it"), "{explanation}");
    }
}

#[test]
fn the_request_is_told_first_where_its_action_is_misspelt() {
    let text = |statements: &str, action: &str| set(statements).explain(&request(action, APP)).to_string();
    let allow = r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]}"#;
    insta::assert_snapshot!(
        [
            text(allow, "trtc:RemoveUsr"),
            text(allow, "trtc:XQ"),
            text(allow, "trct:RemoveUser"),
            text(r#"{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}"#, "trtc:RemoveUser"),
            text(
                r#"{"effect":"allow","action":["cos:PutObject","cos:PostObject"],"resource":["*"]}"#,
                "cos:GetObject"
            ),
            text(r#"{"effect":"allow","action":["cos:GetObjct"],"resource":["*"]}"#, "cos:GetObject"),
            text(r#"{"effect":"allow","action":["cos:getobject"],"resource":["*"]}"#, "cos:GetObject"),
            text(
                r#"{"effect":"allow","action":["cvm:StartInstances"],"resource":["*"]}"#,
                "cvm:StopInstances"
            ),
        ]
        .join("\n")
    );
}

/// A condition that fails is replaced by one that holds for the request and for little else.
#[test]
fn a_change_opens_no_more_than_it_says() {
    let under = |condition: &str| {
        set(&format!(
            r#"{{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"],"condition":{condition}}}"#
        ))
    };
    let asked = || {
        request("trtc:RemoveUser", APP)
            .with_ip("192.0.2.1".parse().unwrap())
            .with_time("2026-06-01T12:00:00Z".parse().unwrap())
            .with_key("cos:size", ["5"])
    };
    let cases = [
        r#"{"string_equal":{"qcs:resource_tag":"env&prod"}}"#,
        r#"{"ip_equal":{"qcs:ip ":"192.0.2.0/24"}}"#,
        r#"{"ip_equal":{"qcs:IP":"10.0.0.0/8"}}"#,
        r#"{"string_equal":{"qcs:ip":"192.0.2.1"}}"#,
        r#"{"date_less_than":{"qcs:current_time":"2020-01-01T00:00:00Z"}}"#,
        r#"{"date_greater_than":{"qcs:current_time":"2030-01-01T00:00:00Z"}}"#,
        r#"{"ip_not_equal":{"qcs:ip":"192.0.2.1"}}"#,
        r#"{"numeric_less_than":{"cos:size":1},"numeric_greater_than":{"cos:size":2}}"#,
        r#"{"numeric_not_equal":{"cos:size":[5,7]}}"#,
        r#"{"string_like":{"cos:size":"${app_id}*"}}"#,
        r#"{"null_equal":{"cos:size":"true"}}"#,
        r#"{"bool_equal":{"cos:size":"yes"}}"#,
        r#"{"for_all_value:string_equal":{"cos:size":["a","b"]}}"#,
    ];
    let mut told = Vec::new();
    for condition in cases {
        let set = under(condition);
        let explanation = set.explain(&asked());
        let changed = set.with_changes(explanation.changes());
        assert!(changed.decide(&asked()).is_allowed(), "{condition}:\n{explanation}");
        // From elsewhere, years later, with another size and untagged, the changes allow nothing that was denied
        // before.
        let other = request("trtc:RemoveUser", APP)
            .with_ip("198.51.100.1".parse().unwrap())
            .with_time("2040-01-01T00:00:00Z".parse().unwrap())
            .with_key("cos:size", ["9"]);
        let opens = explanation.opens().flatten().count() > 0;
        assert!(
            opens || changed.decide(&other).is_allowed() == set.decide(&other).is_allowed(),
            "{condition}:\n{explanation}"
        );
        told.push(explanation.to_string());
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_deny_that_is_lifted_for_more_than_the_request_says_so() {
    let opens = |deny: &str| {
        let set = set(&format!(r#"{{"effect":"allow","action":["*"],"resource":["*"]}},{deny}"#));
        let explanation = set.explain(&request("cos:PutObject", "qcs::cos:::b1/a"));
        explanation.opens().flatten().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        opens(r#"{"effect":"deny","action":["cos:Put*","cos:GetObject"],"resource":["qcs::cos:::b1/*"]}"#),
        [
            "statement 1 of policy 0 no longer denies `cos:Put*` on `qcs::cos:::b1/*`, which is more than the request"
        ]
    );
    assert!(
        opens(r#"{"effect":"deny","action":["cos:PutObject"],"resource":["qcs::cos:::b1/a"]}"#).is_empty()
    );
}

#[test]
fn what_is_not_there_is_called_so() {
    let statement =
        |resource: &str| set(&format!(r#"{{"effect":"allow","action":["*"],"resource":["{resource}"]}}"#));
    let text = |resource: &str, asked: Request| statement(resource).explain(&asked).to_string();
    let cos = |resource: &str| request("cos:GetObject", resource);
    let told = [
        text("qcs:id/7:cos:::b/*", cos("qcs::cos:::b/a")),
        text("qcs::cos:::b/*", cos("qcs:id/7:cos:::b/a")),
        text("qcs::cos:::b/*", cos("qcs:id/0:cos:::b/a")),
        text("qcs::cos:ap-shanghai::b/*", cos("qcs::cos:sh::b/a")),
        text("qcs::cos:gz::b/*", cos("qcs::cos:ap-guangzhou::b/a")),
        text("qcs::cos:ap-*::b/*", cos("qcs::cos:gz::b/a")),
        text("qcs::cos:ap-beijing::b/*", cos("qcs::cos:::b/a")),
        text("qcs::cos:::b-1250000000/*", cos("qcs::cos::uid/1250000000:b-1250000000/a")),
        text("qcs::cos:::b-${app_id}/*", cos("qcs::cos:::b-1250000000/a")),
        text(
            "qcs::cos:::home/${uin}/*",
            Request::new(Caller::role("reader"), "cos:GetObject", "qcs::cos:::home/1/a").unwrap(),
        ),
    ];
    for text in &told {
        assert!(!text.contains("``"), "{text}");
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_layer_that_refuses_and_the_file_of_a_statement_are_named() {
    let policy = |statement: &str| -> Policy {
        format!(r#"{{"version":"2.0","statement":[{statement}]}}"#).parse().unwrap()
    };
    let owner = Uin::new(100000000001).unwrap();
    let every = || policy(r#"{"effect":"allow","action":["*"],"resource":["*"]}"#);
    let put = || policy(r#"{"effect":"allow","action":["cos:PutObject"],"resource":["qcs::cos:::b/*"]}"#);
    let get = || policy(r#"{"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::c/*"]}"#);
    let deny = || policy(r#"{"effect":"deny","action":["cos:*"],"resource":["qcs::cos:::b/*"]}"#);
    let trust = || policy(r#"{"effect":"allow","action":["sts:AssumeRole"],"principal":"*"}"#);
    let named = PolicySet::named(common::catalog(), [("support.json", every()), ("ops.json", get())], owner);
    let asked = request("cos:GetObject", "qcs::cos:::b/a");
    let unit = Layer::ServiceControl(Level::Unit(1));
    let told = [
        named.clone(),
        named.clone().with_layer(Layer::Boundary, [put()]),
        named.clone().with_named_layer(Layer::Session, [("session.json", get())]),
        named.clone().with_layer(Layer::ServiceControl(Level::Root), [every()]).with_layer(unit, [put()]),
        named.clone().with_named_layer(unit, [("guard.json", every()), ("stop.json", deny())]),
        PolicySet::named(common::catalog(), [("ops.json", get()), ("role.json", trust())], owner),
    ]
    .map(|set| format!("{:#}", set.explain(&asked)));
    insta::assert_snapshot!(told.join("\n"));
    let stopped = named.clone().with_named_layer(unit, [("guard.json", every()), ("stop.json", deny())]);
    assert_eq!(
        stopped.explain(&asked).changes()[0].to_string(),
        "remove statement 0 of stop.json (service control policies of unit 1)"
    );
    let changed = named.with_changes(&[]);
    assert_eq!(changed.policy_name(Layer::Identity, 1), Some("ops.json"));
}

#[test]
fn callers_of_every_kind_are_explained() {
    let owner = Uin::new(100000000001).unwrap();
    let trust: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],
        "principal":{"qcs":["qcs::cam::uin/100000000001:root","qcs::cam::uin/100000000001:groupid/7"]}}]}"#
        .parse()
        .unwrap();
    let role = PolicySet::trust(common::catalog(), [trust], owner);
    let told = [
        Caller::new(Uin::new(CALLER).unwrap()),
        Caller::new(Uin::new(CALLER).unwrap()).in_groups([8]),
        Caller::new(owner),
        Caller::role("reader").of_account(Uin::new(100000000009).unwrap()),
        Caller::service("cls.cloud.tencent.com"),
        Caller::federated("qcs::cam::uin/100000000001:saml-provider/corp"),
        Caller::anonymous(),
    ]
    .map(|caller| {
        let asked =
            Request::new(caller, "sts:AssumeRole", "qcs::cam::uin/100000000001:roleName/reader").unwrap();
        let explanation = role.explain(&asked);
        assert!(role.with_changes(explanation.changes()).decide(&asked).is_allowed());
        explanation.to_string()
    });
    insta::assert_snapshot!(told.join("\n"));
}

/// Each kind of policy belongs into some layers; the others name it, and it decides nothing it does not say.
#[test]
fn a_policy_of_a_kind_that_does_not_belong_is_told() {
    let owner = Uin::new(100000000001).unwrap();
    let policy = |text: &str| -> Policy {
        format!(r#"{{"version":"2.0","statement":[{{"effect":"allow",{text}}}]}}"#).parse().unwrap()
    };
    let identity = || policy(r#""action":["*"],"resource":["*"]"#);
    let trust = || policy(r#""action":["sts:AssumeRole"],"principal":"*""#);
    let bucket = || policy(r#""action":["cos:*"],"resource":["*"],"principal":"*""#);
    let layers = [
        (Layer::Identity, &[PolicyKind::Trust][..]),
        (Layer::Boundary, &[PolicyKind::Trust, PolicyKind::Bucket]),
        (Layer::Session, &[PolicyKind::Trust, PolicyKind::Bucket]),
        (Layer::ServiceControl(Level::Root), &[PolicyKind::Trust, PolicyKind::Bucket]),
        (Layer::ServiceControl(Level::Unit(1)), &[PolicyKind::Trust, PolicyKind::Bucket]),
        (Layer::ServiceControl(Level::Account), &[PolicyKind::Trust, PolicyKind::Bucket]),
        (Layer::Trust, &[PolicyKind::Identity, PolicyKind::Bucket]),
    ];
    for (layer, expected) in layers {
        let policies = [("identity.json", identity()), ("trust.json", trust()), ("bucket.json", bucket())];
        let set = policy_set([], owner).with_named_layer(layer, policies);
        let misplaced: Vec<_> = set.misplaced().collect();
        assert!(misplaced.iter().all(|(of, _, _)| *of == layer), "{layer}");
        let kinds: Vec<_> = misplaced.iter().map(|(_, _, kind)| *kind).collect();
        assert_eq!(kinds, expected, "{layer}");
        let text = set.explain(&request("cos:GetObject", "qcs::cos:::b/a")).to_string();
        for (_, number, kind) in misplaced {
            let name = set.policy_name(layer, number).unwrap();
            let note =
                format!("note: {name} does not belong to the {layer}: by its elements, its kind is `{kind}`");
            assert!(text.contains(&note), "{note}\n{text}");
        }
    }
    // A trust policy among identity policies lets nobody assume anything.
    let set = policy_set([trust()], owner);
    let assume = request("sts:AssumeRole", "qcs::cam::uin/100000000001:roleName/reader");
    assert!(!set.decide(&assume).is_allowed());
    assert_eq!(policy_set([identity(), bucket()], owner).misplaced().count(), 0);
}

/// Most names that an incomplete list of actions lacks are real: only one slip is worth a question, and none of a name
/// that is known to be real.
#[test]
fn a_real_action_is_no_misspelling_of_another_one() {
    let action = |name: &str| (name.to_owned(), Granularity::Operation, Vec::new());
    let disks = Parts::new("disk", Vec::new(), vec![action("DescribeDisks"), action("ModifyDiskAttributes")]);
    let catalog = made(vec![disks]);
    let policy = || -> Policy {
        r#"{"version":"2.0","statement":[{"effect":"allow","action":["disk:DescribeHosts","disk:ModifyDiskAttribute"],"resource":["*"]}]}"#
            .parse()
            .unwrap()
    };
    let set = PolicySet::new(&catalog, [policy()], Uin::new(100000000001).unwrap());
    let told = |set: &PolicySet<'_>, action: &str| set.explain(&request(action, "*")).to_string();
    assert!(!told(&set, "disk:DescribeHost").contains("did you mean"));
    assert!(told(&set, "disk:DescribeDisk").contains("did you mean `disk:DescribeDisks`?"));
    assert!(!told(&set, "disk:DescribeDisks").contains("DescribeHosts"));
    assert!(told(&set, "disk:ModifyDiskAttributes").contains("`disk:ModifyDiskAttribute`"));
    let named =
        set.with_names(|action| ["disk:DescribeDisk", "disk:ModifyDiskAttribute"].contains(&action.as_str()));
    assert!(!told(&named, "disk:DescribeDisk").contains("DescribeDisks"));
    assert!(!told(&named, "disk:ModifyDiskAttributes").contains("`disk:ModifyDiskAttribute`"));
}

/// An allowed request may be denied once its address or time is known.
#[test]
fn a_deny_that_lacks_an_address_or_a_time_is_told() {
    let guarded = |conditions: &str| {
        set(&format!(
            r#"{{"effect":"allow","action":["trtc:*"],"resource":["*"]}},
            {{"effect":"deny","action":["trtc:RemoveUser"],"resource":["*"],"condition":{{{conditions}}}}}"#
        ))
    };
    let notes = |set: &PolicySet<'_>, request: &Request| {
        let explanation = set.explain(request);
        assert_eq!(explanation.decision(), Decision::Allowed);
        let notes: Vec<String> = explanation.notes().iter().map(|note| note.to_string()).collect();
        notes.join("\n")
    };
    let address = r#""ip_not_equal":{"qcs:ip":"10.0.0.0/8"}"#;
    let time = r#""date_greater_than":{"qcs:current_time":"2026-01-01T00:00:00Z"}"#;
    let plain = request("trtc:RemoveUser", APP);
    let set = guarded(address);
    assert!(
        notes(&set, &plain).contains(
            "statement 1 of policy 0 may deny the request: the request was given without `qcs:ip`, which CAM is assumed"
        ),
        "{}",
        notes(&set, &plain)
    );
    let known = plain.clone().with_ip("10.0.0.1".parse().unwrap());
    assert!(!notes(&set, &known).contains("was given without"));
    assert!(!notes(&set, &request("trtc:DismissRoom", APP)).contains("was given without"));
    assert!(
        notes(&guarded(&format!("{address},{time}")), &plain)
            .contains("without `qcs:ip` and `qcs:current_time`")
    );
    assert!(notes(&guarded(time), &plain).contains("without `qcs:current_time`, which"));
    // Another key is one that CAM may not know either.
    let other = format!(r#"{address},"string_equal":{{"qcs:mfa":"true"}}"#);
    assert!(!notes(&guarded(&other), &plain).contains("was given without"));
}

/// Who corrects one part alone would ask again, and be told of the next.
#[test]
fn every_part_of_the_nearest_statement_that_does_not_match_is_told() {
    let set = set(
        r#"{"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/1400000009"],
        "condition":{"string_equal":{"qcs:mfa":"true"},"ip_equal":{"qcs:ip":"10.0.0.0/8"},
        "date_less_than":{"qcs:current_time":"2027-01-01T00:00:00Z"}}}"#,
    );
    let asked = request("trtc:RemoveUser", APP)
        .with_ip("192.0.2.1".parse().unwrap())
        .with_key("qcs:current_time", ["2026-01-01T00:00:00Z"]);
    let explanation = set.explain(&asked);
    let told: Vec<String> = explanation.nearest().iter().map(|one| one.to_string()).collect();
    assert_eq!(
        told,
        [
            "statement 0 of policy 0: `sdkappid/1400000009` is named, the request is for `sdkappid/1400000001`",
            "statement 0 of policy 0: string_equal of qcs:mfa with true: the request has no `qcs:mfa`",
            "statement 0 of policy 0: ip_equal of qcs:ip with 10.0.0.0/8: the request has `192.0.2.1`",
        ]
    );
    let elements: Vec<Element> = explanation.nearest().iter().map(NearestMiss::element).collect();
    assert_eq!(elements, [Element::Resource(0, 0), Element::Key(0, 0), Element::Key(0, 1)]);
}

/// CAM is assumed to know the address and the time of every request.
#[test]
fn a_decision_that_depends_on_an_address_or_a_time_names_them() {
    let keys = |statements: &str| -> Vec<String> {
        let explanation = set(statements).explain(&request("trtc:RemoveUser", APP));
        explanation.missing_keys().iter().map(|key| key.to_string()).collect()
    };
    let of = |effect: &str, conditions: &str| {
        format!(
            r#"{{"effect":"{effect}","action":["trtc:*"],"resource":["*"],"condition":{{{conditions}}}}}"#
        )
    };
    let address = r#""ip_equal":{"qcs:ip":"10.0.0.0/8"}"#;
    let or_absent = r#""ip_equal_if_exist":{"qcs:ip":"10.0.0.0/8"}"#;
    let time = r#""date_less_than":{"qcs:current_time":"2027-01-01T00:00:00Z"}"#;
    let every = of("allow", "");
    let none: [&str; 0] = [];
    // An allow holds for want of the address, or does not hold for want of it.
    assert_eq!(keys(&of("allow", or_absent)), ["qcs:ip"]);
    assert_eq!(keys(&of("allow", &format!("{address},{time}"))), ["qcs:ip", "qcs:current_time"]);
    assert_eq!(keys(&format!("{every},{}", of("deny", or_absent))), ["qcs:ip"]);
    // Another statement decides.
    assert_eq!(keys(&format!("{every},{}", of("allow", or_absent))), none);
    assert_eq!(keys(&format!("{},{}", of("allow", address), of("deny", ""))), none);
    // So does another key.
    assert_eq!(keys(&of("allow", &format!(r#"{address},"string_equal":{{"qcs:mfa":"true"}}"#))), none);
    let root = Request::new(Uin::new(100000000001).unwrap(), "trtc:RemoveUser", APP).unwrap();
    let by_root = set(&format!("{every},{}", of("deny", address))).explain(&root);
    assert!(by_root.missing_keys().is_empty() && by_root.keys_of_denial().is_empty(), "{by_root}");
}

/// A request that nothing allows may still be denied in two ways.
#[test]
fn the_kind_of_a_denial_may_depend_on_an_address_or_a_time() {
    let of = |effect: &str, action: &str, conditions: &str| {
        format!(
            r#"{{"effect":"{effect}","action":["{action}"],"resource":["*"],"condition":{{{conditions}}}}}"#
        )
    };
    let keys = |set: &PolicySet<'_>| -> Vec<String> {
        let explanation = set.explain(&request("trtc:RemoveUser", APP));
        assert!(explanation.missing_keys().is_empty(), "{explanation}");
        explanation.keys_of_denial().iter().map(|key| key.to_string()).collect()
    };
    let address = r#""ip_not_equal":{"qcs:ip":"10.0.0.0/8"}"#;
    let or_absent = r#""ip_equal_if_exist":{"qcs:ip":"10.0.0.0/8"}"#;
    let time = r#""date_less_than":{"qcs:current_time":"2027-01-01T00:00:00Z"}"#;
    let none: [&str; 0] = [];
    assert_eq!(keys(&set(&of("deny", "trtc:*", address))), ["qcs:ip"]);
    assert_eq!(
        keys(&set(&of("deny", "trtc:*", &format!("{or_absent},{time}")))),
        ["qcs:current_time", "qcs:ip"]
    );
    assert_eq!(
        keys(&set(&format!("{},{}", of("allow", "cos:*", time), of("deny", "*", address)))),
        ["qcs:ip"]
    );
    // Another deny, or none, decides.
    assert_eq!(keys(&set(&format!("{},{}", of("deny", "*", ""), of("deny", "*", address)))), none);
    assert_eq!(keys(&set(&of("deny", "cos:*", address))), none);
    // A level of service control policies without an allow denies explicitly.
    let controlled = |identity: &str, control: &str| {
        let level = Layer::ServiceControl(Level::Root);
        set(identity).with_layer(level, [policy(control)])
    };
    assert_eq!(keys(&controlled(&of("allow", "cos:*", ""), &of("allow", "trtc:*", or_absent))), ["qcs:ip"]);
    assert_eq!(keys(&controlled(&of("deny", "*", address), &of("allow", "cos:*", ""))), none);
    // An allow of another layer changes nothing where a boundary allows nothing.
    let bounded =
        set(&of("allow", "*", time)).with_layer(Layer::Boundary, [policy(&of("allow", "cos:*", ""))]);
    assert_eq!(keys(&bounded), none);
}
