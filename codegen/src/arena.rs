//! The memory of a catalog that was read at run time.

use bumpalo::Bump;

/// Holds the texts and lists of a catalog that was read at run time; see [`parse`](crate::parse).
///
/// Dropping the arena frees them all.
///
/// ```
/// let arena = tencent_cam_codegen::Arena::new();
/// # drop(arena);
/// ```
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// Creates an empty arena.
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
