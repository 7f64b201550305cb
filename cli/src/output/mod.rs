//! How findings are printed.

mod form;
mod github;
mod json;
mod junit;
mod markdown;
mod places;
mod reported;
mod sarif;
mod summary;
mod terminal;

pub(crate) use form::{Form, render};
pub(crate) use reported::Reported;
pub(crate) use summary::{Summary, counted};
