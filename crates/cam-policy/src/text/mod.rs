//! Text tools that know nothing of policies.

mod nearest;
mod placeholder;

pub use nearest::nearest;
pub use placeholder::{Piece, is_placeholder, pieces, placeholders};
