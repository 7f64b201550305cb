//! Finds a text that some patterns match and others do not: the one question that comparing policies comes down to.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use std::collections::HashSet;
use std::sync::OnceLock;

/// The characters that may stand at a place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Any,
    /// Of a segment that ends at a `:`.
    Segment,
    /// Of an identifier in a resource.
    Identifier,
    /// Of a region.
    Region,
    /// Of a service or an operation.
    Word,
    /// Of an account's number.
    Digit,
}

impl Class {
    /// Whether it has every character of another.
    fn includes(self, other: Self) -> bool {
        match self {
            Self::Any => true,
            Self::Segment => matches!(other, Self::Segment | Self::Identifier | Self::Region),
            _ => self == other,
        }
    }

    #[inline]
    pub(super) fn has(self, character: char) -> bool {
        match self {
            Self::Any => !character.is_control(),
            Self::Segment => character != ':' && !character.is_control() && !character.is_whitespace(),
            Self::Identifier => {
                !matches!(character, '*' | ':' | '/' | '$' | '"' | '\\')
                    && !character.is_control()
                    && !character.is_whitespace()
            }
            Self::Region => character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-',
            Self::Word => character.is_alphanumeric() || matches!(character, '_' | '-' | '.'),
            Self::Digit => character.is_ascii_digit(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    Character(char),
    /// A character in lower case, and all that become it.
    Folded(char),
    One(Class),
    /// Any number of characters.
    Run(Class),
}

impl Item {
    fn takes(self, character: char) -> bool {
        match self {
            Self::Character(own) => own == character,
            Self::Folded(own) => character.to_lowercase().eq([own]),
            Self::One(class) | Self::Run(class) => class.has(character),
        }
    }
}

/// The one character that is two in lower case: an `i` and this dot.
const DOTTED: char = '\u{130}';
const DOT: char = '\u{307}';

/// The characters that are another one in lower case, after that one. To them belong some that nobody thinks of: the sign
/// of Kelvin is a `k`.
fn uppers() -> &'static [(char, char)] {
    static UPPERS: OnceLock<Vec<(char, char)>> = OnceLock::new();
    UPPERS.get_or_init(|| {
        let mut uppers: Vec<(char, char)> = ('\0'..='\u{1ffff}')
            .filter_map(|upper| {
                let mut lower = upper.to_lowercase();
                let first = lower.next()?;
                (first != upper && lower.next().is_none()).then_some((first, upper))
            })
            .collect();
        uppers.sort_unstable();
        uppers
    })
}

/// How the old spelling of a COS bucket begins: `prefix//APPID/bucket/object` for `bucket-APPID/object`.
pub(super) const OLD_SPELLING: &str = "prefix//";

/// A set of texts: characters and runs of characters, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Texts(Vec<Item>);

impl Texts {
    pub(super) fn literal(text: &str) -> Self {
        Self::default().then(text)
    }

    pub(super) fn run(class: Class) -> Self {
        Self(Vec::from([Item::Run(class)]))
    }

    pub(super) fn then(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(Item::Character));
        self
    }

    pub(super) fn then_folded(mut self, text: &str) -> Self {
        self.0.extend(text.chars().flat_map(char::to_lowercase).map(Item::Folded));
        self
    }

    pub(super) fn then_run(mut self, class: Class) -> Self {
        if self.0.last() != Some(&Item::Run(class)) {
            self.0.push(Item::Run(class));
        }
        self
    }

    /// At least one character.
    pub(super) fn then_some(mut self, class: Class) -> Self {
        self.0.extend([Item::One(class), Item::Run(class)]);
        self
    }

    pub(super) fn followed_by(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The texts `bucket-APPID/object` for which `prefix//APPID/bucket/object` is in the set, in so far as they are not in
    /// it themselves.
    pub(super) fn respelt(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for app_id_from in self.after(0, OLD_SPELLING) {
            for app_id_to in app_id_from..=self.0.len() {
                let Some(app_id) = self.part(app_id_from, app_id_to, Class::Digit) else { continue };
                for bucket_from in self.after(app_id_to, "/") {
                    for bucket_to in bucket_from..=self.0.len() {
                        let Some(bucket) = self.part(bucket_from, bucket_to, Class::Identifier) else {
                            continue;
                        };
                        for object in self.after(bucket_to, "/") {
                            let object = Self(self.0[object..].into());
                            let bucket = bucket.clone().then("-").followed_by(app_id.clone());
                            let respelt = bucket.then("/").followed_by(object);
                            if !all.contains(&respelt) && !self.covers(&respelt, '\u{4e00}') {
                                all.push(respelt);
                            }
                        }
                    }
                }
            }
        }
        all
    }

    /// Where the set goes on after a text that begins at a place of it.
    fn after(&self, from: usize, text: &str) -> Vec<usize> {
        let mut states = alloc::vec![0; self.words()];
        let mut next = states.clone();
        self.enter(&mut states, from);
        for character in text.chars() {
            next.fill(0);
            self.step(&states, character, &mut next);
            core::mem::swap(&mut states, &mut next);
        }
        let is_in = |at: usize| states[at / 64] & (1 << (at % 64)) != 0;
        // Behind a run that may be empty is as good as at the run.
        let is_behind = |at: usize| at > 0 && is_in(at - 1) && matches!(self.0[at - 1], Item::Run(_));
        (0..=self.0.len()).filter(|at| is_in(*at) && !is_behind(*at)).collect()
    }

    /// What is between two places, of characters of a class, at least one; a run at the second place may be in both parts.
    fn part(&self, from: usize, to: usize, class: Class) -> Option<Self> {
        let items = self.0[from..to].iter().chain(self.0.get(to).filter(|item| matches!(item, Item::Run(_))));
        let mut part = Self::default();
        let mut is_empty = true;
        for item in items {
            match item {
                Item::Run(_) => part = part.then_run(class),
                Item::Character(character) if class.has(*character) => {
                    part.0.push(*item);
                    is_empty = false;
                }
                _ => return None,
            }
        }
        match is_empty {
            false => Some(part),
            true if part.0.is_empty() => None,
            true => Some(Self::default().then_some(class)),
        }
    }

    /// How many words the states take.
    fn words(&self) -> usize {
        self.0.len() / 64 + 1
    }

    /// A place is reached, and those beyond runs that may be empty.
    fn enter(&self, states: &mut [u64], mut at: usize) {
        loop {
            states[at / 64] |= 1 << (at % 64);
            match self.0.get(at) {
                Some(Item::Run(_)) => at += 1,
                _ => return,
            }
        }
    }

    /// The states after a character, into `next`, which is all zeros.
    fn step(&self, states: &[u64], character: char, next: &mut [u64]) {
        for (word, bits) in states.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                match self.0.get(at) {
                    // The one character that becomes two in lower case.
                    Some(Item::Folded('i'))
                        if character == DOTTED && self.0.get(at + 1) == Some(&Item::Folded(DOT)) =>
                    {
                        self.enter(next, at + 2);
                    }
                    Some(item) if item.takes(character) => {
                        self.enter(next, if matches!(item, Item::Run(_)) { at } else { at + 1 });
                    }
                    _ => {}
                }
            }
        }
    }

    fn accepts(&self, states: &[u64]) -> bool {
        let at = self.0.len();
        states[at / 64] & (1 << (at % 64)) != 0
    }

    /// Whether the text is in the set: each run takes as little as it can, which is enough as long as all are of one class.
    pub(super) fn has(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text);
        let mut last_run = None;
        loop {
            match self.0.get(at) {
                Some(Item::Run(class)) => {
                    at += 1;
                    last_run = Some((*class, at, rest));
                    continue;
                }
                Some(Item::Folded(_)) => return self.has_by_states(text),
                Some(item) => {
                    let mut characters = rest.chars();
                    if characters.next().is_some_and(|character| item.takes(character)) {
                        (at, rest) = (at + 1, characters.as_str());
                        continue;
                    }
                }
                None if rest.is_empty() => return true,
                None => {}
            }
            let Some((class, after, from)) = last_run else { return false };
            let mut characters = from.chars();
            if !characters.next().is_some_and(|character| class.has(character)) {
                return false;
            }
            (at, rest) = (after, characters.as_str());
            last_run = Some((class, after, rest));
        }
    }

    fn has_by_states(&self, text: &str) -> bool {
        let mut states = alloc::vec![0; self.words()];
        let mut next = states.clone();
        self.enter(&mut states, 0);
        for character in text.chars() {
            next.fill(0);
            self.step(&states, character, &mut next);
            core::mem::swap(&mut states, &mut next);
        }
        self.accepts(&states)
    }

    /// Whether each of the texts has two slashes one after the other.
    pub(super) fn has_double_slash(&self) -> bool {
        self.0.windows(2).any(|pair| pair == [Item::Character('/'); 2])
    }

    /// The only text of the set; `None` if it has several.
    pub(super) fn only(&self) -> Option<String> {
        let character = |item: &Item| match item {
            Item::Character(character) => Some(*character),
            _ => None,
        };
        self.0.iter().map(character).collect()
    }

    /// A text of the set: `one` for each character that is free, `run` for each run.
    pub(super) fn filled(&self, one: char, run: &str) -> String {
        let mut text = String::new();
        for item in &self.0 {
            match item {
                Item::Character(character) | Item::Folded(character) => text.push(*character),
                Item::One(_) => text.push(one),
                Item::Run(_) => text.push_str(run),
            }
        }
        text
    }

    /// Whether the set has every text of another. `fresh` is a character that this one does not name: where a run takes it,
    /// the run takes whatever the other set may have in its place.
    pub(super) fn covers(&self, other: &Self, fresh: char) -> bool {
        let class = |item: &Item| match item {
            Item::One(class) | Item::Run(class) => Some(*class),
            Item::Character(_) | Item::Folded(_) => None,
        };
        let narrow = other.0.iter().filter_map(class);
        let all_fit = narrow
            .into_iter()
            .all(|narrow| self.0.iter().filter_map(class).all(|wide| wide.includes(narrow)));
        let folds = other.0.iter().any(|item| matches!(item, Item::Folded(_)));
        all_fit && !folds && self.has(&other.filled(fresh, fresh.encode_utf8(&mut [0; 4])))
    }

    /// Whether the characters that two sets begin with, or end with, tell that no text is in both.
    pub(super) fn differs(&self, other: &Self) -> bool {
        let clash = |(own, other): (&Item, &Item)| match (own, other) {
            (Item::Character(own), Item::Character(other)) => Some(own != other),
            _ => None,
        };
        let begin = self.0.iter().zip(&other.0).map_while(clash).any(|differs| differs);
        begin || self.0.iter().rev().zip(other.0.iter().rev()).map_while(clash).any(|differs| differs)
    }

    /// What comes after the characters that another set begins with as well, the runs filled.
    pub(super) fn beyond(&self, other: &Self, one: char) -> String {
        let same = |(own, other): &(&Item, &Item)| matches!(own, Item::Character(_)) && own == other;
        let from = self.0.iter().zip(&other.0).take_while(same).count();
        Self(self.0[from..].into()).filled(one, "")
    }

    /// The text that every text of the set begins with.
    pub(super) fn prefix(&self) -> String {
        let character = |item: &Item| match item {
            Item::Character(character) => Some(*character),
            _ => None,
        };
        self.0.iter().map_while(character).collect()
    }

    pub(super) fn characters(&self) -> impl Iterator<Item = char> + '_ {
        self.0.iter().filter_map(|item| match item {
            Item::Character(character) | Item::Folded(character) => Some(*character),
            Item::One(_) | Item::Run(_) => None,
        })
    }
}

/// Several sets in one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Union(pub(super) Vec<Texts>);

impl Union {
    /// Adds texts.
    pub(super) fn or(mut self, texts: Texts) -> Self {
        self.0.push(texts);
        self
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.0.iter().any(|texts| texts.has(text))
    }

    /// Whether the characters that its sets and another begin with, or end with, tell that no text is in both.
    pub(super) fn differs(&self, other: &Texts) -> bool {
        self.0.iter().all(|texts| texts.differs(other))
    }
}

impl From<Texts> for Union {
    fn from(texts: Texts) -> Self {
        Self(Vec::from([texts]))
    }
}

/// Says that one of several sets has a text, or that none has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constraint {
    pub(super) any_of: Rc<Union>,
    pub(super) wanted: bool,
}

/// How many steps are left before a question counts as too hard. One for all of a call: what is bounded is the time
/// until its answer, whatever it is spent on.
pub(super) struct Budget(pub(super) usize);

impl Budget {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), BudgetExceeded> {
        self.0 = self.0.checked_sub(steps).ok_or(BudgetExceeded)?;
        Ok(())
    }
}

/// Says that a question has too many cases.
pub(super) struct BudgetExceeded;

/// How many words one question may keep in memory.
const MEMORY: usize = 16_000_000;

/// A shortest text of `universe` that meets every constraint, if there is one.
pub(super) fn find(
    universe: &Texts,
    constraints: &[Constraint],
    budget: &mut Budget,
) -> Result<Option<String>, BudgetExceeded> {
    let sets: Vec<&Texts> = core::iter::once(universe)
        .chain(constraints.iter().flat_map(|constraint| &constraint.any_of.0))
        .collect();
    let characters = alphabet(&sets);
    // The states of all sets stand in one row: where those of each begin, and where all end.
    let mut begins: Vec<usize> = Vec::with_capacity(sets.len() + 1);
    let mut length = 0;
    for set in &sets {
        begins.push(length);
        length += set.words();
    }
    begins.push(length);
    let part = |set: usize| begins[set]..begins[set + 1];
    let mut start = alloc::vec![0; length];
    for (at, set) in sets.iter().enumerate() {
        set.enter(&mut start[part(at)], 0);
    }
    let done = |states: &[u64]| {
        let mut at = 1;
        sets[0].accepts(&states[part(0)])
            && constraints.iter().all(|constraint| {
                let own = at..at + constraint.any_of.0.len();
                at = own.end;
                own.into_iter().any(|set| sets[set].accepts(&states[part(set)])) == constraint.wanted
            })
    };
    let hopeless = |states: &[u64]| {
        let dead = |set: usize| states[part(set)].iter().all(|word| *word == 0);
        let mut at = 1;
        dead(0)
            || constraints.iter().any(|constraint| {
                let own = at..at + constraint.any_of.0.len();
                at = own.end;
                constraint.wanted && own.into_iter().all(dead)
            })
    };
    let cost = characters.len() * (1 + length / 8);
    let mut memory = 0;
    let mut seen: HashSet<Rc<[u64]>> = HashSet::new();
    let mut queue = VecDeque::from([(Rc::<[u64]>::from(start), String::new())]);
    let mut next = alloc::vec![0; length];
    while let Some((states, text)) = queue.pop_front() {
        if done(&states) {
            return Ok(Some(text));
        }
        budget.spend(cost)?;
        for character in &characters {
            next.fill(0);
            for (at, set) in sets.iter().enumerate() {
                set.step(&states[part(at)], *character, &mut next[part(at)]);
            }
            if hopeless(&next) || seen.contains(&*next) {
                continue;
            }
            memory += length + text.len() / 8 + 16;
            if memory > MEMORY {
                return Err(BudgetExceeded);
            }
            let mut longer = text.clone();
            longer.push(*character);
            let next = Rc::<[u64]>::from(&*next);
            seen.insert(Rc::clone(&next));
            queue.push_back((next, longer));
        }
    }
    Ok(None)
}

/// The characters that can make a difference: those of the sets, and of the rest one of each class.
fn alphabet(sets: &[&Texts]) -> Vec<char> {
    let mut characters = Vec::new();
    for item in sets.iter().flat_map(|set| &set.0) {
        match item {
            Item::Character(character) => characters.push(*character),
            Item::Folded(character) => {
                let from = uppers().partition_point(|(lower, _)| lower < character);
                let own = uppers()[from..].iter().take_while(|(lower, _)| lower == character);
                characters.extend(own.map(|(_, upper)| *upper).chain([*character]));
                if *character == DOT {
                    characters.push(DOTTED);
                }
            }
            Item::One(_) | Item::Run(_) => {}
        }
    }
    characters.sort_unstable();
    characters.dedup();
    let known = characters.clone();
    let fresh = |mut candidates: &mut dyn Iterator<Item = char>| {
        Iterator::find(&mut candidates, |character| !known.contains(character))
    };
    // Characters of different classes are different things to a universe; digits come first as they read best.
    let rest = || ('A'..='Z').chain('\u{4e00}'..='\u{9fff}');
    let of_words = sets.first().is_some_and(|set| set.0.first() == Some(&Item::One(Class::Word)));
    let mut first: Vec<char> = [
        if of_words {
            // Names of services and actions begin with a character.
            fresh(&mut ('a'..='z').chain(rest()))
        } else {
            fresh(&mut ('1'..='9').chain('0'..='0').chain('a'..='z').chain(rest()))
        },
        fresh(&mut ('a'..='z').chain('-'..='-')),
        fresh(&mut "_.".chars()),
        fresh(&mut "~!@^&()+=,;|".chars()),
        fresh(&mut "/".chars()),
        fresh(&mut ":".chars()),
        fresh(&mut "*".chars()),
        fresh(&mut " ".chars()),
    ]
    .into_iter()
    .flatten()
    .collect();
    first.extend(characters);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(pattern: &str) -> Texts {
        let mut pieces = pattern.split('*');
        let first = Texts::literal(pieces.next().unwrap());
        pieces.fold(first, |texts, piece| texts.then_run(Class::Any).then(piece))
    }

    fn found(wanted: &[&str], unwanted: &[&str]) -> Option<String> {
        let constraints: Vec<Constraint> = wanted
            .iter()
            .map(|pattern| Constraint { any_of: Rc::new(glob(pattern).into()), wanted: true })
            .chain(
                unwanted
                    .iter()
                    .map(|pattern| Constraint { any_of: Rc::new(glob(pattern).into()), wanted: false }),
            )
            .collect();
        find(&Texts::run(Class::Any), &constraints, &mut Budget(1_000_000)).ok().unwrap()
    }

    #[test]
    fn a_witness_is_the_shortest_and_there_is_none_where_patterns_cover() {
        assert_eq!(found(&["a*"], &["ab*"]).as_deref(), Some("a"));
        assert_eq!(found(&["a*c", "*b*"], &["abc"]).as_deref().map(str::len), Some(4));
        assert_eq!(found(&["a*"], &["a", "a?", "*"]), None);
        assert_eq!(found(&["ab*"], &["a*"]), None);
        assert_eq!(found(&["*"], &["", "1*", "a*"]).as_deref().map(str::len), Some(1));
        assert_eq!(found(&["x"], &["x"]), None);
    }

    #[test]
    fn characters_fold_as_the_engine_folds_them() {
        use crate::engine::matching::{TextRule, Variables};

        let none = Variables { uin: None, owner_uin: "", app_id: None };
        for pattern in ["k", "K", "\u{212a}", "İ", "i\u{307}", "i", "ß", "ẞ", "σ", "Σ", "ς", "ǅ", "å"]
        {
            let texts = Texts::default().then_folded(pattern);
            for text in [
                "k", "K", "\u{212a}", "İ", "i\u{307}", "I\u{307}", "i", "I", "ß", "ẞ", "ss", "ς", "σ", "ǆ",
                "\u{212b}",
            ] {
                assert_eq!(
                    texts.has(text),
                    TextRule::ValueIgnoringCase(pattern).holds(text, none),
                    "{pattern} {text}"
                );
            }
        }
    }

    #[test]
    fn the_sign_of_kelvin_is_found() {
        let folded = |text: &str, wanted| Constraint {
            any_of: Rc::new(Texts::default().then_folded(text).into()),
            wanted,
        };
        let plain = |text: &str| Constraint { any_of: Rc::new(Texts::literal(text).into()), wanted: false };
        let found = |constraints: &[Constraint]| {
            find(&Texts::run(Class::Any), constraints, &mut Budget(1_000_000)).ok().unwrap()
        };
        assert_eq!(found(&[folded("k", true), plain("k"), plain("K")]).as_deref(), Some("\u{212a}"));
        assert_eq!(found(&[folded("i", true), plain("i"), plain("I")]), None);
        let dotted = found(&[folded("i\u{307}", true), plain("i\u{307}"), plain("I\u{307}")]);
        assert_eq!(dotted.as_deref(), Some("İ"));
    }
}
