//! Policies that are too long for CAM, cut into several that together say the same.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;
use core::ops::Range;

use super::grammar::{Policy, PolicyKind, Statement};
use super::json::Part;
use super::length::{ATTACHED_LIMIT, LENGTH_LIMIT};
use super::minimize::minimal;
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

    /// Policies, none too long for CAM, that together say exactly what this one says: as few as are found.
    ///
    /// A policy that fits comes back alone, as it is. Otherwise its statements are [minimised](Self::minimized) first.
    /// Those that are too long are cut by their actions or resources: whether one statement or two name them is the same
    /// to CAM, which looks at every statement of every policy, in no order.
    ///
    /// # Errors
    ///
    /// [`SplitError`] if the policy is none for users, groups and roles (a bucket and a role have one policy each),
    /// if a statement cannot be cut small enough, or if there would be more parts than CAM attaches to an identity,
    /// which is [`Policy::ATTACHED_LIMIT`].
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
        for (at, statement) in minimal(&self.statements) {
            cut(&statement, at, &mut pieces)?;
        }
        pieces.sort_by_key(|piece| Reverse(piece.length));
        let whole = packed(&pieces);
        let total: usize = pieces.iter().map(|piece| piece.length).sum();
        let parts = match whole.len() {
            // There is no way with fewer.
            count if count <= total.div_ceil(ROOM) => whole,
            count => Some(filled_up(pieces)).filter(|parts| parts.len() < count).unwrap_or(whole),
        };
        if parts.len() > ATTACHED_LIMIT {
            return Err(SplitError::TooMany { parts: parts.len() });
        }
        Ok(parts.into_iter().map(|statements| Self::unchecked(None, statements)).collect())
    }
}

/// How many characters the statements of a policy may count, each with a comma.
const ROOM: usize = LENGTH_LIMIT - FRAME + 1;

/// A statement that fits into a policy, and what it counts with a comma.
#[derive(Clone)]
struct Piece {
    statement: Statement,
    length: usize,
}

impl Piece {
    fn new(statement: Statement) -> Self {
        let length = Part::Statement(&statement).len_for_cam() + 1;
        Self { statement, length }
    }

    /// The part of a statement that some of its actions and resources are.
    fn of(statement: &Statement, actions: Range<usize>, resources: Range<usize>) -> Self {
        let mut part = statement.clone();
        part.actions = statement.actions[actions].to_vec();
        part.resources = statement.resources[resources].to_vec();
        Self::new(part)
    }

    /// As much of it as there is room for, and the rest; `None` if nothing of it has room.
    fn parted(&self, room: usize) -> Option<(Self, Self)> {
        let Measured { actions, resources, frame } = Measured::new(&self.statement);
        let fits = |cut: &[usize], whole: &[usize]| {
            let mut left = room.checked_sub(frame + whole.iter().sum::<usize>())?;
            let fits = |own: &&usize| left.checked_sub(**own).map(|rest| left = rest).is_some();
            let count = cut.iter().take_while(fits).count();
            (count > 0).then_some(count)
        };
        let (all_actions, all_resources) = (0..actions.len(), 0..resources.len());
        if let Some(count) = fits(&resources, &actions) {
            let part = |resources| Self::of(&self.statement, all_actions.clone(), resources);
            return Some((part(0..count), part(count..resources.len())));
        }
        let count = fits(&actions, &resources)?;
        let part = |actions| Self::of(&self.statement, actions, all_resources.clone());
        Some((part(0..count), part(count..actions.len())))
    }
}

/// What the parts of a statement count, each item of a list with a comma; `frame` is the rest, and the comma after it.
struct Measured {
    actions: Vec<usize>,
    resources: Vec<usize>,
    frame: usize,
}

impl Measured {
    fn new(statement: &Statement) -> Self {
        let count = |text: &str| Part::Text(text).len_for_cam() + 1;
        let actions: Vec<usize> = statement.actions.iter().map(|one| count(one.as_str())).collect();
        let resources: Vec<usize> = statement.resources.iter().map(|one| count(one.as_str())).collect();
        let items = actions.iter().chain(&resources).sum::<usize>();
        let frame = Part::Statement(statement).len_for_cam() + 1 - items;
        Self { actions, resources, frame }
    }
}

/// Cuts a statement into as few pieces that fit into a policy as are found: its longer list is cut, or both are.
fn cut(statement: &Statement, at: usize, pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
    let whole = Piece::new(statement.clone());
    if whole.length <= ROOM {
        pieces.push(whole);
        return Ok(());
    }
    let Measured { actions, resources, frame } = Measured::new(statement);
    // One list in a few runs of like length, and the other in as many as fit beside the longest of them.
    let grid = |few: &[usize], many: &[usize]| -> Option<(Runs, Runs)> {
        let grid = |count: usize| {
            let few_runs = even(few, count);
            let longest = few_runs.iter().map(|run| few[run.clone()].iter().sum()).max().unwrap_or(0);
            let many_runs = filled(many, ROOM.checked_sub(frame + longest)?)?;
            Some((few_runs, many_runs))
        };
        // With ever more runs of one list the pieces become more, not fewer.
        (1..=few.len()).filter_map(grid).take(64).min_by_key(|(few, many)| few.len() * many.len())
    };
    let by_resources = grid(&actions, &resources);
    let by_actions = grid(&resources, &actions).map(|(resources, actions)| (actions, resources));
    let grids = by_resources.into_iter().chain(by_actions);
    let Some((action_runs, resource_runs)) = grids.min_by_key(|(one, other)| one.len() * other.len()) else {
        return Err(SplitError::Statement { statement: at, length: whole.length - 1 });
    };
    for actions in &action_runs {
        let of = |resources: &Range<usize>| Piece::of(statement, actions.clone(), resources.clone());
        pieces.extend(resource_runs.iter().map(of));
    }
    Ok(())
}

type Runs = Vec<Range<usize>>;

/// Runs of a list, each as long as there is room for; `None` if an item alone is too long.
fn filled(lengths: &[usize], room: usize) -> Option<Runs> {
    let mut runs = Runs::new();
    let (mut from, mut length) = (0, 0);
    for (at, own) in lengths.iter().enumerate() {
        if *own > room {
            return None;
        }
        if length + own > room {
            runs.push(from..at);
            (from, length) = (at, 0);
        }
        length += own;
    }
    runs.push(from..lengths.len());
    Some(runs)
}

/// A list in no more than `count` runs, the longest of which is as short as can be.
fn even(lengths: &[usize], count: usize) -> Runs {
    let (mut low, mut high) = (0, lengths.iter().sum());
    while low < high {
        let middle = usize::midpoint(low, high);
        match filled(lengths, middle) {
            Some(runs) if runs.len() <= count => high = middle,
            _ => low = middle + 1,
        }
    }
    filled(lengths, low).unwrap_or_default()
}

/// Puts the pieces, the longest first, each into the policy in which the least room is left.
fn packed(pieces: &[Piece]) -> Vec<Vec<Statement>> {
    let mut policies: Vec<(usize, Vec<Statement>)> = Vec::new();
    for Piece { statement, length } in pieces {
        let fits = policies.iter_mut().filter(|(room, _)| *room >= *length);
        match fits.min_by_key(|(room, _)| *room) {
            Some((room, statements)) => {
                *room -= length;
                statements.push(statement.clone());
            }
            None => policies.push((ROOM - length, Vec::from([statement.clone()]))),
        }
    }
    policies.into_iter().map(|(_, statements)| statements).collect()
}

/// Fills one policy after the other, cutting the piece that is too long for the room that is left.
fn filled_up(pieces: Vec<Piece>) -> Vec<Vec<Statement>> {
    let mut pieces = VecDeque::from(pieces);
    let mut policies = Vec::new();
    let mut room = 0;
    while let Some(piece) = pieces.pop_front() {
        if policies.is_empty() || (piece.length > room && piece.parted(room).is_none()) {
            policies.push(Vec::new());
            room = ROOM;
        }
        let Some(statements) = policies.last_mut() else { break };
        if piece.length <= room {
            room -= piece.length;
            statements.push(piece.statement);
        } else if let Some((part, rest)) = piece.parted(room) {
            room -= part.length;
            statements.push(part.statement);
            pieces.push_front(rest);
        }
    }
    policies
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
    /// There would be more policies than CAM attaches to an identity.
    TooMany {
        /// How many.
        parts: usize,
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
