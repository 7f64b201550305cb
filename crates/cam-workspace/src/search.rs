//! Actions by their names, texts and facts: what every front end finds them by.

use std::sync::Arc;

use cam_policy::catalog::{AccessLevel, Action, Service, Text};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use memchr::memmem::Finder;

/// The word for what no documentation states.
pub const UNKNOWN: &str = "unknown";

/// Returns the word for a fact that may be unknown.
///
/// ```
/// use cam_workspace::search::yes_or_no;
///
/// assert_eq!([Some(true), Some(false), None].map(yes_or_no), ["yes", "no", "unknown"]);
/// ```
#[must_use]
pub const fn yes_or_no(fact: Option<bool>) -> &'static str {
    match fact {
        Some(true) => "yes",
        Some(false) => "no",
        None => UNKNOWN,
    }
}

/// The facts of an action that people search by, as words. What is not known is [`UNKNOWN`].
///
/// # Examples
///
/// ```
/// use cam_policy::example::CATALOG;
/// use cam_workspace::search::Facts;
///
/// let facts = Facts::of(CATALOG.action("trtc:GetUserList"));
/// assert_eq!((facts.granularity, facts.level), ("operation", "unknown"));
/// // Of an action of which only the name is known, there is no fact.
/// assert_eq!(Facts::of(None).granularity, "unknown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The granularity.
    pub granularity: &'static str,
    /// The access level.
    pub level: &'static str,
    /// Whether a condition on the caller's address is honoured.
    pub ip: &'static str,
    /// Whether the call returns credentials.
    pub credentials: &'static str,
}

impl Facts {
    /// Returns the facts of an action; `None` is one of which only the name is known.
    ///
    /// See [`Facts`] for an example.
    #[must_use]
    pub fn of(action: Option<Action<'_>>) -> Self {
        Self {
            granularity: action.map_or(UNKNOWN, |action| action.granularity().as_str()),
            level: action.and_then(Action::access_level).map_or(UNKNOWN, AccessLevel::as_str),
            ip: yes_or_no(action.and_then(Action::ip_condition)),
            credentials: yes_or_no(action.and_then(Action::exposes_credentials)),
        }
    }
}

/// The facts that are asked for. One that is absent takes every action.
///
/// # Examples
///
/// ```
/// use cam_policy::example::CATALOG;
/// use cam_workspace::search::Filter;
///
/// let filter = Filter { granularity: Some("operation".into()), ..Filter::default() };
/// assert!(filter.takes("trtc", CATALOG.action("trtc:GetUserList")));
/// assert!(!filter.takes("trtc", CATALOG.action("trtc:RemoveUser")));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The abbreviations of services, of which one must be that of the action.
    pub services: Vec<String>,
    /// The access levels, of which one must be that of the action.
    pub levels: Vec<String>,
    /// The granularity.
    pub granularity: Option<String>,
    /// Whether a condition on the caller's address is honoured.
    pub ip: Option<String>,
    /// Whether the call returns credentials.
    pub credentials: Option<String>,
}

impl Filter {
    /// Whether an action of this service has every fact that is asked for; `None` is one of which only the name is known.
    ///
    /// See [`Filter`] for an example.
    #[must_use]
    pub fn takes(&self, service: &str, action: Option<Action<'_>>) -> bool {
        let facts = Facts::of(action);
        let is = |wanted: &Option<String>, word: &str| wanted.as_ref().is_none_or(|wanted| wanted == word);
        let is_one =
            |wanted: &[String], word: &str| wanted.is_empty() || wanted.iter().any(|one| one == word);
        is_one(&self.services, service)
            && is_one(&self.levels, facts.level)
            && is(&self.granularity, facts.granularity)
            && is(&self.ip, facts.ip)
            && is(&self.credentials, facts.credentials)
    }

    /// Whether a fact is asked for, and not only a service.
    ///
    /// ```
    /// use cam_workspace::search::Filter;
    ///
    /// assert!(!Filter { services: vec!["trtc".into()], ..Filter::default() }.has_facts());
    /// assert!(Filter { ip: Some("yes".into()), ..Filter::default() }.has_facts());
    /// ```
    #[must_use]
    pub fn has_facts(&self) -> bool {
        let one = [&self.granularity, &self.ip, &self.credentials].iter().any(|fact| fact.is_some());
        one || !self.levels.is_empty()
    }
}

/// An action with all texts that it is found by.
///
/// # Examples
///
/// ```
/// use cam_policy::example::CATALOG;
/// use cam_workspace::search::{Entry, Words};
///
/// let action = CATALOG.action("trtc:RemoveUser").unwrap();
/// let entry = Entry::of(action, &Entry::product(action.service()));
/// for text in ["remove trtc", "trtc:Remove*", "qcs::trtc::uin/1:sdkappid/2", "sdkappid"] {
///     assert!(entry.rank(&Words::of(text)).is_some(), "{text}");
/// }
/// assert_eq!(entry.rank(&Words::of("dismiss")), None);
/// ```
#[derive(Clone, Debug)]
pub struct Entry<'c> {
    action: Option<Action<'c>>,
    /// `service:name`, in lower case.
    name: String,
    /// The descriptions, in lower case.
    description: String,
    /// The resource patterns, in lower case.
    patterns: String,
    /// The names of the product, in lower case.
    product: Arc<str>,
}

/// What somebody searches for.
///
/// [`Entry`] shows how it is used.
#[derive(Clone, Debug)]
pub struct Words<'t>(Vec<Word<'t>>);

#[derive(Clone, Debug)]
enum Word<'t> {
    /// A part of a text, in lower case.
    Part(Box<Finder<'static>>),
    /// `cvm:Describe*`.
    Pattern(ActionPattern),
    /// `qcs::cvm:ap-guangzhou:uin/1:instance/ins-1`, as it was written too.
    Resource(ResourcePattern, &'t str),
}

impl<'t> Words<'t> {
    /// Reads what somebody wrote: words in any order, patterns of actions, and resources.
    ///
    /// See [`Entry`] for an example.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        Self(text.split_whitespace().map(Word::of).collect())
    }

    /// Takes the whole text as one part of a name or a text.
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_workspace::search::{Entry, Words};
    ///
    /// let action = CATALOG.action("trtc:RemoveUser").unwrap();
    /// let entry = Entry::of(action, &Entry::product(action.service()));
    /// assert!(entry.rank(&Words::whole("removeuser")).is_some());
    /// assert!(entry.rank(&Words::whole("remove trtc")).is_none());
    /// ```
    #[must_use]
    pub fn whole(text: &'t str) -> Self {
        Self(vec![Word::part(text)])
    }
}

impl<'t> Word<'t> {
    fn of(word: &'t str) -> Self {
        // A policy may write `name/` before an action.
        let word = word.strip_prefix("name/").unwrap_or(word);
        if word.starts_with("qcs:")
            && let Ok(resource) = word.parse()
        {
            return Self::Resource(resource, word);
        }
        if word.contains('*') {
            let service = if word.contains(':') || word == "*" { "" } else { "*:" };
            if let Ok(pattern) = format!("{service}{}", word.to_lowercase()).parse() {
                return Self::Pattern(pattern);
            }
        }
        Self::part(word)
    }

    fn part(text: &str) -> Self {
        Self::Part(Box::new(Finder::new(&text.to_lowercase()).into_owned()))
    }
}

impl<'c> Entry<'c> {
    /// Returns an action of the catalog. `product` is [that of its service](Self::product), which all of them share.
    ///
    /// See [`Entry`] for an example.
    #[must_use]
    pub fn of(action: Action<'c>, product: &Arc<str>) -> Self {
        let both = |text: Text<'_>| format!("{}\n{}", text.en, text.zh).to_lowercase();
        let patterns: Vec<String> =
            action.patterns().iter().map(|pattern| pattern.single.to_lowercase()).collect();
        Self {
            action: Some(action),
            name: action.as_str().to_lowercase(),
            description: action.description().map_or_else(String::new, both),
            patterns: patterns.join("\n"),
            product: Arc::clone(product),
        }
    }

    /// Returns an action of which only the name is known: `service:Name`.
    ///
    /// ```
    /// use cam_workspace::search::{Entry, Rank, Words};
    ///
    /// let entry = Entry::of_name("cvm:RunInstances", &Entry::product(None));
    /// assert_eq!(entry.rank(&Words::of("cvm:RunInstances")), Some(Rank::Name));
    /// ```
    #[must_use]
    pub fn of_name(name: &str, product: &Arc<str>) -> Self {
        let (description, patterns) = (String::new(), String::new());
        Self { action: None, name: name.to_lowercase(), description, patterns, product: Arc::clone(product) }
    }

    /// Returns the names of the product of a service, by which its actions are found, too.
    ///
    /// See [`Entry`] for an example.
    #[must_use]
    pub fn product<'s>(service: impl Into<Option<&'s Service<'s>>>) -> Arc<str> {
        let name = service.into().map(|service| service.name);
        name.map_or_else(String::new, |name| format!("{}\n{}", name.en, name.zh).to_lowercase()).into()
    }

    /// How well the action answers the words: as well as the worst of them; `None`: not at all.
    ///
    /// See [`Entry`] for an example.
    #[must_use]
    pub fn rank(&self, words: &Words<'_>) -> Option<Rank> {
        let mut worst = Rank::Name;
        for word in &words.0 {
            worst = worst.max(self.rank_of(word)?);
        }
        Some(worst)
    }

    fn rank_of(&self, word: &Word<'_>) -> Option<Rank> {
        let finder = match word {
            Word::Pattern(pattern) => return pattern.matches(&self.name).then_some(Rank::Start),
            Word::Resource(resource, text) => {
                let action = self.action?;
                let is_named = || action.patterns().iter().any(|pattern| pattern.single == *text);
                return (resource.meets(action) == Some(true) || is_named()).then_some(Rank::Start);
            }
            Word::Part(finder) => finder,
        };
        let has = |text: &str| finder.find(text.as_bytes()).is_some();
        let (whole, word) = (self.name.as_bytes(), finder.needle());
        let name = self.name.split_once(':').map_or(whole, |(_, name)| name.as_bytes());
        if whole == word || name == word {
            Some(Rank::Name)
        } else if whole.starts_with(word) || name.starts_with(word) {
            Some(Rank::Start)
        } else if has(&self.name) {
            Some(Rank::Part)
        } else if has(&self.description) {
            Some(Rank::Description)
        } else if has(&self.patterns) || has(&self.product) {
            Some(Rank::Related)
        } else if !word.is_ascii() && self.has_characters(word) {
            Some(Rank::Characters)
        } else {
            None
        }
    }

    /// Whether each character of a word stands in the texts. Chinese has no whitespace between words.
    fn has_characters(&self, word: &[u8]) -> bool {
        let texts = [&self.name, &self.description, &*self.product];
        let has = |one| texts.iter().any(|text| text.contains(one));
        !self.description.is_empty() && str::from_utf8(word).is_ok_and(|word| word.chars().all(has))
    }
}

/// How well an action answers what somebody searches for, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// By its whole name.
    Name,
    /// By the beginning of its name, by a pattern of actions, or by a resource that it can be granted on.
    Start,
    /// By a part of its name.
    Part,
    /// By a part of its description.
    Description,
    /// By a part of a resource pattern or of the name of its product.
    Related,
    /// By all characters of a word that is not ASCII, in any order.
    Characters,
}

impl Rank {
    /// All of them, the best first.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Start, Self::Part, Self::Description, Self::Related, Self::Characters];
}
