//! What a statement names: actions and resources, with `*` in them.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use crate::action::CatalogAction;
use crate::resource::{Resource, ResourceError};
use crate::services::Action;
use crate::values::Uin;

/// The longest pattern: no policy is longer, and what matching costs stays bounded.
const LONGEST: usize = super::LENGTH_LIMIT;

/// The actions a statement names: one, several by a `*`, or all.
///
/// `*`, `*:*`, `cos:*`, `trtc:RemoveUser`, `trtc:Describe*`, and the obsolete `permid/280649`. A prefix `name/`
/// changes nothing, says the documentation, and is not kept. Names are compared exactly, upper and lower case too:
/// whether CAM does so is not documented. Nothing here checks that an action exists.
///
/// ```
/// use tencent_cam::ActionPattern;
///
/// let pattern: ActionPattern = "name/trtc:Describe*".parse()?;
/// assert_eq!(pattern.as_str(), "trtc:Describe*");
/// assert_eq!(pattern.service(), Some("trtc"));
/// assert!(pattern.matches("trtc:DescribeRoomInfo"));
/// assert!(!pattern.matches("trtc:RemoveUser"));
///
/// let error = "cos: GetObject".parse::<ActionPattern>().unwrap_err();
/// assert!(error.to_string().ends_with("write `cos:GetObject`"));
/// # Ok::<(), tencent_cam::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionPattern(Cow<'static, str>);

impl ActionPattern {
    /// Every action of every service: `*`.
    ///
    /// ```
    /// assert!(tencent_cam::ActionPattern::EVERY.matches("cvm:RunInstances"));
    /// ```
    pub const EVERY: Self = Self(Cow::Borrowed("*"));

    /// The pattern, without the prefix `name/`.
    ///
    /// ```
    /// assert_eq!(tencent_cam::ActionPattern::EVERY.as_str(), "*");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The service's abbreviation; `None` if the pattern stands for every service, or is an operation set.
    ///
    /// ```
    /// use tencent_cam::ActionPattern;
    ///
    /// assert_eq!("cos:Get*".parse::<ActionPattern>()?.service(), Some("cos"));
    /// assert_eq!(ActionPattern::EVERY.service(), None);
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn service(&self) -> Option<&str> {
        self.0.split_once(':').map(|(service, _)| service).filter(|service| *service != "*")
    }

    /// The name of the operation, with its `*`; `None` for an operation set.
    ///
    /// ```
    /// assert_eq!(tencent_cam::ActionPattern::EVERY.operation(), Some("*"));
    /// ```
    pub fn operation(&self) -> Option<&str> {
        match self.0.split_once(':') {
            Some((_, operation)) => Some(operation),
            None => (self.0 == "*").then_some("*"),
        }
    }

    /// Whether this is `permid/…`, the number of an operation set: obsolete, and matched by nothing here.
    ///
    /// ```
    /// assert!("permid/280649".parse::<tencent_cam::ActionPattern>()?.is_operation_set());
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn is_operation_set(&self) -> bool {
        self.0.starts_with("permid/")
    }

    /// Whether the pattern matches the action `service:Name`.
    ///
    /// `*` stands for any run of letters, an empty one too; `?` is a letter like any other. That `*:Describe*` matches
    /// across services is assumed: the form is neither documented nor seen.
    ///
    /// ```
    /// let pattern: tencent_cam::ActionPattern = "trtc:*Room*".parse()?;
    /// assert!(pattern.matches("trtc:DismissRoomByStrRoomId"));
    /// assert!(!pattern.matches("ccc:DismissRoom"));
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn matches(&self, action: &str) -> bool {
        if self.0 == "*" {
            return true;
        }
        let (Some((service, operation)), Some((of, name))) = (self.0.split_once(':'), action.split_once(':'))
        else {
            return false;
        };
        (service == "*" || service == of) && glob(operation, name)
    }

    /// The actions of the catalog that the pattern matches, in the catalog's order.
    ///
    /// ```
    /// # #[cfg(feature = "trtc")] {
    /// use tencent_cam::{ActionPattern, trtc};
    ///
    /// let pattern: ActionPattern = "trtc:Dismiss*ByStrRoomId".parse().unwrap();
    /// assert!(pattern.actions().eq([trtc::ApplicationAction::DismissRoomByStrRoomId.into()]));
    /// # }
    /// ```
    pub fn actions(&self) -> impl Iterator<Item = Action> + '_ {
        let service = self.service();
        crate::services::Service::ALL
            .iter()
            .filter(move |one| service.is_none_or(|service| service == one.id()))
            .flat_map(|service| service.actions())
            .filter(|action| self.matches(action.as_str()))
    }

    /// Reads a pattern, and says where in the text the mistake is.
    fn read(text: &str) -> Result<Self, PatternError> {
        let fail = |at: Range<usize>, problem| Err(PatternError::new(text, at, problem));
        let body = text.strip_prefix("name/").unwrap_or(text);
        let from = text.len() - body.len();
        if text.len() > LONGEST {
            return fail(0..text.len(), PatternProblem::Length);
        }
        if body == "*" || body.strip_prefix("permid/").is_some_and(|id| crate::values::number(id).is_some()) {
            return Ok(Self(kept(body)));
        }
        if let Some(at) = body.find(|letter: char| letter.is_whitespace() || letter.is_control()) {
            let length = body[at..].chars().next().map_or(0, char::len_utf8);
            return fail(from + at..from + at + length, PatternProblem::ActionBlank);
        }
        let Some((service, operation)) = body.split_once(':') else {
            return fail(0..text.len(), PatternProblem::ActionForm);
        };
        if service != "*" && (service.is_empty() || !service.bytes().all(is_word)) {
            return fail(from..from + service.len(), PatternProblem::ActionService);
        }
        let stray = |letter: char| !letter.is_alphanumeric() && !"*_-.?".contains(letter);
        if operation.is_empty() || operation.contains(stray) {
            return fail(from + service.len() + 1..text.len(), PatternProblem::ActionName);
        }
        Ok(Self(kept(body)))
    }
}

/// Letters of a service's abbreviation.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The pattern's text; `*` costs nothing.
fn kept(text: &str) -> Cow<'static, str> {
    if text == "*" { Cow::Borrowed("*") } else { Cow::Owned(text.into()) }
}

impl fmt::Display for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActionPattern({:?})", &*self.0)
    }
}

impl FromStr for ActionPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

impl TryFrom<&str> for ActionPattern {
    type Error = PatternError;

    fn try_from(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

impl<A: CatalogAction> From<A> for ActionPattern {
    fn from(action: A) -> Self {
        Self(Cow::Borrowed(action.into().as_str()))
    }
}

/// The resources a statement names: all, or those that six segments match.
///
/// `*`, or `qcs:project:service:region:account:resource`. The last segment may hold `:` and `/`, and a `*` matches any
/// run of characters in its own segment. Whether types such as `sdkappid` are compared exactly is not documented; here
/// they are. What the segments name is not checked to exist.
///
/// ```
/// use tencent_cam::{Account, ResourcePattern, Segment};
///
/// let pattern: ResourcePattern = "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/photos/*".parse()?;
/// let segments = pattern.segments().unwrap();
/// assert_eq!(segments.service, Segment::Named("cos"));
/// assert_eq!(segments.account, Account::AppId("1250000000"));
/// assert_eq!(segments.resource, "bucket-1250000000/photos/*");
///
/// let error = "qcs::trtc::uin/${uin}:sdkappid/1".parse::<ResourcePattern>().unwrap_err();
/// assert!(error.to_string().contains("the root account's uin"));
/// # Ok::<(), tencent_cam::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourcePattern(Cow<'static, str>);

impl ResourcePattern {
    /// Every resource: `*`, the only pattern that an operation-level action matches.
    ///
    /// ```
    /// assert_eq!(tencent_cam::ResourcePattern::EVERY.as_str(), "*");
    /// ```
    pub const EVERY: Self = Self(Cow::Borrowed("*"));

    /// The pattern of six segments of which the first is `qcs` and the second empty.
    ///
    /// An empty `region` is every region. `resource` may hold policy [`Variable`]s, in their spelling `${uin}`.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if a segment cannot be what it is given as.
    ///
    /// ```
    /// use tencent_cam::{Account, ResourcePattern, Variable};
    ///
    /// let own = format!("prefix/home/{}/*", Variable::Uin);
    /// let pattern = ResourcePattern::new("cos", "", Account::AppId("1250000000"), &own)?;
    /// assert_eq!(pattern.as_str(), "qcs::cos::uid/1250000000:prefix/home/${uin}/*");
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn new(
        service: &str,
        region: &str,
        account: Account<'_>,
        resource: &str,
    ) -> Result<Self, PatternError> {
        // A colon in a segment would shift those after it.
        for (name, segment) in [("service", service), ("region", region)] {
            if segment.contains(':') {
                return Err(PatternError::new(
                    segment,
                    0..segment.len(),
                    PatternProblem::Segment { segment: name },
                ));
            }
        }
        let text = alloc::format!("qcs::{service}:{region}:{account}:{resource}");
        Self::read(&text)
    }

    /// The pattern as a policy writes it.
    ///
    /// ```
    /// let pattern: tencent_cam::ResourcePattern = "qcs::cvm:::sg/*".parse()?;
    /// assert_eq!(pattern.as_str(), "qcs::cvm:::sg/*");
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `*`.
    ///
    /// ```
    /// assert!(tencent_cam::ResourcePattern::EVERY.is_every());
    /// ```
    pub fn is_every(&self) -> bool {
        self.0 == "*"
    }

    /// What the segments say; `None` for `*`.
    ///
    /// ```
    /// use tencent_cam::{Account, ResourcePattern, Segment};
    ///
    /// let pattern: ResourcePattern = "qcs::cvm:::sg/*".parse()?;
    /// assert_eq!(pattern.segments().unwrap().region, Segment::Unset);
    /// assert_eq!(pattern.segments().unwrap().account, Account::Creator);
    /// assert!(ResourcePattern::EVERY.segments().is_none());
    /// # Ok::<(), tencent_cam::PatternError>(())
    /// ```
    pub fn segments(&self) -> Option<Segments<'_>> {
        let [_, project, service, region, account, resource] = six(&self.0)?;
        Some(Segments {
            project: match project.strip_prefix("id/") {
                _ if project.is_empty() => Project::Unset,
                Some(id) => Project::Id(id),
                None => Project::Other(project),
            },
            service: Segment::new(service),
            region: Segment::new(region),
            account: Account::read(account),
            resource,
        })
    }

    fn read(text: &str) -> Result<Self, PatternError> {
        if text == "*" {
            return Ok(Self::EVERY);
        }
        let fail = |at: Range<usize>, problem| Err(PatternError::new(text, at, problem));
        let all = 0..text.len();
        if text.len() > LONGEST {
            return fail(all, PatternProblem::Length);
        }
        if let Some((at, letter)) = text.char_indices().find(|(_, letter)| letter.is_control()) {
            return fail(at..at + letter.len_utf8(), PatternProblem::Control);
        }
        let Some([qcs, project, service, region, account, resource]) = six(text) else {
            let segments = text.split(':').count();
            return fail(all, PatternProblem::Segments { found: segments });
        };
        if qcs != "qcs" {
            return fail(0..qcs.len(), PatternProblem::Qcs);
        }
        let mut at = 4;
        for (name, segment) in
            [("project", project), ("service", service), ("region", region), ("account", account)]
        {
            let range = at..at + segment.len();
            at = range.end + 1;
            if segment.contains("${") {
                return fail(range, PatternProblem::VariableOutside { segment: name });
            }
            let is_project = name == "project" && !segment.is_empty() && !segment.starts_with("id/");
            if is_project || segment.contains(char::is_whitespace) {
                return fail(range, PatternProblem::Segment { segment: name });
            }
        }
        if resource.trim().is_empty() {
            return fail(at..text.len(), PatternProblem::NoResource);
        }
        check_variables(resource)
            .map_err(|(range, problem)| PatternError::new(text, at + range.start..at + range.end, problem))?;
        Ok(Self(kept(text)))
    }
}

/// The six segments of a text, without judging them.
pub(crate) fn six(text: &str) -> Option<[&str; 6]> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    Some([next()?, next()?, next()?, next()?, next()?, next()?])
}

/// Finds a `${…}` that is none of the variables CAM has.
pub(crate) fn check_variables(text: &str) -> Result<(), (Range<usize>, PatternProblem)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("${").map(|at| from + at) {
        let Some(end) = text[start..].find('}').map(|at| start + at + 1) else { return Ok(()) };
        if Variable::read(&text[start..end]).is_none() {
            return Err((start..end, PatternProblem::Variable));
        }
        from = end;
    }
    Ok(())
}

impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResourcePattern({:?})", &*self.0)
    }
}

impl FromStr for ResourcePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

impl TryFrom<&str> for ResourcePattern {
    type Error = PatternError;

    fn try_from(text: &str) -> Result<Self, PatternError> {
        Self::read(text)
    }
}

impl<R: Resource> From<R> for ResourcePattern {
    fn from(resource: R) -> Self {
        Self(Cow::Owned(resource.as_str().into()))
    }
}

impl ResourcePattern {
    /// From the six segments of a typed resource, sound by its type.
    pub(crate) fn of_typed(name: Result<Box<str>, ResourceError>) -> Result<Self, ResourceError> {
        name.map(|name| Self(Cow::Owned(String::from(name))))
    }
}

/// The segments of a [`ResourcePattern`] after the literal `qcs`.
///
/// ```
/// use tencent_cam::{Project, ResourcePattern};
///
/// let old: ResourcePattern = "qcs:id/0:cos:sg:uid/1250000000:prefix//1250000000/b/*".parse()?;
/// assert_eq!(old.segments().unwrap().project, Project::Id("0"));
/// # Ok::<(), tencent_cam::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segments<'a> {
    /// The project; empty today.
    pub project: Project<'a>,
    /// The service; it may differ from that of the action.
    pub service: Segment<'a>,
    /// The region.
    pub region: Segment<'a>,
    /// The account that owns the resource.
    pub account: Account<'a>,
    /// Type and identifier: `sdkappid/1400000001`.
    pub resource: &'a str,
}

/// The project segment of a resource. The documentation asks for an empty one.
///
/// ```
/// use tencent_cam::{Project, ResourcePattern};
///
/// let pattern: ResourcePattern = "qcs::cvm:::sg/*".parse()?;
/// assert_eq!(pattern.segments().unwrap().project, Project::Unset);
/// # Ok::<(), tencent_cam::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Project<'a> {
    /// Empty.
    Unset,
    /// `id/…`, seen in old policies.
    Id(&'a str),
    /// Anything else.
    Other(&'a str),
}

/// The service or region segment of a resource.
///
/// ```
/// use tencent_cam::{ResourcePattern, Segment};
///
/// let pattern: ResourcePattern = "qcs::cvm:*:uin/12345678:sg/*".parse()?;
/// assert_eq!(pattern.segments().unwrap().region, Segment::Every);
/// # Ok::<(), tencent_cam::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Segment<'a> {
    /// Empty: every service or region, says the documentation.
    Unset,
    /// `*`: seen in policies for every region.
    Every,
    /// A name, which may hold a `*`.
    Named(&'a str),
}

impl<'a> Segment<'a> {
    fn new(text: &'a str) -> Self {
        match text {
            "" => Self::Unset,
            "*" => Self::Every,
            name => Self::Named(name),
        }
    }
}

/// The account segment of a resource.
///
/// ```
/// use tencent_cam::{Account, Uin};
///
/// assert_eq!(Account::Uin(Uin::new(12345678)?).to_string(), "uin/12345678");
/// assert_eq!(Account::Creator.to_string(), "");
/// # Ok::<(), tencent_cam::UinError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Account<'a> {
    /// Empty: the root account of the policy's creator, says the documentation. `uin/` without a number is read as
    /// the same, which is assumed.
    Creator,
    /// `*`: seen in policies for every account.
    Every,
    /// `uin/…`: a root account.
    Uin(Uin),
    /// `uid/…`: an APPID, which COS and CAS use in place of the uin.
    AppId(&'a str),
    /// Anything else, as in the placeholders of published examples.
    Other(&'a str),
}

impl<'a> Account<'a> {
    fn read(text: &'a str) -> Self {
        match text {
            "" | "uin/" => return Self::Creator,
            "*" => return Self::Every,
            _ => {}
        }
        if let Some(Ok(uin)) = text.strip_prefix("uin/").map(str::parse) {
            return Self::Uin(uin);
        }
        match text.strip_prefix("uid/") {
            Some(id) if crate::values::number(id).is_some() => Self::AppId(id),
            _ => Self::Other(text),
        }
    }
}

impl fmt::Display for Account<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creator => Ok(()),
            Self::Every => f.write_str("*"),
            Self::Uin(uin) => write!(f, "uin/{uin}"),
            Self::AppId(id) => write!(f, "uid/{id}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// A policy variable: what CAM puts in its place when it evaluates a request.
///
/// CAM has these three, in the last segment of a resource and in condition values. Not to be mistaken for the
/// placeholders of a product's documentation, where `${uin}` stands for the root account.
///
/// ```
/// use tencent_cam::Variable;
///
/// assert_eq!(Variable::OwnerUin.to_string(), "${owner_uin}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variable {
    /// `${uin}`: the uin of the caller.
    Uin,
    /// `${owner_uin}`: the uin of the caller's root account.
    OwnerUin,
    /// `${app_id}`: the APPID of the caller's root account.
    AppId,
}

impl Variable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Uin, Self::OwnerUin, Self::AppId];

    /// The spelling in a policy.
    ///
    /// ```
    /// assert_eq!(tencent_cam::Variable::Uin.as_str(), "${uin}");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uin => "${uin}",
            Self::OwnerUin => "${owner_uin}",
            Self::AppId => "${app_id}",
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variable| variable.as_str() == text)
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether `pattern`, in which `*` stands for any run of characters, matches all of `text`.
///
/// Linear in the length of both: each piece between two `*` is found as early as possible.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    while let Some((piece, after)) = rest.split_once('*') {
        // Several `*` in a row are as one.
        if piece.is_empty() {
            rest = rest.trim_start_matches('*');
            continue;
        }
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
        rest = after;
    }
    text.ends_with(rest)
}

/// Why a text names no actions or no resources.
///
/// ```
/// use tencent_cam::ResourcePattern;
///
/// let error = "qcs::monitor:uin/12345678:policy/1".parse::<ResourcePattern>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "a resource is `*` or has six segments, \"qcs::monitor:uin/12345678:policy/1\" has 5: write \
///      `qcs::service:region:account:resource`, where region and account may be empty"
/// );
/// assert_eq!(error.cam_code(), Some("InvalidParameter.ResourceError"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    text: Box<str>,
    at: (usize, usize),
    problem: PatternProblem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternProblem {
    Length,
    Control,
    ActionForm,
    ActionBlank,
    ActionService,
    ActionName,
    Segments { found: usize },
    Qcs,
    Segment { segment: &'static str },
    NoResource,
    VariableOutside { segment: &'static str },
    Variable,
}

impl PatternError {
    fn new(text: &str, at: Range<usize>, problem: PatternProblem) -> Self {
        Self { text: text.into(), at: (at.start, at.end), problem }
    }

    /// The text that was given.
    ///
    /// ```
    /// let error = "RemoveUser".parse::<tencent_cam::ActionPattern>().unwrap_err();
    /// assert_eq!(error.input(), "RemoveUser");
    /// ```
    pub fn input(&self) -> &str {
        &self.text
    }

    /// The bytes of the text that are wrong.
    ///
    /// ```
    /// let error = "cos: GetObject".parse::<tencent_cam::ActionPattern>().unwrap_err();
    /// assert_eq!(error.range(), 4..5);
    /// ```
    pub fn range(&self) -> Range<usize> {
        self.at.0..self.at.1
    }

    /// The error code with which CAM's own `CreatePolicy` refuses such a policy, as far as its documentation tells.
    ///
    /// ```
    /// let error = "RemoveUser".parse::<tencent_cam::ActionPattern>().unwrap_err();
    /// assert_eq!(error.cam_code(), Some("InvalidParameter.ActionError"));
    /// ```
    pub fn cam_code(&self) -> Option<&'static str> {
        Some(match self.problem {
            PatternProblem::Length => "InvalidParameter.PolicyDocumentLengthOverLimit",
            PatternProblem::ActionForm
            | PatternProblem::ActionBlank
            | PatternProblem::ActionService
            | PatternProblem::ActionName => "InvalidParameter.ActionError",
            PatternProblem::Segments { .. } => "InvalidParameter.ResourceError",
            PatternProblem::Qcs => "InvalidParameter.ResourceQcsError",
            PatternProblem::Segment { segment: "project" } => "InvalidParameter.ResourceProjectError",
            PatternProblem::Segment { segment: "region" } => "InvalidParameter.ResourceRegionError",
            PatternProblem::Segment { segment: "account" } => "InvalidParameter.ResourceUinError",
            PatternProblem::NoResource => "InvalidParameter.ResourceContentError",
            PatternProblem::Segment { .. }
            | PatternProblem::Control
            | PatternProblem::VariableOutside { .. }
            | PatternProblem::Variable => return None,
        })
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Shortened(&self.text);
        let part = Shortened(self.text.get(self.range()).unwrap_or_default());
        match self.problem {
            PatternProblem::Length => {
                write!(f, "{text:?} is longer than a whole policy can be, {LONGEST} characters")
            }
            PatternProblem::Control => {
                write!(f, "{text:?} holds the control character {part:?}: remove it")
            }
            PatternProblem::ActionForm => write!(
                f,
                "{text:?} is no action: write `service:Name`, such as `trtc:RemoveUser`, or `service:*`, or `*`"
            ),
            PatternProblem::ActionBlank => {
                let without: String = self
                    .text
                    .chars()
                    .filter(|letter| !letter.is_whitespace() && !letter.is_control())
                    .collect();
                write!(f, "{text:?} has a blank in it, which no action has: write `{}`", Shortened(&without))
            }
            PatternProblem::ActionService if self.at.0 == self.at.1 => {
                write!(f, "{text:?} has no service before its `:`: write one, such as `trtc`, or `*`")
            }
            PatternProblem::ActionName if self.at.0 == self.at.1 => {
                write!(f, "{text:?} has no operation after its `:`: write one, such as `RemoveUser`, or `*`")
            }
            PatternProblem::ActionName if self.text.contains(',') => {
                write!(f, "{text:?} is more than one action: write each as a string of its own")
            }
            PatternProblem::ActionService => write!(
                f,
                "{part:?} is no service: an action begins with the product's abbreviation in CAM, such as `trtc`, or \
                 with `*`"
            ),
            PatternProblem::ActionName => write!(
                f,
                "{part:?} is no operation of a service: write a name such as `RemoveUser`, where a `*` stands for any \
                 letters"
            ),
            PatternProblem::Segments { found } => write!(
                f,
                "a resource is `*` or has six segments, {text:?} has {found}: write \
                 `qcs::service:region:account:resource`, where region and account may be empty"
            ),
            PatternProblem::Qcs => {
                write!(f, "a resource begins with `qcs:`, {text:?} with {part:?}")
            }
            PatternProblem::Segment { segment: "project" } => {
                write!(f, "{part:?} cannot be the project segment: leave it empty, as in `qcs::service`")
            }
            PatternProblem::Segment { segment } => {
                write!(
                    f,
                    "{part:?} cannot be the {segment} segment of a resource: no blank and no `:` can be in it"
                )
            }
            PatternProblem::NoResource => {
                write!(f, "the last segment of {text:?} is empty: write `type/id`, `type/*` or `*`")
            }
            PatternProblem::VariableOutside { segment } => {
                let example = match segment {
                    "account" => "write the root account's uin, such as `uin/12345678`",
                    "region" => "write a region, such as `ap-guangzhou`",
                    "service" => "write a service, such as `trtc`",
                    _ => "remove it",
                };
                write!(
                    f,
                    "{part:?} holds a `${{…}}`, which CAM replaces in the last segment only: {example}, or leave the \
                     segment empty"
                )
            }
            PatternProblem::Variable => write!(
                f,
                "{part:?} is no policy variable: CAM has `${{uin}}`, `${{owner_uin}}` and `${{app_id}}`; should it be \
                 a placeholder of a documentation page, fill it in"
            ),
        }
    }
}

impl core::error::Error for PatternError {}

/// A text cut to a length that a message can bear.
pub(crate) struct Shortened<'a>(pub(crate) &'a str);

impl Shortened<'_> {
    fn parts(&self) -> (&str, &'static str) {
        match self.0.char_indices().nth(100) {
            Some((at, _)) => (&self.0[..at], "…"),
            None => (self.0, ""),
        }
    }
}

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, more) = self.parts();
        write!(f, "{text}{more}")
    }
}

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, more) = self.parts();
        write!(f, "{text:?}{more}")
    }
}
