//! Finds the tables that make `Lookup` of the generated crate collision-free.

use crate::shared::{bucket, hash, slot};

/// The tables of a perfect hash over some names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tables {
    pub(crate) seed: u64,
    pub(crate) displacements: Vec<u16>,
    /// Number of the name in each slot; free slots hold 0.
    pub(crate) slots: Vec<u16>,
}

/// Hash and displace: names fall into buckets, and each bucket, the fullest first, is given the least
/// displacement that sends its names to free slots. With a quarter of the slots to spare it takes linear time.
pub(crate) fn tables(names: &[&str]) -> Tables {
    (0..).find_map(|seed| with_seed(names, seed)).expect("distinct names part under some seed")
}

fn with_seed(names: &[&str], seed: u64) -> Option<Tables> {
    let slot_count = names.len() + names.len() / 4 + 1;
    let bucket_count = names.len() / 3 + 1;
    let mut buckets: Vec<Vec<(u64, u16)>> = vec![Vec::new(); bucket_count];
    for (number, name) in (0..).zip(names) {
        let hash = hash(name.as_bytes(), seed);
        buckets[bucket(hash, bucket_count)].push((hash, number));
    }
    let mut order: Vec<usize> = (0..bucket_count).collect();
    order.sort_by_key(|at| std::cmp::Reverse(buckets[*at].len()));

    let mut displacements = vec![0; bucket_count];
    let mut slots = vec![None; slot_count];
    let mut taken = Vec::new();
    for at in order {
        let members = &buckets[at];
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
    Some(Tables { seed, displacements, slots: slots.into_iter().map(Option::unwrap_or_default).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds_all(names: &[&str]) {
        let tables = tables(names);
        for (number, name) in (0_u16..).zip(names) {
            let hash = hash(name.as_bytes(), tables.seed);
            let displacement = tables.displacements[bucket(hash, tables.displacements.len())];
            assert_eq!(tables.slots[slot(hash, displacement, tables.slots.len())], number, "{name}");
        }
    }

    #[test]
    fn every_name_is_found_at_every_size() {
        let names: Vec<String> = (0..20_000).map(|n| format!("Describe{n}Things")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for count in [1, 2, 3, 7, 52, 119, 1_000, 20_000] {
            finds_all(&names[..count]);
        }
    }
}
