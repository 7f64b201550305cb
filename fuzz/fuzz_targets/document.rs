//! Any text is a policy that is printed and read back in every form, or one whose faults can be told.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam::{Document, Element, Policy};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    match Document::parse(text) {
        Ok(document) => {
            let policy = document.policy();
            for form in [policy.to_string(), format!("{policy:#}"), policy.shortest().to_string()] {
                assert_eq!(form.parse::<Policy>().as_ref(), Ok(policy), "{form}");
            }
            assert_eq!(document.as_written(), text);
            for at in 0..policy.statements().len() {
                let span = document.span(Element::Statement(at)).expect("a statement has a place");
                assert!(text.get(span.range()).is_some());
            }
            for remark in document.remarks() {
                assert!(text.get(remark.span().range()).is_some(), "{remark}");
            }
            // The catalog has no action that does not heed the caller's address: the builder takes what can be read.
            assert!(policy.to_rust().is_ok(), "{:?}", policy.to_rust());
            if let Ok(terraform) = policy.to_terraform("a", "a", Some(text)) {
                assert!(!terraform.contains("\"${") && terraform.ends_with("}\n"));
            }
        }
        Err(error) => {
            assert!(!error.faults().is_empty());
            for fault in error.faults() {
                assert!(text.get(fault.span().range()).is_some(), "{fault}");
                assert!(fault.position().line > 0 && fault.position().column > 0);
            }
        }
    }
    Corpus::Keep
});
