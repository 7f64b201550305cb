//! The actions that a statement names.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use super::pattern_error::{LONGEST, PatternError, PatternProblem, ascii};
use crate::catalog::{Action, Catalog};
use crate::text::glob;

/// The actions that a statement names: one, several by a `*`, or all.
///
/// The forms are `*`, `*:*`, `cos:*`, `trtc:RemoveUser`, `trtc:Describe*`, and the obsolete `permid/280649`. A prefix
/// `name/` changes nothing according to the documentation, so it is dropped. Names are compared exactly, upper and
/// lower case too; whether CAM does so is not documented. A pattern may name an action that does not exist.
///
/// ```
/// use cam_policy::policy::ActionPattern;
///
/// let pattern: ActionPattern = "name/trtc:Describe*".parse()?;
/// assert_eq!(pattern.as_str(), "trtc:Describe*");
/// assert_eq!(pattern.service(), Some("trtc"));
/// assert!(pattern.matches("trtc:DescribeRoomInfo"));
/// assert!(!pattern.matches("trtc:RemoveUser"));
///
/// let error = "cos: GetObject".parse::<ActionPattern>().unwrap_err();
/// assert!(error.to_string().ends_with("write `cos:GetObject`"));
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionPattern {
    text: Cow<'static, str>,
    /// Where its first colon stands; 0: it has none.
    colon: u16,
}

impl ActionPattern {
    /// Every action of every service: `*`.
    ///
    /// ```
    /// assert!(cam_policy::policy::ActionPattern::ALL.matches("cvm:RunInstances"));
    /// ```
    pub const ALL: Self = Self { text: Cow::Borrowed("*"), colon: 0 };

    /// Returns the pattern, without the prefix `name/`.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::ActionPattern::ALL.as_str(), "*");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the service's abbreviation; `None` if the pattern stands for every service, or is an operation set.
    ///
    /// ```
    /// use cam_policy::policy::ActionPattern;
    ///
    /// assert_eq!("cos:Get*".parse::<ActionPattern>()?.service(), Some("cos"));
    /// assert_eq!(ActionPattern::ALL.service(), None);
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    #[inline]
    pub fn service(&self) -> Option<&str> {
        self.parts().map(|(service, _)| service).filter(|service| *service != "*")
    }

    /// Returns the name of the operation, with its `*`; `None` for an operation set.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::ActionPattern::ALL.operation(), Some("*"));
    /// ```
    #[inline]
    pub fn operation(&self) -> Option<&str> {
        match self.parts() {
            Some((_, operation)) => Some(operation),
            None => (self.text == "*").then_some("*"),
        }
    }

    #[inline]
    fn parts(&self) -> Option<(&str, &str)> {
        let colon = usize::from(self.colon);
        (colon > 0).then(|| (&self.text[..colon], &self.text[colon + 1..]))
    }

    /// Whether this is `permid/…`, the number of an operation set. The form is obsolete, and here it matches nothing.
    ///
    /// ```
    /// assert!("permid/280649".parse::<cam_policy::policy::ActionPattern>()?.is_operation_set());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn is_operation_set(&self) -> bool {
        self.text.starts_with("permid/")
    }

    /// Whether the pattern matches the action `service:Name`.
    ///
    /// `*` stands for any run of characters, also an empty one; `?` is a character like any other. This crate assumes
    /// that `*:Describe*` matches across services: the form is neither documented nor seen.
    ///
    /// ```
    /// let pattern: cam_policy::policy::ActionPattern = "trtc:*Room*".parse()?;
    /// assert!(pattern.matches("trtc:DismissRoomByStrRoomId"));
    /// assert!(!pattern.matches("ccc:DismissRoom"));
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn matches(&self, action: &str) -> bool {
        if self.text == "*" {
            return true;
        }
        let (Some(operation), Some((of, name))) = (self.operation(), split(action)) else {
            return false;
        };
        self.service().is_none_or(|service| service == of) && glob(operation, name)
    }

    /// Returns the actions of a catalog that the pattern matches, by service and name.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::ActionPattern;
    ///
    /// let pattern: ActionPattern = "trtc:*User".parse()?;
    /// let names: Vec<&str> = pattern.actions(&CATALOG).map(|action| action.as_str()).collect();
    /// assert_eq!(names, ["trtc:RemoveUser"]);
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn actions<'c>(&self, catalog: &Catalog<'c>) -> impl Iterator<Item = Action<'c>> + use<'c, '_> {
        let services = match self.service() {
            Some(id) => catalog.service(id).map_or(&[][..], core::slice::from_ref),
            None => catalog.services,
        };
        let operation = self.operation();
        services.iter().flat_map(move |service| operation.into_iter().flat_map(|one| service.matching(one)))
    }

    /// Returns the pattern of one action of any catalog. It copies the name; `from` borrows the name from a compiled
    /// catalog.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::ActionPattern;
    ///
    /// let action = CATALOG.action("trtc:RemoveUser").unwrap();
    /// assert_eq!(ActionPattern::of(action), ActionPattern::from(action));
    /// ```
    pub fn of(action: Action<'_>) -> Self {
        Self::of_text(Cow::Owned(action.as_str().into()))
    }

    /// Reads a pattern; the error says where in the text the mistake is, and what was meant.
    fn read(text: &str) -> Result<Self, PatternError> {
        Self::exact(text)
            .map_err(|error| if text.len() > LONGEST { error } else { error.meaning(meant(text)) })
    }

    fn exact(text: &str) -> Result<Self, PatternError> {
        let fail = |at: Range<usize>, problem| Err(PatternError::new(text, at, problem));
        let body = text.strip_prefix("name/").unwrap_or(text);
        let from = text.len() - body.len();
        if text.len() > LONGEST {
            return fail(0..text.len(), PatternProblem::Length);
        }
        if body == "*" || body.strip_prefix("permid/").is_some_and(|id| crate::values::number(id).is_some()) {
            return Ok(Self::of_text(kept(body)));
        }
        if let Some(colon) = colon_of_plain(body) {
            return Ok(Self { text: kept(body), colon });
        }
        if let Some(at) = body.find(|character: char| character.is_whitespace() || character.is_control()) {
            let length = body[at..].chars().next().map_or(0, char::len_utf8);
            return fail(from + at..from + at + length, PatternProblem::ActionWhitespace);
        }
        let Some((service, operation)) = body.split_once(':') else {
            return fail(0..text.len(), PatternProblem::ActionForm);
        };
        if service != "*" && (service.is_empty() || !service.bytes().all(is_word)) {
            return fail(from..from + service.len(), PatternProblem::ActionService);
        }
        let stray = |character: char| {
            ascii(character).is_some() || !character.is_alphanumeric() && !"*_-.?".contains(character)
        };
        if operation.is_empty() || operation.contains(stray) {
            return fail(from + service.len() + 1..text.len(), PatternProblem::ActionName);
        }
        Ok(Self::of_text(kept(body)))
    }

    /// Makes a pattern of a text that was checked.
    fn of_text(text: Cow<'static, str>) -> Self {
        // What was checked is shorter than 65,536 bytes, and no service is empty.
        let colon = split(&text).and_then(|(service, _)| u16::try_from(service.len()).ok());
        Self { text, colon: colon.unwrap_or(0) }
    }
}

/// Returns the patterns that a text most likely stands for; none if nobody can say. Each can be read.
///
/// Nothing is dropped or joined that could be a part of a name, so that no pattern matches more than somebody meant.
fn meant(text: &str) -> Vec<Box<str>> {
    let plain: String = text.chars().map(|character| ascii(character).unwrap_or(character)).collect();
    let separates = |character: char| {
        character.is_whitespace() || character.is_control() || ",，、;；|\"'“”‘’`".contains(character)
    };
    let reads = |text: &str| text.contains(':') && ActionPattern::exact(text).is_ok();
    let pieces: Vec<&str> = plain.split(separates).filter(|piece| !piece.is_empty()).collect();
    if !pieces.is_empty() && pieces.iter().all(|piece| reads(piece)) {
        return pieces.into_iter().map(Into::into).collect();
    }
    let joined = match *pieces.as_slice() {
        // Whitespace beside a sign ends no name.
        _ if plain.contains(':') => tightened(&plain).replace("::", ":"),
        [service, name] => [service, ":", name].concat(),
        [one] => {
            let prefix = if one.starts_with("name/") { "name/".len() } else { 0 };
            let mut joined = String::from(one);
            if let Some(at) = one[prefix..].find(['.', '/']) {
                joined.replace_range(prefix + at..=prefix + at, ":");
            }
            joined
        }
        _ => return Vec::new(),
    };
    let named = |text: &str| {
        let (service, name) = text.strip_prefix("name/").unwrap_or(text).split_once(':').unwrap_or_default();
        plain.contains(':')
            || service.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && name.starts_with(|first: char| first.is_ascii_uppercase())
    };
    if reads(&joined) && named(&joined) { Vec::from([joined.into()]) } else { Vec::new() }
}

/// Returns a text without the whitespace that stands at its ends, or beside a `:` or a `/`.
fn tightened(text: &str) -> String {
    let gap = |character: char| character.is_whitespace() || character.is_control();
    let mut out = String::new();
    for piece in text.split_inclusive([':', '/']) {
        let trimmed = piece.trim_matches(gap);
        match trimmed.char_indices().next_back() {
            Some((at, sign @ (':' | '/'))) => {
                out.push_str(trimmed[..at].trim_end_matches(gap));
                out.push(sign);
            }
            _ => out.push_str(trimmed),
        }
    }
    out
}

/// Splits at the first colon. Names are short: a plain loop finds it faster than a search made for long texts.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == b':')?;
    Some((&text[..at], &text[at + 1..]))
}

/// Returns where the colon stands if the text is `service:Name` of such characters that it needs no further check. Nearly
/// all are.
fn colon_of_plain(text: &str) -> Option<u16> {
    let colon = text.bytes().position(|byte| !is_word(byte)).filter(|at| *at > 0)?;
    let operation = text[colon..].strip_prefix(':').filter(|operation| !operation.is_empty())?;
    let is_plain = operation.bytes().all(|byte| is_word(byte) || byte == b'*');
    u16::try_from(colon).ok().filter(|_| is_plain)
}

/// Whether a service's abbreviation may hold the character.
fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// Whether a byte is such a character. A look into a table is all that a byte costs.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        word[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        byte += 1;
    }
    word
};

/// Stores the text of a pattern; `*` needs no allocation.
pub(super) fn kept(text: &str) -> Cow<'static, str> {
    if text == "*" { Cow::Borrowed("*") } else { Cow::Owned(text.into()) }
}

impl fmt::Display for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActionPattern({:?})", &*self.text)
    }
}

impl FromStr for ActionPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

impl TryFrom<&str> for ActionPattern {
    type Error = PatternError;

    fn try_from(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

/// An action of a compiled catalog: a value of a generated enum, or a handle.
///
/// Every such action converts into an [`ActionPattern`] by `into`, without allocation.
///
/// ```
/// use cam_policy::example::CATALOG;
/// use cam_policy::policy::ActionPattern;
///
/// let action = CATALOG.action("trtc:RemoveUser").unwrap();
/// assert_eq!(ActionPattern::from(action).as_str(), "trtc:RemoveUser");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action pattern",
    label = "neither an action of the catalog nor an `ActionPattern`",
    note = "write a text as a pattern: `\"cos:Get*\".parse::<ActionPattern>()?`"
)]
pub trait CatalogAction: Copy + Ord + fmt::Debug + fmt::Display {
    /// Returns the handle that reads the facts of the action.
    fn action(self) -> Action<'static>;
}

impl CatalogAction for Action<'static> {
    fn action(self) -> Self {
        self
    }
}

impl<A: CatalogAction> CatalogAction for &A {
    fn action(self) -> Action<'static> {
        A::action(*self)
    }
}

impl<A: CatalogAction> From<A> for ActionPattern {
    fn from(action: A) -> Self {
        Self::of_text(Cow::Borrowed(action.action().as_str()))
    }
}
