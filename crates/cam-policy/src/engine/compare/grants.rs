//! The questions about what policies allow.

use alloc::vec::Vec;

use super::answer::{AccessError, Difference, Grant};
use super::callers::callers;
use super::finder::Finder;
use super::scope::Scope;
use crate::engine::caller::{Caller, Digits};
use crate::engine::request::Request;
use crate::engine::set::PolicySet;
use crate::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
use crate::values::Uin;

impl PolicySet<'_> {
    /// All that the set allows a caller: each statement, or statements of several layers together, of which something is
    /// left after the denies.
    ///
    /// Looked at are the requests that CAM can get: operation-level actions on `*`, resource-level ones on resources
    /// of the action's patterns in the account, actions of undocumented granularity and those of other services on
    /// either; condition keys absent or with values of their kind (`true` and `false` for `bool_equal`), several of them
    /// where the conditions of all statements can tell these from one value. `qcs:ip` and `qcs:current_time` have one
    /// value unless a condition has a qualifier. A placeholder of a page stands for what its kind can be; a text has
    /// neither `/` nor `:`.
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// See [`Grant`] for an example.
    pub fn grants(&self, caller: impl Into<Caller>) -> Result<Vec<Grant>, AccessError> {
        let caller = caller.into();
        Finder::new(&[self], &caller, &Digits::of(&caller), None)?.grants(0)
    }

    /// What the set allows a caller of some actions on some resources. The requests are those of [`grants`](Self::grants)
    /// that are in the scope.
    ///
    /// # Errors
    ///
    /// As [`grants`](Self::grants).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{PolicySet, Scope};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:*"],"resource":["qcs::trtc:::sdkappid/1","qcs::trtc:::sdkappid/2"]},
    ///     {"effect":"deny","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/1"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let grants = set.grants_on(Uin::new(100000000002)?, &Scope::action("trtc:RemoveUser".parse()?))?;
    /// assert_eq!(grants[0].to_string(), "trtc:RemoveUser on qcs::trtc:::sdkappid/2 by statement 0 of policy 0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn grants_on(&self, caller: impl Into<Caller>, scope: &Scope) -> Result<Vec<Grant>, AccessError> {
        let caller = caller.into();
        Finder::new(&[self], &caller, &Digits::of(&caller), Some(scope))?.grants(0)
    }

    /// A request of the scope that the set allows a caller; `None`: nothing of the scope is ever granted.
    ///
    /// The root account is allowed everything.
    ///
    /// # Errors
    ///
    /// As [`grants`](Self::grants).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{PolicySet, Scope};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["*"],"resource":["*"]},
    ///     {"effect":"deny","action":["trtc:*"],"resource":["*"],"condition":{"ip_not_equal_if_exist":{"qcs:ip":"10.0.0.0/8"}}}
    /// ]}"#.parse()?], Uin::new(100000000001)?);
    /// let caller = Uin::new(100000000002)?;
    /// let witness = set.find_allowed(caller, &Scope::action("trtc:RemoveUser".parse()?))?.expect("from the office");
    /// assert!(witness.values("qcs:ip")[0].starts_with("10."));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find_allowed(
        &self,
        caller: impl Into<Caller>,
        scope: &Scope,
    ) -> Result<Option<Request>, AccessError> {
        let caller = caller.into();
        if self.exempts(&caller) {
            return self.any_request(&caller, scope);
        }
        Finder::new(&[self], &caller, &Digits::of(&caller), Some(scope))?.find_allowed()
    }

    /// A request of the scope, as if everything were allowed.
    fn any_request(&self, caller: &Caller, scope: &Scope) -> Result<Option<Request>, AccessError> {
        let everything = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
        let policy = Policy::new([everything]).ok();
        let set = PolicySet::new(&self.catalog(), policy, self.owner);
        let Ok(stand_in) = Uin::new(self.owner.get() + 1) else { return Ok(None) };
        let found = set.find_allowed(
            caller.app_id().into_iter().fold(Caller::new(stand_in), Caller::with_app_id),
            scope,
        )?;
        Ok(found.map(|request| request.by(caller.clone())))
    }

    /// Which of several callers may do something of the scope: each who may, with a request that is allowed. A caller is
    /// given with the policy set that applies to it; the same set may be given for many.
    ///
    /// # Errors
    ///
    /// As [`grants`](Self::grants).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Caller, PolicySet, Scope};
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let [alice, bob] = [Caller::new(Uin::new(100000000002)?), Caller::new(Uin::new(100000000003)?)];
    /// let reader = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:Get*"],"resource":["*"]}]}"#.parse()?], owner);
    /// let admin = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#.parse()?], owner);
    ///
    /// let scope = Scope::action("trtc:RemoveUser".parse()?).on("qcs::trtc:::sdkappid/1400000001".parse()?);
    /// let who = PolicySet::who([(alice, &reader), (bob, &admin)], &scope)?;
    /// assert_eq!(who.iter().map(|(caller, _)| caller.uin()).collect::<Vec<_>>(), [Uin::new(100000000003).ok()]);
    /// assert!(admin.decide(&who[0].1).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn who<'s, 'c: 's>(
        callers: impl IntoIterator<Item = (Caller, &'s PolicySet<'c>)>,
        scope: &Scope,
    ) -> Result<Vec<(Caller, Request)>, AccessError> {
        let mut who = Vec::new();
        for (caller, set) in callers {
            who.extend(set.find_allowed(&caller, scope)?.map(|witness| (caller, witness)));
        }
        Ok(who)
    }

    /// One caller of each kind that the policies can tell apart, the root account left out: those of
    /// [`compare_for_all`](Self::compare_for_all).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Caller, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "principal":{"qcs":["qcs::cam::uin/100000000001:roleName/reader"]},"resource":["*"]}]}"#.parse()?],
    ///     Uin::new(100000000001)?);
    /// let callers = set.callers();
    /// assert!(callers.contains(&Caller::role("reader")) && callers.contains(&Caller::anonymous()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn callers(&self) -> Vec<Caller> {
        callers(&[self])
    }

    /// What `other` allows a caller and this set does not, and the reverse: whether a change of policies gives or
    /// takes anything. The requests are those of [`grants`](Self::grants).
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let before = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#.parse()?], owner);
    /// let after = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/14*"]}]}"#.parse()?], owner);
    ///
    /// let difference = before.compare(&after, Uin::new(100000000002)?)?;
    /// assert!(difference.lost.is_empty());
    /// let witness = &difference.gained[0].witness;
    /// assert!(after.decide(witness).is_allowed() && !before.decide(witness).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare(&self, other: &Self, caller: impl Into<Caller>) -> Result<Difference, AccessError> {
        let caller = caller.into();
        self.check_comparable(other)?;
        let digits = Digits::of(&caller);
        let mut finder = Finder::new(&[self, other], &caller, &digits, None)?;
        Ok(Difference { gained: finder.grants(1)?, lost: finder.grants(0)? })
    }

    /// What `other` allows any caller but the root account and this set does not, and the reverse.
    ///
    /// Looked at is one caller of each kind that the policies can tell apart: each user, role, service and identity
    /// provider that a principal names; for each group that one names a user in this group alone; for every pattern with
    /// `${uin}` a user that makes it say what another pattern says; a user that nothing in the policies is about; and an
    /// anonymous caller where statements have principals. The witnesses say for whom they are. `app_id` is the APPID of the
    /// account.
    ///
    /// # Errors
    ///
    /// As [`compare`](Self::compare).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let own = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::b/${uin}/*"]}]}"#.parse()?], owner);
    /// let fixed = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::b/100000000002/*"]}]}"#.parse()?], owner);
    /// // The same for this one, and not for others.
    /// assert!(own.compare(&fixed, Uin::new(100000000002)?)?.is_empty());
    /// assert!(!own.compare_for_all(&fixed, None)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare_for_all(&self, other: &Self, app_id: Option<u64>) -> Result<Difference, AccessError> {
        self.check_comparable(other)?;
        let mut all = Difference::default();
        for caller in callers(&[self, other]) {
            let caller = app_id.into_iter().fold(caller, Caller::with_app_id);
            let difference = self.compare(other, caller)?;
            for (all, own) in [(&mut all.gained, difference.gained), (&mut all.lost, difference.lost)] {
                let is_new = |one: &Grant| {
                    all.iter().all(|known| known.parts != one.parts || known.actions != one.actions)
                };
                let new: Vec<Grant> = own.into_iter().filter(is_new).collect();
                all.extend(new);
            }
        }
        Ok(all)
    }

    fn check_comparable(&self, other: &Self) -> Result<(), AccessError> {
        if self.owner != other.owner {
            return Err(AccessError::OtherOwner);
        }
        let (own, others) = (self.catalog().services, other.catalog().services);
        if !core::ptr::eq(own, others) && own != others {
            return Err(AccessError::OtherCatalog);
        }
        Ok(())
    }
}
