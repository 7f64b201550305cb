//! Decides requests by policies, and says why.
//!
//! The documented rules: by default a request is denied; a deny that matches wins; otherwise an allow that matches
//! allows. What is not documented and assumed here is told where it matters, at [`PolicySet`] and [`Layer`].

mod access;
mod automaton;
mod compile;
mod explain;
mod index;
mod matching;
mod refusal;
mod request;

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

pub use access::{AccessError, Caller, Difference, Grant};
pub use explain::{
    Change, ConditionExplanation, Explanation, NearestMiss, ResourceMiss, StatementExplanation,
};
pub use refusal::{Refusal, RefusalError};
pub use request::{Request, RequestError};

use self::compile::{Asked, Compiled, action_fits, principal_matches, resource_fits};
use self::index::{Builder, Entry, Found, Index};
use self::matching::{Variables, literal_prefix};
use crate::facts::Granularity;
use crate::policy::{Effect, Policy, Statement, six};
use crate::resource::fill;
use crate::services::Service;
use crate::values::{Region, Uin};

/// Policies made ready for decisions.
///
/// Compiling them costs time and memory in proportion to their length. A decision then looks only at the statements
/// that name both the action and the resource of the request, so that it does not take longer among many policies
/// that are about something else; it allocates nothing.
///
/// # What is assumed
///
/// CAM's documentation says how effects combine, what empty segments mean, and how conditions join. It does not say,
/// and it is assumed here, that names are compared exactly; that a `*` does not reach beyond its segment; that an
/// empty project segment matches an empty one alone; that several values of a negated operator mean "none of them";
/// that a key of several values without qualifier is true if one of them is; that a value which cannot be read,
/// such as a date that is none, satisfies nothing, see [`ValueKind::reads`](crate::ValueKind::reads); that texts of
/// `bool_equal` are compared exactly; that several service control policies allow what one of them allows; that IPv4
/// addresses written as IPv6 are IPv4 addresses; and that a principal names a caller as
/// `qcs::cam::uin/owner:uin/caller`. A statement without resources, as in a role's trust policy, matches nothing.
///
/// ```
/// use tencent_cam::{Layer, Policy, PolicySet, Request, Uin};
///
/// let owner = Uin::new(100000000001)?;
/// let caller = Uin::new(100000000002)?;
/// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],
///     "resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#.parse()?;
/// let set = PolicySet::new([policy], owner);
///
/// let request = Request::new(caller, "trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1400000001")?;
/// let decision = set.decide(&request);
/// assert!(decision.is_allowed());
/// assert_eq!(decision.statements()[0].to_string(), "statement 0 of policy 0");
///
/// // A session policy that grants nothing of it takes it away.
/// let narrowed = set.with_layer(Layer::Session, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["trtc:DismissRoom"],"resource":["*"]}]}"#.parse()?]);
/// assert!(!narrowed.decide(&request).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicySet {
    owner: Uin,
    owner_uin: Box<str>,
    /// The owner as an account segment.
    account: Box<str>,
    layers: [Option<Compartment>; 4],
    /// The "all" form of each pattern of the catalog, with the owner's uin in it.
    everything: Vec<(&'static str, Box<str>)>,
}

/// The policies of one layer.
#[derive(Clone, Debug, Default)]
struct Compartment {
    policies: Vec<Policy>,
    /// The denies, then the allows, so that one search in an index finds both.
    statements: Vec<Compiled>,
    actions: Index,
    resources: Index,
}

/// Where policies stand, and so how they combine with those of other layers.
///
/// A request is allowed if every layer that is there allows it, and no layer denies it. That a boundary and a service
/// control policy work like this is documented; that a session policy does is assumed.
///
/// ```
/// assert_eq!(tencent_cam::Layer::Boundary.to_string(), "permission boundary");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// What is attached to the user, the user's groups and the role.
    Identity,
    /// The permission boundary: it grants nothing by itself.
    Boundary,
    /// The policy of the session.
    Session,
    /// The organisation's service control policies.
    ServiceControl,
}

impl Layer {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Boundary, Self::Session, Self::ServiceControl];
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Identity => "identity policies",
            Self::Boundary => "permission boundary",
            Self::Session => "session policy",
            Self::ServiceControl => "service control policies",
        })
    }
}

/// A statement of a policy set.
///
/// ```
/// use tencent_cam::{Layer, StatementId};
///
/// let id = StatementId { layer: Layer::Session, policy: 0, statement: 2 };
/// assert_eq!(id.to_string(), "statement 2 of policy 0 (session policy)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// The layer.
    pub layer: Layer,
    /// The policy among those of the layer, counted from 0.
    pub policy: usize,
    /// The statement in the policy, counted from 0.
    pub statement: usize,
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {} of policy {}", self.statement, self.policy)?;
        match self.layer {
            Layer::Identity => Ok(()),
            layer => write!(f, " ({layer})"),
        }
    }
}

/// What becomes of a request.
///
/// ```
/// assert_eq!(tencent_cam::Outcome::ImplicitlyDenied.to_string(), "implicitly denied");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// An allow matches in every layer, and no deny.
    Allowed,
    /// A deny matches.
    ExplicitlyDenied,
    /// Neither.
    ImplicitlyDenied,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Allowed => "allowed",
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
        })
    }
}

/// How the catalog put the resource of a request right.
///
/// ```
/// use tencent_cam::{Correction, PolicySet, Request, Uin};
///
/// # #[cfg(feature = "trtc")] {
/// let owner = Uin::new(100000000001).unwrap();
/// let set = PolicySet::new([], owner);
/// let wrong = "qcs::trtc::uin/100000000001:sdkappid/1400000001";
/// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", wrong).unwrap();
/// let decision = set.decide(&request);
/// assert_eq!(decision.correction(), Some(Correction::ResourceDropped));
/// assert_eq!(decision.resource(), "*");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Correction {
    /// The action is operation-level, for which CAM is handed `*`, not the resource that was given.
    ResourceDropped,
    /// The action is resource-level, for which CAM is never handed `*`. In its place stands the resource that means
    /// all of the kind, so that a policy must name them all to allow it.
    AllResources,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ResourceDropped => {
                "the action is operation-level: CAM is handed `*` for it, not the resource that was given"
            }
            Self::AllResources => {
                "the action is resource-level: CAM is handed a resource for it, not `*`; decided for all of them"
            }
        })
    }
}

impl PolicySet {
    /// The policies of an identity, of an account with the root uin `owner`.
    ///
    /// ```
    /// use tencent_cam::{PolicySet, Uin};
    ///
    /// let set = PolicySet::new([], Uin::new(100000000001)?);
    /// assert_eq!(set.owner().get(), 100000000001);
    /// # Ok::<(), tencent_cam::UinError>(())
    /// ```
    pub fn new(policies: impl IntoIterator<Item = Policy>, owner: Uin) -> Self {
        let owner_uin: Box<str> = owner.to_string().into();
        let mut everything: Vec<(&'static str, Box<str>)> = Vec::new();
        for pattern in Service::ALL.iter().flat_map(|service| service.patterns()) {
            if everything.iter().all(|(all, _)| *all != pattern.all) {
                let values = [("uin", owner.into()), ("region", Region::every().into())];
                everything.push((pattern.all, fill(pattern.all, &values)));
            }
        }
        let account = alloc::format!("uin/{owner_uin}").into();
        Self { owner, owner_uin, account, layers: [None, None, None, None], everything }
            .with_layer(Layer::Identity, policies)
    }

    /// The same with the policies of a layer, in the place of those it had. A layer without any policy is there, and
    /// allows nothing.
    ///
    /// ```
    /// use tencent_cam::{Layer, PolicySet, Uin};
    ///
    /// let set = PolicySet::new([], Uin::new(100000000001)?).with_layer(Layer::Boundary, []);
    /// assert_eq!(set.policies(Layer::Boundary).map(<[_]>::len), Some(0));
    /// assert_eq!(set.policies(Layer::Session), None);
    /// # Ok::<(), tencent_cam::UinError>(())
    /// ```
    #[must_use]
    pub fn with_layer(mut self, layer: Layer, policies: impl IntoIterator<Item = Policy>) -> Self {
        self.layers[layer as usize] = Some(Compartment::new(policies.into_iter().collect()));
        self
    }

    /// The root uin of the account.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Uin};
    /// let owner = Uin::new(100000000001)?;
    /// assert_eq!(PolicySet::new([], owner).owner(), owner);
    /// # Ok::<(), tencent_cam::UinError>(())
    /// ```
    pub fn owner(&self) -> Uin {
        self.owner
    }

    /// The policies of a layer, in order; `None` if the layer is not there.
    ///
    /// ```
    /// # use tencent_cam::{Layer, PolicySet, Uin};
    /// let set = PolicySet::new([], Uin::new(100000000001)?);
    /// assert!(set.policies(Layer::Identity).is_some_and(<[_]>::is_empty));
    /// # Ok::<(), tencent_cam::UinError>(())
    /// ```
    pub fn policies(&self, layer: Layer) -> Option<&[Policy]> {
        self.layers[layer as usize].as_ref().map(|compartment| compartment.policies.as_slice())
    }

    /// A statement; `None` if there is no such one.
    ///
    /// ```
    /// # use tencent_cam::{Layer, PolicySet, StatementId, Uin};
    /// let set = PolicySet::new([], Uin::new(100000000001)?);
    /// assert!(set.statement(StatementId { layer: Layer::Identity, policy: 0, statement: 0 }).is_none());
    /// # Ok::<(), tencent_cam::UinError>(())
    /// ```
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.policies(id.layer)?.get(id.policy)?.statements().get(id.statement)
    }

    /// Decides a request. The root account itself is always allowed: it is not subject to policies.
    ///
    /// ```
    /// use tencent_cam::{Outcome, Policy, PolicySet, Request, Uin};
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:*"],"resource":["*"]},
    ///     {"effect":"deny","action":["cos:Delete*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::new([policy], owner);
    /// let object = "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/a";
    /// let outcome = |action| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(set.decide(&Request::new(Uin::new(100000000002)?, action, object)?).outcome())
    /// };
    /// assert_eq!(outcome("cos:GetObject")?, Outcome::Allowed);
    /// assert_eq!(outcome("cos:DeleteObject")?, Outcome::ExplicitlyDenied);
    /// assert_eq!(outcome("cvm:RunInstances")?, Outcome::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide<'s>(&'s self, request: &'s Request) -> Decision<'s> {
        let (resource, correction) = self.correct(request);
        let mut decision =
            Decision { set: self, request, resource, correction, outcome: Outcome::ImplicitlyDenied };
        if request.principal == self.owner {
            decision.outcome = Outcome::Allowed;
            return decision;
        }
        let mut uin = [0; 20];
        let asked = self.asked(request, resource, digits(request.principal, &mut uin));
        let mut allowed = true;
        for (_, one) in self.present() {
            let found = one.find(&asked);
            if self.matching(one, &found, Effect::Deny, &asked).next().is_some() {
                decision.outcome = Outcome::ExplicitlyDenied;
                return decision;
            }
            allowed = allowed && self.matching(one, &found, Effect::Allow, &asked).next().is_some();
        }
        if allowed {
            decision.outcome = Outcome::Allowed;
        }
        decision
    }

    fn present(&self) -> impl Iterator<Item = (Layer, &Compartment)> {
        Layer::ALL.into_iter().zip(&self.layers).filter_map(|(layer, one)| Some((layer, one.as_ref()?)))
    }

    /// The resource as CAM is handed it, as far as the catalog knows.
    fn correct<'s>(&'s self, request: &'s Request) -> (&'s str, Option<Correction>) {
        let given = &*request.resource;
        let Some(action) = request.known else { return (given, None) };
        match action.granularity() {
            Granularity::Operation if given != "*" => ("*", Some(Correction::ResourceDropped)),
            Granularity::Resource if given == "*" => {
                let all = action.patterns().first().map(|pattern| pattern.all);
                let filled = self.everything.iter().find(|(form, _)| Some(*form) == all);
                filled.map_or((given, None), |(_, text)| (&**text, Some(Correction::AllResources)))
            }
            _ => (given, None),
        }
    }

    fn asked<'a>(&'a self, request: &'a Request, resource: &'a str, uin: &'a str) -> Asked<'a> {
        let variables = Variables { uin, owner_uin: &self.owner_uin, app_id: request.app_id.as_deref() };
        let last = match resource {
            "*" => 0,
            _ if request.last > 0 => request.last,
            // What the catalog has put in the place of `*`.
            _ => six(resource).map_or(0, |segments| resource.len() - segments[5].len()),
        };
        Asked { request, resource, last, variables }
    }

    /// The statements of an effect that match; one may come several times.
    fn matching<'a>(
        &'a self,
        compartment: &'a Compartment,
        found: &'a Candidates<'a>,
        effect: Effect,
        asked: &'a Asked<'a>,
    ) -> impl Iterator<Item = &'a Compiled> {
        let Candidates { actions, resources } = found;
        // Statements that name both are among the fewer of the two.
        let by_actions = actions.count(effect) <= resources.count(effect);
        let (fewer, other) = if by_actions { (actions, resources) } else { (resources, actions) };
        // None on one side, none on both.
        let fewer = (fewer.count(effect) > 0).then(|| fewer.entries(effect)).into_iter().flatten();
        fewer.flatten().filter_map(move |entry| {
            let compiled = &compartment.statements[entry.statement as usize];
            let policy = &compartment.policies[compiled.policy as usize];
            let statement = &policy.statements()[compiled.statement as usize];
            let action = |at: usize| action_fits(&statement.actions()[at], asked);
            let resource = |at: usize| resource_fits(&statement.resources()[at], asked, &self.account);
            let at = entry.pattern as usize;
            let both = if by_actions {
                action(at) && names(statement.resources().len(), other, effect, entry.statement, resource)
            } else {
                resource(at) && names(statement.actions().len(), other, effect, entry.statement, action)
            };
            let principal = statement.principal().or(policy.principal());
            let matched = both
                && principal.is_none_or(|principal| principal_matches(principal, asked, &self.account))
                && compiled.tests.iter().all(|test| test.holds(asked));
            matched.then_some(compiled)
        })
    }

    fn id(layer: Layer, compiled: &Compiled) -> StatementId {
        StatementId { layer, policy: compiled.policy as usize, statement: compiled.statement as usize }
    }
}

/// The digits of a uin, without a `String`.
fn digits(uin: Uin, buffer: &mut [u8; 20]) -> &str {
    let (mut number, mut at) = (uin.get(), buffer.len());
    while number > 0 && at > 0 {
        at -= 1;
        buffer[at] = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    core::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

/// Whether one of a statement's patterns matches: a short list is walked, in a long one the index has found them.
fn names(
    count: usize,
    found: &Found<'_>,
    effect: Effect,
    statement: u32,
    matches: impl Fn(usize) -> bool,
) -> bool {
    if count <= 8 {
        return (0..count).any(matches);
    }
    found.entries(effect).any(|bucket| {
        let from = bucket.partition_point(|entry| entry.statement < statement);
        let own = bucket[from..].iter().take_while(|entry| entry.statement == statement);
        own.into_iter().any(|entry| matches(entry.pattern as usize))
    })
}

/// What of a layer may match a request.
struct Candidates<'a> {
    actions: Found<'a>,
    resources: Found<'a>,
}

impl Compartment {
    #[allow(clippy::cast_possible_truncation, reason = "four billion policies do not fit into memory")]
    fn new(policies: Vec<Policy>) -> Self {
        let mut statements = Vec::new();
        let (mut actions, mut resources) = (Builder::default(), Builder::default());
        let mut allows = 0;
        for effect in [Effect::Deny, Effect::Allow] {
            allows = statements.len() as u32;
            for (policy, one) in policies.iter().enumerate() {
                for (number, statement) in one.statements().iter().enumerate() {
                    if statement.effect() != effect {
                        continue;
                    }
                    let at = statements.len() as u32;
                    for (pattern, action) in statement.actions().iter().enumerate() {
                        let entry = Entry { statement: at, pattern: pattern as u32 };
                        // `*:Name` may match an action of any service.
                        let any_service = action.service().is_none();
                        let (prefix, whole) = literal_prefix(action.as_str());
                        actions.add(if any_service { "" } else { prefix }, whole && !any_service, entry);
                    }
                    for (pattern, resource) in statement.resources().iter().enumerate() {
                        let entry = Entry { statement: at, pattern: pattern as u32 };
                        let last = six(resource.as_str()).map_or("*", |segments| segments[5]);
                        let (prefix, whole) = literal_prefix(last);
                        resources.add(prefix, whole, entry);
                    }
                    statements.push(Compiled::new(policy as u32, number as u32, statement));
                }
            }
        }
        let (actions, resources) = (actions.finish(allows), resources.finish(allows));
        Self { policies, statements, actions, resources }
    }

    fn find<'a>(&'a self, asked: &'a Asked<'a>) -> Candidates<'a> {
        Candidates {
            actions: self.actions.find(&asked.request.action),
            resources: self.resources.find(asked.last().unwrap_or_default()),
        }
    }
}

/// What a [`PolicySet`] says to a request.
///
/// ```
/// use tencent_cam::{PolicySet, Request, Uin};
///
/// let owner = Uin::new(100000000001)?;
/// let set = PolicySet::new([], owner);
/// let by_root = Request::new(owner, "trtc:GetUserList", "*")?;
/// assert!(set.decide(&by_root).is_allowed());
/// assert!(set.decide(&by_root).is_root());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decision<'s> {
    set: &'s PolicySet,
    request: &'s Request,
    resource: &'s str,
    correction: Option<Correction>,
    outcome: Outcome,
}

impl Decision<'_> {
    /// What becomes of the request.
    ///
    /// ```
    /// # use tencent_cam::{Outcome, PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).outcome(), Outcome::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether it is allowed.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(!set.decide(&request).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// Whether it is allowed because the root account asks.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(!set.decide(&request).is_root());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_root(&self) -> bool {
        self.request.principal == self.set.owner
    }

    /// How the catalog put the resource right, if it did.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).correction(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn correction(&self) -> Option<Correction> {
        self.correction
    }

    /// The resource that was decided on, put right.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).resource(), "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resource(&self) -> &str {
        self.resource
    }

    /// The statements that decided: the denies that match if it is explicitly denied, the allows that match if it is
    /// allowed, in order; none if it is implicitly denied, or if the root account asks.
    ///
    /// They are searched when asked for: the decision itself needs only one.
    ///
    /// ```
    /// # use tencent_cam::{PolicySet, Request, Uin};
    /// # let set = PolicySet::new([], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert!(set.decide(&request).statements().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statements(&self) -> Vec<StatementId> {
        let effect = match self.outcome {
            Outcome::Allowed if !self.is_root() => Effect::Allow,
            Outcome::ExplicitlyDenied => Effect::Deny,
            _ => return Vec::new(),
        };
        let mut uin = [0; 20];
        let asked = self.set.asked(self.request, self.resource, digits(self.request.principal, &mut uin));
        let mut found = Vec::new();
        for (layer, compartment) in self.set.present() {
            let candidates = compartment.find(&asked);
            let matching = self.set.matching(compartment, &candidates, effect, &asked);
            found.extend(matching.map(|compiled| PolicySet::id(layer, compiled)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("outcome", &self.outcome)
            .field("resource", &self.resource)
            .field("correction", &self.correction)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Decision<'_> {
    /// `allowed by statement 0 of policy 0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.fmt(f)?;
        if self.is_root() {
            return f.write_str(": the root account is not subject to policies");
        }
        for (at, id) in self.statements().iter().enumerate() {
            write!(f, "{}{id}", if at == 0 { " by " } else { ", " })?;
        }
        Ok(())
    }
}
