//! The facts of services, patterns and actions, linked: what refers to another item holds a reference to it.

use super::lookup::Lookup;
use super::words::{
    AccessLevel, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface,
};

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
    /// Day on which it was read, `YYYY-MM-DD`.
    pub read: &'c str,
}

/// A kind of resource that an action can be limited to, as the service's documentation writes it.
///
/// A `${placeholder}` in it stands for a value to fill in. Never put it into a policy as it stands: there `${uin}` is a
/// policy variable and means the caller, not the root account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern<'c> {
    /// Name in the catalog, snake case: `application`.
    pub name: &'c str,
    /// The six segments that name one resource, exactly as the source writes them.
    pub single: &'c str,
    /// The six segments that name all resources of the kind.
    pub all: &'c str,
    /// What each placeholder but `uin` and `region` takes, sorted by name.
    pub placeholders: &'c [Placeholder<'c>],
    /// The service segment, where it is another service's on purpose.
    pub service_segment: Option<&'c str>,
    /// What it denotes; `None`: nobody has written that.
    pub description: Option<Text<'c>>,
    /// What a reader must know about its facts.
    pub notes: &'c [Note<'c>],
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

/// The facts of one service and all its actions.
///
/// Generated code and the reader of `catalog.toml` fill it; a later minor version may add fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service<'c> {
    /// Abbreviation in CAM: `trtc`.
    pub id: &'c str,
    /// Name of the product.
    pub name: Text<'c>,
    /// Granularity of the product as its source states it, even where its actions contradict it.
    pub granularity: ServiceGranularity,
    /// By what the source groups the actions.
    pub grouped_by: Grouping,
    /// Whether the console can be opened to sub-accounts; `None`: unknown.
    pub console_access: Option<bool>,
    /// Whether access can be granted by tag; `None`: unknown.
    pub tag_authorization: Option<bool>,
    /// Whether its APIs honour conditions on the caller's address; `None`: unknown.
    pub ip_restriction: Option<IpRestriction>,
    /// Where and when its facts were read.
    pub source: Source<'c>,
    /// Facts that differ from the source on purpose, sorted by key.
    pub overrides: &'c [Override<'c>],
    /// What a reader must know about its facts, sorted by key.
    pub notes: &'c [Note<'c>],
    /// Resource patterns, sorted by name.
    pub patterns: &'c [Pattern<'c>],
    /// Categories of server APIs, sorted by name.
    pub categories: &'c [Category<'c>],
    /// Console pages, sorted by name.
    pub console_pages: &'c [Link<'c>],
    /// Further documentation, sorted by name.
    pub references: &'c [Link<'c>],
    /// Why actions are not resource-level, sorted by reason.
    pub restrictions: &'c [Restriction<'c>],
    /// The actions, sorted by name. The place of an action here is its number.
    pub actions: &'c [ActionFacts<'c>],
    /// Finds the number of an action by its name.
    pub lookup: Lookup<'c>,
}

/// The facts of one action. [`Action`](super::Action) reads them.
///
/// Generated code and the reader of `catalog.toml` fill it; a later minor version may add fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionFacts<'c> {
    /// Exact name in CAM, misspellings included: `DescibeCanSalePhoneNums`.
    pub name: &'c str,
    /// The action as policies write it: `trtc:RemoveUser`.
    pub qualified_name: &'c str,
    /// Day on which the source was found not to list it any more, `YYYY-MM-DD`; `None`: it is listed.
    pub removed: Option<&'c str>,
    /// Number of the action that takes the place of one that is removed.
    pub replaced_by: Option<u16>,
    /// Granularity.
    pub granularity: Granularity,
    /// The patterns it can be limited to, sorted by name; none unless it is resource-level.
    pub patterns: &'c [&'c Pattern<'c>],
    /// What it does to the resources of its service; `None`: unknown.
    pub access_level: Option<AccessLevel>,
    /// Whether it is a server or a console API; `None`: unknown.
    pub surface: Option<Surface>,
    /// The category, of a server API; `None`: none stated.
    pub category: Option<&'c Category<'c>>,
    /// The console pages that call it, as far as stated.
    pub console_pages: &'c [&'c Link<'c>],
    /// Address of its documentation; `None`: not known.
    pub doc_url: Option<&'c str>,
    /// Whether it honours a condition on the caller's address; `None`: unknown.
    pub ip_condition: Option<bool>,
    /// Why it is not resource-level; `None`: it is, or the source states no reason.
    pub restriction: Option<&'c Restriction<'c>>,
    /// Number of the action that the source recommends instead.
    pub alternative: Option<u16>,
    /// Further documentation that the source points to.
    pub references: &'c [&'c Link<'c>],
    /// What it does; `None`: nobody has written that.
    pub description: Option<Text<'c>>,
    /// Facts that differ from the source on purpose, sorted by key.
    pub overrides: &'c [Override<'c>],
    /// What a reader must know about its facts, sorted by key.
    pub notes: &'c [Note<'c>],
}

impl ActionFacts<'_> {
    /// An action of which nothing is stated; generated code fills in what is.
    pub const UNSTATED: Self = Self {
        name: "",
        qualified_name: "",
        removed: None,
        replaced_by: None,
        granularity: Granularity::Undocumented,
        patterns: &[],
        access_level: None,
        surface: None,
        category: None,
        console_pages: &[],
        doc_url: None,
        ip_condition: None,
        restriction: None,
        alternative: None,
        references: &[],
        description: None,
        overrides: &[],
        notes: &[],
    };
}
