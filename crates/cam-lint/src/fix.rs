//! Applies fixes until none is left.

use std::collections::BTreeSet;

use crate::access::Proof;
use crate::check::lint;
use crate::finding::{Edit, Finding, Fix, apply};
use crate::options::LintOptions;
use crate::prove::prove;

/// Which fixes are applied.
///
/// ```
/// assert_ne!(cam_lint::FixMode::Safe, cam_lint::FixMode::Unsafe);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixMode {
    /// Those that are proved to change no access.
    Safe,
    /// The others, too.
    Unsafe,
}

/// What [`fix`] did.
///
/// See [`fix`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The changed text.
    pub text: String,
    /// The fixes that were made, in order, each with what it does to access.
    pub applied: Vec<Applied>,
    /// The findings that are left.
    pub left: Vec<Finding>,
}

/// A fix that was made.
///
/// See [`fix`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The id of the rule.
    pub rule: &'static str,
    /// What was done, as a command.
    pub title: String,
    /// What it does to access.
    pub proof: Proof,
}

/// How often the text is linted again. Each pass makes every fix that it can, so few texts need more than three.
const MOST_PASSES: usize = 100;

/// Applies the fixes of the findings that `keep` returns `true` for, until nothing changes.
///
/// A fix is made only if the finding is gone afterwards. In [`FixMode::Safe`] it must also be proved that it changes no
/// access. Fixing the result again changes nothing.
///
/// ```
/// use cam_lint::{FixMode, LintOptions, Persona, fix};
/// use cam_policy::example::CATALOG;
///
/// let options = LintOptions::new(CATALOG).persona(Persona::Pedantic);
/// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["trtc:RemoveUser"],"resource":["*"]}]}"#;
/// let fixed = fix(text, &options, FixMode::Safe, |_| true);
/// assert!(fixed.text.contains(r#""effect":"allow""#));
/// assert_eq!(fixed.applied[0].rule, "CAM204");
/// assert!(fixed.applied[0].proof.is_safe());
/// ```
pub fn fix(text: &str, options: &LintOptions<'_>, mode: FixMode, keep: impl Fn(&Finding) -> bool) -> Fixed {
    let mut fixed = Fixed { text: text.into(), applied: Vec::new(), left: Vec::new() };
    let mut seen = BTreeSet::from([fixed.text.clone()]);
    let mut report = lint(text, options);
    for _ in 0..MOST_PASSES {
        let candidates: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty()) && keep(finding))
            .collect();
        let Some((changed, applied)) = pass(&fixed.text, options, mode, &candidates, &report.findings) else {
            break;
        };
        if !seen.insert(changed.clone()) {
            break;
        }
        fixed.text = changed;
        fixed.applied.extend(applied);
        report = lint(&fixed.text, options);
    }
    fixed.left = report.findings;
    fixed
}

/// Makes all fixes of a text that do not overlap, if together they are safe, and else the first one that may be made.
fn pass(
    text: &str,
    options: &LintOptions<'_>,
    mode: FixMode,
    candidates: &[&Finding],
    all: &[Finding],
) -> Option<(String, Vec<Applied>)> {
    let fixes = without_overlap(candidates);
    if fixes.len() > 1 {
        let changed = apply(text, fixes.iter().flat_map(|(_, fix)| &fix.edits));
        if resolves(&changed, options, &fixes, all) && prove(options, text, &changed).is_safe() {
            let applied = fixes.iter().map(|(finding, fix)| applied(finding, fix, Proof::Same));
            return Some((changed, applied.collect()));
        }
    }
    let one = |finding: &&Finding| {
        let fix = finding.fix.as_ref()?;
        let changed = fix.apply(text);
        if !resolves(&changed, options, &[(finding, fix)], all) {
            return None;
        }
        let proof = prove(options, text, &changed);
        let may = proof.is_safe() || mode == FixMode::Unsafe;
        may.then(|| (changed, vec![applied(finding, fix, proof)]))
    };
    candidates.iter().find_map(one)
}

fn applied(finding: &Finding, fix: &Fix, proof: Proof) -> Applied {
    Applied { rule: finding.rule.id, title: fix.title.clone(), proof }
}

/// Chooses fixes, the first first, whose edits do not touch each other.
fn without_overlap<'f>(candidates: &[&'f Finding]) -> Vec<(&'f Finding, &'f Fix)> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut chosen = Vec::new();
    for finding in candidates {
        let Some(fix) = &finding.fix else { continue };
        // Two edits that only meet can both be made, unless one of them inserts where the other ends.
        let touches = |edit: &&Edit, other: &Edit| {
            let (start, end) =
                (edit.span.start().max(other.span.start()), edit.span.end().min(other.span.end()));
            let inserts = edit.span.start() == edit.span.end() || other.span.start() == other.span.end();
            start < end || start == end && inserts
        };
        if fix.edits.iter().all(|edit| !taken.iter().any(|other| touches(other, edit))) {
            taken.extend(&fix.edits);
            chosen.push((*finding, fix));
        }
    }
    chosen
}

/// Whether the changed text has fewer findings of each rule that was fixed.
fn resolves(changed: &str, options: &LintOptions<'_>, fixes: &[(&Finding, &Fix)], all: &[Finding]) -> bool {
    let report = lint(changed, options);
    let count = |findings: &[Finding], id: &str| findings.iter().filter(|one| one.rule.id == id).count();
    let rules: BTreeSet<&str> = fixes.iter().map(|(finding, _)| finding.rule.id).collect();
    rules.into_iter().all(|id| {
        let made = fixes.iter().filter(|(finding, _)| finding.rule.id == id).count();
        count(&report.findings, id) + made <= count(all, id)
    })
}
