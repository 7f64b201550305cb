//! Policies made ready for decisions.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::condition::Test;
use super::index::{Builder, Entry, Found, Index};
use super::layer::{Layer, StatementId};
use super::matching::{Variables, literal_prefix};
use super::request::{Digits, Request};
use super::rules::{Asked, action_fits, principal_matches, resource_fits};
use crate::catalog::{Action, Catalog};
use crate::pattern_form::fill;
use crate::policy::{Effect, Policy, Statement};
use crate::text::split_segments;
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
/// such as a date that is none, satisfies nothing, see [`ValueKind::reads`](crate::policy::ValueKind::reads); that texts of
/// `bool_equal` are compared exactly; that several service control policies allow what one of them allows; that IPv4
/// addresses written as IPv6 are IPv4 addresses; and that a principal names a caller as
/// `qcs::cam::uin/owner:uin/caller`. A statement without resources, as in a role's trust policy, matches nothing.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{Layer, PolicySet, Request};
/// use cam_policy::policy::Policy;
/// use cam_policy::values::Uin;
///
/// let owner = Uin::new(100000000001)?;
/// let caller = Uin::new(100000000002)?;
/// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],
///     "resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#.parse()?;
/// let set = PolicySet::new(&CATALOG, [policy], owner);
///
/// let request = Request::new(caller, "trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1400000001")?;
/// let response = set.decide(&request);
/// assert!(response.is_allowed());
/// assert_eq!(response.statements()[0].to_string(), "statement 0 of policy 0");
///
/// // A session policy that grants nothing of it takes it away.
/// let narrowed = set.with_layer(Layer::Session, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["trtc:DismissRoom"],"resource":["*"]}]}"#.parse()?]);
/// assert!(!narrowed.decide(&request).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicySet<'c> {
    catalog: Catalog<'c>,
    pub(super) owner: Uin,
    pub(super) owner_uin: Box<str>,
    /// The owner as an account segment.
    pub(super) account: Box<str>,
    layers: [Option<CompiledLayer>; 4],
    /// The "all" form of each pattern of the catalog, with the owner's uin in it.
    everything: Vec<(&'c str, Box<str>)>,
}

/// The policies of one layer.
#[derive(Clone, Debug, Default)]
pub(super) struct CompiledLayer {
    pub(super) policies: Vec<Policy>,
    /// The denies, then the allows, so that one search in an index finds both.
    statements: Vec<Compiled>,
    actions: Index,
    resources: Index,
}

impl<'c> PolicySet<'c> {
    /// The policies of an identity, of an account with the root uin `owner`.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// assert_eq!(set.owner().get(), 100000000001);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn new(catalog: &Catalog<'c>, policies: impl IntoIterator<Item = Policy>, owner: Uin) -> Self {
        let owner_uin: Box<str> = owner.to_string().into();
        let mut everything: Vec<(&'c str, Box<str>)> = Vec::new();
        for pattern in catalog.services.iter().flat_map(|service| service.patterns) {
            if everything.iter().all(|(all, _)| *all != pattern.all) {
                let values = [("uin", owner.into()), ("region", Region::every().into())];
                everything.push((pattern.all, fill(pattern.all, &values)));
            }
        }
        let account = alloc::format!("uin/{owner_uin}").into();
        Self { catalog: *catalog, owner, owner_uin, account, layers: [None, None, None, None], everything }
            .with_layer(Layer::Identity, policies)
    }

    /// The same with the policies of a layer, in the place of those it had. A layer without any policy is there, and
    /// allows nothing.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Layer, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?).with_layer(Layer::Boundary, []);
    /// assert_eq!(set.policies(Layer::Boundary).map(<[_]>::len), Some(0));
    /// assert_eq!(set.policies(Layer::Session), None);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    #[must_use]
    pub fn with_layer(mut self, layer: Layer, policies: impl IntoIterator<Item = Policy>) -> Self {
        self.layers[layer as usize] = Some(CompiledLayer::new(policies.into_iter().collect()));
        self
    }

    /// The root uin of the account.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::PolicySet;
    /// # use cam_policy::values::Uin;
    /// let owner = Uin::new(100000000001)?;
    /// assert_eq!(PolicySet::new(&CATALOG, [], owner).owner(), owner);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn owner(&self) -> Uin {
        self.owner
    }

    /// The policies of a layer, in order; `None` if the layer is not there.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet};
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// assert!(set.policies(Layer::Identity).is_some_and(<[_]>::is_empty));
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn policies(&self, layer: Layer) -> Option<&[Policy]> {
        self.layers[layer as usize].as_ref().map(|compiled_layer| compiled_layer.policies.as_slice())
    }

    /// A statement; `None` if there is no such one.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet, StatementId};
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// assert!(set.statement(StatementId { layer: Layer::Identity, policy: 0, statement: 0 }).is_none());
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.policies(id.layer)?.get(id.policy)?.statements().get(id.statement)
    }

    /// The catalog that states which resources CAM receives for an action.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::catalog::Catalog;
    /// # use cam_policy::engine::PolicySet;
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&Catalog::EMPTY, [], Uin::new(100000000001)?);
    /// assert_eq!(set.catalog().actions().count(), 0);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn catalog(&self) -> Catalog<'c> {
        self.catalog
    }

    pub(super) fn present(&self) -> impl Iterator<Item = (Layer, &CompiledLayer)> {
        Layer::ALL.into_iter().zip(&self.layers).filter_map(|(layer, one)| Some((layer, one.as_ref()?)))
    }

    /// The "all" form of a pattern of the catalog, with the owner's uin in it.
    pub(super) fn everything(&self, all: &str) -> Option<&str> {
        self.everything.iter().find(|(form, _)| *form == all).map(|(_, filled)| &**filled)
    }

    /// The request as the policies see it; `digits` holds what its variables stand for.
    pub(super) fn asked<'a>(
        &'a self,
        request: &'a Request,
        known: Option<Action<'a>>,
        resource: &'a str,
        digits: &'a mut Digits,
    ) -> Asked<'a> {
        let (uin, app_id) = digits.of(request.caller());
        let variables = Variables { uin, owner_uin: &self.owner_uin, app_id };
        let last = match resource {
            "*" => 0,
            _ if request.last > 0 => request.last,
            // What the catalog has put in the place of `*`.
            _ => split_segments(resource).map_or(0, |segments| resource.len() - segments[5].len()),
        };
        Asked { request, known, resource, last, variables }
    }

    /// The statements of an effect that match; one may come several times.
    pub(super) fn matching<'a>(
        &'a self,
        compiled_layer: &'a CompiledLayer,
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
            let compiled = &compiled_layer.statements[entry.statement as usize];
            let policy = &compiled_layer.policies[compiled.policy as usize];
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

    pub(super) fn id(layer: Layer, compiled: &Compiled) -> StatementId {
        StatementId { layer, policy: compiled.policy as usize, statement: compiled.statement as usize }
    }
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
pub(super) struct Candidates<'a> {
    actions: Found<'a>,
    resources: Found<'a>,
}

impl CompiledLayer {
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
                        let last = split_segments(resource.as_str()).map_or("*", |segments| segments[5]);
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

    pub(super) fn find<'a>(&'a self, asked: &'a Asked<'a>) -> Candidates<'a> {
        Candidates {
            actions: self.actions.find(&asked.request.action),
            resources: self.resources.find(asked.last().unwrap_or_default()),
        }
    }
}

/// Everything of a statement but what the index already knows.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub(super) policy: u32,
    pub(super) statement: u32,
    pub(super) tests: Vec<Test>,
}

impl Compiled {
    pub(super) fn new(policy: u32, number: u32, statement: &Statement) -> Self {
        let tests = statement.conditions().iter().map(Test::new).collect();
        Self { policy, statement: number, tests }
    }
}
