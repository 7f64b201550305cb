//! Policies in the code blocks of Markdown.

use cam_policy::text::{Lines, Span};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::embedded::{Embedded, Found, Unchecked, mentions_statement};
use super::json::Flavor;
use super::{hcl, json};
use crate::map::{Builder, Map, Piece};

/// The block that is read.
struct Open {
    language: String,
    start: usize,
    text: String,
    builder: Builder,
}

/// Finds the policies of a file.
pub(super) fn read(text: &str) -> Found {
    let mut found = Found::default();
    let mut lines = Lines::new(text);
    let mut open: Option<Open> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _) => {
                let language = info.split([' ', ',', '{']).next().unwrap_or_default().to_ascii_lowercase();
                open = Some(Open {
                    language,
                    start: range.start,
                    text: String::new(),
                    builder: Builder::default(),
                });
            }
            (Event::Text(part), Some(block)) => {
                block.text.push_str(&part);
                let same = text.get(range.clone()) == Some(&*part);
                block.builder.add(part.len(), range, if same { Piece::Same } else { Piece::Unit });
            }
            (Event::End(TagEnd::CodeBlock), _) => {
                if let Some(block) = open.take() {
                    let line = lines.position(block.start).line;
                    add(&mut found, block, range.end, line);
                }
            }
            _ => {}
        }
    }
    found
}

fn add(found: &mut Found, block: Open, end: usize, line: usize) {
    let Open { language, start, text, builder } = block;
    let first = text.trim_start();
    let inner = match language.as_str() {
        "json" => json::read(&text, Flavor::Plain),
        "jsonc" | "json5" => json::read(&text, Flavor::Comments),
        "hcl" | "terraform" | "tf" => hcl::read(&text),
        // A block of another language, as of a shell, only holds a policy that stands alone in it.
        _ if mentions_statement(first) && first.starts_with(['{', '"']) => json::read(&text, Flavor::Plain),
        _ => return,
    };
    let map: Map = builder.map();
    let whole = Span::new(start, end);
    for policy in inner.policies {
        let within = if policy.label.is_empty() { String::new() } else { format!(", {}", policy.label) };
        let label = format!("block at line {line}{within}");
        found.policies.push(Embedded { label, whole, pointer: String::new(), ..policy.within(&map) });
    }
    for Unchecked { span, reason } in inner.unchecked {
        found.unchecked.push(Unchecked { span: map.origin(span), reason });
    }
    // Examples leave parts out, as `...`: a block that is not HCL is no mistake of the file.
    if let Some(unreadable) = inner.unreadable.filter(|_| mentions_statement(&text)) {
        found.unchecked.push(Unchecked { span: map.origin(unreadable.span), reason: unreadable.message });
    }
}
