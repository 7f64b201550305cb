//! Takes policies out of what the API, its tools and logs wrap them in.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::lexer::{Kind, Lexer, Token, offset, unescape};
use crate::diagnostic::{Diagnostics, Severity};
use crate::text::{Span, json_contents, quoted};

/// The members of a request or a response that hold a policy.
const MEMBERS: [&str; 3] = ["PolicyDocument", "strategyInfo", "Policy"];

/// The most layers of wrapping that are removed.
const MOST_LAYERS: usize = 8;

/// What a policy is wrapped in.
///
/// ```
/// use cam_policy::document::{Document, Wrapping};
///
/// let text = r#"{"Response":{"PolicyDocument":"{\"version\":\"2.0\",\"statement\":[
///     {\"effect\":\"allow\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}"}}"#;
/// let document = Document::parse_wrapped(text)?;
/// assert_eq!(document.wrappings(), [Wrapping::Member("PolicyDocument".into()), Wrapping::JsonString]);
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrapping {
    /// A JSON string, with or without its quotation marks: `{\"version\":…`, as `GetPolicy` and STS return it.
    JsonString,
    /// The encoding of addresses and forms: `%7B%22version%22…`, as `AssumeRole` takes it.
    UrlEncoding,
    /// The member of an object: `PolicyDocument` of a response, or `strategyInfo`.
    Member(Box<str>),
}

impl Wrapping {
    /// Returns a text as it stands inside this wrapping.
    ///
    /// ```
    /// use cam_policy::document::Wrapping;
    ///
    /// assert_eq!(Wrapping::JsonString.encode("\"a\""), r#"\"a\""#);
    /// assert_eq!(Wrapping::UrlEncoding.encode("\"a\""), "%22a%22");
    /// ```
    pub fn encode(&self, text: &str) -> String {
        match self {
            Self::JsonString => json_contents(text),
            Self::UrlEncoding => url_encoded(text),
            Self::Member(_) => text.into(),
        }
    }
}

impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JsonString => f.write_str("a JSON string"),
            Self::UrlEncoding => f.write_str("URL-encoding"),
            Self::Member(name) => write!(f, "the member {}", quoted(name)),
        }
    }
}

/// The text of a policy without its wrappings, and where each byte of it stands in the text that was given.
///
/// For tools that need the policy's own text; [`Document::parse_wrapped`](super::Document::parse_wrapped) reads it at
/// once.
///
/// ```
/// use cam_policy::document::Unwrapped;
/// use cam_policy::text::Span;
///
/// let text = r#"{\"effect\":\"allow\"}"#;
/// let inner = Unwrapped::new(text).unwrap();
/// assert_eq!(inner.text(), r#"{"effect":"allow"}"#);
/// assert_eq!(&text[inner.origin(Span::new(1, 9)).range()], r#"\"effect\""#);
/// assert!(Unwrapped::new(inner.text()).is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Unwrapped {
    /// The policy's own text.
    pub(super) text: String,
    /// The wrappings, the outermost first; never empty.
    pub(super) wrappings: Vec<Wrapping>,
    /// For each byte of `text`, and for its end, the place in the given text.
    origins: Vec<u32>,
}

impl Unwrapped {
    /// Takes a policy out of its wrappings. `None` if the text has no wrapping, or holds several policies.
    pub fn new(text: &str) -> Option<Self> {
        unwrap(text).ok()
    }

    /// Returns the policy's own text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the wrappings, the outermost first; never empty.
    pub fn wrappings(&self) -> &[Wrapping] {
        &self.wrappings
    }

    /// Returns the bytes of the given text from which those of `span` came.
    pub fn origin(&self, span: Span) -> Span {
        let of =
            |at: usize| self.origins.get(at).or(self.origins.last()).map_or(0, |origin| *origin as usize);
        Span::new(of(span.start()), of(span.end()))
    }
}

/// Encodes a text as the wrappings do.
pub(super) fn encode(wrappings: &[Wrapping], text: &str) -> String {
    wrappings.iter().rev().fold(text.into(), |text, wrapping| wrapping.encode(&text))
}

/// Why no policy was taken out.
pub(super) enum Failure {
    /// The text has no wrapping.
    NotWrapped,
    /// The text holds several policies; the span says where the second begins.
    Several(Span),
}

/// Takes a policy out of all its wrappings.
pub(super) fn unwrap(text: &str) -> Result<Unwrapped, Failure> {
    let identity = (0..=text.len()).map(offset);
    let mut all = Unwrapped { text: text.into(), wrappings: Vec::new(), origins: identity.collect() };
    for _ in 0..MOST_LAYERS {
        let layer = match layer(&all.text) {
            Ok(layer) => layer,
            Err(Failure::NotWrapped) => break,
            Err(Failure::Several(span)) => return Err(Failure::Several(all.origin(span))),
        };
        let origins = layer.origins.iter().map(|at| all.origins[*at as usize]).collect();
        all.wrappings.extend(layer.wrappings);
        (all.text, all.origins) = (layer.text, origins);
    }
    if all.wrappings.is_empty() { Err(Failure::NotWrapped) } else { Ok(all) }
}

/// A policy in quotation marks of a shell.
pub(super) struct Quoted {
    /// The text with spaces in their place, so that every byte of the policy stands where it stood.
    pub(super) policy: String,
    /// What stands before the policy, up to its quotation mark.
    pub(super) before: Span,
    /// What stands after the policy.
    pub(super) after: Span,
}

/// Finds a policy in the quotation marks that it had in a command of a shell: `'{…}'`, `$'{…}'`, `--document "{…}"`. What JSON
/// takes for a string is none.
pub(super) fn quoted_for_a_shell(text: &str) -> Option<Quoted> {
    let open = text.find('{')?;
    let close = text.rfind('}').filter(|close| *close > open)? + 1;
    let (start, head) = (text.len() - text.trim_start().len(), text[..open].trim());
    let end = text.trim_end().len().max(close);
    let tail = text[close..end].trim_start();
    let after = end - tail.len();
    let is_string = head == "\"" && !text[open + 1..].trim_start().starts_with('"');
    let is_quoted = head.ends_with(['\'', '"', '`', '‘', '“']) && !is_string;
    let is_cut = head.is_empty() && ["'", "\"", "`", "’", "”"].contains(&tail);
    if !is_quoted && !is_cut {
        return None;
    }
    let mut policy = String::with_capacity(text.len());
    policy.extend(core::iter::repeat_n(' ', open));
    policy.push_str(&text[open..close]);
    policy.extend(core::iter::repeat_n(' ', text.len() - close));
    Some(Quoted { policy, before: Span::new(start, start + head.len()), after: Span::new(after, end) })
}

/// Removes one layer of wrapping.
fn layer(text: &str) -> Result<Unwrapped, Failure> {
    let start =
        text.len() - text.trim_start_matches(|one: char| one.is_whitespace() || one == '\u{feff}').len();
    let body = text[start..].trim_end();
    if let Some(contents) = body.strip_prefix('"') {
        return string(contents, start + 1);
    }
    if let Some(inner) = body.strip_prefix('{') {
        // Texts such as `{\"version\"…` and `{\n  \"version\"…` are the contents of a string.
        if inner.trim_start().starts_with('\\') {
            return string(body, start);
        }
        return member(text);
    }
    let encoded = |text: &str| text.starts_with('%') && text.get(1..3).is_some_and(is_hex);
    // Returns the value of a parameter of a request.
    let value = body.find("=%7B").or_else(|| body.find("=%7b")).map(|at| at + 1);
    match value {
        _ if encoded(body) => url_decoded(body, start),
        Some(at) => {
            let end = body[at..].find(['&', ' ', '"', '\'']).map_or(body.len(), |end| at + end);
            url_decoded(&body[at..end], start + at)
        }
        None => Err(Failure::NotWrapped),
    }
}

fn is_hex(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the text that was taken out may be a policy, or a policy with another wrapping.
fn checked(inner: Unwrapped) -> Result<Unwrapped, Failure> {
    if inner.text.trim_start().starts_with(['{', '"', '%', '\\']) {
        Ok(inner)
    } else {
        Err(Failure::NotWrapped)
    }
}

/// Returns the contents of a JSON string, up to the quotation mark that ends them, or to the end.
fn string(contents: &str, start: usize) -> Result<Unwrapped, Failure> {
    let mut escaped = false;
    let end = contents.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let contents = &contents[..end.unwrap_or(contents.len())];
    let (text, origins) = unescape(contents, start);
    checked(Unwrapped { text, wrappings: Vec::from([Wrapping::JsonString]), origins })
}

/// Decodes `%XX`, and reads `+` as a space.
fn url_decoded(text: &str, start: usize) -> Result<Unwrapped, Failure> {
    let (mut bytes, mut origins) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        origins.push(offset(start + at));
        let hex = text.get(at + 1..at + 3).filter(|hex| *byte == b'%' && is_hex(hex));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                at += 3;
            }
            None => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    origins.push(offset(start + at));
    let text = String::from_utf8(bytes).map_err(|_| Failure::NotWrapped)?;
    checked(Unwrapped { text, wrappings: Vec::from([Wrapping::UrlEncoding]), origins })
}

fn url_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Finds the policy that is a member of an object, however deep. It finds none if the object itself is a policy.
fn member(text: &str) -> Result<Unwrapped, Failure> {
    let mut lexer = Lexer::new(text);
    let mut ignored = Diagnostics::new(Severity::Error);
    let mut found: Option<Unwrapped> = None;
    let (mut depth, mut before) = (0_usize, None);
    loop {
        let token = lexer.next(&mut ignored);
        match token.kind {
            Kind::End => break,
            Kind::OpenBrace | Kind::OpenBracket => depth += 1,
            Kind::CloseBrace | Kind::CloseBracket => depth = depth.saturating_sub(1),
            Kind::Colon => {
                let key = before.map_or("", |key: Token| &text[key.span.range()]);
                let is = |name: &&str| name.eq_ignore_ascii_case(key);
                if depth == 1 && ["version", "statement"].iter().any(is) {
                    return Err(Failure::NotWrapped);
                }
                if MEMBERS.iter().any(is) {
                    let value = lexer.next(&mut ignored);
                    let inner = value_of(text, value, &mut lexer, key);
                    match (inner, &found) {
                        (None, _) => {}
                        (Some(_), Some(_)) => return Err(Failure::Several(value.span)),
                        (Some(inner), None) => found = Some(inner),
                    }
                }
            }
            _ => {}
        }
        before = matches!(token.kind, Kind::Text { .. } | Kind::Word).then_some(token);
    }
    found.ok_or(Failure::NotWrapped)
}

/// Reads a string or an object that may be a policy, and moves the lexer to its end.
fn value_of(text: &str, value: Token, lexer: &mut Lexer<'_>, key: &str) -> Option<Unwrapped> {
    let mut ignored = Diagnostics::new(Severity::Error);
    let member = Wrapping::Member(key.into());
    match value.kind {
        Kind::Text { .. } => {
            let (text, origins) = unescape(&text[value.span.range()], value.span.start());
            checked(Unwrapped { text, wrappings: Vec::from([member, Wrapping::JsonString]), origins }).ok()
        }
        Kind::OpenBrace => {
            let mut depth = 1;
            let mut end = value.span.end();
            while depth > 0 {
                let token = lexer.next(&mut ignored);
                end = token.span.end();
                match token.kind {
                    Kind::OpenBrace | Kind::OpenBracket => depth += 1,
                    Kind::CloseBrace | Kind::CloseBracket => depth -= 1,
                    Kind::End => break,
                    _ => {}
                }
            }
            let start = value.span.start();
            let origins = (start..=end).map(offset).collect();
            Some(Unwrapped { text: text[start..end].into(), wrappings: Vec::from([member]), origins })
        }
        _ => None,
    }
}
