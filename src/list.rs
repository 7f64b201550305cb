//! Lists of actions.

use alloc::vec::Vec;

use cam_policy::catalog;
use cam_typed::{AtLeastOne, Length};

use crate::action::{ActionEnum, IntoAction};

/// One action or several: the action itself, an array, a slice, a `Vec`, or a reference to one of these. The elements may be
/// actions or references to actions. They are all of one enum. A tuple of up to twelve items joins actions of several enums.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{ActionList, PolicyBuilder, trtc};
///
/// let readers: Vec<&trtc::Action> =
///     trtc::Action::ALL.iter().filter(|action| action.facts().name().starts_with("Describe")).collect();
/// let policy = PolicyBuilder::new().allow_everywhere(&readers).build().unwrap();
///
/// // Resource-level and operation-level actions are of different enums.
/// let mixed = (trtc::Action::RemoveUser, trtc::Action::GetUserList);
/// let policy = PolicyBuilder::new().allow_everywhere(mixed).build().unwrap();
/// assert_eq!(policy.statements()[0].actions().len(), 2);
///
/// // In your own functions, name the enum.
/// fn count(actions: impl ActionList<Action = trtc::ApplicationAction>) -> usize {
///     actions.into_actions().len()
/// }
/// assert_eq!(count(trtc::ApplicationAction::ALL), 38);
/// # }
/// ```
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of actions of the catalog",
    label = "not an action, nor an array, slice, `Vec` or tuple of actions",
    note = "`allow` and `deny` take resources first, then actions: is the order swapped? `allow_everywhere` and \
            `deny_everywhere` take no resource",
    note = "name an action by the constant of its service: `[trtc::Action::RemoveUser]`; read a text with \
            `\"trtc:RemoveUser\".parse::<Action>()?`",
    note = "an array has 1 to 256 actions of one enum; pass more as a slice or a `Vec`, and an iterator as \
            `.collect::<Vec<_>>()`",
    note = "a tuple has up to 12 items, which may be of different enums; an item may be a list"
)]
pub trait ActionList: Sealed {
    /// The type of the actions.
    type Action: ActionEnum;

    /// Returns the actions, in order.
    fn into_actions(self) -> Vec<catalog::Action<'static>>;
}

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

impl<A: IntoAction> Sealed for A {}

#[diagnostic::do_not_recommend]
impl<A: IntoAction> ActionList for A {
    type Action = A::Action;

    fn into_actions(self) -> Vec<catalog::Action<'static>> {
        Vec::from([self.action()])
    }
}

/// Implements the traits for each type of list.
macro_rules! lists {
    ($([$($generics:tt)*] $list:ty $(where ($($bound:tt)*))?;)+) => {$(
        impl<T: IntoAction, $($generics)*> Sealed for $list {}

        #[diagnostic::do_not_recommend]
        impl<T: IntoAction, $($generics)*> ActionList for $list $(where $($bound)*)? {
            type Action = T::Action;

            fn into_actions(self) -> Vec<catalog::Action<'static>> {
                self.iter().map(|action| action.action()).collect()
            }
        }
    )+};
}
lists! {
    [] Vec<T>;
    [] &Vec<T>;
    [] &[T];
    [const N: usize] [T; N] where (Length<N>: AtLeastOne);
    [const N: usize] &[T; N] where (Length<N>: AtLeastOne);
}

/// Calls a macro with the fields of each tuple that can be a list.
macro_rules! for_tuples {
    ($do:ident) => {
        $do!(A 0);
        $do!(A 0, B 1);
        $do!(A 0, B 1, C 2);
        $do!(A 0, B 1, C 2, D 3);
        $do!(A 0, B 1, C 2, D 3, E 4);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
        $do!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
    };
}
pub(crate) use for_tuples;

macro_rules! sealed_tuple {
    ($($name:ident $field:tt),+) => {
        impl<$($name: Sealed),+> Sealed for ($($name,)+) {}
    };
}
for_tuples!(sealed_tuple);
