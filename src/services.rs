//! What `build.rs` makes of `catalog.toml`: a module for each service, and the enums over them.

include!(concat!(env!("OUT_DIR"), "/services/mod.rs"));
