//! What stands at a place of a policy.

use std::borrow::Cow;
use std::ops::Range;

use cam_policy::text::Span;
use cam_workspace::map::Map;
use cam_workspace::source::{Format, Source};

use crate::document::Document;
use crate::tree::{Id, Kind, Tree};

/// What an object is in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Policy,
    Statement,
    /// The conditions of this statement.
    Conditions(Id),
    /// The keys and values of this operator, which is a key, in this statement.
    Operator(Id, Id),
    Principal,
    Other,
}

/// What a string or a place is in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A key of the object, which has this role.
    Key(Role, Id),
    Version,
    Effect(Id),
    /// A whole statement.
    Statement,
    /// An action of this statement.
    Action(Id),
    /// A resource of this statement.
    Resource(Id),
    /// A value of a condition: the operator and the key, in this statement.
    Value(Id, Id),
    /// A principal of the kind that this key names.
    Principal(Id),
    /// A principal without its kind.
    AnyPrincipal,
    Other,
}

/// The text around a place: a part of the file, or the own text of a policy that the file holds as an escaped string.
pub(crate) struct Around<'a> {
    pub(crate) text: Cow<'a, str>,
    /// The part that the place belongs to, so that broken text elsewhere does not matter.
    pub(crate) part: Range<usize>,
    pub(crate) is_hcl: bool,
    /// The place in the text.
    pub(crate) at: usize,
    /// Where an escaped policy stands in the file.
    map: Option<Map>,
}

impl<'a> Around<'a> {
    /// `None` if the file holds no policies.
    pub(crate) fn of(document: &'a Document, at: usize) -> Option<Self> {
        let text = document.lines.text.as_str();
        let (part, is_hcl) = part_around(text, document.format()?, at);
        // Finding the policies of a file takes longer than looking for signs of an escaped one.
        let may_be_escaped = || {
            text.get(part.clone()).is_some_and(|part| ["\\\"", "%22"].iter().any(|sign| part.contains(sign)))
        };
        if !is_hcl && may_be_escaped() {
            let escaped = Source::read(document.name(), text).policies.into_iter().find_map(|policy| {
                let inner = policy.map.inner(at).filter(|_| policy.map.is_escaped())?;
                Some((policy.text, policy.map, inner))
            });
            if let Some((text, map, at)) = escaped {
                return Some(Self { part: 0..text.len(), text: text.into(), is_hcl, at, map: Some(map) });
            }
        }
        Some(Self { text: text.into(), part, is_hcl, at, map: None })
    }

    /// Returns the bytes of the file where a part of the text stands; `None` if no edit can replace them at once.
    pub(crate) fn in_file(&self, span: Span) -> Option<Span> {
        let Some(map) = &self.map else { return Some(span) };
        match &map.edits(span, "")?[..] {
            [one] => Some(one.span),
            _ => None,
        }
    }

    /// Returns a text as the file writes it at this place.
    pub(crate) fn written(&self, text: &str) -> String {
        self.map.as_ref().map_or_else(|| text.to_owned(), |map| map.written(text))
    }
}

/// Returns the part of a text that the place belongs to, and whether it is HCL.
fn part_around(text: &str, format: Format, at: usize) -> (Range<usize>, bool) {
    match format {
        Format::Hcl => (block_around(text, 0..text.len(), at), true),
        Format::Markdown => {
            let (fence, language) = fence_around(text, at);
            let is_hcl = matches!(language, "hcl" | "terraform" | "tf");
            (if is_hcl { block_around(text, fence, at) } else { fence }, is_hcl)
        }
        _ => (0..text.len(), false),
    }
}

/// Returns the block of HCL around a place: it begins at a word in the first column.
fn block_around(text: &str, within: Range<usize>, at: usize) -> Range<usize> {
    let (mut start, mut from) = (within.start, within.start);
    for line in text[within.clone()].split_inclusive('\n') {
        let begins = line.starts_with(|first: char| first.is_ascii_alphabetic()) && line.contains(['{', '=']);
        if begins && from > at {
            return start..from;
        }
        if begins {
            start = from;
        }
        from += line.len();
    }
    start..within.end
}

/// Returns the contents of the block of Markdown around a place, and its language.
fn fence_around(text: &str, at: usize) -> (Range<usize>, &str) {
    let (mut open, mut from) = (None, 0);
    for line in text.split_inclusive('\n') {
        let end = from + line.len();
        let mark = line.trim_start();
        let is_fence = mark.starts_with("```") || mark.starts_with("~~~");
        match open {
            None if is_fence => open = Some((end, mark.trim_start_matches(['`', '~']).trim())),
            Some((start, language)) if is_fence => {
                if at < from {
                    return (start..from, language);
                }
                open = None;
            }
            _ => {}
        }
        if open.is_none() && at < end {
            return (at..at, "");
        }
        from = end;
    }
    open.map_or((at..at, ""), |(start, language)| (start..text.len(), language))
}

/// Tells what an object is.
pub(crate) fn role(tree: &Tree<'_>, object: Id) -> Role {
    let key = tree.key_of(object);
    let name = key.map_or("", |key| tree.contents(key));
    if name.eq_ignore_ascii_case("statement") {
        return Role::Statement;
    }
    if object != 0 && key.is_some() {
        let outer = tree.object_of(object);
        // Nothing stands deeper in a policy, so this looks at two objects at most.
        let outer_key = tree.key_of(outer).map_or("", |key| tree.contents(key));
        if name.eq_ignore_ascii_case("condition") && outer_key.eq_ignore_ascii_case("statement") {
            return Role::Conditions(outer);
        }
        if outer_key.eq_ignore_ascii_case("condition")
            && let Role::Conditions(statement) = role(tree, outer)
        {
            return key.map_or(Role::Other, |key| Role::Operator(key, statement));
        }
        if name.eq_ignore_ascii_case("principal") {
            return Role::Principal;
        }
    }
    let has = |name: &str| tree.keys(object).any(|key| tree.contents(key).eq_ignore_ascii_case(name));
    let is_whole = tree.node(object).parent == 0 && key.is_none();
    let is_expected = ["document", "policy", "policy_document", "policydocument"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    if object != 0 && (has("statement") || is_expected || (is_whole && !tree.node(object).is_native)) {
        return Role::Policy;
    }
    Role::Other
}

/// Tells what a string or a word is.
pub(crate) fn part_of(tree: &Tree<'_>, token: Id) -> Part {
    let node = tree.node(token);
    if node.is_key {
        return Part::Key(role(tree, node.parent), node.parent);
    }
    part_under(tree, tree.key_of(token), tree.object_of(token))
}

/// Tells what the value of a key of an object is.
fn part_under(tree: &Tree<'_>, key: Option<Id>, object: Id) -> Part {
    let Some(key) = key else { return Part::Other };
    let name = tree.contents(key).to_ascii_lowercase();
    match (role(tree, object), name.as_str()) {
        (Role::Policy, "version") => Part::Version,
        (Role::Policy, "statement") => Part::Statement,
        (Role::Statement, "effect") => Part::Effect(object),
        (Role::Statement, "action") => Part::Action(object),
        (Role::Statement, "resource") => Part::Resource(object),
        (Role::Operator(operator, _), _) => Part::Value(operator, key),
        (Role::Principal, _) => Part::Principal(key),
        (Role::Statement | Role::Policy, "principal") => Part::AnyPrincipal,
        _ => Part::Other,
    }
}

/// Tells what may stand at the cursor of a tree.
pub(crate) fn part_at_cursor(tree: &Tree<'_>) -> Part {
    let Some(cursor) = tree.cursor else { return Part::Other };
    if let Some(token) = cursor.token {
        return part_of(tree, token);
    }
    let container = cursor.container;
    if !cursor.wants_value {
        return Part::Key(role(tree, container), container);
    }
    match tree.node(container).kind {
        Kind::List => part_under(tree, tree.key_of(container), tree.object_of(container)),
        _ => part_under(tree, cursor.key, container),
    }
}

/// Returns the strings that stand under a key of a statement.
pub(crate) fn listed<'a>(tree: &Tree<'a>, statement: Id, key: &str) -> Vec<&'a str> {
    let value = tree.member(statement, key);
    value.map_or_else(Vec::new, |value| {
        tree.texts(value).into_iter().map(|text| tree.contents(text)).collect()
    })
}
