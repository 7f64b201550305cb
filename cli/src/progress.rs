//! How far long work is, on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Fewer files are done before anybody can read.
const MANY: usize = 500;

/// Makes a bar on standard error for so many files. It is not shown where standard error is no terminal.
pub(crate) fn bar(files: usize) -> ProgressBar {
    if files < MANY {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} files");
    ProgressBar::new(files as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
