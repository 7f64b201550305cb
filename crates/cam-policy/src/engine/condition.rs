//! Conditions, compiled for comparison with requests.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cmp::Ordering;

use ipnet::IpNet;
use jiff::SignedDuration;

use super::matching::{TextRule, Variables, lacks};
use super::quantity::{address, compare_decimals, instant, network, plain_decimal};
use super::rules::Asked;
use crate::policy::{Comparison, Condition, ConditionKey, Qualifier, ValueKind};

/// A condition with its values read.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) key: Box<str>,
    pub(super) qualifier: Option<Qualifier>,
    if_exist: bool,
    pub(super) negated: bool,
    legible: Legible,
    pub(super) values: Values,
    /// How many of the texts are sorted, so that they are searched and not tried one by one: those that equal one text.
    /// They stand before the others.
    sorted: usize,
}

/// Whether all values could be read. If one could not, nobody can say that the request has "none of them".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Legible {
    Yes,
    No,
    /// Only if the request defines the variables in them.
    WithVariables,
}

/// The values of a condition. Numbers, instants and networks are sorted, and no network is within another.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Text(Form, Vec<Box<str>>),
    /// Matches no value, because the operator is of another type than the key.
    Never,
    /// `true` and `false`, as text.
    Bool(Vec<Box<str>>),
    Number(Vec<Box<str>>, Order),
    /// Each instant with its text.
    Time(Vec<(SignedDuration, Box<str>)>, Order),
    Ip(Vec<IpNet>),
    /// Whether the key may be absent, and whether it may be there.
    Presence {
        absent: bool,
        present: bool,
    },
}

/// How the texts of a condition are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Equal,
    EqualIgnoringCase,
    Like,
    /// Without support for variables.
    Exact,
}

impl Form {
    fn of(comparison: Comparison) -> Self {
        match comparison {
            Comparison::StringLike | Comparison::StringNotLike => Self::Like,
            Comparison::StringEqual | Comparison::StringNotEqual => Self::Equal,
            Comparison::BinaryEqual => Self::Exact,
            _ => Self::EqualIgnoringCase,
        }
    }

    /// Whether a value equals one text, whatever the request is.
    fn is_one_text(self, value: &str) -> bool {
        match self {
            Self::Exact => true,
            Self::Equal | Self::EqualIgnoringCase => !value.contains("${"),
            Self::Like => !value.contains("${") && !value.contains('*'),
        }
    }

    /// Compares texts so that those that are equal here are equal.
    fn compare(self, one: &str, other: &str) -> Ordering {
        match self {
            Self::EqualIgnoringCase => lower(one).cmp(lower(other)),
            Self::Equal | Self::Like | Self::Exact => one.cmp(other),
        }
    }

    /// Sorts the values that equal one text, and places the others behind them, in their order; how many are sorted.
    fn sort(self, values: Vec<Box<str>>) -> (Vec<Box<str>>, usize) {
        let (mut texts, others): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|value| self.is_one_text(value));
        texts.sort_by(|one, other| self.compare(one, other));
        let sorted = texts.len();
        texts.extend(others);
        (texts, sorted)
    }

    /// Returns the rule for a text that equals or matches a value.
    pub(super) fn rule(self, value: &str) -> TextRule<'_> {
        match self {
            Self::Equal => TextRule::Value(value),
            Self::EqualIgnoringCase => TextRule::ValueIgnoringCase(value),
            Self::Like => TextRule::Pattern(value),
            Self::Exact => TextRule::Literal(value),
        }
    }
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

    /// Returns on which side of its values this order is true; `None` for equality.
    pub(super) fn direction(self) -> Option<Ordering> {
        match self {
            Self::Less | Self::LessEqual => Some(Ordering::Less),
            Self::Greater | Self::GreaterEqual => Some(Ordering::Greater),
            Self::Equal => None,
        }
    }

    /// Whether what is found stands so to one of the values, which are sorted; `compare` compares a value with it.
    fn holds_of_one<T>(self, values: &[T], compare: impl Fn(&T) -> Ordering) -> bool {
        let of = |value: Option<&T>, wanted: &[Ordering]| {
            value.is_some_and(|value| wanted.contains(&compare(value)))
        };
        match self {
            Self::Equal => values.binary_search_by(&compare).is_ok(),
            Self::Less => of(values.last(), &[Ordering::Greater]),
            Self::LessEqual => of(values.last(), &[Ordering::Greater, Ordering::Equal]),
            Self::Greater => of(values.first(), &[Ordering::Less]),
            Self::GreaterEqual => of(values.first(), &[Ordering::Less, Ordering::Equal]),
        }
    }
}

impl Test {
    pub(super) fn new(condition: &Condition) -> Self {
        let operator = condition.operator();
        let comparison = operator.comparison;
        let texts =
            || -> Vec<Box<str>> { condition.values().iter().map(|value| value.as_str().into()).collect() };
        let count = condition.values().len();
        let key = ConditionKey::read(condition.key());
        let kind = comparison.kind();
        let mut sorted = 0;
        let (values, read) = match kind {
            // No document says that an operator matches if its type differs from the key's.
            _ if kind != ValueKind::Presence && key.documented_kind().is_some_and(|own| own != kind) => {
                (Values::Never, 0)
            }
            ValueKind::Text | ValueKind::Binary => {
                let form = Form::of(comparison);
                let (values, ordered) = form.sort(texts());
                sorted = ordered;
                (Values::Text(form, values), count)
            }
            ValueKind::Bool => {
                let mut words: Vec<Box<str>> = texts();
                words.retain(|word| ValueKind::Bool.reads(word));
                let read = words.len();
                (Values::Bool(words), read)
            }
            ValueKind::Number => {
                let mut numbers: Vec<Box<str>> = condition
                    .values()
                    .iter()
                    .filter_map(|value| plain_decimal(value.as_str()).map(|number| (*number).into()))
                    .collect();
                let read = numbers.len();
                numbers.sort_by(|one, other| compare_decimals(one, other).unwrap_or(Ordering::Equal));
                (Values::Number(numbers, Order::of(comparison)), read)
            }
            ValueKind::Time => {
                let mut times: Vec<(SignedDuration, Box<str>)> = condition
                    .values()
                    .iter()
                    .filter_map(|value| Some((instant(value.as_str())?, value.as_str().into())))
                    .collect();
                let read = times.len();
                times.sort_by_key(|(at, _)| *at);
                (Values::Time(times, Order::of(comparison)), read)
            }
            ValueKind::Ip => {
                let nets: Vec<IpNet> =
                    condition.values().iter().filter_map(|value| network(value.as_str())).collect();
                let read = nets.len();
                (Values::Ip(widest(nets)), read)
            }
            ValueKind::Presence => {
                let says = |word: &str| condition.values().iter().any(|value| value.as_str() == word);
                (Values::Presence { absent: says("true"), present: says("false") }, count)
            }
        };
        Self {
            key: key.to_string().into(),
            qualifier: operator.qualifier,
            if_exist: operator.if_exist,
            negated: comparison.is_negated(),
            legible: match kind {
                _ if read < count => Legible::No,
                ValueKind::Text if condition.values().iter().any(|value| value.as_str().contains("${")) => {
                    Legible::WithVariables
                }
                _ => Legible::Yes,
            },
            values,
            sorted,
        }
    }

    /// Whether a value is unknown, so that nobody can say that the request has "none of them".
    fn has_unknown_value(&self, variables: Variables<'_>) -> bool {
        match (self.legible, &self.values) {
            (Legible::WithVariables, Values::Text(_, values)) => {
                values[self.sorted..].iter().any(|value| lacks(value, variables))
            }
            (legible, _) => legible == Legible::No,
        }
    }

    /// Whether the condition is false for every value.
    pub(super) fn holds_of_none(&self, variables: Variables<'_>) -> bool {
        matches!(self.values, Values::Never) || self.negated && self.has_unknown_value(variables)
    }

    pub(super) fn holds(&self, asked: &Asked<'_>) -> bool {
        self.holds_of_all(asked.request.values(&self.key), asked.variables)
    }

    /// Whether the condition holds for these values of the key; they are empty if the request lacks the key.
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

    /// Whether the condition holds for one value of the request. For a value that cannot be read it is false, also
    /// under a negated operator.
    pub(super) fn holds_of(&self, found: &str, variables: Variables<'_>) -> bool {
        let any = match &self.values {
            Values::Never => return false,
            Values::Text(form, values) => {
                let (sorted, others) = values.split_at(self.sorted);
                sorted.binary_search_by(|value| form.compare(value, found)).is_ok()
                    || others.iter().any(|value| form.rule(value).holds(found, variables))
            }
            Values::Bool(values) => values.iter().any(|value| **value == *found),
            Values::Number(values, order) => {
                if !ValueKind::Number.reads(found) {
                    return false;
                }
                order.holds_of_one(values, |value| compare_decimals(value, found).unwrap_or(Ordering::Equal))
            }
            Values::Time(values, order) => {
                let Some(found) = instant(found) else { return false };
                order.holds_of_one(values, |(value, _)| value.cmp(&found))
            }
            Values::Ip(nets) => {
                let Some(found) = address(found) else { return false };
                let after = nets.partition_point(|net| net.network() <= found);
                after.checked_sub(1).is_some_and(|at| nets[at].contains(&found))
            }
            Values::Presence { present, .. } => *present,
        };
        if self.negated { !any && !self.has_unknown_value(variables) } else { any }
    }
}

/// The characters of a text in lower case.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Networks in order, without those that are within others.
fn widest(mut nets: Vec<IpNet>) -> Vec<IpNet> {
    nets.sort_by_key(|net| (net.network(), net.prefix_len()));
    let mut kept: Vec<IpNet> = Vec::with_capacity(nets.len());
    for net in nets {
        if !kept.last().is_some_and(|last| last.contains(&net.network())) {
            kept.push(net);
        }
    }
    kept
}
