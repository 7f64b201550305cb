//! Long policies are written as code in proportion to their length.

#![cfg(feature = "document")]

use tencent_cam::Policy;

#[test]
fn long_lists_are_written_as_code() {
    let one = r#"{"effect":"allow","action":["*"],"resource":["*"]}"#;
    let statements = vec![one; 15_000].join(",");
    let policy: Policy = format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse().unwrap();
    let code = tencent_cam::to_rust(&policy).unwrap();
    assert_eq!(code.matches("Statement::new").count(), 15_000);
}
