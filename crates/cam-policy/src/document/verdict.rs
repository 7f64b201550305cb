//! The result of reading a text, in one value: for tools that check many texts.

use alloc::vec::Vec;
use core::fmt;

use crate::diagnostic::Diagnostic;

/// The result of reading a text that should be a policy; written `read`, `warned` or `refused`.
///
/// ```
/// use cam_policy::document::{Document, ReadOptions, Verdict};
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["*"],"resource":["*"]}]}"#;
/// let verdict = Document::judge(text, ReadOptions::new());
/// assert_eq!(verdict.to_string(), "warned");
/// assert_eq!(verdict.diagnostics().len(), 1);
/// assert!(matches!(Document::judge("", ReadOptions::new()), Verdict::Refused(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is a policy, without warnings.
    Read,
    /// It is a policy, with these warnings.
    Warned(Vec<Diagnostic>),
    /// It is not a policy, because of these errors.
    Refused(Vec<Diagnostic>),
}

impl Verdict {
    /// Returns the warnings or the errors, in the order of the text.
    ///
    /// See [`Verdict`] for an example.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Read => &[],
            Self::Warned(diagnostics) | Self::Refused(diagnostics) => diagnostics,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Read => "read",
            Self::Warned(_) => "warned",
            Self::Refused(_) => "refused",
        })
    }
}
