//! What the programs share.

pub mod policies;
pub mod timing;
