//! Writes the resource types of a service.

use cam_policy::catalog::{Pattern, PlaceholderKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::plan::{Plan, ident};
use crate::names::{camel, parameter};

pub(super) fn resource(plan: &Plan<'_>, number: usize) -> TokenStream {
    let pattern = &plan.service.patterns[number];
    let name = ident(&camel(pattern.name));
    let doc = plan.texts.outer(docs::of_resource(&plan.module.to_string(), pattern));
    let at = Literal::usize_unsuffixed(number);
    let (id, id_values) = parameters(pattern, pattern.single);
    let (all, all_values) = parameters(pattern, pattern.all);
    let id = (pattern.single != pattern.all).then(|| {
        quote! {
            /// Returns one resource, by its identifiers.
            ///
            /// # Errors
            ///
            /// [`ResourceError`](crate::policy::ResourceError) if a number is 0, or an identifier is empty or contains
            /// `*`, `:`, `/`, `$` or whitespace. The policy builder also takes the `Result`.
            #[inline]
            pub fn id(#(#id),*) -> Result<Self, resource::ResourceError> {
                resource::one(&facts::PATTERNS[#at], &[#(#id_values),*]).map(Self)
            }
        }
    });
    let all = if docs::is_checked(pattern.all) {
        quote! {
            /// Returns the resource that names all resources of the kind.
            ///
            /// # Errors
            ///
            /// [`ResourceError`](crate::policy::ResourceError) if an identifier cannot stand in a resource.
            #[inline]
            pub fn all(#(#all),*) -> Result<Self, resource::ResourceError> {
                resource::one(&facts::PATTERNS[#at], &[#(#all_values),*]).map(Self)
            }
        }
    } else {
        quote! {
            /// Returns the resource that names all resources of the kind.
            #[inline]
            pub fn all(#(#all),*) -> Self {
                Self(resource::all(&facts::PATTERNS[#at], &[#(#all_values),*]))
            }
        }
    };
    quote! {
        #doc
        #[derive(Clone, PartialEq, PartialOrd, Ord, Hash)]
        pub struct #name(pub(crate) Box<str>);

        impl #name {
            #id
            #all
        }

        resource::named!(#name, facts::PATTERNS[#at]);
    }
}

/// Returns the parameters of a constructor, and the values that they give to the placeholders.
fn parameters(pattern: &Pattern<'_>, form: &str) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let of = |name: &&str| {
        let parameter = ident(&parameter(name));
        let kind = match (*name, docs::kind(pattern, name)) {
            ("uin", _) | (_, PlaceholderKind::SubAccount) => quote!(crate::Uin),
            ("region", _) => quote!(crate::Region),
            (_, PlaceholderKind::Number | PlaceholderKind::AppId) => quote!(u64),
            _ => quote!(&str),
        };
        let value = match docs::kind(pattern, name) {
            PlaceholderKind::Path => quote!(resource::path(#parameter)),
            _ => quote!(#parameter.into()),
        };
        (quote!(#parameter: #kind), quote!((#name, #value)))
    };
    docs::parameter_order(form).iter().map(of).unzip()
}
