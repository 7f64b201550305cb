//! Policy documents: JSON as people and Tencent write it, read without loss and with every place known.

mod check;
mod conditions;
mod element;
mod kinds;
mod lexer;
mod read;
mod reader;
mod statements;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use self::element::Places;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
pub use crate::policy::Element;
use crate::policy::{Policy, PolicyKind};
use crate::text::{Lines, Position, Span};

/// A policy together with the text it was read from.
///
/// Reads what CAM reads: a value where an array may stand, keys in any order, the prefix `name/`, and, because Tencent
/// prints them, a single statement without its array and the capitalised keys of bucket policies. What departs from
/// CAM's grammar but is understood is among the [`warnings`](Document::warnings). Unknown and repeated keys are errors,
/// which is assumed: CAM documents nothing about them. Neither actions nor resources are checked to exist.
///
/// ```
/// use cam_policy::document::{Document, Element};
///
/// let text = r#"{"version": "2.0",
///   "statement": {"effect": "allow", "action": "name/trtc:RemoveUser", "resource": "*"}}"#;
/// let document = Document::parse(text)?;
/// assert_eq!(
///     document.policy().to_string(),
///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"resource":["*"]}]}"#
/// );
/// assert_eq!(document.as_written(), text);
/// let action = document.span(Element::Action(0, 0)).unwrap();
/// assert_eq!(document.position(action.start()).to_string(), "2:47");
/// assert_eq!(
///     document.warnings()[0].to_string(),
///     "2:16: `statement` is an array by CAM's grammar, though Tencent prints one like this: write `[{…}]`"
/// );
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: Box<str>,
    policy: Policy,
    kind: PolicyKind,
    places: Places,
    warnings: Vec<Diagnostic>,
}

impl Document {
    /// Reads a policy; its kind is told by its elements.
    ///
    /// # Errors
    ///
    /// Every error of the text, up to 100, each with its place and what to write instead. A text of more than one
    /// mebibyte is refused unread. What reading costs grows in proportion to the text's length, whatever is in it.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// let error = Document::parse(r#"{"version":"2.0" "statement":[{"effect":"permit","action":"*"}]}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "1:17: a `,` is missing before \"statement\"\n\
    ///      1:31: the statement has no `resource`: add `\"resource\": [\"*\"]`, or what it is for\n\
    ///      1:42: \"permit\" is no effect: write `\"allow\"` or `\"deny\"`\n"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, None)
    }

    /// Reads a policy of a kind that is known: what the kind needs must be there, what it forbids must not.
    ///
    /// # Errors
    ///
    /// As [`Document::parse`], and for a missing or a forbidden `principal` or `resource`.
    ///
    /// ```
    /// use cam_policy::document::Document;
    /// use cam_policy::policy::PolicyKind;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert!(Document::parse_as(PolicyKind::Session, text).is_ok());
    /// let error = Document::parse_as(PolicyKind::Trust, text).unwrap_err();
    /// assert_eq!(error.diagnostics().len(), 2);
    /// ```
    pub fn parse_as(kind: PolicyKind, text: &str) -> Result<Self, DocumentError> {
        Self::read(text, Some(kind))
    }

    fn read(text: &str, kind: Option<PolicyKind>) -> Result<Self, DocumentError> {
        match read::read(text, kind) {
            Ok(read::Read { policy, kind, places, warnings }) => {
                Ok(Self { text: text.into(), policy, kind, places, warnings })
            }
            Err(diagnostics) => Err(DocumentError { diagnostics }),
        }
    }

    /// The policy.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.policy().to_string(), text);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy, without the text.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.into_policy().statements().len(), 1);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn into_policy(self) -> Policy {
        self.policy
    }

    /// The kind it was read as, or else [told by its elements](Policy::kind).
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// # use cam_policy::policy::PolicyKind;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.kind(), PolicyKind::Identity);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The text, unchanged: values and arrays, order, whitespace and spelling as they were.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#" {"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"version":"2.0"} "#;
    /// assert_eq!(Document::parse(text)?.as_written(), text);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// What departs from CAM's grammar as documented, but is seen in published policies and understood; and whether the
    /// policy is [longer than CAM takes](Policy::check_length), or compares with values that
    /// [cannot be read](crate::policy::ValueKind::reads).
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(
    ///     Document::parse(text)?.warnings()[0].to_string(),
    ///     "1:42: \"Allow\" is lower case by CAM's grammar, though Tencent prints capitals too: write `allow`"
    /// );
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Warns of what in the policy can do nothing, as far as the catalog knows, at its place in the text.
    ///
    /// See [`Policy::check`] for what is looked at.
    ///
    /// ```
    /// use cam_policy::document::Document;
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}]}"#;
    /// assert_eq!(
    ///     Document::parse(text)?.check(&CATALOG)[0].to_string(),
    ///     "1:60: the catalog spells the action `trtc:RemoveUser`; that CAM tells upper from lower case is assumed: \
    ///      write `trtc:RemoveUser`"
    /// );
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn check(&self, catalog: &Catalog<'_>) -> Vec<Diagnostic> {
        check::check(&self.policy, catalog, &self.text, &self.places)
    }

    /// Where an element stands in the text, without its quotation marks; `None` if the policy has no such element.
    ///
    /// ```
    /// # use cam_policy::document::{Document, Element};
    /// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
    /// let document = Document::parse(text)?;
    /// assert_eq!(&text[document.span(Element::Effect(0)).unwrap().range()], "deny");
    /// assert_eq!(document.span(Element::Action(0, 1)), None);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn span(&self, element: Element) -> Option<Span> {
        self.places.span(element)
    }

    /// Line and column of a byte of the text.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = "\n{\"version\":\"2.0\",\"statement\":[{\"effect\":\"deny\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}";
    /// assert_eq!(Document::parse(text)?.position(1).to_string(), "2:1");
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn position(&self, byte: usize) -> Position {
        Lines::new(&self.text).position(byte)
    }
}

impl core::str::FromStr for Policy {
    type Err = DocumentError;

    /// Reads a policy as [`Document::parse`] does, and forgets the text.
    fn from_str(text: &str) -> Result<Self, DocumentError> {
        Document::parse(text).map(Document::into_policy)
    }
}

/// Everything that is wrong with a document; written one a line, in the order of the text.
///
/// ```
/// # use cam_policy::document::Document;
/// let error = Document::parse("{").unwrap_err();
/// assert_eq!(error.to_string(), "1:2: the text ends with brackets open: write `}` at its end\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    diagnostics: Vec<Diagnostic>,
}

impl DocumentError {
    /// The errors, in the order of the text; never none.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// assert!(!Document::parse("").unwrap_err().diagnostics().is_empty());
    /// ```
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostics.iter().try_for_each(|diagnostic| writeln!(f, "{diagnostic}"))
    }
}

impl core::error::Error for DocumentError {}
