//! `fix`: mends what can be mended, with proofs.

use std::fmt::Write as _;

use cam_lint::{Access, FixMode, Proof};
use cam_policy::catalog::Catalog;
use cam_workspace::files;
use cam_workspace::fix::{Applied, fix_file};
use cam_workspace::parallel;
use cam_workspace::report::counted;
use similar::TextDiff;

use crate::exit::{Exit, Outcome};
use crate::files::no_input;
use crate::project::{Baselines, Selection};
use crate::{print, progress};

/// Mends findings, and proves that access stays the same
///
/// A fix is made only after it is proved that the policy before and after allow the same. The proof searches each account
/// that they name and one that they do not name, for each kind of caller that they can tell apart. Where the resources of
/// an action are documented, it searches resources of these forms. A fix without that proof is unsafe. `--unsafe` makes
/// it too, and shows what it gives or takes, with a request as a witness.
///
/// Files are replaced as a whole or not at all. Running it again changes nothing.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Also makes the fixes that change access, or may change it
    #[arg(long = "unsafe")]
    also_unsafe: bool,
    /// Shows what would change, and writes nothing
    #[arg(long)]
    dry_run: bool,
}

const AFTER_HELP: &str = "\
Standard input is written to standard output.

Examples:
  tencent-cam fix policies/
  tencent-cam fix --dry-run --persona pedantic mistakes.json
  tencent-cam fix --dry-run --unsafe mistakes.json

Exit codes:
  0  no findings are left
  1  findings are left
  2  bad usage, input that cannot be read or written, or no policy in it";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    let mut project = args.selection.read(catalog, Baselines::Read)?;
    let mode = if args.also_unsafe { FixMode::Unsafe } else { FixMode::Safe };
    let (mut left, mut policies, mut failed) = (0, 0, Vec::new());
    let (mut told, mut text) = (String::new(), None);
    let bar = progress::bar(project.texts.all.len());
    let fixed = parallel::map(&project.texts.all, |input| {
        bar.inc(1);
        fix_file(&input.name, &input.path, &input.text, &project.settings(input), mode)
    });
    for (input, fixed) in project.texts.all.iter().zip(fixed) {
        policies += fixed.report.policies.len();
        left += fixed.report.findings.len();
        // Nothing is told as fixed before it is written.
        if let Some(file) = input.file.as_ref().filter(|_| !args.dry_run && fixed.text != input.text)
            && let Err(error) = files::write(file, &fixed.text)
        {
            failed.push(format!("cannot write {}: {error}", input.name));
            continue;
        }
        for one in &fixed.applied {
            tell(&mut told, &input.name, one, if args.dry_run { "would fix" } else { "fixed" });
        }
        if mode == FixMode::Safe {
            for one in &fixed.left {
                tell(&mut told, &input.name, one, "not fixed, needs --unsafe");
            }
        }
        if args.dry_run {
            told.push_str(&diff(&input.name, &input.text, &fixed.text));
        } else if input.file.is_none() {
            text = Some(fixed.text);
        }
    }
    bar.finish_and_clear();
    // The fixed text of standard input goes where others expect it.
    match text {
        Some(text) => {
            print::error(&told);
            print::text(&text)?;
        }
        None => print::text(&told)?,
    }
    project.texts.unreadable.extend(failed);
    if let Some(failure) = project.texts.failure() {
        return Err(failure);
    }
    if policies == 0 && !args.selection.chosen.candidates {
        return Err(no_input("there is no policy in what is given"));
    }
    if left == 0 {
        return Ok(Exit::Clean);
    }
    let (findings, are) = (counted(left, "finding"), if left == 1 { "is" } else { "are" });
    print::note(format_args!("{findings} {are} left, which `tencent-cam lint` shows"));
    Ok(Exit::Found)
}

/// Says what was done, and whether it is proved.
fn tell(out: &mut String, name: &str, applied: &Applied, done: &str) {
    let Applied { rule, position, title, proof, .. } = applied;
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{name}:{position}: {rule}: {done}: {title}\n  ");
    let _ = match proof {
        Proof::Same => writeln!(out, "proved: access stays the same"),
        Proof::Unproven(why) => writeln!(out, "not proved: {why}"),
        Proof::Differs { .. } => writeln!(out, "changes access"),
    };
    if let Proof::Differs { gives, takes } = proof {
        for (verb, all) in [("gives", gives), ("takes", takes)] {
            for Access { what, witness } in all {
                let assumed = match (verb, rule.id) {
                    ("takes", "CAM107") => " (no request has this spelling, if CAM compares names exactly)",
                    _ => "",
                };
                let _ = writeln!(out, "  {verb} {what}{assumed}\n    for example {witness}");
            }
        }
    }
}

pub(super) fn diff(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().header(name, name).to_string()
}
