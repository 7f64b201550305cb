//! Which patterns and principals match a request: every rule that is not about conditions, stated once.

use super::matching::{TextRule, Variables};
use super::request::Request;
use crate::catalog::Action;
use crate::policy::{ActionPattern, Principal, PrincipalKind, ResourcePattern};
use crate::text::split_segments;

/// A request as a policy set compares it: the resource normalized, the account filled in.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    /// The action as the catalog knows it.
    pub(super) known: Option<Action<'a>>,
    pub(super) resource: &'a str,
    /// Where the last segment begins; 0 for `*`.
    pub(super) last: usize,
    pub(super) variables: Variables<'a>,
}

impl<'a> Asked<'a> {
    /// The segments; `None` for `*`.
    pub(super) fn segments(&self) -> Option<[&'a str; 6]> {
        if self.last == 0 { None } else { split_segments(self.resource) }
    }

    /// The last segment; none for `*`.
    pub(super) fn last(&self) -> Option<&'a str> {
        if self.last == 0 { None } else { Some(&self.resource[self.last..]) }
    }
}

/// The account segment as it is compared: one that names nobody is the owner's.
pub(super) fn account<'a>(segment: &'a str, owner: &'a str) -> &'a str {
    if matches!(segment, "" | "uin/") { owner } else { segment }
}

/// The first segment of `pattern` that does not match the request; `Err(None)` if only `*` would.
pub(super) fn resource_matches(
    pattern: &ResourcePattern,
    asked: &Asked<'_>,
    owner: &str,
) -> Result<(), Option<usize>> {
    if pattern.is_all() {
        return Ok(());
    }
    let (Some(wanted), Some(found)) = (split_segments(pattern.as_str()), asked.segments()) else {
        return Err(None);
    };
    match (1..6).find(|at| !segment_matches(*at, wanted, found, asked, owner)) {
        None => Ok(()),
        at => Err(at),
    }
}

/// Whether `pattern` matches the request.
pub(super) fn resource_fits(pattern: &ResourcePattern, asked: &Asked<'_>, owner: &str) -> bool {
    if pattern.is_all() {
        return true;
    }
    let Some(last) = asked.last() else { return false };
    // Most patterns spell the segments before the last as the request does, and then they match.
    if let Some(wanted) = pattern.as_str().strip_prefix(&asked.resource[..asked.last]) {
        return segment_rule(5, wanted, owner).holds(last, asked.variables);
    }
    let (Some(wanted), Some(found)) = (split_segments(pattern.as_str()), asked.segments()) else {
        return false;
    };
    // The last segment tells most resources apart.
    [5, 4, 3, 2, 1].into_iter().all(|at| segment_matches(at, wanted, found, asked, owner))
}

fn segment_matches(at: usize, wanted: [&str; 6], found: [&str; 6], asked: &Asked<'_>, owner: &str) -> bool {
    let found = if at == ACCOUNT { account(found[at], owner) } else { found[at] };
    segment_rule(at, wanted[at], owner).holds(found, asked.variables)
}

const ACCOUNT: usize = 4;

/// What the segment of a request must be for a resource pattern that has `wanted` there.
///
/// The project must be the same, an empty service or region is every one, an account that names nobody is the owner's, and
/// only the last segment has variables.
pub(super) fn segment_rule<'p>(at: usize, wanted: &'p str, owner: &'p str) -> TextRule<'p> {
    match at {
        0 | 1 => TextRule::Literal(wanted),
        2 | 3 if wanted.is_empty() => TextRule::Any,
        2 | 3 => TextRule::glob(wanted),
        ACCOUNT => TextRule::glob(account(wanted, owner)),
        _ if wanted == "*" => TextRule::Any,
        _ => TextRule::Pattern(wanted),
    }
}

/// What service and name of an action must be for an action pattern; `None`: it matches none.
pub(super) fn action_rules(pattern: &ActionPattern) -> Option<[TextRule<'_>; 2]> {
    let operation = pattern.operation()?;
    Some([pattern.service().map_or(TextRule::Any, TextRule::Literal), TextRule::glob(operation)])
}

/// Whether `pattern` matches the action of the request.
pub(super) fn action_fits(pattern: &ActionPattern, asked: &Asked<'_>) -> bool {
    // Most patterns have no `*`.
    pattern.as_str() == &*asked.request.action || pattern.matches(&asked.request.action)
}

/// Whether the caller is among a statement's principals.
pub(super) fn principal_matches(principal: &Principal, asked: &Asked<'_>, owner: &str) -> bool {
    let caller = asked.variables.uin;
    let is_caller = |name: &str| {
        if name == "*" {
            return true;
        }
        let Some((of, identity)) = name.strip_prefix("qcs::cam::").and_then(|rest| rest.split_once(':'))
        else {
            return false;
        };
        match identity {
            "root" => of.strip_prefix("uin/") == Some(caller),
            _ => account(of, owner) == owner && identity.strip_prefix("uin/") == Some(caller),
        }
    };
    match principal {
        Principal::Every => true,
        Principal::Named(_) => principal.names(PrincipalKind::Qcs).any(is_caller),
    }
}
