//! Policies in files: what every front end of `tencent-cam` shares.
//!
//! People keep policies as JSON, in Terraform, in Markdown, in responses of the API and as escaped strings. This crate
//! finds them, and maps every place in a policy to a place in the file and every edit of a policy to edits of the file.
//!
//! # Layers
//!
//! A module uses only modules above it in this list:
//!
//! 1. [`map`]: places and edits of a policy in the text around it
//! 2. [`source`]: the policies of a file

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod map;
pub mod source;
