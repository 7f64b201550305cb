//! `check`: whether a request is allowed, and why.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_policy::engine::{AccessDenied, Explanation, Layer, PolicySet, Request};
use cam_policy::policy::Statement;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::input;
use crate::names;
use crate::print::{self, Format};
use crate::request::{self, CallerArgs, ContextArgs, Stated};
use crate::set::{LayerArgs, Policies};

/// Decides a request by policies, and explains the decision
///
/// The request stands in --action and --resource, in a file, or in the error message with which CAM refused it.
/// A refused request ends with exit code 3, and so does one whose decision depends on an address, a time or an APPID that is not given; with --from-error also if these policies allow it, because CAM has refused it.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Policies: files, directories, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// The action, as `service:Name`
    #[arg(long, value_name = "ACTION", required_unless_present_any = ["request", "from_error"])]
    action: Option<String>,
    /// The resource: six segments, or `*` for an operation-level action
    #[arg(long, value_name = "RESOURCE", default_value = "*")]
    resource: String,
    /// A file with the request, as TOML or JSON; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "resource", "from_error"])]
    request: Option<PathBuf>,
    /// The error message of CAM, in the words of any SDK, console or log; `-` for standard input
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["action", "resource"])]
    from_error: Option<String>,
    /// Shows how each statement compares with the request
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    caller: CallerArgs,
    #[command(flatten)]
    context: ContextArgs,
    #[command(flatten)]
    layers: LayerArgs,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam check support.json --action trtc:RemoveUser --resource qcs::trtc::uin/100000000001:sdkappid/1400000001
  tencent-cam check support.json --request request.toml
  tencent-cam check support.json --from-error - < refused.log
  tencent-cam check --from-error 'you are not authorized to perform operation (trtc:GetUserList) resource (*) has no permission'

A request file:
  action = \"trtc:RemoveUser\"
  resource = \"qcs::trtc::uin/100000000001:sdkappid/1400000001\"
  caller = \"100000000002\"
  context = { \"qcs:ip\" = \"10.0.0.1\" }";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    if let Some(error) = &args.from_error {
        return refusals(args, error, catalog);
    }
    let stated =
        args.request.as_deref().map(|file| request::parse::<Stated>(&input::text(file)?)).transpose()?;
    let (action, resource) = match &stated {
        Some(stated) => (stated.action.as_str(), stated.resource.as_str()),
        None => (args.action.as_deref().unwrap_or_default(), args.resource.as_str()),
    };
    if args.request.as_deref() == Some(Path::new("-")) && args.policies.is_empty() {
        return Err(
            Failure::new("standard input holds the request").with_help("name the files of the policies")
        );
    }
    let policies = Policies::read(&args.policies, &args.layers)?;
    policies.note_union();
    let asked = match &stated {
        Some(stated) => &stated.caller()?,
        None => &args.caller,
    };
    let owner = policies.owner([resource], asked.uins())?;
    let set = policies.set(catalog, owner);
    let caller = policies.caller(asked, owner);
    let (request, doubt) = request::request(catalog, caller, action, resource)?;
    // The explanation tells what is doubtful about the action of a service that the catalog has.
    let is_untold = action.split_once(':').is_none_or(|(id, _)| catalog.service(id).is_none());
    doubt.iter().filter(|_| is_untold).for_each(print::note);
    let request = stated.iter().fold(request, |request, stated| stated.add_to(request));
    let request = args.context.add_to(request)?;
    let explanation = set.explain(&request);
    let allowed = set.decide(&request).is_allowed();
    match args.format {
        Format::Json => print::json(&Decided { request: request.to_string(), explanation: &explanation })?,
        Format::Text => {
            let mut out = if args.all { format!("{explanation:#}") } else { explanation.to_string() };
            tell_app_id(&mut out, &explanation, stated.is_some());
            tell_keys(&mut out, &explanation, stated.is_some());
            print::text(&out)?;
        }
    }
    if allowed {
        note_other_side(&set, &request, action);
        if let Some(account) = request.caller().account().filter(|one| *one != owner)
            && policies.count_identities() > 0
        {
            print::note(format_args!(
                "the identity policies are taken as attached to a caller of account {account}, and account {owner} has them: \
                 an account attaches its policies to its own users"
            ));
        }
    }
    let is_settled = explanation.missing_keys().is_empty() && explanation.wanted_app_id().is_none();
    Ok(if allowed && is_settled { Exit::Clean } else { Exit::Refused })
}

/// Says that the trust policy of a role and the policies of its user have to allow `sts:AssumeRole`, if only one of them is given.
fn note_other_side(set: &PolicySet<'_>, request: &Request, action: &str) {
    let has_trust = set.policies(Layer::Trust).is_some();
    if !has_trust && action == "sts:AssumeRole" {
        print::note(
            "this is decided without the trust policy of the role, which has to allow it, too: give it with --trust",
        );
    }
    let caller = request.caller();
    let is_root = caller.uin() == Some(set.owner()) && caller.account().is_none_or(|one| one == set.owner());
    if has_trust && set.policies(Layer::Identity).is_none() && caller.uin().is_some() && !is_root {
        print::note(
            "this is decided by the trust policy of the role alone, and the policies of the user have to allow it, too: name \
             their files",
        );
    }
}

/// Says how to give the keys on which the decision depends. `is_stated`: the request stands in a file.
fn tell_keys(out: &mut String, explanation: &Explanation, is_stated: bool) {
    for key in explanation.missing_keys() {
        let way = match &**key {
            _ if is_stated => format!("`context = {{ \"{key}\" = \"…\" }}` in the request"),
            "qcs:ip" => "--ip ADDRESS".into(),
            _ => "--time TIME".into(),
        };
        let _ = writeln!(out, "help: whether it is allowed depends on `{key}`: give it with {way}");
    }
}

/// Says how to give the APPID on which the decision depends. `is_stated`: the caller stands in a file.
fn tell_app_id(out: &mut String, explanation: &Explanation, is_stated: bool) {
    if let Some(app_id) = explanation.wanted_app_id() {
        let way = if is_stated {
            format!("`app_id = {app_id}` in the request")
        } else {
            format!("--app-id {app_id}")
        };
        let _ = writeln!(out, "help: if that is the account's APPID, give it with {way}");
    }
}

#[derive(Serialize)]
struct Decided<'a> {
    request: String,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

/// Explains what CAM refused.
fn refusals(args: &Args, error: &str, catalog: &Catalog<'static>) -> Outcome {
    let text = if error == "-" { input::text(Path::new("-"))?.text } else { error.into() };
    let denials = match AccessDenied::parse_all(&text) {
        Ok(denials) => denials,
        Err(error) if error.other_refusal().is_some() => {
            match args.format {
                Format::Json => print::json(&NoPolicy { other_refusal: error.to_string() })?,
                Format::Text => print::text(&format!("refused: {error}\n"))?,
            }
            return Ok(Exit::Refused);
        }
        Err(error) => {
            let resource = error.cos_resource().map(str::to_owned);
            let failure = Failure::new(error);
            return Err(match resource {
                Some(resource) => failure.with_help(format_args!(
                    "`tencent-cam check POLICY --action cos:GetObject --resource '{resource}'` explains the call"
                )),
                None => failure,
            });
        }
    };
    let policies = if args.policies.is_empty() && args.layers.is_empty() {
        None
    } else {
        if error == "-" && args.policies.iter().any(|path| path == Path::new("-")) {
            return Err(Failure::new("standard input cannot hold both the error and a policy"));
        }
        Some(Policies::read(&args.policies, &args.layers)?)
    };
    let mut answers = Vec::new();
    for denied in &denials {
        let decided = match &policies {
            None => None,
            Some(policies) => {
                let owner = policies.owner([denied.resource()], args.caller.uins())?;
                let caller = policies.caller(&args.caller, owner);
                let request = args.context.add_to(denied.request(caller))?;
                Some((policies.set(catalog, owner), request))
            }
        };
        answers.push(Refusal::new(denied, decided.as_ref(), catalog));
    }
    match args.format {
        Format::Json => print::json(&Refusals { refusals: answers })?,
        Format::Text => {
            let texts: Vec<String> = answers.iter().map(Refusal::text).collect();
            print::text(&texts.join("\n"))?;
        }
    }
    Ok(Exit::Refused)
}

#[derive(Serialize)]
struct NoPolicy {
    other_refusal: String,
}

#[derive(Serialize)]
struct Refusals {
    refusals: Vec<Refusal>,
}

/// What CAM refused, and what follows from it.
#[derive(Serialize)]
struct Refusal {
    action: String,
    resource: String,
    /// What the catalog states about the action.
    catalog: String,
    /// The conditions that CAM printed.
    conditions: Vec<String>,
    /// What a reader must know.
    notes: Vec<String>,
    /// Why the given policies do not allow it.
    explanation: Option<Explanation>,
    /// The narrowest statement that grants it.
    statement: Statement,
}

impl Refusal {
    fn new(
        denied: &AccessDenied,
        decided: Option<&(PolicySet<'static>, Request)>,
        catalog: &Catalog<'static>,
    ) -> Self {
        let known = match catalog.action(denied.action()) {
            Some(action) => {
                let level = action.access_level().map_or("unknown", |level| level.as_str());
                format!("{} level, access level {level}", action.granularity().as_str())
            }
            None => names::unknown(denied.action()),
        };
        let mut notes = Vec::new();
        if let Some(granularity) = denied.catalog_differs(catalog) {
            notes.push(format!(
                "the catalog says that the action is {} level, and CAM's text says otherwise: the statement follows CAM",
                granularity.as_str()
            ));
        }
        if denied.resource().len() > 1 && denied.resource().ends_with('*') {
            notes.push(
                "CAM writes `*` where the resource does not exist yet: the statement names all of the kind"
                    .into(),
            );
        }
        let explanation = decided.map(|(set, request)| {
            if set.decide(request).is_allowed() {
                notes.push(
                    "these policies allow it, so CAM refused by others: they are not attached to the caller, or a \
                     boundary, a session policy, a service control policy or a condition stands against it"
                        .into(),
                );
            }
            set.explain(request)
        });
        Self {
            action: denied.action().into(),
            resource: denied.resource().into(),
            catalog: known,
            conditions: denied
                .conditions()
                .map(|(effect, condition)| format!("{effect} {condition}"))
                .collect(),
            notes,
            explanation,
            statement: denied.least_statement(),
        }
    }

    fn text(&self) -> String {
        let mut out = format!("refused: {} on {}\n", self.action, self.resource);
        let _ = writeln!(out, "catalog: {}", self.catalog);
        for condition in &self.conditions {
            let _ = writeln!(out, "condition that CAM printed: {condition}");
        }
        match &self.explanation {
            Some(explanation) => {
                let _ = write!(out, "by these policies: {explanation}");
                tell_app_id(&mut out, explanation, false);
            }
            None => {
                let statement = serde_json::to_string(&self.statement).unwrap_or_default();
                let _ = writeln!(out, "to allow it, if that is intended: add {statement}");
            }
        }
        for note in &self.notes {
            let _ = writeln!(out, "note: {note}");
        }
        out
    }
}
