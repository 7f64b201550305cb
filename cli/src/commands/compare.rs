//! `compare`: what a change of policies newly allows, and what it takes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{Difference, Layer, PolicySet};
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::grant::Shown;
use crate::input::Source;
use crate::print::{self, Format};
use crate::request::CallerArgs;
use crate::revision;
use crate::set::{self, Policies};

/// Lists the access that B allows and A does not, and the reverse, each with a request that shows it
///
/// A and B are files, directories or git revisions. If each is one policy, these are compared. Otherwise each policy is
/// compared with the one of the same file and name, because it may be attached to other users than the rest; --together
/// takes all policies of a side as those of one user.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Before: a file, a directory, or `REVISION:PATH` of git
    #[arg(value_name = "A")]
    before: String,
    /// After: a file, a directory, or `REVISION:PATH` of git
    #[arg(value_name = "B")]
    after: String,
    /// Ends with exit code 1 if B allows anything that A does not
    #[arg(long)]
    fail_on_new: bool,
    /// Compares all policies of a side as those of one user
    #[arg(long)]
    together: bool,
    /// The uin of the root account [default: the one account that the policies name]
    #[arg(long, value_name = "UIN")]
    owner: Option<cam_policy::values::Uin>,
    #[command(flatten)]
    caller: CallerArgs,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam compare support.json support-new.json
  tencent-cam compare support.json support-new.json --fail-on-new
  tencent-cam compare before after --together --format json
  tencent-cam compare main:policies policies

`main:policies` is the folder as it is in the revision `main`, counted from the root of the repository.
Without --caller, the comparison holds for every caller but the root account.";

/// The policies that are compared with each other.
#[derive(Default)]
struct Pair {
    before: Vec<Source>,
    after: Vec<Source>,
}

impl Pair {
    /// Refuses policies that hold different expressions of Terraform: whether these have the same values is not known.
    fn check_unknown(&self) -> Result<(), Failure> {
        let unknown = |side: &[Source]| side.iter().flat_map(|one| one.unknown.clone()).collect::<Vec<_>>();
        let (before, after) = (unknown(&self.before), unknown(&self.after));
        if self.before.is_empty() || self.after.is_empty() || before == after {
            return Ok(());
        }
        let is_new = |one: &&String| !before.contains(one);
        let of = after.iter().find(is_new).or(before.first()).or(after.first()).map_or("", String::as_str);
        let name = self.after.first().map_or("", |source| source.name.as_str());
        Err(Failure::new(format_args!(
            "{name} cannot be compared: the value of `{of}` is known to Terraform alone, and it is not in both"
        ))
        .with_help("compare the plans, which have the values: `terraform show -json PLAN`"))
    }
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let (before, after) = (revision::side(&args.before)?, revision::side(&args.after)?);
    let all = before.sources.iter().chain(&after.sources).map(|source| &source.policy);
    let owner = set::owner(args.owner, all, [])?;
    let single = before.sources.len() == 1 && after.sources.len() == 1;
    let mut pairs: BTreeMap<(String, Layer), Pair> = BTreeMap::new();
    for (side, of_after) in [(before, false), (after, true)] {
        for (name, source) in side.named() {
            let layer = if source.kind == Kind::Trust { Layer::Trust } else { Layer::Identity };
            let together = single || args.together && layer == Layer::Identity;
            let key = if together { String::new() } else { name };
            let pair = pairs.entry((key, layer)).or_default();
            if of_after { pair.after.push(source) } else { pair.before.push(source) }
        }
    }
    let (mut new, mut lost) = (Vec::new(), Vec::new());
    for ((_, layer), pair) in pairs {
        pair.check_unknown()?;
        if pair.before.iter().map(|one| &one.policy).eq(pair.after.iter().map(|one| &one.policy)) {
            continue;
        }
        let compiled = |sources| {
            let policies = Policies::of(layer, sources, Some(owner));
            policies.set(catalog, owner)
        };
        let stranger =
            Policies::of(layer, [pair.before.clone(), pair.after.clone()].concat(), Some(owner)).stranger();
        let [old, young] = [pair.before, pair.after].map(compiled);
        let difference = compare(args, &old, &young, owner, stranger)?;
        new.extend(difference.gained.iter().map(|grant| Shown::new(&young, grant)));
        lost.extend(difference.lost.iter().map(|grant| Shown::new(&old, grant)));
    }
    match args.format {
        Format::Json => print::json(&Answer { new: &new, lost: &lost })?,
        Format::Text => {
            let mut out = String::new();
            for (word, grants) in [("new", &new), ("lost", &lost)] {
                for grant in grants {
                    let _ = write!(out, "{word}: something of {}", grant.text());
                }
            }
            if out.is_empty() {
                out.push_str("no difference: both allow the same\n");
            } else {
                let _ = writeln!(out, "{} new, {} lost", new.len(), lost.len());
            }
            print::text(&out)?;
        }
    }
    Ok(if args.fail_on_new && !new.is_empty() { Exit::Found } else { Exit::Clean })
}

fn compare(
    args: &Args,
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    owner: cam_policy::values::Uin,
    stranger: cam_policy::values::Uin,
) -> Result<Difference, Failure> {
    let found = if args.caller.caller.is_some() {
        old.compare(young, args.caller.caller(owner, stranger))
    } else {
        old.compare_for_all(young, args.caller.app_id)
    };
    found.map_err(|error| Failure::access(&error))
}

#[derive(Serialize)]
struct Answer<'a> {
    new: &'a [Shown],
    lost: &'a [Shown],
}
