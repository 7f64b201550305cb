//! Reads a text into a policy, or into all errors of the text.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::element::Places;
use super::reader::Reader;
use crate::check::{Known, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::policy::{Policy, PolicyKind, SplitError};
use crate::text::Span;

/// The longest text that is read, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// Puts findings at the places of their elements; `encode` writes their fixes in the encoding of the text.
pub(super) fn place(found: &mut Diagnostics, places: &Places, text: &str, encode: impl Fn(&str) -> String) {
    for diagnostic in found.iter_mut() {
        let span = diagnostic.element().and_then(|element| places.span(element)).or(places.policy);
        let span = span.unwrap_or(Span::new(0, 0));
        diagnostic.place(span, &text[span.range()], &encode);
    }
}

/// The result of reading a text.
pub(super) struct Read {
    pub(super) policy: Policy,
    pub(super) kind: PolicyKind,
    pub(super) places: Places,
    pub(super) warnings: Vec<Diagnostic>,
}

/// A text that is no policy.
pub(super) struct Unread {
    pub(super) errors: Vec<Diagnostic>,
    /// The statements that could be read all the same, if there are any.
    pub(super) readable: Option<Box<Read>>,
}

/// Reads a text, or returns all its errors.
pub(super) fn read(text: &str, known: Option<PolicyKind>, by: Known<'_, '_>) -> Result<Read, Unread> {
    let mut errors = Diagnostics::new(Severity::Error);
    if text.len() > LONGEST {
        errors.add(
            Code::Limit,
            Span::new(0, 0),
            format_args!("the text has {} bytes, more than the {LONGEST} that are read", text.len()),
        );
        return Err(Unread { errors: errors.finish(""), readable: None });
    }
    let mut reader = Reader::new(text);
    let policy = reader.policy();
    reader.check_kind(&policy, known);
    let Reader { errors, mut warnings, mut places, .. } = reader;
    if !errors.is_empty() {
        let policy = sound(&policy, &mut places);
        let readable = (!policy.statements().is_empty()).then(|| {
            let kind = known.unwrap_or_else(|| policy.kind());
            let warnings = checked(&policy, &places, text, warnings, by);
            Box::new(Read { policy, kind, places, warnings })
        });
        return Err(Unread { errors: errors.finish(text), readable });
    }
    let kind = known.unwrap_or_else(|| policy.kind());
    // The form with arrays and without whitespace is less than twice as long as a text. CAM's limit does not apply to
    // bucket policies.
    if text.len() > Policy::LENGTH_LIMIT / 2 && kind != PolicyKind::Bucket {
        if let Err(SplitError::TooLong { length, .. }) = policy.check_length() {
            let start = places.policy.map_or(0, Span::start);
            let error = SplitError::TooLong { length, kind };
            let told = error.to_string();
            let (message, help) = told.split_once(": ").unwrap_or((&told, ""));
            warnings.add(Code::Limit, Span::new(start, start + 1), message).with_help(help);
        }
    }
    let warnings = checked(&policy, &places, text, warnings, by);
    Ok(Read { policy, kind, places, warnings })
}

/// Adds what the check of a policy finds to the warnings of its text.
fn checked(
    policy: &Policy,
    places: &Places,
    text: &str,
    mut warnings: Diagnostics,
    by: Known<'_, '_>,
) -> Vec<Diagnostic> {
    let mut found = check(policy, by);
    place(&mut found, places, text, |text| text.into());
    warnings.extend(found);
    warnings.finish(text)
}

/// Returns the policy with the statements alone that were read as their author means them, and drops the places of the
/// others.
fn sound(policy: &Policy, places: &mut Places) -> Policy {
    let statements = policy.statements().iter().zip(&places.statements);
    let kept: Vec<_> = statements.filter(|(_, places)| places.sound).map(|(one, _)| one.clone()).collect();
    places.statements.retain(|places| places.sound);
    Policy::unchecked(policy.principal().cloned(), kept)
}
