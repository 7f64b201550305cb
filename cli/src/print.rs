//! What goes to standard output.

use std::collections::BTreeSet;
use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};
use std::sync::Mutex;

use clap::ValueEnum;
use serde::Serialize;

use crate::exit::Failure;

/// The form of a command's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs: one object, whose `schema` is the number of its form.
    Json,
}

/// The number of the form of all JSON answers.
const SCHEMA: u32 = 1;

/// Prints a text.
///
/// A reader that has gone, such as `head`, is no error.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format_args!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints each item on a line of its own.
pub(crate) fn lines(items: impl IntoIterator<Item: Display>) -> Result<(), Failure> {
    let mut out = String::new();
    for item in items {
        let _ = writeln!(out, "{item}");
    }
    text(&out)
}

/// Prints a value as one JSON object, with the number of its form in front.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Answer<'a, T> {
        schema: u32,
        #[serde(flatten)]
        value: &'a T,
    }
    match serde_json::to_string_pretty(&Answer { schema: SCHEMA, value }) {
        Ok(mut out) => {
            out.push('\n');
            text(&out)
        }
        Err(error) => Err(Failure::new(format_args!("the answer cannot be written as JSON: {error}"))),
    }
}

/// Prints a text to standard error. That nobody reads it is no reason to fail.
pub(crate) fn error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a note for the user to standard error, where it does not disturb what a program reads. A note that was printed
/// already is not printed again.
pub(crate) fn note(text: impl Display) {
    static PRINTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let text = text.to_string();
    if !PRINTED.lock().is_ok_and(|mut printed| printed.insert(text.clone())) {
        return;
    }
    // Nothing can be done about a note that cannot be written.
    let _ = writeln!(io::stderr().lock(), "note: {text}");
}
