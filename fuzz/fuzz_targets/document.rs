//! Any text is a policy that is printed and read back in every form, or one whose errors can be told.

#![no_main]

use cam_policy::document::Document;
use cam_policy::policy::{Element, Policy};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    match Document::parse(text) {
        Ok(document) => {
            let policy = document.policy();
            for form in [policy.to_string(), format!("{policy:#}")] {
                assert_eq!(form.parse::<Policy>().as_ref(), Ok(policy), "{form}");
            }
            // The minified form says the same with other statements and patterns; once minified it stays as it is.
            let minified = policy.minified().to_string();
            let again = minified.parse::<Policy>().unwrap_or_else(|error| panic!("{minified}: {error}"));
            assert_eq!(again.minified().to_string(), minified);
            assert_eq!(document.as_written(), text);
            for at in 0..policy.statements().len() {
                let span = document.span(Element::Statement(at)).expect("a statement has a place");
                assert!(text.get(span.range()).is_some());
            }
            for warning in document.warnings() {
                let span = warning.span().expect("a warning of a text has a place");
                assert!(text.get(span.range()).is_some(), "{warning}");
            }
            // The catalog has no action that does not heed the caller's address: the builder takes what can be read.
            assert!(tencent_cam::to_rust(policy).is_ok(), "{:?}", tencent_cam::to_rust(policy));
            if let Ok(terraform) = policy.to_terraform("a", "a", Some(text)) {
                assert!(!terraform.contains("\"${") && terraform.ends_with("}\n"));
            }
        }
        Err(error) => {
            assert!(!error.diagnostics().is_empty());
            for diagnostic in error.diagnostics() {
                let span = diagnostic.span().expect("an error of a text has a place");
                assert!(text.get(span.range()).is_some(), "{diagnostic}");
                let position = diagnostic.position().expect("and so a line and a column");
                assert!(position.line > 0 && position.column > 0);
            }
        }
    }
    Corpus::Keep
});
