//! What holds for every catalog, and for every text.

mod strategy;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use tencent_cam_codegen::draft::Draft;
use tencent_cam_codegen::{Arena, emit, parse};

/// The same cases in every run, fewer where each is dear. `PROPTEST_CASES` sets their number.
fn config(dearness: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases / dearness,
        rng_seed: RngSeed::Fixed(20_261_121),
        failure_persistence: None,
        ..default
    }
}

/// Reads a text, and checks what is said if it is invalid.
fn check(text: &str) -> Result<(), TestCaseError> {
    let arena = Arena::new();
    let Err(report) = parse(&arena, "catalog.toml", text) else { return Ok(()) };
    prop_assert!(!report.diagnostics().is_empty());
    for error in report.diagnostics() {
        let spans = [Some(&error.span), error.other.as_ref().map(|(span, _)| span)];
        for span in spans.into_iter().flatten() {
            prop_assert!(text.get(span.clone()).is_some(), "{span:?} of {error:?} is not in the text");
        }
        prop_assert!(!error.message.is_empty() && !error.label.is_empty() && !error.help.is_empty());
    }
    let starts: Vec<usize> = report.diagnostics().iter().map(|error| error.span.start).collect();
    prop_assert!(starts.is_sorted());
    let lines = report.lines();
    prop_assert_eq!(lines.len(), starts.len());
    prop_assert!(lines.iter().all(|line| line.starts_with("catalog.toml:") && !line.contains('\n')));
    let shown = report.to_string();
    let moves_the_cursor = shown.contains(|character: char| character != '\n' && character.is_control());
    prop_assert!(!moves_the_cursor);
    prop_assert_eq!(shown.lines().filter(|line| line.starts_with("error: ")).count(), starts.len() + 1);
    Ok(())
}

fn seeds() -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let errors = fs::read_dir(tests.join("errors")).expect("the corpus is there");
    let paths: BTreeSet<_> = errors.map(|file| file.expect("it can be listed").path()).collect();
    let paths = paths.into_iter().chain([tests.join("fixture.toml")]);
    paths.map(|path| fs::read_to_string(path).expect("it is UTF-8")).collect()
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn nothing_like_toml_makes_the_parser_panic(text in "([\\[\\]{}\"'=.,$#: \n\r\t_*/-]|[a-z]{1,3}|[0-9-]{1,4}|service|action|é){0,60}") {
        check(&text)?;
    }

    #[test]
    fn no_edit_of_a_catalog_makes_the_parser_panic(
        seed in select(seeds()),
        edits in strategy::edits(),
    ) {
        let text = edits.iter().fold(seed, |text, edit| edit.apply(&text));
        check(&text)?;
    }
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn every_catalog_makes_code_that_is_rust(draft in strategy::catalog()) {
        let arena = Arena::new();
        let catalog = parse(&arena, "catalog.toml", &draft.to_toml());
        let catalog = catalog.map_err(|report| TestCaseError::fail(report.to_string()))?;
        let files = emit(&catalog, &[]);
        prop_assert_eq!(files.len(), catalog.services.len() + 2);
        for file in &files {
            let parsed = syn::parse_file(&file.text);
            prop_assert!(parsed.is_ok(), "{}: {:?}\n{}", file.path, parsed.err(), file.text);
        }
    }

    #[test]
    fn every_catalog_comes_back_from_toml(draft in strategy::catalog()) {
        let text = draft.to_toml();
        let arena = Arena::new();
        match parse(&arena, "catalog.toml", &text) {
            Ok(catalog) => prop_assert_eq!(Draft::of(&catalog), draft),
            Err(report) => prop_assert!(false, "{report}\n{text}"),
        }
    }

    #[test]
    fn every_action_is_found_and_refers_to_items_of_its_service(draft in strategy::catalog()) {
        let arena = Arena::new();
        let text = draft.to_toml();
        let catalog = parse(&arena, "catalog.toml", &text);
        let catalog = catalog.map_err(|report| TestCaseError::fail(report.to_string()))?;
        for action in catalog.actions() {
            prop_assert_eq!(catalog.action(action.as_str()), Some(action));
            let service = action.service();
            let patterns = action.patterns();
            let all_own = patterns.iter().all(|found| service.patterns.iter().any(|own| std::ptr::eq(own, *found)));
            prop_assert!(all_own);
        }
    }

    #[test]
    fn edits_of_any_catalog_are_read_or_reported(
        draft in strategy::catalog(),
        edits in strategy::edits(),
    ) {
        let text = edits.iter().fold(draft.to_toml(), |text, edit| edit.apply(&text));
        check(&text)?;
        let (arena, again) = (Arena::new(), Arena::new());
        if let Ok(catalog) = parse(&arena, "catalog.toml", &text) {
            prop_assert_eq!(parse(&again, "catalog.toml", &Draft::of(&catalog).to_toml()), Ok(catalog));
        }
    }
}
