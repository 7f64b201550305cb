//! Tests that the check reports what does nothing in a policy: by the policy itself, by a catalog, and in agreement
//! with the evaluator.

use cam_policy::catalog::{ActionFacts, Catalog, Granularity, Lookup, Pattern, Placeholder, PlaceholderKind};
use cam_policy::catalog::{Service, Tables};
use cam_policy::diagnostic::{Code, Diagnostic, Element, Severity};
use cam_policy::document::{Document, ReadOptions, Wrapping};
use cam_policy::policy::{ActionPattern, Effect, Policy, PolicyKind, Problem, ResourcePattern, Statement};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// Two services whose actions the catalog lists in full, and one that it lists in part.
///
/// `room`: `Enter`, `Leave` on rooms, `List`, `ListAll` operation-level, `Watch` undocumented, `Move` on rooms of a region.
fn catalog() -> &'static Catalog<'static> {
    static CATALOG: OnceLock<Catalog<'static>> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let number = |name| Placeholder { name, kind: PlaceholderKind::Number };
        let text = |name| Placeholder { name, kind: PlaceholderKind::Text };
        let pattern = |name, single, all, placeholder| Pattern {
            name,
            single,
            all,
            placeholders: vec![placeholder].leak(),
            ..Pattern::UNSTATED
        };
        let room_patterns: &'static [Pattern<'static>] = vec![
            pattern(
                "regional",
                "qcs::room:${region}:uin/${uin}:room/${RoomId}",
                "qcs::room:${region}:uin/${uin}:room/*",
                number("RoomId"),
            ),
            pattern(
                "room",
                "qcs::room::uin/${uin}:roomId/${RoomId}",
                "qcs::room::uin/${uin}:roomId/*",
                number("RoomId"),
            ),
        ]
        .leak();
        let disk_patterns: &'static [Pattern<'static>] = vec![pattern(
            "disk",
            "qcs::disk::uin/${uin}:disk/${DiskId}",
            "qcs::disk::uin/${uin}:disk/*",
            text("DiskId"),
        )]
        .leak();
        let (resource, operation) = (Granularity::Resource, Granularity::Operation);
        let services = vec![
            service(
                "disk",
                Some(true),
                disk_patterns,
                &[("Format", resource, &[0]), ("Quota", operation, &[])],
            ),
            service("part", None, &[], &[("Known", operation, &[])]),
            service(
                "room",
                Some(true),
                room_patterns,
                &[
                    ("Enter", resource, &[1]),
                    ("Leave", resource, &[1]),
                    ("List", operation, &[]),
                    ("ListAll", operation, &[]),
                    ("Move", resource, &[0]),
                    ("Watch", Granularity::Undocumented, &[]),
                ],
            ),
        ];
        Catalog { version: 0, services: services.leak() }
    })
}

#[test]
fn where_the_source_malforms_a_pattern_nothing_is_said_of_the_resource() {
    static ACTIONS: [ActionFacts<'static>; 1] = [ActionFacts {
        name: "Close",
        qualified_name: "gate:Close",
        granularity: Granularity::Resource,
        printed_patterns: &["qcs::gate:gate/${GateId}"],
        ..ActionFacts::UNSTATED
    }];
    let tables = Tables::of(&["Close"]);
    let lookup =
        Lookup { seed: tables.seed, displacements: tables.displacements.leak(), slots: tables.slots.leak() };
    let gate = Service { id: "gate", lookup, actions: &ACTIONS, complete: Some(true), ..Service::UNSTATED };
    let catalog = Catalog { version: 0, services: vec![gate].leak() };
    let action = catalog.action("gate:Close").expect("it is listed");
    assert!(!action.knows_patterns());
    for resource in ["*", "qcs::gate::uin/1:gate/7"] {
        let policy = Policy::new([statement(Effect::Allow, &["gate:Close"], &[resource])]).unwrap();
        assert_eq!(policy.check(&catalog).len(), 0, "{resource}");
    }
}

/// As `cvm:RunInstances`, whose page lists resources of `cvm` and of `vpc`.
#[test]
fn every_service_whose_resources_an_action_takes_is_named() {
    let form = |name, single, all| Pattern { name, single, all, ..Pattern::UNSTATED };
    let patterns: &'static [Pattern<'static>] = vec![
        form("server", "qcs::farm::uin/${uin}:server/${Id}", "qcs::farm::uin/${uin}:server/*"),
        form("wire", "qcs::wire::uin/${uin}:wire/${Id}", "qcs::wire::uin/${uin}:wire/*"),
    ]
    .leak();
    let actions: &[(&'static str, Granularity, &[usize])] = &[("Run", Granularity::Resource, &[0, 1])];
    let catalog =
        Catalog { version: 0, services: vec![service("farm", Some(true), patterns, actions)].leak() };
    let policy = Policy::new([statement(Effect::Allow, &["farm:Run"], &[DISK])]).unwrap();
    let told: Vec<String> = policy.check(&catalog).iter().map(ToString::to_string).collect();
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert!(told.contains("lists those of `farm` and `wire`: it matches no documented resource"), "{told}");
    assert!(told.contains("qcs::farm::uin/<uin>:server/<Id>"), "{told}");
}

fn service(
    id: &'static str,
    complete: Option<bool>,
    patterns: &'static [Pattern<'static>],
    actions: &[(&'static str, Granularity, &[usize])],
) -> Service<'static> {
    let names: Vec<&str> = actions.iter().map(|action| action.0).collect();
    let Tables { seed, displacements, slots } = Tables::of(&names);
    let facts: Vec<ActionFacts<'static>> = actions
        .iter()
        .map(|(name, granularity, of)| ActionFacts {
            name,
            qualified_name: Box::leak(format!("{id}:{name}").into()),
            granularity: *granularity,
            patterns: of.iter().map(|at| &patterns[*at]).collect::<Vec<_>>().leak(),
            ..ActionFacts::UNSTATED
        })
        .collect();
    let lookup = Lookup { seed, displacements: displacements.leak(), slots: slots.leak() };
    Service { id, complete, patterns, actions: facts.leak(), lookup, ..Service::UNSTATED }
}

fn statement(effect: Effect, actions: &[&str], resources: &[&str]) -> Statement {
    let actions = actions.iter().map(|text| text.parse::<ActionPattern>().unwrap());
    let resources = resources.iter().map(|text| ResourcePattern::as_published(text).unwrap());
    Statement::new(effect, actions, resources)
}

fn found(actions: &[&str], resources: &[&str]) -> Vec<Diagnostic> {
    Policy::new([statement(Effect::Allow, actions, resources)]).unwrap().check(catalog())
}

/// Returns the code and the element of each finding.
fn told(actions: &[&str], resources: &[&str]) -> Vec<(&'static str, String)> {
    found(actions, resources)
        .iter()
        .map(|one| (one.code().as_str(), format!("{:?}", one.element().unwrap())))
        .collect()
}

const ROOM: &str = "qcs::room::uin/12345678:roomId/1";
const DISK: &str = "qcs::disk::uin/12345678:disk/a";

#[test]
fn what_is_unknown_is_never_reported() {
    for (actions, resources) in [
        // Services that the catalog lacks, or lists in part.
        (vec!["cvm:RunInstances", "part:Unheard", "part:Unheard*", "*", "*:Enter"], vec!["*"]),
        (vec!["part:Unheard"], vec![ROOM, "qcs::cvm:::instance/*"]),
        (vec!["part:K*"], vec![ROOM]),
        // Undocumented granularity.
        (vec!["room:Watch"], vec![ROOM]),
        (vec!["room:Watch"], vec!["qcs::cvm:::instance/ins-1"]),
        // Actions and resources that go together.
        (vec!["room:Enter", "room:Leave"], vec![ROOM]),
        (vec!["room:*"], vec![ROOM, "qcs::room:ap-guangzhou::room/*"]),
        (vec!["room:List"], vec!["*"]),
        (vec!["room:Enter"], vec!["*"]),
        (vec!["room:Enter"], vec!["qcs:::::roomId/*", "qcs::room:*:*:*", "qcs::room:::roomId/${uin}"]),
        (vec!["disk:Format"], vec!["qcs::disk:::disk/a:c", "qcs::disk::uin/:*"]),
        // One resource is enough.
        (vec!["disk:Format"], vec!["qcs::disk:::disk/a/b", DISK]),
    ] {
        assert_eq!(told(&actions, &resources), [], "{actions:?} {resources:?}");
    }
}

#[test]
fn what_does_nothing_is_reported_once_with_its_element() {
    let action = |at: usize| format!("{:?}", Element::Action(0, at));
    let resource = |at: usize| format!("{:?}", Element::Resource(0, at));
    for (actions, resources, expected) in [
        (vec!["room:Entr"], vec!["*"], vec![("unknown_action", action(0))]),
        (vec!["room:Exit*"], vec!["*"], vec![("unmatched_wildcard", action(0))]),
        (vec!["room:List"], vec![ROOM], vec![("operation_level", action(0))]),
        (vec!["room:List*"], vec![ROOM], vec![("operation_level", action(0))]),
        (vec!["room:Enter", "room:List"], vec![ROOM], vec![("operation_level", action(1))]),
        (vec!["room:enter"], vec!["*"], vec![("case", action(0))]),
        (vec!["part:known"], vec!["*"], vec![("case", action(0))]),
        (vec!["room:list*"], vec!["*"], vec![("case", action(0))]),
        (vec!["ROOM:Enter"], vec!["*"], vec![("case", action(0))]),
        (vec!["CVM:RunInstances"], vec!["*"], vec![("case", action(0))]),
        (vec!["cvm:Describe?"], vec!["*"], vec![("question_mark", action(0))]),
        (vec!["permid/280649"], vec!["*"], vec![("operation_set", action(0))]),
        (vec!["room:Enter"], vec![DISK], vec![("unmatched_resource", resource(0))]),
        (
            vec!["room:Enter"],
            vec!["qcs::room::uin/12345678:room/1"],
            vec![("unmatched_resource", resource(0))],
        ),
        (
            vec!["room:Enter"],
            vec!["qcs::room:ap-guangzhou::roomId/1"],
            vec![("unmatched_resource", resource(0))],
        ),
        (vec!["room:Enter"], vec!["qcs::room:::RoomID/1"], vec![("case", resource(0))]),
        (vec!["room:Enter"], vec!["qcs::room:::roomId/abc"], vec![("unmatched_resource", resource(0))]),
        // One mistake of a mixed statement is reported at its place.
        (vec!["room:Enter", "disk:Format"], vec![ROOM], vec![("unmatched_resource", action(1))]),
        (vec!["room:Enter"], vec![ROOM, DISK], vec![("unmatched_resource", resource(1))]),
        (vec!["room:List"], vec!["*", ROOM], vec![("unmatched_resource", resource(1))]),
        // Two mistakes.
        (
            vec!["room:List", "room:Enter"],
            vec![DISK],
            vec![("unmatched_resource", resource(0)), ("operation_level", action(0))],
        ),
    ] {
        assert_eq!(told(&actions, &resources), expected, "{actions:?} {resources:?}");
    }
}

#[test]
fn what_is_assumed_to_do_nothing_is_told_but_not_refused() {
    for (actions, resource, code) in [
        (["disk:Format"], "qcs::disk:::disk/a/b:c", "slash"),
        (["disk:*"], "qcs::disk::uin/12345678:disk/*/b", "slash"),
        (["vod:GetBucket"], "qcs::vod:ap-beijing:uid/1250000000:prefix//220209/a/*", "account"),
        (["cdcs:GetCoffer"], "qcs::cdcs::uid/1250000000:coffer-1250000000/*", "account"),
    ] {
        let found = found(&actions, &[resource]);
        let codes: Vec<_> = found.iter().map(|one| one.code().as_str()).collect();
        assert_eq!(codes, [code], "{resource}");
        assert!(!found[0].has_no_effect() && found[0].to_string().contains("it is assumed"), "{}", found[0]);
    }
}

#[test]
fn resources_that_match_nothing_are_reported_without_a_catalog() {
    for (resource, code) in [
        ("qcs::cvm:ap-guangzhou:12345678:instance/*", "account"),
        ("qcs::cos:ap-guangzhou:1250000000:bucket-1250000000/*", "account"),
        ("qcs::cvm:uin/12345678:ap-guangzhou:instance/*", "swapped_segments"),
        ("qcs::cvm:uin/12345678::instance/*", "swapped_segments"),
        ("qcs::cvm:12345678:gz:instance/*", "swapped_segments"),
        ("qcs::gz:uin/12345678:cvm:instance/*", "swapped_segments"),
        ("qcs::cvm::ap-guangzhou:instance/*", "swapped_segments"),
        ("qcs::gz:cvm:uin/12345678:instance/*", "swapped_segments"),
        ("qcs::cvm::uid/1250000000:instance/*", "account"),
        ("qcs::cvm::instance/ins-1:x", "account"),
        ("qcs::cat:uin/12345678:TaskId/a:b", "missing_segment"),
        ("qcs::cat:uin/12345678:TaskId/a", "missing_segment"),
        ("qcs:cvm:ap-guangzhou:uin/12345678:instance/*", "missing_segment"),
        ("qcs::cvm:ap-guangzhou:instance/*", "missing_segment"),
        ("qcs::cvm: ap-guangzhou:uin/12345678:instance/*", "whitespace"),
        ("qcs::cvm:ap-guangzhou:uin/ 12345678:instance/*", "whitespace"),
        ("qcs: :cos:ap-guangzhou:uid/1250000000:b/*", "whitespace"),
        ("qcs::bmeip::: eipId / eip-1 ", "whitespace"),
        ("qcs:id/0:cos:sg:uid/1250000000:prefix//1250000000/b/*", "project"),
        ("qcs:id/*:cvm:::instance/*", "project"),
        ("qcs::cvm:$region::instance/*", "region"),
        ("qcs::cvm:AP-Guangzhou::instance/*", "case"),
        ("qcs::CVM:::instance/*", "case"),
        ("qcs::cvm::uin/your_uin:instance/*", "account"),
        ("qcs::cvm::uin/100****9:instance/*", "account"),
        ("qcs::cos::uid/**********:b/*", "account"),
        ("qcs::cvm::$account:instance/*", "account"),
        ("qcs::cos::uid/1250000000:<bucket>/*", "placeholder"),
    ] {
        let policy = Policy::new([statement(Effect::Allow, &["*"], &[resource])]).unwrap();
        let codes: Vec<_> = policy.check(&Catalog::EMPTY).iter().map(|one| one.code().as_str()).collect();
        assert_eq!(codes, [code], "{resource}");
        let text = policy.to_string();
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert_eq!(document.policy(), &policy);
        let warning = &document.warnings()[0];
        assert_eq!(&text[warning.span().unwrap().range()], resource);
        // `parse` itself refuses two of these mistakes; only the reader of documents accepts them.
        let published = matches!(code, "missing_segment" | "whitespace");
        let strict = resource.parse::<ResourcePattern>().is_ok();
        assert!(strict || published, "{resource}");
    }
    for sound in [
        "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/my photos/a b.jpg",
        "qcs::cos::uid/1250000000:prefix//1250000000/b/*",
        "qcs::cas::uid/1250000000:vaults/x",
        "qcs::cvm:gz:uin/12345678:instance/*",
        "qcs::cvm:ap-*:*:*",
        "qcs::cvm::uin/*:instance/*",
        "qcs::cam::uin/:roleName/x",
        "qcs:::::*",
    ] {
        let policy = Policy::new([statement(Effect::Allow, &["*"], &[sound])]).unwrap();
        assert_eq!(policy.check(&Catalog::EMPTY), [], "{sound}");
    }
}

#[test]
fn what_the_findings_say_is_reviewed() {
    let mut shown = String::new();
    for (effect, actions, resources) in [
        (Effect::Allow, vec!["room:List"], vec![ROOM]),
        (Effect::Deny, vec!["room:List*", "room:Enter"], vec![ROOM]),
        (Effect::Allow, vec!["room:Entr", "room:Exit*"], vec!["*"]),
        (Effect::Deny, vec!["room:enter", "ROOM:enter", "cos:GetObject"], vec!["*"]),
        (Effect::Allow, vec!["cvm:Describe?", "permid/280649"], vec!["*"]),
        (Effect::Allow, vec!["room:Enter"], vec![DISK]),
        (Effect::Allow, vec!["room:Enter", "room:Leave"], vec!["qcs::room:::room/1", ROOM]),
        (Effect::Deny, vec!["room:Enter"], vec!["qcs::room:::RoomID/1"]),
        (Effect::Allow, vec!["room:Enter"], vec!["qcs::room:ap-guangzhou::roomId/1"]),
        (Effect::Allow, vec!["room:Enter", "disk:Format"], vec![ROOM]),
        (Effect::Allow, vec!["room:List"], vec!["*", ROOM]),
        (
            Effect::Allow,
            vec!["*"],
            vec!["qcs::cvm:uin/12345678:ap-guangzhou:instance/*", "qcs::cvm::12345678:instance/*"],
        ),
        (Effect::Allow, vec!["*"], vec!["qcs::cat:uin/12345678:TaskId/a", "qcs::cvm::instance/ins-1:x"]),
        (
            Effect::Allow,
            vec!["*"],
            vec!["qcs::cvm:ap-guangzhou:uid/1250000000:instance/*", "qcs:id/0:cvm:::instance/*"],
        ),
        (
            Effect::Allow,
            vec!["*"],
            vec!["qcs::cvm: gz:uin/1:x/*", "qcs::cvm::uin/100***9:x/*", "qcs::cvm::uin/x:x/*"],
        ),
        (Effect::Deny, vec!["disk:Format", "vod:GetBucket"], vec!["qcs::disk:::disk/a/b"]),
        (Effect::Allow, vec!["vod:GetBucket"], vec!["qcs::vod::uid/1250000000:prefix//1/a/*"]),
    ] {
        let policy = Policy::new([statement(effect, &actions, &resources)]).unwrap();
        writeln!(shown, "# {effect} {} on {}", actions.join(" "), resources.join(" ")).unwrap();
        for diagnostic in policy.check(catalog()) {
            let code = diagnostic.cam_code().map_or_else(String::new, |code| format!(" <{code}>"));
            writeln!(shown, "=> {}: {diagnostic}{code}", diagnostic.code()).unwrap();
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn conditions_that_cannot_be_compared_are_reported() {
    let mut shown = String::new();
    for (effect, condition) in [
        ("allow", r#"{"string_equal":{"qcs:ip":"10.0.0.1"}}"#),
        ("allow", r#"{"string_not_equal":{"qcs:ip":"10.0.0.1"}}"#),
        ("deny", r#"{"ip_equal":{"qcs:current_time":"2027-01-01T00:00:00Z"}}"#),
        ("allow", r#"{"numeric_less_than":{"qcs:current_time":"1"}}"#),
        ("allow", r#"{"bool_equal":{"qcs:tag/env":"true"}}"#),
        ("deny", r#"{"ip_equal":{"qcs:IP":"10.0.0.0/8"}}"#),
        ("deny", r#"{"ip_equal_if_exist":{"qcs: ip":"10.0.0.0/8"}}"#),
        ("allow", r#"{"string_equal":{"QCS:Tag/env":"prod"}}"#),
        ("allow", r#"{"for_any_value:string_equal":{"qcs:resource_tag":["env","env&prod"]}}"#),
        ("allow", r#"{"string_like":{"qcs:request_tag":["env*"]}}"#),
        ("allow", r#"{"string_equal":{"qcs:tag":["prod"]}}"#),
        ("allow", r#"{"string_equal":{"qcs:tag/env":["env&prod","prod&env"]}}"#),
        ("allow", r#"{"bool_equal":{"qcs:mfa":"yes"}}"#),
        (
            "allow",
            r#"{"null_equal":{"qcs:ip":"true"},"string_equal":{"qcs:uin":"${uin}","vpc:region":"sh"}}"#,
        ),
        ("deny", r#"{"ip_equal":{"qcs:ip":["010.0.0.0/8","10.*.*.1"]}}"#),
        (
            "allow",
            r#"{"date_less_than":{"qcs:current_time":["2026-02-31T00:00:00Z","2026-02-28T24:00:00Z"]}}"#,
        ),
    ] {
        let text = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"{effect}","action":["*"],"resource":["*"],"condition":{condition}}}]}}"#
        );
        let document = Document::parse(&text).unwrap();
        writeln!(shown, "# {effect} {condition}").unwrap();
        for warning in document.warnings() {
            let fix = warning.fix().map_or_else(String::new, |fix| format!(" [{}]", fix.replacement));
            writeln!(shown, "=> {}: {}: {}{fix}", warning.code(), warning.message(), warning.help().unwrap())
                .unwrap();
        }
        assert_eq!(document.policy().check(catalog()).len(), document.warnings().len());
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_fix_never_gives_access() {
    let text = |effect: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"{effect}","action":["name\/room:enter"],"resource":["qcs::room: :12345678:roomId/1"]}}]}}"#
        )
    };
    let allow = text("allow");
    let document = Document::parse_with(catalog(), &allow).unwrap();
    // The case of the action, the whitespace, and the account as it is meant without it.
    assert_eq!(document.warnings().len(), 3);
    assert!(document.warnings().iter().all(|one| one.fix().is_none()));

    let mut deny = text("deny").replace("name\\/", "name/");
    for _ in 0..4 {
        let document = Document::parse_with(catalog(), &deny).unwrap();
        for fix in document.warnings().iter().rev().filter_map(Diagnostic::fix) {
            deny = fix.apply(&deny);
        }
    }
    assert!(
        deny.contains(r#"["name/room:Enter"]"#) && deny.contains(r#"["qcs::room::uin/12345678:roomId/1"]"#),
        "{deny}"
    );
    assert_eq!(Document::parse_with(catalog(), &deny).unwrap().warnings(), []);
}

#[test]
fn statements_that_do_nothing_are_named_and_refused() {
    let policy = Policy::new([
        statement(Effect::Allow, &["room:List"], &[ROOM]),
        statement(Effect::Allow, &["room:List", "room:Enter"], &[ROOM]),
        statement(Effect::Deny, &["room:Entr", "room:Exit*"], &["*"]),
        statement(Effect::Allow, &["cvm:*"], &["qcs::cvm:uin/12345678:ap-guangzhou:instance/*"]),
        statement(Effect::Allow, &["room:Enter"], &[DISK]),
        statement(Effect::Allow, &["permid/1", "part:Unheard"], &[ROOM]),
    ])
    .unwrap();
    assert_eq!(policy.statements_without_effect(catalog()), [0, 2, 3, 4]);
    let error = policy.checked(catalog()).unwrap_err();
    let statements: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| match problem {
            Problem::NoEffect(diagnostic) => diagnostic.element().unwrap().statement().unwrap(),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(statements, [0, 1, 2, 2, 3, 4]);
    assert!(
        error
            .to_string()
            .starts_with("the policy cannot be built: statement 0: `room:List` is operation-level")
    );
}

#[test]
fn findings_of_a_document_stand_among_its_warnings_in_order() {
    let text = r#"{"version":"2.0","statement":{"Effect":"allow","action":["room:List"],"resource":["qcs::room::uin/12345678:roomId/1"],"condition":{"ip_equal":{"qcs:ip ":"x"}}}}"#;
    let document = Document::parse_with(catalog(), text).unwrap();
    let codes: Vec<_> = document.warnings().iter().map(|one| one.code().as_str()).collect();
    assert_eq!(codes, ["structure", "structure", "operation_level", "whitespace", "condition_value"]);
    let starts: Vec<_> = document.warnings().iter().map(|one| one.span().unwrap().start()).collect();
    assert!(starts.is_sorted());
    assert!(document.warnings().iter().all(|one| one.severity() == Severity::Warning));
    assert_eq!(Document::parse(text).unwrap().warnings().len(), 4);
}

#[test]
fn a_document_is_checked_with_a_catalog_afterwards_too() {
    let text = format!(
        r#"{{"version":"2.0","statement":[{{"effect":"deny","action":["name/room:enter"],"resource":["{ROOM}"]}}]}}"#
    );
    let read = Document::parse_with(catalog(), &text).unwrap();
    let later = Document::parse(&text).unwrap();
    assert_eq!(later.warnings(), []);
    assert_eq!(later.check(catalog()), read.warnings());
    assert_eq!(later.check(&Catalog::EMPTY), []);
    // Inside a wrapping, places and fixes refer to the text as it was given.
    let wrapped = encoded(&text);
    let found = Document::parse_wrapped(&wrapped).unwrap().check(catalog());
    let fixed = found[0].fix().unwrap().apply(&wrapped);
    assert_eq!(fixed, encoded(&text.replace("enter", "Enter")));
}

#[test]
fn long_policies_are_checked_in_bearable_time() {
    let resources: Vec<String> = (0..5_000).map(|at| format!("qcs::room:::*r*o*o*m*/{at}*x")).collect();
    let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
    assert_eq!(found(&["room:Enter"], &resources).len(), 101);
    let stars = format!("qcs::room:::{}", "*1".repeat(3_000));
    assert_eq!(found(&["room:*"], &[&stars]), []);
    assert_eq!(found(&[&format!("room:{}", "x".repeat(6_000))], &["*"]).len(), 1);
}

#[test]
fn of_very_many_findings_the_first_are_listed() {
    let actions: Vec<String> = (0..20_000).map(|at| format!("room:NoSuchAction{at}")).collect();
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    let all = found(&actions, &["*"]);
    assert_eq!(all.len(), 101);
    assert_eq!(all[100].message(), "19900 more warnings are not listed");
}

#[test]
fn trust_policies_and_principals() {
    let trust = |name: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["sts:AssumeRole"],"principal":{{"qcs":["{name}"]}}}}]}}"#
        )
    };
    for known in [
        "*",
        "qcs::cam::uin/12345678:uin/23456789",
        "qcs::cam::uin/12345678:root",
        "qcs::cam::uin/12345678:groupid/7",
        "qcs::cam::uin/12345678:roleName/x",
        "qcs::cam::uin/12345678:role/tencentcloudServiceRoleName/CLS_QcsRole",
        "qcs::cam::anyone:anyone",
        "qcs::cam::anonymous:anonymous",
    ] {
        assert_eq!(Document::parse(&trust(known)).unwrap().warnings(), [], "{known}");
    }
    // A `*` within a name is not documented, and the evaluator finds nobody by it.
    for unknown in [
        "12345678",
        "qcs::cam::uin/<owner>:uin/<user>",
        "qcs::cam::12345678:uin/1",
        "qcs::cam::uin/1:uin/x",
        "qcs::cam::uin/*:uin/*",
        "qcs::cam::uin/1:*",
        "qcs::cam::uin/1:roleName/*",
        "qcs::cam::anyone:anonymous",
        "qcs:::uin/1:uin/2",
        "qcs::cam:ap-beijing:uin/1:uin/2",
    ] {
        let document = Document::parse(&trust(unknown)).unwrap();
        assert_eq!(document.warnings()[0].code(), Code::Principal, "{unknown}");
        assert_eq!(document.warnings()[0].element(), Some(Element::StatementPrincipalName(0, 0)));
    }
}

const PLAIN: &str = r#"{"version":"2.0","statement":[{"Effect":"allow","action":["cos:PutObject"],"resource":["qcs::cos::uid/1250000000:照片-1250000000\/${uin}\/*"]}]}"#;

/// A text as the contents of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn a_policy_is_taken_out_of_what_it_stands_in() {
    let (json, url) = (Wrapping::JsonString, Wrapping::UrlEncoding);
    let member = |name: &str| Wrapping::Member(name.into());
    let once = escaped(PLAIN);
    let cases = [
        (format!("\"{once}\""), vec![json.clone()]),
        (format!("\n  \"{once}\"\n"), vec![json.clone()]),
        (once.clone(), vec![json.clone()]),
        (format!("{once}\","), vec![json.clone()]),
        (escaped(&once), vec![json.clone(), json.clone()]),
        (escaped(&format!("{{\n  {}", &PLAIN[1..])), vec![json.clone()]),
        (encoded(PLAIN), vec![url.clone()]),
        (encoded(&encoded(PLAIN)), vec![url.clone(), url.clone()]),
        (encoded(PLAIN).replace("%2C", "%2C+").replace("%7B", "%7b"), vec![url.clone()]),
        (format!("Action=AssumeRole&Policy={}&Version=2018-08-13", encoded(PLAIN)), vec![url.clone()]),
        (format!(r#"{{"strategyInfo":{PLAIN}}}"#), vec![member("strategyInfo")]),
        (
            format!(r#"{{"Response":{{"PolicyName":"x","PolicyDocument":"{once}","Type":1}}}}"#),
            vec![member("PolicyDocument"), json.clone()],
        ),
        (
            format!("{{\n  \"PolicyDocument\": {PLAIN},\n  \"PolicyName\": \"x\"\n}}"),
            vec![member("PolicyDocument")],
        ),
        (
            format!(r#"{{"Response":{{"RoleInfo":{{"PolicyDocument":"{}"}}}}}}"#, encoded(PLAIN)),
            vec![member("PolicyDocument"), json.clone(), url.clone()],
        ),
        (format!(r#"{{"Policy":"{}"}}"#, encoded(PLAIN)), vec![member("Policy"), json, url]),
    ];
    let plain = Document::parse(PLAIN).unwrap();
    for (text, wrappings) in cases {
        let document = Document::parse_wrapped(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert_eq!(document.policy(), plain.policy(), "{text}");
        assert_eq!(document.wrappings(), wrappings, "{text}");
        assert_eq!(document.as_written(), text);
        // Places refer to the text that was given.
        assert_eq!(&text[document.span(Element::Effect(0)).unwrap().range()], "allow", "{text}");
        let action = &text[document.span(Element::Action(0, 0)).unwrap().range()];
        assert!(
            action == "cos:PutObject" || action == "cos%3APutObject" || action == "cos%253APutObject",
            "{action}"
        );
        let warning = &document.warnings()[0];
        assert_eq!(&text[warning.span().unwrap().range()], "Effect");
        let fixed = warning.fix().unwrap().apply(&text);
        assert_eq!(Document::parse_wrapped(&fixed).unwrap().warnings(), [], "{fixed}");
        // Reading the text as it stands fails; the error says what it is and how to read it.
        let error = Document::parse(&text).unwrap_err();
        let [one] = error.diagnostics() else { panic!("{text}\n{error}") };
        assert_eq!(one.code(), Code::Wrapped, "{text}");
        let alone = one.fix().unwrap().apply(&text);
        assert_eq!(Document::parse(&alone).unwrap().policy(), plain.policy(), "{alone}");
    }
    assert!(Document::parse_wrapped(PLAIN).unwrap().wrappings().is_empty());
}

#[test]
fn mistakes_within_a_wrapping_are_reported_at_their_place() {
    let spoilt = PLAIN.replace("\"allow\"", "\"alow\"");
    let text = format!("{{\n  \"Response\": {{\n    \"PolicyDocument\": \"{}\"\n  }}\n}}", escaped(&spoilt));
    let error =
        Document::read(&text, ReadOptions::new().as_kind(PolicyKind::Identity).unwrapping()).unwrap_err();
    let [one] = error.diagnostics() else { panic!("{error}") };
    assert_eq!(&text[one.span().unwrap().range()], "alow");
    assert_eq!(one.position().unwrap().line, 3);
    // Several policies, and texts without a policy.
    let two = format!(r#"{{"List":[{{"PolicyDocument":{PLAIN}}},{{"PolicyDocument":{PLAIN}}}]}}"#);
    for error in [Document::parse_wrapped(&two).unwrap_err(), Document::parse(&two).unwrap_err()] {
        assert_eq!(
            error.diagnostics()[0].message(),
            "the text holds several policies, of which this is the second"
        );
    }
    for none in [
        "",
        "{}",
        "{\"Response\":{}}",
        "\"x\"",
        "%7B",
        "{\\\"",
        "{\"PolicyDocument\":1}",
        "%FF%FE",
        "{\"PolicyDocument\":{",
    ] {
        assert!(Document::parse_wrapped(none).is_err(), "{none}");
        assert!(Document::parse(none).is_err(), "{none}");
    }
}

#[test]
fn sid_and_id_of_a_bucket_policy_are_kept() {
    let text = r#"{"version":"2.0","Id":"logs","statement":[{"Sid":"a","effect":"allow","principal":"*","action":["cos:GetObject"],"resource":["*"]}]}"#;
    let document = Document::parse(text).unwrap();
    assert_eq!(document.policy().to_string(), text);
    assert_eq!(document.policy().id(), Some("logs"));
    assert_eq!(document.policy().statements()[0].sid(), Some("a"));
    let codes: Vec<_> = document.warnings().iter().map(Diagnostic::code).collect();
    assert_eq!(codes, [Code::Identifier, Code::Identifier]);
    assert_eq!(&text[document.span(Element::Sid(0)).unwrap().range()], "a");
    assert_eq!(&text[document.span(Element::Id).unwrap().range()], "logs");
    let lower = text.replace("Sid", "sid").replace("\"Id\"", "\"id\"");
    assert_eq!(Document::parse(&lower).unwrap().policy(), document.policy());
    for wrong in [
        text.replace(r#""principal":"*","#, ""),
        text.replace(r#","resource":["*"]"#, ""),
        text.replace(r#""Sid":"a""#, r#""Sid":1"#),
        text.replace(r#""Sid":"a""#, r#""Sid":"a","sid":"b""#),
        text.replace("Sid", "Note"),
    ] {
        assert!(Document::parse(&wrong).is_err(), "{wrong}");
    }
    for kind in [PolicyKind::Identity, PolicyKind::Trust, PolicyKind::Session] {
        let error = Document::parse_as(kind, text).unwrap_err();
        assert!(error.to_string().contains("`Sid` stands only in the policy of a COS bucket"), "{error}");
    }
}

#[test]
fn advice_does_not_mislead() {
    let with = |action: &str, resource: &str| {
        let text = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":{action},"resource":{resource}}}]}}"#
        );
        (Document::parse(&text).err().map(|error| error.to_string()), text)
    };
    for (action, resource, said) in [
        (r#""a:X*","a:Y*""#, r#""*""#, r#"write several values as an array, `["a:X*", "a:Y*"]`"#),
        (
            r#"["a:X*"],"a:Y*" , "a:Z""#,
            r#""*""#,
            r#"write several values as an array, `["a:X*", "a:Y*", "a:Z"]`"#,
        ),
        (r#""*""#, r#""qcs::a:::b","qcs::a:::c""#, r#"`["qcs::a:::b", "qcs::a:::c"]`"#),
        (
            r#""*""#,
            r#""qcs:ap-guangzhou:cvm::uin/1:instance/*""#,
            "write `qcs::cvm:ap-guangzhou:uin/1:instance/*`",
        ),
        (
            r#""*""#,
            r#""qcs::cos:ap-guangzhou:uid/${appid}:b/*""#,
            "write the APPID, such as `uid/1250000000`",
        ),
        (r#""*""#, r#""qcs::cvm:${region}::instance/*""#, "an empty segment is every region"),
        (r#""trtc：RemoveUser""#, r#""*""#, "the full-width character `：`"),
        (r#""trtc:Remove＊""#, r#""*""#, "write `trtc:Remove*`"),
        (r#""*""#, r#""qcs：：cvm:::instance/*""#, "the full-width character `：`"),
        (r#""a:X，a:Y""#, r#""*""#, "more than one action"),
    ] {
        let (error, text) = with(action, resource);
        let error = error.unwrap_or_else(|| panic!("{text} was read"));
        assert!(error.contains(said), "{text}\n{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":"a:X*","a:Y*","resource":"*"}]}"#;
    let error = Document::parse(text).unwrap_err();
    let fixed = error.diagnostics()[0].fix().unwrap().apply(text);
    assert_eq!(Document::parse(&fixed).unwrap().policy().statements()[0].actions().len(), 2, "{fixed}");
    let error = Document::parse(&text.replace("2.0", "3.0")).unwrap_err().to_string();
    assert!(error.contains("what it means is not known here"), "{error}");
}

/// The evaluator says whether two values satisfy each other; the warning says whether a value can satisfy anything.
mod agreement {
    use super::*;
    use cam_policy::engine::{PolicySet, Request};
    use cam_policy::policy::{Comparison, Condition, ConditionValue, ValueKind};
    use cam_policy::values::Uin;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn satisfied(comparison: Comparison, value: &str) -> bool {
        satisfied_by(comparison, "x:y", value, value)
    }

    fn satisfied_by(comparison: Comparison, key: &str, value: &str, found: &str) -> bool {
        let owner = Uin::new(100000000001).unwrap();
        let condition = Condition::unchecked(comparison.into(), key, [ConditionValue::Text(value.into())]);
        let statement = statement(Effect::Allow, &["*"], &["*"]).with_condition(condition);
        let set = PolicySet::new(&Catalog::EMPTY, [Policy::new([statement]).unwrap()], owner);
        let request =
            Request::new(Uin::new(100000000002).unwrap(), "cvm:X", "*").unwrap().with_key(key, [found]);
        set.decide(&request).is_allowed()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(20_261_127), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_date_is_warned_of_where_the_evaluator_cannot_read_it(
            date in "(19|20|00)[0-9]{2}-?(0[0-9]|1[0-3])-?([0-2][0-9]|3[0-2])",
            separator in "[Tt ]",
            clock in "([01][0-9]|2[0-4])(:?[0-6][0-9](:?[0-6][0-9]([.,][0-9]{0,2})?)?)?",
            offset in "[Zz]|[+-][01][0-9](:?[0-6][0-9])?|",
        ) {
            let text = format!("{date}{separator}{clock}{offset}");
            prop_assert_eq!(ValueKind::Time.reads(&text), satisfied(Comparison::DateEqual, &text), "{}", text);
        }
    }

    /// A value with a warning satisfies nothing; a value without one satisfies itself.
    #[test]
    fn values_are_warned_of_where_the_evaluator_cannot_read_them() {
        use Comparison as C;
        let values = [
            "yes",
            "true",
            "TRUE",
            "1",
            "-1.50",
            "1e3",
            "1E+3",
            "1e999",
            "1,000",
            ".5",
            "5.",
            "0x10",
            "",
            " ",
            "10.0.0.1",
            "10.0.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0",
            "::1",
            "::1/129",
            "::ffff:10.0.0.1",
            "1.2.3.4/",
        ];
        for value in values {
            for comparison in [C::BoolEqual, C::NumericEqual] {
                let reads = comparison.kind().reads(value);
                assert_eq!(reads, satisfied(comparison, value), "{comparison} {value:?}");
            }
            // A network holds its own address, which is what a request has.
            let address = value.split('/').next().unwrap_or_default();
            let reads = ValueKind::Ip.reads(value);
            assert_eq!(reads, satisfied_by(C::IpEqual, "x:y", value, address), "ip_equal {value:?}");
        }
    }

    /// A condition with a warning about the type of its operator is never true.
    #[test]
    fn an_operator_of_another_type_than_the_key_never_holds() {
        use Comparison as C;
        for (comparison, key, value) in [
            (C::StringEqual, "qcs:ip", "10.0.0.1"),
            (C::StringNotEqual, "qcs:ip", "10.0.0.2"),
            (C::IpEqual, "qcs:current_time", "10.0.0.1"),
            (C::NumericEqual, "qcs:resource_tag", "1"),
            (C::BoolEqual, "qcs:tag/env", "true"),
        ] {
            let found = if comparison.is_negated() { "10.0.0.1" } else { value };
            assert!(!satisfied_by(comparison, key, value, found), "{comparison} {key}");
            let condition =
                Condition::unchecked(comparison.into(), key, [ConditionValue::Text(value.into())]);
            let statement = statement(Effect::Allow, &["*"], &["*"]).with_condition(condition);
            let codes: Vec<_> = Policy::new([statement])
                .unwrap()
                .check(&Catalog::EMPTY)
                .iter()
                .map(Diagnostic::code)
                .collect();
            assert_eq!(codes[0], Code::OperatorType);
            // The value may be none of the key's either.
            assert!(
                codes[1..].iter().all(|code| matches!(code, Code::ConditionValue | Code::Tag)),
                "{codes:?}"
            );
        }
    }

    const ACTIONS: [&str; 16] = [
        "room:Enter",
        "room:List",
        "room:ListAll",
        "room:Move",
        "room:Watch",
        "room:List*",
        "room:*e*",
        "room:enter",
        "room:Nope",
        "room:No*",
        "disk:Format",
        "disk:Quota",
        "disk:*",
        "DISK:Format",
        "room:Ente?",
        "room:*",
    ];

    const RESOURCES: [&str; 26] = [
        "*",
        "qcs::room::uin/12345678:roomId/1",
        "qcs::room:::roomId/*",
        "qcs::room:::roomid/1",
        "qcs::room::uin/99:roomId/7",
        "qcs::room:ap-guangzhou::roomId/1",
        "qcs::room:ap-guangzhou::room/7",
        "qcs::room:ap-*::room/*",
        "qcs::room:*::*/1",
        "qcs::room:::room/${uin}",
        "qcs::room:::roomId/${owner_uin}",
        "qcs::room:::roomId/abc",
        "qcs::disk:::disk/a/b",
        "qcs::disk::uin/:disk/*",
        "qcs::disk:::dis*",
        "qcs::Disk:::disk/a",
        "qcs:::::*1",
        "qcs::*::*:*",
        "qcs::disk:::volume/a",
        "qcs:id/0:disk:::disk/a",
        "qcs::disk::12345678:disk/a",
        "qcs::disk:uin/12345678::disk/a",
        "qcs::disk:uin/12345678:disk/a",
        "qcs::disk::uid/1250000000:disk/a",
        "qcs::disk:::disk/ a",
        "qcs::cvm:::instance/*",
    ];

    /// Returns every request that the catalog knows, with a few values for each placeholder.
    fn requests() -> Vec<Request> {
        let mut requests = Vec::new();
        let mut add = |action: &str, resource: &str| {
            requests.push(Request::new(Uin::new(100000000002).unwrap(), action, resource).unwrap());
        };
        for action in catalog().actions() {
            match action.granularity() {
                Granularity::Operation => add(action.as_str(), "*"),
                Granularity::Undocumented => {
                    add(action.as_str(), "*");
                    add(action.as_str(), "qcs::room::uin/12345678:roomId/1");
                    add(action.as_str(), "qcs::disk::uin/12345678:disk/a/b");
                    add(action.as_str(), "qcs::cvm::uin/12345678:instance/ins-1");
                }
                _ => {
                    for pattern in action.patterns() {
                        for (uin, region) in
                            [("12345678", ""), ("12345678", "ap-guangzhou"), ("99", ""), ("99", "gz")]
                        {
                            for (room, disk) in
                                [("1", "a"), ("7", "a/b"), ("12345678", "1"), ("100000000002", "x1")]
                            {
                                let resource = pattern
                                    .single
                                    .replace("${uin}", uin)
                                    .replace("${region}", region)
                                    .replace("${RoomId}", room)
                                    .replace("${DiskId}", disk);
                                add(action.as_str(), &resource);
                                add(action.as_str(), &resource.replacen("qcs::", "qcs:id/0:", 1));
                            }
                        }
                    }
                }
            }
        }
        requests
    }

    fn allowed(actions: &[&str], resources: &[&str]) -> bool {
        static REQUESTS: OnceLock<Vec<Request>> = OnceLock::new();
        let policy = Policy::new([statement(Effect::Allow, actions, resources)]).unwrap();
        let set = PolicySet::new(catalog(), [policy], Uin::new(12345678).unwrap());
        REQUESTS.get_or_init(requests).iter().any(|request| set.decide(request).is_allowed())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, rng_seed: RngSeed::Fixed(20_261_128), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_said_to_do_nothing_does_nothing_and_the_rest_does_something(
            actions in proptest::collection::vec(proptest::sample::select(&ACTIONS), 1..4),
            resources in proptest::collection::vec(proptest::sample::select(&RESOURCES), 1..4),
        ) {
            let policy = Policy::new([statement(Effect::Allow, &actions, &resources)]).unwrap();
            let dead: Vec<Element> = policy
                .check(catalog())
                .iter()
                .filter(|diagnostic| diagnostic.has_no_effect())
                .map(|diagnostic| diagnostic.element().unwrap())
                .collect();
            let whole = policy.statements_without_effect(catalog()) == [0];
            // Nobody knows what an action of undocumented granularity takes: there the test asks only for the
            // reported findings.
            let known = !policy.statements()[0].actions().iter().any(|one| one.matches("room:Watch"));
            prop_assert!(!whole || !allowed(&actions, &resources));
            prop_assert!(!known || whole || allowed(&actions, &resources));
            prop_assert!(!whole || !dead.is_empty());
            for (at, action) in actions.iter().enumerate() {
                if dead.contains(&Element::Action(0, at)) {
                    prop_assert!(!allowed(&[action], &resources), "{}", action);
                } else if known && dead.is_empty() {
                    prop_assert!(allowed(&[action], &resources), "{}", action);
                }
            }
            for (at, resource) in resources.iter().enumerate() {
                if dead.contains(&Element::Resource(0, at)) {
                    prop_assert!(!allowed(&actions, &[resource]), "{}", resource);
                } else if known && dead.is_empty() {
                    prop_assert!(allowed(&actions, &[resource]), "{}", resource);
                }
            }
        }
    }
}
