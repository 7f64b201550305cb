//! What is told of a text before it is read.

use crate::catalog::Catalog;
use crate::policy::PolicyKind;

/// How a text is read: with which catalog, as which kind of policy, and whether out of a wrapping.
///
/// [`Document::parse`](super::Document::parse) and its siblings use these options; combine them here.
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
    pub(super) catalog: Catalog<'c>,
    pub(super) kind: Option<PolicyKind>,
    pub(super) unwrapping: bool,
}

impl ReadOptions<'static> {
    /// Reads the text as it stands, without a catalog; the elements tell the kind.
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn new() -> Self {
        Self { catalog: Catalog::EMPTY, kind: None, unwrapping: false }
    }
}

impl Default for ReadOptions<'static> {
    fn default() -> Self {
        Self::new()
    }
}

impl ReadOptions<'_> {
    /// Checks actions and resources by what a catalog knows: see [`Policy::check`](crate::policy::Policy::check).
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn with_catalog<'c>(self, catalog: &Catalog<'c>) -> ReadOptions<'c> {
        ReadOptions { catalog: *catalog, kind: self.kind, unwrapping: self.unwrapping }
    }

    /// Reads a policy of this kind: what the kind needs must be there, what it forbids must not.
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn as_kind(mut self, kind: PolicyKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Takes the policy out of what it stands in: see [`Wrapping`](super::Wrapping).
    ///
    /// See [`ReadOptions`] for an example.
    #[must_use]
    pub const fn unwrapping(mut self) -> Self {
        self.unwrapping = true;
        self
    }
}
