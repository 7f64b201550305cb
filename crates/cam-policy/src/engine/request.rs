//! What a caller asks for.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use jiff::Timestamp;

use crate::key::{self, Tag};
use crate::policy::{ActionPattern, ResourcePattern};
use crate::text::{Shortened, debug_as_display, split_segments};
use crate::values::Uin;

/// Who makes a request. A [`Uin`] converts into a caller without an APPID.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::{AccessError, Caller, PolicySet};
/// use cam_policy::values::Uin;
///
/// let uin = Uin::new(100000000002)?;
/// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],
///     "resource":["qcs::cos:ap-beijing:uid/1250000000:a-${app_id}/*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// assert_eq!(set.grants(uin), Err(AccessError::AppId));
///
/// let grants = set.grants(Caller::new(uin).with_app_id(1250000000))?;
/// assert_eq!(grants[0].witness.resource(), "qcs::cos:ap-beijing:uid/1250000000:a-1250000000/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Caller {
    /// Who asks.
    pub uin: Uin,
    /// The APPID of the caller's root account, which `${app_id}` stands for. Without it, a policy with that variable
    /// matches no request.
    pub app_id: Option<u64>,
}

impl Caller {
    /// A caller without an APPID.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// let uin = Uin::new(100000000002)?;
    /// assert_eq!(Caller::new(uin), uin.into());
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    pub fn new(uin: Uin) -> Self {
        Self { uin, app_id: None }
    }

    /// With the APPID of its root account.
    ///
    /// ```
    /// # use cam_policy::engine::Caller;
    /// # use cam_policy::values::Uin;
    /// let caller = Caller::new(Uin::new(100000000002)?).with_app_id(1250000000);
    /// assert_eq!(caller.app_id, Some(1250000000));
    /// # Ok::<(), cam_policy::values::UinError>(())
    /// ```
    #[must_use]
    pub fn with_app_id(self, app_id: u64) -> Self {
        Self { app_id: Some(app_id), ..self }
    }
}

impl From<Uin> for Caller {
    fn from(uin: Uin) -> Self {
        Self::new(uin)
    }
}

/// What the variables of a caller stand for, without a `String`.
#[derive(Default)]
pub(super) struct Digits {
    uin: [u8; 20],
    app_id: [u8; 20],
}

impl Digits {
    pub(super) fn of(&mut self, caller: Caller) -> (&str, Option<&str>) {
        let uin = digits(caller.uin.get(), &mut self.uin);
        let app_id = caller.app_id.map(|app_id| digits(app_id, &mut self.app_id));
        (uin, app_id)
    }
}

/// The digits of a number.
fn digits(mut number: u64, buffer: &mut [u8; 20]) -> &str {
    let mut at = buffer.len();
    while at > 0 && (number > 0 || at == buffer.len()) {
        at -= 1;
        buffer[at] = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    core::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

/// A call that is to be decided: who calls which action on which resource, and what else CAM knows of it.
///
/// The resource is `*` or six segments. An operation-level API is asked on `*`, a resource-level one on the concrete
/// resource; the [`PolicySet`](super::PolicySet) changes the resource where the catalog states another one, and says so.
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
pub struct Request {
    pub(super) caller: Caller,
    pub(super) action: Box<str>,
    resource: Box<str>,
    /// Where the last segment of the resource begins.
    pub(super) last: usize,
    context: Vec<(Box<str>, Vec<Box<str>>)>,
}

impl Request {
    /// A request without context. A prefix `name/` of the action is dropped.
    ///
    /// # Errors
    ///
    /// [`RequestError`] if the action is not one `service:Name`, or the resource neither `*` nor six segments.
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
        // What looks like a variable is text in a request.
        let written: Result<ResourcePattern, _> = resource.replace("${", "$").parse();
        let last = match split_segments(resource) {
            Some([.., last]) if written.is_ok() => last,
            _ if resource == "*" => resource,
            _ => return Err(RequestError { text: resource.into(), of: Part::Resource }),
        };
        Ok(Self {
            caller: caller.into(),
            action: action.into(),
            resource: resource.into(),
            last: resource.len() - last.len(),
            context: Vec::new(),
        })
    }

    /// Who asks.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// # let caller = Uin::new(100000000002)?;
    /// assert_eq!(Request::new(caller, "trtc:GetUserList", "*")?.caller(), caller.into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn caller(&self) -> Caller {
        self.caller
    }

    /// The action, as `service:Name`.
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

    /// The resource as it was given.
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

    /// The values of a context key; none if the request lacks it.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// assert!(Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.values("qcs:ip").is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn values(&self, key: &str) -> &[Box<str>] {
        self.context.iter().find(|(name, _)| **name == *key).map_or(&[], |(_, values)| values)
    }

    /// The context: each key with its values, in the order they were given.
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

    /// The caller's address: `qcs:ip`.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?.with_ip("2001:db8::1".parse()?);
    /// assert_eq!(&*request.values("qcs:ip")[0], "2001:db8::1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_ip(self, address: IpAddr) -> Self {
        self.with_key(key::SOURCE_IP.name(), [&*address.to_string()])
    }

    /// The time of the request: `qcs:current_time`.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "trtc:GetUserList", "*")?
    ///     .with_time("2026-06-01T12:00:00Z".parse()?);
    /// assert_eq!(&*request.values("qcs:current_time")[0], "2026-06-01T12:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_time(self, time: Timestamp) -> Self {
        self.with_key(key::CURRENT_TIME.name(), [&*time.to_string()])
    }

    /// Tags, of the resource or of the request.
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
    #[must_use]
    pub fn with_tags(self, key: &key::Key<key::Tags>, tags: impl IntoIterator<Item = Tag>) -> Self {
        let tags: Vec<_> = tags.into_iter().map(|tag| tag.to_string()).collect();
        self.with_key(key.name(), tags.iter().map(|tag| &**tag))
    }

    /// The values of any other key; they take the place of those it had.
    ///
    /// ```
    /// # use cam_policy::engine::Request;
    /// # use cam_policy::values::Uin;
    /// let request = Request::new(Uin::new(100000000002)?, "cos:GetObject", "*")?.with_key("cos:content-length", ["10"]);
    /// assert_eq!(&*request.values("cos:content-length")[0], "10");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_key<'v>(mut self, key: &str, values: impl IntoIterator<Item = &'v str>) -> Self {
        let values: Vec<Box<str>> = values.into_iter().map(Into::into).collect();
        self.context.retain(|(name, _)| **name != *key);
        self.context.push((key.into(), values));
        self
    }
}

impl Request {
    /// The request as if it were on this resource, for people.
    pub(super) fn on<'a>(&'a self, resource: &'a str) -> impl fmt::Display + 'a {
        struct On<'a>(&'a Request, &'a str);
        impl fmt::Display for On<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self(request, resource) = self;
                write!(f, "uin {}: {} on {resource}", request.caller.uin, request.action)?;
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

/// Error from `Request::new`: the text is no action, or no resource, of a request.
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
