//! Findings as commands of GitHub Actions, which shows them beside the lines of a pull request.

use std::fmt::Write as _;

use cam_lint::Severity;
use cam_workspace::report::{Places, Reported};

pub(super) fn render(reports: &[Reported<'_>]) -> String {
    let mut out = String::new();
    for Reported { report, uri, .. } in reports {
        let places = Places::new(&report.text);
        for found in &report.findings {
            let level = match found.rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let (start, end) = places.characters(found.span);
            let mut message = found.message.clone();
            if let Some(help) = &found.help {
                message.push('\n');
                message.push_str(help);
            }
            let _ = write!(out, "::{level} file={},line={},endLine={}", property(uri), start.line, end.line);
            // GitHub takes columns only within one line.
            if start.line == end.line {
                let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
            }
            let _ = writeln!(out, ",title={}::{}", property(&found.rule.to_string()), data(&message));
        }
    }
    out
}

/// A text in the place of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text in the place of a property, where `:` and `,` separate.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
