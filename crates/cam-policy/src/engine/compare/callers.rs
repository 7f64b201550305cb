//! Finds the callers that policies can distinguish.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::automaton::{Budget, Class, Constraint, Texts, find};
use super::texts::texts;
use crate::engine::caller::Caller;
use crate::engine::matching::{TextRule, Variables};
use crate::engine::set::PolicySet;
use crate::policy::{Condition, Principal, PrincipalKind, Statement, ValueKind};
use crate::text::{glob, split_segments};
use crate::values::Uin;

const VARIABLE: &str = "${uin}";

/// Returns one caller of each kind that the policies of some sets of one account can distinguish, without the root account.
pub(super) fn callers(sets: &[&PolicySet<'_>]) -> Vec<Caller> {
    let Some(owner) = sets.first().map(|set| set.owner) else { return Vec::new() };
    let mut named = Named::default();
    let mut texts_of: Vec<(&str, &str)> = Vec::new();
    for compiled in sets.iter().flat_map(|set| set.compiled()) {
        for policy in &compiled.policies {
            for statement in policy.statements() {
                if let Some(principal) = statement.principal().or(policy.principal()) {
                    named.add(principal);
                }
                texts_of.extend(compared(statement));
            }
        }
    }
    let Named { mut users, groups, others } = named;
    texts_of.sort_unstable();
    texts_of.dedup();
    for (what, with) in texts_of.iter().filter(|(_, text)| text.contains(VARIABLE)) {
        for (of, other) in &texts_of {
            if what == of && with != other {
                users.extend(same_text(with, other, sets));
            }
        }
    }
    // Nothing of it is in a policy.
    let all: Vec<&str> = texts_of.iter().map(|(_, text)| *text).collect();
    let strangers = (0..1_000).filter_map(|at| Uin::new(200_000_000_000 + at * 7_777_777_777).ok());
    let stranger = strangers.into_iter().find(|one| {
        let digits = one.to_string();
        !users.contains(one) && *one != owner && all.iter().all(|text| !text.contains(&digits))
    });
    users.remove(&owner);
    let mut found: Vec<Caller> = users.into_iter().chain(stranger).map(Caller::new).collect();
    found.extend(groups.into_iter().filter_map(|group| Some(Caller::new(stranger?).in_groups([group]))));
    for one in others {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Returns the callers that principals name.
#[derive(Default)]
struct Named {
    users: BTreeSet<Uin>,
    groups: BTreeSet<u64>,
    others: Vec<Caller>,
}

impl Named {
    fn add(&mut self, principal: &Principal) {
        self.others.push(Caller::anonymous());
        self.others.extend(principal.names(PrincipalKind::Service).map(Caller::service));
        self.others.extend(principal.names(PrincipalKind::Federated).map(Caller::federated));
        for name in principal.names(PrincipalKind::Qcs) {
            self.users.extend(numbers(name));
            match name.rsplit_once(':').and_then(|(_, who)| who.split_once('/')) {
                Some(("groupid", id)) => self.groups.extend(id.parse::<u64>()),
                Some(("roleName", name)) => self.others.push(Caller::role(name)),
                Some(("role", id)) => match (id.strip_prefix(SERVICE_ROLE), id.parse()) {
                    (Some(name), _) => self.others.push(Caller::role(name)),
                    (None, Ok(id)) => self.others.push(Caller::role("").with_role_id(id)),
                    (None, Err(_)) => {}
                },
                _ => {}
            }
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
