//! Reads resource patterns.

use std::ops::Range;

use cam_policy::catalog::{Facts, Pattern, Placeholder, PlaceholderKind, Value, Word};
use cam_policy::text::{self, Piece, is_placeholder, pieces};

use super::diagnostics::Diagnostics;
use super::fact;
use super::table::{Named, Table, entries, sorted, string, table, word};
use super::unique::Identifiers;
use crate::arena::Arena;
use crate::names;
use crate::numbers::Firsts;

/// `singles` holds the patterns read so far. The abbreviation of the service is unknown if it is not a valid one.
pub(super) fn read_pattern<'a, 't>(
    named: &Named<'t>,
    service: Option<&str>,
    singles: &mut Firsts<'t, Range<usize>>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Pattern<'a> {
    let table = named.open(&fact::keys(Pattern::FACTS), diagnostics);
    let placeholders = read_placeholders(&table, diagnostics);
    let unsure = placeholders.is_none();
    let placeholders = placeholders.unwrap_or_default();
    let service = read_service_segment(&table, service, diagnostics);
    let mut bad_segments = Vec::new();
    let mut form = |key: &'static str, help: &str| {
        let (pattern, span) = table.required(key, help, diagnostics)?;
        let mut form = Form {
            key,
            start: diagnostics.content(pattern, &span),
            span,
            sound: true,
            diagnostics: &mut *diagnostics,
        };
        form.check(pattern, &service, (!unsure).then_some(&placeholders), &mut bad_segments);
        form.sound.then_some((pattern, form.span))
    };
    let single = form("single", "write `single`, the six segments that name one resource");
    let all = form("all", "write `all`, the six segments that name every resource of the kind");
    if let (Some(single), Some(all)) = (&single, &all) {
        check_all(single, all, diagnostics);
    }
    if let Some((single, span)) = &single {
        if let Some(first) = singles.add(*single, span.clone()) {
            let message = format!("the pattern `{single}` has two names");
            let help = "keep one, and name it in the actions of both";
            diagnostics.add(span, message, "the second", help).and(first, "the first");
        }
        let used = text::placeholders(single);
        for (name, _, span) in placeholders.iter().filter(|(name, ..)| !used.contains(name)) {
            let help = format!("delete the line, or write `${{{name}}}` into `single`");
            diagnostics.add(span, format!("placeholder `{name}` does not occur in `single`"), "unused", help);
        }
    }
    let placeholders: Vec<Placeholder<'a>> = placeholders
        .iter()
        .map(|(name, kind, _)| Placeholder { name: arena.text(name), kind: *kind })
        .collect();

    let mut pattern = Pattern { name: arena.text(named.entry.key), ..Pattern::UNSTATED };
    for row in Pattern::FACTS {
        let value = match row.key {
            "single" => single.as_ref().map(|(form, _)| Value::String(arena.text(form))),
            "all" => all.as_ref().map(|(form, _)| Value::String(arena.text(form))),
            "placeholder" => Some(Value::Placeholders(arena.list(&placeholders))),
            "service_segment" => service.stated.map(|segment| Value::String(arena.text(segment))),
            _ => fact::read(row, Pattern::FACTS, &table, arena, diagnostics),
        };
        if let Some(value) = value {
            pattern.set(row.key, value);
        }
    }
    pattern
}

/// The service segment of a pattern.
struct ServiceSegment<'a> {
    /// The value of `service_segment`, if the pattern has the key.
    stated: Option<&'a str>,
    /// The segment that the pattern must have, if it is known.
    wanted: Option<&'a str>,
}

fn read_service_segment<'a>(
    table: &Table<'a>,
    service: Option<&'a str>,
    diagnostics: &mut Diagnostics<'_>,
) -> ServiceSegment<'a> {
    let Some((segment, span)) = table.string("service_segment", diagnostics) else {
        let wanted = service.filter(|_| table.lacks("service_segment", diagnostics));
        return ServiceSegment { stated: None, wanted };
    };
    let fits = names::is_service(segment);
    if Some(segment) == service {
        let message = format!("`service_segment` is needless: `{segment}` is the service itself");
        diagnostics.add(&span, message, "needless", "delete the line; it is for patterns of another service");
    } else if !fits {
        let message = format!("`{segment}` is no service abbreviation");
        diagnostics.add(&span, message, "not an abbreviation", names::SERVICE_HELP);
    }
    ServiceSegment { stated: Some(segment), wanted: fits.then_some(segment) }
}

/// Returns `None` if they could not be read.
fn read_placeholders<'a>(owner: &Table<'a>, diagnostics: &mut Diagnostics<'_>) -> Option<Vec<Declared<'a>>> {
    let Some(entry) = owner.get("placeholder") else {
        return (!owner.is_unsure("placeholder", diagnostics)).then(Vec::new);
    };
    let help = "write `placeholder.<Name> = \"number\"` or `\"text\"`";
    let found = entries(table(entry.value, "`placeholder`", "a kind for each name", help, diagnostics)?);
    sorted(&mut found.iter(), "placeholders", diagnostics);
    let mut parameters = Identifiers::default();
    let mut placeholders = Vec::new();
    for entry in &found {
        let (name, span) = (entry.key, &entry.span);
        let parameter = names::parameter(name);
        if ["uin", "region"].contains(&name) {
            let message = format!("placeholder `{name}` needs no kind");
            diagnostics.add(span, message, "known everywhere", "delete the line");
            continue;
        }
        if !is_placeholder(name) || names::is_keyword(&parameter) {
            diagnostics.add(
                span,
                format!("`{name}` is no name for a placeholder"),
                "would be a parameter of the generated API",
                "letters, digits and `_`, a letter first, and no Rust keyword",
            );
        } else if ["owner", "region"].contains(&parameter.as_str()) {
            diagnostics.add(
                span,
                format!("placeholder `{name}` would become the parameter `{parameter}`, which is taken"),
                "a parameter of every pattern",
                "if it is the account or the region, write `${uin}` or `${region}`; else rename it",
            );
        } else {
            parameters.add(&parameter, name, span, "placeholder", diagnostics);
        }
        let what = format!("`placeholder.{name}`");
        let Some((text, value_span)) = string(entry.value, &what, help, diagnostics) else { continue };
        let kind = word(&what, text, PlaceholderKind::VOCABULARY, &value_span, diagnostics)
            .and_then(|entry| PlaceholderKind::from_word(entry.word))
            .unwrap_or(PlaceholderKind::Text);
        placeholders.push((name, kind, span.clone()));
    }
    Some(placeholders)
}

/// A placeholder, its kind, and the place where it is declared.
type Declared<'p> = (&'p str, PlaceholderKind, Range<usize>);

/// `single` or `all`, with its place in the text.
struct Form<'f, 't> {
    key: &'static str,
    span: Range<usize>,
    start: Option<usize>,
    /// Whether the reader found no error in it.
    sound: bool,
    diagnostics: &'f mut Diagnostics<'t>,
}

impl Form<'_, '_> {
    fn wrong(&mut self, part: &Range<usize>, message: &str, label: &str, help: &str) {
        let span = self.start.map_or(self.span.clone(), |start| start + part.start..start + part.end);
        self.diagnostics.add(&span, message, label, help);
        self.sound = false;
    }

    /// `bad` holds the segments with errors. If both forms have the same error, it is reported once.
    fn check<'p>(
        &mut self,
        pattern: &'p str,
        service: &ServiceSegment<'_>,
        placeholders: Option<&[Declared<'_>]>,
        bad: &mut Vec<(&'static str, &'p str)>,
    ) {
        const LENGTH: usize = 1_000;
        let key = self.key;
        let whole = 0..pattern.len();
        if pattern.len() > LENGTH {
            let message = format!("`{key}` has {} characters", pattern.len());
            self.wrong(&whole, &message, "too long", "a pattern can have 1,000 characters at most");
            return;
        }
        let segments = segments(pattern);
        if segments.len() < SEGMENTS.len() {
            let message = format!("`{key}` has {} of the six segments", segments.len());
            let help = format!(
                "write `qcs::{}:<region or nothing>:uin/${{uin}}:<type>/<id>`",
                service.wanted.unwrap_or("<service>")
            );
            self.wrong(&whole, &message, "not six segments", &help);
            return;
        }
        for ((segment, part), name) in segments.iter().zip(SEGMENTS) {
            if bad.contains(&(name, segment)) {
                self.sound = false;
                continue;
            }
            let before = self.diagnostics.count();
            if let Some((message, help)) = wrong_segment(key, name, segment, service) {
                self.wrong(part, &message, &format!("the {name} segment"), &help);
            }
            self.check_pieces(segment, part.start, name, placeholders);
            if self.diagnostics.count() > before {
                bad.push((name, segment));
            }
        }
    }

    fn check_pieces(
        &mut self,
        segment: &str,
        start: usize,
        segment_name: &str,
        placeholders: Option<&[Declared<'_>]>,
    ) {
        let key = self.key;
        let pieces = match pieces(segment) {
            Ok(pieces) => pieces,
            Err(at) => {
                let message = format!("`{key}` has a `$` that is no placeholder");
                let at = start + at.start..start + at.end;
                self.wrong(&at, &message, "not closed, or no name", "write placeholders as `${Name}`");
                return;
            }
        };
        for (number, (piece, at)) in pieces.iter().enumerate() {
            let at = start + at.start..start + at.end;
            match *piece {
                Piece::Literal(text) => {
                    let stray = |c: char| !c.is_ascii_graphic() || "\"\\`{}".contains(c);
                    if let Some((offset, bad)) = text.char_indices().find(|(_, c)| stray(*c)) {
                        let bad_name =
                            if bad.is_whitespace() { "whitespace".to_owned() } else { format!("`{bad}`") };
                        let message = format!("`{key}` contains {bad_name}");
                        let at = at.start + offset..at.start + offset + bad.len_utf8();
                        self.wrong(&at, &message, "not allowed here", "write the pattern without it");
                    }
                }
                Piece::Placeholder(name) => {
                    let next = pieces.get(number + 1).map(|(next, _)| *next);
                    self.check_placeholder(name, &at, next, (segment_name, segment), placeholders);
                }
            }
        }
    }

    fn check_placeholder(
        &mut self,
        name: &str,
        at: &Range<usize>,
        next: Option<Piece<'_>>,
        (segment_name, segment): (&str, &str),
        placeholders: Option<&[Declared<'_>]>,
    ) {
        // Some sources name the owner in the resource as well as in the account.
        let again = name == "uin" && segment_name == "resource";
        let is_account = matches!(
            (
                segment.split_once('/'),
                placeholders
                    .and_then(|known| known.iter().find(|(own, ..)| *own == name))
                    .map(|(_, kind, _)| kind)
            ),
            (Some(("uid", _)), Some(PlaceholderKind::AppId))
                | (Some(("uin", _)), Some(PlaceholderKind::SubAccount))
        );
        let home = match name {
            "uin" if !again => "account",
            "region" => "region",
            _ if is_account && segment_name == "account" => "account",
            _ => "resource",
        };
        let ends = match next {
            None => true,
            Some(Piece::Literal(text)) => text.starts_with(['/', ':']),
            Some(Piece::Placeholder(_)) => false,
        };
        if home != segment_name {
            let message = format!("`${{{name}}}` does not belong in the {segment_name} segment");
            let help =
                "`${uin}` goes into the account, `${region}` into the region, others into the resource";
            self.wrong(at, &message, "wrong segment", help);
        } else if home == "resource"
            && !again
            && placeholders.is_some_and(|known| known.iter().all(|(own, ..)| *own != name))
        {
            let known: Vec<&str> = placeholders.into_iter().flatten().map(|(own, ..)| *own).collect();
            let help = match self.diagnostics.nearest(name, known.into_iter()) {
                Some(near) => format!("did you mean `${{{near}}}`?"),
                None => format!("say what it takes: `placeholder.{name} = \"number\"` or `\"text\"`"),
            };
            self.wrong(at, &format!("unknown placeholder `${{{name}}}`"), "not declared", &help);
        } else if !ends {
            let message = format!("it is not clear where the value of `${{{name}}}` ends");
            let help =
                "end the segment after a placeholder, or go on with `/` or `:`, which no value can contain";
            self.wrong(at, &message, "something else than `/` or `:` follows", help);
        }
    }
}

/// The names of the segments of a pattern, first to last.
const SEGMENTS: [&str; 6] = ["qcs", "project_id", "service_type", "region", "account", "resource"];

/// Splits a pattern at its first five colons, each part with its range in bytes. Returns nothing if there are fewer than six.
fn segments(pattern: &str) -> Vec<(&str, Range<usize>)> {
    let mut at = 0;
    let part = |part| {
        let span = at..at + str::len(part);
        at = span.end + 1;
        (part, span)
    };
    pattern.splitn(SEGMENTS.len(), ':').map(part).collect()
}

/// Returns what is wrong with a segment as a whole, and what to write.
fn wrong_segment(
    key: &str,
    name: &str,
    segment: &str,
    service: &ServiceSegment<'_>,
) -> Option<(String, String)> {
    let account = || segment.is_empty() || segment.starts_with("uin/") || segment.starts_with("uid/");
    match name {
        "qcs" if segment != "qcs" => {
            Some((format!("`{key}` begins with `{segment}`"), "write `qcs`".to_owned()))
        }
        "project_id" if !segment.is_empty() => Some((
            format!("`{key}` has the project `{segment}`"),
            "leave the second segment empty: CAM takes nothing there".to_owned(),
        )),
        "service_type" if service.wanted.is_some_and(|wanted| segment != wanted) => {
            let wanted = service.wanted.unwrap_or_default();
            let otherwise = match service.stated {
                Some(_) => "or correct `service_segment`".to_owned(),
                None => format!("or say `service_segment = \"{segment}\"` if that is meant"),
            };
            Some((
                format!("`{key}` is of service `{segment}`, not `{wanted}`"),
                format!("write `{wanted}`, {otherwise}"),
            ))
        }
        "account" if !account() => Some((
            format!("`{key}` has the account `{segment}`"),
            "write `uin/${uin}`, or nothing".to_owned(),
        )),
        "resource" if segment.is_empty() => {
            Some((format!("`{key}` names no resource"), "write the resource, `<type>/${<Id>}`".to_owned()))
        }
        _ => None,
    }
}

/// Reports an all-resources form that is not the single form with `*` in place of the identifiers.
fn check_all(single: &(&str, Range<usize>), all: &(&str, Range<usize>), diagnostics: &mut Diagnostics<'_>) {
    let ((one, one_span), (every, every_span)) = (single, all);
    if one == every && one.ends_with("/*") {
        return;
    }
    if one == every {
        let help = "name one resource, with a `${placeholder}` for its identifier";
        diagnostics
            .add(one_span, "`single` is the same as `all`", "names more than one resource", help)
            .and(every_span, "the form for all resources");
        return;
    }
    let covers = every.strip_suffix('*').is_some_and(|stem| {
        one.starts_with(stem) && stem.matches(':').count() >= 5 && !segments(every)[5].0.contains('$')
    });
    if !covers {
        diagnostics
            .add(
                every_span,
                "`all` does not cover the resources of `single`",
                "not the same segments with `*` for the identifier",
                format!("write \"{}\"", all_of(one)),
            )
            .and(one_span, "the single form");
    }
}

/// Returns the all-resources form that belongs to a single form.
fn all_of(single: &str) -> String {
    let resource = segments(single).get(5).map_or(0, |(_, part)| part.start);
    let stem = single[resource..].find('$').map_or(single, |found| &single[..resource + found]);
    format!("{stem}*")
}
