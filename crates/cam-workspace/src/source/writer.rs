//! Writes the text of a policy out of a language with expressions, and puts possible values where expressions stand.

use std::ops::Range;

use cam_policy::text::Span;

use super::embedded::{Unknown, one_line};
use super::known::Values;
use crate::map::{Builder, Map, Piece};

/// Which of two possible values stands for an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// A wide one, as `*`.
    Wide,
    /// A narrow one, another for each expression.
    Narrow,
    /// The default of a variable, and a wide one for everything else.
    Default,
}

/// Whether the text that was written so far ends in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    Inside,
    /// After a backslash in a string.
    Escape,
}

/// A string that is replaced as a whole, up to its end.
#[derive(Debug)]
struct Replaced {
    value: String,
    start: usize,
    end: usize,
}

#[derive(Debug)]
pub(super) struct Writer<'a> {
    source: &'a str,
    values: &'a Values,
    guess: Guess,
    text: String,
    builder: Builder,
    state: State,
    /// Where the contents of the current or last string begin and end in the text.
    string: Range<usize>,
    /// Where the current string begins in the source.
    string_outer: usize,
    /// The key whose value is written.
    key: String,
    /// The keys of the objects and arrays that are open.
    open: Vec<String>,
    replaced: Option<Replaced>,
    /// The unknown parts of the current string begin here.
    first_of_string: usize,
    pub(super) unknown: Vec<Unknown>,
    /// Each expression once.
    expressions: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(source: &'a str, values: &'a Values, guess: Guess) -> Self {
        Self {
            source,
            values,
            guess,
            text: String::new(),
            builder: Builder::default(),
            state: State::Outside,
            string: 0..0,
            string_outer: 0,
            key: String::new(),
            open: Vec::new(),
            replaced: None,
            first_of_string: 0,
            unknown: Vec::new(),
            expressions: Vec::new(),
        }
    }

    pub(super) fn source(&self) -> &'a str {
        self.source
    }

    /// Writes bytes of the source as they stand there.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        for (at, character) in self.source[range.clone()].char_indices() {
            let start = range.start + at;
            self.character(character, start..start + character.len_utf8(), Piece::Same);
        }
    }

    /// Writes a text for other bytes of the source.
    pub(super) fn put(&mut self, text: &str, range: &Range<usize>) {
        self.put_as(Piece::Unit, text, range);
    }

    fn put_as(&mut self, piece: Piece, text: &str, range: &Range<usize>) {
        for character in text.chars() {
            self.character(character, range.clone(), piece);
        }
    }

    /// Writes whitespace for a comment of the source.
    pub(super) fn comment(&mut self, range: Range<usize>) {
        let blank = if self.source[range.clone()].ends_with('\n') { "\n" } else { " " };
        self.text.push_str(blank);
        self.builder.add(blank.len(), range, Piece::Comment);
    }

    fn character(&mut self, character: char, outer: Range<usize>, piece: Piece) {
        let closes = self.state == State::Inside && character == '"';
        if let Some(mut replaced) = self.replaced.take() {
            if !closes {
                replaced.end = outer.end;
                self.replaced = Some(replaced);
                self.state = self.after_in_string(character);
                return;
            }
            let Replaced { value, start, end } = replaced;
            self.text.push_str(&value);
            self.builder.add(value.len(), start..end, Piece::Unit);
        }
        if closes {
            self.string.end = self.text.len();
            let value = Span::new(self.string_outer, outer.end);
            self.unknown[self.first_of_string..].iter_mut().for_each(|unknown| unknown.value = value);
        }
        let opens = self.state == State::Outside && character == '"';
        self.state = match (self.state, character) {
            (State::Outside, '"') => State::Inside,
            (State::Outside, ':') => {
                self.key = self.text.get(self.string.clone()).unwrap_or_default().to_ascii_lowercase();
                State::Outside
            }
            (State::Outside, '{' | '[') => {
                self.open.push(self.key.clone());
                State::Outside
            }
            (State::Outside, '}' | ']') => {
                self.key = self.open.pop().unwrap_or_default();
                State::Outside
            }
            (State::Outside, _) => State::Outside,
            (_, _) => self.after_in_string(character),
        };
        self.text.push(character);
        if opens {
            self.string = self.text.len()..self.text.len();
            self.string_outer = outer.start;
            self.first_of_string = self.unknown.len();
        }
        self.builder.add(character.len_utf8(), outer, piece);
    }

    fn after_in_string(&self, character: char) -> State {
        match (self.state, character) {
            (State::Inside, '"') => State::Outside,
            (State::Inside, '\\') => State::Escape,
            _ => State::Inside,
        }
    }

    /// Writes the value of an expression, or a possible one.
    pub(super) fn expression(&mut self, range: &Range<usize>) {
        let expression = self.source[range.clone()].to_owned();
        let known = self.values.get(&expression, self.state != State::Outside);
        let known = known.filter(|_| self.replaced.is_none());
        if let Some((known, value)) = known {
            if !known.is_default {
                self.put_as(Piece::Reference, &value, range);
                return;
            }
            if self.guess == Guess::Default {
                let span = Span::new(range.start, range.end);
                let expression = one_line(&expression);
                let stand_in = value.clone();
                self.unknown.push(Unknown { span, value: span, expression, stand_in, is_default: true });
                self.put_as(Piece::Reference, &value, range);
                return;
            }
        }
        let number = match self.expressions.iter().position(|known| *known == expression) {
            Some(at) => at,
            None => {
                self.expressions.push(expression.clone());
                self.expressions.len() - 1
            }
        };
        let span = Span::new(range.start, range.end);
        let mut unknown = Unknown {
            span,
            value: span,
            expression: one_line(&expression),
            stand_in: String::new(),
            is_default: false,
        };
        if let Some(replaced) = &mut self.replaced {
            replaced.end = range.end;
            unknown.stand_in.clone_from(&replaced.value);
            self.unknown.push(unknown);
            return;
        }
        if self.state == State::Outside {
            let value = self.value(number);
            unknown.stand_in.clone_from(&value);
            self.unknown.push(unknown);
            self.text.push_str(&value);
            self.builder.add(value.len(), range.clone(), Piece::Unit);
            return;
        }
        let written = &self.text[self.string.start..];
        let (value, whole) = match self.key.as_str() {
            "version" => ("2.0".into(), true),
            "effect" => (self.either("allow", "deny").into(), true),
            "action" if written.contains(':') => (self.named("*", "Unknown", number), false),
            "action" => (self.named("*", "unknown:Unknown", number), true),
            "resource" if written.is_empty() => {
                (self.named("*", "qcs::cvm::uin/100000000001:unknown/", number), true)
            }
            "qcs" if written.is_empty() => {
                (self.numbered("qcs::cam::uin/100000000001:uin/10000000", number), true)
            }
            "resource" | "qcs" => (self.segment(written, number), false),
            key => (self.compared(key, written, number), false),
        };
        unknown.stand_in.clone_from(&value);
        self.unknown.push(unknown);
        if whole {
            self.replaced = Some(Replaced { value, start: range.start, end: range.end });
        } else {
            self.text.push_str(&value);
            self.builder.add(value.len(), range.clone(), Piece::Unit);
        }
    }

    fn either<'t>(&self, wide: &'t str, narrow: &'t str) -> &'t str {
        if self.guess == Guess::Narrow { narrow } else { wide }
    }

    fn named(&self, wide: &str, narrow: &str, number: usize) -> String {
        if self.guess == Guess::Narrow { format!("{narrow}{number}") } else { wide.into() }
    }

    /// A text that ends in a number of at least four digits.
    fn numbered(&self, text: &str, number: usize) -> String {
        let base = if self.guess == Guess::Narrow { 5000 } else { 1000 };
        format!("{text}{}", base + number)
    }

    /// A value that stands where JSON needs one.
    fn value(&self, number: usize) -> String {
        match self.key.as_str() {
            "statement" => match self.guess {
                Guess::Wide | Guess::Default => r#"{"effect":"allow","action":"*","resource":"*"}"#.into(),
                Guess::Narrow => format!(
                    r#"{{"effect":"deny","action":"unknown:Unknown{number}","resource":"qcs::cvm::uin/100000000001:unknown/{number}"}}"#
                ),
            },
            "" | "condition" => "{}".into(),
            "principal" => r#""*""#.into(),
            "version" => r#""2.0""#.into(),
            "effect" => format!("\"{}\"", self.either("allow", "deny")),
            "action" => format!("\"{}\"", self.named("*", "unknown:Unknown", number)),
            "resource" => format!("\"{}\"", self.named("*", "qcs::cvm::uin/100000000001:unknown/", number)),
            "qcs" => format!("\"{}\"", self.numbered("qcs::cam::uin/100000000001:uin/10000000", number)),
            key => format!("\"{}\"", self.compared(key, "", number)),
        }
    }

    /// A part of a resource, by the segment in which it stands.
    fn segment(&self, written: &str, number: usize) -> String {
        let segment = written.rsplit(':').next().unwrap_or_default();
        match written.matches(':').count() {
            0 => "qcs".into(),
            1 => String::new(),
            2 => self.either("", "cvm").into(),
            3 if segment.is_empty() => self.either("", "ap-guangzhou").into(),
            3 => self.either("guangzhou", "shanghai").into(),
            // A resource that names no account is one of the policy's own.
            4 if self.key == "resource" && self.guess != Guess::Narrow && matches!(segment, "" | "uin/") => {
                String::new()
            }
            4 if segment.is_empty() => self.numbered("uin/10000000", number),
            4 => self.numbered("10000000", number),
            _ => self.named("*", "unknown", number),
        }
    }

    /// A value of a condition, by the key.
    fn compared(&self, key: &str, written: &str, number: usize) -> String {
        if key.ends_with("ip") {
            format!("{}.{}", self.either("203.0.113", "198.51.100"), number % 250)
        } else if key.ends_with("time") || key.ends_with("date") {
            format!("{}-01-01T00:00:00Z", self.either("2030", "2031"))
        } else if key.ends_with("tag") && !written.contains('&') {
            self.numbered("unknown&unknown", number)
        } else {
            self.numbered("", number)
        }
    }

    /// Returns the text, its map and the unknown parts.
    pub(super) fn finish(self) -> (String, Map, Vec<Unknown>) {
        (self.text, self.builder.map(), self.unknown)
    }
}
