//! Policies that are too long for CAM, cut into several that together say the same.

use alloc::vec::Vec;
use core::fmt;

use super::grammar::{Policy, PolicyKind, Statement};
use super::json::Part;
use super::length::LENGTH_LIMIT;
use crate::text::debug_as_display;

/// What a policy without statements counts, and a comma.
const FRAME: usize = r#"{"version":"2.0","statement":[]}"#.len();

impl Policy {
    /// Whether CAM would take the policy's length.
    ///
    /// # Errors
    ///
    /// [`SplitError::TooLong`] if it counts more than [`Policy::LENGTH_LIMIT`].
    ///
    /// ```
    /// # use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
    /// assert!(Policy::new([statement])?.check_length().is_ok());
    /// # Ok::<(), cam_policy::policy::BuildError>(())
    /// ```
    pub fn check_length(&self) -> Result<(), SplitError> {
        match self.len_for_cam() {
            length if length > LENGTH_LIMIT => Err(SplitError::TooLong { length }),
            _ => Ok(()),
        }
    }

    /// Several policies, none too long for CAM, that together say exactly what this one says.
    ///
    /// Statements stay in order. One that is too long by itself is cut by its actions or resources: whether one
    /// statement or two name them is the same to CAM, which looks at every statement of every policy. A policy that
    /// fits comes back alone.
    ///
    /// # Errors
    ///
    /// [`SplitError`] if the policy is none for users, groups and roles (a bucket and a role have one policy each),
    /// or if a statement cannot be cut small enough.
    ///
    /// ```
    /// use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
    ///
    /// let objects = (0..400).map(|id| format!("qcs::cos::uid/1250000000:bucket-{id}/*").parse::<ResourcePattern>());
    /// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], objects.collect::<Result<Vec<_>, _>>()?);
    /// let policy = Policy::new([statement])?;
    /// assert!(policy.check_length().is_err());
    ///
    /// let parts = policy.split()?;
    /// assert!(parts.iter().all(|part| part.len_for_cam() <= Policy::LENGTH_LIMIT));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn split(&self) -> Result<Vec<Self>, SplitError> {
        if self.len_for_cam() <= LENGTH_LIMIT {
            return Ok(Vec::from([self.clone()]));
        }
        match self.kind() {
            PolicyKind::Identity | PolicyKind::Session => {}
            kind => return Err(SplitError::Kind { kind }),
        }
        let mut pieces = Vec::new();
        for (at, statement) in self.statements.iter().enumerate() {
            cut(statement, at, &mut pieces)?;
        }
        let mut policies: Vec<Self> = Vec::new();
        let mut room = 0;
        for (piece, length) in pieces {
            if length + 1 > room || policies.is_empty() {
                policies.push(Self::unchecked(None, Vec::new()));
                room = LENGTH_LIMIT - FRAME + 1;
            }
            room -= length + 1;
            if let Some(last) = policies.last_mut() {
                last.statements.push(piece);
            }
        }
        Ok(policies)
    }
}

/// Cuts a statement in halves, by the longer of its lists, until each piece fits into a policy.
fn cut(statement: &Statement, at: usize, pieces: &mut Vec<(Statement, usize)>) -> Result<(), SplitError> {
    let length = Part::Statement(statement).len_for_cam();
    if length + FRAME <= LENGTH_LIMIT {
        pieces.push((statement.clone(), length));
        return Ok(());
    }
    let actions: usize = statement.actions.iter().map(|action| action.as_str().len() + 3).sum();
    let resources: usize = statement.resources.iter().map(|resource| resource.as_str().len() + 3).sum();
    let by_actions = statement.actions.len() > 1 && (actions >= resources || statement.resources.len() < 2);
    let (mut first, mut second) = (statement.clone(), statement.clone());
    if by_actions {
        second.actions = first.actions.split_off(statement.actions.len() / 2);
    } else if statement.resources.len() > 1 {
        second.resources = first.resources.split_off(statement.resources.len() / 2);
    } else {
        return Err(SplitError::Statement { statement: at, length });
    }
    cut(&first, at, pieces)?;
    cut(&second, at, pieces)
}

/// Error from `check_length` and `split`: CAM does not accept the length of the policy.
///
/// ```
/// # use cam_policy::policy::SplitError;
/// assert_eq!(
///     SplitError::TooLong { length: 7000 }.to_string(),
///     "the policy counts 7000 characters, CAM takes 6144: `split` makes several of it"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitError {
    /// It counts too many characters.
    TooLong {
        /// What it counts.
        length: usize,
    },
    /// It is of a kind of which there can be only one.
    Kind {
        /// The kind.
        kind: PolicyKind,
    },
    /// One statement is too long with a single action and a single resource.
    Statement {
        /// The statement, counted from 0.
        statement: usize,
        /// What it counts.
        length: usize,
    },
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => write!(
                f,
                "the policy counts {length} characters, CAM takes {LENGTH_LIMIT}: `split` makes several of it"
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
        }
    }
}

debug_as_display!(SplitError);

impl core::error::Error for SplitError {}
