//! The catalog as plain, validated data, in the order of the file.
//!
//! The types mirror `catalog.toml` key by key: with the feature `tools` they also yield its JSON Schema.

use std::collections::BTreeMap;

#[cfg(feature = "tools")]
use schemars::JsonSchema;

/// Everything `catalog.toml` states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Catalog {
    /// The catalog's own version, raised with every release of the data; absent: never released.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub version: u32,
    /// The services, keyed and sorted by their abbreviation in CAM.
    #[cfg_attr(feature = "tools", schemars(rename = "service", with = "BTreeMap<String, Service>"))]
    pub services: Vec<Service>,
}

/// A text in both languages of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese, in the terms Tencent uses.
    pub zh: String,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Service {
    /// Abbreviation in CAM: `trtc`.
    #[cfg_attr(feature = "tools", schemars(skip))]
    pub id: String,
    /// The product's name.
    pub name: Text,
    /// Granularity of the product as its source states it, even where its actions contradict it.
    pub granularity: ServiceGranularity,
    /// Whether the console can be opened to sub-accounts; absent: unknown.
    pub console_access: Option<bool>,
    /// Whether access can be granted by tag; absent: unknown.
    pub tag_authorization: Option<bool>,
    /// Whether its APIs honour conditions on the caller's address; absent: unknown.
    pub ip_restriction: Option<IpRestriction>,
    /// The page the facts were read from.
    pub source: Source,
    /// Facts that differ from the source on purpose, by the key that states the fact.
    #[cfg_attr(feature = "tools", schemars(rename = "override", default))]
    pub overrides: BTreeMap<String, Override>,
    /// What a reader must know about a fact of the service, by the key that states the fact.
    #[cfg_attr(feature = "tools", schemars(rename = "note", default))]
    pub notes: BTreeMap<String, Text>,
    /// Resource patterns, by name.
    #[cfg_attr(feature = "tools", schemars(rename = "pattern", default, with = "BTreeMap<String, Pattern>"))]
    pub patterns: Vec<Pattern>,
    /// Categories of server APIs, by name.
    #[cfg_attr(feature = "tools", schemars(rename = "category", default, with = "BTreeMap<String, Text>"))]
    pub categories: Vec<Category>,
    /// Console pages, by name.
    #[cfg_attr(
        feature = "tools",
        schemars(rename = "console_page", default, with = "BTreeMap<String, Link>")
    )]
    pub console_pages: Vec<Link>,
    /// Further documentation, by name.
    #[cfg_attr(feature = "tools", schemars(rename = "reference", default, with = "BTreeMap<String, Link>"))]
    pub references: Vec<Link>,
    /// Why actions of the service are not resource-level, in words that fit the service.
    #[cfg_attr(
        feature = "tools",
        schemars(rename = "restriction", default, with = "BTreeMap<RestrictionReason, Text>")
    )]
    pub restrictions: Vec<(RestrictionReason, Text)>,
    /// Actions, by name; grouped, and sorted within each group.
    #[cfg_attr(feature = "tools", schemars(rename = "action", default, with = "BTreeMap<String, Action>"))]
    pub actions: Vec<Action>,
}

/// A correction made by hand, which an import keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Override {
    /// What the source states instead; absent: nothing.
    pub upstream: Option<Stated>,
    /// Why the catalog differs.
    pub reason: Text,
}

/// A fact as a source states it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(untagged))]
pub enum Stated {
    /// A word, a name or an address.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Several names, or six-segment patterns.
    List(Vec<String>),
}

/// Where and when a service's facts were read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Source {
    /// Title of the page.
    pub title: String,
    /// Address of the page; absent: unknown.
    pub url: Option<String>,
    /// Day it was read, `YYYY-MM-DD` (a TOML date).
    pub read: String,
}

/// One resource an action can be limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Pattern {
    /// Name in snake case: `application`.
    #[cfg_attr(feature = "tools", schemars(skip))]
    pub name: String,
    /// The six segments that name a single resource, exactly as the source writes them.
    pub single: String,
    /// The six segments that name all resources of the kind.
    pub all: String,
    /// What each placeholder but `uin` and `region` takes.
    #[cfg_attr(
        feature = "tools",
        schemars(rename = "placeholder", default, with = "BTreeMap<String, PlaceholderKind>")
    )]
    pub placeholders: Vec<(String, PlaceholderKind)>,
    /// Service segment, where it is another service's on purpose.
    pub service_segment: Option<String>,
    /// What the pattern denotes.
    pub description: Text,
    /// What a reader must know about a fact of the pattern, by the key that states the fact.
    #[cfg_attr(feature = "tools", schemars(rename = "note", default))]
    pub notes: BTreeMap<String, Text>,
}

/// A category of server APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Name in snake case: `room_management`.
    pub name: String,
    /// The source's own wording.
    pub title: Text,
}

/// A titled address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Link {
    /// Name in snake case: `usage_statistics`.
    #[cfg_attr(feature = "tools", schemars(skip))]
    pub name: String,
    /// The source's own wording.
    pub title: Text,
    /// Address, https.
    pub url: String,
}

/// One API of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Action {
    /// Exact name in CAM, misspellings included: `DescibeCanSalePhoneNums`.
    #[cfg_attr(feature = "tools", schemars(skip))]
    pub name: String,
    /// Day on which the source was found not to list it any more, `YYYY-MM-DD` (a TOML date).
    pub removed: Option<String>,
    /// Name of the action that takes the place of one that is removed.
    pub replaced_by: Option<String>,
    /// Granularity.
    pub granularity: Granularity,
    /// Names of the patterns it can be limited to; only of a resource-level action.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub patterns: Vec<String>,
    /// Access level; absent: unknown.
    pub access_level: Option<AccessLevel>,
    /// Whether it is a server or a console API; absent: unknown.
    pub surface: Option<Surface>,
    /// Name of the category, of a server API.
    pub category: Option<String>,
    /// Names of the console pages that call it.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub console_pages: Vec<String>,
    /// Documentation; absent: none known.
    pub doc_url: Option<String>,
    /// Whether a condition on the caller's address is honoured; absent: unknown.
    pub ip_condition: Option<bool>,
    /// Why it is not resource-level, where the source says so.
    pub restriction: Option<RestrictionReason>,
    /// Name of the action the source recommends instead.
    pub alternative: Option<String>,
    /// Names of further documentation.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub references: Vec<String>,
    /// What it does.
    pub description: Text,
    /// Facts that differ from the source on purpose, by the key that states the fact.
    #[cfg_attr(feature = "tools", schemars(rename = "override", default))]
    pub overrides: BTreeMap<String, Override>,
    /// What a reader must know about a fact of the action, by the key that states the fact.
    #[cfg_attr(feature = "tools", schemars(rename = "note", default))]
    pub notes: BTreeMap<String, Text>,
}

/// Declares a closed set of values with the words the catalog writes for them.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "tools", derive(JsonSchema))]
        pub enum $name {
            $($(#[$vmeta])* #[cfg_attr(feature = "tools", schemars(rename = $word))] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word the catalog writes.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The variant's name in the generated API, which has an enum of the same shape.
            #[must_use]
            pub const fn variant(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant),)+ }
            }
        }

        impl Vocabulary for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn word(self) -> &'static str {
                self.word()
            }
        }
    };
}

/// What the parser needs of a closed set of words.
pub(crate) trait Vocabulary: Copy + 'static {
    fn all() -> &'static [Self];
    fn word(self) -> &'static str;
}

vocabulary! {
    /// Granularity of a product.
    ServiceGranularity {
        /// All or nothing.
        Service = "service",
        /// By API.
        Operation = "operation",
        /// By API and resource.
        Resource = "resource",
    }
}

vocabulary! {
    /// Granularity of an action.
    Granularity {
        /// Granted on every resource only: CAM is handed `*`.
        Operation = "operation",
        /// Can be limited to resources.
        Resource = "resource",
        /// Stated nowhere: known from the public API only. Granted on every resource, which is right at any level.
        Undocumented = "undocumented",
    }
}

vocabulary! {
    /// Access level of an action.
    AccessLevel {
        /// Changes something.
        Write = "write",
        /// Reads one thing.
        Read = "read",
        /// Lists things.
        List = "list",
        /// None of these.
        Other = "other",
    }
}

vocabulary! {
    /// Where an action is called from.
    Surface {
        /// A public API.
        Server = "server",
        /// An API behind the console.
        Console = "console",
    }
}

vocabulary! {
    /// Whether a product honours conditions on the caller's address.
    IpRestriction {
        /// Every API does.
        Supported = "supported",
        /// Some APIs do.
        Partial = "partial",
        /// No API does.
        Unsupported = "unsupported",
    }
}

vocabulary! {
    /// What a placeholder of a pattern takes.
    PlaceholderKind {
        /// A positive whole number.
        Number = "number",
        /// An identifier without `*`, `:`, `/`, `$` and blanks.
        Text = "text",
    }
}

vocabulary! {
    /// Why an action cannot be limited to a resource.
    RestrictionReason {
        /// Its parameters carry no identifier of a resource.
        NoResourceParameter = "no_resource_parameter",
        /// It makes the resource, whose identifier exists only afterwards.
        CreatesResource = "creates_resource",
        /// It answers for all resources at once.
        CoversAllResources = "covers_all_resources",
        /// It is about something that all resources of the account share.
        SharedByAccount = "shared_by_account",
        /// The source names business reasons only.
        BusinessReasons = "business_reasons",
    }
}

/// What [`Service::groups`] puts together: the tables of a permission page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Pages that state access levels have a table for each.
    Access(Option<AccessLevel>),
    /// Pages that state surfaces have a table for each granularity and surface.
    Surface(Granularity, Option<Surface>),
    /// Actions that no page lists stand by themselves, after all others.
    Undocumented,
}

impl Service {
    /// The actions by group, in the order of the catalog.
    ///
    /// By granularity and surface where most actions of the service state a surface, else by access level.
    #[must_use]
    pub fn groups(&self) -> Vec<(Group, Vec<&Action>)> {
        let by_surface = by_surface(self.actions.iter());
        let mut groups: Vec<(Group, Vec<&Action>)> = Vec::new();
        for action in &self.actions {
            let group = Group::of(by_surface, action.granularity, action.surface, action.access_level);
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push(action),
                None => groups.push((group, vec![action])),
            }
        }
        groups
    }
}

/// Whether the actions that a page lists have surfaces: most of them decide, so that one that differs moves no other.
pub(crate) fn by_surface<'a>(actions: impl Iterator<Item = &'a Action>) -> bool {
    let listed = actions.filter(|action| action.granularity != Granularity::Undocumented);
    let (with, without): (Vec<_>, Vec<_>) = listed.partition(|action| action.surface.is_some());
    with.len() > without.len()
}

impl Group {
    pub(crate) fn of(
        by_surface: bool,
        granularity: Granularity,
        surface: Option<Surface>,
        access_level: Option<AccessLevel>,
    ) -> Self {
        if granularity == Granularity::Undocumented {
            Self::Undocumented
        } else if by_surface {
            Self::Surface(granularity, surface)
        } else {
            Self::Access(access_level)
        }
    }
}
