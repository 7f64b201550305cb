//! The requests that a policy set decides.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use jiff::Timestamp;

use super::caller::{Caller, Digits};
use crate::key::{self, Tag};
use crate::policy::{ActionPattern, ConditionKey, ResourcePattern};
use crate::text::{Shortened, debug_as_display, split_segments};

/// A call to decide: who calls which action on which resource, and what else CAM knows about the call.
///
/// The resource is `*` or six segments. Give `*` for an operation-level API, and the concrete resource for a
/// resource-level one. Where the catalog states another resource, the [`PolicySet`](super::PolicySet) changes it and
/// says so. This crate assumes that a policy with an empty project matches every project, such as the `id/0` which CAM
/// writes in its own error messages.
///
/// ```
/// use cam_policy::engine::Request;
/// use cam_policy::key;
/// use cam_policy::values::Uin;
///
/// let caller = Uin::new(100000000002)?;
/// let request = Request::new(caller, "trtc:RemoveUser", "qcs::trtc::uin/100000000001:sdkappid/1400000001")?
///     .with_ip("10.0.0.1".parse()?)
///     .with_time("2026-06-01T12:00:00Z".parse()?)
///     .with_tags(&key::RESOURCE_TAG, [key::Tag::new("env", "prod")?]);
/// assert_eq!(request.values("qcs:ip"), ["10.0.0.1".into()]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Request {
    caller: Caller,
    pub(super) digits: Digits,
    pub(super) action: Box<str>,
    resource: Box<str>,
    /// Where the last segment of the resource begins.
    pub(super) last: usize,
    /// The last segment in the other spelling that COS has for it.
    pub(super) respelt: Option<Box<str>>,
    context: Vec<(Box<str>, Vec<Box<str>>)>,
    /// The tags of the context, both as one list and key by key, under the names that conditions use.
    tags: Vec<(Box<str>, Vec<Box<str>>)>,
}

impl Request {
    /// Makes a request without context. It drops a prefix `name/` of the action.
    ///
    /// # Errors
    ///
    /// [`RequestError`] if the action is not a single `service:Name`, or if the resource is neither `*` nor six
    /// segments.
    ///
    /// ```
    /// use cam_policy::engine::Request;
    /// use cam_policy::values::Uin;
    ///
    /// let caller = Uin::new(100000000002)?;
    /// assert!(Request::new(caller, "trtc:GetUserList", "*").is_ok());
    /// assert!(Request::new(caller, "trtc:Get*", "*").is_err());
    /// assert!(Request::new(caller, "trtc:GetUserList", "sdkappid/1400000001").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(caller: impl Into<Caller>, action: &str, resource: &str) -> Result<Self, RequestError> {
        let action = action.strip_prefix("name/").unwrap_or(action);
        let written: Result<ActionPattern, _> = action.parse();
        let one = |pattern: &ActionPattern| pattern.service().is_some() && !pattern.as_str().contains('*');
        if !written.as_ref().is_ok_and(one) {
            return Err(RequestError { text: action.into(), of: Part::Action });
        }
        // In a request, text that looks like a variable is plain text.
        let written: Result<ResourcePattern, _> = resource.replace("${", "$").parse();
        let (last, respelt) = match split_segments(resource) {
            Some([_, _, service, _, _, last]) if written.is_ok() => {
                (last, if service == "cos" { respelt(last) } else { None })
            }
            _ if resource == "*" => (resource, None),
            _ => return Err(RequestError { text: resource.into(), of: Part::Resource }),
        };
        let caller = caller.into();
        Ok(Self {
            digits: Digits::of(&caller),
            caller,
            action: action.into(),
            resource: resource.into(),
            last: resource.len() - last.len(),
            respelt: respelt.map(Into::into),
            context: Vec::new(),
            tags: Vec::new(),
        })
    }

    /// Returns the caller.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// # let caller = Uin::new(100000000002)?;
    /// assert_eq!(*Request::new(caller, "trtc:GetUserList", "*")?.caller(), caller.into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Returns the action, as `service:Name`.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "name/trtc:GetUserList", "*")?;
    /// assert_eq!(request.action(), "trtc:GetUserList");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Returns the resource as it was given.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// assert_eq!(Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.resource(), "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Returns the values of a context key; the list is empty if the request lacks the key. Tags have several names:
    /// `qcs:resource_tag`, its old name `qcs:tag`, and `qcs:tag/<key>` for the value of one tag.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// assert!(Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.values("qcs:ip").is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn values(&self, key: &str) -> &[Box<str>] {
        let wanted = ConditionKey::read(key);
        let mut entries = if wanted.is_of_tags() { &self.tags } else { &self.context }.iter();
        entries.find(|(name, _)| ConditionKey::read(name) == wanted).map_or(&[], |(_, values)| values)
    }

    /// Returns the context: each key with its values, in the order they were given.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.with_key("qcs:mfa", ["true"]);
    /// assert_eq!(request.context().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn context(&self) -> impl Iterator<Item = (&str, &[Box<str>])> {
        self.context.iter().map(|(key, values)| (&**key, values.as_slice()))
    }

    /// Adds the caller's address: `qcs:ip`.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.with_ip("2001:db8::1".parse()?);
    /// assert_eq!(&*request.values("qcs:ip")[0], "2001:db8::1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_ip(self, address: IpAddr) -> Self {
        self.with_key(key::SOURCE_IP.name(), [&*address.to_string()])
    }

    /// Adds the time of the request: `qcs:current_time`.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?
    ///     .with_time("2026-06-01T12:00:00Z".parse()?);
    /// assert_eq!(&*request.values("qcs:current_time")[0], "2026-06-01T12:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_time(self, time: Timestamp) -> Self {
        self.with_key(key::CURRENT_TIME.name(), [&*time.to_string()])
    }

    /// Adds tags of the resource or of the request.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::key::{self, Tag};
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?
    ///     .with_tags(&key::RESOURCE_TAG, [Tag::new("env", "prod")?]);
    /// assert_eq!(&*request.values("qcs:resource_tag")[0], "env&prod");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_tags(self, key: &key::Key<key::Tags>, tags: impl IntoIterator<Item = Tag>) -> Self {
        let tags: Vec<_> = tags.into_iter().map(|tag| tag.to_string()).collect();
        self.with_key(key.name(), tags.iter().map(|tag| &**tag))
    }

    /// Sets the values of any other key; they replace the values that it had. Tags may be given both as one list and
    /// by `qcs:tag/<key>`: then all of them count.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "cos:GetObject", "*")?.with_key("cos:content-length", ["10"]);
    /// assert_eq!(&*request.values("cos:content-length")[0], "10");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_key<'v>(mut self, key: &str, values: impl IntoIterator<Item = &'v str>) -> Self {
        let values: Vec<Box<str>> = values.into_iter().map(Into::into).collect();
        let wanted = ConditionKey::read(key);
        self.context.retain(|(name, _)| ConditionKey::read(name) != wanted);
        self.context.push((key.into(), values));
        if wanted.is_of_tags() {
            self.tags = tags(&self.context);
        }
        self
    }
}

/// Returns every tag of a context, under the name of the whole list and under the name of its key.
fn tags(context: &[(Box<str>, Vec<Box<str>>)]) -> Vec<(Box<str>, Vec<Box<str>>)> {
    let mut tags: Vec<(Box<str>, Vec<Box<str>>)> = Vec::new();
    let mut add = |key: ConditionKey<'_>, value: &str| {
        let known = tags.iter_mut().find(|(name, _)| ConditionKey::read(name) == key);
        match known {
            Some((_, values)) if values.iter().any(|one| **one == *value) => {}
            Some((_, values)) => values.push(value.into()),
            None => tags.push((key.to_string().into(), Vec::from([value.into()]))),
        }
    };
    for (name, values) in context {
        let key = ConditionKey::read(name);
        for value in values.iter().filter(|_| key.is_of_tags()) {
            add(key, value);
            match (key.tag, value.split_once('&')) {
                (Some(tag), _) => {
                    add(ConditionKey { tag: None, ..key }, &alloc::format!("{tag}&{value}"));
                }
                (None, Some((tag, value))) => add(ConditionKey { tag: Some(tag), ..key }, value),
                (None, None) => {}
            }
        }
    }
    tags
}

/// Returns the other spelling of a resource in a COS bucket: `bucket-1250000000/a` is `prefix//1250000000/bucket/a`.
fn respelt(last: &str) -> Option<String> {
    let is_app_id = |text: &str| crate::values::number(text).is_some();
    if let Some(old) = last.strip_prefix("prefix//") {
        let (app_id, rest) = old.split_once('/')?;
        let (bucket, object) = rest.split_once('/')?;
        return (is_app_id(app_id) && !bucket.is_empty())
            .then(|| alloc::format!("{bucket}-{app_id}/{object}"));
    }
    let (name, object) = last.split_once('/')?;
    let (bucket, app_id) = name.rsplit_once('-')?;
    (is_app_id(app_id) && !bucket.is_empty()).then(|| alloc::format!("prefix//{app_id}/{bucket}/{object}"))
}

impl Request {
    /// Returns the same request of another caller.
    pub(super) fn by(self, caller: Caller) -> Self {
        Self { digits: Digits::of(&caller), caller, ..self }
    }

    /// Writes the request for people, as if it were on this resource.
    pub(super) fn on<'a>(&'a self, resource: &'a str) -> impl fmt::Display + 'a {
        struct On<'a>(&'a Request, &'a str);
        impl fmt::Display for On<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self(request, resource) = self;
                write!(f, "{}: {} on {resource}", request.caller, request.action)?;
                for (at, (key, values)) in request.context().enumerate() {
                    write!(f, "{}{key} = {}", if at == 0 { " with " } else { ", " }, values.join(" and "))?;
                }
                Ok(())
            }
        }
        On(self, resource)
    }
}

impl fmt::Display for Request {
    /// `uin 100000000002: trtc:RemoveUser on qcs::trtc::uin/… with qcs:ip = 10.0.0.1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.on(&self.resource).fmt(f)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Action,
    Resource,
}

/// Error from `Request::new`: the text is not a valid action or resource of a request.
///
/// ```
/// use cam_policy::engine::Request;
/// use cam_policy::values::Uin;
///
/// let error = Request::new(Uin::new(100000000002)?, "trtc:*", "*").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"trtc:*\" is not the action of a request: write one, such as `trtc:RemoveUser`"
/// );
/// # Ok::<(), cam_policy::values::UinError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RequestError {
    text: Box<str>,
    of: Part,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Shortened(&self.text);
        match self.of {
            Part::Action => {
                write!(f, "{text:?} is not the action of a request: write one, such as `trtc:RemoveUser`")
            }
            Part::Resource => write!(
                f,
                "{text:?} is not the resource of a request: write `*`, or six segments such as \
                 `qcs::trtc::uin/12345678:sdkappid/1400000001`"
            ),
        }
    }
}

debug_as_display!(RequestError);

impl core::error::Error for RequestError {}
