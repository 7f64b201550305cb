//! Findings and fixes.

use cam_lint::{FixMode, Kind, LintOptions, Persona, Proof};
use cam_policy::text::Position;
use cam_workspace::config::Config;
use cam_workspace::fix::{Applied, fix_file};
use cam_workspace::lint::{Settings, lint_file};
use cam_workspace::report::{Reported, to_json};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tencent_cam::CATALOG;
use tencent_cam::names::{self, Name, NameList};

use crate::failure::Failure;

/// A text that is linted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Linted {
    /// The name of the file, which tells its format; `policy` leaves that to the text.
    #[serde(default = "policy")]
    name: String,
    text: String,
    /// The kind of its policies: `identity`, `trust`, … Without it, their elements tell.
    kind: Option<String>,
    /// Who wants to see findings: `regular`, `pedantic` or `auditor`.
    persona: Option<String>,
    /// The day, for suppressions that expire: `2026-11-27`.
    today: String,
}

fn policy() -> String {
    "policy".into()
}

/// What fixing did to a text.
#[derive(Debug, Serialize)]
pub(crate) struct Fixed {
    text: String,
    applied: Vec<FixLine>,
    /// The fixes that may change access, so that nobody made them.
    left: Vec<FixLine>,
}

#[derive(Debug, Serialize)]
struct FixLine {
    rule: &'static str,
    position: Position,
    title: String,
    /// `same`, `differs` or `unproven`.
    access: &'static str,
}

impl From<Applied> for FixLine {
    fn from(applied: Applied) -> Self {
        Self {
            rule: applied.rule.id,
            position: applied.position,
            title: applied.title,
            access: match applied.proof {
                Proof::Same => "same",
                Proof::Differs { .. } => "differs",
                Proof::Unproven(_) => "unproven",
            },
        }
    }
}

impl Linted {
    /// Returns the findings in the form of `tencent-cam lint --format json`.
    pub(crate) fn lint(&self) -> Result<String, Failure> {
        let config = Config::default();
        let settings = self.settings(&config)?;
        let report = lint_file(&self.name, &self.name, &self.text, &settings);
        let reported = Reported { report, uri: self.name.clone(), settings };
        to_json(&[reported], CATALOG.version).map_err(Failure::new)
    }

    /// Makes every fix that is proved to change no access.
    pub(crate) fn fix(&self) -> Result<Fixed, Failure> {
        let config = Config::default();
        let settings = self.settings(&config)?;
        let fixed = fix_file(&self.name, &self.name, &self.text, &settings, FixMode::Safe);
        Ok(Fixed {
            text: fixed.text,
            applied: fixed.applied.into_iter().map(FixLine::from).collect(),
            left: fixed.left.into_iter().map(FixLine::from).collect(),
        })
    }

    fn settings<'c>(&self, config: &'c Config) -> Result<Settings<'c>, Failure> {
        let mut options = LintOptions::new(*CATALOG).names(names::matches, names_of).services(services);
        if let Some(persona) = &self.persona {
            options = options.persona(word(persona, "persona", Persona::from_word)?);
        }
        let kind =
            self.kind.as_ref().map(|kind| word(kind, "kind of policy", Kind::from_word)).transpose()?;
        let today: Date = self.today.parse().map_err(Failure::new)?;
        Ok(Settings { options, kind, config, baseline: None, today })
    }
}

fn word<T>(word: &str, what: &str, find: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    find(word).ok_or_else(|| Failure::new(format_args!("`{word}` is no {what}")))
}

fn services() -> Vec<&'static str> {
    names::services().iter().map(NameList::service).collect()
}

fn names_of(service: &str) -> Vec<&'static str> {
    names::service(service).map_or_else(Vec::new, |list| list.names().iter().map(Name::as_str).collect())
}
