//! The commands, one file each, or one for two that belong together. A file has the arguments and `run`.

pub(crate) mod check;
pub(crate) mod codegen;
pub(crate) mod compare;
pub(crate) mod expand;
pub(crate) mod expectations;
pub(crate) mod facts;
pub(crate) mod fix;
pub(crate) mod fmt;
pub(crate) mod grants;
pub(crate) mod lint;
pub(crate) mod lsp;
pub(crate) mod manual;
pub(crate) mod mcp;
pub(crate) mod minimize;
pub(crate) mod query;
pub(crate) mod rule;
pub(crate) mod who;
pub(crate) mod write;
