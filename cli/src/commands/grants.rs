//! `grants`: what policies allow.

use std::path::PathBuf;

use cam_policy::catalog::Catalog;
use cam_policy::engine::Scope;
use cam_policy::policy::{ActionPattern, ResourcePattern};
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::grant::Shown;
use crate::names;
use crate::print::{self, Format};
use crate::request::CallerArgs;
use crate::set::{LayerArgs, Policies};

/// Lists what a caller may do, grouped by the statements that allow it
///
/// Each group has a request that shows it. The evaluator has decided this request.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Policies: files, directories, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// Only these actions: one, or a pattern such as `trtc:Describe*`
    #[arg(long, value_name = "ACTION", default_value = "*")]
    action: ActionPattern,
    /// Only on these resources
    #[arg(long, value_name = "RESOURCE", default_value = "*")]
    resource: ResourcePattern,
    #[command(flatten)]
    caller: CallerArgs,
    #[command(flatten)]
    layers: LayerArgs,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam grants support.json
  tencent-cam grants support.json --action 'trtc:Remove*' --format json
  tencent-cam grants support.json --boundary boundary.json";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let doubt = names::check_action(catalog, &args.action)?;
    names::check_resource(catalog, &args.resource)?;
    let policies = Policies::read(&args.policies, &args.layers)?;
    policies.note_union();
    let owner = policies.owner([args.resource.as_str()], args.caller.uins())?;
    let set = policies.searched(catalog, owner, &policies.keys_of_every_request());
    let caller = policies.caller(&args.caller, owner);
    let scope = Scope::action(args.action.clone()).on(args.resource.clone());
    let grants = set.grants_on(caller.clone(), &scope).map_err(|error| Failure::access(&error))?;
    let shown: Vec<Shown> = grants.iter().map(|grant| Shown::new(&set, None, grant)).collect();
    // A grant of the action tells what is doubtful about it.
    doubt.iter().filter(|_| shown.is_empty()).for_each(print::note);
    match args.format {
        Format::Json => print::json(&Answer { caller: caller.to_string(), grants: &shown })?,
        Format::Text if shown.is_empty() => print::text(&format!("nothing of it is allowed to {caller}\n"))?,
        Format::Text => print::text(&shown.iter().map(|one| one.text(&[], &[], "")).collect::<String>())?,
    }
    Ok(if shown.is_empty() { Exit::Found } else { Exit::Clean })
}

#[derive(Serialize)]
struct Answer<'a> {
    caller: String,
    grants: &'a [Shown],
}
