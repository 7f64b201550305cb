//! Counts the length of policies as CAM does.

use core::fmt;

/// The number of characters that a policy may have, without whitespace.
pub(crate) const LENGTH_LIMIT: usize = 6144;

pub(crate) const ATTACHED_LIMIT: usize = 200;

/// Counts the characters written to it, whitespace excepted.
#[derive(Default)]
pub(super) struct Count(pub(super) usize);

impl fmt::Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += if text.is_ascii() {
            // The characters for which `char::is_whitespace` returns `true`.
            let whitespace = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
            text.bytes().filter(|byte| !whitespace(byte)).count()
        } else {
            text.chars().filter(|character| !character.is_whitespace()).count()
        };
        Ok(())
    }
}
