//! Any text is a refusal whose least statement allows what was refused, as far as the catalog agrees, or lacks something that can be told.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam::{Granularity, Policy, PolicySet, Refusal, Uin};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let refusals = match Refusal::parse_all(text) {
        Ok(refusals) => refusals,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return Corpus::Keep;
        }
    };
    assert_eq!(Refusal::parse(text).is_ok(), refusals.len() == 1);
    for refusal in refusals {
        let policy =
            Policy::builder().statement(refusal.least_statement()).build().expect("a sound statement");
        let set = PolicySet::new([policy], Uin::new(100000000001).expect("no zero"));
        let request = refusal.request(Uin::new(100000000002).expect("no zero"));
        // A policy set goes by the catalog, the statement by what CAM printed.
        if refusal.catalog_differs() != Some(Granularity::Operation) {
            assert!(set.decide(&request).is_allowed(), "{refusal}");
        }
        let core = format!(
            "not authorized to perform operation ({})\nresource ({}) has no permission",
            refusal.action(),
            refusal.resource()
        );
        let again = Refusal::parse(&core).expect("the core of a refusal is one");
        assert_eq!((again.action(), again.resource()), (refusal.action(), refusal.resource()));
    }
    Corpus::Keep
});
