//! Policy documents: JSON as people and Tencent write it. Reading keeps the text and the place of every element.

mod conditions;
mod element;
mod kinds;
mod lexer;
mod options;
mod read;
mod reader;
mod statements;
mod verdict;
mod wrapping;

use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

pub use crate::diagnostic::Element;

pub use options::ReadOptions;
pub use verdict::Verdict;
pub use wrapping::{Unwrapped, Wrapping};

use self::element::Places;
use self::wrapping::{Failure, Quoted};
use crate::catalog::Catalog;
use crate::check::{Known, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::policy::{Policy, PolicyKind};
use crate::text::{Lines, Position, Span, debug_as_display, quoted};

/// A policy together with the text it was read from.
///
/// It reads what CAM reads: a value where an array may stand, keys in any order, and the prefix `name/`. It also
/// reads what Tencent prints: a single statement without its array, and the capitalised keys of bucket policies. If a
/// text departs from CAM's grammar but is understood, the [`warnings`](Document::warnings) say so. Unknown and
/// repeated keys are errors; this is an assumption, because CAM documents nothing about them.
/// [`parse_with`](Document::parse_with) also checks actions and resources by a catalog.
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
    wrappings: Vec<Wrapping>,
    warnings: Vec<Diagnostic>,
}

impl Document {
    /// Reads a policy. Its elements determine its kind.
    ///
    /// # Errors
    ///
    /// Every error of the text, up to 100, each with its place and what to write instead. A text of more than one
    /// mebibyte is an error too, and is not read. Reading takes time in proportion to the length of the text,
    /// whatever the text holds.
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
        Self::read(text, ReadOptions::new())
    }

    /// Reads a policy and checks its actions and resources with a catalog. The findings of [`Policy::check`] are
    /// among the [`warnings`](Self::warnings).
    ///
    /// # Errors
    ///
    /// The same as for [`Document::parse`]. A fact of the catalog never causes an error.
    ///
    /// ```
    /// use cam_policy::document::Document;
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"deny","action":["trtc:GetUserList"],
    ///   "resource":["qcs::trtc::uin/12345678:sdkappid/1400000001"]}]}"#;
    /// let document = Document::parse_with(&CATALOG, text)?;
    /// assert!(document.warnings()[0].to_string().starts_with("1:59: `trtc:GetUserList` is operation-level"));
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn parse_with(catalog: &Catalog<'_>, text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new().with_catalog(catalog))
    }

    /// Reads a policy that may be wrapped in something else: an escaped JSON string, URL-encoding, `strategyInfo`, or
    /// the `PolicyDocument` of a response, also several of them inside of each other. [`wrappings`](Self::wrappings)
    /// returns which ones it found.
    ///
    /// Every place refers to the text as it was given.
    ///
    /// # Errors
    ///
    /// The same as for [`Document::parse`], and an error if the text holds several policies.
    ///
    /// ```
    /// use cam_policy::document::{Document, Wrapping};
    ///
    /// let text = "%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22Allow%22%2C\
    ///             %22action%22%3A%22*%22%2C%22resource%22%3A%22*%22%7D%5D%7D";
    /// let document = Document::parse_wrapped(text)?;
    /// assert_eq!(document.wrappings(), [Wrapping::UrlEncoding]);
    /// let warning = &document.warnings()[0];
    /// assert_eq!(&text[warning.span().unwrap().range()], "Allow");
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn parse_wrapped(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new().unwrapping())
    }

    /// Reads a policy of a known kind. It must have what the kind needs, and nothing that the kind forbids.
    ///
    /// # Errors
    ///
    /// The same as for [`Document::parse`], and an error for a missing or a forbidden `principal` or `resource`.
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
        Self::read(text, ReadOptions::new().as_kind(kind))
    }

    /// Reads a policy with [`ReadOptions`].
    ///
    /// # Errors
    ///
    /// The same as for [`Document::parse`], [`parse_as`](Self::parse_as) and [`parse_wrapped`](Self::parse_wrapped).
    ///
    /// See [`ReadOptions`] for an example.
    pub fn read(text: &str, options: ReadOptions<'_>) -> Result<Self, DocumentError> {
        let ReadOptions { catalog, is_named, kind, unwrapping } = options;
        let catalog = catalog.unwrap_or(Catalog::EMPTY);
        let by = Known { catalog: &catalog, is_named };
        let unwrapped = if unwrapping && text.len() <= read::LONGEST {
            match wrapping::unwrap(text) {
                Ok(unwrapped) => Some(unwrapped),
                Err(Failure::NotWrapped) => None,
                Err(Failure::Several(span)) => return Err(several(text, span)),
            }
        } else {
            None
        };
        let Some(unwrapped) = unwrapped else {
            return match read::read(text, kind, by) {
                Ok(read) => Ok(Self::of(text, read)),
                Err(unread) => {
                    let other = || in_a_command(text, options).or_else(|| wrapped(text));
                    Err(other().unwrap_or_else(|| DocumentError {
                        diagnostics: unread.errors,
                        readable: unread.readable.map(|read| Box::new(Self::of(text, *read))),
                    }))
                }
            };
        };
        let mut lines = Lines::new(text);
        let mut moved = |diagnostics: Vec<Diagnostic>| -> Vec<Diagnostic> {
            let moved = diagnostics.into_iter().map(|diagnostic| {
                let to = |span| unwrapped.origin(span);
                diagnostic.moved(to, |text| wrapping::encode(&unwrapped.wrappings, text), &mut lines)
            });
            moved.collect()
        };
        match read::read(&unwrapped.text, kind, by) {
            Ok(read::Read { policy, kind, mut places, warnings }) => {
                let warnings = moved(warnings);
                places.moved(|span| unwrapped.origin(span));
                let wrappings = unwrapped.wrappings;
                Ok(Self { text: text.into(), policy, kind, places, wrappings, warnings })
            }
            Err(unread) => Err(in_a_command(text, options)
                .unwrap_or_else(|| DocumentError { diagnostics: moved(unread.errors), readable: None })),
        }
    }

    fn of(text: &str, read::Read { policy, kind, places, warnings }: read::Read) -> Self {
        Self { text: text.into(), policy, kind, places, wrappings: Vec::new(), warnings }
    }

    /// Reads a text and returns its [`Verdict`], without the policy: for tools that check many texts.
    ///
    /// See [`Verdict`] for an example.
    #[must_use]
    pub fn judge(text: &str, options: ReadOptions<'_>) -> Verdict {
        match Self::read(text, options) {
            Ok(document) if document.warnings.is_empty() => Verdict::Read,
            Ok(document) => Verdict::Warned(document.warnings),
            Err(error) => Verdict::Refused(error.diagnostics),
        }
    }

    /// Returns what the policy was wrapped in, the outermost first; empty unless it was read [out of a
    /// wrapping](Self::parse_wrapped).
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// assert!(Document::parse_wrapped(text)?.wrappings().is_empty());
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn wrappings(&self) -> &[Wrapping] {
        &self.wrappings
    }

    /// Returns the policy.
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

    /// Returns the policy, without the text.
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

    /// Returns the kind that the policy was read as, or else the kind that [its elements determine](Policy::kind).
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

    /// Returns the text, unchanged: values and arrays, order, whitespace and spelling.
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

    /// Returns the warnings, in the order of the text. They say where the text departs from CAM's documented grammar
    /// in a way that published policies show and that is understood. They say if the policy is [longer than CAM
    /// accepts](Policy::check_length). They also report the parts of the policy that do nothing, as [`Policy::check`]
    /// finds them.
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

    /// Checks the policy with a catalog, and returns the findings of [`Policy::check`] with their places in the text.
    ///
    /// Findings that need no catalog are already among the [`warnings`](Self::warnings).
    ///
    /// ```
    /// use cam_policy::document::Document;
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::parse(text)?.check(&CATALOG)[0].position().unwrap().to_string(), "1:60");
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub fn check(&self, catalog: &Catalog<'_>) -> Vec<Diagnostic> {
        let mut found = check(&self.policy, Known::of(catalog));
        let encode = |text: &str| wrapping::encode(&self.wrappings, text);
        read::place(&mut found, &self.places, &self.text, encode);
        found.finish(&self.text)
    }

    /// Returns where an element stands in the text, without its quotation marks; `None` if the policy has no such
    /// element.
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

    /// Returns line and column of a byte of the text.
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

/// Returns the errors for a policy in the quotation marks that it had in a command of a shell: these, and its own.
fn in_a_command(text: &str, options: ReadOptions<'_>) -> Option<DocumentError> {
    let Quoted { policy, before, after } = wrapping::quoted_for_a_shell(text)?;
    let read = Document::read(&policy, options.unwrapping());
    let (head, tail) = (&text[before.range()], &text[after.range()]);
    // What is no quotation mark before the policy may belong to a policy with other mistakes.
    if read.is_err() && !matches!(head.chars().count(), 1 | 2) {
        return None;
    }
    let mut errors = Diagnostics::new(Severity::Error);
    let (place, what, side) = if head.is_empty() { (after, tail, "after") } else { (before, head, "before") };
    let what = quoted(what);
    let error = errors.add(
        Code::Wrapped,
        place,
        format_args!("{what} stands {side} the policy, as in a command of a shell, and is no part of it"),
    );
    if head.is_empty() || tail.is_empty() {
        error.with_help("remove it");
    } else {
        error.with_help(format_args!("remove it, and {} after the policy", quoted(tail)));
    }
    if let Ok(document) = &read {
        let inner = document.wrappings.is_empty().then(|| policy.trim());
        error.with_fix(
            Span::new(0, text.len()),
            inner.map_or_else(|| document.policy.to_string(), Into::into),
        );
    }
    let mut diagnostics = errors.finish(text);
    // A quotation mark may have more bytes than the spaces in its place have columns.
    let mut lines = Lines::new(text);
    let mut moved = |all: Vec<Diagnostic>| -> Vec<Diagnostic> {
        all.into_iter().map(|one| one.moved(|span| span, str::to_owned, &mut lines)).collect()
    };
    let readable = match read {
        Ok(document) if document.wrappings.is_empty() => {
            let warnings = moved(document.warnings);
            Some(Document { text: text.into(), warnings, ..document })
        }
        Ok(_) => None,
        Err(error) => {
            diagnostics.extend(moved(error.diagnostics));
            None
        }
    };
    Some(DocumentError { diagnostics, readable: readable.map(Box::new) })
}

/// Returns the error for a policy that is wrapped in something else.
fn wrapped(text: &str) -> Option<DocumentError> {
    let unwrapped = match wrapping::unwrap(text.get(..read::LONGEST.min(text.len()))?) {
        Ok(unwrapped) => unwrapped,
        Err(Failure::NotWrapped) => return None,
        Err(Failure::Several(span)) => return Some(several(text, span)),
    };
    let mut errors = Diagnostics::new(Severity::Error);
    let mut within = String::new();
    for (at, wrapping) in unwrapped.wrappings.iter().enumerate() {
        within.push_str(if at == 0 { "" } else { ", in " });
        within.push_str(&wrapping.to_string());
    }
    errors
        .add(Code::Wrapped, Span::new(0, 0), format_args!("the policy stands in {within}"))
        .with_help("take it out, or read it with `Document::parse_wrapped`, which does so")
        .with_fix(Span::new(0, text.len()), &unwrapped.text);
    Some(DocumentError { diagnostics: errors.finish(text), readable: None })
}

/// Returns the error for a text that holds several policies.
fn several(text: &str, second: Span) -> DocumentError {
    let mut errors = Diagnostics::new(Severity::Error);
    errors
        .add(Code::Wrapped, second, "the text holds several policies, of which this is the second")
        .with_help("read each for itself");
    DocumentError { diagnostics: errors.finish(text), readable: None }
}

impl core::str::FromStr for Policy {
    type Err = DocumentError;

    /// Reads a policy as [`Document::parse`] does, and drops the text.
    fn from_str(text: &str) -> Result<Self, DocumentError> {
        Document::parse(text).map(Document::into_policy)
    }
}

/// Error from reading a document: everything that is wrong with it. `Display` writes one error a line, in the order
/// of the text.
///
/// ```
/// # use cam_policy::document::Document;
/// let error = Document::parse("{").unwrap_err();
/// assert_eq!(error.to_string(), "1:2: the text ends with brackets open: write `}` at its end\n");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentError {
    diagnostics: Vec<Diagnostic>,
    readable: Option<Box<Document>>,
}

impl DocumentError {
    /// Returns the errors, in the order of the text; never empty.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// assert!(!Document::parse("").unwrap_err().diagnostics().is_empty());
    /// ```
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns the statements that could be read all the same, with their places and warnings, for tools that report
    /// more than the errors. It is not the policy of the text: statements are missing, and the others are counted from
    /// 0.
    ///
    /// `None` if no statement could be read, and for a policy that stands in a wrapping.
    ///
    /// ```
    /// # use cam_policy::document::Document;
    /// let text = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["StopInstances"],"resource":["*"]},
    ///     {"effect":"allow","action":["cvm:Stop?"],"resource":["*"],}]}"#;
    /// let error = Document::parse(text).unwrap_err();
    /// let readable = error.readable().unwrap();
    /// assert_eq!(readable.policy().statements().len(), 1);
    /// assert!(readable.warnings()[0].message().starts_with("`?` is no wildcard"));
    /// ```
    pub fn readable(&self) -> Option<&Document> {
        self.readable.as_deref()
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostics.iter().try_for_each(|diagnostic| writeln!(f, "{diagnostic}"))
    }
}

debug_as_display!(DocumentError);

impl core::error::Error for DocumentError {
    /// Returns the first error.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.diagnostics.first().map(|diagnostic| diagnostic as _)
    }
}
