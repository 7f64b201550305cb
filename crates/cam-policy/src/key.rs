//! The condition keys of CAM, each with the values that it can be compared with.
//!
//! CAM's documentation has the keys of this module. Make the keys of other products from their name and type. Each
//! product decides which keys its requests carry.
//!
//! ```
//! use cam_policy::key::{self, Key, Tag};
//!
//! let office = key::SOURCE_IP.within([key::network("10.0.0.0/8")?]);
//! let term = key::CURRENT_TIME.before("2027-01-01T00:00:00Z".parse()?);
//! let production = key::RESOURCE_TAG.any_of([Tag::new("env", "prod")?]);
//! let region = Key::new("vpc:region")?.equals(["ap-guangzhou"]);
//! assert_eq!(region.to_string(), "string_equal of vpc:region with ap-guangzhou");
//! assert_eq!(production.to_string(), "for_any_value:string_equal of qcs:resource_tag with env&prod");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;
use core::marker::PhantomData;
use core::net::IpAddr;
use core::str::FromStr;

/// A network, a type of the crate `ipnet`. [`Key::within`] takes it.
///
/// ```
/// use cam_policy::key;
///
/// let office: key::IpNet = key::network("10.0.0.0/8")?;
/// key::SOURCE_IP.within([office]);
/// # Ok::<(), key::KeyError>(())
/// ```
#[doc(no_inline)]
pub use ipnet::IpNet;
/// An instant, a type of the crate `jiff`. [`Key::before`] takes it.
#[doc(no_inline)]
pub use jiff::Timestamp;

/// Reads a network. An address becomes the network of itself alone. The error names the text.
///
/// # Errors
///
/// [`KeyError`] for any other text.
///
/// ```
/// use cam_policy::key;
///
/// assert_eq!(key::network("10.0.0.1")?.to_string(), "10.0.0.1/32");
/// let error = key::network("10.0.0.0/33").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"10.0.0.0/33\" is no address or network: write one like `203.0.113.7` or `10.0.0.0/8`"
/// );
/// # Ok::<(), key::KeyError>(())
/// ```
pub fn network(text: &str) -> Result<IpNet, KeyError> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse()).map_err(|_| KeyError {
        text: text.into(),
        what: "address or network: write one like `203.0.113.7` or `10.0.0.0/8`",
    })
}

use crate::policy::{Comparison, Condition, ConditionValue, IpCondition, Qualifier, Variable};
use crate::text::{Shortened, debug_as_display, is_json_number};

/// A condition key whose values are of the kind `K`.
///
/// ```
/// use cam_policy::key::Key;
///
/// let size = Key::number("cos:content-length")?.at_most(1024);
/// assert_eq!(size.to_string(), "numeric_less_than_equal of cos:content-length with 1024");
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key<K> {
    name: Cow<'static, str>,
    kind: PhantomData<fn() -> K>,
}

/// Marks a key whose values are addresses; see [`Key::within`].
///
/// ```
/// cam_policy::key::Key::ip("vpc:peer_ip")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ip {}

/// Marks a key whose values are instants; see [`Key::before`].
///
/// ```
/// cam_policy::key::Key::time("cos:uploaded")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Time {}

/// Marks a key whose values are tags; see [`Key::any_of`].
///
/// ```
/// cam_policy::key::Key::tags("qcs:tag")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tags {}

/// Marks a key whose values are texts; see [`Key::like`].
///
/// ```
/// cam_policy::key::Key::new("vpc:region")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Text {}

/// Marks a key whose values are numbers; see [`Key::at_most`].
///
/// ```
/// cam_policy::key::Key::number("cos:content-length")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Number {}

/// Marks a key whose values are `true` and `false`; see [`Key::is`].
///
/// ```
/// cam_policy::key::Key::bool("cos:encrypted")?;
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bool {}

/// `qcs:ip`: the caller's address.
pub const SOURCE_IP: Key<Ip> = Key::global("qcs:ip");

/// `qcs:current_time`: the time of the request.
pub const CURRENT_TIME: Key<Time> = Key::global("qcs:current_time");

/// `qcs:resource_tag`: the tags of the resource. Its old name is `qcs:tag`.
pub const RESOURCE_TAG: Key<Tags> = Key::global("qcs:resource_tag");

/// `qcs:request_tag`: the tags in the request.
pub const REQUEST_TAG: Key<Tags> = Key::global("qcs:request_tag");

/// `qcs:uin`: the caller's uin. Official text names the key; that its values are texts is an assumption.
pub const UIN: Key<Text> = Key::global("qcs:uin");

/// `qcs:owner_uin`: the uin of the caller's root account. Official text names the key; that its values are texts is
/// an assumption.
pub const OWNER_UIN: Key<Text> = Key::global("qcs:owner_uin");

/// `qcs:create_uin`: the uin of the resource's creator. Official text names the key; that its values are texts is an
/// assumption.
pub const CREATE_UIN: Key<Text> = Key::global("qcs:create_uin");

/// `qcs:mfa`: whether the caller proved a second factor. Official text names the key; that its values are `true` and
/// `false` is an assumption.
pub const MFA: Key<Bool> = Key::global("qcs:mfa");

impl<K> Key<K> {
    const fn global(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), kind: PhantomData }
    }

    fn named(name: &str) -> Result<Self, KeyError> {
        let parts = name.split_once(':').filter(|(product, key)| !product.is_empty() && !key.is_empty());
        if parts.is_none()
            || name.contains(|character: char| character.is_whitespace() || character.is_control())
        {
            return Err(KeyError { text: name.into(), what: "condition key: write one like `vpc:region`" });
        }
        Ok(Self { name: Cow::Owned(name.into()), kind: PhantomData })
    }

    /// Returns the name.
    ///
    /// ```
    /// assert_eq!(cam_policy::key::SOURCE_IP.name(), "qcs:ip");
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a condition that is true if the request lacks the key: `null_equal` with `true`.
    ///
    /// ```
    /// assert_eq!(cam_policy::key::MFA.is_absent().to_string(), "null_equal of qcs:mfa with true");
    /// ```
    pub fn is_absent(&self) -> Condition {
        self.compare(Comparison::NullEqual, ["true".to_string()])
    }

    /// Returns a condition that is true if the request has the key: `null_equal` with `false`.
    ///
    /// ```
    /// assert_eq!(cam_policy::key::MFA.is_present().to_string(), "null_equal of qcs:mfa with false");
    /// ```
    pub fn is_present(&self) -> Condition {
        self.compare(Comparison::NullEqual, ["false".to_string()])
    }

    fn compare(&self, comparison: Comparison, values: impl IntoIterator<Item = String>) -> Condition {
        let values = values.into_iter().map(|value| ConditionValue::Text(value.into()));
        Condition::unchecked(comparison.into(), &self.name, values)
    }
}

impl Key<Text> {
    /// Makes a key of a product, by its name, whose values are texts. For other values use [`number`](Key::number),
    /// [`time`](Key::time), [`ip`](Key::ip), [`bool`](Key::bool) or [`tags`](Key::tags). The documentation of the
    /// product says which type the key has.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// use cam_policy::key::Key;
    ///
    /// let region = Key::new("vpc:region")?.equals(["ap-guangzhou"]);
    /// assert_eq!(region.to_string(), "string_equal of vpc:region with ap-guangzhou");
    /// assert!(Key::new("qcs:ip ").is_err());
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Ip> {
    /// Makes a key of a product, by its name, whose values are addresses.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// assert!(cam_policy::key::Key::ip("vpc:peer_ip").is_ok());
    /// ```
    pub fn ip(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Time> {
    /// Makes a key of a product, by its name, whose values are instants.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// assert!(cam_policy::key::Key::time("cos:uploaded").is_ok());
    /// ```
    pub fn time(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Tags> {
    /// Makes a key of a product, by its name, whose values are tags.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// assert!(cam_policy::key::Key::tags("vpc:peer_tag").is_ok());
    /// ```
    pub fn tags(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Number> {
    /// Makes a key of a product, by its name, whose values are numbers.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// assert!(cam_policy::key::Key::number("cos:content-length").is_ok());
    /// ```
    pub fn number(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Bool> {
    /// Makes a key of a product, by its name, whose values are `true` and `false`.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the name is not `product:key`, or holds whitespace.
    ///
    /// ```
    /// assert!(cam_policy::key::Key::bool("cos:encrypted").is_ok());
    /// ```
    pub fn bool(name: &str) -> Result<Self, KeyError> {
        Self::named(name)
    }
}

impl Key<Ip> {
    /// True for an address in one of the networks, IPv4 or IPv6: `ip_equal`.
    ///
    /// ```
    /// use std::net::IpAddr;
    /// use cam_policy::key;
    ///
    /// let host: IpAddr = "10.0.0.1".parse()?;
    /// assert_eq!(
    ///     cam_policy::policy::Condition::from(key::SOURCE_IP.within([host])).to_string(),
    ///     "ip_equal of qcs:ip with 10.0.0.1/32"
    /// );
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub fn within<N: Into<IpNet>>(&self, networks: impl IntoIterator<Item = N>) -> IpCondition {
        self.networks(Comparison::IpEqual, networks)
    }

    /// True for an address in none of the networks: `ip_not_equal`.
    ///
    /// ```
    /// use ipnet::IpNet;
    /// use cam_policy::key;
    ///
    /// let condition = key::SOURCE_IP.outside(["2001:db8::/32".parse::<IpNet>()?]);
    /// assert_eq!(
    ///     cam_policy::policy::Condition::from(condition).to_string(),
    ///     "ip_not_equal of qcs:ip with 2001:db8::/32"
    /// );
    /// # Ok::<(), ipnet::AddrParseError>(())
    /// ```
    pub fn outside<N: Into<IpNet>>(&self, networks: impl IntoIterator<Item = N>) -> IpCondition {
        self.networks(Comparison::IpNotEqual, networks)
    }

    fn networks<N: Into<IpNet>>(
        &self,
        comparison: Comparison,
        networks: impl IntoIterator<Item = N>,
    ) -> IpCondition {
        IpCondition(self.compare(comparison, networks.into_iter().map(|net| net.into().to_string())))
    }
}

/// Declares the comparisons that take one value.
macro_rules! compared {
    ($kind:ident, $value:ty, |$given:ident| $text:expr, $(
        $(#[$meta:meta])* $name:ident = $comparison:ident, $example:literal;
    )+) => {
        impl Key<$kind> {$(
            $(#[$meta])*
            ///
            /// ```
            #[doc = $example]
            /// ```
            pub fn $name(&self, $given: $value) -> Condition {
                self.compare(Comparison::$comparison, [$text])
            }
        )+}
    };
}
compared! {
    Time, Timestamp, |instant| instant.to_string(),
    /// True before the instant: `date_less_than`.
    before = DateLessThan, "cam_policy::key::CURRENT_TIME.before(cam_policy::key::Timestamp::UNIX_EPOCH);";
    /// True before and at the instant: `date_less_than_equal`.
    until = DateLessThanEqual, "cam_policy::key::CURRENT_TIME.until(cam_policy::key::Timestamp::UNIX_EPOCH);";
    /// True after the instant: `date_greater_than`.
    after = DateGreaterThan, "cam_policy::key::CURRENT_TIME.after(cam_policy::key::Timestamp::UNIX_EPOCH);";
    /// True at and after the instant: `date_greater_than_equal`.
    since = DateGreaterThanEqual, "cam_policy::key::CURRENT_TIME.since(cam_policy::key::Timestamp::UNIX_EPOCH);";
    /// True only at the instant: `date_equal`.
    at = DateEqual, "cam_policy::key::CURRENT_TIME.at(cam_policy::key::Timestamp::UNIX_EPOCH);";
    /// True at any other instant: `date_not_equal`.
    not_at = DateNotEqual, "cam_policy::key::CURRENT_TIME.not_at(cam_policy::key::Timestamp::UNIX_EPOCH);";
}

impl Key<Number> {
    fn numbers<N: Into<Decimal>>(
        &self,
        comparison: Comparison,
        numbers: impl IntoIterator<Item = N>,
    ) -> Condition {
        let values = numbers.into_iter().map(|number| ConditionValue::Number(number.into().0));
        Condition::unchecked(comparison.into(), &self.name, values)
    }

    /// True for one of the numbers: `numeric_equal`.
    ///
    /// ```
    /// use cam_policy::key::{Decimal, Key, Number};
    ///
    /// Key::number("cos:tls-version")?.equals(["1.2".parse::<Decimal>()?]);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn equals<N: Into<Decimal>>(&self, numbers: impl IntoIterator<Item = N>) -> Condition {
        self.numbers(Comparison::NumericEqual, numbers)
    }

    /// True for every other number: `numeric_not_equal`.
    ///
    /// ```
    /// cam_policy::key::Key::number("cos:content-length")?.not_equals([0]);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn not_equals<N: Into<Decimal>>(&self, numbers: impl IntoIterator<Item = N>) -> Condition {
        self.numbers(Comparison::NumericNotEqual, numbers)
    }

    /// True for a smaller number: `numeric_less_than`.
    ///
    /// ```
    /// cam_policy::key::Key::number("cos:content-length")?.less_than(1024);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn less_than(&self, number: impl Into<Decimal>) -> Condition {
        self.numbers(Comparison::NumericLessThan, [number])
    }

    /// True for the number and smaller ones: `numeric_less_than_equal`.
    ///
    /// ```
    /// cam_policy::key::Key::number("cos:content-length")?.at_most(1024);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn at_most(&self, number: impl Into<Decimal>) -> Condition {
        self.numbers(Comparison::NumericLessThanEqual, [number])
    }

    /// True for a greater number: `numeric_greater_than`.
    ///
    /// ```
    /// cam_policy::key::Key::number("cos:content-length")?.greater_than(0);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn greater_than(&self, number: impl Into<Decimal>) -> Condition {
        self.numbers(Comparison::NumericGreaterThan, [number])
    }

    /// True for the number and greater ones: `numeric_greater_than_equal`.
    ///
    /// ```
    /// cam_policy::key::Key::number("cos:content-length")?.at_least(1);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn at_least(&self, number: impl Into<Decimal>) -> Condition {
        self.numbers(Comparison::NumericGreaterThanEqual, [number])
    }
}

/// A decimal number in the form that conditions hold: digits, optionally with a sign and a fraction, without
/// exponent.
///
/// ```
/// use cam_policy::key::Decimal;
///
/// assert_eq!("1.20".parse::<Decimal>()?.as_str(), "1.20");
/// assert_eq!(Decimal::from(-3).as_str(), "-3");
/// assert!("1e3".parse::<Decimal>().is_err());
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// Returns the digits.
    ///
    /// ```
    /// assert_eq!(cam_policy::key::Decimal::from(1024_u64).as_str(), "1024");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Decimal {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if is_json_number(text) && !text.contains(['e', 'E']) {
            Ok(Self(text.into()))
        } else {
            Err(KeyError { text: text.into(), what: "decimal number: write one like `1024` or `1.2`" })
        }
    }
}

macro_rules! decimal_from {
    ($($integer:ty)+) => {$(
        impl From<$integer> for Decimal {
            fn from(number: $integer) -> Self {
                Self(number.to_string().into())
            }
        }
    )+};
}
decimal_from!(i32 u32 i64 u64);

impl Key<Text> {
    fn texts<V: Into<TextValue>>(
        &self,
        comparison: Comparison,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        self.compare(comparison, values.into_iter().map(|value| value.into().0))
    }

    /// True for one of the texts: `string_equal`.
    ///
    /// ```
    /// use cam_policy::key;
    /// use cam_policy::policy::Variable;
    ///
    /// let own = key::CREATE_UIN.equals([Variable::Uin]);
    /// assert_eq!(own.to_string(), "string_equal of qcs:create_uin with ${uin}");
    /// ```
    pub fn equals<V: Into<TextValue>>(&self, values: impl IntoIterator<Item = V>) -> Condition {
        self.texts(Comparison::StringEqual, values)
    }

    /// True for every other text: `string_not_equal`.
    ///
    /// ```
    /// cam_policy::key::UIN.not_equals(["12345678"]);
    /// ```
    pub fn not_equals<V: Into<TextValue>>(&self, values: impl IntoIterator<Item = V>) -> Condition {
        self.texts(Comparison::StringNotEqual, values)
    }

    /// Works like [`equals`](Self::equals), without regard to upper and lower case: `string_equal_ignore_case`.
    ///
    /// ```
    /// cam_policy::key::UIN.equals_ignoring_case(["abc"]);
    /// ```
    pub fn equals_ignoring_case<V: Into<TextValue>>(&self, values: impl IntoIterator<Item = V>) -> Condition {
        self.texts(Comparison::StringEqualIgnoreCase, values)
    }

    /// Works like [`not_equals`](Self::not_equals), without regard to upper and lower case:
    /// `string_not_equal_ignore_case`.
    ///
    /// ```
    /// cam_policy::key::UIN.not_equals_ignoring_case(["abc"]);
    /// ```
    pub fn not_equals_ignoring_case<V: Into<TextValue>>(
        &self,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        self.texts(Comparison::StringNotEqualIgnoreCase, values)
    }

    /// True for a text that one of the patterns matches: `string_like`. A `*` stands for any run of characters.
    ///
    /// ```
    /// cam_policy::key::UIN.like(["1000*"]);
    /// ```
    pub fn like<V: Into<TextValue>>(&self, patterns: impl IntoIterator<Item = V>) -> Condition {
        self.texts(Comparison::StringLike, patterns)
    }

    /// True for a text that none of the patterns matches: `string_not_like`.
    ///
    /// ```
    /// cam_policy::key::UIN.not_like(["1000*"]);
    /// ```
    pub fn not_like<V: Into<TextValue>>(&self, patterns: impl IntoIterator<Item = V>) -> Condition {
        self.texts(Comparison::StringNotLike, patterns)
    }
}

/// A text, or a policy [`Variable`], for a condition.
///
/// If a text holds a `${…}` that is not a variable of CAM, building the policy fails.
///
/// ```
/// use cam_policy::key::TextValue;
/// use cam_policy::policy::Variable;
///
/// let values: [TextValue; 2] = ["ap-guangzhou".into(), Variable::Uin.into()];
/// assert_ne!(values[0], values[1]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextValue(String);

impl From<&str> for TextValue {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for TextValue {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Variable> for TextValue {
    fn from(variable: Variable) -> Self {
        Self(variable.as_str().into())
    }
}

impl Key<Bool> {
    /// True for this value: `bool_equal`.
    ///
    /// ```
    /// assert_eq!(cam_policy::key::MFA.is(true).to_string(), "bool_equal of qcs:mfa with true");
    /// ```
    pub fn is(&self, value: bool) -> Condition {
        self.compare(Comparison::BoolEqual, [value.to_string()])
    }
}

impl Key<Tags> {
    /// True if one of the tags is present: `for_any_value:string_equal`.
    ///
    /// ```
    /// use cam_policy::key::{self, Tag};
    ///
    /// key::RESOURCE_TAG.any_of([Tag::new("env", "prod")?, Tag::new("env", "test")?]);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn any_of(&self, tags: impl IntoIterator<Item = Tag>) -> Condition {
        self.compare(Comparison::StringEqual, tags.into_iter().map(|tag| tag.0))
            .qualified(Qualifier::ForAnyValue)
    }

    /// True if there are tags, and all of them are among these: `for_all_value:string_equal`.
    ///
    /// ```
    /// use cam_policy::key::{self, Tag};
    ///
    /// key::REQUEST_TAG.only([Tag::new("env", "test")?]);
    /// # Ok::<(), cam_policy::key::KeyError>(())
    /// ```
    pub fn only(&self, tags: impl IntoIterator<Item = Tag>) -> Condition {
        self.compare(Comparison::StringEqual, tags.into_iter().map(|tag| tag.0))
            .qualified(Qualifier::ForAllValue)
    }
}

/// A tag: a key and a value. Policies write `&` between them.
///
/// ```
/// use cam_policy::key::Tag;
///
/// assert_eq!(Tag::new("env", "prod")?.to_string(), "env&prod");
/// assert!(Tag::new("a&b", "c").is_err());
/// # Ok::<(), cam_policy::key::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// Makes a tag.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the key is empty, or holds a `&`, which would end it.
    ///
    /// ```
    /// assert!(cam_policy::key::Tag::new("", "prod").is_err());
    /// ```
    pub fn new(key: &str, value: &str) -> Result<Self, KeyError> {
        if key.is_empty() || key.contains('&') {
            return Err(KeyError { text: key.into(), what: "tag key: it must not be empty nor hold `&`" });
        }
        Ok(Self(alloc::format!("{key}&{value}")))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Error from reading a condition key, a tag, a number, an address or a network.
///
/// ```
/// use cam_policy::key::Key;
///
/// let error = Key::new("region").unwrap_err();
/// assert_eq!(error.to_string(), "\"region\" is no condition key: write one like `vpc:region`");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct KeyError {
    text: Box<str>,
    what: &'static str,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no {}", Shortened(&self.text), self.what)
    }
}

debug_as_display!(KeyError);

impl core::error::Error for KeyError {}
