//! Requests as the command line and files state them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::str::FromStr;

use cam_policy::catalog::Catalog;
use cam_policy::engine::{Caller, Request};
use cam_policy::key;
use cam_policy::text::quoted;
use cam_policy::values::Uin;
use jiff::Timestamp;
use serde::Deserialize;

use crate::exit::Failure;
use crate::input::Named;
use crate::names;

/// Who calls, and in which context.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct CallerArgs {
    /// The caller: a uin, root, role:NAME, service:HOST, federated:PROVIDER or anonymous
    /// [default: a sub-account that no policy names]
    #[arg(long, value_name = "CALLER", help_heading = "Caller")]
    pub caller: Option<Who>,
    /// The root account of the caller, if it is not that of the policies
    #[arg(long, value_name = "UIN", help_heading = "Caller")]
    pub account: Option<Uin>,
    /// A group of the caller, by number
    #[arg(long, value_name = "NUMBER", help_heading = "Caller")]
    pub group: Vec<u64>,
    /// The APPID of the caller's root account, for `${app_id}` and for COS
    #[arg(long, value_name = "NUMBER", help_heading = "Caller")]
    pub app_id: Option<u64>,
}

/// The caller of a request, as a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Root,
    User(Uin),
    Role(String),
    Service(String),
    Federated(String),
    Anonymous,
}

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "root" => Ok(Self::Root),
            None if text == "anonymous" => Ok(Self::Anonymous),
            None => match text.parse() {
                Ok(uin) => Ok(Self::User(uin)),
                Err(_) => Err(format!(
                    "{} is no caller: write a uin, root, role:NAME, service:HOST, federated:PROVIDER or anonymous",
                    quoted(text)
                )),
            },
            Some((_, "")) => Err(format!("{} names nobody after the `:`", quoted(text))),
            Some(("role", name)) => Ok(Self::Role(name.into())),
            Some(("service", host)) => Ok(Self::Service(host.into())),
            Some(("federated", provider)) => Ok(Self::Federated(provider.into())),
            Some((kind, _)) => {
                Err(format!("`{kind}` is no kind of caller: write role, service or federated"))
            }
        }
    }
}

impl CallerArgs {
    /// The uins of the caller: its own, and that of its account.
    pub(crate) fn uins(&self) -> impl Iterator<Item = Uin> {
        let own = match &self.caller {
            Some(Who::User(uin)) => Some(*uin),
            _ => None,
        };
        own.into_iter().chain(self.account)
    }

    /// Returns the caller; `stranger` is the one that is meant if none is given.
    pub(crate) fn caller(&self, owner: Uin, stranger: Caller) -> Caller {
        let caller = match &self.caller {
            None => stranger,
            Some(Who::Root) => Caller::new(owner),
            Some(Who::User(uin)) => Caller::new(*uin),
            Some(Who::Role(name)) => Caller::role(name),
            Some(Who::Service(host)) => Caller::service(host),
            Some(Who::Federated(provider)) => Caller::federated(provider),
            Some(Who::Anonymous) => Caller::anonymous(),
        };
        let caller = caller.in_groups(self.group.iter().copied());
        let caller = self.account.into_iter().fold(caller, Caller::of_account);
        self.app_id.into_iter().fold(caller, Caller::with_app_id)
    }
}

/// What CAM knows about a request beside caller, action and resource.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct ContextArgs {
    /// The caller's address
    #[arg(long, value_name = "ADDRESS", help_heading = "Context")]
    pub ip: Option<IpAddr>,
    /// The time of the request, such as 2026-06-01T12:00:00Z
    #[arg(long, value_name = "TIME", help_heading = "Context")]
    pub time: Option<Timestamp>,
    /// A tag of the resource
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Context")]
    pub tag: Vec<Pair>,
    /// Another condition key; give it several times for several values
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Context")]
    pub context: Vec<Pair>,
}

/// A key with a value.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    key: String,
    value: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok(Self { key: key.into(), value: value.into() }),
            _ => Err("write KEY=VALUE".into()),
        }
    }
}

impl ContextArgs {
    /// Adds the context to a request.
    pub(crate) fn add_to(&self, mut request: Request) -> Result<Request, Failure> {
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Pair { key, value } in &self.context {
            values.entry(key).or_default().push(value);
        }
        for (key, values) in values {
            request = request.with_key(key, values);
        }
        if let Some(address) = self.ip {
            request = request.with_ip(address);
        }
        if let Some(time) = self.time {
            request = request.with_time(time);
        }
        if !self.tag.is_empty() {
            let tags: Result<Vec<key::Tag>, _> =
                self.tag.iter().map(|Pair { key, value }| key::Tag::new(key, value)).collect();
            request = request.with_tags(&key::RESOURCE_TAG, tags.map_err(Failure::new)?);
        }
        Ok(request)
    }
}

/// A request in a file, as TOML or JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    pub action: String,
    #[serde(default = "every")]
    pub resource: String,
    pub caller: Option<Text>,
    pub account: Option<Uin>,
    #[serde(default)]
    pub groups: Vec<u64>,
    pub app_id: Option<u64>,
    /// Condition keys, each with a value or several.
    #[serde(default)]
    pub context: BTreeMap<String, Texts>,
}

fn every() -> String {
    "*".into()
}

/// A text, which a number or a flag may stand for.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Words(String),
    Number(i64),
    Flag(bool),
}

impl Text {
    pub(crate) fn as_text(&self) -> String {
        match self {
            Self::Words(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// One text, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(Text),
    Several(Vec<Text>),
}

impl Texts {
    pub(crate) fn as_texts(&self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one.as_text()],
            Self::Several(several) => several.iter().map(Text::as_text).collect(),
        }
    }
}

/// Reads TOML, or JSON if the text begins with a brace.
pub(crate) fn parse<T: for<'de> Deserialize<'de>>(Named { name, text }: &Named) -> Result<T, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::new(format_args!("{name} is empty")));
    }
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        toml::from_str(text).map_err(|error| error.to_string())
    };
    read.map_err(|error| Failure::new(format_args!("{name} is not understood: {error}")))
}

impl Stated {
    /// Returns who calls.
    pub(crate) fn caller(&self) -> Result<CallerArgs, Failure> {
        let caller = self.caller.as_ref().map(|caller| caller.as_text().parse()).transpose();
        Ok(CallerArgs {
            caller: caller.map_err(Failure::new)?,
            account: self.account,
            group: self.groups.clone(),
            app_id: self.app_id,
        })
    }

    /// Adds the context to a request.
    pub(crate) fn add_to(&self, mut request: Request) -> Request {
        for (key, values) in &self.context {
            let values = values.as_texts();
            request = request.with_key(key, values.iter().map(String::as_str));
        }
        request
    }
}

/// Makes a request. One about an action or a resource that nobody knows is an error. What is doubtful about the action
/// comes with the request.
pub(crate) fn request(
    catalog: &Catalog<'static>,
    caller: Caller,
    action: &str,
    resource: &str,
) -> Result<(Request, Option<String>), Failure> {
    let request = Request::new(caller, action, resource).map_err(Failure::new)?;
    let doubt = match request.action().parse() {
        Ok(pattern) => names::check_action(catalog, &pattern)?,
        Err(_) => None,
    };
    if let Ok(resource) = request.resource().parse() {
        names::check_resource(catalog, &resource)?;
    }
    Ok((request, doubt))
}
