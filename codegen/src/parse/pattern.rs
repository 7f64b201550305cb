//! Resource patterns.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::faults::Faults;
use super::table::{Named, Table, entries, sorted, string, table, word};
use super::{PATTERN_KEYS, unique};
use crate::model::{Pattern, PlaceholderKind};
use crate::names;
use crate::shared::{Piece, is_placeholder, pieces};
use crate::template::{self, SEGMENTS, Segments};

/// `singles` holds the patterns known so far. The abbreviation of the service is not known if it is no abbreviation.
pub(super) fn read_pattern<'a>(
    named: &Named<'a>,
    service: Option<&str>,
    singles: &mut HashMap<&'a str, Range<usize>>,
    faults: &mut Faults<'_>,
) -> Pattern {
    let table = named.open(PATTERN_KEYS, faults);
    let placeholders = read_placeholders(&table, faults);
    let unsure = table.is_unsure("placeholder", faults);
    let (service_segment, service) = read_service_segment(&table, service, faults);
    let known: HashSet<&str> = placeholders.iter().map(|(name, ..)| *name).collect();
    let mut form = |key: &'static str, help: &str| {
        let (pattern, span) = table.required(key, help, faults)?;
        let mut form =
            Form { key, start: faults.content(pattern, &span), span, sound: true, faults: &mut *faults };
        form.check(pattern, service, (!unsure).then_some(&known));
        form.sound.then_some((pattern, form.span))
    };
    let single = form("single", "write `single`, the six segments that name one resource");
    let all = form("all", "write `all`, the six segments that name every resource of the kind");
    if let (Some(single), Some(all)) = (&single, &all) {
        check_all(single, all, faults);
    }
    if let Some((single, span)) = &single {
        if let Some(first) = singles.get(single) {
            let message = format!("the pattern `{single}` has two names");
            let help = "keep one, and name it in the actions of both";
            faults.add(span, message, "the second", help).and(first, "the first");
        }
        singles.entry(single).or_insert_with(|| span.clone());
        let used = template::placeholders(single);
        for (name, _, span) in placeholders.iter().filter(|(name, ..)| !used.contains(name)) {
            let help = format!("delete the line, or write `${{{name}}}` into `single`");
            faults.add(span, format!("placeholder `{name}` does not occur in `single`"), "unused", help);
        }
    }
    let help = "say in `description.en` and `.zh` what the pattern denotes";
    let text = |form: Option<(&str, _)>| form.map_or_else(String::new, |(text, _)| text.to_owned());
    Pattern {
        name: named.entry.key.to_owned(),
        single: text(single),
        all: text(all),
        placeholders: placeholders.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind)).collect(),
        service_segment,
        description: table.text("description", help, faults),
        notes: table.notes(PATTERN_KEYS, faults),
    }
}

/// What the catalog says of another service's segment, and the segment to be found in the pattern.
fn read_service_segment<'a>(
    table: &Table<'a>,
    service: Option<&'a str>,
    faults: &mut Faults<'_>,
) -> (Option<String>, Option<&'a str>) {
    let Some((segment, span)) = table.string("service_segment", faults) else {
        return (None, service.filter(|_| !table.is_unsure("service_segment", faults)));
    };
    if Some(segment) == service {
        let message = format!("`service_segment` is needless: `{segment}` is the service itself");
        faults.add(&span, message, "needless", "delete the line; it is for patterns of another service");
    } else if !names::is_service(segment) {
        let message = format!("`{segment}` is no service abbreviation");
        faults.add(&span, message, "not an abbreviation", names::SERVICE_HELP);
        return (Some(segment.to_owned()), None);
    }
    (Some(segment.to_owned()), Some(segment))
}

fn read_placeholders<'a>(
    owner: &Table<'a>,
    faults: &mut Faults<'_>,
) -> Vec<(&'a str, PlaceholderKind, Range<usize>)> {
    let Some(entry) = owner.get("placeholder") else { return Vec::new() };
    let help = "write `placeholder.<Name> = \"number\"` or `\"text\"`";
    let Some(found) = table(entry.value, "`placeholder`", "a kind for each name", help, faults) else {
        return Vec::new();
    };
    let found = entries(found);
    sorted(found.iter(), "placeholders", faults);
    let mut parameters = HashMap::new();
    let mut placeholders = Vec::new();
    for entry in &found {
        let (name, span) = (entry.key, &entry.span);
        let parameter = names::parameter(name);
        if ["uin", "region"].contains(&name) {
            let message = format!("placeholder `{name}` needs no kind");
            faults.add(span, message, "known everywhere", "delete the line");
            continue;
        }
        if !is_placeholder(name) || names::is_keyword(&parameter) {
            faults.add(
                span,
                format!("`{name}` is no name for a placeholder"),
                "would be a parameter of the generated API",
                "letters, digits and `_`, a letter first, and no Rust keyword",
            );
        } else if ["owner", "region"].contains(&parameter.as_str()) {
            faults.add(
                span,
                format!("placeholder `{name}` would become the parameter `{parameter}`, which is taken"),
                "a parameter of every pattern",
                "if it is the account or the region, write `${uin}` or `${region}`; else rename it",
            );
        } else {
            unique(&mut parameters, parameter, name, span, "placeholder", faults);
        }
        let what = format!("`placeholder.{name}`");
        let Some((text, value_span)) = string(entry.value, &what, help, faults) else { continue };
        let kind = word(&what, text, &value_span, faults).unwrap_or(PlaceholderKind::Text);
        placeholders.push((name, kind, span.clone()));
    }
    placeholders
}

/// `single` or `all`, and where it is in the text.
struct Form<'f, 't> {
    key: &'static str,
    span: Range<usize>,
    start: Option<usize>,
    /// Whether no fault was found in it.
    sound: bool,
    faults: &'f mut Faults<'t>,
}

impl Form<'_, '_> {
    fn wrong(&mut self, part: &Range<usize>, message: &str, label: &str, help: &str) {
        let span = self.start.map_or(self.span.clone(), |start| start + part.start..start + part.end);
        self.faults.add(&span, message, label, help);
        self.sound = false;
    }

    fn check(&mut self, pattern: &str, service: Option<&str>, placeholders: Option<&HashSet<&str>>) {
        const LENGTH: usize = 1_000;
        let key = self.key;
        let whole = 0..pattern.len();
        if pattern.len() > LENGTH {
            let message = format!("`{key}` has {} characters", pattern.len());
            self.wrong(&whole, &message, "too long", "a pattern can have 1,000 characters at most");
            return;
        }
        let segments = Segments::of(pattern);
        if segments.parts.len() < SEGMENTS.len() {
            let message = format!("`{key}` has {} of the six segments", segments.parts.len());
            let help = format!(
                "write `qcs::{}:<region or nothing>:uin/${{uin}}:<type>/<id>`",
                service.unwrap_or("<service>")
            );
            self.wrong(&whole, &message, "not six segments", &help);
            return;
        }
        for ((segment, part), name) in segments.parts.iter().zip(SEGMENTS) {
            if let Some((message, help)) = wrong_segment(key, name, segment, service) {
                self.wrong(part, &message, &format!("the {name} segment"), &help);
            }
            self.check_pieces(segment, part.start, name, placeholders);
        }
    }

    fn check_pieces(
        &mut self,
        segment: &str,
        start: usize,
        segment_name: &str,
        placeholders: Option<&HashSet<&str>>,
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
                        let message = format!("`{key}` contains `{bad}`");
                        let at = at.start + offset..at.start + offset + bad.len_utf8();
                        self.wrong(&at, &message, "not allowed here", "write the pattern without it");
                    }
                }
                Piece::Placeholder(name) => {
                    let next = pieces.get(number + 1).map(|(next, _)| *next);
                    self.check_placeholder(name, &at, next, segment_name, placeholders);
                }
            }
        }
    }

    fn check_placeholder(
        &mut self,
        name: &str,
        at: &Range<usize>,
        next: Option<Piece<'_>>,
        segment_name: &str,
        placeholders: Option<&HashSet<&str>>,
    ) {
        let home = match name {
            "uin" => "account",
            "region" => "region",
            _ => "resource",
        };
        let ends = match next {
            None => true,
            Some(Piece::Literal(text)) => text.starts_with(['/', ':']),
            Some(Piece::Placeholder(_)) => false,
        };
        if home != segment_name {
            let message = format!("`${{{name}}}` does not belong in the {segment_name} segment");
            let help = "`${uin}` goes into the account, `${region}` into the region, others into the resource";
            self.wrong(at, &message, "wrong segment", help);
        } else if home == "resource" && placeholders.is_some_and(|known| !known.contains(name)) {
            let known = placeholders.into_iter().flatten().copied().collect::<Vec<_>>();
            let help = match self.faults.nearest(name, known.into_iter()) {
                Some(near) => format!("did you mean `${{{near}}}`?"),
                None => format!("say what it takes: `placeholder.{name} = \"number\"` or `\"text\"`"),
            };
            self.wrong(at, &format!("unknown placeholder `${{{name}}}`"), "not declared", &help);
        } else if !ends {
            let message = format!("it is not clear where the value of `${{{name}}}` ends");
            let help = "end the segment after a placeholder, or go on with `/` or `:`, which no value can contain";
            self.wrong(at, &message, "something else than `/` or `:` follows", help);
        }
    }
}

/// What is wrong with a segment as a whole, and what to write.
fn wrong_segment(key: &str, name: &str, segment: &str, service: Option<&str>) -> Option<(String, String)> {
    let account = || segment.is_empty() || segment.starts_with("uin/") || segment.starts_with("uid/");
    match name {
        "qcs" if segment != "qcs" => {
            Some((format!("`{key}` begins with `{segment}`"), "write `qcs`".to_owned()))
        }
        "project_id" if !segment.is_empty() => Some((
            format!("`{key}` has the project `{segment}`"),
            "leave the second segment empty: CAM takes nothing there".to_owned(),
        )),
        "service_type" if service.is_some_and(|service| segment != service) => {
            let service = service.unwrap_or_default();
            Some((
                format!("`{key}` is of service `{segment}`, not `{service}`"),
                format!("write `{service}`; if the source means `{segment}`, say `service_segment = \"{segment}\"`"),
            ))
        }
        "account" if !account() => {
            Some((format!("`{key}` has the account `{segment}`"), "write `uin/${uin}`, or nothing".to_owned()))
        }
        "resource" if segment.is_empty() => {
            Some((format!("`{key}` names no resource"), "write the resource, `<type>/${<Id>}`".to_owned()))
        }
        _ => None,
    }
}

/// The all-resources form must be the single form with the identifiers replaced by `*`.
fn check_all(single: &(&str, Range<usize>), all: &(&str, Range<usize>), faults: &mut Faults<'_>) {
    let ((one, one_span), (every, every_span)) = (single, all);
    if one == every {
        let help = "name one resource, with a `${placeholder}` for its identifier";
        faults
            .add(one_span, "`single` is the same as `all`", "names more than one resource", help)
            .and(every_span, "the form for all resources");
        return;
    }
    let stem = every.strip_suffix('*').filter(|stem| one.starts_with(stem));
    let in_resource = |stem: &&str| stem.matches(':').count() >= SEGMENTS.len() - 1;
    let fixed = |stem: &&str| Segments::of(every).parts[5].0.find('$').is_none() || stem.is_empty();
    if stem.filter(in_resource).filter(fixed).is_none() {
        faults
            .add(
                every_span,
                "`all` does not cover the resources of `single`",
                "not the same segments with `*` for the identifier",
                format!("write \"{}\"", all_of(one)),
            )
            .and(one_span, "the single form");
    }
}

/// The form for all resources that goes with the form for a single one.
fn all_of(single: &str) -> String {
    let resource = Segments::of(single).parts.get(5).map_or(0, |(_, part)| part.start);
    let stem = single[resource..].find('$').map_or(single, |found| &single[..resource + found]);
    format!("{stem}*")
}
