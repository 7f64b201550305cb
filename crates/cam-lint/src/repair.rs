//! Fixes for diagnostics of the core that come without one.

use cam_policy::catalog::{Action, Catalog, Granularity};
use cam_policy::diagnostic::{Diagnostic, Element};
use cam_policy::document::Document;
use cam_policy::policy::{ActionPattern, Statement};
use cam_policy::text::{Span, split_segments};

use crate::edits::{indentation, list, remove_items, remove_member, written};
use crate::finding::{Edit, Fix, apply};
use crate::rule::Rule;
use crate::rules::{no_effect, refused, spelling};

/// Returns a fix of a diagnostic, if its rule has one.
pub(crate) fn fix(
    rule: &Rule,
    diagnostic: &Diagnostic,
    text: &str,
    document: Option<&Document>,
    catalog: &Catalog<'_>,
) -> Option<Fix> {
    let span = diagnostic.span()?;
    if *rule == refused::WRONG_VERSION {
        return version(text, span);
    }
    let document = document?;
    if *rule == spelling::SINGLE_STATEMENT {
        let whole = document.span(Element::Statement(0))?;
        let insert = |at: usize, what: &str| Edit { span: Span::new(at, at), replacement: what.into() };
        let edits = vec![insert(whole.start(), "["), insert(whole.end(), "]")];
        return Some(Fix { title: "put it into an array".into(), edits });
    }
    if *rule == spelling::IDENTIFIER {
        return identifier(text, span, document);
    }
    if *rule == no_effect::OPERATION_LEVEL_ALLOW || *rule == no_effect::OPERATION_LEVEL_DENY {
        let at = diagnostic.element()?.statement()?;
        return operation_level(text, document, at, catalog);
    }
    None
}

fn version(text: &str, span: Span) -> Option<Fix> {
    let quoted = text[..span.start()].ends_with('"');
    let replacement = match text.as_bytes().get(span.start())? {
        _ if quoted => "2.0",
        b'0'..=b'9' => "\"2.0\"",
        _ => return None,
    };
    let edits = vec![Edit { span, replacement: replacement.into() }];
    Some(Fix { title: "write `\"2.0\"`".into(), edits })
}

/// Removes the `Sid` or `Id` whose key stands at `key`.
fn identifier(text: &str, key: Span, document: &Document) -> Option<Fix> {
    let sids = (0..document.policy().statements().len()).map(Element::Sid);
    let values = sids.chain([Element::Id]).filter_map(|element| document.span(element));
    let value = values.filter(|value| value.start() > key.end()).min_by_key(|value| value.start())?;
    Some(Fix { title: "remove it".into(), edits: vec![remove_member(text, key, value)] })
}

/// Whether every action that a pattern matches is operation-level, as far as the catalog tells.
fn is_operation_level(action: &ActionPattern, catalog: &Catalog<'_>) -> bool {
    let level = |action: Action<'_>| action.granularity() == Granularity::Operation;
    let service = action.service().and_then(|name| catalog.service(name));
    let (Some(service), Some(operation)) = (service, action.operation()) else { return false };
    if let Some(action) = service.action(operation) {
        return level(action);
    }
    let mut matched = action.actions(catalog).peekable();
    service.complete == Some(true) && matched.peek().is_some() && matched.all(level)
}

/// Puts the operation-level actions of a statement into one of their own, with `*` as its resource. What else the
/// statement says stands in both.
fn operation_level(text: &str, document: &Document, at: usize, catalog: &Catalog<'_>) -> Option<Fix> {
    let statement = document.policy().statements().get(at)?;
    let everywhere = Edit { span: resources(text, document, statement, at)?, replacement: "[\"*\"]".into() };
    let moved: Vec<bool> =
        statement.actions().iter().map(|action| is_operation_level(action, catalog)).collect();
    if moved.iter().all(|moved| *moved) {
        return Some(Fix { title: "write `\"resource\": [\"*\"]`".into(), edits: vec![everywhere] });
    }
    let spans: Vec<Span> =
        (0..moved.len()).map(|of| document.span(Element::Action(at, of))).collect::<Option<_>>()?;
    let whole = document.span(Element::Statement(at))?;
    // A single statement without an array has no place for a second one.
    if !text[..whole.start()].trim_end().ends_with(['[', ',']) {
        return None;
    }
    let names = spans.iter().zip(&moved).filter(|(_, moved)| **moved).map(|(span, _)| written(text, *span));
    let names = ["[", &names.collect::<Vec<_>>().join(", "), "]"].concat();
    let actions = list(text, &spans)?;
    let within = |edit: Edit| Edit {
        span: Span::new(edit.span.start() - whole.start(), edit.span.end() - whole.start()),
        ..edit
    };
    let own = [within(Edit { span: actions, replacement: names }), within(everywhere)];
    let second = apply(&text[whole.range()], own.iter());
    // Where the file has comments, the text has whitespace.
    let second = if second.contains('\n') {
        let lines: Vec<&str> = second.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        lines.join(if second.contains("\r\n") { "\r\n" } else { "\n" })
    } else {
        second
    };
    let mut edits = remove_items(text, &spans, &moved);
    let below = [",", indentation(text, whole.start()), &second].concat();
    edits.push(Edit { span: Span::new(whole.end(), whole.end()), replacement: below });
    Some(Fix { title: "put it into a statement with `\"resource\": [\"*\"]`".into(), edits })
}

/// Returns where the resources of a statement stand; `None` if one of them is of no known form.
fn resources(text: &str, document: &Document, statement: &Statement, at: usize) -> Option<Span> {
    let known = |resource: &str| resource == "*" || split_segments(resource).is_some();
    if !statement.resources().iter().all(|resource| known(resource.as_str())) {
        return None;
    }
    let spans = (0..statement.resources().len()).map(|of| document.span(Element::Resource(at, of)));
    list(text, &spans.collect::<Option<Vec<Span>>>()?)
}
