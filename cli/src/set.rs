//! The policies of an account: which layer each belongs to, and whose account it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Layer, Level, PolicySet};
use cam_policy::key;
use cam_policy::policy::{
    ActionPattern, Comparison, Condition, ConditionValue, Effect, Policy, Principal, ResourcePattern,
    Statement,
};
use cam_policy::values::Uin;
use cam_workspace::policies::NamedAccounts;

use crate::exit::Failure;
use crate::input::{self, Source};
use crate::request::CallerArgs;
use crate::{names, print};

/// Layers beside the identity policies, and the account.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct LayerArgs {
    /// The permission boundary: a file, or a directory
    #[arg(long, value_name = "POLICY", help_heading = "Layers")]
    pub boundary: Vec<PathBuf>,
    /// The policy of the session
    #[arg(long, value_name = "POLICY", help_heading = "Layers")]
    pub session: Vec<PathBuf>,
    /// The trust policy of the role that the caller wants to assume
    #[arg(long, value_name = "POLICY", help_heading = "Layers")]
    pub trust: Vec<PathBuf>,
    /// Service control policies of a level: root, unit:NUMBER or account
    #[arg(long, value_name = "LEVEL=POLICY", help_heading = "Layers")]
    pub scp: Vec<Scp>,
    /// The uin of the root account [default: the one account that the policies and the request name]
    #[arg(long, value_name = "UIN", help_heading = "Layers")]
    pub owner: Option<Uin>,
}

impl LayerArgs {
    /// Whether no layer is given.
    pub(crate) fn is_empty(&self) -> bool {
        [&self.boundary, &self.session, &self.trust].iter().all(|paths| paths.is_empty())
            && self.scp.is_empty()
    }
}

/// Service control policies of one level.
#[derive(Clone, Debug)]
pub(crate) struct Scp {
    level: Level,
    path: PathBuf,
}

impl Scp {
    /// Returns it with its path taken from a directory.
    pub(crate) fn within(self, directory: &Path) -> Self {
        Self { path: directory.join(self.path), ..self }
    }
}

impl FromStr for Scp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (level, path) = text.split_once('=').ok_or("write LEVEL=POLICY, such as root=guard.json")?;
        let level = match level.split_once(':') {
            None if level == "root" => Level::Root,
            None if level == "account" => Level::Account,
            Some(("unit", number)) => Level::Unit(
                number
                    .parse()
                    .map_err(|_| format!("`{number}` is no number of a unit, counted from the root"))?,
            ),
            _ => return Err(format!("`{level}` is no level: write root, unit:NUMBER or account")),
        };
        Ok(Self { level, path: path.into() })
    }
}

/// The policies of all layers.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    layers: Vec<(Layer, Vec<Source>)>,
    owner: Option<Uin>,
}

impl Policies {
    /// Reads the policies of every layer. `identity` is the layer of users and buckets.
    pub(crate) fn read(identity: &[PathBuf], args: &LayerArgs) -> Result<Self, Failure> {
        let alone = !args.trust.is_empty() && identity.is_empty();
        let mut layers = Vec::new();
        if !alone {
            layers.push((Layer::Identity, of_identities(input::policies(identity)?)?));
        }
        for (layer, paths) in
            [(Layer::Boundary, &args.boundary), (Layer::Session, &args.session), (Layer::Trust, &args.trust)]
        {
            if !paths.is_empty() {
                layers.push((layer, input::policies(paths)?));
            }
        }
        for Scp { level, path } in &args.scp {
            let layer = Layer::ServiceControl(*level);
            let read = input::policies(std::slice::from_ref(path))?;
            match layers.iter_mut().find(|(known, _)| *known == layer) {
                Some((_, known)) => known.extend(read),
                None => layers.push((layer, read)),
            }
        }
        for (layer, sources) in &layers {
            if let (Layer::Trust, [one, other, ..]) = (layer, &sources[..]) {
                return Err(Failure::new(format_args!(
                    "{} and {} are the trust policies of two roles, and a caller assumes one role",
                    one.name, other.name
                ))
                .with_help("write the trust policy of one role to a file, and name this file with --trust"));
            }
            if let Some(wrong) = sources.iter().find(|one| !layer.takes(one.policy.kind())) {
                let (name, kind) = (&wrong.name, wrong.policy.kind());
                return Err(Failure::new(format_args!(
                    "{name} does not belong to the {layer}: by its elements, its kind is `{kind}`"
                )));
            }
        }
        Ok(Self { layers, owner: args.owner })
    }

    /// The policies of one layer that have been read already.
    pub(crate) fn of(layer: Layer, sources: Vec<Source>, owner: Option<Uin>) -> Self {
        Self { layers: vec![(layer, sources)], owner }
    }

    fn all(&self) -> impl Iterator<Item = &Policy> {
        self.layers.iter().flat_map(|(_, sources)| sources).map(|source| &source.policy)
    }

    /// Returns the root account: the given one, or the only one that the policies and `more` name. It is none of the callers,
    /// unless it is named.
    pub(crate) fn owner<'a>(
        &'a self,
        more: impl IntoIterator<Item = &'a str>,
        callers: impl IntoIterator<Item = Uin>,
    ) -> Result<Uin, Failure> {
        owner(self.owner, self.all(), more, callers)
    }

    /// Returns the caller: the given one, or one of whom the policies know nothing. A uin that principals name is the user
    /// of the account that they name with it.
    pub(crate) fn caller(&self, args: &CallerArgs, owner: Uin) -> Caller {
        let caller = args.caller(owner, self.stranger(owner));
        let account = caller.uin().and_then(|uin| NamedAccounts::of(self.all(), []).account_of(uin));
        account.into_iter().filter(|_| args.account.is_none()).fold(caller, Caller::of_account)
    }

    /// Compiles the policies.
    pub(crate) fn set(&self, catalog: &Catalog<'static>, owner: Uin) -> PolicySet<'static> {
        let has_identity = self.layers.iter().any(|(layer, _)| *layer == Layer::Identity);
        // A set has the identity layer, or that of a role alone.
        let set = if has_identity {
            PolicySet::new(catalog, [], owner)
        } else {
            PolicySet::trust(catalog, [], owner)
        };
        let set = set.with_names(names::matches).with_examples(names::matching);
        self.layers.iter().fold(set, |set, (layer, sources)| {
            let named = sources.iter().map(|source| (source.name.clone(), source.policy.clone()));
            set.with_named_layer(*layer, named)
        })
    }

    /// Returns the keys that CAM is assumed to know of every request and that a condition looks at: for each the conditions that
    /// hold only without it.
    pub(crate) fn keys_of_every_request(&self) -> Vec<Vec<Condition>> {
        let sources = || self.layers.iter().flat_map(|(_, sources)| sources);
        let is_asked = |key: &str| {
            let mut statements = sources().flat_map(|source| source.policy.statements());
            statements.any(|one| one.conditions().iter().any(|condition| condition.key() == key))
        };
        // Each is true only if the request lacks the key, and says of what kind its values are.
        let address = |text: &str| ConditionValue::Text(text.into());
        let everywhere = Condition::unchecked(
            Comparison::IpNotEqual.into(),
            key::SOURCE_IP.name(),
            [address("0.0.0.0/0"), address("::/0")],
        );
        let never = [
            key::CURRENT_TIME.before(key::Timestamp::UNIX_EPOCH),
            key::CURRENT_TIME.after(key::Timestamp::UNIX_EPOCH),
        ];
        [vec![everywhere], Vec::from(never)]
            .into_iter()
            .filter(|absent: &Vec<Condition>| absent.iter().any(|one| is_asked(one.key())))
            .map(|absent| absent.into_iter().map(Condition::if_exist).collect())
            .collect()
    }

    /// Returns the policies as they are if CAM matches `*` inside a principal; `None` if that changes nothing.
    pub(crate) fn supposed(&self) -> Option<Self> {
        let mut layers = self.layers.clone();
        let is_other = suppose(layers.iter_mut().flat_map(|(_, sources)| sources));
        is_other.then_some(Self { layers, owner: self.owner })
    }

    /// Returns how many policies there are of users, groups and roles.
    pub(crate) fn count_identities(&self) -> usize {
        let of_identity = self.layers.iter().filter(|(layer, _)| *layer == Layer::Identity);
        of_identity.flat_map(|(_, sources)| sources).filter(|source| source.kind == Kind::Identity).count()
    }

    /// Says that several policies are taken together, which other commands do not.
    pub(crate) fn note_union(&self) {
        let count = self.count_identities();
        if count > 1 {
            print::note(format_args!(
                "the {count} identity policies are taken as those of one user; `who` and `compare` take each alone, and so does \
                 this command if one is named"
            ));
        }
    }

    /// Compiles the policies for a search, which is to find only requests with these keys.
    pub(crate) fn searched(
        &self,
        catalog: &Catalog<'static>,
        owner: Uin,
        absent: &[Vec<Condition>],
    ) -> PolicySet<'static> {
        let is_role = self.layers.iter().all(|(layer, _)| *layer == Layer::Trust);
        let layer = if is_role { Layer::Trust } else { Layer::Identity };
        let resources = if is_role { Vec::new() } else { vec![ResourcePattern::ALL] };
        let denies = absent.iter().map(|conditions| {
            let deny = Statement::new(Effect::Deny, [ActionPattern::ALL], resources.clone());
            let all = conditions.iter().cloned();
            all.fold(deny.for_principal(Principal::All), |deny, condition| deny.with_condition(condition))
        });
        let mut layers = self.layers.clone();
        if let (Some((_, sources)), Ok(policy)) =
            (layers.iter_mut().find(|(of, _)| *of == layer), Policy::new(denies))
        {
            sources.push(Source::made(policy));
        }
        Self { layers, owner: self.owner }.set(catalog, owner)
    }

    /// Returns a sub-account of whom the policies know nothing.
    pub(crate) fn stranger(&self, owner: Uin) -> Caller {
        Caller::stranger(owner, self.all())
    }
}

/// Returns the root account: the given one, or the only one that the resources of the policies and `more` name, or else the
/// principals. Policies that name no account are those of a stand-in, which is none of the callers.
pub(crate) fn owner<'a>(
    given: Option<Uin>,
    policies: impl IntoIterator<Item = &'a Policy>,
    more: impl IntoIterator<Item = &'a str>,
    callers: impl IntoIterator<Item = Uin>,
) -> Result<Uin, Failure> {
    let named = || {
        let mut named = NamedAccounts::of(policies, more);
        callers.into_iter().for_each(|uin| named.add_user(uin));
        named.owner()
    };
    given.map_or_else(named, Ok).map_err(|error| {
        Failure::new(error).with_help("say which is the root account of the policies: --owner UIN")
    })
}

/// An account that the policies may be of: the uin of its root account, and its APPID if that is known or assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub owner: Uin,
    pub app_id: Option<u64>,
}

/// The most accounts that an answer is looked for in.
const MOST_ACCOUNTS: usize = 16;

/// The accounts that policies may be of, in order.
pub(crate) struct Accounts {
    pub all: Vec<Account>,
    /// The one account that the policies name, in a resource. It is taken as theirs because none is given.
    pub assumed: Option<Uin>,
}

/// Returns every account that the policies may be of, in order. What is given is certain. Otherwise it may be each account
/// that a resource of the policies, a principal or `more` names; and one that nothing names, if no resource names one.
/// An APPID that is not given is each one that a resource names, or another. The account that nothing names is none of the
/// callers.
pub(crate) fn accounts<'a>(
    (owner, app_id): (Option<Uin>, Option<u64>),
    policies: &[&'a Policy],
    more: &[&'a str],
    callers: impl IntoIterator<Item = Uin>,
) -> Result<Accounts, Failure> {
    let mut named = NamedAccounts::of(policies.iter().copied(), more.iter().copied());
    callers.into_iter().for_each(|uin| named.add_user(uin));
    let mut owners: BTreeSet<Uin> = owner.into_iter().collect();
    let mut assumed = None;
    if owner.is_none() {
        owners.extend(named.owners.union(&named.of_principals));
        if named.owners.is_empty() {
            owners.insert(named.other_owner());
        } else if owners.len() == 1 {
            assumed = owners.first().copied();
        }
    }
    let mut app_ids: Vec<Option<u64>> = Vec::new();
    // A policy that says `${app_id}` is about the APPID itself, which nobody can guess.
    let is_asked_for = policies.iter().any(|policy| policy.to_string().contains("${app_id}"));
    if app_id.is_some() || is_asked_for {
        app_ids.push(app_id);
    } else {
        app_ids.extend(named.app_ids.iter().copied().chain(named.other_app_id()).map(Some));
    }
    if owners.len() * app_ids.len() > MOST_ACCOUNTS {
        let count = |count: usize, what: &str| format!("{count} {what}");
        return Err(Failure::new(format_args!(
            "the policies name too many accounts: {} and {}",
            count(owners.len(), "uins"),
            count(app_ids.len(), "APPIDs")
        ))
        .with_help("say which is the account of the policies: --owner UIN --app-id NUMBER"));
    }
    let with = |owner: &Uin| {
        let owner = *owner;
        app_ids.iter().map(move |app_id| Account { owner, app_id: *app_id }).collect::<Vec<_>>()
    };
    Ok(Accounts { all: owners.iter().flat_map(with).collect(), assumed })
}

/// Returns the policies of users, groups, roles and buckets. Those of other layers are left out with a note.
fn of_identities(sources: Vec<Source>) -> Result<Vec<Source>, Failure> {
    let (rest, others): (Vec<Source>, Vec<Source>) =
        sources.into_iter().partition(|source| matches!(source.kind, Kind::Identity | Kind::Bucket));
    let option = |kind: Kind| match kind {
        Kind::Trust => "give the trust policy of one role with --trust",
        Kind::Session => "give it with --session",
        Kind::Boundary => "give it with --boundary",
        _ => "give it with --scp",
    };
    if let (true, Some(other)) = (rest.is_empty(), others.first()) {
        let failure = Failure::new(format_args!("{} is a {}", other.name, words(other.kind)));
        return Err(failure.with_help(option(other.kind)));
    }
    for other in others {
        print::note(format_args!(
            "{} is left out, a {}: {}",
            other.name,
            words(other.kind),
            option(other.kind)
        ));
    }
    Ok(rest)
}

/// Makes policies what they are if CAM matches `*` inside a principal, and returns whether that changes one.
pub(crate) fn suppose<'a>(sources: impl Iterator<Item = &'a mut Source>) -> bool {
    let mut is_other = false;
    for source in sources {
        if let Some(policy) = source.policy.supposing_wildcard_principals() {
            source.policy = policy;
            is_other = true;
        }
    }
    is_other
}

/// Returns what tells whether the policies of a set name a uin.
pub(crate) fn is_named(set: &PolicySet<'_>) -> impl Fn(Uin) -> bool + use<> {
    let policies = set.layers().filter_map(|layer| set.policies(layer)).flatten();
    let is_digit = |one: char| one.is_ascii_digit();
    let numbers = |text: String| {
        let words = text.split(|one| !is_digit(one)).filter_map(|word| word.parse::<Uin>().ok());
        words.collect::<Vec<_>>()
    };
    let named: BTreeSet<Uin> = policies.flat_map(|policy| numbers(policy.to_string())).collect();
    move |uin| named.contains(&uin)
}

/// A kind of policy in words.
pub(crate) fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Trust => "role trust policy",
        Kind::Session => "session policy",
        Kind::Boundary => "permission boundary",
        Kind::Scp => "service control policy",
        _ => "policy",
    }
}
