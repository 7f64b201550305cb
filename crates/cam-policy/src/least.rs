//! Policies that grant what is asked for and nothing more.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::catalog::{AccessLevel, Action, Catalog, Granularity};
use crate::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
use crate::text::{Piece, debug_as_display, each_piece, nearest, split_segments};

/// A policy that grants what was asked for, and what its reader must know.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::least::{Call, LeastPolicy};
///
/// let application = "qcs::trtc::uin/100000000001:sdkappid/1400000001".parse()?;
/// let calls = [Call::new("trtc:RemoveUser".parse()?, application), Call::anywhere("trtc:GetUserList".parse()?)];
/// let least = LeastPolicy::for_calls(&CATALOG, &calls)?;
/// assert_eq!(
///     least.policy.to_string(),
///     concat!(
///         r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:RemoveUser"],"#,
///         r#""resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]},"#,
///         r#"{"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}]}"#
///     )
/// );
/// assert_eq!(
///     &*least.notes[0],
///     "`trtc:GetUserList` is granted on `*`: it is operation-level, and CAM grants it on every resource or on none"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeastPolicy {
    /// The policy. Resource-level actions stand in statements that name resources, operation-level actions in one of
    /// their own.
    pub policy: Policy,
    /// What a reader must know: each `*` and why it is there, and what was left out.
    pub notes: Vec<Box<str>>,
}

/// An action and the resource that it is called on.
///
/// ```
/// use cam_policy::least::Call;
///
/// let call = Call::anywhere("trtc:GetUserList".parse()?);
/// assert_eq!(call.action().as_str(), "trtc:GetUserList");
/// assert_eq!(call.resource(), None);
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    action: ActionPattern,
    resource: Option<ResourcePattern>,
    seen: bool,
    listed: bool,
    everywhere: bool,
}

impl Call {
    /// A call on a resource.
    ///
    /// ```
    /// # use cam_policy::least::Call;
    /// let call = Call::new("cos:GetObject".parse()?, "qcs::cos:::b-1250000000/*".parse()?);
    /// assert!(call.resource().is_some());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn new(action: ActionPattern, resource: ResourcePattern) -> Self {
        Self { action, resource: Some(resource), seen: false, listed: false, everywhere: false }
    }

    /// A call of which no resource is known. It can be granted only if the action is operation-level.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::least::{Call, LeastPolicy};
    /// let error = LeastPolicy::for_calls(&CATALOG, &[Call::anywhere("trtc:RemoveUser".parse()?)]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`trtc:RemoveUser` is resource-level: name the resource, such as `qcs::trtc::uin/<uin>:sdkappid/<SdkAppId>`\n"
    /// );
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn anywhere(action: ActionPattern) -> Self {
        Self { action, resource: None, seen: false, listed: false, everywhere: false }
    }

    /// Says that CAM itself has printed the resource. It is better evidence than the catalog.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::least::{Call, LeastPolicy};
    /// let call = Call::new("trtc:RemoveUser".parse()?, "*".parse()?);
    /// assert!(LeastPolicy::for_calls(&CATALOG, &[call.clone()]).is_err());
    /// assert!(LeastPolicy::for_calls(&CATALOG, &[call.seen()]).is_ok());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    #[must_use]
    pub fn seen(self) -> Self {
        Self { seen: true, ..self }
    }

    /// Says that the action exists, whatever the catalog says of its service.
    ///
    /// ```
    /// # use cam_policy::catalog::Catalog;
    /// # use cam_policy::least::{Call, LeastPolicy};
    /// let call = Call::new("trtc:CreateAudioModerationSync".parse()?, "*".parse()?).listed();
    /// assert!(LeastPolicy::for_calls(&Catalog::EMPTY, &[call]).is_ok());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    #[must_use]
    pub fn listed(self) -> Self {
        Self { listed: true, ..self }
    }

    /// Says that the call is to be granted on `*` if it names no resource, although one may limit it.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// # use cam_policy::least::{Call, LeastPolicy};
    /// let call = Call::anywhere("trtc:RemoveUser".parse()?).everywhere();
    /// let least = LeastPolicy::for_calls(&CATALOG, &[call]).unwrap();
    /// assert!(least.policy.statements()[0].resources()[0].is_all());
    /// assert_eq!(
    ///     &*least.notes[0],
    ///     "`trtc:RemoveUser` is granted on `*`: it is asked for on every resource; `qcs::trtc::uin/<uin>:sdkappid/<SdkAppId>` \
    ///      would limit it"
    /// );
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    #[must_use]
    pub fn everywhere(self) -> Self {
        Self { everywhere: true, ..self }
    }

    /// Returns the action.
    pub fn action(&self) -> &ActionPattern {
        &self.action
    }

    /// Returns the resource; `None` if it is not known.
    pub fn resource(&self) -> Option<&ResourcePattern> {
        self.resource.as_ref()
    }
}

/// What is granted on resources, to be asked of [`LeastPolicy::for_resources`].
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::least::{Access, LeastPolicy};
///
/// let application = "qcs::trtc::uin/100000000001:sdkappid/1400000001".parse()?;
/// let unknown = Access { levels: vec![None], ..Access::default() };
/// let least = LeastPolicy::for_resources(&CATALOG, &[application], &unknown)?;
/// assert_eq!(least.policy.statements()[0].actions().len(), 2);
/// assert_eq!(&*least.notes[0], "1 operation-level action of `trtc` is left out: no resource can limit it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The access levels, of which `None` is the unknown one; an empty list means all.
    pub levels: Vec<Option<AccessLevel>>,
    /// Whether operation-level actions of the same services and levels are granted too, on every resource.
    pub operation_level: bool,
}

/// Actions by the resources that they are granted on.
#[derive(Default)]
struct Grants {
    named: BTreeMap<ActionPattern, BTreeSet<ResourcePattern>>,
    /// Those that are granted on `*`, by the reason.
    everywhere: BTreeMap<Why, BTreeSet<ActionPattern>>,
}

/// Why an action is granted on `*`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    OperationLevel,
    Undocumented,
    Unknown,
    Seen,
    Asked,
    AskedSome,
    AskedUnknown,
    SomeUnknown,
}

impl Why {
    const fn text(self) -> &'static str {
        match self {
            Self::OperationLevel => "operation-level, and CAM grants it on every resource or on none",
            Self::Undocumented => {
                "not on the permission page of its service, so it is not documented whether a resource can limit it"
            }
            Self::Unknown => "not in the catalog, and the call names `*`",
            Self::Asked => "asked for on every resource",
            Self::AskedSome => {
                "asked for on every resource, and a resource can limit some of the actions that it matches"
            }
            Self::SomeUnknown => "unknown whether a resource can limit all that it matches",
            Self::AskedUnknown => {
                "asked for on every resource, and not in the catalog, so it is unknown whether a resource can limit it"
            }
            Self::Seen => "resource-level by the catalog, but CAM itself has printed `*` for it",
        }
    }
}

impl LeastPolicy {
    /// Writes the policy that grants these calls and nothing more.
    ///
    /// An action that the catalog does not have is granted on the resource that the call names. A pattern of actions is
    /// granted on it, too; on `*` it is judged by the actions that it matches.
    ///
    /// # Errors
    ///
    /// [`LeastError`] has every call that cannot be granted as it was asked for: a resource-level action without a
    /// resource, a resource that cannot limit the action, and an action that its service does not have.
    pub fn for_calls(catalog: &Catalog<'_>, calls: &[Call]) -> Result<Self, LeastError> {
        let mut problems = Problems::default();
        let mut notes = Vec::new();
        let mut grants = Grants::default();
        for call in calls {
            let name = call.action.as_str();
            let call = &without_project(call, &mut notes);
            let on_all = call.resource.as_ref().is_none_or(|resource| resource.is_all());
            let Some(action) = catalog.action(name) else {
                let of_service = call.action.service().and_then(|id| catalog.service(id));
                let complete = of_service.filter(|service| service.complete == Some(true));
                match (complete, &call.resource) {
                    _ if name.contains('*') => {
                        pattern(catalog, call, complete.is_some(), &mut grants, &mut problems, &mut notes);
                    }
                    (Some(service), _) if !call.listed => {
                        let names = service.actions().map(|action| action.name());
                        let near = nearest(call.action.operation().unwrap_or_default(), names);
                        let near = near.first().map_or(String::new(), |near| format!(": near it is `{}:{near}`", service.id));
                        problems.add(format!("`{}` has no action `{name}`{near}", service.id));
                    }
                    (_, None) if call.everywhere => {
                        grants.on(call.action.clone(), &ResourcePattern::ALL, Why::AskedUnknown);
                    }
                    (_, None) => problems.add(format!(
                        "the catalog does not have `{name}`, so its granularity is unknown: name the resource, or `*`"
                    )),
                    (_, Some(resource)) => grants.on(call.action.clone(), resource, Why::Unknown),
                }
                continue;
            };
            match (action.granularity(), &call.resource) {
                (Granularity::Operation, Some(resource)) if call.seen && !on_all => {
                    notes.push(
                        format!("`{name}` is operation-level by the catalog, but CAM itself has printed `{resource}` for it")
                            .into(),
                    );
                    grants.on(call.action.clone(), resource, Why::Seen);
                }
                (Granularity::Operation, _) => {
                    grants.on(call.action.clone(), &ResourcePattern::ALL, Why::OperationLevel);
                }
                (Granularity::Resource, _) if on_all && call.seen => {
                    grants.on(call.action.clone(), &ResourcePattern::ALL, Why::Seen);
                }
                (Granularity::Resource, _) if on_all && call.everywhere => {
                    grants.on(call.action.clone(), &ResourcePattern::ALL, Why::Asked);
                }
                (Granularity::Resource, _) if on_all => {
                    let forms = forms(action);
                    let such_as = if forms.is_empty() { String::new() } else { format!(", such as {forms}") };
                    let asked = if call.resource.is_some() {
                        "name the resources in place of `*`"
                    } else {
                        "name the resource"
                    };
                    problems.add(format!("`{name}` is resource-level: {asked}{such_as}"));
                }
                (Granularity::Resource, Some(resource))
                    if !call.seen && resource.meets(action) == Some(false) =>
                {
                    problems
                        .add(format!("`{resource}` cannot limit `{name}`, which takes {}", forms(action)));
                }
                (_, Some(resource)) => {
                    if action.granularity() == Granularity::Undocumented && !resource.is_all() {
                        notes.push(unknown_granularity(action, resource));
                    }
                    grants.on(call.action.clone(), resource, Why::Undocumented);
                }
                (_, None) => grants.on(call.action.clone(), &ResourcePattern::ALL, Why::Undocumented),
            }
            credentials(action, &mut notes);
        }
        problems.done()?;
        grants.write(catalog, notes)
    }

    /// Writes the policy that grants all actions of some access levels which these resources can limit.
    ///
    /// Removed actions are left out. Operation-level actions are left out too, with a note, unless they are
    /// [asked for](Access::operation_level).
    ///
    /// # Errors
    ///
    /// [`LeastError`] has every resource that no such action can be limited to.
    ///
    /// See [`Access`] for an example.
    pub fn for_resources(
        catalog: &Catalog<'_>,
        resources: &[ResourcePattern],
        access: &Access,
    ) -> Result<Self, LeastError> {
        let has_level =
            |action: &Action<'_>| access.levels.is_empty() || access.levels.contains(&action.access_level());
        let mut problems = Problems::default();
        let mut notes: Vec<Box<str>> = Vec::new();
        let mut grants = Grants::default();
        let mut services: BTreeSet<&str> = BTreeSet::new();
        for resource in resources {
            let bare = resource.without_project();
            if bare.is_some() {
                notes.push(project_left_out(resource));
            }
            let resource = bare.as_ref().unwrap_or(resource);
            let Some(segments) = split_segments(resource.as_str()) else {
                problems.add("`*` is every resource: name some, or name the actions".into());
                continue;
            };
            let Some(service) = catalog.service(segments[2]) else {
                let near = nearest(segments[2], catalog.services.iter().map(|service| service.id));
                let near = near.first().map_or(String::new(), |near| format!(", near it is `{near}`"));
                problems.add(format!(
                    "the catalog does not have the service `{}` of `{resource}`{near}: name the actions",
                    segments[2]
                ));
                continue;
            };
            services.insert(service.id);
            let limited = || {
                catalog
                    .actions()
                    .filter(|action| action.removed().is_none() && resource.meets(*action) == Some(true))
            };
            let mut any = false;
            for action in limited().filter(has_level) {
                any = true;
                grants.on(ActionPattern::of(action), resource, Why::OperationLevel);
                credentials(action, &mut notes);
            }
            let unknown =
                limited().filter(|action| action.access_level().is_none() && !has_level(action)).count();
            let unknown = match unknown {
                0 => String::new(),
                1 => "1 action that it can limit is left out: its access level is unknown".into(),
                _ => {
                    format!("{unknown} actions that it can limit are left out: their access level is unknown")
                }
            };
            if !any {
                let of = if access.levels.is_empty() { "" } else { " with one of the access levels" };
                let but = if unknown.is_empty() { String::new() } else { format!("; {unknown}") };
                problems
                    .add(format!("no action of `{}`{of} can be limited to `{resource}`{but}", service.id));
            } else if !unknown.is_empty() {
                notes.push(format!("`{resource}`: {unknown}").into());
            }
        }
        for service in services.into_iter().filter_map(|id| catalog.service(id)) {
            let others: Vec<Action<'_>> = service
                .actions()
                .filter(|action| action.granularity() == Granularity::Operation && action.removed().is_none())
                .filter(has_level)
                .collect();
            if access.operation_level {
                for action in others {
                    grants.on(ActionPattern::of(action), &ResourcePattern::ALL, Why::OperationLevel);
                    credentials(action, &mut notes);
                }
            } else if !others.is_empty() {
                let (plural, verb, them) =
                    if others.len() == 1 { ("", "is", "it") } else { ("s", "are", "them") };
                notes.push(
                    format!(
                        "{} operation-level action{plural} of `{}` {verb} left out: no resource can limit {them}",
                        others.len(),
                        service.id
                    )
                    .into(),
                );
            }
        }
        problems.done()?;
        grants.write(catalog, notes)
    }
}

/// Grants a pattern of actions. On `*`, it is resource-level if it matches a resource-level action.
fn pattern(
    catalog: &Catalog<'_>,
    call: &Call,
    is_complete: bool,
    grants: &mut Grants,
    problems: &mut Problems,
    notes: &mut Vec<Box<str>>,
) {
    let name = call.action.as_str();
    let matched: Vec<Action<'_>> =
        call.action.actions(catalog).filter(|action| action.removed().is_none()).collect();
    let mut of_secrets = matched.iter().filter(|action| action.exposes_credentials() == Some(true));
    if let Some(first) = of_secrets.next() {
        let returns = "a secret, a signature or a temporary key";
        let which = match of_secrets.count() {
            0 => format!("`{first}`, which returns {returns}"),
            more => format!(
                "`{first}` and {more} more actions of which the catalog states that they return {returns}"
            ),
        };
        notes.push(format!("`{name}` matches {which}").into());
    }
    if let Some(resource) = call.resource.as_ref().filter(|resource| !resource.is_all()) {
        return grants.on(call.action.clone(), resource, Why::Unknown);
    }
    let mut limited = matched.iter().filter(|action| action.granularity() == Granularity::Resource);
    let why = if let Some(first) = limited.next() {
        if !call.everywhere {
            let which = match limited.count() {
                0 => format!("the resource-level action `{first}`"),
                more => format!("{} resource-level actions, such as `{first}`", more + 1),
            };
            let forms = forms(*first);
            let such_as = if forms.is_empty() { String::new() } else { format!(", such as {forms}") };
            return problems.add(format!("`{name}` matches {which}: name the resource{such_as}"));
        }
        Why::AskedSome
    } else if matched.is_empty() && is_complete && !call.listed {
        return problems.add(format!("no action of its service matches `{name}`"));
    } else if is_complete
        && !matched.is_empty()
        && matched.iter().all(|action| action.granularity() == Granularity::Operation)
    {
        Why::OperationLevel
    } else if call.everywhere || call.resource.is_some() {
        Why::SomeUnknown
    } else {
        return problems.add(format!(
            "it is unknown whether a resource can limit all that `{name}` matches: name the resource, or `*`"
        ));
    };
    grants.on(call.action.clone(), &ResourcePattern::ALL, why);
}

/// Lists the resources that an action takes. In a policy, `${uin}` is the caller's own uin and no placeholder, so each part
/// to be filled in stands in `<…>`.
fn forms(action: Action<'_>) -> String {
    let form = |single: &str| {
        let pieces = each_piece(single).filter_map(Result::ok).map(|(piece, _)| piece);
        let shown = pieces.map(|piece| match piece {
            Piece::Literal(text) => String::from(text),
            Piece::Placeholder(name) => format!("<{name}>"),
        });
        format!("`{}`", shown.collect::<String>())
    };
    let forms: Vec<String> = action.patterns().iter().map(|pattern| form(pattern.single)).collect();
    forms.join(" or ")
}

/// Leaves out the project of a call's resource, and says so.
fn without_project(call: &Call, notes: &mut Vec<Box<str>>) -> Call {
    let Some(resource) = &call.resource else { return call.clone() };
    let bare = resource.without_project();
    if bare.is_some() {
        notes.push(project_left_out(resource));
    }
    Call { resource: bare.or_else(|| Some(resource.clone())), ..call.clone() }
}

/// Says that the policy has a resource without its project.
fn project_left_out(resource: &ResourcePattern) -> Box<str> {
    format!(
        "the project of `{resource}` is left out, because policies must leave it empty; it is assumed that an empty \
         project matches every project"
    )
    .into()
}

/// Says of an action on a named resource what is not documented.
fn unknown_granularity(action: Action<'_>, resource: &ResourcePattern) -> Box<str> {
    format!(
        "whether `{action}` is resource-level is not documented; if it is operation-level, CAM receives `*` for it, and \
         `{resource}` does not grant it"
    )
    .into()
}

/// Says that a call of the action returns a secret.
fn credentials(action: Action<'_>, notes: &mut Vec<Box<str>>) {
    if action.exposes_credentials() == Some(true) {
        notes.push(format!("`{action}` returns a secret, a signature or a temporary key").into());
    }
}

impl Grants {
    fn on(&mut self, action: ActionPattern, resource: &ResourcePattern, why: Why) {
        if resource.is_all() {
            self.everywhere.entry(why).or_default().insert(action);
        } else {
            self.named.entry(action).or_default().insert(resource.clone());
        }
    }

    /// Writes one statement for each set of resources, and one for each reason of a `*`.
    fn write(self, catalog: &Catalog<'_>, mut notes: Vec<Box<str>>) -> Result<LeastPolicy, LeastError> {
        let mut by_resources: BTreeMap<BTreeSet<ResourcePattern>, Vec<ActionPattern>> = BTreeMap::new();
        for (action, resources) in self.named {
            by_resources.entry(resources).or_default().push(action);
        }
        let mut statements: Vec<Statement> = by_resources
            .into_iter()
            .map(|(resources, actions)| Statement::new(Effect::Allow, actions, resources))
            .collect();
        for (why, actions) in self.everywhere {
            for action in &actions {
                let limits = if why == Why::Asked { catalog.action(action.as_str()) } else { None };
                let limits = limits.map_or(String::new(), |one| format!("; {} would limit it", forms(one)));
                notes.push(format!("`{action}` is granted on `*`: it is {}{limits}", why.text()).into());
            }
            statements.push(Statement::new(Effect::Allow, actions, [ResourcePattern::ALL]));
        }
        notes.sort_unstable();
        notes.dedup();
        match Policy::new(statements) {
            Ok(policy) => Ok(LeastPolicy { policy, notes }),
            Err(error) => Err(LeastError { problems: Vec::from([format!("{error}").into()]) }),
        }
    }
}

#[derive(Default)]
struct Problems(Vec<Box<str>>);

impl Problems {
    fn add(&mut self, text: String) {
        self.0.push(text.into());
    }

    fn done(self) -> Result<(), LeastError> {
        if self.0.is_empty() { Ok(()) } else { Err(LeastError { problems: self.0 }) }
    }
}

/// Error of [`LeastPolicy`]: what was asked for cannot be granted as it was asked.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::least::{Call, LeastPolicy};
/// let calls = [Call::anywhere("trtc:RemoveUser".parse()?), Call::anywhere("cos:GetObject".parse()?)];
/// assert_eq!(LeastPolicy::for_calls(&CATALOG, &calls).unwrap_err().problems().len(), 2);
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct LeastError {
    problems: Vec<Box<str>>,
}

impl LeastError {
    /// Returns every problem, in the order of what was asked for.
    pub fn problems(&self) -> &[Box<str>] {
        &self.problems
    }
}

impl fmt::Display for LeastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problems.iter().try_for_each(|problem| writeln!(f, "{problem}"))
    }
}

debug_as_display!(LeastError);

impl core::error::Error for LeastError {}
