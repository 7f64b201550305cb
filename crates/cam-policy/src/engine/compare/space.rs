//! The space of requests: it has dimensions, and each statement is boxes in it.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::answer::AccessError;
use super::automaton::{Budget, Class, OLD_SPELLING, Texts, Union};
use super::bits::{Bits, HashMap};
use super::dimension::{Dimension, Outside};
use super::texts::texts;
use crate::catalog::{Action, Granularity, Pattern, PlaceholderKind};
use crate::engine::matching::{TextRule, Variables};
use crate::engine::rules::{ACCOUNT, Owner, OwnerForms, action_rules, names_nobody, segment_rule};
use crate::engine::set::PolicySet;
use crate::policy::{ActionPattern, ResourcePattern};
use crate::text::{Piece, pieces, split_segments};

/// A dimension of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Axis {
    Action,
    Project,
    OfService,
    Region,
    Account,
    Last,
}

impl Axis {
    pub(super) const ALL: [Self; AXES] =
        [Self::Action, Self::Project, Self::OfService, Self::Region, Self::Account, Self::Last];
}

pub(super) const AXES: usize = 6;

/// A kind of requests: those of the catalog's actions, or of the others, on `*` or on resources.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Universe {
    /// Whether it has only the actions that neither the catalog nor a statement names.
    pub(super) beyond: bool,
    /// Whether its resources are of services other than COS, and spelt as COS once spelt its buckets.
    elsewhere: bool,
    /// The texts of the segments after the first; `None` if the resource is `*`.
    segments: Option<[Texts; 5]>,
}

/// What the patterns of all statements can tell apart that most cannot. Only where they do, a search looks at these requests.
#[derive(Clone, Copy, Default)]
pub(super) struct Telling {
    /// Whether a pattern names an account.
    pub(super) accounts: bool,
    /// The forms of the account of the policies that a pattern matches alone, without the other form.
    pub(super) alone: OwnerForms,
    /// Whether a pattern names a resource that is spelt as COS once spelt its buckets, and may be of another service.
    pub(super) old_spelling: bool,
}

impl Telling {
    /// Adds what a pattern tells apart.
    pub(super) fn add(&mut self, owner: Owner<'_>, sides: &[TextSide]) {
        let side = |of: Axis| sides.iter().find(|(axis, _)| *axis == of).map(|(_, side)| side);
        if let Some(account) = side(Axis::Account) {
            let OwnerForms { uin, app_id } = owner.forms(|text| account.has(text));
            self.accounts = true;
            self.alone.uin |= uin && !app_id;
            self.alone.app_id |= app_id && !uin;
        }
        // Another pattern matches nothing of that spelling that it does not match in some other one.
        let is_spelt = |texts: &Texts| {
            texts.has_double_slash() && !texts.differs(&Texts::literal(OLD_SPELLING).then_run(Class::Any))
        };
        self.old_spelling |= side(Axis::Last).is_some_and(|side| side.0.iter().any(is_spelt))
            && !side(Axis::OfService).is_some_and(|side| is_cos(side));
    }
}

fn is_cos(side: &Union) -> bool {
    side.0.iter().all(|texts| texts.only().as_deref() == Some("cos"))
}

/// Returns every kind of request that an action can have.
pub(super) fn universes(action: Action<'_>) -> Vec<Universe> {
    let of = |segments| Universe { beyond: false, elsewhere: false, segments };
    match action.granularity() {
        Granularity::Operation => Vec::from([of(None)]),
        // Which other resources a request may name is not known.
        Granularity::Resource if !action.knows_patterns() => Vec::from([of(Some(any_resource()))]),
        Granularity::Resource => {
            let segments = action.patterns().iter().filter_map(|pattern| segments_of(pattern));
            segments.map(|segments| of(Some(segments))).collect()
        }
        Granularity::Undocumented => undocumented(),
    }
}

/// Returns every kind of request of an action whose granularity is not documented.
pub(super) fn undocumented() -> Vec<Universe> {
    [None, Some(any_resource())].map(|segments| Universe { beyond: false, elsewhere: false, segments }).into()
}

/// Returns every kind of request of the actions that neither the catalog nor a statement names.
pub(super) fn beyond_the_catalog() -> [Universe; 2] {
    [None, Some(any_resource())].map(|segments| Universe { beyond: true, elsewhere: false, segments })
}

/// Returns the resources that follow a pattern, in every account: a policy may name a resource of another account, and a
/// bucket or role lets callers of other accounts in.
fn segments_of(pattern: &Pattern<'_>) -> Option<[Texts; 5]> {
    let [_, _, service, region, of, last] = split_segments(pattern.single)?;
    let kind = |name: &str| pattern.placeholders.iter().find(|one| one.name == name).map(|one| one.kind);
    let segment = |text: &str| {
        pieces(text).unwrap_or_default().into_iter().fold(Texts::default(), |texts, (piece, _)| match piece {
            Piece::Literal(text) => texts.then(text),
            Piece::Placeholder("uin") => texts.then_some(Class::Digit),
            Piece::Placeholder("region") => texts.then_run(Class::Region),
            Piece::Placeholder(name) => match kind(name) {
                Some(PlaceholderKind::AppId | PlaceholderKind::SubAccount | PlaceholderKind::Number) => {
                    texts.then_some(Class::Digit)
                }
                Some(PlaceholderKind::Path) => texts.then_some(Class::Any),
                Some(PlaceholderKind::Text | PlaceholderKind::Name) | None => {
                    texts.then_some(Class::Identifier)
                }
            },
        })
    };
    let account = if names_nobody(of) { "uin/${uin}" } else { of };
    let [service, region, account, last] = [service, region, account, last].map(segment);
    // Documentation leaves the project empty in every form, and CAM prints requests with one.
    Some([Texts::run(Class::Segment), service, region, account, last])
}

/// Returns every resource of six segments.
fn any_resource() -> [Texts; 5] {
    let segment = || Texts::run(Class::Segment);
    [segment(), segment(), segment(), segment(), Texts::default().then_some(Class::Any)]
}

impl Universe {
    /// Whether the requests are on six segments, not on `*`.
    pub(super) fn has_resource(&self) -> bool {
        self.segments.is_some()
    }

    /// Returns the universe itself, and those of the same requests on the resources that it leaves out, as far as the patterns
    /// can tell them apart.
    pub(super) fn with_rest(self, owner: Owner<'_>, telling: Telling) -> Vec<Self> {
        let mut all = Vec::from([self]);
        let [.., last] = any_resource();
        if let Some(segments) = all[0].segments.as_ref().filter(|own| telling.old_spelling && own[4] == last)
        {
            let [project, service, region, account, _] = segments.clone();
            let last = Texts::literal(OLD_SPELLING).then_run(Class::Any);
            let segments = Some([project, service, region, account, last]);
            all.push(Self { elsewhere: true, segments, ..all[0] });
        }
        // A request that names no account is about that of the policies in both of its forms.
        let as_nobody = |one: &Self| {
            let [project, service, region, account, last] = one.segments.clone()?;
            let OwnerForms { uin, app_id } = owner.forms(|text| account.has(text));
            let is_as_one = uin && !telling.alone.app_id || app_id && !telling.alone.uin;
            let segments = Some([project, service, region, Texts::default(), last]);
            (telling.accounts && !is_as_one).then_some(Self { segments, ..*one })
        };
        let of_nobody: Vec<Self> = all.iter().filter_map(as_nobody).collect();
        all.extend(of_nobody);
        all
    }

    /// Returns the texts of an axis: only the empty text if all requests are equal there.
    fn texts(&self, axis: Axis) -> Texts {
        match (axis, &self.segments) {
            (Axis::Action, _) if self.beyond => {
                Texts::default().then_some(Class::Word).then(":").then_some(Class::Word)
            }
            (Axis::Action, _) | (_, None) => Texts::default(),
            (_, Some(segments)) => segments[axis as usize - 1].clone(),
        }
    }
}

/// The texts of an axis that a box contains.
pub(super) type TextSide = (Axis, Rc<Union>);

/// Returns the sides of a resource pattern of a set with this owner; `None` if the pattern matches nothing.
pub(super) fn resource_sides(
    owner: Owner<'_>,
    pattern: &ResourcePattern,
    variables: Variables<'_>,
) -> Option<Vec<TextSide>> {
    if pattern.is_all() {
        return Some(Vec::new());
    }
    let wanted = split_segments(pattern.as_str())?;
    let mut sides = Vec::new();
    for (at, axis) in (1..).zip(&Axis::ALL[1..]) {
        let class = if *axis == Axis::Last { Class::Any } else { Class::Segment };
        let union = match segment_rule(at, wanted[at], owner) {
            TextRule::Any => continue,
            TextRule::OneOf(one, other) => Union([one, other].map(Texts::literal).into()),
            rule => texts(rule, variables, class)?.into(),
        };
        let is_owner = at == ACCOUNT && owner.forms(|text| union.has(text)).any();
        let union = if is_owner { union.or(Texts::default()) } else { union };
        sides.push((*axis, Rc::new(union)));
    }
    Some(sides)
}

/// Returns the sides of a resource pattern that matches COS buckets in their old spelling. The sides have the new spelling,
/// which the search uses. `None`: the pattern matches no old spelling.
pub(super) fn respelt_sides(sides: &[TextSide]) -> Option<Vec<TextSide>> {
    let service = Texts::literal("cos");
    let (_, last) = sides.iter().find(|(axis, _)| *axis == Axis::Last)?;
    let respelt: Vec<Texts> = last.0.iter().flat_map(Texts::respelt).collect();
    let is_of_cos = |(axis, side): &TextSide| *axis != Axis::OfService || side.has("cos");
    if respelt.is_empty() || !sides.iter().all(is_of_cos) {
        return None;
    }
    let others = sides.iter().filter(|(axis, _)| !matches!(axis, Axis::OfService | Axis::Last)).cloned();
    let own = [(Axis::OfService, Union::from(service)), (Axis::Last, Union(respelt))];
    Some(others.chain(own.map(|(axis, side)| (axis, Rc::new(side)))).collect())
}

/// Adds the new spelling to the sides of a resource pattern of COS that matches buckets in their old spelling.
pub(super) fn in_both_spellings(mut sides: Vec<TextSide>) -> Vec<TextSide> {
    let is_of_cos = sides.iter().any(|(axis, side)| *axis == Axis::OfService && is_cos(side));
    let respelt = respelt_sides(&sides).filter(|_| is_of_cos);
    let new = respelt.iter().flatten().find(|(axis, _)| *axis == Axis::Last);
    if let (Some((_, new)), Some((_, old))) = (new, sides.iter_mut().find(|(axis, _)| *axis == Axis::Last)) {
        *old = Rc::new(Union(old.0.iter().chain(&new.0).cloned().collect()));
    }
    sides
}

/// Returns the side of an action pattern among the actions that the catalog does not have. The list is empty if the pattern
/// matches all of them. `None`: it matches none.
pub(super) fn action_sides(pattern: &ActionPattern) -> Option<Vec<TextSide>> {
    let none = Variables { uin: None, owner_uin: "", app_id: None };
    let [service, operation] = action_rules(pattern)?;
    if (service, operation) == (TextRule::Any, TextRule::Any) {
        return Some(Vec::new());
    }
    let service = texts(service, none, Class::Word)?;
    let both = service.then(":").followed_by(texts(operation, none, Class::Word)?);
    Some(Vec::from([(Axis::Action, Rc::new(both.into()))]))
}

/// The boxes of a universe, each with its sides in every dimension: the axes first, then the condition keys.
pub(super) struct Space<'a> {
    pub(super) universe: Universe,
    pub(super) boxes: Vec<Cell>,
    pub(super) axes: Vec<Dimension<'a>>,
    /// For each dimension and side the boxes that have it.
    pub(super) having: Vec<Vec<Vec<u32>>>,
    /// For each dimension the boxes that have all of it.
    pub(super) lacking: Vec<Bits>,
}

/// A box: a statement with one of its resources, and with one of its actions where the catalog does not have the actions.
pub(super) struct Cell {
    pub(super) statement: usize,
    pub(super) action: usize,
    pub(super) resource: usize,
    /// Pairs of dimension and side, in the order of the dimensions. A box without a side in a dimension contains all of it.
    pub(super) sides: Vec<(usize, u32)>,
}

/// A box before its sides have numbers.
pub(super) struct Draft {
    pub(super) statement: usize,
    pub(super) action: usize,
    pub(super) resource: usize,
    pub(super) texts: Vec<TextSide>,
    pub(super) keys: Vec<(usize, u32)>,
}

impl<'a> Space<'a> {
    /// Makes a space with the boxes that contain a request of the universe. `named` lists the actions that statements name,
    /// in order. `keys` is the number of condition keys. Of several resources, the search shows that of the owner.
    pub(super) fn new(
        universe: Universe,
        set: &'a PolicySet<'a>,
        owner: Owner<'_>,
        named: &[&'a str],
        drafts: Vec<Draft>,
        keys: usize,
        budget: &mut Budget,
    ) -> Result<Self, AccessError> {
        let whole = Axis::ALL.map(|axis| universe.texts(axis));
        let drafts: Vec<Draft> = drafts
            .into_iter()
            .filter(|draft| draft.texts.iter().all(|(axis, side)| !side.differs(&whole[*axis as usize])))
            .collect();
        let mut sides: Vec<Vec<Rc<Union>>> = alloc::vec![Vec::new(); AXES];
        let mut numbers: HashMap<&TextSide, u32> = HashMap::default();
        for side in drafts.iter().flat_map(|draft| &draft.texts) {
            let own = &mut sides[side.0 as usize];
            let next = u32::try_from(own.len()).unwrap_or_default();
            numbers.entry(side).or_insert_with(|| {
                own.push(Rc::clone(&side.1));
                next
            });
        }
        // A service that is not that of COS has no old spelling.
        let is_elsewhere = universe.elsewhere || !universe.texts(Axis::OfService).has("cos");
        let mut axes = Vec::with_capacity(AXES);
        for ((axis, sides), texts) in Axis::ALL.into_iter().zip(sides).zip(whole) {
            let outside = match axis {
                _ if texts.only().is_some() => Outside::Nothing,
                Axis::Action => Outside::Known(set.catalog(), named.into()),
                // They mean the owner, whom the search names.
                Axis::Account => Outside::These(&["", "uin/"]),
                Axis::OfService if is_elsewhere => Outside::These(&["cos"]),
                Axis::Last if !is_elsewhere => Outside::OldSpelling,
                _ => Outside::Nothing,
            };
            let usual = if axis == Axis::Account { [Some(owner.uin), owner.app_id] } else { [None; 2] };
            axes.push(Dimension::of_texts(texts, outside, usual, sides, budget)?);
        }
        let mut extents: Vec<Vec<Option<Extent>>> =
            axes.iter().map(|one| alloc::vec![None; one.sides()]).collect();
        let mut boxes = Vec::new();
        'drafts: for draft in &drafts {
            let mut sides = Vec::new();
            for side in &draft.texts {
                let (axis, number) = (side.0 as usize, numbers[side]);
                let known = &mut extents[axis][number as usize];
                let extent = match known {
                    Some(known) => *known,
                    None => *known.insert(Extent::of(&mut axes[axis], number, budget)?),
                };
                match extent {
                    Extent::Nothing => continue 'drafts,
                    Extent::Everything => {}
                    Extent::Part => sides.push((axis, number)),
                }
            }
            sides.extend(&draft.keys);
            sides.sort_unstable();
            let Draft { statement, action, resource, .. } = *draft;
            boxes.push(Cell { statement, action, resource, sides });
        }
        let mut having: Vec<Vec<Vec<u32>>> = alloc::vec![Vec::new(); AXES + keys];
        for (at, one) in (0..).zip(&boxes) {
            for (dimension, side) in &one.sides {
                let own = &mut having[*dimension];
                if own.len() <= *side as usize {
                    own.resize(*side as usize + 1, Vec::new());
                }
                own[*side as usize].push(at);
            }
        }
        let lacking = |sides: &Vec<Vec<u32>>| {
            let mut all = Bits::all(boxes.len());
            sides.iter().flatten().for_each(|one| all.remove(*one as usize));
            all
        };
        let lacking = having.iter().map(lacking).collect();
        Ok(Self { universe, boxes, axes, having, lacking })
    }
}

/// How much of its dimension a side contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Nothing,
    Part,
    Everything,
}

impl Extent {
    pub(super) fn of(
        dimension: &mut Dimension<'_>,
        side: u32,
        budget: &mut Budget,
    ) -> Result<Self, AccessError> {
        if dimension.point(&[side], budget)?.is_none() {
            return Ok(Self::Nothing);
        }
        Ok(if dimension.is_within(&[], side, budget)? { Self::Everything } else { Self::Part })
    }
}
