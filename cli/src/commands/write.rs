//! `write`: least-privilege policies.

use std::path::{Path, PathBuf};

use cam_lint::{Finding, LintOptions, lint};
use cam_policy::catalog::{AccessLevel, Action, Catalog, Granularity, Word as _};
use cam_policy::diagnostic::Element;
use cam_policy::engine::{AccessDenied, AccessDeniedError};
use cam_policy::least::{Access, Call, LeastPolicy};
use cam_policy::policy::{ActionPattern, Policy, ResourcePattern};
use cam_policy::text::split_segments;
use serde::Serialize;
use tencent_cam::cos::ObjectAction;

use super::query::levels;
use crate::exit::{Exit, Failure, Outcome};
use crate::input::{self, Named};
use crate::names;
use crate::print::{self, Format};

/// Writes a policy that grants what is asked for and nothing more
///
/// Give what is called, each as `ACTION` or `ACTION RESOURCE`; or resources and access levels. Resource-level and
/// operation-level actions stand in statements of their own. A note says why a statement has `*`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
#[command(group(clap::ArgGroup::new("asked").required(true).multiple(true).args(["calls", "list", "from_error", "resource"])))]
#[command(group(clap::ArgGroup::new("what").args(["level", "recipe"])))]
pub(crate) struct Args {
    /// Calls: `service:Name`, or `service:Name RESOURCE` in quotes
    #[arg(value_name = "CALL")]
    calls: Vec<String>,
    /// A file with one call a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// A text in which CAM refuses calls, in the words of any SDK, console or log; `-` for standard input
    #[arg(long, value_name = "TEXT")]
    from_error: Option<String>,
    /// A resource on which everything of the access levels, or of the recipe, is granted
    #[arg(long, value_name = "RESOURCE", requires = "what", conflicts_with_all = ["calls", "list", "from_error"])]
    resource: Vec<ResourcePattern>,
    /// What is to be done on the resources; the recipe names the actions for it
    #[arg(long, value_enum, value_name = "RECIPE", requires = "resource")]
    recipe: Option<Recipe>,
    /// An access level
    #[arg(long, value_name = "LEVEL", requires = "resource", value_parser = levels())]
    level: Vec<String>,
    /// Grants the operation-level actions of these levels too, on every resource
    #[arg(long, requires = "level")]
    operation_level: bool,
    /// Grants calls without a resource on `*`, also those that a resource could limit
    ///
    /// Without it, such a call is an error that says which resource to name. A note says which actions got `*` so.
    #[arg(long, conflicts_with_all = ["resource", "from_error"])]
    everywhere: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam write 'trtc:RemoveUser qcs::trtc::uin/100000000001:sdkappid/1400000001' trtc:GetUserList
  tencent-cam write --list calls.txt
  tencent-cam write --everywhere trtc:RemoveUser
  tencent-cam write --from-error - < refused.log
  tencent-cam write --resource qcs::ccc::uin/100000000001:SdkAppId/1400000001 --level read --level list
  tencent-cam write --recipe cos-upload --resource 'qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/uploads/*'";

/// A task that needs several actions.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Recipe {
    /// Uploads objects to COS, simple or in parts; neither reads nor deletes
    CosUpload,
}

impl Recipe {
    fn actions(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::CosUpload => ObjectAction::UPLOAD.iter().map(|action| action.facts().as_str()),
        }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    policy: &'a Policy,
    notes: &'a [Box<str>],
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let mut all: Vec<Box<str>> = Vec::new();
    let calls = match args.recipe {
        Some(recipe) => of_recipe(recipe, &args.resource)?,
        None if args.resource.is_empty() => calls(args, catalog, &mut all)?,
        None => Vec::new(),
    };
    let least = if args.level.is_empty() {
        let calls = calls
            .iter()
            .cloned()
            .map(|call| if names::matches(call.action()) { call.listed() } else { call })
            .map(|call| if args.everywhere { call.everywhere() } else { call });
        LeastPolicy::for_calls(catalog, &calls.collect::<Vec<_>>())
    } else {
        let access = Access {
            levels: args.level.iter().map(|word| AccessLevel::from_word(word)).collect(),
            operation_level: args.operation_level,
        };
        LeastPolicy::for_resources(catalog, &args.resource, &access)
    };
    let LeastPolicy { policy, notes, .. } = least.map_err(Failure::new)?;
    all.extend(calls.iter().filter_map(|call| unknown(call, catalog)).map(Box::from));
    all.extend(calls.iter().filter_map(|call| out_of_reach(call, catalog)).map(Box::from));
    all.dedup();
    all.extend(notes);
    all.extend(findings(&policy, catalog));
    let notes = all;
    match args.format {
        Format::Json => print::json(&Answer { policy: &policy, notes: &notes })?,
        Format::Text => {
            print::text(&format!("{policy:#}\n"))?;
            notes.iter().for_each(print::note);
        }
    }
    if let Err(error) = policy.check_length() {
        print::note(error);
    }
    Ok(Exit::Clean)
}

/// Says what `lint` reports of resources: they stand in the policy as they were asked for. That a policy is too long is told
/// apart from it.
fn findings(policy: &Policy, catalog: &Catalog<'static>) -> Vec<Box<str>> {
    let options =
        LintOptions::new(*catalog).names(names::matches, names::of).services(names::listed_services);
    let about_resources = |finding: &Finding| matches!(finding.element, Some(Element::Resource(..)));
    let found = lint(&policy.to_string(), &options).findings.into_iter().filter(about_resources);
    found
        .map(|finding| {
            let help = finding.help.map_or(String::new(), |help| format!("; {help}"));
            format!("{}: {}{help}", finding.rule.id, finding.message).into()
        })
        .collect()
}

/// Returns the calls that a recipe makes on resources.
fn of_recipe(recipe: Recipe, resources: &[ResourcePattern]) -> Result<Vec<Call>, Failure> {
    let mut calls = Vec::new();
    for action in recipe.actions() {
        let action: ActionPattern = action.parse().map_err(Failure::new)?;
        calls.extend(resources.iter().map(|resource| Call::new(action.clone(), resource.clone())));
    }
    Ok(calls)
}

/// Says of an action that the catalog does not have how much is known of it. It may be a slip.
fn unknown(call: &Call, catalog: &Catalog<'_>) -> Option<String> {
    let name = call.action().as_str();
    if name.contains('*') || catalog.action(name).is_some() {
        return None;
    }
    names::unlisted(catalog, call.action()).or_else(|| Some(format!("`{name}`: {}", names::unknown(name))))
}

/// Says of a wildcard on a named resource which of its actions no resource can limit.
fn out_of_reach(call: &Call, catalog: &Catalog<'_>) -> Option<String> {
    let (pattern, resource) = (call.action(), call.resource().filter(|resource| !resource.is_all())?);
    if !pattern.as_str().contains('*') || pattern.service().is_none() {
        return None;
    }
    let operation_level: Vec<Action<'_>> = pattern
        .actions(catalog)
        .filter(|action| action.granularity() == Granularity::Operation && action.removed().is_none())
        .collect();
    let first = operation_level.first()?;
    let covered = match operation_level.len() {
        1 => format!("`{first}`, which is operation-level"),
        count => format!("{count} operation-level actions, such as `{first}`"),
    };
    Some(format!(
        "`{pattern}` covers {covered}; `{resource}` does not grant such calls: ask for what is meant without a \
         resource, which grants it on `*` in a statement of its own"
    ))
}

/// Returns the calls that are asked for; what a reader must know of them goes into `notes`.
fn calls(args: &Args, catalog: &Catalog<'static>, notes: &mut Vec<Box<str>>) -> Result<Vec<Call>, Failure> {
    let mut calls = Vec::new();
    let mut errors = Vec::new();
    for text in &args.calls {
        match call(text, catalog) {
            Ok(call) => calls.push(call),
            Err(error) => errors.push(error),
        }
    }
    if let Some(file) = &args.list {
        let Named { name, text } = input::text(file)?;
        for (at, line) in text.lines().enumerate() {
            let line = line.split_once(" #").map_or(line, |(before, _)| before).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match call(line, catalog) {
                Ok(call) => calls.push(call),
                Err(error) => errors.push(format!("{name}:{}: {error}", at + 1)),
            }
        }
    }
    if let Some(error) = &args.from_error {
        let text = if error == "-" { input::text(Path::new("-"))?.text } else { error.clone() };
        for denied in AccessDenied::parse_all(&text).map_err(unread)? {
            let statement = denied.least_statement();
            if split_segments(denied.resource()).is_some_and(|segments| !segments[1].is_empty()) {
                notes.push(
                    format!(
                        "the project of `{}` is left out, because policies must leave it empty; it is assumed that an \
                         empty project matches every project",
                        denied.resource()
                    )
                    .into(),
                );
            }
            if split_segments(denied.resource())
                .is_some_and(|segments| segments[2] == "cos" && segments[5].contains('*'))
            {
                notes.push(
                    format!(
                        "the `*` of `{}` stands for any characters in a policy: if it is part of the name of an object, \
                         this grants more than the call that was refused",
                        denied.resource()
                    )
                    .into(),
                );
            }
            for (action, resource) in statement.actions().iter().zip(statement.resources()) {
                calls.push(Call::new(action.clone(), resource.clone()).seen());
            }
        }
    }
    match errors.as_slice() {
        [] if calls.is_empty() => Err(Failure::new("there is no call in what is given")),
        [] => Ok(calls),
        _ => Err(Failure::new(errors.join("\n"))),
    }
}

/// The failure for a text that is no refusal by CAM.
fn unread(error: AccessDeniedError) -> Failure {
    let resource = error.cos_resource().map(str::to_owned);
    let failure = Failure::new(error);
    match resource {
        Some(resource) => failure.with_help(format_args!(
            "`tencent-cam write 'cos:GetObject {resource}'` writes the policy that grants the call"
        )),
        None => failure,
    }
}

/// Reads `ACTION` or `ACTION RESOURCE`.
fn call(text: &str, catalog: &Catalog<'static>) -> Result<Call, String> {
    let (action, resource) = match text.trim().split_once(char::is_whitespace) {
        Some((action, resource)) => (action, Some(resource.trim())),
        None => (text.trim(), None),
    };
    let action: ActionPattern = action.parse().map_err(|error| format!("{error}"))?;
    // What is wrong with an action of a known service is told with all that is wrong with the policy.
    if action.service().is_some_and(|id| catalog.service(id).is_none()) {
        names::check_action(catalog, &action).map_err(|failure| failure.in_one_line())?;
    }
    let Some(resource) = resource else { return Ok(Call::anywhere(action)) };
    let resource: ResourcePattern = resource.parse().map_err(|error| format!("{error}"))?;
    names::check_resource(catalog, &resource).map_err(|failure| failure.in_one_line())?;
    Ok(Call::new(action, resource))
}
