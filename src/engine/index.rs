//! Finds the patterns that may match a text, without a walk over all of them.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;
use std::collections::HashMap;

/// A pattern's place: its statement in the index, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) statement: u32,
    pub(super) pattern: u32,
}

/// The patterns of many statements, by the text before their first `*` or variable.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Those without any.
    exact: HashMap<Box<str>, Range<u32>>,
    open: HashMap<Box<str>, Range<u32>>,
    /// The lengths of the texts in `open`, ascending.
    lengths: Vec<usize>,
    /// Bucket after bucket, each in ascending order.
    entries: Vec<Entry>,
}

/// Gathers patterns.
#[derive(Default)]
pub(super) struct Builder {
    exact: HashMap<Box<str>, Vec<Entry>>,
    open: HashMap<Box<str>, Vec<Entry>>,
}

impl Builder {
    pub(super) fn add(&mut self, prefix: &str, whole: bool, entry: Entry) {
        let side = if whole { &mut self.exact } else { &mut self.open };
        match side.get_mut(prefix) {
            Some(entries) => entries.push(entry),
            None => {
                side.insert(prefix.into(), Vec::from([entry]));
            }
        }
    }

    pub(super) fn finish(self) -> Index {
        let mut index = Index::default();
        let mut lengths: Vec<usize> = self.open.keys().map(|prefix| prefix.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        index.lengths = lengths;
        index.exact = pack(self.exact, &mut index.entries);
        index.open = pack(self.open, &mut index.entries);
        index
    }
}

/// Lays the buckets end to end; their order does not show.
#[allow(clippy::iter_over_hash_type, reason = "where a bucket lies is seen by nobody")]
#[allow(
    clippy::cast_possible_truncation,
    reason = "policies of four billion patterns do not fit into memory"
)]
fn pack(buckets: HashMap<Box<str>, Vec<Entry>>, entries: &mut Vec<Entry>) -> HashMap<Box<str>, Range<u32>> {
    let mut packed = HashMap::with_capacity(buckets.len());
    for (text, mut bucket) in buckets {
        bucket.sort_unstable();
        let start = entries.len() as u32;
        entries.extend(bucket);
        packed.insert(text, start..entries.len() as u32);
    }
    packed
}

impl Index {
    /// The buckets that hold every pattern which may match `text`.
    pub(super) fn buckets<'i>(&'i self, text: &'i str) -> impl Iterator<Item = &'i [Entry]> {
        let within = self.lengths.iter().take_while(move |length| **length <= text.len());
        let open = within.filter_map(move |length| self.open.get(text.get(..*length)?));
        let all = self.exact.get(text).into_iter().chain(open);
        all.map(|range| &self.entries[range.start as usize..range.end as usize])
    }
}
