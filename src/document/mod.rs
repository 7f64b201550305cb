//! Policy documents: JSON as people and Tencent write it, read without loss and with every place known.

mod lexer;
mod read;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

pub(crate) use lexer::is_number;

use crate::policy::{Policy, PolicyKind};

/// The longest text that is read.
const LONGEST: usize = 1 << 20;

/// The most faults that are told of one text.
const MOST_FAULTS: usize = 100;

/// A policy together with the text it was read from.
///
/// Reads what CAM reads: a value where an array may stand, keys in any order, the prefix `name/`, and, because Tencent
/// prints them, a single statement without its array and the capitalised keys of bucket policies. What departs from
/// CAM's grammar but is understood is among the [`remarks`](Document::remarks). Unknown and repeated keys are errors,
/// which is assumed: CAM documents nothing about them. Neither actions nor resources are checked to exist.
///
/// ```
/// use tencent_cam::{Document, Element};
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
///     document.remarks()[0].to_string(),
///     "2:16: `statement` is an array by CAM's grammar, though Tencent prints one like this: write `[{…}]`"
/// );
/// # Ok::<(), tencent_cam::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: Box<str>,
    policy: Policy,
    kind: PolicyKind,
    places: read::Places,
    remarks: Vec<Fault>,
}

impl Document {
    /// Reads a policy; its kind is told by its elements.
    ///
    /// # Errors
    ///
    /// Every fault of the text, up to 100, each with its place and what to write instead. A text of more than one
    /// mebibyte is refused unread. What reading costs grows in proportion to the text's length, whatever is in it.
    ///
    /// ```
    /// use tencent_cam::Document;
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
        read::read(text, None)
    }

    /// Reads a policy of a kind that is known: what the kind needs must be there, what it forbids must not.
    ///
    /// # Errors
    ///
    /// As [`Document::parse`], and for a missing or a forbidden `principal` or `resource`.
    ///
    /// ```
    /// use tencent_cam::{Document, PolicyKind};
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert!(Document::parse_as(PolicyKind::Session, text).is_ok());
    /// let error = Document::parse_as(PolicyKind::Trust, text).unwrap_err();
    /// assert_eq!(error.faults().len(), 2);
    /// ```
    pub fn parse_as(kind: PolicyKind, text: &str) -> Result<Self, DocumentError> {
        read::read(text, Some(kind))
    }

    /// The policy.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.policy().to_string(), text);
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy, without the text.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.into_policy().statements().len(), 1);
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn into_policy(self) -> Policy {
        self.policy
    }

    /// The kind it was read as, or else [told by its elements](Policy::kind).
    ///
    /// ```
    /// # use tencent_cam::{Document, PolicyKind};
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.kind(), PolicyKind::Identity);
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The text, unchanged: values and arrays, order, blanks and spelling as they were.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let text = r#" {"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"version":"2.0"} "#;
    /// assert_eq!(Document::parse(text)?.as_written(), text);
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// What departs from CAM's grammar as documented, but is seen in published policies and understood; and whether the
    /// policy is [longer than CAM takes](Policy::check_length), or compares with values that
    /// [cannot be read](crate::ValueKind::reads).
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["*"],"resource":["*"]}]}"#;
    /// assert_eq!(
    ///     Document::parse(text)?.remarks()[0].to_string(),
    ///     "1:42: \"Allow\" is lower case by CAM's grammar, though Tencent prints capitals too: write `allow`"
    /// );
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn remarks(&self) -> &[Fault] {
        &self.remarks
    }

    /// Where an element stands in the text, without its quotation marks; `None` if the policy has no such element.
    ///
    /// ```
    /// # use tencent_cam::{Document, Element};
    /// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
    /// let document = Document::parse(text)?;
    /// assert_eq!(&text[document.span(Element::Effect(0)).unwrap().range()], "deny");
    /// assert_eq!(document.span(Element::Action(0, 1)), None);
    /// # Ok::<(), tencent_cam::DocumentError>(())
    /// ```
    pub fn span(&self, element: Element) -> Option<Span> {
        self.places.span(element)
    }

    /// Line and column of a byte of the text.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let text = "\n{\"version\":\"2.0\",\"statement\":[{\"effect\":\"deny\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}";
    /// assert_eq!(Document::parse(text)?.position(1).to_string(), "2:1");
    /// # Ok::<(), tencent_cam::DocumentError>(())
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

/// An element of a policy. Statements, and what they list, are counted from 0.
///
/// ```
/// # use tencent_cam::{Document, Element};
/// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
/// let document = Document::parse(text)?;
/// assert_eq!(document.span(Element::Policy).unwrap().range(), 0..text.len());
/// # Ok::<(), tencent_cam::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Element {
    /// The whole policy.
    Policy,
    /// The principal beside the statements.
    Principal,
    /// A statement.
    Statement(usize),
    /// The effect of a statement.
    Effect(usize),
    /// The principal of a statement.
    StatementPrincipal(usize),
    /// An action of a statement.
    Action(usize, usize),
    /// A resource of a statement.
    Resource(usize, usize),
    /// The operator of a condition of a statement.
    Operator(usize, usize),
    /// The key of a condition of a statement.
    Key(usize, usize),
    /// A value of a condition of a statement.
    Value(usize, usize, usize),
}

/// Bytes of a text, from the first to before the last.
///
/// ```
/// # use tencent_cam::{Document, Element};
/// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
/// let span = Document::parse(text)?.span(Element::Effect(0)).unwrap();
/// assert_eq!((span.start(), span.end()), (41, 45));
/// # Ok::<(), tencent_cam::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    // No text is longer than `LONGEST`.
    start: u32,
    end: u32,
}

impl Span {
    #[allow(clippy::cast_possible_truncation, reason = "a longer text is not read")]
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The first byte.
    pub const fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last.
    pub const fn end(self) -> usize {
        self.end as usize
    }

    /// Both, to index the text with.
    pub const fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

/// A place in a text; written `line:column`.
///
/// ```
/// # use tencent_cam::Document;
/// let error = Document::parse("\n  []").unwrap_err();
/// let position = error.faults()[0].position();
/// assert_eq!((position.line, position.column), (2, 3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Finds the lines of bytes that come in ascending order, or by a new search.
struct Lines<'a> {
    text: &'a str,
    line: usize,
    start: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, line: 1, start: 0 }
    }

    fn position(&mut self, byte: usize) -> Position {
        let byte =
            (0..=byte.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        if byte < self.start {
            (self.line, self.start) = (1, 0);
        }
        while let Some(end) = self.text[self.start..byte].find('\n') {
            self.start += end + 1;
            self.line += 1;
        }
        Position { line: self.line, column: self.text[self.start..byte].chars().count() + 1 }
    }
}

/// What a fault is about.
///
/// ```
/// # use tencent_cam::{Document, FaultKind};
/// let error = Document::parse(r#"{"version":"1.0","statement":[]}"#).unwrap_err();
/// assert_eq!(error.faults()[0].kind(), FaultKind::Version);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The text is no JSON.
    Syntax,
    /// The text is too long, or has more in it than is read.
    Limit,
    /// A key is unknown, repeated or missing, or a value is of the wrong kind.
    Structure,
    /// The version.
    Version,
    /// The effect.
    Effect,
    /// A principal.
    Principal,
    /// An action.
    Action,
    /// A resource.
    Resource,
    /// A condition.
    Condition,
}

impl FaultKind {
    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells.
    const fn cam_code(self) -> &'static str {
        match self {
            Self::Syntax | Self::Structure => "InvalidParameter.PolicyDocumentError",
            Self::Limit => "InvalidParameter.PolicyDocumentLengthOverLimit",
            Self::Version => "InvalidParameter.VersionError",
            Self::Effect => "InvalidParameter.EffectError",
            Self::Principal => "InvalidParameter.PrincipalError",
            Self::Action => "InvalidParameter.ActionError",
            Self::Resource => "InvalidParameter.ResourceError",
            Self::Condition => "InvalidParameter.ConditionError",
        }
    }
}

/// One thing that is wrong with a document, or remarkable; written `line:column: message`.
///
/// ```
/// # use tencent_cam::Document;
/// let error = Document::parse("{}").unwrap_err();
/// assert_eq!(error.faults()[0].to_string(), "1:1: the policy has no `version`: add `\"version\": \"2.0\"`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    span: Span,
    position: Position,
    message: Box<str>,
    cam_code: Option<&'static str>,
}

impl Fault {
    /// What it is about.
    ///
    /// ```
    /// # use tencent_cam::{Document, FaultKind};
    /// assert_eq!(Document::parse("").unwrap_err().faults()[0].kind(), FaultKind::Syntax);
    /// ```
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The bytes of the text it is about.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// assert_eq!(Document::parse("[]").unwrap_err().faults()[0].span().range(), 0..1);
    /// ```
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it begins.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// assert_eq!(Document::parse("[]").unwrap_err().faults()[0].position().line, 1);
    /// ```
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is wrong, and what to write instead.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// assert_eq!(Document::parse("").unwrap_err().faults()[0].message(), "there is no policy in the text");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells;
    /// `None` for most remarks, and where it tells nothing.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// let error = Document::parse(r#"{"version":"1.0","statement":[]}"#).unwrap_err();
    /// assert_eq!(error.faults()[0].cam_code(), Some("InvalidParameter.VersionError"));
    /// ```
    pub fn cam_code(&self) -> Option<&'static str> {
        self.cam_code
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

/// Everything that is wrong with a document; written one fault a line, in the order of the text.
///
/// ```
/// # use tencent_cam::Document;
/// let error = Document::parse("{").unwrap_err();
/// assert_eq!(error.to_string(), "1:2: the text ends with brackets open: write `}` at its end\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    faults: Vec<Fault>,
}

impl DocumentError {
    /// The faults, in the order of the text; never none.
    ///
    /// ```
    /// # use tencent_cam::Document;
    /// assert!(!Document::parse("").unwrap_err().faults().is_empty());
    /// ```
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.faults.iter().try_for_each(|fault| writeln!(f, "{fault}"))
    }
}

impl core::error::Error for DocumentError {}

/// Gathers faults; of very many only the first.
#[derive(Default)]
struct Faults {
    found: Vec<Fault>,
    more: usize,
}

impl Faults {
    fn add(&mut self, kind: FaultKind, span: Span, message: fmt::Arguments<'_>) {
        self.coded(kind, span, message, Some(kind.cam_code()));
    }

    fn coded(
        &mut self,
        kind: FaultKind,
        span: Span,
        message: fmt::Arguments<'_>,
        cam_code: Option<&'static str>,
    ) {
        if self.found.len() == MOST_FAULTS {
            self.more += 1;
            return;
        }
        // Places are told at the end, all in one pass over the text.
        let position = Position { line: 0, column: 0 };
        self.found.push(Fault { kind, span, position, message: message.to_string().into(), cam_code });
    }

    fn finish(mut self, text: &str) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.span.start);
        let mut lines = Lines::new(text);
        for fault in &mut self.found {
            fault.position = lines.position(fault.span.start());
        }
        if let (Some(last), true) = (self.found.last().cloned(), self.more > 0) {
            let message = alloc::format!("{} more faults are not told", self.more).into();
            self.found.push(Fault { kind: FaultKind::Limit, message, cam_code: None, ..last });
        }
        self.found
    }
}

/// A text in quotes, cut to what a message can bear.
fn shown(text: &str) -> String {
    alloc::format!("{:?}", crate::policy::Shortened(text))
}
