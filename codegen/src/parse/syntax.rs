//! Turns a text with syntax errors into TOML, so that the other checks can read the rest of it.
//!
//! The parser of the `toml` crate recovers from errors too, but an unclosed header or array then takes the lines
//! after it along, and each of those is one more error. This module reports once what it cannot read, replaces it with
//! spaces, and tells the other checks that it was not read.

use std::ops::Range;

use toml::de::{DeTable, Error};

use super::diagnostics::{Diagnostics, is_header};
use crate::numbers::Firsts;
use crate::sort::by_place;

/// Returns the text as TOML, with spaces in place of what is no TOML or defines something a second time. `errors` are the
/// errors of the whole text.
pub(super) fn readable(text: &str, errors: &[Error], diagnostics: &mut Diagnostics<'_>) -> String {
    let statements = Statements::of(text);
    let mut removed = vec![false; statements.starts.len()];
    if !errors.iter().all(is_redefinition) {
        for (at, is_removed) in removed.iter_mut().enumerate() {
            let range = statements.range(at);
            let (_, errors) = DeTable::parse_recoverable(&text[range.clone()]);
            let errors = errors.iter().filter(|error| !is_redefinition(error));
            if let Some(error) = errors.min_by_key(|error| span(error).start) {
                let span = range.start + span(error).start..range.start + span(error).end;
                report_syntax(error.message(), span, text, &range, diagnostics);
                *is_removed = true;
            }
        }
    }
    let (_, errors) = DeTable::parse_recoverable(&statements.without(&removed));
    let places: Vec<usize> = errors.iter().map(|error| span(error).start).collect();
    let mut firsts = None;
    for error in by_place(&places).into_iter().map(|at| &errors[at]) {
        let at = statements.at(span(error).start);
        if removed[at] || statements.header_of(at).is_some_and(|header| removed[header]) {
            continue;
        }
        if !is_redefinition(error) {
            report_syntax(error.message(), span(error), text, &statements.range(at), diagnostics);
            removed[at] = true;
            continue;
        }
        let firsts = firsts.get_or_insert_with(|| statements.firsts());
        let again = Redefinition::of(error, &statements, at, firsts);
        // Without the value, the reader can read the statements that add to it.
        if !std::mem::replace(&mut removed[again.value.unwrap_or(at)], true) {
            again.report(text, diagnostics);
        }
    }
    for statement in (0..removed.len()).filter(|at| removed[*at]) {
        diagnostics.lose(statements.with_body(statement));
    }
    statements.without(&removed)
}

fn span(error: &Error) -> Range<usize> {
    error.span().unwrap_or_default()
}

/// Whether the error is about a second definition, and not about the spelling.
fn is_redefinition(error: &Error) -> bool {
    error.message() == "duplicate key" || error.message().starts_with("cannot extend value")
}

/// `statement` is the range of the statement that contains `span`.
fn report_syntax(
    message: &str,
    span: Range<usize>,
    text: &str,
    statement: &Range<usize>,
    diagnostics: &mut Diagnostics<'_>,
) {
    let written = text[statement.clone()].trim_end();
    let end = statement.start + written.len();
    let span = span.start.min(end)..span.end.min(end);
    let found = text.get(span.clone()).unwrap_or_default();
    let (problem, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let (problem, help) = match (problem, expected) {
        ("string values must be quoted", _) if found.is_empty() => {
            ("a key without a value", "write a value after the `=`".to_owned())
        }
        ("string values must be quoted", _) => {
            let bare = found.trim_matches(['“', '”', '„', '‘', '’', '\'', '"']);
            ("a text without quotes", format!("write \"{bare}\""))
        }
        ("invalid unquoted key", _) if found == ":" => {
            (problem, "write `=` between key and value".to_owned())
        }
        ("unexpected key or value", _) => {
            ("something after the value", "end the line after the value".to_owned())
        }
        ("unexpected leading zero", _) => (problem, "delete it".to_owned()),
        ("invalid multi-line basic string", "`\"`") => {
            ("a string without its end", "write `\"\"\"` after the text".to_owned())
        }
        ("invalid multi-line literal string", "`'`") => {
            ("a string without its end", "write `'''` after the text".to_owned())
        }
        (_, "`\"`" | "`'`") => ("a string without its end", format!("write {expected} after the text")),
        (_, "") => (problem, "see https://toml.io for the syntax".to_owned()),
        (_, "`]`" | "`]]`" | "`}`" | "`,`" | "`=`") => (problem, format!("write {expected} here")),
        (_, _) => (problem, format!("what can stand here: {expected}")),
    };
    let diagnostic =
        diagnostics.add(&span, format!("this is no TOML: {problem}"), "not readable from here", help);
    if text.get(statement.start..span.start).is_some_and(|before| before.contains('\n')) {
        let indent = written.len() - written.trim_start().len();
        let line = written.trim_start().lines().next().unwrap_or_default().trim_end();
        diagnostic.and(&(statement.start + indent..statement.start + indent + line.len()), "it begins here");
    }
}

/// A second definition of the same thing.
struct Redefinition {
    span: Range<usize>,
    subject: Range<usize>,
    first: Option<Range<usize>>,
    /// The number of the statement that gives a value to what this statement uses as a table.
    value: Option<usize>,
}

impl Redefinition {
    fn of(error: &Error, statements: &Statements<'_>, at: usize, firsts: &Firsts<'_, Range<usize>>) -> Self {
        let text = statements.text;
        let span = span(error);
        let (table, subject) = statements.subject(at);
        let first =
            |name: &str| firsts.get(&subject_of(table, name)).filter(|first| **first != subject).cloned();
        let key = text.get(span.clone()).unwrap_or_default();
        if span.start >= subject.end {
            return Self { span: span.clone(), subject: span, first: None, value: None };
        }
        if error.message() == "duplicate key" {
            let first = first(&text[subject.clone()]).or_else(|| first(key));
            return Self { span, subject, first, value: None };
        }
        let first = first(key);
        let value = first.as_ref().map(|first| statements.at(first.start));
        Self { span, subject, first, value }
    }

    fn report(&self, text: &str, diagnostics: &mut Diagnostics<'_>) {
        let name = text.get(self.subject.clone()).unwrap_or_default();
        match (&self.first, self.value) {
            (Some(value), Some(_)) => {
                let message = format!("`{}` is a value here, and has `{name}` below", &text[value.clone()]);
                let diagnostic = diagnostics.add(value, message, "cannot be both", "keep one of them");
                diagnostic.and(&self.subject, "this needs a table");
            }
            (first, _) => {
                let help = "keep one of them; every action, pattern and key stands once";
                let message = format!("`{name}` is defined twice");
                let diagnostic = diagnostics.add(&self.span, message, "defined again", help);
                if let Some(first) = first {
                    diagnostic.and(first, "first defined here");
                }
            }
        }
    }
}

/// The statements of a text, the smallest parts that are TOML by themselves: table headers, and keys with their values.
struct Statements<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// The numbers of the statements that are headers.
    headers: Vec<usize>,
}

/// Returns what is defined, as a text. `table` is the number of the table; `None` for a table itself.
fn subject_of(table: Option<usize>, name: &str) -> String {
    format!("{table:?} {name}")
}

impl<'t> Statements<'t> {
    /// Splits the text where a line begins like a statement, whether it is TOML or not.
    fn of(text: &'t str) -> Self {
        let mut statements = Self { text, starts: Vec::new(), headers: Vec::new() };
        let mut at = 0;
        let mut in_string = false;
        let mut braces = 0;
        for line in text.split_inclusive('\n') {
            if is_header(line) {
                statements.headers.push(statements.starts.len());
                in_string = false;
                braces = 0;
            }
            let begins = line.trim_start().chars().next().unwrap_or('#');
            if at == 0 || !in_string && braces <= 0 && !"\"'],}#".contains(begins) {
                braces = 0;
                statements.starts.push(at);
            }
            let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
            in_string ^= quotes % 2 == 1;
            braces += opened_braces(line);
            at += line.len();
        }
        statements
    }

    /// Returns the number of the statement that contains a byte.
    fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.starts[at]..self.starts.get(at + 1).copied().unwrap_or(self.text.len())
    }

    /// Returns the range of a statement. The range of a header includes the statements below it.
    fn with_body(&self, at: usize) -> Range<usize> {
        let Ok(number) = self.headers.binary_search(&at) else { return self.range(at) };
        let end = self.headers.get(number + 1).map_or(self.text.len(), |next| self.starts[*next]);
        self.starts[at]..end
    }

    /// Returns the header above a statement.
    fn header_of(&self, at: usize) -> Option<usize> {
        let above = self.headers.partition_point(|header| *header <= at);
        above.checked_sub(1).map(|number| self.headers[number])
    }

    /// Returns the text with spaces in place of some statements.
    fn without(&self, removed: &[bool]) -> String {
        let mut text = String::with_capacity(self.text.len());
        for statement in (0..removed.len()).filter(|at| removed[*at]) {
            let range = self.with_body(statement);
            // The header above may already have taken this statement along.
            let start = range.start.max(text.len());
            text.push_str(&self.text[text.len()..start]);
            text.extend(std::iter::repeat_n(' ', range.end.saturating_sub(text.len())));
        }
        text.push_str(&self.text[text.len()..]);
        text
    }

    /// Returns what a statement defines, and the place of the definition.
    fn subject(&self, at: usize) -> (Option<usize>, Range<usize>) {
        let range = self.range(at);
        let line = self.text[range.clone()].lines().next().unwrap_or_default();
        let header = self.headers.binary_search(&at).is_ok();
        let name = line.trim_start_matches([' ', '\t', '[', '\u{FEFF}']);
        let start = range.start + line.len() - name.len();
        let end =
            start + name.split(if header { ']' } else { '=' }).next().unwrap_or_default().trim_end().len();
        let table = self.headers.partition_point(|header| *header <= at);
        ((!header).then_some(table), start..end)
    }

    /// Returns the first place of each table, and of each key of each table.
    fn firsts(&self) -> Firsts<'static, Range<usize>> {
        let mut firsts = Firsts::default();
        for at in 0..self.starts.len() {
            let (table, range) = self.subject(at);
            firsts.add(subject_of(table, &self.text[range.clone()]), range);
        }
        firsts
    }
}

/// Returns the number of inline tables that a line opens and does not close.
fn opened_braces(line: &str) -> isize {
    let mut quote = None;
    let mut escaped = false;
    let mut opened = 0;
    for byte in line.bytes() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(b'"'), b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'#') => break,
            (None, b'{') => opened += 1,
            (None, b'}') => opened -= 1,
            _ => {}
        }
    }
    opened
}
