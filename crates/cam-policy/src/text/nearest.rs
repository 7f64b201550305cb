//! Finds names with a similar spelling.

use alloc::vec::Vec;

/// Returns up to three of `candidates` whose spelling is closest to `name`, the closest first.
///
/// Upper and lower case count as equal, and so do `-` and `_`.
///
/// ```
/// use cam_policy::text::nearest;
///
/// let names = ["RemoveUser", "DismissRoom"];
/// assert_eq!(nearest("RemoveUsers", names.into_iter()), ["RemoveUser"]);
/// assert!(nearest("Start", names.into_iter()).is_empty());
/// // Among equally close names, one with the same characters comes first.
/// assert_eq!(nearest("cmv", ["cme", "cmq", "cms", "cvm"].into_iter())[0], "cvm");
/// ```
pub fn nearest<'c>(name: &str, mut candidates: impl Iterator<Item = &'c str>) -> Vec<&'c str> {
    nearest_of(name, &mut candidates)
}

/// Compiled here, and not once for each type of iterator in the crates that call it.
fn nearest_of<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Vec<&'c str> {
    let wanted: Vec<char> = name.chars().map(fold).collect();
    let limit = wanted.len().max(3) / 3;
    let mut closest: Vec<(usize, bool, &str)> = Vec::new();
    for candidate in candidates {
        let Some(distance) = distance(&wanted, candidate, limit) else { continue };
        // Of short names, many are one character away. Who swaps two characters means the one with the same characters.
        let found = (distance, !has_same_characters(&wanted, candidate), candidate);
        let at = closest.iter().take_while(|one| **one <= found).count();
        closest.insert(at, found);
        closest.truncate(3);
    }
    closest.into_iter().map(|(_, _, candidate)| candidate).collect()
}

/// Whether two words have the same characters, in any order.
fn has_same_characters(wanted: &[char], candidate: &str) -> bool {
    let mut rest = wanted.to_vec();
    let each = candidate.chars().map(fold).all(|character| {
        let found = rest.iter().position(|one| *one == character);
        found.map(|at| rest.swap_remove(at)).is_some()
    });
    each && rest.is_empty()
}

/// Makes characters equal if their difference should not count.
fn fold(character: char) -> char {
    if character == '-' { '_' } else { character.to_ascii_lowercase() }
}

/// Counts the characters to insert, delete, replace or swap to turn one word into the other; `None` above `limit`.
fn distance(wanted: &[char], candidate: &str, limit: usize) -> Option<usize> {
    let length = candidate.chars().count();
    if length.abs_diff(wanted.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    let (mut above, mut above_that) = (row.clone(), row.clone());
    let mut before = None;
    for (line, character) in candidate.chars().map(fold).enumerate() {
        core::mem::swap(&mut above_that, &mut above);
        core::mem::swap(&mut above, &mut row);
        row[0] = line + 1;
        let mut least = row[0];
        for column in 0..wanted.len() {
            let replaced = above[column] + usize::from(wanted[column] != character);
            let mut cost = replaced.min(above[column + 1] + 1).min(row[column] + 1);
            if column > 0 && wanted[column - 1] == character && Some(wanted[column]) == before {
                cost = cost.min(above_that[column - 1] + 1);
            }
            row[column + 1] = cost;
            least = least.min(cost);
        }
        if least > limit {
            return None;
        }
        before = Some(character);
    }
    (row[wanted.len()] <= limit).then(|| row[wanted.len()])
}
