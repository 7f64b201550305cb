//! Where a proof searches: the accounts that policies may stand in, and the callers that they can tell apart.
//!
//! The search of the engine knows one account, and only the resources of that account. A policy may name others. So it
//! is searched in each account that it names, and in one that it does not name.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use cam_policy::engine::{Caller, PolicySet};
use cam_policy::policy::{Policy, PrincipalKind, ResourcePattern, Statement, Variable};
use cam_policy::text::split_segments;
use cam_policy::values::Uin;

/// An account whose resources are searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) owner: Uin,
    pub(crate) app_id: u64,
    /// The account of the policy, if it is another one: a resource pattern without account does not match here.
    elsewhere: Option<Uin>,
}

/// All that policies name, as far as a search depends on it.
pub(crate) struct Places {
    pub(crate) all: Vec<Place>,
    accounts: BTreeMap<Option<Uin>, Members>,
    /// A user, whose account is not named either.
    outsider: Uin,
    says_uin: bool,
}

/// The members of an account that principals name.
#[derive(Clone, Default)]
struct Members {
    users: BTreeSet<Uin>,
    groups: BTreeSet<u64>,
    roles: BTreeSet<String>,
    role_ids: BTreeSet<u64>,
}

/// How many accounts, and how many callers in each, a proof searches.
const MOST: usize = 32;

/// Of how many groups of an account every combination is searched.
const MOST_GROUPS: usize = 3;

impl Places {
    /// Finds what two policies name; an error says why a search could miss something.
    pub(crate) fn of(policies: [&Policy; 2]) -> Result<Self, String> {
        let statements = || {
            let all = policies
                .into_iter()
                .flat_map(|policy| policy.statements().iter().map(move |one| (policy, one)));
            all.map(|(policy, one)| (one, one.principal().or(policy.principal())))
        };
        let resources: BTreeSet<&str> =
            statements().flat_map(|(one, _)| one.resources()).map(ResourcePattern::as_str).collect();
        let conditions = statements().flat_map(|(one, _)| one.conditions());
        let values: BTreeSet<(&str, &str)> =
            conditions.flat_map(|one| one.values().iter().map(|value| (one.key(), value.as_str()))).collect();
        let mut accounts = BTreeMap::new();
        for principal in statements().filter_map(|(_, principal)| principal) {
            principal.names(PrincipalKind::Qcs).for_each(|name| add_member(&mut accounts, name));
        }

        let (mut uins, mut app_ids) = (BTreeSet::new(), BTreeSet::new());
        uins.extend(accounts.keys().flatten().map(|uin| uin.get()));
        let (mut nobody, mut somebody, mut says_account) = (false, false, false);
        for segments in resources.iter().filter_map(|resource| split_segments(resource)) {
            let [_, project, _, _, account, last] = segments;
            if !matches!(project, "" | "*" | "id/0") {
                return Err(format!("the proof does not know the resources of project `{project}`"));
            }
            let (bucket, app_id_of_bucket) = bucket(last);
            for part in [account, bucket] {
                if is_partial(part) {
                    return Err(format!("`{part}` matches some accounts and not others"));
                }
            }
            nobody |= matches!(account, "" | "uin/");
            match account.strip_prefix("uid/") {
                Some(app_id) => app_ids.extend(app_id.parse::<u64>()),
                None => uins.extend(numbers(account)),
            }
            app_ids.extend(app_id_of_bucket.parse::<u64>());
        }
        somebody |= resources.iter().any(|resource| {
            split_segments(resource).is_none_or(|segments| !matches!(segments[4], "" | "uin/"))
        });

        let says = |variable: Variable| {
            let mut fields: BTreeSet<&str> = BTreeSet::new();
            let text = variable.as_str();
            fields.extend(resources.iter().filter(|one| one.contains(text)).map(|_| ""));
            fields.extend(values.iter().filter(|(_, value)| value.contains(text)).map(|(key, _)| *key));
            fields
        };
        for variable in Variable::ALL {
            let fields = says(variable);
            if fields.is_empty() {
                continue;
            }
            // The engine looks for one coincidence of the variable with a text at a time.
            let own = resources.iter().filter_map(|one| split_segments(one)).map(|segments| segments[5]);
            let mut compared: Vec<&str> =
                values.iter().filter(|(key, _)| fields.contains(key)).map(|(_, value)| *value).collect();
            compared.extend(own.filter(|_| fields.contains("")));
            if fields.len() > 1 || compared.iter().any(|text| is_partial(text)) {
                return Err(format!("what `{variable}` stands for meets too many other texts"));
            }
            let own = match variable {
                Variable::AppId => &mut app_ids,
                Variable::OwnerUin => &mut uins,
                _ => continue,
            };
            says_account = true;
            // The caller's account and that of the resource are one in the search.
            if !own.is_empty() || nobody && somebody {
                return Err(format!("`{variable}` stands beside accounts that it can stand for"));
            }
            own.extend(compared.iter().flat_map(|text| numbers(text)));
        }
        if accounts.contains_key(&None) && accounts.len() > 1 && nobody && somebody {
            return Err("principals and resources name accounts, and leave them out".into());
        }

        let texts = resources.iter().copied().chain(values.iter().map(|(_, value)| *value));
        let written: Vec<&str> = texts.collect();
        let free = |first: u64| {
            let mut free = (first..first + 1000).filter(|number| {
                let text = number.to_string();
                !uins.contains(number) && written.iter().all(|one| !one.contains(&text))
            });
            free.next().zip(free.next()).ok_or_else(|| String::from("the policy names too many accounts"))
        };
        let ((owner, outsider), (app_id, _)) = (free(OWNER)?, free(1_200_000_001)?);
        let outsider = Uin::new(outsider).map_err(|error| error.to_string())?;
        let mut all = Vec::new();
        if !nobody && !says_account && accounts.is_empty() {
            // No statement depends on the account that it stands in. One place shows the requests on resources of all accounts.
            (uins, app_ids) = (BTreeSet::new(), BTreeSet::new());
        }
        let owners = [owner].into_iter().chain(uins).filter_map(|number| Uin::new(number).ok());
        for owner in owners {
            for app_id in [app_id].into_iter().chain(app_ids.iter().copied()) {
                all.push(Place { owner, app_id, elsewhere: None });
                if nobody && somebody {
                    all.push(Place { owner, app_id, elsewhere: Some(outsider) });
                }
            }
        }
        if all.len() > MOST {
            return Err(format!("the policy names so many accounts that there are {} cases", all.len()));
        }
        Ok(Self { all, accounts, outsider, says_uin: !says(Variable::Uin).is_empty() })
    }

    /// Returns one caller of each kind that the policies can tell apart in an account. `set` has all of these policies.
    pub(crate) fn callers(
        &self,
        place: Place,
        set: &PolicySet<'_>,
        is_trust: bool,
    ) -> Result<Vec<Caller>, String> {
        let mut callers = set.callers(None).map_err(|error| error.to_string())?;
        let has_anonymous = callers.contains(&Caller::anonymous());
        let mut add = |caller: Caller| {
            if !callers.contains(&caller) {
                callers.push(caller);
            }
        };
        let named = !self.accounts.is_empty();
        if named || self.says_uin || has_anonymous {
            add(Caller::role(&format!("role-{}", self.outsider)));
        }
        if named {
            add(Caller::new(self.outsider).of_account(self.outsider));
        }
        if is_trust {
            add(Caller::new(place.owner));
        }
        let mut by_account: BTreeMap<Uin, Members> = BTreeMap::new();
        for (account, members) in &self.accounts {
            let own = by_account.entry(account.unwrap_or(place.owner)).or_default();
            own.users.extend(&members.users);
            own.groups.extend(&members.groups);
            own.roles.extend(members.roles.iter().cloned());
            own.role_ids.extend(&members.role_ids);
        }
        for (account, mut members) in by_account {
            if members.groups.len() > MOST_GROUPS {
                return Err(format!("principals name {} groups of an account", members.groups.len()));
            }
            let of =
                |caller: Caller| if account == place.owner { caller } else { caller.of_account(account) };
            members.users.insert(self.outsider);
            let groups: Vec<u64> = members.groups.into_iter().collect();
            for user in members
                .users
                .into_iter()
                .filter(|user| is_trust || account != place.owner || *user != account)
            {
                for chosen in 0..1_usize << groups.len() {
                    let own = groups.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
                    add(of(Caller::new(user).in_groups(own.map(|(_, group)| *group))));
                }
            }
            members.roles.insert(format!("role-{}", self.outsider));
            for role in &members.roles {
                add(of(Caller::role(role)));
                members.role_ids.iter().for_each(|id| add(of(Caller::role(role).with_role_id(*id))));
            }
        }
        if callers.len() > MOST {
            return Err(format!("the policy tells {} callers apart", callers.len()));
        }
        Ok(callers.into_iter().map(|caller| caller.with_app_id(place.app_id)).collect())
    }
}

impl Place {
    /// Returns a policy as it is read for requests in this place.
    pub(crate) fn seen(self, policy: &Policy) -> Result<Cow<'_, Policy>, String> {
        let Some(account) = self.elsewhere else { return Ok(Cow::Borrowed(policy)) };
        let resource = |one: &ResourcePattern| match split_segments(one.as_str()) {
            Some([qcs, project, service, region, "" | "uin/", last]) => {
                format!("{qcs}:{project}:{service}:{region}:uin/{account}:{last}").parse()
            }
            _ => Ok(one.clone()),
        };
        let statement = |one: &Statement| {
            let resources: Result<Vec<ResourcePattern>, _> = one.resources().iter().map(resource).collect();
            let statement = Statement::new(
                one.effect(),
                one.actions().to_vec(),
                resources.map_err(|error| error.to_string())?,
            );
            let principal = one.principal().or(policy.principal()).cloned();
            let statement = principal.into_iter().fold(statement, Statement::for_principal);
            Ok(one.conditions().iter().cloned().fold(statement, Statement::with_condition))
        };
        let statements: Result<Vec<Statement>, String> = policy.statements().iter().map(statement).collect();
        Policy::new(statements?).map(Cow::Owned).map_err(|error| error.to_string())
    }
}

/// The first account that is tried as one that no policy names.
pub(crate) const OWNER: u64 = 100_000_000_001;

/// Adds whom a principal names: see `Caller` of the engine for the forms.
fn add_member(accounts: &mut BTreeMap<Option<Uin>, Members>, name: &str) {
    let Some((of, who)) = name.strip_prefix("qcs::cam::").and_then(|rest| rest.split_once(':')) else {
        return;
    };
    let account = match of {
        "" | "uin/" => None,
        _ => match of.strip_prefix("uin/").and_then(|number| number.parse().ok()) {
            Some(account) => Some(account),
            None => return,
        },
    };
    let members = accounts.entry(account).or_default();
    let (kind, id) = who.split_once('/').unwrap_or((who, ""));
    match kind {
        "root" => members.users.extend(account),
        "uin" => members.users.extend(id.parse::<Uin>()),
        "groupid" => members.groups.extend(id.parse::<u64>()),
        "roleName" => drop(members.roles.insert(id.into())),
        "role" => match id.strip_prefix("tencentcloudServiceRoleName/") {
            Some(name) => drop(members.roles.insert(name.into())),
            None => members.role_ids.extend(id.parse::<u64>()),
        },
        _ => {}
    }
}

/// Returns the part of the last segment of a resource in which the APPID of a bucket may stand, and the APPID.
fn bucket(last: &str) -> (&str, &str) {
    let (old, rest) = last.strip_prefix("prefix//").map_or((false, last), |rest| (true, rest));
    let bucket = rest.split_once('/').map_or(rest, |(bucket, _)| bucket);
    if old { (bucket, bucket) } else { (bucket, bucket.rsplit_once('-').map_or("", |(_, app_id)| app_id)) }
}

/// Whether a `*` stands beside a digit: then a pattern matches some numbers and not others.
fn is_partial(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    bytes.windows(2).any(|two| matches!(two, [b'*', b'0'..=b'9'] | [b'0'..=b'9', b'*']))
}

/// Returns the numbers in a text.
fn numbers(text: &str) -> impl Iterator<Item = u64> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|run| run.parse().ok())
}
