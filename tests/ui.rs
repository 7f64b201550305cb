//! Grants that CAM would silently ignore do not compile, and the compiler says what to write instead.
//!
//! The texts are the compiler's of `rust-toolchain.toml`; `TRYBUILD=overwrite cargo test --test ui` renews them.

#[test]
fn wrong_grants_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
