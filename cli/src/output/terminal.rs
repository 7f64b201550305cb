//! Findings for people: the lines of the file, with what is wrong under them.

use std::fmt::Write as _;
use std::io;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use cam_lint::{FixSafety, Severity};
use cam_policy::text::Span;
use cam_workspace::lint::{FileReport, Found};
use cam_workspace::report::{Places, Reported, Summary};

/// Whether standard output takes colours and links: it is a terminal, and `NO_COLOR` is not set.
fn is_styled() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

pub(super) fn render(reports: &[Reported<'_>], summary: &Summary) -> String {
    let styled = is_styled();
    let renderer =
        if styled { Renderer::styled().decor_style(DecorStyle::Unicode) } else { Renderer::plain() };
    let mut out = String::new();
    for Reported { report, .. } in reports {
        if report.findings.is_empty() {
            continue;
        }
        let places = Places::new(&report.text);
        for found in &report.findings {
            out.push_str(&renderer.render(&[group(report, found, &places, styled)]));
            out.push_str("\n\n");
        }
    }
    for Reported { report, .. } in reports {
        let places = Places::new(&report.text);
        for unchecked in &report.unchecked {
            let (start, _) = places.characters(unchecked.span);
            let _ = writeln!(
                out,
                "{}:{}:{}: not checked: {}",
                report.name, start.line, start.column, unchecked.reason
            );
        }
    }
    let _ = writeln!(out, "{summary}");
    out
}

fn group<'r>(report: &'r FileReport, found: &'r Found, places: &Places<'_>, styled: bool) -> Group<'r> {
    let level = match found.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut title = level.primary_title(found.message.as_str()).id(found.rule.id);
    if styled {
        title = title.id_url(found.rule.url("en"));
    }
    let all = found.related.iter().map(|(span, _)| *span).chain([found.span]);
    let (start, end) =
        all.fold((usize::MAX, 0), |(start, end), span| (start.min(span.start()), end.max(span.end())));
    let (line, shown) = places.lines(start, end);
    let within = |span: Span| {
        let inside = |byte: usize| byte.clamp(shown.start(), shown.end()) - shown.start();
        inside(span.start())..inside(span.end())
    };
    let mut snippet =
        Snippet::source(&report.text[shown.range()]).path(report.name.as_str()).line_start(line);
    snippet = snippet.annotation(AnnotationKind::Primary.span(within(found.span)).label(found.rule.name));
    for (span, what) in &found.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(within(*span)).label(what.as_str()));
    }
    let mut group = title.element(snippet);
    if let Some(policy) =
        found.policy.map(|at| &report.policies[at]).filter(|policy| !policy.source.label.is_empty())
    {
        group = group.element(Level::NOTE.message(format!("in the policy {}", policy.source.label)));
    }
    if let Some(help) = help(found) {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// What to write instead, and which command does it, without saying the same twice.
fn help(found: &Found) -> Option<String> {
    let Some(fix) = &found.fix else { return found.help.clone() };
    // Proving takes longer than linting, so `fix` does it.
    let how = match found.rule.fix {
        FixSafety::Unsafe => "`tencent-cam fix --unsafe` does it, and shows what access changes",
        _ => "`tencent-cam fix` does it if it can prove that access stays the same",
    };
    Some(match &found.help {
        Some(help) if says(help, &fix.title) => format!("{help}\n{how}"),
        Some(help) => format!("{help}\n{}: {how}", fix.title),
        None => format!("{}: {how}", fix.title),
    })
}

/// Whether help says what a fix does, in the same words or about the same code.
fn says(help: &str, title: &str) -> bool {
    let code = title.find('`').zip(title.rfind('`')).map_or("", |(start, end)| &title[start..=end]);
    help.starts_with(title) || code.len() > 2 && help.contains(code)
}
