//! The facts the catalog states, as types.

use core::fmt;

/// A closed set of values, each with the word the catalog and its exports use.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
        }

        impl $name {
            /// The word the catalog and its JSON export use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// How finely CAM authorises an action.
    ///
    /// Stated in the permission table of the service's documentation.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Granularity, trtc};
    ///
    /// const LEVEL: Granularity = trtc::ApplicationAction::GRANULARITY;
    /// assert_eq!(LEVEL, Granularity::Resource);
    /// assert_eq!(LEVEL.as_str(), "resource");
    /// # }
    /// ```
    #[non_exhaustive]
    Granularity {
        /// On every resource or on none: CAM is handed `*`, which no named resource matches.
        Operation = "operation",
        /// On the resources a policy names.
        Resource = "resource",
        /// Not documented: the action is part of the public API, and no permission page lists it. To grant it on
        /// every resource is right at any level.
        Undocumented = "undocumented",
    }
}

words! {
    /// How finely a product is authorised, as its documentation states it for the product as a whole.
    ///
    /// A product's page may contradict its own table of actions; [`Service::notes`](crate::Service::notes) says
    /// so. What counts for a grant is the [`Granularity`] of the action.
    ///
    /// ```
    /// # #[cfg(feature = "ccc")] {
    /// use tencent_cam::{Service, ServiceGranularity};
    ///
    /// assert_eq!(Service::Ccc.granularity(), ServiceGranularity::Operation);
    /// assert_eq!(Service::Ccc.notes()[0].about, "granularity", "its own actions contradict it");
    /// # }
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
    /// What an action does to the resources of its service.
    ///
    /// The part of the documentation's table it stands in. It need not follow the verb of the name.
    ///
    /// ```
    /// # #[cfg(feature = "ccc")] {
    /// use tencent_cam::{AccessLevel, ccc};
    ///
    /// assert_eq!(ccc::OperationAction::CreateIVR.access_level(), Some(AccessLevel::Write));
    /// # }
    /// ```
    #[non_exhaustive]
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
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{Surface, trtc};
    ///
    /// assert_eq!(trtc::ApplicationAction::RemoveUser.surface(), Some(Surface::Server));
    /// # }
    /// ```
    #[non_exhaustive]
    Surface {
        /// A public API of the service.
        Server = "server",
        /// An API the service's console calls.
        Console = "console",
    }
}

words! {
    /// Whether the APIs of a product honour conditions on the caller's address, as stated for the product.
    ///
    /// For one action see its `ip_condition`.
    ///
    /// ```
    /// # #[cfg(feature = "ccc")] {
    /// use tencent_cam::{IpRestriction, Service};
    ///
    /// assert_eq!(Service::Ccc.ip_restriction(), Some(IpRestriction::Supported));
    /// # }
    /// ```
    IpRestriction {
        /// Every API does (支持).
        Supported = "supported",
        /// Some do (部分支持).
        Partial = "partial",
        /// None does (不支持).
        Unsupported = "unsupported",
    }
}

words! {
    /// Why an action cannot be limited to a resource.
    ///
    /// ```
    /// assert_eq!(tencent_cam::RestrictionReason::CreatesResource.as_str(), "creates_resource");
    /// ```
    #[non_exhaustive]
    RestrictionReason {
        /// Its parameters carry no identifier of a resource.
        NoResourceParameter = "no_resource_parameter",
        /// It makes the resource, whose identifier exists only afterwards.
        CreatesResource = "creates_resource",
        /// It answers for all resources at once.
        CoversAllResources = "covers_all_resources",
        /// It is about something all resources of the account share.
        SharedByAccount = "shared_by_account",
        /// The documentation names business reasons and no more.
        BusinessReasons = "business_reasons",
    }
}

/// A text in English and in Chinese, written for this catalog.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Text, trtc};
///
/// const TEXT: Text = trtc::ApplicationAction::RemoveUser.description();
/// assert!(TEXT.en.ends_with('.') && TEXT.zh.ends_with('。'));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

/// The address of a page, with the title its source gives it.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::trtc;
///
/// let pages = trtc::OperationAction::RemindBalance.console_pages();
/// assert_eq!(pages[0].title.en, "Package Management");
/// assert_eq!(pages[0].url, "https://console.cloud.tencent.com/trtc/package");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Title.
    pub title: Text,
    /// Address, https.
    pub url: &'static str,
}

/// What a reader must know about one fact, such as a contradiction in the documentation.
///
/// ```
/// # #[cfg(feature = "ccc")] {
/// use tencent_cam::ccc;
///
/// // The product's page says operation level, its own table lists resource-level actions.
/// assert_eq!(ccc::SERVICE.notes()[0].about, "granularity");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// The catalog key that states the fact.
    pub about: &'static str,
    /// The note.
    pub text: Text,
}

/// Where the facts of a service were read.
///
/// ```
/// # #[cfg(feature = "trtc")]
/// assert_eq!(tencent_cam::Service::Trtc.source().title, "Manageable Resources and Actions");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// Title of the page.
    pub title: &'static str,
    /// Address of the page; `None`: unknown.
    pub url: Option<&'static str>,
    /// Day it was read, `YYYY-MM-DD`.
    pub read: &'static str,
}

/// A kind of resource an action can be limited to, as the service's documentation writes it.
///
/// A `${placeholder}` in it stands for a value to fill in; the resource types of the services do that. Never
/// put it into a policy as it stands: there `${uin}` is a policy variable and means the caller, not the root
/// account.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::trtc;
///
/// let [pattern] = trtc::ApplicationAction::RemoveUser.patterns() else { panic!("one pattern") };
/// assert_eq!(pattern.single, "qcs::trtc::uin/${uin}:sdkappid/${SdkAppId}");
/// assert_eq!(pattern.all, "qcs::trtc::uin/${uin}:sdkappid/*");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Name in the catalog, snake case.
    pub name: &'static str,
    /// The six segments that name one resource.
    pub single: &'static str,
    /// The six segments that name all resources of the kind.
    pub all: &'static str,
    /// What it denotes.
    pub description: Text,
    /// What a reader must know about it.
    pub notes: &'static [Note],
}

/// Why an action is not resource-level, where the documentation says so.
///
/// The action it points to as a way round is the action's `alternative`.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{RestrictionReason, trtc};
///
/// let action = trtc::OperationAction::GetUserList;
/// assert_eq!(action.restriction().unwrap().reason, RestrictionReason::NoResourceParameter);
/// assert_eq!(action.alternative().unwrap().name(), "DescribeAppStatList");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Restriction {
    /// The kind of reason.
    pub reason: RestrictionReason,
    /// The reason in the words of the service.
    pub text: Text,
}

/// What the catalog states about one action beyond its enum.
pub(crate) struct Facts {
    pub(crate) name: &'static str,
    pub(crate) wire: &'static str,
    pub(crate) removed: Option<&'static str>,
    /// Number of the action of its service that takes its place.
    pub(crate) replaced_by: Option<u16>,
    pub(crate) access_level: Option<AccessLevel>,
    pub(crate) surface: Option<Surface>,
    pub(crate) category: Option<Text>,
    pub(crate) console_pages: &'static [Link],
    pub(crate) doc_url: Option<&'static str>,
    pub(crate) ip_condition: Option<bool>,
    pub(crate) restriction: Option<Restriction>,
    /// Number of the alternative action in its service.
    pub(crate) alternative: Option<u16>,
    pub(crate) references: &'static [Link],
    pub(crate) description: Text,
    pub(crate) notes: &'static [Note],
}

impl Facts {
    /// Nothing stated.
    pub(crate) const UNSTATED: Self = Self {
        name: "",
        wire: "",
        removed: None,
        replaced_by: None,
        access_level: None,
        surface: None,
        category: None,
        console_pages: &[],
        doc_url: None,
        ip_condition: None,
        restriction: None,
        alternative: None,
        references: &[],
        description: Text { en: "", zh: "" },
        notes: &[],
    };
}

/// What the catalog states about one service.
pub(crate) struct ServiceFacts {
    pub(crate) id: &'static str,
    pub(crate) name: Text,
    pub(crate) granularity: ServiceGranularity,
    pub(crate) console_access: Option<bool>,
    pub(crate) tag_authorization: Option<bool>,
    pub(crate) ip_restriction: Option<IpRestriction>,
    pub(crate) source: Source,
    pub(crate) references: &'static [Link],
    pub(crate) notes: &'static [Note],
    pub(crate) patterns: &'static [Pattern],
    pub(crate) shapes: &'static [crate::resource::Shape],
}
