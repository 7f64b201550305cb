//! Walks the tokens of a text, and continues after every mistake.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use super::element::Places;
use super::lexer::{Kind, Lexer, Token};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, IntoText, Severity};
use crate::text::{Shortened, Span, nearest, quoted};

/// How often the rest of the text may be walked, so that reading takes time in proportion to its length.
const MOST_WALKS: usize = 24;

pub(super) struct Reader<'a> {
    pub(super) lexer: Lexer<'a>,
    pub(super) peek: Token,
    /// The end of the previous token.
    pub(super) last: usize,
    /// The brackets that are open.
    open: Vec<Kind>,
    /// How many mistakes were found that may hide a key or a value. After one, a missing key is not reported.
    pub(super) torn: usize,
    /// How many keys were found that the grammar lacks. They hide nothing else.
    pub(super) foreign: usize,
    /// Whether the brackets are so wrong that nobody can say where the rest belongs.
    pub(super) lost: bool,
    /// Whether the text has ended with brackets still open.
    ended: bool,
    /// How often the rest of the text was walked to understand a bracket.
    walks: usize,
    pub(super) errors: Diagnostics,
    pub(super) warnings: Diagnostics,
    pub(super) places: Places,
    /// The keys `Sid` and `Id`, which only a bucket policy may have.
    pub(super) identifiers: Vec<(&'static str, Span)>,
}

/// A key of an object.
pub(super) struct Key<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
}

/// A member of an object that was read: its key, and the place of its value.
struct Member<'a> {
    name: Cow<'a, str>,
    value: Span,
}

/// The keys of an object that have been read.
#[derive(Default)]
pub(super) struct Seen {
    /// The grammar has no object with more keys.
    keys: [&'static str; 8],
    count: usize,
}

impl Seen {
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys[..self.count].contains(&key)
    }

    pub(super) fn add(&mut self, key: &'static str) {
        self.keys[self.count] = key;
        self.count += 1;
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let mut errors = Diagnostics::new(Severity::Error);
        let peek = lexer.next(&mut errors);
        Self {
            lexer,
            peek,
            last: 0,
            open: Vec::new(),
            torn: 0,
            foreign: 0,
            lost: false,
            ended: false,
            walks: 0,
            errors,
            warnings: Diagnostics::new(Severity::Warning),
            places: Places::default(),
            identifiers: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek;
        self.last = self.end_of(token);
        self.peek = self.lexer.next(&mut self.errors);
        token
    }

    /// Returns the end of a token in the text, with its quotation mark.
    pub(super) fn end_of(&self, token: Token) -> usize {
        let quoted = matches!(token.kind, Kind::Text { .. });
        let closed = self.lexer.text.as_bytes().get(token.span.end()) == Some(&b'"');
        token.span.end() + usize::from(quoted && closed)
    }

    pub(super) fn error(&mut self, code: Code, span: Span, message: impl IntoText) -> &mut Diagnostic {
        self.errors.add(code, span, message)
    }

    /// Reports an error in the structure of the text. Once the structure is lost, one message is enough.
    pub(super) fn tear(&mut self, code: Code, span: Span, message: impl IntoText) -> &mut Diagnostic {
        self.torn += 1;
        if self.lost { self.errors.unlisted(code, span) } else { self.errors.add(code, span, message) }
    }

    /// Returns a part of the text as a message shows it.
    pub(super) fn found(&self, token: Token) -> alloc::string::String {
        match token.kind {
            Kind::End => "the end of the text".into(),
            Kind::Text { .. } => quoted(&self.lexer.text[token.span.range()]),
            _ => alloc::format!("`{}`", Shortened(&self.lexer.text[token.span.range()])),
        }
    }

    /// Walks an object; `member` reads each value. It stops after the `}`, or where an enclosing array or the text
    /// ends.
    pub(super) fn members(&mut self, member: &mut dyn FnMut(&mut Self, Key<'a>)) {
        self.open.push(Kind::CloseBrace);
        self.members_until_closed(member);
        self.open.pop();
    }

    fn members_until_closed(&mut self, member: &mut dyn FnMut(&mut Self, Key<'a>)) {
        self.next();
        let mut before: Option<Member<'a>> = None;
        loop {
            let token = self.peek;
            match token.kind {
                Kind::CloseBrace => {
                    self.next();
                    return;
                }
                Kind::Text { .. } if self.is_stray_value(token, before.as_ref()) => {
                    if let Some(before) = before.take() {
                        self.stray_values(&before);
                    }
                }
                Kind::End | Kind::CloseBracket => {
                    if self.is_closed(token) {
                        return;
                    }
                }
                Kind::Comma => self.needless_commas(),
                Kind::Text { .. } | Kind::Word => {
                    self.next();
                    let key = Key { text: self.lexer.contents(token, &mut self.errors), span: token.span };
                    if token.kind == Kind::Word {
                        let found = self.found(token);
                        self.error(
                            Code::Syntax,
                            token.span,
                            format_args!("the key {found} has no quotation marks"),
                        )
                        .with_help(format_args!("write `\"{}\"`", key.text))
                        .with_fix(token.span, format_args!("\"{}\"", key.text));
                    }
                    let colon = self.peek.kind == Kind::Colon;
                    if colon {
                        self.next();
                    } else if self.peek.is_value() {
                        self.tear(
                            Code::Syntax,
                            key.span,
                            format_args!("a `:` is missing after {}", quoted(&key.text)),
                        );
                    }
                    if self.peek.is_value() {
                        let value = self.start_of(self.peek);
                        let name = key.text.clone();
                        member(self, key);
                        before = Some(Member { name, value: Span::new(value, self.last) });
                    } else {
                        let hint = if colon { "write one after the `:`" } else { "write `: …` after it" };
                        self.tear(
                            Code::Syntax,
                            key.span,
                            format_args!("the key {} has no value", quoted(&key.text)),
                        )
                        .with_help(format_args!("{hint}"));
                    }
                    self.separator(Kind::CloseBrace);
                }
                Kind::Colon | Kind::OpenBrace | Kind::OpenBracket | Kind::Number => {
                    let found = self.found(token);
                    self.tear(
                        Code::Syntax,
                        token.span,
                        format_args!("a key is expected in place of {found}"),
                    )
                    .with_help("write `\"key\": value`, or remove it");
                    if token.kind == Kind::Colon {
                        self.next();
                    } else {
                        self.skip();
                    }
                    if self.peek.kind == Kind::Comma {
                        self.next();
                    }
                }
            }
        }
    }

    /// Whether a string without colon follows a value, as a second value without an array: `"action": "a:X*",
    /// "a:Y*"`.
    fn is_stray_value(&self, token: Token, before: Option<&Member<'a>>) -> bool {
        let Some(before) = before else { return false };
        let end = self.end_of(token);
        // What follows nearly every key.
        if self.lexer.text.as_bytes().get(end) == Some(&b':') {
            return false;
        }
        let value = &self.lexer.text[before.value.range()];
        let follows = self.lexer.text[end..].trim_start();
        value.starts_with(['"', '[']) && follows.starts_with([',', '}'])
    }

    /// Reports all strings that stand beside a value, in one diagnostic.
    fn stray_values(&mut self, before: &Member<'a>) {
        let value = &self.lexer.text[before.value.range()];
        let mut values = alloc::string::String::from(value.trim_start_matches('[').trim_end_matches(']'));
        let first = self.peek;
        loop {
            let token = self.next();
            values.push_str(", ");
            values.push_str(&self.lexer.text[self.start_of(token)..self.end_of(token)]);
            let end = self.last;
            if self.peek.kind == Kind::Comma {
                self.next();
            }
            if !matches!(self.peek.kind, Kind::Text { .. }) || !self.is_stray_value(self.peek, Some(before)) {
                let whole = Span::new(before.value.start(), end);
                let found = self.found(first);
                // A help text is one line.
                let example = if values.contains(char::is_control) { "…" } else { &values };
                self.tear(
                    Code::Structure,
                    first.span,
                    format_args!("{found} stands beside the value of {}", quoted(&before.name)),
                )
                .with_help(format_args!("write several values as an array, `[{}]`", Shortened(example)))
                .with_fix(whole, format_args!("[{values}]"));
                return;
            }
        }
    }

    /// Returns the beginning of a token in the text, with its quotation mark.
    fn start_of(&self, token: Token) -> usize {
        let quoted = matches!(token.kind, Kind::Text { .. });
        let opened = self.lexer.text[..token.span.start()].ends_with('"');
        token.span.start() - usize::from(quoted && opened)
    }

    /// Walks an array; `item` reads each value. It stops after the `]`, or where an enclosing object or the text
    /// ends.
    pub(super) fn items(&mut self, item: &mut dyn FnMut(&mut Self)) {
        self.open.push(Kind::CloseBracket);
        self.items_until_closed(item);
        self.open.pop();
    }

    fn items_until_closed(&mut self, item: &mut dyn FnMut(&mut Self)) {
        self.next();
        loop {
            let token = self.peek;
            match token.kind {
                Kind::CloseBracket => {
                    self.next();
                    return;
                }
                Kind::End | Kind::CloseBrace => {
                    if self.is_closed(token) {
                        return;
                    }
                }
                // A key among the items shows that the array was not closed.
                Kind::Text { .. } | Kind::Word if self.lexer.before_colon(self.end_of(token)) => {
                    let (at, found) = (Span::new(self.last, self.last), self.found(token));
                    let (open, outer) = (self.open.clone(), self.open[..self.open.len() - 1].to_vec());
                    if self.mismatches(outer) <= self.mismatches(open) {
                        self.tear(Code::Syntax, at, format_args!("a `]` is missing before the key {found}"));
                        return;
                    }
                    self.tear(Code::Syntax, token.span, format_args!("the key {found} stands in an array"))
                        .with_help("put it and its value into `{}`");
                    self.next();
                    self.next();
                    self.skip();
                    self.separator(Kind::CloseBracket);
                }
                Kind::Comma => self.needless_commas(),
                Kind::Colon => {
                    self.next();
                    self.tear(Code::Syntax, token.span, "a `:` has no place in an array")
                        .with_help("remove it");
                }
                _ => {
                    item(self);
                    self.separator(Kind::CloseBracket);
                }
            }
        }
    }

    /// Whether the object or array is over, when the text ends or the wrong closing bracket comes.
    fn is_closed(&mut self, token: Token) -> bool {
        let [.., close] = self.open[..] else { return true };
        let sign = |kind: Kind| if kind == Kind::CloseBrace { '}' } else { ']' };
        let (found, meant) = (self.found(token), sign(close));
        if token.kind == Kind::End {
            if !self.ended {
                let all: alloc::string::String = self.open.iter().rev().map(|kind| sign(*kind)).collect();
                self.tear(Code::Syntax, token.span, "the text ends with brackets open")
                    .with_help(format_args!("write `{all}` at its end"));
            }
            self.ended = true;
            return true;
        }
        // Chooses the reading that fits best with the rest of the text.
        let open = self.open.clone();
        let outer = &open[..open.len() - 1];
        let missing = match outer.iter().rposition(|kind| *kind == token.kind) {
            Some(at) => self.mismatches(outer[..at].to_vec()) + outer.len() - 1 - at,
            None => usize::MAX,
        };
        let (many, other) = (self.mismatches(open.clone()), self.mismatches(outer.to_vec()));
        let best = missing.min(many).min(other);
        if best == missing {
            self.tear(Code::Syntax, token.span, format_args!("a `{meant}` is missing before {found}"));
            self.lost |= best > 0;
            return true;
        }
        if best == other {
            self.tear(Code::Syntax, token.span, format_args!("{found} does not close this"))
                .with_help(format_args!("write `{meant}`"));
        } else {
            self.tear(Code::Syntax, token.span, format_args!("a {found} too many")).with_help("remove it");
        }
        self.lost |= best > 0;
        self.next();
        if best == many && best != other {
            self.separator(close);
            return false;
        }
        true
    }

    /// Counts the brackets after the next token that do not match, if those of `open` are open there.
    fn mismatches(&mut self, mut open: Vec<Kind>) -> usize {
        self.walks += 1;
        if self.lost || self.walks > MOST_WALKS {
            return 1;
        }
        let (mut lexer, mut ignored) = (self.lexer.clone(), Diagnostics::new(Severity::Error));
        let mut mismatches = 0;
        loop {
            let token = lexer.next(&mut ignored);
            match token.kind {
                Kind::OpenBrace => open.push(Kind::CloseBrace),
                Kind::OpenBracket => open.push(Kind::CloseBracket),
                Kind::CloseBrace | Kind::CloseBracket => {
                    if open.last() == Some(&token.kind) {
                        open.pop();
                    } else {
                        mismatches += 1;
                    }
                }
                Kind::End => return mismatches + open.len(),
                _ => {}
            }
        }
    }

    /// Reads what stands between two members or items.
    fn separator(&mut self, close: Kind) {
        let token = self.peek;
        if token.kind == Kind::Comma {
            self.next();
            self.needless_commas();
            let is_reported = |lexer: &Lexer<'_>| {
                lexer.dropped > token.span.end() || &lexer.text[token.span.range()] != ","
            };
            if self.peek.kind == close && !is_reported(&self.lexer) {
                let bracket = self.found(self.peek);
                self.error(Code::Syntax, token.span, format_args!("a `,` before {bracket}"))
                    .with_help("remove it")
                    .with_fix(token.span, "");
            }
        } else if token.is_value() && !self.lexer.text[..self.last].ends_with([',', '，', '、', ';', '；'])
        {
            let at = Span::new(self.last, self.last);
            let found = self.found(token);
            if !self.lost {
                self.error(Code::Syntax, at, format_args!("a `,` is missing before {found}"))
                    .with_fix(at, ",");
            }
        }
    }

    /// Reads commas between which nothing stands. They hide nothing, so that what stands beside them is read as usual.
    fn needless_commas(&mut self) {
        while self.peek.kind == Kind::Comma {
            let span = self.next().span;
            // The lexer has reported any other sign that stands for a comma.
            if &self.lexer.text[span.range()] == "," {
                self.error(Code::Syntax, span, "a `,` too many").with_help("remove it").with_fix(span, "");
            }
        }
    }

    /// Skips a value of any depth without checking it.
    pub(super) fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek.kind {
                Kind::End => return,
                Kind::OpenBrace | Kind::OpenBracket => depth += 1,
                Kind::CloseBrace | Kind::CloseBracket if depth == 0 => return,
                Kind::CloseBrace | Kind::CloseBracket => depth -= 1,
                _ => {}
            }
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    /// Returns the key as the grammar spells it, if the grammar knows it and it is not repeated.
    pub(super) fn known(
        &mut self,
        key: &Key<'_>,
        keys: &[&'static str],
        seen: &mut Seen,
        of: &str,
    ) -> Option<&'static str> {
        let as_written = keys.iter().copied().find(|name| *name == key.text);
        let in_case = || keys.iter().copied().find(|name| name.eq_ignore_ascii_case(&key.text));
        let Some(name) = as_written.or_else(in_case) else {
            let text = quoted(&key.text);
            let lower = key.text.to_ascii_lowercase();
            let near = nearest(&lower, keys.iter().copied());
            if let Some(name) = keys.iter().find(|name| lower.strip_prefix("not") == Some(**name)) {
                self.tear(Code::Structure, key.span, format_args!("CAM has no {text}"))
                    .with_help(format_args!("write `{name}`, with what the statement is for"));
            } else if let (Some(name), true) = (near.first(), key.text.len() > 3) {
                self.tear(Code::Structure, key.span, format_args!("{text} is no element of {of}"))
                    .with_help(format_args!("did you mean `{name}`?"));
            } else if !self.lost {
                self.foreign += 1;
                self.error(
                    Code::Structure,
                    key.span,
                    format_args!("{text} is no element of {of}, which has {}", List(keys)),
                )
                .with_help(format_args!(
                    "what CAM makes of other keys is not documented; \
                         remove it"
                ));
            }
            return None;
        };
        if seen.has(name) {
            self.twice(name, key.span);
            return None;
        }
        seen.add(name);
        if key.text != name {
            self.capitals(Code::Structure, key.span, &key.text, name);
        }
        Some(name)
    }

    pub(super) fn twice(&mut self, name: &str, span: Span) {
        self.tear(Code::Structure, span, format_args!("`{name}` stands twice"))
            .with_help("which one CAM takes is not documented; keep one");
    }

    /// Warns about a word that CAM's grammar writes in lower case.
    pub(super) fn capitals(&mut self, code: Code, span: Span, written: &str, word: &str) {
        let written = quoted(written);
        let message = format!("{written} is lower case by CAM's grammar, though Tencent prints capitals too");
        self.warnings.add(code, span, message).with_help(format_args!("write `{word}`")).with_fix(span, word);
    }

    /// Reads a string, or an array of strings; `take` receives each.
    pub(super) fn strings(&mut self, kind: Code, take: &mut dyn FnMut(&mut Self, Cow<'a, str>, Token)) {
        let one = |reader: &mut Self, take: &mut dyn FnMut(&mut Self, Cow<'a, str>, Token)| {
            let token = reader.peek;
            match token.kind {
                Kind::Text { .. } => {
                    let text = reader.lexer.contents(token, &mut reader.errors);
                    reader.next();
                    take(reader, text, token);
                }
                Kind::Word
                    if !matches!(&reader.lexer.text[token.span.range()], "null" | "true" | "false") =>
                {
                    let word = &reader.lexer.text[token.span.range()];
                    reader
                        .error(
                            kind,
                            token.span,
                            format_args!("`{word}` has no quotation marks", word = Shortened(word)),
                        )
                        .with_help(format_args!("write `\"{word}\"`", word = Shortened(word)))
                        .with_fix(token.span, format_args!("\"{word}\""));
                    reader.next();
                }
                _ => {
                    let found = reader.found(token);
                    reader.error(kind, token.span, format_args!("a string is needed in place of {found}"));
                    reader.skip();
                }
            }
        };
        let token = self.peek;
        if token.kind == Kind::OpenBracket {
            let (mut empty, torn) = (true, self.torn);
            self.items(&mut |reader| {
                empty = false;
                one(reader, take);
            });
            if empty && self.torn == torn {
                self.error(kind, token.span, "an empty array names nothing")
                    .with_help("put a string into it");
            }
        } else {
            one(self, take);
        }
    }
}

/// Returns the names as a list in a sentence.
struct List<'n>(&'n [&'static str]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            let before = if at == 0 {
                ""
            } else if at + 1 == self.0.len() {
                " and "
            } else {
                ", "
            };
            write!(f, "{before}`{name}`")?;
        }
        Ok(())
    }
}
