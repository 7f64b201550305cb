//! The generated code: what a change of the generator changes in it, and that it is Rust.

use std::fs;
use std::path::Path;

use tencent_cam_codegen::{Arena, File, emit, parse, parts};

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is UTF-8")
}

fn files(text: &str, off: &[&str]) -> Vec<File> {
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", text).unwrap_or_else(|report| panic!("{report}"));
    emit(&catalog, off)
}

#[test]
fn the_code_of_three_actions_is_reviewed() {
    let files = files(&text("tests/fixture.toml"), &[]);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["services/mod.rs", "services/demo.rs", "absent.rs"]);
    insta::assert_snapshot!("fixture_mod", files[0].text);
    insta::assert_snapshot!("fixture_demo", files[1].text);
}

#[test]
fn the_checked_in_catalog_makes_rust_and_the_same_each_time() {
    let text = text("../catalog.toml");
    let first = files(&text, &[]);
    assert_eq!(first, files(&text, &[]));
    for file in &first {
        assert!(syn::parse_file(&file.text).is_ok(), "{} is Rust", file.path);
        let has = |attribute| file.text.lines().any(|line| line.trim_start().starts_with(attribute));
        assert!(!has("#[cfg"), "{} is compiled as a whole", file.path);
        assert!(!has("#[doc = "), "{} has its doc comments as such", file.path);
    }
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", &text).expect("it was read before");
    for service in catalog.services {
        let path = format!("services/{}.rs", tencent_cam_codegen::module(service.id));
        let made = first.iter().find(|file| file.path == path).expect("a file for each service");
        assert_eq!(made.text.matches("#[doc(alias = \"").count(), service.actions.len());
    }
}

#[test]
fn only_enabled_services_are_written() {
    let text = text("../catalog.toml");
    let all = parts(&text).iter().skip(1).map(|(id, _)| *id).collect::<Vec<_>>();
    let others: Vec<&str> = all.iter().copied().filter(|service| *service != "trtc").collect();
    let one = files(&text, &others);
    let paths: Vec<&str> = one.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["services/mod.rs", "services/trtc.rs", "absent.rs"]);
    assert!(!one[0].text.contains("ccc"));
    assert!(one[2].text.contains("#[cfg(feature = \"as\")]\npub use services::as_;"), "{}", one[2].text);
    assert_eq!(one[2].text.matches("pub use").count(), others.len());
    let none = files(&text, &all);
    assert_eq!(none.len(), 2);
    assert!(syn::parse_file(&none[0].text).is_ok(), "{}", none[0].text);
}

#[test]
fn texts_that_look_like_marks_of_the_emitter_stay_as_they_are() {
    let odd = text("tests/fixture.toml")
        .replace("Closes a room, or all rooms of a hall.", "@0 \\\"@1\\\" Text { en: @2 }");
    let made = &files(&odd, &[])[1].text;
    assert!(made.contains(r#", "@0 \"@1\" Text { en: @2 }", "#), "{made}");
    assert!(made.contains("/// @0 \"@1\" Text { en: @2 }"), "{made}");
}
