//! The methods of a policy set that search what policies allow.

use alloc::vec::Vec;

use super::answer::{AccessError, Difference, Grant};
use super::callers::callers;
use super::finder::Finder;
use super::scope::Scope;
use crate::engine::caller::{Caller, Digits};
use crate::engine::request::Request;
use crate::engine::set::PolicySet;
use crate::policy::Policy;
use crate::values::Uin;

impl PolicySet<'_> {
    /// Returns everything that the set allows a caller. Each grant is a statement, or one statement of each of several
    /// layers, of which the denies leave something.
    ///
    /// The search looks at the requests that CAM can receive:
    ///
    /// - operation-level actions on `*`, resource-level actions on resources that follow their patterns, of this and of other
    ///   accounts, and actions of undocumented granularity and of other services on both. A placeholder of a pattern stands for the
    ///   values that its kind can have; a text contains neither `/` nor `:`. Objects of COS have the new spelling of their bucket,
    ///   `bucket-APPID/`. A resource may name no account where the patterns tell the uin of the account from its APPID.
    /// - condition keys that are absent or have values of their kind: a key that `bool_equal` compares is `true` or `false`.
    ///   A key has several values if the conditions of all statements can distinguish these from one value. `qcs:ip` and
    ///   `qcs:current_time` have one value unless a condition has a qualifier.
    ///
    /// # Errors
    ///
    /// [`AccessError`] if the search cannot decide. It never guesses.
    ///
    /// See [`Grant`] for an example.
    pub fn grants(&self, caller: impl Into<Caller>) -> Result<Vec<Grant>, AccessError> {
        let caller = caller.into();
        Finder::new(&[self], &caller, &Digits::of(&caller), None)?.grants(0)
    }

    /// Returns what the set allows a caller within a scope of actions and resources. The search looks at the requests of
    /// [`grants`](Self::grants) that are in the scope.
    ///
    /// # Errors
    ///
    /// The same as for [`grants`](Self::grants).
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

    /// Returns a request in the scope that the set allows a caller, or `None` if it allows none.
    ///
    /// The root account may do everything.
    ///
    /// # Errors
    ///
    /// The same as for [`grants`](Self::grants).
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

    /// Returns some request in the scope, whether or not a policy allows it.
    fn any_request(&self, caller: &Caller, scope: &Scope) -> Result<Option<Request>, AccessError> {
        let set = PolicySet::new(&self.catalog(), [Policy::allowing_everything(None)], self.owner);
        let Ok(stand_in) = Uin::new(self.owner.get() + 1) else { return Ok(None) };
        let found = set.find_allowed(
            caller.app_id().into_iter().fold(Caller::new(stand_in), Caller::with_app_id),
            scope,
        )?;
        Ok(found.map(|request| request.by(caller.clone())))
    }

    /// Returns the callers who may do something in the scope, each with a request that is allowed. Pass each caller with the
    /// policy set that applies to it. Several callers may have the same set.
    ///
    /// # Errors
    ///
    /// The same as for [`grants`](Self::grants).
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

    /// Returns one caller of each kind that the policies can distinguish, without the root account:
    /// [`compare_for_all`](Self::compare_for_all) lists the kinds. `app_id` is the APPID of the account.
    ///
    /// # Errors
    ///
    /// [`AccessError::TooComplex`] if the principals distinguish thousands of callers.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Caller, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "principal":{"qcs":["qcs::cam::uin/100000000001:roleName/reader"]},"resource":["*"]}]}"#.parse()?],
    ///     Uin::new(100000000001)?);
    /// let callers = set.callers(None)?;
    /// assert!(callers.contains(&Caller::role("reader")) && callers.contains(&Caller::anonymous()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn callers(&self, app_id: Option<u64>) -> Result<Vec<Caller>, AccessError> {
        callers(&[self], app_id)
    }

    /// Returns what `other` allows a caller and this set does not, and the reverse. So it shows what a change of policies
    /// grants and what it takes away. The search looks at the requests of [`grants`](Self::grants).
    ///
    /// # Errors
    ///
    /// [`AccessError`] if the search cannot decide. It never guesses.
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

    /// Returns what `other` allows some caller and this set does not, and the reverse. The root account does not count.
    ///
    /// The search looks at one caller of each kind that the policies can distinguish:
    ///
    /// - each user, role, service and identity provider that a principal names, of this or of another account;
    /// - the root account of each other account that a principal names, and a user of it if a role trusts the root account;
    /// - for each pattern with `${uin}`, a user for whom the pattern has the text of another pattern;
    /// - a user whom no policy names;
    /// - these users in groups that principals name: in one of them, or in several where these can decide together;
    /// - an anonymous caller, and a user of an account that no policy names, if statements have principals.
    ///
    /// Each grant lists its callers, and its witness is of the first. `app_id` is the APPID of the account. Callers of other accounts have another one.
    ///
    /// # Errors
    ///
    /// The same as for [`compare`](Self::compare). [`AccessError::TooComplex`] also if the principals distinguish thousands
    /// of callers.
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
        for caller in callers(&[self, other], app_id)? {
            let difference = self.compare(other, caller)?;
            for (all, own) in [(&mut all.gained, difference.gained), (&mut all.lost, difference.lost)] {
                for grant in own {
                    match all.iter_mut().find(|known: &&mut Grant| known.is_same_access(&grant)) {
                        Some(known) => known.callers.extend(grant.callers),
                        None => all.push(grant),
                    }
                }
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
