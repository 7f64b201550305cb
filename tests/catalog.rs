//! The compiled tables are the catalog, fact for fact.

#![cfg(all(feature = "ccc", feature = "trtc"))]

use std::collections::{BTreeSet, HashSet};

use tencent_cam::catalog::{self, Granularity, Surface, Text};
use tencent_cam::{Action, ActionEnum, CATALOG, PolicyBuilder, Service, ccc, trtc};
use tencent_cam_codegen::{Arena, only, parse, parts, resource_set, split};

#[test]
fn the_compiled_catalog_is_the_one_in_the_file() {
    let arena = Arena::new();
    let read = parse(&arena, "catalog.toml", include_str!("../catalog.toml")).expect("the catalog is valid");
    assert_eq!(CATALOG.version, read.version);
    let mut count = 0;
    // A build has the services whose features are on.
    for service in CATALOG.services {
        let stated = read.services.iter().find(|stated| stated.id == service.id).expect("it is in the file");
        assert!(service == stated, "the facts of {} differ", service.id);
        count += stated.actions.len();
    }
    assert_eq!(Action::all().count(), count);
    let all = cfg!(all(feature = "cvm", feature = "vpc", feature = "tpns", feature = "as"));
    assert_eq!(CATALOG.services.len() == read.services.len(), all);
}

/// The build script reads no more than the services that are on.
#[test]
fn a_service_read_alone_has_the_same_facts() {
    let (text, _) = split(include_str!("../catalog.toml"));
    let (all, alone) = (Arena::new(), Arena::new());
    for service in parse(&all, "catalog.toml", text).expect("the catalog is valid").services {
        let part = only(&parts(text), |id| id == service.id);
        assert_eq!(part.lines().count(), text.lines().count(), "lines keep their numbers");
        let read = parse(&alone, "catalog.toml", &part).expect("it is valid by itself");
        assert!(read.services == [*service], "the facts of {} differ", service.id);
    }
    assert_eq!(only(&parts(text), |_| true), text);
}

#[test]
fn the_enums_read_the_facts_of_the_catalog() {
    for action in Action::all() {
        let facts = action.facts();
        assert_eq!(CATALOG.action(action.as_str()), Some(facts));
        assert_eq!((action.name(), action.granularity()), (facts.name(), facts.granularity()));
        assert_eq!((action.patterns(), action.removed()), (facts.patterns(), facts.removed()));
        assert_eq!((action.access_level(), action.surface()), (facts.access_level(), facts.surface()));
        assert_eq!((action.category(), action.console_pages()), (facts.category(), facts.console_pages()));
        assert_eq!((action.doc_url(), action.ip_condition()), (facts.doc_url(), facts.ip_condition()));
        assert_eq!((action.restriction(), action.references()), (facts.restriction(), facts.references()));
        assert_eq!((action.description(), action.notes()), (facts.description(), facts.notes()));
        assert_eq!(action.printed_patterns(), facts.printed_patterns());
        assert_eq!((action.condition_keys(), action.in_sdk()), (facts.condition_keys(), facts.in_sdk()));
        assert_eq!(action.exposes_credentials(), facts.exposes_credentials());
        assert_eq!(action.alternative().map(Action::facts), facts.alternative());
        assert_eq!(action.replaced_by().map(Action::facts), facts.replaced_by());
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

/// An action of which only the name is known belongs into the list of its service, behind all services.
#[test]
fn every_action_has_a_fact_beside_its_name() {
    let arena = Arena::new();
    let read = parse(&arena, "catalog.toml", include_str!("../catalog.toml")).expect("the catalog is valid");
    let undocumented = || {
        let actions = read.services.iter().flat_map(|service| service.actions());
        actions.filter(|action| action.granularity() == Granularity::Undocumented)
    };
    for action in undocumented() {
        let known =
            action.surface().is_some() || action.description().is_some() || !action.notes().is_empty();
        assert!(known, "nothing but the name of {} is known", action.as_str());
    }
    let described = undocumented().filter(|action| action.description().is_some()).count();
    assert_eq!(described, 51 + 68, "those of ccc and trtc stay in tables for their descriptions");
}

/// People meet these names in messages of the compiler.
#[test]
fn no_enum_has_a_name_that_is_a_list() {
    let arena = Arena::new();
    let read = parse(&arena, "catalog.toml", include_str!("../catalog.toml")).expect("the catalog is valid");
    for action in read.services.iter().flat_map(|service| service.actions()) {
        let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.name).collect();
        let name = resource_set(&patterns) + "Action";
        assert!(name.len() <= 42, "{name} of {}", action.as_str());
    }
}

#[test]
fn what_no_page_lists_is_granted_everywhere_and_called_neither_level() {
    const ACTION: trtc::UndocumentedAction = trtc::Action::TextToSpeech;
    assert_eq!(ACTION.granularity(), Granularity::Undocumented);
    assert!(ACTION.patterns().is_empty());
    let policy = PolicyBuilder::new().allow_everywhere([ACTION]).build().unwrap();
    assert!(policy.to_string().contains(r#""action":["trtc:TextToSpeech"],"resource":["*"]"#));
    let error = "trtc:TextToSpeech".parse::<trtc::OperationAction>().unwrap_err().to_string();
    assert!(error.contains("undocumented granularity") && !error.contains("level"), "{error}");
}

#[test]
fn the_sources_have_days() {
    assert!(Service::ALL.iter().all(|service| service.facts().source.read.len() == "2026-11-21".len()));
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
    assert!(retired.contains(&trtc::Action::CreateTroubleInfo.into()));
}

#[test]
fn names_round_trip_through_every_enum() {
    let mut seen = HashSet::new();
    for action in Action::all() {
        assert!(seen.insert(action));
        assert_eq!(action.to_string().parse(), Ok(action));
        assert_eq!(format!("name/{action}").parse(), Ok(action));
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
            _ => assert_ne!(action.service(), Service::Trtc),
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
    const ACTION: trtc::OperationAction = trtc::Action::GetUserList;
    const GRANULARITY: Granularity = ACTION.facts().granularity();
    const NAME: &str = ACTION.facts().name();
    const ALTERNATIVE: Option<catalog::Action<'static>> = ACTION.facts().alternative();
    const DESCRIPTION: Option<Text<'static>> = ACTION.facts().description();
    const IP: Option<bool> = ccc::Action::CreateIVR.facts().ip_condition();
    const PAGES: usize = ACTION.facts().console_pages().len();
    const SERVICE: &str = trtc::Action::SERVICE.id;
    const NO_PATTERN: usize = trtc::OperationAction::PATTERNS.len();
    assert_eq!(GRANULARITY, Granularity::Operation);
    assert_eq!(NAME, "GetUserList");
    assert_eq!(ALTERNATIVE.unwrap().as_str(), "trtc:DescribeAppStatList");
    assert!(!DESCRIPTION.unwrap().en.is_empty());
    assert_eq!((IP, PAGES, NO_PATTERN), (Some(true), 1, 0));
    assert_eq!(SERVICE, "trtc");
}

#[test]
fn what_is_no_action_is_told_apart() {
    let built: Vec<String> = Service::ALL.iter().map(|service| format!("`{service}`")).collect();
    let message = |text: &str| {
        let message = text.parse::<Action>().unwrap_err().to_string();
        message.replace(&built.join(", "), "the services that are on")
    };
    insta::assert_snapshot!(
        [
            "RemoveUser",
            "trtc:RemoveUsers",
            "trtc:removeuser",
            "trtc:Remove*",
            "trtc:",
            "none:RunInstances",
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
        @r#""ccc:CreateStaff" is not an action of `trtc`"#
    );
}

/// `main` prints the `Debug` of an error.
#[test]
fn errors_print_what_a_person_can_read() {
    fn printed<T, E: std::error::Error>(result: Result<T, E>) -> String {
        let error = result.err().unwrap();
        assert_eq!(format!("{error:?}"), error.to_string());
        error.to_string()
    }
    let list = Action::from(trtc::Action::GetUserList);
    assert!(printed("trtc:RemoveUsers".parse::<Action>()).contains("`trtc:RemoveUser`"));
    assert!(printed(list.narrow::<trtc::ApplicationAction>()).contains("operation-level"));
    assert!(printed("none".parse::<Service>()).contains("\"none\""));
}

#[test]
fn the_readme_counts_as_the_catalog_does() {
    let readme = include_str!("../README.md");
    for service in [Service::Trtc, Service::Ccc] {
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

#[cfg(all(feature = "document", feature = "names"))]
#[test]
fn a_document_does_not_warn_of_an_action_of_which_only_the_name_is_known() {
    let warnings = |action: &str| {
        let text = format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["{action}"],"resource":["*"]}}]}}"#
        );
        tencent_cam::Document::parse(&text).unwrap().warnings().len()
    };
    assert_eq!(warnings("trtc:CreateAudioModerationSync"), 0);
    assert_eq!(warnings("trtc:CreateAudioModerationS*"), 0);
    assert_eq!(warnings("trtc:CreateAudioModerationSyncs"), 1);
}
