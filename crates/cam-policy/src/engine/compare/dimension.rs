//! One dimension of the requests: a part of the action or the resource, or a condition key.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use std::collections::hash_map::Entry;

use super::answer::AccessError;
use super::automaton::{Budget, Class, Constraint, OLD_SPELLING, Texts, Union, find};
use super::bits::{Bits, HashMap};
use super::values::{Wanted, holds, telling_values, values};
use crate::catalog::Catalog;
use crate::engine::condition::Test;
use crate::engine::matching::Variables;

/// A dimension, the sides of the boxes in it, and the points that the search has found, each with the sides that contain it.
///
/// The known points answer most questions. If none does, the dimension looks for a new point and keeps it.
pub(super) struct Dimension<'a> {
    kind: Kind<'a>,
    points: Vec<Point>,
    known: HashMap<Vec<Box<str>>, u32>,
    /// For each side, the points in it.
    columns: Vec<Bits>,
    /// Whether the known points include one for every combination of sides.
    complete: bool,
    /// The sides that contain a single text. This text is a known point.
    literal: Bits,
    solved: HashMap<(Vec<u32>, Bits), Option<u32>>,
}

enum Kind<'a> {
    Text { universe: Texts, outside: Outside<'a>, sides: Vec<Rc<Union>>, by_prefix: Prefixes, fresh: char },
    Key { sides: Vec<Vec<Rc<Test>>>, variables: Variables<'a>, usual: Option<&'static str>, several: bool },
}

struct Point {
    /// The text, or the values of the key.
    values: Vec<Box<str>>,
    sides: Bits,
}

/// The texts in the universe of a dimension that no request has.
pub(super) enum Outside<'a> {
    Nothing,
    /// These texts.
    These(&'static [&'static str]),
    /// COS buckets in the old spelling. The search uses the new one.
    OldSpelling,
    /// The actions that the catalog has, and others that are named, in order.
    Known(Catalog<'a>, Vec<&'a str>),
}

impl Outside<'_> {
    fn has(&self, text: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(texts) => texts.contains(&text),
            Self::OldSpelling => text.starts_with(OLD_SPELLING),
            Self::Known(catalog, named) => {
                catalog.action(text).is_some() || named.binary_search(&text).is_ok()
            }
        }
    }

    /// Returns the outside texts that the wanted sides contain.
    fn constraint(&self, wanted: &[&Union]) -> Option<Constraint> {
        let fits = |text: &str| wanted.iter().all(|side| side.has(text));
        let texts: Vec<Texts> = match self {
            Self::Nothing => return None,
            Self::These(texts) => {
                texts.iter().copied().filter(|text| fits(text)).map(Texts::literal).collect()
            }
            Self::OldSpelling => Vec::from([Texts::literal(OLD_SPELLING).then_run(Class::Any)]),
            Self::Known(catalog, named) => {
                let all = catalog.actions().map(|action| action.as_str()).chain(named.iter().copied());
                all.filter(|text| fits(text)).map(Texts::literal).collect()
            }
        };
        Some(Constraint { any_of: Rc::new(Union(texts)), wanted: false })
    }
}

impl<'a> Dimension<'a> {
    /// Makes a dimension of the texts of a universe. `usual` lists the texts of a request that needs no other.
    pub(super) fn of_texts(
        universe: Texts,
        outside: Outside<'a>,
        usual: [Option<&str>; 2],
        sides: Vec<Rc<Union>>,
        budget: &mut Budget,
    ) -> Result<Self, AccessError> {
        let mut characters: Vec<char> =
            sides.iter().flat_map(|side| &side.0).flat_map(Texts::characters).collect();
        characters.extend(universe.characters());
        characters.sort_unstable();
        characters.dedup();
        let readable = ('1'..='9').chain('a'..='z').chain('A'..='Z').chain('\u{4e00}'..='\u{9fff}');
        let fresh = readable
            .into_iter()
            .find(|character| characters.binary_search(character).is_err())
            .unwrap_or('1');
        let only = universe.only();
        let complete = only.is_some();
        let mut dimension =
            Self::new(Kind::Text { universe, outside, by_prefix: Prefixes::of(&sides), sides, fresh });
        dimension.complete = complete;
        if let Some(only) = only {
            dimension.learn_text(only);
            return Ok(dimension);
        }
        for usual in usual.into_iter().flatten() {
            dimension.learn_text(usual.into());
        }
        let mut texts = Vec::new();
        if let Kind::Text { universe, outside, sides, .. } = &dimension.kind {
            // Names of services and actions begin with a character.
            let plain = if matches!(outside, Outside::Known(..)) { 'a' } else { '1' };
            let all = || core::iter::once(universe).chain(sides.iter().flat_map(|side| &side.0));
            texts.extend(all().map(|texts| texts.filled(plain, "")));
            texts.extend(all().map(|texts| texts.filled(fresh, &String::from(fresh))));
        }
        for text in texts {
            dimension.learn_text(text);
        }
        // A dimension has at least one point, for requests that need no other.
        dimension.find(&[], &Bits::none(dimension.sides()), budget)?;
        Ok(dimension)
    }

    /// Makes a dimension of the values of a condition key. The key may be absent.
    pub(super) fn of_key(
        sides: Vec<Vec<Rc<Test>>>,
        variables: Variables<'a>,
        usual: Option<&'static str>,
        several: bool,
    ) -> Self {
        let tests: Vec<Rc<Test>> = sides.iter().flatten().cloned().collect();
        let (singles, all) = telling_values(&tests, variables, usual);
        let mut dimension = Self::new(Kind::Key { sides, variables, usual, several });
        dimension.complete = all && !several;
        dimension.learn(Vec::new());
        for value in singles {
            dimension.learn(Vec::from([value]));
        }
        dimension
    }

    fn new(kind: Kind<'a>) -> Self {
        let sides = match &kind {
            Kind::Text { sides, .. } => sides.len(),
            Kind::Key { sides, .. } => sides.len(),
        };
        let literal = match &kind {
            Kind::Text { sides, .. } => {
                let is_literal = |at: &usize| sides[*at].0.iter().all(|texts| texts.only().is_some());
                Bits::of(sides.len(), (0..sides.len()).filter(is_literal))
            }
            Kind::Key { .. } => Bits::none(sides),
        };
        Self {
            literal,
            kind,
            points: Vec::new(),
            known: HashMap::default(),
            columns: alloc::vec![Bits::default(); sides],
            complete: false,
            solved: HashMap::default(),
        }
    }

    pub(super) fn sides(&self) -> usize {
        self.columns.len()
    }

    /// Returns the values of a point: one text, or the values of the key.
    pub(super) fn values(&self, point: u32) -> &[Box<str>] {
        self.points.get(point as usize).map_or(&[], |point| &point.values)
    }

    pub(super) fn is_in(&self, point: u32, side: u32) -> bool {
        self.columns[side as usize].has(point as usize)
    }

    fn learn_text(&mut self, text: String) {
        if let Kind::Text { universe, outside, .. } = &self.kind {
            if universe.has(&text) && !outside.has(&text) {
                self.learn(Vec::from([text.into()]));
            }
        }
    }

    /// Keeps a point and returns its number.
    fn learn(&mut self, values: Vec<Box<str>>) -> Option<u32> {
        let at = u32::try_from(self.points.len()).ok()?;
        let values = match self.known.entry(values) {
            Entry::Occupied(known) => return Some(*known.get()),
            Entry::Vacant(place) => {
                let values = place.key().clone();
                place.insert(at);
                values
            }
        };
        let sides = match &self.kind {
            Kind::Text { sides, by_prefix, .. } => {
                let text = values.first().map_or("", |text| &**text);
                let near = by_prefix.of_text(text).filter(|side| sides[*side].has(text));
                Bits::of(sides.len(), near)
            }
            Kind::Key { sides, variables, .. } => {
                let is_in = |side: &usize| sides[*side].iter().all(|test| holds(test, &values, *variables));
                Bits::of(sides.len(), (0..sides.len()).filter(is_in))
            }
        };
        for side in sides.iter() {
            self.columns[side].insert(at as usize);
        }
        self.points.push(Point { values, sides });
        Some(at)
    }

    /// Returns a point that is in all wanted sides and in none of the others, or `None` if there is no such point.
    pub(super) fn find(
        &mut self,
        wanted: &[u32],
        unwanted: &Bits,
        budget: &mut Budget,
    ) -> Result<Option<u32>, AccessError> {
        if wanted.iter().any(|side| unwanted.has(*side as usize)) {
            return Ok(None);
        }
        if let Some(at) = self.among_known(wanted, unwanted) {
            return Ok(Some(at));
        }
        if self.complete || wanted.iter().any(|side| self.literal.has(*side as usize)) {
            return Ok(None);
        }
        if let Kind::Text { universe, sides, fresh, .. } = &self.kind {
            let own: Vec<&Union> = wanted.iter().map(|side| &*sides[*side as usize]).collect();
            let covers = |side: usize| {
                own.iter().any(|own| covers(&sides[side].0, &own.0, *fresh))
                    || covers(&sides[side].0, core::slice::from_ref(universe), *fresh)
            };
            if differ(universe, &own) || unwanted.iter().any(covers) {
                return Ok(None);
            }
        }
        let mut key: Vec<u32> = wanted.into();
        key.sort_unstable();
        let question = (key, unwanted.clone());
        if let Some(answer) = self.solved.get(&question) {
            return Ok(*answer);
        }
        let found = self.solve(wanted, unwanted, budget)?;
        let found = found.and_then(|values| self.learn(values));
        self.solved.insert(question, found);
        Ok(found)
    }

    fn among_known(&self, wanted: &[u32], unwanted: &Bits) -> Option<u32> {
        let fits = |at: &usize| !self.points[*at].sides.meets(unwanted);
        let at = match wanted {
            [] => (0..self.points.len()).find(fits),
            [only] => self.columns[*only as usize].iter().find(fits),
            several => self.known_points(several).iter().find(fits),
        };
        u32::try_from(at?).ok()
    }

    fn solve(
        &self,
        wanted: &[u32],
        unwanted: &Bits,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Box<str>>>, AccessError> {
        match &self.kind {
            Kind::Text { universe, outside, sides, .. } => {
                let own: Vec<&Union> = wanted.iter().map(|side| &*sides[*side as usize]).collect();
                let near = |side: &usize| !differ(universe, &[own.as_slice(), &[&*sides[*side]]].concat());
                let unwanted = unwanted.iter().filter(near).map(|side| (side, false));
                let constraints: Vec<Constraint> = wanted
                    .iter()
                    .map(|side| (*side as usize, true))
                    .chain(unwanted)
                    .map(|(side, wanted)| Constraint { any_of: Rc::clone(&sides[side]), wanted })
                    .chain(outside.constraint(&own))
                    .collect();
                Ok(find(universe, &constraints, budget)?.map(|text| Vec::from([text.into()])))
            }
            Kind::Key { sides, .. } => {
                let mut tests: Vec<Wanted> = Vec::new();
                for test in wanted.iter().flat_map(|side| &sides[*side as usize]) {
                    tests.push((Rc::clone(test), true));
                }
                let mut open = Vec::new();
                for side in unwanted.iter() {
                    match sides[side].as_slice() {
                        [only] => tests.push((Rc::clone(only), false)),
                        several => open.push(several),
                    }
                }
                self.solve_key(&mut tests, &open, budget)
            }
        }
    }

    /// Returns values that give the tests the wanted results and are outside of each open side. Open sides have several tests.
    fn solve_key(
        &self,
        tests: &mut Vec<Wanted>,
        open: &[&[Rc<Test>]],
        budget: &mut Budget,
    ) -> Result<Option<Vec<Box<str>>>, AccessError> {
        let Kind::Key { variables, usual, several, .. } = &self.kind else { return Ok(None) };
        let Some(found) = values(tests, *variables, *usual, *several, budget)? else { return Ok(None) };
        let is_in = |side: &&&[Rc<Test>]| side.iter().all(|test| holds(test, &found, *variables));
        let Some(side) = open.iter().find(is_in) else { return Ok(Some(found)) };
        // The values are outside of the side because of this test. All tests before it match.
        let from = tests.len();
        for test in *side {
            tests.push((Rc::clone(test), false));
            if let Some(found) = self.solve_key(tests, open, budget)? {
                return Ok(Some(found));
            }
            if let Some(last) = tests.last_mut() {
                last.1 = true;
            }
        }
        tests.truncate(from);
        Ok(None)
    }

    /// Returns a point that is in all wanted sides.
    pub(super) fn point(&mut self, wanted: &[u32], budget: &mut Budget) -> Result<Option<u32>, AccessError> {
        self.guess(wanted);
        self.find(wanted, &Bits::none(self.columns.len()), budget)
    }

    /// Whether another side contains every point of the wanted sides.
    pub(super) fn is_within(
        &mut self,
        wanted: &[u32],
        side: u32,
        budget: &mut Budget,
    ) -> Result<bool, AccessError> {
        if wanted.contains(&side) {
            return Ok(true);
        }
        let unwanted = Bits::of(self.columns.len(), [side as usize]);
        Ok(self.find(wanted, &unwanted, budget)?.is_none())
    }

    /// Returns the sides that contain all points of the wanted ones, and the sides that contain some of them.
    pub(super) fn relations(
        &mut self,
        wanted: &[u32],
        budget: &mut Budget,
    ) -> Result<(Bits, Bits), AccessError> {
        let count = self.columns.len();
        let (mut all, mut some) = (Bits::all(count), Bits::none(count));
        for at in self.known_points(wanted).iter() {
            all.keep(&self.points[at].sides);
            some.add(&self.points[at].sides);
        }
        if self.complete || wanted.iter().any(|side| self.literal.has(*side as usize)) {
            return Ok((all, some));
        }
        for side in (0..).take(count) {
            if all.has(side as usize) && !self.is_within(wanted, side, budget)? {
                all.remove(side as usize);
            }
            if !some.has(side as usize) && !self.literal.has(side as usize) && !self.is_apart(wanted, side) {
                let mut both: Vec<u32> = wanted.into();
                both.push(side);
                if self.point(&both, budget)?.is_some() {
                    some.insert(side as usize);
                }
            }
        }
        Ok((all, some))
    }

    /// Returns the known points that are in all wanted sides.
    fn known_points(&self, wanted: &[u32]) -> Bits {
        let Some((first, rest)) = wanted.split_first() else { return Bits::all(self.points.len()) };
        let mut points = self.columns[*first as usize].clone();
        for side in rest {
            points.keep(&self.columns[*side as usize]);
        }
        points
    }

    /// Whether the beginning or the end of a side shows that no text is in it and in all wanted sides.
    fn is_apart(&self, wanted: &[u32], side: u32) -> bool {
        let Kind::Text { sides, .. } = &self.kind else { return false };
        wanted.iter().any(|own| sets_differ(&sides[*own as usize].0, &sides[side as usize].0))
    }

    /// Adds texts that may be in several sides: it puts the literal parts of one side into the runs of another.
    fn guess(&mut self, wanted: &[u32]) {
        if self.complete || self.among_known(wanted, &Bits::default()).is_some() {
            return;
        }
        let Kind::Text { universe, sides, .. } = &self.kind else { return };
        let own: Vec<&Union> = wanted.iter().map(|side| &*sides[*side as usize]).collect();
        if differ(universe, &own) {
            return;
        }
        let mut texts = Vec::new();
        for one in &own {
            for other in &own {
                if let ([one], [other]) = (one.0.as_slice(), other.0.as_slice()) {
                    texts.push(one.filled('1', &other.beyond(one, '1')));
                }
            }
        }
        for text in texts {
            self.learn_text(text);
        }
    }

    /// Returns the wanted sides without those that contain another wanted side.
    pub(super) fn simplified(
        &mut self,
        wanted: impl IntoIterator<Item = u32>,
        budget: &mut Budget,
    ) -> Result<Vec<u32>, AccessError> {
        let mut kept: Vec<u32> = Vec::new();
        for side in wanted {
            if self.is_within(&kept, side, budget)? {
                continue;
            }
            let mut at = 0;
            while at < kept.len() {
                if self.is_within(&[side], kept[at], budget)? {
                    kept.remove(at);
                } else {
                    at += 1;
                }
            }
            kept.push(side);
        }
        kept.sort_unstable();
        Ok(kept)
    }
}

/// An index of the sides by their literal beginnings.
struct Prefixes {
    sides: HashMap<String, Vec<usize>>,
    /// The lengths of these beginnings.
    lengths: Vec<usize>,
}

impl Prefixes {
    fn of(sides: &[Rc<Union>]) -> Self {
        let mut by_prefix: HashMap<String, Vec<usize>> = HashMap::default();
        for (at, side) in sides.iter().enumerate() {
            let prefix = if let [only] = side.0.as_slice() { only.prefix() } else { String::new() };
            by_prefix.entry(prefix).or_default().push(at);
        }
        let mut lengths: Vec<usize> = by_prefix.keys().map(String::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { sides: by_prefix, lengths }
    }

    /// Returns the sides that may contain a text.
    fn of_text<'p>(&'p self, text: &'p str) -> impl Iterator<Item = usize> + 'p {
        let starts = self.lengths.iter().filter_map(|length| text.get(..*length));
        starts.filter_map(|start| self.sides.get(start)).flatten().copied()
    }
}

/// Whether the beginnings or ends of the sets show that no text is in all of them.
fn differ(universe: &Texts, sides: &[&Union]) -> bool {
    sides.iter().enumerate().any(|(at, one)| {
        sets_differ(&one.0, core::slice::from_ref(universe))
            || sides[..at].iter().any(|other| sets_differ(&one.0, &other.0))
    })
}

/// Whether the beginnings or ends show that no text is in one of the sets and in one of the others.
fn sets_differ(sets: &[Texts], others: &[Texts]) -> bool {
    sets.iter().all(|one| others.iter().all(|other| one.differs(other)))
}

/// Whether one of the sets contains all texts of each of the others.
fn covers(sets: &[Texts], others: &[Texts], fresh: char) -> bool {
    others.iter().all(|other| sets.iter().any(|own| own.covers(other, fresh)))
}
