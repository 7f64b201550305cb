//! All that policies allow, and what is different between two sets of them: decided, not guessed.
//!
//! Statements are boxes in a space of few dimensions: the action, the segments of the resource, and a dimension for each
//! condition key. Whether something is in the allows and in none of the denies is a search: a request is found that all
//! wanted boxes hold; if an unwanted one holds it too, it must leave that one by one of its sides, and each side is tried.
//! In a dimension the question is whether a text exists that some patterns match and others do not, see `automaton`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::automaton::{Class, Demand, Patience, Texts, TooHard, Union, find};
use super::compile::{self, Test, account, principal_matches};
use super::layer::{Layer, StatementId};
use super::matching::{Variables, instant, parts};
use super::request::{Caller, Digits, Request};
use super::set::PolicySet;
use crate::catalog::{Action, Granularity, Pattern};
use crate::policy::{ActionPattern, Condition, Effect, Qualifier, ResourcePattern, Statement, ValueKind};
use crate::text::{Piece, pieces, split_segments};

/// Something that a policy set allows: actions on resources, under the conditions of the statements that allow it.
///
/// ```
/// # use cam_policy::example::CATALOG;
/// use cam_policy::engine::PolicySet;
/// use cam_policy::values::Uin;
///
/// let set = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["cos:*"],"resource":["qcs::cos:::b/*"]},
///     {"effect":"deny","action":["cos:Delete*"],"resource":["*"]}]}"#.parse()?], Uin::new(100000000001)?);
/// let grants = set.grants(Uin::new(100000000002)?)?;
/// assert_eq!(grants.len(), 1);
/// assert_eq!(grants[0].to_string(), "cos:* on qcs::cos:::b/* by statement 0 of policy 0, except what statement 1 of policy 0 denies");
/// assert!(set.decide(&grants[0].witness).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// An action of the catalog, or the pattern of a statement, which then stands for actions the catalog does not have.
    pub action: ActionPattern,
    /// The resources: what is granted is on those that every one of these matches, one for each layer.
    pub resources: Vec<ResourcePattern>,
    /// The statements that allow it together, one for each layer.
    pub by: Vec<StatementId>,
    /// Their conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The statements that deny a part of it.
    pub except: Vec<StatementId>,
    /// A request that is allowed by it.
    pub witness: Request,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.action)?;
        self.tell(f, "")
    }
}

impl Grant {
    /// Everything but the action; `of` says whose statements they are.
    fn tell(&self, f: &mut fmt::Formatter<'_>, of: &str) -> fmt::Result {
        f.write_str("on ")?;
        join(f, &self.resources, " and ")?;
        f.write_str(" by ")?;
        join(f, &self.by, " and ")?;
        f.write_str(of)?;
        if !self.conditions.is_empty() {
            f.write_str(" if ")?;
            join(f, &self.conditions, " and ")?;
        }
        if !self.except.is_empty() {
            f.write_str(", except what ")?;
            join(f, &self.except, ", ")?;
            f.write_str(of)?;
            f.write_str(if self.except.len() == 1 { " denies" } else { " deny" })?;
        }
        Ok(())
    }
}

fn join<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at == 0 { "" } else { between })?;
    }
    Ok(())
}

/// What one policy set allows and another does not. See [`PolicySet::compare`].
///
/// ```
/// # use cam_policy::example::CATALOG;
/// # use cam_policy::engine::PolicySet;
/// # use cam_policy::values::Uin;
/// let set = PolicySet::new(&CATALOG, [], Uin::new(100000000001)?);
/// assert!(set.compare(&set, Uin::new(100000000002)?)?.is_empty());
///
/// let with = set.clone().with_layer(cam_policy::engine::Layer::Identity, [r#"{"version":"2.0","statement":[
///     {"effect":"allow","action":["cos:GetObject"],"resource":["*"]}]}"#.parse()?]);
/// let difference = set.compare(&with, Uin::new(100000000002)?)?;
/// assert!(difference.to_string().starts_with(
///     "gained: something of cos:GetObject on * by statement 0 of policy 0 of the second set, such as\n"
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The allows of the second set of which something is not allowed by the first, each with a request to show it.
    pub gained: Vec<Grant>,
    /// The allows of the first set of which something is not allowed by the second.
    pub lost: Vec<Grant>,
}

impl Difference {
    /// Whether both allow exactly the same.
    ///
    /// ```
    /// assert!(cam_policy::engine::Difference::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// How many actions are named where many gain or lose the same.
const NAMED: usize = 5;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, of, grants) in
            [("gained", " of the second set", &self.gained), ("lost", " of the first set", &self.lost)]
        {
            // Those that differ only in the action are told together, where the first of them stands.
            let mut places = HashMap::new();
            let mut alike: Vec<Vec<&Grant>> = Vec::new();
            for grant in grants {
                let at = *places.entry((&grant.resources, &grant.by, &grant.except)).or_insert(alike.len());
                match alike.get_mut(at) {
                    Some(known) => known.push(grant),
                    None => alike.push(Vec::from([grant])),
                }
            }
            for grants in alike {
                let [grant, further @ ..] = grants.as_slice() else { continue };
                // The allow may be of more than what is new: its other part may have been allowed before.
                write!(f, "{word}: something of ")?;
                if further.is_empty() {
                    write!(f, "{} ", grant.action)?;
                } else {
                    let names: Vec<_> = grants.iter().take(NAMED).map(|grant| &grant.action).collect();
                    write!(f, "{} actions (", grants.len())?;
                    join(f, &names, ", ")?;
                    f.write_str(if grants.len() > NAMED { ", …) " } else { ") " })?;
                }
                grant.tell(f, of)?;
                writeln!(f, ", such as\n  {}", grant.witness)?;
            }
        }
        Ok(())
    }
}

/// Why what a policy set allows cannot be told.
///
/// ```
/// # use cam_policy::engine::AccessError;
/// let error = AccessError::MixedKey { key: "a:b".into() };
/// assert_eq!(
///     error.to_string(),
///     "conditions compare `a:b` both as text and as number, time or address: which values it can have is not known"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessError {
    /// A condition key is compared in different ways, as text here and as a number there.
    MixedKey {
        /// The key.
        key: Box<str>,
    },
    /// The caller is the root account, which is not subject to policies and may do everything.
    Root,
    /// The two sets are of different accounts.
    OtherOwner,
    /// A policy says `${app_id}`, and the caller was given without its APPID. See [`Caller`].
    AppId,
    /// The patterns make more cases than can be looked at. Such policies must be made on purpose.
    TooComplex,
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MixedKey { key } => write!(
                f,
                "conditions compare `{key}` both as text and as number, time or address: which values it can have is \
                 not known"
            ),
            Self::Root => f.write_str("the root account is not subject to policies: it may do everything"),
            Self::OtherOwner => f.write_str("the policies are of different accounts"),
            Self::AppId => f.write_str("a policy says `${app_id}`, and the APPID of the caller is not given"),
            Self::TooComplex => f.write_str("the patterns of the policies make too many cases"),
        }
    }
}

impl core::error::Error for AccessError {}

impl From<TooHard> for AccessError {
    fn from(TooHard: TooHard) -> Self {
        Self::TooComplex
    }
}

impl PolicySet<'_> {
    /// All that the set allows a caller: each allow of which, after the denies and what the other layers allow,
    /// something is left.
    ///
    /// Looked at are the requests that CAM can get: operation-level actions on `*`, resource-level ones on resources
    /// of the action's patterns in the account, actions of undocumented granularity and those of other services on
    /// either; condition keys absent or with values of their kind (a key compared with `bool_equal` is `true` or
    /// `false`), several of them where the key is compared as text or a condition has a qualifier.
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// See [`Grant`] for an example.
    pub fn grants(&self, caller: impl Into<Caller>) -> Result<Vec<Grant>, AccessError> {
        Search::new(self, None, caller.into(), &mut Patience(PATIENCE)).run()
    }

    /// What `other` allows a caller and this set does not, and the reverse: whether a change of policies gives or
    /// takes anything. The requests are those of [`grants`](Self::grants).
    ///
    /// # Errors
    ///
    /// [`AccessError`] where it cannot be told; nothing is guessed.
    ///
    /// ```
    /// # use cam_policy::example::CATALOG;
    /// use cam_policy::engine::PolicySet;
    /// use cam_policy::values::Uin;
    ///
    /// let owner = Uin::new(100000000001)?;
    /// let before = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/1400000001"]}]}"#.parse()?], owner);
    /// let after = PolicySet::new(&CATALOG, [r#"{"version":"2.0","statement":[
    ///     {"effect":"allow","action":["trtc:RemoveUser"],"resource":["qcs::trtc:::sdkappid/14*"]}]}"#.parse()?], owner);
    ///
    /// let difference = before.compare(&after, Uin::new(100000000002)?)?;
    /// assert!(difference.lost.is_empty());
    /// let witness = &difference.gained[0].witness;
    /// assert!(after.decide(witness).is_allowed() && !before.decide(witness).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare(&self, other: &Self, caller: impl Into<Caller>) -> Result<Difference, AccessError> {
        let caller = caller.into();
        if self.owner != other.owner {
            return Err(AccessError::OtherOwner);
        }
        let mut patience = Patience(PATIENCE);
        Ok(Difference {
            gained: Search::new(other, Some(self), caller, &mut patience).run()?,
            lost: Search::new(self, Some(other), caller, &mut patience).run()?,
        })
    }
}

/// A dimension of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Service,
    Operation,
    Project,
    OfService,
    Region,
    Account,
    Last,
}

const AXES: usize = 7;

/// One side of a box.
#[derive(Clone, Debug)]
enum Side {
    Text(Axis, Rc<Union>),
    Key(Rc<KeyTest>),
}

/// A condition, and whether its key is `true` or `false`.
#[derive(Debug)]
struct KeyTest {
    test: Test,
    is_bool: bool,
}

impl KeyTest {
    fn new(condition: &Condition) -> Self {
        let is_bool = matches!(condition.operator().comparison.kind(), ValueKind::Bool);
        Self { test: Test::new(condition), is_bool }
    }

    /// A value of the kind that is compared, if that says anything of it.
    fn some_value(&self) -> Option<&'static str> {
        match &self.test.values {
            compile::Values::Exact(_) if self.is_bool => Some("true"),
            compile::Values::Number(..) => Some("1"),
            compile::Values::Time(..) => Some("2026-01-01T00:00:00Z"),
            compile::Values::Ip(_) => Some("192.0.2.1"),
            _ => None,
        }
    }
}

impl core::ops::Deref for KeyTest {
    type Target = Test;

    fn deref(&self) -> &Test {
        &self.test
    }
}

/// A statement with one of its resources: a box.
struct Atom {
    id: Option<StatementId>,
    action: Option<ActionPattern>,
    resource: Option<ResourcePattern>,
    conditions: Rc<[Condition]>,
    sides: Vec<Side>,
}

/// The requests among which is searched.
struct Universe<'a> {
    /// The action; `None` for those the catalog does not have.
    action: Option<Action<'a>>,
    /// The texts of each axis; `None` if the resource is `*`.
    axes: Option<[Texts; AXES]>,
    words: [Texts; 2],
}

/// A statement that is about the caller.
struct Prepared<'a> {
    id: StatementId,
    statement: &'a Statement,
    conditions: Rc<[Condition]>,
    tests: Vec<Side>,
}

/// Those of a set, and what layers it has.
struct Prepare<'a> {
    set: &'a PolicySet<'a>,
    layers: Vec<Layer>,
    statements: Vec<Prepared<'a>>,
}

struct Search<'a> {
    set: &'a PolicySet<'a>,
    without: Option<&'a PolicySet<'a>>,
    caller: Caller,
    uin: Box<str>,
    app_id: Option<String>,
    known: Known,
    patience: &'a mut Patience,
}

/// The number of steps of a call before it is given up: some seconds.
const PATIENCE: usize = 100_000_000;

/// What a grant costs of them, so that an answer which nobody could read is not written either.
const ANSWER: usize = 500;

type Found<T> = Result<Option<T>, AccessError>;

impl<'a> Search<'a> {
    fn new(
        set: &'a PolicySet<'a>,
        without: Option<&'a PolicySet<'a>>,
        caller: Caller,
        patience: &'a mut Patience,
    ) -> Self {
        let uin = caller.uin.to_string().into();
        let app_id = caller.app_id.map(|app_id| app_id.to_string());
        Self { set, without, caller, uin, app_id, known: Known::new(), patience }
    }

    fn run(mut self) -> Result<Vec<Grant>, AccessError> {
        if self.caller.uin == self.set.owner {
            return Err(AccessError::Root);
        }
        let own = self.prepare(self.set);
        let other = self.without.map(|other| self.prepare(other));
        let prepared = || own.statements.iter().chain(other.iter().flat_map(|other| &other.statements));
        if self.app_id.is_none() && prepared().any(Prepared::asks_for_app_id) {
            return Err(AccessError::AppId);
        }
        let mut known = HashMap::new();
        for side in prepared().flat_map(|one| &one.tests) {
            if let Side::Key(test) = side {
                if let Some(value) = test.some_value() {
                    known.entry(test.key.clone()).or_insert(value);
                }
            }
        }
        self.known = known;
        let mut grants = Grants::default();
        // To actions of the same resources that the same statements name, the same applies.
        let mut groups: HashMap<_, Vec<Grant>> = HashMap::new();
        for action in self.set.catalog().actions() {
            let named: Vec<bool> = prepared().map(|one| one.names(action)).collect();
            let patterns: Vec<&str> = action.patterns().iter().map(|pattern| pattern.single).collect();
            let group = (action.granularity() as u8, patterns, named);
            if let Some(alike) = groups.get(&group) {
                self.patience.spend(alike.len() * ANSWER)?;
                grants.extend(alike.iter().map(|grant| grant.of(action)));
                continue;
            }
            let mut found = Grants::default();
            for universe in self.universes(action) {
                self.search(&universe, &own, other.as_ref(), &mut found)?;
            }
            grants.extend(found.all.iter().cloned());
            groups.insert(group, found.all);
        }
        for universe in Self::beyond_the_catalog() {
            self.search(&universe, &own, other.as_ref(), &mut grants)?;
        }
        Ok(grants.all)
    }

    /// The statements of a set that are about the caller.
    fn prepare<'s>(&self, set: &'s PolicySet<'s>) -> Prepare<'s> {
        let layers: Vec<Layer> = set.present().map(|(layer, _)| layer).collect();
        let mut statements = Vec::new();
        let request = Request::new(self.caller, "a:A", "*").ok();
        let mut digits = Digits::default();
        let asked = request.as_ref().map(|request| set.asked(request, None, "*", &mut digits));
        for layer in &layers {
            for (policy, one) in set.policies(*layer).into_iter().flatten().enumerate() {
                for (at, statement) in one.statements().iter().enumerate() {
                    let principal = statement.principal().or(one.principal());
                    let is_for = principal.is_none_or(|principal| {
                        asked.as_ref().is_some_and(|asked| principal_matches(principal, asked, &set.account))
                    });
                    if !is_for {
                        continue;
                    }
                    let test = |condition| Side::Key(Rc::new(KeyTest::new(condition)));
                    statements.push(Prepared {
                        id: StatementId { layer: *layer, policy, statement: at },
                        statement,
                        conditions: statement.conditions().into(),
                        tests: statement.conditions().iter().map(test).collect(),
                    });
                }
            }
        }
        Prepare { set, layers, statements }
    }

    /// Every kind of request there can be of an action.
    fn universes<'u>(&self, action: Action<'u>) -> Vec<Universe<'u>> {
        let of = |axes| Universe { action: Some(action), axes, words: Default::default() };
        match action.granularity() {
            Granularity::Operation => Vec::from([of(None)]),
            Granularity::Resource => {
                action.patterns().iter().map(|pattern| of(self.axes_of(pattern))).collect()
            }
            Granularity::Undocumented => Vec::from([of(None), of(Some(any_resource()))]),
        }
    }

    fn beyond_the_catalog() -> [Universe<'static>; 2] {
        let words = || [Texts::default().then_some(Class::Word), Texts::default().then_some(Class::Word)];
        [None, Some(any_resource())].map(|axes| Universe { action: None, axes, words: words() })
    }

    /// The resources that follow a pattern, in the account of the set.
    fn axes_of(&self, pattern: &Pattern<'_>) -> Option<[Texts; AXES]> {
        let [_, project, service, region, of, last] = split_segments(pattern.single)?;
        let region = if region.contains("${") { Texts::run(Class::Region) } else { Texts::literal(region) };
        let of = of.replace("${uin}", &self.set.owner_uin);
        let of = Texts::literal(account(&of, &self.set.account));
        let resource =
            pieces(last).unwrap_or_default().into_iter().fold(Texts::default(), |texts, (piece, _)| {
                match piece {
                    Piece::Literal(text) => texts.then(text),
                    Piece::Placeholder(_) => texts.then_some(Class::Identifier),
                }
            });
        let (project, service) = (Texts::literal(project), Texts::literal(service));
        Some([Texts::default(), Texts::default(), project, service, region, of, resource])
    }

    fn variables<'v>(&'v self, set: &'v PolicySet<'_>) -> Variables<'v> {
        Variables { uin: &self.uin, owner_uin: &set.owner_uin, app_id: self.app_id.as_deref() }
    }

    /// The boxes of a set's statements of an effect in a layer, as far as they reach into the universe.
    fn atoms(&self, of: &Prepare<'_>, layer: Layer, effect: Effect, universe: &Universe<'_>) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for Prepared { id, statement, conditions, tests } in &of.statements {
            if id.layer != layer || statement.effect() != effect {
                continue;
            }
            let mut actions: Vec<(ActionPattern, Vec<Side>)> = Vec::new();
            match universe.action {
                Some(action) => {
                    if statement.actions().iter().any(|pattern| pattern.matches(action.as_str())) {
                        actions.push((ActionPattern::of(action), Vec::new()));
                    }
                }
                None => actions.extend(statement.actions().iter().filter_map(other_action)),
            }
            for (action, words) in actions {
                for resource in statement.resources() {
                    let Some(segments) = self.resource(of.set, resource, universe) else { continue };
                    atoms.push(Atom {
                        id: Some(*id),
                        action: Some(action.clone()),
                        resource: Some(resource.clone()),
                        conditions: Rc::clone(conditions),
                        sides: words.iter().cloned().chain(segments).chain(tests.iter().cloned()).collect(),
                    });
                }
            }
        }
        atoms
    }

    /// The sides of a resource pattern; `None` if it can match nothing.
    fn resource(
        &self,
        set: &PolicySet<'_>,
        pattern: &ResourcePattern,
        universe: &Universe<'_>,
    ) -> Option<Vec<Side>> {
        if pattern.is_every() {
            return Some(Vec::new());
        }
        universe.axes.as_ref()?;
        let [_, project, service, region, of, last] = split_segments(pattern.as_str())?;
        // As `decide` does: the project must be the same, and only the last segment has variables.
        let mut sides = Vec::from([Side::Text(Axis::Project, Rc::new(Texts::literal(project).into()))]);
        for (axis, text) in [(Axis::OfService, service), (Axis::Region, region)] {
            if !text.is_empty() && text != "*" {
                sides.push(Side::Text(axis, Rc::new(segment(text).into())));
            }
        }
        let of = account(of, &set.account);
        if of != "*" {
            sides.push(Side::Text(Axis::Account, Rc::new(segment(of).into())));
        }
        if last != "*" {
            let variables = self.variables(set);
            sides.push(Side::Text(Axis::Last, Rc::new(glob(last, variables, Class::Any)?.into())));
        }
        Some(sides)
    }

    fn search(
        &mut self,
        universe: &Universe<'_>,
        own: &Prepare<'_>,
        other: Option<&Prepare<'_>>,
        grants: &mut Grants,
    ) -> Result<(), AccessError> {
        let atoms = |of: &Prepare<'_>, effect| -> Vec<Vec<Atom>> {
            of.layers.iter().map(|layer| self.atoms(of, *layer, effect, universe)).collect()
        };
        let allows = atoms(own, Effect::Allow);
        if allows.iter().any(Vec::is_empty) {
            return Ok(());
        }
        let mut denies: Vec<Atom> = atoms(own, Effect::Deny).into_iter().flatten().collect();
        let real = denies.len();
        if universe.action.is_none() {
            denies.extend(self.set.catalog().actions().filter_map(known_action));
        }
        let other = other.map(|other| {
            let denies: Vec<Atom> = atoms(other, Effect::Deny).into_iter().flatten().collect();
            (atoms(other, Effect::Allow), denies)
        });
        let denies: Vec<&Atom> = denies.iter().collect();
        let without = other.as_ref().map(|(allows, other)| Other {
            avoided: allows.iter().map(|layer| denies.iter().copied().chain(layer).collect()).collect(),
            denies: other,
        });
        let variables =
            Variables { uin: &self.uin, owner_uin: &self.set.owner_uin, app_id: self.app_id.as_deref() };
        let mut hunt = Hunt::new(universe, variables, &self.set.account, &self.known, self.patience)?;
        let against = Against { denies, real, without };
        choose(&mut hunt, self.caller, &allows, &mut Vec::new(), &against, grants)
    }
}

/// Takes one allow of each layer that is left, and so on: what has nothing in common is not gone into.
fn choose<'s>(
    hunt: &mut Hunt<'_>,
    caller: Caller,
    layers: &'s [Vec<Atom>],
    chosen: &mut Vec<&'s Atom>,
    against: &Against<'_>,
    grants: &mut Grants,
) -> Result<(), AccessError> {
    let Some((layer, further)) = layers.split_first() else {
        let mark = hunt.mark();
        if against.is_passed_by(hunt)? {
            hunt.patience.spend(ANSWER)?;
            let witness = hunt.witness(caller);
            hunt.undo(mark);
            let except = against.reached(hunt)?;
            grants.extend(witness.and_then(|witness| Grant::new(chosen, except, witness)));
        }
        return Ok(());
    };
    for atom in layer {
        let mark = hunt.mark();
        chosen.push(atom);
        if hunt.extend(&atom.sides)? {
            choose(hunt, caller, further, chosen, against, grants)?;
        }
        chosen.pop();
        hunt.undo(mark);
    }
    Ok(())
}

/// What takes from the allows.
struct Against<'s> {
    /// The denies, and what is kept out for another reason.
    denies: Vec<&'s Atom>,
    /// How many of them are denies.
    real: usize,
    without: Option<Other<'s>>,
}

/// What another set allows and denies.
struct Other<'s> {
    /// The denies from which something is taken, and with them what a layer of the other set allows.
    avoided: Vec<Vec<&'s Atom>>,
    denies: &'s [Atom],
}

impl Against<'_> {
    /// Looks for a request that no deny holds, and that the other set does not allow.
    fn is_passed_by(&self, hunt: &mut Hunt<'_>) -> Result<bool, AccessError> {
        let Some(other) = &self.without else { return hunt.avoid(&self.denies) };
        for avoided in &other.avoided {
            if hunt.avoid(avoided)? {
                return Ok(true);
            }
        }
        for deny in other.denies {
            let mark = hunt.mark();
            if hunt.extend(&deny.sides)? && hunt.avoid(&self.denies)? {
                return Ok(true);
            }
            hunt.undo(mark);
        }
        Ok(false)
    }

    /// The statements that deny something of it.
    fn reached(&self, hunt: &mut Hunt<'_>) -> Result<Vec<StatementId>, AccessError> {
        let mut reached = Vec::new();
        let (denies, kept_out) = self.denies.split_at(self.real);
        for deny in denies {
            let mark = hunt.mark();
            // Of actions that the catalog has nothing is denied where it is about the others.
            if hunt.extend(&deny.sides)? && hunt.avoid(kept_out)? {
                reached.extend(deny.id);
            }
            hunt.undo(mark);
        }
        reached.sort_unstable();
        reached.dedup();
        Ok(reached)
    }
}

/// Grants, of which each is there once.
#[derive(Default)]
struct Grants {
    all: Vec<Grant>,
    places: HashMap<(ActionPattern, Vec<StatementId>, Vec<ResourcePattern>), usize>,
}

impl Grants {
    fn add(&mut self, grant: Grant) {
        let key = (grant.action.clone(), grant.by.clone(), grant.resources.clone());
        match self.places.entry(key) {
            // The same pattern may match on `*` and on resources: it is one grant.
            Entry::Occupied(known) => {
                let except = &mut self.all[*known.get()].except;
                except.extend(grant.except);
                except.sort_unstable();
                except.dedup();
            }
            Entry::Vacant(place) => {
                place.insert(self.all.len());
                self.all.push(grant);
            }
        }
    }

    fn extend(&mut self, grants: impl IntoIterator<Item = Grant>) {
        grants.into_iter().for_each(|grant| self.add(grant));
    }
}

impl Grant {
    fn new(atoms: &[&Atom], except: Vec<StatementId>, witness: Request) -> Option<Self> {
        let mut conditions: Vec<Condition> = Vec::new();
        for condition in atoms.iter().flat_map(|atom| &*atom.conditions) {
            if !conditions.contains(condition) {
                conditions.push(condition.clone());
            }
        }
        Some(Self {
            action: atoms.first()?.action.clone()?,
            resources: atoms.iter().filter_map(|atom| atom.resource.clone()).collect(),
            by: atoms.iter().filter_map(|atom| atom.id).collect(),
            conditions,
            except,
            witness,
        })
    }

    /// The same of another action.
    fn of(&self, action: Action<'_>) -> Self {
        let mut grant = Self { action: ActionPattern::of(action), ..self.clone() };
        grant.witness.action = action.as_str().into();
        grant
    }
}

impl Prepared<'_> {
    fn asks_for_app_id(&self) -> bool {
        let asks = |text: &str| text.contains("${app_id}");
        self.statement.resources().iter().any(|resource| asks(resource.as_str()))
            || self.statement.conditions().iter().any(|condition| {
                matches!(condition.operator().comparison.kind(), ValueKind::Text)
                    && condition.values().iter().any(|value| asks(value.as_str()))
            })
    }

    fn names(&self, action: Action<'_>) -> bool {
        self.statement.actions().iter().any(|pattern| pattern.matches(action.as_str()))
    }
}

/// Every resource of six segments.
fn any_resource() -> [Texts; AXES] {
    let segment = || Texts::run(Class::Segment);
    [
        Texts::default(),
        Texts::default(),
        segment(),
        segment(),
        segment(),
        segment(),
        Texts::default().then_some(Class::Any),
    ]
}

/// The search in a universe: what is known of the request that is looked for, and an example of it.
///
/// Demands are added and, where they lead nowhere, taken back: there is one state and no copies of it, and what it takes
/// in memory grows with the demands alone.
struct Hunt<'h> {
    universe: &'h Universe<'h>,
    variables: Variables<'h>,
    known: &'h Known,
    patience: &'h mut Patience,
    texts: [(Vec<Demand>, String); AXES],
    keys: BTreeMap<Box<str>, Values>,
    done: Vec<Done>,
}

/// What a key must do, and values with which it does.
#[derive(Default)]
struct Values {
    tests: Vec<(Rc<KeyTest>, bool)>,
    example: Vec<Box<str>>,
}

/// A demand that was added, with the example before it if that had to change.
enum Done {
    Text(Axis, Option<String>),
    Key(Rc<KeyTest>, Option<Vec<Box<str>>>),
}

/// For each key a value of its kind.
type Known = HashMap<Box<str>, &'static str>;

/// A box that the example was in, and by which of its sides it is left.
struct Inside {
    held: usize,
    side: usize,
    mark: usize,
}

impl<'h> Hunt<'h> {
    fn new(
        universe: &'h Universe<'h>,
        variables: Variables<'h>,
        of: &str,
        known: &'h Known,
        patience: &'h mut Patience,
    ) -> Result<Self, AccessError> {
        use Axis::{Account, Last, OfService, Operation, Project, Region, Service};
        let mut texts: [(Vec<Demand>, String); AXES] = Default::default();
        let axes = [Service, Operation, Project, OfService, Region, Account, Last];
        for (axis, (demands, example)) in axes.into_iter().zip(&mut texts) {
            if axis == Account {
                // Those that name nobody are the owner's, which has a name here.
                let nobody = ["", "uin/"].map(Texts::literal);
                demands.push(Demand { any_of: Rc::new(Union(nobody.into())), wanted: false });
                if universe.texts(axis).has(of) {
                    *example = of.into();
                    continue;
                }
            }
            *example = find(universe.texts(axis), demands, patience)?.unwrap_or_default();
        }
        Ok(Self { universe, variables, known, patience, texts, keys: BTreeMap::new(), done: Vec::new() })
    }

    fn mark(&self) -> usize {
        self.done.len()
    }

    /// Takes back what was added since.
    fn undo(&mut self, mark: usize) {
        for done in self.done.drain(mark..).rev() {
            match done {
                Done::Text(axis, before) => {
                    let (demands, example) = &mut self.texts[axis as usize];
                    demands.pop();
                    if let Some(before) = before {
                        *example = before;
                    }
                }
                Done::Key(test, before) => {
                    if let Some(key) = self.keys.get_mut(&test.key) {
                        key.tests.pop();
                        if let Some(before) = before {
                            key.example = before;
                        }
                    }
                }
            }
        }
    }

    /// Goes into a box; `false` if nothing is in it, and then what was added is to be taken back.
    fn extend(&mut self, sides: &[Side]) -> Result<bool, AccessError> {
        for side in sides {
            if !self.demand(side, true)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks for a request that none of the boxes holds. If there is none, everything is as before.
    ///
    /// The stack is on the heap: there may be as many boxes to leave, one after the other, as there are statements.
    fn avoid(&mut self, boxes: &[&Atom]) -> Result<bool, AccessError> {
        let start = self.mark();
        let mut stack: Vec<Inside> = Vec::new();
        loop {
            let held = boxes.iter().position(|atom| atom.sides.iter().all(|side| self.holds(side)));
            self.patience.spend(1 + held.unwrap_or(boxes.len()))?;
            let Some(held) = held else { return Ok(true) };
            stack.push(Inside { held, side: 0, mark: self.mark() });
            loop {
                let Some(inside) = stack.last_mut() else {
                    self.undo(start);
                    return Ok(false);
                };
                self.undo(inside.mark);
                let sides = &boxes[inside.held].sides;
                // It leaves the box by this side, and by none of those before.
                let before = inside.side.checked_sub(1).map(|before| &sides[before]);
                let Some(side) = sides.get(inside.side) else {
                    stack.pop();
                    continue;
                };
                if let Some(before) = before {
                    if !self.demand(before, true)? {
                        stack.pop();
                        continue;
                    }
                }
                inside.side += 1;
                inside.mark = self.mark();
                if self.demand(side, false)? {
                    break;
                }
            }
        }
    }

    /// Adds a demand and keeps the example in step; `false` if nothing meets it.
    fn demand(&mut self, side: &Side, wanted: bool) -> Result<bool, AccessError> {
        self.patience.spend(4)?;
        match side {
            Side::Text(axis, texts) => {
                let demand = Demand { any_of: Rc::clone(texts), wanted };
                let (demands, example) = &mut self.texts[*axis as usize];
                let met = demand.met_by(example);
                if met && demands.contains(&demand) {
                    return Ok(true);
                }
                demands.push(demand);
                self.done.push(Done::Text(*axis, None));
                if !met {
                    let Some(found) = find(self.universe.texts(*axis), demands, self.patience)? else {
                        return Ok(false);
                    };
                    let before = core::mem::replace(example, found);
                    self.amend(Done::Text(*axis, Some(before)));
                }
            }
            Side::Key(test) => {
                if !self.keys.contains_key(&test.key) {
                    self.keys.insert(test.key.clone(), Values::default());
                }
                let Some(key) = self.keys.get_mut(&test.key) else { return Ok(false) };
                key.tests.push((Rc::clone(test), wanted));
                self.done.push(Done::Key(Rc::clone(test), None));
                if test.holds_of_all(&key.example, self.variables) != wanted {
                    let Some(found) = values(
                        &key.tests,
                        self.variables,
                        self.known.get(&test.key).copied(),
                        self.patience,
                    )?
                    else {
                        return Ok(false);
                    };
                    let before = core::mem::replace(&mut key.example, found);
                    self.amend(Done::Key(Rc::clone(test), Some(before)));
                }
            }
        }
        Ok(true)
    }

    /// Says better what was done last.
    fn amend(&mut self, done: Done) {
        self.done.pop();
        self.done.push(done);
    }

    fn holds(&self, side: &Side) -> bool {
        match side {
            Side::Text(axis, texts) => texts.has(&self.texts[*axis as usize].1),
            Side::Key(test) => {
                let found = self.keys.get(&test.key).map_or(&[][..], |values| &values.example);
                test.holds_of_all(found, self.variables)
            }
        }
    }

    /// The example, as a request.
    fn witness(&self, caller: Caller) -> Option<Request> {
        let text = |axis: Axis| self.texts[axis as usize].1.as_str();
        let action = match self.universe.action {
            Some(action) => action.as_str().to_string(),
            None => alloc::format!("{}:{}", text(Axis::Service), text(Axis::Operation)),
        };
        let resource = if self.universe.axes.is_some() {
            alloc::format!(
                "qcs:{}:{}:{}:{}:{}",
                text(Axis::Project),
                text(Axis::OfService),
                text(Axis::Region),
                text(Axis::Account),
                text(Axis::Last)
            )
        } else {
            "*".to_string()
        };
        let mut witness = Request::new(caller, &action, &resource).ok()?;
        for (key, values) in &self.keys {
            if !values.example.is_empty() {
                witness = witness.with_key(key, values.example.iter().map(|value| &**value));
            }
        }
        Some(witness)
    }
}

impl Universe<'_> {
    fn texts(&self, axis: Axis) -> &Texts {
        match (axis, &self.axes) {
            (Axis::Service, _) => &self.words[0],
            (Axis::Operation, _) => &self.words[1],
            (_, Some(axes)) => &axes[axis as usize],
            (_, None) => &self.words[0],
        }
    }
}

/// The sides of an action pattern among actions that the catalog does not have; `None` if it has no such ones.
fn other_action(pattern: &ActionPattern) -> Option<(ActionPattern, Vec<Side>)> {
    let none = Variables { uin: "", owner_uin: "", app_id: None };
    let operation = pattern.operation()?;
    let mut sides = Vec::new();
    if let Some(service) = pattern.service() {
        sides.push(Side::Text(Axis::Service, Rc::new(Texts::literal(service).into())));
    }
    if operation != "*" {
        sides.push(Side::Text(Axis::Operation, Rc::new(glob(operation, none, Class::Word)?.into())));
    }
    Some((pattern.clone(), sides))
}

/// An action of the catalog as a box, to be kept out of the others.
fn known_action(action: Action<'_>) -> Option<Atom> {
    let (service, name) = action.as_str().split_once(':')?;
    let side = |axis, text| Side::Text(axis, Rc::new(Texts::literal(text).into()));
    let sides = Vec::from([side(Axis::Service, service), side(Axis::Operation, name)]);
    Some(Atom { id: None, action: None, resource: None, conditions: Rc::new([]), sides })
}

/// The texts that a pattern of `*` and variables matches; `None` if it has a variable that nothing is known of.
fn glob(pattern: &str, variables: Variables<'_>, class: Class) -> Option<Texts> {
    let mut texts = Texts::default();
    for (at, piece) in pattern.split('*').enumerate() {
        if at > 0 {
            texts = texts.then_run(class);
        }
        texts = with_variables(texts, piece, variables, false)?;
    }
    Some(texts)
}

/// The texts that a pattern of `*` alone matches within a segment.
fn segment(pattern: &str) -> Texts {
    let mut pieces = pattern.split('*');
    let first = Texts::literal(pieces.next().unwrap_or_default());
    pieces.fold(first, |texts, piece| texts.then_run(Class::Segment).then(piece))
}

fn with_variables(mut texts: Texts, text: &str, variables: Variables<'_>, folded: bool) -> Option<Texts> {
    for part in parts(text, variables) {
        texts = if folded { texts.then_folded(part?) } else { texts.then(part?) };
    }
    Some(texts)
}

/// Values of a key that make each test come out as wanted, none for a key that had best be absent.
fn values(
    tests: &[(Rc<KeyTest>, bool)],
    variables: Variables<'_>,
    known: Option<&str>,
    patience: &mut Patience,
) -> Found<Vec<Box<str>>> {
    if tests.iter().all(|(test, wanted)| test.holds_of_all(&[], variables) == *wanted) {
        return Ok(Some(Vec::new()));
    }
    let (presence, tests): (Vec<_>, Vec<_>) =
        tests.iter().partition(|(test, _)| matches!(test.values, compile::Values::Presence { .. }));
    let one: [Box<str>; 1] = ["".into()];
    if presence.iter().any(|(test, wanted)| test.holds_of_all(&one, variables) != *wanted) {
        return Ok(None);
    }
    // Of several values each must do what all must do, and for the rest one must be found.
    let all = |test: &Test| test.qualifier == Some(Qualifier::ForAllValue);
    let (each, some): (Vec<_>, Vec<_>) = tests.into_iter().partition(|(test, wanted)| all(test) == *wanted);
    let together: Vec<_> = each.iter().chain(&some).copied().collect();
    if let Some(value) = value(&together, variables, known, patience)? {
        return Ok(Some(Vec::from([value])));
    }
    let textual = |test: &KeyTest| {
        !test.is_bool
            && matches!(
                test.values,
                compile::Values::Equal(_)
                    | compile::Values::EqualIgnoringCase(_)
                    | compile::Values::Like(_)
                    | compile::Values::Exact(_)
            )
    };
    let several = together.iter().any(|(test, _)| test.qualifier.is_some() || textual(test));
    if !several {
        return Ok(None);
    }
    let mut found = Vec::new();
    for one in &some {
        let demands: Vec<_> = each.iter().copied().chain([*one]).collect();
        match value(&demands, variables, known, patience)? {
            Some(value) => found.push(value),
            None => return Ok(None),
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

/// One value with which each test comes out as wanted.
fn value(
    tests: &[&(Rc<KeyTest>, bool)],
    variables: Variables<'_>,
    known: Option<&str>,
    patience: &mut Patience,
) -> Found<Box<str>> {
    patience.spend(tests.len())?;
    let mut candidates: Vec<Box<str>> = Vec::new();
    let mut demands = Vec::new();
    let mut kinds = Vec::new();
    let mut numbers = Vec::from(["0"]);
    for (test, wanted) in tests {
        let mut texts = |values: &[Box<str>], read: &dyn Fn(&str) -> Option<Texts>| {
            kinds.push("text");
            let any_of = Rc::new(Union(values.iter().filter_map(|value| read(value)).collect()));
            demands.push(Demand { any_of, wanted: *wanted != test.negated });
        };
        match &test.values {
            compile::Values::Equal(values) => {
                texts(values, &|value| with_variables(Texts::default(), value, variables, false));
            }
            compile::Values::EqualIgnoringCase(values) => {
                texts(values, &|value| with_variables(Texts::default(), value, variables, true));
            }
            compile::Values::Like(values) => texts(values, &|value| glob(value, variables, Class::Any)),
            compile::Values::Exact(_) if test.is_bool => {
                kinds.push("bool");
                candidates.extend(["true".into(), "false".into()]);
            }
            compile::Values::Exact(values) => texts(values, &|value| Some(Texts::literal(value))),
            compile::Values::Number(values, _) => {
                kinds.push("number");
                numbers.extend(values.iter().map(|value| &**value));
            }
            compile::Values::Time(instants, _) => {
                kinds.push("time");
                candidates.extend(instants.iter().flat_map(|(at, text)| around_instant(*at, text)));
                candidates.extend(["2026-01-01T00:00:00Z".into(), "0001-01-01T00:00:00Z".into()]);
            }
            compile::Values::Ip(nets) => {
                kinds.push("ip");
                candidates.extend(nets.iter().flat_map(around_network));
                candidates.extend(SOME_ADDRESSES.map(Into::into));
            }
            compile::Values::Presence { .. } => {}
        }
    }
    kinds.dedup();
    match kinds.as_slice() {
        [] => return Ok(Some(known.unwrap_or("1").into())),
        ["text"] => {
            let found = match find(&Texts::default().then_some(Class::Any), &demands, patience)? {
                None => find(&Texts::default(), &demands, patience)?,
                found => found,
            };
            return Ok(found.map(Into::into));
        }
        [_] => {}
        _ => {
            let key = tests.first().map_or("", |(test, _)| &test.key);
            return Err(AccessError::MixedKey { key: key.into() });
        }
    }
    let fits = |value: &str| tests.iter().all(|(test, wanted)| test.holds_of(value, variables) == *wanted);
    if kinds == ["number"] {
        // Longer than the fraction of any of them, so that nothing is between a number and its neighbour.
        let fraction = |text: &&str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = numbers.iter().map(fraction).max().unwrap_or_default() + 1;
        for number in numbers {
            patience.spend(1 + digits / 16)?;
            if let Some(found) = around_number(number, digits).into_iter().find(|value| fits(value)) {
                return Ok(Some(found.into()));
            }
        }
        return Ok(None);
    }
    patience.spend(candidates.len())?;
    Ok(candidates.iter().find(|value| fits(value)).cloned())
}

/// A decimal and its neighbour that is further from zero, by one at a digit beyond those of all others; zero has two.
///
/// Between any two numbers that policies hold one of these is: zero, or the neighbour of the one nearer to it.
fn around_number(text: &str, digits: usize) -> Vec<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = "0".repeat((digits - 1).saturating_sub(fraction.len()));
    let further = alloc::format!("{whole}.{fraction}{zeros}1");
    let opposite = (text == "0").then(|| alloc::format!("-{further}"));
    [text.into(), further].into_iter().chain(opposite).collect()
}

/// An instant and its neighbours; no text tells less than a nanosecond.
fn around_instant(at: SignedDuration, text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::from([text.into()]);
    for step in [SignedDuration::from_secs(1), SignedDuration::from_nanos(1)] {
        let beside = [at.checked_sub(step), at.checked_add(step)];
        found.extend(beside.into_iter().flatten().filter_map(instant_text).map(Into::into));
    }
    found
}

/// An instant as it is written: in UTC, or beyond the years that are written in the zone that is furthest off.
fn instant_text(at: SignedDuration) -> Option<String> {
    const FURTHEST: SignedDuration = SignedDuration::from_secs(25 * 3600 + 59 * 60 + 59);
    // From the middle of the years: jiff adds no more days than there are from there to the end.
    let middle = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    let at_middle = middle.duration_since(DateTime::constant(0, 1, 1, 0, 0, 0, 0));
    let zones = [(SignedDuration::ZERO, "Z"), (-FURTHEST, "-25:59:59"), (FURTHEST, "+25:59:59")];
    zones.into_iter().find_map(|(offset, zone)| {
        let text = alloc::format!(
            "{}{zone}",
            middle.checked_add(at.checked_sub(at_middle)?.checked_add(offset)?).ok()?
        );
        (instant(&text) == Some(at)).then_some(text)
    })
}

/// Addresses of either kind, among them the ends of those that IPv6 has but for the ones that are IPv4 addresses.
const SOME_ADDRESSES: [&str; 6] =
    ["192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "::fffe:ffff:ffff", "::1:0:0:0"];

/// The first and the last address of a network, and those beside it.
fn around_network(net: &ipnet::IpNet) -> Vec<Box<str>> {
    use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    let beside = |address: IpAddr, up: bool| -> Option<IpAddr> {
        match address {
            IpAddr::V4(four) => {
                let bits = u32::from(four);
                let next = if up { bits.checked_add(1) } else { bits.checked_sub(1) };
                next.map(|bits| Ipv4Addr::from(bits).into())
            }
            IpAddr::V6(six) => {
                let bits = u128::from(six);
                let next = if up { bits.checked_add(1) } else { bits.checked_sub(1) };
                next.map(|bits| Ipv6Addr::from(bits).into())
            }
        }
    };
    let (first, last) = (net.network(), net.broadcast());
    [Some(first), Some(last), beside(first, false), beside(last, true)]
        .into_iter()
        .flatten()
        .map(|address| address.to_string().into())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_it_is_read() {
        let nano = SignedDuration::from_nanos(1);
        for text in [
            "9999-12-31T23:59:58Z",
            "9999-12-31T23:59:59.999999999Z",
            "-009999-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
        ] {
            let at = instant(text).unwrap();
            for at in [at - nano, at, at + nano] {
                let written = instant_text(at).unwrap();
                assert_eq!(instant(&written), Some(at), "{written}");
            }
        }
    }
}
