//! A policy in other forms: in fewer words, as Rust, as Terraform.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::policies;

/// A text with one policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct One {
    text: String,
}

/// A policy in another form.
#[derive(Debug, Serialize)]
pub(crate) struct Rewritten {
    text: String,
    /// The characters of the policy before and after, as CAM counts them, where these differ.
    length: Option<Length>,
}

#[derive(Debug, Serialize)]
struct Length {
    before: usize,
    after: usize,
}

impl From<String> for Rewritten {
    fn from(text: String) -> Self {
        Self { text, length: None }
    }
}

impl One {
    /// Returns the policy with fewer statements that allow and deny the same.
    pub(crate) fn minimize(&self) -> Result<Rewritten, Failure> {
        let policy = policies::read_one("policy", &self.text)?;
        let small = policy.minimized();
        let length = Length { before: policy.len_for_cam(), after: small.len_for_cam() };
        Ok(Rewritten { text: format!("{small:#}\n"), length: Some(length) })
    }

    /// Returns the Rust code that builds the policy.
    pub(crate) fn rust(&self) -> Result<Rewritten, Failure> {
        let policy = policies::read_one("policy", &self.text)?;
        tencent_cam::to_rust(&policy).map(Rewritten::from).map_err(Failure::new)
    }

    /// Returns the policy as Terraform configuration in JSON syntax.
    pub(crate) fn terraform(&self) -> Result<Rewritten, Failure> {
        let policy = policies::read_one("policy", &self.text)?;
        policy.to_terraform("policy", "policy", None).map(Rewritten::from).map_err(Failure::new)
    }
}
