//! JSON pointers of places in a policy.

use cam_policy::text::Span;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions};

/// The values of a text, to find the pointers of several places.
pub(crate) struct Pointers<'a> {
    root: Option<Value<'a>>,
}

impl<'a> Pointers<'a> {
    /// Reads a text. One that is no JSON has no pointers.
    pub(crate) fn new(text: &'a str) -> Self {
        let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        Self { root: parsed.ok().and_then(|parsed| parsed.value) }
    }

    /// Returns the pointer of the innermost value that holds a place; of its value, for a key.
    pub(crate) fn of(&self, span: Span) -> Option<String> {
        let mut value = self.root.as_ref()?;
        let mut pointer = String::new();
        loop {
            let holds = |start: usize, end: usize| start <= span.start() && span.end() <= end;
            let next = match value {
                Value::Object(object) => object.properties.iter().find_map(|one| {
                    holds(one.range.start, one.range.end).then(|| (one.name.as_str().to_owned(), &one.value))
                }),
                Value::Array(array) => array.elements.iter().enumerate().find_map(|(at, item)| {
                    let range = item.range();
                    holds(range.start, range.end).then(|| (at.to_string(), item))
                }),
                _ => None,
            };
            let Some((name, inner)) = next else { return Some(pointer) };
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            value = inner;
        }
    }
}

/// Whether a pointer names a value, or something that holds it.
pub(crate) fn covers(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
