//! Policies in JSON: alone, in responses of the API, as escaped strings, and in plans of Terraform.

use std::borrow::Cow;

use cam_lint::Kind;
use cam_policy::document::Unwrapped;
use cam_policy::text::Span;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};

use super::embedded::{Embedded, Found, Unchecked, mentions_statement, one_line};
use super::hcl;
use super::known::Values;
use crate::map::{Builder, Map, Piece};

/// What else than JSON the text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    Plain,
    /// Comments, and commas after the last item.
    Comments,
    /// Strings that are templates of Terraform.
    Terraform,
}

/// Finds the policies of a text.
pub(super) fn read(text: &str, flavor: Flavor) -> Found {
    // A file of Terraform may name a policy of which it states nothing.
    let may_name_one = flavor == Flavor::Terraform && text.contains("tencentcloud_");
    if !may_hold_policies(text) && !may_name_one {
        return Found::default();
    }
    let comments = flavor == Flavor::Comments;
    let parse = ParseOptions {
        allow_comments: false,
        allow_trailing_commas: false,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (plain, map) = if comments {
        let (plain, map) = without_comments(body);
        (Cow::Owned(plain), map)
    } else {
        (Cow::Borrowed(body), Map::part(0, body.len()))
    };
    let outer = map.within(&Map::part(text.len() - body.len(), body.len()));
    let Ok(parsed) = jsonc_parser::parse_to_ast(&plain, &collect, &parse) else {
        return if comments { within(unstructured(&plain), &outer) } else { unstructured(text) };
    };
    let Some(value) = &parsed.value else { return Found::default() };
    let values = if flavor == Flavor::Terraform { values_of(value) } else { Values::default() };
    let mut finder = Finder { text: &plain, flavor, values: &values, found: Found::default() };
    match value {
        Value::Object(object) if is_policy(object) || is_broken_policy(object) => finder.policy(object, ""),
        Value::Object(object) if has(object, "resource_changes") || has(object, "planned_values") => {
            finder.plan(object);
        }
        value => finder.value(value, &mut String::new()),
    }
    if comments || body.len() < text.len() { within(finder.found, &outer) } else { finder.found }
}

/// Moves what was found in a part of a text to the text.
fn within(mut found: Found, outer: &Map) -> Found {
    found.policies = found.policies.into_iter().map(|policy| policy.within(outer)).collect();
    for unchecked in &mut found.unchecked {
        unchecked.span = outer.origin(unchecked.span);
    }
    found
}

/// Reads a text that is no JSON: it is wrapped in a way that JSON does not have, or it has mistakes.
fn unstructured(text: &str) -> Found {
    let mut found = Found::default();
    let whole = Span::new(0, text.len());
    if let Some(inner) = Unwrapped::new(text)
        && mentions_statement(inner.text())
    {
        let map = Map::unwrapped(&inner, text, 0);
        found.policies.push(Embedded::new(inner.text().to_owned(), map, whole));
        return found;
    }
    if is_like_a_policy(text) {
        found.policies.push(Embedded::new(text.to_owned(), Map::part(0, text.len()), whole));
    }
    found
}

/// Whether a text that is no JSON is meant as a policy. One word alone also stands in other files.
fn is_like_a_policy(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let has = |word: &&str| lower.contains(*word);
    let words = ["statement", "effect", "action", "resource", "version", "qcs:"];
    words[..2].iter().any(&has) && words.iter().filter(|word| has(word)).count() > 1
}

/// Whether a text can hold a policy, with mistakes or without. Most files of a folder cannot, and need not be parsed.
fn may_hold_policies(text: &str) -> bool {
    // A plan may know no policy at all, and says so.
    let signs = ["%7B", "%7b", "\"2.0\"", "\"3.0\"", "ffect", "\"after_unknown\""];
    mentions_statement(text) || signs.iter().any(|sign| text.contains(sign))
}

/// Returns the text with whitespace in place of comments and of commas after a last item, and its map. The text may have
/// mistakes, of which its comments are none.
fn without_comments(text: &str) -> (String, Map) {
    let bytes = text.as_bytes();
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |more| from + more);
    let mut blanks: Vec<(usize, usize, Piece)> = Vec::new();
    // The last character that is no whitespace, and the last comma behind an item.
    let (mut last, mut comma) = (b'[', None);
    let mut at = 0;
    while at < bytes.len() {
        let begin = at;
        at += 1;
        match bytes[begin] {
            b'"' => {
                // A string that nobody closes ends with its line.
                while at < bytes.len() && !matches!(bytes[at], b'"' | b'\n') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                (at, comma) = (at + 1, None);
            }
            b'/' if bytes.get(at) == Some(&b'/') => {
                // It reaches to the next line: what stood there must not become a part of it.
                at = (line_end(begin) + 1).min(bytes.len());
                blanks.push((begin, at, Piece::Comment));
                continue;
            }
            b'/' if bytes.get(at) == Some(&b'*') => {
                let Some(length) = text[begin + 2..].find("*/") else { break };
                at = begin + 2 + length + 2;
                blanks.push((begin, at, Piece::Comment));
                continue;
            }
            b',' => comma = (!matches!(last, b'[' | b'{' | b',' | b':')).then_some(begin),
            b'}' | b']' => blanks.extend(comma.take().map(|comma| (comma, comma + 1, Piece::Unit))),
            byte if byte.is_ascii_whitespace() => continue,
            _ => comma = None,
        }
        last = bytes[begin];
    }
    blanks.sort_unstable_by_key(|(start, ..)| *start);
    let (mut out, mut builder, mut at) = (String::with_capacity(text.len()), Builder::default(), 0);
    for (start, end, piece) in blanks {
        out.push_str(&text[at..start]);
        builder.add(start - at, at..start, Piece::Same);
        out.extend(text[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        builder.add(end - start, start..end, piece);
        at = end;
    }
    out.push_str(&text[at..]);
    builder.add(text.len() - at, at..text.len(), Piece::Same);
    (out, builder.map())
}

fn property<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<&'o Value<'a>> {
    let found = object.properties.iter().find(|one| one.name.as_str().eq_ignore_ascii_case(name))?;
    Some(&found.value)
}

fn has(object: &Object<'_>, name: &str) -> bool {
    property(object, name).is_some()
}

fn is_policy(object: &Object<'_>) -> bool {
    let is_statement = |object: &Object<'_>| {
        ["effect", "action", "resource", "principal"].iter().any(|name| has(object, name))
    };
    match property(object, "statement") {
        Some(Value::Object(statement)) => is_statement(statement),
        Some(Value::Array(statements)) => {
            statements.elements.is_empty()
                || statements.elements.iter().any(|one| one.as_object().is_some_and(is_statement))
        }
        _ => false,
    }
}

/// Whether an object that is the whole text can be nothing else than a policy with mistakes.
fn is_broken_policy(object: &Object<'_>) -> bool {
    let version = property(object, "version").and_then(|version| version.as_string_lit());
    let is_of_a_policy = |name: &str| {
        ["version", "statement", "principal", "effect", "action", "resource", "condition", "id", "sid"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    };
    is_policy(object)
        || (has(object, "effect") && (has(object, "action") || has(object, "resource")))
        || (object.properties.iter().all(|one| is_of_a_policy(one.name.as_str()))
            && version.is_some_and(|version| matches!(&*version.value, "2.0" | "3.0")))
}

/// Whether a policy is one of another cloud: it dates its version, or names resources as other clouds do and has no version of
/// CAM's.
fn is_foreign(object: &Object<'_>, text: &str) -> bool {
    let version = property(object, "version").and_then(|version| version.as_string_lit());
    let dated = version.is_some_and(|version| version.value.starts_with("20") && version.value.contains('-'));
    let is_own = version.is_some_and(|version| version.value == "2.0");
    let policy = &text[object.range.start..object.range.end];
    let names_others = policy.contains("\"arn:") || policy.contains("\"acs:");
    !policy.contains("qcs:") && (dated || names_others && !is_own)
}

/// Adds a step to a JSON pointer.
fn step(pointer: &mut String, name: &str) -> usize {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    length
}

/// Returns the values that a file of Terraform's JSON syntax states: literals of `locals`, and defaults of variables.
fn values_of(file: &Value<'_>) -> Values {
    let mut values = Values::default();
    let Value::Object(file) = file else { return values };
    if let Some(Value::Object(locals)) = property(file, "locals") {
        for local in &locals.properties {
            values.local(local.name.as_str(), literal(&local.value));
        }
    }
    if let Some(Value::Object(variables)) = property(file, "variable") {
        for variable in &variables.properties {
            let default = variable.value.as_object().and_then(|variable| property(variable, "default"));
            values.variable(variable.name.as_str(), default.and_then(literal));
        }
    }
    values
}

fn literal(value: &Value<'_>) -> Option<serde_json::Value> {
    match value {
        Value::StringLit(text) => Some(text.value.to_string().into()),
        Value::NumberLit(number) => serde_json::from_str(number.value).ok(),
        Value::BooleanLit(flag) => Some(flag.value.into()),
        Value::Array(items) => items.elements.iter().map(literal).collect(),
        Value::Object(_) | Value::NullKeyword(_) => None,
    }
}

struct Finder<'a> {
    text: &'a str,
    flavor: Flavor,
    values: &'a Values,
    found: Found,
}

impl<'a> Finder<'a> {
    fn policy(&mut self, object: &Object<'_>, pointer: &str) {
        let (start, end) = (object.range.start, object.range.end);
        if is_foreign(object, self.text) {
            let reason = "it is a policy of another cloud";
            self.found.unchecked.push(Unchecked { span: Span::new(start, end), reason: reason.into() });
            return;
        }
        let whole_text = pointer.is_empty();
        // A policy that is the whole text keeps the whitespace around it, so that it can be formatted.
        let (start, end) = if whole_text { (0, self.text.len()) } else { (start, end) };
        let map = Map::part(start, end - start);
        let policy = Embedded::new(self.text[start..end].to_owned(), map, Span::new(start, end));
        self.found.policies.push(Embedded { label: pointer.into(), pointer: pointer.into(), ..policy });
    }

    fn value(&mut self, value: &Value<'a>, pointer: &mut String) {
        match value {
            Value::Object(object) if is_policy(object) => self.policy(object, pointer),
            Value::Object(object) => {
                for one in &object.properties {
                    let length = step(pointer, one.name.as_str());
                    self.value(&one.value, pointer);
                    pointer.truncate(length);
                }
            }
            Value::Array(array) => {
                for (at, item) in array.elements.iter().enumerate() {
                    let length = step(pointer, &at.to_string());
                    self.value(item, pointer);
                    pointer.truncate(length);
                }
            }
            Value::StringLit(_) => self.string(value, pointer, false),
            Value::NumberLit(_) | Value::BooleanLit(_) | Value::NullKeyword(_) => {}
        }
    }

    /// Reads a string that may hold a policy. `expected`: it stands where only a policy can stand.
    fn string(&mut self, value: &Value<'_>, pointer: &str, expected: bool) {
        let Value::StringLit(string) = value else { return };
        let (start, end) = (string.range.start, string.range.end);
        let of_resource = address(pointer).filter(|_| self.flavor == Flavor::Terraform);
        let expected = expected || of_resource.is_some();
        let likely =
            mentions_statement(&string.value) || string.value.contains("%7B") || string.value.contains("%7b");
        if !likely && !expected {
            return;
        }
        let quoted = &self.text[start..end];
        let whole = Span::new(start, end);
        let Some(inner) = Unwrapped::new(quoted) else {
            if let Some((label, _)) = of_resource.filter(|_| string.value.contains("${")) {
                let shown = one_line(&string.value);
                let reason = format!("the policy of `{label}` is `{shown}`, which only Terraform knows");
                self.found.unchecked.push(Unchecked { span: whole, reason });
            }
            return;
        };
        if !mentions_statement(inner.text()) && !expected {
            return;
        }
        let map = Map::unwrapped(&inner, quoted, start);
        let policy = if self.flavor == Flavor::Terraform {
            let Some(policy) = hcl::read_template(inner.text(), self.values, true) else {
                let reason = format!("the template at `{pointer}` is one that only Terraform runs");
                self.found.unchecked.push(Unchecked { span: whole, reason });
                return;
            };
            Embedded { whole, ..policy.within(&map) }
        } else {
            Embedded::new(inner.text().to_owned(), map, whole)
        };
        let (label, kind) = match of_resource {
            Some((label, kind)) => (label, Some(kind)),
            None => (pointer.to_owned(), None),
        };
        self.found.policies.push(Embedded { label, kind, pointer: pointer.into(), ..policy });
    }

    /// Reads the plan that `terraform show -json` prints: what the resources will be, and not what they were.
    fn plan(&mut self, plan: &Object<'a>) {
        let Some(Value::Array(changes)) = property(plan, "resource_changes") else {
            if let Some(planned) = property(plan, "planned_values") {
                self.value(planned, &mut "/planned_values".into());
            }
            return;
        };
        for (at, change) in changes.elements.iter().enumerate() {
            let Value::Object(resource) = change else { continue };
            let text = |name: &str| match property(resource, name) {
                Some(Value::StringLit(text)) => text.value.clone().into_owned(),
                _ => String::new(),
            };
            let (kind, address) = (text("type"), text("address"));
            let Some(Value::Object(change)) = property(resource, "change") else { continue };
            if let Some(Value::Object(after)) = property(change, "after") {
                for one in &after.properties {
                    let name = one.name.as_str();
                    let known = hcl::kind_of(&kind, name);
                    let before = self.found.policies.len();
                    let pointer = &mut format!("/resource_changes/{at}/change/after");
                    step(pointer, name);
                    if known.is_some() {
                        self.string(&one.value, pointer, true);
                    } else {
                        self.value(&one.value, pointer);
                    }
                    for policy in &mut self.found.policies[before..] {
                        policy.label =
                            if known.is_some() { address.clone() } else { format!("{address}.{name}") };
                        policy.kind = known;
                        // A plan is written by Terraform, and an edit of it changes nothing.
                        policy.editable = false;
                    }
                }
            }
            if let Some(Value::Object(unknown)) = property(change, "after_unknown") {
                for one in &unknown.properties {
                    let name = one.name.as_str();
                    if hcl::kind_of(&kind, name).is_some()
                        && matches!(&one.value, Value::BooleanLit(known) if known.value)
                    {
                        let span = Span::new(one.range.start, one.range.end);
                        let reason =
                            format!("the policy of `{address}` is known only after the plan is applied");
                        self.found.unchecked.push(Unchecked { span, reason });
                    }
                }
            }
        }
    }
}

/// Returns the address of the resource whose policy a pointer into a file of Terraform's JSON syntax names.
fn address(pointer: &str) -> Option<(String, Kind)> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let ["resource", resource, name, .., attribute] = steps[..] else { return None };
    Some((format!("{resource}.{name}"), hcl::kind_of(resource, attribute)?))
}
