//! Looks at the bytes of short texts.

/// Whether every byte of a text is such a one. It looks at all of them, several at once, and does not stop at the first
/// that is none: this is faster where nearly every text passes.
pub(crate) fn all_bytes(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, byte| all & is(byte))
}
