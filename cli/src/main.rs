//! The command line of `tencent-cam`.
//!
//! # Layers
//!
//! A file uses only files above it in this list:
//!
//! 1. `exit`: exit codes and errors
//! 2. `print`, `files`, `grant`: standard output, files, and grants in words
//! 3. `catalog`, `names`: facts, and names that they do not have
//! 4. `input`, `revision`: policies of files, directories, standard input and git
//! 5. `request`, `set`: requests, and the policies that decide them
//! 6. `commands`: one file a command
//! 7. `args`: the command line
//! 8. this file, which calls the command

#![forbid(unsafe_code)]

mod args;
mod catalog;
mod commands;
mod exit;
mod files;
mod grant;
mod input;
mod names;
mod print;
mod request;
mod revision;
mod set;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Cli, Command};
use exit::{Exit, Outcome};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("{failure}");
            Exit::Usage.into()
        }
    }
}

fn run(cli: Cli) -> Outcome {
    let catalog = catalog::load(&cli.catalog)?;
    match cli.command {
        Command::Catalog(args) => commands::facts::run(&args, &catalog),
        Command::Check(args) => commands::check::run(&args, &catalog),
        Command::Codegen(args) => commands::codegen::run(&args),
        Command::Compare(args) => commands::compare::run(&args, &catalog),
        Command::Completions(args) => commands::manual::run_completions(&args, Cli::command()),
        Command::Expand(args) => commands::expand::run_expand(&args, &catalog),
        Command::Grants(args) => commands::grants::run(&args, &catalog),
        Command::Man(args) => commands::manual::run_man(&args, Cli::command()),
        Command::Minimize(args) => commands::minimize::run_minimize(&args),
        Command::Query(args) => commands::query::run(&args, &catalog),
        Command::Shrink(args) => commands::expand::run_shrink(&args, &catalog),
        Command::Split(args) => commands::minimize::run_split(&args),
        Command::Test(args) => commands::expectations::run(&args, &catalog),
        Command::Who(args) => commands::who::run(&args, &catalog),
        Command::Write(args) => commands::write::run(&args, &catalog),
    }
}
