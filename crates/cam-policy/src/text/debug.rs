//! Makes the `Debug` of errors readable for people.

/// Implements `Debug` of errors as their `Display`, because `main` prints a returned error with `Debug`.
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
