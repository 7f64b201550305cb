//! Policies made of typed grants, and the resources they name.

#![cfg(all(feature = "ccc", feature = "trtc"))]

use proptest::prelude::*;
use tencent_cam::policy::{Problem, ResourceError};
use tencent_cam::{Effect, Policy, PolicyBuilder, Region, Resource, Uin, ccc, trtc};

fn owner() -> Uin {
    Uin::new(12345678).unwrap()
}

fn example() -> Policy {
    PolicyBuilder::new()
        .allow(
            trtc::Application::id(owner(), 1400000001),
            [trtc::Action::RemoveUser, trtc::Action::DismissRoom],
        )
        .deny(trtc::Application::all(owner()), [trtc::Action::DismissRoom])
        .allow_everywhere([trtc::Action::DescribeDetailEvent, trtc::Action::GetUserList])
        .build()
        .unwrap()
}

#[test]
fn both_forms_are_the_same_json() {
    let policy = example();
    let compact: serde_json::Value = serde_json::from_str(&policy.to_string()).unwrap();
    let pretty: serde_json::Value = serde_json::from_str(&format!("{policy:#}")).unwrap();
    assert_eq!(compact, pretty);
    assert!(!policy.to_string().contains(char::is_whitespace));
    insta::assert_snapshot!(format!("{policy:#}"));
}

#[test]
fn the_readme_shows_what_the_example_prints_and_what_the_compiler_says() {
    let readme = include_str!("../README.md");
    assert!(readme.contains(&format!("```json\n{:#}\n```", example())));
    let refusal = include_str!("ui/operation_level_on_a_resource.stderr");
    let shown = readme.split("```text\n").nth(1).unwrap().split("\n```").next().unwrap();
    for line in shown.lines().filter(|line| line.contains("operation")) {
        assert!(refusal.contains(line.trim_start_matches(['6', ' ', '|'])), "{line}");
    }
}

#[test]
fn statements_can_be_read_back() {
    let policy = example();
    let [first, second, third] = policy.statements() else { panic!("three statements") };
    assert_eq!(
        (first.effect(), second.effect(), third.effect()),
        (Effect::Allow, Effect::Deny, Effect::Allow)
    );
    assert_eq!(first.actions().len(), 2);
    assert_eq!(first.resources()[0].as_str(), "qcs::trtc::uin/12345678:sdkappid/1400000001");
    assert_eq!(third.resources()[0].as_str(), "*");
}

#[test]
fn services_can_be_mixed_in_one_policy() {
    let policy = PolicyBuilder::new()
        .allow(ccc::Application::id(owner(), 1400000001), ccc::ApplicationAction::ALL)
        .allow(ccc::ApplicationWithoutUin::id(1400000001), ccc::ApplicationWithoutUinAction::ALL)
        .allow(
            [
                ccc::RegionalApplication::id(owner(), Region::new("ap-guangzhou").unwrap(), 1400000001),
                ccc::RegionalApplication::id(owner(), Region::every(), 1400000002),
            ],
            ccc::Action::DestroyNumberResource,
        )
        .deny_everywhere(trtc::Action::ALL)
        .build()
        .unwrap();
    let resources: Vec<&str> = policy
        .statements()
        .iter()
        .flat_map(tencent_cam::Statement::resources)
        .map(tencent_cam::ResourcePattern::as_str)
        .collect();
    assert_eq!(
        resources,
        [
            "qcs::ccc::uin/12345678:SdkAppId/1400000001",
            "qcs::ccc::uin/:SdkAppId/1400000001",
            "qcs::ccc:ap-guangzhou:uin/12345678:SdkAppId/1400000001",
            "qcs::ccc::uin/12345678:SdkAppId/1400000002",
            "*",
        ]
    );
}

#[test]
fn every_problem_of_a_policy_is_reported_at_once() {
    let error = PolicyBuilder::new()
        .allow(trtc::Application::id(owner(), 0), [trtc::Action::RemoveUser])
        .allow(Vec::<Resource<trtc::Application>>::new(), [trtc::Action::RemoveUser])
        .deny_everywhere(Vec::<trtc::Action>::new())
        .build()
        .unwrap_err();
    assert!(matches!(
        error.problems(),
        [
            Problem::Resource { statement: 0, error: ResourceError::NotANumber { .. } },
            Problem::NoResource { statement: 1 },
            Problem::NoAction { statement: 2 },
        ]
    ));
    insta::assert_snapshot!(error);
    assert!(matches!(PolicyBuilder::new().build().unwrap_err().problems(), [Problem::NoStatement]));
}

#[test]
fn a_text_that_is_no_resource_says_why() {
    let message = |text: &str| match text.parse::<Resource<ccc::RegionalApplication>>() {
        Ok(resource) => format!("{text} is {resource}"),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(
        [
            "qcs::ccc:ap-guangzhou:uin/12345678:SdkAppId/1400000001",
            "qcs::ccc::uin/12345678:SdkAppId/*",
            "qcs::ccc::uin/12345678:sdkappid/1400000001",
            "qcs::ccc::uin/${uin}:SdkAppId/1400000001",
            "qcs::ccc:${region}:uin/1:SdkAppId/1",
            "qcs::ccc::uin/:SdkAppId/1400000001",
            "qcs::ccc::uin/12345678:SdkAppId/01",
            "qcs::ccc::uin/12345678:SdkAppId/",
            "qcs::ccc:AP:uin/12345678:SdkAppId/1",
            "qcs::trtc::uin/12345678:sdkappid/1400000001",
            "*",
            "",
        ]
        .map(message)
        .join("\n")
    );
}

#[test]
fn accounts_and_regions_are_checked() {
    for text in ["", "0", "01", "-1", "+1", "1 ", "12a", "99999999999999999999999", "１２"] {
        assert!(text.parse::<Uin>().is_err(), "{text:?}");
    }
    for text in ["ap guangzhou", "AP-Guangzhou", "ap:gz", "*", "${region}", "广州"] {
        assert!(Region::new(text).is_err(), "{text:?}");
    }
    assert!(Region::new("").is_err(), "every region has a name of its own");
    assert_eq!("gz".parse::<Region>().unwrap().as_str(), "gz");
}

proptest! {
    #[test]
    fn resources_round_trip_and_hold_no_placeholder(uin in 1_u64.., id in 1_u64.., region in "[a-z]{2}-[a-z]{1,12}(-[0-9])?") {
        let owner = Uin::new(uin).unwrap();
        let region = Region::new(&region).unwrap();
        let one = ccc::RegionalApplication::id(owner, region.clone(), id).unwrap();
        prop_assert_eq!(one.as_str(), format!("qcs::ccc:{region}:uin/{uin}:SdkAppId/{id}"));
        prop_assert_eq!(&one.to_string().parse::<Resource<ccc::RegionalApplication>>().unwrap(), &one);
        let all = ccc::RegionalApplication::all(owner, region);
        prop_assert_eq!(&all.to_string().parse::<Resource<ccc::RegionalApplication>>().unwrap(), &all);
        prop_assert!(!one.as_str().contains(['$', '*']) && !all.as_str().contains('$'));
        prop_assert_eq!(one.as_str().split(':').count(), 6);
    }

    #[test]
    fn parsing_a_resource_never_panics_and_keeps_what_it_takes(text in "(qcs::trtc::uin/|qcs|)[0-9:/a-z*${}]{0,24}(:sdkappid/[0-9*${}u]{0,8})?") {
        if let Ok(found) = text.parse::<Resource<trtc::Application>>() {
            prop_assert_eq!(found.as_str(), &text);
            prop_assert!(!text.contains('$'));
        }
    }
}
