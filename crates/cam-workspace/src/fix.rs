//! Fixes of files, each with a proof.

use std::collections::{BTreeMap, BTreeSet};

use cam_lint::{FixMode, Proof, Rule};
use cam_policy::policy::Policy as Parsed;
use cam_policy::text::Span;

use crate::lint::{FileReport, Fix, Found, Settings, lint_file, prove_policy};
use crate::map::Edit;

/// What [`fix_file`] did.
///
/// See [`fix_file`] for an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FixedFile {
    /// The changed text.
    pub text: String,
    /// The fixes that were made, in order.
    pub applied: Vec<Applied>,
    /// The fixes that are possible and were not made, because they may change access.
    pub left: Vec<Applied>,
    /// The findings of the changed text.
    pub report: FileReport,
}

/// A fix, and what it does to access.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Applied {
    /// The rule.
    pub rule: &'static Rule,
    /// Where the finding stood in the text that was fixed.
    pub span: Span,
    /// The line and column of the finding.
    pub position: cam_policy::text::Position,
    /// What was done, as a command.
    pub title: String,
    /// What it does to access.
    pub proof: Proof,
}

/// How often a text is linted again. Most passes make every fix that is safe; each other fix has a pass of its own.
const MOST_PASSES: usize = 1000;

/// Fixes the findings of a file, until nothing changes.
///
/// A fix is made only if the changed file, read again, has the changed policy, and the finding is gone. In
/// [`FixMode::Safe`] it must also be proved that both policies allow the same. Fixing the result again changes nothing.
///
/// ```
/// use cam_lint::{FixMode, LintOptions, Persona};
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::fix::fix_file;
/// use cam_workspace::lint::Settings;
///
/// let text = r#"{"PolicyDocument":"{\"version\":\"2.0\",\"statement\":[
///   {\"effect\":\"Allow\",\"action\":[\"trtc:RemoveUser\"],\"resource\":[\"*\"]}]}"}"#.replace('\n', "");
/// let config = Config::default();
/// let options = LintOptions::new(CATALOG).persona(Persona::Pedantic);
/// let settings =
///     Settings { options, kind: None, config: &config, baseline: None, today: "2026-11-27".parse()? };
/// let fixed = fix_file("a.json", "a.json", &text, &settings, FixMode::Safe);
/// assert!(fixed.text.contains(r#"\"effect\":\"allow\""#));
/// assert!(fixed.applied[0].proof.is_safe());
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn fix_file(name: &str, path: &str, text: &str, settings: &Settings<'_>, mode: FixMode) -> FixedFile {
    let mut report = lint_file(name, path, text, settings);
    let (mut applied, mut left) = (Vec::new(), BTreeMap::new());
    let mut seen = BTreeSet::from([report.text.clone()]);
    // The policies that changed since it was found out which of their fixes cannot be made.
    let mut changed = BTreeSet::new();
    for _ in 0..MOST_PASSES {
        match pass(&report, path, settings, mode, &mut left) {
            Some((next, made)) if seen.insert(next.text.clone()) => {
                let texts = report.policies.iter().zip(&next.policies).enumerate();
                changed.extend(
                    texts.filter(|(_, (old, new))| old.source.text != new.source.text).map(|(at, _)| at),
                );
                applied.extend(made);
                report = next;
            }
            _ if changed.is_empty() => break,
            _ => {
                let of_changed = report
                    .findings
                    .iter()
                    .filter(|found| found.policy.is_some_and(|at| changed.contains(&at)));
                for found in of_changed {
                    left.remove(&found.fingerprint);
                }
                changed.clear();
            }
        }
    }
    let is_there =
        |fingerprint: &String| report.findings.iter().any(|found| found.fingerprint == *fingerprint);
    left.retain(|fingerprint, one| one.is_some() && is_there(fingerprint));
    let mut left: Vec<Applied> = left.into_values().flatten().collect();
    left.sort_by_key(|one| one.span);
    FixedFile { text: report.text.clone(), applied, left, report }
}

/// Tells what the fix of one finding of a report does; `None` if it has none, or its edits do not do in the file what they
/// should.
///
/// ```
/// use cam_lint::{LintOptions, Persona};
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::fix::prove_fix;
/// use cam_workspace::lint::{Settings, lint_file};
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["trtc:*"],"resource":["*"]}]}"#;
/// let config = Config::default();
/// let options = LintOptions::new(CATALOG).persona(Persona::Pedantic);
/// let settings =
///     Settings { options, kind: None, config: &config, baseline: None, today: "2026-11-27".parse()? };
/// let report = lint_file("a.json", "a.json", text, &settings);
/// assert!(prove_fix(&report, &report.findings[0], "a.json", &settings).unwrap().proof.is_safe());
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn prove_fix(report: &FileReport, found: &Found, path: &str, settings: &Settings<'_>) -> Option<Applied> {
    let fix = found.fix.as_ref()?;
    changed(report, path, settings, &[(found, fix)])?;
    Some(made(report, found, fix, report.proof(found, fix, settings)))
}

/// Makes all fixes that may be made and do not touch each other, if together they are safe, and else the first one.
///
/// `left` gets the fixes that may not be made, by the fingerprints of their findings, and `None` for those that cannot be
/// made at all.
fn pass(
    report: &FileReport,
    path: &str,
    settings: &Settings<'_>,
    mode: FixMode,
    left: &mut BTreeMap<String, Option<Applied>>,
) -> Option<(FileReport, Vec<Applied>)> {
    let fixes = report.findings.iter().filter_map(|found| Some((found, found.fix.as_ref()?)));
    let fixes: Vec<(&Found, &Fix)> =
        fixes.filter(|(found, _)| !left.contains_key(&found.fingerprint)).collect();
    // Mostly all are safe together, and one proof is enough.
    if let Some(made) = together(report, path, settings, &fixes) {
        return Some(made);
    }
    let (mut may, mut first) = (Vec::new(), None);
    for one in fixes {
        let (found, fix) = one;
        let Some(next) = changed(report, path, settings, &[one]) else {
            left.insert(found.fingerprint.clone(), None);
            continue;
        };
        let applied = made(report, found, fix, report.proof(found, fix, settings));
        if mode == FixMode::Unsafe {
            // The proof is about this text, so no other fix is made with it.
            return Some((next, vec![applied]));
        }
        if applied.proof.is_safe() {
            first.get_or_insert((next, vec![applied]));
            may.push(one);
        } else {
            left.insert(found.fingerprint.clone(), Some(applied));
        }
    }
    // Fixes that are safe one by one may not be safe together: of two denies that cover each other, one has to stay.
    together(report, path, settings, &may).or(first)
}

/// Makes the fixes that do not touch each other, if there are several and together they are safe.
fn together(
    report: &FileReport,
    path: &str,
    settings: &Settings<'_>,
    fixes: &[(&Found, &Fix)],
) -> Option<(FileReport, Vec<Applied>)> {
    let apart = without_overlap(fixes);
    if apart.len() < 2 {
        return None;
    }
    let next = changed(report, path, settings, &apart)?;
    let safe = report.policies.iter().zip(&next.policies).all(|(old, new)| {
        old.source.text == new.source.text || prove_policy(old, &new.source.text, settings).is_safe()
    });
    let made = apart.iter().map(|(found, fix)| made(report, found, fix, Proof::Same));
    safe.then(|| (next, made.collect()))
}

fn made(report: &FileReport, found: &Found, fix: &Fix, proof: Proof) -> Applied {
    let position = cam_policy::text::Lines::new(&report.text).position(found.span.start());
    Applied { rule: found.rule, span: found.span, position, title: fix.title.clone(), proof }
}

/// Returns the report of the changed file, if the fixes do there what they should.
fn changed(
    report: &FileReport,
    path: &str,
    settings: &Settings<'_>,
    fixes: &[(&Found, &Fix)],
) -> Option<FileReport> {
    let edits: Vec<Edit> = fixes.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
    let next = lint_file(&report.name, path, &Edit::apply_all(&report.text, &edits), settings);
    if next.policies.len() != report.policies.len() {
        return None;
    }
    for (old, new) in report.policies.iter().zip(&next.policies) {
        if old.source.label != new.source.label && !new.source.label.starts_with("block at line") {
            return None;
        }
    }
    if let [(found, fix)] = fixes {
        let at = found.policy?;
        let new = &next.policies.get(at)?.source.text;
        // The proof of a fix is about its policy alone.
        let texts = report.policies.iter().zip(&next.policies).enumerate();
        if texts.into_iter().any(|(of, (old, new))| of != at && old.source.text != new.source.text) {
            return None;
        }
        // The file may write the same policy otherwise, as Terraform's expressions do.
        let same = *new == fix.after
            || matches!((new.parse::<Parsed>(), fix.after.parse::<Parsed>()), (Ok(one), Ok(other)) if one == other);
        if !same {
            return None;
        }
    }
    let rules: BTreeSet<&str> = fixes.iter().map(|(found, _)| found.rule.id).collect();
    let resolves = rules.into_iter().all(|id| {
        let count = |report: &FileReport| report.findings.iter().filter(|found| found.rule.id == id).count();
        let made = fixes.iter().filter(|(found, _)| found.rule.id == id).count();
        count(&next) + made <= count(report)
    });
    resolves.then_some(next)
}

/// Chooses fixes, the first first, whose edits do not touch each other.
fn without_overlap<'f>(fixes: &[(&'f Found, &'f Fix)]) -> Vec<(&'f Found, &'f Fix)> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut chosen = Vec::new();
    for (found, fix) in fixes {
        let touches = |edit: &Edit, other: &&Edit| {
            edit.span.start() <= other.span.end() && other.span.start() <= edit.span.end()
        };
        if fix.edits.iter().all(|edit| !taken.iter().any(|other| touches(edit, other))) {
            taken.extend(&fix.edits);
            chosen.push((*found, *fix));
        }
    }
    chosen
}
