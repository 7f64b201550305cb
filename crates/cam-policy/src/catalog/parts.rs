//! What the facts of services, patterns and actions are made of.

use super::words::{PlaceholderKind, RestrictionReason};

/// A text in English and in Chinese, written for the catalog.
///
/// ```
/// let text = cam_policy::catalog::Text { en: "Starts a room.", zh: "创建房间。" };
/// assert_eq!(text.en, "Starts a room.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Text<'c> {
    /// English.
    pub en: &'c str,
    /// Simplified Chinese, in the terms Tencent uses.
    pub zh: &'c str,
}

/// The address of a page, with the title that its source gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link<'c> {
    /// Name in the catalog, snake case: `usage_statistics`.
    pub name: &'c str,
    /// Title, in the source's own wording.
    pub title: Text<'c>,
    /// Address, https.
    pub url: &'c str,
}

/// A category of server APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Category<'c> {
    /// Name in the catalog, snake case: `room_management`.
    pub name: &'c str,
    /// Title, in the source's own wording.
    pub title: Text<'c>,
}

/// What a reader must know about one fact, such as a contradiction in the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Note<'c> {
    /// The catalog key that states the fact.
    pub about: &'c str,
    /// The note.
    pub text: Text<'c>,
}

/// A correction made by hand, which an import of the source keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Override<'c> {
    /// The catalog key that states the fact.
    pub about: &'c str,
    /// What the source states instead; `None`: nothing.
    pub upstream: Option<Stated<'c>>,
    /// Why the catalog differs.
    pub reason: Text<'c>,
}

/// A fact as a source states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stated<'c> {
    /// A word, a name or an address.
    Text(&'c str),
    /// Yes or no.
    Flag(bool),
    /// Several names, or resource patterns.
    List(&'c [&'c str]),
}

/// The page from which the facts of a service were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source<'c> {
    /// Title of the page.
    pub title: &'c str,
    /// Address of the page; `None`: unknown.
    pub url: Option<&'c str>,
    /// Day of the version of the page that was read, `YYYY-MM-DD`; `None`: unknown.
    pub dated: Option<&'c str>,
    /// Day on which it was read, `YYYY-MM-DD`.
    pub read: &'c str,
}

/// A placeholder of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Placeholder<'c> {
    /// Name, without `${` and `}`.
    pub name: &'c str,
    /// What it takes.
    pub kind: PlaceholderKind,
}

/// Why actions of a service are not resource-level, in words that fit the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Restriction<'c> {
    /// The kind of reason.
    pub reason: RestrictionReason,
    /// The reason in words.
    pub text: Text<'c>,
}
