//! A report with what its readers need.

use crate::lint::{FileReport, Settings};

/// A report of a file, with what each form of it needs.
///
/// See [`to_json`](super::to_json) for an example.
#[derive(Clone, Debug)]
pub struct Reported<'a> {
    /// What was found.
    pub report: FileReport,
    /// The file relative to the repository, with `/`.
    pub uri: String,
    /// How the file was linted.
    pub settings: Settings<'a>,
}
