//! How many findings there are.

use std::fmt;

use cam_lint::Severity;
use serde::Serialize;

use super::reported::Reported;

/// The numbers of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) policies: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    pub(crate) suppressed: usize,
    pub(crate) known: usize,
    pub(crate) unchecked: usize,
}

impl Summary {
    pub(crate) fn of(reports: &[Reported<'_>]) -> Self {
        let mut summary = Self::default();
        for Reported { report, .. } in reports {
            summary.files += usize::from(!report.policies.is_empty());
            summary.policies += report.policies.len();
            summary.suppressed += report.suppressed;
            summary.known += report.known;
            summary.unchecked += report.unchecked.len();
            for found in &report.findings {
                match found.rule.severity {
                    Severity::Error => summary.errors += 1,
                    Severity::Warning => summary.warnings += 1,
                    Severity::Note => summary.notes += 1,
                }
            }
        }
        summary
    }

    pub(crate) fn findings(&self) -> usize {
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
        let more = [
            (self.suppressed, "suppressed"),
            (self.known, "known by the baseline"),
            (self.unchecked, "not checked, because only Terraform knows them or they are not CAM's"),
        ];
        more.iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, what)| write!(f, "; {count} {what}"))
    }
}

/// A number with its word, in the plural if need be.
pub(crate) fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}
