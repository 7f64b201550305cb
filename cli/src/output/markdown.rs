//! Findings as Markdown, for a comment on a pull request.

use std::fmt::Write as _;

use cam_workspace::report::{Places, Reported, Summary};

use crate::markdown::cell;

pub(super) fn render(reports: &[Reported<'_>], summary: &Summary) -> String {
    let mut out = format!("## tencent-cam: {summary}\n");
    if summary.findings() > 0 {
        out.push_str("\n| place | rule | what is wrong | what to do |\n| --- | --- | --- | --- |\n");
    }
    for Reported { report, uri, .. } in reports {
        let places = Places::new(&report.text);
        for found in &report.findings {
            let (start, _) = places.characters(found.span);
            let place = cell(&format!("{uri}:{}:{}", start.line, start.column));
            let (rule, link) = (found.rule, found.rule.url("en"));
            let (severity, message) = (rule.severity, cell(&found.message));
            let help = cell(found.help.as_deref().unwrap_or_default());
            let _ = writeln!(out, "| {place} | [{}]({link}) ({severity}) | {message} | {help} |", rule.id);
        }
    }
    out
}
