//! Checks the actions of a statement, as far as a catalog knows them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::Known;
use crate::catalog::{Action, Granularity, Pattern, Service};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Element};
use crate::policy::{ActionPattern, Effect};
use crate::text::{glob, nearest, quoted};

/// What an action pattern can match.
pub(super) enum Matched<'c> {
    /// Nothing.
    Nothing,
    /// These actions and no others.
    Only(Found<'c>),
    /// Nothing, and is most likely meant as these actions.
    Misspelt(Found<'c>),
    /// Actions that the catalog does not know.
    Unknown,
}

/// What the actions that a pattern matches take.
pub(super) struct Found<'c> {
    /// The action, if the pattern matches no other.
    pub(super) only: Option<Action<'c>>,
    /// The patterns of the actions whose resources are known, each once.
    pub(super) patterns: Cow<'c, [&'c Pattern<'c>]>,
    /// Whether an action may take a resource that the catalog does not know.
    pub(super) takes_unknown: bool,
    /// Whether every action is operation-level.
    pub(super) is_operation_level: bool,
    /// The first pattern of an action that is not operation-level.
    pub(super) example: Option<&'c Pattern<'c>>,
}

impl<'c> Found<'c> {
    /// Returns `None` if there is no action.
    fn of(mut all: impl Iterator<Item = Action<'c>>) -> Option<Self> {
        let first = all.next()?;
        let mut found = Self {
            only: Some(first),
            patterns: Cow::Borrowed(&[]),
            takes_unknown: false,
            is_operation_level: true,
            example: None,
        };
        found.add(first);
        for action in all {
            found.only = None;
            found.add(action);
        }
        Some(found)
    }

    fn add(&mut self, action: Action<'c>) {
        if action.granularity() == Granularity::Operation {
            return;
        }
        self.is_operation_level = false;
        self.example = self.example.or_else(|| action.patterns().first().copied());
        if !action.knows_patterns() {
            self.takes_unknown = true;
        } else if self.patterns.is_empty() {
            self.patterns = Cow::Borrowed(action.patterns());
        } else {
            for pattern in action.patterns() {
                if !self.patterns.iter().any(|known| core::ptr::eq(*known, *pattern)) {
                    self.patterns.to_mut().push(pattern);
                }
            }
        }
    }
}

/// Says in words that a statement of this effect matches nothing.
pub(super) const fn in_vain(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "this allow grants nothing",
        Effect::Deny => "this deny denies nothing",
    }
}

/// Looks up the actions that a pattern matches, and reports a pattern that matches nothing.
pub(super) fn check<'c>(
    pattern: &ActionPattern,
    element: Element,
    effect: Effect,
    known: Known<'_, 'c>,
    found: &mut Diagnostics,
) -> Matched<'c> {
    let text = pattern.as_str();
    if pattern.is_operation_set() {
        found
            .add_to(
                Code::OperationSet,
                element,
                format_args!("`{text}` is an operation set, which is obsolete; which actions it holds is not documented"),
            )
            .with_help("name the actions")
            .with_cam_code(None);
        return Matched::Unknown;
    }
    let Some(operation) = pattern.operation() else { return Matched::Unknown };
    let has_sign = operation.bytes().any(|byte| matches!(byte, b'?' | b'*'));
    if has_sign && operation.contains('?') {
        found
            .add_to(
                Code::QuestionMark,
                element,
                format_args!(
                    "`?` is no wildcard, so {} matches no action: {} by it",
                    quoted(text),
                    in_vain(effect)
                ),
            )
            .with_help(
                "write the names of the actions; `*` is the only wildcard, for any number of characters",
            )
            .with_no_effect();
        return Matched::Nothing;
    }
    let Some(name) = pattern.service() else { return Matched::Unknown };
    let catalog = known.catalog;
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = name.to_ascii_lowercase();
        let meant = in_case(catalog.service(&lower), operation).unwrap_or_else(|| {
            let mut meant = lower.clone();
            meant.extend([":", operation]);
            meant
        });
        case(found, element, effect, text, &meant, "the abbreviation of a service is lower case")
            .with_no_effect();
        return misspelt(catalog.service(&lower), &meant);
    }
    let Some(service) = catalog.service(name) else { return Matched::Unknown };
    let complete = service.complete == Some(true);
    let wildcard = has_sign;
    let matched = match wildcard {
        true if complete => Found::of(service.matching(operation)),
        // The service has more actions, which the catalog does not know.
        true if service.has_match(operation) => return Matched::Unknown,
        true => None,
        false => Found::of(service.action(operation).into_iter()),
    };
    if let Some(matched) = matched {
        return Matched::Only(matched);
    }
    // It is an action, of which the catalog knows nothing.
    if (known.is_named)(pattern) {
        return Matched::Unknown;
    }
    if let Some(meant) = in_case(Some(service), operation) {
        let why = if name == "cos" {
            "COS compares the names of actions exactly"
        } else {
            "it is assumed that CAM compares names exactly"
        };
        let diagnostic = case(found, element, effect, text, &meant, why);
        if complete {
            diagnostic.with_no_effect();
            return misspelt(Some(service), &meant);
        }
    } else if complete {
        unknown(found, element, effect, text, service, wildcard);
    }
    if complete { Matched::Nothing } else { Matched::Unknown }
}

/// Returns what a pattern does that is meant as another one.
fn misspelt<'c>(service: Option<&'c Service<'c>>, meant: &str) -> Matched<'c> {
    let operation = meant.split_once(':').map_or(meant, |(_, operation)| operation);
    let found = service.and_then(|service| {
        if operation.contains('*') {
            // Other actions may match, too.
            let complete = service.complete == Some(true);
            Found::of(service.matching(operation).filter(|_| complete))
        } else {
            Found::of(service.action(operation).into_iter())
        }
    });
    found.map_or(Matched::Nothing, Matched::Misspelt)
}

fn case<'d>(
    found: &'d mut Diagnostics,
    element: Element,
    effect: Effect,
    text: &str,
    meant: &str,
    why: &str,
) -> &'d mut Diagnostic {
    found
        .add_to(
            Code::Case,
            element,
            format_args!(
                "`{text}` differs from `{meant}` in upper and lower case; {why}, and then {} by it",
                in_vain(effect)
            ),
        )
        .with_help(format_args!("write `{meant}`"))
        // A deny that begins to match takes access away; an allow would grant more.
        .with_replacement(meant, effect == Effect::Deny)
}

fn unknown(
    found: &mut Diagnostics,
    element: Element,
    effect: Effect,
    text: &str,
    service: &Service<'_>,
    wildcard: bool,
) {
    let (code, what) = if wildcard {
        (Code::UnmatchedWildcard, "matches no action")
    } else {
        (Code::UnknownAction, "is no action")
    };
    let full = found.is_full();
    let diagnostic = found
        .add_to(
            code,
            element,
            format_args!(
                "`{text}` {what} of `{}`, whose actions the catalog lists in full: {} by it",
                service.id,
                in_vain(effect)
            ),
        )
        .with_no_effect();
    // The search for similar names takes long, and this diagnostic will not be listed.
    if full {
        return;
    }
    let operation = text.split_once(':').map_or(text, |(_, operation)| operation);
    let names = service.actions.iter().map(|action| action.name);
    // No API has a longer name, and comparing takes time in proportion to the product of the lengths.
    let near = if wildcard || operation.len() > 100 { Vec::new() } else { nearest(operation, names) };
    match near.first() {
        Some(near) => diagnostic.with_help(format_args!("did you mean `{}:{near}`?", service.id)),
        _ => diagnostic.with_help("remove it, or write the name of an action"),
    };
}

/// Returns the name of the first action of the service that matches the operation if upper and lower case are
/// ignored. For a wildcard, it returns the wildcard in upper and lower case as that action has it.
fn in_case(service: Option<&Service<'_>>, operation: &str) -> Option<String> {
    let service = service?;
    let lower = operation.to_ascii_lowercase();
    let action = service.actions.iter().find(|action| glob(&lower, &action.name.to_ascii_lowercase()))?;
    let mut meant = String::from(service.id);
    meant.push(':');
    if operation.contains('*') {
        meant.push_str(&recased(operation, action.name));
    } else {
        meant.push_str(action.name);
    }
    Some(meant)
}

/// Returns the pattern with the pieces between its `*` in upper and lower case as the name has them.
fn recased(pattern: &str, name: &str) -> String {
    let folded = name.to_ascii_lowercase();
    let mut out = String::new();
    let mut from = 0;
    for (at, piece) in pattern.split('*').enumerate() {
        if at > 0 {
            out.push('*');
        }
        let last = at > 0 && pattern.matches('*').count() == at;
        let start = if last {
            name.len().saturating_sub(piece.len())
        } else {
            from + folded[from..].find(&piece.to_ascii_lowercase()).unwrap_or(0)
        };
        match name.get(start..start + piece.len()) {
            Some(spelt) => out.push_str(spelt),
            None => out.push_str(piece),
        }
        from = (start + piece.len()).min(name.len());
    }
    out
}
