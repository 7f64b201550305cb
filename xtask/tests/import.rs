//! `import`: what each layout yields, what a merge keeps, and what is said about pages that are wrong.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cam_policy::catalog::{AccessLevel, Group, Target};
use common::{Copy, edit};
use tencent_cam_codegen::draft::{Draft, ServiceDraft};
use xtask::import::{Family, Language, Layout, Options, Page, import, read};

const CCC: &str = include_str!("import/ccc_zh.txt");
const TRTC: &str = include_str!("import/trtc_en.md");
const CHECKED_IN: &str = include_str!("../../catalog.toml");

const BLANKS: &str = include_str!("import/enabled/blanks.txt");
const CELLS: &str = include_str!("import/enabled/cells.txt");
const MARKDOWN: &str = include_str!("import/enabled/markdown.md");
const HTML: &str = include_str!("import/enabled/html.md");
const MANAGEABLE: &str = include_str!("import/manageable/en.md");

fn options(service: &str) -> Options {
    Options {
        service: service.to_owned(),
        name_en: Some("Demo".to_owned()),
        name_zh: Some("样例".to_owned()),
        read: "2026-11-21".to_owned(),
        ..Options::default()
    }
}

fn page(text: &str) -> Page {
    read(text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn imported(catalog: &str, service: &str, text: &str) -> String {
    import(catalog, "page", text, &options(service)).unwrap_or_else(|error| panic!("{error}")).text
}

fn parsed(text: &str) -> Draft {
    let arena = tencent_cam_codegen::Arena::new();
    let catalog = tencent_cam_codegen::parse(&arena, "catalog.toml", text);
    Draft::of(&catalog.unwrap_or_else(|report| panic!("{report}")))
}

fn errors(text: &str) -> String {
    let errors = read(text).expect_err("the page is wrong");
    let mut told = String::new();
    for error in errors {
        writeln!(told, "{}: {}", error.place, error.message).unwrap();
    }
    told
}

#[test]
fn every_layout_of_an_enabled_page_states_the_same() {
    let pages = [
        (BLANKS, Layout::Whitespace),
        (CELLS, Layout::CellLines),
        (MARKDOWN, Layout::Markdown),
        (HTML, Layout::Markdown),
    ];
    for (text, layout) in pages {
        let page = page(text);
        assert_eq!((page.family, page.layout, page.cut.as_ref()), (Family::CamEnabled, layout, None));
        let product = page.product.as_ref().unwrap();
        assert_eq!(product.abbreviation, "demo");
        assert_eq!((product.console_access, product.tag_authorization), (Some(true), Some(false)));
        assert_eq!(product.ip_restriction.map(|found| found.as_str()), Some("partial"));
        let rows: Vec<_> = page
            .rows
            .iter()
            .map(|row| {
                (row.name.as_str(), row.resource_level, row.access_level.unwrap(), row.ip_condition.unwrap())
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("DescribeThings", true, AccessLevel::Read, true),
                ("DescribeNothing", false, AccessLevel::Read, false),
                ("CreateThing", false, AccessLevel::Write, true),
            ],
            "{layout:?}"
        );
        assert_eq!(
            page.rows[0].patterns,
            ["qcs::demo::uin/${uin}:thing/${ThingId}", "qcs::demo:${region}:uin/${uin}:box/${BoxId}"]
        );
        assert!(page.rows[0].description.contains(", "), "{}", page.rows[0].description);
        assert_eq!(page.rows[1].description, "");
        assert!(
            page.notes.iter().any(|note| note.message.contains("$region")),
            "what is read otherwise is said"
        );
    }
    assert_eq!(page(BLANKS).language, Language::Chinese);
    assert_eq!(page(BLANKS).rows[0].description, "列出 若干, 东西");
    assert_eq!(page(BLANKS).product.unwrap().name, "样例 产品");
}

#[test]
fn a_manageable_page_states_its_facts() {
    let page = page(MANAGEABLE);
    assert_eq!(page.family, Family::Manageable);
    assert_eq!(page.forms.len(), 1);
    let [list, get, create] = page.rows.as_slice() else { panic!("{:#?}", page.rows) };
    assert_eq!(list.category.as_deref(), Some("Things | more"));
    assert_eq!(list.doc_url.as_deref(), Some("https://example.com/1"));
    assert_eq!(list.patterns, ["qcs::demo::uin/${uin}:thing/${ThingId}"]);
    let titles: Vec<_> =
        get.console_pages.iter().map(|link| (link.title.as_str(), link.url.as_str())).collect();
    assert_eq!(
        titles,
        [
            ("Things > One & all", "https://console.example.com/a"),
            ("Overview", "https://console.example.com/b")
        ]
    );
    assert_eq!(get.references[0].url, "https://example.com/more");
    assert_eq!(create.restriction.as_ref().map(|(reason, _)| reason.as_str()), Some("business_reasons"));
    assert_eq!(create.alternative.as_deref(), Some("DescribeThings"));
}

#[test]
fn headings_in_each_language_are_known() {
    for (language, text) in [
        (Language::Chinese, include_str!("import/manageable/zh.md")),
        (Language::Japanese, include_str!("import/manageable/ja.md")),
        (Language::Korean, include_str!("import/manageable/ko.md")),
    ] {
        let page = page(text);
        assert_eq!((page.language, page.family), (language, Family::Manageable));
        let levels: Vec<_> = page.rows.iter().map(|row| (row.name.as_str(), row.resource_level)).collect();
        assert_eq!(levels, [("GetA", true), ("GetB", false)]);
        assert_eq!(
            page.rows[1].restriction.as_ref().map(|(reason, _)| reason.as_str()),
            Some("business_reasons")
        );
    }
}

/// What a page can state of a service, in terms of the page and not of the catalog's own names.
fn facts(service: &ServiceDraft) -> Vec<String> {
    let urls = |of| service.items(of).values().map(|link| link.text("url")).collect::<BTreeSet<_>>();
    let stated = |key| service.facts.get(key);
    let patterns = service.items(Target::Pattern).values();
    let mut facts = vec![format!(
        "{:?} {:?}",
        ["granularity", "grouped_by", "console_access", "tag_authorization", "ip_restriction", "source.read"]
            .map(stated),
        patterns.map(|pattern| (pattern.text("single"), pattern.text("all"))).collect::<BTreeSet<_>>(),
    )];
    facts.push(format!("{:?}", urls(Target::Reference)));
    for (group, names) in service.groups() {
        for name in names.into_iter().filter(|_| group != Group::Undocumented) {
            let action = &service.items(Target::Action)[name];
            let named = |of, key| action.list(key).iter().map(move |name| &service.items(of)[name]);
            let patterns: BTreeSet<_> = named(Target::Pattern, "patterns")
                .map(|pattern| (pattern.text("single"), pattern.below("placeholder").collect::<Vec<_>>()))
                .collect();
            let pages: Vec<_> = named(Target::ConsolePage, "console_pages")
                .map(|page| (page.text("title.en"), page.text("url")))
                .collect();
            let category =
                action.text("category").map(|name| service.items(Target::Category)[name].text("en"));
            let references: Vec<_> =
                named(Target::Reference, "references").map(|link| link.text("url")).collect();
            let others = [
                "granularity",
                "access_level",
                "surface",
                "doc_url",
                "ip_condition",
                "restriction",
                "alternative",
            ];
            facts.push(format!(
                "{name} {:?} {patterns:?} {category:?} {pages:?} {references:?}",
                others.map(|key| action.get(key))
            ));
        }
    }
    facts
}

#[test]
fn the_sources_facts_into_nothing_are_the_checked_in_catalog() {
    let catalog = parsed(&imported(&imported("", "trtc", TRTC), "ccc", CCC));
    let checked_in = parsed(CHECKED_IN);
    assert_eq!(catalog.services.len(), 2);
    for (id, found) in &catalog.services {
        let mut wanted = checked_in.services[id].clone();
        if id == "trtc" {
            // The list of products states it, the page does not.
            assert_eq!(wanted.facts.flag("tag_authorization"), Some(true));
            wanted.facts.remove("tag_authorization");
        }
        let (found, wanted) = (facts(found), facts(&wanted));
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found, wanted);
        }
    }
    let count = |of: &Draft| -> usize {
        catalog.services.keys().map(|id| of.services[id].items(Target::Action).len()).sum()
    };
    assert_eq!((count(&catalog), count(&checked_in)), (171, 171 + 119));
}

#[test]
fn importing_what_is_known_changes_no_byte() {
    assert_eq!(imported(CHECKED_IN, "ccc", CCC), CHECKED_IN);
    assert_eq!(imported(CHECKED_IN, "trtc", TRTC), CHECKED_IN);
    for text in [BLANKS, CELLS, MARKDOWN, HTML, MANAGEABLE] {
        let first = imported("", "demo", text);
        assert_eq!(imported(&first, "demo", text), first);
    }
}

#[test]
fn a_title_that_is_not_written_down_is_known_by_its_actions() {
    let address = MANAGEABLE.replace("Things \\| more", "https://example.com/things");
    let first = imported("", "demo", &address);
    assert!(first.contains("category = \"https_example_com_things\""), "{first}");
    assert_eq!(imported(&first, "demo", &address), first);

    let chinese = MANAGEABLE.replace("Things \\| more", "东西").replace("Category", "接口分类");
    let first = imported("", "demo", MANAGEABLE);
    assert!(chinese != MANAGEABLE && first.contains("[service.demo.category.things_more]"), "{first}");
    assert_eq!(imported(&first, "demo", &chinese), first);
}

#[test]
fn a_link_without_a_title_is_known_by_its_actions() {
    let link = "<a href=\"https://console.example.com/c\"></a>";
    let page = edit(MANAGEABLE, "<td>Console:<ul>", &format!("<td>Console:{link}{link}<ul>"));
    let first = imported("", "demo", &page);
    assert!(first.contains("[service.demo.console_page.c_page]"), "{first}");
    assert_eq!(imported(&first, "demo", &page), first);
}

#[test]
fn an_empty_cell_of_a_markdown_table_is_a_cell() {
    let page = page(&edit(MARKDOWN, "| DescribeNothing | |", "| DescribeNothing ||"));
    assert_eq!((page.rows[1].name.as_str(), page.rows[1].description.as_str()), ("DescribeNothing", ""));
    let told = errors(&edit(MARKDOWN, "\nWrite operations", "||\n||||||\n\nWrite operations"));
    assert_eq!(
        told,
        "13:2: the row is not understood: it has 1 cell, not 5\n\
         14:2: the row is not understood: it has no name\n"
    );
}

#[test]
fn titles_that_yield_one_name_are_numbered() {
    let rows: Vec<String> =
        (1..=12).map(|at| format!("|Make{at}|类{at}|Makes one.|Business reasons.|\n")).collect();
    let page = edit(MANAGEABLE, "|CreateThing|", &format!("{}|CreateThing|", rows.concat()));
    let catalog = parsed(&imported("", "demo", &page));
    let names: Vec<&str> = catalog.services["demo"]
        .items(Target::Action)
        .values()
        .filter_map(|action| action.text("category"))
        .collect();
    assert!(names.contains(&"category") && names.contains(&"category_2") && names.contains(&"category_12"));
}

#[test]
fn what_people_wrote_stays() {
    let first = imported("", "demo", BLANKS);
    let mine = edit(&first, "[service.demo.action.CreateThing]", "# why\n[service.demo.action.CreateThing]");
    let thing = mine.find("CreateThing]").unwrap();
    let (above, thing) = mine.split_at(thing);
    let written =
        "ip_condition = true\n  description.en = \"Mine.\"\n  # mine\n  description.zh = '我写的。' # so";
    let mine = above.to_owned() + &thing.replacen("ip_condition = true", written, 1);
    let mine = edit(&mine, "# why", "# why so");
    let changed = BLANKS.replace(
        "CreateThing 新建 操作级 * 支持",
        "AddThing 加 操作级 * 支持\nCreateThing 改 操作级 * 不支持",
    );
    let second = imported(&mine, "demo", &changed);
    let expected = edit(
        &mine,
        "\n# why so",
        "\n[service.demo.action.AddThing]\n  granularity = \"operation\"\n  access_level = \"write\"\n  ip_condition = true\n\n# why so",
    );
    let start = expected.find("# why so").unwrap();
    let expected = expected[..start].to_owned()
        + &expected[start..].replacen("ip_condition = true", "ip_condition = false", 1);
    assert_eq!(second, expected);
}

#[test]
fn what_vanished_is_marked_and_what_returns_is_not() {
    let first = imported("", "demo", BLANKS);
    let without = BLANKS.replace("DescribeNothing 操作级 * 不支持\n", "");
    let second = imported(&first, "demo", &without);
    assert_eq!(
        second,
        edit(
            &first,
            "[service.demo.action.DescribeNothing]\n",
            "[service.demo.action.DescribeNothing]\n  removed = 2026-11-21\n"
        )
    );
    assert_eq!(imported(&second, "demo", BLANKS), first);
}

#[test]
fn a_link_that_a_page_leaves_out_stays_and_one_that_differs_does_not() {
    let first = imported("", "demo", MANAGEABLE);
    let link = "https://example.com/1";
    assert!(first.contains(link), "{first}");
    let told = |text: &str| {
        let import = import(&first, "page", text, &options("demo")).unwrap();
        (import.text, import.merged.report.join("\n"))
    };
    let (text, report) = told(&edit(MANAGEABLE, "[DescribeThings](https://example.com/1)", "DescribeThings"));
    assert_eq!(text, first);
    assert!(
        report.contains("kept         `doc_url` of `DescribeThings`: the page does not state it"),
        "{report}"
    );
    let (text, report) = told(&edit(MANAGEABLE, link, "https://example.com/2"));
    assert_eq!(text, edit(&first, link, "https://example.com/2"));
    assert!(report.contains("`doc_url` from") && !report.contains("kept  "), "{report}");
    assert!(!told(MANAGEABLE).1.contains("kept  "), "the page states all that is known");
}

#[test]
fn an_override_wins_until_the_source_agrees() {
    let first = imported("", "demo", BLANKS);
    let (above, thing) = first.split_at(first.find("[service.demo.action.CreateThing]").unwrap());
    let corrected = "ip_condition = false\n  override.ip_condition.upstream = true\n  \
         override.ip_condition.reason.en = \"It was tried.\"\n  override.ip_condition.reason.zh = \"已验证。\"";
    let mine = above.to_owned() + &thing.replacen("ip_condition = true", corrected, 1);
    assert_ne!(mine, first);
    assert_eq!(imported(&mine, "demo", BLANKS), mine, "the page still states the other");
    let agrees = BLANKS.replace("CreateThing 新建 操作级 * 支持", "CreateThing 新建 操作级 * 不支持");
    let import = import(&mine, "page", &agrees, &options("demo")).unwrap();
    assert_eq!(import.text, mine);
    let told = import.merged.report.join("\n");
    assert!(told.contains("delete `override.ip_condition`"), "{told}");
}

#[test]
fn a_cut_page_gives_its_whole_rows_and_removes_nothing() {
    let full = imported("", "demo", BLANKS);
    for (text, cut_at, name) in [
        (BLANKS, "ing 新建 操作级", "CreateTh"),
        (BLANKS, " 操作级 * 支持\n", "CreateThing"),
        (CELLS, "\nOperation level |\n* |\nSupported |\n", "CreateThing"),
        (MARKDOWN, " Operation level | Makes", "CreateThing"),
        (MARKDOWN, "upported |\n", "CreateThing"),
        (HTML, "<td>Operation level</td><td>*</td><td>Supported</td></tr></table>", "CreateThing"),
    ] {
        let at = text.rfind(cut_at).unwrap();
        let page = page(&text[..at]);
        assert!(page.cut.as_ref().unwrap().message.contains(&format!("`{name}`")), "{:?}", page.cut);
        assert_eq!(page.rows.len(), 2, "{cut_at}");
        assert!(!imported(&full, "demo", &text[..at]).contains("removed ="));
    }
}

#[test]
fn a_page_that_lacks_too_much_removes_nothing_unless_told() {
    let rows = |range: std::ops::Range<usize>| -> String {
        let rows: Vec<String> = range.map(|at| format!("Make{at:02} 造 操作级 * 支持\n")).collect();
        rows.concat()
    };
    let whole = format!("{BLANKS}{}", rows(0..17));
    let catalog = imported("", "demo", &whole);
    // Twenty actions of which a fifth is no cause for doubt, and one more is.
    for (page, left, lacks) in [
        (format!("{BLANKS}{}", rows(0..13)), 4, None),
        (format!("{BLANKS}{}", rows(0..12)), 5, Some("lacks 5 of the 20 actions")),
        (whole[..whole.find("写操作").unwrap()].to_owned(), 18, Some("all 18 actions of a group")),
        (whole[whole.find("写操作").unwrap()..].to_owned(), 2, Some("access level read")),
    ] {
        let merged = import(&catalog, "page", &page, &options("demo")).unwrap();
        assert_eq!(merged.page.cut, None);
        let told = merged.merged.incomplete.as_deref();
        assert_eq!(told.is_some(), lacks.is_some(), "{told:?}");
        assert!(told.unwrap_or_default().contains(lacks.unwrap_or_default()), "{told:?}");
        let marked = merged.text.matches("removed = ").count();
        assert_eq!(marked, if lacks.is_some() { 0 } else { left });
        let missing = merged.merged.report.iter().filter(|line| line.starts_with("missing")).count();
        assert_eq!(missing, left - marked);

        let known = Options { allow_removals: true, ..options("demo") };
        let merged = import(&catalog, "page", &page, &known).unwrap();
        assert_eq!(merged.text.matches("removed = ").count(), left);
    }
    let copy = Copy::of(&catalog);
    copy.write("page.md", &format!("{BLANKS}{}", rows(0..12)));
    let path = copy.path("page.md").to_string_lossy().into_owned();
    let call = |extra: &[&str]| {
        let mut args = vec!["import", path.as_str(), "--service", "demo", "--read", "2026-11-21"];
        args.extend(extra);
        copy.run(&args)
    };
    let doubted = call(&[]);
    assert_eq!(doubted.code, 3);
    assert!(doubted.err.contains("may end between two rows"), "{}", doubted.err);
    assert_eq!(call(&["--allow-truncated"]).code, 0);
    assert_eq!(copy.read("catalog.toml"), catalog);
    assert_eq!(call(&["--allow-removals"]).code, 0);
    assert_eq!(copy.read("catalog.toml").matches("removed = ").count(), 5);
}

#[test]
fn a_page_of_another_service_is_refused() {
    let wrong = |catalog: &str, service: &str, page: &str| {
        import(catalog, "page", page, &options(service)).map(|import| import.text).unwrap_err()
    };
    assert_eq!(wrong("", "demon", BLANKS), "error: page:1:1: the page is of service `demo`, not `demon`\n");
    let told = "error: page:11:2: the page's patterns are of service `demo`, not `demon`\n";
    assert_eq!(wrong("", "demon", MANAGEABLE), told);
    let other = imported("", "ccc", &BLANKS.replace("demo", "ccc"));
    assert!(wrong(&other, "ccc", MANAGEABLE).contains("`demo`, not `ccc`"));
    // Unless the catalog has it that the service's patterns name another.
    let named = imported("", "demo", BLANKS)
        .replace("[service.demo", "[service.demon")
        .replace("  note.all.en", "  service_segment = \"demo\"\n  note.all.en");
    parsed(&named);
    import(&named, "page", MANAGEABLE, &options("demon")).unwrap_or_else(|error| panic!("{error}"));
}

/// It may be meant, and it may be a slip of the page.
#[test]
fn a_pattern_of_another_service_is_told() {
    let row = "CreateB 新建 资源级 qcs::other::uin/${uin}:thing/${ThingId} 支持\n";
    let page =
        BLANKS.replace("CreateThing 新建 操作级 * 支持\n", &format!("CreateThing 新建 操作级 * 支持\n{row}"));
    let doubts = |catalog: &str| -> Vec<String> {
        let merged =
            import(catalog, "page", &page, &options("demo")).unwrap_or_else(|error| panic!("{error}"));
        merged.merged.report.into_iter().filter(|line| line.starts_with("doubt ")).collect()
    };
    let [doubt] = &doubts("")[..] else { panic!("{:?}", doubts("")) };
    assert!(doubt.contains("is of service `other`, not `demo`: see whether that is meant"), "{doubt}");
    // What the catalog has was looked at once.
    assert_eq!(doubts(&imported("", "demo", &page)), Vec::<String>::new());
    assert!(imported("", "demo", &page).contains("service_segment = \"other\""));
}

#[test]
fn every_error_of_a_page_is_reported_in_one_run() {
    let wrong = BLANKS.replace("读操作", "奇怪的操作").replace(
        "CreateThing 新建 操作级 * 支持\n",
        "\
Create-Thing 新建 操作级 * 支持
CreateA 新建 操作级 qcs::demo::uin/${uin}:thing/* 支持
CreateB 新建 资源级 * 支持
CreateC 新建 资源级 qcs::demo:thing 支持
CreateD 新建 资源级 qcs::demo::uin/${uin}:thing/${ 支持
CreateE 新建 粒度级 * 支持
CreateF 新建 操作级 * 也许
CreateG 新建 操作级 支持
CreateH 新建 操作级 * 支持
CreateH 新建 操作级 * 支持
",
    );
    insta::assert_snapshot!(errors(&wrong));
    insta::assert_snapshot!(errors("A letter.\n\nNo table, no page.\n"));
    insta::assert_snapshot!(errors(
        &MARKDOWN.replace(
            " IP Restriction |\n|---|---|---|---|---|\n| D",
            " Weather |\n|---|---|---|---|---|\n| D"
        )
    ));
    insta::assert_snapshot!(errors(&BLANKS.replace(" 资源六段式", "")));
    insta::assert_snapshot!(errors(
        &MANAGEABLE
            .replace("### Server", "### Some")
            .replace("Business reasons", "Because")
            .replace("href=\"https://console.example.com/a\"", "href=\"ftp://a\"")
    ));
}

#[test]
fn no_beginning_of_a_page_is_too_much() {
    for text in [BLANKS, CELLS, MARKDOWN, HTML, MANAGEABLE] {
        for (at, _) in text.char_indices() {
            let _ = read(&text[..at]);
            let _ = read(&text[at..]);
        }
    }
}

#[test]
fn the_command_writes_at_once_or_not_at_all() {
    let copy = Copy::new();
    let catalog = imported("", "alpha", &MANAGEABLE.replace("demo", "alpha"));
    copy.write("catalog.toml", &catalog);
    copy.write("page.md", BLANKS);
    let path = copy.path("page.md").to_string_lossy().into_owned();
    let call = |extra: &[&str]| {
        let mut args = vec!["import", path.as_str(), "--service", "demo", "--read", "2026-11-21"];
        args.extend(extra);
        copy.run(&args)
    };
    let dry = call(&["--dry-run"]);
    assert_eq!((dry.code, dry.err.as_str()), (0, ""));
    assert!(dry.out.contains("CAM-enabled API") && dry.out.contains("Nothing was written"), "{}", dry.out);
    assert_eq!(copy.read("catalog.toml"), catalog);

    copy.write("page.md", &BLANKS.replace("CreateThing", "Create-Thing"));
    let wrong = call(&[]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("page.md:18:1: the row is not understood"), "{}", wrong.err);
    assert_eq!(copy.read("catalog.toml"), catalog);

    copy.write("page.md", BLANKS.trim_end().trim_end_matches("支持"));
    let cut = call(&[]);
    assert_eq!(cut.code, 3, "{}", cut.err);
    assert!(cut.err.contains("`CreateThing`"), "{}", cut.err);
    assert_ne!(copy.read("catalog.toml"), catalog, "the whole rows are taken");
    assert_eq!(call(&["--allow-truncated"]).code, 0);

    copy.write("page.md", BLANKS);
    assert_eq!(call(&[]).code, 0);
    parsed(&copy.read("catalog.toml"));
    assert!(copy.files().iter().all(|file| !file.contains(".tmp")));

    let other = copy.run(&["import", &path, "--service", "alpha"]);
    assert_eq!(other.code, 1);
    assert!(other.err.contains("the page is of service `demo`, not `alpha`"), "{}", other.err);
    for args in
        [&["import"][..], &["import", &path], &["import", &path, "--service", "demo", "--read", "soon"]]
    {
        assert_eq!(copy.run(args).code, 2);
    }
}

#[test]
fn a_removed_action_is_deprecated_and_all_of_its_life_is_written_back() {
    let first = imported("", "demo", BLANKS);
    let text = "version = 7\n\n".to_owned()
        + &edit(
            &first,
            "[service.demo.action.CreateThing]\n",
            "[service.demo.action.CreateThing]\n  removed = 2026-11-22\n  replaced_by = \"DescribeThings\"\n",
        )
        + "  override.access_level.upstream = \"list\"\n  override.access_level.reason.en = \"It writes.\"\n  \
           override.access_level.reason.zh = \"它会写入。\"\n  override.doc_url.upstream = \"https://example.com/x\"\n  \
           override.doc_url.reason.en = \"Another API.\"\n  override.doc_url.reason.zh = \"是另一个接口。\"\n\
           \n[service.demo.action.ListThings]\n  granularity = \"undocumented\"\n  surface = \"server\"\n  \
           description.en = \"Lists things.\"\n  description.zh = \"列出东西。\"\n";
    let catalog = parsed(&text);
    assert_eq!(catalog.to_toml(), text);
    let arena = tencent_cam_codegen::Arena::new();
    let linked = tencent_cam_codegen::parse(&arena, "catalog.toml", &text).unwrap();
    let files = tencent_cam_codegen::emit(&linked, &[]);
    let file = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert!(squeezed(file("services/mod.rs")).contains("Catalog{version:7,"));
    let demo = squeezed(file("services/demo.rs"));
    let deprecated = "#[deprecated(note = \"use `DescribeThings`; the source was found not to list it any more on 2026-11-22\")]";
    assert_eq!(demo.matches(&squeezed(deprecated)).count(), 2, "the variant and the constant of its name");
    assert!(demo.contains("pubenumUndocumentedAction{"), "{demo}");
    for (name, page) in xtask::pages(&linked).into_iter().skip(1) {
        assert!(page.contains("2026-11-22") && page.contains("`DescribeThings`"), "{name}");
        assert!(page.contains("| ListThings"), "{name}");
    }
}
