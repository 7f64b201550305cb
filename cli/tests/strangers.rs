//! Tests that a caller about whom nothing is known is never taken for the root account of the policies.

use std::path::Path;
use std::process::Command;

const REMOVE: &str =
    r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]}]}"#;
const DENY: &str = r#"{"version":"2.0","statement":[{"effect":"deny","action":["cos:*"],"resource":["*"]}]}"#;
const OBJECT: &str = "qcs::cos:ap-beijing:uid/1250000000:b-1250000000/x";

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tencent-cam"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn who_and_check_agree_about_holders_of_identity_policies() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bucket = |account: u64, uin: u64| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","principal":{{"qcs":["qcs::cam::uin/{account}:uin/{uin}"]}},
            "action":["cos:GetObject"],"resource":["qcs::cos:ap-beijing:uid/1250000000:b-1250000000/*"]}}]}}"#
        )
    };
    for (name, identity) in [("un.json", REMOVE), ("deny.json", DENY)] {
        std::fs::write(folder.join(name), identity).unwrap();
        for account in [100_000_000_001, 100_000_000_002, 100_000_000_003] {
            std::fs::write(folder.join("bucket.json"), bucket(account, 100_000_000_007)).unwrap();
            let (_, told) = run(folder, &["who", "cos:GetObject", OBJECT, name, "bucket.json"]);
            assert!(told.contains("uin 100000000007"), "{told}");
            assert!(!told.contains("attached"), "{account}: {told}");
        }
        for owner in ["100000000001", "100000000002", "100000000003"] {
            let question = ["--action", "cos:GetObject", "--resource", OBJECT, "--owner", owner];
            let (code, told) = run(folder, &[&["check", name][..], &question].concat());
            assert_eq!(code, Some(3), "{owner}: {told}");
            let (code, told) = run(folder, &["who", "cos:GetObject", OBJECT, name, "--owner", owner]);
            assert_eq!(code, Some(1), "{owner}: {told}");
        }
    }
    // The resource alone names the account.
    let room = "qcs::trtc::uin/100000000002:sdkappid/1400000001";
    let (code, told) = run(folder, &["check", "un.json", "--action", "trtc:DismissRoom", "--resource", room]);
    assert_eq!(code, Some(3), "{told}");
}
