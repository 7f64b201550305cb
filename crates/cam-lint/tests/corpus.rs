//! The seeded corpus: every defect is found by its rule, and nothing is reported of a sound policy.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use cam_lint::{Family, FixMode, FixSafety, Kind, LintOptions, Persona, lint, rule, rules};
use common::{catalog, fix, real_catalog};

/// A policy of the corpus.
struct Case {
    /// The ids of the rules that report it.
    rules: Vec<&'static str>,
    kind: Option<Kind>,
    title: &'static str,
    text: &'static str,
}

impl Case {
    fn options(&self) -> LintOptions<'static> {
        let options = LintOptions::new(catalog());
        self.kind.into_iter().fold(options, LintOptions::kind)
    }
}

/// Reads the policies of a file.
fn cases(file: &'static str) -> Vec<Case> {
    let mut parts = file.split("\n===");
    assert!(parts.next().unwrap().starts_with('#'));
    let case = |part: &'static str| {
        let (head, text) = part.split_once('\n').unwrap();
        let (words, title) = head.split_once(':').unwrap();
        let mut case =
            Case { rules: Vec::new(), kind: None, title: title.trim(), text: text.trim_end_matches('\n') };
        for word in words.split_whitespace() {
            match Kind::from_word(word) {
                Some(kind) => case.kind = Some(kind),
                None => case.rules.extend(word.split('+')),
            }
        }
        case
    };
    parts.map(case).collect()
}

fn defects() -> Vec<Case> {
    cases(include_str!("corpus/defects.txt"))
}

fn clean() -> Vec<Case> {
    cases(include_str!("corpus/clean.txt"))
}

fn fired(text: &str, options: &LintOptions<'_>) -> BTreeSet<&'static str> {
    lint(text, options).findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn every_defect_is_found_by_its_rule_and_by_no_other_for_everybody() {
    let mut wrong = Vec::new();
    for case in defects() {
        let wanted: BTreeSet<&str> = case.rules.iter().copied().collect();
        let everything = fired(case.text, &case.options().persona(Persona::Auditor));
        let regular = fired(case.text, &case.options());
        if !wanted.is_subset(&everything) || !regular.is_subset(&wanted) {
            wrong.push(format!("{wanted:?} {}: {regular:?} of {everything:?}", case.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_reported_of_a_sound_policy() {
    let mut wrong = Vec::new();
    for case in clean() {
        let report = lint(case.text, &case.options());
        wrong.extend(
            report
                .findings
                .iter()
                .map(|finding| format!("{}: {} {}", case.title, finding.rule, finding.message)),
        );
        assert!(report.document.is_some(), "{}", case.title);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The project's catalog knows more services, and more of each.
#[test]
fn nothing_is_reported_of_a_sound_policy_by_the_catalog_of_the_project_either() {
    let catalog = real_catalog();
    let mut wrong = Vec::new();
    for case in clean() {
        let options = case.kind.into_iter().fold(LintOptions::new(catalog), LintOptions::kind);
        let findings = lint(case.text, &options).findings;
        wrong.extend(findings.iter().map(|one| format!("{}: {} {}", case.title, one.rule, one.message)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_corpus_is_large_and_each_rule_has_its_part() {
    let defects = defects();
    assert!(defects.len() >= 150 && clean().len() >= 80, "{} {}", defects.len(), clean().len());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in defects.iter().flat_map(|case| &case.rules) {
        assert!(rule(id).is_some(), "{id}");
        *counts.entry(id).or_default() += 1;
    }
    for rule in rules().iter().filter(|rule| rule.family() != Family::Bookkeeping) {
        let (count, least) = (counts.get(rule.id).copied().unwrap_or_default(), 1);
        assert!(count >= least, "{rule} has {count} policies in the corpus");
    }
}

/// A rule that declares its fixes safe keeps its word, and what was fixed stays fixed.
#[test]
fn fixes_reach_an_end_and_do_what_the_rule_says() {
    for case in defects().into_iter().chain(clean()) {
        let options = case.options().persona(Persona::Auditor);
        for mode in [FixMode::Safe, FixMode::Unsafe] {
            let fixed = fix(case.text, &options, mode);
            for applied in &fixed.applied {
                let safety = applied.rule.fix;
                assert_ne!(safety, FixSafety::None, "{}: {}", case.title, applied.rule);
                assert!(mode == FixMode::Unsafe || applied.proof.is_safe());
                let safe = applied.proof.is_safe();
                assert!(safety != FixSafety::Safe || safe, "{}: {applied:?}", case.title);
            }
            let again = fix(&fixed.text, &options, mode);
            assert_eq!(
                (again.text.as_str(), again.applied.len()),
                (fixed.text.as_str(), 0),
                "{}",
                case.title
            );
            // Some texts hold nothing like a policy, or one in a list.
            if fixed.report.policies.iter().any(|policy| policy.source.text == fixed.text) {
                let left = lint(&fixed.text, &options).findings;
                assert_eq!(fixed.report.findings.len(), left.len(), "{}", case.title);
            }
        }
    }
}

/// Places are those of the text, at the boundaries of characters.
#[test]
fn every_finding_and_every_edit_has_its_place_in_the_text() {
    for case in defects().into_iter().chain(clean()) {
        for finding in lint(case.text, &case.options().persona(Persona::Auditor)).findings {
            let spans = finding.related.iter().map(|(span, _)| *span).chain([finding.span]);
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in spans.chain(edits) {
                assert!(case.text.get(span.range()).is_some(), "{}: {}", case.title, finding.rule);
            }
        }
    }
}

/// A policy with a statement more, of which nothing but the effect can be read.
fn with_unreadable_statement(text: &str, kind: Kind) -> Option<String> {
    let resource = if kind == Kind::Trust { "" } else { r#", "resource": ["room"]"# };
    let principal = if matches!(kind, Kind::Trust | Kind::Bucket) { r#", "principal": "all""# } else { "" };
    let (before, after) = text.rsplit_once(']')?;
    let statement = format!(
        r#"{{"effect": "allow", "action": ["Remove"]{resource}{principal}, "condition": {{"is": {{"a": "b"}}}}}}"#
    );
    (after.trim() == "}").then(|| format!("{before}, {statement}]{after}"))
}

/// All that is wrong is told in one run: what cannot be read hides nothing, and makes nothing up.
#[test]
fn a_statement_that_cannot_be_read_hides_nothing_of_the_others() {
    let of_statement = BTreeSet::from(["CAM008", "CAM012", "CAM020", "CAM022"]);
    // The other statement may allow something.
    let depend_on_it = BTreeSet::from(["CAM230"]);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in defects().into_iter().chain(clean()) {
        let options = case.options();
        let report = lint(case.text, &options);
        let text = with_unreadable_statement(case.text, report.kind).filter(|_| report.document.is_some());
        let Some(text) = text else { continue };
        count += 1;
        let alone: BTreeSet<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
        let wanted: BTreeSet<&str> = alone.difference(&depend_on_it).copied().collect();
        let mut all = fired(&text, &options);
        // What can be read of the other statement is long enough.
        if text.split_whitespace().map(str::len).sum::<usize>() > 6144 && !alone.contains("CAM004") {
            all.remove("CAM004");
        }
        if !wanted.is_subset(&all) || !all.is_subset(&alone.union(&of_statement).copied().collect()) {
            wrong.push(format!("{}: {alone:?}, and with more {all:?}", case.title));
        }
    }
    assert!(count > 100, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
