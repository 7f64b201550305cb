//! What differs between the policies of a pair, in one account.

use cam_lint::{Kind, others_allow};
use cam_policy::engine::{AccessError, Caller, Difference, Grant, Identity, Layer, PolicySet};

use crate::change::{Change, Comparison, Holder, names_principals};
use crate::input::Source;
use crate::request::CallerArgs;
use crate::set::{self, Account, Policies};
use crate::sides::Pair;

/// What differs, each with the grant that it tells.
#[derive(Default)]
pub(crate) struct Found {
    pub gained: Vec<(Grant, Change)>,
    pub lost: Vec<(Grant, Change)>,
}

/// How the policies of a pair are compared in one account.
pub(crate) struct Compared<'a> {
    pub pair: &'a Pair,
    pub layer: Layer,
    /// What the policies are called, if they grant nothing and only limit others.
    pub limit: Option<&'static str>,
    /// Whether the side that has no such limit allows everything.
    pub unlimited: bool,
    /// Whether a `*` inside a principal is supposed to match.
    pub supposed: bool,
    pub how: &'a Comparison<'a>,
    pub account: Account,
}

impl Compared<'_> {
    /// Compares the sides and adds what differs.
    pub(crate) fn add_to(&self, sides: &[Vec<Source>; 2], found: &mut Found) -> Result<(), AccessError> {
        let Self { pair, layer, how, account, supposed, .. } = self;
        // What a limit lets through is found as what an identity policy allows.
        let layer = if self.limit.is_some() { Layer::Identity } else { *layer };
        let of = |sources: &[Source]| Policies::of(layer, sources.to_vec(), None);
        let joined = of(&sides.concat());
        let keys = joined.keys_of_every_request();
        let set = |sources: &[Source]| of(sources).searched(how.catalog, account.owner, &keys);
        let [old, young] = [&sides[0], &sides[1]].map(|sources| set(sources));
        let difference = for_callers(&old, &young, *account, &joined, how)?;
        let public = if self.limit.is_some() {
            Difference::default()
        } else {
            for_anyone(&old, &young, *account, &joined, how, *supposed)?
        };
        let add = |known: &mut Vec<(Grant, Change)>, found: Vec<Grant>, public: &[Grant], sets| {
            let (own, other): (&PolicySet<'_>, &PolicySet<'_>) = sets;
            for grant in found {
                let public = public.iter().find(|one| one.is_same_access(&grant));
                let change = self.told(Change::new(&pair.file, (own, other), &grant, public, how));
                let same = |(one, _): &&(Grant, Change)| one.is_same_access(&grant);
                let is_certain = |(_, known): &(Grant, Change)| !known.supposed && known.says(&change);
                // What is certain already needs no supposition.
                if change.supposed && known.iter().filter(same).any(is_certain) {
                    continue;
                }
                let alike = known
                    .iter_mut()
                    .find(|(one, known)| one.is_same_access(&grant) && known.supposed == change.supposed);
                match alike {
                    Some((_, known)) => known.add(change),
                    None => known.push((grant, change)),
                }
            }
        };
        add(&mut found.gained, difference.gained, &public.gained, (&young, &old));
        add(&mut found.lost, difference.lost, &public.lost, (&old, &young));
        // All policies of the user are here, a role has no others, or a user has one boundary.
        let is_alone = match self.layer {
            Layer::Identity => how.together,
            Layer::ServiceControl(_) => false,
            _ => true,
        };
        if is_alone || pair.have_same_denies() {
            return Ok(());
        }
        let is_of_bucket = sides.iter().flatten().any(|source| source.kind == Kind::Bucket);
        let kind = if is_of_bucket { Kind::Bucket } else { Kind::Identity };
        let [old, young] = [&sides[0], &sides[1]].map(|sources| set(&with_another(sources, kind)));
        let difference = for_callers(&old, &young, *account, &joined, how)?;
        let add = |known: &mut Vec<(Grant, Change)>, found: Vec<Grant>, own: usize, sets| {
            for grant in found {
                if grant.parts.iter().any(|part| part.statement.policy != own) {
                    continue;
                }
                let change = self.told(Change::of_denies(&pair.file, sets, &grant, how));
                let telling = known.iter_mut().filter(|(one, _)| one.tells_denies_of(&grant));
                let mut telling: Vec<&mut Change> = telling.map(|(_, known)| known).collect();
                if telling.iter().any(|known| known.holds_for(&change)) {
                    continue;
                }
                telling.retain(|known| known.if_another_policy_allows && known.supposed == change.supposed);
                match telling.pop() {
                    Some(of_denies) => of_denies.add(change),
                    None => known.push((grant, change)),
                }
            }
        };
        add(&mut found.gained, difference.gained, sides[1].len(), [&young, &old]);
        add(&mut found.lost, difference.lost, sides[0].len(), [&old, &young]);
        Ok(())
    }

    /// Adds to a change what it holds for.
    fn told(&self, mut change: Change) -> Change {
        change.supposed = self.supposed;
        if self.supposed {
            for holder in change.who.iter_mut().filter(|one| **one == Holder::Anyone) {
                *holder = Holder::AnyUser;
            }
        }
        if self.limit.is_some() {
            change.limit = self.limit;
            change.if_another_policy_allows = true;
            let names = self.pair.after.last().or(self.pair.before.last()).map(|one| one.name.clone());
            change.who = names.into_iter().map(Holder::Attached).collect();
            if self.unlimited {
                // What stands for a missing limit is no policy of the user.
                change.grant.parts.retain(|part| !part.is_made);
            }
        }
        change
    }
}

/// What policies of a layer are called that grant nothing and only limit others.
pub(crate) fn limit_of(layer: Layer) -> Option<&'static str> {
    let kind = match layer {
        Layer::Boundary => Kind::Boundary,
        Layer::Session => Kind::Session,
        Layer::ServiceControl(_) => Kind::Scp,
        _ => return None,
    };
    Some(set::words(kind))
}

/// The sides as decisions take them, and, where a principal may be everybody, as they are if CAM matches `*` inside a principal:
/// whether it does is not documented.
pub(crate) fn readings(sides: [Vec<Source>; 2]) -> Vec<([Vec<Source>; 2], bool)> {
    let mut supposed = sides.clone();
    let is_other = set::suppose(supposed.iter_mut().flatten());
    [(sides, false)].into_iter().chain(is_other.then_some((supposed, true))).collect()
}

/// What differs for anyone. `supposed`: a `*` inside a principal is supposed to match.
fn for_anyone(
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    account: Account,
    joined: &Policies,
    how: &Comparison<'_>,
    supposed: bool,
) -> Result<Difference, AccessError> {
    let mut public = Difference::default();
    let mut strangers = strangers(joined, account, how)?;
    // A `*` in the place of a uin is for users at most.
    strangers.retain(|caller| !supposed || *caller.identity() != Identity::Anonymous);
    for caller in strangers {
        let found = old.compare(young, caller)?;
        public.gained.extend(found.gained.into_iter().filter(|grant| names_principals(young, grant)));
        public.lost.extend(found.lost.into_iter().filter(|grant| names_principals(old, grant)));
    }
    Ok(public)
}

/// What differs for the callers that are asked for.
fn for_callers(
    old: &PolicySet<'static>,
    young: &PolicySet<'static>,
    account: Account,
    joined: &Policies,
    how: &Comparison<'_>,
) -> Result<Difference, AccessError> {
    let CallerArgs { caller: given, app_id, .. } = how.caller;
    if given.is_none() {
        return old.compare_for_all(young, account.app_id);
    }
    let caller = joined.caller(how.caller, account.owner);
    // The APPID of another account is not that of the policies.
    let is_own = caller.account().is_none_or(|of| of == account.owner);
    let app_id = account.app_id.filter(|_| is_own && app_id.is_none());
    old.compare(young, app_id.into_iter().fold(caller, Caller::with_app_id))
}

/// Some policies, and behind them one that allows what others may allow beside policies of this kind.
pub(crate) fn with_another(sources: &[Source], kind: Kind) -> Vec<Source> {
    let another = Source::made(others_allow(kind));
    sources.iter().cloned().chain([another]).collect()
}

/// The callers of whom no policy knows anything: one without signature, who assumes no role, and a user of another account.
fn strangers(joined: &Policies, account: Account, how: &Comparison<'_>) -> Result<Vec<Caller>, AccessError> {
    let set = joined.set(how.catalog, account.owner);
    let is_named = set::is_named(&set);
    let mut callers = set.callers(account.app_id)?;
    let is_role = set.policies(Layer::Trust).is_some();
    callers.retain(|caller| match caller.identity() {
        Identity::Anonymous => !is_role,
        Identity::User(_) => caller.groups().is_empty() && caller.account().is_some_and(|of| !is_named(of)),
        _ => false,
    });
    callers.sort_by_key(|caller| *caller.identity() != Identity::Anonymous);
    Ok(callers)
}
