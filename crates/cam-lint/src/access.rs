//! What a change of a policy does to access, and whether a statement can match at all: questions to the engine.

use cam_policy::catalog::Catalog;
use cam_policy::engine::{AccessError, Caller, Grant, PolicySet};
use cam_policy::policy::{ActionPattern, Condition, Effect, Policy, ResourcePattern, Statement};
use cam_policy::values::Uin;

use crate::options::LintOptions;
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
    /// Both policies allow exactly the same: a search over all requests found no difference.
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
pub(crate) fn compare(
    options: &LintOptions<'_>,
    kind: Kind,
    old: &Policy,
    new: &Policy,
    texts: &[&str],
) -> Proof {
    let Some(owner) = unnamed(OWNER, texts).and_then(|number| Uin::new(number).ok()) else {
        return Proof::Unproven("the policy names too many accounts".into());
    };
    let app_id = unnamed(1_200_000_001, texts);
    let set = |policies: Vec<Policy>| match kind {
        Kind::Trust => PolicySet::trust(&options.catalog, policies, owner),
        _ => PolicySet::new(&options.catalog, policies, owner),
    };
    let (mut gives, mut takes) = (Vec::new(), Vec::new());
    let mut add = |beside: &[Policy], how: &str| {
        let with = |policy: &Policy| set([policy].into_iter().chain(beside).cloned().collect());
        let difference = with(old).compare_for_all(&with(new), app_id)?;
        gives.extend(accesses(&difference.gained, how));
        takes.extend(accesses(&difference.lost, how));
        Ok::<(), AccessError>(())
    };
    let denies = |policy: &Policy| policy.statements().iter().any(|one| one.effect() == Effect::Deny);
    let beside_others = matches!(kind, Kind::Identity | Kind::Bucket | Kind::Scp);
    let alone = add(&[], "");
    let all = everything().filter(|_| beside_others && (denies(old) || denies(new)));
    let all = all.map_or(Ok(()), |all| add(&[all], "where another policy allows it: "));
    match alone.and(all) {
        Err(error) => Proof::Unproven(error.to_string()),
        Ok(()) if gives.is_empty() && takes.is_empty() => Proof::Same,
        Ok(()) => Proof::Differs { gives, takes },
    }
}

/// A policy that allows everything.
fn everything() -> Option<Policy> {
    Policy::new([Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL])]).ok()
}

fn accesses(grants: &[Grant], how: &str) -> Vec<Access> {
    let access = |grant: &Grant| Access { what: format!("{how}{grant}"), witness: grant.witness.to_string() };
    grants.iter().map(access).collect()
}

/// Returns a number from `first` on that stands in none of the texts: an account that the policy does not name, so
/// that its own account is none of those.
fn unnamed(first: u64, texts: &[&str]) -> Option<u64> {
    let mut numbers = first..first + 1000;
    numbers.find(|number| {
        let number = number.to_string();
        texts.iter().all(|text| !text.contains(&number))
    })
}

/// The account for questions in which no policy names an account.
const OWNER: u64 = 100_000_000_001;

/// Whether a request can meet all these conditions; `None`: nobody can tell.
pub(crate) fn can_be_met<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Option<bool> {
    let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    let statement = conditions.fold(statement, |statement, one| statement.with_condition(one.clone()));
    let owner = Uin::new(OWNER).ok()?;
    let set = PolicySet::new(&Catalog::EMPTY, [Policy::new([statement]).ok()?], owner);
    let caller = Caller::new(Uin::new(OWNER + 1).ok()?).with_app_id(1_200_000_001);
    Some(!set.grants(caller).ok()?.is_empty())
}
