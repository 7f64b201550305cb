//! A server of the Model Context Protocol: the commands as tools for agents.
//!
//! Each call of a tool runs the program itself with the arguments that the tool's input makes. So a tool answers exactly what
//! the command answers, and nothing that a call does can stop the server.

mod call;
mod protocol;
mod tools;

pub(crate) use call::Workplace;
pub(crate) use protocol::serve;
