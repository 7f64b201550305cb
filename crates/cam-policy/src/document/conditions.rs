//! Reads the conditions of a statement from its text.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::element::ConditionPlaces;
use super::lexer::Kind;
use super::reader::{Key, Reader};
use crate::diagnostic::Code;
use crate::policy::{Condition, ConditionKey, ConditionOperator, ConditionValue, ValueKind, check_variables};
use crate::text::{Span, quoted};

/// The keys of an object that have been read. Nearly every object of a condition has one key.
#[derive(Default)]
struct Keys<'a> {
    first: Option<Cow<'a, str>>,
    more: BTreeSet<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    /// Adds a key; returns `false` if it was there.
    fn add(&mut self, key: Cow<'a, str>) -> bool {
        match &self.first {
            Some(first) => *first != key && self.more.insert(key),
            None => {
                self.first = Some(key);
                true
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &Cow<'a, str>> {
        self.first.iter().chain(&self.more)
    }
}

impl Reader<'_> {
    pub(super) fn conditions(&mut self, conditions: &mut Vec<Condition>, places: &mut Vec<ConditionPlaces>) {
        let token = self.peek;
        let example = "write `{\"ip_equal\": {\"qcs:ip\": [\"10.0.0.0/8\"]}}`";
        if token.kind != Kind::OpenBrace {
            let found = self.found(token);
            self.error(Code::Condition, token.span, format_args!("a condition is an object, found {found}"))
                .with_help(format_args!("{example}"));
            self.skip();
            return;
        }
        let mut operators = Keys::default();
        self.members(&mut |reader, word| {
            let operator = word.text.parse::<ConditionOperator>();
            if !operators.add(word.text.clone()) {
                reader.key_twice(&word);
            }
            let token = reader.peek;
            if token.kind != Kind::OpenBrace {
                let found = reader.found(token);
                let (text, at, what) = match operator {
                    Ok(_) => (quoted(&word.text), token.span, "compares keys with values"),
                    Err(_) => (quoted(&word.text), word.span, "is no condition operator"),
                };
                reader
                    .error(Code::Condition, at, format_args!("{text} {what}, found {found}"))
                    .with_help(format_args!("{example}"));
                reader.skip();
                return;
            }
            let (mut keys, torn) = (Keys::default(), reader.torn);
            reader.members(&mut |reader, key| {
                if !keys.add(key.text.clone()) {
                    reader.key_twice(&key);
                }
                let mut at = ConditionPlaces { operator: word.span, key: key.span, values: Vec::new() };
                let values = reader.condition_values(&key, &mut at.values);
                if let Ok(operator) = &operator {
                    conditions.push(Condition::unchecked(*operator, &key.text, values));
                    places.push(at);
                }
            });
            if let Err(error) = operator {
                let error = error.with_keys(keys.all().map(|key| (&**key, meant_kind(key))));
                reader
                    .errors
                    .add(Code::Condition, word.span, format_args!("{error}"))
                    .with_cam_code(Some("InvalidParameter.ConditionTypeError"));
            }
            if keys.first.is_none() && reader.torn == torn {
                reader
                    .error(Code::Condition, word.span, format_args!("{} compares no key", quoted(&word.text)))
                    .with_help(format_args!("{example}"));
            }
        });
    }

    fn key_twice(&mut self, key: &Key<'_>) {
        let text = quoted(&key.text);
        self.error(Code::Structure, key.span, format_args!("{text} stands twice"))
            .with_help("which one CAM takes is not documented; keep one");
    }

    fn condition_values(&mut self, key: &Key<'_>, places: &mut Vec<Span>) -> Vec<ConditionValue> {
        let mut values = Vec::new();
        let mut one = |reader: &mut Self| {
            let token = reader.peek;
            let raw = &reader.lexer.text[token.span.range()];
            match token.kind {
                Kind::Text { .. } => {
                    let text = reader.lexer.contents(token, &mut reader.errors);
                    if let Err(at) = check_variables(&text) {
                        let variable = quoted(&text[at]);
                        reader
                            .error(
                                Code::Condition,
                                token.span,
                                format_args!("{variable} is no policy variable"),
                            )
                            .with_help("CAM has `${uin}`, `${owner_uin}` and `${app_id}`");
                    }
                    values.push(ConditionValue::Text(text.into()));
                }
                Kind::Number => values.push(ConditionValue::Number(raw.into())),
                _ => {
                    let found = reader.found(token);
                    let hint = if matches!(raw, "true" | "false") {
                        "it in quotation marks"
                    } else {
                        "a string or a number"
                    };
                    reader
                        .errors
                        .add(Code::Condition, token.span, format_args!("{found} is no value of a condition"))
                        .with_help(format_args!("write {hint}"))
                        .with_cam_code(Some("InvalidParameter.ConditionContentError"));
                }
            }
            places.push(token.span);
            reader.skip();
        };
        let token = self.peek;
        if token.kind == Kind::OpenBracket {
            let (mut empty, torn) = (true, self.torn);
            self.items(&mut |reader| {
                empty = false;
                one(reader);
            });
            if empty && self.torn == torn {
                let text = quoted(&key.text);
                self.error(
                    Code::Condition,
                    token.span,
                    format_args!("{text} is compared with no value, which is never true"),
                )
                .with_help("add one");
            }
        } else {
            one(self);
        }
        values
    }
}

/// Returns the kind of values of the key that is meant, if it is known: whitespace and case are mistakes of their own.
fn meant_kind(key: &str) -> Option<ValueKind> {
    let meant: String = key.chars().filter(|one| !one.is_whitespace()).collect();
    ConditionKey::read(&meant.to_ascii_lowercase()).documented_kind()
}
