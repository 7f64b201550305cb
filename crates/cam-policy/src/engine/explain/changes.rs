//! The changes that would allow a request.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::explanation::{Change, NearestMiss, Proposal, StatementExplanation};
use super::nearest::meant_key;
use super::spelling::does_not_exist;
use crate::engine::condition::Test;
use crate::engine::decide::{ResourceNormalization, Response};
use crate::engine::layer::{Layer, StatementId};
use crate::engine::least::least_statement;
use crate::engine::rules::{Asked, resource_matches};
use crate::engine::set::PolicySet;
use crate::policy::{
    ActionPattern, Comparison, Condition, ConditionKey, ConditionOperator, ConditionValue, Effect, Policy,
    Principal, ResourcePattern, Statement, ValueKind,
};

/// Why a request is denied, and what would allow it.
#[derive(Default)]
pub(super) struct Denial {
    /// The layers in which no statement allows the request.
    pub(super) by: Vec<Layer>,
    pub(super) nearest: Vec<NearestMiss>,
    pub(super) proposals: Vec<Proposal>,
    /// What must be known before anything can be proposed.
    pub(super) notes: Vec<Box<str>>,
}

/// What is not known of a decision, because the request was given without keys that every request has.
#[derive(Default)]
pub(super) struct NotDecided {
    /// The statements that may deny or not allow a request that is allowed.
    pub(super) notes: Vec<Box<str>>,
    /// The keys that decide whether the request is allowed.
    pub(super) missing_keys: Vec<Box<str>>,
    /// The keys that decide whether the request is denied explicitly or implicitly.
    pub(super) keys_of_denial: Vec<Box<str>>,
}

/// The keys that CAM knows of every request: its address and its time.
const OF_EVERY_REQUEST: [&str; 2] = ["qcs:ip", "qcs:current_time"];

/// Whether a statement matches a request.
enum Matches<'a> {
    Yes,
    No,
    /// These keys decide it, which the request was given without.
    Open(Vec<&'a str>),
}

impl Matches<'_> {
    fn of(one: &StatementExplanation) -> Self {
        if one.matches() { Self::Yes } else { Self::No }
    }
}

impl PolicySet<'_> {
    /// Returns the set with the changes made. A policy that loses its last statement keeps its number and matches
    /// nothing.
    ///
    /// See [`Explanation`](super::Explanation) for an example.
    pub fn with_changes(&self, changes: &[Change]) -> Self {
        let mut set = self.clone();
        for compiled in self.compiled() {
            let layer = compiled.layer;
            let mut changed = Vec::with_capacity(compiled.policies.len() + 1);
            for (number, (name, policy)) in compiled.names.iter().zip(&compiled.policies).enumerate() {
                let of = |at: usize| StatementId { layer, policy: number, statement: at };
                let kept = policy.statements().iter().enumerate().filter_map(|(at, statement)| {
                    let change = changes.iter().find(|change| match change {
                        Change::Replace { id, .. } | Change::Remove { id, .. } => *id == of(at),
                        Change::Add(..) => false,
                    });
                    match change {
                        Some(Change::Replace { with, .. }) => Some(with.clone()),
                        Some(_) => None,
                        None => Some(statement.clone()),
                    }
                });
                let kept = Policy::unchecked(policy.principal().cloned(), kept.collect());
                changed.push((name.clone(), kept));
            }
            for change in changes {
                if let Change::Add(to, statement) = change {
                    if *to == layer {
                        changed.push((None, Policy::unchecked(None, Vec::from([statement.clone()]))));
                    }
                }
            }
            set = set.with_policies(layer, changed);
        }
        set
    }

    pub(super) fn denial(
        &self,
        response: &Response<'_>,
        asked: &Asked<'_>,
        statements: &[StatementExplanation],
    ) -> Denial {
        let mut denial = Denial::default();
        let caller = asked.request.caller();
        let limits = |layer| self.present(caller).any(|(one, _)| one == layer);
        let denies: Vec<_> = statements
            .iter()
            .filter(|one| one.effect == Effect::Deny && one.matches() && limits(one.id.layer))
            .collect();
        for denied in &denies {
            denial.proposals.extend(self.without(denied, asked));
        }
        for (layer, _) in self.present(caller) {
            let of_layer =
                || statements.iter().filter(move |one| one.id.layer == layer && one.effect == Effect::Allow);
            if of_layer().any(StatementExplanation::matches) {
                continue;
            }
            denial.by.push(layer);
            let ranked = of_layer().filter_map(|one| Some((self.distance(one, asked)?, one)));
            let closest = ranked.min_by_key(|(distance, one)| (*distance, one.id)).map(|(_, one)| one);
            if let Some(one) = closest {
                denial.notes.extend(self.not_given(one, asked));
            }
            let near = closest.and_then(|one| self.beside(one, response, asked));
            denial.proposals.extend(near.or_else(|| self.plain(layer, response, asked)));
            if let Some(one) = closest.filter(|_| denies.is_empty()) {
                denial.nearest.extend(self.misses(one, response, asked));
            }
        }
        if !denial.notes.is_empty() {
            // With the keys, the decision may be another one. A change for a request without them would help nobody.
            denial.proposals.clear();
        } else if !self.suffices(&denial.proposals, response, statements) {
            // The statements with conditions do not suffice, for example because no condition can express them:
            // propose one without conditions.
            for proposal in &mut denial.proposals {
                let Change::Add(layer, to) = &proposal.change else { continue };
                let layer = *layer;
                if let (Effect::Allow, Some(plain)) = (to.effect(), self.plain(layer, response, asked)) {
                    let without = "the conditions of the statement that comes nearest cannot be kept: this one has none";
                    *proposal = Proposal { opens: Some(without.into()), ..plain };
                }
            }
            if !self.suffices(&denial.proposals, response, statements) {
                denial.proposals.clear();
            }
        }
        denial
    }

    /// Whether the request is allowed after the changes. What the statements that stay do is known already, so the
    /// set is not made again: one statement about everything stands for those of a layer and an effect that match.
    fn suffices(
        &self,
        proposals: &[Proposal],
        response: &Response<'_>,
        statements: &[StatementExplanation],
    ) -> bool {
        let changed = |id: StatementId| {
            proposals.iter().any(|proposal| match &proposal.change {
                Change::Replace { id: of, .. } | Change::Remove { id: of, .. } => *of == id,
                Change::Add(..) => false,
            })
        };
        let mut set = self.without_policies();
        for layer in self.layers() {
            let stays =
                |one: &&StatementExplanation| one.id.layer == layer && one.matches() && !changed(one.id);
            let mut policies = Vec::new();
            for effect in [Effect::Deny, Effect::Allow] {
                if statements.iter().filter(stays).any(|one| one.effect == effect) {
                    let every = Statement::new(effect, [ActionPattern::ALL], [ResourcePattern::ALL]);
                    policies.push(Policy::unchecked(Some(Principal::All), Vec::from([every])));
                }
            }
            for proposal in proposals {
                let (principal, statement) = match &proposal.change {
                    Change::Replace { id, with, .. } if id.layer == layer => (self.principal_of(*id), with),
                    Change::Add(to, statement) if *to == layer => (None, statement),
                    _ => continue,
                };
                policies.push(Policy::unchecked(principal.cloned(), Vec::from([statement.clone()])));
            }
            set = set.with_layer(layer, policies);
        }
        set.decide(response.request()).is_allowed()
    }

    /// Proposes a statement for the request's action and resource only.
    fn plain(&self, layer: Layer, response: &Response<'_>, asked: &Asked<'_>) -> Option<Proposal> {
        let caller = asked.request.caller();
        let mut opens = String::new();
        if does_not_exist(&self.catalog(), asked.request.action()) {
            opens.push_str("the catalog has no such action: correct the request first");
        }
        let mut to = least_statement(asked.request.action(), asked.resource)?;
        if layer == Layer::Trust {
            to = Statement::new(Effect::Allow, to.actions().to_vec(), Vec::<ResourcePattern>::new());
        } else if asked.resource.contains("${")
            || asked.resource.len() > 1
                && asked.resource.contains('*')
                && response.normalization != Some(ResourceNormalization::AllResources)
        {
            opens.push_str(
                "the pattern matches more than the resource of the request, which it cannot spell out",
            );
        }
        if layer == Layer::Trust || !caller.has_policies() {
            to = to.for_principal(caller.principal(self.owner));
            if !caller.has_policies() {
                opens = "the statement is for everyone: a request without signature has no name of its own"
                    .into();
            }
        }
        let opens = (!opens.is_empty()).then(|| opens.into());
        Some(Proposal { change: Change::Add(layer, to), opens })
    }

    /// Says which keys of every request this one was given without, where a condition does not hold for that reason.
    fn not_given(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Vec<Box<str>> {
        self.keys_not_given(one, asked)
            .into_iter()
            .map(|key| {
                alloc::format!(
                    "the request was given without `{key}`, which CAM is assumed to know of every request: ask again with \
                     it; no change is proposed without it"
                )
                .into()
            })
            .collect()
    }

    /// Says which statements make the decision unknown, because the request was given without keys that every request has,
    /// and returns these keys.
    pub(super) fn not_decided(
        &self,
        asked: &Asked<'_>,
        is_allowed: bool,
        statements: &[StatementExplanation],
    ) -> NotDecided {
        let of = |layer: Layer, effect: Effect| {
            statements.iter().filter(move |one| one.id.layer == layer && one.effect == effect).map(|one| {
                let open = self.keys_that_decide(one, asked);
                (one, if open.is_empty() { Matches::of(one) } else { Matches::Open(open) })
            })
        };
        let mut open = Vec::new();
        let mut never_allowed = false;
        for (layer, _) in self.present(asked.request.caller()) {
            let denies: Vec<_> = of(layer, Effect::Deny).collect();
            let allows: Vec<_> = of(layer, Effect::Allow).collect();
            let one_matches =
                |all: &[(_, Matches<'_>)]| all.iter().any(|(_, one)| matches!(one, Matches::Yes));
            let none_allows = allows.iter().all(|(_, one)| matches!(one, Matches::No));
            // Whatever the keys are, the request is explicitly denied.
            if one_matches(&denies) || none_allows && matches!(layer, Layer::ServiceControl(_)) {
                return NotDecided::default();
            }
            never_allowed |= none_allows;
            open.extend(denies);
            if !one_matches(&allows) {
                open.extend(allows);
            }
        }
        // An allow of these layers does not make the denial another one.
        if never_allowed {
            open.retain(|(one, _)| {
                one.effect == Effect::Deny || matches!(one.id.layer, Layer::ServiceControl(_))
            });
        }
        let mut notes = Vec::new();
        let mut all: Vec<Box<str>> = Vec::new();
        for (one, matches) in open {
            let Matches::Open(missing) = matches else { continue };
            let mut keys: Vec<String> = Vec::new();
            for key in missing {
                if !all.iter().any(|known| **known == *key) {
                    all.push(key.into());
                }
                let key = alloc::format!("`{key}`");
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            // Of a request that is denied, the statement that comes nearest is told.
            if !is_allowed {
                continue;
            }
            let (keys, it) = (keys.join(" and "), if keys.len() == 1 { "it" } else { "them" });
            let what = match one.effect {
                Effect::Deny => "may deny the request",
                Effect::Allow => "may not allow the request",
            };
            notes.push(
                alloc::format!(
                    "{} {what}: the request was given without {keys}, which CAM is assumed to know of every request: ask again \
                     with {it}",
                    one.label
                )
                .into(),
            );
        }
        if never_allowed {
            NotDecided { keys_of_denial: all, ..NotDecided::default() }
        } else {
            NotDecided { notes, missing_keys: all, ..NotDecided::default() }
        }
    }

    /// Returns the keys of every request that the request was given without, if they alone decide whether the statement
    /// matches.
    fn keys_that_decide(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Vec<&str> {
        let Some(statement) = self.statement(one.id) else { return Vec::new() };
        if !one.principal || one.action.is_none() || one.resource.is_err() {
            return Vec::new();
        }
        let failing = self.keys_not_given(one, asked);
        if failing.len() != one.conditions.iter().filter(|state| !state.holds).count() {
            return Vec::new();
        }
        // Such as a condition with `_if_exist`, which holds for want of its key.
        let holds = statement.conditions().iter().zip(&one.conditions).filter(|(_, state)| state.holds);
        let holding = holds.map(|(condition, _)| condition.key());
        let holding =
            holding.filter(|key| OF_EVERY_REQUEST.contains(key) && asked.request.values(key).is_empty());
        failing.into_iter().chain(holding).collect()
    }

    /// Returns the keys of every request for want of which a condition of the statement does not hold.
    fn keys_not_given(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Vec<&str> {
        let Some(statement) = self.statement(one.id) else { return Vec::new() };
        let fails = statement.conditions().iter().zip(&one.conditions).filter(|(_, state)| !state.holds);
        let keys = fails.map(|(condition, _)| meant_key(condition.key()).unwrap_or(condition.key()));
        keys.filter(|key| OF_EVERY_REQUEST.contains(key) && asked.request.values(key).is_empty()).collect()
    }

    /// Proposes the same under the conditions of a nearby statement. Conditions that do not hold are replaced by ones
    /// that hold for the request and for as little else as possible.
    fn beside(
        &self,
        one: &StatementExplanation,
        response: &Response<'_>,
        asked: &Asked<'_>,
    ) -> Option<Proposal> {
        let Proposal { change, opens } = self.plain(one.id.layer, response, asked)?;
        let Change::Add(layer, mut to) = change else { return None };
        let mut opens: Vec<Box<str>> = opens.into_iter().collect();
        let mut conditions: Vec<Condition> = Vec::new();
        for (condition, state) in self.statement(one.id)?.conditions().iter().zip(&one.conditions) {
            let new = if state.holds { Some(condition.clone()) } else { pinned(condition, asked) };
            let Some(new) = new else {
                opens.push(alloc::format!("nothing is left of the condition `{condition}`").into());
                continue;
            };
            if !state.holds && asked.request.values(new.key()).is_empty() {
                opens.push(
                    alloc::format!(
                        "the request was given without `{0}`, so this allows requests without it: if CAM knows `{0}`, ask again \
                         with it",
                        new.key()
                    )
                    .into(),
                );
            }
            if !state.holds && limit(new.operator().comparison).is_some() {
                opens.push(
                    alloc::format!(
                        "the limit on `{}` moves to the request's value, and what lies between is allowed too",
                        new.key()
                    )
                    .into(),
                );
            }
            // JSON cannot hold two of one operator and key. One that is about this request alone opens less.
            let same = |before: &Condition| (before.operator(), before.key()) == (new.operator(), new.key());
            match conditions.iter().position(same) {
                Some(at) if !state.holds => conditions[at] = new,
                Some(_) => {}
                None => conditions.push(new),
            }
        }
        for condition in conditions {
            to = to.with_condition(condition);
        }
        let opens = (!opens.is_empty()).then(|| opens.join("; ").into());
        Some(Proposal { change: Change::Add(layer, to), opens })
    }

    /// Proposes a deny without the patterns that match. It still denies other actions and other resources. A pattern
    /// cannot be narrowed, so it goes as a whole.
    fn without(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Vec<Proposal> {
        let id = one.id;
        let Some(statement) = self.statement(id) else { return Vec::new() };
        let (hit, resources): (Vec<ResourcePattern>, Vec<_>) = statement
            .resources()
            .iter()
            .cloned()
            .partition(|resource| resource_matches(resource, asked).is_ok());
        let (matched, actions): (Vec<ActionPattern>, Vec<_>) =
            statement.actions().iter().cloned().partition(|action| action.matches(asked.request.action()));
        let deny = |actions: Vec<ActionPattern>, resources: Vec<ResourcePattern>, apart: bool| {
            let to = Statement::new(Effect::Deny, actions, resources);
            let to = statement.conditions().iter().cloned().fold(to, Statement::with_condition);
            // A new policy has no principal beside its statements.
            let principal = if apart { self.principal_of(id) } else { statement.principal() };
            match principal {
                Some(principal) => to.for_principal(principal.clone()),
                None => to,
            }
        };
        let exact = matched.iter().all(|action| action.as_str() == asked.request.action())
            && hit.iter().all(|resource| resource.as_str() == asked.resource)
            && statement.conditions().is_empty()
            && self.principal_of(id).is_none();
        let opens: Option<Box<str>> = (!exact).then(|| {
            let join = |patterns: Vec<&str>| patterns.join("`, `");
            let mut what =
                alloc::format!("`{}`", join(matched.iter().map(ActionPattern::as_str).collect::<Vec<_>>()));
            if !hit.is_empty() {
                let on = join(hit.iter().map(ResourcePattern::as_str).collect::<Vec<_>>());
                what = alloc::format!("{what} on `{on}`");
            }
            alloc::format!("{} no longer denies {what}, which is more than the request", one.label).into()
        });
        let replace = |with| Change::Replace { id, label: one.label.clone(), with };
        let changes = match (actions.is_empty(), resources.is_empty()) {
            (true, true) => Vec::from([Change::Remove { id, label: one.label.clone() }]),
            (false, true) => Vec::from([replace(deny(actions, hit, false))]),
            (true, false) => Vec::from([replace(deny(matched, resources, false))]),
            (false, false) => Vec::from([
                replace(deny(statement.actions().to_vec(), resources, false)),
                Change::Add(id.layer, deny(actions, hit, true)),
            ]),
        };
        let mut opens = opens;
        changes.into_iter().map(|change| Proposal { change, opens: opens.take() }).collect()
    }
}

/// Returns a condition to replace one that does not hold: it holds for the request and for little else. `None` if
/// there is none.
///
/// It moves a limit of time or number to the value of the request; for other types it takes the values of the request
/// alone.
fn pinned(condition: &Condition, asked: &Asked<'_>) -> Option<Condition> {
    let key = meant_key(condition.key()).unwrap_or(condition.key());
    let operator = condition.operator();
    let found = asked.request.values(key);
    let kind = match (ConditionKey::read(key).documented_kind(), operator.comparison.kind()) {
        (Some(own), _) => own,
        (None, ValueKind::Presence) => ValueKind::Text,
        (None, kind) => kind,
    };
    let values = || found.iter().map(|value| ConditionValue::Text(value.clone()));
    let of = |comparison: Comparison, values: Vec<ConditionValue>| {
        let operator = ConditionOperator { comparison, if_exist: false, ..operator };
        Condition::unchecked(operator, key, values)
    };
    let mut candidates = Vec::new();
    if key != condition.key() {
        candidates.push(Condition::unchecked(operator, key, condition.values().iter().cloned()));
    }
    if found.is_empty() {
        let absent = [ConditionValue::Text("true".into())];
        candidates.push(Condition::unchecked(Comparison::NullEqual.into(), key, absent));
    } else {
        let equal = match kind {
            ValueKind::Number => Comparison::NumericEqual,
            ValueKind::Time => Comparison::DateEqual,
            ValueKind::Bool => Comparison::BoolEqual,
            ValueKind::Ip => Comparison::IpEqual,
            ValueKind::Binary => Comparison::BinaryEqual,
            ValueKind::Text | ValueKind::Presence => Comparison::StringEqual,
        };
        let limit = limit(operator.comparison).filter(|limit| limit.kind() == kind);
        candidates.extend(
            limit.into_iter().flat_map(|limit| values().map(move |value| of(limit, Vec::from([value])))),
        );
        candidates.push(of(equal, values().collect()));
    }
    candidates.into_iter().find(|candidate| Test::new(candidate).holds(asked))
}

/// Returns the comparison with a limit that includes the limit itself.
fn limit(comparison: Comparison) -> Option<Comparison> {
    use Comparison as C;
    Some(match comparison {
        C::NumericLessThan | C::NumericLessThanEqual => C::NumericLessThanEqual,
        C::NumericGreaterThan | C::NumericGreaterThanEqual => C::NumericGreaterThanEqual,
        C::DateLessThan | C::DateLessThanEqual => C::DateLessThanEqual,
        C::DateGreaterThan | C::DateGreaterThanEqual => C::DateGreaterThanEqual,
        _ => return None,
    })
}
