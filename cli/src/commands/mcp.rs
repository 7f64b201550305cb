//! `mcp`: the commands as tools for agents.

use std::io;
use std::path::PathBuf;

use crate::exit::{Exit, Failure, Outcome};
use crate::mcp::{self, Workplace};

/// Serves the commands to agents: a server of the Model Context Protocol on standard input and output
///
/// The tools are lint, fix, check, explain, query, write and compare. They read files below the working directory only, and
/// they change none unless --allow-write is given.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Lets the tool `fix` write files below the working directory
    #[arg(long)]
    allow_write: bool,
}

const EXAMPLES: &str = "\
Examples:
  echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}' | tencent-cam mcp

docs/agents.md shows how to configure clients.";

pub(crate) fn run(args: &Args, catalogs: &[PathBuf]) -> Outcome {
    let workplace = Workplace::new(catalogs, args.allow_write)?;
    match mcp::serve(io::stdin().lock(), io::stdout().lock(), &workplace) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format_args!("the client cannot be reached: {error}")))
        }
        _ => Ok(Exit::Clean),
    }
}
