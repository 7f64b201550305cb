//! What the forms of a report have in common, and the form for programs.

mod json;
mod places;
mod reported;
mod summary;

pub use json::to_json;
pub use places::{Place, Places};
pub use reported::Reported;
pub use summary::{Summary, UnverifiedCount, counted};
