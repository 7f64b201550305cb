//! Reports what is out of order, with one error for each item to move.

use std::collections::HashMap;
use std::ops::Range;

use super::diagnostics::Diagnostics;

/// Splits items, by number, into those that can stay and those to move so that all are in order.
fn misplaced(count: usize, before: &dyn Fn(usize, usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    let mut kept: Vec<usize> = Vec::new();
    let mut moved = Vec::new();
    for at in 0..count {
        match kept.as_slice() {
            [.., last_but_one, last] if before(at, *last) && before(at, *last_but_one) => {
                moved.push(at);
                continue;
            }
            [.., last] if before(at, *last) => moved.extend(kept.pop()),
            _ => {}
        }
        kept.push(at);
    }
    (kept, moved)
}

/// Reports the items that are out of order. An item is a name and its place; `before` tells of two items, by number, whether the
/// first belongs before the second, and `what` describes that order.
pub(super) fn in_order(
    items: &[(&str, &Range<usize>)],
    before: &dyn Fn(usize, usize) -> bool,
    what: &str,
    diagnostics: &mut Diagnostics<'_>,
) {
    let (kept, moved) = misplaced(items.len(), before);
    for at in moved {
        let (found, span) = items[at];
        let place = kept.partition_point(|other| before(*other, at));
        let (up, neighbour) = match kept.get(place) {
            Some(next) if *next < at => (true, *next),
            next => (false, place.checked_sub(1).map_or(next.copied().unwrap_or(at), |last| kept[last])),
        };
        let (neighbour, neighbour_span) = items[neighbour];
        let (label, help) = if up {
            ("belongs further up", format!("move it up, above `{neighbour}`"))
        } else {
            ("belongs further down", format!("move it down, below `{neighbour}`"))
        };
        let diagnostic = diagnostics.add(span, format!("`{found}` is out of order: {what}"), label, help);
        diagnostic.and(neighbour_span, if up { "belongs above this" } else { "belongs below this" });
    }
}

/// A run: neighbours of the same group.
#[derive(Clone)]
pub(super) struct Run<G> {
    pub(super) group: G,
    pub(super) items: Vec<usize>,
}

/// The runs to move so that each group is in one piece.
pub(super) struct Groups<G> {
    /// The groups, each in one piece.
    pub(super) whole: Vec<Run<G>>,
    /// The runs in the middle of another group, with the index of that group in `whole`.
    pub(super) strays: Vec<(Run<G>, usize)>,
    /// The runs apart from the rest of their group, with the index of that group in `whole`.
    pub(super) apart: Vec<(Run<G>, usize)>,
}

/// Collects neighbours of the same group into runs. It skips items without a group.
pub(super) fn groups<G: Copy + Eq + std::hash::Hash>(items: impl Iterator<Item = Option<G>>) -> Groups<G> {
    let mut runs: Vec<Run<G>> = Vec::new();
    for (at, group) in items.enumerate().filter_map(|(at, group)| Some((at, group?))) {
        match runs.last_mut() {
            Some(run) if run.group == group => run.items.push(at),
            _ => runs.push(Run { group, items: vec![at] }),
        }
    }
    let mut joined: Vec<Run<G>> = Vec::new();
    let mut strays = Vec::new();
    for mut run in runs {
        match joined.as_slice() {
            [.., around, stray]
                if around.group == run.group
                    && stray.items.len() <= around.items.len().min(run.items.len()) =>
            {
                strays.extend(joined.pop().map(|stray| (stray, run.group)));
                if let Some(around) = joined.last_mut() {
                    around.items.append(&mut run.items);
                }
            }
            _ => joined.push(run),
        }
    }
    let mut numbers: HashMap<G, usize> = HashMap::new();
    let mut groups = Groups { whole: Vec::new(), strays: Vec::new(), apart: Vec::new() };
    for mut run in joined {
        let number = *numbers.entry(run.group).or_insert(groups.whole.len());
        match groups.whole.get_mut(number) {
            None => groups.whole.push(run),
            Some(home) => {
                if home.items.len() < run.items.len() {
                    std::mem::swap(home, &mut run);
                }
                groups.apart.push((run, number));
            }
        }
    }
    groups.strays = strays.into_iter().map(|(stray, around)| (stray, numbers[&around])).collect();
    groups
}
