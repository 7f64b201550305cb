//! Finds what one policy set allows and another does not, statement by statement.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use std::collections::HashSet;

use super::answer::{AccessError, Grant};
use super::automaton::{Budget, Class};
use super::bits::{Bits, HashMap};
use super::choices::{Answers, Chooser, Group, Named, OtherSet, Prepared, Sides};
use super::dimension::Dimension;
use super::scope::Scope;
use super::search::{Memory, Searcher};
use super::space::{
    AXES, Cell, Draft, Extent, Space, TextSide, Universe, action_sides, beyond_the_catalog, resource_sides,
    respelt_sides, undocumented, universes,
};
use super::values::{list_of, see_several, some_value};
use crate::catalog::Granularity;
use crate::engine::caller::{Caller, Digits};
use crate::engine::condition::Test;
use crate::engine::layer::StatementId;
use crate::engine::matching::Variables;
use crate::engine::request::Request;
use crate::engine::rules::Owner;
use crate::engine::set::{PolicySet, resources_of};
use crate::policy::{ActionPattern, Condition, Effect, ResourcePattern, Statement, ValueKind};

/// Finds what one of the sets allows and the other, if there is one, does not.
pub(super) struct Finder<'a> {
    sets: Vec<&'a PolicySet<'a>>,
    layers: Vec<usize>,
    caller: &'a Caller,
    digits: &'a Digits,
    scope: Option<&'a Scope>,
    statements: Vec<Prepared<'a>>,
    keys: Vec<Dimension<'a>>,
    key_names: Vec<Box<str>>,
    spaces: Vec<Layout<'a>>,
    budget: Budget,
}

/// Statements, and the actions that all of them and no others name.
type NamedBy<'a> = (Bits, Vec<Named<'a>>);

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

/// What a statement says, however it is written: layer, effect, actions, resources and conditions.
type Content<'a> = (usize, Effect, Vec<&'a ActionPattern>, Vec<&'a ResourcePattern>, Vec<&'a Condition>);

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
            layers: sets.iter().map(|set| set.present(caller).count()).collect(),
            caller,
            digits,
            scope,
            statements: Vec::new(),
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
        if (0..sets.len()).all(|of| finder.nothing_is_new(of)) {
            return Ok(finder);
        }
        // Of both sets, whose owner is the same.
        let variables =
            Variables { uin: digits.uin(), owner_uin: &sets[0].owner_uin, app_id: digits.app_id() };
        finder.read_conditions(variables)?;
        finder.lay_out(variables)?;
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

    /// Whether each allow of a set is one of the other, which denies nothing that this one does not: then nothing has to
    /// be searched.
    fn nothing_is_new(&self, of: usize) -> bool {
        if self.sets.len() < 2 || self.layers[0] != self.layers[1] {
            return false;
        }
        let known = |of: usize, effect: Effect| -> HashSet<Content<'a>> {
            let those = self.statements.iter().filter(|one| one.of == of && one.statement.effect() == effect);
            those.map(content).collect()
        };
        known(of, Effect::Allow).is_subset(&known(1 - of, Effect::Allow))
            && known(1 - of, Effect::Deny).is_subset(&known(of, Effect::Deny))
    }

    /// Makes a dimension of each condition key.
    fn read_conditions(&mut self, variables: Variables<'a>) -> Result<(), AccessError> {
        let mut tests: BTreeMap<&'a Condition, Rc<Test>> = BTreeMap::new();
        let mut places: BTreeMap<Vec<&'a Condition>, (usize, u32)> = BTreeMap::new();
        let mut keys: HashMap<Box<str>, usize> = HashMap::default();
        let mut sides: Vec<Vec<Vec<Rc<Test>>>> = Vec::new();
        for one in &mut self.statements {
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
        for one in &mut self.statements {
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
    fn lay_out(&mut self, variables: Variables<'a>) -> Result<(), AccessError> {
        let set = self.sets[0];
        let boxes: Vec<Vec<Written>> =
            self.statements.iter().map(|one| self.written(one, variables)).collect();
        let (unknown, kinds) = self.kinds();
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
                let owner = self.owner(set);
                let Some(texts) = scope_sides(set, owner, scope, &universe, variables) else { continue };
                let statement = self.statements.len();
                drafts.push(Draft { statement, action: 0, resource: 0, texts, keys: Vec::new() });
            }
            let space = Space::new(
                universe,
                set,
                self.owner(set),
                &unknown,
                drafts,
                self.keys.len(),
                &mut self.budget,
            )?;
            let boxes = |named: &Bits| {
                let named = |(_, one): &(usize, &Cell)| named.has(one.statement);
                Bits::of(space.boxes.len(), space.boxes.iter().enumerate().filter(named).map(|(at, _)| at))
            };
            let groups = groups.into_iter().map(|(named, actions)| Group { actions, boxes: boxes(&named) });
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
        let mut by_service: BTreeMap<Option<&str>, Vec<(&ActionPattern, &[usize])>> = BTreeMap::new();
        for (pattern, statements) in &patterns {
            by_service.entry(pattern.service()).or_default().push((pattern, statements));
        }
        // What a statement names is an action as good as those of the catalog, but for its granularity.
        let is_unknown = |name: &&str| is_one_action(name) && catalog.action(name).is_none();
        let unknown: Vec<&'a str> =
            patterns.keys().map(|pattern| pattern.as_str()).filter(is_unknown).collect();
        let known = catalog.actions().enumerate().map(|(at, action)| Named::Known(at, action));
        let mut kinds: Vec<Kind<'a>> = Vec::new();
        let mut numbers: HashMap<Universe, usize> = HashMap::default();
        let mut group_numbers: HashMap<(usize, Bits), usize> = HashMap::default();
        for action in known.chain(unknown.iter().map(|name| Named::Unknown(name))) {
            if self.scope.is_some_and(|scope| !scope.actions().matches(action.as_str())) {
                continue;
            }
            let service = action.as_str().split_once(':').map(|(service, _)| service);
            let near = [None, service].into_iter().filter_map(|of| by_service.get(&of)).flatten();
            let naming = near.filter(|(pattern, _)| pattern.matches(action.as_str()));
            let named = Bits::of(self.statements.len(), naming.flat_map(|(_, at)| at.iter().copied()));
            if named.is_empty() {
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
        let others = || Vec::from([(Bits::all(self.statements.len()), Vec::new())]);
        kinds.extend(beyond_the_catalog().map(|universe| Kind { universe, groups: others() }));
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
            let actions = one.statement.actions().iter().enumerate();
            let actions = actions.filter(|(_, pattern)| !is_one_action(pattern.as_str()));
            actions.filter_map(|(at, pattern)| Some((at, action_sides(pattern)?))).collect()
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
        if !self.nothing_is_new(of) {
            self.search(of, &mut answers)?;
        }
        let set = self.sets[of];
        Ok(answers.grants(&self.statements, |id| set.label(id).to_string().into()))
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
            let count = space.boxes.len();
            let statement = |at: usize| &self.statements[space.boxes[at].statement];
            let scope = *scope;
            let those = |of: usize, effect: Effect| -> Vec<usize> {
                let is = |one: &Prepared<'_>| one.of == of && one.statement.effect() == effect;
                (0..count).filter(|at| Some(*at) != scope && is(statement(*at))).collect()
            };
            let by_layer = |of: usize| -> Vec<Vec<usize>> {
                let mut layers = alloc::vec![Vec::new(); self.layers[of]];
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
                denied: HashMap::default(),
                searcher: Searcher { space, keys: &mut self.keys, budget: &mut self.budget, memory },
                answers,
            };
            let all: Vec<usize> = (0..groups.len()).collect();
            chooser.choose(&mut Vec::new(), &all)?;
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
    // CAM receives `*` for an operation-level action, whatever resource the caller means.
    let action = set.catalog().action(scope.actions().as_str());
    let is_dropped =
        !universe.beyond && action.is_some_and(|action| action.granularity() == Granularity::Operation);
    if !is_dropped && !scope.resources().is_all() {
        if !universe.has_resource() {
            return None;
        }
        sides.extend(resource_sides(owner, scope.resources(), variables)?);
    }
    Some(sides)
}

fn content<'a>(one: &Prepared<'a>) -> Content<'a> {
    fn sorted<T: Ord>(items: &[T]) -> Vec<&T> {
        let mut sorted: Vec<&T> = items.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        sorted
    }
    let statement = one.statement;
    let (actions, resources) = (sorted(statement.actions()), sorted(statement.resources()));
    (one.layer, statement.effect(), actions, resources, sorted(statement.conditions()))
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
