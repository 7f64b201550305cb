//! What is read from the project's own catalog.

use cam_policy::catalog::{Granularity, Group, Surface};
use tencent_cam_codegen::{Arena, parse};

#[test]
fn the_project_s_catalog_is_linked() {
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", include_str!("../../catalog.toml"))
        .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(catalog.version, 1);
    assert_eq!(catalog.actions().count(), 290);
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

#[cfg(feature = "tools")]
#[test]
fn the_project_s_catalog_is_in_canonical_layout() {
    use tencent_cam_codegen::draft::Draft;

    let text = include_str!("../../catalog.toml");
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", text).unwrap_or_else(|report| panic!("{report}"));
    let written = Draft::of(&catalog).to_toml();
    let mut stated = text.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    for line in written.lines().filter(|line| !line.contains("grouped_by")) {
        assert_eq!(Some(line), stated.next());
    }
    assert_eq!(stated.next(), None);
}
