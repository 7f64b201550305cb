//! `import` of pages as people save them: every row is read exactly, or told at its line; none is lost or guessed.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use cam_policy::catalog::{AccessLevel, Group, PlaceholderKind, Target};
use common::{Copy, edit};
use tencent_cam_codegen::draft::{Draft, ServiceDraft};
use xtask::import::{Family, Language, Layout, Options, Page, Row, import, import_partly, read, read_partly};

const WHITESPACE: &str = include_str!("import/enabled/blanks.txt");
const CELLS: &str = include_str!("import/enabled/cells.txt");
const MARKDOWN: &str = include_str!("import/enabled/markdown.md");
const HTML: &str = include_str!("import/enabled/html.md");
const MANAGEABLE: &str = include_str!("import/manageable/en.md");
const CCC: &str = include_str!("import/ccc_zh.txt");
const TRTC: &str = include_str!("import/trtc_en.md");
const CHECKED_IN: &str = include_str!("../../catalog.toml");

const HEAD: &str = "| API | API Description | Authorization Granularity | Six-segment Resource Description | IP Restriction |\n|---|---|---|---|---|\n";

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
    read(text).unwrap_or_else(|errors| panic!("{text}\n{errors:#?}"))
}

fn parsed(text: &str) -> Draft {
    let arena = tencent_cam_codegen::Arena::new();
    let catalog = tencent_cam_codegen::parse(&arena, "catalog.toml", text);
    Draft::of(&catalog.unwrap_or_else(|report| panic!("{report}")))
}

/// The service of a catalog that has but one.
fn only(text: &str) -> ServiceDraft {
    let services = parsed(text).services;
    assert_eq!(services.len(), 1);
    services.into_values().next().unwrap()
}

fn names(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

/// What a page could not be read for, with places.
fn told(page: &Page) -> String {
    let mut text = String::new();
    for error in page.errors.iter().chain(&page.cut) {
        writeln!(text, "{}: {}", error.place, error.message).unwrap();
    }
    text
}

/// The rows without their places.
fn facts(page: &Page) -> Vec<Row> {
    let place = xtask::import::Place { line: 0, column: 0 };
    page.rows.iter().map(|row| Row { place, ..row.clone() }).collect()
}

/// Asserts that each of the names is read, or told at a line that has it.
fn none_is_lost(text: &str, wanted: &[&str]) -> Page {
    let page = read_partly(text);
    let lines: Vec<&str> = text.lines().collect();
    for name in wanted {
        let told = page.errors.iter().chain(&page.cut).any(|error| {
            error.message.contains(name)
                || lines.get(error.place.line - 1).is_some_and(|line| line.contains(name))
                || ["heading", "column"].iter().any(|word| error.message.contains(word))
        });
        assert!(names(&page).contains(name) || told, "{name} is lost:\n{text}\n{}", self::told(&page));
    }
    page
}

// Headings.

#[test]
fn a_heading_that_is_not_known_ends_its_section() {
    let headings = [
        "APIs unable to support resource-level authorization",
        "APIs that cannot be authorized at the resource level",
        "APIs without resource-level authorization",
        "APIs for which there is no resource-level authorization support",
        "APIs lacking support for resource-level authorization",
        "APIs that don’t support resource-level authorization",
        "Non-resource-level APIs",
        "APIs supporting resource-level authorization only partially",
        "Unable to limit",
        "Others",
        "无法进行资源级授权的 API",
        "暂不支持资源级授权的 API",
        "未支持资源级授权的接口",
        "不能进行资源级授权的 API",
        "非资源级授权 API",
        "除支持资源级授权以外的 API",
        "リソースレベルの承認ができないAPI",
        "リソースレベルの承認に対応していないAPI",
        "리소스 수준 권한 부여가 불가능한 API",
        "리소스 수준 권한 부여 미지원 API",
        "API yang Tidak Mendukung Otorisasi Tingkat Sumber Daya",
    ];
    for heading in headings {
        for level in ["##", "#", "###"] {
            let markdown = MANAGEABLE.replace(
                "## APIs not supporting resource-level authorization",
                &format!("{level} {heading}"),
            );
            assert!(markdown.contains(heading));
            let html = markdown
                .replace(&format!("{level} {heading}"), &format!("<h{0}>\n{heading}</h{0}>\n", level.len()));
            let bold = markdown.replace(&format!("{level} {heading}"), &format!("**{heading}**\n"));
            let set = markdown.replace(&format!("{level} {heading}"), &format!("{heading}\n---\n"));
            let returns = markdown.replace('\n', "\r");
            for text in [&markdown, &html, &bold, &set, &returns] {
                let page = read_partly(text);
                let wrong = page.rows.iter().find(|row| row.name == "CreateThing" && row.resource_level);
                assert_eq!(wrong, None, "{text}");
                let right = page.rows.iter().any(|row| row.name == "CreateThing");
                assert!(right || !page.errors.is_empty(), "{text}");
            }
        }
    }
}

#[test]
fn headings_that_say_it_otherwise_are_read() {
    for heading in [
        "APIs unable to support resource-level authorization",
        "无法进行资源级授权的 API",
        "暂不支持资源级授权的 API",
        "리소스 수준 권한 부여 미지원 API",
    ] {
        let text = MANAGEABLE.replace("APIs not supporting resource-level authorization", heading);
        assert_eq!(page(&text).rows[2].restriction, page(MANAGEABLE).rows[2].restriction);
        assert!(!page(&text).rows[2].resource_level, "{heading}");
    }
    for heading in ["IP Condition", "IP conditions"] {
        assert_eq!(
            facts(&page(&MARKDOWN.replace("IP Restriction", heading))),
            facts(&page(MARKDOWN)),
            "{heading}"
        );
    }
}

#[test]
fn a_table_under_a_heading_of_a_section_is_not_passed_over() {
    let table = "| API | Status |\n|---|---|\n| DescribeZones | In use |\n";
    let passed = page(&format!("{MANAGEABLE}\n## Old names\n\n{table}"));
    assert_eq!(facts(&passed), facts(&page(MANAGEABLE)));
    for heading in ["非资源级授权的 API 列表", "APIs with some resource-level authorization"] {
        let page = none_is_lost(&format!("{MANAGEABLE}\n## {heading}\n\n{table}"), &["DescribeZones"]);
        assert!(told(&page).contains(&format!("unknown heading `{heading}`")), "{}", told(&page));
    }
}

#[test]
fn a_restriction_under_a_heading_of_what_is_supported_is_an_error() {
    let text = edit(
        MANAGEABLE,
        "|API|Category|Description|\n|---|---|---|\n|[DescribeThings](https://example.com/1)|Things \\| more|Lists things.|",
        "|API|Category|Description|Restriction|\n|---|---|---|---|\n|[DescribeThings](https://example.com/1)|Things|Lists.|Business reasons.|",
    );
    let page = read_partly(&text);
    assert!(
        told(&page).starts_with("9:1: this table states why its APIs cannot be limited"),
        "{}",
        told(&page)
    );
    assert!(!names(&page).contains(&"DescribeThings"));
}

#[test]
fn a_group_of_another_name_is_no_part_of_the_group_above() {
    for heading in ["### Dangerous operations", "### 危险操作", "Dangerous operations", "## Appendix"] {
        let text = edit(MARKDOWN, "Write operations", heading);
        let page = read_partly(&text);
        assert_eq!(names(&page), ["DescribeThings", "DescribeNothing"], "{heading}");
        assert!(told(&page).contains("unknown heading"), "{}", told(&page));
    }
}

// Rows that Markdown takes for text.

#[test]
fn rows_that_markdown_takes_for_text_are_rows() {
    let wanted = facts(&page(MARKDOWN));
    let row = "| DescribeNothing | | Operation level | * | not supported |";
    let thing = "| CreateThing | Operation level | Makes | * | Supported |";
    let delimiter = "|---|---|---|---|---|";
    for text in [
        edit(MARKDOWN, row, &format!("\n{row}")),
        edit(MARKDOWN, row, &format!("\n\n   {row}")),
        edit(MARKDOWN, row, &format!("      {row}")),
        edit(MARKDOWN, row, &format!("> {row}")),
        edit(MARKDOWN, row, row.trim_start_matches("| ")),
        edit(MARKDOWN, thing, thing.trim_start_matches("| ")),
        edit(MARKDOWN, thing, &thing.replace(" |", "\t|")),
        MARKDOWN.replace(&format!("\n{delimiter}\n"), "\n"),
        MARKDOWN.replace(&format!("\n{delimiter}\n"), "\n|\t---\t|\t---\t|\t---\t|\t---\t|\t---\t|\n"),
        MARKDOWN.replace(&format!("\n{delimiter}\n"), "\n---|---|---|---|---\n"),
        MARKDOWN.replace(&format!("\n{delimiter}\n"), "\n| :-- | :-: | --: | — | --- |\n"),
        MARKDOWN.replace('\n', "\r"),
        MARKDOWN.replace('\n', "\r\n"),
        MARKDOWN.replace("| ", "|\u{A0}").replace(" |", "\u{3000}|"),
        format!("```\n{MARKDOWN}\n```\n"),
        format!("{MARKDOWN}\n<!-- | OldThing | Operation level | Made | * | Supported | -->\n"),
        format!("{MARKDOWN}\nWas this page helpful?\nYes | No\n"),
        format!("Home | Docs | CAM\n\n{MARKDOWN}"),
    ] {
        assert_eq!(facts(&page(&text)), wanted, "{text}");
    }
}

#[test]
fn what_stands_beside_a_table_is_told() {
    let row = "| DescribeNothing | | Operation level | * | not supported |";
    for text in [
        edit(MARKDOWN, row, &format!("Some words between two rows.\n{row}")),
        edit(MARKDOWN, row, &format!("Some words\n\n{row}")),
        edit(MARKDOWN, row, &format!("# Some words\n{row}")),
        edit(MARKDOWN, row, "DescribeNothing Operation level * not supported"),
        edit(MARKDOWN, row, "<tr><td>DescribeNothing</td><td></td><td>Operation level</td></tr>"),
        edit(MARKDOWN, row, "DescribeNothing | | Operation level | *"),
        edit(MARKDOWN, row, "| DescribeNothing |"),
    ] {
        let page = none_is_lost(&text, &["DescribeNothing"]);
        assert!(!names(&page).contains(&"DescribeNothing"));
        assert!(page.errors.iter().any(|error| error.place.line >= 12), "{}", told(&page));
        assert_eq!(page.lost, 0, "{text}\n{}", told(&page));
    }
}

/// Every line of every layout, left out, doubled, or set apart: nothing is lost without a word.
#[test]
fn no_change_of_one_line_loses_a_row() {
    let all = ["DescribeThings", "DescribeNothing", "CreateThing"];
    let manageable = ["DescribeThings", "GetThing", "CreateThing"];
    for (text, wanted) in
        [(WHITESPACE, all), (CELLS, all), (MARKDOWN, all), (HTML, all), (MANAGEABLE, manageable)]
    {
        let whole: BTreeMap<String, Row> =
            facts(&page(text)).into_iter().map(|row| (row.name.clone(), row)).collect();
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let without: Vec<&str> =
                lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, l)| *l).collect();
            let changes = [
                ("", Some(without.join("\n"))),
                ("x", Some(replaced(&lines, at, "Some words"))),
                ("\n", Some(replaced(&lines, at, &format!("\n{}", lines[at])))),
                ("text", Some(replaced(&lines, at, &format!("Some words.\n{}", lines[at])))),
                ("bar", lines[at].strip_prefix('|').map(|rest| replaced(&lines, at, rest))),
                ("bar", lines[at].trim_end().strip_suffix('|').map(|rest| replaced(&lines, at, rest))),
            ];
            for changed in changes.into_iter().filter_map(|(_, changed)| changed) {
                let left: Vec<&str> = wanted.into_iter().filter(|name| mentions(&changed, name)).collect();
                let page = none_is_lost(&changed, &left);
                for row in facts(&page) {
                    let Some(known) = whole.get(&row.name) else { panic!("{row:#?}\n{changed}") };
                    // Of a fact whose heading or cell is gone, less may be known, never something else.
                    assert_eq!(row.resource_level, known.resource_level, "{changed}");
                    assert_eq!(row.patterns, known.patterns, "{changed}");
                    assert!(
                        row.ip_condition.is_none() || row.ip_condition == known.ip_condition,
                        "{changed}"
                    );
                    let level = row.access_level;
                    assert!(
                        level.is_none() || level == known.access_level || is_heading(lines[at]),
                        "{changed}"
                    );
                }
            }
        }
    }
}

fn is_heading(line: &str) -> bool {
    line.contains("operations") || line.contains("操作")
}

fn replaced(lines: &[&str], at: usize, line: &str) -> String {
    let mut lines = lines.to_vec();
    lines[at] = line;
    lines.join("\n")
}

/// Whether a text has a row, or its beginning, of the name.
fn mentions(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['|', ' ', '[']);
        let line = line.rsplit("<td>").find(|part| part.starts_with(name)).unwrap_or(line);
        line.starts_with(name)
    })
}

#[test]
fn two_rows_on_one_line_are_none() {
    let one = "DescribeNothing 操作级 * 不支持";
    for joined in [
        format!("{one}AddThing 加 操作级 * 支持"),
        format!("{one} AddThing 加 资源级 qcs::demo::uin/${{uin}}:thing/${{ThingId}} 支持"),
    ] {
        let page = read_partly(&edit(WHITESPACE, one, &joined));
        assert_eq!(names(&page), ["DescribeThings", "CreateThing"], "{joined}");
        assert!(told(&page).contains("13:1: the row of `DescribeNothing`"), "{}", told(&page));
    }
    let one = "| DescribeNothing | | Operation level | * | not supported |";
    let page = read_partly(&edit(
        MARKDOWN,
        one,
        &format!("{one} AddThing | | Operation level | * | not supported |"),
    ));
    assert!(told(&page).contains("and `AddThing` in it"), "{}", told(&page));
}

#[test]
fn a_group_without_a_table_is_an_error_and_at_the_end_a_cut() {
    let heading = "## List operations\n";
    let text = edit(MARKDOWN, "## Read operations", &format!("{heading}\nWords.\n\n## Read operations"));
    assert_eq!(told(&read_partly(&text)), "8:1: no table stands under the heading `List operations`\n");
    for end in [heading, "## List operations\n\nWas this page helpful?\n", &format!("{heading}\n{HEAD}")] {
        let page = page(&format!("{MARKDOWN}\n{end}"));
        assert!(page.cut.is_some() && page.rows.len() == 3, "{page:#?}");
    }
    let contents = "Write operations\nRead operations\n\n";
    assert_eq!(page(&format!("{contents}{MARKDOWN}")).cut, None, "a table of contents is none of it");
    for head in [&HEAD[..20], &HEAD[..60], HEAD.lines().next().unwrap(), &HEAD[..HEAD.len() - 8], HEAD] {
        let page = page(&format!("{MARKDOWN}\n## List operations\n\n{head}"));
        assert!(page.cut.is_some() && page.rows.len() == 3, "{head}");
    }
}

// Cut pages.

/// Of every beginning of a page: the rows are those of the page, and where some are missing it is known that the
/// page is not whole, unless it ends between two rows of a layout that has no mark for its end.
#[test]
fn the_beginning_of_a_page_states_nothing_else_than_the_page() {
    for text in [WHITESPACE, CELLS, MARKDOWN, HTML, MANAGEABLE] {
        let whole = page(text);
        let rows: BTreeMap<String, Row> =
            facts(&whole).into_iter().map(|row| (row.name.clone(), row)).collect();
        for (at, _) in text.char_indices() {
            let start = &text[..at];
            let page = read_partly(start);
            for row in facts(&page) {
                let known = &rows[&row.name];
                if whole.layout == Layout::Markdown && page.family == Family::Manageable {
                    assert_eq!((row.resource_level, &row.patterns), (known.resource_level, &known.patterns));
                } else {
                    assert_eq!(&row, known, "{start}");
                }
            }
            let missing = page.rows.len() < rows.len();
            let between =
                start.trim_end().ends_with(['|', '持', '>']) || start.ends_with('\n') || start.ends_with(' ');
            let html = start.rfind("<table").is_some_and(|open| !start[open..].contains("</table>"));
            if missing && !page.rows.is_empty() && (html || !between) {
                let last = start.lines().last().unwrap_or_default();
                let words = page.cut.is_some() || !page.errors.is_empty();
                // A line of prose may end anywhere.
                let prose = !last.contains(['|', '<']) && whole.layout == Layout::Markdown
                    || last.trim().is_empty()
                    || last.starts_with('#')
                    || "Write operations".starts_with(last)
                    || "写操作".starts_with(last)
                    || "接口名 接口描述 授权粒度 资源六段式 IP限制".starts_with(last);
                assert!(words || prose, "{at}: {start}");
            }
        }
    }
}

/// Where no `|` closes the rows, only other rows show where the last cell ends.
#[test]
fn a_row_without_its_last_bar_is_whole_only_where_other_rows_say_so() {
    for text in [MARKDOWN, MANAGEABLE] {
        let open: String =
            text.lines().map(|line| line.trim_end_matches([' ', '|']).to_owned() + "\n").collect();
        let whole: BTreeMap<String, Row> =
            facts(&page(text)).into_iter().map(|row| (row.name.clone(), row)).collect();
        assert_eq!(facts(&page(&open)).len(), whole.len(), "a line feed ends the last row");
        for (at, _) in open.char_indices() {
            let start = &open[..at];
            let page = read_partly(start);
            for row in facts(&page) {
                let known = &whole[&row.name];
                assert_eq!((row.resource_level, &row.patterns), (known.resource_level, &known.patterns));
                assert_eq!(
                    (row.ip_condition, &row.restriction),
                    (known.ip_condition, &known.restriction),
                    "{start}"
                );
            }
            let last = start.lines().last().unwrap_or_default();
            let begins_row = last.starts_with('|') && !last.contains("---") && !start.ends_with('\n');
            let read = page.rows.iter().any(|row| last.starts_with(&format!("| {} |", row.name)));
            assert!(!begins_row || read || page.cut.is_some() || !page.errors.is_empty(), "{start}");
        }
    }
    let table = "| API | Resource\n|---|---\n| MakeOne | qcs::demo::uin/${uin}:thing/${ThingId}\n";
    let longer =
        "| MakeTwo | qcs::demo::uin/${uin}:thing/${ThingId}<br>qcs::demo::uin/${uin}:hall/${HallId}\n";
    let last = "| MakeThree | qcs::demo::uin/${uin}:thing/${ThingId}";
    assert_eq!(page(&format!("{table}{last}")).rows.len(), 2, "the row above ends there, too");
    let cut = page(&format!("{table}{longer}{last}"));
    assert_eq!(names(&cut), ["MakeOne", "MakeTwo"], "the row above goes on there");
    assert!(cut.cut.unwrap().message.contains("`MakeThree`"));
}

/// A row behind which a page by resource path is cut off may go on there, and is told.
#[test]
fn a_whole_row_that_is_left_out_of_a_cut_page_is_told() {
    let rows =
        "| MakeOne | `qcs::demo::uin/${uin}:one/${Id}` |\n| MakeTwo | `qcs::demo::uin/${uin}:two/${Id}` |\n";
    let cut = page(&format!("# Demo\n\n| API | Resource Path |\n|---|---|\n{rows}| API ma"));
    assert_eq!(names(&cut), ["MakeOne"], "{cut:#?}");
    assert!(cut.cut.unwrap().message.contains("the row of `MakeTwo` is left out"));
}

#[test]
fn a_page_that_ends_within_markup_is_cut() {
    for end in [
        "\n<a href=\"https://cloud",
        "\n<a href=\"/x\">MakeF",
        "\n[MakeFour](/document/prod",
        "\n<tab",
        "\n```\n{\"version\": \"2.",
    ] {
        let page = page(&format!("{}\n{end}", MARKDOWN.trim_end()));
        assert!(page.rows.len() == 3 && page.cut.is_some(), "{end}");
    }
    for end in
        ["\n`MakeOne", "\n```\n{}\n```", "\n<a href=\"/x\">more</a>", "\nsee [this](/document)", "\na < b"]
    {
        let page = page(&format!("{}\n{end}", MARKDOWN.trim_end()));
        assert!(page.rows.len() == 3 && page.cut.is_none(), "{end}");
    }
}

#[test]
fn an_html_table_that_is_not_closed_keeps_its_whole_rows() {
    for end in ["</table>", "</tab", "</table", ""] {
        let text = HTML.trim_end().strip_suffix("</table>").unwrap().to_owned() + end;
        let page = page(&text);
        assert_eq!(facts(&page), facts(&self::page(HTML)), "{end}");
        assert_eq!(page.cut.is_some(), end != "</table>", "{end}");
    }
    let text = edit(HTML, "not supported\n</table>\n", "not supported\n");
    let page = read_partly(&text);
    assert_eq!(names(&page), names(&self::page(HTML)));
    let levels: Vec<_> = page.rows.iter().map(|row| row.access_level.unwrap()).collect();
    assert_eq!(levels, [AccessLevel::Read, AccessLevel::Read, AccessLevel::Write]);
}

#[test]
fn a_word_that_may_go_on_is_the_end_of_a_cut_page() {
    let head =
        "API API Description Authorization Granularity Six-segment Resource Description IP Restriction\n";
    let rows = "MakeOne Makes one Operation level * not supported\nMakeTwo Makes two Operation level * no";
    let cut = page(&format!("Write operations\n\n{head}{rows}"));
    assert_eq!(names(&cut), ["MakeOne"]);
    assert!(cut.cut.unwrap().message.contains("`MakeTwo`"));
    let plain = rows.replace("not supported", "no");
    assert_eq!(names(&page(&format!("Write operations\n\n{head}{plain}\n"))), ["MakeOne", "MakeTwo"]);
    let markdown =
        format!("## Write operations\n{HEAD}| MakeOne | One | Operation level | * | not supported |\n");
    assert!(page(&format!("{markdown}| MakeTwo | Two | Operation level | * | no")).cut.is_some());
    assert!(page(&format!("{markdown}| MakeTwo | Two | Operation level | * | no |")).cut.is_none());
}

#[test]
fn what_a_site_prints_below_a_page_is_no_row() {
    for footer in
        ["Was this page helpful?", "Was this page helpful? Yes No", "文档内容是否对您有帮助？", "Feedback"]
    {
        for text in [WHITESPACE, CELLS, MARKDOWN, HTML] {
            let page = page(&format!("{}\n{footer}\n", text.trim_end()));
            assert_eq!((page.rows.len(), page.cut.as_ref()), (3, None), "{footer}");
        }
    }
}

// What rows state.

#[test]
fn any_whitespace_stands_between_the_cells() {
    for space in ["\u{A0}", "\u{3000}", "\t", "\u{2003}", " \u{A0} ", "\u{200B} "] {
        let text = WHITESPACE.replace(' ', space);
        let names: Vec<_> = facts(&page(&text)).into_iter().map(|row| (row.name, row.patterns)).collect();
        let wanted: Vec<_> =
            facts(&page(WHITESPACE)).into_iter().map(|row| (row.name, row.patterns)).collect();
        assert_eq!(names, wanted, "{space:?}");
    }
}

#[test]
fn a_row_may_go_on_over_several_lines() {
    let whitespace = WHITESPACE
        .replace("列出 若干, 东西 资源级", "列出\n若干, 东西\n资源级")
        .replace(" 操作级 * 不支持", "\n操作级 *\n不支持");
    assert_eq!(facts(&page(&whitespace)), facts(&page(WHITESPACE)));
    let markdown = MARKDOWN.replace("<br>qcs", "\nqcs").replace(
        "| CreateThing | Operation level | Makes | * | Supported |",
        "| CreateThing | Operation level |\nMakes | * |\nSupported |",
    );
    assert_eq!(facts(&page(&markdown)), facts(&page(MARKDOWN)));
    let cells = edit(CELLS, "Lists some, things |", "Lists some,\nthings |");
    assert_eq!(facts(&page(&cells)), facts(&page(CELLS)));
    // A name begins a row of its own.
    let text = edit(
        WHITESPACE,
        "DescribeNothing 操作级 * 不支持",
        "DescribeNothing 操作级\nDescribeMore 操作级 * 不支持",
    );
    let page = read_partly(&text);
    assert_eq!(names(&page), ["DescribeThings", "DescribeMore", "CreateThing"]);
    assert!(told(&page).starts_with("13:1: the row of `DescribeNothing`"), "{}", told(&page));
}

fn row(pattern: &str) -> String {
    format!(
        "## Write operations\n{HEAD}| MakeThing | Makes. | Resource level | {pattern} | Supported |\n| MakeOne | One. | Operation level | * | Supported |\n"
    )
}

#[test]
fn a_pattern_that_is_no_pattern_is_told_at_its_row() {
    for (pattern, why) in [
        ("qcs::${ApiModule}::uin/${uin}:thing/${ThingId}", "`${ApiModule}` for its service"),
        ("qcs::demo::uin/${uin}:thing/{$ThingId}", "a `{` that belongs to no placeholder"),
        ("qcs::demo::uin/${uin}:thing/{ThingId}", "a `{` that belongs to no placeholder"),
        ("qcs::demo::uin/${uin}:secret/*", "names no single resource"),
        ("qcs::demo::uin/12345678:thing/${ThingId}", "is of the one account `12345678`"),
        ("qcs::demo::uid/${uin}:thing/${ThingId}", "names the APPID by `${uin}`"),
        ("qcs::demo::uin/${AppId}:thing/${ThingId}", "names the APPID by `uin/${AppId}`"),
        ("qcs::demo::${AppId}:thing/${ThingId}", "names the APPID by `${AppId}`"),
        ("qcs::demo::uin/${uin}:subUin/${uin}", "names a sub-account by `${uin}`"),
        ("qcs::demo::uin/${uin}:uin/${uin}", "names a sub-account by `${uin}`"),
        ("qcs::demo::uin/${account}:subUin/${account}", "names a sub-account by `${uin}`"),
        ("qcs::demo::uin/${uin}:subUin/${Id}/thing/${Id}", "names an identifier by `${Id}`"),
        ("qcs::demo::uin/${ThingId}:thing/${ThingId}", "for its account"),
        ("qcs::demo:${zone}:uin/${uin}:thing/${ThingId}", "for its region"),
        ("qcs::demo::uin/${uin}:thing/${ThingId}x", "where the value of `${ThingId}` ends"),
    ] {
        let text = row(pattern);
        let strict = import("", "page", &text, &options("demo")).unwrap_err();
        assert!(strict.starts_with("error: page:4:") && strict.contains(why), "{pattern}: {strict}");
        assert!(!strict.contains("that would come out"), "{strict}");
        let partly = import_partly("", "page", &text, &options("demo")).unwrap();
        assert_eq!(partly.page.errors.len(), 1, "{pattern}");
        let service = only(&partly.text);
        assert_eq!(service.items(Target::Action).keys().collect::<Vec<_>>(), ["MakeOne"]);
    }
    for (pattern, normal) in [
        ("qcs::demo:$region:$account:thing/$ThingId", "qcs::demo:${region}:uin/${uin}:thing/${ThingId}"),
        (
            "qcs::demo:${RegionId}:uin/${ownerUin}:thing/${ThingId}",
            "qcs::demo:${region}:uin/${uin}:thing/${ThingId}",
        ),
        ("qcs::demo::uin/:thing/${ThingId}", "qcs::demo::uin/:thing/${ThingId}"),
        ("qcs::demo::uin/${uin}:app/${SdkAppId}", "qcs::demo::uin/${uin}:app/${SdkAppId}"),
    ] {
        assert_eq!(page(&row(pattern)).rows[0].patterns, [normal]);
    }
}

#[test]
fn every_placeholder_has_its_kind() {
    use PlaceholderKind::{AppId, Number, SubAccount, Text};

    for (pattern, kinds) in [
        ("qcs::demo::uid/${appid}:thing/${ThingId}", &[("ThingId", Text), ("appid", AppId)][..]),
        ("qcs::demo::uin/${uin}:prefix//${appid}/${Bucket}", &[("Bucket", Text), ("appid", AppId)]),
        ("qcs::demo::uid/${appid}:prefix//${appid}/${Bucket}", &[("Bucket", Text), ("appid", AppId)]),
        ("qcs::demo::uin/${uin}:subUin/${SubUin}", &[("SubUin", SubAccount)]),
        ("qcs::demo::uin/${uin}:uin/${ownerUin}", &[("ownerUin", SubAccount)]),
        ("qcs::demo::uin/${uin}:subAccountName/${Name}", &[("Name", Text)]),
        ("qcs::demo::uin/${subUin}:thing/${ThingId}", &[("ThingId", Text), ("subUin", SubAccount)]),
        ("qcs::demo::uin/${uin}:app/${SdkAppId}/user/${uin}", &[("SdkAppId", Number)]),
    ] {
        let service = only(&import("", "page", &row(pattern), &options("demo")).unwrap().text);
        let [found] = service.items(Target::Pattern).values().collect::<Vec<_>>()[..] else {
            panic!("{pattern}")
        };
        assert_eq!(found.text("single"), Some(pattern));
        let wanted = kinds.iter().map(|(name, kind)| (*name, kind.as_str().into()));
        let stated = found.below("placeholder").map(|(name, kind)| (name, kind.clone()));
        assert_eq!(stated.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "{pattern}");
    }
    let same = page(&row("qcs::demo::uin/${ownerUin}:prefix/${ownerUin}/${Bucket}"));
    assert_eq!(same.rows[0].patterns, ["qcs::demo::uin/${uin}:prefix/${uin}/${Bucket}"]);
}

#[test]
fn keep_going_leaves_out_what_is_wrong_and_removes_nothing() {
    let copy = Copy::new();
    copy.write("catalog.toml", "");
    let write = |text: &str| copy.write("page.md", text);
    let path = copy.path("page.md").to_string_lossy().into_owned();
    let call = |extra: &[&str]| {
        let mut args = vec!["import", path.as_str(), "--service", "demo", "--read", "2026-11-21"];
        args.extend(extra);
        copy.run(&args)
    };
    write(MARKDOWN);
    assert_eq!(call(&[]).code, 0);
    let first = copy.read("catalog.toml");
    let odd = MARKDOWN
        .replace("| DescribeNothing | | Operation level | * |", "| DescribeNothing | | Odd level | * |");
    write(&odd.replace(
        "| CreateThing | Operation level | Makes | * | Supported |",
        "| CreateThing | Operation level | Makes | * | no |",
    ));
    assert_eq!(call(&[]).code, 1);
    assert_eq!(copy.read("catalog.toml"), first);
    let partly = call(&["--keep-going"]);
    assert_eq!(partly.code, 3, "{partly:?}");
    assert!(partly.err.contains("page.md:12:3: the row of `DescribeNothing`"), "{}", partly.err);
    let second = copy.read("catalog.toml");
    assert!(!second.contains("removed") && second != first, "{second}");
    assert_eq!(second.matches("ip_condition = false").count(), 2);
}

#[test]
fn layouts_that_people_meet() {
    let bare = "API | API Description | Authorization Granularity | Six-segment Resource Description | IP Restriction\n---|---|---|---|---\nMakeThing | Makes. | Operation level | * | Supported\nMakeMore | More. | 接口级 | * | Supported\n";
    let found = page(&format!("## Write operations\n{bare}"));
    assert_eq!(names(&found), ["MakeThing", "MakeMore"]);
    assert!(found.rows.iter().all(|row| !row.resource_level));

    let sentence = "接口授权粒度分为资源级和操作级两个级别：\n";
    let table = "|接口名|接口描述|授权粒度|资源六段式|IP限制|\n|-|-|-|-|-|\n|MakeThing|造|操作级|*|支持|\n";
    let found = page(&format!("{sentence}{table}"));
    assert_eq!((names(&found), found.rows[0].access_level), (vec!["MakeThing"], None));
    let found = page(&format!("写操作\n{sentence}{table}"));
    assert_eq!(found.rows[0].access_level, Some(AccessLevel::Write));

    let parts = format!("## 写操作\n### 实例\n{table}### 网络\n{}", table.replace("MakeThing", "MakeNet"));
    let found = page(&parts);
    assert_eq!(names(&found), ["MakeThing", "MakeNet"]);
    assert!(found.rows.iter().all(|row| row.access_level == Some(AccessLevel::Write)));
    let found = page(&format!("写操作\n实例\n{table}"));
    assert_eq!(found.rows[0].access_level, Some(AccessLevel::Write));
    for heading in ["1. 写操作", "一、写操作", "**写操作**", "2.1 写操作：", "（一）写操作"]
    {
        assert_eq!(
            page(&format!("{heading}\n{table}")).rows[0].access_level,
            Some(AccessLevel::Write),
            "{heading}"
        );
    }

    let rowspan = MANAGEABLE.replace(
        "<td>GetThing</td>",
        "<td>AddThing</td><td rowspan=\"2\"><a href=\"https://console.example.com/a\">A</a></td><td>Adds.</td></tr><tr><td>PutThing</td><td>Puts.</td></tr><tr><td>GetThing</td>",
    );
    let found = page(&rowspan);
    assert_eq!(names(&found), ["DescribeThings", "AddThing", "PutThing", "GetThing", "CreateThing"]);
    assert_eq!(found.rows[1].console_pages, found.rows[2].console_pages);
}

#[test]
fn a_page_without_the_ip_column_states_nothing_about_it() {
    let first = import("", "page", MARKDOWN, &options("demo")).unwrap().text;
    let without: String = MARKDOWN
        .replace(" IP Restriction |\n|---|---|---|---|---|\n| D", " \n|---|---|---|---|\n| D")
        .replace(" IP Restriction |\n|---|---|---|---|---|\n| C", "\n|---|---|---|---|\n| C")
        .replace("Id | Supported |", "Id |")
        .replace("* | not supported |", "* |")
        .replace("* | Supported |", "* |");
    let page = page(&without);
    assert_eq!(page.rows.len(), 3);
    assert!(page.rows.iter().all(|row| row.ip_condition.is_none()));
    assert_eq!(import(&first, "page", &without, &options("demo")).unwrap().text, first);
    let words = WHITESPACE
        .replace(" IP限制\nD", "\nD")
        .replace(" IP限制\nC", "\nC")
        .replace(" 不支持\n\n", "\n\n")
        .replace("Id 支持\n", "Id\n")
        .replace("* 支持", "* ");
    assert_eq!(self::page(&words).rows.len(), 3, "{words}");
}

#[test]
fn other_tables_of_a_page_are_passed_over_with_a_word() {
    let more = "\n## Changes of names\n\n| Old API | New API |\n|---|---|\n| OLD\\_ListThings | DescribeThings |\n| OLD\\_GetThings | GetThing |\n\n| API | State |\n|---|---|\n| OLD\\_Things | gone |\n";
    for text in [MANAGEABLE, MARKDOWN] {
        let found = page(&format!("{text}{more}"));
        assert_eq!(facts(&found), facts(&page(text)));
        let notes: Vec<_> = found.notes.iter().filter(|note| note.message.contains("passed over")).collect();
        assert_eq!(notes.len(), 2, "{:#?}", found.notes);
    }
    // What may be APIs is not passed over.
    let more = more.replace(
        "| API | State |\n|---|---|\n| OLD\\_Things | gone |",
        "| API | Description |\n|---|---|\n| MakeThing | Makes. |",
    );
    assert!(
        told(&read_partly(&format!("{MANAGEABLE}{more}"))).contains("unknown heading `Changes of names`")
    );
}

#[test]
fn the_way_to_a_console_page_goes_on_behind_the_link() {
    for (cell, titles) in [
        (
            "[Demo console](https://console.example.com/a) Things > Settings",
            &["Demo console Things > Settings"][..],
        ),
        ("[Demo console](https://console.example.com/a)", &["Demo console"]),
        ("[One](https://console.example.com/a), [Two](https://console.example.com/b)", &["One", "Two"]),
        (
            "[One](https://console.example.com/a) and [Two](https://console.example.com/b) > More",
            &["One", "Two > More"],
        ),
        (
            "See <a href=\"https://console.example.com/a\">One</a> 应用 > 设置<br><a href=\"https://console.example.com/b\">Two</a>",
            &["One 应用 > 设置", "Two"],
        ),
    ] {
        let text = format!(
            "{MANAGEABLE}\n### Console API actions\n|API|Console|Description|Restriction|\n|-|-|-|-|\n|PutThing|{cell}|Puts.|Business reasons.|\n"
        );
        let found = page(&text);
        let pages: Vec<_> = found.rows[3].console_pages.iter().map(|link| link.title.as_str()).collect();
        assert_eq!(pages, titles, "{cell}");
    }
}

#[test]
fn a_pattern_in_prose_counts_for_its_own_service_and_section_only() {
    let one = "- One: `qcs::demo::uin/${uin}:thing/${ThingId}`.\n";
    let wanted = facts(&page(MANAGEABLE));
    let catalog = import("", "page", MANAGEABLE, &options("demo")).unwrap().text;
    for more in [
        "- For example, `qcs::demo::uin/12345678:thing/${ThingId}`.\n",
        "- For example, `qcs::demo::uin/12345678:thing/1400000000`.\n",
        "- For example, `qcs::demo::uin/${uin}:thing/1400000000`.\n",
        "A statement with `qcs::demo::uin/${uin}:box/${BoxId}` names a box.\n",
        "- For example: `qcs::demo::uin/${uin}:box/${BoxId}`.\n",
        "- 例如：`qcs::demo::uin/${uin}:box/${BoxId}`。\n",
        "{\"action\":[\"demo:GetThing\"],\"resource\":[\"qcs::demo::uin/${uin}:box/${BoxId}\"]}\n",
    ] {
        let found = page(&edit(MANAGEABLE, one, &format!("{one}{more}")));
        assert_eq!(facts(&found), wanted, "{more}");
        assert!(found.notes.iter().any(|note| note.message.contains("passed over")), "{more}");
    }
    let other = "- Disks: `qcs::cvm::uin/${uin}:volume/${volumeId}`.\n";
    let text = edit(MANAGEABLE, one, &format!("{one}{other}"));
    let merged = import("", "page", &text, &options("demo")).unwrap();
    assert_eq!(merged.text, catalog);
    assert!(
        merged.merged.report.join("\n").contains("passed over  `qcs::cvm::uin/"),
        "{:?}",
        merged.merged.report
    );
    let before = edit(MANAGEABLE, "Things, as", &format!("{other}\nThings, as"));
    assert_eq!(facts(&page(&before)), wanted);
    // The same form with another name for its identifier is the same pattern.
    let again =
        edit(MANAGEABLE, one, &format!("{one}- One: `qcs::demo::uin/${{uin}}:thing/${{thingid}}`.\n"));
    assert_eq!(facts(&page(&again)), wanted);
    // The owner's uin identifies no thing.
    let owner = read_partly(&edit(MANAGEABLE, one, "- One: `qcs::demo::uin/${uin}:thing/${uin}`.\n"));
    assert!(told(&owner).contains("the page states no pattern"), "{}", told(&owner));
    assert_eq!(names(&owner), ["CreateThing"]);
    let odd = edit(MANAGEABLE, one, &format!("{one}- Boxes: `qcs::demo::uin/${{uin}}:box/{{$BoxId}}`.\n"));
    let found = read_partly(&odd);
    assert!(
        found.errors[0].message.contains("the pattern of the page is not understood"),
        "{}",
        told(&found)
    );
    assert_eq!(names(&found), ["CreateThing"], "nothing is said to be limited to less than it is");
}

/// What stands like the pattern of the page, and may be another one, would limit every API of the page.
#[test]
fn a_pattern_of_the_same_service_counts_only_where_the_page_says_what_it_names() {
    let one = "- One: `qcs::demo::uin/${uin}:thing/${ThingId}`.\n";
    for (label, is_read) in [
        ("Authorizing access to single things: ", true),
        ("授权单个应用访问权限：", true),
        ("単一のアプリケーションアクセス権限を承認する：", true),
        ("개별 애플리케이션에 액세스 권한 부여: ", true),
        ("Satu: ", true),
        ("", true),
        ("Note: ", false),
        ("Old form of a single thing: ", false),
        ("旧版单个应用：", false),
        ("单个应用不支持：", false),
        ("Secrets: ", false),
    ] {
        let line = format!("- {label}`qcs::demo::uin/${{uin}}:thing/${{ThingId}}`.\n");
        let found = read_partly(&edit(MANAGEABLE, one, &line));
        let told = told(&found);
        assert_eq!(found.errors.is_empty(), is_read, "{label}: {told}");
        assert_eq!(names(&found) == ["CreateThing"], !is_read, "{label}: {told}");
        let line =
            edit(MANAGEABLE, one, &line).lines().position(|line| line.contains("thing/${")).unwrap() + 1;
        assert!(is_read || found.errors[0].place.line == line, "{label}: {told}");
    }
    for second in ["- One: ", "- One box: ", "- ", "- Boxes: "] {
        let text =
            edit(MANAGEABLE, one, &format!("{one}{second}`qcs::demo::uin/${{uin}}:box/${{BoxId}}`.\n"));
        let found = read_partly(&text);
        assert_eq!(names(&found), ["CreateThing"], "{second}");
        assert!(told(&found).contains("name different resources"), "{}", told(&found));
    }
    let below = format!("{}\n- One box: `qcs::demo::uin/${{uin}}:box/${{BoxId}}`.\n", MANAGEABLE.trim_end());
    let heading = "## APIs supporting resource-level authorization";
    let again = below.replace("\n- One box", &format!("\n{heading}\n- One box"));
    let found = read_partly(&again);
    assert_eq!(facts(&found), facts(&page(MANAGEABLE)));
    assert!(found.notes.iter().any(|note| note.message.contains("below the APIs")));
}

/// Without the heading of the console, its table would follow that of the server.
#[test]
fn links_to_the_console_do_not_stand_under_a_heading_of_the_server() {
    let text = edit(MANAGEABLE, "### Console API actions\n", "")
        .replace("https://console.example.com", "https://console.cloud.tencent.com");
    let found = read_partly(&text);
    assert_eq!(names(&found), ["DescribeThings", "CreateThing"]);
    assert!(told(&found).contains("under a heading of server APIs"), "{}", told(&found));
}

#[test]
fn an_empty_cell_is_told_and_one_that_says_the_same_is_read() {
    let row = "|[DescribeThings](https://example.com/1)|Things \\| more|Lists things.|\n";
    let more = |cell: &str| page(&edit(MANAGEABLE, row, &format!("{row}|ListThings|{cell}|Lists them.|\n")));
    let category =
        |page: &Page| page.rows.iter().find(|row| row.name == "ListThings").unwrap().category.clone();
    let empty = more("");
    assert_eq!(category(&empty), None);
    assert!(
        empty.notes.iter().any(|note| note.message.contains("`ListThings` is empty")),
        "{:?}",
        empty.notes
    );
    assert_eq!(category(&more("同上")).as_deref(), Some("Things | more"));
    let ip = page(&format!("## Write operations\n{HEAD}| MakeOne | One | Operation level | * | |\n"));
    assert!(ip.notes.iter().any(|note| note.message.contains("IP restriction of `MakeOne` is empty")));
    let dash = page(&format!("## Write operations\n{HEAD}| MakeOne | One | Operation level | * | - |\n"));
    assert!(dash.notes.iter().all(|note| !note.message.contains("is empty")));
}

#[test]
fn the_category_may_stand_under_the_heading_of_the_console() {
    let text = edit(MANAGEABLE, "|API|Category|Description|\n", "|API|使用模块|Description|\n");
    assert_eq!(page(&text).rows[0].category.as_deref(), Some("Things | more"));
}

#[test]
fn an_indonesian_page_is_read_and_lends_no_words() {
    let text = "## API yang Mendukung Otorisasi Tingkat Sumber Daya\n- `qcs::demo::uin/${uin}:thing/${ThingId}`\n### Operasi API Server\n|Nama API|Kategori|Deskripsi|\n|-|-|-|\n|GetThing|Benda|Mendapatkan benda|\n## API yang Tidak Mendukung Otorisasi Tingkat Sumber Daya\n### Operasi API Konsol\n|Nama API|Konsol|Deskripsi|Batasan|\n|-|-|-|-|\n|MakeThing|[Benda](https://console.example.com/a)|Membuat|Alasan bisnis|\n";
    let found = page(text);
    assert_eq!(found.language, Language::Indonesian);
    assert_eq!(found.rows.iter().map(|row| row.resource_level).collect::<Vec<_>>(), [true, false]);
    let catalog = import("", "page", text, &options("demo")).unwrap().text;
    assert!(!catalog.contains("Mendapatkan"), "{catalog}");
}

// What comes of it in the catalog.

#[test]
fn documenting_one_action_changes_the_lines_of_that_action() {
    let service = parsed(CHECKED_IN).services.remove("ccc").unwrap();
    let undocumented = service.groups().remove(&Group::Undocumented).unwrap();
    let has_surface = |name: &&&str| service.items(Target::Action)[**name].states("surface");
    let documented = *undocumented.iter().find(has_surface).expect("an undocumented action with a surface");
    let page = CCC.trim_end().to_owned();
    let last = page.lines().last().unwrap();
    let name = last.split_whitespace().next().unwrap();
    let page = page.replace(&format!("\n{name} "), &format!("\n{documented} 新 操作级 * 支持\n{name} "));
    let merged = import(CHECKED_IN, "page", &page, &options("ccc")).unwrap();
    let table = |text: &str| {
        let from = text.find(&format!("[service.ccc.action.{documented}]")).unwrap();
        text[from..].split("\n\n").next().unwrap().to_owned()
    };
    let (before, after) = (table(CHECKED_IN), table(&merged.text));
    let rest = |text: &str, table: &str| text.replacen(&format!("{table}\n\n"), "", 1);
    assert_eq!(
        rest(CHECKED_IN, &before).trim_end(),
        rest(&merged.text, &after).trim_end(),
        "nothing else moves"
    );
    assert!(after.contains("granularity = \"operation\"") && after.contains("surface = "), "{after}");
}

#[test]
fn a_service_is_grouped_as_the_catalog_says_and_a_new_one_as_its_page() {
    let grouped_by = |text: &str| only(text).facts.text("grouped_by").map(str::to_owned);
    for (page, other, wanted) in [(MARKDOWN, MANAGEABLE, "access_level"), (MANAGEABLE, MARKDOWN, "surface")] {
        let first = import("", "page", page, &options("demo")).unwrap().text;
        assert_eq!(grouped_by(&first).as_deref(), Some(wanted));
        let second = import(&first, "page", other, &options("demo")).unwrap().text;
        assert_eq!(grouped_by(&second).as_deref(), Some(wanted));
    }
}

#[test]
fn a_new_service_has_the_name_that_the_page_states_or_a_person() {
    let nameless = |en: Option<&str>, zh: Option<&str>| Options {
        name_en: en.map(str::to_owned),
        name_zh: zh.map(str::to_owned),
        ..options("demo")
    };
    let named = |page: &str, options: &Options| {
        let merged = import("", "page", page, options)?;
        let facts = only(&merged.text).facts;
        let [en, zh] = ["name.en", "name.zh"].map(|key| facts.text(key).unwrap().to_owned());
        let to_be_written: Vec<String> = merged
            .merged
            .to_be_written
            .into_iter()
            .filter(|line| line.starts_with("service.demo.name"))
            .collect();
        Ok::<_, String>((en, zh, to_be_written.join("\n")))
    };
    let names = |en: &str, zh: &str, left: &str| Ok((en.to_owned(), zh.to_owned(), left.to_owned()));
    assert_eq!(
        named(MANAGEABLE, &nameless(None, None)),
        Err("error: page:1:1: the page does not state what `demo` is called: say it with `--name-en NAME` and \
             `--name-zh NAME`\n"
            .to_owned())
    );
    assert_eq!(named(MANAGEABLE, &options("demo")), names("Demo", "样例", ""));
    assert_eq!(named(WHITESPACE, &nameless(Some("Sample"), None)), names("Sample", "样例 产品", ""));
    let left = "service.demo.name: English, unless it is `样例 产品` there, too";
    assert_eq!(named(WHITESPACE, &nameless(None, None)), names("样例 产品", "样例 产品", left));
    let left = "service.demo.name: Chinese, unless it is `Demo` there, too";
    assert_eq!(named(MANAGEABLE, &nameless(Some("Demo"), None)), names("Demo", "Demo", left));
}

#[test]
fn a_service_is_as_fine_as_its_finest_action_if_the_page_does_not_say() {
    let text = "读操作\n接口名 接口描述 授权粒度 资源六段式 IP限制\nGetThing 看 资源级 qcs::demo::uin/${uin}:thing/${ThingId} 支持\n";
    let facts = only(&import("", "page", text, &options("demo")).unwrap().text).facts;
    assert_eq!(facts.text("granularity"), Some("resource"), "one resource-level API makes it so");
    assert!(!facts.states("note"), "and the page does not contradict itself");
}

#[test]
fn what_nobody_has_written_is_absent_and_pages_show_it() {
    let copy = Copy::new();
    let merged = import("", "page", WHITESPACE, &options("demo")).unwrap();
    assert!(
        !merged.text.contains("description"),
        "the page's sentences are not the catalog's: {}",
        merged.text
    );
    for line in [
        "service.demo.action.CreateThing.description, in your own words; the page says: 新建",
        "service.demo.action.DescribeNothing.description",
        "service.demo.pattern.thing.description",
    ] {
        assert!(
            merged.merged.to_be_written.iter().any(|found| found == line),
            "{:#?}",
            merged.merged.to_be_written
        );
    }
    copy.write("catalog.toml", &merged.text);
    assert_eq!(copy.run(&["tables"]).code, 0);
    for (page, column) in [("en", "Description"), ("zh", "接口描述")] {
        let page = copy.read(&format!("docs/permissions/demo.{page}.md"));
        let head =
            page.lines().skip_while(|line| !line.contains("operations")).find(|line| line.starts_with("| "));
        assert!(!head.unwrap_or_default().contains(column), "a column that nobody has filled: {head:?}");
    }
    // Beside a description that somebody wrote, the others are missing visibly.
    let mut described = merged.text.clone();
    let table = described.find("[service.demo.action.DescribeNothing]").expect("it has the action");
    let end = described[table..].find("\n\n").map_or(described.len(), |end| table + end + 1);
    described.insert_str(end, "  description.en = \"Nothing.\"\n  description.zh = \"无。\"\n");
    copy.write("catalog.toml", &described);
    let ran = copy.run(&["tables"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for (page, unwritten) in [("en", "not written yet"), ("zh", "尚未撰写")] {
        let page = copy.read(&format!("docs/permissions/demo.{page}.md"));
        let row = page.lines().find(|line| line.starts_with("| CreateThing")).unwrap();
        assert!(row.contains(unwritten), "{row}");
    }
}

#[test]
fn a_title_of_another_language_stands_until_it_is_written() {
    let first = import("", "page", MANAGEABLE, &options("demo")).unwrap();
    let category = "service.demo.category.things_more: Chinese, unless it is `Things | more` there, too";
    assert!(
        first.merged.to_be_written.iter().any(|line| line == category),
        "{:#?}",
        first.merged.to_be_written
    );
    let chinese = MANAGEABLE.replace("Things \\| more", "东西").replace("Category", "接口分类");
    let second = import(&first.text, "page", &chinese, &options("demo")).unwrap();
    assert_eq!(second.text, first.text);
    let told = second.merged.report.join("\n");
    assert!(told.contains("known        `东西` is `things_more`: the actions tell"), "{told}");
    // Once it is written, another title is another category.
    let written = edit(&first.text, "  zh = \"Things | more\"", "  zh = \"物品\"");
    let third = import(&written, "page", &chinese, &options("demo")).unwrap();
    assert!(third.merged.report.join("\n").contains("new category"), "{:#?}", third.merged.report);
}

#[test]
fn links_of_prose_are_named_by_what_they_lead_to() {
    let text = include_str!("import/manageable/zh.md").replace(
        "## 支持资源级授权的 API\n",
        "## 支持资源级授权的 API\n见 [自定义策略](https://example.com/document/product/1/2#a) 与 [访问管理](https://example.com/document/product/1/3)。\n",
    );
    let catalog = import("", "page", &text, &options("d")).unwrap().text;
    assert!(catalog.contains("[service.d.reference.document_product_1_2]"), "{catalog}");
    assert!(!catalog.contains("reference_2"), "{catalog}");
}

#[test]
fn a_day_is_one_of_the_calendar() {
    let copy = Copy::new();
    copy.write("page.md", MARKDOWN);
    let path = copy.path("page.md").to_string_lossy().into_owned();
    let read = |day: &str| copy.run(&["import", &path, "--service", "demo", "--dry-run", "--read", day]).code;
    assert_eq!(read("2024-02-29"), 0);
    for day in
        ["2026-02-31", "2025-02-29", "2026-04-31", "2026-13-01", "2026-1-1", "20260101", "2026-01-01T00:00"]
    {
        assert_eq!(read(day), 2, "{day}");
    }
}

#[test]
fn imports_at_once_lose_nothing() {
    let copy = Copy::new();
    let services: Vec<String> = (0..6).map(|number| format!("demo{number}")).collect();
    for service in &services {
        copy.write(&format!("{service}.md"), &MARKDOWN.replace("demo", service));
    }
    let start = |service: &String| {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["import", &format!("{service}.md"), "--service", service, "--read", "2026-11-21"])
            .current_dir(copy.path(""))
            .env("CARGO_MANIFEST_DIR", copy.path("xtask"))
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = services.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let catalog = parsed(&copy.read("catalog.toml"));
    for service in &services {
        assert!(catalog.services.contains_key(service), "{service} is lost");
    }
}

#[test]
fn a_corpus_is_read_page_by_page() {
    let copy = Copy::new();
    std::fs::create_dir(copy.path("pages")).unwrap();
    copy.write("pages/a.md", MARKDOWN);
    copy.write("pages/b.md", &edit(MANAGEABLE, "Business reasons. Use", "Because. Use"));
    copy.write("pages/c.md", "No page.\n");
    let path = copy.path("pages").to_string_lossy().into_owned();
    let outcome = copy.run(&["corpus", "pages", &path]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for line in [
        "a.md: a page of the family \"CAM-enabled API\", English, Markdown or HTML tables",
        "  3 rows read, 0 errors reported, 0 lines lost",
        "  error: b.md:30:2: the row of `CreateThing` is not understood",
        "3 pages: 5 rows read, 2 errors reported, 0 lines lost",
    ] {
        assert!(outcome.out.contains(line), "{}", outcome.out);
    }
    for args in [&["corpus"][..], &["corpus", "things", &path], &["corpus", "pages"]] {
        assert_eq!(copy.run(args).code, 2);
    }
}

#[test]
fn the_sources_are_read_whole() {
    assert_eq!(page(TRTC).rows.len(), 52);
    assert_eq!(page(CCC).rows.len(), 119);
}
