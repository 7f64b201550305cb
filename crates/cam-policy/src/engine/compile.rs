//! Statements made ready to be compared with requests.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;

use ipnet::IpNet;
use jiff::SignedDuration;

use super::matching::{
    Variables, address, compare_decimals, equals, equals_ignoring_case_with, instant, matches, network,
};
use super::request::Request;
use crate::catalog::Action;
use crate::policy::{
    ActionPattern, Comparison, Condition, Principal, PrincipalKind, Qualifier, ResourcePattern, Statement,
    ValueKind,
};
use crate::text::{glob, split_segments};

/// What a request looks like to a policy set: the resource put right, the account filled in.
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
    if pattern.is_every() {
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
    if pattern.is_every() {
        return true;
    }
    let Some(last) = asked.last() else { return false };
    // Most patterns spell the segments before the last as the request does, and then they match.
    if let Some(wanted) = pattern.as_str().strip_prefix(&asked.resource[..asked.last]) {
        return matches(wanted, last, asked.variables);
    }
    let (Some(wanted), Some(found)) = (split_segments(pattern.as_str()), asked.segments()) else {
        return false;
    };
    // The last segment tells most resources apart.
    [5, 4, 3, 2, 1].into_iter().all(|at| segment_matches(at, wanted, found, asked, owner))
}

fn segment_matches(at: usize, wanted: [&str; 6], found: [&str; 6], asked: &Asked<'_>, owner: &str) -> bool {
    match at {
        1 => wanted[1] == found[1],
        2 | 3 => wanted[at].is_empty() || glob(wanted[at], found[at]),
        4 => glob(account(wanted[4], owner), account(found[4], owner)),
        _ => matches(wanted[5], found[5], asked.variables),
    }
}

/// Whether `pattern` matches the action of the request.
pub(super) fn action_fits(pattern: &ActionPattern, asked: &Asked<'_>) -> bool {
    // Most patterns have no `*`.
    pattern.as_str() == &*asked.request.action || pattern.matches(&asked.request.action)
}

/// A condition whose values have been read.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) key: Box<str>,
    pub(super) qualifier: Option<Qualifier>,
    if_exist: bool,
    pub(super) negated: bool,
    /// Whether a value could not be read: then "none of them" cannot be told.
    broken: bool,
    pub(super) values: Values,
}

#[derive(Clone, Debug)]
pub(super) enum Values {
    Equal(Vec<Box<str>>),
    EqualIgnoringCase(Vec<Box<str>>),
    Like(Vec<Box<str>>),
    Exact(Vec<Box<str>>),
    Number(Vec<Box<str>>, Order),
    /// Each instant beside its text.
    Time(Vec<(SignedDuration, Box<str>)>, Order),
    Ip(Vec<IpNet>),
    /// Whether the key may be absent, and whether it may be there.
    Presence {
        absent: bool,
        present: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Equal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Order {
    fn of(comparison: Comparison) -> Self {
        use Comparison as C;
        match comparison {
            C::NumericLessThan | C::DateLessThan => Self::Less,
            C::NumericLessThanEqual | C::DateLessThanEqual => Self::LessEqual,
            C::NumericGreaterThan | C::DateGreaterThan => Self::Greater,
            C::NumericGreaterThanEqual | C::DateGreaterThanEqual => Self::GreaterEqual,
            _ => Self::Equal,
        }
    }

    fn holds(self, found: Ordering) -> bool {
        match self {
            Self::Equal => found.is_eq(),
            Self::Less => found.is_lt(),
            Self::LessEqual => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::GreaterEqual => found.is_ge(),
        }
    }
}

impl Test {
    pub(super) fn new(condition: &Condition) -> Self {
        let operator = condition.operator();
        let comparison = operator.comparison;
        let texts = || condition.values().iter().map(|value| Box::<str>::from(value.as_str())).collect();
        let count = condition.values().len();
        let (values, read) = match comparison.kind() {
            ValueKind::Text => (
                match comparison {
                    Comparison::StringLike | Comparison::StringNotLike => Values::Like(texts()),
                    Comparison::StringEqual | Comparison::StringNotEqual => Values::Equal(texts()),
                    _ => Values::EqualIgnoringCase(texts()),
                },
                count,
            ),
            ValueKind::Bool | ValueKind::Binary => (Values::Exact(texts()), count),
            ValueKind::Number => {
                let numbers: Vec<Box<str>> = condition
                    .values()
                    .iter()
                    .filter(|value| ValueKind::Number.reads(value.as_str()))
                    .map(|value| value.as_str().into())
                    .collect();
                let read = numbers.len();
                (Values::Number(numbers, Order::of(comparison)), read)
            }
            ValueKind::Time => {
                let times: Vec<_> = condition
                    .values()
                    .iter()
                    .filter_map(|value| Some((instant(value.as_str())?, value.as_str().into())))
                    .collect();
                let read = times.len();
                (Values::Time(times, Order::of(comparison)), read)
            }
            ValueKind::Ip => {
                let nets: Vec<_> =
                    condition.values().iter().filter_map(|value| network(value.as_str())).collect();
                let read = nets.len();
                (Values::Ip(nets), read)
            }
            ValueKind::Presence => {
                let says = |word: &str| condition.values().iter().any(|value| value.as_str() == word);
                (Values::Presence { absent: says("true"), present: says("false") }, count)
            }
        };
        Self {
            key: condition.key().into(),
            qualifier: operator.qualifier,
            if_exist: operator.if_exist,
            negated: comparison.is_negated(),
            broken: read < count,
            values,
        }
    }

    pub(super) fn holds(&self, asked: &Asked<'_>) -> bool {
        self.holds_of_all(asked.request.values(&self.key), asked.variables)
    }

    /// Whether the values of the key do, of which there are none if the request lacks it.
    pub(super) fn holds_of_all(&self, found: &[Box<str>], variables: Variables<'_>) -> bool {
        if let Values::Presence { absent, present } = self.values {
            return if found.is_empty() { absent } else { present };
        }
        if found.is_empty() {
            return self.if_exist;
        }
        let mut each = found.iter().map(|value| self.holds_of(value, variables));
        match self.qualifier {
            Some(Qualifier::ForAllValue) => each.all(|holds| holds),
            Some(Qualifier::ForAnyValue) | None => each.any(|holds| holds),
        }
    }

    /// Whether one value of the request does. A value that cannot be read does neither way.
    pub(super) fn holds_of(&self, found: &str, variables: Variables<'_>) -> bool {
        let any = match &self.values {
            Values::Equal(values) => values.iter().any(|value| equals(value, found, variables)),
            Values::EqualIgnoringCase(values) => {
                values.iter().any(|value| equals_ignoring_case_with(value, found, variables))
            }
            Values::Like(values) => values.iter().any(|value| matches(value, found, variables)),
            Values::Exact(values) => values.iter().any(|value| **value == *found),
            Values::Number(values, order) => {
                if !ValueKind::Number.reads(found) {
                    return false;
                }
                values
                    .iter()
                    .any(|value| compare_decimals(found, value).is_some_and(|found| order.holds(found)))
            }
            Values::Time(values, order) => {
                let Some(found) = instant(found) else { return false };
                values.iter().any(|(value, _)| order.holds(found.cmp(value)))
            }
            Values::Ip(nets) => {
                let Some(found) = address(found) else { return false };
                nets.iter().any(|net| net.contains(&found))
            }
            Values::Presence { present, .. } => *present,
        };
        if self.negated { !any && !self.broken } else { any }
    }
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

/// Everything of a statement but what the index already knows.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub(super) policy: u32,
    pub(super) statement: u32,
    pub(super) tests: Vec<Test>,
}

impl Compiled {
    pub(super) fn new(policy: u32, number: u32, statement: &Statement) -> Self {
        let tests = statement.conditions().iter().map(Test::new).collect();
        Self { policy, statement: number, tests }
    }
}
