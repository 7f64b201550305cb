//! Writes policies as JSON, and counts their length as CAM does.
//!
//! [`Part::shape`] states the members of each object once. The text, and the `Serialize` of the feature `serde`, both
//! use it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::ToString;
use core::fmt::{self, Write};

use super::action_pattern::ActionPattern;
use super::condition::{Condition, ConditionOperator, ConditionValue};
use super::grammar::{Policy, Statement};
use super::length::Count;
use super::principal::Principal;
use super::resource_pattern::ResourcePattern;
use crate::text::write_json_string;

/// A value of the JSON of a policy.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    Policy(&'a Policy),
    Statements(&'a [Statement]),
    Statement(&'a Statement),
    Principal(&'a Principal),
    Names(&'a [Box<str>]),
    Actions(&'a [ActionPattern]),
    Resources(&'a [ResourcePattern]),
    Conditions(&'a [Condition]),
    /// All conditions of a statement with one operator: an object of their keys.
    Keys(&'a [Condition], ConditionOperator),
    Values(&'a [ConditionValue]),
    Text(&'a str),
    Number(&'a str),
}

/// What kind of JSON value a part is, with its contents.
pub(crate) enum Shape<'a> {
    Text(&'a str),
    Number(&'a str),
    List(Box<dyn Iterator<Item = Part<'a>> + 'a>),
    Object(Box<dyn Iterator<Item = (Cow<'a, str>, Part<'a>)> + 'a>),
}

impl<'a> Part<'a> {
    pub(crate) fn shape(self) -> Shape<'a> {
        let list = |items| Shape::List(items);
        match self {
            Self::Text(text) => Shape::Text(text),
            Self::Number(digits) => Shape::Number(digits),
            Self::Policy(policy) => object([
                ("version", Some(Self::Text(Policy::VERSION))),
                ("Id", policy.id().map(Self::Text)),
                ("principal", policy.principal().map(Self::Principal)),
                ("statement", Some(Self::Statements(policy.statements()))),
            ]),
            Self::Statement(statement) => object([
                ("Sid", statement.sid().map(Self::Text)),
                ("effect", Some(Self::Text(statement.effect().as_str()))),
                ("principal", statement.principal().map(Self::Principal)),
                ("action", Some(Self::Actions(statement.actions()))),
                ("resource", some(statement.resources()).map(Self::Resources)),
                ("condition", some(statement.conditions()).map(Self::Conditions)),
            ]),
            Self::Principal(Principal::All) => Shape::Text("*"),
            Self::Principal(Principal::Named(named)) => Shape::Object(Box::new(
                named.iter().map(|(kind, names)| (Cow::Borrowed(kind.as_str()), Self::Names(names))),
            )),
            // Returns each operator once, in the order of first use.
            Self::Conditions(all) => {
                let first = move |(at, condition): (usize, &'a Condition)| {
                    let operator = condition.operator();
                    let is_new = all[..at].iter().all(|before| before.operator() != operator);
                    is_new.then(|| (Cow::Owned(operator.to_string()), Self::Keys(all, operator)))
                };
                Shape::Object(Box::new(all.iter().enumerate().filter_map(first)))
            }
            Self::Keys(all, operator) => {
                let own = all.iter().filter(move |condition| condition.operator() == operator);
                Shape::Object(Box::new(
                    own.map(|condition| (Cow::Borrowed(condition.key()), Self::Values(condition.values()))),
                ))
            }
            Self::Statements(all) => list(Box::new(all.iter().map(Self::Statement))),
            Self::Names(all) => list(Box::new(all.iter().map(|name| Self::Text(name)))),
            Self::Actions(all) => list(Box::new(all.iter().map(|action| Self::Text(action.as_str())))),
            Self::Resources(all) => list(Box::new(all.iter().map(|resource| Self::Text(resource.as_str())))),
            Self::Values(all) => list(Box::new(all.iter().map(|value| match value {
                ConditionValue::Text(text) => Self::Text(text),
                ConditionValue::Number(digits) => Self::Number(digits),
            }))),
        }
    }

    /// Returns the only value of a list, if it may stand without brackets.
    fn only(self) -> Option<Self> {
        let count = match self {
            Self::Names(all) => all.len(),
            Self::Actions(all) => all.len(),
            Self::Resources(all) => all.len(),
            Self::Values(all) => all.len(),
            _ => return None,
        };
        match self.shape() {
            Shape::List(mut items) if count == 1 => items.next(),
            _ => None,
        }
    }
}

fn object<'a, const N: usize>(members: [(&'static str, Option<Part<'a>>); N]) -> Shape<'a> {
    let given = |(key, part): (&'static str, Option<Part<'a>>)| Some((Cow::Borrowed(key), part?));
    Shape::Object(Box::new(members.into_iter().filter_map(given)))
}

fn some<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

#[cfg(feature = "engine")]
impl Policy {
    /// Short JSON that says the same: the [minimized](Self::minimized) statements, in one line, single values without their
    /// brackets.
    ///
    /// ```
    /// # use cam_policy::policy::Policy;
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["rds:L*","rds:*"],"resource":["*"]}]}"#.parse()?;
    /// assert_eq!(
    ///     policy.minified().to_string(),
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":"rds:*","resource":"*"}]}"#
    /// );
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn minified(&self) -> impl fmt::Display + use<> {
        struct Minified(Policy);
        impl fmt::Display for Minified {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Writer { pretty: false, scalars: true, out: f }.write(Part::Policy(&self.0), 0)
            }
        }
        Minified(self.minimized())
    }
}

impl Policy {
    /// Returns the number of characters that CAM counts: those of the canonical form, with arrays, that are not
    /// whitespace.
    ///
    /// CAM documents that it does not count whitespace. This crate assumes that this includes whitespace inside
    /// strings. It also assumes that arrays count, because CAM normalises to arrays; the form that `minified` (feature
    /// `engine`) returns is shorter.
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert_eq!(Policy::new([statement])?.len_for_cam(), 82);
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn len_for_cam(&self) -> usize {
        Part::Policy(self).len_for_cam()
    }
}

impl Part<'_> {
    /// Returns the number of characters that are not whitespace in the form with arrays.
    pub(super) fn len_for_cam(self) -> usize {
        let mut counted = Count::default();
        // Counting cannot fail.
        let _ = Writer { pretty: false, scalars: false, out: &mut counted }.write(self, 0);
        counted.0
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { pretty: f.alternate(), scalars: false, out: f }.write(Part::Policy(self), 0)
    }
}

impl fmt::Display for Statement {
    /// The JSON of the statement alone, in one line; `{:#}` puts each value on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { pretty: f.alternate(), scalars: false, out: f }.write(Part::Statement(self), 0)
    }
}

/// Writes JSON, either in one line or with each value on a line of its own.
struct Writer<'a> {
    pretty: bool,
    /// Whether a list of one value is written without its brackets.
    scalars: bool,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    fn write(&mut self, part: Part<'_>, depth: usize) -> fmt::Result {
        if let (true, Some(only)) = (self.scalars, part.only()) {
            return self.write(only, depth);
        }
        match part.shape() {
            Shape::Text(text) => write_json_string(self.out, text),
            Shape::Number(digits) => self.out.write_str(digits),
            Shape::List(items) => {
                self.out.write_char('[')?;
                for (at, item) in items.enumerate() {
                    self.line(at > 0, depth + 1)?;
                    self.write(item, depth + 1)?;
                }
                self.line(false, depth)?;
                self.out.write_char(']')
            }
            Shape::Object(members) => {
                self.out.write_char('{')?;
                for (at, (key, value)) in members.enumerate() {
                    self.line(at > 0, depth + 1)?;
                    write_json_string(self.out, &key)?;
                    self.out.write_str(if self.pretty { ": " } else { ":" })?;
                    self.write(value, depth + 1)?;
                }
                self.line(false, depth)?;
                self.out.write_char('}')
            }
        }
    }

    fn line(&mut self, comma: bool, depth: usize) -> fmt::Result {
        if comma {
            self.out.write_char(',')?;
        }
        if self.pretty {
            self.out.write_char('\n')?;
            for _ in 0..depth {
                self.out.write_str("  ")?;
            }
        }
        Ok(())
    }
}
