//! What the targets of the importer share.

use std::collections::HashSet;

use xtask::import::{Family, Options, import_page, read, read_partly};

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

/// Adds rows to a page "API | resource path", each with another name, and looks for the names in what was read and reported.
///
/// The bytes are the page, up to its first table. Behind the head of the table come rows, and the rest of the bytes stands
/// between them.
///
/// # Panics
///
/// If a name is neither read nor reported.
pub fn loses_no_row(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Rows within a tag of HTML, or of a page that is encoded, are no rows.
    if text.contains(['<', '=']) {
        return;
    }
    let Some((above, between)) = text.split_once("\n---\n") else { return };
    let mut page = format!("{above}\n\n| API | Resource Path |\n|---|---|\n");
    let mut names = Vec::new();
    for (number, part) in between.split('\n').take(8).enumerate() {
        let name = format!("DescribeSeeded{}", char::from(b'A' + u8::try_from(number).unwrap_or_default()));
        page.push_str(&format!("| {name} | `qcs::demo::uin/${{uin}}:seed/${{Id}}` |\n{part}\n"));
        names.push(name);
    }
    let read = read_partly(&page);
    if read.family != Family::ResourcePath {
        assert!(!read.errors.is_empty(), "a page that is not understood is reported:\n{page}");
        return;
    }
    let lines: Vec<&str> = page.split('\n').collect();
    let rows: HashSet<&str> = read.rows.iter().map(|row| row.name.as_str()).collect();
    // An error about a table or a heading stands there.
    let of_table = read.errors.iter().any(|error| error.message.contains("table"));
    for name in names {
        let told = read.errors.iter().chain(&read.cut).any(|error| {
            error.message.contains(&name)
                || lines.get(error.place.line - 1).is_some_and(|line| line.contains(&name))
        });
        assert!(rows.contains(name.as_str()) || told || of_table, "{name} is lost:\n{page}");
    }
}
