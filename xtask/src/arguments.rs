//! What is common to the arguments of commands.

use lexopt::{Arg, ValueExt as _};

use crate::error::Error;

/// The only argument of a command, where it takes one.
pub(crate) fn one_value(mut args: lexopt::Parser) -> Result<Option<String>, Error> {
    let mut value = None;
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Value(given) if value.is_none() => value = Some(given.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(value)
}

/// Refuses every argument.
pub(crate) fn no_value(mut args: lexopt::Parser) -> Result<(), Error> {
    match args.next()? {
        None => Ok(()),
        Some(arg) => Err(arg.unexpected().into()),
    }
}
