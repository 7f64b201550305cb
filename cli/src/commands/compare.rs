//! `compare`: what a change of policies newly allows, and what it takes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Difference, Grant, Layer, PolicySet};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::grant::Shown;
use crate::input::Source;
use crate::print::{self, Format};
use crate::request::CallerArgs;
use crate::revision;
use crate::set::{self, Account, Policies};

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
    /// The uin of the root account whose the policies are [default: the accounts that they name]
    ///
    /// If the resources name one account and the policies no other, they are taken as those of this account, and a note says
    /// so. If they name several, the answer holds for each of them; if the resources name none, also for one that nothing names.
    #[arg(long, value_name = "UIN")]
    owner: Option<Uin>,
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
Without --caller, the comparison holds for every caller but the root account. If the policies name several accounts
and --owner does not say whose they are, the answer is what is new if they are of any of these.";

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
    let all: Vec<&Policy> =
        before.sources.iter().chain(&after.sources).map(|source| &source.policy).collect();
    let accounts = set::accounts((args.owner, args.caller.app_id), &all, &[])?;
    accounts.note();
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
        let policies = |sources: &[Source]| Policies::of(layer, sources.to_vec(), None);
        let stranger = policies(&[pair.before.clone(), pair.after.clone()].concat()).stranger();
        let (mut gained, mut given_up) = (Vec::new(), Vec::new());
        for account in &accounts.all {
            let [old, young] =
                [&pair.before, &pair.after].map(|sources| policies(sources).set(catalog, account.owner));
            let difference = compare(args, &old, &young, *account, stranger)?;
            add_new(&mut gained, difference.gained, &mut new, &young);
            add_new(&mut given_up, difference.lost, &mut lost, &old);
        }
    }
    match args.format {
        Format::Json => print::json(&Answer { assumed_owner: accounts.assumed, new: &new, lost: &lost })?,
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

/// Adds the grants of one account that no other account has shown.
fn add_new(known: &mut Vec<Grant>, found: Vec<Grant>, shown: &mut Vec<Shown>, set: &PolicySet<'_>) {
    for grant in found {
        if known.iter().all(|one| one.parts != grant.parts || one.actions != grant.actions) {
            shown.push(Shown::new(set, &grant));
            known.push(grant);
        }
    }
}

fn compare(
    args: &Args,
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    account: Account,
    stranger: Uin,
) -> Result<Difference, Failure> {
    let found = if args.caller.caller.is_some() {
        let caller = args.caller.caller(account.owner, stranger);
        // The APPID of another account is not that of the policies.
        let is_own = args.caller.account.is_none_or(|of| of == account.owner);
        let app_id = account.app_id.filter(|_| is_own && args.caller.app_id.is_none());
        old.compare(young, app_id.into_iter().fold(caller, Caller::with_app_id))
    } else {
        old.compare_for_all(young, account.app_id)
    };
    found.map_err(|error| Failure::access(&error))
}

#[derive(Serialize)]
struct Answer<'a> {
    assumed_owner: Option<Uin>,
    new: &'a [Shown],
    lost: &'a [Shown],
}
