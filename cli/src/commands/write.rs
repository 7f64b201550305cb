//! `write`: least-privilege policies.

use std::path::{Path, PathBuf};

use cam_policy::catalog::{AccessLevel, Catalog, Word as _};
use cam_policy::engine::AccessDenied;
use cam_policy::least::{Access, Call, LeastPolicy};
use cam_policy::policy::{Policy, ResourcePattern};
use serde::Serialize;

use super::query::levels;
use crate::exit::{Exit, Failure, Outcome};
use crate::input::{self, Named};
use crate::print::{self, Format};

/// Writes a policy that grants what is asked for and nothing more
///
/// Give what is called, each as `ACTION` or `ACTION RESOURCE`; or resources and access levels. Resource-level and
/// operation-level actions stand in statements of their own. A note says why a statement has `*`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
#[command(group(clap::ArgGroup::new("asked").required(true).multiple(true).args(["calls", "list", "from_error", "resource"])))]
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
    /// A resource on which everything of the access levels is granted
    #[arg(long, value_name = "RESOURCE", requires = "level", conflicts_with_all = ["calls", "list", "from_error"])]
    resource: Vec<ResourcePattern>,
    /// An access level
    #[arg(long, value_name = "LEVEL", requires = "resource", value_parser = levels())]
    level: Vec<String>,
    /// Grants the operation-level actions of these levels too, on every resource
    #[arg(long, requires = "resource")]
    operation_level: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tencent-cam write 'trtc:RemoveUser qcs::trtc::uin/100000000001:sdkappid/1400000001' trtc:GetUserList
  tencent-cam write --list calls.txt
  tencent-cam write --from-error - < refused.log
  tencent-cam write --resource qcs::ccc::uin/100000000001:SdkAppId/1400000001 --level read --level list";

#[derive(Serialize)]
struct Answer<'a> {
    policy: &'a Policy,
    notes: &'a [Box<str>],
}

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let least = if args.resource.is_empty() {
        LeastPolicy::for_calls(catalog, &calls(args)?)
    } else {
        let access = Access {
            levels: args.level.iter().map(|word| AccessLevel::from_word(word)).collect(),
            operation_level: args.operation_level,
        };
        LeastPolicy::for_resources(catalog, &args.resource, &access)
    };
    let LeastPolicy { policy, notes, .. } = least.map_err(Failure::new)?;
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

fn calls(args: &Args) -> Result<Vec<Call>, Failure> {
    let mut calls = Vec::new();
    let mut errors = Vec::new();
    for text in &args.calls {
        match call(text) {
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
            match call(line) {
                Ok(call) => calls.push(call),
                Err(error) => errors.push(format!("{name}:{}: {error}", at + 1)),
            }
        }
    }
    if let Some(error) = &args.from_error {
        let text = if error == "-" { input::text(Path::new("-"))?.text } else { error.clone() };
        for denied in AccessDenied::parse_all(&text).map_err(Failure::new)? {
            let statement = denied.least_statement();
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

/// Reads `ACTION` or `ACTION RESOURCE`.
fn call(text: &str) -> Result<Call, String> {
    let (action, resource) = match text.trim().split_once(char::is_whitespace) {
        Some((action, resource)) => (action, Some(resource.trim())),
        None => (text.trim(), None),
    };
    let action = action.parse().map_err(|error| format!("{error}"))?;
    match resource {
        Some(resource) => Ok(Call::new(action, resource.parse().map_err(|error| format!("{error}"))?)),
        None => Ok(Call::anywhere(action)),
    }
}
