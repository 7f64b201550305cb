//! What in a policy can do nothing, as far as a catalog knows.
//!
//! A service that the catalog lacks, and an action that it lacks of a service whose list is not known to be complete, are
//! unknown and get no word.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::catalog::{Action, Catalog, Granularity, Pattern, Service};
use crate::diagnostic::Code;
use crate::policy::{ActionPattern, Element, Policy, ResourcePattern, Statement, Variable};
use crate::text::{Piece, Shortened, globs_overlap, nearest, pieces, split_segments};

/// One thing that can do nothing, and where it stands in the policy.
pub(crate) struct Finding {
    pub(crate) element: Element,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: String,
}

pub(crate) fn findings(policy: &Policy, catalog: &Catalog<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, statement) in policy.statements().iter().enumerate() {
        of_statement(at, statement, catalog, &mut found);
    }
    found
}

fn of_statement(at: usize, statement: &Statement, catalog: &Catalog<'_>, found: &mut Vec<Finding>) {
    let named =
        !statement.resources().is_empty() && !statement.resources().iter().any(ResourcePattern::is_all);
    // The actions that the statement names, as long as the catalog knows them all.
    let mut known: Option<Vec<Action<'_>>> = Some(Vec::new());
    for (number, pattern) in statement.actions().iter().enumerate() {
        let element = Element::Action(at, number);
        let actions = match matched(pattern, catalog) {
            Matched::Known(actions) => actions,
            Matched::Unknown => {
                known = None;
                continue;
            }
            Matched::Nothing(service) => {
                found.push(unknown_action(element, pattern, service));
                known = None;
                continue;
            }
            Matched::OtherCase(action) => {
                found.push(Finding {
                    element,
                    code: Code::WrongCase,
                    message: format!(
                        "the catalog spells the action `{action}`; that CAM tells upper from lower case is assumed"
                    ),
                    help: format!("write `{action}`"),
                });
                known = None;
                continue;
            }
        };
        if named && actions.iter().all(|action| action.granularity() == Granularity::Operation) {
            found.push(Finding {
                element,
                code: Code::OperationLevel,
                message: format!(
                    "`{}` is operation-level: CAM receives `*` for it, which no named resource matches, so the \
                     statement does nothing for it",
                    Shortened(pattern.as_str())
                ),
                help: "if it is meant for every resource, put it into a statement of its own on `*`".into(),
            });
        }
        if let Some(known) = &mut known {
            known.extend(actions);
        }
    }
    let limited = |action: &Action<'_>| action.granularity() == Granularity::Resource;
    if let Some(known) = known.filter(|known| known.iter().any(limited)) {
        // An action of undocumented granularity may take any resource.
        if known.iter().any(|action| action.granularity() == Granularity::Undocumented) {
            return;
        }
        let mut patterns: Vec<&Pattern<'_>> = Vec::new();
        for pattern in known.iter().flat_map(|action| action.patterns()) {
            if patterns.iter().all(|before| before.single != pattern.single) {
                patterns.push(pattern);
            }
        }
        let resources = statement.resources().iter().enumerate();
        found.extend(resources.filter_map(|(number, resource)| {
            unlisted_resource(Element::Resource(at, number), resource, &patterns)
        }));
    }
}

/// What the catalog says to an action pattern.
enum Matched<'c> {
    /// These are all actions that it can match.
    Known(Vec<Action<'c>>),
    /// It may match actions that the catalog lacks.
    Unknown,
    /// The service is listed completely, and it matches none of its actions.
    Nothing(&'c Service<'c>),
    /// It names an action but for upper and lower case.
    OtherCase(Action<'c>),
}

fn matched<'c>(pattern: &ActionPattern, catalog: &Catalog<'c>) -> Matched<'c> {
    let (Some(service), Some(operation)) = (pattern.service(), pattern.operation()) else {
        return Matched::Unknown;
    };
    let is_one = !operation.contains('*');
    if let (true, Some(action)) = (is_one, catalog.action(pattern.as_str())) {
        return Matched::Known(Vec::from([action]));
    }
    if is_one {
        let services = catalog.services.iter().filter(|one| one.id.eq_ignore_ascii_case(service));
        let mut actions = services.flat_map(|service| service.actions());
        if let Some(action) = actions.find(|action| action.name().eq_ignore_ascii_case(operation)) {
            return Matched::OtherCase(action);
        }
    }
    match catalog.service(service) {
        Some(service) if service.complete == Some(true) => {
            let actions: Vec<Action<'c>> = pattern.actions(catalog).collect();
            if actions.is_empty() { Matched::Nothing(service) } else { Matched::Known(actions) }
        }
        _ => Matched::Unknown,
    }
}

fn unknown_action(element: Element, pattern: &ActionPattern, service: &Service<'_>) -> Finding {
    let operation = pattern.operation().unwrap_or_default();
    // Longer names are none of an API, and comparing them costs the product of their lengths.
    let near = match operation.len() {
        ..=100 => nearest(operation, service.actions().map(Action::name)),
        _ => Vec::new(),
    };
    Finding {
        element,
        code: Code::UnknownAction,
        message: format!(
            "`{}` matches no action of `{}`, whose actions the catalog lists completely as of {}",
            Shortened(pattern.as_str()),
            service.id,
            service.source.read
        ),
        help: match near.first() {
            Some(name) => format!("did you mean `{}:{name}`?", service.id),
            None => "look the action up on the page of the service".into(),
        },
    }
}

fn unlisted_resource(
    element: Element,
    resource: &ResourcePattern,
    patterns: &[&Pattern<'_>],
) -> Option<Finding> {
    let wanted = split_segments(resource.as_str())?.map(owned);
    let overlaps = |fold: fn(&str) -> String| {
        patterns.iter().any(|pattern| {
            let Some(listed) = split_segments(pattern.single).map(|segments| segments.map(owned)) else {
                return true;
            };
            (1..6).all(|at| {
                let (wanted, listed) = (fold(&wanted[at]), fold(&listed[at]));
                let is_any = wanted.is_empty() && matches!(at, 2 | 3);
                let (wanted, listed) =
                    if at == 4 { (account(wanted), account(listed)) } else { (wanted, listed) };
                is_any || globs_overlap(&wanted, &listed)
            })
        })
    };
    if overlaps(|text| String::from(text)) {
        return None;
    }
    let forms: Vec<String> = patterns.iter().map(|pattern| format!("`{}`", pattern.single)).collect();
    let (code, message) = if overlaps(str::to_ascii_lowercase) {
        let what = "the resource differs from the catalog in upper and lower case";
        (Code::WrongCase, format!("{what}; that CAM tells them apart is assumed"))
    } else {
        let what = "the catalog lists no such resource for the actions of the statement";
        (Code::UnlistedResource, format!("{what}; that CAM matches no other is assumed"))
    };
    Some(Finding { element, code, message, help: format!("name one that follows {}", forms.join(" or ")) })
}

/// A segment with `*` in the place of what is filled in.
fn owned(segment: &str) -> String {
    let mut text = String::from(segment);
    for variable in Variable::ALL {
        text = text.replace(variable.as_str(), "*");
    }
    let pieces = pieces(&text).unwrap_or_else(|_| Vec::from([(Piece::Literal(&text), 0..text.len())]));
    pieces
        .into_iter()
        .map(|(piece, _)| match piece {
            Piece::Literal(text) => text,
            Piece::Placeholder(_) => "*",
        })
        .collect()
}

/// An account that names nobody is the owner's, whose uin is not known here.
fn account(segment: String) -> String {
    if matches!(segment.as_str(), "" | "uin/") { "uin/*".into() } else { segment }
}
