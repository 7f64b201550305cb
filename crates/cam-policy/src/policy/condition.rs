//! The conditions of a statement, as a policy holds them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use super::instant::is_instant;
use crate::text::{Shortened, debug_as_display, nearest};

macro_rules! comparisons {
    ($($(#[$meta:meta])* $name:ident = $word:literal, $kind:ident, $negated:literal;)+) => {
        /// What a condition compares, and how: a condition operator of CAM without qualifier and suffix.
        ///
        /// The operators are documented. This crate assumes that several values of a negated operator mean "none of
        /// them".
        ///
        /// ```
        /// use cam_policy::policy::{Comparison, ValueKind};
        ///
        /// assert_eq!(Comparison::IpNotEqual.as_str(), "ip_not_equal");
        /// assert_eq!(Comparison::IpNotEqual.kind(), ValueKind::Ip);
        /// assert!(Comparison::IpNotEqual.is_negated());
        /// assert_eq!(Comparison::ALL.len(), 23);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Comparison {
            $($(#[$meta])* #[doc = concat!("`", $word, "`.")] $name,)+
        }

        impl Comparison {
            /// All of them, in the documentation's order.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            /// Returns the word that policies use.
            ///
            /// ```
            /// assert_eq!(cam_policy::policy::Comparison::StringLike.as_str(), "string_like");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// Returns the kind of values that it compares.
            ///
            /// ```
            /// use cam_policy::policy::{Comparison, ValueKind};
            ///
            /// assert_eq!(Comparison::DateLessThan.kind(), ValueKind::Time);
            /// ```
            pub const fn kind(self) -> ValueKind {
                match self { $(Self::$name => ValueKind::$kind,)+ }
            }

            /// Whether it asks for a difference: `…_not_…`.
            ///
            /// ```
            /// assert!(cam_policy::policy::Comparison::StringNotLike.is_negated());
            /// ```
            pub const fn is_negated(self) -> bool {
                match self { $(Self::$name => $negated,)+ }
            }
        }
    };
}
comparisons! {
    StringEqual = "string_equal", Text, false;
    StringNotEqual = "string_not_equal", Text, true;
    StringEqualIgnoreCase = "string_equal_ignore_case", Text, false;
    StringNotEqualIgnoreCase = "string_not_equal_ignore_case", Text, true;
    StringLike = "string_like", Text, false;
    StringNotLike = "string_not_like", Text, true;
    NumericEqual = "numeric_equal", Number, false;
    NumericNotEqual = "numeric_not_equal", Number, true;
    NumericLessThan = "numeric_less_than", Number, false;
    NumericLessThanEqual = "numeric_less_than_equal", Number, false;
    NumericGreaterThan = "numeric_greater_than", Number, false;
    NumericGreaterThanEqual = "numeric_greater_than_equal", Number, false;
    DateEqual = "date_equal", Time, false;
    DateNotEqual = "date_not_equal", Time, true;
    DateLessThan = "date_less_than", Time, false;
    DateLessThanEqual = "date_less_than_equal", Time, false;
    DateGreaterThan = "date_greater_than", Time, false;
    DateGreaterThanEqual = "date_greater_than_equal", Time, false;
    BoolEqual = "bool_equal", Bool, false;
    IpEqual = "ip_equal", Ip, false;
    IpNotEqual = "ip_not_equal", Ip, true;
    BinaryEqual = "binary_equal", Binary, false;
    NullEqual = "null_equal", Presence, false;
}

impl Comparison {
    /// Returns the comparison of values of a kind that is most like this one.
    pub(crate) fn for_values(self, kind: ValueKind) -> Self {
        let relation = |word: &'static str| word.split_once('_').map_or("", |(_, relation)| relation);
        let wanted = relation(self.as_str());
        let mut of_kind = Self::ALL.into_iter().filter(|one| one.kind() == kind);
        let first = of_kind.clone().find(|one| one.is_negated() == self.is_negated());
        of_kind.find(|one| relation(one.as_str()) == wanted).or(first).unwrap_or(self)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The kind of values a [`Comparison`] compares.
///
/// ```
/// use cam_policy::policy::{Comparison, ValueKind};
///
/// assert_eq!(Comparison::NullEqual.kind(), ValueKind::Presence);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A decimal number, perhaps with an exponent: `1e3` is 1000.
    Number,
    /// An instant: ISO 8601 with its offset from UTC.
    Time,
    /// `true` or `false`, as text.
    Bool,
    /// An address, or a network in CIDR notation.
    Ip,
    /// Bytes in base64, compared as text.
    Binary,
    /// `true` if the request must not have the key, `false` if it must.
    Presence,
}

impl ValueKind {
    /// Whether a value can be read as one of this kind. CAM does not document what it does with other values; here
    /// they satisfy nothing.
    ///
    /// ```
    /// use cam_policy::policy::ValueKind;
    ///
    /// assert!(ValueKind::Ip.reads("10.217.182.3/24") && !ValueKind::Ip.reads("10.0.0.0/33"));
    /// assert!(ValueKind::Time.reads("2016-06-01 00:01:00Z") && !ValueKind::Time.reads("2027-01-01"));
    /// assert!(!ValueKind::Time.reads("2026-02-31T00:00:00Z"));
    /// assert!(ValueKind::Number.reads("-1.5") && ValueKind::Number.reads("1e3"));
    /// assert!(!ValueKind::Number.reads("1e309") && !ValueKind::Number.reads("1,000"));
    /// assert!(!ValueKind::Bool.reads("yes") && ValueKind::Text.reads("yes"));
    /// ```
    pub fn reads(self, value: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Text | Self::Binary => true,
            Self::Bool | Self::Presence => matches!(value, "true" | "false"),
            Self::Number => {
                let body = value.strip_prefix(['-', '+']).unwrap_or(value);
                let (body, exponent) = body.split_once(['e', 'E']).unwrap_or((body, "0"));
                let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
                let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
                // Nobody means a number with an exponent beyond those of a double.
                let small = |exponent: &str| exponent.parse().is_ok_and(|exponent: u16| exponent <= 308);
                digits(whole) && digits(fraction) && digits(exponent) && small(exponent)
            }
            Self::Ip => network(value).is_some(),
            Self::Time => is_instant(value),
        }
    }

    /// Returns the name of the kind, and an example of a value.
    pub(crate) const fn example(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("a text", "abc"),
            Self::Number => ("a decimal number", "1024"),
            Self::Time => ("an instant", "2027-01-01T00:00:00Z"),
            Self::Bool | Self::Presence => ("`true` or `false`", "true"),
            Self::Ip => ("an address or a network", "10.0.0.0/8"),
            Self::Binary => ("bytes in base64", "YWJj"),
        }
    }
}

/// Reads an address, or a network with the length of its prefix, as the evaluator does: it reads no `010.0.0.0/8`, no `/008` and
/// no `/+8`.
pub(super) fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let Some(length) = length else { return Some((address, most)) };
    let is_plain = length == "0" || length.starts_with(|first: char| matches!(first, '1'..='9'));
    let length = length.parse().ok().filter(|read| is_plain && *read <= most)?;
    Some((address, length))
}

/// How a condition treats a key with several values in the request.
///
/// ```
/// assert_eq!(cam_policy::policy::Qualifier::ForAnyValue.as_str(), "for_any_value");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Qualifier {
    /// One of the request's values must satisfy the condition.
    ForAnyValue,
    /// Each of the request's values must satisfy the condition.
    ForAllValue,
}

impl Qualifier {
    /// Returns the word that policies write before the colon.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::Qualifier::ForAllValue.as_str(), "for_all_value");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ForAnyValue => "for_any_value",
            Self::ForAllValue => "for_all_value",
        }
    }
}

/// A condition operator with its qualifier and suffix: `for_any_value:string_equal_if_exist`.
///
/// ```
/// use cam_policy::policy::{Comparison, ConditionOperator, Qualifier};
///
/// let operator: ConditionOperator = "for_any_value:string_equal_if_exist".parse()?;
/// assert_eq!(operator.comparison, Comparison::StringEqual);
/// assert_eq!(operator.qualifier, Some(Qualifier::ForAnyValue));
/// assert!(operator.if_exist);
///
/// let error = "NumericLessThan".parse::<ConditionOperator>().unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `numeric_less_than`?"));
/// # Ok::<(), cam_policy::policy::OperatorError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionOperator {
    /// How it treats a key with several values. Without a qualifier, one of the values must satisfy the condition;
    /// this is an assumption.
    pub qualifier: Option<Qualifier>,
    /// What is compared.
    pub comparison: Comparison,
    /// Whether the condition is also true for a request that lacks the key.
    pub if_exist: bool,
}

impl ConditionOperator {
    /// Returns the operator with a qualifier.
    ///
    /// ```
    /// use cam_policy::policy::{Comparison, ConditionOperator, Qualifier};
    ///
    /// let operator = ConditionOperator::from(Comparison::StringEqual).qualified(Qualifier::ForAnyValue);
    /// assert_eq!(operator.to_string(), "for_any_value:string_equal");
    /// ```
    #[must_use]
    pub const fn qualified(mut self, qualifier: Qualifier) -> Self {
        self.qualifier = Some(qualifier);
        self
    }

    /// Returns the operator with the suffix `_if_exist`, which is also true for a request that lacks the key.
    /// `null_equal` has no such form and stays as it is.
    ///
    /// ```
    /// use cam_policy::policy::{Comparison, ConditionOperator};
    ///
    /// let operator = ConditionOperator::from(Comparison::IpEqual).or_absent();
    /// assert_eq!(operator.to_string(), "ip_equal_if_exist");
    /// ```
    #[must_use]
    pub const fn or_absent(mut self) -> Self {
        self.if_exist = !matches!(self.comparison, Comparison::NullEqual);
        self
    }
}

impl From<Comparison> for ConditionOperator {
    fn from(comparison: Comparison) -> Self {
        Self { qualifier: None, comparison, if_exist: false }
    }
}

impl fmt::Display for ConditionOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(qualifier) = self.qualifier {
            write!(f, "{}:", qualifier.as_str())?;
        }
        f.write_str(self.comparison.as_str())?;
        f.write_str(if self.if_exist { "_if_exist" } else { "" })
    }
}

impl FromStr for ConditionOperator {
    type Err = OperatorError;

    fn from_str(text: &str) -> Result<Self, OperatorError> {
        let error = |problem| OperatorError { text: text.into(), problem, keys: Vec::new() };
        let (qualifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some(("for_any_value", rest)) => (Some(Qualifier::ForAnyValue), rest),
            Some(("for_all_value", rest)) => (Some(Qualifier::ForAllValue), rest),
            Some(_) => return Err(error(OperatorProblem::Qualifier)),
        };
        let (word, if_exist) = match rest.strip_suffix("_if_exist") {
            Some(word) => (word, true),
            None => (rest, false),
        };
        let Some(comparison) = Comparison::ALL.into_iter().find(|one| one.as_str() == word) else {
            return Err(error(OperatorProblem::Unknown));
        };
        if if_exist && comparison == Comparison::NullEqual {
            return Err(error(OperatorProblem::NullIfExist));
        }
        Ok(Self { qualifier, comparison, if_exist })
    }
}

/// Error from reading a condition operator.
///
/// ```
/// use cam_policy::policy::ConditionOperator;
///
/// let error = "null_equal_if_exist".parse::<ConditionOperator>().unwrap_err();
/// assert_eq!(error.to_string(), "`null_equal` asks whether the key is there and takes no `_if_exist`");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorError {
    text: Box<str>,
    problem: OperatorProblem,
    /// The kinds of values of the keys that it compares, as far as they are known, each with its key.
    keys: Vec<(Box<str>, ValueKind)>,
}

impl OperatorError {
    /// Returns the error with advice that suits the keys: for each its name, and the kind of its values if that is known.
    #[cfg(feature = "document")]
    pub(crate) fn with_keys<'k>(
        mut self,
        keys: impl IntoIterator<Item = (&'k str, Option<ValueKind>)>,
    ) -> Self {
        let mut are_known = true;
        for (key, kind) in keys {
            are_known &= kind.is_some();
            self.keys.extend(kind.map(|kind| (key.into(), kind)));
        }
        // One operator for all of them says more than one for each.
        if let (true, Some((_, first))) = (are_known, self.keys.first()) {
            let first = *first;
            if self.keys.iter().all(|(_, kind)| *kind == first) {
                self.keys = Vec::from([(Box::from(""), first)]);
            }
        }
        self
    }

    /// Returns the operators that are meant for other keys than the others, each with the key.
    fn suited(&self, meant: ConditionOperator) -> impl Iterator<Item = (&str, ConditionOperator)> {
        let differs = move |kind: ValueKind| {
            let own = meant.comparison.kind();
            own != kind && own != ValueKind::Presence
        };
        self.keys.iter().filter(move |(_, kind)| differs(*kind)).map(move |(key, kind)| {
            (&**key, ConditionOperator { comparison: meant.comparison.for_values(*kind), ..meant })
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OperatorProblem {
    Unknown,
    Qualifier,
    NullIfExist,
}

impl fmt::Display for OperatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Shortened(&self.text);
        match self.problem {
            OperatorProblem::Qualifier => {
                write!(f, "{text:?}: before the `:` only `for_any_value` and `for_all_value` can stand")
            }
            OperatorProblem::NullIfExist => {
                f.write_str("`null_equal` asks whether the key is there and takes no `_if_exist`")
            }
            OperatorProblem::Unknown => {
                write!(f, "{text:?} is no condition operator")?;
                let mut snake = String::new();
                for character in self.text.chars().take(100) {
                    if character.is_ascii_uppercase() && !snake.is_empty() {
                        snake.push('_');
                    }
                    snake.push(character.to_ascii_lowercase());
                }
                let (qualifier, word) = match snake.split_once(':') {
                    Some((qualifier, word)) => (Some(qualifier), word),
                    None => (None, &*snake),
                };
                let stem = word.strip_suffix("_if_exists").or_else(|| word.strip_suffix("_if_exist"));
                let meant = match stem.unwrap_or(word) {
                    "ip_address" => "ip_equal",
                    "not_ip_address" => "ip_not_equal",
                    "bool" => "bool_equal",
                    "null" => "null_equal",
                    other => other,
                };
                let near = nearest(meant, Comparison::ALL.iter().map(|one| one.as_str()));
                match near
                    .first()
                    .and_then(|word| Comparison::ALL.into_iter().find(|one| one.as_str() == *word))
                {
                    Some(comparison) => {
                        let any = match qualifier {
                            Some("for_any_value") => Some(Qualifier::ForAnyValue),
                            Some("for_all_value") => Some(Qualifier::ForAllValue),
                            _ => None,
                        };
                        let if_exist = stem.is_some() && comparison != Comparison::NullEqual;
                        let meant = ConditionOperator { qualifier: any, comparison, if_exist };
                        let mut suited = self.suited(meant).peekable();
                        if let Some((_, suited)) = suited.next_if(|(key, _)| key.is_empty()) {
                            return write!(f, "; did you mean `{suited}`?");
                        }
                        write!(f, "; did you mean `{meant}`")?;
                        for (key, suited) in suited {
                            write!(f, ", and `{suited}` for {:?}", Shortened(key))?;
                        }
                        f.write_str("?")
                    }
                    None => f.write_str("; CAM has `string_equal`, `ip_equal`, `date_less_than` and others"),
                }
            }
        }
    }
}

debug_as_display!(OperatorError);

impl core::error::Error for OperatorError {}

/// A value of a condition, as the policy holds it.
///
/// ```
/// use cam_policy::policy::ConditionValue;
///
/// assert_eq!(ConditionValue::Text("10.0.0.0/8".into()).as_str(), "10.0.0.0/8");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionValue {
    /// A JSON string.
    Text(Box<str>),
    /// A JSON number, as its digits.
    Number(Box<str>),
}

impl ConditionValue {
    /// Returns the text or the digits.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::ConditionValue::Number("1024".into()).as_str(), "1024");
    /// ```
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

/// One condition: an operator, a key of the request, and the values it is compared with.
///
/// The values are alternatives. All conditions of a statement must be true. This crate compares keys exactly.
///
/// ```
/// use cam_policy::policy::{Comparison, Condition, ConditionValue};
///
/// let condition = Condition::unchecked(
///     Comparison::StringEqual.into(),
///     "vpc:region",
///     [ConditionValue::Text("ap-guangzhou".into())],
/// );
/// assert_eq!(condition.key(), "vpc:region");
/// assert_eq!(condition.to_string(), "string_equal of vpc:region with ap-guangzhou");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub struct Condition {
    operator: ConditionOperator,
    key: Box<str>,
    values: Vec<ConditionValue>,
}

impl Condition {
    /// Makes a condition without a check of its key and values, for keys and values that the typed keys do not cover.
    ///
    /// ```
    /// use cam_policy::policy::{Comparison, Condition, ConditionValue};
    ///
    /// let size = Condition::unchecked(
    ///     Comparison::NumericLessThan.into(),
    ///     "cos:content-length",
    ///     [ConditionValue::Number("1024".into())],
    /// );
    /// assert_eq!(size.values().len(), 1);
    /// ```
    pub fn unchecked(
        operator: ConditionOperator,
        key: &str,
        values: impl IntoIterator<Item = ConditionValue>,
    ) -> Self {
        Self { operator, key: key.into(), values: values.into_iter().collect() }
    }

    /// Returns the operator.
    ///
    /// ```
    /// # use cam_policy::policy::{Comparison, Condition};
    /// let condition = Condition::unchecked(Comparison::NullEqual.into(), "qcs:mfa", []);
    /// assert_eq!(condition.operator().comparison, Comparison::NullEqual);
    /// ```
    pub fn operator(&self) -> ConditionOperator {
        self.operator
    }

    /// Returns the key of the request, such as `qcs:ip`.
    ///
    /// ```
    /// # use cam_policy::policy::{Comparison, Condition};
    /// assert_eq!(Condition::unchecked(Comparison::IpEqual.into(), "qcs:ip", []).key(), "qcs:ip");
    /// ```
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the values, in order; in a policy there is at least one.
    ///
    /// ```
    /// # use cam_policy::policy::{Comparison, Condition};
    /// assert!(Condition::unchecked(Comparison::IpEqual.into(), "qcs:ip", []).values().is_empty());
    /// ```
    pub fn values(&self) -> &[ConditionValue] {
        &self.values
    }

    /// Returns the condition with the suffix `_if_exist`: it is also true for a request that lacks the key.
    ///
    /// `null_equal` has no such form and stays as it is.
    ///
    /// ```
    /// # use cam_policy::policy::{Comparison, Condition};
    /// let condition = Condition::unchecked(Comparison::IpEqual.into(), "qcs:ip", []).if_exist();
    /// assert_eq!(condition.operator().to_string(), "ip_equal_if_exist");
    /// ```
    pub fn if_exist(mut self) -> Self {
        self.operator.if_exist = self.operator.comparison != Comparison::NullEqual;
        self
    }

    /// Returns the condition with a qualifier for keys with several values.
    ///
    /// ```
    /// # use cam_policy::policy::{Comparison, Condition, Qualifier};
    /// let condition = Condition::unchecked(Comparison::StringEqual.into(), "qcs:resource_tag", [])
    ///     .qualified(Qualifier::ForAnyValue);
    /// assert_eq!(condition.operator().to_string(), "for_any_value:string_equal");
    /// ```
    pub fn qualified(mut self, qualifier: Qualifier) -> Self {
        self.operator.qualifier = Some(qualifier);
        self
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} with", self.operator, self.key)?;
        for (at, value) in self.values.iter().enumerate() {
            write!(f, "{} {}", if at == 0 { "" } else { " or" }, value.as_str())?;
        }
        Ok(())
    }
}

/// A condition on the caller's address. The builder of `tencent-cam` takes it only for actions that may honour one.
///
/// Convert it into a [`Condition`] to add it to a statement of patterns.
///
/// ```
/// # #[cfg(feature = "engine")] {
/// use cam_policy::key;
/// use cam_policy::policy::Condition;
///
/// let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>().unwrap()]);
/// assert_eq!(Condition::from(office).to_string(), "ip_equal of qcs:ip with 10.0.0.0/8");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct IpCondition(pub(crate) Condition);

impl IpCondition {
    /// Returns the condition in a form that is also true for a request that lacks the key.
    ///
    /// ```
    /// # #[cfg(feature = "engine")] {
    /// use cam_policy::key;
    /// use cam_policy::policy::Condition;
    ///
    /// let office = key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>().unwrap()]).if_exist();
    /// assert_eq!(Condition::from(office).operator().to_string(), "ip_equal_if_exist");
    /// # }
    /// ```
    pub fn if_exist(self) -> Self {
        Self(self.0.if_exist())
    }
}

impl From<IpCondition> for Condition {
    fn from(condition: IpCondition) -> Self {
        condition.0
    }
}
