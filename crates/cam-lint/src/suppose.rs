//! What else is wrong with a policy that cannot be read, whatever stands in the place of what cannot be read.
//!
//! The text is read again with a wide value in the place of each mistake, and once more with a narrow one. A finding
//! counts if both have it.

use std::ops::Range;

use cam_policy::diagnostic::{Code, Diagnostic};
use cam_policy::text::Span;

use crate::edits::remove_member;
use crate::finding::{Edit, apply};

/// What stands in the place of a mistake.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    Wide,
    Narrow,
}

/// A text with other values in the place of its mistakes.
#[derive(Clone)]
pub(crate) struct Supposed {
    pub(crate) text: String,
    /// The changes, each a layer above the one before it.
    layers: Vec<Vec<Edit>>,
}

impl Supposed {
    /// Returns the text with what its author means where that is known.
    pub(crate) fn mended(text: &str, errors: &[Diagnostic]) -> Self {
        let changes = errors.iter().filter_map(|error| {
            let change = error.change()?;
            Some(Edit { span: change.span, replacement: (*change.replacement).into() })
        });
        Self { text: text.into(), layers: Vec::new() }.changed(changes.collect())
    }

    /// Returns the text with wide and with narrow values where nobody knows what is meant; `None` if there is no such
    /// place.
    pub(crate) fn both(&self, errors: &[Diagnostic]) -> Option<[Self; 2]> {
        let values = Value::all(&self.text);
        let with = |guess: Guess| {
            let mut guesses =
                Guesses { text: &self.text, guess, unreadable: Vec::new(), operators: Vec::new() };
            let edits = errors.iter().filter_map(|error| guesses.edit(error, &values));
            self.clone().changed(edits.collect())
        };
        (!errors.is_empty()).then(|| [with(Guess::Wide), with(Guess::Narrow)])
    }

    fn changed(mut self, mut edits: Vec<Edit>) -> Self {
        // Of two changes in one place, the one of the whole stays.
        edits.sort_by_key(|edit| (edit.span.start(), usize::MAX - edit.span.end()));
        let mut end = 0;
        edits.retain(|edit| {
            let apart = edit.span.start() >= end;
            end = end.max(edit.span.end());
            apart
        });
        if !edits.is_empty() {
            self.text = apply(&self.text, edits.iter());
            self.layers.push(edits);
        }
        self
    }

    /// Returns how many bytes of this text are not the author's.
    pub(crate) fn guessed(&self) -> usize {
        self.layers.iter().flatten().map(|edit| edit.replacement.len()).sum()
    }

    /// Returns where a part of this text stands in the original; `None` if it is about something that was changed.
    pub(crate) fn origin(&self, span: Span) -> Option<Span> {
        let mut span = span;
        for edits in self.layers.iter().rev() {
            let place = |at: usize, is_end: bool| {
                // Up to here, both texts have been walked.
                let (mut original, mut here) = (0, 0);
                for edit in edits {
                    let start = here + edit.span.start() - original;
                    let end = start + edit.replacement.len();
                    if at < start || at == start && (is_end || start == end) {
                        break;
                    }
                    if at < end {
                        return None;
                    }
                    (original, here) = (edit.span.end(), end);
                }
                Some(original + at - here)
            };
            let start = place(span.start(), false)?;
            let end = if span.range().is_empty() { start } else { place(span.end(), true)? };
            span = Span::new(start, end.max(start));
        }
        Some(span)
    }
}

/// A value in a text that is JSON but for small mistakes.
struct Value {
    range: Range<usize>,
    /// Its key, in lower case; items of an array have that of the array.
    key: String,
    /// Where its key begins, or else the value.
    start: usize,
    parent: Option<usize>,
}

impl Value {
    fn replaced(&self, replacement: String) -> Edit {
        Edit { span: Span::new(self.range.start, self.range.end), replacement }
    }

    fn all(text: &str) -> Vec<Self> {
        let bytes = text.as_bytes();
        let (mut values, mut open): (Vec<Self>, Vec<usize>) = (Vec::new(), Vec::new());
        let (mut at, mut key): (usize, Option<Range<usize>>) = (0, None);
        while let Some(byte) = bytes.get(at) {
            let start = at;
            at += 1;
            match byte {
                b'"' => {
                    while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                        at += if bytes[at] == b'\\' { 2 } else { 1 };
                    }
                    at = (at + 1).min(bytes.len());
                    if text.get(at..).is_some_and(|rest| rest.trim_start().starts_with(':')) {
                        key = Some(start..at);
                        continue;
                    }
                }
                b'}' | b']' => {
                    if let Some(closed) = open.pop() {
                        values[closed].range.end = at;
                    }
                    continue;
                }
                b'{' | b'[' => {}
                _ if byte.is_ascii_alphanumeric() || *byte == b'-' => {
                    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"{}[],:".contains(byte);
                    at += bytes[at..].iter().position(ends).unwrap_or(bytes.len() - at);
                }
                _ => continue,
            }
            let parent = open.last().copied();
            let (name, begins) = match key.take() {
                Some(key) => (text[key.clone()].trim_matches('"').to_ascii_lowercase(), key.start),
                None => (parent.map_or(String::new(), |of| values[of].key.clone()), start),
            };
            if matches!(byte, b'{' | b'[') {
                open.push(values.len());
            }
            let end = if matches!(byte, b'{' | b'[') { bytes.len() } else { at };
            values.push(Self { range: start..end, key: name, start: begins, parent });
        }
        values
    }
}

/// What stands in the place of mistakes, one after the other.
struct Guesses<'t> {
    text: &'t str,
    guess: Guess,
    /// Each text that cannot be read, once. Two that differ may mean different things.
    unreadable: Vec<&'t str>,
    /// The operators that were put into conditions, by the number of the condition.
    operators: Vec<(usize, &'static str)>,
}

/// Operators that are true of a key which no request has. The first is the usual one.
const WIDE: [&str; 6] = [
    "string_not_equal_if_exist",
    "string_not_like_if_exist",
    "string_not_equal_ignore_case_if_exist",
    "string_equal_if_exist",
    "string_like_if_exist",
    "string_equal_ignore_case_if_exist",
];

/// Operators that are false of a key which no request has.
const NARROW: [&str; 6] = [
    "string_equal",
    "string_like",
    "string_equal_ignore_case",
    "for_any_value:string_equal",
    "for_any_value:string_like",
    "for_any_value:string_equal_ignore_case",
];

impl Guesses<'_> {
    /// Picks the value for a part of the text; `{}` in the narrow one is the number of what stands there.
    fn pick(&mut self, part: &Range<usize>, wide: &str, narrow: &str) -> String {
        let written = &self.text[part.clone()];
        let known = self.unreadable.iter().position(|one| *one == written && !written.is_empty());
        let number = known.unwrap_or(self.unreadable.len());
        if known.is_none() {
            self.unreadable.push(written);
        }
        if self.guess == Guess::Wide { wide.into() } else { narrow.replace("{}", &number.to_string()) }
    }

    /// Returns the change that puts a value in the place of a mistake; `None` if it is one of the structure.
    fn edit(&mut self, error: &Diagnostic, values: &[Value]) -> Option<Edit> {
        let text = self.text;
        let at = error.span()?.start();
        let innermost = values.iter().rposition(|value| value.start <= at && at < value.range.end)?;
        let climb = |wanted: &dyn Fn(&Value) -> bool| {
            let up = std::iter::successors(Some(innermost), |of| values[*of].parent);
            up.map(|of| &values[of]).find(|value| wanted(value))
        };
        let own = |key: &'static str| climb(&|value| value.key == key);
        // The place of what is missing is the beginning of what lacks it.
        let lacks = text[at..].starts_with('{') && values[innermost].range.start == at;
        let (key, wide, narrow) = match error.code() {
            Code::Version => ("version", VERSION, VERSION),
            Code::Effect => {
                let written = own("effect").filter(|_| !lacks).map_or("", |value| &text[value.range.clone()]);
                let known = self.unreadable.iter().position(|one| *one == written);
                // Two effects that cannot be read may be different ones.
                let is_even = known.unwrap_or(self.unreadable.len()) % 2 == 0;
                ("effect", r#""allow""#, if is_even { r#""deny""# } else { r#""allow""# })
            }
            Code::Action => ("action", r#""*""#, r#""unknown:Unknown{}""#),
            Code::Resource => {
                // Nobody who means `*` writes so much else.
                let names_one = own("resource").filter(|_| !lacks).is_some_and(|value| {
                    text[value.range.clone()].bytes().any(|byte| byte.is_ascii_alphanumeric())
                });
                let wide = if names_one { r#""qcs:::::*""# } else { r#""*""# };
                ("resource", wide, r#""qcs::unknown:::unknown{}""#)
            }
            Code::Principal => {
                ("principal", r#""*""#, r#"{"qcs":["qcs::cam::uin/100000000001:uin/1000000050{}"]}"#)
            }
            Code::Condition => return self.condition(climb, values),
            Code::Structure => return self.key(at, &values[innermost], climb, values),
            _ => return None,
        };
        if lacks {
            let value = self.pick(&(at + 1..at + 1), wide, narrow);
            let member = format!("\"{key}\":{value},");
            return Some(Edit { span: Span::new(at + 1, at + 1), replacement: member });
        }
        let value = own(key)?;
        let is_list = text[value.range.clone()].starts_with('[');
        let by = self.pick(&value.range, wide, narrow);
        Some(value.replaced(if is_list { format!("[{by}]") } else { by }))
    }

    /// Puts another condition in the place of one.
    fn condition<'v>(
        &mut self,
        climb: impl Fn(&dyn Fn(&Value) -> bool) -> Option<&'v Value>,
        values: &[Value],
    ) -> Option<Edit> {
        let wide = r#""string_not_equal_if_exist":{"unknown:unknown":"0"}"#;
        let narrow = r#""string_equal":{"unknown:unknown":"{}"}"#;
        let operator = climb(&|value| value.parent.is_some_and(|of| values[of].key == "condition"));
        if let Some(operator) = operator {
            let part = operator.start..operator.range.end;
            let replacement = self.pick(&part, wide, narrow);
            let [usual, others @ ..] = if self.guess == Guess::Wide { WIDE } else { NARROW };
            // A condition has each operator once, and a second one would be another mistake.
            let of = operator.parent?;
            let condition = &self.text[values[of].range.clone()];
            let is_free = |one: &&str| {
                !condition.contains(&format!("\"{one}\"")) && !self.operators.contains(&(of, *one))
            };
            let free = [usual].into_iter().chain(others).find(is_free)?;
            self.operators.push((of, free));
            let replacement = replacement.replacen(usual, free, 1);
            return Some(Edit { span: Span::new(part.start, part.end), replacement });
        }
        let value = climb(&|value| value.key == "condition")?;
        let condition = self.pick(&value.range, wide, narrow);
        Some(value.replaced(format!("{{{condition}}}")))
    }

    /// Takes a key that a statement cannot have, or all that the statement says: nobody knows what the key does to it.
    fn key<'v>(
        &mut self,
        at: usize,
        member: &Value,
        climb: impl Fn(&dyn Fn(&Value) -> bool) -> Option<&'v Value>,
        values: &[Value],
    ) -> Option<Edit> {
        let text = self.text;
        let statement = climb(&|value| value.key == "statement" && text[value.start..].starts_with('{'))?;
        let is_of_statement = member.parent.is_some_and(|of| values[of].range == statement.range);
        if !is_of_statement || !text[member.start..at].chars().all(|character| character == '"') {
            return None;
        }
        if self.guess == Guess::Narrow {
            let other =
                r#"{"effect":"deny","action":"unknown:Unknown{}","resource":"qcs::unknown:::unknown"}"#;
            return Some(statement.replaced(self.pick(&statement.range, "", other)));
        }
        let key = Span::new(member.start, member.start);
        Some(remove_member(text, key, Span::new(at, member.range.end)))
    }
}

const VERSION: &str = r#""2.0""#;
