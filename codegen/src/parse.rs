//! Reads `catalog.toml` into a [`Catalog`], or reports every error in it.

mod action;
mod diagnostics;
mod fact;
mod life;
mod order;
mod pattern;
mod syntax;
mod table;
mod unique;

use std::ops::Range;

use cam_policy::catalog::{
    ActionFacts, Catalog, Category, Facts, Granularity, IpRestriction, Kind, Link, Lookup, Pattern,
    Restriction, RestrictionReason, Service, ServiceGranularity, Source, Tables, Text, Value, Word,
};
use toml::de::{DeTable, DeValue};

use crate::arena::Arena;
use crate::diagnostic::Report;
use crate::names;
use crate::numbers::Firsts;
use crate::sort::by_name;

use self::action::{Read, Referents, Targets, read_actions};
use self::diagnostics::{Diagnostics, header_keys};
use self::fact::url;
use self::pattern::read_pattern;
use self::table::{Named, Owner, Table, list, table, word, wrong_type};
use self::unique::Identifiers;

/// Returns the services of a catalog's text, and the part with the lists of names, which may be empty.
///
/// ```
/// let text = "version = 1\n\n[service.demo]\n\n[names]\n";
/// assert_eq!(tencent_cam_codegen::split(text), ("version = 1\n\n[service.demo]\n\n", "[names]\n"));
/// ```
#[must_use]
pub fn split(text: &str) -> (&str, &str) {
    let at = if text.starts_with("[names]") { Some(0) } else { text.find("\n[names]").map(|at| at + 1) };
    text.split_at(at.unwrap_or(text.len()))
}

/// Returns the services of a catalog's text with the lines of each, and before them the lines above the first, without a name.
///
/// ```
/// let text = "version = 1\n[service.a]\nname = 1\n [ service . \"b\" ]\n[service.b.name]\n";
/// let parts = tencent_cam_codegen::parts(text);
/// assert_eq!(parts[0], ("", "version = 1\n"));
/// assert_eq!(parts[1..], [("a", "[service.a]\nname = 1\n"), ("b", " [ service . \"b\" ]\n[service.b.name]\n")]);
/// ```
#[must_use]
pub fn parts(text: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    let (mut service, mut start, mut at) = ("", 0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(id) = service_of(line).filter(|id| *id != service) {
            parts.push((service, &text[start..at]));
            (service, start) = (id, at);
        }
        at += line.len();
    }
    parts.push((service, &text[start..]));
    parts
}

/// Returns a catalog's text in which the lines of unwanted services are empty, so that reports still name the right lines. A
/// text with no wanted service is returned as it is, because a catalog has at least one.
///
/// ```
/// use tencent_cam_codegen::{only, parts};
///
/// let text = "version = 1\n[service.a]\nname = 1\n[service.b]\n[service.b.name]\n";
/// assert_eq!(only(&parts(text), |id| id == "b"), "version = 1\n\n\n[service.b]\n[service.b.name]\n");
/// assert_eq!(only(&parts(text), |id| id == "c"), text);
/// ```
#[must_use]
pub fn only(parts: &[(&str, &str)], is_wanted: impl Fn(&str) -> bool) -> String {
    let none = !parts.iter().any(|(id, _)| !id.is_empty() && is_wanted(id));
    let mut out = String::new();
    for (id, lines) in parts {
        if none || id.is_empty() || is_wanted(id) {
            out.push_str(lines);
        } else {
            lines.matches('\n').for_each(|line| out.push_str(line));
        }
    }
    out
}

/// Returns the service that a line names, if it is the header of a table of one.
fn service_of(line: &str) -> Option<&str> {
    // Few lines are headers, and this tells them apart in the least time.
    let keys = line.trim_ascii_start().starts_with('[').then(|| header_keys(line))?;
    matches!(keys, ("service", id) if !id.is_empty()).then_some(keys.1)
}

/// Reads, checks and links a catalog.
///
/// Reports call the text `path`. The catalog borrows from `arena`. An item that refers to another item holds a reference to
/// it; an action that refers to an action holds its number.
///
/// # Errors
///
/// [`Report`] lists every error of the catalog, in syntax and in meaning.
///
/// ```
/// use tencent_cam_codegen::{Arena, parse};
///
/// let arena = Arena::new();
/// let report = parse(&arena, "catalog.toml", "version = 0").unwrap_err();
/// assert_eq!(report.diagnostics().len(), 2);
/// ```
pub fn parse<'a>(arena: &'a Arena, path: &str, text: &str) -> Result<Catalog<'a>, Report> {
    // The lists of names stand behind the services, and have a reader of their own.
    let (text, _) = split(text);
    let mut diagnostics = Diagnostics::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let catalog = if errors.is_empty() {
        read_catalog(document.get_ref(), arena, &mut diagnostics)
    } else {
        drop(document);
        let readable = syntax::readable(text, &errors, &mut diagnostics);
        let (document, _) = DeTable::parse_recoverable(&readable);
        read_catalog(document.get_ref(), arena, &mut diagnostics)
    };
    if diagnostics.count() == 0 { Ok(catalog) } else { Err(Report::new(path, text, diagnostics.into_list())) }
}

const SOURCE_KEYS: &[&str] = &["title", "url", "dated", "read"];
const TEXT_KEYS: &[&str] = &["en", "zh"];
const LINK_KEYS: &[&str] = &["title", "url"];

fn read_catalog<'a>(
    document: &DeTable<'_>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Catalog<'a> {
    let root = Table::new(Owner::default(), &(0..0), "", document, &["version", "service"], diagnostics);
    let version = life::version(&root, diagnostics);
    let mut variants = Identifiers::default();
    let mut services = Vec::new();
    for named in root.tables("service", true, diagnostics) {
        let (id, span) = (named.entry.key, &named.entry.span);
        if names::is_service(id) {
            let module = names::module(id);
            variants.add(&names::camel(id), id, span, "service", diagnostics);
            if names::RESERVED.contains(&module.as_str()) {
                diagnostics.add(
                    span,
                    format!("`{id}` cannot name a service: it means something else in this crate"),
                    format!("would be the module `{module}` of the generated API"),
                    format!("taken are {}", list(names::RESERVED)),
                );
            }
        } else {
            let message = format!("`{id}` is no service abbreviation");
            diagnostics.add(span, message, "not an abbreviation", names::SERVICE_HELP);
        }
        services.push(read_service(&named, arena, diagnostics));
    }
    if root.has_none("service", diagnostics) && !diagnostics.lost_any() {
        let help = "add `[service.<id>]`, its patterns and its actions";
        diagnostics.add(&(0..0), "the catalog has no service", "`service` is missing", help);
    }
    Catalog { version, services: arena.list(&services) }
}

fn read_service<'a>(named: &Named<'_>, arena: &'a Arena, diagnostics: &mut Diagnostics<'_>) -> Service<'a> {
    let table = named.open(&fact::keys(Service::FACTS), diagnostics);
    let mut service = Service { id: arena.text(named.entry.key), ..Service::UNSTATED };
    for row in Service::FACTS {
        let value = match (row.kind, row.key) {
            (Kind::Tables(_), _) => None,
            (Kind::Source, _) => read_source(&table, arena, diagnostics).map(Value::Source),
            (_, "name") => read_name(&table, arena, diagnostics).map(Value::Text),
            _ => fact::read(row, Service::FACTS, &table, arena, diagnostics),
        };
        if let Some(value) = value {
            service.set(row.key, value);
        }
    }

    let patterns = table.tables("pattern", true, diagnostics);
    let id = names::is_service(named.entry.key).then_some(named.entry.key);
    let mut singles = Firsts::default();
    let read: Vec<Pattern<'_>> =
        patterns.iter().map(|named| read_pattern(named, id, &mut singles, arena, diagnostics)).collect();
    service.patterns = arena.list(&read);
    let categories = table.tables("category", true, diagnostics);
    let read: Vec<Category<'_>> =
        categories.iter().map(|named| read_category(named, arena, diagnostics)).collect();
    service.categories = arena.list(&read);
    let pages = table.tables("console_page", true, diagnostics);
    service.console_pages = read_links("console page", &pages, arena, diagnostics);
    let references = table.tables("reference", true, diagnostics);
    service.references = read_links("reference", &references, arena, diagnostics);
    let restrictions = table.tables("restriction", true, diagnostics);
    let read: Vec<Option<Restriction<'_>>> =
        restrictions.iter().map(|named| read_restriction(named, arena, diagnostics)).collect();
    let known: Vec<Restriction<'_>> = read.iter().copied().flatten().collect();
    service.restrictions = arena.list(&known);

    let mut refer = Targets {
        patterns: Referents::new("pattern", &table, &patterns, diagnostics),
        categories: Referents::new("category", &table, &categories, diagnostics),
        console_pages: Referents::new("console_page", &table, &pages, diagnostics),
        references: Referents::new("reference", &table, &references, diagnostics),
        restrictions: Referents::new("restriction", &table, &restrictions, diagnostics),
    };
    for (at, _) in read.iter().enumerate().filter(|(_, read)| read.is_none()) {
        refer.restrictions.lose(at);
    }
    let actions = read_actions(&table, &service, &mut refer, arena, diagnostics);
    refer.report_unused(diagnostics);
    check_types(&patterns, &actions, diagnostics);
    let is_noted = |key: &str| service.notes.iter().any(|note| note.about == key);
    if !is_noted("granularity") {
        check_granularity(service.granularity, &table, &actions, diagnostics);
    }
    if let Some(stated) = service.ip_restriction.filter(|_| !is_noted("ip_restriction")) {
        check_ip_restriction(stated, &table, &actions, diagnostics);
    }
    let names: Vec<&str> = actions.iter().map(|read| read.facts.name).collect();
    let sorted: Vec<ActionFacts<'_>> = by_name(&names).into_iter().map(|at| actions[at].facts).collect();
    service.actions = arena.list(&sorted);
    if diagnostics.count() == 0 {
        service.lookup = lookup(&sorted, arena);
    }
    service
}

fn lookup<'a>(actions: &[ActionFacts<'_>], arena: &'a Arena) -> Lookup<'a> {
    let tables = Tables::of(&actions.iter().map(|facts| facts.name).collect::<Vec<_>>());
    Lookup {
        seed: tables.seed,
        displacements: arena.list(&tables.displacements),
        slots: arena.list(&tables.slots),
    }
}

/// Reports clashes of type names. The types of the patterns and the enums of the actions share the module of the service.
fn check_types(patterns: &[Named<'_>], actions: &[Read<'_>], diagnostics: &mut Diagnostics<'_>) {
    let mut types = Types::default();
    for named in patterns {
        let (name, span) = (named.entry.key, &named.entry.span);
        if snake("pattern", named, diagnostics)
            && types.claim(&names::camel(name), format!("the type of pattern `{name}`"), span, diagnostics)
        {
            let set = enum_name(&[name]);
            types.claim(&set, format!("the enum of the actions of `{name}`"), span, diagnostics);
        }
    }
    let mut sets: Vec<(Vec<&str>, &Range<usize>)> = Vec::new();
    for read in actions.iter().filter(|read| read.facts.patterns.len() > 1) {
        let set: Vec<&str> = read.facts.patterns.iter().map(|pattern| pattern.name).collect();
        if let Err(at) = sets.binary_search_by(|(other, _)| other.cmp(&set)) {
            sets.insert(at, (set, &read.patterns));
        }
    }
    for (set, span) in sets {
        let what = format!("the enum of the actions of {}", list(&set).replace(", ", " and "));
        types.claim(&enum_name(&set), what, span, diagnostics);
    }
    for read in actions {
        let variant = names::variant(read.facts.name);
        let home = format!("{variant}Action");
        let what = match home.as_str() {
            "OperationAction" | "UndocumentedAction" => Some(("the enum over all of them", None)),
            _ => types.0.get(&home).map(|(what, span)| (what.as_str(), Some(span))),
        };
        let Some((what, place)) = what else { continue };
        let message = format!("action `{}` cannot be `Action::{variant}` in Rust", read.facts.name);
        let label = format!("a variant has that name, for {what}");
        let help = if place.is_some() { "rename the pattern" } else { "check the name against the source" };
        let diagnostic = diagnostics.add(&read.span, message, label, help);
        if let Some(place) = place {
            diagnostic.and(place, "named after this");
        }
    }
}

/// Returns the name of the enum of the actions that can be limited to these patterns.
fn enum_name(patterns: &[&str]) -> String {
    names::resource_set(patterns) + "Action"
}

/// The names of types, and what each names.
#[derive(Default)]
struct Types(Firsts<'static, (String, Range<usize>)>);

impl Types {
    /// Returns whether the name is free, and reports it if not.
    fn claim(
        &mut self,
        name: &str,
        what: String,
        span: &Range<usize>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> bool {
        const LABEL: &str = "the name is taken";
        const HELP: &str = "rename the pattern";
        if names::is_taken_type(name) {
            let message = format!("{what} cannot be `{name}`: Rust or the generated code has that name");
            diagnostics.add(span, message, LABEL, HELP);
            return false;
        }
        if let Some((first, first_span)) = self.0.get(name) {
            let message = format!("{what} and {first} would both be called `{name}`");
            diagnostics.add(span, message, LABEL, HELP).and(first_span, "by this");
            return false;
        }
        self.0.add(name.to_owned(), (what, span.clone()));
        true
    }
}

fn snake(what: &str, named: &Named<'_>, diagnostics: &mut Diagnostics<'_>) -> bool {
    let key = named.entry.key;
    let fits = names::is_snake(key);
    if !fits {
        let help = "write lower-case letters, digits and single `_`, a letter first";
        diagnostics.add(
            &named.entry.span,
            format!("`{key}` is no name for a {what}"),
            "not snake case",
            help,
        );
    }
    fits
}

fn check_granularity(
    stated: ServiceGranularity,
    service: &Table<'_>,
    actions: &[Read<'_>],
    diagnostics: &mut Diagnostics<'_>,
) {
    let Some(entry) = service.get("granularity") else { return };
    let finer = |read: &&Read<'_>| match stated {
        ServiceGranularity::Service => {
            read.granularity_known && read.facts.granularity != Granularity::Undocumented
        }
        ServiceGranularity::Operation => read.facts.granularity == Granularity::Resource,
        // The reader uses this value for an unknown word, too.
        _ => false,
    };
    if let Some(first) = actions.iter().find(finer) {
        let count = actions.iter().filter(finer).count();
        diagnostics
            .add(
                &entry.value.span(),
                format!("the granularity of {} is below that of {count} of its actions", service.owner),
                "coarser than its actions",
                "if the source contradicts itself keep both and add `note.granularity.en` and `.zh`",
            )
            .and(&first.span, format!("{} level", first.facts.granularity));
    }
}

fn check_ip_restriction(
    stated: IpRestriction,
    service: &Table<'_>,
    actions: &[Read<'_>],
    diagnostics: &mut Diagnostics<'_>,
) {
    let Some(entry) = service.get("ip_restriction") else { return };
    let contrary = match stated {
        IpRestriction::Supported => Some(false),
        IpRestriction::Unsupported => Some(true),
        _ => return,
    };
    let contradicts = |read: &&Read<'_>| read.facts.ip_condition == contrary;
    if let Some(first) = actions.iter().find(contradicts) {
        let count = actions.iter().filter(contradicts).count();
        diagnostics
            .add(
                &entry.value.span(),
                format!("the IP restriction of {} contradicts {count} of its actions", service.owner),
                "not what the actions say",
                "correct one side, or keep both and add `note.ip_restriction.en` and `.zh`",
            )
            .and(&first.span, "an action that says otherwise");
    }
}

fn read_name<'a>(
    service: &Table<'_>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Text<'a>> {
    if service.lacks("name", diagnostics) {
        let help = "write `name.en = \"…\"` and `name.zh = \"…\"`, the product's names";
        service.missing("name", help, diagnostics);
    }
    service.text("name", arena, diagnostics)
}

fn read_source<'a>(
    service: &Table<'_>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Source<'a>> {
    let help = "write `source.title`, `source.url` where it is known, and `source.read = YYYY-MM-DD`";
    if service.lacks("source", diagnostics) {
        service.missing("source", help, diagnostics);
    }
    let entry = service.get("source")?;
    let found = table(entry.value, "`source`", "a table", help, diagnostics)?;
    let found = Table::new(service.owner, &entry.span, "source.", found, SOURCE_KEYS, diagnostics);
    let title = found.required("title", "write `source.title`, the title of the page", diagnostics);
    let url = url("source.url", found.string("url", diagnostics), diagnostics);
    let help = "write the day the page was read, `source.read = YYYY-MM-DD`, without quotes";
    let read = day(&found, "read", help, diagnostics);
    if read.is_none() && found.lacks("read", diagnostics) {
        found.missing("read", help, diagnostics);
    }
    let help = "write the day of the page's version, `source.dated = YYYY-MM-DD`, without quotes";
    let dated = day(&found, "dated", help, diagnostics);
    Some(Source {
        title: arena.text(title?.0),
        url: url.map(|url| arena.text(url)),
        dated: dated.map(|day| arena.text(&day)),
        read: arena.text(&read?),
    })
}

fn day(source: &Table<'_>, key: &str, help: &str, diagnostics: &mut Diagnostics<'_>) -> Option<String> {
    let entry = source.get(key)?;
    match entry.value.get_ref() {
        DeValue::Datetime(day) if day.time.is_none() && day.date.is_some() => Some(day.to_string()),
        _ => {
            wrong_type(entry.value, &format!("`source.{key}`"), "a date", help, diagnostics);
            None
        }
    }
}

/// A placeholder for a text that could not be read. The reader never returns it, because there was an error.
const UNREAD: Text<'static> = Text { en: "", zh: "" };

fn read_category<'a>(named: &Named<'_>, arena: &'a Arena, diagnostics: &mut Diagnostics<'_>) -> Category<'a> {
    snake("category", named, diagnostics);
    let title = named.open(TEXT_KEYS, diagnostics).both(arena, diagnostics);
    Category { name: arena.text(named.entry.key), title: title.unwrap_or(UNREAD) }
}

/// Returns `None` if the name is no reason.
fn read_restriction<'a>(
    named: &Named<'_>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Restriction<'a>> {
    let (key, span) = (named.entry.key, &named.entry.span);
    let text = named.open(TEXT_KEYS, diagnostics).both(arena, diagnostics);
    let entry = word("a restriction", key, RestrictionReason::VOCABULARY, span, diagnostics)?;
    let reason = RestrictionReason::from_word(entry.word)?;
    Some(Restriction { reason, text: text.unwrap_or(UNREAD) })
}

fn read_links<'a>(
    what: &str,
    tables: &[Named<'_>],
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> &'a [Link<'a>] {
    let links: Vec<Link<'_>> =
        tables.iter().map(|named| read_link(what, named, arena, diagnostics)).collect();
    arena.list(&links)
}

fn read_link<'a>(
    what: &str,
    named: &Named<'_>,
    arena: &'a Arena,
    diagnostics: &mut Diagnostics<'_>,
) -> Link<'a> {
    snake(what, named, diagnostics);
    let table = named.open(LINK_KEYS, diagnostics);
    if table.lacks("title", diagnostics) {
        let help = "write `title.en = \"…\"` and `title.zh = \"…\"`, as the source words it";
        table.missing("title", help, diagnostics);
    }
    let title = table.text("title", arena, diagnostics);
    let address = table.required("url", "write `url = \"https://…\"`", diagnostics);
    let url = url("url", address, diagnostics).unwrap_or_default();
    Link { name: arena.text(named.entry.key), title: title.unwrap_or(UNREAD), url: arena.text(url) }
}
