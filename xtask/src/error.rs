//! The errors of the commands, with their exit codes.

use std::{fmt, io};

use cam_policy::text::nearest;

/// Error from a command.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line has no command. The text is the help.
    Help(String),
    /// The command line is wrong.
    Usage(String),
    /// The project has errors, or cannot be read or written. The text is the whole message.
    Wrong(String),
    /// An imported page is incomplete or looks so. The text is the whole message.
    Truncated(String),
    /// The command could not print its output.
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
            // The reader of the pipe has closed it.
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

/// Returns all failures as one error.
pub(crate) fn all_of(failures: &[Error]) -> Result<(), Error> {
    if failures.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = failures.iter().map(ToString::to_string).collect();
    Err(Error::Wrong(messages.join("\n")))
}

/// Returns both values, or the failures of both, so that one run reports everything.
pub(crate) fn both<A, B>(a: Result<A, Error>, b: Result<B, Error>) -> Result<(A, B), Error> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(Error::Wrong(format!("{a}\n{b}"))),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

/// Returns `; did you mean …?` if a known word is near, else the list of the known words.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()).first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; there is `{}`", known.join("`, `")),
    }
}
