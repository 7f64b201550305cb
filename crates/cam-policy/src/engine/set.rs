//! The policies of an account, compiled for decisions.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use core::cmp::Ordering;
use core::fmt;
use std::sync::OnceLock;

use super::caller::Caller;
use super::condition::Test;
use super::index::{Builder, Entry, Found, Index};
use super::layer::{Layer, StatementId};
use super::matching::{Variables, literal_prefix};
use super::request::Request;
use super::rules::{Asked, Owner, action_fits, resource_fits};
use crate::catalog::{Action, Catalog};
use crate::pattern_form::{Value, fill_into};
use crate::policy::{
    ActionPattern, Effect, Policy, PolicyKind, Principal, PrincipalKind, ResourcePattern, Statement,
};
use crate::text::split_segments;
use crate::values::Uin;

/// The policies of an account, compiled for decisions.
///
/// Compiling takes time and memory in proportion to the length of the policies. A decision then looks only at the
/// statements that name both the action and the resource of the request. Policies about something else do not slow it
/// down. It allocates nothing, unless the set was made [for searches](Self::to_search).
///
/// # What is assumed
///
/// CAM's documentation says how effects combine, what empty segments mean, and how conditions join. It does not say
/// the following, so this crate assumes it.
///
/// - Names: CAM compares names exactly. A `*` does not reach beyond its segment. In a pattern, an empty project
///   segment matches every project of a request, because policies must leave it empty today. One that is not empty, as
///   in old policies, matches this project alone. An old region name such as `sh` is not the same as the new one. In a
///   bucket policy, `:root` names the root account alone, not its users.
/// - Conditions: Several values of a negated operator mean "none of them". A condition without qualifier on a key of
///   several values is true if it is true of one of them. A value that cannot be read, such as a date that does not
///   exist, satisfies nothing: see [`ValueKind::reads`](crate::policy::ValueKind::reads). The same goes for an
///   operator of another type than the documented one of the key. A variable that the request does not define
///   satisfies nothing, not even under a negated operator. IPv4 addresses written as IPv6 are IPv4 addresses.
/// - Layers: Several policies of one level of an organisation allow what one of them allows. To assume a role, a
///   caller needs both its own policies and the trust policy of the role. The trust policy applies to the root
///   account too. Tencent documents that a role which trusts a root account trusts its users; that it does not trust the
///   roles of that account is assumed.
///
/// A statement without resources matches nothing, except in the trust policy of a role.
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
#[must_use]
pub struct PolicySet<'c> {
    catalog: Catalog<'c>,
    /// Whether a pattern matches an action of which only the name is known.
    is_named: fn(&ActionPattern) -> bool,
    /// The actions of which only the name is known and that a pattern matches.
    names: fn(&ActionPattern) -> Vec<String>,
    pub(super) owner: Uin,
    pub(super) owner_uin: Box<str>,
    /// The owner as an account segment.
    pub(super) account: Box<str>,
    /// Sorted by layer.
    layers: Vec<CompiledLayer>,
    /// Filled when the set is made, unless it is made for searches. Copies of a set share it.
    everything: Arc<OnceLock<Everything>>,
}

/// The "all" forms of the patterns of a catalog, with the owner's uin in them.
#[derive(Debug)]
struct Everything {
    /// For each form, sorted: where it ends in `texts`, and where its filled text ends, which follows it.
    ends: Vec<[usize; 2]>,
    texts: String,
}

impl Everything {
    fn of(catalog: &Catalog<'_>, owner_uin: &str) -> Self {
        let mut forms: Vec<&str> =
            catalog.services.iter().flat_map(|service| service.patterns).map(|pattern| pattern.all).collect();
        forms.sort_unstable();
        forms.dedup();
        // An empty region is every region.
        let values = [("uin", Value::Text(owner_uin)), ("region", Value::Text(""))];
        let mut texts = String::new();
        let ends = forms.into_iter().map(|form| {
            texts.push_str(form);
            let end = texts.len();
            fill_into(&mut texts, form, &values);
            [end, texts.len()]
        });
        Self { ends: ends.collect(), texts }
    }

    fn get(&self, form: &str) -> Option<&str> {
        let start = |at: usize| at.checked_sub(1).map_or(0, |before| self.ends[before][1]);
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let at = from + (to - from) / 2;
            let [end_of_form, end] = self.ends[at];
            match self.texts[start(at)..end_of_form].cmp(form) {
                Ordering::Less => from = at + 1,
                Ordering::Greater => to = at,
                Ordering::Equal => return self.texts.get(end_of_form..end),
            }
        }
        None
    }
}

/// The policies of one layer.
#[derive(Clone, Debug)]
pub(super) struct CompiledLayer {
    pub(super) layer: Layer,
    pub(super) policies: Vec<Policy>,
    /// The names that the user of this crate has given to the policies.
    pub(super) names: Vec<Option<Box<str>>>,
    /// The denies, then the allows, so that one search in an index finds both.
    statements: Vec<Compiled>,
    /// Made when the layer is made, unless it is made for searches.
    indexes: OnceLock<Indexes>,
}

/// The patterns of the statements of a layer.
#[derive(Clone, Debug)]
struct Indexes {
    actions: Index,
    resources: Index,
}

impl<'c> PolicySet<'c> {
    /// Compiles the identity policies of an account with the root uin `owner`.
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
        Self::empty(catalog, owner).with_layer(Layer::Identity, policies)
    }

    /// Compiles identity policies, each with a name that explanations use, such as the name of its file.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{PolicySet, Request};
    /// use cam_policy::values::Uin;
    ///
    /// let support = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::named(&CATALOG, [("support.json", support)], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).to_string(), "allowed by statement 0 of support.json");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn named<N: Into<Box<str>>>(
        catalog: &Catalog<'c>,
        policies: impl IntoIterator<Item = (N, Policy)>,
        owner: Uin,
    ) -> Self {
        Self::empty(catalog, owner).with_named_layer(Layer::Identity, policies)
    }

    /// Compiles the trust policy of a role alone, to answer who may assume the role.
    ///
    /// Whether the caller's own policies allow `sts:AssumeRole` is another question. To ask both, add the trust
    /// policy to them with [`with_layer`](Self::with_layer). The trust policy applies to its own role, whatever
    /// resource the request names.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Caller, PolicySet, Request};
    /// use cam_policy::values::Uin;
    ///
    /// let trust = r#"{"version":"2.0","statement":[{"effect":"allow","action":["name/sts:AssumeRole"],
    ///     "principal":{"service":["cls.cloud.tencent.com"]}}]}"#.parse()?;
    /// let role = PolicySet::trust(&CATALOG, [trust], Uin::new(100000000001)?);
    /// let may_assume = |caller: Caller| -> Result<bool, Box<dyn std::error::Error>> {
    ///     Ok(role.decide(&Request::new(caller, "sts:AssumeRole", "*")?).is_allowed())
    /// };
    /// assert!(may_assume(Caller::service("cls.cloud.tencent.com"))?);
    /// assert!(!may_assume(Caller::new(Uin::new(100000000002)?))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn trust(catalog: &Catalog<'c>, policies: impl IntoIterator<Item = Policy>, owner: Uin) -> Self {
        Self::empty(catalog, owner).with_layer(Layer::Trust, policies)
    }

    /// Returns a set of the same account and catalog that has no layers.
    pub(super) fn without_policies(&self) -> Self {
        Self {
            catalog: self.catalog,
            is_named: self.is_named,
            names: self.names,
            owner: self.owner,
            owner_uin: self.owner_uin.clone(),
            account: self.account.clone(),
            layers: Vec::new(),
            everything: Arc::clone(&self.everything),
        }
    }

    fn empty(catalog: &Catalog<'c>, owner: Uin) -> Self {
        let owner_uin: Box<str> = owner.to_string().into();
        let account = alloc::format!("uin/{owner_uin}").into();
        Self {
            catalog: *catalog,
            is_named: |_| false,
            names: |_| Vec::new(),
            owner,
            owner_uin,
            account,
            layers: Vec::new(),
            everything: Arc::default(),
        }
    }

    /// Compiles the policies of one layer for a search: [`compare`](Self::compare), [`grants`](Self::grants) or
    /// [`callers`](Self::callers). Each policy has a name that explanations use.
    ///
    /// A search needs less than decisions do. So it takes less time to make the set, and the first decision takes the time
    /// that was saved, and allocates memory.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Layer, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]}]}"#.parse()?;
    /// let owner = Uin::new(100000000001)?;
    /// let set = PolicySet::to_search(&CATALOG, Layer::Identity, [("support.json", policy)], owner);
    /// assert_eq!(set.grants(Uin::new(100000000002)?)?.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_search<N: Into<Box<str>>>(
        catalog: &Catalog<'c>,
        layer: Layer,
        policies: impl IntoIterator<Item = (N, Policy)>,
        owner: Uin,
    ) -> Self {
        let named = policies.into_iter().map(|(name, policy)| (Some(name.into()), policy)).collect();
        Self { layers: Vec::from([CompiledLayer::new(layer, named)]), ..Self::empty(catalog, owner) }
    }

    /// Returns the set with these policies in a layer; they replace the policies that the layer had. A layer without
    /// any policy is present and allows nothing.
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
    pub fn with_layer(self, layer: Layer, policies: impl IntoIterator<Item = Policy>) -> Self {
        self.with_policies(layer, policies.into_iter().map(|policy| (None, policy)).collect())
    }

    /// Works like [`with_layer`](Self::with_layer); each policy has a name that explanations use. An empty name is for a
    /// policy that nobody can mistake for another: its statements are told by their numbers alone.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Layer, Level, PolicySet, StatementId};
    /// use cam_policy::values::Uin;
    ///
    /// let layer = Layer::ServiceControl(Level::Root);
    /// let guard = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?).with_named_layer(layer, [("guard.json", guard)]);
    /// assert_eq!(
    ///     set.label(StatementId { layer, policy: 0, statement: 0 }).to_string(),
    ///     "statement 0 of guard.json (service control policies of the organisation's root)"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_named_layer<N: Into<Box<str>>>(
        self,
        layer: Layer,
        policies: impl IntoIterator<Item = (N, Policy)>,
    ) -> Self {
        let named = policies.into_iter().map(|(name, policy)| (Some(name.into()), policy));
        self.with_policies(layer, named.collect())
    }

    pub(super) fn with_policies(mut self, layer: Layer, policies: Vec<(Option<Box<str>>, Policy)>) -> Self {
        let compiled = CompiledLayer::new(layer, policies);
        // A decision allocates nothing, so what it needs has to be there.
        compiled.indexes();
        self.filled();
        match self.layers.binary_search_by_key(&layer, |one| one.layer) {
            Ok(at) => self.layers[at] = compiled,
            Err(at) => self.layers.insert(at, compiled),
        }
        self
    }

    /// Returns the root uin of the account.
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

    /// Returns the policies of a layer, in order; `None` if the set does not have the layer.
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
        self.layer(layer).map(|compiled_layer| compiled_layer.policies.as_slice())
    }

    pub(super) fn layer(&self, layer: Layer) -> Option<&CompiledLayer> {
        self.layers.iter().find(|one| one.layer == layer)
    }

    /// Returns the layers of the set, in order.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet};
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?).with_layer(Layer::Boundary, []);
    /// assert!(set.layers().eq([Layer::Identity, Layer::Boundary]));
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn layers(&self) -> impl Iterator<Item = Layer> {
        self.layers.iter().map(|one| one.layer)
    }

    /// Returns the name that was given to a policy; `None` if it has none.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet};
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// assert_eq!(set.policy_name(Layer::Identity, 0), None);
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn policy_name(&self, layer: Layer, policy: usize) -> Option<&str> {
        self.layer(layer)?.names.get(policy)?.as_deref()
    }

    /// Returns the text by which people know a statement: it has the name of the policy, or its number if it has no
    /// name.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet, StatementId};
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let id = StatementId { layer: Layer::Identity, policy: 1, statement: 2 };
    /// assert_eq!(set.label(id).to_string(), "statement 2 of policy 1");
    /// let everything = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#.parse()?;
    /// let set = set.with_named_layer(Layer::Identity, [("", everything)]);
    /// let id = StatementId { layer: Layer::Identity, policy: 0, statement: 0 };
    /// assert_eq!(set.label(id).to_string(), "statement 0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn label(&self, id: StatementId) -> impl fmt::Display + '_ {
        struct Label<'a>(StatementId, Option<&'a str>);
        impl fmt::Display for Label<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self(id, Some(name)) = self else { return self.0.fmt(f) };
                write!(f, "statement {}", id.statement)?;
                if !name.is_empty() {
                    write!(f, " of {name}")?;
                }
                if id.layer == Layer::Identity { Ok(()) } else { write!(f, " ({})", id.layer) }
            }
        }
        Label(id, self.policy_name(id.layer, id.policy))
    }

    /// Returns each policy whose kind does not belong in its layer, as layer, number and kind. Decisions still use
    /// such policies as they are written: a role's trust policy among identity policies matches nothing. Explanations
    /// mention them.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Layer, PolicySet};
    /// use cam_policy::policy::PolicyKind;
    /// use cam_policy::values::Uin;
    ///
    /// let trust = r#"{"version":"2.0","statement":[{"effect":"allow","action":["sts:AssumeRole"],"principal":"*"}]}"#;
    /// let set = PolicySet::new(&CATALOG, [trust.parse()?], Uin::new(100000000001)?);
    /// assert!(set.misplaced().eq([(Layer::Identity, 0, PolicyKind::Trust)]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn misplaced(&self) -> impl Iterator<Item = (Layer, usize, PolicyKind)> {
        self.layers.iter().flat_map(|one| {
            let kinds = one.policies.iter().map(Policy::kind).enumerate();
            kinds.filter(|(_, kind)| !one.layer.takes(*kind)).map(|(number, kind)| (one.layer, number, kind))
        })
    }

    /// Returns a statement; `None` if it does not exist.
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

    /// Returns the catalog that states which resources CAM receives for an action.
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

    /// Takes actions for real of which only the name is known: `is_named` says whether a pattern matches one. No
    /// explanation says of such an action that another one is meant.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{PolicySet, Request};
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:RemoveUsers", "*")?;
    /// assert!(set.explain(&request).notes()[0].contains("did you mean `trtc:RemoveUser`?"));
    /// let set = set.with_names(|action| action.as_str() == "trtc:RemoveUsers");
    /// assert!(!set.explain(&request).to_string().contains("did you mean"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_names(mut self, is_named: fn(&ActionPattern) -> bool) -> Self {
        self.is_named = is_named;
        self
    }

    /// Takes actions of which only the name is known as examples: `names` lists those that a pattern matches. Without it, the
    /// [witness](crate::engine::Grant::witness) of what a pattern such as `cdn:*` allows has a made-up name if the catalog has no
    /// action of the service.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cdn:*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let caller = Uin::new(100000000002)?;
    /// assert_eq!(set.grants(caller)?[0].witness.action(), "cdn:1");
    /// let set = set.with_examples(|_| vec!["cdn:PurgeUrlsCache".into()]);
    /// assert_eq!(set.grants(caller)?[0].witness.action(), "cdn:PurgeUrlsCache");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_examples(mut self, names: fn(&ActionPattern) -> Vec<String>) -> Self {
        self.names = names;
        self
    }

    /// Returns the names of actions of which nothing else is known and that a pattern matches.
    pub(super) fn names_of(&self, pattern: &ActionPattern) -> Vec<String> {
        (self.names)(pattern)
    }

    /// Returns those names among the principals of a statement, in their order, that make it apply to one of the callers. A
    /// caller for whom several names do so does not count where another caller has fewer of them.
    ///
    /// The list is empty if the statement has no principal or applies to everybody by `"*"`.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Layer, PolicySet, StatementId};
    /// use cam_policy::policy::PrincipalKind;
    /// use cam_policy::values::Uin;
    ///
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "principal":{"qcs":["qcs::cam::uin/100000000001:uin/100000000002","qcs::cam::uin/100000000001:uin/100000000003"]},
    ///     "resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let id = StatementId { layer: Layer::Identity, policy: 0, statement: 0 };
    /// let names = set.names_for(id, &[Uin::new(100000000003)?.into()]);
    /// assert_eq!(names, [(PrincipalKind::Qcs, "qcs::cam::uin/100000000001:uin/100000000003")]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn names_for(&self, id: StatementId, callers: &[Caller]) -> Vec<(PrincipalKind, &str)> {
        let policy = self.policies(id.layer).and_then(|policies| policies.get(id.policy));
        let principal = self.statement(id).and_then(|one| one.principal()).or_else(|| policy?.principal());
        let Some(principal) = principal else { return Vec::new() };
        let names: Vec<(PrincipalKind, &str)> = principal.all_names().collect();
        let alone: Vec<Principal> = names.iter().map(|(kind, name)| Principal::new(*kind, [*name])).collect();
        let of = |caller: &Caller| -> BTreeSet<usize> {
            (0..alone.len()).filter(|at| self.is_about(caller, id.layer, Some(&alone[*at]))).collect()
        };
        let mut sets: Vec<BTreeSet<usize>> = callers.iter().map(of).filter(|set| !set.is_empty()).collect();
        sets.sort_unstable_by_key(BTreeSet::len);
        let mut least: Vec<BTreeSet<usize>> = Vec::new();
        for set in sets {
            if least.iter().all(|known| !known.is_subset(&set)) {
                least.push(set);
            }
        }
        let kept: BTreeSet<usize> = least.into_iter().flatten().collect();
        kept.into_iter().map(|at| names[at]).collect()
    }

    /// Whether the name is that of an action of which nothing else is known.
    pub(super) fn is_named(&self, action: &str) -> bool {
        ActionPattern::try_from(action).is_ok_and(|pattern| (self.is_named)(&pattern))
    }

    /// Returns every layer with its policies.
    pub(super) fn compiled(&self) -> &[CompiledLayer] {
        &self.layers
    }

    /// Returns the layers that limit a caller.
    pub(super) fn present(&self, caller: &Caller) -> impl Iterator<Item = (Layer, &CompiledLayer)> {
        let root = caller.is_root_of(self.owner);
        let identified = caller.has_policies();
        let limits = move |layer| match layer {
            Layer::Trust => true,
            Layer::Identity => !root,
            Layer::Boundary | Layer::Session | Layer::ServiceControl(_) => !root && identified,
        };
        self.layers.iter().filter(move |one| limits(one.layer)).map(|one| (one.layer, one))
    }

    /// Whether no layer limits the caller because it is the root account.
    pub(super) fn exempts(&self, caller: &Caller) -> bool {
        caller.is_root_of(self.owner) && self.layer(Layer::Trust).is_none()
    }

    /// Whether a statement with these principals applies to the caller.
    pub(super) fn is_about(&self, caller: &Caller, layer: Layer, principal: Option<&Principal>) -> bool {
        match principal {
            Some(principal) if layer == Layer::Trust => caller.is_trusted(principal, self.owner),
            Some(principal) => caller.is_named(principal, self.owner),
            None => layer != Layer::Trust && caller.has_policies(),
        }
    }

    /// Returns the "all" form of a pattern of the catalog, with the owner's uin in it.
    pub(super) fn everything(&self, all: &str) -> Option<&str> {
        self.filled().get(all)
    }

    fn filled(&self) -> &Everything {
        self.everything.get_or_init(|| Everything::of(&self.catalog, &self.owner_uin))
    }

    /// Returns the request in the form that policies are compared with.
    pub(super) fn asked<'a>(
        &'a self,
        request: &'a Request,
        known: Option<Action<'a>>,
        resource: &'a str,
    ) -> Asked<'a> {
        let digits = &request.digits;
        let variables = Variables { uin: digits.uin(), owner_uin: &self.owner_uin, app_id: digits.app_id() };
        let app_id = digits.account().filter(|_| request.caller().is_of(self.owner));
        let owner = Owner { uin: &self.account, app_id };
        let last = match resource {
            "*" => 0,
            _ if request.last > 0 => request.last,
            // Returns what the catalog has put in the place of `*`.
            _ => split_segments(resource).map_or(0, |segments| resource.len() - segments[5].len()),
        };
        let respelt = request.respelt.as_deref().filter(|_| last > 0);
        Asked { request, known, resource, last, respelt, owner, variables }
    }

    /// Returns the statements of an effect that match; the same one may come several times.
    pub(super) fn matching<'a>(
        &'a self,
        compiled_layer: &'a CompiledLayer,
        found: &'a Candidates<'a>,
        effect: Effect,
        asked: &'a Asked<'a>,
    ) -> impl Iterator<Item = &'a Compiled> {
        let Candidates { actions, resources } = found;
        // A statement that names both is among the fewer of the two.
        let by_actions = actions.count(effect) <= resources.count(effect);
        let (fewer, other) = if by_actions { (actions, resources) } else { (resources, actions) };
        // If one side has none, no statement has both.
        let fewer = (fewer.count(effect) > 0).then(|| fewer.entries(effect)).into_iter().flatten();
        fewer.flatten().filter_map(move |entry| {
            let compiled = &compiled_layer.statements[entry.statement as usize];
            let policy = &compiled_layer.policies[compiled.policy as usize];
            let statement = &policy.statements()[compiled.statement as usize];
            let action = |at: usize| action_fits(&statement.actions()[at], asked);
            let of_statement = resources_of(compiled_layer.layer, statement);
            let resource = |at: usize| resource_fits(&of_statement[at], asked);
            let at = entry.pattern as usize;
            let both = if by_actions {
                action(at) && names(of_statement.len(), other, effect, entry.statement, resource)
            } else {
                resource(at) && names(statement.actions().len(), other, effect, entry.statement, action)
            };
            let principal = statement.principal().or(policy.principal());
            let matched = both
                && self.is_about(asked.request.caller(), compiled_layer.layer, principal)
                && compiled.tests.iter().all(|test| test.holds(asked));
            matched.then_some(compiled)
        })
    }

    pub(super) fn id(layer: Layer, compiled: &Compiled) -> StatementId {
        StatementId { layer, policy: compiled.policy as usize, statement: compiled.statement as usize }
    }
}

/// Whether one of a statement's patterns matches. A short list is compared one by one; for a long one the index has
/// found the patterns.
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

/// The parts of a layer that may match a request.
pub(super) struct Candidates<'a> {
    actions: Found<'a>,
    resources: Found<'a>,
}

/// Returns the resources of a statement. A role's trust policy names none: it applies to its role.
pub(super) fn resources_of(layer: Layer, statement: &Statement) -> &[ResourcePattern] {
    static ALL: [ResourcePattern; 1] = [ResourcePattern::ALL];
    match statement.resources() {
        [] if layer == Layer::Trust => &ALL,
        resources => resources,
    }
}

impl CompiledLayer {
    #[allow(clippy::cast_possible_truncation, reason = "four billion policies do not fit into memory")]
    fn new(layer: Layer, policies: Vec<(Option<Box<str>>, Policy)>) -> Self {
        let (names, policies): (Vec<_>, Vec<_>) = policies.into_iter().unzip();
        let mut statements = Vec::new();
        for effect in [Effect::Deny, Effect::Allow] {
            for (policy, one) in policies.iter().enumerate() {
                let own = one.statements().iter().enumerate().filter(|(_, one)| one.effect() == effect);
                statements.extend(own.map(|(at, one)| Compiled::new(policy as u32, at as u32, one)));
            }
        }
        Self { layer, policies, names, statements, indexes: OnceLock::new() }
    }

    fn indexes(&self) -> &Indexes {
        self.indexes.get_or_init(|| self.index())
    }

    #[allow(clippy::cast_possible_truncation, reason = "four billion policies do not fit into memory")]
    fn index(&self) -> Indexes {
        let (mut actions, mut resources) = (Builder::default(), Builder::default());
        let mut allows = 0;
        for (at, compiled) in (0..).zip(&self.statements) {
            let statement =
                &self.policies[compiled.policy as usize].statements()[compiled.statement as usize];
            allows += u32::from(statement.effect() == Effect::Deny);
            for (pattern, action) in statement.actions().iter().enumerate() {
                let entry = Entry { statement: at, pattern: pattern as u32 };
                // `*:Name` may match an action of any service.
                let any_service = action.service().is_none();
                let (prefix, whole) = literal_prefix(action.as_str());
                actions.add(if any_service { "" } else { prefix }, whole && !any_service, entry);
            }
            for (pattern, resource) in resources_of(self.layer, statement).iter().enumerate() {
                let entry = Entry { statement: at, pattern: pattern as u32 };
                let last = split_segments(resource.as_str()).map_or("*", |segments| segments[5]);
                let (prefix, whole) = literal_prefix(last);
                resources.add(prefix, whole, entry);
            }
        }
        Indexes { actions: actions.finish(allows), resources: resources.finish(allows) }
    }

    /// Returns the statements as the policies hold them.
    pub(super) fn in_order(&self) -> Vec<&Compiled> {
        let mut all: Vec<&Compiled> = self.statements.iter().collect();
        all.sort_unstable_by_key(|one| (one.policy, one.statement));
        all
    }

    pub(super) fn find<'a>(&'a self, asked: &'a Asked<'a>) -> Candidates<'a> {
        let Indexes { actions, resources } = self.indexes();
        Candidates {
            actions: actions.find(&asked.request.action, None),
            resources: resources.find(asked.last().unwrap_or_default(), asked.respelt),
        }
    }
}

/// Whether everything of a statement matches except what the index has compared already.
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
