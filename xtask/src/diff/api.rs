//! The names of the generated API.

use cam_policy::catalog::{Action, Granularity, Placeholder, PlaceholderKind, Service};
use cam_policy::text::{Piece, pieces};

use super::rules::sentence;

/// Returns the module of a service.
fn module(service: &Service<'_>) -> String {
    tencent_cam_codegen::module(service.id)
}

/// Returns the type of a pattern. Names of patterns are snake case.
fn camel(name: &str) -> String {
    name.split('_').map(sentence).collect()
}

/// Returns the enum of the actions that have this granularity and can be limited to these patterns.
pub(super) fn enum_name(granularity: Granularity, patterns: &[&str]) -> String {
    match granularity {
        Granularity::Resource if patterns.is_empty() => "UntypedAction".to_owned(),
        Granularity::Resource => tencent_cam_codegen::resource_set(patterns) + "Action",
        Granularity::Undocumented => "UndocumentedAction".to_owned(),
        _ => "OperationAction".to_owned(),
    }
}

/// Returns the path of the type of a pattern.
pub(super) fn resource(service: &Service<'_>, pattern: &str) -> String {
    format!("{}::{}", module(service), camel(pattern))
}

/// Returns the path of an action in the generated API; only the path of the enum if the variant has another spelling.
pub(super) fn place(action: Action<'_>) -> String {
    let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.name).collect();
    let home = format!("{}::{}", module(action.service()), enum_name(action.granularity(), &patterns));
    let name = action.name();
    if name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_') {
        format!("{home}::{name}")
    } else {
        home
    }
}

/// The parts of a form of a pattern.
pub(super) struct Form<'p> {
    /// The texts around the placeholders.
    pub(super) literals: Vec<&'p str>,
    /// The placeholders.
    pub(super) names: Vec<&'p str>,
    /// The types of the constructor's parameters, in order: the account first.
    pub(super) parameters: Vec<&'static str>,
}

impl<'p> Form<'p> {
    pub(super) fn of(text: &'p str, placeholders: &[Placeholder<'_>]) -> Self {
        let (mut literals, mut names) = (vec![""], Vec::new());
        for (piece, _) in pieces(text).unwrap_or_default() {
            match piece {
                Piece::Literal(text) => literals[names.len()] = text,
                Piece::Placeholder(name) => {
                    names.push(name);
                    literals.push("");
                }
            }
        }
        let mut sorted = names.clone();
        sorted.sort_by_key(|name| *name != "uin");
        let parameters = sorted.iter().map(|name| parameter(name, placeholders)).collect();
        Self { literals, names, parameters }
    }

    pub(super) fn list(&self) -> String {
        self.parameters.join(", ")
    }
}

fn parameter(name: &str, placeholders: &[Placeholder<'_>]) -> &'static str {
    let kind = placeholders.iter().find(|known| known.name == name).map(|found| found.kind);
    match (name, kind) {
        ("uin", _) | (_, Some(PlaceholderKind::SubAccount)) => "Uin",
        ("region", _) => "Region",
        (_, Some(PlaceholderKind::Number | PlaceholderKind::AppId)) => "u64",
        _ => "&str",
    }
}
