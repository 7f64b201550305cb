//! Compares the resources of a policy with those that a pattern of the catalog stands for.

use alloc::vec;
use alloc::vec::Vec;

use crate::catalog::{Pattern, PlaceholderKind};
use crate::text::{Piece, each_piece, split_segments};

/// The result of comparing a resource of a policy with a pattern of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// No text matches both. The number is that of the first segment that differs: the higher it is, the closer they
    /// are.
    No(usize),
    /// A text matches both only if upper and lower case are ignored.
    Case,
    /// A text matches both only if an identifier of the service can hold a `/`, which the catalog does not say.
    Slash,
    /// The resource of a request can match both.
    Yes,
}

/// The number of the service among the segments.
const SERVICE: usize = 2;

/// Compares a resource of six segments with the resources that a pattern stands for.
pub(super) fn fit(resource: [&str; 6], pattern: &Pattern<'_>) -> Fit {
    let slash = AsIf { slash: true, ..AsIf::WRITTEN };
    // Most resources that do not fit are of another service.
    let service = service(pattern.single).unwrap_or_default();
    if !segment_fits(SERVICE, resource, service, pattern, AsIf { fold: true, ..slash }) {
        return Fit::No(SERVICE);
    }
    let Some(form) = split_segments(pattern.single) else { return Fit::Yes };
    let differing = |as_if: AsIf| (1..6).find(|at| !segment_fits(*at, resource, form[*at], pattern, as_if));
    if differing(AsIf::WRITTEN).is_none() {
        return Fit::Yes;
    }
    match differing(slash) {
        None => Fit::Slash,
        Some(_) if differing(AsIf { fold: true, ..slash }).is_none() => Fit::Case,
        Some(at) => Fit::No(at),
    }
}

/// Returns the service of a form.
pub(super) fn service(form: &str) -> Option<&str> {
    let mut colons = form.bytes().enumerate().filter(|(_, byte)| *byte == b':').map(|(at, _)| at).skip(1);
    Some(&form[colons.next()? + 1..colons.next()?])
}

/// What the comparison takes for granted.
#[derive(Clone, Copy)]
struct AsIf {
    /// Upper and lower case are equal.
    fold: bool,
    /// An identifier can hold a `/`.
    slash: bool,
}

impl AsIf {
    const WRITTEN: Self = Self { fold: false, slash: false };
}

fn segment_fits(at: usize, resource: [&str; 6], form: &str, pattern: &Pattern<'_>, as_if: AsIf) -> bool {
    let (named, of_service) = (resource[at], resource[SERVICE]);
    match at {
        // The forms leave the project empty, and a request may have one.
        1 => true,
        2 | 3 => named.is_empty() || text_fits(named, form, pattern, as_if),
        4 => account_fits(named, form, pattern),
        // The old spelling of a bucket is a different text for the same resource. Other products may have any such text.
        _ if named.starts_with("prefix//") => of_service != "cos" || is_old_spelling(named),
        _ => text_fits(named, form, pattern, as_if),
    }
}

/// Whether a segment matches `prefix//APPID/bucket/object`, which is another spelling of `bucket-APPID/object`.
fn is_old_spelling(named: &str) -> bool {
    let mut old: Vec<Place> = literal("prefix//", false).collect();
    old.extend([one(Set::Digit), many(Set::Digit), one(Set::Only('/'))]);
    old.extend([one(Set::Identifier), many(Set::Identifier), one(Set::Only('/')), many(Set::All)]);
    common(&of_policy(named, false), &old)
}

fn text_fits(named: &str, form: &str, pattern: &Pattern<'_>, as_if: AsIf) -> bool {
    let fold = as_if.fold;
    // Mostly the characters before the first `*` and placeholder tell.
    let mut literal = 0;
    for (one, other) in named.bytes().zip(form.bytes()) {
        if matches!(one, b'*' | b'$') || other == b'$' {
            break;
        }
        if one != other && !(fold && one.eq_ignore_ascii_case(&other)) {
            return false;
        }
        literal += 1;
    }
    match (&named[literal..], &form[literal..]) {
        ("", "") => true,
        ("", form) if !form.starts_with('$') => false,
        (named, "") => named.bytes().all(|byte| byte == b'*'),
        (rest_of_named, rest_of_form) => {
            ends_with_placeholder(rest_of_named, rest_of_form, pattern, as_if.slash)
                .unwrap_or_else(|| common(&of_policy(named, fold), &of_form(form, pattern, as_if)))
        }
    }
}

/// Tells for the most frequent form, which ends with its only placeholder, whether the rest of a segment fits; `None` if
/// only a comparison of all places tells.
fn ends_with_placeholder(named: &str, form: &str, pattern: &Pattern<'_>, slash: bool) -> Option<bool> {
    let name = form.strip_prefix("${")?.strip_suffix('}').filter(|name| !name.contains('$'))?;
    match set_of(name, pattern, slash) {
        // The region of a request may be empty.
        Set::All => Some(name == "region" || !named.is_empty()),
        Set::Identifier => Some(!named.is_empty() && !named.contains('/')),
        _ if named.contains(['*', '$']) => None,
        _ => Some(!named.is_empty() && named.bytes().all(|byte| byte.is_ascii_digit())),
    }
}

/// Returns the characters that the value of a placeholder may have; `slash`: an identifier can hold a `/`.
fn set_of(name: &str, pattern: &Pattern<'_>, slash: bool) -> Set {
    let kind = pattern.placeholders.iter().find(|one| one.name == name).map(|one| one.kind);
    match kind {
        Some(PlaceholderKind::Number | PlaceholderKind::AppId | PlaceholderKind::SubAccount) => Set::Digit,
        Some(PlaceholderKind::Path) => Set::All,
        _ if name == "uin" => Set::Digit,
        _ if slash || name == "region" => Set::All,
        _ => Set::Identifier,
    }
}

/// An account segment that names nobody means the policy's owner. A request for a pattern without account may have
/// any account. Where the pattern has an APPID, the request may have the uin of the same account.
fn account_fits(named: &str, form: &str, pattern: &Pattern<'_>) -> bool {
    let named_by = |prefix: &str| named.starts_with(prefix);
    match form {
        _ if matches!(named, "" | "uin/" | "*") => true,
        "" => named_by("uin/") || named_by("uid/"),
        "uin/" => named_by("uin/"),
        _ if form.starts_with("uid/") && named_by("uin/") => true,
        _ => text_fits(named, form, pattern, AsIf::WRITTEN),
    }
}

/// The characters that a place may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Only(char),
    Digit,
    /// All but `/`.
    Identifier,
    All,
}

impl Set {
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Only(one), Self::Only(other)) => one == other,
            (Self::Only(one), Self::Digit) | (Self::Digit, Self::Only(one)) => one.is_ascii_digit(),
            (Self::Only(one), Self::Identifier) | (Self::Identifier, Self::Only(one)) => one != '/',
            _ => true,
        }
    }
}

/// A place of a text: one character, or any number of them.
#[derive(Clone, Copy)]
struct Place {
    set: Set,
    many: bool,
}

const fn one(set: Set) -> Place {
    Place { set, many: false }
}

const fn many(set: Set) -> Place {
    Place { set, many: true }
}

fn literal(text: &str, fold: bool) -> impl Iterator<Item = Place> {
    text.chars()
        .map(move |character| one(Set::Only(if fold { character.to_ascii_lowercase() } else { character })))
}

/// Returns the places of a segment in a policy: `*` is any text, a policy variable is a number.
fn of_policy(text: &str, fold: bool) -> Vec<Place> {
    let mut places = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['*', '$']) {
        places.extend(literal(&rest[..start], fold));
        rest = &rest[start..];
        let variable = rest.strip_prefix("${").and_then(|inner| inner.find('}')).map(|end| end + 3);
        match variable {
            Some(end) => {
                places.extend([one(Set::Digit), many(Set::Digit)]);
                rest = &rest[end..];
            }
            None if rest.starts_with('*') => {
                places.push(many(Set::All));
                rest = &rest[1..];
            }
            None => {
                places.push(one(Set::Only('$')));
                rest = &rest[1..];
            }
        }
    }
    places.extend(literal(rest, fold));
    places
}

/// Returns the places of a segment in a form of a pattern.
fn of_form(form: &str, pattern: &Pattern<'_>, as_if: AsIf) -> Vec<Place> {
    let mut places = Vec::with_capacity(form.len());
    for piece in each_piece(form) {
        let Ok((piece, _)) = piece else { return vec![many(Set::All)] };
        match piece {
            Piece::Literal(text) => places.extend(literal(text, as_if.fold)),
            Piece::Placeholder(name) => {
                let set = set_of(name, pattern, as_if.slash);
                // The region of a request may be empty.
                places.extend((name != "region").then_some(one(set)));
                places.push(many(set));
            }
        }
    }
    places
}

/// Whether some text matches both.
fn common(left: &[Place], right: &[Place]) -> bool {
    let width = right.len() + 1;
    let mut seen = vec![false; (left.len() + 1) * width];
    let mut ways = Vec::with_capacity(seen.len().min(64));
    ways.push((0, 0));
    while let Some((at, of)) = ways.pop() {
        if core::mem::replace(&mut seen[at * width + of], true) {
            continue;
        }
        let (one, other) = (left.get(at), right.get(of));
        if one.is_none() && other.is_none() {
            return true;
        }
        // A place for many characters may be empty.
        if one.is_some_and(|place| place.many) {
            ways.push((at + 1, of));
        }
        if other.is_some_and(|place| place.many) {
            ways.push((at, of + 1));
        }
        if let (Some(one), Some(other)) = (one, other) {
            if one.set.meets(other.set) {
                ways.push((at + usize::from(!one.many), of + usize::from(!other.many)));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Placeholder;

    const ROOM: Pattern<'static> = Pattern {
        name: "room",
        single: "qcs::demo:${region}:uin/${uin}:room/${RoomId}/user/${UserId}",
        all: "qcs::demo:${region}:uin/${uin}:room/*",
        placeholders: &[
            Placeholder { name: "RoomId", kind: PlaceholderKind::Number },
            Placeholder { name: "UserId", kind: PlaceholderKind::Text },
        ],
        ..Pattern::UNSTATED
    };

    fn of(text: &str) -> Fit {
        fit(split_segments(text).unwrap(), &ROOM)
    }

    #[test]
    fn what_both_stand_for_is_found() {
        for text in [
            "qcs::demo::uin/1:room/1/user/a",
            "qcs::demo:ap-guangzhou:uin/1:room/1/user/*",
            "qcs:::::room/*",
            "qcs::demo:*:*:*",
            "qcs::de*:ap-*:uin/:*/user/*",
            "qcs::demo:::room/${uin}/user/${uin}",
            "qcs:id/7:demo:::room/1/user/a",
        ] {
            assert_eq!(of(text), Fit::Yes, "{text}");
        }
    }

    #[test]
    fn an_identifier_with_a_slash_is_told_apart() {
        for text in
            ["qcs::demo:::room/1/user/a/b", "qcs::demo:::room/1/user/*/b", "qcs::demo:::room/*/user/a/*"]
        {
            assert_eq!(of(text), Fit::Slash, "{text}");
        }
        assert_eq!(of("qcs::demo:::room/1/user/a*"), Fit::Yes);
        assert_eq!(of("qcs::Demo:::room/1/user/a/b"), Fit::Case);
    }

    /// The search for requests finds those of buckets in their new spelling.
    #[test]
    fn the_old_spelling_of_a_bucket_has_an_appid_a_bucket_and_an_object() {
        const OBJECT: Pattern<'static> = Pattern {
            name: "object",
            single: "qcs::cos:${region}:uid/${AppId}:${Bucket}/${Key}",
            all: "qcs::cos:${region}:uid/${AppId}:${Bucket}/*",
            placeholders: &[
                Placeholder { name: "AppId", kind: PlaceholderKind::AppId },
                Placeholder { name: "Key", kind: PlaceholderKind::Path },
            ],
            ..Pattern::UNSTATED
        };
        let of = |last: &str| fit(["qcs", "", "cos", "", "", last], &OBJECT);
        for last in
            ["1250000000/b/*", "1250000000/b/a", "*", "1250000000/*", "1250000000/b*", "${app_id}/b/*"]
        {
            assert_eq!(of(&std::format!("prefix//{last}")), Fit::Yes, "{last}");
        }
        for last in ["1250000000/b", "1250000000", "a/b/*", ""] {
            assert_eq!(of(&std::format!("prefix//{last}")), Fit::No(5), "{last}");
        }
    }

    #[test]
    fn the_short_way_tells_what_the_comparison_of_places_tells() {
        let mut told = 0;
        for form in
            ["${region}", "uin/${uin}", "room/${RoomId}", "user/${UserId}", "room/${RoomId}/user/${UserId}"]
        {
            for named in [
                "",
                "u",
                "uin/",
                "uin/1",
                "uin/1*",
                "uin/x",
                "uin/${uin}",
                "room/",
                "room/*",
                "room/1a",
                "user/",
                "user/a/b",
                "user/*",
                "*",
                "u*",
                "${uin}",
            ] {
                let literal = named.find(['*', '$']).unwrap_or(named.len()).min(form.find('$').unwrap());
                if named[..literal] != form[..literal] {
                    continue;
                }
                for slash in [false, true] {
                    let Some(fits) = ends_with_placeholder(&named[literal..], &form[literal..], &ROOM, slash)
                    else {
                        continue;
                    };
                    let as_if = AsIf { fold: false, slash };
                    assert_eq!(
                        fits,
                        common(&of_policy(named, false), &of_form(form, &ROOM, as_if)),
                        "{named} {form} {slash}"
                    );
                    told += 1;
                }
            }
        }
        assert!(told > 20, "{told}");
    }

    #[test]
    fn the_first_segment_that_differs_is_told() {
        for (text, segment) in [
            ("qcs::trtc:::room/1/user/a", 2),
            ("qcs::demo::uid/1:room/1/user/a", 4),
            ("qcs::demo::uin/x:room/1/user/a", 4),
            ("qcs::demo:::room/a/user/a", 5),
            ("qcs::demo:::room/1", 5),
            ("qcs::demo:::room/1/user/", 5),
        ] {
            assert_eq!(of(text), Fit::No(segment), "{text}");
        }
        assert_eq!(of("qcs::Demo:::Room/*"), Fit::Case);
    }
}
