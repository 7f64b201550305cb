//! Names that the catalog gives to what pages have titles for.

use std::collections::{HashMap, HashSet};

/// A snake-case name of a title; `other` where the title has no ASCII characters for one.
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
    /// The number to try next behind a name: titles in Chinese all yield the same one.
    next: HashMap<String, usize>,
}

impl Names {
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        Self { taken: names.cloned().collect(), next: HashMap::new() }
    }

    /// The name, or the first of `name_2`, `name_3`, … that is free; it is in use from now on.
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
