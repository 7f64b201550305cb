//! The questions, and their answers as JSON.

use cam_lint::{Kind, Persona, Rule};
use serde::{Deserialize, Serialize};

use crate::compare::Sides;
use crate::decide::Asked;
use crate::details::Details;
use crate::failure::Failure;
use crate::lint::Linted;
use crate::matrix::{Filters, Search};
use crate::refusal::Refused;
use crate::rewrite::One;

/// What can be asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
enum Question {
    /// By what the search can be limited, and how much is known.
    Filters,
    /// Actions by words and facts.
    Search(Search),
    /// The facts of one action.
    Action { action: String },
    /// The documentation of a rule of the linter.
    Rule { rule: String },
    /// The kinds of policies and the personas.
    Choices,
    /// What is wrong with a text.
    Lint(Linted),
    /// The text with every fix that changes no access.
    Fix(Linted),
    /// Whether a request is allowed, and why.
    Explain(Asked),
    /// What changes between two texts.
    Compare(Sides),
    /// The policy in fewer words.
    Minimize(One),
    /// The policy as Rust code.
    Rust(One),
    /// The policy as Terraform configuration.
    Terraform(One),
    /// What an error message of CAM refuses, and the policy that allows it.
    Refusal(Refused),
}

/// Answers a question, in JSON.
pub(crate) fn answer(question: &str) -> String {
    let answer = serde_json::from_str(question)
        .map_err(|error| Failure::new(format_args!("the question is not understood: {error}")))
        .and_then(|question| reply(&question));
    answer.unwrap_or_else(|failure| {
        json(&failure)
            .unwrap_or_else(|_| r#"{"error": "the answer cannot be written as JSON", "help": []}"#.into())
    })
}

fn reply(question: &Question) -> Result<String, Failure> {
    match question {
        Question::Filters => json(&Filters::new()),
        Question::Search(search) => json(&search.run()),
        Question::Action { action } => json(&Details::of(action)?),
        Question::Rule { rule } => json(&RulePage::of(rule)?),
        Question::Choices => json(&Choices::new()),
        Question::Lint(linted) => linted.lint(),
        Question::Fix(linted) => json(&linted.fix()?),
        Question::Explain(asked) => json(&asked.explain()?),
        Question::Compare(sides) => json(&sides.compare()?),
        Question::Minimize(one) => json(&one.minimize()?),
        Question::Rust(one) => json(&one.rust()?),
        Question::Terraform(one) => json(&one.terraform()?),
        Question::Refusal(refused) => json(&refused.read()?),
    }
}

fn json(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(Failure::new)
}

/// The words that a lint takes.
#[derive(Serialize)]
struct Choices {
    kinds: Vec<&'static str>,
    personas: Vec<&'static str>,
}

impl Choices {
    fn new() -> Self {
        Self {
            kinds: Kind::ALL.iter().map(|kind| kind.as_str()).collect(),
            personas: Persona::ALL.iter().map(|persona| persona.as_str()).collect(),
        }
    }
}

/// What a rule reports, and why.
#[derive(Serialize)]
struct RulePage {
    id: &'static str,
    name: &'static str,
    summary: [&'static str; 2],
    why: [&'static str; 2],
}

impl RulePage {
    fn of(id: &str) -> Result<Self, Failure> {
        let rule = cam_lint::rule(id).ok_or_else(|| Failure::new(format_args!("there is no rule `{id}`")))?;
        let Rule { id, name, summary, why, .. } = *rule;
        Ok(Self { id, name, summary: [summary.en, summary.zh], why: [why.en, why.zh] })
    }
}
