//! Merges texts, and lists those that nobody has written yet.

use std::collections::HashMap;

use cam_policy::catalog::{Facts as _, Kind, Service, Target};
use tencent_cam_codegen::draft::{Item, ServiceDraft};

use crate::import::page::{Language, Page};

/// Returns the key of a text in the page's language; `None` if the catalog has no texts in that language.
pub(super) fn code(language: Language) -> Option<&'static str> {
    match language {
        Language::English => Some("en"),
        Language::Chinese => Some("zh"),
        Language::Japanese | Language::Korean | Language::Indonesian => None,
    }
}

/// Sets the title of an item. Its words stand for both languages until somebody writes those of the other one. `name` takes
/// their place if there are none.
pub(super) fn set_words(item: &mut Item, key: &str, words: &str, name: &str) {
    let words = if words.is_empty() || words.contains("://") { in_words(name) } else { words.to_owned() };
    for code in ["en", "zh"] {
        item.set(below(key, code), words.as_str());
    }
}

fn in_words(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns the title of an item in a language of the catalog.
pub(super) fn words_in<'i>(item: &'i Item, key: &str, code: &str) -> Option<&'i str> {
    item.text(&below(key, code))
}

/// Whether the words of this language are still to be written, because those of another language, or the `name`, stand in
/// their place.
///
/// If both languages have the same words, their characters show the language.
pub(super) fn is_stand_in(item: &Item, key: &str, name: &str, code: &str) -> bool {
    let [en, zh] = ["en", "zh"].map(|code| words_in(item, key, code));
    let Some(words) = en.filter(|_| en == zh) else { return false };
    let is_chinese = words.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
        && !words.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}'));
    let is_own = if code == "en" { words.is_ascii() } else { is_chinese };
    !is_own || words == in_words(name)
}

fn below(key: &str, code: &str) -> String {
    if key.is_empty() { code.to_owned() } else { format!("{key}.{code}") }
}

/// Returns the text without whitespace and in lower case, because pages are consistent about neither.
pub(super) fn loose(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Returns the texts that nobody has written, by table and key, with the text of the page.
pub(super) fn to_be_written(id: &str, service: &ServiceDraft, page: &Page) -> Vec<String> {
    let mut found = Vec::new();
    let mut titled = |table: String, (name, item): (&str, &Item), key: &str| {
        for (code, language) in [("en", "English"), ("zh", "Chinese")] {
            if is_stand_in(item, key, name, code) {
                let words = words_in(item, key, code).unwrap_or_default();
                found.push(format!("{table}: {language}, unless it is `{words}` there, too"));
            }
        }
    };
    titled(format!("service.{id}.name"), ("", &service.facts), "name");
    let mut undescribed = Vec::new();
    let rows: HashMap<&str, &str> =
        page.rows.iter().map(|row| (row.name.as_str(), row.description.as_str())).collect();
    for fact in Service::FACTS {
        let Kind::Tables(target) = fact.kind else { continue };
        for (name, item) in service.items(target) {
            let table = format!("service.{id}.{}.{name}", fact.key);
            match target {
                Target::Category | Target::Restriction => titled(table, (name, item), ""),
                Target::ConsolePage | Target::Reference => {
                    titled(format!("{table}.title"), (name, item), "title");
                }
                Target::Pattern | Target::Action if item.states("description") => {}
                Target::Pattern | Target::Action => {
                    let said =
                        rows.get(name.as_str()).filter(|said| target == Target::Action && !said.is_empty());
                    let said = said
                        .map_or(String::new(), |said| format!(", in your own words; the page says: {said}"));
                    undescribed.push(format!("{table}.description{said}"));
                }
            }
        }
    }
    found.extend(undescribed);
    found
}
