//! Edits of a policy in a file with comments: a comment stays, unless what it is about goes.
//!
//! When an item goes, the rest of its line goes with it if nothing but comments is left there, and so do the comments
//! between its brackets. Comments in lines above it stay: nobody knows whether they are about it alone.

use std::ops::Range;

use cam_policy::text::Span;

use crate::map::Edit;
use crate::source::Embedded;

/// Returns the edits of the file that make the edits of one fix; `None` if the file cannot be edited so.
pub(crate) fn edits(source: &Embedded, file: &str, fix: &[cam_lint::Edit]) -> Option<Vec<Edit>> {
    let comments = source.map.comments();
    let (mut edits, mut gone) = (Vec::new(), Vec::new());
    for edit in fix {
        let mut plain = source.map.edits(edit.span, &edit.replacement)?;
        if comments.is_empty() {
            edits.append(&mut plain);
            continue;
        }
        let place = Place { source, file, comments: &comments };
        if edit.replacement.is_empty() {
            match place.items(edit.span) {
                Some(items) => gone.extend(items),
                None => edits.append(&mut plain),
            }
        } else if edit.span.range().is_empty() {
            edits.extend(place.inserted(&plain[0]));
        } else {
            // What stood there goes, and the comments in it.
            let span = source.map.origin(edit.span);
            edits.push(Edit { span, replacement: plain.swap_remove(0).replacement });
        }
    }
    if !gone.is_empty() {
        edits.extend(Place { source, file, comments: &comments }.without(gone));
    }
    Some(edits)
}

/// A policy in a file that has comments in it.
#[derive(Clone, Copy)]
struct Place<'a> {
    source: &'a Embedded,
    file: &'a str,
    /// Where the comments stand in the file.
    comments: &'a [Range<usize>],
}

impl Place<'_> {
    /// Returns the bytes of the file that hold the items of a part of the policy, without the whitespace around them;
    /// `None` if the part has no whole items.
    ///
    /// Of the commas, the one after an item goes, so that the comment behind the comma before it stays where it is.
    fn items(&self, span: Span) -> Option<Vec<Range<usize>>> {
        let text = &self.source.text;
        // Neither in a string.
        tokens(&text[..span.start()])?;
        let mut tokens = tokens(&text[span.range()])?;
        for token in &mut tokens {
            *token = token.start + span.start()..token.end + span.start();
        }
        let is_comma = |token: Option<&Range<usize>>| token.is_some_and(|token| text[token.clone()] == *",");
        let outer = |token: &Range<usize>| self.source.map.origin(Span::new(token.start, token.end)).range();
        let mut after = None;
        if is_comma(tokens.first()) && !is_comma(tokens.last()) {
            let rest = text[span.end()..].trim_start();
            let at = text.len() - rest.len();
            // The policy's text has no comma after a last item, and the file may have one.
            let end = outer(tokens.last()?).end;
            let last = self.skip(end, char::is_whitespace);
            after = if rest.starts_with(',') {
                Some(outer(&(at..at + 1)))
            } else {
                self.file[last..].starts_with(',').then_some(last..last + 1)
            };
            if after.is_some() {
                tokens.remove(0);
            }
        }
        let (mut items, mut depth) = (Vec::new(), 0_usize);
        for token in &tokens {
            let own = outer(token);
            match items.last_mut() {
                Some(Range { end, .. }) if depth > 0 => *end = own.end.max(*end),
                _ => items.push(own),
            }
            match &text[token.clone()] {
                "{" | "[" => depth += 1,
                "}" | "]" => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
        items.extend(after);
        // The file may write an item without the comma.
        items.retain(|item| !item.is_empty());
        (depth == 0).then_some(items)
    }

    /// Returns the edits that take items out of the file.
    fn without(&self, mut items: Vec<Range<usize>>) -> Vec<Edit> {
        items.sort_unstable_by_key(|item| item.start);
        let mut joined: Vec<Range<usize>> = Vec::new();
        for item in items {
            match joined.last_mut() {
                Some(last) if self.skip(last.end, is_blank) >= item.start => {
                    last.end = item.end.max(last.end);
                }
                _ => joined.push(item),
            }
        }
        let edits = joined.into_iter().map(|item| {
            let range = self.line_of(&item).unwrap_or_else(|| self.with_whitespace(item));
            Edit { span: Span::new(range.start, range.end), replacement: String::new() }
        });
        edits.collect()
    }

    /// Returns the whole lines of an item, if nothing else than comments stands in them.
    fn line_of(&self, item: &Range<usize>) -> Option<Range<usize>> {
        let start = self.file[..item.start].rfind('\n').map_or(0, |at| at + 1);
        if self.skip(start, is_blank) < item.start {
            return None;
        }
        let end = self.skip(item.end, is_blank);
        match self.file[end..].chars().next() {
            Some('\n') => Some(start..end + 1),
            // A comment of a line ends with it.
            _ => self.file[item.end..end].ends_with('\n').then_some(start..end),
        }
    }

    /// Returns an item with the whitespace beside it that nothing needs any more.
    fn with_whitespace(&self, item: Range<usize>) -> Range<usize> {
        let (before, after) = (&self.file[..item.start], &self.file[item.end..]);
        let rest = after.trim_start_matches(is_blank);
        if rest.starts_with('\n') {
            return before.trim_end_matches(is_blank).len()..item.end;
        }
        if before.ends_with(|last: char| last.is_whitespace() || "[{".contains(last)) {
            return item.start..self.file.len() - rest.len();
        }
        item
    }

    /// Returns the edits that put an item below another one and below the comment that stands in the other one's line.
    fn inserted(&self, edit: &Edit) -> Vec<Edit> {
        let at = edit.span.start();
        let below = edit.replacement.strip_prefix(',').filter(|item| !item.trim().is_empty());
        let rest = self.file[at..].trim_start_matches([' ', '\t']);
        let separated = rest.starts_with(',');
        let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches([' ', '\t']);
        let start = self.file.len() - rest.len();
        let comment = self.comments.iter().find(|comment| comment.start == start && !rest.starts_with("/*"));
        let (Some(item), Some(comment)) = (below, comment) else { return vec![edit.clone()] };
        let end = start + self.file[comment.clone()].trim_end().len();
        let insert = |at: usize, text: String| Edit { span: Span::new(at, at), replacement: text };
        if separated {
            vec![insert(end, format!("{item},"))]
        } else {
            vec![insert(at, ",".into()), insert(end, item.into())]
        }
    }

    /// Skips some characters and all comments, from a place of the file on. A comment of a line may end the line.
    fn skip(&self, mut at: usize, skipped: fn(char) -> bool) -> usize {
        loop {
            if let Some(comment) =
                self.comments.iter().find(|comment| comment.start == at && !comment.is_empty())
            {
                at = comment.end;
                if skipped('\n') || !self.file[comment.clone()].ends_with('\n') {
                    continue;
                }
                return at;
            }
            match self.file[at..].chars().next().filter(|next| skipped(*next)) {
                Some(next) => at += next.len_utf8(),
                None => return at,
            }
        }
    }
}

/// Whether a character is whitespace within a line.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r')
}

/// Returns the tokens of a part of a JSON text; `None` if it begins or ends in a string.
fn tokens(text: &str) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'"' => {
                at += 1;
                while *bytes.get(at)? != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => at += 1,
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"{}[],:".contains(byte);
                at += bytes[at..].iter().position(ends).unwrap_or(bytes.len() - at);
            }
        }
        tokens.push(start..at);
    }
    Some(tokens)
}
