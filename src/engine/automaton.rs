//! Finds a text that some patterns match and others do not: the one question that comparing policies comes down to.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use std::collections::HashSet;

/// The letters that may stand at a place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Class {
    fn has(self, letter: char) -> bool {
        match self {
            Self::Any => !letter.is_control(),
            Self::Segment => letter != ':' && !letter.is_control() && !letter.is_whitespace(),
            Self::Identifier => {
                !"*:/$\"\\".contains(letter) && !letter.is_control() && !letter.is_whitespace()
            }
            Self::Region => letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-',
            Self::Word => letter.is_alphanumeric() || "_-.".contains(letter),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Letter(char),
    /// A letter in upper or lower case.
    Folded(char),
    One(Class),
    /// Any number of letters.
    Run(Class),
}

impl Item {
    fn takes(self, letter: char) -> bool {
        match self {
            Self::Letter(own) => own == letter,
            Self::Folded(own) => own == letter || own.to_lowercase().eq(letter.to_lowercase()),
            Self::One(class) | Self::Run(class) => class.has(letter),
        }
    }
}

/// A set of texts: letters and runs of letters, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts(Vec<Item>);

impl Texts {
    pub(super) fn literal(text: &str) -> Self {
        Self::default().then(text)
    }

    pub(super) fn run(class: Class) -> Self {
        Self(Vec::from([Item::Run(class)]))
    }

    pub(super) fn then(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(Item::Letter));
        self
    }

    pub(super) fn then_folded(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(Item::Folded));
        self
    }

    pub(super) fn then_run(mut self, class: Class) -> Self {
        if self.0.last() != Some(&Item::Run(class)) {
            self.0.push(Item::Run(class));
        }
        self
    }

    /// At least one letter.
    pub(super) fn then_some(mut self, class: Class) -> Self {
        self.0.extend([Item::One(class), Item::Run(class)]);
        self
    }

    /// One letter.
    pub(super) fn then_one(mut self, class: Class) -> Self {
        self.0.push(Item::One(class));
        self
    }

    fn start(&self) -> Vec<u64> {
        let mut states = alloc::vec![0; self.0.len() / 64 + 1];
        self.enter(&mut states, 0);
        states
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

    fn step(&self, states: &[u64], letter: char) -> Vec<u64> {
        let mut next = alloc::vec![0; states.len()];
        for (word, bits) in states.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                match self.0.get(at) {
                    Some(item) if item.takes(letter) => {
                        self.enter(&mut next, if matches!(item, Item::Run(_)) { at } else { at + 1 });
                    }
                    _ => {}
                }
            }
        }
        next
    }

    fn accepts(&self, states: &[u64]) -> bool {
        let at = self.0.len();
        states[at / 64] & (1 << (at % 64)) != 0
    }

    pub(super) fn has(&self, text: &str) -> bool {
        let states = text.chars().fold(self.start(), |states, letter| self.step(&states, letter));
        self.accepts(&states)
    }
}

/// Several sets in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Union(pub(super) Vec<Texts>);

impl Union {
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.iter().any(|texts| texts.has(text))
    }
}

impl From<Texts> for Union {
    fn from(texts: Texts) -> Self {
        Self(Vec::from([texts]))
    }
}

/// Says that one of several sets has a text, or that none has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) any_of: Vec<Texts>,
    pub(super) wanted: bool,
}

impl Demand {
    pub(super) fn met_by(&self, text: &str) -> bool {
        self.any_of.iter().any(|texts| texts.has(text)) == self.wanted
    }
}

/// The number of states looked at before a question counts as too hard.
const PATIENCE: usize = 200_000;

/// Says that a question has too many cases.
pub(super) struct TooHard;

/// A shortest text of `universe` that meets every demand, if there is one.
pub(super) fn find(universe: &Texts, demands: &[Demand]) -> Result<Option<String>, TooHard> {
    let sets: Vec<&Texts> =
        core::iter::once(universe).chain(demands.iter().flat_map(|demand| &demand.any_of)).collect();
    let letters = alphabet(&sets);
    let start: Vec<Vec<u64>> = sets.iter().map(|set| set.start()).collect();
    let done = |states: &[Vec<u64>]| {
        let mut at = 1;
        sets[0].accepts(&states[0])
            && demands.iter().all(|demand| {
                let own = at..at + demand.any_of.len();
                at = own.end;
                own.into_iter().any(|set| sets[set].accepts(&states[set])) == demand.wanted
            })
    };
    let hopeless = |states: &[Vec<u64>]| {
        let dead = |set: usize| states[set].iter().all(|word| *word == 0);
        let mut at = 1;
        dead(0)
            || demands.iter().any(|demand| {
                let own = at..at + demand.any_of.len();
                at = own.end;
                demand.wanted && own.into_iter().all(dead)
            })
    };
    let mut seen = HashSet::new();
    let mut queue = VecDeque::from([(start, String::new())]);
    while let Some((states, text)) = queue.pop_front() {
        if done(&states) {
            return Ok(Some(text));
        }
        for letter in &letters {
            let next: Vec<Vec<u64>> =
                sets.iter().zip(&states).map(|(set, states)| set.step(states, *letter)).collect();
            if hopeless(&next) || !seen.insert(next.clone()) {
                continue;
            }
            if seen.len() > PATIENCE {
                return Err(TooHard);
            }
            let mut longer = text.clone();
            longer.push(*letter);
            queue.push_back((next, longer));
        }
    }
    Ok(None)
}

/// The letters that can make a difference: those of the sets, and of the rest one of each class.
fn alphabet(sets: &[&Texts]) -> Vec<char> {
    let mut letters = Vec::new();
    for item in sets.iter().flat_map(|set| &set.0) {
        match item {
            Item::Letter(letter) => letters.push(*letter),
            Item::Folded(letter) => {
                letters.push(*letter);
                letters.extend(letter.to_lowercase().chain(letter.to_uppercase()));
            }
            Item::One(_) | Item::Run(_) => {}
        }
    }
    letters.sort_unstable();
    letters.dedup();
    let known = letters.clone();
    let fresh = |mut candidates: &mut dyn Iterator<Item = char>| {
        Iterator::find(&mut candidates, |letter| !known.contains(letter))
    };
    // Letters of different classes are different things to a universe; digits come first as they read best.
    let mut first: Vec<char> = [
        fresh(
            &mut ('1'..='9')
                .chain('0'..='0')
                .chain('a'..='z')
                .chain('A'..='Z')
                .chain('\u{4e00}'..='\u{9fff}'),
        ),
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
    first.extend(letters);
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
        let demands: Vec<Demand> = wanted
            .iter()
            .map(|pattern| Demand { any_of: Vec::from([glob(pattern)]), wanted: true })
            .chain(
                unwanted.iter().map(|pattern| Demand { any_of: Vec::from([glob(pattern)]), wanted: false }),
            )
            .collect();
        find(&Texts::run(Class::Any), &demands).ok().unwrap()
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
}
