//! Orders by place or by name.
//!
//! A sort compiles to thousands of lines for each type. Every build script of a user compiles them, so all types share one.

use std::cmp::Ordering;

/// Returns the numbers of the items in the order of their places; those of one place keep their order.
pub(crate) fn by_place(places: &[usize]) -> Vec<usize> {
    order(places.len(), &|one, other| places[one].cmp(&places[other]))
}

/// Returns the numbers of the names in the order of the names.
pub(crate) fn by_name(names: &[&str]) -> Vec<usize> {
    order(names.len(), &|one, other| names[one].cmp(names[other]))
}

fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
    order
}
