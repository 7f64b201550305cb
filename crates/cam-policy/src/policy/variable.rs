//! Policy variables.

use core::fmt;
use core::ops::Range;

/// A policy variable: CAM replaces it with a value when it evaluates a request.
///
/// CAM has these three variables. They may stand in the last segment of a resource and in condition values. They are
/// not the placeholders of a product's documentation, where `${uin}` stands for the root account.
///
/// ```
/// use cam_policy::policy::Variable;
///
/// assert_eq!(Variable::OwnerUin.to_string(), "${owner_uin}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variable {
    /// `${uin}`: the uin of the caller.
    Uin,
    /// `${owner_uin}`: the uin of the caller's root account.
    OwnerUin,
    /// `${app_id}`: the APPID of the caller's root account.
    AppId,
}

impl Variable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Uin, Self::OwnerUin, Self::AppId];

    /// Returns the spelling in a policy.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::Variable::Uin.as_str(), "${uin}");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uin => "${uin}",
            Self::OwnerUin => "${owner_uin}",
            Self::AppId => "${app_id}",
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variable| variable.as_str() == text)
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Finds a `${…}` that is not a variable of CAM.
pub(crate) fn check_variables(text: &str) -> Result<(), Range<usize>> {
    let mut from = 0;
    while let Some(start) = text[from..].find("${").map(|at| from + at) {
        let Some(end) = text[start..].find('}').map(|at| start + at + 1) else { return Ok(()) };
        if Variable::read(&text[start..end]).is_none() {
            return Err(start..end);
        }
        from = end;
    }
    Ok(())
}
