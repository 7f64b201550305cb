//! What policies allow, in words and as data.

use cam_policy::engine::{Grant, PolicySet, Request};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use serde::Serialize;

/// A grant with the names of the policies.
#[derive(Serialize)]
pub(crate) struct Shown {
    pub actions: Vec<ActionPattern>,
    pub parts: Vec<Part>,
    pub conditions: Vec<String>,
    pub except: Vec<String>,
    pub witness: Witness,
}

/// A statement and its resources.
#[derive(Serialize)]
pub(crate) struct Part {
    pub statement: String,
    pub resources: Vec<ResourcePattern>,
}

/// A request that shows it.
#[derive(Serialize)]
pub(crate) struct Witness {
    pub caller: String,
    pub action: String,
    pub resource: String,
    pub context: Vec<(String, Vec<String>)>,
    #[serde(skip)]
    text: String,
}

impl From<&Request> for Witness {
    fn from(request: &Request) -> Self {
        let context = request
            .context()
            .map(|(key, values)| (key.to_owned(), values.iter().map(|value| value.to_string()).collect()))
            .collect();
        Self {
            caller: request.caller().to_string(),
            action: request.action().into(),
            resource: request.resource().into(),
            context,
            text: request.to_string(),
        }
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// How many of many actions or resources are named in a line.
const NAMED: usize = 5;

impl Shown {
    pub(crate) fn new(set: &PolicySet<'_>, grant: &Grant) -> Self {
        let part = |part: &cam_policy::engine::GrantPart| Part {
            statement: set.label(part.statement).to_string(),
            resources: part.resources.clone(),
        };
        Self {
            actions: grant.actions.clone(),
            parts: grant.parts.iter().map(part).collect(),
            conditions: grant.conditions.iter().map(|condition| condition.to_string()).collect(),
            except: grant.except.iter().map(|id| set.label(*id).to_string()).collect(),
            witness: Witness::from(&grant.witness),
        }
    }

    /// The grant in a few lines, each line but the first indented.
    pub(crate) fn text(&self) -> String {
        let resources: Vec<String> =
            self.parts.iter().map(|part| some(&part.resources, "resources")).collect();
        let statements: Vec<&str> = self.parts.iter().map(|part| part.statement.as_str()).collect();
        let mut out = format!("{} on {}\n", some(&self.actions, "actions"), resources.join(" and "));
        let mut line = |word: &str, text: &str| {
            out.push_str("  ");
            out.push_str(word);
            out.push_str(text);
            out.push('\n');
        };
        line("by ", &statements.join(" and "));
        if !self.conditions.is_empty() {
            line("if ", &self.conditions.join(" and "));
        }
        if !self.except.is_empty() {
            line("except what is denied by ", &self.except.join(" and "));
        }
        line("such as ", &self.witness.text);
        out
    }
}

/// A few of many.
fn some<T: std::fmt::Display>(items: &[T], what: &str) -> String {
    let texts: Vec<String> = items.iter().take(NAMED).map(|item| item.to_string()).collect();
    match items {
        [one] => one.to_string(),
        _ if items.len() <= NAMED => texts.join(", "),
        _ => format!("{}, … ({} {what})", texts.join(", "), items.len()),
    }
}
