//! Reads a catalog of a company's own service from TOML while the program runs, and checks and decides policies with it.
//!
//! `cargo run --example own_catalog --features engine`

use cam_policy::document::Document;
use cam_policy::engine::{PolicySet, Request};
use cam_policy::values::Uin;
use tencent_cam::cam_policy;
use tencent_cam_codegen::{Arena, parse};

const CATALOG: &str = r#"
version = 3

[service.demo]
  name.en = "Demo"
  name.zh = "演示"
  granularity = "resource"
  source.title = "Permissions of Demo"
  source.read = 2026-01-01

[service.demo.pattern.room]
  single = "qcs::demo::uin/${uin}:room/${RoomId}"
  all = "qcs::demo::uin/${uin}:room/*"
  placeholder.RoomId = "number"
  description.en = "A room."
  description.zh = "一个房间。"

[service.demo.action.ListRooms]
  granularity = "operation"
  description.en = "Lists the rooms."
  description.zh = "查询房间列表。"

[service.demo.action.OpenRoom]
  granularity = "resource"
  patterns = ["room"]
  description.en = "Opens a room."
  description.zh = "打开房间。"
"#;

const POLICY: &str = r#"{
  "version": "2.0",
  "statement": [{
    "effect": "allow",
    "action": ["demo:OpenRoom", "demo:ListRooms"],
    "resource": ["qcs::demo::uin/100000000001:room/7"]
  }]
}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The arena owns the texts of the catalog, and must live as long as the catalog.
    let arena = Arena::new();
    let catalog = parse(&arena, "demo.toml", CATALOG).map_err(|report| report.to_string())?;

    let document = Document::parse_with(&catalog, POLICY)?;
    for warning in document.warnings() {
        println!("warning: {warning}");
    }
    assert_eq!(
        document.warnings().len(),
        1,
        "ListRooms is operation-level: the named resource never matches it"
    );

    let (owner, caller) = (Uin::new(100000000001)?, Uin::new(100000000002)?);
    let set = PolicySet::new(&catalog, [document.into_policy()], owner);
    let open = Request::new(caller, "demo:OpenRoom", "qcs::demo::uin/100000000001:room/7")?;
    assert!(set.decide(&open).is_allowed());
    let list = Request::new(caller, "demo:ListRooms", "*")?;
    assert!(!set.decide(&list).is_allowed());
    println!("{}", set.explain(&list));
    Ok(())
}

#[test]
fn the_example_runs() {
    main().unwrap();
}
