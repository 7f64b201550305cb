//! Decisions.

use alloc::vec::Vec;
use core::fmt;

use super::compile::Asked;
use super::layer::StatementId;
use super::request::{Digits, Request};
use super::set::PolicySet;
use crate::catalog::{Action, Granularity};
use crate::policy::Effect;

/// What becomes of a request.
///
/// ```
/// assert_eq!(cam_policy::engine::Outcome::ImplicitlyDenied.to_string(), "implicitly denied");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// An allow matches in every layer, and no deny.
    Allowed,
    /// A deny matches.
    ExplicitlyDenied,
    /// Neither.
    ImplicitlyDenied,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Allowed => "allowed",
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
        })
    }
}

/// How the catalog put the resource of a request right.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{Correction, PolicySet, Request};
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(100000000001).unwrap();
/// let set = PolicySet::new(&CATALOG, [], owner);
/// let wrong = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
/// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", wrong).unwrap();
/// let decision = set.decide(&request);
/// assert_eq!(decision.correction(), Some(Correction::ResourceDropped));
/// assert_eq!(decision.resource(), "*");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Correction {
    /// The action is operation-level, for which CAM is handed `*`, not the resource that was given.
    ResourceDropped,
    /// The action is resource-level, for which CAM is never handed `*`. In its place stands the resource that means
    /// all of the kind, so that a policy must name them all to allow it.
    AllResources,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ResourceDropped => {
                "the action is operation-level: CAM is handed `*` for it, not the resource that was given"
            }
            Self::AllResources => {
                "the action is resource-level: CAM is handed a resource for it, not `*`; decided for all of them"
            }
        })
    }
}

impl PolicySet<'_> {
    /// Decides a request. The root account itself is always allowed: it is not subject to policies.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Outcome, PolicySet, Request};
    /// use cam_policy::policy::Policy;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:*"],"resource":["*"]},
    ///     {"effect":"deny","action":["cos:Delete*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::new(&CATALOG, [policy], owner);
    /// let object = "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/a";
    /// let outcome = |action| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(set.decide(&Request::new(Uin::new(100000000002)?, action, object)?).outcome())
    /// };
    /// assert_eq!(outcome("cos:GetObject")?, Outcome::Allowed);
    /// assert_eq!(outcome("cos:DeleteObject")?, Outcome::ExplicitlyDenied);
    /// assert_eq!(outcome("cvm:RunInstances")?, Outcome::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide<'s>(&'s self, request: &'s Request) -> Decision<'s> {
        let known = self.catalog().action(request.action());
        let (resource, correction) = self.correct(request, known);
        let outcome = Outcome::ImplicitlyDenied;
        let mut decision = Decision { set: self, request, known, resource, correction, outcome };
        if decision.is_root() {
            decision.outcome = Outcome::Allowed;
            return decision;
        }
        decision.outcome = self.outcome(&decision.asked(&mut Digits::default()));
        decision
    }

    fn outcome(&self, asked: &Asked<'_>) -> Outcome {
        let mut allowed = true;
        for (_, layer) in self.present() {
            let found = layer.find(asked);
            if self.matching(layer, &found, Effect::Deny, asked).next().is_some() {
                return Outcome::ExplicitlyDenied;
            }
            allowed = allowed && self.matching(layer, &found, Effect::Allow, asked).next().is_some();
        }
        if allowed { Outcome::Allowed } else { Outcome::ImplicitlyDenied }
    }

    /// The resource as CAM is handed it, as far as the catalog knows.
    fn correct<'s>(
        &'s self,
        request: &'s Request,
        known: Option<Action<'s>>,
    ) -> (&'s str, Option<Correction>) {
        let given = request.resource();
        let Some(action) = known else { return (given, None) };
        match action.granularity() {
            Granularity::Operation if given != "*" => ("*", Some(Correction::ResourceDropped)),
            Granularity::Resource if given == "*" => {
                let filled = action.patterns().first().and_then(|pattern| self.everything(pattern.all));
                filled.map_or((given, None), |text| (text, Some(Correction::AllResources)))
            }
            _ => (given, None),
        }
    }
}

/// What a [`PolicySet`] says to a request.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{PolicySet, Request};
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(100000000001)?;
/// let set = PolicySet::new(&CATALOG, [], owner);
/// let by_root = Request::new(owner, "trtc:GetUserList", "*")?;
/// assert!(set.decide(&by_root).is_allowed());
/// assert!(set.decide(&by_root).is_root());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decision<'s> {
    set: &'s PolicySet<'s>,
    request: &'s Request,
    /// The action as the catalog knows it.
    pub(super) known: Option<Action<'s>>,
    pub(super) resource: &'s str,
    pub(super) correction: Option<Correction>,
    pub(super) outcome: Outcome,
}

impl Decision<'_> {
    /// What becomes of the request.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Outcome, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).outcome(), Outcome::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether it is allowed.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(!set.decide(&request).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// Whether it is allowed because the root account asks.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(!set.decide(&request).is_root());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_root(&self) -> bool {
        self.request.caller().uin == self.set.owner
    }

    /// How the catalog put the resource right, if it did.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).correction(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn correction(&self) -> Option<Correction> {
        self.correction
    }

    /// The resource that was decided on, put right.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).resource(), "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resource(&self) -> &str {
        self.resource
    }

    /// The statements that decided: the denies that match if it is explicitly denied, the allows that match if it is
    /// allowed, in order; none if it is implicitly denied, or if the root account asks.
    ///
    /// They are searched when asked for: the decision itself needs only one.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(set.decide(&request).statements().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statements(&self) -> Vec<StatementId> {
        let effect = match self.outcome {
            Outcome::Allowed if !self.is_root() => Effect::Allow,
            Outcome::ExplicitlyDenied => Effect::Deny,
            _ => return Vec::new(),
        };
        let mut digits = Digits::default();
        let asked = self.asked(&mut digits);
        let mut found = Vec::new();
        for (layer, compartment) in self.set.present() {
            let candidates = compartment.find(&asked);
            let matching = self.set.matching(compartment, &candidates, effect, &asked);
            found.extend(matching.map(|compiled| PolicySet::id(layer, compiled)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl<'s> Decision<'s> {
    pub(super) fn asked<'a>(&'a self, digits: &'a mut Digits) -> Asked<'a> {
        self.set.asked(self.request, self.known, self.resource, digits)
    }

    pub(super) fn request(&self) -> &'s Request {
        self.request
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("outcome", &self.outcome)
            .field("resource", &self.resource)
            .field("correction", &self.correction)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Decision<'_> {
    /// `allowed by statement 0 of policy 0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.fmt(f)?;
        if self.is_root() {
            return f.write_str(": the root account is not subject to policies");
        }
        for (at, id) in self.statements().iter().enumerate() {
            write!(f, "{}{id}", if at == 0 { " by " } else { ", " })?;
        }
        Ok(())
    }
}
