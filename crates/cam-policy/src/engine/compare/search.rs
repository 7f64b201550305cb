//! The search for a request that some boxes hold and others do not.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::collections::HashMap;

use super::answer::AccessError;
use super::automaton::{Budget, Constraint, Texts, Union, find};
use super::space::{AXES, Atom, Axis, Side, Universe};
use super::values::values;
use crate::engine::caller::Caller;
use crate::engine::condition::Test;
use crate::engine::matching::Variables;
use crate::engine::request::Request;

/// The search in a universe: what is known of the request that is looked for, and an example of it.
///
/// Constraints are added and, where they lead nowhere, taken back: there is one state and no copies of it, and what it takes
/// in memory grows with the constraints alone.
pub(super) struct WitnessSearch<'h> {
    universe: &'h Universe<'h>,
    variables: Variables<'h>,
    known: &'h Known,
    pub(super) budget: &'h mut Budget,
    texts: [(Vec<Constraint>, String); AXES],
    keys: BTreeMap<Box<str>, KeyValues>,
    done: Vec<Done>,
}

/// What a key must do, and values with which it does.
#[derive(Default)]
struct KeyValues {
    tests: Vec<(Rc<Test>, bool)>,
    example: Vec<Box<str>>,
}

/// A constraint that was added, with the example before it if that had to change.
enum Done {
    Text(Axis, Option<String>),
    Key(Rc<Test>, Option<Vec<Box<str>>>),
}

/// For each key a value of its kind.
pub(super) type Known = HashMap<Box<str>, &'static str>;

/// A box that the example was in, and by which of its sides it is left.
struct Inside {
    held: usize,
    side: usize,
    mark: usize,
}

impl<'h> WitnessSearch<'h> {
    pub(super) fn new(
        universe: &'h Universe<'h>,
        variables: Variables<'h>,
        of: &str,
        known: &'h Known,
        budget: &'h mut Budget,
    ) -> Result<Self, AccessError> {
        use Axis::{Account, Last, OfService, Operation, Project, Region, Service};
        let mut texts: [(Vec<Constraint>, String); AXES] = Default::default();
        let axes = [Service, Operation, Project, OfService, Region, Account, Last];
        for (axis, (constraints, example)) in axes.into_iter().zip(&mut texts) {
            if axis == Account {
                // Those that name nobody are the owner's, which has a name here.
                let nobody = ["", "uin/"].map(Texts::literal);
                constraints.push(Constraint { any_of: Rc::new(Union(nobody.into())), wanted: false });
                if universe.texts(axis).has(of) {
                    *example = of.into();
                    continue;
                }
            }
            *example = find(universe.texts(axis), constraints, budget)?.unwrap_or_default();
        }
        Ok(Self { universe, variables, known, budget, texts, keys: BTreeMap::new(), done: Vec::new() })
    }

    pub(super) fn mark(&self) -> usize {
        self.done.len()
    }

    /// Takes back what was added since.
    pub(super) fn undo(&mut self, mark: usize) {
        for done in self.done.drain(mark..).rev() {
            match done {
                Done::Text(axis, before) => {
                    let (constraints, example) = &mut self.texts[axis as usize];
                    constraints.pop();
                    if let Some(before) = before {
                        *example = before;
                    }
                }
                Done::Key(test, before) => {
                    if let Some(key) = self.keys.get_mut(&test.key) {
                        key.tests.pop();
                        if let Some(before) = before {
                            key.example = before;
                        }
                    }
                }
            }
        }
    }

    /// Goes into a box; `false` if nothing is in it, and then what was added is to be taken back.
    pub(super) fn extend(&mut self, sides: &[Side]) -> Result<bool, AccessError> {
        for side in sides {
            if !self.constraint(side, true)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks for a request that none of the boxes holds. If there is none, everything is as before.
    ///
    /// The stack is on the heap: there may be as many boxes to leave, one after the other, as there are statements.
    pub(super) fn avoid(&mut self, boxes: &[&Atom]) -> Result<bool, AccessError> {
        let start = self.mark();
        let mut stack: Vec<Inside> = Vec::new();
        loop {
            let held = boxes.iter().position(|atom| atom.sides.iter().all(|side| self.holds(side)));
            self.budget.spend(1 + held.unwrap_or(boxes.len()))?;
            let Some(held) = held else { return Ok(true) };
            stack.push(Inside { held, side: 0, mark: self.mark() });
            loop {
                let Some(inside) = stack.last_mut() else {
                    self.undo(start);
                    return Ok(false);
                };
                self.undo(inside.mark);
                let sides = &boxes[inside.held].sides;
                // It leaves the box by this side, and by none of those before.
                let before = inside.side.checked_sub(1).map(|before| &sides[before]);
                let Some(side) = sides.get(inside.side) else {
                    stack.pop();
                    continue;
                };
                if let Some(before) = before {
                    if !self.constraint(before, true)? {
                        stack.pop();
                        continue;
                    }
                }
                inside.side += 1;
                inside.mark = self.mark();
                if self.constraint(side, false)? {
                    break;
                }
            }
        }
    }

    /// Adds a constraint and keeps the example in step; `false` if nothing meets it.
    fn constraint(&mut self, side: &Side, wanted: bool) -> Result<bool, AccessError> {
        self.budget.spend(4)?;
        match side {
            Side::Text(axis, texts) => {
                let constraint = Constraint { any_of: Rc::clone(texts), wanted };
                let (constraints, example) = &mut self.texts[*axis as usize];
                let met = constraint.met_by(example);
                if met && constraints.contains(&constraint) {
                    return Ok(true);
                }
                constraints.push(constraint);
                self.done.push(Done::Text(*axis, None));
                if !met {
                    let Some(found) = find(self.universe.texts(*axis), constraints, self.budget)? else {
                        return Ok(false);
                    };
                    let before = core::mem::replace(example, found);
                    self.amend(Done::Text(*axis, Some(before)));
                }
            }
            Side::Key(test) => {
                if !self.keys.contains_key(&test.key) {
                    self.keys.insert(test.key.clone(), KeyValues::default());
                }
                let Some(key) = self.keys.get_mut(&test.key) else { return Ok(false) };
                key.tests.push((Rc::clone(test), wanted));
                self.done.push(Done::Key(Rc::clone(test), None));
                if test.holds_of_all(&key.example, self.variables) != wanted {
                    let Some(found) =
                        values(&key.tests, self.variables, self.known.get(&test.key).copied(), self.budget)?
                    else {
                        return Ok(false);
                    };
                    let before = core::mem::replace(&mut key.example, found);
                    self.amend(Done::Key(Rc::clone(test), Some(before)));
                }
            }
        }
        Ok(true)
    }

    /// Replaces the last undo entry.
    fn amend(&mut self, done: Done) {
        self.done.pop();
        self.done.push(done);
    }

    fn holds(&self, side: &Side) -> bool {
        match side {
            Side::Text(axis, texts) => texts.has(&self.texts[*axis as usize].1),
            Side::Key(test) => {
                let found = self.keys.get(&test.key).map_or(&[][..], |values| &values.example);
                test.holds_of_all(found, self.variables)
            }
        }
    }

    /// The example, as a request.
    pub(super) fn witness(&self, caller: &Caller) -> Option<Request> {
        let text = |axis: Axis| self.texts[axis as usize].1.as_str();
        let action = match self.universe.action {
            Some(action) => action.as_str().to_string(),
            None => alloc::format!("{}:{}", text(Axis::Service), text(Axis::Operation)),
        };
        let resource = if self.universe.has_resource() {
            alloc::format!(
                "qcs:{}:{}:{}:{}:{}",
                text(Axis::Project),
                text(Axis::OfService),
                text(Axis::Region),
                text(Axis::Account),
                text(Axis::Last)
            )
        } else {
            "*".to_string()
        };
        let mut witness = Request::new(caller.clone(), &action, &resource).ok()?;
        for (key, values) in &self.keys {
            if !values.example.is_empty() {
                witness = witness.with_key(key, values.example.iter().map(|value| &**value));
            }
        }
        Some(witness)
    }
}
