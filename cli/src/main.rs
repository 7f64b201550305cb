//! The command line of `tencent-cam`.
//!
//! # Layers
//!
//! A file uses only files above it in this list:
//!
//! 1. `exit`: exit codes and errors
//! 2. `print`: standard output
//! 3. `catalog`, `names`, `input`: facts, unknown names, policies
//! 4. `commands`: one file a command
//! 5. `args`: the command line
//! 6. this file, which calls the command

#![forbid(unsafe_code)]

mod args;
mod catalog;
mod commands;
mod exit;
mod input;
mod names;
mod print;

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
        Command::Query(args) => commands::query::run(&args, &catalog),
    }
}
