//! Writes the file of one service.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::Plan;
use super::{docs, enums, facts, resources};

pub(super) fn service(plan: &Plan<'_>) -> TokenStream {
    let doc = plan.texts.inner(docs::of_service(plan.service));
    let resource = (!plan.service.patterns.is_empty()).then(|| {
        quote!(
            use crate::resource;
        )
    });
    let resources = (0..plan.service.patterns.len()).map(|number| resources::resource(plan, number));
    let sets = plan.sets.iter().map(|set| enums::set(plan, set));
    let whole = enums::whole(plan);
    let facts = facts::facts(plan);
    quote! {
        #doc
        #resource
        use crate::action;
        use crate::catalog;

        #(#resources)*
        #(#sets)*
        #whole
        #facts
    }
}
