//! Writes texts as Markdown that shows them unchanged, in rustdoc and on GitHub.

/// Returns Markdown for a text of the catalog. Code between backticks stays code; everything else shows as it is written.
#[must_use]
pub fn text(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let paired =
        pieces.len() % 2 == 1 && pieces.iter().skip(1).step_by(2).all(|piece| !piece.trim().is_empty());
    if !paired {
        return escape(text);
    }
    pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| if at % 2 == 0 { escape(piece) } else { code(piece) })
        .collect()
}

/// Returns Markdown that shows a text of one line without any markup.
///
/// It does not escape `|`, which needs an escape only in a table: the code that writes the table adds it.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let special = match character {
            // Elsewhere it is no heading.
            '#' => escaped.is_empty(),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '$' => true,
            // The start of a character reference such as `&lt;`.
            '&' => characters.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(if character.is_control() { ' ' } else { character });
    }
    escaped
}

/// Returns a code span.
#[must_use]
pub fn code(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let mut fence = "`".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    // A space separates a backtick at an end from the fence. Markdown does not show it.
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns a link. `title` is Markdown already.
#[must_use]
pub fn link(title: &str, url: &str) -> String {
    let mut address = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            // These would end the link. A valid address does not contain them.
            character if character.is_whitespace() || character.is_control() => address.push_str("%20"),
            character => {
                if matches!(character, '(' | ')' | '<' | '>' | '\\' | '`' | '&') {
                    address.push('\\');
                }
                address.push(character);
            }
        }
    }
    format!("[{title}]({address})")
}
