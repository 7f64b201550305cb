//! The space of requests: its dimensions, and the statements as boxes in it.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::automaton::{Class, Texts, Union};
use crate::catalog::{Action, Granularity, Pattern};
use crate::engine::condition::Test;
use crate::engine::layer::StatementId;
use crate::engine::matching::{TextRule, Variables, parts};
use crate::engine::rules::{Owner, action_rules, names_nobody, segment_rule};
use crate::engine::set::PolicySet;
use crate::policy::{ActionPattern, Condition, ResourcePattern};
use crate::text::{Piece, pieces, split_segments};

/// A dimension of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Service,
    Operation,
    Project,
    OfService,
    Region,
    Account,
    Last,
}

pub(super) const AXES: usize = 7;

/// One side of a box.
#[derive(Clone, Debug)]
pub(super) enum Side {
    Text(Axis, Rc<Union>),
    Key(Rc<Test>),
}

/// A statement with one of its resources: a box.
pub(super) struct Atom {
    pub(super) id: Option<StatementId>,
    pub(super) action: Option<ActionPattern>,
    pub(super) resource: Option<ResourcePattern>,
    pub(super) conditions: Rc<[Condition]>,
    pub(super) sides: Vec<Side>,
}

/// The requests among which is searched.
pub(super) struct Universe<'a> {
    /// The action; `None` for those the catalog does not have.
    pub(super) action: Option<Action<'a>>,
    /// The texts of each axis; `None` if the resource is `*`.
    axes: Option<[Texts; AXES]>,
    words: [Texts; 2],
}

impl Universe<'_> {
    /// Whether the requests are on six segments, not on `*`.
    pub(super) fn has_resource(&self) -> bool {
        self.axes.is_some()
    }

    pub(super) fn texts(&self, axis: Axis) -> &Texts {
        match (axis, &self.axes) {
            (Axis::Service, _) => &self.words[0],
            (Axis::Operation, _) => &self.words[1],
            (_, Some(axes)) => &axes[axis as usize],
            (_, None) => &self.words[0],
        }
    }
}

/// The resources that follow a pattern, in the account of a set.
fn axes_of(set: &PolicySet<'_>, pattern: &Pattern<'_>) -> Option<[Texts; AXES]> {
    let [_, project, service, region, of, last] = split_segments(pattern.single)?;
    let segment = |text: &str| {
        pieces(text).unwrap_or_default().into_iter().fold(Texts::default(), |texts, (piece, _)| match piece {
            Piece::Literal(text) => texts.then(text),
            Piece::Placeholder("uin") => texts.then(&set.owner_uin),
            Piece::Placeholder("region") => texts.then_run(Class::Region),
            Piece::Placeholder(_) => texts.then_some(Class::Identifier),
        })
    };
    let [project, service, region, of, last] =
        [project, service, region, if names_nobody(of) { &set.account } else { of }, last].map(segment);
    Some([Texts::default(), Texts::default(), project, service, region, of, last])
}

/// Every kind of request there can be of an action, to an account.
pub(super) fn universes<'u>(set: &PolicySet<'_>, action: Action<'u>) -> Vec<Universe<'u>> {
    let of = |axes| Universe { action: Some(action), axes, words: Default::default() };
    match action.granularity() {
        Granularity::Operation => Vec::from([of(None)]),
        Granularity::Resource => action.patterns().iter().map(|pattern| of(axes_of(set, pattern))).collect(),
        Granularity::Undocumented => Vec::from([of(None), of(Some(any_resource()))]),
    }
}

/// Every kind of request of an action that the catalog does not have.
pub(super) fn beyond_the_catalog() -> [Universe<'static>; 2] {
    let words = || [Texts::default().then_some(Class::Word), Texts::default().then_some(Class::Word)];
    [None, Some(any_resource())].map(|axes| Universe { action: None, axes, words: words() })
}

/// The sides of a resource pattern of a set with this owner; `None` if it can match nothing.
pub(super) fn resource_sides(
    owner: Owner<'_>,
    pattern: &ResourcePattern,
    universe: &Universe<'_>,
    variables: Variables<'_>,
) -> Option<Vec<Side>> {
    if pattern.is_all() {
        return Some(Vec::new());
    }
    if !universe.has_resource() {
        return None;
    }
    let wanted = split_segments(pattern.as_str())?;
    let axes = [Axis::Project, Axis::OfService, Axis::Region, Axis::Account, Axis::Last];
    let mut sides = Vec::new();
    for (at, axis) in (1..).zip(axes) {
        let class = if axis == Axis::Last { Class::Any } else { Class::Segment };
        add_side(&mut sides, axis, segment_rule(at, wanted[at], owner), variables, class)?;
    }
    Some(sides)
}

/// The sides of an action pattern among actions that the catalog does not have; `None` if it has no such ones.
pub(super) fn other_action(pattern: &ActionPattern) -> Option<(ActionPattern, Vec<Side>)> {
    let none = Variables { uin: None, owner_uin: "", app_id: None };
    let mut sides = Vec::new();
    for (axis, rule) in [Axis::Service, Axis::Operation].into_iter().zip(action_rules(pattern)?) {
        add_side(&mut sides, axis, rule, none, Class::Word)?;
    }
    Some((pattern.clone(), sides))
}

/// Adds the side that a rule makes, if it leaves anything out; `None` if nothing can follow the rule.
fn add_side(
    sides: &mut Vec<Side>,
    axis: Axis,
    rule: TextRule<'_>,
    variables: Variables<'_>,
    class: Class,
) -> Option<()> {
    if rule != TextRule::Any {
        let texts = match rule {
            TextRule::OneOf(one, other) => Union([one, other].map(Texts::literal).into()),
            rule => texts(rule, variables, class)?.into(),
        };
        sides.push(Side::Text(axis, Rc::new(texts)));
    }
    Some(())
}

/// The texts that follow a rule, `*` standing for characters of a class; `None` if it has a variable of which nothing is
/// known.
pub(super) fn texts(rule: TextRule<'_>, variables: Variables<'_>, class: Class) -> Option<Texts> {
    match rule {
        TextRule::Any => Some(Texts::run(class)),
        TextRule::Literal(text) | TextRule::OneOf(text, _) => Some(Texts::literal(text)),
        TextRule::Value(value) => with_variables(Texts::default(), value, variables, false),
        TextRule::ValueIgnoringCase(value) => with_variables(Texts::default(), value, variables, true),
        TextRule::Glob(pattern) => {
            let mut pieces = pattern.split('*');
            let first = Texts::literal(pieces.next().unwrap_or_default());
            Some(pieces.fold(first, |texts, piece| texts.then_run(class).then(piece)))
        }
        TextRule::Pattern(pattern) => {
            let mut texts = Texts::default();
            for (at, piece) in pattern.split('*').enumerate() {
                if at > 0 {
                    texts = texts.then_run(class);
                }
                texts = with_variables(texts, piece, variables, false)?;
            }
            Some(texts)
        }
    }
}

/// Every resource of six segments.
fn any_resource() -> [Texts; AXES] {
    let segment = || Texts::run(Class::Segment);
    [
        Texts::default(),
        Texts::default(),
        segment(),
        segment(),
        segment(),
        segment(),
        Texts::default().then_some(Class::Any),
    ]
}

/// An action of the catalog as a box, to be kept out of the others.
pub(super) fn known_action(action: Action<'_>) -> Option<Atom> {
    let (service, name) = action.as_str().split_once(':')?;
    let side = |axis, text| Side::Text(axis, Rc::new(Texts::literal(text).into()));
    let sides = Vec::from([side(Axis::Service, service), side(Axis::Operation, name)]);
    Some(Atom { id: None, action: None, resource: None, conditions: Rc::new([]), sides })
}

fn with_variables(mut texts: Texts, text: &str, variables: Variables<'_>, folded: bool) -> Option<Texts> {
    for part in parts(text, variables) {
        texts = if folded { texts.then_folded(part?) } else { texts.then(part?) };
    }
    Some(texts)
}
