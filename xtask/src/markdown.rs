//! Writes tables in GitHub Markdown that show their texts unchanged.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// A table. Its cells are Markdown already.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The greatest width of a column. A longer cell sticks out, so that it does not widen every row.
const WIDEST: usize = 88;

/// The step of widths. Because of it, a change of one cell seldom changes the width of every row.
const STEP: usize = 8;

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<Vec<String>> = std::iter::once(&self.header)
            .chain(&self.rows)
            .map(|cells| cells.iter().map(|cell| cell.replace('|', "\\|")).collect())
            .collect();
        let widths: Vec<usize> = (0..self.header.len())
            .map(|column| {
                let cells = lines.iter().filter_map(|line| line.get(column));
                let widest = cells.map(|cell| cell.width()).filter(|width| *width <= WIDEST).max();
                widest.unwrap_or(0).max(1).next_multiple_of(STEP)
            })
            .collect();
        for (number, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(&widths) {
                // `{cell:width$}` would count characters, not columns.
                write!(f, "| {cell}{} ", " ".repeat(width.saturating_sub(cell.width())))?;
            }
            f.write_str("|\n")?;
            if number == 0 {
                for width in &widths {
                    write!(f, "| {} ", "-".repeat(*width))?;
                }
                f.write_str("|\n")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use tencent_cam_codegen::markdown::{code, escape, link, text};

    use super::*;

    const NASTY: &[&str] = &[
        "plain",
        "a|b \\| c\\",
        "*a* **b** _c_ __d__ ~~e~~ ~f~",
        "<b>&lt;&#38;&amp; a&b & c",
        "[a](b) ![c](d) [e]: f",
        "`one stray tick",
        "``two`` ticks `` and ` odd",
        "$5 and $x$ and ${uin}",
        "\\*not emphasis\\* \\\\",
        "# no heading",
        "云呼叫中心 操作级：*",
        "trailing\\",
    ];

    fn events(markdown: &str) -> Vec<Event<'_>> {
        Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION).collect()
    }

    fn shown(events: &[Event<'_>]) -> String {
        let text = |event: &Event<'_>| match event {
            Event::Text(text) | Event::Code(text) => text.to_string(),
            Event::Start(Tag::Paragraph | Tag::TableCell | Tag::Link { .. })
            | Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Link) => String::new(),
            other => panic!("unexpected {other:?}"),
        };
        events.iter().map(text).collect()
    }

    /// Returns what GitHub shows for the only cell of a table.
    fn cell(markdown: String) -> String {
        let table = Table { header: vec!["header".to_owned()], rows: vec![vec![markdown]] }.to_string();
        let events = events(&table);
        let starts: Vec<usize> =
            (0..events.len()).filter(|at| events[*at] == Event::Start(Tag::TableCell)).collect();
        assert_eq!(starts.len(), 2, "{table}");
        let end = events.iter().rposition(|event| *event == Event::End(TagEnd::TableCell)).expect("an end");
        shown(&events[starts[1]..=end])
    }

    #[test]
    fn escaped_text_shows_as_it_is() {
        for text in NASTY {
            let padded = format!("x {text} x");
            assert_eq!(shown(&events(&escape(&padded))), padded);
            assert_eq!(cell(escape(text)), *text);
            assert_eq!(cell(escape(&padded)), padded);
        }
        assert_eq!(cell(escape("two\nlines\tand a tab")), "two lines and a tab");
    }

    #[test]
    fn code_shows_as_it_is() {
        for text in NASTY.iter().filter(|text| !text.contains("\\|")) {
            assert_eq!(cell(code(text)), *text);
            assert_eq!(shown(&events(&format!("x {}", code(text)))), format!("x {text}"));
        }
        for text in ["`", "``", "`a`", "qcs::trtc::uin/${uin}:sdkappid/${SdkAppId}", "a|b"] {
            assert_eq!(cell(code(text)), text);
        }
    }

    #[test]
    fn links_lead_where_they_say() {
        for url in ["https://a/b", "https://a/(b)c)?d=1&copy;=2#e_f_g*h*", "https://a/<b>`c`|d\\e"] {
            for title in NASTY {
                let link = link(&escape(title), url);
                let table = Table { header: vec![link.clone()], rows: Vec::new() }.to_string();
                let found = events(&table).into_iter().find_map(|event| match event {
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
                    _ => None,
                });
                assert_eq!(found.as_deref(), Some(url), "{table}");
                assert_eq!(cell(link), *title);
            }
        }
        assert_eq!(link("a", "https://a/b c"), "[a](https://a/b%20c)");
    }

    #[test]
    fn paired_ticks_are_code() {
        assert_eq!(text("CAM's `*` and `uin/` of *x*"), "CAM's `*` and `uin/` of \\*x\\*");
        assert_eq!(text("a ` b"), "a \\` b");
        assert_eq!(text("a `` b"), "a \\`\\` b");
        assert_eq!(text(""), "");
    }

    #[test]
    fn a_wide_cell_sticks_out_alone() {
        let wide = "w".repeat(WIDEST + 1);
        let rows = vec![vec![wide.clone(), "b".to_owned()], vec!["中文".to_owned(), "d".to_owned()]];
        let table = Table { header: vec!["a".to_owned(), "e".to_owned()], rows }.to_string();
        assert_eq!(
            table,
            format!(
                "| a        | e        |\n| -------- | -------- |\n| {wide} | b        |\n| 中文     | d        |\n"
            )
        );
    }
}
