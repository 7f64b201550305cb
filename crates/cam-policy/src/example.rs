//! A small catalog for the examples of this crate's documentation. It states facts of TRTC as they were in 2026.

use crate::catalog::{
    ActionFacts, Catalog, Granularity, Lookup, Pattern, Placeholder, PlaceholderKind, Service, Text,
};

/// A catalog with three actions of TRTC.
pub static CATALOG: Catalog<'static> = Catalog { version: 0, services: &[TRTC] };

const TRTC: Service<'static> = Service {
    id: "trtc",
    name: Text { en: "Tencent RTC", zh: "实时音视频" },
    patterns: &[APPLICATION],
    actions: &[
        ActionFacts { name: "DismissRoom", qualified_name: "trtc:DismissRoom", ..ON_APPLICATIONS },
        ActionFacts {
            name: "GetUserList",
            qualified_name: "trtc:GetUserList",
            granularity: Granularity::Operation,
            ..ActionFacts::UNSTATED
        },
        ActionFacts { name: "RemoveUser", qualified_name: "trtc:RemoveUser", ..ON_APPLICATIONS },
    ],
    lookup: Lookup { seed: 0, displacements: &[0, 1], slots: &[0, 0, 2, 1] },
    ..Service::UNSTATED
};

const APPLICATION: Pattern<'static> = Pattern {
    name: "application",
    single: "qcs::trtc::uin/${uin}:sdkappid/${SdkAppId}",
    all: "qcs::trtc::uin/${uin}:sdkappid/*",
    placeholders: &[Placeholder { name: "SdkAppId", kind: PlaceholderKind::Number }],
    ..Pattern::UNSTATED
};

const ON_APPLICATIONS: ActionFacts<'static> =
    ActionFacts { granularity: Granularity::Resource, patterns: &[&APPLICATION], ..ActionFacts::UNSTATED };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Tables;

    #[test]
    fn the_lookup_is_that_of_the_names() {
        let names: alloc::vec::Vec<&str> = TRTC.actions.iter().map(|action| action.name).collect();
        let tables = Tables::of(&names);
        let lookup = Lookup { seed: tables.seed, displacements: &tables.displacements, slots: &tables.slots };
        assert_eq!(TRTC.lookup, lookup);
    }
}
