//! The statement that comes nearest to matching a request.

use core::fmt::Write as _;

use super::explanation::{NearestMiss, StatementExplanation};
use crate::catalog::Granularity;
use crate::engine::decide::{ResourceNormalization, Response};
use crate::engine::layer::StatementId;
use crate::engine::rules::Asked;
use crate::engine::set::PolicySet;
use crate::policy::{ActionPattern, ConditionValue, Element};
use crate::text::{SEGMENTS, nearest};

impl PolicySet<'_> {
    /// How far a statement is from matching: the fewer things are to change, the nearer. `None`: it is about
    /// something else.
    pub(super) fn distance(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Option<(usize, usize)> {
        let action = match one.action {
            Some(_) => 0,
            None => {
                self.near_action(one.id, asked)?;
                1
            }
        };
        let (resource, left) = match &one.resource {
            Ok(_) => (0, 0),
            Err(Some(miss)) => {
                let at = SEGMENTS.iter().position(|segment| *segment == miss.segment).unwrap_or(0);
                (1, SEGMENTS.len() - at)
            }
            Err(None) => return None,
        };
        let conditions = one.conditions.iter().filter(|condition| !condition.holds).count();
        Some((action + resource + conditions + usize::from(!one.principal), left))
    }

    /// The action of a statement that is spelt nearly as that of the request.
    pub(super) fn near_action(&self, id: StatementId, asked: &Asked<'_>) -> Option<usize> {
        let statement = self.statement(id)?;
        let (service, name) = asked.request.action().split_once(':')?;
        // Longer names are none of an API, and comparing them costs the product of their lengths.
        let short = |name: &&str| name.len() <= 100;
        short(&name).then_some(())?;
        let own =
            |action: &&ActionPattern| action.service().is_some_and(|of| of.eq_ignore_ascii_case(service));
        let names = statement.actions().iter().filter(own).filter_map(ActionPattern::operation);
        let found = nearest(name, names.filter(short).filter(|name| !name.contains('*')));
        let found = found.first()?;
        statement.actions().iter().position(|action| action.operation() == Some(*found))
    }

    pub(super) fn miss(
        &self,
        one: &StatementExplanation,
        response: &Response<'_>,
        asked: &Asked<'_>,
    ) -> Option<NearestMiss> {
        let statement = self.statement(one.id)?;
        let at = one.id.statement;
        let (element, text) = if !one.principal {
            (Element::StatementPrincipal(at), "the caller is not among its principals".into())
        } else if one.action.is_none() {
            let near = self.near_action(one.id, asked)?;
            let text = alloc::format!(
                "`{}` is named, the request is for `{}`; that names are compared exactly is assumed",
                statement.actions()[near],
                asked.request.action()
            );
            (Element::Action(at, near), text)
        } else if let Err(miss) = &one.resource {
            let miss = miss.as_ref()?;
            let text = match (miss.segment, decision_is_operation_level(asked)) {
                ("all", true) => {
                    "operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
                        .into()
                }
                ("all", false) => alloc::format!("`{}` is named, the request is for `*`", miss.named),
                ("resource", _) if response.normalization == Some(ResourceNormalization::AllResources) => {
                    alloc::format!(
                        "`{}` is named, the request is for all of them, `{}`",
                        miss.named,
                        miss.asked
                    )
                }
                ("resource", _) => {
                    let case = miss.named != miss.asked && miss.named.eq_ignore_ascii_case(&miss.asked);
                    alloc::format!(
                        "`{}` is named, the request is for `{}`{}",
                        miss.named,
                        miss.asked,
                        if case { "; that upper and lower case differ is assumed" } else { "" }
                    )
                }
                (segment, _) => alloc::format!(
                    "the {segment} segment names `{}`, the request has `{}` there",
                    if miss.named.is_empty() && segment == "account" { &self.account } else { &miss.named },
                    miss.asked
                ),
            };
            (Element::Resource(at, miss.pattern), text)
        } else {
            let number = one.conditions.iter().position(|condition| !condition.holds)?;
            let condition = &statement.conditions()[number];
            let found = &one.conditions[number].found;
            let mut text = if found.is_empty() {
                alloc::format!("{condition}: the request has no `{}`", condition.key())
            } else {
                alloc::format!("{condition}: the request has `{}`", found.join("`, `"))
            };
            let kind = condition.operator().comparison.kind();
            let values = condition.values().iter().map(ConditionValue::as_str);
            for value in values.chain(found.iter().map(|value| &**value)).filter(|value| !kind.reads(value)) {
                let (what, _) = kind.example();
                // Writing to a `String` cannot fail.
                let _ = write!(text, "; `{value}` is not {what}, and is assumed to satisfy nothing");
            }
            (Element::Key(at, number), text)
        };
        Some(NearestMiss { id: one.id, element, text: text.into() })
    }
}

fn decision_is_operation_level(asked: &Asked<'_>) -> bool {
    asked.known.is_some_and(|action| action.granularity() == Granularity::Operation)
}
