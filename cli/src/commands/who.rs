//! `who`: which principals may do something.

use std::path::PathBuf;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Identity, Layer, PolicySet, Request, Scope};
use cam_policy::policy::{ActionPattern, Policy, ResourcePattern};
use cam_policy::values::Uin;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::grant::{IF_STAR_MATCHES, Witness};
use crate::input::{self, Source};
use crate::names;
use crate::print::{self, Format};
use crate::set::{self, Account, Policies};

/// Lists who may do an action on a resource, by the policies given
///
/// A bucket policy and a role trust policy name their principals. An identity policy names nobody: the answer then is
/// whoever it is attached to. Each identity policy is asked alone, because the files do not say who has which; another
/// policy of the same user can deny what it allows.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The action, or a pattern such as `cos:Delete*`
    #[arg(value_name = "ACTION")]
    action: ActionPattern,
    /// The resource, or a pattern; `*` is any
    #[arg(value_name = "RESOURCE")]
    resource: ResourcePattern,
    /// Policies: files, directories, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// The uin of the root account [default: each account that the policies name]
    #[arg(long, value_name = "UIN")]
    owner: Option<Uin>,
    /// The APPID of the account, for `${app_id}` and for COS
    #[arg(long, value_name = "NUMBER")]
    app_id: Option<u64>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam who trtc:RemoveUser qcs::trtc::uin/100000000001:sdkappid/1400000001 support.json bucket.json
  tencent-cam who cos:GetObject 'qcs::cos::uid/1250000000:photos-1250000000/*' support.json bucket.json";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    names::check_action(catalog, &args.action)?.iter().for_each(print::note);
    names::check_resource(catalog, &args.resource)?;
    let sources = input::policies(&args.policies)?;
    let scope = Scope::action(args.action.clone()).on(args.resource.clone());
    let all: Vec<&Policy> = sources.iter().map(|source| &source.policy).collect();
    let accounts = set::accounts((args.owner, args.app_id), &all, &[args.resource.as_str()], [])?;
    let assumed_owner = accounts.assumed;
    let accounts = accounts.all;
    let are_several = accounts.iter().any(|one| one.owner != accounts[0].owner);
    let mut found: Vec<Holder> = Vec::new();

    let (buckets, others): (Vec<Source>, Vec<Source>) =
        sources.into_iter().partition(|source| source.kind == Kind::Bucket);
    let buckets = Policies::of(Layer::Identity, buckets, None);
    for account in &accounts {
        Asked { scope: &scope, account: *account, are_several, by: "" }.of(&buckets, catalog, &mut found)?;
    }
    let identities = others.iter().filter(|source| source.kind == Kind::Identity).count();
    for source in others {
        let name = source.name.clone();
        if matches!(source.kind, Kind::Session | Kind::Boundary | Kind::Scp) {
            print::note(format_args!(
                "{name} is left out: it grants nothing by itself, but limits what others grant"
            ));
            continue;
        }
        if source.kind == Kind::Trust {
            let role = Policies::of(Layer::Trust, vec![source], None);
            let by = format!("by the role trust policy {name}");
            for account in &accounts {
                Asked { scope: &scope, account: *account, are_several, by: &by }
                    .of(&role, catalog, &mut found)?;
            }
            continue;
        }
        let policies = Policies::of(Layer::Identity, vec![source], None);
        for Account { owner, app_id } in &accounts {
            let stranger = policies.stranger(*owner);
            let caller = app_id.iter().copied().fold(stranger, Caller::with_app_id);
            let set = policies.searched(catalog, *owner, &policies.keys_of_every_request());
            let allowed = set.find_allowed(caller, &scope);
            if let Some(request) = allowed.map_err(|error| Failure::access(&error))? {
                found.push(Holder {
                    who: format!("whoever {name} is attached to"),
                    policy: Some(name),
                    witness: Witness::of(&request, std::slice::from_ref(scope.actions()), catalog),
                });
                break;
            }
        }
    }
    if identities > 1 {
        print::note(
            "each identity policy is asked alone: another policy of the same user may deny it; `check` and `grants` take all of \
             them as those of one user",
        );
    }
    let any = !found.is_empty();
    match args.format {
        Format::Json => print::json(&Answer { assumed_owner, who: found })?,
        Format::Text if !any => print::text("nobody, by these policies\n")?,
        Format::Text => {
            let lines = found.iter().map(|one| format!("{}\n  such as {}\n", one.who, one.witness));
            print::text(&lines.collect::<String>())?;
        }
    }
    Ok(if any { Exit::Clean } else { Exit::Found })
}

#[derive(Serialize)]
struct Answer {
    assumed_owner: Option<Uin>,
    who: Vec<Holder>,
}

#[derive(Serialize)]
struct Holder {
    who: String,
    policy: Option<String>,
    witness: Witness,
}

/// What is asked, in one account, of policies that name principals.
struct Asked<'a> {
    scope: &'a Scope,
    account: Account,
    are_several: bool,
    /// By which policy, if the answer is to say so.
    by: &'a str,
}

impl Asked<'_> {
    /// Adds the principals that may do something of the scope, as far as they are not known.
    fn of(
        &self,
        policies: &Policies,
        catalog: &Catalog<'static>,
        found: &mut Vec<Holder>,
    ) -> Result<(), Failure> {
        let set = policies.set(catalog, self.account.owner);
        self.certain(&set, found)?;
        match policies.supposed() {
            Some(supposed) => self.supposed(&set, &supposed.set(catalog, self.account.owner), found),
            None => Ok(()),
        }
    }

    fn certain(&self, set: &PolicySet<'static>, found: &mut Vec<Holder>) -> Result<(), Failure> {
        let is_named = set::is_named(set);
        let mut allowed: Vec<Caller> = Vec::new();
        for caller in self.callers(set)? {
            // Who is allowed without a group is told once.
            let is_within = |one: &Caller| {
                one.identity() == caller.identity()
                    && one.account() == caller.account()
                    && one.groups().iter().all(|group| caller.groups().contains(group))
            };
            if allowed.iter().any(is_within) {
                continue;
            }
            let Some(request) = self.find(set, &caller)? else { continue };
            self.add(&caller, &is_named, "", &request, set, found);
            allowed.push(caller);
        }
        Ok(())
    }

    /// Adds users who may do it only if CAM matches `*` inside a principal. `set` is that of the policies as they are decided.
    fn supposed(
        &self,
        set: &PolicySet<'static>,
        supposed: &PolicySet<'static>,
        found: &mut Vec<Holder>,
    ) -> Result<(), Failure> {
        for caller in self.callers(supposed)? {
            let is_user = caller.uin().is_some() && caller.groups().is_empty();
            if !is_user || self.find(set, &caller)?.is_some() {
                continue;
            }
            let Some(request) = self.find(supposed, &caller)? else { continue };
            self.add(&caller, |_| false, IF_STAR_MATCHES, &request, set, found);
        }
        Ok(())
    }

    fn callers(&self, set: &PolicySet<'static>) -> Result<Vec<Caller>, Failure> {
        set.callers(self.account.app_id).map_err(|error| Failure::access(&error))
    }

    fn find(&self, set: &PolicySet<'static>, caller: &Caller) -> Result<Option<Request>, Failure> {
        set.find_allowed(caller.clone(), self.scope).map_err(|error| Failure::access(&error))
    }

    /// Adds a caller who is not known, with what has to hold beside.
    fn add(
        &self,
        caller: &Caller,
        is_named: impl Fn(Uin) -> bool,
        proviso: &str,
        request: &Request,
        set: &PolicySet<'static>,
        found: &mut Vec<Holder>,
    ) {
        let mut who = told(caller, self.account.owner, self.are_several, is_named);
        for more in [self.by, proviso].into_iter().filter(|more| !more.is_empty()) {
            who.push_str(", ");
            who.push_str(more);
        }
        if found.iter().all(|one| one.who != who) {
            let witness = Witness::of(request, std::slice::from_ref(self.scope.actions()), &set.catalog());
            found.push(Holder { who, policy: None, witness });
        }
    }
}

/// Returns the words for a caller. Those of the owner's account have its number only if several accounts may be the owner.
fn told(caller: &Caller, owner: Uin, are_several: bool, is_named: impl Fn(Uin) -> bool) -> String {
    let of = match caller.account() {
        Some(account) if is_named(account) => format!(" of account {account}"),
        None if are_several && is_named(owner) => format!(" of account {owner}"),
        None => String::new(),
        Some(_) => " of other accounts".into(),
    };
    let groups: Vec<String> = caller.groups().iter().map(|group| group.to_string()).collect();
    let groups = match groups.as_slice() {
        [] => String::new(),
        [group] => format!("group {group}{of}"),
        _ => format!("the groups {}{of}", groups.join(" and ")),
    };
    match caller.identity() {
        Identity::Anonymous => "anyone, also without signature".into(),
        Identity::User(uin) if is_named(*uin) && groups.is_empty() => format!("uin {uin}{of}"),
        Identity::User(uin) if is_named(*uin) => format!("uin {uin} in {groups}"),
        Identity::User(_) if !groups.is_empty() => format!("the users of {groups}"),
        Identity::User(_) if of.is_empty() => "every user of the account".into(),
        Identity::User(_) => format!("every user{of}"),
        Identity::Role { name, id: Some(id), .. } if name.is_empty() => format!("role number {id}{of}"),
        Identity::Role { name, .. } => format!("role {name}{of}"),
        _ => caller.to_string(),
    }
}
