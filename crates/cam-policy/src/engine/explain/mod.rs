//! Explains decisions, and proposes changes that would allow a request.

mod changes;
mod evidence;
mod explanation;
mod nearest;
mod render;
mod spelling;

use changes::Denial;
pub use explanation::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};

use super::decide::Decision;
use super::layer::Layer;
use super::request::Request;
use super::set::PolicySet;

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
            Decision::Allowed => {
                Denial { notes: self.denies_not_decided(&asked, &statements), ..Denial::default() }
            }
            _ => self.denial(&response, &asked, &statements),
        };
        let mut notes = self.notes(&response, &asked, &statements);
        for note in denial.notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let (changes, opens) =
            denial.proposals.into_iter().map(|proposal| (proposal.change, proposal.opens)).unzip();
        Explanation {
            request: alloc::format!("{}", request.on(response.resource)),
            notes,
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
}
