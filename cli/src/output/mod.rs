//! The forms in which findings are printed.

mod github;
mod json;
mod junit;
mod markdown;
mod places;
mod sarif;
mod summary;
mod terminal;

use cam_workspace::lint::{FileReport, Settings};
use clap::ValueEnum;

use crate::exit::Failure;

pub(crate) use summary::{Summary, counted};

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people: each finding with its lines of the file
    #[default]
    Terminal,
    /// For programs: docs/lint.schema.json describes it
    Json,
    /// SARIF 2.1.0, for GitHub's code scanning and other tools
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// `JUnit` XML, for CI servers
    Junit,
    /// Markdown, for a comment on a pull request
    Markdown,
}

/// A report with what its printing needs.
pub(crate) struct Reported<'a> {
    pub(crate) report: FileReport,
    /// The file relative to the repository, with `/`.
    pub(crate) uri: String,
    pub(crate) settings: Settings<'a>,
}

/// Returns the reports in this form.
pub(crate) fn render(form: Form, reports: &[Reported<'_>], catalog: u32) -> Result<String, Failure> {
    let summary = Summary::of(reports);
    match form {
        Form::Terminal => Ok(terminal::render(reports, &summary)),
        Form::Json => json::render(reports, &summary, catalog),
        Form::Sarif => sarif::render(reports),
        Form::Github => Ok(github::render(reports)),
        Form::Junit => Ok(junit::render(reports, &summary)),
        Form::Markdown => Ok(markdown::render(reports, &summary)),
    }
}
