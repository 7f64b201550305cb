//! The lengths that an array of actions or resources can have.

/// The length of the longest array that can be a list.
///
/// ```
/// assert_eq!(cam_typed::LONGEST_ARRAY, 256);
/// ```
pub const LONGEST_ARRAY: usize = 256;

/// The length of an array.
#[derive(Clone, Copy, Debug)]
pub struct Length<const N: usize>;

/// Implemented for the lengths that an array of actions or resources can have in a statement: 1 to [`LONGEST_ARRAY`].
///
/// rustc compares each implementation with each other one, which takes a third of the time that `tencent-cam` with one service
/// needs. So they stand in this crate.
///
/// ```
/// use cam_typed::{AtLeastOne, Length};
///
/// fn takes_array<const N: usize>(_: [u8; N])
/// where
///     Length<N>: AtLeastOne,
/// {
/// }
/// takes_array([1]);
/// ```
///
/// ```compile_fail
/// # use cam_typed::{AtLeastOne, Length};
/// # fn takes_array<const N: usize>(_: [u8; N]) where Length<N>: AtLeastOne {}
/// takes_array([]);
/// ```
pub trait AtLeastOne {}

macro_rules! at_least_one {
    ($($high:literal)+) => { $(at_least_one!(@ $high: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);)+ };
    (@ $high:literal: $($low:literal)+) => { $(impl AtLeastOne for Length<{ $high * 16 + $low + 1 }> {})+ };
}
at_least_one!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);

const _: () = {
    const fn is_long_enough<const N: usize>()
    where
        Length<N>: AtLeastOne,
    {
    }
    is_long_enough::<LONGEST_ARRAY>();
};
