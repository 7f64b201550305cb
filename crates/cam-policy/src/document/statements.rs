//! Reads policies and their statements.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use super::element::StatementPlaces;
use super::lexer::{Kind, Token};
use super::reader::{Key, Reader, Seen};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    ActionPattern, Condition, Effect, PatternError, Policy, Principal, PrincipalKind, ResourcePattern,
    Statement,
};
use crate::text::{Span, json_contents, quoted};

/// The keys of a statement.
const STATEMENT_KEYS: [&str; 5] = ["effect", "action", "resource", "condition", "principal"];

/// The elements of a statement that have been read so far.
#[derive(Default)]
struct Parts {
    effect: Option<Effect>,
    principal: Option<Principal>,
    actions: Vec<ActionPattern>,
    resources: Vec<ResourcePattern>,
    conditions: Vec<Condition>,
    sid: Option<Box<str>>,
    seen: Seen,
}

/// Whether the reader goes on after an error as if its fix had been made.
fn is_mended(error: &Diagnostic) -> bool {
    let is_read_on = matches!(error.code(), Code::Syntax | Code::Effect | Code::Action | Code::Resource);
    is_read_on && error.change().is_some()
}

impl Reader<'_> {
    pub(super) fn policy(&mut self) -> Policy {
        let open = self.peek;
        let (mut id, mut principal, mut statements) = (None, None, Vec::new());
        let mut seen = Seen::default();
        match open.kind {
            Kind::OpenBrace => {
                let mut stray = false;
                self.members(&mut |reader, key| {
                    if STATEMENT_KEYS[..4].iter().any(|one| one.eq_ignore_ascii_case(&key.text)) {
                        if !stray {
                            reader
                                .tear(
                                    Code::Structure,
                                    key.span,
                                    format_args!("{} belongs into a statement", quoted(&key.text)),
                                )
                                .with_help("write `{\"version\": \"2.0\", \"statement\": [{…}]}`");
                        }
                        stray = true;
                        reader.skip();
                        return;
                    }
                    if key.text.eq_ignore_ascii_case("Id") {
                        (id, reader.places.id) = reader.identifier(&key, "Id", &mut seen);
                        return;
                    }
                    match reader.known(&key, &["version", "statement", "principal"], &mut seen, "a policy") {
                        Some("version") => reader.version(),
                        Some("statement") => reader.statements(&mut statements),
                        Some("principal") => {
                            let mut names = Vec::new();
                            (principal, reader.places.principal) = reader.principal(&mut names);
                            reader.places.principal_names = names;
                        }
                        _ => reader.skip(),
                    }
                });
                for (key, add) in [("version", "\"version\": \"2.0\""), ("statement", "\"statement\": [{…}]")]
                {
                    if !seen.has(key) && self.torn == 0 {
                        let (kind, cam_code) = match key {
                            "version" => (Code::Version, "InvalidParameter.VersionError"),
                            _ => (Code::Structure, "InvalidParameter.StatementError"),
                        };
                        self.error(kind, open.span, format_args!("the policy has no `{key}`"))
                            .with_help(format_args!("add `{add}`"))
                            .with_cam_code(Some(cam_code));
                    }
                }
                if self.peek.kind != Kind::End && !self.lost {
                    let (span, found) = (self.peek.span, self.found(self.peek));
                    self.error(Code::Syntax, span, format_args!("the policy has ended before {found}"))
                        .with_help("remove what follows");
                }
            }
            Kind::End => {
                self.error(Code::Syntax, open.span, "there is no policy in the text");
            }
            _ => {
                let found = self.found(open);
                self.error(Code::Structure, open.span, format_args!("a policy is an object, found {found}"))
                    .with_help("write `{\"version\": \"2.0\", …}`");
            }
        }
        self.places.policy = Some(Span::new(open.span.start(), self.last));
        let policy = Policy::unchecked(principal, statements);
        match id {
            Some(id) => policy.with_id(&id),
            None => policy,
        }
    }

    /// Reads the value of `Sid` or `Id`, and its place. `check_kind` decides whether the key is allowed, because this
    /// depends on the kind of the policy.
    fn identifier(
        &mut self,
        key: &Key<'_>,
        name: &'static str,
        seen: &mut Seen,
    ) -> (Option<Box<str>>, Option<Span>) {
        let token = self.peek;
        if seen.has(name) {
            self.twice(name, key.span);
            self.skip();
            return (None, None);
        }
        seen.add(name);
        self.identifiers.push((name, key.span));
        let text = match token.kind {
            Kind::Text { .. } => Some(self.lexer.contents(token, &mut self.errors).into()),
            _ => {
                let found = self.found(token);
                self.error(Code::Identifier, token.span, format_args!("`{name}` is a string, found {found}"));
                None
            }
        };
        self.skip();
        (text, Some(token.span))
    }

    fn version(&mut self) {
        let token = self.peek;
        let text = match token.kind {
            Kind::Text { .. } => self.lexer.contents(token, &mut self.errors),
            _ => Cow::Borrowed(""),
        };
        if text != Policy::VERSION {
            let found = self.found(token);
            let what = if text == "3.0" {
                "is a version that Tencent's console lets pass; what it means is not known here"
            } else {
                "is no version of CAM's policy language"
            };
            self.error(Code::Version, token.span, format_args!("{found} {what}"))
                .with_help("write `\"2.0\"`");
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
                        reader
                            .tear(
                                Code::Structure,
                                span,
                                format_args!("a statement is an object, found {found}"),
                            )
                            .with_help("write `{…}`");
                        reader.skip();
                    }
                });
                if empty && self.torn == torn {
                    self.errors
                        .add(Code::Structure, token.span, "the policy has no statement")
                        .with_help("add one to `[]`")
                        .with_cam_code(Some("InvalidParameter.StatementError"));
                }
            }
            Kind::OpenBrace => {
                self.warnings
                    .add(
                        Code::Structure,
                        token.span,
                        "`statement` is an array by CAM's grammar, though Tencent prints one like this",
                    )
                    .with_help("write `[{…}]`");
                self.statement(statements);
            }
            _ => {
                let found = self.found(token);
                self.errors
                    .add(Code::Structure, token.span, format_args!("`statement` is an array, found {found}"))
                    .with_help("write `[{…}]`")
                    .with_cam_code(Some("InvalidParameter.StatementError"));
                self.skip();
            }
        }
    }

    fn statement(&mut self, statements: &mut Vec<Statement>) {
        let (start, torn) = (self.peek.span, self.torn);
        let (errors, foreign) = (self.errors.count(), self.foreign);
        let mut parts = Parts::default();
        let mut places = StatementPlaces::default();
        let mut seen = Seen::default();
        self.members(&mut |reader, key| {
            if key.text.eq_ignore_ascii_case("Sid") {
                (parts.sid, places.sid) = reader.identifier(&key, "Sid", &mut seen);
                return;
            }
            match reader.known(&key, &STATEMENT_KEYS, &mut seen, "a statement") {
                Some("effect") => {
                    places.effect = Some(reader.peek.span);
                    parts.effect = reader.effect();
                }
                Some("action") => {
                    let read = |text: &str| ActionPattern::try_from(text);
                    places.actions = reader.patterns(Code::Action, read, &mut parts.actions);
                }
                Some("resource") => {
                    let read = ResourcePattern::as_published;
                    places.resources = reader.patterns(Code::Resource, read, &mut parts.resources);
                }
                Some("condition") => reader.conditions(&mut parts.conditions, &mut places.conditions),
                Some("principal") => {
                    (parts.principal, places.principal) = reader.principal(&mut places.principal_names);
                }
                _ => reader.skip(),
            }
        });
        parts.seen = seen;
        places.torn = self.torn != torn;
        for (key, kind, add) in [
            ("effect", Code::Effect, "`\"effect\": \"allow\"` or `\"deny\"`"),
            ("action", Code::Action, "`\"action\": [\"service:Name\"]`"),
        ] {
            if !parts.seen.has(key) && !places.torn {
                self.error(kind, start, format_args!("the statement has no `{key}`"))
                    .with_help(format_args!("add {add}"));
            }
        }
        places.whole = Some(Span::new(start.start(), self.last));
        let mended = self.errors.listed_since(errors).iter().filter(|error| is_mended(error)).count();
        let unmended = self.errors.count() - errors - mended - (self.foreign - foreign);
        places.sound = !places.torn && !self.lost && unmended == 0;
        // `check_kind` decides whether a resource must be there: this depends on principals, which may come later.
        let statement = Statement::new(parts.effect.unwrap_or(Effect::Deny), parts.actions, parts.resources);
        let statement = statement.with_conditions(parts.conditions);
        let statement = match parts.sid {
            Some(sid) => statement.with_sid(&sid),
            None => statement,
        };
        statements.push(match parts.principal {
            Some(principal) => statement.for_principal(principal),
            None => statement,
        });
        // A resource that could not be read still counts as present.
        if parts.seen.has("resource") && places.resources.is_empty() {
            let named = &mut self.places.named;
            named.push(start);
            places.resources = named.len() - 1..named.len();
        }
        self.places.statements.push(places);
    }

    fn effect(&mut self) -> Option<Effect> {
        let token = self.peek;
        let text = match token.kind {
            Kind::Text { .. } => self.lexer.contents(token, &mut self.errors),
            Kind::Word => Cow::Borrowed(&self.lexer.text[token.span.range()]),
            _ => Cow::Borrowed(""),
        };
        self.skip();
        let effect =
            [Effect::Allow, Effect::Deny].into_iter().find(|one| one.as_str().eq_ignore_ascii_case(&text));
        match effect {
            Some(effect) if token.kind == Kind::Word => {
                let message = format!("{} has no quotation marks", quoted(&text));
                self.error(Code::Effect, token.span, message)
                    .with_help(format_args!("write `\"{effect}\"`"))
                    .with_fix(token.span, format_args!("\"{effect}\""));
            }
            Some(effect) if text == effect.as_str() => {}
            Some(effect) => self.capitals(Code::Effect, token.span, &text, effect.as_str()),
            None => {
                let found = self.found(token);
                self.error(Code::Effect, token.span, format_args!("{found} is no effect"))
                    .with_help("write `\"allow\"` or `\"deny\"`");
            }
        }
        effect
    }

    /// Reads actions or resources; returns which of the named places are theirs.
    fn patterns<P>(
        &mut self,
        kind: Code,
        read: impl Fn(&str) -> Result<P, PatternError>,
        patterns: &mut Vec<P>,
    ) -> Range<usize> {
        let start = self.places.named.len();
        self.strings(kind, &mut |reader, text, token| {
            match read(&text) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => {
                    let (at, raw) = (error.range(), matches!(text, Cow::Borrowed(_)));
                    let span = if raw {
                        Span::new(token.span.start() + at.start, token.span.start() + at.end)
                    } else {
                        token.span
                    };
                    let diagnostic = reader.errors.add(kind, span, format_args!("{error}"));
                    diagnostic.with_cam_code(error.cam_code());
                    if let Some(meant) = error.meant() {
                        diagnostic.with_fix(token.span, json_contents(meant));
                        patterns.extend(read(meant));
                    }
                }
            }
            reader.places.named.push(token.span);
        });
        start..self.places.named.len()
    }

    /// Reads the principal, and its place; the places of its names go into `places`.
    fn principal(&mut self, places: &mut Vec<Span>) -> (Option<Principal>, Option<Span>) {
        let token = self.peek;
        let principal = self.principal_here(token, places);
        let object = token.kind == Kind::OpenBrace;
        let span = if object { Span::new(token.span.start(), self.last) } else { token.span };
        (principal, Some(span))
    }

    fn principal_here(&mut self, token: Token, places: &mut Vec<Span>) -> Option<Principal> {
        let example = "write `\"*\"` or `{\"qcs\": [\"qcs::cam::uin/12345678:uin/23456789\"]}`";
        match token.kind {
            Kind::Text { .. } if self.lexer.contents(token, &mut self.errors) == "*" => {
                self.next();
                Some(Principal::All)
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
                            reader.strings(Code::Principal, &mut |_, text, token| {
                                names.push(text.into());
                                places.push(token.span);
                            });
                            named.extend(kind.map(|kind| (kind, names)));
                        }
                        None => reader.skip(),
                    }
                });
                if empty {
                    self.error(Code::Principal, token.span, "the principal names nobody")
                        .with_help(format_args!("{example}"));
                }
                Some(Principal::Named(named))
            }
            _ => {
                let found = self.found(token);
                self.error(Code::Principal, token.span, format_args!("{found} is no principal"))
                    .with_help(format_args!("{example}"));
                self.skip();
                None
            }
        }
    }
}
