//! What the policies of one text allow, and those of another do not.

use cam_policy::engine::{Grant, GrantPart, Layer, PolicySet, StatementId};
use cam_policy::policy::{ActionPattern, Principal, ResourcePattern};
use cam_policy::values::Uin;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::matrix::Known;
use crate::policies::{self, Account, Named};

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
#[derive(Debug, Default, Serialize)]
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
    /// Whether this holds only if CAM matches `*` inside a principal.
    supposed: bool,
    /// A request that shows it.
    witness: String,
    /// The name of the request's action, if it is made up because none is known.
    made_up_action: Option<String>,
}

impl Sides {
    /// Compares the sides.
    pub(crate) fn compare(&self) -> Result<Difference, Failure> {
        let side = |text: &str, name: &str| {
            policies::read("policy", text)
                .map_err(|failure| failure.with_help(format_args!("this is the text {name}")))
        };
        let mut sides = [side(&self.before, "before")?, side(&self.after, "after")?];
        let owner = self.account.owner(sides.iter().flatten(), None, None)?;
        let app_id = self.account.any_app_id(sides.iter().flatten())?;
        let mut difference = Difference::default();
        let plain = Reading::of(&sides, owner)?;
        plain.add_to(&mut difference, app_id, None)?;
        if policies::suppose(sides.iter_mut().flatten()) {
            Reading::of(&sides, owner)?.add_to(&mut difference, app_id, Some(&plain))?;
        }
        Ok(difference)
    }
}

/// The texts before and after, compiled.
struct Reading {
    sets: [PolicySet<'static>; 2],
    /// The same with a policy that stands for what others allow, if there may be others.
    beside: Option<[PolicySet<'static>; 2]>,
}

impl Reading {
    fn of([before, after]: &[Vec<Named>; 2], owner: Uin) -> Result<Self, Failure> {
        let sets = [policies::set(before, owner)?, policies::set(after, owner)?];
        if sets[0].layers().ne(sets[1].layers()) {
            return Err(Failure::new("the texts hold policies of different kinds")
                .with_help("compare policies of users, or trust policies of roles"));
        }
        let another = policies::others(before.iter().chain(after));
        let beside = |side| policies::set_beside(side, owner, another.as_ref());
        let beside = if another.is_some() { Some([beside(before)?, beside(after)?]) } else { None };
        Ok(Self { sets, beside })
    }

    /// Adds what differs. `plain` is how decisions take the texts, if this reading supposes something else.
    fn add_to(&self, difference: &mut Difference, app_id: u64, plain: Option<&Self>) -> Result<(), Failure> {
        let [old, new] = &self.sets;
        let found = old.compare_for_all(new, Some(app_id)).map_err(Failure::new)?;
        let [gained, lost] = Direction::both(&self.sets, plain.map(|plain| &plain.sets));
        difference.new.extend(gained.told(&found.gained));
        difference.lost.extend(lost.told(&found.lost));
        // A deny counts also if no allow of the texts grants what it takes: another policy may.
        if let Some(beside @ [old, new]) = &self.beside {
            let all = old.compare_for_all(new, Some(app_id)).map_err(Failure::new)?;
            let [gained, lost] = Direction::both(beside, plain.and_then(|plain| plain.beside.as_ref()));
            difference.new.extend(gained.told_of_denies(&all.gained, &found.gained));
            difference.lost.extend(lost.told_of_denies(&all.lost, &found.lost));
        }
        Ok(())
    }
}

/// What one side allows and the other one does not.
struct Direction<'a> {
    own: &'a PolicySet<'static>,
    other: &'a PolicySet<'static>,
    /// Both as decisions take them, if this is a supposed reading.
    plain: Option<(&'a PolicySet<'static>, &'a PolicySet<'static>)>,
}

impl<'a> Direction<'a> {
    /// What is gained, and what is lost.
    fn both(
        [old, new]: &'a [PolicySet<'static>; 2],
        plain: Option<&'a [PolicySet<'static>; 2]>,
    ) -> [Self; 2] {
        let lost = plain.map(|[old, new]| (old, new));
        let gained = lost.map(|(old, new)| (new, old));
        [Self { own: new, other: old, plain: gained }, Self { own: old, other: new, plain: lost }]
    }

    /// Tells grants; of a supposed reading, those that depend on what is supposed.
    fn told(&self, grants: &[Grant]) -> impl Iterator<Item = Access> {
        grants
            .iter()
            .filter(|grant| self.depends(grant))
            .map(|grant| Access { supposed: self.plain.is_some(), ..Access::of(self.own, self.other, grant) })
    }

    /// Tells what a deny took that is lifted, as far as the `known` grants do not tell it.
    fn told_of_denies(&self, grants: &[Grant], known: &[Grant]) -> Vec<Access> {
        let is_open = |grant: &&Grant| {
            is_by_another(self.own, grant) && !known.iter().any(|one| one.tells_denies_of(grant))
        };
        let open: Vec<Grant> = grants.iter().filter(is_open).cloned().collect();
        let told = self.told(&open);
        told.map(|one| Access { if_another_policy_allows: true, statements: Vec::new(), ..one }).collect()
    }

    fn depends(&self, grant: &Grant) -> bool {
        let Some((own, other)) = self.plain else { return true };
        let differs = |plain: &PolicySet<'_>, supposed: &PolicySet<'_>, parts: &[GrantPart]| {
            parts.iter().any(|part| principal(plain, part.statement) != principal(supposed, part.statement))
        };
        differs(own, self.own, &grant.parts) || differs(other, self.other, &grant.denied)
    }
}

/// Whom a statement is for.
fn principal<'a>(set: &'a PolicySet<'_>, id: StatementId) -> Option<&'a Principal> {
    let policy = set.policies(id.layer).and_then(|policies| policies.get(id.policy));
    let own = set.statement(id).and_then(|one| one.principal());
    own.or_else(|| policy?.principal())
}

impl Access {
    fn of(set: &PolicySet<'_>, other: &PolicySet<'_>, grant: &Grant) -> Self {
        let action = grant.witness.action();
        let is_made_up =
            !grant.actions.iter().any(|one| one.as_str() == action) && Known::of(action).is_none();
        Self {
            actions: grant.actions.clone(),
            resources: grant.resources().into_iter().flatten().collect(),
            statements: grant.parts.iter().map(|part| set.label(part.statement).to_string()).collect(),
            conditions: grant.conditions.iter().map(ToString::to_string).collect(),
            except: grant.except.iter().map(|id| set.label(*id).to_string()).collect(),
            denied: grant.denied.iter().map(|part| other.label(part.statement).to_string()).collect(),
            if_another_policy_allows: false,
            supposed: false,
            witness: grant.witness.to_string(),
            made_up_action: is_made_up.then(|| action.to_owned()),
        }
    }
}

/// Whether only the policy that stands for others grants it, and a deny that is lifted took it.
fn is_by_another(set: &PolicySet<'_>, grant: &Grant) -> bool {
    let another = set.policies(Layer::Identity).map_or(0, <[_]>::len).checked_sub(1);
    let mut own = grant.parts.iter().filter(|part| part.statement.layer == Layer::Identity);
    !grant.denied.is_empty() && own.all(|part| Some(part.statement.policy) == another)
}
