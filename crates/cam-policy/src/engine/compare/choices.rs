//! Combines one allow of each layer with those of the others, and searches what the denies leave of them.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::answer::{AccessError, Grant, GrantPart};
use super::bits::{Bits, HashMap};
use super::search::{Points, Region, Searcher};
use super::space::{AXES, Axis, Cell, Space};
use crate::catalog::Action;
use crate::engine::caller::Caller;
use crate::engine::layer::StatementId;
use crate::engine::request::Request;
use crate::engine::set::{PolicySet, resources_of};
use crate::policy::{ActionPattern, Condition, ResourcePattern, Statement, in_both};

/// A statement that applies to the caller.
pub(super) struct Prepared<'a> {
    /// The number of its set.
    pub(super) of: usize,
    /// The number of its layer in the set, from 0.
    pub(super) layer: usize,
    pub(super) id: StatementId,
    pub(super) statement: &'a Statement,
    /// Dimension and side of each condition key.
    pub(super) keys: Vec<(usize, u32)>,
    /// Whether no request meets its conditions.
    pub(super) dead: bool,
}

/// An action with a name, for the search.
#[derive(Clone, Copy)]
pub(super) enum Named<'a> {
    /// An action of the catalog, and its place among those that are searched.
    Known(usize, Action<'a>),
    /// An action that a statement names and the catalog does not have.
    Unknown(&'a str),
}

impl<'a> Named<'a> {
    pub(super) fn as_str(self) -> &'a str {
        match self {
            Self::Known(_, action) => action.as_str(),
            Self::Unknown(name) => name,
        }
    }
}

/// Actions to which the same statements apply. One search is enough for all of them.
pub(super) struct Group<'a> {
    /// The actions. The list is empty for the group of all actions that neither the catalog nor a statement names.
    pub(super) actions: Vec<Named<'a>>,
    /// The boxes of the statements that name them.
    pub(super) boxes: Bits,
    /// For each set, whether it may allow something of them that the other does not.
    pub(super) may_be_new: [bool; 2],
}

/// What the search looks for: requests that one allow of each layer matches, and that no deny matches.
pub(super) struct Sides {
    /// The boxes that allow, of each layer.
    pub(super) allows: Vec<Vec<usize>>,
    pub(super) denies: Bits,
    /// The set that must not allow it.
    pub(super) other: Option<OtherSet>,
}

/// Boxes by their sides.
type BySides = HashMap<Vec<(usize, u32)>, Vec<usize>>;

/// What the other set allows and denies. The search looks for requests that it does not allow.
pub(super) struct OtherSet {
    /// The boxes that allow, of each layer.
    pub(super) allows: Vec<Bits>,
    /// The boxes that deny.
    pub(super) denies: Bits,
    /// Those that allow, of each layer, by their sides.
    pub(super) equal: Vec<BySides>,
    /// For each group of actions whether all that is denied is denied by the first set in a box with the same sides.
    pub(super) denies_nothing_else: Vec<bool>,
}

impl OtherSet {
    /// The other set's boxes that allow, of each layer, and those that deny; `denies` are those of the first set.
    pub(super) fn new(
        allows: Vec<Vec<usize>>,
        own_denies: &[usize],
        denies: Vec<usize>,
        space: &Space<'_>,
        groups: &[Group<'_>],
    ) -> Self {
        let by_sides = |boxes: &[usize]| {
            let mut all = BySides::default();
            for one in boxes {
                all.entry(space.boxes[*one].sides.clone()).or_default().push(*one);
            }
            all
        };
        let own = by_sides(own_denies);
        let is_denied = |group: &Group<'_>, one: usize| {
            let equal = own.get(&space.boxes[one].sides).into_iter().flatten();
            equal.into_iter().any(|own| group.boxes.has(*own))
        };
        let nothing_else = |group: &Group<'_>| {
            denies.iter().filter(|one| group.boxes.has(**one)).all(|one| is_denied(group, *one))
        };
        Self {
            denies_nothing_else: groups.iter().map(nothing_else).collect(),
            equal: allows.iter().map(|layer| by_sides(layer)).collect(),
            allows: allows.into_iter().map(|layer| Bits::of(space.boxes.len(), layer)).collect(),
            denies: Bits::of(space.boxes.len(), denies),
        }
    }
}

/// A search in one space.
pub(super) struct Chooser<'s, 'a> {
    /// The set that allows, and the one that does not.
    pub(super) set: &'a PolicySet<'a>,
    pub(super) other: Option<&'a PolicySet<'a>>,
    pub(super) statements: &'s [Prepared<'a>],
    pub(super) key_names: &'s [Box<str>],
    pub(super) caller: &'a Caller,
    pub(super) groups: &'s [Group<'a>],
    pub(super) sides: &'s Sides,
    /// The box of the scope: the search looks only inside of it.
    pub(super) scope: Option<usize>,
    /// The actions of the scope.
    pub(super) actions: Option<&'a ActionPattern>,
    pub(super) searcher: Searcher<'s, 'a>,
    /// For each group, the boxes that deny of the other set and of which the first set is known to deny all.
    pub(super) denied: HashMap<usize, Bits>,
    /// Boxes that deny of the other set, each with a group of which the first set does not deny all.
    pub(super) open: BTreeSet<(usize, usize)>,
    pub(super) answers: &'s mut Answers,
}

/// A request that is left of the chosen boxes.
#[derive(Clone)]
struct Left {
    points: Points,
    /// The boxes that deny of the other set, if its allows have all that is chosen.
    denied: Vec<usize>,
}

/// The most known names that are tried in the place of one that nobody knows.
const MOST_NAMES: usize = 1_000;

/// The cost of a grant in the budget. It limits the number of grants to what a person can read.
const ANSWER: usize = 4_000;

impl<'a> Chooser<'_, 'a> {
    /// Chooses one allow of the next layer, then of those after it. It skips allows that have no request in common.
    pub(super) fn choose(&mut self, chosen: &mut Vec<usize>, groups: &[usize]) -> Result<(), AccessError> {
        if self.answers.is_enough() {
            return Ok(());
        }
        let Some(layer) = self.sides.allows.get(chosen.len()) else { return self.look(chosen, groups) };
        for one in layer {
            let own: Vec<usize> =
                groups.iter().copied().filter(|group| self.groups[*group].boxes.has(*one)).collect();
            if own.is_empty() {
                continue;
            }
            chosen.push(*one);
            if chosen.len() == 1 || self.searcher.have_common(chosen)? {
                self.choose(chosen, &own)?;
            }
            chosen.pop();
        }
        Ok(())
    }

    /// Returns the boxes together with the box of the scope.
    fn with_scope(&self, boxes: &[usize]) -> Vec<usize> {
        boxes.iter().copied().chain(self.scope).collect()
    }

    /// Searches what the denies leave of the chosen boxes, for each group of actions.
    fn look(&mut self, chosen: &[usize], groups: &[usize]) -> Result<(), AccessError> {
        let groups: Vec<usize> =
            groups.iter().copied().filter(|group| !self.is_old(chosen, *group)).collect();
        if groups.is_empty() {
            return Ok(());
        }
        let boxes = self.with_scope(chosen);
        let Some(region) = self.searcher.region(&boxes)? else { return Ok(()) };
        let mut known: HashMap<Bits, Option<Left>> = HashMap::default();
        for number in groups {
            let group = &self.groups[number];
            let about = region.meets.clone().and(&group.boxes);
            if self.is_denied_or_old(&region, number) {
                self.add_taking(chosen, group, &about);
                continue;
            }
            let found = match known.get(&about) {
                Some(found) => found.clone(),
                None => {
                    let found = self.left(&region, &boxes, &about, number)?;
                    known.insert(about.clone(), found.clone());
                    found
                }
            };
            if let Some(left) = found {
                self.tell(chosen, group, &about, &left)?;
                if self.answers.is_enough() {
                    return Ok(());
                }
            } else {
                self.add_taking(chosen, group, &about);
            }
        }
        Ok(())
    }

    /// Records the denies that leave nothing of some actions which a wildcard of an allow matches.
    fn add_taking(&mut self, chosen: &[usize], group: &Group<'a>, about: &Bits) {
        let denies = about.clone().and(&self.sides.denies);
        let statement_of = |one: usize| self.searcher.space.boxes[one].statement;
        let Some(first) = chosen.first().filter(|_| !denies.is_empty()) else { return };
        let statements: Vec<usize> = chosen.iter().map(|one| statement_of(*one)).collect();
        for (at, pattern) in self.statements[statement_of(*first)].statement.actions().iter().enumerate() {
            let has = |action: &Named<'_>| pattern.matches(action.as_str());
            if pattern.as_str().contains('*') && group.actions.iter().any(has) {
                let ids = denies.iter().map(|one| self.statements[statement_of(one)].id);
                self.answers.taking.entry((statements.clone(), at)).or_default().extend(ids);
            }
        }
    }

    /// Whether one deny has all of a region, or one allow of the other set has it in each layer, which denies nothing of it that is not
    /// known to be denied. This is soon seen, and most regions are of this kind.
    fn is_denied_or_old(&self, region: &Region, group: usize) -> bool {
        let boxes = &self.groups[group].boxes;
        if region.holds.meets_both(boxes, &self.sides.denies) {
            return true;
        }
        let Some(other) = &self.sides.other else { return false };
        other.allows.iter().all(|layer| region.holds.meets_both(boxes, layer)) && {
            let known = self.denied.get(&group);
            let open = region.meets.clone().and(boxes).and(&other.denies);
            match known {
                Some(known) => open.iter().all(|deny| known.has(deny)),
                None => open.is_empty(),
            }
        }
    }

    /// Whether the other set has the same boxes for a group and denies nothing else. Then there is no difference to find.
    fn is_old(&self, chosen: &[usize], group: usize) -> bool {
        let Some(other) = &self.sides.other else { return false };
        other.denies_nothing_else[group]
            && other.equal.len() == chosen.len()
            && chosen.iter().zip(&other.equal).all(|(one, equal)| {
                let equal = equal.get(&self.searcher.space.boxes[*one].sides).into_iter().flatten();
                equal.into_iter().any(|one| self.groups[group].boxes.has(*one))
            })
    }

    /// Returns a request in the chosen boxes that no deny matches and that the other set does not allow.
    fn left(
        &mut self,
        region: &Region,
        chosen: &[usize],
        about: &Bits,
        group: usize,
    ) -> Result<Option<Left>, AccessError> {
        let not_denied = |points: Points| Left { points, denied: Vec::new() };
        let denies = about.clone().and(&self.sides.denies);
        let Some(other) = &self.sides.other else {
            return Ok(self.searcher.outside(region, &denies)?.map(not_denied));
        };
        if region.holds.meets(&denies) {
            return Ok(None);
        }
        for layer in &other.allows {
            let mut boxes = about.clone().and(layer);
            boxes.add(&denies);
            if let Some(found) = self.searcher.outside(region, &boxes)? {
                return Ok(Some(not_denied(found)));
            }
        }
        let mut left: Option<Left> = None;
        let mut open = about.clone().and(&other.denies);
        open.take(self.denied.entry(group).or_default());
        for deny in open.iter() {
            if self.is_all_denied(deny, group)? {
                continue;
            }
            let both = [chosen, &[deny]].concat();
            if let Some(found) = self.searcher.common_outside(&both, &denies)? {
                left.get_or_insert_with(|| not_denied(found)).denied.push(deny);
            }
        }
        Ok(left)
    }

    /// Whether the denies have all that another one denies of a group.
    fn is_all_denied(&mut self, one: usize, group: usize) -> Result<bool, AccessError> {
        if self.open.contains(&(one, group)) {
            return Ok(false);
        }
        let is_denied = match self.searcher.region(&[one])? {
            None => true,
            Some(region) => {
                let denies = region.meets.clone().and(&self.groups[group].boxes).and(&self.sides.denies);
                self.searcher.outside(&region, &denies)?.is_none()
            }
        };
        if is_denied {
            self.denied.entry(group).or_default().insert(one);
        } else {
            self.open.insert((one, group));
        }
        Ok(is_denied)
    }

    /// Records what the denies leave for a group of actions.
    fn tell(
        &mut self,
        chosen: &[usize],
        group: &Group<'a>,
        about: &Bits,
        left: &Left,
    ) -> Result<(), AccessError> {
        let boxes = || chosen.iter().map(|one| &self.searcher.space.boxes[*one]);
        let statements: Vec<usize> = boxes().map(|one| one.statement).collect();
        let first = boxes().next();
        self.searcher.budget.spend(8)?;
        let patterns = first.map_or(&[][..], |one| self.statements[one.statement].statement.actions());
        let place = (statements, !left.denied.is_empty());
        if !self.answers.all.contains_key(&place) {
            self.searcher.budget.spend(ANSWER)?;
            let Some(witness) = self.witness(group, &left.points) else { return Ok(()) };
            if !self.is_confirmed(&witness) {
                return Err(AccessError::Unconfirmed { request: Box::new(witness) });
            }
            let mut open = self.open_actions(chosen, left).into_iter().filter(|_| group.actions.is_empty());
            let known = open.find_map(|(_, pattern)| self.with_known_name(&witness, pattern));
            let witness = known.unwrap_or(witness);
            self.answers.all.insert(place.clone(), Answer::new(witness, chosen.len()));
        }
        let open = if group.actions.is_empty() { self.open_actions(chosen, left) } else { Vec::new() };
        let Some(answer) = self.answers.all.get_mut(&place) else { return Ok(()) };
        answer.actions.extend(open.into_iter().map(|(key, pattern)| (key, pattern.clone())));
        for action in &group.actions {
            match action {
                Named::Known(at, action) => {
                    answer.actions.insert((LISTED, *at, "".into()), ActionPattern::of(*action));
                }
                Named::Unknown(name) => {
                    let own = patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(name));
                    // A deny is lifted of this action alone, and not of others that the allow matches.
                    let alone = ActionPattern::try_from(*name).ok().filter(|_| !left.denied.is_empty());
                    answer.actions.extend(own.map(|(at, pattern)| match &alone {
                        Some(alone) => ((UNLISTED, at, (*name).into()), alone.clone()),
                        None => (place_of(at, pattern), pattern.clone()),
                    }));
                }
            }
        }
        for (own, one) in answer.resources.iter_mut().zip(chosen) {
            own.insert(self.searcher.space.boxes[*one].resource);
        }
        for one in &left.denied {
            let Cell { statement, resource, .. } = self.searcher.space.boxes[*one];
            answer.denied.entry(statement).or_default().insert(resource);
        }
        let denies = about.clone().and(&self.sides.denies);
        answer
            .except
            .extend(denies.iter().map(|one| self.statements[self.searcher.space.boxes[one].statement].id));
        Ok(())
    }

    /// The patterns of the actions that nobody names and of which something is left: that of the allow, or those of the denies
    /// that are lifted, where they are narrower. Each has its place among the actions of an answer.
    fn open_actions(&self, chosen: &[usize], left: &Left) -> Vec<(ActionKey, &'a ActionPattern)> {
        let pattern_of = |one: usize| {
            let Cell { statement, action, .. } = self.searcher.space.boxes[one];
            Some((action, self.statements[statement].statement.actions().get(action)?))
        };
        let Some((at, allowed)) = chosen.first().and_then(|one| pattern_of(*one)) else { return Vec::new() };
        let denied = || left.denied.iter().filter_map(|one| pattern_of(*one));
        // A pattern that matches the text of another one matches all that this one does.
        if left.denied.is_empty() || denied().any(|(_, pattern)| pattern.matches(allowed.as_str())) {
            return Vec::from([(place_of(at, allowed), allowed)]);
        }
        denied().map(|(_, pattern)| ((WILDCARD, at, pattern.as_str().into()), pattern)).collect()
    }

    /// Whether the evaluator decides as the search does.
    fn is_confirmed(&self, witness: &Request) -> bool {
        self.set.decide(witness).is_allowed()
            && self.other.is_none_or(|other| !other.decide(witness).is_allowed())
    }

    /// A request of an action that nobody names, with a name that is known and that the pattern and the scope match.
    fn with_known_name(&self, witness: &Request, pattern: &ActionPattern) -> Option<Request> {
        let asked = self.actions.filter(|asked| asked.service().is_some() || pattern.service().is_none());
        let is_open = |name: &String| {
            pattern.matches(name)
                && self.actions.is_none_or(|asked| asked.matches(name))
                && self.set.catalog().action(name).is_none()
        };
        let names = self.set.names_of(asked.unwrap_or(pattern)).into_iter().filter(is_open);
        let requests = names.filter_map(|name| {
            let request = Request::new(witness.caller().clone(), &name, witness.resource()).ok()?;
            let with = |request: Request, (key, values): (&str, &[Box<str>])| {
                request.with_key(key, values.iter().map(|value| &**value))
            };
            Some(witness.context().fold(request, with))
        });
        requests.take(MOST_NAMES).find(|request| self.is_confirmed(request))
    }

    /// The request that the points are, with the first of the actions.
    fn witness(&self, group: &Group<'a>, points: &Points) -> Option<Request> {
        let space = &self.searcher.space;
        let text = |axis: Axis| {
            let at = axis as usize;
            let point = points.iter().find(|(own, _)| *own == at).map_or(0, |(_, point)| *point);
            space.axes[at].values(point).first().map_or("", |text| &**text)
        };
        let action = match group.actions.first() {
            Some(action) => action.as_str(),
            None => text(Axis::Action),
        };
        let resource = if space.universe.has_resource() {
            let [project, service, region, account, last] =
                [Axis::Project, Axis::OfService, Axis::Region, Axis::Account, Axis::Last].map(text);
            alloc::format!("qcs:{project}:{service}:{region}:{account}:{last}")
        } else {
            "*".into()
        };
        let mut witness = Request::new(self.caller.clone(), action, &resource).ok()?;
        for (at, point) in points {
            let Some(key) = at.checked_sub(AXES) else { continue };
            let values = self.searcher.keys[key].values(*point);
            if !values.is_empty() {
                witness = witness.with_key(&self.key_names[key], values.iter().map(|value| &**value));
            }
        }
        Some(witness)
    }
}

/// The place of an action in an answer: wildcards first, because a list that is cut must not hide that it has actions without
/// a name; then in the order of the catalog, then in that of the statement, then by name.
type ActionKey = (usize, usize, Box<str>);

const WILDCARD: usize = 0;
const LISTED: usize = 1;
const UNLISTED: usize = 2;

/// The place of a pattern of a statement.
fn place_of(at: usize, pattern: &ActionPattern) -> ActionKey {
    (if pattern.as_str().contains('*') { WILDCARD } else { UNLISTED }, at, "".into())
}

/// What the denies leave of one allow of each layer.
struct Answer {
    actions: BTreeMap<ActionKey, ActionPattern>,
    resources: Vec<BTreeSet<usize>>,
    except: BTreeSet<StatementId>,
    /// The denies of the other set, each with its resources.
    denied: BTreeMap<usize, BTreeSet<usize>>,
    witness: Request,
}

impl Answer {
    fn new(witness: Request, layers: usize) -> Self {
        Self {
            actions: BTreeMap::new(),
            resources: alloc::vec![BTreeSet::new(); layers],
            except: BTreeSet::new(),
            denied: BTreeMap::new(),
            witness,
        }
    }
}

/// Returns the part of the actions that is asked for, each once; and what is asked for, if a pattern stays that matches more.
fn asked_of(
    actions: impl Iterator<Item = ActionPattern>,
    asked: Option<&ActionPattern>,
) -> (Vec<ActionPattern>, Option<ActionPattern>) {
    let Some(asked) = asked else { return (actions.collect(), None) };
    let mut only = None;
    let mut parts: Vec<ActionPattern> = Vec::new();
    for pattern in actions {
        let part = in_both(&pattern, asked).unwrap_or_else(|| {
            only = Some(asked.clone());
            pattern
        });
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    (parts, only)
}

/// The answers, ordered by their statements. What only denies of the other set take away stands apart.
#[derive(Default)]
pub(super) struct Answers {
    all: BTreeMap<(Vec<usize>, bool), Answer>,
    /// The denies that leave nothing of some actions, by the allows and the number of the wildcard that matches these actions.
    taking: BTreeMap<(Vec<usize>, usize), BTreeSet<StatementId>>,
    /// Whether one is enough.
    only_one: bool,
}

impl Answers {
    /// Stops the search after the first answer.
    pub(super) fn one() -> Self {
        Self { only_one: true, ..Self::default() }
    }

    fn is_enough(&self) -> bool {
        self.only_one && !self.all.is_empty()
    }

    /// A request of the first answer.
    pub(super) fn witness(self) -> Option<Request> {
        self.all.into_values().next().map(|answer| answer.witness)
    }

    /// Returns the answers as values. `asked` are the actions and the resources of the scope, and `label` names a statement for people.
    pub(super) fn grants(
        self,
        statements: &[Prepared<'_>],
        asked: Option<(&ActionPattern, Option<&ResourcePattern>)>,
        label: impl Fn(usize, StatementId) -> Box<str>,
    ) -> Vec<Grant> {
        let Self { all, taking, .. } = self;
        let grant = |((by, _), mut answer): ((Vec<usize>, bool), Answer)| {
            let wildcards =
                answer.actions.keys().filter(|(rank, ..)| *rank == WILDCARD).map(|(_, at, _)| *at);
            for at in wildcards.collect::<BTreeSet<_>>() {
                answer.except.extend(taking.get(&(by.clone(), at)).into_iter().flatten());
            }
            let of = by.first().map_or(0, |at| statements[*at].of);
            let by = || by.iter().map(|at| &statements[*at]);
            let mut conditions: Vec<Condition> = Vec::new();
            for condition in by().flat_map(|one| one.statement.conditions()) {
                if !conditions.contains(condition) {
                    conditions.push(condition.clone());
                }
            }
            let part = |(one, resources): (&Prepared<'_>, BTreeSet<usize>)| GrantPart {
                statement: one.id,
                label: label(one.of, one.id),
                resources: resources
                    .into_iter()
                    .filter_map(|at| resources_of(one.id.layer, one.statement).get(at).cloned())
                    .collect(),
                conditions: one.statement.conditions().to_vec(),
            };
            let (actions, only) = asked_of(answer.actions.into_values(), asked.map(|(actions, _)| actions));
            Grant {
                actions,
                only,
                only_on: asked.and_then(|(_, resources)| resources).cloned(),
                parts: by().zip(answer.resources).map(part).collect(),
                conditions,
                except_labels: answer.except.iter().map(|id| label(of, *id)).collect(),
                except: answer.except.into_iter().collect(),
                denied: answer
                    .denied
                    .into_iter()
                    .map(|(at, resources)| part((&statements[at], resources)))
                    .collect(),
                callers: Vec::from([answer.witness.caller().clone()]),
                witness: answer.witness,
            }
        };
        all.into_iter().map(grant).collect()
    }
}
