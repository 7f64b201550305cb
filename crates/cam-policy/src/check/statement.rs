//! Checks which actions and resources of a statement can match together.

use alloc::string::String;
use alloc::vec::Vec;

use super::actions::{self, Matched, in_vain};
use super::fit::{Fit, fit};
use super::resources::{self, Form};
use super::{Known, conditions, principals};
use crate::catalog::{Action, Granularity, Pattern};
use crate::diagnostic::{Code, Diagnostics, Element};
use crate::policy::{Effect, Statement};
use crate::text::{Shortened, quoted, split_segments};

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
    let forms: Vec<Form> = named
        .map(|(of, one)| resources::check(one, Element::Resource(at, of), effect == Effect::Deny, found))
        .collect();
    let dead = together(statement, at, &actions, &forms, found);
    for (of, condition) in statement.conditions().iter().enumerate() {
        conditions::check(condition, at, of, effect, found);
    }
    dead
}

/// The resources that the actions of a statement take.
struct Taken<'c> {
    /// The patterns of all known actions, each once.
    patterns: Vec<&'c Pattern<'c>>,
    /// Whether an action may take a resource that the catalog does not know.
    unknown: bool,
}

/// Compares one resource with each of the patterns that the actions take.
fn fits(text: &str, patterns: &[&Pattern<'_>]) -> Vec<Fit> {
    let Some(segments) = split_segments(text) else { return Vec::new() };
    patterns.iter().map(|pattern| fit(segments, pattern)).collect()
}

/// Compares the actions with the resources; returns `true` if the statement does nothing.
fn together(
    statement: &Statement,
    at: usize,
    actions: &[Matched<'_>],
    forms: &[Form],
    found: &mut Diagnostics,
) -> bool {
    let taken = taken(actions);
    let everywhere = statement.resources().is_empty() || statement.resources().iter().any(|one| one.is_all());
    // For each pattern, how close the closest resource comes to it; resources that have been reported do not count.
    let mut met: Vec<Fit> =
        taken.patterns.iter().map(|_| if everywhere { Fit::Yes } else { Fit::No(0) }).collect();
    let mut live_resources = 0;
    let mut sound = 0;
    let any_named = actions.iter().any(|one| matches!(one, Matched::Only(_) | Matched::Misspelt(_)));
    for (of, (resource, form)) in statement.resources().iter().zip(forms).enumerate() {
        let may_report = any_named && (!taken.patterns.is_empty() || everywhere) && !taken.unknown;
        if let Form::Dead(meant) = form {
            // It does nothing in any case; with the mistake mended it may still do nothing.
            if let Some(meant) = meant.as_deref().filter(|_| may_report) {
                let fits = fits(meant, &taken.patterns);
                if !fits.iter().any(|fit| *fit >= Fit::Slash) {
                    unmatched(statement, Element::Resource(at, of), meant, false, &taken, &fits, found);
                }
            }
            continue;
        }
        sound += 1;
        if resource.is_all() {
            live_resources += 1;
            continue;
        }
        let fits = fits(resource.as_str(), &taken.patterns);
        for (met, fit) in met.iter_mut().zip(&fits) {
            *met = (*met).max(*fit);
        }
        if taken.unknown || fits.iter().any(|fit| *fit >= Fit::Slash) {
            live_resources += 1;
        } else if may_report {
            unmatched(statement, Element::Resource(at, of), resource.as_str(), true, &taken, &fits, found);
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
        let is_met = |least| all.iter().any(|action| is_met(*action, &taken, &met, least, sound > 0));
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
    live_actions == 0 || sound == 0 && !statement.resources().is_empty()
}

fn taken<'c>(actions: &[Matched<'c>]) -> Taken<'c> {
    let mut taken = Taken { patterns: Vec::new(), unknown: false };
    for action in actions {
        match action {
            Matched::Nothing => {}
            Matched::Unknown => taken.unknown = true,
            Matched::Only(all) | Matched::Misspelt(all) => {
                for one in all {
                    match one.granularity() {
                        Granularity::Operation => {}
                        Granularity::Resource if one.knows_patterns() => {
                            for pattern in one.patterns() {
                                if !taken.patterns.iter().any(|known| core::ptr::eq(*known, *pattern)) {
                                    taken.patterns.push(pattern);
                                }
                            }
                        }
                        _ => taken.unknown = true,
                    }
                }
            }
        }
    }
    taken
}

/// Whether the action may take one of the resources of the statement, one that comes at least so close to its pattern.
fn is_met(action: Action<'_>, taken: &Taken<'_>, met: &[Fit], least: Fit, any_sound: bool) -> bool {
    match action.granularity() {
        Granularity::Operation => false,
        Granularity::Resource if action.knows_patterns() => {
            let place = |pattern: &Pattern<'_>| {
                taken.patterns.iter().position(|known| core::ptr::eq(*known, pattern))
            };
            action.patterns().iter().any(|pattern| place(pattern).is_some_and(|place| met[place] >= least))
        }
        _ => any_sound,
    }
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
                in_vain_for(statement.effect(), alone, "it")
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
    all: &[Action<'_>],
    reported: bool,
    found: &mut Diagnostics,
) {
    let (text, effect) = (statement.actions()[of].as_str(), statement.effect());
    let does = if effect == Effect::Allow { "allows" } else { "denies" };
    let alone = statement.actions().len() == 1;
    if all.iter().all(|action| action.granularity() == Granularity::Operation) {
        let (what, it) = match all {
            [_] => ("is operation-level", "it"),
            _ => ("matches operation-level actions only", "them"),
        };
        let other = match all {
            [action] => action.alternative(),
            _ => None,
        };
        let diagnostic = found
            .add_to(
                Code::OperationLevel,
                element,
                format_args!(
                    "`{text}` {what}: CAM receives `*` for {it}, which no named resource matches, so {}",
                    in_vain_for(effect, alone, it)
                ),
            )
            .with_no_effect();
        let help = alloc::format!(
            "name it in a statement with `\"resource\": [\"*\"]`, which {does} it on every resource"
        );
        match other {
            None => diagnostic.with_help(help),
            Some(other) => diagnostic
                .with_help(format_args!("{help}; or use `{other}`, which its documentation recommends")),
        };
    } else if !reported {
        let patterns = all.iter().flat_map(|action| action.patterns().iter().copied());
        let form = patterns.map(|pattern| readable(pattern.single)).next().unwrap_or_default();
        found
            .add_to(
                Code::UnmatchedResource,
                element,
                format_args!(
                    "no resource of the statement is one that `{text}` takes, so {}",
                    in_vain_for(effect, alone, "it")
                ),
            )
            .with_help(format_args!("name one like `{form}`, best in a statement of its own"))
            .with_no_effect();
    }
}

/// Says what a statement does not do if one of its actions matches nothing; `alone`: it has no other action.
fn in_vain_for(effect: Effect, alone: bool, it: &str) -> String {
    match effect {
        _ if alone => in_vain(effect).into(),
        Effect::Allow => alloc::format!("this allow does not grant {it}"),
        Effect::Deny => alloc::format!("this deny does not deny {it}"),
    }
}

/// Reports a resource that none of the actions takes. `as_written`: the text is that of the policy, so a fix is for it.
fn unmatched(
    statement: &Statement,
    element: Element,
    text: &str,
    as_written: bool,
    taken: &Taken<'_>,
    fits: &[Fit],
    found: &mut Diagnostics,
) {
    let actions = match statement.actions() {
        [action] => alloc::format!("`{action}`"),
        _ => "an action of the statement".into(),
    };
    let closest = fits.iter().zip(&taken.patterns).max_by_key(|(fit, _)| **fit);
    let Some((fit, pattern)) = closest else {
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
    if *fit == Fit::No(2) {
        services.extend(taken.patterns.iter().filter_map(|one| Some(split_segments(one.single)?[2])));
        services.sort_unstable();
        services.dedup();
    }
    // The service of the action itself is the better example, and its resources come first.
    let pattern = match fit {
        Fit::No(2) => taken.patterns.first().unwrap_or(pattern),
        _ => pattern,
    };
    let form = readable(pattern.single);
    let named: [&str; 6] = split_segments(text).unwrap_or_default();
    let wanted: [&str; 6] = split_segments(pattern.single).unwrap_or_default();
    let message = match fit {
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
            match recased(named, wanted) {
                Some(meant) => {
                    diagnostic.with_help(format_args!("write `{}`", Shortened(&meant)));
                    if as_written {
                        diagnostic.with_replacement(meant, statement.effect() == Effect::Deny);
                    }
                }
                None => {
                    diagnostic.with_help(format_args!("write one like `{form}`"));
                }
            }
            return;
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
                .with_help(format_args!("write one like `{form}`"))
                .with_no_effect();
            return;
        }
        Fit::No(2) => {
            alloc::format!("is a resource of `{}`, and {actions} takes those of `{}`", named[2], wanted[2])
        }
        Fit::No(3) if wanted[3].is_empty() => {
            alloc::format!("names the region `{}`, and {actions} takes resources without a region", named[3])
        }
        Fit::No(3) => {
            alloc::format!("names the region `{}`, and {actions} takes resources of another", named[3])
        }
        Fit::No(4) => {
            alloc::format!(
                "names the account `{}`, and {actions} takes resources of an account in another form",
                named[4]
            )
        }
        Fit::No(_) => alloc::format!("is of another type than {actions} takes"),
    };
    found
        .add_to(
            Code::UnmatchedResource,
            element,
            format_args!("{} {message}: it matches nothing", quoted(text)),
        )
        .with_help(format_args!("write one like `{form}`"))
        .with_no_effect();
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
    let meant = meant.join(":");
    (meant != named.join(":")).then_some(meant)
}

/// Returns a form of the catalog with placeholders that nobody mistakes for policy variables.
fn readable(form: &str) -> String {
    let mut out = String::with_capacity(form.len());
    for part in form.split('$') {
        match part.strip_prefix('{').and_then(|part| part.split_once('}')) {
            Some((name, after)) => out.extend(["<", name, ">", after]),
            None => out.push_str(part),
        }
    }
    out
}
