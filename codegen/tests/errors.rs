//! What people are told about catalogs with errors: every file of `tests/errors` has a snapshot of its report.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tencent_cam_codegen::{Arena, Report, parse};

fn report(text: &str) -> Report {
    parse(&Arena::new(), "catalog.toml", text).map(|_| ()).expect_err("the catalog has errors")
}

#[test]
fn each_error_is_reported_with_its_place_and_what_to_write() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("errors/*.toml", |path| {
            let text = fs::read_to_string(path).expect("the file is UTF-8");
            insta::assert_snapshot!("error", report(&text).to_string());
        });
    });
}

/// A catalog that has every file of the corpus in it as a service has every error of every file.
#[test]
fn all_errors_are_reported_in_one_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let files = fs::read_dir(folder).expect("the corpus is there");
    let paths: BTreeSet<_> = files.map(|file| file.expect("it can be listed").path()).collect();
    let mut whole = String::new();
    let mut expected = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let text = fs::read_to_string(path).expect("the file is UTF-8");
        let is_service =
            text.starts_with("[service.demo]\n") && text.matches("[service.demo]\n").count() == 1;
        let is_alone = text.lines().filter(|line| line.starts_with('[')).all(|line| line.contains(".demo"));
        if is_service && is_alone {
            let text = text.replace("demo", &format!("demo{number:03}"));
            expected.extend(told(&report(&text)));
            whole.push_str(&text);
        }
    }
    assert!(expected.len() > 150, "most of the corpus takes part");
    let found = told(&report(&whole));
    let missing: Vec<_> = expected.iter().filter(|error| !found.contains(error)).collect();
    let added: Vec<_> = found.iter().filter(|error| !expected.contains(error)).collect();
    assert_eq!((missing, added), (Vec::new(), Vec::new()));
    assert_eq!(found, expected);
}

fn told(report: &Report) -> Vec<(String, String)> {
    report.diagnostics().iter().map(|error| (error.message.clone(), error.help.clone())).collect()
}
