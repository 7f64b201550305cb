//! The values that fill the placeholders of resource patterns.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::num::NonZeroU64;
use core::str::FromStr;

use crate::text::{Shortened, debug_as_display};

/// The number of a Tencent Cloud account: the root account that owns the resources of a policy.
///
/// It is a positive whole number; nothing more is documented about it.
///
/// ```
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(12345678)?;
/// assert_eq!(owner.to_string(), "12345678");
/// assert_eq!("12345678".parse(), Ok(owner));
/// assert!(Uin::new(0).is_err());
/// # Ok::<(), cam_policy::values::UinError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uin(NonZeroU64);

impl Uin {
    /// Makes the uin of an account.
    ///
    /// # Errors
    ///
    /// [`UinError`] if the number is 0.
    pub const fn new(uin: u64) -> Result<Self, UinError> {
        match NonZeroU64::new(uin) {
            Some(uin) => Ok(Self(uin)),
            None => Err(UinError),
        }
    }

    /// Makes the uin of an account from a number in the source code.
    ///
    /// # Panics
    ///
    /// If the number is 0. In a constant, this is an error at compile time.
    ///
    /// ```
    /// use cam_policy::values::Uin;
    ///
    /// const OWNER: Uin = Uin::literal(12345678);
    /// assert_eq!(OWNER.get(), 12345678);
    /// ```
    ///
    /// ```compile_fail
    /// const NOBODY: cam_policy::values::Uin = cam_policy::values::Uin::literal(0);
    /// # let _ = NOBODY;
    /// ```
    pub const fn literal(uin: u64) -> Self {
        match Self::new(uin) {
            Ok(uin) => uin,
            Err(_) => panic!("0 is no account uin"),
        }
    }

    /// Returns the number.
    pub const fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Uin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Uin {
    type Err = ParseUinError;

    /// Reads the digits of an account number, without sign or leading zero.
    fn from_str(text: &str) -> Result<Self, ParseUinError> {
        number(text).map(Self).ok_or_else(|| ParseUinError(text.into()))
    }
}

impl TryFrom<u64> for Uin {
    type Error = UinError;

    fn try_from(uin: u64) -> Result<Self, UinError> {
        Self::new(uin)
    }
}

impl From<Uin> for u64 {
    fn from(uin: Uin) -> Self {
        uin.get()
    }
}

/// Error from making an account's uin of 0.
///
/// ```
/// let error = cam_policy::values::Uin::new(0).unwrap_err();
/// assert_eq!(error.to_string(), "0 is no account uin: write a positive whole number");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UinError;

impl fmt::Display for UinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0 is no account uin: write a positive whole number")
    }
}

impl core::error::Error for UinError {}

/// Error from reading the uin of an account.
///
/// ```
/// let error = "012".parse::<cam_policy::values::Uin>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"012\" is no account uin: write a positive whole number, in digits without a leading zero"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ParseUinError(Box<str>);

impl fmt::Display for ParseUinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Shortened(&self.0);
        write!(
            f,
            "{text:?} is no account uin: write a positive whole number, in digits without a leading zero"
        )
    }
}

impl core::error::Error for ParseUinError {}

debug_as_display!(UinError ParseUinError);

/// Reads a positive number as CAM prints it: digits, without sign and leading zero.
pub(crate) fn number(text: &str) -> Option<NonZeroU64> {
    if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A region, such as `ap-guangzhou`, or every region.
///
/// Tencent decides which regions exist, and changes them. This type checks only the form: lower-case letters, digits
/// and hyphens, so that old short names such as `gz` pass.
///
/// ```
/// use cam_policy::values::Region;
///
/// let region = Region::new("ap-guangzhou")?;
/// assert_eq!(region.to_string(), "ap-guangzhou");
/// assert_eq!(Region::every().to_string(), "", "CAM reads an empty segment as every region");
/// assert!(Region::new("ap guangzhou").is_err());
/// # Ok::<(), cam_policy::values::RegionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// Makes one region.
    ///
    /// # Errors
    ///
    /// [`RegionError`] if the name is empty or has other characters than `a-z`, `0-9` and `-`.
    pub fn new(name: &str) -> Result<Self, RegionError> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(fits) {
            return Err(RegionError(name.into()));
        }
        Ok(Self(name.into()))
    }

    /// Makes the value for every region: the empty segment.
    pub const fn every() -> Self {
        Self(String::new())
    }

    /// Returns the name; empty for every region.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Region {
    type Err = RegionError;

    /// Reads a region segment; an empty one is every region.
    fn from_str(text: &str) -> Result<Self, RegionError> {
        if text.is_empty() { Ok(Self::every()) } else { Self::new(text) }
    }
}

/// Whether a text looks like a region: `ap-guangzhou`, or one of the old short names.
pub(crate) fn is_region(segment: &str) -> bool {
    match segment.get(..3) {
        Some("ap-" | "na-" | "eu-" | "sa-" | "me-" | "af-" | "cn-" | "us-") => Region::new(segment).is_ok(),
        Some(_) => segment == "usw",
        None => matches!(
            segment,
            "bj" | "ca" | "cd" | "cq" | "de" | "gz" | "hk" | "in" | "kr" | "sg" | "sh" | "th"
        ),
    }
}

/// Whether a text looks like an APPID: a number as long as those that accounts have. What ends in a year is none.
///
/// ```
/// use cam_policy::values::is_app_id;
///
/// assert!(is_app_id("1250000000") && !is_app_id("2026"));
/// ```
pub fn is_app_id(text: &str) -> bool {
    text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the APPID of the owner of a bucket, as far as the last segment of a COS resource states it: the end of the bucket's
/// name, or its place in the old spelling.
///
/// ```
/// use cam_policy::values::bucket_owner;
///
/// assert_eq!(bucket_owner("photos-1250000000/a.jpg"), Some("1250000000"));
/// assert_eq!(bucket_owner("prefix//1250000000/photos/a.jpg"), Some("1250000000"));
/// assert_eq!(bucket_owner("photos/a.jpg"), None);
/// ```
pub fn bucket_owner(last: &str) -> Option<&str> {
    let owner = match last.strip_prefix("prefix//") {
        Some(rest) => rest.split('/').next(),
        None => last.split('/').next().and_then(|bucket| bucket.rsplit_once('-')).map(|(_, owner)| owner),
    };
    owner.filter(|owner| is_app_id(owner))
}

/// Error from reading a region.
#[derive(Clone, PartialEq, Eq)]
pub struct RegionError(String);

impl fmt::Display for RegionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no region: write one like `ap-guangzhou`, or use `Region::every()`",
            Shortened(&self.0)
        )
    }
}

debug_as_display!(RegionError);

impl core::error::Error for RegionError {}
