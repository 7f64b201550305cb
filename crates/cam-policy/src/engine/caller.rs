//! The callers of requests.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::policy::{Policy, Principal, PrincipalKind};
use crate::values::Uin;

/// The kind of a caller, with its name or number. See [`Caller`].
///
/// ```
/// use cam_policy::engine::{Caller, Identity};
///
/// assert_eq!(*Caller::anonymous().identity(), Identity::Anonymous);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Identity {
    /// A sub-account, or the root account if the uin is that of its account.
    User(Uin),
    /// A role that somebody has assumed.
    #[non_exhaustive]
    Role {
        /// Its name.
        name: Box<str>,
        /// Its number, if it is known. A policy may name a role by it.
        id: Option<u64>,
    },
    /// A Tencent Cloud service, by its host name.
    Service(Box<str>),
    /// A user of an identity provider, by the name of the provider.
    Federated(Box<str>),
    /// Nobody in particular: a request without signature, which COS accepts.
    Anonymous,
}

/// The caller of a request: a sub-account, the root account, a role, a service, a federated user or nobody in
/// particular.
///
/// A [`Uin`] converts to a caller: a sub-account or the root account of the account that owns the policies. Add here
/// what a policy set cannot know: the groups of the caller, another account, the APPID.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{Caller, PolicySet, Request};
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(100000000001)?;
/// let bucket_policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
///     "principal":{"qcs":["qcs::cam::uin/100000000001:groupid/7","qcs::cam::uin/100000000001:roleName/reader"]},
///     "resource":["qcs::cos::uid/1250000000:b-1250000000/*"]}]}"#;
/// let set = PolicySet::new(&CATALOG, [bucket_policy.parse()?], owner);
/// let may_read = |caller: Caller| -> Result<bool, Box<dyn std::error::Error>> {
///     let request = Request::new(caller, "cos:GetObject", "qcs::cos::uid/1250000000:b-1250000000/a")?;
///     Ok(set.decide(&request).is_allowed())
/// };
/// let user = Caller::new(Uin::new(100000000002)?);
/// assert!(!may_read(user.clone())?);
/// assert!(may_read(user.in_groups([7]))?);
/// assert!(may_read(Caller::role("reader"))?);
/// assert!(!may_read(Caller::anonymous())?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Caller {
    identity: Identity,
    account: Option<Uin>,
    app_id: Option<u64>,
    groups: Vec<u64>,
}

impl Caller {
    /// Makes a sub-account, or the root account.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// let uin = Uin::new(100000000002)?;
    /// assert_eq!(Caller::new(uin), uin.into());
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub const fn new(uin: Uin) -> Self {
        Self::of(Identity::User(uin))
    }

    /// Makes a sub-account of whom nothing is known: no policy has its uin anywhere, and it is not the root account `owner`, who
    /// may do everything.
    ///
    /// # Panics
    ///
    /// If the policies have a hundred billion uins.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// let owner = Uin::new(100000000002)?;
    /// assert_ne!(Caller::stranger(owner, []), Caller::new(owner));
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn stranger<'p>(owner: Uin, policies: impl IntoIterator<Item = &'p Policy>) -> Self {
        let texts: Vec<String> = policies.into_iter().map(ToString::to_string).collect();
        let is_free = |uin: &Uin| {
            let digits = uin.to_string();
            *uin != owner && texts.iter().all(|text| !text.contains(&digits))
        };
        let mut uins = (100_000_000_002..200_000_000_002).filter_map(|number| Uin::new(number).ok());
        uins.find(is_free).map(Self::new).expect("no policies have a hundred billion uins")
    }

    /// Makes a role, by its name. The name of a service role starts with `tencentcloudServiceRoleName/`.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::role("reader").uin(), None);
    /// ```
    pub fn role(name: &str) -> Self {
        Self::of(Identity::Role { name: name.into(), id: None })
    }

    /// Adds the number of a role, by which a policy may name it. Other callers stay unchanged.
    ///
    /// ```
    /// # use cam_policy::engine::{Caller, Identity};
    /// let role = Caller::role("reader").with_role_id(4611686018427397919);
    /// assert!(matches!(role.identity(), Identity::Role { id: Some(4611686018427397919), .. }));
    /// ```
    pub fn with_role_id(mut self, number: u64) -> Self {
        if let Identity::Role { id, .. } = &mut self.identity {
            *id = Some(number);
        }
        self
    }

    /// Makes a Tencent Cloud service, by its host name.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::service("cls.cloud.tencent.com").to_string(), "service cls.cloud.tencent.com");
    /// ```
    pub fn service(host: &str) -> Self {
        Self::of(Identity::Service(host.into()))
    }

    /// Makes a user of an identity provider, by the name that policies use for the provider.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// let caller = Caller::federated("qcs::cam::uin/100000000001:saml-provider/corp");
    /// assert!(caller.to_string().ends_with("saml-provider/corp"));
    /// ```
    pub fn federated(provider: &str) -> Self {
        Self::of(Identity::Federated(provider.into()))
    }

    /// Makes the caller of a request without signature: nobody in particular.
    ///
    /// Only statements with a principal apply to such a caller, because a policy without principal is attached to
    /// somebody. This crate assumes that layers which limit identities do not limit this caller.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::anonymous().to_string(), "anonymous");
    /// ```
    pub const fn anonymous() -> Self {
        Self::of(Identity::Anonymous)
    }

    const fn of(identity: Identity) -> Self {
        Self { identity, account: None, app_id: None, groups: Vec::new() }
    }

    /// Sets the account. Without it, a user or role belongs to the account that owns the policies.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// let other = Uin::new(100000000009)?;
    /// assert_eq!(Caller::role("reader").of_account(other).account(), Some(other));
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn of_account(mut self, root: Uin) -> Self {
        self.account = Some(root);
        self
    }

    /// Sets the groups, by number: a policy may name a group.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// assert_eq!(Caller::new(Uin::new(100000000002)?).in_groups([7]).groups(), [7]);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn in_groups(mut self, groups: impl IntoIterator<Item = u64>) -> Self {
        self.groups.extend(groups);
        self
    }

    /// Sets the APPID of the caller's root account. The variable `${app_id}` stands for it, and COS names an account
    /// by it. Without it, a value with that variable matches nothing, not even under a negated operator.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{AccessError, Caller, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let uin = Uin::new(100000000002)?;
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "resource":["qcs::cos:ap-beijing:uid/1250000000:a-${app_id}/*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// assert_eq!(set.grants(uin), Err(AccessError::AppId));
    ///
    /// let grants = set.grants(Caller::new(uin).with_app_id(1250000000))?;
    /// assert_eq!(grants[0].witness.resource(), "qcs::cos:ap-beijing:uid/1250000000:a-1250000000/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_app_id(mut self, app_id: u64) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// Returns the kind of the caller, with its name or number.
    ///
    /// ```
    /// # use cam_policy::engine::{Caller, Identity};
    /// assert!(matches!(Caller::service("cls.cloud.tencent.com").identity(), Identity::Service(_)));
    /// ```
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the uin of a user, which `${uin}` stands for; `None` for every other caller.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::anonymous().uin(), None);
    /// ```
    pub fn uin(&self) -> Option<Uin> {
        match self.identity {
            Identity::User(uin) => Some(uin),
            _ => None,
        }
    }

    /// Returns its root account, if it is known.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::anonymous().account(), None);
    /// ```
    pub fn account(&self) -> Option<Uin> {
        self.account
    }

    /// Returns the APPID of its root account, if it is known.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert_eq!(Caller::role("reader").with_app_id(1250000000).app_id(), Some(1250000000));
    /// ```
    pub fn app_id(&self) -> Option<u64> {
        self.app_id
    }

    /// Returns its groups.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// assert!(Caller::role("reader").groups().is_empty());
    /// ```
    pub fn groups(&self) -> &[u64] {
        &self.groups
    }

    /// Whether it is the root account of the policies' owner.
    pub(super) fn is_root_of(&self, owner: Uin) -> bool {
        self.identity == Identity::User(owner) && self.is_of(owner)
    }

    /// Whether it belongs to this account, as far as is known.
    pub(super) fn is_of(&self, owner: Uin) -> bool {
        self.account.is_none_or(|account| account == owner)
    }

    /// Whether policies without a principal can apply to it.
    pub(super) fn has_policies(&self) -> bool {
        self.identity != Identity::Anonymous
    }

    /// Whether it is among the principals of a statement of `owner`.
    pub(super) fn is_named(&self, principal: &Principal, owner: Uin) -> bool {
        match principal {
            Principal::All => true,
            Principal::Named(_) => match &self.identity {
                Identity::Service(host) => {
                    principal.names(PrincipalKind::Service).any(|name| *name == **host)
                        || principal.names(PrincipalKind::Qcs).any(names_everyone)
                }
                Identity::Federated(provider) => {
                    principal.names(PrincipalKind::Federated).any(|name| *name == **provider)
                        || principal.names(PrincipalKind::Qcs).any(names_everyone)
                }
                _ => principal.names(PrincipalKind::Qcs).any(|name| self.has_name(name, owner)),
            },
        }
    }

    /// Whether a role whose account is `owner` trusts it. A role that names a root account trusts its users too: each needs
    /// a policy that allows it to assume the role.
    pub(super) fn is_trusted(&self, principal: &Principal, owner: Uin) -> bool {
        self.is_named(principal, owner)
            || self.uin().is_some()
                && principal.names(PrincipalKind::Qcs).any(|name| {
                    let account = name.strip_prefix("qcs::cam::").and_then(|rest| rest.strip_suffix(":root"));
                    let account = match account {
                        Some("" | "uin/") => Some(owner),
                        Some(account) => account.strip_prefix("uin/").and_then(|uin| uin.parse().ok()),
                        None => None,
                    };
                    account == Some(self.account.unwrap_or(owner))
                })
    }

    /// Whether this is one of the names that CAM has for it.
    fn has_name(&self, name: &str, owner: Uin) -> bool {
        if names_everyone(name) {
            return true;
        }
        let Some((of, who)) = name.strip_prefix("qcs::cam::").and_then(|rest| rest.split_once(':')) else {
            return false;
        };
        let account = match of {
            "" | "uin/" => owner,
            _ => match of.strip_prefix("uin/").map(str::parse) {
                Some(Ok(account)) => account,
                _ => return false,
            },
        };
        if self.account.unwrap_or(owner) != account {
            // A caller that is named as a root account, and has that uin, need not state its account.
            return self.account.is_none() && self.uin() == Some(account) && is_root(who, account);
        }
        let Some((kind, id)) = who.split_once('/') else {
            return self.uin() == Some(account) && is_root(who, account);
        };
        match (&self.identity, kind) {
            (Identity::User(uin), "uin") => id.parse() == Ok(*uin),
            (Identity::User(_), "groupid") => {
                crate::values::number(id).is_some_and(|id| self.groups.contains(&id.get()))
            }
            (Identity::Role { name, .. }, "roleName") => *id == **name,
            (Identity::Role { name, id: number }, "role") => {
                id.strip_prefix("tencentcloudServiceRoleName/") == Some(name)
                    || number.is_some() && crate::values::number(id).map(|id| id.get()) == *number
            }
            _ => false,
        }
    }

    /// Returns the principal that names this caller alone, for a statement of `owner`. For an anonymous caller the
    /// only one is the principal that names everyone.
    pub(super) fn principal(&self, owner: Uin) -> Principal {
        let account = self.account.unwrap_or(owner);
        match &self.identity {
            Identity::User(uin) => {
                let name = alloc::format!("qcs::cam::uin/{account}:uin/{uin}");
                Principal::new(PrincipalKind::Qcs, [&*name])
            }
            Identity::Role { name, .. } => {
                let name = alloc::format!("qcs::cam::uin/{account}:roleName/{name}");
                Principal::new(PrincipalKind::Qcs, [&*name])
            }
            Identity::Service(host) => Principal::new(PrincipalKind::Service, [&**host]),
            Identity::Federated(provider) => Principal::new(PrincipalKind::Federated, [&**provider]),
            Identity::Anonymous => Principal::new(PrincipalKind::Qcs, [ANONYMOUS]),
        }
    }
}

const ANONYMOUS: &str = "qcs::cam::anonymous:anonymous";

/// Whether the name stands for everyone. It is documented that both of COS's names do, not only for requests without
/// signature.
fn names_everyone(name: &str) -> bool {
    matches!(name, "*" | "qcs::cam::anyone:anyone" | ANONYMOUS)
}

/// Whether the last segment of a name stands for the root account of the one before it.
fn is_root(who: &str, account: Uin) -> bool {
    who == "root" || who.strip_prefix("uin/").is_some_and(|uin| uin.parse() == Ok(account))
}

impl From<Uin> for Caller {
    fn from(uin: Uin) -> Self {
        Self::new(uin)
    }
}

impl From<&Self> for Caller {
    fn from(caller: &Self) -> Self {
        caller.clone()
    }
}

impl fmt::Display for Caller {
    /// `uin 100000000002`, `uin 100000000002 in groups 7 and 8`, `role reader`, `anonymous`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.identity {
            Identity::User(uin) => write!(f, "uin {uin}")?,
            Identity::Role { name, .. } => write!(f, "role {name}")?,
            Identity::Service(host) => write!(f, "service {host}")?,
            Identity::Federated(provider) => write!(f, "user of {provider}")?,
            Identity::Anonymous => f.write_str("anonymous")?,
        }
        if let Some(account) = self.account {
            write!(f, " of account {account}")?;
        }
        for (at, group) in self.groups.iter().enumerate() {
            let before = match (at, self.groups.len()) {
                (0, 1) => " in group ",
                (0, _) => " in groups ",
                _ => " and ",
            };
            write!(f, "{before}{group}")?;
        }
        Ok(())
    }
}

/// The numbers of a caller as text, written once for all decisions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Digits {
    uin: Option<Box<str>>,
    /// The account in the form of COS: `uid/` and the APPID.
    account: Option<Box<str>>,
}

impl Digits {
    pub(super) fn of(caller: &Caller) -> Self {
        Self {
            uin: caller.uin().map(|uin| uin.to_string().into()),
            account: caller.app_id.map(|app_id| alloc::format!("uid/{app_id}").into()),
        }
    }

    pub(super) fn uin(&self) -> Option<&str> {
        self.uin.as_deref()
    }

    pub(super) fn app_id(&self) -> Option<&str> {
        self.account.as_deref().and_then(|account| account.strip_prefix("uid/"))
    }

    pub(super) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}
