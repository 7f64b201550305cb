//! Any text is a catalog that comes back from TOML as it was, or one whose errors can all be shown.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tencent_cam_codegen::draft::Draft;
use tencent_cam_codegen::{Arena, emit, parse};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    let arena = Arena::new();
    match parse(&arena, "catalog.toml", text) {
        Ok(catalog) => {
            assert_eq!(emit(&catalog, &[]), emit(&catalog, &[]));
            let written = Draft::of(&catalog).to_toml();
            assert_eq!(parse(&arena, "again.toml", &written).as_ref(), Ok(&catalog));
        }
        Err(report) => {
            assert!(!report.diagnostics().is_empty());
            for error in report.diagnostics() {
                assert!(text.get(error.span.clone()).is_some(), "{error:?}");
                if let Some((span, _)) = &error.other {
                    assert!(text.get(span.clone()).is_some(), "{error:?}");
                }
            }
            assert_eq!(report.lines().len(), report.diagnostics().len());
            assert!(report.to_string().ends_with('\n'));
        }
    }
    Corpus::Keep
});
