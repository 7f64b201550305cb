//! The policies of a file.

mod embedded;
mod hcl;
mod inputs;
mod json;
mod known;
mod markdown;
mod read;
mod template;
mod writer;

pub use embedded::{Embedded, Unchecked, Unknown, Unreadable};
pub use inputs::inputs;
pub use read::{Format, Source};
