//! The catalog as plain, validated data, in the order of the file.
//!
//! The importer still works on it.

use std::collections::BTreeMap;

use cam_policy::catalog;

use crate::arena::Arena;
use crate::diagnostic::Report;

/// Reads and checks a catalog, as [`crate::parse`], for those who need it as owned data.
///
/// # Errors
///
/// Every fault of the catalog, syntax and meaning, in one report.
pub fn parse(path: &str, text: &str) -> Result<Catalog, Report> {
    crate::parse(&Arena::new(), path, text).map(|catalog| Catalog::of(&catalog))
}

/// Everything `catalog.toml` states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The catalog's own version, raised with every release of the data; absent: never released.
    pub version: u32,
    /// The services, keyed and sorted by their abbreviation in CAM.
    pub services: Vec<Service>,
}

/// A text in both languages of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese, in the terms Tencent uses.
    pub zh: String,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Abbreviation in CAM: `trtc`.
    pub id: String,
    /// The product's name.
    pub name: Text,
    /// Granularity of the product as its source states it, even where its actions contradict it.
    pub granularity: ServiceGranularity,
    /// By what the source groups the actions.
    pub grouped_by: catalog::Grouping,
    /// Whether its page lists every action; absent: unknown.
    pub complete: Option<bool>,
    /// Whether the console can be opened to sub-accounts; absent: unknown.
    pub console_access: Option<bool>,
    /// Whether access can be granted by tag; absent: unknown.
    pub tag_authorization: Option<bool>,
    /// Whether its APIs honour conditions on the caller's address; absent: unknown.
    pub ip_restriction: Option<IpRestriction>,
    /// The page the facts were read from.
    pub source: Source,
    /// Facts that differ from the source on purpose, by the key that states the fact.
    pub overrides: BTreeMap<String, Override>,
    /// What a reader must know about a fact of the service, by the key that states the fact.
    pub notes: BTreeMap<String, Text>,
    /// Resource patterns, by name.
    pub patterns: Vec<Pattern>,
    /// Categories of server APIs, by name.
    pub categories: Vec<Category>,
    /// Console pages, by name.
    pub console_pages: Vec<Link>,
    /// Further documentation, by name.
    pub references: Vec<Link>,
    /// Why actions of the service are not resource-level, in words that fit the service.
    pub restrictions: Vec<(RestrictionReason, Text)>,
    /// Actions, by name; grouped, and sorted within each group.
    pub actions: Vec<Action>,
}

/// A correction made by hand, which an import keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What the source states instead; absent: nothing.
    pub upstream: Option<Stated>,
    /// Why the catalog differs.
    pub reason: Text,
}

/// A fact as a source states it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
pub struct Pattern {
    /// Name in snake case: `application`.
    pub name: String,
    /// The six segments that name a single resource, exactly as the source writes them.
    pub single: String,
    /// The six segments that name all resources of the kind.
    pub all: String,
    /// What each placeholder but `uin` and `region` takes.
    pub placeholders: Vec<(String, PlaceholderKind)>,
    /// Service segment, where it is another service's on purpose.
    pub service_segment: Option<String>,
    /// What the pattern denotes.
    pub description: Text,
    /// What a reader must know about a fact of the pattern, by the key that states the fact.
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
pub struct Link {
    /// Name in snake case: `usage_statistics`.
    pub name: String,
    /// The source's own wording.
    pub title: Text,
    /// Address, https.
    pub url: String,
}

/// One API of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Exact name in CAM, misspellings included: `DescibeCanSalePhoneNums`.
    pub name: String,
    /// Day on which the source was found not to list it any more, `YYYY-MM-DD` (a TOML date).
    pub removed: Option<String>,
    /// Name of the action that takes the place of one that is removed.
    pub replaced_by: Option<String>,
    /// Granularity.
    pub granularity: Granularity,
    /// Names of the patterns it can be limited to; only of a resource-level action.
    pub patterns: Vec<String>,
    /// Access level; absent: unknown.
    pub access_level: Option<AccessLevel>,
    /// Whether it is a server or a console API; absent: unknown.
    pub surface: Option<Surface>,
    /// Name of the category, of a server API.
    pub category: Option<String>,
    /// Names of the console pages that call it.
    pub console_pages: Vec<String>,
    /// Documentation; absent: none known.
    pub doc_url: Option<String>,
    /// Whether a condition on the caller's address is honoured; absent: unknown.
    pub ip_condition: Option<bool>,
    /// Whether the call hands out a secret, a signature or a temporary key; absent: unknown.
    pub exposes_credentials: Option<bool>,
    /// Why it is not resource-level, where the source says so.
    pub restriction: Option<RestrictionReason>,
    /// Name of the action the source recommends instead.
    pub alternative: Option<String>,
    /// Names of further documentation.
    pub references: Vec<String>,
    /// What it does.
    pub description: Text,
    /// Facts that differ from the source on purpose, by the key that states the fact.
    pub overrides: BTreeMap<String, Override>,
    /// What a reader must know about a fact of the action, by the key that states the fact.
    pub notes: BTreeMap<String, Text>,
}

/// Declares a closed set of values with the words the catalog writes for them.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub enum $name {
            $($(#[$vmeta])* $variant,)+
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
    };
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
        /// The APPID of the root account.
        AppId = "app_id",
        /// The uin of a sub-account.
        SubAccount = "sub_account",
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
    #[must_use]
    pub fn groups(&self) -> Vec<(Group, Vec<&Action>)> {
        let by_surface = self.grouped_by == catalog::Grouping::Surface;
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

/// The value of the same word: both sets have the same words.
macro_rules! same {
    ($type:ident, $value:expr) => {
        $type::ALL.iter().copied().find(|known| known.word() == $value.as_str()).expect("the same words")
    };
}

fn text(text: catalog::Text<'_>) -> Text {
    Text { en: text.en.to_owned(), zh: text.zh.to_owned() }
}

fn notes(notes: &[catalog::Note<'_>]) -> BTreeMap<String, Text> {
    notes.iter().map(|note| (note.about.to_owned(), text(note.text))).collect()
}

fn overrides(overrides: &[catalog::Override<'_>]) -> BTreeMap<String, Override> {
    let stated = |fact: catalog::Stated<'_>| match fact {
        catalog::Stated::Text(text) => Stated::Text(str::to_owned(text)),
        catalog::Stated::Flag(flag) => Stated::Flag(flag),
        catalog::Stated::List(names) => Stated::List(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let one = |found: &catalog::Override<'_>| Override {
        upstream: found.upstream.map(stated),
        reason: text(found.reason),
    };
    overrides.iter().map(|found| (found.about.to_owned(), one(found))).collect()
}

fn link(link: &catalog::Link<'_>) -> Link {
    Link { name: link.name.to_owned(), title: text(link.title), url: link.url.to_owned() }
}

impl Catalog {
    /// The same as owned data, in the order of the file.
    #[must_use]
    pub fn of(catalog: &catalog::Catalog<'_>) -> Self {
        Self { version: catalog.version, services: catalog.services.iter().map(Service::of).collect() }
    }
}

impl Service {
    fn of(service: &catalog::Service<'_>) -> Self {
        let pattern = |pattern: &catalog::Pattern<'_>| Pattern {
            name: pattern.name.to_owned(),
            single: pattern.single.to_owned(),
            all: pattern.all.to_owned(),
            placeholders: pattern
                .placeholders
                .iter()
                .map(|found| (found.name.to_owned(), same!(PlaceholderKind, found.kind)))
                .collect(),
            service_segment: pattern.service_segment.map(str::to_owned),
            description: pattern.description.map_or_else(blank, text),
            notes: notes(pattern.notes),
        };
        let other = |number: Option<u16>| Some(service.actions[usize::from(number?)].name.to_owned());
        let names = |links: &[&catalog::Link<'_>]| links.iter().map(|link| link.name.to_owned()).collect();
        let action = |action: &catalog::ActionFacts<'_>| Action {
            name: action.name.to_owned(),
            removed: action.removed.map(str::to_owned),
            replaced_by: other(action.replaced_by),
            granularity: same!(Granularity, action.granularity),
            patterns: action.patterns.iter().map(|pattern| pattern.name.to_owned()).collect(),
            access_level: action.access_level.map(|found| same!(AccessLevel, found)),
            surface: action.surface.map(|found| same!(Surface, found)),
            category: action.category.map(|category| category.name.to_owned()),
            console_pages: names(action.console_pages),
            doc_url: action.doc_url.map(str::to_owned),
            ip_condition: action.ip_condition,
            exposes_credentials: action.exposes_credentials,
            restriction: action.restriction.map(|found| same!(RestrictionReason, found.reason)),
            alternative: other(action.alternative),
            references: names(action.references),
            description: action.description.map_or_else(blank, text),
            overrides: overrides(action.overrides),
            notes: notes(action.notes),
        };
        let mut actions: Vec<&catalog::ActionFacts<'_>> = service.actions.iter().collect();
        actions.sort_by_key(|facts| catalog::Group::of(service.grouped_by, facts));
        Self {
            id: service.id.to_owned(),
            name: text(service.name),
            granularity: same!(ServiceGranularity, service.granularity),
            grouped_by: service.grouped_by,
            complete: service.complete,
            console_access: service.console_access,
            tag_authorization: service.tag_authorization,
            ip_restriction: service.ip_restriction.map(|found| same!(IpRestriction, found)),
            source: Source {
                title: service.source.title.to_owned(),
                url: service.source.url.map(str::to_owned),
                read: service.source.read.to_owned(),
            },
            overrides: overrides(service.overrides),
            notes: notes(service.notes),
            patterns: service.patterns.iter().map(pattern).collect(),
            categories: service
                .categories
                .iter()
                .map(|found| Category { name: found.name.to_owned(), title: text(found.title) })
                .collect(),
            console_pages: service.console_pages.iter().map(link).collect(),
            references: service.references.iter().map(link).collect(),
            restrictions: service
                .restrictions
                .iter()
                .map(|found| (same!(RestrictionReason, found.reason), text(found.text)))
                .collect(),
            actions: actions.into_iter().map(action).collect(),
        }
    }
}

fn blank() -> Text {
    Text { en: String::new(), zh: String::new() }
}
