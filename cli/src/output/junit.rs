//! Findings as `JUnit` XML: a suite for each file, a failed case for each finding, and one passed case for a clean file.

use std::fmt::Write as _;

use cam_workspace::report::{Places, Reported, Summary};

pub(super) fn render(reports: &[Reported<'_>], summary: &Summary) -> String {
    let shown =
        || reports.iter().filter(|one| !one.report.policies.is_empty() || !one.report.findings.is_empty());
    let tests: usize = shown().map(|one| one.report.findings.len().max(1)).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = summary.findings();
    let _ = writeln!(
        out,
        "<testsuites name=\"tencent-cam\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    );
    for Reported { report, uri, .. } in shown() {
        let (failures, places) = (report.findings.len(), Places::new(&report.text));
        let name = escaped(uri);
        let tests = failures.max(1);
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        );
        if report.findings.is_empty() {
            let _ = writeln!(out, "    <testcase name=\"lint\" classname=\"{name}\"/>");
        }
        for found in &report.findings {
            let (start, _) = places.characters(found.span);
            let (rule, message) = (found.rule, escaped(&found.message));
            let case = format!("{rule} at {}:{}", start.line, start.column);
            let _ = writeln!(out, "    <testcase name=\"{}\" classname=\"{name}\">", escaped(&case));
            let place = format!("{}:{}:{}", report.name, start.line, start.column);
            let severity = rule.severity;
            let _ =
                write!(out, "      <failure message=\"{message}\" type=\"{severity}\">{}", escaped(&place));
            if let Some(help) = &found.help {
                let _ = write!(out, "\nhelp: {}", escaped(help));
            }
            out.push_str("</failure>\n    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// A text in XML. Control characters, which XML 1.0 cannot hold, become a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('?'),
            other => out.push(other),
        }
    }
    out
}
