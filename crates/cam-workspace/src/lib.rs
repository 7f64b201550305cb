//! Policies in files: what every front end of `tencent-cam` shares.
//!
//! People keep policies as JSON, in Terraform, in Markdown, in responses of the API and as escaped strings. This crate
//! finds them, and maps every place in a policy to a place in the file and every edit of a policy to edits of the file.
//!
//! # Layers
//!
//! A module uses only modules above it in this list:
//!
//! 1. [`parallel`]: work on all processors
//! 2. [`map`]: places and edits of a policy in the text around it
//! 3. [`source`]: the policies of a file
//! 4. [`policies`]: policies read, and the account that they are of
//! 5. [`search`]: actions by their names, texts and facts
//! 6. [`config`]: what a team decides about findings
//! 7. [`baseline`]: the findings that are known
//! 8. `pointer`: JSON pointers
//! 9. `comments`: suppressions in the file itself
//! 10. `tidy`: edits of files with comments
//! 11. [`lint`]: findings in files
//! 12. [`report`]: findings for programs, and what all forms of a report share
//! 13. [`fix`]: fixes of files
//! 14. `format`: policies in one layout
//! 15. `files`: the disk; only it and the next module touch it (feature `files`)
//! 16. `configured`: the configuration that counts for a file (feature `files`)

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod baseline;
mod comments;
pub mod config;
#[cfg(feature = "files")]
pub mod configured;
#[cfg(feature = "files")]
pub mod files;
pub mod fix;
mod format;
pub mod lint;
pub mod map;
pub mod parallel;
mod pointer;
pub mod policies;
pub mod report;
pub mod search;
pub mod source;
mod tidy;

pub use format::formatted;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
