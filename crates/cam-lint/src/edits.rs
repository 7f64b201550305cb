//! Edits of lists and objects in the text of a policy, which keep everything else as it is written.

use cam_policy::text::Span;

use crate::finding::Edit;

/// An item of a list, with its quotation marks.
fn whole(text: &str, item: Span) -> (usize, usize) {
    let bytes = text.as_bytes();
    let opens = item.start() > 0 && bytes.get(item.start() - 1) == Some(&b'"');
    let closes = bytes.get(item.end()) == Some(&b'"');
    if opens && closes { (item.start() - 1, item.end() + 1) } else { (item.start(), item.end()) }
}

/// Removes some items of a list, of which at least one stays, each with the comma beside it.
pub(crate) fn remove_items(text: &str, items: &[Span], removed: &[bool]) -> Vec<Edit> {
    let whole: Vec<(usize, usize)> = items.iter().map(|item| whole(text, *item)).collect();
    let last = removed.iter().rposition(|removed| !removed).unwrap_or(0);
    let spans = (0..items.len()).filter(|at| removed[*at]).map(|at| match at.checked_sub(1) {
        Some(before) if at > last => Span::new(whole[before].1, whole[at].1),
        _ => Span::new(whole[at].0, whole[at + 1].0),
    });
    spans.map(|span| Edit { span, replacement: String::new() }).collect()
}

/// Removes item number `at` of a list of several, with the comma beside it.
pub(crate) fn remove_item(text: &str, items: &[Span], at: usize) -> Option<Edit> {
    let (start, end) = whole(text, *items.get(at)?);
    let span = match at.checked_sub(1) {
        Some(before) => Span::new(whole(text, items[before]).1, end),
        None => Span::new(start, whole(text, *items.get(1)?).0),
    };
    Some(Edit { span, replacement: String::new() })
}

/// Returns where a list stands, with its brackets, if it has any.
pub(crate) fn list(text: &str, items: &[Span]) -> Option<Span> {
    let (start, _) = whole(text, *items.first()?);
    let (_, end) = whole(text, *items.last()?);
    let before = text[..start].trim_end();
    let after = text[end..].trim_start();
    if before.ends_with('[') && after.starts_with(']') {
        Some(Span::new(before.len() - 1, text.len() - after.len() + 1))
    } else {
        Some(Span::new(start, end))
    }
}

/// Returns an item as it is written, with its quotation marks.
pub(crate) fn written(text: &str, item: Span) -> &str {
    let (start, end) = whole(text, item);
    &text[start..end]
}

/// Removes a member of an object: `key` and `value` are without their quotation marks.
pub(crate) fn remove_member(text: &str, key: Span, value: Span) -> Edit {
    let (start, _) = whole(text, key);
    let (_, end) = whole(text, value);
    let rest = &text[end..];
    let span = match rest.trim_start().strip_prefix(',') {
        Some(after) => Span::new(start, text.len() - after.trim_start().len()),
        None => {
            let before = text[..start].trim_end();
            let from = if before.ends_with(',') { before.len() - 1 } else { start };
            Span::new(from, end)
        }
    };
    Edit { span, replacement: String::new() }
}

/// Returns the whitespace before a place, from the last line break on: what puts another item below this one.
pub(crate) fn indentation(text: &str, at: usize) -> &str {
    let before = &text[..at];
    let start = before.trim_end().len();
    match before[start..].rfind('\n') {
        Some(line) if before[..start + line].ends_with('\r') => &before[start + line - 1..],
        Some(line) => &before[start + line..],
        None => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::apply;

    /// The places of the words `a` to `z` of a text.
    fn items(text: &str) -> Vec<Span> {
        let letters = text.char_indices().filter(|(_, one)| one.is_ascii_lowercase());
        letters.map(|(at, _)| Span::new(at, at + 1)).collect()
    }

    #[test]
    fn a_line_break_stays_what_it_is() {
        assert_eq!(indentation("[\r\n  1", 5), "\r\n  ");
        assert_eq!(indentation("[\n  1", 4), "\n  ");
    }

    #[test]
    fn an_item_goes_with_its_comma() {
        let text = "[\n  \"a\",\n  \"b\",\n  \"c\"\n]";
        let without = |at: usize| apply(text, remove_item(text, &items(text), at).iter());
        assert_eq!(without(0), "[\n  \"b\",\n  \"c\"\n]");
        assert_eq!(without(1), "[\n  \"a\",\n  \"c\"\n]");
        assert_eq!(without(2), "[\n  \"a\",\n  \"b\"\n]");
        assert_eq!(remove_item("\"a\"", &items("\"a\""), 0), None);
    }

    #[test]
    fn a_list_is_found_with_its_brackets() {
        for (text, list_of) in
            [("x: [ \"a\" ]", "[ \"a\" ]"), ("X: \"a\", Y", "\"a\""), ("[\"a\",\"b\"]", "[\"a\",\"b\"]")]
        {
            let all = items(text);
            let of = all.iter().copied().filter(|span| &text[span.range()] != "x").collect::<Vec<_>>();
            assert_eq!(&text[list(text, &of).unwrap().range()], list_of);
        }
    }

    #[test]
    fn a_member_goes_with_one_comma() {
        for (text, without) in [
            ("{\"a\": \"b\", \"c\": \"d\"}", "{\"c\": \"d\"}"),
            ("{\"C\": \"D\", \"a\": \"b\"}", "{\"C\": \"D\"}"),
            ("{\"a\": \"b\"}", "{}"),
        ] {
            let all = items(text);
            assert_eq!(apply(text, [&remove_member(text, all[0], all[1])].into_iter()), without);
        }
    }

    #[test]
    fn the_indentation_begins_with_its_line() {
        assert_eq!(indentation("[\n\n  {", 5), "\n  ");
        assert_eq!(indentation("[{", 1), " ");
    }
}
