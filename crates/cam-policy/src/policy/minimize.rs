//! Rewrites statements as fewer and shorter ones with the same effect.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::net::IpAddr;

use super::action_pattern::ActionPattern;
use super::condition::{Comparison, Condition, ConditionValue, Qualifier, network};
use super::grammar::{Effect, Policy, Statement};
use super::json::Part;
use super::resource_pattern::ResourcePattern;
use super::variable::Variable;
use crate::text::{glob, split_segments};

impl Policy {
    /// Returns the policy with fewer and shorter statements that allow and deny exactly the same requests.
    ///
    /// The method removes patterns that another pattern covers, statements that another statement covers, and allows that
    /// a deny cancels. It joins statements with the same principal and conditions. If these name few different actions and
    /// resources, no fewer statements can say the same with these patterns.
    ///
    /// A shorter policy may exist nevertheless:
    ///
    /// - The method does not use a catalog: a list of all actions of a service does not become `*`.
    /// - It makes no patterns: `GetA` and `GetB` do not become `Get*`, nor do neighbouring networks become one.
    /// - It compares networks and texts with `*` in conditions, but not numbers and times: `numeric_less_than` keeps 1 beside 2.
    /// - It does not join statements with different conditions, except for the values of one condition.
    /// - In a large table of actions and resources it takes the largest statements first, which may not give the fewest.
    ///
    /// ```
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["rds:*","rds:L*"],"resource":["*"]},
    ///     {"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:*::b/*"]},
    ///     {"effect":"allow","action":["cos:HeadObject"],"resource":["qcs::cos:::b/*","qcs::cos:::b/c/*"]}]}"#.parse()?;
    /// let short: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["rds:*"],"resource":["*"]},
    ///     {"effect":"allow","action":["cos:GetObject","cos:HeadObject"],"resource":["qcs::cos:::b/*"]}]}"#.parse()?;
    /// assert_eq!(policy.minimized(), short);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    ///
    /// An allow of the result may name what a deny of the same policy takes away, so the two must stay together:
    /// [`minimized_as_written`](Self::minimized_as_written) makes no such allow.
    #[must_use]
    pub fn minimized(&self) -> Self {
        self.with_minimal(Reach::IntoDenied)
    }

    /// Returns the policy as [`minimized`](Self::minimized) does, but no allow of the result names more than the allows of
    /// this policy. So it has the same effect also where a deny of it is removed later.
    ///
    /// ```
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy = r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["cos:GetObject"],"resource":["qcs::cos:::a/*","qcs::cos:::b/*"]},
    ///     {"effect":"allow","action":["cos:PutObject"],"resource":["qcs::cos:::a/*"]},
    ///     {"effect":"deny","action":["cos:PutObject"],"resource":["qcs::cos:::b/*"]}]}"#.parse()?;
    /// assert_eq!(policy.minimized().statements().len(), 2);
    /// assert_eq!(policy.minimized_as_written().statements().len(), 3);
    /// # Ok::<(), cam_policy::document::DocumentError>(())
    /// ```
    #[must_use]
    pub fn minimized_as_written(&self) -> Self {
        self.with_minimal(Reach::AsWritten)
    }

    fn with_minimal(&self, reach: Reach) -> Self {
        let statements = minimal(&self.statements, reach).into_iter().map(|(_, statement)| statement);
        Self { statements: statements.collect(), ..self.clone() }
    }
}

/// How far an allow may reach.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// To what it allows.
    AsWritten,
    /// Also to what a deny of the same policy takes anyway.
    IntoDenied,
}

/// Returns fewer and shorter statements with the same effect, each with the number of the first statement that it
/// comes from.
pub(super) fn minimal(statements: &[Statement], reach: Reach) -> Vec<(usize, Statement)> {
    let mut all: Vec<(usize, Statement)> = statements.iter().map(shortened).enumerate().collect();
    loop {
        let before = all.clone();
        drop_covered(&mut all);
        all = regrouped(all, Effect::Deny, reach);
        all = regrouped(all, Effect::Allow, reach);
        merge_conditions(&mut all);
        if all == before {
            return all;
        }
    }
}

/// Returns a statement in which every part is as short as possible.
fn shortened(statement: &Statement) -> Statement {
    let actions = statement.actions.iter().map(|action| match action.as_str() {
        "*:*" => ActionPattern::ALL,
        _ => action.clone(),
    });
    let mut short = statement.clone();
    short.actions = widest(actions.collect());
    short.resources = widest(statement.resources.iter().map(shorter_resource).collect());
    short.conditions = statement.conditions.iter().map(shorter_condition).collect();
    short
}

/// Returns a resource pattern in which empty segments replace `*` and `uin/`, where both mean the same.
fn shorter_resource(resource: &ResourcePattern) -> ResourcePattern {
    let Some([qcs, project, service, region, account, last]) = split_segments(resource.as_str()) else {
        return resource.clone();
    };
    let every = |segment| if segment == "*" { "" } else { segment };
    let account = if account == "uin/" { "" } else { account };
    let (service, region) = (every(service), every(region));
    let text = alloc::format!("{qcs}:{project}:{service}:{region}:{account}:{last}");
    text.parse().unwrap_or_else(|_| resource.clone())
}

/// Returns a condition without the values that another of its values covers.
fn shorter_condition(condition: &Condition) -> Condition {
    let mut kept: Vec<ConditionValue> = Vec::new();
    let comparison = condition.operator().comparison;
    let like = matches!(comparison, Comparison::StringLike | Comparison::StringNotLike);
    let ip = matches!(comparison, Comparison::IpEqual | Comparison::IpNotEqual);
    for value in condition.values() {
        let covers = |one: &ConditionValue, other: &ConditionValue| {
            let (wide, narrow) = (one.as_str(), other.as_str());
            one == other || like && covers_text(wide, narrow) || ip && covers_network(wide, narrow)
        };
        if kept.iter().any(|one| covers(one, value)) {
            continue;
        }
        kept.retain(|one| !covers(value, one));
        kept.push(value.clone());
    }
    Condition::unchecked(condition.operator(), condition.key(), kept)
}

/// Whether a network has every address of another one. `false` if that is not certain.
fn covers_network(wide: &str, narrow: &str) -> bool {
    // The family, the bits of the address from the highest on, and how many of them count.
    let read = |text: &str| {
        let (address, length) = network(text)?;
        Some(match address {
            IpAddr::V4(four) => (false, u128::from(four.to_bits()) << 96, length),
            // Such an address is one of the other family.
            IpAddr::V6(six) if six.to_ipv4_mapped().is_some() => return None,
            IpAddr::V6(six) => (true, six.to_bits(), length),
        })
    };
    let (Some(wide), Some(narrow)) = (read(wide), read(narrow)) else { return false };
    let differ = (wide.1 ^ narrow.1).leading_zeros();
    wide.0 == narrow.0 && wide.2 <= narrow.2 && differ >= wide.2
}

/// A pattern that another pattern may cover: the other one then matches everything that this one matches.
trait Within: Clone + Eq + Ord {
    /// Returns the literal beginning of the pattern. A pattern that this one covers begins with the same text, so that the
    /// index finds this pattern by it.
    fn prefix(&self) -> Cow<'_, str>;
    /// Returns the text of the pattern. The prefix of each pattern that may cover it is a beginning of this text.
    fn text(&self) -> Cow<'_, str>;
    /// Whether the other pattern matches everything that this one matches.
    fn is_within(&self, other: &Self) -> bool;
}

impl Within for ActionPattern {
    fn prefix(&self) -> Cow<'_, str> {
        match self.service() {
            Some(_) => before_star(self.as_str()).into(),
            // `*` may stand for any service.
            None => "".into(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }

    fn is_within(&self, other: &Self) -> bool {
        if self == other || matches!(other.as_str(), "*" | "*:*") {
            return true;
        }
        let (Some(own), Some(others)) = (self.operation(), other.operation()) else { return false };
        (other.service().is_none() || other.service() == self.service()) && covers_text(others, own)
    }
}

impl Within for ResourcePattern {
    fn prefix(&self) -> Cow<'_, str> {
        match split_segments(self.as_str()) {
            Some([.., last]) => marked(before_star(last)),
            None => "".into(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        split_segments(self.as_str()).map_or("*".into(), |[.., last]| marked(last))
    }

    fn is_within(&self, other: &Self) -> bool {
        if self == other || other.is_all() {
            return true;
        }
        let (Some(own), Some(others)) = (split_segments(self.as_str()), split_segments(other.as_str()))
        else {
            return false;
        };
        let any = |segment: &str| matches!(segment, "" | "*");
        let is_in = |at: usize| any(others[at]) || (!own[at].is_empty() && covers_text(others[at], own[at]));
        let creator = |segment: &str| matches!(segment, "" | "uin/");
        let account = match (creator(own[4]), creator(others[4])) {
            (true, true) => true,
            (false, false) => covers_text(others[4], own[4]),
            // The policy does not say which account its creator has.
            (true, false) => others[4] == "*",
            (false, true) => false,
        };
        // A bucket in its old spelling also matches the new spelling.
        let old = own[5].starts_with("prefix//") || others[5].starts_with("prefix//");
        let last = own[5] == others[5] || others[5] == "*" || (!old && covers_text(others[5], own[5]));
        own[1] == others[1] && is_in(2) && is_in(3) && account && last
    }
}

/// Whether a resource pattern matches everything that another one matches. `false` if that is not certain.
pub(crate) fn is_covered(narrow: &ResourcePattern, wide: &ResourcePattern) -> bool {
    narrow.is_within(wide)
}

/// Returns the pattern of exactly the actions that two patterns match. `None` if they have none in common, or if one pattern
/// does not say which: this is certain only if one of the two is a beginning and a `*`.
pub(crate) fn in_both(one: &ActionPattern, other: &ActionPattern) -> Option<ActionPattern> {
    if one.is_within(other) {
        return Some(one.clone());
    }
    if other.is_within(one) {
        return Some(other.clone());
    }
    let service = match (one.service(), other.service()) {
        (Some(one), Some(other)) if one != other => return None,
        (one, other) => one.or(other).unwrap_or("*"),
    };
    let (one, other) = (one.operation()?, other.operation()?);
    let operation = match (covers_text(one, other), covers_text(other, one)) {
        (true, _) => other.into(),
        (_, true) => one.into(),
        _ => after_beginning(one, other).or_else(|| after_beginning(other, one))?,
    };
    [service, ":", &operation].concat().parse().ok()
}

/// Returns the pattern of the texts that begin as `begin` says and match the other pattern; `None` if a piece of the other one
/// may also stand inside of the beginning.
fn after_beginning(begin: &str, other: &str) -> Option<String> {
    let beginning = begin.strip_suffix('*').filter(|beginning| !beginning.contains('*'))?;
    let (head, rest) = other.split_once('*')?;
    let inside = beginning.strip_prefix(head)?;
    let piece = before_star(rest);
    let overlaps = |(at, _)| {
        let here: &str = &inside[at..];
        here.starts_with(piece) || piece.starts_with(here)
    };
    (!inside.char_indices().any(overlaps)).then(|| [begin, rest].concat())
}

fn before_star(text: &str) -> &str {
    text.find('*').map_or(text, |star| &text[..star])
}

/// Replaces the `*` of the narrow pattern. No pattern contains this character, so only a `*` of the wide one matches it.
const ANYTHING: char = '\u{1}';

/// Whether the wide pattern matches every text that the narrow one matches, for any values of the variables.
fn covers_text(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    let has_marks = |text: &str| text.contains(|character| ('\u{1}'..='\u{4}').contains(&character));
    if !wide.contains('*') || has_marks(wide) || has_marks(narrow) {
        return false;
    }
    let narrow = marked(narrow).replace('*', ANYTHING.encode_utf8(&mut [0; 4]));
    glob(&marked(wide), &narrow)
}

/// Replaces each variable by a character that stands only for this variable.
fn marked(text: &str) -> Cow<'_, str> {
    if !text.contains("${") {
        return text.into();
    }
    let mut marked = String::from(text);
    for (variable, mark) in Variable::ALL.into_iter().zip(['\u{2}', '\u{3}', '\u{4}']) {
        marked = marked.replace(variable.as_str(), mark.encode_utf8(&mut [0; 4]));
    }
    marked.into()
}

/// An index that finds the patterns that cover a given one.
struct Patterns<'p, P> {
    by_prefix: BTreeMap<Cow<'p, str>, Vec<usize>>,
    lengths: BTreeSet<usize>,
    all: &'p [P],
}

impl<'p, P: Within> Patterns<'p, P> {
    fn new(all: &'p [P]) -> Self {
        let mut by_prefix: BTreeMap<Cow<'p, str>, Vec<usize>> = BTreeMap::new();
        let mut lengths = BTreeSet::new();
        for (at, one) in all.iter().enumerate() {
            let prefix = one.prefix();
            lengths.insert(prefix.len());
            by_prefix.entry(prefix).or_default().push(at);
        }
        Self { by_prefix, lengths, all }
    }

    /// Returns the patterns that cover the given one, which include itself.
    fn around(&self, one: &P) -> Vec<usize> {
        let text = one.text();
        let starts = self.lengths.iter().filter_map(|length| text.get(..*length));
        let near = starts.filter_map(|start| self.by_prefix.get(start)).flatten().copied();
        near.filter(|at| one.is_within(&self.all[*at])).collect()
    }
}

/// Returns the patterns that no other pattern covers, in their order.
fn widest<P: Within>(all: Vec<P>) -> Vec<P> {
    let patterns = Patterns::new(&all);
    let stays = |at: usize| {
        let around = patterns.around(&all[at]);
        // If two patterns match the same texts, the first stays.
        around.into_iter().all(|other| other == at || (all[other].is_within(&all[at]) && at < other))
    };
    let stays: Vec<bool> = (0..all.len()).map(stays).collect();
    all.into_iter().zip(stays).filter(|(_, stays)| *stays).map(|(one, _)| one).collect()
}

/// Whether a request that meets the conditions of one statement meets those of the other.
fn implies(one: &Statement, other: &Statement) -> bool {
    let follows = |wanted: &Condition| {
        one.conditions.iter().any(|given| {
            let (own, others) = (given.operator(), wanted.operator());
            let same = own.comparison == others.comparison && own.qualifier == others.qualifier;
            let all_of = |some: &Condition, of: &Condition| {
                some.values().iter().all(|value| of.values().contains(value))
            };
            let values =
                if own.comparison.is_negated() { all_of(wanted, given) } else { all_of(given, wanted) };
            same && given.key() == wanted.key() && (others.if_exist || !own.if_exist) && values
        })
    };
    other.conditions.iter().all(follows)
}

/// Removes the actions and resources that another statement of the same effect covers, or that a deny covers. A statement
/// without any of them goes.
fn drop_covered(all: &mut Vec<(usize, Statement)>) {
    let mut at = 0;
    while at < all.len() {
        for other in 0..all.len() {
            let (_, wide) = &all[other];
            let (_, own) = &all[at];
            let counts = (wide.effect == own.effect || wide.effect == Effect::Deny)
                && wide.resources.is_empty() == own.resources.is_empty();
            if at == other || !counts || wide.principal != own.principal || !implies(own, wide) {
                continue;
            }
            let actions = outside(&own.actions, &wide.actions);
            let resources = outside(&own.resources, &wide.resources);
            // The rest must be one statement: either all actions or all resources of the overlap go.
            let (_, own) = &mut all[at];
            match (actions.len(), resources.len()) {
                (0, 0) => own.actions.clear(),
                (_, 0) => keep(&mut own.actions, &actions),
                (0, _) => keep(&mut own.resources, &resources),
                _ => {}
            }
            if own.actions.is_empty() {
                break;
            }
        }
        if all[at].1.actions.is_empty() {
            drop(all.remove(at));
        } else {
            at += 1;
        }
    }
}

/// Returns the places of the patterns that none of the others covers.
fn outside<P: Within>(own: &[P], others: &[P]) -> Vec<usize> {
    let patterns = Patterns::new(others);
    (0..own.len()).filter(|at| patterns.around(&own[*at]).is_empty()).collect()
}

fn keep<P: Clone>(all: &mut Vec<P>, kept: &[usize]) {
    *all = kept.iter().map(|at| all[*at].clone()).collect();
}

/// Joins the statements of an effect that have the same principal and conditions into as few as the search finds.
fn regrouped(all: Vec<(usize, Statement)>, effect: Effect, reach: Reach) -> Vec<(usize, Statement)> {
    let (all, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, one)| one.effect == effect);
    let mut groups: Vec<Vec<(usize, Statement)>> = Vec::new();
    for (number, statement) in all {
        let same = |group: &&mut Vec<(usize, Statement)>| {
            let (_, one) = &group[0];
            one.effect == statement.effect
                && one.principal == statement.principal
                && same_items(&one.conditions, &statement.conditions)
                && one.resources.is_empty() == statement.resources.is_empty()
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push((number, statement)),
            None => groups.push(Vec::from([(number, statement)])),
        }
    }
    let groups: Vec<Vec<(usize, Statement)>> = groups
        .into_iter()
        .map(|group| {
            // What a deny takes anyway may be allowed as well.
            let is_free = |one: &&Statement| {
                let (_, own) = &group[0];
                let is_wider = one.effect == Effect::Deny && own.effect == Effect::Allow;
                reach == Reach::IntoDenied && is_wider && one.principal == own.principal && implies(own, one)
            };
            let free: Vec<&Statement> = others.iter().map(|(_, one)| one).filter(is_free).collect();
            tiled(group, &free)
        })
        .collect();
    others.extend(groups.into_iter().flatten());
    others.sort_by_key(|(number, _)| *number);
    others
}

fn same_items<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

/// A statement as the places of its actions and resources in a [`Table`]: every action applies to every resource.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tile {
    actions: Vec<usize>,
    resources: Vec<usize>,
}

/// Returns a group of statements as few statements. They may also apply to what the statements `free` apply to.
fn tiled(group: Vec<(usize, Statement)>, free: &[&Statement]) -> Vec<(usize, Statement)> {
    if group.len() < 2 {
        return group;
    }
    let actions: Vec<ActionPattern> = distinct(group.iter().flat_map(|(_, one)| &one.actions));
    let resources: Vec<ResourcePattern> = distinct(group.iter().flat_map(|(_, one)| &one.resources));
    if resources.is_empty() {
        let (number, mut first) = group[0].clone();
        first.actions = widest(actions);
        return Vec::from([(number, first)]);
    }
    if actions.len() * resources.len() > CELLS {
        return group;
    }
    let length = |statements: &[(usize, Statement)]| -> usize {
        statements.iter().map(|(_, one)| Part::Statement(one).len_for_cam()).sum()
    };
    let of_tile = |tile: &Tile| {
        let named = |(_, one): &&(usize, Statement)| {
            tile.actions.iter().any(|at| one.actions.contains(&actions[*at]))
                && tile.resources.iter().any(|at| one.resources.contains(&resources[*at]))
        };
        let (number, mut statement) = group.iter().find(named).unwrap_or(&group[0]).clone();
        statement.actions = widest(tile.actions.iter().map(|at| actions[*at].clone()).collect());
        statement.resources = widest(tile.resources.iter().map(|at| resources[*at].clone()).collect());
        (number, statement)
    };
    let covers = Table::new(&group, &actions, &resources, free).covers();
    let found = covers.iter().map(|tiles| tiles.iter().map(of_tile).collect::<Vec<_>>());
    let best = found.min_by_key(|found| (found.len(), length(found)));
    match best {
        Some(found) if (found.len(), length(&found)) < (group.len(), length(&group)) => found,
        _ => group,
    }
}

fn distinct<'p, P: Within + 'p>(all: impl Iterator<Item = &'p P>) -> Vec<P> {
    let mut seen = BTreeSet::new();
    all.filter(|one| seen.insert(*one)).cloned().collect()
}

impl Tile {
    fn has(&self, action: usize, resource: usize) -> bool {
        self.actions.binary_search(&action).is_ok() && self.resources.binary_search(&resource).is_ok()
    }

    /// Removes the cells of the tile.
    fn take_from(&self, left: &mut [Row]) {
        for action in &self.actions {
            left[*action].retain(|resource| self.resources.binary_search(resource).is_err());
        }
    }
}

/// An action or a resource of a tile.
#[derive(Clone, Copy)]
enum Item {
    Action(usize),
    Resource(usize),
}

/// The most steps of a search for the fewest tiles. Tables of few rows need less.
const STEPS: usize = 2_000;

/// A search for sets of tiles that contain all needed cells.
struct Covers<'t> {
    candidates: &'t [Tile],
    /// The most tiles that a set may have.
    most: usize,
    /// The sets with the fewest tiles that have been found.
    found: Vec<Vec<Tile>>,
    steps: usize,
}

impl Covers<'_> {
    /// Adds a tile for the first cell that is left, and so on.
    fn extend(&mut self, chosen: &mut Vec<usize>, left: &[Row]) {
        let cell = left.iter().enumerate().find_map(|(action, row)| Some((action, *row.first()?)));
        let Some((action, resource)) = cell else {
            if chosen.len() < self.most {
                self.found.clear();
                self.most = chosen.len();
            }
            self.found.push(chosen.iter().map(|at| self.candidates[*at].clone()).collect());
            return;
        };
        for at in 0..self.candidates.len() {
            if chosen.len() == self.most || self.steps == 0 {
                return;
            }
            if self.candidates[at].has(action, resource) {
                self.steps -= 1;
                let mut rest = left.to_vec();
                self.candidates[at].take_from(&mut rest);
                chosen.push(at);
                self.extend(chosen, &rest);
                chosen.pop();
            }
        }
    }
}

/// The resources to which each action applies.
struct Table {
    /// For each action, the resources to which a statement of the group applies it.
    rows: Vec<Row>,
    /// The same, without the resources to which a wider action or resource already applies it.
    needed: Vec<Row>,
    /// How long the actions and the resources are.
    lengths: [Vec<usize>; 2],
}

/// Places of resources.
type Row = BTreeSet<usize>;

/// The most cells that a table may have. A larger group stays as it is.
const CELLS: usize = 1_000_000;

impl Table {
    fn new(
        group: &[(usize, Statement)],
        actions: &[ActionPattern],
        resources: &[ResourcePattern],
        free: &[&Statement],
    ) -> Self {
        let (wider_actions, wider_resources) = (Patterns::new(actions), Patterns::new(resources));
        let around_actions: Vec<Vec<usize>> = actions.iter().map(|one| wider_actions.around(one)).collect();
        let around_resources: Vec<Vec<usize>> =
            resources.iter().map(|one| wider_resources.around(one)).collect();
        let numbers: BTreeMap<&ResourcePattern, usize> =
            resources.iter().enumerate().map(|(at, one)| (one, at)).collect();
        let mut named: BTreeMap<&ActionPattern, Row> = BTreeMap::new();
        for (_, one) in group {
            let own: Vec<usize> = one.resources.iter().map(|resource| numbers[resource]).collect();
            for action in &one.actions {
                named.entry(action).or_default().extend(&own);
            }
        }
        let said: Vec<&Row> = actions.iter().map(|action| &named[action]).collect();
        let has = |action: usize, resource: usize| {
            around_actions[action]
                .iter()
                .any(|wider| around_resources[resource].iter().any(|around| said[*wider].contains(around)))
        };
        let all = 0..resources.len();
        let said_rows: Vec<Row> = (0..actions.len())
            .map(|action| all.clone().filter(|resource| has(action, *resource)).collect())
            .collect();
        let mut rows = said_rows.clone();
        for one in free {
            let (wide_actions, wide_resources) = (Patterns::new(&one.actions), Patterns::new(&one.resources));
            let columns: Row =
                all.clone().filter(|at| !wide_resources.around(&resources[*at]).is_empty()).collect();
            let own =
                rows.iter_mut().zip(actions).filter(|(_, action)| !wide_actions.around(action).is_empty());
            own.for_each(|(row, _)| row.extend(&columns));
        }
        // If two patterns match the same texts, only the first is needed.
        let wider = |around: &[Vec<usize>], at: usize| -> Vec<usize> {
            let is = |other: &usize| *other != at && (!around[*other].contains(&at) || *other < at);
            around[at].iter().copied().filter(is).collect()
        };
        let needed = (0..actions.len())
            .map(|action| {
                let by_action = wider(&around_actions, action);
                let is_needed = |resource: &usize| {
                    by_action.iter().all(|other| !said_rows[*other].contains(resource))
                        && wider(&around_resources, *resource)
                            .iter()
                            .all(|other| !said_rows[action].contains(other))
                };
                said_rows[action].iter().copied().filter(is_needed).collect()
            })
            .collect();
        let lengths = [
            actions.iter().map(|action| action.as_str().len()).collect(),
            resources.iter().map(|resource| resource.as_str().len()).collect(),
        ];
        Self { rows, needed, lengths }
    }

    /// Returns sets of few tiles that contain every needed cell, and no cell outside of `rows`: one that is found by always
    /// taking the largest tile, and those with as few tiles as possible, as far as these are found in `STEPS` steps.
    fn covers(&self) -> Vec<Vec<Tile>> {
        let candidates = self.candidates();
        let Some(first) = self.greedy(candidates.clone()) else { return Vec::new() };
        let mut search =
            Covers { candidates: &candidates, most: first.len(), found: Vec::new(), steps: STEPS };
        search.extend(&mut Vec::new(), &self.needed);
        let mut covers = search.found;
        covers.push(first);
        for cover in &mut covers {
            self.without_needless(cover);
        }
        covers
    }

    /// Returns the largest tiles.
    fn candidates(&self) -> Vec<Tile> {
        // The resources of a largest tile are those that some set of actions has in common.
        let rows: BTreeSet<&Row> = self.rows.iter().filter(|row| !row.is_empty()).collect();
        let columns: BTreeSet<Vec<bool>> = rows
            .iter()
            .copied()
            .flatten()
            .map(|resource| rows.iter().map(|row| row.contains(resource)).collect())
            .collect();
        let common = columns.iter().map(|of| {
            let rows = rows.iter().zip(of).filter(|(_, has)| **has).map(|(row, _)| (*row).clone());
            rows.reduce(|one, other| &one & &other).unwrap_or_default()
        });
        let all: BTreeSet<Row> = rows.iter().map(|row| (*row).clone()).chain(common).collect();
        all.iter().map(|row| self.tile(row)).collect()
    }

    fn greedy(&self, mut candidates: Vec<Tile>) -> Option<Vec<Tile>> {
        let mut left = self.needed.clone();
        let mut chosen: Vec<Tile> = Vec::new();
        let gain = |tile: &Tile, left: &[Row]| -> usize {
            let resources: Row = tile.resources.iter().copied().collect();
            tile.actions.iter().map(|action| left[*action].intersection(&resources).count()).sum()
        };
        while left.iter().any(|row| !row.is_empty()) {
            let best =
                (0..candidates.len()).max_by_key(|at| (gain(&candidates[*at], &left), usize::MAX - at))?;
            if gain(&candidates[best], &left) == 0 {
                return None;
            }
            let tile = candidates.remove(best);
            tile.take_from(&mut left);
            chosen.push(tile);
        }
        Some(chosen)
    }

    fn tile(&self, resources: &Row) -> Tile {
        let actions = (0..self.rows.len()).filter(|action| resources.is_subset(&self.rows[*action]));
        Tile { actions: actions.collect(), resources: resources.iter().copied().collect() }
    }

    /// Removes tiles, actions and resources whose needed cells are also in other tiles.
    fn without_needless(&self, chosen: &mut Vec<Tile>) {
        let mut count: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let cells = |tile: &Tile| -> Vec<(usize, usize)> {
            let of = |action: &usize| {
                let action = *action;
                let own =
                    tile.resources.iter().filter(move |resource| self.needed[action].contains(resource));
                own.map(move |resource| (action, *resource))
            };
            tile.actions.iter().flat_map(of).collect()
        };
        for cell in chosen.iter().flat_map(cells) {
            *count.entry(cell).or_default() += 1;
        }
        let mut take = |cells: Vec<(usize, usize)>| {
            let free = cells.iter().all(|cell| count[cell] > 1);
            if free {
                for cell in cells {
                    count.entry(cell).and_modify(|count| *count -= 1);
                }
            }
            free
        };
        chosen.retain(|tile| !take(cells(tile)));
        // What is longest goes first.
        let mut items: Vec<(usize, usize, Item)> = Vec::new();
        for (number, tile) in chosen.iter().enumerate() {
            let [actions, resources] = &self.lengths;
            items.extend(tile.actions.iter().map(|at| (actions[*at], number, Item::Action(*at))));
            items.extend(tile.resources.iter().map(|at| (resources[*at], number, Item::Resource(*at))));
        }
        items.sort_by_key(|(length, ..)| Reverse(*length));
        for (_, number, item) in items {
            let tile = &mut chosen[number];
            let mut one = tile.clone();
            match item {
                Item::Action(at) => one.actions = Vec::from([at]),
                Item::Resource(at) => one.resources = Vec::from([at]),
            }
            if !take(cells(&one)) {
                continue;
            }
            match item {
                Item::Action(at) => tile.actions.retain(|own| *own != at),
                Item::Resource(at) => tile.resources.retain(|own| *own != at),
            }
        }
    }
}

/// Joins statements that differ only in the values of one condition, if one matching value makes it true.
fn merge_conditions(all: &mut Vec<(usize, Statement)>) {
    let mut at = 0;
    while at < all.len() {
        let merged = (at + 1..all.len()).find_map(|other| Some((other, joined(&all[at].1, &all[other].1)?)));
        match merged {
            Some((other, joined)) => {
                all[at].1 = joined;
                drop(all.remove(other));
            }
            None => at += 1,
        }
    }
}

/// Joins two statements that differ only in the values of one condition. Returns `None` if they cannot be joined.
fn joined(one: &Statement, other: &Statement) -> Option<Statement> {
    let same = one.effect == other.effect
        && one.principal == other.principal
        && one.conditions.len() == other.conditions.len()
        && same_items(&one.actions, &other.actions)
        && same_items(&one.resources, &other.resources);
    if !same {
        return None;
    }
    let mut different = one.conditions.iter().enumerate().filter(|(_, own)| !other.conditions.contains(own));
    let (at, own) = different.next()?;
    let its = other.conditions.iter().find(|its| !one.conditions.contains(its))?;
    let operator = own.operator();
    // With a negation or `for_all_value`, one value of a request in each list is not the same as both in one list.
    let any_is_enough =
        !operator.comparison.is_negated() && operator.qualifier != Some(Qualifier::ForAllValue);
    if different.next().is_some() || !any_is_enough || its.operator() != operator || its.key() != own.key() {
        return None;
    }
    let mut joined = one.clone();
    let values = own.values().iter().chain(its.values()).cloned();
    joined.conditions[at] = shorter_condition(&Condition::unchecked(operator, own.key(), values));
    Some(joined)
}
