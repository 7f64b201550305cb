//! What the targets of the importer share.

use xtask::import::{Family, Options, import_page, read};

/// Imports a page into nothing, and into what came out; false if it is a page of the other family.
///
/// # Panics
///
/// When the importer breaks a promise: that is what the targets look for.
#[must_use]
pub fn import_twice(bytes: &[u8], family: Family) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let page = match read(text) {
        Ok(page) => page,
        Err(errors) => {
            let lines = text.split(['\n', '\r']).count() + 1;
            assert!(!errors.is_empty());
            assert!(
                errors.iter().all(|error| (1..=lines).contains(&error.place.line) && error.place.column > 0)
            );
            return true;
        }
    };
    if page.family != family {
        return false;
    }
    let service = page.product.as_ref().map_or("", |product| product.abbreviation.as_str());
    let first = page.rows.iter().flat_map(|row| &row.patterns).find_map(|pattern| pattern.split(':').nth(2));
    let service = if service.is_empty() { first.unwrap_or("demo") } else { service };
    let options = Options {
        service: service.to_owned(),
        name_en: Some("Demo".to_owned()),
        read: "2026-11-21".to_owned(),
        ..Options::default()
    };
    match import_page("", "page", page.clone(), &options) {
        Ok(first) => {
            let again = import_page(&first.text, "page", page, &options)
                .expect("what was imported can be imported again");
            assert_eq!(again.text, first.text);
        }
        // A page may state what no catalog can hold, but never something else than what is written.
        Err(message) => assert!(!message.contains("is not what the page says"), "{message}"),
    }
    true
}
