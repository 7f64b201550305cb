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
    if policy.text != text || source.format != Format::Json {
        return Ok(None);
    }
    Ok(Some(format!("{:#}\n", Document::parse(text)?.policy())))
}
