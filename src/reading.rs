//! Documents read with the compiled catalog.

use core::ops::Deref;
use core::str::FromStr;

use cam_policy::document::{self, DocumentError, ReadOptions};
use cam_policy::policy::Policy;

use crate::services::CATALOG;

/// A policy together with the text it was read from, and what the compiled [`CATALOG`] says of it.
///
/// It dereferences to [`cam_policy::document::Document`], which has the places and the warnings, and which can be read with
/// another catalog.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::Document;
///
/// let document = Document::parse(
///     r#"{"version":"2.0","statement":[{"effect":"allow","action":"trtc:removeuser","resource":"*"}]}"#,
/// )?;
/// let warning = &document.warnings()[0];
/// assert_eq!(document.position(warning.span().unwrap().start()).to_string(), "1:60");
/// assert!(warning.to_string().contains("`trtc:RemoveUser`"));
/// # }
/// # Ok::<(), tencent_cam::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document(document::Document);

impl Document {
    /// Reads a policy, and warns of what in it can do nothing: see
    /// [`Policy::check`](cam_policy::policy::Policy::check).
    ///
    /// # Errors
    ///
    /// Every error of the text, each with its place and what to write instead.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new())
    }

    /// Reads a policy as people have it: escaped, URL-encoded, in a request or in an answer of CAM. See
    /// [`Wrapping`](cam_policy::document::Wrapping).
    ///
    /// # Errors
    ///
    /// As [`Document::parse`].
    ///
    /// ```
    /// use tencent_cam::Document;
    ///
    /// let text = r#""{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}""#;
    /// assert_eq!(Document::parse_wrapped(text)?.wrappings().len(), 1);
    /// # Ok::<(), tencent_cam::document::DocumentError>(())
    /// ```
    pub fn parse_wrapped(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new().unwrapping())
    }

    /// Reads a policy with options; the compiled catalog takes the place of theirs.
    ///
    /// # Errors
    ///
    /// As [`Document::parse`].
    pub fn read(text: &str, options: ReadOptions<'_>) -> Result<Self, DocumentError> {
        document::Document::read(text, options.with_catalog(CATALOG)).map(Self)
    }

    /// The policy, without the text.
    #[must_use]
    pub fn into_policy(self) -> Policy {
        self.0.into_policy()
    }
}

impl Deref for Document {
    type Target = document::Document;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromStr for Document {
    type Err = DocumentError;

    /// As [`Document::parse`].
    fn from_str(text: &str) -> Result<Self, DocumentError> {
        Self::parse(text)
    }
}
