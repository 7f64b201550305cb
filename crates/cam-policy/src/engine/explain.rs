//! Why a request is decided as it is, and what would have to change.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::compile::{Asked, Test, principal_matches, resource_matches};
use super::decide::{Correction, Decision, Outcome};
use super::layer::{Layer, StatementId};
use super::request::{Digits, Request};
use super::set::PolicySet;
use crate::catalog::{Granularity, Pattern};
use crate::document::Element;
use crate::policy::{
    ActionPattern, Condition, ConditionValue, Effect, Policy, ResourcePattern, Statement, ValueKind,
};
use crate::text::{Piece, SEGMENTS, glob, nearest, pieces, split_segments};

/// Why a request is decided as it is: for every statement what of it matches, for a refusal the statement that comes
/// nearest to allowing, and the changes that would allow it.
///
/// Its `Display` is a report of a few lines; `{:#}` tells every statement.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::document::{Document, Element};
/// use cam_policy::engine::{PolicySet, Request};
/// use cam_policy::values::Uin;
///
/// let text = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],
///     "resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;
/// let document = Document::parse(text)?;
/// let set = PolicySet::new(&CATALOG, [document.policy().clone()], Uin::new(100000000001)?);
/// let request = Request::new(
///     Uin::new(100000000002)?,
///     "trtc:RemoveUser",
///     "qcs::trtc::uin/100000000001:sdkappid/1400000002",
/// )?;
///
/// let explanation = set.explain(&request);
/// let miss = &explanation.nearest()[0];
/// assert_eq!(
///     miss.to_string(),
///     "statement 0 of policy 0: `sdkappid/1400000001` is named, the request is for `sdkappid/1400000002`"
/// );
/// let place = document.span(miss.element()).unwrap();
/// assert_eq!(&text[place.range()], "qcs::trtc::uin/100000000001:sdkappid/1400000001");
///
/// let changed = set.with_changes(explanation.changes());
/// assert!(changed.decide(&request).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    request: String,
    outcome: Outcome,
    root: bool,
    resource: Box<str>,
    correction: Option<Correction>,
    statements: Vec<StatementExplanation>,
    notes: Vec<Box<str>>,
    nearest: Vec<NearestMiss>,
    changes: Vec<Change>,
}

/// What of a statement matches a request. See [`Explanation::statements`].
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::{PolicySet, Request};
/// # use cam_policy::values::Uin;
/// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
/// let statement = &explanation.statements()[0];
/// assert!(!statement.matches());
/// assert_eq!(statement.action, None, "`cos:*` does not match the action");
/// assert_eq!(statement.resource, Ok(0), "the first resource, `*`, matches");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementExplanation {
    /// The statement.
    pub id: StatementId,
    /// Its effect.
    pub effect: Effect,
    /// Whether the caller is among its principals; true of a statement without.
    pub principal: bool,
    /// The first of its actions that matches.
    pub action: Option<usize>,
    /// The first of its resources that matches, or the one that comes nearest; `Err(None)` if it has none.
    pub resource: Result<usize, Option<ResourceMiss>>,
    /// Its conditions, in order.
    pub conditions: Vec<ConditionExplanation>,
}

impl StatementExplanation {
    /// Whether all of it matches.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert!(explanation.statements()[0].matches());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches(&self) -> bool {
        self.principal
            && self.action.is_some()
            && self.resource.is_ok()
            && self.conditions.iter().all(|condition| condition.holds)
    }
}

/// Where a resource of a statement parts from that of the request.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::{PolicySet, Request};
/// # use cam_policy::values::Uin;
/// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["qcs::cos:ap-beijing::b/*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "cos:GetObject", "qcs::cos:ap-guangzhou::b/a")?);
/// let Err(Some(miss)) = &explanation.statements()[0].resource else { panic!("no miss") };
/// assert_eq!((miss.segment, &*miss.named, &*miss.asked), ("region", "ap-beijing", "ap-guangzhou"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceMiss {
    /// The resource in the statement, counted from 0.
    pub pattern: usize,
    /// The segment, from left to right `project`, `service`, `region`, `account` or `resource`; `all` if the request is
    /// for `*`, which only a `*` matches.
    pub segment: &'static str,
    /// What the statement names there.
    pub named: Box<str>,
    /// What the request is for.
    pub asked: Box<str>,
}

/// Whether a condition of a statement holds.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::{PolicySet, Request};
/// # use cam_policy::values::Uin;
/// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"],"condition":{"ip_equal":{"qcs:ip":"10.0.0.0/8"}}}]}"#.parse()?], Uin::new(100000000001)?);
/// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.with_ip("192.0.2.1".parse()?);
/// let explanation = set.explain(&request);
/// let condition = &explanation.statements()[0].conditions[0];
/// assert!(!condition.holds);
/// assert_eq!(condition.found, ["192.0.2.1".into()]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConditionExplanation {
    /// Whether it holds.
    pub holds: bool,
    /// The values of its key in the request; none if the request lacks the key.
    pub found: Vec<Box<str>>,
}

/// The statement of a layer that comes nearest to allowing a request, and what of it does not match.
///
/// See [`Explanation`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestMiss {
    /// The statement.
    pub id: StatementId,
    element: Element,
    text: Box<str>,
}

impl NearestMiss {
    /// The element of its policy that does not match, to be found by [`Document::span`](crate::Document::span).
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::document::Element;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["qcs::cos:::b/*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "cos:GetObject", "qcs::cos:::c/a")?);
    /// assert_eq!(explanation.nearest()[0].element(), Element::Resource(0, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn element(&self) -> Element {
        self.element
    }
}

impl fmt::Display for NearestMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.text)
    }
}

/// A change of one statement.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::{Change, PolicySet, Request};
/// # use cam_policy::values::Uin;
/// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
/// assert!(matches!(explanation.changes(), [Change::Remove(_), Change::Add(_, _)]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The statement becomes this one.
    Replace(StatementId, Statement),
    /// The statement goes.
    Remove(StatementId),
    /// The layer gets this statement, in a policy of its own.
    Add(Layer, Statement),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replace(id, statement) => write!(f, "make {id} {statement}"),
            Self::Remove(id) => write!(f, "remove {id}"),
            Self::Add(Layer::Identity, statement) => write!(f, "add {statement}"),
            Self::Add(layer, statement) => write!(f, "add to the {layer} {statement}"),
        }
    }
}

impl Explanation {
    /// What becomes of the request.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Outcome, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(explanation.outcome(), Outcome::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// How the catalog put the resource right, if it did.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(explanation.correction(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn correction(&self) -> Option<Correction> {
        self.correction
    }

    /// Every statement of every layer, in order.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert!(explanation.statements().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statements(&self) -> &[StatementExplanation] {
        &self.statements
    }

    /// What else is to be known: how the resource was put right, what is assumed of it, and which denies name the action
    /// but do not match.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:*"],"resource":["*"]},
    ///     {"effect":"deny","action":["trtc:GetUserList"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse().unwrap()], Uin::new(100000000001).unwrap());
    /// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", "*").unwrap();
    /// assert_eq!(
    ///     &*set.explain(&request).notes()[0],
    ///     "does not deny: statement 1 of policy 0: operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
    /// );
    /// ```
    pub fn notes(&self) -> &[Box<str>] {
        &self.notes
    }

    /// Of each layer that does not allow the request, the allow that comes nearest, if one names the action or nearly
    /// so; none if the request is allowed or explicitly denied.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert!(explanation.nearest().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn nearest(&self) -> &[NearestMiss] {
        &self.nearest
    }

    /// Changes that, all together, would allow the request, which is checked; none if it is allowed, or if no policy
    /// can name what it asks for.
    ///
    /// An allow is changed only where that grants nothing else, otherwise one is added for the one action on the one
    /// resource. A deny loses the patterns that match; where such a pattern is wider than the request, so is the
    /// change. A condition on a key that the request lacks becomes one that holds without it: should the request have
    /// the key in truth, ask again with it. Whether any of this should be done is another question.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Change, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(
    ///     explanation.changes()[0].to_string(),
    ///     r#"add {"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

impl PolicySet<'_> {
    /// Decides a request and says why, and what would allow it. Looks at every statement: for people, not for every
    /// call of a service.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],
    ///     "resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse().unwrap()], Uin::new(100000000001).unwrap());
    /// let request = Request::new(Uin::new(100000000002).unwrap(), "trtc:GetUserList", "*").unwrap();
    /// assert_eq!(
    ///     set.explain(&request).nearest()[0].to_string(),
    ///     "statement 0 of policy 0: operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
    /// );
    /// ```
    pub fn explain(&self, request: &Request) -> Explanation {
        let decision = self.decide(request);
        let mut digits = Digits::default();
        let asked = decision.asked(&mut digits);
        let statements = self.statements(&asked);
        let (nearest, changes) = match decision.outcome {
            Outcome::Allowed => (Vec::new(), Vec::new()),
            _ => self.refused(&decision, &asked, &statements),
        };
        Explanation {
            request: alloc::format!("{}", request.on(decision.resource)),
            notes: self.notes(&decision, &asked, &statements),
            outcome: decision.outcome,
            root: decision.is_root(),
            resource: decision.resource.into(),
            correction: decision.correction,
            statements,
            nearest,
            changes,
        }
    }

    /// The set with statements changed. A policy that loses its last statement keeps its number and says nothing.
    ///
    /// See [`Explanation`] for an example.
    #[must_use]
    pub fn with_changes(&self, changes: &[Change]) -> Self {
        let mut set = self.clone();
        for layer in Layer::ALL {
            let Some(policies) = self.policies(layer) else { continue };
            let mut changed: Vec<Policy> = Vec::with_capacity(policies.len() + 1);
            for (number, policy) in policies.iter().enumerate() {
                let of = |at: usize| StatementId { layer, policy: number, statement: at };
                let kept = policy.statements().iter().enumerate().filter_map(|(at, statement)| {
                    let change = changes.iter().find(|change| match change {
                        Change::Replace(id, _) | Change::Remove(id) => *id == of(at),
                        Change::Add(..) => false,
                    });
                    match change {
                        Some(Change::Replace(_, to)) => Some(to.clone()),
                        Some(_) => None,
                        None => Some(statement.clone()),
                    }
                });
                changed.push(Policy::unchecked(policy.principal().cloned(), kept.collect()));
            }
            for change in changes {
                if let Change::Add(to, statement) = change {
                    if *to == layer {
                        changed.push(Policy::unchecked(None, Vec::from([statement.clone()])));
                    }
                }
            }
            set = set.with_layer(layer, changed);
        }
        set
    }

    fn statements(&self, asked: &Asked<'_>) -> Vec<StatementExplanation> {
        let mut all = Vec::new();
        for (layer, compartment) in self.present() {
            for (number, policy) in compartment.policies.iter().enumerate() {
                for (at, statement) in policy.statements().iter().enumerate() {
                    let id = StatementId { layer, policy: number, statement: at };
                    let principal = statement.principal().or(policy.principal());
                    all.push(StatementExplanation {
                        id,
                        effect: statement.effect(),
                        principal: principal
                            .is_none_or(|principal| principal_matches(principal, asked, &self.account)),
                        action: statement
                            .actions()
                            .iter()
                            .position(|action| action.matches(&asked.request.action)),
                        resource: self.resource(statement, asked),
                        conditions: statement
                            .conditions()
                            .iter()
                            .map(|condition| ConditionExplanation {
                                holds: Test::new(condition).holds(asked),
                                found: asked.request.values(condition.key()).to_vec(),
                            })
                            .collect(),
                    });
                }
            }
        }
        all
    }

    /// The first resource that matches, or the one of which most segments, from the left, do.
    fn resource(&self, statement: &Statement, asked: &Asked<'_>) -> Result<usize, Option<ResourceMiss>> {
        let mut best: Option<(usize, ResourceMiss)> = None;
        for (at, pattern) in statement.resources().iter().enumerate() {
            let miss = match resource_matches(pattern, asked, &self.account) {
                Ok(()) => return Ok(at),
                Err(miss) => miss,
            };
            let named = split_segments(pattern.as_str());
            let (rank, segment, named, found) = match (miss, named, asked.segments()) {
                (Some(segment), Some(named), Some(found)) => {
                    (segment, SEGMENTS[segment], named[segment], found[segment])
                }
                _ => (0, "all", pattern.as_str(), asked.resource),
            };
            if best.as_ref().is_none_or(|(before, _)| rank > *before) {
                let miss = ResourceMiss { pattern: at, segment, named: named.into(), asked: found.into() };
                best = Some((rank, miss));
            }
        }
        Err(best.map(|(_, miss)| miss))
    }

    fn notes(
        &self,
        decision: &Decision<'_>,
        asked: &Asked<'_>,
        statements: &[StatementExplanation],
    ) -> Vec<Box<str>> {
        let mut notes: Vec<Box<str>> = Vec::new();
        if decision.is_root() {
            return notes;
        }
        notes.extend(decision.correction.map(|correction| alloc::format!("{correction}").into()));
        if let (Some(action), Some([_, _, _, _, of, _])) = (asked.known, split_segments(asked.resource)) {
            if action.granularity() == Granularity::Undocumented {
                notes.push(
                    "whether CAM is handed a resource for the action or `*` is not documented: decided on the resource \
                     as given, which is assumed"
                        .into(),
                );
            }
            let of_patterns = action.patterns();
            let fits = |pattern: &Pattern<'_>| {
                let last = |form| split_segments(form).map_or("", |segments| segments[5]);
                let shape = pieces(last(pattern.single)).unwrap_or_default().into_iter();
                let shape: String = shape
                    .map(|(piece, _)| match piece {
                        Piece::Literal(text) => text,
                        Piece::Placeholder(_) => "*",
                    })
                    .collect();
                glob(&shape, last(asked.resource))
            };
            if !of_patterns.is_empty() && !of_patterns.iter().any(|pattern| fits(pattern)) {
                let forms: Vec<&str> = of_patterns.iter().map(|pattern| pattern.single).collect();
                notes.push(
                    alloc::format!(
                        "the resource is none of those documented for the action, `{}`",
                        forms.join("`, `")
                    )
                    .into(),
                );
            }
            if of.starts_with("uin/") && of.len() > 4 && *of != *self.account {
                notes.push(
                    alloc::format!(
                        "the resource is of the account `{of}`, the policies are of `{}`",
                        self.account
                    )
                    .into(),
                );
            }
        }
        for one in statements
            .iter()
            .filter(|one| one.effect == Effect::Deny && one.action.is_some() && !one.matches())
        {
            notes.extend(
                self.miss(one, decision, asked).map(|miss| alloc::format!("does not deny: {miss}").into()),
            );
        }
        notes
    }

    fn refused(
        &self,
        decision: &Decision<'_>,
        asked: &Asked<'_>,
        statements: &[StatementExplanation],
    ) -> (Vec<NearestMiss>, Vec<Change>) {
        let (mut nearest, mut changes) = (Vec::new(), Vec::new());
        let plain = least(asked.request.action(), asked.resource);
        for denied in statements.iter().filter(|one| one.effect == Effect::Deny && one.matches()) {
            changes.extend(self.without(denied.id, asked));
        }
        for (layer, _) in self.present() {
            let of_layer =
                || statements.iter().filter(move |one| one.id.layer == layer && one.effect == Effect::Allow);
            if of_layer().any(StatementExplanation::matches) {
                continue;
            }
            let ranked = of_layer().filter_map(|one| Some((self.distance(one, asked)?, one)));
            let closest = ranked.min_by_key(|(distance, one)| (*distance, one.id)).map(|(_, one)| one);
            let miss = closest.and_then(|one| self.miss(one, decision, asked));
            let change = closest.and_then(|one| self.widened(one, decision, asked));
            changes.extend(change.or_else(|| plain.clone().map(|statement| Change::Add(layer, statement))));
            nearest.extend(miss.filter(|_| decision.outcome == Outcome::ImplicitlyDenied));
        }
        if !self.with_changes(&changes).decide(decision.request()).is_allowed() {
            // A widened statement did not suffice, as when a value of the request cannot be read: add one that does.
            for change in &mut changes {
                let layer = match change {
                    Change::Replace(id, to) if to.effect() == Effect::Allow => id.layer,
                    Change::Add(layer, statement) if statement.effect() == Effect::Allow => *layer,
                    _ => continue,
                };
                if let Some(plain) = &plain {
                    *change = Change::Add(layer, plain.clone());
                }
            }
            if !self.with_changes(&changes).decide(decision.request()).is_allowed() {
                changes.clear();
            }
        }
        (nearest, changes)
    }

    /// How far a statement is from matching: the fewer things are to change, the nearer. `None`: it is about
    /// something else.
    fn distance(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Option<(usize, usize)> {
        let action = match one.action {
            Some(_) => 0,
            None => {
                self.near_action(one.id, asked)?;
                1
            }
        };
        let (resource, left) = match &one.resource {
            Ok(_) => (0, 0),
            Err(Some(miss)) => {
                let at = SEGMENTS.iter().position(|segment| *segment == miss.segment).unwrap_or(0);
                (1, SEGMENTS.len() - at)
            }
            Err(None) => return None,
        };
        let conditions = one.conditions.iter().filter(|condition| !condition.holds).count();
        Some((action + resource + conditions + usize::from(!one.principal), left))
    }

    /// The action of a statement that is spelt nearly as that of the request.
    fn near_action(&self, id: StatementId, asked: &Asked<'_>) -> Option<usize> {
        let statement = self.statement(id)?;
        let (service, name) = asked.request.action().split_once(':')?;
        // Longer names are none of an API, and comparing them costs the product of their lengths.
        let short = |name: &&str| name.len() <= 100;
        short(&name).then_some(())?;
        let own =
            |action: &&ActionPattern| action.service().is_some_and(|of| of.eq_ignore_ascii_case(service));
        let names = statement.actions().iter().filter(own).filter_map(ActionPattern::operation);
        let found = nearest(name, names.filter(short).filter(|name| !name.contains('*')));
        let found = found.first()?;
        statement.actions().iter().position(|action| action.operation() == Some(*found))
    }

    fn miss(
        &self,
        one: &StatementExplanation,
        decision: &Decision<'_>,
        asked: &Asked<'_>,
    ) -> Option<NearestMiss> {
        let statement = self.statement(one.id)?;
        let at = one.id.statement;
        let (element, text) = if !one.principal {
            (Element::StatementPrincipal(at), "the caller is not among its principals".into())
        } else if one.action.is_none() {
            let near = self.near_action(one.id, asked)?;
            let text = alloc::format!(
                "`{}` is named, the request is for `{}`; that names are compared exactly is assumed",
                statement.actions()[near],
                asked.request.action()
            );
            (Element::Action(at, near), text)
        } else if let Err(miss) = &one.resource {
            let miss = miss.as_ref()?;
            let text = match (miss.segment, decision_is_operation_level(asked)) {
                ("all", true) => {
                    "operation-level: the statement names a resource, CAM sends `*`, which only `*` matches"
                        .into()
                }
                ("all", false) => alloc::format!("`{}` is named, the request is for `*`", miss.named),
                ("resource", _) if decision.correction == Some(Correction::AllResources) => alloc::format!(
                    "`{}` is named, the request is for all of them, `{}`",
                    miss.named,
                    miss.asked
                ),
                ("resource", _) => {
                    let case = miss.named != miss.asked && miss.named.eq_ignore_ascii_case(&miss.asked);
                    alloc::format!(
                        "`{}` is named, the request is for `{}`{}",
                        miss.named,
                        miss.asked,
                        if case { "; that upper and lower case differ is assumed" } else { "" }
                    )
                }
                (segment, _) => alloc::format!(
                    "the {segment} segment names `{}`, the request has `{}` there",
                    if miss.named.is_empty() && segment == "account" { &self.account } else { &miss.named },
                    miss.asked
                ),
            };
            (Element::Resource(at, miss.pattern), text)
        } else {
            let number = one.conditions.iter().position(|condition| !condition.holds)?;
            let condition = &statement.conditions()[number];
            let found = &one.conditions[number].found;
            let mut text = if found.is_empty() {
                alloc::format!("{condition}: the request has no `{}`", condition.key())
            } else {
                alloc::format!("{condition}: the request has `{}`", found.join("`, `"))
            };
            let kind = condition.operator().comparison.kind();
            let values = condition.values().iter().map(ConditionValue::as_str);
            for value in values.chain(found.iter().map(|value| &**value)).filter(|value| !kind.reads(value)) {
                let (what, _) = kind.example();
                // Writing to a `String` cannot fail.
                let _ = write!(text, "; `{value}` is not {what}, and is assumed to satisfy nothing");
            }
            (Element::Key(at, number), text)
        };
        Some(NearestMiss { id: one.id, element, text: text.into() })
    }

    /// The statement so widened that it matches, or one beside it under its conditions, whichever grants less;
    /// `None` if a statement without conditions is the better way.
    fn widened(
        &self,
        one: &StatementExplanation,
        decision: &Decision<'_>,
        asked: &Asked<'_>,
    ) -> Option<Change> {
        let statement = self.statement(one.id)?;
        // What is asked on `*` stands in a statement of its own, says CAM's documentation.
        if one.resource.is_err() && (asked.last().is_none() || decision.correction.is_some())
            || !one.principal
        {
            return None;
        }
        let action = asked.request.action();
        // Widening a statement that says more, or that misses in two ways, would grant more than was asked for.
        let [named] = statement.actions() else { return self.beside(one, asked) };
        let mut resources = statement.resources().to_vec();
        let conditions = one.conditions.iter().any(|condition| !condition.holds);
        let resource_alone = resources.len() == 1 && resources[0].as_str() == asked.resource;
        let replace = match (one.action, &one.resource) {
            // The misspelt action becomes the right one.
            (None, Ok(_)) => !conditions,
            (Some(_), Err(_)) if named.as_str() == action && !conditions => {
                resources.push(as_pattern(asked.resource)?);
                true
            }
            (Some(_), Ok(_)) => named.as_str() == action && resource_alone,
            _ => false,
        };
        if !replace {
            return self.beside(one, asked);
        }
        let to = Statement::new::<ActionPattern, _>(Effect::Allow, [action.parse().ok()?], resources);
        Some(Change::Replace(one.id, Self::under(to, statement, one)))
    }

    /// A statement for what was asked alone, under the conditions of this one so widened that they hold.
    fn beside(&self, one: &StatementExplanation, asked: &Asked<'_>) -> Option<Change> {
        let to = least(asked.request.action(), asked.resource)?;
        Some(Change::Add(one.id.layer, Self::under(to, self.statement(one.id)?, one)))
    }

    fn under(mut to: Statement, statement: &Statement, one: &StatementExplanation) -> Statement {
        for (condition, state) in statement.conditions().iter().zip(&one.conditions) {
            if state.holds {
                to = to.with_condition(condition.clone());
            } else if let Some(wider) = wider(condition, &state.found) {
                to = to.with_condition(wider);
            }
        }
        if let Some(principal) = statement.principal() {
            to = to.for_principal(principal.clone());
        }
        to
    }

    /// A deny without what of it matches: what it says of other actions stays, and of other resources. A pattern cannot be
    /// narrowed, it goes whole.
    fn without(&self, id: StatementId, asked: &Asked<'_>) -> Vec<Change> {
        let Some(statement) = self.statement(id) else { return Vec::new() };
        let (hit, resources): (Vec<ResourcePattern>, Vec<_>) = statement
            .resources()
            .iter()
            .cloned()
            .partition(|resource| resource_matches(resource, asked, &self.account).is_ok());
        let (matched, actions): (Vec<ActionPattern>, Vec<_>) =
            statement.actions().iter().cloned().partition(|action| action.matches(asked.request.action()));
        let deny = |actions: Vec<ActionPattern>, resources: Vec<ResourcePattern>| {
            let to = Statement::new(Effect::Deny, actions, resources);
            let to = statement.conditions().iter().cloned().fold(to, Statement::with_condition);
            match statement.principal() {
                Some(principal) => to.for_principal(principal.clone()),
                None => to,
            }
        };
        match (actions.is_empty(), resources.is_empty()) {
            (true, true) => Vec::from([Change::Remove(id)]),
            (false, true) => Vec::from([Change::Replace(id, deny(actions, hit))]),
            (true, false) => Vec::from([Change::Replace(id, deny(matched, resources))]),
            (false, false) => Vec::from([
                Change::Replace(id, deny(statement.actions().to_vec(), resources)),
                Change::Add(id.layer, deny(actions, hit)),
            ]),
        }
    }
}

fn decision_is_operation_level(asked: &Asked<'_>) -> bool {
    asked.known.is_some_and(|action| action.granularity() == Granularity::Operation)
}

/// The least pattern that matches a resource. One that looks like a variable cannot be written out.
fn as_pattern(resource: &str) -> Option<ResourcePattern> {
    resource.replace("${", "*").parse().ok()
}

/// The least statement that allows an action on a resource; `None` if it cannot be written.
pub(super) fn least(action: &str, resource: &str) -> Option<Statement> {
    let action: ActionPattern = action.parse().ok()?;
    Some(Statement::new(Effect::Allow, [action], [as_pattern(resource)?]))
}

/// The condition so widened that it holds; `None` if only leaving it away will do.
fn wider(condition: &Condition, found: &[Box<str>]) -> Option<Condition> {
    let operator = condition.operator();
    if found.is_empty() {
        let absent = operator.comparison.kind() == ValueKind::Presence;
        return (!absent).then(|| condition.clone().if_exist());
    }
    let listed = matches!(operator.comparison.kind(), ValueKind::Text | ValueKind::Ip | ValueKind::Binary);
    if operator.comparison.is_negated() || !listed {
        return None;
    }
    let new = found.iter().filter(|value| condition.values().iter().all(|one| one.as_str() != &***value));
    let new = new.map(|value| ConditionValue::Text(value.clone()));
    Some(Condition::unchecked(operator, condition.key(), condition.values().iter().cloned().chain(new)))
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.outcome, self.request)?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        if self.root {
            writeln!(f, "because: the root account is not subject to policies")?;
        }
        let decisive = match self.outcome {
            Outcome::Allowed => Some(Effect::Allow),
            Outcome::ExplicitlyDenied => Some(Effect::Deny),
            Outcome::ImplicitlyDenied => None,
        };
        for one in &self.statements {
            if !self.root && Some(one.effect) == decisive && one.matches() {
                writeln!(
                    f,
                    "because: {} {}",
                    one.id,
                    if one.effect == Effect::Allow { "allows it" } else { "denies it" }
                )?;
            }
        }
        if self.outcome == Outcome::ImplicitlyDenied && self.nearest.is_empty() {
            writeln!(f, "because: no statement allows it")?;
        }
        for miss in &self.nearest {
            writeln!(f, "nearest: {miss}")?;
        }
        for change in &self.changes {
            writeln!(f, "to allow it, should it be: {change}")?;
        }
        if f.alternate() {
            for one in &self.statements {
                writeln!(f, "{one}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for StatementExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |holds: bool| if holds { "yes" } else { "no" };
        write!(f, "{}, {}: action {}", self.id, self.effect, word(self.action.is_some()))?;
        match &self.resource {
            Ok(_) => f.write_str(", resource yes")?,
            Err(None) => f.write_str(", resource no: it names none")?,
            Err(Some(miss)) if miss.segment == "all" => {
                write!(f, ", resource no: `{}` is named, `*` asked for", miss.named)?;
            }
            Err(Some(miss)) => write!(
                f,
                ", resource no: in the {} segment `{}` is named, `{}` asked for",
                miss.segment, miss.named, miss.asked
            )?,
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            write!(f, ", condition {at} {}", word(condition.holds))?;
            match condition.found.as_slice() {
                [] => f.write_str(" (key absent)")?,
                found => write!(f, " ({})", found.join(", "))?,
            }
        }
        if !self.principal {
            f.write_str(", principal no")?;
        }
        Ok(())
    }
}
