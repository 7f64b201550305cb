//! Policies in one layout.

use cam_policy::document::{Document, DocumentError};

use crate::source::{Format, Source};

/// Returns the text of a file in the layout of `tencent-cam fmt`. Only a file that is one policy in JSON has one; `None` for
/// any other.
///
/// # Errors
///
/// If the policy cannot be read.
///
/// ```
/// use cam_workspace::formatted;
/// use cam_workspace::source::Source;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#;
/// let formatted = formatted(text, &Source::read("a.json", text))?.unwrap();
/// assert!(formatted.starts_with("{\n"));
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
pub fn formatted(text: &str, source: &Source) -> Result<Option<String>, DocumentError> {
    let [policy] = &source.policies[..] else { return Ok(None) };
    // JSON has no byte order mark, which some editors write: it goes.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if policy.text != body || source.format != Format::Json {
        return Ok(None);
    }
    let formatted = format!("{:#}\n", Document::parse(body)?.policy());
    let ends_in_crlf = body.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    Ok(Some(if ends_in_crlf { formatted.replace('\n', "\r\n") } else { formatted }))
}
