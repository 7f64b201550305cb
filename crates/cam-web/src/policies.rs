//! The policies of a text, and the account that they are of.

use std::collections::BTreeSet;

use cam_lint::Kind;
use cam_policy::document::Document;
use cam_policy::engine::{Layer, PolicySet};
use cam_policy::policy::Policy;
use cam_policy::text::{Lines, Span, split_segments};
use cam_policy::values::Uin;
use cam_workspace::source::Source;
use serde::Deserialize;
use tencent_cam::CATALOG;

use crate::failure::Failure;

/// The root account of policies that name no account. The decisions are the same for each.
const STAND_IN_OWNER: u64 = 100000000001;

/// The APPID of policies that name none.
const STAND_IN_APP_ID: u64 = 1200000001;

/// The account of the policies, as far as the person states it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Account {
    /// The uin of the root account.
    owner: Option<Uin>,
    /// The APPID.
    app_id: Option<u64>,
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
    let source = Source::read(name, text);
    let mut lines = Lines::new(text);
    let mut wrong = Vec::new();
    if let Some(unreadable) = &source.unreadable {
        wrong.push(format!("{}: {}", lines.position(unreadable.span.start()), unreadable.message));
    }
    let mut found = Vec::new();
    let several = source.policies.len() > 1;
    for (at, embedded) in source.policies.iter().enumerate() {
        if let Some(unknown) = embedded.unknown.first() {
            let place = lines.position(unknown.span.start());
            wrong.push(format!("{place}: the value of `{}` is known to Terraform alone", unknown.expression));
            continue;
        }
        match Document::parse(&embedded.text) {
            Ok(document) => {
                let kind = embedded.kind.unwrap_or_else(|| document.kind().into());
                let name = match (several, embedded.label.as_str()) {
                    (false, _) => "the policy".into(),
                    (true, "") => format!("policy {}", at + 1),
                    (true, label) => label.into(),
                };
                found.push(Named { name, policy: document.into_policy(), kind });
            }
            Err(error) => wrong.extend(error.diagnostics().iter().map(|diagnostic| {
                let span = diagnostic.span().unwrap_or(Span::new(0, 0));
                let place = lines.position(embedded.map.origin(span).start());
                let help = diagnostic.help().map(|help| format!(": {help}")).unwrap_or_default();
                format!("{place}: {}{help}", diagnostic.message())
            })),
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
    /// Returns the root account: the given one, or the only one that the policies and `more` name.
    pub(crate) fn owner<'a>(
        &self,
        policies: impl IntoIterator<Item = &'a Named>,
        more: &'a str,
    ) -> Result<Uin, Failure> {
        if let Some(owner) = self.owner {
            return Ok(owner);
        }
        let named: BTreeSet<Uin> = accounts(policies, more)
            .filter_map(|account| account.strip_prefix("uin/")?.parse().ok())
            .collect();
        let mut accounts = named.iter();
        match (accounts.next(), accounts.next()) {
            (None, _) => Uin::new(STAND_IN_OWNER).map_err(Failure::new),
            (Some(only), None) => Ok(*only),
            _ => {
                let all: Vec<String> = named.iter().map(Uin::to_string).collect();
                Err(Failure::new(format_args!("the policies name several accounts: {}", all.join(", ")))
                    .with_help("say which is the root account of the policies"))
            }
        }
    }

    /// Returns the APPID: the given one, or the only one that the policies name, or one that stands for it.
    pub(crate) fn app_id<'a>(&self, policies: impl IntoIterator<Item = &'a Named>) -> Result<u64, Failure> {
        if let Some(app_id) = self.app_id {
            return Ok(app_id);
        }
        let named: BTreeSet<u64> =
            accounts(policies, "").filter_map(|account| account.strip_prefix("uid/")?.parse().ok()).collect();
        let mut all = named.iter();
        match (all.next(), all.next()) {
            (None, _) => Ok(STAND_IN_APP_ID),
            (Some(only), None) => Ok(*only),
            _ => Err(Failure::new("the policies name several APPIDs").with_help("say which is theirs")),
        }
    }
}

/// Returns the account segments of the resources of policies, and of one more resource.
fn accounts<'a>(
    policies: impl IntoIterator<Item = &'a Named>,
    more: &'a str,
) -> impl Iterator<Item = &'a str> {
    let statements = policies.into_iter().flat_map(|one| one.policy.statements());
    let resources = statements.flat_map(|one| one.resources()).map(|resource| resource.as_str());
    resources.chain([more]).filter_map(|text| Some(split_segments(text)?[4]))
}

/// Compiles policies. Trust policies are the layer of a role, and there are no others beside them.
pub(crate) fn set(policies: &[Named], owner: Uin) -> Result<PolicySet<'static>, Failure> {
    let of = |layer: Layer| {
        policies
            .iter()
            .filter(move |one| layer_of(one.kind) == layer)
            .map(|one| (one.name.clone(), one.policy.clone()))
    };
    let trust = of(Layer::Trust).count();
    if trust == policies.len() {
        let set = PolicySet::trust(CATALOG, [], owner);
        return Ok(set.with_named_layer(Layer::Trust, of(Layer::Trust)));
    }
    if trust > 0 {
        return Err(Failure::new("the text has trust policies of roles beside other policies").with_help(
            "paste the one or the other: who may assume a role does not depend on what the role may do",
        ));
    }
    let set = PolicySet::new(CATALOG, [], owner).with_named_layer(Layer::Identity, of(Layer::Identity));
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
