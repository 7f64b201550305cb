//! What is printed.

use cam_workspace::lint::{FileReport, Settings};

/// A report with what its printing needs.
pub(crate) struct Reported<'a> {
    pub(crate) report: FileReport,
    /// The file relative to the repository, with `/`.
    pub(crate) uri: String,
    pub(crate) settings: Settings<'a>,
}
