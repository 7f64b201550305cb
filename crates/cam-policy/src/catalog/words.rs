//! The closed sets of words that facts use.

use core::fmt;

/// Declares a closed set of values with the word that `catalog.toml` and the exports use for each.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal $label:tt,)+ }) => {
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
                entries: &[$(Entry {
                    word: $word,
                    variant: stringify!($variant),
                    label: $label,
                    doc: &[$($vdoc),*],
                },)+],
            };

            fn entry(self) -> &'static Entry {
                &Self::VOCABULARY.entries[self as usize]
            }
        }
    };
}

/// What every closed set of words offers to code that treats all sets alike.
pub trait Word: Copy + fmt::Debug + Eq + 'static {
    /// Every value, in order.
    const ALL: &'static [Self];

    /// Returns the set as data.
    const VOCABULARY: &'static Vocabulary;

    /// Returns the word and what it means.
    fn entry(self) -> &'static Entry;

    /// Returns the value that a word stands for; `None`: the word is not in the set.
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
    /// What pages write for it, in English and Chinese.
    pub label: (&'static str, &'static str),
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
        Operation = "operation" ("operation level", "操作级"),
        /// On the resources that a policy names.
        Resource = "resource" ("resource level", "资源级"),
        /// Not documented: the action is part of the public API, and no permission page lists it, or its page lists it
        /// both as resource-level and as not. A grant on every resource is right at any level.
        Undocumented = "undocumented" ("not documented", "未见文档说明"),
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
        Service = "service" ("service level", "服务级"),
        /// By API.
        Operation = "operation" ("operation level", "操作级"),
        /// By API and resource.
        Resource = "resource" ("resource level", "资源级"),
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
        Write = "write" ("Write operations", "写操作"),
        /// A read operation (读操作).
        Read = "read" ("Read operations", "读操作"),
        /// A list operation (列表操作).
        List = "list" ("List operations", "列表操作"),
        /// Another operation (其他操作).
        Other = "other" ("Other operations", "其他操作"),
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
        Server = "server" ("server APIs", "服务端 API"),
        /// An API that the console of the service calls.
        Console = "console" ("console APIs", "控制台 API"),
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
        Supported = "supported" ("supported", "支持"),
        /// Some APIs do (部分支持).
        Partial = "partial" ("supported by some APIs", "部分接口支持"),
        /// No API does (不支持).
        Unsupported = "unsupported" ("not supported", "不支持"),
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
        NoResourceParameter = "no_resource_parameter" ("no resource parameter", "参数中不含资源标识"),
        /// It makes the resource, whose identifier exists only afterwards.
        CreatesResource = "creates_resource" ("creates the resource", "创建资源"),
        /// It answers for all resources at once.
        CoversAllResources = "covers_all_resources" ("covers all resources", "针对全部资源"),
        /// It is about something that all resources of the account share.
        SharedByAccount = "shared_by_account" ("shared by the account", "整个账号共用"),
        /// The documentation names business reasons and no more.
        BusinessReasons = "business_reasons" ("business reasons", "业务原因"),
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
        Number = "number" ("a positive whole number.", "正整数。"),
        /// An identifier without `*`, `:`, `/`, `$` and whitespace.
        Text = "text" ("an identifier without `*`, `:`, `/`, `$` and whitespace.", "不含 `*`、`:`、`/`、`$` 和空白的标识符。"),
        /// A name that somebody chose, without `*`, `:`, `/`, `$` and whitespace.
        Name = "name" ("a name without `*`, `:`, `/`, `$` and whitespace.", "不含 `*`、`:`、`/`、`$` 和空白的名称。"),
        /// A path, which may contain `/`: the key of an object. Without `*`, `$` and control characters.
        Path = "path" ("a path, which may contain `/`, without `*` and `$`.", "路径，可含 `/`，不含 `*`、`$`。"),
        /// The APPID of the root account: a positive whole number that is not its uin.
        AppId = "app_id" ("the APPID of the root account: a positive whole number that is not its uin.", "主账号的 APPID：正整数，与 uin 不同。"),
        /// The uin of a sub-account.
        SubAccount = "sub_account" ("the uin of a sub-account.", "子账号的 uin。"),
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
        Surface = "surface" ("by granularity and surface", "按授权粒度和服务端或控制台 API"),
        /// By access level.
        AccessLevel = "access_level" ("by access level", "按操作类型"),
    }
}
