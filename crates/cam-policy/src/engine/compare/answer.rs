//! The answers of `grants` and `compare`, as values and as text.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::automaton::BudgetExceeded;
use crate::engine::caller::Caller;
use crate::engine::layer::StatementId;
use crate::engine::request::Request;
use crate::policy::{ActionPattern, Condition, ResourcePattern, is_covered};
use crate::text::debug_as_display;

/// Requests that the same statements of a policy set allow: actions on resources, under conditions.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::PolicySet;
/// use cam_policy::values::Uin;
///
/// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["cos:*"],"resource":["qcs::cos:::b/*"]},
///     {"effect":"deny","action":["cos:Delete*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let grants = set.grants(Uin::new(100000000002)?)?;
/// assert_eq!(grants.len(), 1);
/// assert_eq!(grants[0].to_string(), "cos:* on qcs::cos:::b/* by statement 0 of policy 0, except what statement 1 of policy 0 denies");
/// assert!(set.decide(&grants[0].witness).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// The actions of the catalog, in its order, then the patterns of the statement that also match actions that the
    /// catalog does not have. Each action is allowed on at least one of the resources, not necessarily on all:
    /// [`PolicySet::grants_on`](crate::engine::PolicySet::grants_on) answers for single ones. It lists the part that was asked
    /// for: of `trtc:*`, `trtc:Remove*`.
    pub actions: Vec<ActionPattern>,
    /// The actions that were asked for, if one of `actions` also matches others and no single pattern is known that both match.
    /// The grant is of those actions alone that this pattern matches.
    pub only: Option<ActionPattern>,
    /// The resources that were asked for, unless these are all or CAM receives `*` for the action. The grant is of those
    /// resources alone.
    pub only_on: Option<ResourcePattern>,
    /// The statements that allow it together, one for each layer.
    pub parts: Vec<GrantPart>,
    /// The conditions of these statements. All must be true.
    pub conditions: Vec<Condition>,
    /// The statements that deny a part of these requests.
    pub except: Vec<StatementId>,
    /// The labels of the statements that deny a part of these requests, for people.
    pub(super) except_labels: Vec<Box<str>>,
    /// In a comparison: the denies of the other set. Its allows grant these requests, and nothing but these denies takes
    /// them away. Empty where the allows of the other set do not grant a request.
    pub denied: Vec<GrantPart>,
    /// One of these requests.
    pub witness: Request,
    /// Who has it: the caller that is asked for. In the answer of
    /// [`compare_for_all`](crate::engine::PolicySet::compare_for_all), all that it looks at.
    pub callers: Vec<Caller>,
}

/// A statement of a [`Grant`].
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::PolicySet;
/// # use cam_policy::values::Uin;
/// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],
///     "resource":["qcs::cos:::b/*","qcs::trtc:::sdkappid/1"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let grants = set.grants(Uin::new(100000000002)?)?;
/// assert_eq!(grants[0].parts[0].resources, ["qcs::trtc:::sdkappid/1".parse()?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GrantPart {
    /// The statement.
    pub statement: StatementId,
    /// The label of the statement, for people: see [`PolicySet::label`](crate::engine::PolicySet::label).
    pub label: Box<str>,
    /// Those of its resource patterns that match a request of the grant. Each statement of the grant must match a request.
    pub resources: Vec<ResourcePattern>,
    /// The conditions of the statement.
    pub conditions: Vec<Condition>,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(f, "", " of the other set")
    }
}

/// What `Display` writes of a grant, with another name for the set whose denies it names.
struct Told<'g> {
    grant: &'g Grant,
    of_other: &'g str,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.grant.tell(f, "", self.of_other)
    }
}

/// The most actions and resources that a text names.
const NAMED: usize = 5;

impl Grant {
    /// Returns lists of resources. The resource of a request of this grant matches one of each list.
    ///
    /// There is a list for each of its [`parts`](Self::parts), one for what is [`denied`](Self::denied), and one for what was
    /// [asked for](Self::only_on), without those that follow from another one.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let allow = r#"{"effect":"allow","action":["cos:*"],"resource":["*"]}"#;
    /// let deny = r#"{"effect":"deny","action":["cos:GetObject"],"resource":["qcs::cos:::secret/*"]}"#;
    /// let set = |statements: String| -> Result<_, Box<dyn std::error::Error>> {
    ///     let policy = format!(r#"{{"version":"2.0","statement":[{statements}]}}"#).parse()?;
    ///     Ok(PolicySet::new(&CATALOG, [policy], owner))
    /// };
    /// let difference = set(format!("{allow},{deny}"))?.compare(&set(allow.into())?, Uin::new(100000000002)?)?;
    /// assert_eq!(difference.gained[0].resources(), [["qcs::cos:::secret/*".parse()?]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resources(&self) -> Vec<Vec<ResourcePattern>> {
        let mut lists: Vec<Vec<ResourcePattern>> =
            self.parts.iter().map(|part| part.resources.clone()).collect();
        let mut denied: Vec<ResourcePattern> = Vec::new();
        for resource in self.denied.iter().flat_map(|part| &part.resources) {
            if !denied.contains(resource) {
                denied.push(resource.clone());
            }
        }
        let follows = |from: &[ResourcePattern], list: &[ResourcePattern]| {
            from.iter().all(|one| list.iter().any(|wide| is_covered(one, wide)))
        };
        let asked = self.only_on.iter().cloned().collect();
        for limit in [denied, asked].into_iter().filter(|limit: &Vec<_>| !limit.is_empty()) {
            lists.retain(|list| !follows(&limit, list));
            if lists.iter().all(|list| !follows(list, &limit)) {
                lists.push(limit);
            }
        }
        lists
    }

    /// Whether another grant has the same actions by the same statements, for whichever callers.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::PolicySet;
    /// # use cam_policy::values::Uin;
    /// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
    ///     "resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
    /// let [one, other] = [set.grants(Uin::new(100000000002)?)?, set.grants(Uin::new(100000000003)?)?];
    /// assert!(one[0].is_same_access(&other[0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_same_access(&self, other: &Self) -> bool {
        self.parts == other.parts && self.actions == other.actions && self.denied == other.denied
    }

    /// Whether this grant says all that another one says of the denies of the other set: the same denies, of the same actions and
    /// resources.
    ///
    /// An allow that is narrower than a deny, or has conditions, does not: whoever has another policy gains more.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::{Grant, PolicySet};
    /// use cam_policy::values::Uin;
    ///
    /// let statement = |effect: &str, resource: &str| {
    ///     format!(r#"{{"effect":"{effect}","action":["cos:GetObject"],"resource":["{resource}"]}}"#)
    /// };
    /// let set = |statements: &[String]| {
    ///     let policy = format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(",")).parse().unwrap();
    ///     PolicySet::new(&CATALOG, [policy], Uin::new(100000000001).unwrap())
    /// };
    /// // What is gained where the deny of every object goes beside an allow.
    /// let gained = |resource: &str| -> Result<Grant, cam_policy::engine::AccessError> {
    ///     let (allow, deny) = (statement("allow", resource), statement("deny", "*"));
    ///     let caller = Uin::new(100000000002).unwrap();
    ///     Ok(set(&[allow.clone(), deny]).compare(&set(&[allow]), caller)?.gained.remove(0))
    /// };
    /// let (narrow, wide) = (gained("qcs::cos:::a/*")?, gained("*")?);
    /// assert!(wide.tells_denies_of(&narrow) && !narrow.tells_denies_of(&wide));
    /// # Ok::<(), cam_policy::engine::AccessError>(())
    /// ```
    pub fn tells_denies_of(&self, other: &Self) -> bool {
        // These are the resources of the denies, unless the allow has not all of them.
        let [told] = &self.resources()[..] else { return false };
        let tells = |part: &GrantPart| {
            self.denied.iter().any(|own| {
                own.statement == part.statement
                    && part.resources.iter().all(|one| own.resources.contains(one) && told.contains(one))
            })
        };
        self.conditions.is_empty()
            && other.actions.iter().all(|one| self.actions.contains(one))
            && other.denied.iter().all(tells)
    }

    /// Returns the text of the grant, in which denies of the other set have this addition, such as ` of the old policy`.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::engine::PolicySet;
    /// # use cam_policy::values::Uin;
    /// let set = |effects: &[&str]| {
    ///     let one = |effect| format!(r#"{{"effect":"{effect}","action":["cos:GetObject"],"resource":["*"]}}"#);
    ///     let all: Vec<String> = effects.iter().map(one).collect();
    ///     let policy = format!(r#"{{"version":"2.0","statement":[{}]}}"#, all.join(",")).parse().unwrap();
    ///     PolicySet::new(&CATALOG, [policy], Uin::new(100000000001).unwrap())
    /// };
    /// let difference = set(&["allow", "deny"]).compare(&set(&["allow"]), Uin::new(100000000002)?)?;
    /// assert_eq!(
    ///     difference.gained[0].beside(" of the old policy").to_string(),
    ///     "cos:GetObject on * by statement 0 of policy 0, which statement 1 of policy 0 of the old policy denies"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn beside<'g>(&'g self, of_other: &'g str) -> impl fmt::Display + use<'g> {
        Told { grant: self, of_other }
    }

    /// `of` says whose statements they are, and `of_other` whose the denies of the other set are.
    fn tell(&self, f: &mut fmt::Formatter<'_>, of: &str, of_other: &str) -> fmt::Result {
        some(f, &self.actions, "actions")?;
        if let Some(only) = &self.only {
            write!(f, ", of which those that {only} matches,")?;
        }
        f.write_str(" on ")?;
        for (at, resources) in self.resources().iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " and " })?;
            some(f, resources, "resources")?;
        }
        f.write_str(" by ")?;
        let by: Vec<&str> = self.parts.iter().map(|part| &*part.label).collect();
        join(f, &by, " and ")?;
        f.write_str(of)?;
        if !self.conditions.is_empty() {
            f.write_str(" if ")?;
            join(f, &self.conditions, " and ")?;
        }
        for (at, part) in self.denied.iter().enumerate() {
            write!(f, "{}{}{of_other}", if at == 0 { ", which " } else { " and " }, part.label)?;
            if !part.conditions.is_empty() {
                f.write_str(", if ")?;
                join(f, &part.conditions, " and ")?;
                f.write_str(",")?;
            }
        }
        if !self.denied.is_empty() {
            f.write_str(if self.denied.len() == 1 { " denies" } else { " deny" })?;
        }
        if !self.except.is_empty() {
            f.write_str(", except what ")?;
            join(f, &self.except_labels, ", ")?;
            f.write_str(of)?;
            f.write_str(if self.except.len() == 1 { " denies" } else { " deny" })?;
        }
        Ok(())
    }
}

/// Writes a list: a single item alone, else the number of items and the first of them.
fn some<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], what: &str) -> fmt::Result {
    if items.len() == 1 {
        return join(f, items, "");
    }
    write!(f, "{} {what} (", items.len())?;
    join(f, &items[..items.len().min(NAMED)], ", ")?;
    f.write_str(if items.len() > NAMED { ", …)" } else { ")" })
}

fn join<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at == 0 { "" } else { between })?;
    }
    Ok(())
}

/// What one policy set allows and another does not. See [`PolicySet::compare`](crate::engine::PolicySet::compare).
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::PolicySet;
/// # use cam_policy::values::Uin;
/// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
/// assert!(set.compare(&set, Uin::new(100000000002)?)?.is_empty());
///
/// let with = set.clone().with_layer(cam_policy::engine::Layer::Identity, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["cos:GetObject"],"resource":["*"]}]}"#.parse()?]);
/// let difference = set.compare(&with, Uin::new(100000000002)?)?;
/// assert!(difference.to_string().starts_with(
///     "gained: something of cos:GetObject on * by statement 0 of policy 0 of the second set, such as\n"
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Difference {
    /// What the allows of the second set grant and the first set does not, each with a request that shows it.
    pub gained: Vec<Grant>,
    /// What the allows of the first set grant and the second set does not, each with a request that shows it.
    pub lost: Vec<Grant>,
}

impl Difference {
    /// Whether both sets allow exactly the same requests.
    ///
    /// ```
    /// assert!(cam_policy::engine::Difference::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (" of the first set", " of the second set");
        for (word, of, of_other, grants) in
            [("gained", second, first, &self.gained), ("lost", first, second, &self.lost)]
        {
            for grant in grants {
                // The allow may also match requests that the other set allows.
                write!(f, "{word}: something of ")?;
                grant.tell(f, of, of_other)?;
                writeln!(f, ", such as\n  {}", grant.witness)?;
            }
        }
        Ok(())
    }
}

/// Error from `grants` or `compare`: the search cannot decide what a policy set allows.
///
/// ```
/// # use cam_policy::engine::AccessError;
/// let error = AccessError::MixedKey { key: "a:b".into() };
/// assert_eq!(
///     error.to_string(),
///     "conditions compare `a:b` both as text and as number, time or address: which values it can have is not known"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessError {
    /// Conditions compare a key both as text and as a number, time or address.
    MixedKey {
        /// The key.
        key: Box<str>,
    },
    /// The caller is the root account, which is not subject to policies and may do everything.
    Root,
    /// The two sets belong to different accounts.
    OtherOwner,
    /// The two sets use different catalogs.
    OtherCatalog,
    /// A policy has `${app_id}`, and the caller has no APPID: see [`Caller`](crate::engine::Caller).
    AppId,
    /// The evaluator and the search decide a request differently. This is a bug of this crate: please report it.
    Unconfirmed {
        /// The request.
        request: Box<Request>,
    },
    /// The policies have too many cases for the search. Only policies made for that purpose have so many.
    TooComplex,
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MixedKey { key } => write!(
                f,
                "conditions compare `{key}` both as text and as number, time or address: which values it can have is \
                 not known"
            ),
            Self::Root => f.write_str("the root account is not subject to policies: it may do everything"),
            Self::OtherOwner => f.write_str("the policies are of different accounts"),
            Self::OtherCatalog => f.write_str("the policies are decided by different catalogs"),
            Self::AppId => f.write_str("a policy says `${app_id}`, and the APPID of the caller is not given"),
            Self::Unconfirmed { request } => write!(
                f,
                "a request was found that is decided otherwise than expected, which is a bug of cam-policy: {request}"
            ),
            Self::TooComplex => f.write_str("the patterns of the policies make too many cases"),
        }
    }
}

debug_as_display!(AccessError);

impl core::error::Error for AccessError {}

impl From<BudgetExceeded> for AccessError {
    fn from(BudgetExceeded: BudgetExceeded) -> Self {
        Self::TooComplex
    }
}
