//! The parts of an explanation.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::engine::decide::{Decision, ResourceNormalization};
use crate::engine::layer::{Layer, StatementId};
use crate::policy::{Effect, Element, Statement};

/// Explains a decision: what of every statement matches, which statement comes nearest to allowing a denied request,
/// and which changes would allow it.
///
/// `Display` writes a report of a few lines; `{:#}` writes every statement.
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
#[must_use]
pub struct Explanation {
    pub(super) request: String,
    pub(super) decision: Decision,
    pub(super) root: bool,
    pub(super) resource: Box<str>,
    pub(super) normalization: Option<ResourceNormalization>,
    pub(super) statements: Vec<StatementExplanation>,
    pub(super) notes: Vec<Box<str>>,
    /// The APPID that would change the decision.
    pub(super) app_id: Option<u64>,
    pub(super) missing_keys: Vec<Box<str>>,
    pub(super) keys_of_denial: Vec<Box<str>>,
    /// The layers in which no statement allows the request.
    pub(super) refused_by: Vec<Layer>,
    pub(super) identity_alone: bool,
    pub(super) nearest: Vec<NearestMiss>,
    pub(super) changes: Vec<Change>,
    /// What each change allows beyond the request.
    pub(super) opens: Vec<Option<Box<str>>>,
}

/// A change, and what it allows beyond the request.
pub(super) struct Proposal {
    pub(super) change: Change,
    pub(super) opens: Option<Box<str>>,
}

/// The parts of a statement that match a request, and those that do not. See [`Explanation::statements`].
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
    /// The place of the statement in the set.
    pub id: StatementId,
    pub(super) label: Box<str>,
    /// The effect of the statement.
    pub effect: Effect,
    /// Whether the caller is among its principals; also true if the statement has none.
    pub principal: bool,
    /// The number of its first action that matches.
    pub action: Option<usize>,
    /// The number of its first resource that matches, or the one that comes nearest; `Err(None)` if it has no
    /// resources.
    pub resource: Result<usize, Option<ResourceMiss>>,
    /// Its conditions, in order.
    pub conditions: Vec<ConditionExplanation>,
}

impl StatementExplanation {
    /// Whether every part of the statement matches.
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

/// The first difference between a resource of a statement and that of the request.
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
    /// The segment that differs, from left to right `project`, `service`, `region`, `account` or `resource`. It is
    /// `all` if the request is for `*`, which only a `*` matches.
    pub segment: &'static str,
    /// The text of the segment in the statement.
    pub named: Box<str>,
    /// The text of the segment in the request.
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
    /// Whether the condition holds.
    pub holds: bool,
    /// The values of its key in the request; empty if the request lacks the key.
    pub found: Vec<Box<str>>,
}

/// The statement of a layer that comes nearest to allowing a request, and one of its parts that does not match.
///
/// See [`Explanation`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestMiss {
    /// The place of the statement in the set.
    pub id: StatementId,
    pub(super) label: Box<str>,
    pub(super) element: Element,
    pub(super) text: Box<str>,
}

impl NearestMiss {
    /// The element of its policy that does not match. [`Document::span`](crate::document::Document::span) finds it in
    /// the text.
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

/// A change of one statement.
///
/// `Display` names the statement by the policy's name if it has one: see [`PolicySet::named`](crate::engine::PolicySet::named).
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::{Change, PolicySet, Request};
/// # use cam_policy::values::Uin;
/// # let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"deny","action":["*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
/// assert!(matches!(explanation.changes(), [Change::Remove { .. }, Change::Add(_, _)]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Replaces a statement with another.
    Replace {
        /// The statement that goes.
        id: StatementId,
        /// The text by which people know it.
        label: Box<str>,
        /// The statement that comes.
        with: Statement,
    },
    /// Removes a statement.
    Remove {
        /// The statement that goes.
        id: StatementId,
        /// The text by which people know it.
        label: Box<str>,
    },
    /// Adds this statement to the layer, in a policy of its own.
    Add(Layer, Statement),
}

impl Explanation {
    /// Returns the decision.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Decision, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(explanation.decision(), Decision::ImplicitlyDenied);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Returns how the set changed the resource of the request, if it did.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// # let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(explanation.normalization(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn normalization(&self) -> Option<ResourceNormalization> {
        self.normalization
    }

    /// Returns what matches in every statement of every layer, in order.
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

    /// Returns further facts about the decision: whether the action exists, how the set changed the resource, what
    /// this crate assumes, which policies do not belong in their layer, and which denies name the action but do not
    /// match.
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

    /// Returns the APPID in the resource, if the caller was given without an APPID and the decision is another one once the
    /// caller has this one: a policy that leaves the account of a COS resource empty means the account of its creator,
    /// and only the APPID tells which one that is. A [note](Self::notes) says so.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Caller, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "resource":["qcs::cos:::photos-1250000000/*"]}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse()?], Uin::new(100000000001)?);
    /// let caller = Caller::new(Uin::new(100000000002)?);
    /// let of = |caller| Request::new(caller, "cos:GetObject", "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/a");
    /// assert_eq!(set.explain(&of(caller.clone())?).wanted_app_id(), Some(1250000000));
    /// assert!(set.decide(&of(caller.with_app_id(1250000000))?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wanted_app_id(&self) -> Option<u64> {
        self.app_id
    }

    /// Returns the keys without which it is not known whether the request is allowed. CAM is assumed to know `qcs:ip` and
    /// `qcs:current_time` of every request, so one that is given without them is not decided where a statement looks at them
    /// on which the decision depends. A [note](Self::notes) says so.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]},
    ///     {"effect":"deny","action":["*"],"resource":["*"],"condition":{"ip_not_equal":{"qcs:ip":"10.0.0.0/8"}}}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse()?], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.explain(&request).missing_keys(), ["qcs:ip".into()]);
    /// let request = request.with_ip("10.0.0.1".parse()?);
    /// assert!(set.explain(&request).missing_keys().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn missing_keys(&self) -> &[Box<str>] {
        &self.missing_keys
    }

    /// Returns the keys without which it is not known whether the request is denied explicitly or implicitly, where it is
    /// denied in any case. [`missing_keys`](Self::missing_keys) is empty then, and says of which keys CAM is assumed to know.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Decision, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"deny","action":["*"],"resource":["*"],"condition":{"ip_not_equal":{"qcs:ip":"10.0.0.0/8"}}}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse()?], Uin::new(100000000001)?);
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?;
    /// assert_eq!(set.decide(&request).decision(), Decision::ImplicitlyDenied);
    /// assert_eq!(set.explain(&request).keys_of_denial(), ["qcs:ip".into()]);
    /// let request = request.with_ip("192.0.2.1".parse()?);
    /// assert_eq!(set.decide(&request).decision(), Decision::ExplicitlyDenied);
    /// assert!(set.explain(&request).keys_of_denial().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keys_of_denial(&self) -> &[Box<str>] {
        &self.keys_of_denial
    }

    /// Returns the layers in which no statement allows the request; empty if the request is allowed.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{Layer, PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let every = r#"{"version":"2.0","statement":[{"effect":"allow","action":["*"],"resource":["*"]}]}"#.parse()?;
    /// let set = PolicySet::new(&CATALOG, [every], Uin::new(100000000001)?).with_layer(Layer::Boundary, []);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?);
    /// assert_eq!(explanation.refused_by(), [Layer::Boundary]);
    /// assert!(explanation.to_string().contains("no statement of the permission boundary allows it"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refused_by(&self) -> &[Layer] {
        &self.refused_by
    }

    /// For each layer that does not allow the request, returns the allow that comes nearest, if one names the action
    /// or misspells it: one entry for each of its parts that does not match. The list is empty if the request is allowed or a statement denies it.
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

    /// Returns changes that together allow the request; `explain` has verified this. The list is empty if the request
    /// is allowed, or if no policy can name what it asks for.
    ///
    /// No change widens an existing allow. Instead, a new allow for this one action on this one resource is added,
    /// under the conditions of the statement that comes nearest. A condition that does not hold is replaced by one
    /// that holds for the request and for little else. If the request lacks the key of the condition, the new
    /// condition asks that the key is absent. A deny loses the patterns that match. [`opens`](Self::opens) says what
    /// else each change allows, and what to know about it. Whether to make a change is for people to decide.
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

    /// For each of the [`changes`](Self::changes), returns what it allows beyond the request, or a reason not to make
    /// it; `None` if there is neither.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::{PolicySet, Request};
    /// # use cam_policy::values::Uin;
    /// let policy = r#"{"version":"2.0","statement":[{"effect":"deny","action":["cos:*"],"resource":["*"]},
    ///     {"effect":"allow","action":["*"],"resource":["*"]}]}"#;
    /// let set = PolicySet::new(&CATALOG, [policy.parse()?], Uin::new(100000000001)?);
    /// let explanation = set.explain(&Request::new(Uin::new(100000000002)?, "cos:GetObject", "qcs::cos:::b/a")?);
    /// assert_eq!(
    ///     explanation.opens().next().flatten(),
    ///     Some("statement 0 of policy 0 no longer denies `cos:*` on `*`, which is more than the request")
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn opens(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.opens.iter().map(Option::as_deref)
    }
}
