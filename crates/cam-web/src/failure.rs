//! Why a question has no answer.

use std::fmt;

use serde::Serialize;

/// Why a question has no answer, in words for the person who asks.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    error: String,
    help: Vec<String>,
}

impl Failure {
    pub(crate) fn new(error: impl fmt::Display) -> Self {
        Self { error: error.to_string().trim_end().into(), help: Vec::new() }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl fmt::Display) -> Self {
        self.help.push(help.to_string());
        self
    }
}
