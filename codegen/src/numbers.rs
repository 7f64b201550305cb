//! Numbers texts.

use std::borrow::Cow;
use std::collections::HashMap;

/// Texts, each once, with numbers in the order in which they came.
///
/// What belongs to a text stands in a list beside it. So every build script of a user compiles one type of map.
#[derive(Default)]
pub(crate) struct Numbers<'t>(HashMap<Cow<'t, str>, usize>);

impl<'t> Numbers<'t> {
    /// Returns the number of a text, and whether it came before.
    pub(crate) fn add(&mut self, text: impl Into<Cow<'t, str>>) -> (usize, bool) {
        let next = self.0.len();
        let number = *self.0.entry(text.into()).or_insert(next);
        (number, number < next)
    }

    /// Returns the number of a text that came before.
    pub(crate) fn get(&self, text: &str) -> Option<usize> {
        self.0.get(text).copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What belongs to each text, as it was given with the first of the same texts.
pub(crate) struct Firsts<'t, T> {
    numbers: Numbers<'t>,
    items: Vec<T>,
}

impl<T> Default for Firsts<'_, T> {
    fn default() -> Self {
        Self { numbers: Numbers::default(), items: Vec::new() }
    }
}

impl<'t, T> Firsts<'t, T> {
    /// Adds what belongs to a text, or returns what belongs to the same text that came before.
    pub(crate) fn add(&mut self, text: impl Into<Cow<'t, str>>, item: T) -> Option<&T> {
        let (number, is_known) = self.numbers.add(text);
        if !is_known {
            self.items.push(item);
            return None;
        }
        self.items.get(number)
    }

    /// Returns what belongs to a text that came before.
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.numbers.get(text).map(|number| &self.items[number])
    }
}
