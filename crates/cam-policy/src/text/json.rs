//! Writes strings and recognises numbers of JSON.

use alloc::string::String;
use core::fmt::{self, Write};

/// Writes a text as a JSON string, with its quotation marks.
///
/// ```
/// let mut out = String::new();
/// cam_policy::text::write_json_string(&mut out, "a \"b\"\n")?;
/// assert_eq!(out, r#""a \"b\"\u000a""#);
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub fn write_json_string(out: &mut (impl Write + ?Sized), text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.write_str(&text[from..at])?;
        match byte {
            b'"' => out.write_str("\\\"")?,
            b'\\' => out.write_str("\\\\")?,
            control => write!(out, "\\u{control:04x}")?,
        }
        from = at + 1;
    }
    out.write_str(&text[from..])?;
    out.write_char('"')
}

/// Returns a text in the form that stands between the quotation marks of a JSON string.
///
/// ```
/// assert_eq!(cam_policy::text::json_contents("a \"b\""), r#"a \"b\""#);
/// ```
pub fn json_contents(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing to a `String` cannot fail.
    let _ = write_json_string(&mut out, text);
    out[1..out.len() - 1].into()
}

/// Whether a text is a JSON number.
///
/// ```
/// use cam_policy::text::is_json_number;
///
/// assert!(is_json_number("-1.5e3"));
/// assert!(!is_json_number("01") && !is_json_number("+1"));
/// ```
pub fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
