//! `rule`: what a rule of the linter is.

use std::fmt::Write as _;

use cam_lint::{Basis, FixSafety, Rule, nearest_rules};
use cam_policy::text::quoted;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::names;
use crate::print::{self, Format};

/// Explains a rule of the linter, or lists all rules
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The id or the name of the rule; without it, all rules are listed
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t)]
    language: Language,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// English
    #[default]
    En,
    /// Chinese
    Zh,
}

const AFTER_HELP: &str = "\
Examples:
  tencent-cam rule
  tencent-cam rule CAM101
  tencent-cam rule operation-level-allow --language zh";

pub(crate) fn run(args: &Args) -> Outcome {
    let Some(name) = &args.rule else { return list(args) };
    let Some(rule) = cam_lint::rule(name) else {
        let near: Vec<String> = nearest_rules(name).iter().map(|rule| rule.to_string()).collect();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let failure = Failure::new(format_args!("there is no rule {}", quoted(name)));
        return Err(if near.is_empty() {
            failure.with_help("`tencent-cam rule` lists all rules")
        } else {
            failure.with_help(format_args!("near it are {}", names::list(&near)))
        });
    };
    match args.format {
        Format::Json => print::json(&Facts::of(rule))?,
        Format::Text => print::text(&page(rule, args.language))?,
    }
    Ok(Exit::Clean)
}

fn list(args: &Args) -> Outcome {
    #[derive(Serialize)]
    struct All {
        rules: Vec<Facts>,
    }
    match args.format {
        Format::Json => {
            print::json(&All { rules: cam_lint::rules().iter().map(|rule| Facts::of(rule)).collect() })?;
        }
        Format::Text => {
            let mut out = String::new();
            let width = cam_lint::rules().iter().map(|rule| rule.name.len()).max().unwrap_or_default();
            for rule in cam_lint::rules() {
                let summary = if args.language == Language::Zh { rule.summary.zh } else { rule.summary.en };
                let (id, name, severity, persona) =
                    (rule.id, rule.name, rule.severity.as_str(), rule.persona.as_str());
                let _ = writeln!(out, "{id}  {name:<width$}  {severity:<7}  {persona:<8}  {summary}");
            }
            print::text(&out)?;
        }
    }
    Ok(Exit::Clean)
}

fn page(rule: &Rule, language: Language) -> String {
    let zh = language == Language::Zh;
    let (summary, why) = if zh { (rule.summary.zh, rule.why.zh) } else { (rule.summary.en, rule.why.en) };
    let mut out = format!("{rule}\n\n{summary}\n\n{why}\n\n");
    // Writing to a `String` cannot fail.
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<12} {value}");
    };
    line("severity", rule.severity.as_str());
    line("confidence", rule.confidence.as_str());
    line("persona", rule.persona.as_str());
    line("CAM's code", rule.cam_code.unwrap_or("none: CAM takes the policy, or documents no code"));
    match rule.basis {
        Basis::Documented(url) => line("documented", url),
        Basis::Assumption(what) => line("assumption", what.en),
    }
    line(
        "fix",
        match rule.fix {
            FixSafety::None => "none",
            FixSafety::Safe => "safe: proved to change no access",
            FixSafety::Unsafe => "unsafe: it changes access, or that it does not cannot be proved",
            FixSafety::Either => "safe where the proof succeeds, otherwise unsafe",
        },
    );
    line("suppressible", if rule.suppressible { "yes" } else { "no" });
    for (what, example) in [("Reported", rule.bad), ("Right", rule.good)] {
        if !example.is_empty() {
            let _ = write!(out, "\n{what}:\n\n{}\n", example.trim());
        }
    }
    out
}

#[derive(Serialize)]
struct Facts {
    id: &'static str,
    name: &'static str,
    severity: &'static str,
    confidence: &'static str,
    persona: &'static str,
    family: &'static str,
    summary: Texts,
    why: Texts,
    bad: &'static str,
    good: &'static str,
    kind: &'static str,
    cam_code: Option<&'static str>,
    documented: Option<&'static str>,
    assumption: Option<&'static str>,
    fix: &'static str,
    suppressible: bool,
}

#[derive(Serialize)]
struct Texts {
    en: &'static str,
    zh: &'static str,
}

impl Facts {
    fn of(rule: &Rule) -> Self {
        let (documented, assumption) = match rule.basis {
            Basis::Documented(url) => (Some(url), None),
            Basis::Assumption(what) => (None, Some(what.en)),
        };
        Self {
            id: rule.id,
            name: rule.name,
            severity: rule.severity.as_str(),
            confidence: rule.confidence.as_str(),
            persona: rule.persona.as_str(),
            family: rule.family().as_str(),
            summary: Texts { en: rule.summary.en, zh: rule.summary.zh },
            why: Texts { en: rule.why.en, zh: rule.why.zh },
            bad: rule.bad,
            good: rule.good,
            kind: rule.kind.as_str(),
            cam_code: rule.cam_code,
            documented,
            assumption,
            fix: rule.fix.as_str(),
            suppressible: rule.suppressible,
        }
    }
}
