//! `completions` and `man`: what a shell and a manual know of the program.

use std::path::PathBuf;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::names;
use crate::print;

/// Writes the completions of a shell to standard output
#[derive(clap::Args, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  tencent-cam completions bash > tencent-cam.bash";

/// Writes the manual, in the format of man
#[derive(clap::Args, Debug)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct ManArgs {
    /// The page of this command; without it, that of the program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Writes every page into this directory
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "command")]
    out: Option<PathBuf>,
}

const MAN_EXAMPLES: &str = "\
Examples:
  tencent-cam man check > tencent-cam-check.1
  tencent-cam man --out man";

pub(crate) fn run_completions(args: &CompletionsArgs, mut command: Command) -> Outcome {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tencent-cam", &mut out);
    // clap_complete takes the hyphen of the program's name for a subcommand in one half of its script for bash.
    let script = String::from_utf8_lossy(&out).replace("tencent__subcmd__cam", "tencent__cam");
    print::text(&script)?;
    Ok(Exit::Clean)
}

pub(crate) fn run_man(args: &ManArgs, mut command: Command) -> Outcome {
    command.build();
    if let Some(directory) = &args.out {
        files::write(&directory.join("tencent-cam.1"), &page(&command)?)?;
        for one in pages(&command) {
            files::write(&directory.join(format!("tencent-cam-{}.1", one.get_name())), &page(one)?)?;
        }
        return Ok(Exit::Clean);
    }
    let page = match &args.command {
        None => page(&command)?,
        Some(name) => match pages(&command).find(|one| one.get_name() == name) {
            Some(found) => page(found)?,
            None => {
                let failure = Failure::new(format_args!("there is no command `{name}`"));
                let near = cam_policy::text::nearest(name, pages(&command).map(Command::get_name));
                return Err(if near.is_empty() { failure } else { failure.with_help(names::is_near(&near)) });
            }
        },
    };
    print::text(&page)?;
    Ok(Exit::Clean)
}

fn pages(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|one| one.get_name() != "help")
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut out = Vec::new();
    let name = command.get_bin_name().unwrap_or("tencent-cam").replace(' ', "-");
    Man::new(command.clone().name(name).disable_help_subcommand(true))
        .render(&mut out)
        .map_err(|error| Failure::new(format_args!("the page cannot be written: {error}")))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
