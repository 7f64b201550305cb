//! The texts of a catalog: those that a page states, and those that nobody has written yet.

use tencent_cam_codegen::model::{Service, Text};

use crate::import::page::Language;

/// What stands where a text is still to be written by hand, in English.
pub const TO_BE_WRITTEN_EN: &str = "(to be written)";

/// What stands where a text is still to be written by hand, in Chinese.
pub const TO_BE_WRITTEN_ZH: &str = "（待撰写）";

pub(super) fn unwritten() -> Text {
    Text { en: TO_BE_WRITTEN_EN.to_owned(), zh: TO_BE_WRITTEN_ZH.to_owned() }
}

/// A text of the page, and a mark where it says nothing.
pub(super) fn worded(language: Language, words: &str) -> Text {
    let mut text = unwritten();
    if !words.is_empty() && !words.contains("://") {
        match language {
            Language::English => words.clone_into(&mut text.en),
            Language::Chinese => words.clone_into(&mut text.zh),
            Language::Japanese | Language::Korean | Language::Indonesian => {}
        }
    }
    text
}

/// The words of a text in the page's language.
pub(super) fn in_language(language: Language, text: &Text) -> Option<&str> {
    match language {
        Language::English => Some(&text.en),
        Language::Chinese => Some(&text.zh),
        Language::Japanese | Language::Korean | Language::Indonesian => None,
    }
}

/// A title in the page's language, where the catalog has one.
pub(super) fn titled(language: Language, title: &Text) -> Option<&str> {
    in_language(language, title).filter(|text| *text != TO_BE_WRITTEN_EN && *text != TO_BE_WRITTEN_ZH)
}

/// Without whitespace and case: pages are not consistent about either.
pub(super) fn loose(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
}

pub(super) fn to_be_written(service: &Service) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |table: String, text: &Text| {
        if text.en == TO_BE_WRITTEN_EN {
            found.push(format!("{table}: English"));
        }
        if text.zh == TO_BE_WRITTEN_ZH {
            found.push(format!("{table}: Chinese"));
        }
    };
    let id = &service.id;
    look(format!("service.{id}.name"), &service.name);
    for pattern in &service.patterns {
        look(format!("service.{id}.pattern.{}.description", pattern.name), &pattern.description);
    }
    for category in &service.categories {
        look(format!("service.{id}.category.{}", category.name), &category.title);
    }
    for page in &service.console_pages {
        look(format!("service.{id}.console_page.{}.title", page.name), &page.title);
    }
    for reference in &service.references {
        look(format!("service.{id}.reference.{}.title", reference.name), &reference.title);
    }
    for (reason, text) in &service.restrictions {
        look(format!("service.{id}.restriction.{}", reason.word()), text);
    }
    for action in &service.actions {
        look(format!("service.{id}.action.{}.description", action.name), &action.description);
    }
    found
}
