//! A request, decided and explained.

use std::collections::BTreeMap;

use cam_policy::catalog::split_action;
use cam_policy::engine::{Caller, Explanation, Request};
use cam_policy::values::Uin;
use cam_workspace::policies::NamedAccounts;
use serde::{Deserialize, Serialize};
use tencent_cam::{CATALOG, names};

use crate::details::unknown;
use crate::failure::Failure;
use crate::matrix::Known;
use crate::policies::{self, Account};

/// A request, and the policies that decide it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The policies.
    text: String,
    action: String,
    #[serde(default = "every")]
    resource: String,
    /// The uin of the sub-account that calls; without it, a sub-account that no policy names.
    caller: Option<Uin>,
    #[serde(default)]
    account: Account,
    /// Condition keys with their values.
    #[serde(default)]
    context: BTreeMap<String, Vec<String>>,
}

fn every() -> String {
    "*".into()
}

/// The decision.
#[derive(Debug, Serialize)]
pub(crate) struct Decided {
    request: String,
    allowed: bool,
    /// Whether nothing that is not given would change that.
    settled: bool,
    #[serde(flatten)]
    explanation: Explanation,
}

/// Refuses an action that cannot be: its service is documented in full, or nobody knows the service.
fn check(action: &str) -> Result<(), Failure> {
    let id = split_action(action).map_or(action, |(id, _)| id);
    let is_complete = match CATALOG.service(id) {
        Some(service) => service.complete == Some(true),
        None => names::service(id).is_none(),
    };
    if is_complete && Known::of(action).is_none() { Err(unknown(action)) } else { Ok(()) }
}

impl Asked {
    /// Decides the request, and explains the decision.
    pub(crate) fn explain(&self) -> Result<Decided, Failure> {
        let all = policies::read("policy", &self.text)?;
        let owner = self.account.owner(&all, Some(&self.resource), self.caller)?;
        let set = policies::set(&all, owner)?;
        let caller = match self.caller {
            Some(uin) => {
                // A uin that principals name is the user of the account that they name with it.
                let named = NamedAccounts::of(all.iter().map(|one| &one.policy), []);
                named.account_of(uin).into_iter().fold(uin.into(), Caller::of_account)
            }
            None => Caller::stranger(owner, all.iter().map(|one| &one.policy)),
        };
        // An APPID that nobody has given is not made up: the explanation says where the decision depends on it.
        let caller = match self.account.app_id {
            Some(app_id) => caller.with_app_id(app_id),
            None => caller,
        };
        let request = Request::new(caller, &self.action, &self.resource).map_err(Failure::new)?;
        let request = self
            .context
            .iter()
            .fold(request, |request, (key, values)| request.with_key(key, values.iter().map(String::as_str)));
        check(request.action())?;
        let allowed = set.decide(&request).is_allowed();
        let explanation = set.explain(&request);
        let settled = explanation.missing_keys().is_empty() && explanation.wanted_app_id().is_none();
        Ok(Decided { request: request.to_string(), allowed, settled, explanation })
    }
}
