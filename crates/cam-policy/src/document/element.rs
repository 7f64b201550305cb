//! Where the elements of a policy stand in its text.

use alloc::vec::Vec;
use core::ops::Range;

use crate::diagnostic::Element;
use crate::text::Span;

/// Where the elements of a policy stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) policy: Option<Span>,
    pub(super) id: Option<Span>,
    pub(super) principal: Option<Span>,
    pub(super) principal_names: Vec<Span>,
    pub(super) statements: Vec<StatementPlaces>,
    /// The places of the actions and resources of all statements.
    pub(super) named: Vec<Span>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StatementPlaces {
    pub(super) whole: Option<Span>,
    /// Whether a part of the statement could not be read.
    pub(super) torn: bool,
    /// Whether the statement is read as its author means it, although the text may have mistakes.
    pub(super) sound: bool,
    pub(super) sid: Option<Span>,
    pub(super) effect: Option<Span>,
    pub(super) principal: Option<Span>,
    pub(super) principal_names: Vec<Span>,
    /// Which of the named places are those of its actions.
    pub(super) actions: Range<usize>,
    /// Which of the named places are those of its resources.
    pub(super) resources: Range<usize>,
    pub(super) conditions: Vec<ConditionPlaces>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConditionPlaces {
    pub(super) operator: Span,
    pub(super) key: Span,
    pub(super) values: Vec<Span>,
}

impl Places {
    /// Moves every place by `to`.
    pub(super) fn moved(&mut self, to: impl Fn(Span) -> Span) {
        let whole = [&mut self.policy, &mut self.id, &mut self.principal];
        let listed = self.principal_names.iter_mut().chain(&mut self.named);
        whole.into_iter().flatten().chain(listed).for_each(|span| *span = to(*span));
        for statement in &mut self.statements {
            let StatementPlaces {
                whole,
                torn: _,
                sound: _,
                sid,
                effect,
                principal,
                principal_names,
                actions: _,
                resources: _,
                conditions,
            } = statement;
            let single = [whole, sid, effect, principal].into_iter().flatten();
            let compared = conditions.iter_mut().flat_map(|ConditionPlaces { operator, key, values }| {
                values.iter_mut().chain([operator, key])
            });
            single.chain(principal_names).chain(compared).for_each(|span| *span = to(*span));
        }
    }

    pub(super) fn span(&self, element: Element) -> Option<Span> {
        let statement = |at: usize| self.statements.get(at);
        let named = |places: &Range<usize>, of: usize| self.named[places.clone()].get(of).copied();
        let condition = |at: usize, of: usize| statement(at)?.conditions.get(of);
        match element {
            Element::Policy => self.policy,
            Element::Id => self.id,
            Element::Principal => self.principal,
            Element::PrincipalName(of) => self.principal_names.get(of).copied(),
            Element::Statement(at) => statement(at)?.whole,
            Element::Sid(at) => statement(at)?.sid,
            Element::Effect(at) => statement(at)?.effect,
            Element::StatementPrincipal(at) => statement(at)?.principal,
            Element::StatementPrincipalName(at, of) => statement(at)?.principal_names.get(of).copied(),
            Element::Action(at, of) => named(&statement(at)?.actions, of),
            Element::Resource(at, of) => named(&statement(at)?.resources, of),
            Element::Operator(at, of) => condition(at, of).map(|places| places.operator),
            Element::Key(at, of) => condition(at, of).map(|places| places.key),
            Element::Value(at, of, value) => condition(at, of)?.values.get(value).copied(),
        }
    }
}
