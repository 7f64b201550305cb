//! `who`: which principals may do something.

use std::path::PathBuf;

use cam_lint::Kind;
use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Identity, Layer, PolicySet, Scope};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::grant::Witness;
use crate::input::{self, Source};
use crate::names;
use crate::print::{self, Format};
use crate::set::{self, Policies};

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
    /// The uin of the root account [default: the one account that the policies name]
    #[arg(long, value_name = "UIN")]
    owner: Option<cam_policy::values::Uin>,
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
    names::check_pattern(catalog, &args.action)?;
    names::check_resource(catalog, &args.resource);
    let sources = input::policies(&args.policies)?;
    let owner =
        set::owner(args.owner, sources.iter().map(|source| &source.policy), [args.resource.as_str()])?;
    let scope = Scope::action(args.action.clone()).on(args.resource.clone());
    let with_app_id = |caller: Caller| args.app_id.into_iter().fold(caller, Caller::with_app_id);
    let mut found: Vec<Holder> = Vec::new();

    let (buckets, others): (Vec<Source>, Vec<Source>) =
        sources.into_iter().partition(|source| source.kind == Kind::Bucket);
    if !buckets.is_empty() {
        let named = Policies::of(Layer::Identity, buckets, Some(owner));
        principals(&named.set(catalog, owner), &scope, with_app_id, "", &mut found)?;
    }
    for source in others {
        let name = source.name.clone();
        if matches!(source.kind, Kind::Session | Kind::Boundary | Kind::Scp) {
            print::note(format_args!(
                "{name} is left out: it grants nothing by itself, but limits what others grant"
            ));
            continue;
        }
        if source.kind == Kind::Trust {
            let role = Policies::of(Layer::Trust, vec![source], Some(owner));
            let by = format!("by the role trust policy {name}");
            principals(&role.set(catalog, owner), &scope, with_app_id, &by, &mut found)?;
            continue;
        }
        let policies = Policies::of(Layer::Identity, vec![source], Some(owner));
        let caller = with_app_id(Caller::new(policies.stranger()));
        let allowed = policies.set(catalog, owner).find_allowed(caller, &scope);
        if let Some(request) = allowed.map_err(|error| Failure::access(&error))? {
            found.push(Holder {
                who: format!("whoever {name} is attached to"),
                policy: Some(name),
                witness: Witness::from(&request),
            });
        }
    }
    let any = !found.is_empty();
    match args.format {
        Format::Json => print::json(&Answer { who: found })?,
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
    who: Vec<Holder>,
}

#[derive(Serialize)]
struct Holder {
    who: String,
    policy: Option<String>,
    witness: Witness,
}

/// Adds the principals of a set that may do something of the scope.
fn principals(
    set: &PolicySet<'static>,
    scope: &Scope,
    with_app_id: impl Fn(Caller) -> Caller,
    by: &str,
    found: &mut Vec<Holder>,
) -> Result<(), Failure> {
    let policies = set.layers().filter_map(|layer| set.policies(layer)).flatten();
    let texts: Vec<String> = policies.map(|policy| policy.to_string()).collect();
    for caller in set.callers(None).map_err(|error| Failure::access(&error))? {
        let caller = with_app_id(caller);
        if let Some(request) =
            set.find_allowed(caller.clone(), scope).map_err(|error| Failure::access(&error))?
        {
            let named = |text: &str| texts.iter().any(|policy| policy.contains(text));
            let mut who = match (caller.identity(), caller.groups()) {
                (Identity::Anonymous, _) => "anyone, also without signature".into(),
                (Identity::User(_), [group, ..]) => format!("the users of group {group}"),
                (Identity::User(uin), []) if !named(&uin.to_string()) => "every user of the account".into(),
                _ => caller.to_string(),
            };
            if !by.is_empty() {
                who = format!("{who}, {by}");
            }
            found.push(Holder { who, policy: None, witness: Witness::from(&request) });
        }
    }
    Ok(())
}
