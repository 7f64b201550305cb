//! What the policies of one text allow, and those of another do not.

use cam_policy::engine::{Grant, Layer, PolicySet};
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
    /// The denies of the other side that alone take it away there.
    denied: Vec<String>,
    /// Whether no policy of the texts allows it, and only a policy beside them may.
    if_another_policy_allows: bool,
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
        let told = |set: &PolicySet<'_>, other: &PolicySet<'_>, grants: &[Grant]| -> Vec<Access> {
            grants.iter().map(|grant| Access::of(set, other, grant)).collect()
        };
        let mut difference =
            Difference { new: told(&new, &old, &found.gained), lost: told(&old, &new, &found.lost) };
        // A deny counts also if no allow of the texts grants what it takes: another policy may.
        if let Some(another) = policies::others(both()) {
            let beside = |side| policies::set_beside(side, owner, Some(&another));
            let (old, new) = (beside(&before)?, beside(&after)?);
            let all = old.compare_for_all(&new, Some(app_id)).map_err(Failure::new)?;
            let told = |set: &PolicySet<'_>, other: &PolicySet<'_>, known: &[Grant], grants: &[Grant]| {
                let is_open = |grant: &&Grant| {
                    is_by_another(set, grant) && !known.iter().any(|one| one.tells_denies_of(grant))
                };
                let told = grants.iter().filter(is_open).map(|grant| Access {
                    if_another_policy_allows: true,
                    statements: Vec::new(),
                    ..Access::of(set, other, grant)
                });
                told.collect::<Vec<_>>()
            };
            difference.new.extend(told(&new, &old, &found.gained, &all.gained));
            difference.lost.extend(told(&old, &new, &found.lost, &all.lost));
        }
        Ok(difference)
    }
}

impl Access {
    fn of(set: &PolicySet<'_>, other: &PolicySet<'_>, grant: &Grant) -> Self {
        Self {
            actions: grant.actions.clone(),
            resources: grant.resources().into_iter().flatten().collect(),
            statements: grant.parts.iter().map(|part| set.label(part.statement).to_string()).collect(),
            conditions: grant.conditions.iter().map(ToString::to_string).collect(),
            except: grant.except.iter().map(|id| set.label(*id).to_string()).collect(),
            denied: grant.denied.iter().map(|part| other.label(part.statement).to_string()).collect(),
            if_another_policy_allows: false,
            witness: grant.witness.to_string(),
        }
    }
}

/// Whether only the policy that stands for others grants it, and a deny that is lifted took it.
fn is_by_another(set: &PolicySet<'_>, grant: &Grant) -> bool {
    let another = set.policies(Layer::Identity).map_or(0, <[_]>::len).checked_sub(1);
    let mut own = grant.parts.iter().filter(|part| part.statement.layer == Layer::Identity);
    !grant.denied.is_empty() && own.all(|part| Some(part.statement.policy) == another)
}
