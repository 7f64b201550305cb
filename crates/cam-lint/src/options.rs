//! How a policy is linted.

use cam_policy::catalog::Catalog;

use crate::rule::{Confidence, Kind, Persona, Rule};

/// How a policy is linted: by which catalog, as which kind, and for whom.
///
/// ```
/// use cam_lint::{Kind, LintOptions, Persona};
/// use cam_policy::example::CATALOG;
///
/// let options = LintOptions::new(CATALOG).kind(Kind::Session).persona(Persona::Pedantic);
/// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["trtc:*"],"resource":["*"]}]}"#;
/// assert!(!cam_lint::lint(text, &options).findings.is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LintOptions<'c> {
    pub(crate) catalog: Catalog<'c>,
    pub(crate) kind: Option<Kind>,
    pub(crate) persona: Persona,
    pub(crate) min_confidence: Confidence,
}

impl<'c> LintOptions<'c> {
    /// Lints by this catalog, for the regular persona. The kind of the policy is inferred from its elements.
    pub const fn new(catalog: Catalog<'c>) -> Self {
        Self { catalog, kind: None, persona: Persona::Regular, min_confidence: Confidence::Low }
    }

    /// Lints as a policy of this kind.
    ///
    /// See [`LintOptions`] for an example.
    #[must_use]
    pub const fn kind(self, kind: Kind) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Reports what this persona wants to see.
    ///
    /// See [`LintOptions`] for an example.
    #[must_use]
    pub const fn persona(self, persona: Persona) -> Self {
        Self { persona, ..self }
    }

    /// Reports only rules of this confidence and above.
    ///
    /// ```
    /// use cam_lint::{Confidence, LintOptions};
    /// use cam_policy::example::CATALOG;
    ///
    /// let options = LintOptions::new(CATALOG).min_confidence(Confidence::High);
    /// assert!(!options.wants(cam_lint::rule("CAM111").unwrap()) || options.wants(cam_lint::rule("CAM001").unwrap()));
    /// ```
    #[must_use]
    pub const fn min_confidence(self, min_confidence: Confidence) -> Self {
        Self { min_confidence, ..self }
    }

    /// Returns the catalog.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    ///
    /// assert_eq!(cam_lint::LintOptions::new(CATALOG).catalog(), CATALOG);
    /// ```
    pub const fn catalog(&self) -> Catalog<'c> {
        self.catalog
    }

    /// Whether findings of this rule are reported.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    ///
    /// let options = cam_lint::LintOptions::new(CATALOG);
    /// assert!(options.wants(cam_lint::rule("CAM001").unwrap()));
    /// ```
    pub fn wants(&self, rule: &Rule) -> bool {
        rule.persona <= self.persona && rule.confidence >= self.min_confidence
    }
}
