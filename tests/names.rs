//! The names that the crate carries are those of the catalog, with what is known of each.
#![cfg(feature = "names")]

use tencent_cam::names;
use tencent_cam_codegen::lists;

#[test]
fn every_name_of_the_lists_is_found_with_what_the_sdk_says_of_it() {
    let lists = lists(include_str!("../catalog.toml")).unwrap();
    for (id, list) in &lists.services {
        let service = names::service(id);
        for (text, listed) in &list.names {
            let name = service.and_then(|service| service.get(text));
            let name = name.unwrap_or_else(|| panic!("`{id}:{text}` is not found"));
            assert_eq!(name.as_str(), text);
            if name.is_documented() {
                continue;
            }
            assert_eq!(
                (name.status(), name.since(), name.gone()),
                (
                    listed.status.map(|status| status.as_str()),
                    listed.since.as_deref(),
                    listed.gone.as_deref()
                ),
                "{id}:{text}"
            );
        }
    }
}

#[test]
fn every_action_of_the_catalog_is_a_name() {
    for service in tencent_cam::CATALOG.services {
        let list = names::service(service.id).unwrap();
        assert!(list.names().is_sorted_by_key(|name| name.as_str()), "{}", service.id);
        for action in service.actions() {
            let name = list.get(action.name()).unwrap_or_else(|| panic!("`{}` is not found", action.name()));
            assert_eq!((name.as_str(), name.status()), (action.name(), None));
            assert!(list.names().iter().any(|listed| std::ptr::eq(listed, name)));
        }
    }
}

/// 16,000 names are most of the data of a program that has them.
#[test]
fn a_name_is_eight_bytes() {
    assert_eq!(size_of::<names::Name>(), 8);
}
