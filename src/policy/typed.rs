//! Conditions whose keys say what they can be compared with.

use alloc::vec::Vec;

use cam_policy::policy::{Condition, IpCondition};

use crate::action::{CatalogAction, HeedsIp};

/// What may limit a grant of the actions `A`: a condition, or several that must all be true, as array, `Vec` or tuple.
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
///     PolicyBuilder::new().allow_everywhere_if(trtc::OperationAction::GetUserList, conditions).build().unwrap();
/// assert_eq!(policy.statements()[0].conditions().len(), 2);
/// # }
/// ```
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot limit a grant of `{A}`",
    label = "not a condition for these actions",
    note = "make conditions with the keys of `tencent_cam::key`, or with `Condition::unchecked`"
)]
pub trait ConditionList<A>: sealed::Sealed {
    /// The conditions, in order.
    fn into_conditions(self) -> Vec<Condition>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Condition {}
impl sealed::Sealed for IpCondition {}
impl<C: sealed::Sealed> sealed::Sealed for Vec<C> {}
impl<C: sealed::Sealed, const N: usize> sealed::Sealed for [C; N] {}

impl<A: CatalogAction> ConditionList<A> for Condition {
    fn into_conditions(self) -> Vec<Condition> {
        Vec::from([self])
    }
}

impl<A: HeedsIp> ConditionList<A> for IpCondition {
    fn into_conditions(self) -> Vec<Condition> {
        Vec::from([self.into()])
    }
}

impl<A, C: ConditionList<A>> ConditionList<A> for Vec<C> {
    fn into_conditions(self) -> Vec<Condition> {
        self.into_iter().flat_map(ConditionList::into_conditions).collect()
    }
}

impl<A, C: ConditionList<A>, const N: usize> ConditionList<A> for [C; N] {
    fn into_conditions(self) -> Vec<Condition> {
        self.into_iter().flat_map(ConditionList::into_conditions).collect()
    }
}

macro_rules! tuples {
    ($($($name:ident $field:tt),+;)+) => {$(
        impl<$($name: sealed::Sealed),+> sealed::Sealed for ($($name,)+) {}

        impl<A, $($name: ConditionList<A>),+> ConditionList<A> for ($($name,)+) {
            fn into_conditions(self) -> Vec<Condition> {
                let mut conditions = Vec::new();
                $(conditions.extend(self.$field.into_conditions());)+
                conditions
            }
        }
    )+};
}
tuples! {
    C 0, D 1;
    C 0, D 1, E 2;
    C 0, D 1, E 2, F 3;
}
