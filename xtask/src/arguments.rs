//! Reads the arguments that several commands share.

use lexopt::{Arg, ValueExt as _};

use crate::error::Error;

/// Reads the arguments of a command that takes at most one.
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

/// Reads the arguments of a command that takes none.
pub(crate) fn no_value(mut args: lexopt::Parser) -> Result<(), Error> {
    match args.next()? {
        None => Ok(()),
        Some(arg) => Err(arg.unexpected().into()),
    }
}
