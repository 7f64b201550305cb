//! Any file has findings with places in it, and fixing it twice is the same as fixing it once.
//!
//! The first line of the input is the name of the file.

#![no_main]

use std::collections::BTreeSet;

use cam_lint::{FixMode, Kind, LintOptions, Persona};
use cam_policy::engine::{Caller, PolicySet, Request};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use cam_workspace::config::Config;
use cam_workspace::fix::fix_file;
use cam_workspace::lint::{Settings, lint_file};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Decides requests that the policies are about. The evaluator is another judge than the search of a proof.
fn assert_decided_alike(old: &Policy, new: &Policy) {
    let owner = Uin::new(100000000001).expect("a uin");
    let sets = [old, new].map(|policy| PolicySet::new(tencent_cam::CATALOG, [policy.clone()], owner));
    let statements = || old.statements().iter().chain(new.statements()).take(MOST);
    let filled = |pattern: &str| [pattern.replace('*', ""), pattern.replace('*', "x"), pattern.into()];
    let actions: BTreeSet<String> =
        statements().flat_map(|one| one.actions()).take(MOST).flat_map(|one| filled(one.as_str())).collect();
    let resources: BTreeSet<String> = statements()
        .flat_map(|one| one.resources())
        .take(MOST)
        .flat_map(|one| filled(one.as_str()))
        .collect();
    for action in &actions {
        for resource in &resources {
            for address in [None, Some("203.0.113.7"), Some("192.0.2.1")] {
                let caller = Caller::new(Uin::new(100000000002).expect("a uin")).with_app_id(1250000000);
                let Ok(request) = Request::new(caller, action, resource) else { continue };
                let request =
                    address.into_iter().fold(request, |request, ip| request.with_key("qcs:ip", [ip]));
                let [before, after] = sets.each_ref().map(|set| set.decide(&request).decision());
                assert_eq!(before, after, "{request}");
            }
        }
    }
}

/// So many statements and patterns are looked at.
const MOST: usize = 8;

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
    for (old, new) in report.policies.iter().zip(&fixed.report.policies) {
        let texts = (old.source.text.parse::<Policy>(), new.source.text.parse::<Policy>());
        if let (Kind::Identity | Kind::Bucket, (Ok(old), Ok(new))) = (old.kind, texts) {
            assert_decided_alike(&old, &new);
        }
    }
    assert_eq!(fix_file(name, name, &fixed.text, &settings, FixMode::Safe).text, fixed.text);
    Corpus::Keep
});
