//! Conditions that may limit a grant, and lists of them.

use alloc::vec::Vec;

use cam_policy::policy::{Condition, IpCondition};

use crate::action::{ActionEnum, HeedsIp};
use crate::list::for_tuples;

/// Conditions on a grant of the actions `A`: one condition, or an array, a `Vec` or a tuple of up to twelve, all of which
/// must be true. An `Option` of these may be empty, and `()` is no condition.
///
/// ```
/// # #[cfg(all(feature = "engine", feature = "trtc"))] {
/// use tencent_cam::{PolicyBuilder, key, trtc};
///
/// let conditions = (
///     key::SOURCE_IP.within(["10.0.0.0/8".parse::<tencent_cam::key::IpNet>().unwrap()]),
///     key::CURRENT_TIME.before("2027-01-01T00:00:00Z".parse().unwrap()),
/// );
/// let policy =
///     PolicyBuilder::new().allow_everywhere_if(trtc::Action::GetUserList, conditions).build().unwrap();
/// assert_eq!(policy.statements()[0].conditions().len(), 2);
///
/// let needs_mfa = false;
/// let condition = needs_mfa.then(|| key::MFA.is(true));
/// let policy =
///     PolicyBuilder::new().allow_everywhere_if(trtc::Action::GetUserList, condition).build().unwrap();
/// assert!(policy.statements()[0].conditions().is_empty());
/// # }
/// ```
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot limit a grant of `{A}`",
    label = "not a condition for these actions",
    note = "make conditions with the keys of `tencent_cam::key`, or with `Condition::unchecked`",
    note = "conditions of different kinds stand in a tuple: `(office, before)`"
)]
pub trait ConditionList<A>: sealed::Sealed {
    /// Returns the conditions, in order.
    fn into_conditions(self) -> Vec<Condition>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! lists {
    ($([$($generics:tt)*] $list:ty;)+) => {$(
        impl<C: sealed::Sealed, $($generics)*> sealed::Sealed for $list {}

        #[diagnostic::do_not_recommend]
        impl<A, C: ConditionList<A>, $($generics)*> ConditionList<A> for $list {
            fn into_conditions(self) -> Vec<Condition> {
                self.into_iter().flat_map(ConditionList::into_conditions).collect()
            }
        }
    )+};
}
lists! {
    [] Option<C>;
    [] Vec<C>;
    [const N: usize] [C; N];
}

impl sealed::Sealed for Condition {}

#[diagnostic::do_not_recommend]
impl<A: ActionEnum> ConditionList<A> for Condition {
    fn into_conditions(self) -> Vec<Condition> {
        Vec::from([self])
    }
}

impl sealed::Sealed for IpCondition {}

impl<A: HeedsIp> ConditionList<A> for IpCondition {
    fn into_conditions(self) -> Vec<Condition> {
        Vec::from([self.into()])
    }
}

impl sealed::Sealed for () {}

#[diagnostic::do_not_recommend]
impl<A> ConditionList<A> for () {
    fn into_conditions(self) -> Vec<Condition> {
        Vec::new()
    }
}

macro_rules! tuple {
    ($($name:ident $field:tt),+) => {
        impl<$($name: sealed::Sealed),+> sealed::Sealed for ($($name,)+) {}

        #[diagnostic::do_not_recommend]
        impl<Of, $($name: ConditionList<Of>),+> ConditionList<Of> for ($($name,)+) {
            fn into_conditions(self) -> Vec<Condition> {
                let mut conditions = Vec::new();
                $(conditions.extend(self.$field.into_conditions());)+
                conditions
            }
        }
    };
}
for_tuples!(tuple);
