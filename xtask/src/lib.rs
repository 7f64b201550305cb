//! The commands of `cargo xtask`, which write and check everything that is generated from `catalog.toml`.
//!
//! `cargo xtask help` lists the commands.
//!
//! # Layers
//!
//! A file imports only modules that stand above its own in this list, and a test checks that:
//!
//! 1. `error`: errors of commands, and their exit codes
//! 2. `arguments`: arguments that several commands have
//! 3. `fs`: the project's files
//! 4. `language`: the languages of the permission pages
//! 5. `markdown`: tables and texts as Markdown
//! 6. `page`: the permission pages
//! 7. `coverage`: the page of how much is known
//! 8. `export`: the catalog as JSON
//! 9. `expand`: the generated Rust code
//! 10. `diff`: changes of the catalog, and the version that they force
//! 11. `parts`: parts of JSON Schemas
//! 12. `policy_schema`: the JSON Schema of policies
//! 13. `schema`: JSON Schemas of the catalog and its exports
//! 14. `rules`: the pages of the linter's rules
//! 15. `tables`: writes the generated files, or checks them
//! 16. `import`: permission pages of Tencent, merged into the catalog
//! 17. `sdk`: the names of the public SDK, merged into the catalog
//! 18. `corpus`: what the readers make of a folder of pages or policies

mod arguments;
mod corpus;
mod coverage;
pub mod diff;
mod error;
mod expand;
mod export;
mod fs;
pub mod import;
mod language;
mod markdown;
mod page;
mod parts;
mod policy_schema;
mod rules;
mod schema;
mod sdk;
mod tables;

use std::ffi::OsString;
use std::io::Write;

use lexopt::{Arg, ValueExt as _};

use crate::error::{Error, did_you_mean};
pub use crate::fs::Project;
pub use crate::page::pages;

/// A command, as the help shows it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&Project, lexopt::Parser, &mut dyn Write) -> Result<(), Error>,
}

/// All commands. To add one, add a row.
const COMMANDS: &[Command] = &[
    Command {
        name: "tables",
        arguments: "",
        summary: "writes the permission pages, the lint rules, the JSON Schemas, docs/semver.md and the features in Cargo.toml",
        run: tables::tables,
    },
    Command {
        name: "check",
        arguments: "",
        summary: "says of each of these files whether it is current, and shows what is not",
        run: tables::check,
    },
    Command {
        name: "export",
        arguments: "[--output FILE]",
        summary: "prints the catalog as JSON, or writes it to FILE",
        run: export::export,
    },
    Command {
        name: "schema",
        arguments: "[catalog|export|diff|policy]",
        summary: "prints the JSON Schema of catalog.toml, of the JSON that `export` or `diff` prints, or of policies",
        run: schema::schema,
    },
    Command {
        name: "expand",
        arguments: "[SERVICE]",
        summary: "prints the Rust generated for all services, or for one",
        run: expand::expand,
    },
    Command {
        name: "diff",
        arguments: "[OLD [NEW]] [--format text|markdown|json|changelog] [--since-release] [--check]",
        summary: "
                           says what changed in the catalog, the version each change forces and what becomes of
                           policies in use. OLD and NEW are git revisions or files; HEAD and the working tree if
                           left out, the last release with --since-release. --check also fails unless the version
                           in Cargo.toml, that of the data and CHANGELOG.md carry what is forced since the last
                           release. What a pull request gets: `diff origin/main --format markdown --check`",
        run: diff::diff,
    },
    Command {
        name: "import",
        arguments: "PAGE --service ID [--dry-run] [--keep-going] [--allow-truncated] [--allow-removals] [--read DAY] [--dated DAY] [--title TITLE] [--url URL] [--name-en NAME] [--name-zh NAME]",
        summary: "
                           merges a permission page as Tencent publishes it into the catalog. What it lists no more is
                           marked as removed, unless the page ends within a row, or lacks a whole group or more than a
                           fifth of the actions: --allow-truncated says that it is known to be incomplete,
                           --allow-removals that all of this is gone. A row that is not understood stops the import;
                           with --keep-going only that row is left out, and nothing is marked as removed. --name-en
                           and --name-zh say what a new service is called",
        run: import::command::run,
    },
    Command {
        name: "sdk",
        arguments: "PATH [--read DAY] [--dry-run] [--allow-removals]",
        summary: "
                           merges the names of the public SDK into the lists of names of the catalog. PATH is the
                           unpacked wheel of the package tccli. Names that are gone are kept, with the day. A package
                           that lacks more than a fifth of the names is refused, unless --allow-removals says that they
                           are gone",
        run: sdk::run,
    },
    Command {
        name: "corpus",
        arguments: "pages|policies|lint FOLDER",
        summary: "
                           says of every permission page in FOLDER what `import` reads of it and what it refuses, or of
                           every policy, a `.json` file each, whether it is read, warned of or refused, and why. Fails if
                           a line that looks like a row is neither read nor refused, or if a part of a policy matches
                           nothing and is read in silence. `lint` prints the findings of every policy, and a table of
                           the rules that report something",
        run: corpus::run,
    },
    Command {
        name: "help",
        arguments: "",
        summary: "prints this text",
        run: |_, _, out| Ok(out.write_all(help().as_bytes())?),
    },
];

/// Runs one command line, without the program's name, and returns the exit code: 0 for success, 1 for an error of the
/// project, 2 for an error of the command line, 3 if an imported page is incomplete or looks so.
pub fn run(
    project: &Project,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    // The command prints only after its work, so that a closed pipe neither stops the work nor hides a failure.
    let mut text = Vec::new();
    let result = dispatch(project, args.into_iter().collect(), &mut text);
    let printed = out.write_all(&text).and_then(|()| out.flush()).map_err(Error::from);
    match result.and(printed) {
        Ok(()) => 0,
        Err(error) => {
            // If this message cannot be printed either, there is no other way to report.
            let _ = err.write_all(error.to_string().as_bytes());
            error.exit_code()
        }
    }
}

fn dispatch(project: &Project, args: Vec<OsString>, out: &mut dyn Write) -> Result<(), Error> {
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(out.write_all(help().as_bytes())?);
    }
    let mut parser = lexopt::Parser::from_args(args);
    let name = match parser.next()? {
        None => return Err(Error::Help(help())),
        Some(Arg::Value(value)) => value.string()?,
        Some(option) => return Err(option.unexpected().into()),
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        return Err(Error::Usage(format!("no command `{name}`{}", did_you_mean(&name, &names))));
    };
    (command.run)(project, parser, out)
}

fn help() -> String {
    let commands: Vec<String> = COMMANDS
        .iter()
        .map(|command| {
            let call = format!("{} {}", command.name, command.arguments);
            format!("  {call:<24} {}\n", command.summary)
        })
        .collect();
    let commands = commands.concat();
    format!(
        "\
Writes and checks everything that is made from catalog.toml.

Usage: cargo xtask COMMAND

{commands}
Exit codes:
  0  fine
  1  something is wrong: the catalog, a generated file that is not current, or a file that cannot be
     read or written
  2  the command line is wrong
  3  `import` took the rows of a page that is, or looks, incomplete, and marked nothing as removed;
     `--allow-truncated` makes this 0

To change a permission: edit catalog.toml, run `cargo xtask tables`, read `git diff`, and commit the catalog
together with the files that changed. `cargo xtask check` then finds nothing; CI runs it.
"
    )
}
