//! Reports what is out of order, with one error for each item to move.

use std::ops::Range;

use cam_policy::catalog::Group;

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
pub(super) struct Run {
    pub(super) group: Group,
    pub(super) items: Vec<usize>,
}

/// The runs to move so that each group is in one piece.
pub(super) struct Groups {
    /// The groups, each in one piece.
    pub(super) whole: Vec<Run>,
    /// The runs in the middle of another group, with the index of that group in `whole`.
    pub(super) strays: Vec<(Run, usize)>,
    /// The runs apart from the rest of their group, with the index of that group in `whole`.
    pub(super) apart: Vec<(Run, usize)>,
}

/// Collects neighbours of the same group into runs. It skips items without a group.
pub(super) fn groups(items: &[Option<Group>]) -> Groups {
    let mut runs: Vec<Run> = Vec::new();
    for (at, group) in items.iter().enumerate() {
        let Some(group) = *group else { continue };
        match runs.last_mut() {
            Some(run) if run.group == group => run.items.push(at),
            _ => runs.push(Run { group, items: vec![at] }),
        }
    }
    let mut joined: Vec<Run> = Vec::new();
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
    let mut groups = Groups { whole: Vec::new(), strays: Vec::new(), apart: Vec::new() };
    for mut run in joined {
        let number = number_of(&groups.whole, run.group);
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
    for (stray, around) in strays {
        let number = number_of(&groups.whole, around);
        groups.strays.push((stray, number));
    }
    groups
}

/// Returns the number of a group among a service's few, or of the next one if it is not among them.
fn number_of(groups: &[Run], group: Group) -> usize {
    groups.iter().position(|run| run.group == group).unwrap_or(groups.len())
}
