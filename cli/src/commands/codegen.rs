//! `codegen`: Rust code that builds a policy.

use std::path::PathBuf;

use crate::exit::{Exit, Failure, Outcome};
use crate::input;
use crate::print;

/// Writes Rust code that builds a policy with the typed API of the crate `tencent-cam`
///
/// The code knows the services that are built in. --catalog does not change it.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The policy: a file, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policy: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam codegen support.json
  tencent-cam codegen - < support.json";

pub(crate) fn run(args: &Args) -> Outcome {
    let source = input::one_policy(args.policy.as_deref())?;
    let code = tencent_cam::to_rust(&source.policy)
        .map_err(|error| Failure::new(format_args!("{}: {error}", source.name)))?;
    print::text(&code)?;
    Ok(Exit::Clean)
}
