//! Splits resources into their six segments.

use super::bytes::{equal, first};

/// The names of the six segments of a resource, in order.
///
/// ```
/// assert_eq!(cam_policy::text::SEGMENTS[4], "account");
/// ```
pub const SEGMENTS: [&str; 6] = ["qcs", "project", "service", "region", "account", "resource"];

/// Splits a text into the six segments of a resource, without checking any of them.
///
/// The last segment may hold further `:`. `None`: the text has fewer segments.
///
/// ```
/// use cam_policy::text::split_segments;
///
/// let segments = split_segments("qcs::cos:ap-beijing:uid/1250000000:bucket/a:b");
/// assert_eq!(segments, Some(["qcs", "", "cos", "ap-beijing", "uid/1250000000", "bucket/a:b"]));
/// assert_eq!(split_segments("*"), None);
/// ```
pub fn split_segments(text: &str) -> Option<[&str; 6]> {
    let [qcs, project, service, region, account] = first_colons(text)?;
    let after = |start: usize, end: usize| &text[start + 1..end];
    Some([
        &text[..qcs],
        after(qcs, project),
        after(project, service),
        after(service, region),
        after(region, account),
        &text[account + 1..],
    ])
}

/// Returns where the first five colons stand. Linting asks this more often than anything else, so it looks at eight bytes
/// at once.
fn first_colons(text: &str) -> Option<[usize; 5]> {
    let (mut colons, mut found) = ([0; 5], 0);
    let (mut rest, mut at) = (text.as_bytes(), 0);
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let mut bits = equal(*word, b':');
        while bits != 0 {
            colons[found] = at + first(bits);
            found += 1;
            if found == colons.len() {
                return Some(colons);
            }
            bits &= bits - 1;
        }
        (rest, at) = (after, at + word.len());
    }
    for (of, _) in rest.iter().enumerate().filter(|(_, byte)| **byte == b':') {
        colons[found] = at + of;
        found += 1;
        if found == colons.len() {
            return Some(colons);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn segments_are_those_that_a_split_at_colons_has() {
        let texts = ["", ":::::", "qcs::cos:ap-beijing:uid/1:a:b", "腾讯:云::：::资源:\u{ba}", "a:b:c:d:e"];
        for text in texts {
            for start in 0..20 {
                let text = "x".repeat(start) + text + &"ü".repeat(start % 7);
                let parts: Vec<&str> = text.splitn(6, ':').collect();
                let whole = split_segments(&text).map_or(Vec::new(), |segments| segments.to_vec());
                assert_eq!(whole, if parts.len() == 6 { parts } else { Vec::new() }, "{text}");
            }
        }
        let every = (0..=u8::MAX).map(char::from).collect::<String>();
        assert_eq!(split_segments(&every), None);
    }
}
