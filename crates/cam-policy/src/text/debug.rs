//! `Debug` for people.

/// Writes the `Debug` of errors as their `Display`: `main` prints so an error that it returns.
macro_rules! debug_as_display {
    ($($name:ty)+) => {$(
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    )+};
}

pub(crate) use debug_as_display;
