//! Checks which actions and resources of a statement can match together.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::actions::{self, Found, Matched, in_vain};
use super::fit::{self, Fit, fit};
use super::resources::{self, Form};
use super::{Known, conditions, principals};
use crate::catalog::{Action, Pattern};
use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{ActionPattern, Effect, Statement};
use crate::text::{Shortened, find, quoted, split_segments};

/// Checks a statement; returns `true` if it does nothing because none of its actions or none of its resources can
/// match.
pub(super) fn check(statement: &Statement, at: usize, known: Known<'_, '_>, found: &mut Diagnostics) -> bool {
    let effect = statement.effect();
    if let Some(principal) = statement.principal() {
        principals::check(principal, |of| Element::StatementPrincipalName(at, of), found);
    }
    let named = statement.actions().iter().enumerate();
    let actions: Vec<Matched<'_>> =
        named.map(|(of, one)| actions::check(one, Element::Action(at, of), effect, known, found)).collect();
    let named = statement.resources().iter().enumerate();
    let resources: Vec<Named<'_>> = named
        .map(|(of, one)| {
            let segments = split_segments(one.as_str());
            let narrows = effect == Effect::Deny;
            let form = resources::check(one, segments, Element::Resource(at, of), narrows, found);
            Named { text: one.as_str(), segments, form }
        })
        .collect();
    let dead = together(statement, at, &actions, &resources, found);
    for (of, condition) in statement.conditions().iter().enumerate() {
        conditions::check(condition, at, of, effect, found);
    }
    dead
}

/// A resource that a statement names.
struct Named<'s> {
    text: &'s str,
    segments: Option<[&'s str; 6]>,
    form: Form,
}

/// The resources that the actions of a statement take.
struct Taken<'c> {
    /// The patterns of all known actions, each once.
    patterns: Vec<TakenPattern<'c>>,
    /// Whether an action may take a resource that the catalog does not know.
    unknown: bool,
}

struct TakenPattern<'c> {
    pattern: &'c Pattern<'c>,
    /// How close the resource comes to it that was compared last.
    fit: Fit,
    /// How close the closest resource comes to it; resources that have been reported do not count.
    met: Fit,
}

impl Taken<'_> {
    /// Compares one resource with each of the patterns. Returns whether it fits one.
    fn compare(&mut self, segments: [&str; 6]) -> bool {
        for one in &mut self.patterns {
            one.fit = fit(segments, one.pattern);
        }
        self.patterns.iter().any(|one| one.fit >= Fit::Slash)
    }
}

/// Compares the actions with the resources; returns `true` if the statement does nothing.
fn together(
    statement: &Statement,
    at: usize,
    actions: &[Matched<'_>],
    resources: &[Named<'_>],
    found: &mut Diagnostics,
) -> bool {
    let mut taken = taken(actions);
    let everywhere = resources.is_empty() || resources.iter().any(|one| one.text == "*");
    let mut live_resources = 0;
    let mut sound = 0;
    let any_named = actions.iter().any(|one| matches!(one, Matched::Only(_) | Matched::Misspelt(_)));
    for (of, Named { text, segments, form }) in resources.iter().enumerate() {
        let may_report = any_named && (!taken.patterns.is_empty() || everywhere) && !taken.unknown;
        if let Form::Dead(meant) = form {
            // It does nothing in any case; with the mistake mended it may still do nothing.
            if let Some(meant) = meant.as_deref().filter(|_| may_report) {
                let segments = split_segments(meant).unwrap_or_default();
                if !taken.compare(segments) {
                    unmatched(statement, Element::Resource(at, of), (meant, segments), false, &taken, found);
                }
            }
            continue;
        }
        sound += 1;
        if *text == "*" {
            live_resources += 1;
            continue;
        }
        let segments = segments.unwrap_or_default();
        let fits = taken.compare(segments);
        for one in &mut taken.patterns {
            one.met = one.met.max(one.fit);
        }
        if taken.unknown || fits {
            live_resources += 1;
        } else if may_report {
            unmatched(statement, Element::Resource(at, of), (text, segments), true, &taken, found);
        }
    }
    let mut live_actions = 0;
    for (of, action) in actions.iter().enumerate() {
        let all = match action {
            Matched::Nothing => continue,
            Matched::Unknown => {
                live_actions += 1;
                continue;
            }
            Matched::Only(all) | Matched::Misspelt(all) => all,
        };
        let is_met = |least| is_met(all, &taken, least, sound > 0);
        let element = Element::Action(at, of);
        if everywhere || is_met(Fit::Slash) {
            live_actions += usize::from(matches!(action, Matched::Only(_)));
            if !everywhere && !is_met(Fit::Yes) {
                only_with_slash(statement, element, of, found);
            }
        } else {
            idle(statement, element, of, all, live_resources == 0, found);
        }
    }
    live_actions == 0 || sound == 0 && !resources.is_empty()
}

fn taken<'c>(actions: &[Matched<'c>]) -> Taken<'c> {
    let mut taken = Taken { patterns: Vec::new(), unknown: false };
    for action in actions {
        match action {
            Matched::Nothing => {}
            Matched::Unknown => taken.unknown = true,
            Matched::Only(all) | Matched::Misspelt(all) => {
                taken.unknown |= all.takes_unknown;
                for pattern in all.patterns.iter() {
                    if !taken.patterns.iter().any(|known| core::ptr::eq(known.pattern, *pattern)) {
                        taken.patterns.push(TakenPattern { pattern, fit: Fit::No(0), met: Fit::No(0) });
                    }
                }
            }
        }
    }
    taken
}

/// Whether one of the actions may take one of the resources of the statement, one that comes at least so close to its
/// pattern.
fn is_met(all: &Found<'_>, taken: &Taken<'_>, least: Fit, any_sound: bool) -> bool {
    let met = |pattern: &Pattern<'_>| {
        taken.patterns.iter().any(|one| core::ptr::eq(one.pattern, pattern) && one.met >= least)
    };
    all.takes_unknown && any_sound || all.patterns.iter().any(|pattern| met(pattern))
}

/// Reports an action that takes the resources only if its service has identifiers with a `/`.
fn only_with_slash(statement: &Statement, element: Element, of: usize, found: &mut Diagnostics) {
    let alone = statement.actions().len() == 1;
    found
        .add_to(
            Code::Slash,
            element,
            format_args!(
                "the resources of the statement match a pattern of `{}` only where an identifier has a `/` in it; it is \
                 assumed that no identifier has one, so {}",
                statement.actions()[of].as_str(),
                in_vain_for(statement.effect(), alone, false)
            ),
        )
        .with_help("move it to a statement whose resources have as many parts as its pattern");
}

/// Reports an action that takes none of the resources. If every resource has been reported already, it reports only
/// operation-level actions: these do nothing even with correct resources.
fn idle(
    statement: &Statement,
    element: Element,
    of: usize,
    all: &Found<'_>,
    reported: bool,
    found: &mut Diagnostics,
) {
    let (text, effect) = (statement.actions()[of].as_str(), statement.effect());
    let alone = statement.actions().len() == 1;
    if all.is_operation_level {
        let (what, it) = match all.only {
            Some(_) => ("is operation-level", "it"),
            None => ("matches operation-level actions only", "them"),
        };
        let diagnostic = found
            .add_to(
                Code::OperationLevel,
                element,
                [
                    "`",
                    text,
                    "` ",
                    what,
                    ": CAM receives `*` for ",
                    it,
                    ", which no named resource matches, so ",
                    in_vain_for(effect, alone, all.only.is_none()),
                ]
                .concat(),
            )
            .with_no_effect();
        let help = match effect {
            Effect::Allow => {
                "name it in a statement with `\"resource\": [\"*\"]`, which allows it on every resource"
            }
            Effect::Deny => {
                "name it in a statement with `\"resource\": [\"*\"]`, which denies it on every resource"
            }
        };
        match all.only.and_then(Action::alternative) {
            None => diagnostic.with_help(help),
            Some(other) => diagnostic
                .with_help(format_args!("{help}; or use `{other}`, which its documentation recommends")),
        };
    } else if !reported {
        let form = all.example.map_or("", |pattern| pattern.single);
        let takes = in_vain_for(effect, alone, false);
        found
            .add_to(
                Code::UnmatchedResource,
                element,
                ["no resource of the statement is one that `", text, "` takes, so ", takes].concat(),
            )
            .with_help(with_example("name one like `", form, "`, best in a statement of its own"))
            .with_no_effect();
    }
}

/// Says what a statement does not do if one of its actions matches nothing; `alone`: it has no other action, `several`:
/// the action is a wildcard.
const fn in_vain_for(effect: Effect, alone: bool, several: bool) -> &'static str {
    match (effect, several) {
        _ if alone => in_vain(effect),
        (Effect::Allow, false) => "this allow does not grant it",
        (Effect::Allow, true) => "this allow does not grant them",
        (Effect::Deny, false) => "this deny does not deny it",
        (Effect::Deny, true) => "this deny does not deny them",
    }
}

/// Reports a resource that none of the actions takes. `as_written`: the text is that of the policy, so a fix is for it.
fn unmatched(
    statement: &Statement,
    element: Element,
    (text, named): (&str, [&str; 6]),
    as_written: bool,
    taken: &Taken<'_>,
    found: &mut Diagnostics,
) {
    let actions = Takers(statement.actions());
    let Some(closest) = taken.patterns.iter().max_by_key(|one| one.fit) else {
        found
            .add_to(
                Code::UnmatchedResource,
                element,
                format_args!("{} is of no use: no action of the statement takes a resource", quoted(text)),
            )
            .with_help("remove it")
            .with_no_effect();
        return;
    };
    let mut services: Vec<&str> = Vec::new();
    if closest.fit == Fit::No(2) {
        for service in taken.patterns.iter().filter_map(|one| fit::service(one.pattern.single)) {
            if let Err(at) = services.binary_search(&service) {
                services.insert(at, service);
            }
        }
    }
    // The service of the action itself is the better example, and its resources come first.
    let pattern = match closest.fit {
        Fit::No(2) => taken.patterns.first().unwrap_or(closest).pattern,
        _ => closest.pattern,
    };
    let example = || with_example("write one like `", pattern.single, "`");
    let wanted = || split_segments(pattern.single).unwrap_or_default();
    let mut matches_nothing = |why: fmt::Arguments<'_>| {
        found
            .add_to(
                Code::UnmatchedResource,
                element,
                format_args!("{} {why}: it matches nothing", quoted(text)),
            )
            .with_help(example())
            .with_no_effect();
    };
    match closest.fit {
        Fit::Case | Fit::Slash | Fit::Yes => {
            let diagnostic = found
                .add_to(
                    Code::Case,
                    element,
                    format_args!(
                        "{} differs from the resources that {actions} takes only in upper and lower case; it is assumed \
                         that CAM compares names exactly, and then it matches nothing",
                        quoted(text)
                    ),
                )
                .with_no_effect();
            match recased(named, wanted()) {
                Some(meant) => {
                    diagnostic.with_help(format_args!("write `{}`", Shortened(&meant)));
                    if as_written {
                        diagnostic.with_replacement(meant, statement.effect() == Effect::Deny);
                    }
                }
                None => {
                    diagnostic.with_help(example());
                }
            }
        }
        Fit::No(2) if services.len() > 1 => {
            let services: Vec<String> =
                services.iter().map(|service| alloc::format!("`{service}`")).collect();
            found
                .add_to(
                    Code::UnmatchedResource,
                    element,
                    format_args!(
                        "{} is a resource of `{}`, and the documentation of {actions} lists those of {}: it matches no \
                         documented resource",
                        quoted(text),
                        named[2],
                        services.join(" and ")
                    ),
                )
                .with_help(example())
                .with_no_effect();
        }
        Fit::No(2) => matches_nothing(format_args!(
            "is a resource of `{}`, and {actions} takes those of `{}`",
            named[2],
            wanted()[2]
        )),
        Fit::No(3) if wanted()[3].is_empty() => matches_nothing(format_args!(
            "names the region `{}`, and {actions} takes resources without a region",
            named[3]
        )),
        Fit::No(3) => matches_nothing(format_args!(
            "names the region `{}`, and {actions} takes resources of another",
            named[3]
        )),
        Fit::No(4) => matches_nothing(format_args!(
            "names the account `{}`, and {actions} takes resources of an account in another form",
            named[4]
        )),
        Fit::No(_) => matches_nothing(format_args!("is of another type than {actions} takes")),
    }
}

/// The actions of a statement, as a message about one of its resources calls them.
#[derive(Clone, Copy)]
struct Takers<'s>(&'s [ActionPattern]);

impl fmt::Display for Takers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [action] => write!(f, "`{action}`"),
            _ => f.write_str("an action of the statement"),
        }
    }
}

/// Returns the resource with service, region and type as the pattern spells them.
fn recased(named: [&str; 6], wanted: [&str; 6]) -> Option<String> {
    let mut meant: [String; 6] = named.map(String::from);
    for (at, segment) in meant.iter_mut().enumerate().filter(|(at, _)| matches!(at, 2 | 5)) {
        let literal = wanted[at].split("${").next().unwrap_or_default();
        let start = segment.get(..literal.len())?;
        if start.eq_ignore_ascii_case(literal) {
            segment.replace_range(..literal.len(), literal);
        } else if !named[at].is_empty() {
            return None;
        }
    }
    (meant != named).then(|| meant.join(":"))
}

/// Returns a help text with a form of the catalog in it, whose placeholders nobody mistakes for policy variables.
fn with_example(before: &str, form: &str, after: &str) -> String {
    fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
        find(text, sign).map(|at| (&text[..at], &text[at + 1..]))
    }
    let mut out = String::with_capacity(before.len() + form.len() + after.len());
    out.push_str(before);
    let mut rest = form;
    while let Some((literal, after)) = cut(rest, b'$') {
        out.push_str(literal);
        rest = after;
        if let Some((name, after)) = after.strip_prefix('{').and_then(|after| cut(after, b'}')) {
            out.extend(["<", name, ">"]);
            rest = after;
        }
    }
    out.push_str(rest);
    out.push_str(after);
    out
}
