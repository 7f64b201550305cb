//! The command line of `tencent-cam`.
//!
//! # Layers
//!
//! A file uses only files above it in this list:
//!
//! 1. `exit`: exit codes and errors
//! 2. `print`: standard output
//! 3. `catalog`, `names`: facts, and names that they do not have
//! 4. `input`: policies of files, directories and standard input
//! 5. `request`, `set`: requests, and the policies that decide them
//! 6. `commands`: one file a command
//! 7. `args`: the command line
//! 8. this file, which calls the command

#![forbid(unsafe_code)]

mod args;
mod catalog;
mod commands;
mod exit;
mod input;
mod names;
mod print;
mod request;
mod set;

use std::process::ExitCode;

use clap::Parser as _;

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
        Command::Check(args) => commands::check::run(&args, &catalog),
        Command::Codegen(args) => commands::codegen::run(&args),
        Command::Query(args) => commands::query::run(&args, &catalog),
    }
}
