//! Finds what of each statement matches a request, and which notes the explanation needs.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::explanation::{ConditionExplanation, ResourceMiss, StatementExplanation};
use super::spelling::unknown;
use crate::catalog::{Granularity, Pattern};
use crate::engine::decide::Response;
use crate::engine::rules::{Asked, resource_matches};
use crate::engine::set::{PolicySet, resources_of};
use crate::policy::{Effect, ResourcePattern};
use crate::text::{Piece, SEGMENTS, glob, pieces, split_segments};

impl PolicySet<'_> {
    pub(super) fn evidence(&self, asked: &Asked<'_>) -> Vec<StatementExplanation> {
        let mut all = Vec::new();
        for layer in self.compiled() {
            for compiled in layer.in_order() {
                let id = Self::id(layer.layer, compiled);
                let policy = &layer.policies[id.policy];
                let statement = &policy.statements()[id.statement];
                let principal = statement.principal().or(policy.principal());
                let conditions = compiled.tests.iter().map(|test| ConditionExplanation {
                    holds: test.holds(asked),
                    found: asked.request.values(&test.key).to_vec(),
                });
                all.push(StatementExplanation {
                    id,
                    label: alloc::format!("{}", self.label(id)).into(),
                    effect: statement.effect(),
                    principal: self.is_about(asked.request.caller(), id.layer, principal),
                    action: statement
                        .actions()
                        .iter()
                        .position(|action| action.matches(asked.request.action())),
                    resource: resource(resources_of(id.layer, statement), asked),
                    conditions: conditions.collect(),
                });
            }
        }
        all
    }

    pub(super) fn notes(
        &self,
        response: &Response<'_>,
        asked: &Asked<'_>,
        statements: &[StatementExplanation],
    ) -> Vec<Box<str>> {
        let mut notes: Vec<Box<str>> = Vec::new();
        if response.is_root() {
            return notes;
        }
        let note = |text: String| Box::<str>::from(text);
        if !self.is_named(asked.request.action()) {
            notes.extend(unknown(&self.catalog(), asked.request.action()).map(note));
        }
        for (layer, number, kind) in self.misplaced() {
            let name = match self.policy_name(layer, number) {
                Some(name) => name.to_owned(),
                None => alloc::format!("policy {number}"),
            };
            notes.push(note(alloc::format!(
                "{name} does not belong to the {layer}: by its elements, its kind is `{kind}`"
            )));
        }
        notes.extend(response.normalization.map(|normalization| note(alloc::format!("{normalization}"))));
        let names_action = || statements.iter().filter(|one| one.action.is_some());
        let pattern_of = |one: &StatementExplanation, at: usize| {
            let statement = self.statement(one.id)?;
            resources_of(one.id.layer, statement).get(at)
        };
        let project = asked.segments().map_or("", |segments| segments[1]);
        let without_project = |one: &StatementExplanation| {
            let pattern = pattern_of(one, one.resource.as_ref().ok().copied()?)?;
            split_segments(pattern.as_str()).map(|segments| segments[1].is_empty())
        };
        if !project.is_empty() && names_action().any(|one| without_project(one) == Some(true)) {
            notes.push(note(alloc::format!(
                "it is assumed that an empty project in a policy matches every project, also `{project}`, which the \
                 request has"
            )));
        }
        if let (Some(action), Some([_, _, _, _, of, _])) = (asked.known, split_segments(asked.resource)) {
            // It matters only to statements that name resources.
            let names_resource = |one: &StatementExplanation| match &one.resource {
                Ok(at) => pattern_of(one, *at).is_some_and(|pattern| !pattern.is_all()),
                Err(miss) => miss.is_some(),
            };
            if action.granularity() == Granularity::Undocumented && names_action().any(names_resource) {
                notes.push(
                    "whether CAM receives a resource for the action or `*` is not documented: this decision \
                     assumes the resource as given"
                        .into(),
                );
            }
            let of_patterns = action.patterns();
            let fits = |pattern: &Pattern<'_>| {
                let last = |form| split_segments(form).map_or("", |segments| segments[5]);
                let shape = pieces(last(pattern.single)).unwrap_or_default().into_iter();
                let shape: String = shape
                    .map(|(piece, _)| match piece {
                        Piece::Literal(text) => text,
                        Piece::Placeholder(_) => "*",
                    })
                    .collect();
                glob(&shape, last(asked.resource))
            };
            if action.knows_patterns() && !of_patterns.iter().any(|pattern| fits(pattern)) {
                let forms: Vec<&str> = of_patterns.iter().map(|pattern| pattern.single).collect();
                notes.push(
                    alloc::format!(
                        "the resource is none of those documented for the action, `{}`",
                        forms.join("`, `")
                    )
                    .into(),
                );
            }
            if of.starts_with("uin/") && of.len() > 4 && *of != *self.account {
                notes.push(
                    alloc::format!(
                        "the resource is of the account `{of}`, the policies are of `{}`",
                        self.account
                    )
                    .into(),
                );
            }
        }
        for one in statements
            .iter()
            .filter(|one| one.effect == Effect::Deny && one.action.is_some() && !one.matches())
        {
            // Each part that does not match is a reason.
            let miss = self.misses(one, response, asked).into_iter().next();
            notes.extend(miss.map(|miss| alloc::format!("does not deny: {miss}").into()));
        }
        notes
    }
}

/// Returns the first resource that matches, or else the one with the most matching segments, counted from the left.
fn resource(patterns: &[ResourcePattern], asked: &Asked<'_>) -> Result<usize, Option<ResourceMiss>> {
    let mut best: Option<(usize, ResourceMiss)> = None;
    for (at, pattern) in patterns.iter().enumerate() {
        let miss = match resource_matches(pattern, asked) {
            Ok(()) => return Ok(at),
            Err(miss) => miss,
        };
        let named = split_segments(pattern.as_str());
        let (rank, segment, named, found) = match (miss, named, asked.segments()) {
            (Some(segment), Some(named), Some(found)) => {
                (segment, SEGMENTS[segment], named[segment], found[segment])
            }
            _ => (0, "all", pattern.as_str(), asked.resource),
        };
        if best.as_ref().is_none_or(|(before, _)| rank > *before) {
            let miss = ResourceMiss { pattern: at, segment, named: named.into(), asked: found.into() };
            best = Some((rank, miss));
        }
    }
    Err(best.map(|(_, miss)| miss))
}
