//! The error from reading a pattern.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::length::LENGTH_LIMIT;
use crate::text::{Shortened, debug_as_display, split_segments};
use crate::values::is_region;

/// The longest pattern, in bytes. No policy is longer, and the limit bounds the time of matching.
pub(super) const LONGEST: usize = LENGTH_LIMIT;

/// Error from reading an [`ActionPattern`](super::ActionPattern) or a [`ResourcePattern`](super::ResourcePattern).
///
/// ```
/// use cam_policy::policy::ResourcePattern;
///
/// let error = "qcs::monitor:uin/12345678:policy/1".parse::<ResourcePattern>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "a resource is `*` or has six segments, \"qcs::monitor:uin/12345678:policy/1\" has 5: write \
///      `qcs::service:region:account:resource`, where region and account may be empty"
/// );
/// assert_eq!(error.cam_code(), Some("InvalidParameter.ResourceError"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PatternError {
    text: Box<str>,
    at: (usize, usize),
    problem: PatternProblem,
    /// The patterns that the text most likely stands for; each can be read.
    meant: Vec<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatternProblem {
    Length,
    Control,
    ActionForm,
    ActionWhitespace,
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
    pub(super) fn new(text: &str, at: Range<usize>, problem: PatternProblem) -> Self {
        Self { text: text.into(), at: (at.start, at.end), problem, meant: Vec::new() }
    }

    /// Returns the error with the patterns that the text most likely stands for.
    pub(super) fn meaning(mut self, meant: Vec<Box<str>>) -> Self {
        self.meant = meant;
        self
    }

    /// Returns the pattern that the text most likely stands for, if there is only one.
    #[cfg(feature = "document")]
    pub(crate) fn meant(&self) -> Option<&str> {
        if let [meant] = &*self.meant { Some(meant) } else { None }
    }

    /// Returns the text that was given.
    ///
    /// ```
    /// let error = "RemoveUser".parse::<cam_policy::policy::ActionPattern>().unwrap_err();
    /// assert_eq!(error.input(), "RemoveUser");
    /// ```
    pub fn input(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the text that are wrong.
    ///
    /// ```
    /// let error = "cos: GetObject".parse::<cam_policy::policy::ActionPattern>().unwrap_err();
    /// assert_eq!(error.range(), 4..5);
    /// ```
    pub fn range(&self) -> Range<usize> {
        self.at.0..self.at.1
    }

    /// Returns the error code with which CAM's own `CreatePolicy` refuses such a policy, as far as CAM documents it.
    ///
    /// ```
    /// let error = "RemoveUser".parse::<cam_policy::policy::ActionPattern>().unwrap_err();
    /// assert_eq!(error.cam_code(), Some("InvalidParameter.ActionError"));
    /// ```
    pub fn cam_code(&self) -> Option<&'static str> {
        Some(match self.problem {
            PatternProblem::Length => "InvalidParameter.PolicyDocumentLengthOverLimit",
            PatternProblem::ActionForm
            | PatternProblem::ActionWhitespace
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

impl PatternError {
    /// Returns a full-width character of a Chinese keyboard, and the ASCII character that CAM has in its place.
    fn full_width(&self) -> Option<(char, char)> {
        // The last segment of a resource may hold any character.
        let outside = match split_segments(&self.text) {
            Some([.., resource]) => &self.text[..self.text.len() - resource.len()],
            None => &self.text,
        };
        outside.chars().find_map(|character| Some((character, ascii(character)?)))
    }

    /// Returns the resource with its project moved to the region, if the project looks like a region and the region
    /// is free.
    fn region_moved(&self) -> Option<String> {
        let [qcs, project, service, region, account, resource] = split_segments(&self.text)?;
        let looks = is_region(project) && (region.is_empty() || region == project);
        looks.then(|| format!("{qcs}::{service}:{project}:{account}:{resource}"))
    }
}

/// Returns the ASCII character that a full-width one of a Chinese keyboard stands for, if a pattern may hold it.
pub(super) fn ascii(character: char) -> Option<char> {
    let full = u32::from('！')..=u32::from('～');
    let plain = char::from_u32(u32::from(character).checked_sub(u32::from('！') - u32::from('!'))?)?;
    let fits = plain.is_ascii_alphanumeric() || ":*/-_.".contains(plain);
    (full.contains(&u32::from(character)) && fits).then_some(plain)
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Shortened(&self.text);
        let part = Shortened(self.text.get(self.range()).unwrap_or_default());
        if let [_, _, ..] = &*self.meant {
            let list: Vec<String> = self.meant.iter().map(|one| format!("{one:?}")).collect();
            let list = format!("[{}]", list.join(", "));
            return write!(
                f,
                "{text:?} is more than one action: write each as a string of its own, `{}`",
                Shortened(&list)
            );
        }
        if let (Some((wide, _)), [meant]) = (self.full_width(), &*self.meant) {
            return write!(
                f,
                "{text:?} has the full-width character `{wide}` in it: write `{}`",
                Shortened(meant)
            );
        }
        if let Some((wide, plain)) = self.full_width() {
            return write!(f, "{text:?} has the full-width character `{wide}` in the place of `{plain}`");
        }
        match self.problem {
            PatternProblem::Length => {
                write!(f, "{text:?} is longer than a whole policy can be, {LONGEST} characters")
            }
            PatternProblem::Control => {
                write!(f, "{text:?} holds the control character {part:?}: remove it")
            }
            PatternProblem::ActionForm
            | PatternProblem::ActionWhitespace
            | PatternProblem::ActionService
            | PatternProblem::ActionName
                if !self.meant.is_empty() =>
            {
                let what = if self.problem == PatternProblem::ActionWhitespace {
                    "holds whitespace, which no action has"
                } else {
                    "is no action"
                };
                write!(f, "{text:?} {what}: write `{}`", Shortened(&self.meant[0]))
            }
            PatternProblem::ActionForm => write!(
                f,
                "{text:?} is no action: write `service:Name`, such as `trtc:RemoveUser`, or `service:*`, or `*`"
            ),
            PatternProblem::ActionWhitespace => write!(
                f,
                "{text:?} holds whitespace, which no action has: write one action without it, or each of several as a \
                 string of its own"
            ),
            PatternProblem::ActionService if self.at.0 == self.at.1 => {
                write!(f, "{text:?} has no service before its `:`: write one, such as `trtc`, or `*`")
            }
            PatternProblem::ActionName if self.at.0 == self.at.1 => {
                write!(f, "{text:?} has no operation after its `:`: write one, such as `RemoveUser`, or `*`")
            }
            PatternProblem::ActionName if self.text.contains([',', '，', '、']) => {
                write!(
                    f,
                    "{text:?} is more than one action: write each with its service, as a string of its own"
                )
            }
            PatternProblem::ActionService => write!(
                f,
                "{part:?} is no service: an action begins with the product's abbreviation in CAM, such as `trtc`, or \
                 with `*`"
            ),
            PatternProblem::ActionName => write!(
                f,
                "{part:?} is no operation of a service: write a name such as `RemoveUser`, where a `*` stands for any \
                 characters"
            ),
            PatternProblem::Segments { found } => write!(
                f,
                "a resource is `*` or has six segments, {text:?} has {found}: write \
                 `qcs::service:region:account:resource`, where region and account may be empty"
            ),
            PatternProblem::Qcs => {
                write!(f, "a resource begins with `qcs:`, {text:?} with {part:?}")
            }
            PatternProblem::Segment { segment: "project" } => match self.region_moved() {
                Some(moved) => write!(
                    f,
                    "{part:?} cannot be the project segment, which is empty; it looks like a region, which is the fourth \
                     segment: write `{}`",
                    Shortened(&moved)
                ),
                None => {
                    write!(f, "{part:?} cannot be the project segment: leave it empty, as in `qcs::service`")
                }
            },
            PatternProblem::Segment { segment } => {
                write!(
                    f,
                    "{part:?} cannot be the {segment} segment of a resource: it can hold neither whitespace nor `:`"
                )
            }
            PatternProblem::NoResource => {
                write!(f, "the last segment of {text:?} is empty: write `type/id`, `type/*` or `*`")
            }
            PatternProblem::VariableOutside { segment } => {
                let named =
                    split_segments(&self.text).map(|[_, _, service, _, account, _]| (service, account));
                let appid = named.is_some_and(|(service, account)| {
                    account.starts_with("uid/")
                        && (service.starts_with("cos") || matches!(service, "cas" | "ci"))
                });
                // An empty segment may name more than was meant. Suggest it only where it does not.
                let example = match segment {
                    "account" if appid => {
                        "write the APPID, such as `uid/1250000000`, or leave the segment empty for your own account"
                    }
                    "account" => {
                        "write the root account's uin, such as `uin/12345678`, or leave the segment empty for your own \
                         account"
                    }
                    "region" => "write a region, such as `ap-guangzhou`; an empty segment is every region",
                    "service" => "write a service, such as `trtc`",
                    _ => "leave the segment empty",
                };
                write!(f, "{part:?} holds a `${{…}}`, which CAM replaces in the last segment only: {example}")
            }
            PatternProblem::Variable => write!(
                f,
                "{part:?} is no policy variable: CAM has `${{uin}}`, `${{owner_uin}}` and `${{app_id}}`; if it \
                 is a placeholder of a documentation page, fill it in"
            ),
        }
    }
}

debug_as_display!(PatternError);

impl core::error::Error for PatternError {}
