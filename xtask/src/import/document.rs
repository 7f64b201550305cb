//! Splits a page of any layout into headings, lines and tables.

use super::block::Block;
use super::{html, lines};

/// Returns the blocks of a page, in order.
pub(super) fn read(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(start) = html::find_table(text, at) {
        lines::read(text, at..start, &mut blocks);
        let (end, closed) = html::table_end(text, start);
        html::table(text, start..end, closed, &mut blocks);
        at = end;
    }
    lines::read(text, at..text.len(), &mut blocks);
    blocks
}
