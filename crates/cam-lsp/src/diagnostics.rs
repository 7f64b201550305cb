//! Findings for editors.

use cam_lint::Severity;
use cam_workspace::lint::{FileReport, Found};

use crate::document::Document;
use crate::host::Host;
use crate::knowledge::Knowledge;
use crate::language::Language;
use crate::protocol::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Uri,
};

/// The beginnings of the ids of rules about what can be left out, which editors show faded: redundant parts, and
/// suppressions without a finding.
const UNNECESSARY: [&str; 2] = ["CAM22", "CAM901"];

/// Returns the findings of a file.
pub(crate) fn of_report(report: &FileReport, document: &Document, language: Language) -> Vec<Diagnostic> {
    report.findings.iter().map(|found| of_finding(found, document, language)).collect()
}

/// Returns one finding.
pub(crate) fn of_finding(found: &Found, document: &Document, language: Language) -> Diagnostic {
    let lines = &document.lines;
    let related = found.related.iter().map(|(span, message)| DiagnosticRelatedInformation {
        location: Location { uri: Uri(document.uri.clone()), range: lines.range(*span) },
        message: message.clone(),
    });
    let related: Vec<_> = related.collect();
    let unnecessary = UNNECESSARY.iter().any(|start| found.rule.id.starts_with(start));
    Diagnostic {
        range: lines.range(found.span),
        severity: Some(match found.rule.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Note => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(found.rule.id.into())),
        code_description: Some(CodeDescription { href: Uri(found.rule.url(language.pick("en", "zh"))) }),
        source: Some("tencent-cam".into()),
        message: match &found.help {
            Some(help) => format!("{}\n{help}", found.message),
            None => found.message.clone(),
        }
        .into(),
        tags: unnecessary.then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: None,
    }
}

/// Returns what is wrong with a configuration; `None` if the document is none. `others`: what the editor has open.
pub(crate) fn of_configuration<'d>(
    document: &Document,
    others: &(impl Iterator<Item = &'d Document> + Clone),
    knowledge: &Knowledge,
    host: &dyn Host,
    language: Language,
) -> Option<Vec<Diagnostic>> {
    let faults = match document.configuration()? {
        Ok(config) => {
            let report = document.useless_suppressions(config, others, knowledge, host);
            return Some(of_report(&report, document, language));
        }
        Err(faults) => faults.into_iter(),
    };
    let diagnostics = faults.map(|(span, message)| Diagnostic {
        range: document.lines.range(span),
        severity: Some(DiagnosticSeverity::Error),
        source: Some("tencent-cam".into()),
        message: message.into(),
        ..Diagnostic::default()
    });
    Some(diagnostics.collect())
}
