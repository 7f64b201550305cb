//! `lsp`: the language server.

use std::io::{self, BufReader};

use cam_lsp::{Disk, Knowledge, Server, run as serve};
use cam_policy::catalog::Catalog;

use crate::exit::{Exit, Failure, Outcome};
use crate::names;

/// Runs a language server on standard input and output, for editors
///
/// It reports what `lint` reports while somebody types, offers fixes with what they do to access, completes actions,
/// resources and conditions, and shows what is known of them.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {}

const AFTER_HELP: &str = "\
Editors start it; docs/editors.md tells how.

Examples:
  tencent-cam lsp
  tencent-cam lsp --catalog company.toml

Exit codes:
  0  the editor asked for the end
  2  the editor went without a word, or cannot be written to";

pub(crate) fn run(catalog: &Catalog<'static>) -> Outcome {
    let knowledge = Knowledge::new(*catalog).names(names::matches, names::of, names::listed_services);
    let mut server = Server::new(knowledge, Disk);
    let asked = serve(&mut server, BufReader::new(io::stdin()), io::stdout())
        .map_err(|error| Failure::new(format_args!("cannot write to the editor: {error}")))?;
    Ok(if asked { Exit::Clean } else { Exit::Usage })
}
