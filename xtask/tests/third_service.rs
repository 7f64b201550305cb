//! A service is only TOML: an invented one of 30 actions and two patterns, added to a copy of the project, can be
//! granted, and its permission pages exist, with no other line written by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// The catalog's tables of an invented service for ships: 14 actions on a berth, 6 on a berth or a crane of it,
/// 10 at operation level, which do not heed the caller's address. One is removed, and another replaces it.
fn harbour() -> String {
    let mut toml = String::from(
        r#"
[service.zz-harbour]
  name.en = "Harbour"
  name.zh = "港口"
  granularity = "resource"
  source.title = "Harbour"
  source.read = 2026-01-01

[service.zz-harbour.pattern.berth]
  single = "qcs::zz-harbour:${region}:uin/${uin}:berth/${BerthId}"
  all = "qcs::zz-harbour:${region}:uin/${uin}:berth/*"
  placeholder.BerthId = "text"
  description.en = "A berth."
  description.zh = "一个泊位。"

[service.zz-harbour.pattern.crane]
  single = "qcs::zz-harbour:${region}:uin/${uin}:berth/${BerthId}/crane/${Number}"
  all = "qcs::zz-harbour:${region}:uin/${uin}:berth/*"
  placeholder.BerthId = "text"
  placeholder.Number = "number"
  description.en = "A crane of a berth."
  description.zh = "泊位的一台起重机。"
"#,
    );
    for number in 0..30 {
        let (granularity, level) = match number {
            0..14 => ("\"resource\"\n  patterns = [\"berth\"]", "write"),
            14..20 => ("\"resource\"\n  patterns = [\n    \"berth\",\n    \"crane\",\n  ]", "other"),
            _ => ("\"operation\"", "read"),
        };
        let removed = if number == 13 { "removed = 2026-01-01\n  replaced_by = \"Moor12\"\n  " } else { "" };
        let ip = if number < 20 { "" } else { "ip_condition = false\n  " };
        write!(
            toml,
            "\n[service.zz-harbour.action.Moor{number:02}]\n  {removed}granularity = {granularity}\n  \
             access_level = \"{level}\"\n  {ip}description.en = \"Moors {number}.\"\n  \
             description.zh = \"停泊 {number}。\"\n",
        )
        .unwrap();
    }
    toml
}

const GRANT: &str = r##"//! Grants berths.
use tencent_cam::policy::Problem;
use tencent_cam::{Action, ActionEnum, Policy, PolicyBuilder, Region, Uin, key, to_rust, zz_harbour};

fn main() {
    let owner = Uin::new(1).unwrap();
    // Of a list of both kinds it is known only at run time that one does not heed the caller's address.
    let office = || key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>().unwrap()]);
    let refused = zz_harbour::Action::from(zz_harbour::OperationAction::Moor29);
    let mixed = [zz_harbour::BerthAction::Moor00.into(), refused];
    let error = PolicyBuilder::new().allow_everywhere_if(mixed, office()).build().unwrap_err();
    let expected = Problem::IpCondition { statement: 0, action: refused.as_str().into() };
    assert_eq!(error.problems(), [expected]);
    let heeding = zz_harbour::BerthAction::ALL;
    assert!(PolicyBuilder::new().allow_everywhere_if(heeding, office()).build().is_ok());

    // Such a policy can be read, though not built: no code is written for it.
    let read: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["zz-harbour:Moor29"],
        "resource":["*"],"condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8"]}}}]}"#.parse().unwrap();
    let error = to_rust(&read).unwrap_err().to_string();
    assert!(error.contains("statement 0 limits `zz-harbour:Moor29` by the caller's address"), "{error}");

    let region = Region::new("ap-guangzhou").unwrap();
    let policy = PolicyBuilder::new()
        .allow(zz_harbour::Berth::id(owner, region.clone(), "north"), zz_harbour::BerthAction::ALL)
        .allow(
            zz_harbour::Crane::id(owner, region, "north", 7),
            [zz_harbour::BerthCraneAction::Moor14],
        )
        .deny_everywhere(zz_harbour::OperationAction::Moor29)
        .build()
        .unwrap();
    assert_eq!(zz_harbour::Action::ALL.len(), 30);
    // The replacement is a value of the enum over the service, or over all services, of which the removed action is one.
    let removed: zz_harbour::Action = "zz-harbour:Moor13".parse().unwrap();
    assert_eq!(removed.replaced_by(), Some(zz_harbour::BerthAction::Moor12.into()));
    assert_eq!(removed.replaced_by().unwrap().replaced_by(), None);
    let removed = Action::from(zz_harbour::BerthAction::ALL[13]);
    assert_eq!(removed.replaced_by(), Some(zz_harbour::BerthAction::Moor12.into()));
    assert!("qcs::zz-harbour::uin/1:berth/a/b".parse::<tencent_cam::Resource<zz_harbour::Berth>>().is_err());
    assert!(zz_harbour::Berth::id(owner, Region::every(), "*").is_err());
    let code = to_rust(&policy).unwrap();
    assert!(code.contains("zz_harbour::Crane::id(owner, Region::new(\"ap-guangzhou\")?, \"north\", 7)"), "{code}");
    println!("{policy}");
}
"##;

const WRONG: &str = r#"//! Grants the wrong thing.
use tencent_cam::{PolicyBuilder, Region, Uin, key, zz_harbour};

fn main() {
    let berths = zz_harbour::Crane::all(Uin::new(1).unwrap(), Region::every());
    let _ = PolicyBuilder::new().allow(berths, [zz_harbour::BerthAction::Moor00]);
    let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>().unwrap()]);
    let _ = PolicyBuilder::new().allow_everywhere_if([zz_harbour::OperationAction::Moor29], office);
}
"#;

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

fn project() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("third_service");
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    fs::create_dir_all(&root).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for part in [
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "cli",
        "catalog.toml",
        "src",
        "codegen",
        "crates",
        "xtask",
        "docs",
        "examples",
        "README.md",
        "web",
    ] {
        copy(&source.join(part), &root.join(part));
    }
    root
}

fn cargo(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--color=never"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", root.with_extension("target"))
        .output()
        .unwrap()
}

fn xtask(root: &Path, command: &str) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = xtask::run(&xtask::Project::new(root), [command.into()], &mut out, &mut err);
    out.extend(err);
    (code, String::from_utf8(out).unwrap())
}

#[test]
fn a_third_service_is_only_toml() {
    let root = project();
    let path = root.join("catalog.toml");
    let before = fs::read_to_string(&path).unwrap();
    // The lists of names stay behind the services.
    let (services, names) = tencent_cam_codegen::split(&before);
    fs::write(&path, format!("{}\n{}\n{names}", services.trim_end(), harbour())).unwrap();

    fs::write(root.join("examples/right.rs"), GRANT).unwrap();
    fs::write(root.join("examples/wrong.rs"), WRONG).unwrap();
    granted(&root, &["run", "--features", "engine", "--example", "right"]);
    let wrong = cargo(&root, &["check", "--features", "engine", "--example", "wrong"]);
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(told.contains("`Crane` is not a resource of `BerthAction`"), "{told}");
    let deaf = "do not heed a condition on the caller's address";
    assert!(
        told.contains(&format!("the actions of `tencent_cam::zz_harbour::OperationAction` {deaf}")),
        "{told}"
    );
    assert_eq!(told.matches("error[E0277]").count(), 2, "{told}");

    assert_eq!(xtask(&root, "check").0, 1);
    let (code, told) = xtask(&root, "tables");
    assert_eq!(code, 0, "{told}");
    let (code, told) = xtask(&root, "check");
    assert_eq!(code, 0, "{told}");
    let page = fs::read_to_string(root.join("docs/permissions/zz-harbour.zh.md")).unwrap();
    assert_eq!(page.matches("| Moor").count(), 30);
    let (_, export) = xtask(&root, "export");
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    let services = export["services"].as_array().unwrap();
    let harbour = services.iter().find(|service| service["id"] == "zz-harbour").unwrap();
    assert_eq!(harbour["actions"].as_array().unwrap().len(), 30);

    granted(
        &root,
        &["run", "--no-default-features", "--features", "engine,zz-harbour", "--example", "right"],
    );
    let left_out =
        cargo(&root, &["check", "--no-default-features", "--features", "engine", "--example", "right"]);
    assert!(!left_out.status.success(), "the service now has a feature of its own");
}

fn granted(root: &Path, arguments: &[&str]) {
    let ran = cargo(root, arguments);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let policy: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(policy["statement"][0]["action"].as_array().unwrap().len(), 14);
    let crane = "qcs::zz-harbour:ap-guangzhou:uin/1:berth/north/crane/7";
    assert_eq!(policy["statement"][1]["resource"][0], crane);
}
