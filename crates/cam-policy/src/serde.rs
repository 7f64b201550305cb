//! Implements `Serialize` and `Deserialize` with the texts that CAM and the catalog use.

use alloc::string::String;
use core::fmt::{self, Display, Write};
use core::marker::PhantomData;
use core::str::FromStr;

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeStruct, Serializer};

use crate::catalog::{
    AccessLevel, Granularity, Grouping, IpRestriction, PlaceholderKind, RestrictionReason,
    ServiceGranularity, Surface,
};
use crate::diagnostic::{Code, Diagnostic, Element, Fix, Severity};
use crate::document::{Document, DocumentError};
use crate::policy::{ActionPattern, Effect, Part, Policy, Principal, ResourcePattern, Shape, Statement};
use crate::text::{Position, Span, write_json_string};
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

/// Reads a string and parses it, for the types of generated code.
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
    /// Reads a number, or a string of digits.
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
as_word!(Code Severity AccessLevel Effect Granularity Grouping IpRestriction PlaceholderKind RestrictionReason ServiceGranularity Surface);

impl Serialize for Part<'_> {
    /// Writes a number as a number; a fraction has the precision of `f64`.
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

/// Writes a struct with the given fields.
macro_rules! as_struct {
    ($name:ident as $value:ident { $($field:literal: $part:expr,)+ }) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                let mut out = serializer.serialize_struct(stringify!($name), [$($field),+].len())?;
                $(out.serialize_field($field, &$part)?;)+
                out.end()
            }
        }
    };
}

as_struct!(Position as position { "line": position.line, "column": position.column, });
as_struct!(Span as span { "start": span.start(), "end": span.end(), });
as_struct!(Fix as fix { "span": fix.span, "replacement": &*fix.replacement, });
as_struct!(Diagnostic as diagnostic {
    "code": diagnostic.code(),
    "severity": diagnostic.severity(),
    "element": diagnostic.element(),
    "span": diagnostic.span(),
    "position": diagnostic.position(),
    "message": diagnostic.message(),
    "help": diagnostic.help(),
    "fix": diagnostic.fix(),
    "cam_code": diagnostic.cam_code(),
    "has_no_effect": diagnostic.has_no_effect(),
});

impl Serialize for Element {
    /// Writes the path of the element: `/statement/0/action/1`. Conditions are counted per statement, over all
    /// operators, and the names of a principal over all kinds.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Pointer(Element);
        impl Display for Pointer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if let Some(statement) = self.0.statement() {
                    write!(f, "/statement/{statement}")?;
                }
                match self.0 {
                    Element::Id => f.write_str("/Id"),
                    Element::Principal | Element::StatementPrincipal(_) => f.write_str("/principal"),
                    Element::PrincipalName(at) | Element::StatementPrincipalName(_, at) => {
                        write!(f, "/principal/{at}")
                    }
                    Element::Sid(_) => f.write_str("/Sid"),
                    Element::Effect(_) => f.write_str("/effect"),
                    Element::Action(_, at) => write!(f, "/action/{at}"),
                    Element::Resource(_, at) => write!(f, "/resource/{at}"),
                    Element::Operator(_, at) | Element::Key(_, at) | Element::Value(_, at, _) => {
                        write!(f, "/condition/{at}")?;
                        match self.0 {
                            Element::Operator(..) => f.write_str("/operator"),
                            Element::Key(..) => f.write_str("/key"),
                            Element::Value(_, _, value) => write!(f, "/value/{value}"),
                            _ => Ok(()),
                        }
                    }
                    Element::Policy | Element::Statement(_) => Ok(()),
                }
            }
        }
        serializer.collect_str(&Pointer(*self))
    }
}

impl Serialize for DocumentError {
    /// Writes the list of its errors.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.diagnostics())
    }
}

impl<'de> Deserialize<'de> for Policy {
    /// Reads the JSON of a policy as [`Document::parse`] does. It also reads a string that holds this JSON, as
    /// `PolicyDocument` does.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Json { text: String::new(), depth: 0 };
        let whole = json.deserialize(deserializer)?;
        let text = whole.as_deref().unwrap_or(&json.text);
        Document::parse(text).map(Document::into_policy).map_err(D::Error::custom)
    }
}

/// Any value, written as JSON. A string at the top level stays as it is.
struct Json {
    text: String,
    depth: usize,
}

/// No policy is as deep. The limit protects the stack from formats that have no limit of their own.
const DEEPEST: usize = 64;

impl Json {
    fn write<E: Error>(&mut self, text: impl Display) -> Result<Option<String>, E> {
        write!(self.text, "{text}").map_err(E::custom)?;
        Ok(None)
    }

    fn within<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(E::custom("a policy is not as deep")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Json {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Json {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy, or a string that holds one")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.write(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.write(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.write(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        self.write(value)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        self.write("null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if self.depth == 0 {
            return Ok(Some(text.into()));
        }
        write_json_string(&mut self.text, text).map_err(E::custom)?;
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        self.within()?;
        self.write::<A::Error>('[')?;
        let start = self.text.len();
        loop {
            let before = self.text.len();
            if before > start {
                self.text.push(',');
            }
            if items.next_element_seed(&mut *self)?.is_none() {
                self.text.truncate(before);
                break;
            }
        }
        self.depth -= 1;
        self.write(']')
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        self.within()?;
        self.write::<A::Error>('{')?;
        let start = self.text.len();
        loop {
            let before = self.text.len();
            if before > start {
                self.text.push(',');
            }
            if members.next_key_seed(&mut *self)?.is_none() {
                self.text.truncate(before);
                break;
            }
            self.text.push(':');
            members.next_value_seed(&mut *self)?;
        }
        self.depth -= 1;
        self.write('}')
    }
}

#[cfg(feature = "engine")]
mod engine {
    use super::{Display, Serialize, SerializeStruct, Serializer};
    use crate::engine::{Decision, Explanation, NearestMiss, Response, StatementExplanation};

    /// A value as its text.
    struct Shown<T>(T);

    impl<T: Display> Serialize for Shown<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&self.0)
        }
    }

    /// Values as their texts.
    struct AllShown<'a, T>(&'a [T]);

    impl<T: Display> Serialize for AllShown<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0.iter().map(Shown))
        }
    }

    impl Serialize for Decision {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(match self {
                Self::Allowed => "allowed",
                Self::ExplicitlyDenied => "explicitly_denied",
                Self::ImplicitlyDenied => "implicitly_denied",
            })
        }
    }

    impl Serialize for Response<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("Response", 5)?;
            out.serialize_field("decision", &self.decision())?;
            out.serialize_field("root", &self.is_root())?;
            out.serialize_field("resource", self.resource())?;
            out.serialize_field("normalization", &self.normalization().map(Shown))?;
            out.serialize_field("statements", &AllShown(&self.statements()))?;
            out.end()
        }
    }

    impl Serialize for StatementExplanation {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("StatementExplanation", 4)?;
            out.serialize_field("statement", &Shown(&self.id))?;
            out.serialize_field("effect", &self.effect)?;
            out.serialize_field("matches", &self.matches())?;
            out.serialize_field("text", &Shown(self))?;
            out.end()
        }
    }

    impl Serialize for NearestMiss {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("NearestMiss", 3)?;
            out.serialize_field("statement", &Shown(&self.id))?;
            out.serialize_field("element", &self.element())?;
            out.serialize_field("text", &Shown(self))?;
            out.end()
        }
    }

    impl Serialize for Explanation {
        /// Writes the decision and its reasons. Statements and changes have the words of their `Display`.
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("Explanation", 7)?;
            out.serialize_field("decision", &self.decision())?;
            out.serialize_field("normalization", &self.normalization().map(Shown))?;
            out.serialize_field("statements", self.statements())?;
            out.serialize_field("notes", self.notes())?;
            out.serialize_field("nearest", self.nearest())?;
            out.serialize_field("changes", &AllShown(self.changes()))?;
            out.serialize_field("text", &Shown(self))?;
            out.end()
        }
    }
}
