//! Patterns of actions written out as the actions that they match, and the other way round.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use super::action_pattern::ActionPattern;
use super::grammar::{Policy, Statement};
use crate::catalog::{Catalog, Service};

/// Actions, and the patterns that stay patterns. See [`expand`] and [`shrink`].
///
/// ```
/// let nothing = cam_policy::policy::expand(&cam_policy::example::CATALOG, &[]);
/// assert!(nothing.actions.is_empty() && nothing.kept.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expansion {
    /// What the patterns became, sorted, each once; those of [`kept`](Self::kept) stand behind.
    pub actions: Vec<ActionPattern>,
    /// The patterns that stay as they are: the catalog does not list every action that they can match.
    pub kept: Vec<ActionPattern>,
}

/// Whether a catalog lists every action of a service, so that a pattern can be written out.
fn listed<'c>(catalog: &Catalog<'c>, pattern: &ActionPattern) -> Option<&'c Service<'c>> {
    catalog.service(pattern.service()?).filter(|service| service.complete == Some(true))
}

/// Writes each pattern out as the actions that it matches today.
///
/// A pattern is written out only if the catalog lists every action of its service. Others stay as they are, and
/// [`Expansion::kept`] has those with a `*`. So does a pattern that matches nothing.
///
/// The actions are those of the catalog, also the undocumented and the removed ones. Tencent may add others later, which
/// the pattern would match and the list does not.
///
/// ```
/// use cam_policy::catalog::{Catalog, Service};
/// use cam_policy::example::CATALOG;
/// use cam_policy::policy::{ActionPattern, expand};
///
/// let services: Vec<Service<'_>> =
///     CATALOG.services.iter().map(|service| Service { complete: Some(true), ..*service }).collect();
/// let catalog = Catalog { services: &services, ..CATALOG };
/// let patterns: [ActionPattern; 2] = ["trtc:*User".parse()?, "cos:Get*".parse()?];
/// let expansion = expand(&catalog, &patterns);
/// let texts: Vec<&str> = expansion.actions.iter().map(|action| action.as_str()).collect();
/// assert_eq!(texts, ["trtc:RemoveUser", "cos:Get*"]);
/// assert_eq!(expansion.kept[0].as_str(), "cos:Get*");
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
pub fn expand(catalog: &Catalog<'_>, patterns: &[ActionPattern]) -> Expansion {
    let mut expansion = Expansion::default();
    for pattern in patterns {
        if !pattern.as_str().contains('*') {
            expansion.actions.push(pattern.clone());
            continue;
        }
        let before = expansion.actions.len();
        if listed(catalog, pattern).is_some() {
            expansion.actions.extend(pattern.actions(catalog).map(ActionPattern::of));
        }
        if expansion.actions.len() == before {
            expansion.kept.push(pattern.clone());
        }
    }
    finish(expansion)
}

/// Writes actions as the fewest patterns of the form `service:Prefix*` that match these actions and no others of the
/// catalog. Of all prefixes that do, a pattern has the longest that ends with a word.
///
/// Only actions of a service of which the catalog lists every action are joined. Others stay as they are, and
/// [`Expansion::kept`] has them. What [`expand`] makes of the patterns is what it makes of the actions.
///
/// The patterns also match actions that Tencent adds later under these names.
///
/// ```
/// use cam_policy::catalog::{Catalog, Service};
/// use cam_policy::example::CATALOG;
/// use cam_policy::policy::{ActionPattern, expand, shrink};
///
/// let services: Vec<Service<'_>> =
///     CATALOG.services.iter().map(|service| Service { complete: Some(true), ..*service }).collect();
/// let catalog = Catalog { services: &services, ..CATALOG };
/// let all: Vec<ActionPattern> = catalog.service("trtc").unwrap().actions().map(ActionPattern::of).collect();
/// let short = shrink(&catalog, &all);
/// assert_eq!(short.actions, ["trtc:*".parse()?]);
/// assert_eq!(expand(&catalog, &short.actions).actions, all);
/// # Ok::<(), cam_policy::policy::PatternError>(())
/// ```
pub fn shrink(catalog: &Catalog<'_>, patterns: &[ActionPattern]) -> Expansion {
    let mut expansion = Expansion::default();
    let mut services: BTreeMap<&str, (&Service<'_>, Vec<bool>)> = BTreeMap::new();
    for pattern in patterns {
        let Some(service) = listed(catalog, pattern) else {
            expansion.kept.push(pattern.clone());
            continue;
        };
        let (_, wanted) = services
            .entry(service.id)
            .or_insert_with(|| (service, alloc::vec![false; service.actions.len()]));
        let operation = pattern.operation().unwrap_or_default();
        let mut found = false;
        if operation.contains('*') {
            for action in service.actions().filter(|action| pattern.matches(action.as_str())) {
                wanted[usize::from(action.number())] = true;
                found = true;
            }
        } else if let Some(action) = service.action(operation) {
            wanted[usize::from(action.number())] = true;
            found = true;
        }
        if !found {
            expansion.kept.push(pattern.clone());
        }
    }
    for (service, wanted) in services.values() {
        let mut cover = Cover { service, wanted, found: &mut expansion.actions };
        cover.range(0..wanted.len());
    }
    finish(expansion)
}

/// Sorts the actions, and puts what was kept behind them.
fn finish(mut expansion: Expansion) -> Expansion {
    expansion.actions.sort_unstable();
    expansion.actions.dedup();
    expansion.kept.sort_unstable();
    expansion.kept.dedup();
    expansion.actions.extend(expansion.kept.iter().cloned());
    expansion
}

/// Looks for the prefixes of which every action is wanted.
struct Cover<'a, 'c> {
    service: &'a Service<'c>,
    wanted: &'a [bool],
    found: &'a mut Vec<ActionPattern>,
}

impl Cover<'_, '_> {
    /// Covers the actions of a range of the sorted names, which has every name with its longest common prefix.
    fn range(&mut self, range: Range<usize>) {
        let wanted = self.wanted[range.clone()].iter().filter(|one| **one).count();
        if wanted == 0 {
            return;
        }
        if wanted == range.len() && wanted > 1 {
            if let Some(pattern) = self.pattern(&range) {
                self.found.push(pattern);
                return;
            }
        }
        if range.len() == 1 {
            self.push(range.start);
            return;
        }
        let length = self.common(&range);
        let next = |at: usize| self.service.actions[at].name.as_bytes().get(length).copied();
        let mut start = range.start;
        let mut parts = Vec::new();
        while start < range.end {
            let end = (start..range.end).find(|at| next(*at) != next(start)).unwrap_or(range.end);
            parts.push(start..end);
            start = end;
        }
        // They differ within a character, where no pattern can be cut.
        if parts.len() < 2 {
            range.filter(|at| self.wanted[*at]).collect::<Vec<_>>().into_iter().for_each(|at| self.push(at));
            return;
        }
        for part in parts {
            self.range(part);
        }
    }

    fn push(&mut self, at: usize) {
        if let Ok(action) = self.service.actions[at].qualified_name.parse() {
            self.found.push(action);
        }
    }

    /// Returns the length of the longest common prefix; the names are sorted, so the first and the last show it.
    fn common(&self, range: &Range<usize>) -> usize {
        let (first, last) =
            (self.service.actions[range.start].name, self.service.actions[range.end - 1].name);
        let same = first.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        (0..=same).rev().find(|at| first.is_char_boundary(*at)).unwrap_or(0)
    }

    /// Returns the pattern for a range: its longest common prefix, cut to whole words if it then matches nothing more.
    fn pattern(&self, range: &Range<usize>) -> Option<ActionPattern> {
        if range.len() == self.wanted.len() {
            return format!("{}:*", self.service.id).parse().ok();
        }
        let name = self.service.actions[range.start].name;
        let longest = self.common(range);
        let words = word_end(name, longest);
        let exact = |length: usize| {
            let has =
                |at: usize| self.service.actions[at].name.as_bytes().starts_with(&name.as_bytes()[..length]);
            length > 0
                && range.start.checked_sub(1).is_none_or(|before| !has(before))
                && (range.end == self.service.actions.len() || !has(range.end))
        };
        let length = if exact(words) { words } else { longest };
        exact(length).then(|| format!("{}:{}*", self.service.id, &name[..length]).parse().ok())?
    }
}

/// Returns the greatest length up to `longest` at which a word of the name ends: before a capital, or at its end.
fn word_end(name: &str, longest: usize) -> usize {
    let starts_word = |at: usize| {
        name[at..].chars().next().is_none_or(|next| {
            next.is_ascii_uppercase() && !name[..at].ends_with(|before: char| before.is_ascii_uppercase())
        })
    };
    (1..=longest).rev().find(|at| name.is_char_boundary(*at) && starts_word(*at)).unwrap_or(0)
}

impl Policy {
    /// Returns the policy with the actions of its patterns in place of the patterns, and the patterns that stay: see
    /// [`expand`].
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:Get*"],"resource":["*"]}]}"#.parse()?;
    /// let (same, kept) = policy.expanded(&CATALOG);
    /// assert_eq!(same, policy);
    /// assert_eq!(kept[0].as_str(), "cos:Get*");
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn expanded(&self, catalog: &Catalog<'_>) -> (Self, Vec<ActionPattern>) {
        self.with_actions(|actions| expand(catalog, actions))
    }

    /// Returns the policy with patterns in place of its actions, and the actions that stay: see [`shrink`].
    ///
    /// ```
    /// use cam_policy::example::CATALOG;
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[{"effect":"allow","action":["cos:GetObject"],"resource":["*"]}]}"#.parse()?;
    /// assert_eq!(policy.shrunk(&CATALOG).0, policy);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    pub fn shrunk(&self, catalog: &Catalog<'_>) -> (Self, Vec<ActionPattern>) {
        self.with_actions(|actions| shrink(catalog, actions))
    }

    fn with_actions(&self, of: impl Fn(&[ActionPattern]) -> Expansion) -> (Self, Vec<ActionPattern>) {
        let mut kept = Vec::new();
        let change = |statement: &Statement| {
            let expansion = of(&statement.actions);
            kept.extend(expansion.kept);
            Statement { actions: expansion.actions, ..statement.clone() }
        };
        let statements = self.statements.iter().map(change).collect();
        kept.sort_unstable();
        kept.dedup();
        (Self { statements, ..self.clone() }, kept)
    }
}
