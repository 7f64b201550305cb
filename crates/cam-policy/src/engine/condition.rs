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
}

/// Whether all values could be read. If one could not, nobody can say that the request has "none of them".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Legible {
    Yes,
    No,
    /// Only if the request defines the variables in them.
    WithVariables,
}

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
        let key = ConditionKey::read(condition.key());
        let kind = comparison.kind();
        let (values, read) = match kind {
            // No document says that an operator matches if its type differs from the key's.
            _ if kind != ValueKind::Presence && key.documented_kind().is_some_and(|own| own != kind) => {
                (Values::Never, 0)
            }
            ValueKind::Text | ValueKind::Binary => (Values::Text(Form::of(comparison), texts()), count),
            ValueKind::Bool => {
                let mut words: Vec<Box<str>> = texts();
                words.retain(|word| ValueKind::Bool.reads(word));
                let read = words.len();
                (Values::Bool(words), read)
            }
            ValueKind::Number => {
                let numbers: Vec<Box<str>> = condition
                    .values()
                    .iter()
                    .filter_map(|value| plain_decimal(value.as_str()).map(|number| (*number).into()))
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
        }
    }

    /// Whether a value is unknown, so that nobody can say that the request has "none of them".
    fn has_unknown_value(&self, variables: Variables<'_>) -> bool {
        match (self.legible, &self.values) {
            (Legible::WithVariables, Values::Text(_, values)) => {
                values.iter().any(|value| lacks(value, variables))
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
            Values::Text(form, values) => values.iter().any(|value| form.rule(value).holds(found, variables)),
            Values::Bool(values) => values.iter().any(|value| **value == *found),
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
        if self.negated { !any && !self.has_unknown_value(variables) } else { any }
    }
}
