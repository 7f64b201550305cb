//! The reader of policies, with the compiled catalog.

use core::ops::Deref;
use core::str::FromStr;

use cam_policy::document::{self, DocumentError, ReadOptions};
use cam_policy::policy::Policy;

use crate::services::CATALOG;

/// A policy together with its text, and the warnings that follow from the compiled [`CATALOG`].
///
/// It dereferences to [`cam_policy::document::Document`], which has the places and the warnings. That type can read a policy
/// with another catalog.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::Document;
///
/// let document = Document::parse(
///     r#"{"version":"2.0","statement":[{"effect":"allow","action":"trtc:removeuser","resource":"*"}]}"#,
/// )?;
/// let warning = &document.warnings()[0];
/// assert_eq!(document.position(warning.span().unwrap().start()).to_string(), "1:59");
/// assert!(warning.to_string().contains("`trtc:RemoveUser`"));
/// # }
/// # Ok::<(), tencent_cam::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document(document::Document);

impl Document {
    /// Reads a policy, and warns of what in it has no effect: see
    /// [`Policy::check`](cam_policy::policy::Policy::check).
    ///
    /// # Errors
    ///
    /// [`DocumentError`] lists every error of the text, each with its place and what to write instead.
    #[inline]
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new())
    }

    /// Reads a policy that is wrapped in other text: escaped, URL-encoded, or inside a request to CAM or a response. See
    /// [`Wrapping`](cam_policy::document::Wrapping).
    ///
    /// # Errors
    ///
    /// The same as [`Document::parse`].
    ///
    /// ```
    /// use tencent_cam::Document;
    ///
    /// let text = r#""{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":[\"*\"],\"resource\":[\"*\"]}]}""#;
    /// assert_eq!(Document::parse_wrapped(text)?.wrappings().len(), 1);
    /// # Ok::<(), tencent_cam::document::DocumentError>(())
    /// ```
    #[inline]
    pub fn parse_wrapped(text: &str) -> Result<Self, DocumentError> {
        Self::read(text, ReadOptions::new().unwrapping())
    }

    /// Reads a policy with options. If they name no catalog, the compiled one checks the policy. With the feature `names`,
    /// an action of which only the name is known causes no warning.
    ///
    /// # Errors
    ///
    /// The same as [`Document::parse`].
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::Document;
    /// use tencent_cam::catalog::Catalog;
    /// use tencent_cam::document::ReadOptions;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:Nothing"],"resource":["*"]}]}"#;
    /// assert_eq!(Document::read(text, ReadOptions::new())?.warnings().len(), 1);
    /// let unchecked = ReadOptions::new().with_catalog(&Catalog::EMPTY);
    /// assert!(Document::read(text, unchecked)?.warnings().is_empty());
    /// # }
    /// # Ok::<(), tencent_cam::document::DocumentError>(())
    /// ```
    #[inline]
    pub fn read(text: &str, options: ReadOptions<'_>) -> Result<Self, DocumentError> {
        #[cfg(feature = "names")]
        let options = options.with_names(crate::names::matches);
        document::Document::read(text, options.or_catalog(CATALOG)).map(Self)
    }

    /// Returns the policy, without the text.
    #[must_use]
    #[inline]
    pub fn into_policy(self) -> Policy {
        self.0.into_policy()
    }
}

impl Deref for Document {
    type Target = document::Document;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl FromStr for Document {
    type Err = DocumentError;

    /// Does what [`Document::parse`] does.
    #[inline]
    fn from_str(text: &str) -> Result<Self, DocumentError> {
        Self::parse(text)
    }
}
