//! Looks at the bytes of short texts, several at once.

/// Whether every byte of a text is such a one. It looks at all of them, several at once, and does not stop at the first
/// that is none: this is faster where nearly every text passes.
pub(crate) fn all_bytes(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, byte| all & is(byte))
}

const LOW_BITS: u64 = u64::from_le_bytes([0x7f; 8]);

/// Sets the highest bit of each of eight bytes that is this ASCII character, and no other bit.
pub(crate) const fn equal(word: [u8; 8], sign: u8) -> u64 {
    let differs = u64::from_le_bytes(word) ^ u64::from_le_bytes([sign; 8]);
    // The sum of a byte carries into its highest bit, and never into the next byte.
    !(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS)
}

/// Sets the highest bit of each of eight bytes that is a control character, and no other bit.
#[cfg(any(test, feature = "document"))]
pub(crate) const fn control(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    // From a space on, the sum carries into the highest bit.
    !(((word & LOW_BITS) + u64::from_le_bytes([0x80 - b' '; 8])) | word | LOW_BITS)
}

/// Returns where an ASCII character stands first.
pub(crate) fn find(text: &str, sign: u8) -> Option<usize> {
    let mut rest = text.as_bytes();
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let bits = equal(*word, sign);
        if bits != 0 {
            return Some(text.len() - rest.len() + first(bits));
        }
        rest = after;
    }
    rest.iter().position(|byte| *byte == sign).map(|at| text.len() - rest.len() + at)
}

/// Returns the number of the first byte whose highest bit is set.
pub(crate) const fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    #[test]
    fn each_byte_is_found_beside_every_other() {
        for one in 0..=u8::MAX {
            for other in 0..=u8::MAX {
                let word = [other, one, other, other, one, other, other, one];
                let bits = |is: &dyn Fn(u8) -> bool| {
                    u64::from_le_bytes(word.map(|byte| if is(byte) { 0x80 } else { 0 }))
                };
                assert_eq!(equal(word, b':'), bits(&|byte| byte == b':'), "{word:?}");
                assert_eq!(control(word), bits(&|byte| byte < b' '), "{word:?}");
            }
        }
        assert_eq!(first(equal(*b"a:b:cdef", b':')), 1);
    }

    #[test]
    fn the_first_place_is_found_wherever_it_is() {
        for length in 0..30 {
            for place in 0..length {
                let text: String = (0..length).map(|at| if at < place { 'x' } else { '$' }).collect();
                assert_eq!(find(&text, b'$'), Some(place));
                assert_eq!(find(&text, b'#'), None);
            }
        }
    }
}
