//! `fmt`: policies in one layout.

use cam_workspace::source::Source;
use cam_workspace::{files, formatted};

use crate::commands::fix::diff;
use crate::exit::{Exit, Outcome};
use crate::files::no_input;
use crate::print;
use crate::project::Chosen;

/// Writes policies in one layout
///
/// It changes whitespace, writes arrays where CAM itself would, writes the names of elements and the effect in lower case,
/// and leaves out the `name/` before an action. What a policy allows and denies stays as it is. It formats policies that are
/// a JSON file of their own; .jsonc files, and policies inside of Terraform, responses and Markdown, stay as they are. A file
/// keeps its line ends, as the first line has them, and loses its byte order mark.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Writes nothing, and ends with exit code 1 if a file has another layout
    #[arg(long)]
    check: bool,
}

const AFTER_HELP: &str = "\
Standard input is written to standard output.

Examples:
  tencent-cam fmt policies/
  tencent-cam fmt --check policies/

Exit codes:
  0  everything is formatted
  1  with --check: a file is not formatted
  2  bad usage, input that cannot be read or written, or no policy in it";

pub(crate) fn run(args: &Args) -> Outcome {
    let mut texts = args.chosen.read()?;
    let (mut policies, mut other) = (0, 0);
    let mut failed = Vec::new();
    for input in &texts.all {
        let source = Source::read(&input.name, &input.text);
        policies += source.policies.len();
        let formatted = match formatted(&input.text, &source) {
            Ok(formatted) => formatted,
            Err(error) => {
                failed.push(format!("{} is not formatted:\n{}", input.name, error.to_string().trim_end()));
                continue;
            }
        };
        if input.named && formatted.is_none() && !source.policies.is_empty() {
            print::note(format_args!(
                "{} stays as it is: only a policy that is a whole file of plain JSON is formatted",
                input.name
            ));
        }
        let is_new = formatted.as_ref().is_some_and(|text| *text != input.text);
        other += usize::from(is_new);
        match (&formatted, &input.file) {
            (Some(text), _) if is_new && args.check => print::text(&diff(&input.name, &input.text, text))?,
            (_, _) if args.check => {}
            (Some(text), Some(file)) if is_new => {
                if let Err(error) = files::write(file, text) {
                    failed.push(format!("cannot write {}: {error}", input.name));
                }
            }
            (_, Some(_)) => {}
            (text, None) => print::text(text.as_ref().unwrap_or(&input.text))?,
        }
    }
    texts.unreadable.extend(failed);
    if let Some(failure) = texts.failure() {
        return Err(failure);
    }
    if policies == 0 && !args.chosen.candidates {
        return Err(no_input("there is no policy in what is given"));
    }
    Ok(if args.check && other > 0 { Exit::Found } else { Exit::Clean })
}
