//! Explains decisions, and proposes changes that would allow a request.

mod changes;
mod evidence;
mod explanation;
mod nearest;
mod render;
mod spelling;

use changes::{Denial, NotDecided};
pub use explanation::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};

use super::decide::Decision;
use super::layer::Layer;
use super::request::Request;
use super::set::PolicySet;
use crate::text::split_segments;

impl PolicySet<'_> {
    /// Decides a request, explains the decision, and proposes changes that would allow the request.
    ///
    /// It looks at every statement. Use it to show people a reason; use [`decide`](Self::decide) for the calls of a
    /// service.
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
        let asked = response.asked();
        let statements = self.evidence(&asked);
        let denial = match response.decision {
            Decision::Allowed => Denial::default(),
            _ => self.denial(&response, &asked, &statements),
        };
        let is_allowed = response.decision == Decision::Allowed;
        let NotDecided { notes: not_decided, missing_keys, keys_of_denial } =
            self.not_decided(&asked, is_allowed, &statements);
        let mut notes = self.notes(&response, &asked, &statements);
        let by_app_id = self.by_app_id(request, response.resource);
        let by_app_id = by_app_id.filter(|(_, decision)| *decision != response.decision);
        if let Some((app_id, decision)) = by_app_id {
            notes.push(
                alloc::format!(
                    "the decision depends on the APPID of the caller's account, which is not given: with {app_id}, which \
                     the resource names, the request is {decision}"
                )
                .into(),
            );
        }
        for note in denial.notes.into_iter().chain(not_decided) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let (changes, opens) =
            denial.proposals.into_iter().map(|proposal| (proposal.change, proposal.opens)).unzip();
        Explanation {
            request: alloc::format!("{}", request.on(response.resource)),
            notes,
            app_id: by_app_id.map(|(app_id, _)| app_id),
            missing_keys,
            keys_of_denial,
            decision: response.decision,
            root: response.is_root(),
            resource: response.resource.into(),
            normalization: response.normalization,
            statements,
            opens,
            refused_by: denial.by,
            identity_alone: self.layers().eq([Layer::Identity]),
            nearest: denial.nearest,
            changes,
        }
    }

    /// Returns the APPID in a resource, and the decision if it is that of the caller, who was given without one.
    fn by_app_id(&self, request: &Request, resource: &str) -> Option<(u64, Decision)> {
        let caller = request.caller();
        let app_id = split_segments(resource)?[4].strip_prefix("uid/")?.parse().ok()?;
        if caller.app_id().is_some() {
            return None;
        }
        Some((app_id, self.decide(&request.clone().by(caller.clone().with_app_id(app_id))).decision))
    }
}
