//! What is wrong with a text, or remarkable.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use crate::text::{Lines, Position, Span};

/// The most faults that are told of one text.
const MOST_FAULTS: usize = 100;

/// What a fault is about.
///
/// ```
/// # use cam_policy::document::{Document, FaultKind};
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
    pub(crate) const fn cam_code(self) -> &'static str {
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
/// # use cam_policy::document::Document;
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
    /// # use cam_policy::document::{Document, FaultKind};
    /// assert_eq!(Document::parse("").unwrap_err().faults()[0].kind(), FaultKind::Syntax);
    /// ```
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The bytes of the text it is about.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// assert_eq!(Document::parse("[]").unwrap_err().faults()[0].span().range(), 0..1);
    /// ```
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it begins.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// assert_eq!(Document::parse("[]").unwrap_err().faults()[0].position().line, 1);
    /// ```
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is wrong, and what to write instead.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// assert_eq!(Document::parse("").unwrap_err().faults()[0].message(), "there is no policy in the text");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells;
    /// `None` for most remarks, and where it tells nothing.
    ///
    /// ```
    /// # use cam_policy::document::Document;
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

/// Gathers faults; of very many only the first.
#[derive(Default)]
pub(crate) struct Faults {
    found: Vec<Fault>,
    more: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, kind: FaultKind, span: Span, message: fmt::Arguments<'_>) {
        self.coded(kind, span, message, Some(kind.cam_code()));
    }

    pub(crate) fn coded(
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

    pub(crate) fn finish(mut self, text: &str) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.span.start());
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

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}
