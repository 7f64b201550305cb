//! `expand` and `shrink`: patterns of actions as lists, and lists as patterns.

use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_policy::policy::{ActionPattern, Expansion, Policy, expand, shrink};
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::input;
use crate::names;
use crate::print::{self, Format};

/// Writes patterns such as `trtc:Describe*` as the actions that they match today
///
/// Only patterns of services of which the catalog lists every action are written out. The others stay, and a note says so.
#[derive(clap::Args, Debug)]
#[command(after_help = EXPAND_EXAMPLES)]
pub(crate) struct ExpandArgs {
    /// Action patterns, or one policy: a file, or `-` for standard input
    #[arg(value_name = "PATTERN|POLICY", required = true)]
    items: Vec<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXPAND_EXAMPLES: &str = "\
Examples:
  tencent-cam expand 'trtc:*User*'
  tencent-cam expand wildcard.json";

/// Writes actions as the fewest patterns that match these actions and no others of the catalog
///
/// `expand` makes the same list of the patterns again. But the patterns also match what Tencent adds later under these
/// names. Only actions of services of which the catalog lists every action are joined.
#[derive(clap::Args, Debug)]
#[command(after_help = SHRINK_EXAMPLES)]
pub(crate) struct ShrinkArgs {
    /// Actions, or one policy: a file, or `-` for standard input
    #[arg(value_name = "ACTION|POLICY", required = true)]
    items: Vec<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const SHRINK_EXAMPLES: &str = "\
Examples:
  tencent-cam shrink trtc:DismissRoom trtc:DismissRoomByStrRoomId
  tencent-cam shrink support.json";

pub(crate) fn run_expand(args: &ExpandArgs, catalog: &Catalog<'static>) -> Outcome {
    match read(&args.items, catalog)? {
        Given::Actions(patterns) => answer(&expand(catalog, &patterns), args.format),
        Given::Policy(policy) => answer_policy(policy.expanded(catalog), args.format),
    }
}

pub(crate) fn run_shrink(args: &ShrinkArgs, catalog: &Catalog<'static>) -> Outcome {
    match read(&args.items, catalog)? {
        Given::Actions(patterns) => answer(&shrink(catalog, &patterns), args.format),
        Given::Policy(policy) => answer_policy(policy.shrunk(catalog), args.format),
    }
}

enum Given {
    Actions(Vec<ActionPattern>),
    Policy(Box<Policy>),
}

/// Reads the items: a file is a policy, everything else a pattern.
fn read(items: &[String], catalog: &Catalog<'static>) -> Result<Given, Failure> {
    let is_file = |item: &str| item == "-" || Path::new(item).exists() || !item.contains(':') && item != "*";
    if let [only] = items
        && is_file(only)
    {
        let path = PathBuf::from(only);
        return Ok(Given::Policy(Box::new(input::one_policy(Some(&path))?.policy)));
    }
    let mut patterns = Vec::new();
    for item in items {
        if is_file(item) {
            return Err(Failure::new(format_args!(
                "{item} is no pattern of actions, and a policy stands alone"
            )));
        }
        let pattern: ActionPattern = item.parse().map_err(Failure::new)?;
        names::check_action(catalog, &pattern)?.iter().for_each(print::note);
        patterns.push(pattern);
    }
    Ok(Given::Actions(patterns))
}

#[derive(Serialize)]
struct Actions<'a> {
    actions: &'a [ActionPattern],
    kept: &'a [ActionPattern],
}

#[derive(Serialize)]
struct OfPolicy<'a> {
    policy: &'a Policy,
    kept: &'a [ActionPattern],
}

fn answer(expansion: &Expansion, format: Format) -> Outcome {
    let Expansion { actions, kept, .. } = expansion;
    match format {
        Format::Json => print::json(&Actions { actions, kept })?,
        Format::Text => print::lines(actions)?,
    }
    note(kept);
    Ok(Exit::Clean)
}

fn answer_policy((policy, kept): (Policy, Vec<ActionPattern>), format: Format) -> Outcome {
    match format {
        Format::Json => print::json(&OfPolicy { policy: &policy, kept: &kept })?,
        Format::Text => print::text(&format!("{policy:#}\n"))?,
    }
    note(&kept);
    Ok(Exit::Clean)
}

fn note(kept: &[ActionPattern]) {
    if !kept.is_empty() {
        let kept: Vec<&str> = kept.iter().map(|pattern| pattern.as_str()).collect();
        let verb = if kept.len() == 1 { "stays" } else { "stay" };
        print::note(format_args!(
            "{} {verb}: the catalog does not list every action of the service, or has no such action",
            names::list(&kept)
        ));
    }
}
