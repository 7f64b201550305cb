//! Normalizes the text of a page, which any program may have saved.

use std::borrow::Cow;

/// Returns the text with line feeds for line ends and plain spaces for all other whitespace, without invisible characters
/// and without HTML comments. Patterns and the borders of tables have half-width characters. Every line stays where it is.
pub(super) fn normal(text: &str) -> String {
    let text = &unquoted(text);
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut in_pattern = false;
    while let Some(character) = characters.next() {
        in_pattern |= out.ends_with("qcs") && matches!(character, ':' | '：');
        let half = half_width(character);
        in_pattern &= half.is_ascii_graphic() && !matches!(half, '<' | '`');
        match if in_pattern { half } else { character } {
            '\r' => {
                characters.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' => out.push('\n'),
            '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' => {}
            other if other.is_whitespace() || other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    without_comments(with_borders(out))
}

/// Returns the ASCII character for the full-width form of one that a pattern may have.
fn half_width(character: char) -> char {
    match character {
        '：' | '＊' | '＄' | '｛' | '｝' | '／' | '＿' | '－' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' =>
        {
            // The full-width forms stand in the order of ASCII, from `！` for `!` on.
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    }
}

/// Returns the text with `|` for the full-width bars of lines that have no other.
fn with_borders(text: String) -> String {
    if !text.contains('｜') {
        return text;
    }
    let bars = |line: &str| !line.contains('|') && line.matches('｜').count() > 1;
    text.split_inclusive('\n')
        .map(|line| if bars(line) { line.replace('｜', "|") } else { line.to_owned() })
        .collect()
}

/// Decodes a page that was saved as quoted-printable HTML: `=3D` is `=`, and a `=` at the end of a line joins it with the
/// next one. The line ends that are taken out follow the next whole line, so that every line stays where it is.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains("=3D")
        || !text.contains("=\n") && !text.contains("=\r\n") && text.matches("=3D\"").count() < 3
    {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut taken = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        let ends = line.len() > content.len();
        let joined = content.strip_suffix('=').filter(|_| ends);
        out.push_str(&joined.unwrap_or(content).replace("=3D", "=").replace("=20", " "));
        if joined.is_some() {
            taken += 1;
        } else if ends {
            out.extend(std::iter::repeat_n('\n', taken + 1));
            taken = 0;
        }
    }
    out.into()
}

fn without_comments(text: String) -> String {
    if !text.contains("<!--") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, comment)) = rest.split_once("<!--") {
        // A comment that is not closed hides nothing: what follows may be rows.
        let Some((comment, after)) = comment.split_once("-->") else { break };
        out.push_str(before);
        out.extend(comment.chars().filter(|character| *character == '\n'));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns the lines without line ends, each with the byte at which it starts.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches('\n'))
    })
}

/// Returns the words with single spaces between them.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the lines that are not empty, without whitespace around them.
pub(super) fn trim_lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Returns the markup that nothing closes at the end of a text, and its place: the text may be cut off there.
pub(super) fn unclosed(text: &str) -> Option<(usize, &'static str)> {
    let (mut fence, mut last) = (None, (0, ""));
    for (at, line) in lines(text) {
        let line = line.trim_end();
        if line.trim_start().starts_with("```") && !line.trim_start()[3..].contains('`') {
            fence = if fence.is_none() { Some(at) } else { None };
        }
        if !line.is_empty() {
            last = (at, line);
        }
    }
    let (at, line) = last;
    let starts_tag = |rest: &str| {
        rest.is_empty()
            || rest.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!'))
    };
    if let Some((before, tag)) = line.rsplit_once('<') {
        if !tag.contains('>') && starts_tag(tag) {
            return Some((at + before.len(), "a tag"));
        }
    }
    let in_markdown = line.rsplit_once("](").filter(|(_, url)| !url.contains(')'));
    let in_html = line.rsplit_once("<a ").filter(|(_, rest)| !rest.contains("</a"));
    if let Some((before, _)) = in_markdown.or(in_html) {
        return Some((at + before.len(), "a link"));
    }
    fence.map(|at| (at, "a block of code"))
}
