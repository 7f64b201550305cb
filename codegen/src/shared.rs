//! Text routines that the generator and the generated crate must agree on.
//!
//! Compiled into the generator and copied verbatim beside the code it generates, so that there is one of each.

/// Hashes `text`, eight bytes at a time.
pub(crate) const fn hash(text: &[u8], seed: u64) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = seed ^ (text.len() as u64).wrapping_mul(FACTOR);
    let mut at = 0;
    while at < text.len() {
        let mut word = 0;
        let mut byte = 0;
        while byte < 8 && at + byte < text.len() {
            word |= (text[at + byte] as u64) << (8 * byte);
            byte += 1;
        }
        state = (state ^ word).wrapping_mul(FACTOR);
        state ^= state >> 32;
        at += 8;
    }
    state.wrapping_mul(FACTOR)
}

/// The bucket of a hash in a table of `buckets`.
pub(crate) const fn bucket(hash: u64, buckets: usize) -> usize {
    scale(hash >> 32, buckets)
}

/// The slot of a hash in a table of `slots`, its bucket having been given `displacement`.
pub(crate) const fn slot(hash: u64, displacement: u16, slots: usize) -> usize {
    let mixed = (hash ^ displacement as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    scale(mixed >> 32, slots)
}

/// Spreads a 32-bit number evenly over `0..below`, without a division.
const fn scale(number: u64, below: usize) -> usize {
    ((number * below as u64) >> 32) as usize
}

/// Up to three of `candidates` that are spelt most like `name`, the closest first.
pub(crate) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> alloc::vec::Vec<&'c str> {
    let wanted: alloc::vec::Vec<char> = name.chars().map(fold).collect();
    let limit = wanted.len().max(3) / 3;
    let mut found: alloc::vec::Vec<(usize, &str)> =
        candidates.filter_map(|candidate| Some((distance(&wanted, candidate, limit)?, candidate))).collect();
    found.sort_unstable();
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Case and the choice of separator are no differences worth counting.
fn fold(letter: char) -> char {
    if letter == '-' { '_' } else { letter.to_ascii_lowercase() }
}

/// Number of letters to insert, delete, replace or swap to make one word of the other, if at most `limit`.
fn distance(wanted: &[char], candidate: &str, limit: usize) -> Option<usize> {
    let length = candidate.chars().count();
    if length.abs_diff(wanted.len()) > limit {
        return None;
    }
    let mut row: alloc::vec::Vec<usize> = (0..=wanted.len()).collect();
    let (mut above, mut above_that) = (row.clone(), row.clone());
    let mut before = None;
    for (line, letter) in candidate.chars().map(fold).enumerate() {
        core::mem::swap(&mut above_that, &mut above);
        core::mem::swap(&mut above, &mut row);
        row[0] = line + 1;
        let mut least = row[0];
        for column in 0..wanted.len() {
            let replaced = above[column] + usize::from(wanted[column] != letter);
            let mut cost = replaced.min(above[column + 1] + 1).min(row[column] + 1);
            if column > 0 && wanted[column - 1] == letter && Some(wanted[column]) == before {
                cost = cost.min(above_that[column - 1] + 1);
            }
            row[column + 1] = cost;
            least = least.min(cost);
        }
        if least > limit {
            return None;
        }
        before = Some(letter);
    }
    (row[wanted.len()] <= limit).then(|| row[wanted.len()])
}

/// A piece of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that stands for itself.
    Literal(&'a str),
    /// `${name}`.
    Placeholder(&'a str),
}

/// Splits a text into literals and placeholders; `Err` is the range of a `$` that opens no `${name}`.
pub(crate) fn pieces(
    text: &str,
) -> Result<alloc::vec::Vec<(Piece<'_>, core::ops::Range<usize>)>, core::ops::Range<usize>> {
    let mut pieces = alloc::vec::Vec::new();
    let mut at = 0;
    while let Some(dollar) = text[at..].find('$').map(|found| at + found) {
        if dollar > at {
            pieces.push((Piece::Literal(&text[at..dollar]), at..dollar));
        }
        let name = text[dollar..]
            .strip_prefix("${")
            .and_then(|rest| Some(&rest[..rest.find('}')?]))
            .filter(|name| is_placeholder(name))
            .ok_or(dollar..text.len())?;
        at = dollar + name.len() + 3;
        pieces.push((Piece::Placeholder(name), dollar..at));
    }
    if at < text.len() {
        pieces.push((Piece::Literal(&text[at..]), at..text.len()));
    }
    Ok(pieces)
}

pub(crate) fn is_placeholder(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
