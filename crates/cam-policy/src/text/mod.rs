//! Tools for text that do not depend on policies.

mod bytes;
mod debug;
mod glob;
mod json;
mod nearest;
mod place;
mod placeholder;
mod segments;
mod shortened;

pub(crate) use bytes::{all_bytes, find};
#[cfg(feature = "document")]
pub(crate) use bytes::{control, equal, first};
pub(crate) use debug::debug_as_display;
pub use glob::glob;
pub use json::{is_json_number, json_contents, write_json_string};
pub use nearest::nearest;
pub use place::{Lines, Position, Span};
pub(crate) use placeholder::each_piece;
pub use placeholder::{Piece, is_placeholder, pieces, placeholders};
pub use segments::{SEGMENTS, split_segments};
pub use shortened::{Shortened, quoted};
