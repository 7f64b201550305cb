//! The permission pages of made-up catalogs: what they cost, and how it grows. Prints a table of
//! `benches/README.md`.

#[path = "../../codegen/benches/measure.rs"]
mod measure;
#[path = "../../codegen/benches/synthetic.rs"]
mod synthetic;

use std::hint::black_box;

use tencent_cam_codegen::{Arena, parse};
use toml::de::DeTable;
use xtask::pages;

use crate::measure::{least, per_doubling, rounds, twice};

const SIZES: [usize; 4] = [171, 2_200, 11_000, 22_000];

fn main() {
    twice(table);
}

fn table() {
    println!(
        "| actions | Markdown kB | TOML alone ms | emit Markdown ms | emit / alone | growth per doubling |"
    );
    println!("|---:|---:|---:|---:|---:|---:|");
    let mut before = None;
    for actions in SIZES {
        let text = synthetic::synthetic(actions);
        let arena = Arena::new();
        let catalog = parse(&arena, "catalog.toml", &text).unwrap_or_else(|report| panic!("{report}"));
        let alone = || drop(black_box(DeTable::parse(black_box(&text))));
        let emit = || drop(black_box(pages(black_box(&catalog))));
        let [floor, emit] = least(rounds(actions), [&alone, &emit]);
        let size: usize = pages(&catalog).iter().map(|(_, page)| page.len()).sum();
        let growth =
            before.map_or(String::new(), |before| format!("{:.2}", per_doubling(before, (actions, emit))));
        before = Some((actions, emit));
        println!(
            "| {actions} | {} | {:.2} | {:.2} | {:.1} | {growth} |",
            size / 1000,
            floor * 1e3,
            emit * 1e3,
            emit / floor,
        );
    }
}
