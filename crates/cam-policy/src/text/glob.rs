//! Patterns in which `*` stands for any run of characters.

/// Whether `pattern` matches the whole `text`.
///
/// `*` stands for any run of characters, also an empty one; every other character stands for itself. Each piece
/// between two `*` is found as early as possible, so the time grows with the product of both lengths at most.
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
        // Several `*` in a row mean the same as one.
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
