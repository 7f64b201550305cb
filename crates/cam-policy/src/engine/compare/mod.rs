//! All that policies allow, and what is different between two sets of them: decided, not guessed.
//!
//! Statements are boxes in a space of few dimensions: the action, the segments of the resource, and a dimension for each
//! condition key. Whether something is in the allows and in none of the denies is a search: a request is found that all
//! wanted boxes hold; if an unwanted one holds it too, it must leave that one by one of its sides, and each side is tried.
//! In a dimension the question is whether a text exists that some patterns match and others do not, see `automaton`.

mod answer;
mod automaton;
mod grants;
mod search;
mod space;
mod values;

pub use answer::{AccessError, Difference, Grant};
