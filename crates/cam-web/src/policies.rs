//! The policies of a text, and the account that they are of.

use cam_lint::{Kind, others_allow};
use cam_policy::engine::{Layer, PolicySet};
use cam_policy::policy::{ActionPattern, Policy};
use cam_policy::values::Uin;
use cam_workspace::policies::{NamedAccounts, Policies};
use serde::Deserialize;
use tencent_cam::CATALOG;
use tencent_cam::names::{self, Name};

use crate::failure::Failure;

/// The account of the policies, as far as the person states it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Account {
    /// The uin of the root account.
    owner: Option<Uin>,
    /// The APPID.
    pub(crate) app_id: Option<u64>,
}

/// A policy with its name in the text.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) policy: Policy,
    kind: Kind,
}

/// Reads the policies of a text; there is at least one, and its parts are all known.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<Named>, Failure> {
    let read = Policies::read(name, text, None);
    let mut wrong: Vec<String> = read.unreadable.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    let several = read.all.len() > 1;
    for (at, held) in read.all.into_iter().enumerate() {
        if let Some((place, unknown)) = held.unknown.first() {
            wrong.push(format!("{place}: the value of `{}` is known to Terraform alone", unknown.expression));
            continue;
        }
        let name = match (several, held.label.as_str()) {
            (false, _) => "the policy".into(),
            (true, "") => format!("policy {}", at + 1),
            (true, label) => label.into(),
        };
        match held.policy {
            Ok((policy, kind)) => found.push(Named { name, policy, kind }),
            Err(all) => wrong.extend(all.iter().map(ToString::to_string)),
        }
    }
    match (wrong.as_slice(), found.as_slice()) {
        ([], []) => Err(Failure::new("there is no policy in this text")),
        ([], _) => Ok(found),
        _ => Err(wrong
            .iter()
            .fold(Failure::new("the text cannot be used as it is"), |failure, one| failure.with_help(one))),
    }
}

/// Reads the one policy of a text.
pub(crate) fn read_one(name: &str, text: &str) -> Result<Policy, Failure> {
    let mut all = read(name, text)?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only.policy),
        (_, others) => {
            Err(Failure::new(format_args!("the text has {} policies, and this takes one", others + 1)))
        }
    }
}

impl Account {
    /// Returns the root account: the given one, or the only one that the policies and `more` name. It is not the caller,
    /// unless it is named.
    pub(crate) fn owner<'a>(
        &self,
        policies: impl IntoIterator<Item = &'a Named>,
        more: Option<&'a str>,
        caller: Option<Uin>,
    ) -> Result<Uin, Failure> {
        let help = "say which is the root account of the policies";
        let named = || {
            let mut named = NamedAccounts::of(policies.into_iter().map(|one| &one.policy), more);
            if let Some(uin) = caller {
                named.add_user(uin);
            }
            named.owner()
        };
        self.owner.map_or_else(named, Ok).map_err(|error| Failure::new(error).with_help(help))
    }

    /// Returns the APPID: the given one, or the only one that the policies name, or one that stands for it.
    pub(crate) fn any_app_id<'a>(
        &self,
        policies: impl IntoIterator<Item = &'a Named>,
    ) -> Result<u64, Failure> {
        let named = || NamedAccounts::of(policies.into_iter().map(|one| &one.policy), []).app_id();
        self.app_id
            .map_or_else(named, Ok)
            .map_err(|_| Failure::new("the policies name several APPIDs").with_help("say which is theirs"))
    }
}

/// Makes policies what they are if CAM matches `*` inside a principal, which is not documented, and returns whether that
/// changes one.
pub(crate) fn suppose<'a>(policies: impl Iterator<Item = &'a mut Named>) -> bool {
    let mut is_other = false;
    for one in policies {
        if let Some(policy) = one.policy.supposing_wildcard_principals() {
            one.policy = policy;
            is_other = true;
        }
    }
    is_other
}

/// The known names of actions that a pattern of a service matches, without those that are gone.
fn matching(pattern: &ActionPattern) -> Vec<String> {
    let list = pattern.service().and_then(names::service);
    let offered = list.into_iter().flat_map(|list| {
        let is_offered = |name: &&Name| name.status().is_none() && name.gone().is_none();
        list.names().iter().filter(is_offered).map(|name| format!("{}:{name}", list.service()))
    });
    offered.filter(|name| pattern.matches(name)).collect()
}

/// Compiles policies. Trust policies are the layer of a role, and there are no others beside them.
pub(crate) fn set(policies: &[Named], owner: Uin) -> Result<PolicySet<'static>, Failure> {
    set_beside(policies, owner, None)
}

/// Returns what other policies may allow beside these; `None` for trust policies, beside which there are no others.
pub(crate) fn others<'a>(policies: impl Iterator<Item = &'a Named>) -> Option<Policy> {
    let mut kinds = policies.map(|one| one.kind).filter(|kind| *kind != Kind::Trust).peekable();
    let first = *kinds.peek()?;
    Some(others_allow(if kinds.any(|kind| kind == Kind::Bucket) { Kind::Bucket } else { first }))
}

/// Compiles policies, and behind those of users and buckets another one.
pub(crate) fn set_beside(
    policies: &[Named],
    owner: Uin,
    another: Option<&Policy>,
) -> Result<PolicySet<'static>, Failure> {
    let of = |layer: Layer| {
        policies
            .iter()
            .filter(move |one| layer_of(one.kind) == layer)
            .map(|one| (one.name.clone(), one.policy.clone()))
    };
    let trust = of(Layer::Trust).count();
    if trust == policies.len() {
        let set = PolicySet::trust(CATALOG, [], owner).with_names(names::matches).with_examples(matching);
        return Ok(set.with_named_layer(Layer::Trust, of(Layer::Trust)));
    }
    if trust > 0 {
        return Err(Failure::new("the text has trust policies of roles beside other policies").with_help(
            "paste the one or the other: who may assume a role does not depend on what the role may do",
        ));
    }
    let set = PolicySet::new(CATALOG, [], owner).with_names(names::matches).with_examples(matching);
    let another = another.map(|policy| ("another policy".into(), policy.clone()));
    let set = set.with_named_layer(Layer::Identity, of(Layer::Identity).chain(another));
    let limits = [Layer::Session, Layer::Boundary];
    Ok(limits
        .into_iter()
        .filter(|layer| of(*layer).next().is_some())
        .fold(set, |set, layer| set.with_named_layer(layer, of(layer))))
}

fn layer_of(kind: Kind) -> Layer {
    match kind {
        Kind::Trust => Layer::Trust,
        Kind::Session => Layer::Session,
        Kind::Boundary => Layer::Boundary,
        Kind::Identity | Kind::Bucket | Kind::Scp => Layer::Identity,
    }
}
