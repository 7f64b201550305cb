//! What a reader of the permission pages sees.

mod common;

use cam_policy::catalog::{Granularity, Service};
use common::{CATALOG, Copy};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use tencent_cam_codegen::{Arena, parse};

const LANGUAGES: [&str; 2] = ["en", "zh"];

#[test]
fn pages_of_the_fixture() {
    let copy = Copy::generated();
    for page in ["README", "alpha.en", "alpha.zh", "live.en", "live.zh"] {
        insta::assert_snapshot!(page, copy.read(&format!("docs/permissions/{page}.md")));
    }
}

#[test]
fn one_table_a_group_and_one_row_an_action() {
    let real = include_str!("../../catalog.toml");
    for text in [CATALOG, real] {
        let arena = Arena::new();
        let catalog = parse(&arena, "catalog.toml", text).expect("a valid catalog");
        let copy = Copy::of(text);
        assert_eq!(copy.run(&["tables"]).code, 0);
        for service in catalog.services {
            for language in LANGUAGES {
                let page = copy.read(&format!("docs/permissions/{}.{language}.md", service.id));
                check_tables(service, &tables(&page));
            }
        }
        assert_eq!(tables(&copy.read("docs/permissions/README.md"))[0].rows.len(), catalog.services.len());
    }
}

fn check_tables(service: &Service<'_>, tables: &[Table]) {
    let groups = service.groups();
    assert_eq!(tables.len(), 1 + groups.len(), "the basic facts and the groups of {}", service.id);
    for (table, (_, actions)) in tables[1..].iter().zip(groups) {
        let names: Vec<&str> = actions.iter().map(|action| action.name()).collect();
        let first: Vec<&str> = table.rows.iter().map(|row| row[0].text.as_str()).collect();
        assert_eq!(first, names);
        for (row, action) in table.rows.iter().zip(actions) {
            assert_eq!(row.len(), table.header.len(), "{action}");
            assert_eq!(row[0].links.first().map(String::as_str), action.doc_url(), "{action}");
            let patterns: Vec<&str> = match action.granularity() {
                Granularity::Resource => {
                    let patterns = action.patterns().iter().map(|pattern| pattern.single);
                    patterns.chain(action.printed_patterns().iter().copied()).collect()
                }
                _ => vec!["*"],
            };
            assert!(row.iter().any(|cell| cell.codes == patterns), "{action}: {patterns:?}");
        }
    }
}

#[test]
fn columns_only_for_known_facts() {
    let copy = Copy::generated();
    let headers = |page: &str| -> Vec<Vec<String>> {
        let tables = tables(&copy.read(&format!("docs/permissions/{page}.md")));
        tables.into_iter().skip(1).map(|table| table.header).collect()
    };
    let by_level = ["Action", "Description", "Granularity", "Resource", "IP condition"];
    assert_eq!(headers("alpha.en"), [by_level, by_level]);
    assert_eq!(headers("alpha.zh")[0], ["接口名", "接口描述", "授权粒度", "资源六段式", "IP限制"]);
    assert_eq!(
        headers("live.en"),
        [
            vec!["Action", "Category", "Description", "Resource", "Exposes credentials"],
            vec!["Action", "Console pages", "Description", "Resource", "Restriction"],
        ]
    );
}

#[test]
fn texts_are_shown_as_the_catalog_has_them() {
    let copy = Copy::generated();
    let tables = tables(&copy.read("docs/permissions/alpha.en.md"));
    assert_eq!(tables[0].rows[0][0].text, "Alpha | Beta");
    assert_eq!(tables[1].rows[0][1].text, "Attaches a disk for $5 <now> | *later*.");
    assert_eq!(tables[1].rows[1][1].text, "Creates a disk with a stray \\ in it.");
    assert_eq!(tables[1].rows[0][0].links, ["https://example.com/doc%281%29?a=1&copy;=2"]);
}

#[test]
fn unknown_is_never_no() {
    let copy = Copy::generated();
    for (page, unknown, no) in [("live.en", "unknown", "not supported"), ("live.zh", "未知", "不支持")] {
        let page = copy.read(&format!("docs/permissions/{page}.md"));
        let cells: Vec<String> = tables(&page)[0].rows[0].iter().map(|cell| cell.text.clone()).collect();
        assert_eq!([&cells[2], &cells[3], &cells[5]], [unknown; 3]);
        assert!(!page.contains(no));
    }
    let alpha = copy.read("docs/permissions/alpha.zh.md");
    let last = tables(&alpha).pop().expect("a table");
    assert_eq!(last.rows[0][4].text, "未知");
}

#[test]
fn columns_are_aligned() {
    use unicode_width::UnicodeWidthStr;

    let copy = Copy::generated();
    for page in ["README", "alpha.zh", "live.zh"] {
        let text = copy.read(&format!("docs/permissions/{page}.md"));
        for table in text.split("\n\n").filter(|block| block.starts_with('|')) {
            // A row with a cell wider than its column cannot line up to its end.
            let lines: Vec<&str> = table.lines().filter(|line| !line.contains("<br>")).collect();
            let bars = |line: &str| -> Vec<usize> {
                let unescaped =
                    line.match_indices('|').filter(|(at, _)| *at == 0 || line.as_bytes()[at - 1] == b' ');
                unescaped.map(|(at, _)| line[..at].width()).collect()
            };
            for line in &lines {
                assert_eq!(bars(line), bars(lines[0]), "{page}: {line}");
            }
        }
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    let (one, other) = (Copy::generated(), Copy::generated());
    assert_eq!(one.files(), other.files());
    for file in one.files() {
        assert_eq!(one.read(&file), other.read(&file), "{file}");
    }
}

#[test]
fn no_placeholder_is_left_unexplained() {
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", CATALOG).expect("a valid catalog");
    let copy = Copy::generated();
    for service in catalog.services {
        let page = copy.read(&format!("docs/permissions/{}.en.md", service.id));
        for pattern in service.patterns {
            for piece in pattern.single.split("${").skip(1) {
                let name = piece.split('}').next().unwrap_or_default();
                assert!(page.contains(&format!("- `${{{name}}}`: ")), "{}: {name}", service.id);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Cell {
    text: String,
    links: Vec<String>,
    codes: Vec<String>,
}

#[derive(Debug, Default)]
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// The tables of a page, as GitHub's dialect has them.
fn tables(page: &str) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut table = Table::default();
    let mut row = Vec::new();
    let mut cell = Cell::default();
    let mut inside = false;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(Tag::TableCell) => (cell, inside) = (Cell::default(), true),
            Event::End(TagEnd::TableCell) => {
                inside = false;
                row.push(std::mem::take(&mut cell));
            }
            Event::End(TagEnd::TableHead) => {
                table.header = row.drain(..).map(|cell: Cell| cell.text).collect();
            }
            Event::End(TagEnd::TableRow) => table.rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut table)),
            Event::Start(Tag::Link { dest_url, .. }) if inside => cell.links.push(dest_url.into_string()),
            Event::End(TagEnd::Link) => {}
            Event::Text(text) if inside => cell.text.push_str(&text),
            Event::Code(code) if inside => {
                cell.text.push_str(&code);
                cell.codes.push(code.into_string());
            }
            Event::InlineHtml(html) if inside => {
                assert_eq!(&*html, "<br>", "the only tag that a cell may hold");
            }
            _ => assert!(!inside, "{event:?} in a cell"),
        }
    }
    tables
}
