//! Decisions beside iam-rs and Cedar, reading beside `serde_json`, and the engine's worst cases. Prints tables of
//! `benches/README.md`.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin peers`

mod decisions;
mod parsing;
mod worst;

fn main() {
    decisions::compare();
    decisions::compile();
    parsing::compare();
    worst::measure();
}
