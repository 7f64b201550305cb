//! What is found in a file.

use cam_lint::Kind;
use cam_policy::text::{Shortened, Span};

use crate::map::Map;

/// A policy that stands in a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Embedded {
    /// The policy's own text. Where a [part is unknown](Self::unknown), it holds a possible value.
    pub text: String,
    /// Where the text stands in the file.
    pub map: Map,
    /// What the file calls the policy: the address of a Terraform resource, or a JSON pointer; empty if the whole file is the
    /// policy.
    pub label: String,
    /// What kind of policy it must be, by where it stands.
    pub kind: Option<Kind>,
    /// The JSON pointer of the policy in a file that is JSON; otherwise empty.
    pub pointer: String,
    /// The bytes of the file from the beginning of what holds the policy, as a resource of Terraform, to its end.
    pub whole: Span,
    /// Whether edits of the text can be written to the file.
    pub editable: bool,
    /// The same policy with other values of the unknown parts. What does not hold for both texts depends on them.
    pub alternative: Option<(String, Map)>,
    /// The same policy with the defaults of variables where [`text`](Self::text) has any possible value; `None` if the
    /// file has none that it uses.
    pub by_default: Option<(String, Map)>,
    /// The parts that only Terraform knows.
    pub unknown: Vec<Unknown>,
}

/// A part of a policy that the file does not tell, as `${var.region}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where it stands in the file.
    pub span: Span,
    /// The value that it is a part of.
    pub value: Span,
    /// The expression, in one line, shortened if it is long.
    pub expression: String,
    /// What stands for it in the policy: its default, or else a possible value of the string that it is a part of.
    pub stand_in: String,
    /// Whether that is the default that the file states.
    pub is_default: bool,
}

/// Something in a file that may be a policy, and cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// Where it stands in the file.
    pub span: Span,
    /// What it is, and why it is not checked.
    pub reason: String,
}

impl Unchecked {
    /// Whether it is a policy of another cloud, which grants nothing in Tencent Cloud.
    ///
    /// ```
    /// use cam_workspace::source::Source;
    ///
    /// let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#;
    /// assert!(Source::read("a.json", policy).unchecked.iter().all(|one| one.is_foreign()));
    /// ```
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.reason.ends_with("another cloud")
    }
}

/// A text that cannot be read as what its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// What is found in a text, in the order of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) policies: Vec<Embedded>,
    pub(crate) unchecked: Vec<Unchecked>,
    pub(crate) unreadable: Option<Unreadable>,
}

impl Embedded {
    pub(crate) fn new(text: String, map: Map, whole: Span) -> Self {
        Self {
            text,
            map,
            label: String::new(),
            kind: None,
            pointer: String::new(),
            whole,
            editable: true,
            alternative: None,
            by_default: None,
            unknown: Vec::new(),
        }
    }

    /// Returns it as a part of an outer text.
    pub(crate) fn within(mut self, outer: &Map) -> Self {
        self.map = self.map.within(outer);
        self.alternative = self.alternative.map(|(text, map)| (text, map.within(outer)));
        self.by_default = self.by_default.map(|(text, map)| (text, map.within(outer)));
        self.whole = outer.origin(self.whole);
        for unknown in &mut self.unknown {
            unknown.span = outer.origin(unknown.span);
            unknown.value = outer.origin(unknown.value);
        }
        self
    }
}

/// Returns an expression as one line that can be printed anywhere.
pub(crate) fn one_line(expression: &str) -> String {
    let words: Vec<&str> = expression.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|character| !character.is_control()).collect();
    Shortened(&line).to_string()
}

/// Whether a text mentions what every policy has.
pub(crate) fn mentions_statement(text: &str) -> bool {
    let (word, bytes) = (b"statement", text.as_bytes());
    let is_there = |(at, byte): (usize, &u8)| {
        matches!(byte, b's' | b'S')
            && bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    bytes.iter().enumerate().any(is_there)
}
