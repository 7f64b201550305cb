//! What the policies of one text allow, and those of another do not.

use cam_policy::engine::{Grant, PolicySet};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::policies::{self, Account};

/// Two texts with policies of one user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sides {
    before: String,
    after: String,
    #[serde(default)]
    account: Account,
}

/// What is different, for every caller but the root account.
#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    new: Vec<Access>,
    lost: Vec<Access>,
}

/// Access that one side allows.
#[derive(Debug, Serialize)]
struct Access {
    actions: Vec<ActionPattern>,
    resources: Vec<ResourcePattern>,
    statements: Vec<String>,
    conditions: Vec<String>,
    except: Vec<String>,
    /// A request that shows it.
    witness: String,
}

impl Sides {
    /// Compares the sides.
    pub(crate) fn compare(&self) -> Result<Difference, Failure> {
        let side = |text: &str, name: &str| {
            policies::read("policy", text)
                .map_err(|failure| failure.with_help(format_args!("this is the text {name}")))
        };
        let (before, after) = (side(&self.before, "before")?, side(&self.after, "after")?);
        let both = || before.iter().chain(&after);
        let owner = self.account.owner(both(), None)?;
        let app_id = self.account.any_app_id(both())?;
        let (old, new) = (policies::set(&before, owner)?, policies::set(&after, owner)?);
        if old.layers().ne(new.layers()) {
            return Err(Failure::new("the texts hold policies of different kinds")
                .with_help("compare policies of users, or trust policies of roles"));
        }
        let found = old.compare_for_all(&new, Some(app_id)).map_err(Failure::new)?;
        Ok(Difference {
            new: found.gained.iter().map(|grant| Access::of(&new, grant)).collect(),
            lost: found.lost.iter().map(|grant| Access::of(&old, grant)).collect(),
        })
    }
}

impl Access {
    fn of(set: &PolicySet<'_>, grant: &Grant) -> Self {
        Self {
            actions: grant.actions.clone(),
            resources: grant.resources().into_iter().flatten().collect(),
            statements: grant.parts.iter().map(|part| set.label(part.statement).to_string()).collect(),
            conditions: grant.conditions.iter().map(ToString::to_string).collect(),
            except: grant.except.iter().map(|id| set.label(*id).to_string()).collect(),
            witness: grant.witness.to_string(),
        }
    }
}
