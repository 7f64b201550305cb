//! Finds an action by name, in constant time and without allocating.

use crate::facts::Facts;
use crate::services::shared::{bucket, hash, slot};

/// A perfect hash table over the names of a service, built by the code generator.
pub(crate) struct Lookup {
    /// Seed of the hash.
    pub(crate) seed: u64,
    /// What to add to the hashes of each bucket so that no two share a slot.
    pub(crate) displacements: &'static [u16],
    /// Number of the action in each slot. A free slot holds any number: the name is compared anyway.
    pub(crate) slots: &'static [u16],
}

impl Lookup {
    /// Number of the action called `name`.
    pub(crate) fn find(&self, name: &str, facts: &[Facts]) -> Option<u16> {
        let hash = hash(name.as_bytes(), self.seed);
        let displacement = self.displacements[bucket(hash, self.displacements.len())];
        let number = self.slots[slot(hash, displacement, self.slots.len())];
        (facts[usize::from(number)].name == name).then_some(number)
    }
}
