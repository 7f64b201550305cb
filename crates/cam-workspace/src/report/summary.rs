//! How many findings there are.

use std::collections::BTreeMap;
use std::fmt;

use cam_lint::{Severity, Unverified};
use serde::Serialize;

use super::reported::Reported;
use crate::lint::More;

/// The numbers of a run.
///
/// ```
/// assert_eq!(cam_workspace::report::Summary::default().to_string(), "no findings in 0 policies of 0 files");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files with a policy.
    pub files: usize,
    /// Policies.
    pub policies: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes.
    pub notes: usize,
    /// Findings that are suppressed.
    pub suppressed: usize,
    /// Findings that the baseline has.
    pub known: usize,
    /// Findings that only other personas see.
    pub more: More,
    /// Actions that no rule can check.
    pub unverified: UnverifiedCount,
    /// What may be a policy and was not checked.
    pub unchecked: usize,
}

/// How many actions no rule can check, each counted once.
///
/// See [`Summary`] for an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnverifiedCount {
    /// Of these only the name is known, so nobody knows whether their resources count.
    pub name_only: usize,
    /// Of these not even the name is known.
    pub unknown: usize,
}

impl Summary {
    /// Counts what reports have.
    pub fn of(reports: &[Reported<'_>]) -> Self {
        let mut summary = Self::default();
        let mut unverified = BTreeMap::new();
        for Reported { report, .. } in reports {
            summary.files += usize::from(!report.policies.is_empty());
            summary.policies += report.policies.len();
            summary.suppressed += report.suppressed;
            summary.known += report.known;
            summary.more.pedantic += report.more.pedantic;
            summary.more.auditor += report.more.auditor;
            unverified.extend(report.unverified.iter().map(|(action, how)| (action.as_str(), *how)));
            summary.unchecked += report.unchecked.len();
            for found in &report.findings {
                match found.rule.severity {
                    Severity::Error => summary.errors += 1,
                    Severity::Warning => summary.warnings += 1,
                    Severity::Note => summary.notes += 1,
                }
            }
        }
        let count = |how: Unverified| unverified.values().filter(|one| **one == how).count();
        summary.unverified =
            UnverifiedCount { name_only: count(Unverified::NameOnly), unknown: count(Unverified::Unknown) };
        summary
    }

    /// Returns the number of findings.
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.notes
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings() == 0 {
            f.write_str("no findings")?;
        } else {
            let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
            let shown: Vec<String> = counts
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| counted(*count, word))
                .collect();
            f.write_str(&shown.join(", "))?;
        }
        write!(f, " in {} of {}", counted(self.policies, "policy"), counted(self.files, "file"))?;
        let Self { more, unverified, .. } = self;
        match (more.pedantic, more.auditor) {
            (_, 0) => {}
            (0, auditor) => write!(f, "; {auditor} more with --persona auditor")?,
            (pedantic, auditor) if pedantic == auditor => {
                write!(f, "; {pedantic} more with --persona pedantic")?;
            }
            (pedantic, auditor) => {
                write!(f, "; {pedantic} more with --persona pedantic, {auditor} with --persona auditor")?;
            }
        }
        let counts = [
            (self.suppressed, "suppressed"),
            (self.known, "known by the baseline"),
            (self.unchecked, "not checked, because only Terraform knows them or they are not CAM's"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "; {count} {what}")?;
        }
        if unverified.name_only > 0 {
            let actions = counted(unverified.name_only, "action");
            write!(f, "; {actions} known by name only: no rule checks the resources")?;
        }
        if unverified.unknown > 0 {
            let actions = counted(unverified.unknown, "action");
            write!(f, "; {actions} neither in the catalog nor in the public SDK: not checked")?;
        }
        Ok(())
    }
}

/// Returns a number with its word, in the plural if need be.
///
/// ```
/// assert_eq!(cam_workspace::report::counted(2, "policy"), "2 policies");
/// ```
pub fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}
