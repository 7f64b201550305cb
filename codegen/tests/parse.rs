//! What is read from catalogs without errors.

use std::fs;
use std::path::Path;

use cam_policy::catalog::{Granularity, Group, Grouping, PlaceholderKind, Surface};
use tencent_cam_codegen::draft::Draft;
use tencent_cam_codegen::{Arena, lists, parse, split};

#[test]
fn the_project_s_catalog_is_linked() {
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", include_str!("../../catalog.toml"))
        .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(catalog.version, 1);
    assert_eq!(catalog.actions().count(), 1577);
    for action in catalog.actions() {
        assert_eq!(catalog.action(action.as_str()), Some(action));
        for pattern in action.patterns() {
            assert!(action.service().patterns.iter().any(|known| std::ptr::eq(known, *pattern)));
        }
    }

    let action = catalog.action("trtc:RemoveUser").expect("it is an action");
    assert_eq!(action.granularity(), Granularity::Resource);
    assert_eq!(action.patterns()[0].name, "application");
    let groups = action.service().groups();
    assert_eq!(groups[0].0, Group::Surface(Granularity::Resource, Some(Surface::Server)));
}

/// Two names that differ only in case are a slip, unless both have a note that says why.
#[test]
fn two_spellings_of_one_source_are_two_actions() {
    let arena = Arena::new();
    let slip = include_str!("errors/name_case_only.toml");
    let note = "  note.name.en = \"The source has both.\"\n  note.name.zh = \"来源有两种拼写。\"\n";
    let both = slip
        .replace("列出所有房间。\"\n", &format!("列出所有房间。\"\n{note}"))
        .replace("[service.demo.action.Listrooms]", "\n[service.demo.action.Listrooms]");
    let catalog = parse(&arena, "catalog.toml", &both).unwrap_or_else(|report| panic!("{report}"));
    for name in ["demo:ListRooms", "demo:Listrooms"] {
        assert_eq!(catalog.action(name).map(|action| action.as_str()), Some(name));
    }
    let one = both.replacen(note, "", 1);
    assert!(parse(&arena, "catalog.toml", &one).is_err());
    let catalog = parse(&arena, "catalog.toml", include_str!("../../catalog.toml"))
        .unwrap_or_else(|report| panic!("{report}"));
    for name in ["GetBucketACL", "GetBucketAcl", "PutBucketACL", "PutBucketAcl"] {
        assert!(catalog.action(&format!("cos:{name}")).is_some(), "{name}");
    }
}

#[test]
fn the_checked_in_catalogs_are_in_canonical_layout() {
    for path in ["../catalog.toml", "tests/fixture.toml"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is UTF-8");
        let arena = Arena::new();
        let catalog = parse(&arena, path, &text).unwrap_or_else(|report| panic!("{report}"));
        let written = Draft::of(&catalog).to_toml();
        let (services, names) = split(&text);
        let written = match lists(names) {
            Ok(lists) if !names.is_empty() => {
                assert_eq!(lists.to_toml(), names, "{path}");
                format!("{written}\n")
            }
            lists => {
                lists.expect("the lists are read");
                written
            }
        };
        let mut stated = services.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
        for line in written.lines() {
            assert_eq!(Some(line), stated.next(), "{path}");
        }
        assert_eq!(stated.next(), None, "{path}");
    }
}

#[test]
fn what_nobody_has_written_is_absent() {
    const TEXT: &str = "[service.demo]
  name.en = \"Demo\"
  name.zh = \"演示\"
  granularity = \"resource\"
  source.title = \"Demo permissions\"
  source.read = 2026-01-02

[service.demo.pattern.disk]
  single = \"qcs::demo::uin/${uin}:disk/${AppId}/${UserUin}\"
  all = \"qcs::demo::uin/${uin}:disk/*\"
  placeholder.AppId = \"app_id\"
  placeholder.UserUin = \"sub_account\"

[service.demo.action.CloseDisk]
  granularity = \"resource\"
  patterns = [\"disk\"]
";
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", TEXT).unwrap_or_else(|report| panic!("{report}"));
    let action = catalog.action("demo:CloseDisk").expect("it is an action");
    assert_eq!((action.description(), action.patterns()[0].description), (None, None));
    assert_eq!((action.service().complete, action.service().grouped_by), (None, Grouping::AccessLevel));
    let kinds: Vec<PlaceholderKind> =
        action.patterns()[0].placeholders.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [PlaceholderKind::AppId, PlaceholderKind::SubAccount]);
}

#[test]
fn an_account_takes_a_placeholder_of_its_kind_only() {
    let errors = |account: &str, kind: &str| {
        let text = format!(
            "[service.demo]\n  name.en = \"Demo\"\n  name.zh = \"演示\"\n  granularity = \"resource\"\n  \
             source.title = \"Demo permissions\"\n  source.read = 2026-01-02\n\n[service.demo.pattern.disk]\n  \
             single = \"qcs::demo::{account}:disk/${{DiskId}}\"\n  all = \"qcs::demo::{account}:disk/*\"\n  \
             placeholder.Account = \"{kind}\"\n  placeholder.DiskId = \"text\"\n\n\
             [service.demo.action.CloseDisk]\n  granularity = \"resource\"\n  patterns = [\"disk\"]\n"
        );
        parse(&Arena::new(), "catalog.toml", &text)
            .map_or_else(|report| report.to_string(), |_| String::new())
    };
    assert_eq!(errors("uid/${Account}", "app_id"), "");
    assert_eq!(errors("uin/${Account}", "sub_account"), "");
    for (account, kind) in
        [("uid/${Account}", "sub_account"), ("uin/${Account}", "app_id"), ("uid/${Account}", "number")]
    {
        let told = errors(account, kind);
        assert!(told.contains("`${Account}` does not belong in the account segment"), "{told}");
    }
}
