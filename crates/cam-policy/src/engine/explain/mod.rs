//! Why a request is decided as it is, and what would have to change.

mod changes;
mod evidence;
mod explanation;
mod nearest;
mod render;

use alloc::vec::Vec;

pub use explanation::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};

use super::decide::Decision;
use super::request::{Digits, Request};
use super::set::PolicySet;

impl PolicySet<'_> {
    /// Decides a request, and says why, and what would allow it.
    ///
    /// It looks at every statement: explain to people, and decide the calls of a service with [`decide`](Self::decide).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],
    ///     "resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse().unwrap()], Uin::new(100000000001).unwrap());
    /// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", "*").unwrap();
    /// assert_eq!(
    ///     set.explain(&request).nearest()[0].to_string(),
    ///     "statement 0 of policy 0: operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
    /// );
    /// ```
    pub fn explain(&self, request: &Request) -> Explanation {
        let response = self.decide(request);
        let mut digits = Digits::default();
        let asked = response.asked(&mut digits);
        let statements = self.evidence(&asked);
        let (nearest, changes) = match response.decision {
            Decision::Allowed => (Vec::new(), Vec::new()),
            _ => self.refused(&response, &asked, &statements),
        };
        Explanation {
            request: alloc::format!("{}", request.on(response.resource)),
            notes: self.notes(&response, &asked, &statements),
            decision: response.decision,
            root: response.is_root(),
            resource: response.resource.into(),
            normalization: response.normalization,
            statements,
            nearest,
            changes,
        }
    }
}
