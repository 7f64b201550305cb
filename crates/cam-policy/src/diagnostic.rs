//! Diagnostics: one type for everything that is wrong with a policy or its text, or that its author should know.

use alloc::boxed::Box;
#[cfg(feature = "document")]
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

#[cfg(feature = "document")]
use crate::text::{Lines, json_contents};
use crate::text::{Position, Span, debug_as_display};

/// The most diagnostics that are listed for one text.
const MOST_DIAGNOSTICS: usize = 100;

/// The subject of a diagnostic. Its word is stable: programs may compare it.
///
/// ```
/// use cam_policy::diagnostic::Code;
/// use cam_policy::document::Document;
///
/// let error = Document::parse(r#"{"version":"1.0","statement":[]}"#).unwrap_err();
/// assert_eq!(error.diagnostics()[0].code(), Code::Version);
/// assert_eq!(Code::Version.as_str(), "version");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not JSON.
    Syntax,
    /// The policy is wrapped in something else, such as an escaped string or a response of the API.
    Wrapped,
    /// The text, the policy or a number is too long, or some diagnostics are not listed.
    Limit,
    /// A key is unknown, repeated or missing, or a value is of the wrong kind.
    Structure,
    /// `Sid` or `Id`, which COS adds to bucket policies and CAM's grammar lacks.
    Identifier,
    /// The version.
    Version,
    /// The effect.
    Effect,
    /// A principal.
    Principal,
    /// An action.
    Action,
    /// An action is the number of an operation set, which is obsolete.
    OperationSet,
    /// An action has a `?`, which is not a wildcard.
    QuestionMark,
    /// The service has no such action, and the catalog lists all its actions.
    UnknownAction,
    /// A wildcard matches no action of a service, and the catalog lists all its actions.
    UnmatchedWildcard,
    /// An operation-level action stands only with named resources, and CAM never compares it with those.
    OperationLevel,
    /// A name differs from a known one only in upper and lower case.
    Case,
    /// A resource.
    Resource,
    /// None of the actions of the statement takes the resource.
    UnmatchedResource,
    /// The resources of the statement match a pattern of an action only if an identifier can have a `/` in it.
    Slash,
    /// A resource has five segments instead of six.
    MissingSegment,
    /// Two segments of a resource stand in each other's place.
    SwappedSegments,
    /// Whitespace stands inside of a name.
    Whitespace,
    /// The project segment of a resource is not empty.
    Project,
    /// The service segment of a resource names no service.
    Service,
    /// The region segment of a resource names no region.
    Region,
    /// The account segment of a resource names no account.
    Account,
    /// A resource still holds a placeholder of a documentation page.
    Placeholder,
    /// A condition.
    Condition,
    /// An operator compares values of another type than the key has.
    OperatorType,
    /// The operator of a condition cannot compare a value.
    ConditionValue,
    /// A value that is compared with tags has no `&` between key and value.
    Tag,
}

impl Code {
    /// Returns the stable word.
    ///
    /// ```
    /// assert_eq!(cam_policy::diagnostic::Code::UnknownAction.as_str(), "unknown_action");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Wrapped => "wrapped",
            Self::Limit => "limit",
            Self::Structure => "structure",
            Self::Identifier => "identifier",
            Self::Version => "version",
            Self::Effect => "effect",
            Self::Principal => "principal",
            Self::Action => "action",
            Self::OperationSet => "operation_set",
            Self::QuestionMark => "question_mark",
            Self::UnknownAction => "unknown_action",
            Self::UnmatchedWildcard => "unmatched_wildcard",
            Self::OperationLevel => "operation_level",
            Self::Case => "case",
            Self::Resource => "resource",
            Self::UnmatchedResource => "unmatched_resource",
            Self::Slash => "slash",
            Self::MissingSegment => "missing_segment",
            Self::SwappedSegments => "swapped_segments",
            Self::Whitespace => "whitespace",
            Self::Project => "project",
            Self::Service => "service",
            Self::Region => "region",
            Self::Account => "account",
            Self::Placeholder => "placeholder",
            Self::Condition => "condition",
            Self::OperatorType => "operator_type",
            Self::ConditionValue => "condition_value",
            Self::Tag => "tag",
        }
    }

    /// Returns the error code with which CAM's own `CreatePolicy` refuses such a policy, as far as CAM documents it.
    const fn cam_code(self) -> Option<&'static str> {
        Some(match self {
            Self::Syntax | Self::Wrapped | Self::Structure | Self::Identifier => {
                "InvalidParameter.PolicyDocumentError"
            }
            Self::Limit => "InvalidParameter.PolicyDocumentLengthOverLimit",
            Self::Version => "InvalidParameter.VersionError",
            Self::Effect => "InvalidParameter.EffectError",
            Self::Principal => "InvalidParameter.PrincipalError",
            Self::Action | Self::OperationSet | Self::QuestionMark => "InvalidParameter.ActionError",
            Self::UnknownAction | Self::UnmatchedWildcard => "InvalidParameter.ActionNotExist",
            Self::OperationLevel | Self::Case | Self::UnmatchedResource | Self::Slash | Self::Whitespace => {
                return None;
            }
            Self::Resource | Self::MissingSegment | Self::SwappedSegments => "InvalidParameter.ResourceError",
            Self::Project => "InvalidParameter.ResourceProjectError",
            Self::Service => "InvalidParameter.ResourceServiceNotExist",
            Self::Region => "InvalidParameter.ResourceRegionError",
            Self::Account => "InvalidParameter.ResourceUinError",
            Self::Placeholder => "InvalidParameter.ResourceContentError",
            Self::Condition => "InvalidParameter.ConditionError",
            Self::OperatorType => "InvalidParameter.ConditionTypeError",
            Self::ConditionValue | Self::Tag => "InvalidParameter.ConditionContentError",
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How serious a diagnostic is.
///
/// ```
/// use cam_policy::diagnostic::Severity;
///
/// assert!(Severity::Warning < Severity::Error);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The text is understood, but it departs from CAM's grammar, or does something that its author may not want.
    Warning,
    /// The text is not a policy.
    Error,
}

impl Severity {
    /// Returns the word: `warning` or `error`.
    ///
    /// ```
    /// assert_eq!(cam_policy::diagnostic::Severity::Warning.as_str(), "warning");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A change of a text that resolves a diagnostic. It never widens what a policy allows.
///
/// ```
/// use cam_policy::document::Document;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"Allow","action":["*"],"resource":["*"]}]}"#;
/// let document = Document::parse(text)?;
/// let fix = document.warnings()[0].fix().unwrap();
/// assert!(fix.apply(text).contains(r#""effect":"allow""#));
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// The text to put in their place.
    pub replacement: Box<str>,
}

impl Fix {
    /// Returns the text with the change made.
    ///
    /// See [`Fix`] for an example.
    ///
    /// # Panics
    ///
    /// If the text is not the one of the diagnostic, and is too short for the change.
    pub fn apply(&self, text: &str) -> String {
        [&text[..self.span.start()], &self.replacement, &text[self.span.end()..]].concat()
    }
}

/// An element of a policy. Statements, and the items of their lists, are counted from 0.
///
/// ```
/// # use cam_policy::document::{Document, Element};
/// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#;
/// let document = Document::parse(text)?;
/// assert_eq!(document.span(Element::Policy).unwrap().range(), 0..text.len());
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Element {
    /// The whole policy.
    Policy,
    /// The `Id` of a bucket policy.
    Id,
    /// The principal beside the statements.
    Principal,
    /// A name of the principal beside the statements. The names of all kinds are counted together.
    PrincipalName(usize),
    /// A statement.
    Statement(usize),
    /// The `Sid` of a statement of a bucket policy.
    Sid(usize),
    /// The effect of a statement.
    Effect(usize),
    /// The principal of a statement.
    StatementPrincipal(usize),
    /// A name of the principal of a statement. The names of all kinds are counted together.
    StatementPrincipalName(usize, usize),
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

impl Element {
    /// Returns the statement of the element; `None` for an element beside the statements.
    ///
    /// ```
    /// use cam_policy::diagnostic::Element;
    ///
    /// assert_eq!(Element::Action(2, 0).statement(), Some(2));
    /// assert_eq!(Element::Policy.statement(), None);
    /// ```
    pub const fn statement(self) -> Option<usize> {
        match self {
            Self::Policy | Self::Id | Self::Principal | Self::PrincipalName(_) => None,
            Self::Statement(at)
            | Self::Sid(at)
            | Self::Effect(at)
            | Self::StatementPrincipal(at)
            | Self::StatementPrincipalName(at, _)
            | Self::Action(at, _)
            | Self::Resource(at, _)
            | Self::Operator(at, _)
            | Self::Key(at, _)
            | Self::Value(at, _, _) => Some(at),
        }
    }
}

/// One thing that is wrong with a policy or its text, or that its author should know.
///
/// `Display` writes a diagnostic of a text as `line:column: message: help`, and one of a policy without text as
/// `statement 0: message: help`.
///
/// ```
/// use cam_policy::document::Document;
///
/// let error = Document::parse("{}").unwrap_err();
/// assert_eq!(error.diagnostics()[0].to_string(), "1:1: the policy has no `version`: add `\"version\": \"2.0\"`");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    severity: Severity,
    element: Option<Element>,
    place: Option<(Span, Position)>,
    message: Box<str>,
    help: Option<Box<str>>,
    fix: Option<Fix>,
    /// The right text of the element, until the place of the element is known.
    replacement: Option<Box<str>>,
    /// Whether the change may widen what the policy allows.
    widens: bool,
    cam_code: Option<&'static str>,
    no_effect: bool,
}

impl Diagnostic {
    /// Returns the code, which says what the diagnostic is about.
    ///
    /// ```
    /// use cam_policy::diagnostic::Code;
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("").unwrap_err().diagnostics()[0].code(), Code::Syntax);
    /// ```
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns how serious it is.
    ///
    /// ```
    /// use cam_policy::diagnostic::Severity;
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("").unwrap_err().diagnostics()[0].severity(), Severity::Error);
    /// ```
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the element of the policy that it is about; `None` if it is about the text.
    ///
    /// ```
    /// use cam_policy::diagnostic::Element;
    /// use cam_policy::document::Document;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cvm:Stop?"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.warnings()[0].element(), Some(Element::Action(0, 0)));
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn element(&self) -> Option<Element> {
        self.element
    }

    /// Returns the bytes of the text that it is about; `None` if the policy was not read from a text.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("[]").unwrap_err().diagnostics()[0].span().unwrap().range(), 0..1);
    /// ```
    pub fn span(&self) -> Option<Span> {
        self.place.map(|(span, _)| span)
    }

    /// Returns line and column of its first byte; `None` if the policy was not read from a text.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("[]").unwrap_err().diagnostics()[0].position().unwrap().line, 1);
    /// ```
    pub fn position(&self) -> Option<Position> {
        self.place.map(|(_, position)| position)
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("{}").unwrap_err().diagnostics()[0].message(), "the policy has no `version`");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to write instead, if there is any advice.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// let error = Document::parse("{}").unwrap_err();
    /// assert_eq!(error.diagnostics()[0].help(), Some("add `\"version\": \"2.0\"`"));
    /// ```
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the change of the text that resolves it, if there is only one and it does not widen what the policy
    /// allows.
    ///
    /// See [`Fix`] for an example.
    pub fn fix(&self) -> Option<&Fix> {
        self.change().filter(|_| !self.widens)
    }

    /// Returns the change of the text that resolves it, if there is only one. Unlike a [`fix`](Self::fix), it may widen
    /// what the policy allows: an allow that matched nothing may begin to match.
    ///
    /// ```
    /// use cam_policy::document::Document;
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}]}"#;
    /// let warning = &Document::parse(text)?.check(&CATALOG)[0];
    /// assert!(warning.fix().is_none());
    /// assert!(warning.change().unwrap().apply(text).contains("trtc:RemoveUser"));
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn change(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// Returns the error code with which CAM's own `CreatePolicy` refuses such a policy. `None` where CAM documents
    /// no code, as for many warnings.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// let error = Document::parse(r#"{"version":"1.0","statement":[]}"#).unwrap_err();
    /// assert_eq!(error.diagnostics()[0].cam_code(), Some("InvalidParameter.VersionError"));
    /// ```
    pub fn cam_code(&self) -> Option<&'static str> {
        self.cam_code
    }

    /// Whether it says that an action or a resource of a statement has no effect, so that it grants or denies nothing
    /// to anybody.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"deny","action":["trtc:GetUserList"],
    ///     "resource":["qcs::trtc::uin/12345678:sdkappid/1400000001"]}]}"#.parse()?;
    /// assert!(policy.check(&CATALOG)[0].has_no_effect());
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn has_no_effect(&self) -> bool {
        self.no_effect
    }

    /// Adds what to write instead.
    pub(crate) fn with_help(&mut self, help: impl IntoText) -> &mut Self {
        self.help = Some(help.into_text());
        self
    }

    /// Adds the right text of the element. `narrows`: it takes access away, if it changes any.
    pub(crate) fn with_replacement(&mut self, replacement: impl fmt::Display, narrows: bool) -> &mut Self {
        self.replacement = Some(replacement.to_string().into());
        self.widens = !narrows;
        self
    }

    /// Sets another error code than most diagnostics of the same [`Code`] have.
    pub(crate) fn with_cam_code(&mut self, cam_code: Option<&'static str>) -> &mut Self {
        self.cam_code = cam_code;
        self
    }

    /// Records that the element has no effect.
    pub(crate) fn with_no_effect(&mut self) -> &mut Self {
        self.no_effect = true;
        self
    }
}

#[cfg(feature = "document")]
impl Diagnostic {
    /// Adds the change of the text that resolves it.
    pub(crate) fn with_fix(&mut self, span: Span, replacement: impl fmt::Display) -> &mut Self {
        self.fix = Some(Fix { span, replacement: replacement.to_string().into() });
        self
    }

    /// Moves it to the place of its element, where the text is `written`; `encode` writes the fix in the encoding of
    /// that text.
    pub(crate) fn place(&mut self, span: Span, written: &str, encode: impl Fn(&str) -> String) {
        self.place = Some((span, UNKNOWN_POSITION));
        if let Some(replacement) = self.replacement.take() {
            let prefix = if written.starts_with(&encode("name/")) { "name/" } else { "" };
            let contents = format!("{prefix}{}", json_contents(&replacement));
            self.with_fix(span, encode(&contents));
        }
    }

    /// Moves it, and its fix, to other places; `encode` writes the fix in the encoding of the other text.
    pub(crate) fn moved(
        mut self,
        to: impl Fn(Span) -> Span,
        encode: impl Fn(&str) -> String,
        lines: &mut Lines<'_>,
    ) -> Self {
        if let Some((span, _)) = self.place {
            let span = to(span);
            self.place = Some((span, lines.position(span.start())));
        }
        if let Some(fix) = &mut self.fix {
            (fix.span, fix.replacement) = (to(fix.span), encode(&fix.replacement).into());
        }
        self
    }
}

/// What can be a text of a diagnostic. Only what has to be formatted takes the way through the formatter.
pub(crate) trait IntoText {
    fn into_text(self) -> Box<str>;
}

impl IntoText for &str {
    fn into_text(self) -> Box<str> {
        self.into()
    }
}

impl IntoText for String {
    fn into_text(self) -> Box<str> {
        self.into()
    }
}

impl IntoText for fmt::Arguments<'_> {
    /// Few texts are longer than 256 bytes. A string that grew from nothing would be copied five times, and a long one
    /// that shrinks leaves a piece of memory that fits nothing.
    fn into_text(self) -> Box<str> {
        let mut out = String::with_capacity(256);
        let _ = out.write_fmt(self);
        out.as_str().into()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.place, self.element.and_then(Element::statement)) {
            (Some((_, position)), _) => write!(f, "{position}: {}", self.message)?,
            (None, Some(statement)) => write!(f, "statement {statement}: {}", self.message)?,
            (None, None) => f.write_str(&self.message)?,
        }
        self.help.iter().try_for_each(|help| write!(f, ": {help}"))
    }
}

debug_as_display!(Diagnostic);

impl core::error::Error for Diagnostic {}

/// The position of a diagnostic before [`Diagnostics::finish`] computes all positions, in one pass over the text.
#[cfg(feature = "document")]
const UNKNOWN_POSITION: Position = Position { line: 0, column: 0 };

/// Collects diagnostics of one severity, and only counts those above the limit.
pub(crate) struct Diagnostics {
    severity: Severity,
    found: Vec<Diagnostic>,
    /// How many were found beyond [`MOST_DIAGNOSTICS`].
    more: usize,
    unlisted: Option<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn new(severity: Severity) -> Self {
        Self { severity, found: Vec::new(), more: 0, unlisted: None }
    }

    /// Adds a diagnostic of an element of a policy.
    pub(crate) fn add_to(&mut self, code: Code, element: Element, message: impl IntoText) -> &mut Diagnostic {
        let mut diagnostic = self.diagnostic(code, message);
        (diagnostic.element, diagnostic.cam_code) = (Some(element), code.cam_code());
        if self.is_full() {
            self.more += 1;
            return self.unlisted.insert(diagnostic);
        }
        self.push(diagnostic)
    }

    fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        self.found.push(diagnostic);
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Whether no further diagnostic will be listed. Then nobody needs details that take long to compute.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST_DIAGNOSTICS
    }

    fn diagnostic(&self, code: Code, message: impl IntoText) -> Diagnostic {
        Diagnostic {
            code,
            severity: self.severity,
            element: None,
            place: None,
            message: message.into_text(),
            help: None,
            fix: None,
            replacement: None,
            widens: false,
            cam_code: if self.severity == Severity::Error { code.cam_code() } else { None },
            no_effect: false,
        }
    }

    /// Returns all of them, in the order they were found.
    pub(crate) fn listed(mut self) -> Vec<Diagnostic> {
        if let (Some(last), true) = (self.found.last(), self.more > 0) {
            let place = last.place;
            let what = if self.severity == Severity::Error { "errors" } else { "warnings" };
            let mut diagnostic =
                self.diagnostic(Code::Limit, format_args!("{} more {what} are not listed", self.more));
            (diagnostic.place, diagnostic.cam_code) = (place, None);
            self.found.push(diagnostic);
        }
        self.found
    }
}

#[cfg(feature = "document")]
impl Diagnostics {
    pub(crate) fn add(&mut self, code: Code, span: Span, message: impl IntoText) -> &mut Diagnostic {
        if self.is_full() {
            self.more += 1;
            return self.unlisted(code, span);
        }
        let mut diagnostic = self.diagnostic(code, message);
        diagnostic.place = Some((span, UNKNOWN_POSITION));
        self.push(diagnostic)
    }

    /// Adds diagnostics that were collected elsewhere.
    pub(crate) fn extend(&mut self, other: Self) {
        self.more += other.more;
        if self.found.is_empty() {
            self.found = other.found;
            return;
        }
        for diagnostic in other.found {
            if self.is_full() {
                self.more += 1;
            } else {
                self.push(diagnostic);
            }
        }
    }

    /// Returns those that are listed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.found.iter_mut()
    }

    /// Returns how many were found, also those that are not listed.
    pub(crate) fn count(&self) -> usize {
        self.found.len() + self.more
    }

    /// Returns those that were listed after the first `count`.
    pub(crate) fn listed_since(&self, count: usize) -> &[Diagnostic] {
        self.found.get(count..).unwrap_or_default()
    }

    /// Returns a diagnostic that will not be listed.
    pub(crate) fn unlisted(&mut self, code: Code, span: Span) -> &mut Diagnostic {
        let mut unlisted = self.diagnostic(code, "");
        unlisted.place = Some((span, UNKNOWN_POSITION));
        self.unlisted.insert(unlisted)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns all of them, in the order of the text.
    pub(crate) fn finish(mut self, text: &str) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span().map(Span::start));
        let mut lines = Lines::new(text);
        for (span, position) in self.found.iter_mut().filter_map(|diagnostic| diagnostic.place.as_mut()) {
            *position = lines.position(span.start());
        }
        self.listed()
    }
}
