//! Policies read from a text, and the account that they are of: for each front end that decides by them.

use std::collections::BTreeSet;
use std::fmt;

use cam_lint::Kind;
use cam_policy::document::Document;
use cam_policy::policy::{Policy, PrincipalKind};
use cam_policy::text::{Lines, Position, Span, split_segments};
use cam_policy::values::Uin;

use crate::source::{Embedded, Format, Source, Unchecked, Unknown};

/// The policies of a text, read.
///
/// # Examples
///
/// ```
/// use cam_workspace::policies::Policies;
///
/// let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["trtc:*"], "resource": ["*"]}]}"#;
/// let read = Policies::read("policy.json", text, None);
/// assert_eq!(read.all[0].policy.as_ref().unwrap().0.statements().len(), 1);
///
/// let cut = Policies::read("policy.json", &text[..60], None);
/// assert!(cut.wrong().next().unwrap().to_string().starts_with("1:"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Policies {
    /// The format that the text was read in.
    pub format: Format,
    /// Why the text cannot be read.
    pub unreadable: Option<Wrong>,
    /// What may be a policy and cannot be read, with its place.
    pub unchecked: Vec<(Position, Unchecked)>,
    /// The policies, in the order of the text.
    pub all: Vec<Held>,
}

/// A policy of a text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Held {
    /// What the file calls the policy; empty if the whole file is the policy.
    pub label: String,
    /// The policy as it is written, with what stands for the parts that only Terraform knows.
    pub text: String,
    /// The parts that only Terraform knows, each with its place.
    pub unknown: Vec<(Position, Unknown)>,
    /// The policy, with the defaults or possible values of what is unknown; or all that is wrong with it. Its kind is the
    /// stated one, or that of the place where it stands, or else that of its elements.
    pub policy: Result<(Policy, Kind), Vec<Wrong>>,
}

/// What is wrong, and where: `7:70: a "," before "}": remove it`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wrong {
    /// The place in the text.
    pub position: Position,
    /// What is wrong, and what helps.
    pub message: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl Policies {
    /// Reads the policies of a text; `name` tells its format, or else the text itself. `stated` is their kind, if somebody
    /// has stated it.
    ///
    /// See [`Policies`] for an example.
    #[must_use]
    pub fn read(name: &str, text: &str, stated: Option<Kind>) -> Self {
        let Source { format, policies, unchecked, unreadable } = Source::read(name, text);
        let mut lines = Lines::new(text);
        let mut at = |span: Span| lines.position(span.start());
        Self {
            format,
            unreadable: unreadable.map(|one| Wrong { position: at(one.span), message: one.message }),
            unchecked: unchecked.into_iter().map(|one| (at(one.span), one)).collect(),
            all: policies.into_iter().map(|embedded| Held::read(embedded, stated, &mut at)).collect(),
        }
    }

    /// Returns all that is wrong with the text and its policies.
    ///
    /// See [`Policies`] for an example.
    pub fn wrong(&self) -> impl Iterator<Item = &Wrong> {
        let of_policies = self.all.iter().filter_map(|held| held.policy.as_ref().err()).flatten();
        self.unreadable.iter().chain(of_policies)
    }
}

impl Held {
    fn read(embedded: Embedded, stated: Option<Kind>, at: &mut impl FnMut(Span) -> Position) -> Self {
        let Embedded { text, map, label, kind, by_default, unknown, .. } = embedded;
        let (text, map) = by_default.unwrap_or((text, map));
        let read = Document::parse(&text).map(|document| {
            let kind = stated.or(kind).unwrap_or_else(|| document.kind().into());
            (document.into_policy(), kind)
        });
        let policy = read.map_err(|error| {
            let wrong = error.diagnostics().iter().map(|diagnostic| {
                let span = diagnostic.span().unwrap_or(Span::new(0, 0));
                let help = diagnostic.help().map(|help| format!(": {help}")).unwrap_or_default();
                Wrong { position: at(map.origin(span)), message: format!("{}{help}", diagnostic.message()) }
            });
            wrong.collect()
        });
        let unknown = unknown.into_iter().map(|one| (at(one.span), one)).collect();
        Self { label, text, unknown, policy }
    }
}

/// The uin of the root account that stands for the owner of policies that name no account.
const STAND_IN_OWNER: u64 = 100_000_000_001;

/// The APPIDs that stand for one that the policies do not name.
const STAND_IN_APP_IDS: std::ops::Range<u64> = 1_200_000_001..1_200_001_001;

/// The accounts that policies name.
///
/// # Examples
///
/// ```
/// use cam_policy::policy::Policy;
/// use cam_workspace::policies::NamedAccounts;
///
/// let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["trtc:*"],
///     "resource": ["qcs::trtc::uin/100000000001:sdkappid/*"]}]}"#;
/// let policy: Policy = text.parse()?;
/// let accounts = NamedAccounts::of([&policy], ["qcs::cos::uid/1250000000:*"]);
/// assert_eq!(accounts.owner()?.get(), 100000000001);
/// assert_eq!(accounts.app_ids.first(), Some(&1250000000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedAccounts {
    /// The root accounts that resources name.
    pub owners: BTreeSet<Uin>,
    /// The root accounts that principals name.
    pub of_principals: BTreeSet<Uin>,
    /// The APPIDs that resources name.
    pub app_ids: BTreeSet<u64>,
    /// The users that principals name, each with its account.
    pub users: BTreeSet<(Uin, Uin)>,
    /// Users of whom no policy says whose they are.
    strangers: BTreeSet<Uin>,
}

/// The policies name several accounts, so that nobody can tell which is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeveralAccounts(Vec<String>);

impl fmt::Display for SeveralAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policies name several accounts: {}", self.0.join(", "))
    }
}

impl std::error::Error for SeveralAccounts {}

impl NamedAccounts {
    /// Returns the accounts that policies name, and those that more resources name.
    ///
    /// See [`NamedAccounts`] for an example.
    pub fn of<'a>(
        policies: impl IntoIterator<Item = &'a Policy>,
        more: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut found = Self::default();
        for policy in policies {
            for resource in policy.statements().iter().flat_map(|one| one.resources()) {
                found.add(resource.as_str());
            }
            let of_statements = policy.statements().iter().filter_map(|one| one.principal());
            let names = policy.principal().into_iter().chain(of_statements);
            for name in names.flat_map(|one| one.names(PrincipalKind::Qcs)) {
                let account = name.strip_prefix("qcs::cam::uin/").and_then(|rest| rest.split_once(':'));
                let Some((account, whom)) = account else { continue };
                let Ok(account) = account.parse::<Uin>() else { continue };
                found.of_principals.insert(account);
                let user = whom.strip_prefix("uin/").and_then(|uin| uin.parse::<Uin>().ok());
                found.users.extend(user.filter(|user| *user != account).map(|user| (user, account)));
            }
        }
        more.into_iter().for_each(|resource| found.add(resource));
        found
    }

    fn add(&mut self, resource: &str) {
        let Some([.., account, _]) = split_segments(resource) else { return };
        self.owners.extend(account.strip_prefix("uin/").and_then(|uin| uin.parse::<Uin>().ok()));
        self.app_ids.extend(account.strip_prefix("uid/").and_then(|id| id.parse::<u64>().ok()));
    }

    /// Returns the only root account that resources name, or else the only one that principals name; or one that stands for
    /// it, for whom the decisions are the same.
    ///
    /// See [`NamedAccounts`] for an example.
    ///
    /// # Errors
    ///
    /// The resources name several.
    pub fn owner(&self) -> Result<Uin, SeveralAccounts> {
        let of_principals = || only(&self.of_principals).ok().flatten();
        only(&self.owners)
            .map(|owner| owner.or_else(of_principals).copied().unwrap_or_else(|| self.other_owner()))
    }

    /// Returns the only APPID that resources name, or one that stands for it.
    ///
    /// ```
    /// use cam_workspace::policies::NamedAccounts;
    ///
    /// assert_eq!(NamedAccounts::of([], ["qcs::cos::uid/1250000000:*"]).app_id(), Ok(1250000000));
    /// assert!(NamedAccounts::of([], ["qcs::cos::uid/1:*", "qcs::cos::uid/2:*"]).app_id().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The resources name several.
    pub fn app_id(&self) -> Result<u64, SeveralAccounts> {
        only(&self.app_ids).map(|id| id.copied().unwrap_or(STAND_IN_APP_IDS.start))
    }

    /// Returns the account of a user, if principals name the user with this account and no other. A uin is that of one user.
    ///
    /// ```
    /// use cam_policy::policy::Policy;
    /// use cam_policy::values::Uin;
    /// use cam_workspace::policies::NamedAccounts;
    ///
    /// let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["sts:AssumeRole"],
    ///     "principal": {"qcs": ["qcs::cam::uin/100000000003:uin/100000000004"]}}]}"#;
    /// let accounts = NamedAccounts::of([&text.parse::<Policy>()?], []);
    /// assert_eq!(accounts.account_of(Uin::new(100000000004)?), Some(Uin::new(100000000003)?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn account_of(&self, user: Uin) -> Option<Uin> {
        let mut accounts = self.users.iter().filter(|(one, _)| *one == user).map(|(_, account)| *account);
        accounts.next().filter(|_| accounts.next().is_none())
    }

    /// Takes a user for one that is no root account, unless a resource names it as one.
    ///
    /// ```
    /// use cam_policy::values::Uin;
    /// use cam_workspace::policies::NamedAccounts;
    ///
    /// let mut accounts = NamedAccounts::default();
    /// let caller = accounts.owner()?;
    /// accounts.add_user(caller);
    /// assert_ne!(accounts.owner()?, caller);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_user(&mut self, user: Uin) {
        self.strangers.insert(user);
    }

    /// Returns a root account that neither resources nor principals name, and that is none of the users.
    ///
    /// ```
    /// use cam_workspace::policies::NamedAccounts;
    ///
    /// let accounts = NamedAccounts::of([], ["qcs::trtc::uin/100000000001:*"]);
    /// assert!(!accounts.owners.contains(&accounts.other_owner()));
    /// ```
    #[must_use]
    pub fn other_owner(&self) -> Uin {
        let mut numbers = (STAND_IN_OWNER..).filter_map(|number| Uin::new(number).ok());
        // No root account has the uin of a user.
        let is_user =
            |uin: &Uin| self.strangers.contains(uin) || self.users.iter().any(|(user, _)| user == uin);
        let is_free =
            |uin: &Uin| !self.owners.contains(uin) && !self.of_principals.contains(uin) && !is_user(uin);
        numbers.find(is_free).unwrap_or(Uin::literal(STAND_IN_OWNER))
    }

    /// Returns an APPID that no resource names; `None` if they name a thousand.
    ///
    /// ```
    /// assert!(cam_workspace::policies::NamedAccounts::default().other_app_id().is_some());
    /// ```
    #[must_use]
    pub fn other_app_id(&self) -> Option<u64> {
        STAND_IN_APP_IDS.into_iter().find(|id| !self.app_ids.contains(id))
    }
}

fn only<T: Ord + ToString>(named: &BTreeSet<T>) -> Result<Option<&T>, SeveralAccounts> {
    if named.len() > 1 {
        return Err(SeveralAccounts(named.iter().map(ToString::to_string).collect()));
    }
    Ok(named.first())
}
