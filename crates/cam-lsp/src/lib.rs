//! A language server for policies of Tencent Cloud Access Management (CAM).
//!
//! [`Server`] maps the messages of an editor to answers. It does no input or output: a [`Host`] gives it configurations,
//! and [`run`] moves messages between it and a pair of streams. What it finds is what `tencent-cam lint` finds: both use
//! `cam_workspace::lint` with the same settings.
//!
//! ```
//! use std::io::Cursor;
//!
//! use cam_lsp::{Knowledge, Server, run};
//! use cam_policy::example::CATALOG;
//!
//! let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
//! let input = format!("Content-Length: {}\r\n\r\n{body}", body.len());
//! let mut output = Vec::new();
//! let mut server = Server::new(Knowledge::new(CATALOG), cam_lsp::Disk);
//! run(&mut server, Cursor::new(input), &mut output)?;
//! assert!(String::from_utf8(output)?.contains("completionProvider"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Layers
//!
//! A file uses only files above it in this list:
//!
//! 1. `protocol`: the types of the language server protocol, from two other crates
//! 2. `language`: English and Chinese
//! 3. `lines`: positions of an editor and bytes of a text
//! 4. `client`: what the editor can do
//! 5. `knowledge`: what the server knows of Tencent Cloud
//! 6. `host`: where configurations come from
//! 7. `document`: an open file, and what is wrong with it
//! 8. `tree`: the objects and lists of a text, also of one that is broken
//! 9. `place`: what stands at a place of a policy
//! 10. `words`: facts in Markdown
//! 11. `diagnostics`: findings for editors
//! 12. `completion`: what may stand at a place
//! 13. `hover`: what is known of a place
//! 14. `edits`: changes of files for editors
//! 15. `actions`: fixes and suppressions
//! 16. `outline`: symbols and links
//! 17. `server`: messages and their answers
//! 18. `stdio`: the loop

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod actions;
mod client;
mod completion;
mod diagnostics;
mod document;
mod edits;
mod host;
mod hover;
mod knowledge;
mod language;
mod lines;
mod outline;
mod place;
mod protocol;
mod server;
mod stdio;
mod tree;
mod words;

pub use host::{Disk, Host};
pub use knowledge::Knowledge;
pub use protocol::Message;
pub use server::Server;
pub use stdio::run;
