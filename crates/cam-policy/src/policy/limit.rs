//! Policies that CAM does not accept because of their length.

use core::fmt;

use super::grammar::{Policy, PolicyKind};
use super::length::{ATTACHED_LIMIT, LENGTH_LIMIT};
use crate::text::debug_as_display;

impl Policy {
    /// Checks that the policy is not too long for CAM.
    ///
    /// # Errors
    ///
    /// [`SplitError::TooLong`] if it has more characters than [`Policy::LENGTH_LIMIT`].
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert!(Policy::new([statement])?.check_length().is_ok());
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn check_length(&self) -> Result<(), SplitError> {
        match self.len_for_cam() {
            length if length > LENGTH_LIMIT => Err(SplitError::TooLong { length, kind: self.kind() }),
            _ => Ok(()),
        }
    }
}

/// Error from `check_length` and `split`: CAM does not accept the length of the policy.
///
/// ```
/// # use cam_policy::policy::{PolicyKind, SplitError};
/// assert_eq!(
///     SplitError::TooLong { length: 7000, kind: PolicyKind::Identity }.to_string(),
///     "the policy counts 7000 characters, CAM takes 6144: `split` makes several of it"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitError {
    /// The policy has too many characters.
    TooLong {
        /// The number of characters.
        length: usize,
        /// The kind, which decides whether several policies can do what it does.
        kind: PolicyKind,
    },
    /// The policy is of a kind of which a bucket or a role has only one.
    Kind {
        /// The kind.
        kind: PolicyKind,
    },
    /// One statement is too long with a single action and a single resource.
    Statement {
        /// The statement, counted from 0.
        statement: usize,
        /// The number of characters.
        length: usize,
    },
    /// There would be more policies than CAM attaches to an identity.
    TooMany {
        /// The number of policies.
        parts: usize,
    },
}

/// Says what to do with a policy that is too long.
const fn how_to_shorten(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "`split` makes several of it",
        PolicyKind::Trust => {
            "a role has one trust policy, so it cannot be split; `minimize` may make it shorter"
        }
        PolicyKind::Session => {
            "a session has one policy, so it cannot be split; `minimize` may make it shorter"
        }
        PolicyKind::Bucket => {
            "a bucket has one policy, so it cannot be split; `minimize` may make it shorter"
        }
    }
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length, kind } => write!(
                f,
                "the policy counts {length} characters, CAM takes {LENGTH_LIMIT}: {}",
                how_to_shorten(*kind)
            ),
            Self::Kind { kind } => write!(
                f,
                "a {kind} cannot be split: there is one for each role or bucket; name fewer resources, or more by `*`"
            ),
            Self::Statement { statement, length } => write!(
                f,
                "statement {statement} counts {length} characters with one action and one resource, CAM takes \
                 {LENGTH_LIMIT} for the whole policy: give its conditions fewer values"
            ),
            Self::TooMany { parts } => write!(
                f,
                "the policy would become {parts} policies, CAM attaches {ATTACHED_LIMIT} to an identity: every part \
                 repeats the conditions, so give them fewer values, or name actions and resources by `*`"
            ),
        }
    }
}

debug_as_display!(SplitError);

impl core::error::Error for SplitError {}
