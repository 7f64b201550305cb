//! Builds a policy, reads a policy written by hand, decides requests on both, explains the decisions, and compares policies.
//!
//! `cargo run --example decide --features engine`

use tencent_cam::{Document, PolicyBuilder, PolicySet, Request, Uin, ccc, key, trtc};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let owner = Uin::new(100000000001)?;
    let caller = Uin::new(100000000002)?;

    println!("# A policy, typed: its conditions take networks and instants, not texts\n");
    let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>()?]);
    let term = key::CURRENT_TIME.before("2027-01-01T00:00:00Z".parse()?);
    let support = PolicyBuilder::new()
        .allow_if(ccc::Application::id(owner, 1400000001), ccc::Action::CreateStaff, (office, term))
        .allow_everywhere(ccc::Action::CreateIVR)
        .build()?;
    println!("{support}\n");

    println!("# A policy as it was written by hand\n");
    let text = r#"{
  "version": "2.0",
  "statement": [
    {"effect": "allow", "action": "name/trtc:*", "resource": "qcs::trtc::uin/100000000001:sdkappid/1400000001"},
    {"effect": "deny", "action": ["trtc:DismissRoom"], "resource": ["*"]}
  ]
}"#;
    let document = Document::parse(text)?;
    println!("{text}\n");

    let set = PolicySet::new([support, document.policy().clone()], owner);
    let app = |id: u64| trtc::Application::id(owner, id).map(|app| app.to_string());
    let requests = [
        Request::new(caller, "trtc:RemoveUser", &app(1400000001)?)?,
        Request::new(caller, "trtc:RemoveUser", &app(1400000002)?)?,
        Request::new(caller, "trtc:DismissRoom", &app(1400000001)?)?,
        Request::new(caller, "trtc:GetUserList", "*")?,
        Request::new(caller, "ccc:CreateStaff", "qcs::ccc::uin/100000000001:SdkAppId/1400000001")?
            .with_ip("192.0.2.1".parse()?)
            .with_time("2026-06-01T00:00:00Z".parse()?),
    ];
    for request in &requests {
        let explanation = set.explain(request);
        println!("{explanation}");
        for miss in explanation.nearest().iter().filter(|miss| miss.id.policy == 1) {
            let place = document.span(miss.element()).map(|span| document.position(span.start()));
            println!("(at {} of the second policy)\n", place.expect("the element it names is there"));
        }
    }

    println!("# What a change of the policy would give and take\n");
    let wider = Document::parse(&text.replace("sdkappid/1400000001", "sdkappid/14*"))?;
    let before = PolicySet::new([document.into_policy()], owner);
    let difference = before.compare(&PolicySet::new([wider.into_policy()], owner), caller)?;
    print!("{difference}");
    Ok(())
}
