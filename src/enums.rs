//! What the generated enums of one service have in common: the list of their actions and the look-up in it.

use core::fmt;

use cam_policy::catalog::{self, Granularity};
use cam_policy::policy::CatalogAction;

/// An enum of actions of one service, as the generated code implements it.
#[doc(hidden)]
pub trait OfService: CatalogAction + 'static {
    /// The enum itself, as in [`ActionEnum::Itself`](crate::ActionEnum::Itself).
    type Itself: OfService;

    /// The enum over the whole service.
    type Whole: OfService;

    /// What is particular to the enum. One constant and not three: rustc checks each by itself.
    const ENUM: Enum<Self>;

    /// Returns the path of the enum that lists the action.
    #[inline]
    fn enum_path(self) -> &'static str {
        Self::ENUM.path
    }
}

/// What is particular to an enum of actions of one service.
#[doc(hidden)]
#[derive(Debug)]
pub struct Enum<A: 'static> {
    /// The path of the enum, as Rust code writes it.
    pub(crate) path: &'static str,
    /// Every action, sorted by name.
    pub(crate) all: &'static [A],
    /// The service.
    pub(crate) service: &'static catalog::Service<'static>,
}

/// Returns the action with this number in its service, or `None` if another enum lists it.
pub(crate) fn numbered<A: OfService>(number: u16) -> Option<A> {
    let place = if A::ENUM.all.len() == A::ENUM.service.actions.len() {
        usize::from(number)
    } else {
        A::ENUM.all.binary_search_by_key(&number, |action| action.action().number()).ok()?
    };
    A::ENUM.all.get(place).copied()
}

/// Returns the value of the action in the enum over its service.
pub(crate) fn widened<A: OfService>(action: A) -> A::Whole {
    <A::Whole as OfService>::ENUM.all[usize::from(action.action().number())]
}

/// Error from [`ActionEnum::narrow`](crate::ActionEnum::narrow) and from parsing: another enum lists the action.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Action, ActionEnum, trtc};
///
/// let action: Action = "trtc:GetUserList".parse()?;
/// assert_eq!(
///     action.narrow::<trtc::ApplicationAction>().unwrap_err().to_string(),
///     "`trtc:GetUserList` is operation-level, of `trtc::OperationAction`, not of `trtc::ApplicationAction`"
/// );
/// # }
/// # Ok::<(), tencent_cam::ParseActionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OtherEnumError {
    pub(crate) action: catalog::Action<'static>,
    pub(crate) listed: &'static str,
    pub(crate) wanted: &'static str,
}

impl OtherEnumError {
    /// Returns the action.
    pub const fn action(self) -> catalog::Action<'static> {
        self.action
    }
}

impl fmt::Display for OtherEnumError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, listed, wanted } = self;
        match action.granularity() {
            Granularity::Undocumented => write!(f, "`{action}` is of undocumented granularity")?,
            granularity => write!(f, "`{action}` is {granularity}-level")?,
        }
        write!(f, ", of `{listed}`, not of `{wanted}`")
    }
}

impl fmt::Debug for OtherEnumError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for OtherEnumError {}
