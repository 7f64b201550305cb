//! Findings as SARIF 2.1.0, as GitHub's code scanning takes it.
//!
//! GitHub refuses a file in which one result has no location, shows suppressed results as open alerts, and follows an alert
//! by its fingerprint. So each result has a place of a file of the repository, and suppressed findings are left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cam_lint::{Basis, Confidence, FixSafety, Rule, Severity};
use cam_policy::text::Span;
use cam_workspace::lint::{Fix, Found};
use cam_workspace::parallel;
use cam_workspace::report::{Places, Reported};
use serde::Serialize;

use crate::exit::Failure;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help_uri: String,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "SARIF names them so")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    description: Message,
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

pub(super) fn render(reports: &[Reported<'_>]) -> Result<String, Failure> {
    let mut used: BTreeMap<&'static str, &'static Rule> = BTreeMap::new();
    for found in reports.iter().flat_map(|one| &one.report.findings) {
        used.insert(found.rule.id, found.rule);
    }
    let ids: Vec<&'static str> = used.keys().copied().collect();
    // Each fix is proved here.
    let results = parallel::map(reports, |reported| {
        let places = Places::new(&reported.report.text);
        let index = |found: &Found| ids.iter().position(|id| *id == found.rule.id).unwrap_or_default();
        let found = reported.report.findings.iter();
        found.map(|found| outcome(reported, found, index(found), &places)).collect::<Vec<_>>()
    });
    let results = results.into_iter().flatten().collect();
    let driver = Driver {
        name: "tencent-cam",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: used.into_values().map(descriptor).collect(),
    };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool: Tool { driver }, column_kind: "utf16CodeUnits", results }],
    };
    let mut out = serde_json::to_string_pretty(&log)
        .map_err(|error| Failure::new(format_args!("the report cannot be written as SARIF: {error}")))?;
    out.push('\n');
    Ok(out)
}

fn outcome<'a>(
    reported: &'a Reported<'_>,
    found: &'a Found,
    rule_index: usize,
    places: &Places<'_>,
) -> Outcome<'a> {
    let artifact = Artifact { uri: encoded(&reported.uri), uri_base_id: "%SRCROOT%" };
    let physical = |span: Span| Physical {
        artifact_location: artifact.clone(),
        region: shown_region(&reported.report.text, span, places),
    };
    let mut text = found.message.clone();
    if let Some(help) = &found.help {
        let _ = write!(text, "\n{help}");
    }
    let fingerprint = found.fingerprint.as_str();
    Outcome {
        rule_id: found.rule.id,
        rule_index,
        level: found.rule.severity.as_str(),
        message: Message { text },
        locations: [Location { id: None, physical_location: physical(found.span), message: None }],
        related_locations: found
            .related
            .iter()
            .enumerate()
            .map(|(id, (span, what))| Location {
                id: Some(id),
                physical_location: physical(*span),
                message: Some(Message { text: what.clone() }),
            })
            .collect(),
        partial_fingerprints: BTreeMap::from([
            // The name that GitHub follows.
            ("primaryLocationLineHash", fingerprint),
            ("tencentCam/v1", fingerprint),
        ]),
        fixes: found.fix.iter().map(|fix| change(reported, found, fix, &artifact, places)).collect(),
    }
}

fn change<'a>(
    reported: &Reported<'_>,
    found: &Found,
    fix: &'a Fix,
    artifact: &Artifact,
    places: &Places<'_>,
) -> Change<'a> {
    let safe = reported.report.proof(found, fix, &reported.settings).is_safe();
    let proof = if safe { "proved to change no access" } else { "may change access: review it" };
    let replacements = fix
        .edits
        .iter()
        .map(|edit| Replacement {
            deleted_region: region(edit.span, places),
            inserted_content: Content { text: &edit.replacement },
        })
        .collect();
    Change {
        description: Message { text: format!("{} ({proof})", fix.title) },
        artifact_changes: [ArtifactChange { artifact_location: artifact.clone(), replacements }],
    }
}

fn region(span: Span, places: &Places<'_>) -> Region {
    let (start, end) = places.utf16(span);
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

/// The region of a result. GitHub shows nothing for an empty one, so it gets the character after it, or before it.
fn shown_region(text: &str, span: Span, places: &Places<'_>) -> Region {
    let (start, end) = (span.start(), span.end());
    if start < end {
        return region(span, places);
    }
    let on_line = |character: &char| *character != '\n' && *character != '\r';
    let after = text.get(start..).and_then(|rest| rest.chars().next()).filter(on_line);
    let before = text.get(..start).and_then(|rest| rest.chars().next_back()).filter(on_line);
    match (after, before) {
        (Some(after), _) => region(Span::new(start, start + after.len_utf8()), places),
        (None, Some(before)) => region(Span::new(start - before.len_utf8(), start), places),
        (None, None) => region(span, places),
    }
}

/// A path as a URI.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~+,=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let severity = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    let precision = match rule.confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    Descriptor {
        id: rule.id,
        name: rule.name,
        short_description: Message { text: rule.summary.en.into() },
        full_description: Message { text: format!("{}. {}", rule.summary.en, rule.why.en) },
        help_uri: rule.url("en"),
        help: Help { text: rule.why.en.into(), markdown: markdown(rule) },
        default_configuration: Configuration { level: rule.severity.as_str() },
        properties: Properties { tags: ["cam", rule.family().as_str()], precision, severity },
    }
}

fn markdown(rule: &Rule) -> String {
    let mut out = format!("**{}**\n\n{}\n", rule.summary.en, rule.why.en);
    if !rule.bad.is_empty() {
        let _ = write!(out, "\nReported:\n\n```json\n{}\n```\n", rule.bad.trim());
    }
    if !rule.good.is_empty() {
        let _ = write!(out, "\nRight:\n\n```json\n{}\n```\n", rule.good.trim());
    }
    match rule.basis {
        Basis::Documented(url) => {
            let _ = write!(out, "\nTencent documents this: <{url}>\n");
        }
        Basis::Assumption(what) => {
            let _ = write!(out, "\nTencent documents nothing about this. The rule assumes: {}\n", what.en);
        }
    }
    out.push_str(match rule.fix {
        FixSafety::None => "",
        FixSafety::Unsafe => "\n`tencent-cam fix --unsafe` fixes it, and shows what access changes.\n",
        FixSafety::Safe | FixSafety::Either => {
            "\n`tencent-cam fix` fixes it if it can prove that access stays the same.\n"
        }
    });
    let _ = write!(out, "\n{}\n", rule.summary.zh);
    out
}
