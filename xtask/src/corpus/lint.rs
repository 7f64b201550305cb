//! Runs the linter on every policy of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use cam_lint::{Finding, LintOptions, Persona, Report, lint, rules};
use cam_policy::catalog::Catalog;
use cam_policy::text::Lines;

use super::policies::files;
use crate::error::Error;
use crate::fs::failed;

/// How often a wrapping is taken off.
const MOST_LAYERS: usize = 4;

/// Prints the findings of every `.json` file of the folder, for auditors, and how many files each rule reports, of those
/// that can be read and of those that cannot.
///
/// Fails if a text cannot be read and no finding says where and why.
pub(super) fn policies(catalog: &Catalog<'_>, folder: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let options = LintOptions::new(*catalog).persona(Persona::Auditor);
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let (mut read, mut refused, mut silent) = (0_usize, 0_usize, 0_usize);
    for file in files(folder)? {
        let bytes = fs::read(&file).map_err(|error| failed("read", &file.display().to_string(), &error))?;
        let (text, report) = unwrapped(String::from_utf8_lossy(&bytes).into_owned(), &options);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let readable = report.document.is_some() || report.findings.iter().any(|one| one.rule.id == "CAM201");
        let column = usize::from(!readable);
        *(if readable { &mut read } else { &mut refused }) += 1;
        if !readable && report.findings.is_empty() {
            silent += 1;
        }
        writeln!(out, "{name}: {}", if readable { report.kind.as_str() } else { "refused" })?;
        let mut fired: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
        fired.sort_unstable();
        fired.dedup();
        for id in fired {
            counts.entry(id).or_default()[column] += 1;
        }
        let mut lines = Lines::new(&text);
        for Finding { rule, span, message, .. } in &report.findings {
            writeln!(out, "  {} {} {}: {message}", rule.id, rule.persona, lines.position(span.start()))?;
        }
    }
    writeln!(out, "\n{read} policies can be read, {refused} cannot\n")?;
    writeln!(out, "| rule | persona | severity | files that can be read | others |")?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for rule in rules() {
        let [valid, others] = counts.get(rule.id).copied().unwrap_or_default();
        if valid + others > 0 {
            writeln!(out, "| {rule} | {} | {} | {valid} | {others} |", rule.persona, rule.severity)?;
        }
    }
    if silent > 0 {
        return Err(Error::wrong(format_args!("{silent} texts cannot be read, and no finding says why")));
    }
    Ok(())
}

/// Lints a text without its wrappings, which the fix of their rule takes off.
fn unwrapped(mut text: String, options: &LintOptions<'_>) -> (String, Report) {
    let mut report = lint(&text, options);
    for _ in 0..MOST_LAYERS {
        let [Finding { rule, fix: Some(fix), .. }] = report.findings.as_slice() else { break };
        if rule.id != "CAM003" {
            break;
        }
        text = fix.apply(&text);
        report = lint(&text, options);
    }
    (text, report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_reports_something_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let policy = |action: &str| {
            format!(
                r#"{{"version":"2.0","statement":[{{"effect":"allow","action":["{action}"],"resource":["*"]}}]}}"#
            )
        };
        let wrapped = format!("{{\"PolicyDocument\":{}}}", policy("*"));
        for (name, text) in [("a.json", policy("cos:Get?")), ("b.json", wrapped), ("c.json", "{".to_owned())]
        {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut out = Vec::new();
        policies(&Catalog::EMPTY, folder.path(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        for line in [
            "  CAM109 regular 1:60: `?` is no wildcard",
            "b.json: identity\n  CAM301 regular 1:",
            "c.json: refused\n  CAM001 regular 1:2: ",
            "2 policies can be read, 1 cannot",
            "| CAM301 allow-everything | regular | warning | 1 | 0 |",
        ] {
            assert!(out.contains(line), "{line} in {out}");
        }
    }
}
