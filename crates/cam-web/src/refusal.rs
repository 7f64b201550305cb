//! The error messages with which CAM refuses calls.

use cam_policy::engine::AccessDenied;
use cam_policy::least::{Call, LeastPolicy};
use cam_policy::policy::Statement;
use cam_workspace::search::UNKNOWN;
use serde::{Deserialize, Serialize};
use tencent_cam::{CATALOG, names};

use crate::failure::Failure;
use crate::matrix::Known;

/// A text in which CAM refuses calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    text: String,
}

/// What CAM refused, and what would allow it.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    refusals: Vec<Refusal>,
    /// The policy that grants all of it and nothing more.
    policy: String,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Refusal {
    action: String,
    resource: String,
    /// The granularity by the catalog, or `unknown`.
    granularity: &'static str,
    /// The conditions that CAM printed.
    conditions: Vec<String>,
    /// The narrowest statement that grants it.
    statement: Statement,
}

impl Refused {
    /// Reads the refusals.
    pub(crate) fn read(&self) -> Result<Answer, Failure> {
        let all = AccessDenied::parse_all(&self.text).map_err(Failure::new)?;
        let (mut refusals, mut calls, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for denied in &all {
            let statement = denied.least_statement();
            for (action, resource) in statement.actions().iter().zip(statement.resources()) {
                let call = Call::new(action.clone(), resource.clone()).seen();
                calls.push(if names::matches(action) { call.listed() } else { call });
            }
            let known = Known::of(denied.action());
            if known.is_none() {
                notes.push(format!(
                    "`{}`: neither the catalog nor the public SDK has the action",
                    denied.action()
                ));
            }
            if let Some(granularity) = denied.catalog_differs(CATALOG) {
                notes.push(format!(
                    "`{}`: the catalog says {} level, and CAM's text says otherwise: the statement follows CAM",
                    denied.action(),
                    granularity.as_str()
                ));
            }
            refusals.push(Refusal {
                action: denied.action().into(),
                resource: denied.resource().into(),
                granularity: known.map_or(UNKNOWN, |known| known.facts().granularity),
                conditions: denied
                    .conditions()
                    .map(|(effect, condition)| format!("{effect} {condition}"))
                    .collect(),
                statement,
            });
        }
        let least = LeastPolicy::for_calls(CATALOG, &calls).map_err(Failure::new)?;
        notes.extend(least.notes.iter().map(ToString::to_string));
        Ok(Answer { refusals, policy: format!("{:#}\n", least.policy), notes })
    }
}
