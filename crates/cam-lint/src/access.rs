//! What a change of a policy does to access, and whether a statement can match at all: questions to the engine.

use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Grant, Layer, PolicySet};
use cam_policy::policy::{ActionPattern, Condition, Effect, Policy, Principal, ResourcePattern, Statement};
use cam_policy::values::Uin;

use crate::options::LintOptions;
use crate::places::{OWNER, Places};
use crate::rule::Kind;

/// What a change of a policy does to access.
///
/// ```
/// use cam_lint::{LintOptions, Proof, prove};
/// use cam_policy::example::CATALOG;
///
/// let options = LintOptions::new(CATALOG);
/// let policy = |actions: &str| {
///     format!(r#"{{"version":"2.0","statement":[{{"effect":"allow","action":[{actions}],"resource":["*"]}}]}}"#)
/// };
/// let wide = policy(r#""trtc:*","trtc:RemoveUser""#);
/// assert_eq!(prove(&options, &wide, &policy(r#""trtc:*""#)), Proof::Same);
/// let Proof::Differs { gives, takes } = prove(&options, &wide, &policy(r#""trtc:RemoveUser""#)) else { panic!() };
/// assert!(gives.is_empty());
/// assert!(takes[0].witness.contains("trtc:"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Both policies allow exactly the same. The search looked in each account that they name and in one that they do not
    /// name, for each kind of caller that they can tell apart, at the requests that
    /// [`PolicySet::grants`](cam_policy::engine::PolicySet::grants) describes.
    Same,
    /// They differ.
    Differs {
        /// What only the new one allows.
        gives: Vec<Access>,
        /// What only the old one allows.
        takes: Vec<Access>,
    },
    /// Nobody can tell, for this reason.
    Unproven(String),
}

impl Proof {
    /// Whether the change is safe: it is proved that access stays the same.
    ///
    /// ```
    /// assert!(cam_lint::Proof::Same.is_safe());
    /// assert!(!cam_lint::Proof::Unproven("the text is not JSON".into()).is_safe());
    /// ```
    pub fn is_safe(&self) -> bool {
        *self == Self::Same
    }
}

/// Access that a change gives or takes.
///
/// See [`Proof`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What the statements allow of which something is given or taken.
    pub what: String,
    /// One request of it.
    pub witness: String,
}

/// Compares what two policies do to access.
///
/// A policy that only limits others lets through what it would allow on its own, so that is compared. Beside an
/// identity, bucket or service control policy there may be others: its denies are compared, too, as what they take from
/// a policy that allows everything. If both are equal, access is the same whatever the other policies say.
pub(crate) fn compare(options: &LintOptions<'_>, kind: Kind, old: &Policy, new: &Policy) -> Proof {
    if old == new {
        return Proof::Same;
    }
    let (mut gives, mut takes) = (Vec::new(), Vec::new());
    match compare_everywhere(options, kind, old, new, &mut gives, &mut takes) {
        _ if !gives.is_empty() || !takes.is_empty() => Proof::Differs { gives, takes },
        Ok(()) => Proof::Same,
        Err(why) => Proof::Unproven(why),
    }
}

/// Adds what only one of the policies allows in some account. An error says why the search could not end.
fn compare_everywhere(
    options: &LintOptions<'_>,
    kind: Kind,
    old: &Policy,
    new: &Policy,
    gives: &mut Vec<Access>,
    takes: &mut Vec<Access>,
) -> Result<(), String> {
    let beside_others = matches!(kind, Kind::Identity | Kind::Bucket | Kind::Scp);
    let is_asked = beside_others && !denies(old).eq(denies(new));
    let everything = is_asked.then(|| ("where another policy allows it: ", Some(others_allow(kind))));
    let places = Places::of([old, new])?;
    for place in &places.all {
        let (old, new) = (place.seen(old)?, place.seen(new)?);
        let layer = if kind == Kind::Trust { Layer::Trust } else { Layer::Identity };
        // Readers know one policy, which needs no name.
        let set = |policies: &[&Policy], beside: &Option<Policy>| {
            let own = policies.iter().map(|policy| ("", (*policy).clone()));
            let beside = beside.iter().map(|policy| ("the other policy", policy.clone()));
            PolicySet::to_search(&options.catalog, layer, own.chain(beside), place.owner)
        };
        for (how, beside) in [("", None)].into_iter().chain(everything.clone()) {
            let with = |policy: &Policy| set(&[policy], &beside);
            let both = set(&[&*old, &*new], &beside);
            let (old, new) = (with(&old), with(&new));
            for caller in places.callers(*place, &both, kind == Kind::Trust)? {
                let difference = old.compare(&new, caller).map_err(|error| error.to_string())?;
                add(gives, &difference.gained, how, " before the change");
                add(takes, &difference.lost, how, " after the change");
            }
        }
    }
    Ok(())
}

/// The denies of a policy, each with whom it is about.
fn denies(policy: &Policy) -> impl Iterator<Item = (Option<&Principal>, &Statement)> {
    let denies = policy.statements().iter().filter(|one| one.effect() == Effect::Deny);
    denies.map(|one| (one.principal().or(policy.principal()), one))
}

/// Returns what other policies may allow beside one of this kind: everything. Beside the policy of a bucket they may allow it
/// to anybody, also without signature.
///
/// A comparison with it on both sides shows what the denies of a policy take from other policies.
///
/// ```
/// use cam_lint::{Kind, others_allow};
///
/// assert_eq!(others_allow(Kind::Identity).statements()[0].principal(), None);
/// assert!(others_allow(Kind::Bucket).statements()[0].principal().is_some());
/// ```
pub fn others_allow(kind: Kind) -> Policy {
    Policy::allowing_everything((kind == Kind::Bucket).then_some(Principal::All))
}

/// Adds what is not known yet. `of_other` says in which policy the denies of the other side stand.
fn add(all: &mut Vec<Access>, grants: &[Grant], how: &str, of_other: &str) {
    for grant in grants {
        let what = format!("{how}{}", grant.beside(of_other));
        if all.iter().all(|known| known.what != what) {
            all.push(Access { what, witness: grant.witness.to_string() });
        }
    }
}

/// Whether a request can meet all these conditions; `None`: nobody can tell.
pub(crate) fn can_be_met<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Option<bool> {
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let statement = conditions.fold(statement, |statement, one| statement.with_condition(one.clone()));
    let owner = Uin::new(OWNER).ok()?;
    let set = PolicySet::new(&Catalog::EMPTY, [Policy::new([statement]).ok()?], owner);
    let caller = Caller::new(Uin::new(OWNER + 1).ok()?).with_app_id(1_200_000_001);
    Some(!set.grants(caller).ok()?.is_empty())
}
