//! Policies in Terraform's own language.

use std::ops::Range;

use cam_lint::Kind;
use cam_policy::document::Wrapping;
use cam_policy::text::Span;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use serde_json::Value;

use super::embedded::{Embedded, Found, Unchecked, Unreadable, mentions_statement, one_line};
use super::known::Values;
use super::template::{self, Literal};
use super::writer::{Guess, Writer};
use crate::map::Writing;

/// The resources of Tencent's provider that hold a policy, with the attribute and the kind.
const RESOURCES: [(&str, &str, Kind); 3] = [
    ("tencentcloud_cam_policy", "document", Kind::Identity),
    ("tencentcloud_cam_role", "document", Kind::Trust),
    ("tencentcloud_cos_bucket_policy", "policy", Kind::Bucket),
];

/// Returns the kind of the policy that an attribute of a resource holds.
pub(super) fn kind_of(resource: &str, attribute: &str) -> Option<Kind> {
    let known = RESOURCES.iter().find(|(name, holds, _)| *name == resource && *holds == attribute)?;
    Some(known.2)
}

/// Finds the policies of a file.
pub(super) fn read(text: &str) -> Found {
    let body = match hcl_edit::parser::parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let at = error.location().offset().min(text.len());
            let message = format!("this is not HCL: {}", error.message());
            return Found {
                unreadable: Some(Unreadable { span: Span::new(at, at), message }),
                ..Found::default()
            };
        }
    };
    let values = values_of(&body, text);
    let mut finder = Finder { text, values: &values, found: Found::default(), unresolved: Vec::new() };
    finder.body(&body, "", None);
    let Finder { mut found, unresolved, .. } = finder;
    for (expression, unchecked) in unresolved {
        if !found.policies.iter().any(|policy| refers_to(&expression, &policy.label)) {
            found.unchecked.push(unchecked);
        }
    }
    found.unchecked.sort_by_key(|unchecked| unchecked.span);
    found
}

/// Returns the values that a file states: literals of `locals`, and defaults of variables.
fn values_of(body: &Body, text: &str) -> Values {
    let mut values = Values::default();
    for block in body.blocks() {
        match (block.ident.as_str(), block.labels.first()) {
            ("locals", None) => {
                for local in block.body.attributes() {
                    values.local(local.key.as_str(), literal(&local.value, text));
                }
            }
            ("variable", Some(name)) => {
                let default = block.body.get_attribute("default");
                values.variable(name.as_str(), default.and_then(|default| literal(&default.value, text)));
            }
            _ => {}
        }
    }
    values
}

fn literal(expression: &Expression, text: &str) -> Option<Value> {
    match expression {
        Expression::String(string) => Some(Value::String(string.as_str().into())),
        Expression::Bool(flag) => Some(Value::Bool(*flag.value())),
        // Numbers that JSON writes likewise.
        Expression::Number(number) => serde_json::from_str(text.get(number.span()?)?).ok(),
        Expression::Array(items) => items.iter().map(|item| literal(item, text)).collect(),
        Expression::Parenthesis(inner) => literal(inner.inner(), text),
        _ => None,
    }
}

/// Whether an expression is no more than a reference to something of the same file.
fn refers_to(expression: &str, label: &str) -> bool {
    let inner = expression.strip_prefix("jsonencode(").and_then(|rest| rest.strip_suffix(')'));
    let name = inner.unwrap_or(expression).trim();
    !label.is_empty() && (name == label || name.strip_suffix(".json") == Some(label))
}

struct Finder<'a> {
    text: &'a str,
    values: &'a Values,
    found: Found,
    /// What stands where a policy is expected and is no text, with its expression.
    unresolved: Vec<(String, Unchecked)>,
}

/// The block around an attribute.
#[derive(Clone, Copy)]
struct Holder<'h> {
    /// The type of a resource.
    resource: &'h str,
    start: usize,
}

impl Finder<'_> {
    fn body(&mut self, body: &Body, path: &str, holder: Option<Holder<'_>>) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => self.attribute(attribute, path, holder),
                Structure::Block(block) => self.block(block, path, holder),
            }
        }
    }

    fn block(&mut self, block: &Block, path: &str, holder: Option<Holder<'_>>) {
        let ident = block.ident.as_str();
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let name = match (ident, path.is_empty()) {
            ("resource", true) => labels.join("."),
            ("locals", true) => "local".into(),
            ("variable", true) => format!("var.{}", labels.join(".")),
            (_, true) => [&[ident], &labels[..]].concat().join("."),
            (_, false) => format!("{path}.{ident}"),
        };
        let start = block.ident.span().map_or(0, |span| span.start);
        let holder = holder.unwrap_or(Holder {
            resource: labels.first().copied().filter(|_| ident == "resource").unwrap_or_default(),
            start,
        });
        if matches!(ident, "resource" | "data") && path.is_empty() && self.is_foreign(block, &labels) {
            let reason = format!("`{name}` belongs to another cloud");
            if let Some(span) = block.span() {
                self.found.unchecked.push(Unchecked { span: Span::new(start, span.end), reason });
            }
        } else if ident == "data" && labels.first().is_some_and(|kind| kind.ends_with("policy_document")) {
            self.policy_document(block, name, start);
        } else {
            self.body(&block.body, &name, Some(holder));
        }
    }

    /// Whether a resource or data source of another provider holds nothing of Tencent's, but what looks like a policy.
    fn is_foreign(&self, block: &Block, labels: &[&str]) -> bool {
        let of_tencent = labels.first().is_none_or(|kind| kind.starts_with("tencentcloud_"));
        let text = block.span().and_then(|span| self.text.get(span)).unwrap_or_default();
        let lower = text.to_ascii_lowercase();
        !of_tencent && !text.contains("qcs:") && lower.contains("policy") && lower.contains("statement")
    }

    fn attribute(&mut self, attribute: &Attribute, path: &str, holder: Option<Holder<'_>>) {
        let name = attribute.key.as_str();
        let kind = holder.and_then(|holder| kind_of(holder.resource, name));
        let label = match (kind, path.is_empty()) {
            (Some(_), _) => path.to_owned(),
            (None, true) => name.to_owned(),
            (None, false) => format!("{path}.{name}"),
        };
        let Some(range) = attribute.value.span() else { return };
        let start = match holder {
            Some(holder) if kind.is_some() => holder.start,
            _ => attribute.key.span().map_or(range.start, |key| key.start),
        };
        let whole = Span::new(start, range.end);
        let span = Span::new(range.start, range.end);
        match self.policy(&attribute.value, whole, kind.is_some()) {
            Outcome::Policy(policy) => {
                self.found.policies.push(Embedded { label, kind, ..*policy });
            }
            Outcome::Template(span) => self.found.unchecked.push(Unchecked {
                span,
                reason: format!(
                    "the policy of `{label}` is made by a template with directives, which only Terraform runs"
                ),
            }),
            Outcome::Other if kind.is_some() => {
                let expression = self.text[range].trim().to_owned();
                let shown = one_line(&expression);
                let reason = format!("the policy of `{label}` is `{shown}`, which only Terraform knows");
                self.unresolved.push((expression, Unchecked { span, reason }));
            }
            Outcome::Other => {}
        }
    }

    /// Reads an expression that may be a policy. `expected`: it stands where only a policy can stand.
    fn policy(&self, expression: &Expression, whole: Span, expected: bool) -> Outcome {
        match expression {
            Expression::Parenthesis(inner) => self.policy(inner.inner(), whole, expected),
            Expression::HeredocTemplate(heredoc) => {
                let literal = Literal::Raw(heredoc.indent().unwrap_or(0));
                let write = |writer: &mut Writer<'_>| template::write(&heredoc.template, literal, writer);
                self.text_of(write, &[Writing::Template], whole, expected)
            }
            Expression::String(_) => {
                let Some(range) = contents(expression.span()) else { return Outcome::Other };
                let write = |writer: &mut Writer<'_>| {
                    template::write_literal(range.clone(), Literal::Quoted, false, writer);
                    Ok(())
                };
                self.text_of(write, &quoted(), whole, expected)
            }
            Expression::StringTemplate(string) => {
                // A text that is one reference says nothing about a policy.
                if string.iter().all(|element| !element.is_literal()) {
                    return Outcome::Other;
                }
                let write = |writer: &mut Writer<'_>| template::write(&**string, Literal::Quoted, writer);
                self.text_of(write, &quoted(), whole, expected)
            }
            Expression::FuncCall(call) => match call.args.iter().next() {
                Some(Expression::Object(object)) if call.name.name.as_str() == "jsonencode" => {
                    self.object(object, whole, expected)
                }
                _ => Outcome::Other,
            },
            Expression::Object(object) => self.object(object, whole, expected),
            _ => Outcome::Other,
        }
    }

    fn object(&self, object: &Object, whole: Span, expected: bool) -> Outcome {
        let is_policy = object.iter().any(|(key, value)| {
            let value = value.expr();
            key_of(key).is_some_and(|key| key.eq_ignore_ascii_case("statement"))
                && !matches!(value, Expression::String(_) | Expression::Number(_) | Expression::Bool(_))
        });
        if !is_policy && !expected {
            return Outcome::Other;
        }
        let Some(range) = object.span() else { return Outcome::Other };
        let write = |writer: &mut Writer<'_>| {
            write_object(object, &range, writer);
            Ok(())
        };
        self.text_of(write, &[Writing::Template], whole, true)
    }

    /// Writes a policy, and writes it again with other values if it has unknown parts.
    fn text_of(
        &self,
        write: impl Fn(&mut Writer<'_>) -> Result<(), Range<usize>>,
        writing: &[Writing],
        whole: Span,
        expected: bool,
    ) -> Outcome {
        let mut writer = Writer::new(self.text, self.values, Guess::Wide);
        if let Err(directive) = write(&mut writer) {
            let is_policy = expected || mentions_statement(&self.text[whole.range()]);
            let span = Span::new(directive.start, directive.end);
            return if is_policy { Outcome::Template(span) } else { Outcome::Other };
        }
        let (text, map, unknown) = writer.finish();
        let is_policy = mentions_statement(&text) && text.trim_start().starts_with('{');
        if !expected && !is_policy {
            return Outcome::Other;
        }
        let mut policy = Embedded::new(text, map.with_writing(writing.to_vec()), whole);
        if !unknown.is_empty() {
            let other = |guess: Guess| {
                let mut writer = Writer::new(self.text, self.values, guess);
                // It could be written before.
                let _ = write(&mut writer);
                let (text, map, unknown) = writer.finish();
                ((text, map.with_writing(writing.to_vec())), unknown)
            };
            policy.alternative = Some(other(Guess::Narrow).0);
            let (by_default, unknown) = other(Guess::Default);
            policy.by_default = unknown.iter().any(|one| one.is_default).then_some(by_default);
            policy.unknown = unknown;
        }
        Outcome::Policy(Box::new(policy))
    }
}

enum Outcome {
    Policy(Box<Embedded>),
    /// A template with a directive, which stands here.
    Template(Span),
    Other,
}

fn quoted() -> [Writing; 2] {
    [Writing::Wrapped(Wrapping::JsonString), Writing::Template]
}

/// Returns the range of a string without its quotation marks.
fn contents(range: Option<Range<usize>>) -> Option<Range<usize>> {
    range.filter(|range| range.len() >= 2).map(|range| range.start + 1..range.end - 1)
}

fn key_of(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.as_str()),
        // The parser reads `Statement = …` as a variable in some places.
        ObjectKey::Expression(Expression::Variable(name)) => Some(name.as_str()),
        ObjectKey::Expression(_) => None,
    }
}

/// Writes an expression as JSON.
fn write_expression(expression: &Expression, writer: &mut Writer<'_>) {
    let Some(range) = expression.span() else { return };
    match expression {
        Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) => writer.copy(range),
        Expression::String(_) => {
            writer.copy(range.start..range.start + 1);
            template::write_literal(range.start + 1..range.end - 1, Literal::Json, false, writer);
            writer.copy(range.end - 1..range.end);
        }
        Expression::StringTemplate(string) if !string.iter().any(|element| element.is_directive()) => {
            writer.copy(range.start..range.start + 1);
            // It has no directive.
            let _ = template::write(&**string, Literal::Json, writer);
            writer.copy(range.end - 1..range.end);
        }
        Expression::Array(array) => {
            let mut at = range.start + 1;
            writer.copy(range.start..at);
            for item in array {
                let Some(span) = item.span() else { continue };
                write_gap(at..span.start, false, writer);
                write_expression(item, writer);
                at = span.end;
            }
            write_gap(at..range.end - 1, true, writer);
            writer.copy(range.end - 1..range.end);
        }
        Expression::Object(object) => write_object(object, &range, writer),
        Expression::Parenthesis(inner) => write_expression(inner.inner(), writer),
        _ => writer.expression(&range),
    }
}

fn write_object(object: &Object, range: &Range<usize>, writer: &mut Writer<'_>) {
    let mut at = range.start + 1;
    writer.copy(range.start..at);
    for (number, (key, value)) in object.iter().enumerate() {
        let key_span = match key {
            ObjectKey::Ident(ident) => ident.span(),
            ObjectKey::Expression(expression) => expression.span(),
        };
        let (Some(key_span), Some(value_span)) = (key_span, value.expr().span()) else { continue };
        let gap = at..key_span.start;
        if number > 0 && !without_comments(&writer.source()[gap.clone()]).contains(',') {
            writer.put(",", &(at..at));
        }
        write_gap(gap, false, writer);
        match key {
            ObjectKey::Expression(expression @ (Expression::String(_) | Expression::StringTemplate(_))) => {
                write_expression(expression, writer);
            }
            key => {
                writer.put("\"", &(key_span.start..key_span.start));
                if key_of(key).is_some() {
                    writer.copy(key_span.clone());
                } else {
                    writer.expression(&key_span);
                }
                writer.put("\"", &(key_span.end..key_span.end));
            }
        }
        write_gap(key_span.end..value_span.start, false, writer);
        write_expression(value.expr(), writer);
        at = value_span.end;
    }
    write_gap(at..range.end - 1, true, writer);
    writer.copy(range.end - 1..range.end);
}

/// The comment at the beginning of a text, with the end of its line if it reaches that far.
fn comment(text: &str) -> Option<&str> {
    if text.starts_with('#') || text.starts_with("//") {
        Some(text.split_inclusive('\n').next().unwrap_or(text))
    } else if text.starts_with("/*") {
        Some(text.find("*/").map_or(text, |end| &text[..end + 2]))
    } else {
        None
    }
}

fn without_comments(gap: &str) -> String {
    let (mut out, mut rest) = (String::new(), gap);
    while let Some(character) = rest.chars().next() {
        let length = comment(rest).map_or(character.len_utf8(), |comment| {
            out.push(' ');
            comment.len()
        });
        if comment(rest).is_none() {
            out.push(character);
        }
        rest = &rest[length..];
    }
    out
}

/// Writes what stands between two expressions. JSON has no comma after the last.
fn write_gap(range: Range<usize>, last: bool, writer: &mut Writer<'_>) {
    let gap = &writer.source()[range.clone()];
    let mut at = 0;
    while let Some(character) = gap[at..].chars().next() {
        let start = range.start + at;
        let outer = |length: usize| start..start + length;
        if let Some(comment) = comment(&gap[at..]) {
            writer.comment(outer(comment.len()));
            at += comment.len();
            continue;
        }
        let length = character.len_utf8();
        match character {
            '=' => writer.put(":", &outer(length)),
            ',' if last => writer.put(" ", &outer(length)),
            // Parentheses around an expression.
            '(' | ')' => {}
            _ => writer.copy(outer(length)),
        }
        at += length;
    }
}

/// A condition of a `statement` block.
struct ConditionBlock<'b> {
    operator: &'b Expression,
    key: &'b Expression,
    values: &'b Expression,
}

impl Finder<'_> {
    /// Reads a data source that has blocks in place of a text.
    ///
    /// Tencent's provider has no such data source. Modules and other providers have, with the blocks that this reads.
    fn policy_document(&mut self, block: &Block, label: String, start: usize) {
        let Some(whole) = block.span() else { return };
        if block.body.blocks().all(|inner| inner.ident.as_str() != "statement") {
            return;
        }
        let whole = Span::new(start, whole.end);
        let write = |writer: &mut Writer<'_>| {
            write_document(block, writer);
            Ok(())
        };
        if block.body.blocks().any(|inner| inner.ident.as_str() == "dynamic") {
            let reason = format!("`{label}` has a `dynamic` block, which only Terraform runs");
            self.found.unchecked.push(Unchecked { span: whole, reason });
        } else if let Outcome::Policy(policy) = self.text_of(write, &[Writing::Template], whole, true) {
            self.found.policies.push(Embedded { label, editable: false, ..*policy });
        }
    }
}

fn write_document(block: &Block, writer: &mut Writer<'_>) {
    let Some(range) = block.span() else { return };
    let head = block.ident.span().unwrap_or(range.start..range.start);
    writer.put("{", &head);
    writer.put("\"version\":", &head);
    match block.body.get_attribute("version") {
        Some(version) => write_expression(&version.value, writer),
        None => writer.put("\"2.0\"", &head),
    }
    writer.put(",\"statement\":[", &head);
    let statements = block.body.blocks().filter(|inner| inner.ident.as_str() == "statement");
    for (number, statement) in statements.enumerate() {
        if number > 0 {
            writer.put(",", &head);
        }
        write_statement(statement, writer);
    }
    let end = range.end.saturating_sub(1)..range.end;
    writer.put("]}", &end);
}

fn write_statement(block: &Block, writer: &mut Writer<'_>) {
    let Some(range) = block.span() else { return };
    let head = block.ident.span().unwrap_or(range.start..range.start);
    writer.put("{", &head);
    if block.body.get_attribute("effect").is_none() {
        writer.put("\"effect\":\"allow\",", &head);
    }
    let mut before = false;
    let mut separate = |writer: &mut Writer<'_>| {
        if before {
            writer.put(",", &head);
        }
        before = true;
    };
    for attribute in block.body.attributes() {
        let name = attribute.key.as_str();
        let element = match name {
            "actions" => "action",
            "resources" => "resource",
            other => other,
        };
        separate(writer);
        let key = attribute.key.span().unwrap_or(head.clone());
        writer.put(&format!("\"{element}\":"), &key);
        write_expression(&attribute.value, writer);
    }
    let principals: Vec<&Block> = block
        .body
        .blocks()
        .filter(|inner| matches!(inner.ident.as_str(), "principal" | "principals"))
        .collect();
    if !principals.is_empty() {
        separate(writer);
        writer.put("\"principal\":{", &head);
        let mut first = true;
        for principal in principals {
            let (Some(kind), Some(names)) =
                (principal.body.get_attribute("type"), principal.body.get_attribute("identifiers"))
            else {
                continue;
            };
            if !std::mem::take(&mut first) {
                writer.put(",", &head);
            }
            write_expression(&kind.value, writer);
            writer.put(":", &head);
            write_expression(&names.value, writer);
        }
        writer.put("}", &head);
    }
    let conditions: Vec<ConditionBlock<'_>> = block
        .body
        .blocks()
        .filter(|inner| inner.ident.as_str() == "condition")
        .filter_map(|inner| {
            let one = |names: [&str; 2]| names.iter().find_map(|name| inner.body.get_attribute(name));
            Some(ConditionBlock {
                operator: &one(["test", "operator"])?.value,
                key: &one(["variable", "key"])?.value,
                values: &one(["values", "value"])?.value,
            })
        })
        .collect();
    if !conditions.is_empty() {
        separate(writer);
        write_conditions(&conditions, &head, writer);
    }
    let end = range.end.saturating_sub(1)..range.end;
    writer.put("}", &end);
}

/// Conditions with one operator stand in one object.
fn write_conditions(conditions: &[ConditionBlock<'_>], head: &Range<usize>, writer: &mut Writer<'_>) {
    let operator = |at: usize| conditions[at].operator.as_str();
    writer.put("\"condition\":{", head);
    let firsts = (0..conditions.len()).filter(|at| (0..*at).all(|before| operator(before) != operator(*at)));
    for (number, first) in firsts.enumerate() {
        if number > 0 {
            writer.put(",", head);
        }
        write_expression(conditions[first].operator, writer);
        writer.put(":{", head);
        let same = (first..conditions.len()).filter(|at| operator(*at) == operator(first));
        for (number, at) in same.enumerate() {
            if number > 0 {
                writer.put(",", head);
            }
            write_expression(conditions[at].key, writer);
            writer.put(":", head);
            write_expression(conditions[at].values, writer);
        }
        writer.put("}", head);
    }
    writer.put("}", head);
}

/// Reads a template that another format holds, as a string of `.tf.json`; `None` if it is no policy.
pub(super) fn read_template(text: &str, values: &Values, expected: bool) -> Option<Embedded> {
    let template = hcl_edit::parser::parse_template(text).ok()?;
    let finder = Finder { text, values, found: Found::default(), unresolved: Vec::new() };
    let write = |writer: &mut Writer<'_>| template::write(&template, Literal::Raw(0), writer);
    match finder.text_of(write, &[Writing::Template], Span::new(0, text.len()), expected) {
        Outcome::Policy(policy) => Some(*policy),
        Outcome::Template(_) | Outcome::Other => None,
    }
}
