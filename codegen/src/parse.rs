//! `catalog.toml` → [`Catalog`], or every fault in it.

mod action;
mod faults;
mod life;
mod order;
mod pattern;
mod syntax;
mod table;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::Report;
use crate::model::{
    Catalog, Category, Granularity, IpRestriction, Link, RestrictionReason, Service, ServiceGranularity,
    Source, Text,
};
use crate::names;

use self::action::{Read, Referents, Targets, read_actions};
use self::faults::Faults;
use self::pattern::read_pattern;
use self::table::{Named, Owner, Table, list, table, word, wrong_type};

/// Reads and checks a catalog. `path` is what reports call it.
///
/// # Errors
///
/// Every fault of the catalog, syntax and meaning, in one report.
pub fn parse(path: &str, text: &str) -> Result<Catalog, Report> {
    let mut faults = Faults::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let catalog = if errors.is_empty() {
        read_catalog(document.get_ref(), &mut faults)
    } else {
        drop(document);
        let readable = syntax::readable(text, &errors, &mut faults);
        let (document, _) = DeTable::parse_recoverable(&readable);
        read_catalog(document.get_ref(), &mut faults)
    };
    if faults.count() == 0 { Ok(catalog) } else { Err(Report::new(path, text, faults.into_list())) }
}

const SERVICE_KEYS: &[&str] = &[
    "name",
    "granularity",
    "console_access",
    "tag_authorization",
    "ip_restriction",
    "source",
    "override",
    "note",
    "pattern",
    "category",
    "console_page",
    "reference",
    "restriction",
    "action",
];
const SOURCE_KEYS: &[&str] = &["title", "url", "read"];
const PATTERN_KEYS: &[&str] = &["single", "all", "placeholder", "service_segment", "description", "note"];
const TEXT_KEYS: &[&str] = &["en", "zh"];
const LINK_KEYS: &[&str] = &["title", "url"];
const ACTION_KEYS: &[&str] = &[
    "removed",
    "replaced_by",
    "granularity",
    "patterns",
    "access_level",
    "surface",
    "category",
    "console_pages",
    "doc_url",
    "ip_condition",
    "restriction",
    "alternative",
    "references",
    "description",
    "override",
    "note",
];

fn read_catalog(document: &DeTable<'_>, faults: &mut Faults<'_>) -> Catalog {
    let root = Table::new(Owner::default(), &(0..0), "", document, &["version", "service"], faults);
    let version = life::version(&root, faults);
    let mut variants: HashMap<String, (&str, Range<usize>)> = HashMap::new();
    let mut services = Vec::new();
    for named in root.tables("service", true, faults) {
        let (id, span) = (named.entry.key, &named.entry.span);
        if names::is_service(id) {
            let module = names::module(id);
            unique(&mut variants, names::camel(id), id, span, "service", faults);
            if names::is_keyword(&module) || names::RESERVED.contains(&module.as_str()) {
                faults.add(
                    span,
                    format!("`{id}` cannot name a service: it means something else in Rust or in this crate"),
                    format!("would be the module `{module}` of the generated API"),
                    format!("taken are Rust's keywords and {}", list(names::RESERVED)),
                );
            }
        } else {
            let message = format!("`{id}` is no service abbreviation");
            faults.add(span, message, "not an abbreviation", names::SERVICE_HELP);
        }
        services.push(read_service(&named, faults));
    }
    if root.has_none("service", faults) && !faults.lost_any() {
        let help = "add `[service.<id>]`, its patterns and its actions";
        faults.add(&(0..0), "the catalog has no service", "`service` is missing", help);
    }
    Catalog { version, services }
}

/// Reports a second name that would become the same Rust identifier.
fn unique<'a>(
    known: &mut HashMap<String, (&'a str, Range<usize>)>,
    identifier: String,
    name: &'a str,
    span: &Range<usize>,
    what: &str,
    faults: &mut Faults<'_>,
) {
    if let Some((first, first_span)) = known.get(&identifier) {
        let help = match what {
            "action" => "an action's name is CAM's: check both against the source",
            _ => "rename one of them",
        };
        faults
            .add(
                span,
                format!("{what} `{name}` and `{first}` both become `{identifier}` in Rust"),
                "the second",
                help,
            )
            .and(first_span, "the first");
    } else {
        known.insert(identifier, (name, span.clone()));
    }
}

fn read_service(named: &Named<'_>, faults: &mut Faults<'_>) -> Service {
    let table = named.open(SERVICE_KEYS, faults);
    let id = names::is_service(named.entry.key).then_some(named.entry.key);
    let help = "write `name.en = \"…\"` and `name.zh = \"…\"`, the product's names";
    let name = table.text("name", help, faults);
    let granularity = table.required_word::<ServiceGranularity>("granularity", faults);
    let console_access = table.boolean("console_access", faults);
    let tag_authorization = table.boolean("tag_authorization", faults);
    let ip_restriction = table.word::<IpRestriction>("ip_restriction", faults);
    let source = read_source(&table, faults);
    let overrides = life::overrides(&table, life::SERVICE_FACTS, faults);
    let notes = table.notes(SERVICE_KEYS, faults);

    let pattern_tables = table.tables("pattern", true, faults);
    let mut singles = HashMap::new();
    let patterns = pattern_tables.iter().map(|named| read_pattern(named, id, &mut singles, faults)).collect();
    let category_tables = table.tables("category", true, faults);
    let categories = category_tables.iter().map(|named| read_category(named, faults)).collect();
    let page_tables = table.tables("console_page", true, faults);
    let console_pages = page_tables.iter().map(|named| read_link("console page", named, faults)).collect();
    let reference_tables = table.tables("reference", true, faults);
    let references = reference_tables.iter().map(|named| read_link("reference", named, faults)).collect();
    let restriction_tables = table.tables("restriction", true, faults);

    let mut refer = Targets {
        patterns: Referents::new("pattern", &table, &pattern_tables, faults),
        categories: Referents::new("category", &table, &category_tables, faults),
        console_pages: Referents::new("console_page", &table, &page_tables, faults),
        references: Referents::new("reference", &table, &reference_tables, faults),
        restrictions: Referents::new("restriction", &table, &restriction_tables, faults),
    };
    let restrictions = restriction_tables
        .iter()
        .filter_map(|named| read_restriction(named, &mut refer.restrictions, faults))
        .collect();
    let actions = read_actions(&table, &mut refer, faults);
    for referents in [&refer.patterns, &refer.categories, &refer.console_pages, &refer.restrictions] {
        referents.report_unused(faults);
    }
    check_types(&pattern_tables, &actions, faults);
    if let Some((stated, span)) = granularity.as_ref().filter(|_| !notes.contains_key("granularity")) {
        check_granularity(*stated, span, &table, &actions, faults);
    }
    if let Some((stated, span)) = ip_restriction.as_ref().filter(|_| !notes.contains_key("ip_restriction")) {
        check_ip_restriction(*stated, span, &table, &actions, faults);
    }
    Service {
        id: named.entry.key.to_owned(),
        name,
        granularity: granularity.map_or(ServiceGranularity::Resource, |(found, _)| found),
        console_access,
        tag_authorization,
        ip_restriction: ip_restriction.map(|(found, _)| found),
        source,
        overrides,
        notes,
        patterns,
        categories,
        console_pages,
        references,
        restrictions,
        actions: actions.into_iter().map(|read| read.action).collect(),
    }
}

/// The types of a service share a module: those of the patterns, and the enums of the actions.
fn check_types(patterns: &[Named<'_>], actions: &[Read], faults: &mut Faults<'_>) {
    let mut types = Types::default();
    for named in patterns {
        let (name, span) = (named.entry.key, &named.entry.span);
        if snake("pattern", named, faults)
            && types.claim(names::camel(name), format!("the type of pattern `{name}`"), span, faults)
        {
            let set = names::pattern_set(Granularity::Resource, &[name.to_owned()]);
            types.claim(set, format!("the enum of the actions of `{name}`"), span, faults);
        }
    }
    let mut sets: BTreeMap<&[String], &Range<usize>> = BTreeMap::new();
    for read in actions.iter().filter(|read| read.action.patterns.len() > 1) {
        sets.entry(&read.action.patterns).or_insert(&read.patterns);
    }
    for (set, span) in sets {
        types.claim(
            names::pattern_set(Granularity::Resource, set),
            format!("the enum of the actions of {}", list(set).replace(", ", " and ")),
            span,
            faults,
        );
    }
}

/// Names of types, with what they are the names of.
#[derive(Default)]
struct Types(HashMap<String, (String, Range<usize>)>);

impl Types {
    /// Whether the name is free; if not, that is reported.
    fn claim(&mut self, name: String, what: String, span: &Range<usize>, faults: &mut Faults<'_>) -> bool {
        const LABEL: &str = "the name is taken";
        const HELP: &str = "rename the pattern";
        if names::is_taken_type(&name) {
            let message = format!("{what} cannot be `{name}`: Rust or the generated code has that name");
            faults.add(span, message, LABEL, HELP);
            return false;
        }
        if let Some((first, first_span)) = self.0.get(&name) {
            let message = format!("{what} and {first} would both be called `{name}`");
            faults.add(span, message, LABEL, HELP).and(first_span, "by this");
            return false;
        }
        self.0.insert(name, (what, span.clone()));
        true
    }
}

fn snake(what: &str, named: &Named<'_>, faults: &mut Faults<'_>) -> bool {
    let key = named.entry.key;
    let fits = names::is_snake(key);
    if !fits {
        let help = "write lower-case letters, digits and single `_`, a letter first";
        faults.add(&named.entry.span, format!("`{key}` is no name for a {what}"), "not snake case", help);
    }
    fits
}

fn check_granularity(
    stated: ServiceGranularity,
    span: &Range<usize>,
    service: &Table<'_>,
    actions: &[Read],
    faults: &mut Faults<'_>,
) {
    let finer = |read: &&Read| match stated {
        ServiceGranularity::Service => {
            read.granularity_known && read.action.granularity != Granularity::Undocumented
        }
        ServiceGranularity::Operation => read.action.granularity == Granularity::Resource,
        ServiceGranularity::Resource => false,
    };
    if let Some(first) = actions.iter().find(finer) {
        let count = actions.iter().filter(finer).count();
        faults
            .add(
                span,
                format!("the granularity of {} is below that of {count} of its actions", service.owner),
                "coarser than its actions",
                "if the source contradicts itself keep both and add `note.granularity.en` and `.zh`",
            )
            .and(&first.span, format!("{} level", first.action.granularity.word()));
    }
}

fn check_ip_restriction(
    stated: IpRestriction,
    span: &Range<usize>,
    service: &Table<'_>,
    actions: &[Read],
    faults: &mut Faults<'_>,
) {
    let contrary = match stated {
        IpRestriction::Supported => Some(false),
        IpRestriction::Unsupported => Some(true),
        IpRestriction::Partial => return,
    };
    let contradicts = |read: &&Read| read.action.ip_condition == contrary;
    if let Some(first) = actions.iter().find(contradicts) {
        let count = actions.iter().filter(contradicts).count();
        faults
            .add(
                span,
                format!("the IP restriction of {} contradicts {count} of its actions", service.owner),
                "not what the actions say",
                "correct one side, or keep both and add `note.ip_restriction.en` and `.zh`",
            )
            .and(&first.span, "an action that says otherwise");
    }
}

fn read_source(service: &Table<'_>, faults: &mut Faults<'_>) -> Source {
    let mut source = Source { title: String::new(), url: None, read: String::new() };
    let help = "write `source.title`, `source.url` where it is known, and `source.read = YYYY-MM-DD`";
    if service.lacks("source", faults) {
        service.missing("source", help, faults);
    }
    let Some(entry) = service.get("source") else { return source };
    let Some(found) = table(entry.value, "`source`", "a table", help, faults) else { return source };
    let found = Table::new(service.owner, &entry.span, "source.", found, SOURCE_KEYS, faults);
    if let Some((title, _)) = found.required("title", "write `source.title`, the title of the page", faults) {
        title.clone_into(&mut source.title);
    }
    source.url = url("source.url", found.string("url", faults), faults);
    let help = "write the day the page was read, `source.read = YYYY-MM-DD`, without quotes";
    match found.get("read").map(|read| (read.value, read.value.get_ref())) {
        Some((_, DeValue::Datetime(day))) if day.time.is_none() && day.date.is_some() => {
            source.read = day.to_string();
        }
        Some((value, _)) => wrong_type(value, "`source.read`", "a date", help, faults),
        None if found.lacks("read", faults) => found.missing("read", help, faults),
        None => {}
    }
    source
}

fn read_category(named: &Named<'_>, faults: &mut Faults<'_>) -> Category {
    snake("category", named, faults);
    let title = named.open(TEXT_KEYS, faults).both(faults);
    Category { name: named.entry.key.to_owned(), title }
}

fn read_restriction<'a>(
    named: &Named<'a>,
    referents: &mut Referents<'a>,
    faults: &mut Faults<'_>,
) -> Option<(RestrictionReason, Text)> {
    let (key, span) = (named.entry.key, &named.entry.span);
    let text = named.open(TEXT_KEYS, faults).both(faults);
    let reason = word::<RestrictionReason>("a restriction", key, span, faults);
    if reason.is_none() {
        referents.misspelt(key);
    }
    reason.map(|reason| (reason, text))
}

fn read_link(what: &str, named: &Named<'_>, faults: &mut Faults<'_>) -> Link {
    snake(what, named, faults);
    let table = named.open(LINK_KEYS, faults);
    let help = "write `title.en = \"…\"` and `title.zh = \"…\"`, as the source words it";
    let title = table.text("title", help, faults);
    let address = table.required("url", "write `url = \"https://…\"`", faults);
    let url = url("url", address, faults).unwrap_or_default();
    Link { name: named.entry.key.to_owned(), title, url }
}

/// An https address that is safe to print anywhere.
fn url(key: &str, found: Option<(&str, Range<usize>)>, faults: &mut Faults<'_>) -> Option<String> {
    let (url, span) = found?;
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_host = |host: &str| host.contains('.') && host.split('.').all(is_label);
    let host = url.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let fault = match host {
        None => Some("does not begin with `https://`"),
        Some(host) if !is_host(host) => Some("names no host"),
        Some(_) if !url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`\\^{|}()[]".contains(&b)) => {
            Some("has characters that must be percent-encoded")
        }
        Some(_) => None,
    };
    if let Some(fault) = fault {
        faults.add(
            &span,
            format!("`{key}` is no https address: it {fault}"),
            "not an address",
            "write the page's address, `https://…`, with `%20` for a blank, `%28` and `%29` for brackets",
        );
    }
    Some(url.to_owned())
}
