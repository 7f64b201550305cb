//! From tokens to the policy, going on after every mistake.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::element::{ConditionPlaces, Places, StatementPlaces};
use super::lexer::{Kind, Lexer, Token};
use crate::diagnostic::{Fault, FaultKind, Faults};
use crate::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, PatternError, Policy, PolicyKind,
    Principal, PrincipalKind, ResourcePattern, Statement, check_variables,
};
use crate::text::{Shortened, Span, nearest, quoted};

/// The longest text that is read.
const LONGEST: usize = 1 << 20;

/// The keys of a statement.
const STATEMENT_KEYS: [&str; 5] = ["effect", "action", "resource", "condition", "principal"];

/// How often the rest of the text is walked, so that reading stays in proportion to its length.
const MOST_WALKS: usize = 24;

/// What a text holds.
pub(super) struct Read {
    pub(super) policy: Policy,
    pub(super) kind: PolicyKind,
    pub(super) places: Places,
    pub(super) remarks: Vec<Fault>,
}

/// Reads a text, or returns all its faults.
pub(super) fn read(text: &str, told: Option<PolicyKind>) -> Result<Read, Vec<Fault>> {
    let mut faults = Faults::default();
    if text.len() > LONGEST {
        faults.add(
            FaultKind::Limit,
            Span::new(0, 0),
            format_args!("the text has {} bytes, more than the {LONGEST} that are read", text.len()),
        );
        return Err(faults.finish(""));
    }
    let mut reader = Reader::new(text);
    let policy = reader.policy();
    reader.check_kind(&policy, told);
    let Reader { faults, mut remarks, places, .. } = reader;
    if !faults.is_empty() {
        return Err(faults.finish(text));
    }
    let kind = told.unwrap_or_else(|| policy.kind());
    // With arrays and without blanks a text is less than twice as long. The limit of a bucket's policy is not among CAM's.
    if text.len() > Policy::LENGTH_LIMIT / 2 && kind != PolicyKind::Bucket {
        if let Err(error) = policy.check_length() {
            let start = places.policy.map_or(0, Span::start);
            remarks.coded(FaultKind::Limit, Span::new(start, start + 1), format_args!("{error}"), None);
        }
    }
    Ok(Read { policy, kind, places, remarks: remarks.finish(text) })
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    peek: Token,
    /// The end of the token before.
    last: usize,
    /// The brackets that are open.
    open: Vec<Kind>,
    /// How often something was found that may have cost a key or a value: then nothing is said to be missing.
    torn: usize,
    /// Whether brackets went wrong in a way that leaves open where the rest belongs.
    lost: bool,
    /// Whether the text has ended before its brackets.
    ended: bool,
    /// How often the rest of the text was walked to understand a bracket.
    walks: usize,
    faults: Faults,
    remarks: Faults,
    places: Places,
}

/// A key of an object.
struct Key<'a> {
    text: Cow<'a, str>,
    span: Span,
}

/// The elements of a statement as they are found.
#[derive(Default)]
struct Parts {
    effect: Option<Effect>,
    principal: Option<Principal>,
    actions: Vec<ActionPattern>,
    resources: Vec<ResourcePattern>,
    conditions: Vec<Condition>,
    seen: Seen,
}

/// The keys of an object that were seen.
#[derive(Default)]
struct Seen(Vec<&'static str>);

impl Seen {
    fn has(&self, key: &str) -> bool {
        self.0.contains(&key)
    }
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let mut faults = Faults::default();
        let peek = lexer.next(&mut faults);
        Self {
            lexer,
            peek,
            last: 0,
            open: Vec::new(),
            torn: 0,
            lost: false,
            ended: false,
            walks: 0,
            faults,
            remarks: Faults::default(),
            places: Places::default(),
        }
    }

    fn next(&mut self) -> Token {
        let token = self.peek;
        self.last = self.end_of(token);
        self.peek = self.lexer.next(&mut self.faults);
        token
    }

    /// The end of a token in the text, its quotation mark included.
    fn end_of(&self, token: Token) -> usize {
        let quoted = matches!(token.kind, Kind::Text { .. });
        let closed = self.lexer.text.as_bytes().get(token.span.end()) == Some(&b'"');
        token.span.end() + usize::from(quoted && closed)
    }

    fn fault(&mut self, kind: FaultKind, span: Span, message: core::fmt::Arguments<'_>) {
        self.faults.add(kind, span, message);
    }

    /// A fault of the text's structure. Where that is lost, one message is enough.
    fn tear(&mut self, kind: FaultKind, span: Span, message: core::fmt::Arguments<'_>) {
        self.torn += 1;
        if !self.lost {
            self.faults.add(kind, span, message);
        }
    }

    /// A text as the message about it shows it.
    fn found(&self, token: Token) -> alloc::string::String {
        match token.kind {
            Kind::End => "the end of the text".into(),
            Kind::Text { .. } => quoted(&self.lexer.text[token.span.range()]),
            _ => alloc::format!("`{}`", Shortened(&self.lexer.text[token.span.range()])),
        }
    }

    fn policy(&mut self) -> Policy {
        let open = self.peek;
        let (mut principal, mut statements) = (None, Vec::new());
        let mut seen = Seen::default();
        match open.kind {
            Kind::OpenBrace => {
                let mut stray = false;
                self.members(&mut |reader, key| {
                    if STATEMENT_KEYS[..4].iter().any(|one| one.eq_ignore_ascii_case(&key.text)) {
                        if !stray {
                            reader.tear(
                                FaultKind::Structure,
                                key.span,
                                format_args!(
                                    "{} belongs into a statement: write `{{\"version\": \"2.0\", \"statement\": [{{…}}]}}`",
                                    quoted(&key.text)
                                ),
                            );
                        }
                        stray = true;
                        reader.skip();
                        return;
                    }
                    match reader.known(&key, &["version", "statement", "principal"], &mut seen, "a policy") {
                        Some("version") => reader.version(),
                        Some("statement") => reader.statements(&mut statements),
                        Some("principal") => {
                            (principal, reader.places.principal) = reader.principal();
                        }
                        _ => reader.skip(),
                    }
                });
                for (key, add) in [("version", "\"version\": \"2.0\""), ("statement", "\"statement\": [{…}]")]
                {
                    if !seen.has(key) && self.torn == 0 {
                        let kind = if key == "version" { FaultKind::Version } else { FaultKind::Structure };
                        self.fault(kind, open.span, format_args!("the policy has no `{key}`: add `{add}`"));
                    }
                }
                if self.peek.kind != Kind::End && !self.lost {
                    let (span, found) = (self.peek.span, self.found(self.peek));
                    self.fault(
                        FaultKind::Syntax,
                        span,
                        format_args!("the policy has ended before {found}: remove what follows"),
                    );
                }
            }
            Kind::End => {
                self.fault(FaultKind::Syntax, open.span, format_args!("there is no policy in the text"));
            }
            _ => {
                let found = self.found(open);
                self.fault(
                    FaultKind::Structure,
                    open.span,
                    format_args!("a policy is an object, found {found}: write `{{\"version\": \"2.0\", …}}`"),
                );
            }
        }
        self.places.policy = Some(Span::new(open.span.start(), self.last));
        Policy::unchecked(principal, statements)
    }

    /// Walks an object; `member` takes each value. Ends after its `}`, or where an enclosing array or the text ends.
    fn members(&mut self, member: &mut dyn FnMut(&mut Self, Key<'a>)) {
        self.open.push(Kind::CloseBrace);
        self.members_until_closed(member);
        self.open.pop();
    }

    fn members_until_closed(&mut self, member: &mut dyn FnMut(&mut Self, Key<'a>)) {
        self.next();
        loop {
            let token = self.peek;
            match token.kind {
                Kind::CloseBrace => {
                    self.next();
                    return;
                }
                Kind::End | Kind::CloseBracket => {
                    if self.is_closed(token) {
                        return;
                    }
                }
                Kind::Comma => {
                    self.next();
                    self.fault(FaultKind::Syntax, token.span, format_args!("a `,` too many: remove it"));
                }
                Kind::Text { .. } | Kind::Word => {
                    self.next();
                    let key = Key { text: self.lexer.contents(token, &mut self.faults), span: token.span };
                    if token.kind == Kind::Word {
                        let found = self.found(token);
                        self.fault(
                            FaultKind::Syntax,
                            token.span,
                            format_args!("the key {found} has no quotation marks: write `\"{}\"`", key.text),
                        );
                    }
                    let colon = self.peek.kind == Kind::Colon;
                    if colon {
                        self.next();
                    } else if self.peek.is_value() {
                        self.tear(
                            FaultKind::Syntax,
                            key.span,
                            format_args!("a `:` is missing after {}", quoted(&key.text)),
                        );
                    }
                    if self.peek.is_value() {
                        member(self, key);
                    } else {
                        let hint = if colon { "write one after the `:`" } else { "write `: …` after it" };
                        self.tear(
                            FaultKind::Syntax,
                            key.span,
                            format_args!("the key {} has no value: {hint}", quoted(&key.text)),
                        );
                    }
                    self.separator(Kind::CloseBrace);
                }
                Kind::Colon | Kind::OpenBrace | Kind::OpenBracket | Kind::Number => {
                    let found = self.found(token);
                    self.tear(
                        FaultKind::Syntax,
                        token.span,
                        format_args!(
                            "a key is expected in place of {found}: write `\"key\": value`, or remove it"
                        ),
                    );
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

    /// Walks an array; `item` takes each value. Ends after its `]`, or where an enclosing object or the text ends.
    fn items(&mut self, item: &mut dyn FnMut(&mut Self)) {
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
                // A key among the items: the array was not closed.
                Kind::Text { .. } | Kind::Word if self.lexer.before_colon(self.end_of(token)) => {
                    let (at, found) = (Span::new(self.last, self.last), self.found(token));
                    let (open, outer) = (self.open.clone(), self.open[..self.open.len() - 1].to_vec());
                    if self.mismatches(outer) <= self.mismatches(open) {
                        self.tear(
                            FaultKind::Syntax,
                            at,
                            format_args!("a `]` is missing before the key {found}"),
                        );
                        return;
                    }
                    self.tear(
                        FaultKind::Syntax,
                        token.span,
                        format_args!("the key {found} stands in an array: put it and its value into `{{}}`"),
                    );
                    self.next();
                    self.next();
                    self.skip();
                    self.separator(Kind::CloseBracket);
                }
                Kind::Comma | Kind::Colon => {
                    self.next();
                    let what = if token.kind == Kind::Comma {
                        "`,` too many"
                    } else {
                        "`:` has no place in an array"
                    };
                    self.tear(FaultKind::Syntax, token.span, format_args!("a {what}: remove it"));
                }
                _ => {
                    item(self);
                    self.separator(Kind::CloseBracket);
                }
            }
        }
    }

    /// Whether the object or array, in which the text or another closing bracket has come, is over.
    fn is_closed(&mut self, token: Token) -> bool {
        let [.., close] = self.open[..] else { return true };
        let sign = |kind: Kind| if kind == Kind::CloseBrace { '}' } else { ']' };
        let (found, meant) = (self.found(token), sign(close));
        if token.kind == Kind::End {
            if !self.ended {
                let all: alloc::string::String = self.open.iter().rev().map(|kind| sign(*kind)).collect();
                self.tear(
                    FaultKind::Syntax,
                    token.span,
                    format_args!("the text ends with brackets open: write `{all}` at its end"),
                );
            }
            self.ended = true;
            return true;
        }
        // What goes best with the rest of the text.
        let open = self.open.clone();
        let outer = &open[..open.len() - 1];
        let missing = match outer.iter().rposition(|kind| *kind == token.kind) {
            Some(at) => self.mismatches(outer[..at].to_vec()) + outer.len() - 1 - at,
            None => usize::MAX,
        };
        let (many, other) = (self.mismatches(open.clone()), self.mismatches(outer.to_vec()));
        let best = missing.min(many).min(other);
        if best == missing {
            self.tear(FaultKind::Syntax, token.span, format_args!("a `{meant}` is missing before {found}"));
            self.lost |= best > 0;
            return true;
        }
        if best == other {
            self.tear(
                FaultKind::Syntax,
                token.span,
                format_args!("{found} does not close this: write `{meant}`"),
            );
        } else {
            self.tear(FaultKind::Syntax, token.span, format_args!("a {found} too many: remove it"));
        }
        self.lost |= best > 0;
        self.next();
        if best == many && best != other {
            self.separator(close);
            return false;
        }
        true
    }

    /// How many brackets after the next token do not match, if those of `open` are open there.
    fn mismatches(&mut self, mut open: Vec<Kind>) -> usize {
        self.walks += 1;
        if self.lost || self.walks > MOST_WALKS {
            return 1;
        }
        let (mut lexer, mut unheard) = (self.lexer.clone(), Faults::default());
        let mut mismatches = 0;
        loop {
            let token = lexer.next(&mut unheard);
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

    /// What stands between two members or items.
    fn separator(&mut self, close: Kind) {
        let token = self.peek;
        if token.kind == Kind::Comma {
            self.next();
            let told = self.lexer.dropped > token.span.end() || &self.lexer.text[token.span.range()] != ",";
            if self.peek.kind == close && !told {
                let bracket = self.found(self.peek);
                self.fault(FaultKind::Syntax, token.span, format_args!("a `,` before {bracket}: remove it"));
            }
        } else if token.is_value() && !self.lexer.text[..self.last].ends_with([',', '，', '、', ';', '；'])
        {
            let at = Span::new(self.last, self.last);
            let found = self.found(token);
            if !self.lost {
                self.fault(FaultKind::Syntax, at, format_args!("a `,` is missing before {found}"));
            }
        }
    }

    /// Passes over a value, however deep, without judging it.
    fn skip(&mut self) {
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

    /// The key as the grammar spells it, if it is known and new.
    fn known(
        &mut self,
        key: &Key<'_>,
        keys: &[&'static str],
        seen: &mut Seen,
        of: &str,
    ) -> Option<&'static str> {
        let Some(name) = keys.iter().copied().find(|name| name.eq_ignore_ascii_case(&key.text)) else {
            let text = quoted(&key.text);
            let lower = key.text.to_ascii_lowercase();
            let near = nearest(&lower, keys.iter().copied());
            if let Some(name) = keys.iter().find(|name| lower.strip_prefix("not") == Some(**name)) {
                self.tear(
                    FaultKind::Structure,
                    key.span,
                    format_args!("CAM has no {text}: write `{name}`, with what the statement is for"),
                );
            } else if let (Some(name), true) = (near.first(), key.text.len() > 3) {
                self.tear(
                    FaultKind::Structure,
                    key.span,
                    format_args!("{text} is no element of {of}: did you mean `{name}`?"),
                );
            } else if !self.lost {
                self.fault(
                    FaultKind::Structure,
                    key.span,
                    format_args!(
                        "{text} is no element of {of}, which has {}: what CAM makes of other keys is not documented; \
                         remove it",
                        List(keys)
                    ),
                );
            }
            return None;
        };
        if seen.has(name) {
            self.tear(
                FaultKind::Structure,
                key.span,
                format_args!("`{name}` stands twice: which one CAM takes is not documented; keep one"),
            );
            return None;
        }
        seen.0.push(name);
        if key.text != name {
            self.remarks.coded(
                FaultKind::Structure,
                key.span,
                format_args!(
                    "{} is lower case by CAM's grammar, though Tencent prints capitals too: write `{name}`",
                    quoted(&key.text)
                ),
                None,
            );
        }
        Some(name)
    }

    fn version(&mut self) {
        let token = self.peek;
        let fits = matches!(token.kind, Kind::Text { .. })
            && self.lexer.contents(token, &mut self.faults) == Policy::VERSION;
        if !fits {
            let found = self.found(token);
            self.fault(
                FaultKind::Version,
                token.span,
                format_args!("{found} is no version of CAM's policy language: write `\"2.0\"`"),
            );
        }
        self.skip();
    }

    fn statements(&mut self, statements: &mut Vec<Statement>) {
        let token = self.peek;
        match token.kind {
            Kind::OpenBracket => {
                let (mut empty, torn) = (true, self.torn);
                self.items(&mut |reader| {
                    empty = false;
                    if reader.peek.kind == Kind::OpenBrace {
                        reader.statement(statements);
                    } else {
                        let found = reader.found(reader.peek);
                        let span = reader.peek.span;
                        reader.tear(
                            FaultKind::Structure,
                            span,
                            format_args!("a statement is an object, found {found}: write `{{…}}`"),
                        );
                        reader.skip();
                    }
                });
                if empty && self.torn == torn {
                    self.faults.coded(
                        FaultKind::Structure,
                        token.span,
                        format_args!("the policy has no statement: add one to `[]`"),
                        Some("InvalidParameter.StatementError"),
                    );
                }
            }
            Kind::OpenBrace => {
                self.remarks.coded(
                    FaultKind::Structure,
                    token.span,
                    format_args!(
                        "`statement` is an array by CAM's grammar, though Tencent prints one like this: write `[{{…}}]`"
                    ),
                    None,
                );
                self.statement(statements);
            }
            _ => {
                let found = self.found(token);
                self.faults.coded(
                    FaultKind::Structure,
                    token.span,
                    format_args!("`statement` is an array, found {found}: write `[{{…}}]`"),
                    Some("InvalidParameter.StatementError"),
                );
                self.skip();
            }
        }
    }

    fn statement(&mut self, statements: &mut Vec<Statement>) {
        let (start, torn) = (self.peek.span, self.torn);
        let mut parts = Parts::default();
        let mut places = StatementPlaces::default();
        let mut seen = Seen::default();
        self.members(
            &mut |reader, key| match reader.known(&key, &STATEMENT_KEYS, &mut seen, "a statement") {
                Some("effect") => {
                    places.effect = Some(reader.peek.span);
                    parts.effect = reader.effect();
                }
                Some("action") => reader.patterns(FaultKind::Action, &mut parts.actions, &mut places.actions),
                Some("resource") => {
                    reader.patterns(FaultKind::Resource, &mut parts.resources, &mut places.resources);
                }
                Some("condition") => reader.conditions(&mut parts.conditions, &mut places.conditions),
                Some("principal") => (parts.principal, places.principal) = reader.principal(),
                _ => reader.skip(),
            },
        );
        parts.seen = seen;
        places.torn = self.torn != torn;
        for (key, kind, add) in [
            ("effect", FaultKind::Effect, "`\"effect\": \"allow\"` or `\"deny\"`"),
            ("action", FaultKind::Action, "`\"action\": [\"service:Name\"]`"),
        ] {
            if !parts.seen.has(key) && !places.torn {
                self.fault(kind, start, format_args!("the statement has no `{key}`: add {add}"));
            }
        }
        places.whole = Some(Span::new(start.start(), self.last));
        // Whether a resource must be there depends on principals, which may follow: see `check_kind`.
        let statement = Statement::new(parts.effect.unwrap_or(Effect::Deny), parts.actions, parts.resources);
        let statement = parts.conditions.into_iter().fold(statement, Statement::with_condition);
        statements.push(match parts.principal {
            Some(principal) => statement.for_principal(principal),
            None => statement,
        });
        // A resource that could not be read is there all the same.
        if parts.seen.has("resource") && places.resources.is_empty() {
            places.resources.push(start);
        }
        self.places.statements.push(places);
    }

    fn effect(&mut self) -> Option<Effect> {
        let token = self.peek;
        let text = match token.kind {
            Kind::Text { .. } => self.lexer.contents(token, &mut self.faults),
            Kind::Word => Cow::Borrowed(&self.lexer.text[token.span.range()]),
            _ => Cow::Borrowed(""),
        };
        self.skip();
        let effect =
            [Effect::Allow, Effect::Deny].into_iter().find(|one| one.as_str().eq_ignore_ascii_case(&text));
        match effect {
            Some(effect) if token.kind == Kind::Word => self.fault(
                FaultKind::Effect,
                token.span,
                format_args!("{} has no quotation marks: write `\"{effect}\"`", quoted(&text)),
            ),
            Some(effect) if text == effect.as_str() => {}
            Some(effect) => self.remarks.coded(
                FaultKind::Effect,
                token.span,
                format_args!(
                    "{} is lower case by CAM's grammar, though Tencent prints capitals too: write `{effect}`",
                    quoted(&text)
                ),
                None,
            ),
            None => {
                let found = self.found(token);
                self.fault(
                    FaultKind::Effect,
                    token.span,
                    format_args!("{found} is no effect: write `\"allow\"` or `\"deny\"`"),
                );
            }
        }
        effect
    }

    /// A string, or an array of strings; each is given to `take`.
    fn strings(&mut self, kind: FaultKind, take: &mut dyn FnMut(&mut Self, Cow<'a, str>, Token)) {
        let one = |reader: &mut Self, take: &mut dyn FnMut(&mut Self, Cow<'a, str>, Token)| {
            let token = reader.peek;
            match token.kind {
                Kind::Text { .. } => {
                    let text = reader.lexer.contents(token, &mut reader.faults);
                    reader.next();
                    take(reader, text, token);
                }
                Kind::Word
                    if !matches!(&reader.lexer.text[token.span.range()], "null" | "true" | "false") =>
                {
                    let word = &reader.lexer.text[token.span.range()];
                    reader.fault(
                        kind,
                        token.span,
                        format_args!(
                            "`{word}` has no quotation marks: write `\"{word}\"`",
                            word = Shortened(word)
                        ),
                    );
                    reader.next();
                }
                _ => {
                    let found = reader.found(token);
                    reader.fault(kind, token.span, format_args!("a string is needed in place of {found}"));
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
                self.fault(
                    kind,
                    token.span,
                    format_args!("an empty array names nothing: put a string into it"),
                );
            }
        } else {
            one(self, take);
        }
    }

    fn patterns<P>(&mut self, kind: FaultKind, patterns: &mut Vec<P>, places: &mut Vec<Span>)
    where
        P: for<'t> TryFrom<&'t str, Error = PatternError>,
    {
        self.strings(kind, &mut |reader, text, token| {
            match P::try_from(&text) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => {
                    let (at, raw) = (error.range(), matches!(text, Cow::Borrowed(_)));
                    let span = if raw {
                        Span::new(token.span.start() + at.start, token.span.start() + at.end)
                    } else {
                        token.span
                    };
                    reader.faults.coded(kind, span, format_args!("{error}"), error.cam_code());
                }
            }
            places.push(token.span);
        });
    }

    /// The principal, and where it stands.
    fn principal(&mut self) -> (Option<Principal>, Option<Span>) {
        let token = self.peek;
        let principal = self.principal_here(token);
        let object = token.kind == Kind::OpenBrace;
        let span = if object { Span::new(token.span.start(), self.last) } else { token.span };
        (principal, Some(span))
    }

    fn principal_here(&mut self, token: Token) -> Option<Principal> {
        let example = "write `\"*\"` or `{\"qcs\": [\"qcs::cam::uin/12345678:uin/23456789\"]}`";
        match token.kind {
            Kind::Text { .. } if self.lexer.contents(token, &mut self.faults) == "*" => {
                self.next();
                Some(Principal::Every)
            }
            Kind::OpenBrace => {
                let mut named = Vec::new();
                let mut empty = true;
                let mut seen = Seen::default();
                self.members(&mut |reader, key| {
                    empty = false;
                    match reader.known(
                        &key,
                        &PrincipalKind::ALL.map(PrincipalKind::as_str),
                        &mut seen,
                        "a principal",
                    ) {
                        Some(word) => {
                            let kind = PrincipalKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                            let mut names: Vec<Box<str>> = Vec::new();
                            reader.strings(FaultKind::Principal, &mut |_, text, _| names.push(text.into()));
                            named.extend(kind.map(|kind| (kind, names)));
                        }
                        None => reader.skip(),
                    }
                });
                if empty {
                    self.fault(
                        FaultKind::Principal,
                        token.span,
                        format_args!("the principal names nobody: {example}"),
                    );
                }
                Some(Principal::Named(named))
            }
            _ => {
                let found = self.found(token);
                self.fault(
                    FaultKind::Principal,
                    token.span,
                    format_args!("{found} is no principal: {example}"),
                );
                self.skip();
                None
            }
        }
    }

    fn conditions(&mut self, conditions: &mut Vec<Condition>, places: &mut Vec<ConditionPlaces>) {
        let token = self.peek;
        let example = "write `{\"ip_equal\": {\"qcs:ip\": [\"10.0.0.0/8\"]}}`";
        if token.kind != Kind::OpenBrace {
            let found = self.found(token);
            self.fault(
                FaultKind::Condition,
                token.span,
                format_args!("a condition is an object, found {found}: {example}"),
            );
            self.skip();
            return;
        }
        let mut operators = BTreeSet::new();
        self.members(&mut |reader, word| {
            let operator = word.text.parse::<ConditionOperator>();
            if let (Err(error), Kind::OpenBrace) = (&operator, reader.peek.kind) {
                reader.faults.coded(
                    FaultKind::Condition,
                    word.span,
                    format_args!("{error}"),
                    Some("InvalidParameter.ConditionTypeError"),
                );
            }
            if !operators.insert(word.text.clone()) {
                reader.twice(&word);
            }
            let token = reader.peek;
            if token.kind != Kind::OpenBrace {
                let found = reader.found(token);
                let (text, at, what) = match operator {
                    Ok(_) => (quoted(&word.text), token.span, "compares keys with values"),
                    Err(_) => (quoted(&word.text), word.span, "is no condition operator"),
                };
                reader.fault(
                    FaultKind::Condition,
                    at,
                    format_args!("{text} {what}, found {found}: {example}"),
                );
                reader.skip();
                return;
            }
            let (mut keys, torn) = (BTreeSet::new(), reader.torn);
            reader.members(&mut |reader, key| {
                if !keys.insert(key.text.clone()) {
                    reader.twice(&key);
                }
                let mut at = ConditionPlaces { operator: word.span, key: key.span, values: Vec::new() };
                let values = reader.condition_values(&key, &mut at.values);
                if let Ok(operator) = operator {
                    reader.judge_values(operator, &values, &at.values);
                    conditions.push(Condition::unchecked(operator, &key.text, values));
                    places.push(at);
                }
            });
            if keys.is_empty() && reader.torn == torn {
                reader.fault(
                    FaultKind::Condition,
                    word.span,
                    format_args!("{} compares no key: {example}", quoted(&word.text)),
                );
            }
        });
    }

    fn twice(&mut self, key: &Key<'_>) {
        let text = quoted(&key.text);
        self.fault(
            FaultKind::Structure,
            key.span,
            format_args!("{text} stands twice: which one CAM takes is not documented; keep one"),
        );
    }

    /// Values that the operator cannot compare. CAM may refuse them; published policies have them.
    fn judge_values(&mut self, operator: ConditionOperator, values: &[ConditionValue], places: &[Span]) {
        let kind = operator.comparison.kind();
        for (value, place) in values.iter().zip(places) {
            if !kind.reads(value.as_str()) {
                let (what, example) = kind.example();
                self.remarks.coded(
                    FaultKind::Condition,
                    *place,
                    format_args!(
                        "{} is not {what}: it is assumed that it satisfies nothing, in a deny too; write one like \
                         `{example}`",
                        quoted(value.as_str())
                    ),
                    Some("InvalidParameter.ConditionContentError"),
                );
            }
        }
    }

    fn condition_values(&mut self, key: &Key<'_>, places: &mut Vec<Span>) -> Vec<ConditionValue> {
        if key.text.trim() != key.text || key.text.contains(": ") {
            self.remarks.coded(
                FaultKind::Condition,
                key.span,
                format_args!(
                    "the key {} has a blank in it, and so is another than `{}`",
                    quoted(&key.text),
                    key.text.replace(char::is_whitespace, "").escape_debug()
                ),
                None,
            );
        }
        let mut values = Vec::new();
        let mut one = |reader: &mut Self| {
            let token = reader.peek;
            let raw = &reader.lexer.text[token.span.range()];
            match token.kind {
                Kind::Text { .. } => {
                    let text = reader.lexer.contents(token, &mut reader.faults);
                    if let Err(at) = check_variables(&text) {
                        let variable = quoted(&text[at]);
                        reader.fault(
                            FaultKind::Condition,
                            token.span,
                            format_args!(
                                "{variable} is no policy variable: CAM has `${{uin}}`, `${{owner_uin}}` and `${{app_id}}`"
                            ),
                        );
                    }
                    values.push(ConditionValue::Text(text.into()));
                }
                Kind::Number => values.push(ConditionValue::Number(raw.into())),
                _ => {
                    let found = reader.found(token);
                    let hint = if matches!(raw, "true" | "false") {
                        "it in quotation marks"
                    } else {
                        "a string or a number"
                    };
                    reader.faults.coded(
                        FaultKind::Condition,
                        token.span,
                        format_args!("{found} is no value of a condition: write {hint}"),
                        Some("InvalidParameter.ConditionContentError"),
                    );
                }
            }
            places.push(token.span);
            reader.skip();
        };
        let token = self.peek;
        if token.kind == Kind::OpenBracket {
            let (mut empty, torn) = (true, self.torn);
            self.items(&mut |reader| {
                empty = false;
                one(reader);
            });
            if empty && self.torn == torn {
                let text = quoted(&key.text);
                self.fault(
                    FaultKind::Condition,
                    token.span,
                    format_args!("{text} is compared with no value, which is never true: add one"),
                );
            }
        } else {
            one(self);
        }
        values
    }

    /// What each kind needs and forbids.
    fn check_kind(&mut self, policy: &Policy, told: Option<PolicyKind>) {
        let top = self.places.principal.is_some();
        if let (Some(PolicyKind::Identity | PolicyKind::Session), Some(span)) = (told, self.places.principal)
        {
            self.forbidden(span, "principal", told);
        }
        for at in 0..self.places.statements.len().min(policy.statements().len()) {
            let places = &self.places.statements[at];
            let (principal, whole) = (places.principal, places.whole.unwrap_or(Span::new(0, 0)));
            let places_torn = places.torn;
            let resource = places.resources.first().copied();
            let has_principal = principal.is_some() || top;
            match told {
                Some(PolicyKind::Identity | PolicyKind::Session) => {
                    if let Some(span) = principal {
                        self.forbidden(span, "principal", told);
                    }
                }
                Some(PolicyKind::Trust) => {
                    if let Some(span) = resource {
                        self.forbidden(span, "resource", told);
                    }
                }
                Some(PolicyKind::Bucket) | None => {}
            }
            let span = Span::new(whole.start(), whole.start() + 1);
            if places_torn {
                continue;
            }
            if !has_principal && matches!(told, Some(PolicyKind::Trust | PolicyKind::Bucket)) {
                self.fault(
                    FaultKind::Principal,
                    span,
                    format_args!("the statement has no `principal`: say for whom it is"),
                );
            }
            let free = match told {
                Some(kind) => kind == PolicyKind::Trust,
                None => has_principal,
            };
            if resource.is_none() && !free {
                self.fault(
                    FaultKind::Resource,
                    span,
                    format_args!(
                        "the statement has no `resource`: add `\"resource\": [\"*\"]`, or what it is for"
                    ),
                );
            }
        }
    }

    fn forbidden(&mut self, span: Span, element: &str, kind: Option<PolicyKind>) {
        let fault = if element == "principal" { FaultKind::Principal } else { FaultKind::Resource };
        let kind = kind.unwrap_or(PolicyKind::Identity);
        let article = if kind == PolicyKind::Identity { "an" } else { "a" };
        self.fault(fault, span, format_args!("{article} {kind} has no `{element}`: remove it"));
    }
}

/// Names, as a sentence lists them.
struct List<'n>(&'n [&'static str]);

impl core::fmt::Display for List<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
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
