//! Makes names for items that pages know by a title.

use std::collections::{HashMap, HashSet};

/// Returns a snake-case name for a title; `other` if the title has no ASCII characters for one.
pub(super) fn snake(title: &str, other: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for character in title.chars() {
        if character.is_ascii_alphanumeric() {
            let word = character.is_ascii_uppercase() && before.is_ascii_lowercase();
            if (word || !before.is_ascii_alphanumeric()) && !name.is_empty() {
                name.push('_');
            }
            name.push(character.to_ascii_lowercase());
        }
        before = character;
    }
    let name: String =
        name.chars().skip_while(|character| !character.is_ascii_lowercase()).take(60).collect();
    let name = name.trim_matches('_');
    if name.len() < 2 || matches!(name, "action" | "self" | "operation" | "undocumented") {
        if name.is_empty() { other.to_owned() } else { format!("{name}_{other}") }
    } else {
        name.to_owned()
    }
}

/// The names in use.
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number to try next behind each name, because all titles in Chinese yield the same name.
    next: HashMap<String, usize>,
}

impl Names {
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        Self { taken: names.cloned().collect(), next: HashMap::new() }
    }

    /// Returns the name, or the first of `name_2`, `name_3`, … that is free, and marks it as used.
    pub(super) fn free(&mut self, name: &str) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let next = self.next.entry(name.to_owned()).or_insert(2);
        loop {
            let found = format!("{name}_{next}");
            *next += 1;
            if self.taken.insert(found.clone()) {
                return found;
            }
        }
    }
}
