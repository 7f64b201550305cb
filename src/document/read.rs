//! From tokens to the policy, going on after every mistake.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::lexer::{Kind, Lexer, Token};
use super::{Document, DocumentError, Element, FaultKind, Faults, LONGEST, Span, shown};
use crate::policy::{
    ActionPattern, Condition, ConditionOperator, ConditionValue, Effect, PatternError, Policy, PolicyKind,
    Principal, PrincipalKind, ResourcePattern, Statement, check_variables,
};
use crate::services::shared::nearest;

/// Where the elements of a policy stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    policy: Option<Span>,
    principal: Option<Span>,
    statements: Vec<StatementPlaces>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct StatementPlaces {
    whole: Option<Span>,
    effect: Option<Span>,
    principal: Option<Span>,
    actions: Vec<Span>,
    resources: Vec<Span>,
    conditions: Vec<ConditionPlaces>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ConditionPlaces {
    operator: Span,
    key: Span,
    values: Vec<Span>,
}

impl Places {
    pub(super) fn span(&self, element: Element) -> Option<Span> {
        let statement = |at: usize| self.statements.get(at);
        let condition = |at: usize, of: usize| statement(at)?.conditions.get(of);
        match element {
            Element::Policy => self.policy,
            Element::Principal => self.principal,
            Element::Statement(at) => statement(at)?.whole,
            Element::Effect(at) => statement(at)?.effect,
            Element::StatementPrincipal(at) => statement(at)?.principal,
            Element::Action(at, of) => statement(at)?.actions.get(of).copied(),
            Element::Resource(at, of) => statement(at)?.resources.get(of).copied(),
            Element::Operator(at, of) => condition(at, of).map(|places| places.operator),
            Element::Key(at, of) => condition(at, of).map(|places| places.key),
            Element::Value(at, of, value) => condition(at, of)?.values.get(value).copied(),
        }
    }
}

pub(super) fn read(text: &str, told: Option<PolicyKind>) -> Result<Document, DocumentError> {
    let mut faults = Faults::default();
    if text.len() > LONGEST {
        faults.add(
            FaultKind::Limit,
            Span::new(0, 0),
            format_args!("the text has {} bytes, more than the {LONGEST} that are read", text.len()),
        );
        return Err(DocumentError { faults: faults.finish("") });
    }
    let mut reader = Reader::new(text);
    let policy = reader.policy();
    reader.check_kind(&policy, told);
    let Reader { faults, remarks, places, .. } = reader;
    if !faults.found.is_empty() {
        return Err(DocumentError { faults: faults.finish(text) });
    }
    let kind = told.unwrap_or_else(|| policy.kind());
    Ok(Document { text: text.into(), policy, kind, places, remarks: remarks.finish(text) })
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    peek: Token,
    /// The end of the token before.
    last: usize,
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
        Self { lexer, peek, last: 0, faults, remarks: Faults::default(), places: Places::default() }
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

    /// A text as the message about it shows it.
    fn found(&self, token: Token) -> alloc::string::String {
        match token.kind {
            Kind::End => "the end of the text".into(),
            Kind::Text { .. } => shown(&self.lexer.text[token.span.range()]),
            _ => alloc::format!("`{}`", crate::policy::Shortened(&self.lexer.text[token.span.range()])),
        }
    }

    fn policy(&mut self) -> Policy {
        let open = self.peek;
        let (mut principal, mut statements) = (None, Vec::new());
        let mut seen = Seen::default();
        match open.kind {
            Kind::OpenBrace => {
                self.members(&mut |reader, key| match reader.known(
                    &key,
                    &["version", "statement", "principal"],
                    &mut seen,
                    "a policy",
                ) {
                    Some("version") => reader.version(),
                    Some("statement") => reader.statements(&mut statements),
                    Some("principal") => {
                        reader.places.principal = Some(reader.peek.span);
                        principal = reader.principal();
                    }
                    _ => reader.skip(),
                });
                for (key, add) in [("version", "\"version\": \"2.0\""), ("statement", "\"statement\": [{…}]")]
                {
                    if !seen.has(key) {
                        let kind = if key == "version" { FaultKind::Version } else { FaultKind::Structure };
                        self.fault(kind, open.span, format_args!("the policy has no `{key}`: add `{add}`"));
                    }
                }
                if self.peek.kind != Kind::End {
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
        Policy::new(principal, statements)
    }

    /// Walks an object; `member` takes each value. Ends after its `}`, or where an enclosing array or the text ends.
    fn members(&mut self, member: &mut dyn FnMut(&mut Self, Key<'a>)) {
        self.next();
        loop {
            let token = self.peek;
            match token.kind {
                Kind::CloseBrace => {
                    self.next();
                    return;
                }
                Kind::End | Kind::CloseBracket => {
                    let found = self.found(token);
                    self.fault(
                        FaultKind::Syntax,
                        token.span,
                        format_args!("a `}}` is missing before {found}"),
                    );
                    return;
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
                    if self.peek.kind == Kind::Colon {
                        self.next();
                    } else if self.peek.is_value() {
                        self.fault(
                            FaultKind::Syntax,
                            key.span,
                            format_args!("a `:` is missing after {}", shown(&key.text)),
                        );
                    }
                    if self.peek.is_value() {
                        member(self, key);
                    } else {
                        self.fault(
                            FaultKind::Syntax,
                            key.span,
                            format_args!(
                                "{} has no value: write `: …` after it, or put it into `[]`",
                                shown(&key.text)
                            ),
                        );
                    }
                    self.separator(Kind::CloseBrace);
                }
                Kind::Colon | Kind::OpenBrace | Kind::OpenBracket | Kind::Number => {
                    let found = self.found(token);
                    self.fault(
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
        self.next();
        loop {
            let token = self.peek;
            match token.kind {
                Kind::CloseBracket => {
                    self.next();
                    return;
                }
                Kind::End | Kind::CloseBrace => {
                    let found = self.found(token);
                    self.fault(
                        FaultKind::Syntax,
                        token.span,
                        format_args!("a `]` is missing before {found}"),
                    );
                    return;
                }
                Kind::Comma | Kind::Colon => {
                    self.next();
                    // A key and its value among the items: the array was not closed.
                    let found = self.found(token);
                    self.fault(
                        FaultKind::Syntax,
                        token.span,
                        format_args!("{found} is out of place here: remove it"),
                    );
                }
                _ => {
                    item(self);
                    self.separator(Kind::CloseBracket);
                }
            }
        }
    }

    /// What stands between two members or items.
    fn separator(&mut self, close: Kind) {
        let token = self.peek;
        if token.kind == Kind::Comma {
            self.next();
            if self.peek.kind == close {
                let bracket = self.found(self.peek);
                self.fault(FaultKind::Syntax, token.span, format_args!("a `,` before {bracket}: remove it"));
            }
        } else if token.is_value() {
            let at = Span::new(self.last, self.last);
            let found = self.found(token);
            self.fault(FaultKind::Syntax, at, format_args!("a `,` is missing before {found}"));
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
            let text = shown(&key.text);
            let near = nearest(&key.text, keys.iter().copied());
            match near.first() {
                Some(name) if key.text.len() > 3 && !key.text.to_ascii_lowercase().starts_with("not") => self.fault(
                    FaultKind::Structure,
                    key.span,
                    format_args!("{text} is no element of {of}: did you mean `{name}`?"),
                ),
                _ => self.fault(
                    FaultKind::Structure,
                    key.span,
                    format_args!(
                        "{text} is no element of {of}: CAM's grammar has no such key, and what CAM makes of one is \
                         not documented; remove it"
                    ),
                ),
            }
            return None;
        };
        if seen.has(name) {
            self.fault(
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
                    "{} is lower case by CAM's grammar, though Tencent prints it like this: write `{name}`",
                    shown(&key.text)
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
                self.items(&mut |reader| {
                    if reader.peek.kind == Kind::OpenBrace {
                        reader.statement(statements);
                    } else {
                        let found = reader.found(reader.peek);
                        let span = reader.peek.span;
                        reader.fault(
                            FaultKind::Structure,
                            span,
                            format_args!("a statement is an object, found {found}"),
                        );
                        reader.skip();
                    }
                });
                if statements.is_empty() && self.places.statements.is_empty() {
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
        let start = self.peek.span;
        let mut parts = Parts::default();
        let mut places = StatementPlaces::default();
        let mut seen = Seen::default();
        self.members(&mut |reader, key| match reader.known(
            &key,
            &["effect", "action", "resource", "condition", "principal"],
            &mut seen,
            "a statement",
        ) {
            Some("effect") => {
                places.effect = Some(reader.peek.span);
                parts.effect = reader.effect();
            }
            Some("action") => reader.patterns(FaultKind::Action, &mut parts.actions, &mut places.actions),
            Some("resource") => {
                reader.patterns(FaultKind::Resource, &mut parts.resources, &mut places.resources);
            }
            Some("condition") => reader.conditions(&mut parts.conditions, &mut places.conditions),
            Some("principal") => {
                places.principal = Some(reader.peek.span);
                parts.principal = reader.principal();
            }
            _ => reader.skip(),
        });
        parts.seen = seen;
        for (key, kind, add) in [
            ("effect", FaultKind::Effect, "`\"effect\": \"allow\"` or `\"deny\"`"),
            ("action", FaultKind::Action, "`\"action\": [\"service:Name\"]`"),
        ] {
            if !parts.seen.has(key) {
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
            _ => Cow::Borrowed(""),
        };
        self.skip();
        let effect =
            [Effect::Allow, Effect::Deny].into_iter().find(|one| one.as_str().eq_ignore_ascii_case(&text));
        match effect {
            Some(effect) if text == effect.as_str() => {}
            Some(effect) => self.remarks.coded(
                FaultKind::Effect,
                token.span,
                format_args!(
                    "{} is lower case by CAM's grammar, though Tencent prints it like this: write `{effect}`",
                    shown(&text)
                ),
                None,
            ),
            None => {
                let found = self.found(token);
                self.fault(
                    FaultKind::Effect,
                    token.span,
                    format_args!("{found} is no effect: write `allow` or `deny`"),
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
                Kind::Word => {
                    let word = &reader.lexer.text[token.span.range()];
                    reader.fault(
                        kind,
                        token.span,
                        format_args!(
                            "{word} has no quotation marks: write `\"{word}\"`",
                            word = crate::policy::Shortened(word)
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
            let mut empty = true;
            self.items(&mut |reader| {
                empty = false;
                one(reader, take);
            });
            if empty {
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
                    let (at, raw) = (error.range(), token.kind == (Kind::Text { escaped: false }));
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

    fn principal(&mut self) -> Option<Principal> {
        let token = self.peek;
        let example = "write `\"*\"` or `{\"qcs\": [\"qcs::cam::uin/12345678:uin/23456789\"]}`";
        match token.kind {
            Kind::Text { .. } if self.lexer.contents(token, &mut self.faults) == "*" => {
                self.next();
                Some(Principal::Every)
            }
            Kind::OpenBrace => {
                let mut named = Vec::new();
                let mut seen = Seen::default();
                self.members(&mut |reader, key| match reader.known(
                    &key,
                    &["qcs", "service", "federated"],
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
                });
                if named.is_empty() {
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
            if let Err(error) = &operator {
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
                reader.fault(
                    FaultKind::Condition,
                    token.span,
                    format_args!("an operator compares keys with values, found {found}: {example}"),
                );
                reader.skip();
                return;
            }
            let mut keys = BTreeSet::new();
            reader.members(&mut |reader, key| {
                if !keys.insert(key.text.clone()) {
                    reader.twice(&key);
                }
                let mut at = ConditionPlaces { operator: word.span, key: key.span, values: Vec::new() };
                let values = reader.condition_values(&key, &mut at.values);
                if let Ok(operator) = operator {
                    conditions.push(Condition::unchecked(operator, &key.text, values));
                    places.push(at);
                }
            });
            if keys.is_empty() {
                reader.fault(
                    FaultKind::Condition,
                    word.span,
                    format_args!("{} compares no key: {example}", shown(&word.text)),
                );
            }
        });
    }

    fn twice(&mut self, key: &Key<'_>) {
        let text = shown(&key.text);
        self.fault(
            FaultKind::Structure,
            key.span,
            format_args!("{text} stands twice: which one CAM takes is not documented; keep one"),
        );
    }

    fn condition_values(&mut self, key: &Key<'_>, places: &mut Vec<Span>) -> Vec<ConditionValue> {
        if key.text.trim() != key.text || key.text.contains(": ") {
            self.remarks.coded(
                FaultKind::Condition,
                key.span,
                format_args!(
                    "the key {} has a blank in it, and so is another than `{}`",
                    shown(&key.text),
                    key.text.replace(char::is_whitespace, "")
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
                    if let Err((at, _)) = check_variables(&text) {
                        let variable = shown(&text[at]);
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
            let mut empty = true;
            self.items(&mut |reader| {
                empty = false;
                one(reader);
            });
            if empty {
                let text = shown(&key.text);
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
        self.fault(fault, span, format_args!("a {kind} has no `{element}`: remove it"));
    }
}
