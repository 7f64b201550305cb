//! The facts of a service, as read-only data.

use cam_policy::catalog::{
    Action, ActionFacts, Category, Link, Note, Override, Pattern, Placeholder, Restriction, Source, Stated,
    Tables, Text, Word,
};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::enums::place;
use super::plan::{Plan, ident};

/// The statics of a service.
pub(super) fn service(plan: &Plan<'_>) -> TokenStream {
    let service = plan.service;
    let patterns = table(plan, "PATTERNS", "Pattern", service.patterns);
    let categories = table(plan, "CATEGORIES", "Category", service.categories);
    let console_pages = table(plan, "CONSOLE_PAGES", "Link", service.console_pages);
    let references = table(plan, "REFERENCES", "Link", service.references);
    let restrictions = table(plan, "RESTRICTIONS", "Restriction", service.restrictions);
    let count = Literal::usize_unsuffixed(service.actions.len());
    let actions = service.actions().map(|action| action_facts(plan, action));
    let id = service.id;
    let name = service.name.value(plan);
    let granularity = word(service.granularity, "ServiceGranularity");
    let grouped_by = word(service.grouped_by, "Grouping");
    let console_access = service.console_access.value(plan);
    let tag_authorization = service.tag_authorization.value(plan);
    let ip_restriction = option(service.ip_restriction.map(|found| word(found, "IpRestriction")));
    let source = service.source.value(plan);
    let overrides = service.overrides.value(plan);
    let notes = service.notes.value(plan);
    let names: Vec<&str> = service.actions.iter().map(|action| action.name).collect();
    let Tables { seed, displacements, slots } = Tables::of(&names);
    let seed = Literal::u64_unsuffixed(seed);
    let doc = plan.texts.outer(format!(
        "What the catalog states about the service.\n\n\
         ```\nassert_eq!(tencent_cam::{}::SERVICE.id, {id:?});\n```",
        plan.module
    ));
    let displacements = displacements.into_iter().map(Literal::u16_unsuffixed);
    let slots = slots.into_iter().map(Literal::u16_unsuffixed);
    let enums = plan.sets.iter().map(|set| &set.name);
    quote! {
        pub use self::facts::SERVICE;

        mod facts {
            use super::{#(#enums),*};
            use crate::catalog::*;

            #doc
            pub static SERVICE: Service<'static> = Service {
                id: #id,
                name: #name,
                granularity: #granularity,
                grouped_by: #grouped_by,
                console_access: #console_access,
                tag_authorization: #tag_authorization,
                ip_restriction: #ip_restriction,
                source: #source,
                overrides: #overrides,
                notes: #notes,
                patterns: &PATTERNS,
                categories: &CATEGORIES,
                console_pages: &CONSOLE_PAGES,
                references: &REFERENCES,
                restrictions: &RESTRICTIONS,
                actions: &ACTIONS,
                lookup: Lookup {
                    seed: #seed,
                    displacements: &[#(#displacements),*],
                    slots: &[#(#slots),*],
                },
            };

            pub(super) #patterns
            #categories
            #console_pages
            #references
            #restrictions

            static ACTIONS: [ActionFacts<'static>; #count] = [#(#actions),*];
        }
    }
}

/// A static that holds a list of a service.
fn table<V: Value>(plan: &Plan<'_>, name: &str, kind: &str, values: &[V]) -> TokenStream {
    let (name, kind) = (ident(name), ident(kind));
    let count = Literal::usize_unsuffixed(values.len());
    let values = values.iter().map(|value| value.value(plan));
    quote!(static #name: [#kind<'static>; #count] = [#(#values),*];)
}

/// Only what is stated; the rest comes from `UNSTATED`.
fn action_facts(plan: &Plan<'_>, action: Action<'_>) -> TokenStream {
    let facts = action.facts();
    /// The fields whose value differs from that of an action of which nothing is stated.
    macro_rules! stated {
        ($($field:ident: $value:expr,)+) => {
            [$((facts.$field != ActionFacts::UNSTATED.$field).then(|| {
                let value = $value;
                quote!($field: #value,)
            }),)+]
        };
    }
    let numbered = |other: Option<Action<'_>>| {
        let other = other.map(|other| {
            let (name, variant) = (&plan.set(other).name, plan.variant_of(other));
            quote!(#name::#variant as u16)
        });
        option(other)
    };
    let set = &plan.set(action).name;
    let stated = stated! {
        name: facts.name.value(plan),
        qualified_name: facts.qualified_name.value(plan),
        removed: facts.removed.value(plan),
        replaced_by: numbered(action.replaced_by()),
        granularity: word(facts.granularity, "Granularity"),
        patterns: quote!(#set::PATTERNS),
        access_level: option(facts.access_level.map(|found| word(found, "AccessLevel"))),
        surface: option(facts.surface.map(|found| word(found, "Surface"))),
        category: option(facts.category.map(|found| {
            let at = place(plan.service.categories, |one| one.name == found.name);
            element("CATEGORIES", at)
        })),
        console_pages: elements("CONSOLE_PAGES", facts.console_pages, plan.service.console_pages),
        doc_url: facts.doc_url.value(plan),
        ip_condition: facts.ip_condition.value(plan),
        restriction: option(facts.restriction.map(|found| {
            let at = place(plan.service.restrictions, |one| one.reason == found.reason);
            element("RESTRICTIONS", at)
        })),
        alternative: numbered(action.alternative()),
        references: elements("REFERENCES", facts.references, plan.service.references),
        description: facts.description.value(plan),
        overrides: facts.overrides.value(plan),
        notes: facts.notes.value(plan),
    };
    let stated = stated.into_iter().flatten();
    quote!(ActionFacts { #(#stated)* ..ActionFacts::UNSTATED })
}

/// `&TABLE[at]`.
fn element(table: &str, at: usize) -> TokenStream {
    let (table, at) = (ident(table), Literal::usize_unsuffixed(at));
    quote!(&#table[#at])
}

fn elements(table: &str, links: &[&Link<'_>], all: &[Link<'_>]) -> TokenStream {
    let links = links.iter().map(|link| element(table, place(all, |one| one.name == link.name)));
    quote!(&[#(#links),*])
}

fn word(word: impl Word, kind: &str) -> TokenStream {
    let (kind, variant) = (ident(kind), ident(word.variant()));
    quote!(#kind::#variant)
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// A value that Rust can state as a constant.
trait Value {
    fn value(&self, plan: &Plan<'_>) -> TokenStream;
}

impl Value for bool {
    fn value(&self, _: &Plan<'_>) -> TokenStream {
        quote!(#self)
    }
}

impl Value for &str {
    fn value(&self, plan: &Plan<'_>) -> TokenStream {
        plan.texts.string(self).into_token_stream()
    }
}

impl<V: Value> Value for Option<V> {
    fn value(&self, plan: &Plan<'_>) -> TokenStream {
        option(self.as_ref().map(|value| value.value(plan)))
    }
}

impl<V: Value> Value for &[V] {
    fn value(&self, plan: &Plan<'_>) -> TokenStream {
        let values = self.iter().map(|value| value.value(plan));
        quote!(&[#(#values),*])
    }
}

/// A structure of the catalog, by its fields.
macro_rules! structures {
    ($($name:ident { $($field:ident),+ })+) => {$(
        impl Value for $name<'_> {
            fn value(&self, plan: &Plan<'_>) -> TokenStream {
                $(let $field = self.$field.value(plan);)+
                quote!($name { $($field: #$field),+ })
            }
        }
    )+};
}
structures! {
    Category { name, title }
    Link { name, title, url }
    Note { about, text }
    Override { about, upstream, reason }
    Pattern { name, single, all, placeholders, service_segment, description, notes }
    Placeholder { name, kind }
    Restriction { reason, text }
    Source { title, url, read }
    Text { en, zh }
}

impl Value for Stated<'_> {
    fn value(&self, plan: &Plan<'_>) -> TokenStream {
        match self {
            Self::Text(text) => {
                let text = text.value(plan);
                quote!(Stated::Text(#text))
            }
            Self::Flag(flag) => quote!(Stated::Flag(#flag)),
            Self::List(list) => {
                let list = list.value(plan);
                quote!(Stated::List(#list))
            }
        }
    }
}

impl Value for cam_policy::catalog::PlaceholderKind {
    fn value(&self, _: &Plan<'_>) -> TokenStream {
        word(*self, "PlaceholderKind")
    }
}

impl Value for cam_policy::catalog::RestrictionReason {
    fn value(&self, _: &Plan<'_>) -> TokenStream {
        word(*self, "RestrictionReason")
    }
}
