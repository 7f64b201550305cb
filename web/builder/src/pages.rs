//! Pages: the layout around a body, and bodies from Markdown.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Returns the name of the page that a Markdown file becomes.
pub(crate) fn address(name: &str) -> String {
    match name.strip_suffix(".md") {
        Some("README") => "index.html".into(),
        Some(stem) => format!("{stem}.html"),
        None => name.into(),
    }
}

/// A page, as the layout takes it.
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    /// The language of a page that has one only.
    pub(crate) language: Option<&'a str>,
    /// The way from the page to the root of the site.
    pub(crate) root: &'a str,
    /// The script, from the root.
    pub(crate) script: &'a str,
    pub(crate) body: &'a str,
}

impl Page<'_> {
    /// Fills the layout.
    pub(crate) fn html(&self, layout: &str) -> String {
        let fixed = if self.language.is_some() { " data-fixed-language" } else { "" };
        // The body goes in last: what it holds is not for the layout.
        layout
            .replace("{fixed}", fixed)
            .replace("{lang}", self.language.unwrap_or("en"))
            .replace("{root}", self.root)
            .replace("{script}", self.script)
            .replace("{title}", &escaped(self.title))
            .replace("{body}", self.body)
    }
}

/// Returns the page of a Markdown file of `docs/permissions`.
pub(crate) fn table(layout: &str, name: &str, markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, options).map(harmless).map(linked).collect();
    let title = title(&events);
    let mut body = String::new();
    html::push_html(&mut body, wrapped(with_anchors(events)).into_iter());
    let language = if name.ends_with(".zh.md") { "zh-Hans" } else { "en" };
    let page = Page { title: &title, language: Some(language), root: "../", script: "site.js", body: &body };
    page.html(layout)
}

/// Writes HTML of a Markdown file as text, but for a line break: what a catalog says may hold any characters.
fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::InlineHtml(tag) if tag.as_ref() == "<br>" => Event::InlineHtml(tag),
        Event::Html(text) | Event::InlineHtml(text) if text.starts_with("<!--") => Event::Text("".into()),
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !is_address(&dest_url) => {
            Event::Start(Tag::Link { link_type, dest_url: "".into(), title, id })
        }
        other => other,
    }
}

/// Whether a link leads to a page, and runs nothing.
fn is_address(url: &str) -> bool {
    let scheme = url.split(['/', '#', '?']).next().unwrap_or_default();
    !scheme.contains(':') || ["https:", "http:"].contains(&scheme)
}

/// Points a link between the Markdown files to the pages.
fn linked(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let is_page = address(file) != file && !file.contains('/');
            let dest_url = match (is_page, anchor) {
                (false, _) => dest_url.clone(),
                (true, "") => address(file).into(),
                (true, anchor) => format!("{}#{anchor}", address(file)).into(),
            };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// The text of the first heading.
fn title(events: &[Event<'_>]) -> String {
    text(events.iter().skip_while(|event| !matches!(event, Event::Start(Tag::Heading { .. }))))
}

/// The text up to the end of the heading.
fn text<'e, 't: 'e>(events: impl Iterator<Item = &'e Event<'t>>) -> String {
    events
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}

/// Gives each heading the anchor that GitHub gives it.
fn with_anchors(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    for at in 0..events.len() {
        if matches!(events[at], Event::Start(Tag::Heading { .. })) {
            let anchor = anchor(&text(events[at..].iter()));
            if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
                *id = Some(CowStr::from(anchor));
            }
        }
    }
    events
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|one| one.is_alphanumeric() || [' ', '-', '_'].contains(one));
    kept.map(|one| if one == ' ' { '-' } else { one }).collect::<String>().to_lowercase()
}

/// Whether a text is a day, as `2026-11-27`.
fn is_day(text: &str) -> bool {
    let shape: String = text.chars().map(|one| if one.is_ascii_digit() { '0' } else { one }).collect();
    shape == "0000-00-00"
}

/// Puts each table into a box of its own, which scrolls on a narrow screen and can be reached by keyboard. A day stays in one
/// line.
fn wrapped(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Start(Tag::Table(_)) => {
                out.push(Event::Html("<div class=\"scroll\" tabindex=\"0\">".into()));
                out.push(event);
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(Event::Html("</div>".into()));
            }
            Event::Text(text) if is_day(&text) => {
                out.push(Event::InlineHtml(format!("<time>{text}</time>").into()));
            }
            other => out.push(other),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_the_tables_lead_to_pages() {
        let markdown = "# A & B (`a`)\n\n[zh](a.zh.md) [all](README.md#one-two) [out](https://x.example/a.md)\n\n## One two\n";
        assert_eq!(
            table("{lang} {title}\n{body}", "a.en.md", markdown),
            "en A &amp; B (a)\n<h1 id=\"a--b-a\">A &amp; B (<code>a</code>)</h1>\n<p><a href=\"a.zh.html\">zh</a> \
             <a href=\"index.html#one-two\">all</a> <a href=\"https://x.example/a.md\">out</a></p>\n\
             <h2 id=\"one-two\">One two</h2>\n"
        );
    }

    #[test]
    fn html_of_a_catalog_is_text() {
        let markdown = "<!-- made -->\n\na <img src=x onerror=y> b<br>c <b>d</b> [e](javascript:f) [g](data:text/html,h)\n\n\
                        <script>\ni\n</script>\n";
        let body = table("{body}", "a.en.md", markdown);
        assert!(!body.contains("<img") && !body.contains("<script") && !body.contains("<b>"), "{body}");
        assert!(body.contains("b<br>c &lt;b&gt;d"), "{body}");
        assert!(!body.contains("javascript:") && !body.contains("data:") && !body.contains("made"), "{body}");
    }

    #[test]
    fn a_table_is_in_a_box_that_scrolls() {
        let body = table("{body}", "a.zh.md", "| a | b |\n| --- | --- |\n| 1 | 2026-11-27 |\n");
        assert!(body.contains("<time>2026-11-27</time>"), "{body}");
        assert!(body.starts_with("<div class=\"scroll\" tabindex=\"0\"><table>"), "{body}");
        assert!(body.trim_end().ends_with("</table>\n</div>"), "{body}");
    }
}
