//! The closed sets of words that facts use.

use core::fmt;

/// Declares a closed set of values with the word that `catalog.toml` and the exports use for each.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $vdoc])* $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that `catalog.toml` and the exports use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Word for $name {
            const ALL: &'static [Self] = Self::ALL;
            const VOCABULARY: &'static Vocabulary = &Vocabulary {
                name: stringify!($name),
                doc: &[$($doc),*],
                entries: &[$(Entry { word: $word, variant: stringify!($variant), doc: &[$($vdoc),*] },)+],
            };

            fn entry(self) -> &'static Entry {
                &Self::VOCABULARY.entries[self as usize]
            }
        }
    };
}

/// What every closed set of words offers to code that treats them alike.
pub trait Word: Copy + fmt::Debug + Eq + 'static {
    /// Every value, in order.
    const ALL: &'static [Self];

    /// The set itself.
    const VOCABULARY: &'static Vocabulary;

    /// The word and what it means.
    fn entry(self) -> &'static Entry;

    /// The value that a word stands for; `None`: the word is not in the set.
    ///
    /// ```
    /// use cam_policy::catalog::{AccessLevel, Word};
    ///
    /// assert_eq!(AccessLevel::from_word("read"), Some(AccessLevel::Read));
    /// assert_eq!(AccessLevel::from_word("look"), None);
    /// ```
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.entry().word == word)
    }
}

/// A closed set of words, as data.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// Name of the enum in Rust: `AccessLevel`.
    pub name: &'static str,
    /// The lines of its documentation.
    pub doc: &'static [&'static str],
    /// The words, in order.
    pub entries: &'static [Entry],
}

/// A word of a closed set, as data.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The word: `write`.
    pub word: &'static str,
    /// Name of the variant in Rust: `Write`.
    pub variant: &'static str,
    /// The lines of its documentation.
    pub doc: &'static [&'static str],
}

words! {
    /// How finely CAM authorises an action, as the permission table of its service states it.
    ///
    /// ```
    /// use cam_policy::catalog::Granularity;
    ///
    /// assert_eq!(Granularity::Resource.as_str(), "resource");
    /// ```
    Granularity {
        /// On every resource or on none: CAM receives `*`, which no named resource matches.
        Operation = "operation",
        /// On the resources that a policy names.
        Resource = "resource",
        /// Not documented: the action is part of the public API, and no permission page lists it. A grant on every
        /// resource is right at any level.
        Undocumented = "undocumented",
    }
}

words! {
    /// How finely CAM authorises a product, as its documentation states it for the product as a whole.
    ///
    /// The page of a product may contradict its own table of actions; the notes of the service say so. What counts for a
    /// grant is the [`Granularity`] of the action.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::ServiceGranularity::Operation.as_str(), "operation");
    /// ```
    ServiceGranularity {
        /// All of the product or nothing.
        Service = "service",
        /// By API.
        Operation = "operation",
        /// By API and resource.
        Resource = "resource",
    }
}

words! {
    /// What an action does to the resources of its service: the part of the documentation's table that lists it.
    ///
    /// It need not follow the verb of the name.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::AccessLevel::Write.as_str(), "write");
    /// ```
    AccessLevel {
        /// A write operation (写操作).
        Write = "write",
        /// A read operation (读操作).
        Read = "read",
        /// A list operation (列表操作).
        List = "list",
        /// Another operation (其他操作).
        Other = "other",
    }
}

words! {
    /// Where an action is called from.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::Surface::Server.as_str(), "server");
    /// ```
    Surface {
        /// A public API of the service.
        Server = "server",
        /// An API that the console of the service calls.
        Console = "console",
    }
}

words! {
    /// Whether the APIs of a product honour conditions on the caller's address, as stated for the product.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::IpRestriction::Partial.as_str(), "partial");
    /// ```
    IpRestriction {
        /// Every API does (支持).
        Supported = "supported",
        /// Some APIs do (部分支持).
        Partial = "partial",
        /// No API does (不支持).
        Unsupported = "unsupported",
    }
}

words! {
    /// Why an action cannot be limited to a resource.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::RestrictionReason::CreatesResource.as_str(), "creates_resource");
    /// ```
    RestrictionReason {
        /// Its parameters carry no identifier of a resource.
        NoResourceParameter = "no_resource_parameter",
        /// It makes the resource, whose identifier exists only afterwards.
        CreatesResource = "creates_resource",
        /// It answers for all resources at once.
        CoversAllResources = "covers_all_resources",
        /// It is about something that all resources of the account share.
        SharedByAccount = "shared_by_account",
        /// The documentation names business reasons and no more.
        BusinessReasons = "business_reasons",
    }
}

words! {
    /// What a placeholder of a resource pattern takes.
    ///
    /// The placeholders `uin` and `region` mean the same in every pattern and have no kind.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::PlaceholderKind::Number.as_str(), "number");
    /// ```
    PlaceholderKind {
        /// A positive whole number.
        Number = "number",
        /// An identifier without `*`, `:`, `/`, `$` and whitespace.
        Text = "text",
        /// The APPID of the root account: a positive whole number that is not its uin.
        AppId = "app_id",
        /// The uin of a sub-account.
        SubAccount = "sub_account",
    }
}

words! {
    /// By what the permission page of a service groups its actions into tables.
    ///
    /// [`Group`](super::Group) has the order of the tables.
    ///
    /// ```
    /// assert_eq!(cam_policy::catalog::Grouping::AccessLevel.as_str(), "access_level");
    /// ```
    Grouping {
        /// By granularity and surface.
        Surface = "surface",
        /// By access level.
        AccessLevel = "access_level",
    }
}
