//! Compares texts of a policy with those of a request.

use crate::policy::Variable;
use crate::text::glob;

/// A rule of a policy for a text of a request.
///
/// Decisions ask whether a text follows a rule; `grants` and `compare` make texts from rules. Both use this type, so
/// that each rule is stated once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextRule<'p> {
    /// Any text.
    Any,
    /// This text.
    Literal(&'p str),
    /// A text that a pattern with `*` matches.
    Glob(&'p str),
    /// A text that a pattern with `*` and variables matches.
    Pattern(&'p str),
    /// The text that a value with variables stands for.
    Value(&'p str),
    /// The same, without regard to upper and lower case.
    ValueIgnoringCase(&'p str),
    /// One of these texts.
    OneOf(&'p str, &'p str),
}

impl<'p> TextRule<'p> {
    /// Returns the rule of a pattern with `*`.
    pub(super) fn glob(pattern: &'p str) -> Self {
        if pattern == "*" { Self::Any } else { Self::Glob(pattern) }
    }

    /// Whether a text follows the rule.
    pub(super) fn holds(self, text: &str, variables: Variables<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Literal(own) => own == text,
            Self::Glob(pattern) => glob(pattern, text),
            Self::Pattern(pattern) => matches(pattern, text, variables),
            Self::Value(value) => equals(value, text, variables),
            Self::ValueIgnoringCase(value) => equals_ignoring_case_with(value, text, variables),
            Self::OneOf(one, other) => text == one || text == other,
        }
    }
}

/// The values of the policy variables.
#[derive(Clone, Copy)]
pub(super) struct Variables<'a> {
    pub(super) uin: Option<&'a str>,
    pub(super) owner_uin: &'a str,
    pub(super) app_id: Option<&'a str>,
}

impl<'a> Variables<'a> {
    pub(super) fn value(self, variable: Variable) -> Option<&'a str> {
        match variable {
            Variable::Uin => self.uin,
            Variable::OwnerUin => Some(self.owner_uin),
            Variable::AppId => self.app_id,
        }
    }
}

/// Whether a text has a variable that the request lacks.
pub(super) fn lacks(text: &str, variables: Variables<'_>) -> bool {
    text.contains("${") && parts(text, variables).any(|part| part.is_none())
}

/// Returns the text before the first `*` or variable, and whether this is the whole text.
pub(super) fn literal_prefix(pattern: &str) -> (&str, bool) {
    let star = pattern.find('*').unwrap_or(pattern.len());
    let end = pattern[..star].find("${").unwrap_or(star);
    (&pattern[..end], end == pattern.len())
}

/// Whether a pattern of `*` and variables matches the whole text.
fn matches(pattern: &str, text: &str, variables: Variables<'_>) -> bool {
    if !pattern.contains("${") {
        return glob(pattern, text);
    }
    let mut groups = pattern.split('*');
    let first = groups.next().unwrap_or_default();
    let Some(length) = Group(first, variables).prefix_of(text) else { return false };
    let mut text = &text[length..];
    let Some(mut group) = groups.next() else { return text.is_empty() };
    for next in groups {
        match Group(group, variables).find_in(text) {
            Some(end) => text = &text[end..],
            None => return false,
        }
        group = next;
    }
    Group(group, variables).is_suffix_of(text)
}

/// Whether a text with variables equals another.
fn equals(value: &str, text: &str, variables: Variables<'_>) -> bool {
    if value.contains("${") {
        Group(value, variables).prefix_of(text) == Some(text.len())
    } else {
        value == text
    }
}

/// Returns the literals of a text and the values of its variables, in order; `None` for a variable that the request
/// lacks.
pub(super) fn parts<'p, 'v: 'p>(
    mut rest: &'p str,
    variables: Variables<'v>,
) -> impl Iterator<Item = Option<&'p str>> {
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find("${").unwrap_or(rest.len());
        if start > 0 {
            let (literal, after) = rest.split_at(start);
            rest = after;
            return Some(Some(literal));
        }
        let end = rest.find('}').map_or(rest.len(), |at| at + 1);
        let (text, after) = rest.split_at(end);
        rest = after;
        match Variable::read(text) {
            Some(variable) => Some(variables.value(variable)),
            None => Some(Some(text)),
        }
    })
}

/// Literal text and variables, without `*`.
struct Group<'p, 'v>(&'p str, Variables<'v>);

impl<'p, 'v: 'p> Group<'p, 'v> {
    fn parts(&self) -> impl Iterator<Item = Option<&'p str>> {
        parts(self.0, self.1)
    }

    fn len(&self) -> Option<usize> {
        self.parts().map(|part| part.map(str::len)).sum()
    }

    /// Returns how many bytes at the start of the text the group matches.
    fn prefix_of(&self, text: &str) -> Option<usize> {
        let mut rest = text;
        for part in self.parts() {
            rest = rest.strip_prefix(part?)?;
        }
        Some(text.len() - rest.len())
    }

    fn is_suffix_of(&self, text: &str) -> bool {
        let start = self.len().and_then(|length| text.len().checked_sub(length));
        let tail = start.and_then(|start| text.get(start..));
        tail.is_some_and(|tail| self.prefix_of(tail) == Some(tail.len()))
    }

    /// Returns where the first match ends. Patterns have a limited length, which limits the time of this search.
    fn find_in(&self, text: &str) -> Option<usize> {
        if !self.0.contains("${") {
            return text.find(self.0).map(|at| at + self.0.len());
        }
        let length = self.len()?;
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts
            .take_while(|start| start + length <= text.len())
            .find(|start| self.prefix_of(&text[*start..]).is_some())
            .map(|start| start + length)
    }
}

/// Whether two texts are equal except for upper and lower case.
pub(super) fn equals_ignoring_case(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Works like [`equals`], without regard to upper and lower case.
fn equals_ignoring_case_with(value: &str, text: &str, variables: Variables<'_>) -> bool {
    if !value.contains("${") {
        return equals_ignoring_case(value, text);
    }
    let group = Group(value, variables);
    if group.parts().any(|part| part.is_none()) {
        return false;
    }
    let lower = group.parts().flatten().flat_map(str::chars).flat_map(char::to_lowercase);
    lower.eq(text.chars().flat_map(char::to_lowercase))
}
