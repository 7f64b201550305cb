//! Sorts by place or by name.
//!
//! A sort compiles to thousands of lines for each type. Every build script of a user compiles them, so all types share two.

/// Returns the items in the order of their places, and those of one place in the order they had.
pub(crate) fn by_place<T>(items: Vec<T>, place: impl Fn(&T) -> usize) -> Vec<T> {
    let order = order(items.iter().map(place).collect());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, number)| items[number].take()).collect()
}

fn order(places: Vec<usize>) -> Vec<(usize, usize)> {
    let mut order: Vec<(usize, usize)> = places.into_iter().zip(0..).collect();
    order.sort_unstable();
    order
}

/// Returns names in their order, each with the number it had.
pub(crate) fn by_name<'n>(names: impl Iterator<Item = &'n str>) -> Vec<(&'n str, usize)> {
    let mut order: Vec<(&str, usize)> = names.zip(0..).collect();
    order.sort_unstable();
    order
}
