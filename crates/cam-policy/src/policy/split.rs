//! Splits a policy that is too long for CAM into several with the same effect.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::ops::Range;

use super::grammar::{Policy, PolicyKind, Statement};
use super::json::Part;
use super::length::{ATTACHED_LIMIT, LENGTH_LIMIT};
use super::limit::SplitError;
use super::minimize::{Reach, minimal};

/// The length of a policy without statements, and of one comma.
const FRAME: usize = r#"{"version":"2.0","statement":[]}"#.len();

impl Policy {
    /// Returns policies that are not too long for CAM and together have exactly the effect of this one.
    ///
    /// A policy that fits comes back unchanged. Otherwise the method first [minimises](Self::minimized) the statements, and
    /// then splits the actions or resources of those that are too long. The effect stays the same, because CAM looks at
    /// every statement of every policy, in no order. The method looks for few policies; fewer may be possible.
    ///
    /// # Errors
    ///
    /// [`SplitError`] if the policy is a bucket policy or a trust policy (a bucket and a role have only one), if a statement
    /// is too long with one action and one resource, or if there would be more policies than CAM attaches to an identity:
    /// [`Policy::ATTACHED_LIMIT`].
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
        // A part may be attached without the part that has the deny.
        for (at, statement) in minimal(&self.statements, Reach::AsWritten) {
            cut(&statement, at, &mut pieces)?;
        }
        pieces.sort_by_key(|piece| Reverse(piece.length));
        let whole = packed(&pieces);
        let total: usize = pieces.iter().map(|piece| piece.length).sum();
        let parts = match whole.len() {
            // All pieces together do not fit into fewer policies.
            count if count <= total.div_ceil(ROOM) => whole,
            count => Some(filled_up(pieces)).filter(|parts| parts.len() < count).unwrap_or(whole),
        };
        if parts.len() > ATTACHED_LIMIT {
            return Err(SplitError::TooMany { parts: parts.len() });
        }
        Ok(parts.into_iter().map(|statements| Self::unchecked(None, statements)).collect())
    }
}

/// The most characters that the statements of a policy may have, with a comma after each.
const ROOM: usize = LENGTH_LIMIT - FRAME + 1;

/// A statement that fits into a policy, and its length with a comma.
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

    /// Returns the statement with only some of its actions and resources.
    fn of(statement: &Statement, actions: Range<usize>, resources: Range<usize>) -> Self {
        let mut part = statement.clone();
        part.actions = statement.actions[actions].to_vec();
        part.resources = statement.resources[resources].to_vec();
        Self::new(part)
    }

    /// Splits the piece into the largest part that fits into `room`, and the rest. Returns `None` if no part fits.
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

/// The lengths of the items of a statement, each with a comma. `frame` is the length of the rest, with the comma after it.
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

/// Splits a statement into few pieces that fit into a policy. It splits one of the two lists, or both.
fn cut(statement: &Statement, at: usize, pieces: &mut Vec<Piece>) -> Result<(), SplitError> {
    let whole = Piece::new(statement.clone());
    if whole.length <= ROOM {
        pieces.push(whole);
        return Ok(());
    }
    let Measured { actions, resources, frame } = Measured::new(statement);
    // Splits one list into a few runs of similar length, and the other into runs that fit beside the longest of these.
    let grid = |few: &[usize], many: &[usize]| -> Option<(Runs, Runs)> {
        let grid = |count: usize| {
            let few_runs = even(few, count);
            let longest = few_runs.iter().map(|run| few[run.clone()].iter().sum()).max().unwrap_or(0);
            let many_runs = filled(many, ROOM.checked_sub(frame + longest)?)?;
            Some((few_runs, many_runs))
        };
        // The limit of 64 keeps this fast: with many runs of one list, the number of pieces grows again.
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

/// Splits a list into runs that fit into `room`, each as long as possible. Returns `None` if one item is too long.
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

/// Splits a list into at most `count` runs, so that the longest is as short as possible.
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

/// Puts each piece into the policy with the least room that is enough. The pieces come longest first.
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

/// Fills one policy after the other. It splits a piece that is too long for the room that is left.
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
