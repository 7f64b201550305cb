//! The compiled tables are the catalog, fact for fact.

#![cfg(all(feature = "ccc", feature = "trtc"))]

use std::collections::{BTreeSet, HashSet};

use tencent_cam::{Action, Granularity, Service, Surface, Text, ccc, trtc};
use tencent_cam_codegen::model;

fn catalog() -> model::Catalog {
    tencent_cam_codegen::model::parse("catalog.toml", include_str!("../catalog.toml"))
        .expect("the catalog is valid")
}

fn same_text(found: Text, stated: &model::Text) {
    assert_eq!((found.en, found.zh), (stated.en.as_str(), stated.zh.as_str()));
}

fn same_links(found: &[tencent_cam::Link], names: &[String], stated: &[model::Link]) {
    assert_eq!(found.len(), names.len());
    for (found, name) in found.iter().zip(names) {
        let stated = stated.iter().find(|link| link.name == *name).expect("a defined link");
        same_text(found.title, &stated.title);
        assert_eq!(found.url, stated.url);
    }
}

#[test]
fn every_fact_of_every_action_is_compiled() {
    let mut count = 0;
    for stated_service in &catalog().services {
        let service = Service::from_id(&stated_service.id).expect("a compiled service");
        assert_eq!(service.actions().len(), stated_service.actions.len());
        for stated in &stated_service.actions {
            let action = service.action(&stated.name).expect("a compiled action");
            count += 1;
            assert_eq!(action.name(), stated.name);
            assert_eq!(action.as_str(), format!("{}:{}", stated_service.id, stated.name));
            assert_eq!(action.service(), service);
            assert_eq!(action.granularity().as_str(), stated.granularity.word());
            let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.name).collect();
            assert_eq!(patterns, stated.patterns);
            assert_eq!(action.access_level().map(|l| l.as_str()), stated.access_level.map(|l| l.word()));
            assert_eq!(action.surface().map(Surface::as_str), stated.surface.map(|s| s.word()));
            let category = stated.category.as_ref().map(|name| {
                let found = stated_service.categories.iter().find(|category| category.name == *name);
                found.expect("a defined category").title.en.clone()
            });
            assert_eq!(action.category().map(|category| category.en.to_owned()), category);
            same_links(action.console_pages(), &stated.console_pages, &stated_service.console_pages);
            same_links(action.references(), &stated.references, &stated_service.references);
            assert_eq!(action.doc_url(), stated.doc_url.as_deref());
            assert_eq!(action.ip_condition(), stated.ip_condition);
            assert_eq!(
                action.restriction().map(|restriction| restriction.reason.as_str()),
                stated.restriction.map(|reason| reason.word())
            );
            assert_eq!(action.alternative().map(Action::name), stated.alternative.as_deref());
            same_text(action.description(), &stated.description);
            let notes: Vec<&str> = action.notes().iter().map(|note| note.about).collect();
            assert_eq!(notes, stated.notes.keys().collect::<Vec<_>>());
        }
    }
    assert_eq!(Action::all().count(), count);
}

#[test]
fn every_fact_of_every_service_is_compiled() {
    let catalog = catalog();
    assert_eq!(Service::ALL.len(), catalog.services.len());
    for (service, stated) in Service::ALL.iter().zip(&catalog.services) {
        assert_eq!(service.id(), stated.id);
        same_text(service.name(), &stated.name);
        assert_eq!(service.granularity().as_str(), stated.granularity.word());
        assert_eq!(service.console_access(), stated.console_access);
        assert_eq!(service.tag_authorization(), stated.tag_authorization);
        assert_eq!(service.ip_restriction().map(|r| r.as_str()), stated.ip_restriction.map(|r| r.word()));
        assert_eq!(service.source().title, stated.source.title);
        assert_eq!(service.source().url, stated.source.url.as_deref());
        assert_eq!(service.source().read, stated.source.read);
        assert_eq!(service.patterns().len(), stated.patterns.len());
        for (found, stated) in service.patterns().iter().zip(&stated.patterns) {
            assert_eq!((found.name, found.single), (stated.name.as_str(), stated.single.as_str()));
            assert_eq!(found.all, stated.all);
            same_text(found.description, &stated.description);
        }
    }
}

/// To be changed with the sources: `CONTRIBUTING.md` says so.
#[test]
fn the_counts_are_those_of_the_source_documents() {
    assert_eq!((trtc::ApplicationAction::ALL.len(), trtc::OperationAction::ALL.len()), (38, 14));
    let server = |surface| move |action: &&trtc::Action| action.surface() == Some(surface);
    assert_eq!(trtc::Action::ALL.iter().filter(server(Surface::Server)).count(), 17 + 4 + 68);
    assert_eq!(trtc::Action::ALL.iter().filter(server(Surface::Console)).count(), 21 + 10);
    assert!(trtc::OperationAction::ALL.iter().all(|action| action.restriction().is_some()));
    assert!(trtc::Action::ALL.iter().all(|a| a.ip_condition().is_none() && a.access_level().is_none()));

    assert_eq!(ccc::ApplicationAction::ALL.len(), 54);
    assert_eq!(ccc::ApplicationWithoutUinAction::ALL.len(), 3);
    assert_eq!(ccc::RegionalApplicationAction::ALL.len(), 1);
    assert_eq!(ccc::OperationAction::ALL.len(), 61);
    assert_eq!(ccc::UndocumentedAction::ALL.len(), 51);
    assert_eq!(trtc::UndocumentedAction::ALL.len(), 68);
    let level = |word| {
        ccc::Action::ALL.iter().filter(|a| a.access_level().is_some_and(|l| l.as_str() == word)).count()
    };
    assert_eq!(["write", "read", "list", "other"].map(level), [53, 51, 11, 4]);
    let documented = |action: &&ccc::Action| action.granularity() != Granularity::Undocumented;
    assert!(ccc::Action::ALL.iter().filter(documented).all(|action| action.ip_condition() == Some(true)));
}

#[test]
fn what_no_page_lists_is_granted_everywhere_and_called_neither_level() {
    const ACTION: trtc::UndocumentedAction = trtc::UndocumentedAction::TextToSpeech;
    assert_eq!(ACTION.granularity(), Granularity::Undocumented);
    assert_eq!(ACTION.patterns(), []);
    let policy = tencent_cam::Policy::builder().allow_everywhere([ACTION]).build().unwrap();
    assert!(policy.to_string().contains(r#""action":["trtc:TextToSpeech"],"resource":["*"]"#));
    let error = "trtc:TextToSpeech".parse::<trtc::OperationAction>().unwrap_err().to_string();
    assert!(error.contains("undocumented granularity") && !error.contains("level"), "{error}");
}

#[test]
fn the_data_has_a_version_and_its_sources_have_days() {
    assert_eq!(tencent_cam::CATALOG_VERSION, catalog().version);
    assert!(Service::ALL.iter().all(|service| service.source().read.len() == "2026-11-21".len()));
}

#[test]
fn what_the_public_api_retired_has_a_note_with_the_day() {
    let retired: Vec<_> = Action::all()
        .filter(|action| {
            action
                .notes()
                .iter()
                .any(|note| note.about == "name" && note.text.en.contains("last seen there on"))
        })
        .collect();
    assert_eq!(retired.len(), 11);
    assert!(retired.contains(&trtc::ApplicationAction::CreateTroubleInfo.into()));
}

#[test]
fn names_round_trip_through_every_enum() {
    let mut seen = HashSet::new();
    for action in Action::all() {
        assert!(seen.insert(action));
        assert_eq!(Action::lookup(action.as_str()), Some(action));
        assert_eq!(action.to_string().parse(), Ok(action));
        assert_eq!(format!("name/{action}").parse(), Ok(action));
        assert_eq!(Action::try_from(action.as_str()), Ok(action));
        match action {
            Action::Trtc(inner) => {
                assert_eq!(action.as_str().parse(), Ok(inner));
                match inner {
                    trtc::Action::Application(one) => {
                        assert_eq!(one.granularity(), Granularity::Resource);
                        assert_eq!(action.as_str().parse(), Ok(one));
                        assert!(action.as_str().parse::<trtc::OperationAction>().is_err());
                    }
                    trtc::Action::Operation(one) => {
                        assert_eq!(one.granularity(), Granularity::Operation);
                        assert_eq!(action.as_str().parse(), Ok(one));
                    }
                    trtc::Action::Undocumented(one) => {
                        assert_eq!(one.granularity(), Granularity::Undocumented);
                        assert_eq!(action.as_str().parse(), Ok(one));
                    }
                    _ => unreachable!("three enums"),
                }
            }
            Action::Ccc(inner) => assert_eq!(action.as_str().parse(), Ok(inner)),
            _ => unreachable!("two services"),
        }
    }
}

#[test]
fn all_is_sorted_by_name_and_so_is_the_order() {
    for service in Service::ALL {
        let names: Vec<&str> = service.actions().map(Action::name).collect();
        assert!(names.is_sorted());
        assert!(service.actions().is_sorted());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}

#[test]
fn facts_can_be_read_in_const_context() {
    const ACTION: trtc::OperationAction = trtc::OperationAction::GetUserList;
    const GRANULARITY: Granularity = ACTION.granularity();
    const NAME: &str = ACTION.name();
    const ALTERNATIVE: Option<trtc::Action> = ACTION.alternative();
    const DESCRIPTION: Text = ACTION.description();
    const IP: Option<bool> = ccc::OperationAction::CreateIVR.ip_condition();
    const PAGES: usize = ACTION.console_pages().len();
    const SERVICE: Service = trtc::OperationAction::SERVICE;
    const NO_PATTERN: usize = trtc::OperationAction::PATTERNS.len();
    assert_eq!(GRANULARITY, Granularity::Operation);
    assert_eq!(NAME, "GetUserList");
    assert_eq!(ALTERNATIVE.unwrap().as_str(), "trtc:DescribeAppStatList");
    assert!(!DESCRIPTION.en.is_empty());
    assert_eq!((IP, PAGES, NO_PATTERN), (Some(true), 1, 0));
    assert_eq!(SERVICE.id(), "trtc");
}

#[test]
fn what_is_no_action_is_told_apart() {
    let message = |text: &str| text.parse::<Action>().unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            "RemoveUser",
            "trtc:RemoveUsers",
            "trtc:removeuser",
            "trtc:Remove*",
            "trtc:",
            "cvm:RunInstances",
            "name/trtc:RemoveUsr",
            "trtc: RemoveUser",
            "",
            ":",
            "trtc:发起",
        ]
        .map(message)
        .join("\n")
    );
    let elsewhere = "trtc:GetUserList".parse::<trtc::ApplicationAction>().unwrap_err();
    insta::assert_snapshot!(
        elsewhere,
        @"`trtc:GetUserList` is operation-level, of `trtc::OperationAction`, not of `trtc::ApplicationAction`"
    );
    let elsewhere = "ccc:CreateStaff".parse::<trtc::ApplicationAction>().unwrap_err();
    insta::assert_snapshot!(
        elsewhere,
        @"`ccc:CreateStaff` is resource-level, of `ccc::ApplicationAction`, not of `trtc::ApplicationAction`"
    );
}

#[test]
fn the_readme_counts_as_the_catalog_does() {
    let readme = include_str!("../README.md");
    for service in Service::ALL {
        let undocumented = |action: &Action| action.granularity() == Granularity::Undocumented;
        let documented = service.actions().filter(|action| !undocumented(action)).count();
        let counted = format!("(`{service}`, {documented} actions)");
        assert!(readme.replace('\n', " ").contains(&counted), "the README should say {counted}");
    }
}

#[test]
fn no_service_can_take_the_name_of_a_module_of_the_crate() {
    let source = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    for file in source {
        let file = file.unwrap().file_name().into_string().unwrap();
        let module = file.strip_suffix(".rs").unwrap_or(&file);
        assert!(
            module == "lib" || tencent_cam_codegen::RESERVED.contains(&module),
            "add `{module}` to RESERVED in codegen/src/names.rs"
        );
    }
}
