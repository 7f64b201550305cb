//! `catalog.toml` → catalog → Rust: what each step costs, and how it grows. Prints the tables of
//! `benches/README.md`.

mod measure;
mod synthetic;

use std::hint::black_box;

use tencent_cam_codegen::{Arena, emit, parse};
use toml::de::DeTable;

use crate::measure::{least, per_doubling, rounds, twice};

const SIZES: [usize; 4] = [171, 2_200, 11_000, 22_000];

fn main() {
    twice(tables);
}

fn tables() {
    println!(
        "| actions | services | TOML kB | Rust kB | TOML alone ms | parse + validate ms | emit Rust ms | parse / alone | emit / alone |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let rows = SIZES.map(|actions| (actions, row(actions)));
    println!();
    println!("| growth per doubling | TOML alone | parse + validate | emit Rust |");
    println!("|---|---:|---:|---:|");
    for pair in rows.windows(2) {
        let [(size, costs), (larger, larger_costs)] = pair else { unreachable!("windows of two") };
        let growth = |at: usize| per_doubling((*size, costs[at]), (*larger, larger_costs[at]));
        println!("| {size} → {larger} | {:.2} | {:.2} | {:.2} |", growth(0), growth(1), growth(2));
    }
}

fn row(actions: usize) -> [f64; 3] {
    let text = synthetic::synthetic(actions);
    let arena = Arena::new();
    let catalog = parse(&arena, "catalog.toml", &text).unwrap_or_else(|report| panic!("{report}"));
    let rust: usize = emit(&catalog, &[]).iter().map(|file| file.text.len()).sum();
    let alone = || drop(black_box(DeTable::parse(black_box(&text))));
    let parse = || {
        let arena = Arena::new();
        let read = parse(&arena, "catalog.toml", black_box(&text));
        assert!(black_box(read).is_ok());
    };
    let emit = || drop(black_box(emit(black_box(&catalog), &[])));
    let costs = least(rounds(actions), [&alone, &parse, &emit]);
    let [floor, parse, emit] = costs;
    println!(
        "| {actions} | {} | {} | {} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} |",
        catalog.services.len(),
        text.len() / 1000,
        rust / 1000,
        floor * 1e3,
        parse * 1e3,
        emit * 1e3,
        parse / floor,
        emit / floor,
    );
    costs
}
