//! `Serialize` and `Deserialize`, as the texts CAM and the catalog use.

use core::fmt::{self, Display};
use core::marker::PhantomData;
use core::str::FromStr;

use serde_core::de::{Deserialize, Deserializer, Error, Visitor};
use serde_core::ser::{Serialize, Serializer};

use crate::catalog::{
    AccessLevel, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface,
};
use crate::policy::{ActionPattern, Effect, Part, Policy, Principal, ResourcePattern, Shape, Statement};
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

/// Reads a string and parses it: for the types of generated code.
pub fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<T, D::Error> {
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
as_word!(AccessLevel Effect Granularity Grouping IpRestriction PlaceholderKind RestrictionReason ServiceGranularity Surface);

impl Serialize for Part<'_> {
    /// Writes a number as a number, a fraction in the precision of `f64`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.shape() {
            Shape::Text(text) => serializer.serialize_str(text),
            Shape::List(items) => serializer.collect_seq(items),
            Shape::Object(members) => serializer.collect_map(members),
            Shape::Number(digits) => {
                if let Ok(number) = digits.parse() {
                    return serializer.serialize_i64(number);
                }
                match digits.parse() {
                    Ok(number) => serializer.serialize_f64(number),
                    Err(_) => serializer.serialize_str(digits),
                }
            }
        }
    }
}

/// Writes a value as the JSON of a policy has it.
macro_rules! as_part {
    ($($name:ident)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Part::$name(self).serialize(serializer)
            }
        }
    )+};
}
as_part!(Policy Principal Statement);
