//! The command line of `tencent-cam`.
//!
//! # Layers
//!
//! A file uses only files above it in this list. The test `layers` checks it.
//!
//! 1. `exit`: exit codes and errors
//! 2. `print`: standard output
//! 3. `progress`: how far long work is
//! 4. `files`: files that the program reads and writes
//! 5. `texts`: the texts that a command reads, each with its configuration
//! 6. `catalog`: the facts of services
//! 7. `names`: names that the catalog does not have
//! 8. `grant`: what policies allow, in words and as data
//! 9. `project`: the files that are linted
//! 10. `markdown`: texts that others wrote, in Markdown
//! 11. `output`: how findings are printed
//! 12. `input`: policies of files, directories and standard input
//! 13. `revision`: the sides of a comparison, also of git
//! 14. `request`: requests and callers
//! 15. `set`: policies of all layers
//! 16. `inputs`: values of policies that other files decide
//! 17. `sides`: which policies of two sides are compared with each other
//! 18. `change`: access that is new or lost, and who has it
//! 19. `compared`: what differs between policies in one account
//! 20. `access`: what a change of policies allows and takes, file by file
//! 21. `comment`: this, as a comment on a pull request
//! 22. `mcp`: the commands as tools for agents
//! 23. `commands`: the commands
//! 24. `args`: the command line

#![forbid(unsafe_code)]

mod access;
mod args;
mod catalog;
mod change;
mod commands;
mod comment;
mod compared;
mod exit;
mod files;
mod grant;
mod input;
mod inputs;
mod markdown;
mod mcp;
mod names;
mod output;
mod print;
mod progress;
mod project;
mod request;
mod revision;
mod set;
mod sides;
mod texts;

use std::path::Path;
use std::process::ExitCode;

use cam_workspace::files::config_of;
use clap::{CommandFactory as _, Parser as _};

use args::{Cli, Command};
use exit::{Exit, Outcome};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            print::error(&format!("{failure}\n"));
            Exit::Usage.into()
        }
    }
}

fn run(cli: Cli) -> Outcome {
    let given = cli.command.config().map(Path::to_owned);
    // Commands that need no catalog look for no configuration.
    let configured = || given.clone().or_else(|| config_of(Path::new(".")));
    let load = || catalog::load(configured().as_deref(), &cli.catalog);
    match cli.command {
        Command::Catalog(args) => commands::facts::run(&args, &load()?),
        Command::Check(args) => commands::check::run(&args, &load()?),
        Command::Codegen(args) => commands::codegen::run(&args),
        Command::Compare(args) => commands::compare::run(&args, &load()?),
        Command::Completions(args) => commands::manual::run_completions(&args, Cli::command()),
        Command::Expand(args) => commands::expand::run_expand(&args, &load()?),
        Command::Fix(args) => commands::fix::run(&args, &load()?),
        Command::Fmt(args) => commands::fmt::run(&args),
        Command::Grants(args) => commands::grants::run(&args, &load()?),
        Command::Lint(args) => commands::lint::run(&args, &load()?),
        // The server tells of a configuration that is wrong, and works without it.
        Command::Lsp(_) => commands::lsp::run(&load().or_else(|_| catalog::load(None, &cli.catalog))?),
        Command::Man(args) => commands::manual::run_man(&args, Cli::command()),
        Command::Mcp(args) => {
            commands::mcp::run(&args, &catalog::files(configured().as_deref(), &cli.catalog)?)
        }
        Command::Minimize(args) => commands::minimize::run_minimize(&args),
        Command::Query(args) => commands::query::run(&args, &load()?),
        Command::Rule(args) => commands::rule::run(&args),
        Command::Shrink(args) => commands::expand::run_shrink(&args, &load()?),
        Command::Split(args) => commands::minimize::run_split(&args),
        Command::Test(args) => commands::expectations::run(&args, &load()?),
        Command::Who(args) => commands::who::run(&args, &load()?),
        Command::Write(args) => commands::write::run(&args, &load()?),
    }
}
