//! Grants that CAM would silently ignore do not compile, and the compiler says what to write instead.
//!
//! The texts are the compiler's of `rust-toolchain.toml`; `TRYBUILD=overwrite cargo test --test ui` renews them.

#[test]
fn wrong_grants_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    if cfg!(feature = "engine") {
        cases.compile_fail("tests/ui/engine/*.rs");
    }
    if cfg!(not(feature = "document")) {
        cases.compile_fail("tests/ui/no_document/*.rs");
    }
    // Those of services that are not on by default.
    if cfg!(all(feature = "clb", feature = "cos", feature = "cvm")) {
        cases.compile_fail("tests/ui/cloud/*.rs");
    }
}
