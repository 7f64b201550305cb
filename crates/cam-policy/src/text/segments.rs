//! Splits resources into their six segments.

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
    // Segments are short: one plain loop finds their ends faster than searches made for long texts.
    let (mut ends, mut found) = ([0; 5], 0);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b':' {
            ends[found] = at;
            found += 1;
            if found == ends.len() {
                let [a, b, c, d, e] = ends;
                let within = |start: usize, end: usize| &text[start + 1..end];
                return Some([&text[..a], within(a, b), within(b, c), within(c, d), within(d, e), &text[e + 1..]]);
            }
        }
    }
    None
}
