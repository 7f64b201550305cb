//! Finds the callers that policies can distinguish.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::answer::AccessError;
use super::automaton::{Budget, Class, Constraint, Texts, find};
use super::texts::texts;
use crate::engine::caller::Caller;
use crate::engine::layer::Layer;
use crate::engine::matching::{TextRule, Variables};
use crate::engine::rules::names_nobody;
use crate::engine::set::PolicySet;
use crate::policy::{Condition, Effect, Principal, PrincipalKind, Statement, ValueKind};
use crate::text::{glob, split_segments};
use crate::values::{Uin, number};

const VARIABLE: &str = "${uin}";

/// The most callers. Only policies made for that purpose distinguish more.
const MOST: usize = 4_096;

/// Returns one caller of each kind that the policies of some sets of one account can distinguish, without the root account.
/// `app_id` is the APPID of the account. Callers of other accounts have another one.
///
/// A request is newly allowed if an allow of the new set is about the caller and a deny of the old set is too. Each of
/// them may name another group, so a caller who is in one group only would not show it.
pub(super) fn callers(sets: &[&PolicySet<'_>], app_id: Option<u64>) -> Result<Vec<Caller>, AccessError> {
    let Some(owner) = sets.first().map(|set| set.owner) else { return Ok(Vec::new()) };
    let mut named = Named { owner, accounts: BTreeMap::new(), others: Vec::new(), layers: BTreeSet::new() };
    named.accounts.entry(owner).or_default();
    let mut texts_of: Vec<(&str, &str)> = Vec::new();
    for compiled in sets.iter().flat_map(|set| set.compiled()) {
        for policy in &compiled.policies {
            for statement in policy.statements() {
                if let Some(principal) = statement.principal().or(policy.principal()) {
                    named.layers.insert(compiled.layer);
                    named.add(principal, statement.effect(), compiled.layer);
                }
                texts_of.extend(compared(statement));
            }
        }
    }
    let Named { accounts, others, layers, .. } = named;
    texts_of.sort_unstable();
    texts_of.dedup();
    let mut same: BTreeSet<Uin> = BTreeSet::new();
    for (what, with) in texts_of.iter().filter(|(_, text)| text.contains(VARIABLE)) {
        for (of, other) in &texts_of {
            if what == of && with != other {
                same.extend(same_text(with, other, sets));
            }
        }
    }
    let all: Vec<&str> = texts_of.iter().map(|(_, text)| *text).collect();
    let is_free = |digits: &str| all.iter().all(|text| !text.contains(digits));
    let is_known = |one: &Uin| {
        same.contains(one) || accounts.iter().any(|(root, own)| root == one || own.users.contains_key(one))
    };
    let mut strangers = (0..1_000)
        .filter_map(|at| Uin::new(200_000_000_000 + at * 7_777_777_777).ok())
        .filter(|one| !is_known(one) && is_free(&one.to_string()));
    let (Some(stranger), Some(other_root)) = (strangers.next(), strangers.next()) else {
        return Err(AccessError::TooComplex);
    };
    let other_app_id =
        (1_300_000_000..1_300_001_000).find(|number| Some(*number) != app_id && is_free(&number.to_string()));
    let with_app_id = |caller: Caller| {
        let number = app_id.and_then(|own| if caller.is_of(owner) { Some(own) } else { other_app_id });
        number.into_iter().fold(caller, Caller::with_app_id)
    };

    let open = layers.len() > 1 || texts_of.iter().any(|(_, text)| text.contains(VARIABLE));
    let mut found: Vec<Caller> = Vec::new();
    for (account, own) in &accounts {
        let of_account =
            |caller: Caller| if *account == owner { caller } else { caller.of_account(*account) };
        let mut users: BTreeSet<Uin> = own.users.keys().chain(&same).copied().collect();
        if *account == owner {
            users.remove(&owner);
        } else {
            users.insert(*account);
        }
        // A caller of another account of whom a policy names nothing is like those of any such account.
        let is_needed = *account == owner || !own.groups.is_empty() || own.trusted;
        let sets = own.group_sets(layers.len() + 1, open);
        let alone = users.iter().copied().chain(is_needed.then_some(stranger));
        found.extend(alone.map(|uin| of_account(Caller::new(uin))));
        // A root account is in no group.
        users.remove(account);
        for uin in users.into_iter().chain([stranger]) {
            let named = own.users.get(&uin).filter(|_| !open);
            let fits = |set: &&Vec<u64>| match (named, set.as_slice()) {
                (Some(own_effects), [only]) => own_effects.crosses(own.groups[only]),
                (Some(_), _) => false,
                (None, _) => true,
            };
            for set in sets.iter().filter(fits) {
                if found.len() >= MOST {
                    return Err(AccessError::TooComplex);
                }
                found.push(of_account(Caller::new(uin).in_groups(set.iter().copied())));
            }
        }
    }
    if !layers.is_empty() {
        let users = same.iter().copied().chain([stranger]);
        found.extend(users.map(|uin| Caller::new(uin).of_account(other_root)));
    }
    for one in others {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    if found.len() > MOST {
        return Err(AccessError::TooComplex);
    }
    Ok(found.into_iter().map(with_app_id).collect())
}

/// The effects of the statements that name somebody.
#[derive(Clone, Copy, Default)]
struct Effects {
    allow: bool,
    deny: bool,
}

impl Effects {
    fn add(&mut self, effect: Effect) {
        match effect {
            Effect::Allow => self.allow = true,
            Effect::Deny => self.deny = true,
        }
    }

    /// Whether an allow names one and a deny names the other.
    fn crosses(self, other: Self) -> bool {
        self.allow && other.deny || self.deny && other.allow
    }
}

/// The users and groups of an account that principals name.
#[derive(Default)]
struct Members {
    users: BTreeMap<Uin, Effects>,
    groups: BTreeMap<u64, Effects>,
    /// Whether the trust policy of a role names the root account, and so all of its users.
    trusted: bool,
}

impl Members {
    /// Returns the sets of groups, none of them empty, that a caller may be in: of at most `size` groups if `open`, or else
    /// each group and each pair of which one is allowed something and the other is denied something.
    fn group_sets(&self, size: usize, open: bool) -> Vec<Vec<u64>> {
        let mut sets: Vec<Vec<u64>> = self.groups.keys().map(|group| Vec::from([*group])).collect();
        let mut from = 0;
        for _ in 1..size {
            let until = sets.len();
            for at in from..until {
                let last = sets[at].last().copied().unwrap_or_default();
                // More than these are too many in any case.
                if sets.len() > MOST {
                    return sets;
                }
                for (group, effects) in self.groups.range(last.saturating_add(1)..) {
                    let crosses = sets[at].iter().all(|one| self.groups[one].crosses(*effects));
                    if open || crosses {
                        let mut set = sets[at].clone();
                        set.push(*group);
                        sets.push(set);
                    }
                }
            }
            from = until;
        }
        sets
    }
}

/// Returns the callers that principals name.
struct Named {
    owner: Uin,
    accounts: BTreeMap<Uin, Members>,
    others: Vec<Caller>,
    /// The layers whose statements have principals.
    layers: BTreeSet<Layer>,
}

impl Named {
    fn add(&mut self, principal: &Principal, effect: Effect, layer: Layer) {
        self.others.push(Caller::anonymous());
        self.others.extend(principal.names(PrincipalKind::Service).map(Caller::service));
        self.others.extend(principal.names(PrincipalKind::Federated).map(Caller::federated));
        for name in principal.names(PrincipalKind::Qcs) {
            let Some((of, who)) = name.strip_prefix("qcs::cam::").and_then(|rest| rest.split_once(':'))
            else {
                continue;
            };
            let account = if names_nobody(of) {
                self.owner
            } else {
                let Some(Ok(account)) = of.strip_prefix("uin/").map(str::parse) else { continue };
                account
            };
            let members = self.accounts.entry(account).or_default();
            members.trusted |= layer == Layer::Trust && who == "root";
            let role = match who.split_once('/') {
                Some(("uin", id)) => {
                    if let Ok(uin) = id.parse() {
                        members.users.entry(uin).or_default().add(effect);
                    }
                    None
                }
                Some(("groupid", id)) => {
                    if let Some(group) = number(id) {
                        members.groups.entry(group.get()).or_default().add(effect);
                    }
                    None
                }
                Some(("roleName", name)) => Some(Caller::role(name)),
                Some(("role", id)) => match (id.strip_prefix(SERVICE_ROLE), number(id)) {
                    (Some(name), _) => Some(Caller::role(name)),
                    (None, Some(id)) => Some(Caller::role("").with_role_id(id.get())),
                    (None, None) => None,
                },
                _ => None,
            };
            let is_own = account == self.owner;
            self.others.extend(role.map(|role| if is_own { role } else { role.of_account(account) }));
        }
    }
}

/// How a principal names the role of a service.
const SERVICE_ROLE: &str = "tencentcloudServiceRoleName/";

/// The texts of a statement that may have the caller in them, each with what it is compared with.
fn compared(statement: &Statement) -> impl Iterator<Item = (&str, &str)> {
    let last = |text| split_segments(text).map(|segments| ("", segments[5]));
    let resources = statement.resources().iter().filter_map(move |one| last(one.as_str()));
    let is_text = |one: &&Condition| matches!(one.operator().comparison.kind(), ValueKind::Text);
    let texts = statement.conditions().iter().filter(is_text);
    resources.chain(texts.flat_map(|one| one.values().iter().map(|value| (one.key(), value.as_str()))))
}

/// Returns the accounts in a text.
fn numbers(text: &str) -> impl Iterator<Item = Uin> {
    let runs = text.split(|character: char| !character.is_ascii_digit());
    runs.filter_map(|run| Uin::new(run.parse().ok()?).ok())
}

/// Returns a caller for whom a pattern with the variable matches a text that another pattern matches too.
fn same_text(with: &str, other: &str, sets: &[&PolicySet<'_>]) -> Option<Uin> {
    let owner_uin = &sets.first()?.owner_uin;
    let mut pieces = with.split(VARIABLE);
    let pattern = |text: &str| {
        let variables = Variables { uin: Some(""), owner_uin, app_id: Some("") };
        texts(TextRule::Pattern(text), variables, Class::Any)
    };
    let mut universe = pattern(pieces.next()?)?;
    for piece in pieces {
        universe = universe.then_some(Class::Digit).followed_by(pattern(piece)?);
    }
    let wanted = Constraint { any_of: Rc::new(any_caller(other, &pattern)?.into()), wanted: true };
    let found = find(&universe, &[wanted], &mut Budget(1_000_000)).ok()??;
    let is_same = |uin: &Uin| {
        let filled = |text: &str| text.replace(VARIABLE, &uin.to_string());
        glob(&filled(with), &found)
    };
    numbers(&found).find(is_same)
}

/// The texts of a pattern, whoever the caller is.
fn any_caller(text: &str, pattern: &dyn Fn(&str) -> Option<Texts>) -> Option<Texts> {
    let mut pieces = text.split(VARIABLE);
    let mut all = pattern(pieces.next()?)?;
    for piece in pieces {
        all = all.then_some(Class::Digit).followed_by(pattern(piece)?);
    }
    Some(all)
}
