//! Reads a policy and runs the rules.

use std::collections::BTreeSet;

use cam_policy::diagnostic::{Code, Diagnostic, Element};
use cam_policy::document::{Document, ReadOptions};
use cam_policy::policy::Policy;
use cam_policy::text::Span;

use crate::context::{Context, Extent, Resource};
use crate::diagnostics;
use crate::finding::{Edit, Finding, Report};
use crate::options::LintOptions;
use crate::rule::Kind;
use crate::rules::{self, refused, spelling};
use crate::suppose::Supposed;

/// Lints the text of one policy.
///
/// ```
/// use cam_lint::{LintOptions, lint};
/// use cam_policy::example::CATALOG;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],
///     "resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#;
/// let report = lint(text, &LintOptions::new(CATALOG));
/// assert_eq!(report.findings[0].rule.name, "operation-level-allow");
/// ```
pub fn lint(text: &str, options: &LintOptions<'_>) -> Report {
    let mut reading = ReadOptions::new().with_catalog(&options.catalog).with_names(options.names.matches);
    if let Some(kind) = options.kind {
        reading = reading.as_kind(kind.grammar());
    }
    match Document::read(text, reading) {
        Ok(document) => {
            let kind = options.kind.unwrap_or_else(|| document.kind().into());
            let findings = of_document(text, &document, options, kind, Extent::Whole);
            Report { findings: sorted(findings), document: Some(document), kind }
        }
        Err(error) => {
            let [diagnostic, more @ ..] = error.diagnostics() else { return empty(text, options) };
            let span = diagnostic.span().unwrap_or(Span::new(0, 0));
            if diagnostic.code() == Code::Version && more.is_empty() && &text[span.range()] == "3.0" {
                return of_version_3(text, span, options);
            }
            let found =
                error.diagnostics().iter().map(|one| diagnostics::finding(one, text, None, &options.catalog));
            let mut findings: Vec<Finding> = found.filter(|finding| options.wants(finding.rule)).collect();
            let kind = kind_of(text, options);
            if let Some(document) = error.readable() {
                let of_rest = of_document(text, document, options, kind, Extent::Part);
                // The number of a statement is not the one that it has in the text.
                findings.extend(of_rest.into_iter().map(|finding| Finding { element: None, ..finding }));
            }
            let known: BTreeSet<(&str, Span)> = findings.iter().map(|one| (one.rule.id, one.span)).collect();
            let more = whatever_is_meant(text, error.diagnostics(), reading, options, kind).into_iter();
            let more: Vec<Finding> = more.filter(|one| !known.contains(&(one.rule.id, one.span))).collect();
            findings.extend(more);
            Report { findings: sorted(findings), document: None, kind }
        }
    }
}

/// Returns the findings that a text has whatever stands in the place of its errors.
fn whatever_is_meant(
    text: &str,
    errors: &[Diagnostic],
    reading: ReadOptions<'_>,
    options: &LintOptions<'_>,
    kind: Kind,
) -> Vec<Finding> {
    let mended = Supposed::mended(text, errors);
    let both = match Document::read(&mended.text, reading) {
        Ok(_) => [mended.clone(), mended],
        Err(error) => match mended.both(error.diagnostics()) {
            Some(both) => both,
            None => return Vec::new(),
        },
    };
    let mut at_least = usize::MAX;
    let mut start = None;
    let [wide, narrow] = both.map(|supposed| {
        let read = Document::read(&supposed.text, reading);
        let (document, extent) = match &read {
            Ok(document) => (Some(document), Extent::Whole),
            Err(error) => (error.readable(), Extent::Part),
        };
        let findings = document
            .map_or_else(Vec::new, |document| of_document(&supposed.text, document, options, kind, extent));
        let length = document.map_or(0, |document| document.policy().len_for_cam());
        at_least = at_least.min(length.saturating_sub(supposed.guessed()));
        let whole = document.and_then(|document| document.span(Element::Policy));
        start =
            whole.and_then(|whole| supposed.origin(Span::new(whole.start(), whole.start() + 1))).or(start);
        let moved = findings.into_iter().filter_map(|finding| {
            let span = supposed.origin(finding.span)?;
            let related = finding.related.into_iter();
            let related = related.filter_map(|(span, what)| Some((supposed.origin(span)?, what))).collect();
            Some(Finding { span, related, element: None, fix: None, ..finding })
        });
        moved.collect::<Vec<Finding>>()
    });
    let of_wide: BTreeSet<(&str, Span, &str)> =
        wide.iter().map(|one| (one.rule.id, one.span, one.message.as_str())).collect();
    let in_both = |one: &Finding| of_wide.contains(&(one.rule.id, one.span, one.message.as_str()));
    let mut findings: Vec<Finding> = narrow.into_iter().filter(in_both).collect();
    // The two texts have different lengths, so neither message counts.
    let is_told = findings.iter().any(|one| *one.rule == refused::TOO_LONG);
    let is_too_long = at_least > Policy::LENGTH_LIMIT && kind != Kind::Bucket;
    if is_too_long && !is_told && options.wants(&refused::TOO_LONG) {
        let message = format!(
            "whatever stands in the place of its mistakes, the policy counts at least {at_least} characters, CAM takes {}",
            Policy::LENGTH_LIMIT
        );
        let mut finding = Finding::new(&refused::TOO_LONG, start.unwrap_or(Span::new(0, 0)), None, message);
        finding.with_help("mend the policy first; `minimize` may make it shorter");
        findings.push(finding);
    }
    findings
}

/// Lints a text of version `3.0` as if it were `2.0`. Both are equally long, so every place stays.
fn of_version_3(text: &str, span: Span, options: &LintOptions<'_>) -> Report {
    let as_2 = [&text[..span.start()], "2.0", &text[span.end()..]].concat();
    let mut report = lint(&as_2, options);
    let message = "`3.0` is a version that Tencent's console lets pass; what it means is not known here";
    let mut finding = Finding::new(&spelling::UNKNOWN_VERSION, span, None, message.into());
    finding.with_help(
        "write `2.0`; the rest of the policy is checked as if it stood there, which is an assumption",
    );
    finding.with_edits("write `2.0`", [Edit { span, replacement: "2.0".into() }]);
    report.findings.push(finding);
    Report { findings: sorted(report.findings), document: None, ..report }
}

/// Returns the findings in a policy that was read, as a whole or in part.
fn of_document(
    text: &str,
    document: &Document,
    options: &LintOptions<'_>,
    kind: Kind,
    extent: Extent,
) -> Vec<Finding> {
    let found = document
        .warnings()
        .iter()
        .map(|one| diagnostics::finding(one, text, Some(document), &options.catalog));
    let mut found: Vec<Finding> = found.filter(|finding| options.wants(finding.rule)).collect();
    // The core does not know boundaries.
    for finding in found.iter_mut().filter(|one| kind == Kind::Boundary && *one.rule == refused::TOO_LONG) {
        finding
            .with_help("an identity has one boundary, so it cannot be split; `minimize` may make it shorter");
    }
    let resources = Resource::all(document.policy());
    let mut context = Context::new(text, document, &resources, options, kind, extent, found);
    rules::check(&mut context);
    context.found
}

/// Sorts findings by place, then by rule.
fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| {
        (one.span, one.rule.id, &one.message).cmp(&(other.span, other.rule.id, &other.message))
    });
    findings
}

fn empty(text: &str, options: &LintOptions<'_>) -> Report {
    Report { findings: Vec::new(), document: None, kind: kind_of(text, options) }
}

/// Guesses the kind of a text that cannot be read by the words in it.
fn kind_of(text: &str, options: &LintOptions<'_>) -> Kind {
    let has = |word: &str| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    match options.kind {
        Some(kind) => kind,
        None if !has("\"principal\"") => Kind::Identity,
        None if has("\"resource\"") => Kind::Bucket,
        None => Kind::Trust,
    }
}
