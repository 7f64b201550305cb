//! Checks policies against a catalog.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::element::Places;
use super::read::read;
use crate::catalog::Catalog;
use crate::check::findings;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::policy::Policy;
use crate::text::Span;

impl Policy {
    /// Warns of what in the policy can do nothing, as far as the catalog knows: an action that a complete service does not
    /// have, an operation-level action on a named resource, a resource that no pattern of its actions covers, a name in the
    /// wrong case.
    ///
    /// What the catalog does not know gets no warning. The places are those of the policy's own [text](#impl-Display-for-Policy);
    /// [`Diagnostic::element`] names the element. [`Document::check`](super::Document::check) tells the places of the text
    /// that was read.
    ///
    /// ```
    /// use cam_policy::diagnostic::Code;
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::{Element, Policy};
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],
    ///     "resource":["qcs::trtc::uin/12345678:sdkappid/1400000001"]}]}"#.parse()?;
    /// let [warning] = &policy.check(&CATALOG)[..] else { panic!("one warning") };
    /// assert_eq!((warning.code(), warning.element()), (Code::OperationLevel, Some(Element::Action(0, 0))));
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn check(&self, catalog: &Catalog<'_>) -> Vec<Diagnostic> {
        let text = self.to_string();
        let places = read(&text, None).map(|read| read.places).unwrap_or_default();
        check(self, catalog, &text, &places)
    }
}

/// The findings on a policy, at their places in its text.
pub(super) fn check(policy: &Policy, catalog: &Catalog<'_>, text: &str, places: &Places) -> Vec<Diagnostic> {
    let mut warnings = Diagnostics::new(Severity::Warning);
    for finding in findings(policy, catalog) {
        let span = places.span(finding.element).unwrap_or(Span::new(0, 0));
        warnings
            .add(finding.code, span, finding.message)
            .with_help(finding.help)
            .with_element(finding.element);
    }
    warnings.finish(text)
}
