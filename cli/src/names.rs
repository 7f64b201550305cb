//! Names of the public SDK, of which nothing else is known, and names that nobody knows: an error that says which are near.

use std::collections::BTreeSet;
use std::fmt;

use cam_lint::SEEN_SERVICES;
use cam_policy::catalog::{Action, Catalog, Service, split_action};
use cam_policy::policy::{ActionPattern, ResourcePattern};
use cam_policy::text::{glob, nearest, quoted, split_segments};
use tencent_cam::names::{self as sdk, Name, NameList};

use crate::exit::Failure;

/// Returns the service of this abbreviation.
pub(crate) fn service(catalog: &Catalog<'static>, id: &str) -> Result<&'static Service<'static>, Failure> {
    catalog.service(id).ok_or_else(|| {
        let failure = Failure::new(format_args!("the catalog has no service {}", quoted(id)));
        if sdk::service(id).is_some() {
            return failure.with_help(format_args!(
                "only the names of its actions are known: `tencent-cam query --service {id}` lists them"
            ));
        }
        match nearest(id, services(catalog).into_iter()).as_slice() {
            [] => failure
                .with_help("`tencent-cam catalog` lists those that it has; `--catalog FILE` adds others"),
            near => failure.with_help(is_near(near)),
        }
    })
}

/// The abbreviations of the services of the catalog, and of those of which only names are known.
fn services(catalog: &Catalog<'static>) -> Vec<&'static str> {
    let mut all: Vec<&str> =
        catalog.services.iter().map(|service| service.id).chain(listed_services()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a pattern matches an action of the public SDK.
pub(crate) fn matches(pattern: &ActionPattern) -> bool {
    sdk::matches(pattern)
}

/// Returns the actions of the public SDK that a pattern matches, without those that are gone. The pattern names a service.
pub(crate) fn matching(pattern: &ActionPattern) -> Vec<String> {
    let lists = pattern.service().and_then(sdk::service);
    let whole = lists.into_iter().flat_map(|list| {
        let is_offered = |name: &&Name| name.status().is_none() && name.gone().is_none();
        list.names().iter().filter(is_offered).map(|name| format!("{}:{name}", list.service()))
    });
    whole.filter(|name| pattern.matches(name)).collect()
}

/// Whether the catalog or the public SDK has an action of this name.
pub(crate) fn is_known(catalog: &Catalog<'_>, action: &str) -> bool {
    catalog.action(action).is_some() || sdk::lookup(action).is_some()
}

/// Whether an action hands out credentials, by the catalog or by the public SDK. `None`: neither states that.
pub(crate) fn exposes_credentials(catalog: &Catalog<'_>, action: &str) -> Option<bool> {
    match catalog.action(action) {
        Some(action) => action.exposes_credentials(),
        None => sdk::lookup(action)?.exposes_credentials(),
    }
}

/// Returns the actions that a pattern matches and of which only the public SDK states that they hand out credentials.
pub(crate) fn exposing(pattern: &ActionPattern) -> Vec<String> {
    let is_own = |list: &&NameList| pattern.service().is_none_or(|own| own == list.service());
    let lists = sdk::services().iter().filter(is_own);
    let names = lists.flat_map(|list| {
        let exposing = list.names().iter().filter(|name| name.exposes_credentials() == Some(true));
        exposing.map(|name| format!("{}:{name}", list.service()))
    });
    names.filter(|name| pattern.matches(name)).collect()
}

/// Returns the names that the public SDK has of a service.
pub(crate) fn of(service: &str) -> Vec<&'static str> {
    sdk::service(service).map_or_else(Vec::new, |list| list.names().iter().map(Name::as_str).collect())
}

/// Returns the services of which the public SDK has names.
pub(crate) fn listed_services() -> Vec<&'static str> {
    sdk::services().iter().map(NameList::service).collect()
}

/// Says how much is known of an action that the catalog does not have.
pub(crate) fn unknown(action: &str) -> String {
    match sdk::lookup(action) {
        Some(_) => {
            "only the name is known: the public SDK has the action, and no permission page lists it".into()
        }
        None => "neither the catalog nor the public SDK has the action".into(),
    }
}

/// An action of which only the name is known.
#[derive(Clone, Copy)]
pub(crate) struct Bare {
    pub(crate) service: &'static str,
    pub(crate) name: &'static Name,
}

/// Returns the actions that the public SDK has and the catalog has not, sorted.
pub(crate) fn bare(catalog: &Catalog<'static>) -> impl Iterator<Item = Bare> {
    sdk::services().iter().flat_map(|list| {
        let service = list.service();
        let known = catalog.service(service);
        let is_bare = move |name: &&Name| {
            !name.is_documented()
                && known.is_none_or(|service| service.actions().all(|action| action.name() != name.as_str()))
        };
        list.names().iter().filter(is_bare).map(move |name| Bare { service, name })
    })
}

impl fmt::Display for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name)
    }
}

/// Returns the actions of the catalog that a text names: one, or those that a pattern matches. There is at least one.
pub(crate) fn named(catalog: &Catalog<'static>, text: &str) -> Result<Vec<Action<'static>>, Failure> {
    if !text.contains(':') && text != "*" {
        return action(catalog, text).map(|action| vec![action]);
    }
    actions(catalog, &text.parse().map_err(Failure::new)?)
}

/// Returns the action of this name.
pub(crate) fn action(catalog: &Catalog<'static>, text: &str) -> Result<Action<'static>, Failure> {
    if let Some(action) = catalog.action(text) {
        return Ok(action);
    }
    let Some((id, name)) = split_action(text) else {
        let names = catalog.actions().filter(|action| action.name() == text);
        let whole: Vec<&str> = names.map(|action| action.as_str()).collect();
        let failure = Failure::new(format_args!("{} is no action: write `service:Name`", quoted(text)));
        return Err(if whole.is_empty() {
            failure
        } else {
            failure.with_help(format_args!("write {}", list(&whole)))
        });
    };
    Err(no_action(catalog, id, name))
}

/// Returns the actions of the catalog that a pattern matches; there is at least one.
pub(crate) fn actions(
    catalog: &Catalog<'static>,
    pattern: &ActionPattern,
) -> Result<Vec<Action<'static>>, Failure> {
    let found: Vec<Action<'static>> = pattern.actions(catalog).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    match (pattern.service(), pattern.operation()) {
        (Some(id), Some(name)) => Err(no_action(catalog, id, name)),
        _ => Err(Failure::new(format_args!("the catalog has no action that `{pattern}` matches"))),
    }
}

/// Whether a service that the catalog may lack is known to exist.
fn is_real(id: &str) -> bool {
    sdk::service(id).is_some() || SEEN_SERVICES.contains(&id)
}

/// Refuses an action or a pattern that nothing can be: the catalog lists every action of its service and none that it
/// matches, or nobody knows the service. Returns how much is known of another one that nothing lists: it may be a slip.
pub(crate) fn check_action(
    catalog: &Catalog<'static>,
    pattern: &ActionPattern,
) -> Result<Option<String>, Failure> {
    let Some(unlisted) = unlisted(catalog, pattern) else { return Ok(None) };
    let (Some(id), Some(name)) = (pattern.service(), pattern.operation()) else { return Ok(None) };
    match catalog.service(id) {
        Some(service) if service.complete == Some(true) => Err(no_action(catalog, id, name)),
        None if !is_real(id) => service(catalog, id).map(|_| None),
        _ => Ok(Some(unlisted)),
    }
}

/// Refuses a resource of a service that nobody knows and whose name looks like that of another one.
pub(crate) fn check_resource(catalog: &Catalog<'static>, resource: &ResourcePattern) -> Result<(), Failure> {
    let id = split_segments(resource.as_str()).map_or("", |segments| segments[2]);
    let is_known = |id| catalog.service(id).is_some() || is_real(id);
    // Most abbreviations of three characters are near each other.
    if id.len() < 4
        || id.contains('*')
        || is_known(id)
        || nearest(id, services(catalog).into_iter()).is_empty()
    {
        return Ok(());
    }
    service(catalog, id).map(|_| ())
}

/// Whether the catalog or the public SDK has an action that a pattern matches, or the pattern is not of one service.
pub(crate) fn is_listed(catalog: &Catalog<'_>, pattern: &ActionPattern) -> bool {
    pattern.service().is_none() || pattern.actions(catalog).next().is_some() || matches(pattern)
}

/// Says how much is known of an action or a pattern that neither the catalog nor the public SDK has, or of one of which the
/// SDK alone has the name. `None` for those of the catalog, and for a pattern that some name matches.
pub(crate) fn unlisted(catalog: &Catalog<'_>, action: &ActionPattern) -> Option<String> {
    let name = action.as_str();
    let (id, operation) = (action.service()?, action.operation()?);
    if is_listed(catalog, action) {
        return None;
    }
    let service = catalog.service(id);
    let documented = service.into_iter().flat_map(Service::actions).map(|action| action.name());
    let candidates: BTreeSet<&str> = documented.chain(of(id)).collect();
    let hint = match (near_actions(id, operation, candidates.into_iter()), service) {
        (Some(near), _) => format!("; {near}"),
        (None, Some(_)) => format!("; `tencent-cam query --service {id}` lists those that are known"),
        (None, None) => String::new(),
    };
    let how_much = match service {
        Some(service) if service.complete == Some(true) => {
            "the documentation of the service has no such action, and neither has the public SDK".into()
        }
        _ if operation.contains('*') => {
            "neither the catalog nor the public SDK has an action that it matches".into()
        }
        _ => unknown(name),
    };
    Some(format!("`{name}`: {how_much}{hint}"))
}

/// Refuses an action or a pattern of a service: neither the catalog nor the public SDK has one that it names. Where the
/// catalog does not list all actions, that is not certain.
fn no_action(catalog: &Catalog<'static>, id: &str, name: &str) -> Failure {
    let documented = match service(catalog, id) {
        Ok(service) => Some(service),
        Err(failure) if of(id).is_empty() || of(id).iter().any(|known| glob(name, known)) => return failure,
        Err(_) => None,
    };
    if of(id).iter().any(|known| glob(name, known)) {
        let failure = Failure::new(format_args!(
            "the catalog has no facts of `{id}:{name}`: only the name is known, from the public SDK"
        ));
        return failure.with_help(format_args!("`tencent-cam query --service {id}` lists what is known"));
    }
    let matches = if name.contains('*') { "action that matches" } else { "action" };
    let is_complete = documented.is_some_and(|service| service.complete == Some(true));
    let message = if is_complete {
        format!("the service `{id}` has no {matches} {}", quoted(name))
    } else {
        format!(
            "neither the catalog nor the public SDK has an {matches} {} of `{id}`; it may exist, because neither list is complete",
            quoted(name)
        )
    };
    let names = documented.into_iter().flat_map(Service::actions).map(|action| action.name());
    let names: BTreeSet<&str> = names.chain(of(id)).collect();
    let failure = Failure::new(message);
    match near_actions(id, name, names.into_iter()) {
        Some(near) => failure.with_help(near),
        None => failure.with_help(format!("`tencent-cam query --service {id}` lists its actions")),
    }
}

/// Says which actions of a service are near a name or pattern, if there are any.
fn near_actions<'a>(id: &str, name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let bare: String = name.split('*').collect();
    let near: Vec<String> = nearest(&bare, candidates).iter().map(|near| format!("{id}:{near}")).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    (!near.is_empty()).then(|| is_near(&near))
}

/// Says which names are near one that does not exist.
pub(crate) fn is_near(names: &[&str]) -> String {
    format!("near it {} {}", if names.len() == 1 { "is" } else { "are" }, list(names))
}

/// Names for people: `a`, `b` and `c`.
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", most.join(", "))
        }
    }
}
