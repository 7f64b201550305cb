//! What policies allow, in words and as data.

use cam_policy::catalog::Catalog;
use cam_policy::engine::{Grant, PolicySet, Request, StatementId};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use serde::Serialize;

use crate::names;

/// A grant with the names of the policies.
#[derive(Serialize)]
pub(crate) struct Shown {
    pub actions: Vec<ActionPattern>,
    /// What is doubtful about the actions, or is asked of them alone.
    pub notes: Vec<String>,
    pub parts: Vec<Part>,
    pub conditions: Vec<String>,
    pub except: Vec<String>,
    /// The denies of the other side that alone take it away there.
    pub denied: Vec<Denied>,
    pub witness: Witness,
    /// Lists of resources, each of which a request must match.
    #[serde(skip)]
    pub resources: Vec<Vec<ResourcePattern>>,
}

/// A deny of the other side of a comparison.
#[derive(Serialize)]
pub(crate) struct Denied {
    pub statement: String,
    pub resources: Vec<ResourcePattern>,
    pub conditions: Vec<String>,
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.statement)?;
        if !self.conditions.is_empty() {
            write!(f, " if {}", self.conditions.join(" and "))?;
        }
        Ok(())
    }
}

/// A statement and its resources.
#[derive(Serialize)]
pub(crate) struct Part {
    pub statement: String,
    pub resources: Vec<ResourcePattern>,
    /// Whether it is of a policy that the program has made.
    #[serde(skip)]
    pub is_made: bool,
}

/// A request that shows it.
#[derive(Serialize)]
pub(crate) struct Witness {
    pub caller: String,
    pub action: String,
    pub resource: String,
    pub context: Vec<(String, Vec<String>)>,
    /// Whether the name of the action is made up, because none is known.
    pub made_up_action: bool,
    #[serde(skip)]
    text: String,
}

impl Witness {
    /// A request of a grant. `actions` are those of the grant.
    pub(crate) fn of(request: &Request, actions: &[ActionPattern], catalog: &Catalog<'_>) -> Self {
        let context = request
            .context()
            .map(|(key, values)| (key.to_owned(), values.iter().map(|value| value.to_string()).collect()))
            .collect();
        Self {
            caller: request.caller().to_string(),
            action: request.action().into(),
            resource: request.resource().into(),
            context,
            made_up_action: !actions.iter().any(|one| one.as_str() == request.action())
                && !names::is_known(catalog, request.action()),
            text: request.to_string(),
        }
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        if self.made_up_action {
            write!(f, " (no name of such an action is known, so `{}` is made up)", self.action)?;
        }
        Ok(())
    }
}

/// What an answer says that depends on how CAM reads principals.
pub(crate) const IF_STAR_MATCHES: &str = "if CAM matches `*` inside a principal, which is not documented";

/// Whether a statement is one of a policy that the program has made: no policy of a user is without a name.
fn is_made(set: &PolicySet<'_>, id: StatementId) -> bool {
    set.policy_name(id.layer, id.policy) == Some("")
}

/// How many of many actions or resources are named in a line.
const NAMED: usize = 5;

impl Shown {
    /// `other` is the set that does not allow it, if there is one.
    pub(crate) fn new(set: &PolicySet<'_>, other: Option<&PolicySet<'_>>, grant: &Grant) -> Self {
        let part = |part: &cam_policy::engine::GrantPart| Part {
            statement: set.label(part.statement).to_string(),
            resources: part.resources.clone(),
            is_made: is_made(set, part.statement),
        };
        let denied = |part: &cam_policy::engine::GrantPart| Denied {
            statement: other.unwrap_or(set).label(part.statement).to_string(),
            resources: part.resources.clone(),
            conditions: part.conditions.iter().map(|condition| condition.to_string()).collect(),
        };
        let mut notes: Vec<String> = grant.only.iter().map(|only| {
            format!("this is of those actions alone that `{only}` matches too; no single pattern is known for both")
        }).collect();
        let catalog = set.catalog();
        let is_unlisted = |action: &&ActionPattern| !names::is_listed(&catalog, action);
        let unlisted: Vec<&ActionPattern> = grant.actions.iter().filter(is_unlisted).collect();
        notes.extend(unlisted.iter().take(NAMED).filter_map(|action| names::unlisted(&catalog, action)));
        if unlisted.len() > NAMED {
            notes.push(format!("{} more of these actions are not known either", unlisted.len() - NAMED));
        }
        Self {
            actions: grant.actions.clone(),
            notes,
            parts: grant.parts.iter().map(part).collect(),
            conditions: grant.conditions.iter().map(|condition| condition.to_string()).collect(),
            except: grant
                .except
                .iter()
                .filter(|id| !is_made(set, **id))
                .map(|id| set.label(*id).to_string())
                .collect(),
            denied: grant.denied.iter().map(denied).collect(),
            witness: Witness::of(&grant.witness, &grant.actions, &set.catalog()),
            resources: grant.resources(),
        }
    }

    /// The grant in a few lines, each line but the first indented. `provisos` are further conditions, and `who` has it, if that is
    /// to be said; `when` says when the denies of the other side hold.
    pub(crate) fn text(&self, provisos: &[String], who: &[String], when: &str) -> String {
        let resources: Vec<String> = self.resources.iter().map(|one| some(one, "resources")).collect();
        let statements: Vec<&str> = self.parts.iter().map(|part| part.statement.as_str()).collect();
        let mut out = format!("{} on {}\n", some(&self.actions, "actions"), resources.join(" and "));
        let mut line = |word: &str, text: &str| {
            out.push_str("  ");
            out.push_str(word);
            out.push_str(text);
            out.push('\n');
        };
        if !who.is_empty() {
            line("for ", &some(who, "principals"));
        }
        if !statements.is_empty() {
            line("by ", &statements.join(" and "));
        }
        for proviso in provisos {
            line("", proviso);
        }
        if !self.conditions.is_empty() {
            line("if ", &self.conditions.join(" and "));
        }
        if !self.except.is_empty() {
            line("except what is denied by ", &self.except.join(" and "));
        }
        if !self.denied.is_empty() {
            line(when, &some(&self.denied, "statements"));
        }
        line("such as ", &self.witness.to_string());
        for note in &self.notes {
            line("note: ", note);
        }
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
