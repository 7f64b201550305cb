//! What people are told about catalogs with faults: every file of `tests/faults` has a snapshot of its report.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tencent_cam_codegen::{Arena, Report, parse};

fn report(text: &str) -> Report {
    parse(&Arena::new(), "catalog.toml", text).map(|_| ()).expect_err("the catalog has faults")
}

#[test]
fn each_fault_is_told_where_it_is_and_what_to_write() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("faults/*.toml", |path| {
            let text = fs::read_to_string(path).expect("the file is UTF-8");
            insta::assert_snapshot!("fault", report(&text).to_string());
        });
    });
}

/// A catalog that has every file of the corpus in it as a service has every fault of every file.
#[test]
fn all_faults_are_told_in_one_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
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
    let missing: Vec<_> = expected.iter().filter(|fault| !found.contains(fault)).collect();
    let added: Vec<_> = found.iter().filter(|fault| !expected.contains(fault)).collect();
    assert_eq!((missing, added), (Vec::new(), Vec::new()));
    assert_eq!(found, expected);
}

fn told(report: &Report) -> Vec<(String, String)> {
    report.diagnostics().iter().map(|fault| (fault.message.clone(), fault.help.clone())).collect()
}
