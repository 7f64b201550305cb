//! The facts of services, patterns and actions, one row each. An item holds references to the items that it names.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::lookup::Lookup;
use super::parts::{Category, Link, Note, Override, Placeholder, Restriction, Source, Text};
use super::row::{Change, Fact, Kind, Presence, Target};
use super::words::{
    AccessLevel, Entry, Granularity, Grouping, IpRestriction, ServiceGranularity, Surface, Word,
};
use crate::text::{glob, nearest};

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'c> {
    /// Of a flag.
    Flag(bool),
    /// Of a day, an address or another string.
    String(&'c str),
    /// Several strings.
    Strings(&'c [&'c str]),
    /// Of a text.
    Text(Text<'c>),
    /// Of a word.
    Word(&'static Entry),
    /// An action of the service, by number.
    Action(u16),
    /// A category.
    Category(&'c Category<'c>),
    /// A restriction.
    Restriction(&'c Restriction<'c>),
    /// Patterns.
    Patterns(&'c [&'c Pattern<'c>]),
    /// Console pages or further documentation.
    Links(&'c [&'c Link<'c>]),
    /// The source of a service.
    Source(Source<'c>),
    /// The placeholders of a pattern.
    Placeholders(&'c [Placeholder<'c>]),
    /// Corrections.
    Overrides(&'c [Override<'c>]),
    /// Notes.
    Notes(&'c [Note<'c>]),
}

/// Implements the conversion between a type of fields and [`Value`].
trait Datum<'c>: Sized {
    fn wrap(self) -> Value<'c>;
    fn unwrap(value: Value<'c>) -> Option<Self>;
}

macro_rules! data {
    ($($variant:ident($type:ty))*) => {$(
        impl<'c> Datum<'c> for $type {
            fn wrap(self) -> Value<'c> {
                Value::$variant(self)
            }

            fn unwrap(value: Value<'c>) -> Option<Self> {
                match value {
                    Value::$variant(found) => Some(found),
                    _ => None,
                }
            }
        }
    )*};
}

data! {
    Flag(bool)
    String(&'c str)
    Strings(&'c [&'c str])
    Text(Text<'c>)
    Action(u16)
    Category(&'c Category<'c>)
    Restriction(&'c Restriction<'c>)
    Patterns(&'c [&'c Pattern<'c>])
    Links(&'c [&'c Link<'c>])
    Source(Source<'c>)
    Placeholders(&'c [Placeholder<'c>])
    Overrides(&'c [Override<'c>])
    Notes(&'c [Note<'c>])
}

impl<'c, W: Word> Datum<'c> for W {
    fn wrap(self) -> Value<'c> {
        Value::Word(self.entry())
    }

    fn unwrap(value: Value<'c>) -> Option<Self> {
        match value {
            Value::Word(entry) => Self::from_word(entry.word),
            _ => None,
        }
    }
}

/// An item whose facts are rows.
pub trait Facts<'c> {
    /// The rows, in the order of the keys in `catalog.toml`.
    const FACTS: &'static [Fact];

    /// Returns the value of the fact with this key; `None`: nothing is stated, or the key holds tables.
    fn value(&self, key: &str) -> Option<Value<'c>>;

    /// Sets a fact.
    ///
    /// # Panics
    ///
    /// If no fact has this key, or the value is of another kind.
    fn set(&mut self, key: &str, value: Value<'c>);

    /// Returns the row with this key.
    fn fact(key: &str) -> Option<&'static Fact> {
        Self::FACTS.iter().find(|fact| fact.key == key)
    }
}

/// Declares the facts of an item: the struct, the default of each field, and the rows.
///
/// A field is `optional` (an `Option`), `action` (an optional action, by number), `required` or `defaulted` (the
/// default stands in braces), a `list` (empty by default), or `tables` (a list that is not a value).
macro_rules! facts {
    (
        $(#[doc = $doc:literal])*
        $name:ident<$c:lifetime> {
            $($(#[doc = $hdoc:literal])* $head:ident: $htype:ty = $hvalue:expr,)*
        }
        $($(#[doc = $fdoc:literal])* $field:ident: $presence:ident $({ $absent:expr })? $type:ty = $fact:expr;)*
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<$c> {
            $($(#[doc = $hdoc])* pub $head: $htype,)*
            $($(#[doc = $fdoc])* pub $field: facts!(@type $presence $type),)*
        }

        impl<$c> $name<$c> {
            /// An item of which nothing is stated.
            pub const UNSTATED: Self = Self {
                $($head: $hvalue,)*
                $($field: facts!(@absent $presence $($absent)?),)*
            };
        }

        impl<$c> Facts<$c> for $name<$c> {
            const FACTS: &'static [Fact] = &[
                $(Fact {
                    field: stringify!($field),
                    doc: &[$($fdoc),*],
                    presence: facts!(@presence $presence),
                    ..$fact
                },)*
            ];

            fn value(&self, key: &str) -> Option<Value<$c>> {
                let place = Self::FACTS.iter().position(|fact| fact.key == key)?;
                match Self::FACTS[place].field {
                    $(stringify!($field) => facts!(@value $presence self.$field),)*
                    _ => None,
                }
            }

            fn set(&mut self, key: &str, value: Value<$c>) {
                let fact = Self::fact(key).expect("a row has the key");
                match fact.field {
                    $(stringify!($field) => facts!(@set $presence self.$field, value),)*
                    _ => {}
                }
            }
        }
    };

    (@type optional $type:ty) => { Option<$type> };
    (@type action $type:ty) => { Option<$type> };
    (@type $presence:ident $type:ty) => { $type };

    (@absent optional) => { None };
    (@absent action) => { None };
    (@absent list) => { &[] };
    (@absent tables) => { &[] };
    (@absent $presence:ident $absent:expr) => { $absent };

    (@presence optional) => { Presence::Optional };
    (@presence action) => { Presence::Optional };
    (@presence required) => { Presence::Required };
    (@presence defaulted) => { Presence::Defaulted };
    (@presence $list:ident) => { Presence::List };

    (@value optional $value:expr) => { $value.map(Datum::wrap) };
    (@value action $value:expr) => { $value.map(Datum::wrap) };
    (@value list $value:expr) => { (!$value.is_empty()).then(|| $value.wrap()) };
    (@value tables $value:expr) => { None };
    (@value $presence:ident $value:expr) => { Some($value.wrap()) };

    (@set optional $place:expr, $value:expr) => { $place = Some(Datum::unwrap($value).expect(OTHER_KIND)) };
    (@set action $place:expr, $value:expr) => { $place = Some(Datum::unwrap($value).expect(OTHER_KIND)) };
    (@set tables $place:expr, $value:expr) => { panic!("{OTHER_KIND}") };
    (@set $presence:ident $place:expr, $value:expr) => { $place = Datum::unwrap($value).expect(OTHER_KIND) };
}

const OTHER_KIND: &str = "the value is of the kind that the row states";

facts! {
    /// A kind of resource that an action can be limited to, as the service's documentation writes it.
    ///
    /// A `${placeholder}` in it stands for a value to fill in. Never put it into a policy as it stands: there `${uin}`
    /// is a policy variable and means the caller, not the root account.
    Pattern<'c> {
        /// Name in the catalog, snake case: `application`.
        name: &'c str = "",
    }

    /// The six segments that name one resource, exactly as the source writes them.
    ///
    /// It is the same as `all` where a request never names a single one: the source has `*` in place of the identifier.
    single: required { "" } &'c str = Fact::new("single", Kind::String, ("A single one", "单个资源"));
    /// The six segments that name all resources of the kind.
    all: required { "" } &'c str = Fact::new("all", Kind::String, ("All of them", "全部资源"));
    /// What each placeholder but `uin` and `region` takes, sorted by name.
    placeholders: list &'c [Placeholder<'c>] =
        Fact::new("placeholder", Kind::Placeholders, ("Placeholders", "占位符"));
    /// The service segment, where it is another service's on purpose.
    service_segment: optional &'c str =
        Fact::new("service_segment", Kind::String, ("Service segment", "服务段"));
    /// What it denotes; `None`: nobody has written that.
    description: optional Text<'c> = Fact::new("description", Kind::Text, ("Description", "描述"));
    /// What a reader must know about its facts, sorted by key.
    notes: list &'c [Note<'c>] = Fact::new("note", Kind::Notes, ("Notes", "说明"));
}

facts! {
    /// The facts of one service and all its actions.
    ///
    /// Generated code and the reader of `catalog.toml` fill it; a later minor version may add fields.
    Service<'c> {
        /// Abbreviation in CAM: `trtc`.
        id: &'c str = "",
        /// Finds the number of an action by its name.
        lookup: Lookup<'c> = Lookup::EMPTY,
    }

    /// Name of the product.
    name: required { Text { en: "", zh: "" } } Text<'c> = Fact::new("name", Kind::Text, ("Name", "名称"));
    /// Granularity of the product as its source states it, even where its actions contradict it.
    granularity: required { ServiceGranularity::Resource } ServiceGranularity =
        Fact::new("granularity", Kind::word::<ServiceGranularity>(), ("Granularity", "授权粒度"))
            .overridable()
            .exported()
            .column(30);
    /// By what the source groups the actions, which stand in `catalog.toml` in the order of these groups.
    grouped_by: defaulted { Grouping::AccessLevel } Grouping =
        Fact::new("grouped_by", Kind::word::<Grouping>(), ("Grouping", "分组方式")).change(Change::Minor);
    /// Whether the console can be opened to sub-accounts; `None`: unknown.
    console_access: optional bool =
        Fact::new("console_access", Kind::Flag, ("Console access", "控制台访问")).overridable().column(10).change(Change::Minor);
    /// Whether access can be granted by tag; `None`: unknown.
    tag_authorization: optional bool =
        Fact::new("tag_authorization", Kind::Flag, ("Authorization by tag", "按标签授权")).overridable().column(20);
    /// Whether its APIs honour conditions on the caller's address; `None`: unknown.
    ip_restriction: optional IpRestriction =
        Fact::new("ip_restriction", Kind::word::<IpRestriction>(), ("IP restriction", "IP限制")).overridable().column(40);
    /// The condition keys that its documentation names for all requests, or for requests of which it gives no list, sorted;
    /// none: it names none.
    all_request_keys: list &'c [&'c str] =
        Fact::new("all_request_keys", Kind::Strings, ("Condition keys of all requests", "所有请求的条件键"))
            .exported()
            .change(Change::Minor);
    /// Whether its page lists every action of the service; `None`: unknown.
    complete: optional bool =
        Fact::new("complete", Kind::Flag, ("Complete list", "接口列表是否完整")).exported().change(Change::Minor);
    /// Where and when its facts were read.
    source: required { Source { title: "", url: None, dated: None, read: "" } } Source<'c> =
        Fact::new("source", Kind::Source, ("Source", "来源"));
    /// Facts that differ from the source on purpose, sorted by key.
    overrides: list &'c [Override<'c>] = Fact::new("override", Kind::Overrides, ("Corrections", "更正"));
    /// What a reader must know about its facts, sorted by key.
    notes: list &'c [Note<'c>] = Fact::new("note", Kind::Notes, ("Notes", "说明"));
    /// Resource patterns, sorted by name.
    patterns: tables &'c [Pattern<'c>] =
        Fact::new("pattern", Kind::Tables(Target::Pattern), ("Resource patterns", "资源六段式"));
    /// Categories of server APIs, sorted by name.
    categories: tables &'c [Category<'c>] =
        Fact::new("category", Kind::Tables(Target::Category), ("Categories", "类别"));
    /// Console pages, sorted by name.
    console_pages: tables &'c [Link<'c>] =
        Fact::new("console_page", Kind::Tables(Target::ConsolePage), ("Console pages", "控制台页面"));
    /// Further documentation, sorted by name.
    references: tables &'c [Link<'c>] =
        Fact::new("reference", Kind::Tables(Target::Reference), ("Further documentation", "更多文档"));
    /// Why actions are not resource-level, in words that fit the service, sorted by reason.
    restrictions: tables &'c [Restriction<'c>] =
        Fact::new("restriction", Kind::Tables(Target::Restriction), ("Restrictions", "限制说明"));
    /// The actions.
    ///
    /// Here they are sorted by name, and the place of an action is its number.
    actions: tables &'c [ActionFacts<'c>] =
        Fact::new("action", Kind::Tables(Target::Action), ("Actions", "接口"));
}

/// Declares the facts of an action, and an accessor for each on [`Action`].
macro_rules! action_facts {
    (
        { $($head:tt)* }
        $($(#[doc = $fdoc:literal])* $field:ident: $presence:ident $({ $absent:expr })? $type:ty = $fact:expr;)*
    ) => {
        facts! {
            $($head)*
            $($(#[doc = $fdoc])* $field: $presence $({ $absent })? $type = $fact;)*
        }

        /// One fact of an action, by the name of its field in [`ActionFacts`].
        ///
        /// A long list of these costs rustc far less time than the same facts as [`ActionFacts`], which has all fields.
        #[allow(non_camel_case_types, reason = "a variant has the name of the field")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ActionFact<'c> {
            $(
                $(#[doc = $fdoc])*
                $field($type),
            )*
        }

        impl<'c> ActionFacts<'c> {
            /// Returns the facts with this one added or replaced.
            ///
            /// ```
            /// use cam_policy::catalog::{ActionFact, ActionFacts};
            ///
            /// const FACTS: ActionFacts<'_> = ActionFacts::UNSTATED.with(ActionFact::ip_condition(true));
            /// assert_eq!(FACTS, ActionFacts { ip_condition: Some(true), ..ActionFacts::UNSTATED });
            /// ```
            #[must_use]
            pub const fn with(mut self, fact: ActionFact<'c>) -> Self {
                match fact {
                    $(ActionFact::$field(value) => self.$field = action_facts!(@stated $presence value),)*
                }
                self
            }
        }

        impl<'c> Action<'c> {
            $(
                $(#[doc = $fdoc])*
                pub const fn $field(self) -> action_facts!(@type $presence $type) {
                    action_facts!(@get $presence self, $field)
                }
            )*
        }
    };

    (@stated optional $value:expr) => { Some($value) };
    (@stated action $value:expr) => { Some($value) };
    (@stated $presence:ident $value:expr) => { $value };

    (@type action $type:ty) => { Option<Self> };
    (@type $presence:ident $type:ty) => { facts!(@type $presence $type) };

    (@get action $action:expr, $field:ident) => { $action.other($action.facts().$field) };
    (@get $presence:ident $action:expr, $field:ident) => { $action.facts().$field };
}

action_facts! {
    {
        /// The facts of one action. [`Action`] reads them.
        ///
        /// Generated code and the reader of `catalog.toml` fill it; a later minor version may add fields.
        ActionFacts<'c> {
            /// Exact name in CAM, misspellings included: `DescibeCanSalePhoneNums`.
            name: &'c str = "",
            /// The action as policies write it: `trtc:RemoveUser`.
            qualified_name: &'c str = "",
        }
    }

    /// Day on which the source was found not to list it any more, `YYYY-MM-DD`; `None`: it is listed.
    removed: optional &'c str = Fact::new("removed", Kind::Day, ("Removed", "移除日期")).documented_only().exported();
    /// The action that takes the place of this one, which is removed; `None`: none is known.
    replaced_by: action u16 =
        Fact::new("replaced_by", Kind::Name(Target::Action), ("Replacement", "接替接口")).exported();
    /// Granularity.
    granularity: required { Granularity::Undocumented } Granularity =
        Fact::new("granularity", Kind::word::<Granularity>(), ("Granularity", "授权粒度"))
            .overridable()
            .exported()
            .column(40);
    /// The patterns it can be limited to, sorted by name; none unless it is resource-level.
    patterns: list &'c [&'c Pattern<'c>] =
        Fact::new("patterns", Kind::Names(Target::Pattern), ("Resource", "资源六段式"))
            .overridable()
            .documented_only()
            .exported()
            .column(60);
    /// What its source prints in the place of a pattern, and what no policy can name: five segments, a project, a single
    /// identifier of somebody's. While it has one, which other resources it can be limited to is not known.
    printed_patterns: list &'c [&'c str] =
        Fact::new("printed_patterns", Kind::Strings, ("Malformed in the source", "来源中有误的六段式"))
            .overridable()
            .documented_only()
            .exported()
            .change(Change::Minor);
    /// What it does to the resources of its service; `None`: unknown.
    access_level: optional AccessLevel =
        Fact::new("access_level", Kind::word::<AccessLevel>(), ("Access level", "操作类型"))
            .overridable()
            .documented_only()
            .exported()
            .column(50)
            .change(Change::Minor);
    /// Whether it is a server or a console API; `None`: unknown.
    surface: optional Surface =
        Fact::new("surface", Kind::word::<Surface>(), ("Server or console API", "服务端或控制台 API"))
            .overridable()
            .exported()
            .change(Change::Minor);
    /// The category of a server API; `None`: none is stated.
    category: optional &'c Category<'c> =
        Fact::new("category", Kind::Name(Target::Category), ("Category", "类别"))
            .overridable()
            .exported()
            .column(10);
    /// The console pages that call it, as far as stated.
    console_pages: list &'c [&'c Link<'c>] =
        Fact::new("console_pages", Kind::Names(Target::ConsolePage), ("Console pages", "控制台页面"))
            .overridable()
            .exported()
            .column(20);
    /// Address of its documentation; `None`: not known.
    doc_url: optional &'c str =
        Fact::new("doc_url", Kind::Url, ("Documentation", "文档")).overridable().exported();
    /// Whether it honours a condition on the caller's address; `None`: unknown.
    ip_condition: optional bool = Fact::new("ip_condition", Kind::Flag, ("IP condition", "IP限制"))
        .overridable()
        .documented_only()
        .exported()
        .column(70);
    /// The condition keys that its source lists beside it, sorted; none: the source lists none.
    condition_keys: list &'c [&'c str] =
        Fact::new("condition_keys", Kind::Strings, ("Condition keys", "条件键"))
            .overridable()
            .documented_only()
            .exported()
            .column(72)
            .change(Change::Minor);
    /// Whether the public SDK has an API of this name; `None`: it has, or unknown.
    in_sdk: optional bool = Fact::new("in_sdk", Kind::Flag, ("In the public SDK", "公开 SDK 中有此接口"))
        .exported()
        .change(Change::Minor);
    /// Whether the call hands out a secret, a signature or a temporary key; `None`: unknown.
    exposes_credentials: optional bool =
        Fact::new("exposes_credentials", Kind::Flag, ("Exposes credentials", "返回凭证"))
            .exported()
            .column(75)
            .change(Change::Minor);
    /// Why it is not resource-level; `None`: it is, or the source states no reason.
    restriction: optional &'c Restriction<'c> =
        Fact::new("restriction", Kind::Name(Target::Restriction), ("Restriction", "限制说明"))
            .overridable()
            .documented_only()
            .exported()
            .column(80);
    /// The action that the source recommends instead; `None`: it recommends none.
    alternative: action u16 =
        Fact::new("alternative", Kind::Name(Target::Action), ("Alternative", "替代接口"))
            .overridable()
            .documented_only();
    /// Further documentation that the source points to.
    references: list &'c [&'c Link<'c>] =
        Fact::new("references", Kind::Names(Target::Reference), ("References", "参考文档")).overridable();
    /// What it does; `None`: nobody has written that.
    description: optional Text<'c> =
        Fact::new("description", Kind::Text, ("Description", "描述")).exported().column(30);
    /// Facts that differ from the source on purpose, sorted by key.
    overrides: list &'c [Override<'c>] =
        Fact::new("override", Kind::Overrides, ("Corrections", "更正")).documented_only();
    /// What a reader must know about its facts, sorted by key.
    notes: list &'c [Note<'c>] = Fact::new("note", Kind::Notes, ("Notes", "说明"));
}

/// One action of a catalog: a `Copy` handle that reads its facts, as small as a reference and a number.
///
/// Two actions are equal if their service and their name are equal.
#[derive(Clone, Copy)]
pub struct Action<'c> {
    service: &'c Service<'c>,
    number: u16,
}

impl<'c> Action<'c> {
    /// Returns the action with this number in its service.
    ///
    /// # Panics
    ///
    /// If the service has no such action.
    pub const fn new(service: &'c Service<'c>, number: u16) -> Self {
        assert!((number as usize) < service.actions.len(), "the service has no action of this number");
        Self { service, number }
    }

    /// Returns the service.
    pub const fn service(self) -> &'c Service<'c> {
        self.service
    }

    /// Returns its place among the actions of its service, which are sorted by name.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Returns all facts of the action.
    pub const fn facts(self) -> &'c ActionFacts<'c> {
        &self.service.actions[self.number as usize]
    }

    /// Returns the name of the API, exactly as CAM spells it.
    pub const fn name(self) -> &'c str {
        self.facts().name
    }

    /// Returns the action as policies write it: service, colon, name.
    pub const fn as_str(self) -> &'c str {
        self.facts().qualified_name
    }

    /// Returns whether [`Action::patterns`] has every resource that the action can be limited to: it is resource-level, and
    /// its source prints nothing malformed.
    pub const fn knows_patterns(self) -> bool {
        matches!(self.granularity(), Granularity::Resource)
            && !self.patterns().is_empty()
            && self.printed_patterns().is_empty()
    }

    const fn other(self, number: Option<u16>) -> Option<Self> {
        match number {
            Some(number) => Some(Self { service: self.service, number }),
            None => None,
        }
    }
}

impl PartialEq for Action<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Action<'_> {}

impl PartialOrd for Action<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Action<'_> {
    /// Compares by service, then by name.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.service.id, self.name()).cmp(&(other.service.id, other.name()))
    }
}

impl Hash for Action<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'c> Service<'c> {
    /// Finds an action by its name without the service. Allocates nothing.
    pub fn action(&'c self, name: &str) -> Option<Action<'c>> {
        let number = self.lookup.candidate(name)?;
        (self.actions.get(usize::from(number))?.name == name).then_some(Action { service: self, number })
    }

    /// Returns up to three actions whose names are nearest to `name`, as policies write them, the nearest first.
    ///
    /// ```
    /// let service = cam_policy::example::CATALOG.service("trtc").unwrap();
    /// assert_eq!(service.nearest("RemoveUsers"), ["trtc:RemoveUser"]);
    /// ```
    pub fn nearest(&'c self, name: &str) -> Vec<&'c str> {
        let found = nearest(name, self.actions().map(Action::name));
        found.into_iter().filter_map(|name| self.action(name)).map(Action::as_str).collect()
    }

    /// Returns the actions, sorted by name.
    #[expect(clippy::cast_possible_truncation, reason = "a service has at most 65,535 actions")]
    pub fn actions(&'c self) -> impl ExactSizeIterator<Item = Action<'c>> + use<'c> {
        (0..self.actions.len()).map(|number| Action { service: self, number: number as u16 })
    }

    /// Returns the actions whose name begins with `start`, sorted by name. It searches for the first and the last.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    ///
    /// let service = CATALOG.service("trtc").unwrap();
    /// let names: Vec<&str> = service.actions_from("Re").map(|action| action.name()).collect();
    /// assert_eq!(names, ["RemoveUser"]);
    /// ```
    #[expect(clippy::cast_possible_truncation, reason = "a service has at most 65,535 actions")]
    pub fn actions_from(&'c self, start: &str) -> impl Iterator<Item = Action<'c>> + use<'c> {
        let first = self.actions.partition_point(|action| action.name < start);
        let count = self.actions[first..].partition_point(|action| action.name.starts_with(start));
        (first..first + count).map(|number| Action { service: self, number: number as u16 })
    }

    /// Returns the actions that the operation of an action pattern matches, sorted by name.
    pub(crate) fn matching<'o>(
        &'c self,
        operation: &'o str,
    ) -> impl Iterator<Item = Action<'c>> + use<'c, 'o> {
        // Those that begin so are all that `Describe*` matches.
        let (start, all) = literal_start(operation);
        self.actions_from(start).filter(move |action| all || glob(operation, action.name()))
    }

    /// Whether the operation of an action pattern matches an action. It does not search for the last one.
    pub(crate) fn has_match(&self, operation: &str) -> bool {
        let (start, all) = literal_start(operation);
        let first = self.actions.partition_point(|action| action.name < start);
        let mut same = self.actions[first..].iter().take_while(|action| action.name.starts_with(start));
        same.any(|action| all || glob(operation, action.name))
    }
}

/// Returns what stands before the first `*` of an operation, and whether nothing stands after it.
fn literal_start(operation: &str) -> (&str, bool) {
    // Names are short: a plain loop finds it faster than a search made for long texts.
    let end = operation.bytes().position(|byte| byte == b'*').unwrap_or(operation.len());
    (&operation[..end], operation.len() == end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<'c, I: Facts<'c>>(unstated: &mut I) {
        for (at, fact) in I::FACTS.iter().enumerate() {
            assert!(!fact.doc.is_empty(), "{} is documented", fact.key);
            assert_eq!(I::FACTS.iter().position(|other| other.key == fact.key), Some(at));
            let found = unstated.value(fact.key);
            match fact.presence {
                Presence::Required | Presence::Defaulted => {
                    unstated.set(fact.key, found.expect("it has a value where nothing is stated"));
                }
                Presence::Optional | Presence::List => assert_eq!(found, None),
            }
        }
        assert_eq!(unstated.value("nothing"), None);
    }

    #[test]
    fn every_row_reads_and_writes_its_field() {
        let (mut service, mut pattern) = (Service::UNSTATED, Pattern::UNSTATED);
        check(&mut service);
        check(&mut pattern);
        let mut action = ActionFacts::UNSTATED;
        check(&mut action);
        action.set("ip_condition", Value::Flag(false));
        action.set("access_level", AccessLevel::List.wrap());
        action.set("alternative", Value::Action(7));
        assert_eq!(
            action,
            ActionFacts {
                ip_condition: Some(false),
                access_level: Some(AccessLevel::List),
                alternative: Some(7),
                ..ActionFacts::UNSTATED
            }
        );
        assert_eq!(action.value("access_level"), Some(AccessLevel::List.wrap()));
    }

    #[test]
    #[should_panic(expected = "of the kind that the row states")]
    fn a_value_of_another_kind_is_refused() {
        let mut action = ActionFacts::UNSTATED;
        action.set("ip_condition", Value::String("true"));
    }
}
