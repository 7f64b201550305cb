//! How the program ends: its exit codes, and the errors that it reports.

use std::fmt;
use std::process::ExitCode;

use cam_policy::engine::AccessError;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing to report.
    Clean,
    /// 1: findings, a failed expectation, what `--fail-on` names, or a query that nothing answers.
    Found,
    /// 2: bad usage, input that cannot be read, or no input.
    Usage,
    /// 3: `check` decided that the request is refused, or that a deny may refuse it.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
        })
    }
}

/// Why a command could not do its work. The program prints it and ends with [`Exit::Usage`].
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Vec<String>,
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), help: Vec::new() }
    }

    /// Returns what is wrong, without the help.
    pub(crate) fn message(&self) -> &str {
        self.message.trim_end()
    }

    /// Returns what is wrong, with the help in the same line.
    pub(crate) fn in_one_line(&self) -> String {
        [self.message()]
            .into_iter()
            .chain(self.help.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// What policies allow cannot be told.
    pub(crate) fn access(error: &AccessError) -> Self {
        let failure = Self::new(error);
        match error {
            AccessError::AppId => failure.with_help("give it with --app-id"),
            _ => failure,
        }
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl fmt::Display) -> Self {
        self.help.push(help.to_string());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message.trim_end())?;
        for help in &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// What a command returns.
pub(crate) type Outcome = Result<Exit, Failure>;
