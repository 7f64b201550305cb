//! Texts with `${placeholders}`.

use alloc::vec::Vec;
use core::ops::Range;

use super::bytes::{all_bytes, find};

/// A piece of a text with placeholders; see [`pieces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself.
    Literal(&'a str),
    /// `${name}`.
    Placeholder(&'a str),
}

/// Splits a text into literals and placeholders, each with its range in bytes.
///
/// # Errors
///
/// Returns the range from the first `$` that does not start a `${name}` to the end.
///
/// ```
/// use cam_policy::text::{Piece, pieces};
///
/// let found = pieces("room/${RoomId}").unwrap();
/// assert_eq!(found, [(Piece::Literal("room/"), 0..5), (Piece::Placeholder("RoomId"), 5..14)]);
/// assert_eq!(pieces("a$b"), Err(1..3));
/// ```
pub fn pieces(text: &str) -> Result<Vec<(Piece<'_>, Range<usize>)>, Range<usize>> {
    each_piece(text).collect()
}

/// Works like [`pieces`], one piece after the other. The first error is the last item that means something.
pub(crate) fn each_piece(
    text: &str,
) -> impl Iterator<Item = Result<(Piece<'_>, Range<usize>), Range<usize>>> {
    let find = |from: usize, sign: u8| find(&text[from..], sign).map(|at| from + at);
    let mut at = 0;
    core::iter::from_fn(move || {
        let start = at;
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        if !rest.starts_with('$') {
            at = find(start, b'$').unwrap_or(text.len());
            return Some(Ok((Piece::Literal(&text[start..at]), start..at)));
        }
        let end = find(start, b'}').filter(|_| rest.starts_with("${"));
        match end.map(|end| &text[start + 2..end]).filter(|name| is_placeholder(name)) {
            Some(name) => {
                at += name.len() + 3;
                Some(Ok((Piece::Placeholder(name), start..at)))
            }
            None => {
                at = text.len();
                Some(Err(start..at))
            }
        }
    })
}

/// Whether `name` can be the name of a placeholder: ASCII letters, digits and `_`, beginning with a letter.
///
/// ```
/// use cam_policy::text::is_placeholder;
///
/// assert!(is_placeholder("SdkAppId"));
/// assert!(!is_placeholder("0"));
/// ```
pub fn is_placeholder(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && all_bytes(name, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns the names of the placeholders of a text, in order, each once; empty if [`pieces`] refuses the text.
///
/// ```
/// assert_eq!(cam_policy::text::placeholders("uin/${uin}:app/${AppId}"), ["uin", "AppId"]);
/// ```
pub fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (piece, _) in pieces(text).unwrap_or_default() {
        match piece {
            Piece::Placeholder(name) if !names.contains(&name) => names.push(name),
            _ => {}
        }
    }
    names
}
