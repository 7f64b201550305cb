//! Any text is the answer to a denied caller, whose least statement allows what was denied as far as the catalog agrees,
//! or lacks something that can be told.

#![no_main]

use cam_policy::catalog::Granularity;
use cam_policy::engine::{AccessDenied, PolicySet};
use cam_policy::policy::Policy;
use cam_policy::values::Uin;
use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam::CATALOG;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let answers = match AccessDenied::parse_all(text) {
        Ok(answers) => answers,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return Corpus::Keep;
        }
    };
    assert_eq!(AccessDenied::parse(text).is_ok(), answers.len() == 1);
    for answer in answers {
        let policy = Policy::new([answer.least_statement()]).expect("a sound statement");
        let set = PolicySet::new(CATALOG, [policy], Uin::new(100000000001).expect("no zero"));
        let request = answer.request(Uin::new(100000000002).expect("no zero"));
        // A policy set goes by the catalog, the statement by what CAM printed.
        if answer.catalog_differs(CATALOG) != Some(Granularity::Operation) {
            assert!(set.decide(&request).is_allowed(), "{answer}");
        }
        let core = format!(
            "not authorized to perform operation ({})\nresource ({}) has no permission",
            answer.action(),
            answer.resource()
        );
        let again = AccessDenied::parse(&core).expect("the core of an answer is one");
        assert_eq!((again.action(), again.resource()), (answer.action(), answer.resource()));
    }
    Corpus::Keep
});
