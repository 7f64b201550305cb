//! The forms of a report.

use cam_workspace::report::{Reported, Summary, to_json};
use clap::ValueEnum;

use super::{github, junit, markdown, sarif, terminal};
use crate::exit::Failure;

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

/// Returns the reports in this form.
pub(crate) fn render(form: Form, reports: &[Reported<'_>], catalog: u32) -> Result<String, Failure> {
    let summary = Summary::of(reports);
    match form {
        Form::Terminal => Ok(terminal::render(reports, &summary)),
        Form::Json => to_json(reports, catalog)
            .map_err(|error| Failure::new(format_args!("the report cannot be written as JSON: {error}"))),
        Form::Sarif => sarif::render(reports),
        Form::Github => Ok(github::render(reports)),
        Form::Junit => Ok(junit::render(reports, &summary)),
        Form::Markdown => Ok(markdown::render(reports, &summary)),
    }
}
