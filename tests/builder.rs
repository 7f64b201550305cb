//! Conditions on typed grants.

#![cfg(all(feature = "ccc", feature = "engine", feature = "trtc"))]

use ipnet::IpNet;
use tencent_cam::key;
use tencent_cam::policy::Problem;
use tencent_cam::{ActionEnum, Effect, PolicyBuilder, ResourcePattern, Statement, Uin, ccc, trtc};

fn owner() -> Uin {
    Uin::new(12345678).unwrap()
}

#[test]
fn conditions_are_taken_alone_in_arrays_and_in_tuples_by_every_grant() {
    let app = || trtc::Application::id(owner(), 1400000001);
    let (remove, list) = (trtc::Action::RemoveUser, trtc::Action::GetUserList);
    let mfa = || key::MFA.is(true);
    let office = || key::SOURCE_IP.within(["10.0.0.0/8".parse::<IpNet>().unwrap()]);
    let policy = PolicyBuilder::new()
        .allow_if(app(), remove, mfa())
        .deny_if(app(), remove, [mfa(), key::MFA.is_present()])
        .allow_everywhere_if(list, (office(), mfa()))
        .deny_everywhere_if(list, vec![key::MFA.is_absent()])
        .allow_everywhere_if(ccc::Action::ALL, (office(), mfa(), key::UIN.equals(["1"])))
        .allow_if(app(), remove, (office(), mfa(), key::UIN.equals(["1"]), key::OWNER_UIN.equals(["2"])))
        .build()
        .unwrap();
    let shape = policy.statements().iter().map(|one| {
        let conditions: Vec<_> = one.conditions().iter().map(ToString::to_string).collect();
        format!("{} {}: {}", one.effect(), one.resources()[0], conditions.join(", "))
    });
    insta::assert_snapshot!(shape.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_condition_on_the_address_stands_wherever_the_catalog_does_not_say_that_it_is_in_vain() {
    let in_vain = |action: &tencent_cam::Action| action.ip_condition() == Some(false);
    for service in tencent_cam::Service::ALL {
        for action in service.actions() {
            let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<IpNet>().unwrap()]);
            let statement = Statement::new(Effect::Deny, [action], [ResourcePattern::ALL]);
            let built = PolicyBuilder::new().statement(statement.with_condition(office)).build();
            if let Err(error) = &built {
                assert_eq!(
                    error.problems(),
                    [Problem::IpCondition { statement: 0, action: action.as_str().into() }]
                );
            }
            assert_eq!(built.is_err(), in_vain(&action), "{action}");
        }
    }
    let action = tencent_cam::Service::Ccc.actions().next().unwrap();
    insta::assert_snapshot!(Problem::IpCondition { statement: 3, action: action.as_str().into() });
}
