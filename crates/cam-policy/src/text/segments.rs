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
    // Segments are short: a plain loop finds their ends faster than a search made for long texts.
    let mut colons = text.bytes().enumerate().filter(|(_, byte)| *byte == b':').map(|(at, _)| at);
    let mut start = 0;
    let mut next = || {
        let end = colons.next()?;
        let segment = &text[start..end];
        start = end + 1;
        Some(segment)
    };
    let first = [next()?, next()?, next()?, next()?, next()?];
    let [qcs, project, service, region, account] = first;
    Some([qcs, project, service, region, account, &text[start..]])
}
