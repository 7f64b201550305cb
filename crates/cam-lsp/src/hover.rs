//! What is known of a place.

use std::fmt::Write as _;

use cam_policy::catalog::{Action, Granularity, Service};
use cam_policy::policy::{ActionPattern, ConditionOperator};
use cam_policy::text::{Span, glob};

use crate::completion::markdown;
use crate::document::Document;
use crate::knowledge::Knowledge;
use crate::language::Language;
use crate::place::{Around, Part, Role, listed, part_of};
use crate::protocol::Hover;
use crate::tree::{Id, Tree};
use crate::words;

/// Tells what is known of a byte of a document: of what stands there, and of the rules that report it.
pub(crate) fn hover(
    document: &Document,
    knowledge: &Knowledge,
    language: Language,
    at: usize,
) -> Option<Hover> {
    let around = Around::of(document, at)?;
    let (text, inner) = (&around.text, around.at);
    // The cursor stands before the character that is pointed at.
    let behind = (inner + 1..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(inner);
    let tree = Tree::read(text, around.part.clone(), around.is_hcl, Some(behind));
    let token = tree.cursor.and_then(|cursor| cursor.token);
    let about =
        token.and_then(|token| Some((about(&tree, token, knowledge, language)?, tree.node(token).span)));
    let findings = document.report().into_iter().flat_map(|report| &report.findings);
    let here = findings.filter(|found| found.span.start() <= at && at < found.span.end());
    let mut rules: Vec<_> = here.map(|found| found.rule).collect();
    rules.dedup_by_key(|rule| rule.id);
    let mut parts: Vec<String> = about.iter().map(|(about, _)| about.clone()).collect();
    parts.extend(rules.into_iter().take(MOST_RULES).map(|rule| words::rule(rule, language)));
    if parts.is_empty() {
        return None;
    }
    let range = about.and_then(|(_, span): (String, Span)| Some(document.lines.range(around.in_file(span)?)));
    Some(Hover { contents: markdown(parts.join("\n\n---\n\n")).into(), range })
}

/// How many rules are explained at once.
const MOST_RULES: usize = 3;

fn about(tree: &Tree<'_>, token: Id, knowledge: &Knowledge, language: Language) -> Option<String> {
    let contents = tree.contents(token);
    match part_of(tree, token) {
        Part::Action(_) => words::action_pattern(contents, knowledge, language),
        Part::Resource(statement) => resource(tree, statement, contents, knowledge, language),
        Part::Effect(statement) => Some(explain(tree, statement, knowledge, language)),
        Part::Key(Role::Statement, statement)
            if contents.eq_ignore_ascii_case("effect") || contents.eq_ignore_ascii_case("sid") =>
        {
            Some(explain(tree, statement, knowledge, language))
        }
        Part::Key(Role::Conditions(_), _) => {
            let operator: ConditionOperator = contents.parse().ok()?;
            Some(format!("**{operator}**\n\n{}", words::operator(operator, language)))
        }
        Part::Key(Role::Operator(_, statement), _) => {
            let services = services(tree, statement, knowledge);
            Some(words::condition_key(contents, &services, language))
        }
        _ => None,
    }
}

fn patterns<'a>(tree: &Tree<'a>, statement: Id) -> Vec<(&'a str, ActionPattern)> {
    let written = listed(tree, statement, "action").into_iter();
    written.filter_map(|text| Some((text, ActionPattern::try_from(text).ok()?))).collect()
}

fn services(tree: &Tree<'_>, statement: Id, knowledge: &Knowledge) -> Vec<&'static Service<'static>> {
    let mut ids: Vec<String> = patterns(tree, statement)
        .iter()
        .filter_map(|(_, pattern)| pattern.service().map(str::to_owned))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().filter_map(|id| knowledge.catalog.service(id)).collect()
}

/// Tells of which patterns of the catalog a resource is, among those of the statement's actions and of its service.
fn resource(
    tree: &Tree<'_>,
    statement: Id,
    text: &str,
    knowledge: &Knowledge,
    language: Language,
) -> Option<String> {
    if text == "*" {
        return Some(language.pick(
            "Every resource of every service. Operation-level actions need it.".into(),
            "所有服务的所有资源。操作级接口需要 `*`。".into(),
        ));
    }
    let mut services = services(tree, statement, knowledge);
    let named = text.split(':').nth(2).and_then(|id| knowledge.catalog.service(id));
    services.extend(named);
    let last = |text: &'_ str| text.splitn(6, ':').nth(5).map(str::to_owned);
    let wanted = last(text)?;
    let mut found = Vec::new();
    for service in services {
        for pattern in service.patterns {
            let Some(form) = last(pattern.single) else { continue };
            let form = holes_as_stars(&form);
            let about = words::pattern(pattern, service, language);
            if (glob(&form, &wanted) || glob(&wanted, &form)) && !found.contains(&about) {
                found.push(about);
            }
        }
    }
    (!found.is_empty()).then(|| found.join("\n\n---\n\n"))
}

fn holes_as_stars(form: &str) -> String {
    let Ok(pieces) = cam_policy::text::pieces(form) else { return form.into() };
    let star = |piece| match piece {
        cam_policy::text::Piece::Literal(text) => text,
        cam_policy::text::Piece::Placeholder(_) => "*",
    };
    pieces.into_iter().map(|(piece, _)| star(piece)).collect()
}

/// Says in words what a statement does.
fn explain(tree: &Tree<'_>, statement: Id, knowledge: &Knowledge, language: Language) -> String {
    let effect = listed(tree, statement, "effect").first().copied().unwrap_or_default();
    let mut out = match effect.to_ascii_lowercase().as_str() {
        "allow" => language.pick("**This statement allows**\n\n", "**该语句允许**\n\n"),
        "deny" => language.pick("**This statement denies**\n\n", "**该语句拒绝**\n\n"),
        _ => language.pick("**This statement is for**\n\n", "**该语句针对**\n\n"),
    }
    .to_owned();
    let mut everywhere_only = Vec::new();
    // Writing to a `String` cannot fail.
    for (written, pattern) in patterns(tree, statement) {
        let matched: Vec<Action<'_>> = pattern.actions(&knowledge.catalog).collect();
        let what = match &matched[..] {
            [] if (knowledge.matches)(&pattern) => {
                language.pick("only the name is known", "仅知道名称").to_owned()
            }
            [] => language.pick("not in the catalog", "不在目录中").to_owned(),
            [one] => words::granularity(one.granularity(), language).to_owned(),
            many => language.pick(format!("{} actions", many.len()), format!("{} 个接口", many.len())),
        };
        if matched.iter().any(|action| action.granularity() == Granularity::Operation) {
            everywhere_only.push(written);
        }
        let _ = writeln!(out, "- `{written}`{}{what}", language.pick(": ", "："));
    }
    let resources = listed(tree, statement, "resource");
    let on_all = resources.contains(&"*");
    // A statement that is not complete yet names none, nor does one of a trust policy.
    if !resources.is_empty() {
        let resources = resources.join("` `");
        let _ = writeln!(out, "\n{} `{resources}`", language.pick("on", "资源："));
    }
    let conditions = conditions(tree, statement);
    if !conditions.is_empty() {
        let _ = writeln!(out, "\n{}\n", language.pick("if all of this is true:", "且须同时满足："));
        for condition in conditions {
            let _ = writeln!(out, "- {condition}");
        }
    }
    if !on_all && !resources.is_empty() && !everywhere_only.is_empty() {
        let names = everywhere_only.join("`, `");
        let _ = write!(
            out,
            "\n{}",
            language.pick(
                format!("Of `{names}` it does not reach the operation-level actions, because `*` is not among its resources."),
                format!("`{names}` 中的操作级接口不受该语句影响，因为其资源中没有 `*`。"),
            )
        );
    }
    out
}

fn conditions(tree: &Tree<'_>, statement: Id) -> Vec<String> {
    let Some(conditions) = tree.member(statement, "condition") else { return Vec::new() };
    let mut out = Vec::new();
    for compared in tree.children(conditions) {
        let operator = tree.node(compared).key.map_or("", |key| tree.contents(key));
        for value in tree.children(compared) {
            let key = tree.node(value).key.map_or("", |key| tree.contents(key));
            let values: Vec<&str> = tree.texts(value).into_iter().map(|text| tree.contents(text)).collect();
            out.push(format!("`{operator}` `{key}`: `{}`", values.join("`, `")));
        }
    }
    out
}
