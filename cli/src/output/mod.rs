//! How findings are printed.

mod form;
mod github;
mod junit;
mod markdown;
mod sarif;
mod terminal;

pub(crate) use form::{Form, render};
