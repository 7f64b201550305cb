//! Normalizes the text of a page, which any program may have saved.

/// Returns the text with line feeds for line ends and plain spaces for all other whitespace, without invisible characters
/// and without HTML comments. Every line stays where it is.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
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
    without_comments(out)
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
