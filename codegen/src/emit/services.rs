//! Writes the file over all services.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::layout::Texts;
use super::plan::Plan;

const CATALOG_DOC: &str = r#"The facts of every service of this build.

```
assert_eq!(tencent_cam::CATALOG.action("trtc:NoSuchAction"), None);
```"#;

const SERVICE_DOC: &str = r#"A service of the catalog that is part of this build.

```
# #[cfg(feature = "trtc")] {
use tencent_cam::Service;
use tencent_cam::catalog::ServiceGranularity;

assert_eq!(Service::from_id("trtc"), Some(Service::Trtc));
assert_eq!(Service::Trtc.facts().granularity, ServiceGranularity::Resource);
# }
```"#;

const ACTION_DOC: &str = r#"An action of any service that is part of this build.

```
# #[cfg(feature = "trtc")] {
use tencent_cam::catalog::Granularity;
use tencent_cam::{Action, ActionEnum, trtc};

let action: Action = "name/trtc:RemoveUser".parse()?;
assert_eq!(action, trtc::Action::RemoveUser.into());
assert_eq!(action.granularity(), Granularity::Resource);
assert_eq!(action.as_str(), "trtc:RemoveUser");
# }
# Ok::<(), tencent_cam::ParseActionError>(())
```"#;

pub(super) fn services(version: u32, plans: &[Plan<'_>], texts: &Texts) -> TokenStream {
    let modules: Vec<_> = plans.iter().map(|plan| &plan.module).collect();
    let variants: Vec<_> = plans.iter().map(|plan| &plan.variant).collect();
    let declared = plans.iter().map(|plan| {
        let module = &plan.module;
        let removed = plan.service.actions.iter().any(|action| action.removed.is_some());
        let allow = removed.then(|| {
            quote!(#[allow(deprecated, reason = "actions that the source removed keep their place for now")])
        });
        quote!(#allow pub mod #module;)
    });
    let docs: Vec<_> =
        plans.iter().map(|plan| texts.outer(docs::of_services_variant(plan.service))).collect();
    let version = Literal::u32_unsuffixed(version);
    let [catalog_doc, service_doc, action_doc] =
        [CATALOG_DOC, SERVICE_DOC, ACTION_DOC].map(|doc| texts.outer(doc.to_owned()));
    quote! {
        #(#declared)*

        #catalog_doc
        pub static CATALOG: &catalog::Catalog<'static> =
            &catalog::Catalog { version: #version, services: &[#(#modules::SERVICE),*] };

        #service_doc
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Service {
            #(#docs #variants,)*
        }

        impl Service {
            /// Every service, sorted by its abbreviation.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// Returns the facts of the service.
            pub const fn facts(self) -> &'static catalog::Service<'static> {
                match self {
                    #(Self::#variants => &#modules::SERVICE,)*
                }
            }
        }

        #action_doc
        #[derive(Clone, Copy, PartialEq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Action {
            #(#docs #variants(#modules::Action),)*
        }

        impl Action {
            /// Returns the facts of the action.
            #[inline]
            pub const fn facts(self) -> catalog::Action<'static> {
                match self {
                    #(Self::#variants(action) => action.facts(),)*
                }
            }

            /// Returns the service of the action.
            pub const fn service(self) -> Service {
                match self {
                    #(Self::#variants(_) => Service::#variants,)*
                }
            }

            /// Returns the path of the enum that lists the action, as Rust code writes it: `trtc::ApplicationAction`.
            #[inline]
            pub const fn enum_path(self) -> &'static str {
                match self {
                    #(Self::#variants(action) => action.enum_path(),)*
                }
            }

            /// Returns the action with this number in its service.
            #[inline]
            fn numbered(service: Service, number: u16) -> Self {
                let number = usize::from(number);
                match service {
                    #(Service::#variants => Self::#variants(#modules::Action::ALL[number]),)*
                }
            }
        }

        #(impl From<#modules::Action> for Action {
            #[inline]
            fn from(action: #modules::Action) -> Self {
                Self::#variants(action)
            }
        })*
    }
}
