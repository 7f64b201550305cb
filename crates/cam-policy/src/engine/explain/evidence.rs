//! What of each statement matches a request, and what else is to be known of it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::explanation::{ConditionExplanation, ResourceMiss, StatementExplanation};
use crate::catalog::{Granularity, Pattern};
use crate::engine::condition::Test;
use crate::engine::decide::Response;
use crate::engine::layer::StatementId;
use crate::engine::rules::{Asked, principal_matches, resource_matches};
use crate::engine::set::PolicySet;
use crate::policy::{Effect, Statement};
use crate::text::{Piece, SEGMENTS, glob, pieces, split_segments};

impl PolicySet<'_> {
    pub(super) fn evidence(&self, asked: &Asked<'_>) -> Vec<StatementExplanation> {
        let mut all = Vec::new();
        for (layer, compiled_layer) in self.present() {
            for (number, policy) in compiled_layer.policies.iter().enumerate() {
                for (at, statement) in policy.statements().iter().enumerate() {
                    let id = StatementId { layer, policy: number, statement: at };
                    let principal = statement.principal().or(policy.principal());
                    all.push(StatementExplanation {
                        id,
                        effect: statement.effect(),
                        principal: principal
                            .is_none_or(|principal| principal_matches(principal, asked, &self.account)),
                        action: statement
                            .actions()
                            .iter()
                            .position(|action| action.matches(&asked.request.action)),
                        resource: self.resource(statement, asked),
                        conditions: statement
                            .conditions()
                            .iter()
                            .map(|condition| ConditionExplanation {
                                holds: Test::new(condition).holds(asked),
                                found: asked.request.values(condition.key()).to_vec(),
                            })
                            .collect(),
                    });
                }
            }
        }
        all
    }

    /// The first resource that matches, or the one of which most segments, from the left, do.
    fn resource(&self, statement: &Statement, asked: &Asked<'_>) -> Result<usize, Option<ResourceMiss>> {
        let mut best: Option<(usize, ResourceMiss)> = None;
        for (at, pattern) in statement.resources().iter().enumerate() {
            let miss = match resource_matches(pattern, asked, &self.account) {
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
        notes.extend(response.normalization.map(|normalization| alloc::format!("{normalization}").into()));
        if let (Some(action), Some([_, _, _, _, of, _])) = (asked.known, split_segments(asked.resource)) {
            if action.granularity() == Granularity::Undocumented {
                notes.push(
                    "whether CAM receives a resource for the action or `*` is not documented: decided on the resource \
                     as given, which is assumed"
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
            if !of_patterns.is_empty() && !of_patterns.iter().any(|pattern| fits(pattern)) {
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
            notes.extend(
                self.miss(one, response, asked).map(|miss| alloc::format!("does not deny: {miss}").into()),
            );
        }
        notes
    }
}
