//! Splits a JSON text into tokens, and recognises what people write in place of JSON.
//!
//! This crate has its own lexer because no JSON library continues after a mistake. Most published policies that are
//! not JSON have more than one mistake, such as typographic quotes, comments and trailing commas.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::diagnostic::{Code, Diagnostics};
use crate::text::{Span, control, equal, first, is_json_number, quoted};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    /// The span covers the contents, without the quotes.
    Text {
        escaped: bool,
        /// Whether it may have control characters, which no string may hold.
        controls: bool,
    },
    Number,
    /// Characters without quotes, such as `true` and `null`.
    Word,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

impl Token {
    /// Whether a value begins here.
    pub(super) fn is_value(self) -> bool {
        matches!(
            self.kind,
            Kind::OpenBrace | Kind::OpenBracket | Kind::Text { .. } | Kind::Number | Kind::Word
        )
    }
}

#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    at: usize,
    /// The previous token.
    last: Kind,
    /// Where the last characters end that are not part of a token.
    pub(super) dropped: usize,
}

const LONGEST_NUMBER: usize = 64;

/// Double quotation marks that JSON does not know.
const QUOTES: [char; 6] = ['“', '”', '„', '＂', '«', '»'];

/// The keys of policies and statements.
const KEYS: [&str; 7] = ["version", "statement", "principal", "effect", "action", "resource", "condition"];

/// Counts the bytes of a string up to the first that may be more than a part of its contents. A policy is mostly strings,
/// so it looks at eight bytes at once.
fn plain(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let special = equal(*word, b'"') | equal(*word, b'\\') | control(*word);
        if special != 0 {
            return bytes.len() - rest.len() + first(special);
        }
        rest = after;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    bytes.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, last: Kind::End, dropped: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn next(&mut self, errors: &mut Diagnostics) -> Token {
        let token = self.token(errors);
        self.last = token.kind;
        token
    }

    /// Whether a colon comes next, after whitespace and comments.
    pub(super) fn before_colon(&self, at: usize) -> bool {
        // What follows nearly every item.
        if let Some(b',' | b']') = self.text.as_bytes().get(at) {
            return false;
        }
        self.text[at..].trim_start().starts_with([':', '：'])
    }

    fn token(&mut self, errors: &mut Diagnostics) -> Token {
        loop {
            let bytes = self.text.as_bytes();
            while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let start = self.at;
            let Some(byte) = bytes.get(start) else {
                return Token { kind: Kind::End, span: Span::new(start, start) };
            };
            let kind = match byte {
                b'{' => Kind::OpenBrace,
                b'}' => Kind::CloseBrace,
                b'[' => Kind::OpenBracket,
                b']' => Kind::CloseBracket,
                b',' => Kind::Comma,
                b':' => Kind::Colon,
                b'"' => return self.string(start + 1, errors),
                b'-' | b'0'..=b'9' => return self.number(errors),
                b'/' | b'#' => {
                    self.comment(errors);
                    continue;
                }
                _ => match self.odd(errors) {
                    Some(token) => return token,
                    None => continue,
                },
            };
            self.at += 1;
            return Token { kind, span: Span::new(start, self.at) };
        }
    }

    /// Reads characters outside of strings that JSON does not know.
    #[cold]
    fn odd(&mut self, errors: &mut Diagnostics) -> Option<Token> {
        let start = self.at;
        let character = self.rest().chars().next()?;
        let span = Span::new(start, start + character.len_utf8());
        let as_if = |kind| Some(Token { kind, span });
        match character {
            '“' | '”' | '„' | '＂' | '‘' | '’' | '\'' | '`' | '«' | '»' => {
                Some(self.oddly_quoted(character, span, errors))
            }
            '、' | '，' | '；' | ';' => {
                let error =
                    errors.add(Code::Syntax, span, format_args!("`{character}` separates nothing in JSON"));
                // A `,` before a bracket or after another one would be a mistake too.
                let separates = |character: char| character.is_whitespace() || ",、，；;".contains(character);
                let after = self.text[span.end()..].trim_start_matches(separates);
                let is_needless = matches!(self.last, Kind::Comma | Kind::OpenBracket | Kind::OpenBrace)
                    || after.is_empty()
                    || after.starts_with(['}', ']', '］', '】', '｝']);
                if is_needless {
                    error.with_help("remove it").with_fix(span, "");
                } else {
                    error.with_help("write `,`").with_fix(span, ",");
                }
                self.at = span.end();
                as_if(Kind::Comma)
            }
            '［' | '【' | '］' | '】' | '｛' | '｝' => {
                let (kind, meant) = match character {
                    '［' | '【' => (Kind::OpenBracket, '['),
                    '］' | '】' => (Kind::CloseBracket, ']'),
                    '｛' => (Kind::OpenBrace, '{'),
                    _ => (Kind::CloseBrace, '}'),
                };
                errors
                    .add(Code::Syntax, span, format_args!("`{character}` is no bracket of JSON"))
                    .with_help(format_args!("write `{meant}`"))
                    .with_fix(span, meant);
                self.at = span.end();
                as_if(kind)
            }
            '：' | '=' => {
                errors
                    .add(Code::Syntax, span, format_args!("`{character}` is no colon of JSON"))
                    .with_help("write `:`")
                    .with_fix(span, ":");
                self.at = span.end();
                as_if(Kind::Colon)
            }
            character if character.is_alphabetic() || "_$*".contains(character) => {
                self.word();
                // Where a value is expected, `trtc:*` is one word. A key and its colon are two tokens.
                let key = KEYS.iter().any(|key| key.eq_ignore_ascii_case(&self.text[start..self.at]));
                let after = self.rest().strip_prefix(':');
                let joins = after.is_some_and(|after| {
                    after.starts_with(|character: char| character.is_alphabetic() || character == '*')
                });
                let value = matches!(self.last, Kind::OpenBracket | Kind::Colon | Kind::Comma);
                if joins && value && !key {
                    self.at += 1;
                    self.word();
                }
                Some(Token { kind: Kind::Word, span: Span::new(start, self.at) })
            }
            character
                if character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}') =>
            {
                let other = |character: char| {
                    character.is_ascii()
                        || !character.is_whitespace()
                            && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}')
                };
                let length = self.rest().find(other).unwrap_or(self.rest().len()).max(character.len_utf8());
                self.at += length;
                errors
                    .add(
                        Code::Syntax,
                        Span::new(start, self.at),
                        format_args!("whitespace that JSON does not know, U+{:04X}", u32::from(character)),
                    )
                    .with_help("write a space")
                    .with_fix(Span::new(start, self.at), " ");
                None
            }
            _ => {
                let known = |character: char| {
                    character.is_alphanumeric()
                        || character.is_whitespace()
                        || "{}[],:\"-/#*_$'`“”‘’„＂«»、，；;：=［］【】｛｝".contains(character)
                };
                let length = self.rest().find(known).unwrap_or(self.rest().len()).max(character.len_utf8());
                self.at += length;
                self.dropped = self.at;
                let found = quoted(&self.text[start..self.at]);
                errors
                    .add(Code::Syntax, Span::new(start, self.at), format_args!("{found} is no part of JSON"))
                    .with_help("remove it")
                    .with_fix(Span::new(start, self.at), "");
                None
            }
        }
    }

    fn word(&mut self) {
        let end = |character: char| !character.is_alphanumeric() && !"_-$.*/".contains(character);
        self.at += self.rest().find(end).unwrap_or(self.rest().len());
    }

    #[cold]
    fn comment(&mut self, errors: &mut Diagnostics) {
        let start = self.at;
        let rest = self.rest();
        let length = if rest.starts_with("/*") {
            let Some(end) = rest.find("*/") else {
                // To remove it would remove what belongs to the policy.
                self.at = self.text.len();
                let open = Span::new(start, start + 2);
                errors
                    .add(Code::Syntax, open, "a comment is not closed, and all that follows is a part of it")
                    .with_help("remove it; JSONC may have it if it ends with `*/`");
                return;
            };
            end + 2
        } else if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            1
        };
        self.at += length;
        let span = Span::new(start, start + self.text[start..self.at].trim_end().len());
        let what =
            if length == 1 { "`/` is no part of JSON" } else { "JSON has no comments, and CAM takes none" };
        errors.add(Code::Syntax, span, what).with_help("remove it").with_fix(span, "");
    }

    /// Reads a string that begins with a quotation mark other than JSON's. It ends at a mark of the same kind, or at
    /// JSON's.
    fn oddly_quoted(&mut self, opening: char, open: Span, errors: &mut Diagnostics) -> Token {
        let start = open.end();
        let closes = |character: char| {
            character == '"'
                || character == opening
                || QUOTES.contains(&character) && QUOTES.contains(&opening)
                || "’‘".contains(character) && "’‘".contains(opening)
        };
        let stop = self.text[start..]
            .char_indices()
            .find(|(_, character)| matches!(character, '\n' | '\r') || closes(*character))
            .map_or((self.text.len(), '\n'), |(at, character)| (start + at, character));
        let closing = (!matches!(stop.1, '\n' | '\r')).then_some(stop.1);
        let end = match closing {
            Some(_) => stop.0,
            None => start + end_of_contents(&self.text[start..stop.0]),
        };
        let next = end + closing.map_or(0, char::len_utf8);
        self.at = next;
        let whole = Span::new(open.start(), next);
        let contents = &self.text[start..end];
        match closing {
            Some('"') => {
                let message = format!("`{opening}` is no quotation mark of JSON");
                errors.add(Code::Syntax, open, message).with_help("write `\"`").with_fix(open, '"');
            }
            Some(closing) => {
                let fixed = format!("\"{contents}\"");
                let error = if closing == opening {
                    let message = format!("`{opening}` is no quotation mark of JSON");
                    errors.add(Code::Syntax, open, message)
                } else {
                    let message = format!("`{opening}` and `{closing}` are no quotation marks of JSON");
                    errors.add(Code::Syntax, whole, message)
                };
                error.with_help("write `\"`").with_fix(whole, fixed);
            }
            None => {
                let span = Span::new(open.start(), end);
                let message = format!("`{opening}` is no quotation mark of JSON, and closes nowhere");
                errors
                    .add(Code::Syntax, span, message)
                    .with_help("write `\"` at both ends")
                    .with_fix(span, format_args!("\"{contents}\""));
            }
        }
        Token {
            kind: Kind::Text { escaped: self.text[start..end].contains('\\'), controls: true },
            span: Span::new(start, end),
        }
    }

    /// Reads a string whose contents begin at `start`. It ends at a quotation mark, at the latest at the end of the
    /// line.
    fn string(&mut self, start: usize, errors: &mut Diagnostics) -> Token {
        let bytes = self.text.as_bytes();
        let (mut at, mut escaped, mut controls) = (start, false, false);
        loop {
            at += plain(&bytes[at..]);
            match bytes.get(at) {
                Some(b'"') => {
                    if let Some(token) = self.closed_before(start, at, errors) {
                        return token;
                    }
                    self.at = at + 1;
                    return Token { kind: Kind::Text { escaped, controls }, span: Span::new(start, at) };
                }
                Some(b'\\') => {
                    escaped = true;
                    at += if matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) { 1 } else { 2 };
                }
                Some(b'\n') if goes_on(&bytes[at + 1..]) => {
                    errors
                        .add(Code::Syntax, Span::new(at, at + 1), "a string goes on in the next line")
                        .with_help("write it in one");
                    controls = true;
                    at += 1;
                }
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') && goes_on(&bytes[at + 2..]) => {
                    controls = true;
                    at += 1;
                }
                None | Some(b'\n' | b'\r') => {
                    return self.unclosed(start, at.min(bytes.len()), escaped, errors);
                }
                Some(byte) => {
                    errors
                        .add(Code::Syntax, Span::new(at, at + 1), "a control character in a string")
                        .with_help(format_args!("write `\\u{byte:04x}`, or remove it"));
                    controls = true;
                    at += 1;
                }
            }
        }
    }

    /// Finds the string that has no closing quotation mark, and so seems to reach to the next opening one: the key of
    /// `"action: ["trtc:*"]`, or the value of `"*”, "effect": "allow"`.
    fn closed_before(&mut self, start: usize, end: usize, errors: &mut Diagnostics) -> Option<Token> {
        // What follows nearly every string.
        if let Some(b',' | b':' | b']' | b'}' | b' ' | b'\n') = self.text.as_bytes().get(end + 1) {
            return None;
        }
        let after = self.text[end + 1..].chars().next()?;
        if after.is_whitespace() || "\",:]}/#，：、；".contains(after) {
            return None;
        }
        if self.text[start..end].contains(QUOTES) {
            return Some(self.unclosed(start, end, false, errors));
        }
        let (key, rest) = self.text[start..end].split_once(':')?;
        let fits = |character: char| character.is_ascii_alphabetic() || character == '_';
        if !key.starts_with(fits)
            || !key.chars().all(fits)
            || !rest.chars().all(|character| " [{".contains(character))
        {
            return None;
        }
        let span = Span::new(start, start + key.len());
        errors
            .add(Code::Syntax, span, "a string is not closed")
            .with_help(format_args!("write `\"` after {}", quoted(key)));
        self.at = span.end();
        Some(Token { kind: Kind::Text { escaped: false, controls: true }, span })
    }

    /// Reads a string without closing quotation mark: up to a quotation mark of another kind, else to the end of the
    /// line.
    #[cold]
    fn unclosed(&mut self, start: usize, line_end: usize, escaped: bool, errors: &mut Diagnostics) -> Token {
        // A backslash may have skipped the first byte of a character.
        let line_end =
            (line_end..=self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(start);
        let line = &self.text[start..line_end];
        let other = line
            .char_indices()
            .find(|(_, character)| QUOTES.contains(character) || matches!(character, '’' | '\''));
        let (end, next) = match other {
            Some((at, character)) => {
                let span = Span::new(start + at, start + at + character.len_utf8());
                errors
                    .add(Code::Syntax, span, format_args!("`{character}` does not close a string"))
                    .with_help("write `\"`")
                    .with_fix(span, '"');
                (span.start(), span.end())
            }
            None => {
                let end = start + end_of_contents(line);
                // The opening mark may be of another kind, with several bytes.
                let mark = self.text[..start].char_indices().next_back().map_or(start, |(at, _)| at);
                errors
                    .add(Code::Syntax, Span::new(mark, end), "a string is not closed in its line")
                    .with_help("write `\"` at its end")
                    .with_fix(Span::new(end, end), '"');
                (end, end)
            }
        };
        self.at = next;
        Token { kind: Kind::Text { escaped, controls: true }, span: Span::new(start, end) }
    }

    fn number(&mut self, errors: &mut Diagnostics) -> Token {
        let start = self.at;
        let rest = self.rest();
        let length = rest
            .bytes()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))
            .unwrap_or(rest.len());
        self.at += length;
        let span = Span::new(start, self.at);
        let digits = &rest[..length];
        if length > LONGEST_NUMBER {
            errors
                .add(Code::Limit, span, format_args!("a number of more than {LONGEST_NUMBER} characters"))
                .with_help("write a shorter one");
        } else if !is_json_number(digits) {
            errors.add(Code::Syntax, span, format_args!("{} is no number of JSON", quoted(digits)));
        }
        Token { kind: Kind::Number, span }
    }

    /// Returns the contents of a string.
    pub(super) fn contents(&self, token: Token, errors: &mut Diagnostics) -> Cow<'a, str> {
        let raw = &self.text[token.span.range()];
        match token.kind {
            Kind::Text { escaped: false, controls: false } => Cow::Borrowed(raw),
            Kind::Text { escaped: true, .. } => Cow::Owned(Self::unescaped(raw, token, errors)),
            _ if raw.bytes().any(|byte| byte < b' ') => Cow::Owned(mended(raw)),
            _ => Cow::Borrowed(raw),
        }
    }

    #[cold]
    fn unescaped(raw: &str, token: Token, errors: &mut Diagnostics) -> String {
        let mut text = String::with_capacity(raw.len());
        let mut from = 0;
        while let Some(at) = raw[from..].find('\\').map(|at| from + at) {
            text.push_str(&raw[from..at]);
            let Some((plain, length)) = escape(&raw[at..]) else { break };
            from = at + 1 + length;
            match plain {
                Some(character) => text.push(character),
                None => {
                    let span = Span::new(token.span.start() + at, token.span.start() + from);
                    let character = &raw[at + 1..from];
                    text.push_str(character);
                    let hint = if character.starts_with('u') {
                        "`\\u` and four hexadecimal digits".into()
                    } else if character.is_empty() || character.contains(char::is_control) {
                        "`\\\\`".into()
                    } else {
                        alloc::format!("`{character}`, or `\\\\` for a backslash")
                    };
                    errors
                        .add(
                            Code::Syntax,
                            span,
                            format_args!("`\\{}` is no escape of JSON", character.escape_debug()),
                        )
                        .with_help(format_args!("write {hint}"));
                }
            }
        }
        text.push_str(&raw[from..]);
        text
    }
}

/// Returns the contents of a string, and the origin of each byte and of their end, in a text where the contents begin
/// at `start`. An escape that JSON does not know stays as it is.
pub(super) fn unescape(raw: &str, start: usize) -> (String, Vec<u32>) {
    let (mut text, mut origins) = (String::with_capacity(raw.len()), Vec::with_capacity(raw.len() + 1));
    let mut at = 0;
    while let Some(character) = raw[at..].chars().next() {
        let (plain, length) = match escape(&raw[at..]) {
            Some((Some(plain), length)) => (plain, length + 1),
            _ => (character, character.len_utf8()),
        };
        text.push(plain);
        origins.resize(text.len(), offset(start + at));
        at += length;
    }
    origins.push(offset(start + at));
    (text, origins)
}

/// The place of a byte; texts that are read are far shorter than 4 GiB.
pub(super) fn offset(at: usize) -> u32 {
    at.try_into().unwrap_or(u32::MAX)
}

/// Reads the escape at the beginning of a text: its character, and its length in bytes after the backslash.
/// `Some((None, _))`: it is not an escape of JSON.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let rest = text.strip_prefix('\\')?;
    Some(match rest.bytes().next() {
        Some(b'n') => (Some('\n'), 1),
        Some(b't') => (Some('\t'), 1),
        Some(b'r') => (Some('\r'), 1),
        Some(b'b') => (Some('\u{8}'), 1),
        Some(b'f') => (Some('\u{c}'), 1),
        Some(character @ (b'"' | b'\\' | b'/')) => (Some(char::from(character)), 1),
        Some(b'u') => unicode(rest),
        _ => (None, rest.chars().next().map_or(0, char::len_utf8)),
    })
}

/// Returns where the contents of a string end that has no closing quotation mark in its line.
fn end_of_contents(line: &str) -> usize {
    line.trim_end_matches([' ', '\t', ',', ']', '}']).len()
}

/// Whether a string that reaches the end of a line ends in this line: then the line has an odd number of quotation
/// marks.
fn goes_on(rest: &[u8]) -> bool {
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut escaped = false;
    let mut odd = false;
    for byte in line {
        odd ^= *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
    }
    odd
}

/// Returns a text without the control characters that no string may hold, and without the whitespace around line
/// breaks.
fn mended(raw: &str) -> String {
    let lines = raw.split(['\n', '\r']);
    let trimmed =
        lines.enumerate().map(|(at, line)| if at == 0 { line.trim_end() } else { line.trim_start() });
    trimmed.flat_map(str::chars).filter(|character| *character >= ' ').collect()
}

/// Reads `uXXXX`, or a pair of surrogates: its character, and its length in bytes.
fn unicode(text: &str) -> (Option<char>, usize) {
    let unit = |text: &str| {
        let digits = text.strip_prefix('u')?.get(..4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let Some(first) = unit(text) else { return (None, 1) };
    if let Some(Ok(character)) = char::decode_utf16([first]).next() {
        return (Some(character), 5);
    }
    let second = text.get(5..).and_then(|rest| rest.strip_prefix('\\')).and_then(unit);
    match second.map(|second| char::decode_utf16([first, second]).next()) {
        Some(Some(Ok(character))) => (Some(character), 11),
        _ => (None, 5),
    }
}
