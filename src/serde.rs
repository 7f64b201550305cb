//! `Serialize` and `Deserialize`, as the texts CAM and the catalog use.

use core::fmt::{self, Display};
use core::marker::PhantomData;
use core::str::FromStr;

use serde_core::de::{Deserialize, Deserializer, Error, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

use crate::facts::{AccessLevel, Granularity, IpRestriction, RestrictionReason, ServiceGranularity, Surface};
use crate::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, Policy, Principal, ResourcePattern,
    Statement,
};
use crate::values::{Region, Uin};

/// Writes a type as its `Display` and reads it by its `FromStr`.
macro_rules! as_text {
    ($name:ty) => {
        impl ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                crate::serde::parsed(deserializer)
            }
        }
    };
}
pub(crate) use as_text;

/// Reads a string and parses it.
pub(crate) fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err: Display>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

as_text!(Region);
as_text!(crate::Service);
as_text!(ActionPattern);
as_text!(ResourcePattern);

impl Serialize for Uin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uin {
    /// Reads a number, or the digits of one in a string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Uin;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an account uin, as a number or as a string of digits")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Uin, E> {
                Uin::new(number).map_err(E::custom)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Uin, E> {
                Uin::new(number.try_into().unwrap_or_default()).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Uin, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Number)
    }
}

/// Writes a word of a closed set.
macro_rules! as_word {
    ($($name:ty)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )+};
}
as_word!(AccessLevel Effect Granularity IpRestriction RestrictionReason ServiceGranularity Surface);

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut policy = serializer.serialize_map(None)?;
        policy.serialize_entry("version", Policy::VERSION)?;
        if let Some(principal) = self.principal() {
            policy.serialize_entry("principal", principal)?;
        }
        policy.serialize_entry("statement", self.statements())?;
        policy.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut statement = serializer.serialize_map(None)?;
        statement.serialize_entry("effect", &self.effect())?;
        if let Some(principal) = self.principal() {
            statement.serialize_entry("principal", principal)?;
        }
        statement.serialize_entry("action", self.actions())?;
        if !self.resources().is_empty() {
            statement.serialize_entry("resource", self.resources())?;
        }
        if !self.conditions().is_empty() {
            statement.serialize_entry("condition", &Conditions(self.conditions()))?;
        }
        statement.end()
    }
}

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Every => serializer.serialize_str("*"),
            Self::Named(named) => {
                serializer.collect_map(named.iter().map(|(kind, names)| (kind.as_str(), names)))
            }
        }
    }
}

/// Conditions, each operator once with all its keys.
struct Conditions<'a>(&'a [Condition]);

impl Serialize for Conditions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut operators = serializer.serialize_map(None)?;
        for (at, condition) in self.0.iter().enumerate() {
            let operator = condition.operator();
            if self.0[..at].iter().all(|before| before.operator() != operator) {
                operators.serialize_entry(&alloc::format!("{operator}"), &Keys(self.0, operator))?;
            }
        }
        operators.end()
    }
}

/// The keys of one operator.
struct Keys<'a>(&'a [Condition], ConditionOperator);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of_operator = self.0.iter().filter(|condition| condition.operator() == self.1);
        serializer.collect_map(of_operator.map(|condition| (condition.key(), condition.values())))
    }
}

impl Serialize for ConditionValue {
    /// Writes a number as a number, a fraction in the precision of `f64`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self::Number(digits) = self else { return serializer.serialize_str(self.as_str()) };
        if let Ok(number) = digits.parse() {
            return serializer.serialize_i64(number);
        }
        match digits.parse() {
            Ok(number) => serializer.serialize_f64(number),
            Err(_) => serializer.serialize_str(digits),
        }
    }
}
