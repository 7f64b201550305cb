//! The `serde` feature writes and reads the texts CAM uses.

#![cfg(all(feature = "serde", feature = "trtc"))]

use tencent_cam::catalog::Granularity;
use tencent_cam::{Action, PolicyBuilder, Region, Resource, Service, Uin, trtc};

#[test]
fn a_policy_serializes_as_it_displays() {
    let policy = PolicyBuilder::new()
        .deny(trtc::Application::all(Uin::new(1).unwrap()), trtc::ApplicationAction::ALL)
        .build()
        .unwrap();
    assert_eq!(serde_json::to_string(&policy).unwrap(), policy.to_string());
}

#[test]
fn values_round_trip() {
    let action: Action = serde_json::from_str("\"name/trtc:RemoveUser\"").unwrap();
    assert_eq!(serde_json::to_string(&action).unwrap(), "\"trtc:RemoveUser\"");
    let app: Resource<trtc::Application> = serde_json::from_str("\"qcs::trtc::uin/1:sdkappid/2\"").unwrap();
    assert_eq!(serde_json::to_string(&app).unwrap(), "\"qcs::trtc::uin/1:sdkappid/2\"");
    assert_eq!(serde_json::from_str::<Uin>("\"12\"").unwrap(), Uin::new(12).unwrap());
    assert_eq!(serde_json::from_str::<Uin>("12").unwrap(), Uin::new(12).unwrap());
    assert!(serde_json::from_str::<Uin>("-12").is_err() && serde_json::from_str::<Uin>("0").is_err());
    assert_eq!(serde_json::from_str::<Service>("\"trtc\"").unwrap(), Service::Trtc);
    assert_eq!(serde_json::from_str::<Region>("\"\"").unwrap(), Region::every());
    assert_eq!(serde_json::to_string(&Granularity::Operation).unwrap(), "\"operation\"");
}

#[test]
fn the_reason_reaches_the_reader() {
    let error = serde_json::from_str::<trtc::ApplicationAction>("\"trtc:GetUserList\"").unwrap_err();
    assert!(error.to_string().contains("operation-level"), "{error}");
}

#[cfg(feature = "cos")]
#[test]
fn a_resource_of_many_objects_is_read_as_it_was_written() {
    use tencent_cam::cos;

    let read = |text: &str| serde_json::from_str::<Resource<cos::Object>>(&format!("{text:?}"));
    let region = Region::new("ap-guangzhou").unwrap();
    for prefix in ["", "user-7/"] {
        let many = cos::Object::prefix(1250000000, region.clone(), "photos", prefix).unwrap();
        assert_eq!(read(many.as_str()).unwrap(), many);
    }
    for key in ["", "*/a", "user-*/*", "a**", "${uin}/*"] {
        let text = format!("qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/{key}");
        assert!(read(&text).is_err(), "{text}");
    }
}
