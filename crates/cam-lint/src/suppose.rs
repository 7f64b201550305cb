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
        let edits = |guess: Guess| -> Vec<Edit> {
            errors.iter().filter_map(|error| values_for(error, &values, &self.text, guess)).collect()
        };
        let wide = edits(Guess::Wide);
        let both = || [self.clone().changed(wide), self.clone().changed(edits(Guess::Narrow))];
        (!errors.is_empty()).then(both)
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

    /// Returns where a part of this text stands in the original; `None` if it is about something that was changed.
    pub(crate) fn origin(&self, span: Span) -> Option<Span> {
        let mut span = span;
        for edits in self.layers.iter().rev() {
            let place = |at: usize, is_end: bool| {
                let mut moved = 0_isize;
                for edit in edits {
                    let start = edit.span.start().checked_add_signed(moved)?;
                    let end = start + edit.replacement.len();
                    if at < start || at == start && (is_end || start == end) {
                        break;
                    }
                    if at < end {
                        return None;
                    }
                    moved += edit.replacement.len().cast_signed() - edit.span.range().len().cast_signed();
                }
                at.checked_add_signed(-moved)
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

/// Returns the change that puts a value in the place of a mistake; `None` if it is one of the structure.
fn values_for(error: &Diagnostic, values: &[Value], text: &str, guess: Guess) -> Option<Edit> {
    let pick = |wide: &'static str, narrow: &'static str| if guess == Guess::Wide { wide } else { narrow };
    let at = error.span()?.start();
    let holds = |value: &&Value| value.start <= at && at < value.range.end;
    let innermost = values.iter().rposition(|value| holds(&value))?;
    let replaced = |start: usize, end: usize, by: &str| {
        Some(Edit { span: Span::new(start, end), replacement: by.into() })
    };
    // The place of what is missing is the beginning of what lacks it.
    let is_object = text[at..].starts_with('{') && values[innermost].range.start == at;
    let lacks = |member: &str| replaced(at + 1, at + 1, &format!("{member},"));
    let climb = |wanted: &dyn Fn(&Value) -> bool| {
        let up = std::iter::successors(Some(innermost), |of| values[*of].parent);
        up.map(|of| &values[of]).find(|value| wanted(value))
    };
    let own = |key: &'static str| climb(&|value| value.key == key);
    let of_list = |value: &Value, by: &str| {
        let is_list = text[value.range.clone()].starts_with('[');
        replaced(value.range.start, value.range.end, &if is_list { format!("[{by}]") } else { by.into() })
    };
    match error.code() {
        Code::Version if is_object => lacks(r#""version":"2.0""#),
        Code::Version => of_list(own("version")?, r#""2.0""#),
        Code::Effect if is_object => lacks(pick(r#""effect":"allow""#, r#""effect":"deny""#)),
        Code::Effect => of_list(own("effect")?, pick(r#""allow""#, r#""deny""#)),
        Code::Action if is_object => lacks(pick(r#""action":"*""#, r#""action":"unknown:Unknown""#)),
        Code::Action => of_list(own("action")?, pick(r#""*""#, r#""unknown:Unknown""#)),
        Code::Resource if is_object => {
            lacks(pick(r#""resource":"*""#, r#""resource":"qcs::unknown:::unknown""#))
        }
        Code::Resource => {
            let value = own("resource")?;
            // Nobody who means `*` writes so much else.
            let names_one = text[value.range.clone()].bytes().any(|byte| byte.is_ascii_alphanumeric());
            let wide = if names_one { r#""qcs:::::*""# } else { r#""*""# };
            of_list(value, if guess == Guess::Wide { wide } else { r#""qcs::unknown:::unknown""# })
        }
        Code::Principal if is_object => lacks(pick(
            r#""principal":"*""#,
            r#""principal":{"qcs":["qcs::cam::uin/100000000001:uin/100000005001"]}"#,
        )),
        Code::Principal => {
            let value = own("principal")?;
            let by = pick(r#""*""#, r#"{"qcs":["qcs::cam::uin/100000000001:uin/100000005001"]}"#);
            replaced(value.range.start, value.range.end, by)
        }
        Code::Structure => {
            let statement = climb(&|value| value.key == "statement" && text[value.start..].starts_with('{'))?;
            let member = &values[innermost];
            if member.parent.is_none_or(|of| values[of].range != statement.range)
                || !text[member.start..at].chars().all(|character| character == '"')
            {
                return None;
            }
            // Nobody knows what the key does to its statement.
            if guess == Guess::Narrow {
                let other =
                    r#"{"effect":"deny","action":"unknown:Unknown","resource":"qcs::unknown:::unknown"}"#;
                return replaced(statement.range.start, statement.range.end, other);
            }
            let edit =
                remove_member(text, Span::new(member.start, member.start), Span::new(at, member.range.end));
            Some(edit)
        }
        Code::Condition => {
            let is_operator = |value: &Value| value.parent.is_some_and(|of| values[of].key == "condition");
            let wide = r#""string_not_equal_if_exist":{"unknown:unknown":"0"}"#;
            let narrow = r#""string_equal":{"unknown:unknown":"0"}"#;
            match climb(&is_operator) {
                Some(operator) => replaced(operator.start, operator.range.end, pick(wide, narrow)),
                None => {
                    let value = own("condition")?;
                    replaced(value.range.start, value.range.end, &format!("{{{}}}", pick(wide, narrow)))
                }
            }
        }
        _ => None,
    }
}
