//! What can go wrong, and the exit code of each.

use std::{fmt, io};

use cam_policy::text::nearest;

/// Why a command did not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// No command was given: the help.
    Help(String),
    /// The command line is wrong.
    Usage(String),
    /// The project is wrong, or cannot be read or written: the whole message.
    Wrong(String),
    /// A page that was imported is, or looks, incomplete: the whole message.
    Truncated(String),
    /// The output could not be printed.
    Output(io::Error),
}

impl Error {
    pub(crate) fn wrong(message: impl fmt::Display) -> Self {
        Self::Wrong(format!("error: {message}"))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Help(_) | Self::Usage(_) => 2,
            Self::Wrong(_) => 1,
            Self::Truncated(_) => 3,
            // The reader of a pipe has seen enough.
            Self::Output(error) => u8::from(error.kind() != io::ErrorKind::BrokenPipe),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Help(text) => f.write_str(text),
            Self::Usage(message) => {
                writeln!(f, "error: {message}\n`cargo xtask help` lists the commands.")
            }
            Self::Wrong(message) | Self::Truncated(message) => writeln!(f, "{}", message.trim_end()),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Self::Output(error) => writeln!(f, "error: cannot print: {error}"),
        }
    }
}

impl From<lexopt::Error> for Error {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// All failures in one, or none.
pub(crate) fn all_of(failures: &[Error]) -> Result<(), Error> {
    if failures.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = failures.iter().map(ToString::to_string).collect();
    Err(Error::Wrong(messages.join("\n")))
}

/// Both values, or the failures of both: one run tells everything.
pub(crate) fn both<A, B>(a: Result<A, Error>, b: Result<B, Error>) -> Result<(A, B), Error> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(Error::Wrong(format!("{a}\n{b}"))),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

/// `; did you mean …?` where a known word is near, else the known words.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()).first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; there is `{}`", known.join("`, `")),
    }
}
