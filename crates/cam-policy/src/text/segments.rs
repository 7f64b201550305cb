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
    let mut rest = text;
    let mut next = || {
        // Segments are short: a plain loop finds their ends faster than a search made for long texts.
        let end = rest.bytes().position(|byte| byte == b':')?;
        let segment = &rest[..end];
        rest = &rest[end + 1..];
        Some(segment)
    };
    let [qcs, project, service, region, account] = [next()?, next()?, next()?, next()?, next()?];
    Some([qcs, project, service, region, account, rest])
}
