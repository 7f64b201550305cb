//! Pages of the family "API | resource path": each layout that Tencent uses, and what is refused.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use xtask::import::{Family, Options, Page, Row, import, read_partly};

macro_rules! pages {
    ($($name:ident)*) => {
        const PAGES: &[(&str, &str)] =
            &[$((stringify!($name), include_str!(concat!("import/paths/", stringify!($name), ".md")))),*];
    };
}
pages! { markdown html quoted swapped general names_last levels associated named braces wrong slips }

fn page(name: &str) -> Page {
    let (_, text) = PAGES.iter().find(|(known, _)| *known == name).expect("it is one of the pages");
    read_partly(text)
}

/// Everything that was read, one line a row, and everything that was said.
fn shown(page: &Page) -> String {
    let mut out = String::new();
    for row in &page.rows {
        let level = match (row.contradicts, row.resource_level) {
            (true, _) => "both",
            (_, true) => "resource",
            (_, false) => "operation",
        };
        let _ = writeln!(out, "{} {} {level}", row.place, row.name);
        for pattern in &row.patterns {
            let _ = writeln!(out, "  {pattern}");
        }
        for printed in &row.printed {
            let _ = writeln!(out, "  printed {printed}");
        }
        for key in row.condition_keys.iter().chain(&row.doc_url) {
            let _ = writeln!(out, "  {key}");
        }
    }
    for form in &page.forms {
        let _ = writeln!(out, "all of {}: {}", form.single, form.all);
    }
    for (kind, messages) in [("note", &page.notes), ("error", &page.errors)] {
        for message in messages {
            let _ = writeln!(out, "{kind} {}: {}", message.place, message.message);
        }
    }
    out
}

#[test]
fn each_layout_is_read_exactly() {
    for (name, _) in PAGES {
        let page = page(name);
        assert_eq!(page.family, Family::ResourcePath, "{name}");
        insta::assert_snapshot!(*name, shown(&page));
    }
}

/// The names of APIs in the text of a page, without regard to its layout.
fn names_in(text: &str) -> BTreeSet<String> {
    const VERBS: &[&str] = &[
        "Accept", "Activate", "Assign", "Bind", "Cancel", "Create", "Delete", "Describe", "Modify", "Move",
        "Offline", "Register", "Rename", "Reset", "Start", "Stop",
    ];
    // Words of the page that a viewer sees as one.
    let mut seen = text.replace("=\n", "").replace("=3D", "=");
    while let Some((start, end)) =
        seen.find("<span").and_then(|at| Some((at, at + seen[at..].find('>')? + 1)))
    {
        seen.replace_range(start..end, "");
    }
    let seen = seen.replace("</span>", "");
    let words = seen.split(|character: char| !character.is_ascii_alphanumeric());
    let is_name = |word: &&str| {
        VERBS.iter().any(|verb| {
            word.strip_prefix(verb)
                .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase()))
        })
    };
    words.filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_api_in_the_text_of_a_page_is_read_or_reported() {
    for (name, text) in PAGES {
        let page = read_partly(text);
        let read: BTreeSet<String> = page.rows.iter().map(|row| row.name.clone()).collect();
        let all = names_in(text);
        assert!(!all.is_empty(), "{name}");
        if page.errors.is_empty() {
            assert_eq!(read, all, "{name}");
            continue;
        }
        let lines: BTreeSet<usize> = page.errors.iter().map(|error| error.place.line).collect();
        for api in all.difference(&read) {
            let line = text.lines().position(|line| line.contains(api.as_str())).unwrap_or_default() + 1;
            // An error about a table stands at its head.
            assert!(
                lines.contains(&line) || lines.contains(&(line - 2)),
                "{name}: {api} in line {line} is lost"
            );
        }
    }
}

/// Only what is certain is read of a page that ends too early, wherever it ends.
#[test]
fn a_page_that_ends_anywhere_states_nothing_else() {
    for (name, text) in PAGES {
        let whole = page(name);
        // The end of a row may be what is wrong with it.
        if !whole.errors.is_empty() {
            continue;
        }
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let part = read_partly(&text[..at]);
            for row in &part.rows {
                let known = whole.rows.iter().find(|known| known.name == row.name);
                let known =
                    known.unwrap_or_else(|| panic!("{name}: {} is no name:\n{}", row.name, &text[..at]));
                // The table that says otherwise may be missing, and nothing in the first one tells of it. So may an
                // example behind the tables, which names one resource.
                if known.contradicts || *name == "levels" {
                    continue;
                }
                let facts = |row: &Row| {
                    let (printed, keys) = (row.printed.clone(), row.condition_keys.clone());
                    (row.resource_level, row.patterns.clone(), printed, keys)
                };
                assert_eq!(facts(row), facts(known), "{name}: {}:\n{}", row.name, &text[..at]);
            }
        }
    }
}

fn options() -> Options {
    Options {
        service: "demo".to_owned(),
        name_en: Some("Demo".to_owned()),
        name_zh: Some("样例".to_owned()),
        read: "2026-11-21".to_owned(),
        dated: Some("2023-06-30".to_owned()),
        ..Options::default()
    }
}

#[test]
fn the_catalog_has_what_the_page_states() {
    let text = |name: &str| PAGES.iter().find(|(known, _)| *known == name).expect("a page").1;
    for name in ["markdown", "quoted", "general", "levels"] {
        let merged =
            import("", "page", text(name), &options()).unwrap_or_else(|error| panic!("{name}: {error}"));
        insta::assert_snapshot!(format!("{name}_catalog"), merged.text);
        let again =
            import(&merged.text, "page", text(name), &options()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.text, merged.text, "a second import changes nothing");
    }
}

#[test]
fn a_page_of_a_part_removes_nothing() {
    let whole = import("", "page", PAGES[0].1, &options()).expect("it is read");
    let part: String = PAGES[0].1.split("### Queues").next().expect("a part").to_owned();
    let merged = import(&whole.text, "page", &part, &options()).expect("it is read");
    assert_eq!(merged.text, whole.text);
}

#[test]
fn a_page_of_another_service_is_refused() {
    let other = Options { service: "other".to_owned(), ..options() };
    for (name, text) in PAGES.iter().filter(|(name, _)| matches!(*name, "markdown" | "named")) {
        let error = import("", "page", text, &other).expect_err(name);
        assert!(error.contains("not `other`"), "{error}");
    }
}

const HEAD: &str = "| API | Resource path | Condition key |\n| --- | --- | --- |\n";

/// What programs make of a cell on its way from page to page does not change what it states.
#[test]
fn a_cell_states_the_same_in_other_dress() {
    let patterns = ["qcs::demo:${region}:uin/${uin}:host/${hostId}"];
    for resource in [
        "`qcs::demo:$region:$account:host/*`<br>`qcs::demo:$region:$account:host/$hostId`",
        "“qcs::demo:$region:$account:host/*“<br>“qcs::demo:$region:$account:host/$hostId“",
        "「qcs::demo:$region:$account:host/$hostId」",
        "<code>qcs::demo:$region:$account:host/\\*</code><br><code>qcs::demo:$region:$account:host/$hostId</code>",
        "`qcs::demo:$region:$account:host/&#42;`<br>`qcs::demo:$region:$account:host/$hostId&nbsp;`",
        "`qcs::demo:&#36;region:$account:host/$hostId`",
    ] {
        for keys in ["demo:zone<br>demo:region", "demo:zone&lt;br&gt;demo:region"] {
            let found = read_partly(&format!("{HEAD}| RenameHost | {resource} | {keys} |\n"));
            let row = found.rows.first().unwrap_or_else(|| panic!("{resource}: {:?}", found.errors));
            assert_eq!(
                (row.patterns.as_slice(), row.printed.len()),
                (&patterns.map(str::to_owned)[..], 0),
                "{resource}"
            );
            assert_eq!(row.condition_keys, ["demo:region", "demo:zone"], "{keys}");
        }
    }
}

#[test]
fn a_cell_that_says_the_same_is_the_cell_above() {
    let one = "| RenameHost | `qcs::demo:$region:$account:host/$hostId` | demo:zone |\n";
    for ditto in ["同上", "〃", "ditto"] {
        let found = read_partly(&format!("{HEAD}{one}| DeleteHost | {ditto} | {ditto} |\n"));
        assert_eq!(found.errors, []);
        assert_eq!(found.rows[1].patterns, found.rows[0].patterns, "{ditto}");
        assert_eq!(found.rows[1].condition_keys, ["demo:zone"]);
        assert_eq!(found.notes.iter().filter(|note| note.message.contains("cell above")).count(), 2);
    }
    let first = read_partly(&format!("{HEAD}| RenameHost | 同上 | |\n{one}"));
    assert!(!first.errors.is_empty(), "no cell stands above");
}

#[test]
fn the_keys_may_stand_under_any_heading() {
    let head = HEAD.replace("Condition key", "Remarks");
    let row = |name: &str, keys: &str| {
        format!("| {name}Host | `qcs::demo:$region:$account:host/$hostId` | {keys} |\n")
    };
    let rows =
        [row("Rename", "demo:zone"), row("Delete", "demo:zone<br>demo:region"), row("Start", "see below")];
    let found = read_partly(&(head + &rows.concat()));
    assert_eq!(found.rows[1].condition_keys, ["demo:region", "demo:zone"]);
    assert!(found.notes.iter().any(|note| note.message.contains("`see below`")), "{:?}", found.notes);
    let wrong = read_partly(&format!("{HEAD}{}", row("Rename", "demo:zone demo:")));
    assert!(wrong.rows.is_empty() && wrong.errors[0].message.contains("is no condition key"));
}

/// Where the page states resources elsewhere, a table whose resources are not read must not get those.
#[test]
fn resources_that_are_not_read_are_not_taken_from_elsewhere() {
    let types =
        "| Resource type | Resource |\n| --- | --- |\n| Host | `qcs::demo:$region:$account:host/$hostId` |\n";
    let heading = "\n## APIs supporting resource-level permissions\n\n";
    for path in ["QCS::demo:$region:$account:disk/$diskId", "ｑｃｓ：：demo:$region:$account:disk/$diskId"]
    {
        let page = format!("{types}{heading}{HEAD}| RenameDisk | `{path}` | |\n");
        let found = read_partly(&page);
        assert!(found.rows.is_empty(), "{:?}", found.rows);
        assert!(found.errors[0].message.contains("do not begin with `qcs::`"), "{:?}", found.errors);
    }
    let disks = "| RenameDisk | `qcs::demo:$region:$account:disk/$diskId` | |\n";
    let others = "\n| API | Description |\n| --- | --- |\n| ListDisks | Lists disks. |\n";
    let found = read_partly(&format!("{types}{heading}{HEAD}{disks}{others}"));
    assert_eq!(found.rows.len(), 1, "{:?}", found.rows);
    assert!(found.errors[0].message.contains("a heading may be missing"), "{:?}", found.errors);
    let not = "\n## APIs not supporting resource-level permissions\n";
    let whole = read_partly(&format!("{types}{heading}{HEAD}{disks}{not}{others}"));
    assert_eq!((whole.rows.len(), whole.errors.len()), (2, 0));
    let broken =
        read_partly(&format!("{HEAD}| RenameDisk | `qcs::demo:$r egion:$account:disk/{{磁盘}}` | |\n"));
    assert!(broken.rows.is_empty() && broken.errors[0].message.contains("may be the rest of it"));
}

/// A program that drops the borders of one table of a page does not drop its rows in silence.
#[test]
fn a_table_without_borders_beside_others_is_told() {
    let whole = "# Demo\n\nAPIs supporting resource-level authorization include:\n\n\
        | API name | Resource |\n|---|---|\n| MakeOne | `qcs::demo::uin/${uin}:one/${Id}` |\n\n\
        APIs supporting operation-level authorization include:\n\n";
    for (rows, told) in [
        ("API name\tDescription\tResource\nMakeTwo\tMakes two\t\\*\n", "write `|` between them"),
        ("API name Description Resource\nMakeTwo Makes two *\n", "write `|` between them"),
        ("API name\tResource\nMakeTwo\t*\n", "this line stands in no table"),
        ("MakeTwo\t`*`\n", "this line stands in no table"),
        ("API name\nDescription\nResource\nMakeTwo\nMakes two\n*\n", "the head of a table without borders"),
    ] {
        let page = read_partly(&format!("{whole}{rows}\nThe end of the page is a sentence.\n"));
        assert_eq!(page.family, Family::ResourcePath, "{rows}");
        let names: Vec<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["MakeOne"], "{rows}");
        assert!(page.errors.iter().any(|error| error.message.contains(told)), "{rows}: {:#?}", page.errors);
    }
}

/// Tencent publishes such pages in Japanese, too. The Korean words follow those of its other pages.
#[test]
fn japanese_and_korean_pages_are_read() {
    for (name, does, resource, can, cannot) in [
        (
            "インターフェース名",
            "インターフェースの機能",
            "リソース（Resource）",
            "リソースレベルの承認をサポートするAPI",
            "リソースレベルの承認をサポートしないAPI",
        ),
        (
            "API 操作",
            "説明",
            "リソースパス",
            "リソースレベルの権限をサポートするAPI",
            "リソースレベルの権限をサポートしていないAPI",
        ),
        (
            "인터페이스 이름",
            "인터페이스 기능",
            "리소스 경로",
            "리소스 수준 권한 부여를 지원하는 API",
            "리소스 수준 권한 부여를 지원하지 않는 API",
        ),
    ] {
        let with = "| RenameHost | x | `qcs::demo:$region:$account:host/$hostId` |";
        let text = format!(
            "## {can}\n\n| {name} | {does} | {resource} |\n|---|---|---|\n{with}\n\n## {cannot}\n\n| {name} | {does} |\n|---|---|\n\
             | ListHosts | x |\n"
        );
        let found = read_partly(&text);
        let levels: Vec<_> = found.rows.iter().map(|row| (row.name.as_str(), row.resource_level)).collect();
        assert_eq!(found.errors, [], "{name}");
        assert_eq!(levels, [("RenameHost", true), ("ListHosts", false)], "{name}");
    }
}
