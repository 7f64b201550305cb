//! The enums of a service's actions.

use cam_policy::catalog::{Granularity, Word};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::facts::place;
use super::plan::{Plan, Set, ident};
use crate::names::camel;

/// The enum of a set of actions, and what may be granted with it.
pub(super) fn set(plan: &Plan<'_>, set: &Set<'_>) -> TokenStream {
    let name = &set.name;
    let doc = plan.texts.outer(docs::of_set(plan, set));
    let variants = set.actions.iter().map(|action| {
        let (doc, alias, variant) = (
            plan.texts.outer(docs::of_action(plan, *action)),
            plan.texts.string(action.as_str()),
            plan.variant_of(*action),
        );
        let deprecated = deprecated(plan, *action);
        quote!(#doc #[doc(alias = #alias)] #deprecated #variant,)
    });
    // A path through `Self` would cost rustc a search among the variants.
    let all = set.actions.iter().map(|action| plan.variant_of(*action));
    let before = (set.before > 0).then(|| {
        let before = Literal::usize_unsuffixed(set.before);
        quote!(#before +)
    });
    let granularity = ident(set.granularity.entry().variant);
    let patterns = set.patterns.iter().map(|pattern| {
        let at = Literal::usize_unsuffixed(place(plan.service.patterns, |one| one.name == pattern.name));
        quote!(&facts::PATTERNS[#at])
    });
    let path = format!("{}::{name}", plan.module);
    let rules = rules(set);
    quote! {
        #doc
        #[derive(Clone, Copy, PartialEq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// Every action of the enum, sorted by name.
            pub const ALL: &'static [Self] = &[#(#name::#all),*];

            /// The granularity of every action of the enum.
            pub const GRANULARITY: catalog::Granularity = catalog::Granularity::#granularity;

            /// The patterns that every action of the enum can be limited to; none unless it is resource-level.
            pub const PATTERNS: &'static [&'static catalog::Pattern<'static>] = &[#(#patterns),*];

            /// What the catalog states about the action.
            #[inline]
            pub const fn facts(self) -> catalog::Action<'static> {
                catalog::Action::new(&SERVICE, facts::NUMBERS[#before self as usize])
            }
        }

        action::of_service!(#name, #path);

        #[diagnostic::do_not_recommend] impl action::KnownGranularity for #name {
            type Known = Self;
        }

        #rules
    }
}

/// What may be granted with the actions of a set.
fn rules(set: &Set<'_>) -> TokenStream {
    let name = &set.name;
    // Unknown is not "no": only an enum of which every action is said not to heed the address goes without.
    let heeds_ip = set
        .actions
        .iter()
        .any(|action| action.ip_condition() != Some(false))
        .then(|| quote!(#[diagnostic::do_not_recommend] impl action::HeedsIp for #name {}));
    let documented = matches!(set.granularity, Granularity::Operation | Granularity::Resource)
        .then(|| quote!(#[diagnostic::do_not_recommend] impl action::DocumentedGranularity for #name { type Documented = Self; }));
    let limited = (set.granularity == Granularity::Resource).then(|| {
        let resources = set.patterns.iter().map(|pattern| ident(&camel(pattern.name)));
        quote! {
            #[diagnostic::do_not_recommend] impl action::ResourceLevel for #name { type Limited = Self; }
            #(impl action::AppliesTo<#resources> for #name {})*
        }
    });
    quote!(#heeds_ip #documented #limited)
}

/// The enum over all actions of a service, with a constant for each action.
pub(super) fn whole(plan: &Plan<'_>) -> TokenStream {
    let doc = plan.texts.outer(docs::of_whole(plan.service));
    let variants = plan.sets.iter().map(|set| {
        let what = match set.granularity {
            Granularity::Operation => " An operation-level action.",
            Granularity::Resource => " A resource-level action.",
            _ => " An action of undocumented granularity.",
        };
        let (wrapper, name) = (&set.wrapper, &set.name);
        quote!(#[doc = #what] #wrapper(#name))
    });
    let count = Literal::usize_unsuffixed(plan.service.actions.len());
    let constants = plan.service.actions().map(|action| {
        let doc = plan.texts.outer(docs::of_constant(plan, action));
        let (name, variant) = (&plan.set(action).name, plan.variant_of(action));
        let deprecated = deprecated(plan, action);
        quote!(#doc #deprecated pub const #variant: #name = #name::#variant;)
    });
    let wrappers: Vec<_> = plan.sets.iter().map(|set| &set.wrapper).collect();
    let names = plan.sets.iter().map(|set| &set.name);
    let path = format!("{}::Action", plan.module);
    let paths = plan.sets.iter().map(|set| format!("{}::{}", plan.module, set.name));
    let (first, of_first) = (&plan.sets[0].wrapper, &plan.sets[0].name);
    quote! {
        #doc
        #[derive(Clone, Copy, PartialEq, Hash)]
        #[non_exhaustive]
        pub enum Action {
            #(#variants),*
        }

        #[allow(non_upper_case_globals, reason = "the constants are named like the actions")]
        impl Action {
            #(#constants)*
        }

        impl Action {
            /// Every action of the service, sorted by name.
            pub const ALL: &'static [Self] = &ALL;

            /// What the catalog states about the action.
            #[inline]
            pub const fn facts(self) -> catalog::Action<'static> {
                match self {
                    #(Self::#wrappers(action) => action.facts(),)*
                }
            }

            /// The enum that lists it, as Rust code names it.
            #[inline]
            pub const fn enum_path(self) -> &'static str {
                match self {
                    #(Self::#wrappers(_) => #paths,)*
                }
            }
        }

        action::whole_service!(
            Action, #path, [Action::#first(#of_first::ALL[0]); #count], [#(#wrappers(#names)),*]
        );
    }
}

fn deprecated(plan: &Plan<'_>, action: cam_policy::catalog::Action<'_>) -> Option<TokenStream> {
    let note = plan.texts.string(&docs::of_removal(action, action.removed()?));
    Some(quote!(#[deprecated(note = #note)]))
}
