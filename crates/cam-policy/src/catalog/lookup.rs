//! Finds an action by name, in constant time and without allocating.

use alloc::vec;
use alloc::vec::Vec;

/// The tables of a perfect hash over names of actions.
///
/// [`Tables::of`] builds them; generated code states them as constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lookup<'c> {
    /// Seed of the hash.
    pub seed: u64,
    /// For each bucket, the number to add to the hashes of its names so that no two names share a slot.
    pub displacements: &'c [u16],
    /// The number of the action in each slot. A free slot holds 0; a search compares the name anyway.
    pub slots: &'c [u16],
}

impl Lookup<'_> {
    /// The tables for an empty list of names.
    pub(super) const EMPTY: Self = Self { seed: 0, displacements: &[], slots: &[] };

    /// Returns the only number that `name` can have. The name with this number may be another one.
    ///
    /// ```
    /// use cam_policy::catalog::{Lookup, Tables};
    ///
    /// let tables = Tables::of(&["Start", "Stop"]);
    /// let lookup =
    ///     Lookup { seed: tables.seed, displacements: &tables.displacements, slots: &tables.slots };
    /// assert_eq!(lookup.candidate("Stop"), Some(1));
    /// ```
    pub fn candidate(&self, name: &str) -> Option<u16> {
        let hash = hash(name.as_bytes(), self.seed);
        let displacement = *self.displacements.get(bucket(hash, self.displacements.len()))?;
        self.slots.get(slot(hash, displacement, self.slots.len())).copied()
    }
}

/// The tables of a [`Lookup`], owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// See [`Lookup::seed`].
    pub seed: u64,
    /// See [`Lookup::displacements`].
    pub displacements: Vec<u16>,
    /// See [`Lookup::slots`].
    pub slots: Vec<u16>,
}

impl Tables {
    /// Builds the tables for at most 65,535 names, which must all differ. The names are numbered in their order.
    ///
    /// The method is "hash and displace". Names fall into buckets. The fullest bucket comes first; each gets the
    /// smallest displacement that sends its names to free slots. A quarter of the slots stays free, so this takes
    /// linear time.
    ///
    /// ```
    /// use cam_policy::catalog::Tables;
    ///
    /// assert_eq!(Tables::of(&["Start", "Stop"]), Tables::of(&["Start", "Stop"]), "deterministic");
    /// ```
    ///
    /// # Panics
    ///
    /// If two names are equal: no seed can separate them.
    pub fn of(names: &[&str]) -> Self {
        (0..1000)
            .find_map(|seed| Self::with_seed(names, seed))
            .expect("names that differ part under some seed")
    }

    fn with_seed(names: &[&str], seed: u64) -> Option<Self> {
        let slot_count = names.len() + names.len() / 4 + 1;
        let bucket_count = names.len() / 3 + 1;
        let mut buckets: Vec<Vec<(u64, u16)>> = vec![Vec::new(); bucket_count];
        for (number, name) in (0..).zip(names) {
            let hash = hash(name.as_bytes(), seed);
            buckets[bucket(hash, bucket_count)].push((hash, number));
        }
        let largest = buckets.iter().map(Vec::len).max().unwrap_or_default();

        let mut displacements = vec![0; bucket_count];
        let mut slots = vec![None; slot_count];
        let mut taken = Vec::new();
        // Those with the most names first: they are the hardest to place.
        let by_size = (0..=largest).rev().flat_map(|size| (0..bucket_count).map(move |at| (size, at)));
        for (size, at) in by_size {
            let members = &buckets[at];
            if members.len() != size {
                continue;
            }
            displacements[at] = (0..=u16::MAX).find(|displacement| {
                taken.clear();
                members.iter().all(|(hash, _)| {
                    let slot = slot(*hash, *displacement, slot_count);
                    let free = slots[slot].is_none() && !taken.contains(&slot);
                    taken.push(slot);
                    free
                })
            })?;
            for (hash, number) in members {
                slots[slot(*hash, displacements[at], slot_count)] = Some(*number);
            }
        }
        Some(Self { seed, displacements, slots: slots.into_iter().map(Option::unwrap_or_default).collect() })
    }
}

/// Hashes `text`, eight bytes at a time; the last eight may overlap those before them.
#[inline]
fn hash(text: &[u8], seed: u64) -> u64 {
    let mut state = seed ^ (text.len() as u64).wrapping_mul(FACTOR);
    let mut rest = text;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        state = mix(state, *word);
        rest = after;
    }
    let mut last = [0; 8];
    match text.last_chunk::<8>() {
        Some(word) => last = *word,
        None => last[..text.len()].copy_from_slice(text),
    }
    mix(state, last).wrapping_mul(FACTOR)
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline]
fn mix(state: u64, word: [u8; 8]) -> u64 {
    let mixed = (state ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    mixed ^ (mixed >> 32)
}

/// Returns the bucket of a hash in a table of `buckets`.
#[inline]
const fn bucket(hash: u64, buckets: usize) -> usize {
    scale(hash >> 32, buckets)
}

/// Returns the slot of a hash in a table of `slots`; its bucket has this `displacement`.
#[inline]
const fn slot(hash: u64, displacement: u16, slots: usize) -> usize {
    let mixed = (hash ^ displacement as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    scale(mixed >> 32, slots)
}

/// Maps a 32-bit number evenly to `0..below`, without a division.
const fn scale(number: u64, below: usize) -> usize {
    ((number * below as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    #[test]
    fn every_name_is_found_at_every_size() {
        let names: Vec<String> = (0..20_000).map(|n| format!("Describe{n}Things")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for count in [0, 1, 2, 3, 7, 52, 119, 1_000, 20_000] {
            let tables = Tables::of(&names[..count]);
            let lookup =
                Lookup { seed: tables.seed, displacements: &tables.displacements, slots: &tables.slots };
            for (number, name) in (0_u16..).zip(&names[..count]) {
                assert_eq!(lookup.candidate(name), Some(number), "{name}");
            }
        }
    }
}
