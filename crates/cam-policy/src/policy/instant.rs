//! Tells whether a text is an instant. The engine calculates with instants; this check needs no calendar library.

/// Whether a text is an existing date and time with its offset from UTC: `2016-06-01T00:01:00Z`.
pub(super) fn is_instant(text: &str) -> bool {
    let Some((date, clock)) = text.split_once(['T', 't', ' ']) else { return false };
    let Some(at) = clock.find(['Z', 'z', '+', '-']) else { return false };
    is_date(date) && is_clock(&clock[..at], true) && is_offset(&clock[at..])
}

fn digits(text: &str, count: usize) -> Option<u32> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// `2016-06-01` or `20160601`.
fn is_date(text: &str) -> bool {
    let parts = match (text.get(..4), text.get(4..5), text.get(5..7), text.get(7..8), text.get(8..)) {
        (year, Some("-"), month, Some("-"), day) => (year, month, day),
        _ => (text.get(..4), text.get(4..6), text.get(6..)),
    };
    let (Some(year), Some(month), Some(day)) = parts else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// `00:01:00`, also without seconds, with a fraction of a second, or without colons.
fn is_clock(text: &str, fraction: bool) -> bool {
    let (whole, part) = match text.split_once(['.', ',']) {
        Some((whole, part)) if fraction => (whole, Some(part)),
        Some(_) => return false,
        None => (text, None),
    };
    let parts: [Option<&str>; 3] = if whole.contains(':') {
        let mut parts = whole.splitn(3, ':');
        core::array::from_fn(|_| parts.next())
    } else {
        [whole.get(..2), whole.get(2..4), whole.get(4..).filter(|rest| !rest.is_empty())]
    };
    let below =
        |text: Option<&str>, limit: u32| text.and_then(|text| digits(text, 2)).is_some_and(|one| one < limit);
    let [hour, minute, second] = parts;
    // A leap second counts as the second before it.
    let seconds = second.is_none() || below(second, 61);
    let part = part.is_none_or(|part| {
        second.is_some() && (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    below(hour, 24) && (minute.is_none() && whole.len() == 2 || below(minute, 60)) && seconds && part
}

/// `Z`, `+08`, `+08:00` or `+0800`, perhaps with seconds.
fn is_offset(text: &str) -> bool {
    match text.strip_prefix(['+', '-']) {
        Some(offset) => is_clock(offset, false),
        None => text.len() == 1,
    }
}
