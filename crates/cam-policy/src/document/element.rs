//! Where the elements of a policy stand in its text.

use alloc::vec::Vec;

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
    pub(super) actions: Vec<Span>,
    pub(super) resources: Vec<Span>,
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
        whole.into_iter().flatten().chain(&mut self.principal_names).for_each(|span| *span = to(*span));
        for statement in &mut self.statements {
            let StatementPlaces {
                whole,
                torn: _,
                sound: _,
                sid,
                effect,
                principal,
                principal_names,
                actions,
                resources,
                conditions,
            } = statement;
            let single = [whole, sid, effect, principal].into_iter().flatten();
            let listed = actions.iter_mut().chain(resources).chain(principal_names);
            let compared = conditions.iter_mut().flat_map(|ConditionPlaces { operator, key, values }| {
                values.iter_mut().chain([operator, key])
            });
            single.chain(listed).chain(compared).for_each(|span| *span = to(*span));
        }
    }

    pub(super) fn span(&self, element: Element) -> Option<Span> {
        let statement = |at: usize| self.statements.get(at);
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
            Element::Action(at, of) => statement(at)?.actions.get(of).copied(),
            Element::Resource(at, of) => statement(at)?.resources.get(of).copied(),
            Element::Operator(at, of) => condition(at, of).map(|places| places.operator),
            Element::Key(at, of) => condition(at, of).map(|places| places.key),
            Element::Value(at, of, value) => condition(at, of)?.values.get(value).copied(),
        }
    }
}
