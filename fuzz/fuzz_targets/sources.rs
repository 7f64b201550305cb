//! Any file has findings with places in it, and fixing it twice is the same as fixing it once.
//!
//! The first line of the input is the name of the file.

#![no_main]

use cam_lint::{FixMode, LintOptions, Persona};
use cam_workspace::config::Config;
use cam_workspace::fix::fix_file;
use cam_workspace::lint::{Settings, lint_file};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let Some((name, text)) = input.split_once('\n') else { return Corpus::Reject };
    let config = Config::default();
    let settings = Settings {
        options: LintOptions::new(*tencent_cam::CATALOG).persona(Persona::Pedantic),
        kind: None,
        config: &config,
        baseline: None,
        today: jiff::civil::date(2026, 11, 27),
    };
    let report = lint_file(name, name, text, &settings);
    for found in &report.findings {
        assert!(text.get(found.span.range()).is_some(), "{}", found.rule);
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{}", found.rule);
        }
    }
    let fixed = fix_file(name, name, text, &settings, FixMode::Safe);
    assert!(fixed.applied.iter().all(|one| one.proof.is_safe()));
    assert_eq!(fix_file(name, name, &fixed.text, &settings, FixMode::Safe).text, fixed.text);
    Corpus::Keep
});
