//! Findings for programs. `docs/lint.schema.json` describes the form.

use cam_lint::{Access, Proof};
use cam_policy::text::Span;
use serde::Serialize;

use super::places::{Place, Places};
use super::reported::Reported;
use super::summary::Summary;
use crate::lint::{Fix, Found};
use crate::parallel;

/// The number of the form. A program that knows it can read every report with the same number.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Finding<'a>>,
    unchecked: Vec<Unchecked<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    catalog: u32,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    name: &'static str,
    severity: &'static str,
    confidence: &'static str,
    persona: &'static str,
    cam_code: Option<&'static str>,
    file: &'a str,
    uri: &'a str,
    policy: Option<&'a str>,
    kind: Option<&'static str>,
    pointer: Option<&'a str>,
    #[serde(flatten)]
    range: Range,
    message: &'a str,
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
    fix: Option<FixOf<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    byte: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct FixOf<'a> {
    title: &'a str,
    /// `same`, `differs` or `unproven`.
    access: &'static str,
    gives: Vec<AccessOf>,
    takes: Vec<AccessOf>,
    unproven: Option<String>,
    edits: Vec<EditOf<'a>>,
}

#[derive(Serialize)]
struct AccessOf {
    what: String,
    witness: String,
}

#[derive(Serialize)]
struct EditOf<'a> {
    #[serde(flatten)]
    range: Range,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Unchecked<'a> {
    file: &'a str,
    uri: &'a str,
    #[serde(flatten)]
    range: Range,
    reason: &'a str,
}

fn range(places: &Places<'_>, span: Span) -> Range {
    let (start, end) = places.characters(span);
    let point = |place: Place, byte| Point { line: place.line, column: place.column, byte };
    Range { start: point(start, span.start()), end: point(end, span.end()) }
}

/// Returns reports as JSON, in the form that `docs/lint.schema.json` describes. `catalog` is the version of the catalog.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
/// use cam_workspace::config::Config;
/// use cam_workspace::lint::{Settings, lint_file};
/// use cam_workspace::report::{Reported, to_json};
///
/// let config = Config::default();
/// let settings = Settings {
///     options: LintOptions::new(CATALOG),
///     kind: None,
///     config: &config,
///     baseline: None,
///     today: "2026-11-27".parse()?,
/// };
/// let text = r#"{"version": "2.0", "statement": []}"#;
/// let report = lint_file("a.json", "a.json", text, &settings);
/// let reported = Reported { report, uri: "a.json".into(), settings };
/// assert!(to_json(&[reported], CATALOG.version)?.contains(r#""rule": "CAM0"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// None that is known: every part of a report can be written as JSON.
pub fn to_json(reports: &[Reported<'_>], catalog: u32) -> serde_json::Result<String> {
    // Each fix is proved here.
    let of_files = parallel::map(reports, |reported| {
        let places = Places::new(&reported.report.text);
        let found = reported.report.findings.iter().map(|found| finding(reported, found, &places));
        let unchecked = reported.report.unchecked.iter().map(|one| Unchecked {
            file: &reported.report.name,
            uri: &reported.uri,
            range: range(&places, one.span),
            reason: &one.reason,
        });
        (found.collect::<Vec<_>>(), unchecked.collect::<Vec<_>>())
    });
    let (mut findings, mut unchecked) = (Vec::new(), Vec::new());
    for (found, not_checked) in of_files {
        findings.extend(found);
        unchecked.extend(not_checked);
    }
    let tool = Tool { name: "tencent-cam", version: env!("CARGO_PKG_VERSION"), catalog };
    let report = Report { schema: SCHEMA, tool, summary: Summary::of(reports), findings, unchecked };
    let mut out = serde_json::to_string_pretty(&report)?;
    out.push('\n');
    Ok(out)
}

fn finding<'a>(reported: &'a Reported<'_>, found: &'a Found, places: &Places<'_>) -> Finding<'a> {
    let policy = found.policy.map(|at| &reported.report.policies[at]);
    Finding {
        rule: found.rule.id,
        name: found.rule.name,
        severity: found.rule.severity.as_str(),
        confidence: found.rule.confidence.as_str(),
        persona: found.rule.persona.as_str(),
        cam_code: found.rule.cam_code,
        file: &reported.report.name,
        uri: &reported.uri,
        policy: policy.map(|policy| policy.source.label.as_str()).filter(|label| !label.is_empty()),
        kind: policy.map(|policy| policy.kind.as_str()),
        pointer: found.pointer.as_deref(),
        range: range(places, found.span),
        message: &found.message,
        help: found.help.as_deref(),
        related: found
            .related
            .iter()
            .map(|(span, message)| Related { range: range(places, *span), message })
            .collect(),
        fix: found.fix.as_ref().map(|fix| fix_of(reported, found, fix, places)),
        fingerprint: &found.fingerprint,
    }
}

fn fix_of<'a>(reported: &Reported<'_>, found: &Found, fix: &'a Fix, places: &Places<'_>) -> FixOf<'a> {
    let (access, gives, takes, unproven) = match reported.report.proof(found, fix, &reported.settings) {
        Proof::Same => ("same", Vec::new(), Vec::new(), None),
        Proof::Differs { gives, takes } => ("differs", accesses(gives), accesses(takes), None),
        Proof::Unproven(reason) => ("unproven", Vec::new(), Vec::new(), Some(reason)),
    };
    let edits = fix
        .edits
        .iter()
        .map(|edit| EditOf { range: range(places, edit.span), replacement: &edit.replacement })
        .collect();
    FixOf { title: &fix.title, access, gives, takes, unproven, edits }
}

fn accesses(all: Vec<Access>) -> Vec<AccessOf> {
    all.into_iter().map(|access| AccessOf { what: access.what, witness: access.witness }).collect()
}
