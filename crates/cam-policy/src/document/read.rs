//! Reads a text into a policy, or into all errors of the text.

use alloc::string::String;
use alloc::vec::Vec;

use super::element::Places;
use super::reader::Reader;
use crate::check::{Known, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::policy::{Policy, PolicyKind};
use crate::text::Span;

/// The longest text that is read, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// Puts a finding at the place of its element; `encode` writes its fix in the encoding of the text.
pub(super) fn placed(
    diagnostic: Diagnostic,
    places: &Places,
    text: &str,
    encode: impl Fn(&str) -> String,
) -> Diagnostic {
    let span = diagnostic.element().and_then(|element| places.span(element)).or(places.policy);
    let span = span.unwrap_or(Span::new(0, 0));
    diagnostic.placed(span, &text[span.range()], encode)
}

/// The result of reading a text.
pub(super) struct Read {
    pub(super) policy: Policy,
    pub(super) kind: PolicyKind,
    pub(super) places: Places,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Reads a text, or returns all its errors.
pub(super) fn read(
    text: &str,
    known: Option<PolicyKind>,
    by: Known<'_, '_>,
) -> Result<Read, Vec<Diagnostic>> {
    let mut errors = Diagnostics::new(Severity::Error);
    if text.len() > LONGEST {
        errors.add(
            Code::Limit,
            Span::new(0, 0),
            format_args!("the text has {} bytes, more than the {LONGEST} that are read", text.len()),
        );
        return Err(errors.finish(""));
    }
    let mut reader = Reader::new(text);
    let policy = reader.policy();
    reader.check_kind(&policy, known);
    let Reader { errors, mut warnings, places, .. } = reader;
    if !errors.is_empty() {
        return Err(errors.finish(text));
    }
    let kind = known.unwrap_or_else(|| policy.kind());
    // The form with arrays and without whitespace is less than twice as long as a text. CAM's limit does not apply to
    // bucket policies.
    if text.len() > Policy::LENGTH_LIMIT / 2 && kind != PolicyKind::Bucket {
        if let Err(error) = policy.check_length() {
            let start = places.policy.map_or(0, Span::start);
            warnings.add(Code::Limit, Span::new(start, start + 1), format_args!("{error}"));
        }
    }
    warnings.extend(check(&policy, by), |diagnostic| placed(diagnostic, &places, text, |text| text.into()));
    Ok(Read { policy, kind, places, warnings: warnings.finish(text) })
}
