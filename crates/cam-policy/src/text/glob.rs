//! Patterns in which `*` stands for any run of characters.

use alloc::vec;
use alloc::vec::Vec;

/// Whether `pattern` matches all of `text`.
///
/// `*` stands for any run of characters, an empty one too; every other character stands for itself. The time grows with the
/// length of both texts: each piece between two `*` is found as early as possible.
///
/// ```
/// use cam_policy::text::glob;
///
/// assert!(glob("Describe*Info", "DescribeRoomInfo"));
/// assert!(!glob("Describe?", "DescribeX"), "`?` is a character like any other");
/// ```
pub fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    while let Some((piece, after)) = rest.split_once('*') {
        // Several `*` in a row are as one.
        if piece.is_empty() {
            rest = rest.trim_start_matches('*');
            continue;
        }
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
        rest = after;
    }
    text.ends_with(rest)
}

/// Whether some text follows both patterns.
///
/// ```
/// use cam_policy::text::globs_overlap;
///
/// assert!(globs_overlap("sdkappid/14*", "sdkappid/*1"));
/// assert!(!globs_overlap("sdkappid/*", "SdkAppId/*"));
/// ```
pub fn globs_overlap(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Whether the rest of `one` from the present character, and the rest of `other` from each, have a text in common.
    let mut below = vec![false; other.len() + 1];
    for at in (0..=one.len()).rev() {
        let mut row = vec![false; other.len() + 1];
        for of in (0..=other.len()).rev() {
            row[of] = match (one.get(at), other.get(of)) {
                (None, None) => true,
                (Some('*'), None) => below[of],
                (Some('*'), Some(_)) => below[of] || row[of + 1],
                (None, Some('*')) => row[of + 1],
                (Some(_), Some('*')) => row[of + 1] || below[of],
                (Some(own), Some(others)) => own == others && below[of + 1],
                _ => false,
            };
        }
        below = row;
    }
    below[0]
}
