//! `lint`: what is wrong with policies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cam_policy::catalog::Catalog;
use cam_workspace::baseline::{Baseline, Known};
use cam_workspace::configured::{Configured, Place};
use cam_workspace::lint::{Coverage, FileReport, Settings, lint_config, lint_file};
use cam_workspace::report::{Reported, Summary, counted};
use cam_workspace::{config, files, parallel};
use jiff::civil::Date;

use crate::exit::{Exit, Failure, Outcome};
use crate::files::{STDIN, no_input};
use crate::output::{self, Form};
use crate::project::{Baselines, Project, Selection, read_baseline};
use crate::texts::{Input, name, read_config};
use crate::{print, progress};

/// Reports what is wrong with policies
///
/// It finds the policies in JSON, JSONC, Terraform (heredocs, `jsonencode`, plans), Markdown, responses of the API and
/// escaped or URL-encoded strings, and points to the place in the file.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Ends with exit code 0 although there are findings
    #[arg(long)]
    exit_zero: bool,
    /// Writes all findings to the baseline, which makes them known: only new ones count from then on
    ///
    /// The baseline keeps what it has of files that this run does not lint. It never has a finding for which a policy
    /// cannot be read: such a policy is not clean before it is mended.
    #[arg(long, conflicts_with = "format")]
    baseline_write: bool,
    /// Shows which configuration counts for a file, and why
    #[arg(long, value_name = "FILE", exclusive = true)]
    show_config: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Suppress a finding in a comment of Terraform, JSONC or Markdown, for the line, statement or policy that begins in the next
line:
  # tencent-cam: ignore CAM101 the console needs it
  # tencent-cam: ignore CAM101, CAM302 until 2027-01-01 goes away with the old console
A policy in plain JSON can have no comments. For it, and for whole folders, write into tencent-cam.toml:
  [[ignore]]
  file = \"policies/old.json\"
  pointer = \"/statement/0\"
  rule = \"CAM101\"
  reason = \"the console needs it\"
  expires = 2027-01-01
The configuration of a file is the nearest tencent-cam.toml above it, up to the root of the repository. Its `kind`, `exclude`
and `catalog` count for every command that reads policies. All its keys:
  https://github.com/tencent-cam/tencent-cam/blob/main/docs/configuration.md

Examples:
  tencent-cam lint policies/
  tencent-cam lint main.tf
  tencent-cam lint --persona auditor --kind trust trust.json
  tencent-cam lint --format sarif . >tencent-cam.sarif
  tencent-cam lint - <wrapped.json
  tencent-cam lint --show-config policies/reader.json

Exit codes:
  0  no findings
  1  findings
  2  bad usage, input that cannot be read, or no policy in it";

/// The name of the baseline, where nothing says another.
const BASELINE: &str = "tencent-cam.baseline.json";

pub(crate) fn run(args: &Args, catalog: &Catalog<'static>) -> Outcome {
    if let Some(file) = &args.show_config {
        return show_config(file, args.selection.today());
    }
    let baselines = if args.baseline_write { Baselines::Skip } else { Baselines::Read };
    let project = args.selection.read(catalog, baselines)?;
    if args.baseline_write {
        return write_baselines(&project, args.selection.baseline.is_some());
    }
    let reports = reports(&project);
    let is_empty = reports.iter().all(|one| one.report.policies.is_empty() && one.report.findings.is_empty());
    // A program gets a report without findings; people get the error alone.
    if !is_empty || args.format != Form::Terminal {
        print::text(&output::render(args.format, &reports, catalog.version)?)?;
    }
    if is_empty && (!args.selection.chosen.candidates || project.texts.failure().is_some()) {
        return Err(nothing(&project, &reports));
    }
    tell_of_files_without_policies(&project, &reports);
    tell_of_baselines(&project, &reports);
    if let Some(failure) = project.texts.failure() {
        return Err(failure);
    }
    let found = Summary::of(&reports).findings() > 0;
    Ok(if found && !args.exit_zero { Exit::Found } else { Exit::Clean })
}

/// Lints all files.
fn linted(project: &Project) -> Vec<(&Input, FileReport, Settings<'_>)> {
    let bar = progress::bar(project.texts.all.len());
    let linted = parallel::map(&project.texts.all, |input| {
        bar.inc(1);
        let settings = project.settings(input);
        (input, lint_file(&input.name, &input.path, &input.text, &settings), settings)
    });
    bar.finish_and_clear();
    linted
}

/// Lints all files, and then the configurations.
fn reports(project: &Project) -> Vec<Reported<'_>> {
    let mut reports = Vec::new();
    let mut coverage: BTreeMap<usize, Coverage> = BTreeMap::new();
    for (input, report, settings) in linted(project) {
        let covered = coverage.entry(input.configured).or_default();
        covered.used.extend(&report.used);
        covered.linted.insert(input.path.clone());
        reports.push(Reported { report, uri: input.uri.clone(), settings });
    }
    for (number, mut covered) in coverage {
        let configured = &project.texts.configured[number];
        let input = project.texts.all.iter().find(|input| input.configured == number);
        let (Some(file), Some(input)) = (&configured.place.file, input) else { continue };
        covered.all = project.has_all_of(configured);
        let settings = project.settings(input);
        let report = lint_config(&name(file), &configured.text, &settings, &covered);
        if !report.findings.is_empty() {
            let root = files::repository(file).unwrap_or_else(|| PathBuf::from("."));
            let uri = files::relative(file, &root).unwrap_or_else(|| config::FILE_NAME.into());
            reports.push(Reported { report, uri, settings });
        }
    }
    reports
}

fn nothing(project: &Project, reports: &[Reported<'_>]) -> Failure {
    if let Some(failure) = project.texts.failure() {
        return failure;
    }
    let unchecked =
        reports.iter().flat_map(|one| one.report.unchecked.iter().map(|what| (&one.report.name, what)));
    let mut failure = match &project.texts.all[..] {
        [] => no_input("the directories hold no JSON, Terraform or Markdown file"),
        [one] if one.name == STDIN => no_input("there is no policy in standard input"),
        [one] => no_input(&format!("there is no policy in {}", one.name)),
        _ => no_input("there is no policy in what is given"),
    };
    for (name, what) in unchecked {
        failure = failure.with_help(format_args!("{name}: not checked: {}", what.reason));
    }
    failure
}

fn tell_of_files_without_policies(project: &Project, reports: &[Reported<'_>]) {
    for (input, one) in project.texts.all.iter().zip(reports) {
        if input.named && one.report.policies.is_empty() && one.report.findings.is_empty() {
            print::note(format_args!("there is no policy in {}", input.name));
        }
    }
}

/// Says how many entries of the baselines are of no use any more: their files were linted, or are gone, and no finding
/// is the one that they know.
fn tell_of_baselines(project: &Project, reports: &[Reported<'_>]) {
    let mut by_file: BTreeMap<PathBuf, BTreeSet<usize>> = BTreeMap::new();
    for (number, configured) in project.texts.configured.iter().enumerate() {
        if let Some(file) = project.baseline_file(configured) {
            by_file.entry(file).or_default().insert(number);
        }
    }
    for (file, of) in by_file {
        let Some(baseline) = of.first().and_then(|number| project.known(*number)) else { continue };
        let linted =
            || project.texts.all.iter().zip(reports).filter(|(text, _)| of.contains(&text.configured));
        let found = linted().flat_map(|(_, one)| &one.report.for_baseline);
        let found: BTreeSet<&str> = found.map(|(fingerprint, _)| fingerprint.as_str()).collect();
        // Nobody looked for the findings of a rule that this run does not have.
        let is_looked_for = |known: &Known| {
            let rule = cam_lint::rule(&known.rule);
            let mut of_file = linted().filter(|(text, _)| text.path == known.file);
            of_file.any(|(_, one)| rule.is_none_or(|rule| one.settings.options.wants(rule)))
        };
        let is_stale =
            |(fingerprint, known): &(&str, &Known)| !found.contains(fingerprint) && is_looked_for(known);
        let stale = baseline.entries().filter(is_stale).count();
        if stale > 0 {
            let (entries, verb) = (counted(stale, "entry"), if stale == 1 { "knows" } else { "know" });
            print::note(format_args!(
                "{entries} of {} {verb} findings that are gone: `--baseline-write` drops them",
                name(&file)
            ));
        }
    }
}

/// What a run writes to a baseline.
struct Rewritten<'p> {
    known: Vec<(String, Known)>,
    /// The files that were linted.
    linted: BTreeSet<&'p str>,
    configured: &'p Configured,
}

/// Writes the findings of the files that were linted, and keeps those of all other files. `is_shared`: files of other
/// configurations may be in the baseline, too.
fn write_baselines(project: &Project, is_shared: bool) -> Outcome {
    let mut by_file: BTreeMap<PathBuf, Rewritten<'_>> = BTreeMap::new();
    let mut firm = 0;
    for (input, report, _) in linted(project) {
        let configured = &project.texts.configured[input.configured];
        let file =
            project.baseline_file(configured).unwrap_or_else(|| configured.place.folder.join(BASELINE));
        let rewritten = by_file.entry(file).or_insert_with(|| Rewritten {
            known: Vec::new(),
            linted: BTreeSet::new(),
            configured,
        });
        firm += report.findings.iter().filter(|found| found.is_firm()).count();
        rewritten.known.extend(report.for_baseline);
        rewritten.linted.insert(&input.path);
    }
    if let Some(failure) = project.texts.failure() {
        return Err(failure);
    }
    if by_file.is_empty() {
        return Err(no_input("there is nothing to write a baseline for"));
    }
    for (file, Rewritten { known, linted, configured }) in by_file {
        let mut baseline = Baseline::new(known);
        if file.is_file() {
            let is_gone = |path: &str| !is_shared && !configured.place.folder.join(path).exists();
            let older = read_baseline(&file)?;
            baseline = baseline.merged(&older, |path| linted.contains(path) || is_gone(path));
        }
        let count = baseline.len();
        let shown = name(&file);
        files::write(&file, &baseline.to_string())
            .map_err(|error| Failure::new(format_args!("cannot write {shown}: {error}")))?;
        let (number, are) = (counted(count, "finding"), if count == 1 { "is" } else { "are" });
        print::note(format_args!("{number} {are} in {shown}"));
        if project.baseline_file(configured).is_none() {
            let line = format!("baseline = \"{BASELINE}\"");
            print::note(format_args!("it counts once {} has `{line}`", config::FILE_NAME));
        }
    }
    if firm > 0 {
        let number = counted(firm, "finding");
        print::note(format_args!(
            "{number} cannot be in a baseline: `lint` reports such a finding until it is mended"
        ));
    }
    Ok(Exit::Clean)
}

fn show_config(file: &Path, today: Date) -> Outcome {
    let found = files::config_of(file);
    let asked = file.display();
    let Some(found) = found else {
        let root = files::repository(file);
        let until = root.map_or("the root of the file system".into(), |root| name(&root.join(".git")));
        print::text(&format!(
            "no {} counts for {asked}: there is none in its folder or in one above it, up to {until}\n",
            config::FILE_NAME
        ))?;
        return Ok(Exit::Clean);
    };
    let Configured { config: read, place, .. } = read_config(Place::of(file, Some(&found)))?;
    let path = files::relative(file, &place.folder).unwrap_or_default();
    let mut out = format!("{} counts for {asked}: it is the nearest one above the file\n", name(&found));
    let mut line = |what: &str, value: String, why: &str| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{what:<15} {value}{why}");
    };
    let by_default = |stated: bool| if stated { "" } else { " (by default)" };
    line(
        "persona",
        read.persona.map_or("regular".into(), |one| one.to_string()),
        by_default(read.persona.is_some()),
    );
    let confidence = read.min_confidence;
    line(
        "min-confidence",
        confidence.map_or("low".into(), |one| one.to_string()),
        by_default(confidence.is_some()),
    );
    match read.kinds.iter().rev().find(|(files, _)| files.matches(&path)) {
        Some((files, kind)) => line("kind", kind.to_string(), &format!(" (`{}` matches)", files.pattern)),
        None => line("kind", "inferred".into(), " (no entry of `kind` matches)"),
    }
    line("baseline", read.baseline.clone().unwrap_or_else(|| "none".into()), "");
    for catalog in &read.catalogs {
        line("catalog", catalog.clone(), "");
    }
    let excluded = read.exclude.iter().find(|files| files.matches(&path));
    match excluded {
        Some(files) => {
            line("excluded", "yes".into(), &format!(" (`{}` matches), unless it is named", files.pattern));
        }
        None => line("excluded", "no".into(), ""),
    }
    for ignore in read.ignores.iter().filter(|ignore| ignore.files.matches(&path)) {
        let place = ignore.pointer.as_ref().map_or(String::new(), |pointer| format!(" at {pointer}"));
        let until = match ignore.expires {
            Some(day) if day <= today => format!(", expired on {day}"),
            Some(day) => format!(", until {day}"),
            None => String::new(),
        };
        line("ignored", format!("{}{place}: {}{until}", ignore.rule, ignore.reason), "");
    }
    print::text(&out)?;
    Ok(Exit::Clean)
}
