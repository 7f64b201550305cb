//! The resources that a statement names.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use super::action_pattern::kept;
use super::pattern_error::{LONGEST, PatternError, PatternProblem};
use super::variable::check_variables;
use crate::text::{all_bytes, split_segments};
use crate::values::Uin;

/// The resources that a statement names: all, or those that six segments match.
///
/// The form is `*`, or `qcs:project:service:region:account:resource`. The last segment may hold `:` and `/`, and a
/// `*` matches any run of characters in its own segment. Types such as `sdkappid` are compared exactly; whether CAM
/// does so is not documented. The segments may name things that do not exist.
///
/// ```
/// use cam_policy::policy::{Account, ResourcePattern, Segment};
///
/// let pattern: ResourcePattern = "qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/photos/*".parse()?;
/// let segments = pattern.segments().unwrap();
/// assert_eq!(segments.service, Segment::Named("cos"));
/// assert_eq!(segments.account, Account::AppId("1250000000"));
/// assert_eq!(segments.resource, "bucket-1250000000/photos/*");
///
/// let error = "qcs::trtc::uin/${uin}:sdkappid/1".parse::<ResourcePattern>().unwrap_err();
/// assert!(error.to_string().contains("the root account's uin"));
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourcePattern(Cow<'static, str>);

impl ResourcePattern {
    /// Every resource: `*`, the only pattern that an operation-level action matches.
    ///
    /// ```
    /// assert_eq!(cam_policy::policy::ResourcePattern::ALL.as_str(), "*");
    /// ```
    pub const ALL: Self = Self(Cow::Borrowed("*"));

    /// Makes a pattern of six segments, of which the first is `qcs` and the second is empty.
    ///
    /// An empty `region` is every region. `resource` may hold policy [`Variable`](super::Variable)s, spelt as in
    /// `${uin}`.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if a text cannot stand in its segment.
    ///
    /// ```
    /// use cam_policy::policy::{Account, ResourcePattern, Variable};
    ///
    /// let own = format!("prefix/home/{}/*", Variable::Uin);
    /// let pattern = ResourcePattern::new("cos", "", Account::AppId("1250000000"), &own)?;
    /// assert_eq!(pattern.as_str(), "qcs::cos::uid/1250000000:prefix/home/${uin}/*");
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn new(
        service: &str,
        region: &str,
        account: Account<'_>,
        resource: &str,
    ) -> Result<Self, PatternError> {
        // A colon in one of these segments would shift the segments after it.
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

    /// Reads a pattern as [`FromStr`] does, and also accepts two mistakes of published policies: five segments
    /// instead of six, and whitespace inside of segments. Such a pattern matches nothing;
    /// [`Policy::check`](super::Policy::check) says so.
    ///
    /// # Errors
    ///
    /// [`PatternError`] for every other mistake.
    ///
    /// ```
    /// use cam_policy::policy::ResourcePattern;
    ///
    /// let text = "qcs::monitor:uin/12345678:policy/1";
    /// assert!(text.parse::<ResourcePattern>().is_err());
    /// let pattern = ResourcePattern::as_published(text)?;
    /// assert_eq!(pattern.as_str(), text);
    /// assert!(pattern.segments().is_none());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn as_published(text: &str) -> Result<Self, PatternError> {
        let error = match Self::read(text) {
            Ok(pattern) => return Ok(pattern),
            Err(error) => error,
        };
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let sound = match parts.as_slice() {
            ["qcs", _, _, _, resource] => {
                !resource.trim().is_empty()
                    && !text.contains(char::is_control)
                    && check_variables(text).is_ok()
            }
            [five @ .., resource] if five.len() == 5 => {
                let before = text.strip_suffix(resource).unwrap_or_default();
                let mut mended: String = before.chars().filter(|one| !one.is_whitespace()).collect();
                mended.push_str(resource);
                Self::read(&mended).is_ok()
            }
            _ => false,
        };
        if sound { Ok(Self(kept(text))) } else { Err(error) }
    }

    /// Returns the pattern as a policy writes it.
    ///
    /// ```
    /// let pattern: cam_policy::policy::ResourcePattern = "qcs::cvm:::sg/*".parse()?;
    /// assert_eq!(pattern.as_str(), "qcs::cvm:::sg/*");
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `*`.
    ///
    /// ```
    /// assert!(cam_policy::policy::ResourcePattern::ALL.is_all());
    /// ```
    pub fn is_all(&self) -> bool {
        self.0 == "*"
    }

    /// Returns the segments; `None` for `*`, and for a pattern [with five of them](Self::as_published).
    ///
    /// ```
    /// use cam_policy::policy::{Account, ResourcePattern, Segment};
    ///
    /// let pattern: ResourcePattern = "qcs::cvm:::sg/*".parse()?;
    /// assert_eq!(pattern.segments().unwrap().region, Segment::Unset);
    /// assert_eq!(pattern.segments().unwrap().account, Account::Creator);
    /// assert!(ResourcePattern::ALL.segments().is_none());
    /// # Ok::<(), cam_policy::policy::PatternError>(())
    /// ```
    pub fn segments(&self) -> Option<Segments<'_>> {
        let [_, project, service, region, account, resource] = split_segments(&self.0)?;
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

    /// Returns the pattern with an empty project, which policies must have today; `None` if it has no project.
    #[cfg(feature = "engine")]
    pub(crate) fn without_project(&self) -> Option<Self> {
        match split_segments(&self.0)? {
            [_, "", ..] => None,
            [qcs, _, service, region, account, resource] => {
                Some(Self(alloc::format!("{qcs}::{service}:{region}:{account}:{resource}").into()))
            }
        }
    }

    fn read(text: &str) -> Result<Self, PatternError> {
        if text == "*" {
            return Ok(Self::ALL);
        }
        let fail = |at: Range<usize>, problem| Err(PatternError::new(text, at, problem));
        let all = 0..text.len();
        if text.len() > LONGEST {
            return fail(all, PatternProblem::Length);
        }
        // Nearly all are so, and need fewer checks.
        let plain = all_bytes(text, |byte| byte.is_ascii_graphic() && byte != b'$');
        let control = || text.char_indices().find(|(_, character)| character.is_control());
        if let Some((at, character)) = if plain { None } else { control() } {
            return fail(at..at + character.len_utf8(), PatternProblem::Control);
        }
        let Some([qcs, project, service, region, account, resource]) = split_segments(text) else {
            let segments = text.split(':').count();
            return fail(all, PatternProblem::Segments { found: segments });
        };
        if qcs != "qcs" {
            return fail(0..qcs.len(), PatternProblem::Qcs);
        }
        if plain && !resource.is_empty() && (project.is_empty() || project.starts_with("id/")) {
            return Ok(Self(kept(text)));
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
        check_variables(resource).map_err(|range| {
            PatternError::new(text, at + range.start..at + range.end, PatternProblem::Variable)
        })?;
        Ok(Self(kept(text)))
    }
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

/// A resource whose type has checked its six segments: one of the generated resource types.
///
/// Every such resource is a [`ResourcePattern`] by `into`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource pattern",
    label = "neither a resource of the catalog nor a `ResourcePattern`",
    note = "write a text as a pattern: `\"qcs::cos:::bucket/*\".parse::<ResourcePattern>()?`, and `*` as `ResourcePattern::ALL`"
)]
pub trait CatalogResource: AsRef<str> {
    /// Returns the six segments, as a policy writes them.
    fn as_str(&self) -> &str {
        self.as_ref()
    }
}

impl<R: CatalogResource> From<R> for ResourcePattern {
    fn from(resource: R) -> Self {
        Self(Cow::Owned(resource.as_str().into()))
    }
}

impl ResourcePattern {
    /// Makes a pattern of six segments that a resource type has checked: the text of a [`CatalogResource`].
    #[doc(hidden)]
    pub fn of_checked(segments: Box<str>) -> Self {
        Self(Cow::Owned(String::from(segments)))
    }
}

/// The segments of a [`ResourcePattern`] after the literal `qcs`.
///
/// ```
/// use cam_policy::policy::{Project, ResourcePattern};
///
/// let old: ResourcePattern = "qcs:id/0:cos:sg:uid/1250000000:prefix//1250000000/b/*".parse()?;
/// assert_eq!(old.segments().unwrap().project, Project::Id("0"));
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Segments<'a> {
    /// The project; the documentation asks for an empty one.
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
/// use cam_policy::policy::{Project, ResourcePattern};
///
/// let pattern: ResourcePattern = "qcs::cvm:::sg/*".parse()?;
/// assert_eq!(pattern.segments().unwrap().project, Project::Unset);
/// # Ok::<(), cam_policy::policy::PatternError>(())
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
/// use cam_policy::policy::{ResourcePattern, Segment};
///
/// let pattern: ResourcePattern = "qcs::cvm:*:uin/12345678:sg/*".parse()?;
/// assert_eq!(pattern.segments().unwrap().region, Segment::All);
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Segment<'a> {
    /// Empty: according to the documentation, every service or region.
    Unset,
    /// `*`: seen in policies for every region.
    All,
    /// A name, which may hold a `*`.
    Named(&'a str),
}

impl<'a> Segment<'a> {
    fn new(text: &'a str) -> Self {
        match text {
            "" => Self::Unset,
            "*" => Self::All,
            name => Self::Named(name),
        }
    }
}

/// The account segment of a resource.
///
/// ```
/// use cam_policy::policy::Account;
/// use cam_policy::values::Uin;
///
/// assert_eq!(Account::Uin(Uin::new(12345678)?).to_string(), "uin/12345678");
/// assert_eq!(Account::Creator.to_string(), "");
/// # Ok::<(), cam_policy::values::UinError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Account<'a> {
    /// Empty: according to the documentation, the root account of the policy's creator. `uin/` without a number is
    /// read the same way; this is an assumption.
    Creator,
    /// `*`: seen in policies for every account.
    All,
    /// `uin/…`: a root account.
    Uin(Uin),
    /// `uid/…`: an APPID, which COS and CAS use in place of the uin.
    AppId(&'a str),
    /// Anything else, as in the placeholders of published examples.
    Other(&'a str),
}

impl<'a> Account<'a> {
    pub(crate) fn read(text: &'a str) -> Self {
        match text {
            "" | "uin/" => return Self::Creator,
            "*" => return Self::All,
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
            Self::All => f.write_str("*"),
            Self::Uin(uin) => write!(f, "uin/{uin}"),
            Self::AppId(id) => write!(f, "uid/{id}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}
