//! Links a catalog that was validated: names become references.

use std::collections::BTreeMap;

use cam_policy::catalog::{
    AccessLevel, ActionFacts, Catalog, Category, Granularity, Grouping, IpRestriction, Link, Lookup, Note,
    Override, Pattern, Placeholder, PlaceholderKind, Restriction, RestrictionReason, Service,
    ServiceGranularity, Source, Stated, Surface, Tables, Text, Word,
};

use crate::arena::Arena;
use crate::model;

pub(crate) fn link<'a>(arena: &'a Arena, catalog: &model::Catalog) -> Catalog<'a> {
    let services: Vec<Service<'a>> = catalog.services.iter().map(|found| service(arena, found)).collect();
    Catalog { version: catalog.version, services: arena.list(&services) }
}

/// The value of the same word. Both sets have the same words.
fn same<T: Word>(word: &str) -> T {
    *T::ALL.iter().find(|value| value.entry().word == word).expect("both models have the same words")
}

fn text<'a>(arena: &'a Arena, text: &model::Text) -> Text<'a> {
    Text { en: arena.text(&text.en), zh: arena.text(&text.zh) }
}

fn notes<'a>(arena: &'a Arena, notes: &BTreeMap<String, model::Text>) -> &'a [Note<'a>] {
    let notes: Vec<Note<'_>> = notes
        .iter()
        .map(|(about, note)| Note { about: arena.text(about), text: text(arena, note) })
        .collect();
    arena.list(&notes)
}

fn overrides<'a>(arena: &'a Arena, overrides: &BTreeMap<String, model::Override>) -> &'a [Override<'a>] {
    let stated = |fact: &model::Stated| match fact {
        model::Stated::Text(text) => Stated::Text(arena.text(text)),
        model::Stated::Flag(flag) => Stated::Flag(*flag),
        model::Stated::List(names) => {
            Stated::List(arena.list(&names.iter().map(|name| arena.text(name)).collect::<Vec<_>>()))
        }
    };
    let overrides: Vec<Override<'_>> = overrides
        .iter()
        .map(|(about, found)| Override {
            about: arena.text(about),
            upstream: found.upstream.as_ref().map(stated),
            reason: text(arena, &found.reason),
        })
        .collect();
    arena.list(&overrides)
}

fn links<'a>(arena: &'a Arena, links: &[model::Link]) -> &'a [Link<'a>] {
    let links: Vec<Link<'_>> = links
        .iter()
        .map(|link| Link {
            name: arena.text(&link.name),
            title: text(arena, &link.title),
            url: arena.text(&link.url),
        })
        .collect();
    arena.list(&links)
}

fn pattern<'a>(arena: &'a Arena, pattern: &model::Pattern) -> Pattern<'a> {
    let placeholders: Vec<Placeholder<'_>> = pattern
        .placeholders
        .iter()
        .map(|(name, kind)| Placeholder {
            name: arena.text(name),
            kind: same::<PlaceholderKind>(kind.word()),
        })
        .collect();
    Pattern {
        name: arena.text(&pattern.name),
        single: arena.text(&pattern.single),
        all: arena.text(&pattern.all),
        placeholders: arena.list(&placeholders),
        service_segment: pattern.service_segment.as_ref().map(|segment| arena.text(segment)),
        description: Some(text(arena, &pattern.description)),
        notes: notes(arena, &pattern.notes),
    }
}

/// The one of a name; the catalog has no name that is not defined.
fn named<'a, T>(items: &'a [T], name: &str, of: impl Fn(&T) -> &str) -> &'a T {
    items.iter().find(|item| of(item) == name).expect("every name is defined")
}

fn service<'a>(arena: &'a Arena, service: &model::Service) -> Service<'a> {
    let patterns: Vec<Pattern<'_>> = service.patterns.iter().map(|found| pattern(arena, found)).collect();
    let patterns = arena.list(&patterns);
    let categories: Vec<Category<'_>> = service
        .categories
        .iter()
        .map(|found| Category { name: arena.text(&found.name), title: text(arena, &found.title) })
        .collect();
    let categories = arena.list(&categories);
    let console_pages = links(arena, &service.console_pages);
    let references = links(arena, &service.references);
    let restrictions: Vec<Restriction<'_>> = service
        .restrictions
        .iter()
        .map(|(reason, words)| Restriction {
            reason: same::<RestrictionReason>(reason.word()),
            text: text(arena, words),
        })
        .collect();
    let restrictions = arena.list(&restrictions);

    let mut actions: Vec<&model::Action> = service.actions.iter().collect();
    actions.sort_by(|a, b| a.name.cmp(&b.name));
    let number = |name: &String| {
        let found = actions.binary_search_by(|action| action.name.cmp(name)).expect("every name is defined");
        u16::try_from(found).expect("a service has at most 65,535 actions")
    };
    let names = |names: &[String], known: &'a [Link<'a>]| {
        let found: Vec<&'a Link<'a>> =
            names.iter().map(|name| named(known, name, |link| link.name)).collect();
        arena.list(&found)
    };
    let linked: Vec<ActionFacts<'_>> = actions
        .iter()
        .map(|action| {
            let found: Vec<&'a Pattern<'a>> =
                action.patterns.iter().map(|name| named(patterns, name, |pattern| pattern.name)).collect();
            let reason = action.restriction.map(|reason| same::<RestrictionReason>(reason.word()));
            ActionFacts {
                name: arena.text(&action.name),
                qualified_name: arena.text(&format!("{}:{}", service.id, action.name)),
                removed: action.removed.as_ref().map(|day| arena.text(day)),
                replaced_by: action.replaced_by.as_ref().map(number),
                granularity: same::<Granularity>(action.granularity.word()),
                patterns: arena.list(&found),
                access_level: action.access_level.map(|found| same::<AccessLevel>(found.word())),
                surface: action.surface.map(|found| same::<Surface>(found.word())),
                category: action
                    .category
                    .as_ref()
                    .map(|name| named(categories, name, |category| category.name)),
                console_pages: names(&action.console_pages, console_pages),
                doc_url: action.doc_url.as_ref().map(|url| arena.text(url)),
                ip_condition: action.ip_condition,
                restriction: reason.map(|reason| {
                    let found = restrictions.iter().find(|restriction| restriction.reason == reason);
                    found.expect("every restriction is defined")
                }),
                alternative: action.alternative.as_ref().map(number),
                references: names(&action.references, references),
                description: Some(text(arena, &action.description)),
                overrides: overrides(arena, &action.overrides),
                notes: notes(arena, &action.notes),
            }
        })
        .collect();
    let actions = arena.list(&linked);
    let tables = Tables::of(&actions.iter().map(|action| action.name).collect::<Vec<_>>());
    let by_surface = model::by_surface(service.actions.iter());
    Service {
        id: arena.text(&service.id),
        name: text(arena, &service.name),
        granularity: same::<ServiceGranularity>(service.granularity.word()),
        grouped_by: if by_surface { Grouping::Surface } else { Grouping::AccessLevel },
        console_access: service.console_access,
        tag_authorization: service.tag_authorization,
        ip_restriction: service.ip_restriction.map(|found| same::<IpRestriction>(found.word())),
        complete: None,
        source: Source {
            title: arena.text(&service.source.title),
            url: service.source.url.as_ref().map(|url| arena.text(url)),
            read: arena.text(&service.source.read),
        },
        overrides: overrides(arena, &service.overrides),
        notes: notes(arena, &service.notes),
        patterns,
        categories,
        console_pages,
        references,
        restrictions,
        actions,
        lookup: Lookup {
            seed: tables.seed,
            displacements: arena.list(&tables.displacements),
            slots: arena.list(&tables.slots),
        },
    }
}
