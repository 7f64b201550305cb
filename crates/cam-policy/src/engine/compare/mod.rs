//! All that policies allow, and what is different between two sets of them: decided, not guessed.
//!
//! Statements are boxes in a space of few dimensions: the action where the catalog does not list it, the segments of the
//! resource, and the condition keys. There is a space for each kind of request (`space`), and the actions that the same
//! statements name are searched as one (`finder`). Something of an allow is left where a point of its box is in no box
//! that takes from it (`search`). In one dimension (`dimension`) the question is whether a text (`automaton`) or values
//! of a key (`values`) are in some sides and not in others.
//!
//! In a dimension of texts one fresh character in the place of each `*` is outside of every pattern but those that
//! hold the whole one; in most dimensions therefore all boxes that can be left are left at once.

mod answer;
mod automaton;
mod bits;
mod callers;
mod choices;
mod dimension;
mod finder;
mod grants;
mod scope;
mod search;
mod space;
mod texts;
mod values;

pub use answer::{AccessError, Difference, Grant, GrantPart};
pub use scope::Scope;
