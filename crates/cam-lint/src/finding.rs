//! What the linter finds in a policy.

use cam_policy::diagnostic::Element;
use cam_policy::document::Document;
use cam_policy::text::Span;

use crate::rule::{Kind, Rule};

/// What [`lint`](crate::lint) found in one text.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
///
/// let report = cam_lint::lint("{}", &LintOptions::new(CATALOG));
/// assert_eq!(report.findings[0].rule.id, "CAM005");
/// assert!(report.document.is_none(), "the text cannot be read");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The findings, by place and then by rule.
    pub findings: Vec<Finding>,
    /// The policy with its places; `None` if the text cannot be read, or has a version of unknown meaning.
    pub document: Option<Document>,
    /// The kind that the policy was checked as.
    pub kind: Kind,
}

/// One finding.
///
/// ```
/// use cam_lint::LintOptions;
/// use cam_policy::example::CATALOG;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["trtc:GetUserList"],
///     "resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#;
/// let report = cam_lint::lint(text, &LintOptions::new(CATALOG));
/// let finding = &report.findings[0];
/// assert_eq!(finding.rule.id, "CAM102");
/// assert_eq!(&text[finding.span.range()], "trtc:GetUserList");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The bytes of the text that it is about.
    pub span: Span,
    /// The element of the policy that it is about; `None` if it is about the text.
    pub element: Option<Element>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places that have to do with it, each with what they are.
    pub related: Vec<(Span, String)>,
    /// A change of the text that resolves it. Whether it is safe, [`prove`](crate::prove) says.
    pub fix: Option<Fix>,
    /// Whether the policy cannot be read because of it. Then nobody knows what else is wrong, so it must not be
    /// suppressed, whatever its rule says.
    pub unreadable: bool,
}

/// A change of a text that resolves a finding.
///
/// ```
/// use cam_lint::{Edit, Fix};
/// use cam_policy::text::Span;
///
/// let fix = Fix { title: "write `allow`".into(), edits: vec![Edit { span: Span::new(1, 6), replacement: "allow".into() }] };
/// assert_eq!(fix.apply("\"Allow\""), "\"allow\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "write `allow`".
    pub title: String,
    /// The changes. They do not overlap.
    pub edits: Vec<Edit>,
}

/// The change of one place.
///
/// ```
/// let edit = cam_lint::Edit { span: cam_policy::text::Span::new(0, 1), replacement: String::new() };
/// assert_eq!(edit.span.range(), 0..1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace.
    pub span: Span,
    /// What to put in their place.
    pub replacement: String,
}

impl Fix {
    /// Returns the text with the changes made.
    ///
    /// See [`Fix`] for an example.
    ///
    /// # Panics
    ///
    /// If the text is not the one of the finding, and is too short for the changes.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        apply(text, self.edits.iter())
    }
}

/// Makes changes that do not overlap.
pub(crate) fn apply<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.collect();
    edits.sort_by_key(|edit| (edit.span.start(), edit.span.end()));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        changed.push_str(&text[at..edit.span.start()]);
        changed.push_str(&edit.replacement);
        at = edit.span.end();
    }
    changed.push_str(&text[at..]);
    changed
}
