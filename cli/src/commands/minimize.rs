//! `minimize` and `split`: policies in fewer words, or in several parts.

use std::path::{Path, PathBuf};

use cam_policy::policy::Policy;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::input;
use crate::print::{self, Format};

/// Writes a policy with fewer and shorter statements that allow and deny the same
///
/// It removes actions, resources and statements that another one covers, and joins statements with the same principal and
/// conditions. A shorter policy may exist: the command makes no new patterns, knows no list of all actions of a service, and
/// joins no statements with different conditions, except for the values of one condition.
///
/// An allow may come to name what a deny of the same policy takes away. The access is the same as long as the deny stays; a note
/// says so, and --as-written writes no such allow.
#[derive(clap::Args, Debug)]
#[command(after_help = MINIMIZE_EXAMPLES)]
pub(crate) struct MinimizeArgs {
    /// The policy: a file, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policy: Option<PathBuf>,
    /// Lets no allow name more than the allows of the policy do, although a deny takes it away
    #[arg(long)]
    as_written: bool,
    /// Writes the shortest JSON, in one line
    #[arg(long)]
    compact: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const MINIMIZE_EXAMPLES: &str = "\
Examples:
  tencent-cam minimize repeated.json
  tencent-cam minimize repeated.json --compact
  tencent-cam minimize repeated.json --as-written";

/// Cuts a policy that is too long for CAM into several that together allow and deny the same
///
/// CAM takes 6,144 characters for each policy of a user, group or role. A policy that fits is returned as it is written. One
/// that is too long is minimized first, and is split if it is still too long.
#[derive(clap::Args, Debug)]
#[command(after_help = SPLIT_EXAMPLES)]
pub(crate) struct SplitArgs {
    /// The policy: a file, or `-` for standard input
    #[arg(value_name = "POLICY")]
    policy: Option<PathBuf>,
    /// Writes part-1.json, part-2.json and so on into this directory
    #[arg(long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const SPLIT_EXAMPLES: &str = "\
Examples:
  tencent-cam split long.json --out parts
  tencent-cam split support.json";

#[derive(Serialize)]
struct Minimized<'a> {
    policy: &'a Policy,
    length_before: usize,
    length: usize,
}

pub(crate) fn run_minimize(args: &MinimizeArgs) -> Outcome {
    let source = input::one_policy(args.policy.as_deref())?;
    let as_written = source.policy.minimized_as_written();
    let policy = if args.as_written { as_written.clone() } else { source.policy.minimized() };
    let reaches = policy != as_written;
    let (length_before, length) = (source.policy.len_for_cam(), policy.len_for_cam());
    match args.format {
        Format::Json => print::json(&Minimized { policy: &policy, length_before, length })?,
        Format::Text if args.compact => print::text(&format!("{}\n", policy.minified()))?,
        Format::Text => print::text(&format!("{policy:#}\n"))?,
    }
    print::note(format_args!("{length_before} characters before, {length} after, as CAM counts them"));
    if reaches {
        print::note(
            "an allow names what a deny of the policy takes away, and would grant it without that deny: --as-written writes no \
             such allow",
        );
    }
    Ok(Exit::Clean)
}

#[derive(Serialize)]
struct Parts<'a> {
    policies: &'a [Policy],
}

pub(crate) fn run_split(args: &SplitArgs) -> Outcome {
    let source = input::one_policy(args.policy.as_deref())?;
    let parts =
        source.policy.split().map_err(|error| Failure::new(format_args!("{}: {error}", source.name)))?;
    let is_same = parts == [source.policy.clone()];
    let texts: Vec<String> = if is_same {
        vec![format!("{}\n", source.text.trim_end())]
    } else {
        parts.iter().map(|part| format!("{part:#}\n")).collect()
    };
    if let Some(directory) = &args.out {
        write(directory, &parts, &texts)?;
    } else if args.format == Format::Text {
        print::text(&texts.join("\n"))?;
    }
    if args.format == Format::Json {
        print::json(&Parts { policies: &parts })?;
    }
    if is_same {
        print::note("the policy fits: it stays as it is");
    } else if let [only] = parts.as_slice() {
        print::note(format_args!(
            "the policy fits when it is minimized: {} characters before, {} after, as CAM counts them",
            source.policy.len_for_cam(),
            only.len_for_cam()
        ));
    }
    Ok(Exit::Clean)
}

fn write(directory: &Path, parts: &[Policy], texts: &[String]) -> Result<(), Failure> {
    // Parts of an earlier run would look like parts of this one.
    let old = (1..).map(|at| directory.join(format!("part-{at}.json"))).take_while(|file| file.exists());
    if let Some(old) = old.last() {
        return Err(Failure::new(format_args!("{} is there already", old.display()))
            .with_help("remove the parts of the earlier run, or give another directory"));
    }
    for (at, (part, text)) in parts.iter().zip(texts).enumerate() {
        let file = directory.join(format!("part-{}.json", at + 1));
        files::write(&file, text)?;
        print::note(format_args!(
            "{}: {} characters, as CAM counts them",
            file.display(),
            part.len_for_cam()
        ));
    }
    Ok(())
}
