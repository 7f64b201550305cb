//! What every rule promises.

mod common;

use std::collections::BTreeSet;

use cam_lint::{
    Basis, Family, FixSafety, Kind, LintOptions, Persona, Proof, Rule, lint, nearest_rules, prove, rule,
    rules, unverified,
};
use cam_policy::policy::{ActionPattern, Policy};
use common::{catalog, real_catalog};

fn options(rule: &Rule) -> LintOptions<'static> {
    LintOptions::new(catalog()).persona(Persona::Auditor).kind(rule.kind)
}

/// The rules with examples: those of policies, not those of the files around them.
fn with_examples() -> impl Iterator<Item = &'static Rule> {
    rules().iter().copied().filter(|rule| rule.family() != Family::Bookkeeping)
}

fn fires(rule: &Rule, text: &str) -> bool {
    lint(text, &options(rule)).findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn the_bad_example_is_reported_and_the_good_one_is_not() {
    for rule in with_examples() {
        let found = lint(rule.bad, &options(rule)).findings;
        assert!(fires(rule, rule.bad), "{rule} does not report its bad example, but {found:#?}");
        assert!(!fires(rule, rule.good), "{rule} reports its good example");
    }
}

/// Nobody learns from an example with a second mistake.
#[test]
fn the_good_example_has_no_finding_for_everybody() {
    for rule in with_examples() {
        let options = LintOptions::new(catalog()).kind(rule.kind);
        let found = lint(rule.good, &options).findings;
        assert!(found.is_empty(), "the good example of {rule}: {found:#?}");
    }
}

#[test]
fn fixes_are_as_safe_as_the_rule_says() {
    for rule in with_examples() {
        let report = lint(rule.bad, &options(rule));
        let finding = report.findings.iter().find(|finding| finding.rule == rule).unwrap();
        let Some(fix) = &finding.fix else {
            assert_eq!(rule.fix, FixSafety::None, "{rule} has no fix for its bad example");
            continue;
        };
        let changed = fix.apply(rule.bad);
        let proof = prove(&options(rule), rule.bad, &changed);
        match rule.fix {
            FixSafety::None => panic!("{rule} declares no fix"),
            FixSafety::Safe => assert_eq!(proof, Proof::Same, "{rule}"),
            FixSafety::Unsafe => assert!(!proof.is_safe(), "{rule}"),
            FixSafety::Either => {}
        }
        assert!(!fires(rule, &changed), "the fix of {rule} does not resolve it: {changed}");
    }
}

/// The list of all ids that were ever given away. Add new ones; never change or remove one.
#[test]
fn ids_are_never_used_again() {
    let known: BTreeSet<&str> = include_str!("ids.txt").lines().collect();
    let now: Vec<String> = rules().iter().map(ToString::to_string).collect();
    let missing: Vec<&String> = now.iter().filter(|one| !known.contains(one.as_str())).collect();
    assert!(missing.is_empty(), "not in tests/ids.txt: {missing:?}");
    let ids: BTreeSet<&str> = known.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids.len(), known.len(), "an id stands twice in tests/ids.txt");
}

#[test]
fn ids_and_names_are_unique_and_the_rules_are_sorted() {
    assert!(rules().is_sorted_by(|one, other| one.id < other.id));
    let names: BTreeSet<&str> = rules().iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules().len());
    for each in rules() {
        assert!(each.id.len() == 6 && each.id.starts_with("CAM"), "{each}");
        assert!(each.name.bytes().all(|byte| byte.is_ascii_lowercase() || b"-3".contains(&byte)), "{each}");
        assert_eq!((rule(each.id), rule(each.name)), (Some(*each), Some(*each)));
    }
}

#[test]
fn texts_are_there_in_both_languages() {
    let chinese = |text: &str| text.chars().any(|one| ('\u{4e00}'..'\u{9fff}').contains(&one));
    for rule in rules() {
        for text in [rule.summary, rule.why] {
            assert!(!text.en.is_empty() && !chinese(text.en), "{rule}");
            assert!(chinese(text.zh), "{rule}");
        }
        assert!(!rule.summary.en.ends_with('.') && rule.why.en.ends_with('.'), "{rule}");
        assert!(!rule.summary.zh.ends_with('。') && rule.why.zh.ends_with('。'), "{rule}");
        match rule.basis {
            Basis::Documented(page) => {
                assert!(page.starts_with("https://cloud.tencent.com/document/"), "{rule}");
            }
            Basis::Assumption(what) => {
                assert!(!what.en.ends_with('.') && chinese(what.zh) && !chinese(what.en), "{rule}");
            }
        }
    }
}

/// A file of declarations whose rules another family numbers would be found here.
#[test]
fn errors_of_the_service_are_predicted_by_the_refused_family_alone_unless_the_reader_lets_them_pass() {
    for rule in rules().iter().filter(|rule| rule.family() == Family::Refused) {
        assert!(rule.cam_code.is_some_and(|code| code.starts_with("InvalidParameter.")), "{rule}");
    }
}

#[test]
fn a_misspelt_rule_is_found() {
    assert_eq!(nearest_rules("duplicat-action")[0].id, "CAM220");
    assert_eq!(nearest_rules("CAM1O1")[0].id, "CAM101");
    assert!(nearest_rules("nothing of this kind").is_empty());
}

const COVERAGE: &str = include_str!("../../../docs/rules/coverage.md");

#[test]
fn every_rule_that_the_comparison_with_other_tools_names_exists() {
    let ids: BTreeSet<&str> = COVERAGE
        .match_indices("CAM")
        .filter_map(|(at, _)| COVERAGE.get(at..at + 6))
        .filter(|id| id[3..].bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    assert!(ids.len() > 60, "{}", ids.len());
    for id in ids {
        assert!(rule(id).is_some(), "{id}");
    }
}

/// The comparison says of each code which rules predict it, and the rules say the same.
#[test]
fn every_code_that_a_rule_predicts_stands_beside_it_in_the_comparison() {
    let rows = COVERAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let mut codes = BTreeSet::new();
    for (code, who) in rows {
        codes.insert(code);
        for rule in with_examples().filter(|rule| rule.cam_code == Some(&format!("InvalidParameter.{code}")))
        {
            assert!(who.contains(rule.id), "{rule} predicts {code}: {who}");
        }
    }
    for rule in with_examples() {
        let code = rule.cam_code.and_then(|code| code.strip_prefix("InvalidParameter."));
        assert!(code.is_none_or(|code| codes.contains(code)), "{rule}: {code:?}");
    }
}

/// Returns the ids of the rules that an auditor of the project's catalog sees.
fn found(options: &LintOptions<'_>, action: &str, condition: &str) -> BTreeSet<&'static str> {
    let text = format!(
        r#"{{"version": "2.0", "statement": [
            {{"effect": "allow", "action": ["{action}"], "resource": ["*"]{condition}}}]}}"#
    );
    lint(&text, options).findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn keys_of_all_requests_of_a_service_are_documented_for_each_action() {
    let options = LintOptions::new(real_catalog()).persona(Persona::Auditor);
    for (operator, key, value, is_reported) in [
        ("bool_equal", "cos:secure-transport", "true", false),
        ("numeric_less_than_equal", "cos:content-length", "1024", false),
        ("string_equal", "cos:content-type", "image/png", false),
        ("string_equal", "vpc:requester_vpc", "vpc-12345678", false),
        ("string_equal", "cos:x-cos-colour", "blue", true),
    ] {
        let condition = format!(r#", "condition": {{"{operator}": {{"{key}": ["{value}"]}}}}"#);
        let found = found(&options, "cos:PutObject", &condition);
        assert_eq!(found.contains("CAM218"), is_reported, "{key}: {found:?}");
    }
}

/// No request has a key with whitespace, so a condition on such a key limits every caller.
#[test]
fn an_open_network_is_reported_of_a_key_that_requests_have() {
    let condition = |key: &str| format!(r#", "condition": {{"ip_equal": {{"{key}": ["0.0.0.0/0"]}}}}"#);
    let found = |key: &str| found(&LintOptions::new(catalog()), "cos:GetObject", &condition(key));
    assert!(found("qcs:ip").contains("CAM131"));
    let broken = found("qcs:ip ");
    assert!(broken.contains("CAM113") && !broken.contains("CAM131"), "{broken:?}");
}

#[test]
fn names_of_which_nothing_else_is_known_are_actions() {
    fn matches(action: &ActionPattern) -> bool {
        ["trtc:StartRehearsal", "trtc:StartReh*", "tke:CreateCluster"].contains(&action.as_str())
    }
    fn of(service: &str) -> Vec<&'static str> {
        match service {
            "tke" => vec!["CreateCluster"],
            "trtc" => vec!["StartRehearsal"],
            _ => Vec::new(),
        }
    }
    let without = LintOptions::new(catalog()).persona(Persona::Auditor);
    let with = without.names(matches, of);
    for (action, rule, by_catalog, by_names) in [
        ("trtc:StartRehearsal", "CAM010", true, false),
        ("trtc:StartReh*", "CAM108", true, false),
        ("trtc:StartRehearsals", "CAM010", true, true),
        ("tke:CreateClusterr", "CAM126", false, true),
        ("tke:CreateCluster", "CAM126", false, false),
        ("tke:createCluster", "CAM126", false, true),
    ] {
        assert_eq!(found(&without, action, "").contains(rule), by_catalog, "{action} by the catalog alone");
        assert_eq!(found(&with, action, "").contains(rule), by_names, "{action} with names");
    }
}

#[test]
fn a_principal_is_reported_where_it_stands() {
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],"principal":
        {"service":["cls.cloud.tencent.com","cvm.example.com"],"qcs":["qcs::cam::uin/12:uin/3","nobody","*"]}}]}"#;
    let findings = lint(text, &LintOptions::new(catalog())).findings;
    let places: Vec<(&str, &str)> =
        findings.iter().map(|one| (one.rule.id, text.get(one.span.range()).unwrap())).collect();
    assert_eq!(
        places,
        [
            ("CAM025", "cvm.example.com"),
            ("CAM024", "qcs::cam::uin/12:uin/3"),
            ("CAM023", "nobody"),
            ("CAM307", "*"),
        ]
    );
}

#[test]
fn a_boundary_that_is_too_long_cannot_be_split() {
    let long = rule("CAM004").unwrap().bad;
    for (kind, word) in
        [(Kind::Identity, "`split`"), (Kind::Boundary, "`minimize`"), (Kind::Session, "`minimize`")]
    {
        let findings = lint(long, &LintOptions::new(catalog()).kind(kind)).findings;
        let found = findings.iter().find(|one| one.rule.id == "CAM004").unwrap();
        assert!(found.help.as_ref().unwrap().contains(word), "{kind}: {found:?}");
    }
}

#[test]
fn a_service_is_misspelt_if_a_known_one_is_nearly_the_same() {
    let without = LintOptions::new(catalog()).persona(Persona::Auditor);
    let with = without
        .services(|| vec!["tke", "lighthouse", "ssl"])
        .names(|_| false, |service| if service == "tke" { vec!["CreateCluster"] } else { Vec::new() });
    for (action, by_catalog, by_services) in [
        ("cmv:StopInstances", "CAM138", "CAM138"),
        ("tek:CreateCluster", "CAM139", "CAM138"),
        ("lighthose:StopInstances", "CAM139", "CAM138"),
        ("cvms:StopInstances", "CAM139", "CAM139"),
        ("httpdns:DescribeDomains", "CAM139", "CAM139"),
        // Published policies have it.
        ("sls:ListInstances", "CAM139", "CAM139"),
        ("tke:CreateCluster", "CAM139", ""),
        ("s3:GetObject", "CAM011", "CAM011"),
    ] {
        for (options, rule) in [(&without, by_catalog), (&with, by_services)] {
            let found = found(options, action, "");
            let told: Vec<&str> =
                ["CAM011", "CAM138", "CAM139"].into_iter().filter(|id| found.contains(id)).collect();
            assert_eq!(told.concat(), rule, "{action}");
        }
    }
}

#[test]
fn a_misspelt_wildcard_names_the_words_that_are_near() {
    let options = LintOptions::new(catalog()).persona(Persona::Auditor);
    let help = |action: &str| {
        let text = format!(
            r#"{{"version": "2.0", "statement": [{{"effect": "deny", "action": ["{action}"], "resource": ["*"]}}]}}"#
        );
        let findings = lint(&text, &options).findings;
        findings.into_iter().find(|one| one.rule.id == "CAM126").map(|one| one.help.unwrap_or_default())
    };
    let near = "check the name; did you mean `cvm:Terminate*`?";
    assert_eq!(help("cvm:Termnate*").as_deref(), Some(near));
    assert!(help("cvm:*Colour*").is_some_and(|help| help.contains("query --service cvm")));
    assert_eq!(help("cvm:Terminate*"), None);
    assert_eq!(help("cvm:terminate*"), None, "the core reports it");
}

#[test]
fn an_account_of_cos_is_mended_by_the_name_of_the_bucket() {
    let options = LintOptions::new(catalog());
    let fixed = |resource: &str| {
        let text = format!(
            r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": ["cos:GetObject"], "resource": ["{resource}"]}}]}}"#
        );
        let findings = lint(&text, &options).findings;
        let [finding] = &findings[..] else { panic!("{resource}: {findings:?}") };
        assert_eq!(finding.rule.id, "CAM154");
        let fix = finding.fix.as_ref()?;
        let changed = fix.apply(&text);
        assert!(!prove(&options, &text, &changed).is_safe(), "the allow begins to grant something");
        changed.contains("qcs::cos:ap-guangzhou:uid/1250000000:").then_some(changed)
    };
    assert!(fixed("qcs::cos:ap-guangzhou:uin/100000000001:photos-1250000000/*").is_some());
    assert!(fixed("qcs::cos:ap-guangzhou:uin/100000000001:prefix//1250000000/photos/*").is_some());
    assert_eq!(fixed("qcs::cos:ap-guangzhou:uin/100000000001:*"), None);
}

/// An unknown operator hides nothing of the other conditions, whichever operators they have.
#[test]
fn an_unknown_operator_hides_no_other_mistake_of_its_statement() {
    for unknown in [
        r#""IpAddress": {"qcs:ip": "10.0.0.1"}"#,
        r#""StringLike": {"a": "b"}, "IpAddress": {"qcs:ip": "10.0.0.1"}"#,
    ] {
        let condition = format!(
            r#", "condition": {{"ip_not_equal": {{"qcs:ip ": ["10.0.0.0/8"]}}, "string_equal": {{"qcs:ip": "10.0.0.1"}}, {unknown}}}"#
        );
        let found = found(&LintOptions::new(catalog()), "trtc:GetUserList", &condition);
        for id in ["CAM020", "CAM113", "CAM114"] {
            assert!(found.contains(id), "{id} of {condition}: {found:?}");
        }
    }
}

/// What stands in the place of the region and is none goes elsewhere: no second advice says to drop it, or that it may be new.
#[test]
fn what_stands_in_the_place_of_the_region_is_no_region() {
    for resource in [
        "qcs::trtc:uin/100000000001::sdkappid/1400000001",
        "qcs::trtc:100000000001::sdkappid/1400000001",
        "qcs::cos:1250000000::photos-1250000000/*",
        "qcs::ap-guangzhou:cos:uid/1250000000:photos-1250000000/*",
    ] {
        let action = if resource.contains("cos") { "cos:GetObject" } else { "trtc:RemoveUser" };
        let text = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["{action}"],"resource":["{resource}"]}}]}}"#
        );
        let options = LintOptions::new(real_catalog()).persona(Persona::Auditor);
        let found = lint(&text, &options).findings;
        let ids: Vec<&str> = found.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(ids, ["CAM105"], "{resource}: {found:#?}");
    }
}

/// COS knows no account by its uin: what is written for an account elsewhere must not be the next mistake.
#[test]
fn the_account_of_a_bucket_is_written_as_cos_names_it() {
    for resource in [
        "qcs::cos:uin/100000000001::photos-1250000000/*",
        "qcs::cos:uin/100000000001:ap-guangzhou:photos-1250000000/*",
        "qcs::cos:uin/100000000001:photos-1250000000/*",
        "qcs::cos:ap-guangzhou:100000000001:photos-1250000000/*",
        "qcs::cos:ap-guangzhou:100000000001:prefix//1250000000/photos/*",
    ] {
        let text = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["cos:GetObject"],"resource":["{resource}"]}}]}}"#
        );
        let options = LintOptions::new(real_catalog()).persona(Persona::Auditor);
        let found = lint(&text, &options).findings;
        let [finding] = &found[..] else { panic!("{resource}: {found:#?}") };
        assert!(
            finding.help.as_deref().unwrap_or_default().contains("has the APPID of its owner"),
            "{finding:#?}"
        );
        let mended = finding.fix.as_ref().unwrap().apply(&text);
        assert!(mended.contains(":uid/1250000000:"), "{mended}");
        assert!(lint(&mended, &options).findings.is_empty(), "{mended}");
    }
}

/// What a rule reports is not counted as what nobody can check.
#[test]
fn an_action_in_other_upper_and_lower_case_is_checked() {
    let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:getobject","cos:Xyz"],"resource":["*"]}]}"#;
    let options = LintOptions::new(real_catalog());
    assert!(lint(text, &options).findings.iter().any(|finding| finding.rule.id == "CAM107"));
    let policy: Policy = text.parse().unwrap();
    let all: Vec<&str> = unverified(&policy, &options).map(|(action, _)| action.as_str()).collect();
    assert_eq!(all, ["cos:Xyz"]);
}
