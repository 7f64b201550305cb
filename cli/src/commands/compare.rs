//! `compare`: what a change of policies newly allows, and what it takes.

use std::fmt::Write as _;

use cam_policy::catalog::Catalog;
use cam_policy::values::Uin;
use clap::ValueEnum;
use serde::Serialize;

use crate::access::AccessDiff;
use crate::change::{Change, Comparison, Holder};
use crate::comment;
use crate::exit::{Exit, Outcome};
use crate::print;
use crate::request::CallerArgs;
use crate::revision;
use crate::sides::{NotCompared, Renamed};

/// Lists the access that B allows and A does not, and the reverse, each with a request that shows it
///
/// A and B are files, directories or git revisions. Two files of one policy each are compared with each other. Otherwise each
/// policy is compared with the one of the same file and name, because it may be attached to other users than the rest;
/// --together takes all policies of a side as those of one user. A resource of Terraform keeps its name when it moves to
/// another file of its folder.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Before: a file, a directory, or `REVISION:PATH` of git
    #[arg(value_name = "A")]
    before: String,
    /// After: a file, a directory, or `REVISION:PATH` of git
    #[arg(value_name = "B")]
    after: String,
    /// Ends with exit code 1 if B allows what is named here; several with commas
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
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
    format: Form,
}

/// What a change must not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Anything that A does not allow
    NewAccess,
    /// Anything that A does not allow anyone, and B does
    NewPublic,
    /// New access to actions that hand out credentials, as far as the catalog and the public SDK state it
    Credentials,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Text for people
    #[default]
    Text,
    /// JSON for programs: one object, whose `schema` is the number of its form
    Json,
    /// Markdown for a comment on a pull request, of at most 65,536 characters
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam compare support.json support-new.json
  tencent-cam compare support.json support-new.json --fail-on new-access
  tencent-cam compare before after --together --format json
  tencent-cam compare main:policies policies
  tencent-cam compare main: HEAD: --format markdown --fail-on new-public,credentials

A deny that only one side has counts, even if no allow beside it grants what it denies: another policy of the same user may.
`main:policies` is the folder as it is in the revision `main`, counted from the root of the repository; `main:` is all of it.
Without --caller, the comparison holds for every caller but the root account. If a policy names several accounts
and --owner does not say whose it is, the answer is what is new if it is of any of these.
A file of B that cannot be compared ends the command with exit code 2, after the answer for the rest.";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let (before, after) = (revision::side(&args.before)?, revision::side(&args.after)?);
    let how = Comparison { catalog, owner: args.owner, caller: &args.caller, together: args.together };
    let diff = AccessDiff::of(&before, &after, &how)?;
    for owner in diff.new_access().chain(diff.lost()).filter_map(|change| change.assumed_owner) {
        print::note(format_args!(
            "the policies are taken as those of account {owner}, because they name no other; --owner says whose they are"
        ));
    }
    let is_any = diff.new_access().chain(diff.lost()).next().is_some();
    let are_all = args.together || before.is_one_file && after.is_one_file;
    if is_any && !are_all {
        print::note("each policy is compared alone; --together takes all of a side as those of one user");
    }
    match args.format {
        Form::Json => print::json(&Answer {
            new: diff.new_access().collect(),
            lost: diff.lost().collect(),
            renamed: &diff.renamed,
            not_compared: &diff.not_compared,
        })?,
        Form::Markdown => print::text(&comment::render(&diff, &args.after))?,
        Form::Text => print::text(&text(&diff))?,
    }
    if let Some(failure) = diff.failure() {
        return Err(failure);
    }
    if args.fail_on.contains(&FailOn::Credentials) {
        for change in diff.new_access().filter(|change| !change.credentials_unknown.is_empty()) {
            let actions: Vec<&str> = change.credentials_unknown.iter().map(|one| one.as_str()).collect();
            print::note(format_args!(
                "neither the catalog nor the public SDK states whether these new actions hand out credentials: {}",
                actions.join(", ")
            ));
        }
    }
    let fails = args.fail_on.iter().any(|what| diff.new_access().any(|change| what.is(change)));
    Ok(if fails { Exit::Found } else { Exit::Clean })
}

impl FailOn {
    fn is(self, change: &Change) -> bool {
        match self {
            Self::NewAccess => true,
            Self::NewPublic => change.public,
            Self::Credentials => !change.credentials.is_empty(),
        }
    }
}

fn text(diff: &AccessDiff) -> String {
    let mut out = String::new();
    let (new, lost): (Vec<_>, Vec<_>) = (diff.new_access().collect(), diff.lost().collect());
    // Writing to a `String` cannot fail.
    for (word, changes, when) in [("new", &new, "before denied by "), ("lost", &lost, "now denied by ")] {
        for change in changes {
            let is_principal = |one: &&Holder| !matches!(one, Holder::Attached(_));
            let who: Vec<String> = change.who.iter().filter(is_principal).map(ToString::to_string).collect();
            let _ = write!(out, "{word}: something of {}", change.grant.text(&change.provisos(), &who, when));
            if !change.credentials.is_empty() {
                let actions: Vec<&str> = change.credentials.iter().map(|one| one.as_str()).collect();
                let _ = writeln!(out, "  hands out credentials: {}", actions.join(", "));
            }
        }
    }
    for Renamed { from, to } in &diff.renamed {
        let _ = writeln!(
            out,
            "renamed, if both are attached to the same users: {to} has the policies that {from} had"
        );
    }
    if !out.is_empty() {
        let _ = writeln!(out, "{} new, {} lost", new.len(), lost.len());
    } else if diff.not_compared.is_empty() {
        out.push_str("no difference: both allow the same on resources of the documented forms\n");
    }
    out
}

#[derive(Serialize)]
struct Answer<'a> {
    new: Vec<&'a Change>,
    lost: Vec<&'a Change>,
    renamed: &'a [Renamed],
    not_compared: &'a [NotCompared],
}
