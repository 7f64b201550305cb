//! Tests the types as a program uses them: constants, conversions, errors that a person can read.

use std::error::Error;
use std::fmt::Debug;

use cam_policy::example::CATALOG;
use cam_policy::pattern_form::{ResourceError, fill_checked};
use cam_policy::policy::{
    ActionPattern, Comparison, ConditionOperator, Effect, Policy, Problem, ResourcePattern, Statement,
};
use cam_policy::values::{Region, Uin};

/// In a constant by name, and by a `match` of one's own.
const OWNER: Uin = Uin::literal(100000000001);
const OTHER: Uin = match Uin::new(100000000002) {
    Ok(uin) => uin,
    Err(_) => panic!("no uin"),
};

#[test]
fn an_account_is_a_number() {
    assert_eq!(u64::from(OWNER), 100000000001);
    assert_eq!(Uin::try_from(100000000002), Ok(OTHER));
    assert!(Uin::try_from(0).is_err());
    assert!(std::panic::catch_unwind(|| Uin::literal(0)).is_err());
}

/// `main` prints the `Debug` of an error.
fn printed<T, E: Error>(result: Result<T, E>) -> String {
    let error = result.err().unwrap();
    assert_eq!(format!("{error:?}"), error.to_string());
    format!("{error:?}")
}

fn text_of<E: Error + Debug>(error: &E) -> String {
    printed::<(), &E>(Err(error))
}

#[test]
fn every_error_prints_what_a_person_can_read_and_names_the_text() {
    let named = [
        printed("RemoveUser".parse::<ActionPattern>()),
        printed("qcs::RemoveUser".parse::<ResourcePattern>()),
        printed("RemoveUser".parse::<ConditionOperator>()),
        printed("RemoveUser".parse::<Uin>()),
        printed(Region::new("RemoveUser")),
        printed(fill_checked("a/${Id}", &[("Id", "RemoveUser*".into())])),
        printed(r#"{"RemoveUser":1}"#.parse::<Policy>()),
    ];
    for text in named {
        assert!(text.contains("RemoveUser") && !text.contains("Error"), "{text}");
    }
    assert_eq!(printed(Uin::new(0)), "0 is no account uin: write a positive whole number");
    let everything =
        Policy::new([Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL])]).unwrap();
    assert!(printed(everything.to_terraform("a", "b c", None)).contains("\"b c\""));
}

#[test]
fn a_policy_that_cannot_be_built_says_why_and_has_a_source() {
    let empty = Statement::new(Effect::Allow, Vec::<ActionPattern>::new(), Vec::<ResourcePattern>::new());
    let error = Policy::new([empty]).unwrap_err();
    assert_eq!(text_of(&error), error.to_string());
    assert_eq!(error.source().unwrap().to_string(), "statement 0 has no action");
    assert_eq!(text_of(&error.problems()[0]), "statement 0 has no action");

    let source: ResourceError = fill_checked("a/${Id}", &[("Id", 0_u64.into())]).unwrap_err();
    let problem = Problem::Resource { statement: 1, error: source.clone() };
    assert_eq!(problem.source().unwrap().to_string(), source.to_string());

    let room: ResourcePattern = "qcs::trtc::uin/12345678:sdkappid/1".parse().unwrap();
    let list: ActionPattern = "trtc:GetUserList".parse().unwrap();
    let error =
        Policy::new([Statement::new(Effect::Deny, [list], [room])]).unwrap().checked(&CATALOG).unwrap_err();
    let problem = error.source().unwrap();
    assert!(problem.source().unwrap().to_string().contains("is operation-level"));

    let error = "{}".parse::<Policy>().unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), error.diagnostics()[0].to_string());
}

#[test]
fn operators_are_made_of_their_parts() {
    let operator = ConditionOperator::from(Comparison::NullEqual).or_absent();
    assert_eq!(operator.to_string(), "null_equal");
}

mod keys {
    use super::printed;
    use cam_policy::engine::{AccessDenied, Request};
    use cam_policy::key::{self, Decimal, Key, Tag};

    #[test]
    fn a_key_by_name_is_of_texts_and_others_say_what_they_are_of() {
        // Without a type this once did not compile.
        let region = Key::new("vpc:region").unwrap().equals(["ap-guangzhou"]);
        assert_eq!(region.to_string(), "string_equal of vpc:region with ap-guangzhou");
        let size = Key::number("cos:content-length").unwrap().equals([7]);
        assert_eq!(size.to_string(), "numeric_equal of cos:content-length with 7");
        let peer = Key::ip("vpc:peer").unwrap().within([key::network("10.217.182.3/24").unwrap()]);
        assert_eq!(
            cam_policy::policy::Condition::from(peer).to_string(),
            "ip_equal of vpc:peer with 10.217.182.3/24"
        );
        assert_eq!(Key::bool("sso:mfa").unwrap().is(true).to_string(), "bool_equal of sso:mfa with true");
        let until = Key::time("x:until").unwrap().before("2027-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(until.operator().to_string(), "date_less_than");
        let tags = Key::tags("x:tag").unwrap().any_of([Tag::new("env", "prod").unwrap()]);
        assert_eq!(tags.operator().to_string(), "for_any_value:string_equal");
    }

    #[test]
    fn errors_name_the_text() {
        let named = [
            printed(Key::new("nonsense")),
            printed(Tag::new("non&sense", "x")),
            printed("nonsense".parse::<Decimal>()),
            printed(key::network("nonsense")),
            printed(Request::new(super::OWNER, "nonsense", "*")),
        ];
        for text in named {
            assert!(text.replace('&', "").contains("nonsense") && !text.contains("Error"), "{text}");
        }
        printed(AccessDenied::parse("nonsense"));
        let denied = AccessDenied::parse(
            "you are not authorized to perform operation (sms:SendSms)\nresource (*) has no permission",
        );
        assert_eq!(
            format!("{:?}", denied.unwrap()),
            r#"AccessDenied { action: ActionPattern("sms:SendSms"), resource: ResourcePattern("*"), conditions: [], .. }"#
        );
        for bad in ["10.0.0.0/33", "10.0.0", "010.0.0.1", "", "::/129"] {
            assert!(printed(key::network(bad)).contains(&format!("{bad:?}")), "{bad}");
        }
    }
}
