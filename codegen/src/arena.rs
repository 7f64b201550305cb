//! Where the parts of a catalog that was read live.

use bumpalo::Bump;

/// Holds the texts and lists of a catalog that was read at run time; see [`parse`](crate::parse).
///
/// It frees them all at once, when it is dropped.
///
/// ```
/// let arena = tencent_cam_codegen::Arena::new();
/// # drop(arena);
/// ```
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// Makes an arena that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }

    pub(crate) fn list<T: Copy>(&self, items: &[T]) -> &[T] {
        self.0.alloc_slice_copy(items)
    }
}
