//! Finds what a policy set allows, and what another one does not.

use alloc::rc::Rc;
use alloc::vec::Vec;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::answer::{AccessError, Difference, Grant};
use super::automaton::Budget;
use super::search::{Known, WitnessSearch};
use super::space::{
    Atom, Side, Universe, beyond_the_catalog, known_action, other_action, resource_sides, universes,
};
use super::values::some_value;
use crate::catalog::Action;
use crate::engine::caller::{Caller, Digits};
use crate::engine::condition::Test;
use crate::engine::layer::{Layer, StatementId};
use crate::engine::matching::Variables;
use crate::engine::request::Request;
use crate::engine::rules::Owner;
use crate::engine::set::{PolicySet, resources_of};
use crate::policy::{ActionPattern, Condition, Effect, ResourcePattern, Statement, ValueKind};

impl PolicySet<'_> {
    /// All that the set allows a caller: each allow of which, after the denies and what the other layers allow,
    /// something is left.
    ///
    /// Looked at are the requests that CAM can get: operation-level actions on `*`, resource-level ones on resources
    /// of the action's patterns in the account, actions of undocumented granularity and those of other services on
    /// either; condition keys absent or with values of their kind (a key compared with `bool_equal` is `true` or
    /// `false`), several of them where the key is compared as text or a condition has a qualifier.
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// See [`Grant`] for an example.
    pub fn grants(&self, caller: impl Into<Caller>) -> Result<Vec<Grant>, AccessError> {
        Finder::new(self, None, caller.into(), &mut Budget(BUDGET)).run()
    }

    /// What `other` allows a caller and this set does not, and the reverse: whether a change of policies gives or
    /// takes anything. The requests are those of [`grants`](Self::grants).
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let before = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#.parse()?], owner);
    /// let after = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/14*"]}]}"#.parse()?], owner);
    ///
    /// let difference = before.compare(&after, Uin::new(100000000002)?)?;
    /// assert!(difference.lost.is_empty());
    /// let witness = &difference.gained[0].witness;
    /// assert!(after.decide(witness).is_allowed() && !before.decide(witness).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare(&self, other: &Self, caller: impl Into<Caller>) -> Result<Difference, AccessError> {
        let caller = caller.into();
        if self.owner != other.owner {
            return Err(AccessError::OtherOwner);
        }
        let (own, others) = (self.catalog().services, other.catalog().services);
        if !core::ptr::eq(own, others) && own != others {
            return Err(AccessError::OtherCatalog);
        }
        let mut budget = Budget(BUDGET);
        Ok(Difference {
            gained: Finder::new(other, Some(self), caller.clone(), &mut budget).run()?,
            lost: Finder::new(self, Some(other), caller, &mut budget).run()?,
        })
    }
}

/// A statement that is about the caller.
struct Prepared<'a> {
    id: StatementId,
    statement: &'a Statement,
    conditions: Rc<[Condition]>,
    tests: Vec<Side>,
}

/// Those of a set, and what layers it has.
struct Prepare<'a> {
    set: &'a PolicySet<'a>,
    layers: Vec<Layer>,
    statements: Vec<Prepared<'a>>,
}

/// Finds what `set` allows and `without` does not.
struct Finder<'a> {
    set: &'a PolicySet<'a>,
    without: Option<&'a PolicySet<'a>>,
    caller: Caller,
    digits: Digits,
    known: Known,
    budget: &'a mut Budget,
}

/// The number of steps of a call before it is given up: some seconds.
const BUDGET: usize = 100_000_000;

/// What a grant costs of them, so that an answer which nobody could read is not written either.
const ANSWER: usize = 500;

impl<'a> Finder<'a> {
    fn new(
        set: &'a PolicySet<'a>,
        without: Option<&'a PolicySet<'a>>,
        caller: Caller,
        budget: &'a mut Budget,
    ) -> Self {
        let digits = Digits::of(&caller);
        Self { set, without, caller, digits, known: Known::new(), budget }
    }

    fn run(mut self) -> Result<Vec<Grant>, AccessError> {
        if self.set.exempts(&self.caller) {
            return Err(AccessError::Root);
        }
        let own = self.prepare(self.set);
        let other = self.without.map(|other| self.prepare(other));
        let prepared = || own.statements.iter().chain(other.iter().flat_map(|other| &other.statements));
        if self.digits.app_id().is_none() && prepared().any(Prepared::asks_for_app_id) {
            return Err(AccessError::AppId);
        }
        let mut known = HashMap::new();
        for side in prepared().flat_map(|one| &one.tests) {
            if let Side::Key(test) = side {
                if let Some(value) = some_value(test) {
                    known.entry(test.key.clone()).or_insert(value);
                }
            }
        }
        self.known = known;
        let mut grants = Grants::default();
        // To actions of the same resources that the same statements name, the same applies.
        let mut groups: HashMap<_, Vec<Grant>> = HashMap::new();
        for action in self.set.catalog().actions() {
            let named: Vec<bool> = prepared().map(|one| one.names(action)).collect();
            let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.single).collect();
            let group = (action.granularity() as u8, patterns, named);
            if let Some(alike) = groups.get(&group) {
                self.budget.spend(alike.len() * ANSWER)?;
                grants.extend(alike.iter().map(|grant| grant.of(action)));
                continue;
            }
            let mut found = Grants::default();
            for universe in universes(self.set, action) {
                self.search(&universe, &own, other.as_ref(), &mut found)?;
            }
            grants.extend(found.all.iter().cloned());
            groups.insert(group, found.all);
        }
        for universe in beyond_the_catalog() {
            self.search(&universe, &own, other.as_ref(), &mut grants)?;
        }
        Ok(grants.all)
    }

    /// The statements of a set that are about the caller.
    fn prepare<'s>(&self, set: &'s PolicySet<'s>) -> Prepare<'s> {
        let layers: Vec<Layer> = set.present(&self.caller).map(|(layer, _)| layer).collect();
        let mut statements = Vec::new();
        for layer in &layers {
            for (policy, one) in set.policies(*layer).into_iter().flatten().enumerate() {
                for (at, statement) in one.statements().iter().enumerate() {
                    let principal = statement.principal().or(one.principal());
                    if !set.is_about(&self.caller, *layer, principal) {
                        continue;
                    }
                    let test = |condition| Side::Key(Rc::new(Test::new(condition)));
                    statements.push(Prepared {
                        id: StatementId { layer: *layer, policy, statement: at },
                        statement,
                        conditions: statement.conditions().into(),
                        tests: statement.conditions().iter().map(test).collect(),
                    });
                }
            }
        }
        Prepare { set, layers, statements }
    }

    fn variables<'v>(&'v self, set: &'v PolicySet<'_>) -> Variables<'v> {
        Variables { uin: self.digits.uin(), owner_uin: &set.owner_uin, app_id: self.digits.app_id() }
    }

    fn owner<'v>(&'v self, set: &'v PolicySet<'_>) -> Owner<'v> {
        Owner { uin: &set.account, app_id: self.digits.account().filter(|_| self.caller.is_of(set.owner)) }
    }

    /// The boxes of a set's statements of an effect in a layer, as far as they reach into the universe.
    fn atoms(&self, of: &Prepare<'_>, layer: Layer, effect: Effect, universe: &Universe<'_>) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for Prepared { id, statement, conditions, tests } in &of.statements {
            if id.layer != layer || statement.effect() != effect {
                continue;
            }
            let mut actions: Vec<(ActionPattern, Vec<Side>)> = Vec::new();
            match universe.action {
                Some(action) => {
                    if statement.actions().iter().any(|pattern| pattern.matches(action.as_str())) {
                        actions.push((ActionPattern::of(action), Vec::new()));
                    }
                }
                None => actions.extend(statement.actions().iter().filter_map(other_action)),
            }
            for (action, words) in actions {
                for resource in resources_of(layer, statement) {
                    let (owner, variables) = (self.owner(of.set), self.variables(of.set));
                    let Some(segments) = resource_sides(owner, resource, universe, variables) else {
                        continue;
                    };
                    atoms.push(Atom {
                        id: Some(*id),
                        action: Some(action.clone()),
                        resource: Some(resource.clone()),
                        conditions: Rc::clone(conditions),
                        sides: words.iter().cloned().chain(segments).chain(tests.iter().cloned()).collect(),
                    });
                }
            }
        }
        atoms
    }

    fn search(
        &mut self,
        universe: &Universe<'_>,
        own: &Prepare<'_>,
        other: Option<&Prepare<'_>>,
        grants: &mut Grants,
    ) -> Result<(), AccessError> {
        let atoms = |of: &Prepare<'_>, effect| -> Vec<Vec<Atom>> {
            of.layers.iter().map(|layer| self.atoms(of, *layer, effect, universe)).collect()
        };
        let allows = atoms(own, Effect::Allow);
        if allows.iter().any(Vec::is_empty) {
            return Ok(());
        }
        let mut denies: Vec<Atom> = atoms(own, Effect::Deny).into_iter().flatten().collect();
        let real = denies.len();
        if universe.action.is_none() {
            denies.extend(self.set.catalog().actions().filter_map(known_action));
        }
        let other = other.map(|other| {
            let denies: Vec<Atom> = atoms(other, Effect::Deny).into_iter().flatten().collect();
            (atoms(other, Effect::Allow), denies)
        });
        let denies: Vec<&Atom> = denies.iter().collect();
        let without = other.as_ref().map(|(allows, other)| Other {
            avoided: allows.iter().map(|layer| denies.iter().copied().chain(layer).collect()).collect(),
            denies: other,
        });
        let variables = Variables {
            uin: self.digits.uin(),
            owner_uin: &self.set.owner_uin,
            app_id: self.digits.app_id(),
        };
        let mut search =
            WitnessSearch::new(universe, variables, &self.set.account, &self.known, self.budget)?;
        let against = Against { denies, real, without };
        choose(&mut search, &self.caller, &allows, &mut Vec::new(), &against, grants)
    }
}

/// Takes one allow of each layer that is left, and so on: what has nothing in common is not gone into.
fn choose<'s>(
    search: &mut WitnessSearch<'_>,
    caller: &Caller,
    layers: &'s [Vec<Atom>],
    chosen: &mut Vec<&'s Atom>,
    against: &Against<'_>,
    grants: &mut Grants,
) -> Result<(), AccessError> {
    let Some((layer, further)) = layers.split_first() else {
        let mark = search.mark();
        if against.is_passed_by(search)? {
            search.budget.spend(ANSWER)?;
            let witness = search.witness(caller);
            search.undo(mark);
            let except = against.reached(search)?;
            grants.extend(witness.and_then(|witness| Grant::new(chosen, except, witness)));
        }
        return Ok(());
    };
    for atom in layer {
        let mark = search.mark();
        chosen.push(atom);
        if search.extend(&atom.sides)? {
            choose(search, caller, further, chosen, against, grants)?;
        }
        chosen.pop();
        search.undo(mark);
    }
    Ok(())
}

/// What takes from the allows.
struct Against<'s> {
    /// The denies, and what is kept out for another reason.
    denies: Vec<&'s Atom>,
    /// How many of them are denies.
    real: usize,
    without: Option<Other<'s>>,
}

/// What another set allows and denies.
struct Other<'s> {
    /// The denies from which something is taken, and with them what a layer of the other set allows.
    avoided: Vec<Vec<&'s Atom>>,
    denies: &'s [Atom],
}

impl Against<'_> {
    /// Looks for a request that no deny holds, and that the other set does not allow.
    fn is_passed_by(&self, search: &mut WitnessSearch<'_>) -> Result<bool, AccessError> {
        let Some(other) = &self.without else { return search.avoid(&self.denies) };
        for avoided in &other.avoided {
            if search.avoid(avoided)? {
                return Ok(true);
            }
        }
        for deny in other.denies {
            let mark = search.mark();
            if search.extend(&deny.sides)? && search.avoid(&self.denies)? {
                return Ok(true);
            }
            search.undo(mark);
        }
        Ok(false)
    }

    /// The statements that deny something of it.
    fn reached(&self, search: &mut WitnessSearch<'_>) -> Result<Vec<StatementId>, AccessError> {
        let mut reached = Vec::new();
        let (denies, kept_out) = self.denies.split_at(self.real);
        for deny in denies {
            let mark = search.mark();
            // Of actions that the catalog has nothing is denied where it is about the others.
            if search.extend(&deny.sides)? && search.avoid(kept_out)? {
                reached.extend(deny.id);
            }
            search.undo(mark);
        }
        reached.sort_unstable();
        reached.dedup();
        Ok(reached)
    }
}

/// Grants, of which each is there once.
#[derive(Default)]
struct Grants {
    all: Vec<Grant>,
    places: HashMap<(ActionPattern, Vec<StatementId>, Vec<ResourcePattern>), usize>,
}

impl Grants {
    fn add(&mut self, grant: Grant) {
        let key = (grant.action.clone(), grant.by.clone(), grant.resources.clone());
        match self.places.entry(key) {
            // The same pattern may match on `*` and on resources: it is one grant.
            Entry::Occupied(known) => {
                let except = &mut self.all[*known.get()].except;
                except.extend(grant.except);
                except.sort_unstable();
                except.dedup();
            }
            Entry::Vacant(place) => {
                place.insert(self.all.len());
                self.all.push(grant);
            }
        }
    }

    fn extend(&mut self, grants: impl IntoIterator<Item = Grant>) {
        grants.into_iter().for_each(|grant| self.add(grant));
    }
}

impl Grant {
    fn new(atoms: &[&Atom], except: Vec<StatementId>, witness: Request) -> Option<Self> {
        let mut conditions: Vec<Condition> = Vec::new();
        for condition in atoms.iter().flat_map(|atom| &*atom.conditions) {
            if !conditions.contains(condition) {
                conditions.push(condition.clone());
            }
        }
        Some(Self {
            action: atoms.first()?.action.clone()?,
            resources: atoms.iter().filter_map(|atom| atom.resource.clone()).collect(),
            by: atoms.iter().filter_map(|atom| atom.id).collect(),
            conditions,
            except,
            witness,
        })
    }

    /// The same of another action.
    fn of(&self, action: Action<'_>) -> Self {
        let mut grant = Self { action: ActionPattern::of(action), ..self.clone() };
        grant.witness.action = action.as_str().into();
        grant
    }
}

impl Prepared<'_> {
    fn asks_for_app_id(&self) -> bool {
        let asks = |text: &str| text.contains("${app_id}");
        self.statement.resources().iter().any(|resource| asks(resource.as_str()))
            || self.statement.conditions().iter().any(|condition| {
                matches!(condition.operator().comparison.kind(), ValueKind::Text)
                    && condition.values().iter().any(|value| asks(value.as_str()))
            })
    }

    fn names(&self, action: Action<'_>) -> bool {
        self.statement.actions().iter().any(|pattern| pattern.matches(action.as_str()))
    }
}
