//! Changes that would allow a request.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::explanation::{Change, NearestMiss, StatementExplanation};
use crate::engine::decide::{Decision, Response};
use crate::engine::layer::{Layer, StatementId};
use crate::engine::rules::{Asked, resource_matches};
use crate::engine::set::PolicySet;
use crate::policy::{
    ActionPattern, Condition, ConditionValue, Effect, Policy, ResourcePattern, Statement, ValueKind,
};

impl PolicySet<'_> {
    /// The set with statements changed. A policy that loses its last statement keeps its number and
    /// matches nothing.
    ///
    /// See [`Explanation`](super::Explanation) for an example.
    #[must_use]
    pub fn with_changes(&self, changes: &[Change]) -> Self {
        let mut set = self.clone();
        for layer in Layer::ALL {
            let Some(policies) = self.policies(layer) else { continue };
            let mut changed: Vec<Policy> = Vec::with_capacity(policies.len() + 1);
            for (number, policy) in policies.iter().enumerate() {
                let of = |at: usize| StatementId { layer, policy: number, statement: at };
                let kept = policy.statements().iter().enumerate().filter_map(|(at, statement)| {
                    let change = changes.iter().find(|change| match change {
                        Change::Replace(id, _) | Change::Remove(id) => *id == of(at),
                        Change::Add(..) => false,
                    });
                    match change {
                        Some(Change::Replace(_, to)) => Some(to.clone()),
                        Some(_) => None,
                        None => Some(statement.clone()),
                    }
                });
                changed.push(Policy::unchecked(policy.principal().cloned(), kept.collect()));
            }
            for change in changes {
                if let Change::Add(to, statement) = change {
                    if *to == layer {
                        changed.push(Policy::unchecked(None, Vec::from([statement.clone()])));
                    }
                }
            }
            set = set.with_layer(layer, changed);
        }
        set
    }

    pub(super) fn refused(
        &self,
        response: &Response<'_>,
        asked: &Asked<'_>,
        statements: &[StatementExplanation],
    ) -> (Vec<NearestMiss>, Vec<Change>) {
        let (mut nearest, mut changes) = (Vec::new(), Vec::new());
        let plain = least(asked.request.action(), asked.resource);
        for denied in statements.iter().filter(|one| one.effect == Effect::Deny && one.matches()) {
            changes.extend(self.without(denied.id, asked));
        }
        for (layer, _) in self.present() {
            let of_layer =
                || statements.iter().filter(move |one| one.id.layer == layer && one.effect == Effect::Allow);
            if of_layer().any(StatementExplanation::matches) {
                continue;
            }
            let ranked = of_layer().filter_map(|one| Some((self.distance(one, asked)?, one)));
            let closest = ranked.min_by_key(|(distance, one)| (*distance, one.id)).map(|(_, one)| one);
            let miss = closest.and_then(|one| self.miss(one, response, asked));
            let change = closest.and_then(|one| self.widened(one, response, asked));
            changes.extend(change.or_else(|| plain.clone().map(|statement| Change::Add(layer, statement))));
            nearest.extend(miss.filter(|_| response.decision == Decision::ImplicitlyDenied));
        }
        if !self.with_changes(&changes).decide(response.request()).is_allowed() {
            // A widened statement did not suffice, as when a value of the request cannot be read: add one that does.
            for change in &mut changes {
                let layer = match change {
                    Change::Replace(id, to) if to.effect() == Effect::Allow => id.layer,
                    Change::Add(layer, statement) if statement.effect() == Effect::Allow => *layer,
                    _ => continue,
                };
                if let Some(plain) = &plain {
                    *change = Change::Add(layer, plain.clone());
                }
            }
            if !self.with_changes(&changes).decide(response.request()).is_allowed() {
                changes.clear();
            }
        }
        (nearest, changes)
    }

    /// The statement so widened that it matches, or one beside it under its conditions, whichever grants less;
    /// `None` if a statement without conditions is the better way.
    fn widened(
        &self,
        one: &StatementExplanation,
        response: &Response<'_>,
        asked: &Asked<'_>,
    ) -> Option<Change> {
        let statement = self.statement(one.id)?;
        // What is asked on `*` stands in a statement of its own, says CAM's documentation.
        if one.resource.is_err() && (asked.last().is_none() || response.normalization.is_some())
            || !one.principal
        {
            return None;
        }
        let action = asked.request.action();
        // Widening a statement that says more, or that misses in two ways, would grant more than was asked for.
        let [named] = statement.actions() else { return self.beside(one, asked) };
        let mut resources = statement.resources().to_vec();
        let conditions = one.conditions.iter().any(|condition| !condition.holds);
        let resource_alone = resources.len() == 1 && resources[0].as_str() == asked.resource;
        let replace = match (one.action, &one.resource) {
            // The misspelt action becomes the right one.
            (None, Ok(_)) => !conditions,
            (Some(_), Err(_)) if named.as_str() == action && !conditions => {
                resources.push(as_pattern(asked.resource)?);
                true
            }
            (Some(_), Ok(_)) => named.as_str() == action && resource_alone,
            _ => false,
        };
        if !replace {
            return self.beside(one, asked);
        }
        let to = Statement::new::<ActionPattern, _>(Effect::Allow, [action.parse().ok()?], resources);
        Some(Change::Replace(one.id, Self::under(to, statement, one)))
    }

    /// A statement for what was asked alone, under the conditions of this one so widened that they hold.
    fn beside(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Option<Change> {
        let to = least(asked.request.action(), asked.resource)?;
        Some(Change::Add(one.id.layer, Self::under(to, self.statement(one.id)?, one)))
    }

    fn under(mut to: Statement, statement: &Statement, one: &StatementExplanation) -> Statement {
        for (condition, state) in statement.conditions().iter().zip(&one.conditions) {
            if state.holds {
                to = to.with_condition(condition.clone());
            } else if let Some(wider) = wider(condition, &state.found) {
                to = to.with_condition(wider);
            }
        }
        if let Some(principal) = statement.principal() {
            to = to.for_principal(principal.clone());
        }
        to
    }

    /// A deny without what of it matches: what it says of other actions stays, and of other resources. A pattern cannot be
    /// narrowed, it goes whole.
    fn without(&self, id: StatementId, asked: &Asked<'_>) -> Vec<Change> {
        let Some(statement) = self.statement(id) else { return Vec::new() };
        let (hit, resources): (Vec<ResourcePattern>, Vec<_>) = statement
            .resources()
            .iter()
            .cloned()
            .partition(|resource| resource_matches(resource, asked, &self.account).is_ok());
        let (matched, actions): (Vec<ActionPattern>, Vec<_>) =
            statement.actions().iter().cloned().partition(|action| action.matches(asked.request.action()));
        let deny = |actions: Vec<ActionPattern>, resources: Vec<ResourcePattern>| {
            let to = Statement::new(Effect::Deny, actions, resources);
            let to = statement.conditions().iter().cloned().fold(to, Statement::with_condition);
            match statement.principal() {
                Some(principal) => to.for_principal(principal.clone()),
                None => to,
            }
        };
        match (actions.is_empty(), resources.is_empty()) {
            (true, true) => Vec::from([Change::Remove(id)]),
            (false, true) => Vec::from([Change::Replace(id, deny(actions, hit))]),
            (true, false) => Vec::from([Change::Replace(id, deny(matched, resources))]),
            (false, false) => Vec::from([
                Change::Replace(id, deny(statement.actions().to_vec(), resources)),
                Change::Add(id.layer, deny(actions, hit)),
            ]),
        }
    }
}

/// The least pattern that matches a resource. One that looks like a variable cannot be written out.
fn as_pattern(resource: &str) -> Option<ResourcePattern> {
    resource.replace("${", "*").parse().ok()
}

/// The least statement that allows an action on a resource; `None` if it cannot be written.
pub(super) fn least(action: &str, resource: &str) -> Option<Statement> {
    let action: ActionPattern = action.parse().ok()?;
    Some(Statement::new(Effect::Allow, [action], [as_pattern(resource)?]))
}

/// The condition so widened that it holds; `None` if only leaving it away will do.
fn wider(condition: &Condition, found: &[Box<str>]) -> Option<Condition> {
    let operator = condition.operator();
    if found.is_empty() {
        let absent = operator.comparison.kind() == ValueKind::Presence;
        return (!absent).then(|| condition.clone().if_exist());
    }
    let listed = matches!(operator.comparison.kind(), ValueKind::Text | ValueKind::Ip | ValueKind::Binary);
    if operator.comparison.is_negated() || !listed {
        return None;
    }
    let new = found.iter().filter(|value| condition.values().iter().all(|one| one.as_str() != &***value));
    let new = new.map(|value| ConditionValue::Text(value.clone()));
    Some(Condition::unchecked(operator, condition.key(), condition.values().iter().cloned().chain(new)))
}
