//! Reads the cells of the family "API | resource path".

use super::block::Cell;
use super::paths_words::{continues, is_empty, is_star, yes};
use super::words;

/// The resources of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    /// The patterns, as printed or as the catalog writes them.
    pub(super) patterns: Vec<String>,
    /// Malformed patterns, as printed.
    pub(super) printed: Vec<String>,
    /// Whether the cell has a `*` that stands for every resource.
    pub(super) star: bool,
    /// The words in brackets beside a pattern.
    pub(super) beside: Vec<String>,
    /// What is wrong with the cell.
    pub(super) fault: Option<String>,
}

/// Returns the name of the API that a cell names, with `service:` where the page prints it. The other lines of the cell
/// describe the API. One of a single word may be the rest of the name.
pub(super) fn name_of(cell: &Cell) -> Option<String> {
    let words = |line: &&str| line.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if cell.text.lines().filter(words).count() > 1 {
        return None;
    }
    let name = |line: &str| {
        let line = line.trim().trim_matches('`').trim();
        let line = line.strip_prefix("name/").unwrap_or(line);
        let bare =
            line.split_once(':').map_or(line, |(service, name)| if is_service(service) { name } else { "" });
        (words::is_name(bare) && yes(bare).is_none()).then(|| (line.to_owned(), words::looks_like_name(bare)))
    };
    let names: Vec<(String, bool)> = cell.text.lines().filter_map(name).collect();
    let sure: Vec<&(String, bool)> = names.iter().filter(|(_, sure)| *sure).collect();
    match (sure.as_slice(), names.as_slice()) {
        ([(one, _)], _) => Some(one.clone()),
        ([], [(one, _)]) if one.len() >= 3 && one.starts_with(|first: char| first.is_ascii_uppercase()) => {
            Some(one.clone())
        }
        _ => None,
    }
}

fn is_service(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Returns the text with line feeds for the tags that a page prints as text.
fn with_breaks(text: &str) -> String {
    text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n")
}

/// Returns the resources of a cell, as printed.
pub(super) fn resources(cell: &Cell) -> Stated {
    let mut stated = Stated::default();
    let text = with_breaks(&cell.literal);
    // The asterisks of emphasis that is open, and the part of the cell that follows.
    let mut marks = 0;
    let mut behind = text.as_str();
    for line in text.lines() {
        let line = line.trim();
        if !line.contains("qcs:") {
            // A pattern that is too long for its cell goes on in the next line, in code as well.
            let is_rest = cell.codes.iter().any(|code| code.trim() == line)
                && !line.contains(char::is_whitespace)
                && !is_star(line);
            match stated.patterns.last_mut() {
                Some(last) if is_rest => last.push_str(line),
                _ => words_behind(line, &mut stated),
            }
            continue;
        }
        let mut rest = line;
        while let Some(start) = rest.find("qcs:") {
            words_behind(&rest[..start], &mut stated);
            let opened = asterisks(&rest[..start]);
            marks = if opened > 0 { opened } else { marks };
            let found = &rest[start..];
            let end = end_of(found);
            let mut pattern = found[..end].trim_end_matches(['.', '。']);
            behind = behind.split_once("qcs:").map_or("", |(_, behind)| behind);
            let next = behind.split_once("qcs:").map(|(between, _)| between);
            let closes = next.is_none_or(|between| asterisks(between) > 0);
            if marks > 0 && closes && asterisks(pattern) >= marks {
                pattern = &pattern[..pattern.len() - marks];
                marks = 0;
            }
            stated.patterns.push(pattern.to_owned());
            rest = &found[end..];
        }
        words_behind(rest, &mut stated);
    }
    let is_open = |pattern: &&String| pattern.matches('{').count() > pattern.matches('}').count();
    if let Some(open) = stated.patterns.iter().find(is_open) {
        stated.fault = Some(format!("`{open}` has a placeholder that is not closed"));
    }
    stated
}

/// Returns the number of asterisks at the end of a text.
fn asterisks(text: &str) -> usize {
    let text = text.trim_end();
    text.len() - text.trim_end_matches('*').len()
}

/// Returns where a pattern ends. A placeholder in braces may contain a space.
fn end_of(text: &str) -> usize {
    let mut within = false;
    for (at, character) in text.char_indices() {
        match character {
            '{' => within = true,
            '}' => within = false,
            _ if within && character != '\n' => {}
            _ if at > 0 && text[at..].starts_with("qcs:") => return at,
            _ if character.is_whitespace()
                || "(（)）,，;；、`\"'“”‘’「」『』【】《》|。<>[]".contains(character) =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}

/// Reads what may stand behind a pattern. A single word may be the rest of the pattern, where a space or a line break stands
/// within it.
fn words_behind(text: &str, stated: &mut Stated) {
    let word = text.trim().trim_matches(['`', '"', '\'', '“', '”', '‘', '’', ',', ';', '|', '.']).trim();
    let is_word = !word.trim_matches('*').is_empty()
        && !continues(word)
        && !matches!(word, "and" | "or")
        && word.bytes().all(|byte| byte.is_ascii_graphic() && !b"()[]<>".contains(&byte));
    // A placeholder may have a Chinese name.
    let is_word = is_word || word.contains(['{', '}']) && !word.contains(char::is_whitespace);
    match stated.patterns.last() {
        Some(last) if is_word && !is_empty(word) => {
            stated.fault = Some(format!("`{word}` behind `{last}` may be the rest of it"));
        }
        _ => words_beside(text, stated),
    }
}

/// Keeps what stands in brackets. What else stands beside a pattern is the name of its type.
fn words_beside(text: &str, stated: &mut Stated) {
    let text = text.trim().trim_matches(['`', ',', '，', ';', '；', '|']).trim();
    if is_empty(text) {
        return;
    }
    if text.contains("qcs") {
        stated.fault = Some(format!("`{text}` is no pattern"));
    } else if is_star(text) {
        stated.star = true;
    } else if text.starts_with(['(', '（']) {
        stated.beside.push(text.trim_matches(['(', ')', '（', '）']).to_owned());
    }
}

/// Returns the condition keys of a cell, and the text between them that is none.
pub(super) fn conditions(cell: &Cell) -> (Vec<String>, String) {
    let (mut keys, mut rest) = (Vec::new(), Vec::new());
    let text = with_breaks(&cell.literal);
    for word in text.split(|character: char| character.is_whitespace() || ",，;；、".contains(character)) {
        let word = word.trim_matches('`');
        let part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/".contains(&byte))
        };
        if word.split_once(':').is_some_and(|(service, key)| part(service) && part(key)) {
            if !keys.iter().any(|known| known == word) {
                keys.push(word.to_owned());
            }
        } else if !is_empty(word) {
            rest.push(word.to_owned());
        }
    }
    (keys, rest.join(" "))
}
