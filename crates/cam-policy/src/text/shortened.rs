//! Shortens texts of other people for messages.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::bytes::all_bytes;

/// How many characters a message shows of a text.
const LONGEST: usize = 100;

/// A text in the length that a message can hold: at most 100 characters, and `…` for the rest.
///
/// ```
/// use cam_policy::text::Shortened;
///
/// assert_eq!(Shortened("a\nb").to_string(), "a\nb");
/// assert_eq!(format!("{:?}", Shortened("a\nb")), r#""a\nb""#);
/// assert!(Shortened(&"x".repeat(101)).to_string().ends_with("x…"));
/// ```
#[derive(Clone, Copy)]
pub struct Shortened<'a>(pub &'a str);

impl Shortened<'_> {
    fn parts(&self) -> (&str, &'static str) {
        if self.0.len() <= LONGEST {
            return (self.0, "");
        }
        match self.0.char_indices().nth(LONGEST) {
            Some((at, _)) => (&self.0[..at], "…"),
            None => (self.0, ""),
        }
    }
}

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, more) = self.parts();
        write!(f, "{text}{more}")
    }
}

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, more) = self.parts();
        write!(f, "{text:?}{more}")
    }
}

/// Returns the text in quotes, escaped and shortened.
///
/// ```
/// assert_eq!(cam_policy::text::quoted("a"), "\"a\"");
/// ```
pub fn quoted(text: &str) -> String {
    // Most texts need neither, and the formatter looks at each character.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.len() <= LONGEST && all_bytes(text, is_plain) {
        return ["\"", text, "\""].concat();
    }
    format!("{:?}", Shortened(text))
}
