//! The import of made-up pages of both families: what it costs, and how it grows. Prints a table of
//! `benches/README.md`.

#[path = "../../codegen/benches/measure.rs"]
mod measure;

use std::fmt::Write as _;
use std::hint::black_box;

use xtask::import::{Options, import, read};

use crate::measure::{least, per_doubling, rounds, twice};

const SIZES: [usize; 4] = [1_250, 2_500, 5_000, 10_000];

fn main() {
    twice(table);
}

fn table() {
    println!(
        "| family | rows | page kB | catalog kB | read ms | import into nothing ms | import again ms | growth per doubling |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for family in ["CAM-enabled API", "Manageable resources"] {
        let mut before = None;
        for rows in SIZES {
            let page = if family.starts_with("CAM") { enabled(rows) } else { manageable(rows) };
            let catalog = imported("", &page);
            let reading = || drop(black_box(read(black_box(&page))));
            let first = || drop(black_box(imported("", black_box(&page))));
            let again = || drop(black_box(imported(black_box(&catalog), black_box(&page))));
            let [reading, first, again] = least(rounds(20 * rows), [&reading, &first, &again]);
            let growth = before.map_or(String::new(), |(size, old_first, old_again)| {
                let growth = |old, new| per_doubling((size, old), (rows, new));
                format!("{:.2} and {:.2}", growth(old_first, first), growth(old_again, again))
            });
            before = Some((rows, first, again));
            println!(
                "| {family} | {rows} | {} | {} | {:.0} | {:.0} | {:.0} | {growth} |",
                page.len() / 1000,
                catalog.len() / 1000,
                reading * 1e3,
                first * 1e3,
                again * 1e3,
            );
        }
    }
}

fn imported(catalog: &str, page: &str) -> String {
    let options = Options {
        service: "demo".to_owned(),
        name_en: Some("Demo".to_owned()),
        read: "2026-11-21".to_owned(),
        ..Options::default()
    };
    import(catalog, "page", page, &options).unwrap_or_else(|error| panic!("{error}")).text
}

/// Three groups of rows with spaces between the cells; a new pattern every ten rows.
fn enabled(rows: usize) -> String {
    let mut page = "\
CAM中产品名 CAM中简称 控制台访问 按标签授权 授权粒度 IP限制
样例 demo 支持 支持 资源级 部分支持
"
    .to_owned();
    for (at, group) in ["写操作", "读操作", "列表操作"].iter().enumerate() {
        let _ = writeln!(page, "\n{group}\n\n接口名 接口描述 授权粒度 资源六段式 IP限制");
        for row in (0..rows).filter(|row| row % 3 == at) {
            let ip = if row % 4 == 0 { "支持" } else { "不支持" };
            let level = if row % 2 == 0 {
                "操作级 *".to_owned()
            } else {
                let kind = row / 10;
                format!("资源级 qcs::demo::uin/${{uin}}:thing{kind}/${{ThingId}}")
            };
            let _ = writeln!(page, "Action{row:05} 第 {row} 个接口, 样例 {level} {ip}");
        }
    }
    page
}

/// Server APIs in Markdown tables, console APIs in HTML ones; a category, a console page and a link every ten rows,
/// the links all under one title.
fn manageable(rows: usize) -> String {
    let mut page = String::new();
    for (at, supported) in [true, false].into_iter().enumerate() {
        page.push_str(if supported {
            "## APIs supporting resource-level authorization\n\
             - All: `qcs::demo::uin/${uin}:thing/*`.\n\
             - One: `qcs::demo::uin/${uin}:thing/${ThingId}`.\n"
        } else {
            "## APIs not supporting resource-level authorization\n"
        });
        let reason = |before: &str, after: &str| {
            if supported { String::new() } else { format!("{before}Business reasons.{after}") }
        };
        page.push_str("\n### Server API actions\n|API|Category|Description|");
        page.push_str(if supported { "\n|---|---|---|\n" } else { "Restriction|\n|---|---|---|---|\n" });
        for row in (0..rows).filter(|row| row % 4 == at) {
            let (kind, restriction) = (row / 10, reason("", "|"));
            let _ = writeln!(
                page,
                "|[Action{row:05}](https://example.com/{row})|Kind {kind}|Does number {row}.|{restriction}"
            );
        }
        page.push_str("\n### Console API actions\n<table><thead><tr><th>API<th>Console<th>Description");
        page.push_str(if supported {
            "</tr></thead>\n<tbody>\n"
        } else {
            "<th>Restriction</tr></thead>\n<tbody>\n"
        });
        for row in (0..rows).filter(|row| row % 4 == at + 2) {
            let (kind, restriction) = (row / 10, reason("<td>", "</td>"));
            let more = match row % 10 {
                0 => format!(", see <a href=\"https://example.com/more/{row}\">More</a>"),
                _ => String::new(),
            };
            let _ = writeln!(
                page,
                "<tr><td>Action{row:05}</td><td>Console:<ul><li> <a href=\"https://console.example.com/{kind}\">Console &gt; \
                 Page {kind}</a></ul></td><td>Does number {row}{more}.</td>{restriction}</tr>"
            );
        }
        page.push_str("</tbody></table>\n\n");
    }
    page
}
