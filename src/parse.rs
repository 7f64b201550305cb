//! Reads actions from text, and the errors of texts that name none.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::{self, Display};

use cam_policy::catalog::{self, Catalog, Service, split_action};

use crate::enums::{OfService, OtherEnumError, numbered};

/// Error from parsing an action.
///
/// The comparison of names is case-sensitive. Tencent does not document whether CAM's comparison is.
///
/// ```
/// # #[cfg(feature = "trtc")] {
/// use tencent_cam::{Action, trtc};
///
/// let error = "trtc:RemoveUsers".parse::<Action>().unwrap_err();
/// assert_eq!(error.nearest(), ["trtc:RemoveUser"]);
///
/// let error = "trtc:GetUserList".parse::<trtc::ApplicationAction>().unwrap_err();
/// assert!(error.to_string().contains("operation-level"));
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ParseActionError {
    input: Box<str>,
    problem: Problem,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Problem {
    /// The text is not `service:Name`.
    Form,
    /// The catalog does not have the service.
    Service(&'static Catalog<'static>),
    /// The text names another service than the requested one.
    OtherService(&'static Service<'static>),
    /// The service does not have the action.
    Name(&'static Service<'static>),
    /// Another enum than the requested one lists the action.
    Elsewhere(OtherEnumError),
}

impl ParseActionError {
    /// Returns the text that was parsed.
    #[inline]
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Returns up to three actions whose spelling is nearest to the text, as `service:Name`, the nearest first.
    #[inline]
    pub fn nearest(&self) -> Vec<&'static str> {
        let Problem::Name(service) = self.problem else { return Vec::new() };
        service.nearest(split_action(&self.input).map_or("", |(_, name)| name))
    }
}

impl Display for ParseActionError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input = &self.input;
        match self.problem {
            Problem::Form => {
                write!(f, "{input:?} is no action: write `service:Name`, such as `trtc:RemoveUser`")
            }
            Problem::Service(catalog) => {
                write!(f, "the service of {input:?} is not in this build, which has")?;
                list_services(f, catalog)
            }
            Problem::OtherService(service) => write!(f, "{input:?} is not an action of `{}`", service.id),
            Problem::Name(service) => {
                write!(f, "the catalog has no action {input:?}")?;
                let nearest = self.nearest();
                match nearest.as_slice() {
                    [] => write!(f, " of `{}`", service.id),
                    names => {
                        names.iter().enumerate().try_for_each(|(at, name)| {
                            write!(f, "{} `{name}`", if at == 0 { "; did you mean" } else { "," })
                        })?;
                        f.write_str("?")
                    }
                }
            }
            Problem::Elsewhere(error) => Display::fmt(&error, f),
        }
    }
}

impl fmt::Debug for ParseActionError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl core::error::Error for ParseActionError {}

/// Reads an action of one service.
pub(crate) fn in_service<A: OfService>(text: &str) -> Result<A, ParseActionError> {
    let problem = match split_action(text) {
        None => Problem::Form,
        Some((service, _)) if service != A::ENUM.service.id => Problem::OtherService(A::ENUM.service),
        Some((_, name)) => match A::ENUM.service.action(name) {
            None => Problem::Name(A::ENUM.service),
            Some(action) => match numbered(action.number()) {
                Some(found) => return Ok(found),
                None => Problem::Elsewhere(elsewhere::<A>(action)),
            },
        },
    };
    Err(ParseActionError { input: text.into(), problem })
}

fn elsewhere<A: OfService>(action: catalog::Action<'static>) -> OtherEnumError {
    let whole: Option<A::Whole> = numbered(action.number());
    OtherEnumError { action, listed: whole.map_or(A::ENUM.path, OfService::enum_path), wanted: A::ENUM.path }
}

/// Reads an action of any service of the catalog.
#[inline]
pub(crate) fn in_catalog(
    catalog: &'static Catalog<'static>,
    text: &str,
) -> Result<catalog::Action<'static>, ParseActionError> {
    let problem = match split_action(text) {
        None => Problem::Form,
        Some((service, name)) => match catalog.service(service) {
            None => Problem::Service(catalog),
            Some(service) => match service.action(name) {
                Some(action) => return Ok(action),
                None => Problem::Name(service),
            },
        },
    };
    Err(ParseActionError { input: text.into(), problem })
}

/// Error from parsing a service: this build has no service of that name.
///
/// ```
/// let error = "none".parse::<tencent_cam::Service>().unwrap_err();
/// assert!(error.to_string().contains("\"none\""));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ParseServiceError {
    input: Box<str>,
    catalog: &'static Catalog<'static>,
}

impl ParseServiceError {
    #[inline]
    pub(crate) fn new(input: &str, catalog: &'static Catalog<'static>) -> Self {
        Self { input: input.into(), catalog }
    }
}

impl Display for ParseServiceError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not in this build, which has", self.input)?;
        list_services(f, self.catalog)
    }
}

impl fmt::Debug for ParseServiceError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl core::error::Error for ParseServiceError {}

#[inline]
fn list_services(f: &mut fmt::Formatter<'_>, catalog: &Catalog<'_>) -> fmt::Result {
    if catalog.services.is_empty() {
        return f.write_str(" no service: to have one, turn on the Cargo feature of its name");
    }
    catalog
        .services
        .iter()
        .enumerate()
        .try_for_each(|(at, service)| write!(f, "{} `{}`", if at == 0 { "" } else { "," }, service.id))?;
    f.write_str(": to have a service, turn on the Cargo feature of its name")
}
