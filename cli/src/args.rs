//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands;

/// Checks, decides, compares and writes policies of Tencent Cloud Access Management (CAM).
///
/// It works offline and sends nothing anywhere.
#[derive(Debug, Parser)]
#[command(name = "tencent-cam", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    /// Adds the services of a catalog file to the built-in ones, or replaces them
    #[arg(long, global = true, value_name = "FILE")]
    pub catalog: Vec<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing to report
  1  findings, a failed expectation, new access with --fail-on-new, or a query without an answer
  2  bad usage, input that cannot be read, or no input
  3  `check` decided that the request is refused";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Catalog(commands::facts::Args),
    Check(commands::check::Args),
    Codegen(commands::codegen::Args),
    Compare(commands::compare::Args),
    Completions(commands::manual::CompletionsArgs),
    Expand(commands::expand::ExpandArgs),
    Grants(commands::grants::Args),
    Man(commands::manual::ManArgs),
    Minimize(commands::minimize::MinimizeArgs),
    Query(commands::query::Args),
    Shrink(commands::expand::ShrinkArgs),
    Split(commands::minimize::SplitArgs),
    Test(commands::expectations::Args),
    Who(commands::who::Args),
    Write(commands::write::Args),
}
