//! How a policy is linted.

use cam_policy::catalog::Catalog;
use cam_policy::policy::ActionPattern;

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
    pub(crate) names: Names,
    pub(crate) kind: Option<Kind>,
    pub(crate) persona: Persona,
    pub(crate) min_confidence: Confidence,
}

/// Which fixes are made.
///
/// ```
/// assert_ne!(cam_lint::FixMode::Safe, cam_lint::FixMode::Unsafe);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixMode {
    /// Those that are proved to change no access.
    Safe,
    /// The others, too.
    Unsafe,
}

/// Names of actions of which nothing else is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Whether a pattern matches such an action.
    pub(crate) matches: fn(&ActionPattern) -> bool,
    /// The names of a service.
    pub(crate) of: fn(&str) -> Vec<&'static str>,
    /// The services that have such actions.
    pub(crate) services: fn() -> Vec<&'static str>,
}

impl<'c> LintOptions<'c> {
    /// Lints by this catalog, for the regular persona. The kind of the policy is inferred from its elements.
    pub const fn new(catalog: Catalog<'c>) -> Self {
        let names = Names { matches: |_| false, of: |_| Vec::new(), services: Vec::new };
        Self { catalog, names, kind: None, persona: Persona::Regular, min_confidence: Confidence::Low }
    }

    /// Knows the names of actions of which nothing else is known. No finding says of one that it does not exist, and
    /// the rule CAM126 compares names with them, too.
    ///
    /// `matches` says whether a pattern matches such an action, and `of` returns the names of a service.
    ///
    /// ```
    /// use cam_lint::{LintOptions, Persona, lint};
    /// use cam_policy::example::CATALOG;
    ///
    /// let options = LintOptions::new(CATALOG).persona(Persona::Auditor).names(
    ///     |action| action.as_str() == "tke:CreateCluster",
    ///     |service| if service == "tke" { vec!["CreateCluster"] } else { Vec::new() },
    /// );
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["tke:CreateClusterr"],"resource":["*"]}]}"#;
    /// assert!(lint(text, &options).findings.iter().any(|finding| finding.rule.name == "near-miss"));
    /// ```
    #[must_use]
    pub const fn names(
        self,
        matches: fn(&ActionPattern) -> bool,
        of: fn(service: &str) -> Vec<&'static str>,
    ) -> Self {
        Self { names: Names { matches, of, ..self.names }, ..self }
    }

    /// Knows the services that have actions of which nothing but the name is known. The rules CAM138 and CAM139 look for
    /// misspelt services, and propose these, too.
    ///
    /// ```
    /// use cam_lint::{LintOptions, lint};
    /// use cam_policy::example::CATALOG;
    ///
    /// let options = LintOptions::new(CATALOG).services(|| vec!["tke"]);
    /// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["tek:DeleteCluster"],"resource":["*"]}]}"#;
    /// assert_eq!(lint(text, &options).findings[0].help.as_deref(), Some("did you mean `tke`?"));
    /// ```
    #[must_use]
    pub const fn services(self, services: fn() -> Vec<&'static str>) -> Self {
        Self { names: Names { services, ..self.names }, ..self }
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
