//! The service-neutral core of `tencent-cam`: the facts of services as values, and the policies of Tencent Cloud
//! Access Management (CAM).
//!
//! Nothing here knows a service. Every function that needs facts takes a [`Catalog`](catalog::Catalog).
//!
//! # Layers
//!
//! A module uses only modules above it in this list:
//!
//! 1. [`text`]: spelling distance, placeholders, hashes
//! 2. [`catalog`]: the facts of services and actions

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

pub mod catalog;
pub mod text;
