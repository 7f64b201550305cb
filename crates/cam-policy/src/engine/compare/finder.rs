//! Finds what one policy set allows and another does not, statement by statement.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
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
    undocumented, universes,
};
use super::values::{sees_several, some_value};
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
            // By the key of the test: one key may be written in two ways.
            let mut by_key: BTreeMap<Box<str>, Tested<'a>> = BTreeMap::new();
            for condition in conditions {
                let test = tests.entry(condition).or_insert_with(|| Rc::new(Test::new(condition)));
                let (conditions, tests) = by_key.entry(test.key.clone()).or_default();
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
        for sides in sides {
            let usual = sides.iter().flatten().find_map(|test| some_value(test));
            let several = sides.iter().flatten().any(|test| sees_several(test));
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

    /// Makes a space of each kind of request, and groups its actions by the statements that name them.
    fn lay_out(&mut self, variables: Variables<'a>) -> Result<(), AccessError> {
        let set = self.sets[0];
        let mut patterns: BTreeMap<&'a ActionPattern, Vec<usize>> = BTreeMap::new();
        for (at, one) in self.statements.iter().enumerate() {
            for pattern in one.statement.actions() {
                patterns.entry(pattern).or_default().push(at);
            }
        }
        let mut universes_of: Vec<Universe> = Vec::new();
        let mut numbers: HashMap<Universe, usize> = HashMap::default();
        let mut groups: Vec<Vec<NamedBy<'a>>> = Vec::new();
        let mut group_numbers: HashMap<(usize, Bits), usize> = HashMap::default();
        let catalog = set.catalog();
        let known = catalog.actions().enumerate().map(|(at, action)| Named::Known(at, action));
        // What a statement names is an action as good as those of the catalog, but for its granularity.
        let is_unknown = |name: &&str| is_one_action(name) && catalog.action(name).is_none();
        let unknown: Vec<&'a str> =
            patterns.keys().map(|pattern| pattern.as_str()).filter(is_unknown).collect();
        for action in known.chain(unknown.iter().map(|name| Named::Unknown(name))) {
            let mut named = Bits::none(self.statements.len());
            for (pattern, statements) in &patterns {
                if pattern.matches(action.as_str()) {
                    for at in statements {
                        named.insert(*at);
                    }
                }
            }
            let is_asked = self.scope.is_none_or(|scope| scope.actions().matches(action.as_str()));
            if named.is_empty() || !is_asked {
                continue;
            }
            let universes = match action {
                Named::Known(_, action) => universes(set, action),
                Named::Unknown(_) => undocumented(),
            };
            for universe in universes {
                let at = *numbers.entry(universe).or_insert_with_key(|universe| {
                    universes_of.push(universe.clone());
                    groups.push(Vec::new());
                    groups.len() - 1
                });
                let own = &mut groups[at];
                let group = *group_numbers.entry((at, named.clone())).or_insert_with(|| {
                    own.push((named.clone(), Vec::new()));
                    own.len() - 1
                });
                own[group].1.push(action);
            }
        }
        for universe in beyond_the_catalog() {
            universes_of.push(universe);
            groups.push(Vec::from([(Bits::all(self.statements.len()), Vec::new())]));
        }
        for (universe, groups) in universes_of.into_iter().zip(groups) {
            let mut drafts = self.drafts(&universe, variables);
            if let Some(scope) = self.scope {
                let owner = self.owner(set);
                let Some(texts) = scope_sides(set, owner, scope, &universe, variables) else { continue };
                let statement = self.statements.len();
                drafts.push(Draft { statement, action: 0, resource: 0, texts, keys: Vec::new() });
            }
            let space = Space::new(universe, set, &unknown, drafts, self.keys.len(), &mut self.budget)?;
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

    fn owner(&self, set: &'a PolicySet<'a>) -> Owner<'a> {
        Owner { uin: &set.account, app_id: self.digits.account().filter(|_| self.caller.is_of(set.owner)) }
    }

    /// The boxes of all statements, as far as their texts can be in the universe.
    fn drafts(&self, universe: &Universe, variables: Variables<'_>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (number, one) in self.statements.iter().enumerate() {
            if one.dead {
                continue;
            }
            let actions: Vec<_> = if universe.beyond {
                let actions = one.statement.actions().iter().enumerate();
                let actions = actions.filter(|(_, pattern)| !is_one_action(pattern.as_str()));
                actions.filter_map(|(at, pattern)| Some((at, action_sides(pattern)?))).collect()
            } else {
                Vec::from([(0, Vec::new())])
            };
            for (resource, pattern) in resources_of(one.id.layer, one.statement).iter().enumerate() {
                let owner = self.owner(self.sets[one.of]);
                let Some(segments) = resource_sides(owner, pattern, universe, variables) else { continue };
                for (action, sides) in &actions {
                    let texts = sides.iter().chain(&segments).cloned().collect();
                    let (action, keys) = (*action, one.keys.clone());
                    drafts.push(Draft { statement: number, action, resource, texts, keys });
                }
            }
        }
        drafts
    }

    /// What a set allows and the other, if there is one, does not.
    pub(super) fn grants(&mut self, of: usize) -> Result<Vec<Grant>, AccessError> {
        let mut answers = Answers::default();
        if !self.nothing_is_new(of) {
            self.search(of, &mut answers)?;
        }
        Ok(answers.grants(&self.statements))
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
    // CAM is handed `*` for an operation-level action, whatever resource people have in mind.
    let action = set.catalog().action(scope.actions().as_str());
    let is_dropped =
        !universe.beyond && action.is_some_and(|action| action.granularity() == Granularity::Operation);
    if !is_dropped {
        sides.extend(resource_sides(owner, scope.resources(), universe, variables)?);
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
