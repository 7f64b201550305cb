//! Texts of policies and names of files in Markdown, where others wrote them and nobody may be misled by them.

use std::fmt::Write as _;

/// The most characters of a name that a line shows.
const MOST_OF_A_NAME: usize = 300;

/// A text as code, in which Markdown reads nothing.
pub(crate) fn code(text: &str) -> String {
    let text = &plain(text, MOST_OF_A_NAME);
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A text in HTML.
pub(crate) fn html(text: &str) -> String {
    plain(text, MOST_OF_A_NAME).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text in one line of bounded length, without characters that change how the text around them is shown.
fn plain(text: &str, most: usize) -> String {
    let is_odd = |one: char| {
        one.is_control()
            || matches!(one, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    let mut out: String = text
        .chars()
        .take(most)
        .map(|one| match one {
            '\n' | '\r' | '\t' => ' ',
            other if is_odd(other) => '\u{fffd}',
            other => other,
        })
        .collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}

/// A message in a cell of a table. What stands between two backticks is code. Where the text has what Markdown or GitHub makes
/// more of than text, such as a mention or an address, all of it is code.
pub(crate) fn cell(text: &str) -> String {
    let text = plain(text, usize::MAX);
    let pieces: Vec<&str> = text.split('`').collect();
    let is_paired =
        pieces.len() % 2 == 1 && pieces.iter().skip(1).step_by(2).all(|code| !code.trim().is_empty());
    if !is_paired || pieces.iter().step_by(2).any(|prose| is_more_than_text(prose)) {
        return code_in_cell(&text);
    }
    let pieces = pieces.iter().enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 { code_in_cell(piece) } else { escaped(piece) }).collect()
}

/// Whether GitHub makes a mention, a reference, a formula or a link of a part of the text, even if its punctuation is escaped.
fn is_more_than_text(prose: &str) -> bool {
    prose.contains(['@', '#', '$']) || prose.contains("://") || prose.to_ascii_lowercase().contains("www.")
}

/// The punctuation of Markdown and HTML. Round brackets and the like mean something only behind one of these.
const PUNCTUATION: &str = "\\`*_[]<>#!|~&";

fn escaped(prose: &str) -> String {
    let mut out = String::with_capacity(prose.len());
    for character in prose.chars() {
        if PUNCTUATION.contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A text as code in a cell of a table. A `|` would end the cell, and a `\` before it would end the escape of it: both are
/// references of HTML, as is all punctuation beside them.
fn code_in_cell(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if !text.contains(['`', '|', '\\']) {
        let space = if text.starts_with(' ') && text.ends_with(' ') { " " } else { "" };
        return format!("`{space}{text}{space}`");
    }
    let mut out = String::from("<code>");
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out.push_str("</code>");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    /// What a reader sees in the first cell of the second row: text, and text that is code.
    fn seen(cell: &str) -> (String, String) {
        let text = format!("| one | two |\n| --- | --- |\n| {cell} | end |\n");
        let (mut cells, mut prose, mut all, mut in_code) = (0, String::new(), String::new(), false);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::TableCell) => cells += 1,
                Event::InlineHtml(tag) => {
                    assert!(["<code>", "</code>"].contains(&&*tag), "{text}");
                    in_code = &*tag == "<code>";
                }
                Event::Text(part) if cells == 3 => {
                    all.push_str(&part);
                    if !in_code {
                        prose.push_str(&part);
                    }
                }
                Event::Code(part) if cells == 3 => all.push_str(&part),
                Event::Text(part) => assert!(["one", "two", "end"].contains(&&*part), "{text}"),
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow)
                | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell) => {}
                other => panic!("{other:?} in {text}"),
            }
        }
        assert_eq!(cells, 4, "{text}");
        (prose, all)
    }

    /// The text of a cell without what a table does not keep: whitespace at its ends, and backticks around code.
    fn kept(text: &str) -> String {
        text.chars().filter(|one| !one.is_whitespace() && *one != '`').collect()
    }

    #[test]
    fn the_code_of_a_message_is_code() {
        assert_eq!(cell("`a_b` is no <action> of *"), "`a_b` is no \\<action\\> of \\*");
        assert_eq!(cell("write `a|b`"), "write <code>a&#124;b</code>");
    }

    /// GitHub sets `$…$` as a formula.
    #[test]
    fn a_formula_is_code() {
        assert_eq!(
            cell("\"a$\\\\color{red}b$\" is none"),
            "<code>&#34;a&#36;&#92;&#92;color&#123;red&#125;b&#36;&#34; is none</code>"
        );
        assert_eq!(cell("\"$a$\" is none"), "`\"$a$\" is none`");
    }

    #[test]
    fn an_odd_backtick_lets_nothing_out() {
        let text = "effect \"x`</td><b>@octocat ![i](http://evil.example/i.png) [click](http://evil.example)\" is none";
        let (prose, all) = seen(&cell(text));
        assert_eq!((prose.as_str(), kept(&all)), ("", kept(text)));
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_cell(text in "([|`<>\\[\\]!@#\n\\\\()&;:/*_~a-c ]|www\\.|http://|<b>|\\]\\(|``| \\| ){0,40}") {
            let (prose, all) = seen(&cell(&text));
            prop_assert_eq!(kept(&all), kept(&text));
            prop_assert!(!is_more_than_text(&prose));
        }
    }
}
