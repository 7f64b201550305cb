//! What `build.rs` makes of `catalog.toml`: a module for each service, and the enums over them.

#![allow(clippy::doc_markdown, reason = "product names in the catalog's prose are not code")]

include!(concat!(env!("OUT_DIR"), "/services/mod.rs"));
