//! Diagnostics: what is wrong with a text, or worth a warning. One type for everything that judges policies.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use crate::policy::Element;
use crate::text::{Lines, Position, Span};

/// The most diagnostics that are told of one text.
const MOST_DIAGNOSTICS: usize = 100;

/// What a diagnostic is about. Its word is stable: programs may compare it.
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
    /// An action that the catalog does not have, of a service that it lists completely.
    UnknownAction,
    /// A name that the catalog spells in another case.
    WrongCase,
    /// An operation-level action on a named resource.
    OperationLevel,
    /// A resource that no pattern of its actions covers.
    UnlistedResource,
}

impl Code {
    /// The stable word.
    ///
    /// ```
    /// assert_eq!(cam_policy::diagnostic::Code::Syntax.as_str(), "syntax");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Limit => "limit",
            Self::Structure => "structure",
            Self::Version => "version",
            Self::Effect => "effect",
            Self::Principal => "principal",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Condition => "condition",
            Self::UnknownAction => "unknown_action",
            Self::WrongCase => "wrong_case",
            Self::OperationLevel => "operation_level",
            Self::UnlistedResource => "unlisted_resource",
        }
    }

    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells.
    const fn cam_code(self) -> Option<&'static str> {
        Some(match self {
            Self::Syntax | Self::Structure => "InvalidParameter.PolicyDocumentError",
            Self::Limit => "InvalidParameter.PolicyDocumentLengthOverLimit",
            Self::Version => "InvalidParameter.VersionError",
            Self::Effect => "InvalidParameter.EffectError",
            Self::Principal => "InvalidParameter.PrincipalError",
            Self::Action => "InvalidParameter.ActionError",
            Self::Resource => "InvalidParameter.ResourceError",
            Self::Condition => "InvalidParameter.ConditionError",
            Self::UnknownAction | Self::WrongCase | Self::OperationLevel | Self::UnlistedResource => {
                return None;
            }
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How much a diagnostic weighs.
///
/// ```
/// use cam_policy::diagnostic::Severity;
///
/// assert!(Severity::Warning < Severity::Error);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The text is understood, and departs from CAM's grammar or does what its author may not want.
    Warning,
    /// The text is no policy.
    Error,
}

impl Severity {
    /// The word.
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

/// A change of a text that settles a diagnostic. It never widens what a policy allows.
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
    /// What to put in their place.
    pub replacement: Box<str>,
}

impl Fix {
    /// The text with the change made.
    ///
    /// See [`Fix`] for an example.
    ///
    /// # Panics
    ///
    /// If the text is not the one that the diagnostic is about, and too short for it.
    pub fn apply(&self, text: &str) -> alloc::string::String {
        [&text[..self.span.start()], &self.replacement, &text[self.span.end()..]].concat()
    }
}

/// One thing that is wrong with a text, or worth a warning; written `line:column: message: help`.
///
/// ```
/// use cam_policy::document::Document;
///
/// let error = Document::parse("{}").unwrap_err();
/// assert_eq!(error.diagnostics()[0].to_string(), "1:1: the policy has no `version`: add `\"version\": \"2.0\"`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    severity: Severity,
    span: Span,
    position: Position,
    message: Box<str>,
    help: Option<Box<str>>,
    fix: Option<Fix>,
    cam_code: Option<&'static str>,
    element: Option<Element>,
}

impl Diagnostic {
    /// What it is about.
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

    /// How much it weighs.
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

    /// The bytes of the text it is about.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("[]").unwrap_err().diagnostics()[0].span().range(), 0..1);
    /// ```
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it begins.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("[]").unwrap_err().diagnostics()[0].position().line, 1);
    /// ```
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is wrong.
    ///
    /// ```
    /// use cam_policy::document::Document;
    ///
    /// assert_eq!(Document::parse("{}").unwrap_err().diagnostics()[0].message(), "the policy has no `version`");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to write instead, where there is something to say.
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

    /// The change that settles it, where there is only one.
    ///
    /// See [`Fix`] for an example.
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells;
    /// `None` for most warnings, and where it tells nothing.
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

    /// The element of the policy that it is about, where a check of a policy has found it.
    ///
    /// See [`Policy::check`](crate::policy::Policy::check) for an example.
    pub fn element(&self) -> Option<Element> {
        self.element
    }

    /// Adds the element that it is about.
    pub(crate) fn with_element(&mut self, element: Element) -> &mut Self {
        self.element = Some(element);
        self
    }

    /// Adds what to write instead.
    pub(crate) fn with_help(&mut self, help: impl fmt::Display) -> &mut Self {
        self.help = Some(help.to_string().into());
        self
    }

    /// Adds the change that settles it.
    pub(crate) fn with_fix(&mut self, span: Span, replacement: impl fmt::Display) -> &mut Self {
        self.fix = Some(Fix { span, replacement: replacement.to_string().into() });
        self
    }

    /// Takes the place of the error code that most diagnostics of the same [`Code`] have.
    pub(crate) fn with_cam_code(&mut self, cam_code: Option<&'static str>) -> &mut Self {
        self.cam_code = cam_code;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, ": {help}"))
    }
}

/// Gathers diagnostics of one severity; of very many only the first.
pub(crate) struct Diagnostics {
    severity: Severity,
    found: Vec<Diagnostic>,
    /// How many there were beyond [`MOST_DIAGNOSTICS`], and the last of them.
    more: usize,
    untold: Option<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn new(severity: Severity) -> Self {
        Self { severity, found: Vec::new(), more: 0, untold: None }
    }

    pub(crate) fn add(&mut self, code: Code, span: Span, message: impl fmt::Display) -> &mut Diagnostic {
        if self.found.len() < MOST_DIAGNOSTICS {
            let diagnostic = self.diagnostic(code, span, message);
            self.found.push(diagnostic);
            let last = self.found.len() - 1;
            return &mut self.found[last];
        }
        self.more += 1;
        self.untold(code, span)
    }

    /// A diagnostic that nobody is told of.
    pub(crate) fn untold(&mut self, code: Code, span: Span) -> &mut Diagnostic {
        let untold = self.diagnostic(code, span, "");
        self.untold.insert(untold)
    }

    fn diagnostic(&self, code: Code, span: Span, message: impl fmt::Display) -> Diagnostic {
        Diagnostic {
            code,
            severity: self.severity,
            span,
            // Places are told at the end, all in one pass over the text.
            position: Position { line: 0, column: 0 },
            message: message.to_string().into(),
            help: None,
            fix: None,
            cam_code: if self.severity == Severity::Error { code.cam_code() } else { None },
            element: None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them, in the order of the text.
    pub(crate) fn finish(mut self, text: &str) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span.start());
        let mut lines = Lines::new(text);
        for diagnostic in &mut self.found {
            diagnostic.position = lines.position(diagnostic.span.start());
        }
        if let (Some(last), true) = (self.found.last(), self.more > 0) {
            let (span, position) = (last.span, last.position);
            let what = if self.severity == Severity::Error { "errors" } else { "warnings" };
            let message = alloc::format!("{} more {what} are not told", self.more);
            let mut diagnostic = self.diagnostic(Code::Limit, span, message);
            (diagnostic.position, diagnostic.cam_code) = (position, None);
            self.found.push(diagnostic);
        }
        self.found
    }
}
