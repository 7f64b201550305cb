//! Writes the facts of a service as read-only data. The rows of `cam_policy::catalog` say which facts exist.

use cam_policy::catalog::{
    Action, ActionFacts, Category, Fact, Facts, Kind, Link, Note, Override, Pattern, Placeholder, Presence,
    Restriction, Service, Source, Stated, Tables, Target, Text, Value, Word,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::plan::{Plan, Set, ident};
use crate::numbers::Numbers;

/// Returns the module with the statics of a service.
pub(super) fn facts(plan: &Plan<'_>) -> TokenStream {
    let service = plan.service;
    let enums = plan.sets.iter().filter(|set| is_named(plan, set)).map(|set| &set.name);
    let doc = plan.texts.outer(format!(
        "What the catalog states about the service.\n\n```\nassert_eq!(tencent_cam::{}::SERVICE.id, {:?});\n```",
        plan.module, service.id
    ));
    let id = plan.texts.string(service.id);
    let rows = Service::FACTS.iter().filter_map(|fact| match fact.kind {
        Kind::Tables(target) => {
            has(service, target).then_some(())?;
            let (field, table) = (ident(fact.field), table_of(target));
            Some(quote!(#field: &#table,))
        }
        _ => field(plan, fact, service, &Service::UNSTATED),
    });
    let lookup = lookup(service);
    let mut patterns = service.patterns.iter().map(|pattern| {
        let name = plan.texts.string(pattern.name);
        let rows = Pattern::FACTS.iter().filter_map(|fact| field(plan, fact, pattern, &Pattern::UNSTATED));
        quote!(Pattern { name: #name, #(#rows)* ..Pattern::UNSTATED })
    });
    let tables: [Option<TokenStream>; 5] = [
        table(Target::Pattern, "Pattern", &mut patterns),
        table(Target::Category, "Category", &mut service.categories.iter().map(|one| one.constant(plan))),
        table(Target::ConsolePage, "Link", &mut service.console_pages.iter().map(|one| one.constant(plan))),
        table(Target::Reference, "Link", &mut service.references.iter().map(|one| one.constant(plan))),
        table(
            Target::Restriction,
            "Restriction",
            &mut service.restrictions.iter().map(|one| one.constant(plan)),
        ),
    ];
    let actions = actions(plan);
    let count = Literal::usize_unsuffixed(service.actions.len());
    let numbers =
        plan.sets.iter().flat_map(|set| &set.actions).map(|action| Literal::u16_unsuffixed(action.number()));
    quote! {
        pub use self::facts::SERVICE;

        mod facts {
            #(use super::#enums;)*
            use crate::catalog::*;
            use crate::catalog::ActionFact::*;
            use crate::facts::{self, Group};

            #doc
            pub static SERVICE: Service<'static> = Service {
                id: #id,
                #(#rows)*
                lookup: #lookup,
                ..Service::UNSTATED
            };

            #(#tables)*

            /// The numbers of the actions, enum after enum.
            pub(super) static NUMBERS: [u16; #count] = [#(#numbers),*];

            #actions
        }
    }
}

/// Whether a fact of an action uses the enum.
fn is_named(plan: &Plan<'_>, set: &Set<'_>) -> bool {
    let is_home = |other: Option<Action<'_>>| other.is_some_and(|other| plan.set(other).name == set.name);
    !set.patterns.is_empty()
        || plan.service.actions().any(|action| is_home(action.replaced_by()) || is_home(action.alternative()))
}

fn lookup(service: &Service<'_>) -> TokenStream {
    let names: Vec<&str> = service.actions.iter().map(|action| action.name).collect();
    let Tables { seed, displacements, slots } = Tables::of(&names);
    let seed = Literal::u64_unsuffixed(seed);
    let displacements = displacements.into_iter().map(Literal::u16_unsuffixed);
    let slots = slots.into_iter().map(Literal::u16_unsuffixed);
    quote!(Lookup { seed: #seed, displacements: &[#(#displacements),*], slots: &[#(#slots),*] })
}

/// Returns the name of the static that holds the items of this kind.
fn table_of(target: Target) -> Ident {
    ident(match target {
        Target::Action => "ACTIONS",
        Target::Pattern => "PATTERNS",
        Target::Category => "CATEGORIES",
        Target::ConsolePage => "CONSOLE_PAGES",
        Target::Reference => "REFERENCES",
        Target::Restriction => "RESTRICTIONS",
    })
}

/// Whether the service has an item of this kind.
fn has(service: &Service<'_>, target: Target) -> bool {
    0 < match target {
        Target::Action => service.actions.len(),
        Target::Pattern => service.patterns.len(),
        Target::Category => service.categories.len(),
        Target::ConsolePage => service.console_pages.len(),
        Target::Reference => service.references.len(),
        Target::Restriction => service.restrictions.len(),
    }
}

/// Returns the static that holds the items of a kind, or nothing if there are none: rustc checks each static by itself.
fn table(
    target: Target,
    kind: &str,
    items: &mut dyn ExactSizeIterator<Item = TokenStream>,
) -> Option<TokenStream> {
    (items.len() > 0).then_some(())?;
    let (table, kind) = (table_of(target), ident(kind));
    let count = Literal::usize_unsuffixed(items.len());
    // The types of the resources and of the enums refer to the patterns.
    let visibility = (target == Target::Pattern).then(|| quote!(pub(super)));
    Some(quote!(#visibility static #table: [#kind<'static>; #count] = [#(#items),*];))
}

/// The facts that stand in the row of an action; actions of a group share all others.
const IN_ROWS: [&str; 2] = ["description", "doc_url"];

/// Returns the table of the actions, in groups that share facts. `crate::facts` of the crate that includes it reads them.
fn actions(plan: &Plan<'_>) -> TokenStream {
    let mut groups: Vec<(TokenStream, Vec<Literal>)> = Vec::new();
    let mut known = Numbers::default();
    for action in plan.service.actions() {
        let shared: TokenStream = ActionFacts::FACTS
            .iter()
            .filter(|fact| !IN_ROWS.contains(&fact.key))
            .filter_map(|fact| {
                let value = stated(fact, action.facts(), &ActionFacts::UNSTATED)?;
                let (name, value) = (ident(fact.field), constant(plan, fact, value, Some(action)));
                Some(quote!(#name(#value),))
            })
            .collect();
        let (place, is_known) = known.add(shared.to_string());
        if !is_known {
            groups.push((shared, Vec::new()));
        }
        groups[place].1.push(row(plan, action));
    }
    let groups = groups.into_iter().map(|(shared, rows)| {
        quote! {
            Group {
                shared: &[#shared],
                actions: &[#(#rows),*],
            }
        }
    });
    let count = Literal::usize_unsuffixed(plan.service.actions.len());
    quote! {
        static ACTIONS: [ActionFacts<'static>; #count] = facts::table(ACTION_GROUPS);

        /// Number, name, name with the service, description in English and in Chinese, address of the documentation.
        const ACTION_GROUPS: &[Group] = &[#(#groups),*];
    }
}

/// A row is one token: most of a file consists of rows, and six values each would take a seventh of the build script's time.
fn row(plan: &Plan<'_>, action: Action<'_>) -> Literal {
    let Text { en, zh } = action.description().unwrap_or(Text { en: "", zh: "" });
    let (name, id, url) = (action.name(), action.as_str(), action.doc_url().unwrap_or_default());
    plan.texts.row(format!("({}, {name:?}, {id:?}, {en:?}, {zh:?}, {url:?}),", action.number()))
}

/// Returns the field of a fact, or nothing if the fact is absent and the default value says so.
fn field<'c, I: Facts<'c>>(plan: &Plan<'_>, fact: &Fact, item: &I, unstated: &I) -> Option<TokenStream> {
    let value = stated(fact, item, unstated)?;
    let field = ident(fact.field);
    let value = constant(plan, fact, value, None);
    Some(match fact.presence {
        Presence::Optional => quote!(#field: Some(#value),),
        _ => quote!(#field: #value,),
    })
}

/// Returns the value of a fact, or `None` if the fact is absent and the default value says so.
fn stated<'c, I: Facts<'c>>(fact: &Fact, item: &I, unstated: &I) -> Option<Value<'c>> {
    let value = item.value(fact.key)?;
    let is_default = fact.presence != Presence::Required && unstated.value(fact.key) == Some(value);
    (!is_default).then_some(value)
}

/// Returns the value of a fact as a constant. `action` is the action of the fact, if it is one of an action.
fn constant(plan: &Plan<'_>, fact: &Fact, value: Value<'_>, action: Option<Action<'_>>) -> TokenStream {
    let service = plan.service;
    match (value, fact.kind) {
        (Value::Flag(flag), _) => flag.constant(plan),
        (Value::String(text), _) => text.constant(plan),
        (Value::Strings(list), _) => list.constant(plan),
        (Value::Text(text), _) => text.constant(plan),
        (Value::Source(source), _) => source.constant(plan),
        (Value::Placeholders(placeholders), _) => placeholders.constant(plan),
        (Value::Overrides(overrides), _) => overrides.constant(plan),
        (Value::Notes(notes), _) => notes.constant(plan),
        (Value::Word(entry), Kind::Word(vocabulary)) => word(vocabulary.name, entry.variant),
        (Value::Action(number), _) => {
            let other = Action::new(service, number);
            let (name, variant) = (&plan.set(other).name, plan.variant_of(other));
            quote!(#name::#variant.facts().number())
        }
        (Value::Category(found), _) => {
            element(Target::Category, place(service.categories, |one| one.name == found.name))
        }
        (Value::Restriction(found), _) => {
            element(Target::Restriction, place(service.restrictions, |one| one.reason == found.reason))
        }
        (Value::Patterns(_), _) => {
            let set = &plan.set(action.expect("only actions have patterns")).name;
            quote!(#set::PATTERNS)
        }
        (Value::Links(links), Kind::Names(target)) => {
            let all = if target == Target::ConsolePage { service.console_pages } else { service.references };
            let links = links.iter().map(|link| element(target, place(all, |one| one.name == link.name)));
            // Rust before 1.89 keeps no reference to statics alive that is an argument.
            quote!(const { &[#(#links),*] })
        }
        (value, kind) => unreachable!("{value:?} is no {kind:?}"),
    }
}

/// Returns `&TABLE[at]`.
fn element(target: Target, at: usize) -> TokenStream {
    let (table, at) = (table_of(target), Literal::usize_unsuffixed(at));
    quote!(&#table[#at])
}

/// Returns the index of an item in a list that contains it.
pub(super) fn place<T>(list: &[T], is_it: impl Fn(&T) -> bool) -> usize {
    list.iter().position(is_it).expect("a linked catalog refers only to what it has")
}

fn word(kind: &str, variant: &str) -> TokenStream {
    let (kind, variant) = (ident(kind), ident(variant));
    quote!(#kind::#variant)
}

/// A value that can be a Rust constant.
trait Constant {
    fn constant(&self, plan: &Plan<'_>) -> TokenStream;
}

impl Constant for bool {
    fn constant(&self, _: &Plan<'_>) -> TokenStream {
        self.to_token_stream()
    }
}

impl Constant for &str {
    fn constant(&self, plan: &Plan<'_>) -> TokenStream {
        plan.texts.string(self).into_token_stream()
    }
}

impl<C: Constant> Constant for Option<C> {
    fn constant(&self, plan: &Plan<'_>) -> TokenStream {
        match self {
            Some(value) => {
                let value = value.constant(plan);
                quote!(Some(#value))
            }
            None => quote!(None),
        }
    }
}

impl<C: Constant> Constant for &[C] {
    fn constant(&self, plan: &Plan<'_>) -> TokenStream {
        let values = self.iter().map(|value| value.constant(plan));
        quote!(&[#(#values),*])
    }
}

/// The parts of facts, as constants with the same fields.
macro_rules! parts {
    ($($name:ident { $($field:ident),+ })+) => {$(
        impl Constant for $name<'_> {
            fn constant(&self, plan: &Plan<'_>) -> TokenStream {
                $(let $field = self.$field.constant(plan);)+
                quote!($name { $($field: #$field),+ })
            }
        }
    )+};
}
parts! {
    Category { name, title }
    Link { name, title, url }
    Note { about, text }
    Override { about, upstream, reason }
    Placeholder { name, kind }
    Restriction { reason, text }
    Source { title, url, dated, read }
    Text { en, zh }
}

impl Constant for Stated<'_> {
    fn constant(&self, plan: &Plan<'_>) -> TokenStream {
        let (kind, value) = match self {
            Self::Text(text) => ("Text", text.constant(plan)),
            Self::Flag(flag) => ("Flag", flag.constant(plan)),
            Self::List(list) => ("List", list.constant(plan)),
        };
        let kind = ident(kind);
        quote!(Stated::#kind(#value))
    }
}

macro_rules! words {
    ($($name:ident)+) => {$(
        impl Constant for cam_policy::catalog::$name {
            fn constant(&self, _: &Plan<'_>) -> TokenStream {
                word(Self::VOCABULARY.name, self.entry().variant)
            }
        }
    )+};
}
words! { PlaceholderKind RestrictionReason }
