//! Finds the patterns that may match a text without comparing all of them.

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::policy::Effect;

/// The place of a pattern: its statement in the layer, and its number in the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) statement: u32,
    pub(super) pattern: u32,
}

/// Where the entries of one text begin and end: first those of denies, then those of allows.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    denies: u32,
    allows: u32,
    end: u32,
}

/// Each map has a new random seed, so that nobody can write a policy whose texts all collide.
type Buckets = HashMap<Box<str>, Bucket, RandomState>;

/// The patterns of many statements, by the text before their first `*` or variable.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The patterns without `*` or variable.
    exact: Buckets,
    open: Buckets,
    /// The lengths of the texts in `open`, ascending.
    lengths: Vec<usize>,
    /// The entries of one bucket after the other, each bucket in ascending order.
    entries: Vec<Entry>,
}

/// Collects patterns to build an [`Index`].
#[derive(Default)]
pub(super) struct Builder {
    index: Index,
    buckets: u32,
    /// Each pattern with the number of its bucket; `Bucket::denies` holds this number until the places are known.
    found: Vec<(u32, Entry)>,
}

impl Builder {
    /// Adds a pattern. The patterns of a statement must come after those of the statements before it.
    pub(super) fn add(&mut self, prefix: &str, whole: bool, entry: Entry) {
        let side = if whole { &mut self.index.exact } else { &mut self.index.open };
        let bucket = if let Some(bucket) = side.get(prefix) {
            bucket.denies
        } else {
            side.insert(prefix.into(), Bucket { denies: self.buckets, ..Bucket::default() });
            self.buckets += 1;
            self.buckets - 1
        };
        self.found.push((bucket, entry));
    }

    /// Returns the index; the statements from number `allows` on are allows.
    #[allow(
        clippy::iter_over_hash_type,
        reason = "each bucket has its number, whatever the order they come in"
    )]
    pub(super) fn finish(self, allows: u32) -> Index {
        let Self { mut index, buckets, found } = self;
        let mut places = Vec::new();
        places.resize(buckets as usize, Bucket::default());
        for (bucket, entry) in &found {
            let place = &mut places[*bucket as usize];
            place.end += 1;
            place.allows += u32::from(entry.statement < allows);
        }
        let mut start = 0;
        for place in &mut places {
            let (denies, all) = (place.allows, place.end);
            *place = Bucket { denies: start, allows: start + denies, end: start + all };
            start += all;
        }
        for bucket in index.exact.values_mut().chain(index.open.values_mut()) {
            *bucket = places[bucket.denies as usize];
        }
        index.entries.resize(found.len(), Entry { statement: 0, pattern: 0 });
        for (bucket, entry) in found {
            let place = &mut places[bucket as usize];
            index.entries[place.denies as usize] = entry;
            place.denies += 1;
        }
        index.lengths = index.open.keys().map(|prefix| prefix.len()).collect();
        index.lengths.sort_unstable();
        index.lengths.dedup();
        index
    }
}

/// How many buckets a search keeps without looking them up again. Few texts have more.
const AT_HAND: usize = 4;

/// The buckets that hold every pattern which may match a text, or another spelling of it.
pub(super) struct Found<'i> {
    index: &'i Index,
    buckets: [Bucket; AT_HAND],
    count: usize,
    /// The spellings, each with the lengths that lead to the buckets beyond these.
    more: [(&'i str, core::ops::Range<usize>); 2],
    denies: usize,
    allows: usize,
}

impl Index {
    pub(super) fn find<'i>(&'i self, text: &'i str, respelt: Option<&'i str>) -> Found<'i> {
        let mut found = Found {
            index: self,
            buckets: [Bucket::default(); AT_HAND],
            count: 0,
            more: [(text, 0..0), ("", 0..0)],
            denies: 0,
            allows: 0,
        };
        found.search(0);
        if let Some(respelt) = respelt {
            found.more[1].0 = respelt;
            found.search(1);
        }
        found
    }

    fn of_length(&self, text: &str, length: usize) -> Option<&Bucket> {
        self.open.get(text.get(..length)?)
    }
}

impl<'i> Found<'i> {
    /// Adds the buckets of a spelling.
    fn search(&mut self, spelling: usize) {
        let (index, text) = (self.index, self.more[spelling].0);
        self.extend(index.exact.get(text), spelling, 0);
        for (at, length) in index.lengths.iter().enumerate() {
            if *length > text.len() {
                break;
            }
            self.extend(index.of_length(text, *length), spelling, at);
        }
    }

    fn extend(&mut self, bucket: Option<&Bucket>, spelling: usize, length: usize) {
        let Some(bucket) = bucket else { return };
        self.denies += (bucket.allows - bucket.denies) as usize;
        self.allows += (bucket.end - bucket.allows) as usize;
        let more = &mut self.more[spelling].1;
        if self.count < AT_HAND {
            self.buckets[self.count] = *bucket;
            self.count += 1;
        } else if more.start == more.end {
            *more = length..length + 1;
        } else {
            more.end = length + 1;
        }
    }

    /// Returns the number of patterns of an effect.
    pub(super) fn count(&self, effect: Effect) -> usize {
        match effect {
            Effect::Deny => self.denies,
            Effect::Allow => self.allows,
        }
    }

    /// Returns the patterns of an effect, bucket by bucket, each bucket in ascending order.
    pub(super) fn entries(&self, effect: Effect) -> impl Iterator<Item = &'i [Entry]> {
        let index = self.index;
        let more = |(text, lengths): &(&'i str, core::ops::Range<usize>)| {
            let (text, lengths) = (*text, index.lengths[lengths.clone()].iter());
            lengths.filter_map(move |length| index.of_length(text, *length))
        };
        let buckets = self.buckets[..self.count].iter().chain(more(&self.more[0])).chain(more(&self.more[1]));
        buckets.map(move |bucket| {
            let (from, to) = match effect {
                Effect::Deny => (bucket.denies, bucket.allows),
                Effect::Allow => (bucket.allows, bucket.end),
            };
            &index.entries[from as usize..to as usize]
        })
    }
}
