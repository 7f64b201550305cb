//! The `serde` feature writes and reads the texts that CAM uses.

#![cfg(feature = "serde")]

use cam_policy::catalog::Granularity;
use cam_policy::policy::Policy;
use cam_policy::values::{Region, Uin};

#[test]
fn a_policy_serializes_as_it_displays() {
    let text = concat!(
        r#"{"version":"2.0","principal":"*","statement":[{"effect":"deny","principal":{"qcs":["a","b"]},"#,
        r#""action":["cos:*"],"resource":["qcs::cos:::\"a\"/*"],"condition":{"numeric_equal":{"a:b":[1,-2.5],"a:c":["3"]},"#,
        r#""string_like":{"a:b":["x*"]}}},{"effect":"allow","action":["*"]}]}"#,
    );
    let policy: Policy = text.parse().unwrap();
    assert_eq!(policy.to_string(), text);
    assert_eq!(serde_json::to_string(&policy).unwrap(), text);
    let statement = &policy.statements()[0];
    assert_eq!(serde_json::to_string(statement).unwrap(), statement.to_string());
}

#[test]
fn values_round_trip() {
    assert_eq!(serde_json::from_str::<Uin>("\"12\"").unwrap(), Uin::new(12).unwrap());
    assert_eq!(serde_json::from_str::<Uin>("12").unwrap(), Uin::new(12).unwrap());
    assert!(serde_json::from_str::<Uin>("-12").is_err() && serde_json::from_str::<Uin>("0").is_err());
    assert_eq!(serde_json::from_str::<Region>("\"\"").unwrap(), Region::every());
    assert_eq!(serde_json::to_string(&Granularity::Operation).unwrap(), "\"operation\"");
}
