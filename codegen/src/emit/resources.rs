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
        let doc = plan.texts.outer(docs::of_one(pattern));
        quote! {
            #doc
            #[inline]
            pub fn id(#(#id),*) -> Result<resource::Resource<Self>, resource::ResourceError> {
                resource::one(&[#(#id_values),*])
            }
        }
    });
    let all_doc = plan.texts.outer(docs::of_all(pattern));
    let all = if docs::is_checked(pattern.all) {
        quote! {
            #all_doc
            #[inline]
            pub fn all(#(#all),*) -> Result<resource::Resource<Self>, resource::ResourceError> {
                resource::all_checked(&[#(#all_values),*])
            }
        }
    } else {
        quote! {
            #all_doc
            #[inline]
            pub fn all(#(#all),*) -> resource::Resource<Self> {
                resource::all(&[#(#all_values),*])
            }
        }
    };
    quote! {
        #doc
        pub enum #name {}

        impl #name {
            #id
            #all
        }

        impl resource::sealed::Sealed for #name {}

        impl resource::ResourceType for #name {
            const PATTERN: &'static catalog::Pattern<'static> = &facts::PATTERNS[#at];
        }
    }
}

/// Returns the parameters of a constructor, and the values that they give to the placeholders.
fn parameters(pattern: &Pattern<'_>, form: &str) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let of = |name: &&str| {
        let parameter = ident(&parameter(name));
        let (kind, variant) = match (*name, docs::kind(pattern, name)) {
            ("uin", _) | (_, PlaceholderKind::SubAccount) => (quote!(crate::Uin), quote!(Uin)),
            ("region", _) => (quote!(crate::Region), quote!(Region)),
            (_, PlaceholderKind::Number | PlaceholderKind::AppId) => (quote!(u64), quote!(Number)),
            (_, PlaceholderKind::Path) => (quote!(&str), quote!(Path)),
            _ => (quote!(&str), quote!(Text)),
        };
        (quote!(#parameter: #kind), quote!((#name, resource::Value::#variant(#parameter))))
    };
    docs::parameter_order(form).iter().map(of).unzip()
}
