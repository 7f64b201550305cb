//! Finds what one policy set allows and another does not, statement by statement.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::answer::{AccessError, Grant};
use super::automaton::{Budget, Class};
use super::bits::{Bits, HashMap};
use super::choices::{Answers, Chooser, Group, Named, OtherSet, Prepared, Sides};
use super::dimension::Dimension;
use super::scope::Scope;
use super::search::{Memory, Searcher};
use super::space::{
    AXES, Cell, Draft, Extent, Space, Telling, TextSide, Universe, action_sides, beyond_the_catalog,
    in_both_spellings, resource_sides, respelt_sides, undocumented, universes,
};
use super::values::{list_of, see_several, some_value};
use crate::catalog::{Action, Granularity};
use crate::engine::caller::{Caller, Digits};
use crate::engine::condition::Test;
use crate::engine::layer::{Layer, StatementId};
use crate::engine::matching::Variables;
use crate::engine::request::Request;
use crate::engine::rules::Owner;
use crate::engine::set::{PolicySet, resources_of};
use crate::policy::{ActionPattern, Condition, Effect, ResourcePattern, Statement, ValueKind};

/// Finds what one of the sets allows and the other, if there is one, does not.
pub(super) struct Finder<'a> {
    sets: Vec<&'a PolicySet<'a>>,
    /// The layers of each set that limit the caller.
    layers: Vec<Vec<Layer>>,
    caller: &'a Caller,
    digits: &'a Digits,
    scope: Option<&'a Scope>,
    statements: Vec<Prepared<'a>>,
    /// For each statement the number of what it says beside its actions. `None` if there are no two sets of the same layers.
    bodies: Option<Vec<u32>>,
    keys: Vec<Dimension<'a>>,
    key_names: Vec<Box<str>>,
    spaces: Vec<Layout<'a>>,
    budget: Budget,
}

/// Statements, and the actions that all of them and no others name.
type NamedBy<'a> = (Bits, Vec<Named<'a>>);

/// A pattern of actions, the statements that have it, and whether they may say something else in the other set.
type NamedIn<'s, 'a> = (&'a ActionPattern, &'s [usize], bool);

/// A kind of requests, and the groups of its actions.
struct Kind<'a> {
    universe: Universe,
    groups: Vec<NamedBy<'a>>,
}

/// A resource of a statement: its number, whether it is `*`, and its sides.
struct Written {
    resource: usize,
    is_all: bool,
    sides: Vec<TextSide>,
}

/// A space, the actions whose requests it has, and what a search has learned of it.
struct Layout<'a> {
    space: Space<'a>,
    groups: Vec<Group<'a>>,
    /// The box in which all that is searched has to be.
    scope: Option<usize>,
    memory: Memory,
}

/// The number of steps of a call before it is given up: some seconds.
const BUDGET: usize = 100_000_000;

/// The conditions of a statement on one key, and the tests of them.
type Tested<'a> = (Vec<&'a Condition>, Vec<Rc<Test>>);

/// What a statement says beside its actions, however it is written: layer, effect, resources and conditions.
type Body<'a> = (usize, Effect, Vec<&'a ResourcePattern>, Vec<&'a Condition>);

/// What a statement says of some actions: its body, and where the actions are those that nobody names, the pattern that matches
/// some of them.
type Claim<'a> = (Option<&'a ActionPattern>, u32);

impl<'a> Finder<'a> {
    /// For one set, or for two that are compared.
    pub(super) fn new(
        sets: &[&'a PolicySet<'a>],
        caller: &'a Caller,
        digits: &'a Digits,
        scope: Option<&'a Scope>,
    ) -> Result<Self, AccessError> {
        if sets.iter().any(|set| set.exempts(caller)) {
            return Err(AccessError::Root);
        }
        let mut finder = Self {
            sets: sets.into(),
            layers: sets.iter().map(|set| set.present(caller).map(|(layer, _)| layer).collect()).collect(),
            caller,
            digits,
            scope,
            statements: Vec::new(),
            bodies: None,
            keys: Vec::new(),
            key_names: Vec::new(),
            spaces: Vec::new(),
            budget: Budget(BUDGET),
        };
        for (of, set) in sets.iter().enumerate() {
            finder.prepare(of, set);
        }
        let by_statement = finder.statements.iter().any(|one| asks_for_app_id(one.statement));
        if digits.app_id().is_none()
            && (by_statement || scope.is_some_and(|scope| says_app_id(scope.resources())))
        {
            return Err(AccessError::AppId);
        }
        if let [one, other] = &finder.layers[..] {
            finder.bodies = (one == other).then(|| finder.bodies());
        }
        let (unknown, kinds) = finder.kinds();
        let mut asked = Bits::none(finder.statements.len());
        kinds.iter().flat_map(|kind| &kind.groups).for_each(|(named, _)| asked.add(named));
        // Of both sets, whose owner is the same.
        let variables =
            Variables { uin: digits.uin(), owner_uin: &sets[0].owner_uin, app_id: digits.app_id() };
        finder.read_conditions(&asked, variables)?;
        finder.lay_out(&asked, &unknown, kinds, variables)?;
        Ok(finder)
    }

    /// Adds the statements of a set that are about the caller.
    fn prepare(&mut self, of: usize, set: &'a PolicySet<'a>) {
        for (layer, (name, compiled)) in set.present(self.caller).enumerate() {
            for (policy, one) in compiled.policies.iter().enumerate() {
                for (at, statement) in one.statements().iter().enumerate() {
                    let principal = statement.principal().or(one.principal());
                    if set.is_about(self.caller, name, principal) {
                        self.statements.push(Prepared {
                            of,
                            layer,
                            id: StatementId { layer: name, policy, statement: at },
                            statement,
                            keys: Vec::new(),
                            dead: false,
                        });
                    }
                }
            }
        }
    }

    /// Numbers what the statements say beside their actions.
    fn bodies(&self) -> Vec<u32> {
        let mut numbers: HashMap<Body<'a>, u32> = HashMap::default();
        let number = |one| {
            let next = u32::try_from(numbers.len()).unwrap_or_default();
            *numbers.entry(body(one)).or_insert(next)
        };
        self.statements.iter().map(number).collect()
    }

    /// What the statements of an effect among these say in a set. `beyond`: of the actions that nobody names.
    fn claims(
        &self,
        bodies: &[u32],
        named: &Bits,
        beyond: bool,
        of: usize,
        effect: Effect,
    ) -> Vec<Claim<'a>> {
        let mut claims = Vec::new();
        for at in named.iter() {
            let Prepared { of: own, statement, .. } = &self.statements[at];
            if (*own, statement.effect()) != (of, effect) {
                continue;
            }
            if beyond {
                claims.extend(open_actions(statement).map(|(_, pattern)| (Some(pattern), bodies[at])));
            } else {
                claims.push((None, bodies[at]));
            }
        }
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// Whether a set may allow something of some actions that the other does not. It does not if each of its allows
    /// is one of the other set, which denies nothing that this one does not: then nothing has to be searched. `named` are
    /// the statements that name the actions.
    fn may_be_new(&self, of: usize, named: &Bits, beyond: bool) -> bool {
        let Some(bodies) = &self.bodies else { return true };
        let claims = |of: usize, effect: Effect| self.claims(bodies, named, beyond, of, effect);
        let within = |some: Vec<Claim<'a>>, all: &[Claim<'a>]| {
            some.iter().all(|claim| all.binary_search(claim).is_ok())
        };
        !within(claims(of, Effect::Allow), &claims(1 - of, Effect::Allow))
            || !within(claims(1 - of, Effect::Deny), &claims(of, Effect::Deny))
    }

    fn may_differ(&self, named: &Bits, beyond: bool) -> bool {
        (0..2).any(|of| self.may_be_new(of, named, beyond))
    }

    /// Makes a dimension of each condition key of the statements that are asked for.
    fn read_conditions(&mut self, asked: &Bits, variables: Variables<'a>) -> Result<(), AccessError> {
        let mut tests: BTreeMap<&'a Condition, Rc<Test>> = BTreeMap::new();
        let mut places: BTreeMap<Vec<&'a Condition>, (usize, u32)> = BTreeMap::new();
        let mut keys: HashMap<Box<str>, usize> = HashMap::default();
        let mut sides: Vec<Vec<Vec<Rc<Test>>>> = Vec::new();
        for at in asked.iter() {
            let one = &mut self.statements[at];
            let conditions: BTreeSet<&'a Condition> = one.statement.conditions().iter().collect();
            // A key may be written in two ways, and a condition may be of one tag of a list.
            let mut by_key: BTreeMap<Box<str>, Tested<'a>> = BTreeMap::new();
            for condition in conditions {
                let test = tests.entry(condition).or_insert_with(|| Rc::new(Test::new(condition)));
                let (conditions, tests) = by_key.entry(list_of(test).into()).or_default();
                conditions.push(condition);
                tests.push(Rc::clone(test));
            }
            for (name, (conditions, tests)) in by_key {
                if let Some(place) = places.get(&conditions) {
                    one.keys.push(*place);
                    continue;
                }
                let key = *keys.entry(name).or_insert_with_key(|name| {
                    sides.push(Vec::new());
                    self.key_names.push(name.clone());
                    sides.len() - 1
                });
                let place = (AXES + key, u32::try_from(sides[key].len()).unwrap_or_default());
                sides[key].push(tests);
                places.insert(conditions, place);
                one.keys.push(place);
            }
        }
        for (sides, name) in sides.into_iter().zip(&self.key_names) {
            let usual = sides.iter().flatten().find_map(|test| some_value(test));
            let several = see_several(name, sides.iter().flatten().map(|test| &**test));
            self.keys.push(Dimension::of_key(sides, variables, usual, several));
        }
        let mut extents: HashMap<(usize, u32), Extent> = HashMap::default();
        for at in asked.iter() {
            let one = &mut self.statements[at];
            let mut kept = Vec::new();
            for place in &one.keys {
                let extent = match extents.get(place) {
                    Some(known) => *known,
                    None => Extent::of(&mut self.keys[place.0 - AXES], place.1, &mut self.budget)?,
                };
                extents.insert(*place, extent);
                match extent {
                    Extent::Nothing => one.dead = true,
                    Extent::Everything => {}
                    Extent::Part => kept.push(*place),
                }
            }
            one.keys = kept;
        }
        Ok(())
    }

    /// Makes a space of each kind of request.
    fn lay_out(
        &mut self,
        asked: &Bits,
        unknown: &[&'a str],
        kinds: Vec<Kind<'a>>,
        variables: Variables<'a>,
    ) -> Result<(), AccessError> {
        let set = self.sets[0];
        let mut boxes: Vec<Vec<Written>> = Vec::new();
        boxes.resize_with(self.statements.len(), Vec::new);
        for at in asked.iter() {
            boxes[at] = self.written(&self.statements[at], variables);
        }
        let owner = self.owner(set);
        let mut telling = Telling::default();
        boxes.iter().flatten().for_each(|written| telling.add(owner, &written.sides));
        let asked = self.scope.map(Scope::resources).filter(|resources| !resources.is_all());
        if let Some(sides) = asked.and_then(|resources| resource_sides(owner, resources, variables)) {
            telling.add(owner, &sides);
        }
        let kinds = kinds.into_iter().flat_map(|Kind { universe, groups }| {
            let all = universe.with_rest(owner, telling).into_iter();
            all.map(move |universe| Kind { universe, groups: groups.clone() })
        });
        for Kind { universe, groups } in kinds {
            let mut about = Bits::none(self.statements.len());
            for (named, _) in &groups {
                about.add(named);
            }
            let mut drafts = Vec::new();
            for at in about.iter() {
                self.draft(at, &boxes[at], &universe, &mut drafts);
            }
            if let Some(scope) = self.scope {
                let Some(texts) = scope_sides(set, owner, scope, &universe, variables) else { continue };
                let statement = self.statements.len();
                drafts.push(Draft { statement, action: 0, resource: 0, texts, keys: Vec::new() });
            }
            let space = Space::new(universe, set, owner, unknown, drafts, self.keys.len(), &mut self.budget)?;
            let boxes = |named: &Bits| {
                let named = |(_, one): &(usize, &Cell)| named.has(one.statement);
                Bits::of(space.boxes.len(), space.boxes.iter().enumerate().filter(named).map(|(at, _)| at))
            };
            let beyond = space.universe.beyond;
            let groups = groups.into_iter().map(|(named, actions)| Group {
                actions,
                boxes: boxes(&named),
                may_be_new: [0, 1].map(|of| self.may_be_new(of, &named, beyond)),
            });
            let groups = groups.collect();
            let scope = space.boxes.iter().position(|one| one.statement == self.statements.len());
            // A scope that has no box has no request of this kind.
            if scope.is_some() || self.scope.is_none() {
                self.spaces.push(Layout { space, groups, scope, memory: Memory::default() });
            }
        }
        Ok(())
    }

    /// The kinds of requests, each with its actions grouped by the statements that name them; and the actions that statements
    /// name and the catalog does not have, in order.
    fn kinds(&self) -> (Vec<&'a str>, Vec<Kind<'a>>) {
        let catalog = self.sets[0].catalog();
        let mut patterns: BTreeMap<&'a ActionPattern, Vec<usize>> = BTreeMap::new();
        for (at, one) in self.statements.iter().enumerate() {
            for pattern in one.statement.actions() {
                patterns.entry(pattern).or_default().push(at);
            }
        }
        // Where all statements that name an action say the same in both sets, there is nothing to search.
        let mut by_service: BTreeMap<Option<&str>, Vec<NamedIn<'_, 'a>>> = BTreeMap::new();
        for (pattern, statements) in &patterns {
            let named = Bits::of(self.statements.len(), statements.iter().copied());
            let may_differ = self.may_differ(&named, false);
            by_service.entry(pattern.service()).or_default().push((pattern, statements, may_differ));
        }
        // What a statement names is an action as good as those of the catalog, but for its granularity.
        let is_unknown = |name: &&str| is_one_action(name) && catalog.action(name).is_none();
        let unknown: Vec<&'a str> =
            patterns.keys().map(|pattern| pattern.as_str()).filter(is_unknown).collect();
        let asked = by_service.values().flatten().filter(|(_, _, may_differ)| *may_differ);
        let mut known: Vec<Action<'a>> = asked.flat_map(|(pattern, ..)| pattern.actions(&catalog)).collect();
        known.sort_unstable();
        known.dedup();
        let known = known.into_iter().enumerate().map(|(at, action)| Named::Known(at, action));
        let mut kinds: Vec<Kind<'a>> = Vec::new();
        let mut numbers: HashMap<Universe, usize> = HashMap::default();
        let mut group_numbers: HashMap<(usize, Bits), usize> = HashMap::default();
        let mut differing: HashMap<Bits, bool> = HashMap::default();
        for action in known.chain(unknown.iter().map(|name| Named::Unknown(name))) {
            if self.scope.is_some_and(|scope| !scope.actions().matches(action.as_str())) {
                continue;
            }
            let service = action.as_str().split_once(':').map(|(service, _)| service);
            let near = [None, service].into_iter().filter_map(|of| by_service.get(&of)).flatten();
            let naming = near.filter(|(pattern, ..)| pattern.matches(action.as_str()));
            let statements = naming.flat_map(|(_, statements, _)| statements.iter().copied());
            let named = Bits::of(self.statements.len(), statements);
            let differs = match differing.get(&named) {
                Some(known) => *known,
                None => {
                    *differing.entry(named.clone()).or_insert_with_key(|named| self.may_differ(named, false))
                }
            };
            if !differs {
                continue;
            }
            let universes = match action {
                Named::Known(_, action) => universes(action),
                Named::Unknown(_) => undocumented(),
            };
            for universe in universes {
                let at = *numbers.entry(universe).or_insert_with_key(|universe| {
                    kinds.push(Kind { universe: universe.clone(), groups: Vec::new() });
                    kinds.len() - 1
                });
                let own = &mut kinds[at].groups;
                let group = *group_numbers.entry((at, named.clone())).or_insert_with(|| {
                    own.push((named.clone(), Vec::new()));
                    own.len() - 1
                });
                own[group].1.push(action);
            }
        }
        let is_open = |at: &usize| open_actions(self.statements[*at].statement).next().is_some();
        let open = Bits::of(self.statements.len(), (0..self.statements.len()).filter(is_open));
        if !open.is_empty() && self.may_differ(&open, true) {
            let others = || Vec::from([(open.clone(), Vec::new())]);
            kinds.extend(beyond_the_catalog().map(|universe| Kind { universe, groups: others() }));
        }
        (unknown, kinds)
    }

    fn owner(&self, set: &'a PolicySet<'a>) -> Owner<'a> {
        Owner { uin: &set.account, app_id: self.digits.account().filter(|_| self.caller.is_of(set.owner)) }
    }

    /// The resources of a statement as sides.
    fn written(&self, one: &Prepared<'a>, variables: Variables<'_>) -> Vec<Written> {
        let owner = self.owner(self.sets[one.of]);
        let mut written = Vec::new();
        for (resource, pattern) in resources_of(one.id.layer, one.statement).iter().enumerate() {
            let Some(sides) = resource_sides(owner, pattern, variables) else { continue };
            let respelt = respelt_sides(&sides);
            let is_all = pattern.is_all();
            written.extend([Some(sides), respelt].into_iter().flatten().map(|sides| Written {
                resource,
                is_all,
                sides,
            }));
        }
        written
    }

    /// Adds the boxes of a statement, as far as they may be in the universe.
    fn draft(&self, number: usize, boxes: &[Written], universe: &Universe, drafts: &mut Vec<Draft>) {
        let one = &self.statements[number];
        if one.dead {
            return;
        }
        let actions: Vec<_> = if universe.beyond {
            open_actions(one.statement)
                .filter_map(|(at, pattern)| Some((at, action_sides(pattern)?)))
                .collect()
        } else {
            Vec::from([(0, Vec::new())])
        };
        for Written { resource, is_all, sides } in boxes {
            if !is_all && !universe.has_resource() {
                continue;
            }
            for (action, own) in &actions {
                let texts = own.iter().chain(sides).cloned().collect();
                let keys = one.keys.clone();
                drafts.push(Draft { statement: number, action: *action, resource: *resource, texts, keys });
            }
        }
    }

    /// What a set allows and the other, if there is one, does not.
    pub(super) fn grants(&mut self, of: usize) -> Result<Vec<Grant>, AccessError> {
        let mut answers = Answers::default();
        self.search(of, &mut answers)?;
        let asked = self.scope.map(|scope| (scope.actions(), resources_in(self.sets[0], scope)));
        Ok(answers.grants(&self.statements, asked, |of, id| self.sets[of].label(id).to_string().into()))
    }

    /// A request that the only set allows.
    pub(super) fn find_allowed(&mut self) -> Result<Option<Request>, AccessError> {
        let mut answers = Answers::one();
        self.search(0, &mut answers)?;
        Ok(answers.witness())
    }

    fn search(&mut self, of: usize, answers: &mut Answers) -> Result<(), AccessError> {
        for layout in &mut self.spaces {
            let Layout { space, groups, scope, memory } = layout;
            let asked: Vec<usize> = (0..groups.len()).filter(|at| groups[*at].may_be_new[of]).collect();
            if asked.is_empty() {
                continue;
            }
            let count = space.boxes.len();
            let statement = |at: usize| &self.statements[space.boxes[at].statement];
            let scope = *scope;
            let those = |of: usize, effect: Effect| -> Vec<usize> {
                let is = |one: &Prepared<'_>| one.of == of && one.statement.effect() == effect;
                (0..count).filter(|at| Some(*at) != scope && is(statement(*at))).collect()
            };
            let by_layer = |of: usize| -> Vec<Vec<usize>> {
                let mut layers = alloc::vec![Vec::new(); self.layers[of].len()];
                for at in those(of, Effect::Allow) {
                    layers[statement(at).layer].push(at);
                }
                layers
            };
            let other_of = (self.sets.len() > 1).then(|| 1 - of);
            let denies = those(of, Effect::Deny);
            let other = other_of.map(|other| {
                OtherSet::new(by_layer(other), &denies, those(other, Effect::Deny), space, groups)
            });
            let sides = Sides { allows: by_layer(of), denies: Bits::of(count, denies), other };
            let mut chooser = Chooser {
                set: self.sets[of],
                other: other_of.map(|other| self.sets[other]),
                statements: &self.statements,
                key_names: &self.key_names,
                caller: self.caller,
                groups,
                sides: &sides,
                scope,
                actions: self.scope.map(Scope::actions),
                denied: HashMap::default(),
                open: BTreeSet::new(),
                searcher: Searcher { space, keys: &mut self.keys, budget: &mut self.budget, memory },
                answers,
            };
            chooser.choose(&mut Vec::new(), &asked)?;
        }
        Ok(())
    }
}

/// The sides of a scope; `None` if no request of the universe is in it.
fn scope_sides(
    set: &PolicySet<'_>,
    owner: Owner<'_>,
    scope: &Scope,
    universe: &Universe,
    variables: Variables<'_>,
) -> Option<Vec<TextSide>> {
    let mut sides = if universe.beyond { action_sides(scope.actions())? } else { Vec::new() };
    if let Some(resources) = resources_in(set, scope) {
        if !universe.has_resource() {
            return None;
        }
        sides.extend(in_both_spellings(resource_sides(owner, resources, variables)?));
    }
    Some(sides)
}

/// The resources of a scope; `None` if these are all.
fn resources_in<'s>(set: &PolicySet<'_>, scope: &'s Scope) -> Option<&'s ResourcePattern> {
    // CAM receives `*` for an operation-level action, whatever resource the caller means.
    let action = set.catalog().action(scope.actions().as_str());
    let is_dropped = action.is_some_and(|action| action.granularity() == Granularity::Operation);
    Some(scope.resources()).filter(|resources| !is_dropped && !resources.is_all())
}

fn body<'a>(one: &Prepared<'a>) -> Body<'a> {
    fn sorted<T: Ord>(items: &[T]) -> Vec<&T> {
        let mut sorted: Vec<&T> = items.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        sorted
    }
    let statement = one.statement;
    (one.layer, statement.effect(), sorted(statement.resources()), sorted(statement.conditions()))
}

/// The action patterns of a statement, with their numbers, that may match actions that nobody names.
fn open_actions(statement: &Statement) -> impl Iterator<Item = (usize, &ActionPattern)> {
    let patterns = statement.actions().iter().enumerate();
    patterns.filter(|(_, pattern)| !is_one_action(pattern.as_str()))
}

fn is_one_action(pattern: &str) -> bool {
    let is_word = |character: char| Class::Word.has(character);
    pattern
        .split_once(':')
        .is_some_and(|(service, name)| service.chars().all(is_word) && name.chars().all(is_word))
}

fn says_app_id(resource: &ResourcePattern) -> bool {
    resource.as_str().contains("${app_id}")
}

fn asks_for_app_id(statement: &Statement) -> bool {
    let asks = |text: &str| text.contains("${app_id}");
    statement.resources().iter().any(says_app_id)
        || statement.conditions().iter().any(|condition| {
            matches!(condition.operator().comparison.kind(), ValueKind::Text)
                && condition.values().iter().any(|value| asks(value.as_str()))
        })
}
