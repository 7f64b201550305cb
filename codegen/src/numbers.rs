//! Numbers texts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

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

/// Texts with the places at which they first stand.
#[derive(Default)]
pub(crate) struct Places<'t> {
    known: Numbers<'t>,
    places: Vec<Range<usize>>,
}

impl<'t> Places<'t> {
    /// Adds a text, or returns the place of the same text that came before.
    pub(crate) fn add(
        &mut self,
        text: impl Into<Cow<'t, str>>,
        place: &Range<usize>,
    ) -> Option<&Range<usize>> {
        let (number, is_known) = self.known.add(text);
        if !is_known {
            self.places.push(place.clone());
            return None;
        }
        self.places.get(number)
    }

    /// Returns the place of a text that came before.
    pub(crate) fn get(&self, text: &str) -> Option<&Range<usize>> {
        self.known.get(text).map(|number| &self.places[number])
    }
}
