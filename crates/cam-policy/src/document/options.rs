//! Options for reading a document.

use crate::catalog::Catalog;
use crate::policy::{ActionPattern, PolicyKind};

/// Options for reading a text: with which catalog, as which kind of policy, and whether out of a wrapping.
///
/// [`Document::parse`](super::Document::parse) and its siblings use these options. Combine several of them here.
///
/// ```
/// use cam_policy::diagnostic::Code;
/// use cam_policy::document::{Document, ReadOptions};
/// use cam_policy::example::CATALOG;
/// use cam_policy::policy::PolicyKind;
///
/// let text = r#""{\"version\":\"2.0\",\"statement\":[
///     {\"effect\":\"allow\",\"action\":[\"trtc:removeuser\"],\"resource\":[\"*\"]}]}""#;
/// let options = ReadOptions::new().with_catalog(&CATALOG).as_kind(PolicyKind::Session).unwrapping();
/// let document = Document::read(text, options)?;
/// assert_eq!(document.kind(), PolicyKind::Session);
/// assert_eq!(document.warnings()[0].code(), Code::Case);
/// # Ok::<(), cam_policy::document::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions<'c> {
    pub(super) catalog: Option<Catalog<'c>>,
    pub(super) is_named: fn(&ActionPattern) -> bool,
    pub(super) kind: Option<PolicyKind>,
    pub(super) unwrapping: bool,
}

impl ReadOptions<'static> {
    /// Makes the options to read the text as it stands, without a catalog. The elements determine the kind.
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn new() -> Self {
        Self { catalog: None, is_named: |_| false, kind: None, unwrapping: false }
    }
}

impl Default for ReadOptions<'static> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'o> ReadOptions<'o> {
    /// Checks actions and resources with a catalog: see [`Policy::check`](crate::policy::Policy::check).
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn with_catalog<'c>(self, catalog: &Catalog<'c>) -> ReadOptions<'c> {
        ReadOptions {
            catalog: Some(*catalog),
            is_named: self.is_named,
            kind: self.kind,
            unwrapping: self.unwrapping,
        }
    }

    /// Checks actions and resources with this catalog if [`ReadOptions::with_catalog`] named none.
    ///
    /// ```
    /// use cam_policy::catalog::Catalog;
    /// use cam_policy::document::{Document, ReadOptions};
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}]}"#;
    /// let warnings = |options| Document::read(text, options).map(|document| document.warnings().len());
    /// assert_eq!(warnings(ReadOptions::new().or_catalog(&CATALOG))?, 1);
    /// assert_eq!(warnings(ReadOptions::new().with_catalog(&Catalog::EMPTY).or_catalog(&CATALOG))?, 0);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn or_catalog(mut self, catalog: &Catalog<'o>) -> Self {
        if self.catalog.is_none() {
            self.catalog = Some(*catalog);
        }
        self
    }

    /// Takes actions for real of which only the name is known: `is_named` says whether a pattern matches one. No warning
    /// says of such a pattern that it matches nothing, although the catalog lists all documented actions of the service.
    ///
    /// ```
    /// use cam_policy::document::{Document, ReadOptions};
    /// use cam_policy::example::CATALOG;
    ///
    /// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:removeuser"],"resource":["*"]}]}"#;
    /// let options = ReadOptions::new().with_catalog(&CATALOG);
    /// assert_eq!(Document::read(text, options)?.warnings().len(), 1);
    /// let options = options.with_names(|action| action.as_str() == "trtc:removeuser");
    /// assert!(Document::read(text, options)?.warnings().is_empty());
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn with_names(mut self, is_named: fn(&ActionPattern) -> bool) -> Self {
        self.is_named = is_named;
        self
    }

    /// Reads a policy of this kind. It must have what the kind needs, and nothing that the kind forbids.
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn as_kind(mut self, kind: PolicyKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Also reads a policy that is wrapped in something else: see [`Wrapping`](super::Wrapping).
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn unwrapping(mut self) -> Self {
        self.unwrapping = true;
        self
    }
}
