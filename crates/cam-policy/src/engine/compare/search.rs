//! The search for a request that is in some boxes and in none of others.
//!
//! A request is outside of a box if its point in one dimension is outside of the box's side there. The search then *leaves*
//! the box by this side.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::answer::AccessError;
use super::automaton::Budget;
use super::bits::{Bits, HashMap};
use super::dimension::Dimension;
use super::space::{AXES, Space};

/// A space, and what the search knows of its dimensions.
pub(super) struct Searcher<'s, 'a> {
    pub(super) space: &'s mut Space<'a>,
    pub(super) keys: &'s mut [Dimension<'a>],
    pub(super) budget: &'s mut Budget,
    pub(super) memory: &'s mut Memory,
}

/// What the search has learned of a space.
#[derive(Default)]
pub(super) struct Memory {
    overlaps: HashMap<(usize, Vec<u32>), Option<Rc<Overlap>>>,
    /// For each dimension, whether one point leaves all its sides.
    left: Vec<Option<bool>>,
    /// What boxes have in common, by their sides, and how many words of memory that takes.
    regions: HashMap<Vec<(usize, u32)>, Option<Rc<Region>>>,
    words: usize,
    /// By the dimensions in which some boxes have sides, what is known of those elsewhere.
    elsewhere: HashMap<Vec<usize>, Rc<Elsewhere>>,
}

/// The most words of memory for what boxes have in common.
const REGIONS: usize = 4_000_000;

/// The boxes with sides in other dimensions than some.
struct Elsewhere {
    /// Those with any.
    some: Bits,
    /// Those with one in a dimension where one point leaves all sides.
    easy: Bits,
}

/// How all boxes overlap with some points of a dimension.
struct Overlap {
    /// The sides that contain these points, without those that contain another one of them.
    wanted: Vec<u32>,
    /// The point of a request that needs no other.
    usual: u32,
    /// The boxes that contain some of the points.
    meets: Bits,
    /// The boxes that contain all of them.
    holds: Bits,
    /// A point that is outside of every box that does not contain all of them.
    outside: Option<u32>,
}

/// What several boxes have in common, and how all boxes overlap with it.
pub(super) struct Region {
    overlaps: Overlaps,
    /// The boxes that contain a part of it.
    pub(super) meets: Bits,
    /// The boxes that contain all of it.
    pub(super) holds: Bits,
    /// The boxes that the search cannot leave by the point `outside` of any dimension. They include those in `holds`.
    hard: Bits,
}

/// How all boxes overlap, by dimension.
type Overlaps = Vec<(usize, Rc<Overlap>)>;

/// The points of a request in those dimensions where it does not have the usual one.
pub(super) type Points = Vec<(usize, u32)>;

/// The sides by which the search can leave a box.
type Open = Vec<(usize, u32)>;

/// For each dimension, the sides that contain the request and those that do not, as far as the search has decided.
#[derive(Clone, Default)]
struct Known(BTreeMap<usize, (Vec<u32>, Bits)>);

impl<'a> Searcher<'_, 'a> {
    fn dimension(&mut self, at: usize) -> (&mut Dimension<'a>, &mut Budget) {
        let one = match at.checked_sub(AXES) {
            Some(key) => &mut self.keys[key],
            None => &mut self.space.axes[at],
        };
        (one, self.budget)
    }

    /// Returns how all boxes overlap with the points that are in all the sides; `None` if there is no such point.
    fn overlap(&mut self, at: usize, sides: Vec<u32>) -> Result<Option<Rc<Overlap>>, AccessError> {
        let (dimension, budget) = self.dimension(at);
        let wanted = if sides.len() > 1 { dimension.simplified(sides, budget)? } else { sides };
        let place = (at, wanted);
        if let Some(known) = self.memory.overlaps.get(&place) {
            return Ok(known.clone());
        }
        let found = self.new_overlap(at, &place.1)?.map(Rc::new);
        self.memory.overlaps.insert(place, found.clone());
        Ok(found)
    }

    fn new_overlap(&mut self, at: usize, wanted: &[u32]) -> Result<Option<Overlap>, AccessError> {
        let (dimension, budget) = self.dimension(at);
        budget.spend(1 + dimension.sides() / 8)?;
        let Some(usual) = dimension.point(wanted, budget)? else { return Ok(None) };
        let (all, some) = dimension.relations(wanted, budget)?;
        let mut others = some.clone();
        all.iter().for_each(|side| others.remove(side));
        let outside = dimension.find(wanted, &others, budget)?;
        let having = &self.space.having[at];
        let boxes = |sides: &Bits| {
            let mut boxes = self.space.lacking[at].clone();
            let those = sides.iter().filter_map(|side| having.get(side)).flatten();
            those.for_each(|one| boxes.insert(*one as usize));
            boxes
        };
        Ok(Some(Overlap { wanted: wanted.into(), usual, meets: boxes(&some), holds: boxes(&all), outside }))
    }

    /// Whether some request is in all of the boxes.
    pub(super) fn have_common(&mut self, boxes: &[usize]) -> Result<bool, AccessError> {
        Ok(self.overlaps(boxes)?.is_some())
    }

    /// Looks for a request that is in all of `boxes` and in none of the others. For a few others this is faster than to
    /// compute how all boxes overlap.
    pub(super) fn common_outside(
        &mut self,
        boxes: &[usize],
        others: &Bits,
    ) -> Result<Option<Points>, AccessError> {
        let mut points: BTreeMap<usize, u32> = BTreeMap::new();
        let mut known = Known::default();
        for of_one in self.sides(boxes).chunk_by(|one, other| one.0 == other.0) {
            let at = of_one[0].0;
            let wanted: Vec<u32> = of_one.iter().map(|(_, side)| *side).collect();
            let (dimension, budget) = self.dimension(at);
            let Some(point) = dimension.point(&wanted, budget)? else { return Ok(None) };
            points.insert(at, point);
            known.0.insert(at, (wanted, Bits::none(dimension.sides())));
        }
        if others.iter().all(|one| !self.has(one, &points)) {
            return Ok(Some(points.into_iter().collect()));
        }
        let open = |one: usize| {
            let sides = self.space.boxes[one].sides.iter().copied();
            sides
                .filter(|(at, side)| known.0.get(at).is_none_or(|(wanted, _)| !wanted.contains(side)))
                .collect()
        };
        let open: Vec<Open> = others.iter().map(open).collect();
        self.leave(known, open)
    }

    /// Returns the sides of some boxes, each once.
    fn sides(&self, boxes: &[usize]) -> Vec<(usize, u32)> {
        let mut sides: Vec<(usize, u32)> =
            boxes.iter().flat_map(|one| self.space.boxes[*one].sides.iter().copied()).collect();
        sides.sort_unstable();
        sides.dedup();
        sides
    }

    /// Returns how all boxes overlap with what some have in common, for each dimension in which these have sides.
    fn overlaps(&mut self, boxes: &[usize]) -> Result<Option<Overlaps>, AccessError> {
        let mut overlaps = Vec::new();
        for of_one in self.sides(boxes).chunk_by(|one, other| one.0 == other.0) {
            let wanted = of_one.iter().map(|(_, side)| *side).collect();
            let Some(overlap) = self.overlap(of_one[0].0, wanted)? else { return Ok(None) };
            overlaps.push((of_one[0].0, overlap));
        }
        Ok(Some(overlaps))
    }

    /// Returns what the boxes have in common, and how all boxes overlap with it; `None` if they have nothing in common.
    pub(super) fn region(&mut self, boxes: &[usize]) -> Result<Option<Rc<Region>>, AccessError> {
        let sides = self.sides(boxes);
        if let Some(known) = self.memory.regions.get(&sides) {
            return Ok(known.clone());
        }
        let found = self.new_region(boxes)?.map(Rc::new);
        self.memory.words += 3 * self.space.boxes.len() / 64;
        if self.memory.words < REGIONS {
            self.memory.regions.insert(sides, found.clone());
        }
        Ok(found)
    }

    fn new_region(&mut self, boxes: &[usize]) -> Result<Option<Region>, AccessError> {
        let Some(overlaps) = self.overlaps(boxes)? else { return Ok(None) };
        let count = self.space.boxes.len();
        let (mut meets, mut holds) = (Bits::all(count), Bits::all(count));
        let mut hard = Bits::all(count);
        for (_, overlap) in &overlaps {
            meets.keep(&overlap.meets);
            holds.keep(&overlap.holds);
            if overlap.outside.is_some() {
                hard.keep(&overlap.holds);
            }
        }
        hard.keep(&meets);
        holds.keep(&meets);
        self.budget.spend(1 + count / 8)?;
        let elsewhere = self.elsewhere(overlaps.iter().map(|(at, _)| *at).collect())?;
        holds.take(&elsewhere.some);
        hard.take(&elsewhere.easy);
        holds.keep(&hard);
        Ok(Some(Region { overlaps, meets, holds, hard }))
    }

    /// Returns the boxes with sides in other dimensions than these. Few regions differ in their dimensions, so the search
    /// goes through all boxes only a few times.
    fn elsewhere(&mut self, ours: Vec<usize>) -> Result<Rc<Elsewhere>, AccessError> {
        if let Some(known) = self.memory.elsewhere.get(&ours) {
            return Ok(Rc::clone(known));
        }
        let count = self.space.boxes.len();
        let (mut some, mut easy) = (Bits::none(count), Bits::none(count));
        for at in (0..self.space.having.len()).filter(|at| !ours.contains(at)) {
            let can_be_left = self.can_be_left(at)?;
            for one in self.space.having[at].iter().flatten() {
                some.insert(*one as usize);
                if can_be_left {
                    easy.insert(*one as usize);
                }
            }
        }
        let found = Rc::new(Elsewhere { some, easy });
        self.memory.elsewhere.insert(ours, Rc::clone(&found));
        Ok(found)
    }

    /// Whether one point leaves all sides of a dimension.
    fn can_be_left(&mut self, at: usize) -> Result<bool, AccessError> {
        if let Some(Some(known)) = self.memory.left.get(at) {
            return Ok(*known);
        }
        let can = self.overlap(at, Vec::new())?.is_some_and(|overlap| overlap.outside.is_some());
        self.memory.left.resize(self.space.having.len(), None);
        self.memory.left[at] = Some(can);
        Ok(can)
    }

    /// Looks for a request of the region that is in none of the boxes.
    pub(super) fn outside(&mut self, region: &Region, boxes: &Bits) -> Result<Option<Points>, AccessError> {
        if region.holds.meets(boxes) {
            return Ok(None);
        }
        let hard = region.hard.clone().and(boxes);
        let mut known = Known::default();
        let mut open: Vec<Open> = Vec::new();
        for one in hard.iter() {
            let overlap = |at: usize| region.overlaps.iter().find(|(own, _)| *own == at);
            let is_open =
                |(at, _): &(usize, u32)| overlap(*at).is_none_or(|(_, overlap)| !overlap.holds.has(one));
            open.push(self.space.boxes[one].sides.iter().copied().filter(is_open).collect());
        }
        for (at, overlap) in &region.overlaps {
            if open.iter().flatten().any(|(own, _)| own == at) {
                let sides = self.dimension(*at).0.sides();
                known.0.insert(*at, (overlap.wanted.clone(), Bits::none(sides)));
            }
        }
        let Some(found) = self.leave(known, open)? else { return Ok(None) };
        self.readable(region, boxes, &found).map(Some)
    }

    /// Looks for points that leave every box, each by one of its open sides.
    fn leave(&mut self, mut known: Known, mut open: Vec<Open>) -> Result<Option<Points>, AccessError> {
        loop {
            self.budget.spend(1 + open.len())?;
            // If one point leaves all open sides of a dimension, the search takes it: this excludes no solution.
            let mut dimensions: Vec<usize> = open.iter().flatten().map(|(at, _)| *at).collect();
            dimensions.sort_unstable();
            dimensions.dedup();
            let before = open.len();
            for at in dimensions {
                let own = || open.iter().flatten().filter(|(own, _)| *own == at).map(|(_, side)| *side);
                let sides: Vec<u32> = own().collect();
                if sides.is_empty() {
                    continue;
                }
                let (dimension, budget) = self.dimension(at);
                let (wanted, unwanted) = known.of(at, dimension);
                let mut all = unwanted.clone();
                for side in &sides {
                    all.insert(*side as usize);
                }
                if dimension.find(wanted, &all, budget)?.is_some() {
                    *unwanted = all;
                    open.retain(|one| one.iter().all(|(own, _)| *own != at));
                }
            }
            if open.is_empty() {
                return known.points(self).map(Some);
            }
            if open.len() < before {
                continue;
            }
            match self.sort_out(&mut known, open)? {
                None => return Ok(None),
                Some((rest, true)) => open = rest,
                Some((rest, false)) => return self.take_apart(&known, &rest),
            }
        }
    }

    /// Removes the boxes that every remaining request leaves, and the sides that no remaining request leaves. Returns the
    /// other boxes, and whether something changed; `None` if no side is left of a box.
    fn sort_out(
        &mut self,
        known: &mut Known,
        open: Vec<Open>,
    ) -> Result<Option<(Vec<Open>, bool)>, AccessError> {
        let mut rest = Vec::new();
        let mut changed = false;
        'boxes: for one in open {
            let mut sides = Open::new();
            for (at, side) in &one {
                let (dimension, budget) = self.dimension(*at);
                let (wanted, unwanted) = known.of(*at, dimension);
                let mut both = wanted.clone();
                both.push(*side);
                if dimension.find(&both, unwanted, budget)?.is_none() {
                    changed = true;
                    continue 'boxes;
                }
                let mut without = unwanted.clone();
                without.insert(*side as usize);
                if dimension.find(wanted, &without, budget)?.is_some() {
                    sides.push((*at, *side));
                }
            }
            match sides.as_slice() {
                [] => return Ok(None),
                [(at, side)] => {
                    // Only this side can leave the box.
                    let (dimension, _) = self.dimension(*at);
                    known.of(*at, dimension).1.insert(*side as usize);
                    changed = true;
                }
                _ => {
                    changed |= sides.len() < one.len();
                    rest.push(sides);
                }
            }
        }
        Ok(Some((rest, changed)))
    }

    /// Tries each side of one box in turn. The request leaves the box by this side, and stays in the sides before it.
    fn take_apart(&mut self, known: &Known, open: &[Open]) -> Result<Option<Points>, AccessError> {
        let Some(at) = (0..open.len()).min_by_key(|at| open[*at].len()) else {
            return known.clone().points(self).map(Some);
        };
        let mut known = known.clone();
        for (dimension, side) in &open[at] {
            let (one, _) = self.dimension(*dimension);
            let mut left = known.clone();
            left.of(*dimension, one).1.insert(*side as usize);
            let mut rest = open.to_vec();
            rest.swap_remove(at);
            if let Some(found) = self.leave(left, rest)? {
                return Ok(Some(found));
            }
            let (one, _) = self.dimension(*dimension);
            known.of(*dimension, one).0.push(*side);
            let (one, budget) = self.dimension(*dimension);
            let (wanted, unwanted) = known.of(*dimension, one);
            if one.find(wanted, unwanted, budget)?.is_none() {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Returns the usual request of the region, with few changes so that it leaves the boxes.
    fn readable(&mut self, region: &Region, boxes: &Bits, found: &Points) -> Result<Points, AccessError> {
        let boxes: Vec<usize> = region.meets.clone().and(boxes).iter().collect();
        let mut points: BTreeMap<usize, u32> =
            region.overlaps.iter().map(|(at, overlap)| (*at, overlap.usual)).collect();
        let mut dimensions: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        dimensions.extend(region.overlaps.iter().map(|(at, _)| *at));
        dimensions.extend(boxes.iter().flat_map(|one| &self.space.boxes[*one].sides).map(|(at, _)| *at));
        // It is easiest to read if the name of the resource changes, then another segment, then the context.
        dimensions.sort_unstable_by_key(|at| if *at < AXES { AXES - at } else { *at });
        dimensions.dedup();
        let mut dimensions = dimensions.into_iter();
        while boxes.iter().any(|one| self.has(*one, &points)) {
            let Some(at) = dimensions.next() else { break };
            let own = region.overlaps.iter().find(|(own, _)| *own == at);
            let point = match found.iter().find(|(own, _)| *own == at) {
                Some((_, point)) => Some(*point),
                None => match own {
                    Some((_, overlap)) => overlap.outside,
                    None => self.overlap(at, Vec::new())?.and_then(|overlap| overlap.outside),
                },
            };
            if let Some(point) = point {
                points.insert(at, point);
            }
        }
        Ok(points.into_iter().collect())
    }

    fn has(&self, one: usize, points: &BTreeMap<usize, u32>) -> bool {
        self.space.boxes[one].sides.iter().all(|(at, side)| {
            let dimension = match at.checked_sub(AXES) {
                Some(key) => &self.keys[key],
                None => &self.space.axes[*at],
            };
            dimension.is_in(points.get(at).copied().unwrap_or_default(), *side)
        })
    }
}

impl Known {
    /// Returns the sides of a dimension that contain the request, and those that do not.
    fn of(&mut self, at: usize, dimension: &Dimension<'_>) -> (&mut Vec<u32>, &mut Bits) {
        let nothing = || (Vec::new(), Bits::none(dimension.sides()));
        let (wanted, unwanted) = self.0.entry(at).or_insert_with(nothing);
        (wanted, unwanted)
    }

    fn points(self, searcher: &mut Searcher<'_, '_>) -> Result<Points, AccessError> {
        let mut points = Points::new();
        for (at, (wanted, unwanted)) in self.0 {
            let (dimension, budget) = searcher.dimension(at);
            points.extend(dimension.find(&wanted, &unwanted, budget)?.map(|point| (at, point)));
        }
        Ok(points)
    }
}
