//! The rules by which patterns match a request, stated once; conditions have their own rules.

use super::matching::{TextRule, Variables};
use super::request::Request;
use crate::catalog::Action;
use crate::policy::{ActionPattern, ResourcePattern};
use crate::text::split_segments;

/// A request in the form that a policy set compares: the resource normalized, the account filled in.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    /// The action as the catalog knows it.
    pub(super) known: Option<Action<'a>>,
    pub(super) resource: &'a str,
    /// Where the last segment begins; 0 for `*`.
    pub(super) last: usize,
    /// The last segment in the other spelling that COS has for it.
    pub(super) respelt: Option<&'a str>,
    pub(super) owner: Owner<'a>,
    pub(super) variables: Variables<'a>,
}

impl<'a> Asked<'a> {
    /// Returns the segments; `None` for `*`.
    pub(super) fn segments(&self) -> Option<[&'a str; 6]> {
        if self.last == 0 { None } else { split_segments(self.resource) }
    }

    /// Returns the last segment; `None` for `*`.
    pub(super) fn last(&self) -> Option<&'a str> {
        if self.last == 0 { None } else { Some(&self.resource[self.last..]) }
    }
}

/// The account of the policies, in the forms that account segments use.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The uin.
    pub(super) uin: &'a str,
    /// The APPID that COS uses, if it is known.
    pub(super) app_id: Option<&'a str>,
}

/// The forms of the account of the policies that something matches.
#[derive(Clone, Copy, Default)]
pub(super) struct OwnerForms {
    pub(super) uin: bool,
    pub(super) app_id: bool,
}

impl OwnerForms {
    /// Whether it matches the account in some form. Then it also matches the account of a request that names nobody.
    pub(super) fn any(self) -> bool {
        self.uin || self.app_id
    }
}

impl Owner<'_> {
    /// The forms of the account that something matches.
    pub(super) fn forms(&self, matches: impl Fn(&str) -> bool) -> OwnerForms {
        OwnerForms { uin: matches(self.uin), app_id: self.app_id.is_some_and(matches) }
    }
}

/// Whether an account segment names nobody, which means the owner.
pub(super) fn names_nobody(account: &str) -> bool {
    matches!(account, "" | "uin/")
}

/// Finds the first segment of `pattern` that does not match the request; `Err(None)` if only `*` would match.
pub(super) fn resource_matches(pattern: &ResourcePattern, asked: &Asked<'_>) -> Result<(), Option<usize>> {
    if pattern.is_all() {
        return Ok(());
    }
    let (Some(wanted), Some(found)) = (split_segments(pattern.as_str()), asked.segments()) else {
        return Err(None);
    };
    match (1..6).find(|at| !segment_matches(*at, wanted, found, asked)) {
        None => Ok(()),
        at => Err(at),
    }
}

/// Whether `pattern` matches the request.
pub(super) fn resource_fits(pattern: &ResourcePattern, asked: &Asked<'_>) -> bool {
    if pattern.is_all() {
        return true;
    }
    let Some(last) = asked.last() else { return false };
    // Most patterns have the same segments before the last as the request; then only the last one is compared.
    if let Some(wanted) = pattern.as_str().strip_prefix(&asked.resource[..asked.last]) {
        return last_matches(wanted, last, asked);
    }
    let (Some(wanted), Some(found)) = (split_segments(pattern.as_str()), asked.segments()) else {
        return false;
    };
    // The last segment tells most resources apart.
    [5, 4, 3, 2, 1].into_iter().all(|at| segment_matches(at, wanted, found, asked))
}

fn segment_matches(at: usize, wanted: [&str; 6], found: [&str; 6], asked: &Asked<'_>) -> bool {
    let rule = segment_rule(at, wanted[at], asked.owner);
    let holds = |text: &str| rule.holds(text, asked.variables);
    match (at, found[at]) {
        (ACCOUNT, nobody) if names_nobody(nobody) => asked.owner.forms(holds).any(),
        (LAST, last) => last_matches(wanted[LAST], last, asked),
        (_, found) => holds(found),
    }
}

/// Whether the last segment of a pattern matches that of the request, in one of its spellings.
fn last_matches(wanted: &str, found: &str, asked: &Asked<'_>) -> bool {
    let rule = segment_rule(LAST, wanted, asked.owner);
    rule.holds(found, asked.variables)
        || asked.respelt.is_some_and(|respelt| rule.holds(respelt, asked.variables))
}

const PROJECT: usize = 1;
pub(super) const ACCOUNT: usize = 4;
const LAST: usize = 5;

/// Returns the rule for segment number `at` of a request, for a resource pattern that has `wanted` there.
///
/// An empty project, service or region matches every one. An account that names nobody matches the owner's, by uin and
/// by APPID. Only the last segment can have variables.
pub(super) fn segment_rule<'p>(at: usize, wanted: &'p str, owner: Owner<'p>) -> TextRule<'p> {
    match at {
        PROJECT | 2 | 3 if wanted.is_empty() => TextRule::Any,
        PROJECT if wanted.contains('*') => TextRule::Glob(wanted),
        0 | PROJECT => TextRule::Literal(wanted),
        2 | 3 => TextRule::glob(wanted),
        ACCOUNT if names_nobody(wanted) => match owner.app_id {
            Some(app_id) => TextRule::OneOf(owner.uin, app_id),
            None => TextRule::Literal(owner.uin),
        },
        ACCOUNT => TextRule::glob(wanted),
        _ if wanted == "*" => TextRule::Any,
        _ => TextRule::Pattern(wanted),
    }
}

/// Returns the rules for the service and the name of an action; `None`: the pattern matches no action.
pub(super) fn action_rules(pattern: &ActionPattern) -> Option<[TextRule<'_>; 2]> {
    let operation = pattern.operation()?;
    Some([pattern.service().map_or(TextRule::Any, TextRule::Literal), TextRule::glob(operation)])
}

/// Whether `pattern` matches the action of the request.
pub(super) fn action_fits(pattern: &ActionPattern, asked: &Asked<'_>) -> bool {
    // Most patterns have no `*`.
    pattern.as_str() == &*asked.request.action || pattern.matches(&asked.request.action)
}
