//! The commands, one file each. A file has the arguments of its command, `Args`, and `run`.

pub(crate) mod query;
