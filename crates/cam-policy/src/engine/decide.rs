//! Decisions on requests.

use alloc::vec::Vec;
use core::fmt;

use super::layer::{Layer, StatementId};
use super::request::Request;
use super::rules::Asked;
use super::set::PolicySet;
use crate::catalog::{Action, Granularity};
use crate::policy::Effect;

/// The decision on a request.
///
/// ```
/// assert_eq!(cam_policy::engine::Decision::ImplicitlyDenied.to_string(), "implicitly denied");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Decision {
    /// An allow matches in every layer, and no deny matches.
    Allowed,
    /// A deny matches, or the service control policies of a level do not allow.
    ExplicitlyDenied,
    /// No deny matches, and in at least one layer no allow does.
    ImplicitlyDenied,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Allowed => "allowed",
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
        })
    }
}

/// A change that a policy set made to the resource of a request, because the catalog states which resource CAM
/// receives.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{ResourceNormalization, PolicySet, Request};
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(100000000001).unwrap();
/// let set = PolicySet::new(&CATALOG, [], owner);
/// let wrong = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
/// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", wrong).unwrap();
/// let response = set.decide(&request);
/// assert_eq!(response.normalization(), Some(ResourceNormalization::ResourceDropped));
/// assert_eq!(response.resource(), "*");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ResourceNormalization {
    /// The action is operation-level: CAM receives `*` for it, not the resource that was given.
    ResourceDropped,
    /// The action is resource-level: CAM never receives `*` for it. The set decides on the form that means all
    /// resources of the kind. A policy must therefore name all of them to allow the request.
    AllResources,
}

impl fmt::Display for ResourceNormalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ResourceDropped => {
                "the action is operation-level: CAM receives `*` for it, not the resource that was given"
            }
            Self::AllResources => {
                "the action is resource-level: CAM receives a resource for it, not `*`; decided for all of them"
            }
        })
    }
}

impl PolicySet<'_> {
    /// Decides a request. The root account is always allowed: policies do not apply to it.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Decision, PolicySet, Request};
    /// use cam_policy::policy::Policy;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:*"],"resource":["*"]},
    ///     {"effect":"deny","action":["cos:Delete*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::new(&CATALOG, [policy], owner);
    /// let object = "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/a";
    /// let decision = |action| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(set.decide(&Request::new(Uin::new(100000000002)?, action, object)?).decision())
    /// };
    /// assert_eq!(decision("cos:GetObject")?, Decision::Allowed);
    /// assert_eq!(decision("cos:DeleteObject")?, Decision::ExplicitlyDenied);
    /// assert_eq!(decision("cvm:RunInstances")?, Decision::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide<'s>(&'s self, request: &'s Request) -> Response<'s> {
        let known = self.catalog().action(request.action());
        let (resource, normalization) = self.normalize(request, known);
        let decision = Decision::ImplicitlyDenied;
        let mut response = Response { set: self, request, known, resource, normalization, decision };
        if response.is_root() {
            response.decision = Decision::Allowed;
            return response;
        }
        response.decision = self.decision(&response.asked());
        response
    }

    fn decision(&self, asked: &Asked<'_>) -> Decision {
        let (mut allowed, mut controlled) = (true, false);
        for (layer, compiled) in self.present(asked.request.caller()) {
            let found = compiled.find(asked);
            if self.matching(compiled, &found, Effect::Deny, asked).next().is_some() {
                return Decision::ExplicitlyDenied;
            }
            if !controlled && self.matching(compiled, &found, Effect::Allow, asked).next().is_none() {
                allowed = false;
                controlled = matches!(layer, Layer::ServiceControl(_));
            }
        }
        match (allowed, controlled) {
            (true, _) => Decision::Allowed,
            (false, true) => Decision::ExplicitlyDenied,
            (false, false) => Decision::ImplicitlyDenied,
        }
    }

    /// Returns the resource as CAM receives it, as far as the catalog knows.
    fn normalize<'s>(
        &'s self,
        request: &'s Request,
        known: Option<Action<'s>>,
    ) -> (&'s str, Option<ResourceNormalization>) {
        let given = request.resource();
        let Some(action) = known else { return (given, None) };
        match action.granularity() {
            Granularity::Operation if given != "*" => ("*", Some(ResourceNormalization::ResourceDropped)),
            Granularity::Resource if given == "*" => {
                let filled = action.patterns().first().and_then(|pattern| self.everything(pattern.all));
                filled.map_or((given, None), |text| (text, Some(ResourceNormalization::AllResources)))
            }
            _ => (given, None),
        }
    }
}

/// The answer of a [`PolicySet`] to a request: the decision, and the reason for it.
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
#[must_use]
pub struct Response<'s> {
    set: &'s PolicySet<'s>,
    request: &'s Request,
    /// The action as the catalog knows it.
    pub(super) known: Option<Action<'s>>,
    pub(super) resource: &'s str,
    pub(super) normalization: Option<ResourceNormalization>,
    pub(super) decision: Decision,
}

impl Response<'_> {
    /// Returns the decision.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Decision, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).decision(), Decision::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether the request is allowed.
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
        self.decision == Decision::Allowed
    }

    /// Whether the caller is the root account, which may do everything.
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
        self.set.exempts(self.request.caller())
    }

    /// Returns how the set changed the resource of the request, if it did.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).normalization(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn normalization(&self) -> Option<ResourceNormalization> {
        self.normalization
    }

    /// Returns the resource that the set decided on.
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

    /// Returns the statements that decided, in order. For an explicit denial these are the denies that match; for an
    /// allowed request the allows that match. The list is empty if the request is implicitly denied, if service
    /// control policies deny it because none of them allows it, or if the caller is the root account.
    ///
    /// This method searches for them: the decision itself needs only one.
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
        let effect = match self.decision {
            Decision::Allowed if !self.is_root() => Effect::Allow,
            Decision::ExplicitlyDenied => Effect::Deny,
            _ => return Vec::new(),
        };
        let asked = self.asked();
        let mut found = Vec::new();
        for (layer, compiled_layer) in self.set.present(self.request.caller()) {
            let candidates = compiled_layer.find(&asked);
            let matching = self.set.matching(compiled_layer, &candidates, effect, &asked);
            found.extend(matching.map(|compiled| PolicySet::id(layer, compiled)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl<'s> Response<'s> {
    pub(super) fn asked(&self) -> Asked<'_> {
        self.set.asked(self.request, self.known, self.resource)
    }

    pub(super) fn request(&self) -> &'s Request {
        self.request
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("decision", &self.decision)
            .field("resource", &self.resource)
            .field("normalization", &self.normalization)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Response<'_> {
    /// `allowed by statement 0 of policy 0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decision.fmt(f)?;
        if self.is_root() {
            return f.write_str(": the root account is not subject to policies");
        }
        for (at, id) in self.statements().iter().enumerate() {
            write!(f, "{}{}", if at == 0 { " by " } else { ", " }, self.set.label(*id))?;
        }
        Ok(())
    }
}
