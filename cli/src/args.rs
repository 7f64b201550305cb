//! The command line.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::commands;

/// Lints, fixes, decides, compares and writes policies of Tencent Cloud Access Management (CAM).
///
/// It works offline and sends nothing anywhere.
#[derive(Debug, Parser)]
#[command(name = "tencent-cam", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    /// Adds the services of a catalog file to the built-in ones, or replaces them
    #[arg(long, global = true, value_name = "FILE")]
    pub catalog: Vec<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  tencent-cam lint policies/
  tencent-cam fix --dry-run mistakes.json
  tencent-cam check --from-error - < refused.log
  tencent-cam compare support.json support-new.json
  tencent-cam write 'trtc:RemoveUser qcs::trtc::uin/100000000001:sdkappid/1400000001'

`tencent-cam help COMMAND` has the options of a command, and more examples.

Exit codes:
  0  nothing to report
  1  findings, a failed expectation, what --fail-on names, or a query without an answer
  2  bad usage, input that cannot be read, or no input
  3  `check` decided that the request is refused";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Lint(commands::lint::Args),
    Fix(commands::fix::Args),
    Fmt(commands::fmt::Args),
    Rule(commands::rule::Args),
    Check(commands::check::Args),
    Test(commands::expectations::Args),
    Compare(commands::compare::Args),
    Who(commands::who::Args),
    Grants(commands::grants::Args),
    Query(commands::query::Args),
    Write(commands::write::Args),
    Expand(commands::expand::ExpandArgs),
    Shrink(commands::expand::ShrinkArgs),
    Minimize(commands::minimize::MinimizeArgs),
    Split(commands::minimize::SplitArgs),
    Codegen(commands::codegen::Args),
    Catalog(commands::facts::Args),
    Lsp(commands::lsp::Args),
    Mcp(commands::mcp::Args),
    Completions(commands::manual::CompletionsArgs),
    Man(commands::manual::ManArgs),
}

impl Command {
    /// Returns the configuration that the command line names.
    pub(crate) fn config(&self) -> Option<&Path> {
        let chosen = match self {
            Self::Lint(args) => &args.selection.chosen,
            Self::Fix(args) => &args.selection.chosen,
            Self::Fmt(args) => &args.chosen,
            _ => return None,
        };
        chosen.config.as_deref()
    }
}
