//! Where the bytes of a policy stand in the text around it, and how an edit of the policy is written there.

use std::ops::Range;

use cam_policy::document::{Unwrapped, Wrapping};
use cam_policy::text::Span;

/// A replacement of bytes of a text.
///
/// ```
/// use cam_policy::text::Span;
/// use cam_workspace::map::Edit;
///
/// let edit = |at, end, text: &str| Edit { span: Span::new(at, end), replacement: text.into() };
/// assert_eq!(Edit::apply_all("abcd", &[edit(3, 4, "!"), edit(0, 1, "A")]), "Abc!");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes to replace.
    pub span: Span,
    /// The text to put in their place.
    pub replacement: String,
}

impl Edit {
    /// Returns a text with all edits made, which must not overlap.
    ///
    /// See [`Edit`] for an example.
    ///
    /// # Panics
    ///
    /// If an edit does not lie in the text, or not between two characters.
    #[must_use]
    pub fn apply_all(text: &str, edits: &[Self]) -> String {
        let mut sorted: Vec<&Self> = edits.iter().collect();
        sorted.sort();
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for edit in sorted {
            out.push_str(&text[from..edit.span.start().max(from)]);
            out.push_str(&edit.replacement);
            from = edit.span.end().max(from);
        }
        out.push_str(&text[from..]);
        out
    }
}

/// How a text must be written to stand where the policy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    Wrapped(Wrapping),
    /// Terraform reads `${` and `%{` as its own.
    Template,
}

impl Writing {
    fn write(&self, text: &str) -> String {
        match self {
            Self::Wrapped(wrapping) => wrapping.encode(text),
            Self::Template => text.replace("${", "$${").replace("%{", "%%{"),
        }
    }
}

/// What became of some bytes of the outer text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The same bytes.
    Same,
    /// Other bytes, as the character of an escape. Nothing maps to a place inside of it.
    Unit,
    /// The value of a reference. An edit may remove the reference, and writes nothing in its place.
    Reference,
    /// A comment, read as whitespace. No edit removes it.
    Comment,
}

impl Piece {
    /// Whether an edit takes all of it or nothing.
    fn is_whole(self) -> bool {
        matches!(self, Self::Unit | Self::Reference)
    }
}

#[derive(Clone, Debug)]
struct Run {
    /// Where it begins in the policy's text.
    at: usize,
    length: usize,
    /// Its bytes in the outer text.
    outer: Range<usize>,
    piece: Piece,
}

impl Run {
    fn end(&self) -> usize {
        self.at + self.length
    }
}

/// Maps the places of a policy's text to places in the text around it, and edits likewise.
///
/// ```
/// use cam_policy::text::Span;
/// use cam_workspace::source::Source;
///
/// let file = r#"{"PolicyDocument": "{\"version\":\"2.0\",\"statement\":[]}"}"#;
/// let source = Source::read("response.json", file);
/// let policy = &source.policies[0];
/// assert_eq!(policy.text, r#"{"version":"2.0","statement":[]}"#);
/// assert_eq!(&file[policy.map.origin(Span::new(1, 10)).range()], r#"\"version\""#);
/// let edits = policy.map.edits(Span::new(11, 16), r#""3.0""#).unwrap();
/// assert_eq!(edits[0].replacement, r#"\"3.0\""#);
/// ```
#[derive(Clone, Debug)]
pub struct Map {
    runs: Vec<Run>,
    /// The innermost first.
    writing: Vec<Writing>,
}

impl Map {
    /// Maps a text that is a part of another, beginning at `start`.
    pub(crate) fn part(start: usize, length: usize) -> Self {
        let run = Run { at: 0, length, outer: start..start + length, piece: Piece::Same };
        Self { runs: vec![run], writing: Vec::new() }
    }

    /// Maps the text that was taken out of wrappings; the wrapped text begins at `start`.
    pub(crate) fn unwrapped(inner: &Unwrapped, wrapped: &str, start: usize) -> Self {
        let mut builder = Builder::default();
        for (at, character) in inner.text().char_indices() {
            let end = at + character.len_utf8();
            let origin = inner.origin(Span::new(at, end));
            let same = wrapped.get(origin.range()) == Some(&inner.text()[at..end]);
            let piece = if same { Piece::Same } else { Piece::Unit };
            builder.add(end - at, start + origin.start()..start + origin.end(), piece);
        }
        let writing = inner.wrappings().iter().rev().cloned().map(Writing::Wrapped).collect();
        Self { runs: builder.runs, writing }
    }

    /// Returns the map from this text to the outermost, where `outer` maps the text in between.
    pub(crate) fn within(&self, outer: &Self) -> Self {
        let mut builder = Builder::default();
        for run in &self.runs {
            if run.piece != Piece::Same {
                let origin = outer.origin(Span::new(run.outer.start, run.outer.end));
                builder.add(run.length, origin.range(), run.piece);
                continue;
            }
            let mut at = run.outer.start;
            while at < run.outer.end {
                let Some(other) = outer.run_of(at) else { break };
                let end = run.outer.end.min(other.end());
                if other.piece == Piece::Same {
                    let from = other.outer.start + at - other.at;
                    builder.add(end - at, from..from + end - at, Piece::Same);
                } else {
                    builder.add(end - at, other.outer.clone(), other.piece);
                }
                at = end;
            }
        }
        let writing = self.writing.iter().chain(&outer.writing).cloned().collect();
        Self { runs: builder.runs, writing }
    }

    pub(crate) fn with_writing(mut self, writing: impl IntoIterator<Item = Writing>) -> Self {
        self.writing.extend(writing);
        self
    }

    /// Returns the run that holds a byte.
    fn run_of(&self, byte: usize) -> Option<&Run> {
        let next = self.runs.partition_point(|run| run.at <= byte);
        // Runs without bytes of the policy's text hold none.
        self.runs[..next].iter().rev().find(|run| byte < run.end())
    }

    fn start(&self, byte: usize) -> usize {
        match self.run_of(byte) {
            Some(run) if run.piece == Piece::Same => run.outer.start + byte - run.at,
            Some(run) => run.outer.start,
            None => self.runs.last().map_or(0, |run| run.outer.end),
        }
    }

    /// Returns the bytes of the outer text that hold those of `span`.
    ///
    /// See [`Map`] for an example.
    #[must_use]
    pub fn origin(&self, span: Span) -> Span {
        let start = self.start(span.start());
        let Some(last) = span.end().checked_sub(1).filter(|last| *last >= span.start()) else {
            return Span::new(start, start);
        };
        let end = match self.run_of(last) {
            Some(run) if run.piece == Piece::Same => run.outer.start + last + 1 - run.at,
            Some(run) => run.outer.end,
            None => self.runs.last().map_or(0, |run| run.outer.end),
        };
        Span::new(start, end.max(start))
    }

    /// Returns the edits of the outer text that put `replacement` in the place of `span`, in the encoding of that
    /// text. Comments of the outer text stay. `None` if the span begins or ends inside of something that the outer text writes
    /// as one, such as an escape, or if it would replace a reference of Terraform by a value.
    ///
    /// See [`Map`] for an example.
    #[must_use]
    pub fn edits(&self, span: Span, replacement: &str) -> Option<Vec<Edit>> {
        let replacement = self.written(replacement);
        let at_border =
            |byte: usize| self.run_of(byte).is_none_or(|run| run.at == byte || !run.piece.is_whole());
        if !at_border(span.start()) || !at_border(span.end()) {
            return None;
        }
        let mut edits: Vec<Edit> = Vec::new();
        for run in &self.runs {
            let (from, to) = (run.at.max(span.start()), run.end().min(span.end()));
            let empty = run.length == 0 && span.start() < run.at && run.at < span.end();
            if (from >= to && !empty) || run.piece == Piece::Comment {
                continue;
            }
            if run.piece == Piece::Reference && !replacement.is_empty() {
                return None;
            }
            let bytes = if run.piece == Piece::Same {
                run.outer.start + from - run.at..run.outer.start + to - run.at
            } else {
                run.outer.clone()
            };
            match edits.last_mut() {
                // Bytes that the policy's text leaves out, as the indentation of a heredoc, go with their neighbours.
                Some(last) if !self.comment_between(last.span.end(), bytes.start) => {
                    last.span = Span::new(last.span.start(), bytes.end.max(last.span.end()));
                }
                _ => edits.push(Edit { span: Span::new(bytes.start, bytes.end), replacement: String::new() }),
            }
        }
        if edits.is_empty() {
            let at = self.origin(span).start();
            edits.push(Edit { span: Span::new(at, at), replacement: String::new() });
        }
        edits[0].replacement = replacement;
        Some(edits)
    }

    /// Whether the outer text holds the policy as a string, so that a character of the policy may be an escape there.
    ///
    /// See [`Map::inner`] for an example.
    #[must_use]
    pub fn is_escaped(&self) -> bool {
        let is_string =
            |one: &Writing| matches!(one, Writing::Wrapped(Wrapping::JsonString | Wrapping::UrlEncoding));
        self.writing.iter().any(is_string)
    }

    /// Returns a text as the outer text writes it where the policy stands.
    ///
    /// See [`Map::inner`] for an example.
    #[must_use]
    pub fn written(&self, text: &str) -> String {
        self.writing.iter().fold(text.to_owned(), |text, one| one.write(&text))
    }

    /// Returns the place in the policy's text of a place in the outer text; `None` if it does not stand in the policy.
    ///
    /// ```
    /// use cam_workspace::source::Source;
    ///
    /// let file = r#"{"PolicyDocument": "{\"version\":\"2.0\",\"statement\":[]}"}"#;
    /// let map = &Source::read("response.json", file).policies[0].map;
    /// assert!(map.is_escaped());
    /// assert_eq!(map.inner(file.find("version").unwrap()), Some(2));
    /// assert_eq!(map.inner(0), None);
    /// assert_eq!(map.written("\"a\""), r#"\"a\""#);
    /// ```
    #[must_use]
    pub fn inner(&self, byte: usize) -> Option<usize> {
        let run = self.runs.iter().find(|run| run.outer.start <= byte && byte <= run.outer.end)?;
        Some(match run.piece {
            Piece::Same => run.at + byte - run.outer.start,
            _ if byte == run.outer.end => run.end(),
            _ => run.at,
        })
    }

    /// Whether a byte of the outer text is a part of the policy's text. Comments are none.
    pub(crate) fn holds(&self, byte: usize) -> bool {
        self.runs.iter().any(|run| run.piece != Piece::Comment && run.outer.contains(&byte))
    }

    /// Returns where the comments stand in the outer text.
    pub(crate) fn comments(&self) -> Vec<Range<usize>> {
        let comments = self.runs.iter().filter(|run| run.piece == Piece::Comment);
        comments.map(|run| run.outer.clone()).collect()
    }

    fn comment_between(&self, start: usize, end: usize) -> bool {
        let comments = self.runs.iter().filter(|run| run.piece == Piece::Comment);
        comments.into_iter().any(|run| start <= run.outer.start && run.outer.end <= end)
    }
}

/// Collects the runs of a map, in the order of the policy's text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builder {
    runs: Vec<Run>,
    at: usize,
}

impl Builder {
    pub(crate) fn add(&mut self, length: usize, outer: Range<usize>, piece: Piece) {
        let at = self.at;
        self.at += length;
        match self.runs.last_mut() {
            Some(last)
                if last.piece == Piece::Same && piece == Piece::Same && last.outer.end == outer.start =>
            {
                last.length += length;
                last.outer.end = outer.end;
            }
            _ => self.runs.push(Run { at, length, outer, piece }),
        }
    }

    pub(crate) fn map(self) -> Map {
        Map { runs: self.runs, writing: Vec::new() }
    }
}
