//! Symbols and links.

use cam_policy::text::Span;
use cam_workspace::config::FILE_NAME;
use cam_workspace::source::Format;

use crate::document::Document;
use crate::language::Language;
use crate::place::{Role, listed, role};
use crate::protocol::{DocumentLink, DocumentSymbol, SymbolKind, Uri};
use crate::tree::{Id, Kind, Tree};

/// Returns the policies of a document, with their statements.
pub(crate) fn symbols(document: &Document, language: Language) -> Vec<DocumentSymbol> {
    let Some(format) = document.format() else { return Vec::new() };
    let text = &document.lines.text;
    let tree = Tree::read(text, 0..text.len(), format == Format::Hcl, None);
    let labels = |span: Span| {
        let policies = document.report().into_iter().flat_map(|report| &report.policies);
        let holds = |whole: Span| whole.start() <= span.start() && span.end() <= whole.end();
        let mut named =
            policies.filter(|policy| holds(policy.source.whole) && !policy.source.label.is_empty());
        named.next().map(|policy| policy.source.label.clone())
    };
    let objects = tree.nodes().filter(|(_, node)| node.kind == Kind::Object);
    let mut policies: Vec<(Id, DocumentSymbol)> = Vec::new();
    for (id, node) in objects {
        match role(&tree, id) {
            Role::Policy if tree.member(id, "statement").is_some() => {
                let name = labels(node.span).unwrap_or_else(|| language.pick("policy", "策略").into());
                let range = document.lines.range(node.span);
                let start = document.lines.range(Span::new(node.span.start(), node.span.start() + 1));
                policies.push((id, symbol(name, None, SymbolKind::Object, range, start)));
            }
            Role::Statement => {
                let statement = of_statement(&tree, id, document, language);
                let policy = tree.object_of(id);
                if let Some((_, policy)) = policies.iter_mut().rev().find(|(of, _)| *of == policy) {
                    policy.children.get_or_insert_default().push(statement);
                }
            }
            _ => {}
        }
    }
    policies.into_iter().map(|(_, symbol)| symbol).collect()
}

fn of_statement(tree: &Tree<'_>, id: Id, document: &Document, language: Language) -> DocumentSymbol {
    let first = |key: &str| listed(tree, id, key).first().copied().unwrap_or_default();
    let effect = first("effect");
    let actions = listed(tree, id, "action");
    let name = match &actions[..] {
        [] => effect.to_owned(),
        [one] => format!("{effect} {one}"),
        [one, more @ ..] => {
            let more = more.len();
            language
                .pick(format!("{effect} {one} and {more} more"), format!("{effect} {one} 等 {} 项", more + 1))
        }
    };
    let name = if name.trim().is_empty() { language.pick("statement", "语句").to_owned() } else { name };
    let detail = listed(tree, id, "resource").first().map(|resource| (*resource).to_owned());
    let span = tree.node(id).span;
    let at = tree.member(id, "effect").map_or(Span::new(span.start(), span.start()), |at| tree.node(at).span);
    let (range, selection) = (document.lines.range(span), document.lines.range(at));
    symbol(name, detail, SymbolKind::Struct, range, selection)
}

fn symbol(
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    range: crate::protocol::Range,
    selection_range: crate::protocol::Range,
) -> DocumentSymbol {
    #[expect(deprecated, reason = "the field has no default")]
    DocumentSymbol {
        name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range,
        selection_range,
        children: None,
    }
}

/// Returns links from the ids of rules in suppressions to their documentation.
pub(crate) fn links(document: &Document, language: Language) -> Vec<DocumentLink> {
    let text = &document.lines.text;
    let is_configuration = document.name() == FILE_NAME;
    let (mut links, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        if is_configuration || line.contains("tencent-cam:") {
            for (at, _) in line.match_indices("CAM") {
                let Some(rule) = line.get(at..at + 6).and_then(cam_lint::rule) else { continue };
                let span = Span::new(start + at, start + at + 6);
                links.push(DocumentLink {
                    range: document.lines.range(span),
                    target: Some(Uri(rule.url(language.pick("en", "zh")))),
                    tooltip: Some(language.pick(rule.summary.en, rule.summary.zh).into()),
                    data: None,
                });
            }
        }
        start += line.len();
    }
    links
}
